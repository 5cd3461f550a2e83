//! Random directions, the same in every run.

use crate::differentiable::Entries;

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random {
    state: u64,
}

impl Random {
    pub fn new(seed: u64) -> Self {
        Random { state: seed }
    }

    /// Between -1 and 1, and not close to 0: every entry is to count.
    fn next(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let size = 0.25 + 0.75 * ((z >> 12) as f64 / (1u64 << 52) as f64);
        if z & 1 == 0 { size } else { -size }
    }

    /// `shape` with random entries. They are rounded to `f32`, so that products with them are the
    /// same for either float.
    pub fn fill<T: Entries>(&mut self, mut shape: T) -> T {
        for i in 0..shape.entry_count() {
            shape.set_entry(i, f64::from(self.next() as f32));
        }
        shape
    }
}
