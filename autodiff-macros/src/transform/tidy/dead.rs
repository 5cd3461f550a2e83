//! Dead code: what neither an output nor an effect depends on.
//!
//! Marks from the roots (the result, memory behind `&mut` parameters, effects) and drops the rest:
//! statements, components of tuples, entries of tapes, whole tapes, loops and branches left empty.
//! A variable that only feeds itself (`sum += x` in a loop, never read) is dead too, which a
//! liveness analysis would not see (Giegerich et al. 1981 call it faint).

use super::uses::{borrowed, has_effects};
use crate::ir::*;
use std::collections::HashMap;

pub fn run(f: &mut Function) {
    let mut body = f.body.clone();
    let mut graph = Graph::of(f);
    graph.mark();
    let mut at = 0;
    sweep(&mut body, &graph, &mut at);
    f.body = body;
}

/// A declaration. Variables are looked at one declaration at a time, since the reverse sweep may
/// declare again, under the same name, what the forward sweep had in another block.
type Decl = usize;

/// A statement, as far as marking needs it. Numbered in the order of the source, parents first.
#[derive(Default)]
struct Node {
    parent: Option<usize>,
    /// Needed if the statement stays.
    reads: Vec<Decl>,
    /// A tape whose length steers the statement.
    steered_by: Option<Decl>,
    /// The tape the statement works on.
    tape: Option<Decl>,
    declares: Vec<(VarId, Decl)>,
    kept: bool,
}

struct Graph<'f> {
    vars: &'f [Var],
    nodes: Vec<Node>,
    /// The declaration in scope of each variable, while the graph is built.
    current: Vec<Decl>,
    /// By declaration: statements that have to stay if it is needed.
    makers: Vec<Vec<usize>>,
    /// By declaration: others that have to stay if it is needed (references into it).
    aliases: Vec<Vec<Decl>>,
    /// By declaration: the entries of tapes it is taken from.
    taken: Vec<Vec<(Decl, usize)>>,
    needed: Vec<bool>,
    tapes: HashMap<Decl, Tape>,
    /// Statements to keep, declarations to need.
    todo: Vec<usize>,
    roots: Vec<Decl>,
}

#[derive(Default)]
struct Tape {
    /// Every statement that names it.
    statements: Vec<usize>,
    entries: Vec<Entry>,
    needed: bool,
}

/// What is pushed at one position.
#[derive(Default, Clone)]
struct Entry {
    reads: Vec<Decl>,
    needed: bool,
}

impl<'f> Graph<'f> {
    fn of(f: &'f Function) -> Self {
        let n = f.vars.len();
        let mut graph = Graph {
            vars: &f.vars,
            nodes: Vec::new(),
            current: (0..n).collect(),
            makers: vec![Vec::new(); n],
            aliases: vec![Vec::new(); n],
            taken: vec![Vec::new(); n],
            needed: vec![false; n],
            tapes: HashMap::new(),
            todo: Vec::new(),
            roots: Vec::new(),
        };
        for &param in &f.params {
            // A float, an array or a `Vec` by value is the function's own; all else may be memory
            // of the caller's, whose final state is an output unless it is scratch.
            let own = matches!(
                f.var(param).ty,
                Ty::Float(_) | Ty::Discrete(_) | Ty::Array(..) | Ty::Vec(_)
            );
            if !own && !f.scratch.contains(&param) {
                graph.roots.push(param.0 as usize);
            }
        }
        for stmt in &f.body.stmts {
            graph.stmt(stmt, None);
        }
        if let Some(result) = &f.result {
            result.for_each_var(&mut |v| graph.roots.push(graph.current[v.0 as usize]));
        }
        graph
    }

    /// A nested block: what it declares goes out of scope with it.
    fn block(&mut self, block: &Block, parent: usize, bound: &[VarId]) {
        let mut outer: Vec<(VarId, Decl)> = Vec::new();
        for var in bound {
            outer.push((*var, self.current[var.0 as usize]));
        }
        for stmt in &block.stmts {
            for var in declared(&stmt.kind) {
                outer.push((var, self.current[var.0 as usize]));
            }
            self.stmt(stmt, Some(parent));
        }
        for (var, decl) in outer.into_iter().rev() {
            self.current[var.0 as usize] = decl;
        }
    }

    fn declare(&mut self, at: usize, var: VarId) {
        let decl = self.needed.len();
        self.needed.push(false);
        self.makers.push(Vec::new());
        self.aliases.push(Vec::new());
        self.taken.push(Vec::new());
        self.current[var.0 as usize] = decl;
        self.nodes[at].declares.push((var, decl));
    }

    fn decl(&self, var: VarId) -> Decl {
        self.current[var.0 as usize]
    }

    fn stmt(&mut self, stmt: &Stmt, parent: Option<usize>) {
        let at = self.nodes.len();
        self.nodes.push(Node { parent, ..Node::default() });
        let kind = &stmt.kind;
        let inner = bound_inside(kind);
        // Expressions are in the scope from before the statement.
        let mut reads: Vec<Decl> = Vec::new();
        let own = declared(kind);
        let is_own = |v: VarId| own.contains(&v) || inner.contains(&v);
        kind.for_each_var(&mut |v| {
            if !is_own(v) {
                reads.push(self.decl(v));
            }
        });
        let mut makes: Vec<Decl> = Vec::new();
        let mut write = |v: VarId| {
            if !is_own(v) {
                makes.push(self.decl(v));
            }
        };
        kind.writes().into_iter().for_each(&mut write);
        for e in kind.exprs() {
            e.walk(&mut |e| {
                if let ExprKind::Call(call) = &e.kind {
                    for arg in &call.args {
                        if let Arg::Expr(arg) = arg {
                            borrowed(arg, self.vars).into_iter().for_each(&mut write);
                        }
                    }
                }
            });
        }
        let aliased: Vec<(Decl, VarId)> = references(kind)
            .into_iter()
            .map(|(base, binding)| (self.decl(base), binding))
            .collect();
        for var in own.iter().chain(&inner) {
            self.declare(at, *var);
        }
        self.tape_uses(kind, at, &mut reads);
        for var in &own {
            makes.push(self.decl(*var));
        }
        for (base, binding) in aliased {
            let binding = self.decl(binding);
            self.aliases[base].push(binding);
        }
        // A declaration that holds a mutable reference stays with the statement.
        if let StmtKind::Let { init: Some(e), .. } | StmtKind::LetTuple { init: e, .. } = kind
            && refers_mutably(e)
        {
            reads.extend(own.iter().map(|v| self.decl(*v)));
        }
        self.taken_from(kind);
        if let StmtKind::Opaque { declares, .. } = kind {
            reads.extend(declares.iter().map(|d| self.decl(d.1)));
        }
        for decl in makes {
            self.makers[decl].push(at);
        }
        self.nodes[at].reads = reads;
        if has_own_effects(kind) {
            self.todo.push(at);
        }
        for block in kind.blocks() {
            self.block(block, at, &inner);
        }
        // The bindings of patterns and loops are gone after the statement, but only blocks could
        // name them, so leaving them declared does no harm.
    }

    /// What is pushed is read only if it is taken and needed.
    fn tape_uses(&mut self, kind: &StmtKind, at: usize, reads: &mut Vec<Decl>) {
        let (tape, steers) = match kind {
            StmtKind::Push { tape, .. } | StmtKind::Pop { tape, .. } => (*tape, false),
            StmtKind::WhilePop { tape, .. } => (*tape, true),
            // Where one tape goes to another, nothing but the tape is named.
            StmtKind::NewTape { tape, .. } => {
                (*tape, self.vars[tape.0 as usize].role == Role::Lists)
            }
            StmtKind::PushList { tape, .. } | StmtKind::PopList { tape, .. } => (*tape, true),
            _ => return,
        };
        let tape = self.decl(tape);
        match kind {
            // What a tape with entries needs follows from those, not from the statements.
            StmtKind::Push { .. } | StmtKind::Pop { .. } | StmtKind::WhilePop { .. } => {
                reads.clear();
            }
            _ => reads.retain(|decl| *decl != tape),
        }
        self.nodes[at].tape = Some(tape);
        if steers {
            self.nodes[at].steered_by = Some(tape);
        }
        self.tapes.entry(tape).or_default().statements.push(at);
        if let StmtKind::Push { values, .. } = kind {
            for (i, value) in values.iter().enumerate() {
                let mut of_value = Vec::new();
                value.for_each_var(&mut |v| of_value.push(self.decl(v)));
                self.entry(tape, i).reads.extend(of_value);
            }
        }
    }

    fn taken_from(&mut self, kind: &StmtKind) {
        if let StmtKind::Pop { tape, vars } | StmtKind::WhilePop { tape, vars, .. } = kind {
            let tape = self.decl(*tape);
            for (i, var) in vars.iter().enumerate() {
                let var = self.decl(*var);
                self.entry(tape, i);
                self.taken[var].push((tape, i));
            }
        }
    }

    fn entry(&mut self, tape: Decl, position: usize) -> &mut Entry {
        let entries = &mut self.tapes.entry(tape).or_default().entries;
        if entries.len() <= position {
            entries.resize(position + 1, Entry::default());
        }
        &mut entries[position]
    }

    fn mark(&mut self) {
        let mut needed = std::mem::take(&mut self.roots);
        loop {
            while let Some(decl) = needed.pop() {
                if std::mem::replace(&mut self.needed[decl], true) {
                    continue;
                }
                self.todo.extend(&self.makers[decl]);
                needed.extend(&self.aliases[decl]);
                for (tape, i) in std::mem::take(&mut self.taken[decl]) {
                    let tape = self.tapes.get_mut(&tape).expect("a tape that is taken from");
                    tape.entries[i].needed = true;
                    needed.extend(&tape.entries[i].reads);
                    self.todo.extend(tape.need());
                }
            }
            let Some(at) = self.todo.pop() else { break };
            let node = &mut self.nodes[at];
            if std::mem::replace(&mut node.kept, true) {
                continue;
            }
            needed.extend(&node.reads);
            self.todo.extend(node.parent);
            if let Some(tape) = node.steered_by
                && let Some(tape) = self.tapes.get_mut(&tape)
            {
                self.todo.extend(tape.need());
            }
        }
    }

    fn needs(&self, at: usize, var: VarId) -> bool {
        let declares = &self.nodes[at].declares;
        declares.iter().any(|(v, decl)| *v == var && self.needed[*decl])
    }
}

impl Tape {
    /// All statements that push, take and create, the first time it is needed.
    fn need(&mut self) -> Vec<usize> {
        if std::mem::replace(&mut self.needed, true) { Vec::new() } else { self.statements.clone() }
    }
}

/// Variables that the statement declares for the rest of its block.
fn declared(kind: &StmtKind) -> Vec<VarId> {
    match kind {
        StmtKind::Let { var, .. } => vec![*var],
        StmtKind::LetTuple { vars, .. } => vars.iter().flatten().copied().collect(),
        StmtKind::Pop { vars, .. } => vars.clone(),
        StmtKind::VecPop { into, .. } => into.iter().copied().collect(),
        StmtKind::NewTape { tape, .. } => vec![*tape],
        StmtKind::Opaque { declares, .. } => declares.iter().map(|d| d.1).collect(),
        _ => Vec::new(),
    }
}

/// Variables that the statement declares for its blocks.
fn bound_inside(kind: &StmtKind) -> Vec<VarId> {
    match kind {
        StmtKind::For { index, .. } => vec![*index],
        StmtKind::ForEach { bindings, .. } => bindings.iter().map(|b| b.1).collect(),
        StmtKind::WhilePop { vars, .. } => vars.clone(),
        StmtKind::Match { arms, .. } => {
            arms.iter().flat_map(|a| a.bindings.iter().map(|b| b.var)).collect()
        }
        _ => Vec::new(),
    }
}

/// Bindings that may refer into a variable: needed if it is, since writing them may write it.
fn references(kind: &StmtKind) -> Vec<(VarId, VarId)> {
    let mut out = Vec::new();
    match kind {
        StmtKind::Match { arms, scrutinee } => {
            for binding in arms.iter().flat_map(|a| &a.bindings) {
                match &binding.place {
                    Some(place) => out.push((place.base, binding.var)),
                    None => scrutinee.for_each_var(&mut |v| out.push((v, binding.var))),
                }
            }
        }
        StmtKind::ForEach { bindings, iter, .. } => {
            for (_, var) in bindings {
                iter.for_each_var(&mut |v| out.push((v, *var)));
            }
        }
        _ => {}
    }
    out
}

fn has_own_effects(kind: &StmtKind) -> bool {
    kind.exprs().into_iter().any(has_effects)
        || match kind {
            StmtKind::Opaque { opaque, .. } => !opaque.pure_,
            StmtKind::SameShape { .. } => true,
            StmtKind::Match { arms, .. } => {
                arms.iter().any(|a| a.guard.as_ref().is_some_and(|g| !g.pure_))
            }
            _ => false,
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
        let this = *at;
        *at += 1;
        for inner in stmt.kind.blocks_mut() {
            sweep(inner, graph, at);
        }
        if graph.nodes[this].kept {
            thin(&mut stmt.kind, graph, this);
            block.stmts.push(stmt);
        }
    }
}

/// Drops parts that nobody needs of a statement that stays.
fn thin(kind: &mut StmtKind, graph: &Graph, at: usize) {
    let entry_needed = |i: usize| {
        let tape = graph.nodes[at].tape;
        let tape = tape.and_then(|tape| graph.tapes.get(&tape));
        tape.is_some_and(|tape| tape.entries[i].needed)
    };
    match kind {
        StmtKind::Let { var, init: Some(e) } if !graph.needs(at, *var) => {
            *kind = StmtKind::Eval(e.clone());
        }
        StmtKind::LetTuple { vars, init } => {
            for var in vars.iter_mut() {
                *var = var.filter(|v| graph.needs(at, *v));
            }
            if vars.iter().all(Option::is_none) {
                *kind = StmtKind::Eval(init.clone());
            }
        }
        StmtKind::VecPop { into, .. } => *into = into.filter(|v| graph.needs(at, *v)),
        StmtKind::Push { values, .. } => {
            let mut i = 0;
            values.retain(|_| {
                i += 1;
                entry_needed(i - 1)
            });
        }
        StmtKind::Pop { vars, .. } | StmtKind::WhilePop { vars, .. } => {
            let mut i = 0;
            vars.retain(|_| {
                i += 1;
                entry_needed(i - 1)
            });
        }
        _ => {}
    }
}
