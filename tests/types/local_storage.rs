use super::*;

#[differentiable]
fn vectors(x: &[f64]) -> f64 {
    let n = x.len();
    let mut v = vec![0.0; n];
    let mut w = Vec::new();
    for i in 0..n {
        v[i] = x[i] * x[n - 1 - i];
        w.push(v[i] * x[0]);
    }
    let u = v.clone();
    for i in 0..n {
        v[i] *= w[i];
    }
    let mut sum = 0.0;
    for i in 0..n {
        sum += v[i] * u[i] + w[n - 1 - i];
    }
    sum
}

#[differentiable]
fn vector_in_a_loop(x: &[f64], rounds: usize) -> f64 {
    let mut total = 0.0;
    for k in 0..rounds {
        let mut v = vec![0.0; x.len()];
        for i in 0..x.len() {
            v[i] = x[i] + total;
            if i > 0 {
                v[i] *= v[i - 1];
            }
        }
        for value in &v {
            total += value * 0.1 * (k + 1) as f64;
        }
    }
    total
}

#[differentiable]
fn array_in_a_loop(x: [f64; 3], rounds: usize) -> f64 {
    let mut state = x;
    let mut total = 0.0;
    for _ in 0..rounds {
        let mut next = [0.0; 3];
        for i in 0..3 {
            next[i] = state[(i + 1) % 3] * state[i] + 0.1;
        }
        state = next;
        total += state[0] * state[2];
    }
    total
}

#[differentiable]
fn ping_pong(x: &[f64], rounds: usize) -> f64 {
    let mut a = x.to_vec();
    let mut b = vec![0.0; x.len()];
    for _ in 0..rounds {
        for i in 0..a.len() {
            b[i] = 0.5 * a[i] + a[(i + 1) % a.len()] * a[i];
        }
        std::mem::swap(&mut a, &mut b);
    }
    let mut sum = 0.0;
    for v in &a {
        sum += v * v;
    }
    sum + b[0]
}

#[differentiable]
fn moved_vector(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v[0] *= 2.0;
    let mut w = v;
    w[0] *= w[1];
    v = vec![w[0]; 2];
    v[0] *= w[1];
    v[0] * v[1]
}

#[differentiable]
fn matrix(x: &[f64], n: usize) -> f64 {
    let mut m = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..n {
            m[i][j] = x[i] * x[j] + (i + j) as f64;
        }
    }
    let mut sum = 0.0;
    for i in 0..n {
        m[i][0] = m[0][i] * m[i][i];
        sum += m[i][0] + m[n - 1][i] * m[i][0];
    }
    sum
}

#[differentiable]
fn literals(x: f64) -> f64 {
    let v = vec![x, x * x, 1.0];
    let m = [[x, 1.0], [v[1], v[0]]];
    let t = vec![vec![x; 2], vec![], vec![v[2]]];
    m[0][0] * m[1][1] + t[0][1] * t[2][0] + v.len() as f64 * x
}

#[differentiable]
fn fills(x: f64) -> f64 {
    let mut v = [0.0; 4];
    v.fill(x * x);
    v[1] = x;
    let mut w = vec![1.0; 4];
    w.copy_from_slice(&v);
    w[2..].fill(v[1]);
    v[..2].copy_from_slice(&w[2..4]);
    v[0] * v[2] + w[1] * w[3]
}

#[differentiable]
fn grown(x: f64, n: usize) -> Vec<f64> {
    let mut v = vec![x];
    for i in 0..n {
        let last = v[v.len() - 1];
        v.push(last * x + v[i]);
    }
    v
}

gradient_test! {
    vectors: (ref vec![0.7, -1.2, 0.4]);
    vector_in_a_loop: (ref vec![0.7, -1.2, 0.4], const 3), (ref vec![0.7], const 0);
    array_in_a_loop: ([0.7, -1.2, 0.4], const 4), ([0.7, -1.2, 0.4], const 0);
    ping_pong: (ref vec![0.7, -1.2, 0.4], const 3), (ref vec![0.7, -1.2, 0.4], const 2);
    moved_vector: (ref vec![0.7, -1.2]);
    matrix: (ref vec![0.7, -1.2, 0.4], const 3);
    literals: (0.7);
    fills: (0.7);
}
pullback_test! { grown: (0.7, const 3), (0.7, const 0); }
