//! Products in derivatives, with their constant factors in front: `sum_bar * a * 100.0` is
//! `100.0 * sum_bar * a`, whose first product does not change in a loop over `a`, and
//! `sum_bar * a * 100.0 + sum_bar * (100.0 * a)` is `2.0 * 100.0 * sum_bar * a`.
//!
//! Only values that go into adjoints and tangents: the user's arithmetic stays as written.

use super::affine::key;
use super::uses::is_derivative;
use crate::ir::*;
use crate::rules::algebra;
use std::collections::HashMap;

pub fn run(f: &mut Function) {
    let mut body = std::mem::take(&mut f.body);
    let derived = derived(f, &body);
    let products = products(f, &body, &derived);
    Pass { f, derived, products }.block(&mut body, None);
    f.body = body;
}

/// Adjoints, tangents, and what is computed from them.
fn derived(f: &Function, body: &Block) -> Vec<bool> {
    let mut derived: Vec<bool> =
        (0..f.vars.len()).map(|i| is_derivative(f, VarId(i as u32))).collect();
    body.walk(&mut |stmt| {
        if let StmtKind::Let { var, init: Some(init) } = &stmt.kind {
            let mut found = false;
            init.for_each_var(&mut |v| found |= derived[v.0 as usize]);
            derived[var.0 as usize] |= found;
        }
    });
    derived
}

type Outside<'o> = Option<&'o [bool]>;

struct Pass<'f> {
    f: &'f Function,
    derived: Vec<bool>,
    products: HashMap<VarId, Expr>,
}

impl Pass<'_> {
    /// `outside` tells which variables the innermost loop around does not write, if there is one.
    fn block(&self, b: &mut Block, outside: Outside) {
        for stmt in &mut b.stmts {
            let is_loop = matches!(
                stmt.kind,
                StmtKind::For { .. }
                    | StmtKind::ForEach { .. }
                    | StmtKind::While { .. }
                    | StmtKind::WhilePop { .. }
            );
            let mut inner = Vec::new();
            if is_loop {
                inner = vec![true; self.f.vars.len()];
                let blocks = stmt.kind.blocks().into_iter().flat_map(Block::writes);
                for v in stmt.kind.writes().into_iter().chain(blocks) {
                    inner[v.0 as usize] = false;
                }
            }
            for b in stmt.kind.blocks_mut() {
                self.block(b, if is_loop { Some(&inner) } else { outside });
            }
            let (target, value) = match &mut stmt.kind {
                StmtKind::Let { var, init: Some(value) } => (*var, value),
                StmtKind::Assign { place, value } | StmtKind::Update { place, value, .. } => {
                    (place.base, value)
                }
                _ => continue,
            };
            if self.derived[target.0 as usize] {
                self.rewrite(value, outside);
            }
        }
    }

    fn is_derived(&self, e: &Expr) -> bool {
        let mut found = false;
        e.for_each_var(&mut |v| found |= self.derived[v.0 as usize]);
        found
    }

    /// From the root of each chain of products and sums down.
    fn rewrite(&self, e: &mut Expr, outside: Outside) {
        if !matches!(e.ty.peel(), Ty::Float(_)) {
            return;
        }
        if matches!(e.kind, ExprKind::Binary(BinOp::Mul, ..)) {
            if self.is_derived(e) {
                for factor in factors_mut(e) {
                    self.rewrite(factor, outside);
                }
                self.product(e, outside);
            }
            return;
        }
        match &mut e.kind {
            ExprKind::Binary(BinOp::Add | BinOp::Sub, ..) => self.sum(e, outside),
            ExprKind::Neg(a) | ExprKind::Binary(BinOp::Div, a, _) => self.rewrite(a, outside),
            _ => {}
        }
    }

    /// Terms with the same factors become one.
    fn sum(&self, e: &mut Expr, outside: Outside) {
        let mut terms = Vec::new();
        collect_terms(e, false, &mut terms);
        let mut like: Vec<(Term, Option<Vec<String>>, usize)> = Vec::new();
        for (negative, term) in terms {
            let key = self.factor_keys(term);
            let same = |(t, k, _): &&mut (Term, _, _)| t.0 == negative && *k == key;
            match like.iter_mut().find(same) {
                Some((.., n)) if key.is_some() => *n += 1,
                _ => like.push(((negative, term), key, 1)),
            }
        }
        let combined = like.iter().any(|(.., n)| *n > 1);
        if !combined {
            self.rewrite_terms(e, outside);
            return;
        }
        let like = like.into_iter().map(|((negative, term), _, n)| {
            let mut term = term.clone();
            if n > 1 {
                term = algebra::mul(algebra::constant(n as f64, &term), term);
            }
            self.rewrite(&mut term, outside);
            if negative { algebra::neg(term) } else { term }
        });
        *e = like.reduce(algebra::add).expect("a sum has terms");
    }

    fn rewrite_terms(&self, e: &mut Expr, outside: Outside) {
        match &mut e.kind {
            ExprKind::Binary(BinOp::Add | BinOp::Sub, a, b) => {
                self.rewrite_terms(a, outside);
                self.rewrite_terms(b, outside);
            }
            _ => self.rewrite(e, outside),
        }
    }

    /// The factors of a product of several, in a fixed order; temporaries that are products
    /// themselves are looked into.
    fn factor_keys(&self, e: &Expr) -> Option<Vec<String>> {
        if !self.is_derived(e) {
            return None;
        }
        let mut keys = Vec::new();
        self.factor_keys_into(e, 0, &mut keys)?;
        keys.sort();
        (keys.len() > 1).then_some(keys)
    }

    fn factor_keys_into(&self, e: &Expr, depth: usize, keys: &mut Vec<String>) -> Option<()> {
        let mut factors = Vec::new();
        collect(e, &mut factors);
        for factor in factors {
            let made_from = match &factor.kind {
                ExprKind::Read(p) if p.proj.is_empty() && depth < 4 => self.products.get(&p.base),
                _ => None,
            };
            match made_from {
                Some(product) => self.factor_keys_into(product, depth + 1, keys)?,
                None => keys.push(key(factor)?),
            }
        }
        Some(())
    }

    /// In a loop: constants, then literals, then what the loop does not change, then the rest in
    /// the order in which it is multiplied now.
    fn product(&self, e: &mut Expr, outside: Outside) {
        let Some(outside) = outside else { return };
        let mut factors = Vec::new();
        self.units(e, outside, &mut factors);
        let mut steady = 0;
        let ranks: Vec<usize> = factors
            .iter()
            .map(|factor| match &factor.kind {
                ExprKind::Const(_) => 0,
                ExprKind::Lit(_) => 1,
                // One of them: two might be too large together.
                _ if is_steady(factor, outside) && steady == 0 => {
                    steady += 1;
                    2
                }
                _ => 3,
            })
            .collect();
        let front = ranks.iter().filter(|rank| **rank < 3).count();
        if ranks.is_sorted() && front < 2 {
            return;
        }
        let mut order: Vec<usize> = (0..factors.len()).filter(|i| ranks[*i] < 3).collect();
        order.sort_by_key(|i| ranks[*i]);
        let gone: Vec<*const Expr> = order.iter().map(|i| &raw const *factors[*i]).collect();
        let rest = without(e, &|e| gone.contains(&(&raw const *e)));
        let mut factors = order.into_iter().map(|i| factors[i].clone()).chain(rest);
        let first = factors.next().expect("a product has factors");
        let product = factors.fold(first, algebra::mul);
        *e = product;
    }

    /// The factors; products that the loop does not change stay together.
    fn units<'e>(&self, e: &'e Expr, outside: &[bool], factors: &mut Vec<&'e Expr>) {
        match &e.kind {
            ExprKind::Binary(BinOp::Mul, a, b) if !is_steady(e, outside) => {
                self.units(a, outside, factors);
                self.units(b, outside, factors);
            }
            _ => factors.push(e),
        }
    }
}

/// A variable or a product of such that the loop does not change.
fn is_steady(e: &Expr, outside: &[bool]) -> bool {
    match &e.kind {
        ExprKind::Read(p) => p.proj.is_empty() && outside[p.base.0 as usize],
        ExprKind::Lit(_) | ExprKind::Const(_) => true,
        ExprKind::Binary(BinOp::Mul, a, b) => is_steady(a, outside) && is_steady(b, outside),
        _ => false,
    }
}

/// The product without some of its factors.
fn without(e: &Expr, gone: &dyn Fn(&Expr) -> bool) -> Option<Expr> {
    if gone(e) {
        return None;
    }
    match &e.kind {
        ExprKind::Binary(BinOp::Mul, a, b) => match (without(a, gone), without(b, gone)) {
            (Some(a), Some(b)) => Some(algebra::mul(a, b)),
            (a, b) => a.or(b),
        },
        _ => Some(e.clone()),
    }
}

fn collect<'e>(e: &'e Expr, factors: &mut Vec<&'e Expr>) {
    match &e.kind {
        ExprKind::Binary(BinOp::Mul, a, b) => {
            collect(a, factors);
            collect(b, factors);
        }
        _ => factors.push(e),
    }
}

fn factors_mut(e: &mut Expr) -> Vec<&mut Expr> {
    if !matches!(e.kind, ExprKind::Binary(BinOp::Mul, ..)) {
        return vec![e];
    }
    match &mut e.kind {
        ExprKind::Binary(_, a, b) => {
            let mut out = factors_mut(a);
            out.extend(factors_mut(b));
            out
        }
        _ => Vec::new(),
    }
}

/// A term and whether it is subtracted.
type Term<'e> = (bool, &'e Expr);

fn collect_terms<'e>(e: &'e Expr, negative: bool, terms: &mut Vec<Term<'e>>) {
    match &e.kind {
        ExprKind::Binary(op @ (BinOp::Add | BinOp::Sub), a, b) => {
            collect_terms(a, negative, terms);
            collect_terms(b, negative ^ (*op == BinOp::Sub), terms);
        }
        ExprKind::Neg(a) => collect_terms(a, !negative, terms),
        _ => terms.push((negative, e)),
    }
}

/// Temporaries that are products of variables which never change.
fn products(f: &Function, body: &Block, derived: &[bool]) -> HashMap<VarId, Expr> {
    let mut declared = vec![0; f.vars.len()];
    let mut changed = vec![false; f.vars.len()];
    body.walk(&mut |s| match &s.kind {
        StmtKind::Let { var, init: Some(_) } => declared[var.0 as usize] += 1,
        kind => kind.writes().iter().for_each(|v| changed[v.0 as usize] = true),
    });
    let mut products = HashMap::new();
    body.walk(&mut |stmt| {
        if let StmtKind::Let { var, init: Some(init) } = &stmt.kind
            && derived[var.0 as usize]
            && f.var(*var).role == Role::Temp
            && declared[var.0 as usize] == 1
            && !changed[var.0 as usize]
            && matches!(init.kind, ExprKind::Binary(BinOp::Mul, ..))
        {
            let mut constant = true;
            init.walk(&mut |e| {
                constant &= match &e.kind {
                    ExprKind::Read(p) => {
                        let own = matches!(f.var(p.base).ty, Ty::Float(_));
                        own && p.proj.is_empty() && !changed[p.base.0 as usize]
                    }
                    ExprKind::Binary(..) | ExprKind::Lit(_) | ExprKind::Const(_) => true,
                    _ => false,
                };
            });
            if constant {
                products.insert(*var, init.clone());
            }
        }
    });
    products
}
