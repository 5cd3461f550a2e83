//! Random programs of several functions: calls of calls, recursion, in branches and loops, with
//! `&mut` arguments, with values that nobody uses.

use super::programs::Random;
use std::fmt::Write;

/// What a function takes and gives. All lists have at least three entries.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// `(mut x: f64, y: f64) -> f64`
    Scalar,
    /// `(x: f64, v: &[f64]) -> f64`
    List,
    /// `(v: &[f64], w: &mut [f64], x: f64)`
    Change,
    /// `(p: &mut f64, y: f64) -> f64`
    Place,
    /// `(x: f64, w: &mut [f64], n: usize) -> f64`: recursive
    Deep,
    /// `(x: f64, y: f64, n: usize) -> f64`: recursive
    Far,
    /// `(g: &mut Vec<f64>, x: f64) -> f64`
    Grow,
    /// `(x: f64, mut c: [f64; 3]) -> (f64, f64)`
    Pair,
    /// `(x: f64, v: &[f64]) -> Vec<f64>`
    Make,
    /// `(x: f64, y: f64, v: &[f64], w: &mut [f64]) -> f64`
    Program,
}

const KINDS: [Kind; 11] = [
    Kind::Scalar,
    Kind::Scalar,
    Kind::List,
    Kind::Change,
    Kind::Change,
    Kind::Place,
    Kind::Deep,
    Kind::Far,
    Kind::Grow,
    Kind::Pair,
    Kind::Make,
];

/// The functions of a family, the last of which is `fn program(x: f64, y: f64, v: &[f64],
/// w: &mut [f64]) -> f64`, with slices of length 4.
pub fn family(seed: u64) -> Vec<String> {
    let mut random = Random::new(seed ^ 0xFA41);
    let mut kinds: Vec<Kind> =
        (0..2 + random.below(3)).map(|_| KINDS[random.below(KINDS.len())]).collect();
    let mutual = random.below(2) == 0;
    if mutual {
        // Nothing that recursive functions call calls them but they themselves: all ends.
        kinds.sort_by_key(|kind| is_recursive(*kind));
    }
    let mut out = Vec::new();
    for at in 0..=kinds.len() {
        let kind = kinds.get(at).copied().unwrap_or(Kind::Program);
        let mut writer = Writer {
            random,
            kinds: kinds.clone(),
            mutual,
            at,
            out: String::new(),
            scalars: Vec::new(),
            targets: Vec::new(),
            lists: Vec::new(),
            indices: Vec::new(),
            count: 0,
            budget: if kind == Kind::Program { 9 } else { 5 },
            calls: if kind == Kind::Program { 5 } else { 2 },
            sums: String::new(),
        };
        out.push(writer.function(kind));
        random = writer.random;
    }
    out
}

#[derive(Clone)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) mutable: bool,
    vec: bool,
}

pub(super) struct Writer {
    pub(super) random: Random,
    kinds: Vec<Kind>,
    /// Whether recursive functions call each other: otherwise those before them and themselves.
    mutual: bool,
    /// Which function this is.
    at: usize,
    out: String,
    pub(super) scalars: Vec<String>,
    /// Scalars that can be assigned.
    pub(super) targets: Vec<String>,
    pub(super) lists: Vec<List>,
    pub(super) indices: Vec<String>,
    pub(super) count: usize,
    budget: usize,
    /// Calls that may still be written.
    calls: usize,
    /// Sums that the result adds up.
    pub(super) sums: String,
}

fn is_recursive(kind: Kind) -> bool {
    matches!(kind, Kind::Deep | Kind::Far)
}

impl Writer {
    pub(super) fn line(&mut self, text: &str) {
        writeln!(self.out, "    {text}").expect("a string takes all");
    }

    pub(super) fn chance(&mut self, one_in: usize) -> bool {
        self.random.below(one_in) == 0
    }

    pub(super) fn list(&mut self, name: &str, mutable: bool, vec: bool) {
        self.lists.push(List { name: name.to_string(), mutable, vec });
    }

    fn function(&mut self, kind: Kind) -> String {
        let (params, result) = match kind {
            Kind::Scalar => ("mut x: f64, y: f64", "f64"),
            Kind::List => ("x: f64, v: &[f64]", "f64"),
            Kind::Change => ("v: &[f64], w: &mut [f64], x: f64", "()"),
            Kind::Place => ("p: &mut f64, y: f64", "f64"),
            Kind::Deep => ("x: f64, w: &mut [f64], n: usize", "f64"),
            Kind::Far => ("x: f64, y: f64, n: usize", "f64"),
            Kind::Grow => ("g: &mut Vec<f64>, x: f64", "f64"),
            Kind::Pair => ("x: f64, mut c: [f64; 3]", "(f64, f64)"),
            Kind::Make => ("x: f64, v: &[f64]", "Vec<f64>"),
            Kind::Program => ("x: f64, y: f64, v: &[f64], w: &mut [f64]", "f64"),
        };
        for name in ["x", "y"].iter().filter(|name| params.contains(&format!("{name}: f64"))) {
            self.scalars.push((*name).to_string());
        }
        if kind == Kind::Scalar {
            self.targets.push("x".into());
        }
        if kind == Kind::Place {
            self.scalars.push("*p".into());
            self.targets.push("*p".into());
        }
        for (name, mutable) in [("v", false), ("w", true), ("c", true), ("g", true)] {
            if params.contains(&format!("{name}: ")) {
                self.list(name, mutable, name == "g");
            }
        }
        let first = self.scalars[0].clone();
        self.line(&format!("let mut a = {first} * 0.7;"));
        self.scalars.push("a".into());
        self.targets.push("a".into());
        if kind == Kind::Program || self.chance(2) {
            self.line("let mut b = 0.4 - a;");
            self.scalars.push("b".into());
            self.targets.push("b".into());
        }
        if kind == Kind::Program || self.chance(3) {
            self.line("let mut u = [a, 0.3, 0.5 * a];");
            self.list("u", true, false);
        }
        if kind == Kind::Program || self.chance(3) {
            self.line("let mut q = vec![0.2, a, 0.1];");
            self.list("q", true, true);
        }
        if kind == Kind::Grow {
            let value = self.expr(1);
            self.line(&format!("g.push(({value}).sin());"));
        }
        // Loops that run along or again stand at function level.
        if self.chance(if kind == Kind::Program { 2 } else { 5 }) {
            self.reduction(0);
        }
        self.block(0);
        if self.chance(if kind == Kind::Program { 2 } else { 5 }) {
            self.trip();
        }
        if is_recursive(kind) {
            self.again();
        }
        let result_of = |writer: &mut Self| {
            let mut all = writer.expr(2);
            for target in writer.targets.clone() {
                write!(all, " + 0.3 * {target}").expect("a string takes all");
            }
            for list in writer.lists.clone() {
                let (i, j) = (writer.random.below(3), writer.random.below(3));
                write!(all, " + 0.4 * {0}[{i}] * {0}[{j}]", list.name).expect("the same");
            }
            if writer.chance(2) {
                return format!("({all}{})", writer.sums);
            }
            // Then the sums' adjoints are known before anything else has its value.
            writer.line(&format!("let all = {all};"));
            format!("(all{})", writer.sums)
        };
        let value = match kind {
            Kind::Change => {
                let (i, value) = (self.random.below(3), result_of(self));
                format!("w[{i}] = {value}.tanh();")
            }
            Kind::Pair => format!("({}.tanh(), {})", result_of(self), self.expr(2)),
            Kind::Make => {
                let value = result_of(self);
                self.line(&format!("let mut out = vec![{value}.sin(), x, a];"));
                self.line("for i in 0..3 { out[i] = (out[i] * v[i] + 0.2).sin(); }");
                "out".into()
            }
            Kind::Program | Kind::Far => result_of(self),
            _ => format!("{}.tanh()", result_of(self)),
        };
        let name = if kind == Kind::Program { "program".into() } else { format!("k{}", self.at) };
        format!("fn {name}({params}) -> {result} {{\n{}    {value}\n}}", self.out)
    }

    /// The recursive call of a recursive function, of itself or of another.
    fn again(&mut self) {
        let others: Vec<usize> = (0..self.kinds.len())
            .filter(|i| is_recursive(self.kinds[*i]) && (self.mutual || *i == self.at))
            .collect();
        let to = others[self.random.below(others.len())];
        let arg = self.expr(1);
        let lists: Vec<String> =
            self.lists.iter().filter(|l| l.mutable).map(|l| l.name.clone()).collect();
        let call = match self.kinds[to] {
            Kind::Deep if !lists.is_empty() => {
                let list = &lists[self.random.below(lists.len())];
                let arg = if arg.contains(&format!("{list}[")) { "a" } else { &arg };
                format!("k{to}({arg}, &mut {list}[..], n - 1)")
            }
            Kind::Deep => return,
            _ => format!("k{to}({arg}, a, n - 1)"),
        };
        self.line("if n > 0 {");
        match self.random.below(3) {
            0 => self.line(&format!("a = (a + {call}).sin();")),
            1 => self.line(&format!("{call};")),
            _ => self.line(&format!("let t = {call}; a *= t;")),
        }
        if self.chance(3) {
            self.block(1);
        }
        self.line("}");
    }

    fn block(&mut self, depth: usize) {
        let (scalars, targets, lists) = (self.scalars.len(), self.targets.len(), self.lists.len());
        for _ in 0..2 + self.random.below(3) {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            self.statement(depth);
        }
        self.scalars.truncate(scalars);
        self.targets.truncate(targets);
        self.lists.truncate(lists);
    }

    fn index(&mut self) -> String {
        if self.indices.is_empty() || self.chance(3) {
            self.random.below(3).to_string()
        } else {
            self.indices[self.random.below(self.indices.len())].clone()
        }
    }

    fn any_list(&mut self, mutable: bool) -> Option<List> {
        let lists: Vec<&List> = self.lists.iter().filter(|l| l.mutable || !mutable).collect();
        if lists.is_empty() {
            return None;
        }
        Some(lists[self.random.below(lists.len())].clone())
    }

    pub(super) fn atom(&mut self) -> String {
        match self.random.below(5) {
            0 => format!("{:.2}", 0.5 + 0.4 * self.random.unit()),
            1 | 2 => match self.any_list(false) {
                Some(list) => format!("{}[{}]", list.name, self.index()),
                None => self.scalars[0].clone(),
            },
            _ => self.scalars[self.random.below(self.scalars.len())].clone(),
        }
    }

    /// An atom that does not mention the variable.
    fn atom_without(&mut self, name: &str) -> String {
        for _ in 0..6 {
            let atom = self.atom();
            if atom != name && !atom.starts_with(&format!("{name}[")) {
                return atom;
            }
        }
        "0.3".into()
    }

    pub(super) fn expr(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.atom();
        }
        let a = self.expr(depth - 1);
        let shallower = self.random.below(depth);
        let b = self.expr(shallower);
        match self.random.below(10) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            2 => format!("({a} * {b}).tanh()"),
            3 => format!("({a} * {b})"),
            4 => format!("{a} / ({b} * {b} + 1.1)"),
            5 => format!("({a}).sin()"),
            6 => format!("(0.3 * {a}).tanh().exp()"),
            7 => format!("({a} * {a} + 0.2).sqrt()"),
            _ => match self.pure_call() {
                Some(call) => call,
                None => format!("({a} * {b}).cos()"),
            },
        }
    }

    pub(super) fn target(&mut self) -> String {
        if self.chance(3)
            && let Some(list) = self.any_list(true)
        {
            return format!("{}[{}]", list.name, self.index());
        }
        self.targets[self.random.below(self.targets.len())].clone()
    }

    fn callee(&mut self, fits: impl Fn(Kind) -> bool) -> Option<usize> {
        let own = self.kinds.get(self.at).is_some_and(|kind| is_recursive(*kind));
        let fitting: Vec<usize> = (0..self.at)
            .filter(|i| fits(self.kinds[*i]))
            .filter(|i| !(self.mutual && own && is_recursive(self.kinds[*i])))
            .collect();
        if fitting.is_empty() || self.calls == 0 {
            return None;
        }
        self.calls -= 1;
        Some(fitting[self.random.below(fitting.len())])
    }

    /// A call that is a value and changes nothing.
    pub(super) fn pure_call(&mut self) -> Option<String> {
        let k = self.callee(|kind| matches!(kind, Kind::Scalar | Kind::List | Kind::Far))?;
        let (p, q) = (self.atom(), self.atom());
        Some(match self.kinds[k] {
            Kind::Scalar => format!("k{k}({p}, {q})"),
            Kind::Far => format!("k{k}({p}, {q}, {})", self.random.below(3)),
            _ => {
                let list = self.any_list(false)?;
                format!("k{k}({p}, &{}[..])", list.name)
            }
        })
    }

    /// A call that changes something, what it changes, and whether it has a value.
    fn changing_call(&mut self) -> Option<(String, String, bool)> {
        let vec = self.lists.iter().any(|l| l.vec && l.mutable);
        let list = self.any_list(true);
        let k = self.callee(|kind| match kind {
            Kind::Change | Kind::Deep => list.is_some(),
            Kind::Place => true,
            Kind::Grow => vec,
            _ => false,
        })?;
        Some(match (self.kinds[k], list) {
            (Kind::Change, Some(list)) => {
                let others: Vec<String> = self
                    .lists
                    .iter()
                    .filter(|l| l.name != list.name)
                    .map(|l| l.name.clone())
                    .collect();
                if others.is_empty() {
                    return None;
                }
                let other = &others[self.random.below(others.len())];
                let arg = self.atom_without(&list.name);
                let call = format!("k{k}(&{other}[..], &mut {}[..], {arg})", list.name);
                (call, list.name, false)
            }
            (Kind::Deep, Some(list)) => {
                let (arg, n) = (self.atom_without(&list.name), self.random.below(3));
                (format!("k{k}({arg}, &mut {}[..], {n})", list.name), list.name, true)
            }
            (Kind::Place, Some(list)) if self.chance(3) => {
                let (i, arg) = (self.index(), self.atom_without(&list.name));
                (format!("k{k}(&mut {}[{i}], {arg})", list.name), list.name, true)
            }
            (Kind::Place, _) => {
                let target = self.targets[self.random.below(self.targets.len())].clone();
                let arg = self.atom_without(&target);
                (format!("k{k}(&mut {target}, {arg})"), target, true)
            }
            _ => {
                let vecs: Vec<String> = (self.lists.iter())
                    .filter(|l| l.vec && l.mutable)
                    .map(|l| l.name.clone())
                    .collect();
                let name = vecs[self.random.below(vecs.len())].clone();
                let arg = self.atom_without(&name);
                let reference = if name == "g" { "g".into() } else { format!("&mut {name}") };
                (format!("k{k}({reference}, {arg})"), name, true)
            }
        })
    }

    pub(super) fn call(&mut self) {
        self.count += 1;
        let n = self.count;
        match self.random.below(8) {
            0..=3 => {
                let Some((call, changed, has_value)) = self.changing_call() else { return };
                match self.random.below(4) {
                    _ if !has_value => self.line(&format!("{call};")),
                    0 => self.line(&format!("{call};")),
                    1 => {
                        let arg = self.atom_without(&changed);
                        let target = self.target();
                        if target == changed || target.starts_with(&format!("{changed}[")) {
                            self.line(&format!("{call};"));
                        } else {
                            self.line(&format!("{target} = ({call} * {arg}).sin();"));
                        }
                    }
                    _ => {
                        self.line(&format!("let mut t{n} = {call};"));
                        self.declare(&format!("t{n}"));
                    }
                }
            }
            4 => {
                let Some(k) = self.callee(|kind| kind == Kind::Pair) else { return };
                let (p, q, r, s) = (self.atom(), self.atom(), self.atom(), self.atom());
                let names = match self.random.below(4) {
                    0 => ["_".to_string(), format!("mut t{n}")],
                    1 => [format!("mut t{n}"), "_".to_string()],
                    _ => [format!("d{n}"), format!("mut t{n}")],
                };
                let [one, two] = &names;
                self.line(&format!("let ({one}, {two}) = k{k}({p}, [{q}, {r}, {s}]);"));
                if one.starts_with('d') {
                    self.scalars.push(one.clone());
                }
                self.declare(&format!("t{n}"));
            }
            5 => {
                let Some(list) = self.any_list(false) else { return };
                let Some(k) = self.callee(|kind| kind == Kind::Make) else { return };
                let arg = self.atom();
                self.line(&format!("let mut z{n} = k{k}({arg}, &{}[..]);", list.name));
                self.list(&format!("z{n}"), true, true);
            }
            _ => {
                let Some(call) = self.pure_call() else { return };
                let (target, arg) = (self.target(), self.atom());
                match self.random.below(3) {
                    0 => self.line(&format!("{target} = ({call} - {arg}).tanh();")),
                    1 => self.line(&format!("{target} += {call} * {arg};")),
                    _ => {
                        self.line(&format!("let mut t{n} = {call};"));
                        self.declare(&format!("t{n}"));
                    }
                }
            }
        }
    }

    fn declare(&mut self, name: &str) {
        self.scalars.push(name.to_string());
        self.targets.push(name.to_string());
    }

    fn statement(&mut self, depth: usize) {
        match self.random.below(if depth < 2 { 15 } else { 9 }) {
            0..=3 => self.call(),
            4 => {
                self.count += 1;
                let (name, value) = (format!("t{}", self.count), self.expr(2));
                self.line(&format!("let mut {name} = {value};"));
                self.declare(&name);
            }
            5 | 6 => {
                let (target, value) = (self.target(), self.expr(2));
                let text = match self.random.below(5) {
                    0 => format!("{target} += {value};"),
                    1 => format!("{target} *= ({value}).sin();"),
                    2 => format!("{target} -= 0.5 * {value};"),
                    _ => format!("{target} = ({value}).tanh();"),
                };
                self.line(&text);
            }
            7 => self.whole(),
            8 => self.exit(),
            9 | 10 => {
                let (p, q) = (self.atom(), self.atom());
                self.line(&format!("if {p} < {q} + 0.05 {{"));
                self.block(depth + 1);
                if self.chance(2) {
                    self.line("} else {");
                    self.block(depth + 1);
                }
                self.line("}");
            }
            11 => {
                self.count += 1;
                let (index, n) = (format!("i{}", self.count), 1 + self.random.below(3));
                match self.random.below(4) {
                    0 => self.line(&format!("for {index} in (0..{n}).rev() {{")),
                    _ => self.line(&format!("for {index} in 0..{n} {{")),
                }
                self.indices.push(index);
                self.block(depth + 1);
                self.indices.pop();
                self.line("}");
            }
            12 => {
                self.count += 1;
                let (n, bound) = (format!("n{}", self.count), self.atom());
                self.line(&format!("let mut {n} = 0;"));
                self.line(&format!("while {n} < 3 && {bound} < 0.9 {{"));
                self.line(&format!("{n} += 1;"));
                self.block(depth + 1);
                if self.chance(3) {
                    let (p, q) = (self.atom(), self.atom());
                    self.line(&format!("if {p} > {q} {{ break; }}"));
                }
                self.line("}");
            }
            13 => self.reduction(depth),
            _ => self.trip(),
        }
    }

    fn whole(&mut self) {
        let Some(list) = self.any_list(true) else { return };
        let (name, x) = (list.name, self.atom());
        let text = match self.random.below(5) {
            0 => format!("{name}.swap(0, 2);"),
            1 => format!("{name}.fill({x});"),
            2 if list.vec => format!("if {name}.len() < 6 {{ {name}.push(a * 0.5); }}"),
            3 => format!("for i in 0..{name}.len() {{ {name}[i] = ({name}[i] * 0.7).sin(); }}"),
            _ => format!("for i in 1..3 {{ {name}[i] = 0.5 * {name}[i] + a * {name}[i - 1]; }}"),
        };
        self.line(&text);
    }

    /// A way out of a loop or of the function.
    fn exit(&mut self) {
        let (p, q) = (self.atom(), self.atom());
        let returns_float =
            !matches!(self.kinds.get(self.at), Some(Kind::Change | Kind::Pair | Kind::Make));
        let way = match self.random.below(4) {
            0 if returns_float => format!("return {p} * {q};"),
            _ if self.indices.is_empty() => return,
            1 => "continue;".to_string(),
            _ => "break;".to_string(),
        };
        self.line(&format!("if {p} > {q} + 0.4 {{ {way} }}"));
    }
}
