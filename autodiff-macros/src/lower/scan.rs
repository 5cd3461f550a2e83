//! Looks through Rust that is passed on: what it reads and writes, under which names.

use super::known::{CALLS_BACK, LOOKS, READS, format_names};
use super::{Lower, scope::Bound};
use crate::ir::{Place, Ty, VarId};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::HashSet;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};

pub struct Scan<'a, 'b> {
    pub lower: &'a Lower<'b>,
    /// Names bound inside the tokens.
    pub inner: Vec<HashSet<String>>,
    pub reads: Vec<(String, VarId)>,
    pub writes: Vec<(String, VarId)>,
    pub pure_: bool,
    pub exit: Option<Span>,
    /// A local closure that is written out elsewhere is named here.
    pub closure: Option<Span>,
    /// Inside a macro that only looks at its arguments.
    pub shared: bool,
    /// Inside a closure, whose `return` and `?` are its own.
    pub closures: usize,
    pub loops: usize,
}

impl Scan<'_, '_> {
    pub fn bound_inside(&self, name: &str) -> bool {
        self.inner.iter().any(|names| names.contains(name))
    }

    pub fn note(list: &mut Vec<(String, VarId)>, name: String, var: VarId) {
        if !list.iter().any(|(n, v)| *n == name && *v == var) {
            list.push((name, var));
        }
    }

    pub fn read_var(&mut self, var: VarId) {
        let name = self.lower.var(var).name.to_string();
        Self::note(&mut self.reads, name, var);
        if !self.shared {
            // What it borrows may be written through it.
            for lent in self.lower.lent_to(var) {
                let name = self.lower.var(lent).name.to_string();
                Self::note(&mut self.reads, name.clone(), lent);
                Self::note(&mut self.writes, name, lent);
            }
        }
    }

    pub fn write_var(&mut self, var: VarId) {
        self.read_var(var);
        let name = self.lower.var(var).name.to_string();
        Self::note(&mut self.writes, name, var);
    }

    /// Marks the variables of a place, its base as written if so.
    pub fn note_place(&mut self, place: &Place, written: bool) {
        if written {
            self.write_var(place.base);
        } else {
            self.read_var(place.base);
        }
        for expr in place.exprs() {
            let mut vars = Vec::new();
            expr.for_each_var(&mut |v| vars.push(v));
            for var in vars {
                self.read_var(var);
            }
        }
    }

    /// The tokens of a use of a local; `None` if it is none.
    pub fn replaced(&mut self, ident: &Ident) -> Option<TokenStream> {
        let text = ident.to_string();
        if self.bound_inside(&text) {
            return None;
        }
        match self.lower.lookup(ident)? {
            Bound::Var(var) => {
                self.read_var(var);
                let name = crate::names::ident(&self.lower.var(var).name.to_string(), ident.span());
                Some(name.to_token_stream())
            }
            Bound::Alias { place, mutable, .. } => {
                // A reborrow of what may be written: assume that it is.
                let mutable = mutable && !self.shared;
                self.note_place(&place, mutable);
                let tokens = self.lower.place_tokens(&place);
                Some(if mutable { quote!((&mut #tokens)) } else { quote!((&#tokens)) })
            }
            Bound::Closure(_) => {
                self.pure_ = false;
                self.closure = Some(ident.span());
                None
            }
        }
    }

    /// The variable at the root of a place expression, marked as written.
    pub fn write_root(&mut self, expr: &syn::Expr) {
        match super::strip(expr) {
            syn::Expr::Path(path) => {
                if let Some(ident) = path.path.get_ident()
                    && !self.bound_inside(&ident.to_string())
                {
                    match self.lower.lookup(ident) {
                        Some(Bound::Var(var)) => self.write_var(var),
                        Some(Bound::Alias { place, .. }) => self.note_place(&place, true),
                        _ => {}
                    }
                }
            }
            syn::Expr::Field(e) => self.write_root(&e.base),
            syn::Expr::Index(e) => self.write_root(&e.expr),
            syn::Expr::Unary(e) => self.write_root(&e.expr),
            syn::Expr::Reference(e) => self.write_root(&e.expr),
            syn::Expr::MethodCall(e) => self.write_root(&e.receiver),
            syn::Expr::Tuple(e) => e.elems.iter().for_each(|e| self.write_root(e)),
            _ => {}
        }
    }

    /// Whether the root could be written by a method that takes `&mut self`.
    pub fn root_is_writable(&self, expr: &syn::Expr) -> bool {
        match super::strip(expr) {
            syn::Expr::Path(path) => match path.path.get_ident().map(|i| self.lower.lookup(i)) {
                Some(Some(Bound::Var(var))) => {
                    let var = self.lower.var(var);
                    var.mutable
                        || matches!(var.ty, Ty::Ref { mutable: true, .. } | Ty::Unknown)
                        || is_cell(&var.ty)
                }
                Some(Some(Bound::Alias { mutable, ty, .. })) => mutable || is_cell(&ty),
                _ => false,
            },
            syn::Expr::Field(e) => self.root_is_writable(&e.base),
            syn::Expr::Index(e) => self.root_is_writable(&e.expr),
            syn::Expr::Unary(e) => self.root_is_writable(&e.expr),
            syn::Expr::MethodCall(e) => self.root_is_writable(&e.receiver),
            _ => false,
        }
    }

    pub fn with_names(&mut self, names: HashSet<String>, f: impl FnOnce(&mut Self)) {
        self.inner.push(names);
        f(self);
        self.inner.pop();
    }

    pub fn tokens_of(&mut self, tokens: TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        let mut after_dot = false;
        for tree in tokens {
            match tree {
                TokenTree::Ident(ident) => {
                    let known = if after_dot { None } else { self.replaced(&ident) };
                    if known.is_some()
                        && let Some(Bound::Var(var)) = self.lower.lookup(&ident)
                        && self.lower.var(var).mutable
                    {
                        self.write_var(var);
                    }
                    out.extend(known.unwrap_or_else(|| ident.to_token_stream()));
                    after_dot = false;
                }
                TokenTree::Group(group) => {
                    let mut new = Group::new(group.delimiter(), self.tokens_of(group.stream()));
                    new.set_span(group.span());
                    out.extend([TokenTree::Group(new)]);
                    after_dot = false;
                }
                other => {
                    after_dot = matches!(&other, TokenTree::Punct(p) if p.as_char() == '.');
                    out.extend([other]);
                }
            }
        }
        out
    }

    /// `{name}` inside a format string that has to be given explicitly, as `name = …`.
    pub fn inline_arguments(&mut self, text: &str, span: Span) -> Vec<TokenStream> {
        let mut out = Vec::new();
        let mut seen = HashSet::new();
        for name in format_names(text) {
            if self.bound_inside(&name) || !seen.insert(name.clone()) {
                continue;
            }
            let Ok(ident) = syn::parse_str::<Ident>(&name) else { continue };
            let ident = crate::names::ident(&ident.to_string(), span);
            match self.lower.lookup(&ident) {
                Some(Bound::Var(var)) => {
                    self.read_var(var);
                    let current = self.lower.var(var).name.clone();
                    if current != ident {
                        out.push(quote!(#ident = #current));
                    }
                }
                Some(Bound::Alias { place, .. }) => {
                    self.note_place(&place, false);
                    let tokens = self.lower.place_tokens(&place);
                    out.push(quote!(#ident = #tokens));
                }
                _ => {}
            }
        }
        out
    }
}

impl VisitMut for Scan<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        if let syn::Expr::Path(path) = expr
            && path.qself.is_none()
            && let Some(ident) = path.path.get_ident().cloned()
        {
            let mutable_ref = match self.lower.lookup(&ident) {
                Some(Bound::Var(var)) if !self.bound_inside(&ident.to_string()) => {
                    matches!(self.lower.var(var).ty, Ty::Ref { mutable: true, .. }).then_some(var)
                }
                _ => None,
            };
            if let Some(tokens) = self.replaced(&ident) {
                if let Some(var) = mutable_ref
                    && !self.shared
                {
                    self.write_var(var);
                }
                *expr = syn::parse2(tokens.clone()).unwrap_or(syn::Expr::Verbatim(tokens));
            }
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_expr_assign_mut(&mut self, e: &mut syn::ExprAssign) {
        self.pure_ = false;
        self.write_root(&e.left);
        visit_mut::visit_expr_assign_mut(self, e);
    }

    fn visit_expr_binary_mut(&mut self, e: &mut syn::ExprBinary) {
        if matches!(super::expr::operator(&e.op), Some((_, true))) {
            self.pure_ = false;
            self.write_root(&e.left);
        }
        visit_mut::visit_expr_binary_mut(self, e);
    }

    fn visit_expr_reference_mut(&mut self, e: &mut syn::ExprReference) {
        if e.mutability.is_some() {
            self.pure_ = false;
            self.write_root(&e.expr);
        }
        visit_mut::visit_expr_reference_mut(self, e);
    }

    fn visit_expr_raw_addr_mut(&mut self, e: &mut syn::ExprRawAddr) {
        self.pure_ = false;
        self.write_root(&e.expr);
        visit_mut::visit_expr_raw_addr_mut(self, e);
    }

    fn visit_expr_method_call_mut(&mut self, e: &mut syn::ExprMethodCall) {
        let name = e.method.to_string();
        let reads = READS.contains(&name.as_str())
            || super::method::is_intrinsic(&name)
            || name == "sin_cos";
        self.pure_ &= reads && !CALLS_BACK.contains(&name.as_str());
        if reads && matches!(super::strip(&e.receiver), syn::Expr::Path(_)) {
            // Reading through a `&mut` variable is no write of it.
            let outer = std::mem::replace(&mut self.shared, true);
            self.visit_expr_mut(&mut e.receiver);
            self.shared = outer;
            e.args.iter_mut().for_each(|arg| self.visit_expr_mut(arg));
            return;
        }
        visit_mut::visit_expr_method_call_mut(self, e);
        if !reads && self.root_is_writable(&e.receiver) {
            self.write_root(&e.receiver);
        }
    }

    fn visit_expr_call_mut(&mut self, e: &mut syn::ExprCall) {
        let known = match super::strip(&e.func) {
            syn::Expr::Path(path) => {
                let names: Vec<String> =
                    path.path.segments.iter().map(|s| s.ident.to_string()).collect();
                let constructor = names.last().is_some_and(|n| n.starts_with(char::is_uppercase));
                let primitive = names.len() == 2
                    && (super::ty::is_discrete_name(&names[0])
                        || names[0] == "f64"
                        || names[0] == "f32"
                        || self.lower.reals.contains(&names[0]));
                constructor
                    || primitive
                    || names.ends_with(&["cmp".into(), "min".into()])
                    || names.ends_with(&["cmp".into(), "max".into()])
            }
            _ => false,
        };
        self.pure_ &= known;
        visit_mut::visit_expr_call_mut(self, e);
    }

    fn visit_expr_index_mut(&mut self, e: &mut syn::ExprIndex) {
        let before = self.writes.clone();
        self.visit_expr_mut(&mut e.expr);
        if matches!(super::strip(&e.expr), syn::Expr::Path(_) | syn::Expr::Reference(_)) {
            self.writes = before;
        }
        self.visit_expr_mut(&mut e.index);
    }

    fn visit_expr_field_mut(&mut self, e: &mut syn::ExprField) {
        let before = self.writes.clone();
        visit_mut::visit_expr_field_mut(self, e);
        if matches!(super::strip(&e.base), syn::Expr::Path(_) | syn::Expr::Reference(_)) {
            self.writes = before;
        }
    }

    fn visit_expr_unary_mut(&mut self, e: &mut syn::ExprUnary) {
        let before = self.writes.clone();
        visit_mut::visit_expr_unary_mut(self, e);
        if matches!(e.op, syn::UnOp::Deref(_)) {
            self.writes = before;
        }
    }

    fn visit_expr_closure_mut(&mut self, e: &mut syn::ExprClosure) {
        let mut names = HashSet::new();
        for input in &e.inputs {
            pattern_names(input, &mut names);
        }
        self.closures += 1;
        self.with_names(names, |scan| scan.visit_expr_mut(&mut e.body));
        self.closures -= 1;
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        let mut names = HashSet::new();
        pattern_names(&arm.pat, &mut names);
        self.with_names(names, |scan| {
            if let syn::Pat::Guard(guard) = &mut arm.pat {
                scan.visit_expr_mut(&mut guard.guard);
            }
            scan.visit_expr_mut(&mut arm.body);
        });
    }

    fn visit_expr_if_mut(&mut self, e: &mut syn::ExprIf) {
        let mut names = HashSet::new();
        condition_names(&e.cond, &mut names);
        self.with_names(names, |scan| {
            scan.visit_expr_mut(&mut e.cond);
            scan.visit_block_mut(&mut e.then_branch);
        });
        if let Some((_, other)) = &mut e.else_branch {
            self.visit_expr_mut(other);
        }
    }

    fn visit_expr_while_mut(&mut self, e: &mut syn::ExprWhile) {
        let mut names = HashSet::new();
        condition_names(&e.cond, &mut names);
        self.loops += 1;
        self.with_names(names, |scan| {
            scan.visit_expr_mut(&mut e.cond);
            scan.visit_block_mut(&mut e.body);
        });
        self.loops -= 1;
    }

    fn visit_expr_loop_mut(&mut self, e: &mut syn::ExprLoop) {
        self.loops += 1;
        self.visit_block_mut(&mut e.body);
        self.loops -= 1;
    }

    fn visit_expr_for_loop_mut(&mut self, e: &mut syn::ExprForLoop) {
        self.visit_expr_mut(&mut e.expr);
        let mut names = HashSet::new();
        pattern_names(&e.pat, &mut names);
        self.loops += 1;
        self.with_names(names, |scan| scan.visit_block_mut(&mut e.body));
        self.loops -= 1;
    }

    fn visit_expr_let_mut(&mut self, e: &mut syn::ExprLet) {
        self.visit_expr_mut(&mut e.expr);
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        self.inner.push(HashSet::new());
        for stmt in &mut block.stmts {
            if let syn::Stmt::Local(local) = stmt {
                if let Some(init) = &mut local.init {
                    self.visit_expr_mut(&mut init.expr);
                    if let Some((_, other)) = &mut init.diverge {
                        self.visit_expr_mut(other);
                    }
                }
                if let Some(names) = self.inner.last_mut() {
                    pattern_names(&local.pat, names);
                }
            } else {
                self.visit_stmt_mut(stmt);
            }
        }
        self.inner.pop();
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        visit_mut::visit_field_value_mut(self, field);
        if field.colon_token.is_none() {
            // `S { x }` where the variable is called otherwise by now.
            let (expr, member) = (&field.expr, &field.member);
            if expr.to_token_stream().to_string() != member.to_token_stream().to_string() {
                field.colon_token = Some(Default::default());
            }
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        self.pure_ = false;
        let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        let Ok(mut args) = parser.parse2(mac.tokens.clone()) else {
            mac.tokens = self.tokens_of(mac.tokens.clone());
            return;
        };
        let given: HashSet<String> = args
            .iter()
            .filter_map(|arg| match arg {
                syn::Expr::Assign(a) => Some(a.left.to_token_stream().to_string()),
                _ => None,
            })
            .collect();
        let mut extra = Vec::new();
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let outer = self.shared;
        self.shared |= LOOKS.contains(&name.as_str());
        for arg in &mut args {
            match arg {
                // `name = value` of a format macro.
                syn::Expr::Assign(named) => self.visit_expr_mut(&mut named.right),
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
                    extra.extend(self.inline_arguments(&text.value(), text.span()));
                }
                other => self.visit_expr_mut(other),
            }
        }
        self.shared = outer;
        extra.retain(|arg| {
            let name = arg.clone().into_iter().next().map(|t| t.to_string());
            name.is_none_or(|name| !given.contains(&name))
        });
        let mut tokens = args.to_token_stream();
        if !extra.is_empty() {
            if !args.trailing_punct() {
                tokens.extend(quote!(,));
            }
            tokens.extend(quote!(#(#extra),*));
        }
        mac.tokens = tokens;
    }

    fn visit_expr_return_mut(&mut self, e: &mut syn::ExprReturn) {
        if self.closures == 0 {
            self.exit = Some(e.span());
        }
        visit_mut::visit_expr_return_mut(self, e);
    }

    fn visit_expr_try_mut(&mut self, e: &mut syn::ExprTry) {
        if self.closures == 0 {
            self.exit = Some(e.question_token.span());
        }
        visit_mut::visit_expr_try_mut(self, e);
    }

    fn visit_expr_break_mut(&mut self, e: &mut syn::ExprBreak) {
        if self.closures == 0 && self.loops == 0 {
            self.exit = Some(e.span());
        }
        visit_mut::visit_expr_break_mut(self, e);
    }

    fn visit_expr_continue_mut(&mut self, e: &mut syn::ExprContinue) {
        if self.closures == 0 && self.loops == 0 {
            self.exit = Some(e.span());
        }
        visit_mut::visit_expr_continue_mut(self, e);
    }

    fn visit_expr_unsafe_mut(&mut self, e: &mut syn::ExprUnsafe) {
        self.pure_ = false;
        self.visit_block_mut(&mut e.block);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}
}

/// Identifiers that a pattern binds. An upper-case name is a constant or a unit variant.
pub fn pattern_names(pat: &syn::Pat, out: &mut HashSet<String>) {
    for ident in super::pattern::bound_idents(pat) {
        out.insert(ident.to_string());
    }
}

fn condition_names(cond: &syn::Expr, out: &mut HashSet<String>) {
    match super::strip(cond) {
        syn::Expr::Let(e) => pattern_names(&e.pat, out),
        syn::Expr::Binary(e) => {
            condition_names(&e.left, out);
            condition_names(&e.right, out);
        }
        _ => {}
    }
}

/// A type of the standard library that is written through a shared reference.
fn is_cell(ty: &Ty) -> bool {
    let Ty::Named(tokens) = ty.peel() else { return false };
    let text = tokens.0.to_string();
    ["Cell", "Mutex", "RwLock", "Atomic", "Once", "Lazy"].iter().any(|name| text.contains(name))
}
