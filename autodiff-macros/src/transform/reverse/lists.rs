//! Old contents of lists of numbers: they go to a tape of their own, one behind the other in one
//! allocation, and are copied back in place.

use super::assemble::Assembler;
use super::calls::Lent;
use super::condition::Condition;
use super::versions::Node;
use super::{Builder, Calls};
use crate::ir::*;
use crate::transform::forward::place_ty;
use proc_macro2::Span;

impl Builder<'_> {
    /// Whether the old content of the place is kept that way. What is handed to the caller has to
    /// consist of words.
    pub fn is_list(&self, place: &Place) -> bool {
        let handed = self.options.calls == Calls::Handed;
        match place_ty(place, &self.out.vars).peel() {
            Ty::Slice(item) | Ty::Vec(item) if self.options.switches.lists => {
                if handed {
                    is_word(item)
                } else {
                    is_word(item) || all_floats(item)
                }
            }
            _ => false,
        }
    }
}

impl Assembler<'_> {
    fn new_lists(&mut self, name: &str) -> VarId {
        let tape = self.b.fresh(name, Ty::Unknown, true, Role::Lists);
        self.new_tapes.push(tape);
        tape
    }

    fn lists_of(&mut self, old: VarId) -> VarId {
        if let Some(tape) = self.tapes_of_old.get(&old) {
            return *tape;
        }
        let tape = self.new_lists("tape");
        self.tapes_of_old.insert(old, tape);
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

    /// Keeps the content of a list under a condition, after the call if it `waits`: then the
    /// callee's own come first on the store, as its reverse is the last to run.
    pub(super) fn remember_list(
        &mut self,
        condition: &Condition,
        place: &Place,
        old: VarId,
        waits: bool,
        [code, after]: [&mut Vec<Stmt>; 2],
    ) {
        if condition.is_never() {
            return;
        }
        let mut push = self.push_list(&self.unversioned(place), old);
        if waits {
            let waiting = self.new_lists("waiting");
            if let StmtKind::PushList { tape, .. } = &mut push.kind {
                let kept = std::mem::replace(tape, waiting);
                let kind = StmtKind::PushList { tape: kept, from: Place::var(waiting) };
                condition.guard(vec![Stmt { kind, span: Span::mixed_site() }], after);
            }
        }
        condition.guard(vec![push], code);
    }

    /// As [`Assembler::adjoint_on_lent`], of one list: what is wanted again afterwards goes back to
    /// its tape for the time of the call. A store is the callee's then, so there it goes to another.
    pub(super) fn lists_on_lent(
        &mut self,
        lent: &Lent,
        place: &Place,
        stmts: &mut Vec<Stmt>,
        after: &mut Vec<Stmt>,
    ) {
        let keep = lent.keep();
        if keep.is_never() {
            return;
        }
        let pop = self.pop_list(place, lent.old);
        keep.guard(vec![pop], stmts);
        let again = lent.needs.and(&lent.undo);
        if again.is_never() {
            return;
        }
        let handed = self.b.options.calls == Calls::Handed;
        let tape = if handed { self.new_lists("tape") } else { self.lists_of(lent.old) };
        let span = Span::mixed_site();
        let push = StmtKind::PushList { tape, from: place.clone() };
        again.guard(vec![Stmt { kind: push, span }], stmts);
        let pop = StmtKind::PopList { tape, to: place.clone() };
        again.guard(vec![Stmt { kind: pop, span }], after);
    }

    /// How often the node's blocks run, if that is known where tapes are declared.
    pub(super) fn trips(&self, node: &Node) -> Option<Expr> {
        let StmtKind::For { range, exit: None, .. } = &node.original.kind else { return None };
        let lo = node.control.lo.and_then(|lo| self.b.versions.get(&lo))?;
        let counted = range.step.is_none() && range.trips.is_none();
        let from_zero = matches!(&range.lo.kind, ExprKind::Lit(lo) if lo.to_string() == "0");
        let usize_ty = matches!(&range.hi.ty, Ty::Discrete(Some(name)) if name == "usize");
        let literal = matches!(&range.hi.kind, ExprKind::Lit(text) if is_bare_integer(text));
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

fn is_word(ty: &Ty) -> bool {
    match ty {
        Ty::Discrete(Some(name)) => super::residual::is_word_name(name),
        Ty::Float(float) => !matches!(float, FloatTy::Param(_)),
        _ => false,
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
