//! Trips that go forward and back, in which a loop's trips leave a list of sums.

#[differentiable]
fn triangles(points: &[f64], factors: &[f64], n: usize, m: usize) -> f64 {
    let mut y = vec![0.0; n];
    let mut total = 0.0;
    for p in 0..m {
        let mut weights = 0.0;
        for c in 0..2 {
            for j in 0..n {
                y[j] = 0.0;
            }
            let mut start = c;
            for k in 0..n {
                for j in k..n {
                    y[j] += factors[start + j - k] * points[p * n + k];
                }
                start += n - k;
            }
            let mut squares = 0.0;
            for j in 0..n {
                squares += y[j] * y[j];
            }
            weights += squares;
        }
        total += weights * weights;
    }
    total
}
