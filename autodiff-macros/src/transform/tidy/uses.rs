//! What statements and expressions read, write and cause.

use crate::ir::*;

/// Whether evaluating `e` has effects beyond its value and the places it borrows mutably.
pub fn has_effects(e: &Expr) -> bool {
    let mut found = false;
    e.walk(&mut |e| match &e.kind {
        ExprKind::Call(call) => found |= matches!(call.mode, Mode::Primal | Mode::Jvp(_)),
        ExprKind::Opaque(o) => found |= !o.pure_,
        _ => {}
    });
    found
}

/// Every variable that the statement itself mentions, nested blocks excluded: reads, targets,
/// borrows, declarations, tapes.
pub fn mentions(kind: &StmtKind, f: &mut dyn FnMut(VarId)) {
    for e in kind.exprs() {
        e.for_each_var(f);
    }
    match kind {
        StmtKind::Let { var, .. } => f(*var),
        StmtKind::LetTuple { vars, .. } => vars.iter().flatten().for_each(|v| f(*v)),
        StmtKind::Assign { place, .. }
        | StmtKind::Update { place, .. }
        | StmtKind::Fill { place, .. }
        | StmtKind::VecPush { vec: place, .. }
        | StmtKind::Accumulate { to: place, .. }
        | StmtKind::SetZero(place) => f(place.base),
        StmtKind::Swap(a, b) | StmtKind::CopyFrom { to: a, from: b } => {
            f(a.base);
            f(b.base);
        }
        StmtKind::VecPop { vec, into } => {
            f(vec.base);
            into.iter().for_each(|v| f(*v));
        }
        StmtKind::Push { tape, .. } | StmtKind::NewTape { tape } => f(*tape),
        StmtKind::Pop { tape, vars } | StmtKind::WhilePop { tape, vars, .. } => {
            f(*tape);
            vars.iter().for_each(|v| f(*v));
        }
        StmtKind::SameShape { primal, other } => {
            f(*primal);
            f(*other);
        }
        StmtKind::Opaque { opaque, declares } => {
            opaque.for_each_var(f);
            declares.iter().for_each(|d| f(d.1));
        }
        StmtKind::For { index, exit, .. } => {
            f(*index);
            exit.iter().for_each(|v| f(*v));
        }
        StmtKind::ForEach { bindings, exit, .. } => {
            bindings.iter().for_each(|b| f(b.1));
            exit.iter().for_each(|v| f(*v));
        }
        StmtKind::While { exit, .. } => exit.iter().for_each(|v| f(*v)),
        StmtKind::Match { arms, .. } => {
            for arm in arms {
                for binding in &arm.bindings {
                    f(binding.var);
                    if let Some(place) = &binding.place {
                        f(place.base);
                        for e in place.exprs() {
                            e.for_each_var(f);
                        }
                    }
                }
                if let Some(guard) = &arm.guard {
                    guard.for_each_var(f);
                }
            }
        }
        StmtKind::If { .. } | StmtKind::Eval(_) => {}
    }
}

/// As [`mentions`], nested blocks included.
pub fn mentions_deeply(stmt: &Stmt, f: &mut dyn FnMut(VarId)) {
    mentions(&stmt.kind, f);
    for block in stmt.kind.blocks() {
        for stmt in &block.stmts {
            mentions_deeply(stmt, f);
        }
    }
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
