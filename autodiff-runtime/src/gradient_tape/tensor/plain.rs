//! Tensors of floats, always contiguous in row-major order, and the kernels on them.

use super::super::scalar::Base;
use super::fast::{Body, Loop};
use ndarray::{Array, ArrayView, Dimension, IxDyn};
use smallvec::SmallVec;
use std::cell::OnceCell;
use std::rc::Rc;

/// Lengths of the axes.
pub type Shape = SmallVec<[usize; 4]>;

/// A tensor of floats. Cloning shares the data.
#[derive(Clone, Debug)]
pub struct Plain<A> {
    shape: Shape,
    stored: Rc<Vec<A>>,
    /// Of a matrix that is the transpose of `stored`: its own entries, made when first asked for.
    /// Products do not ask.
    turned: Option<Rc<OnceCell<Vec<A>>>>,
}

/// The number of entries of a shape.
pub(crate) fn count(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// Row-major strides.
pub(crate) fn strides(shape: &[usize]) -> Shape {
    let mut strides: Shape = SmallVec::from_elem(1, shape.len());
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// Strides by which a tensor of `shape` is read as one of the shape `to`: 0 along stretched axes.
pub(crate) fn broadcast_strides(shape: &[usize], to: &[usize]) -> Shape {
    let own = strides(shape);
    let skipped = to.len() - shape.len();
    (0..to.len())
        .map(|axis| match axis.checked_sub(skipped) {
            Some(i) if shape[i] != 1 => own[i],
            _ => 0,
        })
        .collect()
}

/// The shape two tensors have together, after NumPy's rule: axes match from the last one, an axis
/// of length 1 stretches.
pub(crate) fn broadcast_shape(a: &[usize], b: &[usize]) -> Option<Shape> {
    let rank = a.len().max(b.len());
    (0..rank)
        .map(|axis| {
            let length = |s: &[usize]| (axis + s.len()).checked_sub(rank).map_or(1, |i| s[i]);
            match (length(a), length(b)) {
                (m, n) if m == n => Some(m),
                (1, n) => Some(n),
                (m, 1) => Some(m),
                _ => None,
            }
        })
        .collect()
}

/// Calls `f(a, b)` with the start of each innermost row, for two stridings of one shape.
pub(crate) fn for_rows(shape: &[usize], a: &[usize], b: &[usize], mut f: impl FnMut(usize, usize)) {
    if count(shape) == 0 {
        return;
    }
    let outer = shape.len().saturating_sub(1);
    let mut index: Shape = SmallVec::from_elem(0, outer);
    let (mut at_a, mut at_b) = (0, 0);
    loop {
        f(at_a, at_b);
        let mut axis = outer;
        loop {
            let Some(next) = axis.checked_sub(1) else { return };
            axis = next;
            index[axis] += 1;
            at_a += a[axis];
            at_b += b[axis];
            if index[axis] < shape[axis] {
                break;
            }
            at_a -= a[axis] * shape[axis];
            at_b -= b[axis] * shape[axis];
            index[axis] = 0;
        }
    }
}

/// Length of the innermost row and a stride along it.
pub(crate) fn row(shape: &[usize], strides: &[usize]) -> (usize, usize) {
    (shape.last().copied().unwrap_or(1), strides.last().copied().unwrap_or(0))
}

impl<A: Base> Plain<A> {
    pub(crate) fn new(shape: &[usize], data: Vec<A>) -> Self {
        debug_assert_eq!(count(shape), data.len());
        Self { shape: Shape::from_slice(shape), stored: Rc::new(data), turned: None }
    }

    pub(crate) fn filled(shape: &[usize], value: A) -> Self {
        Self::new(shape, vec![value; count(shape)])
    }

    pub(crate) fn from_array<D: Dimension>(array: ArrayView<'_, A, D>) -> Self {
        let data = match array.as_slice() {
            Some(slice) => slice.to_vec(),
            None => array.iter().copied().collect(),
        };
        Self::new(array.shape(), data)
    }

    pub(crate) fn from_owned<D: Dimension>(array: Array<A, D>) -> Self {
        if !array.is_standard_layout() {
            return Self::from_array(array.view());
        }
        let shape = Shape::from_slice(array.shape());
        let (data, offset) = array.into_raw_vec_and_offset();
        let length = count(&shape);
        match offset {
            Some(0) | None if data.len() == length => Self::new(&shape, data),
            offset => {
                let start = offset.unwrap_or(0);
                Self::new(&shape, data[start..start + length].to_vec())
            }
        }
    }

    pub(crate) fn view<D: Dimension>(&self) -> ArrayView<'_, A, D> {
        ArrayView::from_shape(IxDyn(&self.shape), self.data())
            .ok()
            .and_then(|view| view.into_dimensionality().ok())
            .expect("a tensor's rank is that of its type")
    }

    pub(crate) fn into_array<D: Dimension>(self) -> Array<A, D> {
        let Self { shape, stored: data, .. } = self.straight();
        let data = Rc::try_unwrap(data).unwrap_or_else(|shared| (*shared).clone());
        Array::from_shape_vec(IxDyn(&shape), data)
            .ok()
            .and_then(|array| array.into_dimensionality().ok())
            .expect("a tensor's rank is that of its type")
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(crate) fn data(&self) -> &[A] {
        self.vec()
    }

    pub(crate) fn vec(&self) -> &Vec<A> {
        match (&self.turned, &self.shape[..]) {
            (Some(entries), &[rows, columns]) => {
                entries.get_or_init(|| transposed(&self.stored, columns, rows))
            }
            _ => &self.stored,
        }
    }

    /// Entries of this matrix or of its transpose, whichever there are, and whether of the latter.
    pub(crate) fn factor(&self) -> (&Vec<A>, bool) {
        (&self.stored, self.turned.is_some())
    }

    /// The same, with entries of its own.
    fn straight(self) -> Self {
        if self.turned.is_some() { Self::new(&self.shape, self.data().to_vec()) } else { self }
    }

    pub(crate) fn map(&self, f: impl Fn(A) -> A) -> Self {
        Self::new(&self.shape, self.data().iter().map(|&x| f(x)).collect())
    }

    /// `f` of two tensors of one shape.
    pub(crate) fn zip_same(&self, other: &Self, f: impl Fn(A, A) -> A) -> Self {
        let data = self.data().iter().zip(other.data().iter()).map(|(&x, &y)| f(x, y)).collect();
        Self::new(&self.shape, data)
    }

    /// `f` of two tensors of one shape, in place of the first where that is not shared.
    pub(crate) fn update(mut self, other: &Self, f: impl Fn(A, A) -> A) -> Self {
        self = self.straight();
        match Rc::get_mut(&mut self.stored) {
            Some(data) => {
                Loop(Update { data, x: other.data(), y: other.data(), f: |seed, x, _| f(seed, x) })
                    .run();
                self
            }
            None => self.zip_same(other, f),
        }
    }

    /// `f` of three tensors of one shape, in place of the first where that is not shared.
    pub(crate) fn update_by_two(mut self, b: &Self, c: &Self, f: impl Fn(A, A, A) -> A) -> Self {
        self = self.straight();
        match Rc::get_mut(&mut self.stored) {
            Some(data) => {
                Loop(Update { data, x: b.data(), y: c.data(), f }).run();
                self
            }
            None => {
                let (a, b, c) = (self.data(), b.data(), c.data());
                let data = a.iter().zip(b).zip(c).map(|((&x, &y), &z)| f(x, y, z)).collect();
                Self::new(&self.shape, data)
            }
        }
    }

    /// `f` of two tensors that broadcast with each other.
    pub(crate) fn zip(&self, other: &Self, f: impl Fn(A, A) -> A) -> Self {
        if self.shape == other.shape {
            return self.zip_same(other, f);
        }
        let shape = broadcast_shape(&self.shape, &other.shape).unwrap_or_else(|| {
            panic!("the shapes {:?} and {:?} do not broadcast", &self.shape[..], &other.shape[..])
        });
        if other.data().len() == 1 && shape == self.shape {
            let y = other.data()[0];
            return Self::new(&shape, self.data().iter().map(|&x| f(x, y)).collect());
        }
        if self.data().len() == 1 && shape == other.shape {
            let x = self.data()[0];
            return Self::new(&shape, other.data().iter().map(|&y| f(x, y)).collect());
        }
        if is_repeated(&other.shape, &self.shape) {
            let (x, y) = (self.data(), other.data());
            return Self::new(&shape, Loop(ZipRows { x, y, f }).run());
        }
        let a = broadcast_strides(&self.shape, &shape);
        let b = broadcast_strides(&other.shape, &shape);
        let ((length, step_a), (_, step_b)) = (row(&shape, &a), row(&shape, &b));
        let mut data = Vec::with_capacity(count(&shape));
        for_rows(&shape, &a, &b, |i, j| match (step_a, step_b) {
            (1, 1) => {
                let rows = self.data()[i..i + length].iter().zip(&other.data()[j..j + length]);
                data.extend(rows.map(|(&x, &y)| f(x, y)));
            }
            (1, 0) => {
                let y = other.data()[j];
                data.extend(self.data()[i..i + length].iter().map(|&x| f(x, y)));
            }
            (0, 1) => {
                let x = self.data()[i];
                data.extend(other.data()[j..j + length].iter().map(|&y| f(x, y)));
            }
            _ => data.extend((0..length).map(|_| f(self.data()[i], other.data()[j]))),
        });
        Self::new(&shape, data)
    }

    /// `self + other` of the same shape, in place of one that is not shared.
    pub(crate) fn add_in_place(mut self, other: Self) -> Self {
        if Rc::get_mut(&mut self.stored).is_none() {
            return other.update(&self, |x, y| y + x);
        }
        self.update(&other, |x, y| x + y)
    }

    /// The sum over the axes that broadcasting from `shape` stretches.
    pub(crate) fn sum_to(&self, shape: &[usize]) -> Self {
        if self.shape[..] == *shape {
            return self.clone();
        }
        if count(shape) == 1 {
            return Self::new(shape, vec![sum(self.data())]);
        }
        let mut result = vec![A::zero(); count(shape)];
        if is_repeated(shape, &self.shape) {
            Loop(SumRows { x: self.data(), sum: &mut result }).run();
            return Self::new(shape, result);
        }
        let own = strides(&self.shape);
        let to = broadcast_strides(shape, &self.shape);
        let (length, step) = row(&self.shape, &to);
        for_rows(&self.shape, &own, &to, |i, j| {
            let row = &self.data()[i..i + length];
            if step == 0 {
                result[j] += sum(row);
            } else {
                for (sum, &x) in result[j..j + length].iter_mut().zip(row) {
                    *sum += x;
                }
            }
        });
        Self::new(shape, result)
    }

    pub(crate) fn broadcast_to(&self, shape: &[usize]) -> Self {
        if self.shape[..] == *shape {
            return self.clone();
        }
        assert!(
            broadcast_shape(&self.shape, shape).as_deref() == Some(shape),
            "the shape {:?} does not broadcast to {shape:?}",
            &self.shape[..]
        );
        if self.data().len() == 1 {
            return Self::filled(shape, self.data()[0]);
        }
        let from = broadcast_strides(&self.shape, shape);
        let (length, step) = row(shape, &from);
        let mut data = Vec::with_capacity(count(shape));
        for_rows(shape, &from, &from, |i, _| {
            if step == 0 {
                data.extend(std::iter::repeat_n(self.data()[i], length));
            } else {
                data.extend_from_slice(&self.data()[i..i + length]);
            }
        });
        Self::new(shape, data)
    }

    pub(crate) fn reshape(&self, shape: &[usize]) -> Self {
        assert!(
            count(shape) == self.data().len(),
            "the shape {:?} cannot be reshaped to {shape:?}",
            &self.shape[..]
        );
        let shape = Shape::from_slice(shape);
        Self { shape, ..self.clone().straight() }
    }

    pub(crate) fn permute(&self, axes: &[usize]) -> Self {
        if let ([rows, columns], [1, 0]) = (&self.shape[..], axes) {
            let turned = self.turned.is_none().then(Rc::default);
            let shape = Shape::from_slice(&[*columns, *rows]);
            return Self { shape, stored: Rc::clone(&self.stored), turned };
        }
        let shape: Shape = axes.iter().map(|&axis| self.shape[axis]).collect();
        let own = strides(&self.shape);
        let from: Shape = axes.iter().map(|&axis| own[axis]).collect();
        let (length, step) = row(&shape, &from);
        let mut data = Vec::with_capacity(self.data().len());
        for_rows(&shape, &from, &from, |i, _| {
            data.extend((0..length).map(|k| self.data()[i + k * step]));
        });
        Self::new(&shape, data)
    }

    /// Entries by their flat index; `usize::MAX` stands for a zero.
    pub(crate) fn gather(&self, index: &[usize], shape: &[usize]) -> Self {
        let entry = |&i: &usize| if i == usize::MAX { A::zero() } else { self.data()[i] };
        Self::new(shape, index.iter().map(entry).collect())
    }

    /// This tensor and the transpose of [`Self::gather`] applied to another, in place if this one
    /// is not shared.
    pub(crate) fn scattered(self, other: &Self, index: &[usize]) -> Self {
        let mut sum = self.straight();
        let data = Rc::make_mut(&mut sum.stored);
        for (&i, &x) in index.iter().zip(other.data()) {
            if i != usize::MAX {
                data[i] += x;
            }
        }
        sum
    }

    /// The entries where `mask` holds, else zero: chosen, not multiplied.
    pub(crate) fn keep(&self, mask: &[bool]) -> Self {
        let entry = |(&x, &keep): (&A, &bool)| if keep { x } else { A::zero() };
        Self::new(&self.shape, self.data().iter().zip(mask).map(entry).collect())
    }

    pub(crate) fn cumulative_sum(&self, axis: usize, reverse: bool) -> Self {
        let length = self.shape[axis];
        let inner = count(&self.shape[axis + 1..]);
        let mut data = self.data().to_vec();
        for block in data.chunks_exact_mut((length * inner).max(1)) {
            for step in 1..length {
                for k in 0..inner {
                    let (from, to) = if reverse {
                        ((length - step) * inner + k, (length - step - 1) * inner + k)
                    } else {
                        ((step - 1) * inner + k, step * inner + k)
                    };
                    block[to] += block[from];
                }
            }
        }
        Self::new(&self.shape, data)
    }

    pub(crate) fn concatenate(list: &[&Self], axis: usize) -> Self {
        let mut shape = list[0].shape.clone();
        shape[axis] = list.iter().map(|x| x.shape[axis]).sum();
        let outer = count(&shape[..axis]);
        let mut data = Vec::with_capacity(count(&shape));
        for i in 0..outer {
            for x in list {
                let block = count(&x.shape[axis..]);
                data.extend_from_slice(&x.data()[i * block..(i + 1) * block]);
            }
        }
        Self::new(&shape, data)
    }
}

/// A sum in eight lanes: independent additions, and a smaller error than one running sum.
pub(crate) fn sum<A: Base>(x: &[A]) -> A {
    let mut lanes = [A::zero(); 8];
    let chunks = x.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += x;
        }
    }
    let mut sum = A::zero();
    for &x in lanes.iter().chain(rest) {
        sum += x;
    }
    sum
}

/// The transpose of a matrix, in blocks that fit a few cache lines.
fn transposed<A: Base>(data: &[A], rows: usize, columns: usize) -> Vec<A> {
    const BLOCK: usize = 8;
    let mut result = vec![A::zero(); rows * columns];
    for top in (0..rows).step_by(BLOCK) {
        for left in (0..columns).step_by(BLOCK) {
            for j in left..(left + BLOCK).min(columns) {
                let to = &mut result[j * rows..(j + 1) * rows];
                for (i, to) in to.iter_mut().enumerate().skip(top).take(BLOCK) {
                    *to = data[i * columns + j];
                }
            }
        }
    }
    result
}

/// Whether broadcasting from `shape` to `to` repeats the whole list of entries.
fn is_repeated(shape: &[usize], to: &[usize]) -> bool {
    let ones = shape.iter().take_while(|&&length| length == 1).count();
    count(shape) > 1 && to.ends_with(&shape[ones..])
}

/// `f` of each row of `x` and `y`, which is as long.
struct ZipRows<'a, A, F> {
    x: &'a [A],
    y: &'a [A],
    f: F,
}

impl<A: Base, F: Fn(A, A) -> A> Body for ZipRows<'_, A, F> {
    type Output = Vec<A>;
    #[inline(always)]
    fn run<const FMA: bool>(self) -> Vec<A> {
        let mut result = Vec::with_capacity(self.x.len());
        for row in self.x.chunks_exact(self.y.len()) {
            result.extend(row.iter().zip(self.y).map(|(&x, &y)| (self.f)(x, y)));
        }
        result
    }
}

/// The sum of the rows of `x`.
struct SumRows<'a, A> {
    x: &'a [A],
    sum: &'a mut [A],
}

impl<A: Base> Body for SumRows<'_, A> {
    type Output = ();
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        for row in self.x.chunks_exact(self.sum.len()) {
            for (sum, &x) in self.sum.iter_mut().zip(row) {
                *sum += x;
            }
        }
    }
}

/// `f` over three lists, into the first.
struct Update<'a, A, F> {
    data: &'a mut [A],
    x: &'a [A],
    y: &'a [A],
    f: F,
}

impl<A: Base, F: Fn(A, A, A) -> A> Body for Update<'_, A, F> {
    type Output = ();
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        for ((value, &x), &y) in self.data.iter_mut().zip(self.x).zip(self.y) {
            *value = (self.f)(*value, x, y);
        }
    }
}
