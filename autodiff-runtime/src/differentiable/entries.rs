//! The floats inside a value, in order: what basis vectors, flattening and gradient checks use.

use super::{Differentiable, NoTangent};
use core::fmt::Write;

/// The float entries of a value of any shape, numbered in reading order.
///
/// Implemented for tangents and for values alike; integers, truth values and text have no entries.
/// Entries are exchanged as `f64`, which holds every `f32` exactly.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::Entries;
///
/// let mut w = (2.0, vec![[3.0, 4.0], [5.0, 6.0]], 7usize);
/// assert_eq!(w.entry_count(), 5);
/// assert_eq!(w.entry(3), 5.0);
/// w.set_entry(4, -1.0);
/// assert_eq!(w.1[1], [5.0, -1.0]);
/// assert_eq!(w.entry_path(4), ".1[1][1]");
/// w.fill_zero();
/// assert_eq!(w, (0.0, vec![[0.0, 0.0], [0.0, 0.0]], 7));
/// ```
pub trait Entries {
    /// The number of entries, where it is the same for all values of the type.
    const FIXED_COUNT: Option<usize>;

    /// The number of entries.
    fn entry_count(&self) -> usize;

    /// The entry number `index`.
    ///
    /// # Panics
    ///
    /// If there are no more than `index` entries.
    fn entry(&self, index: usize) -> f64;

    /// Overwrites the entry number `index`.
    ///
    /// # Panics
    ///
    /// If there are no more than `index` entries.
    fn set_entry(&mut self, index: usize, value: f64);

    /// Sets all entries to zero; the shape stays.
    fn fill_zero(&mut self);

    /// Appends to `path` how Rust names the entry number `index`: `[2].0`.
    fn write_path(&self, index: usize, path: &mut String);

    /// How Rust names the entry number `index`, starting from the value: `[2].0`; empty for a
    /// float.
    fn entry_path(&self, index: usize) -> String {
        let mut path = String::new();
        self.write_path(index, &mut path);
        path
    }
}

/// The number of float entries of `value`.
#[inline]
pub fn entry_count<A: Entries + ?Sized>(value: &A) -> usize {
    value.entry_count()
}

/// The entry number `index` of `value`.
#[inline]
pub fn entry<A: Entries + ?Sized>(value: &A, index: usize) -> f64 {
    value.entry(index)
}

/// Overwrites the entry number `index` of `target`.
#[inline]
pub fn set_entry<A: Entries + ?Sized>(target: &mut A, index: usize, value: f64) {
    target.set_entry(index, value);
}

/// Sets all of `target` to zero.
#[inline]
pub fn set_zero<A: Entries + ?Sized>(target: &mut A) {
    target.fill_zero();
}

/// The basis vector number `index` of the tangents of `value`: one there, zero elsewhere.
#[inline]
pub fn basis<P: Differentiable + ?Sized>(value: &P, index: usize) -> P::Tangent {
    let mut tangent = value.zero_tangent();
    tangent.set_entry(index, 1.0);
    tangent
}

/// The scalar product of two tangents of the same shape, which may be of different containers.
///
/// # Panics
///
/// If the numbers of entries differ.
pub fn inner<A: Entries + ?Sized, B: Entries + ?Sized>(a: &A, b: &B) -> f64 {
    let (count, other) = (a.entry_count(), b.entry_count());
    assert_eq!(count, other, "scalar product of derivatives with {count} and {other} entries");
    (0..count).map(|i| a.entry(i) * b.entry(i)).sum()
}

#[cold]
#[inline(never)]
fn no_entry(index: usize) -> ! {
    panic!("no entry number {index}")
}

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl Entries for $float {
            const FIXED_COUNT: Option<usize> = Some(1);

            #[inline(always)]
            fn entry_count(&self) -> usize {
                1
            }

            #[inline]
            fn entry(&self, index: usize) -> f64 {
                if index != 0 {
                    no_entry(index);
                }
                f64::from(*self)
            }

            #[inline]
            fn set_entry(&mut self, index: usize, value: f64) {
                if index != 0 {
                    no_entry(index);
                }
                *self = value as $float;
            }

            #[inline(always)]
            fn fill_zero(&mut self) {
                *self = 0.0;
            }

            fn write_path(&self, _index: usize, _path: &mut String) {}
        }
    )*};
}
floats!(f32, f64);

macro_rules! empty {
    ($($ty:ty),* $(,)?) => {$(
        impl Entries for $ty {
            const FIXED_COUNT: Option<usize> = Some(0);

            #[inline(always)]
            fn entry_count(&self) -> usize {
                0
            }

            fn entry(&self, index: usize) -> f64 {
                no_entry(index)
            }

            fn set_entry(&mut self, index: usize, _value: f64) {
                no_entry(index)
            }

            #[inline(always)]
            fn fill_zero(&mut self) {}

            fn write_path(&self, _index: usize, _path: &mut String) {}
        }
    )*};
}
empty!(
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    bool,
    char,
    str,
    String,
    (),
    NoTangent,
);

impl<T: Entries> Entries for [T] {
    const FIXED_COUNT: Option<usize> = None;

    #[inline]
    fn entry_count(&self) -> usize {
        match T::FIXED_COUNT {
            Some(each) => each * self.len(),
            None => self.iter().map(T::entry_count).sum(),
        }
    }

    #[inline]
    fn entry(&self, index: usize) -> f64 {
        let (at, inner) = locate(self, index);
        self[at].entry(inner)
    }

    #[inline]
    fn set_entry(&mut self, index: usize, value: f64) {
        let (at, inner) = locate(self, index);
        self[at].set_entry(inner, value);
    }

    #[inline]
    fn fill_zero(&mut self) {
        for item in self {
            item.fill_zero();
        }
    }

    fn write_path(&self, index: usize, path: &mut String) {
        let (at, inner) = locate(self, index);
        // Writing to a string cannot fail.
        let _ = write!(path, "[{at}]");
        self[at].write_path(inner, path);
    }
}

/// The item of `list` that holds the entry number `index`, and the entry's number in it.
#[inline]
fn locate<T: Entries>(list: &[T], index: usize) -> (usize, usize) {
    if let Some(each) = T::FIXED_COUNT {
        if each == 0 || index / each >= list.len() {
            no_entry(index);
        }
        return (index / each, index % each);
    }
    let mut inner = index;
    for (at, item) in list.iter().enumerate() {
        let count = item.entry_count();
        if inner < count {
            return (at, inner);
        }
        inner -= count;
    }
    no_entry(index)
}

/// The methods of a container that delegates to its slice.
macro_rules! through_slice {
    () => {
        #[inline]
        fn entry_count(&self) -> usize {
            self[..].entry_count()
        }

        #[inline]
        fn entry(&self, index: usize) -> f64 {
            self[..].entry(index)
        }

        #[inline]
        fn set_entry(&mut self, index: usize, value: f64) {
            self[..].set_entry(index, value);
        }

        #[inline]
        fn fill_zero(&mut self) {
            self[..].fill_zero();
        }

        fn write_path(&self, index: usize, path: &mut String) {
            self[..].write_path(index, path);
        }
    };
}

impl<T: Entries> Entries for Vec<T> {
    const FIXED_COUNT: Option<usize> = None;
    through_slice!();
}

impl<T: Entries, const N: usize> Entries for [T; N] {
    const FIXED_COUNT: Option<usize> = match T::FIXED_COUNT {
        Some(each) => Some(each * N),
        None => None,
    };
    through_slice!();
}

impl<T: Entries> Entries for Option<T> {
    const FIXED_COUNT: Option<usize> = match T::FIXED_COUNT {
        Some(0) => Some(0),
        _ => None,
    };

    #[inline]
    fn entry_count(&self) -> usize {
        self.as_ref().map_or(0, T::entry_count)
    }

    #[inline]
    fn entry(&self, index: usize) -> f64 {
        match self {
            Some(inner) => inner.entry(index),
            None => no_entry(index),
        }
    }

    #[inline]
    fn set_entry(&mut self, index: usize, value: f64) {
        match self {
            Some(inner) => inner.set_entry(index, value),
            None => no_entry(index),
        }
    }

    #[inline]
    fn fill_zero(&mut self) {
        if let Some(inner) = self {
            inner.fill_zero();
        }
    }

    fn write_path(&self, index: usize, path: &mut String) {
        if let Some(inner) = self {
            path.push_str(".Some");
            inner.write_path(index, path);
        }
    }
}

macro_rules! tuples {
    ($($name:ident . $index:tt),+) => {
        impl<$($name: Entries),+> Entries for ($($name,)+) {
            const FIXED_COUNT: Option<usize> = {
                let mut total = Some(0);
                $(total = match (total, $name::FIXED_COUNT) {
                    (Some(sum), Some(count)) => Some(sum + count),
                    _ => None,
                };)+
                total
            };

            #[inline]
            fn entry_count(&self) -> usize {
                0 $(+ self.$index.entry_count())+
            }

            #[inline]
            fn entry(&self, index: usize) -> f64 {
                let mut inner = index;
                $(
                    let count = self.$index.entry_count();
                    if inner < count {
                        return self.$index.entry(inner);
                    }
                    inner -= count;
                )+
                let _ = inner;
                no_entry(index)
            }

            #[inline]
            fn set_entry(&mut self, index: usize, value: f64) {
                let mut inner = index;
                $(
                    let count = self.$index.entry_count();
                    if inner < count {
                        return self.$index.set_entry(inner, value);
                    }
                    inner -= count;
                )+
                let _ = inner;
                no_entry(index)
            }

            #[inline]
            fn fill_zero(&mut self) {
                $(self.$index.fill_zero();)+
            }

            fn write_path(&self, index: usize, path: &mut String) {
                let mut inner = index;
                $(
                    let count = self.$index.entry_count();
                    if inner < count {
                        path.push_str(concat!(".", $index));
                        return self.$index.write_path(inner, path);
                    }
                    inner -= count;
                )+
                let _ = inner;
                no_entry(index)
            }
        }
    };
}

/// Calls a macro with the letters and indices of every tuple up to twelve.
macro_rules! for_tuples {
    ($call:ident) => {
        $call!(A.0);
        $call!(A.0, B.1);
        $call!(A.0, B.1, C.2);
        $call!(A.0, B.1, C.2, D.3);
        $call!(A.0, B.1, C.2, D.3, E.4);
        $call!(A.0, B.1, C.2, D.3, E.4, F.5);
        $call!(A.0, B.1, C.2, D.3, E.4, F.5, G.6);
        $call!(A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7);
        $call!(A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7, I.8);
        $call!(A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7, I.8, J.9);
        $call!(A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7, I.8, J.9, K.10);
        $call!(A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7, I.8, J.9, K.10, L.11);
    };
}
pub(super) use for_tuples;
for_tuples!(tuples);
