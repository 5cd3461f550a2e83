//! What the figures have to reach.

use crate::case::Role;
use crate::linearity::Growth;
use crate::measure::Line;

/// Value and gradient over the best by hand, for each program.
const OVER_HAND: f64 = 1.10;
/// The geometric mean of these.
const OVER_HAND_MEAN: f64 = 1.03;
/// By how much rosenbrock 10³ beats the fastest crate.
const OVER_CRATES: f64 = 15.0;
/// How much dearer an element may be at the largest n, where caches no longer help.
const GROWTH: f64 = 2.0;

pub struct Verdict {
    pub what: String,
    pub found: f64,
    pub bar: f64,
    pub met: bool,
}

fn at_most(what: String, found: f64, bar: f64) -> Verdict {
    Verdict { what, found, bar, met: found <= bar }
}

pub fn judge(lines: &[Line], growths: &[Growth]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let mut logarithms = Vec::new();
    for line in lines.iter().filter(|line| line.judged) {
        let Some(generated) = line.figure(Role::Generated) else { continue };
        if let (Some(hand), false) = (line.figure(Role::ByHand), line.second_order) {
            let over = generated.ns / hand.ns;
            logarithms.push(over.ln());
            verdicts.push(at_most(format!("{}: over by hand", line.program), over, OVER_HAND));
        }
        let ratio = line.ratio(generated);
        if let Some(enzyme) = line.enzyme {
            verdicts.push(at_most(format!("{}: as std::autodiff", line.program), ratio, enzyme));
        }
        if let Some(limit) = line.limit {
            let what = if line.second_order { "over the gradient" } else { "over the primal" };
            verdicts.push(at_most(format!("{}: {what}", line.program), ratio, limit));
        }
        let primal = line.primal().heap;
        if let Some(allowed) = line.allocations {
            let found = generated.heap.count.saturating_sub(primal.count);
            verdicts.push(at_most(
                format!("{}: allocations beyond the primal's", line.program),
                found as f64,
                allowed as f64,
            ));
        }
        if let (Some(kept), Some(_)) = (generated.in_workspace, line.allocations) {
            let found = kept.heap.count.saturating_sub(primal.count);
            verdicts.push(at_most(
                format!("{}: the same, in a workspace", line.program),
                found as f64,
                0.0,
            ));
        }
        if let Some(allowed) = line.bytes {
            let found = generated.heap.peak.saturating_sub(primal.peak);
            verdicts.push(at_most(
                format!("{}: bytes beyond the primal's", line.program),
                found as f64,
                allowed as f64,
            ));
        }
        if let (true, Some(peer)) = (line.program == "rosenbrock 10³", line.fastest_peer()) {
            let times = peer.ns / generated.ns;
            verdicts.push(Verdict {
                what: format!("{}: times faster than {}", line.program, peer.name),
                found: times,
                bar: OVER_CRATES,
                met: times >= OVER_CRATES,
            });
        }
    }
    if logarithms.len() > 1 {
        let mean = (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp();
        let what = format!("geometric mean over by hand, {} programs", logarithms.len());
        verdicts.push(at_most(what, mean, OVER_HAND_MEAN));
    }
    for growth in growths {
        let (Some(first), Some(last)) = (growth.points.first(), growth.points.last()) else {
            continue;
        };
        let element = |p: &crate::linearity::Point| p.generated_ns / p.n as f64;
        verdicts.push(at_most(
            format!("{}: an element at the largest n over one at the least", growth.name),
            element(last) / element(first),
            GROWTH,
        ));
        if growth.reduction {
            verdicts.push(at_most(
                format!("{}: bytes at the largest n beyond those at the least", growth.name),
                last.heap.peak.saturating_sub(first.heap.peak) as f64,
                0.0,
            ));
        }
    }
    verdicts
}
