//! The scalar of generic differentiable functions.

use super::{Accumulate, Differentiable, Entries, SameShape};
use core::fmt::{Debug, Display, LowerExp};
use core::iter::{Product, Sum};
use core::ops::{AddAssign, DivAssign, MulAssign, RemAssign, SubAssign};
use num_traits::{Float, FloatConst};

/// A real number in floating point: `f32` or `f64`, or one of them recorded on a
/// [gradient tape](crate::gradient_tape) ([`Var`](crate::Var), which does not leave its thread: add
/// `Send` or `Sync` where a function needs it). Generic differentiable functions are written
/// against it.
///
/// It is [`num_traits::Float`] with what numerical code needs besides: the assigning operators, sums
/// and products of iterators (over values and references), mathematical constants
/// ([`FloatConst`]) and [`Real::of`] for constants of one's own.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::Real;
///
/// fn half_square_norm<T: Real>(x: &[T]) -> T {
///     let mut sum = T::of(0.0);
///     for i in 0..x.len() {
///         sum += x[i] * x[i];
///     }
///     T::of(0.5) * sum
/// }
///
/// assert_eq!(half_square_norm(&[3.0f32, 4.0]), 12.5);
/// assert_eq!(half_square_norm(&[3.0f64, 4.0]), 12.5);
/// ```
pub trait Real:
    Float
    + FloatConst
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
    + Sum
    + for<'a> Sum<&'a Self>
    + Product
    + for<'a> Product<&'a Self>
    + Default
    + Debug
    + Display
    + LowerExp
    + 'static
    + Differentiable<Tangent = Self>
    + Entries
    + Accumulate<Self>
    + SameShape<Self>
{
    /// The float nearest to `value`: exact for `f64`, rounded (to infinity where too large) for
    /// `f32`.
    fn of(value: f64) -> Self;
}

impl Real for f64 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }
}

impl Real for f32 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        value as f32
    }
}
