use super::*;

#[differentiable(wrt(b))]
fn second_only(a: f64, b: f64) -> f64 {
    a * b * a
}

#[differentiable(wrt(x, k))]
fn two_of_four(x: &[f64], y: &[f64], k: f64, s: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * y[i] * k;
    }
    sum * s
}

#[differentiable(wrt(a))]
fn product(a: f64, b: f64) -> f64 {
    a * b
}

#[differentiable(wrt(x))]
fn scratch(x: &[f64], work: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        work[i] = x[i] * x[i] + work[i];
    }
    for i in 0..x.len() {
        sum += work[i] * work[0];
    }
    sum
}

#[differentiable]
fn calls_partly_active(x: f64, y: f64) -> f64 {
    // The callee's own choice of `wrt` is respected: it is constant in `a`.
    second_only(2.0, y) * x
}

#[test]
fn named_parameters_only() {
    assert_eq!(grad_second_only(2.0, 3.0), 4.0);
    assert_eq!(value_and_grad_product(2.0, 3.0), (6.0, 3.0));
    assert_eq!(jvp_second_only(2.0, 3.0, 1.0), (12.0, 4.0));
    let (x, k): (Vec<f64>, f64) = grad_two_of_four(&[1.0, 2.0], &[3.0, 4.0], 5.0, 2.0);
    assert_eq!((x, k), (vec![30.0, 40.0], 22.0));
    let mut bar = 1.0;
    adjoint_second_only(2.0, 3.0, 10.0, &mut bar);
    assert_eq!(bar, 41.0);
}

#[test]
fn scratch_is_free_and_no_output() {
    let mut work = [1.0, 2.0];
    // work = [x0² + 1, x1² + 2], f = w0² + w1 w0
    let (x0, x1) = (3.0, 0.5);
    let g = grad_scratch(&[x0, x1], &mut work);
    let (w0, w1) = (x0 * x0 + 1.0, x1 * x1 + 2.0);
    assert_close("grad", &g, &[(2.0 * w0 + w1) * 2.0 * x0, w0 * 2.0 * x1], 1e-13);
    let mut work = [1.0, 2.0];
    let (value, g2) = value_and_grad_scratch(&[x0, x1], &mut work);
    assert_eq!(g2, g);
    assert_eq!(value, w0 * w0 + w1 * w0);
    let mut work = [1.0, 2.0];
    let (_, tangent) = jvp_scratch(&[x0, x1], &mut work, &[1.0, 0.0]);
    assert_close("jvp", &[tangent], &[g[0]], 1e-13);
    assert_eq!(work, [w0, w1]);
}

gradient_test! { calls_partly_active: (0.7, -1.2); }
