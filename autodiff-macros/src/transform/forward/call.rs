//! Calls: through the companion, one more forward transformation than before.

use super::expr::Dual;
use super::{Forward, tangent_ty};
use crate::ir::*;

impl Forward {
    /// The call with tangents, if one of its arguments has a tangent.
    ///
    /// The tangents of all arguments follow them in order, `Zero` for those without.
    pub(super) fn jvp_call(&mut self, call: &Call) -> Option<Call> {
        let has_dot = call.args.iter().any(|arg| match arg {
            Arg::Expr(e) => self.activity.expr(e),
            Arg::Discard | Arg::Zero => false,
        });
        if !has_dot {
            return None;
        }
        let (mut args, mut dots) = (Vec::new(), Vec::new());
        for arg in &call.args {
            match arg {
                Arg::Expr(e) => {
                    let dual = self.dual(e, None);
                    args.push(Arg::Expr(dual.value));
                    dots.push(dual.tangent.map_or(Arg::Zero, Arg::Expr));
                }
                Arg::Discard => {
                    args.push(Arg::Discard);
                    dots.push(Arg::Discard);
                }
                Arg::Zero => {
                    args.push(Arg::Zero);
                    dots.push(Arg::Zero);
                }
            }
        }
        args.extend(dots);
        Some(Call {
            path: call.path.clone(),
            mode: match call.mode {
                Mode::Primal => Mode::Jvp(1),
                Mode::Value => Mode::ValueJvp(1),
                Mode::ValueJvp(n) => Mode::ValueJvp(n + 1),
                Mode::Jvp(n) => Mode::Jvp(n + 1),
                Mode::Back(n) => Mode::Back(n + 1),
                Mode::BackUnused(n) => Mode::BackUnused(n + 1),
                Mode::Forward | Mode::Reverse | Mode::ReverseUnused | Mode::Taken => {
                    unreachable!("what is kept for a reverse is not differentiated again")
                }
            },
            args,
            refuse: call.refuse.clone(),
        })
    }

    /// Binds the two parts of what a call with tangents returns.
    pub(super) fn hoist_call(&mut self, e: &Expr, jvp: Call) -> Dual {
        let wanted = super::super::naming::describe(e, &self.f.vars);
        let ty = e.ty.clone();
        let dot_ty = tangent_ty(&ty);
        let value = self.names.fresh(&mut self.f, &wanted, ty, false, Role::Temp);
        let wanted = format!("{}_dot", super::plain(self.f.var(value)));
        let role = Role::Tangent(value);
        let dot = self.names.fresh(&mut self.f, &wanted, dot_ty, false, role);
        self.let_call(Some(value), Some(dot), e, jvp);
        Dual {
            value: Expr::var(value, &self.f.vars, e.span),
            tangent: Some(Expr::var(dot, &self.f.vars, e.span)),
        }
    }

    /// `let (value, dot) = call;`
    pub(super) fn let_call(
        &mut self,
        value: Option<VarId>,
        dot: Option<VarId>,
        e: &Expr,
        jvp: Call,
    ) {
        let init = self.jvp_expr(e, jvp);
        let vars = vec![value, dot];
        self.push(StmtKind::LetTuple { vars, init }, e.span);
    }

    /// The call with tangents in the place of the call `e`.
    pub(super) fn jvp_expr(&self, e: &Expr, jvp: Call) -> Expr {
        let ty = match e.ty {
            Ty::Unit => Ty::Unit,
            _ => Ty::Tuple(vec![e.ty.clone(), tangent_ty(&e.ty)]),
        };
        Expr::new(ExprKind::Call(jvp), ty, e.span)
    }

    /// Whether the call changes something active through a `&mut` argument.
    pub(super) fn writes_active(&self, e: &Expr) -> bool {
        let ExprKind::Call(call) = &e.kind else {
            return false;
        };
        call.args.iter().any(|arg| match arg {
            Arg::Expr(e) => match &e.kind {
                ExprKind::Ref { mutable, place } => *mutable && self.activity.var(place.base),
                ExprKind::Read(place) => {
                    self.activity.var(place.base)
                        && matches!(
                            super::place_ty(place, &self.f.vars),
                            Ty::Ref { mutable: true, .. }
                        )
                }
                _ => false,
            },
            Arg::Discard | Arg::Zero => false,
        })
    }
}
