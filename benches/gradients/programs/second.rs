//! Second order: a Hessian times a vector over a gradient, and a whole Hessian.

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{echidna_hessian, echidna_hvp};
use crate::programs::{gmm, mlp, rosenbrock};
use std::hint::black_box;

/// How a gradient changes along a direction, by central differences (error of fourth order).
fn difference(x: &[f64], v: &[f64], gradient: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let at = |h: f64| {
        let x: Vec<f64> = x.iter().zip(v).map(|(x, v)| x + h * v).collect();
        gradient(&x)
    };
    let h = 1e-3;
    let (a, b, c, d) = (at(h), at(-h), at(2.0 * h), at(-2.0 * h));
    (0..x.len()).map(|i| (8.0 * (a[i] - b[i]) - (c[i] - d[i])) / (12.0 * h)).collect()
}

fn of_mlp(size: Size) -> Case {
    let data = mlp::data(size.pick(3, 128));
    let n = data.p.len();
    let v = symmetric(300_000, n);
    let [d1, d2, d3] = [(); 3].map(|()| data.clone());
    let (v2, mut echidna) = (v.clone(), echidna_hvp(mlp::Mlp(data.clone())));
    let mut bar = vec![0.0; n];
    let expected = difference(&data.p, &v, |p| mlp::grad_mlp(p, &data.xs, &data.ts));
    let mut case = Case::new("Hessian-vector product of mlp", n)
        .primal(move || {
            bar.fill(0.0);
            mlp::adjoint_mlp(black_box(&d1.p), &d1.xs, &d1.ts, 1.0, &mut bar)
        })
        .generated(move |g| {
            *g = mlp::hvp_mlp(black_box(&d2.p), &d2.xs, &d2.ts, &v);
            0.0
        })
        .peer("echidna bytecode", move |g| {
            *g = echidna(black_box(&d3.p), &v2);
            0.0
        })
        .expected(expected)
        .limit(2.5)
        .second_order();
    case.tolerance = 1e-8;
    case
}

fn of_gmm(size: Size) -> Case {
    let (k, n) = size.pick((3, 10), (50, 1000));
    let data = gmm::Data::generate(10, k, n);
    let parameters = data.parameters();
    let v = symmetric(300_000, parameters.len());
    let (d1, d2) = (data.clone(), data.clone());
    let (p, v2) = (parameters.clone(), v.clone());
    let mut echidna = echidna_hvp(gmm::Gmm(data.clone()));
    let mut bar = vec![0.0; parameters.len()];
    let expected = difference(&parameters, &v, |p| data.with(p).gradient());
    let mut case = Case::new("Hessian-vector product of gmm", parameters.len())
        .primal(move || d1.adjoint(&mut bar))
        .generated(move |g| {
            *g = d2.hvp(&v);
            0.0
        })
        .peer("echidna bytecode", move |g| {
            *g = echidna(black_box(&p), &v2);
            0.0
        })
        .expected(expected)
        .limit(2.5)
        .second_order();
    case.tolerance = 1e-6;
    case
}

/// Three diagonals.
fn hessian_by_hand(x: &[f64], g: &mut [f64]) {
    let n = x.len();
    g.fill(0.0);
    for i in 0..n - 1 {
        g[i * n + i] += 1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0;
        g[(i + 1) * n + i + 1] += 200.0;
        g[i * n + i + 1] = -400.0 * x[i];
        g[(i + 1) * n + i] = -400.0 * x[i];
    }
}

fn of_rosenbrock(size: Size) -> Case {
    let n = size.pick(6, 100);
    let x: Vec<f64> = (0..n).map(|i| 0.5 + 0.4 * (0.1 * i as f64).sin()).collect();
    let mut echidna = echidna_hessian(rosenbrock::Rosenbrock);
    let [x1, x2, x3, x4] = [(); 4].map(|()| x.clone());
    let mut bar = vec![0.0; n];
    Case::new(format!("Hessian of rosenbrock {n}"), n * n)
        .primal(move || {
            bar.fill(0.0);
            rosenbrock::adjoint_rosenbrock(black_box(&x1), 1.0, &mut bar)
        })
        .by_hand(move |g| {
            hessian_by_hand(black_box(&x2), g);
            0.0
        })
        .generated(move |g| {
            *g = rosenbrock::hessian_rosenbrock(black_box(&x3)).concat();
            0.0
        })
        .peer("echidna bytecode", move |g| {
            *g = echidna(black_box(&x4)).concat();
            0.0
        })
        .second_order()
        .note("by hand the Hessian's three diagonals are written down; generated are n products")
}

pub fn cases(size: Size) -> Vec<Case> {
    let note =
        "second order: of the other crates only echidna has products with a Hessian of any size";
    [of_mlp(size), of_gmm(size), of_rosenbrock(size)].map(|case| case.note(note)).into()
}
