//! Deferred declarations: `let v;` stays only where every path assigns `v` exactly once.

use super::bool_ty;
use crate::ir::{Block, Expr, ExprKind, FloatTy, Function, Stmt, StmtKind, Ty, VarId};
use proc_macro2::Span;
use quote::quote;

/// Fewest and most assignments over the paths through some statements; `None`: no path gets
/// through (a panic).
type Count = Option<(u8, u8)>;

pub fn run(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    block(&mut body, function);
    function.body = body;
}

fn block(block_: &mut Block, function: &mut Function) {
    for i in 0..block_.stmts.len() {
        if let StmtKind::Let { var, init: None } = block_.stmts[i].kind {
            let count = count(&block_.stmts[i + 1..], var);
            let once = matches!(count, None | Some((1, 1)));
            if !once {
                let ty = function.vars[var.0 as usize].ty.clone();
                let span = block_.stmts[i].span;
                function.vars[var.0 as usize].mutable = true;
                let init = Some(default_of(&ty, span));
                block_.stmts[i].kind = StmtKind::Let { var, init };
            }
        }
        for inner in block_.stmts[i].kind.blocks_mut() {
            block(inner, function);
        }
    }
}

fn count(stmts: &[Stmt], var: VarId) -> Count {
    let mut total = (0u8, 0u8);
    for stmt in stmts {
        let (low, high) = stmt_count(stmt, var)?;
        total = ((total.0 + low).min(2), (total.1 + high).min(2));
    }
    Some(total)
}

fn join(a: Count, b: Count) -> Count {
    match (a, b) {
        (None, other) | (other, None) => other,
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
    }
}

fn stmt_count(stmt: &Stmt, var: VarId) -> Count {
    match &stmt.kind {
        StmtKind::If { then, other, .. } => join(count(&then.stmts, var), count(&other.stmts, var)),
        StmtKind::Match { arms, .. } => {
            arms.iter().map(|arm| count(&arm.body.stmts, var)).fold(None, join)
        }
        StmtKind::For { body, .. }
        | StmtKind::ForEach { body, .. }
        | StmtKind::While { body, .. } => {
            let inside = body.writes().contains(&var);
            Some(if inside { (0, 2) } else { (0, 0) })
        }
        StmtKind::Opaque { opaque, .. } if super::opaque::diverges(&opaque.tokens) => None,
        // Writes to a part come after the whole was assigned; two of the whole do not.
        StmtKind::Assign { place, .. } if place.base == var && place.proj.is_empty() => {
            Some((1, 1))
        }
        StmtKind::Assign { place, .. } | StmtKind::Update { place, .. } if place.base == var => {
            Some((0, 0))
        }
        kind if kind.writes().contains(&var) => Some((1, 1)),
        _ => Some((0, 0)),
    }
}

/// Some value of the type; a zero for floats.
pub fn default_of(ty: &Ty, span: Span) -> Expr {
    let lit = |tokens, ty| Expr::new(ExprKind::Lit(tokens), ty, span);
    let fallback = || lit(quote!(::core::default::Default::default()), ty.clone());
    match ty {
        Ty::Float(FloatTy::Param(_)) | Ty::Float(_) => {
            Expr::new(ExprKind::Const(0.0), ty.clone(), span)
        }
        Ty::Discrete(Some(name)) if name == "bool" => lit(quote!(false), bool_ty()),
        Ty::Discrete(Some(name)) if name.starts_with(['i', 'u']) => lit(quote!(0), ty.clone()),
        Ty::Vec(_) => {
            let kind = ExprKind::List { items: Vec::new(), vec: true };
            Expr::new(kind, ty.clone(), span)
        }
        Ty::Tuple(parts) => {
            let items = parts.iter().map(|part| default_of(part, span)).collect();
            Expr::new(ExprKind::Tuple(items), ty.clone(), span)
        }
        Ty::Array(inner, len) if copies(inner) && len.0.to_string() != "_" => {
            let item = Box::new(default_of(inner, span));
            let len = Box::new(lit(len.0.clone(), super::usize_ty()));
            let kind = ExprKind::Repeat { item, len, vec: false };
            Expr::new(kind, ty.clone(), span)
        }
        _ => fallback(),
    }
}

fn copies(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) => true,
        Ty::Discrete(Some(name)) => name != "String",
        Ty::Array(inner, _) => copies(inner),
        Ty::Tuple(parts) => parts.iter().all(copies),
        _ => false,
    }
}
