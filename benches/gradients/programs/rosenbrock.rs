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

/// One pass, four elements at a time: all but the sum, whose order is the user's, is done in lanes.
/// What an element gets from the one before is carried in a register.
fn by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let n = x.len();
    assert!(n > 0 && x_bar.len() == n);
    let (nexts, nexts_rest) = x[1..].as_chunks::<4>();
    let (xs, xs_rest) = x[..n - 1].as_chunks::<4>();
    let (bars, bars_rest) = x_bar.as_chunks_mut::<4>();
    let mut sum = 0.0;
    let mut carried = 0.0;
    for ((x, next), bar) in xs.iter().zip(nexts).zip(bars.iter_mut()) {
        let mut scaled = [0.0; 4];
        let mut half = [0.0; 4];
        let mut term = [0.0; 4];
        for i in 0..4 {
            let a = next[i] - x[i] * x[i];
            let b = 1.0 - x[i];
            scaled[i] = 100.0 * a;
            term[i] = scaled[i] * a + b * b;
            half[i] = 2.0 * (scaled[i] * x[i]) + b;
        }
        let before = [carried, scaled[0], scaled[1], scaled[2]];
        for i in 0..4 {
            let quarter = before[i] - half[i];
            bar[i] = quarter + quarter;
            sum += term[i];
        }
        carried = scaled[3];
    }
    // What is left of the bars is one longer than what is left of the pairs, or a whole chunk is.
    let bars_rest = if xs_rest.len() == 3 { &mut bars[xs.len()][..] } else { bars_rest };
    for ((x, next), bar) in xs_rest.iter().zip(nexts_rest).zip(bars_rest.iter_mut()) {
        let a = next - x * x;
        let b = 1.0 - x;
        let scaled = 100.0 * a;
        sum += scaled * a + b * b;
        *bar = 2.0 * (carried - (2.0 * (scaled * x) + b));
        carried = scaled;
    }
    x_bar[n - 1] = 2.0 * carried;
    sum
}

/// One element at a time, the adjoint of the next one in a register.
fn element_by_element(x: &[f64], x_bar: &mut [f64]) -> f64 {
    assert_eq!(x.len(), x_bar.len());
    let mut sum = 0.0;
    let mut carried = 0.0;
    for (pair, x_bar) in x.windows(2).zip(x_bar.iter_mut()) {
        let [x, next] = pair else { unreachable!("windows of two") };
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
pub struct Rosenbrock;

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
    let [x1, x2, x3, x4, x5] = [(); 5].map(|()| x.clone());
    let case = Case::new(name, n)
        .primal(move || rosenbrock(black_box(&x1)))
        .by_hand(move |g| by_hand(black_box(&x2), g))
        .other("element by element", move |g| element_by_element(black_box(&x5), g))
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
    let (few, many) = size.pick((10, 103), (1000, 1_000_000));
    vec![case("rosenbrock 10³", few), case("rosenbrock 10⁶", many)]
}
