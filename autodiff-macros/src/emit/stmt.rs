//! Statements.

use super::Emitter;
use super::expr::{Level, is_untyped, operator};
use crate::ir::*;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

impl Emitter<'_> {
    pub(super) fn stmt(&self, stmt: &Stmt) -> TokenStream {
        match &stmt.kind {
            StmtKind::Let { var, init } => self.let_(*var, init.as_ref()),
            StmtKind::LetTuple { vars, init } => {
                let vars = vars.iter().map(|var| match var {
                    Some(var) => self.binding(*var),
                    None => quote!(_),
                });
                let init = self.expr(init);
                quote!(let (#(#vars),*) = #init;)
            }
            StmtKind::Assign { place, value } => {
                let (place, value) = (self.place(place).tokens, self.expr(value));
                quote!(#place = #value;)
            }
            // An operator trait borrows the place before it reads the value, which floats do not.
            StmtKind::Update { place, op, value }
                if self.f.generic_float
                    && !place.is_whole()
                    && !value.ty.is_discrete()
                    && value.mentions(place.base) =>
            {
                let ty = value.ty.clone();
                let before = Expr::new(ExprKind::Read(place.clone()), ty.clone(), stmt.span);
                let sum = ExprKind::Binary(*op, Box::new(before), Box::new(value.clone()));
                let (place, sum) =
                    (self.place(place).tokens, self.expr(&Expr::new(sum, ty, stmt.span)));
                quote!(#place = #sum;)
            }
            StmtKind::Update { place, op, value } => {
                let (place, value) = (self.place(place).tokens, self.expr(value));
                let op = operator(*op, stmt.span);
                // `+` and `=` apart would still be two tokens.
                let op = join_equals(op, stmt.span);
                quote!(#place #op #value;)
            }
            StmtKind::Eval(e) => {
                let e = self.expr(e);
                quote!(#e;)
            }
            StmtKind::If { cond, then, other } => self.if_(cond, then, other),
            StmtKind::Match { scrutinee, arms } => {
                let scrutinee = self.condition(scrutinee);
                let arms = arms.iter().map(|arm| self.arm(arm));
                quote!(match #scrutinee { #(#arms)* })
            }
            StmtKind::For { index, range, body, exit } => self.for_(*index, range, body, *exit),
            StmtKind::ForEach { pat, bindings, iter, body, exit } => {
                let pat = self.renamed(pat, bindings);
                let (iter, body) = (self.condition(iter), self.loop_body(body, *exit));
                quote!(for #pat in #iter { #body })
            }
            StmtKind::While { cond, body, exit } => {
                let body = self.loop_body(body, *exit);
                if matches!(&cond.kind, ExprKind::Lit(t) if t.to_string() == "true") {
                    return quote!(loop { #body });
                }
                let cond = self.condition(cond);
                quote!(while #cond { #body })
            }
            StmtKind::Swap(a, b) => self.swap(a, b),
            StmtKind::VecPush { vec, value } => {
                let (vec, value) = (self.receiver_place(vec), self.expr(value));
                quote!(#vec.push(#value);)
            }
            StmtKind::Fill { place, value } => {
                // The halves of one buffer: the value is read before the place is borrowed.
                let mut same = false;
                value.for_each_var(&mut |v| same |= v == place.base);
                let (place, value) = (self.receiver_place(place), self.expr(value));
                if same {
                    let item =
                        proc_macro2::Ident::new("filled_with", proc_macro2::Span::mixed_site());
                    return quote!({ let #item = #value; #place.fill(#item); });
                }
                quote!(#place.fill(#value);)
            }
            StmtKind::CopyFrom { to, from } => {
                if let Some([before, to, from]) = self.two_parts(to, from) {
                    return quote!({ #before #to.clone_from_slice(#from); });
                }
                let to = self.receiver_place(to);
                let from = self.reference(false, from, true).tokens;
                quote!(#to.clone_from_slice(#from);)
            }
            StmtKind::Opaque { opaque, declares } => self.opaque_stmt(opaque, declares),
            StmtKind::Accumulate { to, value } => {
                let accumulate = self.context.paths.private("accumulate");
                if let ExprKind::Ref { place, .. } = &value.kind
                    && let Some([before, to, from]) = self.two_parts(to, place)
                {
                    return quote!({ #before #accumulate(#to, #from); });
                }
                let to = self.reference(true, to, false).tokens;
                let value = self.borrowed(value);
                quote!(#accumulate(#to, #value);)
            }
            StmtKind::SetZero(place) => {
                let set_zero = self.context.paths.private("set_zero");
                let place = self.reference(true, place, false).tokens;
                quote!(#set_zero(#place);)
            }
            StmtKind::NewTape { tape, .. } if self.f.var(*tape).role == Role::Store => {
                let (name, ty) = (self.name(*tape), self.context.paths.private("Store"));
                quote!(let mut #name = #ty::new();)
            }
            StmtKind::Push { tape, values } if self.f.var(*tape).role == Role::Store => {
                let name = self.name(*tape);
                match values.as_slice() {
                    [Expr { kind: ExprKind::Clone { place, .. }, .. }] => {
                        let place = self.reference(false, place, false).tokens;
                        quote!(#name.push(#place);)
                    }
                    [value] => {
                        let value = self.borrowed(value);
                        quote!(#name.push(#value);)
                    }
                    _ => {
                        let values = values.iter().map(|value| self.expr(value));
                        quote!(#name.push(&(#(#values),*));)
                    }
                }
            }
            StmtKind::Pop { tape, vars } if self.f.var(*tape).role == Role::Store => {
                let name = self.name(*tape);
                let types: Vec<_> =
                    vars.iter().filter_map(|v| self.f.var(*v).ty.to_rust()).collect();
                let ty = match types.as_slice() {
                    [single] => quote!(#single),
                    _ => quote!((#(#types),*)),
                };
                let vars = self.bindings(vars);
                quote!(let #vars: #ty = #name.pop();)
            }
            StmtKind::NewTape { tape, expected } if self.f.var(*tape).role == Role::Lists => {
                let (name, ty) = (self.name(*tape), self.context.paths.private("Lists"));
                let new = match expected {
                    Some(n) => {
                        let n = self.expr(n);
                        quote!(expecting(#n))
                    }
                    None => quote!(new()),
                };
                quote!(let mut #name = #ty::#new;)
            }
            StmtKind::PushList { tape, from } if self.f.var(from.base).role == Role::Lists => {
                let (name, from) = (self.name(*tape), self.name(from.base));
                quote!(#name.push_top(&mut #from);)
            }
            StmtKind::PushList { tape, from } => {
                let name = self.name(*tape);
                let from = self.reference(false, from, false).tokens;
                quote!(#name.push(#from);)
            }
            StmtKind::PopList { tape, to } => {
                let name = self.name(*tape);
                let to = self.reference(true, to, false).tokens;
                quote!(#name.pop_into(#to);)
            }
            StmtKind::NewTape { tape, .. } => {
                let once = matches!(self.f.var(*tape).role, Role::Tape { once: true });
                let kind = match self.plain.is_tape(*tape) {
                    _ if once => "Once",
                    true => "PlainTape",
                    false => "Tape",
                };
                let ty = self.context.paths.private(kind);
                let name = self.name(*tape);
                quote!(let mut #name = #ty::new();)
            }
            StmtKind::Push { tape, values } => {
                let name = self.name(*tape);
                let exprs = values.iter().map(|value| self.expr(value));
                match values.len() {
                    1 => quote!(#name.push(#(#exprs)*);),
                    _ => quote!(#name.push((#(#exprs),*));),
                }
            }
            StmtKind::Pop { tape, vars } => {
                let (name, vars) = (self.name(*tape), self.bindings(vars));
                quote!(let #vars = #name.pop();)
            }
            StmtKind::WhilePop { tape, vars, body } => {
                let (name, vars) = (self.name(*tape), self.bindings(vars));
                let body = self.block(body);
                quote!(while let ::core::option::Option::Some(#vars) = #name.try_pop() { #body })
            }
            StmtKind::VecPop { vec, into } => {
                let vec = self.receiver_place(vec);
                match into {
                    Some(var) => {
                        let var = self.binding(*var);
                        quote!(let #var = #vec.pop().unwrap();)
                    }
                    None => quote!(#vec.pop();),
                }
            }
            StmtKind::SameShape { primal, other } => {
                let same_len = self.context.paths.private("same_len");
                let name = self.name(*primal).unraw().to_string();
                let primal = self.reference(false, &behind(self.f, *primal), false).tokens;
                let other = self.reference(false, &behind(self.f, *other), false).tokens;
                quote!(#same_len(#name, #primal, #other);)
            }
        }
    }

    fn let_(&self, var: VarId, init: Option<&Expr>) -> TokenStream {
        let binding = self.binding(var);
        if self.f.var(var).role == Role::Buffer
            && let Some(ExprKind::Repeat { item, len, .. }) = init.map(|e| &e.kind)
        {
            let kind = if super::plain::is_plain(&item.ty) { "PlainBuffer" } else { "Buffer" };
            let new = self.context.paths.private(kind);
            let (item, len) = (self.expr(item), self.expr(len));
            return quote!(let #binding = #new::new(#item, #len););
        }
        if self.is_recycled(var)
            && let Some(ExprKind::ZeroLike(place)) = init.map(|e| &e.kind)
        {
            let zeros = self.context.paths.private("plain_zeros");
            let list = self.reference(false, place, false).tokens;
            return quote!(let #binding = #zeros(#list););
        }
        let ty = self.annotation(var, init).map(|ty| quote!(: #ty));
        let init = init.map(|e| {
            let e = self.expr(e);
            quote!(= #e)
        });
        quote!(let #binding #ty #init;)
    }

    /// The type, where inference may need it: of literals whose default is another type or that
    /// are receivers of methods, and of what came out of Rust that is not understood.
    fn annotation(&self, var: VarId, init: Option<&Expr>) -> Option<TokenStream> {
        let ty = &self.f.var(var).ty;
        let needed = match (ty, init) {
            (Ty::Float(FloatTy::F64), Some(init)) => {
                self.usage.receivers.contains(&var) && is_untyped(init)
            }
            (Ty::Float(FloatTy::F64), None) => self.usage.receivers.contains(&var),
            (Ty::Float(_), Some(init)) => is_untyped(init),
            (Ty::Float(_), None) => true,
            (Ty::Discrete(Some(name)), Some(init)) => match &init.kind {
                ExprKind::Opaque(_) => true,
                ExprKind::Lit(_) | ExprKind::Neg(_) | ExprKind::Binary(..) => {
                    is_integer(name) && is_untyped(init)
                }
                _ => false,
            },
            (Ty::Discrete(Some(name)), None) => is_integer(name),
            (Ty::Vec(_) | Ty::Array(..), Some(init)) => is_untyped_list(init),
            (Ty::Vec(_) | Ty::Array(..) | Ty::Tuple(_), None) => true,
            (Ty::Tuple(_), Some(Expr { kind: ExprKind::Tuple(items), .. })) => {
                self.usage.receivers.contains(&var) && items.iter().any(is_untyped)
            }
            (Ty::Named(_) | Ty::Tuple(_), Some(init)) => {
                matches!(init.kind, ExprKind::Opaque(_) | ExprKind::Lit(_))
            }
            _ => false,
        };
        if needed { ty.to_rust() } else { None }
    }

    fn if_(&self, cond: &Expr, then: &Block, other: &Block) -> TokenStream {
        if then.stmts.is_empty() && !other.stmts.is_empty() {
            let cond = self.at(cond, Level::Unary);
            let other = self.block(other);
            return quote!(if !#cond { #other });
        }
        let (cond, then) = (self.condition(cond), self.block(then));
        match other.stmts.as_slice() {
            [] => quote!(if #cond { #then }),
            [Stmt { kind: StmtKind::If { cond: c, then: t, other: o }, .. }]
                if !t.stmts.is_empty() || o.stmts.is_empty() =>
            {
                let rest = self.if_(c, t, o);
                quote!(if #cond { #then } else #rest)
            }
            _ => {
                let other = self.block(other);
                quote!(if #cond { #then } else { #other })
            }
        }
    }

    fn arm(&self, arm: &Arm) -> TokenStream {
        let bindings: Vec<_> = arm.bindings.iter().map(|b| (b.ident.clone(), b.var)).collect();
        let pat = self.renamed(&arm.pat, &bindings);
        let guard = arm.guard.as_ref().map(|guard| {
            let guard = self.opaque_expr(guard).tokens;
            quote!(if #guard)
        });
        let body = self.block(&arm.body);
        quote!(#pat #guard => { #body })
    }

    fn loop_body(&self, body: &Block, exit: Option<VarId>) -> TokenStream {
        let body = self.block(body);
        let exit = exit.map(|exit| {
            let exit = self.name(exit);
            quote!(if #exit { break; })
        });
        quote!(#body #exit)
    }

    fn for_(&self, index: VarId, range: &Range, body: &Block, exit: Option<VarId>) -> TokenStream {
        let name =
            if self.usage.mentioned.contains(&index) { self.binding(index) } else { quote!(_) };
        let range = self.range(range);
        let body = self.loop_body(body, exit);
        quote!(for #name in #range { #body })
    }

    fn range(&self, range: &Range) -> TokenStream {
        let (lo, hi) = (self.at(&range.lo, Level::Or), self.at(&range.hi, Level::Or));
        let mut tokens = if range.inclusive { quote!(#lo..=#hi) } else { quote!(#lo..#hi) };
        let mut method = |call: TokenStream, bare: &mut bool| {
            tokens = if *bare { quote!((#tokens).#call) } else { quote!(#tokens.#call) };
            *bare = false;
        };
        let mut bare = true;
        let stepped = range.step.is_some();
        if let Some(step) = &range.step {
            let step = self.expr(step);
            method(quote!(step_by(#step)), &mut bare);
        }
        if range.rev && stepped {
            // Not every stepped range can be reversed by itself.
            let range_rev = self.context.paths.private("range_rev");
            tokens = quote!(#range_rev(#tokens));
        } else if range.rev {
            method(quote!(rev()), &mut bare);
        }
        if !bare {
            self.needs_prelude();
        }
        if let Some(trips) = &range.trips {
            let trips_rev = self.context.paths.private("trips_rev");
            let trips = self.expr(trips);
            return quote!(#trips_rev(#tokens, #trips));
        }
        tokens
    }

    fn swap(&self, a: &Place, b: &Place) -> TokenStream {
        // Two elements of one list cannot be borrowed at once.
        if a.base == b.base
            && let (Some((Proj::Index(i), list)), Some((Proj::Index(j), other))) =
                (a.proj.split_last(), b.proj.split_last())
        {
            let list = Place { base: a.base, proj: list.to_vec() };
            let other = Place { base: b.base, proj: other.to_vec() };
            let (list, other) = (self.receiver_place(&list), self.receiver_place(&other));
            if list.to_string() == other.to_string() {
                let (i, j) = (self.expr(i), self.expr(j));
                return quote!(#list.swap(#i, #j););
            }
        }
        let (a, b) = (self.reference(true, a, false).tokens, self.reference(true, b, false).tokens);
        quote!(::core::mem::swap(#a, #b);)
    }
}

/// The variable's content, behind its reference if it is one.
fn behind(f: &Function, var: VarId) -> Place {
    let proj = match f.var(var).ty {
        Ty::Ref { .. } => vec![Proj::Deref],
        _ => Vec::new(),
    };
    Place { base: var, proj }
}

fn join_equals(op: TokenStream, span: proc_macro2::Span) -> TokenStream {
    use proc_macro2::{Punct, Spacing, TokenTree};
    let mut tokens: Vec<TokenTree> = op.into_iter().collect();
    if let Some(TokenTree::Punct(last)) = tokens.last_mut() {
        let mut joint = Punct::new(last.as_char(), Spacing::Joint);
        joint.set_span(last.span());
        *last = joint;
    }
    let mut equals = Punct::new('=', Spacing::Alone);
    equals.set_span(super::expr::at(span));
    tokens.push(TokenTree::Punct(equals));
    tokens.into_iter().collect()
}

fn is_integer(name: &str) -> bool {
    crate::lower::ty::is_discrete_name(name)
        && name.starts_with(['u', 'i'])
        && !matches!(name, "i32")
}

/// `vec![]`, `[0.0; n]`: the elements say nothing of their type.
fn is_untyped_list(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::List { items, .. } => items.iter().all(|i| is_untyped(i) || is_untyped_list(i)),
        ExprKind::Repeat { item, .. } => is_untyped(item) || is_untyped_list(item),
        ExprKind::Opaque(_) => true,
        _ => false,
    }
}
