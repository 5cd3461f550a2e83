//! Memory locations: variables, fields, elements, and the references that stand for them.

use super::{Lower, infer, lit, scope::Bound, strip, usize_ty};
use crate::ir::{BinOp, Expr, ExprKind, Place, Proj, Ty};
use proc_macro2::Span;
use quote::quote;
use syn::spanned::Spanned;

/// What an expression is, before it is asked for a value.
pub enum View {
    /// A location.
    Place(Place, Ty),
    /// A reference to a location.
    RefTo { place: Place, ty: Ty, mutable: bool },
    /// Neither.
    Other,
}

impl Lower<'_> {
    /// The place that an expression names or refers to. Index expressions with effects are hoisted.
    pub fn view(&mut self, expr: &syn::Expr) -> View {
        let expr = strip(expr);
        match expr {
            syn::Expr::Path(path) if path.qself.is_none() => {
                let Some(ident) = path.path.get_ident() else { return View::Other };
                match self.lookup(ident) {
                    Some(Bound::Var(var)) => {
                        self.place_or_ref(Place::var(var), self.var(var).ty.clone())
                    }
                    Some(Bound::Alias { place, ty, mutable }) => View::RefTo { place, ty, mutable },
                    Some(Bound::Closure(_)) | None => View::Other,
                }
            }
            syn::Expr::Field(field) => {
                let (mut place, ty) = match self.view(&field.base) {
                    View::Place(place, ty) | View::RefTo { place, ty, .. } => (place, ty),
                    View::Other => return View::Other,
                };
                drop_deref(&mut place);
                let proj = Proj::Field(field.member.clone());
                let ty = infer::project(&ty, &proj);
                place.proj.push(proj);
                self.place_or_ref(place, ty)
            }
            syn::Expr::Index(index) => {
                let (place, ty) = match self.view(&index.expr) {
                    View::Place(place, ty) | View::RefTo { place, ty, .. } => (place, ty),
                    View::Other => return View::Other,
                };
                self.indexed(place, &ty, &index.index)
            }
            syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => {
                match self.view(expr) {
                    View::RefTo { place, ty, .. } => self.place_or_ref(place, ty),
                    // One arrow of several that were taken for one.
                    View::Place(place, ty)
                        if !matches!(ty, Ty::Unknown | Ty::Named(_) | Ty::Ref { .. }) =>
                    {
                        View::Place(place, ty)
                    }
                    // The adjoint of a `Box` is no box.
                    View::Place(_, ty) if is_box(&ty) => View::Other,
                    View::Place(mut place, ty) => {
                        let inner = infer::project(&ty, &Proj::Deref);
                        place.proj.push(Proj::Deref);
                        View::Place(place, inner)
                    }
                    View::Other => View::Other,
                }
            }
            syn::Expr::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                match self.view(&reference.expr) {
                    View::Place(place, ty) => View::RefTo { place, ty, mutable },
                    // `&r` of a reference: one level is enough for all that lowering does.
                    View::RefTo { place, ty, .. } => View::RefTo { place, ty, mutable },
                    View::Other => View::Other,
                }
            }
            syn::Expr::MethodCall(call) => self.method_view(call),
            _ => View::Other,
        }
    }

    /// A place of reference type is what it refers to.
    pub fn place_or_ref(&self, mut place: Place, ty: Ty) -> View {
        match ty {
            Ty::Ref { mutable, inner } => {
                place.proj.push(Proj::Deref);
                let mut ty = *inner;
                let mut mutable = mutable;
                // `&&x` is `&x` behind one more arrow.
                while let Ty::Ref { mutable: m, inner } = ty {
                    place.proj.push(Proj::Deref);
                    mutable &= m;
                    ty = *inner;
                }
                View::RefTo { place, ty, mutable }
            }
            ty => View::Place(place, ty),
        }
    }

    fn indexed(&mut self, mut place: Place, ty: &Ty, index: &syn::Expr) -> View {
        let index = strip(index);
        if let syn::Expr::Range(range) = index {
            let lo = range.start.as_ref().map(|e| self.index_expr(e));
            let mut hi = range.end.as_ref().map(|e| self.index_expr(e));
            if matches!(range.limits, syn::RangeLimits::Closed(_)) {
                hi = hi.map(|hi| plus(hi, lit(quote!(1), usize_ty(), range.span())));
            }
            let element = infer::project(ty, &Proj::Slice { lo: None, hi: None });
            push_slice(&mut place, lo, hi);
            return View::Place(place, element);
        }
        // A map's key, a range in a variable: not an element by position.
        let by_key = matches!(index, syn::Expr::Reference(_))
            || matches!(index, syn::Expr::Lit(l) if !matches!(l.lit, syn::Lit::Int(_)));
        if by_key {
            return View::Other;
        }
        let index = self.index_expr(index);
        let element = infer::project(ty, &Proj::Index(Box::new(index.clone())));
        push_index(&mut place, index);
        self.place_or_ref(place, element)
    }

    /// An index or bound: a value without effects.
    pub fn index_expr(&mut self, expr: &syn::Expr) -> Expr {
        let value = self.operand(expr);
        if value.ty == Ty::Unknown
            && matches!(value.kind, ExprKind::Lit(_) | ExprKind::Read(_) | ExprKind::Binary(..))
        {
            // What indexes a slice is a `usize`, whatever else is known of it.
            return Expr { ty: Ty::Discrete(None), ..value };
        }
        value
    }

    /// An alias outlives the statement that makes it: its indices must not change meanwhile.
    pub fn captured(&mut self, place: Place) -> Place {
        let proj = place
            .proj
            .into_iter()
            .map(|proj| match proj {
                Proj::Index(index) => Proj::Index(Box::new(self.frozen("index", *index))),
                Proj::Slice { lo, hi } => Proj::Slice {
                    lo: lo.map(|e| Box::new(self.frozen("start", *e))),
                    hi: hi.map(|e| Box::new(self.frozen("end", *e))),
                },
                other => other,
            })
            .collect();
        Place { base: place.base, proj }
    }

    /// The value itself if nothing can change it, else a variable that holds it.
    pub fn frozen(&mut self, name: &str, value: Expr) -> Expr {
        if self.is_frozen(&value) { value } else { self.hoist(name, value) }
    }

    pub fn is_frozen(&self, value: &Expr) -> bool {
        let mut fixed = true;
        value.walk(&mut |e| match &e.kind {
            ExprKind::Read(place) => {
                let var = self.var(place.base);
                fixed &= !var.mutable && place.proj.is_empty() && is_plain(&var.ty);
            }
            // The length of what is not a `Vec` never changes.
            ExprKind::Len(place) => {
                let var = self.var(place.base);
                let reassigned = var.mutable && matches!(var.ty, Ty::Ref { .. });
                fixed &= !reassigned
                    && (matches!(var.ty.peel(), Ty::Slice(_) | Ty::Array(..))
                        || !var.mutable && !matches!(var.ty, Ty::Ref { mutable: true, .. }));
            }
            ExprKind::Call(_) | ExprKind::Opaque(_) => fixed = false,
            _ => {}
        });
        fixed
    }

    /// Whether the place is reached through a reference variable that may be made to point
    /// elsewhere: then an alias of it would go stale.
    pub fn is_stale_prone(&self, place: &Place) -> bool {
        let var = self.var(place.base);
        var.mutable && matches!(var.ty, Ty::Ref { .. })
    }

    /// The value of a place.
    pub fn read(&self, place: Place, ty: Ty, span: Span) -> Expr {
        // Lists are not moved out of lists: where the source may (`let [a, b] = lists`), the copy
        // has the same value.
        if has_list(&ty) && place.proj.iter().any(|p| matches!(p, Proj::Index(_))) {
            return Expr::new(ExprKind::Clone { place, vec: false }, ty, span);
        }
        Expr::new(ExprKind::Read(place), ty, span)
    }

    /// `place.len()`, worked out where the bounds of a slice tell it.
    pub fn len_of(&mut self, place: &Place, ty: &Ty, span: Span) -> Expr {
        if let Ty::Array(_, len) = ty.peel() {
            let is_simple = syn::parse2::<syn::Expr>(len.0.clone())
                .is_ok_and(|e| matches!(e, syn::Expr::Lit(_) | syn::Expr::Path(_)));
            if is_simple {
                return lit(len.0.clone(), usize_ty(), span);
            }
        }
        if let Some(Proj::Slice { lo, hi }) = place.proj.last() {
            match (lo, hi) {
                (Some(lo), Some(hi)) => return minus((**hi).clone(), (**lo).clone()),
                (None, Some(hi)) => return (**hi).clone(),
                (Some(lo), None) => {
                    let mut whole = place.clone();
                    whole.proj.pop();
                    let whole = Expr::new(ExprKind::Len(whole), usize_ty(), span);
                    return minus(whole, (**lo).clone());
                }
                (None, None) => {
                    let mut whole = place.clone();
                    whole.proj.pop();
                    return Expr::new(ExprKind::Len(whole), usize_ty(), span);
                }
            }
        }
        Expr::new(ExprKind::Len(place.clone()), usize_ty(), span)
    }
}

/// Copied when read: no part of it can be reached through another name.
fn is_plain(ty: &Ty) -> bool {
    matches!(ty, Ty::Discrete(_) | Ty::Float(_) | Ty::Unknown)
}

/// Indexing and fields go through references on their own.
pub fn drop_deref(place: &mut Place) {
    while let Some(Proj::Deref) = place.proj.last() {
        place.proj.pop();
    }
}

/// `place[index]`, the offset of a sub-slice added.
pub fn push_index(place: &mut Place, index: Expr) {
    drop_deref(place);
    if let Some(Proj::Slice { lo, .. }) = place.proj.last() {
        let lo = lo.clone();
        place.proj.pop();
        let index = match lo {
            Some(lo) => plus(*lo, index),
            None => index,
        };
        place.proj.push(Proj::Index(Box::new(index)));
    } else {
        place.proj.push(Proj::Index(Box::new(index)));
    }
}

/// `place[lo..hi]`, the offset of a sub-slice added.
pub fn push_slice(place: &mut Place, lo: Option<Expr>, hi: Option<Expr>) {
    drop_deref(place);
    if let Some(Proj::Slice { lo: lo0, hi: hi0 }) = place.proj.last() {
        let (lo0, hi0) = (lo0.clone(), hi0.clone());
        place.proj.pop();
        let new_hi = match (&lo0, hi) {
            (Some(lo0), Some(hi)) => Some(Box::new(plus((**lo0).clone(), hi))),
            (None, Some(hi)) => Some(Box::new(hi)),
            (_, None) => hi0,
        };
        let new_lo = match (lo0, lo) {
            (Some(lo0), Some(lo)) => Some(Box::new(plus(*lo0, lo))),
            (None, Some(lo)) => Some(Box::new(lo)),
            (lo0, None) => lo0,
        };
        place.proj.push(Proj::Slice { lo: new_lo, hi: new_hi });
    } else {
        place.proj.push(Proj::Slice { lo: lo.map(Box::new), hi: hi.map(Box::new) });
    }
}

fn int_value(expr: &Expr) -> Option<u64> {
    match &expr.kind {
        ExprKind::Lit(tokens) => {
            syn::parse2::<syn::LitInt>(tokens.clone()).ok()?.base10_parse().ok()
        }
        _ => None,
    }
}

fn int(value: u64, span: Span) -> Expr {
    let literal = proc_macro2::Literal::u64_unsuffixed(value);
    lit(quote!(#literal), usize_ty(), span)
}

/// `a + b` of integers, simplified where literals allow it.
pub fn plus(a: Expr, b: Expr) -> Expr {
    let span = b.span;
    match (int_value(&a), int_value(&b)) {
        (Some(0), _) => return b,
        (_, Some(0)) => return a,
        (Some(x), Some(y)) => return int(x + y, span),
        _ => {}
    }
    Expr::new(ExprKind::Binary(BinOp::Add, Box::new(a), Box::new(b)), usize_ty(), span)
}

/// `a - b` of integers, simplified: `(lo + n) - lo` is `n`.
pub fn minus(a: Expr, b: Expr) -> Expr {
    let span = a.span;
    match (int_value(&a), int_value(&b)) {
        (_, Some(0)) => return a,
        (Some(x), Some(y)) if x >= y => return int(x - y, span),
        _ => {}
    }
    if let ExprKind::Binary(BinOp::Add, lo, n) = &a.kind
        && same(lo, &b)
    {
        return (**n).clone();
    }
    Expr::new(ExprKind::Binary(BinOp::Sub, Box::new(a), Box::new(b)), usize_ty(), span)
}

/// `a * b` of integers.
pub fn times(a: Expr, b: Expr) -> Expr {
    let span = a.span;
    match (int_value(&a), int_value(&b)) {
        (Some(1), _) => return b,
        (_, Some(1)) => return a,
        (Some(x), Some(y)) => return int(x * y, span),
        _ => {}
    }
    Expr::new(ExprKind::Binary(BinOp::Mul, Box::new(a), Box::new(b)), usize_ty(), span)
}

/// The same text: the same value, as long as nothing is written in between.
pub fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Lit(a), ExprKind::Lit(b)) => a.to_string() == b.to_string(),
        (ExprKind::Read(a), ExprKind::Read(b)) | (ExprKind::Len(a), ExprKind::Len(b)) => {
            same_place(a, b)
        }
        (ExprKind::Binary(o, a1, a2), ExprKind::Binary(p, b1, b2)) => {
            o == p && same(a1, b1) && same(a2, b2)
        }
        _ => false,
    }
}

/// Elements or sub-slices of the same list.
pub fn parts_of_one_list(a: &Place, b: &Place) -> bool {
    let (Some((last_a, path_a)), Some((last_b, path_b))) =
        (a.proj.split_last(), b.proj.split_last())
    else {
        return false;
    };
    let part = |proj: &Proj| matches!(proj, Proj::Index(_) | Proj::Slice { .. });
    let list = |base, path: &[Proj]| Place { base, proj: path.to_vec() };
    part(last_a) && part(last_b) && same_place(&list(a.base, path_a), &list(b.base, path_b))
}

fn same_place(a: &Place, b: &Place) -> bool {
    a.base == b.base
        && a.proj.len() == b.proj.len()
        && a.proj.iter().zip(&b.proj).all(|pair| match pair {
            (Proj::Deref, Proj::Deref) => true,
            (Proj::Field(a), Proj::Field(b)) => a == b,
            (Proj::Index(a), Proj::Index(b)) => same(a, b),
            _ => false,
        })
}

/// Whether values of the type own a `Vec`, and hence are no copies.
pub fn has_list(ty: &Ty) -> bool {
    match ty {
        Ty::Vec(_) => true,
        Ty::Array(inner, _) => has_list(inner),
        Ty::Tuple(parts) => parts.iter().any(has_list),
        _ => false,
    }
}

/// `Box<…>`
pub fn is_box(ty: &Ty) -> bool {
    matches!(ty, Ty::Named(name) if name.0.to_string().starts_with("Box <"))
}
