//! Reductions of plain tensors that need the largest entry of each lane first: what goes together to
//! one entry of the result.

use super::super::formulas::rule;
use super::super::scalar::Base;
use super::plain::{Plain, broadcast_strides, count, for_rows, row};
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

/// The largest of a lane by `size`, `start` if there is none. NaNs are passed over.
fn largest<A: Base>(
    x: &Plain<A>,
    kept: &[usize],
    owners: &[usize],
    start: A,
    size: impl Fn(A) -> A,
) -> Vec<A> {
    let mut best = vec![start; count(kept)];
    for (&v, &to) in x.data().iter().zip(owners) {
        best[to] = Float::max(best[to], size(v));
    }
    best
}

/// The Euclidean norm of each lane, which is scaled by its largest entry where squares would under-
/// or overflow.
pub(crate) fn norm<A: Base>(x: &Plain<A>, kept: &[usize]) -> Plain<A> {
    let squares = x.map(|v| v * v).sum_to(kept);
    let normal = |s: A| s.is_normal() || s.is_nan();
    if squares.data().iter().all(|&s| normal(s)) {
        return squares.map(Float::sqrt);
    }
    let owners = owners(x.shape(), kept);
    let scale = largest(x, kept, &owners, A::zero(), Float::abs);
    let mut sum = vec![A::zero(); scale.len()];
    for (&v, &to) in x.data().iter().zip(&owners) {
        let ratio = v / scale[to];
        sum[to] += ratio * ratio;
    }
    let each = squares.data().iter().zip(scale).zip(sum);
    let each = each.map(|((&square, scale), sum)| {
        if normal(square) {
            Float::sqrt(square)
        } else if scale == A::zero() || scale.is_infinite() {
            scale
        } else {
            scale * Float::sqrt(sum)
        }
    });
    Plain::new(kept, each.collect())
}

/// `ln(Σ exp(x))` of each lane, less its largest entry in the exponents.
pub(crate) fn log_sum_exp<A: Base>(x: &Plain<A>, kept: &[usize]) -> Plain<A> {
    let shift = shift(x, kept);
    let powers = Store::map(&x.zip(&shift, |x, shift| x - shift), rule::exp {});
    Store::map(&powers.sum_to(kept), rule::ln {}).zip(&shift, |log, shift| log + shift)
}

/// The largest entry of each lane, 0 where it is infinite: what softmax subtracts.
pub(crate) fn shift<A: Base>(x: &Plain<A>, kept: &[usize]) -> Plain<A> {
    let owners = owners(x.shape(), kept);
    let best = largest(x, kept, &owners, A::neg_infinity(), |v| v);
    let finite = |v: A| if v.is_finite() { v } else { A::zero() };
    Plain::new(kept, best.into_iter().map(finite).collect())
}
