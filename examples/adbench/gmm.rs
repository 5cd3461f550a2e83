//! The logarithmic posterior of a Gaussian mixture, with a Wishart prior on the covariances.

use crate::read::{Numbers, Result};
use autodiff::differentiable;
use std::f64::consts::LN_2;

/// The benchmark's own value, cut after eleven digits: the reference values contain it.
#[allow(clippy::approx_constant)]
const PI: f64 = 3.14159265359;

pub struct Problem {
    pub alphas: Vec<f64>,
    /// A row of `dim` for each component.
    pub means: Vec<f64>,
    /// For each component, the inverse covariance's factor: `dim` logarithms of its diagonal, then
    /// its strict lower triangle by columns.
    pub icf: Vec<f64>,
    /// A row of `dim` for each point.
    pub points: Vec<f64>,
    pub dim: usize,
    pub gamma: f64,
    pub m: u32,
}

impl Problem {
    pub fn parse(text: &str) -> Result<Problem> {
        let mut numbers = Numbers::new(text);
        let dim: usize = numbers.next()?;
        let k: usize = numbers.next()?;
        let n: usize = numbers.next()?;
        let problem = Problem {
            alphas: numbers.take(k)?,
            means: numbers.take(k * dim)?,
            icf: numbers.take(k * dim * (dim + 1) / 2)?,
            points: numbers.take(n * dim)?,
            dim,
            gamma: numbers.next()?,
            m: numbers.next()?,
        };
        numbers.finish()?;
        Ok(problem)
    }

    pub fn objective(&self) -> f64 {
        let Problem { alphas, means, icf, points, .. } = self;
        objective(alphas, means, icf, points, self.dim, self.gamma, self.m)
    }

    /// The objective and its gradient: `alphas`, `means`, `icf` one after the other.
    pub fn value_and_gradient(&self) -> (f64, Vec<f64>) {
        let Problem { alphas, means, icf, points, .. } = self;
        let (value, (alphas_bar, means_bar, icf_bar)) =
            value_and_grad_objective(alphas, means, icf, points, self.dim, self.gamma, self.m);
        (value, [alphas_bar, means_bar, icf_bar].concat())
    }

    /// The derivative in one direction, in forward mode.
    pub fn directional(&self, direction: &[f64]) -> f64 {
        let Problem { alphas, means, icf, points, .. } = self;
        let (alphas_dot, rest) = direction.split_at(alphas.len());
        let (means_dot, icf_dot) = rest.split_at(means.len());
        let (_, value_dot) = jvp_objective(
            alphas, means, icf, points, self.dim, self.gamma, self.m, alphas_dot, means_dot,
            icf_dot,
        );
        value_dot
    }
}

#[differentiable(wrt(alphas, means, icf))]
pub fn objective(
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    points: &[f64],
    dim: usize,
    gamma: f64,
    m: u32,
) -> f64 {
    let k = alphas.len();
    let n = points.len() / dim;
    let icf_len = dim * (dim + 1) / 2;

    // What does not depend on the point: the diagonals and the logarithms of the determinants.
    let mut diagonals = vec![0.0; k * dim];
    let mut log_dets = vec![0.0; k];
    for c in 0..k {
        for i in 0..dim {
            let q = icf[c * icf_len + i];
            diagonals[c * dim + i] = q.exp();
            log_dets[c] += q;
        }
    }

    let mut log_likelihood = 0.0;
    let mut terms = vec![0.0; k];
    for point in points.chunks_exact(dim) {
        for c in 0..k {
            let distance = squared_distance(
                point,
                &means[c * dim..(c + 1) * dim],
                &diagonals[c * dim..(c + 1) * dim],
                &icf[c * icf_len + dim..(c + 1) * icf_len],
            );
            terms[c] = alphas[c] + log_dets[c] - 0.5 * distance;
        }
        log_likelihood += log_sum_exp(&terms);
    }

    let mut log_prior = 0.0;
    for c in 0..k {
        let squares = sum_of_squares(&diagonals[c * dim..(c + 1) * dim])
            + sum_of_squares(&icf[c * icf_len + dim..(c + 1) * icf_len]);
        log_prior += 0.5 * gamma * gamma * squares - f64::from(m) * log_dets[c];
    }

    let normalisation = -(n as f64) * dim as f64 * 0.5 * (2.0 * PI).ln();
    normalisation + log_likelihood - n as f64 * log_sum_exp(alphas) + log_prior
        - k as f64 * wishart_constant(dim, gamma, m)
}

/// `|L (point - mean)|²`, where `L` is lower triangular and `lower` its columns below the diagonal.
#[differentiable]
pub fn squared_distance(point: &[f64], mean: &[f64], diagonal: &[f64], lower: &[f64]) -> f64 {
    let dim = point.len();
    let mut y = vec![0.0; dim];
    let mut start = 0;
    for i in 0..dim {
        let centred = point[i] - mean[i];
        y[i] += diagonal[i] * centred;
        let column = &lower[start..start + dim - i - 1];
        for (j, l) in column.iter().enumerate() {
            y[i + 1 + j] += l * centred;
        }
        start += column.len();
    }
    sum_of_squares(&y)
}

#[differentiable]
pub fn sum_of_squares(v: &[f64]) -> f64 {
    let mut sum = 0.0;
    for x in v {
        sum += x * x;
    }
    sum
}

/// `ln Σ exp(v)`, safe from overflow.
#[differentiable]
pub fn log_sum_exp(v: &[f64]) -> f64 {
    let mut max = v[0];
    for &x in &v[1..] {
        max = max.max(x);
    }
    let mut sum = 0.0;
    for x in v {
        sum += (x - max).exp();
    }
    max + sum.ln()
}

/// The logarithm of the Wishart density's normalisation.
fn wishart_constant(dim: usize, gamma: f64, m: u32) -> f64 {
    let freedom = dim as f64 + f64::from(m) + 1.0;
    freedom * dim as f64 * (gamma.ln() - 0.5 * LN_2) - log_gamma_distribution(0.5 * freedom, dim)
}

/// The logarithm of the multivariate gamma function.
fn log_gamma_distribution(a: f64, dim: usize) -> f64 {
    let product = 0.25 * (dim * (dim - 1)) as f64 * PI.ln();
    product + (1..=dim).map(|j| ln_gamma(a + 0.5 * (1.0 - j as f64))).sum::<f64>()
}

/// `ln Γ(x)` for x > 0, by Lanczos' approximation (1964), with Godfrey's coefficients (2001)
/// for g = 7, n = 9: about 15 digits.
fn ln_gamma(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 8] = [
        676.5203681218851,
        -1259.1392167224028,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507343278686905,
        -0.13857109526572012,
        9.984_369_578_019_572e-6,
        1.5056327351493116e-7,
    ];
    if x < 0.5 {
        // Γ(x) Γ(x + 1) would lose digits here; the recurrence does not.
        return ln_gamma(x + 1.0) - x.ln();
    }
    let x = x - 1.0;
    let mut series = 0.999_999_999_999_809_9;
    for (i, c) in COEFFICIENTS.iter().enumerate() {
        series += c / (x + (i + 1) as f64);
    }
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + series.ln()
}
