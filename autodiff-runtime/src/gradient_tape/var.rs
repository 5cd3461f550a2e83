//! A recorded scalar and its arithmetic.

use super::error::TapeError;
use super::error::fail;
use super::formulas::{Binary, Operand, Ternary, Unary, rule};
use super::recorder::{Recorder, same_tape};
use super::scalar::Scalar;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

/// A scalar on a tape: a value, and the place where it was recorded. `Copy`, 24 bytes for `f64`.
///
/// Arithmetic with `Var`s, with `f64` constants and with the functions of [`num_traits::Float`]
/// (also as methods of its own) records. A value that no tape watches, or whose tape is gone or
/// paused, is a constant: arithmetic with it computes and records nothing.
///
/// A `Var` of floats is a [`Real`](crate::Real): generic functions run on the tape, and so do the
/// gradients that `#[differentiable]` generates for them.
///
/// `T` is `f64` or `f32`, or a `Var` of another tape: then this tape's gradients are recorded on
/// that one (gradients of gradients). Float constants are `f64` on every tape, so that a literal
/// has one type: with an `f32` in a variable write `x * f64::from(k)` or `x * Var::constant(k)`.
///
/// # Panics
/// An operation on values of two tapes at once panics; nest the tapes instead.
///
/// # Examples
///
/// ```
/// use autodiff_runtime::GradientTape;
///
/// let tape = GradientTape::new();
/// let x = tape.watch(3.0);
/// let y = x * x + 2.0 * x.sin();
/// assert_eq!(y.value(), 9.0 + 2.0 * 3f64.sin());
/// assert_eq!(tape.gradient(y, x), 6.0 + 2.0 * 3f64.cos());
/// ```
pub struct Var<T: Scalar = f64> {
    recorder: Option<&'static Recorder<T>>,
    generation: u32,
    index: u32,
    value: T,
}

impl<T: Scalar> Clone for Var<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Scalar> Copy for Var<T> {}

impl<T: Scalar> Var<T> {
    /// A constant: a value on no tape.
    #[inline(always)]
    pub fn constant(value: T) -> Self {
        Self { recorder: None, generation: 0, index: 0, value }
    }

    /// The value: a float, or one level down on nested tapes.
    #[inline(always)]
    pub fn value(self) -> T {
        self.value
    }

    /// The same value as a constant: no derivative passes.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    /// let tape = GradientTape::new();
    /// let x = tape.watch(3.0);
    /// assert_eq!(tape.gradient(x * x.stop_gradient(), x), 3.0);
    /// ```
    #[must_use]
    pub fn stop_gradient(self) -> Self {
        Self::constant(self.value)
    }

    /// Whether a tape has recorded this value and still records.
    #[inline(always)]
    pub fn is_recorded(self) -> bool {
        self.live().is_some()
    }

    #[inline(always)]
    pub(crate) fn at(recorder: &'static Recorder<T>, index: u32, value: T) -> Self {
        Self { recorder: Some(recorder), generation: recorder.generation(), index, value }
    }

    /// Another value of the same tape.
    #[inline(always)]
    pub(crate) fn with(self, index: u32, value: T) -> Self {
        Self { index, value, ..self }
    }

    pub(crate) fn index(self) -> u32 {
        self.index
    }

    pub(crate) fn recorder(self) -> Option<&'static Recorder<T>> {
        self.recorder
    }

    pub(crate) fn generation(self) -> u32 {
        self.generation
    }

    /// The recorder, if it still records what this is part of.
    #[inline(always)]
    pub(crate) fn live(self) -> Option<&'static Recorder<T>> {
        self.recorder.filter(|recorder| recorder.is_live(self.generation))
    }

    /// A node of one parent.
    #[inline(always)]
    fn unary(self, value: T, partial: impl FnOnce() -> T) -> Self {
        match self.live() {
            Some(recorder) => {
                self.next(recorder, recorder.push_unary(self.index, partial()), value)
            }
            None => Self::constant(value),
        }
    }

    /// A node of two parents, or of the one that is recorded.
    #[inline(always)]
    fn binary(self, other: Self, value: T, partials: impl FnOnce() -> [T; 2]) -> Self {
        if let Some(recorder) = self.recorder
            && other.recorder.is_some_and(|second| std::ptr::eq(recorder, second))
            && self.generation == other.generation
            && recorder.is_live(self.generation)
        {
            let [first, second] = partials();
            let index = if self.index == other.index {
                recorder.push_unary(self.index, first + second)
            } else {
                recorder.push([self.index, other.index], [first, second])
            };
            return self.next(recorder, index, value);
        }
        // One operand at most is recorded. Decided here if a constant is known as one when this is
        // compiled.
        let first = match (self.recorder, other.recorder) {
            (_, None) => true,
            (None, _) => false,
            (Some(_), Some(_)) => first_is_recorded(self.place(), other.place()),
        };
        let operand = if first { self } else { other };
        operand.unary(value, || partials()[usize::from(!first)])
    }

    #[inline(always)]
    fn place(self) -> Place<T> {
        (self.recorder, self.generation)
    }

    #[inline(always)]
    fn next(self, recorder: &'static Recorder<T>, index: u32, value: T) -> Self {
        Self { recorder: Some(recorder), generation: self.generation, index, value }
    }
}

type Place<T> = (Option<&'static Recorder<T>>, u32);

/// Of two tapes, or two lives of one: whether the first operand is recorded. Out of line, and with
/// plain numbers for arguments: with `Var`s, every one of them would be put in memory for this
/// call that hardly ever happens.
#[cold]
#[inline(never)]
fn first_is_recorded<T: Scalar>(first: Place<T>, second: Place<T>) -> bool {
    let live = |place: Place<T>| place.0.filter(|recorder| recorder.is_live(place.1));
    if let (Some(first), Some(second)) = (live(first), live(second)) {
        same_tape(first, second);
    }
    live(first).is_some()
}

impl<T: Scalar> Operand for Var<T> {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Self::constant(T::of(value))
    }

    #[inline(always)]
    fn unary<R: Unary>(rule: R, x: Self) -> Self {
        let value = T::unary(rule, x.value);
        x.unary(value, || rule.partial(x.value, value))
    }

    #[inline(always)]
    fn binary<R: Binary>(rule: R, x: Self, y: Self) -> Self {
        let value = T::binary(rule, x.value, y.value);
        x.binary(y, value, || rule.partials(x.value, y.value, value))
    }

    #[inline]
    fn ternary<R: Ternary>(rule: R, x: Self, y: Self, z: Self) -> Self {
        let value = T::ternary(rule, x.value, y.value, z.value);
        let Some(recorder) = x.live().or(y.live()).or(z.live()) else {
            return Self::constant(value);
        };
        let [dx, dy, dz] = rule.partials(x.value, y.value, z.value, value);
        // Two nodes: the first gathers x and y, and has no value of its own.
        let pair = x.binary(y, value, || [dx, dy]);
        pair.binary(z, value, || [T::one(), dz]).checked(recorder)
    }
}

impl<T: Scalar> Var<T> {
    #[inline(always)]
    fn checked(self, recorder: &'static Recorder<T>) -> Self {
        match self.recorder {
            Some(own) if !std::ptr::eq(own, recorder) => {
                fail(TapeError::OtherTape { argument: "operand" })
            }
            _ => self,
        }
    }
}

// The four operations are the table's rules, as are all functions; only written where the operator
// is.
macro_rules! operator {
    ($Trait:ident $method:ident $Assign:ident $assign:ident $rule:ident) => {
        impl<T: Scalar> $Trait for Var<T> {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                <Self as Operand>::binary(rule::$rule {}, self, other)
            }
        }
        impl<T: Scalar> $Trait<&Var<T>> for Var<T> {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: &Self) -> Self {
                self.$method(*other)
            }
        }
        impl<T: Scalar> $Trait<Var<T>> for &Var<T> {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: Var<T>) -> Var<T> {
                (*self).$method(other)
            }
        }
        impl<T: Scalar> $Trait<&Var<T>> for &Var<T> {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: &Var<T>) -> Var<T> {
                (*self).$method(*other)
            }
        }
        impl<T: Scalar> $Trait<f64> for Var<T> {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: f64) -> Self {
                self.$method(<Self as Operand>::of(other))
            }
        }
        impl<T: Scalar> $Trait<f64> for &Var<T> {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: f64) -> Var<T> {
                (*self).$method(other)
            }
        }
        impl<T: Scalar> $Trait<Var<T>> for f64 {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: Var<T>) -> Var<T> {
                <Var<T> as Operand>::of(self).$method(other)
            }
        }
        impl<T: Scalar> $Trait<&Var<T>> for f64 {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: &Var<T>) -> Var<T> {
                self.$method(*other)
            }
        }
        // References to floats, as iterators over data yield them.
        impl<T: Scalar> $Trait<&f64> for Var<T> {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: &f64) -> Self {
                self.$method(*other)
            }
        }
        impl<T: Scalar> $Trait<&f64> for &Var<T> {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: &f64) -> Var<T> {
                (*self).$method(*other)
            }
        }
        impl<T: Scalar> $Trait<Var<T>> for &f64 {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: Var<T>) -> Var<T> {
                (*self).$method(other)
            }
        }
        impl<T: Scalar> $Trait<&Var<T>> for &f64 {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, other: &Var<T>) -> Var<T> {
                (*self).$method(*other)
            }
        }
        // A value of the next tape out is a constant to this one.
        impl<T: Scalar> $Trait<Var<T>> for Var<Var<T>> {
            type Output = Var<Var<T>>;
            #[inline]
            fn $method(self, other: Var<T>) -> Self {
                self.$method(Var::constant(other))
            }
        }
        impl<T: Scalar> $Trait<Var<Var<T>>> for Var<T> {
            type Output = Var<Var<T>>;
            #[inline]
            fn $method(self, other: Var<Var<T>>) -> Var<Var<T>> {
                Var::constant(self).$method(other)
            }
        }
        impl<T: Scalar> $Assign for Var<T> {
            #[inline(always)]
            fn $assign(&mut self, other: Self) {
                *self = (*self).$method(other);
            }
        }
        impl<T: Scalar> $Assign<&Var<T>> for Var<T> {
            #[inline(always)]
            fn $assign(&mut self, other: &Var<T>) {
                *self = (*self).$method(*other);
            }
        }
        impl<T: Scalar> $Assign<f64> for Var<T> {
            #[inline(always)]
            fn $assign(&mut self, other: f64) {
                *self = (*self).$method(other);
            }
        }
        impl<T: Scalar> $Assign<&f64> for Var<T> {
            #[inline(always)]
            fn $assign(&mut self, other: &f64) {
                *self = (*self).$method(*other);
            }
        }
    };
}
operator!(Add add AddAssign add_assign add);
operator!(Sub sub SubAssign sub_assign sub);
operator!(Mul mul MulAssign mul_assign mul);
operator!(Div div DivAssign div_assign div);
operator!(Rem rem RemAssign rem_assign rem);

impl<T: Scalar> Neg for Var<T> {
    type Output = Var<T>;
    #[inline(always)]
    fn neg(self) -> Self {
        Operand::unary(rule::neg {}, self)
    }
}
impl<T: Scalar> Neg for &Var<T> {
    type Output = Var<T>;
    #[inline(always)]
    fn neg(self) -> Var<T> {
        -*self
    }
}

impl<T: Scalar> PartialEq for Var<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<T: Scalar> PartialOrd for Var<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}
impl<T: Scalar> PartialEq<f64> for Var<T> {
    fn eq(&self, other: &f64) -> bool {
        self.value == T::of(*other)
    }
}
impl<T: Scalar> PartialOrd<f64> for Var<T> {
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        self.value.partial_cmp(&T::of(*other))
    }
}

impl<T: Scalar> std::iter::Sum for Var<T> {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.reduce(|sum, x| sum + x).unwrap_or_else(|| Operand::of(0.0))
    }
}
impl<'a, T: Scalar> std::iter::Sum<&'a Var<T>> for Var<T> {
    fn sum<I: Iterator<Item = &'a Self>>(iter: I) -> Self {
        iter.copied().sum()
    }
}
impl<T: Scalar> std::iter::Product for Var<T> {
    fn product<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.reduce(|product, x| product * x).unwrap_or_else(|| Operand::of(1.0))
    }
}
impl<'a, T: Scalar> std::iter::Product<&'a Var<T>> for Var<T> {
    fn product<I: Iterator<Item = &'a Self>>(iter: I) -> Self {
        iter.copied().product()
    }
}

impl<T: Scalar> fmt::Debug for Var<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Var({:?})", self.value)
    }
}

impl<T: Scalar + fmt::Display> fmt::Display for Var<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)
    }
}
