//! Timing: thread CPU time, samples of at least ten milliseconds, contestants in turn.

use cpu_time::ThreadTime;
use std::time::Duration;

const SAMPLES: usize = 30;
const SAMPLE: Duration = Duration::from_millis(10);

/// A contestant: does the work once and returns something that depends on it.
pub type Work = Box<dyn FnMut() -> f64>;

/// A program with its contestants.
pub struct Case {
    pub name: &'static str,
    pub primal: Work,
    pub by_hand: Option<Work>,
    /// `value_and_grad_f` or `adjoint_f`.
    pub generated: Work,
    /// `grad_f`.
    pub gradient_only: Option<Work>,
    /// What Rust's `std::autodiff` takes over its primal, from the literature of this project.
    pub enzyme: Option<f64>,
}

/// Results, a line a program.
#[derive(Default)]
pub struct Table {
    lines: Vec<Line>,
}

struct Line {
    name: &'static str,
    primal_ns: f64,
    by_hand: Option<f64>,
    generated: f64,
    gradient_only: Option<f64>,
    enzyme: Option<f64>,
}

impl Table {
    /// Measures one program.
    pub fn run(&mut self, case: Case) {
        eprint!("{} …", case.name);
        let mut works = vec![case.primal, case.generated];
        let by_hand = case.by_hand.map(|w| push(&mut works, w));
        let gradient_only = case.gradient_only.map(|w| push(&mut works, w));
        let calls: Vec<u32> = works.iter_mut().map(calls_for_a_sample).collect();
        let mut samples = vec![Vec::with_capacity(SAMPLES); works.len()];
        for _ in 0..SAMPLES {
            for (i, work) in works.iter_mut().enumerate() {
                samples[i].push(time(work, calls[i]));
            }
        }
        let medians: Vec<f64> = samples.into_iter().map(median).collect();
        let ratio = |i: usize| medians[i] / medians[0];
        self.lines.push(Line {
            name: case.name,
            primal_ns: medians[0],
            generated: ratio(1),
            by_hand: by_hand.map(ratio),
            gradient_only: gradient_only.map(ratio),
            enzyme: case.enzyme,
        });
        eprintln!(" done");
    }

    /// The table as Markdown.
    pub fn print(&self) {
        println!("| program | primal, ns | by hand | generated | gradient only | std::autodiff |");
        println!("| --- | --- | --- | --- | --- | --- |");
        let show = |x: Option<f64>| x.map_or("–".to_string(), |x| format!("{x:.2}"));
        for line in &self.lines {
            println!(
                "| {} | {:.1} | {} | {:.2} | {} | {} |",
                line.name,
                line.primal_ns,
                show(line.by_hand),
                line.generated,
                show(line.gradient_only),
                show(line.enzyme),
            );
        }
    }
}

fn push(works: &mut Vec<Work>, work: Work) -> usize {
    works.push(work);
    works.len() - 1
}

fn calls_for_a_sample(work: &mut Work) -> u32 {
    let mut calls = 1;
    loop {
        let start = ThreadTime::now();
        for _ in 0..calls {
            std::hint::black_box(work());
        }
        let taken = start.elapsed();
        if taken >= SAMPLE {
            return calls;
        }
        let more = SAMPLE.as_secs_f64() / taken.as_secs_f64().max(1e-7) * 1.2;
        calls = ((f64::from(calls) * more).ceil() as u32).max(calls + 1);
    }
}

/// Nanoseconds a call.
fn time(work: &mut Work, calls: u32) -> f64 {
    let start = ThreadTime::now();
    for _ in 0..calls {
        std::hint::black_box(work());
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}

fn median(mut xs: Vec<f64>) -> f64 {
    xs.sort_by(f64::total_cmp);
    xs[xs.len() / 2]
}
