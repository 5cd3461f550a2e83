//! Calls of functions by path, and macros that give a value.

use super::expr::REFUSE_GENERAL;
use super::scope::Bound;
use super::{Lower, VarId, infer, lit, place::View, strip, ty};
use crate::ir::{
    Arg, Call, Expr, ExprKind, FloatTy, Mode, Place, Proj, Role, StmtKind, TokensEq, Ty,
};
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

const REFUSE_ASSOCIATED: &str = "associated functions of a type cannot be called on active values \
     here: call a free `#[differentiable]` function";
const REFUSE_CONSTRUCTOR: &str = "a struct or enum built from active values inside the body is not \
     supported: use a tuple or an array, or separate variables";
const REFUSE_CLOSURE: &str = "a closure or function value cannot be differentiated: call a free \
     `#[differentiable]` function by its path";

fn names(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|s| s.ident.to_string()).collect()
}

/// Whether rustc takes the places for one: the same variable, and no two different fields. Parts
/// of the same list are borrowed together when printed.
fn overlaps(a: &Place, b: &Place) -> bool {
    if a.base != b.base || super::place::parts_of_one_list(a, b) {
        return false;
    }
    for pair in a.proj.iter().zip(&b.proj) {
        match pair {
            (Proj::Field(x), Proj::Field(y)) => {
                if x != y {
                    return false;
                }
            }
            (Proj::Deref, Proj::Deref) => {}
            _ => break,
        }
    }
    true
}

impl Lower<'_> {
    pub fn call(&mut self, call: &syn::ExprCall) -> Expr {
        let span = call.span();
        let whole = syn::Expr::Call(call.clone());
        let statement = std::mem::take(&mut self.as_statement);
        let callee = match strip(&call.func) {
            syn::Expr::Reference(reference) => strip(&reference.expr),
            other => other,
        };
        let syn::Expr::Path(func) = callee else {
            if let syn::Expr::Closure(closure) = callee {
                return self.inline(&closure.clone(), call);
            }
            return self.opaque_expr(&whole, Ty::Unknown, REFUSE_CLOSURE);
        };
        if func.qself.is_some() {
            return self.qualified(func, call, &whole);
        }
        let parts = names(&func.path);
        let last = parts.last().map_or("", String::as_str);
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let [name] = parts.as_slice() {
            let ident = &func.path.segments[0].ident;
            match self.lookup(ident) {
                Some(Bound::Closure(number)) => {
                    let closure = std::rc::Rc::clone(&self.closures[number].closure);
                    return self.inline(&closure, call);
                }
                Some(_) => return self.opaque_expr(&whole, Ty::Unknown, REFUSE_CLOSURE),
                None if name == "drop" => {
                    return self.opaque_expr(&whole, Ty::Unit, REFUSE_GENERAL);
                }
                None => {}
            }
        }
        if last == "stop_gradient" && args.len() == 1 {
            let inner = self.operand(args[0]);
            return self.make(ExprKind::Stop(Box::new(inner)), span);
        }
        if let [.., module, _] = parts.as_slice() {
            if let Some(value) = self.float_function(module, last, &args, call, &whole) {
                return value;
            }
            if ty::is_discrete_name(module) {
                let ty = Ty::Discrete(Some(module.clone()));
                return self.opaque_expr(&whole, ty, REFUSE_GENERAL);
            }
            if module == "mem"
                && let Some(value) = self.mem(last, &args, span)
            {
                return value;
            }
            if module == "Vec" && (last == "new" && args.is_empty() || last == "with_capacity") {
                return self.make(ExprKind::List { items: Vec::new(), vec: true }, span);
            }
            let std_root = ["std", "core", "alloc"].contains(&parts[0].as_str());
            if std_root || matches!(module.as_str(), "Vec" | "Box" | "Some" | "String" | "Option") {
                return self.opaque_expr(&whole, Ty::Unknown, REFUSE_GENERAL);
            }
        }
        if matches!(last, "Some" | "Ok" | "Err") || last.starts_with(char::is_uppercase) {
            return self.opaque_expr(&whole, Ty::Unknown, REFUSE_CONSTRUCTOR);
        }
        let associated = parts.len() > 1 && parts[parts.len() - 2].starts_with(char::is_uppercase);
        let written = args.clone();
        let mut args = self.in_order(&args, |lower, e| lower.argument(e));
        share(&mut args, &written);
        self.read_lent(&mut args);
        let back = self.part_copies(&mut args);
        let call = Call {
            path: func.path.clone(),
            mode: Mode::Primal,
            args: args.into_iter().map(Arg::Expr).collect(),
            refuse: associated.then(|| REFUSE_ASSOCIATED.to_string()),
        };
        let ty = match parts.as_slice() {
            [name] => self.functions.get(name).cloned().unwrap_or(Ty::Unknown),
            _ => Ty::Unknown,
        };
        let value = Expr::new(ExprKind::Call(call), ty, span);
        if back.is_empty() {
            return value;
        }
        let value = if statement {
            self.emit(StmtKind::Eval(value), span);
            lit(quote!(()), Ty::Unit, span)
        } else {
            self.hoist("value", value)
        };
        for (to, var) in back {
            let ty = self.var(var).ty.clone();
            if matches!(ty, Ty::Vec(_)) {
                self.emit(StmtKind::CopyFrom { to, from: Place::var(var) }, span);
            } else {
                let new = self.read_var(var, span);
                self.emit(StmtKind::Assign { place: to, value: new }, span);
            }
        }
        value
    }

    /// `g(x[0], &mut x)`: what is read of something lent beside it is read first, so that its
    /// adjoint is no part of what is lent either.
    fn read_lent(&mut self, args: &mut [Expr]) {
        let lent: Vec<VarId> = args
            .iter()
            .filter_map(|arg| match &arg.kind {
                ExprKind::Ref { mutable: true, place } => Some(place.base),
                _ => None,
            })
            .collect();
        for arg in args {
            let by_value = !matches!(arg.kind, ExprKind::Ref { .. });
            if by_value && lent.iter().any(|list| arg.mentions(*list)) {
                *arg = self.hoist("value", arg.clone());
            }
        }
    }

    /// Arguments that are parts of different lists in one variable (rows of a matrix), one of them
    /// to be written, cannot be borrowed in one expression: all but the last are copied; gives
    /// what has to be copied back.
    fn part_copies(&mut self, args: &mut [Expr]) -> Vec<(Place, crate::ir::VarId)> {
        let mut back = Vec::new();
        for i in 0..args.len() {
            let ExprKind::Ref { mutable, place } = args[i].kind.clone() else { continue };
            let clash = args[i + 1..].iter().any(|other| match &other.kind {
                ExprKind::Ref { mutable: other, place: with } => {
                    (mutable || *other) && overlaps(&place, with)
                }
                _ => false,
            });
            if !clash {
                continue;
            }
            let span = args[i].span;
            let ty = infer::place_ty(&place, &self.vars);
            let slice = matches!(ty, Ty::Slice(_));
            let copy = if matches!(ty, Ty::Float(_) | Ty::Discrete(_)) {
                self.read(place.clone(), ty, span)
            } else {
                self.make(ExprKind::Clone { place: place.clone(), vec: slice }, span)
            };
            let var = self.temp("part", copy.ty.clone(), Role::Temp, span);
            self.vars[var.0 as usize].mutable = mutable;
            self.emit(StmtKind::Let { var, init: Some(copy) }, span);
            args[i] = self.make(ExprKind::Ref { mutable, place: Place::var(var) }, span);
            if mutable {
                back.push((place, var));
            }
        }
        back
    }

    /// An argument: references stay references.
    fn argument(&mut self, expr: &syn::Expr) -> Expr {
        let value = reborrow(self.rvalue(expr));
        let is_ref = matches!(value.kind, ExprKind::Ref { .. });
        if !is_ref && super::expr::writes(&value) { self.hoist("value", value) } else { value }
    }

    /// `f64::sin(x)`, `T::of(0.5)`, `Float::max(a, b)`.
    fn float_function(
        &mut self,
        module: &str,
        name: &str,
        args: &[&syn::Expr],
        call: &syn::ExprCall,
        whole: &syn::Expr,
    ) -> Option<Expr> {
        let span = call.span();
        let float = match module {
            "f64" => Some(Ty::Float(FloatTy::F64)),
            "f32" => Some(Ty::Float(FloatTy::F32)),
            _ if self.reals.iter().any(|r| r == module) => {
                Some(Ty::Float(FloatTy::Param(module.to_string())))
            }
            "Float" | "Real" => Some(Ty::Unknown),
            _ => None,
        }?;
        if let Some((rule, arity)) = super::method::intrinsic(name)
            && arity == args.len()
        {
            let mut values = self.in_order(args, |lower, e| lower.number(e));
            // A bare literal takes its type from the path.
            if let Some(first) = values.first_mut() {
                first.ty = infer::merge(&first.ty, &float);
            }
            let mut value = self.make(ExprKind::Intrinsic(rule, values), span);
            value.ty = infer::merge(&value.ty, &float);
            return Some(value);
        }
        if name == "sin_cos" && args.len() == 1 {
            let arg = args[0];
            let as_method: syn::Expr = syn::parse_quote_spanned!(span=> (#arg).sin_cos());
            return Some(self.rvalue(&as_method));
        }
        if name == "from" && args.len() == 1 && matches!(module, "f64" | "f32") {
            let inner = self.number(args[0]);
            let to = TokensEq(if module == "f64" { quote!(f64) } else { quote!(f32) });
            return Some(Expr::new(ExprKind::Cast(Box::new(inner), to), float, span));
        }
        let refuse = format!(
            "`{module}::{name}` carries no derivative: compute with the numbers themselves, or hold \
             them constant with `autodiff::stop_gradient`"
        );
        let value = self.opaque_expr(whole, float.clone(), &refuse);
        if let ExprKind::Opaque(opaque) = &value.kind
            && opaque.reads.is_empty()
            && opaque.pure_
        {
            return Some(lit(whole.to_token_stream(), float, span));
        }
        if matches!(name, "of" | "from") && args.len() == 1 && self.is_count(args[0]) {
            let ty = if name == "of" { float } else { Ty::Unknown };
            return Some(Expr::new(ExprKind::Stop(Box::new(value)), ty, span));
        }
        let known = matches!(
            name,
            "of" | "zero"
                | "one"
                | "epsilon"
                | "infinity"
                | "nan"
                | "max_value"
                | "min_value"
                | "from_bits"
                | "neg_infinity"
                | "min_positive_value"
        );
        Some(if known { value } else { Expr { ty: Ty::Unknown, ..value } })
    }

    /// Certainly an integer made a float, which carries no derivative: `x.len() as f64`.
    fn is_count(&self, expr: &syn::Expr) -> bool {
        match strip(expr) {
            syn::Expr::Cast(cast) => self.is_count(&cast.expr),
            syn::Expr::Lit(_) => true,
            syn::Expr::MethodCall(call) => call.method == "len" && call.args.is_empty(),
            syn::Expr::Binary(both) => self.is_count(&both.left) && self.is_count(&both.right),
            syn::Expr::Path(path) => match path.path.get_ident().map(|name| self.lookup(name)) {
                Some(Some(Bound::Var(var))) => self.vars[var.0 as usize].ty.is_discrete(),
                _ => false,
            },
            _ => false,
        }
    }

    /// `<f64 as Float>::sin(x)`, `<T>::sin(x)`
    fn qualified(&mut self, func: &syn::ExprPath, call: &syn::ExprCall, whole: &syn::Expr) -> Expr {
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let Some(qself) = &func.qself
            && let Ty::Float(_) = ty::from_syn(&qself.ty, self.reals)
            && let Some(last) = func.path.segments.last()
        {
            let module = qself.ty.to_token_stream().to_string();
            let name = last.ident.to_string();
            if let Some(value) = self.float_function(&module, &name, &args, call, whole) {
                return value;
            }
        }
        self.opaque_expr(whole, Ty::Unknown, REFUSE_ASSOCIATED)
    }

    /// `mem::replace` and `mem::take`: the old value, then the assignment.
    fn mem(&mut self, name: &str, args: &[&syn::Expr], span: Span) -> Option<Expr> {
        match (name, args) {
            ("replace", [place, value]) => {
                let (place, ty) = self.target_of(place)?;
                let value = self.operand(value);
                let var = self.temp("old", ty.clone(), Role::Temp, span);
                // The new value is worked out before the old one is moved away.
                let value = if matches!(value.kind, ExprKind::Lit(_)) {
                    value
                } else {
                    self.hoist("new", value)
                };
                Some(self.exchanged(place, ty, var, value, span))
            }
            ("take", [place]) => {
                let (place, ty) = self.target_of(place)?;
                if !matches!(ty, Ty::Float(_) | Ty::Vec(_) | Ty::Discrete(Some(_))) {
                    return None;
                }
                let var = self.temp("old", ty.clone(), Role::Temp, span);
                let value = super::init::default_of(&ty, span);
                Some(self.exchanged(place, ty, var, value, span))
            }
            _ => None,
        }
    }

    /// Puts the new value in place; the old one goes to the variable.
    fn exchanged(&mut self, place: Place, ty: Ty, var: VarId, value: Expr, span: Span) -> Expr {
        if super::place::has_list(&ty) && !place.proj.is_empty() {
            // Nothing can be moved out of the middle of something else.
            self.vars[var.0 as usize].mutable = true;
            self.emit(StmtKind::Let { var, init: Some(value) }, span);
            self.emit(StmtKind::Swap(Place::var(var), place), span);
        } else {
            let init = Some(self.read(place.clone(), ty, span));
            self.emit(StmtKind::Let { var, init }, span);
            self.emit(StmtKind::Assign { place, value }, span);
        }
        self.read_var(var, span)
    }

    fn target_of(&mut self, expr: &syn::Expr) -> Option<(Place, Ty)> {
        match self.view(expr) {
            View::RefTo { place, ty, .. } => Some((place, ty)),
            _ => None,
        }
    }

    /// Calls that are statements of their own kind; false if this is none.
    pub fn call_effect(&mut self, call: &syn::ExprCall) -> bool {
        let syn::Expr::Path(func) = strip(&call.func) else { return false };
        let parts = names(&func.path);
        let last = parts.last().map_or("", String::as_str);
        let mem = parts.len() == 1 || parts[parts.len() - 2] == "mem";
        if last == "swap"
            && mem
            && call.args.len() == 2
            && self.lookup(&func.path.segments[parts.len() - 1].ident).is_none()
        {
            let a = self.target_of(&call.args[0]);
            let b = self.target_of(&call.args[1]);
            if let (Some((a, _)), Some((b, _))) = (a, b) {
                self.emit(StmtKind::Swap(a, b), call.span());
                return true;
            }
        }
        false
    }

    /// A macro in the place of a value.
    pub fn macro_value(&mut self, mac: &syn::Macro, expr: &syn::Expr) -> Expr {
        let span = mac.span();
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        if name == "vec" {
            let list = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
            if let Ok(items) = list.parse2(mac.tokens.clone()) {
                let items: Vec<&syn::Expr> = items.iter().collect();
                let items = self.in_order(&items, |lower, e| lower.operand(e));
                return self.make(ExprKind::List { items, vec: true }, span);
            }
            let repeat = |input: syn::parse::ParseStream| {
                let item: syn::Expr = input.parse()?;
                input.parse::<syn::Token![;]>()?;
                let len: syn::Expr = input.parse()?;
                Ok((item, len))
            };
            if let Ok((item, len)) = repeat.parse2(mac.tokens.clone()) {
                return self.repeat(&item, &len, true, span);
            }
        }
        if super::opaque::is_panic(&name) {
            self.opaque_macro(mac, "");
            return lit(quote!(()), Ty::Unknown, span);
        }
        let ty = match name.as_str() {
            "matches" | "cfg" => super::bool_ty(),
            "format" | "stringify" | "concat" | "env" | "line" | "file" => Ty::Discrete(None),
            _ => Ty::Unknown,
        };
        let message = "a macro that is not known here cannot carry a derivative: write out what \
             it does";
        self.opaque_expr(expr, ty, message)
    }
}

/// A mutable reference passed on (`g(x)` with `x: &mut [f64]`) is lent, not given away.
fn reborrow(arg: Expr) -> Expr {
    match (&arg.kind, &arg.ty) {
        (ExprKind::Read(place), Ty::Ref { mutable: true, inner }) => {
            let mut place = place.clone();
            place.proj.push(crate::ir::Proj::Deref);
            let kind = ExprKind::Ref { mutable: true, place };
            Expr::new(kind, (**inner).clone(), arg.span)
        }
        _ => arg,
    }
}

/// A list that is lent by its name alone beside another borrow of it is shared: `dot(v, v)` with
/// `v: &mut [f64]`.
fn share(args: &mut [Expr], written: &[&syn::Expr]) {
    let is_borrow: Vec<bool> =
        args.iter().map(|arg| matches!(arg.kind, ExprKind::Ref { .. })).collect();
    for (i, arg) in args.iter_mut().enumerate() {
        let (ExprKind::Ref { mutable, .. }, syn::Expr::Path(name)) =
            (&mut arg.kind, strip(written[i]))
        else {
            continue;
        };
        let Some(name) = name.path.get_ident() else { continue };
        *mutable &= !written
            .iter()
            .enumerate()
            .any(|(j, other)| j != i && is_borrow[j] && super::opaque::names_ident(other, name));
    }
}
