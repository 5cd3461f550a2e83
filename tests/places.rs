//! Parts of memory: aliases, sub-slices, halves, swaps, elements of elements.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::differentiable;
use autodiff_tests::{gradient_test, inplace_test, state_test};

mod slices {
    use super::*;

    #[differentiable]
    fn sub_slices(x: &[f64], k: usize) -> f64 {
        let head = &x[..k];
        let tail = &x[k..];
        let inner = &x[1..x.len() - 1];
        let all = &x[..];
        let mut sum = 0.0;
        for i in 0..head.len() {
            sum += head[i] * tail[0];
        }
        for i in 0..inner.len() {
            sum += inner[i] * all[i] * x[i + 2];
        }
        sum
    }

    #[differentiable]
    fn slices_of_slices(x: &[f64]) -> f64 {
        let a = &x[1..];
        let b = &a[1..a.len() - 1];
        let c = &b[..=1];
        let d = &c[1..][..1];
        a[0] * b[0] + c[1] * d[0] + b.len() as f64 * d[0]
    }

    #[differentiable]
    fn mutable_sub_slices(x: &mut [f64], s: f64) {
        let n = x.len();
        let tail = &mut x[n / 2..];
        tail[0] *= s;
        for v in tail.iter_mut() {
            *v += s;
        }
        let head = &mut x[..n / 2];
        head[0] = head[head.len() - 1] * s;
        x[0] *= x[n - 1];
    }

    #[differentiable]
    fn mutable_slices_of_slices(x: &mut [f64], s: f64) {
        let a = &mut x[1..];
        let b = &mut a[1..];
        b[0] *= s;
        b[1] = b[0] * b[1];
        a[0] = a[1] * s;
        x[0] = x[1] * x[2] + x[3];
    }

    #[differentiable]
    fn halves(x: &mut [f64], s: f64) {
        let middle = x.len() / 2;
        let (left, right) = x.split_at_mut(middle);
        for i in 0..left.len() {
            left[i] *= right[i] * s;
            right[i] += left[i];
        }
        for (a, b) in left.iter_mut().zip(right.iter()) {
            *a = a.sin() * b;
        }
        let (first, rest) = right.split_at_mut(1);
        first[0] *= rest[0];
        rest[0] += first[0] * left[0];
    }

    #[differentiable]
    fn shared_halves(x: &[f64]) -> f64 {
        let (left, right) = x.split_at(x.len() / 2);
        let mut sum = 0.0;
        for (a, b) in left.iter().zip(right) {
            sum += a * b;
        }
        sum * left[0]
    }

    #[differentiable]
    fn halves_of_a_local(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        let (a, b) = v.split_at_mut(1);
        for w in b.iter_mut() {
            *w *= a[0];
            a[0] += *w;
        }
        v[0] * v[1] * v[2]
    }

    #[differentiable]
    fn first_and_last(x: &[f64]) -> f64 {
        x[0] * x[x.len() - 1] + x.first().copied().unwrap_or(0.0) * *x.last().unwrap()
    }

    #[differentiable]
    fn overlapping(x: &mut [f64]) {
        // A recurrence: each element reads its neighbour after, then before, it is written.
        for i in 1..x.len() {
            x[i] += x[i - 1] * x[i];
        }
        for i in 0..x.len() - 1 {
            x[i] *= x[i + 1];
        }
        for i in 0..x.len() {
            let j = x.len() - 1 - i;
            x[i] += x[j] * x[j];
        }
    }

    #[differentiable]
    fn gather_and_scatter(x: &mut [f64], order: &[usize]) -> f64 {
        for i in 0..order.len() {
            x[order[i]] *= x[order[(i + 1) % order.len()]];
        }
        let mut sum = 0.0;
        for &k in order {
            sum += x[k] * x[0];
        }
        sum
    }

    #[differentiable]
    fn swaps(x: &mut [f64], n: usize) {
        for i in 0..n {
            x.swap(i, n - 1 - i);
            x[i] *= x[(i + 1) % x.len()];
        }
        let m = x.len() - 1;
        x.swap(0, m);
        x.swap(1, 1);
    }

    #[differentiable]
    fn insertion_sort(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        for i in 1..v.len() {
            let mut j = i;
            while j > 0 && v[j - 1] > v[j] {
                v.swap(j - 1, j);
                j -= 1;
            }
        }
        let mut sum = 0.0;
        for (k, value) in v.iter().enumerate() {
            sum += value * value * k as f64;
        }
        sum
    }

    #[differentiable]
    fn copies(x: &mut [f64]) {
        let n = x.len() / 2;
        let saved = x[..n].to_vec();
        let (a, b) = x.split_at_mut(n);
        a.copy_from_slice(&b[..n]);
        for i in 0..n {
            b[i] = saved[i] * a[i];
        }
        x[0] = 1.5;
        let second = x[1];
        x[n..].fill(second);
        x[n] *= saved[0];
    }

    gradient_test! {
        sub_slices: (ref vec![0.7, -1.2, 0.4, 1.1, 0.3], const 2), (ref vec![0.7, -1.2, 0.4], const 0);
        slices_of_slices: (ref vec![0.7, -1.2, 0.4, 1.1, 0.3]);
        shared_halves: (ref vec![0.7, -1.2, 0.4, 1.1]), (ref vec![0.7, -1.2, 0.4]);
        halves_of_a_local: (ref vec![0.7, -1.2, 0.4]);
        first_and_last: (ref vec![0.7, -1.2, 0.4]), (ref vec![0.7]);
        insertion_sort: (ref vec![0.7, -1.2, 0.4, 0.1]), (ref vec![]);
    }
    inplace_test! {
        mutable_sub_slices: (mut vec![0.7, -1.2, 0.4, 1.1], 1.3);
        mutable_slices_of_slices: (mut vec![0.7, -1.2, 0.4, 1.1], 1.3);
        halves: (mut vec![0.7, -1.2, 0.4, 1.1], 1.3);
        overlapping: (mut vec![0.7, -1.2, 0.4, 1.1]), (mut vec![0.7]);
        swaps: (mut vec![0.7, -1.2, 0.4, 1.1], const 3);
        copies: (mut vec![0.7, -1.2, 0.4, 1.1]);
    }
    state_test! {
        gather_and_scatter: (mut vec![0.7, -1.2, 0.4, 1.1], const &[2usize, 0, 2, 3][..]), (mut vec![0.7], const &[][..]);
    }
}

mod elements {
    use super::*;

    #[differentiable]
    fn nested_arrays(x: f64, y: f64) -> f64 {
        let mut m = [[x, y], [x * y, 1.0]];
        m[0][1] *= m[1][0];
        m[1] = m[0];
        m[1][0] += m[0][1];
        let row = m[1];
        m[0][0] = row[0] * row[1];
        m.swap(0, 1);
        m[0][0] * m[1][1] + m[0][1] * m[1][0]
    }

    #[differentiable]
    fn references_to_elements(v: &mut [f64; 3], k: usize) {
        let r = &mut v[k];
        *r *= *r;
        *r += 1.0;
        let s = &v[(k + 1) % 3];
        let t = *s * v[k];
        v[0] = t;
    }

    #[differentiable]
    fn captured_index(v: &mut [f64], start: usize) {
        // The alias stays at the element that the index named when it was made.
        let mut i = start;
        let r = &mut v[i];
        i += 1;
        *r *= 2.0;
        *r = *r * *r;
        v[i] *= v[i - 1];
    }

    #[differentiable]
    fn index_overwritten_in_a_loop(v: &mut [f64], n: usize) {
        let mut i = 0;
        for _ in 0..n {
            v[i] *= v[(i + 1) % v.len()];
            i = (i + 2) % v.len();
            v[i] += 0.5;
        }
    }

    #[differentiable]
    fn rows_by_reference(m: &mut [[f64; 2]], s: f64) {
        for i in 1..m.len() {
            let (above, below) = m.split_at_mut(i);
            let p = &above[i - 1];
            let q = &mut below[0];
            q[0] = p[0] * q[1] * s;
            q[1] += p[1];
        }
    }

    #[differentiable]
    fn matrix_in_a_slice(a: &[f64], b: &[f64], c: &mut [f64], n: usize) {
        for i in 0..n {
            for j in 0..n {
                let mut sum = 0.0;
                for k in 0..n {
                    sum += a[i * n + k] * b[k * n + j];
                }
                c[i * n + j] += sum;
            }
        }
    }

    #[differentiable]
    fn cholesky(a: &mut [f64], n: usize) {
        for j in 0..n {
            for k in 0..j {
                for i in j..n {
                    a[i * n + j] -= a[i * n + k] * a[j * n + k];
                }
            }
            let d = a[j * n + j].sqrt();
            for i in j..n {
                a[i * n + j] /= d;
            }
        }
    }

    #[differentiable]
    fn heat(u: &mut [f64], steps: usize, r: f64) {
        let n = u.len();
        let mut next = vec![0.0; n];
        for _ in 0..steps {
            next[0] = u[0];
            next[n - 1] = u[n - 1];
            for i in 1..n - 1 {
                next[i] = u[i] + r * (u[i - 1] - 2.0 * u[i] + u[i + 1]) * u[i];
            }
            u.copy_from_slice(&next);
        }
    }

    #[differentiable]
    fn vectors_of_vectors(x: &[Vec<f64>]) -> f64 {
        let mut m = x.to_vec();
        m[0][0] = m[1][1] * m[0][1];
        let row = m[0].clone();
        m[1] = row;
        m.swap(0, 1);
        m[1][0] *= m[0][0];
        let v = &mut m[0];
        v[1] *= v[0];
        m[0][1] * m[1][0] + m[1][1]
    }

    #[differentiable]
    fn tuples_in_vectors(x: f64) -> f64 {
        let mut v = vec![(x, 1.0), (2.0, x * x)];
        v[0].1 = v[1].1 * v[0].0;
        v[1].0 *= v[0].1;
        let (a, b) = v[1];
        v[0] = (b, a);
        v[0].0 * v[0].1 + a
    }

    #[differentiable]
    fn histogram(x: &[f64], bins: usize) -> Vec<f64> {
        let mut h = vec![0.0; bins];
        for v in x {
            let at = (v.abs() * bins as f64) as usize % bins;
            let w = v * bins as f64 - at as f64;
            h[at] += w;
            h[(at + 1) % bins] += 1.0 - w * w;
        }
        h
    }

    gradient_test! {
        nested_arrays: (0.7, -1.2);
        vectors_of_vectors: (ref vec![vec![0.7, -1.2], vec![0.4, 1.1]]);
        tuples_in_vectors: (0.7);
    }
    autodiff_tests::pullback_test! { histogram: (ref vec![0.71, -1.22, 0.43], const 3); }
    inplace_test! {
        references_to_elements: (mut [0.7, -1.2, 0.4], const 0), (mut [0.7, -1.2, 0.4], const 2);
        captured_index: (mut vec![0.7, -1.2, 0.4], const 1);
        index_overwritten_in_a_loop: (mut vec![0.7, -1.2, 0.4], const 5), (mut vec![0.7], const 2);
        rows_by_reference: (mut vec![[0.7, -1.2], [0.4, 1.1], [0.3, 0.9]], 1.3);
        matrix_in_a_slice: (ref vec![0.7, -1.2, 0.4, 1.1], ref vec![0.3, 0.9, -0.5, 0.2], mut vec![1.0, 2.0, 3.0, 4.0], const 2);
        cholesky: (mut vec![4.0, 1.0, 0.5, 1.0, 3.0, 0.2, 0.5, 0.2, 2.0], const 3), (mut vec![], const 0);
        heat: (mut vec![0.7, -1.2, 0.4, 1.1, 0.3], const 4, 0.2);
    }
}
