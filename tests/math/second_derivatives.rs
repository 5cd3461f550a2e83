use super::*;

#[differentiable(order = 2)]
fn sin_of(x: f64) -> f64 {
    (3.0 * x.sin()).sin()
}

#[differentiable(order = 2)]
fn cos_of(x: f64) -> f64 {
    (3.0 * x.cos()).sin()
}

#[differentiable(order = 2)]
fn tan_of(x: f64) -> f64 {
    (3.0 * x.tan()).sin()
}

#[differentiable(order = 2)]
fn asin_of(x: f64) -> f64 {
    (3.0 * x.asin()).sin()
}

#[differentiable(order = 2)]
fn acos_of(x: f64) -> f64 {
    (3.0 * x.acos()).sin()
}

#[differentiable(order = 2)]
fn atan_of(x: f64) -> f64 {
    (3.0 * x.atan()).sin()
}

#[differentiable(order = 2)]
fn sinh_of(x: f64) -> f64 {
    (3.0 * x.sinh()).sin()
}

#[differentiable(order = 2)]
fn cosh_of(x: f64) -> f64 {
    (3.0 * x.cosh()).sin()
}

#[differentiable(order = 2)]
fn tanh_of(x: f64) -> f64 {
    (3.0 * x.tanh()).sin()
}

#[differentiable(order = 2)]
fn asinh_of(x: f64) -> f64 {
    (3.0 * x.asinh()).sin()
}

#[differentiable(order = 2)]
fn acosh_of(x: f64) -> f64 {
    (3.0 * x.acosh()).sin()
}

#[differentiable(order = 2)]
fn atanh_of(x: f64) -> f64 {
    (3.0 * x.atanh()).sin()
}

#[differentiable(order = 2)]
fn exp_of(x: f64) -> f64 {
    (3.0 * x.exp()).sin()
}

#[differentiable(order = 2)]
fn exp2_of(x: f64) -> f64 {
    (3.0 * x.exp2()).sin()
}

#[differentiable(order = 2)]
fn exp_m1_of(x: f64) -> f64 {
    (3.0 * x.exp_m1()).sin()
}

#[differentiable(order = 2)]
fn ln_of(x: f64) -> f64 {
    (3.0 * x.ln()).sin()
}

#[differentiable(order = 2)]
fn log2_of(x: f64) -> f64 {
    (3.0 * x.log2()).sin()
}

#[differentiable(order = 2)]
fn log10_of(x: f64) -> f64 {
    (3.0 * x.log10()).sin()
}

#[differentiable(order = 2)]
fn ln_1p_of(x: f64) -> f64 {
    (3.0 * x.ln_1p()).sin()
}

#[differentiable(order = 2)]
fn sqrt_of(x: f64) -> f64 {
    (3.0 * x.sqrt()).sin()
}

#[differentiable(order = 2)]
fn cbrt_of(x: f64) -> f64 {
    (3.0 * x.cbrt()).sin()
}

#[differentiable(order = 2)]
fn recip_of(x: f64) -> f64 {
    (3.0 * x.recip()).sin()
}

#[differentiable(order = 2)]
fn abs_of(x: f64) -> f64 {
    (3.0 * x.abs()).sin()
}

#[differentiable(order = 2)]
fn fract_of(x: f64) -> f64 {
    (3.0 * x.fract()).sin()
}

#[differentiable(order = 2)]
fn to_radians_of(x: f64) -> f64 {
    (3.0 * x.to_radians()).sin()
}

#[differentiable(order = 2)]
fn to_degrees_of(x: f64) -> f64 {
    (3.0 * x.to_degrees()).sin()
}

#[differentiable(order = 2)]
fn powf_of(x: f64, y: f64) -> f64 {
    (3.0 * x.powf(y)).sin()
}

#[differentiable(order = 2)]
fn hypot_of(x: f64, y: f64) -> f64 {
    (3.0 * x.hypot(y)).sin()
}

#[differentiable(order = 2)]
fn atan2_of(x: f64, y: f64) -> f64 {
    (3.0 * x.atan2(y)).sin()
}

#[differentiable(order = 2)]
fn log_of(x: f64, y: f64) -> f64 {
    (3.0 * x.log(y)).sin()
}

#[differentiable(order = 2)]
fn max_of(x: f64, y: f64) -> f64 {
    (3.0 * x.max(y)).sin()
}

#[differentiable(order = 2)]
fn rem_euclid_of(x: f64, y: f64) -> f64 {
    (3.0 * x.rem_euclid(y)).sin()
}

#[differentiable(order = 2)]
fn powi_of(x: f64, n: i32) -> f64 {
    x.powi(n) * x
}

#[differentiable(order = 2)]
fn mul_add_of(x: f64, y: f64, z: f64) -> f64 {
    x.mul_add(y, z).exp()
}

#[differentiable(order = 2)]
fn clamp_of(x: f64) -> f64 {
    x.clamp(-1.0, 1.0).exp() * x
}

hvp_test! {
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
    fract_of: (0.3), (-4.4);
    to_radians_of: (30.0), (-4.4);
    to_degrees_of: (0.3), (-4.4);
    powf_of: (1.3, 2.7), (0.4, -1.2);
    hypot_of: (1.3, 2.7), (0.4, -1.2);
    atan2_of: (1.3, 2.7), (-0.4, -1.2), (0.5, -2.0);
    log_of: (1.3, 2.7), (5.0, 0.4);
    max_of: (1.3, 2.7), (0.4, -1.2);
    rem_euclid_of: (7.3, 2.7), (-7.3, 2.7), (7.3, -2.7), (-7.3, -2.7);
    powi_of: (1.3, const 3), (1.3, const -2), (1.3, const 1), (1.3, const 0), (1.3, const 2);
    mul_add_of: (0.3, 0.5, -0.2);
    clamp_of: (0.3), (1.5), (-2.0);
}
