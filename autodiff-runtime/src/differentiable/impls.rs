//! [`Differentiable`] for the types of the language and its standard library.

use super::{Differentiable, NoTangent};
use core::array;

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl Differentiable for $float {
            type Tangent = $float;

            #[inline(always)]
            fn zero_tangent(&self) -> $float {
                0.0
            }

            #[inline]
            fn zero_tangents(list: &[$float]) -> Vec<$float> {
                vec![0.0; list.len()]
            }
        }
    )*};
}
floats!(f32, f64);

macro_rules! discrete {
    ($($ty:ty),* $(,)?) => {$(
        impl Differentiable for $ty {
            type Tangent = NoTangent;

            #[inline(always)]
            fn zero_tangent(&self) -> NoTangent {
                NoTangent
            }
        }
    )*};
}
discrete!(
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
    core::cmp::Ordering,
    core::ops::RangeFull,
    NoTangent,
);

macro_rules! ranges {
    ($($range:ident),*) => {$(
        impl<T> Differentiable for core::ops::$range<T> {
            type Tangent = NoTangent;

            #[inline(always)]
            fn zero_tangent(&self) -> NoTangent {
                NoTangent
            }
        }
    )*};
}
ranges!(Range, RangeInclusive, RangeFrom, RangeTo, RangeToInclusive);

impl<T: Differentiable + ?Sized> Differentiable for &T {
    type Tangent = T::Tangent;

    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        (**self).zero_tangent()
    }
}

impl<T: Differentiable + ?Sized> Differentiable for &mut T {
    type Tangent = T::Tangent;

    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        (**self).zero_tangent()
    }
}

impl<T: Differentiable + ?Sized> Differentiable for Box<T> {
    type Tangent = T::Tangent;

    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        (**self).zero_tangent()
    }
}

impl<T: Differentiable> Differentiable for [T] {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Vec<T::Tangent> {
        T::zero_tangents(self)
    }
}

impl<T: Differentiable> Differentiable for Vec<T> {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Vec<T::Tangent> {
        self.as_slice().zero_tangent()
    }
}

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Tangent = [T::Tangent; N];

    #[inline]
    fn zero_tangent(&self) -> [T::Tangent; N] {
        array::from_fn(|i| self[i].zero_tangent())
    }
}

impl<T: Differentiable> Differentiable for Option<T> {
    type Tangent = Option<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Option<T::Tangent> {
        self.as_ref().map(T::zero_tangent)
    }
}

macro_rules! tuples {
    ($($name:ident . $index:tt),+) => {
        impl<$($name: Differentiable),+> Differentiable for ($($name,)+) {
            type Tangent = ($($name::Tangent,)+);

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($(self.$index.zero_tangent(),)+)
            }
        }
    };
}
super::entries::for_tuples!(tuples);
