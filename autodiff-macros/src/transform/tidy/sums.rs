//! Adjoints that a loop only adds to: the sum is kept in a local, and added once behind the loop.
//!
//! ```text
//!                                  let mut a_bar_sum = 0.0;
//! for i in 0..n {                  for i in 0..n {
//!     *a_bar += v;          →          a_bar_sum += v;
//! }                                }
//!                                  *a_bar += a_bar_sum;
//! ```
//!
//! LLVM does not do it, as the caller could see the difference if the loop panicked. An element is
//! touched only if the loop runs.

use super::affine::{Trip, place_key};
use super::merge::contribution;
use super::windows::is_cheap;
use crate::ir::*;
use crate::rules::algebra;
use crate::transform::naming::{Names, plain};
use std::collections::HashSet;

pub fn run(f: &mut Function) {
    let mut names = Names::of(f);
    let mut body = std::mem::take(&mut f.body);
    block(f, &mut names, &mut body);
    f.body = body;
}

fn block(f: &mut Function, names: &mut Names, b: &mut Block) {
    let stmts = std::mem::take(&mut b.stmts);
    for mut stmt in stmts {
        let span = stmt.span;
        // The outermost loop that does not change the place is the one to sum over.
        let mut after = Vec::new();
        for (place, ty) in candidates(f, &stmt) {
            let wanted = format!("{}_sum", plain(f.var(place.base)));
            let sum = names.fresh(f, &wanted, ty.clone(), true, Role::Temp);
            let key = place_key(&place);
            for inner in stmt.kind.blocks_mut() {
                replace(inner, &key, sum);
            }
            let zero = Expr::new(ExprKind::Const(0.0), ty, span);
            b.stmts.push(Stmt { kind: StmtKind::Let { var: sum, init: Some(zero) }, span });
            let value = Expr::var(sum, &f.vars, span);
            let indexed = place.proj.iter().any(|p| matches!(p, Proj::Index(_)));
            let add = Stmt { kind: StmtKind::Update { place, op: BinOp::Add, value }, span };
            after.push(match &stmt.kind {
                StmtKind::For { range, .. } if indexed => {
                    let (lo, hi) = (Box::new(range.lo.clone()), Box::new(range.hi.clone()));
                    let ty = Ty::Discrete(Some("bool".into()));
                    let cond = Expr::new(ExprKind::Binary(BinOp::Lt, lo, hi), ty, span);
                    let (then, other) = (Block { stmts: vec![add] }, Block::default());
                    Stmt { kind: StmtKind::If { cond, then, other }, span }
                }
                _ => add,
            });
        }
        for inner in stmt.kind.blocks_mut() {
            block(f, names, inner);
        }
        b.stmts.push(stmt);
        b.stmts.extend(after);
    }
}

/// Places that the loop does nothing to but adding, with the types of what is added.
fn candidates(f: &Function, stmt: &Stmt) -> Vec<(Place, Ty)> {
    let (index, body, range) = match &stmt.kind {
        StmtKind::For { index, range, body, exit } => {
            (Some(*index), body, exit.is_none().then_some(range))
        }
        StmtKind::While { body, .. } | StmtKind::WhilePop { body, .. } => (None, body, None),
        _ => return Vec::new(),
    };
    let mut found: Vec<(Place, Ty, bool)> = Vec::new();
    each_contribution(f, body, true, &mut |place, value, always| match found
        .iter_mut()
        .find(|(other, ..)| place_key(other) == place_key(place))
    {
        Some((.., at_top)) => *at_top |= always,
        None => found.push((place.clone(), algebra::scalar_type(value), always)),
    });
    if found.is_empty() {
        return Vec::new();
    }
    let mut trip = Trip::new(index.unwrap_or(VarId(u32::MAX)), body);
    let header: HashSet<VarId> = stmt.kind.writes().into_iter().collect();
    trip.written.extend(header);
    found.retain(|(place, ty, always)| {
        let steady = place.exprs().iter().all(|e| trip.is_invariant(e) && is_cheap(e));
        let path = place.proj.iter().all(|p| !matches!(p, Proj::Slice { .. }));
        let float = matches!(ty, Ty::Float(_));
        // Whether the element is there is known only if the loop is sure to touch it.
        let indexed = place.proj.iter().any(|p| matches!(p, Proj::Index(_)));
        let sure = !indexed
            || *always
                && range.is_some_and(|range| {
                    let plain = range.step.is_none() && range.trips.is_none() && !range.inclusive;
                    let calm = |e: &Expr| trip.is_invariant(e) && is_cheap(e);
                    plain && calm(&range.lo) && calm(&range.hi)
                });
        steady && path && float && sure && only_added(f, stmt, place)
    });
    found.into_iter().map(|(place, ty, _)| (place, ty)).collect()
}

/// Calls `see` with every contribution, and whether it stands at the top of the block.
fn each_contribution(f: &Function, b: &Block, top: bool, see: &mut dyn FnMut(&Place, &Expr, bool)) {
    for stmt in &b.stmts {
        if let Some((place, _, value)) = contribution(f, &stmt.kind) {
            see(place, value, top);
        }
        for inner in stmt.kind.blocks() {
            each_contribution(f, inner, false, see);
        }
    }
}

/// Whether nothing else in the statement mentions the place's variable.
fn only_added(f: &Function, stmt: &Stmt, place: &Place) -> bool {
    let key = place_key(place);
    let mut mentions = 0;
    stmt.for_each_var(&mut |v| mentions += usize::from(v == place.base));
    let mut added = 0;
    for b in stmt.kind.blocks() {
        each_contribution(f, b, true, &mut |other, _, _| {
            added += usize::from(place_key(other) == key);
        });
    }
    mentions == added
}

fn replace(b: &mut Block, key: &Option<String>, sum: VarId) {
    for stmt in &mut b.stmts {
        if let StmtKind::Update { place, .. } = &mut stmt.kind
            && place_key(place) == *key
        {
            *place = Place::var(sum);
        }
        for inner in stmt.kind.blocks_mut() {
            replace(inner, key, sum);
        }
    }
}
