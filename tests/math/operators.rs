use super::*;

#[differentiable]
fn remainder(x: f64, y: f64) -> f64 {
    3.0 * (x % y)
}

#[differentiable]
fn all_four(x: f64, y: f64) -> f64 {
    -x / y + (x - y) * (x + 2.0 * y) - (-y) / x
}

#[differentiable]
fn precedence(x: f64, y: f64, z: f64) -> f64 {
    x - (y - z) - (x / (y / z)) / (x * y - -z) * (1.0 - (x + y))
}

#[differentiable]
fn constants_of_std(x: f64) -> f64 {
    use std::f64::consts::{PI, TAU};
    (x * PI).sin() + x / TAU + std::f64::consts::E * x + f64::EPSILON * x
}

#[differentiable]
fn literals(x: f64) -> f64 {
    2.0_f64.sqrt() * x + 1e3f64 * x.powi(2) + 1_000.0 * x - 2f64.powf(x) + 0.5f64.powf(x)
}

#[differentiable]
fn casts(x: f64, n: usize, k: i32) -> f64 {
    x * n as f64 + f64::from(k) * x.sin() / (n as f64 + 1.0)
}

#[differentiable]
fn through_f32(x: f64) -> f64 {
    let y = x as f32;
    (y * y) as f64 + f64::from(y)
}

#[differentiable]
fn nested(x: f64, y: f64) -> f64 {
    ((x * y).sin().exp() + (x / y).cos().abs().sqrt()).ln().tanh().powi(3)
}

#[differentiable]
fn chained(x: f64) -> f64 {
    x.sin().cos().tan().exp().ln_1p().sqrt().atan().cbrt()
}

#[differentiable]
fn same_operand(x: f64) -> f64 {
    x * x * x / (x + x) - x.powf(x) + x.hypot(x) + x.atan2(x) + x.max(x)
}

gradient_test! {
    remainder: (7.3, 2.7), (-7.3, 2.7), (7.3, -2.7);
    all_four: (1.5, -2.5);
    precedence: (1.5, -2.5, 0.7);
    constants_of_std: (0.3);
    literals: (0.3);
    casts: (0.3, const 4, const -3);
    nested: (1.2, 0.7);
    chained: (0.4);
    same_operand: (1.7);
}

#[test]
fn through_a_narrower_float() {
    assert_eq!(grad_through_f32(1.5), 4.0);
    assert_eq!(jvp_through_f32(1.5, 2.0), (3.75, 8.0));
}
