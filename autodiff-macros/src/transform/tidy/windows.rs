//! Parts of lists, borrowed once before a loop over them:
//!
//! ```text
//!                                     if 0 < d {
//!                                         let w_bar_part = &mut w_bar[..d];
//! for j in 0..d {                         let x_part = &x[i * d..i * d + d];
//!     w_bar[j] += s * x[i * d + j];  →    for j in 0..d {
//! }                                           w_bar_part[j] += s * x_part[j];
//!                                         }
//!                                     }
//! ```
//!
//! The bounds are checked once, so that LLVM can vectorise the loop. A window covers exactly the
//! elements that an access meets which every trip makes, so it fails only where the loop would.
//! Runs last, as its references are made for printing, not for further transformations.

use super::affine::{Affine, Trip, place_key};
use super::uses::{has_effects, has_loops};
use crate::ir::*;
use crate::transform::forward::place_ty;
use crate::transform::naming::{Names, plain};
use proc_macro2::Span;
use std::collections::BTreeMap;

pub fn run_block(f: &mut Function, b: &mut Block) {
    if !has_loops(b) {
        return;
    }
    let mut lengths = BTreeMap::new();
    b.walk(&mut |stmt| {
        if let StmtKind::Let { var, init: Some(init) } = &stmt.kind
            && let ExprKind::Len(place) = &init.kind
            && place.is_whole()
        {
            lengths.insert(*var, place.base);
        }
    });
    block(f, &Known { names: Names::of(f), lengths }, b);
}

/// What holds for the whole function.
struct Known {
    names: Names,
    /// Variables that hold the length of a list.
    lengths: BTreeMap<VarId, VarId>,
}

fn block(f: &mut Function, known: &Known, b: &mut Block) {
    let stmts = std::mem::take(&mut b.stmts);
    for mut stmt in stmts {
        for inner in stmt.kind.blocks_mut() {
            if has_loops(inner) {
                block(f, known, inner);
            }
        }
        // No window is seen from another loop, so each loop has the names for itself.
        match windowed(f, known, &mut stmt) {
            Some(before) => b.stmts.extend(before.around(stmt)),
            None => b.stmts.push(stmt),
        }
    }
}

/// What has to stand before a loop.
#[derive(Default)]
struct Before {
    /// Whether the windows are only there if the loop runs at all.
    condition: Option<Expr>,
    windows: Vec<Stmt>,
}

impl Before {
    fn around(mut self, stmt: Stmt) -> Vec<Stmt> {
        let span = stmt.span;
        self.windows.push(stmt);
        let Some(cond) = self.condition else { return self.windows };
        let (then, other) = (Block { stmts: self.windows }, Block::default());
        vec![Stmt { kind: StmtKind::If { cond, then, other }, span }]
    }
}

/// Accesses to elements that lie equally far from the loop's index.
struct Group {
    list: Place,
    at: Affine,
    written: bool,
    /// In every trip.
    always: bool,
    item: Ty,
}

/// How a variable is used in the body.
#[derive(Default)]
struct Buffer {
    groups: Vec<Group>,
    written: bool,
    /// Used in other ways as well.
    otherwise: bool,
}

/// Rewrites a loop to use windows, if it can use any.
fn windowed(f: &mut Function, known: &Known, stmt: &mut Stmt) -> Option<Before> {
    let span = stmt.span;
    let StmtKind::For { index, range, body, exit: None } = &mut stmt.kind else { return None };
    if range.step.is_some() || range.trips.is_some() || range.inclusive || !is_innermost(body) {
        return None;
    }
    let trip = Trip::new(*index, body);
    let (lo, hi) = (trip.affine(&range.lo)?, trip.affine(&range.hi)?);
    if lo.index != 0 || hi.index != 0 || !is_cheap(&range.lo) || !is_cheap(&range.hi) {
        return None;
    }
    let mut buffers: BTreeMap<VarId, Buffer> = BTreeMap::new();
    collect(f, &trip, body, true, &mut buffers);
    let count = hi.plus(&lo, -1);
    let from_zero = lo == Affine::constant(0);
    let mut chosen: Vec<Group> = Vec::new();
    for (var, buffer) in buffers {
        let declared = body.stmts.iter().any(|s| declares(&s.kind, var));
        if declared || buffer.written && (buffer.otherwise || buffer.groups.len() != 1) {
            continue;
        }
        let mut groups = buffer.groups;
        groups.sort_by_key(|g| g.at.constant);
        chosen.extend(groups.into_iter().filter(|g| {
            let start = g.at.at(&lo);
            let whole = from_zero && start == lo && known.is_length(f, &range.hi, g.list.base);
            // LLVM knows how long arrays are.
            let array = matches!(place_ty(&g.list, &f.vars).peel(), Ty::Array(..));
            let prefix = start.to_expr(None, &range.hi).is_some();
            g.always && !whole && prefix && !(array && g.at.is_literal())
        }));
    }
    let count_expr = count.to_expr(None, &range.hi)?;
    let lent: Vec<VarId> = chosen.iter().filter(|g| g.written).map(|g| g.list.base).collect();
    let borrows_twice = chosen.iter().any(|g| {
        let start = g.at.at(&lo).to_expr(None, &range.hi);
        let mut found = false;
        start.iter().for_each(|e| e.for_each_var(&mut |v| found |= lent.contains(&v)));
        found
    });
    if chosen.is_empty() || borrows_twice {
        return None;
    }
    let names = &mut known.names.clone();
    // A number that does not have to be computed twice.
    let mut before = Before::default();
    let usize_ty = Ty::Discrete(Some("usize".into()));
    let simple = matches!(&count_expr.kind, ExprKind::Lit(_))
        || matches!(&count_expr.kind, ExprKind::Read(p) if p.proj.is_empty())
        || matches!(&count_expr.kind, ExprKind::Len(p) if p.is_whole() && !lent.contains(&p.base));
    let count = if simple {
        count_expr
    } else {
        let var = names.fresh(f, "count", usize_ty.clone(), false, Role::Temp);
        before.windows.push(let_(var, count_expr, span));
        Expr::var(var, &f.vars, span)
    };
    let mut safe = from_zero;
    let mut instead: Vec<(Group, VarId)> = Vec::new();
    for group in chosen {
        let start = group.at.at(&lo);
        let lo_expr = start.to_expr(None, &range.hi)?;
        let at_front = start == Affine::constant(0);
        safe &= at_front && group.list.exprs().is_empty();
        let (lo, hi) = if at_front {
            (None, count.clone())
        } else {
            let sum =
                ExprKind::Binary(BinOp::Add, Box::new(lo_expr.clone()), Box::new(count.clone()));
            (Some(Box::new(lo_expr)), Expr::new(sum, usize_ty.clone(), span))
        };
        let mut place = group.list.clone();
        place.proj.push(Proj::Slice { lo, hi: Some(Box::new(hi)) });
        let inner = Box::new(Ty::Slice(Box::new(group.item.clone())));
        let ty = Ty::Ref { mutable: group.written, inner };
        let wanted = format!("{}_part", plain(f.var(place.base)));
        let var = names.fresh(f, &wanted, ty.clone(), false, Role::Temp);
        let borrow = ExprKind::Ref { mutable: group.written, place };
        before.windows.push(let_(var, Expr::new(borrow, ty, span), span));
        instead.push((group, var));
    }
    let mut counted = *index;
    let mut body_of = std::mem::take(body);
    if !from_zero {
        counted = names.fresh(f, "t", usize_ty.clone(), false, Role::Temp);
    }
    replace(&*f, *index, counted, &mut body_of, &instead);
    before.condition = (!safe).then(|| {
        let (lo, hi) = (Box::new(range.lo.clone()), Box::new(range.hi.clone()));
        let compare = ExprKind::Binary(BinOp::Lt, lo, hi);
        Expr::new(compare, Ty::Discrete(Some("bool".into())), span)
    });
    if !from_zero {
        let mut mentioned = false;
        body_of.stmts.iter().for_each(|s| s.for_each_var(&mut |v| mentioned |= v == *index));
        if mentioned {
            let sum = ExprKind::Binary(
                BinOp::Add,
                Box::new(range.lo.clone()),
                Box::new(Expr::var(counted, &f.vars, span)),
            );
            body_of.stmts.insert(0, let_(*index, Expr::new(sum, usize_ty.clone(), span), span));
        }
        *index = counted;
        let zero = proc_macro2::TokenStream::from(proc_macro2::TokenTree::from(
            proc_macro2::Literal::usize_unsuffixed(0),
        ));
        range.lo = Expr::new(ExprKind::Lit(zero), usize_ty, span);
    }
    range.hi = count;
    drop_unused(&mut body_of);
    *body = body_of;
    Some(before)
}

fn declares(kind: &StmtKind, var: VarId) -> bool {
    match kind {
        StmtKind::Let { var: own, .. } => *own == var,
        StmtKind::LetTuple { vars, .. } => vars.contains(&Some(var)),
        StmtKind::Pop { vars, .. } => vars.contains(&var),
        _ => kind.blocks().iter().any(|b| b.stmts.iter().any(|s| declares(&s.kind, var))),
    }
}

/// No loops inside, and nothing that has effects: a window that fails does so before the trips
/// that would have run first.
fn is_innermost(body: &Block) -> bool {
    let mut yes = true;
    body.walk(&mut |s| {
        yes &= match &s.kind {
            StmtKind::Let { .. }
            | StmtKind::LetTuple { .. }
            | StmtKind::Assign { .. }
            | StmtKind::Update { .. }
            | StmtKind::If { .. }
            | StmtKind::Push { .. }
            | StmtKind::Pop { .. } => s.kind.exprs().into_iter().all(is_quiet),
            StmtKind::Eval(e) => matches!(e.kind, ExprKind::Call(_)) && is_quiet(e),
            _ => false,
        }
    });
    yes
}

/// Reverse sweeps of calls come after the calls themselves, which have failed if anything does.
fn is_quiet(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Call(call) => {
            let reverse = matches!(call.mode, Mode::Reverse | Mode::ReverseUnused | Mode::Taken);
            reverse
                && e.children().into_iter().all(|arg| match &arg.kind {
                    ExprKind::Ref { place, .. } => place.exprs().into_iter().all(is_quiet),
                    _ => is_quiet(arg),
                })
        }
        ExprKind::Opaque(_) | ExprKind::Ref { .. } => false,
        _ => !has_effects(e) && e.children().into_iter().all(is_quiet),
    }
}

/// Little work, without effects.
pub fn is_cheap(e: &Expr) -> bool {
    let mut yes = true;
    e.walk(&mut |e| {
        yes &= match &e.kind {
            ExprKind::Lit(_) | ExprKind::Len(_) | ExprKind::Cast(..) => true,
            ExprKind::Read(p) => p.exprs().is_empty(),
            ExprKind::Binary(op, ..) => matches!(op, BinOp::Add | BinOp::Sub | BinOp::Mul),
            _ => false,
        };
    });
    yes
}

impl Known {
    /// Whether `e` is the number of elements of the list, or of what it was made in the shape of:
    /// then LLVM sees that the index is in bounds.
    fn is_length(&self, f: &Function, e: &Expr, list: VarId) -> bool {
        let counted = match &e.kind {
            ExprKind::Len(place) if place.is_whole() => place.base,
            ExprKind::Read(place) if place.proj.is_empty() => match self.lengths.get(&place.base) {
                Some(counted) => *counted,
                None => return false,
            },
            _ => return false,
        };
        let shaped_as = match f.var(list).role {
            Role::Adjoint(of) | Role::Tangent(of) => Some(of),
            _ => None,
        };
        counted == list || shaped_as == Some(counted)
    }
}

/// Every access to an element of a list, by variable.
fn collect(
    f: &Function,
    trip: &Trip,
    b: &Block,
    always: bool,
    buffers: &mut BTreeMap<VarId, Buffer>,
) {
    for stmt in &b.stmts {
        if let StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } = &stmt.kind {
            access(f, trip, place, true, always, buffers);
        }
        for e in stmt.kind.exprs() {
            collect_expr(f, trip, e, always, buffers);
        }
        for inner in stmt.kind.blocks() {
            collect(f, trip, inner, false, buffers);
        }
    }
}

fn collect_expr(
    f: &Function,
    trip: &Trip,
    e: &Expr,
    always: bool,
    buffers: &mut BTreeMap<VarId, Buffer>,
) {
    match &e.kind {
        ExprKind::Read(place) => access(f, trip, place, false, always, buffers),
        ExprKind::Ref { mutable, place } => access(f, trip, place, *mutable, always, buffers),
        ExprKind::Binary(BinOp::And | BinOp::Or, a, b) => {
            collect_expr(f, trip, a, always, buffers);
            collect_expr(f, trip, b, false, buffers);
            return;
        }
        _ => {
            if let Some(place) = e.own_place() {
                buffers.entry(place.base).or_default().otherwise = true;
            }
        }
    }
    for child in e.children() {
        collect_expr(f, trip, child, always, buffers);
    }
}

fn access(
    f: &Function,
    trip: &Trip,
    place: &Place,
    written: bool,
    always: bool,
    buffers: &mut BTreeMap<VarId, Buffer>,
) {
    let buffer = buffers.entry(place.base).or_default();
    buffer.written |= written;
    let Some((list, at)) = element(f, trip, place) else {
        buffer.otherwise = true;
        // A reference handed on.
        buffer.written |=
            matches!(place_ty(place, &f.vars), Ty::Ref { mutable: true, .. } | Ty::Unknown);
        return;
    };
    let key = place_key(&list);
    let known = buffer.groups.iter_mut().find(|g| place_key(&g.list) == key && g.at == at);
    match known {
        Some(group) => {
            group.written |= written;
            group.always |= always;
        }
        None => {
            let item = place_ty(place, &f.vars);
            buffer.groups.push(Group { list, at, written, always, item });
        }
    }
}

/// A list that stays the same list and can be sliced, and the index into it.
fn element(f: &Function, trip: &Trip, place: &Place) -> Option<(Place, Affine)> {
    let [rest @ .., Proj::Index(i)] = place.proj.as_slice() else { return None };
    let list = Place { base: place.base, proj: rest.to_vec() };
    place_key(&list)?;
    let sliceable =
        matches!(place_ty(&list, &f.vars).peel(), Ty::Slice(_) | Ty::Vec(_) | Ty::Array(..));
    let steady = list.exprs().iter().all(|e| trip.is_invariant(e) && is_cheap(e));
    let at = trip.affine(i)?;
    (sliceable && steady && at.index == 1).then_some((list, at))
}

/// Puts the windows in place of the accesses.
fn replace(
    f: &Function,
    index: VarId,
    counted: VarId,
    body: &mut Block,
    instead: &[(Group, VarId)],
) {
    let known = body.clone();
    let trip = Trip::new(index, &known);
    let new_place = |place: &mut Place| {
        let Some((list, at)) = element(f, &trip, place) else { return };
        let found = instead
            .iter()
            .find(|(group, _)| group.at == at && place_key(&group.list) == place_key(&list));
        if let Some((_, var)) = found {
            let i = Expr::var(counted, &f.vars, Span::mixed_site());
            *place = Place { base: *var, proj: vec![Proj::Index(Box::new(i))] };
        }
    };
    replace_block(body, &new_place);
}

fn replace_block(b: &mut Block, new_place: &dyn Fn(&mut Place)) {
    for stmt in &mut b.stmts {
        if let StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } = &mut stmt.kind {
            new_place(place);
        }
        for e in stmt.kind.exprs_mut() {
            e.rewrite(&mut |e| {
                if let ExprKind::Read(place) | ExprKind::Ref { place, .. } = &mut e.kind {
                    new_place(place);
                }
            });
        }
        for inner in stmt.kind.blocks_mut() {
            replace_block(inner, new_place);
        }
    }
}

/// Indices that nothing needs any more.
fn drop_unused(body: &mut Block) {
    loop {
        let unused = body.stmts.iter().position(|stmt| {
            let StmtKind::Let { var, init: Some(init) } = &stmt.kind else { return false };
            let mut mentions = 0;
            body.stmts
                .iter()
                .for_each(|s| s.for_each_var(&mut |v| mentions += usize::from(v == *var)));
            mentions == 1 && is_cheap(init)
        });
        match unused {
            Some(at) => drop(body.stmts.remove(at)),
            None => return,
        }
    }
}

fn let_(var: VarId, init: Expr, span: Span) -> Stmt {
    Stmt { kind: StmtKind::Let { var, init: Some(init) }, span }
}
