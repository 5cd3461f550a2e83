//! Counters: an integer that every trip of a loop changes by what the reverse sweep knows (`k += 1`,
//! `start += n - i`) is counted back there instead of being kept.

use super::Builder;
use super::versions::{Def, Node, ScopeId, Tree};
use crate::ir::*;

/// How to get from a trip's end to its beginning.
#[derive(Clone, Debug)]
pub struct Counter {
    /// The version behind the loop.
    pub after: VarId,
    /// The opposite of the update.
    pub op: BinOp,
    /// Of the loop's index and of what does not change in the loop.
    pub by: Expr,
}

/// The longest amount worth computing again for every trip.
const LONGEST: usize = 12;

/// The counters of a loop, by their versions at the beginning of a trip.
pub fn find(b: &Builder, node: &Node) -> Vec<(VarId, Counter)> {
    let Some(body) = node.blocks.first().filter(|body| {
        node.is_loop() && node.rerun.is_none() && !node.fused && !b.scopes[body.scope].open
    }) else {
        return Vec::new();
    };
    let counter = |entry: &VarId| Some((*entry, counter(b, node, body, b.origin(*entry))?));
    body.entry.iter().filter_map(counter).collect()
}

fn counter(b: &Builder, node: &Node, body: &Tree, var: VarId) -> Option<Counter> {
    let after = *node.defs.iter().find(|version| b.origin(**version) == var)?;
    let mut writers = body.nodes.iter().filter(|node| writes(node, var));
    let (writer, None) = (writers.next()?, writers.next()) else { return None };
    let StmtKind::Update { place, op, value } = &writer.stmt.kind else { return None };
    let op = match op {
        BinOp::Add => BinOp::Sub,
        BinOp::Sub => BinOp::Add,
        _ => return None,
    };
    // Were the variable a float, the amount would be one, or of a type not known.
    if !place.is_whole() || !is_integer(b, value) {
        return None;
    }
    let by = at_the_head(b, body.scope, value)?;
    let mut length = 0;
    by.walk(&mut |_| length += 1);
    (length <= LONGEST).then_some(Counter { after, op, by })
}

fn writes(node: &Node, var: VarId) -> bool {
    node.original.kind.writes().contains(&var)
        || node.blocks.iter().any(|inner| inner.nodes.iter().any(|node| writes(node, var)))
}

fn is_integer(b: &Builder, e: &Expr) -> bool {
    match (&e.ty, &e.kind) {
        (Ty::Discrete(Some(name)), _) => is_integer_name(name),
        (Ty::Discrete(None), ExprKind::Lit(literal)) => is_bare_integer(literal),
        (Ty::Discrete(None), ExprKind::Read(place)) => {
            let version = b.versions.get(&place.base);
            place.is_whole() && version.is_some_and(|v| matches!(v.def, Def::Index))
        }
        (Ty::Discrete(None), ExprKind::Binary(_, left, right)) => {
            is_integer(b, left) && is_integer(b, right)
        }
        _ => false,
    }
}

/// The expression in terms of what is known before the first statement of a trip.
fn at_the_head(b: &Builder, scope: ScopeId, e: &Expr) -> Option<Expr> {
    if let ExprKind::Read(place) = &e.kind
        && let Some(version) = b.versions.get(&place.base).filter(|v| v.scope == scope)
    {
        return match &version.def {
            Def::Index => Some(e.clone()),
            Def::Expr(definition) if place.is_whole() => at_the_head(b, scope, definition),
            _ => None,
        };
    }
    let mut e = e.clone();
    let known = match &mut e.kind {
        ExprKind::Lit(_) | ExprKind::Const(_) => true,
        ExprKind::Read(place) | ExprKind::Len(place) => {
            let inside = |v| b.versions.get(&v).is_some_and(|version| version.scope >= scope);
            place.proj.iter().all(|p| matches!(p, Proj::Deref | Proj::Field(_)))
                && !b.is_memory(place.base)
                && !inside(place.base)
        }
        ExprKind::Binary(op, left, right) => {
            **left = at_the_head(b, scope, left)?;
            **right = at_the_head(b, scope, right)?;
            matches!(op, BinOp::Add | BinOp::Sub | BinOp::Mul)
        }
        ExprKind::Cast(inner, _) => {
            **inner = at_the_head(b, scope, inner)?;
            true
        }
        _ => false,
    };
    known.then_some(e)
}
