//! Names: which variable an identifier means, and what new ones are called.

use super::Lower;
use crate::ir::{Place, Role, Ty, Var, VarId};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use std::collections::{HashMap, HashSet};

/// What an identifier stands for.
#[derive(Clone)]
pub enum Bound {
    Var(VarId),
    /// A reference to a place, replaced by that place wherever it is used.
    Alias {
        place: Place,
        /// Of what it refers to.
        ty: Ty,
        mutable: bool,
    },
    /// A local closure, by its number.
    Closure(usize),
}

/// Bindings of one block, by text and hygiene context.
#[derive(Default, Clone)]
pub struct Scope {
    bindings: HashMap<String, Vec<(String, Bound)>>,
}

/// Bindings that wait for the rest of their `let`.
pub struct Delayed {
    /// Blocks inside the initialiser, which are deeper, bind at once.
    depth: usize,
    pub bindings: Vec<(Ident, Bound)>,
}

/// All identifiers in the tokens.
pub fn collect_idents(tokens: &TokenStream, out: &mut HashSet<String>) {
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(ident) => {
                out.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect_idents(&group.stream(), out),
            _ => {}
        }
    }
}

/// The hygiene context of a span. Stable Rust shows it only in the debug form (`#4 bytes(3..9)`);
/// without one every identifier of a text is the same.
fn context(span: Span) -> String {
    let text = format!("{span:?}");
    match text.split_once(' ') {
        Some((head, _)) if head.starts_with('#') => head.to_string(),
        _ => String::new(),
    }
}

impl Lower<'_> {
    pub fn lookup(&self, ident: &Ident) -> Option<Bound> {
        self.lookup_text(&ident.to_string(), ident.span())
    }

    pub fn lookup_text(&self, text: &str, span: Span) -> Option<Bound> {
        let mut known: Vec<&(String, Bound)> = Vec::new();
        for scope in self.scopes.iter().rev() {
            known.extend(scope.bindings.get(text).into_iter().flatten().rev());
        }
        let (first, rest) = known.split_first()?;
        // Asking a span for its context is dear, and seldom needed.
        if rest.iter().all(|(other, _)| *other == first.0) {
            return Some(first.1.clone());
        }
        let wanted = context(span);
        let exact = known.iter().find(|(context, _)| *context == wanted);
        // Spans that a proc macro resolved elsewhere have a context of their own.
        Some(exact.unwrap_or(first).1.clone())
    }

    /// What a `let` at this depth binds is delayed from here on.
    pub fn delay(&self) -> Delayed {
        Delayed { depth: self.scopes.len(), bindings: Vec::new() }
    }

    pub fn bind(&mut self, ident: &Ident, bound: Bound) {
        let depth = self.scopes.len();
        if let Some(delayed) = self.delayed.as_mut().filter(|d| d.depth == depth) {
            delayed.bindings.push((ident.clone(), bound));
            return;
        }
        let context = context(ident.span());
        if let Some(scope) = self.scopes.last_mut() {
            let bindings = scope.bindings.entry(ident.to_string()).or_default();
            bindings.retain(|(other, _)| *other != context);
            bindings.push((context, bound));
        }
    }

    /// A variable of the user's.
    pub fn bind_var(&mut self, ident: &Ident, ty: Ty, mutable: bool, role: Role) -> VarId {
        let var = self.new_var(ident, ty, mutable, role);
        self.bind(ident, Bound::Var(var));
        var
    }

    /// As [`Lower::bind_var`], but not in scope yet (its initialiser comes first).
    pub fn new_var(&mut self, ident: &Ident, ty: Ty, mutable: bool, role: Role) -> VarId {
        let name = self.new_name(ident);
        self.add(name, ty, mutable, role)
    }

    /// The user's name, with a number if it is taken.
    pub fn new_name(&mut self, ident: &Ident) -> Ident {
        let text = ident.to_string();
        if self.bound_once.insert(text.clone()) {
            ident.clone()
        } else {
            crate::names::ident(&self.free_name(&text), ident.span())
        }
    }

    /// A variable that lowering makes.
    pub fn temp(&mut self, wanted: &str, ty: Ty, role: Role, span: Span) -> VarId {
        let name = if self.taken.contains(wanted) {
            self.free_name(wanted)
        } else {
            self.taken.insert(wanted.to_string());
            wanted.to_string()
        };
        self.bound_once.insert(name.clone());
        let name = crate::names::ident(&name, span.resolved_at(Span::mixed_site()));
        self.add(name, ty, false, role)
    }

    fn add(&mut self, name: Ident, ty: Ty, mutable: bool, role: Role) -> VarId {
        let id = VarId(self.vars.len() as u32);
        self.home.push(self.open_blocks.last().copied().unwrap_or(0));
        self.vars.push(Var { name, ty, mutable, role });
        id
    }

    fn free_name(&mut self, wanted: &str) -> String {
        let base = wanted.trim_start_matches("r#");
        let mut n = 2;
        loop {
            let name = format!("{base}_{n}");
            if self.taken.insert(name.clone()) {
                return name;
            }
            n += 1;
        }
    }
}
