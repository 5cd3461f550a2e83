//! Forward mode: beside every active variable `x` its tangent `x_dot`, beside every statement that
//! defines it the statement that defines the tangent (Griewank & Walther 2008, section 3.1).
//!
//! IR to IR, and closed: what the reverse and this transformation put out is taken as well (tapes,
//! adjoint buffers, calls of derivatives), so second order is forward over either. A nested run
//! treats the tangents of the first as variables like any other; there is nothing to confuse.

mod call;
mod control;
mod expr;
mod statement;
mod tape;
#[cfg(test)]
mod tests;

pub use expr::same_place;

use super::naming::{Names, describe, plain};
use crate::analysis::activity::{Activity, takers};
use crate::ir::*;
use proc_macro2::Span;
use std::collections::{HashMap, HashSet};

/// The function with tangents: all parameters of `f`, then a tangent for every one that is
/// `active`, of the same form (`T`, `&T`, `&mut T`). Its result is the tuple of value and tangent;
/// none if `f` has none.
pub fn run(f: &Function, active: &[bool]) -> Function {
    run_with(f, active, Activity::run(f, active))
}

/// As [`run`], with the activity given (for tests that turn the analysis off).
pub fn run_with(f: &Function, active: &[bool], activity: Activity) -> Function {
    let mut out = f.clone();
    out.body = Block::default();
    out.result = None;
    let mut pass = Forward {
        names: Names::of(f),
        f: out,
        activity,
        dots: HashMap::new(),
        owned: HashSet::new(),
        tapes: takers(f),
        out: Vec::new(),
    };
    pass.parameters(&f.params, active);
    pass.block_into(&f.body);
    if let Some(result) = &f.result {
        pass.result(result);
    }
    pass.f.body.stmts = std::mem::take(&mut pass.out);
    let dots = f.scratch.iter().filter_map(|v| pass.dots.get(v));
    pass.f.scratch.extend(dots);
    pass.f
}

struct Forward {
    /// The function being written.
    f: Function,
    names: Names,
    activity: Activity,
    /// The tangent of every active variable met so far.
    dots: HashMap<VarId, VarId>,
    /// Variables behind references whose tangents are local and owned.
    owned: HashSet<VarId>,
    /// For every tape and position of its entries, the variables they are taken into.
    tapes: HashMap<VarId, Vec<Vec<VarId>>>,
    /// Statements of the block being written.
    out: Vec<Stmt>,
}

impl Forward {
    fn parameters(&mut self, params: &[VarId], active: &[bool]) {
        for (&param, _) in params.iter().zip(active).filter(|(_, active)| **active) {
            let dot = self.new_dot(param, Role::Param);
            self.f.params.push(dot);
            self.f.derivatives.push((dot, param));
            if self.f.scratch.contains(&param) {
                self.f.scratch.push(dot);
            }
        }
        // A parameter that is no input may still carry active values in between: its tangent is
        // a local, zero at first.
        for (&param, _) in params.iter().zip(active).filter(|(_, active)| !**active) {
            if !self.activity.var(param) {
                continue;
            }
            let var = self.f.var(param).clone();
            let behind = matches!(var.ty, Ty::Ref { .. });
            let mut place = Place::var(param);
            if behind {
                place.proj.push(Proj::Deref);
                self.owned.insert(param);
            }
            let ty = tangent_ty(var.ty.peel());
            let span = var.name.span();
            let wanted = format!("{}_dot", plain(&var));
            let role = Role::Tangent(param);
            let dot = self.names.fresh(&mut self.f, &wanted, ty, true, role);
            self.dots.insert(param, dot);
            let zero = self.zero_of_place(&place, span);
            self.push(StmtKind::Let { var: dot, init: Some(zero) }, span);
        }
    }

    /// The value, then its tangent.
    fn result(&mut self, result: &Expr) {
        let span = result.span;
        let ty = Ty::Tuple(vec![result.ty.clone(), tangent_ty(&result.ty)]);
        if let ExprKind::Call(call) = &result.kind
            && !result.ty.is_discrete()
            && let Some(call) = self.jvp_call(call)
        {
            self.f.result = Some(Expr::new(ExprKind::Call(call), ty.clone(), span));
        } else {
            let dual = self.dual(result, None);
            let (value, tangent) = match dual.tangent {
                Some(tangent) => (dual.value, tangent),
                None => self.with_zero(dual.value),
            };
            self.f.result = Some(Expr::new(ExprKind::Tuple(vec![value, tangent]), ty, span));
        }
        let old = std::mem::replace(&mut self.f.result_ty, Ty::Unknown);
        let dot = tangent_ty(&old);
        self.f.result_ty = Ty::Tuple(vec![old, dot]);
    }

    fn push(&mut self, kind: StmtKind, span: Span) {
        self.out.push(Stmt { kind, span });
    }

    fn new_dot(&mut self, var: VarId, role: Role) -> VarId {
        let old = self.f.var(var);
        let (wanted, ty, mutable) =
            (format!("{}_dot", plain(old)), tangent_ty(&old.ty), old.mutable);
        let dot = self.names.fresh(&mut self.f, &wanted, ty, mutable, role);
        self.dots.insert(var, dot);
        dot
    }

    /// The tangent of an active variable.
    fn dot(&mut self, var: VarId) -> Option<VarId> {
        if let Some(dot) = self.dots.get(&var) {
            return self.activity.var(var).then_some(*dot);
        }
        if !self.activity.var(var) || self.f.var(var).ty.is_discrete() {
            return None;
        }
        Some(self.new_dot(var, Role::Tangent(var)))
    }

    /// The same place in the tangent, if the place's variable is active.
    fn dot_place(&mut self, place: &Place) -> Option<Place> {
        let base = self.dot(place.base)?;
        let mut proj = place.proj.clone();
        if self.owned.contains(&place.base) && matches!(proj.first(), Some(Proj::Deref)) {
            proj.remove(0);
        }
        Some(Place { base, proj })
    }

    /// A new variable for the value of `e`, declared here.
    fn hoist(&mut self, e: Expr) -> Expr {
        let wanted = describe(&e, &self.f.vars);
        let ty = e.ty.clone();
        let span = e.span;
        let var = self.names.fresh(&mut self.f, &wanted, ty, false, Role::Temp);
        self.push(StmtKind::Let { var, init: Some(e) }, span);
        Expr::var(var, &self.f.vars, span)
    }

    /// The zero tangent of what is at `place`, which is evaluated where the expression stands.
    fn zero_of_place(&self, place: &Place, span: Span) -> Expr {
        let ty = place_ty(place, &self.f.vars);
        if matches!(ty, Ty::Float(_)) {
            Expr::new(ExprKind::Const(0.0), ty, span)
        } else {
            let ty = tangent_ty(&ty);
            Expr::new(ExprKind::ZeroLike(place.clone()), ty, span)
        }
    }
}

/// The type of the tangent of a value of type `ty`.
pub fn tangent_ty(ty: &Ty) -> Ty {
    match ty {
        Ty::Float(_) | Ty::Unit => ty.clone(),
        Ty::Discrete(_) => Ty::Discrete(None),
        Ty::Array(t, n) => Ty::Array(Box::new(tangent_ty(t)), n.clone()),
        Ty::Slice(t) => Ty::Slice(Box::new(tangent_ty(t))),
        Ty::Vec(t) => Ty::Vec(Box::new(tangent_ty(t))),
        Ty::Tuple(items) => Ty::Tuple(items.iter().map(tangent_ty).collect()),
        Ty::Ref { mutable, inner } => {
            Ty::Ref { mutable: *mutable, inner: Box::new(tangent_ty(inner)) }
        }
        Ty::Named(_) | Ty::Unknown => Ty::Unknown,
    }
}

/// The type of a place, as far as it is known.
pub fn place_ty(place: &Place, vars: &[Var]) -> Ty {
    let mut ty = vars[place.base.0 as usize].ty.clone();
    for proj in &place.proj {
        ty = match proj {
            Proj::Deref => match ty {
                Ty::Ref { inner, .. } => *inner,
                _ => Ty::Unknown,
            },
            Proj::Field(syn::Member::Unnamed(i)) => match ty.peel() {
                Ty::Tuple(items) => items.get(i.index as usize).cloned().unwrap_or(Ty::Unknown),
                _ => Ty::Unknown,
            },
            Proj::Field(_) => Ty::Unknown,
            Proj::Index(_) => ty.element(),
            Proj::Slice { .. } => Ty::Slice(Box::new(ty.element())),
        };
    }
    ty
}
