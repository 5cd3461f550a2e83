use super::*;

#[differentiable(aux)]
fn with_steps(x: f64) -> (f64, usize) {
    let mut a = x;
    let mut steps = 0;
    while a < 100.0 {
        a *= a;
        steps += 1;
    }
    (a, steps)
}

#[differentiable(aux)]
fn with_parts(x: &[f64]) -> (f64, Vec<f64>) {
    let mut squares = Vec::new();
    let mut sum = 0.0;
    for v in x {
        squares.push(v * v);
        sum += v * v;
    }
    (sum, squares)
}

#[test]
fn passed_through() {
    let ((value, steps), g): ((f64, usize), f64) = value_and_grad_with_steps(2.0);
    assert_eq!((value, steps, g), (256.0, 3, 1024.0));
    assert_eq!(grad_with_steps(2.0), 1024.0);
    let ((value, squares), g) = value_and_grad_with_parts(&[1.0, 2.0]);
    assert_eq!((value, squares, g), (5.0, vec![1.0, 4.0], vec![2.0, 4.0]));
}
