//! Types as far as syntax tells them.

use crate::ir::{FloatTy, TokensEq, Ty};
use quote::ToTokens;

const DISCRETE: &[&str] = &[
    "bool", "char", "str", "String", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16",
    "i32", "i64", "i128", "isize",
];

/// Integer types, `bool`, `char` and strings.
pub fn is_discrete_name(name: &str) -> bool {
    DISCRETE.contains(&name)
}

/// The type as the compiler knows it; `reals` are the type parameters bounded by `Real`.
pub fn from_syn(ty: &syn::Type, reals: &[String]) -> Ty {
    match ty {
        syn::Type::Group(inner) => from_syn(&inner.elem, reals),
        syn::Type::Paren(inner) => from_syn(&inner.elem, reals),
        syn::Type::Reference(reference) => Ty::Ref {
            mutable: reference.mutability.is_some(),
            inner: Box::new(from_syn(&reference.elem, reals)),
        },
        syn::Type::Slice(slice) => Ty::Slice(Box::new(from_syn(&slice.elem, reals))),
        syn::Type::Array(array) => {
            Ty::Array(Box::new(from_syn(&array.elem, reals)), TokensEq(array.len.to_token_stream()))
        }
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ty::Unit,
        syn::Type::Tuple(tuple) => {
            Ty::Tuple(tuple.elems.iter().map(|elem| from_syn(elem, reals)).collect())
        }
        syn::Type::Infer(_) => Ty::Unknown,
        syn::Type::Never(_) => Ty::Discrete(None),
        syn::Type::Path(path) => from_path(path, ty, reals),
        _ => Ty::Named(TokensEq(ty.to_token_stream())),
    }
}

fn from_path(path: &syn::TypePath, whole: &syn::Type, reals: &[String]) -> Ty {
    let named = || Ty::Named(TokensEq(whole.to_token_stream()));
    if path.qself.is_some() {
        return named();
    }
    let Some(last) = path.path.segments.last() else {
        return named();
    };
    let name = last.ident.to_string();
    let single = path.path.segments.len() == 1;
    let primitive = single || is_std_path(&path.path);
    match name.as_str() {
        "f32" if primitive => Ty::Float(FloatTy::F32),
        "f64" if primitive => Ty::Float(FloatTy::F64),
        "Vec" if primitive => match &last.arguments {
            syn::PathArguments::AngleBracketed(args) => match args.args.first() {
                Some(syn::GenericArgument::Type(elem)) if args.args.len() == 1 => {
                    Ty::Vec(Box::new(from_syn(elem, reals)))
                }
                _ => Ty::Vec(Box::new(Ty::Unknown)),
            },
            _ => Ty::Vec(Box::new(Ty::Unknown)),
        },
        _ if primitive && is_discrete_name(&name) => {
            Ty::Discrete(Some(whole.to_token_stream().to_string()))
        }
        _ if single && reals.contains(&name) => Ty::Float(FloatTy::Param(name)),
        _ => named(),
    }
}

fn is_std_path(path: &syn::Path) -> bool {
    path.segments
        .first()
        .is_some_and(|first| ["std", "core", "alloc"].iter().any(|root| first.ident == root))
}

impl Ty {
    /// The type in Rust, where all of it is known.
    pub fn to_rust(&self) -> Option<proc_macro2::TokenStream> {
        use quote::quote;
        Some(match self {
            Ty::Float(FloatTy::F32) => quote!(f32),
            Ty::Float(FloatTy::F64) => quote!(f64),
            Ty::Float(FloatTy::Param(name)) => {
                let name = quote::format_ident!("{name}");
                quote!(#name)
            }
            Ty::Float(FloatTy::Some) | Ty::Discrete(None) | Ty::Unknown => return None,
            Ty::Discrete(Some(text)) => text.parse().ok()?,
            Ty::Array(inner, len) => {
                let (inner, len) = (inner.to_rust()?, &len.0);
                quote!([#inner; #len])
            }
            Ty::Slice(inner) => {
                let inner = inner.to_rust()?;
                quote!([#inner])
            }
            Ty::Vec(inner) => {
                let inner = inner.to_rust()?;
                quote!(::std::vec::Vec<#inner>)
            }
            Ty::Tuple(parts) => {
                let parts = parts.iter().map(Ty::to_rust).collect::<Option<Vec<_>>>()?;
                quote!((#(#parts,)*))
            }
            Ty::Ref { mutable: true, inner } => {
                let inner = inner.to_rust()?;
                quote!(&mut #inner)
            }
            Ty::Ref { mutable: false, inner } => {
                let inner = inner.to_rust()?;
                quote!(&#inner)
            }
            Ty::Named(tokens) => tokens.0.clone(),
            Ty::Unit => quote!(()),
        })
    }
}
