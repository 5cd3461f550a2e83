//! Buffers that calls overwrite: kept where the callee's reverse sweep, or the caller's, reads them.

use super::*;
use autodiff_tests::hvp_test;

/// Linear: its adjoint reads no content.
#[differentiable]
fn spread(a: &[f64], b: &mut [f64]) {
    for i in 1..a.len() - 1 {
        b[i] = a[i] + 0.2 * (a[i - 1] + a[i + 1] - 2.0 * a[i]);
    }
}

/// Its adjoint reads `a`.
#[differentiable(order = 2)]
fn bend(a: &[f64], b: &mut [f64]) {
    for i in 1..a.len() - 1 {
        b[i] = a[i] - 0.3 * a[i] * a[i - 1] + 0.1 * a[i + 1];
    }
}

/// Its adjoint reads what `b` held.
#[differentiable(order = 2)]
fn square(b: &mut [f64]) {
    for k in 0..b.len() {
        b[k] *= b[k];
    }
}

/// Keeps some of what was there.
#[differentiable]
fn mix(a: &[f64], b: &mut [f64]) {
    for k in 0..a.len() {
        b[k] += 0.5 * a[k] * b[k].sin();
    }
}

/// Recursive, and linear.
#[differentiable]
fn halves(v: &mut [f64], n: usize) {
    v[0] *= 0.5;
    if n > 0 {
        halves(&mut v[1..], n - 1);
        v[0] += 0.25 * v[1];
    }
}

/// Recursive, and not.
#[differentiable]
fn powers(v: &mut [f64], n: usize) {
    if n > 0 {
        v[0] *= v[1];
        powers(&mut v[1..], n - 1);
        v[0] = v[0].sin() + v[1];
    }
}

/// Changes the length.
#[differentiable]
fn grow(v: &mut Vec<f64>, x: f64) -> f64 {
    v.push(x * v[0]);
    v[0] += 0.1;
    v[v.len() - 1] * x
}

#[differentiable]
fn two_buffers(x: &[f64], n: usize) -> f64 {
    let mut a = x.to_vec();
    let mut b = x.to_vec();
    for _ in 0..n {
        spread(&a, &mut b);
        spread(&b, &mut a);
    }
    a.iter().map(|v| v * v).sum()
}

#[differentiable(order = 2)]
fn two_buffers_bent(x: &[f64], n: usize) -> f64 {
    let mut a = x.to_vec();
    let mut b = x.to_vec();
    for _ in 0..n {
        bend(&a, &mut b);
        bend(&b, &mut a);
        square(&mut b);
    }
    a.iter().zip(&b).map(|(v, w)| v * v * w).sum()
}

#[differentiable]
fn swapped(x: &[f64], n: usize) -> f64 {
    let mut a = x.to_vec();
    let mut b = vec![0.1; x.len()];
    for i in 0..n {
        spread(&a, &mut b);
        if i % 2 == 0 {
            bend(&b, &mut a);
        }
        std::mem::swap(&mut a, &mut b);
    }
    a[1] * a[2] + b[3] * b[0]
}

#[differentiable]
fn copied(x: &[f64], n: usize) -> f64 {
    let mut a = x.to_vec();
    let mut b = vec![0.1; x.len()];
    for _ in 0..n {
        spread(&a, &mut b);
        a.copy_from_slice(&b);
        b[0] = a[1];
        mix(&a, &mut b);
        b.fill(0.3);
    }
    a[1] * a[2] + b[3] * b[0]
}

/// One buffer through callees that need different things of it, read by the caller in between.
#[differentiable]
fn one_buffer(x: &[f64], n: usize) -> f64 {
    let mut a = x.to_vec();
    let mut total = 0.0;
    for _ in 0..n {
        halves(&mut a, 2);
        square(&mut a[1..3]);
        total += a[1] * a[2];
        powers(&mut a, 3);
        spread(x, &mut a);
        halves(&mut a[2..], 1);
        bend(x, &mut a);
        total += a[2].exp();
    }
    total
}

/// The length that a call reads is not that at the end.
#[differentiable]
fn growing(x: f64, n: usize) -> f64 {
    let mut v = vec![x, 0.5 * x, 0.3];
    let mut w = vec![0.0; 40];
    let mut total = 0.0;
    for _ in 0..n {
        spread(&v, &mut w);
        total += grow(&mut v, x + w[1]);
        square(&mut v[1..]);
        v.push(w[2]);
    }
    total + v[v.len() - 1] + w[1] * w[2] + v[0]
}

/// Buffers of an inner block.
#[differentiable]
fn local(x: &[f64], n: usize) -> f64 {
    let mut total = 0.0;
    for i in 0..n {
        let mut t = vec![0.1; x.len()];
        let mut s = [0.2; 20];
        spread(x, &mut t);
        if i % 2 == 0 {
            mix(&t, &mut s[..]);
            square(&mut t);
        }
        bend(&t, &mut s[2..]);
        total += t[1] + s[3] * s[3] + s[4];
    }
    total
}

/// Parameters of the caller's own, whose final state it promises.
#[differentiable]
fn of_the_caller(v: &mut [f64], w: &mut Vec<f64>, x: &[f64]) -> f64 {
    spread(x, v);
    mix(v, w);
    square(v);
    bend(x, w);
    let value = v[1] * w[2];
    square(w);
    value
}

fn x() -> Vec<f64> {
    vec![0.3, -0.7, 1.1, 0.4, 0.9, -0.2]
}

gradient_test! {
    two_buffers: (ref x(), const 3), (ref x(), const 0);
    two_buffers_bent: (ref x(), const 3), (ref x(), const 1);
    swapped: (ref x(), const 4), (ref x(), const 1);
    copied: (ref x(), const 3);
    one_buffer: (ref x(), const 3), (ref x(), const 1);
    growing: (0.8, const 3), (0.8, const 0), (0.8, const 1);
    local: (ref x(), const 3);
}

inplace_test! {
    mix: (ref x(), mut x());
    halves: (mut x(), const 3);
    powers: (mut x(), const 3);
}

state_test! {
    of_the_caller: (mut x(), mut x(), ref x());
}

hvp_test! {
    two_buffers_bent: (ref x(), const 3);
    twice_kept: (ref x(), 0.3);
}

/// The content that a call overwrites is read by the caller too.
#[differentiable(order = 2)]
fn twice_kept(x: &[f64], s: f64) -> f64 {
    let mut a = x.to_vec();
    let mut total = 0.0;
    for k in 0..3 {
        square(&mut a);
        total += a[k] * a[k] * s.sin();
        bend(x, &mut a[1..]);
        a[k] += s;
    }
    total
}
