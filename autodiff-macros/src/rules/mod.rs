//! The rule table as the compiler sees it: for every function its partial derivatives as
//! expressions of the intermediate representation.
//!
//! `table.rs` is the runtime's file (a symbolic link), so the formulas exist once. They are parsed
//! on first use, a rule at a time.

pub mod algebra;
mod simplify;
mod template;
#[cfg(test)]
mod tests;

use crate::ir::{Expr, ExprKind};
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};
use template::Template;

/// A function that can be differentiated.
pub struct Rule {
    /// Its name: that of the method of the standard floats or of the function in `private`.
    pub name: &'static str,
    /// Number of arguments, the receiver included.
    pub arity: usize,
    /// Transcendental: its value is worth a variable of its own, and worth saving.
    pub dear: bool,
    /// Printed as `private::name(args)` instead of as a method.
    pub free_function: bool,
    /// Written with an operator: it has a `BinOp` or `Neg` node, never an `Intrinsic`.
    pub operator: bool,
    args: &'static [&'static str],
    #[cfg_attr(not(test), expect(dead_code))]
    discrete: &'static [bool],
    result: &'static str,
    source: &'static [(&'static str, &'static str)],
    partials: OnceLock<Vec<Option<Template>>>,
}

/// What a partial derivative reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Uses {
    pub args: Vec<bool>,
    pub result: bool,
}

macro_rules! discrete {
    () => {
        false
    };
    (i32) => {
        true
    };
}

macro_rules! rules {
    (constants $of:ident; $(
        $(#[$doc:meta])*
        $cost:ident $form:ident $name:ident ($($arg:ident $(: $ty:ident)?),*) = $result:ident {
            $($by:ident : $formula:expr),*
        }
    )*) => {
        pub(super) fn all() -> Vec<super::Rule> {
            vec![$(super::Rule {
                name: stringify!($name),
                arity: [$(stringify!($arg)),*].len(),
                dear: matches!(stringify!($cost).as_bytes(), b"dear"),
                free_function: matches!(stringify!($form).as_bytes(), b"own"),
                operator: matches!(stringify!($form).as_bytes(), b"op"),
                args: &[$(stringify!($arg)),*],
                discrete: &[$(discrete!($($ty)?)),*],
                result: stringify!($result),
                source: &[$((stringify!($by), stringify!($formula))),*],
                partials: std::sync::OnceLock::new(),
            }),*]
        }
    };
}

mod table;

static RULES: LazyLock<HashMap<&'static str, Rule>> =
    LazyLock::new(|| table::all().into_iter().map(|r| (r.name, r)).collect());

/// The rule of this name. Operators are there as `add`, `sub`, `mul`, `div`, `rem` and `neg`.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.get(name)
}

impl Rule {
    fn templates(&self) -> &[Option<Template>] {
        self.partials.get_or_init(|| {
            let mut out: Vec<Option<Template>> = self.args.iter().map(|_| None).collect();
            for (by, formula) in self.source {
                let i = self.args.iter().position(|a| a == by);
                let i = i.unwrap_or_else(|| panic!("rule {}: no argument {by}", self.name));
                out[i] = Some(template::parse(formula, self.args, self.result));
            }
            out
        })
    }

    /// Whether argument `i` is an integer, by which nothing is differentiated.
    #[cfg(test)]
    pub fn is_discrete(&self, i: usize) -> bool {
        self.discrete[i]
    }

    /// The derivative by argument `i`, simplified for literal arguments; `None` if it is
    /// identically zero or the argument is discrete.
    ///
    /// `args` and `result` are put in as they are, possibly more than once: they should be cheap.
    pub fn partial(&self, i: usize, args: &[Expr], result: &Expr) -> Option<Expr> {
        let template = self.templates()[i].as_ref()?;
        let expr = template.instantiate(args, result);
        (!matches!(expr.kind, ExprKind::Const(c) if c == 0.0)).then_some(expr)
    }

    /// What [`Rule::partial`] may read for argument `i`.
    pub fn partial_uses(&self, i: usize) -> Uses {
        let mut uses = Uses {
            args: vec![false; self.arity],
            result: false,
        };
        if let Some(template) = &self.templates()[i] {
            template.uses(&mut uses);
        }
        uses
    }
}
