//! Every mathematical function of `std`, in both call forms, and its values at the edges.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::differentiable;
use autodiff_tests::{gradient_test, hvp_test, pullback_test, same};

mod edges;
mod method_calls;
mod operators;
mod path_calls;
mod second_derivatives;
