//! What a tape can be made of: floats, and values recorded on another tape.

use super::formulas::Operand;
use super::var::Var;
use num_traits::Float;

/// A scalar that can be watched: `f64`, `f32`, or a [`Var`] of another tape (nested tapes).
///
/// The trait is sealed. Integers are not scalars in this sense: they have no derivative.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be watched by a gradient tape",
    label = "not a float, nor a value recorded on a tape",
    note = "integers have no derivative: convert to `f64` (or `f32`) first"
)]
pub trait Scalar: Operand + Float + private::Sealed {
    /// The float beneath all tapes: `f64` or `f32`.
    type Base: Base;

    /// The value beneath all tapes.
    fn base(self) -> Self::Base;

    /// A constant on no tape.
    fn constant(value: Self::Base) -> Self;

    #[doc(hidden)]
    /// Whether this is a zero that depends on nothing: an adjoint that nothing contributed to.
    fn is_absent(self) -> bool;

    #[doc(hidden)]
    /// `sum += weight * adjoint`.
    fn add_product(sum: &mut Self, weight: Self, adjoint: Self);

    #[doc(hidden)]
    #[cfg(feature = "ndarray")]
    /// A tensor of such scalars.
    type Store: super::tensor::Store<Self>;

    /// The tensors handed out for gradients: `ndarray::Array` of floats, `Tensor` on a nested tape.
    #[cfg(feature = "ndarray")]
    type Array<D: ndarray::Dimension>: Clone + std::fmt::Debug;

    #[doc(hidden)]
    #[cfg(feature = "ndarray")]
    fn array_of<D: ndarray::Dimension>(store: Self::Store) -> Self::Array<D>;

    #[doc(hidden)]
    #[cfg(feature = "ndarray")]
    fn store_of<D: ndarray::Dimension>(array: &Self::Array<D>) -> Self::Store;
}

/// The floats beneath all tapes: `f32` and `f64`.
#[cfg(feature = "ndarray")]
pub trait Base:
    Scalar<Base = Self, Store = super::tensor::Plain<Self>>
    + super::formulas::Primitive
    + ndarray::LinalgScalar
{
    #[doc(hidden)]
    fn array_of<D: ndarray::Dimension>(store: Self::Store) -> ndarray::Array<Self, D> {
        store.into_array()
    }
    #[doc(hidden)]
    fn store_of<D: ndarray::Dimension>(array: &ndarray::Array<Self, D>) -> Self::Store {
        super::tensor::Plain::from_array(array.view())
    }
}
/// The floats beneath all tapes: `f32` and `f64`.
#[cfg(not(feature = "ndarray"))]
pub trait Base: Scalar<Base = Self> + super::formulas::Primitive {}

mod private {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl<T: super::Scalar> Sealed for super::Var<T> {}
}

macro_rules! float {
    ($T:ty) => {
        impl Base for $T {}
        impl Scalar for $T {
            type Base = $T;
            #[inline(always)]
            fn base(self) -> $T {
                self
            }
            #[inline(always)]
            fn constant(value: $T) -> $T {
                value
            }
            #[inline(always)]
            fn is_absent(self) -> bool {
                self == 0.0
            }
            #[inline(always)]
            fn add_product(sum: &mut $T, weight: $T, adjoint: $T) {
                *sum += weight * adjoint;
            }
            #[cfg(feature = "ndarray")]
            type Store = super::tensor::Plain<$T>;
            #[cfg(feature = "ndarray")]
            type Array<D: ndarray::Dimension> = ndarray::Array<$T, D>;
            #[cfg(feature = "ndarray")]
            fn array_of<D: ndarray::Dimension>(store: Self::Store) -> Self::Array<D> {
                store.into_array()
            }
            #[cfg(feature = "ndarray")]
            fn store_of<D: ndarray::Dimension>(array: &Self::Array<D>) -> Self::Store {
                super::tensor::Plain::from_array(array.view())
            }
        }
    };
}
float!(f32);
float!(f64);

impl<T: Scalar> Scalar for Var<T> {
    type Base = T::Base;

    fn base(self) -> T::Base {
        self.value().base()
    }

    fn constant(value: T::Base) -> Self {
        Var::constant(T::constant(value))
    }

    #[inline]
    fn is_absent(self) -> bool {
        !self.is_recorded() && self.value().is_absent()
    }

    #[inline]
    fn add_product(sum: &mut Self, weight: Self, adjoint: Self) {
        if weight.is_absent() {
            return;
        }
        let product = if is_constant_one(weight) {
            adjoint
        } else if is_constant_one(adjoint) {
            weight
        } else {
            weight * adjoint
        };
        *sum = if sum.is_absent() { product } else { *sum + product };
    }

    #[cfg(feature = "ndarray")]
    type Store = super::tensor::Tracked<T>;
    #[cfg(feature = "ndarray")]
    type Array<D: ndarray::Dimension> = super::tensor::Tensor<T, D>;
    #[cfg(feature = "ndarray")]
    fn array_of<D: ndarray::Dimension>(store: Self::Store) -> Self::Array<D> {
        super::tensor::Tensor::from_tracked(store)
    }
    #[cfg(feature = "ndarray")]
    fn store_of<D: ndarray::Dimension>(array: &Self::Array<D>) -> Self::Store {
        array.tracked().clone()
    }
}

fn is_constant_one<T: Scalar>(x: Var<T>) -> bool {
    !x.is_recorded() && (x.value() - T::one()).is_absent()
}
