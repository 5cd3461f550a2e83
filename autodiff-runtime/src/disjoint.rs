//! Several parts of one list, borrowed mutably at once.

use std::ops::Range;

/// The parts, for calls whose arguments come from the two sides of a `split_at_mut`.
///
/// # Panics
///
/// If two ranges overlap or one reaches beyond the end, naming both.
#[inline]
pub fn disjoint<T, const N: usize>(list: &mut [T], ranges: [Range<usize>; N]) -> [&mut [T]; N] {
    let length = list.len();
    let shown = ranges.clone();
    match list.get_disjoint_mut(ranges) {
        Ok(parts) => parts,
        Err(error) => panic!("the parts {shown:?} of a list of length {length}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::disjoint;

    #[test]
    fn gives_the_parts() {
        let mut list = [1, 2, 3, 4];
        let [a, b] = disjoint(&mut list, [2..4, 0..1]);
        std::mem::swap(&mut a[0], &mut b[0]);
        assert_eq!(list, [3, 2, 1, 4]);
    }

    #[test]
    #[should_panic(expected = "the parts [0..2, 1..3] of a list of length 4")]
    fn names_what_overlaps() {
        disjoint(&mut [1, 2, 3, 4], [0..2, 1..3]);
    }
}
