//! Which closures do more than give a value: a chain may leave out their items only if not.

use super::iterate::Item;
use super::scope::Bound;
use super::{Lower, strip};
use syn::visit::{self, Visit};

/// Macros that only make a value.
const VALUES: &[&str] = &["vec", "matches", "format", "cfg", "concat", "stringify"];

/// Methods that change what they are called on, of those that lowering knows.
const WRITING: &[&str] = &[
    "push",
    "pop",
    "swap",
    "fill",
    "copy_from_slice",
    "clone_from_slice",
    "extend",
    "extend_from_slice",
    "clear",
    "reverse",
    "rotate_left",
    "rotate_right",
    "copy_within",
    "iter_mut",
    "insert",
    "next",
    "set",
    "replace",
    "borrow_mut",
];

struct Effects<'a, 'l> {
    lower: &'a Lower<'l>,
    /// Names that the closure declares itself.
    own: Vec<String>,
    found: bool,
}

impl Effects<'_, '_> {
    fn target(&mut self, expr: &syn::Expr) {
        match strip(expr) {
            syn::Expr::Path(path) => {
                let own = |ident: &syn::Ident| self.own.iter().any(|name| ident == name);
                self.found |= !path.path.get_ident().is_some_and(own);
            }
            syn::Expr::Index(e) => self.target(&e.expr),
            syn::Expr::Field(e) => self.target(&e.base),
            syn::Expr::Tuple(e) => e.elems.iter().for_each(|e| self.target(e)),
            syn::Expr::Array(e) => e.elems.iter().for_each(|e| self.target(e)),
            syn::Expr::Infer(_) => {}
            _ => self.found = true,
        }
    }
}

impl<'ast> Visit<'ast> for Effects<'_, '_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let names = super::pattern::bound_idents(&local.pat);
        self.own.extend(names.iter().map(ToString::to_string));
        visit::visit_local(self, local);
    }
    fn visit_expr_assign(&mut self, e: &'ast syn::ExprAssign) {
        self.target(&e.left);
        visit::visit_expr_assign(self, e);
    }
    fn visit_expr_binary(&mut self, e: &'ast syn::ExprBinary) {
        if super::expr::operator(&e.op).is_some_and(|(_, compound)| compound) {
            self.target(&e.left);
        }
        visit::visit_expr_binary(self, e);
    }
    fn visit_expr_reference(&mut self, e: &'ast syn::ExprReference) {
        if e.mutability.is_some() {
            self.target(&e.expr);
        }
        visit::visit_expr_reference(self, e);
    }
    fn visit_expr_method_call(&mut self, e: &'ast syn::ExprMethodCall) {
        if WRITING.iter().any(|name| e.method == name) {
            self.target(&e.receiver);
        }
        visit::visit_expr_method_call(self, e);
    }
    fn visit_expr_call(&mut self, e: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = strip(&e.func)
            && let Some(ident) = path.path.get_ident()
            && let Some(Bound::Closure(number)) = self.lower.lookup(ident)
        {
            self.found |= self.lower.has_effects(&self.lower.closures[number].closure);
        }
        visit::visit_expr_call(self, e);
    }
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.found |= !VALUES.iter().any(|name| mac.path.is_ident(name));
    }
}

impl Lower<'_> {
    /// A `move` closure with variables of its own, which would be mixed up with those they are
    /// copies of.
    pub fn has_state(&mut self, function: &syn::Expr) -> bool {
        match strip(function) {
            syn::Expr::Closure(closure) => {
                closure.capture.is_some() && self.captures_mutable(closure)
            }
            _ => false,
        }
    }

    /// Whether the closure writes what is not its own, prints, or may panic on purpose.
    pub fn has_effects(&self, closure: &syn::ExprClosure) -> bool {
        let mut effects = Effects { lower: self, own: Vec::new(), found: false };
        effects.visit_expr(&closure.body);
        effects.found
    }

    /// Whether to evaluate the item does more than give its value. (`skip` and its like evaluate
    /// what they leave out; a loop over positions would not.)
    pub fn item_has_effects(&self, item: &Item) -> bool {
        match item {
            Item::Mapped { item, function, .. } => {
                let own = match &**function {
                    syn::Expr::Closure(closure) => self.has_effects(closure),
                    syn::Expr::Path(path) => {
                        match path.path.get_ident().and_then(|ident| self.lookup(ident)) {
                            Some(Bound::Closure(number)) => {
                                self.has_effects(&self.closures[number].closure)
                            }
                            found => found.is_some(),
                        }
                    }
                    _ => false,
                };
                own || self.item_has_effects(item)
            }
            Item::Tuple(parts) => parts.iter().any(|part| self.item_has_effects(part)),
            _ => false,
        }
    }
}
