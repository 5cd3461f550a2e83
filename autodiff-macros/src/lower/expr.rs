//! Expressions as values.

use super::{Dest, Lower, bool_ty, flow, infer, lit, place::View, strip, ty};
use crate::ir::{BinOp, Expr, ExprKind, FloatTy, Place, Role, Stmt, StmtKind, TokensEq, Ty, VarId};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use std::collections::HashSet;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

pub const REFUSE_GENERAL: &str = "this has no derivative here: compute it with arithmetic, \
     `std`'s float methods or calls of free `#[differentiable]` functions, or make it inactive \
     with `autodiff::stop_gradient`";

impl Lower<'_> {
    pub fn make(&self, kind: ExprKind, span: Span) -> Expr {
        let ty = infer::expr_ty(&kind, &Ty::Unknown, &self.vars);
        Expr::new(kind, ty, span)
    }

    /// A value for use inside a larger expression: what writes anything becomes a statement.
    pub fn operand(&mut self, expr: &syn::Expr) -> Expr {
        let value = self.rvalue(expr);
        if writes(&value) { self.hoist("value", value) } else { value }
    }

    /// A value on its own: what writes anything becomes a statement.
    pub fn whole(&mut self, value: Expr) -> Expr {
        if writes(&value) { self.hoist("value", value) } else { value }
    }

    /// An operand of arithmetic: references to numbers are looked through.
    pub fn number(&mut self, expr: &syn::Expr) -> Expr {
        let value = self.operand(expr);
        let span = value.span;
        match value.kind {
            ExprKind::Ref { place, mutable } => {
                let ty = infer::place_ty(&place, &self.vars);
                let explicit = matches!(strip(expr), syn::Expr::Reference(_));
                let aggregate = matches!(
                    ty,
                    Ty::Named(_) | Ty::Vec(_) | Ty::Array(..) | Ty::Slice(_) | Ty::Tuple(_)
                ) || ty == Ty::Unknown && explicit;
                if aggregate {
                    self.make(ExprKind::Ref { place, mutable }, span)
                } else {
                    self.read(place, ty, span)
                }
            }
            kind => Expr { kind, ..value },
        }
    }

    /// Several operands, evaluated in order: what a later one writes does not reach an earlier one.
    pub fn in_order<T>(&mut self, items: &[T], lower: impl Fn(&mut Self, &T) -> Expr) -> Vec<Expr> {
        let mut done: Vec<Expr> = Vec::new();
        for item in items {
            let mark = self.out.last().map_or(0, Vec::len);
            let value = lower(self, item);
            let emitted: &[Stmt] = self.out.last().map_or(&[], |out| &out[mark..]);
            if !emitted.is_empty() {
                let (written, effects) = effects_of(emitted);
                let mut late = Vec::new();
                for earlier in &mut done {
                    let mut conflict = effects && !is_pure(earlier);
                    earlier.for_each_var(&mut |v| conflict |= written.contains(&v));
                    if conflict {
                        let span = earlier.span;
                        let var = self.temp("value", earlier.ty.clone(), Role::Temp, span);
                        let read = self.read_var(var, span);
                        let init = Some(std::mem::replace(earlier, read));
                        late.push(Stmt { kind: StmtKind::Let { var, init }, span });
                    }
                }
                if let Some(out) = self.out.last_mut() {
                    out.splice(mark..mark, late);
                }
            }
            done.push(value);
        }
        done
    }

    fn pair(&mut self, a: &syn::Expr, b: &syn::Expr) -> (Expr, Expr) {
        let mut both = self.in_order(&[a, b], |lower, e| lower.number(e)).into_iter();
        match (both.next(), both.next()) {
            (Some(a), Some(b)) => (a, b),
            _ => unreachable!("two operands give two values"),
        }
    }

    /// The value of an expression. What it returns may be a writing call: then it must become a
    /// statement as a whole.
    pub fn rvalue(&mut self, expr: &syn::Expr) -> Expr {
        let expr = strip(expr);
        let span = expr.span();
        match self.view(expr) {
            View::Place(place, ty) => return self.read(place, ty, span),
            View::RefTo { place, mutable, .. } => {
                return self.make(ExprKind::Ref { mutable, place }, span);
            }
            View::Other => {}
        }
        match expr {
            syn::Expr::Lit(literal) => literal_expr(&literal.lit),
            syn::Expr::Path(path) => self.constant(path),
            syn::Expr::Unary(unary) => match unary.op {
                syn::UnOp::Neg(_) => {
                    let inner = self.number(&unary.expr);
                    self.make(ExprKind::Neg(Box::new(inner)), span)
                }
                syn::UnOp::Not(_) => {
                    let inner = self.number(&unary.expr);
                    self.make(ExprKind::Not(Box::new(inner)), span)
                }
                _ => match self.chain_value(&unary.expr, None) {
                    Some(value) => self.through(value),
                    None if super::place::is_box(&self.peek_ty(&unary.expr)) => {
                        let message = "what is in a `Box` cannot be differentiated here: take the \
                             value itself, or a reference to it";
                        self.opaque_expr(expr, Ty::Unknown, message)
                    }
                    // `*f(x)`, `*iter.next().unwrap()`: what the reference refers to is not known.
                    None => self.opaque_expr(expr, Ty::Unknown, REFUSE_GENERAL),
                },
            },
            syn::Expr::Binary(binary) => self.binary(binary, span),
            syn::Expr::Assign(_) => {
                self.effect(expr);
                lit(quote!(()), Ty::Unit, span)
            }
            syn::Expr::Cast(cast) => {
                let to = ty::from_syn(&cast.ty, self.reals);
                if !matches!(to, Ty::Float(_) | Ty::Discrete(_) | Ty::Unknown) {
                    let message = "a cast to this type carries no derivative: only casts between \
                         numbers do";
                    return self.opaque_expr(expr, to, message);
                }
                let inner = self.number(&cast.expr);
                let tokens = TokensEq(cast.ty.to_token_stream());
                let to = if to == Ty::Unknown { inner.ty.clone() } else { to };
                Expr::new(ExprKind::Cast(Box::new(inner), tokens), to, span)
            }
            syn::Expr::Tuple(tuple) => {
                let items: Vec<&syn::Expr> = tuple.elems.iter().collect();
                let items = self.in_order(&items, |lower, e| lower.owned(e));
                self.make(ExprKind::Tuple(items), span)
            }
            syn::Expr::Array(array) => {
                let items: Vec<&syn::Expr> = array.elems.iter().collect();
                let items = self.in_order(&items, |lower, e| lower.owned(e));
                self.make(ExprKind::List { items, vec: false }, span)
            }
            syn::Expr::Repeat(repeat) => self.repeat(&repeat.expr, &repeat.len, false, span),
            syn::Expr::Reference(reference) => {
                let inner = self.rvalue(&reference.expr);
                if matches!(inner.kind, ExprKind::Ref { .. }) {
                    return inner;
                }
                let mutable = reference.mutability.is_some();
                let var = self.temp("value", inner.ty.clone(), Role::Temp, span);
                self.vars[var.0 as usize].mutable = mutable;
                self.emit(StmtKind::Let { var, init: Some(inner) }, span);
                self.make(ExprKind::Ref { mutable, place: Place::var(var) }, span)
            }
            syn::Expr::Index(index) => {
                let by_key = matches!(strip(&index.index), syn::Expr::Reference(_))
                    || matches!(strip(&index.index), syn::Expr::Lit(l)
                        if !matches!(l.lit, syn::Lit::Int(_)));
                if by_key {
                    return self.opaque_expr(expr, Ty::Unknown, REFUSE_GENERAL);
                }
                if self.is_constant(&index.expr) {
                    let ty = self.peek_ty(expr);
                    return self.opaque_expr(expr, ty, REFUSE_GENERAL);
                }
                let base = self.held(&index.expr);
                let mut replaced = index.clone();
                *replaced.expr = base;
                self.rvalue(&syn::Expr::Index(replaced))
            }
            syn::Expr::Field(field) => {
                if self.is_constant(&field.base) {
                    return self.opaque_expr(expr, Ty::Unknown, REFUSE_GENERAL);
                }
                let base = self.held(&field.base);
                let mut replaced = field.clone();
                *replaced.base = base;
                self.rvalue(&syn::Expr::Field(replaced))
            }
            syn::Expr::MethodCall(call) => self.method(call),
            syn::Expr::Call(call) => self.call(call),
            syn::Expr::Macro(call) => self.macro_value(&call.mac, expr),
            syn::Expr::If(_)
            | syn::Expr::Match(_)
            | syn::Expr::Block(_)
            | syn::Expr::Loop(_)
            | syn::Expr::While(_)
            | syn::Expr::ForLoop(_) => {
                let var = self.temp("value", Ty::Unknown, Role::Temp, span);
                self.emit(StmtKind::Let { var, init: None }, span);
                self.expr_into(expr, Dest::Var(var));
                self.read_var(var, span)
            }
            syn::Expr::Return(_) | syn::Expr::Break(_) | syn::Expr::Continue(_) => {
                self.effect(expr);
                lit(quote!(()), Ty::Unit, span)
            }
            syn::Expr::Range(_) => {
                self.opaque_expr(expr, Ty::Discrete(None), "a range carries no derivative")
            }
            other => {
                let refuse = refusal(other);
                self.opaque_expr(other, Ty::Unknown, refuse)
            }
        }
    }

    /// A part of a constant or static: it stays where it is.
    fn is_constant(&self, expr: &syn::Expr) -> bool {
        match strip(expr) {
            syn::Expr::Path(path) => {
                path.path.get_ident().is_none_or(|ident| self.lookup(ident).is_none())
            }
            syn::Expr::Field(e) => self.is_constant(&e.base),
            syn::Expr::Index(e) => self.is_constant(&e.expr),
            _ => false,
        }
    }

    /// A value that is stored: a number read through a reference stays a reference.
    fn owned(&mut self, expr: &syn::Expr) -> Expr {
        self.operand(expr)
    }

    /// Puts a value that is no place into a variable, and gives an expression that names it.
    pub fn held(&mut self, expr: &syn::Expr) -> syn::Expr {
        let value = self.rvalue(expr);
        let span = value.span;
        let (place, ty, is_ref) = match value.kind {
            ExprKind::Ref { place, .. } => {
                let ty = infer::place_ty(&place, &self.vars);
                (place, ty, true)
            }
            _ => {
                let var = self.temp("value", value.ty.clone(), Role::Temp, span);
                let ty = value.ty.clone();
                self.emit(StmtKind::Let { var, init: Some(value) }, span);
                (Place::var(var), ty, false)
            }
        };
        // A name that no source can spell stands for the place.
        let n = self.vars.len();
        let ident = proc_macro2::Ident::new(&format!("__autodiff_held_{n}"), Span::call_site());
        let bound = match (is_ref, place.proj.is_empty()) {
            (false, true) => super::scope::Bound::Var(place.base),
            _ => super::scope::Bound::Alias { place, ty, mutable: false },
        };
        let delayed = self.delayed.take();
        self.bind(&ident, bound);
        self.delayed = delayed;
        syn::Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: ident.into() })
    }

    pub fn repeat(&mut self, item: &syn::Expr, len: &syn::Expr, vec: bool, span: Span) -> Expr {
        let mut parts = self.in_order(&[item, len], |lower, e| lower.operand(e)).into_iter();
        let (Some(item), Some(len)) = (parts.next(), parts.next()) else { unreachable!() };
        let mut value = self
            .make(ExprKind::Repeat { item: Box::new(item), len: Box::new(len.clone()), vec }, span);
        if let (Ty::Array(inner, _), false) = (&value.ty, vec)
            && let ExprKind::Lit(tokens) = &len.kind
        {
            value.ty = Ty::Array(inner.clone(), TokensEq(tokens.clone()));
        }
        value
    }

    fn binary(&mut self, binary: &syn::ExprBinary, span: Span) -> Expr {
        let Some((op, compound)) = operator(&binary.op) else {
            return self.opaque_expr(
                &syn::Expr::Binary(binary.clone()),
                Ty::Unknown,
                REFUSE_GENERAL,
            );
        };
        if compound {
            self.effect(&syn::Expr::Binary(binary.clone()));
            return lit(quote!(()), Ty::Unit, span);
        }
        if matches!(op, BinOp::And | BinOp::Or) {
            return self.short_circuit(op, &binary.left, &binary.right, span);
        }
        let (a, b) = self.pair(&binary.left, &binary.right);
        self.make(ExprKind::Binary(op, Box::new(a), Box::new(b)), span)
    }

    fn short_circuit(&mut self, op: BinOp, a: &syn::Expr, b: &syn::Expr, span: Span) -> Expr {
        let left = self.operand(a);
        let (block, right) = self.nested(|lower| lower.operand(b));
        if block.stmts.is_empty() {
            return self.make(ExprKind::Binary(op, Box::new(left), Box::new(right)), span);
        }
        // The right side needs statements: they run only where it is looked at.
        let var = self.temp("condition", bool_ty(), Role::Temp, span);
        self.vars[var.0 as usize].mutable = true;
        self.emit(StmtKind::Let { var, init: Some(left) }, span);
        let mut block = block;
        let kind = StmtKind::Assign { place: Place::var(var), value: right };
        block.stmts.push(Stmt { kind, span });
        let read = self.read_var(var, span);
        let cond = if op == BinOp::And {
            read.clone()
        } else {
            self.make(ExprKind::Not(Box::new(read.clone())), span)
        };
        self.emit(StmtKind::If { cond, then: block, other: Default::default() }, span);
        read
    }

    /// A path that names no local variable: a constant, a function, a unit struct.
    fn constant(&mut self, path: &syn::ExprPath) -> Expr {
        let span = path.span();
        if let Some(ident) = path.path.get_ident()
            && let Some(super::scope::Bound::Closure(_)) = self.lookup(ident)
        {
            let message = "a local closure can only be called: pass a free function, or write the \
                 call out here";
            self.refused(span, message);
            return lit(quote!(()), Ty::Unknown, span);
        }
        let names: Vec<String> = path.path.segments.iter().map(|s| s.ident.to_string()).collect();
        let mut ty = Ty::Unknown;
        if let [.., module, constant] = names.as_slice() {
            let is_const = constant.chars().all(|c| c.is_uppercase() || c == '_' || c.is_numeric());
            if names.iter().any(|n| n == "f64") && is_const {
                ty = Ty::Float(FloatTy::F64);
            } else if names.iter().any(|n| n == "f32") && is_const {
                ty = Ty::Float(FloatTy::F32);
            } else if ty::is_discrete_name(module) {
                ty = Ty::Discrete(Some(module.clone()));
            }
        } else if let Some(known) = names.first().and_then(|n| self.consts.get(n)) {
            ty = known.clone();
        }
        lit(path.to_token_stream(), ty, span)
    }

    /// Puts the value of an expression where it is wanted.
    pub fn expr_into(&mut self, expr: &syn::Expr, dest: Dest) {
        let expr = strip(expr);
        match expr {
            syn::Expr::If(e) => self.if_into(e, dest),
            syn::Expr::Match(e) => self.match_into(e, dest),
            syn::Expr::Block(e) => self.block_into(e, dest),
            syn::Expr::Loop(e) => self.loop_into(e, dest),
            _ if dest == Dest::Discard => self.effect(expr),
            _ if flow::never_returns(expr) => self.effect(expr),
            _ => {
                let wanted = match dest {
                    Dest::Var(var) => self.var(var).ty.clone(),
                    Dest::Discard => Ty::Unknown,
                };
                let value = self.rvalue_as(expr, &wanted);
                self.assign_dest(dest, value);
            }
        }
    }

    /// The value of an expression whose type is known from where it goes.
    pub fn rvalue_as(&mut self, expr: &syn::Expr, ty: &Ty) -> Expr {
        if let Some(value) = self.chain_value(expr, Some(ty)) {
            return value;
        }
        match (strip(expr), ty) {
            (syn::Expr::Tuple(tuple), Ty::Tuple(parts)) if tuple.elems.len() == parts.len() => {
                let items: Vec<_> = tuple.elems.iter().zip(parts).collect();
                let items = self.in_order(&items, |lower, (e, ty)| {
                    let value = lower.rvalue_as(e, ty);
                    lower.whole(value)
                });
                self.make(ExprKind::Tuple(items), expr.span())
            }
            (syn::Expr::Array(array), Ty::Array(element, _)) => {
                self.list_of(array.elems.iter(), element, false, expr.span())
            }
            (syn::Expr::Macro(mac), Ty::Vec(element)) if mac.mac.path.is_ident("vec") => {
                let list = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
                match list.parse2(mac.mac.tokens.clone()) {
                    Ok(items) => self.list_of(items.iter(), element, true, mac.mac.span()),
                    Err(_) => self.rvalue(expr),
                }
            }
            _ => self.rvalue(expr),
        }
    }

    fn list_of<'e>(
        &mut self,
        items: impl Iterator<Item = &'e syn::Expr>,
        element: &Ty,
        vec: bool,
        span: Span,
    ) -> Expr {
        let items: Vec<&syn::Expr> = items.collect();
        let items = self.in_order(&items, |lower, e| {
            let value = lower.rvalue_as(e, element);
            lower.whole(value)
        });
        self.make(ExprKind::List { items, vec }, span)
    }

    pub fn assign_dest(&mut self, dest: Dest, value: Expr) {
        let span = value.span;
        match dest {
            Dest::Var(var) => {
                let value = self.settled(value);
                let known = &self.vars[var.0 as usize].ty;
                self.vars[var.0 as usize].ty = infer::merge(known, &value.ty);
                self.emit(StmtKind::Assign { place: Place::var(var), value }, span);
            }
            Dest::Discard => {
                if !is_pure(&value) {
                    self.emit(StmtKind::Eval(value), span);
                }
            }
        }
    }

    /// A reference as a stored value: its adjoint would have to be a reference too, so it is
    /// opaque (fine for what is inactive).
    pub fn settled(&mut self, value: Expr) -> Expr {
        match value.kind {
            ExprKind::Ref { .. } => {
                let message = "a reference that is chosen at run time, reassigned or stored is \
                     not supported on active data: index the data directly, or assign the value \
                     instead of a reference";
                self.opaque_from(&value, message)
            }
            _ => value,
        }
    }
}

/// Whether evaluating it writes a variable.
pub fn writes(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |e| match &e.kind {
        ExprKind::Ref { mutable: true, .. } => found = true,
        ExprKind::Opaque(o) => found |= !o.writes.is_empty(),
        _ => {}
    });
    found && !matches!(expr.kind, ExprKind::Ref { .. })
}

/// No calls, no effects.
pub fn is_pure(expr: &Expr) -> bool {
    let mut pure_ = true;
    expr.walk(&mut |e| match &e.kind {
        ExprKind::Call(_) => pure_ = false,
        ExprKind::Opaque(o) => pure_ &= o.pure_,
        _ => {}
    });
    pure_
}

fn effects_of(stmts: &[Stmt]) -> (HashSet<VarId>, bool) {
    let mut written = HashSet::new();
    let mut effects = false;
    let mut visit = |stmt: &Stmt| {
        written.extend(stmt.kind.writes());
        effects |= matches!(stmt.kind, StmtKind::Opaque { .. } | StmtKind::Eval(_));
        effects |= stmt.kind.exprs().iter().any(|e| !is_pure(e));
    };
    for stmt in stmts {
        visit(stmt);
        for block in stmt.kind.blocks() {
            block.walk(&mut |inner| visit(inner));
        }
    }
    (written, effects)
}

pub fn literal_expr(literal: &syn::Lit) -> Expr {
    let ty = match literal {
        syn::Lit::Float(float) => match float.suffix() {
            "f32" => Ty::Float(FloatTy::F32),
            "f64" => Ty::Float(FloatTy::F64),
            _ => Ty::Float(FloatTy::Some),
        },
        syn::Lit::Int(int) => match int.suffix() {
            "" => Ty::Discrete(None),
            "f32" => Ty::Float(FloatTy::F32),
            "f64" => Ty::Float(FloatTy::F64),
            suffix => Ty::Discrete(Some(suffix.to_string())),
        },
        syn::Lit::Bool(_) => bool_ty(),
        _ => Ty::Discrete(None),
    };
    lit(literal.to_token_stream(), ty, literal.span())
}

/// The operator, and whether it assigns.
pub fn operator(op: &syn::BinOp) -> Option<(BinOp, bool)> {
    use syn::BinOp as S;
    Some(match op {
        S::Add(_) => (BinOp::Add, false),
        S::Sub(_) => (BinOp::Sub, false),
        S::Mul(_) => (BinOp::Mul, false),
        S::Div(_) => (BinOp::Div, false),
        S::Rem(_) => (BinOp::Rem, false),
        S::And(_) => (BinOp::And, false),
        S::Or(_) => (BinOp::Or, false),
        S::BitXor(_) => (BinOp::BitXor, false),
        S::BitAnd(_) => (BinOp::BitAnd, false),
        S::BitOr(_) => (BinOp::BitOr, false),
        S::Shl(_) => (BinOp::Shl, false),
        S::Shr(_) => (BinOp::Shr, false),
        S::Eq(_) => (BinOp::Eq, false),
        S::Lt(_) => (BinOp::Lt, false),
        S::Le(_) => (BinOp::Le, false),
        S::Ne(_) => (BinOp::Ne, false),
        S::Ge(_) => (BinOp::Ge, false),
        S::Gt(_) => (BinOp::Gt, false),
        S::AddAssign(_) => (BinOp::Add, true),
        S::SubAssign(_) => (BinOp::Sub, true),
        S::MulAssign(_) => (BinOp::Mul, true),
        S::DivAssign(_) => (BinOp::Div, true),
        S::RemAssign(_) => (BinOp::Rem, true),
        S::BitXorAssign(_) => (BinOp::BitXor, true),
        S::BitAndAssign(_) => (BinOp::BitAnd, true),
        S::BitOrAssign(_) => (BinOp::BitOr, true),
        S::ShlAssign(_) => (BinOp::Shl, true),
        S::ShrAssign(_) => (BinOp::Shr, true),
        _ => return None,
    })
}

/// What to write instead, by construct.
pub fn refusal(expr: &syn::Expr) -> &'static str {
    match expr {
        syn::Expr::Closure(_) => {
            "a closure over active values is not supported here: write its body where it is used, \
             or make it a free `#[differentiable]` function"
        }
        syn::Expr::Struct(_) => {
            "a struct built from active values inside the body is not supported: use a tuple or an \
             array, or separate variables"
        }
        syn::Expr::Async(_) | syn::Expr::Await(_) => {
            "`async` code has no derivative: do the waiting outside and pass the values in"
        }
        syn::Expr::Unsafe(_) => {
            "`unsafe` code on active values has no derivative: raw memory cannot be tracked, use \
             slices and indices"
        }
        syn::Expr::RawAddr(_) => {
            "a raw pointer to active data cannot be tracked: use a reference or an index"
        }
        syn::Expr::Range(_) => "a range carries no derivative",
        _ => REFUSE_GENERAL,
    }
}
