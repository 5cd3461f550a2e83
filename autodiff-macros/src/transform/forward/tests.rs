use crate::transform::testing::function;

/// The forward transformation by all parameters that are not integers.
fn forward(source: &str) -> String {
    let f = function(source);
    let active: Vec<bool> = f.params.iter().map(|p| !f.var(*p).ty.is_discrete()).collect();
    let text = crate::ir::print::function(&super::run(&f, &active));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn contains(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part} in order in\n{text}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn overwrites_read_the_old_values() {
    let text = forward("fn f(x: f64) -> f64 { let mut a = x; a = a * a.sin(); a }");
    contains(&text, &["a_dot =", "a_dot", "; a = a *"]);
}

#[test]
fn dear_values_are_shared() {
    let text = forward("fn f(x: f64) -> f64 { let a = x * x.exp(); a }");
    assert_eq!(text.matches("exp(x)").count(), 1, "{text}");
    let text = forward("fn f(x: f64) -> f64 { let a = x.exp(); a }");
    contains(&text, &["let a: f64 = exp(x);", "let a_dot: f64 = a * x_dot;"]);
}

#[test]
fn tangents_of_what_does_not_depend_on_the_input_are_zero() {
    let text = forward("fn f(x: f64, n: usize) -> f64 { let mut s = 1.0; if n > 1 { s = x; } s }");
    contains(&text, &["s_dot: f64 = 0.0", "s_dot = x_dot"]);
    let text = forward("fn f(x: f64) -> f64 { x.floor() }");
    contains(&text, &["(floor(x), 0.0)"]);
}

#[test]
fn calls_take_a_tangent_for_every_parameter() {
    let text = forward("fn f(x: f64, n: usize) -> f64 { let y = g(x, n, 2.0); y * 2.0 }");
    contains(&text, &["let (y, y_dot) = g::jvp(x, n, 2.0, x_dot, Zero, Zero)"]);
}

#[test]
fn twice_is_forward_over_forward() {
    let f = function("fn f(x: f64) -> f64 { g(x) }");
    let f = super::run(&super::run(&f, &[true]), &[true, true]);
    let text = crate::ir::print::function(&f);
    contains(&text, &["g::jvp2(x, x_dot, x_dot_2, x_dot_dot)"]);
}
