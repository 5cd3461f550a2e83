//! `grad_f`, `value_and_grad_f`, `vjp_f`.

use super::{Head, Wrap, constant, tuple};
use crate::emit::Emitter;
use crate::ir::{ExprKind, Function, Role as VarRole, Ty};
use crate::names;
use crate::signature::Shape;
use crate::transform::reverse::Split;
use proc_macro2::TokenStream;
use quote::quote;

impl Wrap<'_> {
    pub(super) fn grad(&self) -> Option<TokenStream> {
        let float = self.float_output()?;
        let head = Head {
            name: names::prefixed("grad", &self.sig.name),
            doc: self.doc("The gradient of {f}."),
            params: self.primal_params(),
            output: Some(self.outcome_type(self.gradient_type())),
        };
        Some(self.function(head, || {
            if self.by_forward {
                let sweep = self.forward_sweep(float);
                return quote!(#sweep.1);
            }
            let (lets, bars) = self.zeros("bar");
            let (one, args, gradient) = (constant("1.0", float), self.primal_args(), tuple(&bars));
            // With effects (and final states) the value has to be computed for them anyway.
            let call = if self.effects {
                let adjoint = self.sibling("adjoint");
                let question = self.question_mark();
                quote!(#adjoint(#(#args,)* #one, #(&mut #bars),*) #question)
            } else {
                let slots = self.bar_slots(&bars);
                let back = self.of_companion(&names::back(0));
                quote!(#back(#(#args,)* #one, #(#slots),*))
            };
            let gradient = self.success(gradient);
            quote!(#lets #call; #gradient)
        }))
    }

    pub(super) fn value_and_grad(&self) -> Option<TokenStream> {
        let float = self.float_output()?;
        let (value, gradient) = (self.bare_value_type(), self.gradient_type());
        let head = Head {
            name: names::prefixed("value_and_grad", &self.sig.name),
            doc: self.doc("The value of {f} and its gradient, in one sweep."),
            params: self.primal_params(),
            output: Some(self.outcome_type(quote!((#value, #gradient)))),
        };
        Some(self.function(head, || {
            if self.by_forward {
                return self.forward_sweep(float);
            }
            let (lets, bars) = self.zeros("bar");
            let (one, args, gradient) = (constant("1.0", float), self.primal_args(), tuple(&bars));
            let adjoint = self.sibling("adjoint");
            let (value, question) = (self.local("value"), self.question_mark());
            let both = self.success(quote!((#value, #gradient)));
            quote! {
                #lets
                let #value = #adjoint(#(#args,)* #one, #(&mut #bars),*) #question;
                #both
            }
        }))
    }

    /// Value and derivative of a function of one number.
    fn forward_sweep(&self, float: &TokenStream) -> TokenStream {
        let (jvp, args, one) = (self.sibling("jvp"), self.primal_args(), constant("1.0", float));
        quote!(#jvp(#(#args,)* #one))
    }

    /// Every parameter's adjoint slot, given the buffers of the active ones.
    pub(super) fn bar_slots(&self, bars: &[proc_macro2::Ident]) -> Vec<TokenStream> {
        let mut bars = bars.iter();
        let slot = |active: bool| match active {
            true => {
                let bar = bars.next().expect("one for each active parameter");
                quote!(&mut #bar)
            }
            false => self.private("Discard"),
        };
        self.sig.active().into_iter().map(slot).collect()
    }

    pub(super) fn vjp_head(&self) -> Option<Head> {
        if self.sig.has_mut() {
            return None;
        }
        let (value, seed) = (self.bare_value_type()?, &self.sig.output.tangent);
        let gradient = self.gradient_type();
        let clone = self.clones.then(|| quote!(::core::clone::Clone+));
        let several = if self.clones { "; clones of it do so for several" } else { "" };
        let doc = format!(
            "The value of {{f}} and its pullback, which maps an adjoint of the value to the \
             gradient{several}."
        );
        Some(Head {
            name: names::prefixed("vjp", &self.sig.name),
            doc: self.doc(&doc),
            params: self.primal_params(),
            output: Some(self.outcome_type(
                quote!((#value, impl #clone ::core::ops::FnOnce(#seed) -> #gradient)),
            )),
        })
    }

    /// From the two halves of the reverse transformation.
    pub(super) fn vjp_of_halves(
        &self,
        function: &Function,
        seed: &proc_macro2::Ident,
        split: &Split,
    ) -> Option<TokenStream> {
        let mut head = self.vjp_head()?;
        head.params = function
            .params
            .iter()
            .zip(&self.sig.params)
            .map(|(var, p)| {
                let (var, ty) = (function.var(*var), &p.ty);
                let (name, mutable) = (&var.name, var.mutable.then(|| quote!(mut)));
                quote!(#mutable #name: #ty)
            })
            .collect();
        let seed_type = &self.sig.output.tangent;
        Some(self.function(head, || {
            let mut function = function.clone();
            let mut halves = [split.forward.clone(), split.reverse.clone()];
            if self.sig.passes.tidy {
                let unfinished = [&split.forward, &split.reverse];
                halves = crate::transform::tidy::finish_halves(&mut function, unfinished);
            }
            let [forward, reverse] = &halves;
            let value = function.fresh("value", Ty::Unknown, false, VarRole::Temp);
            let pullback = function.fresh("pullback", Ty::Unknown, false, VarRole::Temp);
            let length = function.fresh("length", Ty::Unknown, false, VarRole::Temp);
            let failure = function.fresh("failure", Ty::Unknown, false, VarRole::Temp);
            let emitter = Emitter::new(&function, self.context(), &[forward, reverse]);
            let (value, pullback) = (emitter.name(value), emitter.name(pullback));
            let forward = emitter.block(forward);
            let reverse = emitter.block(reverse);
            let gradient: Vec<_> = split.gradient.iter().map(|e| emitter.expr(e)).collect();
            let gradient = tuple(&gradient);
            let result = emitter.expr(&split.result);
            // A copy of a scalar does not care whether the pullback took the variable.
            let simple = matches!(&split.result.kind, ExprKind::Read(p) if p.proj.is_empty())
                && split.result.ty.is_scalar();
            let (length, failure) = (emitter.name(length), emitter.name(failure));
            let (bind, result) = match simple {
                true => (None, result),
                false if self.sig.output.fallible.is_some() => {
                    (Some(quote!(let (#value, #failure) = #result;)), quote!(#value))
                }
                false => (Some(quote!(let #value = #result;)), quote!(#value)),
            };
            let (length, check) = self.seed_length(&result, seed, length);
            let both = quote!((#result, #pullback));
            let both = match &self.sig.output.fallible {
                Some(fallible) => fallible.rejoin(&both, failure),
                None => both,
            };
            emitter.with_items(quote! {
                #forward
                #bind
                #length
                let #pullback = move |#seed: #seed_type| { #check #reverse #gradient };
                #both
            })
        }))
    }

    /// Remembers the length of the result, and compares it with that of its adjoint.
    fn seed_length(
        &self,
        value: &TokenStream,
        seed: &proc_macro2::Ident,
        length: &proc_macro2::Ident,
    ) -> (Option<TokenStream>, Option<TokenStream>) {
        let Shape::List(_) = &self.sig.output.shape else {
            return (None, None);
        };
        let check = quote! {
            ::core::assert_eq!(
                #seed.len(),
                #length,
                "the result's adjoint has another length than the result"
            );
        };
        (Some(quote!(let #length = #value.len();)), Some(check))
    }

    /// From the value and the reverse sweep by themselves.
    pub fn vjp_by_back(&self) -> Option<TokenStream> {
        let head = self.vjp_head()?;
        let seed_type = &self.sig.output.tangent;
        Some(self.function(head, || {
            let (lets, bars) = self.zeros("bar");
            let (copies, args, gradient) = (self.primal_copies(), self.primal_args(), tuple(&bars));
            let (name, generics) = (&self.sig.name, self.turbofish());
            let (back, slots) = (self.of_companion(&names::back(0)), self.bar_slots(&bars));
            let [value, pullback, seed] =
                ["value", "pullback", "result_bar"].map(|name| self.local(name));
            let (length, check) = self.seed_length(&quote!(#value), &seed, &self.local("length"));
            quote! {
                let #value = #name #generics (#(#copies),*);
                #length
                let #pullback = move |#seed: #seed_type| {
                    #check
                    #lets
                    #back(#(#args,)* #seed, #(#slots),*);
                    #gradient
                };
                (#value, #pullback)
            }
        }))
    }

    /// After an error. The body of a plain stub would not have the type of a pullback.
    pub fn vjp_stub(&self) -> Option<TokenStream> {
        let head = self.vjp_head()?;
        let (seed, gradient) = (&self.sig.output.tangent, self.gradient_type());
        let wrap = Wrap { effects: false, stub: false, ..*self };
        Some(wrap.function(head, || {
            self.success(quote! {
                (::core::unimplemented!(), |_: #seed| -> #gradient { ::core::unimplemented!() })
            })
        }))
    }
}
