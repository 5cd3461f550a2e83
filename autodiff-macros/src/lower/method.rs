//! Method calls.

use super::{Lower, bool_ty, infer, lit, place::View, strip, strip_pat};
use crate::ir::{BinOp, Expr, ExprKind, Place, StmtKind, Ty};
use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;

/// Integer methods whose result has the receiver's type.
const SAME_TYPE: &[&str] = &[
    "pow",
    "min",
    "max",
    "abs",
    "clamp",
    "signum",
    "rem_euclid",
    "div_euclid",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "saturating_add",
    "saturating_sub",
    "saturating_mul",
    "div_ceil",
    "isqrt",
    "next_power_of_two",
    "next_multiple_of",
    "count_ones",
    "leading_zeros",
    "trailing_zeros",
    "unsigned_abs",
    "abs_diff",
];

/// Predicates of floats.
const PREDICATES: &[&str] = &[
    "is_nan",
    "is_finite",
    "is_infinite",
    "is_normal",
    "is_sign_negative",
    "is_sign_positive",
    "is_subnormal",
    "is_positive",
    "is_negative",
];

/// A method or function of the standard floats that has a rule.
pub fn intrinsic(name: &str) -> Option<(&'static str, usize)> {
    let rule = crate::rules::find(name)?;
    (!rule.free_function && !rule.operator).then_some((rule.name, rule.arity))
}

pub fn is_intrinsic(name: &str) -> bool {
    intrinsic(name).is_some()
}

impl Lower<'_> {
    /// Methods that give a part of their receiver, or the receiver itself.
    pub fn method_view(&mut self, call: &syn::ExprMethodCall) -> View {
        let name = call.method.to_string();
        match (name.as_str(), call.args.len()) {
            ("as_slice" | "as_ref" | "as_array", 0) => self.reborrow(&call.receiver, false),
            ("as_mut_slice" | "as_mut", 0) => self.reborrow(&call.receiver, true),
            ("unwrap", 0) | ("expect", 1) => self.unwrapped(&call.receiver),
            _ => View::Other,
        }
    }

    fn reborrow(&mut self, receiver: &syn::Expr, mutable: bool) -> View {
        match self.view(receiver) {
            View::Place(place, ty) | View::RefTo { place, ty, .. }
                if matches!(ty, Ty::Vec(_) | Ty::Slice(_) | Ty::Array(..)) =>
            {
                View::RefTo { place, ty, mutable }
            }
            _ => View::Other,
        }
    }

    /// `x.first().unwrap()` and its like are elements.
    fn unwrapped(&mut self, receiver: &syn::Expr) -> View {
        let syn::Expr::MethodCall(inner) = strip(receiver) else { return View::Other };
        let name = inner.method.to_string();
        let mutable = name.ends_with("_mut");
        let from_end = match (name.as_str(), inner.args.len()) {
            ("first" | "first_mut", 0) => false,
            ("last" | "last_mut", 0) => true,
            ("get" | "get_mut", 1) if !matches!(strip(&inner.args[0]), syn::Expr::Range(_)) => {
                false
            }
            _ => return View::Other,
        };
        let (place, ty) = match self.view(&inner.receiver) {
            View::Place(place, ty) | View::RefTo { place, ty, .. }
                if matches!(ty, Ty::Vec(_) | Ty::Slice(_) | Ty::Array(..)) =>
            {
                (place, ty)
            }
            _ => return View::Other,
        };
        let span = inner.span();
        let index = if from_end {
            let len = self.len_of(&place, &ty, span);
            super::place::minus(len, super::pattern::number(1, span))
        } else if let Some(index) = inner.args.first() {
            self.index_expr(index)
        } else {
            super::pattern::number(0, span)
        };
        let mut place = place;
        super::place::push_index(&mut place, index);
        View::RefTo { place, ty: ty.element(), mutable }
    }

    /// `x.get(i)`, `x.first()`, `x.last()` (also `copied`): whether there is such an element, and
    /// the element.
    pub fn maybe_element(&mut self, expr: &syn::Expr) -> Option<(Expr, View)> {
        let syn::Expr::MethodCall(call) = strip(expr) else { return None };
        let span = call.span();
        let name = call.method.to_string();
        if matches!(name.as_str(), "copied" | "cloned") && call.args.is_empty() {
            let (exists, view) = self.maybe_element(&call.receiver)?;
            return match view {
                View::RefTo { place, ty, .. } => Some((exists, View::Place(place, ty))),
                _ => None,
            };
        }
        let mutable = name.ends_with("_mut");
        match (name.as_str(), call.args.len()) {
            ("first" | "first_mut" | "last" | "last_mut", 0) => {}
            ("get" | "get_mut", 1) if !matches!(strip(&call.args[0]), syn::Expr::Range(_)) => {}
            _ => return None,
        }
        let listed = |ty: &Ty| matches!(ty, Ty::Vec(_) | Ty::Slice(_) | Ty::Array(..));
        if !listed(self.peek_ty(&call.receiver).peel()) {
            return None;
        }
        let (place, ty) = match self.view(&call.receiver) {
            View::Place(place, ty) | View::RefTo { place, ty, .. } if listed(&ty) => (place, ty),
            _ => return None,
        };
        let len = self.len_of(&place, &ty, span);
        let index = match call.args.first() {
            Some(index) => {
                let index = self.index_expr(index);
                self.frozen("index", index)
            }
            None if name.starts_with("last") => {
                super::place::minus(len.clone(), super::pattern::number(1, span))
            }
            None => super::pattern::number(0, span),
        };
        let bound = match call.args.first() {
            Some(_) => index.clone(),
            None => super::pattern::number(0, span),
        };
        let exists = ExprKind::Binary(BinOp::Lt, Box::new(bound), Box::new(len));
        let exists = Expr::new(exists, bool_ty(), span);
        let mut place = place;
        super::place::push_index(&mut place, index);
        let ty = ty.element();
        Some((exists, View::RefTo { place, ty, mutable }))
    }

    /// `x.get(i).copied().unwrap_or(e)`
    fn element_or(&mut self, call: &syn::ExprMethodCall) -> Option<Expr> {
        let span = call.span();
        let (exists, view) = self.maybe_element(&call.receiver)?;
        let View::Place(place, ty) = view else { return None };
        let other = self.operand(&call.args[0]);
        let var = self.temp("element", ty.clone(), crate::ir::Role::Temp, span);
        self.emit(StmtKind::Let { var, init: None }, span);
        let assign = |value| {
            let kind = StmtKind::Assign { place: Place::var(var), value };
            crate::ir::Block { stmts: vec![crate::ir::Stmt { kind, span }] }
        };
        let then = assign(self.read(place, ty, span));
        self.emit(StmtKind::If { cond: exists, then, other: assign(other) }, span);
        Some(self.read_var(var, span))
    }

    /// `x.split_at(n)`, `x.split_at_mut(n)`: the two halves.
    pub fn split_view(&mut self, expr: &syn::Expr) -> Option<(View, View)> {
        let syn::Expr::MethodCall(call) = strip(expr) else { return None };
        let name = call.method.to_string();
        let mutable = name == "split_at_mut";
        if !(mutable || name == "split_at") || call.args.len() != 1 {
            return None;
        }
        let (place, ty) = match self.view(&call.receiver) {
            View::Place(place, ty) | View::RefTo { place, ty, .. } => (place, ty),
            View::Other => return None,
        };
        let at = self.index_expr(&call.args[0]);
        let at = self.frozen("middle", at);
        let (mut left, mut right) = (place.clone(), place);
        super::place::push_slice(&mut left, None, Some(at.clone()));
        super::place::push_slice(&mut right, Some(at), None);
        let ty = Ty::Slice(Box::new(ty.element()));
        Some((
            View::RefTo { place: left, ty: ty.clone(), mutable },
            View::RefTo { place: right, ty, mutable },
        ))
    }

    /// The value of a method call.
    pub fn method(&mut self, call: &syn::ExprMethodCall) -> Expr {
        let name = call.method.to_string();
        let span = call.span();
        let whole = syn::Expr::MethodCall(call.clone());
        let args = call.args.len();
        if let Some(value) = self.chain_value(&whole, None) {
            return value;
        }
        match (name.as_str(), args) {
            ("len", 0) => match self.view(&call.receiver) {
                View::Place(place, ty) | View::RefTo { place, ty, .. }
                    if matches!(ty, Ty::Vec(_) | Ty::Slice(_) | Ty::Array(..) | Ty::Unknown) =>
                {
                    return self.len_of(&place, &ty, span);
                }
                _ => return self.opaque_call(call, &whole, super::usize_ty()),
            },
            ("is_empty", 0) => return self.opaque_call(call, &whole, bool_ty()),
            ("clone" | "to_owned" | "to_vec", 0) => return self.cloned(call),
            ("sin_cos", 0) => {
                let value = self.number(&call.receiver);
                let value = match value.kind {
                    ExprKind::Lit(_) => value,
                    ExprKind::Read(ref place) if place.is_whole() => value,
                    _ => self.hoist("angle", value),
                };
                let parts = ["sin", "cos"]
                    .map(|part| self.make(ExprKind::Intrinsic(part, vec![value.clone()]), span));
                return self.make(ExprKind::Tuple(parts.into()), span);
            }
            ("unwrap_or", 1) => {
                if let Some(value) = self.element_or(call) {
                    return value;
                }
            }
            (predicate, 0) if PREDICATES.contains(&predicate) => {
                return self.opaque_call(call, &whole, bool_ty());
            }
            // What changes its receiver and gives nothing.
            _ if self.method_effect(call) => return lit(quote!(()), Ty::Unit, span),
            _ => {}
        }
        if let Some((rule, arity)) = intrinsic(&name)
            && arity == args + 1
        {
            return self.intrinsic_method(call, rule, &whole);
        }
        self.opaque_method(call, &whole)
    }

    fn intrinsic_method(
        &mut self,
        call: &syn::ExprMethodCall,
        rule: &'static str,
        whole: &syn::Expr,
    ) -> Expr {
        let span = call.span();
        // Look at the receiver's type first: nothing must be emitted twice.
        let ty = self.peek_ty(&call.receiver);
        if !matches!(ty.peel(), Ty::Float(_) | Ty::Unknown) {
            let ty = if ty.is_discrete() { ty.peel().clone() } else { Ty::Unknown };
            return self.opaque_call(call, whole, ty);
        }
        let mut operands: Vec<&syn::Expr> = vec![&call.receiver];
        operands.extend(&call.args);
        let values = self.in_order(&operands, |lower, e| lower.number(e));
        if values[0].ty.is_discrete() {
            return self.opaque_call(call, whole, values[0].ty.clone());
        }
        self.make(ExprKind::Intrinsic(rule, values), span)
    }

    /// The type an expression would have, without lowering it for good.
    pub fn peek_ty(&mut self, expr: &syn::Expr) -> Ty {
        match strip(expr) {
            syn::Expr::Lit(l) => super::expr::literal_expr(&l.lit).ty,
            syn::Expr::Path(path) => {
                match path.path.get_ident().and_then(|ident| self.lookup(ident)) {
                    Some(super::scope::Bound::Var(var)) => self.var(var).ty.clone(),
                    Some(super::scope::Bound::Alias { ty, .. }) => ty,
                    _ => {
                        let names: Vec<String> =
                            path.path.segments.iter().map(|s| s.ident.to_string()).collect();
                        match names.as_slice() {
                            [module, _] if super::ty::is_discrete_name(module) => {
                                Ty::Discrete(Some(module.clone()))
                            }
                            [name] => self.consts.get(name).cloned().unwrap_or(Ty::Unknown),
                            _ => Ty::Unknown,
                        }
                    }
                }
            }
            syn::Expr::Field(field) => {
                let base = self.peek_ty(&field.base);
                infer::project(&base, &crate::ir::Proj::Field(field.member.clone()))
            }
            syn::Expr::Index(index) => self.peek_ty(&index.expr).element(),
            syn::Expr::Unary(unary) => self.peek_ty(&unary.expr).peel().clone(),
            syn::Expr::Reference(reference) => self.peek_ty(&reference.expr),
            syn::Expr::Binary(binary) => {
                let (a, b) = (self.peek_ty(&binary.left), self.peek_ty(&binary.right));
                infer::arithmetic(&a, &b)
            }
            syn::Expr::Cast(cast) => super::ty::from_syn(&cast.ty, self.reals),
            syn::Expr::MethodCall(call) => {
                let name = call.method.to_string();
                let receiver = self.peek_ty(&call.receiver);
                match name.as_str() {
                    "len" | "count" => super::usize_ty(),
                    "clone" => receiver.peel().clone(),
                    _ if is_intrinsic(&name) || SAME_TYPE.contains(&name.as_str()) => {
                        match receiver.peel() {
                            ty @ (Ty::Float(_) | Ty::Discrete(_)) => ty.clone(),
                            _ => Ty::Unknown,
                        }
                    }
                    _ => Ty::Unknown,
                }
            }
            syn::Expr::Call(call) => match strip(&call.func) {
                syn::Expr::Path(path) => {
                    let names: Vec<String> =
                        path.path.segments.iter().map(|s| s.ident.to_string()).collect();
                    match names.as_slice() {
                        [module, _] if super::ty::is_discrete_name(module) => {
                            Ty::Discrete(Some(module.clone()))
                        }
                        _ => Ty::Unknown,
                    }
                }
                _ => Ty::Unknown,
            },
            _ => Ty::Unknown,
        }
    }

    fn cloned(&mut self, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        let vec = call.method == "to_vec";
        let viewed = match self.view(&call.receiver) {
            View::Place(place, ty) | View::RefTo { place, ty, .. } => Some((place, ty)),
            View::Other => None,
        };
        let (place, ty) = match viewed {
            Some(found) => found,
            None => {
                let value = self.rvalue(&call.receiver);
                if let ExprKind::Ref { place, .. } = value.kind {
                    let ty = infer::place_ty(&place, &self.vars);
                    (place, ty)
                } else {
                    // A copy of what is ours already is itself.
                    if !vec || matches!(value.ty, Ty::Vec(_)) {
                        return value;
                    }
                    let var = self.temp("value", value.ty.clone(), crate::ir::Role::Temp, span);
                    let ty = value.ty.clone();
                    self.emit(StmtKind::Let { var, init: Some(value) }, span);
                    (Place::var(var), ty)
                }
            }
        };
        if matches!(ty, Ty::Float(_)) {
            return self.read(place, ty, span);
        }
        // `slice.to_owned()` is a `Vec`.
        let vec = vec || matches!(ty, Ty::Slice(_));
        self.make(ExprKind::Clone { place, vec }, span)
    }

    /// The type parameter in `T::from`, `T::from_f64`.
    fn constant_of(&self, function: &syn::Expr) -> Ty {
        let syn::Expr::Path(path) = strip(function) else { return Ty::Unknown };
        let mut names = path.path.segments.iter().map(|s| s.ident.to_string());
        match (names.next(), names.next(), names.next()) {
            (Some(ty), Some(name), None)
                if self.reals.contains(&ty) && name.starts_with("from") =>
            {
                Ty::Float(crate::ir::FloatTy::Param(ty))
            }
            _ => Ty::Unknown,
        }
    }

    fn opaque_method(&mut self, call: &syn::ExprMethodCall, whole: &syn::Expr) -> Expr {
        let name = call.method.to_string();
        let receiver = self.peek_ty(&call.receiver);
        let ty = if receiver.is_discrete() && SAME_TYPE.contains(&name.as_str()) {
            receiver.peel().clone()
        } else {
            match name.as_str() {
                "count" => super::usize_ty(),
                "is_some" | "is_none" | "is_ok" | "is_err" | "contains" | "any" | "all" => {
                    bool_ty()
                }
                "unwrap" | "expect" => match strip(&call.receiver) {
                    // `T::from(2.0).unwrap()`
                    syn::Expr::Call(inner) => self.constant_of(&inner.func),
                    // `a.partial_cmp(&b).unwrap()`
                    syn::Expr::MethodCall(inner) if inner.method == "partial_cmp" => {
                        Ty::Discrete(None)
                    }
                    _ => Ty::Unknown,
                },
                "total_cmp" | "partial_cmp" | "cmp" | "position" | "rposition" => {
                    Ty::Discrete(None)
                }
                _ => Ty::Unknown,
            }
        };
        self.opaque_call(call, whole, ty)
    }

    /// A method call that is not looked into.
    fn opaque_call(&mut self, call: &syn::ExprMethodCall, whole: &syn::Expr, ty: Ty) -> Expr {
        let (span, message) = self.unknown_method(call);
        let value = self.opaque_expr(whole, ty, &message);
        Expr { span, ..value }
    }

    /// Methods that change their receiver and are known; false if this is none of them.
    pub fn method_effect(&mut self, call: &syn::ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let span = call.span();
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        match (name.as_str(), args.as_slice()) {
            ("push", [value]) => {
                let Some((vec, ty)) = self.receiver(call) else { return false };
                if !matches!(ty, Ty::Vec(_) | Ty::Unknown) {
                    return false;
                }
                let value = self.rvalue(value);
                let value = self.settled(value);
                let value =
                    if super::expr::writes(&value) { self.hoist("value", value) } else { value };
                self.emit(StmtKind::VecPush { vec, value }, span);
            }
            ("swap", [a, b]) => {
                let Some((place, ty)) = self.receiver(call) else { return false };
                if !matches!(ty, Ty::Vec(_) | Ty::Slice(_) | Ty::Array(..)) {
                    return false;
                }
                let indices = self.in_order(&[*a, *b], |lower, e| lower.index_expr(e));
                let mut places = indices.into_iter().map(|index| {
                    let mut element = place.clone();
                    super::place::push_index(&mut element, index);
                    element
                });
                if let (Some(a), Some(b)) = (places.next(), places.next()) {
                    self.emit(StmtKind::Swap(a, b), span);
                }
            }
            ("fill", [value]) => {
                let Some((place, _)) = self.receiver(call) else { return false };
                let value = self.operand(value);
                self.emit(StmtKind::Fill { place, value }, span);
            }
            ("copy_from_slice" | "clone_from_slice", [from]) => {
                let Some((to, _)) = self.receiver(call) else { return false };
                let from = match self.view(from) {
                    View::Place(place, _) | View::RefTo { place, .. } => place,
                    View::Other => {
                        let value = self.rvalue(from);
                        if let ExprKind::Ref { place, .. } = value.kind {
                            place
                        } else {
                            let ty = value.ty.clone();
                            let var = self.temp("values", ty.clone(), crate::ir::Role::Temp, span);
                            self.emit(StmtKind::Let { var, init: Some(value) }, span);
                            match self.place_or_ref(Place::var(var), ty) {
                                View::RefTo { place, .. } | View::Place(place, _) => place,
                                View::Other => Place::var(var),
                            }
                        }
                    }
                };
                self.copy(to, from, span);
            }
            ("extend_from_slice" | "extend", [other]) => {
                let Some((vec, ty)) = self.receiver(call) else { return false };
                if !matches!(ty, Ty::Vec(_)) || !self.is_seq(other) {
                    return false;
                }
                let Some(seq) = self.seq(other) else { return false };
                self.loop_over(seq, None, None, span, |lower, item| {
                    let value = lower.value_of(item);
                    let value = lower.through(value);
                    lower.emit(StmtKind::VecPush { vec, value }, span);
                });
            }
            ("clear", []) => {
                let Some((place, ty @ Ty::Vec(_))) = self.receiver(call) else { return false };
                let value = super::init::default_of(&ty, span);
                self.emit(StmtKind::Assign { place, value }, span);
            }
            ("swap_with_slice", [other]) => {
                let Some((a, ty)) = self.receiver(call) else { return false };
                let (View::Place(b, _) | View::RefTo { place: b, .. }) = self.view(other) else {
                    return false;
                };
                let len = self.len_of(&a, &ty, span);
                self.for_index(len, span, |lower, i| {
                    let (mut a, mut b) = (a, b);
                    super::place::push_index(&mut a, i.clone());
                    super::place::push_index(&mut b, i);
                    lower.emit(StmtKind::Swap(a, b), span);
                });
            }
            ("for_each", [closure]) => {
                if self.has_state(closure) {
                    return false;
                }
                let syn::Expr::Closure(closure) = strip(closure) else { return false };
                if closure.inputs.len() != 1 {
                    return false;
                }
                return self.for_each(&call.receiver, strip_pat(&closure.inputs[0]), &closure.body);
            }
            ("add_assign" | "sub_assign" | "mul_assign" | "div_assign", [value]) => {
                let Some((place, _)) = self.receiver(call) else { return false };
                let op = match name.as_str() {
                    "add_assign" => BinOp::Add,
                    "sub_assign" => BinOp::Sub,
                    "mul_assign" => BinOp::Mul,
                    _ => BinOp::Div,
                };
                let value = self.number(value);
                self.emit(StmtKind::Update { place, op, value }, span);
            }
            _ => return self.in_place(call),
        }
        true
    }

    /// `to.copy_from_slice(from)`. Parts of two lists in one variable (rows of a matrix) cannot be
    /// borrowed at once in one expression: then element by element.
    fn copy(&mut self, to: Place, from: Place, span: Span) {
        if to.base != from.base || super::place::parts_of_one_list(&to, &from) {
            self.emit(StmtKind::CopyFrom { to, from }, span);
            return;
        }
        let ty = infer::place_ty(&to, &self.vars);
        let len = self.len_of(&to, &ty, span);
        self.for_index(len, span, |lower, i| {
            let (mut to, mut from) = (to, from);
            super::place::push_index(&mut to, i.clone());
            super::place::push_index(&mut from, i);
            let ty = infer::place_ty(&from, &lower.vars);
            let value = lower.read(from, ty, span);
            lower.emit(StmtKind::Assign { place: to, value }, span);
        });
    }

    fn receiver(&mut self, call: &syn::ExprMethodCall) -> Option<(Place, Ty)> {
        match self.view(&call.receiver) {
            View::Place(place, ty) | View::RefTo { place, ty, .. } => Some((place, ty)),
            View::Other => None,
        }
    }

    /// The text of a type argument: `sum::<f64>()`.
    pub fn turbofish(&self, call: &syn::ExprMethodCall) -> Option<Ty> {
        let args = call.turbofish.as_ref()?;
        match args.args.first()? {
            syn::GenericArgument::Type(ty) => Some(super::ty::from_syn(ty, self.reals)),
            _ => None,
        }
    }
}
