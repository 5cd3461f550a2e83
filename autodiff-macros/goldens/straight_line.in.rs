#[differentiable]
fn straight_line(x: f64, y: f64) -> f64 {
    let a = x * y;
    let b = a.exp() + y.sqrt();
    b / (1.0 + x * x)
}
