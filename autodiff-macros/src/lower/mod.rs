//! Lowering: `syn` to the intermediate representation. The last place that matches on `syn::Expr`.

pub mod ty;
