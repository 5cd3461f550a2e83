//! Activity: a variable is active if an active parameter can influence it through differentiable
//! operations (varied) and it can influence an output the same way (useful).
//!
//! Per variable and insensitive to the order of statements, which errs on the safe side
//! (Hascoët & Pascual 2013, section 4.1, describe the flow-sensitive form).

use crate::diagnostics::Diagnostics;
use crate::ir::*;
use std::collections::{BTreeSet, HashMap};

/// Which variables carry derivatives.
#[derive(Clone, Debug)]
pub struct Activity {
    active: Vec<bool>,
}

impl Activity {
    /// `active_params` has an entry for every parameter of `f`.
    pub fn run(f: &Function, active_params: &[bool]) -> Self {
        let flows = Flows::of(f);
        let mut varied = vec![false; f.vars.len()];
        let mut useful = vec![false; f.vars.len()];
        for (param, active) in f.params.iter().zip(active_params) {
            let var = f.var(*param);
            if !active || var.ty.is_discrete() {
                continue;
            }
            varied[param.0 as usize] = true;
            if matches!(var.ty, Ty::Ref { mutable: true, .. }) && !f.scratch.contains(param) {
                useful[param.0 as usize] = true;
            }
        }
        if let Some(result) = &f.result {
            for v in differentiable_reads(result) {
                useful[v.0 as usize] = true;
            }
        }
        flows.close(&mut varied, |edge| (edge.from, edge.to), f);
        flows.close(&mut useful, |edge| (edge.to, edge.from), f);
        let active = varied.iter().zip(&useful).map(|(v, u)| *v && *u).collect();
        Activity { active }
    }

    /// As [`Activity::run`], with the analysis turned off as far as that is sound: every float
    /// is active whose definitions the compiler understands. For tests.
    pub fn without_analysis(f: &Function, active_params: &[bool]) -> Self {
        let mut result = Self::run(f, active_params);
        let mut opaque = BTreeSet::new();
        f.body.walk(&mut |stmt| {
            let looks_away = stmt.kind.exprs().iter().any(|e| contains_opaque(e))
                || matches!(
                    stmt.kind,
                    StmtKind::Opaque { .. } | StmtKind::ForEach { .. } | StmtKind::Match { .. }
                );
            if looks_away {
                opaque.extend(stmt.kind.writes());
            }
        });
        for (i, var) in f.vars.iter().enumerate() {
            let id = VarId(i as u32);
            if var.role != Role::Param && matches!(var.ty, Ty::Float(_)) && !opaque.contains(&id) {
                result.active[i] = true;
            }
        }
        result
    }

    pub fn var(&self, id: VarId) -> bool {
        self.active.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// Whether the value of `e` carries a derivative.
    pub fn expr(&self, e: &Expr) -> bool {
        differentiable_reads(e).iter().any(|v| self.var(*v))
    }

    /// Gives a new variable (a version, a hoisted temporary) the activity of an old expression.
    pub fn set(&mut self, id: VarId, active: bool) {
        let at = id.0 as usize;
        if self.active.len() <= at {
            self.active.resize(at + 1, false);
        }
        self.active[at] = active;
    }

    /// Reports every active construct that cannot be differentiated.
    pub fn check(&self, f: &Function, errors: &mut Diagnostics) {
        f.body.walk(&mut |stmt| self.check_stmt(stmt, errors));
        if let Some(result) = &f.result {
            self.check_expr(result, errors);
        }
    }

    fn check_stmt(&self, stmt: &Stmt, errors: &mut Diagnostics) {
        match &stmt.kind {
            StmtKind::Opaque { opaque, declares } => {
                let touched = opaque.writes.iter().chain(declares);
                if touched.into_iter().any(|(_, v)| self.var(*v)) {
                    errors.error(stmt.span, &opaque.refuse);
                }
            }
            StmtKind::ForEach { bindings, iter, .. }
                if bindings.iter().any(|(_, v)| self.var(*v))
                    && !matches!(iter.kind, ExprKind::Opaque(_)) =>
            {
                errors.error(
                    iter.span,
                    "this iterator yields active values and is not one that autodiff turns into \
                     a loop; iterate over a range and index instead",
                );
            }
            StmtKind::Match { arms, .. } => {
                for binding in arms.iter().flat_map(|a| &a.bindings) {
                    if binding.place.is_none() && self.var(binding.var) {
                        errors.error(
                            stmt.span,
                            format!(
                                "the pattern takes the active value `{}` out of a type that \
                                 autodiff does not know; bind it with `let` before the `match`",
                                binding.ident
                            ),
                        );
                    }
                }
            }
            _ => {}
        }
        let targets = stmt.kind.writes();
        let target_active = targets.iter().any(|v| self.var(*v));
        for e in stmt.kind.exprs() {
            if target_active || self.writes_active(e) {
                self.check_expr(e, errors);
            }
        }
    }

    fn writes_active(&self, e: &Expr) -> bool {
        let mut found = false;
        e.walk(&mut |e| {
            if let ExprKind::Opaque(o) = &e.kind {
                found |= o.writes.iter().any(|(_, v)| self.var(*v));
            }
        });
        found
    }

    /// Errors of an expression whose value goes somewhere active.
    fn check_expr(&self, e: &Expr, errors: &mut Diagnostics) {
        if e.ty.is_discrete() && !self.writes_active(e) {
            return;
        }
        match &e.kind {
            ExprKind::Opaque(o) => {
                let reads = o.reads.iter().any(|(_, v)| self.var(*v));
                let writes = o.writes.iter().any(|(_, v)| self.var(*v));
                if reads || writes {
                    errors.error(e.span, &o.refuse);
                }
            }
            ExprKind::Call(call) => {
                if let Some(refuse) = &call.refuse
                    && self.expr(e)
                {
                    errors.error(e.span, refuse);
                }
                for arg in &call.args {
                    if let Arg::Expr(arg) = arg {
                        self.check_expr(arg, errors);
                    }
                }
            }
            ExprKind::Stop(_) | ExprKind::Len(_) | ExprKind::ZeroLike(_) => {}
            ExprKind::Read(_) | ExprKind::Ref { .. } | ExprKind::Clone { .. } => {}
            _ => {
                for child in e.children() {
                    self.check_expr(child, errors);
                }
            }
        }
    }
}

fn contains_opaque(e: &Expr) -> bool {
    let mut found = false;
    e.walk(&mut |e| match &e.kind {
        ExprKind::Opaque(_) => found = true,
        ExprKind::Call(c) => found |= c.refuse.is_some(),
        _ => {}
    });
    found
}

/// Variables whose values flow into the value of `e` through differentiable operations.
pub fn differentiable_reads(e: &Expr) -> BTreeSet<VarId> {
    let mut out = BTreeSet::new();
    collect(e, &mut out);
    out
}

fn collect(e: &Expr, out: &mut BTreeSet<VarId>) {
    if e.ty.is_discrete() {
        return;
    }
    match &e.kind {
        ExprKind::Lit(_)
        | ExprKind::Const(_)
        | ExprKind::Not(_)
        | ExprKind::Len(_)
        | ExprKind::Stop(_)
        | ExprKind::ZeroLike(_) => {}
        ExprKind::Read(p) | ExprKind::Ref { place: p, .. } | ExprKind::Clone { place: p, .. } => {
            out.insert(p.base);
        }
        ExprKind::Binary(op, a, b) => {
            if op.is_arithmetic() {
                collect(a, out);
                collect(b, out);
            }
        }
        ExprKind::Repeat { item, .. } => collect(item, out),
        ExprKind::Neg(_)
        | ExprKind::Cast(..)
        | ExprKind::Intrinsic(..)
        | ExprKind::Tuple(_)
        | ExprKind::List { .. }
        | ExprKind::Call(_) => {
            for child in e.children() {
                collect(child, out);
            }
        }
        ExprKind::Opaque(o) => out.extend(o.reads.iter().map(|r| r.1)),
    }
}

impl BinOp {
    /// Whether derivatives flow through the operator.
    pub fn is_arithmetic(self) -> bool {
        matches!(self, BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div | BinOp::Rem)
    }
}

struct Edge {
    from: VarId,
    to: VarId,
}

/// For every tape and position of its entries, the variables they are taken into.
pub fn takers(f: &Function) -> HashMap<VarId, Vec<Vec<VarId>>> {
    let mut out: HashMap<VarId, Vec<Vec<VarId>>> = HashMap::new();
    f.body.walk(&mut |stmt| {
        if let StmtKind::Pop { tape, vars } | StmtKind::WhilePop { tape, vars, .. } = &stmt.kind {
            let positions = out.entry(*tape).or_default();
            positions.resize(positions.len().max(vars.len()), Vec::new());
            for (position, var) in positions.iter_mut().zip(vars) {
                position.push(*var);
            }
        }
    });
    out
}

/// Value flow between variables.
struct Flows {
    edges: Vec<Edge>,
    /// For every tape and position of its entries, the variables they are taken into: what is
    /// pushed at one position has nothing to do with the others.
    takers: HashMap<VarId, Vec<Vec<VarId>>>,
}

impl Flows {
    fn of(f: &Function) -> Self {
        let mut flows = Flows { edges: Vec::new(), takers: takers(f) };
        f.body.walk(&mut |stmt| flows.stmt(stmt));
        if let Some(result) = &f.result {
            flows.calls(result);
        }
        flows
    }

    fn add(&mut self, from: &BTreeSet<VarId>, to: VarId) {
        self.edges.extend(from.iter().map(|&from| Edge { from, to }));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        for e in stmt.kind.exprs() {
            self.calls(e);
        }
        match &stmt.kind {
            StmtKind::Let { var, init: Some(value) } => {
                self.add(&differentiable_reads(value), *var)
            }
            StmtKind::LetTuple { vars, init } => {
                let from = differentiable_reads(init);
                for var in vars.iter().flatten() {
                    self.add(&from, *var);
                }
            }
            StmtKind::Assign { place, value }
            | StmtKind::Update { place, value, .. }
            | StmtKind::Fill { place, value }
            | StmtKind::VecPush { vec: place, value }
            | StmtKind::Accumulate { to: place, value } => {
                self.add(&differentiable_reads(value), place.base);
            }
            StmtKind::Swap(a, b) => {
                self.add(&BTreeSet::from([a.base]), b.base);
                self.add(&BTreeSet::from([b.base]), a.base);
            }
            StmtKind::CopyFrom { to, from } => {
                self.add(&BTreeSet::from([from.base]), to.base);
            }
            StmtKind::Match { scrutinee, arms } => {
                let from = differentiable_reads(scrutinee);
                for binding in arms.iter().flat_map(|a| &a.bindings) {
                    match &binding.place {
                        Some(place) => self.add(&BTreeSet::from([place.base]), binding.var),
                        None => self.add(&from, binding.var),
                    }
                }
            }
            StmtKind::ForEach { bindings, iter, .. } => {
                let from = differentiable_reads(iter);
                for (_, var) in bindings {
                    self.add(&from, *var);
                }
            }
            StmtKind::Opaque { opaque, declares } => {
                let from = opaque.reads.iter().map(|r| r.1).collect();
                for (_, var) in opaque.writes.iter().chain(declares) {
                    self.add(&from, *var);
                }
            }
            StmtKind::Push { tape, values } => {
                for (i, value) in values.iter().enumerate() {
                    let from = differentiable_reads(value);
                    let takers = self.takers.get(tape).and_then(|all| all.get(i));
                    for var in takers.cloned().unwrap_or_default() {
                        self.add(&from, var);
                    }
                }
            }
            StmtKind::VecPop { vec, into: Some(var) } => {
                self.add(&BTreeSet::from([vec.base]), *var)
            }
            _ => {}
        }
    }

    /// Arguments flow into what a call writes.
    fn calls(&mut self, e: &Expr) {
        e.walk(&mut |e| {
            let mut written = Vec::new();
            for child in e.children() {
                if let ExprKind::Ref { mutable: true, place } = &child.kind {
                    written.push(place.base);
                }
            }
            if let ExprKind::Opaque(o) = &e.kind {
                written.extend(o.writes.iter().map(|w| w.1));
                let from: BTreeSet<VarId> = o.reads.iter().map(|r| r.1).collect();
                for to in written {
                    self.add(&from, to);
                }
            } else if !written.is_empty() {
                let mut from = BTreeSet::new();
                for child in e.children() {
                    collect(child, &mut from);
                }
                for to in written {
                    self.add(&from, to);
                }
            }
        });
    }

    /// Spreads `marked` along the edges until nothing changes; discrete variables stay unmarked.
    fn close(&self, marked: &mut [bool], ends: impl Fn(&Edge) -> (VarId, VarId), f: &Function) {
        let mut next: Vec<Vec<VarId>> = vec![Vec::new(); marked.len()];
        for edge in &self.edges {
            let (from, to) = ends(edge);
            next[from.0 as usize].push(to);
        }
        let mut todo: Vec<usize> = (0..marked.len()).filter(|i| marked[*i]).collect();
        while let Some(i) = todo.pop() {
            for to in &next[i] {
                let at = to.0 as usize;
                if !marked[at] && !f.vars[at].ty.is_discrete() {
                    marked[at] = true;
                    todo.push(at);
                }
            }
        }
    }
}
