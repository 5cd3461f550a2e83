//! Functions that return `Result<R, E>` or `Option<R>`.
//!
//! To the compiler such a function returns the pair of an `R` and the failure, which carries no
//! derivative; on failure the `R` is a zero that nobody sees. What is generated turns the pair
//! back. The rewriting is from syntax to syntax: `Ok(v)` becomes `v`, `Err(e)` records `e`, and
//! `return` and `?` leave a labelled block.

use crate::diagnostics::Diagnostics;
use crate::names;
use crate::signature::peel;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Type, parse_quote, parse_quote_spanned};

/// The function's type around its value.
#[derive(Clone)]
pub struct Fallible {
    /// As written.
    ty: Type,
    is_option: bool,
    pub value: Type,
    /// `E`, unless it is hidden behind an alias (`io::Result<R>`).
    error: Option<Type>,
}

impl Fallible {
    /// `Result<R, …>` or `Option<R>`.
    pub fn of(ty: &Type) -> Option<Fallible> {
        let Type::Path(path) = peel(ty) else {
            return None;
        };
        let last = path.path.segments.last()?;
        let is_option = last.ident == "Option";
        if !is_option && last.ident != "Result" {
            return None;
        }
        let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
            return None;
        };
        let mut types = args.args.iter().filter_map(|arg| match arg {
            syn::GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        });
        let value = types.next()?;
        Some(Fallible { ty: peel(ty).clone(), is_option, value, error: types.next() })
    }

    /// The same type around another value.
    pub fn around(&self, value: &TokenStream) -> TokenStream {
        let mut ty = self.ty.clone();
        if let Type::Path(path) = &mut ty
            && let Some(last) = path.path.segments.last_mut()
            && let syn::PathArguments::AngleBracketed(args) = &mut last.arguments
            && let Some(first) = args.args.first_mut()
        {
            *first = syn::GenericArgument::Type(Type::Verbatim(value.clone()));
        }
        ty.to_token_stream()
    }

    /// `Ok(value)`
    pub fn success(&self, value: &TokenStream) -> TokenStream {
        if self.is_option {
            quote!(::core::option::Option::Some(#value))
        } else {
            quote!(::core::result::Result::Ok(#value))
        }
    }

    /// The user's type again.
    pub fn rejoin(&self, value: &TokenStream, failure: &Ident) -> TokenStream {
        let success = self.success(value);
        if self.is_option {
            quote!(if #failure { ::core::option::Option::None } else { #success })
        } else {
            let error = names::local("error");
            quote! {
                match #failure {
                    ::core::option::Option::None => #success,
                    ::core::option::Option::Some(#error) => ::core::result::Result::Err(#error),
                }
            }
        }
    }

    /// The function as one that returns `(R, failure)`.
    pub fn rewrite(
        &self,
        item: &syn::ItemFn,
        reals: &[String],
        errors: &mut Diagnostics,
    ) -> Option<syn::ItemFn> {
        let before = errors.len();
        let Some(zero) = zero(&self.value, reals) else {
            errors.error(
                self.value.span(),
                "a fallible function can be differentiated if it returns floats, integers, or \
                 arrays, `Vec`s and tuples of them",
            );
            return None;
        };
        if !self.is_option && self.error.is_none() {
            errors.error(
                self.ty.span(),
                "write the error's type out: `Result<…, E>` instead of an alias",
            );
            return None;
        }
        let failure = names::local("failure");
        let label = syn::Lifetime::new("'fallible", proc_macro2::Span::mixed_site());
        let mut body = (*item.block).clone();
        let mut rewriter =
            Rewriter { is_option: self.is_option, zero, failure: &failure, label: &label, errors };
        rewriter.tail_of(&mut body);
        rewriter.visit_block_mut(&mut body);
        if errors.len() > before {
            return None;
        }
        let (value, error) = (&self.value, &self.error);
        let (none, failure_ty) = if self.is_option {
            (quote!(false), quote!(bool))
        } else {
            (quote!(::core::option::Option::None), quote!(::core::option::Option<#error>))
        };
        let mut out = item.clone();
        out.sig.output = parse_quote!(-> (#value, #failure_ty));
        let result = names::local("result");
        *out.block = parse_quote!({
            let mut #failure: #failure_ty = #none;
            let #result: #value = #label: #body;
            (#result, #failure)
        });
        Some(out)
    }
}

/// A value of the type that needs no input.
fn zero(ty: &Type, reals: &[String]) -> Option<TokenStream> {
    Some(match peel(ty) {
        Type::Array(array) => {
            let (elem, len) = (zero(&array.elem, reals)?, &array.len);
            quote!([#elem; #len])
        }
        Type::Tuple(tuple) if !tuple.elems.is_empty() => {
            let elems: Option<Vec<_>> = tuple.elems.iter().map(|elem| zero(elem, reals)).collect();
            let elems = elems?;
            quote!((#(#elems,)*))
        }
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let name = last.ident.to_string();
            match name.as_str() {
                "f32" | "f64" => quote!(0.0),
                "bool" => quote!(false),
                "Vec" => quote!(::std::vec::Vec::new()),
                "char" | "String" | "str" => return None,
                _ if reals.contains(&name) => quote!(#ty::of(0.0)),
                _ if crate::lower::ty::is_discrete_name(&name) => quote!(0),
                _ => return None,
            }
        }
        _ => return None,
    })
}

struct Rewriter<'a> {
    is_option: bool,
    zero: TokenStream,
    failure: &'a Ident,
    label: &'a syn::Lifetime,
    errors: &'a mut Diagnostics,
}

/// `Ok(v)`, `Err(e)`, `Some(v)`, `None`
enum Outcome<'e> {
    Success(&'e Expr),
    Failure(Option<&'e Expr>),
}

impl Rewriter<'_> {
    fn outcome<'e>(&self, e: &'e Expr) -> Option<Outcome<'e>> {
        match e {
            Expr::Call(call) if call.args.len() == 1 => {
                let Expr::Path(path) = &*call.func else {
                    return None;
                };
                let name = path.path.segments.last()?.ident.to_string();
                match (name.as_str(), self.is_option) {
                    ("Ok", false) | ("Some", true) => Some(Outcome::Success(&call.args[0])),
                    ("Err", false) => Some(Outcome::Failure(Some(&call.args[0]))),
                    _ => None,
                }
            }
            Expr::Path(path) if self.is_option => {
                let last = path.path.segments.last()?;
                (last.ident == "None").then_some(Outcome::Failure(None))
            }
            _ => None,
        }
    }

    /// What records a failure.
    fn record(&self, error: Option<TokenStream>) -> TokenStream {
        let failure = self.failure;
        match error {
            Some(error) => quote!(#failure = ::core::option::Option::Some(#error);),
            None => quote!(#failure = true;),
        }
    }

    fn refuse(&mut self, e: &Expr) {
        let (yes, no) =
            if self.is_option { ("Some(…)", "None") } else { ("Ok(…)", "Err(…)") };
        self.errors.error(
            e.span(),
            format!(
                "write `{yes}` or `{no}` here: a fallible value that was made elsewhere is not \
                 differentiated (its value, taken out with `?`, may be used if it is not active)"
            ),
        );
    }

    fn tail_of(&mut self, block: &mut syn::Block) {
        // Out of a block that ends in `return …;` or `panic!(…);` nothing falls.
        if let Some(syn::Stmt::Expr(e, None)) = block.stmts.last_mut() {
            self.tail(e);
        }
    }

    fn tail(&mut self, e: &mut Expr) {
        match e {
            Expr::Paren(inner) => return self.tail(&mut inner.expr),
            Expr::Group(inner) => return self.tail(&mut inner.expr),
            Expr::Block(inner) if inner.label.is_none() => return self.tail_of(&mut inner.block),
            Expr::If(inner) => {
                self.tail_of(&mut inner.then_branch);
                if let Some((_, other)) = &mut inner.else_branch {
                    self.tail(other);
                }
                return;
            }
            Expr::Match(inner) => {
                return inner.arms.iter_mut().for_each(|arm| self.tail(&mut arm.body));
            }
            Expr::Return(_) | Expr::Macro(_) => return,
            _ => {}
        }
        match self.outcome(e) {
            Some(Outcome::Success(value)) => *e = value.clone(),
            Some(Outcome::Failure(error)) => {
                let record = self.record(error.map(ToTokens::to_token_stream));
                let zero = &self.zero;
                *e = parse_quote!({ #record #zero });
            }
            None => self.refuse(&e.clone()),
        }
    }
}

impl VisitMut for Rewriter<'_> {
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        // `let first = x.first()?;` is `let Some(first) = x.first() else { … };`
        if self.is_option
            && let syn::Pat::Ident(pat) = &local.pat
            && let Some(init) = &mut local.init
            && init.diverge.is_none()
            && let Expr::Try(tried) = &*init.expr
        {
            let (record, label, zero) = (self.record(None), self.label, &self.zero);
            let span = tried.question_token.span();
            let some = syn::parse::Parser::parse2(
                syn::Pat::parse_single,
                quote_spanned!(span=> ::core::option::Option::Some(#pat)),
            );
            if let Ok(some) = some {
                local.pat = some;
                init.expr = tried.expr.clone();
                let other = parse_quote_spanned!(span=> { #record break #label #zero });
                init.diverge = Some((Default::default(), Box::new(other)));
                return self.visit_expr_mut(&mut init.expr);
            }
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_expr_mut(&mut self, e: &mut Expr) {
        visit_mut::visit_expr_mut(self, e);
        let (label, zero) = (self.label, &self.zero);
        match e {
            Expr::Return(returned) => {
                let Some(value) = returned.expr.take() else {
                    return;
                };
                match self.outcome(&value) {
                    Some(Outcome::Success(value)) => *e = parse_quote!(break #label #value),
                    Some(Outcome::Failure(error)) => {
                        let record = self.record(error.map(ToTokens::to_token_stream));
                        *e = parse_quote!({ #record break #label #zero });
                    }
                    None => self.refuse(&value),
                }
            }
            Expr::Try(tried) => {
                // Located at the `?`, should it turn out to be refused.
                let span = tried.question_token.span();
                let located = |mut ident: syn::Ident| {
                    ident.set_span(span.resolved_at(ident.span()));
                    ident
                };
                let (inner, value) = (&tried.expr, located(names::local("value")));
                *e = if self.is_option {
                    let record = self.record(None);
                    parse_quote_spanned!(span=> match #inner {
                        ::core::option::Option::Some(#value) => #value,
                        ::core::option::Option::None => { #record break #label #zero }
                    })
                } else {
                    let error = names::local("error");
                    let record = self.record(Some(quote!(::core::convert::From::from(#error))));
                    parse_quote_spanned!(span=> match #inner {
                        ::core::result::Result::Ok(#value) => #value,
                        ::core::result::Result::Err(#error) => { #record break #label #zero }
                    })
                };
            }
            _ => {}
        }
    }
}
