//! What the function's signature says: parameters, which of them are active, tangent types.

mod types;

use crate::args::{Args, Companion, Passes};
use crate::diagnostics::Diagnostics;
use crate::fallible::Fallible;
use crate::names;
use crate::paths::Paths;
use proc_macro2::{Ident, TokenStream};
use syn::Type;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use types::{Types, find_impl_trait, vec_element};

pub use types::peel;

/// All that is generated takes after this.
pub struct Signature {
    pub name: Ident,
    pub vis: syn::Visibility,
    /// Of the user's attributes, those that what is generated has to share (`cfg` …).
    pub attrs: Vec<syn::Attribute>,
    pub generics: syn::Generics,
    pub params: Vec<Param>,
    pub output: Output,
    /// Type parameters bounded by `Real`.
    pub reals: Vec<String>,
    pub order: usize,
    /// `order = n` was written, also for 1.
    pub order_given: bool,
    pub companion: Ident,
    pub paths: Paths,
    pub passes: Passes,
    /// All types of what is generated can be written down: stubs are possible.
    pub nameable: bool,
}

pub struct Param {
    /// In wrappers: with a hygiene of its own, so that a parameter may have the function's name.
    pub name: Ident,
    /// The identifier of the pattern, with which the user's code refers to it.
    pub source: Ident,
    /// As written.
    pub ty: Type,
    pub form: Form,
    /// The type behind the reference, if it is one.
    pub target: Type,
    pub active: bool,
    /// The gradient: the target's tangent.
    pub tangent: TokenStream,
    /// What an adjoint buffer is a `&mut` of: `[f64]` for slices and `Vec`s.
    pub buffer: TokenStream,
    pub shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Value,
    Ref,
    RefMut,
}

/// What is known of a type's shape; the tokens are those of the float inside.
#[derive(Clone, Debug)]
pub enum Shape {
    Float(TokenStream),
    /// `[T; N]` of floats.
    Array(TokenStream, TokenStream),
    /// `[T]` or `Vec<T>` of floats.
    List(TokenStream),
    /// Carries no derivative.
    Discrete,
    Other,
}

pub struct Output {
    /// `None` for `()`.
    pub ty: Option<Type>,
    /// Of the value, or with `aux` of its first component.
    pub tangent: TokenStream,
    pub shape: Shape,
    pub active: bool,
    pub aux: bool,
    /// `ty` and all else here is about the value inside `Result` or `Option`.
    pub fallible: Option<Fallible>,
}

impl Output {
    /// To the transformations the result is a pair, of which only the first component has a
    /// derivative.
    pub fn is_pair(&self) -> bool {
        self.aux || self.fallible.is_some()
    }
}

impl Param {
    /// `&mut Vec<T>`, whose length may change.
    pub fn may_grow(&self) -> bool {
        self.form == Form::RefMut && vec_element(&self.target).is_some()
    }
}

impl Signature {
    /// `None` if there is not even enough for stubs.
    pub fn read(item: &syn::ItemFn, args: &Args, errors: &mut Diagnostics) -> Option<Signature> {
        let before = errors.len();
        refuse_modifiers(&item.sig, errors);
        let types = Types::new(&item.sig.generics, args.paths.clone());
        let mut params = Vec::new();
        for (i, input) in item.sig.inputs.iter().enumerate() {
            match input {
                syn::FnArg::Receiver(receiver) => errors.error(
                    receiver.self_token.span,
                    "methods cannot be differentiated yet: write a free function that takes \
                     what it needs as parameters",
                ),
                syn::FnArg::Typed(typed) => {
                    for attr in &typed.attrs {
                        errors.error(attr.span(), "attributes of parameters are not supported");
                    }
                    params.push(types.param(i, typed, errors));
                }
            }
        }
        if errors.len() > before {
            return None;
        }
        let output = types.output(&item.sig.output, args, errors);
        let mut signature = Signature {
            name: item.sig.ident.clone(),
            vis: item.vis.clone(),
            attrs: shared_attributes(&item.attrs),
            generics: item.sig.generics.clone(),
            params,
            output,
            reals: types.reals.clone(),
            order: args.order,
            order_given: args.order_given,
            companion: match &args.companion {
                Companion::AsFunction => item.sig.ident.clone(),
                Companion::Named(name) => name.clone(),
                Companion::Hidden => {
                    names::local(&format!("__{}_companion", item.sig.ident.unraw()))
                }
            },
            paths: args.paths.clone(),
            passes: args.passes,
            nameable: errors.len() == before,
        };
        signature.choose_active(args, errors);
        signature.check_outputs(args, errors);
        signature.check_partials(args, errors);
        Some(signature)
    }

    pub fn active(&self) -> Vec<bool> {
        self.params.iter().map(|p| p.active).collect()
    }

    pub fn active_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| p.active)
    }

    pub fn has_mut(&self) -> bool {
        self.params.iter().any(|p| p.form == Form::RefMut)
    }

    fn choose_active(&mut self, args: &Args, errors: &mut Diagnostics) {
        if let Some(names) = &args.wrt {
            for param in &mut self.params {
                param.active = false;
            }
            for name in names {
                match self.params.iter_mut().find(|p| p.name == *name) {
                    _ if name == "self" => errors.error(
                        name.span(),
                        "methods cannot be differentiated yet: there is no `self` here",
                    ),
                    Some(param) if matches!(param.shape, Shape::Discrete) => errors
                        .error(name.span(), format!("`{name}` has a type without derivatives")),
                    Some(param) => param.active = true,
                    None => errors.error(name.span(), format!("no parameter is named `{name}`")),
                }
            }
        }
        for param in self.params.iter().filter(|p| p.active) {
            if let Some(ty) = find_impl_trait(&param.ty) {
                self.nameable = false;
                errors.error(
                    ty.span(),
                    "the gradient's type cannot be named here: use a type parameter \
                     (`fn f<T: Real>(x: T)`) instead of `impl`",
                );
            }
        }
        if self.active_params().next().is_none() && errors.is_empty() {
            errors.error(
                self.name.span(),
                format!(
                    "`{}` has no parameter to differentiate with respect to: integers, `bool`, \
                     `char`, strings, `dyn` and function values have no derivative",
                    self.name
                ),
            );
        }
    }

    fn check_outputs(&self, args: &Args, errors: &mut Diagnostics) {
        let out = self.active_params().any(|p| p.form == Form::RefMut);
        if !self.output.active && !out && errors.is_empty() {
            errors.error(
                self.output.ty.as_ref().map_or(self.name.span(), Spanned::span),
                format!(
                    "`{}` has no output that could depend on its parameters: return a value, or \
                     write to a `&mut` parameter",
                    self.name
                ),
            );
        }
        if self.has_mut() && (args.vjp.is_some() || args.jvp.is_some()) {
            errors
                .error(self.name.span(), "an own rule is for functions without `&mut` parameters");
        }
    }

    fn check_partials(&self, args: &Args, errors: &mut Diagnostics) {
        let Some(partials) = &args.derivative else {
            return;
        };
        if !matches!(self.output.shape, Shape::Float(_)) {
            errors
                .error(self.name.span(), "`derivative(…)` is for functions that return one float");
        }
        for (name, _) in partials {
            match self.params.iter().find(|p| p.name == *name) {
                None => errors.error(name.span(), format!("no parameter is named `{name}`")),
                Some(p) if !p.active => errors
                    .error(name.span(), format!("`{name}` is not differentiated with respect to")),
                Some(p) if !matches!(p.shape, Shape::Float(_)) || p.form == Form::RefMut => {
                    errors.error(
                        name.span(),
                        format!("`{name}` is not a float: use `vjp = …` or `jvp = …`"),
                    );
                }
                Some(_) => {}
            }
        }
        for param in self.active_params() {
            if !partials.iter().any(|(name, _)| *name == param.name) {
                errors.error(
                    param.name.span(),
                    format!(
                        "the partial for `{0}` is missing: add `{0} = …` to `derivative(…)`, or \
                         leave `{0}` out with `wrt(…)`",
                        param.name
                    ),
                );
            }
        }
    }
}

fn refuse_modifiers(sig: &syn::Signature, errors: &mut Diagnostics) {
    if let Some(token) = &sig.asyncness {
        errors.error(token.span(), "`async` functions cannot be differentiated");
    }
    if let syn::Safety::Unsafe(token) = &sig.safety {
        errors.error(token.span(), "`unsafe` functions cannot be differentiated");
    }
    if let Some(token) = &sig.variadic {
        errors.error(token.span(), "variadic functions cannot be differentiated");
    }
}

/// `cfg`s, lint levels and the like. `expect` becomes `allow`: what it expects may not occur.
fn shared_attributes(attrs: &[syn::Attribute]) -> Vec<syn::Attribute> {
    attrs
        .iter()
        .filter_map(|attr| {
            let name = attr.path().get_ident()?.to_string();
            match name.as_str() {
                "cfg" | "deprecated" | "allow" => Some(attr.clone()),
                "expect" => {
                    let list = attr.meta.require_list().ok()?.tokens.clone();
                    Some(syn::parse_quote!(#[allow(#list)]))
                }
                _ => None,
            }
        })
        .collect()
}
