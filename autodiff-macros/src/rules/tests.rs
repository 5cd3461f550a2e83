use super::*;
use crate::ir::*;
use proc_macro2::Span;
use quote::quote;

fn lit(text: &str) -> Expr {
    let tokens = text.parse().unwrap();
    let ty = if text.contains('.') { Ty::Float(FloatTy::F64) } else { Ty::Discrete(None) };
    Expr::new(ExprKind::Lit(tokens), ty, Span::call_site())
}

/// A literal named `x` stands for a variable here.
fn name(text: &str) -> Expr {
    Expr::new(ExprKind::Lit(text.parse().unwrap()), Ty::Float(FloatTy::F64), Span::call_site())
}

fn show(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Lit(t) => quote!(#t).to_string().replace("- ", "-"),
        ExprKind::Const(c) => format!("{c:?}"),
        ExprKind::Neg(e) => format!("-{}", show(e)),
        ExprKind::Binary(op, a, b) => {
            let op = match op {
                BinOp::Add => "+",
                BinOp::Sub => "-",
                BinOp::Mul => "*",
                _ => "/",
            };
            format!("({} {op} {})", show(a), show(b))
        }
        ExprKind::Intrinsic(name, args) => {
            format!("{name}({})", args.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn partial(rule: &str, i: usize, args: &[Expr]) -> String {
    let partial = find(rule).unwrap().partial(i, args, &name("y"));
    partial.map_or("none".to_string(), |e| show(&e))
}

#[test]
fn every_formula_parses() {
    for rule in RULES.values() {
        let args: Vec<Expr> = (0..rule.arity)
            .map(|i| if rule.is_discrete(i) { lit("1") } else { name("x") })
            .collect();
        for i in 0..rule.arity {
            rule.partial(i, &args, &name("y"));
            rule.partial_uses(i);
        }
    }
}

#[test]
fn formulas() {
    assert_eq!(partial("sin", 0, &[name("x")]), "cos(x)");
    assert_eq!(partial("cos", 0, &[name("x")]), "-sin(x)");
    assert_eq!(partial("exp", 0, &[name("x")]), "y");
    assert_eq!(partial("sqrt", 0, &[name("x")]), "(0.5 / y)");
    assert_eq!(partial("floor", 0, &[name("x")]), "none");
    assert_eq!(partial("powi", 0, &[name("x"), lit("0")]), "none");
    assert_eq!(partial("powi", 0, &[name("x"), lit("1")]), "1.0");
    assert_eq!(partial("powi", 0, &[name("x"), lit("2")]), "(2.0 * x)");
    assert_eq!(partial("powi", 0, &[name("x"), lit("3")]), "(3.0 * (x * x))");
    assert_eq!(partial("powi", 0, &[name("x"), lit("4")]), "(4.0 * powi(x, 3))");
    assert_eq!(partial("powi", 0, &[name("x"), lit("-1")]), "-powi(x, -2)");
    assert_eq!(partial("powi", 0, &[name("x"), name("n")]), "powi_derivative(x, n, 1)");
    assert_eq!(partial("powi", 1, &[name("x"), lit("4")]), "none");
    assert_eq!(partial("powf", 0, &[name("x"), lit("0.5")]), "(0.5 * powf(x, -0.5))");
    assert_eq!(partial("powf", 0, &[name("x"), lit("2.0")]), "(2.0 * x)");
    assert_eq!(partial("powf", 0, &[name("x"), lit("0.0")]), "none");
    assert_eq!(partial("powf", 1, &[name("x"), name("p")]), "powf_by_exponent(x, p, y)");
    assert_eq!(
        partial("powi_derivative", 0, &[name("x"), name("n"), lit("1")]),
        "powi_derivative(x, n, 2)"
    );
    assert_eq!(
        find("exp").unwrap().partial_uses(0),
        Uses { args: vec![false], result: true }
    );
}

#[test]
fn algebra_is_plain() {
    let x = || name("x");
    let one_over_y = || algebra::div(algebra::constant(1.0, &x()), name("y"));
    assert_eq!(show(&algebra::mul(x(), one_over_y())), "(x / y)");
    assert_eq!(show(&algebra::neg(algebra::neg(x()))), "x");
    assert_eq!(show(&algebra::add(x(), algebra::neg(name("y")))), "(x - y)");
    assert_eq!(show(&algebra::mul(x(), algebra::constant(-1.0, &x()))), "-x");
}
