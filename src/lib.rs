//! Compile-time automatic differentiation of ordinary Rust functions on stable Rust.

#![forbid(unsafe_code)]

#[doc(inline)]
pub use autodiff_macros::*;
#[doc(hidden)]
pub use autodiff_runtime::private;
#[doc(inline)]
pub use autodiff_runtime::{
    Accumulate, Differentiable, Entries, NoTangent, Real, ScalarFunction, Tangent, check, stop_gradient,
};
