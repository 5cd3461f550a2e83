//! Calls of other differentiable functions, recursion, nested functions, code made by
//! `macro_rules!`.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::differentiable;
use autodiff_tests::{gradient_test, inplace_test, pullback_test, state_test};

mod aggregate_calls;
mod buffer_calls;
pub mod geometry;
mod lent;
mod made_by_macros;
mod namespaces;
mod nested_functions;
mod other_crates;
mod overwritten_buffers;
pub mod prelude;
mod recursion;
mod residuals;
mod scalar_calls;
mod values;
