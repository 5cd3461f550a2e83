//! The closed set of tensor operations: each is implemented on plain tensors as a kernel, and on
//! recorded tensors as the operation one level down with a pullback made of the same operations.
//! That is why gradients of tensors can be differentiated again, to any order.

use super::super::formulas::{Binary, Unary};
use super::super::scalar::{Base, Scalar};
use super::plain::{self, Plain};
use super::{fast, lanes, linear, products};
use ndarray::Axis;
use std::fmt::Debug;
use std::rc::Rc;

/// Flat indices, `usize::MAX` for "a zero".
pub type Indices = Rc<[usize]>;
/// A choice of entries.
pub type Mask = Rc<[bool]>;

/// A tensor of scalars `T`: floats, or values recorded on a tape.
pub trait Store<T: Scalar<Store = Self>>: Clone + Debug + 'static {
    /// Lengths of the axes.
    fn shape(&self) -> &[usize];
    /// A constant.
    fn constant(value: Plain<T::Base>) -> Self;
    /// The values beneath all tapes.
    fn plain(&self) -> &Plain<T::Base>;
    /// Whether this is a transposed matrix that is stored as the matrix it was made of.
    fn is_turned(&self) -> bool;
    /// A tensor of one entry and no axes.
    fn from_scalar(value: T) -> Self;
    /// The only entry.
    fn to_scalar(&self) -> T;
    /// A tensor of these entries.
    fn from_scalars(entries: &[T], shape: &[usize]) -> Self;
    /// All entries.
    fn to_scalars(&self) -> Vec<T>;

    /// A rule of one argument, entry by entry.
    fn map<R: Unary>(&self, rule: R) -> Self;
    /// A rule and its derivative, where that comes out of the same work.
    fn map_with_slope<R: Unary>(&self, rule: R) -> (Self, Option<Self>) {
        (self.map(rule), None)
    }
    /// `seed * rule'(x)`, where `y` is `rule(x)`.
    fn map_back<R: Unary>(rule: R, x: &Self, y: &Self, seed: Self) -> Self;
    /// A rule of two arguments, entry by entry, broadcasting.
    fn zip<R: Binary>(&self, other: &Self, rule: R) -> Self;
    /// `seed * ∂rule(x, y)` by one argument, summed to its shape; `r` is `rule(x, y)`.
    fn zip_back<R: Binary>(rule: R, args: [&Self; 2], r: &Self, seed: &Self, by: usize) -> Self;

    /// Sum, broadcasting.
    fn add(&self, other: &Self) -> Self;
    /// Difference, broadcasting.
    fn sub(&self, other: &Self) -> Self;
    /// Product, broadcasting.
    fn mul(&self, other: &Self) -> Self;
    /// This tensor as a seed times a partial, broadcasting: 0 where the seed is, also past an
    /// infinite or undefined partial, so that a branch not taken contributes nothing.
    fn weigh(self, partial: &Self) -> Self;
    /// The tensor times a float.
    fn scale(&self, factor: f64) -> Self;
    /// The tensor divided by a float, rounded once.
    fn over(&self, divisor: f64) -> Self;
    /// Sum of two tensors of one shape, in place if possible.
    fn accumulated(self, other: Self) -> Self;

    /// The sum over the axes that broadcasting from `shape` stretches.
    fn sum_to(&self, shape: &[usize]) -> Self;
    /// Stretched to a shape.
    fn broadcast_to(&self, shape: &[usize]) -> Self;
    /// The same entries in another shape.
    fn reshape(&self, shape: &[usize]) -> Self;
    /// Axes in another order.
    fn permute(&self, axes: &[usize]) -> Self;
    /// Matrix product of rank 2, or of batches of rank 3.
    fn matmul(&self, other: &Self, transpose: [bool; 2]) -> Self;
    /// Entries by flat index.
    fn gather(&self, index: &Indices, shape: &[usize]) -> Self;
    /// The transpose of `gather`.
    fn scatter_add(&self, index: &Indices, shape: &[usize]) -> Self;
    /// This tensor and what `scatter_add` makes of another one, in place if possible.
    fn add_scattered(self, other: &Self, index: &Indices) -> Self;
    /// The Euclidean norm along the axes that are 1 in the shape; derivative 0 at the origin.
    fn norm(&self, kept: &[usize]) -> Self;
    /// `ln(Σ exp(x))` along the axes that are 1 in the shape, without overflow.
    fn log_sum_exp(&self, kept: &[usize]) -> Self;
    /// Entries where the mask holds, else zero.
    fn keep(&self, mask: &Mask) -> Self;
    /// Running sums along an axis.
    fn cumulative_sum(&self, axis: usize, reverse: bool) -> Self;
    /// Joined along an axis.
    fn concatenate(list: &[&Self], axis: usize) -> Self;
    /// Lower Cholesky factor.
    fn cholesky(&self) -> Self;
    /// X of T X = B or Tᵀ X = B.
    fn solve_triangular(&self, b: &Self, lower: bool, transposed: bool) -> Self;
    /// Inverse matrix. The operation is named where there is none.
    fn inverse(&self, operation: &'static str) -> Self;
    /// Determinant, as a tensor without axes.
    fn determinant(&self) -> Self;
    /// Logarithm of the absolute value of the determinant.
    fn log_determinant(&self) -> Self;
    /// Derivative of the determinant by the matrix.
    fn cofactors(&self) -> Self;

    /// A constant float.
    fn number(value: f64) -> Self {
        Self::from_scalar(T::of(value))
    }

    /// Swaps the two axes of a matrix.
    fn transposed(&self) -> Self {
        self.permute(&[1, 0])
    }
}

impl<A: Base<Store = Plain<A>>> Store<A> for Plain<A> {
    fn shape(&self) -> &[usize] {
        Plain::shape(self)
    }
    fn constant(value: Plain<A>) -> Self {
        value
    }
    fn plain(&self) -> &Plain<A> {
        self
    }
    fn is_turned(&self) -> bool {
        self.factor().1
    }
    fn from_scalar(value: A) -> Self {
        Plain::new(&[], vec![value])
    }
    fn to_scalar(&self) -> A {
        self.data()[0]
    }
    fn from_scalars(entries: &[A], shape: &[usize]) -> Self {
        Plain::new(shape, entries.to_vec())
    }
    fn to_scalars(&self) -> Vec<A> {
        self.data().to_vec()
    }
    fn map<R: Unary>(&self, rule: R) -> Self {
        match fast::map::<R, A>(self.vec()) {
            Some(data) => Plain::new(self.shape(), data),
            None => Plain::map(self, |x| rule.value(x)),
        }
    }
    fn map_with_slope<R: Unary>(&self, rule: R) -> (Self, Option<Self>) {
        match fast::map_with_slope::<R, A>(self.vec()) {
            Some([value, slope]) => {
                (Plain::new(self.shape(), value), Some(Plain::new(self.shape(), slope)))
            }
            None => (Store::map(self, rule), None),
        }
    }
    fn map_back<R: Unary>(rule: R, x: &Self, y: &Self, seed: Self) -> Self {
        seed.update_by_two(x, y, |seed, x, y| contribution(seed, rule.partial(x, y)))
    }
    fn zip<R: Binary>(&self, other: &Self, rule: R) -> Self {
        Plain::zip(self, other, |x, y| rule.value(x, y))
    }
    fn zip_back<R: Binary>(rule: R, [x, y]: [&Self; 2], r: &Self, seed: &Self, by: usize) -> Self {
        let shape = r.shape();
        let (wide_x, wide_y) = (x.broadcast_to(shape), y.broadcast_to(shape));
        let entries = wide_x.data().iter().zip(wide_y.data()).zip(r.data()).zip(seed.data());
        let weighted =
            entries.map(|(((&x, &y), &r), &seed)| contribution(seed, rule.partials(x, y, r)[by]));
        let to = if by == 0 { x.shape() } else { y.shape() };
        Plain::new(shape, weighted.collect()).sum_to(to)
    }
    fn add(&self, other: &Self) -> Self {
        Plain::zip(self, other, |x, y| x + y)
    }
    fn sub(&self, other: &Self) -> Self {
        Plain::zip(self, other, |x, y| x - y)
    }
    fn mul(&self, other: &Self) -> Self {
        Plain::zip(self, other, |x, y| x * y)
    }
    fn weigh(self, partial: &Self) -> Self {
        if Plain::shape(&self) == Plain::shape(partial) {
            self.update(partial, contribution)
        } else {
            Plain::zip(&self, partial, contribution)
        }
    }
    fn scale(&self, factor: f64) -> Self {
        let factor = <A as crate::Real>::of(factor);
        Plain::map(self, |x| x * factor)
    }
    fn over(&self, divisor: f64) -> Self {
        let divisor = <A as crate::Real>::of(divisor);
        Plain::map(self, |x| x / divisor)
    }
    fn accumulated(self, other: Self) -> Self {
        self.add_in_place(other)
    }
    fn sum_to(&self, shape: &[usize]) -> Self {
        Plain::sum_to(self, shape)
    }
    fn broadcast_to(&self, shape: &[usize]) -> Self {
        Plain::broadcast_to(self, shape)
    }
    fn reshape(&self, shape: &[usize]) -> Self {
        Plain::reshape(self, shape)
    }
    fn permute(&self, axes: &[usize]) -> Self {
        Plain::permute(self, axes)
    }
    fn matmul(&self, other: &Self, [ta, tb]: [bool; 2]) -> Self {
        products::matmul(self, other, ta, tb)
    }
    fn gather(&self, index: &Indices, shape: &[usize]) -> Self {
        Plain::gather(self, index, shape)
    }
    fn scatter_add(&self, index: &Indices, shape: &[usize]) -> Self {
        Plain::filled(shape, A::zero()).scattered(self, index)
    }
    fn add_scattered(self, other: &Self, index: &Indices) -> Self {
        self.scattered(other, index)
    }
    fn norm(&self, kept: &[usize]) -> Self {
        lanes::norm(self, kept)
    }
    fn log_sum_exp(&self, kept: &[usize]) -> Self {
        lanes::log_sum_exp(self, kept)
    }
    fn keep(&self, mask: &Mask) -> Self {
        Plain::keep(self, mask)
    }
    fn cumulative_sum(&self, axis: usize, reverse: bool) -> Self {
        Plain::cumulative_sum(self, axis, reverse)
    }
    fn concatenate(list: &[&Self], axis: usize) -> Self {
        Plain::concatenate(list, axis)
    }
    fn cholesky(&self) -> Self {
        linear::cholesky(self)
    }
    fn solve_triangular(&self, b: &Self, lower: bool, transposed: bool) -> Self {
        linear::solve_triangular(self, b, lower, transposed)
    }
    fn inverse(&self, operation: &'static str) -> Self {
        linear::inverse(self, operation)
    }
    fn determinant(&self) -> Self {
        Self::from_scalar(linear::determinant(self))
    }
    fn log_determinant(&self) -> Self {
        Self::from_scalar(linear::log_determinant(self))
    }
    fn cofactors(&self) -> Self {
        linear::cofactors(self)
    }
}

/// What flows back through one entry: nothing where nothing arrives, also past an infinite partial.
#[inline(always)]
fn contribution<A: Base>(seed: A, partial: A) -> A {
    if seed.is_absent() { A::zero() } else { seed * partial }
}

/// For reductions: `shape` with these axes set to 1, and without them.
pub(crate) fn reduced(shape: &[usize], axes: &[usize]) -> (plain::Shape, plain::Shape) {
    let kept = shape.iter().enumerate().map(|(i, &n)| if axes.contains(&i) { 1 } else { n });
    let rest = shape.iter().enumerate().filter(|(i, _)| !axes.contains(i)).map(|(_, &n)| n);
    (kept.collect(), rest.collect())
}

/// Panics if there is no such axis.
pub(crate) fn check_axis(operation: &str, shape: &[usize], axis: Axis) {
    check_axes(operation, shape, &[axis.index()]);
}

/// Panics if there is no such axis, or one is named twice.
pub(crate) fn check_axes(operation: &str, shape: &[usize], axes: &[usize]) {
    for (i, &axis) in axes.iter().enumerate() {
        assert!(
            axis < shape.len(),
            "{operation}: a tensor of the shape {shape:?} has no axis {axis}; axes count from 0"
        );
        assert!(!axes[..i].contains(&axis), "{operation}: {axes:?} names axis {axis} twice");
    }
}
