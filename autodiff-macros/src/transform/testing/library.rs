//! Functions that the interpreter's programs call, with their derivatives made on demand.

use crate::diagnostics::Diagnostics;
use crate::ir::*;
use crate::transform::reverse::{self, residual};
use crate::transform::{forward, tidy};
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

/// What a companion publishes of every parameter.
type Constant = Rc<Vec<bool>>;

/// Functions by name.
#[derive(Default)]
pub struct Library {
    functions: HashMap<String, Function>,
    derived: RefCell<HashMap<(String, Form, u8), Rc<Derived>>>,
    needs: RefCell<HashMap<(String, bool), Constant>>,
    residuals: RefCell<HashMap<String, Option<Rc<residual::Residual>>>>,
    /// How derived functions are cleaned up.
    pub tidy: tidy::Switches,
    /// Which analyses run.
    pub analyses: reverse::Switches,
}

/// What is made of a function, before it is transformed forwards.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    Primal,
    Back,
    BackUnused,
    Forward,
    Reverse,
    ReverseUnused,
}

impl Library {
    pub fn new(sources: &[&str]) -> Self {
        let functions = sources.iter().map(|s| function(s));
        Library {
            functions: functions.map(|f| (f.name.to_string(), f)).collect(),
            ..Library::default()
        }
    }

    /// The same functions, of which nothing is made yet.
    pub fn with(&self, tidy: tidy::Switches, analyses: reverse::Switches) -> Self {
        Library { functions: self.functions.clone(), tidy, analyses, ..Library::default() }
    }

    pub fn derived(&self, name: &str, mode: Mode) -> Rc<Derived> {
        match mode {
            Mode::Primal | Mode::Value => self.form(name, Form::Primal, 0),
            Mode::Jvp(n) | Mode::ValueJvp(n) => self.form(name, Form::Primal, n),
            Mode::Back(n) => self.form(name, Form::Back, n),
            Mode::BackUnused(n) => self.form(name, Form::BackUnused, n),
            Mode::Forward => self.form(name, Form::Forward, 0),
            Mode::Reverse => self.form(name, Form::Reverse, 0),
            Mode::ReverseUnused => self.form(name, Form::ReverseUnused, 0),
            Mode::Taken => unreachable!("takes from the store itself"),
        }
    }

    fn form(&self, name: &str, form: Form, times: u8) -> Rc<Derived> {
        let key = (name.to_string(), form, times);
        if let Some(known) = self.derived.borrow().get(&key) {
            return known.clone();
        }
        let f = &self.functions[name];
        let derived = match (times, form) {
            (1.., _) => self.forward(&self.form(name, form, times - 1)),
            (0, Form::Primal) => primal(f),
            (0, Form::Back) => self.joint(f, reverse::Calls::Joint, [false, false], self.analyses),
            (0, Form::BackUnused) => {
                let mut derived = self.without_seed(&self.form(name, Form::Back, 0), f);
                tidy::run_with(&mut derived.unfinished, self.tidy);
                self.finished(derived.unfinished, derived.slots)
            }
            (0, Form::Forward) => self.keeping(name),
            (0, Form::Reverse) => self.taking(name),
            (0, Form::ReverseUnused) => match self.residual(name) {
                Some(_) => self.without_seed(&self.form(name, Form::Reverse, 0), f),
                None => with_store(&self.form(name, Form::BackUnused, 0), false),
            },
        };
        let derived = Rc::new(derived);
        self.derived.borrow_mut().insert(key, derived.clone());
        derived
    }

    /// The function in two, if it can be and that pays.
    pub fn residual(&self, name: &str) -> Option<Rc<residual::Residual>> {
        if let Some(known) = self.residuals.borrow().get(name) {
            return known.clone();
        }
        let f = &self.functions[name];
        let back = self.form(name, Form::Back, 0);
        let residual = residual::run(f, &active(f), &back.unfinished, self.analyses).map(Rc::new);
        self.residuals.borrow_mut().insert(name.to_string(), residual.clone());
        residual
    }

    pub fn is_in_two(&self, name: &str) -> bool {
        self.residual(name).is_some()
    }

    pub fn function(&self, name: &str) -> &Function {
        &self.functions[name]
    }

    pub fn parameters(&self, name: &str) -> usize {
        self.functions[name].params.len()
    }

    /// Whether the parameter is behind `&mut`.
    pub fn changes(&self, name: &str, i: usize) -> bool {
        let f = &self.functions[name];
        matches!(f.var(f.params[i]).ty, Ty::Ref { mutable: true, .. })
    }

    /// `f::NEEDS`
    pub fn needs(&self, name: &str) -> Constant {
        self.constant(name, false, &|| {
            reverse::needs(&self.form(name, Form::Back, 0).unfinished, self.parameters(name))
        })
    }

    /// `f::REVERSE_NEEDS`
    pub fn reverse_needs(&self, name: &str) -> Constant {
        self.constant(name, true, &|| match self.residual(name) {
            Some(residual) => residual.needs.clone(),
            None => self.needs(name).to_vec(),
        })
    }

    fn constant(&self, name: &str, kept: bool, make: &dyn Fn() -> Vec<bool>) -> Constant {
        let key = (name.to_string(), kept);
        if let Some(known) = self.needs.borrow().get(&key) {
            return known.clone();
        }
        let needs = Rc::new(make());
        self.needs.borrow_mut().insert(key, needs.clone());
        needs
    }

    /// `f::RESIZES[i]`
    pub fn resizes(&self, name: &str, i: usize) -> bool {
        let f = &self.functions[name];
        self.changes(name, i) && !reverse::has_fixed_shape(&f.var(f.params[i]).ty)
    }

    /// `adjoint_f`: value and gradient.
    pub fn adjoint(
        &self,
        name: &str,
        calls: reverse::Calls,
        switches: reverse::Switches,
    ) -> Derived {
        self.joint(&self.functions[name], calls, [true, true], switches)
    }

    fn joint(
        &self,
        f: &Function,
        calls: reverse::Calls,
        [value, effects]: [bool; 2],
        switches: reverse::Switches,
    ) -> Derived {
        let options = reverse::Options { value, effects, split: false, calls, switches };
        let r = reverse::run(f, &active(f), options);
        let slots = reverse_slots(f, r.seed, &r.bars);
        let mut function = r.function;
        tidy::run_with(&mut function, self.tidy);
        self.finished(function, slots)
    }

    /// `f::forward`
    fn keeping(&self, name: &str) -> Derived {
        let primal = primal(&self.functions[name]);
        match self.residual(name) {
            Some(residual) => {
                with_store(&self.finished(residual.forward.clone(), primal.slots), true)
            }
            None => with_store(&primal, false),
        }
    }

    /// `f::reverse`
    fn taking(&self, name: &str) -> Derived {
        let f = &self.functions[name];
        match self.residual(name) {
            Some(residual) => {
                let slots = reverse_slots(f, residual.seed, &residual.bars);
                with_store(&self.finished(residual.reverse.clone(), slots), true)
            }
            None => with_store(&self.form(name, Form::Back, 0), false),
        }
    }

    /// With zero for the seed.
    fn without_seed(&self, of: &Derived, f: &Function) -> Derived {
        let (mut function, mut slots) = (of.unfinished.clone(), of.slots.clone());
        if f.result.is_some() {
            let seed = function.params[f.params.len()];
            let zero = reverse::zero_of_type(&function.var(seed).ty).expect("a zero");
            function.params.remove(f.params.len());
            slots.remove(f.params.len());
            let kind = StmtKind::Let { var: seed, init: Some(zero) };
            let span = proc_macro2::Span::call_site();
            function.body.stmts.insert(0, Stmt { kind, span });
        }
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

fn active(f: &Function) -> Vec<bool> {
    primal(f).slots.iter().map(|s| s.active).collect()
}

/// Parameters, seed, adjoints.
fn reverse_slots(f: &Function, seed: Option<VarId>, bars: &[Option<VarId>]) -> Vec<Slot> {
    let mut slots = primal(f).slots;
    slots.extend(seed.map(|_| Slot { taken: true, like: None, by_reference: false, active: true }));
    for (i, bar) in bars.iter().enumerate() {
        let taken = bar.is_some();
        slots.push(Slot { taken, like: Some(i), by_reference: true, active: taken });
    }
    slots
}

/// The store comes last, and is taken or is not.
fn with_store(of: &Derived, taken: bool) -> Derived {
    let mut slots = of.slots.clone();
    slots.push(Slot { taken, like: None, by_reference: true, active: false });
    Derived { function: of.function.clone(), unfinished: of.unfinished.clone(), slots }
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
