//! A recorded scalar as a [`Real`]: what is written for `T: Real` runs on the tape, and so does
//! what is generated from it.

use super::formulas::Operand;
use super::scalar::{Base, Scalar};
use super::var::Var;
use crate::differentiable::{Accumulate, Entries, Mismatch, SameShape};
use crate::{Differentiable, Real};
use num_traits::{ToPrimitive, Zero};
use std::fmt;

/// `T::of` is a constant, and so is what [`Entries::set_entry`] writes.
impl<T: Base> Real for Var<T> {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Operand::of(value)
    }
}

impl<T: Base> Differentiable for Var<T> {
    type Tangent = Self;
    #[inline(always)]
    fn zero_tangent(&self) -> Self {
        Self::zero()
    }
}

impl<T: Base> Accumulate<Self> for Var<T> {
    #[inline(always)]
    fn add_tangent(&mut self, other: &Self) {
        *self += *other;
    }
}

impl<T: Base> SameShape<Self> for Var<T> {
    const BY_TYPE: bool = true;
    #[inline(always)]
    fn same_shape(&self, _other: &Self) -> Result<(), Mismatch> {
        Ok(())
    }
}

impl<T: Base> Entries for Var<T> {
    const FIXED_COUNT: Option<usize> = Some(1);
    fn entry_count(&self) -> usize {
        1
    }
    fn entry(&self, index: usize) -> f64 {
        assert!(index == 0, "no entry number {index}");
        self.to_f64().expect("a float")
    }
    fn set_entry(&mut self, index: usize, value: f64) {
        assert!(index == 0, "no entry number {index}");
        *self = Operand::of(value);
    }
    fn fill_zero(&mut self) {
        *self = Self::zero();
    }
    fn write_path(&self, _index: usize, _path: &mut String) {}
}

impl<T: Scalar + fmt::LowerExp> fmt::LowerExp for Var<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerExp::fmt(&self.value(), f)
    }
}
