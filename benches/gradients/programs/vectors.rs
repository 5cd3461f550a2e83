//! Short functions of one or two vectors.

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{Number, Peers, Program, sum};
use autodiff::differentiable;
use std::hint::black_box;

/// The sum of the squares of all sums of a beginning.
#[differentiable]
fn prefix_sums(x: &[f64]) -> f64 {
    let mut running = 0.0;
    let mut total = 0.0;
    for i in 0..x.len() {
        running += x[i];
        total += running * running;
    }
    total
}

/// The sums wait where the result will be: there is no tape beside it.
fn prefix_sums_by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    assert_eq!(x.len(), x_bar.len());
    let mut running = 0.0;
    let mut total = 0.0;
    for (x, x_bar) in x.iter().zip(x_bar.iter_mut()) {
        running += x;
        total += running * running;
        *x_bar = 2.0 * running;
    }
    // From the end, four at a time: of the four sums only one waits for those before.
    let mut bar = 0.0;
    let (rest, fours) = x_bar.as_rchunks_mut::<4>();
    for four in fours.iter_mut().rev() {
        let last_two = four[2] + four[3];
        let last_three = four[1] + last_two;
        let all = last_three + four[0];
        *four = [bar + all, bar + last_three, bar + last_two, bar + four[3]];
        bar = four[0];
    }
    for x_bar in rest.iter_mut().rev() {
        bar += *x_bar;
        *x_bar = bar;
    }
    total
}

#[differentiable]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut max = f64::NEG_INFINITY;
    for i in 0..x.len() {
        max = max.max(x[i]);
    }
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (x[i] - max).exp();
    }
    max + sum.ln()
}

/// The exponentials are the gradient but for a factor; the maximum cancels.
fn log_sum_exp_by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    assert_eq!(x.len(), x_bar.len());
    let mut max = f64::NEG_INFINITY;
    for x in x {
        max = max.max(*x);
    }
    let mut sum = 0.0;
    for (x, x_bar) in x.iter().zip(x_bar.iter_mut()) {
        *x_bar = (x - max).exp();
        sum += *x_bar;
    }
    let inverse = 1.0 / sum;
    for x_bar in x_bar {
        *x_bar *= inverse;
    }
    max + sum.ln()
}

/// How far the elements are from their median, in the square, on average. The median is found by
/// counting, not by sorting.
#[differentiable]
fn spread_about_median(x: &[f64]) -> f64 {
    let n = x.len();
    let mut median = x[0];
    for i in 0..n {
        let mut before = 0;
        for j in 0..n {
            if x[j] < x[i] || (x[j] == x[i] && j < i) {
                before += 1;
            }
        }
        if before == n / 2 {
            median = x[i];
        }
    }
    let mut sum = 0.0;
    for i in 0..n {
        let d = x[i] - median;
        sum += d * d;
    }
    sum / n as f64
}

/// The count is as it was: it has no derivative.
fn spread_by_hand(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let n = x.len();
    assert_eq!(n, x_bar.len());
    let mut selected = 0;
    for i in 0..n {
        let mut before = 0;
        for j in 0..n {
            if x[j] < x[i] || (x[j] == x[i] && j < i) {
                before += 1;
            }
        }
        if before == n / 2 {
            selected = i;
        }
    }
    let median = x[selected];
    let scale = 2.0 / n as f64;
    let mut sum = 0.0;
    let mut median_bar = 0.0;
    for (x, x_bar) in x.iter().zip(x_bar.iter_mut()) {
        let d = x - median;
        sum += d * d;
        *x_bar = scale * d;
        median_bar -= *x_bar;
    }
    x_bar[selected] += median_bar;
    sum / n as f64
}

/// The squares of a convolution's inner part.
#[differentiable]
fn convolution(x: &[f64], w: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() - w.len() + 1 {
        let mut y = 0.0;
        for k in 0..w.len() {
            y += w[k] * x[i + k];
        }
        loss += y * y;
    }
    loss
}

/// The adjoint of the signal is gathered at the end, a tap at a time over the whole length, so that
/// neighbouring windows do not wait for each other's stores.
fn convolution_by_hand(x: &[f64], w: &[f64], y_bar: &mut Vec<f64>, g: &mut [f64]) -> f64 {
    let (x_bar, w_bar) = g.split_at_mut(x.len());
    let w_bar = &mut w_bar[..w.len()];
    x_bar.fill(0.0);
    w_bar.fill(0.0);
    y_bar.clear();
    let mut loss = 0.0;
    for x in x.windows(w.len()) {
        let mut y = 0.0;
        for (w, x) in w.iter().zip(x) {
            y += w * x;
        }
        loss += y * y;
        let bar = 2.0 * y;
        y_bar.push(bar);
        for (w_bar, x) in w_bar.iter_mut().zip(x) {
            *w_bar += bar * x;
        }
    }
    // Four taps a pass: a quarter of the loads and stores.
    let (fours, rest) = w.as_chunks::<4>();
    let n = y_bar.len();
    for (k, &[a, b, c, d]) in fours.iter().enumerate() {
        let x_bar = &mut x_bar[4 * k..][..n + 3];
        let inner = x_bar[3..n].iter_mut().zip(y_bar.windows(4));
        for (x_bar, y) in inner {
            *x_bar += (a * y[3] + b * y[2]) + (c * y[1] + d * y[0]);
        }
        // Both ends see only some of the four.
        let at = |i: usize| y_bar.get(i).copied().unwrap_or(0.0);
        for j in (0..3.min(n)).chain(n.max(3)..n + 3) {
            let tap = |w: f64, back: usize| if j >= back { w * at(j - back) } else { 0.0 };
            x_bar[j] += (tap(a, 0) + tap(b, 1)) + (tap(c, 2) + tap(d, 3));
        }
    }
    for (k, w) in rest.iter().enumerate() {
        let start = 4 * fours.len() + k;
        for (x_bar, y_bar) in x_bar[start..].iter_mut().zip(y_bar.iter()) {
            *x_bar += w * y_bar;
        }
    }
    loss
}

#[derive(Clone)]
enum Of {
    PrefixSums,
    LogSumExp,
    Spread,
    /// With so many taps at the end of the input.
    Convolution(usize),
}

impl Program for Of {
    fn run<T: Number>(&self, x: &[T]) -> T {
        match self {
            Of::PrefixSums => {
                let mut running = x[0];
                sum(x.iter().enumerate().map(|(i, x)| {
                    if i > 0 {
                        running = running + *x;
                    }
                    running * running
                }))
            }
            Of::LogSumExp => {
                let max = x.iter().copied().reduce(T::max).expect("an element");
                max + sum(x.iter().map(|x| (*x - max).exp())).ln()
            }
            Of::Spread => {
                let n = x.len();
                let value = |i: usize| x[i].value();
                let is_before =
                    |j: usize, i: usize| value(j) < value(i) || (value(j) == value(i) && j < i);
                let rank = |i: usize| (0..n).filter(|&j| is_before(j, i)).count();
                let median = (0..n).find(|&i| rank(i) == n / 2).expect("a median");
                let squares = x.iter().map(|x_i| {
                    let d = *x_i - x[median];
                    d * d
                });
                sum(squares).times(1.0 / n as f64)
            }
            Of::Convolution(taps) => {
                let (x, w) = x.split_at(x.len() - taps);
                sum(x.windows(*taps).map(|x| {
                    let y = sum(w.iter().zip(x).map(|(w, x)| *w * *x));
                    y * y
                }))
            }
        }
    }
}

/// A case of a function of one slice.
fn of_slice(
    name: String,
    x: &[f64],
    primal: fn(&[f64]) -> f64,
    by_hand: fn(&[f64], &mut [f64]) -> f64,
    adjoint: fn(&[f64], f64, &mut [f64]) -> f64,
    gradient: fn(&[f64]) -> Vec<f64>,
) -> Case {
    let [x1, x2, x3, x4] = [(); 4].map(|()| x.to_vec());
    Case::new(name, x.len())
        .primal(move || primal(black_box(&x1)))
        .by_hand(move |g| by_hand(black_box(&x2), g))
        .generated(move |g| {
            g.fill(0.0);
            adjoint(black_box(&x3), 1.0, g)
        })
        .gradient_only(move |g| {
            *g = gradient(black_box(&x4));
            0.0
        })
}

pub fn cases(size: Size) -> Vec<Case> {
    let n = size.pick(7, 10_000);
    let x = symmetric(0, n);
    let prefix = of_slice(
        format!("prefix sums of {n}"),
        &x,
        prefix_sums,
        prefix_sums_by_hand,
        adjoint_prefix_sums,
        grad_prefix_sums,
    )
    .allocations(1)
    .bytes(8 * n)
    .peers(Of::PrefixSums, &x, Peers::all(n).reverse_only());

    let n = size.pick(7, 1000);
    let x = symmetric(0, n);
    let log_sum_exp = of_slice(
        format!("log-sum-exp of {n}"),
        &x,
        log_sum_exp,
        log_sum_exp_by_hand,
        adjoint_log_sum_exp,
        grad_log_sum_exp,
    )
    .allocations(1)
    .bytes(16 * n)
    .peers(Of::LogSumExp, &x, Peers::all(n));

    let n = size.pick(7, 301);
    let x = symmetric(0, n);
    let spread = of_slice(
        format!("median of {n} by counting"),
        &x,
        spread_about_median,
        spread_by_hand,
        adjoint_spread_about_median,
        grad_spread_about_median,
    )
    .allocations(1)
    .peers(Of::Spread, &x, Peers::all(n).reverse_only().control_flow_varies());

    let (n, taps) = size.pick((12, 5), (4096, 31));
    let x = symmetric(0, n + taps);
    let [x1, x2, x3, x4] = [(); 4].map(|()| x.clone());
    let mut y_bar = Vec::new();
    let convolution = Case::new(format!("convolution of {n} by {taps}"), x.len())
        .primal(move || {
            let (x, w) = x1.split_at(n);
            convolution(black_box(x), w)
        })
        .by_hand(move |g| {
            let (x, w) = x2.split_at(n);
            convolution_by_hand(black_box(x), w, &mut y_bar, g)
        })
        .generated(move |g| {
            g.fill(0.0);
            let (x, w) = x3.split_at(n);
            let (x_bar, w_bar) = g.split_at_mut(n);
            adjoint_convolution(black_box(x), w, 1.0, x_bar, w_bar)
        })
        .gradient_only(move |g| {
            let (x, w) = x4.split_at(n);
            let (x_bar, w_bar) = grad_convolution(black_box(x), w);
            *g = [x_bar, w_bar].concat();
            0.0
        })
        .allocations(1)
        .peers(Of::Convolution(taps), &x, Peers::all(x.len()).reverse_only());
    vec![prefix, log_sum_exp, spread, convolution]
}
