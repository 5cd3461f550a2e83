//! Timing: thread CPU time, samples of at least ten milliseconds, contestants in turn.

use crate::case::{Case, Role, Work};
use crate::memory::{self, Use};
use autodiff::Workspace;
use cpu_time::ThreadTime;
use std::hint::black_box;
use std::time::Duration;

#[derive(Clone, Copy)]
pub struct Effort {
    pub samples: usize,
    pub sample: Duration,
}

impl Effort {
    /// What published figures are taken with.
    pub const FULL: Effort = Effort { samples: 31, sample: Duration::from_millis(10) };
    /// For a look in between.
    pub const QUICK: Effort = Effort { samples: 7, sample: Duration::from_millis(3) };
}

/// What a contestant took for one call.
pub struct Figure {
    pub role: Role,
    pub name: &'static str,
    pub ns: f64,
    pub heap: Use,
    /// What the first call took, buffers that are kept for later calls included.
    pub first_call: Use,
    /// The generated one again, with a workspace kept between calls.
    pub in_workspace: Option<InWorkspace>,
}

/// What a call takes in a workspace that earlier calls have filled.
#[derive(Clone, Copy)]
pub struct InWorkspace {
    pub ns: f64,
    pub heap: Use,
}

/// A program's figures; the first is the primal's.
pub struct Line {
    pub program: String,
    pub figures: Vec<Figure>,
    pub enzyme: Option<f64>,
    pub limit: Option<f64>,
    pub allocations: Option<usize>,
    pub bytes: Option<usize>,
    pub second_order: bool,
    pub judged: bool,
    pub notes: Vec<String>,
}

impl Line {
    pub fn figure(&self, role: Role) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.role == role)
    }

    pub fn primal(&self) -> &Figure {
        &self.figures[0]
    }

    /// Over the primal.
    pub fn ratio(&self, figure: &Figure) -> f64 {
        figure.ns / self.primal().ns
    }

    pub fn peers(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|figure| figure.role == Role::Peer)
    }

    pub fn fastest_peer(&self) -> Option<&Figure> {
        self.peers().min_by(|a, b| a.ns.total_cmp(&b.ns))
    }
}

/// Times all contestants of a case, a sample of each in turn, so that whatever disturbs the machine
/// disturbs all of them.
pub fn run(mut case: Case, effort: Effort) -> Line {
    case.contestants.sort_by_key(|c| c.role != Role::Primal);
    let mut buffers = vec![vec![0.0; case.inputs]; case.contestants.len()];
    let mut heap = Vec::new();
    let mut calls = Vec::new();
    let mut workspaces = Vec::new();
    for (contestant, buffer) in case.contestants.iter_mut().zip(&mut buffers) {
        // The first call may set up what the contestant keeps.
        (contestant.work)(buffer);
        heap.push(memory::of(|| {
            black_box((contestant.work)(buffer));
        }));
        workspaces.push((contestant.role == Role::Generated).then(|| {
            let mut workspace = Workspace::new();
            let mut call = || {
                workspace.run(|| black_box((contestant.work)(buffer)));
            };
            (0..4).for_each(|_| call());
            let heap = memory::of(call);
            (workspace, heap, Vec::with_capacity(effort.samples))
        }));
        calls.push(calls_for_a_sample(&mut contestant.work, buffer, effort.sample));
    }
    let mut samples = vec![Vec::with_capacity(effort.samples); case.contestants.len()];
    for _ in 0..effort.samples {
        for (i, contestant) in case.contestants.iter_mut().enumerate() {
            let taken = time(&mut contestant.work, &mut buffers[i], calls[i]);
            let for_one = |taken: Duration| taken.as_secs_f64() * 1e9 / f64::from(calls[i]);
            samples[i].push(for_one(taken));
            if let Some((workspace, _, samples)) = &mut workspaces[i] {
                let taken = workspace.run(|| time(&mut contestant.work, &mut buffers[i], calls[i]));
                samples.push(for_one(taken));
            }
        }
    }
    let figures = case
        .contestants
        .iter()
        .zip(samples)
        .zip(heap)
        .zip(workspaces)
        .map(|(((c, s), heap), workspace)| Figure {
            role: c.role,
            name: c.name,
            ns: median(s),
            heap,
            first_call: c.first_call,
            in_workspace: workspace
                .map(|(_, heap, samples)| InWorkspace { ns: median(samples), heap }),
        })
        .collect();
    Line {
        program: case.name,
        figures,
        enzyme: case.enzyme,
        limit: case.limit,
        allocations: case.allocations,
        bytes: case.bytes,
        second_order: case.second_order,
        judged: case.judged,
        notes: case.notes,
    }
}

/// As many as last for a sample, with some reserve, since the first calls are slow.
fn calls_for_a_sample(work: &mut Work, buffer: &mut Vec<f64>, sample: Duration) -> u32 {
    let mut calls = 1;
    loop {
        let taken = time(work, buffer, calls);
        if taken >= sample {
            return calls;
        }
        let more = sample.as_secs_f64() / taken.as_secs_f64().max(1e-7) * 1.3;
        calls = ((f64::from(calls) * more).ceil() as u32).max(calls + 1);
    }
}

/// Thread CPU time of `calls` calls.
pub fn time(work: &mut Work, buffer: &mut Vec<f64>, calls: u32) -> Duration {
    let start = ThreadTime::now();
    for _ in 0..calls {
        black_box(work(buffer));
        black_box(buffer.as_slice());
    }
    start.elapsed()
}

pub fn median(mut xs: Vec<f64>) -> f64 {
    xs.sort_by(f64::total_cmp);
    xs[xs.len() / 2]
}
