//! Products of matrices and vectors. Of two matrices, `ndarray` takes the product
//! (`matrixmultiply`, after Goto & van de Geijn, "Anatomy of high-performance matrix
//! multiplication", 2008); what is bound by reading a matrix once is here.

use super::super::scalar::Base;
use super::fast::{Body, Loop};
use super::plain::Plain;
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use pulp::{Simd, WithSimd};
use std::any::Any;
use std::ops::Range;

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
        let of = |m, n| i * m * n..(i + 1) * m * n;
        let (a_data, b_data) = (&a.data()[of(m, k)], &b.data()[of(k, n)]);
        if n == 1 {
            matrix_vector(
                (a.vec(), of(m, k)),
                a_shape,
                ta,
                (b.vec(), of(k, n)),
                (&mut result, of(m, n)),
            );
            continue;
        } else if m == 1 {
            // (xᵀB)ᵀ = Bᵀx.
            matrix_vector(
                (b.vec(), of(k, n)),
                b_shape,
                !tb,
                (a.vec(), of(m, k)),
                (&mut result, of(m, n)),
            );
            continue;
        }
        let out = &mut result[of(m, n)];
        if k == 1 {
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

/// `A x`, or `Aᵀ x`: one pass over the matrix either way. A list and which part of it.
fn matrix_vector<A: Base>(
    (a, of_a): (&Vec<A>, Range<usize>),
    (rows, columns): (usize, usize),
    transposed: bool,
    (x, of_x): (&Vec<A>, Range<usize>),
    (out, of_out): (&mut Vec<A>, Range<usize>),
) {
    if rows == 0 || columns == 0 {
        return;
    }
    if transposed {
        let (a, x, out) = (&a[of_a], &x[of_x], &mut out[of_out]);
        Loop(Transposed { a, columns, x, out }).run();
        return;
    }
    let (any_a, any_x) = (a as &dyn Any, x as &dyn Any);
    if let (Some(a), Some(x), Some(out)) = (
        any_a.downcast_ref::<Vec<f64>>(),
        any_x.downcast_ref::<Vec<f64>>(),
        (out as &mut dyn Any).downcast_mut::<Vec<f64>>(),
    ) {
        let (a, x, out) = (&a[of_a], &x[of_x], &mut out[of_out]);
        pulp::Arch::new().dispatch(Dots { a, columns, x, out });
        return;
    }
    let (a, x, out) = (&a[of_a], &x[of_x], &mut out[of_out]);
    Loop(GenericDots { a, columns, x, out }).run();
}

/// `A x` for `f64`.
struct Dots<'a> {
    a: &'a [f64],
    columns: usize,
    x: &'a [f64],
    out: &'a mut [f64],
}

impl WithSimd for Dots<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (x, x_rest) = S::as_simd_f64s(self.x);
        let row = |at: usize| S::as_simd_f64s(&self.a[at * self.columns..(at + 1) * self.columns]);
        let rest = |row: &[f64]| row.iter().zip(x_rest).map(|(a, x)| a * x).sum::<f64>();
        // Four rows at a time: four chains of additions, and what is read of x serves all of them.
        let (blocks, tail) = self.out.split_at_mut(self.out.len() / 4 * 4);
        for (block, sums) in blocks.chunks_exact_mut(4).enumerate() {
            let rows: [_; 4] = std::array::from_fn(|i| row(4 * block + i));
            let mut lanes = [simd.splat_f64s(0.0); 4];
            let [(a, _), (b, _), (c, _), (d, _)] = rows;
            for ((((&x, &a), &b), &c), &d) in x.iter().zip(a).zip(b).zip(c).zip(d) {
                lanes[0] = simd.mul_add_e_f64s(a, x, lanes[0]);
                lanes[1] = simd.mul_add_e_f64s(b, x, lanes[1]);
                lanes[2] = simd.mul_add_e_f64s(c, x, lanes[2]);
                lanes[3] = simd.mul_add_e_f64s(d, x, lanes[3]);
            }
            for i in 0..4 {
                sums[i] = simd.reduce_sum_f64s(lanes[i]) + rest(rows[i].1);
            }
        }
        let start = self.a.len() / self.columns - tail.len();
        for (i, sum) in tail.iter_mut().enumerate() {
            let (a, a_rest) = row(start + i);
            let mut lanes = simd.splat_f64s(0.0);
            for (&a, &x) in a.iter().zip(x) {
                lanes = simd.mul_add_e_f64s(a, x, lanes);
            }
            *sum = simd.reduce_sum_f64s(lanes) + rest(a_rest);
        }
    }
}

struct GenericDots<'a, A> {
    a: &'a [A],
    columns: usize,
    x: &'a [A],
    out: &'a mut [A],
}

impl<A: Base> Body for GenericDots<'_, A> {
    type Output = ();
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        for (row, out) in self.a.chunks_exact(self.columns).zip(self.out) {
            *out = dot(row, self.x);
        }
    }
}

/// Columns at a time of `Aᵀ x`: as many as fit the vector registers of a processor with AVX.
const STRIP: usize = 32;
/// Rows at a time of `Aᵀ x`, so that a wide matrix is not walked through column by column.
const PANEL: usize = 64;

/// `Aᵀ x`.
struct Transposed<'a, A> {
    a: &'a [A],
    columns: usize,
    x: &'a [A],
    out: &'a mut [A],
}

impl<A: Base> Body for Transposed<'_, A> {
    type Output = ();
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let Self { a, columns, x, out } = self;
        let strips = columns - columns % STRIP;
        // From the end: after a product with A itself, that is what the caches hold.
        for (panel, x) in a.chunks(PANEL * columns).zip(x.chunks(PANEL)).rev() {
            for start in (0..strips).step_by(STRIP) {
                let out = &mut out[start..start + STRIP];
                // In registers all along the panel.
                let mut sums: [A; STRIP] = std::array::from_fn(|i| out[i]);
                for (row, &x) in panel.chunks_exact(columns).zip(x).rev() {
                    let row = &row[start..start + STRIP];
                    for i in 0..STRIP {
                        sums[i] = fma::<A, FMA>(row[i], x, sums[i]);
                    }
                }
                out.copy_from_slice(&sums);
            }
            if strips < columns {
                for (row, &x) in panel.chunks_exact(columns).zip(x).rev() {
                    for (sum, &a) in out[strips..].iter_mut().zip(&row[strips..]) {
                        *sum = fma::<A, FMA>(a, x, *sum);
                    }
                }
            }
        }
    }
}

/// `a * b + c`, rounded once where the processor does that in one instruction.
#[inline(always)]
fn fma<A: Base, const FMA: bool>(a: A, b: A, c: A) -> A {
    if FMA { num_traits::Float::mul_add(a, b, c) } else { a * b + c }
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
