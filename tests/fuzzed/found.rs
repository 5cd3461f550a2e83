//! Programs that once were expanded wrongly or not at all, and traps written by hand.

use crate::helpers::*;
use autodiff::differentiable;
use autodiff_tests::*;

/// A block inside one part of a tuple binds at once.
#[differentiable]
pub fn block_in_tuple(n: usize, y: f64) -> f64 {
    let (a, b) = (
        {
            let scale = n as f64 * 0.1;
            scale * 0.9
        } * (2.5 + y.sin()),
        y,
    );
    a + b
}

/// A component of a call's tuple, as a part of another tuple.
#[differentiable]
pub fn component_in_tuple(x: f64, y: f64) -> f64 {
    let mut t = x;
    let (a, b) = (
        y * {
            t = y.sin();
            t
        },
        t * h_pair(x, y).1,
    );
    a + b * t
}

/// The argument of a closure gets its type from a fold's literal.
#[differentiable]
pub fn folded_closure(x: f64, y: f64) -> f64 {
    let g = |q: f64| (q.sin().signum() * y).abs().sin();
    let p = [x, y];
    p.iter().fold(0.3, |acc, q| g(acc) * 0.8 + acc * *q)
}

/// Lengths that are literals.
#[differentiable]
pub fn literal_lengths(x: f64, y: f64) -> f64 {
    let p = [x, y];
    let mut s = 0.0;
    for w in p.windows(2) {
        s += w[0] * w[1];
    }
    for w in p.iter().skip(1) {
        s += w * w;
    }
    for (i, k) in (0..2).zip(1..3) {
        s += p[i] * k as f64;
    }
    for (i, k) in (x as usize..2).zip(1..3) {
        s += p[i] * k as f64;
    }
    s
}

/// A list whose kind only rustc knows.
#[differentiable]
pub fn unknown_list(x: f64, z: &mut [f64]) -> f64 {
    let c = h_arr([x, x * x, z[0]]);
    z.copy_from_slice(&c);
    for (i, q) in c.iter().enumerate() {
        z[i] += q * i as f64;
    }
    z[1] * h_slice(&c[1..], x)
}

/// One half is filled with a value of the other.
#[differentiable]
pub fn filled_half(x: &mut [f64]) {
    let (a, b) = x.split_at_mut(1);
    a.fill(b[0] * b[1]);
    b.fill(a[0].sin());
}

/// A closure that is called inside `vec!`.
#[differentiable]
pub fn called_in_list(x: f64) -> Vec<f64> {
    let g = |q: f64| q * q;
    vec![g(x), x]
}

/// A local of a block that may not be reached, swapped away and changed.
#[differentiable]
pub fn swapped_after_exit(x: &mut [f64], y: f64) {
    let mut t = y * x[1];
    for i in 0..x.len() {
        if x[i] < -1.0 {
            return;
        }
        t = (t * x[i]).sin();
    }
    let mut k = 0;
    let mut own = {
        loop {
            k += 1;
            if k > 3 {
                break;
            }
            for q in x.iter_mut() {
                if *q > 5.0 {
                    return;
                }
                *q = (*q * t).cos();
            }
        }
        k as f64 * 0.1
    };
    std::mem::swap(&mut own, &mut t);
    own += t.sin() * y;
    x[0] *= own;
}

/// A deferred variable takes the value of a call that writes something else.
#[differentiable]
pub fn deferred_call(x: &mut f64, y: f64) -> f64 {
    let t;
    if *x < 0.1 {
        t = (*x * y).atan();
    } else {
        t = h_mutf(&mut *x, y);
    }
    *x *= t;
    h_sc(t, y) * *x
}

/// Constants of a list, taken from a tape together with what varies.
#[differentiable(order = 2)]
pub fn over_constants(x: f64, y: f64) -> f64 {
    let mut u = y;
    let mut s = 0.0;
    for &q in &[0.3_f64, -0.5] {
        for i in 0..3 {
            if u > -0.5 {
                s += h_mutf(&mut u, q) * x;
            }
            u = (u + h_pair(u, x).1 * q * i as f64).tanh();
        }
    }
    s * u
}

/// The zero of a pair's adjoint has a tangent of its own.
#[differentiable(order = 2)]
pub fn pair_of_values(x: f64, y: f64) -> f64 {
    let mut p = ((y + x - (x.sin() + 2.0).powf(x.sin())).tanh(), x.atan2(1.5) - x.cos());
    let v = {
        let w = h_pair(p.0, y);
        -w.0
    };
    p.0 *= v;
    p.1 + p.0 + x + y
}

#[differentiable]
pub fn carried(x: &[f64]) -> f64 {
    let mut p: f64 = 0.5;
    let mut q = 0.1;
    let mut s = 0.0;
    for i in 0..x.len() {
        let old = p;
        p = x[i] * q;
        q = old.sin() * p;
        s += old * p * q;
    }
    s
}

/// What varies only after some trips.
#[differentiable]
pub fn late(x: f64, n: usize) -> f64 {
    let mut a: f64 = 1.0;
    let mut b = 2.0;
    let mut c = 3.0;
    for _ in 0..n {
        c = b * b;
        b = a.sin();
        a = x * 0.5 + a * 0.1;
    }
    c + b * a
}

#[differentiable]
pub fn product_sum(v: &[f64], w: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..v.len() {
        s += v[i] * w[i] * w[i];
    }
    s.sin()
}

/// The same data for two parameters of one call.
#[differentiable]
pub fn twice_lent(x: &[f64], y: f64) -> f64 {
    product_sum(x, x) * product_sum(&x[1..], &x[..x.len() - 1]) + h_sc(y, y)
}

#[differentiable(wrt(x))]
pub fn scratch(x: &[f64], room: &mut [f64], scale: f64) -> f64 {
    for i in 0..x.len() {
        room[i] = x[i] * scale + room[i];
    }
    let mut s = 0.0;
    for i in 0..x.len() {
        s += room[i] * room[(i + 1) % x.len()];
        room[i] = s;
    }
    s
}

#[differentiable]
pub fn rows<const N: usize>(a: &[[f64; N]], b: [f64; N]) -> [f64; N] {
    let mut out = b;
    for row in a {
        for j in 0..N {
            out[j] = (out[j] * row[(j + 1) % N]).sin() + out[N - 1 - j] * 0.1;
        }
    }
    out
}

#[differentiable]
pub fn shadowed(x: f64) -> f64 {
    let x = x * 2.0;
    let y = {
        let x = x.sin();
        x * x
    };
    let x = if y > 0.5 {
        let x = y;
        x * 3.0
    } else {
        x
    };
    for x in [x, y] {
        if x > 100.0 {
            return x;
        }
    }
    x * y
}

#[differentiable]
pub fn nested_exits(x: &[f64], m: usize) -> f64 {
    let mut acc = 0.2;
    'outer: for i in 0..x.len() {
        let mut t = acc;
        for j in 0..m {
            t = t * x[i] + x[j % x.len()];
            if t > 1.5 {
                acc += t;
                continue 'outer;
            }
            if t < -2.0 {
                break 'outer;
            }
            if (i + j) % 5 == 4 {
                return acc * t;
            }
        }
        acc = acc * t - x[i];
    }
    acc
}

#[differentiable]
pub fn grown(n: usize, x: f64) -> Vec<f64> {
    let mut out = Vec::new();
    let mut cur = vec![x; 2];
    for i in 0..n {
        let next = vec![cur[1], cur[0] * x + cur[1]];
        cur = next;
        if i % 2 == 0 {
            out.push(cur[0] * cur[1]);
        }
    }
    out.push(x);
    out
}

#[differentiable]
pub fn of_grown(x: f64) -> f64 {
    let v = grown(4, x);
    let w = grown(3, v[0] * 0.1);
    v.iter().zip(w.iter()).map(|(a, b)| a * b).sum::<f64>()
}

#[differentiable]
pub fn copied_rows(x: f64, y: f64) -> f64 {
    let mut buf = [[0.0; 3]; 2];
    for (i, row) in buf.iter_mut().enumerate() {
        for (j, e) in row.iter_mut().enumerate() {
            *e = x * (i + 1) as f64 + y * j as f64;
        }
    }
    let [first, second] = buf;
    let mut s = 0.0;
    for (a, b) in first.iter().zip(second) {
        s += a * b;
    }
    let last = &mut buf[1];
    last[0] *= s;
    last[2] = last[0] * last[1];
    buf[0] = buf[1];
    buf[0][0] * buf[0][2] + s
}

/// A state machine: which statements run depends on the values.
#[differentiable]
pub fn machine(x: f64, y: f64) -> f64 {
    let mut state = 0;
    let mut a = x;
    let mut b = y;
    let mut k = 0;
    loop {
        k += 1;
        match state {
            0 if a > 0.5 => {
                a *= 0.6;
                state = 1;
            }
            0 => {
                a = a * b + 0.7;
                state = 2;
            }
            1 => {
                (a, b) = (b, a + b * 0.1);
                state = 2;
            }
            2 if k > 7 => break a * b,
            _ => {
                b = (b * a).sin();
                state = if b > a { 0 } else { 1 };
            }
        }
    }
}

#[differentiable(order = 2)]
pub fn eliminate(a: &mut [[f64; 3]; 3], b: &mut [f64; 3]) -> f64 {
    for k in 0..3 {
        for i in k + 1..3 {
            let f = a[i][k] / (a[k][k] + 4.0);
            for j in k..3 {
                a[i][j] -= f * a[k][j];
            }
            b[i] -= f * b[k];
        }
    }
    for i in (0..3).rev() {
        let mut s = b[i];
        for j in i + 1..3 {
            s -= a[i][j] * b[j];
        }
        b[i] = s / (a[i][i] + 4.0);
    }
    b.iter().map(|q| q * q).sum::<f64>()
}

gradient_test! {
    block_in_tuple: (const 3, 0.4);
    component_in_tuple: (0.7, 0.4);
    folded_closure: (0.7, 0.4);
    literal_lengths: (0.7, 0.4);
    over_constants: (0.7, 0.4);
    pair_of_values: (0.7, 0.4);
    carried: (ref vec![0.3, 0.7, -0.4, 0.9, 0.5]), (ref vec![0.3]), (ref Vec::<f64>::new());
    late: (0.4, const 0), (0.4, const 1), (0.4, const 2), (0.4, const 3), (0.4, const 6);
    twice_lent: (ref vec![0.3, 0.7, -0.4, 0.9], 1.1);
    shadowed: (0.1), (0.4), (1.0);
    nested_exits: (ref vec![0.3, 0.7, -0.4, 0.9, 0.5, 1.1], const 3),
        (ref vec![0.6, 1.4, -0.8, 1.8, 1.0, 2.2], const 2),
        (ref vec![0.3, 0.7, -0.4, 0.9, 0.5, 1.1], const 0);
    of_grown: (0.4);
    copied_rows: (0.4, 0.3);
    machine: (0.3, 0.8), (0.9, 0.2), (0.6, -0.4);
}

/// The `&mut` parameter left out of `wrt` is room to work in: no output, constant at the start.
#[test]
fn scratch_gradient() {
    let x = [0.3, 0.7, -0.4];
    let room = || [0.1, 0.2, 0.3];
    let columns = jacobian(&|x: &[f64]| vec![scratch(x, &mut room(), 0.7)], &x);
    let want: Vec<f64> = columns.iter().map(|column| column[0]).collect();
    assert_close("grad_scratch", &grad_scratch(&x, &mut room(), 0.7), &want, 1e-7);
}

hvp_test! {
    over_constants: (0.7, 0.4);
    pair_of_values: (0.7, 0.4);
}

state_test! {
    unknown_list: (0.4, mut vec![0.3, 0.8, -0.2]);
    deferred_call: (mut 0.4, 0.7), (mut -0.4, 0.7);
    eliminate: (
        mut [[0.3, 0.7, -0.4], [0.9, 0.5, 0.2], [-0.6, 0.8, 0.1]],
        mut [0.4, -0.3, 0.6]
    );
}

inplace_test! {
    filled_half: (mut vec![0.3, 0.8, -0.2]);
    swapped_after_exit: (mut vec![0.3, 0.8, -0.2], 0.7), (mut vec![0.3, -1.8, 0.2], 0.7);
}

pullback_test! {
    called_in_list: (0.7);
    rows: (ref vec![[0.3, 0.7, 0.2], [0.9, -0.4, 0.6]], [0.5, 0.6, 0.7]);
    grown: (const 4, 0.4);
}
