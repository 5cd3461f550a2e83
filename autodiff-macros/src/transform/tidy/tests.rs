use crate::ir::Function;
use crate::transform::testing::function;
use crate::transform::{forward, reverse, tidy};

fn print(f: &Function) -> String {
    crate::ir::print::function(f)
}

/// The reverse sweep alone, cleaned up.
fn back(source: &str) -> String {
    let f = function(source);
    let active: Vec<bool> = f.params.iter().map(|p| !f.var(*p).ty.is_discrete()).collect();
    let options = reverse::Options {
        value: false,
        effects: false,
        split: false,
        calls: reverse::Calls::Joint,
        switches: reverse::Switches::default(),
    };
    let mut f = reverse::run(&f, &active, options).function;
    tidy::run(&mut f);
    print(&f)
}

#[test]
fn what_only_the_value_needs_is_gone() {
    let text = back(
        "fn f(x: &[f64]) -> f64 {
            let mut sum = 0.0;
            for i in 0..x.len() { let a = x[i].sin(); sum += a * 3.0; }
            sum
        }",
    );
    assert!(!text.contains("sum +="), "{text}");
    assert!(!text.contains("Tape"), "{text}");
    assert_eq!(text.matches("for ").count(), 1, "{text}");
}

#[test]
fn contributions_become_one_value() {
    let text = back("fn f(x: f64) -> f64 { let a = x * 2.0; a * x + a }");
    assert!(text.contains("let a_bar"), "{text}");
    assert!(!text.contains("a_bar +="), "{text}");
    assert!(!text.contains("= 0.0"), "{text}");
    assert!(!text.contains("1.0 *"), "{text}");
}

#[test]
fn memory_of_the_caller_stays() {
    let f = function("fn f(x: &mut f64, y: &mut [f64], z: f64) { *x *= z; y[0] = z; }");
    let mut f = forward::run(&f, &[true; 3]);
    tidy::run(&mut f);
    let text = print(&f);
    for kept in ["(*x) *= z", "y[0] = z", "y_dot[0] = z_dot"] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[test]
fn the_users_code_stays_as_written() {
    let source = "fn f(x: f64) -> f64 {
        let mut s = 0.0; s += x; let one = 1.0 * x; let t = one; s + 0.0 + t }";
    let plain = function(source);
    let mut f = plain.clone();
    tidy::run(&mut f);
    assert_eq!(print(&f), print(&plain));
}

/// As it is printed.
fn finished(source: &str) -> String {
    let f = function(source);
    let active: Vec<bool> = f.params.iter().map(|p| !f.var(*p).ty.is_discrete()).collect();
    let options = reverse::Options {
        value: false,
        effects: false,
        split: false,
        calls: reverse::Calls::Joint,
        switches: reverse::Switches::default(),
    };
    let mut f = reverse::run(&f, &active, options).function;
    tidy::run(&mut f);
    print(&tidy::finish(&f, tidy::Switches::default()))
}

#[test]
fn neighbours_are_carried() {
    let text = back(
        "fn f(x: &[f64]) -> f64 {
            let mut sum = 0.0;
            for i in 1..x.len() { sum += x[i] * x[i - 1]; }
            sum
        }",
    );
    assert!(text.contains("x_bar_carried"), "{text}");
    // In the loop, and behind it.
    assert_eq!(text.matches("x_bar[").count(), 2, "{text}");
    assert!(text.contains("if 1 < (*x).len()"), "{text}");
    assert!(!text.contains("rev"), "{text}");
}

#[test]
fn no_element_is_touched_that_was_not() {
    // With a gap between them, an element would be added to that no trip adds to.
    let text = back(
        "fn f(x: &[f64], n: usize) -> f64 {
            let mut sum = 0.0;
            for i in 0..n { sum += x[i] * x[i + 2]; }
            sum
        }",
    );
    assert!(!text.contains("carried"), "{text}");
}

#[test]
fn contributions_to_one_element_are_merged() {
    let text = back(
        "fn f(x: &[f64], y: &[f64]) -> f64 {
            let mut sum = 0.0;
            for i in 0..x.len() { let a = x[i] * y[i]; sum += a.sin() * x[i]; }
            sum
        }",
    );
    assert_eq!(text.matches("x_bar[i] +=").count(), 1, "{text}");
}

#[test]
fn sums_over_a_loop_are_kept_in_a_local() {
    let text = back(
        "fn f(x: &[f64], s: f64) -> f64 {
            let mut sum = 0.0;
            for i in 0..x.len() { sum += x[i] * s; }
            sum
        }",
    );
    assert!(text.contains("s_bar_sum += "), "{text}");
    assert_eq!(text.matches("s_bar) += ").count(), 1, "{text}");
}

#[test]
fn loops_that_take_from_a_tape_stay_reversed() {
    let text = back(
        "fn f(x: &[f64], y: f64) -> f64 {
            let mut p = y;
            for i in 0..x.len() { p = p.sin() * x[i]; }
            p
        }",
    );
    assert!(text.contains("rev"), "{text}");
}

#[test]
fn constants_come_first_and_like_terms_are_one() {
    let text = back(
        "fn f(x: &[f64]) -> f64 {
            let mut sum = 0.0;
            for i in 0..x.len() { let a = x[i].sin(); sum += 3.0 * a * a; }
            sum
        }",
    );
    assert!(text.contains("2.0") && text.contains("3.0"), "{text}");
    assert_eq!(text.matches("sum_bar").count(), 2, "{text}");
}

#[test]
fn parts_are_borrowed_before_the_loop() {
    let text = finished(
        "fn f(w: &[f64], x: &[f64], n: usize) -> f64 {
            let d = w.len();
            let mut sum = 0.0;
            for i in 0..n {
                for j in 0..d { sum += w[j] * x[i * d + j]; }
            }
            sum
        }",
    );
    // LLVM knows by itself that `w` has `d` elements.
    for part in ["x_part[j]", "w[j]", "x_bar_part[j] +=", "w_bar_part[j] +="] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("if 0 < d"), "{text}");
}

#[test]
fn what_only_some_trips_read_is_not_borrowed_before() {
    let text = finished(
        "fn f(x: &[f64], n: usize) -> f64 {
            let mut sum = 0.0;
            for i in 0..n { if i > 3 { sum += x[i] * x[i]; } }
            sum
        }",
    );
    assert!(!text.contains("part"), "{text}");
}

#[test]
fn loops_over_several_parts_are_divided() {
    let source = "fn f(x: &[f64], d: usize, n: usize) -> f64 {
        let mut sum = 0.0;
        for j in 0..n { sum += 2.0 * x[j] - x[j + d] * 3.0; }
        sum
    }";
    let text = finished(source);
    assert_eq!(text.matches("for ").count(), 2, "{text}");
    // Not where it would have to be computed twice.
    let text = finished(&source.replace("x[j + d] * 3.0", "(x[j + d] * x[j]).sin()"));
    assert_eq!(text.matches("for ").count(), 1, "{text}");
}

#[test]
fn adjoints_are_summed_in_lanes() {
    let source = "fn f(x: &[f64], s: f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() { sum += x[i] * s; }
        sum
    }";
    let text = finished(source);
    for part in
        ["s_bar_sum_lanes[lane] += ", "s_bar_sum += (s_bar_sum_lanes[0] + s_bar_sum_lanes[2])"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text.matches("x_bar_lanes[lane] +=").count(), 1, "{text}");
    // What is left over.
    assert!(text.contains("in whole.."), "{text}");
    // Not where the trips are few, where one waits for the other, or where lanes cannot be vectors.
    for (what, instead) in [
        ("0..x.len()", "0..7"),
        ("x[i] * s", "(x[i] * s).sin()"),
        ("x[i] * s", "x[2 * i] * s"),
        ("sum += x[i] * s", "sum = sum * s + x[i]"),
        ("x[i] * s", "x[i] * s * i as f64"),
    ] {
        let text = finished(&source.replace(what, instead));
        assert!(!text.contains("lanes"), "{instead}: {text}");
    }
}

#[test]
fn the_users_sums_keep_their_order() {
    let source = "fn f(x: &[f64], y: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        let mut temp = 0.0;
        for i in 0..x.len() { y[i] = x[i]; sum -= y[i] * x[i]; temp += y[i]; }
        sum + temp
    }";
    let f = function(source);
    let text = print(&tidy::finish(&f, tidy::Switches::default()));
    for part in ["sum_terms[lane] = ", "sum -= sum_terms[lane]", "temp += temp_terms[lane]"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("sum_lanes"), "{text}");
    // A sum that is looked at is none, and neither is one by itself worth it.
    for (what, instead) in [
        ("sum -= y[i] * x[i]", "y[i] = y[i] * sum; sum -= y[i]"),
        ("y[i] = x[i];", ""),
        ("y[i] = x[i];", "y[0] = x[i];"),
    ] {
        let f = function(&source.replace(what, instead));
        let text = print(&tidy::finish(&f, tidy::Switches::default()));
        assert!(!text.contains("terms"), "{instead}: {text}");
    }
}

#[test]
fn running_sums_of_adjoints_wait_once_a_block() {
    let source = "fn f(x: &[f64]) -> f64 {
        let mut running = 0.0;
        let mut total = 0.0;
        for i in 0..x.len() { running += x[i]; total += running * running; }
        total
    }";
    let text = finished(source);
    for part in [
        "running_bar_terms[lane] += running_bar_terms[lane + 1]",
        "x_bar_lanes[lane] += running_bar_here",
        "running_bar += running_bar_terms[0]",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let text = finished(&source.replace("running += x[i]", "running = 0.5 * running + x[i]"));
    assert!(!text.contains("lane"), "{text}");
}
