//! What calls overwrite. Whether it has to be kept depends on the callee, which the caller's macro
//! does not see: the callee publishes constants, and the code that keeps and puts back stands
//! behind an `if` on them, which rustc folds.
//!
//! `g::NEEDS[i]` tells whether `g::back` reads what the `i`-th parameter holds on entry,
//! `g::RESIZES[i]` whether the call may change its length.

use super::Builder;
use super::assemble::Assembler;
use super::forward_sweep::argument_place;
use super::plan::Reads;
use super::statement::is_copy;
use super::versions::{Def, Node};
use crate::ir::*;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Under which circumstances something is so: always, or if one of these constants is true.
#[derive(Clone, Default, Debug)]
pub struct Condition {
    always: bool,
    any: BTreeMap<String, TokenStream>,
}

impl Condition {
    pub fn always() -> Self {
        Condition { always: true, any: BTreeMap::new() }
    }

    /// `g::NEEDS[i]`
    fn constant(path: &syn::Path, name: &str, i: usize) -> Self {
        let mut path = path.clone();
        if let Some(last) = path.segments.last_mut() {
            last.arguments = syn::PathArguments::None;
        }
        let name = crate::names::local(name);
        let i = proc_macro2::Literal::usize_unsuffixed(i);
        let tokens = quote!(#path::#name[#i]);
        Condition { always: false, any: BTreeMap::from([(tokens.to_string(), tokens)]) }
    }

    pub fn is_never(&self) -> bool {
        !self.always && self.any.is_empty()
    }

    pub fn is_always(&self) -> bool {
        self.always
    }

    /// Whether that changes anything.
    pub fn or(&mut self, other: &Condition) -> bool {
        if self.always {
            return false;
        }
        if other.always {
            *self = Condition::always();
            return true;
        }
        let mut changed = false;
        for (key, tokens) in &other.any {
            // What a call may resize it needs.
            let implied = self.any.contains_key(&key.replace("RESIZES", "NEEDS"));
            if !implied && self.any.insert(key.clone(), tokens.clone()).is_none() {
                if key.contains("NEEDS") {
                    self.any.remove(&key.replace("NEEDS", "RESIZES"));
                }
                changed = true;
            }
        }
        changed
    }

    fn expr(&self) -> Expr {
        let bool_expr =
            |kind| Expr::new(kind, Ty::Discrete(Some("bool".into())), Span::mixed_site());
        let all = self.any.values().map(|tokens| bool_expr(ExprKind::Lit(tokens.clone())));
        let constant = |value: bool| bool_expr(ExprKind::Lit(quote!(#value)));
        if self.always {
            return constant(true);
        }
        all.reduce(|a, b| bool_expr(ExprKind::Binary(BinOp::Or, Box::new(a), Box::new(b))))
            .unwrap_or_else(|| constant(false))
    }

    /// The statements, where that is so.
    pub fn guard(&self, stmts: Vec<Stmt>, code: &mut Vec<Stmt>) {
        if self.always {
            code.extend(stmts);
        } else if !self.is_never() {
            let kind =
                StmtKind::If { cond: self.expr(), then: Block { stmts }, other: Block::default() };
            code.push(Stmt { kind, span: Span::mixed_site() });
        }
    }

    fn implies(&self, other: &Condition) -> bool {
        self.any.keys().all(|key| {
            other.any.contains_key(key) || other.any.contains_key(&key.replace("RESIZES", "NEEDS"))
        })
    }

    fn and(&self, other: &Condition) -> Condition {
        if self.always {
            return other.clone();
        }
        if other.always || self.implies(other) {
            return self.clone();
        }
        if other.implies(self) {
            return other.clone();
        }
        if self.is_never() || other.is_never() {
            return Condition::default();
        }
        let (a, b) = (self.expr(), other.expr());
        let (ExprKind::Lit(a), ExprKind::Lit(b)) = (&a.kind, &b.kind) else {
            // Rather too often.
            return self.clone();
        };
        let tokens = quote!(#a && #b);
        Condition { always: false, any: BTreeMap::from([(tokens.to_string(), tokens)]) }
    }
}

/// A `&mut` argument of a call whose adjoint works on the caller's buffer itself.
#[derive(Clone, Debug)]
pub struct Lent {
    /// Which argument.
    pub arg: usize,
    pub base: VarId,
    needs: Condition,
    resizes: Condition,
    /// When earlier statements want the old content back. Decided by the to-be-recorded analysis.
    pub undo: Condition,
    /// The old content.
    pub old: VarId,
}

impl Lent {
    /// When the old content is kept.
    fn keep(&self) -> Condition {
        let mut keep = self.undo.clone();
        keep.or(&self.needs);
        keep
    }
}

/// What the reverse sweep reads of memory, as the to-be-recorded analysis follows it.
#[derive(Clone, Default)]
pub struct ReadSet {
    content: HashMap<VarId, Condition>,
    /// Who reads the length: the constant of a call that is lent the buffer, which only matters
    /// where that is false; an empty text for all else.
    shape: HashMap<VarId, BTreeSet<String>>,
}

impl ReadSet {
    pub fn extend(&mut self, other: ReadSet) {
        for (var, condition) in other.content {
            self.content.entry(var).or_default().or(&condition);
        }
        for (var, readers) in other.shape {
            self.shape.entry(var).or_default().extend(readers);
        }
    }

    pub fn add(&mut self, reads: &Reads) {
        for var in &reads.content {
            self.content.insert(*var, Condition::always());
        }
        for var in &reads.shape {
            self.shape.entry(*var).or_default().insert(String::new());
        }
    }

    /// Whether somebody reads the content.
    pub fn reads(&self, var: VarId) -> bool {
        self.content.contains_key(&var)
    }

    pub fn remove(&mut self, var: VarId) {
        self.content.remove(&var);
        self.shape.remove(&var);
    }

    /// What was read under one name is now under the other; whether there was anything.
    pub fn swap(&mut self, a: VarId, b: VarId) {
        let mut both = self.content.get(&a).cloned().unwrap_or_default();
        both.or(&self.content.get(&b).cloned().unwrap_or_default());
        if !both.is_never() {
            self.content.insert(a, both.clone());
            self.content.insert(b, both);
        }
        let mut readers = self.shape.get(&a).cloned().unwrap_or_default();
        readers.extend(self.shape.get(&b).cloned().unwrap_or_default());
        if !readers.is_empty() {
            self.shape.insert(a, readers.clone());
            self.shape.insert(b, readers);
        }
    }

    /// Adds what a statement's adjoint reads. Calls of `back` read their arguments if the callee
    /// says so.
    pub fn adjoint(&mut self, adjoint: &[Stmt]) {
        let mut reads = Reads::default();
        for stmt in adjoint {
            let StmtKind::Eval(Expr { kind: ExprKind::Call(call), .. }) = &stmt.kind else {
                reads.stmts(std::slice::from_ref(stmt));
                continue;
            };
            let primals = match call.mode {
                Mode::Back(0) | Mode::BackUnused(0) => call.args.len() / 2,
                _ => 0,
            };
            for (i, arg) in call.args.iter().enumerate() {
                let Arg::Expr(arg) = arg else { continue };
                let place = match &arg.kind {
                    ExprKind::Read(p)
                    | ExprKind::Ref { place: p, .. }
                    | ExprKind::Clone { place: p, .. }
                        if i < primals =>
                    {
                        p
                    }
                    _ => {
                        reads.expr(arg);
                        continue;
                    }
                };
                let needs = Condition::constant(&call.path, "NEEDS", i);
                let readers = self.shape.entry(place.base).or_default();
                // The content of a lent buffer is put back if it is needed.
                if matches!(arg.kind, ExprKind::Ref { mutable: true, .. }) {
                    readers.extend(needs.any.into_keys());
                } else {
                    readers.insert(String::new());
                    self.content.entry(place.base).or_default().or(&needs);
                }
                for e in place.exprs() {
                    reads.expr(e);
                }
            }
        }
        self.add(&reads);
    }

    /// When the statement destroys what is read of a buffer that it writes.
    pub fn destroyed(&self, node: &Node, var: VarId) -> Condition {
        let mut out = self.content.get(&var).cloned().unwrap_or_default();
        if let Some(readers) = self.shape.get(&var) {
            out.or(&resizes(node, var, readers));
        }
        out
    }
}

/// When the statement may change the length of a buffer.
fn resizes(node: &Node, var: VarId, readers: &BTreeSet<String>) -> Condition {
    match &node.original.kind {
        StmtKind::VecPush { vec, .. } | StmtKind::VecPop { vec, .. } if vec.base == var => {
            return Condition::always();
        }
        StmtKind::Assign { place, .. } if place.base == var && place.is_whole() => {
            return Condition::always();
        }
        StmtKind::Swap(..) | StmtKind::Opaque { .. } => return Condition::always(),
        _ => {}
    }
    let mut out = Condition::default();
    for lent in node.lent.iter().filter(|lent| lent.base == var) {
        // What a call may resize it needs: it does not read its own outcome.
        if readers.iter().any(|reader| !lent.needs.any.contains_key(reader)) {
            out.or(&lent.resizes);
        }
    }
    for e in node.original.kind.exprs() {
        match &e.kind {
            ExprKind::Opaque(o) if o.writes.iter().any(|w| w.1 == var) => {
                return Condition::always();
            }
            ExprKind::Call(call) => {
                for (i, arg) in call.args.iter().enumerate() {
                    let Arg::Expr(Expr {
                        kind: ExprKind::Ref { mutable: true, place }, ty, ..
                    }) = arg
                    else {
                        continue;
                    };
                    let lent = node.lent.iter().any(|lent| lent.arg == i);
                    if place.base == var && !lent && !has_fixed_shape(ty) && place.is_whole() {
                        return Condition::always();
                    }
                }
            }
            _ => {}
        }
    }
    out
}

/// Whether no function that gets such a `&mut` can change the length of anything in it.
pub fn has_fixed_shape(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) | Ty::Discrete(_) | Ty::Unit => is_copy(ty),
        Ty::Array(item, _) | Ty::Slice(item) => has_fixed_shape(item),
        Ty::Tuple(items) => items.iter().all(has_fixed_shape),
        Ty::Ref { inner, .. } => has_fixed_shape(inner),
        Ty::Vec(_) | Ty::Named(_) | Ty::Unknown => false,
    }
}

/// For the first `n` parameters of a reverse function: whether it reads what they hold on entry.
/// Handing one on to another function counts, so that constants of companions never depend on each
/// other; its length does not, unless it can change.
pub fn needs(f: &Function, n: usize) -> Vec<bool> {
    let mut content = HashSet::new();
    let mut of = |e: &Expr| {
        e.walk(&mut |e| match &e.kind {
            ExprKind::Len(_) | ExprKind::ZeroLike(_) => {}
            ExprKind::Opaque(o) => o.for_each_var(&mut |v| {
                content.insert(v);
            }),
            _ => content.extend(e.own_place().map(|p| p.base)),
        });
    };
    f.body.walk(&mut |stmt| stmt.kind.exprs().into_iter().for_each(&mut of));
    f.result.iter().for_each(&mut of);
    f.body.walk(&mut |stmt| match &stmt.kind {
        StmtKind::SameShape { .. } => {}
        // Targets and what patterns bind are no expressions.
        kind => kind.for_each_var(&mut |v| {
            let in_exprs = kind.exprs().iter().any(|e| e.mentions(v));
            if !in_exprs {
                content.insert(v);
            }
        }),
    });
    let one = |param: &VarId| {
        let ty = &f.var(*param).ty;
        let flat = match ty.peel() {
            Ty::Vec(item) => has_fixed_shape(item) && !matches!(ty, Ty::Ref { mutable: true, .. }),
            ty => has_fixed_shape(ty),
        };
        !flat || content.contains(param)
    };
    f.params[..n].iter().map(one).collect()
}

impl Node {
    /// Enters that what the statement does to a buffer has to be undone; whether that is new.
    pub fn undo(&mut self, var: VarId, when: &Condition) -> bool {
        if when.is_never() {
            return false;
        }
        if let Some(lent) = self.lent.iter_mut().find(|lent| lent.base == var) {
            return lent.undo.or(when);
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
            Arg::Expr(e) => i != arg && e.mentions(base),
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
        let old = self.pseudo_version("before", ty.clone(), at.0, at.1, Def::Old);
        node.lent.push(Lent {
            arg,
            base: place.base,
            needs: Condition::constant(&call.path, "NEEDS", arg),
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
        code: &mut Vec<Stmt>,
    ) {
        if condition.is_always() {
            self.remember(place, old, code);
        } else if !condition.is_never() {
            let value = self.content_of(&self.unversioned(place), old);
            let tape = self.tape_of(old);
            let kind = StmtKind::Push { tape, values: vec![value] };
            condition.guard(vec![Stmt { kind, span: Span::mixed_site() }], code);
        }
    }

    /// Takes what [`Assembler::remember_if`] kept.
    pub(super) fn take_old(&mut self, old: VarId) -> Stmt {
        let tape = self.tape_of(old);
        Stmt { kind: StmtKind::Pop { tape, vars: vec![old] }, span: Span::mixed_site() }
    }

    /// Forward sweep: what the call is about to overwrite.
    pub(super) fn remember_lent(&mut self, node: &Node, code: &mut Vec<Stmt>) {
        for lent in &node.lent {
            if let Some(place) = argument_place(&node.original, lent.arg) {
                self.remember_if(&lent.keep(), &place, lent.old, code);
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
            stmts.push(Stmt { kind: StmtKind::NewTape { tape }, span });
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
