//! Old contents of lists of numbers: they go to a tape of their own, one behind the other in one
//! allocation, and are copied back in place.

use super::assemble::Assembler;
use super::versions::Node;
use super::{Builder, Calls};
use crate::ir::*;
use crate::transform::forward::place_ty;
use proc_macro2::Span;

impl Builder<'_> {
    /// Whether the old content of the place is kept that way. What is handed to the caller goes to
    /// its store.
    pub fn is_list(&self, place: &Place) -> bool {
        if self.options.calls == Calls::Handed || !self.options.switches.lists {
            return false;
        }
        match place_ty(place, &self.out.vars).peel() {
            Ty::Slice(item) | Ty::Vec(item) => is_number(item),
            _ => false,
        }
    }
}

impl Assembler<'_> {
    fn lists_of(&mut self, old: VarId) -> VarId {
        if let Some(tape) = self.tapes_of_old.get(&old) {
            return *tape;
        }
        let tape = self.b.fresh("tape", Ty::Unknown, true, Role::Lists);
        self.tapes_of_old.insert(old, tape);
        self.new_tapes.push(tape);
        if let [Some(trips)] = self.around.as_slice() {
            self.expected.insert(tape, trips.clone());
        }
        tape
    }

    pub(super) fn push_list(&mut self, place: &Place, old: VarId) -> Stmt {
        let tape = self.lists_of(old);
        Stmt { kind: StmtKind::PushList { tape, from: place.clone() }, span: Span::mixed_site() }
    }

    pub(super) fn pop_list(&mut self, place: &Place, old: VarId) -> Stmt {
        let tape = self.lists_of(old);
        Stmt { kind: StmtKind::PopList { tape, to: place.clone() }, span: Span::mixed_site() }
    }

    /// How often the node's blocks run, if that is known where tapes are declared.
    pub(super) fn trips(&self, node: &Node) -> Option<Expr> {
        let StmtKind::For { range, exit: None, .. } = &node.original.kind else { return None };
        let lo = node.control.lo.and_then(|lo| self.b.versions.get(&lo))?;
        let counted = range.step.is_none() && range.trips.is_none();
        let from_zero = matches!(&range.lo.kind, ExprKind::Lit(lo) if lo.to_string() == "0");
        let usize_ty = matches!(&range.hi.ty, Ty::Discrete(Some(name)) if name == "usize");
        let literal = matches!(range.hi.kind, ExprKind::Lit(_));
        let known = if lo.scope == 0 {
            is_arithmetic(&range.hi)
        } else {
            self.is_known_at_function_level(&range.hi)
        };
        (counted && from_zero && (usize_ty || literal) && known).then(|| range.hi.clone())
    }
}

/// What can be computed once more.
fn is_arithmetic(e: &Expr) -> bool {
    let mut yes = true;
    e.walk(&mut |e| yes &= !matches!(e.kind, ExprKind::Call(_) | ExprKind::Opaque(_)));
    yes
}

fn is_number(ty: &Ty) -> bool {
    match ty {
        Ty::Discrete(Some(name)) => name == "char" || super::residual::is_word_name(name),
        _ => all_floats(ty),
    }
}

/// Their tangents are of the same type and go to the same tape.
fn all_floats(ty: &Ty) -> bool {
    match ty {
        Ty::Float(float) => !matches!(float, FloatTy::Param(_)),
        Ty::Array(item, _) => all_floats(item),
        Ty::Tuple(items) => !items.is_empty() && items.iter().all(all_floats),
        _ => false,
    }
}
