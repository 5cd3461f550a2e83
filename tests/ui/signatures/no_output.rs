use autodiff::differentiable;

#[differentiable]
fn f(x: f64) {
    println!("{x}");
}

#[differentiable]
fn g(x: f64) -> usize {
    x as usize
}

fn main() {}
