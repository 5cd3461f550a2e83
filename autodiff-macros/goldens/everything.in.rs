#[differentiable(order = 2)]
pub fn everything(x: f64, y: f64) -> f64 {
    x * y.sin()
}
