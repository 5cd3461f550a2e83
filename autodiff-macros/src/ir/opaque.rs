//! What opaque code does with variables, as far as its tokens tell.

use super::*;
use proc_macro2::TokenTree;

impl Opaque {
    pub fn for_each_var(&self, f: &mut dyn FnMut(VarId)) {
        for (_, v) in self.reads.iter().chain(&self.writes) {
            f(*v);
        }
    }

    /// Whether all that the code wants of the variable is `v.len()`.
    pub fn wants_only_length(&self, v: VarId) -> bool {
        let written = self.writes.iter().any(|(_, w)| *w == v);
        let mut names = self.reads.iter().filter(|(_, r)| *r == v).map(|(name, _)| name);
        !written && names.all(|name| only_lengths(self.tokens.clone(), name))
    }
}

/// Whether every mention of the name is followed by `.len()`.
fn only_lengths(tokens: TokenStream, name: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.to_string() == text);
    tokens.iter().enumerate().all(|(at, token)| match token {
        TokenTree::Group(group) => only_lengths(group.stream(), name),
        TokenTree::Ident(ident) if ident == name => {
            // `x.v` is no mention of `v`.
            let field = at > 0 && is(at - 1, ".");
            field || is(at + 1, ".") && is(at + 2, "len") && is(at + 3, "()")
        }
        // A format string may name it.
        TokenTree::Literal(text) => !text.to_string().contains(name),
        _ => true,
    })
}
