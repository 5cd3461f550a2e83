//! Branches with nothing in the first half: `if c {} else { … }` becomes `if !c { … }`. And
//! branches on the same condition, one after the other, become one.

use super::affine::key;
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

/// `if c { … } if c { … }` becomes one branch, where the first half does not change `c`.
pub fn join(b: &mut Block) {
    let mut joined: Vec<Stmt> = Vec::with_capacity(b.stmts.len());
    for mut stmt in std::mem::take(&mut b.stmts) {
        if let StmtKind::If { cond, then, other } = &mut stmt.kind
            && other.stmts.is_empty()
            && let Some(Stmt { kind: StmtKind::If { cond: c, then: t, other: o }, .. }) =
                joined.last_mut()
            && o.stmts.is_empty()
            && key(c).is_some_and(|c| key(cond) == Some(c))
            && !t.writes().iter().any(|v| cond.mentions(*v))
        {
            t.stmts.append(&mut then.stmts);
        } else {
            joined.push(stmt);
        }
    }
    for stmt in &mut joined {
        for inner in stmt.kind.blocks_mut() {
            join(inner);
        }
    }
    b.stmts = joined;
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
