//! Derivatives through long loops: the sensitivities of the Lorenz system (Lorenz 1963) after
//! 10,000 Runge-Kutta steps, and a Newton iteration that stops when it has converged.
//!
//! ```text
//! cargo run --release --example lorenz
//! ```

use autodiff::differentiable;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const STEP: f64 = 1e-3;
const STEPS: usize = 10_000;

/// Where the system goes from `state`; `params` are σ, ρ and β.
#[differentiable]
fn velocity(state: [f64; 3], params: [f64; 3]) -> [f64; 3] {
    let [x, y, z] = state;
    let [sigma, rho, beta] = params;
    [sigma * (y - x), x * (rho - z) - y, x * y - beta * z]
}

/// One step of the classic method of fourth order (Kutta 1901).
#[differentiable]
fn runge_kutta_step(state: [f64; 3], params: [f64; 3]) -> [f64; 3] {
    let k1 = velocity(state, params);
    let k2 = velocity(ahead(state, k1, 0.5 * STEP), params);
    let k3 = velocity(ahead(state, k2, 0.5 * STEP), params);
    let k4 = velocity(ahead(state, k3, STEP), params);
    let mut next = state;
    for i in 0..3 {
        next[i] += STEP / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    }
    next
}

#[differentiable]
fn ahead(state: [f64; 3], velocity: [f64; 3], time: f64) -> [f64; 3] {
    [state[0] + time * velocity[0], state[1] + time * velocity[1], state[2] + time * velocity[2]]
}

#[differentiable]
fn trajectory(start: [f64; 3], params: [f64; 3], steps: usize) -> [f64; 3] {
    let mut state = start;
    for _ in 0..steps {
        state = runge_kutta_step(state, params);
    }
    state
}

/// The squared distance from the origin at the end.
#[differentiable]
fn distance2(start: [f64; 3], params: [f64; 3], steps: usize) -> f64 {
    let [x, y, z] = trajectory(start, params, steps);
    x * x + y * y + z * z
}

/// √a by Newton's method.
#[differentiable]
fn root(a: f64) -> f64 {
    let mut x = 1.0;
    while (x * x - a).abs() > 1e-12 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

fn main() -> ExitCode {
    let start = [1.0, 1.0, 1.0];
    let params = [10.0, 28.0, 8.0 / 3.0];
    let mut table = Table { wrong: 0 };

    println!("Lorenz, {STEPS} steps of {STEP}: f = x² + y² + z² at the end");
    let (value, (start_bar, params_bar)) = value_and_grad_distance2(start, params, STEPS);
    let (end, variations) = variational(start, params);
    table.line("f", value, 647.691_404_2, 1e-9);
    let slope =
        |column: usize| -> f64 { (0..3).map(|i| 2.0 * end[i] * variations[i][column]).sum() };
    for (i, name) in ["x₀", "y₀", "z₀"].iter().enumerate() {
        table.line(&format!("∂f/∂{name}"), start_bar[i], slope(i), 1e-9);
    }
    for (i, name) in ["σ", "ρ", "β"].iter().enumerate() {
        table.line(&format!("∂f/∂{name}"), params_bar[i], slope(3 + i), 1e-9);
    }

    println!("the same in forward mode: each coordinate of the end by σ, ρ and β");
    for (j, name) in ["σ", "ρ", "β"].iter().enumerate() {
        let mut params_dot = [0.0; 3];
        params_dot[j] = 1.0;
        let (_, end_dot) = jvp_trajectory(start, params, STEPS, [0.0; 3], params_dot);
        for (i, coordinate) in ["x", "y", "z"].iter().enumerate() {
            table.line(&format!("∂{coordinate}/∂{name}"), end_dot[i], variations[i][3 + j], 1e-9);
        }
    }

    println!("Newton's iteration for √a: the derivative is 1/(2√a)");
    for a in [1e-3, 0.5, 1.0, 2.0, 1e6] {
        // At 1 there is no trip at all: the constant 1 is what ran, and its derivative is 0.
        let expected = if a == 1.0 { 0.0 } else { 0.5 / f64::sqrt(a) };
        table.line(&format!("a = {a:e}"), grad_root(a), expected, 1e-11);
    }

    let primal = least_time(|| distance2(black_box(start), black_box(params), STEPS));
    let gradient =
        least_time(|| value_and_grad_distance2(black_box(start), black_box(params), STEPS));
    println!(
        "time: f {primal:.2?}, f and its gradient {gradient:.2?}, {:.2} times as much",
        gradient.as_secs_f64() / primal.as_secs_f64()
    );
    if table.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// By hand, for comparison: the end, and its derivatives by start and parameters (3 rows of 6),
/// which obey the linearised system. Runge-Kutta steps of that are the derivatives of
/// Runge-Kutta steps.
fn variational(start: [f64; 3], params: [f64; 3]) -> ([f64; 3], [[f64; 6]; 3]) {
    let [sigma, rho, beta] = params;
    let velocity = |s: &[[f64; 7]; 3]| -> [[f64; 7]; 3] {
        let [x, y, z] = [s[0][0], s[1][0], s[2][0]];
        let mut v = [[0.0; 7]; 3];
        v[0][0] = sigma * (y - x);
        v[1][0] = x * (rho - z) - y;
        v[2][0] = x * y - beta * z;
        for j in 1..7 {
            let [dx, dy, dz] = [s[0][j], s[1][j], s[2][j]];
            v[0][j] = sigma * (dy - dx);
            v[1][j] = dx * (rho - z) - x * dz - dy;
            v[2][j] = dx * y + x * dy - beta * dz;
        }
        v[0][4] += y - x;
        v[1][5] += x;
        v[2][6] -= z;
        v
    };
    let ahead = |s: &[[f64; 7]; 3], v: &[[f64; 7]; 3], time: f64| -> [[f64; 7]; 3] {
        std::array::from_fn(|i| std::array::from_fn(|j| s[i][j] + time * v[i][j]))
    };
    let mut s = [[0.0; 7]; 3];
    for i in 0..3 {
        s[i][0] = start[i];
        s[i][1 + i] = 1.0;
    }
    for _ in 0..STEPS {
        let k1 = velocity(&s);
        let k2 = velocity(&ahead(&s, &k1, 0.5 * STEP));
        let k3 = velocity(&ahead(&s, &k2, 0.5 * STEP));
        let k4 = velocity(&ahead(&s, &k3, STEP));
        for (k, weight) in [(k1, 1.0), (k2, 2.0), (k3, 2.0), (k4, 1.0)] {
            s = ahead(&s, &k, weight * STEP / 6.0);
        }
    }
    let columns = s.map(|row| std::array::from_fn(|j| row[1 + j]));
    (s.map(|row| row[0]), columns)
}

/// The least of many runs: what else the machine does can only add to it.
fn least_time<R>(f: impl Fn() -> R) -> Duration {
    let run = || {
        let clock = Instant::now();
        black_box(f());
        clock.elapsed()
    };
    (0..101).map(|_| run()).min().unwrap_or_default()
}

struct Table {
    wrong: usize,
}

impl Table {
    fn line(&mut self, what: &str, computed: f64, expected: f64, tolerance: f64) {
        // Written so that NaN is wrong.
        let right = (computed - expected).abs() <= tolerance * expected.abs();
        self.wrong += usize::from(!right);
        let mark = if right { "" } else { "  <-- WRONG" };
        println!("   {what:<10} computed {computed:>22.14}   expected {expected:>22.14}{mark}");
    }
}
