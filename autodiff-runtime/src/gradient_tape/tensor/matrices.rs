//! Products of vectors and matrices, and linear algebra.

use super::super::scalar::Scalar;
use super::super::var::Var;
use super::linear;
use super::operators::fixed;
use super::plain::Shape;
use super::store::Store;
use super::tracked::Tracked;
use super::typed::Tensor;
use ndarray::{ArrayBase, Data, Dimension, Ix1, Ix2, Ix3};

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
///
/// The right operand may be an array (a constant).
pub trait Dot<Rhs: ?Sized> {
    /// The product.
    type Output;
    /// The product.
    ///
    /// # Panics
    /// If the inner lengths or the batches differ.
    fn dot(&self, rhs: &Rhs) -> Self::Output;
}

/// A vector as a row or a column, for a product of matrices.
fn product<T: Scalar>(a: &Tracked<T>, b: &Tracked<T>) -> Tracked<T> {
    let (m, n) = (Shape::from_slice(a.shape()), Shape::from_slice(b.shape()));
    let inner = [m[m.len() - 1], n[n.len().saturating_sub(2)]];
    assert!(inner[0] == inner[1], "dot: the shapes {:?} and {:?} do not fit", &m[..], &n[..]);
    match (&m[..], &n[..]) {
        ([k], [_]) => a.reshape(&[1, *k]).matmul(&b.reshape(&[*k, 1]), [false; 2]).reshape(&[]),
        ([rows, _], [k]) => a.matmul(&b.reshape(&[*k, 1]), [false; 2]).reshape(&[*rows]),
        ([k], [_, columns]) => a.reshape(&[1, *k]).matmul(b, [false; 2]).reshape(&[*columns]),
        ([batch, rows, k], [_, columns]) => {
            let flat = a.reshape(&[batch * rows, *k]);
            flat.matmul(b, [false; 2]).reshape(&[*batch, *rows, *columns])
        }
        ([p, ..], [q, _, _]) => {
            assert!(p == q, "dot: the batches of {:?} and {:?} differ", &m[..], &n[..]);
            a.matmul(b, [false; 2])
        }
        _ => a.matmul(b, [false; 2]),
    }
}

macro_rules! dot {
    ($($Left:ty, $Right:ty => $Out:ty;)*) => {$(
        impl<T: Scalar> Dot<Tensor<T, $Right>> for Tensor<T, $Left> {
            type Output = Tensor<T, $Out>;
            fn dot(&self, rhs: &Tensor<T, $Right>) -> Tensor<T, $Out> {
                Tensor::from_tracked(product(self.tracked(), rhs.tracked()))
            }
        }
        impl<T: Scalar, S: Data<Elem = T::Base>> Dot<ArrayBase<S, $Right, T::Base>> for Tensor<T, $Left> {
            type Output = Tensor<T, $Out>;
            fn dot(&self, rhs: &ArrayBase<S, $Right, T::Base>) -> Tensor<T, $Out> {
                Tensor::from_tracked(product(self.tracked(), &fixed(rhs)))
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
}

impl<T: Scalar> Dot<Tensor<T, Ix1>> for Tensor<T, Ix1> {
    type Output = Var<T>;
    fn dot(&self, rhs: &Tensor<T, Ix1>) -> Var<T> {
        product(self.tracked(), rhs.tracked()).to_scalar()
    }
}

impl<T: Scalar, S: Data<Elem = T::Base>> Dot<ArrayBase<S, Ix1, T::Base>> for Tensor<T, Ix1> {
    type Output = Var<T>;
    fn dot(&self, rhs: &ArrayBase<S, Ix1, T::Base>) -> Var<T> {
        product(self.tracked(), &fixed(rhs)).to_scalar()
    }
}

impl<T: Scalar, D: Dimension> Tensor<T, D> {
    /// The product of vectors, matrices and batches of matrices; see [`Dot`]. A constant on the
    /// left is `Tensor::constant(array)`.
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
    /// or upper.
    ///
    /// # Panics
    /// If the matrix is not square or the lengths differ.
    #[must_use]
    pub fn solve_triangular(&self, rhs: &Self, lower: bool) -> Self {
        Self::from_tracked(self.tracked().solve_triangular(rhs.tracked(), lower, false))
    }

    /// X of `A X = B`, by the inverse.
    ///
    /// # Panics
    /// If the matrix is not square or is singular, or the lengths differ.
    #[must_use]
    pub fn solve(&self, rhs: &Self) -> Self {
        self.inv().dot(rhs)
    }

    /// The inverse.
    ///
    /// # Panics
    /// If the matrix is not square or is singular.
    #[must_use]
    pub fn inv(&self) -> Self {
        Self::from_tracked(self.tracked().inverse())
    }

    /// The determinant. The gradient is right also for singular matrices (the cofactors); second
    /// derivatives need a regular one.
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
