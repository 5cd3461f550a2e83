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
    let mut taken: HashSet<String> =
        b.out.vars[..users].iter().map(|v| v.name.to_string()).collect();
    let mut numbers = HashMap::new();
    for var in &order {
        let at = var.0 as usize;
        if at < users {
            continue;
        }
        let wanted = b.wanted[&var.0].clone();
        let text = super::unused_name(&wanted, &mut taken, &mut numbers);
        b.out.vars[at].name = crate::names::ident(&text, Span::mixed_site());
    }
    let candidates: BTreeSet<VarId> = {
        let mut set = BTreeSet::new();
        mentions(reverse, &mut |v| {
            if b.origin(v) != v && !in_forward.contains(&v) {
                set.insert(v);
            }
        });
        set
    };
    let mut positions = Positions::default();
    positions.block(reverse);
    let mut named: HashMap<String, Vec<VarId>> = HashMap::new();
    for (i, var) in b.out.vars.iter().enumerate() {
        named.entry(var.name.to_string()).or_default().push(VarId(i as u32));
    }
    for version in candidates {
        let Some(scopes) = positions.scopes.get(&version) else {
            continue;
        };
        let origin = &b.out.vars[b.origin(version).0 as usize].name;
        let raw = origin.to_string().starts_with("r#");
        let name = super::adjoint::plain(origin);
        let same = named.entry(name.clone()).or_default();
        let free = same.iter().all(|other| {
            *other == version || scopes.iter().all(|scope| !positions.mentioned(*other, scope))
        });
        if free {
            same.push(version);
            let make = if raw { Ident::new_raw } else { Ident::new };
            b.out.vars[version.0 as usize].name = make(&name, Span::mixed_site());
        }
    }
}

/// Where variables are bound and mentioned, by the number of the statement.
#[derive(Default)]
struct Positions {
    count: usize,
    /// The statements in scope of each binding of a variable.
    scopes: HashMap<VarId, Vec<std::ops::Range<usize>>>,
    /// Ascending.
    mentions: HashMap<VarId, Vec<usize>>,
}

impl Positions {
    fn block(&mut self, stmts: &[Stmt]) {
        let mut bound: Vec<(VarId, usize)> = Vec::new();
        for stmt in stmts {
            let at = self.count;
            self.count += 1;
            let mut own: Vec<VarId> = Vec::new();
            stmt.kind.for_each_var(&mut |v| own.push(v));
            for v in own {
                self.mentions.entry(v).or_default().push(at);
            }
            match &stmt.kind {
                StmtKind::Let { var, .. } => bound.push((*var, at)),
                StmtKind::LetTuple { vars, .. } => {
                    bound.extend(vars.iter().flatten().map(|v| (*v, at)));
                }
                StmtKind::Pop { vars, .. } => bound.extend(vars.iter().map(|v| (*v, at))),
                _ => {}
            }
            for block in stmt.kind.blocks() {
                self.block(&block.stmts);
            }
            if let StmtKind::WhilePop { vars, .. } = &stmt.kind {
                for var in vars {
                    self.scopes.entry(*var).or_default().push(at..self.count);
                }
            }
        }
        for (var, at) in bound {
            self.scopes.entry(var).or_default().push(at..self.count);
        }
    }

    fn mentioned(&self, var: VarId, scope: &std::ops::Range<usize>) -> bool {
        let Some(at) = self.mentions.get(&var) else {
            return false;
        };
        let first = at.partition_point(|i| *i < scope.start);
        at.get(first).is_some_and(|i| *i < scope.end)
    }
}

fn mentions(stmts: &[Stmt], f: &mut dyn FnMut(VarId)) {
    for stmt in stmts {
        stmt.for_each_var(f);
    }
}
