//! What is in a `Box` has an adjoint that is not.

use autodiff::differentiable;

#[differentiable]
fn boxed(x: Box<f64>, y: f64) -> f64 {
    *x * y
}

fn main() {
    let _: f64 = boxed(Box::new(1.0), 2.0);
    let _: (f64, f64) = grad_boxed(Box::new(1.0), 2.0);
}
