//! What statements and expressions read, write and cause.

use crate::ir::*;

/// Whether evaluating `e` has effects beyond its value and the places it borrows mutably.
pub fn has_effects(e: &Expr) -> bool {
    let mut found = false;
    e.walk(&mut |e| match &e.kind {
        ExprKind::Call(call) => {
            found |= matches!(
                call.mode,
                Mode::Primal
                    | Mode::Jvp(_)
                    | Mode::Forward
                    | Mode::Reverse
                    | Mode::ReverseUnused
                    | Mode::Taken
            );
        }
        ExprKind::Opaque(o) => found |= !o.pure_,
        _ => {}
    });
    found
}

/// `x` itself, not a part of it.
pub fn is_plain(place: &Place) -> bool {
    place.proj.is_empty()
}

/// A `&mut` argument handed on: `&mut place`, or a variable that is such a reference.
pub fn borrowed(e: &Expr, vars: &[Var]) -> Option<VarId> {
    match &e.kind {
        ExprKind::Ref { mutable: true, place } => Some(place.base),
        ExprKind::Read(place) => {
            let ty = crate::transform::forward::place_ty(place, vars);
            let may_be_mutable = matches!(ty, Ty::Ref { mutable: true, .. } | Ty::Unknown);
            may_be_mutable.then_some(place.base)
        }
        _ => None,
    }
}

/// An adjoint or a tangent, into which contributions may be added in any order.
pub fn is_derivative(f: &Function, var: VarId) -> bool {
    matches!(f.var(var).role, Role::Adjoint(_) | Role::Tangent(_))
        || f.derivatives.iter().any(|(own, _)| *own == var)
}

/// The number of nodes.
pub fn size(e: &Expr) -> usize {
    let mut n = 0;
    e.walk(&mut |_| n += 1);
    n
}

pub fn mentions(e: &Expr, var: VarId) -> bool {
    e.mentions(var)
}

/// Whether there is any loop in the block.
pub fn has_loops(b: &Block) -> bool {
    b.stmts.iter().any(|s| {
        matches!(s.kind, StmtKind::For { .. } | StmtKind::While { .. } | StmtKind::WhilePop { .. })
            || s.kind.blocks().into_iter().any(has_loops)
    })
}
