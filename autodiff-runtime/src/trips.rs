//! The trips of a loop, backwards.

/// An integer that a loop may count with.
pub trait Trip: Copy {
    /// The value of trip number `k` of a loop whose first two values are given: they are evenly
    /// spaced.
    fn at(first: Self, second: Self, k: usize) -> Self;
}

macro_rules! integers {
    ($($int:ty),*) => {$(
        impl Trip for $int {
            // Wrapping arithmetic: a step may be too large for the signed type, but the result is
            // exact modulo 2ⁿ and known to fit.
            #[inline(always)]
            fn at(first: Self, second: Self, k: usize) -> Self {
                first.wrapping_add(second.wrapping_sub(first).wrapping_mul(k as Self))
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

/// The first `trips` values of an integer range (`a..b`, `a..=b`, with `step_by` and `rev`), last
/// one first. Allocates nothing.
///
/// The range has at least that many values.
#[inline]
pub fn trips_rev<I>(range: I, trips: usize) -> impl DoubleEndedIterator<Item = I::Item> + Clone
where
    I: IntoIterator<Item: Trip>,
{
    let mut values = range.into_iter();
    // With no trips there may be no first value; the pair is then never used.
    let ends = values.next().map(|first| (first, values.next().unwrap_or(first)));
    (0..trips).rev().map(move |k| match ends {
        Some((first, second)) => I::Item::at(first, second, k),
        None => panic!("a loop over an empty range has no trip number {k}"),
    })
}

/// All values of an integer range, last one first. Unlike `rev` it is there for every range:
/// `step_by` of an inclusive range or of one of 64-bit integers cannot be reversed. Allocates
/// nothing.
#[inline]
pub fn range_rev<I>(range: I) -> impl DoubleEndedIterator<Item = I::Item> + Clone
where
    I: IntoIterator<Item: Trip, IntoIter: Clone>,
{
    let values = range.into_iter();
    let trips = match values.size_hint() {
        (lower, Some(upper)) if lower == upper => lower,
        _ => values.clone().count(),
    };
    trips_rev(values, trips)
}

#[cfg(test)]
mod tests {
    use super::{range_rev, trips_rev};

    /// Against the definition.
    fn check<I: Iterator<Item: super::Trip + PartialEq + std::fmt::Debug> + Clone>(range: I) {
        let all: Vec<_> = range.clone().collect();
        for trips in 0..=all.len() {
            let expected: Vec<_> = all[..trips].iter().copied().rev().collect();
            assert_eq!(trips_rev(range.clone(), trips).collect::<Vec<_>>(), expected);
        }
        assert_eq!(range_rev(range).collect::<Vec<_>>(), all.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn ranges_of_every_kind() {
        check(0..0);
        check(0..1usize);
        check(3..10u8);
        check(-3..=3i64);
        check((0..=255u8).rev());
        check((-128..=127i8).step_by(51));
        check((-128..=127i8).step_by(200));
        check((0..20u32).step_by(7).rev());
        check((0..20usize).rev().step_by(7));
        check((0..=20u64).step_by(5));
        check(5..=5i32);
        #[expect(clippy::reversed_empty_ranges)]
        check(5..2usize);
    }

    #[test]
    fn no_trips_of_an_empty_range() {
        assert_eq!(trips_rev(0..0usize, 0).next(), None);
    }

    #[test]
    fn the_largest_values() {
        let last: Vec<_> = trips_rev(u64::MAX - 2..=u64::MAX, 3).collect();
        assert_eq!(last, [u64::MAX, u64::MAX - 1, u64::MAX - 2]);
    }
}
