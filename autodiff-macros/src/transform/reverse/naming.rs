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
        let mut note = |v: VarId| {
            if b.origin(v) != v || b.copies.contains_key(&v) {
                set.insert(v);
            }
        };
        mentions(forward, &mut note);
        mentions(reverse, &mut note);
        set
    };
    let mut positions = Positions::default();
    positions.sequence(forward);
    positions.sequence(reverse);
    positions.close();
    let mut named: HashMap<String, Vec<VarId>> = HashMap::new();
    for (i, var) in b.out.vars.iter().enumerate() {
        named.entry(var.name.to_string()).or_default().push(VarId(i as u32));
    }
    for version in candidates {
        let Some(scopes) = positions.scopes.get(&version) else {
            continue;
        };
        let origin = b.copies.get(&version).copied().unwrap_or_else(|| b.origin(version));
        let origin = &b.out.vars[origin.0 as usize].name;
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
    /// Bindings of the block at hand and where they are.
    bound: Vec<(VarId, usize)>,
    /// The statements in scope of each binding of a variable.
    scopes: HashMap<VarId, Vec<std::ops::Range<usize>>>,
    /// Ascending.
    mentions: HashMap<VarId, Vec<usize>>,
}

impl Positions {
    fn block(&mut self, stmts: &[Stmt]) {
        let outer = std::mem::take(&mut self.bound);
        self.sequence(stmts);
        self.close();
        self.bound = outer;
    }

    /// What was bound goes out of scope.
    fn close(&mut self) {
        for (var, at) in std::mem::take(&mut self.bound) {
            self.scopes.entry(var).or_default().push(at..self.count);
        }
    }

    fn sequence(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            let at = self.count;
            self.count += 1;
            let mut own: Vec<VarId> = Vec::new();
            stmt.kind.for_each_var(&mut |v| own.push(v));
            for v in own {
                self.mentions.entry(v).or_default().push(at);
            }
            match &stmt.kind {
                StmtKind::Let { var, .. } => self.bound.push((*var, at)),
                StmtKind::LetTuple { vars, .. } => {
                    self.bound.extend(vars.iter().flatten().map(|v| (*v, at)));
                }
                StmtKind::Pop { vars, .. } => self.bound.extend(vars.iter().map(|v| (*v, at))),
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
