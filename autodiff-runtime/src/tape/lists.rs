//! Old contents of lists.

use crate::workspace::{self, Plain};
use smallvec::SmallVec;

/// A stack of lists, one behind the other in one allocation: what a list held before it was written,
/// to be put back by the reverse sweep.
#[derive(Clone, Debug)]
pub struct Lists<T: Plain> {
    items: Vec<T>,
    /// Length and number of the lists, where several of one length follow each other.
    runs: SmallVec<[(usize, usize); 4]>,
    /// The number of lists to come, as far as it is known.
    expected: usize,
}

impl<T: Plain> Lists<T> {
    /// An empty stack. Allocates nothing.
    #[inline]
    pub fn new() -> Self {
        Lists::expecting(1)
    }

    /// An empty stack, of which the first list makes room for `count` of its length. Allocates
    /// nothing yet.
    #[inline]
    pub fn expecting(count: usize) -> Self {
        Lists { items: Vec::new(), runs: SmallVec::new(), expected: count }
    }

    /// Saves the content of a list.
    #[inline]
    pub fn push(&mut self, list: &[T]) {
        if self.items.capacity() - self.items.len() < list.len() {
            self.grow(list.len());
        }
        match self.runs.last_mut() {
            Some((length, count)) if *length == list.len() => *count += 1,
            _ => self.runs.push((list.len(), 1)),
        }
        self.items.extend_from_slice(list);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, more: usize) {
        if self.items.capacity() > 0 {
            // Doubles.
            return self.items.reserve(more);
        }
        let wanted = more.saturating_mul(self.expected.max(1));
        if let Some(mut items) =
            workspace::take::<T>(more).filter(|items| items.capacity() >= wanted)
        {
            items.clear();
            self.items = items;
        } else if self.items.try_reserve_exact(wanted).is_err() {
            // Not all of what is expected has to come.
            self.items.reserve(more);
        }
    }

    /// Takes over the list that was pushed last on the other stack.
    #[inline]
    pub fn push_top(&mut self, lists: &mut Lists<T>) {
        self.push(lists.last());
        lists.drop_last();
    }

    /// Puts back what was saved last: the list becomes as long as it was.
    ///
    /// # Panics
    ///
    /// If there is none, or if a list that cannot change its length has another one, which only a
    /// defect of the generated code can cause.
    #[inline]
    pub fn pop_into<L: Target<T> + ?Sized>(&mut self, list: &mut L) {
        list.set(self.last());
        self.drop_last();
    }

    /// What was saved last.
    #[inline]
    pub(super) fn last(&self) -> &[T] {
        let Some((length, _)) = self.runs.last() else { super::exhausted() };
        &self.items[self.items.len() - length..]
    }

    #[inline]
    pub(super) fn drop_last(&mut self) {
        if let Some((length, count)) = self.runs.last_mut() {
            self.items.truncate(self.items.len() - *length);
            *count -= 1;
            if *count == 0 {
                self.runs.pop();
            }
        }
    }

    /// The number of lists.
    pub fn len(&self) -> usize {
        self.runs.iter().map(|(_, count)| count).sum()
    }

    /// Whether nothing is saved.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

impl<T: Plain> Default for Lists<T> {
    #[inline]
    fn default() -> Self {
        Lists::new()
    }
}

impl<T: Plain> Drop for Lists<T> {
    #[inline]
    fn drop(&mut self) {
        workspace::give_back(std::mem::take(&mut self.items));
    }
}

/// Where an old content is put.
pub trait Target<T> {
    /// Takes over the content.
    fn set(&mut self, content: &[T]);
}

impl<T: Copy> Target<T> for [T] {
    #[inline]
    fn set(&mut self, content: &[T]) {
        self.copy_from_slice(content);
    }
}

impl<T: Copy> Target<T> for Vec<T> {
    #[inline]
    fn set(&mut self, content: &[T]) {
        if self.len() == content.len() {
            self.copy_from_slice(content);
        } else {
            self.clear();
            self.extend_from_slice(content);
        }
    }
}
