use super::*;

#[differentiable]
fn power(x: f64, n: u32) -> f64 {
    if n == 0 { 1.0 } else { x * power(x, n - 1) }
}

#[differentiable]
fn fast_power(x: f64, n: u32) -> f64 {
    match n {
        0 => 1.0,
        n if n % 2 == 0 => {
            let half = fast_power(x, n / 2);
            half * half
        }
        n => x * fast_power(x, n - 1),
    }
}

#[differentiable]
fn tree_sum(x: &[f64]) -> f64 {
    if x.is_empty() {
        return 0.0;
    }
    if x.len() == 1 {
        return x[0] * x[0];
    }
    let middle = x.len() / 2;
    let left = tree_sum(&x[..middle]);
    let right = tree_sum(&x[middle..]);
    left * right + left.sin()
}

#[differentiable]
fn even(x: f64, n: u32) -> f64 {
    if n == 0 { x } else { odd(x * 1.1, n - 1) + x }
}

#[differentiable]
fn odd(x: f64, n: u32) -> f64 {
    if n == 0 {
        return x.sin();
    }
    even(x * x, n - 1) * x
}

#[differentiable]
fn until(x: f64) -> f64 {
    if x.abs() < 0.1 {
        return x.exp();
    }
    x * until(0.5 * x.sin())
}

#[differentiable]
fn in_place(x: &mut [f64], s: f64) {
    if x.len() < 2 {
        return;
    }
    let n = x.len();
    x[n - 1] *= s * x[0];
    in_place(&mut x[1..], s);
    x[0] += x[n - 1];
}

#[differentiable]
fn fibonacci(x: f64, n: u32) -> f64 {
    if n < 2 { x } else { fibonacci(x, n - 1) + x * fibonacci(x, n - 2) }
}

gradient_test! {
    power: (0.7, const 5), (0.7, const 0);
    fast_power: (0.7, const 13), (0.7, const 0), (0.7, const 1);
    tree_sum: (ref vec![0.7, -1.2, 0.4, 1.1, 0.3]), (ref vec![]), (ref vec![0.7]);
    even: (0.7, const 5), (0.7, const 0);
    odd: (0.7, const 4), (0.7, const 0);
    until: (0.7), (0.05), (-2.0);
    fibonacci: (0.7, const 7);
}
inplace_test! { in_place: (mut vec![0.7, -1.2, 0.4, 1.1], 0.9), (mut vec![0.7], 0.9), (mut vec![], 0.9); }
