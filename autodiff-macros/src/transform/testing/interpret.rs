//! The interpreter: a store of cells, one for each variable of each call, and locations in them.

use super::Library;
use super::arithmetic::{binary, literal};
use super::stores::Entry;
use crate::ir::*;
use std::collections::HashMap;

/// A value. Floats are f64.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Float(f64),
    Int(i64),
    Bool(bool),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Ref(Location),
    /// One of the machine's stores.
    Store(usize),
}

/// A cell and a path into it; `slice` restricts the list there.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    cell: usize,
    path: Vec<usize>,
    slice: Option<(usize, usize)>,
}

impl Value {
    pub fn list(items: &[f64]) -> Value {
        Value::List(items.iter().map(|x| Value::Float(*x)).collect())
    }

    pub fn float(&self) -> f64 {
        match self {
            Value::Float(x) => *x,
            Value::Int(i) => *i as f64,
            other => panic!("not a float: {other:?}"),
        }
    }

    fn int(&self) -> i64 {
        match self {
            Value::Int(i) => *i,
            other => panic!("not an integer: {other:?}"),
        }
    }

    fn bool(&self) -> bool {
        match self {
            Value::Bool(b) => *b,
            other => panic!("not a bool: {other:?}"),
        }
    }

    /// All floats in it, in order.
    pub fn floats(&self) -> Vec<f64> {
        match self {
            Value::Float(x) => vec![*x],
            Value::List(items) | Value::Tuple(items) => {
                items.iter().flat_map(Value::floats).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Replaces its floats, in order.
    pub fn with_floats(&self, from: &mut dyn Iterator<Item = f64>) -> Value {
        let items = |items: &Vec<Value>, from: &mut dyn Iterator<Item = f64>| {
            items.iter().map(|i| i.with_floats(from)).collect()
        };
        match self {
            Value::Float(_) => Value::Float(from.next().expect("enough floats")),
            Value::List(v) => Value::List(items(v, from)),
            Value::Tuple(v) => Value::Tuple(items(v, from)),
            other => other.clone(),
        }
    }

    /// Not a number in place of every float.
    fn spoilt(&self) -> Value {
        self.with_floats(&mut std::iter::repeat(f64::NAN))
    }

    /// The zero tangent.
    pub fn zero(&self) -> Value {
        self.with_floats(&mut std::iter::repeat(0.0))
    }
}

/// One run: memory, tapes, and a limit on steps.
pub struct Machine<'l> {
    library: &'l Library,
    cells: Vec<Value>,
    pub(super) stores: Vec<Vec<Entry>>,
    /// Statements that have run.
    pub steps: usize,
    /// Calls of functions taken apart.
    pub kept_calls: usize,
}

pub(super) struct Frame<'f> {
    pub(super) f: &'f Function,
    cells: HashMap<VarId, usize>,
    tapes: HashMap<VarId, Vec<Vec<Value>>>,
}

impl<'l> Machine<'l> {
    pub fn new(library: &'l Library) -> Self {
        Machine { library, cells: Vec::new(), stores: Vec::new(), steps: 0, kept_calls: 0 }
    }

    /// Puts a value where a reference can point.
    pub fn memory(&mut self, value: Value) -> Value {
        self.cells.push(value);
        let cell = self.cells.len() - 1;
        Value::Ref(Location { cell, path: Vec::new(), slice: None })
    }

    /// What a reference points to.
    pub fn content(&self, value: &Value) -> Value {
        match value {
            Value::Ref(at) => self.content(&self.get(at)),
            Value::List(items) => Value::List(items.iter().map(|i| self.content(i)).collect()),
            other => other.clone(),
        }
    }

    fn get(&self, at: &Location) -> Value {
        let mut value = &self.cells[at.cell];
        for i in &at.path {
            match value {
                Value::List(items) | Value::Tuple(items) => value = &items[*i],
                other => panic!("no parts: {other:?}"),
            }
        }
        match (at.slice, value) {
            (Some((lo, hi)), Value::List(items)) => Value::List(items[lo..hi].to_vec()),
            _ => value.clone(),
        }
    }

    fn set(&mut self, at: &Location, new: Value) {
        let mut value = &mut self.cells[at.cell];
        for i in &at.path {
            match value {
                Value::List(items) | Value::Tuple(items) => value = &mut items[*i],
                other => panic!("no parts: {other:?}"),
            }
        }
        match (at.slice, value) {
            (Some((lo, _)), Value::List(items)) => {
                let Value::List(new) = new else { panic!("a slice takes a list") };
                for (i, item) in new.into_iter().enumerate() {
                    items[lo + i] = item;
                }
            }
            (_, value) => *value = new,
        }
    }

    /// Calls `f`; the result is an empty tuple for `()`.
    pub fn call(&mut self, f: &Function, args: Vec<Value>) -> Value {
        assert_eq!(f.params.len(), args.len(), "arguments of {}", f.name);
        let mut frame = Frame { f, cells: HashMap::new(), tapes: HashMap::new() };
        for (param, arg) in f.params.iter().zip(args) {
            self.declare(&mut frame, *param, arg);
        }
        let stores = self.stores.len();
        self.block(&mut frame, &f.body);
        let result = match &f.result {
            Some(e) => self.expr(&mut frame, e),
            None => Value::Tuple(Vec::new()),
        };
        let left = self.stores[stores..].iter().any(|store| !store.is_empty());
        assert!(!left, "{} leaves something on its store", f.name);
        result
    }

    fn declare(&mut self, frame: &mut Frame, var: VarId, value: Value) {
        self.cells.push(value);
        frame.cells.insert(var, self.cells.len() - 1);
    }

    fn place(&mut self, frame: &mut Frame, place: &Place) -> Location {
        let name = &frame.f.var(place.base).name;
        let cell =
            *frame.cells.get(&place.base).unwrap_or_else(|| panic!("{name} is not declared here"));
        let mut at = Location { cell, path: Vec::new(), slice: None };
        for proj in &place.proj {
            // References are followed where the path goes on.
            if let Value::Ref(target) = self.get(&at) {
                at = target;
            }
            match proj {
                Proj::Deref => {}
                Proj::Field(syn::Member::Unnamed(i)) => at.path.push(i.index as usize),
                Proj::Field(_) => panic!("named fields"),
                Proj::Index(i) => {
                    let i = self.expr(frame, i).int();
                    let i = usize::try_from(i).expect("index below zero");
                    let offset = at.slice.take().map_or(0, |(lo, hi)| {
                        assert!(lo + i < hi, "index out of the slice");
                        lo
                    });
                    at.path.push(offset + i);
                }
                Proj::Slice { lo, hi } => {
                    let (start, end) = at.slice.unwrap_or_else(|| (0, self.len(&at)));
                    let lo = lo.as_ref().map_or(0, |e| self.expr(frame, e).int() as usize);
                    let hi =
                        hi.as_ref().map_or(end - start, |e| self.expr(frame, e).int() as usize);
                    assert!(lo <= hi && start + hi <= end, "slice out of range");
                    at.slice = Some((start + lo, start + hi));
                }
            }
        }
        at
    }

    fn len(&self, at: &Location) -> usize {
        match self.content(&self.get(at)) {
            Value::List(items) => items.len(),
            other => panic!("no length: {other:?}"),
        }
    }

    pub(super) fn read(&mut self, frame: &mut Frame, place: &Place) -> Value {
        let at = self.place(frame, place);
        self.get(&at)
    }

    /// The location itself, or what it points to if it holds a reference.
    fn target(&mut self, frame: &mut Frame, place: &Place) -> Location {
        let at = self.place(frame, place);
        match self.get(&at) {
            Value::Ref(target) => target,
            _ => at,
        }
    }

    fn block(&mut self, frame: &mut Frame, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(frame, &stmt.kind);
        }
    }

    fn stmt(&mut self, frame: &mut Frame, kind: &StmtKind) {
        self.steps += 1;
        assert!(self.steps < 1_000_000, "a loop without end");
        match kind {
            StmtKind::Let { var, init } => {
                let value = match init {
                    Some(e) => self.expr(frame, e),
                    None => Value::Tuple(Vec::new()),
                };
                self.declare(frame, *var, value);
            }
            StmtKind::LetTuple { vars, init } => {
                let Value::Tuple(values) = self.expr(frame, init) else { panic!("no tuple") };
                for (var, value) in vars.iter().zip(values) {
                    if let Some(var) = var {
                        self.declare(frame, *var, value);
                    }
                }
            }
            StmtKind::Assign { place, value } => {
                let value = self.expr(frame, value);
                let at = self.place(frame, place);
                self.set(&at, value);
            }
            StmtKind::Update { place, op, value } => {
                let value = self.expr(frame, value);
                let at = self.place(frame, place);
                let new = binary(*op, self.get(&at), value);
                self.set(&at, new);
            }
            StmtKind::Eval(e) => {
                self.expr(frame, e);
            }
            StmtKind::If { cond, then, other } => {
                let taken = self.expr(frame, cond).bool();
                self.block(frame, if taken { then } else { other });
            }
            StmtKind::For { index, range, body, exit } => {
                for i in self.range(frame, range) {
                    self.declare(frame, *index, Value::Int(i));
                    self.block(frame, body);
                    if self.is_set(frame, *exit) {
                        break;
                    }
                }
            }
            StmtKind::While { cond, body, exit } => {
                while self.expr(frame, cond).bool() {
                    self.block(frame, body);
                    if self.is_set(frame, *exit) {
                        break;
                    }
                }
            }
            StmtKind::Swap(a, b) => {
                let (a, b) = (self.target(frame, a), self.target(frame, b));
                let (x, y) = (self.get(&a), self.get(&b));
                self.set(&a, y);
                self.set(&b, x);
            }
            StmtKind::VecPush { vec, value } => {
                let value = self.expr(frame, value);
                let at = self.target(frame, vec);
                let Value::List(mut items) = self.get(&at) else { panic!("no list") };
                items.push(value);
                self.set(&at, Value::List(items));
            }
            StmtKind::VecPop { vec, into } => {
                let at = self.target(frame, vec);
                let Value::List(mut items) = self.get(&at) else { panic!("no list") };
                let last = items.pop().expect("not empty");
                self.set(&at, Value::List(items));
                if let Some(var) = into {
                    self.declare(frame, *var, last);
                }
            }
            StmtKind::Fill { place, value } => {
                let value = self.expr(frame, value);
                let at = self.target(frame, place);
                let n = self.len(&at);
                self.set(&at, Value::List(vec![value; n]));
            }
            StmtKind::CopyFrom { to, from } => {
                let from = self.target(frame, from);
                let value = self.get(&from);
                let to = self.target(frame, to);
                assert_eq!(self.len(&to), self.len(&from), "lengths of a copy");
                self.set(&to, value);
            }
            StmtKind::Accumulate { to, value } => {
                let value = self.expr(frame, value);
                let value = self.content(&value);
                let at = self.target(frame, to);
                let sum = self.get(&at);
                let floats = value.floats();
                assert_eq!(sum.floats().len(), floats.len(), "shapes of a sum");
                let sums = sum.floats().into_iter().zip(floats).map(|(a, b)| a + b);
                let sum = sum.with_floats(&mut sums.collect::<Vec<_>>().into_iter());
                self.set(&at, sum);
            }
            StmtKind::SetZero(place) => {
                let at = self.target(frame, place);
                let zero = self.get(&at).zero();
                self.set(&at, zero);
            }
            StmtKind::NewTape { tape, .. } if is_store(frame, *tape) => {
                let store = self.new_store();
                self.declare(frame, *tape, store);
            }
            StmtKind::Push { tape, values } if is_store(frame, *tape) => {
                let values = values.iter().map(|e| self.expr(frame, e)).collect();
                self.keep(frame, *tape, values);
            }
            StmtKind::Pop { tape, vars } if is_store(frame, *tape) => {
                let values = self.take_kept(frame, *tape, vars);
                self.take(frame, vars, values);
            }
            StmtKind::PushList { tape, from } if is_store(frame, *tape) => {
                let value = self.list_of(frame, from);
                self.keep(frame, *tape, vec![value]);
            }
            StmtKind::PopList { tape, to } if is_store(frame, *tape) => {
                let store = self.read(frame, &Place::var(*tape));
                let value = self.take_value(&store);
                let at = self.target(frame, to);
                self.set(&at, value);
            }
            StmtKind::NewTape { tape, .. } => {
                frame.tapes.insert(*tape, Vec::new());
            }
            StmtKind::Push { tape, values } => {
                let values = values.iter().map(|e| self.expr(frame, e)).collect();
                frame.tapes.get_mut(tape).expect("a tape").push(values);
            }
            StmtKind::Pop { tape, vars } => {
                let values = frame.tapes.get_mut(tape).expect("a tape").pop();
                self.take(frame, vars, values.expect("an entry"));
            }
            StmtKind::PushList { tape, from } => {
                let value = self.list_of(frame, from);
                frame.tapes.get_mut(tape).expect("a tape").push(vec![value]);
            }
            StmtKind::PopList { tape, to } => {
                let values = frame.tapes.get_mut(tape).expect("a tape").pop();
                let at = self.target(frame, to);
                self.set(&at, values.expect("an entry").remove(0));
            }
            StmtKind::WhilePop { tape, vars, body } => {
                while let Some(values) = frame.tapes.get_mut(tape).expect("a tape").pop() {
                    self.take(frame, vars, values);
                    self.block(frame, body);
                }
            }
            StmtKind::SameShape { primal, other } => {
                let primal = self.read(frame, &Place::var(*primal));
                let other = self.read(frame, &Place::var(*other));
                let (a, b) = (self.content(&primal), self.content(&other));
                assert_eq!(a.floats().len(), b.floats().len(), "shapes");
            }
            StmtKind::Opaque { .. } => {}
            StmtKind::Match { .. } | StmtKind::ForEach { .. } => panic!("not interpreted"),
        }
    }

    /// A list, or what lies on top of another tape of lists.
    fn list_of(&mut self, frame: &mut Frame, from: &Place) -> Value {
        if let Some(tape) = frame.tapes.get_mut(&from.base) {
            return tape.pop().expect("an entry").remove(0);
        }
        let value = self.read(frame, from);
        self.content(&value)
    }

    fn take(&mut self, frame: &mut Frame, vars: &[VarId], values: Vec<Value>) {
        assert_eq!(vars.len(), values.len(), "entries of a tape");
        for (var, value) in vars.iter().zip(values) {
            self.declare(frame, *var, value);
        }
    }

    fn is_set(&mut self, frame: &mut Frame, flag: Option<VarId>) -> bool {
        flag.is_some_and(|flag| self.read(frame, &Place::var(flag)).bool())
    }

    fn range(&mut self, frame: &mut Frame, range: &Range) -> Vec<i64> {
        let lo = self.expr(frame, &range.lo).int();
        let hi = self.expr(frame, &range.hi).int() + i64::from(range.inclusive);
        let step = range.step.as_ref().map_or(1, |e| self.expr(frame, e).int());
        let mut out: Vec<i64> = (lo..hi).step_by(step as usize).collect();
        if range.rev {
            out.reverse();
        }
        if let Some(trips) = &range.trips {
            out.truncate(self.expr(frame, trips).int() as usize);
            out.reverse();
        }
        out
    }

    fn expr(&mut self, frame: &mut Frame, e: &Expr) -> Value {
        match &e.kind {
            ExprKind::Lit(tokens) => self.literal(&tokens.to_string()),
            ExprKind::Const(c) => Value::Float(*c),
            ExprKind::Read(place) => self.read(frame, place),
            ExprKind::Neg(e) => match self.expr(frame, e) {
                Value::Int(i) => Value::Int(-i),
                v => Value::Float(-self.content(&v).float()),
            },
            ExprKind::Not(e) => Value::Bool(!self.expr(frame, e).bool()),
            ExprKind::Binary(BinOp::And, a, b) => {
                Value::Bool(self.expr(frame, a).bool() && self.expr(frame, b).bool())
            }
            ExprKind::Binary(BinOp::Or, a, b) => {
                Value::Bool(self.expr(frame, a).bool() || self.expr(frame, b).bool())
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.expr(frame, a), self.expr(frame, b));
                binary(*op, self.content(&a), self.content(&b))
            }
            ExprKind::Intrinsic(name, args) => {
                let args: Vec<f64> = args
                    .iter()
                    .map(|a| {
                        let v = self.expr(frame, a);
                        self.content(&v).float()
                    })
                    .collect();
                Value::Float(super::library::intrinsic(name, &args))
            }
            ExprKind::Cast(e, ty) => {
                let value = self.expr(frame, e);
                if ty.0.to_string().starts_with('f') {
                    Value::Float(value.float())
                } else {
                    Value::Int(value.float() as i64)
                }
            }
            ExprKind::Call(call) => self.invoke(frame, call),
            ExprKind::Tuple(items) => {
                Value::Tuple(items.iter().map(|e| self.expr(frame, e)).collect())
            }
            ExprKind::List { items, .. } => {
                Value::List(items.iter().map(|e| self.expr(frame, e)).collect())
            }
            ExprKind::Repeat { item, len, .. } => {
                let item = self.expr(frame, item);
                let n = self.expr(frame, len).int() as usize;
                Value::List(vec![item; n])
            }
            ExprKind::Ref { place, .. } => Value::Ref(self.target(frame, place)),
            ExprKind::Clone { place, .. } => {
                let at = self.target(frame, place);
                self.get(&at)
            }
            ExprKind::Len(place) => {
                let at = self.target(frame, place);
                Value::Int(self.len(&at) as i64)
            }
            ExprKind::Stop(e) => self.expr(frame, e),
            ExprKind::ZeroLike(place) => {
                let at = self.target(frame, place);
                let value = self.get(&at);
                self.content(&value).zero()
            }
            ExprKind::Opaque(_) => panic!("opaque code"),
        }
    }

    /// A literal, or constants of companions: `g::NEEDS[0] && h::RESIZES[1]`.
    fn literal(&self, text: &str) -> Value {
        if !text.contains("NEEDS") && !text.contains("RESIZES") {
            return literal(text);
        }
        let holds = |constant: &str| {
            let words: Vec<&str> =
                constant.split([' ', ':', '[', ']']).filter(|word| !word.is_empty()).collect();
            let [name, constant, i] = words.as_slice() else { panic!("{text} is not interpreted") };
            let i: usize = i.parse().expect("an index");
            match *constant {
                "NEEDS" => self.library.needs(name)[i],
                "REVERSE_NEEDS" => self.library.reverse_needs(name)[i],
                _ => self.library.resizes(name, i),
            }
        };
        Value::Bool(text.split("&&").all(holds))
    }

    /// Through the companion's convention: one slot for every parameter.
    fn invoke(&mut self, frame: &mut Frame, call: &Call) -> Value {
        let name = call.path.segments.last().expect("a name").ident.to_string();
        if call.mode == Mode::Taken {
            let Some(Arg::Expr(store)) = call.args.first() else { panic!("the store comes first") };
            let store = self.expr(frame, store);
            return self.take_value(&store);
        }
        let library = self.library;
        let callee = library.derived(&name, call.mode);
        let mut args: Vec<Option<Value>> = Vec::new();
        for arg in &call.args {
            args.push(match arg {
                Arg::Expr(e) => Some(self.expr(frame, e)),
                Arg::Discard | Arg::Zero => None,
            });
        }
        assert_eq!(args.len(), callee.slots.len(), "slots of {name} {:?}", call.mode);
        let n = library.parameters(&name);
        let (needs, in_two) = match call.mode {
            Mode::Back(0) | Mode::BackUnused(0) => (library.needs(&name), false),
            Mode::Reverse | Mode::ReverseUnused => (library.reverse_needs(&name), true),
            mode => (vec![true; n].into(), mode == Mode::Forward),
        };
        let store = args.last().cloned().flatten().filter(|_| in_two);
        let before: Vec<Value> =
            args[..n].iter().flatten().map(|value| self.content(value)).collect();
        if let Some(store) = store.as_ref().filter(|_| call.mode != Mode::Forward) {
            self.unseal(store, &name, &before, &needs);
        }
        // What is not needed may be anything, and stays what it is.
        for i in (0..n).filter(|i| !needs[*i]) {
            let spoilt = before[i].spoilt();
            args[i] = Some(match args[i].take() {
                Some(Value::Ref(at)) if library.changes(&name, i) => {
                    self.set(&at, spoilt);
                    Value::Ref(at)
                }
                Some(Value::Ref(_)) => self.memory(spoilt),
                _ => spoilt,
            });
        }
        let mut given = Vec::new();
        for (i, slot) in callee.slots.iter().enumerate() {
            if !slot.taken {
                continue;
            }
            let value = match (&args[i], slot.like) {
                (Some(value), _) => value.clone(),
                (None, Some(like)) => {
                    let like = args[like].clone().unwrap_or(Value::Float(0.0));
                    let is_reference = matches!(like, Value::Ref(_)) || slot.by_reference;
                    let zero = self.content(&like).zero();
                    if is_reference { self.memory(zero) } else { zero }
                }
                (None, None) => panic!("nothing to shape a zero by"),
            };
            given.push(value);
        }
        let result = self.call(&callee.function, given);
        for i in (0..n).filter(|i| !needs[*i] && library.changes(&name, *i)) {
            let Some(Value::Ref(at)) = args[i].clone() else { continue };
            let now = self.content(&Value::Ref(at.clone())).floats();
            let untouched = now.len() == before[i].floats().len();
            let untouched = untouched && now.iter().all(|x| x.is_nan());
            assert!(untouched, "{name} {:?} changes argument {i}", call.mode);
            self.set(&at, before[i].clone());
        }
        if let Some(store) = store.filter(|_| call.mode == Mode::Forward) {
            self.kept_calls += usize::from(library.is_in_two(&name));
            self.seal(&store, &name, before);
        }
        result
    }
}

fn is_store(frame: &Frame, var: VarId) -> bool {
    frame.f.var(var).role == Role::Store
}
