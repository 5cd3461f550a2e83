use autodiff::differentiable;

#[differentiable(wrt(z))]
fn f(x: f64, n: usize) -> f64 {
    x * n as f64
}

#[differentiable(wrt(n))]
fn g(x: f64, n: usize) -> f64 {
    x * n as f64
}

fn main() {}
