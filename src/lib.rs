//! Compile-time automatic differentiation of ordinary Rust functions on stable Rust.
//!
//! Put [`#[differentiable]`](macro@differentiable) on a function: it stays as it is, and beside it
//! appear its gradient `grad_f`, its adjoint, forward mode, Jacobian and, on request, higher
//! derivatives, as ordinary Rust that the compiler optimises with the rest.
//!
//! * [`Real`]: write functions generic over `f32` and `f64`;
//! * [`Differentiable`]: what the gradient with respect to a parameter of a type is;
//! * [`stop_gradient`]: hold a value constant;
//! * [`GradientTape`]: a tape that records what runs, for scalars and tensors that no macro sees;
//! * [`check`]: gradient checks for tests;
//! * [`ScalarFunction`]: take differentiable functions as type parameters.

#![forbid(unsafe_code)]

#[doc(inline)]
pub use autodiff_macros::{Sources, Targets, differentiable};
#[doc(hidden)]
pub use autodiff_runtime::private;
#[doc(inline)]
pub use autodiff_runtime::{
    Accumulate, Differentiable, Entries, GradientTape, NoTangent, Real, ScalarFunction, Tangent,
    TapeError, Var, Variable, check, gradient_tape, stop_gradient,
};
#[doc(no_inline)]
pub use autodiff_runtime::gradient_tape::{Sources, Targets};
