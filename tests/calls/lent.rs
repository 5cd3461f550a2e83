//! An element passed beside the list that it is of.

use super::*;

#[differentiable]
fn scale(a: f64, v: &mut [f64], k: usize) -> f64 {
    v[k] = (v[0] * a).sin();
    if k > 1 {
        return a * 0.5;
    }
    v[k] * a
}

#[differentiable]
fn beside(x: &[f64]) -> f64 {
    let mut v = [x[0], x[1], x[2] * x[3]];
    let mut s = 0.0;
    for i in 0..3 {
        s += scale(v[i], &mut v, i) * v[1];
    }
    s + scale(v[0] * v[1], &mut v, 1) + v[0]
}

gradient_test! { beside: (ref vec![0.7, -1.2, 0.4, 1.3]); }
