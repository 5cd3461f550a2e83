//! `#[derive(Sources)]` and `#[derive(Targets)]`: structs of values on a gradient tape.

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{
    Data, DeriveInput, Field, Fields, GenericParam, Generics, Ident, Member, Type, WherePredicate,
};

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

    /// The generic parameters that the fields mention, with their bounds: a companion may not
    /// declare others.
    fn generics(&self) -> Generics {
        let mut all = self.input.generics.clone();
        let mut mentioned: Vec<TokenStream> = self.types().map(|ty| quote!(#ty)).collect();
        // A parameter may be used by the bounds of another only.
        loop {
            let kept = all.params.iter().filter(|p| mentioned.iter().any(|t| mentions(t, p)));
            let bounds = kept.map(|p| quote!(#p)).chain(self.types().map(|ty| quote!(#ty)));
            let next: Vec<_> = bounds.collect();
            if next.len() == mentioned.len() {
                break;
            }
            mentioned = next;
        }
        let dropped: Vec<_> = all
            .params
            .iter()
            .filter(|p| !mentioned.iter().any(|t| mentions(t, p)))
            .cloned()
            .collect();
        all.params = all.params.into_iter().filter(|p| !dropped.contains(p)).collect();
        if let Some(clause) = &mut all.where_clause {
            let predicates = std::mem::take(&mut clause.predicates).into_iter();
            let keeps = |predicate: &WherePredicate| {
                let tokens = quote!(#predicate);
                !dropped.iter().any(|p| mentions(&tokens, p))
            };
            clause.predicates = predicates.filter(keeps).collect();
        }
        all
    }

    /// A struct beside this one, with `types` for the fields' types.
    fn companion(&self, name: &Ident, doc: &str, types: &[TokenStream]) -> TokenStream {
        let vis = &self.input.vis;
        let all = self.generics();
        let (generics, _, bounds) = all.split_for_impl();
        let traits = self.clone_and_debug(name, &all, types);
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
                #vis struct #name #generics #bounds { #(#declared,)* }
                #traits
            }
        } else {
            quote! {
                #[doc = #doc]
                #vis struct #name #generics (#(#declared,)*) #bounds;
                #traits
            }
        }
    }

    /// `Clone` and `Debug` of a companion: the standard derives would ask for them of the type
    /// parameters, where the fields' types have to have them.
    fn clone_and_debug(&self, name: &Ident, all: &Generics, types: &[TokenStream]) -> TokenStream {
        let (generics, arguments, bounds) = all.split_for_impl();
        let predicates = bounds.map(|bounds| bounds.predicates.iter()).into_iter().flatten();
        let predicates: Vec<_> = predicates.collect();
        let is_generic = |ty: &&TokenStream| all.type_params().any(|p| has_ident(ty, &p.ident));
        let generic: Vec<_> = types.iter().filter(is_generic).collect();
        let copies = self.types().enumerate().map(|(i, _)| {
            let member = self.own_member(i);
            quote!(::core::clone::Clone::clone(&self.#member))
        });
        let copy = self.build(name, copies);
        let shown = (0..types.len()).map(|i| self.own_member(i));
        let text = name.to_string();
        let fields = shown.map(|member| match &member {
            Member::Named(ident) => {
                let ident = ident.to_string();
                quote!(.field(#ident, &self.#member))
            }
            Member::Unnamed(_) => quote!(.field(&self.#member)),
        });
        let list = format_ident!("{}", if self.named { "debug_struct" } else { "debug_tuple" });
        quote! {
            #[automatically_derived]
            impl #generics ::core::clone::Clone for #name #arguments
            where #(#predicates,)* #(#generic: ::core::clone::Clone,)*
            {
                fn clone(&self) -> Self {
                    #copy
                }
            }
            #[automatically_derived]
            impl #generics ::core::fmt::Debug for #name #arguments
            where #(#predicates,)* #(#generic: ::core::fmt::Debug,)*
            {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.#list(#text)#(#fields)*.finish()
                }
            }
        }
    }

    /// How to reach a field in a companion.
    fn own_member(&self, i: usize) -> Member {
        // Without the fields left out, a tuple struct's fields move up.
        self.fields[i].1.ident.clone().map_or_else(|| Member::from(i), Member::Named)
    }

    /// The companion built of one expression a field.
    fn build(&self, name: &Ident, values: impl Iterator<Item = TokenStream>) -> TokenStream {
        let members = (0..self.fields.len()).map(|i| self.own_member(i));
        quote!(#name { #(#members: #values,)* })
    }
}

/// Whether tokens name a generic parameter.
fn mentions(tokens: &TokenStream, parameter: &GenericParam) -> bool {
    has_ident(
        tokens,
        match parameter {
            GenericParam::Type(parameter) => &parameter.ident,
            GenericParam::Const(parameter) => &parameter.ident,
            GenericParam::Lifetime(parameter) => &parameter.lifetime.ident,
        },
    )
}

fn has_ident(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => has_ident(&group.stream(), name),
        TokenTree::Ident(ident) => ident == *name,
        _ => false,
    })
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
    let kept = all.generics();
    let (_, own, _) = kept.split_for_impl();
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
            type Gradient = #gradient #own;
            type Optional = #optional #own;
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
    let kept = all.generics();
    let (_, own, _) = kept.split_for_impl();
    let types: Vec<_> = all.types().map(|ty| quote!(<#ty as #tape::Targets>::Seed)).collect();
    let seeds = all.companion(&seed, &format!("Seed of [`{name}`]."), &types);
    let first = all.types().next();
    let calls = all.members().enumerate().map(|(i, member)| {
        let own = all.own_member(i);
        let seed = quote!(::core::option::Option::map(seed, |seed| &seed.#own));
        quote!(#tape::Targets::seed(&self.#member, seeding, #seed)?;)
    });
    quote! {
        #seeds
        #[automatically_derived]
        impl #generics #tape::Targets for #name #arguments #bounds {
            type Elem = <#first as #tape::Targets>::Elem;
            type Seed = #seed #own;
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
