//! A product of matrices in flat slices, by three loops.

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{Number, Peers, Program, sum};
use crate::programs::gmm::dot;
use autodiff::differentiable;
use std::hint::black_box;

/// The sum of the product's squares.
#[differentiable]
fn matmul(a: &[f64], b: &[f64], n: usize) -> f64 {
    let mut loss = 0.0;
    for i in 0..n {
        for j in 0..n {
            let mut c = 0.0;
            for k in 0..n {
                c += a[i * n + k] * b[k * n + j];
            }
            loss += c * c;
        }
    }
    loss
}

/// A row of the product at a time. On the way back the row of `a` gets dot products, and all rows of
/// `b` a multiple each: everything runs along rows.
fn by_hand(a: &[f64], b: &[f64], n: usize, row: &mut Vec<f64>, g: &mut [f64]) -> f64 {
    assert!(a.len() == n * n && b.len() == n * n && g.len() == 2 * n * n);
    let (a_bar, b_bar) = g.split_at_mut(n * n);
    b_bar.fill(0.0);
    row.resize(n, 0.0);
    let mut loss = 0.0;
    for (a, a_bar) in a.chunks_exact(n).zip(a_bar.chunks_exact_mut(n)) {
        for (j, c_bar) in row.iter_mut().enumerate() {
            let mut c = 0.0;
            for (a, b) in a.iter().zip(b[j..].iter().step_by(n)) {
                c += a * b;
            }
            loss += c * c;
            *c_bar = 2.0 * c;
        }
        let b_rows = b.chunks_exact(n).zip(b_bar.chunks_exact_mut(n));
        for ((a, a_bar), (b, b_bar)) in a.iter().zip(a_bar).zip(b_rows) {
            *a_bar = dot(row, b);
            for (b_bar, c_bar) in b_bar.iter_mut().zip(row.iter()) {
                *b_bar += a * c_bar;
            }
        }
    }
    loss
}

#[derive(Clone)]
struct Matmul(usize);

impl Program for Matmul {
    fn run<T: Number>(&self, x: &[T]) -> T {
        let n = self.0;
        let (a, b) = x.split_at(n * n);
        let entry = |i: usize, j: usize| sum((0..n).map(|k| a[i * n + k] * b[k * n + j]));
        sum((0..n * n).map(|k| {
            let c = entry(k / n, k % n);
            c * c
        }))
    }
}

pub fn cases(size: Size) -> Vec<Case> {
    let n = size.pick(4, 64);
    let x = symmetric(0, 2 * n * n);
    let [x1, x2, x3, x4] = [(); 4].map(|()| x.clone());
    let mut row = Vec::new();
    let case = Case::new(format!("matrix product {n} × {n}"), x.len())
        .primal(move || {
            let (a, b) = x1.split_at(n * n);
            matmul(black_box(a), b, n)
        })
        .by_hand(move |g| {
            let (a, b) = x2.split_at(n * n);
            by_hand(black_box(a), b, n, &mut row, g)
        })
        .generated(move |g| {
            g.fill(0.0);
            let (a, b) = x3.split_at(n * n);
            let (a_bar, b_bar) = g.split_at_mut(n * n);
            adjoint_matmul(black_box(a), b, n, 1.0, a_bar, b_bar)
        })
        .gradient_only(move |g| {
            let (a, b) = x4.split_at(n * n);
            let (a_bar, b_bar) = grad_matmul(black_box(a), b, n);
            *g = [a_bar, b_bar].concat();
            0.0
        })
        .allocations(1)
        .peers(Matmul(n), &x, Peers::all(x.len()).reverse_only());
    vec![case]
}
