//! Copies and temporaries that are used once: put where they are used.
//!
//! Only variables that the compiler made, declared once and never written; a value moves only
//! within its block, past statements that write nothing it reads. The user's variables, their
//! adjoints and tangents stay: they are what a reader looks for.

use super::uses::{has_effects, is_plain, size};
use crate::ir::*;
use std::collections::HashMap;

/// How many statements a value moves down at most; bounds the time.
const REACH: usize = 12;
/// How large an expression may become.
const SIZE: usize = 14;

pub fn run(f: &mut Function) {
    let counts = Counts::of(f);
    let mut body = std::mem::take(&mut f.body);
    let mut result = f.result.take();
    copies(f, &counts, &mut body, &mut result);
    f.body = body;
    f.result = result;
    let counts = Counts::of(f);
    let mut body = std::mem::take(&mut f.body);
    block(f, &counts, &mut body);
    f.body = body;
}

/// How often each variable is named in an expression, and how often it is written.
struct Counts {
    named: Vec<u32>,
    written: Vec<u32>,
}

impl Counts {
    fn of(f: &Function) -> Self {
        let mut counts = Counts { named: vec![0; f.vars.len()], written: vec![0; f.vars.len()] };
        let (named, written) = (&mut counts.named, &mut counts.written);
        for param in &f.params {
            written[param.0 as usize] += 1;
        }
        f.body.walk(&mut |stmt| {
            stmt.kind.for_each_var(&mut |v| named[v.0 as usize] += 1);
            for v in stmt.kind.writes() {
                written[v.0 as usize] += 1;
            }
        });
        if let Some(result) = &f.result {
            result.for_each_var(&mut |v| named[v.0 as usize] += 1);
        }
        counts
    }

    /// Written by its declaration only.
    fn is_constant(&self, var: VarId) -> bool {
        self.written[var.0 as usize] == 1
    }

    /// Named by its declaration and once more.
    fn is_used_once(&self, var: VarId) -> bool {
        self.named[var.0 as usize] == 2
    }
}

/// Made by the compiler, or the derivative of something that was.
fn is_compilers(f: &Function, var: VarId) -> bool {
    match f.var(var).role {
        Role::Temp => true,
        Role::Adjoint(of) | Role::Tangent(of) => is_compilers(f, of),
        Role::Param
        | Role::Local
        | Role::Store
        | Role::Tape { .. }
        | Role::Lists
        | Role::Buffer => false,
    }
}

fn is_scalar_value(ty: &Ty) -> bool {
    matches!(ty, Ty::Float(_))
}

/// `let a = b;` with both never written again: every `a` becomes `b`.
fn copies(f: &Function, counts: &Counts, body: &mut Block, result: &mut Option<Expr>) {
    let mut instead: HashMap<VarId, VarId> = HashMap::new();
    body.walk(&mut |stmt| {
        if let StmtKind::Let { var, init: Some(Expr { kind: ExprKind::Read(place), .. }) } =
            &stmt.kind
            && is_plain(place)
            && is_compilers(f, *var)
            && counts.is_constant(*var)
            && counts.is_constant(place.base)
            && is_scalar_value(&f.var(place.base).ty)
        {
            let source = instead.get(&place.base).copied().unwrap_or(place.base);
            instead.insert(*var, source);
        }
    });
    if instead.is_empty() {
        return;
    }
    rename_block(body, &instead);
    if let Some(result) = result {
        rename_expr(result, &instead);
    }
}

fn rename_block(block: &mut Block, instead: &HashMap<VarId, VarId>) {
    block.stmts.retain(
        |stmt| !matches!(&stmt.kind, StmtKind::Let { var, .. } if instead.contains_key(var)),
    );
    for stmt in &mut block.stmts {
        for e in stmt.kind.exprs_mut() {
            rename_expr(e, instead);
        }
        let rename = |v: &mut VarId| {
            if let Some(other) = instead.get(v) {
                *v = *other;
            }
        };
        match &mut stmt.kind {
            StmtKind::Opaque { opaque, .. } => {
                opaque.reads.iter_mut().for_each(|r| rename(&mut r.1))
            }
            StmtKind::Match { arms, .. } => {
                for arm in arms {
                    if let Some(guard) = &mut arm.guard {
                        guard.reads.iter_mut().for_each(|r| rename(&mut r.1));
                    }
                    for binding in &mut arm.bindings {
                        if let Some(place) = &mut binding.place {
                            rename(&mut place.base);
                        }
                    }
                }
            }
            StmtKind::SameShape { primal, other } => {
                rename(primal);
                rename(other);
            }
            StmtKind::CopyFrom { from, .. } => rename(&mut from.base),
            _ => {}
        }
        for inner in stmt.kind.blocks_mut() {
            rename_block(inner, instead);
        }
    }
}

fn rename_expr(e: &mut Expr, instead: &HashMap<VarId, VarId>) {
    e.rewrite(&mut |e| match &mut e.kind {
        ExprKind::Read(p)
        | ExprKind::Ref { place: p, .. }
        | ExprKind::Clone { place: p, .. }
        | ExprKind::Len(p)
        | ExprKind::ZeroLike(p) => {
            if let Some(other) = instead.get(&p.base) {
                p.base = *other;
            }
        }
        ExprKind::Opaque(o) => {
            for (_, v) in &mut o.reads {
                if let Some(other) = instead.get(v) {
                    *v = *other;
                }
            }
        }
        _ => {}
    });
}

/// Moves single-use values down to their use.
fn block(f: &Function, counts: &Counts, b: &mut Block) {
    for stmt in &mut b.stmts {
        for inner in stmt.kind.blocks_mut() {
            block(f, counts, inner);
        }
    }
    let mut dropped = vec![false; b.stmts.len()];
    // Downwards, so that a value has what moved into it when it moves itself.
    for at in 0..b.stmts.len() {
        let StmtKind::Let { var, init: Some(init) } = &b.stmts[at].kind else {
            continue;
        };
        let movable = is_compilers(f, *var)
            && counts.is_constant(*var)
            && counts.is_used_once(*var)
            && is_scalar_value(&f.var(*var).ty)
            && is_movable(init);
        if !movable {
            continue;
        }
        let (var, init) = (*var, init.clone());
        let mut inputs = Vec::new();
        init.for_each_var(&mut |v| inputs.push(v));
        let end = b.stmts.len().min(at + 1 + REACH);
        for below in at + 1..end {
            if dropped[below] {
                continue;
            }
            let stmt = &mut b.stmts[below];
            if use_in(&stmt.kind, var) {
                if replace(&mut stmt.kind, var, &init) {
                    dropped[at] = true;
                }
                break;
            }
            let nested = !stmt.kind.blocks().is_empty();
            let clobbers = nested || stmt.kind.writes().iter().any(|v| inputs.contains(v));
            // Calls may write through references they are given, and opaque code anything.
            let foreign = matches!(stmt.kind, StmtKind::Eval(_) | StmtKind::Opaque { .. });
            if clobbers || foreign || writes_through_reference(&stmt.kind, f, &inputs) {
                break;
            }
        }
    }
    let mut at = 0;
    b.stmts.retain(|_| {
        at += 1;
        !dropped[at - 1]
    });
}

/// Whether a write through a reference may hit one of the `inputs`: two variables of which one is
/// a local reference may name the same memory.
fn writes_through_reference(kind: &StmtKind, f: &Function, inputs: &[VarId]) -> bool {
    let is_local_reference = |v: &VarId| {
        let var = f.var(*v);
        var.role != Role::Param && matches!(var.ty, Ty::Ref { .. } | Ty::Unknown)
    };
    let writes = kind.writes();
    let declares = matches!(kind, StmtKind::Let { .. } | StmtKind::LetTuple { .. });
    !declares && writes.iter().chain(inputs).any(is_local_reference) && !writes.is_empty()
}

fn is_movable(e: &Expr) -> bool {
    let mut yes = !has_effects(e);
    e.walk(&mut |e| {
        yes &= !matches!(
            e.kind,
            ExprKind::Call(_) | ExprKind::Opaque(_) | ExprKind::Ref { .. } | ExprKind::Clone { .. }
        );
    });
    yes
}

/// Whether the statement itself (not its blocks) reads the variable.
fn use_in(kind: &StmtKind, var: VarId) -> bool {
    let mut found = false;
    kind.for_each_var(&mut |v| found |= v == var);
    found
}

/// Puts `init` where the statement reads `var`; false if there is no place for it.
fn replace(kind: &mut StmtKind, var: VarId, init: &Expr) -> bool {
    let accepts = matches!(
        kind,
        StmtKind::Let { .. }
            | StmtKind::Assign { .. }
            | StmtKind::Update { .. }
            | StmtKind::Push { .. }
            | StmtKind::VecPush { .. }
    );
    if !accepts {
        return false;
    }
    // Only in the value: a target's path is evaluated elsewhere.
    let values: Vec<&mut Expr> = match kind {
        StmtKind::Let { init: Some(e), .. }
        | StmtKind::Assign { value: e, .. }
        | StmtKind::Update { value: e, .. }
        | StmtKind::VecPush { value: e, .. } => vec![e],
        StmtKind::Push { values, .. } => values.iter_mut().collect(),
        _ => return false,
    };
    for value in values {
        if size(value) + size(init) > SIZE || has_call(value) {
            continue;
        }
        let mut done = false;
        value.rewrite(&mut |e| {
            if let ExprKind::Read(place) = &e.kind
                && place.base == var
                && is_plain(place)
            {
                e.kind = init.kind.clone();
                done = true;
            }
        });
        if done {
            return true;
        }
    }
    false
}

/// Arguments are evaluated in order, and a call may write between them.
fn has_call(e: &Expr) -> bool {
    let mut found = false;
    e.walk(&mut |e| found |= matches!(e.kind, ExprKind::Call(_) | ExprKind::Opaque(_)));
    found
}
