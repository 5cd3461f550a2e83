use super::*;

#[differentiable]
fn normalise(x: &mut [f64]) -> f64 {
    let mut norm = 0.0;
    for v in x.iter() {
        norm += v * v;
    }
    norm = norm.sqrt();
    for v in x.iter_mut() {
        *v /= norm;
    }
    norm
}

#[differentiable]
fn only_effect(x: &[f64], out: &mut [f64]) {
    for i in 0..x.len() {
        out[i] = x[i] * x[i];
    }
}

state_test! { normalise: (mut vec![0.7, -1.2, 0.4]); }

#[test]
fn final_and_initial_adjoints() {
    // `out` is wholly overwritten: the adjoint of its initial state is zero.
    let (mut out, mut out_bar, mut x_bar) = ([9.0, 9.0], [1.0, 10.0], [100.0, 100.0]);
    adjoint_only_effect(&[2.0, 3.0], &mut out, &mut x_bar, &mut out_bar);
    assert_eq!(out, [4.0, 9.0]);
    assert_eq!(out_bar, [0.0, 0.0]);
    assert_eq!(x_bar, [104.0, 160.0]);
    let mut out_dot = [5.0, 5.0];
    jvp_only_effect(&[2.0, 3.0], &mut out, &[1.0, 10.0], &mut out_dot);
    assert_eq!((out, out_dot), ([4.0, 9.0], [4.0, 60.0]));
}

#[test]
fn the_gradient_leaves_the_final_state() {
    let mut x = [3.0, 4.0];
    let g: Vec<f64> = grad_normalise(&mut x);
    assert_close("state", &x, &[0.6, 0.8], 1e-15);
    assert_close("gradient", &g, &[0.6, 0.8], 1e-15);
}
