//! Arguments of generated functions that a caller fills or leaves out: adjoint and tangent slots.
//!
//! A caller's macro does not know which parameters of a callee are active, so that the callee has a
//! slot for every parameter. What the caller has no use for is [`Discard`], what does not vary is
//! [`Zero`]; both make the zeros that the callee works on out of the primal.

use crate::differentiable::{Differentiable, Tangent};
use core::borrow::{Borrow, BorrowMut};

/// A place for an adjoint `S` (`f64`, `[f64]`, `[f64; 3]`, a tuple …): `&mut` to it or to a
/// container of it, or [`Discard`]. Also for the tangent of a `&mut` parameter, where [`Zero`]
/// stands for one that starts at zero and whose final state nobody wants.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold the adjoint of a parameter, which is of type `{S}`"
)]
pub trait Slot<S: ?Sized> {
    /// The slot, held open for the duration of the call. `Z` is the zero that a missing slot makes.
    type Open<Z: BorrowMut<S>>: OpenSlot<S>;

    /// Opens the slot; `primal` is what it is the adjoint of, and gives a missing one its shape.
    fn open<P: Differentiable<Tangent: BorrowMut<S>> + ?Sized>(
        self,
        primal: &P,
    ) -> Self::Open<P::Tangent>;

    /// Opens the slot around a computation.
    #[inline(always)]
    fn with<P: Differentiable<Tangent: BorrowMut<S>> + ?Sized, R>(
        self,
        primal: &P,
        run: impl FnOnce(&mut S) -> R,
    ) -> R
    where
        Self: Sized,
    {
        run(OpenSlot::get(&mut self.open(primal)))
    }
}

/// An opened [`Slot`].
pub trait OpenSlot<S: ?Sized> {
    /// The adjoint in it.
    fn get(&mut self) -> &mut S;
}

impl<S: ?Sized, B: BorrowMut<S>> OpenSlot<S> for B {
    #[inline(always)]
    fn get(&mut self) -> &mut S {
        self.borrow_mut()
    }
}

/// The slot of an adjoint that the caller has no use for.
#[derive(Clone, Copy, Debug)]
pub struct Discard;

/// The slot of a tangent that is zero.
#[derive(Clone, Copy, Debug)]
pub struct Zero;

impl<'a, S: ?Sized> Slot<S> for &'a mut S {
    type Open<Z: BorrowMut<S>> = &'a mut S;

    #[inline(always)]
    fn open<P: Differentiable<Tangent: BorrowMut<S>> + ?Sized>(self, _primal: &P) -> &'a mut S {
        self
    }
}

impl<'a, T> Slot<[T]> for &'a mut Vec<T> {
    type Open<Z: BorrowMut<[T]>> = &'a mut [T];

    #[inline(always)]
    fn open<P: Differentiable<Tangent: BorrowMut<[T]>> + ?Sized>(self, _primal: &P) -> &'a mut [T] {
        self
    }
}

impl<'a, T, const N: usize> Slot<[T]> for &'a mut [T; N] {
    type Open<Z: BorrowMut<[T]>> = &'a mut [T];

    #[inline(always)]
    fn open<P: Differentiable<Tangent: BorrowMut<[T]>> + ?Sized>(self, _primal: &P) -> &'a mut [T] {
        self
    }
}

macro_rules! missing {
    ($($name:ident),*) => {$(
        impl<S: ?Sized> Slot<S> for $name {
            type Open<Z: BorrowMut<S>> = Z;

            #[inline(always)]
            fn open<P: Differentiable<Tangent: BorrowMut<S>> + ?Sized>(
                self,
                primal: &P,
            ) -> P::Tangent {
                primal.zero_tangent()
            }
        }
    )*};
}
missing!(Discard, Zero);

/// A tangent `S` of a parameter taken by value or by shared reference: `S` itself, `&S`, a reference
/// to a container of it, or [`Zero`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the tangent of a parameter, which is of type `{S}`"
)]
pub trait TangentSlot<S: ?Sized> {
    /// The slot, held open for the duration of the call. `Z` is the zero that a missing slot makes.
    type Open<Z: Borrow<S>>: OpenTangent<S>;

    /// Opens the slot; `primal` gives a missing tangent its shape.
    fn open<P: Differentiable<Tangent: Borrow<S>> + ?Sized>(
        self,
        primal: &P,
    ) -> Self::Open<P::Tangent>;

    /// Opens the slot around a computation.
    #[inline(always)]
    fn with<P: Differentiable<Tangent: Borrow<S>> + ?Sized, R>(
        self,
        primal: &P,
        run: impl FnOnce(&S) -> R,
    ) -> R
    where
        Self: Sized,
    {
        run(OpenTangent::get(&self.open(primal)))
    }
}

/// An opened [`TangentSlot`].
pub trait OpenTangent<S: ?Sized> {
    /// The tangent in it.
    fn get(&self) -> &S;

    /// The tangent, moved or cloned out of it.
    fn take(self) -> S
    where
        Self: Sized,
        S: Clone,
    {
        self.get().clone()
    }
}

impl<S: ?Sized, B: Borrow<S>> OpenTangent<S> for B {
    #[inline(always)]
    fn get(&self) -> &S {
        self.borrow()
    }
}

// Bounded, or it would overlap with the implementation for `Zero`.
impl<S: Tangent> TangentSlot<S> for S {
    type Open<Z: Borrow<S>> = S;

    #[inline(always)]
    fn open<P: Differentiable<Tangent: Borrow<S>> + ?Sized>(self, _primal: &P) -> S {
        self
    }
}

impl<'a, S: ?Sized> TangentSlot<S> for &'a S {
    type Open<Z: Borrow<S>> = &'a S;

    #[inline(always)]
    fn open<P: Differentiable<Tangent: Borrow<S>> + ?Sized>(self, _primal: &P) -> &'a S {
        self
    }
}

impl<'a, S: ?Sized> TangentSlot<S> for &'a mut S {
    type Open<Z: Borrow<S>> = &'a S;

    #[inline(always)]
    fn open<P: Differentiable<Tangent: Borrow<S>> + ?Sized>(self, _primal: &P) -> &'a S {
        self
    }
}

macro_rules! list_tangents {
    ($([$($n:ident),*] $list:ty;)*) => {$(
        impl<'a, T, $(const $n: usize),*> TangentSlot<[T]> for $list {
            type Open<Z: Borrow<[T]>> = &'a [T];

            #[inline(always)]
            fn open<P: Differentiable<Tangent: Borrow<[T]>> + ?Sized>(
                self,
                _primal: &P,
            ) -> &'a [T] {
                self
            }
        }
    )*};
}
list_tangents! {
    [] &'a Vec<T>;
    [] &'a mut Vec<T>;
    [N] &'a [T; N];
    [N] &'a mut [T; N];
}

impl<S: ?Sized> TangentSlot<S> for Zero {
    type Open<Z: Borrow<S>> = Z;

    #[inline(always)]
    fn open<P: Differentiable<Tangent: Borrow<S>> + ?Sized>(self, primal: &P) -> P::Tangent {
        primal.zero_tangent()
    }
}
