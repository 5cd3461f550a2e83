//! Primal, hand-written gradient and generated gradient, interleaved in one process.
//!
//! `cargo bench --bench gradients` prints a line a program: nanoseconds of the primal for each
//! call and the ratios of the others to it. Ratios of medians; thread CPU time.

mod measure;
mod programs;

use measure::{Case, Table};

fn main() {
    let mut table = Table::default();
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    for case in programs::all() {
        let Case { name, .. } = &case;
        if wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str())) {
            table.run(case);
        }
    }
    table.print();
}
