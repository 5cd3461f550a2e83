//! Iterator chains that end in a value: `sum`, `product`, `fold`, `collect` become loops.

use super::{Lower, infer, init, lit, place::View, strip};
use crate::ir::{BinOp, Expr, ExprKind, FloatTy, Place, Role, StmtKind, Ty};
use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;

impl Lower<'_> {
    /// The value of a chain, if this is one that becomes a loop.
    pub fn chain_value(&mut self, expr: &syn::Expr, annotated: Option<&Ty>) -> Option<Expr> {
        if let syn::Expr::Call(call) = strip(expr) {
            return self.array_from_fn(call, annotated?);
        }
        let syn::Expr::MethodCall(call) = strip(expr) else { return None };
        let name = call.method.to_string();
        match (name.as_str(), call.args.len()) {
            ("map", 1) => return self.array_map(call),
            ("unwrap", 0) | ("expect", 1) => {
                if let Some(value) = self.selected(&call.receiver) {
                    return Some(value);
                }
                return self.converted(&call.receiver, annotated?);
            }
            ("sum" | "product", 0) | ("fold", 2) => {}
            ("collect", 0) => {
                let ty = self.turbofish(call).or(annotated.cloned());
                if !matches!(ty, Some(Ty::Vec(_))) {
                    return None;
                }
            }
            _ => return None,
        }
        if !self.is_seq(&call.receiver) || call.args.iter().any(|arg| self.has_state(arg)) {
            return None;
        }
        let mark = self.out.last().map_or(0, Vec::len);
        let Some(seq) = self.seq(&call.receiver) else {
            if let Some(out) = self.out.last_mut() {
                out.truncate(mark);
            }
            return None;
        };
        let span = call.method.span();
        match name.as_str() {
            "sum" => Some(self.reduce(seq, BinOp::Add, self.wanted(call, annotated), span)),
            "product" => Some(self.reduce(seq, BinOp::Mul, self.wanted(call, annotated), span)),
            "fold" => Some(self.fold(seq, &call.args[0], &call.args[1], span)),
            _ => {
                let ty = self.turbofish(call).or(annotated.cloned()).unwrap_or(Ty::Unknown);
                Some(self.collect(seq, ty, span))
            }
        }
    }

    /// `array.map(|v| …)`
    fn array_map(&mut self, call: &syn::ExprMethodCall) -> Option<Expr> {
        let Ty::Array(element, len) = self.peek_ty(&call.receiver).peel().clone() else {
            return None;
        };
        let receiver: syn::Expr = {
            let receiver = &call.receiver;
            let (function, span) = (&call.args[0], call.method.span());
            syn::parse_quote_spanned!(span=> (#receiver).into_iter().map(#function))
        };
        if !matches!(*element, Ty::Float(_) | Ty::Discrete(_)) || !self.is_seq(&receiver) {
            return None;
        }
        let seq = self.seq(&receiver)?;
        Some(self.filled(seq, &len, Ty::Unknown, call.method.span()))
    }

    /// `let a: [f64; 3] = std::array::from_fn(|i| …);`
    fn array_from_fn(&mut self, call: &syn::ExprCall, annotated: &Ty) -> Option<Expr> {
        let syn::Expr::Path(path) = strip(&call.func) else { return None };
        let Ty::Array(element, len) = annotated else { return None };
        let copies = matches!(**element, Ty::Float(_) | Ty::Discrete(Some(_)));
        if path.path.segments.last()?.ident != "from_fn" || call.args.len() != 1 || !copies {
            return None;
        }
        let span = call.span();
        let (tokens, function) = (&len.0, &call.args[0]);
        let range: syn::Expr = syn::parse_quote_spanned!(span=> (0..#tokens).map(#function));
        if !self.is_seq(&range) {
            return None;
        }
        let seq = self.seq(&range)?;
        Some(self.filled(seq, len, (**element).clone(), span))
    }

    /// An array whose elements are the items.
    fn filled(
        &mut self,
        seq: super::iterate::Seq,
        len: &crate::ir::TokensEq,
        element: Ty,
        span: Span,
    ) -> Expr {
        let var = self.temp("filled", Ty::Unknown, Role::Temp, span);
        self.vars[var.0 as usize].mutable = true;
        let at = self.out.last().map_or(0, Vec::len);
        self.emit(StmtKind::Let { var, init: None }, span);
        let mut element = element;
        self.loop_over(seq, None, None, span, |lower, item| {
            let index = item.at.clone();
            let value = lower.value_of(item);
            let value = lower.through(value);
            element = infer::merge(&element, &value.ty);
            let mut place = Place::var(var);
            super::place::push_index(&mut place, index);
            lower.emit(StmtKind::Assign { place, value }, span);
        });
        if element == Ty::Unknown {
            element = Ty::Float(FloatTy::Some);
        }
        let item = Box::new(init::default_of(&element, span));
        let count = Box::new(lit(len.0.clone(), super::usize_ty(), span));
        let kind = ExprKind::Repeat { item, len: count, vec: false };
        let ty = Ty::Array(Box::new(element), len.clone());
        self.vars[var.0 as usize].ty = ty.clone();
        if let Some(stmt) = self.out.last_mut().and_then(|out| out.get_mut(at)) {
            let init = Some(Expr::new(kind, ty, span));
            stmt.kind = StmtKind::Let { var, init };
        }
        self.read_var(var, span)
    }

    /// `let a: [f64; 3] = x[..3].try_into().unwrap();`
    fn converted(&mut self, receiver: &syn::Expr, annotated: &Ty) -> Option<Expr> {
        let syn::Expr::MethodCall(call) = strip(receiver) else { return None };
        if call.method != "try_into" || !call.args.is_empty() {
            return None;
        }
        let Ty::Array(element, _) = annotated else { return None };
        if !matches!(**element, Ty::Float(_) | Ty::Discrete(Some(_))) {
            return None;
        }
        let from = match self.view(&call.receiver) {
            View::Place(place, ty) | View::RefTo { place, ty, .. }
                if matches!(ty, Ty::Slice(_) | Ty::Vec(_)) =>
            {
                place
            }
            _ => return None,
        };
        let span = call.span();
        let var = self.temp("array", annotated.clone(), Role::Temp, span);
        self.vars[var.0 as usize].mutable = true;
        let init = Some(init::default_of(annotated, span));
        self.emit(StmtKind::Let { var, init }, span);
        self.emit(StmtKind::CopyFrom { to: Place::var(var), from }, span);
        Some(self.read_var(var, span))
    }

    fn wanted(&self, call: &syn::ExprMethodCall, annotated: Option<&Ty>) -> Option<Ty> {
        self.turbofish(call).or(annotated.cloned()).filter(|ty| *ty != Ty::Unknown)
    }

    fn reduce(&mut self, seq: super::iterate::Seq, op: BinOp, ty: Option<Ty>, span: Span) -> Expr {
        let name = if op == BinOp::Add { "sum" } else { "product" };
        let var = self.temp(name, ty.clone().unwrap_or(Ty::Unknown), Role::Temp, span);
        self.vars[var.0 as usize].mutable = true;
        let at = self.out.last().map_or(0, Vec::len);
        self.emit(StmtKind::Let { var, init: None }, span);
        let mut found = ty.unwrap_or(Ty::Unknown);
        self.loop_over(seq, None, None, span, |lower, item| {
            let value = lower.value_of(item);
            let value = lower.through(value);
            found = infer::merge(&found, value.ty.peel());
            let place = Place::var(var);
            lower.emit(StmtKind::Update { place, op, value }, span);
        });
        if found == Ty::Unknown {
            found = Ty::Float(FloatTy::Some);
        }
        let start = if found.is_discrete() {
            let start = if op == BinOp::Add { quote!(0) } else { quote!(1) };
            lit(start, found.clone(), span)
        } else {
            // That of the standard library: nothing but negative zeros adds up to one.
            let start = if op == BinOp::Add { -0.0 } else { 1.0 };
            Expr::new(ExprKind::Const(start), found.clone(), span)
        };
        self.vars[var.0 as usize].ty = found;
        if let Some(stmt) = self.out.last_mut().and_then(|out| out.get_mut(at)) {
            stmt.kind = StmtKind::Let { var, init: Some(start) };
        }
        self.read_var(var, span)
    }

    /// A number that is given by reference, read.
    pub fn through(&mut self, value: Expr) -> Expr {
        let span = value.span;
        match value.kind {
            ExprKind::Ref { place, .. } => {
                let ty = infer::place_ty(&place, &self.vars);
                self.read(place, ty, span)
            }
            kind => Expr { kind, ..value },
        }
    }

    fn fold(
        &mut self,
        seq: super::iterate::Seq,
        start: &syn::Expr,
        function: &syn::Expr,
        span: Span,
    ) -> Expr {
        let start = self.operand(start);
        let var = self.temp("folded", start.ty.clone(), Role::Temp, span);
        self.vars[var.0 as usize].mutable = true;
        self.emit(StmtKind::Let { var, init: Some(start) }, span);
        let scopes = self.scopes.clone();
        self.loop_over(seq, None, None, span, |lower, item| {
            lower.folded(function, scopes, var, item, span);
        });
        self.read_var(var, span)
    }

    fn collect(&mut self, seq: super::iterate::Seq, ty: Ty, span: Span) -> Expr {
        let var = self.temp("collected", ty.clone(), Role::Temp, span);
        self.vars[var.0 as usize].mutable = true;
        let init = Some(init::default_of(&Ty::Vec(Box::new(Ty::Unknown)), span));
        self.emit(StmtKind::Let { var, init }, span);
        let element = ty.element();
        self.loop_over(seq, None, None, span, |lower, item| {
            let value = lower.value_as(item, Some(element));
            let value = lower.settled(value);
            let vec = Place::var(var);
            lower.emit(StmtKind::VecPush { vec, value }, span);
        });
        self.read_var(var, span)
    }
}
