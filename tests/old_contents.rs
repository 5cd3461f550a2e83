//! What lists held before they were overwritten, whatever happens to them in between.

#![allow(clippy::needless_range_loop)]

use autodiff::{Workspace, differentiable};

/// Lengths change between keeping and putting back.
#[differentiable(order = 2)]
fn growing(x: &[f64], rounds: usize) -> f64 {
    let mut v = x.to_vec();
    let mut sum = 0.0;
    for r in 0..rounds {
        for i in 0..v.len() {
            sum += v[i] * v[i] * x[0];
        }
        let first = v[0];
        v.fill(first.sin());
        v.push(sum * 0.1);
        if r % 3 == 2 {
            v = x.to_vec();
        }
        for i in 0..v.len() {
            sum += v[i] * v[i];
        }
    }
    sum
}

/// Parts whose bounds change with every trip.
#[differentiable(order = 2)]
fn parts(x: &[f64]) -> f64 {
    let n = x.len();
    let mut v = x.to_vec();
    let mut w = x.to_vec();
    let mut sum = 0.0;
    for k in 1..n {
        sum += v[k] * v[k - 1] * w[n - k];
        v[..k].copy_from_slice(&w[n - k..]);
        w[k..].fill(sum);
        sum += v[0] * v[0] * w[n - 1];
    }
    sum * w[n - 1] * v[0]
}

/// Under conditions, in loops that are left early.
#[differentiable(order = 2)]
fn conditional(x: &[f64], limit: f64) -> f64 {
    let mut v = x.to_vec();
    let mut sum = 0.0;
    let mut r = 0;
    while r < 20 {
        for j in 0..v.len() {
            sum += v[j] * v[j] * v[j];
            if j % 2 == r % 2 {
                let w = v[j].cos();
                v.fill(w);
            }
        }
        if sum > limit {
            break;
        }
        r += 1;
    }
    sum * v[0]
}

#[differentiable]
fn single(x: &[f32]) -> f32 {
    let mut v = x.to_vec();
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += v[i] * v[0];
        v.fill(sum * 0.5);
    }
    sum + v[0] * v[1]
}

/// Flags and positions that the reverse sweep asks for.
#[differentiable]
fn discrete(x: &[f64]) -> f64 {
    let n = x.len();
    let mut flags = vec![false; n];
    let mut at: Vec<usize> = vec![0; n];
    let mut sum = 1.0;
    for i in 0..n {
        for j in 0..n {
            if flags[j] {
                sum *= x[at[j]].exp();
            } else {
                sum += x[at[j]] * sum;
            }
        }
        flags.fill(i % 2 == 0);
        at.fill(i);
    }
    sum
}

/// Lists of arrays, and lists of lists.
#[differentiable]
fn nested(x: &[f64]) -> f64 {
    let mut pairs: Vec<[f64; 2]> = vec![[0.0; 2]; x.len()];
    let mut rows: Vec<Vec<f64>> = vec![vec![0.0; 2]; x.len()];
    let mut sum = 1.0;
    for i in 0..x.len() {
        pairs[i] = [x[i], sum];
        rows[i][1] = x[i] * sum;
        for j in 0..=i {
            sum += pairs[j][0] * pairs[j][1] + rows[j][1] * rows[j][1];
        }
        let last = pairs[i];
        pairs.fill([last[1].sin(), last[0]]);
        let row = rows[i].clone();
        rows.fill(row);
    }
    sum
}

#[differentiable]
fn scale(v: &mut [f64], by: &mut [f64]) {
    for i in 0..v.len() {
        v[i] = v[i] * v[i] * by[0];
        by[0] = by[0].sin() + v[i];
    }
}

/// Calls that read what they overwrite, the outcome of which earlier statements have read.
#[differentiable]
fn handed(v: &mut [f64], by: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for _ in 0..3 {
        sum += v[0] * by[0] * v[1];
        scale(v, by);
        sum += v[0] * by[0] * v[1];
        scale(&mut v[1..], by);
        by.fill(sum * 0.1);
    }
    sum
}

#[differentiable]
fn calls(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut by = x.to_vec();
    let mut sum = 0.0;
    for i in 0..2 {
        sum += v[i] * by[0];
        sum += handed(&mut v, &mut by);
        sum += v[0] * v[1] * by[1];
    }
    sum
}

/// By forward mode, which keeps nothing.
fn by_tangents(x: &[f64], jvp: impl Fn(&[f64], &[f64]) -> (f64, f64)) -> Vec<f64> {
    let mut direction = vec![0.0; x.len()];
    let mut gradient = Vec::new();
    for i in 0..x.len() {
        direction[i] = 1.0;
        gradient.push(jvp(x, &direction).1);
        direction[i] = 0.0;
    }
    gradient
}

#[track_caller]
fn assert_near(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    let scale = a.iter().fold(1.0, |max: f64, a| max.max(a.abs()));
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= tolerance * scale, "{a} and {b}");
    }
}

const X: [f64; 5] = [0.3, -0.7, 0.9, 0.2, -0.4];

#[test]
fn they_are_put_back() {
    let mut workspace = Workspace::new();
    for _ in 0..3 {
        workspace.run(|| {
            for rounds in 0..8 {
                let expected = by_tangents(&X, |x, v| jvp_growing(x, rounds, v));
                assert_near(&grad_growing(&X, rounds), &expected, 1e-12);
                assert_near(&vjp_growing(&X, rounds).1(1.0), &expected, 1e-12);
            }
            assert_near(&grad_parts(&X), &by_tangents(&X, jvp_parts), 1e-12);
            assert_near(&vjp_parts(&X).1(1.0), &by_tangents(&X, jvp_parts), 1e-12);
            for limit in [-10.0, 0.1, 3.0, 100.0] {
                let jvp = |x: &[f64], v: &[f64]| jvp_conditional(x, limit, v, 0.0);
                assert_near(&grad_conditional(&X, limit).0, &by_tangents(&X, jvp), 1e-12);
            }
            assert_near(&grad_discrete(&X), &by_tangents(&X, jvp_discrete), 1e-12);
            assert_near(&grad_nested(&X), &by_tangents(&X, jvp_nested), 1e-12);
            assert_near(&grad_calls(&X), &by_tangents(&X, jvp_calls), 1e-12);
            assert_near(&vjp_calls(&X).1(1.0), &by_tangents(&X, jvp_calls), 1e-12);
            let x = X.map(|x| x as f32);
            let single: Vec<f64> = grad_single(&x).iter().map(|g| f64::from(*g)).collect();
            let jvp = |x: &[f64], v: &[f64]| {
                let [x, v] = [x, v].map(|x| x.iter().map(|x| *x as f32).collect::<Vec<_>>());
                let (value, tangent) = jvp_single(&x, &v);
                (f64::from(value), f64::from(tangent))
            };
            assert_near(&single, &by_tangents(&X, jvp), 1e-5);
        });
    }
}

#[test]
fn their_tangents_are_put_back_too() {
    let v = [0.5, 0.1, -0.3, 0.8, 0.2];
    let near = |h: f64| -> Vec<f64> { X.iter().zip(v).map(|(x, v)| x + h * v).collect() };
    let difference = |f: &dyn Fn(&[f64]) -> Vec<f64>| -> Vec<f64> {
        let h = 1e-5;
        let (above, below) = (f(&near(h)), f(&near(-h)));
        above.iter().zip(below).map(|(a, b)| (a - b) / (2.0 * h)).collect()
    };
    let mut workspace = Workspace::new();
    for _ in 0..3 {
        workspace.run(|| {
            for rounds in 0..8 {
                let expected = difference(&|x| grad_growing(x, rounds));
                assert_near(&expected, &hvp_growing(&X, rounds, &v), 1e-7);
            }
            assert_near(&difference(&grad_parts), &hvp_parts(&X, &v), 1e-7);
            let expected = difference(&|x| grad_conditional(x, 3.0).0);
            assert_near(&expected, &hvp_conditional(&X, 3.0, &v, 0.0).0, 1e-7);
        });
    }
}

#[test]
fn a_panic_on_the_way_does_no_harm() {
    let mut workspace = Workspace::new();
    let expected = grad_parts(&X);
    for _ in 0..3 {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            // There is no first element.
            workspace.run(|| grad_growing(&[], 2))
        }));
        assert!(result.is_err());
        assert_eq!(workspace.run(|| grad_parts(&X)), expected);
    }
}
