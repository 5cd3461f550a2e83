//! Other arrangements of the same entries: reshape, slice, gather, join, choose, sort.

use super::super::scalar::Scalar;
use super::super::var::Var;
use super::plain::{Plain, Shape, count};
use super::reductions::mask_of;
use super::store::{Indices, Mask, Store};
use super::tracked::Tracked;
use super::typed::Tensor;
use ndarray::{
    Array, ArrayD, Axis, Dimension, IntoDimension, Ix1, NdIndex, RemoveAxis, Slice, SliceArg,
};
use std::rc::Rc;

/// Flat indices of a range along an axis.
pub(crate) fn slice_index(shape: &[usize], axis: usize, start: usize, length: usize) -> Indices {
    let inner = count(&shape[axis + 1..]);
    let outer = count(&shape[..axis]);
    let block = shape[axis] * inner;
    (0..outer)
        .flat_map(|i| {
            let from = i * block + start * inner;
            from..from + length * inner
        })
        .collect()
}

/// The flat index of every entry, in the tensor's shape.
fn positions<D: Dimension>(shape: &[usize]) -> Array<usize, D> {
    let flat = ArrayD::from_shape_vec(shape, (0..count(shape)).collect());
    flat.ok().and_then(|a| a.into_dimensionality().ok()).expect("the rank is that of the type")
}

fn gathered<T: Scalar, E: Dimension>(x: &Tracked<T>, index: &Array<usize, E>) -> Tensor<T, E> {
    let flat: Indices = index.iter().copied().collect();
    Tensor::from_tracked(x.gather(&flat, index.shape()))
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    /// The same entries in another shape, row by row.
    ///
    /// # Panics
    /// If the number of entries differs.
    #[must_use]
    pub fn reshape<S: IntoDimension>(&self, shape: S) -> Tensor<T, S::Dim> {
        let shape = shape.into_dimension();
        Tensor::from_tracked(self.tracked().reshape(shape.slice()))
    }

    /// All entries in a row.
    #[must_use]
    pub fn flatten(&self) -> Tensor<T, Ix1> {
        self.reshape(self.len())
    }

    /// Axes in reverse order: the transpose of a matrix.
    #[must_use]
    pub fn t(&self) -> Self {
        let axes: Vec<usize> = (0..self.ndim()).rev().collect();
        Self::from_tracked(self.tracked().permute(&axes))
    }

    /// Axes in another order.
    ///
    /// # Panics
    /// If `axes` does not name each axis once.
    #[must_use]
    pub fn permuted_axes(&self, axes: &[usize]) -> Self {
        let mut sorted = axes.to_vec();
        sorted.sort_unstable();
        assert!(
            sorted.iter().copied().eq(0..self.ndim()),
            "permuted_axes: {axes:?} does not name each axis of the shape {:?} once",
            self.shape()
        );
        Self::from_tracked(self.tracked().permute(axes))
    }

    /// Stretched to a shape, as broadcasting does.
    ///
    /// # Panics
    /// If it does not broadcast to that shape.
    #[must_use]
    pub fn broadcast<S: IntoDimension>(&self, shape: S) -> Tensor<T, S::Dim> {
        let shape = shape.into_dimension();
        Tensor::from_tracked(self.tracked().broadcast_to(shape.slice()))
    }

    /// A part, by `ndarray`'s `s![…]`.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    /// use ndarray::{array, s};
    ///
    /// let tape = GradientTape::new();
    /// let x = tape.watch(array![[1., 2.], [3., 4.]]);
    /// let y = x.slice(s![.., 1]).sum();
    /// assert_eq!(y.value(), 6.0);
    /// assert_eq!(tape.gradient(y, &x), array![[0., 1.], [0., 1.]]);
    /// ```
    ///
    /// # Panics
    /// If the part reaches beyond the tensor.
    #[must_use]
    pub fn slice<I: SliceArg<D>>(&self, info: I) -> Tensor<T, I::OutDim> {
        let positions = positions::<D>(self.shape());
        gathered(self.tracked(), &positions.slice(info).to_owned())
    }

    /// A range along an axis.
    ///
    /// # Panics
    /// If there is no such axis or the range reaches beyond it.
    #[must_use]
    pub fn slice_axis(&self, axis: Axis, range: impl Into<Slice>) -> Self {
        let positions = positions::<D>(self.shape());
        gathered(self.tracked(), &positions.slice_axis(axis, range.into()).to_owned())
    }

    /// One entry.
    ///
    /// # Panics
    /// If the index is out of bounds.
    pub fn at<I: NdIndex<D>>(&self, index: I) -> Var<T> {
        let positions = positions::<D>(self.shape());
        let flat = positions[index];
        self.tracked().gather(&Rc::from([flat]), &[]).to_scalar()
    }

    /// The entries where `mask` holds, else those of `other`: the branch not taken contributes
    /// nothing, not even a NaN.
    ///
    /// # Panics
    /// If the shapes differ.
    #[must_use]
    pub fn where_or(&self, mask: &Array<bool, D>, other: &Self) -> Self {
        select(mask, self, other)
    }
}

impl<T: Scalar, D: RemoveAxis> Tensor<T, D> {
    /// One position along an axis, which goes.
    ///
    /// # Panics
    /// If there is no such axis or position.
    #[must_use]
    pub fn index_axis(&self, axis: Axis, index: usize) -> Tensor<T, D::Smaller> {
        let positions = positions::<D>(self.shape());
        gathered(self.tracked(), &positions.index_axis(axis, index).to_owned())
    }

    /// Positions along an axis, in any order and number (embedding look-up). What is taken twice
    /// gets both derivatives.
    ///
    /// # Panics
    /// If there is no such axis or position.
    #[must_use]
    pub fn gather(&self, axis: Axis, indices: &[usize]) -> Self {
        let positions = positions::<D>(self.shape());
        gathered(self.tracked(), &positions.select(axis, indices))
    }

    /// Entries in ascending order along an axis; equal ones stay in order. NaNs go last.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn sort(&self, axis: Axis) -> Self {
        let x = self.tracked();
        let (n, inner) = (self.shape()[axis.index()], count(&self.shape()[axis.index() + 1..]));
        let mut order: Vec<usize> = (0..self.len()).collect();
        let values = x.plain().data();
        for start in (0..self.len()).step_by((n * inner).max(1)) {
            for k in 0..inner {
                let mut lane: Vec<usize> = (0..n).map(|i| start + i * inner + k).collect();
                lane.sort_by(|&a, &b| {
                    let (a, b) = (values[a], values[b]);
                    let nan = |v: T::Base| num_traits::Float::is_nan(v);
                    a.partial_cmp(&b).unwrap_or_else(|| nan(a).cmp(&nan(b)))
                });
                for (i, &from) in lane.iter().enumerate() {
                    order[start + i * inner + k] = from;
                }
            }
        }
        Self::from_tracked(x.gather(&order.into(), self.shape()))
    }
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    /// A new axis of length 1.
    ///
    /// # Panics
    /// If the axis is beyond the rank.
    #[must_use]
    pub fn insert_axis(&self, axis: Axis) -> Tensor<T, D::Larger> {
        let mut shape = Shape::from_slice(self.shape());
        shape.insert(axis.index(), 1);
        Tensor::from_tracked(self.tracked().reshape(&shape))
    }
}

impl<T: Scalar> Tensor<T, Ix1> {
    /// A vector of recorded scalars.
    ///
    /// # Panics
    /// If the scalars are of different tapes.
    #[must_use]
    pub fn from_scalars(scalars: &[Var<T>]) -> Self {
        if scalars.is_empty() {
            return Self::from_tracked(Tracked::constant(Plain::new(&[0], Vec::new())));
        }
        let single = |&x: &Var<T>| Tracked::from_scalar(x).reshape(&[1]);
        let entries: Vec<Tracked<T>> = scalars.iter().map(single).collect();
        Self::from_tracked(Tracked::concatenate(&entries.iter().collect::<Vec<_>>(), 0))
    }

    /// The entries as recorded scalars.
    pub fn to_scalars(&self) -> Vec<Var<T>> {
        (0..self.len()).map(|i| self.at(i)).collect()
    }
}

/// Tensors joined along an axis.
///
/// # Panics
/// If the list is empty, the shapes differ in another axis, or there is no such axis.
///
/// ```
/// use autodiff_runtime::{GradientTape, gradient_tape::concatenate};
/// use ndarray::{Axis, array};
///
/// let tape = GradientTape::new();
/// let (x, y) = tape.watch((array![1., 2.], array![3.]));
/// let z = concatenate(Axis(0), &[&x, &y]);
/// assert_eq!(z.value(), array![1., 2., 3.]);
/// ```
#[must_use]
pub fn concatenate<T: Scalar, D: Dimension>(axis: Axis, list: &[&Tensor<T, D>]) -> Tensor<T, D> {
    let first = list.first().expect("concatenate: a list of tensors is needed").shape();
    for tensor in list {
        let fits = tensor.ndim() == first.len()
            && axis.index() < first.len()
            && (0..first.len()).all(|i| i == axis.index() || tensor.shape()[i] == first[i]);
        assert!(
            fits,
            "concatenate along axis {}: the shapes {first:?} and {:?}",
            axis.index(),
            tensor.shape()
        );
    }
    let list: Vec<&Tracked<T>> = list.iter().map(|tensor| tensor.tracked()).collect();
    Tensor::from_tracked(Tracked::concatenate(&list, axis.index()))
}

/// Tensors of one shape, joined along a new axis.
///
/// # Panics
/// If the list is empty or the shapes differ.
#[must_use]
pub fn stack<T: Scalar, D: Dimension>(axis: Axis, list: &[&Tensor<T, D>]) -> Tensor<T, D::Larger> {
    let list: Vec<Tensor<T, D::Larger>> = list.iter().map(|x| x.insert_axis(axis)).collect();
    concatenate(axis, &list.iter().collect::<Vec<_>>())
}

/// Entries of `a` where `mask` holds, else those of `b` (`tf.where`). The branch not taken
/// contributes nothing, not even a NaN.
///
/// # Panics
/// If the shapes differ.
#[must_use]
pub fn select<T: Scalar, D: Dimension>(
    mask: &Array<bool, D>,
    a: &Tensor<T, D>,
    b: &Tensor<T, D>,
) -> Tensor<T, D> {
    assert!(
        mask.shape() == a.shape() && mask.shape() == b.shape(),
        "select: the mask has the shape {:?}, the tensors {:?} and {:?}",
        mask.shape(),
        a.shape(),
        b.shape()
    );
    let taken: Mask = mask_of(&mask.clone().into_dyn());
    let other: Mask = taken.iter().map(|&taken| !taken).collect();
    Tensor::from_tracked(a.tracked().keep(&taken).add(&b.tracked().keep(&other)))
}
