//! The programs, one family a file: the primal as a user would write it, the gradient by hand, and
//! the same function for any [`Number`](crate::peers::Number).

pub mod ba;
pub mod chain;
pub mod cholesky;
pub mod gmm;
pub mod hand;
pub mod heat;
pub mod logreg;
pub mod lorenz;
pub mod lstm;
pub mod matmul;
pub mod mlp;
pub mod newton;
pub mod rosenbrock;
pub mod scalar;
pub mod second;
pub mod vectors;

use crate::case::{Case, Size};

type Build = fn(Size) -> Vec<Case>;

/// What can be asked for by name, in the order of the table.
pub const ALL: &[(&str, Build)] = &[
    ("scalar", scalar::cases),
    ("rosenbrock", rosenbrock::cases),
    ("logreg", logreg::cases),
    ("mlp", mlp::cases),
    ("lorenz", lorenz::cases),
    ("heat", heat::cases),
    ("newton", newton::cases),
    ("chain", chain::cases),
    ("gmm", gmm::cases),
    ("adbench gmm", gmm::adbench_cases),
    ("adbench lstm", lstm::cases),
    ("adbench ba", ba::cases),
    ("adbench hand", hand::cases),
    ("matmul", matmul::cases),
    ("cholesky", cholesky::cases),
    ("vectors prefix log-sum-exp median convolution", vectors::cases),
    ("second order hessian hvp", second::cases),
];
