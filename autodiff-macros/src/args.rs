//! The arguments of the attribute.

use crate::diagnostics::Diagnostics;
use crate::paths::Paths;
use crate::transform::reverse::Switches;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Token, punctuated::Punctuated};

/// More would be too much code: every order doubles it at least.
const MAX_ORDER: usize = 8;

/// `#[differentiable(…)]`, read and checked as far as that goes without the function.
#[derive(Default)]
pub struct Args {
    /// `wrt(x, y)`; `None`: all that can be active.
    pub wrt: Option<Vec<Ident>>,
    /// At least 1.
    pub order: usize,
    pub order_given: bool,
    pub vjp: Option<syn::Path>,
    pub jvp: Option<syn::Path>,
    /// `derivative(x = expr)`
    pub derivative: Option<Vec<(Ident, syn::Expr)>>,
    pub aux: Option<Span>,
    pub companion: Companion,
    pub paths: Paths,
    /// `without(pass, …)`: for tests of this project alone, hence in no list.
    pub passes: Passes,
}

/// What runs; all of it but in tests that compare.
#[derive(Clone, Copy, Debug)]
pub struct Passes {
    pub analyses: Switches,
    pub tidy: bool,
    /// Gradients with respect to one number by forward sweeps.
    pub forward: bool,
}

impl Default for Passes {
    fn default() -> Self {
        Passes { analyses: Switches::default(), tidy: true, forward: true }
    }
}

/// What the companion in the type namespace is called.
#[derive(Default)]
pub enum Companion {
    #[default]
    AsFunction,
    Named(Ident),
    /// Nothing in the type namespace that code of the user's could name.
    Hidden,
}

enum Value {
    Flag,
    Names(Vec<Ident>),
    Order(syn::LitInt),
    Path(syn::Path),
    Partials(Vec<(Ident, syn::Expr)>),
}

struct Argument {
    name: Ident,
    value: Value,
}

const KNOWN: &str = "the arguments are `wrt(…)`, `order = n`, `vjp = path`, `jvp = path`, \
    `derivative(x = …)`, `aux`, `companion = name`, `crate = path`";

impl Parse for Argument {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        let value = match name.to_string().as_str() {
            "wrt" | "without" => {
                let names;
                syn::parenthesized!(names in input);
                let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(
                    &names,
                    Ident::parse_any,
                )?;
                Value::Names(names.into_iter().collect())
            }
            "derivative" => {
                let partials;
                syn::parenthesized!(partials in input);
                let one = |input: ParseStream| {
                    let name = input.call(Ident::parse_any)?;
                    input.parse::<Token![=]>()?;
                    Ok((name, input.parse::<syn::Expr>()?))
                };
                let partials = Punctuated::<_, Token![,]>::parse_terminated_with(&partials, one)?;
                Value::Partials(partials.into_iter().collect())
            }
            "order" => {
                input.parse::<Token![=]>()?;
                Value::Order(input.parse().map_err(|e| {
                    syn::Error::new(e.span(), "`order` is a positive integer: `order = 2`")
                })?)
            }
            "vjp" | "jvp" | "companion" | "crate" => {
                input.parse::<Token![=]>()?;
                Value::Path(input.call(syn::Path::parse_mod_style)?)
            }
            "aux" => Value::Flag,
            _ => return Err(syn::Error::new(name.span(), format!("unknown argument; {KNOWN}"))),
        };
        Ok(Argument { name, value })
    }
}

impl Args {
    /// Reads what it can; all that is wrong goes to `errors`.
    pub fn read(tokens: TokenStream, errors: &mut Diagnostics) -> Args {
        let mut args = Args { order: 1, ..Args::default() };
        let mut seen: HashMap<String, Span> = HashMap::new();
        for part in split_at_commas(tokens) {
            match syn::parse2::<Argument>(part) {
                Ok(argument) => {
                    let name = argument.name.to_string();
                    if seen.insert(name.clone(), argument.name.span()).is_some() {
                        errors.error(argument.name.span(), format!("`{name}` is given twice"));
                    } else {
                        args.set(argument, errors);
                    }
                }
                Err(error) => {
                    for error in error {
                        errors.error(error.span(), error);
                    }
                }
            }
        }
        args.order_given = seen.contains_key("order");
        args.check(&seen, errors);
        args
    }

    pub fn has_rule(&self) -> bool {
        self.vjp.is_some() || self.jvp.is_some() || self.derivative.is_some()
    }

    fn set(&mut self, Argument { name, value }: Argument, errors: &mut Diagnostics) {
        match (name.to_string().as_str(), value) {
            ("wrt", Value::Names(names)) => {
                if names.is_empty() {
                    errors.error(name.span(), "`wrt` names no parameter");
                }
                self.wrt = Some(names);
            }
            ("without", Value::Names(names)) => {
                let analyses = &mut self.passes.analyses;
                for name in names {
                    match name.to_string().as_str() {
                        "activity" => analyses.activity = false,
                        "to_be_recorded" => analyses.to_be_recorded = false,
                        "recompute" => analyses.recompute = false,
                        "residuals" => analyses.residuals = false,
                        "fuse" => analyses.fuse = false,
                        "rerun" => analyses.rerun = false,
                        "lists" => analyses.lists = false,
                        "shared" => analyses.shared = false,
                        "counters" => analyses.counters = false,
                        "left" => analyses.left = false,
                        "tidy" => self.passes.tidy = false,
                        "forward" => self.passes.forward = false,
                        _ => errors.error(name.span(), "no pass that can be left out"),
                    }
                }
            }
            ("order", Value::Order(literal)) => match literal.base10_parse::<usize>() {
                Ok(order @ 1..=MAX_ORDER) => self.order = order,
                _ => errors
                    .error(literal.span(), format!("`order` is an integer from 1 to {MAX_ORDER}")),
            },
            ("derivative", Value::Partials(partials)) => {
                if partials.is_empty() {
                    errors.error(name.span(), "`derivative` gives no partial: `derivative(x = …)`");
                }
                self.derivative = Some(partials);
            }
            ("vjp", Value::Path(path)) => self.vjp = Some(path),
            ("jvp", Value::Path(path)) => self.jvp = Some(path),
            ("crate", Value::Path(path)) => self.paths = Paths::new(path.into_token_stream()),
            ("companion", Value::Path(path)) => match path.get_ident() {
                Some(ident) if ident == "none" => self.companion = Companion::Hidden,
                Some(ident) => self.companion = Companion::Named(ident.clone()),
                None => {
                    errors.error(path.span(), "`companion` is a name for the companion, or `none`")
                }
            },
            ("aux", Value::Flag) => self.aux = Some(name.span()),
            _ => errors.error(name.span(), KNOWN),
        }
    }

    fn check(&self, seen: &HashMap<String, Span>, errors: &mut Diagnostics) {
        let mut contradiction = |a: &str, b: &str, why: &str| {
            if let (Some(_), Some(span)) = (seen.get(a), seen.get(b)) {
                errors.error(*span, format!("`{b}` contradicts `{a}`: {why}"));
            }
        };
        contradiction("derivative", "vjp", "give the partials or a rule, not both");
        contradiction("derivative", "jvp", "give the partials or a rule, not both");
        contradiction("derivative", "aux", "partials are for functions of one float");
        contradiction("vjp", "aux", "a rule decides itself what it passes through");
        contradiction("jvp", "aux", "a rule decides itself what it passes through");
        if self.order > 1 && self.vjp.is_some() && self.jvp.is_none() {
            errors.error(
                seen["order"],
                "the second derivative of a `vjp` rule is not known; give the partials \
                 (`derivative(x = …)`) or a `jvp` rule that is itself `#[differentiable]`",
            );
        }
        if let Some(names) = &self.wrt {
            for (i, name) in names.iter().enumerate() {
                if names[..i].contains(name) {
                    errors.error(name.span(), format!("`{name}` is named twice"));
                }
            }
        }
        if let Some(partials) = &self.derivative {
            for (i, (name, _)) in partials.iter().enumerate() {
                if partials[..i].iter().any(|(other, _)| other == name) {
                    errors.error(name.span(), format!("the partial for `{name}` is given twice"));
                }
            }
        }
    }
}

/// One argument a part, so that a mistake in one does not hide those in others. Commas inside
/// generic arguments of a path would be split too, which paths in this place do not have.
fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match &token {
            proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ',' => {
                parts.push(TokenStream::new());
            }
            _ => parts.last_mut().expect("never empty").extend([token]),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors_of(args: &str) -> Vec<String> {
        let mut errors = Diagnostics::new();
        Args::read(args.parse().expect("tokens"), &mut errors);
        errors.messages().map(str::to_string).collect()
    }

    #[test]
    fn reads_all_arguments() {
        let mut errors = Diagnostics::new();
        let tokens = "wrt(x, self), order = 3, aux, companion = Hill, crate = crate::ad,";
        let args = Args::read(tokens.parse().expect("tokens"), &mut errors);
        assert!(errors.is_empty());
        assert_eq!(args.order, 3);
        assert_eq!(args.wrt.expect("given").len(), 2);
        assert!(matches!(args.companion, Companion::Named(name) if name == "Hill"));
        let partials = "derivative(x = 2.0 * x, y = f(x, y))".parse().expect("tokens");
        assert_eq!(Args::read(partials, &mut errors).derivative.expect("given").len(), 2);
        assert!(errors.is_empty());
    }

    #[test]
    fn all_mistakes_at_once() {
        assert_eq!(errors_of("ordr = 2, order = 0, wrt()").len(), 3);
        // `x` twice, `aux` twice, and each of `derivative`, `vjp` and `aux` against the others.
        assert_eq!(errors_of("wrt(x, x), derivative(x = 1.0), vjp = rule, aux, aux").len(), 5);
        assert_eq!(errors_of("order = 2, vjp = rule").len(), 1);
        assert!(errors_of("order = 2, vjp = rule, jvp = rule2").is_empty());
    }
}
