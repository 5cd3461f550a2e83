//! What is refused, and in which words: `ui/<cause>/`. `TRYBUILD=overwrite` writes the messages.

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    for cause in ["arguments", "signatures", "bodies", "callees", "rules"] {
        cases.compile_fail(format!("ui/{cause}/*.rs"));
    }
}
