//! Clean-up: makes the transformations' output what a person would write. Meaning stays; every
//! pass takes time about linear in the size of the function, and can be switched off.

mod affine;
mod branches;
mod carry;
mod constants;
mod dead;
mod distribute;
mod factors;
mod forwards;
mod initialise;
mod inline;
mod lanes;
mod merge;
mod mutability;
mod stores;
mod sums;
#[cfg(test)]
mod tests;
mod uses;
mod windows;

use super::reverse::Split;
use crate::ir::*;
use proc_macro2::Span;

/// Which passes run.
#[derive(Clone, Copy, Debug)]
pub struct Switches {
    pub dead: bool,
    pub stores: bool,
    pub branches: bool,
    pub initialise: bool,
    pub inline: bool,
    pub constants: bool,
    pub mutability: bool,
    pub forwards: bool,
    pub factors: bool,
    pub merge: bool,
    pub carry: bool,
    pub sums: bool,
    pub distribute: bool,
    pub windows: bool,
    pub lanes: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            dead: true,
            stores: true,
            branches: true,
            initialise: true,
            inline: true,
            constants: true,
            mutability: true,
            forwards: true,
            factors: true,
            merge: true,
            carry: true,
            sums: true,
            distribute: true,
            windows: true,
            lanes: true,
        }
    }
}

#[cfg(test)]
impl Switches {
    pub const PASSES: usize = 15;

    /// Nothing runs.
    pub fn none() -> Self {
        Switches::only(Self::PASSES, true)
    }

    /// Only the pass of this number, or (with `only` false) all but it.
    pub fn only(pass: usize, only: bool) -> Self {
        let on = |i: usize| (i == pass) == only;
        Switches {
            dead: on(0),
            stores: on(1),
            branches: on(2),
            initialise: on(3),
            inline: on(4),
            constants: on(5),
            mutability: on(6),
            forwards: on(7),
            factors: on(8),
            merge: on(9),
            carry: on(10),
            sums: on(11),
            distribute: on(12),
            windows: on(13),
            lanes: on(14),
        }
    }
}

/// All passes.
pub fn run(f: &mut Function) {
    run_with(f, Switches::default());
}

/// The passes that are switched on.
pub fn run_with(f: &mut Function, on: Switches) {
    if on.dead {
        dead::run(f);
    }
    if on.stores {
        stores::run(f);
    }
    if on.initialise {
        initialise::run(f);
    }
    if on.inline {
        inline::run(f);
    }
    if on.constants {
        constants::run(f);
    }
    if on.dead {
        dead::run(f);
    }
    if on.forwards {
        forwards::run(f);
    }
    if on.merge {
        merge::run(f);
    }
    if on.factors {
        factors::run(f);
    }
    if on.sums {
        sums::run(f);
    }
    if on.carry {
        carry::run(f);
    }
    if on.branches {
        branches::run(f);
    }
    if on.mutability {
        mutability::run(f);
    }
}

/// What is only for printing: the output is no input for transformations.
pub fn finish(f: &Function, on: Switches) -> Function {
    let mut f = f.clone();
    let mut body = std::mem::take(&mut f.body);
    finish_block(&mut f, &mut body, on);
    f.body = body;
    f
}

/// As [`finish`], for the halves of a pullback, of which `f` has the variables.
pub fn finish_halves(f: &mut Function, halves: [&Block; 2]) -> [Block; 2] {
    halves.map(|half| {
        let mut half = half.clone();
        finish_block(f, &mut half, Switches::default());
        half
    })
}

fn finish_block(f: &mut Function, b: &mut Block, on: Switches) {
    if on.distribute {
        distribute::run_block(f, b);
    }
    if on.windows {
        windows::run_block(f, b);
    }
    if on.lanes {
        lanes::run_block(f, b);
    }
    if on.branches {
        branches::join(b);
    }
}

/// As [`run`], for the two halves of a pullback; `f` has their variables and parameters.
///
/// The halves are cleaned as one body with a barrier between them, where the result is read.
pub fn run_split(f: &mut Function, split: &mut Split) {
    let mut reads = Vec::new();
    split.result.for_each_var(&mut |v| reads.push((String::new(), v)));
    let barrier = StmtKind::Opaque {
        opaque: Opaque {
            tokens: Default::default(),
            reads,
            writes: Vec::new(),
            pure_: false,
            refuse: String::new(),
        },
        declares: Vec::new(),
    };
    let body = std::mem::take(&mut f.body);
    let result = f.result.take();
    f.body.stmts.append(&mut split.forward.stmts);
    f.body.stmts.push(Stmt { kind: barrier, span: Span::call_site() });
    f.body.stmts.append(&mut split.reverse.stmts);
    let mut values = vec![split.result.clone()];
    values.append(&mut split.gradient);
    f.result = Some(Expr::new(ExprKind::Tuple(values), Ty::Unknown, Span::call_site()));
    run(f);
    let mut stmts = std::mem::replace(&mut f.body, body).stmts;
    let at = stmts.iter().position(is_barrier).expect("effects are not removed");
    split.reverse.stmts = stmts.split_off(at + 1);
    stmts.pop();
    split.forward.stmts = stmts;
    let tuple = std::mem::replace(&mut f.result, result);
    if let Some(ExprKind::Tuple(mut values)) = tuple.map(|e| e.kind) {
        split.gradient = values.split_off(1);
        split.result = values.remove(0);
    }
}

fn is_barrier(stmt: &Stmt) -> bool {
    matches!(&stmt.kind, StmtKind::Opaque { opaque, .. } if opaque.tokens.is_empty())
}
