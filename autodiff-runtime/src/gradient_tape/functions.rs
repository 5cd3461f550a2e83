//! The functions of a recorded scalar: methods, and [`num_traits::Float`] for generic code.

use super::formulas::{Operand, rule};
use super::scalar::Scalar;
use super::var::Var;
use num_traits::{Float, FloatConst, FromPrimitive, Num, NumCast, One, ToPrimitive, Zero};
use std::num::FpCategory;

macro_rules! methods {
    ($($name:ident: $doc:literal;)*) => {
        impl<T: Scalar> Var<T> {
            $(
                #[doc = $doc]
                #[must_use]
                #[inline(always)]
                pub fn $name(self) -> Self {
                    Operand::unary(rule::$name {}, self)
                }
            )*
        }
    };
}

methods! {
    sin: "Sine.";
    cos: "Cosine.";
    tan: "Tangent.";
    asin: "Arc sine; derivative +∞ at ±1.";
    acos: "Arc cosine; derivative −∞ at ±1.";
    atan: "Arc tangent.";
    sinh: "Hyperbolic sine.";
    cosh: "Hyperbolic cosine.";
    tanh: "Hyperbolic tangent.";
    asinh: "Inverse hyperbolic sine.";
    acosh: "Inverse hyperbolic cosine.";
    atanh: "Inverse hyperbolic tangent.";
    exp: "e to this power.";
    exp2: "2 to this power.";
    exp_m1: "`exp(x) - 1`, exact near 0.";
    ln: "Natural logarithm.";
    ln_1p: "`ln(1 + x)`, exact near 0.";
    log2: "Logarithm to the base 2.";
    log10: "Logarithm to the base 10.";
    sqrt: "Square root; derivative +∞ at 0.";
    cbrt: "Cube root; derivative +∞ at 0.";
    recip: "`1 / x`.";
    abs: "Absolute value; derivative 0 at 0.";
    signum: "Sign; derivative 0.";
    floor: "Largest integer not above; derivative 0.";
    ceil: "Smallest integer not below; derivative 0.";
    round: "Nearest integer; derivative 0.";
    round_ties_even: "Nearest integer, ties to even; derivative 0.";
    trunc: "Integer part; derivative 0.";
    fract: "Fractional part; derivative 1.";
    to_radians: "Degrees to radians.";
    to_degrees: "Radians to degrees.";
}

/// A second operand: a `Var` or a constant.
macro_rules! binary_methods {
    ($($name:ident: $doc:literal;)*) => {
        impl<T: Scalar> Var<T> {
            $(
                #[doc = $doc]
                #[must_use]
                #[inline(always)]
                pub fn $name(self, other: impl Into<Var<T>>) -> Self {
                    Operand::binary(rule::$name {}, self, other.into())
                }
            )*
        }
    };
}

binary_methods! {
    powf: "Power. By the base 0 at exponent 0; by the exponent 0 at base 0, NaN below.";
    hypot: "Length of the vector of both; 0 by both at the origin.";
    atan2: "Angle of the point (`other`, `self`); 0 by both at the origin.";
    min: "The smaller; ½ each at a tie.";
    max: "The larger; ½ each at a tie.";
    copysign: "The absolute value with the sign of the other.";
    log: "Logarithm to a base.";
    rem_euclid: "Remainder that is never negative.";
    div_euclid: "Quotient that goes with `rem_euclid`; derivative 0.";
    midpoint: "`(a + b) / 2`.";
}

impl<T: Scalar> Var<T> {
    /// Integer power; derivative 0 for `n = 0`.
    #[must_use]
    #[inline(always)]
    pub fn powi(self, n: i32) -> Self {
        Operand::unary(rule::powi { n }, self)
    }

    /// Kept within `[lo, hi]`; derivative 1 on the closed interval.
    ///
    /// # Panics
    /// If `lo > hi` or a bound is NaN.
    #[must_use]
    pub fn clamp(self, lo: impl Into<Var<T>>, hi: impl Into<Var<T>>) -> Self {
        Operand::ternary(rule::clamp {}, self, lo.into(), hi.into())
    }

    /// `self * a + b`, rounded once.
    #[must_use]
    pub fn mul_add(self, a: impl Into<Var<T>>, b: impl Into<Var<T>>) -> Self {
        Operand::ternary(rule::mul_add {}, self, a.into(), b.into())
    }

    /// Sine and cosine.
    #[must_use]
    pub fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }

    /// Whether the value is NaN.
    pub fn is_nan(self) -> bool {
        self.value().is_nan()
    }

    /// Whether the value is neither infinite nor NaN.
    pub fn is_finite(self) -> bool {
        self.value().is_finite()
    }
}

impl<T: Scalar> From<f64> for Var<T> {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Operand::of(value)
    }
}

impl<T: Scalar> From<Var<T>> for Var<Var<T>> {
    fn from(value: Var<T>) -> Self {
        Var::constant(value)
    }
}

impl<T: Scalar> Zero for Var<T> {
    fn zero() -> Self {
        Self::constant(T::zero())
    }
    fn is_zero(&self) -> bool {
        self.value().is_zero()
    }
}
impl<T: Scalar> One for Var<T> {
    fn one() -> Self {
        Self::constant(T::one())
    }
}
impl<T: Scalar> Default for Var<T> {
    fn default() -> Self {
        Self::zero()
    }
}
impl<T: Scalar> Num for Var<T> {
    type FromStrRadixErr = T::FromStrRadixErr;
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        T::from_str_radix(text, radix).map(Self::constant)
    }
}
impl<T: Scalar> ToPrimitive for Var<T> {
    fn to_i64(&self) -> Option<i64> {
        self.value().to_i64()
    }
    fn to_u64(&self) -> Option<u64> {
        self.value().to_u64()
    }
    fn to_f64(&self) -> Option<f64> {
        self.value().to_f64()
    }
}
impl<T: Scalar> NumCast for Var<T> {
    fn from<N: ToPrimitive>(n: N) -> Option<Self> {
        T::from(n).map(Self::constant)
    }
}

/// Constants.
impl<T: Scalar> FromPrimitive for Var<T> {
    fn from_i64(n: i64) -> Option<Self> {
        <T as NumCast>::from(n).map(Self::constant)
    }
    fn from_u64(n: u64) -> Option<Self> {
        <T as NumCast>::from(n).map(Self::constant)
    }
    fn from_f64(x: f64) -> Option<Self> {
        <T as NumCast>::from(x).map(Self::constant)
    }
}

macro_rules! constants {
    ($($name:ident)*) => {
        impl<T: Scalar + FloatConst> FloatConst for Var<T> {
            $(fn $name() -> Self {
                Self::constant(T::$name())
            })*
        }
    };
}
constants! {
    E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3 FRAC_PI_4 FRAC_PI_6
    FRAC_PI_8 LN_10 LN_2 LOG10_E LOG2_E PI SQRT_2
}

macro_rules! float {
    (constants: $($constant:ident)*; tests: $($test:ident)*; unary: $($unary:ident)*; binary: $($binary:ident)*) => {
        impl<T: Scalar> Float for Var<T> {
            $(fn $constant() -> Self {
                Self::constant(T::$constant())
            })*
            $(fn $test(self) -> bool {
                self.value().$test()
            })*
            $(#[inline(always)]
            fn $unary(self) -> Self {
                Var::$unary(self)
            })*
            $(#[inline(always)]
            fn $binary(self, other: Self) -> Self {
                Var::$binary(self, other)
            })*
            #[inline(always)]
            fn powi(self, n: i32) -> Self {
                Var::powi(self, n)
            }
            fn clamp(self, lo: Self, hi: Self) -> Self {
                Var::clamp(self, lo, hi)
            }
            fn mul_add(self, a: Self, b: Self) -> Self {
                Var::mul_add(self, a, b)
            }
            fn sin_cos(self) -> (Self, Self) {
                Var::sin_cos(self)
            }
            #[allow(deprecated)]
            fn abs_sub(self, other: Self) -> Self {
                Var::max(self - other, Self::zero())
            }
            fn classify(self) -> FpCategory {
                self.value().classify()
            }
            fn integer_decode(self) -> (u64, i16, i8) {
                self.value().integer_decode()
            }
        }
    };
}
float! {
    constants: nan infinity neg_infinity neg_zero min_value min_positive_value epsilon max_value;
    tests: is_nan is_infinite is_finite is_normal is_sign_positive is_sign_negative;
    unary: floor ceil round trunc fract abs signum recip sqrt exp exp2 ln log2 log10 cbrt sin cos
        tan asin acos atan exp_m1 ln_1p sinh cosh tanh asinh acosh atanh to_degrees to_radians;
    binary: powf log max min hypot atan2 copysign
}
