use autodiff::differentiable;

#[differentiable(derivative(x = y))]
fn missing(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable(derivative(x = 1.0))]
fn of_a_list(x: &[f64]) -> f64 {
    x[0]
}

#[differentiable(wrt(x), derivative(x = y, y = x))]
fn inactive(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {}
