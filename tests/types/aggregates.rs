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
    assert_eq!(vec![vec![1.0f32], vec![]].zero_tangent(), vec![vec![0.0f32], vec![]]);
    assert_eq!((1.0, [2.0]).zero_tangent(), (0.0, [0.0]));
    assert_eq!([1.0, 2.0][..].zero_tangent(), vec![0.0; 2]);
}
