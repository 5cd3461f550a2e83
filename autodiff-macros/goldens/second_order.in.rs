#[differentiable(order = 2)]
fn second_order(x: &[f64]) -> f64 {
    let mut p = 1.0;
    for v in x {
        p *= v;
    }
    p.sin()
}
