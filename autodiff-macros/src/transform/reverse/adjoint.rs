//! Adjoints of expressions: where the value's adjoint goes.
//!
//! The chain rule applied from the root of an expression to its leaves (Griewank & Walther 2008,
//! section 3.2). Primal operands are written as the versions they were in the forward sweep; what
//! has to be kept for that is decided later, from what is written here.

use super::Builder;
use crate::ir::*;
use crate::rules::{self, algebra};
use proc_macro2::Span;

impl Builder<'_> {
    /// The adjoint variable of a variable or version.
    pub fn bar(&mut self, var: VarId) -> VarId {
        let var = self.origin(var);
        if let Some(bar) = self.bars.get(&var) {
            return *bar;
        }
        let source = &self.out.vars[var.0 as usize];
        let name = format!("{}_bar", plain(&source.name));
        let ty = owned_tangent(&source.ty);
        let bar = self.fresh(&name, ty, true, Role::Adjoint(var));
        self.bars.insert(var, bar);
        bar
    }

    /// The adjoint of a place.
    pub fn bar_place(&mut self, place: &Place) -> Place {
        let base = self.bar(place.base);
        let mut proj: Vec<Proj> =
            place.proj.iter().filter(|p| !matches!(p, Proj::Deref)).cloned().collect();
        if proj.is_empty() && matches!(self.out.vars[base.0 as usize].ty, Ty::Ref { .. }) {
            proj.push(Proj::Deref);
        }
        Place { base, proj }
    }

    pub fn bar_read(&mut self, place: &Place, ty: &Ty, span: Span) -> Expr {
        let place = self.bar_place(place);
        Expr::new(ExprKind::Read(place), owned_tangent(ty), span)
    }

    /// `place_bar += seed`, in the form that fits the type.
    pub fn add_to(&mut self, place: &Place, ty: &Ty, seed: Expr, code: &mut Vec<Stmt>) {
        let span = seed.span;
        let to = self.bar_place(place);
        // A value of unknown type that got here through arithmetic with floats is a float.
        let scalar = ty.is_scalar() || *ty.peel() == Ty::Unknown && seed.ty.is_scalar();
        let kind = if scalar {
            match seed.kind {
                ExprKind::Neg(inner) => {
                    StmtKind::Update { place: to, op: BinOp::Sub, value: *inner }
                }
                _ => StmtKind::Update { place: to, op: BinOp::Add, value: seed },
            }
        } else {
            let value = self.reference(seed, code);
            StmtKind::Accumulate { to, value }
        };
        code.push(Stmt { kind, span });
    }

    /// `&seed`, bound to a temporary first if it is no place.
    fn reference(&mut self, seed: Expr, code: &mut Vec<Stmt>) -> Expr {
        let span = seed.span;
        let ty = seed.ty.clone();
        let place = match seed.kind {
            ExprKind::Read(place) => place,
            _ => Place::var(self.bind("seed", seed, code)),
        };
        Expr::new(ExprKind::Ref { mutable: false, place }, ty, span)
    }

    /// `let name = value;`
    pub fn bind(&mut self, name: &str, value: Expr, code: &mut Vec<Stmt>) -> VarId {
        let span = value.span;
        let var = self.fresh(name, value.ty.clone(), false, Role::Temp);
        self.activity.set(var, true);
        code.push(Stmt { kind: StmtKind::Let { var, init: Some(value) }, span });
        var
    }

    /// An expression that can be written several times: `value` itself if it is that simple, a
    /// new variable otherwise.
    pub fn shared(&mut self, name: &str, value: Expr, code: &mut Vec<Stmt>) -> Expr {
        let simple = match &value.kind {
            ExprKind::Lit(_) | ExprKind::Const(_) => true,
            ExprKind::Read(p) => p.is_whole(),
            _ => false,
        };
        if simple {
            return value;
        }
        let (ty, span) = (value.ty.clone(), value.span);
        let var = self.bind(name, value, code);
        Expr::new(ExprKind::Read(Place::var(var)), ty, span)
    }

    /// Adds `seed` times the derivative of `e` to the adjoints of all that `e` reads. `result` is
    /// the value of `e` where a variable holds it.
    pub fn propagate(&mut self, e: &Expr, seed: Expr, result: Option<&Expr>, code: &mut Vec<Stmt>) {
        if !self.activity.expr(e) {
            return;
        }
        match &e.kind {
            ExprKind::Read(place) | ExprKind::Ref { place, .. } | ExprKind::Clone { place, .. } => {
                self.add_to(place, &e.ty, seed, code)
            }
            ExprKind::Neg(a) => self.propagate(a, neg(seed), None, code),
            ExprKind::Binary(op, a, b) => self.binary(e, *op, a, b, seed, result, code),
            ExprKind::Intrinsic(name, args) => self.intrinsic(e, name, args, seed, result, code),
            ExprKind::Cast(a, _) => {
                let seed = self.cast_back(a, seed);
                self.propagate(a, seed, None, code);
            }
            ExprKind::Tuple(items) => {
                let seed = self.seed_variable(seed, code);
                for (i, item) in items.iter().enumerate() {
                    let part = Proj::Field(syn::Member::Unnamed(i.into()));
                    let read = component(&seed, part, &item.ty, item.span);
                    self.propagate(item, read, None, code);
                }
            }
            ExprKind::List { items, .. } => {
                let seed = self.seed_variable(seed, code);
                for (i, item) in items.iter().enumerate() {
                    let part = Proj::Index(Box::new(int(i, item.span)));
                    let read = component(&seed, part, &item.ty, item.span);
                    self.propagate(item, read, None, code);
                }
            }
            ExprKind::Repeat { item, .. } => {
                let seed = self.seed_variable(seed, code);
                let total = self.sum_of(&seed, &item.ty, item.span, code);
                self.propagate(item, total, None, code);
            }
            ExprKind::Lit(_)
            | ExprKind::Const(_)
            | ExprKind::Not(_)
            | ExprKind::Len(_)
            | ExprKind::Stop(_)
            | ExprKind::ZeroLike(_) => {}
            // Calls are statements of their own; opaque code was refused if active.
            ExprKind::Call(_) | ExprKind::Opaque(_) => {}
        }
    }

    /// Where the adjoint of an aggregate can be taken apart.
    pub fn seed_variable(&mut self, seed: Expr, code: &mut Vec<Stmt>) -> Place {
        match seed.kind {
            ExprKind::Read(place) => place,
            _ => Place::var(self.bind("seed", seed, code)),
        }
    }

    /// The sum of an aggregate's items.
    pub fn sum_of(
        &mut self,
        items: &Place,
        item_ty: &Ty,
        span: Span,
        code: &mut Vec<Stmt>,
    ) -> Expr {
        let zero = zero_of(item_ty, || Place {
            base: items.base,
            proj: [items.proj.clone(), vec![Proj::Index(Box::new(int(0, span)))]].concat(),
        });
        let total = self.fresh("item_bar", item_ty.clone(), true, Role::Temp);
        let k = self.fresh("k", Ty::Discrete(Some("usize".into())), false, Role::Temp);
        code.push(Stmt { kind: StmtKind::Let { var: total, init: Some(zero) }, span });
        let index = Expr::var(k, &self.out.vars, span);
        let item = component(items, Proj::Index(Box::new(index)), item_ty, span);
        let add = if item_ty.is_scalar() {
            StmtKind::Update { place: Place::var(total), op: BinOp::Add, value: item }
        } else {
            let ExprKind::Read(place) = item.kind else {
                unreachable!("a component is a read");
            };
            StmtKind::Accumulate {
                to: Place::var(total),
                value: Expr::new(ExprKind::Ref { mutable: false, place }, item_ty.clone(), span),
            }
        };
        let usize_ty = Ty::Discrete(Some("usize".into()));
        code.push(Stmt {
            kind: StmtKind::For {
                index: k,
                range: Range {
                    lo: int(0, span),
                    hi: Expr::new(ExprKind::Len(items.clone()), usize_ty, span),
                    inclusive: false,
                    step: None,
                    rev: false,
                    trips: None,
                },
                body: Block { stmts: vec![Stmt { kind: add, span }] },
                exit: None,
            },
            span,
        });
        self.activity.set(total, true);
        Expr::var(total, &self.out.vars, span)
    }

    /// The adjoint of `a as T` has the type of `a`.
    fn cast_back(&mut self, a: &Expr, seed: Expr) -> Expr {
        let name = match a.ty.peel() {
            Ty::Float(FloatTy::F32) => "f32",
            Ty::Float(FloatTy::F64 | FloatTy::Some) => "f64",
            _ => return seed,
        };
        let span = seed.span;
        let ty = a.ty.peel().clone();
        if seed.ty == ty {
            return seed;
        }
        let tokens = TokensEq(name.parse().expect("a type's name"));
        Expr::new(ExprKind::Cast(Box::new(seed), tokens), ty, span)
    }

    #[allow(clippy::too_many_arguments)]
    fn binary(
        &mut self,
        e: &Expr,
        op: BinOp,
        a: &Expr,
        b: &Expr,
        seed: Expr,
        result: Option<&Expr>,
        code: &mut Vec<Stmt>,
    ) {
        let active_a = self.activity.expr(a);
        let active_b = self.activity.expr(b);
        let both = active_a && active_b;
        match op {
            BinOp::Add | BinOp::Sub => {
                let seed = if both { self.shared("sum_bar", seed, code) } else { seed };
                self.propagate(a, seed.clone(), None, code);
                let seed = if op == BinOp::Sub { neg(seed) } else { seed };
                self.propagate(b, seed, None, code);
            }
            BinOp::Mul if both && same(a, b) => {
                let twice = mul(constant(2.0, &e.ty, e.span), mul(seed, a.clone()));
                self.propagate(a, twice, None, code);
            }
            BinOp::Mul => {
                let seed = if both { self.shared("product_bar", seed, code) } else { seed };
                self.propagate(a, mul(seed.clone(), b.clone()), None, code);
                self.propagate(b, mul(seed, a.clone()), None, code);
            }
            BinOp::Div => {
                let quotient = algebra::over(seed, b.clone());
                let quotient =
                    if active_b { self.shared("quotient_bar", quotient, code) } else { quotient };
                self.propagate(a, quotient.clone(), None, code);
                if active_b {
                    let value = result.cloned().unwrap_or_else(|| div(a.clone(), b.clone()));
                    self.propagate(b, neg(mul(quotient, value)), None, code);
                }
            }
            BinOp::Rem => {
                let args = [a.clone(), b.clone()];
                self.intrinsic(e, "rem", &args, seed, result, code);
            }
            _ => {}
        }
    }

    fn intrinsic(
        &mut self,
        e: &Expr,
        name: &'static str,
        args: &[Expr],
        seed: Expr,
        result: Option<&Expr>,
        code: &mut Vec<Stmt>,
    ) {
        let Some(rule) = rules::find(name) else {
            return;
        };
        let result = result.unwrap_or(e);
        let active: Vec<usize> =
            (0..args.len()).filter(|i| self.activity.expr(&args[*i])).collect();
        let partials: Vec<(usize, Expr)> =
            active.into_iter().filter_map(|i| Some((i, rule.partial(i, args, result)?))).collect();
        let seed =
            if partials.len() > 1 { self.shared(&format!("{name}_bar"), seed, code) } else { seed };
        for (i, partial) in partials {
            self.propagate(&args[i], mul(seed.clone(), partial), None, code);
        }
    }
}

/// The name without a raw prefix.
pub fn plain(name: &proc_macro2::Ident) -> String {
    let text = name.to_string();
    text.trim_start_matches("r#").to_string()
}

/// The type of a tangent that is held by value.
pub fn owned_tangent(ty: &Ty) -> Ty {
    match ty {
        Ty::Ref { inner, .. } => owned_tangent(inner),
        Ty::Slice(item) => Ty::Vec(Box::new(owned_tangent(item))),
        Ty::Vec(item) => Ty::Vec(Box::new(owned_tangent(item))),
        Ty::Array(item, len) => Ty::Array(Box::new(owned_tangent(item)), len.clone()),
        Ty::Tuple(items) => Ty::Tuple(items.iter().map(owned_tangent).collect()),
        other => other.clone(),
    }
}

/// A zero of a tangent whose shape the type tells, else one shaped like `place`.
pub fn zero_of(ty: &Ty, place: impl FnOnce() -> Place) -> Expr {
    zero_by_type(ty).unwrap_or_else(|| {
        Expr::new(ExprKind::ZeroLike(place()), owned_tangent(ty), Span::mixed_site())
    })
}

pub fn zero_by_type(ty: &Ty) -> Option<Expr> {
    let span = Span::mixed_site();
    Some(match ty {
        Ty::Ref { inner, .. } => zero_by_type(inner)?,
        Ty::Float(_) => constant(0.0, ty, span),
        // A length that only rustc knows cannot be repeated.
        Ty::Array(_, len) if len.0.to_string() == "_" => return None,
        Ty::Array(item, len) => {
            // Only arrays of `Copy` items can be repeated.
            let item_zero = zero_by_type(item)?;
            Expr::new(
                ExprKind::Repeat {
                    item: Box::new(item_zero),
                    len: Box::new(Expr::new(
                        ExprKind::Lit(len.0.clone()),
                        Ty::Discrete(Some("usize".into())),
                        span,
                    )),
                    vec: false,
                },
                owned_tangent(ty),
                span,
            )
        }
        Ty::Tuple(items) if !items.is_empty() => {
            let zeros = items.iter().map(zero_by_type).collect::<Option<Vec<_>>>()?;
            Expr::new(ExprKind::Tuple(zeros), owned_tangent(ty), span)
        }
        _ => return None,
    })
}

pub fn int(value: usize, span: Span) -> Expr {
    let literal = proc_macro2::Literal::usize_unsuffixed(value);
    Expr::new(
        ExprKind::Lit(proc_macro2::TokenTree::from(literal).into()),
        Ty::Discrete(Some("usize".into())),
        span,
    )
}

pub fn constant(value: f64, ty: &Ty, span: Span) -> Expr {
    Expr::new(ExprKind::Const(value), ty.peel().clone(), span)
}

/// A read of a part of a place.
pub fn component(place: &Place, part: Proj, ty: &Ty, span: Span) -> Expr {
    let mut place = place.clone();
    if place.proj.len() == 1 && matches!(place.proj[0], Proj::Deref) {
        place.proj.clear();
    }
    place.proj.push(part);
    Expr::new(ExprKind::Read(place), owned_tangent(ty), span)
}

pub fn neg(e: Expr) -> Expr {
    match e.kind {
        ExprKind::Neg(inner) => *inner,
        ExprKind::Const(c) => Expr { kind: ExprKind::Const(-c), ..e },
        _ => {
            let (ty, span) = (e.ty.clone(), e.span);
            Expr::new(ExprKind::Neg(Box::new(e)), ty, span)
        }
    }
}

fn is_one(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Const(c) if c == 1.0)
}

pub fn mul(a: Expr, b: Expr) -> Expr {
    if is_one(&a) {
        return b;
    }
    if is_one(&b) {
        return a;
    }
    match (a.kind, b.kind) {
        (ExprKind::Neg(a), kind) => neg(mul(*a, Expr { kind, ..b })),
        (kind, ExprKind::Neg(b)) => neg(mul(Expr { kind, ..a }, *b)),
        (ka, kb) => {
            let ty = match a.ty.peel() {
                Ty::Unknown | Ty::Float(FloatTy::Some) => b.ty.peel().clone(),
                ty => ty.clone(),
            };
            let span = a.span;
            let a = Expr { kind: ka, ..a };
            let b = Expr { kind: kb, ..b };
            Expr::new(ExprKind::Binary(BinOp::Mul, Box::new(a), Box::new(b)), ty, span)
        }
    }
}

pub fn div(a: Expr, b: Expr) -> Expr {
    if let ExprKind::Neg(a) = a.kind {
        return neg(div(*a, b));
    }
    let (ty, span) = (a.ty.peel().clone(), a.span);
    Expr::new(ExprKind::Binary(BinOp::Div, Box::new(a), Box::new(b)), ty, span)
}

/// Whether two expressions certainly have the same value.
pub fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Lit(a), ExprKind::Lit(b)) => a.to_string() == b.to_string(),
        (ExprKind::Const(a), ExprKind::Const(b)) => a == b,
        (ExprKind::Read(a), ExprKind::Read(b)) | (ExprKind::Len(a), ExprKind::Len(b)) => {
            same_place(a, b)
        }
        (ExprKind::Binary(f, a, b), ExprKind::Binary(g, c, d)) => {
            f == g && same(a, c) && same(b, d)
        }
        (ExprKind::Neg(a), ExprKind::Neg(b)) => same(a, b),
        (ExprKind::Intrinsic(f, a), ExprKind::Intrinsic(g, b)) => {
            f == g && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        _ => false,
    }
}

pub fn same_place(a: &Place, b: &Place) -> bool {
    a.base == b.base
        && a.proj.len() == b.proj.len()
        && a.proj.iter().zip(&b.proj).all(|pair| match pair {
            (Proj::Deref, Proj::Deref) => true,
            (Proj::Field(a), Proj::Field(b)) => a == b,
            (Proj::Index(a), Proj::Index(b)) => same(a, b),
            _ => false,
        })
}
