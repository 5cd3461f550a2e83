use super::*;
use crate::Real;

fn value<T: Real>(x: &[T]) -> T {
    x[0].exp() * x[1].sin() + x[2] * x[2] * x[0]
}

fn slope<T: Real>(x: &[T]) -> Vec<T> {
    let two = T::of(2.0);
    vec![x[0].exp() * x[1].sin() + x[2] * x[2], x[0].exp() * x[1].cos(), two * x[2] * x[0]]
}

#[test]
fn right_gradients_pass() {
    gradient(value, slope, &[0.3, 1.1, -2.0][..]).assert(1e-10);
    gradient(value, slope, &[0.0, 0.0, 0.0][..]).assert(1e-10);
    gradient(|x: &[f64; 3]| value(x), |x| slope(x), &[3.0, 0.0, 1e3]).assert(1e-8);
    gradient(|x: &Vec<f64>| value(x), |x| slope(x), &vec![0.3, 1.1, -2.0]).assert(1e-10);
    gradient(value::<f32>, slope, &[0.3, 1.1, -2.0][..]).assert(1e-3);
}

#[test]
fn many_scales() {
    for x in [1e-6, 1e-3, 0.1, 1.0, 30.0, 1e4] {
        gradient(|x: &f64| x.ln(), |x| 1.0 / x, &x).assert(1e-9);
        gradient(|x: &f64| x.sqrt(), |x| 0.5 / x.sqrt(), &x).assert(1e-9);
        gradient(|x: &f64| (-x).exp() * x * x, |x| (-x).exp() * x * (2.0 - x), &x).assert(1e-8);
    }
    gradient(|x: &f64| (30.0 * x).sin(), |x| 30.0 * (30.0 * x).cos(), &5.0).assert(1e-8);
    gradient(|_: &f64| 4.0, |_| 0.0, &2.0).assert(0.0);
    gradient(|x: &f64| 3.0 * x, |_| 3.0, &2.0).assert(1e-12);
}

#[test]
fn several_parameters() {
    type Point = (f64, Vec<Vec<f64>>, usize, f32);
    let at: Point = (2.0, vec![vec![1.0], vec![3.0, 4.0]], 1, 0.5);
    let f = |(a, rows, k, c): &Point| a * a * rows[*k][1] + f64::from(*c) * rows[0][0];
    let grad = |(a, rows, k, c): &Point| {
        (2.0 * a * rows[*k][1], [vec![f64::from(*c)], vec![0.0, a * a]], rows[0][0])
    };
    gradient(f, grad, &at).assert(1e-6);
    let wrong = |p: &Point| (grad(p).0, [vec![0.5], vec![0.0, 4.5]], 1.0);
    let report = gradient(f, wrong, &at);
    let worst = report.worst().unwrap();
    assert_eq!((worst.index, worst.path.as_str(), report.entries()), (3, ".1[1][1]", 5));
}

#[test]
fn a_report_names_the_worst_entry() {
    let wrong = |x: &[f64]| {
        let mut g = slope(x);
        g[0] += 1e-6;
        g[2] = 4.0;
        g
    };
    let report = gradient(value, wrong, &[0.3, 1.1, -2.0][..]);
    assert!(!report.passes(1e-7) && report.passes(2.0));
    let text = report.to_string();
    assert!(text.starts_with("the worst of 3 is entry 2, [2]\n  got      4.0"), "{text}");
    assert!(text.contains("expected -1.2") && text.contains("(by finite differences)"), "{text}");
}

#[test]
#[should_panic(expected = "derivative check failed at 1e-7: the worst of 1 is entry 0\n")]
fn a_wrong_derivative_fails() {
    gradient(|x: &f64| x * x, |x| *x, &3.0).assert(1e-7);
}

#[test]
fn what_is_not_finite_never_passes() {
    assert!(!gradient(|x: &f64| x * x, |_| f64::NAN, &3.0).passes(1e300));
    assert!(!gradient(|x: &f64| x.sqrt(), |x| 0.5 / x.sqrt(), &0.0).passes(1e300));
    assert!(!gradient(|_: &f64| f64::NAN, |_| f64::NAN, &0.0).passes(1e300));
    let second_is_nan = |_: &[f64; 2]| [0.0, f64::NAN];
    let report = gradient(|x: &[f64; 2]| x[0], second_is_nan, &[0.0, 0.0]);
    assert_eq!(report.worst().unwrap().index, 1);
}

#[test]
#[should_panic(expected = "has 2 entries, but there are 3 inputs and 1 outputs")]
fn a_short_gradient_is_refused() {
    let _ = gradient(value, |_| vec![0.0, 0.0], &[0.3, 1.1, -2.0][..]);
}

#[test]
fn empty_points() {
    let report = gradient(|_: &[f64]| 1.0, |_| Vec::<f64>::new(), &[][..]);
    assert_eq!((report.entries(), report.error()), (0, 0.0));
    report.assert(0.0);
}

#[test]
fn hessians_are_jacobians_of_gradients() {
    let hessian = |x: &[f64]| {
        let (e, s, c) = (x[0].exp(), x[1].sin(), x[1].cos());
        vec![
            vec![e * s, e * c, 2.0 * x[2]],
            vec![e * c, -e * s, 0.0],
            vec![2.0 * x[2], 0.0, 2.0 * x[0]],
        ]
    };
    jacobian(slope::<f64>, hessian, &[0.3, 1.1, -2.0][..]).assert(1e-9);
    let wrong = |x: &[f64]| {
        let mut h = hessian(x);
        h[1][2] = 0.1;
        h
    };
    let report = jacobian(slope::<f64>, wrong, &[0.3, 1.1, -2.0][..]);
    assert_eq!(report.worst().unwrap().path, "[1][2]");
}

#[test]
fn forward_against_reverse() {
    let at = (0.5, vec![1.0, 2.0, 3.0]);
    type P = (f64, Vec<f64>);
    let jvp = |(x, w): &P, (dx, dw): &P| {
        (dx * w[0] + x * dw[0], [dw[1] * w[2] + w[1] * dw[2], w[1] * dw[1]])
    };
    let vjp = |(x, w): &P, (s, t): (f64, [f64; 2])| {
        (s * w[0], vec![s * x, t[0] * w[2] + t[1] * w[1], t[0] * w[1]])
    };
    dot_product(jvp, vjp, &at).assert(1e-14);
    let forgets = |p: &P, s: (f64, [f64; 2])| (vjp(p, s).0, vec![vjp(p, s).1[0], 0.0, 0.0]);
    assert!(!dot_product(jvp, forgets, &at).passes(1e-3));

    let f = |(x, w): &P| (x * w[0], [w[1] * w[2], 0.5 * w[1] * w[1]]);
    directional(f, jvp, &at).assert(1e-9);
    let swapped = |p: &P, d: &P| (jvp(p, d).0, [jvp(p, d).1[1], jvp(p, d).1[0]]);
    assert!(!directional(f, swapped, &at).passes(1e-3));
}
