//! A function in two: `forward` leaves on its caller's store what `reverse` needs, so that nothing is
//! computed twice (split reversal; Griewank & Walther 2008, section 12.1, contrast it with the joint
//! kind).
//!
//! The store is a stack of words, so that no type has to be named, a callee's residuals lie on top
//! of the caller's, and functions may be recursive. That takes residuals of known types, and a
//! reverse sweep that does not look at what is behind `&mut` parameters, whose state the caller
//! knows nothing of by then.

use super::fuse::resized_buffers;
use super::read_set::{has_fixed_shape, needs};
use super::versions::declared_in;
use super::{Calls, Options, Reverse, Split, Switches};
use crate::ir::*;
use crate::rules;
use crate::transform::tidy;
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The two functions. The store is the last parameter of either.
pub struct Residual {
    pub forward: Function,
    pub reverse: Function,
    pub store: VarId,
    pub seed: Option<VarId>,
    pub bars: Vec<Option<VarId>>,
    /// Whether `reverse` reads what a parameter holds on entry of `forward`, or writes there.
    pub needs: Vec<bool>,
}

/// Single words are kept in groups of so many.
const GROUP: usize = 12;

/// `f` taken apart; `None` where that cannot be or does not pay. `back` is its joint reverse.
pub fn run(f: &Function, active: &[bool], back: &Function, switches: Switches) -> Option<Residual> {
    if !switches.residuals || f.generic_float || !pays(f, back) {
        return None;
    }
    let options =
        Options { value: true, effects: true, split: true, calls: Calls::Handed, switches };
    let mut reverse = super::run(f, active, options);
    let mut split = reverse.split.take()?;
    tidy::run_split(&mut reverse.function, &mut split);
    let Reverse { mut function, seed, bars, store, .. } = reverse;
    let store = store?;
    let n = f.params.len();
    function.body = Block::default();
    let mut take = split.reverse.stmts;
    let mut keep = split.forward.stmts;
    if looks_behind_references(&function, n, &take, &resized_buffers(f)) {
        return None;
    }
    let captured = captured(&function, n, &keep, &take, store);
    let lists_are_f64 = only_f64(f);
    let values = values_of_calls(&function, [&keep, &take]);
    let mut storing = Storing {
        function: &mut function,
        store,
        lists_are_f64,
        tapes: BTreeSet::new(),
        values,
        taken: BTreeMap::new(),
    };
    for var in &captured {
        if let Some(call) = storing.values.get(var) {
            storing.taken.insert(*var, call.clone());
        }
        storing.settle(*var)?;
    }
    storing.find_tapes(&keep);
    storing.find_values(&keep, &take);
    storing.keep(&mut keep)?;
    storing.take(&mut take)?;
    let reads: Vec<Expr> = captured
        .iter()
        .map(|v| {
            let ty = storing.function.var(*v).ty.clone();
            let kind = match storing.is_word(&ty) {
                true => ExprKind::Read(Place::var(*v)),
                false => ExprKind::Clone { place: Place::var(*v), vec: false },
            };
            Expr::new(kind, ty, Span::mixed_site())
        })
        .collect();
    keep.extend(storing.pushes(reads)?);
    let mut body = storing.pops(&captured)?;
    body.extend(take);

    let mut forward = function.clone();
    forward.params.truncate(n);
    forward.params.push(store);
    forward.body = Block { stmts: keep };
    forward.result = f.result.is_some().then_some(split.result);
    forward.result_ty = f.result_ty.clone();
    function.body = Block { stmts: body };
    function.result = None;
    function.result_ty = Ty::Unit;
    let mut needs = needs(&function, n);
    for (need, param) in needs.iter_mut().zip(&f.params) {
        *need &= !captured.contains(param);
    }
    Some(Residual { forward, reverse: function, store, seed, bars, needs })
}

/// Whether the pullback can be cloned: everything it takes along has a type that says so.
pub fn pullback_is_clone(f: &Function, split: &Split) -> bool {
    let (keep, take) = (&split.forward.stmts, &split.reverse.stmts);
    let values = values_of_calls(f, [keep, take]);
    let is_clone = |var: VarId| is_clone(&f.var(var).ty) || values.contains_key(&var);
    let mut free = BTreeSet::new();
    free_variables(take, &mut BTreeSet::new(), &mut free);
    let variables = free.into_iter().all(|v| match f.var(v).role {
        Role::Tape { .. } | Role::Store | Role::Buffer => true,
        _ => is_clone(v),
    });
    let mut contents = true;
    split.forward.walk(&mut |stmt| {
        if let StmtKind::Push { values, .. } = &stmt.kind {
            contents &=
                values.iter().all(|e| self::is_clone(&e.ty) || whole_read(e).is_some_and(is_clone));
        }
    });
    variables && contents
}

/// Whether the type is certainly `Clone`.
fn is_clone(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) | Ty::Unit | Ty::Discrete(None) | Ty::Ref { mutable: false, .. } => true,
        Ty::Discrete(Some(name)) => is_word_name(name),
        Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item) => is_clone(item),
        Ty::Tuple(items) => items.iter().all(is_clone),
        Ty::Ref { mutable: true, .. } | Ty::Named(_) | Ty::Unknown => false,
    }
}

/// Whether the joint reverse computes something dear again.
fn pays(f: &Function, back: &Function) -> bool {
    let mut dear_there = HashSet::new();
    let mut again = false;
    let walk = |f: &Function, look: &mut dyn FnMut(&Expr)| {
        let mut all = |e: &Expr| e.walk(&mut |e| look(e));
        f.body.walk(&mut |stmt| stmt.kind.exprs().into_iter().for_each(&mut all));
        f.result.iter().for_each(all);
    };
    walk(f, &mut |e| {
        if let ExprKind::Intrinsic(name, _) = &e.kind {
            dear_there.insert(*name);
        }
    });
    walk(back, &mut |e| match &e.kind {
        ExprKind::Intrinsic(name, _) => {
            again |= dear_there.contains(name) && rules::find(name).is_some_and(|rule| rule.dear);
        }
        ExprKind::Call(call) => again |= matches!(call.mode, Mode::Value | Mode::Primal),
        _ => {}
    });
    again
}

/// Whether the reverse sweep reads what is behind a `&mut` parameter, other than by handing it to
/// calls, for which it is put in the state they want. Of those `resized` by the function it is handed
/// the state on entry: parts of them may be elsewhere.
fn looks_behind_references(
    f: &Function,
    n: usize,
    reverse: &[Stmt],
    resized: &HashSet<VarId>,
) -> bool {
    let hidden: Vec<VarId> = f.params[..n]
        .iter()
        .copied()
        .filter(|p| matches!(f.var(*p).ty, Ty::Ref { mutable: true, .. }))
        .collect();
    // Places in what has another length by then.
    let moves = |place: &Place| {
        hidden.contains(&place.base) && resized.contains(&place.base) && !place.is_whole()
    };
    let mut found = false;
    let mut look = |e: &Expr| {
        e.walk(&mut |e| {
            found |= match &e.kind {
                ExprKind::Ref { mutable: true, place } => moves(place),
                ExprKind::Len(p) | ExprKind::ZeroLike(p) => {
                    hidden.contains(&p.base) && !has_fixed_shape(&f.var(p.base).ty)
                }
                ExprKind::Opaque(o) => {
                    let mut reads = false;
                    o.for_each_var(&mut |v| reads |= hidden.contains(&v));
                    reads
                }
                // What is put on a tape is there to be put back.
                _ => e.own_place().is_some_and(|p| hidden.contains(&p.base)),
            };
        });
    };
    let block = Block { stmts: reverse.to_vec() };
    block.walk(&mut |stmt| {
        if !matches!(stmt.kind, StmtKind::Push { .. }) {
            stmt.kind.exprs().into_iter().for_each(&mut look);
        }
    });
    let mut in_statements = false;
    block.walk(&mut |stmt| {
        in_statements |= match &stmt.kind {
            StmtKind::CopyFrom { to, from } => hidden.contains(&from.base) || moves(to),
            StmtKind::Assign { place, .. } | StmtKind::Fill { place, .. } => moves(place),
            StmtKind::Swap(a, b) => hidden.contains(&a.base) || hidden.contains(&b.base),
            StmtKind::VecPop { vec, .. } => hidden.contains(&vec.base),
            StmtKind::Update { place, .. } => hidden.contains(&place.base),
            StmtKind::Opaque { .. } => true,
            _ => false,
        };
    });
    found || in_statements
}

/// Values of the forward sweep that the reverse sweep mentions, parameters that are overwritten
/// included; in order of declaration.
fn captured(
    f: &Function,
    n: usize,
    forward: &[Stmt],
    reverse: &[Stmt],
    store: VarId,
) -> Vec<VarId> {
    let mut free = BTreeSet::new();
    free_variables(reverse, &mut BTreeSet::new(), &mut free);
    let forward = Block { stmts: forward.to_vec() };
    let written = forward.writes();
    free.into_iter()
        .filter(|v| {
            let by_value = !matches!(f.var(*v).ty, Ty::Ref { .. });
            let own_params = f.params[n..].contains(v) || *v == store;
            let lasting = f.params[..n].contains(v) && !(by_value && written.contains(v));
            let is_tape = matches!(f.var(*v).role, Role::Tape { .. } | Role::Lists);
            !own_params && !lasting && !is_tape
        })
        .collect()
}

fn free_variables(stmts: &[Stmt], bound: &mut BTreeSet<VarId>, free: &mut BTreeSet<VarId>) {
    let before = bound.clone();
    for stmt in stmts {
        let one = Block { stmts: vec![Stmt { kind: without_blocks(&stmt.kind), span: stmt.span }] };
        let declared = declared_in(&[&one]);
        let deferred = matches!(stmt.kind, StmtKind::Let { init: None, .. });
        let in_init = |v: VarId| stmt.kind.exprs().iter().any(|e| e.mentions(v));
        stmt.kind.for_each_var(&mut |v| {
            let own = declared.contains(&v) && (deferred || !in_init(v));
            if !own && !bound.contains(&v) {
                free.insert(v);
            }
        });
        if let StmtKind::NewTape { tape, .. } = &stmt.kind {
            bound.insert(*tape);
            free.remove(tape);
        }
        bound.extend(&declared);
        for block in stmt.kind.blocks() {
            free_variables(&block.stmts, bound, free);
        }
    }
    *bound = before;
}

fn without_blocks(kind: &StmtKind) -> StmtKind {
    let mut kind = kind.clone();
    kind.blocks_mut().into_iter().for_each(|block| block.stmts.clear());
    kind
}

/// Whether no other float type is named anywhere, so that unsuffixed literals are of that.
fn only_f64(f: &Function) -> bool {
    fn fits(ty: &Ty) -> bool {
        match ty {
            Ty::Float(float) => matches!(float, FloatTy::F64 | FloatTy::Some),
            Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item) => fits(item),
            Ty::Tuple(items) => items.iter().all(fits),
            Ty::Ref { inner, .. } => fits(inner),
            Ty::Named(_) | Ty::Unknown => false,
            Ty::Discrete(_) | Ty::Unit => true,
        }
    }
    // The value of a call may be of another type, which only comes to light where it is converted.
    let mut converts = false;
    f.body.walk(&mut |stmt| {
        for e in stmt.kind.exprs() {
            e.walk(&mut |e| {
                converts |= matches!(&e.kind, ExprKind::Cast(from, _)
                    if matches!(from.ty.peel(), Ty::Float(_) | Ty::Unknown));
            });
        }
    });
    if converts {
        return false;
    }
    let signature = f.params.iter().all(|p| fits(&f.var(*p).ty)) && fits(&f.result_ty);
    signature && f.vars.iter().all(|v| matches!(v.ty, Ty::Unknown) || fits(&v.ty))
}

/// What comes in a statement's place: `None` if that cannot be, `Some(None)` the statement itself.
type Replaced = Option<Option<Vec<Stmt>>>;

struct Storing<'a> {
    function: &'a mut Function,
    store: VarId,
    lists_are_f64: bool,
    tapes: BTreeSet<VarId>,
    /// Variables of the forward sweep whose type only a callee's signature tells.
    values: BTreeMap<VarId, Call>,
    /// Those of the reverse sweep that take them from the store.
    taken: BTreeMap<VarId, Call>,
}

impl Storing<'_> {
    fn find_tapes(&mut self, forward: &[Stmt]) {
        let block = Block { stmts: forward.to_vec() };
        let mut pushed = BTreeMap::new();
        block.walk(&mut |stmt| {
            if let StmtKind::NewTape { tape, .. } = &stmt.kind {
                pushed.insert(*tape, ());
            }
        });
        // Those that are created and emptied here stay what they are.
        block.walk(&mut |stmt| match &stmt.kind {
            StmtKind::Pop { tape, .. } | StmtKind::PopList { tape, .. } => {
                pushed.remove(tape);
            }
            StmtKind::PushList { from, .. } => {
                pushed.remove(&from.base);
            }
            _ => {}
        });
        self.tapes.extend(pushed.into_keys());
    }

    /// Which variables get, through a tape, values of types that only callees tell.
    fn find_values(&mut self, forward: &[Stmt], reverse: &[Stmt]) {
        let mut kept: BTreeMap<(VarId, usize), Call> = BTreeMap::new();
        Block { stmts: forward.to_vec() }.walk(&mut |stmt| {
            let StmtKind::Push { tape, values } = &stmt.kind else { return };
            for (i, value) in values.iter().enumerate() {
                if let Some(call) = whole_read(value).and_then(|v| self.values.get(&v)) {
                    kept.insert((*tape, i), call.clone());
                }
            }
        });
        let reverse = Block { stmts: reverse.to_vec() };
        reverse.walk(&mut |stmt| {
            let StmtKind::Pop { tape, vars } = &stmt.kind else { return };
            for (i, var) in vars.iter().enumerate() {
                if let Some(call) = kept.get(&(*tape, i))
                    && is_used_as_numbers(&reverse, *var)
                {
                    self.taken.insert(*var, call.clone());
                }
            }
        });
    }

    /// The type of what is kept; unknown for values of calls.
    fn kept_type(&self, value: &Expr) -> Option<Ty> {
        match whole_read(value) {
            Some(v) if self.values.contains_key(&v) => Some(Ty::Unknown),
            _ => self.settled(&value.ty),
        }
    }

    /// The type of what is taken, likewise.
    fn taken_type(&self, var: VarId) -> Option<Ty> {
        match self.taken.contains_key(&var) {
            true => Some(Ty::Unknown),
            false => self.settled(&self.function.var(var).ty),
        }
    }

    /// A type that can be kept, with the default for floats filled in.
    fn settled(&self, ty: &Ty) -> Option<Ty> {
        Some(match ty {
            Ty::Float(FloatTy::Some) if self.lists_are_f64 => Ty::Float(FloatTy::F64),
            Ty::Float(FloatTy::F32 | FloatTy::F64) => ty.clone(),
            Ty::Discrete(Some(name)) if is_word_name(name) => ty.clone(),
            Ty::Array(item, len) if len.0.to_string() != "_" => {
                Ty::Array(Box::new(self.settled_word(item)?), len.clone())
            }
            Ty::Vec(item) => Ty::Vec(Box::new(self.settled_word(item)?)),
            Ty::Tuple(items) if (2..=GROUP).contains(&items.len()) => {
                Ty::Tuple(items.iter().map(|t| self.settled_word(t)).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    fn settled_word(&self, ty: &Ty) -> Option<Ty> {
        self.settled(ty).filter(|ty| self.is_word(ty))
    }

    fn is_word(&self, ty: &Ty) -> bool {
        matches!(ty, Ty::Float(_) | Ty::Discrete(_))
    }

    /// Writes the type into the variable.
    fn settle(&mut self, var: VarId) -> Option<()> {
        let ty = self.taken_type(var)?;
        self.function.vars[var.0 as usize].ty = ty;
        Some(())
    }

    /// Indices of values kept at once: words in groups, all else alone.
    fn groups(&self, types: &[Ty]) -> Vec<std::ops::Range<usize>> {
        let mut out: Vec<std::ops::Range<usize>> = Vec::new();
        for (i, ty) in types.iter().enumerate() {
            let joins = out.last().is_some_and(|last| {
                last.len() < GROUP
                    && self.is_word(ty)
                    && types[last.clone()].iter().all(|ty| self.is_word(ty))
            });
            match out.last_mut() {
                Some(last) if joins => last.end = i + 1,
                _ => out.push(i..i + 1),
            }
        }
        out
    }

    fn pushes(&self, values: Vec<Expr>) -> Option<Vec<Stmt>> {
        let types: Option<Vec<Ty>> = values.iter().map(|e| self.kept_type(e)).collect();
        let groups = self.groups(&types?);
        let one = |group: std::ops::Range<usize>| {
            let kind = StmtKind::Push { tape: self.store, values: values[group].to_vec() };
            Stmt { kind, span: Span::mixed_site() }
        };
        Some(groups.into_iter().map(one).collect())
    }

    fn pops(&self, vars: &[VarId]) -> Option<Vec<Stmt>> {
        let types: Option<Vec<Ty>> = vars.iter().map(|v| self.taken_type(*v)).collect();
        let groups = self.groups(&types?);
        let one = |group: std::ops::Range<usize>| {
            let kind = match self.taken.get(&vars[group.start]) {
                Some(call) => self.take_like(vars[group.start], call),
                None => StmtKind::Pop { tape: self.store, vars: vars[group].to_vec() },
            };
            Stmt { kind, span: Span::mixed_site() }
        };
        Some(groups.into_iter().rev().map(one).collect())
    }

    fn take_like(&self, var: VarId, call: &Call) -> StmtKind {
        let span = Span::mixed_site();
        let place = Place { base: self.store, proj: vec![Proj::Deref] };
        let store = Expr::new(ExprKind::Ref { mutable: true, place }, Ty::Unknown, span);
        let types = call.args.iter().filter_map(|arg| match arg {
            Arg::Expr(e) => {
                Some(Expr::new(ExprKind::Tuple(Vec::new()), self.annotation(&e.ty), span))
            }
            Arg::Discard | Arg::Zero => None,
        });
        let args = std::iter::once(store).chain(types).map(Arg::Expr).collect();
        let call = Call { path: call.path.clone(), mode: Mode::Taken, args, refuse: None };
        let init = Some(Expr::new(ExprKind::Call(call), Ty::Unknown, span));
        StmtKind::Let { var, init }
    }

    /// The argument's type as far as it can be written down.
    fn annotation(&self, ty: &Ty) -> Ty {
        match ty {
            Ty::Ref { mutable, inner } => {
                Ty::Ref { mutable: *mutable, inner: Box::new(self.annotation(inner)) }
            }
            Ty::Slice(item) => Ty::Slice(Box::new(self.annotation(item))),
            ty => self.settled(ty).unwrap_or(Ty::Unknown),
        }
    }

    /// Tapes of the forward sweep become the store.
    fn keep(&mut self, stmts: &mut Vec<Stmt>) -> Option<()> {
        self.replace(stmts, &mut |storing, kind| {
            Some(match kind {
                StmtKind::NewTape { tape, .. } if storing.tapes.contains(tape) => Some(Vec::new()),
                StmtKind::Push { tape, values } if storing.tapes.contains(tape) => {
                    Some(storing.pushes(values.clone())?)
                }
                StmtKind::PushList { tape, from } if storing.tapes.contains(tape) => {
                    let kind = StmtKind::PushList { tape: storing.store, from: from.clone() };
                    Some(vec![Stmt { kind, span: Span::mixed_site() }])
                }
                _ => None,
            })
        })
    }

    fn take(&mut self, stmts: &mut Vec<Stmt>) -> Option<()> {
        self.replace(stmts, &mut |storing, kind| {
            Some(match kind {
                StmtKind::WhilePop { .. } => return None,
                StmtKind::Pop { tape, vars } if storing.tapes.contains(tape) => {
                    for var in vars {
                        storing.settle(*var)?;
                    }
                    Some(storing.pops(vars)?)
                }
                StmtKind::PopList { tape, to } if storing.tapes.contains(tape) => {
                    let kind = StmtKind::PopList { tape: storing.store, to: to.clone() };
                    Some(vec![Stmt { kind, span: Span::mixed_site() }])
                }
                _ => None,
            })
        })
    }

    /// Replaces statements; `None` if one cannot be.
    fn replace(
        &mut self,
        stmts: &mut Vec<Stmt>,
        with: &mut dyn FnMut(&mut Self, &StmtKind) -> Replaced,
    ) -> Option<()> {
        for mut stmt in std::mem::take(stmts) {
            for block in stmt.kind.blocks_mut() {
                self.replace(&mut block.stmts, with)?;
            }
            match with(self, &stmt.kind)? {
                Some(other) => stmts.extend(other),
                None => stmts.push(stmt),
            }
        }
        Some(())
    }
}

pub(super) fn is_word_name(name: &str) -> bool {
    ["bool", "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"].contains(&name)
}

/// The variable, if that is all the expression is.
fn whole_read(e: &Expr) -> Option<VarId> {
    match &e.kind {
        ExprKind::Read(p) | ExprKind::Clone { place: p, .. } => p.is_whole().then_some(p.base),
        _ => None,
    }
}

/// Variables that hold the value of a call, whose type is not known here but plain to see from their
/// uses: numbers or lists of numbers.
fn values_of_calls(f: &Function, halves: [&Vec<Stmt>; 2]) -> BTreeMap<VarId, Call> {
    let mut out = BTreeMap::new();
    let blocks = halves.map(|stmts| Block { stmts: stmts.clone() });
    for block in &blocks {
        block.walk(&mut |stmt| {
            let StmtKind::Let { var, init: Some(Expr { kind: ExprKind::Call(call), .. }) } =
                &stmt.kind
            else {
                return;
            };
            let mut call = call.clone();
            if call.mode == Mode::Forward {
                call.args.pop();
            }
            if matches!(f.var(*var).ty, Ty::Unknown)
                && matches!(call.mode, Mode::Primal | Mode::Value | Mode::Forward)
                && call.args.iter().all(|arg| matches!(arg, Arg::Expr(e) if is_plain(&e.ty)))
            {
                out.insert(*var, call);
            }
        });
    }
    out.retain(|var, _| blocks.iter().all(|block| is_used_as_numbers(block, *var)));
    out
}

/// Whether the variable is used, but for being kept, in arithmetic or by index only.
fn is_used_as_numbers(block: &Block, var: VarId) -> bool {
    let mut yes = true;
    block.walk(&mut |stmt| {
        let kept = matches!(stmt.kind, StmtKind::Push { .. });
        for e in stmt.kind.exprs() {
            yes &= kept && whole_read(e).is_some() || is_number_or_list(e, var, false);
        }
        yes &= !matches!(&stmt.kind, StmtKind::CopyFrom { from, .. } if from.base == var);
    });
    yes
}

fn is_plain(ty: &Ty) -> bool {
    match ty.peel() {
        Ty::Float(_) | Ty::Discrete(Some(_)) => true,
        Ty::Array(item, _) | Ty::Slice(item) | Ty::Vec(item) => is_plain(item),
        _ => false,
    }
}

/// Whether `e` uses the variable, if at all, in arithmetic or by index.
fn is_number_or_list(e: &Expr, var: VarId, in_arithmetic: bool) -> bool {
    match e.own_place() {
        Some(place) if place.base == var => {
            let fits = match place.proj.as_slice() {
                [] => in_arithmetic || matches!(e.kind, ExprKind::ZeroLike(_) | ExprKind::Len(_)),
                [Proj::Index(_)] => true,
                _ => false,
            };
            fits && place.exprs().iter().all(|e| is_number_or_list(e, var, false))
        }
        _ => {
            let arithmetic =
                matches!(e.kind, ExprKind::Binary(..) | ExprKind::Neg(_) | ExprKind::Intrinsic(..));
            let opaque = match &e.kind {
                ExprKind::Opaque(o) => {
                    let mut there = false;
                    o.for_each_var(&mut |v| there |= v == var);
                    there
                }
                _ => false,
            };
            !opaque && e.children().iter().all(|e| is_number_or_list(e, var, arithmetic))
        }
    }
}
