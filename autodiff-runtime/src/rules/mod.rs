//! The formulas: every function the crate can differentiate, with its partial derivatives.
//!
//! `table.rs` holds them as text. The compiler reads the same text, so that generated code and the
//! gradient tape use one set. Here a rule `sin(x) = y { x: cos(x) }` becomes a module
//!
//! ```ignore
//! pub mod sin {
//!     pub const NAME: &str = "sin";
//!     pub fn value<T: Real>(x: T) -> T;
//!     pub mod partial {
//!         pub fn x<T: Real>(x: T, y: T) -> T; // by x, given the argument and the result
//!     }
//! }
//! ```
//!
//! A partial that is identically zero has no function.

pub mod functions;

/// `T` for an argument without a type, else the type.
macro_rules! argument_type {
    ($T:ident) => {
        $T
    };
    ($T:ident $ty:ident) => {
        $ty
    };
}

// `of` comes with the table, so that its formulas can name the closure that `rule_partial` makes.
macro_rules! rules {
    (constants $of:ident; $(
        $(#[doc = $doc:literal])*
        $cost:ident $form:ident $name:ident ($($arg:ident $(: $ty:ident)?),*) = $result:ident {
            $($by:ident : $formula:expr),*
        }
    )*) => {
        $(rule! {
            ($(#[doc = $doc])*) $name [$($arg: [$($ty)?]),*] $result $of ($($by: $formula;)*)
        })*
    };
}

macro_rules! rule {
    (
        ($(#[doc = $doc:literal])*) $name:ident $args:tt $result:ident $of:ident
        ($($by:ident: $formula:expr;)*)
    ) => {
        $(#[doc = $doc])*
        pub mod $name {
            /// The rule's name in the table.
            pub const NAME: &str = stringify!($name);
            rule_value!($name $args);
            /// Partial derivatives, given the arguments and the result.
            #[allow(unused_imports, unused_variables, clippy::many_single_char_names)]
            pub mod partial {
                use crate::rules::functions::*;
                use std::f64::consts::{LN_2, LN_10, PI};
                $(rule_partial!($by $args $result $of $formula);)*
            }
        }
    };
}

macro_rules! rule_value {
    ($name:ident [$($arg:ident: [$($ty:ident)?]),*]) => {
        /// The function itself.
        pub fn value<T: crate::Real>($($arg: argument_type!(T $($ty)?)),*) -> T {
            crate::rules::functions::$name($($arg),*)
        }
    };
}

macro_rules! rule_partial {
    ($by:ident [$($arg:ident: [$($ty:ident)?]),*] $result:ident $of:ident $formula:expr) => {
        /// The partial derivative by the argument of this name.
        pub fn $by<T: crate::Real>($($arg: argument_type!(T $($ty)?),)* $result: T) -> T {
            let $of = |value: f64| T::of(value);
            $formula
        }
    };
}

mod table;
pub use table::*;

#[cfg(test)]
mod tests;
