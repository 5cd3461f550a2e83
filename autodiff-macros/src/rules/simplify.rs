//! Powers with literal exponents: `powi_derivative(x, 3, 1)` is `3.0 * (x * x)`.

use super::{algebra, find, template};
use crate::ir::{BinOp, Expr, ExprKind};

/// `name(args)` with the type of `like`, written more simply where literals allow it.
///
/// # Panics
/// If the table has no rule of this name.
pub fn intrinsic(name: &str, args: Vec<Expr>, like: &Expr) -> Expr {
    if let Some(simple) = simplified(name, &args, like) {
        return simple;
    }
    let rule = find(name).unwrap_or_else(|| panic!("no rule {name}"));
    Expr::new(ExprKind::Intrinsic(rule.name, args), algebra::scalar_type(like), like.span)
}

fn simplified(name: &str, args: &[Expr], like: &Expr) -> Option<Expr> {
    match name {
        "powi_derivative" => {
            let n = integer_literal(&args[1])?;
            let k = integer_literal(&args[2])?;
            let factor = falling(f64::from(n), k);
            let power = integer_power(&args[0], n.checked_sub(k)?, like);
            Some(scaled(factor, power, like))
        }
        "powf_by_base" => {
            let p = float_literal(&args[1])?;
            Some(scaled(p, power(&args[0], p - 1.0, like), like))
        }
        "powf_derivative" => {
            let p = float_literal(&args[1])?;
            let k = integer_literal(&args[2])?;
            if integer_literal(&args[3])? != 0 {
                return None;
            }
            let factor = falling(p, k);
            Some(scaled(factor, power(&args[0], p - f64::from(k), like), like))
        }
        "powi" => match integer_literal(&args[1])? {
            0 => Some(algebra::constant(1.0, like)),
            1 => Some(args[0].clone()),
            _ => None,
        },
        _ => None,
    }
}

/// p (p-1) … (p-k+1)
fn falling(p: f64, k: i32) -> f64 {
    (0..k).map(|i| p - f64::from(i)).product()
}

fn scaled(factor: f64, power: Expr, like: &Expr) -> Expr {
    if factor == 0.0 {
        algebra::constant(0.0, like)
    } else {
        algebra::mul(algebra::constant(factor, like), power)
    }
}

/// `x.powi(n)`, short powers as products.
fn integer_power(x: &Expr, n: i32, like: &Expr) -> Expr {
    match n {
        0 => algebra::constant(1.0, like),
        1 => x.clone(),
        2 if algebra::is_atom(x) => algebra::mul(x.clone(), x.clone()),
        _ => intrinsic("powi", vec![x.clone(), template::integer(n, like)], like),
    }
}

/// `x.powf(p)`; `p` 0, 1 and 2 as products, which differ in nothing.
fn power(x: &Expr, p: f64, like: &Expr) -> Expr {
    if p == 0.0 || p == 1.0 || (p == 2.0 && algebra::is_atom(x)) {
        return integer_power(x, p as i32, like);
    }
    intrinsic("powf", vec![x.clone(), algebra::constant(p, like)], like)
}

/// The value of an integer literal, a sign before it included.
pub(super) fn integer_literal(expr: &Expr) -> Option<i32> {
    match &expr.kind {
        ExprKind::Neg(e) => integer_literal(e)?.checked_neg(),
        ExprKind::Lit(tokens) => {
            let text = tokens.to_string().replace([' ', '_'], "");
            text.trim_end_matches("i32").parse().ok()
        }
        ExprKind::Binary(BinOp::Sub, a, b) => integer_literal(a)?.checked_sub(integer_literal(b)?),
        _ => None,
    }
}

/// The value of a float literal, a sign before it included.
pub(super) fn float_literal(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Const(c) => Some(*c),
        ExprKind::Neg(e) => Some(-float_literal(e)?),
        ExprKind::Lit(tokens) => {
            let text = tokens.to_string().replace([' ', '_'], "");
            let text = text.trim_end_matches("f64").trim_end_matches("f32");
            // `inf` and `nan` parse as floats too, but would be names here.
            let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
            if is_number { text.parse().ok() } else { None }
        }
        _ => None,
    }
}
