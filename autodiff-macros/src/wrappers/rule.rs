//! Own rules.

use super::Wrap;
use crate::args::Args;
use crate::diagnostics::Diagnostics;
use crate::signature::Signature;
use proc_macro2::{Ident, TokenStream};

impl Wrap<'_> {
    pub fn own_rule(_sig: &Signature, _args: &Args) -> Option<TokenStream> {
        None
    }
}

pub fn partials(
    _sig: &Signature,
    _item: &syn::ItemFn,
    _partials: &[(Ident, syn::Expr)],
    _errors: &mut Diagnostics,
) -> Option<TokenStream> {
    None
}
