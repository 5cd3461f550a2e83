//! Both sweeps from the tree and the plan.

use super::adjoint::owned_tangent;
use super::buffers::Buffer;
use super::fold::Folded;
use super::plan::{Plan, Reads};
use super::statement::is_copy;
use super::versions::{Def, Node, ScopeId, Tree, Version};
use super::{Builder, Calls, Reverse, Split};
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
        b,
        plan,
        folded,
        tapes: BTreeMap::new(),
        tapes_of_old: HashMap::new(),
        new_tapes: Vec::new(),
        expected: HashMap::new(),
        around: Vec::new(),
        buffers: BTreeMap::new(),
        new_buffers: Vec::new(),
    };
    let mut forward = a.forward(&tree);
    let names = a.names_at_end(&tree);
    for stmt in &mut forward {
        rename_stmt(stmt, &names);
    }
    let mut reverse = Vec::new();
    if a.b.options.calls == Calls::Handed {
        reverse = a.take_saved(&tree);
        reverse.extend(a.recompute(&tree));
    }
    reverse.extend(a.zeros(0));
    // Zeros come first: the result's adjoint may be a contribution to one of them.
    reverse.extend(result_adjoint);
    let back = a.reverse_nodes(&tree);
    a.declare_tapes(0, &mut reverse);
    reverse.extend(back);
    if a.b.options.calls == Calls::Handed {
        reverse.extend(a.add_local_bars(&bars));
    }
    a.declare_store(&mut forward);
    let restored = restored_buffers(&a.b, &tree);
    for stmt in &mut reverse {
        rename_stmt(stmt, &names);
    }
    let mut params = a.b.source.params.clone();
    params.extend(seed);
    params.extend(bars.iter().flatten());
    params.extend(a.b.store);
    super::naming::run(&mut a.b, &forward, &reverse, &params);
    let span = Span::mixed_site();
    let mut result = a.b.source.result.clone();
    if let Some(result) = &mut result {
        a.copies(result);
    }
    let mut function = a.b.out.clone();
    let (before, value, after) =
        if a.b.options.split { Default::default() } else { a.outputs(result.clone(), &restored) };
    let split = if a.b.options.split {
        let unit = Expr::new(
            ExprKind::Lit(TokenStream::from(proc_macro2::TokenTree::from(
                proc_macro2::Group::new(proc_macro2::Delimiter::Parenthesis, TokenStream::new()),
            ))),
            Ty::Unit,
            span,
        );
        let handed = a.b.options.calls == Calls::Handed;
        if handed {
            function.params.extend(seed);
            function.params.extend(bars.iter().flatten());
            function.params.extend(a.b.store);
        }
        let own = bars.iter().flatten().filter(|_| !handed);
        let gradient = own.map(|bar| Expr::var(*bar, &a.b.out.vars, span)).collect();
        Some(Split {
            forward: Block { stmts: std::mem::take(&mut forward) },
            result: result.clone().unwrap_or(unit),
            reverse: Block { stmts: std::mem::take(&mut reverse) },
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
    let store = a.b.store.filter(|_| a.b.options.calls == Calls::Handed);
    Reverse { store, function, seed, bars, split, has_effects }
}

/// Buffers that the reverse sweep puts back, so that their final state is lost.
fn restored_buffers(b: &Builder, tree: &Tree) -> BTreeSet<VarId> {
    let mut out = BTreeSet::new();
    for node in &tree.nodes {
        if node.restore {
            let writes = node.original.kind.writes();
            out.extend(writes.into_iter().filter(|v| b.is_memory(*v)));
        }
        out.extend(node.lent.iter().map(|lent| lent.base));
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
    let mut kept: BTreeSet<VarId> =
        reads.content.iter().chain(&reads.shape).map(|v| b.origin(*v)).collect();
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

    fn again<'t>(nodes: impl Iterator<Item = &'t Node>, reads: &mut Reads) {
        for node in nodes {
            reads.stmts(std::slice::from_ref(&node.original));
            node.blocks.iter().for_each(|inner| again(inner.nodes.iter(), reads));
        }
    }

    fn collect(tree: &Tree, folded: &Folded, reads: &mut Reads) {
        for (_, zero) in folded.zeros.get(&tree.scope).into_iter().flatten() {
            reads.expr(zero);
        }
        for node in &tree.nodes {
            if let Some(rerun) = &node.rerun {
                again(rerun.nodes(&node.blocks[0]), reads);
            }
            reads.stmts(&node.early);
            reads.stmts(&node.adjoint);
            for inner in &node.blocks {
                collect(inner, folded, reads);
            }
        }
    }
}

pub(super) struct Assembler<'f> {
    pub(super) b: Builder<'f>,
    pub(super) plan: Plan,
    pub(super) folded: Folded,
    pub(super) kept: BTreeSet<VarId>,
    pub(super) tapes: BTreeMap<ScopeId, VarId>,
    /// Tapes of old contents that are kept under a condition.
    pub(super) tapes_of_old: HashMap<VarId, VarId>,
    /// Tapes used for the first time in the function-level statement at hand.
    pub(super) new_tapes: Vec<VarId>,
    /// How many lists will come, where that is known.
    pub(super) expected: HashMap<VarId, Expr>,
    /// How often the blocks around the statement at hand run, where that is known.
    pub(super) around: Vec<Option<Expr>>,
    /// Blocks that have a buffer in place of a tape.
    pub(super) buffers: BTreeMap<ScopeId, Buffer>,
    /// Declarations of buffers to be put before the function-level statement at hand.
    pub(super) new_buffers: Vec<Stmt>,
}

impl Assembler<'_> {
    pub(super) fn tape(&mut self, scope: ScopeId) -> VarId {
        if let Some(tape) = self.tapes.get(&scope) {
            return *tape;
        }
        let once = !self.b.scopes[scope].in_loop;
        let tape = self.b.fresh("tape", Ty::Unknown, true, Role::Tape { once });
        self.tapes.insert(scope, tape);
        self.new_tapes.push(tape);
        tape
    }

    /// The value of a variable, copied if it has to stay.
    pub(super) fn value_of(&self, var: VarId, keep: bool) -> Expr {
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
    pub(super) fn copies(&self, e: &mut Expr) {
        e.rewrite(&mut |e| {
            if let ExprKind::Read(place) = &e.kind
                && self.kept.contains(&place.base)
                && !is_copy(&e.ty)
                && !e.ty.is_scalar()
            {
                let vec = matches!(e.ty.peel(), Ty::Slice(_));
                e.kind = ExprKind::Clone { place: place.clone(), vec };
            }
        });
    }

    pub(super) fn without_effects(&self, e: &mut Expr) {
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

    /// Versions of open blocks whose variable still holds them at the block's end.
    pub(super) fn names_at_end(&self, tree: &Tree) -> HashMap<VarId, VarId> {
        let mut out: HashMap<VarId, VarId> = (tree.end.iter())
            .filter(|(var, version)| {
                let here = |v: &Version| v.scope == tree.scope;
                var != version && self.b.versions.get(version).is_some_and(here)
            })
            .map(|(var, version)| (*version, *var))
            .collect();
        for node in tree.nodes.iter().filter(|node| node.fused) {
            out.extend(self.names_at_end(&node.blocks[0]));
        }
        out
    }

    /// The value and the final state of `&mut` parameters: what comes before the reverse sweep,
    /// the result, and what comes after.
    pub(super) fn outputs(
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
            before.push(Stmt { kind: StmtKind::Let { var: value, init: Some(result) }, span });
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
            let whole = Place { base: param, proj: vec![Proj::Deref] };
            let kind = if is_copy(&ty) {
                ExprKind::Read(whole.clone())
            } else {
                ExprKind::Clone { place: whole.clone(), vec: is_slice }
            };
            before.push(Stmt {
                kind: StmtKind::Let { var: end, init: Some(Expr::new(kind, ty, span)) },
                span,
            });
            let kind = if is_slice {
                StmtKind::CopyFrom { to: whole, from: Place::var(end) }
            } else {
                StmtKind::Assign { place: whole, value: Expr::var(end, &self.b.out.vars, span) }
            };
            after.push(Stmt { kind, span });
        }
        (before, result, after)
    }

    /// Overwritten by-value parameters: their adjoint goes to the caller's buffer at the end.
    pub(super) fn add_local_bars(&self, bars: &[Option<VarId>]) -> Vec<Stmt> {
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
            let to = Place { base: *bar, proj: vec![Proj::Deref] };
            let kind = if ty.is_scalar() {
                StmtKind::Update {
                    place: to,
                    op: BinOp::Add,
                    value: Expr::var(*local, &self.b.out.vars, span),
                }
            } else {
                let reference = ExprKind::Ref { mutable: false, place: Place::var(*local) };
                StmtKind::Accumulate { to, value: Expr::new(reference, ty, span) }
            };
            out.push(Stmt { kind, span });
        }
        out
    }
}

pub(super) fn rename_stmt(stmt: &mut Stmt, names: &HashMap<VarId, VarId>) {
    let rename = |v: VarId| names.get(&v).copied().unwrap_or(v);
    for e in stmt.kind.exprs_mut() {
        e.rename_reads(&rename);
    }
    if let StmtKind::CopyFrom { from, .. } = &mut stmt.kind {
        from.base = rename(from.base);
    }
    for block in stmt.kind.blocks_mut() {
        for stmt in &mut block.stmts {
            rename_stmt(stmt, names);
        }
    }
}
