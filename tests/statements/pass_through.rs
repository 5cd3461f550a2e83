//! What is not active may be any Rust.
use super::*;
use std::collections::HashMap;

#[differentiable]
fn logging_and_asserts(x: f64) -> f64 {
    let y = x * x;
    println!("x = {x}, y = {y:.3}, {}", y + x);
    assert!(y >= 0.0, "y is {y}");
    debug_assert!(x.is_finite());
    debug_assert_ne!(x, 100.0);
    let text = format!("{y:?}");
    assert!(!text.is_empty());
    y * y
}

#[differentiable]
fn look_ups(x: [f64; 3], map: &str) -> f64 {
    let mut weights: HashMap<&str, usize> = HashMap::new();
    weights.insert("a", 1);
    weights.insert("b", 2);
    let i = weights.get(map).copied().unwrap_or(0);
    let names: Vec<String> = weights.keys().map(|k| k.to_string()).collect();
    x[i] * x[i] * names.len() as f64
}

#[differentiable]
fn index_arithmetic(x: &[f64], offset: isize) -> f64 {
    let n = x.len() as isize;
    let wrap = |i: isize| i.rem_euclid(n) as usize;
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(*i));
    let mut sum = 0.0;
    for i in 0..x.len() {
        let j = wrap(i as isize + offset);
        sum += x[order[i]] * x[j];
    }
    sum
}

#[differentiable]
fn decisions_by_active_values(x: &[f64]) -> f64 {
    // The index of the largest entry is inactive; the entry is not.
    let mut best = 0;
    for i in 1..x.len() {
        if x[i] > x[best] {
            best = i;
        }
    }
    let above = x.iter().filter(|v| **v > 0.5).count();
    x[best] * above as f64
}

#[differentiable]
fn inactive_floats(x: f64, n: usize) -> f64 {
    let mut weight = 1.0;
    let mut table = vec![0.0; n];
    for (i, slot) in table.iter_mut().enumerate() {
        weight *= 0.5;
        *slot = weight + i as f64;
    }
    let total: f64 = table.iter().map(|t| t * t).sum();
    x * total.sqrt()
}

#[differentiable]
fn closures_over_integers(x: f64, n: u64) -> f64 {
    let gcd = |mut a: u64, mut b: u64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let g = gcd(n, 12);
    x.powi(g as i32)
}

#[differentiable]
fn local_items(x: f64) -> f64 {
    use std::f64::consts::FRAC_PI_2;
    #[derive(Clone, Copy, PartialEq)]
    enum Mode {
        Fast,
        Slow,
    }
    struct Settings {
        mode: Mode,
    }
    impl Settings {
        fn fast(&self) -> bool {
            self.mode == Mode::Fast
        }
    }
    let settings = Settings { mode: if x > 0.0 { Mode::Fast } else { Mode::Slow } };
    if settings.fast() { x * FRAC_PI_2 } else { x * x }
}

#[differentiable]
fn attributes_inside(x: f64) -> f64 {
    #[allow(unused_variables)]
    let unused = 3;
    #[cfg(any())]
    let x = "not compiled";
    #[allow(clippy::let_and_return)]
    let y = x * x;
    y
}

gradient_test! {
    logging_and_asserts: (0.7);
    look_ups: ([0.7, 1.1, -0.4], const "a"), ([0.7, 1.1, -0.4], const "none");
    index_arithmetic: (ref vec![0.7, 1.1, -0.4, 2.0], const 1), (ref vec![0.7, 1.1, -0.4], const -5);
    decisions_by_active_values: (ref vec![0.7, 1.1, -0.4]);
    inactive_floats: (0.7, const 4), (0.7, const 0);
    closures_over_integers: (0.7, const 18), (0.7, const 5);
    local_items: (0.7), (-0.7);
    attributes_inside: (0.7);
}
