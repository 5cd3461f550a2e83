//! Inputs from a counter-based generator, so that figures can be repeated.

/// Uniform in [0, 1), from a counter (splitmix64; Steele, Lea & Flood 2014).
pub fn u(i: usize) -> f64 {
    let mut z = (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 53) as f64
}

/// `n` numbers in [-1, 1), from the counter `start` on.
pub fn symmetric(start: usize, n: usize) -> Vec<f64> {
    (start..start + n).map(|i| 2.0 * u(i) - 1.0).collect()
}
