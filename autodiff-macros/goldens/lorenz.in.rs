#[differentiable]
fn rhs(x: f64, y: f64, z: f64, rho: f64) -> (f64, f64, f64) {
    (10.0 * (y - x), x * (rho - z) - y, x * y - 8.0 / 3.0 * z)
}

#[differentiable]
pub fn lorenz(x: f64, y: f64, z: f64, rho: f64, h: f64, steps: usize) -> f64 {
    let (mut x, mut y, mut z) = (x, y, z);
    for _ in 0..steps {
        let (a, b, c) = rhs(x, y, z, rho);
        let (d, e, f) = rhs(x + 0.5 * h * a, y + 0.5 * h * b, z + 0.5 * h * c, rho);
        x += h * d;
        y += h * e;
        z += h * f;
    }
    x * y * z
}
