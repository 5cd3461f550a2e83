//! `#[derive(Sources)]` and `#[derive(Targets)]`: structs of values on a gradient tape.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Field, Fields, Ident, Member, Type};

/// What both derives need of a struct.
struct Struct {
    input: DeriveInput,
    /// The fields that take part: how to reach and declare each, and its type.
    fields: Vec<(Member, Field)>,
    named: bool,
}

fn parse(item: TokenStream) -> syn::Result<Struct> {
    let input: DeriveInput = syn::parse2(item)?;
    let Data::Struct(data) = &input.data else {
        let message = "only structs can be derived: match on the enum and take the parts";
        return Err(syn::Error::new_spanned(&input.ident, message));
    };
    let named = matches!(data.fields, Fields::Named(_));
    let constant = |field: &Field| field.attrs.iter().any(|a| a.path().is_ident("constant"));
    let all = data.fields.members().zip(data.fields.iter().cloned());
    let fields: Vec<_> = all.filter(|(_, field)| !constant(field)).collect();
    if fields.is_empty() {
        let message = "no field without `#[constant]` is left to differentiate";
        return Err(syn::Error::new_spanned(&input.ident, message));
    }
    Ok(Struct { input, fields, named })
}

impl Struct {
    fn types(&self) -> impl Iterator<Item = &Type> {
        self.fields.iter().map(|(_, field)| &field.ty)
    }

    fn members(&self) -> impl Iterator<Item = &Member> {
        self.fields.iter().map(|(member, _)| member)
    }

    /// A struct beside this one, with `types` for the fields' types.
    fn companion(&self, name: &Ident, doc: &str, types: &[TokenStream]) -> TokenStream {
        let vis = &self.input.vis;
        let (generics, _, bounds) = self.input.generics.split_for_impl();
        let declared = self.fields.iter().zip(types).map(|((_, field), ty)| {
            let (vis, ident) = (&field.vis, &field.ident);
            match ident {
                Some(ident) => quote!(#[allow(missing_docs)] #vis #ident: #ty),
                None => quote!(#vis #ty),
            }
        });
        if self.named {
            quote! {
                #[doc = #doc]
                #[derive(::core::clone::Clone, ::core::fmt::Debug)]
                #vis struct #name #generics #bounds { #(#declared,)* }
            }
        } else {
            quote! {
                #[doc = #doc]
                #[derive(::core::clone::Clone, ::core::fmt::Debug)]
                #vis struct #name #generics (#(#declared,)*) #bounds;
            }
        }
    }

    /// The companion built of one expression a field.
    fn build(&self, name: &Ident, values: impl Iterator<Item = TokenStream>) -> TokenStream {
        // Without the fields left out, a tuple struct's fields move up.
        let members = self.fields.iter().enumerate().map(|(i, (_, field))| match &field.ident {
            Some(ident) => Member::Named(ident.clone()),
            None => Member::from(i),
        });
        quote!(#name { #(#members: #values,)* })
    }
}

pub fn sources(item: TokenStream) -> TokenStream {
    let all = match parse(item) {
        Ok(all) => all,
        Err(error) => return error.into_compile_error(),
    };
    let name = &all.input.ident;
    let (gradient, optional) = (format_ident!("{name}Gradient"), format_ident!("{name}Optional"));
    let (generics, arguments, bounds) = all.input.generics.split_for_impl();
    let tape = quote!(::autodiff::gradient_tape);
    let associated = |which: &str| -> Vec<TokenStream> {
        let which = format_ident!("{which}");
        all.types().map(|ty| quote!(<#ty as #tape::Sources>::#which)).collect()
    };
    let doc = format!("Gradient by [`{name}`].");
    let gradients = all.companion(&gradient, &doc, &associated("Gradient"));
    let doc = format!("Gradient by [`{name}`], `None` for what a target does not depend on.");
    let optionals = all.companion(&optional, &doc, &associated("Optional"));
    let first = all.types().next();
    let members: Vec<_> = all.members().collect();
    let call = |method: &str| {
        let method = format_ident!("{method}");
        let calls = members.iter().map(|m| quote!(#tape::Sources::#method(&self.#m, swept)));
        calls.collect::<Vec<_>>()
    };
    let build_gradient = all.build(&gradient, call("gradient").into_iter());
    let build_optional = all.build(&optional, call("optional").into_iter());
    quote! {
        #gradients
        #optionals
        #[automatically_derived]
        impl #generics #tape::Sources for #name #arguments #bounds {
            type Elem = <#first as #tape::Sources>::Elem;
            type Gradient = #gradient #arguments;
            type Optional = #optional #arguments;
            fn request(
                &self,
                request: &mut #tape::Request<'_, Self::Elem>,
            ) -> ::core::result::Result<(), #tape::TapeError> {
                #(#tape::Sources::request(&self.#members, request)?;)*
                ::core::result::Result::Ok(())
            }
            fn gradient(&self, swept: &#tape::Swept<'_, Self::Elem>) -> Self::Gradient {
                #build_gradient
            }
            fn optional(&self, swept: &#tape::Swept<'_, Self::Elem>) -> Self::Optional {
                #build_optional
            }
        }
    }
}

pub fn targets(item: TokenStream) -> TokenStream {
    let all = match parse(item) {
        Ok(all) => all,
        Err(error) => return error.into_compile_error(),
    };
    let name = &all.input.ident;
    let seed = format_ident!("{name}Seed");
    let (generics, arguments, bounds) = all.input.generics.split_for_impl();
    let tape = quote!(::autodiff::gradient_tape);
    let types: Vec<_> = all.types().map(|ty| quote!(<#ty as #tape::Targets>::Seed)).collect();
    let seeds = all.companion(&seed, &format!("Seed of [`{name}`]."), &types);
    let first = all.types().next();
    let calls = all.fields.iter().enumerate().map(|(i, (member, field))| {
        let own = field.ident.clone().map_or_else(|| Member::from(i), Member::Named);
        let seed = quote!(::core::option::Option::map(seed, |seed| &seed.#own));
        quote!(#tape::Targets::seed(&self.#member, seeding, #seed)?;)
    });
    quote! {
        #seeds
        #[automatically_derived]
        impl #generics #tape::Targets for #name #arguments #bounds {
            type Elem = <#first as #tape::Targets>::Elem;
            type Seed = #seed #arguments;
            fn seed(
                &self,
                seeding: &mut #tape::Seeding<'_, Self::Elem>,
                seed: ::core::option::Option<&Self::Seed>,
            ) -> ::core::result::Result<(), #tape::TapeError> {
                #(#calls)*
                ::core::result::Result::Ok(())
            }
        }
    }
}
