//! A tape of known length.

use crate::differentiable::Differentiable;
use smallvec::SmallVec;
use std::ops::{Index, IndexMut};

/// Values that a loop with a known number of trips saves, one entry a trip. The first 32 entries
/// need no heap, more of them one allocation.
#[derive(Clone, Debug)]
pub struct Buffer<T> {
    values: SmallVec<[T; super::INLINE]>,
}

impl<T: Clone> Buffer<T> {
    /// `len` entries, each `filler` until it is assigned.
    #[inline]
    pub fn new(filler: T, len: usize) -> Self {
        Buffer { values: SmallVec::from_elem(filler, len) }
    }
}

impl<T> Index<usize> for Buffer<T> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, trip: usize) -> &T {
        &self.values[trip]
    }
}

impl<T> IndexMut<usize> for Buffer<T> {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, trip: usize) -> &mut T {
        &mut self.values[trip]
    }
}

/// For forward over reverse.
impl<T: Differentiable> Differentiable for Buffer<T> {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Vec<T::Tangent> {
        self.values.as_slice().zero_tangent()
    }
}
