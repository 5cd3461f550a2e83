//! The functions of the rule table as plain generic functions: operators and methods of the
//! standard floats by name, and the few functions that only derivatives need.

use crate::Real;

/// The constant `value` as a `T`.
fn of<T: Real>(value: f64) -> T {
    T::of(value)
}

macro_rules! methods {
    ($($name:ident($($arg:ident),*);)*) => {$(
        #[doc = concat!("`", stringify!($name), "` as a function.")]
        pub fn $name<T: Real>($($arg: T),*) -> T {
            T::$name($($arg),*)
        }
    )*};
}

methods! {
    sin(x); cos(x); tan(x); asin(x); acos(x); atan(x); atan2(y, x);
    sinh(x); cosh(x); tanh(x); asinh(x); acosh(x); atanh(x);
    exp(x); exp2(x); exp_m1(x); ln(x); ln_1p(x); log(x, base); log2(x); log10(x);
    sqrt(x); cbrt(x); recip(x); abs(x); signum(x);
    floor(x); ceil(x); round(x); trunc(x); fract(x);
    powf(x, p); hypot(x, y); min(x, y); max(x, y);
    copysign(x, sign); mul_add(a, b, c); to_radians(x); to_degrees(x);
}

/// `a + b`.
pub fn add<T: Real>(a: T, b: T) -> T {
    a + b
}

/// `a - b`.
pub fn sub<T: Real>(a: T, b: T) -> T {
    a - b
}

/// `a * b`.
pub fn mul<T: Real>(a: T, b: T) -> T {
    a * b
}

/// `a / b`.
pub fn div<T: Real>(a: T, b: T) -> T {
    a / b
}

/// `-a`.
pub fn neg<T: Real>(a: T) -> T {
    -a
}

/// `x % y`.
pub fn rem<T: Real>(x: T, y: T) -> T {
    x % y
}

/// `powi` as a function.
pub fn powi<T: Real>(x: T, n: i32) -> T {
    x.powi(n)
}

/// `clamp` as a function.
///
/// # Panics
/// As `f64::clamp`: if `lo > hi` or a bound is NaN.
pub fn clamp<T: Real>(x: T, lo: T, hi: T) -> T {
    assert!(lo <= hi, "clamp: the bounds {lo:?} and {hi:?} are no interval");
    if x < lo {
        lo
    } else if x > hi {
        hi
    } else {
        x
    }
}

/// `round_ties_even` as a function.
pub fn round_ties_even<T: Real>(x: T) -> T {
    let half = of::<T>(0.5);
    if x.fract().abs() == half { of::<T>(2.0) * (half * x).round() } else { x.round() }
}

/// `rem_euclid` as a function.
pub fn rem_euclid<T: Real>(x: T, y: T) -> T {
    let r = x % y;
    if r < T::zero() { r + y.abs() } else { r }
}

/// `div_euclid` as a function.
pub fn div_euclid<T: Real>(x: T, y: T) -> T {
    let q = (x / y).trunc();
    if x % y < T::zero() { if y > T::zero() { q - T::one() } else { q + T::one() } } else { q }
}

/// `midpoint` as a function: `(a + b) / 2`, also where the sum overflows.
pub fn midpoint<T: Real>(a: T, b: T) -> T {
    let half = of::<T>(0.5);
    let sum = a + b;
    if sum.is_finite() { half * sum } else { half * a + half * b }
}

/// The sign of `x` as -1, 0 or 1; NaN for NaN.
pub fn sign_or_zero<T: Real>(x: T) -> T {
    if x == T::zero() { T::zero() } else { x.signum() }
}

/// `a / b`, and 0 where `b` is 0.
pub fn over_or_zero<T: Real>(a: T, b: T) -> T {
    if b == T::zero() { T::zero() } else { a / b }
}

/// `a / (a² + b²)`, 0 at the origin.
pub fn over_norm_squared<T: Real>(a: T, b: T) -> T {
    let norm_squared = a * a + b * b;
    if norm_squared.is_normal() {
        return a / norm_squared;
    }
    // Squares under- or overflow (or an argument is NaN): divide twice by the length instead.
    let norm = a.hypot(b);
    if norm.is_infinite() && !a.is_nan() && !b.is_nan() {
        return T::zero();
    }
    over_or_zero(over_or_zero(a, norm), norm)
}

/// 1 where `x` is the larger, ½ at a tie, else 0.
pub fn max_weight<T: Real>(x: T, y: T) -> T {
    min_weight(-x, -y)
}

/// 1 where `x` is the smaller, ½ at a tie, else 0. Of a number and a NaN the number is taken, as
/// the standard `min` and `max` do; NaN for two NaNs.
pub fn min_weight<T: Real>(x: T, y: T) -> T {
    if x.is_nan() && y.is_nan() {
        x
    } else if x < y || y.is_nan() {
        T::one()
    } else if x == y {
        of(0.5)
    } else {
        T::zero()
    }
}

/// 1 for `lo <= x <= hi`, else 0; NaN for NaN `x`.
pub fn inside_weight<T: Real>(x: T, lo: T, hi: T) -> T {
    if x.is_nan() {
        x
    } else if lo <= x && x <= hi {
        T::one()
    } else {
        T::zero()
    }
}

/// 1 for `x < y`, else 0.
pub fn below_weight<T: Real>(x: T, y: T) -> T {
    if x < y { T::one() } else { T::zero() }
}

/// k-th derivative of `x.powi(n)`, with 0 where its factor n (n-1) … (n-k+1) is 0.
pub fn powi_derivative<T: Real>(x: T, n: i32, k: i32) -> T {
    let mut factor = 1.0;
    for i in 0..k {
        factor *= f64::from(n) - f64::from(i);
    }
    if factor == 0.0 { T::zero() } else { of::<T>(factor) * x.powi(n.saturating_sub(k)) }
}

/// `p * x.powf(p - 1)`, 0 for `p = 0`.
pub fn powf_by_base<T: Real>(x: T, p: T) -> T {
    if p == T::zero() { T::zero() } else { p * x.powf(p - T::one()) }
}

/// `y * ln(x)` for `y = x.powf(p)`: 0 at `x = 0`, NaN below.
pub fn powf_by_exponent<T: Real>(x: T, p: T, y: T) -> T {
    if x == T::zero() && !p.is_nan() { T::zero() } else { y * x.ln() }
}

/// k-th derivative by `x` and m-th by `p` of `x.powf(p)`.
///
/// With the falling factorial F(p) = p (p-1) … (p-k+1), the k-th derivative by `x` is F(p) xᵖ⁻ᵏ;
/// Leibniz' rule gives the m-th by `p`: the sum over j of C(m, j) F⁽ʲ⁾(p) xᵖ⁻ᵏ ln(x)ᵐ⁻ʲ.
pub fn powf_derivative<T: Real>(x: T, p: T, k: i32, m: i32) -> T {
    if m > 0 && x < T::zero() {
        return T::nan();
    }
    let m = usize::try_from(m).unwrap_or(0);
    // taylor[j] = F⁽ʲ⁾(p) / j!, by multiplying the factors (p - i) + t, truncated after tᵐ.
    let mut taylor = vec![T::zero(); m + 1];
    taylor[0] = T::one();
    for i in 0..k {
        let factor = p - of::<T>(f64::from(i));
        for j in (0..=m).rev() {
            let below = if j > 0 { taylor[j - 1] } else { T::zero() };
            taylor[j] = taylor[j] * factor + below;
        }
    }
    let power = x.powf(p - of::<T>(f64::from(k)));
    let log = x.ln();
    let mut sum = T::zero();
    // m! / (m - j)!, which is C(m, j) j!.
    let mut falling = T::one();
    for (j, &coefficient) in taylor.iter().enumerate() {
        let logs = m - j;
        let vanishes = coefficient == T::zero() || (logs > 0 && x == T::zero());
        if !vanishes {
            let exponent = i32::try_from(logs).unwrap_or(i32::MAX);
            sum = sum + falling * coefficient * power * log.powi(exponent);
        }
        falling = falling * of::<T>(logs as f64);
    }
    sum
}
