//! `chunks`, `chunks_exact`, `windows`: sequences whose items are parts of a list.

use super::iterate::{Item, Seq};
use super::place::{View, plus};
use super::{Lower, usize_ty};
use crate::ir::{BinOp, Expr, ExprKind, Ty};
use quote::quote;
use syn::spanned::Spanned;

impl Lower<'_> {
    pub fn parts(&mut self, expr: &syn::Expr, name: &str, size: &syn::Expr) -> Option<Seq> {
        let span = expr.span();
        let (place, ty) = match self.view(expr) {
            View::Place(place, ty) | View::RefTo { place, ty, .. } => (place, ty),
            View::Other => return None,
        };
        if self.is_stale_prone(&place) {
            return None;
        }
        let place = self.captured(place);
        let size = self.index_expr(size);
        let size = self.frozen("size", size);
        let len = self.len_of(&place, &ty, span);
        let mut end = None;
        let (len, stride) = if matches!(name, "chunks" | "chunks_mut") {
            let len = self.frozen("len", len);
            end = Some(len.clone());
            let (a, b) = (self.tokens(&len), self.tokens(&size));
            let both = Expr::new(ExprKind::Tuple(vec![len, size.clone()]), Ty::Unknown, span);
            let tokens = quote!(usize::div_ceil(#a, #b));
            (self.pure_opaque(tokens, &both, usize_ty()), Some(size.clone()))
        } else if name == "windows" {
            let room = plus(len, super::pattern::number(1, span));
            let room_tokens = self.tokens(&room);
            let size_tokens = self.tokens(&size);
            let both = Expr::new(ExprKind::Tuple(vec![room, size.clone()]), Ty::Unknown, span);
            let tokens = quote!(usize::saturating_sub(#room_tokens, #size_tokens));
            (self.pure_opaque(tokens, &both, usize_ty()), None)
        } else {
            let kind = ExprKind::Binary(BinOp::Div, Box::new(len), Box::new(size.clone()));
            (Expr::new(kind, usize_ty(), span), Some(size.clone()))
        };
        let mutable = name.ends_with("_mut");
        let item = Item::Part { place, stride, size, end, mutable, steps: Vec::new() };
        Some(Seq { len: Some(len), item, rev: false, range: None, filters: Vec::new(), flat: None })
    }
}
