//! The pipeline on one screen, with a barrier after every stage that can report errors.

use crate::analysis::activity::Activity;
use crate::args::Args;
use crate::diagnostics::Diagnostics;
use crate::ir::Function;
use crate::lower;
use crate::paths::Paths;
use crate::recover;
use crate::signature::Signature;
use crate::transform::reverse::{self, Calls, Options, Reverse, residual};
use crate::transform::tidy;
use crate::wrappers::{self, Core, Generated, Wrap};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::cell::RefCell;

thread_local! {
    /// What the function being expanded was asked for: functions nested in it get the same.
    static OUTER: RefCell<(usize, Paths)> = RefCell::new((1, Paths::default()));
}

/// `#[differentiable(args)] item`: the item untouched, and what is generated for it.
pub fn differentiable(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Diagnostics::new();
    let args = Args::read(args, &mut errors);
    let generated = match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Fn(function)) => {
            OUTER.set((args.order, args.paths.clone()));
            of_function(&function, &args, &mut errors)
        }
        Ok(other) => {
            recover::refuse_item(&other, &mut errors);
            TokenStream::new()
        }
        Err(error) => {
            recover::refuse_syntax(&item, &error, &mut errors);
            TokenStream::new()
        }
    };
    let errors = errors.to_tokens();
    quote!(#item #generated #errors)
}

/// A plain `fn` nested in a differentiable body: itself, and what is generated for it, as if it
/// carried the attribute with the outer function's order. Functions that have nothing to
/// differentiate stay as they are.
pub fn nested(function: &syn::ItemFn, errors: &mut Diagnostics) -> TokenStream {
    let (order, paths) = OUTER.with_borrow(Clone::clone);
    let args = Args { order, paths, ..Args::default() };
    let annotated = function
        .attrs
        .iter()
        .any(|attr| attr.path().segments.last().is_some_and(|last| last.ident == "differentiable"));
    if annotated || Signature::read(function, &args, &mut Diagnostics::new()).is_none() {
        return function.to_token_stream();
    }
    let mut silent = Diagnostics::new();
    Signature::read(function, &args, &mut silent);
    if !silent.is_empty() {
        return function.to_token_stream();
    }
    let generated = of_function(function, &args, errors);
    quote!(#[allow(dead_code)] #function #generated)
}

fn of_function(item: &syn::ItemFn, args: &Args, errors: &mut Diagnostics) -> TokenStream {
    let before = errors.len();
    let Some(sig) = Signature::read(item, args, errors) else {
        return TokenStream::new();
    };
    // Barrier: with a signature or arguments that are wrong, errors in the body may be wrong too.
    if before > 0 || errors.len() > before {
        return recover::stubs(&sig);
    }
    let generated = if let Some(rule) = Wrap::own_rule(&sig, args, errors) {
        Some(rule)
    } else if let Some(by_name) = &args.derivative {
        wrappers::partials(&sig, item, by_name, errors)
    } else {
        compile(&sig, item, errors)
    };
    match generated {
        Some(generated) if errors.is_empty() => generated,
        _ => recover::stubs(&sig),
    }
}

/// From the body: lower, analyse, transform, print.
fn compile(sig: &Signature, item: &syn::ItemFn, errors: &mut Diagnostics) -> Option<TokenStream> {
    let before = errors.len();
    let pair = match &sig.output.fallible {
        Some(fallible) => Some(fallible.rewrite(item, &sig.reals, errors)?),
        None => None,
    };
    let item = pair.as_ref().unwrap_or(item);
    let mut function = lower::function(&item.sig, &item.block, &sig.reals, errors)?;
    crate::hygiene::unhide_functions(&mut function);
    wrappers::split_result(sig, &mut function);
    let active = sig.active();
    Activity::run(&function, &active).check(&function, errors);
    // Barrier: from here on nothing is refused.
    if errors.len() > before {
        return None;
    }
    Some(assemble(sig, function, &active))
}

fn assemble(sig: &Signature, function: Function, active: &[bool]) -> TokenStream {
    let adjoint = reverse(sig, &function, active, true, false);
    let back = reverse(sig, &function, active, false, false);
    let mut wrap = Wrap::of(sig, &function, adjoint.has_effects);
    let mut out = Generated::default();

    let core = Core::reverse(adjoint.function, adjoint.seed, &adjoint.bars);
    out.free.extend(wrap.adjoint(&core));
    if !sig.has_mut() {
        let halves = reverse(sig, &function, active, true, true);
        wrap.clones =
            halves.split.as_ref().is_some_and(|s| residual::pullback_is_clone(&halves.function, s));
        out.free.extend(wrap.vjp(&halves));
    }
    out.companion.extend(wrap.value(&function));
    let needs = reverse::needs(&back.function, active.len());
    out.companion.extend(wrap.needs(&needs));
    let residual = match sig.output.is_pair() || !sig.passes.tidy {
        true => None,
        false => residual::run(&function, active, &back.function, sig.passes.analyses),
    };

    // What is called for what it does to its `&mut` parameters.
    let mut unused = sig.has_mut().then(|| Core::without_seed(&back)).flatten();
    for times in 0..sig.order {
        let Some(core) = &mut unused else { break };
        if times > 0 {
            *core = core.forward(sig, times);
        } else if sig.passes.tidy {
            tidy::run(&mut core.function);
        }
        out.companion.extend(wrap.back_unused(times, core));
    }
    let can_be_unused = unused.is_some();
    let mut sweep = Core::reverse(back.function, back.seed, &back.bars);
    out.companion.extend(match &residual {
        Some(residual) => wrap.residual(residual),
        None => wrap.without_residual(&sweep, &needs, can_be_unused),
    });
    for times in 0..sig.order {
        if times > 0 {
            sweep = sweep.forward(sig, times);
        }
        out.companion.extend(wrap.back(times, &sweep));
    }
    let mut forward = Core::primal(function);
    for times in 1..=sig.order {
        forward = forward.forward(sig, times);
        if times == 1 {
            out.free.extend(wrap.jvp(&forward));
        }
        out.companion.extend(wrap.jvp_member(times, &forward));
    }
    out.free.extend(wrap.around());
    wrap.finish(out)
}

/// The reverse transformation, cleaned up.
fn reverse(sig: &Signature, f: &Function, active: &[bool], value: bool, split: bool) -> Reverse {
    let switches = sig.passes.analyses;
    let calls = if value && switches.residuals { Calls::Kept } else { Calls::Joint };
    let options = Options { value, effects: value, split, calls, switches };
    let mut reverse = reverse::run(f, active, options);
    wrappers::take_seed(sig, &mut reverse);
    if value && !split && !sig.output.is_pair() {
        wrappers::check_seed(&mut reverse);
    }
    match &mut reverse.split {
        _ if !sig.passes.tidy => {}
        Some(split) => tidy::run_split(&mut reverse.function, split),
        None => tidy::run(&mut reverse.function),
    }
    reverse
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Prints the expansion of the functions in a file: `SHOW=file cargo test show -- --nocapture`.
    #[test]
    fn show() {
        let Ok(path) = std::env::var("SHOW") else {
            return;
        };
        let source = std::fs::read_to_string(path).expect("a readable file");
        for item in syn::parse_file(&source).expect("Rust").items {
            let syn::Item::Fn(mut function) = item else {
                continue;
            };
            let is_ours = |attr: &syn::Attribute| attr.path().is_ident("differentiable");
            let Some(attr) = function.attrs.iter().find(|a| is_ours(a)).cloned() else {
                continue;
            };
            function.attrs.retain(|attr| !is_ours(attr));
            let args = attr.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
            let expanded = differentiable(args, function.to_token_stream());
            match syn::parse2(expanded.clone()) {
                Ok(file) => println!("{}", prettyplease::unparse(&file)),
                Err(error) => println!("{error}:\n{expanded}"),
            }
        }
    }
}
