//! Methods that are not known: named where they stand, each once.

use autodiff::differentiable;

#[differentiable]
fn lists(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.sort_by(|a, b| a.total_cmp(b));
    let top = v.pop().unwrap();
    v.truncate(3);
    let text = x[0].to_string();
    top + v[0] + text.parse::<f64>().unwrap() + x[1].frobnicate(2.0)
}

#[differentiable]
fn chains(x: &[f64]) -> f64 {
    let mut sum = x.iter().cycle().map(|v| v * v).take(9).sum::<f64>();
    for v in x.iter().flat_map(|v| [*v, *v]) {
        if v > 1.0 {
            break;
        }
        sum += v;
    }
    for v in x.rchunks(2) {
        sum += v[0];
    }
    // `skip` runs the closure for what it leaves out too.
    let mut n = 1.0;
    sum + x.iter().map(|v| { n *= v; n }).skip(1).sum::<f64>()
}

// `k` belongs to the closure: a copy.
#[differentiable]
fn moving(x: &[f64], mut k: f64) -> f64 {
    let sum = x.iter().fold(0.0, move |s, v| { k += v; s + k });
    sum + k
}

trait Frobnicate {
    fn frobnicate(self, by: f64) -> f64;
}

impl Frobnicate for f64 {
    fn frobnicate(self, by: f64) -> f64 {
        self * by
    }
}

fn main() {
    let _: Vec<f64> = grad_lists(&[1.0]);
    let _: Vec<f64> = grad_chains(&[1.0]);
    let _: (Vec<f64>, f64) = grad_moving(&[1.0], 2.0);
}
