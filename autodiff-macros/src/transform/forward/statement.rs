//! Statements without blocks.

use super::expr::Dual;
use super::{Forward, place_ty};
use crate::ir::*;
use crate::rules::algebra;
use proc_macro2::Span;

impl Forward {
    pub(super) fn let_(&mut self, var: VarId, init: Option<&Expr>, span: Span) {
        let Some(init) = init else {
            self.push(StmtKind::Let { var, init: None }, span);
            if let Some(dot) = self.dot(var) {
                self.push(StmtKind::Let { var: dot, init: None }, span);
            }
            return;
        };
        let dot = self.dot(var);
        if let ExprKind::Call(call) = &init.kind
            && (dot.is_some() || self.writes_active(init))
            && let Some(jvp) = self.jvp_call(call)
        {
            self.let_call(Some(var), dot, init, jvp);
            return;
        }
        let Some(dot) = dot else {
            let init = Some(init.clone());
            self.push(StmtKind::Let { var, init }, span);
            return;
        };
        let this = Expr::var(var, &self.f.vars, span);
        let Dual { value, tangent } = self.dual(init, Some(&this));
        let zero_first = match &tangent {
            Some(_) => None,
            None => self.zero_value(&value),
        };
        self.push(StmtKind::Let { var, init: Some(value) }, span);
        let tangent =
            tangent.or(zero_first).unwrap_or_else(|| self.zero_of_place(&Place::var(var), span));
        self.push(StmtKind::Let { var: dot, init: Some(tangent) }, span);
    }

    /// A zero like `value` that does not read it, where there is one as short as that.
    fn zero_value(&self, value: &Expr) -> Option<Expr> {
        match &value.kind {
            _ if matches!(value.ty, Ty::Float(_)) => Some(algebra::constant(0.0, value)),
            ExprKind::Repeat { item, len, vec } if matches!(item.ty, Ty::Float(_)) => {
                let kind = ExprKind::Repeat {
                    item: Box::new(algebra::constant(0.0, item)),
                    len: len.clone(),
                    vec: *vec,
                };
                Some(Expr::new(kind, value.ty.clone(), value.span))
            }
            _ => None,
        }
    }

    pub(super) fn let_tuple(&mut self, vars: &[Option<VarId>], init: &Expr, span: Span) {
        let dots: Vec<Option<VarId>> =
            vars.iter().map(|var| var.and_then(|var| self.dot(var))).collect();
        let any = dots.iter().any(Option::is_some);
        let bind =
            |vars: &[Option<VarId>], init: Expr| StmtKind::LetTuple { vars: vars.to_vec(), init };
        if !any && !self.writes_active(init) {
            self.push(bind(vars, init.clone()), span);
            return;
        }
        let Dual { value, tangent } = self.dual(init, None);
        self.push(bind(vars, value), span);
        if !any {
            return;
        }
        match tangent {
            Some(tangent) => self.push(bind(&dots, tangent), span),
            None => {
                for (var, dot) in vars.iter().zip(dots) {
                    if let (Some(var), Some(dot)) = (var, dot) {
                        let zero = self.zero_of_place(&Place::var(*var), span);
                        self.push(StmtKind::Let { var: dot, init: Some(zero) }, span);
                    }
                }
            }
        }
    }

    pub(super) fn assign(&mut self, place: &Place, value: &Expr, span: Span) {
        let place = self.settled(place);
        let Some(dot) = self.dot_place(&place) else {
            let value = self.inactive_value(value);
            self.push(StmtKind::Assign { place, value }, span);
            return;
        };
        let overwrites = value.mentions(place.base) || place_mentions_base(&place);
        let ty = place_ty(&place, &self.f.vars);
        let this = Expr::new(ExprKind::Read(place.clone()), ty, span);
        let Dual { value, tangent } = self.dual(value, (!overwrites).then_some(&this));
        let zero = match &tangent {
            Some(_) => None,
            None => self.zero_value(&value),
        };
        let before = overwrites && tangent.is_some();
        let mut statements = vec![StmtKind::Assign { place: place.clone(), value }];
        let value = tangent.or(zero).unwrap_or_else(|| self.zero_of_place(&place, span));
        // On the values from before the overwrite, unless it reads none of them.
        let at = if before { 0 } else { 1 };
        statements.insert(at, StmtKind::Assign { place: dot, value });
        for kind in statements {
            self.push(kind, span);
        }
    }

    /// A value for something inactive; a call in it may still change what is active.
    fn inactive_value(&mut self, value: &Expr) -> Expr {
        if self.writes_active(value) { self.dual(value, None).value } else { value.clone() }
    }

    pub(super) fn update(&mut self, place: &Place, op: BinOp, value: &Expr, span: Span) {
        let place = self.settled(place);
        let Some(dot) = self.dot_place(&place) else {
            let value = self.inactive_value(value);
            self.push(StmtKind::Update { place, op, value }, span);
            return;
        };
        let Dual { value, tangent } = self.dual(value, None);
        let primal = |value| StmtKind::Update { place: place.clone(), op, value };
        let ty = place_ty(&place, &self.f.vars);
        let read = |place: &Place| Expr::new(ExprKind::Read(place.clone()), ty.clone(), span);
        match (op, tangent) {
            (BinOp::Add | BinOp::Sub, tangent) => {
                if let Some(value) = tangent {
                    self.push(StmtKind::Update { place: dot, op, value }, span);
                }
                self.push(primal(value), span);
            }
            (BinOp::Mul | BinOp::Div, None) => {
                let value = self.shared(value);
                let of_dot = StmtKind::Update { place: dot, op, value: value.clone() };
                self.push(of_dot, span);
                self.push(primal(value), span);
            }
            (BinOp::Mul, Some(tangent)) => {
                let factor = self.shared(value);
                let value = algebra::add(
                    algebra::mul(read(&dot), factor.clone()),
                    algebra::mul(read(&place), tangent),
                );
                self.push(StmtKind::Assign { place: dot, value }, span);
                self.push(primal(factor), span);
            }
            (BinOp::Div | BinOp::Rem, tangent) => {
                // The value first, in a variable of its own: the tangent needs old and new.
                let tangent = match tangent {
                    Some(tangent) => tangent,
                    None => {
                        self.push(primal(value), span);
                        return;
                    }
                };
                let divisor = self.shared(value);
                let kind = ExprKind::Binary(op, Box::new(read(&place)), Box::new(divisor.clone()));
                let result = self.hoist(Expr::new(kind, ty.clone(), span));
                let value = if op == BinOp::Div {
                    let change = algebra::mul(result.clone(), tangent);
                    algebra::over(algebra::sub(read(&dot), change), divisor)
                } else {
                    let rule = crate::rules::find("rem").expect("in the table");
                    let partial = rule.partial(1, &[read(&place), divisor], &result);
                    let change = algebra::mul(partial.expect("in the table"), tangent);
                    algebra::add(read(&dot), change)
                };
                self.push(StmtKind::Assign { place: dot, value }, span);
                self.push(StmtKind::Assign { place, value: result }, span);
            }
            _ => self.push(primal(value), span),
        }
    }

    pub(super) fn eval(&mut self, e: &Expr, span: Span) {
        if let ExprKind::Call(call) = &e.kind
            && self.writes_active(e)
            && let Some(jvp) = self.jvp_call(call)
        {
            let e = self.jvp_expr(e, jvp);
            self.push(StmtKind::Eval(e), span);
        } else {
            self.push(StmtKind::Eval(e.clone()), span);
        }
    }

    pub(super) fn swap(&mut self, a: &Place, b: &Place, span: Span) {
        let (a, b) = (self.settled(a), self.settled(b));
        match (self.dot_place(&a), self.dot_place(&b)) {
            (Some(x), Some(y)) => self.push(StmtKind::Swap(x, y), span),
            (Some(x), None) | (None, Some(x)) => self.zero_in_place(x, span),
            (None, None) => {}
        }
        self.push(StmtKind::Swap(a, b), span);
    }

    /// Sets a tangent to zero.
    pub(super) fn zero_in_place(&mut self, place: Place, span: Span) {
        let ty = place_ty(&place, &self.f.vars);
        if matches!(ty, Ty::Float(_)) {
            let value = Expr::new(ExprKind::Const(0.0), ty, span);
            self.push(StmtKind::Assign { place, value }, span);
        } else {
            self.push(StmtKind::SetZero(place), span);
        }
    }

    pub(super) fn vec_push(&mut self, vec: &Place, value: &Expr, span: Span) {
        let vec = self.settled(vec);
        let Some(dot) = self.dot_place(&vec) else {
            let value = value.clone();
            self.push(StmtKind::VecPush { vec, value }, span);
            return;
        };
        let (value, tangent) = self.value_and_dot(value);
        self.push(StmtKind::VecPush { vec, value }, span);
        self.push(StmtKind::VecPush { vec: dot, value: tangent }, span);
    }

    pub(super) fn fill(&mut self, place: &Place, value: &Expr, span: Span) {
        let place = self.settled(place);
        let Some(dot) = self.dot_place(&place) else {
            let value = value.clone();
            self.push(StmtKind::Fill { place, value }, span);
            return;
        };
        let (value, tangent) = self.value_and_dot(value);
        // The tangent first: the value may be an element of what is filled.
        self.push(StmtKind::Fill { place: dot, value: tangent }, span);
        self.push(StmtKind::Fill { place, value }, span);
    }

    /// Value and tangent, the latter a zero where there is none.
    pub(super) fn value_and_dot(&mut self, e: &Expr) -> (Expr, Expr) {
        let Dual { value, tangent } = self.dual(e, None);
        match tangent {
            Some(tangent) => (value, tangent),
            None => self.with_zero(value),
        }
    }

    pub(super) fn copy_from(&mut self, to: &Place, from: &Place, span: Span) {
        let (to, from) = (self.settled(to), self.settled(from));
        if let Some(dot) = self.dot_place(&to) {
            match self.dot_place(&from) {
                Some(from) => self.push(StmtKind::CopyFrom { to: dot, from }, span),
                None => self.zero_in_place(dot, span),
            }
        }
        self.push(StmtKind::CopyFrom { to, from }, span);
    }

    pub(super) fn accumulate(&mut self, to: &Place, value: &Expr, span: Span) {
        let to = self.settled(to);
        let Some(dot) = self.dot_place(&to) else {
            let value = value.clone();
            self.push(StmtKind::Accumulate { to, value }, span);
            return;
        };
        let Dual { value, tangent } = self.dual(value, None);
        if let Some(value) = tangent {
            self.push(StmtKind::Accumulate { to: dot, value }, span);
        }
        self.push(StmtKind::Accumulate { to, value }, span);
    }
}

fn place_mentions_base(place: &Place) -> bool {
    place.exprs().iter().any(|e| e.mentions(place.base))
}
