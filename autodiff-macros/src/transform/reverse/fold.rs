//! Where adjoints are declared: at their first contribution if that is unconditional, else with a
//! zero at the head of their block's reverse.

use super::Builder;
use super::adjoint::zero_by_type;
use super::versions::Tree;
use crate::ir::*;
use std::collections::HashMap;

/// Adjoints to declare with a zero, by scope; in order of declaration of their primals.
#[derive(Default, Debug)]
pub struct Folded {
    pub zeros: HashMap<usize, Vec<(VarId, Expr)>>,
}

/// Rewrites first contributions to declarations.
pub fn run(b: &mut Builder, tree: &mut Tree, result_adjoint: &mut Vec<Stmt>) -> Folded {
    let mut folded = Folded::default();
    let mut declared = b.source.params.clone();
    declared.extend(declared_here(tree));
    block(b, tree, Some(result_adjoint), &declared, &mut folded);
    folded
}

/// Variables that the statements of this very block declare.
fn declared_here(tree: &Tree) -> Vec<VarId> {
    let mut out = Vec::new();
    for node in &tree.nodes {
        match &node.original.kind {
            StmtKind::Let { var, .. } => out.push(*var),
            StmtKind::LetTuple { vars, .. } => out.extend(vars.iter().flatten()),
            StmtKind::Opaque { declares, .. } => out.extend(declares.iter().map(|d| d.1)),
            _ => {}
        }
    }
    out
}

fn block(
    b: &mut Builder,
    tree: &mut Tree,
    mut result_adjoint: Option<&mut Vec<Stmt>>,
    declared: &[VarId],
    folded: &mut Folded,
) {
    let first = first_mentions(tree, result_adjoint.as_deref().map_or(&[], Vec::as_slice));
    let mut early_zeros: HashMap<usize, Vec<Stmt>> = HashMap::new();
    for var in declared {
        let Some(bar) = b.bars.get(var).copied() else {
            continue;
        };
        if b.out.vars[bar.0 as usize].role == Role::Param {
            continue;
        }
        let wanted = b.source.params.contains(var);
        match declare(b, tree, result_adjoint.as_deref_mut(), first.get(&bar), *var, bar) {
            Declared::AtFirstUse => {}
            Declared::Never if !wanted => {}
            Declared::Never | Declared::WithZero => {
                let zero = zero_expr(b, tree, *var);
                match first.get(&bar) {
                    Some(First::Early(i) | First::Fused(i)) => {
                        let kind = StmtKind::Let { var: bar, init: Some(zero) };
                        let zero = Stmt { kind, span: proc_macro2::Span::mixed_site() };
                        early_zeros.entry(*i).or_default().push(zero);
                    }
                    _ => folded.zeros.entry(tree.scope).or_default().push((bar, zero)),
                }
            }
        }
    }
    for (i, zeros) in early_zeros {
        tree.nodes[i].early.splice(0..0, zeros);
    }
    for node in &mut tree.nodes {
        for inner in &mut node.blocks {
            let declared = declared_here(inner);
            block(b, inner, None, &declared, folded);
        }
    }
}

enum Declared {
    AtFirstUse,
    WithZero,
    Never,
}

/// Where the reverse sweep of a block mentions a variable first.
#[derive(Clone, Copy)]
enum First {
    /// In the code that runs before this fused loop.
    Early(usize),
    /// Inside this fused loop.
    Fused(usize),
    Result,
    /// In the adjoint of this node itself.
    Node(usize),
    /// In a block of a node.
    Inside,
}

/// In the order of the reverse sweep, after what runs with the forward sweep; the blocks of a node come before its own adjoint.
fn first_mentions(tree: &Tree, result_adjoint: &[Stmt]) -> HashMap<VarId, First> {
    let mut out = HashMap::new();
    for (i, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.fused) {
        for stmt in &node.early {
            stmt.for_each_var(&mut |v| {
                out.entry(v).or_insert(First::Early(i));
            });
        }
        mentions_tree(&node.blocks[0], &mut |v| {
            out.entry(v).or_insert(First::Fused(i));
        });
    }
    for stmt in result_adjoint {
        stmt.for_each_var(&mut |v| {
            out.entry(v).or_insert(First::Result);
        });
    }
    for (i, node) in tree.nodes.iter().enumerate().rev().filter(|(_, node)| !node.fused) {
        for inner in &node.blocks {
            mentions_tree(inner, &mut |v| {
                out.entry(v).or_insert(First::Inside);
            });
        }
        for stmt in &node.adjoint {
            stmt.for_each_var(&mut |v| {
                out.entry(v).or_insert(First::Node(i));
            });
        }
    }
    out
}

/// Declares the adjoint at its first mention, if that is a contribution.
fn declare(
    b: &Builder,
    tree: &mut Tree,
    result_adjoint: Option<&mut Vec<Stmt>>,
    first: Option<&First>,
    var: VarId,
    bar: VarId,
) -> Declared {
    match (first, result_adjoint) {
        (None, _) => Declared::Never,
        (Some(First::Inside | First::Fused(_)), _) => Declared::WithZero,
        (Some(First::Early(i)), _) => first_in(b, &mut tree.nodes[*i].early, var, bar),
        (Some(First::Node(i)), _) => first_in(b, &mut tree.nodes[*i].adjoint, var, bar),
        (Some(First::Result), Some(code)) => first_in(b, code, var, bar),
        (Some(First::Result), None) => Declared::Never,
    }
}

fn first_in(b: &Builder, code: &mut [Stmt], var: VarId, bar: VarId) -> Declared {
    let Some(stmt) = code.iter_mut().find(|s| {
        let mut found = false;
        s.for_each_var(&mut |v| found |= v == bar);
        found
    }) else {
        return Declared::Never;
    };
    let is_bar = |p: &Place| p.base == bar && p.proj.is_empty();
    let init = match &stmt.kind {
        StmtKind::Update { place, op: BinOp::Add, value }
            if is_bar(place) && !value.mentions(bar) =>
        {
            value.clone()
        }
        StmtKind::Update { place, op: BinOp::Sub, value }
            if is_bar(place) && !value.mentions(bar) =>
        {
            super::adjoint::neg(value.clone())
        }
        StmtKind::Accumulate { to, value } if is_bar(to) && !value.mentions(bar) => {
            match &value.kind {
                ExprKind::Ref { place, .. } => match whole_value(b, place, value, var) {
                    Some(value) => value,
                    None => return Declared::WithZero,
                },
                _ => return Declared::WithZero,
            }
        }
        _ => return Declared::WithZero,
    };
    stmt.kind = StmtKind::Let { var: bar, init: Some(init) };
    Declared::AtFirstUse
}

/// The accumulated aggregate itself: moved if it is the seed, which nothing else reads. `None` if
/// it may be of another type (a slice added to an array).
fn whole_value(b: &Builder, place: &Place, reference: &Expr, var: VarId) -> Option<Expr> {
    let from = &b.out.vars[place.base.0 as usize];
    let is_seed = from.role == Role::Param && from.name == "result_bar";
    let ty = super::adjoint::owned_tangent(&b.out.vars[var.0 as usize].ty);
    let known_array = matches!(ty, Ty::Array(..));
    if known_array && !matches!(reference.ty.peel(), Ty::Array(..)) {
        return None;
    }
    // Of an unknown type may be an array as well as a `Vec`.
    let known_list = matches!(reference.ty.peel(), Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_));
    if known_list && matches!(ty, Ty::Unknown) {
        return None;
    }
    let from_slice = b.is_slice(place);
    let kind = if is_seed && place.proj.is_empty() {
        ExprKind::Read(place.clone())
    } else {
        ExprKind::Clone { place: place.clone(), vec: from_slice || matches!(ty, Ty::Vec(_)) }
    };
    Some(Expr::new(kind, ty, reference.span))
}

fn mentions_tree(tree: &Tree, f: &mut dyn FnMut(VarId)) {
    for node in &tree.nodes {
        for stmt in node.early.iter().chain(&node.adjoint) {
            stmt.for_each_var(f);
        }
        for inner in &node.blocks {
            mentions_tree(inner, f);
        }
    }
}

/// The zero to begin with.
fn zero_expr(b: &Builder, tree: &Tree, var: VarId) -> Expr {
    let ty = b.out.vars[var.0 as usize].ty.clone();
    if let Some(zero) = zero_by_type(&ty) {
        return zero;
    }
    let shape = tree.end.get(&var).copied().unwrap_or(var);
    Expr::new(
        ExprKind::ZeroLike(Place::var(shape)),
        super::adjoint::owned_tangent(&ty),
        proc_macro2::Span::mixed_site(),
    )
}
