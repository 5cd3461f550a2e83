//! Control flow, places and patterns in combination.

use autodiff::differentiable;
use autodiff_tests::gradient_test;

#[differentiable]
fn labelled(x: f64, n: usize) -> f64 {
    let mut acc = x;
    let r = 'found: {
        for i in 0..n {
            for j in 0..n {
                if i * j == 6 {
                    break 'found acc * i as f64;
                }
                acc = acc * 0.9 + (j as f64) * x;
            }
        }
        if acc > 100.0 {
            break 'found x;
        }
        acc * acc
    };
    r + acc
}
#[differentiable]
fn ret_deep(x: &[f64], icap: i32) -> f64 {
    let cap = icap as f64;
    let mut s = 0.0;
    for (i, v) in x.iter().enumerate() {
        let mut k = 0;
        while k < 3 {
            s += v * v * (k as f64 + 1.0);
            if s > cap {
                return s * x[0];
            }
            k += 1;
            if i == 1 && k == 2 {
                break;
            }
        }
        if i == 2 {
            continue;
        }
        s *= 1.1;
    }
    s.sin()
}
#[differentiable]
fn cond_stmts(x: f64) -> f64 {
    let mut n = 0;
    let mut y = x;
    while {
        y *= 0.5;
        n += 1;
        y > 0.1
    } {
        y += 0.01 * x;
    }
    y + n as f64 * x
}
#[differentiable]
fn order(x: f64, y: f64) -> f64 {
    let mut a = x;
    let t = a * {
        a = y * a;
        a
    } + {
        let q = a;
        a += 1.0;
        q * a
    } * a;
    let u = (
        a,
        {
            a = a * a;
            a
        },
        a + 1.0,
    );
    t + u.0 * u.1 + u.2
}
#[differentiable]
fn halves(x: &[f64]) -> f64 {
    let mut xs = x.to_vec();
    let x = &mut xs[..];
    let n = x.len() / 2;
    let (a, b) = x.split_at_mut(n);
    for (p, q) in a.iter_mut().zip(b.iter_mut()) {
        std::mem::swap(p, q);
        *p *= 2.0;
        *q += *p;
    }
    let (c, d) = b.split_at_mut(1);
    c[0] *= d[0];
    a[0] + c[0] * d[d.len() - 1]
}
#[differentiable]
fn rows(m: [[f64; 2]; 2], x: f64) -> f64 {
    let mut ms = m;
    let m = &mut ms;
    let [r0, r1] = m;
    r0[0] += x * r1[1];
    for row in m.iter_mut() {
        for v in row {
            *v *= x;
        }
    }
    let t: f64 = m.iter().map(|r| r.iter().sum::<f64>()).product();
    t
}
#[differentiable]
fn closures(x: f64, w: &[f64]) -> f64 {
    let k = 2.0 * x;
    let f = |a: f64| a * k + w[0];
    let mut total = 0.0;
    let mut add = |v: f64, i: usize| {
        let v = v * v;
        total += v * w[i];
        total > 1.0
    };
    let big = add(x, 0);
    add(f(x), 1);
    let comp = |t| f(f(t)) + 1.0;
    if big { total * comp(x) } else { total - comp(2.0) }
}
#[differentiable]
fn chains(x: &[f64], y: &[f64]) -> f64 {
    let dot: f64 = x.iter().zip(y).map(|(a, b)| a * b).sum();
    let pos: f64 = x.iter().filter(|v| **v > 0.0).map(|v| v.sqrt()).sum();
    let mx = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
    let pr: f64 = y.iter().skip(1).take(2).product();
    let st: f64 = x.iter().rev().step_by(2).enumerate().map(|(i, v)| v * (i + 1) as f64).sum();
    let w: f64 = x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
    let c: f64 = y.chunks_exact(2).map(|c| c[0] * c[1]).sum();
    let (lo, hi) = x.iter().fold((0.0, 1.0), |(a, b), v| (a + v * v, b * (1.0 + v)));
    let sq: Vec<f64> = x.iter().map(|v| v * v).collect();
    let n = (1..=3).map(|k| x[0].powi(k)).sum::<f64>();
    dot + pos + mx + pr + st + w + c + lo * hi + sq.iter().sum::<f64>() + n
}
#[differentiable]
fn matches(x: f64, y: f64, k: i32) -> f64 {
    let a = match k {
        0 => x,
        1..=3 if x > 0.5 => x * y,
        n @ 1..=5 => x * n as f64,
        _ => return y * y,
    };
    let b = match (a, y) {
        (p, q) if p > q => p - q,
        (p, _) => p * p,
    };
    let c = match a {
        v if v > 1.0 => v.ln(),
        0.0 => 1.0,
        v => v.exp(),
    };
    a + b * c
}
#[differentiable]
fn options(x: &[f64], i: usize) -> f64 {
    let first = match x.first() {
        Some(v) => v * 2.0,
        None => 0.0,
    };
    let Some(last) = x.last() else {
        return 7.0;
    };
    let mid = if let Some(m) = x.get(i)
        && *m > 0.0
    {
        m.sqrt()
    } else {
        -1.0
    };
    first * last + mid + x.get(i + 1).copied().unwrap_or(3.0)
}
#[differentiable]
fn shadow(x: f64) -> f64 {
    let x = x * 2.0;
    let y = {
        let x = x + 1.0;
        let x = x * x;
        x
    };
    let x = x + y;
    for x in 0..2 {
        let x = x as f64;
        let _ = x;
    }
    println!("{x} {y:.2} {0:>w$}", x, w = 8);
    let z = if x > 0.0 {
        let x = x.sin();
        x
    } else {
        x
    };
    x * z
}
#[differentiable]
fn swaps(mut a: f64, mut b: f64, n: usize) -> f64 {
    for _ in 0..n {
        (a, b) = (b, a + b * 0.5);
    }
    let old = std::mem::replace(&mut a, b * 2.0);
    std::mem::swap(&mut a, &mut b);
    let mut v = vec![a, b, old];
    v.swap(0, 2);
    let w = std::mem::take(&mut v);
    v.push(w[0] * w[1]);
    v.extend_from_slice(&w[1..]);
    v[0] * w[2] + v[1]
}
#[differentiable]
fn deferred(x: f64, c: bool) -> f64 {
    let y;
    let z: f64;
    if c {
        y = x * x;
        z = y + 1.0;
    } else if x > 1.0 {
        return x;
    } else {
        y = 3.0;
        z = x;
    }
    let r;
    loop {
        let t = y * z;
        if t < 100.0 {
            r = t;
            break;
        } else {
            panic!("too big");
        }
    }
    r + z
}
#[differentiable]
fn whiles(x: f64) -> f64 {
    let mut stack = vec![1usize, 2, 3];
    let mut y = x;
    while let Some(k) = stack.pop() {
        if k == 2 && y > 5.0 {
            continue;
        }
        y = y * k as f64 + x;
    }
    let mut it = 0;
    let v = loop {
        it += 1;
        y = (y + x / y) * 0.5;
        if it > 4 {
            break y * y;
        }
        if y < 0.0 {
            break x;
        }
    };
    v
}
#[differentiable]
fn tuples(p0: f64, p1: [f64; 2], q0: f64, q1: f64) -> f64 {
    let p = (p0, p1);
    let q = &(q0, q1);
    let (a, [b, c]) = p;
    let (d, e) = q;
    let mut t = (a * d, b * e);
    t.0 += c;
    (t.1, t.0) = (t.0 * 2.0, t.1);
    let ((u, v), w) = ((t.0, t.1), d * c);
    (u + w) * (v * q.0)
}
#[differentiable]
fn numerics(x: f64, n: i32) -> f64 {
    let (s, c) = (x * 2.0).sin_cos();
    let k: u8 = 250;
    let m = k.wrapping_add(10) as f64;
    let h = n.pow(2).max(3).rem_euclid(5) as f64;
    let a = f64::max(x, 0.3).mul_add(s, c).clamp(-5.0, 5.0);
    let r: f32 = 0.5;
    let z = x * f64::from(r);
    a * h + m * x.hypot(2.0) + z + i32::abs(n) as f64 * x + f64::from(k)
}
#[differentiable]
fn helper(a: &mut [f64], b: &[f64], s: f64) -> f64 {
    let mut t = 0.0;
    for i in 0..a.len() {
        a[i] += s * b[i];
        t += a[i];
    }
    t
}
#[differentiable]
fn grow(n: usize, x: f64) -> Vec<f64> {
    let mut v = Vec::with_capacity(n);
    for i in 0..n {
        v.push(x * (i as f64 + 1.0));
    }
    v
}
#[differentiable]
fn uses(x: &[f64], s: f64) -> f64 {
    let mut xs = x.to_vec();
    let x = xs.as_mut_slice();
    let (a, b) = x.split_at_mut(2);
    let t = helper(a, &b[..2], s);
    let mut m = [[1.0, s], [2.0, 3.0]];
    let (m0, m1) = m.split_at_mut(1);
    let u = helper(&mut m0[0], &m1[0], t);
    let g = grow(3, u);
    let mut q = 0.0;
    for v in &g {
        q += v * v;
    }
    for (i, v) in g.iter().enumerate() {
        q += v * i as f64;
    }
    q + g.iter().map(|v| v.sin()).sum::<f64>() + m[0][1]
}
#[differentiable]
fn slices(v: &[f64]) -> f64 {
    match v {
        [] => 0.0,
        [a] => a * a,
        [a, rest @ ..] if *a > 1.0 => a * rest[0],
        [a, .., z] => a * z + v[1..].iter().sum::<f64>(),
    }
}
#[differentiable]
fn struct_free(x: f64, s: &str, o: Option<usize>) -> f64 {
    #[derive(Clone)]
    struct Cfg {
        n: usize,
        name: String,
    }
    let cfg = Cfg { n: o.unwrap_or(1), name: s.to_string() };
    let Cfg { n, ref name } = cfg;
    let mut counts = std::collections::HashMap::new();
    *counts.entry(name.clone()).or_insert(0) += n;
    let total: usize = counts.values().sum();
    let k = match o {
        Some(k) if k > 2 => k,
        Some(_) => 2,
        None => 0,
    };
    x * total as f64 + x.powi(k as i32)
}
#[differentiable]
fn aliasing(a: [f64; 4], i: usize) -> f64 {
    let mut aa = a;
    let a = &mut aa;
    let mut j = i;
    let r = &mut a[j];
    j += 1;
    *r *= 3.0;
    let p = &a[j..];
    let q = &p[1..];
    let s = q[0] * p[0];
    a[j] = s;
    let last = a.last_mut().unwrap();
    *last += s;
    let b = &mut a[..2];
    b[0] = b[1] * b[0];
    b.fill(s);
    a[0] * a[3] + a[2]
}
#[differentiable]
fn bylen(n: usize, x: &[f64]) -> f64 {
    let mut m = vec![vec![0.0; x.len()]; n];
    for i in 0..n {
        for j in 0..x.len() {
            m[i][j] = x[j] * (i + j) as f64;
        }
    }
    let mut s = 0.0;
    for (i, row) in m.iter().enumerate() {
        for (a, b) in row.iter().zip(x.iter().rev()) {
            s += a * b * (i + 1) as f64;
        }
    }
    for row in m.iter_mut().skip(1) {
        for v in row.iter_mut() {
            *v += s;
        }
    }
    let k = m.len() - 1;
    s + m[k].iter().sum::<f64>()
}
gradient_test! {
    labelled: (0.7, const 2), (0.7, const 4);
    ret_deep: (ref vec![0.7, 0.3, 0.5, 0.9], const 100), (ref vec![0.7, 0.3, 0.5, 0.9], const 2);
    cond_stmts: (3.0);
    order: (0.7, 1.3);
    halves: (ref vec![0.7, 0.3, 0.5, 0.9]);
    rows: ([[0.7, 0.3], [0.5, 0.9]], 1.2);
    closures: (0.7, ref vec![0.3, 0.4]), (2.0, ref vec![0.3, 0.4]);
    chains: (ref vec![0.7, -0.3, 0.5, 0.9, 0.2], ref vec![0.2, 0.4, 0.5, 0.6, 0.7]);
    matches: (0.7, 0.4, const 0), (0.7, 0.4, const 2), (0.2, 0.35, const 2), (0.21, 0.4, const 5), (0.2, 0.4, const 9);
    options: (ref vec![0.7, 0.3, 0.5], const 0), (ref vec![0.7, -0.3, 0.5], const 1), (ref vec![0.7, 0.3, 0.5], const 2);
    shadow: (0.7);
    deferred: (0.7, const true), (0.7, const false), (1.7, const false);
    whiles: (0.7);
    tuples: (0.7, [0.2, 0.3], 0.4, 0.6);
    numerics: (0.7, const 2);
    uses: (ref vec![0.7, 0.3, 0.5, 0.9], 0.6);
    slices: (ref vec![]), (ref vec![0.7]), (ref vec![1.7, 0.2]), (ref vec![0.7, 0.3, 0.4]);
    struct_free: (0.7, const "a", const Some(3)), (0.7, const "a", const None);
    aliasing: ([0.7, 0.3, 0.5, 0.9], const 0);
    bylen: (const 2, ref vec![0.7, 0.3]);
}
