//! Jacobians and Hessians: of what a tape recorded, and of closures.

use super::error::{TapeError, fail};
use super::scalar::Scalar;
#[cfg(feature = "ndarray")]
use super::structure::Swept;
use super::structure::{Request, Sources, Targets, Watch};
use super::tape::{GradientTape, Mode, Persistent, Single, Sweep};
#[cfg(feature = "ndarray")]
use super::tensor::{Plain, Store, Tensor};
use super::var::Var;
#[cfg(feature = "ndarray")]
use super::{scalar::Base, variable::Variable};
#[cfg(feature = "ndarray")]
use ndarray::{Array, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, RemoveAxis};

/// What a Jacobian can be taken of, by sources `S`.
///
/// | target | Jacobian |
/// | --- | --- |
/// | scalar | the gradient |
/// | tensor | an array with the target's axes, then the source's |
/// | `Vec`, slice, array or tuple of targets | the same of their Jacobians |
pub trait Jacobian<S: Sources<Elem = Self::Elem>>: Targets {
    /// The Jacobian.
    type Output;
    #[doc(hidden)]
    fn rows(&self) -> usize;
    #[doc(hidden)]
    fn basis(&self, row: usize) -> Self::Seed;
    #[doc(hidden)]
    fn assemble(&self, sources: &S, rows: Vec<S::Gradient>) -> Self::Output;
}

impl<T: Scalar, S: Sources<Elem = T>> Jacobian<S> for Var<T> {
    type Output = S::Gradient;
    fn rows(&self) -> usize {
        1
    }
    fn basis(&self, row: usize) -> T {
        if row == 0 { T::one() } else { T::zero() }
    }
    fn assemble(&self, _sources: &S, rows: Vec<S::Gradient>) -> S::Gradient {
        rows.into_iter().next().expect("one row")
    }
}

/// Counts a row through a structure of targets.
struct Countdown(Option<usize>);

impl Countdown {
    /// The number of the row in the next target, which has so many; past its end if the row is
    /// another's.
    fn within(&mut self, rows: usize) -> usize {
        match self.0 {
            Some(row) if row < rows => {
                self.0 = None;
                row
            }
            row => {
                self.0 = row.map(|row| row - rows);
                usize::MAX
            }
        }
    }
}

impl<S: Sources<Elem = G::Elem>, G: Jacobian<S>> Jacobian<S> for [G] {
    type Output = Vec<G::Output>;
    fn rows(&self) -> usize {
        self.iter().map(G::rows).sum()
    }
    fn basis(&self, row: usize) -> Vec<G::Seed> {
        let mut row = Countdown(Some(row));
        self.iter().map(|target| target.basis(row.within(target.rows()))).collect()
    }
    fn assemble(&self, sources: &S, rows: Vec<S::Gradient>) -> Vec<G::Output> {
        let mut rows = rows.into_iter();
        let mut next = |target: &G| rows.by_ref().take(target.rows()).collect();
        self.iter().map(|target| target.assemble(sources, next(target))).collect()
    }
}

impl<S: Sources<Elem = G::Elem>, G: Jacobian<S>> Jacobian<S> for Vec<G> {
    type Output = Vec<G::Output>;
    fn rows(&self) -> usize {
        Jacobian::<S>::rows(self.as_slice())
    }
    fn basis(&self, row: usize) -> Vec<G::Seed> {
        Jacobian::<S>::basis(self.as_slice(), row)
    }
    fn assemble(&self, sources: &S, rows: Vec<S::Gradient>) -> Vec<G::Output> {
        self.as_slice().assemble(sources, rows)
    }
}

impl<S: Sources<Elem = G::Elem>, G: Jacobian<S>, const N: usize> Jacobian<S> for [G; N] {
    type Output = [G::Output; N];
    fn rows(&self) -> usize {
        Jacobian::<S>::rows(self.as_slice())
    }
    fn basis(&self, row: usize) -> [G::Seed; N] {
        let mut row = Countdown(Some(row));
        self.each_ref().map(|target| target.basis(row.within(target.rows())))
    }
    fn assemble(&self, sources: &S, rows: Vec<S::Gradient>) -> [G::Output; N] {
        let mut rows = rows.into_iter();
        let mut next = |target: &G| rows.by_ref().take(target.rows()).collect();
        self.each_ref().map(|target| target.assemble(sources, next(target)))
    }
}

macro_rules! jacobian_tuple {
    ($($G:ident $i:tt),*) => {
        impl<S: Sources, $($G: Jacobian<S, Elem = S::Elem>),*> Jacobian<S> for ($($G,)*) {
            type Output = ($($G::Output,)*);
            fn rows(&self) -> usize {
                0 $(+ self.$i.rows())*
            }
            fn basis(&self, row: usize) -> Self::Seed {
                let mut row = Countdown(Some(row));
                ($(self.$i.basis(row.within(self.$i.rows())),)*)
            }
            fn assemble(&self, sources: &S, rows: Vec<S::Gradient>) -> Self::Output {
                let mut rows = rows.into_iter();
                ($({
                    let own = rows.by_ref().take(self.$i.rows()).collect();
                    self.$i.assemble(sources, own)
                },)*)
            }
        }
    };
}
jacobian_tuple!(A 0);
jacobian_tuple!(A 0, B 1);
jacobian_tuple!(A 0, B 1, C 2);
jacobian_tuple!(A 0, B 1, C 2, D 3);

impl<S: Sources<Elem = G::Elem>, G: Jacobian<S> + ?Sized> Jacobian<S> for &G {
    type Output = G::Output;
    fn rows(&self) -> usize {
        (**self).rows()
    }
    fn basis(&self, row: usize) -> G::Seed {
        (**self).basis(row)
    }
    fn assemble(&self, sources: &S, rows: Vec<S::Gradient>) -> G::Output {
        (**self).assemble(sources, rows)
    }
}

/// Sources whose gradients, one an entry of a tensor of rank `D`, stack to an array: recorded
/// values, [`Variable`](super::Variable)s, and lists and tuples of them.
pub trait Stack<D>: Sources {
    /// The stacked gradients.
    type Stacked;
    #[doc(hidden)]
    fn stack(&self, shape: &[usize], rows: Vec<Self::Gradient>) -> Self::Stacked;
}

impl<D, S: Stack<D> + ?Sized> Stack<D> for &S {
    type Stacked = S::Stacked;
    fn stack(&self, shape: &[usize], rows: Vec<S::Gradient>) -> S::Stacked {
        (**self).stack(shape, rows)
    }
}

/// Row by row of lists to list of rows, without a default or a copy of the gradients.
fn columns<G>(count: usize, rows: Vec<impl IntoIterator<Item = G>>) -> Vec<Vec<G>> {
    let mut columns: Vec<Vec<G>> = (0..count).map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        columns.iter_mut().zip(row).for_each(|(column, gradient)| column.push(gradient));
    }
    columns
}

impl<D, S: Stack<D>> Stack<D> for [S] {
    type Stacked = Vec<S::Stacked>;
    fn stack(&self, shape: &[usize], rows: Vec<Vec<S::Gradient>>) -> Vec<S::Stacked> {
        let columns = columns(self.len(), rows);
        self.iter().zip(columns).map(|(source, column)| source.stack(shape, column)).collect()
    }
}

impl<D, S: Stack<D>> Stack<D> for Vec<S> {
    type Stacked = Vec<S::Stacked>;
    fn stack(&self, shape: &[usize], rows: Vec<Vec<S::Gradient>>) -> Vec<S::Stacked> {
        self.as_slice().stack(shape, rows)
    }
}

impl<D, S: Stack<D>, const N: usize> Stack<D> for [S; N] {
    type Stacked = [S::Stacked; N];
    fn stack(&self, shape: &[usize], rows: Vec<[S::Gradient; N]>) -> [S::Stacked; N] {
        let mut columns = columns(N, rows).into_iter();
        self.each_ref().map(|source| source.stack(shape, columns.next().expect("one a source")))
    }
}

macro_rules! stack_tuple {
    ($($S:ident $i:tt $rows:ident),*) => {
        impl<Rank, A: Sources, $($S: Stack<Rank, Elem = A::Elem>),*> Stack<Rank> for (A, $($S,)*)
        where
            A: Stack<Rank>,
        {
            type Stacked = (A::Stacked, $($S::Stacked,)*);
            fn stack(&self, shape: &[usize], rows: Vec<Self::Gradient>) -> Self::Stacked {
                let mut first = Vec::new();
                $(let mut $rows = Vec::new();)*
                for row in rows {
                    first.push(row.0);
                    $($rows.push(row.$i);)*
                }
                (self.0.stack(shape, first), $(self.$i.stack(shape, $rows),)*)
            }
        }
    };
}
stack_tuple!();
stack_tuple!(B 1 second);
stack_tuple!(B 1 second, C 2 third);
stack_tuple!(B 1 second, C 2 third, D 3 fourth);

#[cfg(feature = "ndarray")]
mod tensors {
    use super::*;

    /// The rank with the axes of both.
    pub trait Join<E> {
        /// Axes of the first, then of the second.
        type Output: Dimension;
    }

    macro_rules! join {
        ($($D:ty: $($E:ty => $Out:ty),*;)*) => {
            $($(impl Join<$E> for $D {
                type Output = $Out;
            })*)*
            $(impl Join<IxDyn> for $D {
                type Output = IxDyn;
            })*
        };
    }
    join! {
        Ix0: Ix0 => Ix0, Ix1 => Ix1, Ix2 => Ix2, Ix3 => Ix3, Ix4 => Ix4, Ix5 => Ix5, Ix6 => Ix6;
        Ix1: Ix0 => Ix1, Ix1 => Ix2, Ix2 => Ix3, Ix3 => Ix4, Ix4 => Ix5, Ix5 => Ix6, Ix6 => IxDyn;
        Ix2: Ix0 => Ix2, Ix1 => Ix3, Ix2 => Ix4, Ix3 => Ix5, Ix4 => Ix6, Ix5 => IxDyn, Ix6 => IxDyn;
        Ix3: Ix0 => Ix3, Ix1 => Ix4, Ix2 => Ix5, Ix3 => Ix6, Ix4 => IxDyn, Ix5 => IxDyn, Ix6 => IxDyn;
        Ix4: Ix0 => Ix4, Ix1 => Ix5, Ix2 => Ix6, Ix3 => IxDyn, Ix4 => IxDyn, Ix5 => IxDyn, Ix6 => IxDyn;
        Ix5: Ix0 => Ix5, Ix1 => Ix6, Ix2 => IxDyn, Ix3 => IxDyn, Ix4 => IxDyn, Ix5 => IxDyn, Ix6 => IxDyn;
        Ix6: Ix0 => Ix6, Ix1 => IxDyn, Ix2 => IxDyn, Ix3 => IxDyn, Ix4 => IxDyn, Ix5 => IxDyn, Ix6 => IxDyn;
    }
    impl<E: Dimension> Join<E> for IxDyn {
        type Output = IxDyn;
    }

    fn unit_tensor<T: Scalar>(shape: &[usize], ones: impl Fn(usize) -> bool) -> T::Store {
        let number = |one| {
            T::Base::constant(if one { num_traits::One::one() } else { num_traits::Zero::zero() })
        };
        let length = shape.iter().product();
        T::Store::constant(Plain::new(shape, (0..length).map(|i| number(ones(i))).collect()))
    }

    /// Tensors of one shape as the rows of one tensor.
    fn join_rows<T: Scalar>(
        rows: Vec<T::Store>,
        axis: usize,
        one: &[usize],
        shape: &[usize],
    ) -> T::Store {
        if rows.is_empty() {
            return T::Store::constant(Plain::new(shape, Vec::new()));
        }
        let rows: Vec<T::Store> = rows.into_iter().map(|row| row.reshape(one)).collect();
        T::Store::concatenate(&rows.iter().collect::<Vec<_>>(), axis).reshape(shape)
    }

    impl<T: Scalar, D: Dimension> Stack<D> for Var<T> {
        type Stacked = T::Array<D>;
        fn stack(&self, shape: &[usize], rows: Vec<T>) -> T::Array<D> {
            let rows = rows.into_iter().map(T::Store::from_scalar).collect();
            T::array_of(join_rows::<T>(rows, 0, &[1], shape))
        }
    }

    /// Gradients by a tensor, one an entry of a tensor of `shape`, as one tensor.
    pub(crate) fn stacked<T: Scalar>(
        shape: &[usize],
        source: &[usize],
        rows: Vec<T::Store>,
    ) -> T::Store {
        let length = source.iter().product();
        join_rows::<T>(rows, 0, &[1, length], &[shape, source].concat())
    }

    impl<A: Base, D: Dimension> Stack<D> for Variable<A> {
        type Stacked = Array<A, D>;
        fn stack(&self, shape: &[usize], rows: Vec<A>) -> Array<A, D> {
            <A as Base>::array_of(Plain::new(shape, rows))
        }
    }

    impl<A: Base, D: Dimension + Join<E>, E: Dimension + 'static> Stack<D> for Variable<Array<A, E>> {
        type Stacked = Array<A, <D as Join<E>>::Output>;
        fn stack(&self, shape: &[usize], rows: Vec<Array<A, E>>) -> Self::Stacked {
            let rows: Vec<_> = rows.iter().map(<A as Base>::store_of).collect();
            // What the tape read: the variable may have been assigned since.
            let own = rows.first().map_or_else(
                || self.borrow().shape().to_vec(),
                |row: &A::Store| row.shape().to_vec(),
            );
            <A as Base>::array_of(stacked::<A>(shape, &own, rows))
        }
    }

    impl<T: Scalar, D: Dimension, S: Stack<D, Elem = T>> Jacobian<S> for Tensor<T, D> {
        type Output = S::Stacked;
        fn rows(&self) -> usize {
            self.len()
        }
        fn basis(&self, row: usize) -> T::Array<D> {
            T::array_of(unit_tensor::<T>(self.shape(), |i| i == row))
        }
        fn assemble(&self, sources: &S, rows: Vec<S::Gradient>) -> S::Stacked {
            sources.stack(self.shape(), rows)
        }
    }

    impl<T: Scalar, M: Mode> GradientTape<T, M> {
        pub(super) fn batch_jacobian_of<D, E>(
            &self,
            target: &Tensor<T, D>,
            source: &Tensor<T, E>,
            consume: bool,
        ) -> Result<BatchJacobian<T, D, E>, TapeError>
        where
            D: Join<<E as Dimension>::Smaller> + Dimension,
            E: RemoveAxis,
        {
            let (&[batch, ref entry @ ..], &[samples, ref rest @ ..]) =
                (target.shape(), source.shape())
            else {
                panic!(
                    "batch_jacobian: target and source need a first axis, not the shapes {:?} and {:?}",
                    target.shape(),
                    source.shape()
                );
            };
            if batch != samples {
                return Err(TapeError::ShapeMismatch {
                    argument: "source of batch_jacobian",
                    expected: [&[batch], rest].concat(),
                    found: source.shape().to_vec(),
                });
            }
            let entries: usize = entry.iter().product();
            let mut rows = Vec::with_capacity(entries);
            for j in 0..entries {
                let seed = unit_tensor::<T>(target.shape(), |i| i % entries == j);
                let sweep = Sweep { consume: consume && j + 1 == entries, reach: false };
                let seed = T::array_of(seed);
                let row = self.differentiate(
                    target,
                    &Adjoint(source),
                    Some(&seed),
                    sweep,
                    |swept, _| Ok(source.adjoint(swept)),
                )?;
                rows.push(row);
            }
            let length: usize = rest.iter().product();
            let whole = [target.shape(), rest].concat();
            let joined = join_rows::<T>(rows, 1, &[batch, 1, length], &whole);
            Ok(T::array_of(joined))
        }
    }

    /// A tensor as a source whose adjoint is read as it is.
    struct Adjoint<'a, T: Scalar, E: Dimension>(&'a Tensor<T, E>);

    impl<T: Scalar, E: Dimension> Sources for Adjoint<'_, T, E> {
        type Elem = T;
        type Gradient = T::Store;
        type Optional = ();
        fn request(&self, request: &mut Request<'_, T>) -> Result<(), TapeError> {
            self.0.request_adjoint(request)
        }
        fn gradient(&self, swept: &Swept<'_, T>) -> T::Store {
            self.0.adjoint(swept)
        }
        fn optional(&self, _swept: &Swept<'_, T>) {}
    }

    /// The Jacobian of each sample: the batch axis, the target's other axes, the source's others.
    pub type BatchJacobian<T, D, E> =
        <T as Scalar>::Array<<D as Join<<E as Dimension>::Smaller>>::Output>;

    /// The Jacobian of each sample of a batch, for a closure; see [`GradientTape::batch_jacobian`].
    ///
    /// # Panics
    /// As [`GradientTape::batch_jacobian`].
    pub fn batch_jacobian<T, D, E>(
        f: impl FnOnce(Tensor<T, E>) -> Tensor<T, D>,
        at: Array<T, E>,
    ) -> BatchJacobian<T, D, E>
    where
        T: Base,
        D: Join<<E as Dimension>::Smaller> + Dimension,
        E: RemoveAxis,
    {
        let tape = GradientTape::new();
        let x = tape.watch(at);
        let y = f(x.clone());
        tape.batch_jacobian(&y, &x)
    }
}
#[cfg(feature = "ndarray")]
pub(crate) use tensors::stacked;
#[cfg(feature = "ndarray")]
pub use tensors::{BatchJacobian, Join, batch_jacobian};

impl<T: Scalar, M: Mode> GradientTape<T, M> {
    fn jacobian_of<G, S>(
        &self,
        target: &G,
        sources: &S,
        consume: bool,
    ) -> Result<G::Output, TapeError>
    where
        G: Jacobian<S, Elem = T> + ?Sized,
        S: Sources<Elem = T>,
    {
        let count = target.rows();
        if count == 0 {
            // No sweep looks at the sources.
            sources.request(&mut Request {
                recorder: self.recorder(),
                adjoints: None,
                ids: None,
            })?;
        }
        let mut rows = Vec::with_capacity(count);
        for row in 0..count {
            let seed = target.basis(row);
            let sweep = Sweep { consume: consume && row + 1 == count, reach: false };
            rows.push(self.differentiate(target, sources, Some(&seed), sweep, |swept, _| {
                Ok(sources.gradient(swept))
            })?);
        }
        Ok(target.assemble(sources, rows))
    }
}

macro_rules! jacobians {
    ($Mode:ident, $consume:expr, $self:ident, ($($receiver:tt)*)) => {
        impl<T: Scalar> GradientTape<T, $Mode> {
            /// The Jacobian of a target by sources, a sweep a row; for the shapes see [`Jacobian`].
            ///
            /// # Panics
            /// As [`gradient`](Self::gradient).
            #[track_caller]
            pub fn jacobian<G, S>($($receiver)*, target: G, sources: S) -> G::Output
            where
                G: Jacobian<S, Elem = T>,
                S: Sources<Elem = T>,
            {
                $self.jacobian_of(&target, &sources, $consume).unwrap_or_else(|error| fail(error))
            }

            /// The Jacobian of each sample of a batch: axis 0 of target and source number the
            /// samples, of which each entry of the target may depend on its own sample only (else
            /// the derivatives by the others are added in). As many sweeps as a sample has
            /// entries.
            ///
            /// # Panics
            /// As [`gradient`](Self::gradient), and if the batches differ in length.
            #[cfg(feature = "ndarray")]
            #[track_caller]
            pub fn batch_jacobian<D, E>(
                $($receiver)*,
                target: &Tensor<T, D>,
                source: &Tensor<T, E>,
            ) -> BatchJacobian<T, D, E>
            where
                D: Join<<E as Dimension>::Smaller> + Dimension,
                E: RemoveAxis,
            {
                $self.batch_jacobian_of(target, source, $consume).unwrap_or_else(|error| fail(error))
            }
        }
    };
}
jacobians!(Single, true, self, (self));
jacobians!(Persistent, false, self, (&self));

/// Value and gradient of a closure.
///
/// # Panics
/// If the closure mixes in values of other tapes.
///
/// ```
/// use autodiff_runtime::gradient_tape::gradient;
/// let (value, gradient) = gradient(|(x, y)| x * y + x, (3.0, 2.0));
/// assert_eq!((value, gradient), (9.0, (3.0, 3.0)));
/// ```
pub fn gradient<V>(
    f: impl FnOnce(V::Handle) -> Var<V::Elem>,
    at: V,
) -> (V::Elem, <V::Handle as Sources>::Gradient)
where
    V: Watch,
    V::Handle: Sources<Elem = V::Elem> + Clone,
{
    let tape = GradientTape::new();
    let x = tape.watch(at);
    let y = f(x.clone());
    (y.value(), tape.gradient(y, &x))
}

/// The Jacobian of a closure; for the shapes see [`Jacobian`].
///
/// # Panics
/// If the closure mixes in values of other tapes.
///
/// ```
/// use autodiff_runtime::gradient_tape::jacobian;
/// let rows = jacobian(|[x, y]| [x * y, x + y], [3.0, 2.0]);
/// assert_eq!(rows, [[2.0, 3.0], [1.0, 1.0]]);
/// ```
pub fn jacobian<V, Y>(f: impl FnOnce(V::Handle) -> Y, at: V) -> Y::Output
where
    V: Watch,
    V::Handle: Sources<Elem = V::Elem> + Clone,
    Y: Jacobian<V::Handle, Elem = V::Elem>,
{
    let tape = GradientTape::new();
    let x = tape.watch(at);
    let y = f(x.clone());
    tape.jacobian(y, x)
}

/// The value recorded on two nested tapes, outer and inner.
type Nested<V> = <<V as Watch>::Handle as Watch>::Handle;
/// Its gradient on the inner tape, recorded on the outer.
type Inner<V> = <Nested<V> as Sources>::Gradient;

/// The Hessian of a closure, on nested tapes: the Jacobian of the gradient, with the shapes of
/// [`Jacobian`].
///
/// # Panics
/// If the closure mixes in values of other tapes.
///
/// ```
/// use autodiff_runtime::gradient_tape::hessian;
/// assert_eq!(hessian(|x| x * x * x, 2.0), 12.0);
/// assert_eq!(hessian(|[x, y]| x * x * y, [3.0, 2.0]), [[4.0, 6.0], [6.0, 0.0]]);
/// ```
pub fn hessian<V>(
    f: impl FnOnce(Nested<V>) -> Var<Var<V::Elem>>,
    at: V,
) -> <Inner<V> as Jacobian<V::Handle>>::Output
where
    V: Watch,
    V::Handle: Watch<Elem = Var<V::Elem>> + Sources<Elem = V::Elem> + Clone,
    Nested<V>: Sources<Elem = Var<V::Elem>> + Clone,
    Inner<V>: Jacobian<V::Handle, Elem = V::Elem>,
{
    let outer = GradientTape::new();
    let x = outer.watch(at);
    let gradient = {
        let inner = GradientTape::new();
        let x = inner.watch(x.clone());
        let y = f(x.clone());
        inner.gradient(y, x)
    };
    outer.jacobian(gradient, x)
}

/// The Hessian of a closure times a vector, on nested tapes, without the Hessian.
///
/// # Panics
/// If the closure mixes in values of other tapes, or `direction` has not the shape of `at`.
///
/// ```
/// use autodiff_runtime::gradient_tape::hvp;
/// assert_eq!(hvp(|[x, y]| x * x * y, [3.0, 2.0], [1.0, 0.0]), [4.0, 6.0]);
/// ```
pub fn hvp<V>(
    f: impl FnOnce(Nested<V>) -> Var<Var<V::Elem>>,
    at: V,
    direction: <Inner<V> as Targets>::Seed,
) -> <V::Handle as Sources>::Gradient
where
    V: Watch,
    V::Handle: Watch<Elem = Var<V::Elem>> + Sources<Elem = V::Elem> + Clone,
    Nested<V>: Sources<Elem = Var<V::Elem>> + Clone,
    Inner<V>: Targets<Elem = V::Elem>,
{
    let outer = GradientTape::new();
    let x = outer.watch(at);
    let gradient = {
        let inner = GradientTape::new();
        let x = inner.watch(x.clone());
        let y = f(x.clone());
        inner.gradient(y, x)
    };
    let product = outer.try_gradient_with(gradient, x, direction);
    product.unwrap_or_else(|error| fail(error.renamed("seed", "direction")))
}
