//! Calls that keep what their reverse sweep needs: every kind of value and of control flow inside the
//! callee, calls of calls, and callees that cannot keep anything.

use super::*;
use autodiff_tests::hvp_test;
use std::cell::Cell;

#[differentiable(order = 2)]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Branches and early returns.
#[differentiable]
fn branches(x: f64, y: f64) -> f64 {
    if x > y {
        return sigmoid(x * y) * x;
    }
    let mut a = x.sin();
    if a * y > 0.0 {
        a *= y.exp();
    } else {
        a = sigmoid(a).ln();
    }
    a * a * y
}

/// Loops of known and of unknown length, an inner exit, a tape inside a tape.
#[differentiable]
fn loops(x: f64, n: usize) -> f64 {
    let mut a = x;
    let mut count = 0;
    while a.abs() < 20.0 && count < 10 {
        for i in 0..n {
            a = (a * sigmoid(a)).sin() + 0.1 * i as f64;
            if a > 1.05 {
                break;
            }
        }
        a *= 1.3 + x;
        count += 1;
    }
    a
}

/// Local lists of all kinds, by-value parameters that change, integers and flags that steer.
#[differentiable]
fn lists(mut x: f64, mut q: [f64; 3], v: Vec<f64>, k: usize) -> f64 {
    let mut w = vec![0.5; v.len()];
    let mut flags = [true, false, true];
    let narrow: f32 = 0.5;
    for i in 0..v.len() {
        w[i] = (v[i] * x).sin();
        x += w[i] * q[i % 3];
        q[i % 3] *= w[i].exp();
        flags[i % 3] = !flags[i % 3];
        if flags[(i + k) % 3] {
            w[i] *= x;
        }
    }
    let mut pushed = Vec::new();
    for value in &w {
        pushed.push(sigmoid(*value) * x);
    }
    pushed[0] * pushed[1] + q[0] * q[1] * q[2] + x * narrow as f64
}

#[differentiable]
fn uses_all(x: f64, q: [f64; 3], v: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..3 {
        let y = branches(x * q[i], v[i]);
        let z = loops(y * 0.3, i + 1);
        total += z * lists(z, q, v.to_vec(), i);
    }
    total
}

/// In place: what it reads there is kept before it is overwritten.
#[differentiable]
fn in_place(v: &mut [f64], s: &mut f64) -> f64 {
    let mut total = 0.0;
    for i in 1..v.len() {
        *s = sigmoid(*s * v[i]);
        v[i] = v[i] * v[i - 1].exp() + *s;
        v[i] *= *s;
        v[i - 1] /= 1.5 + v[i] * v[i];
        total += v[i].sin() * *s;
    }
    total
}

/// Not what it reads after it has handed it on.
#[differentiable]
fn hands_on(v: &mut [f64], w: &mut [f64]) {
    let n = v.len();
    let mut s = 0.4;
    in_place(&mut v[1..], &mut s);
    let (left, right) = w.split_at_mut(n / 2);
    parts(left, right);
    w[0] = s.exp() * v[1];
    in_place(v, &mut s);
}

#[differentiable]
fn parts(a: &mut [f64], b: &mut [f64]) {
    for i in 0..a.len() {
        a[i] *= b[i].exp();
        b[i] = a[i].sin() * b[i];
    }
}

#[differentiable]
fn uses_in_place(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    let mut w = vec![0.3; x.len()];
    let mut s = 0.7;
    let mut total = 0.0;
    for i in 0..n {
        total += in_place(&mut v, &mut s) * w[i];
        hands_on(&mut v, &mut w);
        total += w[1] * w[2] * v[0];
        in_place(&mut w[1..], &mut s);
    }
    total + s
}

#[differentiable]
fn parameters(v: &mut [f64], w: &mut [f64], s: &mut f64) -> f64 {
    let first = in_place(v, s);
    hands_on(v, w);
    first * sigmoid(v[0] * w[1])
}

/// Recursive, singly and mutually.
#[differentiable]
fn tower(x: f64, n: u32) -> f64 {
    if n == 0 { x } else { (x * tower(0.5 * x, n - 1)).sin() + sigmoid(x) }
}

#[differentiable]
fn ping(v: &mut [f64], n: usize) -> f64 {
    if n == 0 {
        return v[0].exp();
    }
    v[0] = (v[0] * 0.7).sin();
    let value = pong(&mut v[1..], n - 1);
    v[0] * value
}

#[differentiable]
fn pong(v: &mut [f64], n: usize) -> f64 {
    let kept = v[0];
    let value = ping(v, n) + sigmoid(kept);
    v[0] += value * kept;
    value.cos()
}

#[differentiable]
fn game(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let first = ping(&mut v, 4);
    first * tower(v[0], 3) + v[1] * v[2]
}

/// Types that cannot be kept, generic functions: computed again.
#[differentiable]
fn rows(x: f64) -> Vec<Vec<f64>> {
    vec![vec![x.sin(), x], vec![x.exp()]]
}

#[differentiable]
fn generic<T: autodiff::Real>(x: T, y: T) -> T {
    (x * y).sin() * x.exp()
}

#[differentiable]
fn of_rows(x: f64) -> f64 {
    let r = rows(x);
    let s = rows(x * r[0][1]);
    sigmoid(r[0][0] * s[1][0]) * generic(x, r[1][0])
}

#[differentiable]
fn again(x: f64, y: f64) -> f64 {
    of_rows(x) * of_rows(y) + generic(x, y)
}

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

fn count() {
    CALLS.with(|calls| calls.set(calls.get() + 1));
}

#[differentiable]
fn counted(x: f64) -> f64 {
    count();
    x.sin() * sigmoid(x)
}

#[differentiable]
fn counted_twice(x: f64) -> f64 {
    count();
    counted(x) * counted(x * x)
}

#[differentiable]
fn top(x: f64) -> f64 {
    counted_twice(x) + counted(x)
}

#[test]
fn effects_happen_once() {
    top(0.3);
    let plain = CALLS.with(|calls| calls.replace(0));
    assert_eq!(plain, 4);
    value_and_grad_top(0.3);
    assert_eq!(CALLS.with(|calls| calls.replace(0)), plain);
    vjp_top(0.3).1(1.0);
    assert_eq!(CALLS.with(|calls| calls.replace(0)), plain);
}

/// The value is not used, or only some of it.
#[differentiable]
fn unused(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut s = 0.2;
    in_place(&mut v, &mut s);
    let _ = in_place(&mut v[1..], &mut s);
    v[0] * v[1] * s
}

#[differentiable(order = 2)]
fn second(x: f64, y: f64) -> f64 {
    let mut a = x;
    for _ in 0..3 {
        a = sigmoid(a * y) + a.sin();
    }
    a
}

fn x() -> Vec<f64> {
    vec![0.3, -0.7, 1.1, 0.4, 0.9, -0.2]
}

gradient_test! {
    branches: (0.3, 0.7), (0.7, 0.3), (-0.3, 0.9), (-0.3, -0.2);
    loops: (0.3, const 3), (-0.2, const 1), (0.4, const 0);
    uses_all: (0.3, [0.4, -0.2, 0.9], ref x()), (0.9, [1.4, 0.2, -0.9], ref x());
    uses_in_place: (ref x(), const 3), (ref x(), const 1);
    tower: (0.4, const 6), (0.4, const 0);
    game: (ref x());
    again: (0.3, 0.8);
    top: (0.4);
    unused: (ref x());
}

state_test! {
    in_place: (mut x(), mut 0.3);
    parameters: (mut x(), mut x(), mut 0.3);
}

hvp_test! {
    second: (0.3, 0.8);
}
