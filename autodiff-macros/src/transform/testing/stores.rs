//! Stores, as the interpreter has them: stacks that know what was put on them, so that a push and
//! its pop, a call and its reverse, are seen to belong together.

use super::interpret::{Frame, Machine, Value};
use crate::ir::*;

/// What lies on a store.
pub enum Entry {
    /// Values that were kept at once.
    Values(Vec<Value>),
    /// The end of what a call keeps. The compiled stack has no such thing.
    Call { name: String, args: Vec<Value> },
}

impl Machine<'_> {
    pub fn new_store(&mut self) -> Value {
        self.stores.push(Vec::new());
        Value::Store(self.stores.len() - 1)
    }

    /// The stack behind a store or a reference to one.
    fn entries(&mut self, store: &Value) -> &mut Vec<Entry> {
        match self.content(store) {
            Value::Store(number) => &mut self.stores[number],
            other => panic!("no store: {other:?}"),
        }
    }

    pub fn is_empty(&mut self, store: &Value) -> bool {
        self.entries(store).is_empty()
    }

    /// Keeps values on the store that the variable is or refers to.
    pub(super) fn keep(&mut self, frame: &mut Frame, store: VarId, values: Vec<Value>) {
        let values: Vec<Value> = values.iter().map(|value| self.content(value)).collect();
        let store = self.read(frame, &Place::var(store));
        self.entries(&store).push(Entry::Values(values));
    }

    /// Takes what was kept last: so many values, of these types.
    pub(super) fn take_kept(
        &mut self,
        frame: &mut Frame,
        store: VarId,
        vars: &[VarId],
    ) -> Vec<Value> {
        let store = self.read(frame, &Place::var(store));
        let f = frame.f;
        match self.entries(&store).pop() {
            Some(Entry::Values(values)) => {
                assert_eq!(values.len(), vars.len(), "values kept at once in {}", f.name);
                for (value, var) in values.iter().zip(vars) {
                    let var = f.var(*var);
                    assert!(is_of(value, &var.ty), "{value:?} for {}: {:?}", var.name, var.ty);
                }
                values
            }
            Some(Entry::Call { name, .. }) => panic!("{} takes what {name} kept", f.name),
            None => panic!("{} takes from an empty store", f.name),
        }
    }

    /// Takes the value of a call, of a type that only the callee's signature tells.
    pub fn take_value(&mut self, store: &Value) -> Value {
        match self.entries(store).pop() {
            Some(Entry::Values(values)) => match <[Value; 1]>::try_from(values) {
                Ok([value]) => value,
                Err(values) => panic!("one value taken of {} kept at once", values.len()),
            },
            Some(Entry::Call { name, .. }) => panic!("takes what {name} kept"),
            None => panic!("takes from an empty store"),
        }
    }

    /// A call is over that kept what its reverse takes.
    pub fn seal(&mut self, store: &Value, name: &str, args: Vec<Value>) {
        self.entries(store).push(Entry::Call { name: name.to_string(), args });
    }

    /// The reverse of the last call that is not reversed yet begins, with these arguments, of which
    /// it reads those flagged.
    pub fn unseal(&mut self, store: &Value, name: &str, args: &[Value], needs: &[bool]) {
        match self.entries(store).pop() {
            Some(Entry::Call { name: kept, args: then }) => {
                assert_eq!(kept, name, "whose call is reversed");
                for (i, (now, then)) in args.iter().zip(&then).enumerate() {
                    let same = !needs[i] || now == then || then.floats().iter().any(|x| x.is_nan());
                    assert!(same, "argument {i} of {name} was {then:?}, and is {now:?}");
                }
            }
            Some(Entry::Values(_)) => panic!("the reverse of {name} finds its caller's values"),
            None => panic!("the reverse of {name} finds an empty store"),
        }
    }
}

/// Whether the type is what the value has; the compiled stack has only words.
fn is_of(value: &Value, ty: &Ty) -> bool {
    match (value, ty) {
        (Value::Float(_), Ty::Float(float)) => *float == FloatTy::F64,
        (Value::Bool(_), Ty::Discrete(Some(name))) => name == "bool",
        (Value::Int(_), Ty::Discrete(Some(name))) => name != "bool",
        (Value::List(items), Ty::Array(item, len)) => {
            let len: usize = len.0.to_string().parse().expect("a length");
            items.len() == len && items.iter().all(|value| is_of(value, item))
        }
        (Value::List(items), Ty::Vec(item)) => items.iter().all(|value| is_of(value, item)),
        (Value::Tuple(items), Ty::Tuple(types)) => {
            items.len() == types.len() && items.iter().zip(types).all(|(v, t)| is_of(v, t))
        }
        _ => false,
    }
}
