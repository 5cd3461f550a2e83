//! Which memory a workspace can keep: that of lists and tapes of numbers, as far as types tell.

use crate::ir::*;
use std::collections::{HashMap, HashSet};

/// Whether all values of the type are plain data, whatever rustc infers.
pub fn is_plain(ty: &Ty) -> bool {
    match ty {
        Ty::Float(float) => !matches!(float, FloatTy::Param(_)),
        Ty::Discrete(Some(name)) => name == "bool" || is_integer_name(name),
        Ty::Array(item, _) => is_plain(item),
        Ty::Tuple(items) => !items.is_empty() && items.iter().all(is_plain),
        _ => false,
    }
}

/// Facts about the whole function.
#[derive(Default)]
pub struct Plain {
    /// Tapes of other things.
    others: HashSet<VarId>,
    /// Lists that are zero at first, or come from a store.
    own: HashSet<VarId>,
    /// Variables whose value may go elsewhere than out of scope.
    leaving: HashSet<VarId>,
    /// Variables that are part of sums by which lists are indexed: of type `usize`.
    positions: HashSet<VarId>,
    /// References and what they refer to.
    parts: HashMap<VarId, VarId>,
}

impl Plain {
    pub fn of(blocks: &[&Block], result: Option<&Expr>, vars: &[Var]) -> Plain {
        let mut plain = Plain::default();
        for block in blocks {
            block.walk(&mut |stmt| {
                for e in stmt.kind.exprs() {
                    e.walk(&mut |e| positions(e, &mut plain.positions));
                }
            });
        }
        for block in blocks {
            block.walk(&mut |stmt| plain.stmt(&stmt.kind, vars));
        }
        if let Some(result) = result {
            result.for_each_var(&mut |v| {
                plain.leaving.insert(v);
                plain.leaving.extend(plain.parts.get(&v));
            });
        }
        plain
    }

    /// Whether nothing but plain data is pushed.
    pub fn is_tape(&self, tape: VarId) -> bool {
        !self.others.contains(&tape)
    }

    /// Whether the variable is a list in memory of a workspace, which is free again at the end of
    /// its block.
    pub fn is_recycled(&self, var: VarId) -> bool {
        self.own.contains(&var) && !self.leaving.contains(&var)
    }

    fn is_plain_value(&self, e: &Expr) -> bool {
        let position = match (&e.kind, &e.ty) {
            (ExprKind::Read(place), Ty::Discrete(None)) if place.proj.is_empty() => {
                self.positions.contains(&place.base)
            }
            _ => false,
        };
        position || is_plain(&e.ty)
    }

    fn stmt(&mut self, stmt: &StmtKind, vars: &[Var]) {
        match stmt {
            StmtKind::Push { tape, values } if !values.iter().all(|e| self.is_plain_value(e)) => {
                self.others.insert(*tape);
            }
            StmtKind::Let { var, init: Some(init) } => {
                let list = |ty: &Ty| match ty.peel() {
                    Ty::Vec(item) | Ty::Slice(item) => {
                        matches!(&**item, Ty::Float(FloatTy::F32 | FloatTy::F64))
                    }
                    _ => false,
                };
                if let ExprKind::ZeroLike(place) = &init.kind
                    && list(&vars[var.0 as usize].ty)
                    && list(&crate::transform::forward::place_ty(place, vars))
                {
                    self.own.insert(*var);
                }
                // A reference is gone where its variable is not used any more; what is made from
                // one may do something at its end.
                match &init.kind {
                    ExprKind::Ref { place, .. } => {
                        self.parts.insert(*var, place.base);
                    }
                    _ if init.ty.is_scalar() => {}
                    _ => init.walk(&mut |e| {
                        if let ExprKind::Ref { place, .. } = &e.kind {
                            self.leaving.insert(place.base);
                        }
                    }),
                }
            }
            StmtKind::Pop { tape, vars: taken } if vars[tape.0 as usize].role == Role::Store => {
                let list = |v: &&VarId| matches!(vars[v.0 as usize].ty, Ty::Vec(_));
                self.own.extend(taken.iter().filter(list));
            }
            StmtKind::Opaque { opaque, .. } => opaque.for_each_var(&mut |v| {
                self.leaving.insert(v);
            }),
            StmtKind::Match { scrutinee, .. } => scrutinee.for_each_var(&mut |v| {
                self.leaving.insert(v);
            }),
            _ => {}
        }
        for e in stmt.exprs() {
            e.walk(&mut |e| match &e.kind {
                ExprKind::Read(place) if place.is_whole() => {
                    self.leaving.insert(place.base);
                }
                ExprKind::Opaque(opaque) => opaque.for_each_var(&mut |v| {
                    self.leaving.insert(v);
                }),
                _ => {}
            });
        }
    }
}

/// Variables in the sums by which the expression's own place is indexed.
fn positions(e: &Expr, out: &mut HashSet<VarId>) {
    fn sum(e: &Expr, out: &mut HashSet<VarId>) {
        match &e.kind {
            ExprKind::Read(place) if place.proj.is_empty() => {
                out.insert(place.base);
            }
            ExprKind::Binary(BinOp::Add | BinOp::Sub | BinOp::Mul, a, b) => {
                sum(a, out);
                sum(b, out);
            }
            _ => {}
        }
    }
    for proj in e.own_place().into_iter().flat_map(|place| &place.proj) {
        if let Proj::Index(i) = proj
            && matches!(i.kind, ExprKind::Binary(..))
        {
            sum(i, out);
        }
    }
}
