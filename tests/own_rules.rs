//! Own rules and partials: every generated function exists and agrees, also from callers and in
//! the second order.

// The types of pullbacks are what they are.
#![allow(clippy::type_complexity)]

use autodiff::differentiable;

fn differences(f: impl Fn(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    let step = 1e-5;
    let slope = |i: usize| {
        let (mut above, mut below) = (x.to_vec(), x.to_vec());
        above[i] += step;
        below[i] -= step;
        (f(&above) - f(&below)) / (2.0 * step)
    };
    (0..x.len()).map(slope).collect()
}

#[track_caller]
fn close(got: &[f64], expected: &[f64]) {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-6 * (1.0 + b.abs());
    assert!(
        got.len() == expected.len() && got.iter().zip(expected).all(near),
        "{got:?} {expected:?}"
    );
}

mod partials {
    use super::*;

    #[differentiable(order = 2, derivative(x = 2.0 * x * y.sin(), y = x * x * y.cos()))]
    fn wave(x: f64, y: &f64, _label: &str) -> f64 {
        x * x * y.sin()
    }

    // Its own derivative.
    #[differentiable(order = 3, derivative(x = exponential(x)))]
    fn exponential(x: f64) -> f64 {
        x.exp()
    }

    #[differentiable(order = 3)]
    fn caller(x: f64) -> f64 {
        exponential(x * x) + x
    }

    #[test]
    fn second_order() {
        let (s, c) = 0.5f64.sin_cos();
        let hessian = hessian_wave(2.0, &0.5, "");
        close(&hessian.concat(), &[2.0 * s, 4.0 * c, 4.0 * c, -4.0 * s]);
        assert_eq!(jvp_wave(2.0, &0.5, "", 1.0, &0.0), (4.0 * s, 4.0 * s));
    }

    #[test]
    fn third_order_of_a_caller() {
        let x = 0.5f64;
        let e = (x * x).exp();
        let expected =
            [e + x, 2.0 * x * e + 1.0, (2.0 + 4.0 * x * x) * e, (12.0 * x + 8.0 * x.powi(3)) * e];
        close(&derivatives_caller(x), &expected);
    }
}

mod both_rules {
    use super::*;

    #[differentiable(order = 2, vjp = bilinear_vjp, jvp = bilinear_jvp)]
    fn bilinear(x: &[f64], m: [f64; 2]) -> f64 {
        x[0] * m[0] * m[0] + x[1] * m[1]
    }

    fn bilinear_vjp(x: &[f64], m: [f64; 2]) -> (f64, impl FnOnce(f64) -> (Vec<f64>, [f64; 2])) {
        let pullback = move |seed: f64| {
            let x_bar = vec![seed * m[0] * m[0], seed * m[1]];
            (x_bar, [seed * 2.0 * x[0] * m[0], seed * x[1]])
        };
        (bilinear(x, m), pullback)
    }

    #[differentiable]
    fn bilinear_jvp(x: &[f64], m: [f64; 2], x_dot: &[f64], m_dot: [f64; 2]) -> (f64, f64) {
        let tangent = x_dot[0] * m[0] * m[0]
            + 2.0 * x[0] * m[0] * m_dot[0]
            + x_dot[1] * m[1]
            + x[1] * m_dot[1];
        (x[0] * m[0] * m[0] + x[1] * m[1], tangent)
    }

    #[differentiable(order = 2)]
    fn caller(x: &[f64]) -> f64 {
        bilinear(x, [x[0], x[1]]) * x[0]
    }

    #[test]
    fn orders_one_and_two() {
        let x = [1.5, 0.7];
        close(&grad_caller(&x), &differences(|x| bilinear(x, [x[0], x[1]]) * x[0], &x));
        let hessian = hessian_caller(&x);
        close(&hessian[0], &differences(|x| grad_caller(x)[0], &x));
        close(&hessian[1], &differences(|x| grad_caller(x)[1], &x));
    }
}

mod one_rule {
    use super::*;

    #[differentiable(vjp = products_vjp)]
    fn products(x: &[f64], k: f64) -> Vec<f64> {
        vec![x[0] * k, x[1] * x[0], k * k]
    }

    fn products_vjp(x: &[f64], k: f64) -> (Vec<f64>, impl FnOnce(Vec<f64>) -> (Vec<f64>, f64)) {
        let pullback = move |seed: Vec<f64>| {
            let x_bar = vec![seed[0] * k + seed[1] * x[1], seed[1] * x[0]];
            (x_bar, seed[0] * x[0] + 2.0 * seed[2] * k)
        };
        (products(x, k), pullback)
    }

    #[differentiable(jvp = monomials_jvp)]
    fn monomials(x: [f64; 2]) -> [f64; 3] {
        [x[0] * x[1], x[0], x[1] * x[1]]
    }

    fn monomials_jvp(x: [f64; 2], x_dot: [f64; 2]) -> ([f64; 3], [f64; 3]) {
        let tangent = [x_dot[0] * x[1] + x[0] * x_dot[1], x_dot[0], 2.0 * x[1] * x_dot[1]];
        (monomials(x), tangent)
    }

    fn primal(x: &[f64]) -> f64 {
        let v = products(x, x[1]);
        let w = monomials([v[0], v[1]]);
        w[0] + w[1] * w[2] + v[2]
    }

    #[differentiable]
    fn caller(x: &[f64]) -> f64 {
        let v = products(x, x[1]);
        let w = monomials([v[0], v[1]]);
        w[0] + w[1] * w[2] + v[2]
    }

    #[test]
    fn the_other_is_derived() {
        let x = [1.5, 0.7];
        let gradient = grad_caller(&x);
        close(&gradient, &differences(primal, &x));
        let (value, along) = jvp_caller(&x, &[0.3, 0.4]);
        close(&[value, along], &[primal(&x), gradient[0] * 0.3 + gradient[1] * 0.4]);
        assert_eq!(jacobian_monomials([2.0, 3.0]), [[3.0, 2.0], [1.0, 0.0], [0.0, 6.0]]);
        let (_, pullback) = vjp_monomials([2.0, 3.0]);
        assert_eq!(pullback([1.0, 10.0, 100.0]), [13.0, 602.0]);
    }
}
