//! Loops whose reverse may run along with their forward iterations, and loops that look like it.
use super::*;

#[differentiable]
fn log_sum(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let e = x[i].exp();
        sum += e * x[i];
    }
    sum / 3.0
}

/// The sum goes through a function that is not linear: its adjoint is not known before.
#[differentiable]
fn of_a_sum(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    sum.sin()
}

/// Two sums, of which the second reads the first.
#[differentiable]
fn sum_of_a_sum(x: &[f64]) -> f64 {
    let mut first = 0.0;
    for v in x {
        first += v.sin();
    }
    let mut second = 0.0;
    for v in x {
        second += first * v * v;
    }
    second + 2.0 * first
}

/// Loops side by side, the first one's adjoint made by statements between.
#[differentiable]
fn side_by_side(x: &[f64], a: f64) -> f64 {
    let mut p = 0.0;
    let mut q = 0.0;
    for v in x {
        p += (v * a).sin();
    }
    let scaled = 3.0 * p;
    for v in x {
        q += (v + a).cos();
    }
    let total = scaled - q * a;
    total + 0.5 * p
}

/// Work space, declared outside, written anew by each iteration.
#[differentiable]
fn work_space(x: &[f64], a: &[f64]) -> f64 {
    let k = a.len();
    let mut t = vec![0.0; k];
    let mut last;
    let mut sum = 0.0;
    for i in 0..x.len() {
        for c in 0..k {
            t[c] = x[i] * a[c];
            t[c] *= t[c].sin();
        }
        last = 0.0;
        for c in 0..t.len() {
            last += t[c] * t[(c + 1) % k];
        }
        sum += last * x[i];
    }
    sum
}

/// As before, but the last entry is left over from the iteration before.
#[differentiable]
fn left_over(x: &[f64], a: &[f64]) -> f64 {
    let k = a.len();
    let mut t = vec![0.5; k];
    let mut sum = 0.0;
    for i in 0..x.len() {
        for c in 0..k - 1 {
            t[c] = x[i] * a[c];
        }
        for c in 0..k {
            sum += t[c] * t[c];
        }
        t[k - 1] = x[i] * t[0];
    }
    sum
}

/// As before: an entry is read before it is written.
#[differentiable]
fn read_before(x: &[f64], a: &[f64]) -> f64 {
    let mut t = vec![0.5; a.len()];
    let mut sum = 0.0;
    for i in 0..x.len() {
        for c in 0..a.len() {
            t[c] = x[i] * a[c] + t[(c + 1) % 3];
        }
        sum += t[0] * t[1] * t[2];
    }
    sum
}

/// The work space is read after the loop.
#[differentiable]
fn read_after(x: &[f64], a: &[f64]) -> f64 {
    let mut t = vec![0.0; a.len()];
    let mut sum = 0.0;
    for i in 0..x.len() {
        for c in 0..a.len() {
            t[c] = x[i] * a[c];
        }
        sum += t[0] * t[1] * t[2];
    }
    sum + t[1] * t[2]
}

/// Filled, then added to; kept values of an inner loop.
#[differentiable]
fn filled(x: &[f64], n: usize) -> f64 {
    let mut t = [0.0; 3];
    let mut sum = 0.0;
    for i in 0..x.len() {
        t.fill(x[i]);
        for j in 0..n {
            t[j % 3] = (t[j % 3] * x[i] + t[(j + 1) % 3]).sin();
        }
        sum += t[0] + t[1] * t[2];
    }
    sum
}

/// What the loop reads is overwritten later, by code whose adjoint takes what the loop adds to.
#[differentiable]
fn overwritten_later(x: &mut [f64], a: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * x[i] * a;
    }
    for i in 0..x.len() {
        x[i] = x[i].sin() * a;
    }
    sum + x[0]
}

#[differentiable]
fn scalar_overwritten_later(x: &[f64], a: f64) -> f64 {
    let mut b = a * a;
    let mut sum = 0.0;
    for v in x {
        sum += v * b;
    }
    b = b.sin() * x[0];
    sum + b * b
}

/// The weight of the sum is assigned twice.
#[differentiable]
fn sum_assigned_again(x: &[f64], a: f64) -> f64 {
    let mut sum = a;
    for v in x {
        sum += v.sin();
    }
    sum = 2.0 * sum + a;
    for v in x {
        sum += v.cos() * a;
    }
    sum
}

#[differentiable]
fn left_early(x: &[f64], limit: f64) -> f64 {
    let mut sum = 0.0;
    for v in x {
        let square = v * v;
        if square > limit {
            break;
        }
        if square < 0.01 {
            continue;
        }
        sum += square.sqrt() * limit;
    }
    sum
}

#[differentiable]
fn unknown_trips(x: f64, n: usize) -> f64 {
    let mut sum = 0.0;
    let mut i = 1;
    while i < n {
        let mut power = x;
        for _ in 0..i {
            power = power * x + 0.1;
        }
        let root = if power > 0.5 { power.sqrt() } else { power * power };
        sum += root;
        i += 2;
    }
    sum
}

#[differentiable]
fn nested(x: &[f64], a: &[f64]) -> f64 {
    let mut total = 0.0;
    for v in x {
        let mut inner = 0.0;
        for w in a {
            let mut third = 0.0;
            for u in x {
                third += (u * w).sin() * v;
            }
            inner += third;
        }
        total += inner;
    }
    total
}

#[differentiable]
fn called(v: f64, w: &[f64]) -> f64 {
    let mut s = 0.0;
    for x in w {
        s += (x * v).sin();
    }
    s * v
}

#[differentiable]
fn with_calls(x: &[f64], w: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        let y = called(*v, w);
        sum += y * y;
    }
    sum - called(x[0], w)
}

/// A callee that changes its argument: carried from iteration to iteration.
#[differentiable]
fn bump(w: &mut [f64], a: f64) -> f64 {
    let mut s = 0.0;
    for x in w.iter_mut() {
        s += *x * a;
        *x = (*x + a).sin();
    }
    s
}

#[differentiable]
fn with_a_state(x: &[f64], w: &[f64]) -> f64 {
    let mut state = w.to_vec();
    let mut sum = 0.0;
    for v in x {
        sum += bump(&mut state, *v);
    }
    sum
}

#[differentiable]
fn parts(x: &[f64]) -> (f64, f64) {
    let (mut p, mut q) = (0.0, 0.0);
    for v in x {
        p += v * v;
        q += p * v;
    }
    (p, 2.0 * q)
}

gradient_test! { log_sum: (ref vec![0.3, -0.4, 1.2]), (ref vec![]), (ref vec![0.7]); }
gradient_test! { of_a_sum: (ref vec![0.3, -0.4, 1.2]), (ref vec![]); }
gradient_test! { sum_of_a_sum: (ref vec![0.3, -0.4, 1.2]); }
gradient_test! { side_by_side: (ref vec![0.3, -0.4, 1.2], 0.7); }
gradient_test! { work_space: (ref vec![0.3, -0.4, 1.2], ref vec![0.5, 1.5, -0.8]), (ref vec![], ref vec![0.5]); }
gradient_test! { left_over: (ref vec![0.3, -0.4, 1.2], ref vec![0.5, 1.5, -0.8]); }
gradient_test! { read_before: (ref vec![0.3, -0.4, 1.2], ref vec![0.5, 1.5, -0.8]); }
gradient_test! { read_after: (ref vec![0.3, -0.4, 1.2], ref vec![0.5, 1.5, -0.8]); }
gradient_test! { filled: (ref vec![0.3, -0.4, 1.2], const 7), (ref vec![0.3, -0.4], const 0); }
state_test! { overwritten_later: (mut vec![0.3, -0.4, 1.2], 0.7); }
gradient_test! { scalar_overwritten_later: (ref vec![0.3, -0.4, 1.2], 0.7); }
gradient_test! { sum_assigned_again: (ref vec![0.3, -0.4, 1.2], 0.7); }
gradient_test! { left_early: (ref vec![0.3, -0.4, 0.05, 0.8, 3.0, 0.2], 1.0); }
gradient_test! { unknown_trips: (0.8, const 8), (0.8, const 0), (0.3, const 5); }
gradient_test! { nested: (ref vec![0.3, -0.4, 1.2], ref vec![0.5, 1.5]), (ref vec![0.3], ref vec![]); }
gradient_test! { with_calls: (ref vec![0.3, -0.4, 1.2], ref vec![0.5, 1.5]); }
gradient_test! { with_a_state: (ref vec![0.3, -0.4, 1.2], ref vec![0.5, 1.5]); }
pullback_test! { parts: (ref vec![0.3, -0.4, 1.2]); }
