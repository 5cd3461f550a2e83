//! Light type inference: what syntax tells, propagated through the variables.

use super::{bool_ty, float_some, usize_ty};
use crate::ir::{
    BinOp, Block, Expr, ExprKind, FloatTy, Function, Place, Proj, StmtKind, TokensEq, Ty, Var,
};

/// What both say; the more definite where one of them is silent.
pub fn merge(a: &Ty, b: &Ty) -> Ty {
    match (a, b) {
        (Ty::Unknown, other) | (other, Ty::Unknown) => other.clone(),
        (Ty::Float(FloatTy::Some), Ty::Float(other))
        | (Ty::Float(other), Ty::Float(FloatTy::Some)) => Ty::Float(other.clone()),
        (Ty::Discrete(None), Ty::Discrete(other)) | (Ty::Discrete(other), Ty::Discrete(None)) => {
            Ty::Discrete(other.clone())
        }
        (Ty::Vec(a), Ty::Vec(b)) => Ty::Vec(Box::new(merge(a, b))),
        (Ty::Slice(a), Ty::Slice(b)) => Ty::Slice(Box::new(merge(a, b))),
        (Ty::Array(a, n), Ty::Array(b, _)) => Ty::Array(Box::new(merge(a, b)), n.clone()),
        (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => {
            Ty::Tuple(a.iter().zip(b).map(|(a, b)| merge(a, b)).collect())
        }
        _ => a.clone(),
    }
}

/// Type of a place, as far as known.
pub fn place_ty(place: &Place, vars: &[Var]) -> Ty {
    let mut ty = vars[place.base.0 as usize].ty.clone();
    for proj in &place.proj {
        ty = project(&ty, proj);
    }
    ty
}

pub fn project(ty: &Ty, proj: &Proj) -> Ty {
    match proj {
        Proj::Deref => match ty {
            Ty::Ref { inner, .. } => (**inner).clone(),
            Ty::Unknown | Ty::Named(_) => Ty::Unknown,
            other => other.clone(),
        },
        Proj::Index(_) => ty.element(),
        Proj::Slice { .. } => match ty.element() {
            Ty::Unknown if !matches!(ty.peel(), Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_)) => {
                Ty::Unknown
            }
            element => Ty::Slice(Box::new(element)),
        },
        Proj::Field(syn::Member::Unnamed(index)) => match ty.peel() {
            Ty::Tuple(parts) => parts.get(index.index as usize).cloned().unwrap_or(Ty::Unknown),
            _ => Ty::Unknown,
        },
        Proj::Field(syn::Member::Named(_)) => Ty::Unknown,
    }
}

fn is_comparison(op: BinOp) -> bool {
    use BinOp::{And, Eq, Ge, Gt, Le, Lt, Ne, Or};
    matches!(op, Eq | Ne | Lt | Le | Gt | Ge | And | Or)
}

pub fn arithmetic(a: &Ty, b: &Ty) -> Ty {
    let (a, b) = (a.peel(), b.peel());
    match (a, b) {
        (Ty::Float(_), Ty::Float(_)) | (Ty::Discrete(_), Ty::Discrete(_)) => merge(a, b),
        // Of the types that can be active only floats have arithmetic. Should that change, rustc
        // will not accept what is generated.
        (Ty::Float(_), Ty::Unknown) => a.clone(),
        (Ty::Unknown, Ty::Float(_)) => b.clone(),
        (Ty::Discrete(_), other) | (other, Ty::Discrete(_)) => other.clone(),
        _ => Ty::Unknown,
    }
}

/// Type of an expression from its parts; `known` is what was known before.
pub fn expr_ty(kind: &ExprKind, known: &Ty, vars: &[Var]) -> Ty {
    let found = match kind {
        ExprKind::Read(place) => place_ty(place, vars),
        ExprKind::Neg(e) | ExprKind::Stop(e) => e.ty.peel().clone(),
        ExprKind::Not(e) => e.ty.clone(),
        ExprKind::Binary(op, _, _) if is_comparison(*op) => bool_ty(),
        ExprKind::Binary(_, a, b) => match arithmetic(&a.ty, &b.ty) {
            Ty::Unknown => Ty::Unknown,
            ty => ty,
        },
        ExprKind::Intrinsic(_, args) => args
            .iter()
            .filter(|a| a.ty.is_scalar())
            .fold(Ty::Unknown, |ty, a| merge(&ty, a.ty.peel())),
        ExprKind::Tuple(items) if items.is_empty() => Ty::Unit,
        ExprKind::Tuple(items) => Ty::Tuple(items.iter().map(|i| i.ty.clone()).collect()),
        ExprKind::List { items, vec } => {
            let element = items.iter().fold(Ty::Unknown, |ty, i| merge(&ty, &i.ty));
            if *vec {
                Ty::Vec(Box::new(element))
            } else {
                let len = proc_macro2::Literal::usize_unsuffixed(items.len());
                Ty::Array(Box::new(element), TokensEq(quote::quote!(#len)))
            }
        }
        ExprKind::Repeat { item, len, vec } => {
            if *vec {
                Ty::Vec(Box::new(item.ty.clone()))
            } else {
                let tokens = match &len.kind {
                    ExprKind::Lit(tokens) => tokens.clone(),
                    _ => quote::quote!(_),
                };
                Ty::Array(Box::new(item.ty.clone()), TokensEq(tokens))
            }
        }
        ExprKind::Ref { mutable, place } => {
            Ty::Ref { mutable: *mutable, inner: Box::new(place_ty(place, vars)) }
        }
        ExprKind::Clone { place, vec } => {
            let ty = place_ty(place, vars);
            if *vec { Ty::Vec(Box::new(ty.element())) } else { ty.peel().clone() }
        }
        ExprKind::Len(_) => usize_ty(),
        ExprKind::Const(_) => float_some(),
        ExprKind::Lit(_)
        | ExprKind::Cast(..)
        | ExprKind::Call(_)
        | ExprKind::ZeroLike(_)
        | ExprKind::Opaque(_) => Ty::Unknown,
    };
    merge(&found, known)
}

/// Propagates until nothing changes (a few rounds: chains of variables are short).
pub fn run(function: &mut Function) {
    for _ in 0..4 {
        let mut body = std::mem::take(&mut function.body);
        let mut pass = Pass { vars: &mut function.vars, changed: false };
        pass.block(&mut body);
        if let Some(result) = &mut function.result {
            pass.expr(result);
            let ty = function.result_ty.clone();
            pass.expect(result, &ty);
        }
        let changed = pass.changed;
        function.body = body;
        if !changed {
            break;
        }
    }
}

struct Pass<'a> {
    vars: &'a mut Vec<Var>,
    changed: bool,
}

impl Pass<'_> {
    fn block(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            for expr in stmt.kind.exprs_mut() {
                self.expr(expr);
            }
            self.stmt(&stmt.kind);
            self.expectations(&mut stmt.kind);
            for inner in stmt.kind.blocks_mut() {
                self.block(inner);
            }
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        let vars = &*self.vars;
        expr.rewrite(&mut |e| e.ty = expr_ty(&e.kind, &e.ty, vars));
    }

    fn stmt(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Let { var, init: Some(init) } => {
                self.learn(&Place::var(*var), &init.ty);
            }
            StmtKind::Assign { place, value } => self.learn(place, &value.ty),
            // `float += float` alone: `v *= 2.0` says nothing of `v`.
            StmtKind::Update { place, value, .. } if place_ty(place, self.vars).is_scalar() => {
                self.learn(place, value.ty.peel());
            }
            StmtKind::VecPush { vec, value } => {
                self.learn(vec, &Ty::Vec(Box::new(value.ty.clone())));
            }
            StmtKind::LetTuple { vars, init } => {
                if let Ty::Tuple(parts) = &init.ty {
                    for (var, ty) in vars.iter().zip(parts) {
                        if let Some(var) = var {
                            self.learn(&Place::var(*var), ty);
                        }
                    }
                }
            }
            StmtKind::Match { arms, .. } => {
                for binding in arms.iter().flat_map(|arm| &arm.bindings) {
                    if let Some(place) = &binding.place {
                        let ty = place_ty(place, self.vars);
                        self.learn(&Place::var(binding.var), &ty);
                    }
                }
            }
            StmtKind::For { index, range, .. } => {
                let ty = merge(&range.lo.ty, &range.hi.ty);
                self.learn(&Place::var(*index), &ty);
            }
            _ => {}
        }
    }

    /// What the types of targets tell of the values put there.
    fn expectations(&mut self, kind: &mut StmtKind) {
        match kind {
            StmtKind::Let { var, init: Some(init) } => {
                let ty = self.vars[var.0 as usize].ty.clone();
                self.expect(init, &ty);
            }
            StmtKind::Assign { place, value } => {
                let ty = place_ty(place, self.vars);
                self.expect(value, &ty);
            }
            StmtKind::Update { place, value, .. } => {
                let ty = place_ty(place, self.vars);
                if ty.is_scalar() {
                    self.expect(value, &ty);
                }
            }
            StmtKind::If { cond, .. } | StmtKind::While { cond, .. } => self.expect_inside(cond),
            _ => {}
        }
    }

    /// The expression has this type. A float comes from an operator only if both sides are
    /// floats (a product of matrices or vectors is no float).
    fn expect(&mut self, expr: &mut Expr, ty: &Ty) {
        if *ty == Ty::Unknown {
            return self.expect_inside(expr);
        }
        let old = expr.ty.clone();
        if matches!(old, Ty::Unknown | Ty::Float(FloatTy::Some) | Ty::Vec(_) | Ty::Array(..)) {
            expr.ty = merge(&old, ty);
            self.changed |= expr.ty != old;
        }
        let float = ty.is_scalar();
        match &mut expr.kind {
            ExprKind::Read(place) => self.learn(place, ty),
            ExprKind::Neg(inner) | ExprKind::Stop(inner) => self.expect(inner, ty),
            ExprKind::Binary(op, a, b) if float && !is_comparison(*op) => {
                self.expect(a, ty);
                self.expect(b, ty);
            }
            ExprKind::Intrinsic(name, args) if float => {
                let last_is_int = *name == "powi";
                for (i, arg) in args.iter_mut().enumerate() {
                    if !(last_is_int && i == 1) {
                        self.expect(arg, ty);
                    }
                }
            }
            ExprKind::Tuple(items) => {
                if let Ty::Tuple(parts) = ty
                    && parts.len() == items.len()
                {
                    for (item, part) in items.iter_mut().zip(parts) {
                        self.expect(item, part);
                    }
                }
            }
            ExprKind::List { items, .. } => {
                let element = ty.element();
                for item in items {
                    self.expect(item, &element);
                }
            }
            ExprKind::Repeat { item, .. } => {
                let element = ty.element();
                self.expect(item, &element);
            }
            _ => {}
        }
    }

    /// Comparisons: what is compared with a float is one.
    fn expect_inside(&mut self, expr: &mut Expr) {
        if let ExprKind::Binary(op, a, b) = &mut expr.kind {
            if is_comparison(*op) && !matches!(op, BinOp::And | BinOp::Or) {
                let (left, right) = (a.ty.peel().clone(), b.ty.peel().clone());
                if left.is_scalar() {
                    self.expect(b, &left);
                }
                if right.is_scalar() {
                    self.expect(a, &right);
                }
            } else {
                self.expect_inside(a);
                self.expect_inside(b);
            }
        }
    }

    /// The place has this type: the variable's becomes more definite.
    fn learn(&mut self, place: &Place, ty: &Ty) {
        let var = &mut self.vars[place.base.0 as usize];
        let new = learned(&var.ty, &place.proj, ty);
        if new != var.ty {
            var.ty = new;
            self.changed = true;
        }
    }
}

fn learned(old: &Ty, path: &[Proj], ty: &Ty) -> Ty {
    let Some((first, rest)) = path.split_first() else {
        return match old {
            Ty::Unknown | Ty::Float(FloatTy::Some) | Ty::Discrete(None) => merge(old, ty),
            Ty::Vec(_) | Ty::Array(..) | Ty::Tuple(_) => merge(old, ty),
            _ => old.clone(),
        };
    };
    match (first, old) {
        (Proj::Index(_), Ty::Vec(inner)) => Ty::Vec(Box::new(learned(inner, rest, ty))),
        (Proj::Index(_), Ty::Array(inner, n)) => {
            Ty::Array(Box::new(learned(inner, rest, ty)), n.clone())
        }
        (Proj::Field(syn::Member::Unnamed(index)), Ty::Tuple(parts)) => {
            let mut parts = parts.clone();
            if let Some(part) = parts.get_mut(index.index as usize) {
                *part = learned(part, rest, ty);
            }
            Ty::Tuple(parts)
        }
        _ => old.clone(),
    }
}
