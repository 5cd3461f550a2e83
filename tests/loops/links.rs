//! Chains of several links: what maps, filters and their like do to each other.

use super::*;

/// What is mapped before it is zipped, counted, skipped or stepped stays mapped.
#[differentiable]
fn mapped_ranges(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, v) in (0..4).map(|i| i * 2).zip(x) {
        s += v * i as f64;
    }
    for (i, v) in (0..4usize).map(|i| (i + 1) % 4).enumerate() {
        s += x[v] * i as f64;
    }
    for i in (0..4usize).map(|i| (i + 1) % 4).skip(1) {
        s += x[i] * s;
    }
    for i in (0..4usize).map(|i| (i + 1) % 4).take(2) {
        s *= x[i];
    }
    for i in (0..4usize).map(|i| (i + 1) % 4).step_by(2) {
        s += x[i];
    }
    for i in (0..4usize).rev().map(|i| (i + 1) % 4).step_by(2) {
        s += x[i] * s;
    }
    let last = (1..9usize)
        .rev()
        .step_by(2)
        .map(|i| x[i % 4])
        .zip(x)
        .map(|(a, b)| a * b)
        .rev()
        .fold(0.5, |a, b| a * 0.7 + b);
    s + last
}

/// What a filter looks at is made once.
#[differentiable(order = 2)]
fn filtered_maps(x: &[f64], t: f64) -> f64 {
    let a = x.iter().map(|v| v * t).filter(|v| *v > 3.0).sum::<f64>();
    let mut acc = 0.0;
    let b: f64 = x
        .iter()
        .map(|v| {
            acc += v * v;
            acc * t
        })
        .filter(|&v| v > 1.9)
        .map(|v| v * v)
        .sum();
    let mut n = 0.0;
    let c: f64 = x
        .iter()
        .map(|v| {
            n += v;
            n * v
        })
        .enumerate()
        .filter(|(i, v)| i % 2 == 0 || *v > 1.3)
        .map(|(i, v)| v * i as f64)
        .sum();
    let d = x.windows(2).map(|w| &w[1..]).filter(|w| w[0] > 0.6).map(|w| w[0] * t).sum::<f64>();
    let e = (0..x.len())
        .map(|i| (i * 2) % 5)
        .filter(|i| *i < x.len())
        .map(|i| x[i])
        .fold(0.1, |s, v| s * v + 0.3);
    a + b * n + acc * c + d * e
}

#[differentiable(order = 2)]
fn taken_while(x: &[f64], t: f64) -> f64 {
    let mut s = x.iter().take_while(|v| **v < t).map(|v| v * v).sum::<f64>();
    for v in x.iter().copied().take_while(|&v| v < t) {
        s = s * 0.5 + v * t;
        if s > 100.0 {
            break;
        }
    }
    for (i, v) in x.iter().enumerate().take_while(|(i, _)| *i < 3).filter(|(_, v)| **v > 0.7) {
        if i == 1 {
            continue;
        }
        s += v * i as f64;
    }
    let sines: Vec<f64> = x.iter().map(|v| v.sin()).take_while(|v| *v > 0.2).collect();
    let n: f64 = (1..).take_while(|i| i * i < 20).map(|i| i as f64 * s).sum();
    s + sines.iter().sum::<f64>() + n
}

#[differentiable(order = 2)]
fn uneven_chunks(x: &[f64], k: usize) -> f64 {
    let mut s = 0.0;
    for c in x.chunks(k) {
        let mean = c.iter().sum::<f64>() / c.len() as f64;
        s += c.iter().map(|v| (v - mean).powi(2)).sum::<f64>() * c[0];
    }
    for (i, c) in x.chunks(k).enumerate().rev() {
        s = s * 0.5 + c[c.len() - 1] * i as f64;
    }
    let mut y = x.to_vec();
    for c in y.chunks_mut(k) {
        let first = c[0];
        for v in c.iter_mut() {
            *v *= first;
        }
    }
    for (c, d) in y.chunks_mut(2).zip(x.chunks(2)) {
        c[0] += d[0] * d[d.len() - 1];
    }
    s * x.chunks(2).map(|c| c.iter().product::<f64>()).sum::<f64>() + y.iter().sum::<f64>()
}

#[differentiable(order = 2)]
fn selected(x: &[f64]) -> f64 {
    let a = x.iter().cloned().reduce(f64::max).unwrap();
    let b = x.iter().copied().reduce(|a, b| a * 0.5 + b).unwrap();
    let c = x.iter().map(|v| v * v).reduce(|a, b| a.min(b)).expect("some");
    let d = *x.iter().max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap();
    let e = x.iter().copied().min_by(f64::total_cmp).unwrap();
    let f = x.iter().map(|v| v.sin()).max_by(|a, b| a.total_cmp(b)).unwrap();
    let m = x.iter().min_by(|a, b| b.abs().total_cmp(&a.abs())).unwrap();
    a * b + c * d * d + e * f * f + m * m
}

#[differentiable(order = 2)]
fn flattened(m: &[Vec<f64>]) -> f64 {
    let s: f64 = m.iter().flat_map(|row| row.iter()).map(|v| v.tanh()).sum();
    let t = m.iter().flatten().fold(0.4, |a, &b| a * 0.5 + b);
    let mut u = 0.0;
    for v in m.iter().flatten() {
        if *v > 1.7 {
            continue;
        }
        u += v * s;
    }
    // The closure's `s` is not that of the body.
    for v in m.iter().flat_map(|s| s.iter().map(|v| v * s[0])) {
        u += v * s;
    }
    let squares: Vec<f64> =
        m.iter().flat_map(|r| r.iter().map(|v| v * v)).filter(|v| *v > 0.2).collect();
    for (i, v) in m.iter().enumerate().flat_map(|(i, r)| r.iter().map(move |v| (i, v))) {
        u += v * i as f64;
    }
    let p: f64 = (0..m.len())
        .flat_map(|i| (0..m[i].len()).map(move |j| (i, j)))
        .map(|(i, j)| m[i][j] * (i + j) as f64)
        .sum();
    m.iter().flatten().for_each(|v| {
        if *v < 0.4 {
            return;
        }
        u += v * p;
    });
    s * t + u + squares.iter().sum::<f64>() * m.iter().flatten().count() as f64
}

#[differentiable(order = 2)]
fn scanned(x: &[f64]) -> f64 {
    let sums: Vec<f64> = x
        .iter()
        .scan(0.0, |sum, &v| {
            *sum += v;
            Some(*sum)
        })
        .collect();
    let d: f64 = x
        .iter()
        .enumerate()
        .scan(1.0, |s, (i, v)| {
            *s = *s * 0.5 + v * i as f64;
            Some(*s * v)
        })
        .map(|v| v.sin())
        .sum();
    let mut e = 0.0;
    for (i, v) in x.iter().scan(1.0, |p, v| Some(*p * v)).enumerate() {
        if i == 2 {
            break;
        }
        e += v * d;
    }
    let pairs: f64 = x
        .windows(2)
        .scan(0.0, |s, w| {
            let t = *s;
            *s = w[0];
            Some(t * w[1])
        })
        .filter(|v| *v > 0.1)
        .sum();
    sums.iter().product::<f64>() + d * e + pairs
}

/// Inactive chains of other kinds are left as they are.
#[differentiable]
fn other_chains(x: &[f64], n: usize) -> f64 {
    let lengths: Vec<usize> =
        ["a b", "c"].iter().flat_map(|l| l.split(' ').map(|w| w.len())).collect();
    let indices: Vec<usize> = (0..n)
        .flat_map(|i| vec![i; 2])
        .scan(0, |s, i| {
            *s += i;
            Some(*s % 4)
        })
        .collect();
    let mut s = x[1];
    for &i in &indices {
        s = s * 0.5 + x[i] * lengths.len() as f64;
    }
    s
}

#[test]
#[should_panic(expected = "empty")]
fn nothing_to_select() {
    grad_selected(&[]);
}

/// `return` in a closure for each item leaves that item, not the function.
#[differentiable]
fn returning_closures(x: &[f64], k: f64) -> f64 {
    let mut out = 0.0;
    for r in 0..2 {
        x.iter().enumerate().for_each(|(i, v)| {
            if i == 3 {
                return;
            }
            for j in 0..3 {
                if i + j > 3 {
                    return;
                }
                out += v * k;
                if j == 1 && i == 0 {
                    return out *= 2.0;
                }
            }
            out -= 0.1;
        });
        if r == 1 && k > 0.3 {
            return out * x[2];
        }
    }
    out
}

gradient_test! {
    mapped_ranges: (ref vec![0.7, -1.2, 0.4, 1.3]);
    filtered_maps: (ref vec![1.0, 2.0, 3.0, 4.0, 0.5], 2.6), (ref vec![1.0, 2.0], 2.6), (ref vec![], 2.6);
    taken_while: (ref vec![1.0, 2.0, 3.0, 4.0, 0.5], 2.6), (ref vec![1.0, 2.0], 2.6), (ref vec![], 2.6);
    uneven_chunks: (ref vec![1.0, 2.0, 3.0, 4.0, 0.5], const 2), (ref vec![1.0, 2.0, 3.0], const 5), (ref vec![], const 5);
    selected: (ref vec![1.0, 2.0, 3.0, 4.0, 0.5]), (ref vec![1.0]), (ref vec![1.1, -2.0]);
    flattened: (ref vec![vec![1.0, 2.0], vec![0.5, 1.5, 0.3], vec![]]), (ref vec![]);
    scanned: (ref vec![1.0, 2.0, 0.5, 0.7]), (ref vec![]);
    other_chains: (ref vec![1.0, 2.0, 0.5, 0.7], const 3);
    returning_closures: (ref vec![0.7, -1.2, 0.4, 1.3], 0.5), (ref vec![0.7, -1.2, 0.4, 1.3], 0.2);
}
hvp_test! {
    filtered_maps: (ref vec![1.0, 2.0, 3.0, 4.0, 0.5], 2.6);
    taken_while: (ref vec![1.0, 2.0, 3.0, 4.0, 0.5], 2.6);
    uneven_chunks: (ref vec![1.0, 2.0, 3.0, 4.0, 0.5], const 2);
    selected: (ref vec![1.0, 2.0, 3.0, 4.0, 0.5]);
    flattened: (ref vec![vec![1.0, 2.0], vec![0.5, 1.5, 0.3], vec![]]);
    scanned: (ref vec![1.0, 2.0, 0.5, 0.7]);
}
