//! `jacobian_f`: by rows (reverse sweeps) or columns (forward sweeps), whichever are fewer.

use super::{Head, Wrap, borrow, constant};
use crate::names;
use crate::signature::{Form, Param, Shape};
use proc_macro2::TokenStream;
use quote::quote;

impl Wrap<'_> {
    pub(super) fn jacobian(&self) -> Option<TokenStream> {
        let mut active = self.sig.active_params();
        let (Some(p), None) = (active.next(), active.next()) else {
            return None;
        };
        if self.sig.output.aux || !self.can_repeat() {
            return None;
        }
        let tangent = &self.sig.output.tangent;
        let output = match (&p.shape, &self.sig.output.shape) {
            (_, Shape::Float(_)) => p.tangent.clone(),
            (Shape::Float(_), Shape::Array(..) | Shape::List(_)) => tangent.clone(),
            (Shape::Array(float, n), Shape::Array(_, m)) => quote!([[#float; #n]; #m]),
            (Shape::Array(float, _) | Shape::List(float), Shape::Array(..) | Shape::List(_)) => {
                quote!(::std::vec::Vec<::std::vec::Vec<#float>>)
            }
            _ => return None,
        };
        let head = Head {
            name: names::prefixed("jacobian", &self.sig.name),
            doc: self.doc("The Jacobian of {f}: a row for every output, a column for every input."),
            params: self.primal_params(),
            output: Some(self.outcome_type(output)),
        };
        Some(self.function(head, || match (&p.shape, &self.sig.output.shape) {
            (_, Shape::Float(_)) => {
                let (grad, args) = (self.sibling("grad"), self.primal_args());
                quote!(#grad(#(#args),*))
            }
            (Shape::Float(float), _) => {
                let (jvp, args) = (self.sibling("jvp"), self.primal_args());
                let one = pass(p, constant("1.0", float));
                let question = self.question_mark();
                self.success(quote!(#jvp(#(#args,)* #one) #question.1))
            }
            (Shape::Array(float, n), Shape::Array(_, m)) => self.static_rows(p, float, n, m),
            _ => self.dynamic_rows(p),
        }))
    }

    /// Whether all parameters can be passed more than once.
    pub(super) fn can_repeat(&self) -> bool {
        let by_value = self.sig.params.iter().filter(|p| p.form == Form::Value);
        // Function values need not be `Clone`.
        by_value.filter(|p| matches!(p.shape, Shape::Discrete)).all(
            |p| match crate::signature::peel(&p.ty) {
                syn::Type::ImplTrait(_) => false,
                syn::Type::Path(path) => {
                    let generic = |param: &syn::GenericParam| {
                        matches!(param, syn::GenericParam::Type(t)
                            if path.path.is_ident(&t.ident))
                    };
                    !self.sig.generics.params.iter().any(generic)
                }
                _ => true,
            },
        )
    }

    /// Runs the function itself, for its effects and final states.
    pub(super) fn final_call(&self) -> Option<TokenStream> {
        self.effects.then(|| {
            let (call, question) = (self.call_primal(), self.question_mark());
            quote!(#call #question;)
        })
    }

    /// `let (value, pullback) = vjp_f(…);`: all rows have their way forward in common.
    fn one_way_forward(&self) -> TokenStream {
        let (vjp, args, question) =
            (self.sibling("vjp"), self.primal_copies(), self.question_mark());
        let [value, pullback] = ["value", "pullback"].map(|name| self.local(name));
        quote!(let (#value, #pullback) = #vjp(#(#args),*) #question;)
    }

    /// The value and its derivative along a tangent of the one active parameter; no effects.
    fn along(&self, p: &Param, dot: &proc_macro2::Ident) -> TokenStream {
        let (copies, tangent) = (self.primal_copies(), pass(p, quote!(#dot)));
        if !self.effects {
            let jvp = self.sibling("jvp");
            return quote!(#jvp(#(#copies,)* #tangent));
        }
        let jvp = self.of_companion(&names::numbered("value_jvp", 1));
        let zero = self.private("Zero");
        let tangents = self.sig.params.iter().map(|p| if p.active { &tangent } else { &zero });
        let question = self.question_mark();
        quote!(#jvp(#(#copies,)* #(#tangents),*) #question)
    }

    fn static_rows(
        &self,
        p: &Param,
        float: &TokenStream,
        n: &TokenStream,
        m: &TokenStream,
    ) -> TokenStream {
        let (zero, one) = (constant("0.0", float), constant("1.0", float));
        let [rows, row, column, i, j, seed, dot] =
            ["rows", "row", "column", "i", "j", "seed", "dot"].map(|name| self.local(name));
        let copies = self.primal_copies();
        let back = self.of_companion(&names::back(0));
        let slots = self.bar_slots(std::slice::from_ref(&row));
        let by_rows = if self.clones {
            let shared = self.one_way_forward();
            let pullback = self.local("pullback");
            quote! {
                #shared
                for #i in 0..#m {
                    let mut #seed = [#zero; #m];
                    #seed[#i] = #one;
                    #rows[#i] = #pullback.clone()(#seed);
                }
            }
        } else {
            quote! {
                for #i in 0..#m {
                    let mut #seed = [#zero; #m];
                    #seed[#i] = #one;
                    let mut #row = [#zero; #n];
                    #back(#(#copies,)* #seed, #(#slots),*);
                    #rows[#i] = #row;
                }
            }
        };
        let ending = self.final_call();
        let by_rows = if self.clones { by_rows } else { quote!(#by_rows #ending) };
        let filled = if self.sig.has_mut() {
            by_rows
        } else {
            let along = self.along(p, &dot);
            quote! {
                if #m < #n {
                    #by_rows
                } else {
                    for #j in 0..#n {
                        let mut #dot = [#zero; #n];
                        #dot[#j] = #one;
                        let #column = #along.1;
                        for #i in 0..#m {
                            #rows[#i][#j] = #column[#i];
                        }
                    }
                    #ending
                }
            }
        };
        let result = self.success(quote!(#rows));
        quote! {
            let mut #rows = [[#zero; #n]; #m];
            #filled
            #result
        }
    }

    fn dynamic_rows(&self, p: &Param) -> TokenStream {
        let [rows, row, column, i, j, seed, dot, value, m, n] =
            ["rows", "row", "column", "i", "j", "seed", "dot", "value", "m", "n"]
                .map(|name| self.local(name));
        let (copies, input) = (self.primal_copies(), borrow(p));
        let (ends, like) = (self.final_states(), self.shaped_like(p));
        let (value_of, back) =
            (self.of_companion(&names::local("value")), self.of_companion(&names::back(0)));
        let (basis, zero_like) = (self.private("basis"), self.private("zero_like"));
        let slots = self.bar_slots(std::slice::from_ref(&row));
        let by_rows = if self.clones {
            let shared = self.one_way_forward();
            let pullback = self.local("pullback");
            quote! {
                #shared
                for #i in 0..#m {
                    #rows.push(#pullback.clone()(#basis(&#value, #i)).to_vec());
                }
            }
        } else {
            quote! {
                for #i in 0..#m {
                    let #seed = #basis(&#value, #i);
                    let mut #row = #zero_like(#like);
                    #back(#(#copies,)* #seed, #(#slots),*);
                    #rows.push(#row.to_vec());
                }
            }
        };
        let ending = self.final_call();
        let by_rows = if self.clones { by_rows } else { quote!(#by_rows #ending) };
        let (result, question) = (self.success(quote!(#rows)), self.question_mark());
        let filled = if self.sig.has_mut() {
            by_rows
        } else {
            let along = self.along(p, &dot);
            // Rows come one after the other, columns go into rows that are there.
            quote! {
                if #m < #n {
                    #by_rows
                } else {
                    for _ in 0..#m {
                        #rows.push(#zero_like(#input).to_vec());
                    }
                    for #j in 0..#n {
                        let #dot = #basis(#input, #j);
                        let #column = #along.1;
                        for #i in 0..#m {
                            #rows[#i][#j] = #column[#i];
                        }
                    }
                    #ending
                }
            }
        };
        quote! {
            #ends
            let #value = #value_of(#(#copies),*) #question;
            let (#m, #n) = (#value.len(), (#input).len());
            let mut #rows = ::std::vec::Vec::with_capacity(#m);
            #filled
            #result
        }
    }
}

/// A tangent as the parameter is passed.
pub(super) fn pass(p: &Param, value: TokenStream) -> TokenStream {
    match p.form {
        Form::Value => value,
        Form::Ref => quote!(&#value),
        Form::RefMut => quote!(&mut #value),
    }
}
