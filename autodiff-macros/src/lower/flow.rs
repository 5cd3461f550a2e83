//! Branches, loops and the ways out of them.

use super::pattern::{is_binding, is_refutable};
use super::scope::Bound;
use super::{Dest, Lower, Target, bool_ty, infer, lit, place::View, strip, strip_pat};
use crate::ir::{Arm, Binding, Block, Expr, ExprKind, Opaque, Place, Proj, Role, Stmt, StmtKind, Ty, VarId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// What a `match` looks at.
pub struct Scrutinee {
    pub expr: Expr,
    /// Where it is, its type, and whether it is seen through a reference (and a mutable one).
    place: Option<(Place, Ty, Option<bool>)>,
}

impl Scrutinee {
    /// Something of which no part has a known place.
    pub fn unknown(span: Span) -> Self {
        Scrutinee { expr: lit(quote!(()), Ty::Unknown, span), place: None }
    }
}

struct FindReturn(bool);

impl<'ast> Visit<'ast> for FindReturn {
    fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
        self.0 = true;
    }
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

pub fn has_return(block: &syn::Block) -> bool {
    let mut find = FindReturn(false);
    visit::visit_block(&mut find, block);
    find.0
}

/// An expression that becomes statements.
pub fn is_structured(expr: &syn::Expr) -> bool {
    matches!(
        strip(expr),
        syn::Expr::If(_) | syn::Expr::Match(_) | syn::Expr::Block(_) | syn::Expr::Loop(_)
    )
}

pub fn tail_is_structured(block: &syn::Block) -> bool {
    matches!(block.stmts.last(), Some(syn::Stmt::Expr(expr, None)) if is_structured(expr))
}

/// `return`, `break`, `continue`, `panic!` and the like.
pub fn never_returns(expr: &syn::Expr) -> bool {
    match strip(expr) {
        syn::Expr::Return(_) | syn::Expr::Break(_) | syn::Expr::Continue(_) => true,
        syn::Expr::Macro(mac) => {
            mac.mac.path.segments.last().is_some_and(|s| {
                super::opaque::is_panic(&s.ident.to_string())
            })
        }
        syn::Expr::Call(call) => match strip(&call.func) {
            syn::Expr::Path(path) => {
                let text = path.to_token_stream().to_string().replace(' ', "");
                text.ends_with("process::exit") || text.ends_with("process::abort")
            }
            _ => false,
        },
        _ => false,
    }
}

/// `flag = true;`
pub fn marker(flag: VarId, span: Span) -> Stmt {
    let value = lit(quote!(true), bool_ty(), span);
    Stmt { kind: StmtKind::Assign { place: Place::var(flag), value }, span }
}

/// The operands of a chain of `&&`, if one of them is a `let`.
fn let_chain(cond: &syn::Expr) -> Option<Vec<&syn::Expr>> {
    fn flatten<'e>(e: &'e syn::Expr, out: &mut Vec<&'e syn::Expr>) {
        match e {
            syn::Expr::Binary(b) if matches!(b.op, syn::BinOp::And(_)) => {
                flatten(&b.left, out);
                flatten(&b.right, out);
            }
            syn::Expr::Group(g) => flatten(&g.expr, out),
            other => out.push(other),
        }
    }
    let mut parts = Vec::new();
    flatten(cond, &mut parts);
    parts.iter().any(|e| matches!(e, syn::Expr::Let(_))).then_some(parts)
}

impl Lower<'_> {
    pub fn if_into(&mut self, e: &syn::ExprIf, dest: Dest) {
        let span = e.if_token.span;
        if let Some(parts) = let_chain(&e.cond) {
            return self.if_let(&parts, e, dest, span);
        }
        let cond = self.operand(&e.cond);
        let (then, ()) = self.nested(|lower| lower.stmts(&e.then_branch.stmts, dest, None));
        let (other, ()) = self.nested(|lower| lower.else_branch(e, dest));
        self.emit(StmtKind::If { cond, then, other }, span);
    }

    fn else_branch(&mut self, e: &syn::ExprIf, dest: Dest) {
        if let Some((_, other)) = &e.else_branch {
            match strip(other) {
                syn::Expr::Block(block) if block.label.is_none() => {
                    self.stmts(&block.block.stmts, dest, None);
                }
                other => self.expr_into(other, dest),
            }
        }
    }

    fn if_let(&mut self, parts: &[&syn::Expr], e: &syn::ExprIf, dest: Dest, span: Span) {
        if let [syn::Expr::Let(one)] = parts {
            if let Some(inner) = some_pattern(&one.pat)
                && let Some((cond, element)) = self.maybe_element(&one.expr)
            {
                let (then, ()) = self.nested(|lower| {
                    lower.bind_view(inner, element);
                    lower.stmts(&e.then_branch.stmts, dest, None);
                });
                let (other, ()) = self.nested(|lower| lower.else_branch(e, dest));
                self.emit(StmtKind::If { cond, then, other }, span);
                return;
            }
            let scrutinee = self.scrutinee(&one.expr, std::iter::once(&*one.pat));
            let (then, (pat, bindings, guard)) = self.nested(|lower| {
                let pattern = lower.arm_pattern(&one.pat, &scrutinee);
                lower.stmts(&e.then_branch.stmts, dest, None);
                pattern
            });
            let (other, ()) = self.nested(|lower| lower.else_branch(e, dest));
            let mut arms = vec![Arm { pat, bindings, guard, body: then }];
            if is_refutable(&one.pat) {
                arms.push(Arm {
                    pat: quote!(_),
                    bindings: Vec::new(),
                    guard: None,
                    body: other,
                });
            }
            self.emit(StmtKind::Match { scrutinee: scrutinee.expr, arms }, span);
            return;
        }
        // Several conditions: `else` runs if any of them fails.
        let otherwise = self.temp("otherwise", bool_ty(), Role::Temp, span);
        self.vars[otherwise.0 as usize].mutable = true;
        let init = Some(lit(quote!(true), bool_ty(), span));
        self.emit(StmtKind::Let { var: otherwise, init }, span);
        self.chain(parts, e, dest, otherwise, span);
        let (other, ()) = self.nested(|lower| lower.else_branch(e, dest));
        if !other.stmts.is_empty() {
            let cond = self.read_var(otherwise, span);
            self.emit(StmtKind::If { cond, then: other, other: Block::default() }, span);
        }
    }

    fn chain(
        &mut self,
        parts: &[&syn::Expr],
        e: &syn::ExprIf,
        dest: Dest,
        otherwise: VarId,
        span: Span,
    ) {
        let Some((first, rest)) = parts.split_first() else {
            let value = lit(quote!(false), bool_ty(), span);
            self.emit(StmtKind::Assign { place: Place::var(otherwise), value }, span);
            self.stmts(&e.then_branch.stmts, dest, None);
            return;
        };
        if let syn::Expr::Let(one) = first
            && let Some(inner) = some_pattern(&one.pat)
            && let Some((cond, element)) = self.maybe_element(&one.expr)
        {
            let (then, ()) = self.nested(|lower| {
                lower.bind_view(inner, element);
                lower.chain(rest, e, dest, otherwise, span);
            });
            self.emit(StmtKind::If { cond, then, other: Block::default() }, span);
        } else if let syn::Expr::Let(one) = first {
            let scrutinee = self.scrutinee(&one.expr, std::iter::once(&*one.pat));
            let (then, (pat, bindings, guard)) = self.nested(|lower| {
                let pattern = lower.arm_pattern(&one.pat, &scrutinee);
                lower.chain(rest, e, dest, otherwise, span);
                pattern
            });
            let mut arms = vec![Arm { pat, bindings, guard, body: then }];
            if is_refutable(&one.pat) {
                let body = Block::default();
                arms.push(Arm { pat: quote!(_), bindings: Vec::new(), guard: None, body });
            }
            self.emit(StmtKind::Match { scrutinee: scrutinee.expr, arms }, span);
        } else {
            let cond = self.operand(first);
            let (then, ()) = self.nested(|lower| lower.chain(rest, e, dest, otherwise, span));
            self.emit(StmtKind::If { cond, then, other: Block::default() }, span);
        }
    }

    pub fn match_into(&mut self, e: &syn::ExprMatch, dest: Dest) {
        let span = e.match_token.span;
        let compiled: Vec<&syn::Arm> =
            e.arms.iter().filter(|arm| self.is_compiled(&arm.attrs)).collect();
        let scrutinee = self.scrutinee(&e.expr, compiled.iter().map(|arm| &arm.pat));
        let mut arms = Vec::new();
        for arm in compiled {
            let (body, (pat, bindings, guard)) = self.nested(|lower| {
                let pattern = lower.arm_pattern(&arm.pat, &scrutinee);
                match strip(&arm.body) {
                    syn::Expr::Block(block) if block.label.is_none() => {
                        lower.stmts(&block.block.stmts, dest, None);
                    }
                    body => lower.expr_into(body, dest),
                }
                pattern
            });
            arms.push(Arm { pat, bindings, guard, body });
        }
        self.emit(StmtKind::Match { scrutinee: scrutinee.expr, arms }, span);
    }

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
                    let place = Some((place.clone(), ty, Some(*mutable)));
                    return Scrutinee { expr: value, place: if by_variant { None } else { place } };
                }
                if by_variant || value.ty.is_discrete() || !binds {
                    return Scrutinee { expr: value, place: None };
                }
                self.named_scrutinee(value)
            }
        }
    }

    fn named_scrutinee(&mut self, value: Expr) -> Scrutinee {
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
        let guard = guard.map(|guard| self.opaque_guard(guard));
        (tokens, bindings, guard)
    }

    fn pattern(
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
                let sub = ident.subpat.as_ref().map(|(_, sub)| {
                    self.pattern(sub, place.clone(), bindings)
                });
                self.pattern_name(ident, place, sub, bindings)
            }
            syn::Pat::Tuple(tuple) => {
                let rest = tuple.elems.iter().position(|p| matches!(p, syn::Pat::Rest(_)));
                let parts = tuple.elems.iter().enumerate().map(|(i, part)| {
                    let known = rest.is_none_or(|r| i < r);
                    let at = place.as_ref().filter(|_| known).map(|(place, ty, mode)| {
                        let member = syn::Member::Unnamed(syn::Index {
                            index: i as u32,
                            span: part.span(),
                        });
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
                    syn::Pat::Ident(p) => p
                        .subpat
                        .as_ref()
                        .is_some_and(|(_, sub)| matches!(**sub, syn::Pat::Rest(_))),
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

    fn rest_pattern(
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

    fn pattern_name(
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

    pub fn block_into(&mut self, e: &syn::ExprBlock, dest: Dest) {
        let Some(label) = &e.label else {
            return self.stmts(&e.block.stmts, dest, None);
        };
        let span = e.block.brace_token.span.join();
        let flag = self.flag("stop", span);
        self.exits.blocks.insert(flag);
        self.targets.push(Target {
            label: Some(label.name.ident.to_string()),
            is_loop: false,
            stop: Some(flag),
            skip: None,
            value: dest,
        });
        let (then, ()) = self.nested(|lower| lower.stmts(&e.block.stmts, dest, None));
        self.targets.pop();
        let cond = self.read_var(flag, span);
        self.emit(StmtKind::If { cond, then, other: Block::default() }, span);
    }

    fn flag(&mut self, name: &str, span: Span) -> VarId {
        let flag = self.temp(name, bool_ty(), Role::Temp, span);
        self.exits.flags.insert(flag);
        flag
    }

    /// Lowers a loop's body; gives it and the loop's flag.
    pub fn loop_body(
        &mut self,
        label: Option<&syn::Label>,
        value: Dest,
        lower_body: impl FnOnce(&mut Self),
    ) -> (Block, Option<VarId>) {
        self.targets.push(Target {
            label: label.map(|l| l.name.ident.to_string()),
            is_loop: true,
            stop: None,
            skip: None,
            value,
        });
        let (body, ()) = self.nested(lower_body);
        let target = self.targets.pop();
        let (stop, skip) = target.map_or((None, None), |t| (t.stop, t.skip));
        let span = Span::call_site();
        // Every loop that is left early, in whatever way, has a flag of its own to hang that on.
        let stop = match (stop, skip, self.exits.flags.is_empty()) {
            (Some(stop), _, _) => Some(stop),
            (None, None, true) => None,
            _ => {
                let exits = contains_marker(&body, &self.exits.flags);
                exits.then(|| self.flag("stop", span))
            }
        };
        if let (Some(stop), Some(skip)) = (stop, skip) {
            self.exits.skips.insert(stop, skip);
        }
        (body, stop)
    }

    pub fn loop_into(&mut self, e: &syn::ExprLoop, dest: Dest) {
        let span = e.loop_token.span;
        let (body, exit) = self.loop_body(e.label.as_ref(), dest, |lower| {
            lower.stmts(&e.body.stmts, Dest::Discard, None);
        });
        let cond = lit(quote!(true), bool_ty(), span);
        self.emit(StmtKind::While { cond, body, exit }, span);
    }

    pub fn while_loop(&mut self, e: &syn::ExprWhile) {
        let span = e.while_token.span;
        if let_chain(&e.cond).is_some() {
            // `while let` is `loop { if let … { … } else { break } }`.
            let as_if = syn::ExprIf {
                attrs: Vec::new(),
                if_token: syn::Token![if](span),
                cond: e.cond.clone(),
                then_branch: e.body.clone(),
                else_branch: Some((
                    syn::Token![else](span),
                    Box::new(syn::parse_quote_spanned!(span=> { break })),
                )),
            };
            let (body, exit) = self.loop_body(e.label.as_ref(), Dest::Discard, |lower| {
                lower.if_into(&as_if, Dest::Discard);
            });
            let cond = lit(quote!(true), bool_ty(), span);
            self.emit(StmtKind::While { cond, body, exit }, span);
            return;
        }
        let (head, cond) = self.nested(|lower| lower.operand(&e.cond));
        if head.stmts.is_empty() {
            let (body, exit) = self.loop_body(e.label.as_ref(), Dest::Discard, |lower| {
                lower.stmts(&e.body.stmts, Dest::Discard, None);
            });
            self.emit(StmtKind::While { cond, body, exit }, span);
            return;
        }
        // A condition that needs statements is looked at inside.
        let (body, exit) = self.loop_body(e.label.as_ref(), Dest::Discard, |lower| {
            let cond = lower.operand(&e.cond);
            let (other, ()) = lower.nested(|lower| {
                let exit: syn::Expr = syn::parse_quote_spanned!(span=> break);
                lower.effect(&exit);
            });
            lower.emit(StmtKind::If { cond, then: Block::default(), other }, span);
            lower.stmts(&e.body.stmts, Dest::Discard, None);
        });
        let cond = lit(quote!(true), bool_ty(), span);
        self.emit(StmtKind::While { cond, body, exit }, span);
    }

    pub fn return_(&mut self, e: &syn::ExprReturn) {
        let span = e.return_token.span;
        if let Some(value) = &e.expr {
            if self.result == Dest::Discard {
                self.effect(value);
            } else {
                self.expr_into(value, self.result);
            }
        }
        let flag = match self.return_flag {
            Some(flag) => flag,
            None => {
                let flag = self.flag("done", span);
                self.return_flag = Some(flag);
                flag
            }
        };
        self.emit(marker(flag, span).kind, span);
    }

    fn target(&mut self, label: Option<&syn::Lifetime>, span: Span, only_loops: bool) -> Option<usize> {
        let found = match label {
            Some(label) => {
                let name = label.ident.to_string();
                self.targets.iter().rposition(|t| t.label.as_ref() == Some(&name))
            }
            None => self.targets.iter().rposition(|t| t.is_loop),
        };
        let found = found.filter(|i| !only_loops || self.targets[*i].is_loop);
        if found.is_none() {
            self.refused(span, "there is no loop around this that it could leave");
        }
        found
    }

    pub fn break_(&mut self, e: &syn::ExprBreak) {
        let span = e.break_token.span;
        let Some(i) = self.target(e.label.as_ref(), span, false) else { return };
        if let Some(value) = &e.expr {
            self.expr_into(value, self.targets[i].value);
        }
        let flag = match self.targets[i].stop {
            Some(flag) => flag,
            None => self.flag("stop", span),
        };
        self.targets[i].stop = Some(flag);
        self.emit(marker(flag, span).kind, span);
    }

    pub fn continue_(&mut self, e: &syn::ExprContinue) {
        let span = e.continue_token.span;
        let Some(i) = self.target(e.label.as_ref(), span, true) else { return };
        let flag = match self.targets[i].skip {
            Some(flag) => flag,
            None => self.flag("skip", span),
        };
        self.targets[i].skip = Some(flag);
        self.emit(marker(flag, span).kind, span);
    }
}

fn contains_marker(block: &Block, flags: &std::collections::HashSet<VarId>) -> bool {
    let mut found = false;
    block.walk(&mut |stmt| {
        if let StmtKind::Assign { place, .. } = &stmt.kind {
            found |= flags.contains(&place.base);
        }
    });
    found
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

/// The irrefutable pattern inside `Some(…)`.
pub fn some_pattern(pat: &syn::Pat) -> Option<&syn::Pat> {
    match strip_pat(pat) {
        syn::Pat::TupleStruct(some)
            if some.elems.len() == 1
                && some.path.segments.last().is_some_and(|s| s.ident == "Some")
                && !is_refutable(&some.elems[0]) =>
        {
            Some(&some.elems[0])
        }
        _ => None,
    }
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
