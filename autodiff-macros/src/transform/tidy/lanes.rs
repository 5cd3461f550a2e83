//! Loops that add to a scalar, several trips at a time:
//!
//! ```text
//!                                      let whole = n / 4 * 4;
//!                                      let mut c_bar_lanes = [0.0; 4];
//!                                      for from in (0..whole).step_by(4) {
//!                                          let mut sum_terms = [0.0; 4];
//!                                          let a_lanes = &a[from..from + 4];
//!                                          …
//! for i in 0..n {                          for lane in 0..4 {
//!     sum += a[i] * b[i];                      sum_terms[lane] = a_lanes[lane] * b_lanes[lane];
//!     a_bar[i] += s * b[i];        →           a_bar_lanes[lane] += s * b_lanes[lane];
//!     c_bar += s * a[i];                       c_bar_lanes[lane] += s * a_lanes[lane];
//! }                                        }
//!                                          for lane in 0..4 { sum += sum_terms[lane]; }
//!                                      }
//!                                      c_bar += (c_bar_lanes[0] + …) + …;
//!                                      for i in whole..n { … }
//! ```
//!
//! LLVM does not vectorise a loop in which a floating-point sum waits for itself. Here all trips of
//! a block do the same to their lane, and the sums stand apart: the user's in their order, those of
//! adjoints and tangents, whose order is free, in as many partial sums. Every statement does what it
//! did, in the same order of trips, so lists may be written and read as before.

mod scan;

use super::affine::{Trip, place_key};
use super::uses::{has_loops, is_derivative, is_plain};
use super::windows::is_cheap;
use crate::ir::*;
use crate::rules::algebra;
use crate::transform::forward::place_ty;
use crate::transform::naming::{Names, plain};
use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// How many trips are made at a time: two registers of two, or one of four, and little is left over.
const LANES: usize = 4;
/// Loops that make no more trips, known beforehand, are unrolled anyway.
const FEW: usize = 16;
/// The body stands there twice.
const STATEMENTS: usize = 24;

pub fn run_block(f: &mut Function, b: &mut Block) {
    if has_loops(b) {
        let names = Names::of(f);
        let free = Free::of(f, b);
        block(f, &names, &free, b);
    }
}

fn block(f: &mut Function, names: &Names, free: &Free, b: &mut Block) {
    let stmts = std::mem::take(&mut b.stmts);
    for mut stmt in stmts {
        for inner in stmt.kind.blocks_mut() {
            if has_loops(inner) {
                block(f, names, free, inner);
            }
        }
        // What is declared for one loop is not seen from another, so each has the names for itself.
        let instead = in_lanes(f, &mut names.clone(), free, &stmt)
            .or_else(|| scan::in_blocks(f, &mut names.clone(), free, &stmt));
        match instead {
            Some(instead) => b.stmts.extend(instead),
            None => b.stmts.push(stmt),
        }
    }
}

/// Locals that are only added to, and then to a derivative: the order of their terms is free too.
struct Free {
    sums: BTreeSet<VarId>,
}

impl Free {
    fn of(f: &Function, b: &Block) -> Free {
        let mut mentions: BTreeMap<VarId, usize> = BTreeMap::new();
        let mut known: BTreeMap<VarId, usize> = BTreeMap::new();
        b.stmts.iter().for_each(|s| s.for_each_var(&mut |v| *mentions.entry(v).or_default() += 1));
        f.result.iter().for_each(|e| e.for_each_var(&mut |v| *mentions.entry(v).or_default() += 1));
        let mut added = BTreeSet::new();
        b.walk(&mut |stmt| match &stmt.kind {
            StmtKind::Let { var, .. } => *known.entry(*var).or_default() += 1,
            StmtKind::Update { place, op: BinOp::Add | BinOp::Sub, value } => {
                if is_plain(place) {
                    *known.entry(place.base).or_default() += 1;
                }
                if let ExprKind::Read(sum) = &value.kind
                    && is_plain(sum)
                    && is_derivative(f, place.base)
                {
                    *known.entry(sum.base).or_default() += 1;
                    added.insert(sum.base);
                }
            }
            _ => {}
        });
        let only = |v: &VarId| f.var(*v).role == Role::Temp && known[v] == mentions[v];
        Free { sums: added.into_iter().filter(only).collect() }
    }

    fn contains(&self, f: &Function, var: VarId) -> bool {
        is_derivative(f, var) || self.sums.contains(&var)
    }
}

/// A list of which every trip uses its own element.
struct List {
    place: Place,
    item: Ty,
    written: bool,
}

/// A scalar that the loop adds to, and does nothing else with.
struct Sum {
    var: VarId,
    ty: Ty,
    free: bool,
}

/// What a loop does.
struct Uses {
    lists: BTreeMap<VarId, List>,
    sums: BTreeMap<VarId, Sum>,
}

fn in_lanes(f: &mut Function, names: &mut Names, free: &Free, stmt: &Stmt) -> Option<Vec<Stmt>> {
    let StmtKind::For { index, range, body, exit: None } = &stmt.kind else { return None };
    if range.rev || !simple_range(*index, range, body) {
        return None;
    }
    let uses = uses(f, free, *index, body)?;
    if !pays(&uses) {
        return None;
    }
    Some(Rewrite { f, names, span: stmt.span }.run(*index, range, body, &uses))
}

/// From zero upwards or back, with trips that are worth it.
fn simple_range(index: VarId, range: &Range, body: &Block) -> bool {
    let calm = is_cheap(&range.hi) && Trip::new(index, body).is_invariant(&range.hi);
    let few = literal(&range.hi).is_some_and(|n| n <= FEW);
    let every = range.step.is_none() && range.trips.is_none() && !range.inclusive;
    every && calm && literal(&range.lo) == Some(0) && !few && body.stmts.len() <= STATEMENTS
}

/// A sum of the user's by itself takes as long as its additions, in lanes too.
fn pays(uses: &Uses) -> bool {
    let freed = uses.sums.values().any(|sum| sum.free);
    let written = uses.lists.values().any(|list| list.written);
    freed || written && !uses.sums.is_empty()
}

fn literal(e: &Expr) -> Option<usize> {
    let ExprKind::Lit(tokens) = &e.kind else { return None };
    number(tokens)
}

fn number(tokens: &TokenStream) -> Option<usize> {
    let text = tokens.to_string().replace('_', "");
    text.strip_suffix("usize").unwrap_or(&text).parse().ok()
}

/// `None` where a statement is none that all lanes can do at once.
fn uses(f: &Function, free: &Free, index: VarId, body: &Block) -> Option<Uses> {
    let mut uses = Uses { lists: BTreeMap::new(), sums: BTreeMap::new() };
    let mut declared = BTreeSet::new();
    let mut carried = BTreeSet::new();
    let mut mentions: BTreeMap<VarId, usize> = BTreeMap::new();
    for stmt in &body.stmts {
        stmt.for_each_var(&mut |v| *mentions.entry(v).or_default() += 1);
        match &stmt.kind {
            StmtKind::Let { var, init: Some(init) } => {
                lane(f, index, init, &mut uses)?;
                declared.insert(*var);
            }
            StmtKind::Assign { place, value } | StmtKind::Update { place, value, .. } => {
                lane(f, index, value, &mut uses)?;
                if !is_plain(place) {
                    element(f, index, place, true, &mut uses)?;
                } else if !declared.contains(&place.base) {
                    match &stmt.kind {
                        StmtKind::Update { op: BinOp::Add | BinOp::Sub, .. } => {
                            let own = f.var(place.base).ty.peel().clone();
                            let ty = match own {
                                Ty::Float(_) => own,
                                _ => algebra::scalar_type(value),
                            };
                            let free = free.contains(f, place.base);
                            uses.sums.insert(place.base, Sum { var: place.base, ty, free });
                        }
                        StmtKind::Assign { .. } if carried.insert(place.base) => {}
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
    }
    let only_added = |var: &VarId| {
        let adds = |s: &&Stmt| {
            matches!(&s.kind, StmtKind::Update { place, value, .. }
                if place.base == *var && matches!(value.ty.peel(), Ty::Float(_)))
        };
        mentions[var] == body.stmts.iter().filter(adds).count()
    };
    let lists_apart =
        uses.lists.keys().all(|base| !declared.contains(base) && only_elements(index, body, *base));
    let fits = !uses.lists.is_empty()
        && uses.sums.keys().all(only_added)
        && lists_apart
        && only_index(index, body)
        && !waits(&carried, body);
    fits.then_some(uses)
}

/// Arithmetic that LLVM has vector instructions for.
fn lane(f: &Function, index: VarId, e: &Expr, uses: &mut Uses) -> Option<()> {
    match &e.kind {
        ExprKind::Lit(_) | ExprKind::Const(_) => return Some(()),
        ExprKind::Read(place) if place.exprs().is_empty() => return Some(()),
        ExprKind::Read(place) => return element(f, index, place, false, uses),
        ExprKind::Neg(_) => {}
        ExprKind::Binary(BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div, ..) => {}
        ExprKind::Intrinsic("sqrt" | "abs", _) => {}
        _ => return None,
    }
    e.children().into_iter().try_for_each(|child| lane(f, index, child, uses))
}

fn is_index(index: VarId, e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Read(place) if is_plain(place) && place.base == index)
}

/// The trip's own element of a list of floats.
fn element(
    f: &Function,
    index: VarId,
    place: &Place,
    written: bool,
    uses: &mut Uses,
) -> Option<()> {
    let [rest @ .., Proj::Index(i)] = place.proj.as_slice() else { return None };
    let list = Place { base: place.base, proj: rest.to_vec() };
    let item = place_ty(place, &f.vars).peel().clone();
    let sliceable = match place_ty(&list, &f.vars).peel() {
        Ty::Slice(_) | Ty::Vec(_) => true,
        Ty::Array(_, len) => number(&len.0).is_none_or(|n| n > FEW),
        _ => false,
    };
    if !is_index(index, i)
        || !list.exprs().is_empty()
        || !sliceable
        || !matches!(item, Ty::Float(_))
    {
        return None;
    }
    let key = place_key(&list)?;
    let known = uses.lists.entry(list.base).or_insert(List { place: list, item, written });
    known.written |= written;
    (place_key(&known.place)? == key).then_some(())
}

/// Whether nothing else of the list is used, nor the list as a whole.
fn only_elements(index: VarId, body: &Block, base: VarId) -> bool {
    let mut mentions = 0;
    body.stmts.iter().for_each(|s| s.for_each_var(&mut |v| mentions += usize::from(v == base)));
    let mut elements = 0;
    each_place(body, &mut |place| {
        let own = matches!(place.proj.last(), Some(Proj::Index(i)) if is_index(index, i));
        elements += usize::from(place.base == base && own);
    });
    mentions == elements
}

/// Whether the index is only used as an index.
fn only_index(index: VarId, body: &Block) -> bool {
    let mut mentions = 0;
    body.stmts.iter().for_each(|s| s.for_each_var(&mut |v| mentions += usize::from(v == index)));
    let mut as_index = 0;
    each_place(body, &mut |place| {
        let own = matches!(place.proj.last(), Some(Proj::Index(i)) if is_index(index, i));
        as_index += usize::from(own);
    });
    mentions == as_index
}

fn each_place(body: &Block, see: &mut dyn FnMut(&Place)) {
    for stmt in &body.stmts {
        if let StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } = &stmt.kind {
            see(place);
        }
        for e in stmt.kind.exprs() {
            e.walk(&mut |e| {
                if let ExprKind::Read(place) = &e.kind {
                    see(place);
                }
            });
        }
    }
}

/// Whether what is carried into the next trip depends on what came from the one before: then the
/// lanes would wait for each other.
fn waits(carried: &BTreeSet<VarId>, body: &Block) -> bool {
    let mut late: BTreeSet<VarId> = carried.clone();
    for stmt in &body.stmts {
        let depends = stmt.kind.exprs().iter().any(|e| {
            let mut found = false;
            e.for_each_var(&mut |v| found |= late.contains(&v));
            found
        });
        match &stmt.kind {
            StmtKind::Assign { place, .. } if carried.contains(&place.base) && depends => {
                return true;
            }
            // From here on it is this trip's own value.
            StmtKind::Assign { place, .. } if carried.contains(&place.base) => {
                late.remove(&place.base);
            }
            StmtKind::Let { var, .. } if depends => drop(late.insert(*var)),
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } if depends => {
                late.insert(place.base);
            }
            _ => {}
        }
    }
    false
}

/// Writes the loop anew.
struct Rewrite<'a> {
    f: &'a mut Function,
    names: &'a mut Names,
    span: Span,
}

impl Rewrite<'_> {
    fn run(mut self, index: VarId, range: &Range, body: &Block, uses: &Uses) -> Vec<Stmt> {
        let whole = self.fresh("whole", usize_ty(), false);
        let blocks = self.binary(BinOp::Div, range.hi.clone(), self.number(LANES));
        let trips = self.binary(BinOp::Mul, blocks, self.number(LANES));
        let mut out = vec![self.let_(whole, trips)];
        let from = self.fresh("from", usize_ty(), false);
        let lane = self.fresh("lane", usize_ty(), false);
        let mut inner = Block::default();
        let mut arrays = BTreeMap::new();
        for sum in uses.sums.values().filter(|sum| sum.free) {
            let lanes = self.array("lanes", sum, &mut out);
            arrays.insert(sum.var, lanes);
        }
        let mut own = body.clone();
        let mut in_order = Block::default();
        for stmt in &mut own.stmts {
            self.sum_in_lane(stmt, lane, uses, &arrays, &mut inner, &mut in_order);
        }
        for list in uses.lists.values() {
            let window = self.window(list, from);
            let StmtKind::Let { var, .. } = window.kind else { continue };
            replace(index, lane, list.place.base, var, &mut own, &self.f.vars);
            inner.stmts.push(window);
        }
        inner.stmts.push(self.for_(lane, self.number(0), self.number(LANES), own));
        if !in_order.stmts.is_empty() {
            inner.stmts.push(self.for_(lane, self.number(0), self.number(LANES), in_order));
        }
        let whole = Expr::var(whole, &self.f.vars, self.span);
        let mut blocks = self.for_(from, self.number(0), whole.clone(), inner);
        if let StmtKind::For { range, .. } = &mut blocks.kind {
            range.step = Some(self.number(LANES));
        }
        out.push(blocks);
        for sum in uses.sums.values().filter(|sum| sum.free) {
            let value = self.across(arrays[&sum.var], 0, 1);
            let place = Place::var(sum.var);
            let kind = StmtKind::Update { place, op: BinOp::Add, value };
            out.push(Stmt { kind, span: self.span });
        }
        out.push(self.for_(index, whole, range.hi.clone(), body.clone()));
        out
    }

    /// What a trip adds to a sum goes into its lane: kept apart, or added up there.
    fn sum_in_lane(
        &mut self,
        stmt: &mut Stmt,
        lane: VarId,
        uses: &Uses,
        arrays: &BTreeMap<VarId, VarId>,
        before: &mut Block,
        in_order: &mut Block,
    ) {
        let StmtKind::Update { place, op, value } = &mut stmt.kind else { return };
        let Some(sum) = is_plain(place).then(|| uses.sums.get(&place.base)).flatten() else {
            return;
        };
        let (op, value) = (*op, value.clone());
        let at = Box::new(Expr::var(lane, &self.f.vars, self.span));
        let in_lane = |base: VarId| Place { base, proj: vec![Proj::Index(at.clone())] };
        match arrays.get(&sum.var) {
            Some(lanes) => *place = in_lane(*lanes),
            None => {
                let terms = in_lane(self.array("terms", sum, &mut before.stmts));
                stmt.kind = StmtKind::Assign { place: terms.clone(), value };
                let value = Expr::new(ExprKind::Read(terms), sum.ty.clone(), self.span);
                let kind = StmtKind::Update { place: Place::var(sum.var), op, value };
                in_order.stmts.push(Stmt { kind, span: self.span });
            }
        }
    }

    /// `let mut sum_lanes = [0.0; 4];`
    fn array(&mut self, what: &str, sum: &Sum, out: &mut Vec<Stmt>) -> VarId {
        let wanted = format!("{}_{what}", plain(self.f.var(sum.var)));
        let item = Box::new(Expr::new(ExprKind::Const(0.0), sum.ty.clone(), self.span));
        let len = self.number(LANES);
        let ExprKind::Lit(tokens) = &len.kind else { unreachable!("a number is a literal") };
        let ty = Ty::Array(Box::new(sum.ty.clone()), TokensEq(tokens.clone()));
        let var = self.fresh(&wanted, ty.clone(), true);
        let repeat = ExprKind::Repeat { item, len: Box::new(len), vec: false };
        out.push(self.let_(var, Expr::new(repeat, ty, self.span)));
        var
    }

    /// `let a_lanes = &a[from..from + 4];`
    fn window(&mut self, list: &List, from: VarId) -> Stmt {
        let lo = Expr::var(from, &self.f.vars, self.span);
        let hi = self.binary(BinOp::Add, lo.clone(), self.number(LANES));
        let mut place = list.place.clone();
        place.proj.push(Proj::Slice { lo: Some(Box::new(lo)), hi: Some(Box::new(hi)) });
        let inner = Box::new(Ty::Slice(Box::new(list.item.clone())));
        let ty = Ty::Ref { mutable: list.written, inner };
        let name = plain(self.f.var(place.base));
        let whole_name = name.split("_part").next().unwrap_or(&name);
        let wanted = format!("{whole_name}_lanes");
        let var = self.fresh(&wanted, ty.clone(), false);
        let borrow = ExprKind::Ref { mutable: list.written, place };
        self.let_(var, Expr::new(borrow, ty, self.span))
    }

    /// The sum of the lanes `from`, `from + step`, …: halves first, as registers are added.
    fn across(&self, lanes: VarId, from: usize, step: usize) -> Expr {
        let ty = self.f.var(lanes).ty.element();
        if step == LANES {
            let at = Proj::Index(Box::new(self.number(from)));
            let place = Place { base: lanes, proj: vec![at] };
            return Expr::new(ExprKind::Read(place), ty, self.span);
        }
        let (a, b) =
            (self.across(lanes, from, 2 * step), self.across(lanes, from + step, 2 * step));
        Expr::new(ExprKind::Binary(BinOp::Add, Box::new(a), Box::new(b)), ty, self.span)
    }

    fn for_(&self, index: VarId, lo: Expr, hi: Expr, body: Block) -> Stmt {
        let range = Range { lo, hi, inclusive: false, step: None, rev: false, trips: None };
        Stmt { kind: StmtKind::For { index, range, body, exit: None }, span: self.span }
    }

    fn let_(&self, var: VarId, init: Expr) -> Stmt {
        Stmt { kind: StmtKind::Let { var, init: Some(init) }, span: self.span }
    }

    fn fresh(&mut self, wanted: &str, ty: Ty, mutable: bool) -> VarId {
        self.names.fresh(self.f, wanted, ty, mutable, Role::Temp)
    }

    fn number(&self, n: usize) -> Expr {
        let tokens = TokenStream::from(TokenTree::from(Literal::usize_unsuffixed(n)));
        Expr::new(ExprKind::Lit(tokens), usize_ty(), self.span)
    }

    fn binary(&self, op: BinOp, a: Expr, b: Expr) -> Expr {
        Expr::new(ExprKind::Binary(op, Box::new(a), Box::new(b)), usize_ty(), self.span)
    }
}

fn usize_ty() -> Ty {
    Ty::Discrete(Some("usize".into()))
}

/// Puts the lane of the window in place of the trip's element.
fn replace(index: VarId, lane: VarId, base: VarId, window: VarId, body: &mut Block, vars: &[Var]) {
    let new_place = |place: &mut Place, span: Span| {
        let own = matches!(place.proj.last(), Some(Proj::Index(i)) if is_index(index, i));
        if place.base == base && own {
            let at = Proj::Index(Box::new(Expr::var(lane, vars, span)));
            *place = Place { base: window, proj: vec![at] };
        }
    };
    for stmt in &mut body.stmts {
        let span = stmt.span;
        if let StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } = &mut stmt.kind {
            new_place(place, span);
        }
        for e in stmt.kind.exprs_mut() {
            e.rewrite(&mut |e| {
                if let ExprKind::Read(place) = &mut e.kind {
                    new_place(place, span);
                }
            });
        }
    }
}
