//! Walking the IR: children of expressions, expressions and blocks of statements.

use super::*;

impl Expr {
    pub fn new(kind: ExprKind, ty: Ty, span: Span) -> Self {
        Expr { kind, ty, span }
    }

    /// A read of a whole variable.
    pub fn var(id: VarId, vars: &[Var], span: Span) -> Self {
        let ty = vars[id.0 as usize].ty.clone();
        Expr::new(ExprKind::Read(Place::var(id)), ty, span)
    }

    /// Direct subexpressions, those inside places included.
    pub fn children(&self) -> Vec<&Expr> {
        let mut out = Vec::new();
        match &self.kind {
            ExprKind::Lit(_) | ExprKind::Const(_) | ExprKind::Opaque(_) => {}
            ExprKind::Read(p)
            | ExprKind::Ref { place: p, .. }
            | ExprKind::Clone { place: p, .. }
            | ExprKind::Len(p)
            | ExprKind::ZeroLike(p) => out.extend(p.exprs()),
            ExprKind::Neg(e) | ExprKind::Not(e) | ExprKind::Cast(e, _) | ExprKind::Stop(e) => {
                out.push(e);
            }
            ExprKind::Binary(_, a, b) => out.extend([&**a, &**b]),
            ExprKind::Intrinsic(_, items) | ExprKind::Tuple(items) => out.extend(items),
            ExprKind::List { items, .. } => out.extend(items),
            ExprKind::Repeat { item, len, .. } => out.extend([&**item, &**len]),
            ExprKind::Call(call) => {
                for arg in &call.args {
                    if let Arg::Expr(e) = arg {
                        out.push(e);
                    }
                }
            }
        }
        out
    }

    /// As [`Expr::children`], mutably.
    pub fn children_mut(&mut self) -> Vec<&mut Expr> {
        let mut out = Vec::new();
        match &mut self.kind {
            ExprKind::Lit(_) | ExprKind::Const(_) | ExprKind::Opaque(_) => {}
            ExprKind::Read(p)
            | ExprKind::Ref { place: p, .. }
            | ExprKind::Clone { place: p, .. }
            | ExprKind::Len(p)
            | ExprKind::ZeroLike(p) => out.extend(p.exprs_mut()),
            ExprKind::Neg(e) | ExprKind::Not(e) | ExprKind::Cast(e, _) | ExprKind::Stop(e) => {
                out.push(e);
            }
            ExprKind::Binary(_, a, b) => out.extend([&mut **a, &mut **b]),
            ExprKind::Intrinsic(_, items) | ExprKind::Tuple(items) => out.extend(items),
            ExprKind::List { items, .. } => out.extend(items),
            ExprKind::Repeat { item, len, .. } => out.extend([&mut **item, &mut **len]),
            ExprKind::Call(call) => {
                for arg in &mut call.args {
                    if let Arg::Expr(e) = arg {
                        out.push(e);
                    }
                }
            }
        }
        out
    }

    /// The place that this node itself names (not those of its children).
    pub fn own_place(&self) -> Option<&Place> {
        match &self.kind {
            ExprKind::Read(p)
            | ExprKind::Ref { place: p, .. }
            | ExprKind::Clone { place: p, .. }
            | ExprKind::Len(p)
            | ExprKind::ZeroLike(p) => Some(p),
            _ => None,
        }
    }

    /// This node and all below it, parents first.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        f(self);
        for child in self.children() {
            child.walk(f);
        }
    }

    /// Rewrites from the leaves up.
    pub fn rewrite(&mut self, f: &mut dyn FnMut(&mut Expr)) {
        for child in self.children_mut() {
            child.rewrite(f);
        }
        f(self);
    }

    /// Calls `f` with every variable this expression mentions (reads, borrows, lengths).
    pub fn for_each_var(&self, f: &mut dyn FnMut(VarId)) {
        self.walk(&mut |e| {
            if let Some(p) = e.own_place() {
                f(p.base);
            }
            if let ExprKind::Opaque(o) = &e.kind {
                o.for_each_var(f);
            }
        });
    }

    /// Whether it mentions the variable.
    pub fn mentions(&self, var: VarId) -> bool {
        let mut found = false;
        self.for_each_var(&mut |v| found |= v == var);
        found
    }

    /// Puts other variables in place of those it reads.
    pub fn rename_reads(&mut self, to: &dyn Fn(VarId) -> VarId) {
        self.rewrite(&mut |e| match &mut e.kind {
            ExprKind::Read(p)
            | ExprKind::Ref { place: p, .. }
            | ExprKind::Clone { place: p, .. }
            | ExprKind::Len(p)
            | ExprKind::ZeroLike(p) => p.base = to(p.base),
            ExprKind::Opaque(o) => {
                for (_, v) in &mut o.reads {
                    *v = to(*v);
                }
            }
            _ => {}
        });
    }
}

impl Stmt {
    /// As [`StmtKind::for_each_var`], nested blocks included.
    pub fn for_each_var(&self, f: &mut dyn FnMut(VarId)) {
        self.kind.for_each_var(f);
        for block in self.kind.blocks() {
            for stmt in &block.stmts {
                stmt.for_each_var(f);
            }
        }
    }
}

impl Stmt {
    /// Puts other variables in place of all that it mentions, declarations and nested blocks
    /// included.
    pub fn rename_all(&mut self, to: &dyn Fn(VarId) -> VarId) {
        let rename = |v: &mut VarId| *v = to(*v);
        for e in self.kind.exprs_mut() {
            e.rename_reads(to);
            e.rewrite(&mut |e| {
                if let ExprKind::Opaque(o) = &mut e.kind {
                    o.writes.iter_mut().for_each(|w| rename(&mut w.1));
                }
            });
        }
        match &mut self.kind {
            StmtKind::Let { var, .. } => rename(var),
            StmtKind::LetTuple { vars, .. } => vars.iter_mut().flatten().for_each(rename),
            StmtKind::Assign { place, .. }
            | StmtKind::Update { place, .. }
            | StmtKind::Fill { place, .. }
            | StmtKind::VecPush { vec: place, .. }
            | StmtKind::Accumulate { to: place, .. }
            | StmtKind::SetZero(place) => rename(&mut place.base),
            StmtKind::Swap(a, b) | StmtKind::CopyFrom { to: a, from: b } => {
                rename(&mut a.base);
                rename(&mut b.base);
            }
            StmtKind::VecPop { vec, into } => {
                rename(&mut vec.base);
                into.iter_mut().for_each(rename);
            }
            StmtKind::Push { tape, .. } | StmtKind::NewTape { tape, .. } => rename(tape),
            StmtKind::PushList { tape, from: place } | StmtKind::PopList { tape, to: place } => {
                rename(tape);
                rename(&mut place.base);
            }
            StmtKind::Pop { tape, vars } | StmtKind::WhilePop { tape, vars, .. } => {
                rename(tape);
                vars.iter_mut().for_each(rename);
            }
            StmtKind::SameShape { primal, other } => {
                rename(primal);
                rename(other);
            }
            StmtKind::Opaque { opaque, declares } => {
                opaque.reads.iter_mut().for_each(|r| rename(&mut r.1));
                opaque.writes.iter_mut().for_each(|w| rename(&mut w.1));
                declares.iter_mut().for_each(|d| rename(&mut d.1));
            }
            StmtKind::For { index, exit, .. } => {
                rename(index);
                exit.iter_mut().for_each(rename);
            }
            StmtKind::ForEach { bindings, exit, .. } => {
                bindings.iter_mut().for_each(|b| rename(&mut b.1));
                exit.iter_mut().for_each(rename);
            }
            StmtKind::While { exit, .. } => exit.iter_mut().for_each(rename),
            StmtKind::Match { arms, .. } => {
                for arm in arms {
                    for binding in &mut arm.bindings {
                        rename(&mut binding.var);
                        binding.place.iter_mut().for_each(|place| rename(&mut place.base));
                    }
                    if let Some(guard) = &mut arm.guard {
                        guard.reads.iter_mut().for_each(|r| rename(&mut r.1));
                        guard.writes.iter_mut().for_each(|w| rename(&mut w.1));
                    }
                }
            }
            StmtKind::Eval(_) | StmtKind::If { .. } => {}
        }
        for block in self.kind.blocks_mut() {
            block.stmts.iter_mut().for_each(|stmt| stmt.rename_all(to));
        }
    }
}

impl Place {
    pub fn var(base: VarId) -> Self {
        Place { base, proj: Vec::new() }
    }

    /// Index and bound expressions of the path.
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut out = Vec::new();
        for proj in &self.proj {
            match proj {
                Proj::Index(i) => out.push(&**i),
                Proj::Slice { lo, hi } => {
                    out.extend(lo.iter().chain(hi).map(|e| &**e));
                }
                Proj::Deref | Proj::Field(_) => {}
            }
        }
        out
    }

    pub fn exprs_mut(&mut self) -> Vec<&mut Expr> {
        let mut out = Vec::new();
        for proj in &mut self.proj {
            match proj {
                Proj::Index(i) => out.push(&mut **i),
                Proj::Slice { lo, hi } => {
                    out.extend(lo.iter_mut().chain(hi).map(|e| &mut **e));
                }
                Proj::Deref | Proj::Field(_) => {}
            }
        }
        out
    }

    /// Names the whole variable (behind its reference, if it is one).
    pub fn is_whole(&self) -> bool {
        self.proj.iter().all(|p| matches!(p, Proj::Deref))
    }
}

impl StmtKind {
    /// Nested blocks, in the order of the source.
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            StmtKind::If { then, other, .. } => vec![then, other],
            StmtKind::Match { arms, .. } => arms.iter().map(|a| &a.body).collect(),
            StmtKind::For { body, .. }
            | StmtKind::ForEach { body, .. }
            | StmtKind::While { body, .. }
            | StmtKind::WhilePop { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }

    pub fn blocks_mut(&mut self) -> Vec<&mut Block> {
        match self {
            StmtKind::If { then, other, .. } => vec![then, other],
            StmtKind::Match { arms, .. } => arms.iter_mut().map(|a| &mut a.body).collect(),
            StmtKind::For { body, .. }
            | StmtKind::ForEach { body, .. }
            | StmtKind::While { body, .. }
            | StmtKind::WhilePop { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }

    /// Expressions of this statement itself, those of its target places included, nested blocks
    /// excluded.
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut out: Vec<&Expr> = Vec::new();
        match self {
            StmtKind::Let { init, .. } => out.extend(init),
            StmtKind::LetTuple { init, .. } => out.push(init),
            StmtKind::Assign { place, value }
            | StmtKind::Update { place, value, .. }
            | StmtKind::Fill { place, value }
            | StmtKind::VecPush { vec: place, value }
            | StmtKind::Accumulate { to: place, value } => {
                out.extend(place.exprs());
                out.push(value);
            }
            StmtKind::Eval(e) => out.push(e),
            StmtKind::If { cond, .. } | StmtKind::While { cond, .. } => out.push(cond),
            StmtKind::Match { scrutinee, .. } => out.push(scrutinee),
            StmtKind::For { range, .. } => {
                out.extend([&range.lo, &range.hi]);
                out.extend(&range.step);
                out.extend(&range.trips);
            }
            StmtKind::ForEach { iter, .. } => out.push(iter),
            StmtKind::Swap(a, b) | StmtKind::CopyFrom { to: a, from: b } => {
                out.extend(a.exprs());
                out.extend(b.exprs());
            }
            StmtKind::SetZero(p)
            | StmtKind::VecPop { vec: p, .. }
            | StmtKind::PushList { from: p, .. }
            | StmtKind::PopList { to: p, .. } => out.extend(p.exprs()),
            StmtKind::Push { values, .. } => out.extend(values),
            StmtKind::NewTape { expected, .. } => out.extend(expected),
            StmtKind::Opaque { .. }
            | StmtKind::Pop { .. }
            | StmtKind::WhilePop { .. }
            | StmtKind::SameShape { .. } => {}
        }
        out
    }

    pub fn exprs_mut(&mut self) -> Vec<&mut Expr> {
        let mut out: Vec<&mut Expr> = Vec::new();
        match self {
            StmtKind::Let { init, .. } => out.extend(init),
            StmtKind::LetTuple { init, .. } => out.push(init),
            StmtKind::Assign { place, value }
            | StmtKind::Update { place, value, .. }
            | StmtKind::Fill { place, value }
            | StmtKind::VecPush { vec: place, value }
            | StmtKind::Accumulate { to: place, value } => {
                out.extend(place.exprs_mut());
                out.push(value);
            }
            StmtKind::Eval(e) => out.push(e),
            StmtKind::If { cond, .. } | StmtKind::While { cond, .. } => out.push(cond),
            StmtKind::Match { scrutinee, .. } => out.push(scrutinee),
            StmtKind::For { range, .. } => {
                out.extend([&mut range.lo, &mut range.hi]);
                out.extend(&mut range.step);
                out.extend(&mut range.trips);
            }
            StmtKind::ForEach { iter, .. } => out.push(iter),
            StmtKind::Swap(a, b) | StmtKind::CopyFrom { to: a, from: b } => {
                out.extend(a.exprs_mut());
                out.extend(b.exprs_mut());
            }
            StmtKind::SetZero(p)
            | StmtKind::VecPop { vec: p, .. }
            | StmtKind::PushList { from: p, .. }
            | StmtKind::PopList { to: p, .. } => out.extend(p.exprs_mut()),
            StmtKind::Push { values, .. } => out.extend(values),
            StmtKind::NewTape { expected, .. } => out.extend(expected),
            StmtKind::Opaque { .. }
            | StmtKind::Pop { .. }
            | StmtKind::WhilePop { .. }
            | StmtKind::SameShape { .. } => {}
        }
        out
    }

    /// Calls `f` with every variable that the statement itself mentions, nested blocks excluded:
    /// targets, declarations, tapes, then reads and borrows.
    pub fn for_each_var(&self, f: &mut dyn FnMut(VarId)) {
        match self {
            StmtKind::Let { var, .. } => f(*var),
            StmtKind::LetTuple { vars, .. } => vars.iter().flatten().for_each(|v| f(*v)),
            StmtKind::Assign { place, .. }
            | StmtKind::Update { place, .. }
            | StmtKind::Fill { place, .. }
            | StmtKind::VecPush { vec: place, .. }
            | StmtKind::Accumulate { to: place, .. }
            | StmtKind::SetZero(place) => f(place.base),
            StmtKind::Swap(a, b) | StmtKind::CopyFrom { to: a, from: b } => {
                f(a.base);
                f(b.base);
            }
            StmtKind::VecPop { vec, into } => {
                f(vec.base);
                into.iter().for_each(|v| f(*v));
            }
            StmtKind::Push { tape, .. } | StmtKind::NewTape { tape, .. } => f(*tape),
            StmtKind::PushList { tape, from: place } | StmtKind::PopList { tape, to: place } => {
                f(*tape);
                f(place.base);
            }
            StmtKind::Pop { tape, vars } | StmtKind::WhilePop { tape, vars, .. } => {
                f(*tape);
                vars.iter().for_each(|v| f(*v));
            }
            StmtKind::SameShape { primal, other } => {
                f(*primal);
                f(*other);
            }
            StmtKind::Opaque { opaque, declares } => {
                opaque.for_each_var(f);
                declares.iter().for_each(|d| f(d.1));
            }
            StmtKind::For { index, exit, .. } => {
                f(*index);
                exit.iter().for_each(|v| f(*v));
            }
            StmtKind::ForEach { bindings, exit, .. } => {
                bindings.iter().for_each(|b| f(b.1));
                exit.iter().for_each(|v| f(*v));
            }
            StmtKind::While { exit, .. } => exit.iter().for_each(|v| f(*v)),
            StmtKind::Match { arms, .. } => {
                for arm in arms {
                    for binding in &arm.bindings {
                        f(binding.var);
                        if let Some(place) = &binding.place {
                            f(place.base);
                            for e in place.exprs() {
                                e.for_each_var(f);
                            }
                        }
                    }
                    if let Some(guard) = &arm.guard {
                        guard.for_each_var(f);
                    }
                }
            }
            StmtKind::If { .. } | StmtKind::Eval(_) => {}
        }
        for e in self.exprs() {
            e.for_each_var(f);
        }
    }

    /// Variables this statement itself writes, wholly or in part (nested blocks excluded; tapes
    /// excluded; initialisations included).
    pub fn writes(&self) -> Vec<VarId> {
        let mut out = Vec::new();
        match self {
            StmtKind::Let { var, .. } => out.push(*var),
            StmtKind::LetTuple { vars, .. } => out.extend(vars.iter().flatten()),
            StmtKind::Assign { place, .. }
            | StmtKind::Update { place, .. }
            | StmtKind::Fill { place, .. }
            | StmtKind::VecPush { vec: place, .. }
            | StmtKind::Accumulate { to: place, .. }
            | StmtKind::SetZero(place)
            | StmtKind::PopList { to: place, .. }
            | StmtKind::CopyFrom { to: place, .. } => out.push(place.base),
            StmtKind::Swap(a, b) => out.extend([a.base, b.base]),
            StmtKind::For { index, .. } => out.push(*index),
            StmtKind::ForEach { bindings, .. } => out.extend(bindings.iter().map(|b| b.1)),
            StmtKind::Match { arms, .. } => {
                out.extend(arms.iter().flat_map(|a| a.bindings.iter().map(|b| b.var)));
            }
            StmtKind::Pop { vars, .. } | StmtKind::WhilePop { vars, .. } => out.extend(vars),
            StmtKind::VecPop { vec, into } => {
                out.push(vec.base);
                out.extend(into);
            }
            StmtKind::Opaque { opaque, declares } => {
                out.extend(opaque.writes.iter().map(|w| w.1));
                out.extend(declares.iter().map(|d| d.1));
            }
            StmtKind::Eval(_)
            | StmtKind::If { .. }
            | StmtKind::While { .. }
            | StmtKind::NewTape { .. }
            | StmtKind::Push { .. }
            | StmtKind::PushList { .. }
            | StmtKind::SameShape { .. } => {}
        }
        for e in self.exprs() {
            e.walk(&mut |e| match &e.kind {
                ExprKind::Ref { mutable: true, place } => out.push(place.base),
                ExprKind::Opaque(o) => out.extend(o.writes.iter().map(|w| w.1)),
                _ => {}
            });
        }
        out
    }
}

impl Block {
    /// Every statement, nested ones after their parent.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Stmt)) {
        for stmt in &self.stmts {
            f(stmt);
            for block in stmt.kind.blocks() {
                block.walk(f);
            }
        }
    }

    /// Every variable written inside, nested blocks included.
    pub fn writes(&self) -> std::collections::BTreeSet<VarId> {
        let mut out = std::collections::BTreeSet::new();
        self.walk(&mut |s| out.extend(s.kind.writes()));
        out
    }
}

impl Function {
    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    /// A fresh variable; its name is `wanted`, with a number if that is taken.
    pub fn fresh(&mut self, wanted: &str, ty: Ty, mutable: bool, role: Role) -> VarId {
        let mut text = wanted.to_string();
        let mut n = 1;
        while self.vars.iter().any(|v| v.name == text) {
            n += 1;
            text = format!("{wanted}_{n}");
        }
        let id = VarId(self.vars.len() as u32);
        self.vars.push(Var {
            name: crate::names::ident(&text, Span::mixed_site()),
            ty,
            mutable,
            role,
        });
        id
    }
}

impl Ty {
    /// Behind any references.
    pub fn peel(&self) -> &Ty {
        match self {
            Ty::Ref { inner, .. } => inner.peel(),
            other => other,
        }
    }

    /// A float, possibly behind references.
    pub fn is_scalar(&self) -> bool {
        matches!(self.peel(), Ty::Float(_))
    }

    /// Certainly carries no derivative.
    pub fn is_discrete(&self) -> bool {
        match self {
            Ty::Discrete(_) | Ty::Unit => true,
            Ty::Array(t, _) | Ty::Slice(t) | Ty::Vec(t) => t.is_discrete(),
            Ty::Ref { inner, .. } => inner.is_discrete(),
            Ty::Tuple(items) => items.iter().all(Ty::is_discrete),
            Ty::Float(_) | Ty::Named(_) | Ty::Unknown => false,
        }
    }

    /// Type of an element, behind references, of an array, slice or `Vec`.
    pub fn element(&self) -> Ty {
        match self.peel() {
            Ty::Array(t, _) | Ty::Slice(t) | Ty::Vec(t) => (**t).clone(),
            _ => Ty::Unknown,
        }
    }
}
