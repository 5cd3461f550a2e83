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
    agree("abs_at_zero", &[grad_abs_at_zero(0.0), jvp_abs_at_zero(0.0, 1.0).1], &[0.0; 2]);
    agree(
        "abs_at_minus_zero",
        &[grad_abs_at_minus_zero(-0.0), jvp_abs_at_minus_zero(-0.0, 1.0).1],
        &[0.0; 2],
    );
    agree(
        "powf_zero_exponent",
        &[grad_powf_zero_exponent(2.0), jvp_powf_zero_exponent(2.0, 1.0).1],
        &[0.0; 2],
    );
    agree(
        "powf_zero_exponent_at_zero",
        &[grad_powf_zero_exponent_at_zero(0.0), jvp_powf_zero_exponent_at_zero(0.0, 1.0).1],
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
    agree("powi_zero", &[grad_powi_zero(3.0), jvp_powi_zero(3.0, 1.0).1], &[0.0; 2]);
    agree(
        "powi_zero_at_zero",
        &[grad_powi_zero_at_zero(0.0), jvp_powi_zero_at_zero(0.0, 1.0).1],
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
        &[grad_powf_two_at_negative(-3.0), jvp_powf_two_at_negative(-3.0, 1.0).1],
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
    agree("round_at_half", &[grad_round_at_half(2.5), jvp_round_at_half(2.5, 1.0).1], &[0.0; 2]);
    agree(
        "trunc_at_integer",
        &[grad_trunc_at_integer(2.0), jvp_trunc_at_integer(2.0, 1.0).1],
        &[0.0; 2],
    );
    agree("signum_at_zero", &[grad_signum_at_zero(0.0), jvp_signum_at_zero(0.0, 1.0).1], &[0.0; 2]);
    agree(
        "clamp_at_low_end",
        &[grad_clamp_at_low_end(0.0), jvp_clamp_at_low_end(0.0, 1.0).1],
        &[1.0; 2],
    );
    agree(
        "clamp_at_high_end",
        &[grad_clamp_at_high_end(1.0), jvp_clamp_at_high_end(1.0, 1.0).1],
        &[1.0; 2],
    );
    agree("clamp_outside", &[grad_clamp_outside(1.5), jvp_clamp_outside(1.5, 1.0).1], &[0.0; 2]);
    agree(
        "max_with_constant_tie",
        &[grad_max_with_constant_tie(1.0), jvp_max_with_constant_tie(1.0, 1.0).1],
        &[0.5; 2],
    );
    agree(
        "min_with_constant_tie",
        &[grad_min_with_constant_tie(1.0), jvp_min_with_constant_tie(1.0, 1.0).1],
        &[0.5; 2],
    );
    agree("relu_at_zero", &[grad_relu_at_zero(0.0), jvp_relu_at_zero(0.0, 1.0).1], &[0.5; 2]);
    agree(
        "exp_of_minus_infinity",
        &[
            grad_exp_of_minus_infinity(f64::NEG_INFINITY),
            jvp_exp_of_minus_infinity(f64::NEG_INFINITY, 1.0).1,
        ],
        &[0.0; 2],
    );
    agree("ln_at_zero", &[grad_ln_at_zero(0.0), jvp_ln_at_zero(0.0, 1.0).1], &[f64::INFINITY; 2]);
    agree("untaken_branch", &[grad_untaken_branch(0.0), jvp_untaken_branch(0.0, 1.0).1], &[0.0; 2]);
    agree("nan_in", &[grad_nan_in(f64::NAN), jvp_nan_in(f64::NAN, 1.0).1], &[f64::NAN; 2]);
    agree(
        "infinity_in",
        &[grad_infinity_in(f64::INFINITY), jvp_infinity_in(f64::INFINITY, 1.0).1],
        &[f64::INFINITY; 2],
    );
    agree(
        "recip_at_zero",
        &[grad_recip_at_zero(0.0), jvp_recip_at_zero(0.0, 1.0).1],
        &[f64::NEG_INFINITY; 2],
    );
    agree(
        "norm_of_one_at_zero",
        &[grad_norm_of_one_at_zero(0.0), jvp_norm_of_one_at_zero(0.0, 1.0).1],
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
    let ((x, y), want): (_, (f64, f64)) = (grad_powf_base_negative(-2.0, 2.0), (-4.0, f64::NAN));
    agree("powf_base_negative", &[x, y], &[want.0, want.1]);
    // Forward mode adds 0 · NaN for the exponent: NaN, as IEEE arithmetic has it.
    assert!(jvp_powf_base_negative(-2.0, 2.0, 1.0, 0.0).1.is_nan());
    let ((x, y), want): (_, (f64, f64)) = (grad_powf_both_zero(0.0, 0.0), (0.0, 0.0));
    agree("powf_both_zero", &[x, y], &[want.0, want.1]);
    let x = jvp_powf_both_zero(0.0, 0.0, 1.0, 0.0).1;
    let y = jvp_powf_both_zero(0.0, 0.0, 0.0, 1.0).1;
    agree("powf_both_zero, forward", &[x, y], &[want.0, want.1]);
}
