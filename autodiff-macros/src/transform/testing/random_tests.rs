//! Derivatives of random programs: forward mode against finite differences, reverse against
//! forward, second order against differences of first, each with and without clean-up.

use super::programs::{HELPERS, Random, program};
use super::{Library, Machine, Value};
use crate::ir::*;
use crate::transform::{reverse, tidy};

const SLICE: usize = 4;
pub const INPUTS: usize = 2 + 2 * SLICE;
/// The result and the final content of the `&mut` slice.
pub const OUTPUTS: usize = 1 + SLICE;

fn library(seed: u64, tidy: tidy::Switches) -> (Library, String) {
    let source = program(seed);
    let mut sources = HELPERS.to_vec();
    sources.push(&source);
    let mut library = Library::new(&sources);
    library.tidy = tidy;
    (library, source)
}

/// Of which parameter an input is.
pub fn parameter(input: usize) -> usize {
    if input < 2 { input } else { 2 + (input - 2) / SLICE }
}

/// x, y by value, v and w by reference, from one vector.
pub fn arguments(m: &mut Machine, from: &[f64]) -> Vec<Value> {
    let v = m.memory(Value::list(&from[2..2 + SLICE]));
    let w = m.memory(Value::list(&from[2 + SLICE..]));
    vec![Value::Float(from[0]), Value::Float(from[1]), v, w]
}

pub fn value(library: &Library, at: &[f64]) -> Vec<f64> {
    let mut m = Machine::new(library);
    let args = arguments(&mut m, at);
    let f = library.derived("program", Mode::Primal);
    let result = m.call(&f.function, args.clone());
    let mut out = result.floats();
    out.extend(m.content(&args[3]).floats());
    out
}

/// The derivative of all outputs along `dot`.
pub fn jvp(library: &Library, at: &[f64], dot: &[f64]) -> Vec<f64> {
    let mut m = Machine::new(library);
    let mut args = arguments(&mut m, at);
    args.extend(arguments(&mut m, dot));
    let f = library.derived("program", Mode::Jvp(1));
    let Value::Tuple(parts) = m.call(&f.function, args.clone()) else { panic!("a pair") };
    let mut out = parts[1].floats();
    out.extend(m.content(&args[7]).floats());
    out
}

/// The derivative of [`jvp`] along `other`: forward over forward.
fn jvp2(library: &Library, at: &[f64], dot: &[f64], other: &[f64]) -> Vec<f64> {
    let mut m = Machine::new(library);
    let mut args = arguments(&mut m, at);
    for tangent in [dot, other, &[0.0; INPUTS]] {
        args.extend(arguments(&mut m, tangent));
    }
    let f = library.derived("program", Mode::Jvp(2));
    let Value::Tuple(parts) = m.call(&f.function, args.clone()) else { panic!("a pair") };
    let Value::Tuple(dots) = &parts[1] else { panic!("a pair of pairs") };
    let mut out = dots[1].floats();
    out.extend(m.content(&args[15]).floats());
    out
}

pub fn back_arguments(m: &mut Machine, at: &[f64], seed: &[f64]) -> Vec<Value> {
    let mut args = arguments(m, at);
    args.push(Value::Float(seed[0]));
    args.push(m.memory(Value::Float(0.0)));
    args.push(m.memory(Value::Float(0.0)));
    args.push(m.memory(Value::list(&[0.0; SLICE])));
    args.push(m.memory(Value::list(&seed[1..])));
    args
}

pub fn adjoints(m: &Machine, bars: &[Value]) -> Vec<f64> {
    bars.iter().flat_map(|b| m.content(b).floats()).collect()
}

/// The gradient of the outputs weighted by `seed`.
pub fn back(library: &Library, at: &[f64], seed: &[f64]) -> Vec<f64> {
    let mut m = Machine::new(library);
    let args = back_arguments(&mut m, at, seed);
    let f = library.derived("program", Mode::Back(0));
    m.call(&f.function, args.clone());
    adjoints(&m, &args[5..9])
}

/// The derivative of [`back`] along `dot`.
pub fn back_jvp(library: &Library, at: &[f64], seed: &[f64], dot: &[f64]) -> Vec<f64> {
    let mut m = Machine::new(library);
    let mut args = back_arguments(&mut m, at, seed);
    args.extend(back_arguments(&mut m, dot, &[0.0; OUTPUTS]));
    let f = library.derived("program", Mode::Back(1));
    m.call(&f.function, args.clone());
    adjoints(&m, &args[14..18])
}

/// Central differences of `f` along `dot` at two widths; `None` where they disagree (a branch
/// changes sides nearby).
pub fn differences(f: impl Fn(&[f64]) -> Vec<f64>, at: &[f64], dot: &[f64]) -> Option<Vec<f64>> {
    let along = |h: f64| -> Vec<f64> {
        let shifted = |h: f64| -> Vec<f64> {
            let point: Vec<f64> = at.iter().zip(dot).map(|(x, d)| x + h * d).collect();
            f(&point)
        };
        let (plus, minus) = (shifted(h), shifted(-h));
        plus.iter().zip(minus).map(|(p, m)| (p - m) / (2.0 * h)).collect()
    };
    let (wide, narrow) = (along(2e-4), along(1e-4));
    let agree = wide.iter().zip(&narrow).all(|(a, b)| close(*a, *b, 1e-5));
    let extrapolated = wide.iter().zip(&narrow).map(|(w, n)| (4.0 * n - w) / 3.0);
    agree.then(|| extrapolated.collect())
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + a.abs() + b.abs())
}

#[track_caller]
pub fn compare(what: &str, source: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    let all = got.len() == expected.len()
        && got.iter().zip(expected).all(|(a, b)| close(*a, *b, tolerance));
    assert!(all, "{what}: got {got:?}, expected {expected:?} in\n{source}");
}

fn check(seed: u64) {
    let mut random = Random::new(seed + 1_000_000);
    let mut draw = |n: usize| -> Vec<f64> { (0..n).map(|_| random.unit()).collect() };
    let (at, dot, seeds) = (draw(INPUTS), draw(INPUTS), draw(OUTPUTS));
    for tidy in [tidy::Switches::none(), tidy::Switches::default()] {
        let (library, source) = library(seed, tidy);
        let source = format!("{source}\n(seed {seed}, {tidy:?})");
        let forward = jvp(&library, &at, &dot);
        if let Some(expected) = differences(|p| value(&library, p), &at, &dot) {
            compare("forward", &source, &forward, &expected, 1e-6);
        }
        let other: Vec<f64> = dot.iter().map(|d| 0.5 - d * d).collect();
        let twice = jvp2(&library, &at, &dot, &other);
        if let Some(expected) = differences(|p| jvp(&library, p, &dot), &at, &other) {
            compare("forward over forward", &source, &twice, &expected, 1e-5);
        }
        let gradient = back(&library, &at, &seeds);
        let by_reverse: f64 = gradient.iter().zip(&dot).map(|(g, d)| g * d).sum();
        let by_forward: f64 = forward.iter().zip(&seeds).map(|(f, s)| f * s).sum();
        compare("reverse", &source, &[by_reverse], &[by_forward], 1e-10);
        let second = back_jvp(&library, &at, &seeds, &dot);
        if let Some(expected) = differences(|p| back(&library, p, &seeds), &at, &dot) {
            compare("second order", &source, &second, &expected, 1e-5);
        }
    }
}

/// The two halves of the pullback, cleaned up together, against the joint sweep.
fn check_split(seed: u64) {
    let mut random = Random::new(seed + 2_000_000);
    let at: Vec<f64> = (0..INPUTS).map(|_| random.unit()).collect();
    let head = "let mut w = [z[0], z[1], z[2], z[3]];";
    let source =
        program(seed).replace("w: &mut [f64]", "z: &[f64]").replacen('{', &format!("{{ {head}"), 1);
    let mut sources = HELPERS.to_vec();
    sources.push(&source);
    let library = Library::new(&sources);
    let options = reverse::Options {
        value: true,
        effects: true,
        split: true,
        calls: reverse::Calls::Joint,
        switches: reverse::Switches::default(),
    };
    let gradient = gradient_of_halves(&library, library.function("program"), options, &at);

    let mut m = Machine::new(&library);
    let mut args = arguments(&mut m, &at);
    args.push(Value::Float(0.7));
    args.push(m.memory(Value::Float(0.0)));
    args.push(m.memory(Value::Float(0.0)));
    args.push(m.memory(Value::list(&[0.0; SLICE])));
    args.push(m.memory(Value::list(&[0.0; SLICE])));
    let f = library.derived("program", Mode::Back(0));
    m.call(&f.function, args.clone());
    compare("pullback", &source, &gradient, &adjoints(&m, &args[5..9]), 1e-12);
}

/// By forward sweep and pullback with the seed 0.7, printed one after the other.
pub fn gradient_of_halves(
    library: &Library,
    f: &Function,
    options: reverse::Options,
    at: &[f64],
) -> Vec<f64> {
    let mut m = Machine::new(library);
    let mut args = arguments(&mut m, at);
    args.push(Value::Float(0.7));
    let mut r = reverse::run(f, &[true; 4], options);
    let mut split = r.split.take().expect("both halves");
    tidy::run_split(&mut r.function, &mut split);
    let mut whole = r.function;
    whole.params.truncate(4);
    whole.params.extend(r.seed);
    let halves = tidy::finish_halves(&mut whole, [&split.forward, &split.reverse]);
    whole.body.stmts = halves.into_iter().flat_map(|half| half.stmts).collect();
    let span = whole.name.span();
    whole.result = Some(Expr::new(ExprKind::Tuple(split.gradient), Ty::Unknown, span));
    m.call(&whole, args).floats()
}

#[test]
fn random_programs() {
    all(&program, check, 60);
}

/// Any one pass of the clean-up on its own, and all but one: every gradient is the same.
fn check_passes(seed: u64) {
    let mut random = Random::new(seed + 3_000_000);
    let mut draw = |n: usize| -> Vec<f64> { (0..n).map(|_| random.unit()).collect() };
    let (at, dot, seeds) = (draw(INPUTS), draw(INPUTS), draw(OUTPUTS));
    let (plain, source) = library(seed, tidy::Switches::none());
    let first = back(&plain, &at, &seeds);
    let second = back_jvp(&plain, &at, &seeds, &dot);
    for (pass, on) in (0..tidy::Switches::PASSES).flat_map(|i| [(i, true), (i, false)]) {
        let (library, _) = library(seed, tidy::Switches::only(pass, on));
        let source = format!("{source}\n(seed {seed}, {:?})", library.tidy);
        compare("one pass", &source, &back(&library, &at, &seeds), &first, 1e-12);
        let got = back_jvp(&library, &at, &seeds, &dot);
        compare("one pass, second order", &source, &got, &second, 1e-12);
    }
}

#[test]
fn passes_one_by_one() {
    (0..25).for_each(check_passes);
}

#[test]
fn random_pullbacks() {
    all(&program, check_split, 60);
}

/// Checks programs of so many seeds, and shows the shortest that fails.
pub fn all(program: &dyn Fn(u64) -> String, check: fn(u64), usually: u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let (first, programs) = (number("AUTODIFF_FIRST").unwrap_or(0), number("AUTODIFF_PROGRAMS"));
    // Leaves out programs with this text, to see past a known defect.
    let without = std::env::var("AUTODIFF_WITHOUT").ok();
    let mut failed: Vec<(String, String)> = Vec::new();
    for seed in first..first + programs.unwrap_or(usually) {
        if without.as_ref().is_some_and(|text| program(seed).contains(text)) {
            continue;
        }
        let begun = std::time::Instant::now();
        let outcome = std::panic::catch_unwind(|| check(seed));
        if programs.is_some() && begun.elapsed().as_secs() > 1 {
            println!("seed {seed} takes {:?}", begun.elapsed());
        }
        if let Err(panic) = outcome {
            let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            failed.push((program(seed), message));
        }
    }
    for (_, message) in &failed {
        println!("{}", message.lines().next().unwrap_or_default());
    }
    // The shortest is the easiest to understand.
    failed.sort_by_key(|(source, _)| source.len());
    if let Some((source, message)) = failed.first() {
        panic!("{} programs fail, the shortest:\n{source}\n{message}", failed.len());
    }
}
