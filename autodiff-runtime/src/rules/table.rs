// The one table of formulas. The compiler reads it as data (its `rules/` folder reaches this file
// through a symbolic link), the runtime compiles it into functions; each brings its own `rules!`.
//
// A rule: documentation, then `cost form name(arguments) = result { argument: partial, … }`.
//   cost   `dear` (transcendental: a value worth saving) or `cheap`
//   form   `op` (an operator), `std` (a method of the standard floats), `own` (a function of
//          `functions.rs`)
//   An argument `n: i32` is discrete. A partial that is identically zero is left out. A partial
//   may name the arguments and the result, and is made of `+ - * /`, rules of this table and
//   constants `of(…)`; so the table is closed under differentiation.
//
// The elementary partials are in every calculus text; the forms chosen here reuse the result where
// that saves a transcendental (Griewank & Walther, "Evaluating Derivatives", 2nd ed. 2008, section
// 2.3 and table 13.2). Values at the edges are those of the crate's documentation.
rules! {
    constants of;

    /// `a + b`.
    cheap op add(a, b) = y { a: of(1.0), b: of(1.0) }
    /// `a - b`.
    cheap op sub(a, b) = y { a: of(1.0), b: -of(1.0) }
    /// `a * b`.
    cheap op mul(a, b) = y { a: b, b: a }
    /// `a / b`. At `b = 0` as IEEE division has it.
    cheap op div(a, b) = y { a: of(1.0) / b, b: -(y / b) }
    /// `-a`.
    cheap op neg(a) = y { a: -of(1.0) }
    /// `x % y`, the remainder with the sign of `x`. By `y` the derivative is minus the truncated
    /// quotient, taken from the result so that it is the quotient the remainder was made with. At
    /// the jumps: the derivative of the piece that the value belongs to.
    dear op rem(x, y) = r { x: of(1.0), y: -round((x - r) / y) }

    /// Sine.
    dear std sin(x) = y { x: cos(x) }
    /// Cosine.
    dear std cos(x) = y { x: -sin(x) }
    /// Tangent; infinite at its poles only as far as floats reach them.
    dear std tan(x) = y { x: of(1.0) + y * y }
    /// Arc sine on [-1, 1]: +∞ at both ends, NaN outside.
    dear std asin(x) = y { x: of(1.0) / sqrt(of(1.0) - x * x) }
    /// Arc cosine on [-1, 1]: -∞ at both ends, NaN outside.
    dear std acos(x) = y { x: -(of(1.0) / sqrt(of(1.0) - x * x)) }
    /// Arc tangent.
    dear std atan(x) = y { x: of(1.0) / (of(1.0) + x * x) }
    /// The angle of the point (x, y), the argument `y` first. At the origin 0 by both. On the
    /// negative half-axis, where the value jumps, the derivative of either side (they agree).
    dear std atan2(y, x) = a { y: over_norm_squared(x, y), x: -over_norm_squared(y, x) }
    /// Hyperbolic sine.
    dear std sinh(x) = y { x: cosh(x) }
    /// Hyperbolic cosine.
    dear std cosh(x) = y { x: sinh(x) }
    /// Hyperbolic tangent.
    dear std tanh(x) = y { x: of(1.0) - y * y }
    /// Inverse hyperbolic sine.
    dear std asinh(x) = y { x: of(1.0) / sqrt(of(1.0) + x * x) }
    /// Inverse hyperbolic cosine on [1, ∞): +∞ at 1, NaN below.
    dear std acosh(x) = y { x: of(1.0) / (sqrt(x - of(1.0)) * sqrt(x + of(1.0))) }
    /// Inverse hyperbolic tangent on [-1, 1]: ∞ at both ends.
    dear std atanh(x) = y { x: of(1.0) / ((of(1.0) - x) * (of(1.0) + x)) }
    /// e to the power x.
    dear std exp(x) = y { x: y }
    /// 2 to the power x.
    dear std exp2(x) = y { x: of(LN_2) * y }
    /// `exp(x) - 1`, exact near 0.
    dear std exp_m1(x) = y { x: y + of(1.0) }
    /// Natural logarithm: 1/x, also ±∞ at 0, where the value is -∞.
    dear std ln(x) = y { x: of(1.0) / x }
    /// `ln(1 + x)`, exact near 0: +∞ at -1.
    dear std ln_1p(x) = y { x: of(1.0) / (of(1.0) + x) }
    /// Logarithm of `x` to the base `base`.
    dear std log(x, base) = y {
        x: of(1.0) / (x * ln(base)),
        base: -(y / (base * ln(base)))
    }
    /// Logarithm to the base 2.
    dear std log2(x) = y { x: of(1.0) / (of(LN_2) * x) }
    /// Logarithm to the base 10.
    dear std log10(x) = y { x: of(1.0) / (of(LN_10) * x) }
    /// Square root: +∞ at 0 (-∞ at -0.0), NaN below.
    dear std sqrt(x) = y { x: of(0.5) / y }
    /// Cube root: +∞ at 0.
    dear std cbrt(x) = y { x: of(1.0) / (of(3.0) * (y * y)) }
    /// `1 / x`.
    cheap std recip(x) = y { x: -(y * y) }
    /// Absolute value: 0 at 0.
    cheap std abs(x) = y { x: sign_or_zero(x) }
    /// 1.0 or -1.0, the sign of `x`: derivative 0 everywhere.
    cheap std signum(x) = y {}
    /// Largest integer not above `x`: derivative 0 everywhere.
    cheap std floor(x) = y {}
    /// Smallest integer not below `x`: derivative 0 everywhere.
    cheap std ceil(x) = y {}
    /// Nearest integer: derivative 0 everywhere.
    cheap std round(x) = y {}
    /// Nearest integer, ties to even: derivative 0 everywhere.
    cheap std round_ties_even(x) = y {}
    /// Integer part: derivative 0 everywhere.
    cheap std trunc(x) = y {}
    /// Fractional part: derivative 1, also at the jumps.
    cheap std fract(x) = y { x: of(1.0) }
    /// Integer power. `n = 0`: 0 everywhere.
    cheap std powi(x, n: i32) = y { x: powi_derivative(x, n, 1) }
    /// Power. By `x`: 0 everywhere for `p = 0`; by `p`: 0 at `x = 0`, NaN below, as the logarithm.
    dear std powf(x, p) = y { x: powf_by_base(x, p), p: powf_by_exponent(x, p, y) }
    /// Length of (x, y) without overflow: 0 by both at the origin.
    dear std hypot(x, y) = r { x: over_or_zero(x, r), y: over_or_zero(y, r) }
    /// The smaller: ½ each at a tie. A NaN gives way to the other, as in the value.
    cheap std min(x, y) = r { x: min_weight(x, y), y: min_weight(y, x) }
    /// The larger: ½ each at a tie. A NaN gives way to the other, as in the value.
    cheap std max(x, y) = r { x: max_weight(x, y), y: max_weight(y, x) }
    /// `x` kept within [lo, hi]: by `x` 1 on the closed interval, 0 outside; by the bound that
    /// took over, 1.
    cheap std clamp(x, lo, hi) = y {
        x: inside_weight(x, lo, hi),
        lo: below_weight(x, lo),
        hi: below_weight(hi, x)
    }
    /// `|x|` with the sign of `sign`: by `x` 0 at 0, by `sign` 0 everywhere.
    cheap std copysign(x, sign) = y { x: sign_or_zero(x) * signum(sign) }
    /// `a * b + c`, rounded once.
    cheap std mul_add(a, b, c) = y { a: b, b: a, c: of(1.0) }
    /// Remainder that is never negative. By `y` minus the integer quotient it was made with.
    dear std rem_euclid(x, y) = r { x: of(1.0), y: -round((x - r) / y) }
    /// Quotient that goes with `rem_euclid`, an integer: derivative 0 everywhere.
    dear std div_euclid(x, y) = q {}
    /// Degrees to radians.
    cheap std to_radians(x) = y { x: of(PI / 180.0) }
    /// Radians to degrees.
    cheap std to_degrees(x) = y { x: of(180.0 / PI) }
    /// `(a + b) / 2` without overflow.
    cheap std midpoint(a, b) = y { a: of(0.5), b: of(0.5) }

    /// The sign of `x` as -1, 0 or 1 (NaN for NaN): the derivative of `abs`. Its own is 0.
    cheap own sign_or_zero(x) = y {}
    /// `a / b`, and 0 where `b` is 0.
    cheap own over_or_zero(a, b) = y {
        a: over_or_zero(of(1.0), b),
        b: -over_or_zero(y, b)
    }
    /// `a / (a² + b²)` without overflow, 0 at the origin: the real part of 1 / (a + ib), so its
    /// partials are those of an analytic function, squares and products of itself.
    cheap own over_norm_squared(a, b) = y {
        a: over_norm_squared(b, a) * over_norm_squared(b, a) - y * y,
        b: -(of(2.0) * (y * over_norm_squared(b, a)))
    }
    /// 1 where `x` is the larger, ½ at a tie, else 0: the derivative of `max` by `x`.
    cheap own max_weight(x, y) = w {}
    /// 1 where `x` is the smaller, ½ at a tie, else 0: the derivative of `min` by `x`.
    cheap own min_weight(x, y) = w {}
    /// 1 for `lo <= x <= hi`, else 0 (NaN for NaN `x`): the derivative of `clamp` by `x`.
    cheap own inside_weight(x, lo, hi) = w {}
    /// 1 for `x < y`, else 0: the derivative of `clamp` by a bound.
    cheap own below_weight(x, y) = w {}
    /// k-th derivative of `x.powi(n)`: n (n-1) … (n-k+1) xⁿ⁻ᵏ, 0 where the factor is 0.
    cheap own powi_derivative(x, n: i32, k: i32) = y { x: powi_derivative(x, n, k + 1) }
    /// `p * x.powf(p - 1)`, 0 for `p = 0`.
    dear own powf_by_base(x, p) = y {
        x: powf_derivative(x, p, 2, 0),
        p: powf_derivative(x, p, 1, 1)
    }
    /// `y * ln(x)` for `y = x.powf(p)`: 0 at `x = 0`, NaN below. The partials by `x` and `p` count
    /// the way through `y` in, which therefore has none of its own.
    dear own powf_by_exponent(x, p, y) = d {
        x: powf_derivative(x, p, 1, 1),
        p: powf_derivative(x, p, 0, 2)
    }
    /// k-th derivative by `x` and m-th by `p` of `x.powf(p)`, with the edges of `powf` in every
    /// order: terms with a logarithm count 0 at `x = 0` and are NaN below.
    dear own powf_derivative(x, p, k: i32, m: i32) = y {
        x: powf_derivative(x, p, k + 1, m),
        p: powf_derivative(x, p, k, m + 1)
    }
}
