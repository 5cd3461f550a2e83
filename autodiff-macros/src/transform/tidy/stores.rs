//! Dead stores: a whole local that is assigned, or added to, and not read again.
//!
//! Liveness, backwards over the structured code (Aho et al. 2007, section 9.2.5). For a loop,
//! whatever its body reads counts as read after each trip, which is safe and takes one pass.

use super::uses::{has_effects, is_plain};
use crate::ir::*;
use std::collections::HashSet;

type Live = HashSet<VarId>;

pub fn run(f: &mut Function) {
    let mut live = Live::new();
    if let Some(result) = &f.result {
        result.for_each_var(&mut |v| {
            live.insert(v);
        });
    }
    let mut body = std::mem::take(&mut f.body);
    block(f, &mut body, &mut live);
    f.body = body;
}

/// `live` is what is read after the block, and becomes what is read after its beginning.
fn block(f: &Function, b: &mut Block, live: &mut Live) {
    let mut kept = Vec::with_capacity(b.stmts.len());
    for mut stmt in std::mem::take(&mut b.stmts).into_iter().rev() {
        if is_dead(f, &stmt.kind, live) {
            continue;
        }
        stmt_backwards(f, &mut stmt, live);
        kept.push(stmt);
    }
    kept.reverse();
    b.stmts = kept;
}

fn is_dead(f: &Function, kind: &StmtKind, live: &Live) -> bool {
    let (place, value) = match kind {
        StmtKind::Assign { place, value } | StmtKind::Update { place, value, .. } => (place, value),
        _ => return false,
    };
    // An own value of a known simple type; anything else may be seen under another name.
    let own = matches!(f.var(place.base).ty, Ty::Float(_) | Ty::Discrete(_));
    own && is_plain(place) && !live.contains(&place.base) && !has_effects(value) && !borrows(value)
}

fn borrows(e: &Expr) -> bool {
    let mut found = false;
    e.walk(&mut |e| {
        found |= matches!(e.kind, ExprKind::Ref { .. } | ExprKind::Call(_) | ExprKind::Opaque(_));
    });
    found
}

fn stmt_backwards(f: &Function, stmt: &mut Stmt, live: &mut Live) {
    match &mut stmt.kind {
        StmtKind::If { then, other, .. } => {
            let mut others = live.clone();
            block(f, then, live);
            block(f, other, &mut others);
            live.extend(others);
        }
        StmtKind::Match { arms, .. } => {
            let after = live.clone();
            for arm in arms {
                let mut inner = after.clone();
                block(f, &mut arm.body, &mut inner);
                live.extend(inner);
            }
        }
        StmtKind::For { .. }
        | StmtKind::ForEach { .. }
        | StmtKind::While { .. }
        | StmtKind::WhilePop { .. } => {
            stmt.for_each_var(&mut |v| {
                live.insert(v);
            });
            for inner in stmt.kind.blocks_mut() {
                let mut at_end = live.clone();
                block(f, inner, &mut at_end);
            }
        }
        // A new variable: what is read before is another one.
        StmtKind::Let { var, .. } => {
            live.remove(var);
        }
        StmtKind::Assign { place, .. } if is_plain(place) => {
            live.remove(&place.base);
        }
        _ => {}
    }
    let target = match &stmt.kind {
        StmtKind::Let { var, .. } => Some(*var),
        StmtKind::Assign { place, .. } if is_plain(place) => Some(place.base),
        _ => None,
    };
    match target {
        Some(_) => {
            for e in stmt.kind.exprs() {
                e.for_each_var(&mut |v| {
                    live.insert(v);
                });
            }
        }
        None => stmt.kind.for_each_var(&mut |v| {
            live.insert(v);
        }),
    }
}
