//! Variables that may hold a borrow of others, by way of code that is not looked into: what is
//! written through them is written there.
//!
//! `let it = buffer.iter_mut();` is opaque. A later `*item = x` writes `buffer`, which nothing in
//! that statement shows; so every such write is followed by an empty opaque statement that says
//! what it writes. If that is active it is refused, as it would be in plain sight.

use super::{Lower, known};
use crate::ir::{Expr, ExprKind, Opaque, StmtKind, Ty, VarId};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

const REFUSE: &str = "this writes through a reference whose target is not known here: index the \
     data directly";

impl Lower<'_> {
    /// The variables that the value may borrow mutably.
    pub fn lent(&self, value: &Expr) -> Vec<VarId> {
        let mut out = Vec::new();
        if matches!(value.ty, Ty::Float(_) | Ty::Discrete(Some(_))) {
            return out;
        }
        match &value.kind {
            ExprKind::Opaque(opaque) if !gives_owned(&opaque.tokens) => {
                out.extend(opaque.writes.iter().map(|(_, v)| *v));
                out.extend(opaque.reads.iter().flat_map(|(_, v)| self.lent_to(*v)));
            }
            ExprKind::Read(place) => out.extend(self.lent_to(place.base)),
            ExprKind::Tuple(items) | ExprKind::List { items, .. } => {
                out.extend(items.iter().flat_map(|item| self.lent(item)));
            }
            _ => {}
        }
        out.sort();
        out.dedup();
        out
    }

    /// What was lent to a variable, and is still there.
    pub fn lent_to(&self, var: VarId) -> Vec<VarId> {
        let mut lent = self.lent.get(&var).cloned().unwrap_or_default();
        lent.retain(|var| self.open_blocks.contains(&self.home[var.0 as usize]));
        lent
    }

    pub fn lend(&mut self, to: VarId, mut vars: Vec<VarId>) {
        // A borrow of a borrow outlives the one in between.
        let further: Vec<VarId> = vars.iter().flat_map(|var| self.lent_to(*var)).collect();
        vars.extend(further);
        vars.retain(|var| *var != to);
        vars.sort();
        vars.dedup();
        if !vars.is_empty() {
            self.lent.entry(to).or_default().extend(vars);
        }
    }

    /// Variables that the statement writes through a reference from elsewhere.
    pub fn written_elsewhere(&self, kind: &StmtKind) -> Vec<VarId> {
        if self.lent.is_empty() {
            return Vec::new();
        }
        let through = match kind {
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } => {
                !place.proj.is_empty()
            }
            StmtKind::Let { .. } | StmtKind::LetTuple { .. } | StmtKind::Eval(_) => true,
            StmtKind::Fill { .. }
            | StmtKind::CopyFrom { .. }
            | StmtKind::Swap(..)
            | StmtKind::VecPush { .. } => true,
            _ => false,
        };
        if !through {
            return Vec::new();
        }
        let mut out: Vec<VarId> =
            kind.writes().into_iter().flat_map(|var| self.lent_to(var)).collect();
        out.sort();
        out.dedup();
        out
    }

    /// The empty statement that says what the one before it wrote.
    pub fn says_written(&self, kind: &StmtKind, vars: &[VarId]) -> StmtKind {
        let named = |var: VarId| (self.var(var).name.to_string(), var);
        let mut reads: Vec<(String, VarId)> = vars.iter().map(|var| named(*var)).collect();
        for expr in kind.exprs() {
            expr.for_each_var(&mut |var| {
                if !reads.contains(&named(var)) {
                    reads.push(named(var));
                }
            });
        }
        let opaque = Opaque {
            tokens: TokenStream::new(),
            reads,
            writes: vars.iter().map(|var| named(*var)).collect(),
            pure_: false,
            refuse: REFUSE.to_string(),
        };
        StmtKind::Opaque { opaque, declares: Vec::new() }
    }

    /// Bindings of a pattern or loop borrow what the value matched does.
    pub fn lend_all(&mut self, from: &Expr, to: impl Iterator<Item = VarId>) {
        let vars = self.lent(from);
        if !vars.is_empty() {
            for var in to {
                self.lend(var, vars.clone());
            }
        }
    }

    /// For a span only: where the write is.
    pub fn emit_written(&mut self, kind: StmtKind, span: Span) {
        if let Some(block) = self.out.last_mut() {
            block.push(crate::ir::Stmt { kind, span });
        }
    }
}

/// Whether the last method called is one that hands out no reference into its receiver.
fn gives_owned(tokens: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match trees.as_slice() {
        [.., TokenTree::Punct(dot), TokenTree::Ident(method), TokenTree::Group(args)] => {
            dot.as_char() == '.'
                && args.delimiter() == Delimiter::Parenthesis
                && known::OWNED.iter().any(|name| method == name)
        }
        _ => false,
    }
}
