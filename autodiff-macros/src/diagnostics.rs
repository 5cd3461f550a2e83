//! One sink for all of a function's errors.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use std::fmt::Display;

/// Errors in the order found; each becomes a `compile_error!` at its token.
#[derive(Default)]
pub struct Diagnostics {
    errors: Vec<(Span, String)>,
}

impl Diagnostics {
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what is wrong at `span` and what to write instead. The same message at the same place
    /// counts once.
    pub fn error(&mut self, span: Span, message: impl Display) {
        let message = message.to_string();
        let key = format!("{span:?}");
        let known = self.errors.iter().any(|(s, m)| *m == message && format!("{s:?}") == key);
        if !known {
            self.errors.push((span, message));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many there are so far.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// The messages alone, for tests.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.errors.iter().map(|(_, m)| m.as_str())
    }

    pub fn to_tokens(&self) -> TokenStream {
        self.errors
            .iter()
            .map(|(span, message)| quote_spanned!(*span=> ::core::compile_error!(#message);))
            .collect()
    }
}
