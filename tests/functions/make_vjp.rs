use super::*;

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn shifted(x: f64) -> f64 {
    (x + 2.0) + 3.0
}

#[differentiable]
fn cubed(a: f64) -> f64 {
    a.powi(3)
}

#[differentiable]
fn tutorial_y(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn tutorial_z(x: f64) -> f64 {
    let y = tutorial_y(x);
    y * y
}

#[differentiable]
fn squared_sum(x: [[f64; 2]; 2]) -> f64 {
    let mut y = 0.0;
    for row in x {
        for v in row {
            y += v;
        }
    }
    y * y
}

#[test]
fn cases_known_from_tensorflow() {
    let (value, pullback) = vjp_square(3.0);
    assert_eq!((value, pullback(2.0)), (9.0, 12.0));
    assert_eq!(grad_shifted(1.0), 1.0);
    assert_eq!(value_and_grad_cubed(2.0), (8.0, 12.0));
    assert_eq!((grad_tutorial_z(3.0), grad_tutorial_y(3.0)), (108.0, 6.0));
    assert_eq!(grad_squared_sum([[1.0; 2]; 2]), [[8.0; 2]; 2]);
    assert_eq!(gradient_as_a_value(1.0), 2.0);
    assert_eq!(grad_gradient_as_a_value(1.0), 2.0);
    assert_eq!(value_and_grad_ten_steps(1.0), (11.0, 1.0));
}

/// A custom rule whose primal is itself a derivative.
#[differentiable(derivative(x = 2.0 + 0.0 * x))]
fn gradient_as_a_value(x: f64) -> f64 {
    grad_square(x)
}

#[differentiable]
fn ten_steps(x: f64) -> f64 {
    fn step(x: f64) -> f64 {
        x + 1.0
    }
    let mut a = x;
    let mut i = 0;
    while i < 10 {
        a = step(a);
        i += 1;
    }
    a
}
