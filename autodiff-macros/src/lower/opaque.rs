//! Rust that is passed through: which variables it reads and writes, and its tokens with the
//! variables' final names.

use super::{Lower, scan::Scan};
use crate::ir::{BinOp, Expr, ExprKind, Opaque, Place, Proj, StmtKind, Ty};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;

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

    pub fn scan(&mut self, refuse: &str, f: impl FnOnce(&mut Scan) -> TokenStream) -> Opaque {
        let mut scan = Scan {
            lower: self,
            inner: Vec::new(),
            reads: Vec::new(),
            writes: Vec::new(),
            pure_: true,
            exit: None,
            closure: None,
            shared: false,
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
    pub fn bare(&self, value: &Expr) -> TokenStream {
        if let ExprKind::Binary(op, a, b) = &value.kind {
            let (a, op, b) = (self.tokens(a), op_tokens(*op), self.tokens(b));
            return quote!(#a #op #b);
        }
        self.tokens(value)
    }
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

/// Whether the expression's tokens contain the identifier.
pub fn names_ident(expr: &syn::Expr, name: &proc_macro2::Ident) -> bool {
    fn inside(tokens: proc_macro2::TokenStream, name: &proc_macro2::Ident) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(ident) => ident == *name,
            proc_macro2::TokenTree::Group(group) => inside(group.stream(), name),
            _ => false,
        })
    }
    inside(quote::ToTokens::to_token_stream(expr), name)
}
