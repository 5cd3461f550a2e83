//! Logistic regression.

use crate::case::{Case, Size};
use crate::inputs::{symmetric, u};
use crate::peers::{Number, Peers, Program, sum};
use autodiff::differentiable;
use std::hint::black_box;
use std::rc::Rc;

#[differentiable(wrt(w))]
fn logreg(w: &[f64], x: &[f64], s: &[f64]) -> f64 {
    let d = w.len();
    let mut loss = 0.0;
    for i in 0..s.len() {
        let row = &x[i * d..(i + 1) * d];
        let mut dot = 0.0;
        for j in 0..d {
            dot += w[j] * row[j];
        }
        loss += (-s[i] * dot).exp().ln_1p();
    }
    loss
}

/// Four rows at a time, so that the gradient is loaded and stored a quarter as often.
fn by_hand(w: &[f64], x: &[f64], s: &[f64], w_bar: &mut [f64]) -> f64 {
    let d = w.len();
    assert!(w_bar.len() == d && x.len() == d * s.len());
    w_bar.fill(0.0);
    let mut loss = 0.0;
    // The row's part of the loss is added; how the loss changes with its product is returned.
    let mut add = |row: &[f64], s: f64| {
        let dot: f64 = w.iter().zip(row).map(|(w, x)| w * x).sum();
        let e = (-s * dot).exp();
        loss += e.ln_1p();
        -s * e / (1.0 + e)
    };
    let (fours, rest) = s.as_chunks::<4>();
    let (x, x_rest) = x.split_at(4 * d * fours.len());
    for (rows, s) in x.chunks_exact(4 * d).zip(fours) {
        let (x01, x23) = rows.split_at(2 * d);
        let ((x0, x1), (x2, x3)) = (x01.split_at(d), x23.split_at(d));
        let bars = [add(x0, s[0]), add(x1, s[1]), add(x2, s[2]), add(x3, s[3])];
        let columns = x0.iter().zip(x1).zip(x2).zip(x3);
        for (w_bar, (((x0, x1), x2), x3)) in w_bar.iter_mut().zip(columns) {
            *w_bar += (bars[0] * x0 + bars[1] * x1) + (bars[2] * x2 + bars[3] * x3);
        }
    }
    for (row, s) in x_rest.chunks_exact(d).zip(rest) {
        let dot_bar = add(row, *s);
        for (w_bar, x) in w_bar.iter_mut().zip(row) {
            *w_bar += dot_bar * x;
        }
    }
    loss
}

#[derive(Clone)]
struct Logreg(Rc<(Vec<f64>, Vec<f64>, Vec<f64>)>);

impl Program for Logreg {
    fn run<T: Number>(&self, w: &[T]) -> T {
        let (_, x, s) = &*self.0;
        sum(x.chunks_exact(w.len()).zip(s).map(|(row, s)| {
            let dot = sum(w.iter().zip(row).map(|(w, x)| w.times(*x)));
            dot.times(-s).exp().ln_1p()
        }))
    }
}

pub fn cases(size: Size) -> Vec<Case> {
    let (n, d) = size.pick((21, 5), (10_000, 32));
    let x = symmetric(0, n * d);
    let s: Vec<f64> = (0..n).map(|i| if u(n * d + i) < 0.5 { -1.0 } else { 1.0 }).collect();
    let w: Vec<f64> = (0..d).map(|j| 0.1 * ((j % 7) as f64 - 3.0)).collect();
    let data = Rc::new((w, x, s));
    let (d1, d2, d3, d4) = (data.clone(), data.clone(), data.clone(), data.clone());
    let case = Case::new(format!("logreg {n} × {d}"), d)
        .primal(move || logreg(black_box(&d1.0), &d1.1, &d1.2))
        .by_hand(move |g| by_hand(black_box(&d2.0), &d2.1, &d2.2, g))
        .generated(move |g| {
            g.fill(0.0);
            adjoint_logreg(black_box(&d3.0), &d3.1, &d3.2, 1.0, g)
        })
        .gradient_only(move |g| {
            *g = grad_logreg(black_box(&d4.0), &d4.1, &d4.2);
            0.0
        })
        .enzyme(1.48)
        .allocations(0)
        .bytes(0)
        .peers(Logreg(data.clone()), &data.0, Peers::all(d));
    vec![case]
}
