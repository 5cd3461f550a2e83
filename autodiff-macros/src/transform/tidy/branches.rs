//! Branches with nothing in the first half: `if c {} else { … }` becomes `if !c { … }`.

use crate::ir::*;

pub fn run(f: &mut Function) {
    block(&mut f.body);
}

fn block(b: &mut Block) {
    for stmt in &mut b.stmts {
        for inner in stmt.kind.blocks_mut() {
            block(inner);
        }
        if let StmtKind::If { cond, then, other } = &mut stmt.kind
            && then.stmts.is_empty()
            && !other.stmts.is_empty()
        {
            std::mem::swap(then, other);
            *cond = negated(cond.clone());
        }
    }
}

/// The opposite. Comparisons of floats are not turned round: with a NaN both would be false.
fn negated(cond: Expr) -> Expr {
    let Expr { kind, ty, span } = cond;
    let kind = match kind {
        ExprKind::Not(inner) => return *inner,
        ExprKind::Binary(op, a, b) => match opposite(op, &a, &b) {
            Some(op) => ExprKind::Binary(op, a, b),
            None => {
                let kind = ExprKind::Binary(op, a, b);
                ExprKind::Not(Box::new(Expr::new(kind, ty.clone(), span)))
            }
        },
        kind => ExprKind::Not(Box::new(Expr::new(kind, ty.clone(), span))),
    };
    Expr::new(kind, ty, span)
}

fn opposite(op: BinOp, a: &Expr, b: &Expr) -> Option<BinOp> {
    let discrete = matches!(a.ty, Ty::Discrete(_)) && matches!(b.ty, Ty::Discrete(_));
    match op {
        BinOp::Eq => Some(BinOp::Ne),
        BinOp::Ne => Some(BinOp::Eq),
        BinOp::Lt if discrete => Some(BinOp::Ge),
        BinOp::Ge if discrete => Some(BinOp::Lt),
        BinOp::Gt if discrete => Some(BinOp::Le),
        BinOp::Le if discrete => Some(BinOp::Gt),
        _ => None,
    }
}
