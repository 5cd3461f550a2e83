use super::*;

#[differentiable]
fn constant_factor(x: f64) -> f64 {
    x * stop_gradient(x * x)
}

#[differentiable]
fn fully(x: f64) -> f64 {
    autodiff::stop_gradient((x + 2.0) * (x + 2.0))
}

#[differentiable]
fn straight_through(x: f64) -> f64 {
    let rounded = x + stop_gradient(x.round() - x);
    rounded * rounded
}

#[differentiable]
fn in_a_loop(x: &[f64]) -> f64 {
    let mut state = 1.0;
    let mut sum = 0.0;
    for v in x {
        sum += v * state;
        state = stop_gradient(state * v + 1.0);
    }
    sum
}

#[test]
fn value_without_derivative() {
    assert_eq!(value_and_grad_constant_factor(3.0), (27.0, 9.0));
    assert_eq!(jvp_constant_factor(3.0, 1.0), (27.0, 9.0));
    assert_eq!(value_and_grad_fully(1.0), (9.0, 0.0));
    assert_eq!(value_and_grad_straight_through(1.8), (4.0, 4.0));
    assert_eq!(
        value_and_grad_in_a_loop(&[2.0, 3.0, 4.0]),
        (2.0 + 9.0 + 40.0, vec![1.0, 3.0, 10.0])
    );
}
