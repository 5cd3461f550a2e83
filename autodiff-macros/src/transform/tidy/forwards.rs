//! Reversed loops whose trips may run in any order run forwards: `for i in (0..n).rev()` becomes
//! `for i in 0..n` where the body only adds to adjoints, or takes elements that are its own.

use super::affine::{Affine, Trip};
use super::uses::{has_effects, is_derivative};
use crate::ir::*;
use std::collections::HashMap;

pub fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    block(f, &mut body);
    f.body = body;
}

fn block(f: &Function, b: &mut Block) {
    for stmt in &mut b.stmts {
        for inner in stmt.kind.blocks_mut() {
            block(f, inner);
        }
        if let StmtKind::For { index, range, body, exit: None } = &mut stmt.kind
            && range.rev
            && range.trips.is_none()
            && is_free(f, *index, body)
        {
            range.rev = false;
        }
    }
}

/// How the body uses a variable that it writes and does not declare.
#[derive(PartialEq)]
enum Use {
    Sum,
    /// Elements that no other trip touches.
    Own(Affine),
}

/// Whether the trips may run in any order.
fn is_free(f: &Function, index: VarId, body: &Block) -> bool {
    let trip = Trip::new(index, body);
    let mut declared = Vec::new();
    let mut plain = true;
    body.walk(&mut |s| match &s.kind {
        StmtKind::Let { var, .. } => declared.push(*var),
        StmtKind::For { index, exit, .. } => {
            plain &= exit.is_none();
            declared.push(*index);
        }
        StmtKind::Assign { .. } | StmtKind::Update { .. } | StmtKind::If { .. } => {}
        _ => plain = false,
    });
    let mut uses: HashMap<VarId, Use> = HashMap::new();
    let checks = plain && statements(f, &trip, body, &declared, &mut uses);
    checks && reads_agree(&trip, body, &uses)
}

/// Writes: each variable from outside in one of the two ways.
fn statements(
    f: &Function,
    trip: &Trip,
    body: &Block,
    declared: &[VarId],
    uses: &mut HashMap<VarId, Use>,
) -> bool {
    body.stmts.iter().all(|stmt| {
        let calm = stmt.kind.exprs().iter().all(|e| is_calm(e));
        let written = match &stmt.kind {
            StmtKind::Assign { place, .. } => Some((place, false)),
            StmtKind::Update { place, op, .. } => {
                Some((place, matches!(op, BinOp::Add | BinOp::Sub)))
            }
            _ => None,
        };
        let fits = written.is_none_or(|(place, sum)| {
            if declared.contains(&place.base) {
                return true;
            }
            // Each trip its own element, or only ever added to.
            let own = element(trip, place).map(Use::Own);
            let sum = (sum && is_derivative(f, place.base)).then_some(Use::Sum);
            match (uses.get(&place.base), own, sum) {
                (None, _, Some(sum)) => uses.insert(place.base, sum).is_none(),
                (None, Some(own), None) => uses.insert(place.base, own).is_none(),
                (Some(Use::Sum), _, Some(_)) => true,
                (Some(before), Some(own), _) => *before == own,
                _ => false,
            }
        });
        calm && fits && stmt.kind.blocks().iter().all(|b| statements(f, trip, b, declared, uses))
    })
}

/// The one index of an element of which no two trips share one.
fn element(trip: &Trip, place: &Place) -> Option<Affine> {
    let [rest @ .., Proj::Index(i)] = place.proj.as_slice() else { return None };
    if !rest.iter().all(|p| matches!(p, Proj::Deref)) {
        return None;
    }
    trip.affine(i).filter(|i| i.index != 0)
}

/// Reads: none of what is summed up, own elements only of what is taken.
fn reads_agree(trip: &Trip, body: &Block, uses: &HashMap<VarId, Use>) -> bool {
    let mut agree = true;
    body.walk(&mut |s| {
        for e in s.kind.exprs() {
            e.walk(&mut |e| {
                let Some(place) = e.own_place() else { return };
                agree &= match uses.get(&place.base) {
                    None => true,
                    Some(Use::Sum) => false,
                    Some(Use::Own(at)) => match &e.kind {
                        ExprKind::Read(place) => element(trip, place).as_ref() == Some(at),
                        ExprKind::Len(place) => place.is_whole(),
                        _ => false,
                    },
                };
            });
        }
    });
    agree
}

fn is_calm(e: &Expr) -> bool {
    let mut calm = !has_effects(e);
    e.walk(&mut |e| {
        calm &= !matches!(
            e.kind,
            ExprKind::Call(_) | ExprKind::Opaque(_) | ExprKind::Ref { .. } | ExprKind::Clone { .. }
        );
    });
    calm
}
