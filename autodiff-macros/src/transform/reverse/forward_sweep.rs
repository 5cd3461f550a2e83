//! The forward sweep: the user's code, with what it has to keep.

use super::Calls;
use super::adjoint::int;
use super::assemble::Assembler;
use super::calls::keeps_inside;
use super::plan::Plan;
use super::statement::is_copy;
use super::versions::{Def, Node, ScopeId, Tree};
use crate::ir::*;
use proc_macro2::{Span, TokenStream};

impl Assembler<'_> {
    pub(super) fn forward(&mut self, tree: &Tree) -> Vec<Stmt> {
        let scope = tree.scope;
        let open = self.b.scopes[scope].open;
        let saved = if open { Vec::new() } else { self.plan.saved(scope) };
        // On a store, what is taken first has to come last.
        let at_entry = self.b.options.calls != Calls::Handed
            && !saved.is_empty()
            && saved.iter().all(|v| tree.entry.contains(v));
        let mut code = Vec::new();
        if at_entry {
            let values = saved.iter().map(|v| self.value_of(self.b.origin(*v), true)).collect();
            let stmt = self.save(scope, values);
            code.push(stmt);
        } else {
            for version in tree.entry.clone() {
                self.snapshot(version, tree, &mut code);
            }
            if scope == 0 {
                let mut params: Vec<VarId> = (self.b.versions.iter())
                    .filter(|(_, v)| matches!(v.def, Def::Param))
                    .map(|(id, _)| *id)
                    .collect();
                params.sort();
                for version in params {
                    self.snapshot(version, tree, &mut code);
                }
            }
        }
        for node in &tree.nodes {
            self.run_node(node, tree, &mut code);
        }
        if !saved.is_empty() && !at_entry {
            let values = saved
                .iter()
                .map(|v| {
                    let var = self.b.origin(*v);
                    let still_there = tree.end.get(&var) == Some(v) || *v == var;
                    let local = self.declared_in_scope(var, scope);
                    match still_there {
                        true => self.value_of(var, !local),
                        false => self.value_of(*v, false),
                    }
                })
                .collect();
            let stmt = self.save(scope, values);
            if scope == 0 {
                self.declare_tapes(0, &mut code);
            }
            code.push(stmt);
        }
        code
    }

    /// A statement of a block, and what is kept of its values.
    pub(super) fn run_node(&mut self, node: &Node, tree: &Tree, code: &mut Vec<Stmt>) {
        let mut own = self.forward_node(node);
        if self.b.scopes[tree.scope].open || tree.scope == 0 {
            self.declare_tapes(tree.scope, code);
        }
        code.append(&mut own);
        for version in &node.defs {
            self.snapshot(*version, tree, code);
        }
    }

    /// Keeps the values that a block needs on its way back.
    fn save(&mut self, scope: ScopeId, values: Vec<Expr>) -> Stmt {
        match self.buffers.get(&scope) {
            Some(buffer) => self.store(*buffer, values),
            None => {
                let tape = self.tape(scope);
                Stmt { kind: StmtKind::Push { tape, values }, span: Span::mixed_site() }
            }
        }
    }

    /// Tapes used for the first time. Those that grow live as long as the function, so that their
    /// memory is used again by the next iteration of a fused loop.
    pub(super) fn declare_tapes(&mut self, scope: ScopeId, code: &mut Vec<Stmt>) {
        let span = Span::mixed_site();
        if scope == 0 {
            code.append(&mut self.new_buffers);
        }
        for tape in std::mem::take(&mut self.new_tapes) {
            let once = matches!(self.b.out.vars[tape.0 as usize].role, Role::Tape { once: true });
            if scope == 0 || once {
                let expected = self.expected.remove(&tape);
                code.push(Stmt { kind: StmtKind::NewTape { tape, expected }, span });
            } else {
                self.new_tapes.push(tape);
            }
        }
    }

    /// Whether the variable goes out of scope with this block, so that it can be moved away.
    pub(super) fn declared_in_scope(&self, var: VarId, scope: ScopeId) -> bool {
        let is_entry = self
            .b
            .versions
            .values()
            .any(|v| v.var == var && v.scope == scope && matches!(v.def, Def::Entry));
        let outside = self.b.versions.values().any(|v| v.var == var && v.scope < scope);
        !is_entry && !outside
    }

    /// `let version = var;` where the version is saved and its variable will have another value.
    pub(super) fn snapshot(&mut self, version: VarId, tree: &Tree, code: &mut Vec<Stmt>) {
        let var = self.b.origin(version);
        if version == var || !self.plan.is_saved(version) {
            return;
        }
        if tree.end.get(&var) == Some(&version) {
            return;
        }
        code.push(Stmt {
            kind: StmtKind::Let { var: version, init: Some(self.value_of(var, true)) },
            span: Span::mixed_site(),
        });
    }

    /// A versioned place as the forward sweep writes it: at its point, variables have the values.
    pub(super) fn unversioned(&self, place: &Place) -> Place {
        let mut place = place.clone();
        place.base = self.b.origin(place.base);
        for e in place.exprs_mut() {
            e.rename_reads(&|v| self.b.origin(v));
        }
        place
    }

    pub(super) fn remember(&self, place: &Place, old: VarId, code: &mut Vec<Stmt>) {
        let value = self.content_of(&self.unversioned(place), old);
        code.push(Stmt {
            kind: StmtKind::Let { var: old, init: Some(value) },
            span: Span::mixed_site(),
        });
    }

    /// A copy of what the place holds, of the type of the variable it is for.
    pub(super) fn content_of(&self, place: &Place, var: VarId) -> Expr {
        let place = place.clone();
        let ty = self.b.out.vars[var.0 as usize].ty.clone();
        let is_slice = self.b.is_slice(&place);
        let kind = if is_copy(&ty) && !is_slice {
            ExprKind::Read(place)
        } else {
            ExprKind::Clone { place, vec: is_slice }
        };
        Expr::new(kind, ty, Span::mixed_site())
    }

    /// The statement without its blocks, if the forward sweep has it at all.
    pub(super) fn original(&self, node: &Node) -> Option<Stmt> {
        let mut stmt = node.original.clone();
        let left_out = !self.b.options.effects && is_pure_effect(&stmt);
        if node.bound_by_pattern || left_out {
            return None;
        }
        let active = self.is_active(&stmt);
        for e in stmt.kind.exprs_mut() {
            self.copies(e);
            if !self.b.options.effects && active {
                self.without_effects(e);
            }
        }
        Some(stmt)
    }

    pub(super) fn forward_node(&mut self, node: &Node) -> Vec<Stmt> {
        let (mut code, mut after) = (Vec::new(), Vec::new());
        let Some(mut stmt) = self.original(node) else {
            return code;
        };
        if let Some(rerun) = &node.rerun {
            let mut body = self.plain(&node.blocks[0]);
            body.extend(self.leave(node, rerun));
            stmt.kind.blocks_mut()[0].stmts.extend(body);
            return vec![stmt];
        }
        for (i, old) in &node.old_args {
            if let Some(place) = argument_place(&node.original, *i) {
                self.remember(&place, *old, &mut code);
            }
        }
        if node.restore {
            let waits = self.b.options.calls == Calls::Handed && keeps_inside(node);
            let mut old: Vec<_> = node.old.iter().collect();
            if !waits {
                // Taken in order.
                old.reverse();
            }
            for (place, old) in old {
                let code = [&mut code, &mut after];
                self.remember_if(&node.restore_if, place, *old, waits, code);
            }
        }
        self.remember_lent(node, &mut code, &mut after);
        self.keep_inside(node, &mut stmt);
        code.extend(node.early.iter().cloned());
        self.control(node, &mut stmt, &mut code);
        self.reserve(node, &stmt, &mut code);
        if !node.fused {
            let trips = self.trips(node);
            self.around.push(trips);
        }
        let mut blocks: Vec<Vec<Stmt>> = node.blocks.iter().map(|t| self.forward(t)).collect();
        if !node.fused {
            self.around.pop();
        }
        if node.fused {
            blocks[0].extend(self.reverse_body(&node.blocks[0]));
        }
        for (target, built) in stmt.kind.blocks_mut().into_iter().zip(blocks) {
            target.stmts.extend(built);
        }
        code.push(stmt);
        after.reverse();
        code.extend(after);
        code
    }

    /// Whether the statement gives an active variable a value.
    pub(super) fn is_active(&self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Eval(e) => self.b.writes_active(e),
            kind => kind.writes().iter().any(|v| self.b.activity.var(*v)),
        }
    }

    /// Keeps decisions, bounds and trip counts where the plan says so.
    pub(super) fn control(&mut self, node: &Node, stmt: &mut Stmt, code: &mut Vec<Stmt>) {
        let span = stmt.span;
        if node.fused || !node.blocks.iter().any(Tree::has_reverse) {
            return;
        }
        let mut keep = |plan: &Plan, vars: &[Var], version: Option<VarId>, e: &mut Expr| {
            let Some(version) = version.filter(|v| plan.is_saved(*v)) else {
                return;
            };
            let value = std::mem::replace(e, Expr::var(version, vars, span));
            code.push(Stmt { kind: StmtKind::Let { var: version, init: Some(value) }, span });
        };
        let vars = self.b.out.vars.clone();
        match &mut stmt.kind {
            StmtKind::If { cond, .. } => keep(&self.plan, &vars, node.control.cond, cond),
            StmtKind::For { range, .. } => {
                keep(&self.plan, &vars, node.control.lo, &mut range.lo);
                keep(&self.plan, &vars, node.control.hi, &mut range.hi);
                if let Some(step) = &mut range.step {
                    keep(&self.plan, &vars, node.control.step, step);
                }
            }
            StmtKind::Match { arms, .. } => {
                if let Some(arm) = node.control.arm {
                    code.push(Stmt { kind: StmtKind::Let { var: arm, init: None }, span });
                    for (i, a) in arms.iter_mut().enumerate() {
                        a.body.stmts.push(Stmt {
                            kind: StmtKind::Assign { place: Place::var(arm), value: int(i, span) },
                            span,
                        });
                    }
                }
            }
            _ => {}
        }
        let Some(trips) = node.control.trips else {
            return;
        };
        if self.pops_to_the_end(node) {
            return;
        }
        self.b.out.vars[trips.0 as usize].mutable = true;
        let zero = proc_macro2::Literal::usize_suffixed(0);
        let zero = TokenStream::from(proc_macro2::TokenTree::from(zero));
        let ty = Ty::Discrete(Some("usize".into()));
        code.push(Stmt {
            kind: StmtKind::Let {
                var: trips,
                init: Some(Expr::new(ExprKind::Lit(zero), ty, span)),
            },
            span,
        });
        for body in stmt.kind.blocks_mut() {
            body.stmts.push(Stmt {
                kind: StmtKind::Update {
                    place: Place::var(trips),
                    op: BinOp::Add,
                    value: int(1, span),
                },
                span,
            });
        }
    }

    /// A loop at function level with a tape of its own runs back until the tape is empty.
    pub(super) fn pops_to_the_end(&self, node: &Node) -> bool {
        let Some(body) = node.blocks.first() else {
            return false;
        };
        if self.b.options.calls == Calls::Handed {
            return false;
        }
        let by_count = matches!(node.stmt.kind, StmtKind::For { .. });
        let trips = node.control.trips.and_then(|t| self.b.versions.get(&t));
        // Elsewhere the tape has entries of other runs of the loop.
        let alone = trips.is_some_and(|t| self.b.scopes[t.scope].open);
        !by_count && alone && !self.plan.saved(body.scope).is_empty()
    }
}

/// The place behind the `i`-th argument of the statement's call.
pub(super) fn argument_place(stmt: &Stmt, i: usize) -> Option<Place> {
    for e in stmt.kind.exprs() {
        if let ExprKind::Call(call) = &e.kind
            && let Some(Arg::Expr(arg)) = call.args.get(i)
            && let ExprKind::Ref { place, .. } = &arg.kind
        {
            return Some(place.clone());
        }
    }
    None
}

/// A statement that only has effects (`println!`, a call that writes nothing), none of which
/// decides where control goes.
pub fn is_pure_effect(stmt: &Stmt) -> bool {
    let opaque = match &stmt.kind {
        StmtKind::Opaque { opaque, declares } if declares.is_empty() => opaque,
        StmtKind::Eval(e) => match &e.kind {
            ExprKind::Opaque(opaque) => opaque,
            _ => return stmt.kind.writes().is_empty(),
        },
        _ => return false,
    };
    let text = opaque.tokens.to_string();
    let diverges = ["panic", "unreachable", "todo", "unimplemented", "exit", "abort"]
        .iter()
        .any(|word| text.contains(word));
    opaque.writes.is_empty() && !diverges
}
