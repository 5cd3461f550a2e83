//! Versions: every value that a scalar (or wholly assigned) variable takes gets a name of its own,
//! so that the reverse sweep can say which one it means. Buffers that are written in place have no
//! versions; the reverse sweep puts their old content back instead.

use super::Builder;
use super::calls::{Condition, Lent};
use super::rerun::Rerun;
use crate::ir::*;
use proc_macro2::Span;
use std::collections::{BTreeSet, HashMap};

pub type ScopeId = usize;

/// A block of the function; scope 0 is the function itself.
#[derive(Clone, Debug)]
pub struct Scope {
    pub in_loop: bool,
    /// The reverse of the block follows its forward part at once, so that its variables are still
    /// in scope: the function itself, bodies of fused loops.
    pub open: bool,
}

#[derive(Clone, Debug)]
pub enum Def {
    /// Value on entry to the function.
    Param,
    /// Value at the start of an iteration.
    Entry,
    /// Loop variable; the reversed loop provides it.
    Index,
    /// Of this expression, which reads versions.
    Expr(Expr),
    /// Component of a tuple that a call gives; the statement is the node's.
    Part(usize),
    /// Left by a composite statement or by code that is not looked into.
    Merge,
    /// Content of a buffer declared in the scope, at the scope's end.
    Memory,
    /// Content of a place before a statement overwrote it.
    Old,
}

#[derive(Clone, Debug)]
pub struct Version {
    pub var: VarId,
    pub scope: ScopeId,
    /// The node that defines it, counted from 1; 0 for the scope's entry.
    pub at: usize,
    pub def: Def,
}

/// Pseudo-versions that steer the reverse of a composite statement.
#[derive(Clone, Default, Debug)]
pub struct Control {
    pub cond: Option<VarId>,
    pub lo: Option<VarId>,
    pub hi: Option<VarId>,
    pub step: Option<VarId>,
    pub trips: Option<VarId>,
    pub arm: Option<VarId>,
}

impl Control {
    pub fn all(&self) -> impl Iterator<Item = VarId> {
        [self.cond, self.lo, self.hi, self.step, self.trips, self.arm].into_iter().flatten()
    }
}

/// A statement with what the reverse transformation knows of it.
#[derive(Clone, Debug)]
pub struct Node {
    /// As lowered, nested blocks empty.
    pub original: Stmt,
    /// Reading versions, nested blocks empty.
    pub stmt: Stmt,
    pub blocks: Vec<Tree>,
    /// Versions that hold from here on.
    pub defs: Vec<VarId>,
    /// The assigned variable's version before.
    pub previous: Option<VarId>,
    pub control: Control,
    /// The statement's adjoint, in order of execution.
    pub adjoint: Vec<Stmt>,
    /// Old contents that a call's adjoint wants, by argument.
    pub old_args: Vec<(usize, VarId)>,
    /// `&mut` arguments of which the call's adjoint gets the caller's buffer itself.
    pub lent: Vec<Lent>,
    /// Old contents to be put back before the adjoint: the place and where it is kept.
    pub old: Vec<(Place, VarId)>,
    /// Decided by the to-be-recorded analysis: put the written buffers back.
    pub restore: bool,
    /// A loop whose reverse runs inside its forward iteration.
    pub fused: bool,
    /// A loop whose trips run again in the reverse sweep.
    pub rerun: Option<Rerun>,
    /// Adjoint code of later statements that makes what a fused loop's reverse reads.
    pub early: Vec<Stmt>,
    /// When that has to be done.
    pub restore_if: Condition,
    /// A pattern's binding: the forward sweep has it from the pattern.
    pub bound_by_pattern: bool,
}

impl Node {
    fn new(stmt: &Stmt) -> Self {
        let mut original = stmt.clone();
        for block in original.kind.blocks_mut() {
            block.stmts.clear();
        }
        Node {
            stmt: original.clone(),
            original,
            blocks: Vec::new(),
            defs: Vec::new(),
            previous: None,
            control: Control::default(),
            adjoint: Vec::new(),
            old_args: Vec::new(),
            lent: Vec::new(),
            old: Vec::new(),
            restore: false,
            fused: false,
            rerun: None,
            early: Vec::new(),
            restore_if: Condition::default(),
            bound_by_pattern: false,
        }
    }

    pub fn is_loop(&self) -> bool {
        matches!(
            self.original.kind,
            StmtKind::For { .. } | StmtKind::ForEach { .. } | StmtKind::While { .. }
        )
    }

    /// Whether the reverse sweep has anything to do here.
    pub fn has_reverse(&self) -> bool {
        !self.adjoint.is_empty() || self.restore || self.blocks.iter().any(Tree::has_reverse)
    }
}

impl Tree {
    pub fn has_reverse(&self) -> bool {
        self.nodes.iter().any(Node::has_reverse)
    }
}

#[derive(Clone, Debug)]
pub struct Tree {
    pub scope: ScopeId,
    pub entry: Vec<VarId>,
    pub nodes: Vec<Node>,
    /// Version of each variable at the end of the block.
    pub end: HashMap<VarId, VarId>,
}

/// Variables that are written in part, borrowed mutably or changed in place.
pub fn memory_variables(f: &Function) -> Vec<bool> {
    let mut memory = vec![false; f.vars.len()];
    f.body.walk(&mut |stmt| {
        let mut mark = |p: &Place| memory[p.base.0 as usize] = true;
        match &stmt.kind {
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. }
                if !place.proj.is_empty() =>
            {
                mark(place);
            }
            StmtKind::Fill { place, .. }
            | StmtKind::VecPush { vec: place, .. }
            | StmtKind::VecPop { vec: place, .. }
            | StmtKind::Accumulate { to: place, .. }
            | StmtKind::SetZero(place)
            | StmtKind::CopyFrom { to: place, .. } => mark(place),
            StmtKind::Swap(a, b) => {
                mark(a);
                mark(b);
            }
            _ => {}
        }
        for e in stmt.kind.exprs() {
            e.walk(&mut |e| {
                if let ExprKind::Ref { mutable: true, place } = &e.kind {
                    memory[place.base.0 as usize] = true;
                }
            });
        }
    });
    for param in &f.params {
        if matches!(f.var(*param).ty, Ty::Ref { mutable: true, .. }) {
            memory[param.0 as usize] = true;
        }
    }
    memory
}

/// Variables with one definition, where they are declared: their version is themselves.
fn single_definitions(f: &Function, memory: &[bool]) -> Vec<bool> {
    let mut count = vec![0_u32; f.vars.len()];
    let mut declared_empty = vec![false; f.vars.len()];
    for param in &f.params {
        count[param.0 as usize] += 1;
    }
    f.body.walk(&mut |stmt| {
        for v in stmt.kind.writes() {
            if let StmtKind::Let { init: None, .. } = stmt.kind {
                declared_empty[v.0 as usize] = true;
            } else {
                count[v.0 as usize] += 1;
            }
        }
    });
    (0..f.vars.len()).map(|i| !memory[i] && count[i] <= 1 && !declared_empty[i]).collect()
}

/// Builds the tree of versions of a function's body.
pub struct Walk<'b, 'f> {
    b: &'b mut Builder<'f>,
    single: Vec<bool>,
    current: HashMap<VarId, VarId>,
}

impl<'b, 'f> Walk<'b, 'f> {
    pub fn run(b: &'b mut Builder<'f>) -> Tree {
        let single = single_definitions(b.source, &b.memory);
        b.scopes.push(Scope { in_loop: false, open: true });
        let mut walk = Walk { b, single, current: HashMap::new() };
        for param in walk.b.source.params.clone() {
            if !walk.b.memory[param.0 as usize] {
                walk.define(param, 0, 0, Def::Param);
            }
        }
        walk.block(&walk.b.source.body.clone(), 0, Vec::new(), Vec::new())
    }

    /// A new version of `var`, current from now on.
    fn define(&mut self, var: VarId, scope: ScopeId, at: usize, def: Def) -> VarId {
        let id = if self.single[var.0 as usize] { var } else { self.b.version_of(var) };
        self.b.versions.insert(id, Version { var, scope, at, def });
        self.current.insert(var, id);
        id
    }

    /// A value that only steers or restores: no variable of the user's.
    fn pseudo(&mut self, name: &str, ty: Ty, scope: ScopeId, at: usize, def: Def) -> VarId {
        self.b.pseudo_version(name, ty, scope, at, def)
    }

    fn is_memory(&self, var: VarId) -> bool {
        self.b.memory[var.0 as usize]
    }

    pub fn expr(&self, e: &Expr) -> Expr {
        let mut e = e.clone();
        e.rename_reads(&|v| self.current.get(&v).copied().unwrap_or(v));
        e
    }

    fn rename(&self, base: &mut VarId) {
        if let Some(version) = self.current.get(base) {
            *base = *version;
        }
    }

    fn block(
        &mut self,
        block: &Block,
        scope: ScopeId,
        entry: Vec<VarId>,
        mut nodes: Vec<Node>,
    ) -> Tree {
        for stmt in &block.stmts {
            let node = self.stmt(stmt, scope, nodes.len() + 1);
            nodes.push(node);
        }
        Tree { scope, entry, nodes, end: self.current.clone() }
    }

    fn child_scope(&mut self, parent: ScopeId, of_loop: bool) -> ScopeId {
        let in_loop = of_loop || self.b.scopes[parent].in_loop;
        self.b.scopes.push(Scope { in_loop, open: false });
        self.b.scopes.len() - 1
    }

    fn stmt(&mut self, stmt: &Stmt, scope: ScopeId, at: usize) -> Node {
        let mut node = Node::new(stmt);
        match &stmt.kind {
            StmtKind::If { cond, then, other } => {
                let cond = self.expr(cond);
                let bool_ty = Ty::Discrete(Some("bool".into()));
                node.control.cond = Some(self.pseudo("taken", bool_ty, scope, at, Def::Expr(cond)));
                self.branches(&mut node, &[then, other], scope, at, |_, _, _| Vec::new());
            }
            StmtKind::Match { scrutinee, arms } => {
                node.stmt.kind =
                    StmtKind::Match { scrutinee: self.expr(scrutinee), arms: Vec::new() };
                let arm_ty = Ty::Discrete(Some("usize".into()));
                node.control.arm = Some(self.pseudo("arm", arm_ty, scope, at, Def::Merge));
                let blocks: Vec<&Block> = arms.iter().map(|a| &a.body).collect();
                self.branches(&mut node, &blocks, scope, at, |walk, i, inner| {
                    walk.bindings(&arms[i].bindings, inner, stmt.span)
                });
            }
            StmtKind::For { index, range, body, exit } => {
                let int = range.lo.ty.clone();
                let lo = self.expr(&range.lo);
                let hi = self.expr(&range.hi);
                node.control.lo = Some(self.pseudo("start", int.clone(), scope, at, Def::Expr(lo)));
                node.control.hi = Some(self.pseudo("end", int.clone(), scope, at, Def::Expr(hi)));
                if let Some(step) = &range.step {
                    let step = self.expr(step);
                    node.control.step = Some(self.pseudo("step", int, scope, at, Def::Expr(step)));
                }
                if exit.is_some() {
                    node.control.trips = Some(self.trips(scope, at));
                }
                self.looped(&mut node, body, scope, at, |walk, inner| {
                    if !walk.is_memory(*index) {
                        walk.define(*index, inner, 0, Def::Index);
                    }
                });
            }
            StmtKind::ForEach { bindings, body, .. } => {
                node.control.trips = Some(self.trips(scope, at));
                self.looped(&mut node, body, scope, at, |walk, inner| {
                    for (_, var) in bindings {
                        if !walk.is_memory(*var) {
                            walk.define(*var, inner, 0, Def::Merge);
                        }
                    }
                });
            }
            StmtKind::While { body, .. } => {
                node.control.trips = Some(self.trips(scope, at));
                self.looped(&mut node, body, scope, at, |_, _| {});
            }
            _ => self.leaf(stmt, &mut node, scope, at),
        }
        node
    }

    fn trips(&mut self, scope: ScopeId, at: usize) -> VarId {
        let ty = Ty::Discrete(Some("usize".into()));
        self.pseudo("trips", ty, scope, at, Def::Merge)
    }

    /// Blocks of which one runs: afterwards every variable that any of them writes has a version
    /// of its own.
    fn branches(
        &mut self,
        node: &mut Node,
        blocks: &[&Block],
        scope: ScopeId,
        at: usize,
        bind: impl Fn(&mut Self, usize, ScopeId) -> Vec<Node>,
    ) {
        let before = self.current.clone();
        let mut written = BTreeSet::new();
        for (i, block) in blocks.iter().enumerate() {
            self.current = before.clone();
            let inner = self.child_scope(scope, false);
            let bound = bind(self, i, inner);
            let tree = self.block(block, inner, Vec::new(), bound);
            node.blocks.push(tree);
            written.extend(block.writes());
        }
        self.current = before;
        self.merge(node, &written, blocks, scope, at);
    }

    fn looped(
        &mut self,
        node: &mut Node,
        body: &Block,
        scope: ScopeId,
        at: usize,
        bind: impl Fn(&mut Self, ScopeId),
    ) {
        let before = self.current.clone();
        let inner = self.child_scope(scope, true);
        let written = body.writes();
        let local = declared_in(&[body]);
        let mut entry = Vec::new();
        for var in &written {
            if !local.contains(var) && !self.is_memory(*var) {
                entry.push(self.define(*var, inner, 0, Def::Entry));
            }
        }
        bind(self, inner);
        let tree = self.block(body, inner, entry, Vec::new());
        node.blocks.push(tree);
        self.current = before;
        self.merge(node, &written, &[body], scope, at);
    }

    /// What a pattern binds: a `let` of the place it comes from, as far as the reverse sweep is
    /// concerned.
    fn bindings(&mut self, bindings: &[Binding], scope: ScopeId, span: Span) -> Vec<Node> {
        let mut nodes = Vec::new();
        for binding in bindings {
            let Some(place) = &binding.place else {
                if !self.is_memory(binding.var) {
                    self.define(binding.var, scope, 0, Def::Merge);
                }
                continue;
            };
            let ty = self.b.source.var(binding.var).ty.clone();
            let read = Expr::new(ExprKind::Read(place.clone()), ty, span);
            let kind = StmtKind::Let { var: binding.var, init: Some(read) };
            let mut node = self.stmt(&Stmt { kind, span }, scope, nodes.len() + 1);
            node.bound_by_pattern = true;
            nodes.push(node);
        }
        nodes
    }

    fn merge(
        &mut self,
        node: &mut Node,
        written: &BTreeSet<VarId>,
        blocks: &[&Block],
        scope: ScopeId,
        at: usize,
    ) {
        let local = declared_in(blocks);
        for var in written {
            if !local.contains(var) && !self.is_memory(*var) {
                let version = self.define(*var, scope, at, Def::Merge);
                node.defs.push(version);
            }
        }
    }

    fn leaf(&mut self, stmt: &Stmt, node: &mut Node, scope: ScopeId, at: usize) {
        for e in node.stmt.kind.exprs_mut() {
            *e = self.expr(e);
        }
        match &mut node.stmt.kind {
            StmtKind::CopyFrom { from, .. } => self.rename(&mut from.base),
            StmtKind::Opaque { opaque, .. } => {
                for (_, v) in &mut opaque.reads {
                    self.rename(v);
                }
            }
            _ => {}
        }
        match &stmt.kind {
            StmtKind::Let { var, init } => {
                if self.is_memory(*var) {
                    self.local_memory(*var, scope);
                } else if init.is_some() {
                    let def = match &node.stmt.kind {
                        StmtKind::Let { init: Some(e), .. } => Def::Expr(e.clone()),
                        _ => Def::Merge,
                    };
                    node.defs.push(self.define(*var, scope, at, def));
                } else {
                    self.current.remove(var);
                }
            }
            StmtKind::LetTuple { vars, .. } => {
                for var in vars.iter().flatten() {
                    if self.is_memory(*var) {
                        self.local_memory(*var, scope);
                    } else {
                        node.defs.push(self.define(*var, scope, at, Def::Part(at)));
                    }
                }
            }
            StmtKind::Assign { place, .. } if !self.is_memory(place.base) => {
                node.previous = self.current.get(&place.base).copied();
                let StmtKind::Assign { value, .. } = &node.stmt.kind else {
                    unreachable!("the versioned statement is of the same kind");
                };
                let def = Def::Expr(value.clone());
                node.defs.push(self.define(place.base, scope, at, def));
            }
            StmtKind::Update { place, op, .. } if !self.is_memory(place.base) => {
                node.previous = self.current.get(&place.base).copied();
                let StmtKind::Update { value, .. } = &node.stmt.kind else {
                    unreachable!("the versioned statement is of the same kind");
                };
                let def = match node.previous {
                    Some(previous) => {
                        let before = Expr::var(previous, &self.b.out.vars, stmt.span);
                        let ty = before.ty.clone();
                        let kind = ExprKind::Binary(*op, Box::new(before), Box::new(value.clone()));
                        Def::Expr(Expr::new(kind, ty, stmt.span))
                    }
                    None => Def::Merge,
                };
                node.defs.push(self.define(place.base, scope, at, def));
            }
            StmtKind::Opaque { opaque, declares } => {
                for (_, var) in declares {
                    if self.is_memory(*var) {
                        self.local_memory(*var, scope);
                    }
                }
                for (_, var) in opaque.writes.iter().chain(declares) {
                    if !self.is_memory(*var) {
                        node.defs.push(self.define(*var, scope, at, Def::Merge));
                    }
                }
            }
            _ => {}
        }
        // Opaque expressions may write as well.
        for e in stmt.kind.exprs() {
            let mut written = Vec::new();
            e.walk(&mut |e| {
                if let ExprKind::Opaque(o) = &e.kind {
                    written.extend(o.writes.iter().map(|w| w.1));
                }
            });
            for var in written {
                if !self.is_memory(var) {
                    node.defs.push(self.define(var, scope, at, Def::Merge));
                }
            }
        }
    }

    fn local_memory(&mut self, var: VarId, scope: ScopeId) {
        self.b.versions.insert(var, Version { var, scope, at: usize::MAX, def: Def::Memory });
    }
}

/// Variables declared anywhere inside the blocks.
pub fn declared_in(blocks: &[&Block]) -> BTreeSet<VarId> {
    let mut out = BTreeSet::new();
    for block in blocks {
        block.walk(&mut |stmt| match &stmt.kind {
            StmtKind::Let { var, .. } => {
                out.insert(*var);
            }
            StmtKind::LetTuple { vars, .. } => out.extend(vars.iter().flatten()),
            StmtKind::For { index, .. } => {
                out.insert(*index);
            }
            StmtKind::ForEach { bindings, .. } => out.extend(bindings.iter().map(|b| b.1)),
            StmtKind::Match { arms, .. } => {
                out.extend(arms.iter().flat_map(|a| a.bindings.iter().map(|b| b.var)));
            }
            StmtKind::Opaque { declares, .. } => out.extend(declares.iter().map(|d| d.1)),
            StmtKind::Pop { vars, .. } | StmtKind::WhilePop { vars, .. } => out.extend(vars),
            StmtKind::VecPop { into: Some(var), .. } => {
                out.insert(*var);
            }
            _ => {}
        });
    }
    out
}
