//! Absolute paths into the facade crate.

use proc_macro2::TokenStream;
use quote::quote;

/// Where generated code finds `autodiff`: `::autodiff`, or what `crate = path` says.
#[derive(Clone, Debug)]
pub struct Paths {
    root: TokenStream,
}

impl Default for Paths {
    fn default() -> Self {
        Paths { root: quote!(::autodiff) }
    }
}

impl Paths {
    pub fn new(root: TokenStream) -> Self {
        Paths { root }
    }

    /// `::autodiff::name`
    pub fn public(&self, name: &str) -> TokenStream {
        let (root, name) = (&self.root, ident(name));
        quote!(#root::#name)
    }

    /// `::autodiff::private::name`
    pub fn private(&self, name: &str) -> TokenStream {
        let (root, name) = (&self.root, ident(name));
        quote!(#root::private::#name)
    }

    /// `::autodiff::private::name`, the name with the position of what it stands for.
    pub fn private_at(&self, name: &str, span: proc_macro2::Span) -> TokenStream {
        let (root, mut name) = (&self.root, ident(name));
        name.set_span(proc_macro2::Span::mixed_site().located_at(span));
        quote!(#root::private::#name)
    }
}

fn ident(name: &str) -> proc_macro2::Ident {
    proc_macro2::Ident::new(name, proc_macro2::Span::mixed_site())
}
