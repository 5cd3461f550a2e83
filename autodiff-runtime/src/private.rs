//! Everything that expansions of `#[differentiable]` call. No stable interface: it changes with the
//! macros, which depend on exactly this version.

pub use crate::differentiable::{
    Accumulate, Differentiable, Entries, NoTangent, Real, SameShape, Tangent, accumulate, basis,
    entry, entry_count, same_len, set_entry, set_zero, zero_like,
};
pub use crate::rules::functions::*;
pub use crate::slots::{Discard, OpenSlot, OpenTangent, Slot, TangentSlot, Zero};
pub use crate::stop_gradient;
pub use crate::tape::{Once, Tape};
pub use crate::trips::{Trip, trips_rev};
