//! Computed beside expected.

use crate::read::{Result, text};
use serde_json::Value;
use std::fmt::Display;
use std::hint::black_box;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The largest relative difference from a reference value that passes.
pub const TOLERANCE: f64 = 1e-10;

/// What came of one file.
pub struct Report {
    failures: usize,
}

impl Report {
    pub fn new(title: impl Display) -> Report {
        println!("\n{title}");
        println!("  {:<32} {:>24} {:>24} {:>12}", "", "computed", "expected", "relative");
        Report { failures: 0 }
    }

    pub fn passed(&self) -> bool {
        self.failures == 0
    }

    /// What a derivative costs, beside what the function itself does.
    pub fn cost(&self, what: &str, primal: Duration, derivative: Duration) {
        let ratio = derivative.as_secs_f64() / primal.as_secs_f64();
        let times = format!("{primal:.2?}, {what} {derivative:.2?}: {ratio:.2} times as much");
        self.note("time", times);
    }

    pub fn note(&self, what: &str, text: impl Display) {
        println!("  {what:<32} {text}");
    }

    /// One number against the reference.
    pub fn value(&mut self, what: &str, computed: f64, expected: f64) {
        self.line(what, computed, expected, relative(computed, expected), TOLERANCE);
    }

    /// Entry by entry against the reference. Printed: the length of the vectors as a summary, and
    /// the worst entry.
    pub fn vector(&mut self, what: &str, computed: &[f64], expected: &[f64]) {
        if computed.len() != expected.len() {
            self.failures += 1;
            println!("  {what}: {} entries, expected {}", computed.len(), expected.len());
            return;
        }
        let errors = entry_errors(computed, expected);
        let norm = norm(computed);
        let summary = relative(norm, self::norm(expected));
        self.line(
            &format!("|{what}|, {}", computed.len()),
            norm,
            self::norm(expected),
            summary,
            TOLERANCE,
        );
        // A NaN counts as worst of all.
        let worst = (0..errors.len()).max_by(|&i, &j| {
            let key = |i: usize| {
                if errors[i].is_nan() { f64::INFINITY } else { errors[i] }
            };
            key(i).total_cmp(&key(j))
        });
        if let Some(i) = worst {
            self.line(
                &format!("  worst: {what}[{i}]"),
                computed[i],
                expected[i],
                errors[i],
                TOLERANCE,
            );
        }
    }

    /// Two ways to the same number, where there is no reference or beside it.
    pub fn consistent(&mut self, what: &str, one: f64, other: f64, tolerance: f64) {
        self.line(what, one, other, relative(one, other), tolerance);
    }

    fn line(&mut self, what: &str, computed: f64, expected: f64, error: f64, tolerance: f64) {
        // Written so that NaN fails.
        let passes = error <= tolerance;
        self.failures += usize::from(!passes);
        let mark = if passes { "" } else { "  <-- WRONG" };
        println!("  {what:<32} {computed:>24.16e} {expected:>24.16e} {error:>12.1e}{mark}");
    }
}

/// The difference of two numbers relative to the expected one; 0 where both are 0.
pub fn relative(computed: f64, expected: f64) -> f64 {
    if computed == expected { 0.0 } else { (computed - expected).abs() / expected.abs() }
}

/// The difference of each entry, relative to the expected one.
pub fn entry_errors(computed: &[f64], expected: &[f64]) -> Vec<f64> {
    computed.iter().zip(expected).map(|(&c, &e)| relative(c, e)).collect()
}

pub fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// How long `f` takes: the least of as many runs as fit into a moment, of one at least.
pub fn time<R>(f: impl Fn() -> R) -> Duration {
    let start = Instant::now();
    let mut least = Duration::MAX;
    while least == Duration::MAX || start.elapsed() < Duration::from_millis(100) {
        let clock = Instant::now();
        black_box(f());
        least = least.min(clock.elapsed());
    }
    least
}

/// The reference values of a file, if they are there.
pub struct Reference(Value);

impl Reference {
    pub fn load(path: &Path) -> Result<Reference> {
        let value = serde_json::from_str(&text(path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Reference(value))
    }

    pub fn number(&self, key: &str) -> Result<f64> {
        self.0[key].as_f64().ok_or_else(|| format!("the reference has no number `{key}`").into())
    }

    pub fn vector(&self, key: &str) -> Result<Vec<f64>> {
        let list = self.0[key].as_array();
        list.and_then(|list| list.iter().map(Value::as_f64).collect())
            .ok_or_else(|| format!("the reference has no list of numbers `{key}`").into())
    }
}

/// A line that tells how far a long run has come. Silent for the first half second, and where
/// nobody looks.
pub struct Progress {
    what: &'static str,
    start: Instant,
    shown: Option<Instant>,
}

impl Progress {
    pub fn new(what: &'static str) -> Progress {
        Progress { what, start: Instant::now(), shown: None }
    }

    pub fn at(&mut self, done: usize, all: usize) {
        let now = Instant::now();
        let last = self.shown.unwrap_or(self.start);
        if now - last < Duration::from_millis(500) || !std::io::stderr().is_terminal() {
            return;
        }
        self.shown = Some(now);
        let seconds = (now - self.start).as_secs_f64();
        let left = seconds / done.max(1) as f64 * (all - done) as f64;
        let percent = 100 * done / all.max(1);
        eprint!("\r  {}: {done} of {all} ({percent} %), {left:.0} s left   ", self.what);
        // Only a line of comfort: if it cannot be shown, the run goes on.
        let _ = std::io::stderr().flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.is_some() {
            eprint!("\r{:70}\r", "");
        }
    }
}
