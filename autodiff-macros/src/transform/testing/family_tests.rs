//! Calls in two, in random families of functions: against forward mode, which is against finite
//! differences, with every analysis switched off in turn.

use super::families::family;
use super::programs::{HELPERS, Random, program};
use super::random_tests::*;
use super::shrink::shrink;
use super::{Library, Machine};
use crate::ir::*;
use crate::transform::reverse::{Calls, Options, Switches};
use crate::transform::tidy;

fn library_of(sources: &[String]) -> Library {
    let mut all: Vec<&str> = HELPERS.to_vec();
    all.extend(sources.iter().map(String::as_str));
    Library::new(&all)
}

/// All on, then each off in turn.
fn each_off() -> Vec<Switches> {
    let mut out = vec![Switches::default(); 11];
    out[1].activity = false;
    out[2].to_be_recorded = false;
    out[3].recompute = false;
    out[4].residuals = false;
    out[5].fuse = false;
    out[6].rerun = false;
    out[7].lists = false;
    out[8].shared = false;
    out[9].counters = false;
    out[10].left = false;
    out
}

/// All on, and one off that it is the seed's turn for.
fn two_of(seed: u64) -> [Switches; 2] {
    let all = each_off();
    [all[0], all[1 + (seed % 10) as usize]]
}

/// As the expansion chooses.
fn calls(switches: Switches) -> Calls {
    if switches.residuals { Calls::Kept } else { Calls::Joint }
}

/// Value, final state and gradient from `adjoint_f`.
fn adjoint(
    library: &Library,
    calls: Calls,
    switches: Switches,
    at: &[f64],
    seed: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    let f = library.adjoint("program", calls, switches);
    let mut m = Machine::new(library);
    let args = back_arguments(&mut m, at, seed);
    let mut out = m.call(&f.function, args.clone()).floats();
    out.extend(m.content(&args[3]).floats());
    (out, adjoints(&m, &args[5..9]))
}

/// The function itself in two: `None` where it cannot be. What `reverse` may not look at is spoilt.
fn handed(library: &Library, at: &[f64], seed: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
    library.residual("program")?;
    let mut m = Machine::new(library);
    let mut args = arguments(&mut m, at);
    let store = m.new_store();
    let reference = m.memory(store);
    args.push(reference.clone());
    let keeping = library.derived("program", Mode::Forward);
    let mut out = m.call(&keeping.function, args.clone()).floats();
    out.extend(m.content(&args[3]).floats());
    let needs = library.reverse_needs("program");
    let lost: Vec<f64> = (at.iter().enumerate())
        .map(|(i, x)| if needs[parameter(i)] { *x } else { f64::NAN })
        .collect();
    let mut args = back_arguments(&mut m, &lost, seed);
    args.push(reference.clone());
    let taking = library.derived("program", Mode::Reverse);
    m.call(&taking.function, args.clone());
    assert!(m.is_empty(&reference), "something is left on the store");
    Some((out, adjoints(&m, &args[5..9])))
}

/// Both halves of `vjp_f`; `w` is no `&mut` there.
fn halves(sources: &[String], at: &[f64]) -> [Vec<f64>; 2] {
    let mut sources = sources.to_vec();
    let last = sources.last_mut().expect("a program");
    let head = "let mut w = [z[0], z[1], z[2], z[3]];";
    *last = last.replace("w: &mut [f64]", "z: &[f64]").replacen('{', &format!("{{ {head}"), 1);
    let library = library_of(&sources);
    let switches = Switches::default();
    [Calls::Joint, Calls::Kept].map(|calls| {
        let options = Options { value: true, effects: true, split: true, calls, switches };
        gradient_of_halves(&library, library.function("program"), options, at)
    })
}

fn check_family(seed: u64) {
    check_and_shrink(seed, &family(seed), &two_of(seed));
}

/// Checks, and if `AUTODIFF_SHRINK` is set shows a small program that fails likewise.
fn check_and_shrink(seed: u64, sources: &[String], analyses: &[Switches]) {
    let check = |sources: &[String]| check_sources(seed, sources, analyses);
    if std::env::var_os("AUTODIFF_SHRINK").is_none() {
        return check(sources);
    }
    if std::panic::catch_unwind(|| check(sources)).is_err() {
        let smaller = shrink(sources, &check);
        println!("smaller than seed {seed}:\n{}", smaller.join("\n"));
        check(&smaller);
    }
}

fn check_sources(seed: u64, sources: &[String], analyses: &[Switches]) {
    let mut random = Random::new(seed + 4_000_000);
    let mut draw = |n: usize| -> Vec<f64> { (0..n).map(|_| random.unit()).collect() };
    let (at, dot, seeds) = (draw(INPUTS), draw(INPUTS), draw(OUTPUTS));
    let source = format!("{}\n(seed {seed})", sources.join("\n"));
    let library = library_of(sources);
    let mut m = Machine::new(&library);
    let args = arguments(&mut m, &at);
    m.call(library.function("program"), args);
    if m.steps > 4_000 {
        // Callees' callees are computed again and again where calls are joint.
        return;
    }
    let expected = value(&library, &at);
    let forward = jvp(&library, &at, &dot);
    if expected.iter().chain(&forward).any(|x| x.is_nan() || x.abs() > 1e8) {
        return;
    }
    if let Some(expected) = differences(|p| value(&library, p), &at, &dot) {
        compare("forward", &source, &forward, &expected, 1e-6);
    }
    let gradient = back(&library, &at, &seeds);
    let by_reverse: f64 = gradient.iter().zip(&dot).map(|(g, d)| g * d).sum();
    let by_forward: f64 = forward.iter().zip(&seeds).map(|(f, s)| f * s).sum();
    compare("reverse", &source, &[by_reverse], &[by_forward], 1e-10);
    // Built over joint calls: less often.
    if seed.is_multiple_of(4) {
        let second = back_jvp(&library, &at, &seeds, &dot);
        if let Some(expected) = differences(|p| back(&library, p, &seeds), &at, &dot) {
            compare("second order", &source, &second, &expected, 1e-5);
        }
    }
    let same = |what: &str, (value, adjoint): (Vec<f64>, Vec<f64>)| {
        compare(&format!("{what}: value"), &source, &value, &expected, 1e-14);
        compare(what, &source, &adjoint, &gradient, 1e-11);
    };
    let on = Switches::default();
    same("all calls joint", adjoint(&library, Calls::Joint, on, &at, &seeds));
    for switches in analyses.iter().copied() {
        // The caller alone, then the callees too.
        let what = format!("{switches:?}");
        same(&what, adjoint(&library, calls(switches), switches, &at, &seeds));
        let all = library.with(library.tidy, switches);
        same(&format!("all {what}"), adjoint(&all, calls(switches), switches, &at, &seeds));
        same(&format!("callees {what}"), adjoint(&all, Calls::Kept, on, &at, &seeds));
        if let Some(outcome) = handed(&all, &at, &seeds) {
            same(&format!("in two, {what}"), outcome);
        }
    }
    let plain = library.with(tidy::Switches::none(), on);
    same("without clean-up", adjoint(&plain, Calls::Kept, on, &at, &seeds));
    let [joint, kept] = halves(sources, &at);
    compare("pullback", &source, &kept, &joint, 1e-11);
}

/// A program as the programs of one function are, called by another.
fn check_called(seed: u64) {
    let called = program(seed).replacen("program", "inner", 1);
    let mut random = Random::new(seed + 5_000_000);
    let body = match random.below(4) {
        0 => "let a = inner(x, y, v, w); w[1] = (w[1] * a).sin(); a * inner(a, x, v, w)",
        1 => "let mut a = x; for i in 0..2 { a = (a + inner(a, y, v, w)).tanh(); w[i] *= 0.5; } a",
        2 => "inner(x, y, v, w); let mut b = w[0]; if b < 0.3 { inner(b, x, v, w); } b * w[1]",
        _ => {
            "let mut a = 0.0; for i in 0..2 { let mut u = vec![x, y, v[i], 0.4]; \
             let t = inner(v[i], y, v, &mut u); a += t * u[1]; } a"
        }
    };
    let outer = format!("fn program(x: f64, y: f64, v: &[f64], w: &mut [f64]) -> f64 {{ {body} }}");
    check_and_shrink(seed, &[called, outer], &two_of(seed));
}

#[test]
fn random_families() {
    all(&|seed| family(seed).join("\n"), check_family, 12);
}

#[test]
fn random_called() {
    all(&program, check_called, 8);
}

/// What the families have in them, so that they go on testing what they are for.
#[test]
fn random_families_have_kept_calls() {
    let (mut programs, mut kept, mut fused, mut rerun, mut in_two) = (0, 0, 0, 0, 0);
    for seed in 0..40 {
        let library = library_of(&family(seed));
        let on = Switches::default();
        let f = library.adjoint("program", Calls::Kept, on).function;
        let mut m = Machine::new(&library);
        let args = back_arguments(&mut m, &[0.3; INPUTS], &[1.0; OUTPUTS]);
        m.call(&f, args);
        programs += 1;
        kept += usize::from(m.kept_calls > 0);
        fused += usize::from(has_fused_calls(&f));
        in_two += usize::from(library.is_in_two("program"));
        let again = library.adjoint("program", Calls::Kept, Switches { rerun: false, ..on });
        let runs_again =
            crate::ir::print::function(&f) != crate::ir::print::function(&again.function);
        rerun += usize::from(runs_again && m.kept_calls > 0);
    }
    let counted = format!(
        "of {programs} programs, {kept} keep calls, {fused} in fused loops, {rerun} have loops that \
         run again beside them, {in_two} are in two"
    );
    println!("{counted}");
    assert!(kept * 2 > programs && fused > 3 && rerun > 3 && in_two > 5, "{counted}");
}

/// Whether a loop has both calls that keep and their reverses.
fn has_fused_calls(f: &Function) -> bool {
    let mut found = false;
    f.body.walk(&mut |stmt| {
        let StmtKind::For { body, .. } = &stmt.kind else { return };
        let (mut forward, mut reverse) = (false, false);
        body.walk(&mut |stmt| {
            for e in stmt.kind.exprs() {
                e.walk(&mut |e| {
                    if let ExprKind::Call(call) = &e.kind {
                        forward |= call.mode == Mode::Forward;
                        reverse |= matches!(call.mode, Mode::Reverse | Mode::ReverseUnused);
                    }
                });
            }
        });
        found |= forward && reverse;
    });
    found
}

/// The smallest programs that failed.
#[test]
fn found_in_families() {
    let found: [&[&str]; 2] = [
        // A second run of a trip reads what has to be put back, with to-be-recorded off too.
        &["fn program(x: f64, y: f64, v: &[f64], w: &mut [f64]) -> f64 {
            let mut b = y;
            let mut u = [x, 0.3, y, 0.1];
            let mut q = [0.2, y, b, x];
            let mut z = [0.0; 3];
            for i in 0..3 {
                z.fill(q[1]);
                let mut t = x;
                for j in 0..2 { for k in j..3 { z[k] = z[j] * x + t; } }
                b += z[1] * t / (1.5 + t * t);
            }
            spread(&u, &mut q);
            x * b
        }"],
        // Behind `&mut`, a list has another length when `reverse` puts a part of it back.
        &[
            "fn read(w: &mut [f64], x: f64) { w[0] *= w[1] * x; }",
            "fn longer(g: &mut Vec<f64>, x: f64) -> f64 {
                g.push((x * 0.7).sin().sin());
                read(&mut g[..], x);
                x
            }",
            "fn program(x: f64, y: f64, v: &[f64], w: &mut [f64]) -> f64 {
                let mut q = vec![0.2, x, 0.1];
                let t = longer(&mut q, x);
                x * y + q[0] * q[1] + q[3] * t
            }",
        ],
    ];
    for sources in found {
        let sources: Vec<String> = sources.iter().map(|s| (*s).to_string()).collect();
        check_sources(0, &sources, &each_off());
    }
}

/// Every analysis makes a difference to some of the programs.
#[test]
fn analyses_take_place_in_random_programs() {
    let all = each_off();
    let mut differ = vec![0; all.len()];
    for seed in (1..120).step_by(2) {
        let source = super::programs::program(seed);
        let library = library_of(&[source]);
        let text = |switches| {
            let adjoint = library.adjoint("program", calls(switches), switches);
            crate::ir::print::function(&adjoint.function)
        };
        let with = text(all[0]);
        for (count, switches) in differ.iter_mut().zip(&all) {
            *count += usize::from(text(*switches) != with);
        }
    }
    assert_eq!(differ.remove(0), 0);
    assert!(differ.iter().all(|count| *count >= 3), "{differ:?}");
}
