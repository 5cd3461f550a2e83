#[differentiable]
fn in_place(x: &mut [f64], s: f64) {
    for i in 1..x.len() {
        x[i] *= s * x[i - 1];
    }
}
