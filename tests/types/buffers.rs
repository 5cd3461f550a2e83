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
