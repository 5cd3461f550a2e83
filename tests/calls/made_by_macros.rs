//! Whole functions made by a macro.

use super::*;

macro_rules! powers {
    ($($name:ident = $n:literal),*) => {
        $(#[differentiable]
        fn $name(x: f64) -> f64 {
            let mut p = 1.0;
            for _ in 0..$n {
                p *= x;
            }
            p
        })*
    };
}
powers!(square = 2, cube = 3, constant = 0);

macro_rules! unary {
    ($name:ident, $x:ident, $body:expr) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            2.0 * $body * $body
        }
    };
}
// The body is one operand, whatever its operators.
unary!(sum_squared, x, x + 1.0);
unary!(quotient, t, 1.0 / t - t);

macro_rules! function {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident($($p:ident: $t:ty),*) -> $r:ty $body:block) => {
        $(#[$attribute])*
        #[differentiable]
        $visibility fn $name($($p: $t),*) -> $r $body
    };
}
function! {
    /// Documented.
    #[inline]
    pub(crate) fn by_fragments(x: f64, v: &[f64]) -> f64 {
        let mut sum = 0.0;
        for a in v { sum += a * x; }
        sum
    }
}

macro_rules! typed {
    ($name:ident, $t:ident, $n:expr) => {
        #[differentiable]
        fn $name(x: [$t; $n]) -> $t {
            let mut sum = 0.0;
            for i in 0..$n {
                sum += x[i] * x[$n - 1 - i];
            }
            sum
        }
    };
}
typed!(three, f64, 3);
typed!(single, f32, 2);

/// Two variables of the same text, told apart by hygiene.
macro_rules! hygienic {
    ($name:ident, $x:ident) => {
        #[differentiable]
        fn $name($x: f64) -> f64 {
            let t = $x * $x;
            let x = t.sin();
            let $x = x * t + $x;
            $x * x
        }
    };
}
hygienic!(same_text, x);
hygienic!(other_text, y);

macro_rules! square_of {
    ($e:expr) => {{
        let t = $e;
        t * t
    }};
}

#[differentiable]
fn with_format(x: f64) -> f64 {
    let label = format!("{:.2}", x);
    x * label.len() as f64
}

gradient_test! {
    square: (0.7);
    cube: (0.7);
    constant: (0.7);
    sum_squared: (0.7);
    quotient: (0.7);
    by_fragments: (0.7, ref vec![1.0, -2.0]);
    three: ([0.7, -1.2, 0.4]);
    same_text: (0.7);
    other_text: (0.7);
    with_format: (0.7);
}

#[test]
fn single_precision() {
    assert_eq!(grad_single([2.0, 3.0]), [6.0, 4.0]);
}

#[test]
fn an_expression_macro_in_a_plain_function() {
    assert_eq!(square_of!(3.0), 9.0);
}
