//! Patterns: irrefutable ones are taken apart into places.

use super::{Lower, infer, lit, place::View, scope::Bound, strip_pat, usize_ty};
use crate::ir::{Expr, ExprKind, Place, Proj, Role, StmtKind, Ty};
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::spanned::Spanned;

/// Identifiers bound by a pattern, in order; for or-patterns those of the first alternative.
pub fn bound_idents(pat: &syn::Pat) -> Vec<&Ident> {
    let mut out = Vec::new();
    collect(pat, &mut out);
    out
}

fn collect<'p>(pat: &'p syn::Pat, out: &mut Vec<&'p Ident>) {
    match pat {
        syn::Pat::Ident(ident) => {
            if is_binding(ident) {
                out.push(&ident.ident);
            }
            if let Some((_, sub)) = &ident.subpat {
                collect(sub, out);
            }
        }
        syn::Pat::Or(or) => {
            if let Some(first) = or.cases.first() {
                collect(first, out);
            }
        }
        syn::Pat::Paren(inner) => collect(&inner.pat, out),
        syn::Pat::Guard(inner) => collect(&inner.pat, out),
        syn::Pat::Type(inner) => collect(&inner.pat, out),
        syn::Pat::Reference(inner) => collect(&inner.pat, out),
        syn::Pat::Slice(slice) => slice.elems.iter().for_each(|p| collect(p, out)),
        syn::Pat::Tuple(tuple) => tuple.elems.iter().for_each(|p| collect(p, out)),
        syn::Pat::TupleStruct(tuple) => tuple.elems.iter().for_each(|p| collect(p, out)),
        syn::Pat::Struct(pat) => pat.fields.iter().for_each(|f| collect(&f.pat, out)),
        _ => {}
    }
}

/// A bare name in a pattern binds unless it is a constant or a unit variant; only its case tells.
pub fn is_binding(pat: &syn::PatIdent) -> bool {
    pat.by_ref.is_some()
        || pat.mutability.is_some()
        || pat.subpat.is_some()
        || !pat.ident.to_string().starts_with(char::is_uppercase)
}

/// Can match fail? (As far as the pattern alone tells.)
pub fn is_refutable(pat: &syn::Pat) -> bool {
    match pat {
        syn::Pat::Ident(ident) => {
            !is_binding(ident) || ident.subpat.as_ref().is_some_and(|(_, sub)| is_refutable(sub))
        }
        syn::Pat::Wild(_) | syn::Pat::Rest(_) => false,
        syn::Pat::Paren(inner) => is_refutable(&inner.pat),
        syn::Pat::Type(inner) => is_refutable(&inner.pat),
        syn::Pat::Reference(inner) => is_refutable(&inner.pat),
        syn::Pat::Tuple(tuple) => tuple.elems.iter().any(is_refutable),
        _ => true,
    }
}

impl Lower<'_> {
    /// Binds the names of an irrefutable pattern to a place. `by_ref`: the value matched is a
    /// reference to the place, so names become aliases.
    pub fn bind_place(&mut self, pat: &syn::Pat, place: Place, by_ref: bool) {
        let ty = infer::place_ty(&place, &self.vars);
        let mode = by_ref.then_some(false);
        match self.place_or_ref(place, ty) {
            View::Place(place, ty) => self.bind_at(pat, place, ty, mode),
            View::RefTo { place, ty, mutable } => self.bind_at(pat, place, ty, Some(mutable)),
            View::Other => {}
        }
    }

    /// Binds a pattern to what was found.
    pub fn bind_view(&mut self, pat: &syn::Pat, view: View) {
        match view {
            View::Place(place, ty) => self.bind_at(pat, place, ty, None),
            View::RefTo { place, ty, mutable } => self.bind_at(pat, place, ty, Some(mutable)),
            View::Other => {}
        }
    }

    /// `mode`: `None` by value, else through a reference that may be written through or not.
    pub fn bind_at(&mut self, pat: &syn::Pat, place: Place, ty: Ty, mode: Option<bool>) {
        let span = pat.span();
        match strip_pat(pat) {
            syn::Pat::Ident(ident) => {
                if let Some((_, sub)) = &ident.subpat {
                    self.bind_at(sub, place.clone(), ty.clone(), mode);
                }
                let by_ref = ident.by_ref.is_some();
                let mode = if by_ref { Some(ident.mutability.is_some()) } else { mode };
                match mode {
                    Some(mutable) if !self.is_stale_prone(&place) => {
                        let place = self.captured(place);
                        self.bind(&ident.ident, Bound::Alias { place, ty, mutable });
                    }
                    Some(mutable) => {
                        let value = self.make(ExprKind::Ref { mutable, place }, span);
                        let value = self.settled(value);
                        self.let_var(&ident.ident, ident.mutability.is_some(), value);
                    }
                    None => {
                        let value = self.read(place, ty, span);
                        self.let_var(&ident.ident, ident.mutability.is_some(), value);
                    }
                }
            }
            syn::Pat::Wild(_) | syn::Pat::Rest(_) => {}
            syn::Pat::Type(inner) => {
                let annotated = super::ty::from_syn(&inner.ty, self.reals);
                let ty = infer::merge(&ty, &annotated);
                self.bind_at(&inner.pat, place, ty, mode);
            }
            syn::Pat::Reference(inner) => self.bind_at(&inner.pat, place, ty, None),
            syn::Pat::Tuple(tuple) => {
                let arity = match &ty {
                    Ty::Tuple(parts) => Some(parts.len()),
                    _ => None,
                };
                self.bind_elements(&tuple.elems, arity, place, mode, false, span);
            }
            syn::Pat::Slice(slice) => {
                let arity = match ty.peel() {
                    Ty::Array(_, len) => syn::parse2::<syn::LitInt>(len.0.clone())
                        .ok()
                        .and_then(|n| n.base10_parse().ok()),
                    _ => None,
                };
                self.bind_elements(&slice.elems, arity, place, mode, true, span);
            }
            syn::Pat::TupleStruct(tuple) => {
                self.bind_elements(&tuple.elems, None, place, mode, false, span);
            }
            syn::Pat::Struct(fields) => {
                for field in &fields.fields {
                    self.bind_field(&field.pat, &place, field.member.clone(), mode);
                }
            }
            _ => {
                let message = "this pattern is not supported here: bind the whole value and take \
                     its parts by name or index";
                self.refused(span, message);
            }
        }
    }

    fn bind_field(
        &mut self,
        pat: &syn::Pat,
        place: &Place,
        member: syn::Member,
        mode: Option<bool>,
    ) {
        let mut place = place.clone();
        while let Some(Proj::Deref) = place.proj.last() {
            place.proj.pop();
        }
        place.proj.push(Proj::Field(member));
        let ty = infer::place_ty(&place, &self.vars);
        match self.place_or_ref(place, ty) {
            View::Place(place, ty) => self.bind_at(pat, place, ty, mode),
            View::RefTo { place, ty, mutable } => self.bind_at(pat, place, ty, Some(mutable)),
            View::Other => {}
        }
    }

    fn bind_elements(
        &mut self,
        pats: &syn::punctuated::Punctuated<syn::Pat, syn::Token![,]>,
        arity: Option<usize>,
        place: Place,
        mode: Option<bool>,
        index: bool,
        span: Span,
    ) {
        let is_rest = |pat: &syn::Pat| match pat {
            syn::Pat::Rest(_) => true,
            syn::Pat::Ident(p) => {
                p.subpat.as_ref().is_some_and(|(_, sub)| matches!(**sub, syn::Pat::Rest(_)))
            }
            _ => false,
        };
        let rest = pats.iter().position(is_rest);
        for (i, pat) in pats.iter().enumerate() {
            let after = rest.is_some_and(|r| i > r);
            let at = if after {
                let from_end = pats.len() - i;
                match arity {
                    Some(n) if n >= from_end => Ok(n - from_end),
                    _ => Err(from_end),
                }
            } else {
                Ok(i)
            };
            if rest == Some(i) {
                if let syn::Pat::Ident(whole) = pat
                    && index
                {
                    let tail = pats.len() - 1 - i;
                    self.bind_rest(whole, place.clone(), i, tail, arity, mode);
                }
                continue;
            }
            if index {
                let position = match at {
                    Ok(n) => number(n, span),
                    Err(from_end) => {
                        let ty = infer::place_ty(&place, &self.vars);
                        let len = self.len_of(&place, &ty, span);
                        super::place::minus(len, number(from_end, span))
                    }
                };
                let mut element = place.clone();
                super::place::push_index(&mut element, position);
                let ty = infer::place_ty(&element, &self.vars);
                match self.place_or_ref(element, ty) {
                    View::Place(place, ty) => self.bind_at(pat, place, ty, mode),
                    View::RefTo { place, ty, mutable } => {
                        self.bind_at(pat, place, ty, Some(mutable));
                    }
                    View::Other => {}
                }
            } else {
                match at {
                    Ok(n) => {
                        let member = syn::Member::Unnamed(syn::Index { index: n as u32, span });
                        self.bind_field(pat, &place, member, mode);
                    }
                    Err(_) => {
                        let message = "how many parts `..` leaves out is not known here: write \
                             `_` for each of them";
                        self.refused(pat.span(), message);
                    }
                }
            }
        }
    }

    /// `[first, rest @ ..]`
    fn bind_rest(
        &mut self,
        pat: &syn::PatIdent,
        mut place: Place,
        from: usize,
        tail: usize,
        arity: Option<usize>,
        mode: Option<bool>,
    ) {
        let span = pat.ident.span();
        let ty = infer::place_ty(&place, &self.vars);
        let hi = match (tail, arity) {
            (0, _) => None,
            (_, Some(n)) => Some(number(n.saturating_sub(tail), span)),
            (_, None) => {
                let len = self.len_of(&place, &ty, span);
                Some(super::place::minus(len, number(tail, span)))
            }
        };
        super::place::push_slice(&mut place, Some(number(from, span)), hi);
        let ty = Ty::Slice(Box::new(ty.element()));
        if pat.by_ref.is_none() && mode.is_none() {
            return self.bind_part(&pat.ident, place, ty);
        }
        let mutable = pat.by_ref.and(Some(pat.mutability.is_some())).or(mode).unwrap_or(false);
        self.bind(&pat.ident, Bound::Alias { place, ty, mutable });
    }

    /// `let name = value;`
    pub fn let_var(&mut self, ident: &Ident, mutable: bool, value: Expr) {
        let span = ident.span();
        let var = self.new_var(ident, value.ty.clone(), mutable, Role::Local);
        self.emit(StmtKind::Let { var, init: Some(value) }, span);
        self.bind(ident, Bound::Var(var));
    }
}

pub fn number(n: usize, span: Span) -> Expr {
    let literal = proc_macro2::Literal::usize_unsuffixed(n);
    lit(quote!(#literal), usize_ty(), span)
}
