//! The adjoint of a result whose length is known only when it is there.

use crate::ir::{ExprKind, Stmt, StmtKind, Ty, VarId};
use crate::transform::reverse::Reverse;
use proc_macro2::Span;

/// Compares result and seed before the reverse sweep, which is where the seed is first read.
pub fn check_seed(reverse: &mut Reverse) {
    let function = &mut reverse.function;
    let (Some(seed), Some(result)) = (reverse.seed, &function.result) else {
        return;
    };
    let ExprKind::Read(place) = &result.kind else {
        return;
    };
    if !place.proj.is_empty() || !has_length(&function.result_ty) {
        return;
    }
    let primal = place.base;
    let stmts = &mut function.body.stmts;
    let at = stmts.iter().position(|stmt| reads(stmt, seed)).unwrap_or(stmts.len());
    let kind = StmtKind::SameShape { primal, other: seed };
    stmts.insert(at, Stmt { kind, span: Span::mixed_site() });
}

fn has_length(ty: &Ty) -> bool {
    match ty {
        Ty::Vec(_) | Ty::Slice(_) => true,
        Ty::Array(item, _) => has_length(item),
        Ty::Tuple(items) => items.iter().any(has_length),
        _ => false,
    }
}

fn reads(stmt: &Stmt, var: VarId) -> bool {
    let mut found = false;
    for e in stmt.kind.exprs() {
        e.for_each_var(&mut |v| found |= v == var);
    }
    let inside = stmt.kind.blocks().into_iter().any(|b| b.stmts.iter().any(|s| reads(s, var)));
    let copied = matches!(&stmt.kind, StmtKind::CopyFrom { from, .. } if from.base == var);
    found || inside || copied
}
