//! `x.sin()`; scaled before and after, so that the chain rule has something to do.
use super::*;

#[differentiable]
fn sin_of(x: f64) -> f64 {
    3.0 * x.sin()
}

#[differentiable]
fn cos_of(x: f64) -> f64 {
    3.0 * x.cos()
}

#[differentiable]
fn tan_of(x: f64) -> f64 {
    3.0 * x.tan()
}

#[differentiable]
fn asin_of(x: f64) -> f64 {
    3.0 * x.asin()
}

#[differentiable]
fn acos_of(x: f64) -> f64 {
    3.0 * x.acos()
}

#[differentiable]
fn atan_of(x: f64) -> f64 {
    3.0 * x.atan()
}

#[differentiable]
fn sinh_of(x: f64) -> f64 {
    3.0 * x.sinh()
}

#[differentiable]
fn cosh_of(x: f64) -> f64 {
    3.0 * x.cosh()
}

#[differentiable]
fn tanh_of(x: f64) -> f64 {
    3.0 * x.tanh()
}

#[differentiable]
fn asinh_of(x: f64) -> f64 {
    3.0 * x.asinh()
}

#[differentiable]
fn acosh_of(x: f64) -> f64 {
    3.0 * x.acosh()
}

#[differentiable]
fn atanh_of(x: f64) -> f64 {
    3.0 * x.atanh()
}

#[differentiable]
fn exp_of(x: f64) -> f64 {
    3.0 * x.exp()
}

#[differentiable]
fn exp2_of(x: f64) -> f64 {
    3.0 * x.exp2()
}

#[differentiable]
fn exp_m1_of(x: f64) -> f64 {
    3.0 * x.exp_m1()
}

#[differentiable]
fn ln_of(x: f64) -> f64 {
    3.0 * x.ln()
}

#[differentiable]
fn log2_of(x: f64) -> f64 {
    3.0 * x.log2()
}

#[differentiable]
fn log10_of(x: f64) -> f64 {
    3.0 * x.log10()
}

#[differentiable]
fn ln_1p_of(x: f64) -> f64 {
    3.0 * x.ln_1p()
}

#[differentiable]
fn sqrt_of(x: f64) -> f64 {
    3.0 * x.sqrt()
}

#[differentiable]
fn cbrt_of(x: f64) -> f64 {
    3.0 * x.cbrt()
}

#[differentiable]
fn recip_of(x: f64) -> f64 {
    3.0 * x.recip()
}

#[differentiable]
fn abs_of(x: f64) -> f64 {
    3.0 * x.abs()
}

#[differentiable]
fn signum_of(x: f64) -> f64 {
    3.0 * x.signum()
}

#[differentiable]
fn floor_of(x: f64) -> f64 {
    3.0 * x.floor()
}

#[differentiable]
fn ceil_of(x: f64) -> f64 {
    3.0 * x.ceil()
}

#[differentiable]
fn round_of(x: f64) -> f64 {
    3.0 * x.round()
}

#[differentiable]
fn trunc_of(x: f64) -> f64 {
    3.0 * x.trunc()
}

#[differentiable]
fn fract_of(x: f64) -> f64 {
    3.0 * x.fract()
}

#[differentiable]
fn to_radians_of(x: f64) -> f64 {
    3.0 * x.to_radians()
}

#[differentiable]
fn to_degrees_of(x: f64) -> f64 {
    3.0 * x.to_degrees()
}

#[differentiable]
fn powf_of(x: f64, y: f64) -> f64 {
    3.0 * x.powf(y)
}

#[differentiable]
fn hypot_of(x: f64, y: f64) -> f64 {
    3.0 * x.hypot(y)
}

#[differentiable]
fn atan2_of(x: f64, y: f64) -> f64 {
    3.0 * x.atan2(y)
}

#[differentiable]
fn log_of(x: f64, y: f64) -> f64 {
    3.0 * x.log(y)
}

#[differentiable]
fn max_of(x: f64, y: f64) -> f64 {
    3.0 * x.max(y)
}

#[differentiable]
fn min_of(x: f64, y: f64) -> f64 {
    3.0 * x.min(y)
}

#[differentiable]
fn copysign_of(x: f64, y: f64) -> f64 {
    3.0 * x.copysign(y)
}

#[differentiable]
fn rem_euclid_of(x: f64, y: f64) -> f64 {
    3.0 * x.rem_euclid(y)
}

#[differentiable]
fn div_euclid_of(x: f64, y: f64) -> f64 {
    3.0 * x.div_euclid(y)
}

#[differentiable]
fn mul_add_of(x: f64, y: f64, z: f64) -> f64 {
    3.0 * x.mul_add(y, z)
}

#[differentiable]
fn clamp_of(x: f64, y: f64, z: f64) -> f64 {
    3.0 * x.clamp(y, z)
}

#[differentiable]
fn powi_of(x: f64, n: i32) -> f64 {
    3.0 * x.powi(n)
}

#[differentiable]
fn sin_cos_of(x: f64) -> (f64, f64) {
    x.sin_cos()
}

#[differentiable]
fn sin_cos_parts(x: f64) -> f64 {
    let (s, c) = x.sin_cos();
    s * c + c
}

gradient_test! {
    sin_of: (0.7), (-2.1);
    cos_of: (0.7), (-2.1);
    tan_of: (0.7), (-1.1);
    asin_of: (0.3), (-0.8);
    acos_of: (0.3), (-0.8);
    atan_of: (0.3), (-4.0);
    sinh_of: (0.3), (-1.2);
    cosh_of: (0.3), (-1.2);
    tanh_of: (0.3), (-1.2);
    asinh_of: (0.3), (-1.2);
    acosh_of: (1.7), (5.0);
    atanh_of: (0.3), (-0.6);
    exp_of: (0.3), (-1.2);
    exp2_of: (0.3), (-1.2);
    exp_m1_of: (0.003), (-1.2);
    ln_of: (0.3), (4.0);
    log2_of: (0.3), (4.0);
    log10_of: (0.3), (4.0);
    ln_1p_of: (0.003), (-0.6);
    sqrt_of: (0.3), (4.0);
    cbrt_of: (0.3), (-4.0);
    recip_of: (0.3), (-4.0);
    abs_of: (0.3), (-4.0);
    signum_of: (0.3), (-4.0);
    floor_of: (0.3), (-4.4);
    ceil_of: (0.3), (-4.4);
    round_of: (0.3), (-4.4);
    trunc_of: (0.3), (-4.4);
    fract_of: (0.3), (-4.4);
    to_radians_of: (30.0), (-4.4);
    to_degrees_of: (0.3), (-4.4);
    powf_of: (1.3, 2.7), (0.4, -1.2);
    hypot_of: (1.3, 2.7), (0.4, -1.2);
    atan2_of: (1.3, 2.7), (-0.4, -1.2), (0.5, -2.0);
    log_of: (1.3, 2.7), (5.0, 0.4);
    max_of: (1.3, 2.7), (0.4, -1.2);
    min_of: (1.3, 2.7), (0.4, -1.2);
    copysign_of: (1.3, 2.7), (0.4, -1.2), (-3.0, -1.0);
    rem_euclid_of: (7.3, 2.7), (-7.3, 2.7), (7.3, -2.7), (-7.3, -2.7);
    div_euclid_of: (7.3, 2.7), (-7.3, 2.7);
    mul_add_of: (1.3, -0.4, 2.0);
    clamp_of: (1.3, -0.4, 2.0), (-1.3, -0.4, 2.0), (3.0, -0.4, 2.0);
    powi_of: (1.3, const 3), (-1.3, const 2), (-1.3, const -3), (1.3, const 1), (1.3, const 0);
    sin_cos_parts: (0.4), (-2.0);
}

pullback_test! { sin_cos_of: (0.4), (-2.0); }
