//! Statements with blocks: control flow follows the primal.

use super::{Forward, tangent_ty};
use crate::ir::*;
use proc_macro2::Span;

impl Forward {
    pub(super) fn block(&mut self, block: &Block) -> Block {
        let outer = std::mem::take(&mut self.out);
        self.block_into(block);
        Block { stmts: std::mem::replace(&mut self.out, outer) }
    }

    pub(super) fn block_into(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Let { var, init } => self.let_(*var, init.as_ref(), span),
            StmtKind::LetTuple { vars, init } => self.let_tuple(vars, init, span),
            StmtKind::Assign { place, value } => self.assign(place, value, span),
            StmtKind::Update { place, op, value } => self.update(place, *op, value, span),
            StmtKind::Eval(e) => self.eval(e, span),
            StmtKind::Swap(a, b) => self.swap(a, b, span),
            StmtKind::VecPush { vec, value } => self.vec_push(vec, value, span),
            StmtKind::Fill { place, value } => self.fill(place, value, span),
            StmtKind::CopyFrom { to, from } => self.copy_from(to, from, span),
            StmtKind::Accumulate { to, value } => self.accumulate(to, value, span),
            StmtKind::SetZero(place) => {
                let place = self.settled(place);
                if let Some(dot) = self.dot_place(&place) {
                    self.push(StmtKind::SetZero(dot), span);
                }
                self.push(StmtKind::SetZero(place), span);
            }
            StmtKind::Push { tape, values } => self.tape_push(*tape, values, span),
            StmtKind::Pop { tape, vars } => {
                let vars = self.popped(*tape, vars);
                self.push(StmtKind::Pop { tape: *tape, vars }, span);
            }
            StmtKind::PushList { tape, from } => self.push_list(*tape, from, span),
            StmtKind::PopList { tape, to } => self.pop_list(*tape, to, span),
            StmtKind::WhilePop { tape, vars, body } => {
                let vars = self.popped(*tape, vars);
                let body = self.block(body);
                let tape = *tape;
                self.push(StmtKind::WhilePop { tape, vars, body }, span);
            }
            StmtKind::VecPop { vec, into } => self.vec_pop(vec, *into, span),
            StmtKind::If { cond, then, other } => {
                let (then, other) = (self.block(then), self.block(other));
                let cond = cond.clone();
                self.push(StmtKind::If { cond, then, other }, span);
            }
            StmtKind::Match { scrutinee, arms } => {
                let arms = arms.iter().map(|arm| self.arm(arm, stmt)).collect();
                let scrutinee = scrutinee.clone();
                self.push(StmtKind::Match { scrutinee, arms }, span);
            }
            StmtKind::For { index, range, body, exit } => {
                let body = self.block(body);
                let (index, range, exit) = (*index, range.clone(), *exit);
                self.push(StmtKind::For { index, range, body, exit }, span);
            }
            StmtKind::ForEach { pat, bindings, iter, body, exit } => {
                let vars: Vec<VarId> = bindings.iter().map(|b| b.1).collect();
                let outer = std::mem::take(&mut self.out);
                self.constants(&vars, span);
                self.block_into(body);
                let body = Block { stmts: std::mem::replace(&mut self.out, outer) };
                let kind = StmtKind::ForEach {
                    pat: pat.clone(),
                    bindings: bindings.clone(),
                    iter: iter.clone(),
                    body,
                    exit: *exit,
                };
                self.push(kind, span);
            }
            StmtKind::While { cond, body, exit } => {
                let body = self.block(body);
                let (cond, exit) = (cond.clone(), *exit);
                self.push(StmtKind::While { cond, body, exit }, span);
            }
            StmtKind::Opaque { declares, .. } => {
                self.push(stmt.kind.clone(), span);
                let vars: Vec<VarId> = declares.iter().map(|d| d.1).collect();
                self.constants(&vars, span);
            }
            StmtKind::NewTape { .. } | StmtKind::SameShape { .. } => {
                self.push(stmt.kind.clone(), span);
            }
        }
    }

    /// What is constant where it is bound, but active where the reverse sweep takes it from a tape.
    fn constants(&mut self, vars: &[VarId], span: Span) {
        for &var in vars {
            if let Some(dot) = self.dot(var) {
                let zero = self.zero_of_place(&Place::var(var), span);
                self.push(StmtKind::Let { var: dot, init: Some(zero) }, span);
            }
        }
    }

    /// An active binding's tangent is the same part of the scrutinee's tangent.
    fn arm(&mut self, arm: &Arm, stmt: &Stmt) -> Arm {
        let outer = std::mem::take(&mut self.out);
        for binding in &arm.bindings {
            let Some(dot) = self.dot(binding.var) else {
                continue;
            };
            let Some(place) = &binding.place else {
                self.constants(&[binding.var], stmt.span);
                continue;
            };
            let var = self.f.var(binding.var).clone();
            let ty = tangent_ty(&var.ty);
            let init = match self.dot_place(place) {
                Some(place) => {
                    let kind = match &var.ty {
                        Ty::Ref { mutable, .. } => ExprKind::Ref { mutable: *mutable, place },
                        _ => ExprKind::Read(place),
                    };
                    Expr::new(kind, ty, stmt.span)
                }
                None => self.zero_of_place(&Place::var(binding.var), stmt.span),
            };
            self.push(StmtKind::Let { var: dot, init: Some(init) }, stmt.span);
        }
        self.block_into(&arm.body);
        let stmts = std::mem::replace(&mut self.out, outer);
        Arm { body: Block { stmts }, ..arm.clone() }
    }
}
