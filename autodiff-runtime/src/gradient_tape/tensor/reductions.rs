//! Sums, means, extremes and what is made of them, over all entries or along axes.

use super::super::formulas::{Operand, rule};
use super::super::scalar::Scalar;
use super::super::var::Var;
use super::plain::{Plain, Shape, count};
use super::shapes::slice_index;
use super::store::{Mask, Store, reduced};
use super::tracked::Tracked;
use super::typed::Tensor;
use ndarray::{Array, ArrayD, Axis, Dimension, IxDyn, RemoveAxis};
use num_traits::{Float, ToPrimitive};

/// A reduction: over which axes, of what. The result keeps the axes with length 1.
fn kept(shape: &[usize], axes: &[usize]) -> Shape {
    reduced(shape, axes).0
}

pub(crate) fn all_axes(rank: usize) -> Vec<usize> {
    (0..rank).collect()
}

fn sum<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    x.sum_to(&kept(x.shape(), axes))
}

fn entries(shape: &[usize], axes: &[usize]) -> f64 {
    axes.iter().map(|&axis| shape[axis]).product::<usize>() as f64
}

fn mean<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    sum(x, axes).scale(1.0 / entries(x.shape(), axes))
}

/// Sum of squared distances from the mean, over the count less `ddof`.
fn variance<T: Scalar>(x: &Tracked<T>, axes: &[usize], ddof: f64) -> Tracked<T> {
    let distance = x.sub(&mean(x, axes));
    sum(&distance.mul(&distance), axes).scale(1.0 / (entries(x.shape(), axes) - ddof))
}

/// Euclidean norm. At the origin the root is taken of 1 instead and the result dropped, so that
/// nothing infinite is ever multiplied: value and derivatives 0.
fn norm<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    // Scaled by the largest entry where squares would under- or overflow.
    let largest = x.plain().data().iter().fold(T::Base::of(0.0), |m, &v| m.max(v.abs()));
    let square = largest * largest;
    if !square.is_normal() && largest > T::Base::of(0.0) && largest.is_finite() {
        let factor = largest.to_f64().unwrap_or(1.0);
        // Two factors, since 1/largest may overflow where largest is subnormal.
        let root = factor.sqrt();
        let scaled = x.scale(1.0 / root).scale(1.0 / root);
        return norm_of(&scaled, axes).scale(root).scale(root);
    }
    norm_of(x, axes)
}

fn norm_of<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    let squares = sum(&x.mul(x), axes);
    let zero = T::Base::of(0.0);
    if squares.plain().data().iter().all(|&s| s != zero) {
        return squares.map(rule::sqrt {});
    }
    let away: Mask = squares.plain().data().iter().map(|&s| s != zero).collect();
    let ones = Plain::map(squares.plain(), |s| T::Base::of(if s == zero { 1.0 } else { 0.0 }));
    squares.keep(&away).add(&Tracked::constant(ones)).map(rule::sqrt {}).keep(&away)
}

/// The largest (or smallest) entries; a tie shares the derivative equally. NaN if one is NaN.
fn extreme<T: Scalar>(x: &Tracked<T>, axes: &[usize], largest: bool) -> Tracked<T> {
    let values = x.plain();
    let kept = kept(x.shape(), axes);
    assert!(
        values.data().is_empty() == (count(&kept) == 0) && !values.data().is_empty(),
        "max/min of no entries: the shape {:?}",
        x.shape()
    );
    let start = if largest { T::Base::neg_infinity() } else { T::Base::infinity() };
    let owner = owners(x.shape(), &kept);
    let mut best = vec![start; count(&kept)];
    for (&v, &to) in values.data().iter().zip(&owner) {
        let better = if largest { v > best[to] } else { v < best[to] };
        if better || v.is_nan() {
            best[to] = v;
        }
    }
    let chosen = |v: T::Base, to: usize| v == best[to] || (v.is_nan() && best[to].is_nan());
    let mut number = vec![0usize; best.len()];
    for (&v, &to) in values.data().iter().zip(&owner) {
        number[to] += usize::from(chosen(v, to));
    }
    let mask: Mask = values.data().iter().zip(&owner).map(|(&v, &to)| chosen(v, to)).collect();
    let picked = x.keep(&mask).sum_to(&kept);
    if number.iter().all(|&n| n == 1) {
        return picked;
    }
    let weights = number.iter().map(|&n| T::Base::of(1.0 / n as f64)).collect();
    let average = picked.mul(&Tracked::constant(Plain::new(&kept, weights)));
    // An average of n equal numbers may miss them by a rounding: put the value right.
    let miss = best
        .iter()
        .zip(average.plain().data())
        .map(|(&best, &average)| if best.is_finite() { best - average } else { T::Base::of(0.0) });
    let miss = Plain::new(&kept, miss.collect());
    average.add(&Tracked::constant(miss))
}

/// For each entry, the flat index of the reduced entry it belongs to.
fn owners(shape: &[usize], kept: &[usize]) -> Vec<usize> {
    let strides = super::plain::strides(kept);
    let mut index = vec![0; shape.len()];
    (0..count(shape))
        .map(|_| {
            let owner = (0..shape.len())
                .map(|a| if kept[a] == 1 { 0 } else { index[a] * strides[a] })
                .sum();
            for axis in (0..shape.len()).rev() {
                index[axis] += 1;
                if index[axis] < shape[axis] {
                    break;
                }
                index[axis] = 0;
            }
            owner
        })
        .collect()
}

/// The product, by halves: right also where factors are zero.
fn product<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    let kept = kept(x.shape(), axes);
    let mut x = x.clone();
    for &axis in axes {
        while x.shape()[axis] > 1 {
            let shape = Shape::from_slice(x.shape());
            let (n, half) = (shape[axis], shape[axis] / 2);
            let part = |start: usize, length: usize| {
                let mut part = shape.clone();
                part[axis] = length;
                x.gather(&slice_index(&shape, axis, start, length), &part)
            };
            let mut pairs = part(0, half).mul(&part(half, half));
            if n % 2 == 1 {
                pairs = Tracked::concatenate(&[&pairs, &part(n - 1, 1)], axis);
            }
            x = pairs;
        }
        if x.shape()[axis] == 0 {
            let ones = Plain::filled(&kept, T::Base::of(1.0));
            return Tracked::constant(ones);
        }
    }
    x
}

/// The largest entry along the axes as a constant, 0 where it is infinite: what softmax subtracts.
fn shift<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    let kept = kept(x.shape(), axes);
    let mut best = vec![T::Base::neg_infinity(); count(&kept)];
    for (&v, to) in x.plain().data().iter().zip(owners(x.shape(), &kept)) {
        best[to] = best[to].max(v);
    }
    let finite = |v: T::Base| if v.is_finite() { v } else { T::Base::of(0.0) };
    Tracked::constant(Plain::new(&kept, best.into_iter().map(finite).collect()))
}

fn log_sum_exp<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    let shift = shift(x, axes);
    sum(&x.sub(&shift).map(rule::exp {}), axes).map(rule::ln {}).add(&shift)
}

/// Whole-tensor and axis forms of a reduction.
macro_rules! reductions {
    ($($whole:ident $axis:ident ($($arg:ident: $ty:ty)?) $function:ident ($($pass:expr)?): $doc:literal;)*) => {
        impl<T: Scalar, D: Dimension> Tensor<T, D> {
            $(
                #[doc = concat!($doc, " Over all entries.")]
                pub fn $whole(&self $(, $arg: $ty)?) -> Var<T> {
                    let axes = all_axes(self.ndim());
                    $function(self.tracked(), &axes $(, $pass)?).to_scalar()
                }
            )*
        }
        impl<T: Scalar, D: RemoveAxis> Tensor<T, D> {
            $(
                #[doc = concat!($doc, " Along an axis, which goes.")]
                ///
                /// # Panics
                /// If there is no such axis.
                #[must_use]
                pub fn $axis(&self, axis: Axis $(, $arg: $ty)?) -> Tensor<T, D::Smaller> {
                    let axes = [axis.index()];
                    let rest = reduced(self.shape(), &axes).1;
                    let result = $function(self.tracked(), &axes $(, $pass)?);
                    Tensor::from_tracked(result.reshape(&rest))
                }
            )*
        }
    };
}

reductions! {
    sum sum_axis () sum (): "The sum.";
    mean mean_axis () mean (): "The mean; NaN of nothing.";
    prod prod_axis () product (): "The product; its derivative is right also where factors are zero.";
    max max_axis () extreme (true): "The largest entry; a tie shares the derivative equally.";
    min min_axis () extreme (false): "The smallest entry; a tie shares the derivative equally.";
    norm norm_axis () norm (): "The Euclidean norm; derivative 0 at the origin.";
    var var_axis (ddof: f64) variance (ddof): "The variance: squared distances from the mean, over the count less `ddof`.";
    log_sum_exp log_sum_exp_axis () log_sum_exp (): "`ln(Σ exp(x))` without overflow.";
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    /// The sum over several axes, which go.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn sum_axes(&self, axes: &[usize]) -> Tensor<T, IxDyn> {
        let rest = reduced(self.shape(), axes).1;
        Tensor::from_tracked(sum(self.tracked(), axes).reshape(&rest))
    }

    /// The mean over several axes, which go.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn mean_axes(&self, axes: &[usize]) -> Tensor<T, IxDyn> {
        let rest = reduced(self.shape(), axes).1;
        Tensor::from_tracked(mean(self.tracked(), axes).reshape(&rest))
    }

    /// The standard deviation; see [`var`](Self::var). Derivative +∞ where all entries are equal.
    pub fn std(&self, ddof: f64) -> Var<T> {
        self.var(ddof).sqrt()
    }

    /// Index of the (first) largest entry. No derivative.
    ///
    /// # Panics
    /// If there are no entries.
    pub fn argmax(&self) -> D::Pattern {
        let values = self.view();
        let best = values.indexed_iter().reduce(
            |best, entry| {
                if *entry.1 > *best.1 { entry } else { best }
            },
        );
        best.expect("argmax of no entries").0
    }

    /// `exp(x) / Σ exp(x)` along an axis.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn softmax(&self, axis: Axis) -> Self {
        let axes = [axis.index()];
        let exp = self.tracked().sub(&shift(self.tracked(), &axes)).map(rule::exp {});
        let total = sum(&exp, &axes);
        Self::from_tracked(exp.zip(&total, rule::div {}))
    }

    /// `ln(softmax(x))` along an axis, exact where the softmax underflows.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn log_softmax(&self, axis: Axis) -> Self {
        Self::from_tracked(self.tracked().sub(&log_sum_exp(self.tracked(), &[axis.index()])))
    }

    /// Running sums along an axis.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn cumsum(&self, axis: Axis) -> Self {
        let _ = reduced(self.shape(), &[axis.index()]);
        Self::from_tracked(self.tracked().cumulative_sum(axis.index(), false))
    }
}

impl<T: Scalar, D: RemoveAxis> Tensor<T, D> {
    /// Indices of the (first) largest entries along an axis. No derivative.
    ///
    /// # Panics
    /// If there is no such axis, or it is empty.
    pub fn argmax_axis(&self, axis: Axis) -> Array<usize, D::Smaller> {
        self.view().map_axis(axis, |lane| {
            let best = lane
                .iter()
                .enumerate()
                .reduce(|best, entry| if *entry.1 > *best.1 { entry } else { best });
            best.expect("argmax of no entries").0
        })
    }

    /// Cross entropy of a distribution given by logits, against probabilities of the same shape
    /// (one-hot rows for classes): `-Σ p log_softmax(x)` along an axis, which goes.
    ///
    /// # Panics
    /// If there is no such axis or the shapes differ.
    #[must_use]
    pub fn cross_entropy(
        &self,
        probabilities: &Array<T::Base, D>,
        axis: Axis,
    ) -> Tensor<T, D::Smaller> {
        assert!(
            probabilities.shape() == self.shape(),
            "cross_entropy: logits of the shape {:?}, probabilities of {:?}",
            self.shape(),
            probabilities.shape()
        );
        let axes = [axis.index()];
        let rest = reduced(self.shape(), &axes).1;
        // Where the probability is 0, a logit of -∞ counts nothing.
        let used: Mask = probabilities.iter().map(|&p| p != T::Base::of(0.0)).collect();
        let p = Tracked::constant(Plain::from_array(probabilities.view()));
        let logs = self.log_softmax(axis);
        let weighted = logs.tracked().keep(&used).mul(&p);
        let entropy = sum(&weighted, &axes).map(rule::neg {});
        Tensor::from_tracked(entropy.reshape(&rest))
    }
}

impl<T: Scalar> Tensor<T, ndarray::Ix2> {
    /// Cross entropy of each row of logits against the number of the right class.
    ///
    /// # Panics
    /// If there are not as many classes as rows, or one is not a column.
    #[must_use]
    pub fn cross_entropy_classes(&self, classes: &[usize]) -> Tensor<T, ndarray::Ix1> {
        let [rows, columns] = [self.shape()[0], self.shape()[1]];
        assert!(
            classes.len() == rows,
            "cross_entropy_classes: {rows} rows of logits, {} classes",
            classes.len()
        );
        let index = classes.iter().enumerate().map(|(row, &class)| {
            assert!(class < columns, "cross_entropy_classes: class {class} of {columns}");
            row * columns + class
        });
        let x = self.tracked();
        let right = x.gather(&index.collect(), &[rows]);
        let total = log_sum_exp(x, &[1]).reshape(&[rows]);
        Tensor::from_tracked(total.sub(&right))
    }
}

/// A mask as the operations take it.
pub(crate) fn mask_of(mask: &ArrayD<bool>) -> Mask {
    mask.iter().copied().collect()
}
