//! Functions that the interpreter's programs call, with their derivatives made on demand.

use crate::diagnostics::Diagnostics;
use crate::ir::*;
use crate::transform::{forward, reverse, tidy};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Lowers the source of a function.
pub fn function(source: &str) -> Function {
    let item: syn::ItemFn = syn::parse_str(source).expect("a function");
    let mut errors = Diagnostics::new();
    let f = crate::lower::function(&item.sig, &item.block, &[], &mut errors);
    let messages: Vec<&str> = errors.messages().collect();
    assert!(messages.is_empty(), "{messages:?}");
    f.expect("a function without errors")
}

/// A function in one of the forms that calls name.
pub struct Derived {
    /// As it is printed.
    pub function: Function,
    /// As further transformations take it.
    unfinished: Function,
    pub slots: Vec<Slot>,
}

/// An argument of the companion's functions.
#[derive(Clone)]
pub struct Slot {
    /// Whether the function has a parameter for it.
    pub taken: bool,
    /// The slot whose value has the shape of this one.
    pub like: Option<usize>,
    pub by_reference: bool,
    active: bool,
}

/// Functions by name.
#[derive(Default)]
pub struct Library {
    functions: HashMap<String, Function>,
    derived: RefCell<HashMap<(String, Mode2), Rc<Derived>>>,
    /// How derived functions are cleaned up.
    pub tidy: tidy::Switches,
}

type Mode2 = (u8, u8);

impl Library {
    pub fn new(sources: &[&str]) -> Self {
        let functions = sources.iter().map(|s| function(s));
        Library {
            functions: functions.map(|f| (f.name.to_string(), f)).collect(),
            derived: RefCell::default(),
            tidy: tidy::Switches::default(),
        }
    }

    pub fn derived(&self, name: &str, mode: Mode) -> Rc<Derived> {
        let (back, times) = match mode {
            Mode::Primal | Mode::Value => (0, 0),
            Mode::Jvp(n) | Mode::ValueJvp(n) => (0, n),
            // Only functions of `()` are called for their effects there.
            Mode::Back(n) | Mode::BackUnused(n) => (1, n),
            Mode::Forward | Mode::Reverse | Mode::ReverseUnused | Mode::Taken => {
                panic!("not interpreted")
            }
        };
        let key = (name.to_string(), (back, times));
        if let Some(known) = self.derived.borrow().get(&key) {
            return known.clone();
        }
        let f = &self.functions[name];
        let mut derived = if back == 1 { self.back(f) } else { primal(f) };
        for _ in 0..times {
            derived = self.forward(&derived);
        }
        let derived = Rc::new(derived);
        self.derived.borrow_mut().insert(key, derived.clone());
        derived
    }

    /// `f::NEEDS`
    pub fn needs(&self, name: &str) -> Vec<bool> {
        let n = self.functions[name].params.len();
        reverse::needs(&self.derived(name, Mode::Back(0)).function, n)
    }

    /// `f::RESIZES[i]`
    pub fn resizes(&self, name: &str, i: usize) -> bool {
        let f = &self.functions[name];
        let ty = &f.var(f.params[i]).ty;
        matches!(ty, Ty::Ref { mutable: true, .. }) && !reverse::has_fixed_shape(ty)
    }

    fn back(&self, f: &Function) -> Derived {
        let active: Vec<bool> = primal(f).slots.iter().map(|s| s.active).collect();
        let options = reverse::Options {
            value: false,
            effects: false,
            split: false,
            calls: reverse::Calls::Joint,
            switches: reverse::Switches::default(),
        };
        let r = reverse::run(f, &active, options);
        let mut slots = primal(f).slots;
        if r.seed.is_some() {
            slots.push(Slot { taken: true, like: None, by_reference: false, active: true });
        }
        for (i, bar) in r.bars.iter().enumerate() {
            let taken = bar.is_some();
            slots.push(Slot { taken, like: Some(i), by_reference: true, active: taken });
        }
        let mut function = r.function;
        tidy::run_with(&mut function, self.tidy);
        self.finished(function, slots)
    }

    fn finished(&self, unfinished: Function, slots: Vec<Slot>) -> Derived {
        Derived { function: tidy::finish(&unfinished, self.tidy), unfinished, slots }
    }

    fn forward(&self, of: &Derived) -> Derived {
        let taken = of.slots.iter().filter(|s| s.taken);
        let active: Vec<bool> = taken.map(|s| s.active).collect();
        let mut function = forward::run(&of.unfinished, &active);
        tidy::run_with(&mut function, self.tidy);
        let mut slots = of.slots.clone();
        for (i, slot) in of.slots.iter().enumerate() {
            let mut dot = slot.clone();
            dot.taken = slot.taken && slot.active;
            dot.active = dot.taken;
            dot.like = slot.like.or(Some(i));
            slots.push(dot);
        }
        self.finished(function, slots)
    }
}

fn primal(f: &Function) -> Derived {
    let slots = f.params.iter().enumerate().map(|(i, p)| Slot {
        taken: true,
        like: Some(i),
        by_reference: matches!(f.var(*p).ty, Ty::Ref { .. }),
        active: !f.var(*p).ty.is_discrete(),
    });
    Derived { slots: slots.collect(), function: f.clone(), unfinished: f.clone() }
}

/// The functions of the rule table that test programs and their derivatives use.
pub fn intrinsic(name: &str, args: &[f64]) -> f64 {
    let x = args[0];
    let weight = |a: f64, b: f64| {
        if a < b {
            1.0
        } else if a == b {
            0.5
        } else {
            0.0
        }
    };
    match name {
        "sin" => x.sin(),
        "cos" => x.cos(),
        "exp" => x.exp(),
        "ln" => x.ln(),
        "sqrt" => x.sqrt(),
        "tanh" => x.tanh(),
        "atan" => x.atan(),
        "abs" => x.abs(),
        "recip" => x.recip(),
        "powi" => x.powi(args[1] as i32),
        "powf" => x.powf(args[1]),
        "hypot" => x.hypot(args[1]),
        "max" => x.max(args[1]),
        "min" => x.min(args[1]),
        "floor" => x.floor(),
        "round" => x.round(),
        "sign_or_zero" if x == 0.0 => 0.0,
        "sign_or_zero" => x.signum(),
        "over_or_zero" if args[1] == 0.0 => 0.0,
        "over_or_zero" => x / args[1],
        "min_weight" => weight(x, args[1]),
        "max_weight" => weight(args[1], x),
        other => panic!("{other} is not interpreted"),
    }
}
