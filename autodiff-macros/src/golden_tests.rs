//! Expansions as text: `goldens/<name>.in.rs` is what a user writes, `goldens/<name>.out.rs` what
//! is generated for it. `BLESS=1 cargo test -p autodiff-macros golden` rewrites the outputs; read
//! the difference before committing it.
//!
//! `adjoint_f`, `vjp_f`, `jvp_f` and `hvp_f` are shown, without documentation and attributes; for
//! `everything` all that is generated.

use proc_macro2::TokenStream;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("goldens")
}

/// The expansion of every `#[differentiable]` function of a file, as one file.
fn expand(source: &str, all: bool) -> String {
    let file = syn::parse_file(source).expect("a golden's input parses");
    let mut shown = String::new();
    for item in file.items {
        let syn::Item::Fn(mut function) = item else { continue };
        let Some(at) = function.attrs.iter().position(|a| a.path().is_ident("differentiable"))
        else {
            continue;
        };
        let attribute = function.attrs.remove(at);
        let args = match attribute.meta {
            syn::Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        let name = function.sig.ident.to_string();
        let expansion = crate::expand::differentiable(args, quote::quote!(#function));
        let mut file: syn::File = match syn::parse2(expansion.clone()) {
            Ok(file) => file,
            Err(error) => panic!("{name}: the expansion does not parse: {error}\n{expansion}"),
        };
        let wanted = ["adjoint", "vjp", "jvp", "hvp"].map(|prefix| format!("{prefix}_{name}"));
        file.items.retain_mut(|item| match item {
            syn::Item::Macro(refusal) => {
                panic!("{name} is refused: {}", quote::quote!(#refusal))
            }
            _ if all => true,
            syn::Item::Fn(function) => {
                function.attrs.clear();
                wanted.contains(&function.sig.ident.to_string())
            }
            _ => false,
        });
        if !shown.is_empty() {
            shown.push('\n');
        }
        write!(shown, "{}", prettyplease::unparse(&file)).expect("writing to a string");
    }
    shown
}

#[test]
fn goldens() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut inputs: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of goldens")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".in.rs"))
        .collect();
    inputs.sort();
    assert!(inputs.len() >= 12, "goldens are missing");
    let mut differing = Vec::new();
    for input in inputs {
        let name = input.file_name().expect("a name").to_string_lossy().replace(".in.rs", "");
        let source = std::fs::read_to_string(&input).expect("a readable golden");
        let got = expand(&source, name == "everything");
        let output = folder().join(format!("{name}.out.rs"));
        let want = std::fs::read_to_string(&output).unwrap_or_default();
        if got != want {
            if bless {
                std::fs::write(&output, &got).expect("a writable golden");
            } else {
                differing.push(format!("{name}:\n{}", first_difference(&want, &got)));
            }
        }
    }
    assert!(
        differing.is_empty(),
        "expansions differ from the goldens (BLESS=1 rewrites them):\n{}",
        differing.join("\n")
    );
}

fn first_difference(want: &str, got: &str) -> String {
    let line = want.lines().zip(got.lines()).take_while(|(w, g)| w == g).count();
    let show = |text: &str| {
        text.lines().skip(line.saturating_sub(1)).take(4).collect::<Vec<_>>().join("\n    ")
    };
    format!("line {}: expected\n    {}\n  got\n    {}", line + 1, show(want), show(got))
}
