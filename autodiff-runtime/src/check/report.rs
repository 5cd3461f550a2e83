//! What a check found.

use core::fmt;

/// The outcome of a check: how far the derivative is from what was expected.
///
/// The error of an entry is relative to the larger of the two numbers, and absolute where both are
/// below 1. A NaN or an infinity on either side is an infinite error.
#[derive(Clone, Debug)]
#[must_use = "a report does nothing until it is asked, as by `.assert(1e-7)`"]
pub struct Report {
    reference: &'static str,
    entries: usize,
    worst: Option<Entry>,
}

/// One entry of a derivative.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number, counted through the derivative in reading order.
    pub index: usize,
    /// How Rust names it, starting from the derivative: `.1[3]`; empty where that is a float.
    pub path: String,
    /// What the derivative says.
    pub got: f64,
    /// What it is held against.
    pub expected: f64,
    /// How far they are apart: relative above 1, absolute below.
    pub error: f64,
    /// How exact `expected` is, by its own estimate and in the same measure.
    pub uncertainty: f64,
}

impl Report {
    pub(super) fn new(reference: &'static str) -> Self {
        Report { reference, entries: 0, worst: None }
    }

    pub(super) fn compare(
        &mut self,
        index: usize,
        path: impl FnOnce() -> String,
        got: f64,
        expected: (f64, f64),
    ) {
        self.compare_sized(index, path, got, expected, 1.0);
    }

    /// `size` is what an error is measured by at the least.
    pub(super) fn compare_sized(
        &mut self,
        index: usize,
        path: impl FnOnce() -> String,
        got: f64,
        (expected, uncertainty): (f64, f64),
        size: f64,
    ) {
        self.entries += 1;
        let size = size.max(1.0).max(got.abs()).max(expected.abs());
        let error = ((got - expected) / size).abs();
        let error = if error.is_nan() { f64::INFINITY } else { error };
        if self.worst.as_ref().is_none_or(|worst| error > worst.error) {
            let uncertainty = uncertainty / size;
            self.worst = Some(Entry { index, path: path(), got, expected, error, uncertainty });
        }
    }

    /// The number of entries compared.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// The entry with the largest error; `None` if there was nothing to compare.
    pub fn worst(&self) -> Option<&Entry> {
        self.worst.as_ref()
    }

    /// The largest error; 0 if there was nothing to compare.
    pub fn error(&self) -> f64 {
        self.worst.as_ref().map_or(0.0, |worst| worst.error)
    }

    /// Whether no error is larger than `tolerance`.
    pub fn passes(&self, tolerance: f64) -> bool {
        self.error() <= tolerance
    }

    /// Fails a test if an error is larger than `tolerance`.
    ///
    /// For finite differences in `f64` 1e-7 is safe and 1e-9 usual, for the dot-product test 1e-12;
    /// in `f32` 1e-3 and 1e-5.
    ///
    /// # Panics
    ///
    /// If it is; the message names the worst entry, both numbers and the error.
    #[track_caller]
    pub fn assert(&self, tolerance: f64) {
        assert!(self.passes(tolerance), "derivative check failed at {tolerance:e}: {self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(worst) = &self.worst else {
            return write!(f, "no entries to compare");
        };
        let Entry { index, path, got, expected, error, uncertainty } = worst;
        let entries = self.entries;
        writeln!(
            f,
            "the worst of {entries} is entry {index}{}{path}",
            if path.is_empty() { "" } else { ", " }
        )?;
        writeln!(f, "  got      {got:.17e}")?;
        writeln!(f, "  expected {expected:.17e} (by {})", self.reference)?;
        write!(f, "  error    {error:.2e}")?;
        if *uncertainty > 0.0 {
            write!(f, ", of which {uncertainty:.1e} may be the reference's own")?;
        }
        Ok(())
    }
}
