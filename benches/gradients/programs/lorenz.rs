//! The Lorenz system by Runge and Kutta's method, and how its end depends on start and parameters.

use crate::case::{Case, Size};
use crate::peers::{Number, Peers, Program};
use autodiff::differentiable;
use std::hint::black_box;

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

type V = [f64; 3];

/// `a + c b`
#[inline(always)]
fn along(a: V, c: f64, b: V) -> V {
    [a[0] + c * b[0], a[1] + c * b[1], a[2] + c * b[2]]
}

#[inline(always)]
fn slope([x, y, z]: V, [sigma, rho, beta]: V) -> V {
    [sigma * (y - x), x * (rho - z) - y, x * y - beta * z]
}

/// The adjoint of `slope` at a point, times `h`: the point's is returned, the parameters' (without
/// `h`) added. The factor goes to the matrix, whose products do not wait for the adjoint.
#[inline(always)]
fn slope_bar(h: f64, [x, y, z]: V, [sigma, rho, beta]: V, k: V, parameters_bar: &mut V) -> V {
    parameters_bar[0] += (y - x) * k[0];
    parameters_bar[1] += x * k[1];
    parameters_bar[2] -= z * k[2];
    let (by_x, by_y, by_z) = (h * x, h * y, h * (rho - z));
    let turned = (h * sigma) * k[0];
    [
        (by_z * k[1] + by_y * k[2]) - turned,
        (turned - h * k[1]) + by_x * k[2],
        -(by_x * k[1]) - (h * beta) * k[2],
    ]
}

#[inline(always)]
fn plus(a: V, b: V) -> V {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Keeps the four points of each step at which slopes are taken, 96 bytes: that is quicker than 24 and
/// computing three of them again. The factors are kept off the chain of the adjoints.
fn by_hand(input: &[f64; 6], steps: usize, kept: &mut Vec<[V; 4]>, input_bar: &mut [f64]) -> f64 {
    let h = 1e-3;
    let (half, sixth, third) = (0.5 * h, h / 6.0, h / 3.0);
    let parameters = [input[3], input[4], input[5]];
    let mut s = [input[0], input[1], input[2]];
    kept.resize(steps, [[0.0; 3]; 4]);
    for stages in kept.iter_mut() {
        let k1 = slope(s, parameters);
        let p2 = along(s, half, k1);
        let k2 = slope(p2, parameters);
        let p3 = along(s, half, k2);
        let k3 = slope(p3, parameters);
        let p4 = along(s, h, k3);
        let k4 = slope(p4, parameters);
        *stages = [s, p2, p3, p4];
        for i in 0..3 {
            s[i] += sixth * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    let value = s[0] * s[0] + s[1] * s[1] + s[2] * s[2];
    let mut bar = [2.0 * s[0], 2.0 * s[1], 2.0 * s[2]];
    let mut parameters_bar = [0.0; 3];
    for &[s, p2, p3, p4] in kept.iter().rev() {
        let outer = [sixth * bar[0], sixth * bar[1], sixth * bar[2]];
        let inner = [third * bar[0], third * bar[1], third * bar[2]];
        // Times h, times half of it.
        let p4_bar = slope_bar(h, p4, parameters, outer, &mut parameters_bar);
        let p3_bar = slope_bar(half, p3, parameters, plus(inner, p4_bar), &mut parameters_bar);
        let p2_bar = slope_bar(half, p2, parameters, plus(inner, p3_bar), &mut parameters_bar);
        let s_bar = slope_bar(1.0, s, parameters, plus(outer, p2_bar), &mut parameters_bar);
        for i in 0..3 {
            let early = p4_bar[i] + 2.0 * (p3_bar[i] + p2_bar[i]);
            bar[i] = (bar[i] + early * (1.0 / h)) + s_bar[i];
        }
    }
    input_bar[..3].copy_from_slice(&bar);
    input_bar[3..].copy_from_slice(&parameters_bar);
    value
}

#[derive(Clone)]
struct Lorenz {
    steps: usize,
}

impl Program for Lorenz {
    fn run<T: Number>(&self, input: &[T]) -> T {
        let h = 1e-3;
        let [sigma, rho, beta] = [input[3], input[4], input[5]];
        let slope = |s: [T; 3]| {
            [sigma * (s[1] - s[0]), s[0] * (rho - s[2]) - s[1], s[0] * s[1] - beta * s[2]]
        };
        let along = |s: [T; 3], c: f64, k: [T; 3]| std::array::from_fn(|i| s[i] + k[i].times(c));
        let mut s = [input[0], input[1], input[2]];
        for _ in 0..self.steps {
            let k1 = slope(s);
            let k2 = slope(along(s, 0.5 * h, k1));
            let k3 = slope(along(s, 0.5 * h, k2));
            let k4 = slope(along(s, h, k3));
            for i in 0..3 {
                let sum = k1[i] + k2[i].times(2.0) + k3[i].times(2.0) + k4[i];
                s[i] = s[i] + sum.times(h / 6.0);
            }
        }
        s[0] * s[0] + s[1] * s[1] + s[2] * s[2]
    }
}

pub fn cases(size: Size) -> Vec<Case> {
    let input = [1.0, 1.0, 1.0, 10.0, 28.0, 8.0 / 3.0];
    let steps = size.pick(20, 10_000);
    let mut kept = Vec::new();
    let mut case = Case::new(format!("lorenz, {steps} steps"), 6)
        .primal(move || lorenz(black_box(&input), steps))
        .by_hand(move |g| by_hand(black_box(&input), steps, &mut kept, g))
        .generated(move |g| {
            let (value, gradient) = value_and_grad_lorenz(black_box(&input), steps);
            g.copy_from_slice(&gradient);
            value
        })
        .gradient_only(move |g| {
            g.copy_from_slice(&grad_lorenz(black_box(&input), steps));
            0.0
        })
        .enzyme(2.67)
        .limit(2.5)
        .allocations(1)
        .bytes(24 * steps);
    if size == Size::Full {
        case = case.value(647.6914042);
    }
    // The end is a chaotic function of the start: rounding is magnified.
    case.tolerance = 1e-9;
    vec![case.peers(Lorenz { steps }, &input, Peers::all(6))]
}
