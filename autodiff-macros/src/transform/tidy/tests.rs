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
