use super::*;

#[differentiable]
fn by_reference(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    for v in x.iter() {
        sum *= v.sin() + *v;
    }
    for &v in x {
        sum += v * sum;
    }
    for v in x.iter().copied() {
        sum = sum.cos() * v;
    }
    for v in x.iter().rev() {
        sum = sum * 0.5 + v.exp() * sum;
    }
    sum
}

#[differentiable]
fn enumerated(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, v) in x.iter().enumerate() {
        sum = sum * v + v.powi(i as i32);
    }
    for (i, &v) in x.iter().enumerate().rev() {
        sum += v * (i as f64).sin() * sum;
    }
    sum
}

#[differentiable]
fn zipped(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in x.iter().zip(y) {
        sum += a * b;
        sum *= a;
    }
    for (a, (&b, c)) in x.iter().zip(y.iter().zip(x.iter().rev())) {
        sum += a * b * c;
    }
    for (i, (a, b)) in x.iter().zip(y.iter()).enumerate() {
        sum += a / (b * b + 1.0 + i as f64);
    }
    sum
}

#[differentiable]
fn mutable(x: &mut [f64], s: f64) {
    for v in x.iter_mut() {
        *v *= s;
        *v = v.sin() * *v;
    }
    for v in &mut *x {
        *v += s * *v;
    }
    for (i, v) in x.iter_mut().enumerate() {
        *v = *v * i as f64 + s;
    }
    for v in x.iter_mut().rev() {
        *v /= s;
    }
}

#[differentiable]
fn mutable_zip(y: &mut [f64], x: &[f64], s: f64) {
    for (a, b) in y.iter_mut().zip(x) {
        *a += s * b;
        *a *= *b;
    }
    for (a, &b) in y.iter_mut().zip(x.iter().rev()) {
        *a = a.max(b) * b;
    }
}

#[differentiable]
fn chunks(x: &[f64]) -> f64 {
    let mut total = 1.0;
    for row in x.chunks_exact(2) {
        total += row[0] * row[1] * total;
    }
    for (i, row) in x.chunks_exact(3).enumerate() {
        for v in row {
            total += v.sin() * i as f64;
        }
    }
    total
}

#[differentiable]
fn mutable_chunks(x: &mut [f64], s: f64) {
    for row in x.chunks_exact_mut(2) {
        let t = row[0];
        row[0] = row[1] * s;
        row[1] = t * row[0];
    }
}

#[differentiable]
fn windows(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for w in x.windows(2) {
        let d = w[1] - w[0];
        sum += d * d;
        sum *= 1.0 + 0.1 * w[0];
    }
    sum
}

#[differentiable]
fn skip_and_take(x: &[f64], k: usize) -> f64 {
    let mut sum = 0.5;
    for v in x.iter().skip(k) {
        sum = sum * v + v;
    }
    for v in x.iter().take(k) {
        sum += sum.sin() * v;
    }
    sum
}

#[differentiable]
fn vector_by_value(x: Vec<f64>) -> f64 {
    let mut sum = 1.0;
    for v in x {
        sum *= v + 0.2;
    }
    sum
}

#[differentiable]
fn array_by_value(x: [f64; 4]) -> f64 {
    let mut sum = 1.0;
    for v in x {
        sum = sum * v + v.sin();
    }
    for [a, b] in [[x[0], x[1]], [x[2], x[3]]] {
        sum += a * b;
    }
    sum
}

#[differentiable]
fn rows(m: &[[f64; 2]; 3]) -> f64 {
    let mut sum = 0.0;
    for row in m {
        let mut p = 1.0;
        for v in row {
            p *= v;
        }
        sum += p.sin();
    }
    for [a, b] in m {
        sum += a / b;
    }
    sum
}

#[differentiable]
fn rows_of_vectors(m: &[Vec<f64>]) -> f64 {
    let mut sum = 0.0;
    for row in m.iter() {
        for (j, v) in row.iter().enumerate() {
            sum += v * v * j as f64;
        }
    }
    for (i, row) in m.iter().enumerate() {
        for j in 0..row.len() {
            sum *= 1.0 + m[i][j] * 0.1;
        }
    }
    sum
}

#[differentiable]
fn chains(x: &[f64], y: &[f64]) -> f64 {
    let dot: f64 = x.iter().zip(y).map(|(a, b)| a * b).sum();
    let squares = x.iter().map(|v| v * v).sum::<f64>();
    let product: f64 = y.iter().map(|v| 1.0 + v * v).product();
    let horner = x.iter().rev().fold(0.0, |acc, c| acc * squares + c);
    let total: f64 = x.iter().sum();
    let steps: f64 = x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
    dot * squares + product.ln() * horner + total * steps
}

#[differentiable]
fn chains_over_ranges(x: &[f64]) -> f64 {
    let a: f64 = (0..x.len()).map(|i| x[i] * i as f64).sum();
    let b = (1..x.len()).map(|i| x[i] * x[i - 1]).fold(a, |m, v| m.max(v));
    let c: f64 = x.iter().enumerate().map(|(i, v)| v.powi(i as i32 + 1)).sum();
    a * b + c
}

#[differentiable]
fn collected(x: &[f64]) -> f64 {
    let y: Vec<f64> = x.iter().map(|v| v.sin()).collect();
    let z = y.iter().zip(x).map(|(a, b)| a * b).collect::<Vec<_>>();
    let mut sum = 0.0;
    for i in 0..z.len() {
        sum += z[i] * y[i];
    }
    sum
}

#[differentiable]
fn for_each(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    x.iter().for_each(|v| sum += v * v);
    sum
}

#[differentiable]
fn log_sum_exp(x: &[f64]) -> f64 {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = x.iter().map(|v| (v - largest).exp()).sum();
    largest + sum.ln()
}

#[differentiable]
fn softmax(x: &[f64]) -> Vec<f64> {
    let mut largest = x[0];
    for &v in x {
        largest = largest.max(v);
    }
    let mut out: Vec<f64> = x.iter().map(|v| (v - largest).exp()).collect();
    let sum: f64 = out.iter().sum();
    for v in out.iter_mut() {
        *v /= sum;
    }
    out
}

gradient_test! {
    by_reference: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
    enumerated: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
    zipped: (ref vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2, -0.5]), (ref vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2]), (ref vec![0.7], ref vec![1.3, 0.2]), (ref vec![], ref vec![1.0]);
    chunks: (ref vec![0.7, -1.2, 0.4, 0.3, 0.9, 1.4, 2.0]), (ref vec![0.7]);
    windows: (ref vec![0.7, -1.2, 0.4, 0.3]), (ref vec![0.7]), (ref vec![]);
    skip_and_take: (ref vec![0.7, -1.2, 0.4, 0.3], const 2), (ref vec![0.7, -1.2], const 5), (ref vec![0.7, -1.2], const 0);
    vector_by_value: (vec![0.7, -1.2, 0.4]), (vec![]);
    array_by_value: ([0.7, -1.2, 0.4, 0.3]);
    rows: (ref [[0.7, -1.2], [0.4, 0.3], [1.1, 0.9]]);
    rows_of_vectors: (ref vec![vec![0.7, -1.2], vec![], vec![0.4, 0.3, 1.1]]), (ref vec![]);
    chains: (ref vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2, -0.5]), (ref vec![], ref vec![]);
    chains_over_ranges: (ref vec![0.7, -1.2, 0.4]);
    collected: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
    for_each: (ref vec![0.7, -1.2, 0.4]);
    log_sum_exp: (ref vec![0.7, -1.2, 0.4]);
}
pullback_test! { softmax: (ref vec![0.7, -1.2, 0.4]); }
inplace_test! {
    mutable: (mut vec![0.7, -1.2, 0.4], 1.3), (mut vec![], 1.3);
    mutable_zip: (mut vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2, -0.5], 0.6), (mut vec![0.7, -1.2, 0.4], ref vec![1.3], 0.6);
    mutable_chunks: (mut vec![0.7, -1.2, 0.4, 0.3, 0.9], 1.3), (mut vec![0.7], 1.3);
}
