//! The reverse sweep: a block for every block of the source, in opposite order.

use super::adjoint::int;
use super::assemble::Assembler;
use super::counters::Counter;
use super::forward_sweep::argument_place;
use super::versions::{Def, Node, ScopeId, Tree};
use crate::ir::*;
use proc_macro2::{Span, TokenStream};
use std::collections::BTreeSet;

impl Assembler<'_> {
    pub(super) fn zeros(&mut self, scope: ScopeId) -> Vec<Stmt> {
        let zeros = self.folded.zeros.get(&scope).cloned().unwrap_or_default();
        let span = Span::mixed_site();
        zeros
            .into_iter()
            .map(|(bar, zero)| Stmt { kind: StmtKind::Let { var: bar, init: Some(zero) }, span })
            .collect()
    }

    /// The reverse of a nested block, popping what it saved.
    pub(super) fn reverse_block(&mut self, tree: &Tree) -> Block {
        if !tree.has_reverse() {
            return Block::default();
        }
        let mut stmts = self.take_saved(tree);
        stmts.extend(self.reverse_body(tree));
        Block { stmts }
    }

    pub(super) fn take_saved(&mut self, tree: &Tree) -> Vec<Stmt> {
        let saved = self.plan.saved(tree.scope);
        if saved.is_empty() {
            return Vec::new();
        }
        vec![match self.buffers.get(&tree.scope) {
            Some(buffer) => self.load(tree.scope, *buffer, saved),
            None => Stmt {
                kind: StmtKind::Pop { tape: self.tape(tree.scope), vars: saved },
                span: Span::mixed_site(),
            },
        }]
    }

    pub(super) fn reverse_body(&mut self, tree: &Tree) -> Vec<Stmt> {
        let mut stmts = self.recompute(tree);
        stmts.extend(self.zeros(tree.scope));
        stmts.extend(self.reverse_nodes(tree));
        stmts
    }

    /// Values of the block that follow from what is there.
    pub(super) fn recompute(&mut self, tree: &Tree) -> Vec<Stmt> {
        let span = Span::mixed_site();
        let mut stmts = Vec::new();
        let chosen = self.plan.recomputed(tree.scope);
        let controls: BTreeSet<VarId> = tree.nodes.iter().flat_map(|n| n.control.all()).collect();
        let mut tuples_done = BTreeSet::new();
        for id in chosen {
            let version = self.b.versions[&id].clone();
            if controls.contains(&id) {
                continue;
            }
            match version.def {
                Def::Entry => stmts.extend(self.count_back(id)),
                Def::Expr(mut init) => {
                    self.without_effects(&mut init);
                    stmts.push(Stmt { kind: StmtKind::Let { var: id, init: Some(init) }, span });
                }
                Def::Part(at) => {
                    if !tuples_done.insert(at) {
                        continue;
                    }
                    let node = &tree.nodes[at - 1];
                    let StmtKind::LetTuple { vars, init } = &node.stmt.kind else {
                        continue;
                    };
                    let mut init = init.clone();
                    self.without_effects(&mut init);
                    let vars = vars
                        .iter()
                        .map(|var| {
                            let var = (*var)?;
                            let version = node.defs.iter().find(|d| self.b.origin(**d) == var)?;
                            self.plan.is_recomputed(*version).then_some(*version)
                        })
                        .collect();
                    stmts.push(Stmt { kind: StmtKind::LetTuple { vars, init }, span });
                }
                _ => {}
            }
        }
        stmts
    }

    /// `k -= 1;`
    fn count_back(&self, version: VarId) -> Option<Stmt> {
        let Counter { op, by, .. } = self.plan.counter(version)?.clone();
        let kind = StmtKind::Update { place: Place::var(version), op, value: by };
        Some(Stmt { kind, span: Span::mixed_site() })
    }

    /// Counters begin where the loop has left them.
    fn counters(&mut self, node: &Node, stmts: &mut Vec<Stmt>) {
        for version in node.blocks.iter().flat_map(|body| &body.entry) {
            let Some(counter) = self.plan.counter(*version) else { continue };
            let after = Expr::var(counter.after, &self.b.out.vars, node.stmt.span);
            self.b.out.vars[version.0 as usize].mutable = true;
            let kind = StmtKind::Let { var: *version, init: Some(after) };
            stmts.push(Stmt { kind, span: node.stmt.span });
        }
    }

    pub(super) fn reverse_nodes(&mut self, tree: &Tree) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        for node in tree.nodes.iter().rev() {
            if node.fused || !node.has_reverse() {
                continue;
            }
            if node.restore {
                self.restore(node, &mut stmts);
            }
            self.adjoint_on_lent(node, &mut stmts);
            if node.blocks.iter().any(Tree::has_reverse) {
                self.reverse_composite(node, &mut stmts);
            }
        }
        stmts
    }

    /// Puts the old content of the written buffers back.
    pub(super) fn restore(&mut self, node: &Node, stmts: &mut Vec<Stmt>) {
        let span = node.stmt.span;
        match &node.stmt.kind {
            StmtKind::Swap(a, b) => {
                stmts.push(Stmt { kind: StmtKind::Swap(a.clone(), b.clone()), span })
            }
            StmtKind::VecPush { vec, .. } => {
                stmts.push(Stmt { kind: StmtKind::VecPop { vec: vec.clone(), into: None }, span })
            }
            _ => {}
        }
        let mut kept: Vec<(Place, VarId, bool)> =
            node.old.iter().map(|(place, old)| (place.clone(), *old, false)).collect();
        for (i, old) in &node.old_args {
            if let Some(place) = argument_place(&node.stmt, *i) {
                kept.push((place, *old, true));
            }
        }
        let mut code = Vec::new();
        for (place, old, needed_again) in kept {
            if !needed_again && self.b.is_list(&place) {
                code.push(self.pop_list(&place, old));
                continue;
            }
            if !needed_again && !node.restore_if.is_always() {
                code.push(self.take_old(old));
            }
            code.push(self.put_back(&place, old, needed_again));
        }
        node.restore_if.guard(code, stmts);
    }

    /// `place = old`, which is still needed afterwards or is not.
    pub(super) fn put_back(&self, place: &Place, old: VarId, needed_again: bool) -> Stmt {
        let mut place = place.clone();
        let kind = if self.b.is_slice(&place) {
            StmtKind::CopyFrom { to: place, from: Place::var(old) }
        } else {
            let is_reference = matches!(self.b.out.vars[place.base.0 as usize].ty, Ty::Ref { .. });
            if place.proj.is_empty() && is_reference {
                place.proj.push(Proj::Deref);
            }
            StmtKind::Assign { place, value: self.value_of(old, needed_again) }
        };
        Stmt { kind, span: Span::mixed_site() }
    }

    /// A saved control value, or the expression for it.
    pub(super) fn control_value(&mut self, version: VarId) -> Expr {
        if self.plan.is_recomputed(version)
            && let Some(Def::Expr(e)) = self.b.versions.get(&version).map(|v| &v.def)
        {
            let mut e = e.clone();
            self.without_effects(&mut e);
            return e;
        }
        Expr::var(version, &self.b.out.vars, Span::mixed_site())
    }

    pub(super) fn reverse_composite(&mut self, node: &Node, stmts: &mut Vec<Stmt>) {
        let span = node.stmt.span;
        let control = node.control.clone();
        self.counters(node, stmts);
        let kind = match &node.original.kind {
            StmtKind::If { .. } => {
                let Some(cond) = control.cond else { return };
                let cond = self.control_value(cond);
                let then = self.reverse_block(&node.blocks[0]);
                let other = self.reverse_block(&node.blocks[1]);
                if then.stmts.is_empty() {
                    let ty = cond.ty.clone();
                    StmtKind::If {
                        cond: Expr::new(ExprKind::Not(Box::new(cond)), ty, span),
                        then: other,
                        other: then,
                    }
                } else {
                    StmtKind::If { cond, then, other }
                }
            }
            StmtKind::Match { .. } => {
                let Some(arm) = control.arm else { return };
                let last = node.blocks.len() - 1;
                let arms = (node.blocks.iter().enumerate())
                    .map(|(i, tree)| Arm {
                        pat: if i == last {
                            quote::quote!(_)
                        } else {
                            TokenStream::from(proc_macro2::TokenTree::from(
                                proc_macro2::Literal::usize_unsuffixed(i),
                            ))
                        },
                        bindings: Vec::new(),
                        guard: None,
                        body: self.reverse_block(tree),
                    })
                    .collect();
                StmtKind::Match { scrutinee: Expr::var(arm, &self.b.out.vars, span), arms }
            }
            StmtKind::For { index, range, .. } => {
                let (Some(lo), Some(hi)) = (control.lo, control.hi) else {
                    return;
                };
                let tree = &node.blocks[0];
                let index = if self.b.is_memory(*index) {
                    *index
                } else {
                    // The version at the head of the body, which `mut i` may have changed since.
                    self.index_version(*index, tree.scope)
                };
                let trips = control.trips.map(|t| Expr::var(t, &self.b.out.vars, span));
                StmtKind::For {
                    index,
                    range: Range {
                        lo: self.control_value(lo),
                        hi: self.control_value(hi),
                        inclusive: range.inclusive,
                        step: control.step.map(|s| self.control_value(s)),
                        // The trips that ran are reversed by the trip count's own range.
                        rev: range.rev == trips.is_some(),
                        trips,
                    },
                    body: match &node.rerun {
                        Some(rerun) => Block { stmts: self.rerun_body(node, rerun) },
                        None => self.reverse_block(tree),
                    },
                    exit: None,
                }
            }
            StmtKind::ForEach { .. } | StmtKind::While { .. } => {
                let tree = &node.blocks[0];
                if self.pops_to_the_end(node) {
                    StmtKind::WhilePop {
                        tape: self.tape(tree.scope),
                        vars: self.plan.saved(tree.scope),
                        body: Block { stmts: self.reverse_body(tree) },
                    }
                } else {
                    let Some(trips) = control.trips else { return };
                    let usize_ty = Ty::Discrete(Some("usize".into()));
                    let index = self.b.fresh("trip", usize_ty, false, Role::Temp);
                    StmtKind::For {
                        index,
                        range: Range {
                            lo: int(0, span),
                            hi: Expr::var(trips, &self.b.out.vars, span),
                            inclusive: false,
                            step: None,
                            rev: false,
                            trips: None,
                        },
                        body: self.reverse_block(tree),
                        exit: None,
                    }
                }
            }
            _ => return,
        };
        stmts.push(Stmt { kind, span });
    }

    pub(super) fn index_version(&self, index: VarId, scope: ScopeId) -> VarId {
        let found = self
            .b
            .versions
            .iter()
            .find(|(_, v)| v.var == index && v.scope == scope && matches!(v.def, Def::Index));
        found.map_or(index, |(id, _)| *id)
    }
}
