//! A recurrence through a function that is not linear: something must be kept for each trip.

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{Number, Peers, Program};
use autodiff::differentiable;
use std::hint::black_box;

#[differentiable]
pub fn chain(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for &x in x {
        s = f64::sin(s + x);
    }
    s
}

/// The factors wait where their products will be: there is no tape beside the result.
fn by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    assert_eq!(x.len(), x_bar.len());
    let mut s: f64 = 0.0;
    for (x, x_bar) in x.iter().zip(x_bar.iter_mut()) {
        let (sin, cos) = (s + x).sin_cos();
        s = sin;
        *x_bar = cos;
    }
    let mut s_bar = 1.0;
    for x_bar in x_bar.iter_mut().rev() {
        s_bar *= *x_bar;
        *x_bar = s_bar;
    }
    s
}

#[derive(Clone)]
struct Chain;

impl Program for Chain {
    fn run<T: Number>(&self, x: &[T]) -> T {
        let (first, rest) = x.split_first().expect("an element");
        rest.iter().fold(first.sin(), |s, x| (s + *x).sin())
    }
}

pub fn cases(size: Size) -> Vec<Case> {
    let n = size.pick(10, 10_000);
    let x = symmetric(0, n);
    let (x1, x2, x3, x4) = (x.clone(), x.clone(), x.clone(), x.clone());
    let case = Case::new(format!("chain of {n} sines"), n)
        .primal(move || chain(black_box(&x1)))
        .by_hand(move |g| by_hand(black_box(&x2), g))
        .generated(move |g| {
            g.fill(0.0);
            adjoint_chain(black_box(&x3), 1.0, g)
        })
        .gradient_only(move |g| {
            *g = grad_chain(black_box(&x4));
            0.0
        })
        .allocations(1)
        .bytes(8 * n)
        .peers(Chain, &x, Peers::all(n).reverse_only());
    vec![case]
}
