//! A sum over neighbouring elements.

use crate::case::{Case, Size};
use crate::peers::{Number, Peers, Program, sum};
use autodiff::differentiable;
use std::hint::black_box;

#[differentiable(order = 2)]
pub fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    sum
}

/// One pass; the adjoint of the next element is carried in a register.
fn by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    assert_eq!(x.len(), x_bar.len());
    let mut sum = 0.0;
    let mut carried = 0.0;
    for (pair, x_bar) in x.windows(2).zip(x_bar.iter_mut()) {
        let [x, next] = pair else { unreachable!() };
        let a = next - x * x;
        let b = 1.0 - x;
        let scaled = 100.0 * a;
        sum += scaled * a + b * b;
        let half = 2.0 * (scaled * x) + b;
        *x_bar = carried - (half + half);
        carried = scaled + scaled;
    }
    x_bar[x.len() - 1] = carried;
    sum
}

#[derive(Clone)]
struct Rosenbrock;

impl Program for Rosenbrock {
    fn run<T: Number>(&self, x: &[T]) -> T {
        sum(x.windows(2).map(|pair| {
            let a = pair[1] - pair[0] * pair[0];
            let b = pair[0].taken_from(1.0);
            a.times(100.0) * a + b * b
        }))
    }
}

fn case(name: &str, n: usize) -> Case {
    let x: Vec<f64> = (0..n).map(|i| 0.5 + 0.4 * (0.1 * i as f64).sin()).collect();
    let (x1, x2, x3, x4) = (x.clone(), x.clone(), x.clone(), x.clone());
    let case = Case::new(name, n)
        .primal(move || rosenbrock(black_box(&x1)))
        .by_hand(move |g| by_hand(black_box(&x2), g))
        .generated(move |g| {
            g.fill(0.0);
            adjoint_rosenbrock(black_box(&x3), 1.0, g)
        })
        .gradient_only(move |g| {
            *g = grad_rosenbrock(black_box(&x4));
            0.0
        })
        .allocations(0)
        .bytes(0);
    if n > 10_000 {
        return case.enzyme(2.53).peers(Rosenbrock, &x, Peers::all(n).reverse_only());
    }
    case.enzyme(2.35).peers(Rosenbrock, &x, Peers::all(n))
}

pub fn cases(size: Size) -> Vec<Case> {
    let (few, many) = size.pick((10, 100), (1000, 1_000_000));
    vec![case("rosenbrock 10³", few), case("rosenbrock 10⁶", many)]
}
