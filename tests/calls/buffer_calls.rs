use super::*;
use crate::geometry::{dot, scale};

#[differentiable]
fn scale_local(x: [f64; 3], s: f64) -> f64 {
    let mut v = x;
    scale(&mut v, s);
    let first = v[0];
    scale(&mut v[1..], first);
    v[0] * v[1] * v[2]
}

#[differentiable]
fn scale_parameter(v: &mut [f64], s: f64) {
    scale(v, s);
    let n = v.len();
    scale(&mut v[..n / 2], s * s);
    scale(v, v[0]);
}

#[differentiable]
fn in_a_loop(v: &mut [f64], factors: &[f64]) -> f64 {
    let mut total = 0.0;
    for f in factors {
        scale(v, *f);
        total += dot(v, v);
        for i in 0..v.len() {
            scale(&mut v[i..i + 1], total.sin());
        }
    }
    total
}

#[differentiable]
fn step(state: &mut [f64; 2], derivative: &mut [f64; 2], h: f64) -> f64 {
    rhs(state, derivative);
    let energy = derivative[0] * derivative[0];
    for i in 0..2 {
        state[i] += h * derivative[i];
    }
    energy
}

#[differentiable]
fn rhs(state: &[f64; 2], derivative: &mut [f64; 2]) {
    derivative[0] = state[1];
    derivative[1] = -state[0].sin() - 0.1 * state[1] * state[1];
}

#[differentiable]
fn integrate(start: [f64; 2], h: f64, steps: usize) -> f64 {
    let mut state = start;
    let mut derivative = [0.0; 2];
    let mut energy = 0.0;
    for _ in 0..steps {
        energy += step(&mut state, &mut derivative, h);
    }
    energy + state[0] * state[1]
}

#[differentiable]
fn bump(x: &mut f64, y: f64) -> f64 {
    let before = *x;
    *x = before * y + 1.0;
    before
}

#[differentiable]
fn scalar_buffers(x: f64, y: f64) -> f64 {
    let mut a = x;
    let p = bump(&mut a, y);
    let q = bump(&mut a, p);
    let mut v = [a, q];
    let y = v[0];
    let r = bump(&mut v[1], y);
    v[1] * r + a
}

#[differentiable]
fn passes_on(x: &mut f64, y: f64) -> f64 {
    let a = bump(x, y);
    let b = bump(x, a);
    a * b
}

#[differentiable]
fn halves(v: &mut [f64]) {
    let middle = v.len() / 2;
    let (left, right) = v.split_at_mut(middle);
    mix(left, right);
    mix(&mut right[..1], &mut left[..1]);
}

#[differentiable]
fn mix(a: &mut [f64], b: &mut [f64]) {
    for (x, y) in a.iter_mut().zip(b.iter_mut()) {
        let t = *x;
        *x = t * *y;
        *y += t;
    }
}

#[differentiable]
fn fill_local(x: &[f64], n: usize) -> f64 {
    let mut work = vec![0.0; n];
    cumulative(x, &mut work);
    let mut again = vec![0.0; n];
    cumulative(&work, &mut again);
    cumulative(&again, &mut work);
    dot(&work, &again)
}

#[differentiable]
fn cumulative(x: &[f64], out: &mut [f64]) {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * x[i];
        out[i] = sum;
    }
}

#[differentiable(wrt(x))]
fn with_scratch(x: &[f64], work: &mut [f64]) -> f64 {
    cumulative(x, work);
    dot(x, &work[..x.len()])
}

#[differentiable]
fn calls_with_scratch(x: &[f64]) -> f64 {
    let mut work = vec![0.0; x.len()];
    with_scratch(x, &mut work) * with_scratch(&x[1..], &mut work)
}

#[differentiable]
fn grow(v: &mut Vec<f64>, x: f64) {
    let n = v.len();
    let last = v[n - 1];
    v.push(last * x);
}

#[differentiable]
fn grows(x: f64, n: usize) -> f64 {
    let mut v = vec![x];
    for _ in 0..n {
        grow(&mut v, x + 1.0);
    }
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += v[i] * v[0];
    }
    sum
}

gradient_test! {
    scale_local: ([0.7, -1.2, 0.4], 1.3);
    integrate: ([0.7, -1.2], 0.1, const 10), ([0.7, -1.2], 0.1, const 0);
    scalar_buffers: (0.7, -1.2);
    fill_local: (ref vec![0.7, -1.2, 0.4], const 3), (ref vec![], const 0);
    calls_with_scratch: (ref vec![0.7, -1.2, 0.4]);
    grows: (0.7, const 3), (0.7, const 0);
}
inplace_test! {
    scale_parameter: (mut vec![0.7, -1.2, 0.4, 1.1], 1.3);
    halves: (mut vec![0.7, -1.2, 0.4, 1.1]), (mut vec![0.7, -1.2, 0.4]);
}
state_test! {
    in_a_loop: (mut vec![0.7, -1.2], ref vec![1.1, 0.8]), (mut vec![0.7], ref vec![]);
    passes_on: (mut 0.7, -1.2);
}
