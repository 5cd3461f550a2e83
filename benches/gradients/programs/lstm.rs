//! ADBench's recurrent network; the objective is the example's.

#[path = "../../../examples/adbench/lstm.rs"]
pub mod example;

use crate::case::{Case, Size};
use crate::inputs::{symmetric, u};
use crate::peers::{Number, Peers, Program, sum};
use example::{Problem, adjoint_objective, grad_objective, objective};
use std::hint::black_box;
use std::rc::Rc;

/// What the way back needs of one layer at one step, `width` numbers each.
const FORGET: usize = 0;
const INPUT: usize = 1;
const OUTPUT: usize = 2;
const CHANGE: usize = 3;
/// `tanh` of the new cell.
const SQUASHED: usize = 4;
const CELL_BEFORE: usize = 5;
const HIDDEN_BEFORE: usize = 6;
/// The layer's input.
const X: usize = 7;
const ROWS: usize = 8;

#[derive(Default)]
struct Kept {
    /// `ROWS` rows for each step and layer.
    layers: Vec<f64>,
    /// For each step the exponentials of the logits, scaled to sum to their part of one.
    shares: Vec<f64>,
    state: Vec<f64>,
    state_bar: Vec<f64>,
    x: Vec<f64>,
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn layer_forward(
    params: &[f64],
    hidden: &mut [f64],
    cell: &mut [f64],
    x: &mut [f64],
    keep: &mut [f64],
) {
    let width = x.len();
    assert!(params.len() == 8 * width && keep.len() == ROWS * width);
    assert!(hidden.len() == width && cell.len() == width);
    for i in 0..width {
        let weight = |row: usize| params[row * width + i];
        let bias = |row: usize| params[(4 + row) * width + i];
        let forget = sigmoid(x[i] * weight(0) + bias(0));
        let input = sigmoid(hidden[i] * weight(1) + bias(1));
        let output = sigmoid(x[i] * weight(2) + bias(2));
        let change = (hidden[i] * weight(3) + bias(3)).tanh();
        keep[CELL_BEFORE * width + i] = cell[i];
        keep[HIDDEN_BEFORE * width + i] = hidden[i];
        keep[X * width + i] = x[i];
        keep[FORGET * width + i] = forget;
        keep[INPUT * width + i] = input;
        keep[OUTPUT * width + i] = output;
        keep[CHANGE * width + i] = change;
        cell[i] = cell[i] * forget + input * change;
        let squashed = cell[i].tanh();
        keep[SQUASHED * width + i] = squashed;
        hidden[i] = output * squashed;
        x[i] = hidden[i];
    }
}

/// `x_bar` holds the adjoint of the layer's output and leaves with that of its input.
fn layer_backward(
    params: &[f64],
    keep: &[f64],
    params_bar: &mut [f64],
    hidden_bar: &mut [f64],
    cell_bar: &mut [f64],
    x_bar: &mut [f64],
) {
    let width = x_bar.len();
    assert!(params.len() == 8 * width && params_bar.len() == 8 * width);
    assert!(keep.len() == ROWS * width && hidden_bar.len() == width && cell_bar.len() == width);
    for i in 0..width {
        let at = |row: usize| keep[row * width + i];
        let (forget, input, output, change) = (at(FORGET), at(INPUT), at(OUTPUT), at(CHANGE));
        let squashed = at(SQUASHED);
        let h_bar = hidden_bar[i] + x_bar[i];
        let c_bar = cell_bar[i] + h_bar * output * (1.0 - squashed * squashed);
        let of_forget = c_bar * at(CELL_BEFORE) * forget * (1.0 - forget);
        let of_input = c_bar * change * input * (1.0 - input);
        let of_output = h_bar * squashed * output * (1.0 - output);
        let of_change = c_bar * input * (1.0 - change * change);
        cell_bar[i] = c_bar * forget;
        let weight = |row: usize| params[row * width + i];
        hidden_bar[i] = of_input * weight(1) + of_change * weight(3);
        x_bar[i] = of_forget * weight(0) + of_output * weight(2);
        let (x, hidden) = (at(X), at(HIDDEN_BEFORE));
        params_bar[i] += of_forget * x;
        params_bar[width + i] += of_input * hidden;
        params_bar[2 * width + i] += of_output * x;
        params_bar[3 * width + i] += of_change * hidden;
        params_bar[4 * width + i] += of_forget;
        params_bar[5 * width + i] += of_input;
        params_bar[6 * width + i] += of_output;
        params_bar[7 * width + i] += of_change;
    }
}

fn by_hand(problem: &Problem, kept: &mut Kept, gradient: &mut [f64]) -> f64 {
    let Problem { main, extra, state, sequence, width } = problem;
    let width = *width;
    let layers = main.len() / (8 * width);
    let steps = sequence.len() / width - 1;
    let Kept { layers: keep, shares, state: now, state_bar, x } = kept;
    let row = ROWS * width;
    keep.resize(steps * layers * row, 0.0);
    shares.resize(steps * width, 0.0);
    x.resize(width, 0.0);
    now.clear();
    now.extend_from_slice(state);
    state_bar.clear();
    state_bar.resize(state.len(), 0.0);
    gradient.fill(0.0);
    let (main_bar, extra_bar) = gradient.split_at_mut(main.len());
    let (in_weights, rest) = extra.split_at(width);
    let (out_weights, out_biases) = rest.split_at(width);
    let (in_weights_bar, rest) = extra_bar.split_at_mut(width);
    let (out_weights_bar, out_biases_bar) = rest.split_at_mut(width);

    let mut total = 0.0;
    for t in 0..steps {
        let bits = &sequence[t * width..][..width];
        let next = &sequence[(t + 1) * width..][..width];
        for i in 0..width {
            x[i] = bits[i] * in_weights[i];
        }
        for k in 0..layers {
            let (hidden, cell) = now[2 * k * width..][..2 * width].split_at_mut(width);
            let params = &main[8 * k * width..][..8 * width];
            layer_forward(params, hidden, cell, x, &mut keep[(t * layers + k) * row..][..row]);
        }
        let share = &mut shares[t * width..][..width];
        let mut sum = 2.0;
        for i in 0..width {
            x[i] = x[i] * out_weights[i] + out_biases[i];
            share[i] = x[i].exp();
            sum += share[i];
        }
        let log_sum = sum.ln();
        let mut count = 0.0;
        for (bit, y) in next.iter().zip(x.iter()) {
            total += bit * (y - log_sum);
            count += bit;
        }
        let scale = count / sum;
        share.iter_mut().for_each(|share| *share *= scale);
    }

    let scale = -1.0 / (steps * width) as f64;
    for t in (0..steps).rev() {
        let bits = &sequence[t * width..][..width];
        let next = &sequence[(t + 1) * width..][..width];
        let share = &shares[t * width..][..width];
        let top = &keep[(t * layers + layers - 1) * row..][..row];
        for i in 0..width {
            let y_bar = scale * (next[i] - share[i]);
            let hidden = top[OUTPUT * width + i] * top[SQUASHED * width + i];
            out_weights_bar[i] += y_bar * hidden;
            out_biases_bar[i] += y_bar;
            x[i] = y_bar * out_weights[i];
        }
        for k in (0..layers).rev() {
            let (hidden_bar, cell_bar) =
                state_bar[2 * k * width..][..2 * width].split_at_mut(width);
            layer_backward(
                &main[8 * k * width..][..8 * width],
                &keep[(t * layers + k) * row..][..row],
                &mut main_bar[8 * k * width..][..8 * width],
                hidden_bar,
                cell_bar,
                x,
            );
        }
        for i in 0..width {
            in_weights_bar[i] += x[i] * bits[i];
        }
    }
    total * scale
}

fn generate(layers: usize, steps: usize, width: usize) -> Problem {
    Problem {
        main: symmetric(0, 8 * layers * width),
        extra: symmetric(10_000, 3 * width),
        state: symmetric(20_000, 2 * layers * width),
        sequence: (0..steps * width).map(|i| f64::from(u(30_000 + i) < 0.5)).collect(),
        width,
    }
}

#[derive(Clone)]
struct Lstm(Rc<Problem>);

impl Program for Lstm {
    fn run<T: Number>(&self, parameters: &[T]) -> T {
        let Problem { main, state, sequence, width, .. } = &*self.0;
        let width = *width;
        let (main, extra) = parameters.split_at(main.len());
        let sigmoid = |x: T| x.constant(1.0) / (-x).exp().plus(1.0);
        let mut state: Vec<T> = state.iter().map(|s| main[0].constant(*s)).collect();
        let steps = sequence.len() / width - 1;
        let mut terms = Vec::new();
        for t in 0..steps {
            let bits = &sequence[t * width..(t + 1) * width];
            let next = &sequence[(t + 1) * width..(t + 2) * width];
            let mut x: Vec<T> = bits.iter().zip(extra).map(|(bit, e)| e.times(*bit)).collect();
            for (params, state) in
                main.chunks_exact(8 * width).zip(state.chunks_exact_mut(2 * width))
            {
                let (hidden, cell) = state.split_at_mut(width);
                for i in 0..width {
                    let gate = |v: T, row: usize| {
                        v * params[row * width + i] + params[(4 + row) * width + i]
                    };
                    let forget = sigmoid(gate(x[i], 0));
                    let input = sigmoid(gate(hidden[i], 1));
                    let output = sigmoid(gate(x[i], 2));
                    let change = gate(hidden[i], 3).tanh();
                    cell[i] = cell[i] * forget + input * change;
                    hidden[i] = output * cell[i].tanh();
                    x[i] = hidden[i];
                }
            }
            let y: Vec<T> =
                (0..width).map(|i| x[i] * extra[width + i] + extra[2 * width + i]).collect();
            let log_sum = sum(y.iter().map(|y| y.exp())).plus(2.0).ln();
            terms.extend(next.iter().zip(&y).map(|(bit, y)| (*y - log_sum).times(*bit)));
        }
        sum(terms).times(-1.0 / (steps * width) as f64)
    }
}

fn case(layers: usize, size: Size) -> Case {
    let steps = size.pick(4, 1024);
    let problem = Rc::new(generate(layers, steps, 14));
    let parameters = [&problem.main[..], &problem.extra].concat();
    let [p1, p2, p3, p4] = [(); 4].map(|()| problem.clone());
    let mut kept = Kept::default();
    let case = Case::new(format!("ADBench lstm l{layers} c{steps}"), parameters.len())
        .primal(move || {
            objective(black_box(&p1.main), &p1.extra, &p1.state, &p1.sequence, p1.width)
        })
        .by_hand(move |g| by_hand(black_box(&p2), &mut kept, g))
        .generated(move |g| {
            g.fill(0.0);
            let Problem { main, extra, state, sequence, width } = black_box(&*p3);
            let (main_bar, extra_bar) = g.split_at_mut(main.len());
            adjoint_objective(main, extra, state, sequence, *width, 1.0, main_bar, extra_bar)
        })
        .gradient_only(move |g| {
            let Problem { main, extra, state, sequence, width } = black_box(&*p4);
            let (main_bar, extra_bar) = grad_objective(main, extra, state, sequence, *width);
            *g = [main_bar, extra_bar].concat();
            0.0
        })
        .limit(1.5);
    case.peers(Lstm(problem), &parameters, Peers::all(parameters.len()).reverse_only())
}

pub fn cases(size: Size) -> Vec<Case> {
    vec![case(2, size), case(4, size)]
}
