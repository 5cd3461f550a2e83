//! Loops over sequences: the index, the bounds, and what the items' names stand for.

use super::iterate::{Filter, Item, Seq, position};
use super::place::{View, plus, push_index, push_slice, times};
use super::scope::{Bound, Scope};
use super::{Lower, infer, lit, strip, strip_pat, usize_ty};
use crate::ir::{Block, Expr, ExprKind, Place, Proj, Range, Role, StmtKind, TokensEq, Ty, VarId};
use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};

const REFUSE_ITERATOR: &str = "what this iterates over is not known to be a range, slice, array or \
     `Vec`: annotate its type, or loop over indices";

/// An item at a position of a loop.
pub struct At {
    item: Item,
    /// The index.
    pub at: Expr,
    whole: bool,
    index: VarId,
}

impl Lower<'_> {
    /// A loop over the sequence: `body` gets the lowerer with `pat` bound.
    pub fn loop_over(
        &mut self,
        seq: Seq,
        pat: Option<&syn::Pat>,
        label: Option<&syn::Label>,
        span: Span,
        body: impl FnOnce(&mut Self, &At),
    ) {
        let mut seq = seq;
        if let Some(flat) = seq.flat.take() {
            // The loop in the loop would be one more type each time.
            return self.loop_flat(flat, pat, label, span, Box::new(body));
        }
        let item = seq.item.clone();
        let wanted = pat.and_then(|pat| index_name(pat, &item)).or_else(|| mapped_name(&item));
        let alone = seq.range.clone();
        let ty = match &alone {
            Some(range) => infer::merge(&range.lo.ty, &range.hi.ty),
            None => usize_ty(),
        };
        let ty = if ty == Ty::Unknown { Ty::Discrete(None) } else { ty };
        let index = match wanted {
            Some(ident) => self.new_var(ident, ty, false, Role::Local),
            None => self.index_var(ty, span),
        };
        let range = match alone {
            Some(range) => range,
            None => Range {
                lo: super::pattern::number(0, span),
                hi: seq.len.clone().unwrap_or_else(|| lit(quote!(usize::MAX), usize_ty(), span)),
                inclusive: false,
                step: None,
                rev: seq.rev,
                trips: None,
            },
        };
        let whole = seq.range.is_some();
        let (block, exit) = self.loop_body(label, super::Dest::Discard, |lower| {
            let at = lower.read_var(index, span);
            let item = At { item: seq.item.clone(), at, whole, index };
            lower.filtered(&seq.filters, item, pat, body);
        });
        let mut range = range;
        // Bounds are evaluated once: what the body changes does not move them.
        for (name, bound) in [("start", &mut range.lo), ("end", &mut range.hi)] {
            if self.moves(bound, &block) {
                *bound = self.hoist(name, bound.clone());
            }
        }
        self.emit(StmtKind::For { index, range, body: block, exit }, span);
    }

    /// Whether running the block changes the value.
    pub fn moves(&self, bound: &Expr, block: &Block) -> bool {
        let written = block.writes();
        let mut moves = false;
        bound.walk(&mut |e| match &e.kind {
            ExprKind::Read(place) => moves |= written.contains(&place.base),
            ExprKind::Len(place) if written.contains(&place.base) => {
                let fixed = matches!(
                    infer::place_ty(place, &self.vars).peel(),
                    Ty::Slice(_) | Ty::Array(..)
                );
                moves |= !fixed && resizes(block, place.base);
            }
            ExprKind::Opaque(o) => {
                moves |= o.reads.iter().any(|(_, v)| {
                    let plain = matches!(self.var(*v).ty.peel(), Ty::Slice(_) | Ty::Array(..));
                    written.contains(v) && (!plain || !o.pure_)
                })
            }
            _ => {}
        });
        moves
    }

    pub fn filtered(
        &mut self,
        filters: &[Filter],
        item: At,
        pat: Option<&syn::Pat>,
        body: impl FnOnce(&mut Self, &At),
    ) {
        let Some((filter, rest)) = filters.split_first() else {
            if let Some(pat) = pat {
                self.bind_item(pat, &item.item, &item.at, item.whole, item.index);
            }
            body(self, &item);
            return;
        };
        let span = filter.function.span();
        for (slot, made) in &filter.held {
            let value = self.item_value(made, &item.at, item.whole);
            let value = match value.kind {
                ExprKind::Ref { .. } => value,
                _ => self.hoist("item", value),
            };
            self.held[*slot] = Some(value);
        }
        let arg = (filter.item.clone(), item.at.clone(), item.whole, item.index);
        let cond = self.applied(&filter.function, &filter.scopes, &[arg], span);
        let (then, ()) = self.nested(|lower| lower.filtered(rest, item, pat, body));
        let (other, ()) = self.nested(|lower| {
            if filter.stops {
                lower.break_(&syn::parse_quote_spanned!(span=> break));
            }
        });
        self.emit(StmtKind::If { cond, then, other }, span);
    }

    /// `for i in 0..len { … }`
    pub fn for_index(&mut self, len: Expr, span: Span, body: impl FnOnce(&mut Self, Expr)) {
        let index = self.index_var(usize_ty(), span);
        let at = self.read_var(index, span);
        let (body, ()) = self.nested(|lower| body(lower, at));
        let range = Range {
            lo: super::pattern::number(0, span),
            hi: len,
            inclusive: false,
            step: None,
            rev: false,
            trips: None,
        };
        self.emit(StmtKind::For { index, range, body, exit: None }, span);
    }

    pub fn index_var(&mut self, ty: Ty, span: Span) -> VarId {
        let free = ["i", "j", "k", "l", "m"].into_iter().find(|n| !self.taken.contains(*n));
        self.temp(free.unwrap_or("i"), ty, Role::Temp, span)
    }

    /// Binds a pattern to the item at a position.
    pub fn bind_item(&mut self, pat: &syn::Pat, item: &Item, at: &Expr, whole: bool, index: VarId) {
        let span = pat.span();
        let pat = strip_pat(pat);
        match item {
            Item::Tuple(parts) => {
                if let syn::Pat::Tuple(tuple) = pat
                    && tuple.elems.len() == parts.len()
                {
                    for (pat, part) in tuple.elems.iter().zip(parts) {
                        self.bind_item(pat, part, at, whole, index);
                    }
                    return;
                }
                if let syn::Pat::Ident(ident) = pat {
                    let value = self.item_value(item, at, whole);
                    let mutable = ident.mutability.is_some();
                    self.let_var(&ident.ident, mutable, value);
                    return;
                }
                if let syn::Pat::Wild(_) = pat {
                    return;
                }
                self.refused(span, "take the items apart as they come: `(a, b)`");
            }
            Item::Element { place, by, steps } => {
                let mut place = place.clone();
                push_index(&mut place, position(steps, at));
                let ty = infer::place_ty(&place, &self.vars);
                let by = match by {
                    // Moved out of a container: used where it lies, unless it is to change.
                    None if matches!(ty, Ty::Vec(_)) && !binds_mut(pat) => Some(true),
                    by => *by,
                };
                match self.place_or_ref(place, ty) {
                    View::Place(place, ty) => self.bind_at(pat, place, ty, by),
                    View::RefTo { place, ty, mutable } => {
                        self.bind_at(pat, place, ty, Some(mutable));
                    }
                    View::Other => {}
                }
            }
            Item::Part { place, mutable, .. } => {
                let element = infer::place_ty(place, &self.vars).element();
                let place = self.part_at(item, at);
                self.bind_at(pat, place, Ty::Slice(Box::new(element)), Some(*mutable));
            }
            Item::Count { .. } => {
                let value = self.item_value(item, at, whole);
                match pat {
                    syn::Pat::Wild(_) => {}
                    syn::Pat::Ident(ident) => {
                        let is_index = matches!(&value.kind, ExprKind::Read(place)
                            if place.base == index && place.proj.is_empty());
                        if is_index && ident.mutability.is_none() {
                            self.bind(&ident.ident, Bound::Var(index));
                        } else {
                            let mutable = ident.mutability.is_some();
                            self.let_var(&ident.ident, mutable, value);
                        }
                    }
                    _ => self.refused(span, "a count is one number: bind it to a name"),
                }
            }
            Item::Held { slot, by_ref } => {
                let Some(value) = self.held[*slot].clone() else { return };
                let (place, mode) = match value.kind {
                    ExprKind::Ref { place, mutable } => (place, Some(mutable)),
                    ExprKind::Read(place) => (place, by_ref.then_some(false)),
                    _ => return,
                };
                let ty = infer::place_ty(&place, &self.vars);
                self.bind_at(pat, place, ty, mode);
            }
            Item::Mapped { .. } => {
                let value = self.item_value(item, at, whole);
                match (pat, &value.kind) {
                    (syn::Pat::Wild(_), _) => {}
                    (_, ExprKind::Ref { place, mutable }) => {
                        let ty = infer::place_ty(place, &self.vars);
                        self.bind_at(pat, place.clone(), ty, Some(*mutable));
                    }
                    (syn::Pat::Ident(ident), _) => {
                        self.let_var(&ident.ident, ident.mutability.is_some(), value);
                    }
                    _ => {
                        let var = self.temp("item", value.ty.clone(), Role::Temp, span);
                        self.emit(StmtKind::Let { var, init: Some(value) }, span);
                        self.bind_place(pat, Place::var(var), false);
                    }
                }
            }
        }
    }

    pub fn part_at(&mut self, item: &Item, at: &Expr) -> Place {
        let Item::Part { place, stride, size, end, steps, .. } = item else {
            unreachable!("only parts have bounds")
        };
        let i = position(steps, at);
        let lo = match stride {
            Some(stride) => times(i, stride.clone()),
            None => i,
        };
        let mut hi = plus(lo.clone(), size.clone());
        if let Some(end) = end {
            let shorter = self.shorter(hi, end.clone());
            hi = self.frozen("end", shorter);
        }
        let mut place = place.clone();
        push_slice(&mut place, Some(lo), Some(hi));
        place
    }

    /// The item as a value (a reference where it is one).
    pub fn item_value(&mut self, item: &Item, at: &Expr, whole: bool) -> Expr {
        let span = at.span;
        match item {
            Item::Count { lo, steps } => {
                if whole {
                    return at.clone();
                }
                let i = position(steps, at);
                let i = match &lo.ty {
                    Ty::Discrete(Some(name)) if name != "usize" => {
                        let ty = lo.ty.to_rust().unwrap_or_else(|| quote!(usize));
                        let kind = ExprKind::Cast(Box::new(i), TokensEq(ty));
                        Expr::new(kind, lo.ty.clone(), span)
                    }
                    _ => i,
                };
                plus(lo.clone(), i)
            }
            Item::Element { place, by, steps } => {
                let mut place = place.clone();
                push_index(&mut place, position(steps, at));
                let ty = infer::place_ty(&place, &self.vars);
                match (by, self.place_or_ref(place, ty)) {
                    (None, View::Place(place, ty)) => self.read(place, ty, span),
                    (by, View::Place(place, _)) => {
                        let kind = ExprKind::Ref { mutable: by.unwrap_or(false), place };
                        self.make(kind, span)
                    }
                    (_, View::RefTo { place, mutable, .. }) => {
                        self.make(ExprKind::Ref { mutable, place }, span)
                    }
                    (_, View::Other) => unreachable!("a place is a place"),
                }
            }
            Item::Part { mutable, .. } => {
                let mutable = *mutable;
                let place = self.part_at(item, at);
                self.make(ExprKind::Ref { mutable, place }, span)
            }
            Item::Tuple(parts) => {
                let parts = parts
                    .iter()
                    .map(|part| {
                        let value = self.item_value(part, at, whole);
                        self.settled(value)
                    })
                    .collect();
                self.make(ExprKind::Tuple(parts), span)
            }
            Item::Held { slot, by_ref } => match self.held[*slot].clone() {
                Some(Expr { kind: ExprKind::Read(place), .. }) if *by_ref => {
                    self.make(ExprKind::Ref { mutable: false, place }, span)
                }
                Some(value) => value,
                None => lit(quote!(()), Ty::Unknown, span),
            },
            Item::Mapped { item, function, scopes } => {
                let VarId(index) = match &at.kind {
                    ExprKind::Read(place) => place.base,
                    _ => VarId(u32::MAX),
                };
                let arg = ((**item).clone(), at.clone(), whole, VarId(index));
                self.applied(function, scopes, &[arg], span)
            }
        }
    }

    /// Binds a pattern to the item of a loop.
    pub fn bind_at_position(&mut self, pat: &syn::Pat, item: &At) {
        self.bind_item(pat, &item.item, &item.at, item.whole, item.index);
    }

    /// The value of an item, for a consumer.
    pub fn value_of(&mut self, item: &At) -> Expr {
        self.item_value(&item.item, &item.at, item.whole)
    }

    /// The value of an item of a known type.
    pub fn value_as(&mut self, item: &At, ty: Option<Ty>) -> Expr {
        self.wanted = ty;
        let value = self.value_of(item);
        self.wanted = None;
        value
    }

    /// `function(item)`: a closure written out, or a call by path.
    pub fn applied(
        &mut self,
        function: &syn::Expr,
        scopes: &[Scope],
        args: &[(Item, Expr, bool, VarId)],
        span: Span,
    ) -> Expr {
        let wanted = self.wanted.take();
        match function {
            syn::Expr::Closure(closure) if closure.inputs.len() == args.len() => {
                self.in_scopes(scopes.to_vec(), |lower| {
                    for (param, (item, at, whole, index)) in closure.inputs.iter().zip(args) {
                        let (pat, _, _) = super::closure::typed(param, lower.reals);
                        lower.bind_item(pat, item, at, *whole, *index);
                    }
                    lower.closure_body(closure, wanted)
                })
            }
            syn::Expr::Path(path) => {
                let mut names: Vec<syn::Expr> = Vec::new();
                for (item, at, whole, _) in args {
                    let value = self.item_value(item, at, *whole);
                    names.push(self.name_value(value));
                }
                let call: syn::Expr = syn::parse_quote_spanned!(span=> #path(#(#names),*));
                self.rvalue(&call)
            }
            other => {
                self.refused(other.span(), "give a closure written here, or a function's path");
                lit(quote!(()), Ty::Unknown, span)
            }
        }
    }

    /// A name for a value in scope, to build further syntax with.
    pub fn name_value(&mut self, value: Expr) -> syn::Expr {
        let n = self.vars.len() * 16 + self.scopes.len();
        let ident = proc_macro2::Ident::new(&format!("__autodiff_item_{n}"), Span::call_site());
        let bound = match &value.kind {
            ExprKind::Ref { place, mutable } => {
                let ty = infer::place_ty(place, &self.vars);
                Bound::Alias { place: place.clone(), ty, mutable: *mutable }
            }
            ExprKind::Read(place) if place.proj.is_empty() => Bound::Var(place.base),
            _ => {
                let var = self.temp("item", value.ty.clone(), Role::Temp, value.span);
                let span = value.span;
                self.emit(StmtKind::Let { var, init: Some(value) }, span);
                Bound::Var(var)
            }
        };
        let delayed = self.delayed.take();
        self.bind(&ident, bound);
        self.delayed = delayed;
        syn::Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: ident.into() })
    }

    pub fn for_loop(&mut self, e: &syn::ExprForLoop) {
        let span = e.for_token.span;
        if self.is_seq(&e.expr) {
            let mark = self.out.last().map_or(0, Vec::len);
            let seq = self.seq(&e.expr).filter(|seq| {
                // Out of both loops of a flattened chain.
                seq.flat.is_none() || !super::flatten::breaks(&e.body, e.label.as_ref())
            });
            if let Some(seq) = seq {
                self.loop_over(seq, Some(&e.pat), e.label.as_ref(), span, |lower, _| {
                    lower.stmts(&e.body.stmts, super::Dest::Discard, None);
                });
                return;
            }
            // What was emitted on the way is not needed.
            if let Some(out) = self.out.last_mut() {
                out.truncate(mark);
            }
        }
        let (at, message) = match strip(&e.expr) {
            syn::Expr::MethodCall(call) => self.unknown_method(call),
            other => (other.span(), REFUSE_ITERATOR.to_string()),
        };
        let iter = Expr { span: at, ..self.opaque_expr(&e.expr, Ty::Unknown, &message) };
        let mut pat = quote!();
        let mut bindings = Vec::new();
        let (body, exit) = self.loop_body(e.label.as_ref(), super::Dest::Discard, |lower| {
            let unknown = super::matching::Scrutinee::unknown(iter.clone());
            let (tokens, bound, _) = lower.arm_pattern(&e.pat, &unknown);
            pat = tokens;
            bindings = bound.into_iter().map(|b| (b.ident, b.var)).collect();
            lower.stmts(&e.body.stmts, super::Dest::Discard, None);
        });
        self.emit(StmtKind::ForEach { pat, bindings, iter, body, exit }, span);
    }

    /// `iter.for_each(|pat| body)`
    pub fn for_each(&mut self, iter: &syn::Expr, pat: &syn::Pat, body: &syn::Expr) -> bool {
        if !self.is_seq(iter) {
            return false;
        }
        let span = iter.span();
        let Some(seq) = self.seq(iter) else { return false };
        // A `return` in the closure only ends this item.
        let label = syn::Lifetime::new("'__autodiff_item", Span::mixed_site());
        let mut body = body.clone();
        NextItem(&label).visit_expr_mut(&mut body);
        let label = syn::Label { name: label, colon_token: Default::default() };
        let targets = std::mem::take(&mut self.targets);
        self.loop_over(seq, Some(pat), Some(&label), span, |lower, _| lower.effect(&body));
        self.targets = targets;
        true
    }
}

/// Whether a `Vec` may get another length: anything but a write to its elements.
fn resizes(block: &Block, var: VarId) -> bool {
    let mut found = false;
    block.walk(&mut |stmt| {
        let element = |place: &Place| {
            place.base == var
                && place.proj.iter().any(|p| matches!(p, Proj::Index(_) | Proj::Slice { .. }))
        };
        let only_element = match &stmt.kind {
            StmtKind::Assign { place, value } | StmtKind::Update { place, value, .. } => {
                let mut used = false;
                value.walk(&mut |e| {
                    used |= matches!(&e.kind, ExprKind::Ref { mutable: true, place } if place.base == var);
                });
                element(place) && !used
            }
            StmtKind::Swap(a, b) => {
                (a.base != var || element(a)) && (b.base != var || element(b))
            }
            StmtKind::Fill { .. } | StmtKind::CopyFrom { .. } => true,
            _ => false,
        };
        found |= stmt.kind.writes().contains(&var) && !only_element;
    });
    found
}

/// `return` in a closure that is called for each item goes on to the next one.
struct NextItem<'a>(&'a syn::Lifetime);

impl VisitMut for NextItem<'_> {
    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        match expr {
            syn::Expr::Closure(_) | syn::Expr::Async(_) => {}
            syn::Expr::Return(e) => {
                let (label, span) = (self.0, e.return_token.span);
                let value = e.expr.take().map(|mut value| {
                    self.visit_expr_mut(&mut value);
                    quote!(#value;)
                });
                *expr = syn::parse_quote_spanned!(span=> { #value continue #label; });
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// `mut name`
fn binds_mut(pat: &syn::Pat) -> bool {
    matches!(pat, syn::Pat::Ident(ident) if ident.mutability.is_some() && ident.by_ref.is_none())
}

/// The name that a closure over the items gives to it.
fn mapped_name(item: &Item) -> Option<&proc_macro2::Ident> {
    let Item::Mapped { item, function, .. } = item else { return None };
    let own = match &**function {
        syn::Expr::Closure(closure) => closure.inputs.first().and_then(|pat| index_name(pat, item)),
        _ => None,
    };
    own.or_else(|| mapped_name(item))
}

/// The name that the pattern gives to the loop's own count.
fn index_name<'p>(pat: &'p syn::Pat, item: &Item) -> Option<&'p proc_macro2::Ident> {
    match (strip_pat(pat), item) {
        (syn::Pat::Ident(ident), Item::Count { steps, .. })
            if steps.is_empty() && ident.mutability.is_none() =>
        {
            Some(&ident.ident)
        }
        (syn::Pat::Tuple(tuple), Item::Tuple(parts)) => {
            tuple.elems.iter().zip(parts).find_map(|(pat, part)| index_name(pat, part))
        }
        _ => None,
    }
}
