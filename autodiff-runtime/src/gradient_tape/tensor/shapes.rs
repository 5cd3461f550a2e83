//! Other arrangements of the same entries: reshape, slice, gather, join, choose, sort.

use super::super::scalar::Scalar;
use super::super::var::Var;
use super::functions::Elementwise;
use super::plain::{Shape, broadcast_shape, count};
use super::store::{Indices, Mask, Store, check_axis};
use super::tracked::Tracked;
use super::typed::Tensor;
use ndarray::{
    Array, ArrayView, Axis, Dimension, IntoDimension, Ix1, Ix2, NdIndex, RemoveAxis, Slice,
    SliceArg,
};

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

/// Panics if there is no such axis, or no such position along it.
fn check_position(operation: &str, shape: &[usize], axis: Axis, index: usize) {
    check_axis(operation, shape, axis);
    assert!(
        index < shape[axis.index()],
        "{operation}: a tensor of the shape {shape:?} has no position {index} along axis {}",
        axis.index()
    );
}

/// The entries of a tensor that a view of a part of it shows.
fn part<T: Scalar, D: Dimension, E: Dimension>(
    x: &Tensor<T, D>,
    part: &ArrayView<'_, T::Base, E>,
) -> Tensor<T, E> {
    let first = x.tracked().plain().data().as_ptr().addr();
    // The view shows where its entries lie; they are not looked at.
    let position =
        |entry: &T::Base| (std::ptr::from_ref(entry).addr() - first) / size_of::<T::Base>();
    let index: Indices = part.iter().map(position).collect();
    Tensor::from_tracked(x.tracked().gather(&index, part.shape()))
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
        part(self, &self.view().slice(info))
    }

    /// A range along an axis.
    ///
    /// # Panics
    /// If there is no such axis or the range reaches beyond it.
    #[must_use]
    pub fn slice_axis(&self, axis: Axis, range: impl Into<Slice>) -> Self {
        check_axis("slice_axis", self.shape(), axis);
        part(self, &self.view().slice_axis(axis, range.into()))
    }

    /// One entry.
    ///
    /// # Panics
    /// If the index is out of bounds.
    pub fn at<I: NdIndex<D>>(&self, index: I) -> Var<T> {
        let values = self.view();
        let entry = ndarray::aview0(&values[index]);
        part(self, &entry).tracked().to_scalar()
    }

    /// The entries where `mask` holds, else those of `other`: the branch not taken contributes
    /// nothing, not even a NaN; see [`select`].
    ///
    /// # Panics
    /// If the shapes do not broadcast to that of the mask.
    #[must_use]
    pub fn where_or(&self, mask: &Array<bool, D>, other: impl Elementwise<T>) -> Self {
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
        check_position("index_axis", self.shape(), axis, index);
        part(self, &self.view().index_axis(axis, index))
    }

    /// Positions along an axis, in any order and number (embedding look-up). What is taken twice
    /// gets both derivatives.
    ///
    /// # Panics
    /// If there is no such axis or position.
    #[must_use]
    pub fn gather(&self, axis: Axis, indices: &[usize]) -> Self {
        check_axis("gather", self.shape(), axis);
        let mut shape = Shape::from_slice(self.shape());
        let (n, inner) = (shape[axis.index()], count(&shape[axis.index() + 1..]));
        indices.iter().for_each(|&i| check_position("gather", self.shape(), axis, i));
        let mut flat = Vec::new();
        for outer in 0..count(&shape[..axis.index()]) {
            for &i in indices {
                let start = (outer * n + i) * inner;
                flat.extend(start..start + inner);
            }
        }
        shape[axis.index()] = indices.len();
        Self::from_tracked(self.tracked().gather(&flat.into(), &shape))
    }

    /// Entries in ascending order along an axis; equal ones stay in order. NaNs go last.
    ///
    /// # Panics
    /// If there is no such axis.
    #[must_use]
    pub fn sort(&self, axis: Axis) -> Self {
        check_axis("sort", self.shape(), axis);
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
        assert!(
            axis.index() <= shape.len(),
            "insert_axis: a tensor of the shape {shape:?} can get no axis {}",
            axis.index()
        );
        shape.insert(axis.index(), 1);
        Tensor::from_tracked(self.tracked().reshape(&shape))
    }

    /// The same tensor with another type of rank: a fixed one for a tensor that came out of a
    /// reduction along several axes, say.
    ///
    /// # Panics
    /// If the rank is another.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    /// use ndarray::{Ix1, array};
    ///
    /// let tape = GradientTape::new();
    /// let x = tape.watch(array![[[1., 2.]], [[3., 4.]]]);
    /// let sums = x.sum_axes(&[1, 2]).into_rank::<Ix1>();
    /// let y = sums.dot(&array![1., 10.]);
    /// assert_eq!(tape.gradient(y, &x), array![[[1., 1.]], [[10., 10.]]]);
    /// ```
    #[must_use]
    pub fn into_rank<E: Dimension>(&self) -> Tensor<T, E> {
        assert!(
            E::NDIM.is_none_or(|rank| rank == self.ndim()),
            "into_rank: the shape {:?} has not the rank {}",
            self.shape(),
            E::NDIM.unwrap_or_default()
        );
        Tensor::from_tracked(self.tracked().clone())
    }
}

impl<T: Scalar, D: RemoveAxis> Tensor<T, D> {
    /// Without an axis of length 1.
    ///
    /// # Panics
    /// If there is no such axis, or its length is not 1.
    #[must_use]
    pub fn remove_axis(&self, axis: Axis) -> Tensor<T, D::Smaller> {
        check_axis("remove_axis", self.shape(), axis);
        assert!(
            self.shape()[axis.index()] == 1,
            "remove_axis: axis {} of the shape {:?} has not the length 1",
            axis.index(),
            self.shape()
        );
        self.index_axis(axis, 0)
    }
}

impl<T: Scalar> Tensor<T, Ix2> {
    /// A row.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, index: usize) -> Tensor<T, Ix1> {
        self.index_axis(Axis(0), index)
    }

    /// A column.
    ///
    /// # Panics
    /// If there is no such column.
    #[must_use]
    pub fn column(&self, index: usize) -> Tensor<T, Ix1> {
        self.index_axis(Axis(1), index)
    }
}

impl<T: Scalar> Tensor<T, Ix1> {
    /// A vector of recorded scalars.
    ///
    /// # Panics
    /// If the scalars are of different tapes.
    #[must_use]
    pub fn from_scalars(scalars: &[Var<T>]) -> Self {
        Self::from_tracked(Tracked::from_scalars(scalars, &[scalars.len()]))
    }

    /// The entries as recorded scalars.
    pub fn to_scalars(&self) -> Vec<Var<T>> {
        self.tracked().to_scalars()
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
    check_axis("concatenate", first, axis);
    for tensor in list {
        let fits = tensor.ndim() == first.len()
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
    let first = list.first().expect("stack: a list of tensors is needed").shape();
    for tensor in list {
        assert!(
            tensor.shape() == first,
            "stack: the shapes {first:?} and {:?} differ",
            tensor.shape()
        );
    }
    assert!(
        axis.index() <= first.len(),
        "stack: tensors of the shape {first:?} can get no axis {}",
        axis.index()
    );
    let list: Vec<Tensor<T, D::Larger>> = list.iter().map(|x| x.insert_axis(axis)).collect();
    concatenate(axis, &list.iter().collect::<Vec<_>>())
}

/// Entries of `a` where `mask` holds, else those of `b` (`tf.where`). The branch not taken
/// contributes nothing, not even a NaN. Both broadcast to the shape of the mask.
///
/// ```
/// use autodiff_runtime::{GradientTape, gradient_tape::select};
/// use ndarray::array;
///
/// let tape = GradientTape::new();
/// let x = tape.watch(array![0.0, 4.0]);
/// let positive = x.view().mapv(|x| x > 0.0);
/// let y = select(&positive, x.ln(), 0.0);
/// assert_eq!(tape.gradient(&y, &x), array![0.0, 0.25]);
/// ```
///
/// # Panics
/// If the shapes do not broadcast to that of the mask.
#[must_use]
pub fn select<T: Scalar, D: Dimension>(
    mask: &Array<bool, D>,
    a: impl Elementwise<T>,
    b: impl Elementwise<T>,
) -> Tensor<T, D> {
    let (a, b) = (a.into_operand(), b.into_operand());
    let fits =
        |x: &Tracked<T>| broadcast_shape(x.shape(), mask.shape()).as_deref() == Some(mask.shape());
    assert!(
        fits(&a) && fits(&b),
        "select: the mask has the shape {:?}, the tensors {:?} and {:?}",
        mask.shape(),
        a.shape(),
        b.shape()
    );
    let [a, b] = [a, b].map(|x| x.broadcast_to(mask.shape()));
    let taken: Mask = mask.iter().copied().collect();
    let other: Mask = taken.iter().map(|&taken| !taken).collect();
    Tensor::from_tracked(a.keep(&taken).add(&b.keep(&other)))
}
