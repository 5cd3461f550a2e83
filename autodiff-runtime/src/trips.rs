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
