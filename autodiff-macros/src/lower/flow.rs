//! Branches, loops and the ways out of them.

use super::pattern::is_refutable;
use super::{Dest, Lower, Target, bool_ty, lit, strip, strip_pat};
use crate::ir::{Arm, Block, Place, Role, Stmt, StmtKind, VarId};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};

struct FindReturn(bool);

impl<'ast> Visit<'ast> for FindReturn {
    fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
        self.0 = true;
    }
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

pub fn has_return(block: &syn::Block) -> bool {
    let mut find = FindReturn(false);
    visit::visit_block(&mut find, block);
    find.0
}

/// An expression that becomes statements.
pub fn is_structured(expr: &syn::Expr) -> bool {
    matches!(
        strip(expr),
        syn::Expr::If(_) | syn::Expr::Match(_) | syn::Expr::Block(_) | syn::Expr::Loop(_)
    )
}

pub fn tail_is_structured(block: &syn::Block) -> bool {
    matches!(block.stmts.last(), Some(syn::Stmt::Expr(expr, None)) if is_structured(expr))
}

/// `return`, `break`, `continue`, `panic!` and the like.
pub fn never_returns(expr: &syn::Expr) -> bool {
    match strip(expr) {
        syn::Expr::Return(_) | syn::Expr::Break(_) | syn::Expr::Continue(_) => true,
        syn::Expr::Macro(mac) => mac
            .mac
            .path
            .segments
            .last()
            .is_some_and(|s| super::opaque::is_panic(&s.ident.to_string())),
        syn::Expr::Call(call) => match strip(&call.func) {
            syn::Expr::Path(path) => {
                let text = path.to_token_stream().to_string().replace(' ', "");
                text.ends_with("process::exit") || text.ends_with("process::abort")
            }
            _ => false,
        },
        _ => false,
    }
}

/// `flag = true;`
pub fn marker(flag: VarId, span: Span) -> Stmt {
    let value = lit(quote!(true), bool_ty(), span);
    Stmt { kind: StmtKind::Assign { place: Place::var(flag), value }, span }
}

/// The operands of a chain of `&&`, if one of them is a `let`.
fn let_chain(cond: &syn::Expr) -> Option<Vec<&syn::Expr>> {
    fn flatten<'e>(e: &'e syn::Expr, out: &mut Vec<&'e syn::Expr>) {
        match e {
            syn::Expr::Binary(b) if matches!(b.op, syn::BinOp::And(_)) => {
                flatten(&b.left, out);
                flatten(&b.right, out);
            }
            syn::Expr::Group(g) => flatten(&g.expr, out),
            other => out.push(other),
        }
    }
    let mut parts = Vec::new();
    flatten(cond, &mut parts);
    parts.iter().any(|e| matches!(e, syn::Expr::Let(_))).then_some(parts)
}

impl Lower<'_> {
    pub fn if_into(&mut self, e: &syn::ExprIf, dest: Dest) {
        let span = e.if_token.span;
        if let Some(parts) = let_chain(&e.cond) {
            return self.if_let(&parts, e, dest, span);
        }
        let cond = self.operand(&e.cond);
        let (then, ()) = self.nested(|lower| lower.stmts(&e.then_branch.stmts, dest, None));
        let (other, ()) = self.nested(|lower| lower.else_branch(e, dest));
        self.emit(StmtKind::If { cond, then, other }, span);
    }

    pub fn else_branch(&mut self, e: &syn::ExprIf, dest: Dest) {
        if let Some((_, other)) = &e.else_branch {
            match strip(other) {
                syn::Expr::Block(block) if block.label.is_none() => {
                    self.stmts(&block.block.stmts, dest, None);
                }
                other => self.expr_into(other, dest),
            }
        }
    }

    pub fn if_let(&mut self, parts: &[&syn::Expr], e: &syn::ExprIf, dest: Dest, span: Span) {
        if let [syn::Expr::Let(one)] = parts {
            if let Some(inner) = some_pattern(&one.pat)
                && let Some((cond, element)) = self.maybe_element(&one.expr)
            {
                let (then, ()) = self.nested(|lower| {
                    lower.bind_view(inner, element);
                    lower.stmts(&e.then_branch.stmts, dest, None);
                });
                let (other, ()) = self.nested(|lower| lower.else_branch(e, dest));
                self.emit(StmtKind::If { cond, then, other }, span);
                return;
            }
            let scrutinee = self.scrutinee(&one.expr, std::iter::once(&*one.pat));
            let (then, (pat, bindings, guard)) = self.nested(|lower| {
                let pattern = lower.arm_pattern(&one.pat, &scrutinee);
                lower.stmts(&e.then_branch.stmts, dest, None);
                pattern
            });
            let (other, ()) = self.nested(|lower| lower.else_branch(e, dest));
            let mut arms = vec![Arm { pat, bindings, guard, body: then }];
            if is_refutable(&one.pat) {
                arms.push(Arm { pat: quote!(_), bindings: Vec::new(), guard: None, body: other });
            }
            self.emit(StmtKind::Match { scrutinee: scrutinee.expr, arms }, span);
            return;
        }
        // Several conditions: `else` runs if any of them fails.
        let otherwise = self.temp("otherwise", bool_ty(), Role::Temp, span);
        self.vars[otherwise.0 as usize].mutable = true;
        let init = Some(lit(quote!(true), bool_ty(), span));
        self.emit(StmtKind::Let { var: otherwise, init }, span);
        self.chain(parts, e, dest, otherwise, span);
        let (other, ()) = self.nested(|lower| lower.else_branch(e, dest));
        if !other.stmts.is_empty() {
            let cond = self.read_var(otherwise, span);
            self.emit(StmtKind::If { cond, then: other, other: Block::default() }, span);
        }
    }

    pub fn chain(
        &mut self,
        parts: &[&syn::Expr],
        e: &syn::ExprIf,
        dest: Dest,
        otherwise: VarId,
        span: Span,
    ) {
        let Some((first, rest)) = parts.split_first() else {
            let value = lit(quote!(false), bool_ty(), span);
            self.emit(StmtKind::Assign { place: Place::var(otherwise), value }, span);
            self.stmts(&e.then_branch.stmts, dest, None);
            return;
        };
        if let syn::Expr::Let(one) = first
            && let Some(inner) = some_pattern(&one.pat)
            && let Some((cond, element)) = self.maybe_element(&one.expr)
        {
            let (then, ()) = self.nested(|lower| {
                lower.bind_view(inner, element);
                lower.chain(rest, e, dest, otherwise, span);
            });
            self.emit(StmtKind::If { cond, then, other: Block::default() }, span);
        } else if let syn::Expr::Let(one) = first {
            let scrutinee = self.scrutinee(&one.expr, std::iter::once(&*one.pat));
            let (then, (pat, bindings, guard)) = self.nested(|lower| {
                let pattern = lower.arm_pattern(&one.pat, &scrutinee);
                lower.chain(rest, e, dest, otherwise, span);
                pattern
            });
            let mut arms = vec![Arm { pat, bindings, guard, body: then }];
            if is_refutable(&one.pat) {
                let body = Block::default();
                arms.push(Arm { pat: quote!(_), bindings: Vec::new(), guard: None, body });
            }
            self.emit(StmtKind::Match { scrutinee: scrutinee.expr, arms }, span);
        } else {
            let cond = self.operand(first);
            let (then, ()) = self.nested(|lower| lower.chain(rest, e, dest, otherwise, span));
            self.emit(StmtKind::If { cond, then, other: Block::default() }, span);
        }
    }

    pub fn match_into(&mut self, e: &syn::ExprMatch, dest: Dest) {
        let span = e.match_token.span;
        let compiled: Vec<&syn::Arm> =
            e.arms.iter().filter(|arm| self.is_compiled(&arm.attrs)).collect();
        if let Some((some, none)) = option_arms(&compiled)
            && let Some((cond, element)) = self.maybe_element(&e.expr)
        {
            // `match x.get(i) { Some(v) => …, None => … }`
            let inner = some_pattern(&some.pat);
            let (then, ()) = self.nested(|lower| {
                if let Some(inner) = inner {
                    lower.bind_view(inner, element);
                }
                lower.expr_into(&some.body, dest);
            });
            let (other, ()) = self.nested(|lower| lower.expr_into(&none.body, dest));
            self.emit(StmtKind::If { cond, then, other }, span);
            return;
        }
        let scrutinee = self.scrutinee(&e.expr, compiled.iter().map(|arm| &arm.pat));
        let mut arms = Vec::new();
        for arm in compiled {
            let (body, (pat, bindings, guard)) = self.nested(|lower| {
                let pattern = lower.arm_pattern(&arm.pat, &scrutinee);
                match strip(&arm.body) {
                    syn::Expr::Block(block) if block.label.is_none() => {
                        lower.stmts(&block.block.stmts, dest, None);
                    }
                    body => lower.expr_into(body, dest),
                }
                pattern
            });
            arms.push(Arm { pat, bindings, guard, body });
        }
        self.emit(StmtKind::Match { scrutinee: scrutinee.expr, arms }, span);
    }

    pub fn block_into(&mut self, e: &syn::ExprBlock, dest: Dest) {
        let Some(label) = &e.label else {
            return self.stmts(&e.block.stmts, dest, None);
        };
        let span = e.block.brace_token.span.join();
        let flag = self.flag("stop", span);
        self.exits.blocks.insert(flag);
        self.targets.push(Target {
            label: Some(label.name.ident.to_string()),
            is_loop: false,
            stop: Some(flag),
            skip: None,
            value: dest,
        });
        let (then, ()) = self.nested(|lower| lower.stmts(&e.block.stmts, dest, None));
        self.targets.pop();
        let cond = self.read_var(flag, span);
        self.emit(StmtKind::If { cond, then, other: Block::default() }, span);
    }

    pub fn flag(&mut self, name: &str, span: Span) -> VarId {
        let flag = self.temp(name, bool_ty(), Role::Temp, span);
        self.exits.flags.insert(flag);
        flag
    }

    /// Lowers a loop's body; gives it and the loop's flag.
    pub fn loop_body(
        &mut self,
        label: Option<&syn::Label>,
        value: Dest,
        lower_body: impl FnOnce(&mut Self),
    ) -> (Block, Option<VarId>) {
        self.targets.push(Target {
            label: label.map(|l| l.name.ident.to_string()),
            is_loop: true,
            stop: None,
            skip: None,
            value,
        });
        let (body, ()) = self.nested(lower_body);
        let target = self.targets.pop();
        let (stop, skip) = target.map_or((None, None), |t| (t.stop, t.skip));
        let span = Span::call_site();
        // Every loop that is left early, in whatever way, has a flag of its own to hang that on.
        let stop = match (stop, skip, self.exits.flags.is_empty()) {
            (Some(stop), _, _) => Some(stop),
            (None, None, true) => None,
            _ => {
                let exits = contains_marker(&body, &self.exits.flags);
                exits.then(|| self.flag("stop", span))
            }
        };
        if let (Some(stop), Some(skip)) = (stop, skip) {
            self.exits.skips.insert(stop, skip);
        }
        (body, stop)
    }

    pub fn loop_into(&mut self, e: &syn::ExprLoop, dest: Dest) {
        let span = e.loop_token.span;
        let (body, exit) = self.loop_body(e.label.as_ref(), dest, |lower| {
            lower.stmts(&e.body.stmts, Dest::Discard, None);
        });
        let cond = lit(quote!(true), bool_ty(), span);
        self.emit(StmtKind::While { cond, body, exit }, span);
    }

    pub fn while_loop(&mut self, e: &syn::ExprWhile) {
        let span = e.while_token.span;
        if let_chain(&e.cond).is_some() {
            // `while let` is `loop { if let … { … } else { break } }`.
            let as_if = syn::ExprIf {
                attrs: Vec::new(),
                if_token: syn::Token![if](span),
                cond: e.cond.clone(),
                then_branch: e.body.clone(),
                else_branch: Some((
                    syn::Token![else](span),
                    Box::new(syn::parse_quote_spanned!(span=> { break })),
                )),
            };
            let (body, exit) = self.loop_body(e.label.as_ref(), Dest::Discard, |lower| {
                lower.if_into(&as_if, Dest::Discard);
            });
            let cond = lit(quote!(true), bool_ty(), span);
            self.emit(StmtKind::While { cond, body, exit }, span);
            return;
        }
        let (head, cond) = self.nested(|lower| lower.operand(&e.cond));
        if head.stmts.is_empty() {
            let (body, exit) = self.loop_body(e.label.as_ref(), Dest::Discard, |lower| {
                lower.stmts(&e.body.stmts, Dest::Discard, None);
            });
            self.emit(StmtKind::While { cond, body, exit }, span);
            return;
        }
        // A condition that needs statements is looked at inside.
        let (body, exit) = self.loop_body(e.label.as_ref(), Dest::Discard, |lower| {
            let cond = lower.operand(&e.cond);
            let (other, ()) = lower.nested(|lower| {
                let exit: syn::Expr = syn::parse_quote_spanned!(span=> break);
                lower.effect(&exit);
            });
            lower.emit(StmtKind::If { cond, then: Block::default(), other }, span);
            lower.stmts(&e.body.stmts, Dest::Discard, None);
        });
        let cond = lit(quote!(true), bool_ty(), span);
        self.emit(StmtKind::While { cond, body, exit }, span);
    }

    pub fn return_(&mut self, e: &syn::ExprReturn) {
        let span = e.return_token.span;
        if let Some(value) = &e.expr {
            if self.result == Dest::Discard {
                self.effect(value);
            } else {
                self.expr_into(value, self.result);
            }
        }
        let flag = match self.return_flag {
            Some(flag) => flag,
            None => {
                let flag = self.flag("done", span);
                self.return_flag = Some(flag);
                flag
            }
        };
        self.emit(marker(flag, span).kind, span);
    }

    pub fn target(
        &mut self,
        label: Option<&syn::Lifetime>,
        span: Span,
        only_loops: bool,
    ) -> Option<usize> {
        let found = match label {
            Some(label) => {
                let name = label.ident.to_string();
                self.targets.iter().rposition(|t| t.label.as_ref() == Some(&name))
            }
            None => self.targets.iter().rposition(|t| t.is_loop),
        };
        let found = found.filter(|i| !only_loops || self.targets[*i].is_loop);
        if found.is_none() {
            self.refused(span, "there is no loop around this that it could leave");
        }
        found
    }

    pub fn break_(&mut self, e: &syn::ExprBreak) {
        let span = e.break_token.span;
        let Some(i) = self.target(e.label.as_ref(), span, false) else { return };
        if let Some(value) = &e.expr {
            self.expr_into(value, self.targets[i].value);
        }
        let flag = match self.targets[i].stop {
            Some(flag) => flag,
            None => self.flag("stop", span),
        };
        self.targets[i].stop = Some(flag);
        self.emit(marker(flag, span).kind, span);
    }

    pub fn continue_(&mut self, e: &syn::ExprContinue) {
        let span = e.continue_token.span;
        let Some(i) = self.target(e.label.as_ref(), span, true) else { return };
        let flag = match self.targets[i].skip {
            Some(flag) => flag,
            None => self.flag("skip", span),
        };
        self.targets[i].skip = Some(flag);
        self.emit(marker(flag, span).kind, span);
    }
}

fn contains_marker(block: &Block, flags: &std::collections::HashSet<VarId>) -> bool {
    let mut found = false;
    block.walk(&mut |stmt| {
        if let StmtKind::Assign { place, .. } = &stmt.kind {
            found |= flags.contains(&place.base);
        }
    });
    found
}

/// The arms of a `match` on an option that has just the two, no guards.
fn option_arms<'a>(arms: &[&'a syn::Arm]) -> Option<(&'a syn::Arm, &'a syn::Arm)> {
    let [a, b] = arms else { return None };
    let empty = |pat: &syn::Pat| match strip_pat(pat) {
        syn::Pat::Wild(_) => true,
        syn::Pat::Ident(ident) => ident.ident == "None",
        syn::Pat::Path(path) => path.path.segments.last().is_some_and(|s| s.ident == "None"),
        _ => false,
    };
    if some_pattern(&a.pat).is_some() && empty(&b.pat) {
        Some((a, b))
    } else if some_pattern(&b.pat).is_some()
        && empty(&a.pat)
        && !matches!(strip_pat(&a.pat), syn::Pat::Wild(_))
    {
        Some((b, a))
    } else {
        None
    }
}

/// The irrefutable pattern inside `Some(…)`.
pub fn some_pattern(pat: &syn::Pat) -> Option<&syn::Pat> {
    match strip_pat(pat) {
        syn::Pat::TupleStruct(some)
            if some.elems.len() == 1
                && some.path.segments.last().is_some_and(|s| s.ident == "Some")
                && !is_refutable(&some.elems[0]) =>
        {
            Some(&some.elems[0])
        }
        _ => None,
    }
}
