#[differentiable]
fn branches(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    if a > 1.0 {
        a = a.ln() * x;
    } else if x > 0.0 {
        return a * a;
    }
    match a > y {
        true => a * y,
        false => a.sin(),
    }
}
