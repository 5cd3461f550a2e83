//! Every mathematical function of `std`, in both call forms, and its values at the edges.

use autodiff::differentiable;
use autodiff_tests::{gradient_test, hvp_test, pullback_test, same};

mod method_calls {
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
}

mod path_calls {
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
}

mod operators {
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
        ((x * y).sin().exp() + (x / y).cos().abs().sqrt())
            .ln()
            .tanh()
            .powi(3)
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
}

mod second_derivatives {
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
}

mod edges {
    //! One convention everywhere, section 4 of the design; reverse and forward mode alike.
    use super::*;

    #[differentiable]
    fn abs_at_zero(x: f64) -> f64 {
        x.abs()
    }

    #[differentiable]
    fn abs_at_minus_zero(x: f64) -> f64 {
        x.abs()
    }

    #[differentiable]
    fn powf_zero_exponent(x: f64) -> f64 {
        x.powf(0.0)
    }

    #[differentiable]
    fn powf_zero_exponent_at_zero(x: f64) -> f64 {
        x.powf(0.0)
    }

    #[differentiable]
    fn powf_zero_exponent_at_negative(x: f64) -> f64 {
        x.powf(0.0)
    }

    #[differentiable]
    fn powi_zero(x: f64) -> f64 {
        x.powi(0)
    }

    #[differentiable]
    fn powi_zero_at_zero(x: f64) -> f64 {
        x.powi(0)
    }

    #[differentiable]
    fn powi_one_at_zero(x: f64) -> f64 {
        x.powi(1)
    }

    #[differentiable]
    fn powi_two_at_zero(x: f64) -> f64 {
        x.powi(2)
    }

    #[differentiable]
    fn powf_one_at_zero(x: f64) -> f64 {
        x.powf(1.0)
    }

    #[differentiable]
    fn powf_two_at_zero(x: f64) -> f64 {
        x.powf(2.0)
    }

    #[differentiable]
    fn powf_two_at_negative(x: f64) -> f64 {
        x.powf(2.0)
    }

    #[differentiable]
    fn sqrt_at_zero(x: f64) -> f64 {
        x.sqrt()
    }

    #[differentiable]
    fn sqrt_below_zero(x: f64) -> f64 {
        x.sqrt()
    }

    #[differentiable]
    fn floor_at_integer(x: f64) -> f64 {
        x.floor()
    }

    #[differentiable]
    fn ceil_at_integer(x: f64) -> f64 {
        x.ceil()
    }

    #[differentiable]
    fn round_at_half(x: f64) -> f64 {
        x.round()
    }

    #[differentiable]
    fn trunc_at_integer(x: f64) -> f64 {
        x.trunc()
    }

    #[differentiable]
    fn signum_at_zero(x: f64) -> f64 {
        x.signum()
    }

    #[differentiable]
    fn clamp_at_low_end(x: f64) -> f64 {
        x.clamp(0.0, 1.0)
    }

    #[differentiable]
    fn clamp_at_high_end(x: f64) -> f64 {
        x.clamp(0.0, 1.0)
    }

    #[differentiable]
    fn clamp_outside(x: f64) -> f64 {
        x.clamp(0.0, 1.0)
    }

    #[differentiable]
    fn max_with_constant_tie(x: f64) -> f64 {
        x.max(1.0)
    }

    #[differentiable]
    fn min_with_constant_tie(x: f64) -> f64 {
        x.min(1.0)
    }

    #[differentiable]
    fn relu_at_zero(x: f64) -> f64 {
        x.max(0.0)
    }

    #[differentiable]
    fn exp_of_minus_infinity(x: f64) -> f64 {
        x.exp()
    }

    #[differentiable]
    fn ln_at_zero(x: f64) -> f64 {
        x.ln()
    }

    #[differentiable]
    fn untaken_branch(x: f64) -> f64 {
        if x > 0.0 { x.sqrt() } else { 0.0 }
    }

    #[differentiable]
    fn nan_in(x: f64) -> f64 {
        x * x + x.sin()
    }

    #[differentiable]
    fn infinity_in(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    fn recip_at_zero(x: f64) -> f64 {
        x.recip()
    }

    #[differentiable]
    fn norm_of_one_at_zero(x: f64) -> f64 {
        (x * x).sqrt()
    }

    #[differentiable]
    fn hypot_with_zero(x: f64) -> f64 {
        x.hypot(0.0)
    }

    #[differentiable]
    fn fract_at_integer(x: f64) -> f64 {
        x.fract()
    }

    #[differentiable]
    fn max_tie(x: f64, y: f64) -> f64 {
        x.max(y)
    }

    #[differentiable]
    fn min_tie(x: f64, y: f64) -> f64 {
        x.min(y)
    }

    #[differentiable]
    fn max_tie_of_zeros(x: f64, y: f64) -> f64 {
        x.max(y)
    }

    #[differentiable]
    fn hypot_at_origin(x: f64, y: f64) -> f64 {
        x.hypot(y)
    }

    #[differentiable]
    fn atan2_at_origin(x: f64, y: f64) -> f64 {
        y.atan2(x)
    }

    #[differentiable]
    fn powf_base_zero(x: f64, y: f64) -> f64 {
        x.powf(y)
    }

    #[differentiable]
    fn powf_base_negative(x: f64, y: f64) -> f64 {
        x.powf(y)
    }

    #[differentiable]
    fn powf_both_zero(x: f64, y: f64) -> f64 {
        x.powf(y)
    }

    #[track_caller]
    fn agree(what: &str, got: &[f64], want: &[f64]) {
        assert!(
            got.iter().zip(want).all(|(g, w)| same(*g, *w)),
            "{what}: got {got:?}, expected {want:?}"
        );
    }

    #[test]
    fn of_one_argument() {
        agree(
            "abs_at_zero",
            &[grad_abs_at_zero(0.0), jvp_abs_at_zero(0.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "abs_at_minus_zero",
            &[
                grad_abs_at_minus_zero(-0.0),
                jvp_abs_at_minus_zero(-0.0, 1.0).1,
            ],
            &[0.0; 2],
        );
        agree(
            "powf_zero_exponent",
            &[
                grad_powf_zero_exponent(2.0),
                jvp_powf_zero_exponent(2.0, 1.0).1,
            ],
            &[0.0; 2],
        );
        agree(
            "powf_zero_exponent_at_zero",
            &[
                grad_powf_zero_exponent_at_zero(0.0),
                jvp_powf_zero_exponent_at_zero(0.0, 1.0).1,
            ],
            &[0.0; 2],
        );
        agree(
            "powf_zero_exponent_at_negative",
            &[
                grad_powf_zero_exponent_at_negative(-1.0),
                jvp_powf_zero_exponent_at_negative(-1.0, 1.0).1,
            ],
            &[0.0; 2],
        );
        agree(
            "powi_zero",
            &[grad_powi_zero(3.0), jvp_powi_zero(3.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "powi_zero_at_zero",
            &[
                grad_powi_zero_at_zero(0.0),
                jvp_powi_zero_at_zero(0.0, 1.0).1,
            ],
            &[0.0; 2],
        );
        agree(
            "powi_one_at_zero",
            &[grad_powi_one_at_zero(0.0), jvp_powi_one_at_zero(0.0, 1.0).1],
            &[1.0; 2],
        );
        agree(
            "powi_two_at_zero",
            &[grad_powi_two_at_zero(0.0), jvp_powi_two_at_zero(0.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "powf_one_at_zero",
            &[grad_powf_one_at_zero(0.0), jvp_powf_one_at_zero(0.0, 1.0).1],
            &[1.0; 2],
        );
        agree(
            "powf_two_at_zero",
            &[grad_powf_two_at_zero(0.0), jvp_powf_two_at_zero(0.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "powf_two_at_negative",
            &[
                grad_powf_two_at_negative(-3.0),
                jvp_powf_two_at_negative(-3.0, 1.0).1,
            ],
            &[-6.0; 2],
        );
        agree(
            "sqrt_at_zero",
            &[grad_sqrt_at_zero(0.0), jvp_sqrt_at_zero(0.0, 1.0).1],
            &[f64::INFINITY; 2],
        );
        agree(
            "sqrt_below_zero",
            &[grad_sqrt_below_zero(-1.0), jvp_sqrt_below_zero(-1.0, 1.0).1],
            &[f64::NAN; 2],
        );
        agree(
            "floor_at_integer",
            &[grad_floor_at_integer(2.0), jvp_floor_at_integer(2.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "ceil_at_integer",
            &[grad_ceil_at_integer(2.0), jvp_ceil_at_integer(2.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "round_at_half",
            &[grad_round_at_half(2.5), jvp_round_at_half(2.5, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "trunc_at_integer",
            &[grad_trunc_at_integer(2.0), jvp_trunc_at_integer(2.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "signum_at_zero",
            &[grad_signum_at_zero(0.0), jvp_signum_at_zero(0.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "clamp_at_low_end",
            &[grad_clamp_at_low_end(0.0), jvp_clamp_at_low_end(0.0, 1.0).1],
            &[1.0; 2],
        );
        agree(
            "clamp_at_high_end",
            &[
                grad_clamp_at_high_end(1.0),
                jvp_clamp_at_high_end(1.0, 1.0).1,
            ],
            &[1.0; 2],
        );
        agree(
            "clamp_outside",
            &[grad_clamp_outside(1.5), jvp_clamp_outside(1.5, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "max_with_constant_tie",
            &[
                grad_max_with_constant_tie(1.0),
                jvp_max_with_constant_tie(1.0, 1.0).1,
            ],
            &[0.5; 2],
        );
        agree(
            "min_with_constant_tie",
            &[
                grad_min_with_constant_tie(1.0),
                jvp_min_with_constant_tie(1.0, 1.0).1,
            ],
            &[0.5; 2],
        );
        agree(
            "relu_at_zero",
            &[grad_relu_at_zero(0.0), jvp_relu_at_zero(0.0, 1.0).1],
            &[0.5; 2],
        );
        agree(
            "exp_of_minus_infinity",
            &[
                grad_exp_of_minus_infinity(f64::NEG_INFINITY),
                jvp_exp_of_minus_infinity(f64::NEG_INFINITY, 1.0).1,
            ],
            &[0.0; 2],
        );
        agree(
            "ln_at_zero",
            &[grad_ln_at_zero(0.0), jvp_ln_at_zero(0.0, 1.0).1],
            &[f64::INFINITY; 2],
        );
        agree(
            "untaken_branch",
            &[grad_untaken_branch(0.0), jvp_untaken_branch(0.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "nan_in",
            &[grad_nan_in(f64::NAN), jvp_nan_in(f64::NAN, 1.0).1],
            &[f64::NAN; 2],
        );
        agree(
            "infinity_in",
            &[
                grad_infinity_in(f64::INFINITY),
                jvp_infinity_in(f64::INFINITY, 1.0).1,
            ],
            &[f64::INFINITY; 2],
        );
        agree(
            "recip_at_zero",
            &[grad_recip_at_zero(0.0), jvp_recip_at_zero(0.0, 1.0).1],
            &[f64::NEG_INFINITY; 2],
        );
        agree(
            "norm_of_one_at_zero",
            &[
                grad_norm_of_one_at_zero(0.0),
                jvp_norm_of_one_at_zero(0.0, 1.0).1,
            ],
            &[f64::NAN; 2],
        );
        agree(
            "hypot_with_zero",
            &[grad_hypot_with_zero(0.0), jvp_hypot_with_zero(0.0, 1.0).1],
            &[0.0; 2],
        );
        agree(
            "fract_at_integer",
            &[grad_fract_at_integer(2.0), jvp_fract_at_integer(2.0, 1.0).1],
            &[1.0; 2],
        );
    }

    #[test]
    fn of_two_arguments() {
        let ((x, y), want): (_, (f64, f64)) = (grad_max_tie(2.0, 2.0), (0.5, 0.5));
        agree("max_tie", &[x, y], &[want.0, want.1]);
        let x = jvp_max_tie(2.0, 2.0, 1.0, 0.0).1;
        let y = jvp_max_tie(2.0, 2.0, 0.0, 1.0).1;
        agree("max_tie, forward", &[x, y], &[want.0, want.1]);
        let ((x, y), want): (_, (f64, f64)) = (grad_min_tie(2.0, 2.0), (0.5, 0.5));
        agree("min_tie", &[x, y], &[want.0, want.1]);
        let x = jvp_min_tie(2.0, 2.0, 1.0, 0.0).1;
        let y = jvp_min_tie(2.0, 2.0, 0.0, 1.0).1;
        agree("min_tie, forward", &[x, y], &[want.0, want.1]);
        let ((x, y), want): (_, (f64, f64)) = (grad_max_tie_of_zeros(0.0, -0.0), (0.5, 0.5));
        agree("max_tie_of_zeros", &[x, y], &[want.0, want.1]);
        let x = jvp_max_tie_of_zeros(0.0, -0.0, 1.0, 0.0).1;
        let y = jvp_max_tie_of_zeros(0.0, -0.0, 0.0, 1.0).1;
        agree("max_tie_of_zeros, forward", &[x, y], &[want.0, want.1]);
        let ((x, y), want): (_, (f64, f64)) = (grad_hypot_at_origin(0.0, 0.0), (0.0, 0.0));
        agree("hypot_at_origin", &[x, y], &[want.0, want.1]);
        let x = jvp_hypot_at_origin(0.0, 0.0, 1.0, 0.0).1;
        let y = jvp_hypot_at_origin(0.0, 0.0, 0.0, 1.0).1;
        agree("hypot_at_origin, forward", &[x, y], &[want.0, want.1]);
        let ((x, y), want): (_, (f64, f64)) = (grad_atan2_at_origin(0.0, 0.0), (0.0, 0.0));
        agree("atan2_at_origin", &[x, y], &[want.0, want.1]);
        let x = jvp_atan2_at_origin(0.0, 0.0, 1.0, 0.0).1;
        let y = jvp_atan2_at_origin(0.0, 0.0, 0.0, 1.0).1;
        agree("atan2_at_origin, forward", &[x, y], &[want.0, want.1]);
        let ((x, y), want): (_, (f64, f64)) = (grad_powf_base_zero(0.0, 2.0), (0.0, 0.0));
        agree("powf_base_zero", &[x, y], &[want.0, want.1]);
        let x = jvp_powf_base_zero(0.0, 2.0, 1.0, 0.0).1;
        let y = jvp_powf_base_zero(0.0, 2.0, 0.0, 1.0).1;
        agree("powf_base_zero, forward", &[x, y], &[want.0, want.1]);
        let ((x, y), want): (_, (f64, f64)) =
            (grad_powf_base_negative(-2.0, 2.0), (-4.0, f64::NAN));
        agree("powf_base_negative", &[x, y], &[want.0, want.1]);
        // Forward mode adds 0 · NaN for the exponent: NaN, as IEEE arithmetic has it.
        assert!(jvp_powf_base_negative(-2.0, 2.0, 1.0, 0.0).1.is_nan());
        let ((x, y), want): (_, (f64, f64)) = (grad_powf_both_zero(0.0, 0.0), (0.0, 0.0));
        agree("powf_both_zero", &[x, y], &[want.0, want.1]);
        let x = jvp_powf_both_zero(0.0, 0.0, 1.0, 0.0).1;
        let y = jvp_powf_both_zero(0.0, 0.0, 0.0, 1.0).1;
        agree("powf_both_zero, forward", &[x, y], &[want.0, want.1]);
    }
}
