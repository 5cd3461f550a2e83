//! Tapes of the reverse transformation: the tangents of what is recorded go along in the same
//! tuple.

use super::{Forward, plain, tangent_ty};
use crate::ir::*;
use proc_macro2::Span;

impl Forward {
    /// Which entries have a tangent on the tape: those whose value is active where it is used.
    fn positions(&mut self, tape: VarId) -> Vec<bool> {
        let vars = self.tapes.get(&tape).cloned().unwrap_or_default();
        vars.into_iter().map(|takers| takers.into_iter().any(|v| self.dot(v).is_some())).collect()
    }

    pub(super) fn tape_push(&mut self, tape: VarId, values: &[Expr], span: Span) {
        let positions = self.positions(tape);
        let (mut entries, mut dots) = (Vec::new(), Vec::new());
        for (i, value) in values.iter().enumerate() {
            if positions.get(i).copied().unwrap_or(false) {
                let (value, dot) = self.value_and_dot(value);
                entries.push(value);
                dots.push(dot);
            } else {
                entries.push(value.clone());
            }
        }
        entries.extend(dots);
        let values = entries;
        self.push(StmtKind::Push { tape, values }, span);
    }

    /// The variables with their tangents appended, as [`Forward::tape_push`] puts them.
    pub(super) fn popped(&mut self, tape: VarId, vars: &[VarId]) -> Vec<VarId> {
        let positions = self.positions(tape);
        let mut out = vars.to_vec();
        for (i, &var) in vars.iter().enumerate() {
            if !positions.get(i).copied().unwrap_or(false) {
                continue;
            }
            let dot = self.dot(var).unwrap_or_else(|| {
                let old = self.f.var(var);
                let (wanted, ty) = (format!("_{}_dot", plain(old)), tangent_ty(&old.ty));
                self.names.fresh(&mut self.f, &wanted, ty, false, Role::Temp)
            });
            out.push(dot);
        }
        out
    }

    /// The tangent's content goes on top of the value's. Both ends name the same variable, so that
    /// either both or none of them have a tangent.
    pub(super) fn push_list(&mut self, tape: VarId, from: &Place, span: Span) {
        let from = self.settled(from);
        let dot = self.dot_place(&from);
        for from in [Some(from), dot].into_iter().flatten() {
            self.push(StmtKind::PushList { tape, from }, span);
        }
    }

    pub(super) fn pop_list(&mut self, tape: VarId, to: &Place, span: Span) {
        let to = self.settled(to);
        let dot = self.dot_place(&to);
        for to in [dot, Some(to)].into_iter().flatten() {
            self.push(StmtKind::PopList { tape, to }, span);
        }
    }

    pub(super) fn vec_pop(&mut self, vec: &Place, into: Option<VarId>, span: Span) {
        let vec = self.settled(vec);
        let dot = self.dot_place(&vec);
        let into_dot = into.and_then(|v| self.dot(v));
        self.push(StmtKind::VecPop { vec, into }, span);
        match (dot, into, into_dot) {
            (Some(vec), _, into) => self.push(StmtKind::VecPop { vec, into }, span),
            (None, Some(var), Some(dot)) => {
                let zero = self.zero_of_place(&Place::var(var), span);
                self.push(StmtKind::Let { var: dot, init: Some(zero) }, span);
            }
            _ => {}
        }
    }
}
