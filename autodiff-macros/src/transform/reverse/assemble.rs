//! Both sweeps from the tree and the plan.

use super::adjoint::{int, owned_tangent};
use super::fold::Folded;
use super::plan::{Plan, Reads};
use super::statement::is_copy;
use super::versions::{Def, Node, ScopeId, Tree};
use super::{Builder, Reverse, Split};
use crate::ir::*;
use proc_macro2::{Span, TokenStream};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[allow(clippy::too_many_arguments)]
pub fn run(
    b: Builder,
    tree: Tree,
    result_adjoint: Vec<Stmt>,
    folded: Folded,
    plan: Plan,
    seed: Option<VarId>,
    bars: Vec<Option<VarId>>,
    has_effects: bool,
) -> Reverse {
    let mut a = Assembler {
        kept: kept_variables(&b, &tree, &plan, &folded, &result_adjoint),
        end: tree.end.clone(),
        b,
        plan,
        folded,
        tapes: BTreeMap::new(),
        new_tapes: Vec::new(),
    };
    let mut forward = a.forward(&tree);
    let mut reverse = a.zeros(0);
    // Zeros come first: the result's adjoint may be a contribution to one of them.
    reverse.extend(result_adjoint);
    reverse.extend(a.reverse_nodes(&tree));
    let restored = restored_buffers(&a.b, &tree);
    let names = a.names_at_end();
    for stmt in &mut reverse {
        rename_stmt(stmt, &names);
    }
    let needs = a.needs(&reverse);
    let mut params = a.b.source.params.clone();
    params.extend(seed);
    params.extend(bars.iter().flatten());
    super::naming::run(&mut a.b, &forward, &reverse, &params);
    let span = Span::mixed_site();
    let mut result = a.b.source.result.clone();
    if let Some(result) = &mut result {
        a.copies(result);
    }
    let mut function = a.b.out.clone();
    let (before, value, after) = if a.b.options.split {
        Default::default()
    } else {
        a.outputs(result.clone(), &restored)
    };
    let split = if a.b.options.split {
        let unit = Expr::new(
            ExprKind::Lit(TokenStream::from(proc_macro2::TokenTree::from(
                proc_macro2::Group::new(proc_macro2::Delimiter::Parenthesis, TokenStream::new()),
            ))),
            Ty::Unit,
            span,
        );
        let gradient = bars
            .iter()
            .flatten()
            .map(|bar| Expr::var(*bar, &a.b.out.vars, span))
            .collect();
        Some(Split {
            forward: Block {
                stmts: std::mem::take(&mut forward),
            },
            result: result.clone().unwrap_or(unit),
            reverse: Block {
                stmts: std::mem::take(&mut reverse),
            },
            gradient,
        })
    } else {
        let mut body = Vec::new();
        body.extend(forward);
        body.extend(before);
        body.extend(reverse);
        body.extend(a.add_local_bars(&bars));
        body.extend(after);
        function = a.b.out.clone();
        function.body = Block { stmts: body };
        function.result = value;
        if function.result.is_none() {
            function.result_ty = Ty::Unit;
        }
        if !a.b.options.value {
            function.scratch = function.params.clone();
        }
        function.params.extend(seed);
        function.params.extend(bars.iter().flatten());
        None
    };
    Reverse {
        function,
        seed,
        bars,
        split,
        needs,
        has_effects,
    }
}

/// Buffers that the reverse sweep puts back, so that their final state is lost.
fn restored_buffers(b: &Builder, tree: &Tree) -> BTreeSet<VarId> {
    let mut out = BTreeSet::new();
    for node in &tree.nodes {
        if node.restore {
            let writes = node.original.kind.writes();
            out.extend(writes.into_iter().filter(|v| b.is_memory(*v)));
        }
        for inner in &node.blocks {
            out.extend(restored_buffers(b, inner));
        }
    }
    out
}

/// Variables that have to hold their value until it is saved or the reverse sweep reads it: moves
/// out of them become copies.
fn kept_variables(
    b: &Builder,
    tree: &Tree,
    plan: &Plan,
    folded: &Folded,
    result_adjoint: &[Stmt],
) -> BTreeSet<VarId> {
    let mut reads = Reads::default();
    reads.stmts(result_adjoint);
    collect(tree, folded, &mut reads);
    let mut kept: BTreeSet<VarId> = reads
        .content
        .iter()
        .chain(&reads.shape)
        .map(|v| b.origin(*v))
        .collect();
    for scope in 0..b.scopes.len() {
        kept.extend(plan.saved(scope).iter().map(|v| b.origin(*v)));
        for version in plan.recomputed(scope) {
            if let Some(Def::Expr(e)) = b.versions.get(&version).map(|v| &v.def) {
                e.for_each_var(&mut |v| {
                    kept.insert(b.origin(v));
                });
            }
        }
    }
    kept.extend(restored_buffers(b, tree));
    return kept;

    fn collect(tree: &Tree, folded: &Folded, reads: &mut Reads) {
        for (_, zero) in folded.zeros.get(&tree.scope).into_iter().flatten() {
            reads.expr(zero);
        }
        for node in &tree.nodes {
            reads.stmts(&node.adjoint);
            for inner in &node.blocks {
                collect(inner, folded, reads);
            }
        }
    }
}

struct Assembler<'f> {
    b: Builder<'f>,
    plan: Plan,
    folded: Folded,
    kept: BTreeSet<VarId>,
    /// Versions at the end of the function.
    end: HashMap<VarId, VarId>,
    tapes: BTreeMap<ScopeId, VarId>,
    /// Tapes used for the first time in the function-level statement at hand.
    new_tapes: Vec<VarId>,
}

impl Assembler<'_> {
    fn tape(&mut self, scope: ScopeId) -> VarId {
        if let Some(tape) = self.tapes.get(&scope) {
            return *tape;
        }
        let once = !self.b.scopes[scope].in_loop;
        let tape = self
            .b
            .fresh("tape", Ty::Unknown, true, Role::Tape { once });
        self.tapes.insert(scope, tape);
        self.new_tapes.push(tape);
        tape
    }

    /// The value of a variable, copied if it has to stay.
    fn value_of(&self, var: VarId, keep: bool) -> Expr {
        let ty = self.b.out.vars[var.0 as usize].ty.clone();
        let place = Place::var(var);
        let kind = if keep && !is_copy(&ty) {
            let vec = matches!(ty.peel(), Ty::Slice(_));
            ExprKind::Clone { place, vec }
        } else {
            ExprKind::Read(place)
        };
        Expr::new(kind, ty, Span::mixed_site())
    }

    /// Moves out of variables that are still needed become copies.
    fn copies(&self, e: &mut Expr) {
        e.rewrite(&mut |e| {
            if let ExprKind::Read(place) = &e.kind
                && self.kept.contains(&place.base)
                && !is_copy(&e.ty)
                && !e.ty.is_scalar()
            {
                let vec = matches!(e.ty.peel(), Ty::Slice(_));
                e.kind = ExprKind::Clone {
                    place: place.clone(),
                    vec,
                };
            }
        });
    }

    fn forward(&mut self, tree: &Tree) -> Vec<Stmt> {
        let span = Span::mixed_site();
        let scope = tree.scope;
        let saved = if scope == 0 {
            Vec::new()
        } else {
            self.plan.saved(scope)
        };
        let at_entry = !saved.is_empty() && saved.iter().all(|v| tree.entry.contains(v));
        let mut code = Vec::new();
        if at_entry {
            let values = saved
                .iter()
                .map(|v| self.value_of(self.b.origin(*v), true))
                .collect();
            let tape = self.tape(scope);
            code.push(Stmt {
                kind: StmtKind::Push { tape, values },
                span,
            });
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
            let mut own = self.forward_node(node);
            if scope == 0 {
                for tape in std::mem::take(&mut self.new_tapes) {
                    code.push(Stmt {
                        kind: StmtKind::NewTape { tape },
                        span,
                    });
                }
            }
            code.append(&mut own);
            for version in node.defs.clone() {
                self.snapshot(version, tree, &mut code);
            }
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
            let tape = self.tape(scope);
            code.push(Stmt {
                kind: StmtKind::Push { tape, values },
                span,
            });
        }
        code
    }

    /// Whether the variable goes out of scope with this block, so that it can be moved away.
    fn declared_in_scope(&self, var: VarId, scope: ScopeId) -> bool {
        let is_entry = self.b.versions.values().any(|v| {
            v.var == var && v.scope == scope && matches!(v.def, Def::Entry)
        });
        let outside = self
            .b
            .versions
            .values()
            .any(|v| v.var == var && v.scope < scope);
        !is_entry && !outside
    }

    /// `let version = var;` where the version is saved and its variable will have another value.
    fn snapshot(&mut self, version: VarId, tree: &Tree, code: &mut Vec<Stmt>) {
        let var = self.b.origin(version);
        if version == var || !self.plan.is_saved(version) {
            return;
        }
        if tree.end.get(&var) == Some(&version) {
            return;
        }
        code.push(Stmt {
            kind: StmtKind::Let {
                var: version,
                init: Some(self.value_of(var, true)),
            },
            span: Span::mixed_site(),
        });
    }

    /// A versioned place as the forward sweep writes it: at its point, variables have the values.
    fn unversioned(&self, place: &Place) -> Place {
        let mut place = place.clone();
        place.base = self.b.origin(place.base);
        for e in place.exprs_mut() {
            e.rewrite(&mut |e| match &mut e.kind {
                ExprKind::Read(p)
                | ExprKind::Ref { place: p, .. }
                | ExprKind::Clone { place: p, .. }
                | ExprKind::Len(p)
                | ExprKind::ZeroLike(p) => p.base = self.b.origin(p.base),
                ExprKind::Opaque(o) => {
                    for (_, v) in &mut o.reads {
                        *v = self.b.origin(*v);
                    }
                }
                _ => {}
            });
        }
        place
    }

    fn remember(&self, place: &Place, old: VarId, code: &mut Vec<Stmt>) {
        let place = self.unversioned(place);
        let ty = self.b.out.vars[old.0 as usize].ty.clone();
        let is_slice = matches!(place.proj.last(), Some(Proj::Slice { .. }))
            || place.is_whole()
                && matches!(self.b.out.vars[place.base.0 as usize].ty.peel(), Ty::Slice(_));
        let kind = if is_copy(&ty) && !is_slice {
            ExprKind::Read(place)
        } else {
            ExprKind::Clone {
                place,
                vec: is_slice,
            }
        };
        code.push(Stmt {
            kind: StmtKind::Let {
                var: old,
                init: Some(Expr::new(kind, ty, Span::mixed_site())),
            },
            span: Span::mixed_site(),
        });
    }

    fn forward_node(&mut self, node: &Node) -> Vec<Stmt> {
        let mut code = Vec::new();
        if node.bound_by_pattern {
            return code;
        }
        let mut stmt = node.original.clone();
        if !self.b.options.effects && is_pure_effect(&stmt) {
            return code;
        }
        let active = self.is_active(&stmt);
        for e in stmt.kind.exprs_mut() {
            self.copies(e);
            if !self.b.options.effects && active {
                self.without_effects(e);
            }
        }
        for (i, old) in &node.old_args {
            if let Some(place) = argument_place(&node.original, *i) {
                self.remember(&place, *old, &mut code);
            }
        }
        if node.restore {
            for (place, old) in &node.old {
                self.remember(place, *old, &mut code);
            }
        }
        self.control(node, &mut stmt, &mut code);
        let blocks: Vec<Vec<Stmt>> = node.blocks.iter().map(|t| self.forward(t)).collect();
        for (target, built) in stmt.kind.blocks_mut().into_iter().zip(blocks) {
            target.stmts.extend(built);
        }
        code.push(stmt);
        code
    }

    /// Whether the statement gives an active variable a value.
    fn is_active(&self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Eval(e) => self.b.writes_active(e),
            kind => kind.writes().iter().any(|v| self.b.activity.var(*v)),
        }
    }

    /// Keeps decisions, bounds and trip counts where the plan says so.
    fn control(&mut self, node: &Node, stmt: &mut Stmt, code: &mut Vec<Stmt>) {
        let span = stmt.span;
        if !node.blocks.iter().any(Tree::has_reverse) {
            return;
        }
        let mut keep = |plan: &Plan, vars: &[Var], version: Option<VarId>, e: &mut Expr| {
            let Some(version) = version.filter(|v| plan.is_saved(*v)) else {
                return;
            };
            let value = std::mem::replace(e, Expr::var(version, vars, span));
            code.push(Stmt {
                kind: StmtKind::Let {
                    var: version,
                    init: Some(value),
                },
                span,
            });
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
                    code.push(Stmt {
                        kind: StmtKind::Let {
                            var: arm,
                            init: None,
                        },
                        span,
                    });
                    for (i, a) in arms.iter_mut().enumerate() {
                        a.body.stmts.push(Stmt {
                            kind: StmtKind::Assign {
                                place: Place::var(arm),
                                value: int(i, span),
                            },
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
    fn pops_to_the_end(&self, node: &Node) -> bool {
        let Some(body) = node.blocks.first() else {
            return false;
        };
        let by_count = matches!(node.stmt.kind, StmtKind::For { .. });
        let at_function_level = node
            .control
            .trips
            .and_then(|t| self.b.versions.get(&t))
            .is_some_and(|t| t.scope == 0);
        !by_count && at_function_level && !self.plan.saved(body.scope).is_empty()
    }

    fn without_effects(&self, e: &mut Expr) {
        let active = |e: &Expr| self.b.call_is_active(e);
        e.rewrite(&mut |e| {
            let quiet = matches!(&e.kind, ExprKind::Call(c) if c.refuse.is_none()) && active(e);
            if let ExprKind::Call(call) = &mut e.kind
                && quiet
                && call.mode == Mode::Primal
            {
                call.mode = Mode::Value;
            }
        });
    }

    fn zeros(&mut self, scope: ScopeId) -> Vec<Stmt> {
        let zeros = self.folded.zeros.get(&scope).cloned().unwrap_or_default();
        let span = Span::mixed_site();
        zeros
            .into_iter()
            .map(|(bar, zero)| Stmt {
                kind: StmtKind::Let {
                    var: bar,
                    init: Some(zero),
                },
                span,
            })
            .collect()
    }

    /// The reverse of a nested block, popping what it saved.
    fn reverse_block(&mut self, tree: &Tree) -> Block {
        let mut stmts = Vec::new();
        if !tree.has_reverse() {
            return Block { stmts };
        }
        let saved = self.plan.saved(tree.scope);
        if !saved.is_empty() {
            stmts.push(Stmt {
                kind: StmtKind::Pop {
                    tape: self.tape(tree.scope),
                    vars: saved,
                },
                span: Span::mixed_site(),
            });
        }
        stmts.extend(self.reverse_body(tree));
        Block { stmts }
    }

    fn reverse_body(&mut self, tree: &Tree) -> Vec<Stmt> {
        let mut stmts = self.recompute(tree);
        stmts.extend(self.zeros(tree.scope));
        stmts.extend(self.reverse_nodes(tree));
        stmts
    }

    /// Values of the block that follow from what is there.
    fn recompute(&mut self, tree: &Tree) -> Vec<Stmt> {
        let span = Span::mixed_site();
        let mut stmts = Vec::new();
        let chosen = self.plan.recomputed(tree.scope);
        let controls: BTreeSet<VarId> =
            tree.nodes.iter().flat_map(|n| n.control.all()).collect();
        let mut tuples_done = BTreeSet::new();
        for id in chosen {
            let version = self.b.versions[&id].clone();
            if controls.contains(&id) {
                continue;
            }
            match version.def {
                Def::Expr(mut init) => {
                    self.without_effects(&mut init);
                    stmts.push(Stmt {
                        kind: StmtKind::Let {
                            var: id,
                            init: Some(init),
                        },
                        span,
                    });
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
                    stmts.push(Stmt {
                        kind: StmtKind::LetTuple { vars, init },
                        span,
                    });
                }
                _ => {}
            }
        }
        stmts
    }

    fn reverse_nodes(&mut self, tree: &Tree) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        for node in tree.nodes.iter().rev() {
            if !node.has_reverse() {
                continue;
            }
            if node.restore {
                self.restore(node, &mut stmts);
            }
            stmts.extend(node.adjoint.iter().cloned());
            if node.blocks.iter().any(Tree::has_reverse) {
                self.reverse_composite(node, &mut stmts);
            }
        }
        stmts
    }

    /// Puts the old content of the written buffers back.
    fn restore(&mut self, node: &Node, stmts: &mut Vec<Stmt>) {
        let span = node.stmt.span;
        match &node.stmt.kind {
            StmtKind::Swap(a, b) => stmts.push(Stmt {
                kind: StmtKind::Swap(a.clone(), b.clone()),
                span,
            }),
            StmtKind::VecPush { vec, .. } => stmts.push(Stmt {
                kind: StmtKind::VecPop {
                    vec: vec.clone(),
                    into: None,
                },
                span,
            }),
            _ => {}
        }
        let mut kept: Vec<(Place, VarId, bool)> = node
            .old
            .iter()
            .map(|(place, old)| (place.clone(), *old, false))
            .collect();
        for (i, old) in &node.old_args {
            if let Some(place) = argument_place(&node.stmt, *i) {
                kept.push((place, *old, true));
            }
        }
        for (place, old, needed_again) in kept {
            let is_slice = matches!(place.proj.last(), Some(Proj::Slice { .. }))
                || place.is_whole()
                    && matches!(
                        self.b.out.vars[place.base.0 as usize].ty.peel(),
                        Ty::Slice(_)
                    );
            let kind = if is_slice {
                StmtKind::CopyFrom {
                    to: place,
                    from: Place::var(old),
                }
            } else {
                let mut place = place;
                let is_reference =
                    matches!(self.b.out.vars[place.base.0 as usize].ty, Ty::Ref { .. });
                if place.proj.is_empty() && is_reference {
                    place.proj.push(Proj::Deref);
                }
                StmtKind::Assign {
                    place,
                    value: self.value_of(old, needed_again),
                }
            };
            stmts.push(Stmt { kind, span });
        }
    }

    /// A saved control value, or the expression for it.
    fn control_value(&mut self, version: VarId) -> Expr {
        if self.plan.is_recomputed(version)
            && let Some(Def::Expr(e)) = self.b.versions.get(&version).map(|v| &v.def)
        {
            let mut e = e.clone();
            self.without_effects(&mut e);
            return e;
        }
        Expr::var(version, &self.b.out.vars, Span::mixed_site())
    }

    fn reverse_composite(&mut self, node: &Node, stmts: &mut Vec<Stmt>) {
        let span = node.stmt.span;
        let control = node.control.clone();
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
                StmtKind::Match {
                    scrutinee: Expr::var(arm, &self.b.out.vars, span),
                    arms,
                }
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
                let trips = control
                    .trips
                    .map(|t| Expr::var(t, &self.b.out.vars, span));
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
                    body: self.reverse_block(tree),
                    exit: None,
                }
            }
            StmtKind::ForEach { .. } | StmtKind::While { .. } => {
                let tree = &node.blocks[0];
                if self.pops_to_the_end(node) {
                    StmtKind::WhilePop {
                        tape: self.tape(tree.scope),
                        vars: self.plan.saved(tree.scope),
                        body: Block {
                            stmts: self.reverse_body(tree),
                        },
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

    fn index_version(&self, index: VarId, scope: ScopeId) -> VarId {
        let found = self.b.versions.iter().find(|(_, v)| {
            v.var == index && v.scope == scope && matches!(v.def, Def::Index)
        });
        found.map_or(index, |(id, _)| *id)
    }

    /// Function-level versions whose variable still holds them at the end.
    fn names_at_end(&self) -> HashMap<VarId, VarId> {
        self.end
            .iter()
            .filter(|(var, version)| {
                var != version && self.b.versions.get(version).is_some_and(|v| v.scope == 0)
            })
            .map(|(var, version)| (*version, *var))
            .collect()
    }

    fn needs(&self, reverse: &[Stmt]) -> Vec<bool> {
        let mut reads = Reads::default();
        reads.stmts(reverse);
        self.b
            .source
            .params
            .iter()
            .map(|p| {
                let memory = self.b.is_memory(*p);
                memory || reads.content.iter().any(|v| self.b.origin(*v) == *p)
            })
            .collect()
    }

    /// The value and the final state of `&mut` parameters: what comes before the reverse sweep,
    /// the result, and what comes after.
    fn outputs(
        &mut self,
        result: Option<Expr>,
        restored: &BTreeSet<VarId>,
    ) -> (Vec<Stmt>, Option<Expr>, Vec<Stmt>) {
        let span = Span::mixed_site();
        let mut before = Vec::new();
        let mut after = Vec::new();
        if !self.b.options.value {
            return (before, None, after);
        }
        let result = result.map(|result| {
            let mut early = false;
            result.walk(&mut |e| match &e.kind {
                ExprKind::Lit(_) | ExprKind::Const(_) => {}
                ExprKind::Read(p) if !self.b.is_memory(p.base) => {}
                ExprKind::Binary(..)
                | ExprKind::Neg(_)
                | ExprKind::Tuple(_)
                | ExprKind::Intrinsic(..) => {}
                _ => early = true,
            });
            if !early {
                return result;
            }
            let ty = result.ty.clone();
            let value = self.b.fresh("value", ty, false, Role::Temp);
            before.push(Stmt {
                kind: StmtKind::Let {
                    var: value,
                    init: Some(result),
                },
                span,
            });
            Expr::var(value, &self.b.out.vars, span)
        });
        for param in self.b.source.params.clone() {
            let var = self.b.source.var(param).clone();
            if !restored.contains(&param) || !matches!(var.ty, Ty::Ref { mutable: true, .. }) {
                continue;
            }
            let ty = owned_tangent(&var.ty);
            let name = format!("{}_end", super::adjoint::plain(&var.name));
            let end = self.b.fresh(&name, ty.clone(), false, Role::Temp);
            let is_slice = matches!(var.ty.peel(), Ty::Slice(_));
            let whole = Place {
                base: param,
                proj: vec![Proj::Deref],
            };
            let kind = if is_copy(&ty) {
                ExprKind::Read(whole.clone())
            } else {
                ExprKind::Clone {
                    place: whole.clone(),
                    vec: is_slice,
                }
            };
            before.push(Stmt {
                kind: StmtKind::Let {
                    var: end,
                    init: Some(Expr::new(kind, ty, span)),
                },
                span,
            });
            let kind = if is_slice {
                StmtKind::CopyFrom {
                    to: whole,
                    from: Place::var(end),
                }
            } else {
                StmtKind::Assign {
                    place: whole,
                    value: Expr::var(end, &self.b.out.vars, span),
                }
            };
            after.push(Stmt { kind, span });
        }
        (before, result, after)
    }

    /// Overwritten by-value parameters: their adjoint goes to the caller's buffer at the end.
    fn add_local_bars(&self, bars: &[Option<VarId>]) -> Vec<Stmt> {
        let span = Span::mixed_site();
        let mut out = Vec::new();
        for (param, bar) in self.b.source.params.iter().zip(bars) {
            let (Some(bar), Some(local)) = (bar, self.b.bars.get(param)) else {
                continue;
            };
            if bar == local {
                continue;
            }
            let ty = owned_tangent(&self.b.source.var(*param).ty);
            let to = Place {
                base: *bar,
                proj: vec![Proj::Deref],
            };
            let kind = if ty.is_scalar() {
                StmtKind::Update {
                    place: to,
                    op: BinOp::Add,
                    value: Expr::var(*local, &self.b.out.vars, span),
                }
            } else {
                let reference = ExprKind::Ref {
                    mutable: false,
                    place: Place::var(*local),
                };
                StmtKind::Accumulate {
                    to,
                    value: Expr::new(reference, ty, span),
                }
            };
            out.push(Stmt { kind, span });
        }
        out
    }
}

/// The place behind the `i`-th argument of the statement's call.
fn argument_place(stmt: &Stmt, i: usize) -> Option<Place> {
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

fn rename_stmt(stmt: &mut Stmt, names: &HashMap<VarId, VarId>) {
    let rename = |p: &mut Place| {
        if let Some(name) = names.get(&p.base) {
            p.base = *name;
        }
    };
    for e in stmt.kind.exprs_mut() {
        e.rewrite(&mut |e| match &mut e.kind {
            ExprKind::Read(p)
            | ExprKind::Ref { place: p, .. }
            | ExprKind::Clone { place: p, .. }
            | ExprKind::Len(p)
            | ExprKind::ZeroLike(p) => rename(p),
            ExprKind::Opaque(o) => {
                for (_, v) in &mut o.reads {
                    if let Some(name) = names.get(v) {
                        *v = *name;
                    }
                }
            }
            _ => {}
        });
    }
    if let StmtKind::CopyFrom { from, .. } = &mut stmt.kind {
        rename(from);
    }
    for block in stmt.kind.blocks_mut() {
        for stmt in &mut block.stmts {
            rename_stmt(stmt, names);
        }
    }
}
