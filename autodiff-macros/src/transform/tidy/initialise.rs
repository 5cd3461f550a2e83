//! Contributions that follow one another: `let mut x_bar = 0.0; …; x_bar += v;` becomes
//! `…; let mut x_bar = v;`, `x_bar = 0.0; …; x_bar += v;` becomes `…; x_bar = v;`, and
//! `x_bar = u; …; x_bar += v;` becomes `…; x_bar = u + v;`: the first moves down to the second where
//! nothing in between names `x_bar` or writes what `u` reads.
//!
//! Other than zeros, only adjoints and tangents move: the user's sums stay as written.

use super::uses::{has_effects, is_plain, mentions, size};
use crate::ir::*;
use crate::rules::algebra;
use crate::transform::forward::same_place;
use std::collections::HashMap;

/// How large a sum may become.
const SIZE: usize = 28;
/// How many values wait at a time; bounds the time.
const WAITING: usize = 8;

pub fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    block(f, &mut body);
    f.body = body;
}

/// A value that waits for the next contribution.
struct Waiting {
    at: usize,
    declares: bool,
    /// `None`: zero.
    value: Option<Expr>,
}

fn block(f: &Function, b: &mut Block) {
    let mut waiting: HashMap<VarId, Waiting> = HashMap::new();
    // Those of `waiting` with a value, oldest first.
    let mut valued: Vec<VarId> = Vec::new();
    let mut dropped = vec![false; b.stmts.len()];
    for at in 0..b.stmts.len() {
        let stmt = &mut b.stmts[at];
        for inner in stmt.kind.blocks_mut() {
            block(f, inner);
        }
        let target = merged(&mut stmt.kind, &mut waiting, &mut dropped);
        stmt.for_each_var(&mut |v| {
            if Some(v) != target {
                waiting.remove(&v);
            }
        });
        // What the statement writes, nobody may compute later from.
        if is_barrier(&stmt.kind) {
            for var in valued.drain(..) {
                if waiting.get(&var).is_some_and(|w| w.value.is_some()) {
                    waiting.remove(&var);
                }
            }
        } else if !valued.is_empty() {
            let writes = stmt.kind.writes();
            valued.retain(|var| {
                let Some(Waiting { value: Some(value), .. }) = waiting.get(var) else {
                    return false;
                };
                let clobbered = writes.iter().any(|w| mentions(value, *w));
                if clobbered {
                    waiting.remove(var);
                }
                !clobbered
            });
        }
        if let Some((var, declares, value)) = defined(f, &stmt.kind) {
            if value.is_some() {
                valued.retain(|v| *v != var);
                if valued.len() == WAITING {
                    waiting.remove(&valued.remove(0));
                }
                valued.push(var);
            }
            waiting.insert(var, Waiting { at, declares, value });
        }
    }
    let mut at = 0;
    b.stmts.retain(|_| {
        at += 1;
        !dropped[at - 1]
    });
    elements(b);
}

/// `a[i] = 0.0; a[i] += v;`, one right after the other, becomes `a[i] = v;`.
fn elements(b: &mut Block) {
    let stmts = std::mem::take(&mut b.stmts);
    for mut stmt in stmts {
        if let StmtKind::Update { place, op, value } = &stmt.kind
            && let Some(StmtKind::Assign { place: zeroed, value: zero }) =
                b.stmts.last().map(|s| &s.kind)
            && matches!(zero.kind, ExprKind::Const(c) if c == 0.0)
            && same_place(place, zeroed)
            && !mentions(value, place.base)
            && matches!(op, BinOp::Add | BinOp::Sub)
        {
            let value = if *op == BinOp::Add { value.clone() } else { algebra::neg(value.clone()) };
            let place = place.clone();
            stmt.kind = StmtKind::Assign { place, value };
            b.stmts.pop();
        }
        b.stmts.push(stmt);
    }
}

/// Takes in the value that waits for this statement, if one does. Gives the variable.
fn merged(
    kind: &mut StmtKind,
    waiting: &mut HashMap<VarId, Waiting>,
    dropped: &mut [bool],
) -> Option<VarId> {
    let (var, value) = match &*kind {
        StmtKind::Update { place, op, value } if is_plain(place) => {
            let first = waiting.get(&place.base)?;
            if mentions(value, place.base) {
                return None;
            }
            let value = value.clone();
            let value = match (&first.value, op) {
                (None, BinOp::Add) => value,
                (None, BinOp::Sub) => algebra::neg(value),
                (Some(u), BinOp::Add) => algebra::add(u.clone(), value),
                (Some(u), BinOp::Sub) => algebra::sub(u.clone(), value),
                _ => return None,
            };
            if first.value.is_some() && size(&value) > SIZE {
                return None;
            }
            (place.base, value)
        }
        // Overwritten before anybody read it.
        StmtKind::Assign { place, value } if is_plain(place) && !mentions(value, place.base) => {
            (place.base, value.clone())
        }
        _ => return None,
    };
    let first = waiting.remove(&var)?;
    dropped[first.at] = true;
    *kind = if first.declares {
        StmtKind::Let { var, init: Some(value) }
    } else {
        StmtKind::Assign { place: Place::var(var), value }
    };
    Some(var)
}

/// `let x = …` or `x = …` with a value that can wait: the variable, whether it is declared, and the
/// value unless zero.
fn defined(f: &Function, kind: &StmtKind) -> Option<(VarId, bool, Option<Expr>)> {
    let (var, value, declares) = match kind {
        StmtKind::Let { var, init: Some(value) } => (*var, value, true),
        StmtKind::Assign { place, value } if is_plain(place) => (place.base, value, false),
        _ => return None,
    };
    if matches!(value.kind, ExprKind::Const(c) if c == 0.0) {
        return Some((var, declares, None));
    }
    let derivative = matches!(f.var(var).role, Role::Adjoint(_) | Role::Tangent(_));
    let scalar = matches!(f.var(var).ty, Ty::Float(_)) && matches!(value.ty, Ty::Float(_));
    if !derivative || !scalar || size(value) > SIZE || !can_wait(f, value) || mentions(value, var) {
        return None;
    }
    Some((var, declares, Some(value.clone())))
}

/// Free of effects, and reading nothing through local references, which may be written under
/// another name.
pub fn can_wait(f: &Function, value: &Expr) -> bool {
    let mut yes = !has_effects(value);
    value.walk(&mut |e| match &e.kind {
        ExprKind::Call(_) | ExprKind::Opaque(_) => yes = false,
        ExprKind::Read(place) => {
            let var = f.var(place.base);
            yes &= var.role == Role::Param || !matches!(var.ty, Ty::Ref { .. } | Ty::Unknown);
        }
        _ => {}
    });
    yes
}

/// Past which no value moves: calls and opaque code may write through references, blocks run
/// conditionally or repeatedly.
pub fn is_barrier(kind: &StmtKind) -> bool {
    if !kind.blocks().is_empty() {
        return true;
    }
    matches!(kind, StmtKind::Opaque { .. } | StmtKind::Eval(_))
        || kind.exprs().iter().any(|e| {
            let mut found = false;
            e.walk(&mut |e| found |= matches!(e.kind, ExprKind::Call(_) | ExprKind::Opaque(_)));
            found
        })
}
