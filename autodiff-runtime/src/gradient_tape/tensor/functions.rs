//! Functions entry by entry.

use super::super::formulas::{Operand, rule};
use super::super::scalar::Scalar;
use super::super::var::Var;
use super::fast::{Sigmoid, Softplus};
use super::operators::{checked, fixed};
use super::plain::Plain;
use super::store::{Mask, Store};
use super::tracked::Tracked;
use super::typed::Tensor;
use ndarray::{ArrayBase, Data, DimMax, Dimension, Ix0};
use num_traits::Float;

macro_rules! methods {
    ($($name:ident: $doc:literal;)*) => {
        impl<T: Scalar, D: Dimension> Tensor<T, D> {
            $(
                #[doc = concat!($doc, " Entry by entry.")]
                #[must_use]
                pub fn $name(&self) -> Self {
                    Self::from_tracked(self.tracked().map(rule::$name {}))
                }
            )*
        }
    };
}

methods! {
    sin: "Sine.";
    cos: "Cosine.";
    tan: "Tangent.";
    asin: "Arc sine.";
    acos: "Arc cosine.";
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

/// The other operand of a function of two: a tensor or an array, which broadcasts, a recorded
/// scalar, or a float, each by value or by reference.
pub trait Elementwise<T: Scalar> {
    /// Its rank.
    type Dim: Dimension;
    #[doc(hidden)]
    fn into_operand(self) -> Tracked<T>;
}

macro_rules! elementwise {
    ($(($($generics:tt)*) $Operand:ty, $Dim:ty: |$x:ident| $tracked:expr;)*) => {$(
        impl<T: Scalar, $($generics)*> Elementwise<T> for $Operand {
            type Dim = $Dim;
            fn into_operand(self) -> Tracked<T> {
                let $x = self;
                $tracked
            }
        }
    )*};
}
elementwise! {
    (D: Dimension) Tensor<T, D>, D: |x| Tensor::tracked(&x).clone();
    (D: Dimension) &Tensor<T, D>, D: |x| Tensor::tracked(x).clone();
    (D: Dimension) &&Tensor<T, D>, D: |x| Tensor::tracked(x).clone();
    (S: Data<Elem = T::Base>, D: Dimension) ArrayBase<S, D, T::Base>, D: |x| fixed(&x);
    (S: Data<Elem = T::Base>, D: Dimension) &ArrayBase<S, D, T::Base>, D: |x| fixed(x);
    () Var<T>, Ix0: |x| Tracked::from_scalar(x);
    () &Var<T>, Ix0: |x| Tracked::from_scalar(*x);
    () f64, Ix0: |x| Tracked::number(x);
    () &f64, Ix0: |x| Tracked::number(*x);
}

macro_rules! binary_methods {
    ($($name:ident $rule:ident: $doc:literal;)*) => {
        impl<T: Scalar, D: Dimension> Tensor<T, D> {
            $(
                #[doc = concat!($doc, " Entry by entry, broadcasting; see [`Elementwise`] for the other operand.")]
                ///
                /// # Panics
                /// If the shapes do not broadcast.
                #[must_use]
                pub fn $name<O: Elementwise<T>>(
                    &self,
                    other: O,
                ) -> Tensor<T, <D as DimMax<O::Dim>>::Output>
                where
                    D: DimMax<O::Dim>,
                {
                    let other = other.into_operand();
                    checked(self.tracked(), &other, stringify!($name));
                    Tensor::from_tracked(self.tracked().zip(&other, rule::$rule {}))
                }
            )*
        }
    };
}

binary_methods! {
    pow powf: "Power; by the exponent 0 at base 0, NaN below.";
    hypot hypot: "Length of the vector of both; 0 by both at the origin.";
    atan2 atan2: "Angle of the point (`other`, `self`); 0 by both at the origin.";
    maximum max: "The larger; ½ each at a tie.";
    minimum min: "The smaller; ½ each at a tie.";
    copysign copysign: "The absolute value with the sign of the other.";
    log log: "Logarithm to a base.";
    rem_euclid rem_euclid: "Remainder that is never negative.";
    div_euclid div_euclid: "Quotient that goes with `rem_euclid`; derivative 0.";
    midpoint midpoint: "`(a + b) / 2`.";
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    /// Power with one exponent for all entries; derivative 0 for exponent 0.
    #[must_use]
    pub fn powf(&self, exponent: impl Into<Var<T>>) -> Self {
        let exponent = Tracked::from_scalar(exponent.into());
        Self::from_tracked(self.tracked().zip(&exponent, rule::powf {}))
    }

    /// Integer power; derivative 0 for `n = 0`.
    #[must_use]
    pub fn powi(&self, n: i32) -> Self {
        Self::from_tracked(self.tracked().map(rule::powi { n }))
    }

    /// Product with itself.
    #[must_use]
    pub fn square(&self) -> Self {
        self.powi(2)
    }

    /// Kept within `[lo, hi]`; derivative 1 on the closed interval, 0 outside. NaN stays NaN.
    ///
    /// # Panics
    /// If `lo > hi` or a bound is NaN.
    #[must_use]
    pub fn clip(&self, lo: f64, hi: f64) -> Self {
        assert!(lo <= hi, "clip: the bounds {lo} and {hi} are no interval");
        let (lo, hi) = (T::Base::of(lo), T::Base::of(hi));
        let x = self.tracked();
        let outside = |v: T::Base| v < lo || v > hi;
        let inside: Mask = x.plain().data().iter().map(|&v| !outside(v)).collect();
        let bounds = Plain::map(x.plain(), |v| {
            if v < lo {
                lo
            } else if v > hi {
                hi
            } else {
                T::Base::of(0.0)
            }
        });
        Self::from_tracked(x.keep(&inside).add(&Tracked::constant(bounds)))
    }

    /// `max(x, 0)`, with derivative 0 at 0 (as TensorFlow and PyTorch have it).
    #[must_use]
    pub fn relu(&self) -> Self {
        let x = self.tracked();
        let zero = T::Base::of(0.0);
        // `!(v <= 0)`, so that NaN stays.
        let kept: Mask = x.plain().data().iter().map(|&v| v > zero || v.is_nan()).collect();
        Self::from_tracked(x.keep(&kept))
    }

    /// The logistic function `1 / (1 + exp(-x))`.
    #[must_use]
    pub fn sigmoid(&self) -> Self {
        Self::from_tracked(self.tracked().map(Sigmoid))
    }

    /// `ln(1 + exp(x))` without overflow.
    #[must_use]
    pub fn softplus(&self) -> Self {
        Self::from_tracked(self.tracked().map(Softplus))
    }
}
