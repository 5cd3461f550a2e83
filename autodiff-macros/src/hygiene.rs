//! Locals that would hide functions.
//!
//! A local of an inner scope may have the name of a function that is called elsewhere. What is
//! generated may declare it in a wider scope, for the reverse sweep; so it gets a hygiene of its
//! own, with which it hides nothing.

use crate::ir::{ExprKind, Function, Role, StmtKind};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::collections::HashSet;

/// Renames no text, only hygiene.
pub fn unhide_functions(f: &mut Function) {
    let mut called = HashSet::new();
    // In a format string all names have the hygiene of the string.
    let mut strings = String::new();
    f.body.walk(&mut |stmt| {
        if let StmtKind::Opaque { opaque, .. } = &stmt.kind {
            calls_in_tokens(&opaque.tokens, &mut called);
            strings_in(&opaque.tokens, &mut strings);
        }
        for e in stmt.kind.exprs() {
            e.walk(&mut |e| {
                calls_in_expr(&e.kind, &mut called);
                if let ExprKind::Opaque(opaque) = &e.kind {
                    strings_in(&opaque.tokens, &mut strings);
                }
            });
        }
    });
    if let Some(result) = &f.result {
        result.walk(&mut |e| calls_in_expr(&e.kind, &mut called));
    }
    for var in &mut f.vars {
        let name = var.name.to_string();
        let captured = strings.contains(&format!("{{{name}"));
        if var.role == Role::Local && called.contains(&name) && !captured {
            let span = Span::mixed_site().located_at(var.name.span());
            var.name.set_span(span);
        }
    }
}

fn calls_in_expr(e: &ExprKind, called: &mut HashSet<String>) {
    match e {
        ExprKind::Call(call) => called.extend(call.path.get_ident().map(ToString::to_string)),
        ExprKind::Opaque(opaque) => calls_in_tokens(&opaque.tokens, called),
        ExprKind::Lit(tokens) => calls_in_tokens(tokens, called),
        _ => {}
    }
}

/// Identifiers before parentheses.
fn calls_in_tokens(tokens: &TokenStream, called: &mut HashSet<String>) {
    let mut last = None;
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => {
                if group.delimiter() == Delimiter::Parenthesis {
                    called.extend(last.take());
                }
                calls_in_tokens(&group.stream(), called);
                last = None;
            }
            TokenTree::Ident(ident) => last = Some(ident.to_string()),
            _ => last = None,
        }
    }
}

fn strings_in(tokens: &TokenStream, out: &mut String) {
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => strings_in(&group.stream(), out),
            TokenTree::Literal(literal) => out.push_str(&literal.to_string()),
            _ => {}
        }
    }
}
