//! `flat_map` and `flatten`: a loop in a loop; `scan`: a map with a variable of its own.

use super::iterate::{Item, Seq};
use super::scope::{Bound, Scope};
use super::walk::At;
use super::{Lower, strip, strip_pat};
use crate::ir::{Place, Role, StmtKind};
use proc_macro2::Span;
use std::rc::Rc;
use syn::visit::{self, Visit};

/// What every item of another sequence gives.
#[derive(Clone)]
pub struct Flat {
    outer: Box<Seq>,
    pat: syn::Pat,
    /// The inner chain, over the names of `pat`.
    inner: Rc<syn::Expr>,
    scopes: Vec<Scope>,
    /// Later links, which hold for each inner chain.
    then: Vec<syn::ExprMethodCall>,
}

/// What a loop does, of one type however deep the loops are.
pub type Body<'b, 'l> = Box<dyn FnOnce(&mut Lower<'l>, &At) + 'b>;

impl<'l> Lower<'l> {
    /// `outer.flat_map(|pat| inner)`, `outer.flatten()`; `None` where the inner chain is none that
    /// a loop can be made of.
    pub fn flattened(&mut self, outer: Seq, call: &syn::ExprMethodCall) -> Option<Seq> {
        let span = call.method.span();
        let (pat, inner) = match call.args.first().map(strip) {
            Some(syn::Expr::Closure(closure)) if closure.inputs.len() == 1 => {
                let (pat, _, _) = super::closure::typed(&closure.inputs[0], self.reals);
                (pat.clone(), strip(&closure.body).clone())
            }
            Some(_) => return None,
            None => {
                let name = syn::Ident::new("__autodiff_inner", Span::mixed_site());
                (syn::parse_quote_spanned!(span=> #name), syn::parse_quote_spanned!(span=> #name))
            }
        };
        let scopes = self.scopes.clone();
        // Whether it is one is seen only with the names bound.
        let (_, fits) = self.nested(|lower| {
            let index = lower.index_var(super::usize_ty(), span);
            let at = lower.read_var(index, span);
            let whole = outer.range.is_some();
            lower.in_scopes(scopes.clone(), |lower| {
                lower.bind_item(&pat, &outer.item, &at, whole, index);
                lower.is_seq(&inner)
            })
        });
        if !fits {
            return None;
        }
        let item = Item::Tuple(Vec::new());
        let flat =
            Flat { outer: Box::new(outer), pat, inner: Rc::new(inner), scopes, then: vec![] };
        Some(Seq { len: None, item, rev: false, range: None, filters: vec![], flat: Some(flat) })
    }

    /// A link behind `flat_map`.
    pub fn after_flat(&mut self, mut seq: Seq, call: &syn::ExprMethodCall) -> Option<Seq> {
        let each = ["map", "filter", "copied", "cloned"].iter().any(|name| call.method == name);
        let fits = each && !call.args.iter().any(|arg| self.has_state(arg));
        seq.flat.as_mut().filter(|_| fits)?.then.push(call.clone());
        Some(seq)
    }

    pub fn loop_flat(
        &mut self,
        flat: Flat,
        pat: Option<&syn::Pat>,
        label: Option<&syn::Label>,
        span: Span,
        body: Body<'_, 'l>,
    ) {
        let Flat { outer, pat: own, inner, scopes, then } = flat;
        self.loop_over(*outer, None, None, span, |lower, item| {
            let mut seq = lower.in_scopes(scopes, |lower| {
                lower.bind_at_position(&own, item);
                lower.seq(&inner)
            });
            for call in &then {
                seq = seq.and_then(|seq| lower.adapted(seq, &call.method.to_string(), call));
            }
            match seq {
                Some(seq) => lower.loop_over(seq, pat, label, span, body),
                None => lower.refused(
                    span,
                    "what this chain flattens is not a chain that autodiff makes a loop of: write \
                     two `for` loops",
                ),
            }
        });
    }

    /// `scan(start, |state, item| { …; Some(value) })`
    pub fn scanned(&mut self, mut seq: Seq, call: &syn::ExprMethodCall) -> Option<Seq> {
        let syn::Expr::Closure(closure) = strip(&call.args[1]) else { return None };
        if closure.inputs.len() != 2 || matches!(seq.item, Item::Mapped { .. }) {
            return None;
        }
        let syn::Pat::Ident(state) = strip_pat(&closure.inputs[0]) else { return None };
        let mut function = closure.clone();
        let mut last = &mut *function.body;
        while let syn::Expr::Block(block) = last {
            let Some(syn::Stmt::Expr(tail, None)) = block.block.stmts.last_mut() else {
                return None;
            };
            last = tail;
        }
        let value = match last {
            syn::Expr::Call(some)
                if some.args.len() == 1
                    && matches!(&*some.func, syn::Expr::Path(p) if p.path.is_ident("Some")) =>
            {
                some.args[0].clone()
            }
            _ => return None,
        };
        *last = value;
        let mut ends = Ends(false);
        ends.visit_expr(&function.body);
        if ends.0 {
            return None;
        }
        let span = call.method.span();
        let start = self.operand(&call.args[0]);
        let ty = start.ty.clone();
        let var = self.temp(&state.ident.to_string(), ty.clone(), Role::Temp, span);
        self.vars[var.0 as usize].mutable = true;
        self.emit(StmtKind::Let { var, init: Some(start) }, span);
        function.inputs = function.inputs.into_iter().skip(1).collect();
        let delayed = self.delayed.take();
        self.scopes.push(Scope::default());
        self.bind(&state.ident, Bound::Alias { place: Place::var(var), ty, mutable: true });
        let scopes = self.scopes.clone();
        self.scopes.pop();
        self.delayed = delayed;
        let function = Rc::new(syn::Expr::Closure(function));
        seq.item = Item::Mapped { item: Box::new(seq.item), function, scopes };
        Some(seq)
    }
}

/// Whether a `scan` may end early.
struct Ends(bool);

impl<'ast> Visit<'ast> for Ends {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        self.0 |= path.path.is_ident("None") || path.path.is_ident("Some");
    }
    fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
        self.0 = true;
    }
    fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
        self.0 = true;
    }
}

/// Whether a loop's body leaves the loop, rather than go on to its next trip.
pub fn breaks(body: &syn::Block, label: Option<&syn::Label>) -> bool {
    let mut find =
        Breaks { label: label.map(|l| l.name.ident.to_string()), depth: 0, found: false };
    visit::visit_block(&mut find, body);
    find.found
}

struct Breaks {
    label: Option<String>,
    depth: usize,
    found: bool,
}

impl<'ast> Visit<'ast> for Breaks {
    fn visit_expr_break(&mut self, e: &'ast syn::ExprBreak) {
        self.found |= match &e.label {
            Some(label) => self.label.as_ref().is_some_and(|own| label.ident == *own),
            None => self.depth == 0,
        };
        visit::visit_expr_break(self, e);
    }
    fn visit_expr_for_loop(&mut self, e: &'ast syn::ExprForLoop) {
        self.depth += 1;
        visit::visit_expr_for_loop(self, e);
        self.depth -= 1;
    }
    fn visit_expr_while(&mut self, e: &'ast syn::ExprWhile) {
        self.depth += 1;
        visit::visit_expr_while(self, e);
        self.depth -= 1;
    }
    fn visit_expr_loop(&mut self, e: &'ast syn::ExprLoop) {
        self.depth += 1;
        visit::visit_expr_loop(self, e);
        self.depth -= 1;
    }
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
