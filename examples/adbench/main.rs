//! ADBench on real input: objectives and full derivatives against reference values.
//!
//! ```text
//! cargo run --release --example adbench                      # the files in examples/data/adbench
//! cargo run --release --example adbench gmm_10k_d128_K200.txt [gmm_10k_d128_K200.json] …
//! ```
//!
//! The kind of a problem is the beginning of its file's name: `gmm`, `lstm`, `ba` or `hand`. The
//! reference is the `.json` file named after it, else the one with the same name beside it, or in
//! a folder `ref` there or one level up. Where there is none, forward mode, reverse mode and finite
//! differences are held against each other. A hand model is looked for in a folder `model` beside
//! the file or one level up, else the bundled one is taken.
//!
//! The objectives are those of ADBench (Šrajer, Kukelova, Fitzgibbon, "A benchmark of selected
//! algorithmic differentiation tools on some problems in computer vision and machine learning",
//! 2018), each in a file of its own, written as one would write them without thinking of
//! derivatives.

mod ba;
mod gmm;
mod hand;
mod lstm;
mod read;
mod report;

use read::Result;
use report::{Progress, Reference, Report};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is run without arguments.
const BUNDLED: [&str; 7] = [
    "gmm_test.txt",
    "gmm_1k_d2_K5.txt",
    "gmm_1k_d10_K10.txt",
    "lstm_l2_c1024.txt",
    "ba_test.txt",
    "ba1_n49_m7776_p31843.txt",
    "hand/hand_simple_c100.txt",
];

fn main() -> ExitCode {
    let mut jobs: Vec<(PathBuf, Option<PathBuf>)> = Vec::new();
    for argument in std::env::args_os().skip(1).map(PathBuf::from) {
        match jobs.last_mut() {
            Some((_, reference)) if argument.extension().is_some_and(|e| e == "json") => {
                *reference = Some(argument);
            }
            _ => jobs.push((argument, None)),
        }
    }
    if jobs.is_empty() {
        jobs = BUNDLED.iter().map(|name| (bundled().join(name), None)).collect();
    }

    let mut failed = Vec::new();
    for (path, reference) in jobs {
        match run(&path, reference) {
            Ok(true) => {}
            Ok(false) => failed.push(path),
            Err(error) => {
                println!("\n{}: {error}", path.display());
                failed.push(path);
            }
        }
    }
    if failed.is_empty() {
        println!("\nAll values agree.");
        return ExitCode::SUCCESS;
    }
    println!("\nFailed:");
    for path in failed {
        println!("  {}", path.display());
    }
    ExitCode::FAILURE
}

fn bundled() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/adbench")
}

fn run(path: &Path, reference: Option<PathBuf>) -> Result<bool> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or("not a file name")?;
    let reference = match reference.or_else(|| find_reference(path)) {
        Some(path) => Some(Reference::load(&path)?),
        None => None,
    };
    let text = read::text(path)?;
    let report = Report::new(name);
    if reference.is_none() {
        report.note("reference", "none found");
    }
    match name {
        _ if name.starts_with("gmm") => {
            let problem = gmm::Problem::parse(&text)?;
            let start = [&problem.alphas[..], &problem.means, &problem.icf].concat();
            let at = |p: &[f64]| {
                let (alphas, rest) = p.split_at(problem.alphas.len());
                let (means, icf) = rest.split_at(problem.means.len());
                let gmm::Problem { points, dim, gamma, m, .. } = &problem;
                gmm::objective(alphas, means, icf, points, *dim, *gamma, *m)
            };
            let scalar = Scalar {
                objective: &|| problem.objective(),
                value_and_gradient: &|| problem.value_and_gradient(),
                directional: &|v| problem.directional(v),
                start,
                at: &at,
            };
            scalar.check(report, reference)
        }
        _ if name.starts_with("lstm") => {
            let problem = lstm::Problem::parse(&text)?;
            let at = |p: &[f64]| {
                let (main, extra) = p.split_at(problem.main.len());
                lstm::objective(main, extra, &problem.state, &problem.sequence, problem.width)
            };
            let scalar = Scalar {
                objective: &|| problem.objective(),
                value_and_gradient: &|| problem.value_and_gradient(),
                directional: &|v| problem.directional(v),
                start: [&problem.main[..], &problem.extra].concat(),
                at: &at,
            };
            scalar.check(report, reference)
        }
        _ if name.starts_with("ba") => check_bundle(&ba::Problem::parse(&text)?, report, reference),
        _ if name.starts_with("hand") => {
            let model = hand::Model::load(&find_model(path))?;
            check_hand(&hand::Problem::parse(&text, model)?, report, reference)
        }
        _ => Err("the name has to begin with gmm, lstm, ba or hand".into()),
    }
}

fn find_reference(path: &Path) -> Option<PathBuf> {
    let stem = path.file_stem()?.to_str()?;
    let mut names = vec![format!("{stem}.json"), format!("ba_{stem}.json")];
    // hand_simple_c100.txt has hand_c100.json, hand_complicated_c100.txt handc_c100.json.
    names.push(format!("{}.json", stem.replace("_simple", "").replace("_complicated", "c")));
    let beside = path.parent()?;
    let folders = [beside.to_path_buf(), beside.join("ref"), beside.join("../ref")];
    let candidates = folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name)));
    candidates.into_iter().find(|candidate| candidate.is_file())
}

fn find_model(path: &Path) -> PathBuf {
    let beside = path.parent().unwrap_or(Path::new(""));
    [beside.join("model"), beside.join("../model")]
        .into_iter()
        .find(|folder| folder.join("bones.txt").is_file())
        .unwrap_or_else(|| bundled().join("hand/model"))
}

/// A direction without any regularity, the same in every run.
fn direction(n: usize) -> Vec<f64> {
    let entry = |i: usize| (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11;
    (0..n).map(|i| 2.0 * entry(i) as f64 / (1_u64 << 53) as f64 - 1.0).collect()
}

/// A scalar objective, as far as the check needs to know it.
struct Scalar<'a> {
    objective: &'a dyn Fn() -> f64,
    value_and_gradient: &'a dyn Fn() -> (f64, Vec<f64>),
    directional: &'a dyn Fn(&[f64]) -> f64,
    start: Vec<f64>,
    at: &'a dyn Fn(&[f64]) -> f64,
}

impl Scalar<'_> {
    fn check(&self, mut report: Report, reference: Option<Reference>) -> Result<bool> {
        let objective = (self.objective)();
        let (value, gradient) = (self.value_and_gradient)();

        report.consistent("value, in the gradient's sweep", value, objective, 1e-14);
        match &reference {
            Some(reference) => {
                report.value("objective", objective, reference.number("objective")?);
                report.vector("gradient", &gradient, &reference.vector("gradient")?);
            }
            None => {
                let step = 1e-6;
                let direction = direction(gradient.len());
                let moved = |h: f64| -> f64 {
                    let p: Vec<f64> =
                        self.start.iter().zip(&direction).map(|(p, v)| p + h * v).collect();
                    (self.at)(&p)
                };
                let quotient = (moved(step) - moved(-step)) / (2.0 * step);
                report.note("objective", objective);
                report.note("|gradient|", report::norm(&gradient));
                let slope = product(&gradient, &direction);
                report.consistent("reverse, finite differences", slope, quotient, 1e-5);
            }
        }
        let direction = direction(gradient.len());
        let forward = (self.directional)(&direction);
        report.consistent("forward, reverse", forward, product(&gradient, &direction), 1e-9);
        let primal = report::time(self.objective);
        report.cost("with gradient", primal, report::time(self.value_and_gradient));
        Ok(report.passed())
    }
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn check_bundle(
    problem: &ba::Problem,
    mut report: Report,
    reference: Option<Reference>,
) -> Result<bool> {
    let count = problem.observations();
    let mut progress = Progress::new("observations");
    let first = problem.blocks(0);
    let (first_errors, first_weight_error) = problem.errors(0);
    let mut errors_square = 0.0;
    let mut jacobian_square = 0.0;
    let mut others = 0;
    for i in 0..count {
        progress.at(i, count);
        let (errors, _) = problem.errors(i);
        let blocks = problem.blocks(i);
        errors_square += product(&errors, &errors);
        jacobian_square += product(&blocks.rows[0], &blocks.rows[0])
            + product(&blocks.rows[1], &blocks.rows[1])
            + blocks.weight * blocks.weight;
        // Every observation of these files is the same.
        others += usize::from(blocks != first);
    }
    drop(progress);

    report.consistent("blocks that differ from the first", others as f64, 0.0, 0.0);
    let v: [f64; 15] = std::array::from_fn(|i| direction(15)[i]);
    let forward = problem.directional(0, &v);
    for (i, row) in first.rows.iter().enumerate() {
        report.consistent(
            &format!("forward, reverse, row {i}"),
            forward[i],
            product(row, &v),
            1e-12,
        );
    }
    match &reference {
        Some(reference) => {
            report.vector("errors", &first_errors, &reference.vector("reproj_err_each")?);
            report.value("weight's error", first_weight_error, reference.number("w_err_each")?);
            report.vector("row 0", &first.rows[0], &reference.vector("J_block_row0")?);
            report.vector("row 1", &first.rows[1], &reference.vector("J_block_row1")?);
            report.value("weight's derivative", first.weight, reference.number("w_J_each")?);
            report.value("|all errors|", errors_square.sqrt(), reference.number("reproj_err_l2")?);
            report.value("|Jacobian|", jacobian_square.sqrt(), reference.number("J_l2")?);
            report.value("non-zeros", (31 * count) as f64, reference.number("nnz")?);
        }
        None => {
            report.note("errors", format!("{first_errors:?}, {first_weight_error}"));
            report.note("|all errors|", errors_square.sqrt());
            report.note("|Jacobian|", jacobian_square.sqrt());
        }
    }
    let all = || 0..count;
    let primal = report::time(|| all().for_each(|i| _ = black_box(problem.errors(i))));
    let blocks = report::time(|| all().for_each(|i| _ = black_box(problem.blocks(i))));
    report.cost("Jacobian", primal, blocks);
    Ok(report.passed())
}

fn check_hand(
    problem: &hand::Problem,
    mut report: Report,
    reference: Option<Reference>,
) -> Result<bool> {
    let errors = problem.errors();
    let mut progress = Progress::new("columns");
    let columns = problem.jacobian(|column, columns| progress.at(column, columns));
    drop(progress);

    match &reference {
        Some(reference) => {
            report.vector("errors", &errors, &reference.vector("err")?);
            report.vector("Jacobian", &columns.concat(), &reference.vector("jacobian_colmajor")?);
        }
        None => {
            report.note("|errors|", report::norm(&errors));
            report.note("|Jacobian|", report::norm(&columns.concat()));
        }
    }
    // A row from a reverse sweep against the forward columns, for a few rows.
    let own = columns.len() - hand::PARAMETERS;
    let v = direction(hand::PARAMETERS);
    for row in [0, errors.len() / 2, errors.len() - 1] {
        let forward: Vec<f64> = columns[own..].iter().map(|column| column[row]).collect();
        let what = format!("forward, reverse, row {row}");
        report.consistent(&what, product(&forward, &v), product(&problem.row(row), &v), 1e-9);
    }
    let primal = report::time(|| problem.errors());
    report.cost("Jacobian", primal, report::time(|| problem.jacobian(|_, _| {})));
    Ok(report.passed())
}
