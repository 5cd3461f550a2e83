//! Diffusion of heat on a square by explicit steps between two buffers, linear and not.

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{Number, Peers, Program, sum};
use autodiff::differentiable;
use std::hint::black_box;

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

/// Rows of known length have no bounds to check.
type Grid = [[f64; N]; N];

fn grid(v: &[f64]) -> &Grid {
    v.as_chunks::<N>().0.try_into().expect("N rows")
}

fn grid_mut(v: &mut [f64]) -> &mut Grid {
    v.as_chunks_mut::<N>().0.try_into().expect("N rows")
}

/// `cell(u, sum of the neighbours, what is at the cell in `here`)` for the interior.
#[inline(always)]
fn stencil(a: &Grid, here: &Grid, b: &mut Grid, cell: impl Fn(f64, f64, f64) -> f64) {
    for i in 1..N - 1 {
        let (above, row, below, here) = (&a[i - 1], &a[i], &a[i + 1], &here[i]);
        let out = &mut b[i];
        for j in 1..N - 1 {
            let neighbours = above[j] + below[j] + row[j - 1] + row[j + 1];
            out[j] = cell(row[j], neighbours, here[j]);
        }
    }
}

/// What the boundary gets from the interior's adjoint; it is the same cells in both buffers.
fn add_boundary(q: &Grid, boundary: &mut [[f64; N]; 4]) {
    for j in 1..N - 1 {
        boundary[0][j] += 0.2 * q[1][j];
        boundary[1][j] += 0.2 * q[N - 2][j];
        boundary[2][j] += 0.2 * q[j][1];
        boundary[3][j] += 0.2 * q[j][N - 2];
    }
}

/// The sum of squares in the user's order, its adjoint's interior, and the boundary's.
fn squares(a: &[f64], q: &mut [f64], u_bar: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for v in a {
        sum += v * v;
    }
    q.fill(0.0);
    for i in 0..N {
        for j in 0..N {
            let k = i * N + j;
            if i == 0 || i == N - 1 || j == 0 || j == N - 1 {
                u_bar[k] = 2.0 * a[k];
            } else {
                q[k] = 2.0 * a[k];
            }
        }
    }
    sum
}

fn add_to_edges(u_bar: &mut [f64], interior: &[f64], boundary: &[[f64; N]; 4]) {
    for i in 1..N - 1 {
        let row = i * N + 1..(i + 1) * N - 1;
        u_bar[row.clone()].copy_from_slice(&interior[row]);
        u_bar[i] += boundary[0][i];
        u_bar[(N - 1) * N + i] += boundary[1][i];
        u_bar[i * N] += boundary[2][i];
        u_bar[i * N + N - 1] += boundary[3][i];
    }
}

/// Buffers that are kept between calls.
#[derive(Default)]
struct Kept {
    a: Vec<f64>,
    b: Vec<f64>,
    /// All states one after the other, for the equation that is not linear.
    states: Vec<f64>,
}

/// Nothing is kept. The adjoint gathers: its stencil is the primal's, since that is symmetric, on a
/// grid with zeros around it.
fn by_hand(u0: &[f64], rounds: usize, kept: &mut Kept, u_bar: &mut [f64]) -> f64 {
    let forward = |u: f64, neighbours: f64, _: f64| u + 0.2 * (neighbours - 4.0 * u);
    let backward = |q: f64, neighbours: f64, _: f64| 0.2 * (neighbours + q);
    let Kept { a, b, .. } = kept;
    a.clear();
    a.extend_from_slice(u0);
    b.clear();
    b.extend_from_slice(u0);
    for _ in 0..rounds {
        stencil(grid(a), grid(a), grid_mut(b), forward);
        stencil(grid(b), grid(b), grid_mut(a), forward);
    }
    let value = squares(a, b, u_bar);
    let mut boundary = [[0.0; N]; 4];
    a.fill(0.0);
    for _ in 0..rounds {
        add_boundary(grid(b), &mut boundary);
        stencil(grid(b), grid(b), grid_mut(a), backward);
        add_boundary(grid(a), &mut boundary);
        stencil(grid(a), grid(a), grid_mut(b), backward);
    }
    add_to_edges(u_bar, b, &boundary);
    value
}

/// Every state is needed on the way back, so each step writes into the next place of a long buffer
/// instead of one of two: that costs no copying.
fn nonlinear_by_hand(u0: &[f64], rounds: usize, kept: &mut Kept, u_bar: &mut [f64]) -> f64 {
    let forward =
        |u: f64, neighbours: f64, _: f64| u + 0.2 * (neighbours - 4.0 * u) - 0.01 * u * u * u;
    let backward = |q: f64, neighbours: f64, u: f64| 0.2 * neighbours + (0.2 - 0.03 * u * u) * q;
    let Kept { a, b, states } = kept;
    states.resize((2 * rounds + 1) * N * N, 0.0);
    states[..N * N].copy_from_slice(u0);
    for t in 0..2 * rounds {
        let (before, after) = states[t * N * N..(t + 2) * N * N].split_at_mut(N * N);
        // The boundary stays.
        after[..N].copy_from_slice(&u0[..N]);
        after[(N - 1) * N..].copy_from_slice(&u0[(N - 1) * N..]);
        for i in 1..N - 1 {
            after[i * N] = u0[i * N];
            after[i * N + N - 1] = u0[i * N + N - 1];
        }
        stencil(grid(before), grid(before), grid_mut(after), forward);
    }
    b.resize(N * N, 0.0);
    let value = squares(&states[2 * rounds * N * N..], b, u_bar);
    let mut boundary = [[0.0; N]; 4];
    a.clear();
    a.resize(N * N, 0.0);
    for t in (0..rounds).rev() {
        let state = |t: usize| grid(&states[t * N * N..(t + 1) * N * N]);
        add_boundary(grid(b), &mut boundary);
        stencil(grid(b), state(2 * t + 1), grid_mut(a), backward);
        add_boundary(grid(a), &mut boundary);
        stencil(grid(a), state(2 * t), grid_mut(b), backward);
    }
    add_to_edges(u_bar, b, &boundary);
    value
}

#[derive(Clone)]
struct Heat {
    rounds: usize,
    nonlinear: bool,
}

impl Program for Heat {
    fn run<T: Number>(&self, u0: &[T]) -> T {
        let step = |a: &[T], b: &mut [T]| {
            for i in 1..N - 1 {
                for j in 1..N - 1 {
                    let k = i * N + j;
                    let u = a[k];
                    let around = a[k - N] + a[k + N] + a[k - 1] + a[k + 1] - u.times(4.0);
                    let linear = u + around.times(0.2);
                    b[k] = if self.nonlinear { linear - u.times(0.01) * u * u } else { linear };
                }
            }
        };
        let mut a = u0.to_vec();
        let mut b = u0.to_vec();
        for _ in 0..self.rounds {
            step(&a, &mut b);
            step(&b, &mut a);
        }
        sum(a.iter().map(|v| *v * *v))
    }
}

fn linear(rounds: usize) -> Case {
    let u0 = symmetric(0, N * N);
    let [u1, u2, u3, u4] = [(); 4].map(|()| u0.clone());
    let mut kept = Kept::default();
    Case::new(format!("heat 128², {} steps", 2 * rounds), N * N)
        .primal(move || heat(black_box(&u1), rounds))
        .by_hand(move |g| by_hand(black_box(&u2), rounds, &mut kept, g))
        .generated(move |g| {
            g.fill(0.0);
            adjoint_heat(black_box(&u3), rounds, 1.0, g)
        })
        .gradient_only(move |g| {
            *g = grad_heat(black_box(&u4), rounds);
            0.0
        })
        .limit(2.3)
        // The adjoints of the two buffers; nothing is taped.
        .allocations(2)
        .bytes(2 * 8 * N * N)
}

fn nonlinear(rounds: usize) -> Case {
    let u0 = symmetric(0, N * N);
    let [u1, u2, u3, u4] = [(); 4].map(|()| u0.clone());
    let mut kept = Kept::default();
    Case::new(format!("heat-nl 128², {} steps", 2 * rounds), N * N)
        .primal(move || heat_nonlinear(black_box(&u1), rounds))
        .by_hand(move |g| nonlinear_by_hand(black_box(&u2), rounds, &mut kept, g))
        .generated(move |g| {
            g.fill(0.0);
            adjoint_heat_nonlinear(black_box(&u3), rounds, 1.0, g)
        })
        .gradient_only(move |g| {
            *g = grad_heat_nonlinear(black_box(&u4), rounds);
            0.0
        })
        // The adjoints of the two buffers; the states.
        .allocations(3)
}

pub fn cases(size: Size) -> Vec<Case> {
    let u0 = symmetric(0, N * N);
    let peers = || Peers::all(N * N).reverse_only();
    // Seven kept tapes of 200 steps are many gigabytes: the crates get few steps.
    let rounds = size.pick(2, 10);
    let mut cases = vec![
        linear(rounds).for_the_crates().peers(Heat { rounds, nonlinear: false }, &u0, peers()),
        nonlinear(rounds).for_the_crates().peers(Heat { rounds, nonlinear: true }, &u0, peers()),
    ];
    if size == Size::Full {
        cases.push(linear(100).value(220.3809886).enzyme(11.2));
        cases.push(nonlinear(100).value(219.1839587).enzyme(11.7));
    }
    cases
}
