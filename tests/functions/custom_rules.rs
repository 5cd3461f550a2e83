use super::*;

// The rule differs from the truth on purpose, to see that it is what is used.
fn four(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x * x, move |seed| 4.0 * seed)
}

#[differentiable(vjp = four)]
fn quadrupled(x: f64) -> f64 {
    // Not looked into.
    let f: &dyn Fn(f64) -> f64 = &|v| v * v;
    f(x)
}

fn my_mul_rule(x: f64, y: f64) -> (f64, impl FnOnce(f64) -> (f64, f64)) {
    (x * y, move |seed| (seed * y, seed * x))
}

#[differentiable(vjp = my_mul_rule)]
fn my_mul(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable]
fn loss(x: f64) -> f64 {
    my_mul(2.0, x)
}

mod rules {
    pub fn sine(x: f64, x_dot: f64) -> (f64, f64) {
        (x.sin(), 10.0 * x_dot * x.cos())
    }

    pub fn pair(x: f64, y: f64, x_dot: f64, y_dot: f64) -> (f64, f64) {
        (x * y, x_dot * y + 3.0 * x * y_dot)
    }

    pub fn norm(x: &[f64]) -> (f64, impl FnOnce(f64) -> Vec<f64>) {
        let norm = x.iter().map(|v| v * v).sum::<f64>().sqrt();
        let x = x.to_vec();
        (norm, move |seed| {
            x.iter().map(|v| if norm > 0.0 { seed * v / norm } else { 0.0 }).collect()
        })
    }
}

#[differentiable(jvp = rules::sine)]
fn sine(x: f64) -> f64 {
    x.sin()
}

#[differentiable(jvp = rules::pair)]
fn pair(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable(vjp = rules::norm)]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[differentiable]
fn uses_norm(x: &[f64]) -> f64 {
    norm(x) * norm(&x[1..]) * sine(x[0])
}

#[differentiable(derivative(x = 3.0 * y, y = 5.0 * x))]
fn one_line(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable(derivative(x = sigmoid(x) * (1.0 - sigmoid(x))), order = 2)]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[differentiable(derivative(x = f64::from(n) * x.powi(n - 1)), order = 3)]
fn power(x: f64, n: i32) -> f64 {
    x.powi(n)
}

#[differentiable(order = 2)]
fn uses_sigmoid(x: f64, w: f64) -> f64 {
    sigmoid(w * x) * x + sigmoid(w)
}

#[test]
fn rules_are_used() {
    assert_eq!(value_and_grad_quadrupled(1.0), (1.0, 4.0));
    let (value, pullback) = vjp_quadrupled(3.0);
    assert_eq!((value, pullback(2.0)), (9.0, 8.0));
    assert_eq!(jvp_quadrupled(3.0, 2.0), (9.0, 8.0));
    let mut bar = 1.0;
    assert_eq!(adjoint_quadrupled(3.0, 2.0, &mut bar), 9.0);
    assert_eq!(bar, 9.0);
    assert_eq!(grad_sine(0.0), 10.0);
    assert_eq!(jvp_sine(0.0, 2.0), (0.0, 20.0));
    assert_eq!(vjp_sine(0.0).1(3.0), 30.0);
    assert_eq!(grad_pair(2.0, 3.0), (3.0, 6.0));
    assert_eq!(grad_one_line(2.0, 7.0), (21.0, 10.0));
    assert_eq!(jvp_one_line(2.0, 7.0, 1.0, 10.0), (14.0, 121.0));
}

#[test]
fn steps_of_gradient_descent() {
    let mut x = 2.0;
    let mut losses = Vec::new();
    for _ in 0..5 {
        let (value, gradient) = value_and_grad_loss(x);
        losses.push(value);
        x -= 0.25 * gradient;
    }
    assert_eq!(losses, [4.0, 3.0, 2.0, 1.0, 0.0]);
}

#[test]
fn edges_of_an_own_rule() {
    assert_eq!(grad_norm(&[0.0, 0.0]), [0.0, 0.0]);
    assert_eq!(grad_norm(&[3.0, 4.0]), [0.6, 0.8]);
}

#[test]
fn through_callers() {
    let x: [f64; 3] = [0.7, -1.2, 0.4];
    let (n, m) = ((0.49f64 + 1.44 + 0.16).sqrt(), (1.44f64 + 0.16).sqrt());
    let s = x[0].sin();
    let want = [
        x[0] / n * m * s + n * m * 10.0 * x[0].cos(),
        x[1] / n * m * s + n * x[1] / m * s,
        x[2] / n * m * s + n * x[2] / m * s,
    ];
    assert_close("grad", &grad_uses_norm(&x), &want, 1e-12);
    let (_, tangent) = jvp_uses_norm(&x, &[0.3, -0.2, 0.9]);
    let dot = 0.3 * want[0] - 0.2 * want[1] + 0.9 * want[2];
    assert_close("jvp", &[tangent], &[dot], 1e-12);
}

gradient_test! {
    my_mul: (0.7, -1.2);
    loss: (0.7);
    norm: (ref vec![0.7, -1.2]);
    sigmoid: (0.7), (-2.0);
    uses_sigmoid: (0.7, -1.2);
    power: (0.7, const 4);
}
autodiff_tests::hvp_test! { sigmoid: (0.7); uses_sigmoid: (0.7, -1.2); power: (0.7, const 4); }
