//! The derivative side of types: what the tangent of a value is, and arithmetic on tangents.

mod accumulate;
mod entries;
mod impls;
mod real;
mod shape;
#[cfg(test)]
mod tests;

pub use accumulate::{Accumulate, accumulate};
pub use entries::{Entries, basis, entry, entry_count, inner, set_entry, set_zero};
pub use real::Real;
pub use shape::{Mismatch, SameShape, same_len};

/// A type with a derivative: it says what a small change of its values is.
///
/// | type | tangent |
/// | --- | --- |
/// | `f32`, `f64` | the same float |
/// | `[T; N]` | array of tangents |
/// | `[T]`, `Vec<T>` | `Vec` of tangents |
/// | `&T`, `&mut T`, `Box<T>` | that of `T` |
/// | tuples (up to twelve) | tuple of tangents |
/// | `Option<T>` | `Option`, `None` at `None` |
/// | integers, `bool`, `char`, `str`, `String`, `()`, ranges | [`NoTangent`] |
///
/// The gradient with respect to a parameter of type `T` has the type `T::Tangent`.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::Differentiable;
///
/// assert_eq!([1.0, 2.0].zero_tangent(), [0.0, 0.0]);
/// assert_eq!(vec![vec![1.0f32], vec![]].zero_tangent(), vec![vec![0.0], vec![]]);
/// assert_eq!((1.5, Some([1.0]), None::<f64>).zero_tangent(), (0.0, Some([0.0]), None));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no derivatives: it is not `Differentiable`",
    note = "a parameter to be held constant is left out with `#[differentiable(wrt(…))]`, which names the others",
    note = "a type parameter that stands for `f32` and `f64` is bounded by `autodiff::Real`"
)]
pub trait Differentiable {
    /// The type of directions, tangents, adjoints and gradients of `Self`.
    type Tangent: Tangent;

    /// A zero of the shape of `self`.
    fn zero_tangent(&self) -> Self::Tangent;

    /// The zeros of a list. Floats get memory that is zero already, which for large buffers is the
    /// cheaper way.
    #[doc(hidden)]
    #[inline]
    fn zero_tangents(list: &[Self]) -> Vec<Self::Tangent>
    where
        Self: Sized,
    {
        list.iter().map(Self::zero_tangent).collect()
    }
}

/// A zero shaped like `value`.
#[inline]
pub fn zero_like<P: Differentiable + ?Sized>(value: &P) -> P::Tangent {
    value.zero_tangent()
}

/// A vector space of changes: the bounds that every [`Differentiable::Tangent`] meets. Implemented
/// for all types that meet them.
pub trait Tangent: Clone + Entries + Accumulate<Self> {}

impl<T: Clone + Entries + Accumulate<T>> Tangent for T {}

/// The tangent of what does not change by small amounts: integers, truth values, text. It has no
/// content.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::{Differentiable, NoTangent};
///
/// assert_eq!((3usize, 0.5).zero_tangent(), (NoTangent, 0.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoTangent;
