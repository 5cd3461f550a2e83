//! Every partial against finite differences (with Richardson extrapolation), and the edges.

use super::*;

/// Derivative of `f` at `x` by central differences, extrapolated (Ridders 1982).
fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let central = |h: f64| (f(x + h) - f(x - h)) / (2.0 * h);
    let h = 1e-2 * (1.0 + x.abs());
    let mut row: Vec<f64> = (0..5).map(|k| central(h / f64::powi(2.0, k))).collect();
    for order in 1..5 {
        let weight = f64::powi(4.0, order);
        for i in 0..row.len() - 1 {
            row[i] = (weight * row[i + 1] - row[i]) / (weight - 1.0);
        }
        row.pop();
    }
    row[0]
}

#[track_caller]
fn close(got: f64, expected: f64) {
    assert!(
        (got - expected).abs() <= 1e-8 * (1.0 + expected.abs()),
        "got {got}, expected {expected}"
    );
}

macro_rules! unary {
    ($($name:ident: $($x:expr),*;)*) => {
        #[test]
        fn one_argument() {
            $($({
                let x: f64 = $x;
                println!("{} at {x}", $name::NAME);
                close($name::partial::x(x, $name::value(x)), slope($name::value, x));
            })*)*
        }
    };
}

unary! {
    sin: 0.3, -2.0; cos: 0.3, 2.0; tan: 0.5, -1.0; asin: 0.4, -0.7; acos: 0.4, -0.7;
    atan: 0.4, -3.0; sinh: 0.7, -1.0; cosh: 0.7, -1.0; tanh: 0.3, -1.2; asinh: 0.3, -4.0;
    acosh: 1.7, 5.0; atanh: 0.3, -0.8; exp: 0.3, -2.0; exp2: 0.4, 3.0; exp_m1: 0.2, -0.5;
    ln: 0.3, 4.0; ln_1p: 0.2, -0.4; log2: 0.7, 5.0; log10: 0.7, 5.0; sqrt: 0.7, 5.0;
    cbrt: 0.7, -5.0; recip: 0.7, -3.0; abs: 1.5, -2.5; fract: 1.5, -2.3; to_radians: 20.0;
    to_degrees: 0.3;
}

macro_rules! binary {
    ($($name:ident($a:ident, $b:ident): $(($x:expr, $y:expr))*;)*) => {
        #[test]
        fn two_arguments() {
            $($({
                let (x, y): (f64, f64) = ($x, $y);
                println!("{} at {x}, {y}", $name::NAME);
                let value = $name::value(x, y);
                close($name::partial::$a(x, y, value), slope(|x| $name::value(x, y), x));
                close($name::partial::$b(x, y, value), slope(|y| $name::value(x, y), y));
            })*)*
        }
    };
}

binary! {
    add(a, b): (1.0, 2.0);
    sub(a, b): (1.0, 2.0);
    mul(a, b): (3.0, 2.0);
    div(a, b): (3.0, 2.0) (-1.0, 0.5);
    rem(x, y): (7.5, 2.0) (-7.5, 2.0) (7.5, -2.0);
    rem_euclid(x, y): (7.5, 2.0) (-7.5, 2.0) (7.5, -2.0) (-7.5, -2.0);
    atan2(y, x): (1.0, 2.0) (-1.0, -2.0) (1.0, -0.3);
    log(x, base): (3.0, 2.0) (0.4, 10.0);
    powf(x, p): (2.0, 1.5) (0.7, -0.5);
    hypot(x, y): (3.0, 4.0) (-1.0, 0.2);
    min(x, y): (1.0, 2.0) (2.0, 1.0);
    max(x, y): (1.0, 2.0) (2.0, 1.0);
    midpoint(a, b): (1.0, 5.0);
    over_or_zero(a, b): (1.0, 2.0) (-3.0, 0.5);
    over_norm_squared(a, b): (1.0, 2.0) (-0.4, 0.7);
    powf_by_base(x, p): (2.0, 1.5) (0.7, -0.5);
}

#[test]
fn powers_in_every_order() {
    for n in -3..6 {
        let x = 1.3;
        close(powi::partial::x(x, n, x.powi(n)), slope(|x| x.powi(n), x));
        for k in 1..3 {
            let value = powi_derivative::value(x, n, k);
            let got = powi_derivative::partial::x(x, n, k, value);
            close(got, slope(|x| powi_derivative::value(x, n, k), x));
        }
    }
    for (x, p) in [(1.7, 2.5), (0.6, -1.25), (2.0, 3.0)] {
        for k in 0..3 {
            for m in 0..3 {
                let value = powf_derivative::value(x, p, k, m);
                let by_x = powf_derivative::partial::x(x, p, k, m, value);
                let by_p = powf_derivative::partial::p(x, p, k, m, value);
                close(by_x, slope(|x| powf_derivative::value(x, p, k, m), x));
                close(by_p, slope(|p| powf_derivative::value(x, p, k, m), p));
            }
        }
        let total = |x: f64, p: f64| powf_by_exponent::value(x, p, x.powf(p));
        let d = total(x, p);
        let y = x.powf(p);
        close(powf_by_exponent::partial::x(x, p, y, d), slope(|x| total(x, p), x));
        close(powf_by_exponent::partial::p(x, p, y, d), slope(|p| total(x, p), p));
    }
}

#[test]
fn edges() {
    let zero = 0.0_f64;
    assert_eq!(abs::partial::x(zero, zero), 0.0);
    assert_eq!(abs::partial::x(-zero, zero), 0.0);
    assert!(abs::partial::x(f64::NAN, f64::NAN).is_nan());
    assert_eq!(sqrt::partial::x(zero, zero), f64::INFINITY);
    assert_eq!(cbrt::partial::x(zero, zero), f64::INFINITY);
    assert_eq!(max::partial::x(1.0, 1.0, 1.0), 0.5);
    assert_eq!(min::partial::y(1.0, 1.0, 1.0), 0.5);
    assert_eq!(max::partial::x(f64::NAN, 1.0, 1.0), 0.0);
    assert_eq!(max::partial::y(f64::NAN, 1.0, 1.0), 1.0);
    assert_eq!(clamp::partial::x(2.0, 1.0, 2.0, 2.0), 1.0);
    assert_eq!(clamp::partial::hi(2.0, 1.0, 2.0, 2.0), 0.0);
    assert_eq!(clamp::partial::hi(2.5, 1.0, 2.0, 2.0), 1.0);
    assert_eq!(clamp::partial::lo(0.5, 1.0, 2.0, 1.0), 1.0);
    assert_eq!(hypot::partial::x(zero, zero, zero), 0.0);
    assert_eq!(atan2::partial::x(zero, zero, zero), 0.0);
    assert_eq!(atan2::partial::y(zero, zero, zero), 0.0);
    for x in [0.0, -1.0, 2.0, f64::INFINITY] {
        assert_eq!(powf::partial::x(x, 0.0, 1.0), 0.0);
        assert_eq!(powi::partial::x(x, 0, 1.0), 0.0);
    }
    assert_eq!(powi::partial::x(zero, 1, 0.0), 1.0);
    assert_eq!(powf::partial::x(zero, 1.0, 0.0), 1.0);
    assert_eq!(powf::partial::p(zero, 2.0, 0.0), 0.0);
    assert_eq!(powf::partial::p(zero, 0.0, 1.0), 0.0);
    assert!(powf::partial::p(-1.0_f64, 2.0, 1.0).is_nan());
    assert_eq!(powf_derivative::value(zero, 2.0, 2, 0), 2.0);
    assert_eq!(powf_derivative::value(zero, 2.0, 0, 2), 0.0);
}

#[test]
fn no_overflow_where_the_result_is_moderate() {
    let tiny = 1e-200_f64;
    close(over_norm_squared::value(tiny, tiny) * tiny, 0.5);
    close(over_norm_squared::value(1e200_f64, 1e200) * 1e200, 0.5);
    assert_eq!(over_norm_squared::value(f64::INFINITY, 1.0), 0.0);
    assert!(over_norm_squared::value(f64::NAN, 1.0).is_nan());
}

#[test]
fn values_are_those_of_std() {
    for x in [-7.5, -2.5, -0.5, 0.5, 1.5, 2.5, 3.2_f64] {
        assert_eq!(round_ties_even::value(x), x.round_ties_even());
        for y in [2.0, -2.0, 0.7] {
            assert_eq!(rem_euclid::value(x, y), x.rem_euclid(y));
            assert_eq!(div_euclid::value(x, y), x.div_euclid(y));
        }
    }
    assert_eq!(midpoint::value(f64::MAX, f64::MAX), f64::MAX);
    // The quotient 1 / 0.1 rounds to 10, the remainder was made with 9.
    assert_eq!(rem::partial::y(1.0, 0.1, 1.0 % 0.1), -9.0);
}
