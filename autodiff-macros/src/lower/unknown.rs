//! Methods that are not known: at which one of a chain the message stands, and what it says.

use super::method::is_intrinsic;
use super::{Lower, strip};
use proc_macro2::Span;

/// Methods of iterators that loops are made of, but not always.
const LINKS: &[&str] = &[
    "chunks",
    "chunks_exact",
    "cloned",
    "collect",
    "copied",
    "enumerate",
    "filter",
    "flat_map",
    "flatten",
    "fold",
    "for_each",
    "map",
    "product",
    "rev",
    "scan",
    "skip",
    "step_by",
    "sum",
    "take",
    "take_while",
    "windows",
    "zip",
];

/// Methods of iterators that no loop is made of.
const ADAPTERS: &[&str] = &[
    "by_ref",
    "chain",
    "cmp_by",
    "cycle",
    "drain",
    "filter_map",
    "find",
    "find_map",
    "fuse",
    "inspect",
    "intersperse",
    "last",
    "map_while",
    "max_by",
    "max_by_key",
    "min_by",
    "min_by_key",
    "next",
    "next_back",
    "nth",
    "partition",
    "peek",
    "peekable",
    "rchunks",
    "rchunks_exact",
    "reduce",
    "rfind",
    "rfold",
    "skip_while",
    "split",
    "successors",
    "try_fold",
    "try_for_each",
    "unzip",
];

/// Methods that change how many elements a list has.
const RESIZING: &[&str] = &[
    "append",
    "dedup",
    "dedup_by",
    "insert",
    "pop",
    "remove",
    "resize",
    "resize_with",
    "retain",
    "retain_mut",
    "splice",
    "split_off",
    "swap_remove",
    "truncate",
];

/// What to write instead of the method.
fn remedy(name: &str) -> String {
    if LINKS.contains(&name) {
        return format!(
            "this chain with `{name}` is not one that autodiff makes a loop of: write it whole where \
             its value is used, annotate the types of what it goes over and makes, or write a \
             `for` loop"
        );
    }
    if ["iter", "iter_mut", "into_iter"].contains(&name) {
        return "what this iterates over is not known to be a range, slice, array or `Vec`: \
            annotate its type, or loop over indices"
            .to_string();
    }
    if ADAPTERS.contains(&name) {
        return format!("`{name}` is not supported on active values: write a `for` loop instead");
    }
    if RESIZING.contains(&name) {
        return format!(
            "`{name}` of a list with active values is not supported: keep its length and count \
             the elements in use, or build a new list with `push`"
        );
    }
    if name.starts_with("sort") || name.starts_with("select_nth") {
        return format!(
            "`{name}` of a list with active values is not supported: sort a list of indices by \
             the values, and read the values by index"
        );
    }
    if ["to_bits", "to_string", "parse", "as_str", "to_le_bytes", "to_be_bytes", "to_ne_bytes"]
        .contains(&name)
    {
        return format!(
            "`{name}` does not carry a derivative: compute with the number itself, or make it \
             a constant with `autodiff::stop_gradient`"
        );
    }
    format!(
        "the method `{name}` is not known here, and calls of methods on active values are not \
         supported: call a free `#[differentiable]` function instead"
    )
}

impl Lower<'_> {
    /// The message for a method call that cannot be taken apart, and where it stands: at the first
    /// link of a chain that is not known.
    pub fn unknown_method(&mut self, call: &syn::ExprMethodCall) -> (Span, String) {
        if let Some(found) = self.mixed_up(call) {
            return found;
        }
        let mut link = call;
        while let syn::Expr::MethodCall(inner) = strip(&link.receiver) {
            let name = inner.method.to_string();
            let known = is_intrinsic(&name)
                || matches!(
                    name.as_str(),
                    "len" | "clone" | "to_vec" | "sum" | "product" | "as_slice" | "as_mut_slice"
                )
                || self.is_seq(&link.receiver);
            if known {
                break;
            }
            link = inner;
        }
        (link.method.span(), remedy(&link.method.to_string()))
    }
    /// Closures in a chain that would not do the same in a loop over positions.
    fn mixed_up(&mut self, call: &syn::ExprMethodCall) -> Option<(Span, String)> {
        let mut leaving_out: Option<&syn::Ident> = None;
        let mut link = call;
        loop {
            for arg in &link.args {
                if self.has_state(arg) {
                    let message = "this `move` closure has its own copies of variables that \
                         change: leave `move` out, or give the copies names";
                    return Some((link.method.span(), message.to_string()));
                }
                if let (Some(name), syn::Expr::Closure(closure)) = (leaving_out, strip(arg))
                    && link.method == "map"
                    && self.has_effects(closure)
                {
                    let message = format!(
                        "`{name}` also runs the closure of `map` for what it leaves out, and the \
                         closure does more than give a value: write a `for` loop instead"
                    );
                    return Some((name.span(), message));
                }
            }
            if ["skip", "step_by", "take", "zip"].iter().any(|name| link.method == name) {
                leaving_out = Some(&link.method);
            }
            link = match strip(&link.receiver) {
                syn::Expr::MethodCall(inner) => inner,
                _ => return None,
            };
        }
    }
}
