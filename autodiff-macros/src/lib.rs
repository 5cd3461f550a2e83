//! The compiler behind `autodiff`. Depend on that crate, not on this one.

mod analysis;
mod args;
mod diagnostics;
mod emit;
mod expand;
mod fallible;
#[cfg(test)]
mod golden_tests;
mod hygiene;
mod ir;
mod lower;
mod names;
mod paths;
mod recover;
mod rules;
mod signature;
mod tape_structs;
mod transform;
mod wrappers;

use proc_macro::TokenStream;

/// Generates the derivatives of a function beside it.
///
/// The function stays exactly as it is. For `fn f(p…) -> R` there are, with the same visibility,
/// generics and where-clauses:
///
/// | generated | what it is | when |
/// | --- | --- | --- |
/// | `grad_f(p…) -> G` | gradient | `R` is one float |
/// | `value_and_grad_f(p…) -> (R, G)` | value and gradient in one sweep | `R` is one float |
/// | `vjp_f(p…) -> (R, impl FnOnce(R̄) -> G)` | value and pullback | no `&mut` parameter |
/// | `adjoint_f(p…, r̄, &mut p̄…) -> R` | the adjoint, added to the caller's buffers | always |
/// | `jvp_f(p…, ṗ…) -> (R, Ṙ)` | derivative along a tangent | always |
/// | `jacobian_f(p…)` | a row for every output | `R` an array or `Vec`, one active parameter |
/// | `hvp_f(p…, v…) -> G` | Hessian times a vector | `order = 2`, `R` is one float |
/// | `hessian_f(p…)` | the Hessian | `order = 2`, floats, one array or one list |
/// | `derivatives_f(x) -> [R; n + 1]` | value and first `n` derivatives | `order = n`, one float |
///
/// `G` has one gradient for every *active* parameter, in order, as a tuple if there are several.
/// Active are all parameters except those made of integers, `bool`, `char`, strings, `dyn` and
/// function values only. The gradient of a `T` or `&T` is `<T as Differentiable>::Tangent`.
///
/// # Arguments
///
/// | argument | meaning |
/// | --- | --- |
/// | `wrt(x, y)` | differentiate with respect to these parameters only |
/// | `order = n` | derivatives up to the `n`-th (default 1, at most 8) |
/// | `vjp = path` | own rule with the signature of `vjp_f`; the body is not looked into |
/// | `jvp = path` | own rule with the signature of `jvp_f`; the body is not looked into |
/// | `derivative(x = expr, …)` | own partial derivatives of a function of floats, to any order |
/// | `aux` | `R` is `(float, A)`: the float is differentiated, `A` passed through |
/// | `companion = Name` | the companion's name, see below |
/// | `companion = none` | no companion that could be named |
/// | `crate = path` | where the crate `autodiff` is |
///
/// # The companion
///
/// Beside `fn f` there is an empty `enum f`, through which other differentiable functions call the
/// derivatives of `f`; `use m::f;` imports both. Where the type namespace has that name already
/// (`mod f; pub use f::f;` is E0255), `companion = Name` gives it another. Then differentiable
/// functions that call `f` need it under the name `f` in their scope: `use m::Name as f;`. With
/// `companion = none` they cannot call it at all.
///
/// # Errors
///
/// What cannot be differentiated, and influences the result, is a compile error at that place;
/// nothing is skipped silently. Generated functions panic if an adjoint buffer or a tangent has
/// another length than the parameter it belongs to.
///
/// # Examples
///
/// ```ignore
/// use autodiff::differentiable;
///
/// #[differentiable]
/// fn norm_squared(x: &[f64]) -> f64 {
///     let mut sum = 0.0;
///     for i in 0..x.len() {
///         sum += x[i] * x[i];
///     }
///     sum
/// }
///
/// assert_eq!(grad_norm_squared(&[1.0, 2.0, 3.0]), [2.0, 4.0, 6.0]);
/// ```
#[proc_macro_attribute]
pub fn differentiable(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::differentiable(args.into(), item.into()).into()
}

/// Makes a struct a source of gradient-tape gradients: fields are recorded values, `Variable`s, or
/// structures of those; fields marked `#[constant]` are left out.
///
/// For `struct Name` it generates `NameGradient` (a field for each field, its gradient) and
/// `NameOptional` (the same with `Option`s).
#[proc_macro_derive(Sources, attributes(constant))]
pub fn derive_sources(item: TokenStream) -> TokenStream {
    tape_structs::sources(item.into()).into()
}

/// Makes a struct of recorded values a target of gradient-tape gradients: its fields count as
/// several targets; fields marked `#[constant]` are left out.
///
/// For `struct Name` it generates `NameSeed` (a field for each field, its seed).
#[proc_macro_derive(Targets, attributes(constant))]
pub fn derive_targets(item: TokenStream) -> TokenStream {
    tape_structs::targets(item.into()).into()
}
