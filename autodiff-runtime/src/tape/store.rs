//! The stack on which calls leave what their reverse sweeps need: of one type for all functions, so
//! that no function has to name, or even know, what its callees keep, and recursion needs no
//! recursive type.

use super::Lists;
use crate::workspace::{self, Plain};

/// Words that a store holds in itself, before it allocates.
const INLINE: usize = 40;

/// Words that it allocates at first.
const FIRST: usize = 4096;

/// A stack of words. What is kept last is taken first, with the same type.
#[derive(Clone, Debug)]
pub struct Store {
    /// The bottom of the stack: `used` words.
    inline: [u64; INLINE],
    used: usize,
    /// The rest of it, once a value did not fit.
    heap: Vec<u64>,
}

impl Store {
    /// An empty stack. Allocates nothing.
    #[inline]
    pub fn new() -> Self {
        Store { inline: [0; INLINE], used: 0, heap: Vec::new() }
    }

    /// Keeps a value.
    #[inline(always)]
    pub fn push<T: Keep + ?Sized>(&mut self, value: &T) {
        value.keep(self);
    }

    /// Takes back the value kept last.
    ///
    /// # Panics
    ///
    /// If there is none, which only a defect of the generated code can cause.
    #[inline(always)]
    pub fn pop<T: Take>(&mut self) -> T {
        T::take(self)
    }

    /// As [`Store::pop`], with the type that the function returns, which is not called.
    ///
    /// # Panics
    ///
    /// As [`Store::pop`].
    #[inline(always)]
    pub fn pop_like<A, T: Take>(&mut self, _: impl FnOnce(A) -> T) -> T {
        T::take(self)
    }

    /// The number of words kept.
    #[inline]
    pub fn len(&self) -> usize {
        self.used + self.heap.len()
    }

    /// Whether nothing is kept.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    fn put<const N: usize>(&mut self, words: [u64; N]) {
        if self.heap.is_empty() {
            if let Some(room) = self.inline.get_mut(self.used..self.used + N) {
                room.copy_from_slice(&words);
                self.used += N;
                return;
            }
            self.spill();
        }
        self.heap.extend_from_slice(&words);
    }

    /// The heap's first words are about to come.
    #[cold]
    #[inline(never)]
    fn spill(&mut self) {
        if self.heap.capacity() == 0
            && let Some(mut heap) = workspace::take_largest(FIRST)
        {
            heap.clear();
            self.heap = heap;
        }
        self.heap.reserve(FIRST);
    }

    /// Keeps the list that was pushed last on the other stack, and takes it away there.
    #[inline]
    pub fn push_top<T: Word>(&mut self, lists: &mut Lists<T>) {
        self.push(lists.last());
        lists.drop_last();
    }

    /// Puts back the content of a list, kept by `push`, in its place.
    ///
    /// # Panics
    ///
    /// If there is none, or if a list that cannot change its length has another one, which only a
    /// defect of the generated code can cause.
    #[inline]
    pub fn pop_into<L: Refill + ?Sized>(&mut self, list: &mut L) {
        let length = usize::take(self);
        let Some(start) = self.heap.len().checked_sub(length) else { exhausted() };
        list.refill(&self.heap[start..]);
        self.heap.truncate(start);
    }

    #[inline(always)]
    fn get<const N: usize>(&mut self) -> [u64; N] {
        if let Some((rest, last)) = self.heap.split_last_chunk::<N>() {
            let (length, last) = (rest.len(), *last);
            self.heap.truncate(length);
            return last;
        }
        match self.inline[..self.used].split_last_chunk::<N>() {
            Some((rest, last)) if self.heap.is_empty() => {
                self.used = rest.len();
                *last
            }
            _ => exhausted(),
        }
    }
}

impl Drop for Store {
    #[inline]
    fn drop(&mut self) {
        workspace::give_back(std::mem::take(&mut self.heap));
    }
}

impl Default for Store {
    #[inline]
    fn default() -> Self {
        Store::new()
    }
}

/// A value that fits one word.
pub trait Word: Plain {
    /// Its bits.
    fn to_word(self) -> u64;
    /// The value of these bits.
    fn from_word(word: u64) -> Self;
}

/// What [`Store::push`] takes.
pub trait Keep {
    /// Puts the value on top.
    fn keep(&self, store: &mut Store);
}

/// What [`Store::pop`] gives.
pub trait Take {
    /// Takes the value from the top.
    fn take(store: &mut Store) -> Self;
}

/// What [`Store::pop_into`] fills.
pub trait Refill {
    /// Takes over the content.
    fn refill(&mut self, words: &[u64]);
}

impl<T: Word> Refill for [T] {
    #[inline]
    fn refill(&mut self, words: &[u64]) {
        assert_eq!(self.len(), words.len(), "lists of different lengths (a defect of autodiff)");
        for (item, word) in self.iter_mut().zip(words) {
            *item = T::from_word(*word);
        }
    }
}

impl<T: Word> Refill for Vec<T> {
    #[inline]
    fn refill(&mut self, words: &[u64]) {
        if self.len() == words.len() {
            return self.as_mut_slice().refill(words);
        }
        self.clear();
        self.extend(words.iter().map(|word| T::from_word(*word)));
    }
}

impl Word for f64 {
    #[inline(always)]
    fn to_word(self) -> u64 {
        self.to_bits()
    }
    #[inline(always)]
    fn from_word(word: u64) -> Self {
        f64::from_bits(word)
    }
}

impl Word for f32 {
    #[inline(always)]
    fn to_word(self) -> u64 {
        u64::from(self.to_bits())
    }
    #[inline(always)]
    fn from_word(word: u64) -> Self {
        f32::from_bits(word as u32)
    }
}

impl Word for bool {
    #[inline(always)]
    fn to_word(self) -> u64 {
        u64::from(self)
    }
    #[inline(always)]
    fn from_word(word: u64) -> Self {
        word != 0
    }
}

macro_rules! integers {
    ($($int:ty)*) => {$(
        impl Word for $int {
            #[inline(always)]
            fn to_word(self) -> u64 {
                self as u64
            }
            #[inline(always)]
            fn from_word(word: u64) -> Self {
                word as $int
            }
        }
    )*};
}
integers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

macro_rules! single_words {
    ($($word:ty)*) => {$(
        impl Keep for $word {
            #[inline(always)]
            fn keep(&self, store: &mut Store) {
                store.put([self.to_word()]);
            }
        }
        impl Take for $word {
            #[inline(always)]
            fn take(store: &mut Store) -> Self {
                let [word] = store.get();
                Word::from_word(word)
            }
        }
    )*};
}
single_words!(f64 f32 bool u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

/// Several at once, so that the capacity is looked at once.
macro_rules! tuples {
    ($($name:ident)*) => {
        #[allow(non_snake_case)]
        impl<$($name: Word),*> Keep for ($($name,)*) {
            #[inline(always)]
            fn keep(&self, store: &mut Store) {
                let ($($name,)*) = *self;
                store.put([$($name.to_word()),*]);
            }
        }
        #[allow(non_snake_case)]
        impl<$($name: Word),*> Take for ($($name,)*) {
            #[inline(always)]
            fn take(store: &mut Store) -> Self {
                let [$($name),*] = store.get();
                ($(Word::from_word($name),)*)
            }
        }
    };
}
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);

impl<T: Word, const N: usize> Keep for [T; N] {
    #[inline(always)]
    fn keep(&self, store: &mut Store) {
        store.put(self.map(Word::to_word));
    }
}

impl<T: Word, const N: usize> Take for [T; N] {
    #[inline(always)]
    fn take(store: &mut Store) -> Self {
        store.get().map(Word::from_word)
    }
}

/// Always on the heap.
impl<T: Word> Keep for [T] {
    #[inline]
    fn keep(&self, store: &mut Store) {
        if store.heap.is_empty() {
            store.spill();
        }
        store.heap.extend(self.iter().map(|item| item.to_word()));
        store.heap.push(self.len().to_word());
    }
}

impl<T: Word> Keep for Vec<T> {
    #[inline]
    fn keep(&self, store: &mut Store) {
        self.as_slice().keep(store);
    }
}

impl<T: Word> Take for Vec<T> {
    #[inline]
    fn take(store: &mut Store) -> Self {
        let length = usize::take(store);
        let Some(start) = store.heap.len().checked_sub(length) else { exhausted() };
        let words = store.heap[start..].iter();
        let mut items = workspace::take(length).unwrap_or_default();
        items.clear();
        items.extend(words.map(|word| T::from_word(*word)));
        store.heap.truncate(start);
        items
    }
}

#[cold]
#[inline(never)]
fn exhausted() -> ! {
    panic!("a reverse sweep takes more than its forward sweep kept: a defect of autodiff");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_last_is_taken_first() {
        let mut store = Store::new();
        store.push(&1.5);
        store.push(&(2_usize, -3_i32, true, 0.25_f32, f64::NAN.to_bits()));
        store.push(&[1.0, -0.0, f64::INFINITY]);
        store.push(&vec![7.0_f32, 8.0]);
        store.push(&[9_u8, 10][..]);
        store.push(&Vec::<f64>::new());
        store.push(&-1_isize);
        assert_eq!(store.pop::<isize>(), -1);
        assert_eq!(store.pop::<Vec<f64>>(), []);
        assert_eq!(store.pop::<Vec<u8>>(), [9, 10]);
        assert_eq!(store.pop::<Vec<f32>>(), [7.0, 8.0]);
        let array = store.pop::<[f64; 3]>();
        assert_eq!(array.map(f64::to_bits), [1.0, -0.0, f64::INFINITY].map(f64::to_bits));
        let tuple = store.pop::<(usize, i32, bool, f32, u64)>();
        assert_eq!(tuple, (2, -3, true, 0.25, f64::NAN.to_bits()));
        assert_eq!(store.pop::<f64>(), 1.5);
        assert!(store.is_empty());
        assert_eq!(store.len(), 0);
    }

    #[test]
    #[should_panic(expected = "a defect of autodiff")]
    fn more_than_there_is() {
        let mut store = Store::new();
        store.push(&1.0);
        store.pop::<(f64, f64)>();
    }
}
