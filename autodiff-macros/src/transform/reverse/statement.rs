//! Adjoints of statements that have no blocks.

use super::Builder;
use super::adjoint::{constant, mul, neg, owned_tangent, zero_by_type, zero_of};
use super::versions::{Def, Node, ScopeId};
use crate::ir::*;
use proc_macro2::Span;

impl Builder<'_> {
    /// Fills in `node.adjoint`.
    pub fn leaf_adjoint(&mut self, node: &mut Node, scope: ScopeId, at: usize) {
        let mut code = Vec::new();
        let span = node.stmt.span;
        match node.stmt.kind.clone() {
            StmtKind::Let { var, init: Some(value) } => {
                self.definition(node, var, &value, scope, at, &mut code)
            }
            StmtKind::LetTuple { vars, init } => {
                self.tuple_definition(node, &vars, &init, scope, at, &mut code);
            }
            StmtKind::Eval(value) => {
                // Nobody reads the value: only what the call writes can matter.
                if let ExprKind::Call(call) = &value.kind
                    && self.writes_active(&value)
                {
                    self.call(node, call, None, scope, at, &mut code);
                }
            }
            StmtKind::Assign { place, value } => {
                self.assignment(node, &place, &value, scope, at, &mut code);
            }
            StmtKind::Update { place, op, value } if self.activity.var(place.base) => {
                self.update(node, &place, op, &value, &mut code);
            }
            StmtKind::Swap(a, b) if self.activity.var(a.base) || self.activity.var(b.base) => {
                let kind = StmtKind::Swap(self.bar_place(&a), self.bar_place(&b));
                code.push(Stmt { kind, span });
            }
            StmtKind::VecPush { vec, value } if self.activity.var(vec.base) => {
                let into = self.activity.expr(&value).then(|| {
                    let ty = owned_tangent(&value.ty);
                    let var = self.fresh("pushed_bar", ty, false, Role::Temp);
                    self.activity.set(var, true);
                    var
                });
                let kind = StmtKind::VecPop { vec: self.bar_place(&vec), into };
                code.push(Stmt { kind, span });
                if let Some(var) = into {
                    let seed = Expr::var(var, &self.out.vars, span);
                    self.propagate(&value, seed, None, &mut code);
                }
            }
            StmtKind::Fill { place, value } if self.activity.var(place.base) => {
                let bar = self.bar_place(&place);
                let total = self
                    .activity
                    .expr(&value)
                    .then(|| self.sum_of(&bar, &value.ty, span, &mut code));
                code.push(Stmt { kind: StmtKind::SetZero(bar), span });
                // After the zero: the value may be an element of what is filled.
                if let Some(total) = total {
                    self.propagate(&value, total, None, &mut code);
                }
            }
            StmtKind::CopyFrom { to, from } if self.activity.var(to.base) => {
                let bar = self.bar_place(&to);
                if self.activity.var(from.base) {
                    let ty = owned_tangent(&self.out.vars[to.base.0 as usize].ty);
                    let reference = ExprKind::Ref { mutable: false, place: bar.clone() };
                    let kind = StmtKind::Accumulate {
                        to: self.bar_place(&from),
                        value: Expr::new(reference, ty, span),
                    };
                    code.push(Stmt { kind, span });
                }
                code.push(Stmt { kind: StmtKind::SetZero(bar), span });
            }
            _ => {}
        }
        node.adjoint = code;
    }

    /// `let var = value;`
    fn definition(
        &mut self,
        node: &mut Node,
        var: VarId,
        value: &Expr,
        scope: ScopeId,
        at: usize,
        code: &mut Vec<Stmt>,
    ) {
        let span = node.stmt.span;
        if let ExprKind::Call(call) = &value.kind {
            if self.call_matters(value, self.activity.var(var)) {
                let place = Place::var(var);
                let seed = if self.activity.var(var) {
                    let ty = value.ty.clone();
                    self.bar_read(&place, &ty, span)
                } else {
                    zero_of(&value.ty, || Place::var(self.last_version(node, var)))
                };
                self.call(node, call, Some(seed), scope, at, code);
            }
            return;
        }
        if !self.activity.var(var) || !self.activity.expr(value) {
            return;
        }
        let seed = self.bar_read(&Place::var(var), &value.ty, span);
        let result = (!self.memory[var.0 as usize])
            .then(|| Expr::var(self.last_version(node, var), &self.out.vars, span));
        self.propagate(value, seed, result.as_ref(), code);
    }

    /// The version of `var` that the statement defines.
    fn last_version(&self, node: &Node, var: VarId) -> VarId {
        let defined = node.defs.iter().find(|v| self.origin(**v) == var);
        defined.copied().unwrap_or(var)
    }

    /// `let (a, b) = value;`
    fn tuple_definition(
        &mut self,
        node: &mut Node,
        vars: &[Option<VarId>],
        value: &Expr,
        scope: ScopeId,
        at: usize,
        code: &mut Vec<Stmt>,
    ) {
        let span = node.stmt.span;
        if let ExprKind::Call(call) = &value.kind {
            let any = vars.iter().flatten().any(|v| self.activity.var(*v));
            if !self.call_matters(value, any) {
                return;
            }
            let mut parts = Vec::new();
            for var in vars {
                let Some(var) = var else {
                    // Bound to `_`: its adjoint is zero, its type only known to rustc.
                    parts.push(None);
                    continue;
                };
                let ty = self.out.vars[var.0 as usize].ty.clone();
                parts.push(Some(if self.activity.var(*var) {
                    self.bar_read(&Place::var(*var), &ty, span)
                } else {
                    zero_of(&ty, || Place::var(self.last_version(node, *var)))
                }));
            }
            let types = match &value.ty {
                Ty::Tuple(types) if types.len() == parts.len() => types.clone(),
                _ => vec![Ty::Float(FloatTy::Some); parts.len()],
            };
            let parts = parts
                .into_iter()
                .zip(&types)
                .map(|(part, ty)| {
                    part.or_else(|| zero_by_type(ty)).unwrap_or_else(|| constant(0.0, ty, span))
                })
                .collect();
            let seed = Expr::new(ExprKind::Tuple(parts), owned_tangent(&value.ty), span);
            self.call(node, call, Some(seed), scope, at, code);
            return;
        }
        let place = match &value.kind {
            ExprKind::Read(place) | ExprKind::Clone { place, .. } => place.clone(),
            _ => return,
        };
        if !self.activity.var(place.base) {
            return;
        }
        for (i, var) in vars.iter().enumerate() {
            let Some(var) = var else { continue };
            if !self.activity.var(*var) {
                continue;
            }
            let ty = self.out.vars[var.0 as usize].ty.clone();
            let seed = self.bar_read(&Place::var(*var), &ty, span);
            let mut part = place.clone();
            part.proj.push(Proj::Field(syn::Member::Unnamed(i.into())));
            self.add_to(&part, &ty, seed, code);
        }
    }

    /// `place = value;`: the adjoint of the place is taken, set to zero, then goes to what `value`
    /// reads, which may be the place itself.
    fn assignment(
        &mut self,
        node: &mut Node,
        place: &Place,
        value: &Expr,
        scope: ScopeId,
        at: usize,
        code: &mut Vec<Stmt>,
    ) {
        let span = node.stmt.span;
        let target = self.activity.var(place.base);
        let call = match &value.kind {
            ExprKind::Call(call) if self.call_matters(value, target) => Some(call),
            _ => None,
        };
        if !target {
            if let Some(call) = call {
                let seed = zero_of(&value.ty, || {
                    let mut place = place.clone();
                    place.base = self.last_version(node, place.base);
                    place
                });
                self.call(node, call, Some(seed), scope, at, code);
            }
            return;
        }
        let ty = match &value.ty {
            Ty::Unknown if place.is_whole() => self.out.vars[place.base.0 as usize].ty.clone(),
            ty => ty.clone(),
        };
        let bar = self.bar_place(place);
        let active = call.is_some() || self.activity.expr(value);
        let seed = active.then(|| {
            let kind = if is_scalar_or_whole(&ty, place) {
                ExprKind::Read(bar.clone())
            } else {
                ExprKind::Clone { place: bar.clone(), vec: has_slice(place) }
            };
            let taken = Expr::new(kind, owned_tangent(&ty), span);
            let name = format!("{}_seed", self.plain_name(place.base));
            self.bind(&name, taken, code)
        });
        self.reset(node, place, &ty, &bar, code);
        let Some(seed) = seed else { return };
        let seed = Expr::var(seed, &self.out.vars, span);
        if let Some(call) = call {
            self.call(node, call, Some(seed), scope, at, code);
        } else {
            let result = node
                .defs
                .first()
                .filter(|_| !self.memory[place.base.0 as usize])
                .map(|v| Expr::var(*v, &self.out.vars, span));
            self.propagate(value, seed, result.as_ref(), code);
        }
    }

    /// `bar = 0`, shaped like what the place held before the assignment.
    fn reset(
        &mut self,
        node: &mut Node,
        place: &Place,
        ty: &Ty,
        bar: &Place,
        code: &mut Vec<Stmt>,
    ) {
        let span = node.stmt.span;
        let in_place = has_slice(place) || matches!(ty.peel(), Ty::Array(..) | Ty::Tuple(_));
        let kind = if in_place && !place.is_whole() {
            StmtKind::SetZero(bar.clone())
        } else if let Some(zero) = zero_by_type(ty) {
            StmtKind::Assign { place: bar.clone(), value: zero }
        } else if self.memory[place.base.0 as usize] {
            StmtKind::Assign {
                place: bar.clone(),
                value: Expr::new(ExprKind::ZeroLike(place.clone()), owned_tangent(ty), span),
            }
        } else if let Some(previous) = node.previous {
            StmtKind::Assign {
                place: bar.clone(),
                value: Expr::new(ExprKind::ZeroLike(Place::var(previous)), owned_tangent(ty), span),
            }
        } else {
            // First value of a variable declared without one: nothing reads the adjoint before.
            return;
        };
        code.push(Stmt { kind, span });
    }

    /// `place op= value;`
    fn update(
        &mut self,
        node: &mut Node,
        place: &Place,
        op: BinOp,
        value: &Expr,
        code: &mut Vec<Stmt>,
    ) {
        let span = node.stmt.span;
        let ty = if place.is_whole() {
            self.out.vars[place.base.0 as usize].ty.peel().clone()
        } else {
            value.ty.clone()
        };
        let bar = self.bar_place(place);
        let before = match node.previous {
            Some(previous) => Expr::var(previous, &self.out.vars, span),
            None => Expr::new(ExprKind::Read(place.clone()), ty.clone(), span),
        };
        let reads_itself = crate::analysis::activity::differentiable_reads(value)
            .iter()
            .any(|v| self.origin(*v) == place.base);
        let seed = Expr::new(ExprKind::Read(bar.clone()), owned_tangent(&ty), span);
        let active = self.activity.expr(value);
        match op {
            BinOp::Add | BinOp::Sub => {
                if !active {
                    return;
                }
                let seed = if reads_itself {
                    let name = format!("{}_seed", self.plain_name(place.base));
                    let var = self.bind(&name, seed, code);
                    Expr::var(var, &self.out.vars, span)
                } else {
                    seed
                };
                let seed = if op == BinOp::Sub { neg(seed) } else { seed };
                self.propagate(value, seed, None, code);
            }
            BinOp::Mul if !reads_itself => {
                if active {
                    self.propagate(value, mul(seed, before), None, code);
                }
                code.push(update(bar, BinOp::Mul, value.clone(), span));
            }
            BinOp::Div if !reads_itself => {
                code.push(update(bar, BinOp::Div, value.clone(), span));
                if active {
                    let quotient = super::adjoint::div(before, value.clone());
                    self.propagate(value, neg(mul(seed, quotient)), None, code);
                }
            }
            _ => {
                let name = format!("{}_seed", self.plain_name(place.base));
                let var = self.bind(&name, seed, code);
                let zero = constant(0.0, &ty, span);
                code.push(Stmt { kind: StmtKind::Assign { place: bar, value: zero }, span });
                let seed = Expr::var(var, &self.out.vars, span);
                let kind = ExprKind::Binary(op, Box::new(before), Box::new(value.clone()));
                let whole = Expr::new(kind, ty, span);
                self.propagate(&whole, seed, None, code);
            }
        }
    }

    /// Whether the call carries a derivative to something: its value, or a place it writes.
    pub fn call_is_active(&self, e: &Expr) -> bool {
        self.writes_active(e) || self.activity.expr(e)
    }

    /// Whether a call whose value goes to something active (or not) has an adjoint.
    fn call_matters(&self, e: &Expr, target_active: bool) -> bool {
        self.writes_active(e) || target_active && self.activity.expr(e)
    }

    /// Whether the call changes an active place.
    pub fn writes_active(&self, e: &Expr) -> bool {
        let mut written = false;
        for child in e.children() {
            if let ExprKind::Ref { mutable: true, place } = &child.kind {
                written |= self.activity.var(place.base);
            }
        }
        written
    }

    /// The adjoint of a call: its `back`, with an adjoint slot for every argument.
    pub fn call(
        &mut self,
        node: &mut Node,
        call: &Call,
        seed: Option<Expr>,
        scope: ScopeId,
        at: usize,
        code: &mut Vec<Stmt>,
    ) {
        let span = node.stmt.span;
        let mut primals = Vec::new();
        let mut slots = Vec::new();
        let mut later = Vec::new();
        let mut taken: Vec<VarId> = Vec::new();
        for (i, arg) in call.args.iter().enumerate() {
            let Arg::Expr(arg) = arg else { continue };
            match &arg.kind {
                ExprKind::Ref { mutable: true, place } => {
                    let ty = owned_tangent(&arg.ty);
                    if let Some(lent) = self.lend(node, call, i, &ty, (scope, at)) {
                        primals.push(lent);
                    } else {
                        let old = self.pseudo_version("before", ty.clone(), scope, at, Def::Old);
                        self.out.vars[old.0 as usize].mutable = true;
                        node.old_args.push((i, old));
                        primals.push(reference(Place::var(old), true, ty.clone(), span));
                    }
                    if self.activity.var(place.base) {
                        taken.push(self.origin(place.base));
                        let bar = self.bar_place(place);
                        slots.push(reference(bar, true, ty, span));
                    } else {
                        slots.push(Arg::Discard);
                    }
                }
                ExprKind::Read(place)
                | ExprKind::Ref { place, .. }
                | ExprKind::Clone { place, .. } => {
                    let mut primal = arg.clone();
                    if let ExprKind::Read(p) = &arg.kind
                        && !is_copy(&arg.ty)
                    {
                        primal.kind = ExprKind::Clone { place: p.clone(), vec: false };
                    }
                    primals.push(Arg::Expr(primal));
                    if !self.activity.expr(arg) {
                        slots.push(Arg::Discard);
                        continue;
                    }
                    let ty = owned_tangent(&arg.ty);
                    let base = self.origin(place.base);
                    if taken.contains(&base) {
                        let zero = zero_of(&arg.ty, || place.clone());
                        let extra = self.bind("other_bar", zero, code);
                        self.out.vars[extra.0 as usize].mutable = true;
                        slots.push(reference(Place::var(extra), true, ty.clone(), span));
                        let seed = Expr::var(extra, &self.out.vars, span);
                        self.add_to(place, &arg.ty, seed, &mut later);
                    } else {
                        taken.push(base);
                        let bar = self.bar_place(place);
                        slots.push(reference(bar, true, ty, span));
                    }
                }
                _ => {
                    primals.push(Arg::Expr(arg.clone()));
                    slots.push(Arg::Discard);
                }
            }
        }
        let mode = match seed {
            Some(_) => Mode::Back(0),
            None => Mode::BackUnused(0),
        };
        let mut args = primals;
        args.extend(seed.map(Arg::Expr));
        args.extend(slots);
        let back = Call { path: call.path.clone(), mode, args, refuse: None };
        code.push(Stmt {
            kind: StmtKind::Eval(Expr::new(ExprKind::Call(back), Ty::Unit, span)),
            span,
        });
        code.extend(later);
    }

    pub fn plain_name(&self, var: VarId) -> String {
        super::adjoint::plain(&self.out.vars[self.origin(var).0 as usize].name)
    }
}

fn update(place: Place, op: BinOp, value: Expr, span: Span) -> Stmt {
    Stmt { kind: StmtKind::Update { place, op, value }, span }
}

fn reference(place: Place, mutable: bool, ty: Ty, span: Span) -> Arg {
    Arg::Expr(Expr::new(ExprKind::Ref { mutable, place }, ty, span))
}

fn has_slice(place: &Place) -> bool {
    matches!(place.proj.last(), Some(Proj::Slice { .. }))
}

/// Whether reading the adjoint leaves it usable: a copy, or a move out of a whole variable that is
/// assigned right after.
fn is_scalar_or_whole(ty: &Ty, place: &Place) -> bool {
    ty.is_scalar() || is_copy(ty) || place.proj.is_empty()
}

/// Certainly `Copy`.
pub fn is_copy(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) | Ty::Unit => true,
        // Without a name: an integer whose width rustc infers.
        Ty::Discrete(name) => name
            .as_deref()
            .is_none_or(|n| !n.contains("String") && !n.contains("Vec") && !n.contains("Range")),
        Ty::Array(item, _) => is_copy(item),
        Ty::Tuple(items) => items.iter().all(is_copy),
        Ty::Ref { mutable, .. } => !mutable,
        Ty::Slice(_) | Ty::Vec(_) | Ty::Named(_) | Ty::Unknown => false,
    }
}
