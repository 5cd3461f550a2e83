//! Dead code: what neither an output nor an effect depends on.
//!
//! Marks from the roots (the result, memory behind `&mut` parameters, effects) and drops the rest:
//! statements, components of tuples, entries of tapes, whole tapes, loops and branches left empty.
//! A variable that only feeds itself (`sum += x` in a loop, never read) is dead too, which a
//! liveness analysis would not see (Giegerich et al. 1981 call it faint).

use super::uses::{borrowed, has_effects, mentions};
use crate::ir::*;
use std::collections::HashMap;

pub fn run(f: &mut Function) {
    let mut graph = Graph::of(f);
    graph.mark();
    let mut body = std::mem::take(&mut f.body);
    let mut at = 0;
    sweep(&mut body, &graph, &mut at);
    f.body = body;
}

/// A statement, as far as marking needs it. Numbered in the order of the source, parents first.
#[derive(Default)]
struct Node {
    parent: Option<usize>,
    /// Needed if the statement stays.
    reads: Vec<VarId>,
    tapes: Vec<VarId>,
    kept: bool,
}

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    /// Statements that have to stay if the variable is needed.
    makers: Vec<Vec<usize>>,
    /// Variables that have to stay if the variable is needed (references into it).
    aliases: Vec<Vec<VarId>>,
    tapes: HashMap<VarId, Tape>,
    needed: Vec<bool>,
    /// Work still to do.
    todo: Vec<usize>,
    roots: Vec<VarId>,
}

#[derive(Default)]
struct Tape {
    /// Every statement that names it.
    statements: Vec<usize>,
    /// What is pushed and what it is taken into, by position.
    entries: Vec<Entry>,
    needed: bool,
}

#[derive(Default, Clone)]
struct Entry {
    reads: Vec<VarId>,
    takers: Vec<VarId>,
    effects: bool,
    needed: bool,
}

impl Graph {
    fn of(f: &Function) -> Self {
        let mut graph = Graph {
            makers: vec![Vec::new(); f.vars.len()],
            aliases: vec![Vec::new(); f.vars.len()],
            needed: vec![false; f.vars.len()],
            ..Graph::default()
        };
        graph.block(&f.body, None, &f.vars);
        for &param in &f.params {
            // A float, an array or a `Vec` by value is the function's own; all else may be memory
            // of the caller's.
            let own = matches!(
                f.var(param).ty,
                Ty::Float(_) | Ty::Discrete(_) | Ty::Array(..) | Ty::Vec(_)
            );
            if !own {
                graph.roots.push(param);
            }
        }
        if let Some(result) = &f.result {
            result.for_each_var(&mut |v| graph.roots.push(v));
        }
        graph
    }

    fn block(&mut self, block: &Block, parent: Option<usize>, vars: &[Var]) {
        for stmt in &block.stmts {
            let at = self.nodes.len();
            self.nodes.push(Node {
                parent,
                ..Node::default()
            });
            self.stmt(&stmt.kind, at, vars);
            for inner in stmt.kind.blocks() {
                self.block(inner, Some(at), vars);
            }
        }
    }

    fn made(&mut self, var: VarId, at: usize) {
        self.makers[var.0 as usize].push(at);
    }

    fn entry(&mut self, tape: VarId, position: usize) -> &mut Entry {
        let entries = &mut self.tapes.entry(tape).or_default().entries;
        if entries.len() <= position {
            entries.resize(position + 1, Entry::default());
        }
        &mut entries[position]
    }

    fn stmt(&mut self, kind: &StmtKind, at: usize, vars: &[Var]) {
        match kind {
            StmtKind::Push { tape, values } => {
                for (i, value) in values.iter().enumerate() {
                    let mut reads = Vec::new();
                    value.for_each_var(&mut |v| reads.push(v));
                    let entry = self.entry(*tape, i);
                    entry.effects |= has_effects(value);
                    entry.reads.extend(reads);
                }
                self.tapes.entry(*tape).or_default().statements.push(at);
                return;
            }
            StmtKind::Pop { tape, vars } => {
                self.takers(*tape, vars);
                self.tapes.entry(*tape).or_default().statements.push(at);
                return;
            }
            StmtKind::WhilePop { tape, vars, .. } => {
                self.takers(*tape, vars);
                self.tapes.entry(*tape).or_default().statements.push(at);
                self.nodes[at].tapes.push(*tape);
                return;
            }
            StmtKind::NewTape { tape } => {
                self.tapes.entry(*tape).or_default().statements.push(at);
                return;
            }
            _ => {}
        }
        let mut reads = Vec::new();
        mentions(kind, &mut |v| reads.push(v));
        // What the statement itself declares is not read by it.
        match kind {
            StmtKind::Let { var, init } => {
                let referring = init.as_ref().is_some_and(refers_mutably);
                if !referring {
                    reads.retain(|v| v != var);
                }
            }
            StmtKind::LetTuple { vars, init } => {
                if !refers_mutably(init) {
                    reads.retain(|v| !vars.contains(&Some(*v)));
                }
            }
            StmtKind::VecPop { into, .. } => reads.retain(|v| Some(*v) != *into),
            StmtKind::Match { arms, scrutinee } => {
                let bound: Vec<VarId> = arms
                    .iter()
                    .flat_map(|a| a.bindings.iter().map(|b| b.var))
                    .collect();
                reads.retain(|v| !bound.contains(v));
                for binding in arms.iter().flat_map(|a| &a.bindings) {
                    match &binding.place {
                        Some(place) => self.aliases[place.base.0 as usize].push(binding.var),
                        None => scrutinee.for_each_var(&mut |v| {
                            self.aliases[v.0 as usize].push(binding.var);
                        }),
                    }
                }
            }
            StmtKind::ForEach { bindings, iter, .. } => {
                reads.retain(|v| bindings.iter().all(|b| b.1 != *v));
                for (_, var) in bindings {
                    iter.for_each_var(&mut |v| self.aliases[v.0 as usize].push(*var));
                }
            }
            _ => {}
        }
        self.nodes[at].reads = reads;
        let mut makes = kind.writes();
        for e in kind.exprs() {
            e.walk(&mut |e| {
                if let ExprKind::Call(call) = &e.kind {
                    for arg in &call.args {
                        if let Arg::Expr(arg) = arg {
                            makes.extend(borrowed(arg, vars));
                        }
                    }
                }
            });
        }
        for var in makes {
            self.made(var, at);
        }
        let effects = kind.exprs().into_iter().any(has_effects)
            || match kind {
                StmtKind::Opaque { opaque, .. } => !opaque.pure_,
                StmtKind::SameShape { .. } => true,
                StmtKind::Match { arms, .. } => arms
                    .iter()
                    .any(|a| a.guard.as_ref().is_some_and(|g| !g.pure_)),
                _ => false,
            };
        if effects {
            self.todo.push(at);
        }
    }

    fn takers(&mut self, tape: VarId, vars: &[VarId]) {
        for (i, var) in vars.iter().enumerate() {
            self.entry(tape, i).takers.push(*var);
        }
    }

    fn mark(&mut self) {
        // Which entries of which tapes a variable is taken from.
        let mut taken: HashMap<VarId, Vec<(VarId, usize)>> = HashMap::new();
        let mut needed = std::mem::take(&mut self.roots);
        for (tape, all) in &self.tapes {
            for (i, entry) in all.entries.iter().enumerate() {
                for var in &entry.takers {
                    taken.entry(*var).or_default().push((*tape, i));
                }
                if entry.effects {
                    needed.extend(&entry.takers);
                }
            }
        }
        loop {
            while let Some(var) = needed.pop() {
                if std::mem::replace(&mut self.needed[var.0 as usize], true) {
                    continue;
                }
                self.todo.extend(&self.makers[var.0 as usize]);
                needed.extend(&self.aliases[var.0 as usize]);
                for (tape, i) in taken.get(&var).into_iter().flatten() {
                    let tape = self.tapes.get_mut(tape).expect("a tape that is taken from");
                    tape.entries[*i].needed = true;
                    needed.extend(&tape.entries[*i].reads);
                    if !std::mem::replace(&mut tape.needed, true) {
                        self.todo.extend(&tape.statements);
                    }
                }
                // A tape handed around as a variable.
                if let Some(tape) = self.tapes.get_mut(&var)
                    && !std::mem::replace(&mut tape.needed, true)
                {
                    self.todo.extend(&tape.statements);
                }
            }
            let Some(at) = self.todo.pop() else { break };
            let node = &mut self.nodes[at];
            if std::mem::replace(&mut node.kept, true) {
                continue;
            }
            needed.extend(&node.reads);
            let tapes = std::mem::take(&mut node.tapes);
            self.todo.extend(node.parent);
            for name in tapes {
                let tape = self.tapes.get_mut(&name).expect("a tape that is taken from");
                if !std::mem::replace(&mut tape.needed, true) {
                    self.todo.extend(&tape.statements);
                }
            }
        }
    }

    fn is_needed(&self, var: VarId) -> bool {
        self.needed[var.0 as usize]
    }
}

/// Whether a value may be a reference through which its variable writes elsewhere.
fn refers_mutably(e: &Expr) -> bool {
    if matches!(e.kind, ExprKind::Call(_)) {
        return false;
    }
    let mut found = matches!(e.ty, Ty::Ref { mutable: true, .. });
    e.walk(&mut |e| found |= matches!(e.kind, ExprKind::Ref { mutable: true, .. }));
    found
}

fn sweep(block: &mut Block, graph: &Graph, at: &mut usize) {
    let stmts = std::mem::take(&mut block.stmts);
    for mut stmt in stmts {
        let kept = graph.nodes[*at].kept;
        *at += 1;
        for inner in stmt.kind.blocks_mut() {
            sweep(inner, graph, at);
        }
        if kept {
            thin(&mut stmt.kind, graph);
            block.stmts.push(stmt);
        }
    }
}

/// Drops parts that nobody needs of a statement that stays.
fn thin(kind: &mut StmtKind, graph: &Graph) {
    match kind {
        StmtKind::Let { var, init: Some(e) } if !graph.is_needed(*var) => {
            *kind = StmtKind::Eval(e.clone());
        }
        StmtKind::LetTuple { vars, init } => {
            for var in vars.iter_mut() {
                *var = var.filter(|v| graph.is_needed(*v));
            }
            if vars.iter().all(Option::is_none) {
                *kind = StmtKind::Eval(init.clone());
            }
        }
        StmtKind::VecPop { into, .. } => *into = into.filter(|v| graph.is_needed(*v)),
        StmtKind::Push { tape, values } => {
            let entries = &graph.tapes[tape].entries;
            let mut i = 0;
            values.retain(|_| {
                i += 1;
                entries[i - 1].needed
            });
        }
        StmtKind::Pop { tape, vars } | StmtKind::WhilePop { tape, vars, .. } => {
            let entries = &graph.tapes[tape].entries;
            let mut i = 0;
            vars.retain(|_| {
                i += 1;
                entries[i - 1].needed
            });
        }
        _ => {}
    }
}
