use autodiff::differentiable;

#[differentiable(order = 0, wrt(x, x), wrt(y), companion = a::b)]
fn f(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {}
