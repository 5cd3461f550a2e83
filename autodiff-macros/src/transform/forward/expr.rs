//! Values and their tangents.

use super::{Forward, tangent_ty};
use crate::ir::*;
use crate::rules::{self, algebra};

/// A value and, unless it is zero, its tangent.
pub(super) struct Dual {
    pub value: Expr,
    pub tangent: Option<Expr>,
}

/// How large an operand may be and still be written twice.
const SMALL: usize = 3;

impl Forward {
    /// The value and the tangent of `e`. What both need is given a variable before the statement.
    /// `result` names a place that holds the value when the tangent is evaluated, if there is one.
    pub(super) fn dual(&mut self, e: &Expr, result: Option<&Expr>) -> Dual {
        if e.ty.is_discrete() {
            return Dual { value: e.clone(), tangent: None };
        }
        let node = |kind| Expr::new(kind, e.ty.clone(), e.span);
        let dot_node = |kind| Expr::new(kind, tangent_ty(&e.ty), e.span);
        match &e.kind {
            ExprKind::Read(place) => {
                let place = self.settled(place);
                let tangent = self.read_dot(&place).map(dot_node);
                Dual { value: node(ExprKind::Read(place)), tangent }
            }
            ExprKind::Ref { mutable, place } => {
                let place = self.settled(place);
                let tangent = self
                    .dot_place(&place)
                    .map(|place| dot_node(ExprKind::Ref { mutable: *mutable, place }));
                Dual { value: node(ExprKind::Ref { mutable: *mutable, place }), tangent }
            }
            ExprKind::Clone { place, vec } => {
                let place = self.settled(place);
                let tangent = self
                    .dot_place(&place)
                    .map(|place| dot_node(ExprKind::Clone { place, vec: *vec }));
                Dual { value: node(ExprKind::Clone { place, vec: *vec }), tangent }
            }
            ExprKind::Neg(inner) => {
                let inner = self.dual(inner, None);
                Dual {
                    value: node(ExprKind::Neg(Box::new(inner.value))),
                    tangent: inner.tangent.map(algebra::neg),
                }
            }
            ExprKind::Cast(inner, to) => {
                let inner = self.dual(inner, None);
                Dual {
                    value: node(ExprKind::Cast(Box::new(inner.value), to.clone())),
                    tangent: inner
                        .tangent
                        .map(|d| dot_node(ExprKind::Cast(Box::new(d), to.clone()))),
                }
            }
            ExprKind::Binary(op, a, b) if op.is_arithmetic() => {
                self.arithmetic(e, *op, a, b, result)
            }
            ExprKind::Intrinsic(name, args) => self.intrinsic(e, name, args, result),
            ExprKind::Tuple(items) => {
                let (items, dots) = self.items(items);
                Dual {
                    value: node(ExprKind::Tuple(items)),
                    tangent: dots.map(|d| dot_node(ExprKind::Tuple(d))),
                }
            }
            ExprKind::List { items, vec } => {
                let (items, dots) = self.items(items);
                Dual {
                    value: node(ExprKind::List { items, vec: *vec }),
                    tangent: dots.map(|items| dot_node(ExprKind::List { items, vec: *vec })),
                }
            }
            ExprKind::Repeat { item, len, vec } => {
                let item = self.dual(item, None);
                let repeat = |item: Expr| ExprKind::Repeat {
                    item: Box::new(item),
                    len: len.clone(),
                    vec: *vec,
                };
                Dual {
                    tangent: item.tangent.map(|d| dot_node(repeat(d))),
                    value: node(repeat(item.value)),
                }
            }
            ExprKind::Call(call) => match self.jvp_call(call) {
                Some(jvp) => self.hoist_call(e, jvp),
                None => Dual { value: e.clone(), tangent: None },
            },
            _ => Dual { value: e.clone(), tangent: None },
        }
    }

    fn read_dot(&mut self, place: &Place) -> Option<ExprKind> {
        let dot = self.dot_place(place)?;
        let whole = place.proj.is_empty() && self.owned.contains(&place.base);
        Some(match &self.f.var(place.base).ty {
            Ty::Ref { mutable, .. } if whole => ExprKind::Ref { mutable: *mutable, place: dot },
            _ => ExprKind::Read(dot),
        })
    }

    /// The components of an aggregate; tangents for all if any has one.
    fn items(&mut self, items: &[Expr]) -> (Vec<Expr>, Option<Vec<Expr>>) {
        let duals: Vec<Dual> = items.iter().map(|i| self.dual(i, None)).collect();
        if duals.iter().all(|d| d.tangent.is_none()) {
            return (duals.into_iter().map(|d| d.value).collect(), None);
        }
        let (mut values, mut dots) = (Vec::new(), Vec::new());
        for dual in duals {
            let (value, dot) = match dual.tangent {
                Some(tangent) => (dual.value, tangent),
                None => self.with_zero(dual.value),
            };
            values.push(value);
            dots.push(dot);
        }
        (values, Some(dots))
    }

    /// A value without a tangent, and the zero that stands for it.
    pub(super) fn with_zero(&mut self, value: Expr) -> (Expr, Expr) {
        let span = value.span;
        let zero = |kind| Expr::new(kind, tangent_ty(&value.ty), span);
        match &value.kind {
            _ if matches!(value.ty, Ty::Float(_)) => {
                let zero = zero(ExprKind::Const(0.0));
                (value, zero)
            }
            // Hoisted, since the value may be moved out of the place next.
            ExprKind::Read(place) | ExprKind::Clone { place, .. } => {
                let zero = self.zero_of_place(place, span);
                let zero = self.hoist(zero);
                (value, zero)
            }
            ExprKind::Tuple(items) => {
                let (items, zeros): (Vec<_>, Vec<_>) =
                    items.iter().map(|i| self.with_zero(i.clone())).unzip();
                let zero = zero(ExprKind::Tuple(zeros));
                (Expr::new(ExprKind::Tuple(items), value.ty, span), zero)
            }
            ExprKind::List { items, vec } => {
                let vec = *vec;
                let (items, zeros): (Vec<_>, Vec<_>) =
                    items.iter().map(|i| self.with_zero(i.clone())).unzip();
                let zero = zero(ExprKind::List { items: zeros, vec });
                let kind = ExprKind::List { items, vec };
                (Expr::new(kind, value.ty, span), zero)
            }
            ExprKind::Repeat { item, len, vec } if matches!(item.ty, Ty::Float(_)) => {
                let item = algebra::constant(0.0, item);
                let zero =
                    zero(ExprKind::Repeat { item: Box::new(item), len: len.clone(), vec: *vec });
                (value, zero)
            }
            _ => {
                let value = self.hoist(value);
                self.with_zero(value)
            }
        }
    }

    /// Sums, products, quotients, remainders.
    fn arithmetic(
        &mut self,
        e: &Expr,
        op: BinOp,
        a: &Expr,
        b: &Expr,
        result: Option<&Expr>,
    ) -> Dual {
        let (a, b) = (self.dual(a, None), self.dual(b, None));
        let (da, db) = (a.tangent, b.tangent);
        let (mut a, mut b) = (a.value, b.value);
        let rebuilt = |a: &Expr, b: &Expr| {
            let kind = ExprKind::Binary(op, Box::new(a.clone()), Box::new(b.clone()));
            Expr::new(kind, e.ty.clone(), e.span)
        };
        if da.is_none() && db.is_none() {
            return Dual { value: rebuilt(&a, &b), tangent: None };
        }
        let is_product = op == BinOp::Mul;
        if db.is_some() && is_product {
            a = self.shared(a);
        }
        if (da.is_some() && is_product) || op == BinOp::Div {
            b = self.shared(b);
        }
        if op == BinOp::Rem && db.is_some() {
            a = self.shared(a);
            b = self.shared(b);
        }
        let value = rebuilt(&a, &b);
        // A quotient and a remainder are part of their own derivatives by the divisor.
        let needs_result = db.is_some() && matches!(op, BinOp::Div | BinOp::Rem);
        let (value, result) =
            if needs_result { self.with_result(value, result) } else { (value, None) };
        let tangent = match (op, da, db) {
            (BinOp::Add, Some(da), Some(db)) => algebra::add(da, db),
            (BinOp::Add, Some(d), None) | (BinOp::Add, None, Some(d)) => d,
            (BinOp::Sub, Some(da), Some(db)) => algebra::sub(da, db),
            (BinOp::Sub, None, Some(d)) => algebra::neg(d),
            (BinOp::Sub | BinOp::Rem, Some(d), None) => d,
            (BinOp::Mul, Some(da), Some(db)) => {
                if same(&a, &b) {
                    let two = algebra::constant(2.0, e);
                    algebra::mul(algebra::mul(two, a), da)
                } else {
                    algebra::add(algebra::mul(da, b), algebra::mul(a, db))
                }
            }
            (BinOp::Mul, Some(d), None) => algebra::mul(d, b),
            (BinOp::Mul, None, Some(d)) => algebra::mul(a, d),
            (BinOp::Div, Some(d), None) => algebra::over(d, b),
            (BinOp::Div, da, Some(db)) => {
                let quotient = result.expect("a quotient has a name here");
                let change = algebra::mul(quotient, db);
                algebra::over(
                    match da {
                        Some(da) => algebra::sub(da, change),
                        None => algebra::neg(change),
                    },
                    b,
                )
            }
            (BinOp::Rem, da, Some(db)) => {
                let rule = rules::find("rem").expect("in the table");
                let remainder = result.expect("a remainder has a name here");
                let partial = rule.partial(1, &[a, b], &remainder);
                let change = algebra::mul(partial.expect("in the table"), db);
                match da {
                    Some(da) => algebra::add(da, change),
                    None => change,
                }
            }
            _ => unreachable!("arithmetic with at least one tangent"),
        };
        Dual { value, tangent: Some(tangent) }
    }

    fn intrinsic(
        &mut self,
        e: &Expr,
        name: &'static str,
        args: &[Expr],
        result: Option<&Expr>,
    ) -> Dual {
        let rule = rules::find(name).unwrap_or_else(|| panic!("no rule {name}"));
        let duals: Vec<Dual> = args.iter().map(|a| self.dual(a, None)).collect();
        let (mut values, mut dots) = (Vec::new(), Vec::new());
        for dual in duals {
            values.push(dual.value);
            dots.push(dual.tangent);
        }
        // What the partials of the active arguments read, besides the value itself.
        let mut needs_result = false;
        let mut needs_arg = vec![false; values.len()];
        for (i, _) in dots.iter().enumerate().filter(|(_, d)| d.is_some()) {
            let uses = rule.partial_uses(i);
            needs_result |= uses.result;
            for (needs, used) in needs_arg.iter_mut().zip(uses.args) {
                *needs |= used;
            }
        }
        let values: Vec<Expr> = values
            .into_iter()
            .zip(needs_arg)
            .map(|(value, needed)| if needed { self.shared(value) } else { value })
            .collect();
        let call = Expr::new(ExprKind::Intrinsic(name, values.clone()), e.ty.clone(), e.span);
        let (value, result) =
            if needs_result { self.with_result(call, result) } else { (call, None) };
        let result = result.unwrap_or_else(|| value.clone());
        let mut tangent: Option<Expr> = None;
        for (i, dot) in dots.into_iter().enumerate() {
            let Some(dot) = dot else { continue };
            let Some(partial) = rule.partial(i, &values, &result) else {
                continue;
            };
            let term = algebra::mul(partial, dot);
            tangent = Some(match tangent {
                Some(sum) => algebra::add(sum, term),
                None => term,
            });
        }
        Dual { value, tangent }
    }

    /// A name for `value` that its tangent can use: the statement's own target, or a new variable.
    fn with_result(&mut self, value: Expr, result: Option<&Expr>) -> (Expr, Option<Expr>) {
        match result {
            Some(result) => (value, Some(result.clone())),
            None => {
                let value = self.hoist(value);
                (value.clone(), Some(value))
            }
        }
    }

    /// An operand that value and tangent both read: given a variable if it is not small.
    pub(super) fn shared(&mut self, e: Expr) -> Expr {
        if is_small(&e) { e } else { self.hoist(e) }
    }

    /// The place with indices that may be evaluated twice.
    pub(super) fn settled(&mut self, place: &Place) -> Place {
        let mut place = place.clone();
        if self.activity.var(place.base) {
            for index in place.exprs_mut() {
                if !is_repeatable(index) {
                    *index = self.hoist(index.clone());
                }
            }
        }
        place
    }
}

/// Cheap and short enough to be written twice.
fn is_small(e: &Expr) -> bool {
    if !is_repeatable(e) {
        return false;
    }
    match &e.kind {
        ExprKind::Read(_) | ExprKind::Lit(_) | ExprKind::Const(_) => true,
        _ => matches!(e.ty, Ty::Float(_)) && size(e).is_some_and(|size| size <= SMALL),
    }
}

/// Operators and operands of sums and products; an element counts as one whatever its index.
fn size(e: &Expr) -> Option<usize> {
    match &e.kind {
        ExprKind::Lit(_) | ExprKind::Const(_) | ExprKind::Read(_) => Some(1),
        ExprKind::Neg(e) | ExprKind::Cast(e, _) => size(e),
        // A quotient of literals is a constant.
        ExprKind::Binary(BinOp::Div, a, b) if is_literal(a) && is_literal(b) => Some(1),
        ExprKind::Binary(BinOp::Add | BinOp::Sub | BinOp::Mul, a, b) => {
            Some(1 + size(a)? + size(b)?)
        }
        _ => None,
    }
}

fn is_literal(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Lit(_) | ExprKind::Const(_))
}

/// Whether evaluating `e` twice makes no difference.
fn is_repeatable(e: &Expr) -> bool {
    let mut yes = true;
    e.walk(&mut |e| match &e.kind {
        ExprKind::Call(_) => yes = false,
        ExprKind::Opaque(o) => yes &= o.pure_,
        _ => {}
    });
    yes
}

/// Whether both are the same place or literal.
fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Read(p), ExprKind::Read(q)) => same_place(p, q),
        (ExprKind::Lit(x), ExprKind::Lit(y)) => x.to_string() == y.to_string(),
        (ExprKind::Binary(o, a, b), ExprKind::Binary(p, c, d)) => {
            o == p && same(a, c) && same(b, d)
        }
        _ => false,
    }
}

pub fn same_place(p: &Place, q: &Place) -> bool {
    p.base == q.base
        && p.proj.len() == q.proj.len()
        && p.proj.iter().zip(&q.proj).all(|(a, b)| match (a, b) {
            (Proj::Deref, Proj::Deref) => true,
            (Proj::Field(a), Proj::Field(b)) => a == b,
            (Proj::Index(a), Proj::Index(b)) => same(a, b),
            _ => false,
        })
}
