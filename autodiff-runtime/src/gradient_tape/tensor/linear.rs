//! Factorizations in their textbook forms (Golub & Van Loan, "Matrix Computations", 4th ed. 2013,
//! sections 3.1, 3.4 and 4.2).

use super::super::formulas::Operand;
use super::super::scalar::Base;
use super::plain::{Plain, Shape};
use super::products::dot;

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

pub(crate) fn inverse<A: Base>(a: &Plain<A>, operation: &'static str) -> Plain<A> {
    let (lu, rows, _) = lu(a, operation);
    let n = rows.len();
    let singular = (0..n).any(|i| lu[i * n + i] == A::zero());
    assert!(!singular, "{operation}: the matrix is singular");
    inverse_of(lu, &rows)
}

/// The inverse from the factors.
fn inverse_of<A: Base>(lu: Vec<A>, rows: &[usize]) -> Plain<A> {
    let n = rows.len();
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

/// The matrix of cofactors, the derivative of the determinant: det(A) A⁻ᵀ, which is as exact for
/// a nearly singular matrix, since both have the same small pivot (Stewart, "On the adjugate
/// matrix", 1998). Minor by minor, where a pivot is 0.
pub(crate) fn cofactors<A: Base>(a: &Plain<A>) -> Plain<A> {
    let n = order(a, "det");
    if n > 3 {
        let (lu, rows, sign) = lu(a, "det");
        let det = (0..n).fold(sign, |det, i| det * lu[i * n + i]);
        if det.is_normal() {
            return inverse_of(lu, &rows).permute(&[1, 0]).map(|x| det * x);
        }
    }
    let cofactor = |i| {
        let minor = minor(n, i).into_iter().map(|at| a.data()[at]).collect();
        determinant(&Plain::new(&[n - 1, n - 1], minor)) * <A as Operand>::of(cofactor_sign(n, i))
    };
    Plain::new(&[n, n], (0..n * n).map(cofactor).collect())
}

/// Flat indices of the matrix without the row and the column of its i-th entry.
pub(crate) fn minor(n: usize, i: usize) -> Vec<usize> {
    let keep = |skip: usize| (0..n).filter(move |&k| k != skip);
    keep(i / n).flat_map(|r| keep(i % n).map(move |c| r * n + c)).collect()
}

/// The sign of the i-th cofactor.
pub(crate) fn cofactor_sign(n: usize, i: usize) -> f64 {
    if (i / n + i % n).is_multiple_of(2) { 1.0 } else { -1.0 }
}

/// Whether the pivots are of one order of magnitude, within a few digits.
pub(crate) fn is_well_conditioned<A: Base>(a: &Plain<A>) -> bool {
    let (lu, rows, _) = lu(a, "det");
    let n = rows.len();
    let pivots = || (0..n).map(|i| num_traits::Float::abs(lu[i * n + i]));
    let largest = pivots().fold(A::zero(), num_traits::Float::max);
    pivots().all(|pivot| pivot > largest * <A as Operand>::of(1e-3))
}
