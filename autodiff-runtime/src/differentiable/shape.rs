//! Whether a buffer has the shape of what it is the derivative of.

use super::NoTangent;
use core::fmt::{self, Write};

/// Two lengths that should be the same, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Indices from the outside in; reversed while it is built.
    path: String,
    primal: Measure,
    other: Measure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Length(usize),
    Variant(&'static str),
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measure::Length(length) => write!(f, "has length {length}"),
            Measure::Variant(name) => write!(f, "is {name}"),
        }
    }
}

impl Mismatch {
    #[cold]
    fn new(primal: Measure, other: Measure) -> Self {
        Mismatch { path: String::new(), primal, other }
    }

    #[cold]
    fn under(mut self, step: fmt::Arguments<'_>) -> Self {
        let mut path = String::new();
        // Writing to a string cannot fail.
        let _ = path.write_fmt(step);
        path.push_str(&self.path);
        self.path = path;
        self
    }
}

/// A value whose shape can be held against that of its derivative.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot have a derivative of type `{Other}`"
)]
pub trait SameShape<Other: ?Sized> {
    /// Whether the types alone make the shapes equal.
    const BY_TYPE: bool;

    /// # Errors
    ///
    /// The first place at which the shapes differ.
    fn same_shape(&self, other: &Other) -> Result<(), Mismatch>;
}

/// Checks that `other`, an adjoint buffer or a tangent, has the shape of the parameter `primal`.
///
/// # Panics
///
/// If it has not; the message names the parameter and both lengths.
#[inline]
#[track_caller]
pub fn same_len<A: SameShape<B> + ?Sized, B: ?Sized>(name: &str, primal: &A, other: &B) {
    if A::BY_TYPE {
        return;
    }
    if let Err(mismatch) = primal.same_shape(other) {
        refuse(name, &mismatch);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn refuse(name: &str, Mismatch { path, primal, other }: &Mismatch) -> ! {
    panic!("`{name}{path}` {primal}, but its adjoint or tangent {other}")
}

impl<A: ?Sized> SameShape<NoTangent> for A {
    const BY_TYPE: bool = true;

    #[inline(always)]
    fn same_shape(&self, _other: &NoTangent) -> Result<(), Mismatch> {
        Ok(())
    }
}

impl<A: SameShape<B> + ?Sized, B: ?Sized> SameShape<&B> for A {
    const BY_TYPE: bool = A::BY_TYPE;

    #[inline]
    fn same_shape(&self, other: &&B) -> Result<(), Mismatch> {
        self.same_shape(*other)
    }
}

impl<A: SameShape<B> + ?Sized, B: ?Sized> SameShape<&mut B> for A {
    const BY_TYPE: bool = A::BY_TYPE;

    #[inline]
    fn same_shape(&self, other: &&mut B) -> Result<(), Mismatch> {
        self.same_shape(&**other)
    }
}

/// References (and boxes) to a primal: one implementation for each kind of tangent, as a blanket
/// one would overlap with those for references to tangents.
macro_rules! through_references {
    ([$($generics:tt)*] $other:ty) => {
        through_references!(@ [$($generics)*] $other, &P);
        through_references!(@ [$($generics)*] $other, &mut P);
        through_references!(@ [$($generics)*] $other, Box<P>);
    };
    (@ [$($generics:tt)*] $other:ty, $primal:ty) => {
        impl<P: SameShape<$other> + ?Sized, $($generics)*> SameShape<$other> for $primal {
            const BY_TYPE: bool = P::BY_TYPE;

            #[inline]
            fn same_shape(&self, other: &$other) -> Result<(), Mismatch> {
                (**self).same_shape(other)
            }
        }
    };
}

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl SameShape<$float> for $float {
            const BY_TYPE: bool = true;

            #[inline(always)]
            fn same_shape(&self, _other: &$float) -> Result<(), Mismatch> {
                Ok(())
            }
        }
        through_references!([] $float);
    )*};
}
floats!(f32, f64);

#[inline]
fn compare_lists<A: SameShape<B>, B>(primal: &[A], other: &[B]) -> Result<(), Mismatch> {
    if primal.len() != other.len() {
        return Err(Mismatch::new(Measure::Length(primal.len()), Measure::Length(other.len())));
    }
    if !A::BY_TYPE {
        for (i, (a, b)) in primal.iter().zip(other).enumerate() {
            if let Err(inner) = a.same_shape(b) {
                return Err(inner.under(format_args!("[{i}]")));
            }
        }
    }
    Ok(())
}

macro_rules! lists {
    ($([$($n:ident),*] $primal:ty, $other:ty, $by_type:expr;)*) => {$(
        impl<A: SameShape<B>, B, $(const $n: usize),*> SameShape<$other> for $primal {
            const BY_TYPE: bool = $by_type;

            #[inline]
            fn same_shape(&self, other: &$other) -> Result<(), Mismatch> {
                compare_lists(&self[..], &other[..])
            }
        }
    )*};
}
lists! {
    [] [A], [B], false;
    [] [A], Vec<B>, false;
    [N] [A], [B; N], false;
    [] Vec<A>, [B], false;
    [] Vec<A>, Vec<B>, false;
    [N] Vec<A>, [B; N], false;
    [N] [A; N], [B], false;
    [N] [A; N], Vec<B>, false;
    [N] [A; N], [B; N], A::BY_TYPE;
}
through_references!([B][B]);
through_references!([B] Vec<B>);
through_references!([B, const N: usize] [B; N]);

impl<A: SameShape<B>, B> SameShape<Option<B>> for Option<A> {
    const BY_TYPE: bool = false;

    #[inline]
    fn same_shape(&self, other: &Option<B>) -> Result<(), Mismatch> {
        let name = |is_some| Measure::Variant(if is_some { "`Some`" } else { "`None`" });
        match (self, other) {
            (Some(a), Some(b)) => a.same_shape(b),
            (None, None) => Ok(()),
            _ => Err(Mismatch::new(name(self.is_some()), name(other.is_some()))),
        }
    }
}
through_references!([B] Option<B>);

macro_rules! tuples {
    ($(($name:ident $other:ident) . $index:tt),+) => {
        impl<$($name: SameShape<$other>, $other),+> SameShape<($($other,)+)> for ($($name,)+) {
            const BY_TYPE: bool = true $(&& $name::BY_TYPE)+;

            #[inline]
            fn same_shape(&self, other: &($($other,)+)) -> Result<(), Mismatch> {
                $(
                    if let Err(inner) = self.$index.same_shape(&other.$index) {
                        return Err(inner.under(format_args!(".{}", $index)));
                    }
                )+
                Ok(())
            }
        }
        through_references!([$($other),+] ($($other,)+));
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
