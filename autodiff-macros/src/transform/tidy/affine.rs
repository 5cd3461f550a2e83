//! Indices as sums: `i * N + j - 1` is `j`, `i * N` and `-1`, so that two of them can be compared
//! and the first of a loop be told.

use crate::ir::*;
use std::collections::{BTreeMap, BTreeSet};

/// `coefficient · loop index + terms + constant`. The terms do not change during the loop; they are
/// compared by their text.
#[derive(Clone, Debug)]
pub struct Affine {
    pub index: i64,
    terms: BTreeMap<String, (i64, Expr)>,
    pub constant: i64,
}

impl PartialEq for Affine {
    fn eq(&self, other: &Self) -> bool {
        self.difference(other) == Some(0) && self.index == other.index
    }
}

/// What holds during one trip of a loop.
pub struct Trip<'b> {
    index: VarId,
    /// Values of variables that the body declares and never changes.
    lets: BTreeMap<VarId, &'b Expr>,
    /// Everything that the body writes or declares.
    pub written: BTreeSet<VarId>,
}

impl<'b> Trip<'b> {
    pub fn new(index: VarId, body: &'b Block) -> Self {
        let mut times: BTreeMap<VarId, usize> = BTreeMap::new();
        body.walk(&mut |s| {
            for v in s.kind.writes() {
                *times.entry(v).or_default() += 1;
            }
            if let StmtKind::LetTuple { vars, .. } = &s.kind {
                vars.iter().flatten().for_each(|v| *times.entry(*v).or_default() += 1);
            }
        });
        let mut lets = BTreeMap::new();
        for stmt in &body.stmts {
            if let StmtKind::Let { var, init: Some(init) } = &stmt.kind
                && times[var] == 1
            {
                lets.insert(*var, init);
            }
        }
        let mut written: BTreeSet<VarId> = times.into_keys().collect();
        written.insert(index);
        Trip { index, lets, written }
    }

    /// Whether the value of `e` is the same in every trip. `e` has to be free of effects.
    pub fn is_invariant(&self, e: &Expr) -> bool {
        let mut yes = true;
        e.for_each_var(&mut |v| yes &= !self.written.contains(&v));
        yes
    }

    /// `e` as a sum; `None` if it is none.
    pub fn affine(&self, e: &Expr) -> Option<Affine> {
        match &e.kind {
            ExprKind::Lit(tokens) => match integer(&tokens.to_string()) {
                Some(n) => Some(Affine::constant(n)),
                None => self.term(e),
            },
            ExprKind::Read(place) | ExprKind::Clone { place, .. } if place.proj.is_empty() => {
                if place.base == self.index {
                    return Some(Affine { index: 1, ..Affine::constant(0) });
                }
                match self.lets.get(&place.base) {
                    Some(init) => self.affine(init),
                    None => self.term(e),
                }
            }
            ExprKind::Binary(BinOp::Add, a, b) => Some(self.affine(a)?.plus(&self.affine(b)?, 1)),
            ExprKind::Binary(BinOp::Sub, a, b) => Some(self.affine(a)?.plus(&self.affine(b)?, -1)),
            ExprKind::Binary(BinOp::Mul, a, b) => {
                let (x, y) = (self.affine(a)?, self.affine(b)?);
                match (x.as_constant(), y.as_constant()) {
                    (_, Some(n)) => Some(Affine::constant(0).plus(&x, n)),
                    (Some(n), _) => Some(Affine::constant(0).plus(&y, n)),
                    _ => self.term(e),
                }
            }
            _ => self.term(e),
        }
    }

    /// A term of its own, if it does not change. What the body declares is put in, so that it can
    /// stand before the loop.
    fn term(&self, e: &Expr) -> Option<Affine> {
        let mut e = e.clone();
        self.inline(&mut e, 0)?;
        if !self.is_invariant(&e) {
            return None;
        }
        let terms = BTreeMap::from([(key(&e)?, (1, e))]);
        Some(Affine { index: 0, terms, constant: 0 })
    }

    fn inline(&self, e: &mut Expr, depth: usize) -> Option<()> {
        if depth > 4 {
            return None;
        }
        let mut found = false;
        e.rewrite(&mut |e| {
            if let ExprKind::Read(place) = &e.kind
                && place.proj.is_empty()
                && let Some(init) = self.lets.get(&place.base)
            {
                *e = (*init).clone();
                found = true;
            }
        });
        if found { self.inline(e, depth + 1) } else { Some(()) }
    }
}

impl Affine {
    pub fn constant(n: i64) -> Self {
        Affine { index: 0, terms: BTreeMap::new(), constant: n }
    }

    fn as_constant(&self) -> Option<i64> {
        (self.index == 0 && self.terms.is_empty()).then_some(self.constant)
    }

    /// Nothing but the loop's index and a number.
    pub fn is_literal(&self) -> bool {
        self.terms.is_empty()
    }

    /// `self + factor · other`
    pub fn plus(&self, other: &Affine, factor: i64) -> Affine {
        let mut out = self.clone();
        out.index += factor * other.index;
        out.constant += factor * other.constant;
        for (key, (n, e)) in &other.terms {
            out.terms.entry(key.clone()).or_insert_with(|| (0, e.clone())).0 += factor * n;
        }
        out.terms.retain(|_, (n, _)| *n != 0);
        out
    }

    /// `self - other`, if that is a number (the loop's index apart).
    pub fn difference(&self, other: &Affine) -> Option<i64> {
        let difference = self.plus(other, -1);
        difference.terms.is_empty().then_some(difference.constant)
    }

    /// With a value in place of the loop's index.
    pub fn at(&self, index: &Affine) -> Affine {
        let mut rest = self.clone();
        rest.index = 0;
        rest.plus(index, self.index)
    }

    /// As an expression; what is subtracted comes last, so that no difference falls below zero
    /// which did not as it was written. `None` if there is no `index` to write.
    pub fn to_expr(&self, index: Option<&Expr>, like: &Expr) -> Option<Expr> {
        let ty = Ty::Discrete(Some("usize".to_string()));
        let number = |n: i64| {
            let literal = proc_macro2::Literal::i64_unsuffixed(n);
            let tokens = proc_macro2::TokenStream::from(proc_macro2::TokenTree::from(literal));
            Expr::new(ExprKind::Lit(tokens), ty.clone(), like.span)
        };
        let mut signed: Vec<(i64, Expr)> = self.terms.values().cloned().collect();
        if self.index != 0 {
            signed.push((self.index, index?.clone()));
        }
        if self.constant != 0 {
            signed.push((self.constant.signum(), number(self.constant.abs())));
        }
        signed.sort_by_key(|(n, _)| *n < 0);
        let mut sum: Option<Expr> = None;
        for (n, e) in signed {
            let e = match n.abs() {
                1 => e,
                times => {
                    let kind = ExprKind::Binary(BinOp::Mul, Box::new(number(times)), Box::new(e));
                    Expr::new(kind, ty.clone(), like.span)
                }
            };
            sum = Some(match sum {
                None if n < 0 => return None,
                None => e,
                Some(before) => {
                    let op = if n < 0 { BinOp::Sub } else { BinOp::Add };
                    let kind = ExprKind::Binary(op, Box::new(before), Box::new(e));
                    Expr::new(kind, ty.clone(), like.span)
                }
            });
        }
        Some(sum.unwrap_or_else(|| number(0)))
    }
}

fn integer(text: &str) -> Option<i64> {
    let text = text.replace('_', "");
    text.strip_suffix("usize").unwrap_or(&text).parse().ok()
}

/// Text that two expressions share only if they are the same; `None` for what may have effects or
/// is not looked into.
pub fn key(e: &Expr) -> Option<String> {
    Some(match &e.kind {
        ExprKind::Lit(tokens) => tokens.to_string(),
        ExprKind::Const(c) => format!("const {c:?}"),
        ExprKind::Read(place) => place_key(place)?,
        ExprKind::Len(place) => format!("len({})", place_key(place)?),
        ExprKind::Neg(a) => format!("-({})", key(a)?),
        ExprKind::Not(a) => format!("!({})", key(a)?),
        ExprKind::Stop(a) => format!("stop({})", key(a)?),
        ExprKind::Cast(a, ty) => format!("({} as {})", key(a)?, ty.0),
        ExprKind::Binary(op, a, b) => format!("({} {op:?} {})", key(a)?, key(b)?),
        ExprKind::Intrinsic(name, args) => {
            let args: Option<Vec<String>> = args.iter().map(key).collect();
            format!("{name}({})", args?.join(", "))
        }
        _ => return None,
    })
}

pub fn place_key(place: &Place) -> Option<String> {
    let mut text = format!("v{}", place.base.0);
    for proj in &place.proj {
        match proj {
            Proj::Deref => text.push('*'),
            Proj::Field(syn::Member::Named(name)) => text.push_str(&format!(".{name}")),
            Proj::Field(syn::Member::Unnamed(i)) => text.push_str(&format!(".{}", i.index)),
            Proj::Index(i) => text.push_str(&format!("[{}]", key(i)?)),
            Proj::Slice { .. } => return None,
        }
    }
    Some(text)
}
