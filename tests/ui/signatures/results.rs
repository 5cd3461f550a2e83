use autodiff::differentiable;

#[differentiable]
fn reference(x: &[f64]) -> &f64 {
    &x[0]
}

#[differentiable]
fn fallible(x: f64) -> Result<f64, String> {
    if x > 0.0 { Ok(x) } else { Err("negative".to_string()) }
}

#[differentiable]
fn argument(x: impl autodiff::Real) -> f64 {
    let _ = x;
    1.0
}

fn main() {}
