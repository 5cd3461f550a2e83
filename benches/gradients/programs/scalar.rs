//! Straight-line code in two variables.

use crate::case::{Case, Size};
use crate::inputs::u;
use crate::peers::{Number, Peers, Program};
use autodiff::differentiable;
use std::hint::black_box;

#[differentiable]
fn scalar(x: f64, y: f64) -> f64 {
    (x * y).sin() + x / y * (-x * x).exp()
}

fn by_hand(x: f64, y: f64) -> (f64, f64, f64) {
    let inverse = 1.0 / y;
    let (sin, cos) = (x * y).sin_cos();
    let scaled = (-x * x).exp() * inverse;
    let value = sin + x * scaled;
    let x_bar = cos * y + scaled * (1.0 - 2.0 * x * x);
    let y_bar = (cos - scaled * inverse) * x;
    (value, x_bar, y_bar)
}

#[derive(Clone)]
struct Scalar;

impl Program for Scalar {
    fn run<T: Number>(&self, x: &[T]) -> T {
        let (x, y) = (x[0], x[1]);
        (x * y).sin() + x / y * (-x * x).exp()
    }
}

/// `symdiff` reads functions of slices.
#[cfg(feature = "peers")]
#[allow(clippy::neg_multiply, reason = "written by `symdiff`")]
mod symbolic {
    #[symdiff::gradient(var = x, dim = 2)]
    pub fn scalar(x: &[f64]) -> f64 {
        (x[0] * x[1]).sin() + x[0] / x[1] * (-x[0] * x[0]).exp()
    }
}

pub fn cases(size: Size) -> Vec<Case> {
    let calls = size.pick(8, 1024);
    let points: Vec<f64> = (0..calls).flat_map(|i| [2.0 * u(i) - 1.0, 0.5 + u(i + 1024)]).collect();
    let (p1, p2, p3, p4) = (points.clone(), points.clone(), points.clone(), points.clone());
    /// Calls `f` at each point; its gradient goes to the buffer.
    fn each(points: &[f64], g: &mut [f64], f: impl Fn(f64, f64) -> (f64, f64, f64)) -> f64 {
        let mut sum = 0.0;
        for (point, g) in points.chunks_exact(2).zip(g.chunks_exact_mut(2)) {
            let (value, x_bar, y_bar) = f(black_box(point[0]), black_box(point[1]));
            sum += value;
            g[0] = x_bar;
            g[1] = y_bar;
        }
        sum
    }
    let case = Case::new(format!("scalar ({calls} calls)"), 2 * calls)
        .primal(move || p1.chunks_exact(2).map(|p| scalar(black_box(p[0]), black_box(p[1]))).sum())
        .by_hand(move |g| each(&p2, g, by_hand))
        .generated(move |g| {
            each(&p3, g, |x, y| {
                let (value, (x_bar, y_bar)) = value_and_grad_scalar(x, y);
                (value, x_bar, y_bar)
            })
        })
        .gradient_only(move |g| {
            each(&p4, g, |x, y| {
                let (x_bar, y_bar) = grad_scalar(x, y);
                (0.0, x_bar, y_bar)
            })
        })
        .enzyme(1.37)
        .allocations(0);
    #[cfg(feature = "peers")]
    let case = {
        let points = points.clone();
        case.peer("symdiff", move |g| {
            let mut sum = 0.0;
            for (point, g) in points.chunks_exact(2).zip(g.chunks_exact_mut(2)) {
                let point = black_box(point);
                sum += symbolic::scalar(point);
                g.copy_from_slice(&symbolic::scalar_gradient(point));
            }
            sum
        })
    };
    vec![case.peers(Scalar, &points, Peers::all(2))]
}
