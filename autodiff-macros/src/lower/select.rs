//! `reduce`, `min_by` and `max_by` with `unwrap` behind them: the first item, then a loop over the
//! others.

use super::iterate::{Item, Seq, Step};
use super::scope::Bound;
use super::walk::At;
use super::{Dest, Lower, lit, pattern::number, strip, usize_ty};
use crate::ir::{BinOp, Block, Expr, ExprKind, Place, Role, StmtKind, Ty, VarId};
use proc_macro2::Span;
use quote::quote;

impl Lower<'_> {
    /// `chain.reduce(f).unwrap()` and its like; `None` if this is none of them.
    pub fn selected(&mut self, receiver: &syn::Expr) -> Option<Expr> {
        let syn::Expr::MethodCall(call) = strip(receiver) else { return None };
        let name = call.method.to_string();
        let known = ["reduce", "min_by", "max_by"].contains(&name.as_str());
        if !known || call.args.len() != 1 || !self.is_seq(&call.receiver) {
            return None;
        }
        let span = call.method.span();
        let mut function = strip(&call.args[0]).clone();
        if name != "reduce"
            && let syn::Expr::Path(path) = &function
        {
            if path.path.segments.last()?.ident != "total_cmp" {
                return None;
            }
            function = syn::parse_quote_spanned!(span=> |a, b| a.total_cmp(b));
        }
        let takes_two = match &function {
            syn::Expr::Closure(closure) => closure.inputs.len() == 2,
            syn::Expr::Path(_) => name == "reduce",
            _ => false,
        };
        if !takes_two || self.has_state(&function) {
            return None;
        }
        let mark = self.out.last().map_or(0, Vec::len);
        let found = self.seq(&call.receiver).filter(|seq| seq.filters.is_empty());
        let seq = found.map(|seq| self.spread(seq)).filter(|seq| {
            // Numbers, or references to them.
            seq.len.is_some() && !matches!(seq.item, Item::Tuple(_) | Item::Part { .. })
        });
        let Some(seq) = seq else {
            if let Some(out) = self.out.last_mut() {
                out.truncate(mark);
            }
            return None;
        };
        Some(self.best(seq, &name, &function, span))
    }

    fn best(&mut self, mut seq: Seq, name: &str, function: &syn::Expr, span: Span) -> Expr {
        let by_ref = matches!(&seq.item, Item::Element { by: Some(_), .. });
        let len = seq.len.take().unwrap_or_else(|| number(0, span));
        let tokens = self.tokens(&len);
        let tokens = quote!(usize::checked_sub(#tokens, 1).expect("the iterator is empty"));
        let others = self.pure_opaque(tokens, &len, usize_ty());
        let others = self.hoist("others", others);
        let first = self.item_value(&seq.item, &number(0, span), false);
        let first = self.through(first);
        let var = self.temp("best", first.ty.clone(), Role::Temp, span);
        self.vars[var.0 as usize].mutable = true;
        self.emit(StmtKind::Let { var, init: Some(first) }, span);
        seq.item.push(&Step::Offset(number(1, span)));
        seq.len = Some(others);
        let scopes = self.scopes.clone();
        self.loop_over(seq, None, None, span, |lower, item| {
            if name == "reduce" {
                return lower.folded(function, scopes, var, item, span);
            }
            let value = lower.value_of(item);
            let value = lower.through(value);
            let other = lower.hoist("item", value);
            let ExprKind::Read(place) = &other.kind else { return };
            let order = lower.compared(function, scopes, var, place.base);
            // Of equal ones `min_by` gives the first, `max_by` the last.
            let op = if name == "min_by" { BinOp::Eq } else { BinOp::Ne };
            let greater = lit(quote!(::core::cmp::Ordering::Greater), Ty::Discrete(None), span);
            let kind = ExprKind::Binary(op, Box::new(order), Box::new(greater));
            let cond = Expr::new(kind, super::bool_ty(), span);
            let (then, ()) = lower.nested(|lower| lower.assign_dest(Dest::Var(var), other.clone()));
            lower.emit(StmtKind::If { cond, then, other: Block::default() }, span);
        });
        if by_ref {
            return self.make(ExprKind::Ref { mutable: false, place: Place::var(var) }, span);
        }
        self.read_var(var, span)
    }

    /// The comparison of references to two variables.
    fn compared(
        &mut self,
        function: &syn::Expr,
        scopes: Vec<super::scope::Scope>,
        a: VarId,
        b: VarId,
    ) -> Expr {
        let syn::Expr::Closure(closure) = function else { unreachable!("only closures compare") };
        self.in_scopes(scopes, |lower| {
            for (param, var) in closure.inputs.iter().zip([a, b]) {
                let (pat, _, _) = super::closure::typed(param, lower.reals);
                lower.bind_place(pat, Place::var(var), true);
            }
            lower.closure_body(closure, None)
        })
    }

    /// `var = function(var, item);`
    pub fn folded(
        &mut self,
        function: &syn::Expr,
        scopes: Vec<super::scope::Scope>,
        var: VarId,
        item: &At,
        span: Span,
    ) {
        let value = match strip(function) {
            syn::Expr::Closure(closure) if closure.inputs.len() == 2 => {
                self.in_scopes(scopes, |lower| {
                    let (acc, _, _) = super::closure::typed(&closure.inputs[0], lower.reals);
                    match super::strip_pat(acc) {
                        syn::Pat::Ident(ident) if ident.subpat.is_none() => {
                            lower.bind(&ident.ident, Bound::Var(var));
                        }
                        pat => lower.bind_place(pat, Place::var(var), false),
                    }
                    let (pat, _, _) = super::closure::typed(&closure.inputs[1], lower.reals);
                    lower.bind_at_position(pat, item);
                    lower.closure_body(closure, None)
                })
            }
            syn::Expr::Path(path) => {
                let item = self.value_of(item);
                let item = self.name_value(item);
                let acc = self.read_var(var, span);
                let acc = self.name_value(acc);
                let call: syn::Expr = syn::parse_quote_spanned!(span=> #path(#acc, #item));
                self.rvalue(&call)
            }
            other => {
                use syn::spanned::Spanned;
                let message = "give a closure written here, or a function's path";
                self.refused(other.span(), message);
                return;
            }
        };
        let unchanged = matches!(&value.kind, ExprKind::Read(place)
            if place.base == var && place.proj.is_empty());
        if !unchanged {
            self.assign_dest(Dest::Var(var), value);
        }
    }
}
