#[differentiable]
fn matrix<const N: usize>(m: &[[f64; N]; N], v: [f64; N]) -> [f64; N] {
    let mut out = [0.0; N];
    for i in 0..N {
        for j in 0..N {
            out[i] += m[i][j] * v[j];
        }
    }
    out
}
