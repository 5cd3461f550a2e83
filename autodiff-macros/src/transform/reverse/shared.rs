//! Dear values that the forward sweep has already: `cos(x)` in the adjoint of `sin(x)`, where the
//! user computed it as well, or where `partners` did.
//!
//! A function and its derivative of one argument cost little more than either (`sincos`), and what
//! is kept is then not the argument.

use super::Builder;
use super::adjoint::same;
use super::versions::{Def, ScopeId, Tree};
use crate::analysis::activity::Activity;
use crate::ir::*;
use crate::rules;
use crate::transform::naming::Names;

/// In nested blocks, whose values cross over to the reverse sweep on a tape: before `sin(x)` the
/// `cos(x)` that its adjoint needs, and the other way round. With `everywhere` at the top, too.
pub fn partners(
    f: &mut Function,
    names: &mut Names,
    activity: &mut Activity,
    block: &mut Block,
    everywhere: bool,
) {
    let wanted: Vec<_> = match everywhere {
        true => block.stmts.iter().map(|stmt| partner_of(stmt, activity)).collect(),
        false => vec![None; block.stmts.len()],
    };
    let stmts = std::mem::take(&mut block.stmts);
    let computed: Vec<(&'static str, Expr)> = stmts.iter().filter_map(one_of_a_pair).collect();
    let is_there =
        |name: &str, arg: &Expr| computed.iter().any(|(other, of)| *other == name && same(of, arg));
    for (mut stmt, partner) in stmts.into_iter().zip(wanted) {
        if let Some((name, arg)) = partner
            && !is_there(name, &arg)
        {
            let (ty, span) = (arg.ty.peel().clone(), stmt.span);
            let var = names.fresh(f, name, ty.clone(), false, Role::Temp);
            // No derivative goes through it.
            activity.set(var, false);
            let init = Some(Expr::new(ExprKind::Intrinsic(name, vec![arg]), ty, span));
            block.stmts.push(Stmt { kind: StmtKind::Let { var, init }, span });
        }
        for inner in stmt.kind.blocks_mut() {
            partners(f, names, activity, inner, true);
        }
        block.stmts.push(stmt);
    }
}

/// `sin` or `cos` of what scalars give, and the argument.
fn one_of_a_pair(stmt: &Stmt) -> Option<(&'static str, Expr)> {
    let value = match &stmt.kind {
        StmtKind::Let { init: Some(value), .. } | StmtKind::Assign { value, .. } => value,
        _ => return None,
    };
    match &value.kind {
        ExprKind::Intrinsic(name @ ("sin" | "cos"), args) if of_scalars(&args[0]) => {
            Some((name, args[0].clone()))
        }
        _ => None,
    }
}

/// The derivative that the statement's adjoint needs, as a function of the argument.
fn partner_of(stmt: &Stmt, activity: &Activity) -> Option<(&'static str, Expr)> {
    let (name, arg) = one_of_a_pair(stmt)?;
    let partner = if name == "sin" { "cos" } else { "sin" };
    activity.expr(&arg).then_some((partner, arg))
}

/// Arithmetic on whole variables, whose versions tell whether two of them are equal.
fn of_scalars(e: &Expr) -> bool {
    let mut yes = true;
    e.walk(&mut |e| {
        yes &= match &e.kind {
            ExprKind::Lit(_) | ExprKind::Const(_) | ExprKind::Neg(_) => true,
            ExprKind::Binary(..) | ExprKind::Intrinsic(..) => true,
            ExprKind::Read(p) => p.proj.is_empty() && p.exprs().is_empty() && e.ty.is_scalar(),
            _ => false,
        };
    });
    yes
}

/// A dear value, and the version that has it.
struct Known {
    version: VarId,
    scope: ScopeId,
    /// The node that defines it, counted from 1.
    at: usize,
    value: Expr,
}

/// Replaces dear values in adjoints by the versions that have them.
pub fn run(b: &Builder, tree: &mut Tree) {
    let mut known: Vec<Known> = (b.versions.iter())
        .filter_map(|(id, version)| match &version.def {
            Def::Expr(value) if is_dear(value) && of_versions(b, value) => {
                let (scope, at, value) = (version.scope, version.at, value.clone());
                Some(Known { version: *id, scope, at, value })
            }
            _ => None,
        })
        .collect();
    known.sort_by_key(|known| known.version);
    if !known.is_empty() {
        replace(tree, &known, &mut Vec::new());
    }
}

fn is_dear(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Intrinsic(name, _) if rules::find(name).is_some_and(|r| r.dear))
}

fn of_versions(b: &Builder, e: &Expr) -> bool {
    let mut memory = false;
    e.for_each_var(&mut |v| memory |= b.is_memory(b.origin(v)));
    of_scalars(e) && !memory
}

/// `around`: the enclosing blocks, and the nodes there that hold this one.
fn replace(tree: &mut Tree, known: &[Known], around: &mut Vec<(ScopeId, usize)>) {
    for (i, node) in tree.nodes.iter_mut().enumerate() {
        // What stands in the same block is there when the block's reverse begins. A loop's reverse
        // may run where the loop stands.
        let is_visible = |known: &Known| {
            known.scope == tree.scope && (node.blocks.is_empty() || known.at <= i)
                || around.iter().any(|(scope, at)| known.scope == *scope && known.at < *at)
        };
        for stmt in &mut node.adjoint {
            in_stmt(stmt, &|e| {
                let found = known.iter().find(|known| is_visible(known) && same(&known.value, e));
                found.map(|known| known.version)
            });
        }
        around.push((tree.scope, i + 1));
        node.blocks.iter_mut().for_each(|inner| replace(inner, known, around));
        around.pop();
    }
}

fn in_stmt(stmt: &mut Stmt, version_of: &dyn Fn(&Expr) -> Option<VarId>) {
    for e in stmt.kind.exprs_mut() {
        e.rewrite(&mut |e| {
            if is_dear(e)
                && let Some(version) = version_of(e)
            {
                e.kind = ExprKind::Read(Place::var(version));
            }
        });
    }
    for block in stmt.kind.blocks_mut() {
        block.stmts.iter_mut().for_each(|stmt| in_stmt(stmt, version_of));
    }
}
