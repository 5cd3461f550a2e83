//! What a `match` looks at, and the patterns of its arms: names with known places.

use super::pattern::is_binding;
use super::scope::Bound;
use super::{Lower, infer, place::View, strip_pat};
use crate::ir::{Binding, Expr, ExprKind, Opaque, Place, Proj, Role, StmtKind, Ty};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

/// What a `match` looks at.
pub struct Scrutinee {
    pub expr: Expr,
    /// Where it is, its type, and whether it is seen through a reference (and a mutable one).
    place: Option<(Place, Ty, Option<bool>)>,
}

impl Scrutinee {
    /// Something of which no part has a known place.
    pub fn unknown(expr: Expr) -> Self {
        Scrutinee { expr, place: None }
    }
}

impl Lower<'_> {
    /// Puts what is matched where its parts have places, as far as they can be needed.
    pub fn scrutinee<'p>(
        &mut self,
        expr: &syn::Expr,
        pats: impl Iterator<Item = &'p syn::Pat>,
    ) -> Scrutinee {
        let pats: Vec<&syn::Pat> = pats.collect();
        let by_variant = pats.iter().any(|pat| is_variant(pat));
        let binds = pats.iter().any(|pat| !super::pattern::bound_idents(pat).is_empty());
        let span = expr.span();
        match self.view(expr) {
            View::Place(place, ty) => {
                let read = self.read(place.clone(), ty.clone(), span);
                if place.proj.is_empty() {
                    return Scrutinee { expr: read, place: Some((place, ty, None)) };
                }
                if by_variant || !binds || ty.is_discrete() {
                    return Scrutinee { expr: read, place: None };
                }
                self.named_scrutinee(read)
            }
            View::RefTo { place, ty, mutable } => {
                let place = self.captured(place);
                let kind = ExprKind::Ref { mutable: false, place: place.clone() };
                let expr = self.make(kind, span);
                if by_variant && mutable {
                    let kind = ExprKind::Ref { mutable: true, place };
                    let expr = self.make(kind, span);
                    let expr = self.settled(expr);
                    return Scrutinee { expr, place: None };
                }
                if by_variant {
                    return Scrutinee { expr, place: None };
                }
                Scrutinee { expr, place: Some((place, ty, Some(mutable))) }
            }
            View::Other => {
                let value = self.rvalue(expr);
                if let ExprKind::Ref { place, mutable } = &value.kind {
                    let ty = infer::place_ty(place, &self.vars);
                    let place = (!by_variant).then(|| (place.clone(), ty, Some(*mutable)));
                    return Scrutinee { expr: value, place };
                }
                if by_variant || value.ty.is_discrete() || !binds {
                    return Scrutinee { expr: value, place: None };
                }
                self.named_scrutinee(value)
            }
        }
    }

    pub fn named_scrutinee(&mut self, value: Expr) -> Scrutinee {
        let span = value.span;
        let ty = value.ty.clone();
        let var = self.temp("matched", ty.clone(), Role::Temp, span);
        self.emit(StmtKind::Let { var, init: Some(value) }, span);
        let expr = self.read_var(var, span);
        Scrutinee { expr, place: Some((Place::var(var), ty, None)) }
    }

    /// The pattern of an arm, its names bound in the scope that is open.
    pub fn arm_pattern(
        &mut self,
        pat: &syn::Pat,
        scrutinee: &Scrutinee,
    ) -> (TokenStream, Vec<Binding>, Option<Opaque>) {
        let mut bindings = Vec::new();
        let (pat, guard) = match strip_pat(pat) {
            syn::Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pat => (pat, None),
        };
        // Alternatives bind the same names at different places.
        let place = match pat {
            syn::Pat::Or(_) if !super::pattern::bound_idents(pat).is_empty() => None,
            _ => scrutinee.place.clone(),
        };
        let tokens = self.pattern(pat, place, &mut bindings);
        let lent = bindings.iter().filter(|b| b.place.is_none()).map(|b| b.var);
        let lent: Vec<_> = lent.collect();
        self.lend_all(&scrutinee.expr, lent.into_iter());
        let guard = guard.map(|guard| self.opaque_guard(guard));
        (tokens, bindings, guard)
    }

    pub fn pattern(
        &mut self,
        pat: &syn::Pat,
        place: Option<(Place, Ty, Option<bool>)>,
        bindings: &mut Vec<Binding>,
    ) -> TokenStream {
        // What is seen through a reference is seen through it as a whole.
        let place = place.map(|(place, ty, mode)| match self.place_or_ref(place, ty) {
            View::RefTo { place, ty, mutable } => (place, ty, Some(mutable)),
            View::Place(place, ty) => (place, ty, mode),
            View::Other => unreachable!("a place is a place"),
        });
        match strip_pat(pat) {
            syn::Pat::Ident(ident) if is_binding(ident) => {
                let sub = ident
                    .subpat
                    .as_ref()
                    .map(|(_, sub)| self.pattern(sub, place.clone(), bindings));
                self.pattern_name(ident, place, sub, bindings)
            }
            syn::Pat::Tuple(tuple) => {
                let rest = tuple.elems.iter().position(|p| matches!(p, syn::Pat::Rest(_)));
                let parts = tuple.elems.iter().enumerate().map(|(i, part)| {
                    let known = rest.is_none_or(|r| i < r);
                    let at = place.as_ref().filter(|_| known).map(|(place, ty, mode)| {
                        let member =
                            syn::Member::Unnamed(syn::Index { index: i as u32, span: part.span() });
                        part_of(place, ty, Proj::Field(member), *mode)
                    });
                    self.pattern(part, at, bindings)
                });
                let parts: Vec<TokenStream> = parts.collect();
                quote!((#(#parts,)*))
            }
            syn::Pat::Slice(slice) => {
                let is_rest = |p: &syn::Pat| match p {
                    syn::Pat::Rest(_) => true,
                    syn::Pat::Ident(p) => {
                        p.subpat.as_ref().is_some_and(|(_, sub)| matches!(**sub, syn::Pat::Rest(_)))
                    }
                    _ => false,
                };
                let rest = slice.elems.iter().position(is_rest);
                let mut parts: Vec<TokenStream> = Vec::new();
                for (i, part) in slice.elems.iter().enumerate() {
                    if rest == Some(i) {
                        parts.push(self.rest_pattern(part, &place, i, slice.elems.len(), bindings));
                        continue;
                    }
                    let at = place.as_ref().map(|(place, ty, mode)| {
                        let index = if rest.is_some_and(|r| i > r) {
                            let len = self.len_of(place, ty, part.span());
                            let back = super::pattern::number(slice.elems.len() - i, part.span());
                            super::place::minus(len, back)
                        } else {
                            super::pattern::number(i, part.span())
                        };
                        let mut element = place.clone();
                        super::place::push_index(&mut element, index);
                        let ty = infer::place_ty(&element, &self.vars);
                        (element, ty, *mode)
                    });
                    parts.push(self.pattern(part, at, bindings));
                }
                quote!([#(#parts),*])
            }
            syn::Pat::Reference(inner) => {
                let at = place.map(|(place, ty, _)| (place, ty, None));
                let tokens = self.pattern(&inner.pat, at, bindings);
                let mutability = &inner.mutability;
                quote!(&#mutability #tokens)
            }
            syn::Pat::Or(or) => {
                let first_new = bindings.len();
                let mut cases: Vec<TokenStream> = Vec::new();
                for (i, case) in or.cases.iter().enumerate() {
                    if i == 0 {
                        cases.push(self.pattern(case, None, bindings));
                    } else {
                        let known = &bindings[first_new..];
                        cases.push(renamed(case, known, self));
                    }
                }
                quote!(#(#cases)|*)
            }
            syn::Pat::TupleStruct(tuple) => {
                let path = &tuple.path;
                let parts: Vec<TokenStream> =
                    tuple.elems.iter().map(|p| self.pattern(p, None, bindings)).collect();
                quote!(#path(#(#parts),*))
            }
            syn::Pat::Struct(fields) => {
                let path = &fields.path;
                let parts: Vec<TokenStream> = fields
                    .fields
                    .iter()
                    .map(|field| {
                        let member = &field.member;
                        let tokens = self.pattern(&field.pat, None, bindings);
                        quote!(#member: #tokens)
                    })
                    .collect();
                let rest = fields.rest.is_some().then(|| quote!(..));
                quote!(#path { #(#parts,)* #rest })
            }
            syn::Pat::Type(inner) => self.pattern(&inner.pat, place, bindings),
            other => other.to_token_stream(),
        }
    }

    pub fn rest_pattern(
        &mut self,
        pat: &syn::Pat,
        place: &Option<(Place, Ty, Option<bool>)>,
        at: usize,
        count: usize,
        bindings: &mut Vec<Binding>,
    ) -> TokenStream {
        let syn::Pat::Ident(ident) = pat else { return quote!(..) };
        let tail = count - 1 - at;
        let span = ident.ident.span();
        match place {
            Some((place, ty, Some(mutable))) => {
                let mut part = place.clone();
                let hi = (tail > 0).then(|| {
                    let len = self.len_of(place, ty, span);
                    super::place::minus(len, super::pattern::number(tail, span))
                });
                let lo = super::pattern::number(at, span);
                super::place::push_slice(&mut part, Some(lo), hi);
                let ty = Ty::Slice(Box::new(ty.element()));
                self.bind(&ident.ident, Bound::Alias { place: part, ty, mutable: *mutable });
                quote!(..)
            }
            Some((place, ty, None)) => {
                let mut part = place.clone();
                let hi = (tail > 0).then(|| {
                    let len = self.len_of(place, ty, span);
                    super::place::minus(len, super::pattern::number(tail, span))
                });
                let lo = super::pattern::number(at, span);
                super::place::push_slice(&mut part, Some(lo), hi);
                self.bind_part(&ident.ident, part, Ty::Slice(Box::new(ty.element())));
                quote!(..)
            }
            None => self.pattern_name(ident, None, Some(quote!(..)), bindings),
        }
    }

    /// A part of an array by value: used where it lies if the array cannot change, else copied.
    pub fn bind_part(&mut self, ident: &Ident, part: Place, ty: Ty) {
        if self.var(part.base).mutable {
            let value = self.make(ExprKind::Clone { place: part, vec: true }, ident.span());
            self.let_var(ident, false, value);
        } else {
            self.bind(ident, Bound::Alias { place: part, ty, mutable: false });
        }
    }

    pub fn pattern_name(
        &mut self,
        ident: &syn::PatIdent,
        place: Option<(Place, Ty, Option<bool>)>,
        sub: Option<TokenStream>,
        bindings: &mut Vec<Binding>,
    ) -> TokenStream {
        let by_ref = ident.by_ref.is_some();
        if let Some((place, ty, mode)) = &place {
            let mode = if by_ref { Some(ident.mutability.is_some()) } else { *mode };
            if let Some(mutable) = mode
                && !self.is_stale_prone(place)
            {
                // A reference to a known place needs no name of its own.
                let place = place.clone();
                self.bind(&ident.ident, Bound::Alias { place, ty: ty.clone(), mutable });
                return sub.unwrap_or_else(|| quote!(_));
            }
        }
        let ty = place.as_ref().map_or(Ty::Unknown, |(_, ty, _)| ty.clone());
        let mutable = ident.mutability.is_some() && !by_ref;
        let var = self.bind_var(&ident.ident, ty, mutable, Role::Local);
        let name = self.var(var).name.clone();
        let place = place.filter(|(_, _, mode)| mode.is_none() && !by_ref).map(|(p, _, _)| p);
        bindings.push(Binding { ident: name.to_string(), var, place });
        let by_ref = &ident.by_ref;
        let mutability = &ident.mutability;
        let sub = sub.map(|sub| quote!(@ #sub));
        quote!(#by_ref #mutability #name #sub)
    }
}

fn part_of(place: &Place, ty: &Ty, proj: Proj, mode: Option<bool>) -> (Place, Ty, Option<bool>) {
    let ty = infer::project(ty, &proj);
    let mut place = place.clone();
    while let Some(Proj::Deref) = place.proj.last() {
        place.proj.pop();
    }
    place.proj.push(proj);
    (place, ty, mode)
}

/// Patterns by variant or field name: where their parts lie is not known.
fn is_variant(pat: &syn::Pat) -> bool {
    match strip_pat(pat) {
        syn::Pat::TupleStruct(_) | syn::Pat::Struct(_) | syn::Pat::Path(_) => true,
        syn::Pat::Ident(ident) => !is_binding(ident),
        syn::Pat::Or(or) => or.cases.iter().any(is_variant),
        syn::Pat::Guard(guarded) => is_variant(&guarded.pat),
        syn::Pat::Reference(inner) => is_variant(&inner.pat),
        syn::Pat::Lit(lit) => matches!(lit.lit, syn::Lit::Str(_)),
        _ => false,
    }
}

/// A further alternative of an or-pattern, under the names of the first.
fn renamed(pat: &syn::Pat, bindings: &[Binding], lower: &Lower) -> TokenStream {
    use syn::visit_mut::{self, VisitMut};
    struct Rename<'a>(Vec<(String, &'a Ident)>);
    impl VisitMut for Rename<'_> {
        fn visit_pat_ident_mut(&mut self, pat: &mut syn::PatIdent) {
            let text = pat.ident.to_string();
            if let Some((_, name)) = self.0.iter().find(|(old, _)| *old == text) {
                pat.ident = crate::names::ident(&name.to_string(), pat.ident.span());
            }
            visit_mut::visit_pat_ident_mut(self, pat);
        }
    }
    let names = super::pattern::bound_idents(pat)
        .into_iter()
        .filter_map(|ident| match lower.lookup(ident)? {
            Bound::Var(var) if bindings.iter().any(|b| b.var == var) => {
                Some((ident.to_string(), &lower.var(var).name))
            }
            _ => None,
        })
        .collect();
    let mut pat = pat.clone();
    Rename(names).visit_pat_mut(&mut pat);
    pat.to_token_stream()
}
