#[differentiable]
fn exits(x: &[f64], limit: f64) -> f64 {
    let mut product = 1.0;
    for v in x {
        if *v < 0.0 {
            continue;
        }
        product *= v;
        if product > limit {
            break;
        }
    }
    product
}
