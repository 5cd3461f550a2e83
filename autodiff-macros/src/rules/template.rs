//! Formulas of the table, parsed.

use super::{Uses, algebra, find, simplify};
use crate::ir::{BinOp, Expr, ExprKind, Ty};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// An expression over a rule's arguments and its result.
#[derive(Debug)]
pub(super) enum Template {
    Arg(usize),
    Result,
    Const(f64),
    Int(i32),
    Neg(Box<Template>),
    Binary(BinOp, Box<Template>, Box<Template>),
    Rule(&'static str, Vec<Template>),
}

/// Parses a formula of the table. The table is part of the compiler: a mistake in it is a panic,
/// which the tests that instantiate every rule would meet.
pub(super) fn parse(formula: &str, args: &[&str], result: &str) -> Template {
    let expr = syn::parse_str(formula).unwrap_or_else(|e| panic!("rule formula `{formula}`: {e}"));
    from_syn(&expr, args, result)
}

fn from_syn(expr: &syn::Expr, args: &[&str], result: &str) -> Template {
    let sub = |e: &syn::Expr| Box::new(from_syn(e, args, result));
    match expr {
        syn::Expr::Group(e) => *sub(&e.expr),
        syn::Expr::Paren(e) => *sub(&e.expr),
        syn::Expr::Unary(e) => Template::Neg(sub(&e.expr)),
        syn::Expr::Binary(e) => {
            let op = match e.op {
                syn::BinOp::Add(_) => BinOp::Add,
                syn::BinOp::Sub(_) => BinOp::Sub,
                syn::BinOp::Mul(_) => BinOp::Mul,
                syn::BinOp::Div(_) => BinOp::Div,
                _ => panic!("operator in a rule formula"),
            };
            Template::Binary(op, sub(&e.left), sub(&e.right))
        }
        syn::Expr::Path(e) => {
            let name = e.path.require_ident().expect("a name").to_string();
            match args.iter().position(|a| *a == name) {
                Some(i) => Template::Arg(i),
                None if name == result => Template::Result,
                None => panic!("unknown name {name} in a rule formula"),
            }
        }
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(i), .. }) => {
            Template::Int(i.base10_parse().expect("an i32"))
        }
        syn::Expr::Call(call) => {
            let syn::Expr::Path(path) = &*call.func else {
                panic!("callee in a rule formula");
            };
            let name = path.path.require_ident().expect("a name").to_string();
            if name == "of" {
                return Template::Const(constant(&call.args[0]));
            }
            let rule = find(&name).unwrap_or_else(|| panic!("no rule {name}"));
            assert_eq!(rule.arity, call.args.len(), "arguments of {name}");
            Template::Rule(rule.name, call.args.iter().map(|a| *sub(a)).collect())
        }
        _ => panic!("expression in a rule formula"),
    }
}

/// The argument of `of(…)`: literals, the constants of `std::f64::consts`, quotients.
fn constant(expr: &syn::Expr) -> f64 {
    match expr {
        syn::Expr::Group(e) => constant(&e.expr),
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(f), .. }) => {
            f.base10_parse().expect("a float")
        }
        syn::Expr::Binary(e) if matches!(e.op, syn::BinOp::Div(_)) => {
            constant(&e.left) / constant(&e.right)
        }
        syn::Expr::Path(e) => match e.path.require_ident().expect("a name").to_string().as_str() {
            "PI" => std::f64::consts::PI,
            "LN_2" => std::f64::consts::LN_2,
            "LN_10" => std::f64::consts::LN_10,
            name => panic!("unknown constant {name} in a rule formula"),
        },
        _ => panic!("constant in a rule formula"),
    }
}

impl Template {
    pub(super) fn instantiate(&self, args: &[Expr], result: &Expr) -> Expr {
        let put = |t: &Template| t.instantiate(args, result);
        match self {
            Template::Arg(i) => args[*i].clone(),
            Template::Result => result.clone(),
            Template::Const(c) => algebra::constant(*c, result),
            Template::Int(i) => integer(*i, result),
            Template::Neg(e) => algebra::neg(put(e)),
            Template::Binary(op, a, b) => {
                let (a, b) = (put(a), put(b));
                if a.ty.is_discrete() {
                    return discrete(*op, a, b);
                }
                match op {
                    BinOp::Add => algebra::add(a, b),
                    BinOp::Sub => algebra::sub(a, b),
                    BinOp::Mul => algebra::mul(a, b),
                    _ => algebra::div(a, b),
                }
            }
            Template::Rule(name, items) => {
                simplify::intrinsic(name, items.iter().map(put).collect(), result)
            }
        }
    }

    pub(super) fn uses(&self, uses: &mut Uses) {
        match self {
            Template::Arg(i) => uses.args[*i] = true,
            Template::Result => uses.result = true,
            Template::Const(_) | Template::Int(_) => {}
            Template::Neg(e) => e.uses(uses),
            Template::Binary(_, a, b) => {
                a.uses(uses);
                b.uses(uses);
            }
            Template::Rule(_, items) => items.iter().for_each(|i| i.uses(uses)),
        }
    }
}

/// An integer literal at the place of `at`.
pub(super) fn integer(value: i32, at: &Expr) -> Expr {
    let digits = Literal::i32_unsuffixed(value.saturating_abs());
    let tokens: TokenStream = if value < 0 { quote!(-#digits) } else { quote!(#digits) };
    Expr::new(ExprKind::Lit(tokens), Ty::Discrete(Some("i32".to_string())), at.span)
}

/// Arithmetic of integer arguments (orders of derivatives), folded where both are literals.
fn discrete(op: BinOp, a: Expr, b: Expr) -> Expr {
    match (simplify::integer_literal(&a), simplify::integer_literal(&b)) {
        (Some(m), Some(n)) if op == BinOp::Add => integer(m.saturating_add(n), &a),
        _ => {
            let (ty, span) = (a.ty.clone(), a.span);
            Expr::new(ExprKind::Binary(op, Box::new(a), Box::new(b)), ty, span)
        }
    }
}
