//! Analyses: IR in, side tables out; none of them changes the IR.

pub mod activity;
pub mod mincut;
