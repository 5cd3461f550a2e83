//! Lowering, seen through the printer.

use crate::diagnostics::Diagnostics;
use crate::ir::print;

fn lowered(source: &str) -> Result<String, Vec<String>> {
    let item: syn::ItemFn = syn::parse_str(source).expect("the test's source parses");
    let reals: Vec<String> = item
        .sig
        .generics
        .type_params()
        .filter(|p| quote::quote!(#p).to_string().contains("Real"))
        .map(|p| p.ident.to_string())
        .collect();
    let mut errors = Diagnostics::new();
    match super::function(&item.sig, &item.block, &reals, &mut errors) {
        Some(function) => Ok(print::function(&function)),
        None => Err(errors.messages().map(str::to_string).collect()),
    }
}

#[track_caller]
fn check(source: &str, expected: &str) {
    let text = lowered(source).unwrap_or_else(|errors| panic!("refused: {errors:?}"));
    let trim = |s: &str| {
        let lines: Vec<&str> = s.lines().filter(|l| !l.trim().is_empty()).collect();
        let margin = lines.iter().map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
        lines.iter().map(|l| l[margin..].trim_end()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(trim(&text), trim(expected), "\n--- got ---\n{text}");
}

#[test]
fn straight_line() {
    check(
        "fn f(x: f64, y: f64) -> f64 { let x = x.sin() * 2.0; let z = f64::exp(x) + y; z / x }",
        "fn f(x: f64, y: f64) -> f64 {
            let x_2: f64 = sin(x) * 2.0;
            let z: f64 = exp(x_2) + y;
            z / x_2
        }",
    );
}
