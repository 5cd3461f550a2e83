use autodiff::differentiable;

#[differentiable(ordr = 2)]
fn f(x: f64) -> f64 {
    x * x
}

fn main() {
    // What was asked for still has its type, so this line is no second error.
    let _: f64 = grad_f(1.0);
}
