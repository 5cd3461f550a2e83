//! Loops whose trips run again, right before their reverse, instead of leaving what that needs.
//!
//! For a loop with loops inside, saving means values for every trip of the inner ones. Where a trip
//! starts from nothing that other trips leave, and is cheap arithmetic, it is computed again as a
//! whole: a checkpoint of no size for every trip (Griewank & Walther 2008, section 12.2).

use super::Builder;
use super::assemble::{Assembler, rename_stmt};
use super::calls::keeps_inside;
use super::fuse::declared_within;
use super::left::Left;
use super::plan::{Plan, Reads};
use super::private::is_private;
use super::versions::{Def, Node, ScopeId, Tree};
use crate::ir::*;
use crate::rules;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// How a loop's trip runs again.
#[derive(Clone, Debug)]
pub struct Rerun {
    /// Variables that belong to the trip: declared inside, or written anew before they are read.
    mine: BTreeSet<VarId>,
    /// Statements of the body that run again: those that write what belongs to the trip.
    pub again: Vec<bool>,
    /// What is kept of a trip, where that is less work.
    pub left: Option<Left>,
    /// Something before the loop still wants the content of a variable that the trip writes.
    pub wanted_before: bool,
}

impl Rerun {
    pub fn is_mine(&self, var: VarId) -> bool {
        self.mine.contains(&var)
    }

    /// The statements that run again.
    pub fn nodes<'t>(&'t self, body: &'t Tree) -> impl Iterator<Item = &'t Node> {
        body.nodes.iter().zip(&self.again).filter(|(_, again)| **again).map(|(node, _)| node)
    }

    /// Those statements without what the trip has left.
    pub fn parts<'t>(&'t self, body: &'t Tree) -> impl Iterator<Item = Cow<'t, Node>> {
        self.nodes(body).map(|node| match &self.left {
            Some(left) => Cow::Owned(left.part(node)),
            None => Cow::Borrowed(node),
        })
    }

    pub fn mine(&self) -> impl Iterator<Item = VarId> {
        self.mine.iter().copied()
    }
}

/// How the trips of the loop can run again, as far as its statements tell.
pub fn possible(b: &Builder, node: &Node) -> Option<Rerun> {
    let StmtKind::For { index, exit: None, .. } = &node.original.kind else {
        return None;
    };
    if b.is_memory(*index) || !node.has_reverse() {
        return None;
    }
    let body = &node.blocks[0];
    let mut mine = declared_within(b, node);
    let mut written = BTreeSet::new();
    body.nodes.iter().for_each(|node| writes(node, &mut written));
    if written.contains(index) {
        return None;
    }
    let anew = written.iter().filter(|v| !mine.contains(v) && is_private(b, body, **v));
    let anew: Vec<VarId> = anew.copied().collect();
    mine.extend(anew);
    let again = needed_again(b, body, &mine);
    for (node, _) in body.nodes.iter().zip(&again).filter(|(_, again)| **again) {
        let mut own = BTreeSet::new();
        writes(node, &mut own);
        let mut from_others = false;
        mentions(node, &mut |v| from_others |= written.contains(&v) && !mine.contains(&v));
        if !own.is_subset(&mine) || from_others || !is_cheap(node) {
            return None;
        }
    }
    Some(Rerun { mine, again, left: None, wanted_before: false })
}

/// The statements of a trip that make something of its own that its reverse reads.
fn needed_again(b: &Builder, body: &Tree, mine: &BTreeSet<VarId>) -> Vec<bool> {
    let mut needed = BTreeSet::new();
    body.nodes.iter().for_each(|node| reverse_reads(b, node, &mut needed));
    let mut again = vec![false; body.nodes.len()];
    loop {
        let mut grown = false;
        for (i, node) in body.nodes.iter().enumerate() {
            let mut own = BTreeSet::new();
            writes(node, &mut own);
            if !again[i] && own.iter().any(|v| mine.contains(v) && needed.contains(v)) {
                again[i] = true;
                grown = true;
                mentions(node, &mut |v| {
                    needed.insert(v);
                });
            }
        }
        if !grown {
            return again;
        }
    }
}

/// The user's variables that the reverse of a statement mentions.
pub fn reverse_reads(b: &Builder, node: &Node, out: &mut BTreeSet<VarId>) {
    for stmt in node.early.iter().chain(&node.adjoint) {
        stmt.for_each_var(&mut |v| {
            out.insert(b.origin(v));
        });
    }
    if node.has_reverse() {
        node.original.kind.exprs().into_iter().filter(|_| !node.blocks.is_empty()).for_each(|e| {
            e.for_each_var(&mut |v| {
                out.insert(v);
            });
        });
    }
    for inner in &node.blocks {
        inner.nodes.iter().for_each(|node| reverse_reads(b, node, out));
    }
}

pub fn writes(node: &Node, out: &mut BTreeSet<VarId>) {
    out.extend(node.original.kind.writes());
    for inner in &node.blocks {
        inner.nodes.iter().for_each(|node| writes(node, out));
    }
}

pub fn mentions(node: &Node, f: &mut dyn FnMut(VarId)) {
    node.original.for_each_var(f);
    for inner in &node.blocks {
        inner.nodes.iter().for_each(|node| mentions(node, f));
    }
}

/// Arithmetic and loops around it.
fn is_cheap(node: &Node) -> bool {
    let simple = matches!(
        node.original.kind,
        StmtKind::Let { .. }
            | StmtKind::Assign { .. }
            | StmtKind::Update { .. }
            | StmtKind::Fill { .. }
            | StmtKind::CopyFrom { .. }
            | StmtKind::If { .. }
            | StmtKind::For { exit: None, .. }
    );
    let mut cheap = true;
    for e in node.original.kind.exprs() {
        e.walk(&mut |e| {
            cheap &= match &e.kind {
                ExprKind::Call(_) | ExprKind::Clone { .. } => false,
                ExprKind::Ref { mutable, .. } => !mutable,
                ExprKind::List { vec, .. } | ExprKind::Repeat { vec, .. } => !vec,
                ExprKind::Intrinsic(name, _) => !rules::find(name).is_some_and(|rule| rule.dear),
                ExprKind::Opaque(o) => o.pure_ && o.writes.is_empty(),
                _ => true,
            };
        });
    }
    simple && cheap && node.blocks.iter().all(|inner| inner.nodes.iter().all(is_cheap))
}

/// Loops in open blocks whose inner loops save something.
pub fn candidates(b: &Builder, tree: &Tree, plan: &Plan) -> Vec<ScopeId> {
    let mut out = Vec::new();
    for node in &tree.nodes {
        let Some(body) = node.blocks.first() else { continue };
        if node.fused || node.rerun.is_some() {
            out.extend(candidates(b, body, plan));
        } else if possible(b, node).is_some()
            && body.nodes.iter().any(|node| node.blocks.iter().any(|t| saves(b, t, plan)))
        {
            out.push(body.scope);
        }
    }
    out
}

fn saves(b: &Builder, tree: &Tree, plan: &Plan) -> bool {
    !b.scopes[tree.scope].open && !plan.saved(tree.scope).is_empty()
        || tree.nodes.iter().any(|node| node.blocks.iter().any(|t| saves(b, t, plan)))
}

/// Loops marked to run again that turn out to need what only the first run has; and whether that is
/// because something of them is left out.
pub fn in_conflict(b: &Builder, tree: &Tree, plan: &Plan) -> Vec<(ScopeId, bool)> {
    let mut out = Vec::new();
    for node in &tree.nodes {
        for inner in &node.blocks {
            out.extend(in_conflict(b, inner, plan));
        }
        if let Some(rerun) = &node.rerun
            && (rerun.wanted_before || needs_first_run(b, &node.blocks[0], rerun, plan))
        {
            out.push((node.blocks[0].scope, rerun.left.is_some()));
        }
    }
    out
}

fn needs_first_run(b: &Builder, body: &Tree, rerun: &Rerun, plan: &Plan) -> bool {
    let carried = b.versions.iter().any(|(id, version)| {
        let here = version.scope == body.scope && plan.is_saved(*id);
        here && match version.def {
            Def::Entry => true,
            Def::Index => false,
            _ => *id != version.var && !rerun.is_mine(version.var),
        }
    });
    let mut once = body.nodes.iter().zip(&rerun.again).filter(|(_, again)| {
        // What runs in part keeps nothing either.
        rerun.left.is_some() || !**again
    });
    carried || once.any(|(node, _)| !(node.fused && rerun.left.is_some()) && keeps(node, plan))
}

/// Whether the statement's reverse needs something that its forward part leaves.
fn keeps(node: &Node, plan: &Plan) -> bool {
    node.fused
        || node.restore
        || !node.old_args.is_empty()
        || !node.lent.is_empty()
        || keeps_inside(node)
        || node.control.all().any(|v| plan.is_saved(v))
        || node.blocks.iter().any(|inner| {
            !plan.saved(inner.scope).is_empty() || inner.nodes.iter().any(|node| keeps(node, plan))
        })
}

impl Assembler<'_> {
    /// The statements as they were, without anything kept.
    pub(super) fn plain(&mut self, tree: &Tree) -> Vec<Stmt> {
        let mut code = Vec::new();
        for node in &tree.nodes {
            let Some(mut stmt) = self.original(node) else { continue };
            let blocks: Vec<Vec<Stmt>> = node.blocks.iter().map(|t| self.plain(t)).collect();
            for (target, built) in stmt.kind.blocks_mut().into_iter().zip(blocks) {
                target.stmts.extend(built);
            }
            code.push(stmt);
        }
        code
    }

    /// A trip that runs again, then its reverse.
    pub(super) fn rerun_body(&mut self, node: &Node, rerun: &Rerun) -> Vec<Stmt> {
        let body = &node.blocks[0];
        let effects = std::mem::replace(&mut self.b.options.effects, false);
        let mut code = self.take_left(rerun);
        for node in rerun.parts(body) {
            self.run_node(&node, body, &mut code);
        }
        self.b.options.effects = effects;
        // From outside, values as they were then.
        let then: HashMap<VarId, VarId> = (body.end.iter())
            .filter(|(var, version)| {
                var != version
                    && self.b.versions.get(version).is_some_and(|v| v.scope != body.scope)
            })
            .map(|(var, version)| (*var, *version))
            .collect();
        code.iter_mut().for_each(|stmt| rename_stmt(stmt, &then));
        code.extend(self.reverse_body(body));
        let names = self.names_at_end(body);
        code.iter_mut().for_each(|stmt| rename_stmt(stmt, &names));
        // A second run has variables of its own.
        let mut own = HashMap::new();
        let mut indices = BTreeSet::new();
        loop_variables(body, &mut indices);
        for var in declared_within(&self.b, node) {
            if indices.contains(&var) {
                continue;
            }
            let source = self.b.out.vars[var.0 as usize].clone();
            let name = super::adjoint::plain(&source.name);
            let copy = self.b.fresh(&name, source.ty, source.mutable, source.role);
            self.b.copies.insert(copy, var);
            own.insert(var, copy);
        }
        let rename = |v: VarId| own.get(&v).copied().unwrap_or(v);
        code.iter_mut().for_each(|stmt| stmt.rename_all(&rename));
        code
    }
}

/// Both sweeps declare them with their loops.
fn loop_variables(tree: &Tree, out: &mut BTreeSet<VarId>) {
    for node in &tree.nodes {
        if let StmtKind::For { index, .. } = node.original.kind {
            out.insert(index);
        }
        node.blocks.iter().for_each(|inner| loop_variables(inner, out));
    }
}

/// What the statements that run again read of variables outside.
pub fn reads_from_outside(b: &Builder, rerun: &Rerun, body: &Tree) -> Reads {
    let mut inside = BTreeSet::new();
    scopes(body, &mut inside);
    let mut reads = Reads::default();
    rerun.nodes(body).for_each(|node| versioned_reads(b, node, &mut reads));
    let outside = |v: &VarId| {
        !rerun.is_mine(b.origin(*v))
            && b.versions.get(v).is_none_or(|version| !inside.contains(&version.scope))
    };
    reads.content.retain(outside);
    reads.shape.retain(outside);
    reads
}

fn scopes(tree: &Tree, out: &mut BTreeSet<ScopeId>) {
    out.insert(tree.scope);
    tree.nodes.iter().flat_map(|node| &node.blocks).for_each(|inner| scopes(inner, out));
}

fn versioned_reads(b: &Builder, node: &Node, reads: &mut Reads) {
    if node.blocks.is_empty() {
        reads.stmts(std::slice::from_ref(&node.stmt));
    }
    // Conditions and bounds are versioned apart from their statements.
    for control in node.control.all() {
        if let Some(Def::Expr(e)) = b.versions.get(&control).map(|version| &version.def) {
            reads.expr(e);
        }
    }
    for inner in &node.blocks {
        inner.nodes.iter().for_each(|node| versioned_reads(b, node, reads));
    }
}
