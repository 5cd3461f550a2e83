//! What can be watched, differentiated and differentiated by: single values and structures of them.

use super::error::TapeError;
use super::recorder::{Adjoints, Id, Reached, Recorder};
use super::scalar::Scalar;
use super::var::Var;

/// The recording side of a tape, as [`Watch`] implementations see it.
#[doc(hidden)]
pub struct Recording<T: Scalar>(pub(crate) &'static Recorder<T>);

impl<T: Scalar> Clone for Recording<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Scalar> Copy for Recording<T> {}

/// What [`GradientTape::watch`](super::GradientTape::watch) accepts: floats, `ndarray` arrays, values
/// recorded on another tape (nesting), and `Vec`s, slices, arrays, tuples, `Option`s and maps of
/// those.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be watched by a gradient tape",
    label = "not a float, an array of floats, or a structure of those",
    note = "integers have no derivative: convert to `f64` (or `f32`) first"
)]
pub trait Watch {
    /// The scalar it consists of.
    type Elem: Scalar;
    /// The recorded value, of the same structure.
    type Handle;
    #[doc(hidden)]
    fn watch_on(self, recording: Recording<Self::Elem>) -> Self::Handle;
    #[doc(hidden)]
    /// As a constant.
    fn fixed(self) -> Self::Handle;
    #[doc(hidden)]
    /// A list of them.
    #[inline]
    fn watch_list<I>(list: I, recording: Recording<Self::Elem>) -> Vec<Self::Handle>
    where
        I: ExactSizeIterator<Item = Self>,
        Self: Sized,
    {
        list.map(|x| x.watch_on(recording)).collect()
    }
}

impl<T: Scalar> Watch for T {
    type Elem = T;
    type Handle = Var<T>;
    #[inline]
    fn watch_on(self, Recording(recorder): Recording<T>) -> Var<T> {
        Var::at(recorder, recorder.push_leaf(), self)
    }
    fn fixed(self) -> Var<T> {
        Var::constant(self)
    }
    #[inline]
    fn watch_list<I>(list: I, Recording(recorder): Recording<T>) -> Vec<Var<T>>
    where
        I: ExactSizeIterator<Item = T>,
    {
        let length = list.len();
        let start = recorder.push_leaves(length);
        let first = Var::at(recorder, start, T::zero());
        list.take(length).zip(start..).map(|(x, index)| first.with(index, x)).collect()
    }
}

impl<T: Scalar> Watch for &Var<T> {
    type Elem = Var<T>;
    type Handle = Var<Var<T>>;
    fn watch_on(self, recording: Recording<Var<T>>) -> Var<Var<T>> {
        (*self).watch_on(recording)
    }
    fn fixed(self) -> Var<Var<T>> {
        Var::constant(*self)
    }
}

macro_rules! watch_reference {
    ($($T:ty)*) => {$(
        impl Watch for &$T {
            type Elem = $T;
            type Handle = Var<$T>;
            fn watch_on(self, recording: Recording<$T>) -> Var<$T> {
                (*self).watch_on(recording)
            }
            fn fixed(self) -> Var<$T> {
                Var::constant(*self)
            }
        }
    )*};
}
watch_reference!(f32 f64);

impl<W: Watch> Watch for Vec<W> {
    type Elem = W::Elem;
    type Handle = Vec<W::Handle>;
    fn watch_on(self, recording: Recording<W::Elem>) -> Self::Handle {
        W::watch_list(self.into_iter(), recording)
    }
    fn fixed(self) -> Self::Handle {
        self.into_iter().map(W::fixed).collect()
    }
}

impl<W: Watch + Clone> Watch for &Vec<W> {
    type Elem = W::Elem;
    type Handle = Vec<W::Handle>;
    fn watch_on(self, recording: Recording<W::Elem>) -> Self::Handle {
        self.as_slice().watch_on(recording)
    }
    fn fixed(self) -> Self::Handle {
        self.as_slice().fixed()
    }
}

impl<W: Watch + Clone> Watch for &[W] {
    type Elem = W::Elem;
    type Handle = Vec<W::Handle>;
    fn watch_on(self, recording: Recording<W::Elem>) -> Self::Handle {
        W::watch_list(self.iter().cloned(), recording)
    }
    fn fixed(self) -> Self::Handle {
        self.iter().map(|x| x.clone().fixed()).collect()
    }
}

impl<W: Watch, const N: usize> Watch for [W; N] {
    type Elem = W::Elem;
    type Handle = [W::Handle; N];
    fn watch_on(self, recording: Recording<W::Elem>) -> Self::Handle {
        self.map(|x| x.watch_on(recording))
    }
    fn fixed(self) -> Self::Handle {
        self.map(W::fixed)
    }
}

impl<W: Watch + Clone, const N: usize> Watch for &[W; N] {
    type Elem = W::Elem;
    type Handle = [W::Handle; N];
    fn watch_on(self, recording: Recording<W::Elem>) -> Self::Handle {
        self.clone().watch_on(recording)
    }
    fn fixed(self) -> Self::Handle {
        self.clone().fixed()
    }
}

/// Checks sources and notes what is asked for.
#[doc(hidden)]
pub struct Request<'a, T: Scalar> {
    pub(crate) recorder: &'static Recorder<T>,
    #[cfg_attr(not(feature = "ndarray"), allow(dead_code))]
    pub(crate) adjoints: Option<&'a mut Adjoints<T>>,
    pub(crate) ids: Option<&'a mut Vec<Option<Id>>>,
}

impl<T: Scalar> Request<'_, T> {
    /// Notes one source.
    pub(crate) fn want(&mut self, id: Option<Id>) {
        #[cfg(feature = "ndarray")]
        if let (Some(Id::Tensor(index)), Some(adjoints)) = (id, &mut self.adjoints) {
            adjoints.wanted.push(index);
        }
        if let Some(ids) = &mut self.ids {
            ids.push(id);
        }
    }
}

/// The adjoints after a sweep.
#[doc(hidden)]
pub struct Swept<'a, T: Scalar> {
    pub(crate) recorder: &'static Recorder<T>,
    pub(crate) adjoints: &'a Adjoints<T>,
    pub(crate) reached: Option<&'a Reached>,
}

impl<T: Scalar> Swept<'_, T> {
    pub(crate) fn is_reached(&self, id: Id) -> bool {
        self.reached.is_none_or(|reached| reached.contains(id))
    }
}

/// What a gradient can be taken by: a recorded value, a [`Variable`](super::Variable), or a
/// structure of those — references, tuples, arrays, slices, `Vec`s, `Option`s, `Box`es, maps,
/// `ndarray` arrays of recorded scalars, structs with `#[derive(Sources)]`. The gradient has the
/// same structure.
#[diagnostic::on_unimplemented(
    message = "no gradient can be taken by `{Self}`",
    label = "neither recorded on a tape, nor a `Variable`, nor a structure of those"
)]
pub trait Sources {
    /// The scalar of the tape.
    type Elem: Scalar;
    /// The gradient: floats for scalars, arrays for tensors, in the same structure.
    type Gradient;
    /// The same with an `Option` around each value.
    type Optional;
    #[doc(hidden)]
    fn request(&self, request: &mut Request<'_, Self::Elem>) -> Result<(), TapeError>;
    #[doc(hidden)]
    fn gradient(&self, swept: &Swept<'_, Self::Elem>) -> Self::Gradient;
    #[doc(hidden)]
    fn optional(&self, swept: &Swept<'_, Self::Elem>) -> Self::Optional;
}

/// Sets the adjoints of the targets.
#[doc(hidden)]
pub struct Seeding<'a, T: Scalar> {
    pub(crate) recorder: &'static Recorder<T>,
    pub(crate) adjoints: Option<&'a mut Adjoints<T>>,
    pub(crate) ids: &'a mut TargetIds,
}

/// No allocation for a few targets.
pub(crate) type TargetIds = smallvec::SmallVec<[Id; 4]>;

/// What a gradient can be taken of: a recorded value, or a structure of recorded values, whose
/// gradients are summed. A tensor counts as the sum of its entries.
#[diagnostic::on_unimplemented(
    message = "no gradient can be taken of `{Self}`",
    label = "not a value recorded on a tape, nor a structure of those"
)]
pub trait Targets {
    /// The scalar of the tape.
    type Elem: Scalar;
    /// The seed (output gradient), of the same structure.
    type Seed;
    #[doc(hidden)]
    fn seed(
        &self,
        seeding: &mut Seeding<'_, Self::Elem>,
        seed: Option<&Self::Seed>,
    ) -> Result<(), TapeError>;
}

impl<T: Scalar> Sources for Var<T> {
    type Elem = T;
    type Gradient = T;
    type Optional = Option<T>;
    #[inline]
    fn request(&self, request: &mut Request<'_, T>) -> Result<(), TapeError> {
        request.recorder.check(self.recorder(), self.generation(), "source")?;
        request.want(Some(Id::Scalar(self.index())));
        Ok(())
    }
    #[inline]
    fn gradient(&self, swept: &Swept<'_, T>) -> T {
        swept.adjoints.scalars[self.index() as usize]
    }
    fn optional(&self, swept: &Swept<'_, T>) -> Option<T> {
        swept.is_reached(Id::Scalar(self.index())).then(|| self.gradient(swept))
    }
}

impl<T: Scalar> Targets for Var<T> {
    type Elem = T;
    type Seed = T;
    fn seed(&self, seeding: &mut Seeding<'_, T>, seed: Option<&T>) -> Result<(), TapeError> {
        // A constant is a target that depends on nothing.
        if self.recorder().is_none() {
            return Ok(());
        }
        seeding.recorder.check(self.recorder(), self.generation(), "target")?;
        seeding.ids.push(Id::Scalar(self.index()));
        if let Some(adjoints) = &mut seeding.adjoints {
            adjoints.add_scalar(self.index(), seed.copied().unwrap_or_else(T::one));
        }
        Ok(())
    }
}

/// What refers to sources or targets is that as well.
macro_rules! reference {
    ($P:ident => $Reference:ty) => {
        impl<$P: Sources + ?Sized> Sources for $Reference {
            type Elem = $P::Elem;
            type Gradient = $P::Gradient;
            type Optional = $P::Optional;
            fn request(&self, request: &mut Request<'_, $P::Elem>) -> Result<(), TapeError> {
                (**self).request(request)
            }
            fn gradient(&self, swept: &Swept<'_, $P::Elem>) -> $P::Gradient {
                (**self).gradient(swept)
            }
            fn optional(&self, swept: &Swept<'_, $P::Elem>) -> $P::Optional {
                (**self).optional(swept)
            }
        }

        impl<$P: Targets + ?Sized> Targets for $Reference {
            type Elem = $P::Elem;
            type Seed = $P::Seed;
            fn seed(
                &self,
                seeding: &mut Seeding<'_, $P::Elem>,
                seed: Option<&$P::Seed>,
            ) -> Result<(), TapeError> {
                (**self).seed(seeding, seed)
            }
        }
    };
}
reference!(S => &S);
reference!(S => Box<S>);

macro_rules! list {
    ($S:ident; $List:ty $(, $N:ident)?; $Out:ident $map:expr) => {
        impl<$S: Sources $(, const $N: usize)?> Sources for $List {
            type Elem = $S::Elem;
            type Gradient = list!(@ $Out $S::Gradient $(, $N)?);
            type Optional = list!(@ $Out $S::Optional $(, $N)?);
            #[inline]
            fn request(&self, request: &mut Request<'_, $S::Elem>) -> Result<(), TapeError> {
                self.iter().try_for_each(|source| source.request(request))
            }
            #[inline]
            fn gradient(&self, swept: &Swept<'_, $S::Elem>) -> Self::Gradient {
                #[allow(clippy::redundant_closure_call)]
                $map(self, &|source: &$S| source.gradient(swept))
            }
            fn optional(&self, swept: &Swept<'_, $S::Elem>) -> Self::Optional {
                #[allow(clippy::redundant_closure_call)]
                $map(self, &|source: &$S| source.optional(swept))
            }
        }
        impl<$S: Targets $(, const $N: usize)?> Targets for $List {
            type Elem = $S::Elem;
            type Seed = list!(@ $Out $S::Seed $(, $N)?);
            fn seed(
                &self,
                seeding: &mut Seeding<'_, $S::Elem>,
                seed: Option<&Self::Seed>,
            ) -> Result<(), TapeError> {
                if let Some(seed) = seed && seed.len() != self.len() {
                    return Err(TapeError::LengthMismatch {
                        argument: "seed",
                        expected: self.len(),
                        found: seed.len(),
                    });
                }
                self.iter()
                    .enumerate()
                    .try_for_each(|(i, target)| target.seed(seeding, seed.map(|seed| &seed[i])))
            }
        }
    };
    (@ Vec $T:ty) => { Vec<$T> };
    (@ Array $T:ty, $N:ident) => { [$T; $N] };
}
list!(S; [S]; Vec map_list);
list!(S; Vec<S>; Vec map_list);
list!(S; [S; N], N; Array |list: &[S; N], f| list.each_ref().map(f));

fn map_list<S, R>(list: &[S], f: &dyn Fn(&S) -> R) -> Vec<R> {
    list.iter().map(f).collect()
}

macro_rules! tuple {
    ($First:ident $first:tt $(, $Rest:ident $rest:tt)*) => {
        impl<$First: Watch $(, $Rest: Watch<Elem = $First::Elem>)*> Watch for ($First, $($Rest,)*) {
            type Elem = $First::Elem;
            type Handle = ($First::Handle, $($Rest::Handle,)*);
            fn watch_on(self, recording: Recording<$First::Elem>) -> Self::Handle {
                (self.$first.watch_on(recording), $(self.$rest.watch_on(recording),)*)
            }
            fn fixed(self) -> Self::Handle {
                (self.$first.fixed(), $(self.$rest.fixed(),)*)
            }
        }
        impl<$First: Sources $(, $Rest: Sources<Elem = $First::Elem>)*> Sources for ($First, $($Rest,)*) {
            type Elem = $First::Elem;
            type Gradient = ($First::Gradient, $($Rest::Gradient,)*);
            type Optional = ($First::Optional, $($Rest::Optional,)*);
            fn request(&self, request: &mut Request<'_, $First::Elem>) -> Result<(), TapeError> {
                self.$first.request(request)?;
                $(self.$rest.request(request)?;)*
                Ok(())
            }
            fn gradient(&self, swept: &Swept<'_, $First::Elem>) -> Self::Gradient {
                (self.$first.gradient(swept), $(self.$rest.gradient(swept),)*)
            }
            fn optional(&self, swept: &Swept<'_, $First::Elem>) -> Self::Optional {
                (self.$first.optional(swept), $(self.$rest.optional(swept),)*)
            }
        }
        impl<$First: Targets $(, $Rest: Targets<Elem = $First::Elem>)*> Targets for ($First, $($Rest,)*) {
            type Elem = $First::Elem;
            type Seed = ($First::Seed, $($Rest::Seed,)*);
            fn seed(
                &self,
                seeding: &mut Seeding<'_, $First::Elem>,
                seed: Option<&Self::Seed>,
            ) -> Result<(), TapeError> {
                self.$first.seed(seeding, seed.map(|seed| &seed.$first))?;
                $(self.$rest.seed(seeding, seed.map(|seed| &seed.$rest))?;)*
                Ok(())
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
