//! Reductions of plain tensors that need the largest entry of each lane first: what goes together to
//! one entry of the result.

use super::super::formulas::rule;
use super::super::scalar::Base;
use super::plain::{Plain, broadcast_strides, count, for_rows, row, strides};
use super::store::Store;
use num_traits::Float;

/// For each entry, the flat index of the reduced entry it belongs to. The axes that go are 1 in
/// `kept`.
pub(crate) fn owners(shape: &[usize], kept: &[usize]) -> Vec<usize> {
    let to = broadcast_strides(kept, shape);
    let (length, step) = row(shape, &to);
    let mut owners = Vec::with_capacity(count(shape));
    for_rows(shape, &to, &to, |start, _| owners.extend((0..length).map(|k| start + k * step)));
    owners
}

/// Each lane folded from `start`.
fn fold<A: Base>(x: &Plain<A>, kept: &[usize], start: A, f: impl Fn(A, A) -> A) -> Plain<A> {
    let to = broadcast_strides(kept, x.shape());
    let (length, step) = row(x.shape(), &to);
    let mut result = vec![start; count(kept)];
    for_rows(x.shape(), &strides(x.shape()), &to, |from, to| {
        let row = &x.data()[from..from + length];
        if step == 0 {
            result[to] = row.iter().fold(result[to], |folded, &v| f(folded, v));
        } else {
            for (folded, &v) in result[to..to + length].iter_mut().zip(row) {
                *folded = f(*folded, v);
            }
        }
    });
    Plain::new(kept, result)
}

/// The larger; a second one that is NaN is passed over.
fn larger<A: Base>(a: A, b: A) -> A {
    if b > a { b } else { a }
}

/// The Euclidean norm of each lane, which is scaled by its largest entry where squares would under-
/// or overflow.
pub(crate) fn norm<A: Base>(x: &Plain<A>, kept: &[usize]) -> Plain<A> {
    let squares = x.map(|v| v * v).sum_to(kept);
    let normal = |s: A| s.is_normal() || s.is_nan();
    if squares.data().iter().all(|&s| normal(s)) {
        return squares.map(Float::sqrt);
    }
    let scale = fold(x, kept, A::zero(), |largest, v| larger(largest, v.abs()));
    let ratios = x.zip(&scale, |v, scale| (v / scale) * (v / scale)).sum_to(kept);
    let each = squares.data().iter().zip(scale.data()).zip(ratios.data());
    let each = each.map(|((&square, &scale), &ratios)| {
        if normal(square) {
            Float::sqrt(square)
        } else if scale == A::zero() || scale.is_infinite() {
            scale
        } else {
            scale * Float::sqrt(ratios)
        }
    });
    Plain::new(kept, each.collect())
}

/// `ln(Σ exp(x))` of each lane, less its largest entry in the exponents.
pub(crate) fn log_sum_exp<A: Base>(x: &Plain<A>, kept: &[usize]) -> Plain<A> {
    let shift = finite(&largest(x, kept));
    let powers = Store::map(&x.zip(&shift, |x, shift| x - shift), rule::exp {});
    Store::map(&powers.sum_to(kept), rule::ln {}).zip(&shift, |log, shift| log + shift)
}

/// The largest entry of each lane, -∞ of nothing. NaNs are passed over.
pub(crate) fn largest<A: Base>(x: &Plain<A>, kept: &[usize]) -> Plain<A> {
    fold(x, kept, A::neg_infinity(), larger)
}

/// The same with 0 for what is infinite: what softmax subtracts.
pub(crate) fn finite<A: Base>(x: &Plain<A>) -> Plain<A> {
    x.map(|v| if v.is_finite() { v } else { A::zero() })
}
