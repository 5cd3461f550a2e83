use autodiff::differentiable;

fn rule(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x, |seed| seed)
}

#[differentiable(vjp = rule, derivative(x = 1.0))]
fn f(x: f64) -> f64 {
    x
}

#[differentiable(order = 2, vjp = rule)]
fn g(x: f64) -> f64 {
    x
}

fn main() {}
