//! Types of parameters and results: what is active, what its gradient is.

use autodiff::{Differentiable, Real, differentiable};
use autodiff_tests::{gradient_test, inplace_test, pullback_test, state_test};

mod scalars {
    use super::*;

    #[differentiable]
    fn single(x: f32, y: f32) -> f32 {
        let mut a = x * y;
        for _ in 0..3 {
            a = a.sin() + x;
        }
        a.powi(2) + 0.5 * y
    }

    #[differentiable]
    fn double(x: f64, y: f64) -> f64 {
        let mut a = x * y;
        for _ in 0..3 {
            a = a.sin() + x;
        }
        a.powi(2) + 0.5 * y
    }

    #[differentiable]
    fn mixed(x: f32, y: f64) -> f64 {
        f64::from(x) * y + (x as f64).sin()
    }

    #[differentiable]
    fn integers(
        x: f64,
        a: u8,
        b: i16,
        c: u32,
        d: i64,
        e: usize,
        f: isize,
        g: i128,
        on: bool,
        letter: char,
        name: &str,
        owned: String,
    ) -> f64 {
        let n = a as i64 + b as i64 + c as i64 + d + e as i64 + f as i64 + g as i64;
        let m = name.len() + owned.len();
        if on && letter == 'x' {
            x * n as f64
        } else {
            x.powi(m as i32)
        }
    }

    #[differentiable]
    fn references(x: &f64, y: &f64, n: &usize, indices: &[usize]) -> f64 {
        let z = *x * y;
        z * *n as f64 + x.sin() * indices[0] as f64 + (*y).exp()
    }

    #[differentiable]
    fn mutable_integers(x: f64, count: &mut usize, log: &mut Vec<usize>) -> f64 {
        *count += 1;
        log.push(*count);
        x * x * log.len() as f64
    }

    #[differentiable]
    fn options_of_integers(
        x: f64,
        n: Option<i32>,
        pairs: &[(usize, i32)],
        m: Option<(u8, char)>,
    ) -> f64 {
        let p = n.unwrap_or(2);
        let mut a = x.powi(p);
        for (i, k) in pairs {
            a += x * (*i as f64) * f64::from(*k);
        }
        if m.is_some() { a } else { a * x }
    }

    gradient_test! {
        double: (0.7, -1.2);
        references: (ref 0.7, ref -1.2, const &3, const &[2usize, 1][..]);
        options_of_integers: (0.7, const Some(3), const &[(1usize, 2i32), (3, 4)][..], const None), (0.7, const None, const &[][..], const Some((1u8, 'a')));
    }

    #[test]
    fn single_precision() {
        let (x, y) = grad_single(0.7, -1.2);
        let (x64, y64) = grad_double(0.7, -1.2);
        assert!((f64::from(x) - x64).abs() < 1e-5 && (f64::from(y) - y64).abs() < 1e-5);
        let _: (f32, f32) = (x, y);
        let (value, tangent): (f32, f32) = jvp_single(0.7, -1.2, 1.0, 0.0);
        assert!((tangent - x).abs() < 1e-5 && value == single(0.7, -1.2));
        let (mut x_bar, mut y_bar) = (1.0f32, 0.0f32);
        adjoint_single(0.7, -1.2, 2.0, &mut x_bar, &mut y_bar);
        assert!((x_bar - 1.0 - 2.0 * x).abs() < 1e-5);
        assert!((y_bar - 2.0 * y).abs() < 1e-5);
    }

    #[test]
    fn both_widths() {
        let (x, y): (f32, f64) = grad_mixed(0.5, 2.0);
        assert!((f64::from(x) - (2.0 + 0.5f64.cos())).abs() < 1e-6);
        assert_eq!(y, 0.5);
        let (_, tangent): (f64, f64) = jvp_mixed(0.5, 2.0, 0.0, 1.0);
        assert_eq!(tangent, 0.5);
    }

    #[test]
    fn only_the_float_is_active() {
        let call = |letter| grad_integers(2.0, 1, 2, 3, 4, 5, 6, 7, true, letter, "ab", "c".into());
        assert_eq!(call('x'), 28.0);
        assert_eq!(call('y'), 12.0);
    }

    #[test]
    fn inactive_out_parameters_are_written_once() {
        let mut count = 0;
        let mut log = Vec::new();
        assert_eq!(grad_mutable_integers(3.0, &mut count, &mut log), 6.0);
        assert_eq!((count, log.len()), (1, 1));
        let (value, gradient) = value_and_grad_mutable_integers(3.0, &mut count, &mut log);
        assert_eq!((count, log.len(), value, gradient), (2, 2, 18.0, 12.0));
        let mut bar = 0.0;
        assert_eq!(
            adjoint_mutable_integers(3.0, &mut count, &mut log, 1.0, &mut bar),
            27.0
        );
        assert_eq!((count, log.len(), bar), (3, 3, 18.0));
        assert_eq!(
            jvp_mutable_integers(3.0, &mut count, &mut log, 1.0),
            (36.0, 24.0)
        );
        assert_eq!((count, log.len()), (4, 4));
    }
}

mod aggregates {
    use super::*;

    #[differentiable]
    fn array(x: [f64; 3]) -> f64 {
        x[0] * x[1] + x[2].sin() * x[0]
    }

    #[differentiable]
    fn array_reference(x: &[f64; 3], y: &[f64; 3]) -> f64 {
        let mut sum = 0.0;
        for i in 0..3 {
            sum += x[i] * y[(i + 1) % 3];
        }
        sum * sum
    }

    #[differentiable]
    fn matrix(m: [[f64; 2]; 3]) -> f64 {
        let mut sum = 0.0;
        for i in 0..3 {
            sum += m[i][0] * m[(i + 1) % 3][1];
        }
        sum.sin()
    }

    #[differentiable]
    fn matrix_reference(m: &[[f64; 2]; 3], v: &[f64; 2]) -> [f64; 3] {
        let mut out = [0.0; 3];
        for i in 0..3 {
            for j in 0..2 {
                out[i] += m[i][j] * v[j];
            }
        }
        out
    }

    #[differentiable]
    fn determinant<const N: usize>(m: &[[f64; N]; N]) -> f64 {
        let mut a = *m;
        let mut det = 1.0;
        for k in 0..N {
            det *= a[k][k];
            for i in k + 1..N {
                let factor = a[i][k] / a[k][k];
                for j in k..N {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        det
    }

    #[differentiable]
    fn pivoted<const N: usize>(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
        for k in 0..N {
            let mut p = k;
            for i in k + 1..N {
                if a[i][k].abs() > a[p][k].abs() {
                    p = i;
                }
            }
            a.swap(k, p);
            b.swap(k, p);
            for i in k + 1..N {
                let f = a[i][k] / a[k][k];
                for j in k..N {
                    a[i][j] -= f * a[k][j];
                }
                b[i] -= f * b[k];
            }
        }
        let mut x = [0.0; N];
        for i in (0..N).rev() {
            let mut s = b[i];
            for j in i + 1..N {
                s -= a[i][j] * x[j];
            }
            x[i] = s / a[i][i];
        }
        x
    }

    #[differentiable]
    fn const_length<const N: usize>(x: [f64; N], n: usize) -> [f64; N] {
        let mut y = x;
        for i in 0..N.min(n) {
            y[i] *= y[(i + 1) % N];
        }
        y
    }

    #[differentiable]
    fn vector(x: Vec<f64>, y: &Vec<f64>) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += x[i] * y[i];
        }
        sum
    }

    #[differentiable]
    fn nested_vectors(m: &Vec<Vec<f64>>, v: &[f64]) -> Vec<f64> {
        let mut out = Vec::with_capacity(m.len());
        for row in m {
            let mut s = 0.0;
            for j in 0..v.len() {
                s += row[j] * v[j];
            }
            out.push(s);
        }
        out
    }

    #[differentiable]
    fn slice_of_arrays(points: &[[f64; 3]], centre: [f64; 3]) -> f64 {
        let mut sum = 0.0;
        for p in points {
            let d = [p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]];
            sum += (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
        }
        sum
    }

    #[differentiable]
    fn slice_of_tuples(points: &[(f64, f64)]) -> f64 {
        let mut sum = 0.0;
        for i in 0..points.len() {
            let (x, y) = points[i];
            sum += x * y;
        }
        for &(x, y) in points {
            sum += x.sin() / y;
        }
        for p in points.iter() {
            sum *= p.0;
        }
        sum
    }

    #[differentiable]
    fn tuples_with_integers(p: (f64, usize), q: &[(f64, i32)]) -> f64 {
        let mut sum = p.0 * p.1 as f64;
        for (w, n) in q {
            sum += w.powi(*n) * p.0;
        }
        sum
    }

    #[differentiable]
    fn tuple(p: (f64, [f64; 2], (f64, f64))) -> f64 {
        p.0 * p.1[0] + p.2.0 * p.1[1] * p.2.1
    }

    #[differentiable]
    fn tuple_reference(p: &(f64, f64)) -> f64 {
        p.0 * p.1 + p.0.sin()
    }

    #[differentiable]
    fn slice_of_references(rows: &[&[f64]]) -> f64 {
        let mut sum = 0.0;
        for row in rows {
            for v in row.iter() {
                sum += v * v;
            }
        }
        sum
    }

    #[differentiable]
    fn aliases(x: Pair, y: &Samples) -> f64 {
        x[0] * y[0] + x[1] * y[1]
    }
    type Pair = [f64; 2];
    type Samples = [f64];

    gradient_test! {
        array: ([0.7, -1.2, 0.4]);
        array_reference: (ref [0.7, -1.2, 0.4], ref [1.3, 0.2, -0.5]);
        matrix: ([[0.7, -1.2], [0.4, 1.3], [0.2, -0.5]]);
        determinant: (ref [[0.7, -1.2], [0.4, 1.3]]), (ref [[0.7, -1.2, 0.1], [0.4, 1.3, 2.0], [0.2, -0.5, 0.9]]), (ref [[0.7]]);
        vector: (vec![0.7, -1.2], ref vec![0.4, 1.3]), (vec![], ref vec![]);
        slice_of_arrays: (ref vec![[0.7, -1.2, 0.1], [0.4, 1.3, 2.0]], [0.2, -0.5, 0.9]), (ref vec![], [0.2, -0.5, 0.9]);
        slice_of_tuples: (ref vec![(0.7, -1.2), (0.4, 1.3)]), (ref vec![]);
        tuple: ((0.7, [-1.2, 0.4], (1.3, 0.2)));
        tuple_reference: (ref (0.7, -1.2));
        aliases: ([0.7, -1.2], ref vec![0.4, 1.3]);
    }
    pullback_test! {
        matrix_reference: (ref [[0.7, -1.2], [0.4, 1.3], [0.2, -0.5]], ref [1.1, -0.3]);
        pivoted: ([[0.2, -1.2, 0.1], [0.4, 1.3, 2.0], [0.7, -0.5, 0.9]], [1.0, 2.0, 0.3]), ([[2.0]], [0.7]);
        const_length: ([0.7, -1.2, 0.4], const 2), ([0.7], const 5);
        nested_vectors: (ref vec![vec![0.7, -1.2], vec![0.4, 1.3]], ref vec![1.1, -0.3]), (ref vec![], ref vec![1.0]);
    }

    #[test]
    fn integers_in_tuples_have_no_tangent() {
        let (p, q) = grad_tuples_with_integers((2.0, 3), &[(0.5, 2), (1.5, 1)]);
        assert_eq!(p.0, 3.0 + 0.25 + 1.5);
        assert_eq!([q[0].0, q[1].0], [2.0, 2.0]);
    }

    #[test]
    fn references_in_slices() {
        let gradient = grad_slice_of_references(&[&[1.0, 2.0][..], &[], &[3.0]]);
        let rows: Vec<Vec<f64>> = gradient;
        assert_eq!(rows, vec![vec![2.0, 4.0], vec![], vec![6.0]]);
    }

    #[test]
    fn gradient_types() {
        let _: [f64; 3] = grad_array([1.0, 2.0, 3.0]);
        let _: ([f64; 3], [f64; 3]) = grad_array_reference(&[1.0; 3], &[1.0; 3]);
        let _: (Vec<f64>, Vec<f64>) = grad_vector(vec![1.0], &vec![2.0]);
        let m = vec![vec![1.0]];
        let (_, pullback) = vjp_nested_vectors(&m, &[2.0]);
        let g: (Vec<Vec<f64>>, Vec<f64>) = pullback(vec![1.0]);
        assert_eq!(g, (vec![vec![2.0]], vec![1.0]));
        let g: (f64, f64) = grad_tuple_reference(&(0.0, 1.0));
        assert_eq!(g, (2.0, 0.0));
    }

    #[test]
    fn zero_tangents() {
        assert_eq!(1.5f64.zero_tangent(), 0.0);
        assert_eq!([1.0, 2.0].zero_tangent(), [0.0; 2]);
        assert_eq!(
            vec![vec![1.0f32], vec![]].zero_tangent(),
            vec![vec![0.0f32], vec![]]
        );
        assert_eq!((1.0, [2.0]).zero_tangent(), (0.0, [0.0]));
        assert_eq!([1.0, 2.0][..].zero_tangent(), vec![0.0; 2]);
    }
}

mod buffers {
    use super::*;

    #[differentiable]
    fn slice(x: &mut [f64], y: &[f64]) {
        for i in 0..x.len() {
            x[i] = x[i] * y[i] + y[0];
        }
    }

    #[differentiable]
    fn out(y: &[f64], out: &mut [f64], sum: &mut f64) {
        *sum = 0.0;
        for i in 0..y.len() {
            out[i] = y[i].exp();
            *sum += out[i];
        }
        for o in out.iter_mut() {
            *o /= *sum;
        }
    }

    #[differentiable]
    fn nested(m: &mut [Vec<f64>], s: f64) {
        for row in m.iter_mut() {
            for j in 1..row.len() {
                row[j] *= row[j - 1] * s;
            }
        }
        if m.len() > 1 {
            m[0][0] = m[1][0];
        }
    }

    #[differentiable]
    fn matrix(m: &mut [[f64; 2]; 2], s: &mut f64) {
        let t = m[0];
        m[0] = m[1];
        m[1] = [t[0] * *s, t[1] * m[0][1]];
        *s *= m[1][0];
    }

    #[differentiable]
    fn tuple(p: &mut (f64, [f64; 2]), s: f64) {
        p.0 *= s;
        p.1[1] = p.0 * p.1[0];
        let (a, b) = (p.0, p.1);
        *p = (b[1], [a, b[0] * b[1]]);
    }

    #[differentiable]
    fn vector_in_place(v: &mut Vec<f64>, s: f64) {
        for i in 0..v.len() {
            v[i] *= s;
        }
        v.swap(0, 1);
        let n = v.len();
        v[n - 1] = v[0] * v[1];
    }

    #[differentiable]
    fn push_to_parameter(v: &mut Vec<f64>, s: f64) {
        let last = v[v.len() - 1];
        v.push(last * s);
        v.push(s);
    }

    inplace_test! {
        slice: (mut vec![0.7, -1.2], ref vec![0.4, 1.3]), (mut vec![], ref vec![]);
        out: (ref vec![0.7, -1.2], mut vec![5.0, 6.0], mut 3.0);
        nested: (mut vec![vec![0.7, -1.2], vec![0.4, 1.3, 2.0], vec![]], 0.8), (mut vec![], 0.8);
        matrix: (mut [[0.7, -1.2], [0.4, 1.3]], mut 1.7);
        tuple: (mut (0.7, [-1.2, 0.4]), 1.3);
        vector_in_place: (mut vec![0.7, -1.2, 0.4], 1.3);
    }

    #[test]
    fn pushes_onto_a_parameter() {
        let mut v = vec![2.0, 3.0];
        let mut v_dot = vec![1.0, 0.5];
        jvp_push_to_parameter(&mut v, 4.0, &mut v_dot, 0.25);
        assert_eq!(v, [2.0, 3.0, 12.0, 4.0]);
        assert_eq!(v_dot, [1.0, 0.5, 0.5 * 4.0 + 3.0 * 0.25, 0.25]);
        let mut v = vec![2.0, 3.0];
        // The adjoint of the final state goes in, that of the initial state comes out.
        let mut v_bar = vec![1.0, 10.0, 100.0, 1000.0];
        let mut s_bar = 0.0;
        adjoint_push_to_parameter(&mut v, 4.0, &mut v_bar, &mut s_bar);
        assert_eq!(v, [2.0, 3.0, 12.0, 4.0]);
        assert_eq!(v_bar, [1.0, 410.0]);
        assert_eq!(s_bar, 1300.0);
    }

    #[differentiable]
    fn scratch_is_a_parameter(x: &[f64], work: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            work[i] = x[i] * work[i];
            sum += work[i] * work[0];
        }
        sum
    }

    state_test! { scratch_is_a_parameter: (ref vec![0.7, -1.2], mut vec![0.4, 1.3]); }
}

mod generics {
    use super::*;

    #[differentiable]
    pub fn polynomial<T: Real>(c: &[T], x: T) -> T {
        let mut value = T::zero();
        for i in (0..c.len()).rev() {
            value = value * x + c[i];
        }
        value
    }

    #[differentiable]
    fn functions<T>(x: T, y: T) -> T
    where
        T: Real,
    {
        let half = T::of(0.5);
        let a = (x * y).sin() + T::one() / x.exp();
        let b = a.powi(3) * half + x.powf(y) - y.sqrt().ln().abs();
        let c = b.max(a).min(T::of(10.0)) + x.hypot(y) * y.atan2(x);
        c.tanh() * T::from(2.0).unwrap()
    }

    #[differentiable]
    fn arrays<T: Real, const N: usize>(x: [T; N]) -> T {
        let mut y = [T::zero(); N];
        let mut sum = T::zero();
        for i in 0..N {
            y[i] = x[i] * x[N - 1 - i];
            sum += y[i] * T::of(i as f64);
        }
        sum
    }

    #[differentiable]
    fn in_place<T: Real>(x: &mut [T], s: T) {
        for v in x.iter_mut() {
            *v *= s;
            *v += s.sin();
            *v -= *v * *v / T::of(3.0);
        }
    }

    #[differentiable]
    fn newton<T: Real>(a: T) -> T {
        let mut x = T::one();
        while (x * x - a).abs() > T::of(1e-6) * a {
            x = T::of(0.5) * (x + a / x);
        }
        if x < T::of(1.5) { x } else { x * a }
    }

    #[differentiable]
    fn calls<T: Real>(c: &[T], x: T) -> T {
        let y = polynomial(c, x);
        polynomial::<T>(c, y) * y
    }

    // A type parameter is not known to be an integer: `wrt` says so.
    #[differentiable(wrt(x))]
    fn with_integers<T: Real, I: Copy + Into<usize>>(x: &[T], index: I) -> T {
        let i: usize = index.into();
        x[i] * x[0]
    }

    #[differentiable]
    fn lifetimes<'a, 'b: 'a, T: Real>(x: &'a [T], y: &'b [T]) -> T {
        x[0] * y[0]
    }

    #[differentiable(order = 2)]
    fn second<T: Real>(x: T, y: T) -> T {
        (x * y).exp() * T::of(2.0) + x.powi(3)
    }

    #[test]
    fn both_widths() {
        let (c, x): (Vec<f64>, f64) = grad_polynomial(&[1.0, 2.0, 3.0], 2.0);
        assert_eq!((c, x), (vec![1.0, 2.0, 4.0], 14.0));
        let (c, x): (Vec<f32>, f32) = grad_polynomial(&[1.0f32, 2.0, 3.0], 2.0);
        assert_eq!((c, x), (vec![1.0, 2.0, 4.0], 14.0));
        let d: f32 = grad_newton(4.0f32);
        let d64: f64 = grad_newton(4.0f64);
        assert!((f64::from(d) - d64).abs() < 1e-4);
        let h: [[f32; 2]; 2] = hessian_second(1.0f32, 0.0);
        assert_eq!(h[0][0], 6.0);
        assert_eq!(grad_with_integers(&[2.0, 3.0], 1u8), vec![3.0, 2.0]);
    }

    gradient_test! {
        polynomial: (ref vec![0.7, -1.2, 0.4], 1.3), (ref vec![], 1.3);
        functions: (0.7, 1.2);
        arrays: ([0.7, -1.2, 0.4]);
        newton: (2.0), (9.0);
        calls: (ref vec![0.7, -1.2, 0.4], 1.3);
        lifetimes: (ref vec![0.7], ref vec![-1.2]);
        second: (0.7, -1.2);
    }
    inplace_test! { in_place: (mut vec![0.7, -1.2], 1.3); }
}

mod local_storage {
    use super::*;

    #[differentiable]
    fn vectors(x: &[f64]) -> f64 {
        let n = x.len();
        let mut v = vec![0.0; n];
        let mut w = Vec::new();
        for i in 0..n {
            v[i] = x[i] * x[n - 1 - i];
            w.push(v[i] * x[0]);
        }
        let u = v.clone();
        for i in 0..n {
            v[i] *= w[i];
        }
        let mut sum = 0.0;
        for i in 0..n {
            sum += v[i] * u[i] + w[n - 1 - i];
        }
        sum
    }

    #[differentiable]
    fn vector_in_a_loop(x: &[f64], rounds: usize) -> f64 {
        let mut total = 0.0;
        for k in 0..rounds {
            let mut v = vec![0.0; x.len()];
            for i in 0..x.len() {
                v[i] = x[i] + total;
                if i > 0 {
                    v[i] *= v[i - 1];
                }
            }
            for value in &v {
                total += value * 0.1 * (k + 1) as f64;
            }
        }
        total
    }

    #[differentiable]
    fn array_in_a_loop(x: [f64; 3], rounds: usize) -> f64 {
        let mut state = x;
        let mut total = 0.0;
        for _ in 0..rounds {
            let mut next = [0.0; 3];
            for i in 0..3 {
                next[i] = state[(i + 1) % 3] * state[i] + 0.1;
            }
            state = next;
            total += state[0] * state[2];
        }
        total
    }

    #[differentiable]
    fn ping_pong(x: &[f64], rounds: usize) -> f64 {
        let mut a = x.to_vec();
        let mut b = vec![0.0; x.len()];
        for _ in 0..rounds {
            for i in 0..a.len() {
                b[i] = 0.5 * a[i] + a[(i + 1) % a.len()] * a[i];
            }
            std::mem::swap(&mut a, &mut b);
        }
        let mut sum = 0.0;
        for v in &a {
            sum += v * v;
        }
        sum + b[0]
    }

    #[differentiable]
    fn moved_vector(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        v[0] *= 2.0;
        let mut w = v;
        w[0] *= w[1];
        v = vec![w[0]; 2];
        v[0] *= w[1];
        v[0] * v[1]
    }

    #[differentiable]
    fn matrix(x: &[f64], n: usize) -> f64 {
        let mut m = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..n {
                m[i][j] = x[i] * x[j] + (i + j) as f64;
            }
        }
        let mut sum = 0.0;
        for i in 0..n {
            m[i][0] = m[0][i] * m[i][i];
            sum += m[i][0] + m[n - 1][i] * m[i][0];
        }
        sum
    }

    #[differentiable]
    fn literals(x: f64) -> f64 {
        let v = vec![x, x * x, 1.0];
        let m = [[x, 1.0], [v[1], v[0]]];
        let t = vec![vec![x; 2], vec![], vec![v[2]]];
        m[0][0] * m[1][1] + t[0][1] * t[2][0] + v.len() as f64 * x
    }

    #[differentiable]
    fn fills(x: f64) -> f64 {
        let mut v = [0.0; 4];
        v.fill(x * x);
        v[1] = x;
        let mut w = vec![1.0; 4];
        w.copy_from_slice(&v);
        w[2..].fill(v[1]);
        v[..2].copy_from_slice(&w[2..4]);
        v[0] * v[2] + w[1] * w[3]
    }

    #[differentiable]
    fn grown(x: f64, n: usize) -> Vec<f64> {
        let mut v = vec![x];
        for i in 0..n {
            let last = v[v.len() - 1];
            v.push(last * x + v[i]);
        }
        v
    }

    gradient_test! {
        vectors: (ref vec![0.7, -1.2, 0.4]);
        vector_in_a_loop: (ref vec![0.7, -1.2, 0.4], const 3), (ref vec![0.7], const 0);
        array_in_a_loop: ([0.7, -1.2, 0.4], const 4), ([0.7, -1.2, 0.4], const 0);
        ping_pong: (ref vec![0.7, -1.2, 0.4], const 3), (ref vec![0.7, -1.2, 0.4], const 2);
        moved_vector: (ref vec![0.7, -1.2]);
        matrix: (ref vec![0.7, -1.2, 0.4], const 3);
        literals: (0.7);
        fills: (0.7);
    }
    pullback_test! { grown: (0.7, const 3), (0.7, const 0); }
}
