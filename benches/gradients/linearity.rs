//! How time and memory grow with the length of a loop: from 10³ to 10⁷ elements.

use crate::inputs::symmetric;
use crate::measure::{Effort, median, time};
use crate::memory::{self, Use};
use crate::programs::{chain, rosenbrock};
use std::hint::black_box;

pub struct Growth {
    pub name: &'static str,
    /// Nothing has to be kept: memory may not depend on n.
    pub reduction: bool,
    pub points: Vec<Point>,
}

pub struct Point {
    pub n: usize,
    pub primal_ns: f64,
    pub generated_ns: f64,
    pub heap: Use,
}

const LENGTHS: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// A function of a slice and its adjoint, which adds to a buffer.
struct Program {
    name: &'static str,
    reduction: bool,
    primal: fn(&[f64]) -> f64,
    adjoint: fn(&[f64], f64, &mut [f64]) -> f64,
}

const PROGRAMS: [Program; 2] = [
    Program {
        name: "rosenbrock, which keeps nothing",
        reduction: true,
        primal: rosenbrock::rosenbrock,
        adjoint: rosenbrock::adjoint_rosenbrock,
    },
    Program {
        name: "chain, which keeps a value a trip",
        reduction: false,
        primal: chain::chain,
        adjoint: chain::adjoint_chain,
    },
];

/// The names under which this can be asked for.
pub fn is_wanted(filters: &[String]) -> bool {
    filters.is_empty() || filters.iter().any(|f| "linearity".contains(f.as_str()))
}

pub fn run(effort: Effort, longest: usize) -> Vec<Growth> {
    PROGRAMS
        .into_iter()
        .map(|Program { name, reduction, primal, adjoint }| {
            let lengths = LENGTHS.into_iter().filter(|&n| n <= longest);
            let points = lengths.map(|n| point(n, effort, primal, adjoint)).collect();
            Growth { name, reduction, points }
        })
        .collect()
}

fn point(
    n: usize,
    effort: Effort,
    primal: fn(&[f64]) -> f64,
    adjoint: fn(&[f64], f64, &mut [f64]) -> f64,
) -> Point {
    let x = symmetric(0, n);
    let x_too = x.clone();
    let mut buffer = vec![0.0; n];
    // What the buffer held before does not matter for time; adding to it does not overflow.
    let mut works: [crate::case::Work; 2] = [
        Box::new(move |_| primal(black_box(&x_too))),
        Box::new(move |g| adjoint(black_box(&x), 1.0, g)),
    ];
    let heap = memory::of(|| {
        black_box((works[1])(&mut buffer));
    });
    // Samples of some ten milliseconds at the shorter lengths.
    let calls = (2_000_000 / n).max(1) as u32;
    let mut samples = [Vec::new(), Vec::new()];
    for _ in 0..effort.samples.min(15) {
        for (work, samples) in works.iter_mut().zip(&mut samples) {
            let taken = time(work, &mut buffer, calls);
            samples.push(taken.as_secs_f64() * 1e9 / f64::from(calls));
        }
    }
    let [primal_ns, generated_ns] = samples.map(median);
    Point { n, primal_ns, generated_ns, heap }
}
