//! What the reverse sweep reads of buffers: content, under conditions, and lengths.

use super::condition::Condition;
use super::plan::Reads;
use super::statement::is_copy;
use super::versions::Node;
use crate::ir::*;
use std::collections::{BTreeSet, HashMap, HashSet};

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
                // The last one is the store.
                Mode::Reverse | Mode::ReverseUnused => (call.args.len() - 1) / 2,
                _ => 0,
            };
            let constant = needs_of(call.mode);
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
                let needs = Condition::constant(&call.path, constant, i);
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
                if !o.wants_only_length(v) {
                    content.insert(v);
                }
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

/// The constant that tells what the adjoint reads of its arguments.
fn needs_of(mode: Mode) -> &'static str {
    match mode {
        Mode::Reverse | Mode::ReverseUnused => "REVERSE_NEEDS",
        _ => "NEEDS",
    }
}
