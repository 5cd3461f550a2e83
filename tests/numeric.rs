//! Finite differences and comparisons.

/// A small generator of numbers in -1 .. 1: seeds and directions.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(2862933555777941757).wrapping_add(3037000493))
    }

    /// The next number.
    pub fn draw(&mut self) -> f64 {
        // Knuth's MMIX constants.
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// `columns[j][i]`: derivative of output `i` with respect to input `j`, by central differences at
/// four step widths, extrapolated.
pub fn jacobian(f: &dyn Fn(&[f64]) -> Vec<f64>, x: &[f64]) -> Vec<Vec<f64>> {
    let mut point = x.to_vec();
    let mut columns = Vec::with_capacity(x.len());
    for j in 0..x.len() {
        let mut rows: Vec<Vec<f64>> = Vec::new();
        let mut step = 1e-3 * (1.0 + x[j].abs());
        for _ in 0..4 {
            point[j] = x[j] + step;
            let width_up = point[j] - x[j];
            let above = f(&point);
            point[j] = x[j] - step;
            let width = width_up + (x[j] - point[j]);
            let below = f(&point);
            point[j] = x[j];
            assert_eq!(above.len(), below.len(), "the number of outputs depends on the input");
            let mut row: Vec<f64> =
                above.iter().zip(&below).map(|(a, b)| (a - b) / width).collect();
            let mut factor = 4.0;
            // Neville's scheme in place: rows[k] holds the k-th extrapolation of the last level.
            for previous in rows.iter_mut() {
                let refined: Vec<f64> = row
                    .iter()
                    .zip(previous.iter())
                    .map(|(fine, coarse)| fine + (fine - coarse) / (factor - 1.0))
                    .collect();
                *previous = std::mem::replace(&mut row, refined);
                factor *= 4.0;
            }
            rows.push(row);
            step *= 0.5;
        }
        columns.push(rows.pop().expect("four levels"));
    }
    columns
}

/// The scalar product.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "lengths differ");
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Equal up to `tolerance`, relative for large numbers; NaN equals NaN.
pub fn close(got: f64, want: f64, tolerance: f64) -> bool {
    got == want
        || (got.is_nan() && want.is_nan())
        || (got - want).abs() <= tolerance * (1.0 + want.abs())
}

/// The same number, NaN included.
pub fn same(got: f64, want: f64) -> bool {
    got == want || (got.is_nan() && want.is_nan())
}

/// Panics with the worst entry.
#[track_caller]
pub fn assert_close(what: &str, got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}: {got:?} should have the shape of {want:?}");
    for (i, (&g, &w)) in got.iter().zip(want).enumerate() {
        assert!(
            close(g, w, tolerance),
            "{what}: entry {i} is {g:?}, expected {w:?}\n got {got:?}\nwant {want:?}"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finite_differences_are_accurate() {
        let f = |x: &[f64]| vec![x[0].sin() * x[1].exp(), x[0].powi(5) / x[1]];
        let x = [0.7_f64, 1.3];
        let columns = jacobian(&f, &x);
        assert_close(
            "d/dx",
            &columns[0],
            &[x[0].cos() * x[1].exp(), 5.0 * x[0].powi(4) / x[1]],
            1e-11,
        );
        assert_close(
            "d/dy",
            &columns[1],
            &[x[0].sin() * x[1].exp(), -x[0].powi(5) / (x[1] * x[1])],
            1e-11,
        );
    }
}
