//! What the gradient tape refuses at compile time. `TRYBUILD=overwrite` writes the messages.

#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("ui/tape/*.rs");
}
