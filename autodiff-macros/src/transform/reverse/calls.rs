//! What calls overwrite. Whether it has to be kept depends on the callee, which the caller's macro
//! does not see: the callee publishes constants, and the code that keeps and puts back stands
//! behind an `if` on them, which rustc folds.
//!
//! `g::NEEDS[i]` tells whether `g::back` reads what the `i`-th parameter holds on entry,
//! `g::REVERSE_NEEDS[i]` the same of `g::reverse`, `g::RESIZES[i]` whether the call may change its
//! length.

use super::adjoint::same_place;
use super::assemble::Assembler;
use super::condition::Condition;
use super::forward_sweep::argument_place;
use super::read_set::has_fixed_shape;
use super::statement::is_copy;
use super::versions::{Def, Node};
use super::{Builder, Calls};
use crate::ir::*;
use proc_macro2::Span;
use std::collections::HashSet;

/// A `&mut` argument of a call whose adjoint works on the caller's buffer itself.
#[derive(Clone, Debug)]
pub struct Lent {
    /// Which argument.
    pub arg: usize,
    pub base: VarId,
    pub needs: Condition,
    pub resizes: Condition,
    /// When earlier statements want the old content back. Decided by the to-be-recorded analysis.
    pub undo: Condition,
    /// The old content.
    pub old: VarId,
}

impl Lent {
    /// When the old content is kept.
    pub(super) fn keep(&self) -> Condition {
        let mut keep = self.undo.clone();
        keep.or(&self.needs);
        keep
    }
}

impl Node {
    /// Enters that what the statement does to a buffer has to be undone; whether that is new.
    pub fn undo(&mut self, var: VarId, when: &Condition) -> bool {
        if when.is_never() {
            return false;
        }
        let (mut is_lent, mut changed) = (false, false);
        for lent in self.lent.iter_mut().filter(|lent| lent.base == var) {
            is_lent = true;
            changed |= lent.undo.or(when);
        }
        if is_lent {
            return changed;
        }
        // Exchanging and growing are undone without keeping anything.
        let free = matches!(self.original.kind, StmtKind::Swap(..) | StmtKind::VecPush { .. });
        let when = if free { Condition::always() } else { when.clone() };
        self.restore = true;
        self.restore_if.or(&when)
    }
}

impl Builder<'_> {
    /// Whether the adjoint of the node's call can work on the buffer behind a `&mut` argument
    /// itself: nothing else that the statement mentions may be in it, and it has to be there in the
    /// reverse sweep.
    fn can_lend(&self, node: &Node, call: &Call, arg: usize, place: &Place, ty: &Ty) -> bool {
        let base = place.base;
        let target = match &node.original.kind {
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } => Some(place),
            _ => None,
        };
        if target.is_some_and(|target| target.base == base) {
            return false;
        }
        let elsewhere = call.args.iter().enumerate().any(|(i, other)| match other {
            Arg::Expr(e) => i != arg && e.mentions(base) && !is_other_part(e, place),
            Arg::Discard | Arg::Zero => false,
        });
        let in_path = place.exprs().iter().any(|e| e.mentions(base));
        if elsewhere || in_path || small(ty) {
            return false;
        }
        if self.source.params.contains(&base) {
            return true;
        }
        let is_reference = matches!(self.out.vars[base.0 as usize].ty, Ty::Ref { .. })
            || place.proj.iter().any(|p| matches!(p, Proj::Deref));
        self.is_memory(base) && !is_reference && self.declared_by_let.contains(&base)
    }

    /// The store, where the options ask for one.
    pub fn new_store(&mut self) {
        let ty = match self.options.calls {
            Calls::Joint => return,
            Calls::Kept => Ty::Unknown,
            Calls::Handed => Ty::Ref { mutable: true, inner: Box::new(Ty::Unknown) },
        };
        let mutable = self.options.calls == Calls::Kept;
        self.store = Some(self.fresh("store", ty, mutable, Role::Store));
    }

    pub fn store_argument(&self) -> Option<Arg> {
        let base = self.store?;
        let proj = match self.options.calls {
            Calls::Handed => vec![Proj::Deref],
            _ => Vec::new(),
        };
        let kind = ExprKind::Ref { mutable: true, place: Place { base, proj } };
        Some(Arg::Expr(Expr::new(kind, Ty::Unknown, Span::mixed_site())))
    }

    /// The place itself as argument of the adjoint, if that is possible.
    pub fn lend(
        &mut self,
        node: &mut Node,
        call: &Call,
        arg: usize,
        ty: &Ty,
        at: (usize, usize),
    ) -> Option<Arg> {
        let Arg::Expr(e) = &call.args[arg] else { return None };
        let ExprKind::Ref { place, .. } = &e.kind else { return None };
        if !self.can_lend(node, call, arg, place, ty) {
            return None;
        }
        let fixed = match ty {
            Ty::Vec(item) => self.is_slice(place) && has_fixed_shape(item),
            ty => has_fixed_shape(ty),
        };
        let needs = if self.store.is_some() { "REVERSE_NEEDS" } else { "NEEDS" };
        let old = self.pseudo_version("before", ty.clone(), at.0, at.1, Def::Old);
        node.lent.push(Lent {
            arg,
            base: place.base,
            needs: Condition::constant(&call.path, needs, arg),
            resizes: if fixed {
                Condition::default()
            } else {
                Condition::constant(&call.path, "RESIZES", arg)
            },
            undo: Condition::default(),
            old,
        });
        Some(call.args[arg].clone())
    }
}

/// Whether the argument is a part of the same list as `place`: of what the user took apart.
fn is_other_part(e: &Expr, place: &Place) -> bool {
    let ExprKind::Ref { place: other, .. } = &e.kind else {
        return false;
    };
    let list = |p: &Place| match p.proj.split_last() {
        Some((Proj::Index(_) | Proj::Slice { .. }, path)) => {
            Some(Place { base: p.base, proj: path.to_vec() })
        }
        _ => None,
    };
    let in_path = other.exprs().iter().any(|e| e.mentions(place.base));
    let same = match (list(place), list(other)) {
        (Some(a), Some(b)) => same_place(&a, &b),
        _ => false,
    };
    same && !in_path
}

/// Whether the statement is a call whose callee keeps something on the store.
pub(super) fn keeps_inside(node: &Node) -> bool {
    node.adjoint.iter().any(|stmt| {
        matches!(
            &stmt.kind,
            StmtKind::Eval(Expr { kind: ExprKind::Call(call), .. })
                if matches!(call.mode, Mode::Reverse | Mode::ReverseUnused)
        )
    })
}

/// Cheaper to keep than to think about.
fn small(ty: &Ty) -> bool {
    match ty {
        Ty::Array(item, len) => {
            small(item) && len.0.to_string().parse::<usize>().is_ok_and(|n| n <= 16)
        }
        _ => is_copy(ty),
    }
}

/// Variables that a `let` declares.
pub fn declared_by_let(f: &Function) -> HashSet<VarId> {
    let mut out = HashSet::new();
    f.body.walk(&mut |stmt| match &stmt.kind {
        StmtKind::Let { var, .. } => {
            out.insert(*var);
        }
        StmtKind::LetTuple { vars, .. } => out.extend(vars.iter().flatten()),
        _ => {}
    });
    out
}

impl Assembler<'_> {
    /// The store, if it is a variable of the function and anything is kept there.
    pub(super) fn declare_store(&mut self, forward: &mut Vec<Stmt>) {
        let Some(store) = self.b.store.filter(|_| self.b.options.calls == Calls::Kept) else {
            return;
        };
        let mut used = false;
        forward.iter().for_each(|stmt| stmt.for_each_var(&mut |v| used |= v == store));
        if used {
            let kind = StmtKind::NewTape { tape: store, expected: None };
            forward.insert(0, Stmt { kind, span: Span::mixed_site() });
        }
    }

    /// A call with a reverse keeps for it.
    pub(super) fn keep_inside(&self, node: &Node, stmt: &mut Stmt) {
        if !keeps_inside(node) {
            return;
        }
        for e in stmt.kind.exprs_mut() {
            if let ExprKind::Call(call) = &mut e.kind
                && call.mode == Mode::Primal
            {
                call.mode = Mode::Forward;
                call.args.extend(self.b.store_argument());
            }
        }
    }

    /// A tape for the old content of one place.
    fn tape_of(&mut self, old: VarId) -> VarId {
        if let Some(tape) = self.tapes_of_old.get(&old) {
            return *tape;
        }
        let scope = self.b.versions[&old].scope;
        let once = !self.b.scopes[scope].in_loop;
        let tape = self.b.fresh("tape", Ty::Unknown, true, Role::Tape { once });
        self.tapes_of_old.insert(old, tape);
        self.new_tapes.push(tape);
        tape
    }

    /// Keeps the content of a place where the constants say so.
    pub(super) fn remember_if(
        &mut self,
        condition: &Condition,
        place: &Place,
        old: VarId,
        waits: bool,
        [code, after]: [&mut Vec<Stmt>; 2],
    ) {
        if self.b.is_list(place) {
            self.remember_list(condition, place, old, waits, [code, after]);
        } else if condition.is_always() {
            self.remember(place, old, code);
        } else if !condition.is_never() {
            let value = self.content_of(&self.unversioned(place), old);
            let tape = self.tape_of(old);
            let span = Span::mixed_site();
            let push = |tape, value| {
                let kind = StmtKind::Push { tape, values: vec![value] };
                Stmt { kind, span }
            };
            if !waits {
                condition.guard(vec![push(tape, value)], code);
                return;
            }
            // The callee's own come first on the store, as its reverse is the last to run.
            let waiting = self.b.fresh("waiting", Ty::Unknown, true, Role::Tape { once: true });
            code.push(Stmt { kind: StmtKind::NewTape { tape: waiting, expected: None }, span });
            condition.guard(vec![push(waiting, value)], code);
            let ty = self.b.out.vars[old.0 as usize].ty.clone();
            let kept = self.b.fresh("kept", ty, false, Role::Temp);
            let pop = Stmt { kind: StmtKind::Pop { tape: waiting, vars: vec![kept] }, span };
            let value = Expr::var(kept, &self.b.out.vars, span);
            condition.guard(vec![pop, push(tape, value)], after);
        }
    }

    /// Takes what [`Assembler::remember_if`] kept.
    pub(super) fn take_old(&mut self, old: VarId) -> Stmt {
        let tape = self.tape_of(old);
        Stmt { kind: StmtKind::Pop { tape, vars: vec![old] }, span: Span::mixed_site() }
    }

    /// Forward sweep: what the call is about to overwrite.
    pub(super) fn remember_lent(
        &mut self,
        node: &Node,
        code: &mut Vec<Stmt>,
        after: &mut Vec<Stmt>,
    ) {
        for lent in &node.lent {
            if let Some(place) = argument_place(&node.original, lent.arg) {
                let waits = self.b.options.calls == Calls::Handed;
                self.remember_if(&lent.keep(), &place, lent.old, waits, [code, after]);
            }
        }
    }

    /// The adjoint of the node, on buffers in the state they had before the call and, as far as
    /// anybody reads them, in that state afterwards.
    pub(super) fn adjoint_on_lent(&mut self, node: &Node, stmts: &mut Vec<Stmt>) {
        let mut after = Vec::new();
        for lent in &node.lent {
            let Some(place) = argument_place(&node.stmt, lent.arg) else { continue };
            let keep = lent.keep();
            if self.b.is_list(&place) {
                self.lists_on_lent(lent, &place, stmts, &mut after);
                continue;
            }
            if keep.is_always() {
                stmts.push(self.put_back(&place, lent.old, false));
            } else {
                let back = vec![self.take_old(lent.old), self.put_back(&place, lent.old, false)];
                keep.guard(back, stmts);
            }
            // What `back` works on it leaves in any state.
            let again = lent.needs.and(&lent.undo);
            if again.is_never() {
                continue;
            }
            if keep.is_always() && self.b.is_slice(&place) {
                again.guard(vec![self.put_back(&place, lent.old, false)], &mut after);
                continue;
            }
            let ty = self.b.out.vars[lent.old.0 as usize].ty.clone();
            let intact = self.b.fresh("intact", ty, false, Role::Temp);
            let tape = self.b.fresh("tape", Ty::Unknown, true, Role::Tape { once: true });
            let span = Span::mixed_site();
            stmts.push(Stmt { kind: StmtKind::NewTape { tape, expected: None }, span });
            let values = vec![self.content_of(&place, intact)];
            let push = Stmt { kind: StmtKind::Push { tape, values }, span };
            again.guard(vec![push], stmts);
            let pop = Stmt { kind: StmtKind::Pop { tape, vars: vec![intact] }, span };
            let back = self.put_back(&place, intact, false);
            again.guard(vec![pop, back], &mut after);
        }
        stmts.extend(node.adjoint.iter().cloned());
        stmts.extend(after);
    }
}
