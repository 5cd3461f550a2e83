//! IR to tokens. Decides nothing: what is printed is what the passes made.

mod disjoint;
mod expr;
mod opaque;
mod place;
mod plain;
mod stmt;
mod usage;

use crate::ir::*;
use crate::paths::Paths;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::cell::Cell;
use usage::Usage;

/// What printing needs to know besides the function.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub paths: &'a Paths,
    /// Type parameters bounded by `Real`.
    pub reals: &'a [String],
}

/// Prints (parts of) one function.
pub struct Emitter<'a> {
    f: &'a Function,
    context: Context<'a>,
    usage: Usage,
    plain: plain::Plain,
    /// Whether lists of zeros go back to the workspace at the end of their block.
    recycles: bool,
    /// Whether a method of a trait of the prelude was printed.
    prelude: Cell<bool>,
}

impl<'a> Emitter<'a> {
    /// `blocks` is all that is going to be printed.
    pub fn new(f: &'a Function, context: Context<'a>, blocks: &[&Block]) -> Self {
        let usage = Usage::of(f, blocks);
        let plain = plain::Plain::of(blocks, f.result.as_ref(), &f.vars);
        Emitter { f, context, usage, plain, recycles: false, prelude: Cell::new(false) }
    }

    /// The inside of a function's braces, beginning with `head`.
    pub fn body(f: &'a Function, context: Context<'a>, head: &TokenStream) -> TokenStream {
        let mut emitter = Emitter::new(f, context, &[&f.body]);
        emitter.recycles = true;
        let body = emitter.block(&f.body);
        let result = f.result.as_ref().map(|e| emitter.expr(e));
        emitter.with_items(quote!(#head #body #result))
    }

    /// `body` under the user's items and the traits it needs.
    pub fn with_items(&self, body: TokenStream) -> TokenStream {
        let items = &self.f.items;
        // Where the standard prelude is there already, this changes nothing; without it, `rev` and
        // `clone` would not be found.
        let prelude = self.prelude.get().then(|| {
            let prelude = self.context.paths.private("prelude");
            quote!(use #prelude::*;)
        });
        quote!(#prelude #(#items)* #body)
    }

    pub fn block(&self, block: &Block) -> TokenStream {
        let mut tokens: TokenStream = block.stmts.iter().map(|stmt| self.stmt(stmt)).collect();
        let recycle = self.context.paths.private("recycle");
        for stmt in &block.stmts {
            let declared = match &stmt.kind {
                StmtKind::Let { var, .. } => std::slice::from_ref(var),
                StmtKind::Pop { vars, .. } => vars,
                _ => &[],
            };
            for var in declared.iter().filter(|var| self.is_recycled(**var)) {
                let name = self.name(*var);
                tokens.extend(quote!(#recycle(#name);));
            }
        }
        tokens
    }

    fn is_recycled(&self, var: VarId) -> bool {
        self.recycles && self.plain.is_recycled(var)
    }

    pub fn name(&self, var: VarId) -> &'a Ident {
        &self.f.var(var).name
    }

    /// A name that no variable has.
    fn free(&self, wanted: &str) -> Ident {
        let mut text = wanted.to_string();
        while self.f.vars.iter().any(|var| var.name == text) {
            text.push('_');
        }
        crate::names::local(&text)
    }

    /// The binding of a variable in a pattern: `_`, `x`, `mut x`.
    fn binding(&self, var: VarId) -> TokenStream {
        let name = self.name(var);
        if self.f.var(var).mutable { quote!(mut #name) } else { quote!(#name) }
    }

    /// `x`, `(x, mut y)`
    fn bindings(&self, vars: &[VarId]) -> TokenStream {
        let names = vars.iter().map(|v| self.binding(*v));
        match vars {
            [single] => self.binding(*single),
            _ => quote!((#(#names),*)),
        }
    }

    fn needs_prelude(&self) {
        self.prelude.set(true);
    }
}
