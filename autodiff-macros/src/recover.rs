//! After an error: typed stubs for what would have been generated, so that one mistake gives one
//! message.

use crate::diagnostics::Diagnostics;
use crate::signature::Signature;
use crate::wrappers::Wrap;
use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;

/// The functions of this signature, without bodies worth the name.
pub fn stubs(sig: &Signature) -> TokenStream {
    if sig.active_params().next().is_none() || !sig.nameable {
        return TokenStream::new();
    }
    Wrap::stubs(sig).all_stubs()
}

/// The attribute on something that is no function.
pub fn refuse_item(item: &syn::Item, errors: &mut Diagnostics) {
    let message = match item {
        syn::Item::Impl(_) | syn::Item::Trait(_) => {
            "`impl` and `trait` blocks cannot be differentiated yet: put the computation into a \
             free function"
        }
        syn::Item::Struct(_) | syn::Item::Enum(_) => {
            "`#[differentiable]` is for functions; types will have `#[derive(Differentiable)]`"
        }
        _ => "`#[differentiable]` is for functions",
    };
    errors.error(item.span(), message);
}

/// What does not parse: rustc reports real syntax errors by itself, as the item is emitted as it
/// came; methods with receivers outside of an `impl` parse, functions without a body do not.
pub fn refuse_syntax(item: &TokenStream, error: &syn::Error, errors: &mut Diagnostics) {
    if syn::parse2::<syn::TraitItemFn>(item.clone()).is_ok() {
        errors.error(Span::call_site(), "a function without a body cannot be differentiated");
        return;
    }
    errors.error(error.span(), error);
}
