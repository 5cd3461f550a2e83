//! Addition of tangents in place, across the containers that share a shape.

use super::NoTangent;

/// Addition in place of a tangent of the same shape: `self += other`.
///
/// Slices, `Vec`s and arrays mix freely. Generic code calls it for what `+=` cannot add.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::Accumulate;
///
/// let mut sum = vec![[1.0, 2.0], [3.0, 4.0]];
/// sum.add_tangent(&[[10.0, 20.0]; 2]);
/// assert_eq!(sum, [[11.0, 22.0], [13.0, 24.0]]);
/// ```
#[diagnostic::on_unimplemented(
    message = "a derivative of type `{Other}` cannot be added to one of type `{Self}`"
)]
pub trait Accumulate<Other: ?Sized> {
    /// Adds `other`, entry by entry.
    ///
    /// # Panics
    ///
    /// If the shapes differ; before anything of that list is written.
    fn add_tangent(&mut self, other: &Other);
}

/// `target += value`, entry by entry.
#[inline]
pub fn accumulate<A: Accumulate<B> + ?Sized, B: ?Sized>(target: &mut A, value: &B) {
    target.add_tangent(value);
}

impl Accumulate<f64> for f64 {
    #[inline(always)]
    fn add_tangent(&mut self, other: &f64) {
        *self += other;
    }
}

impl Accumulate<f32> for f32 {
    #[inline(always)]
    fn add_tangent(&mut self, other: &f32) {
        *self += other;
    }
}

impl Accumulate<NoTangent> for NoTangent {
    #[inline(always)]
    fn add_tangent(&mut self, _other: &NoTangent) {}
}

// A value may come by reference.
impl<A: Accumulate<B> + ?Sized, B: ?Sized> Accumulate<&B> for A {
    #[inline(always)]
    fn add_tangent(&mut self, other: &&B) {
        self.add_tangent(*other);
    }
}

impl<A: Accumulate<B> + ?Sized, B: ?Sized> Accumulate<&mut B> for A {
    #[inline(always)]
    fn add_tangent(&mut self, other: &&mut B) {
        self.add_tangent(&**other);
    }
}

#[inline]
fn add_lists<A: Accumulate<B>, B>(target: &mut [A], value: &[B]) {
    if target.len() != value.len() {
        lengths_differ(target.len(), value.len());
    }
    for (a, b) in target.iter_mut().zip(value) {
        a.add_tangent(b);
    }
}

#[cold]
#[inline(never)]
fn lengths_differ(target: usize, value: usize) -> ! {
    panic!("a derivative of length {value} cannot be added to one of length {target}")
}

macro_rules! lists {
    ($([$($n:ident),*] $target:ty, $value:ty;)*) => {$(
        impl<A: Accumulate<B>, B, $(const $n: usize),*> Accumulate<$value> for $target {
            #[inline]
            fn add_tangent(&mut self, other: &$value) {
                add_lists(&mut self[..], &other[..]);
            }
        }
    )*};
}
lists! {
    [] [A], [B];
    [] [A], Vec<B>;
    [N] [A], [B; N];
    [] Vec<A>, [B];
    [] Vec<A>, Vec<B>;
    [N] Vec<A>, [B; N];
    [N] [A; N], [B];
    [N] [A; N], Vec<B>;
    [N] [A; N], [B; N];
}

impl<A: Accumulate<B>, B> Accumulate<Option<B>> for Option<A> {
    #[inline]
    fn add_tangent(&mut self, other: &Option<B>) {
        match (self, other) {
            (Some(a), Some(b)) => a.add_tangent(b),
            (_, None) => {}
            (None, Some(_)) => panic!("a derivative of `Some` cannot be added to one of `None`"),
        }
    }
}

macro_rules! tuples {
    ($(($name:ident $other:ident) . $index:tt),+) => {
        impl<$($name: Accumulate<$other>, $other),+> Accumulate<($($other,)+)> for ($($name,)+) {
            #[inline]
            fn add_tangent(&mut self, other: &($($other,)+)) {
                $(self.$index.add_tangent(&other.$index);)+
            }
        }
    };
}
tuples!((A A2).0);
tuples!((A A2).0, (B B2).1);
tuples!((A A2).0, (B B2).1, (C C2).2);
tuples!((A A2).0, (B B2).1, (C C2).2, (D D2).3);
tuples!((A A2).0, (B B2).1, (C C2).2, (D D2).3, (E E2).4);
tuples!((A A2).0, (B B2).1, (C C2).2, (D D2).3, (E E2).4, (F F2).5);
tuples!((A A2).0, (B B2).1, (C C2).2, (D D2).3, (E E2).4, (F F2).5, (G G2).6);
tuples!((A A2).0, (B B2).1, (C C2).2, (D D2).3, (E E2).4, (F F2).5, (G G2).6, (H H2).7);
tuples!(
    (A A2).0, (B B2).1, (C C2).2, (D D2).3, (E E2).4, (F F2).5, (G G2).6, (H H2).7, (I I2).8
);
tuples!(
    (A A2).0, (B B2).1, (C C2).2, (D D2).3, (E E2).4, (F F2).5, (G G2).6, (H H2).7, (I I2).8,
    (J J2).9
);
tuples!(
    (A A2).0, (B B2).1, (C C2).2, (D D2).3, (E E2).4, (F F2).5, (G G2).6, (H H2).7, (I I2).8,
    (J J2).9, (K K2).10
);
tuples!(
    (A A2).0, (B B2).1, (C C2).2, (D D2).3, (E E2).4, (F F2).5, (G G2).6, (H H2).7, (I I2).8,
    (J J2).9, (K K2).10, (L L2).11
);
