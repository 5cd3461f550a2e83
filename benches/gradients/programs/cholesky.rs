//! The logarithmic density of a Gaussian process: a Cholesky factorisation in place and a solution
//! with it.

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{Number, Peers, Program, sum};
use crate::programs::gmm::dot;
use autodiff::differentiable;
use std::hint::black_box;

/// `½ bᵀ A⁻¹ b + ½ ln det A`, of which the lower triangle is read.
#[differentiable]
fn log_density(a: &[f64], b: &[f64]) -> f64 {
    let n = b.len();
    let mut l = a.to_vec();
    for i in 0..n {
        for j in 0..i {
            let mut sum = l[i * n + j];
            for k in 0..j {
                sum -= l[i * n + k] * l[j * n + k];
            }
            l[i * n + j] = sum / l[j * n + j];
        }
        let mut sum = l[i * n + i];
        for k in 0..i {
            sum -= l[i * n + k] * l[i * n + k];
        }
        l[i * n + i] = sum.sqrt();
    }
    let mut y = b.to_vec();
    let mut result = 0.0;
    for i in 0..n {
        let mut sum = y[i];
        for k in 0..i {
            sum -= l[i * n + k] * y[k];
        }
        y[i] = sum / l[i * n + i];
        result += 0.5 * y[i] * y[i] + l[i * n + i].ln();
    }
    result
}

#[derive(Default)]
struct Kept {
    l: Vec<f64>,
    y: Vec<f64>,
    y_bar: Vec<f64>,
}

/// The way back (Smith 1995; Murray 2016) is the way forward reversed, in place of the result: it
/// reads the factor alone, nothing is saved. The factor is a copy anyway.
fn by_hand(a: &[f64], b: &[f64], kept: &mut Kept, g: &mut [f64]) -> f64 {
    let n = b.len();
    assert!(a.len() == n * n && g.len() == n * n + n);
    let Kept { l, y, y_bar } = kept;
    l.clear();
    l.extend_from_slice(a);
    for i in 0..n {
        let (above, row) = l.split_at_mut(i * n);
        let row = &mut row[..i + 1];
        for (j, above) in above.chunks_exact(n).enumerate() {
            let mut sum = row[j];
            for (l, other) in row[..j].iter().zip(above) {
                sum -= l * other;
            }
            row[j] = sum / above[j];
        }
        let mut sum = row[i];
        for l in &row[..i] {
            sum -= l * l;
        }
        row[i] = sum.sqrt();
    }
    y.clear();
    y.extend_from_slice(b);
    let mut result = 0.0;
    for i in 0..n {
        let row = &l[i * n..][..i + 1];
        let (before, here) = y.split_at_mut(i);
        let mut sum = here[0];
        for (l, y) in row.iter().zip(before) {
            sum -= l * *y;
        }
        here[0] = sum / row[i];
        result += 0.5 * here[0] * here[0] + row[i].ln();
    }

    let (l_bar, b_bar) = g.split_at_mut(n * n);
    l_bar.fill(0.0);
    y_bar.clear();
    y_bar.extend_from_slice(y);
    for i in (0..n).rev() {
        let row = &l[i * n..][..i + 1];
        let row_bar = &mut l_bar[i * n..][..i + 1];
        let inverse = 1.0 / row[i];
        let sum_bar = y_bar[i] * inverse;
        b_bar[i] = sum_bar;
        row_bar[i] = inverse - sum_bar * y[i];
        let before = row_bar[..i].iter_mut().zip(&row[..i]).zip(&y[..i]).zip(&mut y_bar[..i]);
        for (((l_bar, l), y), y_bar) in before {
            *l_bar = -(sum_bar * y);
            *y_bar -= sum_bar * l;
        }
    }
    for i in (0..n).rev() {
        let (above, row) = l.split_at(i * n);
        let row = &row[..i + 1];
        let (above_bar, row_bar) = l_bar.split_at_mut(i * n);
        let row_bar = &mut row_bar[..i + 1];
        let sum_bar = 0.5 * row_bar[i] / row[i];
        row_bar[i] = sum_bar;
        for (l_bar, l) in row_bar[..i].iter_mut().zip(row) {
            *l_bar -= 2.0 * sum_bar * l;
        }
        let rows = above.chunks_exact(n).zip(above_bar.chunks_exact_mut(n));
        for (j, (above, above_bar)) in rows.enumerate().rev() {
            let sum_bar = row_bar[j] / above[j];
            row_bar[j] = sum_bar;
            above_bar[j] -= sum_bar * row[j];
            let entries = row_bar[..j].iter_mut().zip(&row[..j]).zip(&above[..j]);
            for (((l_bar, l), other), other_bar) in entries.zip(&mut above_bar[..j]) {
                *l_bar -= sum_bar * other;
                *other_bar -= sum_bar * l;
            }
        }
    }
    result
}

#[derive(Clone)]
struct LogDensity(usize);

impl Program for LogDensity {
    fn run<T: Number>(&self, x: &[T]) -> T {
        let n = self.0;
        let (a, b) = x.split_at(n * n);
        let mut l = a.to_vec();
        for i in 0..n {
            for j in 0..=i {
                let mut sum = l[i * n + j];
                for k in 0..j {
                    sum = sum - l[i * n + k] * l[j * n + k];
                }
                l[i * n + j] = if i == j { sum.sqrt() } else { sum / l[j * n + j] };
            }
        }
        let mut y = b.to_vec();
        sum((0..n).map(|i| {
            let mut sum = y[i];
            for k in 0..i {
                sum = sum - l[i * n + k] * y[k];
            }
            y[i] = sum / l[i * n + i];
            (y[i] * y[i]).times(0.5) + l[i * n + i].ln()
        }))
    }
}

/// A random matrix times its transpose, with enough on the diagonal.
fn positive_definite(n: usize) -> Vec<f64> {
    let m = symmetric(0, n * n);
    let mut a = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            a[i * n + j] = dot(&m[i * n..][..n], &m[j * n..][..n]) / n as f64;
        }
        a[i * n + i] += 1.0;
    }
    a
}

pub fn cases(size: Size) -> Vec<Case> {
    let n = size.pick(5, 64);
    let x = [positive_definite(n), symmetric(100_000, n)].concat();
    let [x1, x2, x3, x4] = [(); 4].map(|()| x.clone());
    let mut kept = Kept::default();
    let case = Case::new(format!("Cholesky {n} × {n}, in place"), x.len())
        .primal(move || {
            let (a, b) = x1.split_at(n * n);
            log_density(black_box(a), b)
        })
        .by_hand(move |g| {
            let (a, b) = x2.split_at(n * n);
            by_hand(black_box(a), b, &mut kept, g)
        })
        .generated(move |g| {
            g.fill(0.0);
            let (a, b) = x3.split_at(n * n);
            let (a_bar, b_bar) = g.split_at_mut(n * n);
            adjoint_log_density(black_box(a), b, 1.0, a_bar, b_bar)
        })
        .gradient_only(move |g| {
            let (a, b) = x4.split_at(n * n);
            let (a_bar, b_bar) = grad_log_density(black_box(a), b);
            *g = [a_bar, b_bar].concat();
            0.0
        })
        // The adjoints of two buffers; what is overwritten in them.
        .allocations(4)
        .peers(LogDensity(n), &x, Peers::all(x.len()).reverse_only());
    vec![case]
}
