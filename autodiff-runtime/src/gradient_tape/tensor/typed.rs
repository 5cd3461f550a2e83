//! The tensor as its user sees it: a rank in the type, as `ndarray` has it.

use super::super::custom::{Arguments, Inputs, Sink};
use super::super::derivatives::{Join, Stack, stacked};
use super::super::error::TapeError;
use super::super::recorder::Id;
use super::super::scalar::{Base, Scalar};
use super::super::structure::{Recording, Request, Seeding, Sources, Swept, Targets, Watch};
use super::super::var::Var;
use super::plain::Plain;
use super::store::Store;
use super::tracked::Tracked;
use ndarray::{ArcArray, Array, ArrayView, ArrayViewMut, Dimension, IxDyn};
use num_traits::One;
use std::fmt;
use std::marker::PhantomData;

/// A tensor on a tape: an `ndarray` array of the dimension `D`, and the place where it was
/// recorded. Cloning shares the entries.
///
/// Operators broadcast as in NumPy, with other tensors, arrays (constants), scalars on the tape and
/// `f64` constants; assigning ones (`+=`) keep the shape of the tensor they assign to. A reduction
/// to one number is a [`Var`] of the same tape.
///
/// `T` is `f64` or `f32`; on nested tapes a [`Var`], and the entries are tensors of the outer tape.
/// There, arrays mix in as they are, and tensors of the outer tape by `Tensor::from(&w)`:
///
/// ```
/// use autodiff_runtime::{GradientTape, gradient_tape::Tensor};
/// use ndarray::array;
///
/// // A penalty on the gradient by the input: (‖∂y/∂x‖ - 1)².
/// let tape = GradientTape::new();
/// let w = tape.watch(array![3.0, 4.0]);
/// let inner = GradientTape::new();
/// let x = inner.watch(Tensor::from(array![0.1, 0.2]));
/// let y = x.dot(&Tensor::from(&w));
/// let penalty = (inner.gradient(y, &x).norm() - 1.0).powi(2);
/// assert_eq!(penalty.value(), 16.0);
/// assert_eq!(tape.gradient(penalty, &w), array![4.8, 6.4]);
/// ```
///
/// # Panics
/// Operations panic if shapes do not fit, naming both, and on tensors of two tapes.
///
/// # Examples
///
/// ```
/// use autodiff_runtime::GradientTape;
/// use ndarray::array;
///
/// let tape = GradientTape::new();
/// let x = tape.watch(array![[1., 1.], [1., 1.]]);
/// let y = x.sum();
/// let z = &y * &y;
/// let dz_dx = tape.gradient(&z, &x);
/// assert_eq!(dz_dx, array![[8., 8.], [8., 8.]]);
/// ```
pub struct Tensor<T: Scalar = f64, D: Dimension = IxDyn> {
    tracked: Tracked<T>,
    rank: PhantomData<fn() -> D>,
}

impl<T: Scalar, D: Dimension> Clone for Tensor<T, D> {
    fn clone(&self) -> Self {
        Self::from_tracked(self.tracked.clone())
    }
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    pub(crate) fn from_tracked(tracked: Tracked<T>) -> Self {
        debug_assert!(D::NDIM.is_none_or(|rank| rank == tracked.shape().len()));
        Self { tracked, rank: PhantomData }
    }

    pub(crate) fn tracked(&self) -> &Tracked<T> {
        &self.tracked
    }

    /// A constant: a tensor on no tape.
    #[must_use]
    pub fn constant(array: Array<T::Base, D>) -> Self {
        Self::from_tracked(Tracked::constant(Plain::from_owned(array)))
    }

    /// The numbers, without a copy.
    pub fn view(&self) -> ArrayView<'_, T::Base, D> {
        self.tracked.plain().view()
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        self.tracked.shape()
    }

    /// Lengths of the axes, as `ndarray` gives them: a number, or a tuple.
    pub fn dim(&self) -> D::Pattern {
        self.view().dim()
    }

    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.shape().len()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.shape().iter().product()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a tape has recorded this tensor and still records.
    pub fn is_recorded(&self) -> bool {
        self.tracked.live().is_some()
    }

    /// The same tensor as a constant: no derivative passes.
    #[must_use]
    pub fn stop_gradient(&self) -> Self {
        Self::from_tracked(Tracked::fixed(self.tracked.value().clone()))
    }

    /// The same tensor with the rank known at run time only.
    #[must_use]
    pub fn into_dyn(&self) -> Tensor<T, IxDyn> {
        Tensor::from_tracked(self.tracked.clone())
    }
}

impl<T: Scalar, D: Dimension> From<Tensor<T, D>> for Tensor<Var<T>, D> {
    /// A tensor of the next tape out, as a constant to the inner one.
    fn from(tensor: Tensor<T, D>) -> Self {
        Self::from_tracked(Tracked::fixed(tensor.tracked))
    }
}

impl<T: Scalar, D: Dimension> From<&Tensor<T, D>> for Tensor<Var<T>, D> {
    fn from(tensor: &Tensor<T, D>) -> Self {
        tensor.clone().into()
    }
}

impl<T: Scalar, D: Dimension> fmt::Debug for Tensor<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor({:?})", self.view())
    }
}

/// The numbers, laid out as `ndarray` does it.
impl<T: Scalar<Base: fmt::Display>, D: Dimension> fmt::Display for Tensor<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.view(), f)
    }
}

/// A constant.
impl<A: Base<Store = Plain<A>>, D: Dimension> From<Array<A, D>> for Tensor<A, D> {
    fn from(array: Array<A, D>) -> Self {
        Self::constant(array)
    }
}

macro_rules! watch_shared {
    ($($Array:ty)*) => {$(
        impl<A: Base<Store = Plain<A>>, D: Dimension> Watch for $Array {
            type Elem = A;
            type Handle = Tensor<A, D>;
            fn watch_on(self, recording: Recording<A>) -> Tensor<A, D> {
                self.to_owned().watch_on(recording)
            }
            fn fixed(self) -> Tensor<A, D> {
                Tensor::constant(self.to_owned())
            }
        }
    )*};
}
watch_shared!(ArrayView<'_, A, D> &ArrayView<'_, A, D> ArrayViewMut<'_, A, D> ArcArray<A, D> &ArcArray<A, D>);

impl<A: Base<Store = Plain<A>>, D: Dimension> Watch for Array<A, D> {
    type Elem = A;
    type Handle = Tensor<A, D>;
    fn watch_on(self, Recording(recorder): Recording<A>) -> Tensor<A, D> {
        Tensor::from_tracked(Tracked::watched(recorder, Plain::from_owned(self)))
    }
    fn fixed(self) -> Tensor<A, D> {
        Tensor::constant(self)
    }
}

impl<A: Base<Store = Plain<A>>, D: Dimension> Watch for &Array<A, D> {
    type Elem = A;
    type Handle = Tensor<A, D>;
    fn watch_on(self, Recording(recorder): Recording<A>) -> Tensor<A, D> {
        Tensor::from_tracked(Tracked::watched(recorder, Plain::from_array(self.view())))
    }
    fn fixed(self) -> Tensor<A, D> {
        Tensor::constant(self.clone())
    }
}

impl<T: Scalar, D: Dimension> Watch for Tensor<T, D> {
    type Elem = Var<T>;
    type Handle = Tensor<Var<T>, D>;
    fn watch_on(self, Recording(recorder): Recording<Var<T>>) -> Tensor<Var<T>, D> {
        Tensor::from_tracked(Tracked::watched(recorder, self.tracked))
    }
    fn fixed(self) -> Tensor<Var<T>, D> {
        self.into()
    }
}

impl<T: Scalar, D: Dimension> Watch for &Tensor<T, D> {
    type Elem = Var<T>;
    type Handle = Tensor<Var<T>, D>;
    fn watch_on(self, recording: Recording<Var<T>>) -> Tensor<Var<T>, D> {
        self.clone().watch_on(recording)
    }
    fn fixed(self) -> Tensor<Var<T>, D> {
        self.into()
    }
}

// Twice instead of once for every `T: Scalar`, so that the type of a gradient is known before it is
// known which float a literal is.
macro_rules! by_level {
    ($($generic:ident: $bound:ident, $T:ty as $Level:ident, $Array:ty, $ArrayE:ty, $Joined:ty;)*) => {$(
        impl<$generic: $bound, D: Dimension> Tensor<$T, D> {
            /// The value: an `ndarray` array (a copy; [`view`](Tensor::view) looks at the entries
            /// where they are), or one level down on nested tapes.
            pub fn value(&self) -> $Array {
                <$T as $Level>::array_of(self.tracked.value().clone())
            }
        }

        impl<$generic: $bound, D: Dimension> Sources for Tensor<$T, D> {
            type Elem = $T;
            type Gradient = $Array;
            type Optional = Option<$Array>;
            fn request(&self, request: &mut Request<'_, $T>) -> Result<(), TapeError> {
                self.request_adjoint(request)
            }
            fn gradient(&self, swept: &Swept<'_, $T>) -> $Array {
                <$T as $Level>::array_of(self.adjoint(swept))
            }
            fn optional(&self, swept: &Swept<'_, $T>) -> Option<$Array> {
                let reached = swept.is_reached(Id::Tensor(self.tracked.id()));
                reached.then(|| self.gradient(swept))
            }
        }

        impl<$generic: $bound, D: Dimension + 'static> Arguments for Tensor<$T, D> {
            fn values(&self) -> $Array {
                self.value()
            }
            fn inputs(&self, inputs: &mut Inputs<$T>) {
                inputs.add(self.tracked.live(), Id::Tensor(self.tracked.id()));
            }
            fn contribute(
                &self,
                gradient: $Array,
                weight: Option<$T>,
                sink: &mut Sink<'_, $T>,
            ) -> Result<(), TapeError> {
                self.contribute_store(<$T as $Level>::store_of(&gradient), weight, sink)
            }
        }

        impl<$generic: $bound, D: Dimension + Join<E>, E: Dimension> Stack<D> for Tensor<$T, E> {
            type Stacked = $Joined;
            fn stack(&self, shape: &[usize], rows: Vec<$ArrayE>) -> Self::Stacked {
                let rows = rows.iter().map(<$T as $Level>::store_of).collect();
                <$T as $Level>::array_of(stacked::<$T>(shape, self.shape(), rows))
            }
        }
    )*};
}
by_level! {
    A: Base, A as Base, Array<A, D>, Array<A, E>, Array<A, <D as Join<E>>::Output>;
    U: Scalar, Var<U> as Scalar, Tensor<U, D>, Tensor<U, E>, Tensor<U, <D as Join<E>>::Output>;
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    pub(crate) fn request_adjoint(&self, request: &mut Request<'_, T>) -> Result<(), TapeError> {
        let tracked = &self.tracked;
        request.recorder.check(tracked.recorder(), tracked.generation(), "source")?;
        request.want(Some(Id::Tensor(tracked.id())));
        Ok(())
    }

    /// The adjoint after a sweep; zeros where nothing arrived.
    pub(crate) fn adjoint(&self, swept: &Swept<'_, T>) -> T::Store {
        let adjoint = swept.adjoints.tensors[self.tracked.id() as usize].clone();
        adjoint.unwrap_or_else(|| {
            T::Store::constant(Plain::filled(self.shape(), <T::Base as num_traits::Zero>::zero()))
        })
    }

    fn contribute_store(
        &self,
        mut gradient: T::Store,
        weight: Option<T>,
        sink: &mut Sink<'_, T>,
    ) -> Result<(), TapeError> {
        if gradient.shape() != self.shape() {
            return Err(TapeError::ShapeMismatch {
                argument: "gradient of the custom rule",
                expected: self.shape().to_vec(),
                found: gradient.shape().to_vec(),
            });
        }
        let id = self.tracked.id();
        if self.tracked.recorder().is_some() && sink.takes(Id::Tensor(id)) {
            if let Some(weight) = weight {
                gradient = gradient.mul(&T::Store::from_scalar(weight));
            }
            sink.adjoints.add_tensor(id, gradient);
        }
        Ok(())
    }
}

impl<T: Scalar, D: Dimension> Targets for Tensor<T, D> {
    type Elem = T;
    type Seed = T::Array<D>;
    fn seed(
        &self,
        seeding: &mut Seeding<'_, T>,
        seed: Option<&T::Array<D>>,
    ) -> Result<(), TapeError> {
        let seed = match seed {
            Some(seed) => T::store_of(seed),
            None => T::Store::constant(Plain::filled(self.shape(), T::Base::one())),
        };
        if seed.shape() != self.shape() {
            return Err(TapeError::ShapeMismatch {
                argument: "seed",
                expected: self.shape().to_vec(),
                found: seed.shape().to_vec(),
            });
        }
        let tracked = &self.tracked;
        if tracked.recorder().is_none() {
            return Ok(());
        }
        seeding.recorder.check(tracked.recorder(), tracked.generation(), "target")?;
        seeding.ids.push(Id::Tensor(tracked.id()));
        if let Some(adjoints) = &mut seeding.adjoints {
            adjoints.add_tensor(tracked.id(), seed);
        }
        Ok(())
    }
}
