//! `return`, `break` and `continue` become structure.
//!
//! The walk lowers an exit to the assignment `flag = true` at the end of its block. Here what
//! follows a branch that always exits moves into the other branch, which needs no flag; only what
//! is left after that (exits out of loops, and branches that exit on some of their paths) makes
//! flags real: the rest of the block is wrapped in `if !flag`, a loop gets `exit`. (The method is
//! that of Erosa and Hendren, 1994, "Taming control flow", restricted to forward exits.)

use super::bool_ty;
use crate::ir::{BinOp, Block, Expr, ExprKind, Function, Place, Stmt, StmtKind, VarId};
use proc_macro2::Span;
use quote::quote;
use std::collections::{BTreeSet, HashMap, HashSet};

#[derive(Default)]
pub struct Exits {
    /// Every flag that stands for an exit.
    pub flags: HashSet<VarId>,
    /// `continue`'s flag of a loop, by the loop's `break` flag.
    pub skips: HashMap<VarId, VarId>,
    /// Labelled blocks: they come as `if flag { … }`, and are spliced into their parent.
    pub blocks: HashSet<VarId>,
    /// Ends of the `else` of `let … else`, which never go on.
    pub nevers: HashSet<VarId>,
}

/// How a sequence of statements may be left.
#[derive(Default, Clone)]
struct Leaves {
    flags: BTreeSet<VarId>,
    always: bool,
}

impl Leaves {
    fn none(&self) -> bool {
        self.flags.is_empty()
    }
}

struct Pass<'a> {
    exits: &'a Exits,
    used: HashSet<VarId>,
}

impl Exits {
    pub fn restructure(&self, function: &mut Function) {
        if self.flags.is_empty() && self.blocks.is_empty() {
            return;
        }
        let mut pass = Pass { exits: self, used: HashSet::new() };
        let stmts = std::mem::take(&mut function.body.stmts);
        let mut stmts = pass.run(stmts);
        prune(&mut stmts, &self.flags, &pass.used);
        // What is left over (a `return`'s flag) is declared before its first mention.
        let mut missing: Vec<VarId> = pass.used.iter().copied().collect();
        missing.sort();
        for flag in missing {
            function.vars[flag.0 as usize].mutable = true;
            declare(&mut stmts, flag);
        }
        tidy(&mut stmts);
        function.body.stmts = stmts;
    }

    fn marker(&self, stmt: &Stmt) -> Option<VarId> {
        match &stmt.kind {
            StmtKind::Assign { place, .. } if self.flags.contains(&place.base) => Some(place.base),
            _ => None,
        }
    }

    fn labelled(&self, stmt: &Stmt) -> Option<VarId> {
        match &stmt.kind {
            StmtKind::If { cond, .. } => match &cond.kind {
                ExprKind::Read(place) if self.blocks.contains(&place.base) => Some(place.base),
                _ => None,
            },
            _ => None,
        }
    }

    /// How the statements may be left, before any restructuring.
    fn leaves(&self, stmts: &[Stmt]) -> Leaves {
        let mut total = Leaves::default();
        for stmt in stmts {
            let one = self.stmt_leaves(stmt);
            total.flags.extend(one.flags);
            if one.always {
                total.always = true;
                break;
            }
        }
        total
    }

    fn stmt_leaves(&self, stmt: &Stmt) -> Leaves {
        if let Some(flag) = self.marker(stmt) {
            if self.nevers.contains(&flag) {
                return Leaves { flags: BTreeSet::new(), always: true };
            }
            return Leaves { flags: [flag].into(), always: true };
        }
        if let Some(flag) = self.labelled(stmt) {
            let StmtKind::If { then, .. } = &stmt.kind else {
                return Leaves::default();
            };
            let mut inner = self.leaves(&then.stmts);
            let own = inner.flags.remove(&flag);
            inner.always &= !own;
            return inner;
        }
        match &stmt.kind {
            StmtKind::If { then, other, .. } => {
                let (a, b) = (self.leaves(&then.stmts), self.leaves(&other.stmts));
                Leaves {
                    always: a.always && b.always,
                    flags: a.flags.union(&b.flags).copied().collect(),
                }
            }
            StmtKind::Match { arms, .. } => {
                let all: Vec<Leaves> = arms.iter().map(|a| self.leaves(&a.body.stmts)).collect();
                Leaves {
                    always: !all.is_empty() && all.iter().all(|l| l.always),
                    flags: all.iter().flat_map(|l| l.flags.iter().copied()).collect(),
                }
            }
            StmtKind::For { body, exit, .. } | StmtKind::ForEach { body, exit, .. } => {
                let mut inner = self.leaves(&body.stmts);
                self.remove_own(&mut inner, *exit);
                inner.always = false;
                inner
            }
            StmtKind::While { body, exit, cond } => {
                let mut inner = self.leaves(&body.stmts);
                let own = exit.is_some_and(|stop| inner.flags.contains(&stop));
                self.remove_own(&mut inner, *exit);
                inner.always = is_true(cond) && !own && !inner.flags.is_empty();
                inner
            }
            _ => Leaves::default(),
        }
    }

    fn remove_own(&self, leaves: &mut Leaves, exit: Option<VarId>) {
        if let Some(stop) = exit {
            leaves.flags.remove(&stop);
            if let Some(skip) = self.skips.get(&stop) {
                leaves.flags.remove(skip);
            }
        }
    }
}

impl Pass<'_> {
    fn run(&mut self, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let mut out = Vec::new();
        let mut rest = std::collections::VecDeque::from(stmts);
        while let Some(mut stmt) = rest.pop_front() {
            if let Some(flag) = self.exits.marker(&stmt) {
                if !self.exits.nevers.contains(&flag) {
                    out.push(stmt);
                }
                return out;
            }
            if let Some(flag) = self.exits.labelled(&stmt) {
                let StmtKind::If { then, .. } = stmt.kind else { unreachable!() };
                let leaves = {
                    let mut inner = self.exits.leaves(&then.stmts);
                    let own = inner.flags.remove(&flag);
                    inner.always &= !own;
                    inner
                };
                let mut inner = self.run(then.stmts);
                if self.used.remove(&flag) {
                    out.push(let_false(flag, stmt.span));
                    self.used.insert(flag);
                }
                out.append(&mut inner);
                if leaves.always {
                    return out;
                }
                if !leaves.none() {
                    self.wrap(&mut out, rest, &leaves, stmt.span);
                    return out;
                }
                continue;
            }
            let leaves = self.exits.stmt_leaves(&stmt);
            let mut before = Vec::new();
            let moved = self.descend(&mut stmt, &mut rest, &mut before);
            out.append(&mut before);
            let span = stmt.span;
            out.push(stmt);
            if moved || leaves.always {
                return out;
            }
            if !leaves.none() {
                self.wrap(&mut out, rest, &leaves, span);
                return out;
            }
        }
        out
    }

    /// `if !flag { rest }`
    fn wrap(
        &mut self,
        out: &mut Vec<Stmt>,
        rest: std::collections::VecDeque<Stmt>,
        leaves: &Leaves,
        span: Span,
    ) {
        if rest.is_empty() {
            return;
        }
        let stmts = self.run(rest.into());
        if stmts.is_empty() {
            return;
        }
        self.used.extend(&leaves.flags);
        let cond = leaves
            .flags
            .iter()
            .map(|flag| {
                let read = Expr::new(ExprKind::Read(Place::var(*flag)), bool_ty(), span);
                Expr::new(ExprKind::Not(Box::new(read)), bool_ty(), span)
            })
            .reduce(|a, b| {
                let kind = ExprKind::Binary(BinOp::And, Box::new(a), Box::new(b));
                Expr::new(kind, bool_ty(), span)
            });
        if let Some(cond) = cond {
            let then = Block { stmts };
            let kind = StmtKind::If { cond, then, other: Block::default() };
            out.push(Stmt { kind, span });
        }
    }

    /// Restructures inside a statement; true if the rest of the block went into a branch of it.
    fn descend(
        &mut self,
        stmt: &mut Stmt,
        rest: &mut std::collections::VecDeque<Stmt>,
        before: &mut Vec<Stmt>,
    ) -> bool {
        let span = stmt.span;
        match &mut stmt.kind {
            StmtKind::If { then, other, .. } => {
                let a = self.exits.leaves(&then.stmts);
                let b = self.exits.leaves(&other.stmts);
                let mut moved = false;
                if a.always && !b.always {
                    other.stmts.extend(rest.drain(..));
                    moved = true;
                } else if b.always && !a.always {
                    then.stmts.extend(rest.drain(..));
                    moved = true;
                }
                for block in [then, other] {
                    block.stmts = self.run(std::mem::take(&mut block.stmts));
                }
                moved
            }
            StmtKind::Match { arms, .. } => {
                let open: Vec<usize> = (0..arms.len())
                    .filter(|i| !self.exits.leaves(&arms[*i].body.stmts).always)
                    .collect();
                let moved = open.len() == 1 && arms.len() > 1;
                if moved {
                    arms[open[0]].body.stmts.extend(rest.drain(..));
                }
                for arm in arms {
                    arm.body.stmts = self.run(std::mem::take(&mut arm.body.stmts));
                }
                moved
            }
            StmtKind::For { body, exit, .. }
            | StmtKind::ForEach { body, exit, .. }
            | StmtKind::While { body, exit, .. } => {
                self.loop_body(body, exit, before, span);
                false
            }
            _ => false,
        }
    }

    fn loop_body(
        &mut self,
        body: &mut Block,
        exit: &mut Option<VarId>,
        before: &mut Vec<Stmt>,
        span: Span,
    ) {
        let leaves = self.exits.leaves(&body.stmts);
        body.stmts = self.run(std::mem::take(&mut body.stmts));
        let Some(stop) = *exit else { return };
        if let Some(skip) = self.exits.skips.get(&stop)
            && self.used.contains(skip)
        {
            body.stmts.insert(0, let_false(*skip, span));
        }
        let mut outer = leaves.clone();
        self.exits.remove_own(&mut outer, Some(stop));
        let breaks = leaves.flags.contains(&stop);
        *exit = match (breaks, outer.flags.len()) {
            (false, 0) => None,
            (false, 1) => outer.flags.first().copied(),
            _ => {
                also_set(&mut body.stmts, &outer.flags, stop);
                Some(stop)
            }
        };
        if let Some(flag) = *exit {
            self.used.insert(flag);
            if flag == stop {
                before.push(let_false(flag, span));
            }
        }
    }
}

fn is_true(cond: &Expr) -> bool {
    matches!(&cond.kind, ExprKind::Lit(tokens) if tokens.to_string() == "true")
}

fn let_false(var: VarId, span: Span) -> Stmt {
    let init = Some(Expr::new(ExprKind::Lit(quote!(false)), bool_ty(), span));
    Stmt { kind: StmtKind::Let { var, init }, span }
}

/// Adds `stop = true` to every exit that leaves further out.
fn also_set(stmts: &mut Vec<Stmt>, outer: &BTreeSet<VarId>, stop: VarId) {
    let mut i = 0;
    while i < stmts.len() {
        for block in stmts[i].kind.blocks_mut() {
            also_set(&mut block.stmts, outer, stop);
        }
        if let StmtKind::Assign { place, value } = &stmts[i].kind
            && outer.contains(&place.base)
        {
            let kind = StmtKind::Assign { place: Place::var(stop), value: value.clone() };
            let span = stmts[i].span;
            stmts.insert(i, Stmt { kind, span });
            i += 1;
        }
        i += 1;
    }
}

fn prune(stmts: &mut Vec<Stmt>, flags: &HashSet<VarId>, used: &HashSet<VarId>) {
    stmts.retain(|stmt| match &stmt.kind {
        StmtKind::Assign { place, .. } => {
            !flags.contains(&place.base) || used.contains(&place.base)
        }
        _ => true,
    });
    for stmt in stmts {
        for block in stmt.kind.blocks_mut() {
            prune(&mut block.stmts, flags, used);
        }
    }
}

/// `if c {} else { s }` is `if !c { s }`.
fn tidy(stmts: &mut Vec<Stmt>) {
    stmts.retain(|stmt| match &stmt.kind {
        StmtKind::If { cond, then, other } => {
            !(then.stmts.is_empty() && other.stmts.is_empty() && super::expr::is_pure(cond))
        }
        _ => true,
    });
    for stmt in stmts {
        if let StmtKind::If { cond, then, other } = &mut stmt.kind
            && then.stmts.is_empty()
            && !other.stmts.is_empty()
        {
            std::mem::swap(then, other);
            let old = std::mem::replace(&mut cond.kind, ExprKind::Const(0.0));
            cond.kind = match old {
                ExprKind::Not(inner) => inner.kind,
                ExprKind::Binary(BinOp::Eq, a, b) => ExprKind::Binary(BinOp::Ne, a, b),
                ExprKind::Binary(BinOp::Ne, a, b) => ExprKind::Binary(BinOp::Eq, a, b),
                kind => ExprKind::Not(Box::new(Expr::new(kind, bool_ty(), cond.span))),
            };
        }
        for block in stmt.kind.blocks_mut() {
            tidy(&mut block.stmts);
        }
    }
}

fn declare(stmts: &mut Vec<Stmt>, flag: VarId) {
    let mut found = false;
    for stmt in stmts.iter() {
        found |= declares(stmt, flag);
    }
    if found {
        return;
    }
    let at = stmts.iter().position(|stmt| mentions(stmt, flag)).unwrap_or(0);
    let span = stmts.get(at).map_or_else(Span::call_site, |s| s.span);
    stmts.insert(at, let_false(flag, span));
}

fn declares(stmt: &Stmt, flag: VarId) -> bool {
    matches!(&stmt.kind, StmtKind::Let { var, .. } if *var == flag)
        || stmt
            .kind
            .blocks()
            .iter()
            .any(|block| block.stmts.iter().any(|inner| declares(inner, flag)))
}

fn mentions(stmt: &Stmt, flag: VarId) -> bool {
    stmt.kind.writes().contains(&flag)
        || stmt
            .kind
            .blocks()
            .iter()
            .any(|block| block.stmts.iter().any(|inner| mentions(inner, flag)))
}
