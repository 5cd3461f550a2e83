//! Matrix kernels: products by `ndarray`, factorizations in their textbook forms (Golub & Van Loan,
//! "Matrix Computations", 4th ed. 2013, sections 3.1, 3.4 and 4.2).

use super::super::scalar::Base;
use super::fast::{Body, Loop};
use super::plain::{Plain, Shape};
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

/// Rows and columns of a stored matrix, and of its use.
fn used(rows: usize, columns: usize, transposed: bool) -> (usize, usize) {
    if transposed { (columns, rows) } else { (rows, columns) }
}

/// The product of matrices, or of each pair of a batch (rank 3), either factor transposed or not.
pub(crate) fn matmul<A: Base>(a: &Plain<A>, b: &Plain<A>, ta: bool, tb: bool) -> Plain<A> {
    let (batch, a_shape, b_shape) = match (a.shape(), b.shape()) {
        ([m, k], [l, n]) => (None, (*m, *k), (*l, *n)),
        ([p, m, k], [q, l, n]) if p == q => (Some(*p), (*m, *k), (*l, *n)),
        (a, b) => panic!("matmul: matrices or batches of equal length needed, not {a:?} and {b:?}"),
    };
    let (m, k) = used(a_shape.0, a_shape.1, ta);
    let (l, n) = used(b_shape.0, b_shape.1, tb);
    assert!(
        k == l,
        "matmul: the inner lengths {k} and {l} differ, of the shapes {:?} and {:?}",
        a.shape(),
        b.shape()
    );
    let mut result = vec![A::zero(); batch.unwrap_or(1) * m * n];
    for i in 0..batch.unwrap_or(1) {
        let a_data = &a.data()[i * m * k..(i + 1) * m * k];
        let b_data = &b.data()[i * k * n..(i + 1) * k * n];
        let out = &mut result[i * m * n..(i + 1) * m * n];
        if n == 1 {
            matrix_vector(a_data, a_shape, ta, b_data, out);
        } else if m == 1 {
            // (xᵀB)ᵀ = Bᵀx.
            matrix_vector(b_data, b_shape, !tb, a_data, out);
        } else if k == 1 {
            outer(a_data, b_data, out);
        } else {
            let view = |data, shape| ArrayView2::from_shape(shape, data).expect("lengths agree");
            let (a, b) = (view(a_data, a_shape), view(b_data, b_shape));
            let a = if ta { a.reversed_axes() } else { a };
            let b = if tb { b.reversed_axes() } else { b };
            let mut out = ArrayViewMut2::from_shape((m, n), out).expect("lengths agree");
            general_mat_mul(A::one(), &a, &b, A::zero(), &mut out);
        }
    }
    match batch {
        Some(p) => Plain::new(&[p, m, n], result),
        None => Plain::new(&[m, n], result),
    }
}

fn outer<A: Base>(x: &[A], y: &[A], out: &mut [A]) {
    if y.is_empty() {
        return;
    }
    for (row, &x) in out.chunks_exact_mut(y.len()).zip(x) {
        for (out, &y) in row.iter_mut().zip(y) {
            *out = x * y;
        }
    }
}

/// `A x`, or `Aᵀ x`: one pass over the rows either way.
struct MatrixVector<'a, A> {
    a: &'a [A],
    columns: usize,
    transposed: bool,
    x: &'a [A],
    out: &'a mut [A],
}

impl<A: Base> Body for MatrixVector<'_, A> {
    type Output = ();
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let rows = self.a.chunks_exact(self.columns);
        if self.transposed {
            // From the end: after a product with A itself, that is what the caches hold.
            for (row, &x) in rows.zip(self.x).rev() {
                for (out, &a) in self.out.iter_mut().zip(row) {
                    *out += a * x;
                }
            }
        } else {
            for (row, out) in rows.zip(self.out) {
                *out = dot(row, self.x);
            }
        }
    }
}

fn matrix_vector<A: Base>(
    a: &[A],
    (rows, columns): (usize, usize),
    transposed: bool,
    x: &[A],
    out: &mut [A],
) {
    if rows > 0 && columns > 0 {
        Loop(MatrixVector { a, columns, transposed, x, out }).run();
    }
}

#[inline(always)]
pub(crate) fn dot<A: Base>(x: &[A], y: &[A]) -> A {
    let mut lanes = [A::zero(); 16];
    let (a, b) = (x.chunks_exact(16), y.chunks_exact(16));
    let (rest_a, rest_b) = (a.remainder(), b.remainder());
    for (a, b) in a.zip(b) {
        for ((lane, &x), &y) in lanes.iter_mut().zip(a).zip(b) {
            *lane += x * y;
        }
    }
    // The lanes by halves, as vectors add.
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            lanes[i] += lanes[i + half];
        }
    }
    let mut sum = lanes[0];
    for (&x, &y) in rest_a.iter().zip(rest_b) {
        sum += x * y;
    }
    sum
}

pub(crate) fn order<A: Base>(a: &Plain<A>, operation: &str) -> usize {
    match a.shape() {
        [m, n] if m == n => *m,
        shape => panic!("{operation}: a square matrix is needed, not the shape {shape:?}"),
    }
}

/// The lower factor L of A = L Lᵀ, from the lower triangle of A.
pub(crate) fn cholesky<A: Base>(a: &Plain<A>) -> Plain<A> {
    let n = order(a, "cholesky");
    let a = a.data();
    let mut l = vec![A::zero(); n * n];
    for i in 0..n {
        for j in 0..=i {
            let sum = a[i * n + j] - dot(&l[i * n..i * n + j], &l[j * n..j * n + j]);
            l[i * n + j] = if i == j {
                assert!(sum > A::zero(), "cholesky: the matrix is not positive definite (row {i})");
                num_traits::Float::sqrt(sum)
            } else {
                sum / l[j * n + j]
            };
        }
    }
    Plain::new(&[n, n], l)
}

/// X of T X = B (or Tᵀ X = B) for a triangular T, of which only the triangle is read.
pub(crate) fn solve_triangular<A: Base>(
    t: &Plain<A>,
    b: &Plain<A>,
    lower: bool,
    transposed: bool,
) -> Plain<A> {
    let n = order(t, "solve_triangular");
    let [rows, columns] = *b.shape() else {
        panic!("solve_triangular: the right side has the shape {:?}", b.shape());
    };
    assert!(rows == n, "solve_triangular: {n} unknowns, right side of the shape {:?}", b.shape());
    let t = t.data();
    let entry = |i: usize, j: usize| if transposed { t[j * n + i] } else { t[i * n + j] };
    let forward = lower != transposed;
    let mut x = b.data().to_vec();
    for step in 0..n {
        let i = if forward { step } else { n - 1 - step };
        let before = if forward { 0..i } else { i + 1..n };
        for j in before {
            let factor = entry(i, j);
            for k in 0..columns {
                x[i * columns + k] = x[i * columns + k] - factor * x[j * columns + k];
            }
        }
        let pivot = entry(i, i);
        for k in 0..columns {
            x[i * columns + k] /= pivot;
        }
    }
    Plain::new(&[n, columns], x)
}

/// Factors by elimination with row pivoting: L and U in one, the rows' order, and its sign.
fn lu<A: Base>(a: &Plain<A>, operation: &str) -> (Vec<A>, Vec<usize>, A) {
    let n = order(a, operation);
    let mut lu = a.data().to_vec();
    let mut rows: Vec<usize> = (0..n).collect();
    let mut sign = A::one();
    let abs = <A as num_traits::Float>::abs;
    for k in 0..n {
        let larger =
            |p: usize, i: usize| if abs(lu[i * n + k]) > abs(lu[p * n + k]) { i } else { p };
        let pivot = (k + 1..n).fold(k, larger);
        if pivot != k {
            for j in 0..n {
                lu.swap(k * n + j, pivot * n + j);
            }
            rows.swap(k, pivot);
            sign = -sign;
        }
        if lu[k * n + k] == A::zero() {
            continue;
        }
        for i in k + 1..n {
            let factor = lu[i * n + k] / lu[k * n + k];
            lu[i * n + k] = factor;
            for j in k + 1..n {
                lu[i * n + j] = lu[i * n + j] - factor * lu[k * n + j];
            }
        }
    }
    (lu, rows, sign)
}

pub(crate) fn determinant<A: Base>(a: &Plain<A>) -> A {
    let (lu, rows, sign) = lu(a, "det");
    (0..rows.len()).fold(sign, |det, i| det * lu[i * rows.len() + i])
}

/// ln |det A|.
pub(crate) fn log_determinant<A: Base>(a: &Plain<A>) -> A {
    let (lu, rows, _) = lu(a, "log_det");
    (0..rows.len()).fold(A::zero(), |sum, i| {
        let pivot = lu[i * rows.len() + i];
        sum + num_traits::Float::ln(num_traits::Float::abs(pivot))
    })
}

pub(crate) fn inverse<A: Base>(a: &Plain<A>) -> Plain<A> {
    let (lu, rows, _) = lu(a, "inverse");
    let n = rows.len();
    let singular = (0..n).any(|i| lu[i * n + i] == A::zero());
    assert!(!singular, "inverse: the matrix is singular");
    let mut permuted = vec![A::zero(); n * n];
    for (i, &row) in rows.iter().enumerate() {
        permuted[i * n + row] = A::one();
    }
    // Forward with the unit lower factor, then backward with the upper one.
    for i in 0..n {
        for j in 0..i {
            for k in 0..n {
                permuted[i * n + k] = permuted[i * n + k] - lu[i * n + j] * permuted[j * n + k];
            }
        }
    }
    let shape: Shape = Shape::from_slice(&[n, n]);
    let upper = Plain::new(&shape, lu);
    solve_triangular(&upper, &Plain::new(&shape, permuted), false, false)
}

/// The matrix of cofactors, the derivative of the determinant, also of a singular matrix.
pub(crate) fn cofactors<A: Base>(a: &Plain<A>) -> Plain<A> {
    let n = order(a, "det");
    let mut result = Vec::with_capacity(n * n);
    for i in 0..n {
        for j in 0..n {
            let keep = |skip: usize| (0..n).filter(move |&k| k != skip);
            let minor = keep(i)
                .flat_map(|r| keep(j).map(move |c| (r, c)))
                .map(|(r, c)| a.data()[r * n + c])
                .collect();
            let det = determinant(&Plain::new(&[n - 1, n - 1], minor));
            result.push(if (i + j) % 2 == 0 { det } else { -det });
        }
    }
    Plain::new(&[n, n], result)
}
