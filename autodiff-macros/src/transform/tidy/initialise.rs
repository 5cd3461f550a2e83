//! First contributions: `let mut x_bar = 0.0; …; x_bar += v;` becomes `…; let mut x_bar = v;`, and
//! `x_bar = 0.0; …; x_bar += v;` becomes `…; x_bar = v;`, where nothing in between names `x_bar`.

use super::uses::{is_plain, mentions_deeply};
use crate::ir::*;
use crate::rules::algebra;
use std::collections::HashMap;

pub fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    let read_after = result_reads(f);
    block(&mut body, &read_after);
    f.body = body;
}

fn result_reads(f: &Function) -> Vec<VarId> {
    let mut out = Vec::new();
    if let Some(result) = &f.result {
        result.for_each_var(&mut |v| out.push(v));
    }
    out
}

/// A zero that waits for its first contribution.
struct Waiting {
    at: usize,
    declares: bool,
}

fn block(b: &mut Block, read_after: &[VarId]) {
    let mut waiting: HashMap<VarId, Waiting> = HashMap::new();
    let mut dropped = vec![false; b.stmts.len()];
    for at in 0..b.stmts.len() {
        let stmt = &mut b.stmts[at];
        for inner in stmt.kind.blocks_mut() {
            block(inner, read_after);
        }
        if let Some((var, value)) = contribution(&stmt.kind)
            && let Some(first) = waiting.remove(&var)
        {
            dropped[first.at] = true;
            stmt.kind = if first.declares {
                StmtKind::Let {
                    var,
                    init: Some(value),
                }
            } else {
                StmtKind::Assign {
                    place: Place::var(var),
                    value,
                }
            };
        } else if let StmtKind::Assign { place, value } = &stmt.kind
            && is_plain(place)
            && waiting.contains_key(&place.base)
            && !reads(value, place.base)
        {
            // Overwritten before anybody saw the zero.
            let (var, value) = (place.base, value.clone());
            if let Some(first) = waiting.remove(&var) {
                dropped[first.at] = true;
                if first.declares {
                    stmt.kind = StmtKind::Let {
                        var,
                        init: Some(value),
                    };
                }
            }
        } else {
            mentions_deeply(stmt, &mut |v| {
                waiting.remove(&v);
            });
        }
        if let Some((var, declares)) = zero(&stmt.kind) {
            waiting.insert(var, Waiting { at, declares });
        }
    }
    let mut at = 0;
    b.stmts.retain(|_| {
        at += 1;
        !dropped[at - 1]
    });
}

/// `x += v` or `x -= v` with `v` free of `x`.
fn contribution(kind: &StmtKind) -> Option<(VarId, Expr)> {
    let StmtKind::Update { place, op, value } = kind else {
        return None;
    };
    if !is_plain(place) || reads(value, place.base) {
        return None;
    }
    match op {
        BinOp::Add => Some((place.base, value.clone())),
        BinOp::Sub => Some((place.base, algebra::neg(value.clone()))),
        _ => None,
    }
}

/// `let x = 0.0` or `x = 0.0`, the zero made by the compiler. Whether it declares.
fn zero(kind: &StmtKind) -> Option<(VarId, bool)> {
    let (var, value, declares) = match kind {
        StmtKind::Let {
            var,
            init: Some(value),
        } => (*var, value, true),
        StmtKind::Assign { place, value } if is_plain(place) => (place.base, value, false),
        _ => return None,
    };
    let is_zero = matches!(value.kind, ExprKind::Const(c) if c == 0.0);
    is_zero.then_some((var, declares))
}

fn reads(e: &Expr, var: VarId) -> bool {
    let mut found = false;
    e.for_each_var(&mut |v| found |= v == var);
    found
}
