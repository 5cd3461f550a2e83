//! The loss of a small recurrent network (LSTM with diagonal gates) that predicts the next row of
//! bits.

use crate::read::{Numbers, Result};
use autodiff::differentiable;

pub struct Problem {
    /// For each layer, 4 rows of weights (forget, input, output, change), then 4 of biases.
    pub main: Vec<f64>,
    /// Three rows: input weights, output weights, output biases.
    pub extra: Vec<f64>,
    /// For each layer a row of hidden values and a row of cells, before the first step.
    pub state: Vec<f64>,
    /// A row of bits for each step.
    pub sequence: Vec<f64>,
    /// Length of a row.
    pub width: usize,
}

impl Problem {
    pub fn parse(text: &str) -> Result<Problem> {
        let mut numbers = Numbers::new(text);
        let layers: usize = numbers.next()?;
        let steps: usize = numbers.next()?;
        let width: usize = numbers.next()?;
        let problem = Problem {
            main: numbers.take(8 * layers * width)?,
            extra: numbers.take(3 * width)?,
            state: numbers.take(2 * layers * width)?,
            sequence: numbers.take(steps * width)?,
            width,
        };
        numbers.finish()?;
        Ok(problem)
    }

    pub fn objective(&self) -> f64 {
        objective(&self.main, &self.extra, &self.state, &self.sequence, self.width)
    }

    /// The loss and its gradient: `main`, then `extra`.
    pub fn value_and_gradient(&self) -> (f64, Vec<f64>) {
        let (value, (main_bar, extra_bar)) = value_and_grad_objective(
            &self.main,
            &self.extra,
            &self.state,
            &self.sequence,
            self.width,
        );
        (value, [main_bar, extra_bar].concat())
    }

    /// The derivative in one direction, in forward mode.
    pub fn directional(&self, direction: &[f64]) -> f64 {
        let (main_dot, extra_dot) = direction.split_at(self.main.len());
        let (_, value_dot) = jvp_objective(
            &self.main,
            &self.extra,
            &self.state,
            &self.sequence,
            self.width,
            main_dot,
            extra_dot,
        );
        value_dot
    }
}

#[differentiable(wrt(main, extra))]
pub fn objective(
    main: &[f64],
    extra: &[f64],
    state: &[f64],
    sequence: &[f64],
    width: usize,
) -> f64 {
    let mut state = state.to_vec();
    let mut prediction = vec![0.0; width];
    let mut total = 0.0;
    let steps = sequence.len() / width - 1;
    for t in 0..steps {
        let bits = &sequence[t * width..(t + 1) * width];
        let next = &sequence[(t + 1) * width..(t + 2) * width];
        predict(main, extra, &mut state, bits, &mut prediction);
        // The 2 is the benchmark's.
        let mut sum = 2.0;
        for y in &prediction {
            sum += y.exp();
        }
        let log_sum = sum.ln();
        for (bit, y) in next.iter().zip(&prediction) {
            total += bit * (y - log_sum);
        }
    }
    -total / (steps * width) as f64
}

/// One step of the whole network: from a row of bits to the logits of the next one.
#[differentiable]
pub fn predict(
    main: &[f64],
    extra: &[f64],
    state: &mut [f64],
    bits: &[f64],
    prediction: &mut [f64],
) {
    let width = bits.len();
    let mut x = vec![0.0; width];
    for i in 0..width {
        x[i] = bits[i] * extra[i];
    }
    for (k, params) in main.chunks_exact(8 * width).enumerate() {
        let (hidden, cell) = state[2 * k * width..2 * (k + 1) * width].split_at_mut(width);
        layer(params, hidden, cell, &x);
        x.copy_from_slice(hidden);
    }
    for i in 0..width {
        prediction[i] = x[i] * extra[width + i] + extra[2 * width + i];
    }
}

/// One step of one layer.
#[differentiable]
pub fn layer(params: &[f64], hidden: &mut [f64], cell: &mut [f64], x: &[f64]) {
    let width = x.len();
    let (weights, biases) = params.split_at(4 * width);
    for i in 0..width {
        let forget = sigmoid(x[i] * weights[i] + biases[i]);
        let input = sigmoid(hidden[i] * weights[width + i] + biases[width + i]);
        let output = sigmoid(x[i] * weights[2 * width + i] + biases[2 * width + i]);
        let change = (hidden[i] * weights[3 * width + i] + biases[3 * width + i]).tanh();
        cell[i] = cell[i] * forget + input * change;
        hidden[i] = output * cell[i].tanh();
    }
}

#[differentiable]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
