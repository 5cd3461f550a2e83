//! Counted integers, loads behind `&mut` that are kept once, parts of lists beside calls.

#[differentiable]
fn gated(weights: &[f64], hidden: &mut [f64], width: usize) {
    let mut start = 0;
    for i in 0..width {
        let gate = sigmoid(hidden[i] * weights[2 * width + i]);
        let mut fed = hidden[i];
        for j in 0..width - i {
            fed += weights[start + j] * fed;
        }
        hidden[i] = gate * fed.tanh();
        start += width - i;
    }
}
