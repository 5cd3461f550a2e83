//! Lists of lists: moved, copied, taken out and collected.

use super::*;

#[differentiable]
fn copies(m: &[Vec<f64>]) -> f64 {
    let mut n = m.to_vec();
    let mut s = 0.0;
    // What is done to a copy does not reach the list.
    for mut row in n.iter().cloned() {
        row[0] *= 2.0;
        s += row[0] * row[1];
    }
    for mut row in n.clone() {
        row[1] *= 2.0;
        s += row[0] * row[1];
    }
    let last = n
        .iter()
        .cloned()
        .map(|mut r| {
            r[0] = 1.0;
            r.push(2.0);
            r[0] * r[1] * r[2]
        })
        .sum::<f64>();
    let some: Vec<Vec<f64>> = n.iter().take(2).cloned().collect();
    n[0][0] = 3.0 * s;
    let old = std::mem::replace(&mut n[1], vec![s, s]);
    let taken = std::mem::take(&mut n[0]);
    n[2][0] += taken[0] * taken[1];
    n[0] = taken;
    let turned: Vec<Vec<f64>> = n.into_iter().rev().collect();
    s * last + some[0][1] * old[0] * turned[2][0] + turned[1][1] * turned[0][0]
}

#[differentiable]
fn array_of_lists(a: [Vec<f64>; 2]) -> f64 {
    let [mut p, q] = a.clone();
    p[0] = 3.0 * q[0];
    let [ref r, ref t] = a;
    let mut s = p[0] * r[0] * t[1];
    for mut v in a {
        v[0] += 1.0;
        s *= v[0];
    }
    s
}

#[differentiable]
fn pairs(a: Vec<(Vec<f64>, f64)>) -> f64 {
    let mut s = 1.0;
    for (v, w) in &a {
        s += v[0] * w;
    }
    for (v, w) in a.clone() {
        s *= v[1] * w;
    }
    let (first, w0) = a[0].clone();
    for (i, (v, w)) in a.into_iter().enumerate() {
        s += v.iter().sum::<f64>() * w * i as f64;
    }
    s + first[0] * w0
}

/// What a closure collects into is told by what its values are collected into.
#[differentiable]
fn collected(m: &[Vec<f64>], x: &[f64]) -> (Vec<f64>, f64) {
    let squares: Vec<Vec<f64>> = m.iter().map(|r| r.iter().map(|v| v * v).collect()).collect();
    let turned: Vec<Vec<f64>> = (0..2)
        .map(|j| {
            let column = j;
            (0..3).map(|i| m[i][column]).collect()
        })
        .collect();
    let some: Vec<Vec<f64>> = m
        .iter()
        .enumerate()
        .map(|(i, r)| if i == 0 { r.iter().map(|v| v.exp()).collect() } else { r.clone() })
        .collect();
    let normalised = |r: &[f64]| -> Vec<f64> {
        let n: f64 = r.iter().map(|v| v * v).sum();
        r.iter().map(|v| v / n.sqrt()).collect()
    };
    let w = normalised(&turned[0]);
    (x.iter().map(|v| v + w[0]).collect(), some[0][0] * squares[2][1] + turned[1][2] * w[1])
}

#[differentiable]
fn listed(x: &[f64]) -> Vec<Vec<f64>> {
    vec![x.iter().map(|v| v.sin()).collect(), x.iter().rev().cloned().collect(), x.to_vec()]
}

gradient_test! {
    copies: (ref vec![vec![1.0, 2.0], vec![0.5, 1.5], vec![3.0, 0.1]]);
    array_of_lists: ([vec![1.0, 2.0], vec![0.5, 1.5]]);
    pairs: (vec![(vec![1.0, 2.0], 3.0), (vec![0.5, 1.5], 2.0)]);
}
pullback_test! {
    collected: (ref vec![vec![1.0, 2.0], vec![0.5, 1.5], vec![3.0, 0.1]], ref vec![1.0, 3.0]);
    listed: (ref vec![0.7, -1.2, 0.4]);
}
