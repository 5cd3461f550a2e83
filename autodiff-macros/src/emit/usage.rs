//! What printing has to know of the whole function before it prints a part.

use crate::ir::*;
use std::collections::HashSet;

/// Facts about the variables of what is printed.
pub struct Usage {
    /// Mentioned anywhere but where they are bound.
    pub mentioned: HashSet<VarId>,
    /// Part of an expression that is the receiver of a method: its type has to be known there.
    pub receivers: HashSet<VarId>,
    /// Variables whose type follows from the others'.
    follows: Vec<(VarId, Vec<VarId>)>,
}

impl Usage {
    pub fn of(f: &Function, blocks: &[&Block]) -> Usage {
        let mut usage =
            Usage { mentioned: HashSet::new(), receivers: HashSet::new(), follows: Vec::new() };
        for block in blocks {
            block.walk(&mut |stmt| usage.stmt(&stmt.kind));
        }
        if let Some(result) = &f.result {
            usage.expr(result);
        }
        // `let q = folded; q.sin()` needs the type of `folded`.
        let mut grows = true;
        while grows {
            grows = false;
            for (to, from) in &usage.follows {
                if usage.receivers.contains(to) {
                    grows |= from.iter().fold(false, |new, v| usage.receivers.insert(*v) | new);
                }
            }
        }
        usage
    }

    fn stmt(&mut self, stmt: &StmtKind) {
        for expr in stmt.exprs() {
            self.expr(expr);
        }
        let mut place = |place: &Place| {
            self.mentioned.insert(place.base);
        };
        match stmt {
            StmtKind::Assign { place: p, value } => {
                place(p);
                self.follow(p.base, value);
            }
            StmtKind::Let { var, init: Some(init) } => self.follow(*var, init),
            StmtKind::Update { place: p, .. }
            | StmtKind::VecPush { vec: p, .. }
            | StmtKind::Fill { place: p, .. }
            | StmtKind::Accumulate { to: p, .. }
            | StmtKind::SetZero(p)
            | StmtKind::PushList { from: p, .. }
            | StmtKind::PopList { to: p, .. }
            | StmtKind::VecPop { vec: p, .. } => place(p),
            StmtKind::Swap(a, b) | StmtKind::CopyFrom { to: a, from: b } => {
                place(a);
                place(b);
            }
            StmtKind::Opaque { opaque, .. } => opaque.for_each_var(&mut |v| {
                self.mentioned.insert(v);
            }),
            StmtKind::Match { arms, .. } => {
                for guard in arms.iter().filter_map(|arm| arm.guard.as_ref()) {
                    guard.for_each_var(&mut |v| {
                        self.mentioned.insert(v);
                    });
                }
            }
            StmtKind::For { exit, .. }
            | StmtKind::ForEach { exit, .. }
            | StmtKind::While { exit, .. } => self.mentioned.extend(exit),
            _ => {}
        }
    }

    fn follow(&mut self, to: VarId, value: &Expr) {
        let mut from = Vec::new();
        value.for_each_var(&mut |v| from.push(v));
        if !from.is_empty() {
            self.follows.push((to, from));
        }
    }

    fn expr(&mut self, expr: &Expr) {
        expr.for_each_var(&mut |v| {
            self.mentioned.insert(v);
        });
        expr.walk(&mut |e| {
            if let ExprKind::Intrinsic(_, args) = &e.kind
                && let Some(receiver) = args.first()
            {
                receiver.for_each_var(&mut |v| {
                    self.receivers.insert(v);
                });
            }
            // Its trait is looked up by the type.
            if let ExprKind::ZeroLike(place) = &e.kind {
                self.receivers.insert(place.base);
            }
            if let ExprKind::Opaque(opaque) = &e.kind {
                opaque.for_each_var(&mut |v| {
                    self.receivers.insert(v);
                });
            }
        });
    }
}
