//! Names of what is generated.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

/// `grad_f` of `f`, `vjp_match` of `r#match`: callable by the user, hence at the position and with
/// the hygiene of the function's own name.
pub fn prefixed(prefix: &str, function: &Ident) -> Ident {
    Ident::new(&format!("{prefix}_{}", function.unraw()), function.span())
}

/// A name of the companion's: `jvp`, `jvp2` … for the first, second … transformation.
pub fn numbered(stem: &str, times: usize) -> Ident {
    match times {
        0 | 1 => local(stem),
        n => local(&format!("{stem}{n}")),
    }
}

/// `back`, `back_jvp`, `back_jvp2` …: the reverse sweep, transformed so many times.
pub fn back(times: usize) -> Ident {
    match times {
        0 => local("back"),
        n => numbered("back_jvp", n),
    }
}

/// The same for calls whose value is not used.
pub fn back_unused(times: usize) -> Ident {
    match times {
        0 => local("back_unused"),
        n => numbered("back_unused_jvp", n),
    }
}

/// A name that no code of the user's can meet.
pub fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// `x_bar` of `x`.
pub fn suffixed(name: &Ident, suffix: &str) -> Ident {
    Ident::new(&format!("{}_{suffix}", name.unraw()), Span::mixed_site())
}

/// An identifier of this text, which may be, or begin like, a raw one: `r#fn`, `r#fn_bar`.
pub fn ident(text: &str, span: Span) -> Ident {
    let Some(plain) = text.strip_prefix("r#") else {
        return Ident::new(text, span);
    };
    if syn::parse_str::<Ident>(plain).is_ok() {
        Ident::new(plain, span)
    } else {
        Ident::new_raw(plain, span)
    }
}
