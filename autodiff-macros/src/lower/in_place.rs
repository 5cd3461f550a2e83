//! Methods that move the elements of a list within it: loops of exchanges.

use super::place::{View, minus, plus, push_index, push_slice};
use super::{Lower, pattern::number, usize_ty};
use crate::ir::{BinOp, Expr, ExprKind, Place, Role, StmtKind, Ty};
use proc_macro2::Span;
use syn::spanned::Spanned;

impl Lower<'_> {
    /// `reverse`, `rotate_left`, `rotate_right`, `copy_within`; false if this is none of them.
    pub fn in_place(&mut self, call: &syn::ExprMethodCall) -> bool {
        let span = call.span();
        let name = call.method.to_string();
        let known = matches!(
            (name.as_str(), call.args.len()),
            ("reverse", 0) | ("rotate_left" | "rotate_right", 1) | ("copy_within", 2)
        );
        if !known {
            return false;
        }
        let (place, ty) = match self.view(&call.receiver) {
            View::Place(place, ty) | View::RefTo { place, ty, .. } => (place, ty),
            View::Other => return false,
        };
        if !matches!(ty, Ty::Vec(_) | Ty::Slice(_) | Ty::Array(..)) {
            return false;
        }
        if name == "copy_within" {
            let syn::Expr::Range(range) = super::strip(&call.args[0]) else { return false };
            self.copy_within(place, &ty, range, &call.args[1], span);
            return true;
        }
        let len = self.len_of(&place, &ty, span);
        let len = if len.mentions(place.base) { self.hoist("len", len) } else { len };
        if name == "reverse" {
            self.reversal(&place, number(0, span), len, span);
            return true;
        }
        // Three reversals (Bentley, "Programming Pearls", 1986, column 2).
        let count = self.index_expr(&call.args[0]);
        let mut middle = self.frozen("middle", count);
        if name == "rotate_right" {
            let from_end = minus(len.clone(), middle);
            middle = self.frozen("middle", from_end);
        }
        self.reversal(&place, number(0, span), middle.clone(), span);
        self.reversal(&place, middle, len.clone(), span);
        self.reversal(&place, number(0, span), len, span);
        true
    }

    /// Reverses `place[lo..hi]`.
    fn reversal(&mut self, place: &Place, lo: Expr, hi: Expr, span: Span) {
        let half = ExprKind::Binary(
            BinOp::Div,
            Box::new(minus(hi.clone(), lo.clone())),
            Box::new(number(2, span)),
        );
        let trips = Expr::new(half, usize_ty(), span);
        self.for_index(trips, span, |lower, i| {
            let (mut a, mut b) = (place.clone(), place.clone());
            push_index(&mut a, plus(lo, i.clone()));
            push_index(&mut b, minus(minus(hi, number(1, span)), i));
            lower.emit(StmtKind::Swap(a, b), span);
        });
    }

    /// `x.copy_within(lo..hi, to)`: by way of a copy, as the parts may overlap.
    fn copy_within(
        &mut self,
        place: Place,
        ty: &Ty,
        range: &syn::ExprRange,
        to: &syn::Expr,
        span: Span,
    ) {
        let lo = range.start.as_ref().map(|e| self.index_expr(e));
        let lo = lo.map(|lo| self.frozen("start", lo)).unwrap_or_else(|| number(0, span));
        let hi = match &range.end {
            Some(end) => {
                let end = self.index_expr(end);
                match range.limits {
                    syn::RangeLimits::Closed(_) => plus(end, number(1, span)),
                    syn::RangeLimits::HalfOpen(_) => end,
                }
            }
            None => self.len_of(&place, ty, span),
        };
        let hi = if hi.mentions(place.base) { self.hoist("end", hi) } else { hi };
        let to = self.index_expr(to);
        let to = self.frozen("to", to);
        let count = minus(hi.clone(), lo.clone());
        let (mut from, mut into) = (place.clone(), place);
        push_slice(&mut from, Some(lo), Some(hi));
        push_slice(&mut into, Some(to.clone()), Some(plus(to, count)));
        let copy = self.make(ExprKind::Clone { place: from, vec: true }, span);
        let ty = Ty::Vec(Box::new(ty.element()));
        let var = self.temp("moved", ty.clone(), Role::Temp, span);
        self.emit(StmtKind::Let { var, init: Some(Expr { ty, ..copy }) }, span);
        self.emit(StmtKind::CopyFrom { to: into, from: Place::var(var) }, span);
    }
}
