//! `hvp_f`, `hessian_f`, `derivatives_f`.

use super::jacobian::pass;
use super::{Head, Role, Wrap, constant, tuple};
use crate::names;
use crate::signature::{Form, Param, Shape};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Longer tuples do not convert to arrays.
const LONGEST_CONVERSION: usize = 12;

impl Wrap<'_> {
    pub(super) fn hvp(&self) -> Option<TokenStream> {
        self.float_output()?;
        if self.sig.order < 2 || (self.effects && !self.can_repeat()) {
            return None;
        }
        let roles: Vec<_> = self
            .sig
            .active()
            .iter()
            .enumerate()
            .filter(|(_, active)| **active)
            .map(|(i, _)| Role::Dot(Box::new(Role::Primal(i))))
            .collect();
        let mut params = self.primal_params();
        params.extend(self.plain_params(&roles));
        let head = Head {
            name: names::prefixed("hvp", &self.sig.name),
            doc: self.doc("The Hessian of {f} times a direction: forward over reverse."),
            params,
            output: Some(self.outcome_type(self.gradient_type())),
        };
        Some(self.function(head, || {
            let mut checks = TokenStream::new();
            let mut dots = Vec::new();
            for p in self.sig.active_params() {
                let dot = self.suffixed(p, "dot");
                let given = match p.form {
                    Form::Value => quote!(&#dot),
                    Form::Ref | Form::RefMut => quote!(#dot),
                };
                checks.extend(self.same_shape(p, &given));
                dots.push(match p.form {
                    Form::RefMut => quote!(&mut ::std::borrow::ToOwned::to_owned(&*#dot)),
                    _ => quote!(#dot),
                });
            }
            let product = self.product(&self.args_beside_call(), &dots);
            match self.final_call() {
                None => quote!(#checks #product),
                Some(call) => {
                    let result = self.local("product");
                    let success = self.success(quote!(#result));
                    quote!(#checks let #result = { #product }; #call #success)
                }
            }
        }))
    }

    /// Statements and value of one Hessian-vector product.
    fn product(&self, args: &[TokenStream], dots: &[TokenStream]) -> TokenStream {
        let float = self.float_output().expect("checked by the callers");
        let (lets, bars) = self.zeros("bar");
        let one = constant("1.0", float);
        let discard = self.private("Discard");
        let discards = self.sig.params.iter().map(|p| {
            if !(p.active && p.may_grow()) {
                return discard.clone();
            }
            // A slot that is left out has the shape of the initial state.
            let (zero_like, end) = (self.private("zero_like"), self.shaped_like(p));
            quote!(&mut #zero_like(#end))
        });
        let tangents = self.tangent_slots(dots);
        let zero = self.private("Zero");
        let (slots, gradient) = (self.bar_slots(&bars), tuple(&bars));
        let back = self.of_companion(&names::back(1));
        quote! {
            #lets
            #back(#(#args,)* #one, #(#discards,)* #(#tangents,)* #zero, #(#slots),*);
            #gradient
        }
    }

    /// Every parameter's tangent, given those of the active ones.
    fn tangent_slots(&self, dots: &[TokenStream]) -> Vec<TokenStream> {
        let mut dots = dots.iter();
        let slot = |active: bool| match active {
            true => dots.next().expect("one for each active parameter").clone(),
            false => self.private("Zero"),
        };
        self.sig.active().into_iter().map(slot).collect()
    }

    pub(super) fn hessian(&self) -> Option<TokenStream> {
        self.float_output()?;
        if self.sig.order < 2 || !self.can_repeat() {
            return None;
        }
        let active: Vec<&Param> = self.sig.active_params().collect();
        let output = match active.as_slice() {
            [p] => match &p.shape {
                Shape::Float(float) => quote!(#float),
                Shape::Array(float, n) => quote!([[#float; #n]; #n]),
                Shape::List(float) => quote!(::std::vec::Vec<::std::vec::Vec<#float>>),
                _ => return None,
            },
            several => {
                let floats: Vec<String> = several
                    .iter()
                    .filter_map(|p| match &p.shape {
                        Shape::Float(float) => Some(float.to_string()),
                        _ => None,
                    })
                    .collect();
                if floats.len() < several.len() || floats.iter().any(|f| *f != floats[0]) {
                    return None;
                }
                let (float, n) = (&several[0].tangent, Literal::usize_unsuffixed(several.len()));
                quote!([[#float; #n]; #n])
            }
        };
        let head = Head {
            name: names::prefixed("hessian", &self.sig.name),
            doc: self.doc("The Hessian of {f}."),
            params: self.primal_params(),
            output: Some(self.outcome_type(output)),
        };
        Some(self.function(head, || {
            let hessian = match active.as_slice() {
                [p] => match &p.shape {
                    Shape::Float(float) => {
                        let one = pass(p, constant("1.0", float));
                        self.product(&self.primal_copies(), &[one])
                    }
                    Shape::Array(float, n) => self.static_hessian(p, float, n),
                    _ => self.dynamic_hessian(p),
                },
                several => self.hessian_of_floats(several),
            };
            match self.final_call() {
                None => hessian,
                Some(call) => {
                    let result = self.local("hessian");
                    let success = self.success(quote!(#result));
                    quote!(let #result = { #hessian }; #call #success)
                }
            }
        }))
    }

    fn static_hessian(&self, p: &Param, float: &TokenStream, n: &TokenStream) -> TokenStream {
        let [rows, i, dot] = ["rows", "i", "dot"].map(|name| self.local(name));
        let (zero, one) = (constant("0.0", float), constant("1.0", float));
        let product = self.product(&self.primal_copies(), &[pass(p, quote!(#dot))]);
        quote! {
            let mut #rows = [[#zero; #n]; #n];
            for #i in 0..#n {
                let mut #dot = [#zero; #n];
                #dot[#i] = #one;
                #rows[#i] = { #product };
            }
            #rows
        }
    }

    fn dynamic_hessian(&self, p: &Param) -> TokenStream {
        let [rows, i, dot, n] = ["rows", "i", "dot", "n"].map(|name| self.local(name));
        let (basis, input) = (self.private("basis"), super::borrow(p));
        // Behind the reference: a `Vec` by value is given a direction by value.
        let product = self.product(&self.primal_copies(), &[pass(p, quote!(#dot))]);
        quote! {
            let #n = (#input).len();
            let mut #rows = ::std::vec::Vec::with_capacity(#n);
            for #i in 0..#n {
                let mut #dot = #basis(#input, #i);
                #rows.push({ #product });
            }
            #rows
        }
    }

    /// One float after the other; the Hessian's columns are its rows.
    fn hessian_of_floats(&self, params: &[&Param]) -> TokenStream {
        let Shape::Float(float) = &params[0].shape else { unreachable!("checked by the caller") };
        let row = |i: usize| {
            let dot = |(j, p): (usize, &&Param)| {
                pass(p, constant(if i == j { "1.0" } else { "0.0" }, float))
            };
            let dots: Vec<_> = params.iter().enumerate().map(dot).collect();
            if !self.effects && params.len() <= LONGEST_CONVERSION {
                let (hvp, args) = (self.sibling("hvp"), self.primal_args());
                return quote!(#hvp(#(#args,)* #(#dots),*).into());
            }
            let product = self.product(&self.primal_copies(), &dots);
            let names: Vec<_> = params.iter().map(|p| self.suffixed(p, "bar")).collect();
            // The product as an array instead of a tuple.
            quote!({ let (#(#names),*) = { #product }; [#(#names),*] })
        };
        let rows = (0..params.len()).map(row);
        let prelude = self.private("prelude");
        quote!(use #prelude::*; [#(#rows),*])
    }

    pub(super) fn derivatives(&self) -> Option<TokenStream> {
        let float = self.float_output()?;
        let mut active = self.sig.active_params();
        let (Some(p), None) = (active.next(), active.next()) else {
            return None;
        };
        let order = self.sig.order;
        if !self.sig.order_given || self.sig.has_mut() || self.sig.output.aux {
            return None;
        }
        if !matches!(p.shape, Shape::Float(_)) {
            return None;
        }
        let count = Literal::usize_unsuffixed(order + 1);
        let head = Head {
            name: names::prefixed("derivatives", &self.sig.name),
            doc: self.doc("The value of {f} and its derivatives, in order."),
            params: self.primal_params(),
            output: Some(self.outcome_type(quote!([#float; #count]))),
        };
        Some(self.function(head, || {
            let jvp = self.of_companion(&names::numbered("jvp", order));
            let mut args = self.primal_args();
            // The parameters' tangents of every combination of the transformations: one for each
            // transformation by itself, none for combinations.
            for combination in 1..1usize << order {
                for q in &self.sig.params {
                    let single = combination.is_power_of_two();
                    args.push(if q.active && single {
                        pass(q, constant("1.0", float))
                    } else {
                        self.private("Zero")
                    });
                }
            }
            let tower = self.local("tower");
            let component = |k: usize| {
                let path = (0..order).map(|level| {
                    let side = usize::from(level >= order - k);
                    let side = Literal::usize_unsuffixed(side);
                    quote!(.#side)
                });
                quote!(#tower #(#path)*)
            };
            let components = (0..=order).map(component);
            let (question, all) = (self.question_mark(), self.success(quote!([#(#components),*])));
            quote! {
                let #tower = #jvp(#(#args),*) #question;
                #all
            }
        }))
    }
}
