use super::*;

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn smooth(x: f64, eps: f64) -> f64 {
    (square(x) + eps).sqrt()
}

#[differentiable]
fn composed(x: f64, y: f64) -> f64 {
    let a = smooth(x * y, 0.1);
    square(a) * smooth(a, y * y) + square(square(x))
}

#[differentiable]
fn in_an_expression(x: f64) -> f64 {
    3.0 * square(x).sin() / (1.0 + square(x + 1.0)) - square(-x)
}

#[differentiable]
fn same_argument_twice(x: f64) -> f64 {
    smooth(x, x) * multiply(x, x)
}

#[differentiable]
fn multiply(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable]
fn with_constants(x: f64) -> f64 {
    multiply(x, 2.0) + multiply(3.0, x) * multiply(2.0, 5.0)
}

#[differentiable]
fn in_conditions(x: f64) -> f64 {
    if square(x) > 1.0 { square(x) * x } else { x }
}

#[differentiable]
fn overwritten_argument(x: f64) -> f64 {
    let mut a = x;
    a = square(a);
    a = multiply(a, x);
    a = smooth(a, a);
    a
}

#[differentiable]
fn in_a_loop(x: &[f64]) -> f64 {
    let mut a = 0.3;
    for v in x {
        a = smooth(a, *v) * multiply(*v, a) + square(a);
    }
    a
}

#[differentiable]
fn in_a_while(x: f64) -> f64 {
    let mut a = x;
    while square(a) < 30.0 {
        a = multiply(a, 1.5) + smooth(a, 0.2);
    }
    a
}

#[differentiable]
fn by_reference(x: &f64, y: &f64) -> f64 {
    x * y.sin()
}

#[differentiable]
fn passes_references(x: f64, y: &f64) -> f64 {
    let z = x * *y;
    by_reference(&z, y) + by_reference(&x, &2.0) * by_reference(y, y)
}

#[differentiable]
fn several_results(x: f64, y: f64) -> f64 {
    let (r, angle) = geometry::planar::polar(x, y);
    let p = geometry::planar::polar(r, angle);
    p.0 * angle + p.1 * r
}

#[differentiable]
fn with_integers(x: f64, n: usize) -> f64 {
    scaled(x, n) + scaled(x * x, n + 1)
}

#[differentiable]
fn scaled(x: f64, n: usize) -> f64 {
    x * n as f64
}

gradient_test! {
    composed: (0.7, -1.2);
    in_an_expression: (0.7);
    same_argument_twice: (0.7);
    with_constants: (0.7);
    in_conditions: (0.7), (1.7);
    overwritten_argument: (0.7);
    in_a_loop: (ref vec![0.7, 1.2, 0.4]), (ref vec![]);
    in_a_while: (0.7), (7.0);
    passes_references: (0.7, ref -1.2);
    several_results: (0.7, -1.2);
    with_integers: (0.7, const 3);
}

#[test]
fn same_object_for_multiple_arguments() {
    assert_eq!(grad_multiply(1.0, 1.0), (1.0, 1.0));
}
