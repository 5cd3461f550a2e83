//! Sums, means, extremes and what is made of them, over all entries or along axes.

use super::super::formulas::{Operand, rule};
use super::super::scalar::Scalar;
use super::super::var::Var;
use super::functions::Elementwise;
use super::lanes;
use super::plain::{Plain, Shape, count};
use super::shapes::slice_index;
use super::store::{Mask, Store, check_axes, check_axis, reduced};
use super::tracked::Tracked;
use super::typed::Tensor;
use ndarray::{Array, Axis, Dimension, IxDyn, RemoveAxis};
use num_traits::Float;

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
    sum(x, axes).over(entries(x.shape(), axes))
}

/// Sum of squared distances from the mean, over the count less `ddof`.
fn variance<T: Scalar>(x: &Tracked<T>, axes: &[usize], ddof: f64) -> Tracked<T> {
    let distance = x.sub(&mean(x, axes));
    sum(&distance.mul(&distance), axes).over(entries(x.shape(), axes) - ddof)
}

/// The root of the variance. As a norm it has the derivative 0 where all entries are equal.
fn deviation<T: Scalar>(x: &Tracked<T>, axes: &[usize], ddof: f64) -> Tracked<T> {
    let distance = x.sub(&mean(x, axes));
    distance.norm(&kept(x.shape(), axes)).over((entries(x.shape(), axes) - ddof).sqrt())
}

fn norm<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    x.norm(&kept(x.shape(), axes))
}

/// The largest (or smallest) entries; a tie shares the derivative equally. NaN if one is NaN.
fn extreme<T: Scalar>(x: &Tracked<T>, axes: &[usize], largest: bool) -> Tracked<T> {
    let values = x.plain();
    let kept = kept(x.shape(), axes);
    assert!(
        !values.data().is_empty() || count(&kept) == 0,
        "{}: no entries along the axes {axes:?} of the shape {:?}",
        if largest { "max" } else { "min" },
        x.shape()
    );
    let start = if largest { T::Base::neg_infinity() } else { T::Base::infinity() };
    let owner = lanes::owners(x.shape(), &kept);
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
    let picked = x.keep(&mask);
    if number.iter().all(|&n| n == 1) {
        return picked.sum_to(&kept);
    }
    let weights = number.iter().map(|&n| T::Base::of(1.0 / n as f64)).collect();
    let average = picked.mul(&Tracked::constant(Plain::new(&kept, weights))).sum_to(&kept);
    // An average of n equal numbers may miss them by a rounding: put the value right.
    let miss = best
        .iter()
        .zip(average.plain().data())
        .map(|(&best, &average)| if best.is_finite() { best - average } else { T::Base::of(0.0) });
    let miss = Plain::new(&kept, miss.collect());
    average.add(&Tracked::constant(miss))
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
    Tracked::constant(lanes::finite(&lanes::largest(x.plain(), &kept)))
}

fn log_sum_exp<T: Scalar>(x: &Tracked<T>, axes: &[usize]) -> Tracked<T> {
    let kept = kept(x.shape(), axes);
    let largest = lanes::largest(x.plain(), &kept);
    if largest.data().iter().any(|largest| largest.is_infinite()) {
        return x.log_sum_exp(&kept);
    }
    // Operation by operation, so that the powers are computed once for value and derivative. At
    // infinity the reciprocal of their sum would be 0, and nothing would flow.
    let shift = Tracked::constant(largest);
    sum(&x.sub(&shift).map(rule::exp {}), axes).map(rule::ln {}).add(&shift)
}

/// Forms of a reduction: of the whole tensor, along one axis, along several.
macro_rules! reductions {
    ($($whole:ident $axis:ident $axes:ident ($($arg:ident: $ty:ty)?) $function:ident ($($pass:expr)?): $doc:literal;)*) => {
        impl<T: Scalar, D: Dimension> Tensor<T, D> {
            $(
                #[doc = concat!($doc, " Over all entries.")]
                pub fn $whole(&self $(, $arg: $ty)?) -> Var<T> {
                    let axes = all_axes(self.ndim());
                    $function(self.tracked(), &axes $(, $pass)?).to_scalar()
                }

                #[doc = concat!($doc, " Along several axes, which go.")]
                ///
                /// # Panics
                /// If there is no such axis, or one is named twice.
                #[must_use]
                pub fn $axes(&self, axes: &[usize] $(, $arg: $ty)?) -> Tensor<T, IxDyn> {
                    check_axes(stringify!($axes), self.shape(), axes);
                    let rest = reduced(self.shape(), axes).1;
                    let result = $function(self.tracked(), axes $(, $pass)?);
                    Tensor::from_tracked(result.reshape(&rest))
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
                    check_axis(stringify!($axis), self.shape(), axis);
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
    sum sum_axis sum_axes () sum (): "The sum.";
    mean mean_axis mean_axes () mean (): "The mean; NaN of nothing.";
    prod prod_axis prod_axes () product (): "The product; its derivative is right also where factors are zero.";
    max max_axis max_axes () extreme (true): "The largest entry; a tie shares the derivative equally. A panic if there is none.";
    min min_axis min_axes () extreme (false): "The smallest entry; a tie shares the derivative equally. A panic if there is none.";
    norm norm_axis norm_axes () norm (): "The Euclidean norm; derivative 0 at the origin.";
    var var_axis var_axes (ddof: f64) variance (ddof): "The variance: squared distances from the mean, over the count less `ddof`.";
    std std_axis std_axes (ddof: f64) deviation (ddof): "The standard deviation, the root of the variance; derivative 0 where all entries are equal (as the norm has it).";
    log_sum_exp log_sum_exp_axis log_sum_exp_axes () log_sum_exp (): "`ln(Σ exp(x))` without overflow.";
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    /// Index of the (first) largest entry. No derivative.
    ///
    /// # Panics
    /// If there are no entries.
    pub fn argmax(&self) -> D::Pattern {
        let values = self.view();
        let larger = values.indexed_iter().reduce(|a, b| if *b.1 > *a.1 { b } else { a });
        larger.expect("argmax of no entries").0
    }

    /// Index of the (first) smallest entry. No derivative.
    ///
    /// # Panics
    /// If there are no entries.
    pub fn argmin(&self) -> D::Pattern {
        let values = self.view();
        let smaller = values.indexed_iter().reduce(|a, b| if *b.1 < *a.1 { b } else { a });
        smaller.expect("argmin of no entries").0
    }

    /// `exp(x) / Σ exp(x)` along an axis.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn softmax(&self, axis: Axis) -> Self {
        check_axis("softmax", self.shape(), axis);
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
        check_axis("log_softmax", self.shape(), axis);
        Self::from_tracked(self.tracked().sub(&log_sum_exp(self.tracked(), &[axis.index()])))
    }

    /// Running sums along an axis.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn cumsum(&self, axis: Axis) -> Self {
        check_axis("cumsum", self.shape(), axis);
        Self::from_tracked(self.tracked().cumulative_sum(axis.index(), false))
    }
}

impl<T: Scalar, D: RemoveAxis> Tensor<T, D> {
    /// Indices of the (first) largest entries along an axis. No derivative.
    ///
    /// # Panics
    /// If there is no such axis, or it is empty.
    pub fn argmax_axis(&self, axis: Axis) -> Array<usize, D::Smaller> {
        check_axis("argmax_axis", self.shape(), axis);
        self.view().map_axis(axis, |lane| {
            let larger = lane.iter().enumerate().reduce(|a, b| if *b.1 > *a.1 { b } else { a });
            larger.expect("argmax of no entries").0
        })
    }

    /// Indices of the (first) smallest entries along an axis. No derivative.
    ///
    /// # Panics
    /// If there is no such axis, or it is empty.
    pub fn argmin_axis(&self, axis: Axis) -> Array<usize, D::Smaller> {
        check_axis("argmin_axis", self.shape(), axis);
        self.view().map_axis(axis, |lane| {
            let smaller = lane.iter().enumerate().reduce(|a, b| if *b.1 < *a.1 { b } else { a });
            smaller.expect("argmin of no entries").0
        })
    }

    /// Cross entropy of a distribution given by logits, against probabilities of the same shape
    /// (one-hot rows for classes): `-Σ p log_softmax(x)` along an axis, which goes. The
    /// probabilities are an array or a tensor, which has a derivative, too.
    ///
    /// # Panics
    /// If there is no such axis or the shapes differ.
    #[must_use]
    pub fn cross_entropy(
        &self,
        probabilities: impl Elementwise<T, Dim = D>,
        axis: Axis,
    ) -> Tensor<T, D::Smaller> {
        let p = probabilities.into_operand();
        assert!(
            p.shape() == self.shape(),
            "cross_entropy: logits of the shape {:?}, probabilities of {:?}",
            self.shape(),
            p.shape()
        );
        check_axis("cross_entropy", self.shape(), axis);
        let axes = [axis.index()];
        let rest = reduced(self.shape(), &axes).1;
        let logs = self.log_softmax(axis);
        // Where the probability is 0, a logit of -∞ counts nothing.
        let pairs = p.plain().data().iter().zip(logs.tracked().plain().data());
        let used: Mask = pairs.map(|(&p, log)| p != T::Base::of(0.0) || log.is_finite()).collect();
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
