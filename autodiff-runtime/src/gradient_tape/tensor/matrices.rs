//! Products of vectors and matrices, and linear algebra.

use super::super::scalar::Scalar;
use super::super::var::Var;
use super::linear;
use super::operators::fixed;
use super::plain::{Shape, broadcast_shape, count};
use super::store::Store;
use super::tracked::Tracked;
use super::typed::Tensor;
use ndarray::{ArrayBase, ArrayRef, Data, Dimension, Ix1, Ix2, Ix3, Ix4, IxDyn};

/// Products of vectors, matrices and batches of matrices, as [`Tensor::dot`] gives them.
///
/// | left | right | product |
/// | --- | --- | --- |
/// | vector | vector | scalar |
/// | matrix | vector | vector |
/// | vector | matrix | vector |
/// | matrix | matrix | matrix |
/// | batch of matrices | batch of matrices | batch |
/// | batch of matrices | matrix | batch |
/// | matrix | batch of matrices | batch |
/// | batch of matrices | vector | matrix |
///
/// Batches are of rank 3 or 4 and broadcast: one of length 1 is used for all of the other; tensors
/// of dynamic rank take any of these. The right operand may be an array (a constant); a matrix or
/// vector on the left, too: `array.dot(&tensor)`.
///
/// ```
/// use autodiff_runtime::GradientTape;
/// use ndarray::{Array3, array};
///
/// let tape = GradientTape::new();
/// let w = tape.watch(array![[[1., 2.], [3., 4.]]]);
/// let inputs = Array3::<f64>::ones((5, 2, 1));
/// let y = w.dot(&inputs);
/// assert_eq!(y.shape(), [5, 2, 1]);
/// assert_eq!(tape.gradient(y.sum(), &w), array![[[5., 5.], [5., 5.]]]);
/// ```
pub trait Dot<Rhs: ?Sized> {
    /// The product.
    type Output;
    /// The product.
    ///
    /// # Panics
    /// If the inner lengths or the batches differ.
    fn dot(&self, rhs: &Rhs) -> Self::Output;
}

/// A vector as a row or a column, for a product of matrices; batches broadcast.
fn product<T: Scalar>(operation: &str, a: &Tracked<T>, b: &Tracked<T>) -> Tracked<T> {
    let (m, n) = (Shape::from_slice(a.shape()), Shape::from_slice(b.shape()));
    let fits = match (m.last(), n.len()) {
        (None, _) | (_, 0) => false,
        (Some(&inner), rank) => inner == n[rank.saturating_sub(2)],
    };
    assert!(fits, "{operation}: the shapes {:?} and {:?} do not fit", &m[..], &n[..]);
    match (&m[..], &n[..]) {
        ([k], [_]) => a.reshape(&[1, *k]).matmul(&b.reshape(&[*k, 1]), [false; 2]).reshape(&[]),
        ([_, _], [_, _]) => a.matmul(b, [false; 2]),
        (_, [k]) => {
            // A row of a batch at a time: one product with a column.
            let rest = &m[..m.len() - 1];
            let flat = a.reshape(&[count(rest), *k]);
            flat.matmul(&b.reshape(&[*k, 1]), [false; 2]).reshape(rest)
        }
        (_, [k, columns]) => {
            let mut shape = m.clone();
            shape[m.len() - 1] = *columns;
            let flat = a.reshape(&[count(&m[..m.len() - 1]), *k]);
            flat.matmul(b, [false; 2]).reshape(&shape)
        }
        ([k], _) => {
            let mut shape = n.clone();
            shape.remove(n.len() - 2);
            product(operation, &a.reshape(&[1, *k]), b).reshape(&shape)
        }
        ([batch @ .., rows, inner], [other @ .., _, columns]) => {
            let both = broadcast_shape(batch, other).unwrap_or_else(|| {
                panic!("{operation}: the batches of {:?} and {:?} differ", &m[..], &n[..])
            });
            let whole = |matrix: [usize; 2]| [&both[..], &matrix].concat();
            let flat = |matrix: [usize; 2]| [count(&both), matrix[0], matrix[1]];
            let stretched =
                |x: &Tracked<T>, matrix| x.broadcast_to(&whole(matrix)).reshape(&flat(matrix));
            let (a, b) = (stretched(a, [*rows, *inner]), stretched(b, [*inner, *columns]));
            a.matmul(&b, [false; 2]).reshape(&whole([*rows, *columns]))
        }
        ([], _) | (_, []) => unreachable!("a number fits nothing"),
    }
}

macro_rules! dot {
    ($($Left:ty, $Right:ty => $Out:ty;)*) => {$(
        impl<T: Scalar> Dot<Tensor<T, $Right>> for Tensor<T, $Left> {
            type Output = Tensor<T, $Out>;
            fn dot(&self, rhs: &Tensor<T, $Right>) -> Tensor<T, $Out> {
                Tensor::from_tracked(product("dot", self.tracked(), rhs.tracked()))
            }
        }
        impl<T: Scalar, S: Data<Elem = T::Base>> Dot<ArrayBase<S, $Right, T::Base>> for Tensor<T, $Left> {
            type Output = Tensor<T, $Out>;
            fn dot(&self, rhs: &ArrayBase<S, $Right, T::Base>) -> Tensor<T, $Out> {
                Tensor::from_tracked(product("dot", self.tracked(), &fixed(rhs)))
            }
        }
    )*};
}
dot! {
    Ix2, Ix1 => Ix1;
    Ix1, Ix2 => Ix1;
    Ix2, Ix2 => Ix2;
    Ix3, Ix3 => Ix3;
    Ix3, Ix2 => Ix3;
    Ix2, Ix3 => Ix3;
    Ix3, Ix1 => Ix2;
    Ix4, Ix4 => Ix4;
    Ix4, Ix3 => Ix4;
    Ix3, Ix4 => Ix4;
    Ix4, Ix2 => Ix4;
    Ix2, Ix4 => Ix4;
    IxDyn, IxDyn => IxDyn;
}

// An array on the left, for the floats themselves, by `ndarray`'s own method.
macro_rules! array_first {
    ($Float:ty: $($Left:ty, $Right:ty => $Out:ty;)*) => {$(
        impl ndarray::linalg::Dot<Tensor<$Float, $Right>> for ArrayRef<$Float, $Left> {
            type Output = Tensor<$Float, $Out>;
            fn dot(&self, rhs: &Tensor<$Float, $Right>) -> Tensor<$Float, $Out> {
                Tensor::from_tracked(product("dot", &fixed(&self.view()), rhs.tracked()))
            }
        }
    )*};
}
array_first!(f64: Ix2, Ix1 => Ix1; Ix1, Ix2 => Ix1; Ix2, Ix2 => Ix2;);
array_first!(f32: Ix2, Ix1 => Ix1; Ix1, Ix2 => Ix1; Ix2, Ix2 => Ix2;);

impl<T: Scalar, D: Dimension, R: ?Sized> Dot<&R> for Tensor<T, D>
where
    Self: Dot<R>,
{
    type Output = <Self as Dot<R>>::Output;
    fn dot(&self, rhs: &&R) -> Self::Output {
        Dot::dot(self, *rhs)
    }
}

impl<T: Scalar> Dot<Tensor<T, Ix1>> for Tensor<T, Ix1> {
    type Output = Var<T>;
    fn dot(&self, rhs: &Tensor<T, Ix1>) -> Var<T> {
        product("dot", self.tracked(), rhs.tracked()).to_scalar()
    }
}

impl<T: Scalar, S: Data<Elem = T::Base>> Dot<ArrayBase<S, Ix1, T::Base>> for Tensor<T, Ix1> {
    type Output = Var<T>;
    fn dot(&self, rhs: &ArrayBase<S, Ix1, T::Base>) -> Var<T> {
        product("dot", self.tracked(), &fixed(rhs)).to_scalar()
    }
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    /// The product of vectors, matrices and batches of matrices; see [`Dot`].
    ///
    /// # Panics
    /// If the inner lengths or the batches differ.
    pub fn dot<R>(&self, rhs: &R) -> <Self as Dot<R>>::Output
    where
        Self: Dot<R>,
    {
        Dot::dot(self, rhs)
    }

    /// The same as [`dot`](Self::dot).
    ///
    /// # Panics
    /// If the inner lengths or the batches differ.
    pub fn matmul<R>(&self, rhs: &R) -> <Self as Dot<R>>::Output
    where
        Self: Dot<R>,
    {
        Dot::dot(self, rhs)
    }
}

impl<T: Scalar> Tensor<T, Ix2> {
    /// The lower triangular L of `A = L Lᵀ` for a symmetric positive definite A, of which the
    /// lower triangle is read. The derivative is the symmetric one.
    ///
    /// # Panics
    /// If the matrix is not square or not positive definite.
    #[must_use]
    pub fn cholesky(&self) -> Self {
        let _ = linear::order(self.tracked().plain(), "cholesky");
        Self::from_tracked(self.tracked().cholesky())
    }

    /// X of `T X = B` for this triangular matrix T, of which only the triangle is read: `lower`
    /// or upper. B is a vector or a matrix. A zero on the diagonal divides as floats do.
    ///
    /// # Panics
    /// If the matrix is not square or the lengths differ.
    #[must_use]
    pub fn solve_triangular<D: Dimension>(&self, rhs: &Tensor<T, D>, lower: bool) -> Tensor<T, D> {
        let columns = self.right_side("solve_triangular", rhs);
        let x = self.tracked().solve_triangular(&columns, lower, false);
        Tensor::from_tracked(x.reshape(rhs.shape()))
    }

    /// X of `A X = B`, by the inverse. B is a vector or a matrix.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    /// use ndarray::array;
    ///
    /// let tape = GradientTape::new();
    /// let b = tape.watch(array![2., 8.]);
    /// let a = tape.watch(array![[2., 0.], [0., 4.]]);
    /// let x = a.solve(&b);
    /// assert_eq!(x.value(), array![1., 2.]);
    /// assert_eq!(tape.gradient(x.sum(), &b), array![0.5, 0.25]);
    /// ```
    ///
    /// # Panics
    /// If the matrix is not square or is singular, or the lengths differ.
    #[must_use]
    pub fn solve<D: Dimension>(&self, rhs: &Tensor<T, D>) -> Tensor<T, D> {
        let columns = self.right_side("solve", rhs);
        let x = self.tracked().inverse("solve").matmul(&columns, [false; 2]);
        Tensor::from_tracked(x.reshape(rhs.shape()))
    }

    /// The right side of a system as a matrix.
    fn right_side<D: Dimension>(&self, operation: &str, rhs: &Tensor<T, D>) -> Tracked<T> {
        let n = linear::order(self.tracked().plain(), operation);
        let columns = match rhs.shape() {
            &[rows] if rows == n => 1,
            &[rows, columns] if rows == n => columns,
            shape => panic!(
                "{operation}: a matrix of the shape {:?} and a right side of the shape {shape:?}",
                self.shape()
            ),
        };
        rhs.tracked().reshape(&[n, columns])
    }

    /// The inverse.
    ///
    /// # Panics
    /// If the matrix is not square or is singular.
    #[must_use]
    pub fn inv(&self) -> Self {
        Self::from_tracked(self.tracked().inverse("inv"))
    }

    /// The determinant. Its derivatives are right also for singular matrices: they are made of
    /// minors.
    ///
    /// # Panics
    /// If the matrix is not square.
    pub fn det(&self) -> Var<T> {
        self.tracked().determinant().to_scalar()
    }

    /// `ln |det A|`.
    ///
    /// # Panics
    /// If the matrix is not square; its gradient, if it is singular.
    pub fn log_det(&self) -> Var<T> {
        self.tracked().log_determinant().to_scalar()
    }

    /// The entries of the diagonal.
    #[must_use]
    pub fn diag(&self) -> Tensor<T, Ix1> {
        let [rows, columns] = [self.shape()[0], self.shape()[1]];
        let n = rows.min(columns);
        let index = (0..n).map(|i| i * columns + i).collect();
        Tensor::from_tracked(self.tracked().gather(&index, &[n]))
    }

    /// The sum of the diagonal.
    pub fn trace(&self) -> Var<T> {
        self.diag().sum()
    }
}
