//! Everything that expansions of `#[differentiable]` call. No stable interface: it changes with the
//! macros, which depend on exactly this version.

pub use crate::differentiable::{
    Accumulate, Differentiable, Entries, NoTangent, Real, SameShape, Tangent, accumulate, basis,
    entry, entry_count, inner, same_len, set_entry, set_zero, zero_like,
};
pub use crate::disjoint::disjoint;
pub use crate::rules::functions::*;
pub use crate::scalar_function::ScalarFunction;
pub use crate::slots::{Discard, OpenSlot, OpenTangent, Slot, TangentSlot, Zero};
pub use crate::stop_gradient;
pub use crate::tape::{
    Buffer, Keep, Lists, Once, PlainBuffer, PlainTape, Store, Take, Tape, Word, plain_zeros,
    recycle,
};
pub use crate::trips::{Trip, range_rev, trips_rev};

/// The traits of the standard prelude, for their methods: all that expansions need of it under
/// `#![no_implicit_prelude]`. Nothing has a name, so that nothing of the user's is shadowed.
pub mod prelude {
    pub use core::clone::Clone as _;
    pub use core::convert::{AsMut as _, AsRef as _, From as _, Into as _};
    pub use core::iter::{
        DoubleEndedIterator as _, ExactSizeIterator as _, Extend as _, IntoIterator as _,
        Iterator as _,
    };
    pub use std::borrow::ToOwned as _;
    pub use std::string::ToString as _;
}
