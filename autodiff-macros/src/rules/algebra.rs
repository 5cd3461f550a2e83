//! Arithmetic for expressions that the compiler makes, written as a person would: no `1.0 * x`,
//! no `-(-x)`, no `x * (1.0 / y)`.
//!
//! Only constants made by the compiler are folded, never the user's literals.

use crate::ir::{BinOp, Expr, ExprKind, FloatTy, Ty};

/// The scalar type of `like`, or a float of unknown width.
pub fn scalar_type(like: &Expr) -> Ty {
    match like.ty.peel() {
        ty @ Ty::Float(_) => ty.clone(),
        _ => Ty::Float(FloatTy::Some),
    }
}

/// A float constant with the type and place of `like`.
pub fn constant(value: f64, like: &Expr) -> Expr {
    Expr::new(ExprKind::Const(value), scalar_type(like), like.span)
}

/// `Some(c)` for a constant made by the compiler.
pub fn as_constant(e: &Expr) -> Option<f64> {
    match &e.kind {
        ExprKind::Const(c) => Some(*c),
        ExprKind::Neg(e) => as_constant(e).map(|c| -c),
        _ => None,
    }
}

/// A variable, field or literal: free to repeat.
pub fn is_atom(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Lit(_) | ExprKind::Const(_) => true,
        ExprKind::Read(place) => place.exprs().iter().all(|e| is_atom(e)),
        _ => false,
    }
}

fn binary(op: BinOp, a: Expr, b: Expr) -> Expr {
    let known = |e: &Expr| matches!(e.ty.peel(), Ty::Float(t) if *t != FloatTy::Some);
    let ty = scalar_type(if known(&a) || !known(&b) { &a } else { &b });
    let span = a.span;
    Expr::new(ExprKind::Binary(op, Box::new(a), Box::new(b)), ty, span)
}

/// `-a`
pub fn neg(a: Expr) -> Expr {
    match a.kind {
        ExprKind::Const(c) => Expr::new(ExprKind::Const(-c), a.ty, a.span),
        ExprKind::Neg(inner) => *inner,
        ExprKind::Binary(BinOp::Sub, x, y) if !mentions_literal_zero(&x) => {
            binary(BinOp::Sub, *y, *x)
        }
        kind => {
            let (ty, span) = (a.ty.clone(), a.span);
            let a = Expr::new(kind, a.ty, a.span);
            let ty = if matches!(ty.peel(), Ty::Float(_)) { ty.peel().clone() } else { ty };
            Expr::new(ExprKind::Neg(Box::new(a)), ty, span)
        }
    }
}

/// `0.0 - x` is left alone: its negation would lose nothing but reads worse.
fn mentions_literal_zero(e: &Expr) -> bool {
    as_constant(e) == Some(0.0)
}

/// `a + b`
pub fn add(a: Expr, b: Expr) -> Expr {
    if as_constant(&a) == Some(0.0) {
        return b;
    }
    if as_constant(&b) == Some(0.0) {
        return a;
    }
    match (a.kind, b.kind) {
        (kind, ExprKind::Neg(y)) => sub(Expr::new(kind, a.ty, a.span), *y),
        (ExprKind::Neg(x), kind) => sub(Expr::new(kind, b.ty, b.span), *x),
        (x, y) => binary(BinOp::Add, Expr::new(x, a.ty, a.span), Expr::new(y, b.ty, b.span)),
    }
}

/// `a - b`
pub fn sub(a: Expr, b: Expr) -> Expr {
    if as_constant(&b) == Some(0.0) {
        return a;
    }
    if as_constant(&a) == Some(0.0) {
        return neg(b);
    }
    match b.kind {
        ExprKind::Neg(y) => add(a, *y),
        kind => binary(BinOp::Sub, a, Expr::new(kind, b.ty, b.span)),
    }
}

/// `a * b`. A factor that is a quotient by something becomes a division: `a * (1.0 / b)` is
/// `a / b`.
pub fn mul(a: Expr, b: Expr) -> Expr {
    match (as_constant(&a), as_constant(&b)) {
        (Some(x), Some(y)) => return constant(x * y, &a),
        (Some(1.0), _) => return b,
        (_, Some(1.0)) => return a,
        (Some(-1.0), _) => return neg(b),
        (_, Some(-1.0)) => return neg(a),
        _ => {}
    }
    match (a.kind, b.kind) {
        (ExprKind::Neg(x), ExprKind::Neg(y)) => mul(*x, *y),
        (ExprKind::Neg(x), kind) => neg(mul(*x, Expr::new(kind, b.ty, b.span))),
        (kind, ExprKind::Neg(y)) => neg(mul(Expr::new(kind, a.ty, a.span), *y)),
        (kind, ExprKind::Binary(BinOp::Div, x, y)) if as_constant(&x).is_some() => {
            div(mul(Expr::new(kind, a.ty, a.span), *x), *y)
        }
        (x, y) => binary(BinOp::Mul, Expr::new(x, a.ty, a.span), Expr::new(y, b.ty, b.span)),
    }
}

/// `a / b` as `a * (1.0 / b)`, for derivatives: all that is divided by `b` shares the reciprocal, and
/// in a recurrence it is there before `a` is.
pub fn over(a: Expr, b: Expr) -> Expr {
    if as_constant(&a).is_some() || matches!(b.kind, ExprKind::Lit(_) | ExprKind::Const(_)) {
        return div(a, b);
    }
    match (a.kind, b.kind) {
        (ExprKind::Neg(x), kind) => neg(over(*x, Expr::new(kind, b.ty, b.span))),
        (kind, ExprKind::Neg(y)) => neg(over(Expr::new(kind, a.ty, a.span), *y)),
        (x, y) => {
            let (a, b) = (Expr::new(x, a.ty, a.span), Expr::new(y, b.ty, b.span));
            let reciprocal = div(constant(1.0, &a), b);
            binary(BinOp::Mul, a, reciprocal)
        }
    }
}

/// `a / b`
pub fn div(a: Expr, b: Expr) -> Expr {
    if as_constant(&b) == Some(1.0) {
        return a;
    }
    match (a.kind, b.kind) {
        (ExprKind::Neg(x), ExprKind::Neg(y)) => div(*x, *y),
        (ExprKind::Neg(x), kind) => neg(div(*x, Expr::new(kind, b.ty, b.span))),
        (kind, ExprKind::Neg(y)) => neg(div(Expr::new(kind, a.ty, a.span), *y)),
        (x, y) => binary(BinOp::Div, Expr::new(x, a.ty, a.span), Expr::new(y, b.ty, b.span)),
    }
}
