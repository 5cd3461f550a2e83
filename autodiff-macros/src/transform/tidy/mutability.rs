//! `mut` only where something is written.

use crate::ir::*;

pub fn run(f: &mut Function) {
    let mut initialised = vec![false; f.vars.len()];
    let mut written = vec![false; f.vars.len()];
    for param in &f.params {
        initialised[param.0 as usize] = true;
    }
    f.body.walk(&mut |stmt| {
        let mut declared: Vec<VarId> = Vec::new();
        match &stmt.kind {
            StmtKind::Let { var, init } => {
                initialised[var.0 as usize] = init.is_some();
                declared.push(*var);
            }
            StmtKind::LetTuple { vars, .. } => declared.extend(vars.iter().flatten()),
            StmtKind::Pop { vars, .. } | StmtKind::WhilePop { vars, .. } => declared.extend(vars),
            StmtKind::For { index, .. } => declared.push(*index),
            StmtKind::VecPop { into, .. } => declared.extend(into),
            _ => {}
        }
        for var in &declared {
            if !matches!(stmt.kind, StmtKind::Let { .. }) {
                initialised[var.0 as usize] = true;
            }
        }
        for var in stmt.kind.writes() {
            if !declared.contains(&var) {
                written[var.0 as usize] = true;
            }
        }
    });
    // Deferred declarations (`let x;`) keep what they have: whether a path assigns twice is not
    // looked at here.
    for (i, var) in f.vars.iter_mut().enumerate() {
        if initialised[i] && !written[i] && !is_tape(var.role) {
            var.mutable = false;
        }
    }
}

fn is_tape(role: Role) -> bool {
    matches!(role, Role::Store | Role::Lists | Role::Tape { .. })
}
