//! `aux`: the result is `(float, anything)`, and only the float is differentiated; and fallible
//! functions, whose result became `(value, failure)`. To the
//! transformations the result is a tuple whose second component is constant; here their seeds and
//! tangents, tuples too, are cut down to the float's.

use crate::ir::{Block, Expr, ExprKind, Function, Place, Proj, Stmt, StmtKind, Ty, VarId};
use crate::signature::Signature;
use crate::transform::reverse::Reverse;

/// The result as a tuple with the second component held constant.
pub fn split_result(sig: &Signature, f: &mut Function) {
    if !sig.output.is_pair() {
        return;
    }
    let Some(result) = f.result.take() else {
        return;
    };
    let span = result.span;
    let (tuple_ty, float_ty) = (result.ty.clone(), float_of(&f.result_ty));
    let (float, other) = match result.kind {
        ExprKind::Tuple(items) if items.len() == 2 => {
            let mut items = items.into_iter();
            (items.next().expect("two"), items.next().expect("two"))
        }
        ExprKind::Read(place) => {
            let component = |i: u32, ty: Ty| {
                let mut place = place.clone();
                place.proj.push(Proj::Field(syn::Member::from(i as usize)));
                Expr::new(ExprKind::Read(place), ty, span)
            };
            (component(0, float_ty), component(1, Ty::Unknown))
        }
        other => {
            let ty = tuple_ty.clone();
            let var = f.fresh("result", ty.clone(), false, crate::ir::Role::Temp);
            let init = Some(Expr::new(other, ty.clone(), span));
            f.body.stmts.push(Stmt { kind: StmtKind::Let { var, init }, span });
            f.result = Some(Expr::new(ExprKind::Read(Place::var(var)), ty, span));
            return split_result(sig, f);
        }
    };
    let other_ty = other.ty.clone();
    let other = Expr::new(ExprKind::Stop(Box::new(other)), other_ty, span);
    f.result = Some(Expr::new(ExprKind::Tuple(vec![float, other]), tuple_ty, span));
}

fn float_of(ty: &Ty) -> Ty {
    match ty {
        Ty::Tuple(items) if !items.is_empty() => items[0].clone(),
        _ => Ty::Unknown,
    }
}

/// The seed `result_bar.0` becomes `result_bar`.
pub fn take_seed(sig: &Signature, reverse: &mut Reverse) {
    let Some(seed) = reverse.seed.filter(|_| sig.output.is_pair()) else {
        return;
    };
    let var = &mut reverse.function.vars[seed.0 as usize];
    var.ty = float_of(&var.ty);
    in_block(&mut reverse.function.body, seed);
    if let Some(split) = &mut reverse.split {
        in_block(&mut split.reverse, seed);
        split.gradient.iter_mut().for_each(|e| in_expr(e, seed));
    }
}

fn in_block(block: &mut Block, seed: VarId) {
    for stmt in &mut block.stmts {
        stmt.kind.exprs_mut().into_iter().for_each(|e| in_expr(e, seed));
        if let StmtKind::CopyFrom { from: place, .. } | StmtKind::SetZero(place) = &mut stmt.kind {
            in_place(place, seed);
        }
        stmt.kind.blocks_mut().into_iter().for_each(|inner| in_block(inner, seed));
    }
}

fn in_expr(e: &mut Expr, seed: VarId) {
    e.rewrite(&mut |e| match &mut e.kind {
        ExprKind::Read(place)
        | ExprKind::Ref { place, .. }
        | ExprKind::Clone { place, .. }
        | ExprKind::Len(place)
        | ExprKind::ZeroLike(place) => in_place(place, seed),
        _ => {}
    });
}

fn in_place(place: &mut Place, seed: VarId) {
    if place.base == seed && matches!(place.proj.first(), Some(Proj::Field(_))) {
        place.proj.remove(0);
    }
}

/// After forward transformation number `times` the result is `(value, tangent)`; in the tangent,
/// that of the user's `(float, anything)` becomes that of the float.
pub fn strip_tangent(sig: &Signature, f: &mut Function, times: usize) {
    if !sig.output.is_pair() {
        return;
    }
    // Reverse sweeps have no result.
    let Some(result) = f.result.take() else {
        return;
    };
    let Expr { kind: ExprKind::Tuple(mut items), ty, span } = result else {
        unreachable!("the forward transformation puts out a tuple");
    };
    let tangent = items.pop().expect("value and tangent");
    let tangent = strip(tangent, times - 1, f);
    items.push(tangent);
    f.result = Some(Expr::new(ExprKind::Tuple(items), ty, span));
}

/// The user's result is inside so many pairs of value and tangent.
fn strip(tangent: Expr, depth: usize, f: &mut Function) -> Expr {
    let span = tangent.span;
    let [first, second] = components(tangent, f);
    if depth == 0 {
        return first;
    }
    let first = strip(first, depth - 1, f);
    Expr::new(ExprKind::Tuple(vec![first, second]), Ty::Unknown, span)
}

fn components(e: Expr, f: &mut Function) -> [Expr; 2] {
    let (ty, span) = (e.ty.clone(), e.span);
    let place = match e.kind {
        ExprKind::Tuple(items) if items.len() == 2 => {
            return items.try_into().expect("two");
        }
        ExprKind::Read(place) => place,
        kind => {
            let var = f.fresh("tangent", ty.clone(), false, crate::ir::Role::Temp);
            let init = Some(Expr::new(kind, ty, span));
            f.body.stmts.push(Stmt { kind: StmtKind::Let { var, init }, span });
            Place::var(var)
        }
    };
    [0, 1].map(|i: usize| {
        let mut place = place.clone();
        place.proj.push(Proj::Field(syn::Member::from(i)));
        Expr::new(ExprKind::Read(place), Ty::Unknown, span)
    })
}
