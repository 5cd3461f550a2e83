//! Two spirals told apart by a small network, trained on the gradient tape:
//! `cargo run --release --example train_mlp [epochs]`.
//!
//! Shows a progress bar, draws the loss curve to `target/train_mlp.svg`, and reports the accuracy
//! on points that the training has not seen. Exits with 1 if that is below 95 %.

use autodiff::gradient_tape::Tensor;
use autodiff::{GradientTape, Var, Variable};
use ndarray::{Array1, Array2, ArrayD, Axis, Ix2, Zip};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

/// Uniform numbers in [0, 1) (splitmix64).
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Standard normal numbers (Box & Muller 1958).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, (self.uniform() * (i + 1) as f64) as usize);
        }
    }
}

/// Points on two interleaved spirals (after Lang & Witbrock 1988) with noise, and which one.
fn spirals(points: usize, random: &mut Random) -> (Array2<f64>, Vec<usize>) {
    let mut x = Array2::zeros((points, 2));
    let mut class = Vec::with_capacity(points);
    for i in 0..points {
        let spiral = i % 2;
        let t = random.uniform().sqrt() * 3.0 * std::f64::consts::PI;
        let (sin, cos) = (t + std::f64::consts::PI * spiral as f64).sin_cos();
        let radius = 0.1 * t + 0.05;
        x[[i, 0]] = radius * cos + 0.02 * random.normal();
        x[[i, 1]] = radius * sin + 0.02 * random.normal();
        class.push(spiral);
    }
    (x, class)
}

/// One layer: weights and bias with their running moments (Adam, Kingma & Ba 2015).
struct Layer {
    weights: Variable<Array2<f64>>,
    bias: Variable<Array1<f64>>,
    moments: [Moments; 2],
}

struct Moments {
    first: ArrayD<f64>,
    second: ArrayD<f64>,
}

impl Moments {
    fn new(shape: &[usize]) -> Self {
        Self { first: ArrayD::zeros(shape), second: ArrayD::zeros(shape) }
    }

    /// The step to subtract for this gradient.
    fn step(&mut self, gradient: &ArrayD<f64>, rate: f64, number: i32) -> ArrayD<f64> {
        let (b1, b2) = (0.9, 0.999);
        Zip::from(&mut self.first).and(gradient).for_each(|m, &g| *m += (1.0 - b1) * (g - *m));
        Zip::from(&mut self.second).and(gradient).for_each(|v, &g| *v += (1.0 - b2) * (g * g - *v));
        let (c1, c2) = (1.0 - f64::powi(b1, number), 1.0 - f64::powi(b2, number));
        Zip::from(&self.first)
            .and(&self.second)
            .map_collect(|m, v| rate * (m / c1) / ((v / c2).sqrt() + 1e-8))
    }
}

impl Layer {
    fn new(inputs: usize, outputs: usize, random: &mut Random) -> Self {
        let scale = (1.0 / inputs as f64).sqrt();
        let weights = Array2::from_shape_fn((inputs, outputs), |_| scale * random.normal());
        Self {
            moments: [Moments::new(&[inputs, outputs]), Moments::new(&[outputs])],
            weights: Variable::new(weights),
            bias: Variable::new(Array1::zeros(outputs)),
        }
    }
}

struct Network {
    layers: Vec<Layer>,
}

impl Network {
    /// The logits of a batch. On a paused tape this is plain evaluation.
    fn logits(&self, tape: &GradientTape, x: Array2<f64>) -> Tensor<f64, Ix2> {
        let mut signal = Tensor::constant(x);
        for (i, layer) in self.layers.iter().enumerate() {
            signal = signal.dot(&tape.read(&layer.weights)) + tape.read(&layer.bias);
            if i + 1 < self.layers.len() {
                signal = signal.tanh();
            }
        }
        signal
    }

    /// One step on a batch; returns its loss.
    fn train(&mut self, x: Array2<f64>, class: &[usize], rate: f64, number: i32) -> f64 {
        let tape = GradientTape::new();
        let loss: Var = self.logits(&tape, x).cross_entropy_classes(class).mean();
        let parameters: Vec<_> = self.layers.iter().map(|l| (&l.weights, &l.bias)).collect();
        let gradients = tape.gradient(loss, parameters);
        for (layer, (weights, bias)) in self.layers.iter_mut().zip(gradients) {
            let [first, second] = &mut layer.moments;
            let step = first.step(&weights.into_dyn(), rate, number);
            layer.weights.update(|w| *w -= &step);
            let step = second.step(&bias.into_dyn(), rate, number);
            layer.bias.update(|b| *b -= &step);
        }
        loss.value()
    }

    fn accuracy(&self, x: &Array2<f64>, class: &[usize]) -> f64 {
        let tape = GradientTape::new();
        let logits = tape.stop_recording(|| self.logits(&tape, x.clone()));
        let right = logits.argmax_axis(Axis(1)).iter().zip(class).filter(|(a, b)| a == b).count();
        right as f64 / class.len() as f64
    }
}

/// The loss curve, logarithmic.
fn draw(losses: &[f64]) -> String {
    let (width, height, margin) = (640.0, 320.0, 40.0);
    let logs: Vec<f64> = losses.iter().map(|l| l.max(1e-6).log10()).collect();
    let top = logs.iter().copied().fold(f64::MIN, f64::max).ceil();
    let bottom = logs.iter().copied().fold(f64::MAX, f64::min).floor().min(top - 1.0);
    let x =
        |i: usize| margin + (width - 2.0 * margin) * i as f64 / (losses.len() - 1).max(1) as f64;
    let y = |l: f64| margin + (height - 2.0 * margin) * (top - l) / (top - bottom);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" \
         fill=\"white\"/>\n"
    );
    let mut decade = bottom;
    while decade <= top {
        let at = y(decade);
        let _ = writeln!(
            svg,
            "<path d=\"M{margin} {at}H{}\" stroke=\"#ddd\"/><text x=\"4\" y=\"{}\">1e{decade}</text>",
            width - margin,
            at + 4.0
        );
        decade += 1.0;
    }
    let points: Vec<String> =
        logs.iter().enumerate().map(|(i, &l)| format!("{:.1},{:.1}", x(i), y(l))).collect();
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#1565c0\" stroke-width=\"1.5\"/>",
        points.join(" ")
    );
    let _ = writeln!(
        svg,
        "<text x=\"{margin}\" y=\"{}\">epoch 1 … {}</text><text x=\"{margin}\" y=\"20\">training \
         loss (mean cross entropy)</text>\n</svg>",
        height - 12.0,
        losses.len()
    );
    svg
}

fn main() -> ExitCode {
    let epochs = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200usize);
    let mut random = Random(7);
    let (x, class) = spirals(1000, &mut random);
    let (held_out, held_out_class) = spirals(500, &mut random);
    let mut network = Network {
        layers: vec![
            Layer::new(2, 32, &mut random),
            Layer::new(32, 32, &mut random),
            Layer::new(32, 2, &mut random),
        ],
    };
    let mut order: Vec<usize> = (0..class.len()).collect();
    let mut losses = Vec::with_capacity(epochs);
    let mut number = 0;
    let start = std::time::Instant::now();
    for epoch in 1..=epochs {
        random.shuffle(&mut order);
        let mut total = 0.0;
        for batch in order.chunks(100) {
            number += 1;
            let labels: Vec<usize> = batch.iter().map(|&i| class[i]).collect();
            total += network.train(x.select(Axis(0), batch), &labels, 0.01, number);
        }
        losses.push(total / order.len().div_ceil(100) as f64);
        let done = 30 * epoch / epochs;
        print!(
            "\r[{}{}] epoch {epoch}/{epochs}  loss {:.4}  held out {:.1} % ",
            "█".repeat(done),
            "·".repeat(30 - done),
            losses[epoch - 1],
            100.0 * network.accuracy(&held_out, &held_out_class)
        );
        let _ = std::io::stdout().flush();
    }
    println!("\n{:.2} s", start.elapsed().as_secs_f64());
    let path = "target/train_mlp.svg";
    let _ = std::fs::create_dir_all("target");
    match std::fs::write(path, draw(&losses)) {
        Ok(()) => println!("loss curve: {path}"),
        Err(error) => println!("{path}: {error}"),
    }
    let accuracy = network.accuracy(&held_out, &held_out_class);
    println!(
        "accuracy: training {:.1} %, held out {:.1} %",
        100.0 * network.accuracy(&x, &class),
        100.0 * accuracy
    );
    if accuracy >= 0.95 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
