//! Iterators as sequences by position: `for` loops over them become loops over an index.

use super::flatten::Flat;
use super::place::{View, minus, plus, same, times};
use super::scope::{Bound, Scope};
use super::{Lower, infer, strip, usize_ty};
use crate::ir::{BinOp, Expr, ExprKind, Place, Range, Role, StmtKind, TokensEq, Ty};
use quote::quote;
use std::rc::Rc;
use syn::spanned::Spanned;

/// A change of position: the new position is the argument.
#[derive(Clone)]
pub enum Step {
    /// `len - 1 - i`
    Reversed(Expr),
    /// `i + n`
    Offset(Expr),
    /// `i * k`
    Times(Expr),
}

/// What a sequence has at a position. There are a few at a time.
#[allow(clippy::large_enum_variant)]
#[derive(Clone)]
pub enum Item {
    /// `place[i]`, a reference to it (mutable or not) or its value.
    Element {
        place: Place,
        by: Option<bool>,
        steps: Vec<Step>,
    },
    /// `place[i * stride..i * stride + size]`
    Part {
        place: Place,
        stride: Option<Expr>,
        size: Expr,
        /// Where the list ends, if the last part may be shorter (`chunks`).
        end: Option<Expr>,
        mutable: bool,
        steps: Vec<Step>,
    },
    /// `lo + i`, of the range's type.
    Count {
        lo: Expr,
        steps: Vec<Step>,
    },
    Tuple(Vec<Item>),
    /// What a filter has evaluated already; `by_ref`: a reference to it.
    Held {
        slot: usize,
        by_ref: bool,
    },
    /// The value of a function of another item, its names as bound there.
    Mapped {
        item: Box<Item>,
        function: Rc<syn::Expr>,
        scopes: Vec<Scope>,
    },
}

/// A sequence: its length (`None`: unbounded) and items by position.
#[derive(Clone)]
pub struct Seq {
    pub len: Option<Expr>,
    pub item: Item,
    /// Run backwards.
    pub rev: bool,
    /// A range alone, which a loop can run over as it stands.
    pub range: Option<Range>,
    /// Items for which one of these is false are left out.
    pub filters: Vec<Filter>,
    /// Instead of all that: what each item of another sequence gives.
    pub flat: Option<Flat>,
}

/// A condition on an item, as the item was at that link of the chain.
#[derive(Clone)]
pub struct Filter {
    /// What comes after the first item that is left out is left out too (`take_while`).
    pub stops: bool,
    pub function: Rc<syn::Expr>,
    pub scopes: Vec<Scope>,
    pub item: Item,
    /// Items evaluated before, each once.
    pub held: Vec<(usize, Item)>,
}

impl Item {
    pub fn push(&mut self, step: &Step) {
        match self {
            Item::Element { steps, .. } | Item::Part { steps, .. } | Item::Count { steps, .. } => {
                steps.push(step.clone());
            }
            Item::Tuple(parts) => parts.iter_mut().for_each(|part| part.push(step)),
            // Nothing moves what is filtered.
            Item::Held { .. } => {}
            Item::Mapped { item, .. } => item.push(step),
        }
    }

    /// The count that everything is made from starts at `start`.
    fn start_at(&mut self, start: Expr) {
        match self {
            Item::Count { lo, .. } => *lo = start,
            Item::Mapped { item, .. } => item.start_at(start),
            _ => {}
        }
    }

    /// `copied()`, `cloned()`.
    pub fn by_value(&mut self) {
        if let Item::Element { by, .. } = self {
            *by = None;
        }
    }
}

/// Later steps apply first: they came later in the chain.
pub fn position(steps: &[Step], index: &Expr) -> Expr {
    let span = index.span;
    steps.iter().rev().fold(index.clone(), |i, step| match step {
        Step::Reversed(len) => {
            let last = minus(len.clone(), super::pattern::number(1, span));
            minus(last, i)
        }
        Step::Offset(n) => plus(n.clone(), i),
        Step::Times(k) => times(i, k.clone()),
    })
}

impl Lower<'_> {
    /// Whether an expression can be taken apart as a sequence; nothing is emitted.
    pub fn is_seq(&mut self, expr: &syn::Expr) -> bool {
        match strip(expr) {
            syn::Expr::Range(range) => range.start.is_some(),
            syn::Expr::Reference(reference) => self.is_listed(&reference.expr),
            syn::Expr::MethodCall(call) => {
                let name = call.method.to_string();
                match (name.as_str(), call.args.len()) {
                    ("iter" | "iter_mut", 0) => self.is_listed(&call.receiver),
                    (
                        "chunks" | "chunks_mut" | "chunks_exact" | "chunks_exact_mut" | "windows",
                        1,
                    ) => self.is_listed(&call.receiver),
                    ("into_iter", 0) => {
                        self.is_seq(&call.receiver) || self.is_listed(&call.receiver)
                    }
                    ("rev" | "enumerate" | "copied" | "cloned", 0)
                    | ("skip" | "take" | "step_by", 1) => self.is_seq(&call.receiver),
                    ("clone" | "to_vec" | "to_owned", 0) => self.is_listed(expr),
                    ("map" | "filter" | "take_while", 1) => {
                        matches!(strip(&call.args[0]), syn::Expr::Closure(_) | syn::Expr::Path(_))
                            && self.is_seq(&call.receiver)
                    }
                    ("flat_map", 1) => {
                        matches!(strip(&call.args[0]), syn::Expr::Closure(_))
                            && self.is_seq(&call.receiver)
                    }
                    ("flatten", 0) | ("scan", 2) => self.is_seq(&call.receiver),
                    ("zip", 1) => {
                        let (a, b) = (&call.receiver, &call.args[0]);
                        let (one, two) = (self.is_seq(a), self.is_seq(b));
                        one && (two || self.is_assumed(b)) || two && self.is_assumed(a)
                    }
                    _ => false,
                }
            }
            syn::Expr::Array(_) | syn::Expr::Repeat(_) => true,
            other => self.is_listed(other),
        }
    }

    /// Of a type that is indexed by position.
    pub fn is_listed(&mut self, expr: &syn::Expr) -> bool {
        if let syn::Expr::Index(index) = strip(expr)
            && matches!(strip(&index.index), syn::Expr::Range(_))
        {
            return self.is_listed(&index.expr);
        }
        if let syn::Expr::MethodCall(call) = strip(expr) {
            let same = ["as_slice", "as_mut_slice", "clone", "to_vec", "to_owned"];
            return same.iter().any(|name| call.method == name) && self.is_listed(&call.receiver);
        }
        if let syn::Expr::Call(_) = strip(expr) {
            return self.peek_ty(expr) == Ty::Unknown && self.is_free_call(expr);
        }
        let ty = self.peek_ty(expr);
        match ty.peel() {
            Ty::Vec(_) | Ty::Slice(_) | Ty::Array(..) => true,
            Ty::Unknown => self.root_is_call(expr),
            _ => false,
        }
    }

    /// A call of a free function, by the look of its path.
    pub fn is_free_call(&self, expr: &syn::Expr) -> bool {
        let syn::Expr::Call(call) = strip(expr) else { return false };
        let syn::Expr::Path(path) = strip(&call.func) else { return false };
        let single = path.path.get_ident().is_some_and(|ident| self.lookup(ident).is_some());
        path.qself.is_none()
            && !single
            && !call.args.is_empty()
            && path.path.segments.iter().all(|s| {
                !s.ident.to_string().starts_with(char::is_uppercase)
                    && !["std", "core", "alloc"].iter().any(|root| s.ident == root)
            })
    }

    /// What a free function made of active arguments is taken for a list of numbers: a
    /// differentiable function cannot give much else to iterate over. (Were it something else,
    /// indexing it would not compile.)
    pub fn root_is_call(&self, expr: &syn::Expr) -> bool {
        match strip(expr) {
            syn::Expr::Path(path) => {
                path.path.get_ident().is_some_and(|ident| match self.lookup(ident) {
                    Some(Bound::Var(var)) => self.made_by_call.contains(&var),
                    Some(Bound::Alias { place, .. }) => self.made_by_call.contains(&place.base),
                    _ => false,
                })
            }
            syn::Expr::Field(e) => self.root_is_call(&e.base),
            syn::Expr::Index(e) => self.root_is_call(&e.expr),
            syn::Expr::Reference(e) => self.root_is_call(&e.expr),
            _ => false,
        }
    }

    /// Iterated together with a list: a list too, or indexing it does not compile.
    pub fn is_assumed(&mut self, expr: &syn::Expr) -> bool {
        let inner = match strip(expr) {
            syn::Expr::MethodCall(call) if call.method == "iter" => &call.receiver,
            syn::Expr::Reference(reference) => &reference.expr,
            _ => return false,
        };
        self.peek_ty(inner) == Ty::Unknown
            && matches!(
                strip(inner),
                syn::Expr::Path(_) | syn::Expr::Field(_) | syn::Expr::Index(_)
            )
    }

    /// The sequence; [`Lower::is_seq`] has said that it is one.
    pub fn seq(&mut self, expr: &syn::Expr) -> Option<Seq> {
        match strip(expr) {
            syn::Expr::Range(range) => self.range_seq(range),
            syn::Expr::MethodCall(call) => {
                let name = call.method.to_string();
                match (name.as_str(), call.args.first()) {
                    ("iter", None) => self.elements(&call.receiver, Some(false)),
                    ("iter_mut", None) => self.elements(&call.receiver, Some(true)),
                    ("into_iter", None) if self.is_listed(&call.receiver) => {
                        self.listed(&call.receiver)
                    }
                    ("into_iter", None) => self.seq(&call.receiver),
                    (
                        "chunks" | "chunks_mut" | "chunks_exact" | "chunks_exact_mut" | "windows",
                        Some(size),
                    ) => self.parts(&call.receiver, &name, size),
                    ("as_slice" | "as_mut_slice" | "clone" | "to_vec" | "to_owned", None)
                        if self.is_listed(&call.receiver) =>
                    {
                        self.listed(expr)
                    }
                    _ => {
                        let seq = self.seq(&call.receiver)?;
                        self.adapted(seq, &name, call)
                    }
                }
            }
            other => self.listed(other),
        }
    }

    pub fn range_seq(&mut self, range: &syn::ExprRange) -> Option<Seq> {
        let span = range.span();
        let (start, end) = (range.start.as_ref()?, range.end.as_ref());
        let mut bounds: Vec<&syn::Expr> = vec![start];
        bounds.extend(end.map(|e| &**e));
        let mut values = self.in_order(&bounds, |lower, e| lower.number(e)).into_iter();
        let lo = values.next()?;
        let Some(hi) = values.next() else {
            let item = Item::Count { lo, steps: Vec::new() };
            return Some(Seq {
                len: None,
                item,
                rev: false,
                range: None,
                filters: Vec::new(),
                flat: None,
            });
        };
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        let whole = Range {
            lo: lo.clone(),
            hi: hi.clone(),
            inclusive,
            step: None,
            rev: false,
            trips: None,
        };
        // The length is worked out only if the range does not stay alone.
        let item = Item::Count { lo, steps: Vec::new() };
        let len = Some(Expr { span, ..hi });
        Some(Seq { len, item, rev: false, range: Some(whole), filters: Vec::new(), flat: None })
    }

    /// A range that has to share its positions with others.
    pub fn spread(&mut self, mut seq: Seq) -> Seq {
        if let Some(range) = seq.range.take() {
            let lo = self.frozen("start", range.lo);
            let hi = if range.inclusive {
                plus(range.hi, super::pattern::number(1, lo.span))
            } else {
                range.hi
            };
            let mut len = if is_zero(&lo) {
                hi
            } else {
                let hi = self.frozen("end", hi);
                let (a, b) = (self.tokens(&hi), self.tokens(&lo));
                let difference =
                    Expr::new(ExprKind::Tuple(vec![hi.clone(), lo.clone()]), Ty::Unknown, hi.span);
                // An unsuffixed literal has no methods before its type is known.
                let tokens = if matches!(hi.kind, ExprKind::Lit(_)) {
                    quote!(::core::cmp::Ord::max(#a, #b) - #b)
                } else {
                    quote!(#a.saturating_sub(#b))
                };
                self.pure_opaque(tokens, &difference, hi.ty.clone())
            };
            if let Ty::Discrete(Some(name)) = &len.ty
                && name != "usize"
            {
                let span = len.span;
                let kind = ExprKind::Cast(Box::new(len), TokensEq(quote!(usize)));
                len = Expr::new(kind, usize_ty(), span);
            }
            let len = self.frozen("len", len);
            seq.item.start_at(lo);
            if let Some(step) = range.step {
                seq.len = Some(len);
                seq = self.stepped(seq, step);
            } else {
                seq.len = Some(len);
            }
            seq.rev = range.rev;
        }
        self.forward(seq)
    }

    /// Puts a reversal into the positions.
    pub fn forward(&mut self, mut seq: Seq) -> Seq {
        if seq.rev
            && let Some(len) = seq.len.take()
        {
            let len = self.frozen("len", len);
            seq.item.push(&Step::Reversed(len.clone()));
            seq.len = Some(len);
            seq.rev = false;
        }
        seq
    }

    pub fn stepped(&mut self, mut seq: Seq, step: Expr) -> Seq {
        let step = self.frozen("step", step);
        seq.len = seq.len.map(|len| {
            let one = super::pattern::number(1, len.span);
            let span = len.span;
            let up = plus(len, minus(step.clone(), one));
            let kind = ExprKind::Binary(BinOp::Div, Box::new(up), Box::new(step.clone()));
            Expr::new(kind, usize_ty(), span)
        });
        seq.item.push(&Step::Times(step));
        seq
    }

    pub fn pure_opaque(&mut self, tokens: proc_macro2::TokenStream, of: &Expr, ty: Ty) -> Expr {
        let mut value = self.opaque_from(of, "a length carries no derivative");
        if let ExprKind::Opaque(opaque) = &mut value.kind {
            opaque.tokens = tokens;
        }
        value.ty = ty;
        value
    }

    /// A place iterated as it stands: by value, or as the reference it is.
    pub fn listed(&mut self, expr: &syn::Expr) -> Option<Seq> {
        match self.view(expr) {
            View::Place(..) => self.elements(expr, None),
            View::RefTo { mutable, .. } => self.elements(expr, Some(mutable)),
            View::Other => {
                let name = self.held(expr);
                self.elements(&name, None)
            }
        }
    }

    pub fn elements(&mut self, expr: &syn::Expr, by: Option<bool>) -> Option<Seq> {
        let span = expr.span();
        let (place, ty) = match self.view(expr) {
            View::Place(place, ty) | View::RefTo { place, ty, .. } => (place, ty),
            View::Other => {
                let name = self.held(expr);
                match self.view(&name) {
                    View::Place(place, ty) | View::RefTo { place, ty, .. } => (place, ty),
                    View::Other => return None,
                }
            }
        };
        if self.is_stale_prone(&place) {
            return None;
        }
        let mut place = self.captured(place);
        if by.is_none() && matches!(ty, Ty::Array(..)) && self.var(place.base).mutable {
            // An array iterated by value is a copy: what the body writes does not reach it.
            let copy = self.read(place, ty.clone(), span);
            let var = self.temp("values", ty.clone(), Role::Temp, span);
            self.emit(StmtKind::Let { var, init: Some(copy) }, span);
            place = Place::var(var);
        }
        let len = self.len_of(&place, &ty, span);
        let item = Item::Element { place, by, steps: Vec::new() };
        Some(Seq { len: Some(len), item, rev: false, range: None, filters: Vec::new(), flat: None })
    }

    pub fn adapted(&mut self, mut seq: Seq, name: &str, call: &syn::ExprMethodCall) -> Option<Seq> {
        let span = call.span();
        if seq.flat.is_some() {
            return self.after_flat(seq, call);
        }
        if !seq.filters.is_empty()
            && !matches!(name, "map" | "filter" | "take_while" | "copied" | "cloned")
        {
            return None;
        }
        if call.args.first().is_some_and(|function| self.has_state(function)) {
            return None;
        }
        if matches!(name, "skip" | "step_by" | "take") && self.item_has_effects(&seq.item) {
            return None;
        }
        match (name, call.args.first()) {
            ("copied" | "cloned", None) => {
                let owned = |place: &Place| {
                    super::place::has_list(&infer::place_ty(place, &self.vars).element())
                };
                if matches!(&seq.item, Item::Element { place, by: Some(_), .. } if owned(place)) {
                    // A copy of its own: what is done to it does not reach the list.
                    seq.item = Item::Mapped {
                        item: Box::new(seq.item),
                        function: Rc::new(syn::parse_quote_spanned!(span=> |item| item.clone())),
                        scopes: self.scopes.clone(),
                    };
                } else {
                    seq.item.by_value();
                }
            }
            ("rev", None) => {
                if let Some(range) = &mut seq.range {
                    range.rev = !range.rev;
                } else {
                    seq.rev = !seq.rev;
                }
            }
            ("step_by", Some(step)) => {
                let step = self.index_expr(step);
                match &mut seq.range {
                    // `.rev().step_by(k)` counts from the other end: not the same range.
                    Some(range) if !range.rev && range.step.is_none() => range.step = Some(step),
                    _ => {
                        seq = self.spread(seq);
                        seq = self.stepped(seq, step);
                    }
                }
            }
            ("enumerate", None) => {
                let lo = super::pattern::number(0, span);
                seq = self.spread(seq);
                let count = Item::Count { lo, steps: Vec::new() };
                seq.item = Item::Tuple(vec![count, seq.item]);
            }
            ("zip", Some(other)) => {
                let other = self.seq(other)?;
                if !other.filters.is_empty() || other.flat.is_some() {
                    return None;
                }
                seq = self.spread(seq);
                let other = self.spread(other);
                let even = matches!((&seq.len, &other.len), (Some(a), Some(b)) if same(a, b));
                // The first list's item is made before it shows that the second has no more.
                if !even && self.item_has_effects(&seq.item) {
                    return None;
                }
                seq.len = match (seq.len, other.len) {
                    (Some(a), Some(b)) => Some(self.shorter(a, b)),
                    (a, b) => a.or(b),
                };
                seq.item = Item::Tuple(vec![seq.item, other.item]);
            }
            ("skip", Some(n)) => {
                seq = self.spread(seq);
                let n = self.index_expr(n);
                let n = self.frozen("skipped", n);
                seq.item.push(&Step::Offset(n.clone()));
                if let Some(len) = seq.len {
                    let (a, b) = (self.tokens(&len), self.tokens(&n));
                    let both = Expr::new(ExprKind::Tuple(vec![len, n]), Ty::Unknown, span);
                    let tokens = quote!(usize::saturating_sub(#a, #b));
                    seq.len = Some(self.pure_opaque(tokens, &both, usize_ty()));
                }
            }
            ("take", Some(n)) => {
                seq = self.spread(seq);
                let n = self.index_expr(n);
                let n = self.frozen("count", n);
                seq.len = Some(match seq.len {
                    Some(len) => self.shorter(len, n),
                    None => n,
                });
            }
            ("map", Some(function)) => {
                seq.item = Item::Mapped {
                    item: Box::new(seq.item),
                    function: Rc::new(strip(function).clone()),
                    scopes: self.scopes.clone(),
                };
            }
            ("flat_map", Some(_)) | ("flatten", None) => return self.flattened(seq, call),
            ("scan", Some(_)) => return self.scanned(seq, call),
            ("filter" | "take_while", Some(function)) => {
                let mut held = Vec::new();
                self.hold(&mut seq.item, &mut held);
                seq.filters.push(Filter {
                    stops: name == "take_while",
                    function: Rc::new(strip(function).clone()),
                    scopes: self.scopes.clone(),
                    item: under_reference(&seq.item),
                    held,
                });
            }
            _ => return None,
        }
        Some(seq)
    }

    /// What closures make of items is looked at by the filter and used after it: it is made once.
    fn hold(&mut self, item: &mut Item, held: &mut Vec<(usize, Item)>) {
        match item {
            Item::Mapped { .. } => {
                let slot = self.held.len();
                self.held.push(None);
                held.push((slot, std::mem::replace(item, Item::Held { slot, by_ref: false })));
            }
            Item::Tuple(parts) => parts.iter_mut().for_each(|part| self.hold(part, held)),
            _ => {}
        }
    }

    /// The smaller of two lengths.
    pub fn shorter(&mut self, a: Expr, b: Expr) -> Expr {
        if same(&a, &b) {
            return a;
        }
        let span = a.span;
        let (ta, tb) = (self.tokens(&a), self.tokens(&b));
        let both = Expr::new(ExprKind::Tuple(vec![a, b]), Ty::Unknown, span);
        self.pure_opaque(quote!(::core::cmp::min(#ta, #tb)), &both, usize_ty())
    }
}

/// The predicate of a filter sees a reference to the item.
pub fn under_reference(item: &Item) -> Item {
    let mut inner = item.clone();
    if let Item::Element { by: by @ None, .. } = &mut inner {
        *by = Some(false);
    }
    if let Item::Held { by_ref, .. } = &mut inner {
        *by_ref = true;
    }
    inner
}

pub fn is_zero(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Lit(tokens) if {
        let text = tokens.to_string();
        text == "0" || text == "0usize"
    })
}
