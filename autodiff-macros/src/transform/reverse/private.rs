//! Variables that live longer than an iteration but are written anew by each before it reads them:
//! work space (privatisation of arrays; Tu & Padua 1993).

use super::Builder;
use super::adjoint::same;
use super::versions::{Def, Node, Tree};
use crate::ir::*;

/// Whether every run of the block assigns the whole of `var` before it reads any of it.
pub fn is_private(b: &Builder, body: &Tree, var: VarId) -> bool {
    if b.source.params.contains(&var) {
        return false;
    }
    let mut mentioning = body.nodes.iter().filter(|node| mentions(node, var));
    let Some(first) = mentioning.next() else {
        return false;
    };
    if first.is_loop() && mentioning.next().is_none() && is_private(b, &first.blocks[0], var) {
        return true;
    }
    match &first.original.kind {
        StmtKind::Assign { place, value } | StmtKind::Fill { place, value } => {
            is(place, var) && !value.mentions(var)
        }
        StmtKind::CopyFrom { to, from } => is(to, var) && from.base != var,
        StmtKind::For { index, range, exit: None, .. } => {
            let inner = &first.blocks[0];
            let index_changes =
                inner.nodes.iter().any(|node| writes(node, *index)) || b.is_memory(*index);
            let from_zero =
                matches!(&range.lo.kind, ExprKind::Lit(text) if text.to_string() == "0");
            let every = range.step.is_none() && range.trips.is_none() && !range.inclusive;
            !index_changes
                && from_zero
                && every
                && covers(b, &range.hi, var)
                && assigns_its_entry(inner, var, *index)
        }
        _ => false,
    }
}

fn is(place: &Place, var: VarId) -> bool {
    place.base == var && place.proj.is_empty()
}

/// Whether `hi` is the length of `var`.
fn covers(b: &Builder, hi: &Expr, var: VarId) -> bool {
    if let ExprKind::Len(place) = &hi.kind {
        return is(place, var);
    }
    let mut found = false;
    b.source.body.walk(&mut |stmt| {
        if let StmtKind::Let { var: declared, init: Some(init) } = &stmt.kind
            && *declared == var
            && let ExprKind::Repeat { len, .. } = &init.kind
        {
            found = same(len, hi);
        }
    });
    let mut constant = true;
    hi.for_each_var(&mut |v| {
        // Its version is itself: it has one definition.
        let version = b.versions.get(&v);
        constant &=
            version.is_some_and(|v| !matches!(v.def, Def::Memory | Def::Entry | Def::Index));
    });
    found && constant
}

/// Whether the trip begins what it does to `var` with `var[index] = …`, and touches no other entry.
fn assigns_its_entry(trip: &Tree, var: VarId, index: VarId) -> bool {
    let own_entry = |place: &Place| {
        matches!(
            place.proj.as_slice(),
            [Proj::Index(i)] if matches!(&i.kind, ExprKind::Read(p) if is(p, index))
        )
    };
    let first = trip.nodes.iter().find(|node| mentions(node, var));
    let assigned = first.is_some_and(|node| {
        matches!(
            &node.original.kind,
            StmtKind::Assign { place, value }
                if place.base == var && own_entry(place) && !value.mentions(var)
        )
    });
    assigned && only_entries(trip, var, &own_entry)
}

fn only_entries(tree: &Tree, var: VarId, own_entry: &dyn Fn(&Place) -> bool) -> bool {
    tree.nodes.iter().all(|node| {
        let mut fine = true;
        let kind = &node.original.kind;
        match kind {
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } => {
                fine &= place.base != var || own_entry(place);
            }
            _ => {
                let mut own = 0;
                kind.for_each_var(&mut |v| own += u32::from(v == var));
                let mut read = 0;
                for e in kind.exprs() {
                    e.for_each_var(&mut |v| read += u32::from(v == var));
                }
                fine &= own == read;
            }
        }
        for e in kind.exprs() {
            e.walk(&mut |e| match &e.kind {
                ExprKind::Opaque(o) => o.for_each_var(&mut |v| fine &= v != var),
                _ => {
                    if let Some(place) = e.own_place() {
                        fine &= place.base != var
                            || own_entry(place)
                            || matches!(e.kind, ExprKind::Len(_));
                    }
                }
            });
        }
        fine && node.blocks.iter().all(|inner| only_entries(inner, var, own_entry))
    })
}

fn mentions(node: &Node, var: VarId) -> bool {
    let mut found = false;
    node.original.for_each_var(&mut |v| found |= v == var);
    found || node.blocks.iter().any(|inner| inner.nodes.iter().any(|node| mentions(node, var)))
}

fn writes(node: &Node, var: VarId) -> bool {
    node.original.kind.writes().contains(&var)
        || node.blocks.iter().any(|inner| inner.nodes.iter().any(|node| writes(node, var)))
}
