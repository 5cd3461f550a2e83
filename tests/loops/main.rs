//! Loops of every form, exits, and state carried from trip to trip.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::differentiable;
use autodiff_tests::{gradient_test, hvp_test, inplace_test, pullback_test, state_test};

mod carried;
mod counters;
mod exits;
mod fused;
mod iterators;
mod lanes;
mod left;
mod links;
mod parts;
mod ranges;
mod twice;
mod unknown_trip_counts;
