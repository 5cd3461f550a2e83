//! `f64::sin(x)`
use super::*;

#[differentiable]
fn sin_of(x: f64) -> f64 {
    3.0 * f64::sin(x)
}

#[differentiable]
fn cos_of(x: f64) -> f64 {
    3.0 * f64::cos(x)
}

#[differentiable]
fn tan_of(x: f64) -> f64 {
    3.0 * f64::tan(x)
}

#[differentiable]
fn asin_of(x: f64) -> f64 {
    3.0 * f64::asin(x)
}

#[differentiable]
fn acos_of(x: f64) -> f64 {
    3.0 * f64::acos(x)
}

#[differentiable]
fn atan_of(x: f64) -> f64 {
    3.0 * f64::atan(x)
}

#[differentiable]
fn sinh_of(x: f64) -> f64 {
    3.0 * f64::sinh(x)
}

#[differentiable]
fn cosh_of(x: f64) -> f64 {
    3.0 * f64::cosh(x)
}

#[differentiable]
fn tanh_of(x: f64) -> f64 {
    3.0 * f64::tanh(x)
}

#[differentiable]
fn asinh_of(x: f64) -> f64 {
    3.0 * f64::asinh(x)
}

#[differentiable]
fn acosh_of(x: f64) -> f64 {
    3.0 * f64::acosh(x)
}

#[differentiable]
fn atanh_of(x: f64) -> f64 {
    3.0 * f64::atanh(x)
}

#[differentiable]
fn exp_of(x: f64) -> f64 {
    3.0 * f64::exp(x)
}

#[differentiable]
fn exp2_of(x: f64) -> f64 {
    3.0 * f64::exp2(x)
}

#[differentiable]
fn exp_m1_of(x: f64) -> f64 {
    3.0 * f64::exp_m1(x)
}

#[differentiable]
fn ln_of(x: f64) -> f64 {
    3.0 * f64::ln(x)
}

#[differentiable]
fn log2_of(x: f64) -> f64 {
    3.0 * f64::log2(x)
}

#[differentiable]
fn log10_of(x: f64) -> f64 {
    3.0 * f64::log10(x)
}

#[differentiable]
fn ln_1p_of(x: f64) -> f64 {
    3.0 * f64::ln_1p(x)
}

#[differentiable]
fn sqrt_of(x: f64) -> f64 {
    3.0 * f64::sqrt(x)
}

#[differentiable]
fn cbrt_of(x: f64) -> f64 {
    3.0 * f64::cbrt(x)
}

#[differentiable]
fn recip_of(x: f64) -> f64 {
    3.0 * f64::recip(x)
}

#[differentiable]
fn abs_of(x: f64) -> f64 {
    3.0 * f64::abs(x)
}

#[differentiable]
fn signum_of(x: f64) -> f64 {
    3.0 * f64::signum(x)
}

#[differentiable]
fn floor_of(x: f64) -> f64 {
    3.0 * f64::floor(x)
}

#[differentiable]
fn ceil_of(x: f64) -> f64 {
    3.0 * f64::ceil(x)
}

#[differentiable]
fn round_of(x: f64) -> f64 {
    3.0 * f64::round(x)
}

#[differentiable]
fn trunc_of(x: f64) -> f64 {
    3.0 * f64::trunc(x)
}

#[differentiable]
fn fract_of(x: f64) -> f64 {
    3.0 * f64::fract(x)
}

#[differentiable]
fn to_radians_of(x: f64) -> f64 {
    3.0 * f64::to_radians(x)
}

#[differentiable]
fn to_degrees_of(x: f64) -> f64 {
    3.0 * f64::to_degrees(x)
}

#[differentiable]
fn powf_of(x: f64, y: f64) -> f64 {
    3.0 * f64::powf(x, y)
}

#[differentiable]
fn hypot_of(x: f64, y: f64) -> f64 {
    3.0 * f64::hypot(x, y)
}

#[differentiable]
fn atan2_of(x: f64, y: f64) -> f64 {
    3.0 * f64::atan2(x, y)
}

#[differentiable]
fn log_of(x: f64, y: f64) -> f64 {
    3.0 * f64::log(x, y)
}

#[differentiable]
fn max_of(x: f64, y: f64) -> f64 {
    3.0 * f64::max(x, y)
}

#[differentiable]
fn min_of(x: f64, y: f64) -> f64 {
    3.0 * f64::min(x, y)
}

#[differentiable]
fn copysign_of(x: f64, y: f64) -> f64 {
    3.0 * f64::copysign(x, y)
}

#[differentiable]
fn rem_euclid_of(x: f64, y: f64) -> f64 {
    3.0 * f64::rem_euclid(x, y)
}

#[differentiable]
fn div_euclid_of(x: f64, y: f64) -> f64 {
    3.0 * f64::div_euclid(x, y)
}

#[differentiable]
fn mul_add_of(x: f64, y: f64, z: f64) -> f64 {
    3.0 * f64::mul_add(x, y, z)
}

#[differentiable]
fn clamp_of(x: f64, y: f64, z: f64) -> f64 {
    3.0 * f64::clamp(x, y, z)
}

#[differentiable]
fn powi_of(x: f64, n: i32) -> f64 {
    3.0 * f64::powi(x, n)
}

#[differentiable]
fn sin_cos_of(x: f64) -> (f64, f64) {
    f64::sin_cos(x)
}

#[differentiable]
fn sin_cos_parts(x: f64) -> f64 {
    let (s, c) = f64::sin_cos(x);
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
