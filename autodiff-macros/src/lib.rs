//! The compiler behind `autodiff`.

mod diagnostics;
mod ir;
mod lower;
