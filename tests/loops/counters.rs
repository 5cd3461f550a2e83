//! Integers that loops count up or down: the reverse sweep counts them back, or keeps them where it
//! can't.

use super::twice::twice;
use autodiff::differentiable;
use autodiff_tests::assert_close;

twice! {
    without(counters)
    /// A packed lower triangle, row by row.
    fn packed_rows(p) {
        let (c, x) = (p[0], &p[1..]);
        let mut n = 0;
        while (n + 1) * (n + 2) / 2 <= x.len() {
            n += 1;
        }
        let mut sum = 0.0;
        let mut start = 0;
        for i in 0..n {
            let mut row = c;
            for j in 0..i + 1 {
                row += x[start + j] * x[start];
            }
            sum += row * row;
            start += i + 1;
        }
        sum
    }
}

twice! {
    without(counters)
    /// Columns: the start moves by what depends on the trip, after its last use.
    fn packed_columns(p) {
        let (c, x) = (p[0], &p[1..]);
        let mut n = 0_usize;
        while (n + 1) * (n + 2) / 2 <= x.len() {
            n += 1;
        }
        let mut y = vec![c; n];
        let mut start = 0;
        for i in 0..n {
            let count = n - i;
            for j in 0..count {
                y[i + j] += x[start + j] * y[i];
            }
            start += count;
        }
        y.iter().map(|y| y * y).sum::<f64>()
    }
}

twice! {
    without(counters)
    /// A loop of unknown length with two counters, read before and after they change.
    fn from_both_ends(p) {
        let x = p;
        let (mut low, mut high) = (0, x.len());
        let mut product = 1.0;
        while low < high {
            let a = x[low] + product;
            low += 1;
            high -= 1;
            product = (a * x[high]).sin() + x[low - 1] * product * 0.5;
        }
        product
    }
}

twice! {
    without(counters)
    /// Signed steps of more than one.
    fn signed(p) {
        let x = p;
        let mut k = x.len() as i64 - 1;
        let step = 3;
        let mut sum = 0.5;
        while k >= 0 {
            sum = (sum * x[k as usize]).cos() + sum;
            k -= step;
        }
        sum + k as f64
    }
}

twice! {
    without(counters)
    /// A counter that inner loops move: kept once a trip of the outer one.
    fn nested(p) {
        let (c, x) = (p[0], &p[1..]);
        let mut k = 0;
        let mut product = c;
        let mut width = 1;
        while k + width <= x.len() {
            for j in 0..width {
                product = (product * x[k]).sin() + 0.1 * j as f64;
                k += 1;
            }
            product *= x[k - 1];
            width += 1;
        }
        product
    }
}

twice! {
    without(counters)
    /// What the reverse sweep can't count: under a condition, twice a trip, by what was not known.
    fn not_counted(p) {
        let x = p;
        let (mut some, mut twice, mut odd) = (0, 0, 1);
        let mut sum = 0.0_f64;
        while twice + 2 < x.len() && odd < x.len() {
            if x[twice] > 0.0 {
                some += 1;
            }
            twice += 1;
            sum += x[some] * x[twice] * sum.cos() * x[odd];
            twice += 1;
            odd += odd;
        }
        sum
    }
}

twice! {
    without(counters)
    /// Left early, before the counter moves and after.
    fn left_early(p) {
        let x = p;
        let mut k = 0;
        let mut product = 1.0;
        for i in 0..x.len() {
            if k >= x.len() {
                break;
            }
            product = product * x[k] + x[i];
            k += 2;
            if product.abs() > 1.5 {
                break;
            }
            product *= 1.5;
        }
        product + k as f64
    }
}

twice! {
    without(counters)
    /// Skipped: the rest of the trip runs under a condition.
    fn skipped(p) {
        let x = p;
        let mut k = 0;
        let mut product = 1.0;
        for i in 0..x.len() {
            if i % 3 == 1 {
                continue;
            }
            product = product * x[k] + x[i] * product;
            k += 1;
        }
        product * k as f64
    }
}

twice! {
    without(counters)
    /// Set anew for every trip of the outer loop, and changed after the inner one.
    fn set_anew(p) {
        let x = p;
        let mut product = 0.7;
        for i in 0..x.len().min(7) {
            let mut k = i;
            while k < x.len() {
                product = (product + x[k]).sin();
                k += i + 1;
            }
            k *= 2;
            product += 0.01 * k as f64 * x[i] * product;
        }
        product
    }
}

#[differentiable(order = 2)]
fn from(x: &[f64], at: usize, width: usize) -> f64 {
    let mut k = at;
    let mut product = 1.0;
    for _ in 0..width {
        product = (product * x[k]).cos();
        k += 1;
    }
    product
}

#[differentiable(order = 2)]
fn in_callees(x: &[f64]) -> f64 {
    let mut product = 1.0;
    let mut at = 0;
    let mut width = 0;
    while at + width < x.len() {
        product = (from(x, at, width) * product).sin() + x[at];
        at += width;
        width += 1;
    }
    product
}

#[test]
fn functions_in_two_count_back_as_well() {
    for n in [0, 1, 2, 5, 12, 40] {
        let x: Vec<f64> = (0..n).map(|i| (0.7 * f64::from(i)).sin()).collect();
        let v: Vec<f64> = (0..n).map(|i| (1.3 * f64::from(i)).cos()).collect();
        let gradient = grad_in_callees(&x);
        let along: f64 = gradient.iter().zip(&v).map(|(g, v)| g * v).sum();
        assert_close("forward mode", &[jvp_in_callees(&x, &v).1], &[along], 1e-12);
        assert_close("pullback", &vjp_in_callees(&x).1(1.0), &gradient, 1e-13);
        let moved = |h: f64| x.iter().zip(&v).map(|(x, v)| x + h * v).collect::<Vec<f64>>();
        let h = 1e-5;
        let difference = (in_callees(&moved(h)) - in_callees(&moved(-h))) / (2.0 * h);
        assert_close("differences", &[along], &[difference], 1e-8);
        let gradients = [grad_in_callees(&moved(h)), grad_in_callees(&moved(-h))];
        let difference: Vec<f64> =
            (0..x.len()).map(|i| (gradients[0][i] - gradients[1][i]) / (2.0 * h)).collect();
        assert_close("second order", &hvp_in_callees(&x, &v), &difference, 1e-7);
    }
}
