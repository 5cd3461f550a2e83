//! Statements: declarations, assignments, and expressions for their effect.

use super::pattern::{is_binding, is_refutable};
use super::scope::{Bound, Scope};
use super::{Dest, Lower, flow, infer, place::View, strip, strip_pat, ty};
use crate::ir::{Expr, ExprKind, FloatTy, Place, Role, StmtKind, Ty};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

impl Lower<'_> {
    /// The statements of a block, in a scope of their own. Its value goes to `dest`, or, as an
    /// expression evaluated after everything, to `value`.
    pub fn stmts(&mut self, stmts: &[syn::Stmt], dest: Dest, mut value: Option<&mut Option<Expr>>) {
        self.scopes.push(Scope::default());
        let tail = self.wanted.take();
        let stmts: Vec<&syn::Stmt> = stmts
            .iter()
            .filter(|stmt| match stmt {
                syn::Stmt::Local(local) => self.is_compiled(&local.attrs),
                syn::Stmt::Macro(mac) => self.is_compiled(&mac.attrs),
                syn::Stmt::Expr(expr, _) => self.is_compiled(attributes(expr)),
                syn::Stmt::Item(_) => true,
            })
            .collect();
        for (i, stmt) in stmts.iter().enumerate() {
            let last = i + 1 == stmts.len();
            match stmt {
                syn::Stmt::Local(local) => self.local(local),
                syn::Stmt::Item(item) => self.item(item),
                syn::Stmt::Expr(expr, None) if last => match &mut value {
                    Some(slot) => {
                        let wanted = tail.clone().unwrap_or_else(|| self.tail_ty());
                        let result = self.rvalue_as(expr, &wanted);
                        let result = self.whole(result);
                        **slot = Some(result);
                    }
                    None => self.expr_into(expr, dest),
                },
                syn::Stmt::Expr(expr, _) => self.effect(expr),
                syn::Stmt::Macro(mac) => {
                    let expr = syn::Expr::Macro(syn::ExprMacro {
                        attrs: Vec::new(),
                        mac: mac.mac.clone(),
                    });
                    if !last || mac.semi_token.is_some() || flow::never_returns(&expr) {
                        self.effect(&expr);
                    } else if let Some(slot) = &mut value {
                        let result = self.operand(&expr);
                        **slot = Some(result);
                    } else {
                        self.expr_into(&expr, dest);
                    }
                }
            }
        }
        self.scopes.pop();
    }

    /// The type of the value at the end of the block that is the function's body.
    fn tail_ty(&self) -> Ty {
        if self.scopes.len() == 2 { self.result_ty.clone() } else { Ty::Unknown }
    }

    /// What `#[cfg]` says, where it can be known here. (An attribute macro sees its item before
    /// conditional compilation, and is not told the configuration.)
    pub fn is_compiled(&mut self, attrs: &[syn::Attribute]) -> bool {
        let mut yes = true;
        for attr in attrs {
            if attr.path().is_ident("cfg_attr") || attr.path().is_ident("cfg") {
                let holds = match &attr.meta {
                    syn::Meta::List(list) if attr.path().is_ident("cfg") => {
                        syn::parse2::<syn::Meta>(list.tokens.clone()).ok().and_then(|m| cfg(&m))
                    }
                    _ => None,
                };
                match holds {
                    Some(holds) => yes &= holds,
                    None => {
                        let message = "conditional compilation inside a differentiable function \
                             is not supported: put the condition on the function, or ask \
                             `cfg!(…)` at run time";
                        self.refused(attr.span(), message);
                    }
                }
            }
        }
        yes
    }

    pub fn item(&mut self, item: &syn::Item) {
        match item {
            syn::Item::Fn(function) => {
                let tokens = crate::expand::nested(function, self.errors);
                self.items.push(tokens);
            }
            syn::Item::Const(constant) => {
                let ty = ty::from_syn(&constant.ty, self.reals);
                self.consts.insert(constant.ident.to_string(), ty);
                self.items.push(item.to_token_stream());
            }
            other => self.items.push(other.to_token_stream()),
        }
    }

    pub fn local(&mut self, local: &syn::Local) {
        let (pat, annotated) = match strip_pat(&local.pat) {
            syn::Pat::Type(typed) => {
                (strip_pat(&typed.pat), Some(ty::from_syn(&typed.ty, self.reals)))
            }
            pat => (pat, None),
        };
        let written = match &local.pat {
            syn::Pat::Type(typed) => Some(&*typed.ty),
            _ => None,
        };
        let span = local.span();
        let Some(init) = &local.init else {
            if let syn::Pat::Ident(ident) = pat {
                let ty = annotated.unwrap_or(Ty::Unknown);
                let var = self.new_var(&ident.ident, ty, ident.mutability.is_some(), Role::Local);
                self.emit(StmtKind::Let { var, init: None }, span);
                self.bind(&ident.ident, Bound::Var(var));
            } else {
                self.refused(span, "declare these variables one by one, each with its own `let`");
            }
            return;
        };
        if let Some((_, other)) = &init.diverge {
            self.let_else(pat, &init.expr, other, span);
            return;
        }
        self.let_init(pat, &init.expr, annotated, written);
    }

    /// `let pat = init;`
    pub fn let_init(
        &mut self,
        pat: &syn::Pat,
        init: &syn::Expr,
        annotated: Option<Ty>,
        written: Option<&syn::Type>,
    ) {
        let init = strip(init);
        let span = pat.span();
        match strip_pat(pat) {
            syn::Pat::Ident(ident) if ident.subpat.is_none() && is_binding(ident) => {
                self.let_ident(ident, init, annotated, written);
            }
            syn::Pat::Wild(_) => self.effect(init),
            syn::Pat::Tuple(tuple) => {
                if let syn::Expr::Tuple(values) = init
                    && values.elems.len() == tuple.elems.len()
                    && !tuple.elems.iter().any(|p| matches!(p, syn::Pat::Rest(_)))
                {
                    let delay = self.delay();
                    let outer = self.delayed.replace(delay);
                    for (i, (pat, value)) in tuple.elems.iter().zip(&values.elems).enumerate() {
                        let part = match &annotated {
                            Some(Ty::Tuple(parts)) => parts.get(i).cloned(),
                            _ => None,
                        };
                        let written = match written {
                            Some(syn::Type::Tuple(parts)) => parts.elems.get(i),
                            _ => None,
                        };
                        self.let_init(pat, value, part, written);
                    }
                    let new = self.delayed.take().map_or_else(Vec::new, |d| d.bindings);
                    self.delayed = outer;
                    for (ident, bound) in new {
                        self.bind(&ident, bound);
                    }
                    return;
                }
                if let Some((left, right)) = self.split_view(init)
                    && tuple.elems.len() == 2
                {
                    for (pat, half) in tuple.elems.iter().zip([left, right]) {
                        if let View::RefTo { place, ty, mutable } = half {
                            self.bind_at(pat, place, ty, Some(mutable));
                        }
                    }
                    return;
                }
                self.let_destructured(pat, init, annotated, span);
            }
            _ => self.let_destructured(pat, init, annotated, span),
        }
    }

    pub fn let_destructured(
        &mut self,
        pat: &syn::Pat,
        init: &syn::Expr,
        annotated: Option<Ty>,
        span: proc_macro2::Span,
    ) {
        match self.view(init) {
            View::Place(place, ty) => return self.bind_at(pat, place, ty, None),
            View::RefTo { place, ty, mutable } => {
                return self.bind_at(pat, place, ty, Some(mutable));
            }
            View::Other => {}
        }
        let mut value = self.rvalue(init);
        if let Some(ty) = &annotated {
            value.ty = infer::merge(ty, &value.ty);
        }
        if let ExprKind::Ref { place, mutable } = &value.kind {
            let ty = infer::place_ty(place, &self.vars);
            return self.bind_at(pat, place.clone(), ty, Some(*mutable));
        }
        let pat = strip_pat(pat);
        // A tuple made in place: its parts one by one.
        if let (ExprKind::Tuple(items), syn::Pat::Tuple(tuple)) = (&value.kind, pat)
            && items.len() == tuple.elems.len()
            && !tuple.elems.iter().any(|p| matches!(p, syn::Pat::Rest(_)))
        {
            let items = items.clone();
            for (pat, item) in tuple.elems.iter().zip(items) {
                match strip_pat(pat) {
                    syn::Pat::Ident(ident) => {
                        self.let_var(&ident.ident, ident.mutability.is_some(), item);
                    }
                    syn::Pat::Wild(_) => {}
                    pat => {
                        let var = self.temp("parts", item.ty.clone(), Role::Temp, span);
                        self.emit(StmtKind::Let { var, init: Some(item) }, span);
                        self.bind_place(pat, Place::var(var), false);
                    }
                }
            }
            return;
        }
        if let syn::Pat::Tuple(tuple) = pat
            && !tuple.elems.iter().any(|p| matches!(p, syn::Pat::Rest(_)))
        {
            let parts: Vec<Ty> = match &value.ty {
                Ty::Tuple(parts) if parts.len() == tuple.elems.len() => parts.clone(),
                _ => vec![Ty::Unknown; tuple.elems.len()],
            };
            let mut vars = Vec::new();
            let mut binds = Vec::new();
            let mut deeper = Vec::new();
            for (pat, ty) in tuple.elems.iter().zip(parts) {
                match strip_pat(pat) {
                    syn::Pat::Wild(_) => vars.push(None),
                    syn::Pat::Ident(ident) if ident.subpat.is_none() => {
                        let mutable = ident.mutability.is_some();
                        let var = self.new_var(&ident.ident, ty, mutable, Role::Local);
                        binds.push((ident.ident.clone(), var));
                        vars.push(Some(var));
                    }
                    pat => {
                        let var = self.temp("parts", ty, Role::Temp, span);
                        deeper.push((pat, var));
                        vars.push(Some(var));
                    }
                }
            }
            self.emit(StmtKind::LetTuple { vars, init: value }, span);
            for (ident, var) in binds {
                self.bind(&ident, Bound::Var(var));
            }
            for (pat, var) in deeper {
                self.bind_place(pat, Place::var(var), false);
            }
            return;
        }
        let var = self.temp("parts", value.ty.clone(), Role::Temp, span);
        self.emit(StmtKind::Let { var, init: Some(value) }, span);
        self.bind_place(pat, Place::var(var), false);
    }

    pub fn let_ident(
        &mut self,
        pat: &syn::PatIdent,
        init: &syn::Expr,
        annotated: Option<Ty>,
        written: Option<&syn::Type>,
    ) {
        let ident = &pat.ident;
        let mutable = pat.mutability.is_some() && pat.by_ref.is_none();
        if pat.by_ref.is_some() {
            let place = match self.view(init) {
                View::Place(place, ty) => Some((place, ty)),
                View::RefTo { place, .. } => {
                    let ty = infer::place_ty(&place, &self.vars);
                    Some((place, ty))
                }
                View::Other => None,
            };
            if let Some((place, ty)) = place {
                self.bind_at(&syn::Pat::Ident(pat.clone()), place, ty, None);
                return;
            }
        }
        if let syn::Expr::Closure(closure) = init {
            if !self.let_closure(ident, closure) {
                self.opaque_closure(pat, closure);
            }
            return;
        }
        if flow::is_structured(init) {
            let ty = annotated.clone().unwrap_or(Ty::Unknown);
            let var = self.new_var(ident, ty, mutable, Role::Local);
            self.emit(StmtKind::Let { var, init: None }, ident.span());
            // The new name is not in scope of its own initialiser.
            self.expr_into(init, Dest::Var(var));
            self.bind(ident, Bound::Var(var));
            return;
        }
        let mut value = match self.chain_value(init, annotated.as_ref()) {
            Some(Expr { kind: ExprKind::Read(place), .. }) => {
                // The loop's accumulator is the variable.
                let var = place.base;
                let name = self.new_name(ident);
                self.vars[var.0 as usize].name = name;
                self.vars[var.0 as usize].role = Role::Local;
                self.bind(ident, Bound::Var(var));
                return;
            }
            Some(value) => value,
            None => self.rvalue(init),
        };
        if let ExprKind::Ref { place, mutable: writable } = &value.kind
            && !mutable
            && !self.is_stale_prone(place)
        {
            let ty = infer::place_ty(place, &self.vars);
            let place = self.captured(place.clone());
            let writable = *writable;
            self.bind(ident, Bound::Alias { place, ty, mutable: writable });
            return;
        }
        value = self.settled(value);
        if let Some(ty) = &annotated {
            annotate(&mut value, ty, written);
        }
        let ty = match &annotated {
            Some(ty) => infer::merge(ty, &value.ty),
            None => value.ty.clone(),
        };
        let var = self.new_var(ident, ty, mutable, Role::Local);
        self.emit(StmtKind::Let { var, init: Some(value) }, ident.span());
        self.bind(ident, Bound::Var(var));
    }

    /// A flag for a block that is never left at its end.
    pub fn never(&mut self, span: proc_macro2::Span) -> crate::ir::VarId {
        let never = self.temp("never", super::bool_ty(), Role::Temp, span);
        self.exits.flags.insert(never);
        self.exits.nevers.insert(never);
        never
    }

    pub fn let_else(
        &mut self,
        pat: &syn::Pat,
        init: &syn::Expr,
        other: &syn::Expr,
        span: proc_macro2::Span,
    ) {
        if !is_refutable(pat) {
            return self.let_init(pat, init, None, None);
        }
        let element = match flow::some_pattern(pat) {
            Some(inner) => self.maybe_element(init).map(|found| (inner, found)),
            None => None,
        };
        if let Some((inner, (cond, element))) = element {
            let (mut other, ()) = self.nested(|lower| match strip(other) {
                syn::Expr::Block(block) => lower.stmts(&block.block.stmts, Dest::Discard, None),
                other => lower.effect(other),
            });
            let never = self.never(span);
            other.stmts.push(flow::marker(never, span));
            self.emit(StmtKind::If { cond, then: Default::default(), other }, span);
            return self.bind_view(inner, element);
        }
        let scrutinee = self.scrutinee(init, std::iter::once(pat));
        let (mut otherwise, ()) = self.nested(|lower| match strip(other) {
            syn::Expr::Block(block) => lower.stmts(&block.block.stmts, Dest::Discard, None),
            other => lower.effect(other),
        });
        // The names live on in this block: what follows moves into the arm.
        self.out.push(Vec::new());
        let (pat_tokens, bindings, guard) = self.arm_pattern(pat, &scrutinee);
        let body = crate::ir::Block { stmts: self.out.pop().unwrap_or_default() };
        let never = self.never(span);
        otherwise.stmts.push(flow::marker(never, span));
        self.emit(
            StmtKind::Match {
                scrutinee: scrutinee.expr,
                arms: vec![
                    crate::ir::Arm { pat: pat_tokens, bindings, guard, body },
                    crate::ir::Arm {
                        pat: quote!(_),
                        bindings: Vec::new(),
                        guard: None,
                        body: otherwise,
                    },
                ],
            },
            span,
        );
    }
}

/// A predicate whose value does not depend on the configuration.
fn cfg(meta: &syn::Meta) -> Option<bool> {
    let syn::Meta::List(list) = meta else { return None };
    let parser = syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
    let parts = syn::parse::Parser::parse2(parser, list.tokens.clone()).ok()?;
    let mut parts = parts.iter().map(cfg);
    if list.path.is_ident("any") {
        parts.try_fold(false, |any, part| part.map(|part| any | part))
    } else if list.path.is_ident("all") {
        parts.try_fold(true, |all, part| part.map(|part| all & part))
    } else if list.path.is_ident("not") {
        parts.next().flatten().map(|part| !part)
    } else {
        None
    }
}

fn attributes(expr: &syn::Expr) -> &[syn::Attribute] {
    match expr {
        syn::Expr::If(e) => &e.attrs,
        syn::Expr::Match(e) => &e.attrs,
        syn::Expr::ForLoop(e) => &e.attrs,
        syn::Expr::While(e) => &e.attrs,
        syn::Expr::Loop(e) => &e.attrs,
        syn::Expr::Block(e) => &e.attrs,
        syn::Expr::MethodCall(e) => &e.attrs,
        syn::Expr::Call(e) => &e.attrs,
        syn::Expr::Assign(e) => &e.attrs,
        syn::Expr::Binary(e) => &e.attrs,
        syn::Expr::Macro(e) => &e.attrs,
        syn::Expr::Return(e) => &e.attrs,
        syn::Expr::Unsafe(e) => &e.attrs,
        _ => &[],
    }
}

/// Keeps what an annotation tells rustc: the statement is printed without one.
fn annotate(value: &mut Expr, ty: &Ty, written: Option<&syn::Type>) {
    match (&mut value.kind, ty) {
        (ExprKind::Opaque(opaque), _) => {
            let known = !matches!(value.ty, Ty::Unknown | Ty::Discrete(None));
            if let Some(written) = written
                && !known
                && !matches!(written, syn::Type::Infer(_))
            {
                let tokens = &opaque.tokens;
                opaque.tokens = quote!(::core::convert::identity::<#written>(#tokens));
            }
        }
        (ExprKind::Lit(_), Ty::Float(FloatTy::F32 | FloatTy::F64) | Ty::Discrete(Some(_)))
        | (
            ExprKind::Neg(_) | ExprKind::Binary(..) | ExprKind::Intrinsic(..),
            Ty::Float(FloatTy::F32 | FloatTy::F64) | Ty::Discrete(Some(_)),
        ) => {
            let suffix = match ty {
                Ty::Float(FloatTy::F32) => "f32".to_string(),
                Ty::Float(FloatTy::F64) => "f64".to_string(),
                Ty::Discrete(Some(name)) => name.clone(),
                _ => return,
            };
            if undecided(&value.ty) {
                add_suffix(value, &suffix);
            }
        }
        (ExprKind::List { items, .. }, Ty::Array(element, _) | Ty::Vec(element)) => {
            for item in items {
                annotate(item, element, None);
            }
        }
        (ExprKind::Repeat { item, .. }, Ty::Array(element, _) | Ty::Vec(element)) => {
            annotate(item, element, None);
        }
        (ExprKind::Tuple(items), Ty::Tuple(parts)) => {
            for (item, part) in items.iter_mut().zip(parts) {
                annotate(item, part, None);
            }
        }
        _ => {}
    }
    value.ty = infer::merge(ty, &value.ty);
}

fn undecided(ty: &Ty) -> bool {
    matches!(ty, Ty::Float(FloatTy::Some) | Ty::Discrete(None))
}

fn add_suffix(value: &mut Expr, suffix: &str) {
    let float = suffix.starts_with('f');
    value.rewrite(&mut |e| {
        let ExprKind::Lit(tokens) = &e.kind else { return };
        let Ok(literal) = syn::parse2::<syn::Lit>(tokens.clone()) else { return };
        let text = match &literal {
            syn::Lit::Float(f) if float && f.suffix().is_empty() => f.base10_digits().to_string(),
            syn::Lit::Int(i) if !float && i.suffix().is_empty() => i.base10_digits().to_string(),
            _ => return,
        };
        if let Ok(new) = format!("{text}_{suffix}").parse::<proc_macro2::Literal>() {
            let mut new = new;
            new.set_span(literal.span());
            e.kind = ExprKind::Lit(new.to_token_stream());
        }
    });
}
