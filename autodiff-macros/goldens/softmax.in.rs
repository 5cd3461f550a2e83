#[differentiable]
fn softmax(x: &[f64]) -> Vec<f64> {
    let mut out: Vec<f64> = x.iter().map(|v| v.exp()).collect();
    let sum: f64 = out.iter().sum();
    for v in out.iter_mut() {
        *v /= sum;
    }
    out
}
