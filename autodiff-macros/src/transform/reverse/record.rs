//! To-be-recorded: which writes destroy what the reverse sweep reads, so that the old content has to
//! be kept (Hascoët, Naumann & Pascual 2005).

use super::Builder;
use super::condition::Condition;
use super::plan::{Plan, Reads, memory_writes};
use super::read_set::ReadSet;
use super::rerun::Rerun;
use super::versions::{Def, Node, Tree, Version};
use crate::ir::*;
use std::collections::HashSet;

/// Marks the writes that have to be undone; whether there are more than before.
pub fn run(b: &Builder, tree: &mut Tree, plan: &Plan) -> bool {
    let mut recorder =
        Recorder { b, plan, read: ReadSet::default(), everything: None, changed: false };
    if !b.options.switches.to_be_recorded {
        recorder.everything = Some(recorder.all_reads(tree));
    }
    recorder.tree(tree);
    recorder.changed
}

/// To-be-recorded: follows the forward sweep and finds the writes that destroy what the adjoint of
/// an earlier statement reads.
struct Recorder<'a, 'f> {
    b: &'a Builder<'f>,
    plan: &'a Plan,
    read: ReadSet,
    /// With the analysis turned off: everything that is read anywhere.
    everything: Option<HashSet<VarId>>,
    changed: bool,
}

impl Recorder<'_, '_> {
    fn tree(&mut self, tree: &mut Tree) {
        for node in &mut tree.nodes {
            if node.blocks.is_empty() {
                self.leaf(node);
                continue;
            }
            let before = self.read.clone();
            if node.fused {
                // Its adjoints have run when the next iteration begins.
                self.tree(&mut node.blocks[0]);
                self.read = before;
            } else if let Some(rerun) = node.rerun.clone() {
                self.rerun(node, rerun);
            } else if node.is_loop() {
                // Twice: what one iteration reads, the next may overwrite.
                self.tree(&mut node.blocks[0]);
                self.read.extend(before);
                let again = self.read.clone();
                self.tree(&mut node.blocks[0]);
                self.read.extend(again);
            } else {
                let mut after = ReadSet::default();
                for inner in &mut node.blocks {
                    self.read = before.clone();
                    self.tree(inner);
                    after.extend(std::mem::take(&mut self.read));
                }
                self.read = after;
            }
            for control in node.control.all() {
                self.recomputed(control);
            }
        }
        for version in self.plan.recomputed(tree.scope) {
            self.recomputed(version);
        }
    }

    /// A loop whose trips run again: what belongs to a trip is written anew before its reverse.
    fn rerun(&mut self, node: &mut Node, mut rerun: Rerun) {
        let wanted = rerun.mine().any(|v| self.read.reads(v));
        rerun.wanted_before |= wanted;
        for _ in 0..2 {
            let before = self.read.clone();
            self.tree(&mut node.blocks[0]);
            rerun.mine().for_each(|v| self.read.remove(v));
            self.read.extend(before);
            self.read.add(&super::rerun::reads_from_outside(self.b, &rerun, &node.blocks[0]));
        }
        node.rerun = Some(rerun);
    }

    fn recomputed(&mut self, version: VarId) {
        if !self.plan.is_recomputed(version) {
            return;
        }
        if let Some(Version { def: Def::Expr(e), .. }) = self.b.versions.get(&version) {
            let mut reads = Reads::default();
            reads.expr(e);
            self.read.add(&reads);
        }
    }

    fn leaf(&mut self, node: &mut Node) {
        self.read.adjoint(&node.adjoint);
        if node.restore {
            let mut reads = Reads::default();
            for (place, _) in &node.old {
                for e in place.exprs() {
                    reads.expr(e);
                }
            }
            self.read.add(&reads);
        }
        // A declaration makes a new buffer every time.
        let declared: Vec<VarId> = match &node.original.kind {
            StmtKind::Let { var, .. } => vec![*var],
            StmtKind::LetTuple { vars, .. } => vars.iter().flatten().copied().collect(),
            StmtKind::Opaque { declares, .. } => declares.iter().map(|d| d.1).collect(),
            _ => Vec::new(),
        };
        for var in &declared {
            self.read.remove(*var);
        }
        for var in memory_writes(self.b, node) {
            if declared.contains(&var) {
                continue;
            }
            let destroyed = match &self.everything {
                Some(all) if all.contains(&var) => Condition::always(),
                Some(_) => Condition::default(),
                None => self.read.destroyed(node, var),
            };
            self.changed |= node.undo(var, &destroyed);
        }
        match &node.original.kind {
            StmtKind::Assign { place, .. } if place.is_whole() => {
                self.read.remove(place.base);
            }
            // What was read under one name is now under the other.
            StmtKind::Swap(a, b) => self.read.swap(a.base, b.base),
            _ => {}
        }
    }

    fn all_reads(&self, tree: &Tree) -> HashSet<VarId> {
        let mut reads = Reads::default();
        fn collect(b: &Builder, tree: &Tree, reads: &mut Reads) {
            for node in &tree.nodes {
                reads.stmts(&node.early);
                reads.stmts(&node.adjoint);
                node.old.iter().flat_map(|(place, _)| place.exprs()).for_each(|e| reads.expr(e));
                if let Some(rerun) = &node.rerun {
                    let again = super::rerun::reads_from_outside(b, rerun, &node.blocks[0]);
                    reads.content.extend(again.content);
                    reads.shape.extend(again.shape);
                }
                for inner in &node.blocks {
                    collect(b, inner, reads);
                }
            }
        }
        collect(self.b, tree, &mut reads);
        for (id, version) in &self.b.versions {
            if let Def::Expr(e) = &version.def
                && self.plan.is_recomputed(*id)
            {
                reads.expr(e);
            }
        }
        reads.all().collect()
    }
}

/// Gives every statement that has to be undone the variables that keep the old content.
pub fn remember_old(b: &mut Builder, tree: &mut Tree) {
    let scope = tree.scope;
    for (i, node) in tree.nodes.iter_mut().enumerate() {
        for inner in &mut node.blocks {
            remember_old(b, inner);
        }
        if !node.restore || !node.old.is_empty() {
            continue;
        }
        let mut places = Vec::new();
        match &node.stmt.kind {
            // What has versions is not put back: the call in the value wrote something else.
            StmtKind::Assign { place, value } | StmtKind::Update { place, value, .. }
                if b.is_memory(place.base) =>
            {
                places.push((place.clone(), value.ty.clone()));
            }
            StmtKind::Fill { place, .. } | StmtKind::CopyFrom { to: place, .. } => {
                let ty = super::adjoint::owned_tangent(&b.out.vars[place.base.0 as usize].ty);
                places.push((place.clone(), ty));
            }
            StmtKind::Opaque { opaque, .. } => {
                for (_, v) in &opaque.writes {
                    if b.is_memory(*v) {
                        let ty = b.out.vars[v.0 as usize].ty.clone();
                        places.push((Place::var(*v), ty));
                    }
                }
            }
            _ => {}
        }
        let mut kept: Vec<usize> = node.old_args.iter().map(|(i, _)| *i).collect();
        kept.extend(node.lent.iter().map(|lent| lent.arg));
        for e in node.stmt.kind.exprs() {
            let call = match &e.kind {
                ExprKind::Call(call) => call,
                ExprKind::Opaque(o) => {
                    for (_, v) in &o.writes {
                        if b.is_memory(*v) {
                            let ty = b.out.vars[v.0 as usize].ty.clone();
                            places.push((Place::var(*v), ty));
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            for (i, arg) in call.args.iter().enumerate() {
                if let Arg::Expr(arg) = arg
                    && let ExprKind::Ref { mutable: true, place } = &arg.kind
                    && !kept.contains(&i)
                {
                    places.push((place.clone(), arg.ty.clone()));
                }
            }
        }
        for (place, ty) in places {
            let ty =
                if place.is_whole() { b.out.vars[place.base.0 as usize].ty.clone() } else { ty };
            let ty = super::adjoint::owned_tangent(&ty);
            let old = b.pseudo_version("old", ty, scope, i + 1, Def::Old);
            node.old.push((place, old));
        }
    }
}
