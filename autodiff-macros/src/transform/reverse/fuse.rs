//! Loops whose reverse runs inside their forward iteration.
//!
//! Where no iteration's adjoint needs what another iteration's adjoint leaves, the reverse of an
//! iteration may follow its forward part at once: one loop instead of two, nothing saved, every
//! value still in scope ("interface contraction" of parallel loops; Hascoët, Fidanova & Held 2001).
//! A reduction is the usual case: the adjoint of `sum` is read by all iterations and written by
//! none, the adjoint of `x` is only added to.
//!
//! The adjoints that such a loop reads have to be known when it runs: the adjoint code that makes
//! them moves in front of it, if that needs nothing that comes later.

use super::Builder;
use super::adjoint::zero_by_type;
use super::left;
use super::plan::Plan;
use super::private;
use super::read_set::has_fixed_shape;
use super::rerun;
use super::versions::{Def, Node, ScopeId, Tree, declared_in};
use crate::ir::*;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Which loops are treated how, by their bodies' scopes; found by trial.
#[derive(Default)]
pub struct Choice {
    not_fused: HashSet<ScopeId>,
    rerun: HashSet<ScopeId>,
    not_rerun: HashSet<ScopeId>,
    /// Loops of which everything has to run again, if anything.
    whole: HashSet<ScopeId>,
}

impl Choice {
    /// Whether the plan goes with the choice; otherwise the choice is another one from here on.
    pub fn is_final(&mut self, b: &Builder, tree: &Tree, plan: &Plan) -> bool {
        let impossible = rerun::in_conflict(b, tree, plan);
        if !impossible.is_empty() {
            for (scope, in_part) in impossible {
                if in_part {
                    self.whole.insert(scope);
                } else {
                    self.rerun.remove(&scope);
                    self.not_rerun.insert(scope);
                }
            }
            return false;
        }
        if b.options.switches.rerun && b.options.switches.recompute {
            let mut wanted = rerun::candidates(b, tree, plan);
            // One that is marked already but could not be was tried in vain.
            wanted.retain(|scope| !self.not_rerun.contains(scope) && !self.rerun.contains(scope));
            if !wanted.is_empty() {
                self.rerun.extend(wanted);
                return false;
            }
        }
        let conflicts = in_conflict(b, tree);
        let fine = conflicts.is_empty();
        self.not_fused.extend(conflicts);
        fine
    }
}

/// Marks the loops and moves adjoint code in front of those that are fused.
pub fn run(b: &mut Builder, tree: &mut Tree, result_adjoint: &mut Vec<Stmt>, choice: &Choice) {
    let bars: HashMap<VarId, VarId> = b.bars.iter().map(|(var, bar)| (*bar, *var)).collect();
    let resized = resized_buffers(b.source);
    let mut pass = Fuse { b, bars, choice, resized };
    pass.block(tree, Some(result_adjoint));
}

/// Loops that overwrite what their adjoint reads in a buffer that outlives the iteration: putting
/// it back would undo the forward sweep.
fn in_conflict(b: &Builder, tree: &Tree) -> Vec<ScopeId> {
    let mut out = Vec::new();
    for node in &tree.nodes {
        for inner in &node.blocks {
            out.extend(in_conflict(b, inner));
        }
        if node.fused && restores_outside(b, &node.blocks[0], &declared_within(b, node)) {
            out.push(node.blocks[0].scope);
        }
    }
    out
}

pub fn declared_within(b: &Builder, node: &Node) -> BTreeSet<VarId> {
    let mut out = BTreeSet::new();
    declarations(&node.blocks[0], &mut out);
    out.iter().map(|v| b.origin(*v)).collect()
}

pub fn declarations(tree: &Tree, out: &mut BTreeSet<VarId>) {
    for node in &tree.nodes {
        let block = Block { stmts: vec![node.original.clone()] };
        out.extend(declared_in(&[&block]));
        for inner in &node.blocks {
            declarations(inner, out);
        }
    }
}

fn restores_outside(b: &Builder, tree: &Tree, local: &BTreeSet<VarId>) -> bool {
    tree.nodes.iter().any(|node| {
        let here = node.restore
            && node.original.kind.writes().iter().any(|v| b.is_memory(*v) && !local.contains(v));
        here || node.blocks.iter().any(|inner| restores_outside(b, inner, local))
    })
}

/// Whether the adjoint of a call works on a buffer that outlives the iteration, and leaves it in
/// any state.
fn lends_outside(b: &Builder, tree: &Tree, local: &BTreeSet<VarId>) -> bool {
    tree.nodes.iter().any(|node| {
        let here = node.lent.iter().any(|lent| !local.contains(&b.origin(lent.base)));
        here || node.blocks.iter().any(|inner| lends_outside(b, inner, local))
    })
}

struct Fuse<'a, 'f> {
    b: &'a mut Builder<'f>,
    /// Adjoint variable to primal.
    bars: HashMap<VarId, VarId>,
    choice: &'a Choice,
    resized: HashSet<VarId>,
}

/// What a piece of adjoint code does to an adjoint.
#[derive(Clone, Copy, Default, Debug)]
struct Use {
    read: bool,
    /// Overwritten, exchanged, taken from.
    set: bool,
    /// Added to.
    add: bool,
}

type Uses = HashMap<VarId, Use>;

/// A piece of the reverse sweep that comes before a loop's reverse.
#[derive(Clone, Copy, PartialEq)]
enum Piece {
    Result,
    Node(usize),
}

impl Fuse<'_, '_> {
    fn block(&mut self, tree: &mut Tree, mut result_adjoint: Option<&mut Vec<Stmt>>) {
        // Where both sweeps are functions of their own, nothing stays in scope.
        self.b.scopes[tree.scope].open = self.b.options.calls != super::Calls::Handed;
        for at in 0..tree.nodes.len() {
            if let Some(early) = self.early(tree, at, result_adjoint.as_deref().map(Vec::as_slice))
            {
                let mut moved = Vec::new();
                for piece in early {
                    match (piece, result_adjoint.as_deref_mut()) {
                        (Piece::Result, Some(code)) => moved.append(code),
                        (Piece::Result, None) => {}
                        (Piece::Node(i), _) => moved.append(&mut tree.nodes[i].adjoint),
                    }
                }
                let node = &mut tree.nodes[at];
                node.fused = true;
                node.early = moved;
                // A run of a block inside undoes itself before the next.
                self.runs_alone(&node.blocks[0]);
                self.block(&mut node.blocks[0], None);
            } else if self.runs_again(&tree.nodes[at]) {
                let scope = tree.scope;
                let node = &mut tree.nodes[at];
                node.rerun = rerun::possible(self.b, node);
                self.runs_alone(&node.blocks[0]);
                self.block(&mut node.blocks[0], None);
                let body = &node.blocks[0];
                // At function level, every trip would leave something at once.
                if scope != 0
                    && !self.choice.whole.contains(&body.scope)
                    && let Some(rerun) = &mut node.rerun
                {
                    left::find(self.b, body, rerun);
                }
            }
        }
    }

    fn runs_again(&self, node: &Node) -> bool {
        node.blocks.first().is_some_and(|body| self.choice.rerun.contains(&body.scope))
    }

    /// Blocks that are in no loop but those that are fused: their tapes hold one entry.
    fn runs_alone(&mut self, tree: &Tree) {
        self.b.scopes[tree.scope].in_loop = false;
        for node in tree.nodes.iter().filter(|node| !node.is_loop()) {
            node.blocks.iter().for_each(|inner| self.runs_alone(inner));
        }
    }

    /// The pieces that have to move in front of the loop so that its reverse can run along;
    /// `None` if it cannot.
    fn early(&self, tree: &Tree, at: usize, result_adjoint: Option<&[Stmt]>) -> Option<Vec<Piece>> {
        let node = &tree.nodes[at];
        // The seed of a pullback is not known before all of the forward sweep has run.
        let handed = self.b.options.calls == super::Calls::Handed;
        let allowed =
            !handed && self.b.options.switches.fuse && !(self.b.options.split && tree.scope == 0);
        if !allowed
            || !node.is_loop()
            || !node.has_reverse()
            || self.choice.not_fused.contains(&node.blocks[0].scope)
        {
            return None;
        }
        let local = declared_within(self.b, node);
        if lends_outside(self.b, &node.blocks[0], &local) {
            return None;
        }
        let mut own = Uses::new();
        self.tree_uses(&node.blocks[0], &mut own);
        own.retain(|bar, _| !local.contains(&self.bars[bar]));
        let carried = |u: &Use| u.set || u.read && u.add;
        // The adjoint of work space is zero before and after every iteration.
        let work_space: Vec<VarId> = (own.iter())
            .filter(|(bar, u)| {
                carried(u) && private::is_private(self.b, &node.blocks[0], self.bars[*bar])
            })
            .map(|(bar, _)| *bar)
            .collect();
        if own.iter().any(|(bar, u)| carried(u) && !work_space.contains(bar)) {
            return None;
        }
        if own.keys().any(|bar| !self.can_be_declared_before(*bar, tree)) {
            return None;
        }
        // What comes before the loop's reverse, in the order of the reverse sweep.
        let mut pieces = Vec::new();
        if let Some(code) = result_adjoint {
            pieces.push((Piece::Result, self.uses_of(code)));
        }
        for i in (at + 1..tree.nodes.len()).rev() {
            let mut uses = self.uses_of(&tree.nodes[i].adjoint);
            for inner in &tree.nodes[i].blocks {
                self.tree_uses(inner, &mut uses);
            }
            pieces.push((Piece::Node(i), uses));
        }
        if pieces.iter().any(|(_, uses)| work_space.iter().any(|bar| uses.contains_key(bar))) {
            return None;
        }
        own.retain(|bar, _| !work_space.contains(bar));
        let mut wanted: BTreeSet<VarId> =
            own.iter().filter(|(_, u)| u.read).map(|(bar, _)| *bar).collect();
        let mut early: Vec<bool> = vec![false; pieces.len()];
        loop {
            let mut grown = false;
            for (i, (piece, uses)) in pieces.iter().enumerate() {
                let makes = uses.iter().any(|(bar, u)| (u.add || u.set) && wanted.contains(bar));
                if early[i] || !makes {
                    continue;
                }
                if !self.can_run_before(tree, at, *piece, result_adjoint) {
                    return None;
                }
                early[i] = true;
                wanted.extend(uses.iter().filter(|(_, u)| u.read).map(|(bar, _)| *bar));
                grown = true;
            }
            if !grown {
                break;
            }
        }
        let mut moving = own;
        for (i, (_, uses)) in pieces.iter().enumerate().rev() {
            if early[i] {
                if uses.keys().any(|bar| !self.can_be_declared_before(*bar, tree)) {
                    return None;
                }
                merge(&mut moving, uses);
            } else if conflict(uses, &moving) {
                return None;
            }
        }
        let chosen = pieces.iter().zip(&early).filter(|(_, early)| **early);
        Some(chosen.map(|((piece, _), _)| *piece).collect())
    }

    /// Whether the zero that an adjoint may begin with can be made before its variable has taken
    /// its last value.
    fn can_be_declared_before(&self, bar: VarId, tree: &Tree) -> bool {
        let var = self.bars[&bar];
        if self.b.out.vars[bar.0 as usize].role == Role::Param
            || zero_by_type(&self.b.out.vars[var.0 as usize].ty).is_some()
        {
            return true;
        }
        if self.b.is_memory(var) {
            return !self.resized.contains(&var);
        }
        tree.end.get(&var).is_none_or(|version| *version == var)
    }

    /// Whether the piece reads only what is there before the statement `at`.
    fn can_run_before(
        &self,
        tree: &Tree,
        at: usize,
        piece: Piece,
        result_adjoint: Option<&[Stmt]>,
    ) -> bool {
        let code = match piece {
            Piece::Result => result_adjoint.unwrap_or_default(),
            Piece::Node(i) => {
                let node = &tree.nodes[i];
                if !node.blocks.is_empty() || node.restore || !node.old_args.is_empty() {
                    return false;
                }
                &node.adjoint
            }
        };
        let mut bound = BTreeSet::new();
        for stmt in code {
            bound.extend(declared_in(&[&Block { stmts: vec![stmt.clone()] }]));
        }
        let mut possible = true;
        for stmt in code {
            stmt.for_each_var(&mut |v| {
                possible &= bound.contains(&v) || self.bars.contains_key(&v) || {
                    match self.b.versions.get(&v) {
                        Some(version) if version.scope == tree.scope => {
                            version.at <= at && !matches!(version.def, Def::Memory)
                        }
                        Some(version) => !matches!(version.def, Def::Memory),
                        None => self.is_scalar_seed(v),
                    }
                }
            });
        }
        possible
    }

    /// The seed, if its shape needs no check against the result.
    fn is_scalar_seed(&self, var: VarId) -> bool {
        let var = &self.b.out.vars[var.0 as usize];
        let scalars = match &var.ty {
            Ty::Tuple(items) => items.iter().all(|item| matches!(item, Ty::Float(_))),
            ty => matches!(ty, Ty::Float(_)),
        };
        var.role == Role::Param && var.name == "result_bar" && scalars
    }

    fn uses_of(&self, code: &[Stmt]) -> Uses {
        let mut uses = Uses::new();
        code.iter().for_each(|stmt| self.stmt_uses(stmt, &mut uses));
        uses
    }

    fn tree_uses(&self, tree: &Tree, uses: &mut Uses) {
        for node in &tree.nodes {
            node.early.iter().chain(&node.adjoint).for_each(|stmt| self.stmt_uses(stmt, uses));
            for inner in &node.blocks {
                self.tree_uses(inner, uses);
            }
        }
    }

    fn stmt_uses(&self, stmt: &Stmt, uses: &mut Uses) {
        let mut note = |var: VarId, change: &dyn Fn(&mut Use)| {
            if self.bars.contains_key(&var) {
                change(uses.entry(var).or_default());
            }
        };
        let added_to = match &stmt.kind {
            StmtKind::Update { place, op: BinOp::Add | BinOp::Sub, .. } => Some(place.base),
            StmtKind::Accumulate { to, .. } => Some(to.base),
            _ => None,
        };
        match added_to {
            Some(base) => note(base, &|u| u.add = true),
            // Looked at argument by argument below.
            None if is_call(stmt) => {}
            None => {
                for var in stmt.kind.writes() {
                    note(var, &|u| {
                        u.set = true;
                        u.read = true;
                    });
                }
            }
        }
        if let StmtKind::CopyFrom { from, .. } = &stmt.kind {
            note(from.base, &|u| u.read = true);
        }
        let slots = match &stmt.kind {
            StmtKind::Eval(Expr { kind: ExprKind::Call(call), .. }) => Slots::of(call),
            _ => Slots::default(),
        };
        for e in stmt.kind.exprs() {
            match &e.kind {
                ExprKind::Call(call) if is_call(stmt) => {
                    for (i, arg) in call.args.iter().enumerate() {
                        let Arg::Expr(arg) = arg else { continue };
                        match &arg.kind {
                            ExprKind::Ref { mutable: true, place } if slots.only_added_to(i) => {
                                note(place.base, &|u| u.add = true);
                                for e in place.exprs() {
                                    e.for_each_var(&mut |v| note(v, &|u| u.read = true));
                                }
                            }
                            ExprKind::Ref { mutable: true, place } => note(place.base, &|u| {
                                u.set = true;
                                u.read = true;
                            }),
                            _ => arg.for_each_var(&mut |v| note(v, &|u| u.read = true)),
                        }
                    }
                }
                _ => e.for_each_var(&mut |v| note(v, &|u| u.read = true)),
            }
        }
        for inner in stmt.kind.blocks() {
            inner.stmts.iter().for_each(|stmt| self.stmt_uses(stmt, uses));
        }
    }
}

/// Buffers whose length may change.
pub fn resized_buffers(f: &Function) -> HashSet<VarId> {
    let mut out = HashSet::new();
    f.body.walk(&mut |stmt| {
        match &stmt.kind {
            StmtKind::VecPush { vec, .. } | StmtKind::VecPop { vec, .. } => {
                out.insert(vec.base);
            }
            StmtKind::Assign { place, .. } if place.is_whole() => {
                out.insert(place.base);
            }
            StmtKind::Swap(a, b) => out.extend([a.base, b.base]),
            StmtKind::Opaque { opaque, .. } => out.extend(opaque.writes.iter().map(|w| w.1)),
            _ => {}
        }
        for e in stmt.kind.exprs() {
            e.walk(&mut |e| match &e.kind {
                // A callee may resize what it is given.
                ExprKind::Ref { mutable: true, place } if !has_fixed_shape(&e.ty) => {
                    out.insert(place.base);
                }
                ExprKind::Opaque(o) => out.extend(o.writes.iter().map(|w| w.1)),
                _ => {}
            });
        }
    });
    out
}

fn is_call(stmt: &Stmt) -> bool {
    matches!(&stmt.kind, StmtKind::Eval(Expr { kind: ExprKind::Call(_), .. }))
}

/// Which arguments of `g::back` are adjoints that it only adds to: those of parameters that are
/// not behind `&mut`.
#[derive(Default)]
struct Slots {
    first: usize,
    written: Vec<bool>,
}

impl Slots {
    fn of(call: &Call) -> Self {
        // The last argument may be the store.
        let (seeds, rest) = match call.mode {
            Mode::Back(0) => (1, 0),
            Mode::BackUnused(0) => (0, 0),
            Mode::Reverse => (1, 1),
            Mode::ReverseUnused => (0, 1),
            _ => return Slots::default(),
        };
        let params = (call.args.len() - seeds - rest) / 2;
        let written = call.args[..params]
            .iter()
            .map(|arg| {
                matches!(arg, Arg::Expr(Expr { kind: ExprKind::Ref { mutable: true, .. }, .. }))
            })
            .collect();
        Slots { first: params + seeds, written }
    }

    fn only_added_to(&self, arg: usize) -> bool {
        arg.checked_sub(self.first).and_then(|i| self.written.get(i)).is_some_and(|w| !w)
    }
}

fn merge(into: &mut Uses, from: &Uses) {
    for (bar, u) in from {
        let entry = into.entry(*bar).or_default();
        entry.read |= u.read;
        entry.set |= u.set;
        entry.add |= u.add;
    }
}

/// Whether `stays` and `moves` may not change places: one reads or overwrites what the other
/// writes.
fn conflict(stays: &Uses, moves: &Uses) -> bool {
    stays.iter().any(|(bar, s)| {
        moves.get(bar).is_some_and(|m| {
            let (s_writes, m_writes) = (s.set || s.add, m.set || m.add);
            (s.read || s.set) && m_writes || (m.read || m.set) && s_writes
        })
    })
}
