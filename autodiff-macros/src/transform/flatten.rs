//! Gives every active dear value inside a larger expression a variable of its own, so that the
//! transformations can use it again instead of computing it again: `y = x * x.sin()` becomes
//! `let sin_x = x.sin(); y = x * sin_x`. Active calls get one too.
//!
//! Conditions, bounds and indices are inactive and stay as they are, so nothing leaves a
//! short-circuiting operator or a loop's condition.

use super::naming::{Names, describe};
use crate::analysis::activity::Activity;
use crate::ir::*;
use crate::rules;

/// Rewrites `f` in place; the new variables are entered into `activity`.
pub fn run(f: &mut Function, activity: &mut Activity) {
    let names = Names::of(f);
    let body = std::mem::take(&mut f.body);
    let mut pass = Flatten { f, activity, names };
    let mut body = pass.block(body);
    if let Some(mut result) = pass.f.result.take() {
        pass.operand(&mut result, &mut body.stmts);
        pass.f.result = Some(result);
    }
    f.body = body;
}

struct Flatten<'a> {
    f: &'a mut Function,
    activity: &'a mut Activity,
    names: Names,
}

impl Flatten<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.stmts.len());
        for mut stmt in block.stmts {
            for inner in stmt.kind.blocks_mut() {
                *inner = self.block(std::mem::take(inner));
            }
            match &mut stmt.kind {
                StmtKind::Let { init: Some(e), .. }
                | StmtKind::LetTuple { init: e, .. }
                | StmtKind::Assign { value: e, .. }
                | StmtKind::Eval(e) => self.operands(e, &mut out),
                StmtKind::Update { value: e, .. }
                | StmtKind::Accumulate { value: e, .. }
                | StmtKind::VecPush { value: e, .. }
                | StmtKind::Fill { value: e, .. } => self.operand(e, &mut out),
                StmtKind::Push { values, .. } => {
                    for e in values {
                        self.operand(e, &mut out);
                    }
                }
                _ => {}
            }
            out.push(stmt);
        }
        Block { stmts: out }
    }

    /// Below `e`, which is where its statement has a place for it.
    fn operands(&mut self, e: &mut Expr, out: &mut Vec<Stmt>) {
        match &mut e.kind {
            ExprKind::Neg(x) | ExprKind::Cast(x, _) => self.operand(x, out),
            ExprKind::Binary(op, a, b) if op.is_arithmetic() => {
                self.operand(a, out);
                self.operand(b, out);
            }
            ExprKind::Intrinsic(_, items)
            | ExprKind::Tuple(items)
            | ExprKind::List { items, .. } => {
                for item in items {
                    self.operand(item, out);
                }
            }
            ExprKind::Repeat { item, .. } => self.operand(item, out),
            ExprKind::Call(call) => {
                for arg in &mut call.args {
                    if let Arg::Expr(arg) = arg {
                        self.operand(arg, out);
                    }
                }
            }
            _ => {}
        }
    }

    fn operand(&mut self, e: &mut Expr, out: &mut Vec<Stmt>) {
        self.operands(e, out);
        let dear = match &e.kind {
            ExprKind::Intrinsic(name, _) => rules::find(name).is_some_and(|r| r.dear),
            ExprKind::Call(call) => call.refuse.is_none(),
            _ => false,
        };
        if !dear || e.ty.is_discrete() || !self.activity.expr(e) {
            return;
        }
        let wanted = describe(e, &self.f.vars);
        let var = self
            .names
            .fresh(self.f, &wanted, e.ty.clone(), false, Role::Temp);
        self.activity.set(var, true);
        let span = e.span;
        let init = std::mem::replace(e, Expr::var(var, &self.f.vars, span));
        out.push(Stmt {
            kind: StmtKind::Let {
                var,
                init: Some(init),
            },
            span,
        });
    }
}
