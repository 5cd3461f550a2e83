//! `let`, assignment, blocks, branches and matches, as statements and as values.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::differentiable;
use autodiff_tests::{gradient_test, inplace_test, pullback_test, state_test};

mod assignments;
mod bindings;
mod blocks;
mod branches;
mod in_place;
mod matches;
mod pass_through;
mod several_outputs;
