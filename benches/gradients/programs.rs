//! The programs. Inputs come from a counter-based generator, so that figures can be repeated.

use crate::measure::Case;
use autodiff::differentiable;
use std::hint::black_box;

/// Uniform in [0, 1), from a counter (splitmix64; Steele, Lea & Flood 2014).
fn u(i: usize) -> f64 {
    let mut z = (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 53) as f64
}

pub fn all() -> Vec<Case> {
    vec![
        scalar_case(),
        rosenbrock_case("rosenbrock 10³", 1000),
        rosenbrock_case("rosenbrock 10⁶", 1_000_000),
        logreg_case(),
        mlp_case(),
        lorenz_case(),
        heat_case(),
        heat_nonlinear_case(),
        newton_case(),
    ]
}

#[differentiable]
fn scalar(x: f64, y: f64) -> f64 {
    (x * y).sin() + x / y * (-x * x).exp()
}

fn scalar_by_hand(x: f64, y: f64) -> (f64, f64, f64) {
    let (sin, cos) = (x * y).sin_cos();
    let exp = (-x * x).exp();
    let inverse = 1.0 / y;
    let quotient = x * inverse;
    let value = sin + quotient * exp;
    let x_bar = cos * y + exp * inverse - 2.0 * x * quotient * exp;
    let y_bar = cos * x - quotient * inverse * exp;
    (value, x_bar, y_bar)
}

fn scalar_case() -> Case {
    let points: Vec<(f64, f64)> =
        (0..1024).map(|i| (2.0 * u(i) - 1.0, 0.5 + u(i + 1024))).collect();
    let (p1, p2, p3, p4) = (points.clone(), points.clone(), points.clone(), points);
    Case {
        name: "scalar (1024 calls)",
        primal: Box::new(move || p1.iter().map(|&(x, y)| black_box(scalar(x, y))).sum()),
        by_hand: Some(Box::new(move || {
            p2.iter().map(|&(x, y)| black_box(scalar_by_hand(x, y)).1).sum()
        })),
        generated: Box::new(move || {
            p3.iter().map(|&(x, y)| black_box(value_and_grad_scalar(x, y)).0).sum()
        }),
        gradient_only: Some(Box::new(move || {
            p4.iter().map(|&(x, y)| black_box(grad_scalar(x, y)).0).sum()
        })),
        enzyme: Some(1.37),
    }
}

#[differentiable]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    sum
}

/// One pass; the adjoint of the next element is carried in a register.
fn rosenbrock_by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    let mut carried = 0.0;
    let n = x.len();
    for i in 0..n - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
        x_bar[i] = carried - 400.0 * a * x[i] - 2.0 * b;
        carried = 200.0 * a;
    }
    x_bar[n - 1] = carried;
    sum
}

fn rosenbrock_case(name: &'static str, n: usize) -> Case {
    let x: Vec<f64> = (0..n).map(|i| 0.5 + 0.4 * (0.1 * i as f64).sin()).collect();
    let (x1, x2, x3) = (x.clone(), x.clone(), x.clone());
    let mut by_hand = vec![0.0; n];
    let mut generated = vec![0.0; n];
    Case {
        name,
        primal: Box::new(move || rosenbrock(black_box(&x))),
        by_hand: Some(Box::new(move || rosenbrock_by_hand(black_box(&x1), &mut by_hand))),
        generated: Box::new(move || {
            generated.fill(0.0);
            adjoint_rosenbrock(black_box(&x2), 1.0, &mut generated)
        }),
        gradient_only: Some(Box::new(move || grad_rosenbrock(black_box(&x3))[0])),
        enzyme: Some(if n < 10_000 { 2.35 } else { 2.53 }),
    }
}

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

fn logreg_by_hand(w: &[f64], x: &[f64], s: &[f64], w_bar: &mut [f64]) -> f64 {
    let mut loss = 0.0;
    for (row, s) in x.chunks_exact(w.len()).zip(s) {
        let dot: f64 = w.iter().zip(row).map(|(w, x)| w * x).sum();
        let e = (-s * dot).exp();
        loss += e.ln_1p();
        let dot_bar = -s * e / (1.0 + e);
        for (w_bar, x) in w_bar.iter_mut().zip(row) {
            *w_bar += dot_bar * x;
        }
    }
    loss
}

fn logreg_case() -> Case {
    let (n, d) = (10_000, 32);
    let x: Vec<f64> = (0..n * d).map(|k| 2.0 * u(k) - 1.0).collect();
    let s: Vec<f64> = (0..n).map(|i| if u(n * d + i) < 0.5 { -1.0 } else { 1.0 }).collect();
    let w: Vec<f64> = (0..d).map(|j| 0.1 * ((j % 7) as f64 - 3.0)).collect();
    let data = std::rc::Rc::new((w, x, s));
    let (d1, d2, d3) = (data.clone(), data.clone(), data.clone());
    let (mut b1, mut b2) = (vec![0.0; d], vec![0.0; d]);
    Case {
        name: "logreg 10000 × 32",
        primal: Box::new(move || logreg(black_box(&data.0), &data.1, &data.2)),
        by_hand: Some(Box::new(move || {
            b1.fill(0.0);
            logreg_by_hand(black_box(&d1.0), &d1.1, &d1.2, &mut b1)
        })),
        generated: Box::new(move || {
            b2.fill(0.0);
            adjoint_logreg(black_box(&d2.0), &d2.1, &d2.2, 1.0, &mut b2)
        }),
        gradient_only: Some(Box::new(move || grad_logreg(black_box(&d3.0), &d3.1, &d3.2)[0])),
        enzyme: Some(1.48),
    }
}

const WIDTH: usize = 64;
const BATCH: usize = 128;

#[differentiable(wrt(p))]
fn mlp(p: &[f64], xs: &[f64], ts: &[f64]) -> f64 {
    let w1 = &p[..WIDTH * WIDTH];
    let b1 = &p[WIDTH * WIDTH..WIDTH * WIDTH + WIDTH];
    let w2 = &p[WIDTH * WIDTH + WIDTH..WIDTH * WIDTH + 2 * WIDTH];
    let b2 = p[WIDTH * WIDTH + 2 * WIDTH];
    let mut loss = 0.0;
    for s in 0..ts.len() {
        let x = &xs[s * WIDTH..(s + 1) * WIDTH];
        let mut out = b2;
        for i in 0..WIDTH {
            let mut a = b1[i];
            for j in 0..WIDTH {
                a += w1[i * WIDTH + j] * x[j];
            }
            out += w2[i] * a.tanh();
        }
        let e = out - ts[s];
        loss += e * e;
    }
    loss / (2.0 * BATCH as f64)
}

fn mlp_case() -> Case {
    let n = WIDTH * WIDTH + 2 * WIDTH + 1;
    let p: Vec<f64> = (0..n).map(|i| 0.25 * (2.0 * u(i) - 1.0)).collect();
    let xs: Vec<f64> = (0..BATCH * WIDTH).map(|i| 2.0 * u(100_000 + i) - 1.0).collect();
    let ts: Vec<f64> = (0..BATCH).map(|b| 2.0 * u(200_000 + b) - 1.0).collect();
    let data = std::rc::Rc::new((p, xs, ts));
    let (d1, d2) = (data.clone(), data.clone());
    let mut bar = vec![0.0; n];
    Case {
        name: "mlp 64-64-1, batch 128",
        primal: Box::new(move || mlp(black_box(&data.0), &data.1, &data.2)),
        by_hand: None,
        generated: Box::new(move || {
            bar.fill(0.0);
            adjoint_mlp(black_box(&d1.0), &d1.1, &d1.2, 1.0, &mut bar)
        }),
        gradient_only: Some(Box::new(move || grad_mlp(black_box(&d2.0), &d2.1, &d2.2)[0])),
        enzyme: Some(2.36),
    }
}

#[differentiable]
fn rhs(x: f64, y: f64, z: f64, sigma: f64, rho: f64, beta: f64) -> (f64, f64, f64) {
    (sigma * (y - x), x * (rho - z) - y, x * y - beta * z)
}

#[differentiable]
fn lorenz(input: &[f64; 6], steps: usize) -> f64 {
    let h = 1e-3;
    let [sigma, rho, beta] = [input[3], input[4], input[5]];
    let mut x = input[0];
    let mut y = input[1];
    let mut z = input[2];
    for _ in 0..steps {
        let (k1x, k1y, k1z) = rhs(x, y, z, sigma, rho, beta);
        let half = 0.5 * h;
        let (k2x, k2y, k2z) = rhs(x + half * k1x, y + half * k1y, z + half * k1z, sigma, rho, beta);
        let (k3x, k3y, k3z) = rhs(x + half * k2x, y + half * k2y, z + half * k2z, sigma, rho, beta);
        let (k4x, k4y, k4z) = rhs(x + h * k3x, y + h * k3y, z + h * k3z, sigma, rho, beta);
        x += h / 6.0 * (k1x + 2.0 * k2x + 2.0 * k3x + k4x);
        y += h / 6.0 * (k1y + 2.0 * k2y + 2.0 * k3y + k4y);
        z += h / 6.0 * (k1z + 2.0 * k2z + 2.0 * k3z + k4z);
    }
    x * x + y * y + z * z
}

fn lorenz_case() -> Case {
    let input = [1.0, 1.0, 1.0, 10.0, 28.0, 8.0 / 3.0];
    let steps = 10_000;
    Case {
        name: "lorenz, 10⁴ steps",
        primal: Box::new(move || lorenz(black_box(&input), steps)),
        by_hand: None,
        generated: Box::new(move || value_and_grad_lorenz(black_box(&input), steps).0),
        gradient_only: Some(Box::new(move || grad_lorenz(black_box(&input), steps)[0])),
        enzyme: Some(2.67),
    }
}

const N: usize = 128;

#[differentiable]
fn step(a: &[f64], b: &mut [f64]) {
    for i in 1..N - 1 {
        for j in 1..N - 1 {
            let k = i * N + j;
            b[k] = a[k] + 0.2 * (a[k - N] + a[k + N] + a[k - 1] + a[k + 1] - 4.0 * a[k]);
        }
    }
}

#[differentiable]
fn heat(u0: &[f64], rounds: usize) -> f64 {
    let mut a = u0.to_vec();
    let mut b = u0.to_vec();
    for _ in 0..rounds {
        step(&a, &mut b);
        step(&b, &mut a);
    }
    let mut sum = 0.0;
    for v in &a {
        sum += v * v;
    }
    sum
}

fn heat_case() -> Case {
    let u0: Vec<f64> = (0..N * N).map(|k| 2.0 * u(k) - 1.0).collect();
    let (u1, u2) = (u0.clone(), u0.clone());
    Case {
        name: "heat 128², 200 steps",
        primal: Box::new(move || heat(black_box(&u0), 100)),
        by_hand: None,
        generated: Box::new(move || value_and_grad_heat(black_box(&u1), 100).0),
        gradient_only: Some(Box::new(move || grad_heat(black_box(&u2), 100)[0])),
        enzyme: Some(11.2),
    }
}

#[differentiable]
fn step_nonlinear(a: &[f64], b: &mut [f64]) {
    for i in 1..N - 1 {
        for j in 1..N - 1 {
            let k = i * N + j;
            let u = a[k];
            b[k] =
                u + 0.2 * (a[k - N] + a[k + N] + a[k - 1] + a[k + 1] - 4.0 * u) - 0.01 * u * u * u;
        }
    }
}

#[differentiable]
fn heat_nonlinear(u0: &[f64], rounds: usize) -> f64 {
    let mut a = u0.to_vec();
    let mut b = u0.to_vec();
    for _ in 0..rounds {
        step_nonlinear(&a, &mut b);
        step_nonlinear(&b, &mut a);
    }
    let mut sum = 0.0;
    for v in &a {
        sum += v * v;
    }
    sum
}

fn heat_nonlinear_case() -> Case {
    let u0: Vec<f64> = (0..N * N).map(|k| 2.0 * u(k) - 1.0).collect();
    let (u1, u2) = (u0.clone(), u0.clone());
    Case {
        name: "heat-nl 128², 200 steps",
        primal: Box::new(move || heat_nonlinear(black_box(&u0), 100)),
        by_hand: None,
        generated: Box::new(move || value_and_grad_heat_nonlinear(black_box(&u1), 100).0),
        gradient_only: Some(Box::new(move || grad_heat_nonlinear(black_box(&u2), 100)[0])),
        enzyme: Some(11.7),
    }
}

#[differentiable]
fn newton(a: f64) -> f64 {
    let mut x = 1.0;
    while f64::abs(x * x - a) > 1e-12 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

fn newton_by_hand(a: f64) -> (f64, f64) {
    let mut x: f64 = 1.0;
    let mut trips = [0.0; 64];
    let mut n = 0;
    while (x * x - a).abs() > 1e-12 * a {
        trips[n & 63] = x;
        n += 1;
        x = 0.5 * (x + a / x);
    }
    let mut x_bar = 1.0;
    let mut a_bar = 0.0;
    for k in (0..n).rev() {
        let before = trips[k & 63];
        let half = 0.5 * x_bar;
        let quotient = half / before;
        a_bar += quotient;
        x_bar = half - quotient * a / before;
    }
    (x, a_bar)
}

fn newton_case() -> Case {
    let points: Vec<f64> = (0..1000).map(|i| 10_f64.powf(-3.0 + 9.0 * u(i))).collect();
    let (p1, p2, p3) = (points.clone(), points.clone(), points.clone());
    Case {
        name: "newton (1000 calls)",
        primal: Box::new(move || points.iter().map(|&a| black_box(newton(a))).sum()),
        by_hand: Some(Box::new(move || p1.iter().map(|&a| black_box(newton_by_hand(a)).1).sum())),
        generated: Box::new(move || {
            p2.iter().map(|&a| black_box(value_and_grad_newton(a)).1).sum()
        }),
        gradient_only: Some(Box::new(move || p3.iter().map(|&a| black_box(grad_newton(a))).sum())),
        enzyme: Some(6.0),
    }
}
