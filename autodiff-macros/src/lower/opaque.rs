//! Rust that is passed through: which variables it reads and writes, and its tokens with the
//! variables' final names.

use super::{Lower, scope::Bound};
use crate::ir::{BinOp, Expr, ExprKind, Opaque, Place, Proj, StmtKind, Ty, VarId};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::HashSet;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};

/// Methods that do not write their receiver, of the types that numerical code meets.
const READS: &[&str] = &[
    "len", "is_empty", "iter", "first", "last", "get", "contains", "to_vec", "clone", "chunks",
    "chunks_exact", "rchunks", "windows", "as_slice", "as_ref", "as_str", "split_at", "concat",
    "join", "to_string", "to_owned", "is_nan", "is_finite", "is_infinite", "is_normal",
    "is_sign_negative", "is_sign_positive", "to_bits", "total_cmp", "partial_cmp", "cmp", "eq",
    "ne", "lt", "le", "gt", "ge", "capacity", "starts_with", "ends_with", "contains_key",
    "binary_search", "binary_search_by", "is_some", "is_none", "is_ok", "is_err", "unwrap",
    "expect", "copied", "cloned", "max", "min", "abs", "pow", "powi", "powf", "sqrt", "floor",
    "ceil", "round", "trunc", "sin", "cos", "exp", "ln", "clamp", "signum", "checked_add",
    "checked_sub", "checked_mul", "checked_div", "wrapping_add", "wrapping_sub", "wrapping_mul",
    "saturating_sub", "saturating_add", "saturating_mul", "rem_euclid", "div_euclid", "abs_diff",
    "count_ones", "leading_zeros", "trailing_zeros", "is_power_of_two", "next_power_of_two",
    "map", "zip", "enumerate", "rev", "sum", "product", "count", "position", "any", "all",
    "is_positive", "is_negative", "div_ceil", "isqrt", "ilog2", "next_multiple_of", "chars",
    "bytes", "keys", "values", "to_f64", "unsigned_abs",
];

/// Of these, the ones that call back into unknown code.
const CALLS_BACK: &[&str] = &[
    "map", "sum", "product", "position", "any", "all", "binary_search_by", "unwrap_or_else",
];

struct Scan<'a, 'b> {
    lower: &'a Lower<'b>,
    /// Names bound inside the tokens.
    inner: Vec<HashSet<String>>,
    reads: Vec<(String, VarId)>,
    writes: Vec<(String, VarId)>,
    pure_: bool,
    exit: Option<Span>,
    /// A local closure that is written out elsewhere is named here.
    closure: Option<Span>,
    /// Inside a closure, whose `return` and `?` are its own.
    closures: usize,
    loops: usize,
}

impl Lower<'_> {
    pub fn opaque_expr(&mut self, expr: &syn::Expr, ty: Ty, refuse: &str) -> Expr {
        let span = expr.span();
        let mut expr = expr.clone();
        let opaque = self.scan(refuse, |scan| {
            scan.visit_expr_mut(&mut expr);
            expr.to_token_stream()
        });
        Expr::new(ExprKind::Opaque(opaque), ty, span)
    }

    /// An expression of the IR made opaque.
    pub fn opaque_from(&self, value: &Expr, refuse: &str) -> Expr {
        let mut reads = Vec::new();
        value.for_each_var(&mut |v| {
            let entry = (self.var(v).name.to_string(), v);
            if !reads.contains(&entry) {
                reads.push(entry);
            }
        });
        let writes = match &value.kind {
            ExprKind::Ref { mutable: true, place } => {
                vec![(self.var(place.base).name.to_string(), place.base)]
            }
            _ => Vec::new(),
        };
        let opaque = Opaque {
            tokens: self.tokens(value),
            reads,
            writes,
            pure_: true,
            refuse: refuse.to_string(),
        };
        Expr::new(ExprKind::Opaque(opaque), value.ty.clone(), value.span)
    }

    fn scan(&mut self, refuse: &str, f: impl FnOnce(&mut Scan) -> TokenStream) -> Opaque {
        let mut scan = Scan {
            lower: self,
            inner: Vec::new(),
            reads: Vec::new(),
            writes: Vec::new(),
            pure_: true,
            exit: None,
            closure: None,
            closures: 0,
            loops: 0,
        };
        let tokens = f(&mut scan);
        let (reads, writes, pure_, exit) = (scan.reads, scan.writes, scan.pure_, scan.exit);
        if let Some(span) = scan.closure {
            let message = "a local closure that is called from here cannot be written out: make \
                 it a nested `fn`";
            self.errors.error(span, message);
        }
        if let Some(span) = exit {
            let message = "leaving the function or a loop from inside this expression is not \
                 supported: take the value first with `match` or `let … else`";
            self.errors.error(span, message);
        }
        Opaque { tokens, reads, writes, pure_, refuse: refuse.to_string() }
    }

    /// A macro call as a statement: printing, asserting, panicking.
    pub fn opaque_macro(&mut self, mac: &syn::Macro, refuse: &str) {
        let span = mac.span();
        let mut mac = mac.clone();
        let opaque = self.scan(refuse, |scan| {
            scan.visit_macro_mut(&mut mac);
            quote!(#mac;)
        });
        self.emit(StmtKind::Opaque { opaque, declares: Vec::new() }, span);
    }

    /// A whole statement that is not looked into.
    pub fn opaque_stmt(&mut self, expr: &syn::Expr, refuse: &str) {
        let span = expr.span();
        let mut expr = expr.clone();
        let opaque = self.scan(refuse, |scan| {
            scan.visit_expr_mut(&mut expr);
            quote!(#expr;)
        });
        self.emit(StmtKind::Opaque { opaque, declares: Vec::new() }, span);
    }

    /// The guard of an arm.
    pub fn opaque_guard(&mut self, guard: &syn::Expr) -> Opaque {
        let mut guard = guard.clone();
        self.scan("a match guard decides, it carries no derivative", |scan| {
            scan.visit_expr_mut(&mut guard);
            guard.to_token_stream()
        })
    }

    /// An expression of the IR as Rust, for use in opaque tokens.
    pub fn tokens(&self, value: &Expr) -> TokenStream {
        let span = value.span;
        match &value.kind {
            ExprKind::Lit(tokens) => tokens.clone(),
            ExprKind::Read(place) => self.place_tokens(place),
            ExprKind::Ref { mutable: false, place } => {
                let place = self.place_tokens(place);
                quote_spanned!(span=> &#place)
            }
            ExprKind::Ref { mutable: true, place } => {
                let place = self.place_tokens(place);
                quote_spanned!(span=> &mut #place)
            }
            ExprKind::Len(place) => {
                let mut place = place.clone();
                super::place::drop_deref(&mut place);
                let place = self.place_tokens(&place);
                quote_spanned!(span=> #place.len())
            }
            ExprKind::Neg(inner) => {
                let inner = self.tokens(inner);
                quote_spanned!(span=> (-#inner))
            }
            ExprKind::Not(inner) => {
                let inner = self.tokens(inner);
                quote_spanned!(span=> (!#inner))
            }
            ExprKind::Cast(inner, ty) => {
                let (inner, ty) = (self.tokens(inner), &ty.0);
                quote_spanned!(span=> (#inner as #ty))
            }
            ExprKind::Binary(op, a, b) => {
                let (a, op, b) = (self.tokens(a), op_tokens(*op), self.tokens(b));
                quote_spanned!(span=> (#a #op #b))
            }
            ExprKind::Opaque(opaque) => opaque.tokens.clone(),
            ExprKind::Tuple(items) => {
                let items = items.iter().map(|item| self.tokens(item));
                quote_spanned!(span=> (#(#items,)*))
            }
            ExprKind::Const(value) => {
                let literal = proc_macro2::Literal::f64_unsuffixed(*value);
                quote_spanned!(span=> #literal)
            }
            _ => quote_spanned!(span=> ::core::compile_error!("internal error of autodiff")),
        }
    }

    pub fn place_tokens(&self, place: &Place) -> TokenStream {
        let name = &self.var(place.base).name;
        let mut tokens = quote!(#name);
        for (i, proj) in place.proj.iter().enumerate() {
            tokens = match proj {
                Proj::Deref if i + 1 == place.proj.len() => quote!((*#tokens)),
                Proj::Deref => quote!((*#tokens)),
                Proj::Field(member) => quote!(#tokens.#member),
                Proj::Index(index) => {
                    let index = self.bare(index);
                    quote!(#tokens[#index])
                }
                Proj::Slice { lo, hi } => {
                    let lo = lo.as_ref().map(|e| self.tokens(e));
                    let hi = hi.as_ref().map(|e| self.tokens(e));
                    quote!(#tokens[#lo..#hi])
                }
            };
        }
        tokens
    }

    /// Without the outer parentheses that brackets make needless.
    fn bare(&self, value: &Expr) -> TokenStream {
        if let ExprKind::Binary(op, a, b) = &value.kind {
            let (a, op, b) = (self.tokens(a), op_tokens(*op), self.tokens(b));
            return quote!(#a #op #b);
        }
        self.tokens(value)
    }
}

impl Scan<'_, '_> {
    fn bound_inside(&self, name: &str) -> bool {
        self.inner.iter().any(|names| names.contains(name))
    }

    fn note(list: &mut Vec<(String, VarId)>, name: String, var: VarId) {
        if !list.iter().any(|(n, v)| *n == name && *v == var) {
            list.push((name, var));
        }
    }

    fn read_var(&mut self, var: VarId) {
        let name = self.lower.var(var).name.to_string();
        Self::note(&mut self.reads, name, var);
    }

    fn write_var(&mut self, var: VarId) {
        self.read_var(var);
        let name = self.lower.var(var).name.to_string();
        Self::note(&mut self.writes, name, var);
    }

    /// Marks the variables of a place, its base as written if so.
    fn note_place(&mut self, place: &Place, written: bool) {
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
    fn replaced(&mut self, ident: &Ident) -> Option<TokenStream> {
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
    fn write_root(&mut self, expr: &syn::Expr) {
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
    fn root_is_writable(&self, expr: &syn::Expr) -> bool {
        match super::strip(expr) {
            syn::Expr::Path(path) => match path.path.get_ident().map(|i| self.lower.lookup(i)) {
                Some(Some(Bound::Var(var))) => {
                    let var = self.lower.var(var);
                    var.mutable || matches!(var.ty, Ty::Ref { mutable: true, .. } | Ty::Unknown)
                }
                Some(Some(Bound::Alias { mutable, .. })) => mutable,
                _ => false,
            },
            syn::Expr::Field(e) => self.root_is_writable(&e.base),
            syn::Expr::Index(e) => self.root_is_writable(&e.expr),
            syn::Expr::Unary(e) => self.root_is_writable(&e.expr),
            syn::Expr::MethodCall(e) => self.root_is_writable(&e.receiver),
            _ => false,
        }
    }

    fn with_names(&mut self, names: HashSet<String>, f: impl FnOnce(&mut Self)) {
        self.inner.push(names);
        f(self);
        self.inner.pop();
    }

    fn tokens_of(&mut self, tokens: TokenStream) -> TokenStream {
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
    fn inline_arguments(&mut self, text: &str, span: Span) -> Vec<TokenStream> {
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
                if let Some(var) = mutable_ref {
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
        let before = self.writes.clone();
        visit_mut::visit_expr_method_call_mut(self, e);
        if reads {
            // Reading through a `&mut` variable is no write of it.
            let only_receiver = match super::strip(&e.receiver) {
                syn::Expr::Path(_) | syn::Expr::Reference(_) => e.args.is_empty(),
                _ => false,
            };
            if only_receiver {
                self.writes = before;
            }
        } else if self.root_is_writable(&e.receiver) {
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
                constructor || primitive || names.ends_with(&["cmp".into(), "min".into()])
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

/// The names in `{name}`, `{name:?}`, `{0:width$}`, `{:.precision$}`.
fn format_names(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '{' {
            continue;
        }
        if chars.peek() == Some(&'{') {
            chars.next();
            continue;
        }
        let inside: String = chars.by_ref().take_while(|c| *c != '}').collect();
        let (name, spec) = inside.split_once(':').unwrap_or((&inside, ""));
        out.push(name.trim().to_string());
        for part in spec.split(['.', '>', '<', '^']) {
            if let Some((width, _)) = part.split_once('$') {
                out.push(width.trim_start_matches(['0', '#', '+']).to_string());
            }
        }
    }
    out
}

/// A statement after which nothing runs.
pub fn diverges(tokens: &TokenStream) -> bool {
    let mut last = String::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(ident) => last = ident.to_string(),
            TokenTree::Punct(p) if p.as_char() == ':' => {}
            TokenTree::Punct(p) if p.as_char() == '!' => {
                return is_panic(&last);
            }
            TokenTree::Group(g) if g.delimiter() == Delimiter::Parenthesis => {
                return last == "exit" || last == "abort";
            }
            _ => return false,
        }
    }
    false
}

/// A macro that never returns.
pub fn is_panic(name: &str) -> bool {
    matches!(name, "panic" | "unreachable" | "todo" | "unimplemented")
}

fn op_tokens(op: BinOp) -> TokenStream {
    match op {
        BinOp::Add => quote!(+),
        BinOp::Sub => quote!(-),
        BinOp::Mul => quote!(*),
        BinOp::Div => quote!(/),
        BinOp::Rem => quote!(%),
        BinOp::Eq => quote!(==),
        BinOp::Ne => quote!(!=),
        BinOp::Lt => quote!(<),
        BinOp::Le => quote!(<=),
        BinOp::Gt => quote!(>),
        BinOp::Ge => quote!(>=),
        BinOp::And => quote!(&&),
        BinOp::Or => quote!(||),
        BinOp::BitAnd => quote!(&),
        BinOp::BitOr => quote!(|),
        BinOp::BitXor => quote!(^),
        BinOp::Shl => quote!(<<),
        BinOp::Shr => quote!(>>),
    }
}
