//! The generated functions: names, signatures, what each returns; attribute arguments.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::{differentiable, stop_gradient};
use autodiff_tests::{assert_close, gradient_test, pullback_test, state_test};

mod auxiliary;
mod custom_rules;
mod fallible;
mod jacobians;
mod make_vjp;
mod signatures;
mod state;
mod stopped;
mod with_respect_to;
