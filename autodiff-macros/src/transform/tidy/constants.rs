//! Arithmetic with constants that the compiler made: `1.0 * x`, `x + 0.0`, `a += -b`.
//!
//! The user's literals are not constants of the compiler's, so the primal stays as written.

use crate::ir::*;
use crate::rules::algebra;

pub fn run(f: &mut Function) {
    block(&mut f.body);
    if let Some(result) = &mut f.result {
        expr(result);
    }
}

fn block(b: &mut Block) {
    b.stmts.retain_mut(|stmt| {
        for e in stmt.kind.exprs_mut() {
            expr(e);
        }
        for inner in stmt.kind.blocks_mut() {
            block(inner);
        }
        if let StmtKind::Update { op, value, .. } = &mut stmt.kind {
            let opposite = match op {
                BinOp::Add => BinOp::Sub,
                BinOp::Sub => BinOp::Add,
                _ => return true,
            };
            if let ExprKind::Neg(inner) = &value.kind {
                *value = (**inner).clone();
                *op = opposite;
            }
            return algebra::as_constant(value) != Some(0.0);
        }
        true
    });
}

fn expr(e: &mut Expr) {
    e.rewrite(&mut |e| {
        let of_interest = match &e.kind {
            ExprKind::Binary(op, a, b) => {
                let neutral =
                    |e: &Expr| matches!(e.kind, ExprKind::Const(c) if c == 0.0 || c.abs() == 1.0);
                match op {
                    BinOp::Add | BinOp::Sub | BinOp::Mul => neutral(a) || neutral(b),
                    BinOp::Div => neutral(b),
                    _ => false,
                }
            }
            _ => false,
        };
        if !of_interest || !matches!(e.ty.peel(), Ty::Float(_)) {
            return;
        }
        let ExprKind::Binary(op, a, b) = e.kind.clone() else {
            return;
        };
        *e = match op {
            BinOp::Add => algebra::add(*a, *b),
            BinOp::Sub => algebra::sub(*a, *b),
            BinOp::Mul => algebra::mul(*a, *b),
            _ => algebra::div(*a, *b),
        };
    });
}
