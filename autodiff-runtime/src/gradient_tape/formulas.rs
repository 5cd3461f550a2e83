//! The rule table once more, as types: each rule of `rules/table.rs` is a zero-sized (or
//! integer-carrying) type that knows its value and its partials over *any* operand — a float, a
//! value recorded on a tape, a dual number. That is what makes gradients of gradients come out of
//! the same formulas, with the same values at the edges, in every order.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// What a formula can be evaluated over.
pub trait Operand:
    Copy
    + Debug
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// A constant.
    fn of(value: f64) -> Self;
    /// Applies a rule of one argument.
    fn unary<R: Unary>(rule: R, x: Self) -> Self;
    /// Applies a rule of two arguments.
    fn binary<R: Binary>(rule: R, x: Self, y: Self) -> Self;
    /// Applies a rule of three arguments.
    fn ternary<R: Ternary>(rule: R, x: Self, y: Self, z: Self) -> Self;
}

/// A rule of one float argument.
pub trait Unary: Copy + 'static {
    /// The function on floats.
    fn value<T: Primitive>(self, x: T) -> T;
    /// The derivative, given the argument and the result.
    fn partial<T: Operand>(self, x: T, result: T) -> T;
}

/// A rule of two float arguments.
pub trait Binary: Copy + 'static {
    /// The function on floats.
    fn value<T: Primitive>(self, x: T, y: T) -> T;
    /// Both partials, given the arguments and the result.
    fn partials<T: Operand>(self, x: T, y: T, result: T) -> [T; 2];
}

/// A rule of three float arguments.
pub trait Ternary: Copy + 'static {
    /// The function on floats.
    fn value<T: Primitive>(self, x: T, y: T, z: T) -> T;
    /// The three partials, given the arguments and the result.
    fn partials<T: Operand>(self, x: T, y: T, z: T, result: T) -> [T; 3];
}

/// The floats themselves, `f32` and `f64`.
pub trait Primitive: crate::Real + Operand {}

macro_rules! primitive {
    ($T:ty) => {
        impl Operand for $T {
            #[inline(always)]
            fn of(value: f64) -> Self {
                value as $T
            }
            #[inline(always)]
            fn unary<R: Unary>(rule: R, x: Self) -> Self {
                rule.value(x)
            }
            #[inline(always)]
            fn binary<R: Binary>(rule: R, x: Self, y: Self) -> Self {
                rule.value(x, y)
            }
            #[inline(always)]
            fn ternary<R: Ternary>(rule: R, x: Self, y: Self, z: Self) -> Self {
                rule.value(x, y, z)
            }
        }
        impl Primitive for $T {}
    };
}
primitive!(f32);
primitive!(f64);

/// The rules as types, under their names in the table.
#[allow(non_camel_case_types, unused_variables, clippy::needless_update)]
#[allow(clippy::many_single_char_names, missing_docs)]
pub mod rule {
    use super::{Binary, Operand, Primitive, Ternary, Unary, apply::*};
    use std::f64::consts::{LN_2, LN_10, PI};

    macro_rules! rules {
        (constants $of:ident; $(
            $(#[doc = $doc:literal])*
            $cost:ident $form:ident $name:ident $args:tt = $result:ident { $($by:ident : $formula:expr),* }
        )*) => {
            $(rule_type! { $name $args $result $of { $($by: $formula,)* } })*
        };
    }

    // One arm a number of float arguments; the partials that the table leaves out are zero, which
    // the struct update below fills in by name.
    macro_rules! rule_type {
        ($name:ident ($x:ident $(, $n:ident: i32)*) $r:ident $of:ident { $($by:ident: $formula:expr,)* }) => {
            #[derive(Clone, Copy, Debug)]
            pub struct $name { $(pub $n: i32),* }
            impl Unary for $name {
                #[inline(always)]
                fn value<T: Primitive>(self, $x: T) -> T {
                    crate::rules::functions::$name($x $(, self.$n)*)
                }
                #[inline(always)]
                fn partial<T: Operand>(self, $x: T, $r: T) -> T {
                    struct By<T> { $x: T }
                    let $of = |value: f64| T::of(value);
                    let Self { $($n),* } = self;
                    By { $($by: $formula,)* ..By { $x: T::of(0.0) } }.$x
                }
            }
        };
        ($name:ident ($x:ident, $y:ident $(, $n:ident: i32)*) $r:ident $of:ident { $($by:ident: $formula:expr,)* }) => {
            #[derive(Clone, Copy, Debug)]
            pub struct $name { $(pub $n: i32),* }
            impl Binary for $name {
                #[inline(always)]
                fn value<T: Primitive>(self, $x: T, $y: T) -> T {
                    crate::rules::functions::$name($x, $y $(, self.$n)*)
                }
                #[inline(always)]
                fn partials<T: Operand>(self, $x: T, $y: T, $r: T) -> [T; 2] {
                    struct By<T> { $x: T, $y: T }
                    let $of = |value: f64| T::of(value);
                    let Self { $($n),* } = self;
                    let by = By { $($by: $formula,)* ..By { $x: T::of(0.0), $y: T::of(0.0) } };
                    [by.$x, by.$y]
                }
            }
        };
        ($name:ident ($x:ident, $y:ident, $z:ident) $r:ident $of:ident { $($by:ident: $formula:expr,)* }) => {
            #[derive(Clone, Copy, Debug)]
            pub struct $name {}
            impl Ternary for $name {
                #[inline(always)]
                fn value<T: Primitive>(self, $x: T, $y: T, $z: T) -> T {
                    crate::rules::functions::$name($x, $y, $z)
                }
                #[inline(always)]
                fn partials<T: Operand>(self, $x: T, $y: T, $z: T, $r: T) -> [T; 3] {
                    struct By<T> { $x: T, $y: T, $z: T }
                    let $of = |value: f64| T::of(value);
                    let zero = T::of(0.0);
                    let by = By { $($by: $formula,)* ..By { $x: zero, $y: zero, $z: zero } };
                    [by.$x, by.$y, by.$z]
                }
            }
        };
    }

    include!("../rules/table.rs");
}

/// The rules as functions over operands, for the formulas to call.
mod apply {
    use super::{Operand, rule};

    macro_rules! rules {
        (constants $of:ident; $(
            $(#[doc = $doc:literal])*
            $cost:ident $form:ident $name:ident $args:tt = $result:ident $body:tt
        )*) => {
            $(rule_function! { $name $args })*
        };
    }

    macro_rules! rule_function {
        ($name:ident ($x:ident $(, $n:ident: i32)*)) => {
            #[allow(dead_code)]
            #[inline(always)]
            pub fn $name<T: Operand>($x: T $(, $n: i32)*) -> T {
                T::unary(rule::$name { $($n),* }, $x)
            }
        };
        ($name:ident ($x:ident, $y:ident $(, $n:ident: i32)*)) => {
            #[allow(dead_code)]
            #[inline(always)]
            pub fn $name<T: Operand>($x: T, $y: T $(, $n: i32)*) -> T {
                T::binary(rule::$name { $($n),* }, $x, $y)
            }
        };
        ($name:ident ($x:ident, $y:ident, $z:ident)) => {
            #[allow(dead_code)]
            #[inline(always)]
            pub fn $name<T: Operand>($x: T, $y: T, $z: T) -> T {
                T::ternary(rule::$name {}, $x, $y, $z)
            }
        };
    }

    include!("../rules/table.rs");
}

/// A dual number `re + eps ε`: derivatives of the formulas themselves, where a tensor's elementwise
/// partial is differentiated once more.
#[derive(Clone, Copy, Debug)]
pub struct Dual<T> {
    /// The value.
    pub re: T,
    /// The derivative; `None` for a constant, of which nothing flows on, whatever the partial by it
    /// (undefined by the exponent of a negative number, say).
    pub eps: Option<T>,
}

fn sum<T: Operand>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, None) => a,
        (None, b) => b,
    }
}

impl<T: Operand> Dual<T> {
    fn new(re: T, eps: Option<T>) -> Self {
        Self { re, eps }
    }

    /// What flows on through a partial derivative.
    fn through(self, partial: T) -> Option<T> {
        self.eps.map(|eps| partial * eps)
    }

    fn derivative(self) -> T {
        self.eps.unwrap_or(T::of(0.0))
    }
}

impl<T: Operand> Add for Dual<T> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, sum(self.eps, other.eps))
    }
}
impl<T: Operand> Sub for Dual<T> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.re - other.re, sum(self.eps, other.eps.map(T::neg)))
    }
}
impl<T: Operand> Mul for Dual<T> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Operand::binary(rule::mul {}, self, other)
    }
}
impl<T: Operand> Div for Dual<T> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        Operand::binary(rule::div {}, self, other)
    }
}
impl<T: Operand> Neg for Dual<T> {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.re, self.eps.map(T::neg))
    }
}

impl<T: Operand> Operand for Dual<T> {
    fn of(value: f64) -> Self {
        Self::new(T::of(value), None)
    }
    fn unary<R: Unary>(rule: R, x: Self) -> Self {
        let re = T::unary(rule, x.re);
        Self::new(re, x.through(rule.partial(x.re, re)))
    }
    fn binary<R: Binary>(rule: R, x: Self, y: Self) -> Self {
        let re = T::binary(rule, x.re, y.re);
        let [dx, dy] = rule.partials(x.re, y.re, re);
        Self::new(re, sum(x.through(dx), y.through(dy)))
    }
    fn ternary<R: Ternary>(rule: R, x: Self, y: Self, z: Self) -> Self {
        let re = T::ternary(rule, x.re, y.re, z.re);
        let [dx, dy, dz] = rule.partials(x.re, y.re, z.re, re);
        Self::new(re, sum(sum(x.through(dx), y.through(dy)), z.through(dz)))
    }
}

/// The derivative of a rule of one argument, as a rule.
#[derive(Clone, Copy, Debug)]
pub struct Derivative<R>(pub R);

impl<R: Unary> Unary for Derivative<R> {
    fn value<T: Primitive>(self, x: T) -> T {
        self.0.partial(x, self.0.value(x))
    }
    fn partial<T: Operand>(self, x: T, _result: T) -> T {
        let x = Dual::new(x, Some(T::of(1.0)));
        self.0.partial(x, Dual::unary(self.0, x)).derivative()
    }
}

/// A partial derivative of a rule of two arguments, as a rule: by the first or by the second.
#[derive(Clone, Copy, Debug)]
pub struct Partial<R> {
    /// The rule.
    pub rule: R,
    /// Which argument: 0 or 1.
    pub by: usize,
}

impl<R: Binary> Binary for Partial<R> {
    fn value<T: Primitive>(self, x: T, y: T) -> T {
        self.rule.partials(x, y, self.rule.value(x, y))[self.by]
    }
    fn partials<T: Operand>(self, x: T, y: T, _result: T) -> [T; 2] {
        let one = T::of(1.0);
        let along = |dx, dy| {
            let (x, y) = (Dual::new(x, dx), Dual::new(y, dy));
            self.rule.partials(x, y, Dual::binary(self.rule, x, y))[self.by].derivative()
        };
        [along(Some(one), None), along(None, Some(one))]
    }
}
