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

/// A matrix, or one of a batch, as it is stored, and whether its transpose is meant.
#[derive(Clone, Copy)]
struct Factor<'a, A> {
    data: &'a Vec<A>,
    start: usize,
    rows: usize,
    columns: usize,
    transposed: bool,
}

impl<'a, A: Base> Factor<'a, A> {
    fn new(matrix: &'a Plain<A>, (rows, columns): (usize, usize), transposed: bool) -> Self {
        let (data, turned) = matrix.factor();
        let (rows, columns) = if turned { (columns, rows) } else { (rows, columns) };
        Self { data, start: 0, rows, columns, transposed: transposed != turned }
    }

    fn used(self) -> (usize, usize) {
        if self.transposed { (self.columns, self.rows) } else { (self.rows, self.columns) }
    }

    /// The matrix of this number in the batch.
    fn at(self, number: usize) -> Self {
        Self { start: number * self.rows * self.columns, ..self }
    }

    fn range(self) -> Range<usize> {
        self.start..self.start + self.rows * self.columns
    }

    fn entries(self) -> &'a [A] {
        &self.data[self.range()]
    }

    fn view(self) -> ArrayView2<'a, A> {
        let shape = (self.rows, self.columns);
        let view = ArrayView2::from_shape(shape, self.entries()).expect("lengths agree");
        if self.transposed { view.reversed_axes() } else { view }
    }
}

/// The product of matrices, or of each pair of a batch (rank 3), either factor transposed or not.
pub(crate) fn matmul<A: Base>(a: &Plain<A>, b: &Plain<A>, ta: bool, tb: bool) -> Plain<A> {
    let (batch, a_shape, b_shape) = match (a.shape(), b.shape()) {
        ([m, k], [l, n]) => (None, (*m, *k), (*l, *n)),
        ([p, m, k], [q, l, n]) if p == q => (Some(*p), (*m, *k), (*l, *n)),
        (a, b) => panic!("matmul: matrices or batches of equal length needed, not {a:?} and {b:?}"),
    };
    let (first, second) = (Factor::new(a, a_shape, ta), Factor::new(b, b_shape, tb));
    let ((m, k), (l, n)) = (first.used(), second.used());
    assert!(
        k == l,
        "matmul: the inner lengths {k} and {l} differ, of the shapes {:?} and {:?}",
        a.shape(),
        b.shape()
    );
    if batch.is_none() && m > 1 && k > 1 && n > 1 {
        // Into new memory, not set to zero first.
        return Plain::from_owned(first.view().dot(&second.view()));
    }
    let mut result = vec![A::zero(); batch.unwrap_or(1) * m * n];
    for i in 0..batch.unwrap_or(1) {
        let (a, b, to) = (first.at(i), second.at(i), i * m * n..(i + 1) * m * n);
        if n == 1 {
            matrix_vector(a, b, &mut result, to);
        } else if m == 1 {
            // (xᵀB)ᵀ = Bᵀx.
            let b = Factor { transposed: !b.transposed, ..b };
            matrix_vector(b, a, &mut result, to);
        } else if k == 1 {
            outer(a.entries(), b.entries(), &mut result[to]);
        } else {
            let out = ArrayViewMut2::from_shape((m, n), &mut result[to]);
            let mut out = out.expect("lengths agree");
            general_mat_mul(A::one(), &a.view(), &b.view(), A::zero(), &mut out);
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

/// `A x`, or `Aᵀ x`, into a range of `out`: one pass over the matrix either way.
#[allow(clippy::ptr_arg)] // `Any` tells apart what has a size.
fn matrix_vector<A: Base>(a: Factor<A>, x: Factor<A>, out: &mut Vec<A>, to: Range<usize>) {
    let columns = a.columns;
    if a.rows == 0 || columns == 0 {
        return;
    }
    if a.transposed {
        let (a, x, out) = (a.entries(), x.entries(), &mut out[to]);
        Loop(Transposed { a, columns, x, out }).run();
        return;
    }
    let (any_a, any_x) = (a.data as &dyn Any, x.data as &dyn Any);
    if let (Some(a_data), Some(x_data), Some(out)) = (
        any_a.downcast_ref::<Vec<f64>>(),
        any_x.downcast_ref::<Vec<f64>>(),
        (out as &mut dyn Any).downcast_mut::<Vec<f64>>(),
    ) {
        let (a, x, out) = (&a_data[a.range()], &x_data[x.range()], &mut out[to]);
        pulp::Arch::new().dispatch(Dots { a, columns, x, out });
        return;
    }
    let (a, x, out) = (a.entries(), x.entries(), &mut out[to]);
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
