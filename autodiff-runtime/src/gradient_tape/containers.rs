//! More structures of what can be watched and differentiated: options, maps, and `ndarray`
//! arrays of recorded scalars.

use super::error::TapeError;
use super::structure::{Recording, Request, Seeding, Sources, Swept, Targets, Watch};
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

impl<W: Watch> Watch for Option<W> {
    type Elem = W::Elem;
    type Handle = Option<W::Handle>;
    fn watch_on(self, recording: Recording<W::Elem>) -> Self::Handle {
        self.map(|value| value.watch_on(recording))
    }
    fn fixed(self) -> Self::Handle {
        self.map(W::fixed)
    }
}

/// A parameter that a model may be without.
impl<S: Sources> Sources for Option<S> {
    type Elem = S::Elem;
    type Gradient = Option<S::Gradient>;
    type Optional = Option<S::Optional>;
    fn request(&self, request: &mut Request<'_, S::Elem>) -> Result<(), TapeError> {
        self.iter().try_for_each(|source| source.request(request))
    }
    fn gradient(&self, swept: &Swept<'_, S::Elem>) -> Self::Gradient {
        self.as_ref().map(|source| source.gradient(swept))
    }
    fn optional(&self, swept: &Swept<'_, S::Elem>) -> Self::Optional {
        self.as_ref().map(|source| source.optional(swept))
    }
}

macro_rules! map {
    ($Map:ident<K, $S:ident $(, $H:ident)?>, ($($bounds:tt)*)) => {
        impl<K: $($bounds)*, W: Watch $(, $H: BuildHasher + Default)?> Watch for $Map<K, W $(, $H)?> {
            type Elem = W::Elem;
            type Handle = $Map<K, W::Handle $(, $H)?>;
            fn watch_on(self, recording: Recording<W::Elem>) -> Self::Handle {
                self.into_iter().map(|(key, value)| (key, value.watch_on(recording))).collect()
            }
            fn fixed(self) -> Self::Handle {
                self.into_iter().map(|(key, value)| (key, value.fixed())).collect()
            }
        }

        /// Sources by name: the gradients have the same keys.
        impl<K: $($bounds)* + Clone, $S: Sources $(, $H: BuildHasher + Default)?> Sources
            for $Map<K, $S $(, $H)?>
        {
            type Elem = $S::Elem;
            type Gradient = $Map<K, $S::Gradient $(, $H)?>;
            type Optional = $Map<K, $S::Optional $(, $H)?>;
            fn request(&self, request: &mut Request<'_, $S::Elem>) -> Result<(), TapeError> {
                self.values().try_for_each(|source| source.request(request))
            }
            fn gradient(&self, swept: &Swept<'_, $S::Elem>) -> Self::Gradient {
                self.iter().map(|(key, source)| (key.clone(), source.gradient(swept))).collect()
            }
            fn optional(&self, swept: &Swept<'_, $S::Elem>) -> Self::Optional {
                self.iter().map(|(key, source)| (key.clone(), source.optional(swept))).collect()
            }
        }
    };
}
map!(BTreeMap<K, S>, (Ord));
map!(HashMap<K, S, H>, (Eq + Hash));

#[cfg(feature = "ndarray")]
mod arrays {
    use super::super::scalar::Scalar;
    use super::super::var::Var;
    use super::{Request, Seeding, Sources, Swept, TapeError, Targets};
    use ndarray::{Array, Dimension};

    /// `array * x` of arrays of recorded scalars.
    impl<T: Scalar> ndarray::ScalarOperand for Var<T> {}

    /// Recorded scalars in an array, as code that is generic over the float makes them.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    /// use ndarray::array;
    ///
    /// let tape = GradientTape::new();
    /// let w = array![1.0, 2.0].mapv(|w| tape.watch(w));
    /// let y = (&w * &w).sum() * w[1];
    /// assert_eq!(tape.gradient(y, &w), array![4.0, 13.0]);
    /// ```
    impl<S: Sources, D: Dimension> Sources for Array<S, D> {
        type Elem = S::Elem;
        type Gradient = Array<S::Gradient, D>;
        type Optional = Array<S::Optional, D>;
        fn request(&self, request: &mut Request<'_, S::Elem>) -> Result<(), TapeError> {
            self.iter().try_for_each(|source| source.request(request))
        }
        fn gradient(&self, swept: &Swept<'_, S::Elem>) -> Self::Gradient {
            self.map(|source| source.gradient(swept))
        }
        fn optional(&self, swept: &Swept<'_, S::Elem>) -> Self::Optional {
            self.map(|source| source.optional(swept))
        }
    }

    impl<G: Targets, D: Dimension> Targets for Array<G, D> {
        type Elem = G::Elem;
        type Seed = Array<G::Seed, D>;
        fn seed(
            &self,
            seeding: &mut Seeding<'_, G::Elem>,
            seed: Option<&Self::Seed>,
        ) -> Result<(), TapeError> {
            let Some(seeds) = seed else {
                return self.iter().try_for_each(|target| target.seed(seeding, None));
            };
            if seeds.shape() != self.shape() {
                return Err(TapeError::ShapeMismatch {
                    argument: "seed",
                    expected: self.shape().to_vec(),
                    found: seeds.shape().to_vec(),
                });
            }
            let mut pairs = self.iter().zip(seeds);
            pairs.try_for_each(|(target, seed)| target.seed(seeding, Some(seed)))
        }
    }
}
