//! Local closures: their bodies are written out where they are called.

use super::scope::{Bound, Scope};
use super::{Dest, Lower, flow, lit, strip};
use crate::ir::{Expr, ExprKind, Opaque, Role, StmtKind, Ty, VarId};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashSet;
use std::rc::Rc;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A closure bound by a `let`.
pub struct LocalClosure {
    pub closure: Rc<syn::ExprClosure>,
    /// What its free names mean: the bindings where it was written.
    scopes: Vec<Scope>,
}

struct Escaping(HashSet<String>);

impl<'ast> Visit<'ast> for Escaping {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if !matches!(strip(&call.func), syn::Expr::Path(_)) {
            self.visit_expr(&call.func);
        }
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(ident) = path.path.get_ident() {
            self.0.insert(ident.to_string());
        }
    }
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        let calls = ["map", "filter", "take_while", "fold", "for_each"]
            .iter()
            .any(|name| call.method == name);
        for arg in &call.args {
            // `.map(f)` calls `f`.
            if !(calls && matches!(strip(arg), syn::Expr::Path(_))) {
                self.visit_expr(arg);
            }
        }
    }
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        // The items of a list are expressions like any other.
        let is_vec = mac.path.segments.last().is_some_and(|s| s.ident == "vec");
        let items = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        if is_vec && let Ok(items) = items.parse2(mac.tokens.clone()) {
            let mut inner = Escaping(HashSet::new());
            items.iter().for_each(|item| inner.visit_expr(item));
            self.0.extend(inner.0);
            return;
        }
        all_idents(&mac.tokens, &mut self.0);
    }
}

fn all_idents(tokens: &TokenStream, out: &mut HashSet<String>) {
    super::scope::collect_idents(tokens, out);
    // Names inside format strings.
    for tree in tokens.clone() {
        if let TokenTree::Literal(literal) = tree {
            let text = literal.to_string();
            out.extend(text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_string));
        }
    }
}

/// Names that the body uses other than by calling them.
pub fn escaping(body: &syn::Block) -> HashSet<String> {
    let mut find = Escaping(HashSet::new());
    visit::visit_block(&mut find, body);
    find.0
}

struct FindExit(bool);

impl<'ast> Visit<'ast> for FindExit {
    fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
        self.0 = true;
    }
    fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
        self.0 = true;
    }
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
}

impl Lower<'_> {
    /// `let f = |x| …;`: nothing is emitted, calls are written out. False if it is used in other
    /// ways than being called: then it is opaque.
    pub fn let_closure(&mut self, ident: &Ident, closure: &syn::ExprClosure) -> bool {
        let mut exits = FindExit(false);
        exits.visit_expr(&closure.body);
        if self.escaping.contains(&ident.to_string()) || exits.0 || closure.asyncness.is_some() {
            return false;
        }
        if closure.capture.is_some() && self.captures_mutable(closure) {
            return false;
        }
        let number = self.closures.len();
        let scopes = self.scopes.clone();
        self.closures.push(LocalClosure { closure: Rc::new(closure.clone()), scopes });
        self.bind(ident, Bound::Closure(number));
        true
    }

    /// A `move` closure keeps the values its variables had: those must not change.
    pub fn captures_mutable(&mut self, closure: &syn::ExprClosure) -> bool {
        let whole = syn::Expr::Closure(closure.clone());
        let opaque = self.opaque_expr(&whole, Ty::Unknown, "");
        let ExprKind::Opaque(Opaque { reads, .. }) = &opaque.kind else { return true };
        let vars: Vec<VarId> = reads.iter().map(|(_, v)| *v).collect();
        vars.into_iter().any(|v| self.var(v).mutable)
    }

    /// A call of a closure: its parameters are bound to the arguments, its body is the value.
    pub fn inline(&mut self, closure: &syn::ExprClosure, call: &syn::ExprCall) -> Expr {
        let span = call.span();
        if closure.inputs.len() != call.args.len() {
            self.refused(span, "this closure is called with another number of arguments");
            return lit(quote!(()), Ty::Unknown, span);
        }
        let number = match strip(&call.func) {
            syn::Expr::Path(path) => path.path.get_ident().and_then(|i| match self.lookup(i) {
                Some(Bound::Closure(number)) => Some(number),
                _ => None,
            }),
            _ => None,
        };
        // Arguments mean what they mean here, parameters come into scope there.
        let delay = self.delay();
        let outer = self.delayed.replace(delay);
        for (param, arg) in closure.inputs.iter().zip(&call.args) {
            let (pat, ty, written) = typed(param, self.reals);
            self.let_init(pat, arg, ty, written);
        }
        let params = self.delayed.take().map_or_else(Vec::new, |d| d.bindings);
        self.delayed = outer;
        let inner = match number {
            Some(number) => self.closures[number].scopes.clone(),
            None => self.scopes.clone(),
        };
        self.in_scopes(inner, |lower| {
            for (ident, bound) in params {
                lower.bind(&ident, bound);
            }
            lower.closure_body(closure, None)
        })
    }

    /// The value of a closure's body, its parameters bound; `wanted` is its type, if known.
    pub fn closure_body(&mut self, closure: &syn::ExprClosure, wanted: Option<Ty>) -> Expr {
        let wanted = match &closure.output {
            syn::ReturnType::Type(_, ty) => super::ty::from_syn(ty, self.reals),
            syn::ReturnType::Default => wanted.unwrap_or(Ty::Unknown),
        };
        let mut exits = FindExit(false);
        exits.visit_expr(&closure.body);
        if exits.0 {
            let message = "`return` and `?` inside a closure that is written out are not \
                 supported: use `if` and `else`, or a free `#[differentiable]` function";
            self.refused(closure.body.span(), message);
        }
        let body = strip(&closure.body);
        if let syn::Expr::Block(block) = body
            && block.label.is_none()
        {
            // No variable for the value: the statements, then the tail as it stands.
            let outer = self.delayed.take();
            let mut value = None;
            let discard = block
                .block
                .stmts
                .last()
                .is_none_or(|stmt| !matches!(stmt, syn::Stmt::Expr(_, None)));
            if !discard && !flow::tail_is_structured(&block.block) {
                self.wanted = Some(wanted.clone());
                self.stmts(&block.block.stmts, Dest::Discard, Some(&mut value));
                self.delayed = outer;
                if let Some(value) = value {
                    return value;
                }
            } else if discard {
                self.stmts(&block.block.stmts, Dest::Discard, None);
                self.delayed = outer;
                return lit(quote!(()), Ty::Unit, block.span());
            } else {
                self.delayed = outer;
            }
        }
        let outer = self.delayed.take();
        let value = if flow::is_structured(body) && wanted != Ty::Unknown {
            let var = self.temp("value", wanted, Role::Temp, body.span());
            self.emit(StmtKind::Let { var, init: None }, body.span());
            self.expr_into(body, Dest::Var(var));
            self.read_var(var, body.span())
        } else {
            let value = self.rvalue_as(body, &wanted);
            self.whole(value)
        };
        self.delayed = outer;
        value
    }

    /// Runs with other bindings in scope, and a fresh block of them.
    pub fn in_scopes<R>(&mut self, scopes: Vec<Scope>, f: impl FnOnce(&mut Self) -> R) -> R {
        let delayed = self.delayed.take();
        let outer = std::mem::replace(&mut self.scopes, scopes);
        self.scopes.push(Scope::default());
        let value = f(self);
        self.scopes = outer;
        self.delayed = delayed;
        value
    }

    /// A closure that is not written out: opaque, with its name bound to a variable.
    pub fn opaque_closure(&mut self, pat: &syn::PatIdent, closure: &syn::ExprClosure) {
        let whole = syn::Expr::Closure(closure.clone());
        let refuse = super::expr::refusal(&whole);
        let value = self.opaque_expr(&whole, Ty::Unknown, refuse);
        let ExprKind::Opaque(mut opaque) = value.kind else { return };
        let mutable = pat.mutability.is_some();
        let var = self.new_var(&pat.ident, Ty::Unknown, mutable, Role::Local);
        let (tokens, name) = (&opaque.tokens, &self.var(var).name);
        let mutability = &pat.mutability;
        opaque.tokens = quote!(let #mutability #name = #tokens;);
        let declares = vec![(name.to_string(), var)];
        self.emit(StmtKind::Opaque { opaque, declares }, value.span);
        self.bind(&pat.ident, Bound::Var(var));
    }
}

/// A parameter's pattern and the type written on it.
pub fn typed<'p>(
    pat: &'p syn::Pat,
    reals: &[String],
) -> (&'p syn::Pat, Option<Ty>, Option<&'p syn::Type>) {
    match super::strip_pat(pat) {
        syn::Pat::Type(typed) => {
            (&typed.pat, Some(super::ty::from_syn(&typed.ty, reals)), Some(&typed.ty))
        }
        pat => (pat, None, None),
    }
}
