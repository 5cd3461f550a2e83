#![doc = include_str!("../README.md")]
//!
//! # Where to look
//!
//! * [`differentiable`](macro@differentiable): the attribute, its arguments and what it generates;
//! * [`Real`]: functions generic over `f32` and `f64`;
//! * [`Differentiable`]: what the gradient with respect to a parameter of a type is;
//! * [`stop_gradient`]: hold a value constant;
//! * [`GradientTape`]: a tape that records what runs, for scalars and tensors that no macro sees;
//! * [`Workspace`]: memory kept between calls, for gradients that are computed over and over;
//! * [`check`]: gradient checks for tests;
//! * [`ScalarFunction`]: differentiable functions as type parameters.

#![forbid(unsafe_code)]

#[doc(inline)]
pub use autodiff_macros::{Sources, Targets, differentiable};
#[doc(no_inline)]
pub use autodiff_runtime::gradient_tape::{Sources, Targets};
#[doc(hidden)]
pub use autodiff_runtime::private;
#[doc(inline)]
pub use autodiff_runtime::{
    Accumulate, Differentiable, Entries, GradientTape, NoTangent, Real, ScalarFunction, Tangent,
    TapeError, Var, Variable, Workspace, check, gradient_tape, stop_gradient,
};
