//! Assignments, and expressions for their effect.

use super::expr::{is_pure, operator};
use super::{Dest, Lower, flow, infer, place::View, strip};
use crate::ir::{Expr, ExprKind, Place, Role, StmtKind, Ty};
use quote::quote;
use syn::spanned::Spanned;

const REFUSE_TARGET: &str = "what this assigns to is not a variable, field or element: give the \
     place a name or an index";

impl Lower<'_> {
    /// An expression for its effect.
    pub fn effect(&mut self, expr: &syn::Expr) {
        let expr = strip(expr);
        let span = expr.span();
        match expr {
            syn::Expr::Assign(assign) => self.assign(&assign.left, &assign.right, span),
            syn::Expr::Binary(binary) => match operator(&binary.op) {
                Some((op, true)) => {
                    // The right side is evaluated first, as for the built-in operators.
                    let value = self.number(&binary.right);
                    let value = self.settled_number(value);
                    match self.view(&binary.left) {
                        View::Place(place, _) | View::RefTo { place, .. } => {
                            self.emit(StmtKind::Update { place, op, value }, span);
                        }
                        View::Other => self.opaque_stmt(expr, REFUSE_TARGET),
                    }
                }
                _ => self.discard(expr),
            },
            syn::Expr::If(e) => self.if_into(e, Dest::Discard),
            syn::Expr::Match(e) => self.match_into(e, Dest::Discard),
            syn::Expr::Block(e) => self.block_into(e, Dest::Discard),
            syn::Expr::Loop(e) => self.loop_into(e, Dest::Discard),
            syn::Expr::While(e) => self.while_loop(e),
            syn::Expr::ForLoop(e) => self.for_loop(e),
            syn::Expr::Return(e) => self.return_(e),
            syn::Expr::Break(e) => self.break_(e),
            syn::Expr::Continue(e) => self.continue_(e),
            syn::Expr::MethodCall(call) => {
                if !self.method_effect(call) {
                    self.discard(expr);
                }
            }
            syn::Expr::Call(call) => {
                if !self.call_effect(call) {
                    self.discard(expr);
                }
            }
            syn::Expr::Macro(mac) => {
                if mac.mac.path.segments.last().is_some_and(|s| s.ident == "vec") {
                    self.discard(expr);
                } else {
                    let message = "a macro that is not known here cannot carry a derivative: \
                         write out what it does";
                    self.opaque_macro(&mac.mac, message);
                }
            }
            syn::Expr::Unsafe(_) => self.opaque_stmt(expr, super::expr::refusal(expr)),
            syn::Expr::Tuple(tuple) if tuple.elems.is_empty() => {}
            _ => self.discard(expr),
        }
    }

    pub fn settled_number(&mut self, value: Expr) -> Expr {
        if super::expr::writes(&value) { self.hoist("value", value) } else { value }
    }

    pub fn discard(&mut self, expr: &syn::Expr) {
        self.as_statement = matches!(strip(expr), syn::Expr::Call(_));
        let value = self.rvalue(expr);
        let span = value.span;
        match value.kind {
            ExprKind::Opaque(mut opaque) => {
                if !opaque.pure_ {
                    let tokens = &opaque.tokens;
                    opaque.tokens = quote!(#tokens;);
                    self.emit(StmtKind::Opaque { opaque, declares: Vec::new() }, span);
                }
            }
            _ if is_pure(&value) => {}
            _ => self.emit(StmtKind::Eval(value), span),
        }
    }

    pub fn assign(&mut self, left: &syn::Expr, right: &syn::Expr, span: proc_macro2::Span) {
        let left = strip(left);
        match left {
            syn::Expr::Infer(_) => return self.discard(right),
            syn::Expr::Tuple(targets) => {
                return self.assign_parts(&targets.elems, right, span, false);
            }
            syn::Expr::Array(targets) => {
                return self.assign_parts(&targets.elems, right, span, true);
            }
            _ => {}
        }
        // A whole variable takes the value of an `if` directly.
        if flow::is_structured(right)
            && matches!(left, syn::Expr::Path(_))
            && let View::Place(place, _) = self.view(left)
            && place.proj.is_empty()
        {
            return self.expr_into(right, Dest::Var(place.base));
        }
        if let syn::Expr::Path(_) = left
            && let View::RefTo { place, .. } = self.view(left)
        {
            // The reference itself is made to point elsewhere.
            let whole = syn::Expr::Assign(syn::ExprAssign {
                attrs: Vec::new(),
                left: Box::new(left.clone()),
                eq_token: Default::default(),
                right: Box::new(right.clone()),
            });
            let var = self.var(place.base);
            if !(var.mutable && matches!(var.ty, Ty::Ref { .. })) {
                let message = "a reference that is assigned later is not supported: index the \
                     data directly";
                self.refused(span, message);
                return;
            }
            let message = "a reference to active data cannot be made to point elsewhere here: \
                 keep the reference and change an index";
            return self.opaque_stmt(&whole, message);
        }
        let wanted = self.peek_ty(left);
        let value = self.rvalue_as(right, &wanted);
        let value = self.settled(value);
        match self.view(left) {
            View::Place(place, _) | View::RefTo { place, .. } => {
                self.emit(StmtKind::Assign { place, value }, span);
            }
            View::Other => {
                let whole = syn::Expr::Assign(syn::ExprAssign {
                    attrs: Vec::new(),
                    left: Box::new(left.clone()),
                    eq_token: Default::default(),
                    right: Box::new(right.clone()),
                });
                self.opaque_stmt(&whole, REFUSE_TARGET);
            }
        }
    }

    /// `(a, b) = …`: all values first, then the assignments.
    pub fn assign_parts(
        &mut self,
        targets: &syn::punctuated::Punctuated<syn::Expr, syn::Token![,]>,
        right: &syn::Expr,
        span: proc_macro2::Span,
        array: bool,
    ) {
        let right = strip(right);
        let parts = match right {
            syn::Expr::Tuple(values) if !array => Some(&values.elems),
            syn::Expr::Array(values) if array => Some(&values.elems),
            _ => None,
        };
        let mut temps: Vec<Expr> = Vec::new();
        if let Some(values) = parts.filter(|values| values.len() == targets.len()) {
            let values: Vec<&syn::Expr> = values.iter().collect();
            for value in self.in_order(&values, |lower, e| lower.operand(e)) {
                let value = self.settled(value);
                let temp = if matches!(value.kind, ExprKind::Lit(_)) {
                    value
                } else {
                    self.hoist("new", value)
                };
                temps.push(temp);
            }
        } else {
            let value = self.rvalue(right);
            let whole = self.temp("new", value.ty.clone(), Role::Temp, span);
            if array {
                self.emit(StmtKind::Let { var: whole, init: Some(value) }, span);
                for i in 0..targets.len() {
                    let mut place = Place::var(whole);
                    super::place::push_index(&mut place, super::pattern::number(i, span));
                    let ty = infer::place_ty(&place, &self.vars);
                    temps.push(self.read(place, ty, span));
                }
            } else {
                let mut vars = Vec::new();
                let parts = match &value.ty {
                    Ty::Tuple(parts) if parts.len() == targets.len() => parts.clone(),
                    _ => vec![Ty::Unknown; targets.len()],
                };
                for (target, ty) in targets.iter().zip(parts) {
                    if matches!(strip(target), syn::Expr::Infer(_)) {
                        vars.push(None);
                        temps.push(super::lit(quote!(()), Ty::Unit, span));
                    } else {
                        let var = self.temp("new", ty, Role::Temp, span);
                        vars.push(Some(var));
                        temps.push(self.read_var(var, span));
                    }
                }
                self.emit(StmtKind::LetTuple { vars, init: value }, span);
            }
        }
        for (target, value) in targets.iter().zip(temps) {
            match strip(target) {
                syn::Expr::Infer(_) => {}
                target => match self.view(target) {
                    View::Place(place, _) | View::RefTo { place, .. } => {
                        self.emit(StmtKind::Assign { place, value }, span);
                    }
                    View::Other => self.refused(target.span(), REFUSE_TARGET),
                },
            }
        }
    }
}
