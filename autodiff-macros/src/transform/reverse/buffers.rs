//! What a loop with a known number of trips saves goes to a buffer with an entry for each trip.
//!
//! Compared with a stack that grows, that is one allocation, no check of the capacity in every
//! trip, and loops that rustc can vectorise.

use super::assemble::Assembler;
use super::versions::{Def, Node, ScopeId};
use crate::ir::*;
use proc_macro2::Span;

/// The saved values of a block, by trip.
#[derive(Clone, Copy)]
pub struct Buffer {
    pub var: VarId,
    /// The loop's variable in the forward sweep.
    pub index: VarId,
}

impl Assembler<'_> {
    /// Gives the loop's body a buffer instead of a tape, if it can have one; `hi` is the range's
    /// end as the forward sweep writes it.
    pub(super) fn reserve(&mut self, node: &Node, stmt: &Stmt, code: &mut Vec<Stmt>) {
        // What is handed to the caller goes to a store.
        if self.b.options.calls == super::Calls::Handed {
            return;
        }
        let StmtKind::For { index, range, exit: None, .. } = &stmt.kind else {
            return;
        };
        let body = &node.blocks[0];
        let saved = self.plan.saved(body.scope);
        let plain = range.step.is_none() && range.trips.is_none() && !range.inclusive;
        let scope = node.control.lo.and_then(|lo| self.b.versions.get(&lo)).map(|lo| lo.scope);
        let runs_once = scope.is_some_and(|scope| self.b.scopes[scope].open);
        let in_fused_loop = scope != Some(0);
        if node.fused || saved.is_empty() || !plain || !runs_once {
            return;
        }
        if !is_small_literal(&range.lo) || !self.is_index(*index, node) {
            return;
        }
        let types: Vec<Ty> =
            saved.iter().map(|v| self.b.out.vars[v.0 as usize].ty.clone()).collect();
        let usize_ty = |ty: &Ty| matches!(ty, Ty::Discrete(Some(name)) if name == "usize");
        if !types.iter().all(|ty| matches!(ty, Ty::Float(_)) || usize_ty(ty)) {
            return;
        }
        let span = Span::mixed_site();
        let mut zeros: Vec<Expr> = types.iter().map(|ty| filler(ty, span)).collect();
        let zero = match zeros.len() {
            1 => zeros.remove(0),
            _ => Expr::new(ExprKind::Tuple(zeros), Ty::Tuple(types), span),
        };
        let item = Box::new(zero.ty.clone());
        let on_stack = self.fits_on_the_stack(&range.hi);
        let (ty, role) = match &range.hi.kind {
            ExprKind::Lit(len) if on_stack => (Ty::Array(item, TokensEq(len.clone())), Role::Temp),
            _ => (Ty::Vec(item), Role::Buffer),
        };
        let var = self.b.fresh("tape", ty.clone(), true, role);
        let init = ExprKind::Repeat {
            item: Box::new(zero),
            len: Box::new(range.hi.clone()),
            vec: !on_stack,
        };
        let declared =
            Stmt { kind: StmtKind::Let { var, init: Some(Expr::new(init, ty, span)) }, span };
        if in_fused_loop && self.is_known_at_function_level(&range.hi) {
            self.new_buffers.push(declared);
        } else {
            code.push(declared);
        }
        self.buffers.insert(body.scope, Buffer { var, index: *index });
    }

    /// `tape[i] = (values…);`
    pub(super) fn store(&self, buffer: Buffer, mut values: Vec<Expr>) -> Stmt {
        let span = Span::mixed_site();
        let value = match values.len() {
            1 => values.remove(0),
            _ => {
                let ty = Ty::Tuple(values.iter().map(|v| v.ty.clone()).collect());
                Expr::new(ExprKind::Tuple(values), ty, span)
            }
        };
        let place = self.entry(buffer, buffer.index);
        Stmt { kind: StmtKind::Assign { place, value }, span }
    }

    /// `let (vars…) = tape[i];`
    pub(super) fn load(&self, scope: ScopeId, buffer: Buffer, vars: Vec<VarId>) -> Stmt {
        let span = Span::mixed_site();
        let place = self.entry(buffer, self.index_version(buffer.index, scope));
        let item = match &self.b.out.vars[buffer.var.0 as usize].ty {
            Ty::Vec(item) | Ty::Array(item, _) => (**item).clone(),
            _ => Ty::Unknown,
        };
        let init = Expr::new(ExprKind::Read(place), item, span);
        let kind = match vars.as_slice() {
            [var] => StmtKind::Let { var: *var, init: Some(init) },
            _ => StmtKind::LetTuple { vars: vars.into_iter().map(Some).collect(), init },
        };
        Stmt { kind, span }
    }

    fn entry(&self, buffer: Buffer, index: VarId) -> Place {
        let index = Expr::var(index, &self.b.out.vars, Span::mixed_site());
        Place { base: buffer.var, proj: vec![Proj::Index(Box::new(index))] }
    }

    /// Whether the loop's variable is a `usize` that stays as the range gives it.
    fn is_index(&self, index: VarId, node: &Node) -> bool {
        let given = self.b.versions.get(&index).is_some_and(|v| matches!(v.def, Def::Index));
        let usize_ty = |ty: &Ty| matches!(ty, Ty::Discrete(Some(name)) if name == "usize");
        given
            && !self.b.is_memory(index)
            && (usize_ty(&self.b.out.vars[index.0 as usize].ty) || indexes(node, index))
    }

    /// A short length, or one that the user has arrays of.
    fn fits_on_the_stack(&self, len: &Expr) -> bool {
        let ExprKind::Lit(text) = &len.kind else {
            return false;
        };
        let number = text.to_string().trim_end_matches("usize").parse::<usize>();
        number.is_ok_and(|n| n <= 256) || {
            let text = TokensEq(text.clone());
            self.b.source.vars.iter().any(|var| has_length(&var.ty, &text))
        }
    }

    /// Whether the length can be computed before the outermost of the fused loops at hand.
    pub(super) fn is_known_at_function_level(&self, len: &Expr) -> bool {
        // What can fail must not where the loops in between make no trip.
        let mut known =
            matches!(&len.kind, ExprKind::Lit(_) | ExprKind::Read(_) | ExprKind::Len(_))
                && len.own_place().is_none_or(Place::is_whole);
        len.for_each_var(&mut |v| {
            known &= self.b.versions.get(&v).is_some_and(|version| {
                version.scope == 0 && matches!(version.def, Def::Param | Def::Expr(_))
            });
        });
        known
    }
}

fn filler(ty: &Ty, span: Span) -> Expr {
    match ty {
        Ty::Discrete(_) => super::adjoint::int(0, span),
        _ => super::adjoint::constant(0.0, ty, span),
    }
}

/// Whether the type is an array of this length, or contains one.
fn has_length(ty: &Ty, wanted: &TokensEq) -> bool {
    match ty {
        Ty::Array(item, len) => len == wanted || has_length(item, wanted),
        Ty::Ref { inner, .. } | Ty::Slice(inner) | Ty::Vec(inner) => has_length(inner, wanted),
        Ty::Tuple(items) => items.iter().any(|item| has_length(item, wanted)),
        _ => false,
    }
}

fn is_small_literal(lo: &Expr) -> bool {
    match &lo.kind {
        ExprKind::Lit(text) => {
            let text = text.to_string();
            text.trim_end_matches("usize").parse::<usize>().is_ok_and(|lo| lo <= 8)
        }
        _ => false,
    }
}

/// Whether something in the loop's body is indexed by the variable, bare or in a sum.
fn indexes(node: &Node, index: VarId) -> bool {
    fn in_expr(e: &Expr, index: VarId) -> bool {
        let here = e.own_place().is_some_and(|place| in_place(place, index));
        here || e.children().into_iter().any(|child| in_expr(child, index))
    }
    fn in_place(place: &Place, index: VarId) -> bool {
        place.proj.iter().any(|proj| matches!(proj, Proj::Index(i) if is_sum(i, index)))
    }
    fn is_sum(e: &Expr, index: VarId) -> bool {
        match &e.kind {
            ExprKind::Read(place) => place.base == index && place.proj.is_empty(),
            ExprKind::Binary(BinOp::Add | BinOp::Sub | BinOp::Mul, a, b) => {
                is_sum(a, index) || is_sum(b, index)
            }
            _ => false,
        }
    }
    node.blocks.iter().flat_map(|tree| &tree.nodes).any(|inner| {
        let target = match &inner.original.kind {
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } => {
                in_place(place, index)
            }
            _ => false,
        };
        target
            || inner.original.kind.exprs().into_iter().any(|e| in_expr(e, index))
            || indexes(inner, index)
    })
}
