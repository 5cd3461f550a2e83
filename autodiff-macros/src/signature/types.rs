//! Types of the signature: which can be active, and their tangents.

use super::{Form, Output, Param, Shape};
use crate::args::Args;
use crate::diagnostics::Diagnostics;
use crate::fallible::Fallible;
use crate::names;
use crate::paths::Paths;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{GenericParam, Type, TypeParamBound};

/// What of the generics bears on types.
pub struct Types {
    pub reals: Vec<String>,
    /// Type parameters bounded by `Fn`, `FnMut`, `FnOnce`.
    functions: Vec<String>,
    paths: Paths,
}

impl Types {
    pub fn new(generics: &syn::Generics, paths: Paths) -> Types {
        Types {
            reals: bounded_by(generics, &["Real"]),
            functions: bounded_by(generics, &["Fn", "FnMut", "FnOnce"]),
            paths,
        }
    }

    pub fn param(&self, i: usize, typed: &syn::PatType, errors: &mut Diagnostics) -> Param {
        let name = match &*typed.pat {
            syn::Pat::Ident(pat) => {
                if let Some(by_ref) = &pat.by_ref {
                    errors.error(by_ref.span, "`ref` in a parameter is not supported");
                }
                pat.ident.clone()
            }
            _ => names::local(&format!("arg_{i}")),
        };
        let ty = (*typed.ty).clone();
        let (form, target) = match peel(&ty) {
            Type::Reference(r) if r.mutability.is_some() => (Form::RefMut, peel(&r.elem).clone()),
            Type::Reference(r) => (Form::Ref, peel(&r.elem).clone()),
            other => (Form::Value, other.clone()),
        };
        let tangent = self.tangent(&target);
        let buffer = match &target {
            Type::Slice(slice) => self.slice_of(&slice.elem),
            other => match vec_element(other) {
                // A `Vec` behind `&mut` may grow and shrink, and its adjoint with it.
                Some(elem) if form != Form::RefMut => self.slice_of(elem),
                _ => tangent.clone(),
            },
        };
        let shape = self.shape(&target);
        let source = name;
        let name = names::ident(
            &source.to_string(),
            proc_macro2::Span::mixed_site().located_at(source.span()),
        );
        Param {
            name,
            source,
            form,
            active: !matches!(shape, Shape::Discrete),
            tangent,
            buffer,
            shape,
            target,
            ty,
        }
    }

    fn slice_of(&self, elem: &Type) -> TokenStream {
        let elem = self.tangent(elem);
        quote!([#elem])
    }

    pub fn output(
        &self,
        output: &syn::ReturnType,
        args: &Args,
        errors: &mut Diagnostics,
    ) -> Output {
        let ty = match output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some((**ty).clone()),
        };
        let fallible = ty.as_ref().and_then(Fallible::of);
        if let (Some(fallible), true) = (&fallible, args.aux.is_some() || args.has_rule()) {
            errors.error(
                fallible.value.span(),
                "a fallible function has neither `aux` nor an own rule: put what cannot fail into \
                 a function of its own",
            );
        }
        let ty = match &fallible {
            Some(fallible) => Some(fallible.value.clone()),
            None => ty,
        };
        let mut aux = false;
        let value = match (&ty, args.aux) {
            (None, None) => None,
            (Some(ty), None) => Some(ty.clone()),
            (ty, Some(span)) => match ty.as_ref().map(peel) {
                Some(Type::Tuple(t)) if t.elems.len() == 2 && self.is_float(&t.elems[0]) => {
                    aux = true;
                    Some(t.elems[0].clone())
                }
                _ => {
                    errors.error(span, "`aux` is for functions that return `(float, something)`");
                    None
                }
            },
        };
        if let Some(ty) = &value {
            refuse_output(ty, errors);
        }
        let is_unit = value
            .as_ref()
            .is_none_or(|ty| matches!(peel(ty), Type::Tuple(t) if t.elems.is_empty()));
        if is_unit {
            if let Some(fallible) = &fallible {
                errors.error(
                    fallible.value.span(),
                    "a fallible function without a value cannot be differentiated: return one, or \
                     check before calling it",
                );
            }
            let tangent = quote!(());
            let (shape, active) = (Shape::Discrete, false);
            return Output { ty: None, tangent, shape, active, aux, fallible: None };
        }
        let value = value.expect("not unit");
        let shape = self.shape(&value);
        Output {
            tangent: self.tangent(&value),
            active: !matches!(shape, Shape::Discrete),
            shape,
            ty,
            aux,
            fallible,
        }
    }

    fn is_float(&self, ty: &Type) -> bool {
        match peel(ty) {
            Type::Path(path) if path.qself.is_none() => {
                path.path.get_ident().is_some_and(|ident| {
                    ident == "f64" || ident == "f32" || self.reals.iter().any(|r| ident == r)
                }) || primitive(&path.path).is_some_and(|name| name == "f32" || name == "f64")
            }
            _ => false,
        }
    }

    fn shape(&self, ty: &Type) -> Shape {
        let ty = peel(ty);
        if self.is_discrete(ty) {
            return Shape::Discrete;
        }
        if self.is_float(ty) {
            return Shape::Float(ty.to_token_stream());
        }
        match ty {
            Type::Array(array) if self.is_float(&array.elem) => {
                Shape::Array(peel(&array.elem).to_token_stream(), array.len.to_token_stream())
            }
            Type::Slice(slice) if self.is_float(&slice.elem) => {
                Shape::List(peel(&slice.elem).to_token_stream())
            }
            _ => match vec_element(ty) {
                Some(elem) if self.is_float(elem) => Shape::List(peel(elem).to_token_stream()),
                _ => Shape::Other,
            },
        }
    }

    /// Consists only of what has no derivative.
    fn is_discrete(&self, ty: &Type) -> bool {
        match peel(ty) {
            Type::Reference(r) => self.is_discrete(&r.elem),
            Type::Slice(s) => self.is_discrete(&s.elem),
            Type::Array(a) => self.is_discrete(&a.elem),
            Type::Tuple(t) => t.elems.iter().all(|elem| self.is_discrete(elem)),
            Type::TraitObject(_) | Type::FnPtr(_) | Type::Never(_) => true,
            Type::ImplTrait(it) => it.bounds.iter().any(is_function_bound),
            Type::Path(path) if path.qself.is_none() => {
                if let Some(ident) = path.path.get_ident()
                    && self.functions.iter().any(|f| ident == f)
                {
                    return true;
                }
                if let Some(name) = primitive(&path.path)
                    && crate::lower::ty::is_discrete_name(&name)
                {
                    return true;
                }
                let last = path.path.segments.last();
                last.is_some_and(|last| {
                    let known = ["Vec", "Option", "Box"].iter().any(|name| last.ident == name);
                    known
                        && generic_types(last)
                            .is_some_and(|mut types| types.all(|ty| self.is_discrete(ty)))
                })
            }
            _ => false,
        }
    }

    /// `<T as Differentiable>::Tangent`, written out where it is known.
    fn tangent(&self, ty: &Type) -> TokenStream {
        let ty = peel(ty);
        match ty {
            _ if self.is_float(ty) => ty.to_token_stream(),
            Type::Reference(r) => self.tangent(&r.elem),
            Type::Array(array) => {
                let (elem, len) = (self.tangent(&array.elem), &array.len);
                quote!([#elem; #len])
            }
            Type::Slice(slice) => {
                let elem = self.tangent(&slice.elem);
                quote!(::std::vec::Vec<#elem>)
            }
            Type::Tuple(tuple) if tuple.elems.is_empty() => self.paths.private("NoTangent"),
            Type::Tuple(tuple) => {
                let elems = tuple.elems.iter().map(|elem| self.tangent(elem));
                quote!((#(#elems,)*))
            }
            _ => {
                if let Type::Path(path) = ty
                    && path.qself.is_none()
                {
                    if primitive(&path.path).is_some_and(|n| crate::lower::ty::is_discrete_name(&n))
                    {
                        return self.paths.private("NoTangent");
                    }
                    if let Some(elem) = vec_element(ty) {
                        let elem = self.tangent(elem);
                        return quote!(::std::vec::Vec<#elem>);
                    }
                }
                let differentiable = self.paths.public("Differentiable");
                quote!(<#ty as #differentiable>::Tangent)
            }
        }
    }
}

fn refuse_output(ty: &Type, errors: &mut Diagnostics) {
    match peel(ty) {
        Type::Reference(r) => errors
            .error(r.span(), "a differentiable function returns an owned value, not a reference"),
        Type::ImplTrait(it) => errors
            .error(it.span(), "the type of the result has to be written out to be differentiated"),
        _ => {}
    }
}

/// The type behind parentheses and the invisible groups that `macro_rules` leaves.
pub fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(inner) => peel(&inner.elem),
        Type::Paren(inner) => peel(&inner.elem),
        other => other,
    }
}

/// `f64`, `std::primitive::f64`, `std::string::String`: the last name of such a path.
fn primitive(path: &syn::Path) -> Option<String> {
    let last = path.segments.last()?;
    let first = &path.segments.first()?.ident;
    let known = path.segments.len() == 1 || ["std", "core", "alloc"].iter().any(|r| first == r);
    (known && last.arguments.is_none()).then(|| last.ident.to_string())
}

fn generic_types(segment: &syn::PathSegment) -> Option<impl Iterator<Item = &Type>> {
    match &segment.arguments {
        syn::PathArguments::AngleBracketed(args) => {
            Some(args.args.iter().filter_map(|a| match a {
                syn::GenericArgument::Type(ty) => Some(ty),
                _ => None,
            }))
        }
        _ => None,
    }
}

/// `T` of `Vec<T>`.
pub fn vec_element(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = peel(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    if last.ident != "Vec" {
        return None;
    }
    let mut types = generic_types(last)?;
    let elem = types.next()?;
    types.next().is_none().then_some(elem)
}

fn is_function_bound(bound: &TypeParamBound) -> bool {
    is_bound(bound, &["Fn", "FnMut", "FnOnce"])
}

fn is_bound(bound: &TypeParamBound, names: &[&str]) -> bool {
    let TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    let last = bound.path.segments.last();
    last.is_some_and(|last| names.iter().any(|name| last.ident == name))
}

/// The type parameters with a bound of one of these names.
fn bounded_by(generics: &syn::Generics, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for param in &generics.params {
        if let GenericParam::Type(param) = param
            && param.bounds.iter().any(|b| is_bound(b, names))
        {
            found.push(param.ident.to_string());
        }
    }
    for predicate in generics.where_clause.iter().flat_map(|w| &w.predicates) {
        if let syn::WherePredicate::Type(predicate) = predicate
            && predicate.bounds.iter().any(|b| is_bound(b, names))
            && let Type::Path(path) = &predicate.bounded_ty
            && let Some(ident) = path.path.get_ident()
        {
            found.push(ident.to_string());
        }
    }
    found
}

pub fn find_impl_trait(ty: &Type) -> Option<&Type> {
    match peel(ty) {
        Type::Reference(r) => find_impl_trait(&r.elem),
        Type::Slice(s) => find_impl_trait(&s.elem),
        Type::Array(a) => find_impl_trait(&a.elem),
        Type::Tuple(t) => t.elems.iter().find_map(find_impl_trait),
        found @ Type::ImplTrait(_) => Some(found),
        _ => None,
    }
}
