use super::*;

/// One parameter of every kind.
#[differentiable]
pub fn mixed(x: f64, a: [f64; 2], v: &[f64], w: Vec<f64>, n: usize, r: &f64, t: (f64, f64)) -> f64 {
    let mut sum = x * a[0] + a[1] * t.0;
    for i in 0..n {
        sum += v[i] * w[i] * r;
    }
    sum * t.1
}

gradient_test! {
    mixed: (0.7, [-1.2, 0.4], ref vec![1.1, 0.3], vec![0.9, -0.5], const 2, ref 1.3, (0.2, 1.7)),
           (0.7, [-1.2, 0.4], ref vec![], vec![], const 0, ref 1.3, (0.2, 1.7));
}

#[test]
#[allow(clippy::type_complexity)]
fn types_as_published() {
    let (x, a, v, w, n, r, t) = (0.7, [-1.2, 0.4], [1.1], vec![0.9], 1, 1.3, (0.2, 1.7));
    type G = (f64, [f64; 2], Vec<f64>, Vec<f64>, f64, (f64, f64));
    let g: G = grad_mixed(x, a, &v, w.clone(), n, &r, t);
    let (value, again): (f64, G) = value_and_grad_mixed(x, a, &v, w.clone(), n, &r, t);
    assert_eq!((value, &again), (mixed(x, a, &v, w.clone(), n, &r, t), &g));
    let (value, pullback) = vjp_mixed(x, a, &v, w.clone(), n, &r, t);
    let third: G = pullback(1.0);
    assert_eq!((value, &third), (mixed(x, a, &v, w.clone(), n, &r, t), &g));
    let (mut x_bar, mut a_bar, mut v_bar, mut w_bar, mut r_bar, mut t_bar) =
        (0.0, [0.0; 2], [0.0; 1], [0.0; 1], 0.0, (0.0, 0.0));
    let value: f64 = adjoint_mixed(
        x,
        a,
        &v,
        w.clone(),
        n,
        &r,
        t,
        1.0,
        &mut x_bar,
        &mut a_bar,
        &mut v_bar[..],
        &mut w_bar[..],
        &mut r_bar,
        &mut t_bar,
    );
    assert_eq!(value, again.0.mul_add(0.0, mixed(x, a, &v, w.clone(), n, &r, t)));
    assert_eq!((x_bar, a_bar, v_bar.to_vec(), w_bar.to_vec(), r_bar, t_bar), g);
    let (_, tangent): (f64, f64) =
        jvp_mixed(x, a, &v, w, n, &r, t, 1.0, [0.0; 2], &[0.0], vec![0.0], &0.0, (0.0, 0.0));
    assert_eq!(tangent, g.0);
}

#[test]
fn the_function_itself_is_untouched() {
    let f: fn(f64, [f64; 2], &[f64], Vec<f64>, usize, &f64, (f64, f64)) -> f64 = mixed;
    assert_eq!(f(1.0, [1.0; 2], &[], vec![], 0, &1.0, (1.0, 2.0)), 4.0);
}

#[differentiable]
fn gradient_of_one(x: &[f64]) -> f64 {
    x[0] * x[1]
}

#[test]
fn one_active_parameter_is_bare() {
    let g: Vec<f64> = grad_gradient_of_one(&[2.0, 3.0]);
    assert_eq!(g, [3.0, 2.0]);
}

#[test]
fn the_adjoint_adds_to_what_is_there() {
    let mut bar = [10.0, 20.0];
    assert_eq!(adjoint_gradient_of_one(&[2.0, 3.0], 2.0, &mut bar), 6.0);
    assert_eq!(bar, [16.0, 24.0]);
    assert_eq!(adjoint_gradient_of_one(&[2.0, 3.0], 0.5, &mut bar), 6.0);
    assert_eq!(bar, [17.5, 25.0]);
}

#[test]
fn pullbacks_outlive_their_arguments() {
    let pullback = {
        let x = 0.7_f64;
        vjp_owned(x, [1.0, 2.0]).1
    };
    assert_eq!(pullback(2.0), (10.0, [1.4, 2.8]));
}

#[differentiable]
fn owned(x: f64, a: [f64; 2]) -> f64 {
    x * (a[0] + 2.0 * a[1])
}

#[test]
fn two_pullbacks_at_once() {
    let (_, first) = vjp_gradient_of_one(&[2.0, 3.0]);
    let (_, second) = vjp_gradient_of_one(&[5.0, 7.0]);
    assert_eq!(first(1.0), [3.0, 2.0]);
    assert_eq!(second(2.0), [14.0, 10.0]);
}

#[differentiable]
#[cfg(any())]
fn not_there(x: f64) -> f64 {
    this_is_not_compiled(x)
}

#[cfg(not(any()))]
#[differentiable]
#[must_use]
#[inline(always)]
#[allow(clippy::let_and_return)]
fn attributes(x: f64) -> f64 {
    let y = x * x;
    y
}

#[test]
fn attributes_are_kept() {
    assert_eq!(grad_attributes(3.0), 6.0);
}
