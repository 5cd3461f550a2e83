#[differentiable]
pub fn newton(a: f64) -> f64 {
    let mut x = 1.0;
    while f64::abs(x * x - a) > 1e-12 * a {
        x = 0.5 * (x + a / x);
    }
    x
}
