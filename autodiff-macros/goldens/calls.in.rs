#[differentiable]
fn calls(x: &[f64], n: usize) -> f64 {
    let mut work = vec![0.0; n];
    cumulative(x, &mut work);
    println!("{work:?}");
    geometry::dot(&work, &x[..n]) * work[0]
}
