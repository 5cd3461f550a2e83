//! For tests: an interpreter of the IR, so that what the transformations put out can be run
//! without a compiler, and random programs to run it on.

mod interpret;
mod library;
mod programs;
mod random_tests;

pub use interpret::{Machine, Value};
pub use library::{Library, function};
