//! The generated functions around the cores: signatures, buffers, seeds, companion.

mod aux;
mod core;
mod gradient;
mod higher;
mod jacobian;
mod parts;
mod residual;
mod rule;
mod seed;

pub use self::core::{Core, Role, Slot};
pub use aux::{split_result, take_seed};
pub use rule::partials;
pub use seed::check_seed;

use crate::ir::{Expr, ExprKind, Function};
use crate::names;
use crate::signature::{Form, Param, Shape, Signature};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

/// Builds functions for one signature.
pub struct Wrap<'a> {
    pub sig: &'a Signature,
    /// The function has effects (or `&mut` parameters), for which it has to run exactly once.
    pub effects: bool,
    /// Signatures only: after an error.
    pub stub: bool,
    /// The gradient is one forward sweep: of one number, and of code that is all here (what a
    /// forward sweep of somebody's own pullback costs is not known).
    pub by_forward: bool,
    /// The pullback can be cloned, for several seeds.
    pub clones: bool,
}

/// A function but for its body.
struct Head {
    name: Ident,
    doc: String,
    params: Vec<TokenStream>,
    /// `None` for `()`.
    output: Option<TokenStream>,
}

/// What is emitted beside the function, and inside `impl` of its companion.
#[derive(Default)]
pub struct Generated {
    pub free: TokenStream,
    pub companion: TokenStream,
}

impl<'a> Wrap<'a> {
    pub fn new(sig: &'a Signature, effects: bool) -> Self {
        // A fallible function runs to see whether it fails.
        let effects = effects || sig.has_mut() || sig.output.fallible.is_some();
        Wrap { sig, effects, stub: false, by_forward: false, clones: false }
    }

    pub fn stubs(sig: &'a Signature) -> Self {
        Wrap { sig, effects: false, stub: true, by_forward: false, clones: true }
    }

    /// With the gradient of a function of one number by a forward sweep, which keeps nothing.
    pub fn of(sig: &'a Signature, function: &Function, effects: bool) -> Self {
        let mut active = sig.active_params();
        let of_one_number = active.next().is_some_and(|p| match (&p.shape, &sig.output.shape) {
            (Shape::Float(from), Shape::Float(to)) => {
                p.form == Form::Value && from.to_string() == to.to_string()
            }
            _ => false,
        }) && active.next().is_none();
        let plain = !sig.output.is_pair() && !sig.has_mut();
        let mut calls = false;
        let mut look = |e: &Expr| calls |= matches!(e.kind, ExprKind::Call(_));
        function.body.walk(&mut |stmt| {
            stmt.kind.exprs().into_iter().for_each(|e| e.walk(&mut look));
        });
        function.result.iter().for_each(|e| e.walk(&mut look));
        let by_forward = sig.passes.forward && of_one_number && plain && !calls;
        Wrap { by_forward, ..Wrap::new(sig, effects) }
    }

    /// All functions that call the cores.
    pub fn around(&self) -> TokenStream {
        [
            self.grad(),
            self.value_and_grad(),
            self.jacobian(),
            self.hvp(),
            self.hessian(),
            self.derivatives(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The companion with these functions.
    pub fn companion(&self, functions: &TokenStream) -> TokenStream {
        let Signature { vis, companion, attrs, name, .. } = self.sig;
        let cfgs = attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
        let cfgs: Vec<_> = cfgs.collect();
        let others = attrs.iter().filter(|attr| !attr.path().is_ident("deprecated"));
        let restrictions = restrictions();
        let doc =
            format!("The derivatives of [`{0}`](fn@{0}), for generated code to call.", plain(name));
        quote! {
            #(#cfgs)*
            #[doc = #doc]
            #[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
            #[allow(clippy::all, clippy::pedantic)]
            #vis enum #companion {}

            #(#others)*
            #[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
            #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
            #restrictions
            impl #companion {
                #functions
            }
        }
    }

    fn function(&self, head: Head, body: impl FnOnce() -> TokenStream) -> TokenStream {
        let restrictions = restrictions();
        let attrs = &self.sig.attrs;
        let function = self.bare(&self.sig.vis, head, body);
        quote! {
            #(#attrs)*
            #[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
            #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
            #restrictions
            #function
        }
    }

    /// A function of the companion.
    fn member(&self, head: Head, body: impl FnOnce() -> TokenStream) -> TokenStream {
        self.bare(&syn::Visibility::Public(Default::default()), head, body)
    }

    fn bare(
        &self,
        vis: &syn::Visibility,
        head: Head,
        body: impl FnOnce() -> TokenStream,
    ) -> TokenStream {
        let Head { name, doc, params, output } = head;
        let generics = &self.sig.generics;
        let wheres = &generics.where_clause;
        let output = output.map(|ty| quote!(-> #ty));
        let body = if self.stub { quote!(::core::unimplemented!()) } else { body() };
        quote! {
            #[doc = #doc]
            #[inline]
            #vis fn #name #generics (#(#params),*) #output #wheres { #body }
        }
    }

    // What wrappers are made of.

    /// A name for a variable of the wrapper, which is none of a parameter or of what belongs to
    /// one (`x_dot` of `x`).
    fn local(&self, wanted: &str) -> Ident {
        let clashes = |text: &str| {
            self.sig.params.iter().any(|p| {
                let rest = text.strip_prefix(&plain(&p.name));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            })
        };
        let mut text = wanted.to_string();
        let mut n = 1;
        while clashes(&text) {
            n += 1;
            text = format!("own{n}_{wanted}");
        }
        names::local(&text)
    }

    /// `x_bar` of `x`, unless a parameter is called that.
    fn suffixed(&self, p: &Param, suffix: &str) -> Ident {
        let wanted = format!("{}_{suffix}", plain(&p.name));
        let mut text = wanted.clone();
        let mut n = 1;
        while self.sig.params.iter().any(|other| plain(&other.name) == text) {
            n += 1;
            text = format!("{wanted}_{n}");
        }
        names::local(&text)
    }

    fn doc(&self, text: &str) -> String {
        text.replace("{f}", &format!("[`{0}()`](fn@{0})", plain(&self.sig.name)))
    }

    fn private(&self, name: &str) -> TokenStream {
        self.sig.paths.private(name)
    }

    /// `x: T` for every parameter.
    fn primal_params(&self) -> Vec<TokenStream> {
        let param = |p: &Param| {
            let (name, ty) = (&p.name, &p.ty);
            quote!(#name: #ty)
        };
        self.sig.params.iter().map(param).collect()
    }

    /// The parameters as arguments, moved.
    fn primal_args(&self) -> Vec<TokenStream> {
        self.sig.params.iter().map(|p| p.name.to_token_stream()).collect()
    }

    /// The parameters as arguments of a call that is not the last one.
    fn primal_copies(&self) -> Vec<TokenStream> {
        self.sig.params.iter().map(copy_of).collect()
    }

    /// Arguments for a computation beside the call of the function itself, if there is one.
    fn args_beside_call(&self) -> Vec<TokenStream> {
        if self.effects { self.primal_copies() } else { self.primal_args() }
    }

    /// `f(x, y)`
    fn call_primal(&self) -> TokenStream {
        let (name, generics, args) = (&self.sig.name, self.turbofish(), self.primal_args());
        quote!(#name #generics (#(#args),*))
    }

    /// After a call of a generated function that may fail.
    fn question_mark(&self) -> Option<TokenStream> {
        self.sig.output.fallible.is_some().then(|| quote!(?))
    }

    /// The type of a generated function's result: in `Result` or `Option` if the function's is.
    fn outcome_type(&self, value: TokenStream) -> TokenStream {
        match &self.sig.output.fallible {
            Some(fallible) => fallible.around(&value),
            None => value,
        }
    }

    /// A generated function's result, where nothing failed.
    fn success(&self, value: TokenStream) -> TokenStream {
        match &self.sig.output.fallible {
            Some(fallible) => fallible.success(&value),
            None => value,
        }
    }

    /// The body of a function whose value is the pair of value and failure, inside so many pairs
    /// of value and tangent.
    fn rejoin(&self, body: TokenStream, times: usize) -> TokenStream {
        let Some(fallible) = &self.sig.output.fallible else {
            return body;
        };
        let [value, failure] = ["value", "failure"].map(|name| self.local(name));
        let (mut pattern, mut result) = (quote!((#value, #failure)), quote!(#value));
        for i in 0..times {
            let tangent = names::local(&format!("tangent_{i}"));
            pattern = quote!((#pattern, #tangent));
            result = quote!((#result, #tangent));
        }
        let outcome = fallible.rejoin(&result, &failure);
        quote!(let #pattern = { #body }; #outcome)
    }

    /// `f::back`
    fn of_companion(&self, name: &Ident) -> TokenStream {
        let (companion, generics) = (&self.sig.companion, self.turbofish());
        quote!(#companion::#name #generics)
    }

    /// `grad_f`
    fn sibling(&self, prefix: &str) -> TokenStream {
        let (name, generics) = (names::prefixed(prefix, &self.sig.name), self.turbofish());
        quote!(#name #generics)
    }

    /// Type and const arguments, which nothing else may determine.
    fn turbofish(&self) -> Option<TokenStream> {
        let args: Vec<_> = self
            .sig
            .generics
            .params
            .iter()
            .filter_map(|param| match param {
                syn::GenericParam::Type(t) => Some(&t.ident),
                syn::GenericParam::Const(c) => Some(&c.ident),
                _ => None,
            })
            .collect();
        // `impl Trait` parameters are generic too, and nothing names them.
        (!args.is_empty()).then(|| quote!(::<#(#args),*>))
    }

    /// `G`: one gradient, or a tuple of them.
    fn gradient_type(&self) -> TokenStream {
        let all: Vec<_> = self.sig.active_params().map(|p| &p.tangent).collect();
        tuple(&all)
    }

    fn value_type(&self) -> Option<TokenStream> {
        self.sig.output.ty.as_ref().map(|ty| self.outcome_type(ty.to_token_stream()))
    }

    /// The type of the value, without `Result` or `Option`.
    fn bare_value_type(&self) -> Option<TokenStream> {
        self.sig.output.ty.as_ref().map(|ty| ty.to_token_stream())
    }

    /// The result's float type, if it is one.
    fn float_output(&self) -> Option<&TokenStream> {
        match &self.sig.output.shape {
            Shape::Float(float) => Some(float),
            _ => None,
        }
    }

    /// `let mut x_bar = …;` for the active parameters, and the names.
    fn zeros(&self, suffix: &str) -> (TokenStream, Vec<Ident>) {
        let mut lets = self.final_states();
        let mut bars = Vec::new();
        for p in self.sig.active_params() {
            let bar = self.suffixed(p, suffix);
            let zero = self.zero_of(p);
            lets.extend(quote!(let mut #bar #zero;));
            bars.push(bar);
        }
        (lets, bars)
    }

    /// `= zero`, with a type where it needs one.
    fn zero_of(&self, p: &Param) -> TokenStream {
        if let Shape::Float(float) = &p.shape {
            let zero = constant("0.0", float);
            return quote!(: #float = #zero);
        }
        let (zero_like, value) = (self.private("zero_like"), self.shaped_like(p));
        quote!(= #zero_like(#value))
    }

    /// What has the shape of the parameter's adjoint before the sweep: that of the final state.
    fn shaped_like(&self, p: &Param) -> TokenStream {
        if p.may_grow() {
            let end = self.suffixed(p, "end");
            return quote!(&#end);
        }
        borrow(p)
    }

    /// Final states of active parameters whose length may change, found by running the function
    /// on copies.
    fn final_states(&self) -> TokenStream {
        let mut copies = TokenStream::new();
        let args: Vec<_> = self
            .sig
            .params
            .iter()
            .map(|p| {
                if !(p.active && p.may_grow()) {
                    return copy_of(p);
                }
                let (name, end) = (&p.name, self.suffixed(p, "end"));
                copies.extend(quote!(let mut #end = ::std::borrow::ToOwned::to_owned(&*#name);));
                quote!(&mut #end)
            })
            .collect();
        if copies.is_empty() {
            return copies;
        }
        let value = self.of_companion(&names::local("value"));
        quote!(#copies #value(#(#args),*);)
    }

    /// Panics unless `other` is shaped like the parameter; nothing if types see to that.
    fn same_shape(&self, p: &Param, other: &TokenStream) -> Option<TokenStream> {
        self.same_shape_as(p, &borrow(p), other)
    }

    fn same_shape_as(
        &self,
        p: &Param,
        value: &TokenStream,
        other: &TokenStream,
    ) -> Option<TokenStream> {
        if matches!(p.shape, Shape::Float(_) | Shape::Array(..) | Shape::Discrete) {
            return None;
        }
        let same_len = self.private("same_len");
        let text = plain(&p.name);
        Some(quote!(#same_len(#text, #value, #other);))
    }
}

/// The identifier as text, without `r#`.
fn plain(name: &Ident) -> String {
    use syn::ext::IdentExt;
    name.unraw().to_string()
}

fn tuple<T: ToTokens>(items: &[T]) -> TokenStream {
    match items {
        [single] => single.to_token_stream(),
        _ => quote!((#(#items),*)),
    }
}

/// A literal of a float type; a type parameter's goes through `Real::of`.
fn constant(text: &str, float: &TokenStream) -> TokenStream {
    let literal: proc_macro2::Literal = text.parse().expect("a literal");
    let name = float.to_string();
    if name.ends_with("f64") || name.ends_with("f32") {
        quote!(#literal)
    } else {
        quote!(#float::of(#literal))
    }
}

/// The parameter as `&T`.
fn borrow(p: &Param) -> TokenStream {
    borrow_as(p.form, &p.name)
}

fn borrow_as(form: Form, name: &Ident) -> TokenStream {
    match form {
        Form::Value => quote!(&#name),
        Form::Ref => quote!(#name),
        Form::RefMut => quote!(&*#name),
    }
}

/// The parameter's value once more.
fn copy_of(p: &Param) -> TokenStream {
    let name = &p.name;
    match p.form {
        Form::Ref => quote!(#name),
        Form::RefMut => quote!(&mut ::std::borrow::ToOwned::to_owned(&*#name)),
        Form::Value if is_copy(p) => quote!(#name),
        Form::Value => quote!(::core::clone::Clone::clone(&#name)),
    }
}

fn is_copy(p: &Param) -> bool {
    match &p.shape {
        Shape::Float(_) | Shape::Array(..) => true,
        Shape::Discrete => match crate::signature::peel(&p.ty) {
            syn::Type::Path(path) => path.path.get_ident().is_some_and(|name| {
                name != "String" && crate::lower::ty::is_discrete_name(&name.to_string())
            }),
            _ => false,
        },
        _ => false,
    }
}

/// Clippy's restrictions that code keeps in which nobody indexes or counts, but that the loops made
/// of it do not. (Not all restrictions: users may `forbid` the others, which nothing can allow.)
fn restrictions() -> TokenStream {
    quote! {
        #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::integer_division)]
    }
}
