use super::*;
use crate::geometry::{dot, turn};
use crate::prelude as p;
use geometry as g;

#[differentiable]
fn norms(x: &[f64], y: &[f64]) -> f64 {
    dot(x, y) / (dot(x, x) * dot(y, y)).sqrt()
}

#[differentiable]
fn through_paths(x: &[f64], y: [f64; 2]) -> f64 {
    let a = crate::geometry::dot(x, &y);
    let b = self::g::dot(&y, &y);
    let c = super::geometry::square(a, b);
    let d = p::dot(x, x) * p::rotate(y, a)[0];
    c * d
}

#[differentiable]
fn sub_slices(x: &[f64], n: usize) -> f64 {
    let mut sum = dot(&x[..n], &x[n..2 * n]);
    for i in 0..n {
        sum += dot(&x[i..i + n], &x[n - i..2 * n - i]) * x[i];
    }
    sum * dot(&x[1..=n], &x[..n])
}

#[differentiable]
fn rotations(q: [f64; 2], angles: &[f64]) -> [f64; 2] {
    let mut q = q;
    for a in angles {
        q = turn(q, *a);
        q[0] *= 1.1;
    }
    q
}

#[differentiable]
fn rows(m: &[[f64; 3]], v: &[f64; 3]) -> Vec<f64> {
    let mut out = vec![0.0; m.len()];
    for i in 0..m.len() {
        out[i] = dot(&m[i], v);
    }
    out
}

#[differentiable]
fn ragged(m: &[Vec<f64>]) -> f64 {
    let mut sum = 0.0;
    for i in 1..m.len() {
        sum += dot(&m[i - 1], &m[i]) * sum + dot(&m[i], &m[i]);
    }
    sum
}

#[differentiable]
fn returns_vector(x: &[f64], s: f64) -> Vec<f64> {
    let mut out = Vec::new();
    for v in x {
        out.push(v * s);
    }
    out
}

#[differentiable]
fn uses_vector(x: &[f64], s: f64) -> f64 {
    let y = returns_vector(x, s);
    let z = returns_vector(&y, y[0]);
    let mut v = z.clone();
    v = returns_vector(&v, s);
    dot(&y, &z) + v[0]
}

#[differentiable]
fn local_arrays(x: f64, y: f64) -> f64 {
    let a = [x, y, x * y];
    let b = vec![y, x, 1.0];
    dot(&a, &b) * dot(&b[1..], &a[..2])
}

gradient_test! {
    norms: (ref vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2, -0.5]);
    through_paths: (ref vec![0.7, -1.2], [0.4, 1.3]);
    sub_slices: (ref vec![0.7, -1.2, 0.4, 1.3, 0.2, -0.5], const 3), (ref vec![0.7, -1.2], const 1);
    ragged: (ref vec![vec![0.7, -1.2], vec![0.4, 1.3], vec![0.2, -0.5]]), (ref vec![]);
    uses_vector: (ref vec![0.7, -1.2], 0.9);
    local_arrays: (0.7, -1.2);
}
pullback_test! {
    rotations: ([0.7, -1.2], ref vec![0.3, -0.4]), ([0.7, -1.2], ref vec![]);
    rows: (ref vec![[0.7, -1.2, 0.4], [1.3, 0.2, -0.5]], ref [0.1, 0.2, 0.3]), (ref vec![], ref [0.1, 0.2, 0.3]);
}
