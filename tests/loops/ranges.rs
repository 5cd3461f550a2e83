use super::*;

#[differentiable]
fn plain(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * x[i].sin();
    }
    sum
}

#[differentiable]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    sum
}

#[differentiable]
fn inclusive(x: f64, n: usize) -> f64 {
    let mut p = 1.0;
    for k in 1..=n {
        p *= x + k as f64;
    }
    p
}

#[differentiable]
fn reversed(c: &[f64], x: f64) -> f64 {
    let mut value = 0.0;
    for i in (0..c.len()).rev() {
        value = value * x + c[i];
    }
    value
}

#[differentiable]
fn reversed_inclusive(x: f64, n: i32) -> f64 {
    let mut a = x;
    for k in (-1..=n).rev() {
        a = a * a / (2.0 + f64::from(k)) + x;
    }
    a
}

#[differentiable]
fn stepped(x: &[f64], start: usize, step: usize) -> f64 {
    let mut product = 1.0;
    for i in (start..x.len()).step_by(step) {
        product *= x[i] + 0.1 * product;
    }
    product
}

#[differentiable]
fn stepped_and_reversed(x: &[f64], step: usize) -> f64 {
    let mut a = 0.5;
    for i in (0..x.len()).step_by(step).rev() {
        a = a * x[i] + a.sin();
    }
    let mut b = a;
    for i in (0..x.len()).rev().step_by(step) {
        b = b * x[i] + b.cos();
    }
    for i in (1..=x.len()).step_by(step) {
        b *= 1.0 + x[i - 1] * b;
    }
    a * b
}

#[differentiable]
fn nested(a: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        let mut row = 1.0;
        for j in i..n {
            row *= a[i * n + j] + 0.3;
            for k in 0..j {
                row += a[k] * row;
            }
        }
        sum += row.sin() * a[i];
    }
    sum
}

#[differentiable]
fn bounds_that_change(x: f64, mut n: usize) -> f64 {
    let mut a = x;
    let mut lo = 0;
    for round in 0..3 {
        for i in lo..n {
            a = a * x + i as f64 * 0.1;
        }
        lo += 1;
        n += round;
    }
    a
}

#[differentiable]
fn gauss(x: f64) -> f64 {
    let mut output = 1.0;
    for i in 0..6 {
        if i > 1 && i < 5 {
            output *= x;
        }
    }
    output
}

#[differentiable]
fn tensorflow_loop(x: f64, n: usize) -> f64 {
    let mut output = 1.0;
    for i in 0..n {
        if i > 1 && i < 5 {
            output *= x;
        }
    }
    output
}

#[differentiable]
fn signed_range(x: f64, lo: i64, hi: i64) -> f64 {
    let mut s = 0.0;
    for k in lo..hi {
        s += (k as f64 * x).cos() * s + x;
    }
    s
}

#[differentiable]
fn small_integer_range(x: f64, n: u8) -> f64 {
    let mut s = x;
    for k in (0..n).rev() {
        s = s * s + f64::from(k);
    }
    for _ in 0..n {
        s = s.sin();
    }
    s
}

#[differentiable]
fn index_shadowed(x: &[f64]) -> f64 {
    let mut a = 0.3;
    for i in 0..x.len() {
        let i = x.len() - 1 - i;
        a = a * x[i];
        let x = a + x[i];
        a = x.sin();
    }
    a
}

#[differentiable]
fn range_in_a_variable(x: f64, n: usize) -> f64 {
    let trips = 1..n;
    let mut a = x;
    for k in trips {
        a = a * x + k as f64;
    }
    a
}

#[differentiable]
fn unknown_iterator(x: f64, order: &[usize]) -> f64 {
    let mut a = x;
    for (k, i) in order.iter().rev().map(|i| i * 2).enumerate().filter(|(k, _)| k % 2 == 0) {
        a = a * x + (k + i) as f64 * a.sin();
    }
    a
}

#[differentiable]
fn over_characters(x: f64, program: &str) -> f64 {
    let mut a = x;
    for c in program.chars() {
        match c {
            's' => a = a.sin(),
            'e' => a = a.exp(),
            '*' => a *= x,
            '+' => a += x,
            _ => {}
        }
    }
    a
}

gradient_test! {
    plain: (ref vec![0.7, -1.2, 0.4]), (ref vec![]), (ref vec![0.7]);
    rosenbrock: (ref vec![0.7, -1.2, 0.4, 1.1]), (ref vec![0.7]), (ref vec![0.7, 0.2]);
    inclusive: (0.7, const 4), (0.7, const 0), (0.7, const 1);
    reversed: (ref vec![0.7, -1.2, 0.4, 1.1], 0.8), (ref vec![], 0.8), (ref vec![2.0], 0.8);
    reversed_inclusive: (0.7, const 2), (0.7, const -1), (0.7, const -2);
    stepped: (ref vec![0.7, -1.2, 0.4, 1.1, 0.9], const 0, const 2), (ref vec![0.7, -1.2, 0.4, 1.1], const 1, const 3), (ref vec![0.7], const 1, const 1);
    stepped_and_reversed: (ref vec![0.7, -1.2, 0.4, 1.1, 0.9], const 2), (ref vec![0.7, -1.2, 0.4, 1.1, 0.9, 0.3], const 4), (ref vec![], const 2);
    nested: (ref vec![0.7, -1.2, 0.4, 1.1, 0.9, 0.3, -0.2, 0.5, 0.6], const 3), (ref vec![0.7], const 1), (ref vec![0.7], const 0);
    bounds_that_change: (0.7, const 2), (0.7, const 0);
    gauss: (2.0);
    tensorflow_loop: (2.0, const 6), (2.0, const 4), (2.0, const 0);
    signed_range: (0.7, const -3, const 2), (0.7, const 3, const 2);
    small_integer_range: (0.7, const 3u8), (0.7, const 0u8);
    index_shadowed: (ref vec![0.7, -1.2, 0.4]);
    range_in_a_variable: (0.7, const 4), (0.7, const 0);
    unknown_iterator: (0.7, const &[3usize, 1, 2, 0, 1][..]), (0.7, const &[][..]);
    over_characters: (0.7, const "s*e+s"), (0.7, const "");
}

#[test]
fn tutorial_values() {
    let gradients = [6, 5, 4, 3, 2].map(|n| grad_tensorflow_loop(2.0, n));
    assert_eq!(gradients, [12.0, 12.0, 4.0, 1.0, 0.0]);
}
