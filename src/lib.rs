#![doc = include_str!("../README.md")]
//!
//! # Where to look
//!
//! * [`differentiable`](macro@differentiable): the attribute, its arguments and what it generates;
//! * [`Real`]: functions generic over `f32` and `f64`;
//! * [`Differentiable`]: what the gradient with respect to a parameter of a type is;
//! * [`stop_gradient`]: hold a value constant;
//! * [`check`]: gradient checks for tests;
//! * [`ScalarFunction`]: differentiable functions as type parameters.

#![forbid(unsafe_code)]

#[doc(inline)]
pub use autodiff_macros::differentiable;
#[doc(hidden)]
pub use autodiff_runtime::private;
#[doc(inline)]
pub use autodiff_runtime::{
    Accumulate, Differentiable, Entries, NoTangent, Real, ScalarFunction, Tangent, check,
    stop_gradient,
};
