//! Neighbours: in a loop that adds to `x_bar[i]` and to `x_bar[i + 1]`, what the next trip is going
//! to add to as well is carried there in a local, so that every element is stored once.
//!
//! ```text
//! for i in 0..n {                     let mut carried = 0.0;
//!     x_bar[i] += u;                  for i in 0..n {
//!     x_bar[i + 1] += v;       →          x_bar[i] += carried + u;
//! }                                       carried = v;
//!                                     }
//!                                     if 0 < n { x_bar[n] += carried; }
//! ```
//!
//! What is carried into the next trip is computed before the element is stored: then LLVM sees a
//! recurrence that it can vectorise.

use super::affine::{Affine, Trip, place_key};
use super::initialise::{can_wait, is_barrier};
use super::merge::contribution;
use crate::ir::*;
use crate::rules::algebra;
use crate::transform::naming::{Names, plain};
use std::collections::BTreeMap;

/// How many locals one buffer may take.
const CARRIED: i64 = 4;

pub fn run(f: &mut Function) {
    let mut names = Names::of(f);
    let mut body = std::mem::take(&mut f.body);
    block(f, &mut names, &mut body);
    f.body = body;
}

fn block(f: &mut Function, names: &mut Names, b: &mut Block) {
    let stmts = std::mem::take(&mut b.stmts);
    for mut stmt in stmts {
        for inner in stmt.kind.blocks_mut() {
            block(f, names, inner);
        }
        let (before, after) = carry(f, names, &mut stmt);
        b.stmts.extend(before);
        b.stmts.push(stmt);
        b.stmts.extend(after);
    }
}

/// A contribution at the top of the loop's body.
struct Part {
    at: usize,
    offset: i64,
    op: BinOp,
    place: Place,
    value: Expr,
}

/// Contributions to neighbours, by offset.
struct Group {
    index: Affine,
    parts: Vec<Part>,
}

/// Rewrites a loop; gives what has to stand before and behind it.
fn carry(f: &mut Function, names: &mut Names, stmt: &mut Stmt) -> (Vec<Stmt>, Vec<Stmt>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let StmtKind::For { index, range, body, exit: None } = &mut stmt.kind else {
        return (before, after);
    };
    if range.step.is_some() || range.trips.is_some() || range.inclusive {
        return (before, after);
    }
    let span = stmt.span;
    // Each group is rewritten by itself, as statements move.
    let mut done = Vec::new();
    while let Some((group, last)) = next_group(f, *index, range, body, &done) {
        let first = &group.parts[0];
        done.push(place_key(&first.place).unwrap_or_default());
        let rewritten = rewrite(f, names, body, &group, range.rev, span);
        let Some((declared, flush)) = rewritten else { continue };
        before.extend(declared);
        let mut flushed = Vec::new();
        for (var, offset) in flush {
            let at = end_of(&group, &last, offset, range).expect("looked at before");
            let mut place = first.place.clone();
            place.proj.pop();
            place.proj.push(Proj::Index(Box::new(at)));
            let value = Expr::var(var, &f.vars, span);
            flushed.push(Stmt { kind: StmtKind::Update { place, op: BinOp::Add, value }, span });
        }
        let compare =
            ExprKind::Binary(BinOp::Lt, Box::new(range.lo.clone()), Box::new(range.hi.clone()));
        let cond = Expr::new(compare, Ty::Discrete(Some("bool".into())), span);
        let then = Block { stmts: flushed };
        after.push(Stmt { kind: StmtKind::If { cond, then, other: Block::default() }, span });
    }
    (before, after)
}

/// The index of a group's element in the last trip.
fn end_of(group: &Group, last: &Affine, offset: i64, range: &Range) -> Option<Expr> {
    let mut at = group.index.at(last);
    at.constant += offset;
    at.to_expr(None, &range.hi)
}

/// The next group of neighbours that can be carried, and the last value of the loop's index.
fn next_group(
    f: &Function,
    index: VarId,
    range: &Range,
    body: &Block,
    done: &[String],
) -> Option<(Group, Affine)> {
    let parts = body.stmts.iter().filter(|s| contribution(f, &s.kind).is_some()).count();
    if parts < 2 {
        return None;
    }
    let trip = Trip::new(index, body);
    let (lo, hi) = (trip.affine(&range.lo)?, trip.affine(&range.hi)?);
    let calm = |e: &Expr| trip.is_invariant(e) && can_wait(f, e);
    if !calm(&range.lo) || !calm(&range.hi) || lo.index != 0 || hi.index != 0 {
        return None;
    }
    let last = if range.rev { lo } else { hi.plus(&Affine::constant(1), -1) };
    let mut groups: BTreeMap<String, Vec<Group>> = BTreeMap::new();
    for (at, stmt) in body.stmts.iter().enumerate() {
        let Some((place, op, value)) = contribution(f, &stmt.kind) else { continue };
        if !only_summed(f, body, place.base) {
            continue;
        }
        let [rest @ .., Proj::Index(i)] = place.proj.as_slice() else { continue };
        let list = Place { base: place.base, proj: rest.to_vec() };
        let steady = rest.iter().all(|p| match p {
            Proj::Index(i) => trip.is_invariant(i),
            Proj::Field(_) | Proj::Deref => true,
            Proj::Slice { .. } => false,
        });
        let (Some(key), Some(i), true) = (place_key(&list), trip.affine(i), steady) else {
            continue;
        };
        if i.index != 1 {
            continue;
        }
        let part = |offset| Part { at, offset, op, place: place.clone(), value: value.clone() };
        let of_list = groups.entry(key).or_default();
        let known = of_list.iter_mut().find_map(|g| Some((i.difference(&g.index)?, g)));
        match known {
            Some((offset, group)) => group.parts.push(part(offset)),
            None => of_list.push(Group { index: i, parts: vec![part(0)] }),
        }
    }
    groups.into_values().flatten().map(|group| (group, last.clone())).find(|(group, last)| {
        let mut offsets: Vec<i64> = group.parts.iter().map(|p| p.offset).collect();
        offsets.sort_unstable();
        let neighbours = offsets.windows(2).all(|pair| pair[1] - pair[0] == 1);
        let width = offsets[offsets.len() - 1] - offsets[0];
        let known = place_key(&group.parts[0].place).is_some_and(|key| done.contains(&key));
        let ends = offsets.iter().all(|o| end_of(group, last, *o, range).is_some());
        offsets.len() > 1 && neighbours && width <= CARRIED && !known && ends
    })
}

/// Whether the body does nothing else to the variable than adding to its elements, at the top.
fn only_summed(f: &Function, body: &Block, var: VarId) -> bool {
    body.stmts.iter().all(|stmt| {
        let mut mentioned = 0;
        stmt.for_each_var(&mut |v| mentioned += usize::from(v == var));
        let summed = contribution(f, &stmt.kind).is_some_and(|(place, ..)| place.base == var);
        mentioned == usize::from(summed)
    })
}

type Flush = Vec<(VarId, i64)>;

/// Puts the group's contributions together at the last of them. Gives the declarations of what is
/// carried, and which of it belongs to which offset after the last trip.
fn rewrite(
    f: &mut Function,
    names: &mut Names,
    body: &mut Block,
    group: &Group,
    rev: bool,
    span: proc_macro2::Span,
) -> Option<(Vec<Stmt>, Flush)> {
    // In the order in which elements are met: that of the finished one first.
    let mut parts: Vec<&Part> = group.parts.iter().collect();
    parts.sort_by_key(|p| if rev { -p.offset } else { p.offset });
    let end = parts.iter().map(|p| p.at).max()?;
    let ty = algebra::scalar_type(&parts[0].value);
    let buffer = plain(f.var(parts[0].place.base));
    // Values at the end: as they are where nothing in between writes what they read, else kept.
    let mut kept: BTreeMap<usize, Stmt> = BTreeMap::new();
    let mut values: Vec<Expr> = Vec::new();
    for part in &parts {
        let mut value = part.value.clone();
        let moves = can_wait(f, &value)
            && body.stmts[part.at + 1..=end].iter().all(|s| {
                let reads = s.kind.writes().iter().any(|w| value.mentions(*w));
                !reads && (s.kind.blocks().is_empty() && !is_barrier(&s.kind) || part.at == end)
            });
        if !moves {
            let var = names.fresh(f, &format!("{buffer}_part"), ty.clone(), false, Role::Temp);
            kept.insert(part.at, let_(var, value, span));
            value = Expr::var(var, &f.vars, span);
        }
        values.push(if part.op == BinOp::Sub { algebra::neg(value) } else { value });
    }
    let width = parts.len() - 1;
    let carried: Vec<VarId> = (0..width)
        .map(|_| names.fresh(f, &format!("{buffer}_carried"), ty.clone(), true, Role::Temp))
        .collect();
    let read = |f: &Function, var: VarId| Expr::var(var, &f.vars, span);
    let mut block: Vec<Stmt> = Vec::new();
    let mut next: Vec<Expr> = Vec::new();
    for d in 0..width {
        let value = values[d + 1].clone();
        let sum = match carried.get(d + 1) {
            Some(pending) => algebra::add(read(f, *pending), value),
            None => value,
        };
        let simple = matches!(&sum.kind, ExprKind::Read(p) if p.proj.is_empty());
        if simple {
            next.push(sum);
        } else {
            let var = names.fresh(f, &format!("{buffer}_next"), ty.clone(), false, Role::Temp);
            block.push(let_(var, sum, span));
            next.push(read(f, var));
        }
    }
    let value = algebra::add(read(f, carried[0]), values[0].clone());
    let place = parts[0].place.clone();
    block.push(Stmt { kind: StmtKind::Update { place, op: BinOp::Add, value }, span });
    for (var, value) in carried.iter().zip(next) {
        block.push(Stmt { kind: StmtKind::Assign { place: Place::var(*var), value }, span });
    }
    let stmts = std::mem::take(&mut body.stmts);
    for (at, stmt) in stmts.into_iter().enumerate() {
        body.stmts.extend(kept.remove(&at));
        if at == end {
            body.stmts.append(&mut block);
        } else if !parts.iter().any(|p| p.at == at) {
            body.stmts.push(stmt);
        }
    }
    let zero = || Expr::new(ExprKind::Const(0.0), ty.clone(), span);
    let declared = carried.iter().map(|v| let_(*v, zero(), span)).collect();
    let flush = carried.iter().zip(&parts[1..]).map(|(v, p)| (*v, p.offset)).collect();
    Some((declared, flush))
}

fn let_(var: VarId, init: Expr, span: proc_macro2::Span) -> Stmt {
    Stmt { kind: StmtKind::Let { var, init: Some(init) }, span }
}
