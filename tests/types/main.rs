//! Types of parameters and results: what is active, what its gradient is.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::{Differentiable, Real, differentiable};
use autodiff_tests::{gradient_test, inplace_test, pullback_test, state_test};

mod aggregates;
mod buffers;
mod generics;
mod local_storage;
mod nested_lists;
mod scalars;
