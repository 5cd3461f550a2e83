//! The gradient tape against its primal in plain Rust: `cargo bench --bench tape`.
//!
//! Value and gradient each time, watching included; thread CPU time, median and fastest round.

use autodiff::gradient_tape::Tensor;
use autodiff::{GradientTape, Var};
use cpu_time::ThreadTime;
use ndarray::{Array1, Array2};
use std::hint::black_box;

/// The inputs' generator (splitmix64).
fn u(i: u64) -> f64 {
    let mut z = (i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 / (1u64 << 53) as f64
}

struct Timer {
    name: &'static str,
    samples: Vec<f64>,
}

fn measure(name: &'static str, rounds: usize, calls: usize, mut f: impl FnMut()) -> Timer {
    f();
    let samples = (0..rounds)
        .map(|_| {
            let start = ThreadTime::now();
            (0..calls).for_each(|_| f());
            start.elapsed().as_nanos() as f64 / calls as f64 / 1000.0
        })
        .collect();
    Timer { name, samples }
}

impl Timer {
    fn print(mut self, aim: &str) {
        self.samples.sort_by(f64::total_cmp);
        let (fastest, median) = (self.samples[0], self.samples[self.samples.len() / 2]);
        println!("{:34} {median:10.3} {fastest:10.3}   {aim}", self.name);
    }
}

fn rosenbrock(x: &[Var]) -> Var {
    let mut sum = Var::constant(0.0);
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    sum
}

fn rosenbrock_primal(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    sum
}

fn main() {
    println!("{:34} {:>10} {:>10}   aim", "µs", "median", "fastest");

    let tape = GradientTape::persistent();
    measure("x·x·x, tape reused", 200, 1000, || {
        tape.reset();
        let x = tape.watch(black_box(1.5));
        black_box(tape.gradient(x * x * x, x));
    })
    .print("well under 1 (JAX 4.3)");
    measure("x·x·x, new tape", 200, 1000, || {
        let tape = GradientTape::new();
        let x = tape.watch(black_box(1.5));
        black_box(tape.gradient(x * x * x, x));
    })
    .print("well under 1 (JAX 4.3)");

    let x: Vec<f64> = (0..1000).map(|i| 0.5 + 0.4 * (0.1 * f64::from(i)).sin()).collect();
    measure("rosenbrock 10³, primal", 200, 50, || {
        black_box(rosenbrock_primal(black_box(&x)));
    })
    .print("");
    let tape = GradientTape::persistent();
    measure("rosenbrock 10³, tape reused", 200, 20, || {
        tape.reset();
        let x = tape.watch(black_box(&x));
        let y = rosenbrock(&x);
        black_box(tape.gradient(y, &x));
    })
    .print("10 (best Rust tape 27)");
    println!(
        "    {} operations, {:.1} bytes each",
        tape.operations(),
        tape.bytes() as f64 / tape.operations() as f64
    );
    measure("rosenbrock 10³, new tape", 100, 10, || {
        let tape = GradientTape::new();
        let x = tape.watch(black_box(&x));
        let y = rosenbrock(&x);
        black_box(tape.gradient(y, &x));
    })
    .print("");

    let (n, d) = (10_000, 32);
    let samples = Array2::from_shape_fn((n, d), |(i, j)| 2.0 * u((i * d + j) as u64) - 1.0);
    let signs = Array1::from_shape_fn(n, |i| if u((n * d + i) as u64) < 0.5 { -1.0 } else { 1.0 });
    let w = Array1::from_shape_fn(d, |j| 0.1 * ((j % 7) as f64 - 3.0));
    let (samples, negated) = (Tensor::constant(samples), Tensor::constant(-signs));
    measure("logreg 10000×32", 60, 3, || {
        let tape = GradientTape::new();
        let w = tape.watch(black_box(&w));
        let loss = (samples.dot(&w) * &negated).softplus().sum();
        black_box(tape.gradient(loss, &w));
    })
    .print("150 (JAX)");

    let p: Vec<f64> = (0..64 * 64 + 64 + 64 + 1).map(|i| 0.25 * (2.0 * u(i) - 1.0)).collect();
    let w1 = Array2::from_shape_vec((64, 64), p[..4096].to_vec()).expect("4096 entries");
    let b1 = Array1::from_vec(p[4096..4160].to_vec());
    let w2 = Array1::from_vec(p[4160..4224].to_vec());
    let x = Array2::from_shape_fn((128, 64), |(i, j)| 2.0 * u(100_000 + (i * 64 + j) as u64) - 1.0);
    let t = Array1::from_shape_fn(128, |i| 2.0 * u(200_000 + i as u64) - 1.0);
    let (x, t) = (Tensor::constant(x), Tensor::constant(t));
    let mlp = |tape: &GradientTape| {
        let p = tape.watch((&w1, &b1, &w2, p[4224]));
        let hidden = (x.dot(&p.0.t()) + &p.1).tanh();
        let error = hidden.dot(&p.2) + p.3 - &t;
        let loss = error.square().sum() * (1.0 / 256.0);
        (p, loss)
    };
    measure("mlp 64-64-1, batch 128", 100, 10, || {
        let tape = GradientTape::new();
        let (p, loss) = mlp(&tape);
        black_box(tape.gradient(loss, p));
    })
    .print("61 (JAX)");
}
