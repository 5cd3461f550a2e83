//! Running sums of adjoints, as the reverse of a prefix sum has: the sums within a block do not wait
//! for the block before it.
//!
//! ```text
//!                                  for block in (0..n / 4).rev() {
//!                                      …
//! for i in (0..n).rev() {              for lane in 0..4 { bar_terms[lane] = s * y_lanes[lane]; }
//!     bar += s * y[i];          →      for lane in (0..3).rev() { bar_terms[lane] += bar_terms[lane + 1]; }
//!     x_bar[i] += bar;                 for lane in 0..4 { x_bar_lanes[lane] += bar + bar_terms[lane]; }
//! }                                    bar += bar_terms[0];
//!                                  }
//! ```
//!
//! Only where nothing else goes from one trip to the next.

use super::{Free, LANES, Rewrite, Sum, Uses, element, lane, only_elements, replace, simple_range};
use super::{only_index, usize_ty};
use crate::ir::*;
use crate::rules::algebra;
use crate::transform::naming::{Names, plain};
use crate::transform::tidy::uses::is_plain;
use std::collections::{BTreeMap, BTreeSet};

pub fn in_blocks(
    f: &mut Function,
    names: &mut Names,
    free: &Free,
    stmt: &Stmt,
) -> Option<Vec<Stmt>> {
    let StmtKind::For { index, range, body, exit: None } = &stmt.kind else { return None };
    if !simple_range(*index, range, body) {
        return None;
    }
    let (at, sum) = running_sum(f, free, body)?;
    let uses = uses(f, *index, body, at, sum.var)?;
    let rewrite = Rewrite { f, names, span: stmt.span };
    Some(rewrite.scanned(*index, range, body, at, &sum, &uses))
}

/// Where the only variable is added to that goes from one trip to the next.
fn running_sum(f: &Function, free: &Free, body: &Block) -> Option<(usize, Sum)> {
    let mut found = None;
    let mut declared = BTreeSet::new();
    for (at, stmt) in body.stmts.iter().enumerate() {
        match &stmt.kind {
            StmtKind::Let { var, .. } => drop(declared.insert(*var)),
            StmtKind::Assign { place, .. } | StmtKind::Update { place, .. }
                if is_plain(place) && !declared.contains(&place.base) =>
            {
                let StmtKind::Update { op: BinOp::Add | BinOp::Sub, value, .. } = &stmt.kind else {
                    return None;
                };
                let Ty::Float(_) = value.ty.peel() else { return None };
                if found.is_some() || !free.contains(f, place.base) {
                    return None;
                }
                let ty = algebra::scalar_type(value);
                found = Some((at, Sum { var: place.base, ty, free: true }));
            }
            _ => {}
        }
    }
    found
}

/// The lists; `None` where a statement is none that all lanes can do at once, or where what stands
/// before the addition is needed behind it.
fn uses(f: &Function, index: VarId, body: &Block, at: usize, sum: VarId) -> Option<Uses> {
    let mut uses = Uses { lists: BTreeMap::new(), sums: BTreeMap::new() };
    let mut declared = BTreeSet::new();
    let mut before = BTreeSet::new();
    let mut read = 0;
    for (i, stmt) in body.stmts.iter().enumerate() {
        let mut mentions = 0;
        stmt.for_each_var(&mut |v| mentions += usize::from(v == sum));
        let mut across = false;
        stmt.for_each_var(&mut |v| across |= i > at && before.contains(&v));
        let expected = if i < at { mentions == 0 } else { i > at || mentions == 1 };
        if across || !expected {
            return None;
        }
        read += if i > at { mentions } else { 0 };
        match &stmt.kind {
            StmtKind::Let { var, init: Some(init) } => {
                lane(f, index, init, &mut uses)?;
                declared.insert(*var);
                if i < at {
                    before.insert(*var);
                }
            }
            StmtKind::Assign { place, value } | StmtKind::Update { place, value, .. } => {
                lane(f, index, value, &mut uses)?;
                if !is_plain(place) {
                    element(f, index, place, true, &mut uses)?;
                }
            }
            _ => return None,
        }
    }
    let apart =
        uses.lists.keys().all(|base| !declared.contains(base) && only_elements(index, body, *base));
    (read > 0 && !uses.lists.is_empty() && apart && only_index(index, body)).then_some(uses)
}

impl Rewrite<'_> {
    fn scanned(
        mut self,
        index: VarId,
        range: &Range,
        body: &Block,
        at: usize,
        sum: &Sum,
        uses: &Uses,
    ) -> Vec<Stmt> {
        let count = self.fresh("blocks", usize_ty(), false);
        let block = self.fresh("block", usize_ty(), false);
        let from = self.fresh("from", usize_ty(), false);
        let lane = self.fresh("lane", usize_ty(), false);
        let number = self.binary(BinOp::Div, range.hi.clone(), self.number(LANES));
        let [count_of, block_of, lane_of] =
            [count, block, lane].map(|v| Expr::var(v, &self.f.vars, self.span));
        let lanes = self.number(LANES);
        let first = self.binary(BinOp::Mul, block_of, lanes.clone());
        let mut inner = Block { stmts: vec![self.let_(from, first)] };
        let terms = self.array("terms", sum, &mut inner.stmts);
        let term = |at: Expr| Place { base: terms, proj: vec![Proj::Index(Box::new(at))] };

        // What is added, then what is done with the sum.
        let mut own = body.clone();
        let mut after = Block { stmts: own.stmts.split_off(at + 1) };
        if let Some(StmtKind::Update { op, value, .. }) = own.stmts.last().map(|s| s.kind.clone()) {
            let value = if op == BinOp::Sub { algebra::neg(value) } else { value };
            own.stmts[at].kind = StmtKind::Assign { place: term(lane_of.clone()), value };
        }
        let wanted = format!("{}_here", plain(self.f.var(sum.var)));
        let here = self.fresh(&wanted, sum.ty.clone(), false);
        after.stmts.iter_mut().for_each(|s| {
            s.rename_all(&|v| if v == sum.var { here } else { v });
        });
        let both = [
            Expr::new(ExprKind::Read(Place::var(sum.var)), sum.ty.clone(), self.span),
            Expr::new(ExprKind::Read(term(lane_of.clone())), sum.ty.clone(), self.span),
        ]
        .map(Box::new);
        let [a, b] = both;
        let value = Expr::new(ExprKind::Binary(BinOp::Add, a, b), sum.ty.clone(), self.span);
        after.stmts.insert(0, self.let_(here, value));
        for list in uses.lists.values() {
            let window = self.window(list, from);
            let StmtKind::Let { var, .. } = window.kind else { continue };
            for block in [&mut own, &mut after] {
                replace(index, lane, list.place.base, var, block, &self.f.vars);
            }
            inner.stmts.push(window);
        }

        inner.stmts.push(self.for_(lane, self.number(0), lanes.clone(), own));
        // Each with those that come before it.
        let (op, bounds, last) = match range.rev {
            true => (BinOp::Add, [0, LANES - 1], 0),
            false => (BinOp::Sub, [1, LANES], LANES - 1),
        };
        let neighbour = self.binary(op, lane_of.clone(), self.number(1));
        let value = Expr::new(ExprKind::Read(term(neighbour)), sum.ty.clone(), self.span);
        let add = |place: Place, value: Expr| Stmt {
            kind: StmtKind::Update { place, op: BinOp::Add, value },
            span: self.span,
        };
        let adds = Block { stmts: vec![add(term(lane_of), value)] };
        let [lo, hi] = bounds.map(|n| self.number(n));
        let mut prefix = self.for_(lane, lo, hi, adds);
        reverse(&mut prefix, range.rev);
        inner.stmts.push(prefix);
        inner.stmts.push(self.for_(lane, self.number(0), lanes.clone(), after));
        let all = ExprKind::Read(term(self.number(last)));
        let all = Expr::new(all, sum.ty.clone(), self.span);
        inner.stmts.push(add(Place::var(sum.var), all));

        let mut blocks = self.for_(block, self.number(0), count_of.clone(), inner);
        reverse(&mut blocks, range.rev);
        let whole = self.binary(BinOp::Mul, count_of, lanes);
        let mut left = self.for_(index, whole, range.hi.clone(), body.clone());
        reverse(&mut left, range.rev);
        let mut out = vec![self.let_(count, number), blocks, left];
        if range.rev {
            out.swap(1, 2);
        }
        out
    }
}

fn reverse(stmt: &mut Stmt, rev: bool) {
    if let StmtKind::For { range, .. } = &mut stmt.kind {
        range.rev = rev;
    }
}
