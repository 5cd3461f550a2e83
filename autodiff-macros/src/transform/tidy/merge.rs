//! Several contributions to one element: `x_bar[i] += u; …; x_bar[i] += v;` becomes
//! `…; x_bar[i] += u + v;`, so that the element is loaded and stored once.

use super::affine::{key, place_key};
use super::initialise::{can_wait, is_barrier};
use super::uses::{is_derivative, is_plain, mentions, size};
use crate::ir::*;
use crate::rules::algebra;
use crate::transform::forward::same_place;

/// How large a sum may become.
const SIZE: usize = 32;
/// How many contributions wait at a time; bounds the time.
const WAITING: usize = 8;

pub fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    block(f, &mut body);
    f.body = body;
}

/// A contribution that waits for another one.
struct Waiting {
    at: usize,
    place: Place,
    op: BinOp,
    value: Expr,
}

fn block(f: &Function, b: &mut Block) {
    let mut waiting: Vec<Waiting> = Vec::new();
    let mut dropped = vec![false; b.stmts.len()];
    for at in 0..b.stmts.len() {
        let stmt = &mut b.stmts[at];
        for inner in stmt.kind.blocks_mut() {
            block(f, inner);
        }
        if is_barrier(&stmt.kind) {
            waiting.clear();
            continue;
        }
        let Some((place, op, value)) = contribution(f, &stmt.kind) else {
            waiting.retain(|w| !disturbs(&stmt.kind, w));
            continue;
        };
        let (place, mut op, mut value) = (place.clone(), op, value.clone());
        let other = waiting.iter().position(|w| {
            same_place(&w.place, &place)
                && size(&w.value) + size(&value) <= SIZE
                && (is_element(&place) || key(&w.value) == key(&value))
        });
        if let Some(i) = other {
            let first = waiting.remove(i);
            dropped[first.at] = true;
            (op, value) = sum(first, op, value);
            stmt.kind = StmtKind::Update { place: place.clone(), op, value: value.clone() };
        }
        waiting.retain(|w| w.place.base == place.base || !disturbs(&stmt.kind, w));
        waiting.retain(|w| !mentions(&w.value, place.base) && !mentions(&value, w.place.base));
        if can_wait(f, &value) && place.exprs().iter().all(|e| is_index(e)) {
            if waiting.len() == WAITING {
                waiting.remove(0);
            }
            waiting.push(Waiting { at, place, op, value });
        }
    }
    let mut at = 0;
    b.stmts.retain(|_| {
        at += 1;
        !dropped[at - 1]
    });
}

/// What is behind a reference stays in a register anyway, where adding what is known early first
/// makes the shorter chain.
fn is_element(place: &Place) -> bool {
    place.proj.iter().any(|p| matches!(p, Proj::Index(_)))
}

/// The sum of two contributions, and whether it is added or subtracted.
fn sum(first: Waiting, op: BinOp, value: Expr) -> (BinOp, Expr) {
    match (first.op, op) {
        (BinOp::Add, BinOp::Add) => (op, algebra::add(first.value, value)),
        (BinOp::Add, _) => (BinOp::Add, algebra::sub(first.value, value)),
        (_, BinOp::Add) => (op, algebra::sub(value, first.value)),
        _ => (op, algebra::add(first.value, value)),
    }
}

/// `x_bar[i] += v` with an element or what is behind a reference.
pub fn contribution<'s>(f: &Function, kind: &'s StmtKind) -> Option<(&'s Place, BinOp, &'s Expr)> {
    let StmtKind::Update { place, op, value } = kind else { return None };
    let sum = matches!(op, BinOp::Add | BinOp::Sub) && matches!(value.ty.peel(), Ty::Float(_));
    let own =
        !mentions(value, place.base) && !place.exprs().iter().any(|e| mentions(e, place.base));
    let known = !is_plain(place) && place_key(place).is_some();
    (sum && own && known && is_derivative(f, place.base)).then_some((place, *op, value))
}

/// Whether the statement reads what `w` adds to, or writes what it reads.
fn disturbs(kind: &StmtKind, w: &Waiting) -> bool {
    let mut found = false;
    kind.for_each_var(&mut |v| found |= v == w.place.base);
    found
        || kind.writes().iter().any(|written| {
            mentions(&w.value, *written) || w.place.exprs().iter().any(|e| mentions(e, *written))
        })
}

/// Arithmetic with literals, lengths and whole variables.
fn is_index(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Lit(_) => true,
        ExprKind::Read(place) | ExprKind::Len(place) => place.is_whole(),
        ExprKind::Binary(_, a, b) => is_index(a) && is_index(b),
        _ => false,
    }
}
