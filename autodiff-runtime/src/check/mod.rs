//! Gradient checking, for tests.
//!
//! [`gradient()`] holds a gradient against finite differences, [`jacobian()`] does the same for
//! functions of several outputs (and, given gradients, for Hessians), [`directional()`] for forward
//! mode along a random direction. [`dot_product()`] holds forward against reverse mode without any
//! finite difference, and so to the last digits.
//!
//! Each takes the function, its derivative, and a point: a float, a slice, an array, a `Vec`, nested
//! ones, or a tuple where there are several parameters (integers may be among them). What comes back
//! is a [`Report`], which [asserts](Report::assert) a tolerance and names the worst entry if it is
//! not met:
//!
//! ```
//! # use autodiff_runtime as autodiff;
//! use autodiff::check;
//!
//! fn f(x: &[f64]) -> f64 {
//!     x[0] * x[0] * x[1]
//! }
//!
//! // In your tests: what `#[differentiable]` generates.
//! fn grad_f(x: &[f64]) -> Vec<f64> {
//!     vec![2.0 * x[0] * x[1], x[0] * x[0]]
//! }
//!
//! check::gradient(f, grad_f, &[3.0, 5.0][..]).assert(1e-9);
//!
//! // Several parameters are a tuple.
//! check::gradient(
//!     |(x, n): &(f64, i32)| x.powi(*n),
//!     |(x, n)| f64::from(*n) * x.powi(n - 1),
//!     &(1.5, 3),
//! )
//! .assert(1e-9);
//! ```
//!
//! # How exact the differences are
//!
//! Central differences, extrapolated to a step of zero (Richardson 1911) with steps shrinking until
//! rounding takes over (Ridders 1982). For smooth functions of moderate size in `f64` that gives ten
//! digits and more, in `f32` four. Next to a kink, a pole or the border of a domain they are
//! wrong: choose another point.

mod difference;
mod random;
mod report;
#[cfg(test)]
mod tests;

pub use report::{Entry, Report};

use crate::differentiable::{Differentiable, Entries};
use core::borrow::BorrowMut;
use difference::differentiate;
use random::Random;

/// A point at which derivatives are checked: a value, or a slice, that can be copied and changed.
///
/// Implemented for all types that have what it takes.
pub trait Point:
    Differentiable<Tangent: Entries> + ToOwned<Owned: BorrowMut<Self>> + Entries
{
}

impl<P> Point for P where
    P: Differentiable<Tangent: Entries> + ToOwned<Owned: BorrowMut<P>> + Entries + ?Sized
{
}

/// Checks a gradient against finite differences at one point.
///
/// `derivative` gives the gradient as `grad_f` does: of the same shape as the point, or for a tuple
/// of parameters with the inactive ones left out.
///
/// # Panics
///
/// If the gradient has more or fewer entries than the point.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::check;
///
/// check::gradient(|x: &f64| x.sin(), |x| x.cos(), &0.7).assert(1e-9);
///
/// let cube = |x: &[f64; 2]| x[0].powi(3) + x[1];
/// check::gradient(cube, |x| [3.0 * x[0] * x[0], 1.0], &[2.0, 3.0]).assert(1e-9);
///
/// // A mistake is found, and where it is.
/// let report = check::gradient(cube, |x| [3.0 * x[0], 1.0], &[2.0, 3.0]);
/// let worst = report.worst().unwrap();
/// assert_eq!((worst.index, worst.path.as_str(), worst.got), (0, "[0]", 6.0));
/// assert!((worst.expected - 12.0).abs() < 1e-9);
/// ```
pub fn gradient<P: Point + ?Sized, R: Entries, G: Entries>(
    function: impl Fn(&P) -> R,
    derivative: impl FnOnce(&P) -> G,
    at: &P,
) -> Report {
    jacobian(function, derivative, at)
}

/// Checks a Jacobian against finite differences at one point.
///
/// `derivative` gives it row by row (a row an output, a column an input): `[[f64; N]; M]`,
/// `Vec<Vec<f64>>` or anything else with its entries in that order.
///
/// With a gradient as the function it checks a Hessian.
///
/// # Panics
///
/// If the Jacobian does not have one entry for each pair of an output and an input.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::check;
///
/// let polar = |p: &[f64; 2]| [p[0] * p[1].cos(), p[0] * p[1].sin()];
/// let jacobian = |p: &[f64; 2]| {
///     [[p[1].cos(), -p[0] * p[1].sin()], [p[1].sin(), p[0] * p[1].cos()]]
/// };
/// check::jacobian(polar, jacobian, &[2.0, 0.5]).assert(1e-9);
/// ```
pub fn jacobian<P: Point + ?Sized, R: Entries, J: Entries>(
    function: impl Fn(&P) -> R,
    derivative: impl FnOnce(&P) -> J,
    at: &P,
) -> Report {
    let inputs = at.entry_count();
    let outputs = function(at).entry_count();
    let derivative = derivative(at);
    assert_eq!(
        derivative.entry_count(),
        inputs * outputs,
        "the derivative to check has {} entries, but there are {inputs} inputs and {outputs} outputs",
        derivative.entry_count(),
    );
    let mut point = at.to_owned();
    let mut report = Report::new("finite differences");
    for input in 0..inputs {
        let center = at.entry(input);
        let column = differentiate(center, outputs, |t, values| {
            let point: &mut P = point.borrow_mut();
            point.set_entry(input, t);
            // What a float of the point's type made of it.
            let t = point.entry(input);
            read(&function(point), values);
            t
        });
        let restored: &mut P = point.borrow_mut();
        restored.set_entry(input, center);
        for (output, expected) in column.into_iter().enumerate() {
            let index = output * inputs + input;
            let path = || derivative.entry_path(index);
            report.compare(index, path, derivative.entry(index), expected);
        }
    }
    report
}

/// Checks forward mode against finite differences, along one random direction.
///
/// `derivative` takes the point and a direction (`&Vec<f64>` for a slice, else a reference to the
/// tangent) and gives the tangent of the result: the second part of what `jvp_f` gives.
///
/// # Panics
///
/// If the tangent of the result has more or fewer entries than the result.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::check;
///
/// let f = |x: &[f64]| vec![x[0] * x[1], x[1].exp()];
/// let jvp_f = |x: &[f64], v: &[f64]| vec![v[0] * x[1] + x[0] * v[1], x[1].exp() * v[1]];
/// check::directional(f, |x, v| jvp_f(x, v), &[0.5, -0.3][..]).assert(1e-9);
/// ```
pub fn directional<P: Point + ?Sized, R: Entries, D: Entries>(
    function: impl Fn(&P) -> R,
    derivative: impl FnOnce(&P, &P::Tangent) -> D,
    at: &P,
) -> Report {
    let direction = Random::new(1).fill(at.zero_tangent());
    let outputs = function(at).entry_count();
    let derivative = derivative(at, &direction);
    assert_eq!(
        derivative.entry_count(),
        outputs,
        "the tangent to check has {} entries, the result {outputs}",
        derivative.entry_count(),
    );
    let mut point = at.to_owned();
    let expected = differentiate(0.0, outputs, |t, values| {
        let point: &mut P = point.borrow_mut();
        for i in 0..at.entry_count() {
            point.set_entry(i, at.entry(i) + t * direction.entry(i));
        }
        read(&function(point), values);
        t
    });
    let mut report = Report::new("finite differences");
    for (index, expected) in expected.into_iter().enumerate() {
        let path = || derivative.entry_path(index);
        report.compare(index, path, derivative.entry(index), expected);
    }
    report
}

/// Checks forward against reverse mode: with a random direction `v` and a random seed `s`, the
/// number `s · (J v)` from forward mode and `(Jᵀ s) · v` from reverse mode agree but for rounding
/// (the transposition or dot-product test; Claerbout 1992).
///
/// `forward` takes the point and a direction and gives the tangent of the result, the second part
/// of what `jvp_f` gives; `reverse` takes the point and a seed and gives the gradient, what the
/// pullback of `vjp_f` gives. Ten pairs are tried.
///
/// # Panics
///
/// If the gradient has more or fewer entries than the point.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::check;
///
/// let jvp_f = |x: &[f64; 2], v: &[f64; 2]| [v[0] * x[1] + x[0] * v[1], 3.0 * v[1]];
/// let vjp_f = |x: &[f64; 2], s: [f64; 2]| [s[0] * x[1], s[0] * x[0] + 3.0 * s[1]];
/// check::dot_product(jvp_f, vjp_f, &[0.5, -0.3]).assert(1e-12);
/// ```
pub fn dot_product<P: Point + ?Sized, Y: Entries + Clone, G: Entries>(
    forward: impl Fn(&P, &P::Tangent) -> Y,
    reverse: impl Fn(&P, Y) -> G,
    at: &P,
) -> Report {
    let mut random = Random::new(2);
    let mut report = Report::new("forward mode");
    for trial in 0..10 {
        let direction = random.fill(at.zero_tangent());
        let result = forward(at, &direction);
        let seed = random.fill(result.clone());
        let gradient = reverse(at, seed.clone());
        assert_eq!(
            gradient.entry_count(),
            direction.entry_count(),
            "the gradient to check has {} entries, but there are {} inputs",
            gradient.entry_count(),
            direction.entry_count(),
        );
        let path = || format!(" (random direction and seed number {trial})");
        let (forward, size) = dot(&seed, &result);
        let (reverse, _) = dot(&gradient, &direction);
        report.compare_sized(trial, path, reverse, (forward, 0.0), size);
    }
    report
}

/// The scalar product, and the sum of its terms' sizes.
fn dot(a: &impl Entries, b: &impl Entries) -> (f64, f64) {
    (0..a.entry_count()).fold((0.0, 0.0), |(sum, size), i| {
        let term = a.entry(i) * b.entry(i);
        (sum + term, size + term.abs())
    })
}

/// Flattens a result.
fn read(result: &impl Entries, values: &mut Vec<f64>) {
    values.clear();
    values.extend((0..result.entry_count()).map(|i| result.entry(i)));
}
