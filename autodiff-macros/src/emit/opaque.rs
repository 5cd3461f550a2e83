//! Rust that the compiler does not look into: the user's tokens, with variables under the names
//! they have now.

use super::Emitter;
use super::expr::{Printed, level_of_tokens};
use crate::ir::*;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashMap;

impl Emitter<'_> {
    pub(super) fn opaque_expr(&self, opaque: &Opaque) -> Printed {
        let tokens = self.opaque_tokens(opaque, &[]);
        let level = level_of_tokens(&tokens);
        Printed { tokens, level }
    }

    pub(super) fn opaque_stmt(&self, opaque: &Opaque, declares: &[(String, VarId)]) -> TokenStream {
        let tokens = self.opaque_tokens(opaque, declares);
        let ends = match tokens.clone().into_iter().last() {
            Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        if ends { tokens } else { quote!(#tokens;) }
    }

    fn opaque_tokens(&self, opaque: &Opaque, declares: &[(String, VarId)]) -> TokenStream {
        let all: Vec<_> =
            opaque.reads.iter().chain(&opaque.writes).chain(declares).cloned().collect();
        self.renamed(&opaque.tokens, &all)
    }

    /// The tokens with the identifiers of these variables replaced by their names.
    pub(super) fn renamed(&self, tokens: &TokenStream, vars: &[(String, VarId)]) -> TokenStream {
        let names: HashMap<&str, &Ident> =
            vars.iter().map(|(text, var)| (text.as_str(), self.name(*var))).collect();
        if names.is_empty() {
            return tokens.clone();
        }
        rename(tokens.clone(), &names, false)
    }
}

/// `braces`: directly inside of braces that may be those of a struct literal or pattern.
fn rename(tokens: TokenStream, names: &HashMap<&str, &Ident>, braces: bool) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |i: Option<usize>, wanted: char| {
        let token = i.and_then(|i| trees.get(i));
        matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == wanted)
    };
    let mut out = Vec::with_capacity(trees.len());
    for (i, token) in trees.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let braces = group.delimiter() == Delimiter::Brace && opens_fields(&trees[..i]);
                let mut new = Group::new(group.delimiter(), rename(group.stream(), names, braces));
                new.set_span(group.span());
                out.push(TokenTree::Group(new));
            }
            TokenTree::Ident(ident) => {
                let Some(name) = names.get(ident.to_string().as_str()) else {
                    out.push(token.clone());
                    continue;
                };
                let before = i.checked_sub(1);
                let two_before = i.checked_sub(2);
                // `.x` is a field or method unless the dot is one of `..`; `a::x` and `x::` are
                // paths; `'x` is a label.
                let field = is(before, '.') && !is(two_before, '.');
                let path = (is(before, ':') && is(two_before, ':'))
                    || (is(Some(i + 1), ':') && is(Some(i + 2), ':'));
                let key = braces
                    && (i == 0 || is(before, ','))
                    && is(Some(i + 1), ':')
                    && !is(Some(i + 2), ':');
                if field || path || key || is(before, '\'') {
                    out.push(token.clone());
                    continue;
                }
                let shorthand = braces
                    && (i == 0 || is(before, ','))
                    && (i + 1 == trees.len() || is(Some(i + 1), ','));
                let mut new = (*name).clone();
                if *ident == **name {
                    // The same text: then the hygiene of the declaration, the position of the use.
                    new.set_span(name.span().located_at(ident.span()));
                    out.push(TokenTree::Ident(new));
                } else if shorthand {
                    out.extend(quote!(#ident: #new));
                } else {
                    new.set_span(name.span().located_at(ident.span()));
                    out.push(TokenTree::Ident(new));
                }
            }
            _ => out.push(token.clone()),
        }
    }
    out.into_iter().collect()
}

/// Whether braces after these tokens are those of a struct: they follow a path that is no keyword's
/// expression.
fn opens_fields(before: &[TokenTree]) -> bool {
    let Some(TokenTree::Ident(last)) = before.last() else {
        return false;
    };
    if ["else", "loop", "unsafe", "async", "move", "const"].iter().any(|word| last == word) {
        return false;
    }
    // `if x { y }`, `match x { … }`, `for a in x { … }`: types are written in upper case.
    last.to_string().starts_with(char::is_uppercase)
}
