//! One loop for each run through a buffer: a loop that adds to `a_bar[k - N]`, `a_bar[k]` and
//! `a_bar[k + N]` becomes three, so that each can be a loop over one part of `a_bar` (see
//! `windows`). Only where little has to be computed twice.

use super::affine::{Affine, Trip, place_key};
use super::merge::contribution;
use super::uses::size;
use crate::ir::*;
use std::collections::HashSet;

/// How large what is computed again may be.
const AGAIN: usize = 24;
/// Into how many loops one is divided at most.
const LOOPS: usize = 6;

pub fn run_block(f: &Function, b: &mut Block) {
    let stmts = std::mem::take(&mut b.stmts);
    for mut stmt in stmts {
        for inner in stmt.kind.blocks_mut() {
            run_block(f, inner);
        }
        for _ in 1..LOOPS {
            match divided(f, &mut stmt) {
                Some(first) => b.stmts.push(first),
                None => break,
            }
        }
        b.stmts.push(stmt);
    }
}

/// Takes the contributions to one part of a buffer out of a loop, into a loop of their own.
fn divided(f: &Function, stmt: &mut Stmt) -> Option<Stmt> {
    let StmtKind::For { index, range, body, exit: None } = &mut stmt.kind else { return None };
    if range.step.is_some() || range.trips.is_some() || range.inclusive || !is_straight(body) {
        return None;
    }
    let moved = separable(f, *index, body)?;
    let needed = slice(*index, body, &moved)?;
    let mut first = body.clone();
    let mut at = 0;
    first.stmts.retain(|_| {
        at += 1;
        moved.contains(&(at - 1)) || needed.contains(&(at - 1))
    });
    at = 0;
    body.stmts.retain(|_| {
        at += 1;
        !moved.contains(&(at - 1))
    });
    let kind = StmtKind::For { index: *index, range: range.clone(), body: first, exit: None };
    Some(Stmt { kind, span: stmt.span })
}

fn is_straight(body: &Block) -> bool {
    body.stmts.iter().all(|s| {
        matches!(
            s.kind,
            StmtKind::Let { init: Some(_), .. } | StmtKind::Assign { .. } | StmtKind::Update { .. }
        )
    })
}

/// The statements that add to the first of several parts of a buffer.
fn separable(f: &Function, index: VarId, body: &Block) -> Option<HashSet<usize>> {
    let trip = Trip::new(index, body);
    let mut parts: Vec<(String, Affine, Vec<usize>)> = Vec::new();
    for (at, stmt) in body.stmts.iter().enumerate() {
        let Some((place, ..)) = contribution(f, &stmt.kind) else { continue };
        let [rest @ .., Proj::Index(i)] = place.proj.as_slice() else { continue };
        let list = place_key(&Place { base: place.base, proj: rest.to_vec() })?;
        let i = trip.affine(i)?;
        if i.index != 1 {
            return None;
        }
        match parts.iter_mut().find(|(other, j, _)| *other == list && *j == i) {
            Some((.., stmts)) => stmts.push(at),
            None => parts.push((list, i, vec![at])),
        }
    }
    let several = |list: &str| parts.iter().filter(|(other, ..)| other == list).count() > 1;
    let (.., first) = parts.iter().find(|(list, ..)| several(list))?;
    let base = contribution(f, &body.stmts[first[0]].kind)?.0.base;
    // Nobody reads what is added to.
    let summed = body.stmts.iter().all(|stmt| {
        let mut mentioned = false;
        stmt.for_each_var(&mut |v| mentioned |= v == base);
        !mentioned || contribution(f, &stmt.kind).is_some_and(|(place, ..)| place.base == base)
    });
    summed.then(|| first.iter().copied().collect())
}

/// The declarations that the statements need; `None` where they are too dear, or where a loop of
/// their own would read other values.
fn slice(index: VarId, body: &Block, moved: &HashSet<usize>) -> Option<HashSet<usize>> {
    let trip = Trip::new(index, body);
    let mut declared = HashSet::from([index]);
    let mut changed = HashSet::new();
    let mut needed = HashSet::new();
    let mut wanted: HashSet<VarId> = HashSet::new();
    let mut cost = 0;
    for stmt in &body.stmts {
        match &stmt.kind {
            StmtKind::Let { var, .. } => drop(declared.insert(*var)),
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } => {
                changed.insert(place.base);
            }
            _ => {}
        }
    }
    for (at, stmt) in body.stmts.iter().enumerate().rev() {
        let taken = match &stmt.kind {
            StmtKind::Let { var, .. } if wanted.contains(var) => true,
            _ => moved.contains(&at),
        };
        if !taken {
            continue;
        }
        if !moved.contains(&at) {
            needed.insert(at);
            cost += stmt.kind.exprs().iter().map(|e| size(e)).sum::<usize>();
        }
        for e in stmt.kind.exprs() {
            let mut fits = true;
            e.walk(&mut |e| {
                fits &= match &e.kind {
                    ExprKind::Lit(_) | ExprKind::Const(_) | ExprKind::Neg(_) => true,
                    ExprKind::Binary(op, ..) => {
                        matches!(op, BinOp::Add | BinOp::Sub | BinOp::Mul)
                    }
                    ExprKind::Read(place) | ExprKind::Clone { place, .. } => {
                        let own = declared.contains(&place.base)
                            && !changed.contains(&place.base)
                            && place.proj.is_empty();
                        let kept = !trip.written.contains(&place.base);
                        if own {
                            wanted.insert(place.base);
                        }
                        own || kept || is_before_writes(&trip, body, place, at)
                    }
                    _ => false,
                };
            });
            if !fits {
                return None;
            }
        }
    }
    (cost <= AGAIN).then_some(needed)
}

/// Whether the element, which is read in statement `at`, is the trip's own and written later.
fn is_before_writes(trip: &Trip, body: &Block, place: &Place, at: usize) -> bool {
    let own = |place: &Place| {
        let [Proj::Index(i)] = place.proj.as_slice() else { return None };
        trip.affine(i).filter(|i| i.index != 0)
    };
    let Some(read) = own(place) else { return false };
    body.stmts.iter().enumerate().all(|(i, stmt)| {
        let written = match &stmt.kind {
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } => Some(place),
            _ => None,
        };
        written.is_none_or(|w| w.base != place.base || own(w).as_ref() == Some(&read) && i > at)
    })
}
