//! Before versions are given: what the adjoints will name gets a variable.
//!
//! Inside an active statement every call, every dear function and every piece of opaque code with
//! possible effects moves into a `let` of its own, so that it runs once and its value can be kept.

use super::adjoint::same_place;
use super::{Calls, Options};
use crate::analysis::activity::Activity;
use crate::ir::*;
use crate::rules;
use crate::transform::naming::Names;
use std::collections::BTreeSet;

/// Rewrites `f` in place; new variables get their activity. In a function that is called in two, so
/// does what is read in place of `&mut` parameters: then the reverse sweep never looks there.
pub fn run(f: &mut Function, activity: &mut Activity, options: Options) {
    let loads = options.calls == Calls::Handed;
    let memory = super::versions::memory_variables(f);
    let mut body = std::mem::take(&mut f.body);
    let names = Names::of(f);
    let params = f.params.iter().copied();
    let lent = params.filter(|p| matches!(f.var(*p).ty, Ty::Ref { mutable: true, .. }) && loads);
    let lent = lent.collect();
    let mut pass = Prepare { f, names, activity, memory, lent, loaded: Vec::new() };
    pass.block(&mut body);
    if let Some(mut result) = pass.f.result.take() {
        let mut before = Vec::new();
        pass.nested(&mut result, false, &mut before);
        body.stmts.extend(before);
        pass.f.result = Some(result);
    }
    let Prepare { f, mut names, activity, .. } = pass;
    if options.switches.shared {
        super::shared::partners(f, &mut names, activity, &mut body, loads || options.split);
    }
    f.body = body;
}

struct Prepare<'f> {
    f: &'f mut Function,
    names: Names,
    activity: &'f mut Activity,
    memory: Vec<bool>,
    /// Parameters of which what is read gets variables.
    lent: Vec<VarId>,
    /// What has been read in the block and not written since.
    loaded: Vec<(Place, VarId)>,
}

impl Prepare<'_> {
    fn block(&mut self, block: &mut Block) {
        let stmts = std::mem::take(&mut block.stmts);
        let outside = std::mem::take(&mut self.loaded);
        for mut stmt in stmts {
            for inner in stmt.kind.blocks_mut() {
                self.block(inner);
            }
            let mut before = Vec::new();
            if stmt.kind.writes().iter().any(|v| self.activity.var(*v)) {
                self.stmt(&mut stmt, &mut before);
            }
            let mut written: BTreeSet<VarId> = stmt.kind.writes().into_iter().collect();
            stmt.kind.blocks().into_iter().for_each(|inner| written.extend(inner.writes()));
            self.forget(&written);
            block.stmts.extend(before);
            block.stmts.push(stmt);
        }
        self.loaded = outside;
    }

    /// These variables have other values now.
    fn forget(&mut self, written: &BTreeSet<VarId>) {
        self.loaded.retain(|(place, _)| {
            let mut kept = !written.contains(&place.base);
            for e in place.exprs() {
                e.for_each_var(&mut |v| kept &= !written.contains(&v));
            }
            kept
        });
    }

    fn is_memory(&self, var: VarId) -> bool {
        self.memory.get(var.0 as usize).copied().unwrap_or(false)
    }

    /// `p *= e` of such a parameter reads it.
    fn written_out(&self, stmt: &mut Stmt) {
        let StmtKind::Update { place, op, value } = &stmt.kind else { return };
        if !self.lent.contains(&place.base) || matches!(op, BinOp::Add | BinOp::Sub) {
            return;
        }
        let ty = match value.ty.peel() {
            Ty::Float(FloatTy::Some) | Ty::Unknown => self.f.var(place.base).ty.element(),
            ty => ty.clone(),
        };
        let ty = if ty.is_scalar() { ty } else { self.f.var(place.base).ty.peel().clone() };
        let old = Expr::new(ExprKind::Read(place.clone()), ty.clone(), stmt.span);
        let kind = ExprKind::Binary(*op, Box::new(old), Box::new(value.clone()));
        let value = Expr::new(kind, ty, stmt.span);
        stmt.kind = StmtKind::Assign { place: place.clone(), value };
    }

    fn is_load(&self, e: &Expr) -> bool {
        matches!(&e.kind, ExprKind::Read(p) if self.lent.contains(&p.base)) && e.ty.is_scalar()
    }

    fn stmt(&mut self, stmt: &mut Stmt, before: &mut Vec<Stmt>) {
        self.written_out(stmt);
        match &mut stmt.kind {
            StmtKind::Let { var, init: Some(value) } => {
                let root = !self.is_memory(*var) || matches!(value.kind, ExprKind::Call(_));
                self.nested(value, root, before);
            }
            StmtKind::LetTuple { init, .. } => self.nested(init, true, before),
            StmtKind::Assign { place, value } => {
                let root = !self.is_memory(place.base) || matches!(value.kind, ExprKind::Call(_));
                self.nested(value, root, before);
            }
            StmtKind::Update { value, .. }
            | StmtKind::VecPush { value, .. }
            | StmtKind::Fill { value, .. } => self.nested(value, false, before),
            StmtKind::Eval(value) => self.nested(value, true, before),
            _ => {}
        }
    }

    /// Hoists below `e`, and `e` itself unless it is the `root` of a definition.
    fn nested(&mut self, e: &mut Expr, root: bool, before: &mut Vec<Stmt>) {
        match &mut e.kind {
            // Conditions and index arithmetic keep their short circuits.
            ExprKind::Binary(BinOp::And | BinOp::Or, ..) => return,
            ExprKind::Call(call) => {
                for arg in &mut call.args {
                    if let Arg::Expr(arg) = arg {
                        self.nested(arg, false, before);
                        let is_place = matches!(arg.kind, ExprKind::Read(_) | ExprKind::Ref { .. })
                            && !self.is_load(arg);
                        if !is_place && self.activity.expr(arg) {
                            self.hoist(arg, before);
                        }
                    }
                }
            }
            _ => {
                for child in e.children_mut() {
                    self.nested(child, false, before);
                }
            }
        }
        let dear = match &e.kind {
            ExprKind::Call(_) => true,
            ExprKind::Opaque(o) => !o.pure_,
            ExprKind::Intrinsic(name, _) => rules::find(name).is_some_and(|rule| rule.dear),
            _ => false,
        };
        if (dear || self.is_load(e)) && !root {
            self.hoist(e, before);
        }
    }

    fn hoist(&mut self, e: &mut Expr, before: &mut Vec<Stmt>) {
        let name = match &e.kind {
            ExprKind::Intrinsic(name, _) => (*name).to_string(),
            ExprKind::Call(call) => match call.path.segments.last() {
                Some(segment) => format!("{}_value", segment.ident),
                None => "value".into(),
            },
            ExprKind::Read(place) => super::adjoint::plain(&self.f.var(place.base).name),
            _ => "value".into(),
        };
        let span = e.span;
        let ty = e.ty.clone();
        if let ExprKind::Read(place) = &e.kind
            && let Some((_, var)) = self.loaded.iter().find(|(p, _)| same_place(p, place))
        {
            *e = Expr::new(ExprKind::Read(Place::var(*var)), ty, span);
            return;
        }
        let active = self.activity.expr(e);
        let var = self.names.fresh(self.f, &name, ty.clone(), false, Role::Temp);
        self.activity.set(var, active);
        let value = std::mem::replace(e, Expr::new(ExprKind::Read(Place::var(var)), ty, span));
        let load = match &value.kind {
            ExprKind::Read(place) => Some(place.clone()),
            _ => None,
        };
        let kind = StmtKind::Let { var, init: Some(value) };
        self.forget(&kind.writes().into_iter().collect());
        self.loaded.extend(load.map(|place| (place, var)));
        before.push(Stmt { kind, span });
    }
}
