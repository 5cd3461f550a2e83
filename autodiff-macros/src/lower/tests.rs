//! Lowering, seen through the printer.

mod data;
mod flow;

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

#[track_caller]
fn refuses(source: &str, words: &[&str]) {
    let errors = lowered(source).expect_err("this should be refused");
    assert_eq!(errors.len(), words.len(), "{errors:#?}");
    for (error, word) in errors.iter().zip(words) {
        assert!(error.contains(word), "{error:?} does not say {word:?}");
    }
}

#[test]
fn all_errors_in_one_run() {
    refuses(
        r#"
        async fn f(x: f64, o: Option<f64>) -> f64 {
            let a = o.map(|v| v * x)?;
            #[cfg(feature = "fast")]
            let b = a;
            a
        }
        "#,
        &["`async`", "conditional compilation", "leaving the function"],
    );
}

#[test]
fn closures_that_leave() {
    refuses(
        "fn f(x: f64) -> f64 { (|v: f64| { if v > 0.0 { return v; } -v })(x) }",
        &["`return` and `?` inside a closure"],
    );
}

/// What reads the result of a macro that is not known is refused only if it is active, so
/// lowering lets it pass, with the message.
#[test]
fn opaque_statements_say_why() {
    let text = lowered("fn f(x: f64) -> f64 { let y = unknown!(x); y * 2.0 }").expect("passes");
    assert!(text.contains("opaque!(unknown ! (x))"), "{text}");
}
