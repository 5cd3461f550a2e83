//! What the reverse sweep needs, and how it gets it.
//!
//! Values of a block are saved on a tape at its end or computed again at the head of its reverse,
//! by a minimum cut. Buffers that were overwritten are put back where their old content is read
//! (`record`).

use super::counters::{self, Counter};
use super::fold::Folded;
use super::forward_sweep::argument_place;
use super::versions::{Def, Node, ScopeId, Tree, Version};
use super::{Builder, Calls, record};
use crate::analysis::mincut::{self, Choice, Item, NEVER};
use crate::ir::*;
use crate::rules;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The decisions.
#[derive(Default, Debug)]
pub struct Plan {
    choice: HashMap<VarId, Choice>,
    by_scope: Vec<Vec<VarId>>,
    counters: HashMap<VarId, Counter>,
}

impl Plan {
    pub fn is_saved(&self, version: VarId) -> bool {
        self.choice.get(&version) == Some(&Choice::Save)
    }

    pub fn is_recomputed(&self, version: VarId) -> bool {
        self.choice.get(&version) == Some(&Choice::Recompute)
    }

    /// How the reverse sweep counts the version back, if it does.
    pub fn counter(&self, version: VarId) -> Option<&Counter> {
        self.counters.get(&version).filter(|_| self.is_recomputed(version))
    }

    /// Saved versions of a block, in order of declaration.
    pub fn saved(&self, scope: ScopeId) -> Vec<VarId> {
        self.of(scope, Choice::Save)
    }

    pub fn recomputed(&self, scope: ScopeId) -> Vec<VarId> {
        self.of(scope, Choice::Recompute)
    }

    fn of(&self, scope: ScopeId, choice: Choice) -> Vec<VarId> {
        let wanted = |v: &&VarId| self.choice.get(v) == Some(&choice);
        self.by_scope
            .get(scope)
            .map(|versions| versions.iter().filter(wanted).copied().collect())
            .unwrap_or_default()
    }
}

/// Variables whose content or shape some code reads.
#[derive(Default, Clone)]
pub struct Reads {
    pub content: BTreeSet<VarId>,
    pub shape: BTreeSet<VarId>,
}

impl Reads {
    pub fn expr(&mut self, e: &Expr) {
        e.walk(&mut |e| match &e.kind {
            ExprKind::Read(p)
            | ExprKind::Ref { place: p, .. }
            | ExprKind::Clone { place: p, .. } => {
                self.content.insert(p.base);
            }
            ExprKind::Len(p) | ExprKind::ZeroLike(p) => {
                self.shape.insert(p.base);
            }
            ExprKind::Opaque(o) => o.for_each_var(&mut |v| {
                let kind = if o.wants_only_length(v) { &mut self.shape } else { &mut self.content };
                kind.insert(v);
            }),
            _ => {}
        });
    }

    pub fn stmts(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            for e in stmt.kind.exprs() {
                self.expr(e);
            }
            if let StmtKind::CopyFrom { from, .. } = &stmt.kind {
                self.content.insert(from.base);
            }
            for block in stmt.kind.blocks() {
                self.stmts(&block.stmts);
            }
        }
    }

    pub fn all(&self) -> impl Iterator<Item = VarId> {
        self.content.iter().chain(&self.shape).copied()
    }
}

pub fn run(b: &mut Builder, tree: &mut Tree, result_adjoint: &[Stmt], folded: &Folded) -> Plan {
    loop {
        let mut planner = Planner {
            b,
            folded,
            needed: HashSet::new(),
            writes_from: HashMap::new(),
            parts: HashMap::new(),
            plan: Plan::default(),
        };
        let mut reads = Reads::default();
        reads.stmts(result_adjoint);
        planner.needed.extend(reads.all());
        planner.needs_of(tree);
        planner.decide();
        let plan = planner.plan;
        let changed = record::run(b, tree, &plan);
        if changed {
            record::remember_old(b, tree);
        } else {
            return plan;
        }
    }
}

struct Planner<'a, 'b, 'f> {
    b: &'a mut Builder<'f>,
    folded: &'b Folded,
    needed: HashSet<VarId>,
    /// For each scope and node index: buffers written from that node on.
    writes_from: HashMap<ScopeId, Vec<BTreeSet<VarId>>>,
    /// Initialisers of tuple definitions.
    parts: HashMap<(ScopeId, usize), Expr>,
    plan: Plan,
}

impl Planner<'_, '_, '_> {
    /// Everything the reverse code of the block and of those inside mentions.
    fn needs_of(&mut self, tree: &Tree) {
        let mut reads = Reads::default();
        for (_, zero) in self.folded.zeros.get(&tree.scope).into_iter().flatten() {
            reads.expr(zero);
        }
        let mut suffix = vec![BTreeSet::new()];
        for (i, node) in tree.nodes.iter().enumerate().rev() {
            let mut writes = memory_writes(self.b, node);
            writes.extend(suffix.last().into_iter().flatten());
            suffix.push(writes);
            if let StmtKind::LetTuple { init, .. } = &node.stmt.kind {
                self.parts.insert((tree.scope, i + 1), init.clone());
            }
        }
        suffix.reverse();
        self.writes_from.insert(tree.scope, suffix);
        for node in &tree.nodes {
            if !node.has_reverse() {
                continue;
            }
            reads.stmts(&node.early);
            reads.stmts(&node.adjoint);
            if node.restore {
                for (place, old) in &node.old {
                    for e in place.exprs() {
                        reads.expr(e);
                    }
                    if node.restore_if.is_always() && !self.b.is_list(place) {
                        self.needed.insert(*old);
                    }
                }
                // What is put back has to be there, also where only a swap hands it on.
                let written = node.original.kind.writes();
                self.needed.extend(written.into_iter().filter(|v| self.b.is_memory(*v)));
                // Places that are put back name what their paths read.
                if let StmtKind::Swap(a, b) = &node.stmt.kind {
                    for e in a.exprs().into_iter().chain(b.exprs()) {
                        reads.expr(e);
                    }
                }
            }
            for lent in node.lent.iter().filter(|lent| lent.undo.is_always()) {
                let place = argument_place(&node.stmt, lent.arg);
                if !place.is_some_and(|place| self.b.is_list(&place)) {
                    self.needed.insert(lent.old);
                }
            }
            let goes_back = !node.fused && node.blocks.iter().any(Tree::has_reverse);
            self.needed.extend(node.control.all().filter(|_| goes_back));
            if let Some(rerun) = &node.rerun {
                let reads = super::rerun::reads_from_outside(self.b, rerun, &node.blocks[0]);
                self.needed.extend(reads.all());
            }
            if self.b.options.switches.counters {
                self.plan.counters.extend(counters::find(self.b, node));
            }
            for inner in &node.blocks {
                self.needs_of(inner);
            }
        }
        self.needed.extend(reads.all());
    }

    /// From the innermost scopes outwards, for a value that is computed again wants its operands.
    fn decide(&mut self) {
        let mut by_scope: Vec<Vec<VarId>> = vec![Vec::new(); self.b.scopes.len()];
        for (id, version) in &self.b.versions {
            by_scope[version.scope].push(*id);
        }
        for scope in (0..by_scope.len()).rev() {
            by_scope[scope].sort_by_key(|v| (self.b.versions[v].at, *v));
            let ids = &by_scope[scope];
            let position: HashMap<VarId, usize> =
                ids.iter().enumerate().map(|(i, v)| (*v, i)).collect();
            let mut items = Vec::new();
            let mut outer: Vec<Vec<VarId>> = Vec::new();
            // One item a call that gives a tuple, behind those of its parts.
            let mut calls: Vec<usize> = ids
                .iter()
                .filter_map(|id| match self.b.versions[id].def {
                    Def::Part(at) => Some(at),
                    _ => None,
                })
                .collect();
            calls.dedup();
            for id in ids {
                let version = self.b.versions[id].clone();
                let mut item = Item {
                    save: self.save_cost(*id, &version),
                    recompute: NEVER,
                    operands: Vec::new(),
                    demanded: self.needed.contains(id),
                };
                let mut wanted_outside = Vec::new();
                let param = matches!(version.def, Def::Param)
                    && !self.b.scopes[version.scope].open
                    && !self.b.overwritten.contains(&version.var);
                if param || matches!(version.def, Def::Index) {
                    // The reverse sweep has it: a parameter, the index of a reversed loop.
                    item.recompute = 0;
                } else if let Def::Part(at) = version.def {
                    let call = calls.iter().position(|c| *c == at).unwrap_or(0);
                    item.recompute = 0;
                    item.operands.push(ids.len() + call);
                    if let Some((_, reads)) = self.recipe(*id, &version) {
                        wanted_outside.extend(reads.all().filter(|v| !position.contains_key(v)));
                    }
                } else if let Some(counter) = self.plan.counters.get(id) {
                    item.recompute = 1;
                    let mut reads = Reads::default();
                    reads.expr(&counter.by);
                    let outside = |v: &VarId| !position.contains_key(v);
                    wanted_outside.extend(reads.all().filter(outside));
                    wanted_outside.push(counter.after);
                } else if let Some((cost, reads)) = self.recipe(*id, &version) {
                    item.recompute = cost;
                    for read in reads.all() {
                        match position.get(&read) {
                            Some(operand) => item.operands.push(*operand),
                            None => wanted_outside.push(read),
                        }
                    }
                }
                items.push(item);
                outer.push(wanted_outside);
            }
            for at in &calls {
                let part = ids
                    .iter()
                    .find(|id| matches!(self.b.versions[*id].def, Def::Part(a) if a == *at));
                let recipe = part.and_then(|id| self.recipe(*id, &self.b.versions[id]));
                let (recompute, operands) = match recipe {
                    Some((cost, reads)) => {
                        let known = reads.all().filter_map(|v| position.get(&v).copied());
                        (cost, known.collect())
                    }
                    None => (NEVER, Vec::new()),
                };
                items.push(Item { save: NEVER, recompute, operands, demanded: false });
            }
            let choices = mincut::choose(&items);
            for ((id, choice), outer) in ids.iter().zip(choices).zip(outer) {
                self.plan.choice.insert(*id, choice);
                if choice == Choice::Recompute {
                    self.needed.extend(outer);
                }
            }
        }
        self.plan.by_scope = by_scope;
    }

    /// Cost of computing a version at the head of its block's reverse, and what that reads.
    fn recipe(&self, id: VarId, version: &Version) -> Option<(u32, Reads)> {
        let is_control = version.var == id && self.is_control(id);
        if self.b.scopes[version.scope].open && !is_control {
            return None;
        }
        let expr = match &version.def {
            Def::Expr(e) => e,
            Def::Part(at) => self.parts.get(&(version.scope, *at))?,
            _ => return None,
        };
        let cost = self.work(expr)?;
        let mut reads = Reads::default();
        reads.expr(expr);
        // What is behind a `&mut` parameter is not there when a function in two is reversed.
        let handed = self.b.options.calls == Calls::Handed;
        if handed && reads.all().any(|v| self.b.is_lent_by_caller(v)) {
            return None;
        }
        // Nothing it reads in place may be written between its definition and the block's end.
        let from = if is_control { version.at.saturating_sub(1) } else { version.at };
        let later = self.writes_from.get(&version.scope)?.get(from);
        if later.is_some_and(|later| reads.all().any(|v| later.contains(&v))) {
            return None;
        }
        Some((cost, reads))
    }

    fn is_control(&self, id: VarId) -> bool {
        self.b.out.vars[id.0 as usize].role == Role::Temp
            && id.0 as usize >= self.b.source.vars.len()
    }

    /// Rough count of operations; `None` where computing again could differ.
    fn work(&self, e: &Expr) -> Option<u32> {
        let own = match &e.kind {
            ExprKind::Lit(_) | ExprKind::Const(_) | ExprKind::Len(_) | ExprKind::Ref { .. } => 0,
            ExprKind::Read(p) => {
                if !super::statement::is_copy(&e.ty) && !e.ty.is_scalar() && !known_small(&e.ty) {
                    return None;
                }
                u32::from(!p.is_whole())
            }
            ExprKind::Binary(BinOp::Div | BinOp::Rem, ..) => 4,
            ExprKind::Binary(..) | ExprKind::Neg(_) | ExprKind::Not(_) | ExprKind::Cast(..) => 1,
            ExprKind::Intrinsic(name, _) => match rules::find(name) {
                Some(rule) if rule.dear => 20,
                _ => 2,
            },
            ExprKind::Call(call) => {
                let writes = call.args.iter().any(|arg| {
                    matches!(arg, Arg::Expr(e) if matches!(e.kind, ExprKind::Ref { mutable: true, .. }))
                });
                // There, what the callee has computed stays.
                let kept = self.b.options.calls == Calls::Handed;
                if writes || kept || call.refuse.is_some() || !self.b.call_is_active(e) {
                    return None;
                }
                22
            }
            ExprKind::Tuple(items) => items.len() as u32,
            ExprKind::List { items, vec } => items.len() as u32 + if *vec { 50 } else { 0 },
            ExprKind::Repeat { vec, .. } => {
                if *vec {
                    return None;
                }
                4
            }
            ExprKind::Stop(_) => 0,
            ExprKind::Clone { .. } | ExprKind::ZeroLike(_) => return None,
            ExprKind::Opaque(o) => {
                if !o.pure_ || !o.writes.is_empty() {
                    return None;
                }
                2
            }
        };
        let mut total = own;
        for child in e.children() {
            total += self.work(child)?;
        }
        Some(total)
    }

    fn save_cost(&self, id: VarId, version: &Version) -> u32 {
        if !self.b.options.switches.recompute {
            return 0;
        }
        if self.b.scopes[version.scope].open {
            // A variable of its own for what is short would only be in the way.
            let inline = self.is_control(id) && matches!(version.def, Def::Expr(_));
            return if inline { 3 } else { 0 };
        }
        match version.def {
            Def::Memory => 1,
            // A store is pushed and popped out of line with the arithmetic; and arguments of calls
            // that run again are often needed by name only.
            _ if self.b.options.calls == Calls::Handed => {
                2 * bytes(&self.b.out.vars[id.0 as usize].ty)
            }
            _ => bytes(&self.b.out.vars[id.0 as usize].ty),
        }
    }
}

fn known_small(ty: &Ty) -> bool {
    matches!(ty, Ty::Unknown)
}

/// Cost of saving a value: bytes and the traffic they cause, in units of cheap operations.
fn bytes(ty: &Ty) -> u32 {
    match ty {
        Ty::Float(_) => 10,
        Ty::Discrete(_) => 8,
        Ty::Ref { .. } => 8,
        Ty::Unit => 1,
        Ty::Tuple(items) => items.iter().map(bytes).sum(),
        Ty::Array(item, len) => {
            let n = len.0.to_string().parse().unwrap_or(8);
            bytes(item).saturating_mul(n).min(NEVER / 64)
        }
        Ty::Slice(_) | Ty::Vec(_) => 400,
        Ty::Named(_) => 60,
        Ty::Unknown => 12,
    }
}

/// Buffers that the statement writes, nested blocks included.
pub fn memory_writes(b: &Builder, node: &Node) -> BTreeSet<VarId> {
    let mut out: BTreeSet<VarId> = node.original.kind.writes().into_iter().collect();
    out.retain(|v| b.is_memory(*v));
    for inner in &node.blocks {
        for node in &inner.nodes {
            out.extend(memory_writes(b, node));
        }
    }
    out
}
