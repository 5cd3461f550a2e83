use autodiff::differentiable;

#[differentiable]
fn reference(x: &[f64]) -> &f64 {
    &x[0]
}

#[differentiable]
fn alias(x: f64) -> std::io::Result<f64> {
    Ok(x)
}

fn helper(x: f64) -> Option<f64> {
    Some(x)
}

#[differentiable]
fn made_elsewhere(x: f64) -> Option<f64> {
    helper(x)
}

#[differentiable]
fn no_value(x: &mut f64) -> Result<(), String> {
    *x *= 2.0;
    Ok(())
}

#[differentiable]
fn argument(x: impl autodiff::Real) -> f64 {
    let _ = x;
    1.0
}

fn main() {}
