//! Conditions on constants that callees publish: the code behind them is compiled in or away with
//! the callee known, which the caller's macro does not see.

use crate::ir::*;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::collections::BTreeMap;

/// Under which circumstances something is so: always, or if one of these constants is true.
#[derive(Clone, Default, Debug)]
pub struct Condition {
    always: bool,
    pub(super) any: BTreeMap<String, TokenStream>,
}

impl Condition {
    pub fn always() -> Self {
        Condition { always: true, any: BTreeMap::new() }
    }

    /// `g::NEEDS[i]`
    pub fn constant(path: &syn::Path, name: &str, i: usize) -> Self {
        let mut path = path.clone();
        if let Some(last) = path.segments.last_mut() {
            last.arguments = syn::PathArguments::None;
        }
        let name = crate::names::local(name);
        let i = proc_macro2::Literal::usize_unsuffixed(i);
        let tokens = quote!(#path::#name[#i]);
        Condition { always: false, any: BTreeMap::from([(tokens.to_string(), tokens)]) }
    }

    pub fn is_never(&self) -> bool {
        !self.always && self.any.is_empty()
    }

    pub fn is_always(&self) -> bool {
        self.always
    }

    /// Whether that changes anything.
    pub fn or(&mut self, other: &Condition) -> bool {
        if self.always {
            return false;
        }
        if other.always {
            *self = Condition::always();
            return true;
        }
        let mut changed = false;
        for (key, tokens) in &other.any {
            // What a call may resize it needs.
            let implied = self.any.contains_key(&key.replace("RESIZES", "NEEDS"));
            if !implied && self.any.insert(key.clone(), tokens.clone()).is_none() {
                if key.contains("NEEDS") {
                    self.any.remove(&key.replace("NEEDS", "RESIZES"));
                }
                changed = true;
            }
        }
        changed
    }

    fn expr(&self) -> Expr {
        let bool_expr =
            |kind| Expr::new(kind, Ty::Discrete(Some("bool".into())), Span::mixed_site());
        let all = self.any.values().map(|tokens| bool_expr(ExprKind::Lit(tokens.clone())));
        let constant = |value: bool| bool_expr(ExprKind::Lit(quote!(#value)));
        if self.always {
            return constant(true);
        }
        all.reduce(|a, b| bool_expr(ExprKind::Binary(BinOp::Or, Box::new(a), Box::new(b))))
            .unwrap_or_else(|| constant(false))
    }

    /// The statements, where that is so.
    pub fn guard(&self, stmts: Vec<Stmt>, code: &mut Vec<Stmt>) {
        if self.always {
            code.extend(stmts);
        } else if !self.is_never() {
            let kind =
                StmtKind::If { cond: self.expr(), then: Block { stmts }, other: Block::default() };
            code.push(Stmt { kind, span: Span::mixed_site() });
        }
    }

    fn implies(&self, other: &Condition) -> bool {
        self.any.keys().all(|key| {
            other.any.contains_key(key) || other.any.contains_key(&key.replace("RESIZES", "NEEDS"))
        })
    }

    pub fn and(&self, other: &Condition) -> Condition {
        if self.always {
            return other.clone();
        }
        if other.always || self.implies(other) {
            return self.clone();
        }
        if other.implies(self) {
            return other.clone();
        }
        if self.is_never() || other.is_never() {
            return Condition::default();
        }
        let (a, b) = (self.expr(), other.expr());
        let (ExprKind::Lit(a), ExprKind::Lit(b)) = (&a.kind, &b.kind) else {
            // Rather too often.
            return self.clone();
        };
        let tokens = quote!(#a && #b);
        Condition { always: false, any: BTreeMap::from([(tokens.to_string(), tokens)]) }
    }
}
