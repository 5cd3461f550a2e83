//! Loops over lists, as the clean-up rewrites them: neighbours carried, lists borrowed in parts,
//! loops divided and run forwards. Lengths from none upwards, and what must not fail does not.

use super::*;
use autodiff::Real;
use std::panic::catch_unwind;

#[differentiable(order = 2)]
fn chain(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len().saturating_sub(1) {
        let a = x[i + 1] - x[i] * x[i];
        sum += 100.0 * a * a + (1.0 - x[i]) * x[i];
    }
    sum
}

/// Three neighbours, from a start other than zero.
#[differentiable(order = 2)]
fn three(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len().saturating_sub(1) {
        sum += x[i - 1] * x[i] * x[i + 1] + x[i].sin();
    }
    sum
}

#[differentiable]
fn three_from_behind(x: &[f64]) -> f64 {
    let mut product = 1.0;
    for i in (2..x.len()).rev() {
        product *= 1.0 + 0.1 * x[i] * x[i - 1] - x[i - 2];
    }
    product
}

/// What is carried depends on what the reverse sweep takes from a tape.
#[differentiable]
fn recorded(x: &[f64], y: f64) -> f64 {
    let mut state = y;
    for i in 0..x.len().saturating_sub(2) {
        state = (state * x[i] + x[i + 1]).sin() * x[i + 2];
    }
    state
}

#[differentiable]
fn with_a_gap(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len().saturating_sub(2) {
        sum += x[i] * x[i + 2];
    }
    sum
}

#[differentiable(order = 2)]
fn five_points(a: &[f64], b: &mut [f64], rows: usize, columns: usize) {
    for i in 1..rows - 1 {
        for j in 1..columns - 1 {
            let k = i * columns + j;
            b[k] = a[k] * a[k]
                + 0.2 * (a[k - columns] + a[k + columns] + a[k - 1] + a[k + 1] - 4.0 * a[k]);
        }
    }
}

#[differentiable(order = 2)]
fn rounds(u: &[f64], rows: usize, columns: usize, rounds: usize) -> f64 {
    let mut a = u.to_vec();
    let mut b = u.to_vec();
    for _ in 0..rounds {
        five_points(&a, &mut b, rows, columns);
        five_points(&b, &mut a, rows, columns);
    }
    let mut sum = 0.0;
    for i in 0..a.len() {
        sum += a[i] * b[i];
    }
    sum
}

/// Two rows of one list, at a distance known when it runs.
#[differentiable]
fn rows_apart(x: &[f64], distance: usize, n: usize) -> f64 {
    let mut sum = 0.0;
    for j in 0..n {
        sum += x[j] * x[j] * 0.5 - 0.2 * x[distance + j];
    }
    sum
}

#[differentiable(order = 2, wrt(w))]
fn rows(w: &[f64], x: &[f64], count: usize) -> f64 {
    let d = w.len();
    let mut loss = 0.0;
    for i in 0..count {
        let mut dot = 0.0;
        for j in 0..d {
            dot += w[j] * x[i * d + j];
        }
        loss += dot.tanh();
    }
    loss
}

#[differentiable]
fn product(a: &[f64], b: &[f64], n: usize) -> f64 {
    let mut c = vec![0.0; n * n];
    for i in 0..n {
        for k in 0..n {
            for j in 0..n {
                c[i * n + j] += a[i * n + k] * b[k * n + j];
            }
        }
    }
    let mut sum = 0.0;
    for i in 0..n * n {
        sum += c[i] * c[i];
    }
    sum
}

/// A part of a list that may begin behind its end, if nothing of it is read.
#[differentiable]
fn from_start(x: &[f64], start: usize, n: usize) -> f64 {
    let mut sum = 0.0;
    for j in 0..n {
        sum += x[start + j] * x[start + j];
    }
    sum
}

#[differentiable]
fn between(x: &[f64], from: usize, to: usize) -> f64 {
    let mut sum = 0.0;
    for j in from..to {
        sum += x[j - 1] * x[j] + x[j];
    }
    sum
}

#[differentiable]
fn where_there_is_one(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        if i + 1 < x.len() {
            sum += x[i] * x[i + 1];
        }
        if i > 0 && x[i - 1] > 0.0 {
            sum += x[i].sin();
        }
    }
    sum
}

#[differentiable]
fn until_the_end(x: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        if i >= x.len() {
            break;
        }
        sum += x[i] * x[i];
    }
    sum
}

/// Elements are taken and given: no trip may change places with another.
#[differentiable]
fn in_order(x: &mut [f64], s: f64) {
    for i in 1..x.len() {
        x[i] *= s * x[i - 1];
    }
    for i in (1..x.len()).rev() {
        x[i - 1] += x[i] * s;
    }
}

#[differentiable]
fn generic<T: Real>(x: &[T], s: T) -> T {
    let mut sum = T::of(0.0);
    for i in 1..x.len() {
        sum += x[i] * x[i - 1] * s;
    }
    sum
}

#[differentiable]
fn single_precision(x: &[f32]) -> f32 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        sum += x[i] * x[i - 1] * 3.0;
    }
    sum
}

fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.7 * ((i * i) as f64 * 0.37 + 0.3).sin()).collect()
}

gradient_test! {
    chain: (ref numbers(0)), (ref numbers(1)), (ref numbers(2)), (ref numbers(7));
    three: (ref numbers(0)), (ref numbers(2)), (ref numbers(3)), (ref numbers(4)), (ref numbers(9));
    three_from_behind: (ref numbers(2)), (ref numbers(3)), (ref numbers(8));
    recorded: (ref numbers(2), 0.4), (ref numbers(3), 0.4), (ref numbers(6), 0.4);
    with_a_gap: (ref numbers(2)), (ref numbers(3)), (ref numbers(6));
    rounds: (ref numbers(12), const 3, const 4, const 2), (ref numbers(20), const 4, const 5, const 1), (ref numbers(4), const 2, const 2, const 1), (ref numbers(9), const 3, const 3, const 1);
    rows_apart: (ref numbers(6), const 1, const 5), (ref numbers(6), const 3, const 3), (ref numbers(6), const 0, const 6), (ref numbers(6), const 9, const 0);
    product: (ref numbers(9), ref numbers(9), const 3), (ref numbers(1), ref numbers(1), const 1), (ref numbers(0), ref numbers(0), const 0);
    from_start: (ref numbers(5), const 2, const 3), (ref numbers(5), const 5, const 0), (ref numbers(5), const 99, const 0);
    between: (ref numbers(5), const 1, const 5), (ref numbers(5), const 3, const 3), (ref numbers(5), const 9, const 2), (ref numbers(5), const 0, const 0);
    where_there_is_one: (ref numbers(0)), (ref numbers(1)), (ref numbers(6));
    until_the_end: (ref numbers(4), const 9), (ref numbers(4), const 2), (ref numbers(0), const 3);
}

inplace_test! {
    five_points: (ref numbers(12), mut numbers(12), const 3, const 4), (ref numbers(25), mut numbers(25), const 5, const 5);
    in_order: (mut numbers(0), 0.9), (mut numbers(1), 0.9), (mut numbers(5), 0.9);
}

#[test]
fn second_derivatives() {
    let along = |f: &dyn Fn(&[f64]) -> Vec<f64>, at: &[f64], v: &[f64]| -> Vec<f64> {
        let h = 1e-5;
        let shift = |h: f64| at.iter().zip(v).map(|(x, v)| x + h * v).collect::<Vec<f64>>();
        let (plus, minus) = (f(&shift(h)), f(&shift(-h)));
        plus.iter().zip(minus).map(|(p, m)| (p - m) / (2.0 * h)).collect()
    };
    for n in [0, 1, 2, 3, 6] {
        let (x, v) = (numbers(n), numbers(n + 3)[3..].to_vec());
        close(&hvp_chain(&x, &v), &along(&|x| grad_chain(x), &x, &v));
        close(&hvp_three(&x, &v), &along(&|x| grad_three(x), &x, &v));
    }
    let (x, v) = (numbers(12), numbers(15)[3..].to_vec());
    close(&hvp_rounds(&x, 3, 4, 1, &v), &along(&|x| grad_rounds(x, 3, 4, 1), &x, &v));
    let (w, v) = (numbers(4), numbers(7)[3..].to_vec());
    close(&hvp_rows(&w, &x, 3, &v), &along(&|w| grad_rows(w, &x, 3), &w, &v));
    close(&hvp_rows(&w, &x, 0, &v), &[0.0; 4]);
    close(&grad_rows(&[], &x, 3), &[]);
}

#[track_caller]
fn close(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (a, b) in got.iter().zip(expected) {
        assert!((a - b).abs() < 1e-6 * (1.0 + b.abs()), "{got:?}, expected {expected:?}");
    }
}

#[test]
fn other_floats() {
    let x: Vec<f64> = vec![0.5, -0.25, 2.0, 1.5];
    let single: Vec<f32> = x.iter().map(|x| *x as f32).collect();
    assert_eq!(grad_generic(&x, 3.0).0, [-0.75, 7.5, 3.75, 6.0]);
    assert_eq!(grad_generic(&single, 3.0).0, [-0.75, 7.5, 3.75, 6.0]);
    assert_eq!(grad_single_precision(&single), [-0.75, 7.5, 3.75, 6.0]);
    assert_eq!(grad_single_precision(&[]), []);
    assert_eq!(grad_generic(&x, 3.0).1, 2.375);
}

#[test]
fn contributions_are_added() {
    let x = numbers(5);
    let mut x_bar = vec![1.0; 5];
    let value = adjoint_three(&x, 2.0, &mut x_bar);
    assert_eq!(value, three(&x));
    for (with, plain) in x_bar.iter().zip(grad_three(&x)) {
        assert!((with - 1.0 - 2.0 * plain).abs() < 1e-14);
    }
}

/// Where the function fails, so does its gradient; what a loop without trips would have read does
/// not matter.
#[test]
fn failures_are_the_same() {
    let x = numbers(5);
    for (start, n) in [(3, 3), (0, 6), (9, 1), (5, 0), (99, 0), (2, 3)] {
        let plain = catch_unwind(|| from_start(&x, start, n)).is_err();
        assert_eq!(plain, start + n > 5 && n > 0);
        assert_eq!(catch_unwind(|| grad_from_start(&x, start, n)).is_err(), plain);
        assert_eq!(catch_unwind(|| jvp_from_start(&x, start, n, &x)).is_err(), plain);
        let apart = catch_unwind(|| rows_apart(&x, start, n)).is_err();
        assert_eq!(catch_unwind(|| grad_rows_apart(&x, start, n)).is_err(), apart);
    }
    for (from, to) in [(0, 1), (0, 0), (1, 6), (9, 3), (7, 7), (1, 5), (6, 7)] {
        let plain = catch_unwind(|| between(&x, from, to)).is_err();
        assert_eq!(catch_unwind(|| grad_between(&x, from, to)).is_err(), plain, "{from}..{to}");
        assert_eq!(catch_unwind(|| vjp_between(&x, from, to).1(1.0)).is_err(), plain);
    }
}
