//! Chains, closures, items and code that is passed through, in combination.

use autodiff::{Real, differentiable};
use autodiff_tests::gradient_test;

#[differentiable]
fn arr(x: [f64; 3], n: usize) -> f64 {
    let y = x.map(|v| v * v);
    let z: [f64; 3] = std::array::from_fn(|i| y[i] + x[2 - i]);
    let w: [f64; 2] = z[1..].try_into().unwrap();
    let mut q = z;
    for v in q {
        q[0] += v * w[0];
    }
    for (i, v) in q.iter_mut().enumerate().skip(1) {
        *v *= (i + n) as f64;
    }
    q[0] * q[2] + w[1] + q.iter().rev().skip(1).map(|v| v.exp()).sum::<f64>()
}
#[differentiable]
fn generic<T: Real>(x: &[T], y: T) -> T {
    let mut s = T::zero();
    let two = T::of(2.0);
    for (i, v) in x.iter().enumerate() {
        s += *v * *v / (T::one() + T::of(i as f64)) * y;
    }
    let m = x.iter().fold(T::of(-1e30), |a, b| a.max(*b));
    let e: T = x.iter().map(|v| (*v - m).exp()).sum();
    if s > two { s.sqrt() * e } else { e.ln() - s }
}
#[differentiable]
fn inactive_stuff(x: &[f64], name: &str) -> f64 {
    let mut idx: Vec<usize> = (0..x.len()).collect();
    idx.sort_by(|a, b| x[*b].partial_cmp(&x[*a]).unwrap());
    let best: usize =
        x.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i).unwrap();
    let mut seen = std::collections::BTreeMap::new();
    for (k, c) in name.chars().enumerate() {
        seen.insert(c, k);
    }
    let mut s = 0.0;
    for (rank, &i) in idx.iter().enumerate() {
        let w = seen.get(&'a').map_or(1.0, |k| *k as f64 + 2.0);
        s += x[i] * w / (rank as f64 + 1.0);
        if let Some(j) = i.checked_sub(1) {
            s -= x[j] * x[i];
        }
        match i.cmp(&best) {
            std::cmp::Ordering::Less => s *= 1.5,
            std::cmp::Ordering::Equal => {
                s += x[best];
                continue;
            }
            _ => {}
        }
        let log = format!("{s:.3} {rank}");
        debug_assert!(!log.is_empty(), "{log}");
    }
    s
}
#[differentiable]
fn recursion(x: f64, n: u32) -> f64 {
    if n == 0 {
        return x;
    }
    let y = recursion(x * 0.9, n - 1);
    y * x + recursion(y, n / 2) * 0.1
}
#[differentiable]
fn nested_fns(x: f64) -> f64 {
    const K: f64 = 1.5;
    static TABLE: [f64; 3] = [1.0, 2.0, 3.0];
    fn sq(t: f64) -> f64 {
        t * t
    }
    fn tri(t: f64, k: usize) -> f64 {
        sq(t) * t + TABLE0[k]
    }
    const TABLE0: [f64; 2] = [0.1, 0.2];
    let s: f64 = TABLE.iter().sum();
    sq(x) * K + tri(x, 1) * TABLE[2] + s * x
}
#[differentiable]
fn hygiene(x: f64, t: f64) -> f64 {
    let y = x * t;
    let x = 2.0 * t;
    y * x + t
}
macro_rules! def {
    ($name:ident, $x:ident, $body:expr) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            let t = $body;
            let r = {
                let $x = t;
                $x * $x
            };
            r + $x
        }
    };
}
def!(made, q, q * 3.0 + q.sin());
#[differentiable]
fn moveclos(x: f64, n: usize) -> f64 {
    let a = x * 2.0;
    let f = move |k: usize, v: f64| a * v + k as f64;
    let mut s = 0.0;
    for i in 0..n {
        let g = |v| f(i, v) * x;
        s += g(s + 1.0);
    }
    (0..n).map(|i| f(i, s)).sum::<f64>() + (0..=n).fold(x, |acc, i| acc * 0.5 + f(i, acc))
}
#[differentiable]
fn mats(a: &[f64], n: usize) -> f64 {
    let m = a.len() / n;
    let mut c = vec![0.0; n * n];
    for (i, ri) in a.chunks_exact(m).enumerate() {
        for (j, rj) in a.chunks_exact(m).enumerate() {
            c[i * n + j] =
                ri.iter().zip(rj).map(|(p, q)| p * q).sum::<f64>() + if i == j { 1.0 } else { 0.0 };
        }
    }
    // Cholesky in place
    for j in 0..n {
        for k in 0..j {
            for i in j..n {
                c[i * n + j] -= c[i * n + k] * c[j * n + k];
            }
        }
        let d = c[j * n + j].sqrt();
        for i in j..n {
            c[i * n + j] /= d;
        }
    }
    (0..n).map(|i| c[i * n + i].ln()).sum::<f64>() * 2.0
}
#[differentiable]
fn stacky(x: f64, which: usize) -> f64 {
    let progs = [vec![0, 1, 2, 3, 0], vec![0, 3, -1], vec![0, 1, 9], vec![]];
    let prog: &[i32] = &progs[which];
    let mut regs = [x, x * x, 1.0];
    let mut pc = 0;
    let mut steps = 0;
    'run: loop {
        if pc >= prog.len() || steps > 50 {
            break;
        }
        steps += 1;
        match prog[pc] {
            0 => regs[0] += regs[1],
            1 => {
                let [a, b, ..] = regs;
                regs[2] = a * b;
            }
            2 => regs.swap(0, 2),
            k @ 3..=5 => {
                if regs[0].abs() > 3.0 {
                    break 'run;
                }
                regs[1] = regs[1].sin() * k as f64;
            }
            -1 => {
                pc = 0;
                regs[0] *= 0.7;
                continue;
            }
            _ => return regs[2],
        }
        pc += 1;
    }
    regs.iter().sum()
}
#[differentiable]
fn stencil(u: &[f64], steps: usize) -> Vec<f64> {
    let n = u.len();
    let mut cur = u.to_vec();
    let mut next = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            let l = if i == 0 { cur[n - 1] } else { cur[i - 1] };
            let r = cur[(i + 1) % n];
            next[i] = cur[i] + 0.1 * (l - 2.0 * cur[i] + r) * cur[i];
        }
        std::mem::swap(&mut cur, &mut next);
    }
    cur
}
#[differentiable]
fn total(u: &[f64], steps: usize) -> f64 {
    let v = stencil(u, steps);
    let n = v.len() as f64;
    let mean = v.iter().sum::<f64>() / n;
    v.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / n
}
#[differentiable]
fn condexpr(x: f64, y: f64) -> f64 {
    let big = x > y && {
        let t = x * y;
        t > 0.1
    } || x < -1.0;
    let k = if big { 2 } else { 3 };
    let w = match (big, k) {
        (true, 2) => x,
        (false, n) if n > 2 => y,
        _ => 0.0,
    };
    let u = if let (true, m) = (big, k) { m as f64 * x } else { -x };
    w * u + (x * 10.0) as i64 as f64 * y + (x > 0.0) as i32 as f64 * x
}
#[differentiable]
fn refs(a: f64, v: &[f64]) -> f64 {
    let r = &a;
    let rr = &r;
    let s = &v[1..];
    let t = &s[..2];
    let p = &t[1];
    let (q, w) = (&v[0], *p);
    let f = |z: &f64| z * **rr;
    f(q) + *r * p + w * s[2] + f(&t[0]) + t.iter().map(f).sum::<f64>()
}
gradient_test! {
    arr: ([0.7, 0.3, 0.5], const 1);
    inactive_stuff: (ref vec![0.7, 0.3, 0.5], const "bab"), (ref vec![0.1, 0.3, 0.2], const "x");
    recursion: (0.7, const 3);
    nested_fns: (0.7);
    hygiene: (0.7, 0.3);
    made: (0.7);
    moveclos: (0.7, const 2);
    mats: (ref vec![0.7, 0.3, 0.5, 0.2, 0.9, 0.4], const 2), (ref vec![0.7, 0.3, 0.5, 0.2, 0.9, 0.4], const 3);
    stacky: (0.7, const 0), (0.7, const 1), (0.7, const 2), (0.7, const 3);
    total: (ref vec![0.7, 0.3, 0.5, 0.2], const 3);
    condexpr: (0.71, 0.3), (0.22, 0.3), (-1.53, 0.3);
    refs: (0.7, ref vec![0.7, 0.3, 0.5, 0.2]);
}

/// The same by type parameter: both floats, and against finite differences.
#[test]
fn generic_over_both_floats() {
    let (x, y) = ([0.3, 0.6], 0.5);
    let (of_x, of_y) = grad_generic(&x, y);
    let h = 1e-6;
    let by = |dx: f64, dy: f64| generic(&[x[0] + dx, x[1]], y + dy);
    assert!((of_x[0] - (by(h, 0.0) - by(-h, 0.0)) / (2.0 * h)).abs() < 1e-7);
    assert!((of_y - (by(0.0, h) - by(0.0, -h)) / (2.0 * h)).abs() < 1e-7);
    let (single, _) = grad_generic(&[0.3_f32, 0.6], 0.5);
    assert!((f64::from(single[0]) - of_x[0]).abs() < 1e-5);
}
