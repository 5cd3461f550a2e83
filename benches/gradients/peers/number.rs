//! What all these crates' numbers can do.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A real number that may be recorded. Operators with constants are methods, because the crates do
/// not agree on them.
pub trait Number:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn value(self) -> f64;
    /// A constant, on the tape of `self` if one is needed.
    fn constant(self, c: f64) -> Self;
    fn plus(self, c: f64) -> Self;
    fn times(self, c: f64) -> Self;
    fn exp(self) -> Self;
    fn ln(self) -> Self;
    fn ln_1p(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn tanh(self) -> Self;
    fn sqrt(self) -> Self;

    /// `c - self`
    fn taken_from(self, c: f64) -> Self {
        (-self).plus(c)
    }

    fn max(self, other: Self) -> Self {
        if other.value() > self.value() { other } else { self }
    }
}

/// Of at least one.
pub fn sum<T: Number>(terms: impl IntoIterator<Item = T>) -> T {
    terms.into_iter().reduce(|a, b| a + b).expect("a sum of at least one term")
}

impl Number for f64 {
    fn value(self) -> f64 {
        self
    }
    fn constant(self, c: f64) -> Self {
        c
    }
    fn plus(self, c: f64) -> Self {
        self + c
    }
    fn times(self, c: f64) -> Self {
        self * c
    }
    fn exp(self) -> Self {
        f64::exp(self)
    }
    fn ln(self) -> Self {
        f64::ln(self)
    }
    fn ln_1p(self) -> Self {
        f64::ln_1p(self)
    }
    fn sin(self) -> Self {
        f64::sin(self)
    }
    fn cos(self) -> Self {
        f64::cos(self)
    }
    fn tanh(self) -> Self {
        f64::tanh(self)
    }
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
}

/// Operators with constants are the crate's, and so are the functions, under the usual names.
macro_rules! number {
    ([$($generics:tt)*] $type:ty, |$x:ident| $value:expr, |$like:ident, $c:ident| $constant:expr,
     |$y:ident| $ln_1p:expr, |$z:ident| $tanh:expr) => {
        impl<$($generics)*> $crate::peers::Number for $type {
            #[inline]
            fn value(self) -> f64 {
                let $x = self;
                $value
            }
            #[inline]
            fn constant(self, $c: f64) -> Self {
                let $like = self;
                $constant
            }
            #[inline]
            fn plus(self, c: f64) -> Self {
                self + c
            }
            #[inline]
            fn times(self, c: f64) -> Self {
                self * c
            }
            #[inline]
            fn exp(self) -> Self {
                <$type>::exp(self)
            }
            #[inline]
            fn ln(self) -> Self {
                <$type>::ln(self)
            }
            #[inline]
            fn ln_1p(self) -> Self {
                let $y = self;
                $ln_1p
            }
            #[inline]
            fn sin(self) -> Self {
                <$type>::sin(self)
            }
            #[inline]
            fn cos(self) -> Self {
                <$type>::cos(self)
            }
            #[inline]
            fn tanh(self) -> Self {
                let $z = self;
                $tanh
            }
            #[inline]
            fn sqrt(self) -> Self {
                <$type>::sqrt(self)
            }
        }
    };
}
pub(super) use number;
