//! For tests: an interpreter of the IR, so that what the transformations put out can be run
//! without a compiler, and random programs to run it on.

mod arithmetic;
mod families;
mod family_loops;
mod family_tests;
mod interpret;
mod library;
mod programs;
mod random_tests;
mod shrink;
mod stores;

pub use interpret::{Machine, Value};
pub use library::{Library, function};
