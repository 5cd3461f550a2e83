//! A square root by Newton's method: a loop whose length is known when it ends.

use crate::case::{Case, Size};
use crate::inputs::u;
use crate::peers::{Number, Peers, Program};
use autodiff::differentiable;
use std::hint::black_box;

#[differentiable]
fn newton(a: f64) -> f64 {
    let mut x = 1.0;
    while f64::abs(x * x - a) > 1e-12 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

/// There is one input, so its tangent can go along: nothing is kept. The tangent's own chain is a
/// product and a sum a trip; the second division overlaps with the first.
fn by_hand(a: f64) -> (f64, f64) {
    let mut x: f64 = 1.0;
    let mut x_dot = 0.0;
    while (x * x - a).abs() > 1e-12 * a {
        let quotient = a / x;
        let half = 0.5 / x;
        x_dot = half + x_dot * (0.5 - quotient * half);
        x = 0.5 * (x + quotient);
    }
    (x, x_dot)
}

/// With a sweep back. What multiplies the adjoint depends on the trip alone, so divisions overlap.
fn backwards(a: f64) -> (f64, f64) {
    let mut x: f64 = 1.0;
    let mut trips = [(0.0, 0.0); 64];
    let mut n = 0;
    while (x * x - a).abs() > 1e-12 * a {
        let quotient = a / x;
        trips[n & 63] = (x, quotient);
        n += 1;
        x = 0.5 * (x + quotient);
    }
    assert!(n <= 64, "more than 64 trips");
    let mut x_bar = 1.0;
    let mut a_bar = 0.0;
    for &(before, quotient) in trips[..n].iter().rev() {
        let inverse = 0.5 / before;
        a_bar += x_bar * inverse;
        x_bar *= 0.5 - quotient * inverse;
    }
    (x, a_bar)
}

#[derive(Clone)]
struct Newton;

impl Program for Newton {
    fn run<T: Number>(&self, x: &[T]) -> T {
        let a = x[0];
        let mut x = a.constant(1.0);
        while f64::abs(x.value() * x.value() - a.value()) > 1e-12 * a.value() {
            x = (x + a / x).times(0.5);
        }
        x
    }
}

pub fn cases(size: Size) -> Vec<Case> {
    let calls = size.pick(10, 1000);
    let points: Vec<f64> = (0..calls).map(|i| 10_f64.powf(-3.0 + 9.0 * u(i))).collect();
    fn each(points: &[f64], g: &mut [f64], f: impl Fn(f64) -> (f64, f64)) -> f64 {
        let mut sum = 0.0;
        for (&a, g) in points.iter().zip(g) {
            let (value, a_bar) = f(black_box(a));
            sum += value;
            *g = a_bar;
        }
        sum
    }
    let (p1, p2, p3, p4, p5) =
        (points.clone(), points.clone(), points.clone(), points.clone(), points.clone());
    let case = Case::new(format!("newton ({calls} calls)"), calls)
        .primal(move || p1.iter().map(|&a| newton(black_box(a))).sum())
        .by_hand(move |g| each(&p2, g, by_hand))
        .other("with a sweep back", move |g| each(&p3, g, backwards))
        .generated(move |g| each(&p4, g, value_and_grad_newton))
        .gradient_only(move |g| each(&p5, g, |a| (0.0, grad_newton(a))))
        .enzyme(6.0)
        .allocations(0)
        .note("newton has one input: by hand its tangent is carried along instead of a sweep back")
        .peers(Newton, &points, Peers::all(1).control_flow_varies());
    vec![case]
}
