//! What the trips of a loop leave for their reverse, which saves them much of running again: work
//! space that two loops or more fill, such as the outcome of a matrix times a vector.
//!
//! Only within a loop that goes forward and back trip by trip: there it is overwritten with the next.

use super::assemble::Assembler;
use super::fuse::declarations;
use super::rerun::{Rerun, mentions, reverse_reads, writes};
use super::versions::{Node, ScopeId, Tree};
use super::{Builder, Calls};
use crate::ir::*;
use crate::transform::forward::place_ty;
use std::collections::BTreeSet;

/// What is kept of a trip, and what still has to run again.
#[derive(Clone, Debug)]
pub struct Left {
    /// Lists, and the variables that stand for what they held.
    lists: Vec<(VarId, VarId)>,
    /// Statements by their blocks and places there.
    again: BTreeSet<(ScopeId, usize)>,
}

impl Left {
    /// A statement of the trip with those in it that run again.
    pub fn part(&self, node: &Node) -> Node {
        let mut part = node.clone();
        if !node.fused {
            for inner in &mut part.blocks {
                let nodes = std::mem::take(&mut inner.nodes);
                let again = |at: &usize| self.again.contains(&(inner.scope, *at));
                let kept = nodes.iter().enumerate().filter(|(at, _)| again(at));
                inner.nodes = kept.map(|(_, node)| self.part(node)).collect();
            }
        }
        part
    }
}

/// Finds what the trips can leave, if that is less work.
pub fn find(b: &mut Builder, body: &Tree, rerun: &mut Rerun) {
    if b.options.calls == Calls::Handed || !b.options.switches.left {
        return;
    }
    let mut declared = BTreeSet::new();
    declarations(body, &mut declared);
    let kept: BTreeSet<VarId> = rerun
        .mine()
        .filter(|v| is_float_list(b, *v) && b.is_list(&Place::var(*v)))
        .filter(|v| body.nodes.iter().any(|node| depth_of_writes(node, *v) >= 2))
        .filter(|v| !declared.contains(v))
        .collect();
    if kept.is_empty() {
        return;
    }
    let mut needed = BTreeSet::new();
    body.nodes.iter().for_each(|node| reverse_reads(b, node, &mut needed));
    // What a block inside declares is not seen outside of it.
    let mut inside = BTreeSet::new();
    for inner in body.nodes.iter().flat_map(|node| &node.blocks) {
        declarations(inner, &mut inside);
    }
    needed.retain(|v| rerun.is_mine(*v) && !kept.contains(v) && !inside.contains(v));
    let mut slice = Slice { rerun, kept: &kept, needed, again: BTreeSet::new() };
    // What one trip of an inner loop needs, an earlier statement of it may give.
    loop {
        let before = slice.needed.len();
        slice.tree(body, BTreeSet::new());
        if slice.needed.iter().any(|v| kept.contains(v)) {
            return;
        }
        if slice.needed.len() == before {
            break;
        }
    }
    let again = slice.again;
    let mut list = |v: VarId| {
        let ty = super::adjoint::owned_tangent(&b.out.vars[v.0 as usize].ty);
        (v, b.fresh("left", ty, false, Role::Temp))
    };
    rerun.again = (0..body.nodes.len()).map(|at| again.contains(&(body.scope, at))).collect();
    rerun.left = Some(Left { lists: kept.into_iter().map(&mut list).collect(), again });
}

fn is_float_list(b: &Builder, v: VarId) -> bool {
    match place_ty(&Place::var(v), &b.out.vars).peel() {
        Ty::Vec(item) | Ty::Slice(item) => matches!(**item, Ty::Float(_)),
        _ => false,
    }
}

/// Within how many loops the statement writes the variable; zero if it does not.
fn depth_of_writes(node: &Node, v: VarId) -> usize {
    if node.original.kind.writes().contains(&v) {
        return 0;
    }
    let inner = node.blocks.iter().flat_map(|inner| &inner.nodes);
    let deepest = inner.filter(|node| {
        let mut own = BTreeSet::new();
        writes(node, &mut own);
        own.contains(&v)
    });
    let deepest = deepest.map(|node| depth_of_writes(node, v)).max();
    deepest.map_or(0, |depth| depth + usize::from(node.is_loop()))
}

/// What still has to run, found from the end.
struct Slice<'r> {
    rerun: &'r Rerun,
    kept: &'r BTreeSet<VarId>,
    /// Variables of the trip whose values are wanted.
    needed: BTreeSet<VarId>,
    again: BTreeSet<(ScopeId, usize)>,
}

impl Slice<'_> {
    /// Marks the statements that give needed variables values; what they mention of the trip's own
    /// is needed as well. Lists are as they were left, which is not how they are where later
    /// statements still write them (`unfinished`).
    fn tree(&mut self, tree: &Tree, mut unfinished: BTreeSet<VarId>) {
        for (at, node) in tree.nodes.iter().enumerate().rev() {
            writes(node, &mut unfinished);
            let runs = if node.fused {
                mentions(node, &mut |v| self.mentioned(v, &unfinished));
                true
            } else if node.blocks.is_empty() {
                node.original.kind.writes().iter().any(|v| self.needed.contains(v))
            } else {
                node.blocks.iter().for_each(|inner| self.tree(inner, unfinished.clone()));
                let runs = |inner: &Tree| {
                    (0..inner.nodes.len()).any(|at| self.again.contains(&(inner.scope, at)))
                };
                node.blocks.iter().any(runs)
            };
            if runs {
                node.original.for_each_var(&mut |v| self.mentioned(v, &unfinished));
                self.again.insert((tree.scope, at));
            }
        }
    }

    fn mentioned(&mut self, v: VarId, unfinished: &BTreeSet<VarId>) {
        let left = self.kept.contains(&v) && !unfinished.contains(&v);
        if self.rerun.is_mine(v) && !left {
            self.needed.insert(v);
        }
    }
}

impl Assembler<'_> {
    /// At the end of a trip.
    pub(super) fn leave(&mut self, node: &Node, rerun: &Rerun) -> Vec<Stmt> {
        let Some(left) = &rerun.left else { return Vec::new() };
        let trips = self.trips(node);
        self.around.push(trips);
        let lists = left.lists.clone();
        let code = lists.iter().map(|(v, old)| self.push_list(&Place::var(*v), *old)).collect();
        self.around.pop();
        code
    }

    /// At the beginning of its reverse.
    pub(super) fn take_left(&mut self, rerun: &Rerun) -> Vec<Stmt> {
        let lists = rerun.left.iter().flat_map(|left| left.lists.iter().rev());
        lists.map(|(v, old)| self.pop_list(&Place::var(*v), *old)).collect()
    }
}
