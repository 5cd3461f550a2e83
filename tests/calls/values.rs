//! Values of calls that a function called in two keeps: their types stand in the callees' signatures
//! only.

use super::*;
use autodiff_tests::assert_close;

#[differentiable]
fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[differentiable]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[differentiable]
fn powers(x: f64, n: usize) -> Vec<f64> {
    let mut out = vec![1.0];
    for i in 1..n {
        out.push(out[i - 1] * x);
    }
    out
}

#[differentiable]
fn single(x: f64) -> f32 {
    (x as f32).sin()
}

#[differentiable]
fn both(x: f64) -> (f64, f64) {
    (x.sin(), x.cos())
}

#[differentiable]
fn largest<T: autodiff::Real>(x: T, y: T) -> [T; 2] {
    if x > y { [x, y] } else { [y, x] }
}

#[differentiable]
fn number<T: autodiff::Real>(x: T, y: T) -> T {
    (x * y).exp()
}

/// A list that is read at both ends of a branch and in a loop.
#[differentiable]
fn turned(a: [f64; 3], b: [f64; 3]) -> f64 {
    let mut c = a;
    for i in 0..3 {
        let d = cross(c, b);
        if d[i] > 0.0 {
            let e = cross(d, a);
            c[i] = d[i] * e[(i + 1) % 3];
        } else {
            c[i] = d[i].exp() * dot(&c, &d);
        }
    }
    let last = cross(c, a);
    last[0] * last[1] + last[2].sin()
}

/// Vectors, and numbers that go on into calls.
#[differentiable]
fn series(x: f64, n: usize) -> f64 {
    let p = powers(x, n);
    let scale = dot(&[x, 0.5, x * x], &[1.0, x, 0.3]);
    let mut sum = 0.0;
    for i in 0..p.len() {
        sum += p[i] * p[n - 1 - i] * scale;
    }
    sum * number(scale, 0.1)
}

/// Other types: those that are taken apart, generic, handed on whole.
#[differentiable]
fn others(x: f64, y: f64) -> f64 {
    let pair = both(x * y);
    let (s, c) = both(y);
    let order = largest(x, y);
    let d = cross([x, y, 1.0], [y, 0.2, x]);
    let whole = dot(&d, &[1.0, x, y]);
    pair.0 * s + c * pair.1 + order[0] * order[0] * order[1] * whole
}

/// A number of another width.
#[differentiable]
fn narrow(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..2 {
        let z: f32 = single(y) * 0.5;
        y += z as f64 * y;
    }
    y
}

#[differentiable]
fn narrow_twice(x: f64) -> f64 {
    narrow(x) + narrow(x * x)
}

#[differentiable]
fn all(a: [f64; 3], b: [f64; 3], n: usize) -> f64 {
    let mut total = 1.0;
    for k in 0..n {
        total += turned(a, b) * series(0.3 * a[0], k + 1);
        if total > 1.2 {
            total *= others(a[1], b[2]).tanh();
        }
    }
    total * others(b[0], total)
}

gradient_test! {
    turned: ([0.3, -0.8, 0.6], [0.9, 0.2, -0.4]);
    series: (0.7, const 4), (0.7, const 1);
    all: ([0.3, -0.8, 0.6], [0.9, 0.2, -0.4], const 3), ([1.1, 0.4, 0.2], [-0.3, 0.5, 0.7], const 2),
        ([1.1, 0.4, 0.2], [-0.3, 0.5, 0.7], const 0);
}

/// One way forward, several ways back.
#[test]
fn clones_of_a_pullback() {
    let (a, b) = ([0.3, -0.8, 0.6], [0.9, 0.2, -0.4]);
    let (value, pullback) = vjp_all(a, b, 3);
    let (direct, expected) = value_and_grad_all(a, b, 3);
    assert_close("value", &[value], &[direct], 1e-13);
    for seed in [1.0, -2.5] {
        let (a_bar, b_bar) = pullback.clone()(seed);
        let scaled = |bar: [f64; 3]| bar.map(|v| seed * v);
        assert_close("a_bar", &a_bar, &scaled(expected.0), 1e-13);
        assert_close("b_bar", &b_bar, &scaled(expected.1), 1e-13);
    }
    let (rows, pullback) = vjp_powers(0.7, 4);
    let row =
        |i: usize| pullback.clone()((0..rows.len()).map(|j| f64::from(u8::from(i == j))).collect());
    assert_close("rows", &[row(0), row(1), row(2), row(3)], &[0.0, 1.0, 1.4, 1.47], 1e-13);
    assert_close("jacobian", &jacobian_powers(0.7, 4), &[0.0, 1.0, 1.4, 1.47], 1e-13);
}

#[test]
fn another_width() {
    let step = |(y, dy): (f64, f64)| {
        (y * (1.0 + 0.5 * y.sin()), dy * (1.0 + 0.5 * y.sin() + 0.5 * y * y.cos()))
    };
    let twice = |x: f64, dx: f64| step(step((x, dx)));
    let x = 0.7;
    let expected = twice(x, 1.0).1 + twice(x * x, 2.0 * x).1;
    let epsilon = f64::from(f32::EPSILON);
    assert_close("reverse", &[grad_narrow_twice(x)], &[expected], 10.0 * epsilon);
    assert_close("forward", &[jvp_narrow_twice(x, 1.0).1], &[expected], 10.0 * epsilon);
    // Of one number, but of two types: not the forward sweep's tangent.
    assert_close("f32", &[grad_single(x)], &[x.cos()], 10.0 * epsilon);
}
