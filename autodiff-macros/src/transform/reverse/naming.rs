//! Names as a person would give them: numbers only where two variables meet, and a restored value
//! is called what it was called in the forward sweep.

use super::Builder;
use crate::ir::*;
use proc_macro2::{Ident, Span};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Names every variable of the compiler's that `forward` or `reverse` mentions.
pub fn run(b: &mut Builder, forward: &[Stmt], reverse: &[Stmt], params: &[VarId]) {
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    let mut note = |v: VarId| {
        if seen.insert(v) {
            order.push(v);
        }
    };
    params.iter().for_each(|v| note(*v));
    mentions(forward, &mut note);
    let in_forward: BTreeSet<VarId> = {
        let mut set = BTreeSet::new();
        mentions(forward, &mut |v| {
            set.insert(v);
        });
        set
    };
    mentions(reverse, &mut note);
    let users = b.source.vars.len();
    let mut taken: HashSet<String> = b.out.vars[..users]
        .iter()
        .map(|v| v.name.to_string())
        .collect();
    for var in &order {
        let at = var.0 as usize;
        if at < users {
            continue;
        }
        let wanted = b.wanted[&var.0].clone();
        let mut text = wanted.clone();
        let mut n = 1;
        while !taken.insert(text.clone()) {
            n += 1;
            text = format!("{wanted}_{n}");
        }
        b.out.vars[at].name = crate::names::ident(&text, Span::mixed_site());
    }
    let mut restored: HashMap<VarId, Vec<BTreeSet<VarId>>> = HashMap::new();
    bindings(reverse, &mut restored);
    let mut versions: Vec<VarId> = restored.keys().copied().collect();
    versions.sort();
    for version in versions {
        let origin = b.origin(version);
        if origin == version || in_forward.contains(&version) {
            continue;
        }
        let name = super::adjoint::plain(&b.out.vars[origin.0 as usize].name);
        let free = restored[&version].iter().flatten().all(|other| {
            *other == version || b.out.vars[other.0 as usize].name != name
        });
        if free {
            let raw = b.out.vars[origin.0 as usize].name.to_string().starts_with("r#");
            let make = if raw { Ident::new_raw } else { Ident::new };
            b.out.vars[version.0 as usize].name = make(&name, Span::mixed_site());
        }
    }
}

/// For every variable bound in the reverse sweep: what is mentioned in its scope.
fn bindings(stmts: &[Stmt], out: &mut HashMap<VarId, Vec<BTreeSet<VarId>>>) {
    for (i, stmt) in stmts.iter().enumerate() {
        let (bound, scope): (Vec<VarId>, &[Stmt]) = match &stmt.kind {
            StmtKind::Let { var, .. } => (vec![*var], &stmts[i..]),
            StmtKind::LetTuple { vars, .. } => {
                (vars.iter().flatten().copied().collect(), &stmts[i..])
            }
            StmtKind::Pop { vars, .. } => (vars.clone(), &stmts[i..]),
            StmtKind::WhilePop { vars, body, .. } => (vars.clone(), &body.stmts),
            _ => (Vec::new(), &[]),
        };
        if !bound.is_empty() {
            let mut inside = BTreeSet::new();
            mentions(scope, &mut |v| {
                inside.insert(v);
            });
            inside.extend(&bound);
            for var in bound {
                out.entry(var).or_default().push(inside.clone());
            }
        }
        for block in stmt.kind.blocks() {
            bindings(&block.stmts, out);
        }
    }
}

fn mentions(stmts: &[Stmt], f: &mut dyn FnMut(VarId)) {
    for stmt in stmts {
        match &stmt.kind {
            StmtKind::NewTape { tape } | StmtKind::Push { tape, .. } => f(*tape),
            StmtKind::Pop { tape, .. } | StmtKind::WhilePop { tape, .. } => f(*tape),
            StmtKind::CopyFrom { from, .. } => f(from.base),
            _ => {}
        }
        for v in stmt.kind.writes() {
            f(v);
        }
        for e in stmt.kind.exprs() {
            e.for_each_var(f);
        }
        for block in stmt.kind.blocks() {
            mentions(&block.stmts, f);
        }
    }
}
