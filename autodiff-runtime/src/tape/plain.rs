//! Tapes of numbers, which a workspace keeps for the next call.

use super::INLINE;
use crate::differentiable::Differentiable;
use crate::workspace::{self, Plain};
use smallvec::SmallVec;
use std::ops::{Deref, DerefMut};

/// As [`Tape`](super::Tape), of plain data.
#[derive(Clone, Debug)]
pub struct PlainTape<T: Plain> {
    values: SmallVec<[T; INLINE]>,
}

impl<T: Plain> PlainTape<T> {
    /// An empty tape. Allocates nothing.
    #[inline]
    pub fn new() -> Self {
        PlainTape { values: SmallVec::new() }
    }

    /// Saves a value.
    #[inline]
    pub fn push(&mut self, value: T) {
        if self.values.len() == self.values.capacity() {
            self.grow();
        }
        self.values.push(value);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let more = 2 * self.values.len();
        if !self.values.spilled()
            && let Some(mut room) = workspace::take_largest(more)
        {
            room.clear();
            room.extend_from_slice(&self.values);
            self.values = SmallVec::from_vec(room);
        } else {
            self.values.reserve(1);
        }
    }

    /// Takes back the value saved last.
    ///
    /// # Panics
    ///
    /// If there is none, which only a defect of the generated code can cause.
    #[inline]
    #[track_caller]
    pub fn pop(&mut self) -> T {
        match self.values.pop() {
            Some(value) => value,
            None => super::exhausted(),
        }
    }

    /// Takes back the value saved last, if there is one.
    #[inline]
    pub fn try_pop(&mut self) -> Option<T> {
        self.values.pop()
    }

    /// The number of values saved.
    #[inline]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing is saved.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T: Plain> Default for PlainTape<T> {
    #[inline]
    fn default() -> Self {
        PlainTape::new()
    }
}

impl<T: Plain> Drop for PlainTape<T> {
    #[inline]
    fn drop(&mut self) {
        keep(&mut self.values);
    }
}

/// As [`Buffer`](super::Buffer), of plain data.
#[derive(Clone, Debug)]
pub struct PlainBuffer<T: Plain> {
    values: SmallVec<[T; INLINE]>,
}

impl<T: Plain> PlainBuffer<T> {
    /// `len` entries, to be assigned before they are read: they hold `filler`, or what is left from
    /// an earlier call.
    #[inline]
    pub fn new(filler: T, len: usize) -> Self {
        if len > INLINE
            && let Some(mut room) = workspace::take(len)
        {
            room.resize(len, filler);
            return PlainBuffer { values: SmallVec::from_vec(room) };
        }
        PlainBuffer { values: SmallVec::from_elem(filler, len) }
    }
}

impl<T: Plain> Deref for PlainBuffer<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.values
    }
}

impl<T: Plain> DerefMut for PlainBuffer<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values
    }
}

/// For forward over reverse.
impl<T: Plain + Differentiable> Differentiable for PlainBuffer<T> {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Vec<T::Tangent> {
        self.values.as_slice().zero_tangent()
    }
}

impl<T: Plain> Drop for PlainBuffer<T> {
    #[inline]
    fn drop(&mut self) {
        keep(&mut self.values);
    }
}

#[inline]
fn keep<T: Plain>(values: &mut SmallVec<[T; INLINE]>) {
    if values.spilled() {
        workspace::give_back(std::mem::take(values).into_vec());
    }
}

/// Zeros for the adjoint of a list, in memory of the workspace.
#[inline]
pub fn plain_zeros<T: Plain + Differentiable<Tangent = T>>(list: &[T]) -> Vec<T> {
    match workspace::take::<T>(list.len()) {
        None => list.zero_tangent(),
        Some(mut zeros) => {
            zeros.clear();
            // The zero of a number is that of all others.
            zeros.extend(list.iter().map(T::zero_tangent));
            zeros
        }
    }
}

/// The memory of a list that is not needed any more goes back to the workspace.
#[inline]
pub fn recycle<T: Plain>(list: Vec<T>) {
    workspace::give_back(list);
}
