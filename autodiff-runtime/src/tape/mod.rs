//! Typed stacks on which generated code leaves what its reverse sweep needs.

mod buffer;
mod lists;
mod once;
mod plain;
mod store;
#[cfg(test)]
mod tests;

pub use buffer::Buffer;
pub use lists::Lists;
pub use once::Once;
pub use plain::{PlainBuffer, PlainTape, plain_zeros, recycle};
pub use store::{Keep, Store, Take, Word};

use smallvec::SmallVec;

/// Values that a tape holds in itself, before it allocates: more than most loops of unknown length
/// make trips.
const INLINE: usize = 32;

/// A stack of saved values of one site in the code: the forward sweep pushes, the reverse sweep
/// pops. The first 32 values need no heap.
#[derive(Clone, Debug)]
pub struct Tape<T> {
    values: SmallVec<[T; INLINE]>,
}

impl<T> Tape<T> {
    /// An empty tape. Allocates nothing.
    #[inline]
    pub fn new() -> Self {
        Tape { values: SmallVec::new() }
    }

    /// An empty tape with room for `capacity` values.
    #[inline]
    pub fn with_capacity(capacity: usize) -> Self {
        Tape { values: SmallVec::with_capacity(capacity) }
    }

    /// Saves a value.
    #[inline]
    pub fn push(&mut self, value: T) {
        self.values.push(value);
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
            None => exhausted(),
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

impl<T> Default for Tape<T> {
    #[inline]
    fn default() -> Self {
        Tape::new()
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn exhausted() -> ! {
    panic!("the reverse sweep asks for a value that was not saved (a defect of autodiff)")
}
