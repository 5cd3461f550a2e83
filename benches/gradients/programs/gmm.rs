//! ADBench's Gaussian mixture: the logarithmic posterior, with a Wishart prior on the covariances
//! (without its constant).

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{Number, Peers, Program, sum};
use autodiff::differentiable;
use std::f64::consts::PI;
use std::hint::black_box;
use std::rc::Rc;

/// `icf` is, for each component, the inverse covariance's factor: `dim` logarithms of its diagonal,
/// then its strict lower triangle by columns.
#[differentiable(wrt(alphas, means, icf), order = 2)]
pub fn gmm(
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    points: &[f64],
    dim: usize,
    gamma: f64,
    m: f64,
) -> f64 {
    let k = alphas.len();
    let n = points.len() / dim;
    let icf_len = dim * (dim + 1) / 2;

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
    let mut y = vec![0.0; dim];
    for p in 0..n {
        let point = &points[p * dim..(p + 1) * dim];
        for c in 0..k {
            let mean = &means[c * dim..(c + 1) * dim];
            let diagonal = &diagonals[c * dim..(c + 1) * dim];
            let lower = &icf[c * icf_len + dim..(c + 1) * icf_len];
            for i in 0..dim {
                y[i] = diagonal[i] * (point[i] - mean[i]);
            }
            let mut start = 0;
            for i in 0..dim {
                let centred = point[i] - mean[i];
                for j in i + 1..dim {
                    y[j] += lower[start + j - i - 1] * centred;
                }
                start += dim - i - 1;
            }
            let mut distance = 0.0;
            for i in 0..dim {
                distance += y[i] * y[i];
            }
            terms[c] = alphas[c] + log_dets[c] - 0.5 * distance;
        }
        log_likelihood += log_sum_exp(&terms);
    }

    let mut log_prior = 0.0;
    for c in 0..k {
        let mut squares = 0.0;
        for i in 0..dim {
            squares += diagonals[c * dim + i] * diagonals[c * dim + i];
        }
        for j in dim..icf_len {
            squares += icf[c * icf_len + j] * icf[c * icf_len + j];
        }
        log_prior += 0.5 * gamma * gamma * squares - m * log_dets[c];
    }
    let normalisation = -(n as f64) * dim as f64 * 0.5 * (2.0 * PI).ln();
    normalisation + log_likelihood - n as f64 * log_sum_exp(alphas) + log_prior
}

/// `ln Σ exp(v)`, safe from overflow.
#[differentiable(order = 2)]
pub fn log_sum_exp(v: &[f64]) -> f64 {
    let mut max = v[0];
    for i in 1..v.len() {
        max = max.max(v[i]);
    }
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += (v[i] - max).exp();
    }
    max + sum.ln()
}

/// The same, and the weights that are its gradient.
fn log_sum_exp_with_weights(v: &[f64], weights: &mut [f64]) -> f64 {
    let mut max = v[0];
    for &v in &v[1..] {
        max = max.max(v);
    }
    let mut sum = 0.0;
    for (weight, v) in weights.iter_mut().zip(v) {
        *weight = (v - max).exp();
        sum += *weight;
    }
    let inverse = 1.0 / sum;
    weights.iter_mut().for_each(|weight| *weight *= inverse);
    max + sum.ln()
}

/// So many points go back together.
const LANES: usize = 4;
type Lanes = [f64; LANES];

fn across(v: Lanes) -> f64 {
    (v[0] + v[1]) + (v[2] + v[3])
}

/// Buffers that are kept between calls.
#[derive(Default)]
struct Kept {
    diagonals: Vec<f64>,
    diagonals_bar: Vec<f64>,
    log_dets: Vec<f64>,
    log_dets_bar: Vec<f64>,
    terms: Vec<f64>,
    weights: Vec<f64>,
    y: Vec<f64>,
    /// For each component of a few points, `L (point - mean)`.
    ys: Vec<Lanes>,
    shares: Vec<Lanes>,
    centred: Vec<Lanes>,
    centred_bar: Vec<Lanes>,
}

fn zeros<T: Clone>(buffer: &mut Vec<T>, len: usize, zero: T) {
    buffer.clear();
    buffer.resize(len, zero);
}

/// Forward for four points, one after the other as the user does it, then back for all four at once:
/// a factor and its adjoint are read once for four points, and short columns fill the lanes.
fn by_hand(data: &Data, kept: &mut Kept, gradient: &mut [f64]) -> f64 {
    let Data { alphas, means, icf, points, dim, gamma, m } = data;
    let (dim, k) = (*dim, alphas.len());
    let n = points.len() / dim;
    let icf_len = dim * (dim + 1) / 2;
    gradient.fill(0.0);
    let (alphas_bar, rest) = gradient.split_at_mut(k);
    let (means_bar, icf_bar) = rest.split_at_mut(k * dim);
    let Kept { diagonals, diagonals_bar, log_dets, log_dets_bar, terms, weights, .. } = kept;
    let Kept { y, ys, shares, centred, centred_bar, .. } = kept;
    zeros(diagonals, k * dim, 0.0);
    zeros(diagonals_bar, k * dim, 0.0);
    zeros(log_dets, k, 0.0);
    zeros(log_dets_bar, k, 0.0);
    zeros(terms, k, 0.0);
    zeros(weights, k, 0.0);
    zeros(y, dim, 0.0);
    zeros(ys, k * dim, [0.0; LANES]);
    zeros(shares, k, [0.0; LANES]);
    zeros(centred, dim, [0.0; LANES]);
    zeros(centred_bar, dim, [0.0; LANES]);
    for c in 0..k {
        for i in 0..dim {
            let q = icf[c * icf_len + i];
            diagonals[c * dim + i] = q.exp();
            log_dets[c] += q;
        }
    }

    let mut log_likelihood = 0.0;
    for block in points.chunks(LANES * dim) {
        if block.len() < LANES * dim {
            // Lanes without a point add nothing.
            shares.fill([0.0; LANES]);
        }
        for (lane, point) in block.chunks_exact(dim).enumerate() {
            for c in 0..k {
                let mean = &means[c * dim..][..dim];
                let diagonal = &diagonals[c * dim..][..dim];
                let mut lower = &icf[c * icf_len + dim..(c + 1) * icf_len];
                for i in 0..dim {
                    y[i] = diagonal[i] * (point[i] - mean[i]);
                }
                for i in 0..dim {
                    let (column, rest) = lower.split_at(dim - i - 1);
                    lower = rest;
                    let centred = point[i] - mean[i];
                    for (y, l) in y[i + 1..].iter_mut().zip(column) {
                        *y += l * centred;
                    }
                }
                let mut distance = 0.0;
                for (y, ys) in y.iter().zip(&mut ys[c * dim..]) {
                    distance += y * y;
                    ys[lane] = *y;
                }
                terms[c] = alphas[c] + log_dets[c] - 0.5 * distance;
            }
            log_likelihood += log_sum_exp_with_weights(terms, weights);
            for c in 0..k {
                alphas_bar[c] += weights[c];
                shares[c][lane] = weights[c];
            }
        }
        for c in 0..k {
            let mean = &means[c * dim..][..dim];
            let diagonal = &diagonals[c * dim..][..dim];
            let mut lower = &icf[c * icf_len + dim..(c + 1) * icf_len];
            let mut lower_bar = &mut icf_bar[c * icf_len + dim..(c + 1) * icf_len];
            let diagonal_bar = &mut diagonals_bar[c * dim..][..dim];
            let y_bar = &mut ys[c * dim..][..dim];
            let share = shares[c];
            for (lane, point) in block.chunks_exact(dim).enumerate() {
                for i in 0..dim {
                    centred[i][lane] = point[i] - mean[i];
                }
            }
            for i in 0..dim {
                let mut product = [0.0; LANES];
                for lane in 0..LANES {
                    y_bar[i][lane] *= -share[lane];
                    product[lane] = y_bar[i][lane] * centred[i][lane];
                    centred_bar[i][lane] = y_bar[i][lane] * diagonal[i];
                }
                diagonal_bar[i] += across(product);
            }
            for i in 0..dim {
                let (column, rest) = lower.split_at(dim - i - 1);
                lower = rest;
                let (column_bar, rest) = lower_bar.split_at_mut(dim - i - 1);
                lower_bar = rest;
                let here = centred[i];
                let mut here_bar = centred_bar[i];
                for ((l, l_bar), y_bar) in column.iter().zip(column_bar).zip(&y_bar[i + 1..]) {
                    let mut product = [0.0; LANES];
                    for lane in 0..LANES {
                        product[lane] = y_bar[lane] * here[lane];
                        here_bar[lane] += y_bar[lane] * l;
                    }
                    *l_bar += across(product);
                }
                means_bar[c * dim + i] -= across(here_bar);
            }
        }
    }
    // The determinants are added to the same terms as the mixture's weights.
    log_dets_bar.copy_from_slice(alphas_bar);

    let points_count = n as f64;
    let of_alphas = log_sum_exp_with_weights(alphas, weights);
    for (alpha_bar, weight) in alphas_bar.iter_mut().zip(weights) {
        *alpha_bar -= points_count * *weight;
    }
    let mut log_prior = 0.0;
    let gamma2 = gamma * gamma;
    for c in 0..k {
        let mut squares = 0.0;
        let log_det_bar = log_dets_bar[c] - m;
        for i in 0..dim {
            let diagonal = diagonals[c * dim + i];
            squares += diagonal * diagonal;
            let diagonal_bar = diagonals_bar[c * dim + i] + gamma2 * diagonal;
            icf_bar[c * icf_len + i] += diagonal_bar * diagonal + log_det_bar;
        }
        for j in dim..icf_len {
            let l = icf[c * icf_len + j];
            squares += l * l;
            icf_bar[c * icf_len + j] += gamma2 * l;
        }
        log_prior += 0.5 * gamma2 * squares - m * log_dets[c];
    }
    let normalisation = -points_count * dim as f64 * 0.5 * (2.0 * PI).ln();
    normalisation + log_likelihood - points_count * of_alphas + log_prior
}

/// Four sums at a time: the order of an adjoint's terms is free.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a4, a_rest) = a.as_chunks::<4>();
    let (b4, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a4.iter().zip(b4) {
        for i in 0..4 {
            sums[i] += a[i] * b[i];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

pub struct Data {
    pub alphas: Vec<f64>,
    pub means: Vec<f64>,
    pub icf: Vec<f64>,
    pub points: Vec<f64>,
    pub dim: usize,
    pub gamma: f64,
    pub m: f64,
}

impl Data {
    pub fn generate(dim: usize, k: usize, n: usize) -> Rc<Data> {
        let icf_len = dim * (dim + 1) / 2;
        Rc::new(Data {
            alphas: symmetric(0, k),
            means: symmetric(k, k * dim),
            icf: symmetric(k + k * dim, k * icf_len),
            points: symmetric(50_000, n * dim),
            dim,
            gamma: 1.0,
            m: 0.0,
        })
    }

    pub fn parameters(&self) -> Vec<f64> {
        [&self.alphas[..], &self.means, &self.icf].concat()
    }

    pub fn value(&self) -> f64 {
        let Data { alphas, means, icf, points, dim, gamma, m } = self;
        gmm(black_box(alphas), means, icf, points, *dim, *gamma, *m)
    }

    /// By `adjoint_gmm`, into a buffer that is kept.
    pub fn adjoint(&self, g: &mut [f64]) -> f64 {
        let Data { alphas, means, icf, points, dim, gamma, m } = self;
        g.fill(0.0);
        let (alphas_bar, rest) = g.split_at_mut(alphas.len());
        let (means_bar, icf_bar) = rest.split_at_mut(means.len());
        adjoint_gmm(
            black_box(alphas),
            means,
            icf,
            points,
            *dim,
            *gamma,
            *m,
            1.0,
            alphas_bar,
            means_bar,
            icf_bar,
        )
    }

    /// With other parameters.
    pub fn with(&self, parameters: &[f64]) -> Data {
        let (alphas, rest) = parameters.split_at(self.alphas.len());
        let (means, icf) = rest.split_at(self.means.len());
        Data {
            alphas: alphas.to_vec(),
            means: means.to_vec(),
            icf: icf.to_vec(),
            points: self.points.clone(),
            ..*self
        }
    }

    pub fn gradient(&self) -> Vec<f64> {
        let Data { alphas, means, icf, points, dim, gamma, m } = self;
        let (a, b, c) = grad_gmm(black_box(alphas), means, icf, points, *dim, *gamma, *m);
        [a, b, c].concat()
    }

    /// The Hessian times a direction.
    pub fn hvp(&self, direction: &[f64]) -> Vec<f64> {
        let Data { alphas, means, icf, points, dim, gamma, m } = self;
        let (alphas_dot, rest) = direction.split_at(alphas.len());
        let (means_dot, icf_dot) = rest.split_at(means.len());
        let (a, b, c) = hvp_gmm(
            black_box(alphas),
            means,
            icf,
            points,
            *dim,
            *gamma,
            *m,
            alphas_dot,
            means_dot,
            icf_dot,
        );
        [a, b, c].concat()
    }
}

#[derive(Clone)]
pub struct Gmm(pub Rc<Data>);

impl Program for Gmm {
    fn run<T: Number>(&self, parameters: &[T]) -> T {
        let Data { points, dim, gamma, m, .. } = &*self.0;
        let (dim, k) = (*dim, self.0.alphas.len());
        let n = points.len() / dim;
        let icf_len = dim * (dim + 1) / 2;
        let (alphas, rest) = parameters.split_at(k);
        let (means, icf) = rest.split_at(k * dim);
        let factors: Vec<(Vec<T>, T)> = icf
            .chunks_exact(icf_len)
            .map(|q| (q[..dim].iter().map(|q| q.exp()).collect(), sum(q[..dim].iter().copied())))
            .collect();
        let log_sum_exp = |v: &[T]| {
            let max = v.iter().copied().reduce(T::max).expect("a component");
            max + sum(v.iter().map(|v| (*v - max).exp())).ln()
        };
        let terms = points.chunks_exact(dim).map(|point| {
            let terms: Vec<T> = (0..k)
                .map(|c| {
                    let (diagonal, log_det) = &factors[c];
                    let mean = &means[c * dim..(c + 1) * dim];
                    let centred: Vec<T> =
                        point.iter().zip(mean).map(|(p, m)| m.taken_from(*p)).collect();
                    let mut y: Vec<T> =
                        diagonal.iter().zip(&centred).map(|(d, c)| *d * *c).collect();
                    let mut lower = icf[c * icf_len + dim..(c + 1) * icf_len].iter();
                    for i in 0..dim {
                        for y in &mut y[i + 1..] {
                            *y = *y + *lower.next().expect("a triangle") * centred[i];
                        }
                    }
                    let distance = sum(y.iter().map(|y| *y * *y));
                    alphas[c] + *log_det - distance.times(0.5)
                })
                .collect();
            log_sum_exp(&terms)
        });
        let log_likelihood = sum(terms);
        let log_prior =
            sum(icf.chunks_exact(icf_len).zip(&factors).map(|(q, (diagonal, log_det))| {
                let squares = sum(diagonal.iter().chain(&q[dim..]).map(|d| *d * *d));
                squares.times(0.5 * gamma * gamma) - log_det.times(*m)
            }));
        let normalisation = -(n as f64) * dim as f64 * 0.5 * (2.0 * PI).ln();
        (log_likelihood - log_sum_exp(alphas).times(n as f64) + log_prior).plus(normalisation)
    }
}

fn case(name: String, dim: usize, k: usize, n: usize, peers: bool) -> Case {
    let data = Data::generate(dim, k, n);
    let parameters = data.parameters();
    let [d1, d2, d3, d4] = [(); 4].map(|()| data.clone());
    let mut kept = Kept::default();
    let case = Case::new(name, parameters.len())
        .primal(move || d1.value())
        .by_hand(move |g| by_hand(black_box(&d2), &mut kept, g))
        .generated(move |g| d3.adjoint(g))
        .gradient_only(move |g| {
            *g = d4.gradient();
            0.0
        })
        // The adjoints of four buffers; the elements of `y`, the exponentials and the decisions.
        .allocations(7);
    if !peers {
        return case.note("other crates: their tapes would not fit");
    }
    // Which term is the largest changes, but not what is recorded.
    case.peers(Gmm(data), &parameters, Peers::all(parameters.len()).reverse_only())
}

pub fn cases(size: Size) -> Vec<Case> {
    let (k, n) = size.pick((3, 10), (50, 1000));
    let case = case(format!("gmm d 10, K {k}, N {n}"), 10, k, n, true).enzyme(6.90);
    vec![if size == Size::Full { case.value(-12615.84851) } else { case }]
}

/// The sizes of ADBench.
pub fn adbench_cases(size: Size) -> Vec<Case> {
    let n = size.pick(5, 1000);
    let sizes: &[(usize, usize)] = &[(2, 5), (10, 10), (32, 10), (64, 10)];
    sizes
        .iter()
        .map(|&(dim, k)| {
            let peers = size == Size::Small || dim <= 32;
            let case = case(format!("ADBench gmm d{dim} K{k}"), dim, k, n, peers);
            if (dim, k) == (10, 10) { case.limit(2.7) } else { case }
        })
        .collect()
}
