//! Transformations: IR to IR.

pub mod forward;
pub mod naming;
pub mod reverse;
pub mod tidy;

#[cfg(test)]
pub mod testing;
