//! Lowering: `syn` to the intermediate representation. The last place that matches on `syn::Expr`.
//!
//! One walk over the body does what the normal form asks for: bindings become variables, references
//! and iterator items become places, block-like values become statements that assign a variable.
//! Exits become assignments to flags during the walk ([`flow`]); [`exits`] then turns those into
//! structure. Types are inferred on the way ([`infer`]) as far as syntax tells them.

mod assign;
mod borrow;
mod call;
mod chain;
mod closure;
mod effects;
mod exits;
mod expr;
mod flatten;
mod flow;
mod in_place;
mod infer;
mod init;
mod iterate;
mod known;
mod matching;
mod method;
mod opaque;
mod parts;
mod pattern;
mod place;
mod scan;
mod scope;
mod select;
mod stmt;
#[cfg(test)]
mod tests;
pub mod ty;
mod unknown;
mod walk;

use crate::diagnostics::Diagnostics;
use crate::ir::{
    Block, Expr, ExprKind, FloatTy, Function, Place, Role, Stmt, StmtKind, Ty, Var, VarId,
};
use proc_macro2::{Ident, Span, TokenStream};
use scope::Scope;
use std::collections::{HashMap, HashSet};
use syn::spanned::Spanned;

/// Where the value of a lowered expression goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Dest {
    Discard,
    Var(VarId),
}

/// A loop or labelled block that `break` and `continue` can name.
struct Target {
    label: Option<String>,
    is_loop: bool,
    stop: Option<VarId>,
    skip: Option<VarId>,
    value: Dest,
}

struct Lower<'a> {
    reals: &'a [String],
    errors: &'a mut Diagnostics,
    vars: Vec<Var>,
    /// Every identifier of the source and every name given: generated names avoid them.
    taken: HashSet<String>,
    bound_once: HashSet<String>,
    scopes: Vec<Scope>,
    items: Vec<TokenStream>,
    /// The statements of the blocks under construction, innermost last.
    out: Vec<Vec<Stmt>>,
    targets: Vec<Target>,
    exits: exits::Exits,
    result: Dest,
    result_ty: Ty,
    return_flag: Option<VarId>,
    /// Closures bound by `let`, inlined where they are called.
    closures: Vec<closure::LocalClosure>,
    /// Names that are used other than by calling them.
    escaping: HashSet<String>,
    /// What variables may borrow mutably, unseen.
    lent: HashMap<VarId, Vec<VarId>>,
    /// The block that each variable was made in, and those that are open.
    home: Vec<usize>,
    open_blocks: Vec<usize>,
    blocks: usize,
    /// The call lowered next is a statement: its value, maybe `()`, is not bound.
    as_statement: bool,
    /// Variables that hold what a free function made of other variables.
    made_by_call: HashSet<VarId>,
    /// Types of constants declared in the body.
    consts: HashMap<String, Ty>,
    /// What functions return whose signature is in sight: this one and those nested in it.
    functions: HashMap<String, Ty>,
    /// Bindings of a `let` that come into scope only after all of it.
    delayed: Option<scope::Delayed>,
    /// The type of what the closure applied next, or the block lowered next, is to give.
    wanted: Option<Ty>,
    /// Values of items that filters have looked at.
    held: Vec<Option<Expr>>,
}

/// The function in normal form; `None` (and errors) if there is something that cannot be put so.
/// `reals` are the type parameters bounded by `Real`.
pub fn function(
    sig: &syn::Signature,
    body: &syn::Block,
    reals: &[String],
    errors: &mut Diagnostics,
) -> Option<Function> {
    let mut seen = HashSet::new();
    scope::collect_idents(&quote::quote!(#sig #body), &mut seen);
    let known_errors = errors.messages().count();
    let result_ty = match &sig.output {
        syn::ReturnType::Default => Ty::Unit,
        syn::ReturnType::Type(_, ty) => ty::from_syn(ty, reals),
    };
    let mut lower = Lower {
        reals,
        errors,
        vars: Vec::new(),
        taken: seen,
        bound_once: HashSet::new(),
        scopes: vec![Scope::default()],
        items: Vec::new(),
        out: vec![Vec::new()],
        targets: Vec::new(),
        exits: exits::Exits::default(),
        result: Dest::Discard,
        result_ty: result_ty.clone(),
        return_flag: None,
        closures: Vec::new(),
        escaping: closure::escaping(body),
        lent: HashMap::new(),
        home: Vec::new(),
        open_blocks: vec![0],
        blocks: 0,
        as_statement: false,
        made_by_call: HashSet::new(),
        consts: HashMap::new(),
        functions: known_functions(sig, body, reals, &result_ty),
        delayed: None,
        wanted: None,
        held: Vec::new(),
    };
    if let Some(token) = &sig.asyncness {
        lower.errors.error(
            token.span(),
            "an `async` function has no derivative: make it an ordinary function and await outside",
        );
    }
    let (params, patterns) = lower.parameters(sig);
    for (pat, var) in patterns {
        lower.bind_place(&pat, Place::var(var), false);
    }
    let result = lower.body(body, &result_ty);
    let stmts = lower.out.pop().unwrap_or_default();
    let mut function = Function {
        name: sig.ident.clone(),
        vars: lower.vars,
        params,
        items: lower.items,
        body: Block { stmts },
        result,
        result_ty,
        generic_float: !reals.is_empty(),
        scratch: Vec::new(),
        derivatives: Vec::new(),
    };
    lower.exits.restructure(&mut function);
    infer::run(&mut function);
    init::run(&mut function);
    #[cfg(debug_assertions)]
    if errors.messages().count() == known_errors
        && let Err(message) = crate::ir::verify::function(&function)
    {
        errors.error(
            sig.ident.span(),
            format!("internal error of autodiff, please report it: {message}"),
        );
    }
    (errors.messages().count() == known_errors).then_some(function)
}

fn known_functions(
    sig: &syn::Signature,
    body: &syn::Block,
    reals: &[String],
    result_ty: &Ty,
) -> HashMap<String, Ty> {
    let mut known = HashMap::from([(sig.ident.to_string(), result_ty.clone())]);
    for stmt in &body.stmts {
        if let syn::Stmt::Item(syn::Item::Fn(function)) = stmt
            && function.sig.generics.params.is_empty()
        {
            let ty = match &function.sig.output {
                syn::ReturnType::Default => Ty::Unit,
                syn::ReturnType::Type(_, ty) => ty::from_syn(ty, reals),
            };
            known.insert(function.sig.ident.to_string(), ty);
        }
    }
    // A generic function called for another type returns another type.
    if !sig.generics.params.is_empty() {
        known.remove(&sig.ident.to_string());
    }
    known
}

impl Lower<'_> {
    /// The parameters' variables, and the patterns to take apart at the head of the body.
    fn parameters(&mut self, sig: &syn::Signature) -> (Vec<VarId>, Vec<(syn::Pat, VarId)>) {
        let mut params = Vec::new();
        let mut patterns = Vec::new();
        for input in &sig.inputs {
            match input {
                syn::FnArg::Receiver(receiver) => {
                    let named = Ty::Named(crate::ir::TokensEq(quote::quote!(Self)));
                    let (ty, mutable) = match &receiver.kind {
                        syn::ReceiverKind::Reference(_, _, mutability) => (
                            Ty::Ref { mutable: mutability.is_some(), inner: Box::new(named) },
                            false,
                        ),
                        syn::ReceiverKind::Typed(_, ty) => {
                            (ty::from_syn(ty, self.reals), receiver.mutability.is_some())
                        }
                        _ => (named, receiver.mutability.is_some()),
                    };
                    let ident = Ident::new("self", receiver.self_token.span);
                    params.push(self.bind_var(&ident, ty, mutable, Role::Param));
                }
                syn::FnArg::Typed(param) => {
                    let ty = ty::from_syn(&param.ty, self.reals);
                    match strip_pat(&param.pat) {
                        syn::Pat::Ident(pat) if pat.subpat.is_none() && pat.by_ref.is_none() => {
                            let mutable = pat.mutability.is_some();
                            params.push(self.bind_var(&pat.ident, ty, mutable, Role::Param));
                        }
                        syn::Pat::Wild(_) => {
                            params.push(self.temp("unused", ty, Role::Param, param.span()));
                        }
                        pat => {
                            let var = self.temp("input", ty, Role::Param, param.span());
                            params.push(var);
                            patterns.push((pat.clone(), var));
                        }
                    }
                }
            }
        }
        (params, patterns)
    }

    fn body(&mut self, body: &syn::Block, result_ty: &Ty) -> Option<Expr> {
        if matches!(result_ty, Ty::Unit) {
            self.stmts(&body.stmts, Dest::Discard, None);
            return None;
        }
        if flow::has_return(body) || flow::tail_is_structured(body) {
            let var = self.temp("result", result_ty.clone(), Role::Temp, body.span());
            self.result = Dest::Var(var);
            self.emit(StmtKind::Let { var, init: None }, body.span());
            self.stmts(&body.stmts, Dest::Var(var), None);
            return Some(self.read_var(var, body.span()));
        }
        let mut value = None;
        self.stmts(&body.stmts, Dest::Discard, Some(&mut value));
        value
    }

    fn emit(&mut self, kind: StmtKind, span: Span) {
        let from_call = |e: &Expr| match &e.kind {
            ExprKind::Call(call) => call.refuse.is_none() && !call.args.is_empty(),
            ExprKind::Clone { place, .. } | ExprKind::Read(place) => {
                self.made_by_call.contains(&place.base)
            }
            _ => false,
        };
        match &kind {
            StmtKind::Let { var, init: Some(init) } if from_call(init) => {
                self.made_by_call.insert(*var);
            }
            StmtKind::LetTuple { vars, init } if from_call(init) => {
                self.made_by_call.extend(vars.iter().flatten());
            }
            StmtKind::Assign { place, value } if place.proj.is_empty() && from_call(value) => {
                self.made_by_call.insert(place.base);
            }
            _ => {}
        }
        let elsewhere = self.written_elsewhere(&kind);
        let said = (!elsewhere.is_empty()).then(|| self.says_written(&kind, &elsewhere));
        match &kind {
            StmtKind::Let { var, init: Some(init) } => self.lend_all(init, [*var].into_iter()),
            StmtKind::Assign { place, value } => {
                self.lend_all(value, [place.base].into_iter());
            }
            StmtKind::LetTuple { vars, init } => {
                self.lend_all(init, vars.iter().flatten().copied());
            }
            StmtKind::Opaque { opaque, declares } => {
                let written: Vec<VarId> = opaque.writes.iter().map(|(_, v)| *v).collect();
                for (_, var) in declares {
                    self.lend(*var, written.clone());
                }
            }
            _ => {}
        }
        if let Some(block) = self.out.last_mut() {
            block.push(Stmt { kind, span });
        }
        if let Some(said) = said {
            self.emit_written(said, span);
        }
    }

    /// Lowers into a block of its own.
    fn nested<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> (Block, R) {
        self.out.push(Vec::new());
        self.scopes.push(Scope::default());
        self.blocks += 1;
        self.open_blocks.push(self.blocks);
        let value = f(self);
        self.open_blocks.pop();
        self.scopes.pop();
        let stmts = self.out.pop().unwrap_or_default();
        (Block { stmts }, value)
    }

    fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    fn read_var(&self, id: VarId, span: Span) -> Expr {
        Expr::new(ExprKind::Read(Place::var(id)), self.var(id).ty.clone(), span)
    }

    /// `let name = value;` for an intermediate value; gives the read of it.
    fn hoist(&mut self, name: &str, value: Expr) -> Expr {
        let span = value.span;
        let var = self.temp(name, value.ty.clone(), Role::Temp, span);
        self.emit(StmtKind::Let { var, init: Some(value) }, span);
        self.read_var(var, span)
    }

    fn refused(&mut self, span: Span, message: &str) {
        self.errors.error(span, message);
    }
}

fn strip_pat(pat: &syn::Pat) -> &syn::Pat {
    match pat {
        syn::Pat::Paren(inner) => strip_pat(&inner.pat),
        other => other,
    }
}

/// Looks through parentheses and the invisible groups of `macro_rules`.
fn strip(expr: &syn::Expr) -> &syn::Expr {
    match expr {
        syn::Expr::Paren(inner) => strip(&inner.expr),
        syn::Expr::Group(inner) => strip(&inner.expr),
        other => other,
    }
}

fn usize_ty() -> Ty {
    Ty::Discrete(Some("usize".into()))
}

fn bool_ty() -> Ty {
    Ty::Discrete(Some("bool".into()))
}

fn float_some() -> Ty {
    Ty::Float(FloatTy::Some)
}

fn lit(tokens: TokenStream, ty: Ty, span: Span) -> Expr {
    Expr::new(ExprKind::Lit(tokens), ty, span)
}
