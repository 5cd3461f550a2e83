//! Random programs, distilled from some hundreds to those that cover the most constructs together,
//! and in `found` the programs that once failed, made small.
//!
//! The code is as a generator wrote it: nothing to imitate.

#![allow(warnings, clippy::all, clippy::pedantic)]

mod found;
mod helpers;
mod lists;
mod places;
mod states_1;
mod states_2;
mod values_1;
mod values_2;
