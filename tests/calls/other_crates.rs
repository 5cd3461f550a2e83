//! Functions of another crate, which knows the library by another name.

use super::*;
use autodiff_tests_renamed::{iterate, scale};

#[differentiable(order = 2)]
fn across(x: f64, v: &[f64]) -> f64 {
    let mut w = v.to_vec();
    scale(&mut w, x);
    iterate(x, &w) * autodiff_tests_renamed::iterate(1.2, v)
}

#[differentiable]
fn generic_callee(x: f64) -> f64 {
    autodiff_tests_renamed::square(x) * x
}

gradient_test! {
    across: (1.3, ref vec![0.7, -1.2, 0.4]), (1.3, ref vec![]);
    generic_callee: (0.7);
}
autodiff_tests::hvp_test! { across: (1.3, ref vec![0.7, -1.2, 0.4]); }
