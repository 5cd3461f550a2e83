//! The results as a table and as JSON.

use crate::bars::Verdict;
use crate::case::Role;
use crate::linearity::Growth;
use crate::measure::{Effort, Figure, Line};
use crate::peers;
use serde_json::{Value, json};
use std::fmt::Write;

/// A time with its unit.
pub fn duration(ns: f64) -> String {
    match ns {
        _ if ns < 1e3 => format!("{ns:.1} ns"),
        _ if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        _ => format!("{:.2} ms", ns / 1e6),
    }
}

fn bytes(n: usize) -> String {
    match n {
        0..10_000 => n.to_string(),
        10_000..10_000_000 => format!("{} k", n / 1000),
        _ => format!("{} M", n / 1_000_000),
    }
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".into())
}

/// Everything as Markdown.
pub fn markdown(lines: &[Line], growths: &[Growth], verdicts: &[Verdict]) -> String {
    let mut out = String::new();
    programs(&mut out, lines);
    others(&mut out, lines);
    crates(&mut out, lines);
    notes(&mut out, lines);
    growth(&mut out, growths);
    bars(&mut out, verdicts);
    out
}

fn programs(out: &mut String, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    out.push_str(
        "Time over the primal's; in brackets over the one by hand. Heap: allocations a call and the \
         most bytes in use, of the primal and of the generated one. In a workspace: the generated one \
         again, with memory kept between calls; time and allocations.\n\n\
         | program | primal | by hand | generated | `grad_f` | fastest crate | `std::autodiff` | \
         heap, primal | heap, generated | in a workspace |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for line in lines {
        let hand = line.figure(Role::ByHand);
        let over_hand = |figure: &Figure| match hand {
            Some(hand) => format!("{:.2} ({:.2})", line.ratio(figure), figure.ns / hand.ns),
            None => format!("{:.2}", line.ratio(figure)),
        };
        let heap = |figure: &Figure| format!("{}, {}", figure.heap.count, bytes(figure.heap.peak));
        let in_workspace = |figure: &Figure| {
            let kept = figure.in_workspace?;
            let primal = line.primal().ns;
            let over_hand = hand.map(|hand| format!(" ({:.2})", kept.ns / hand.ns));
            let over_hand = over_hand.unwrap_or_default();
            Some(format!("{:.2}{over_hand}, {}", kept.ns / primal, kept.heap.count))
        };
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            line.program,
            duration(line.primal().ns),
            or_dash(hand.map(|figure| format!("{:.2}", line.ratio(figure)))),
            or_dash(line.figure(Role::Generated).map(over_hand)),
            or_dash(line.figure(Role::GradientOnly).map(over_hand)),
            or_dash(line.fastest_peer().map(|p| format!("{:.1} {}", line.ratio(p), p.name))),
            or_dash(line.enzyme.map(|ratio| format!("{ratio:.2}"))),
            heap(line.primal()),
            or_dash(line.figure(Role::Generated).map(heap)),
            or_dash(line.figure(Role::Generated).and_then(in_workspace)),
        )
        .unwrap();
    }
    out.push('\n');
}

/// What else was tried by hand.
fn others(out: &mut String, lines: &[Line]) {
    let mut any = false;
    for line in lines {
        for figure in line.figures.iter().filter(|figure| figure.role == Role::Other) {
            let (program, ratio) = (&line.program, line.ratio(figure));
            writeln!(out, "* {program}, by hand {}: {ratio:.2}", figure.name).unwrap();
            any = true;
        }
    }
    if any {
        out.push('\n');
    }
}

/// A column for each crate that took part.
fn crates(out: &mut String, lines: &[Line]) {
    let names: Vec<_> = peers::NAMES
        .iter()
        .filter(|(name, _)| lines.iter().any(|line| line.peers().any(|p| p.name == *name)))
        .collect();
    if names.is_empty() {
        return;
    }
    out.push_str(
        "Other crates, time over the primal's (bytes of heap, those of a kept tape included):\n\n| program |",
    );
    for (name, _) in &names {
        write!(out, " {name} |").unwrap();
    }
    out.push_str("\n| --- |");
    out.push_str(&" --- |".repeat(names.len()));
    out.push('\n');
    for line in lines.iter().filter(|line| line.peers().next().is_some()) {
        write!(out, "| {} |", line.program).unwrap();
        for (name, _) in &names {
            let peer = line.peers().find(|peer| peer.name == *name);
            let text = peer.map(|p| format!("{:.1} ({})", line.ratio(p), bytes(p.first_call.peak)));
            write!(out, " {} |", or_dash(text)).unwrap();
        }
        out.push('\n');
    }
    out.push('\n');
    for (name, what) in names {
        writeln!(out, "* {name}: {what}").unwrap();
    }
    out.push('\n');
}

fn notes(out: &mut String, lines: &[Line]) {
    // A note that holds for several programs is written once.
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        for note in &line.notes {
            match said.iter_mut().find(|(text, _)| text == note) {
                Some((_, programs)) => programs.push(&line.program),
                None => said.push((note, vec![&line.program])),
            }
        }
    }
    if said.is_empty() {
        return;
    }
    out.push_str("Notes:\n\n");
    for (note, programs) in said {
        writeln!(out, "* {note} ({})", programs.join("; ")).unwrap();
    }
    out.push('\n');
}

fn growth(out: &mut String, growths: &[Growth]) {
    for growth in growths {
        writeln!(
            out,
            "{}: nanoseconds and bytes of heap an element\n\n| n | primal | generated | bytes |\n\
             | --- | --- | --- | --- |",
            growth.name
        )
        .unwrap();
        for point in &growth.points {
            writeln!(
                out,
                "| {:.0e} | {:.2} | {:.2} | {:.2} |",
                point.n as f64,
                point.primal_ns / point.n as f64,
                point.generated_ns / point.n as f64,
                point.heap.peak as f64 / point.n as f64,
            )
            .unwrap();
        }
        out.push('\n');
    }
}

fn bars(out: &mut String, verdicts: &[Verdict]) {
    if verdicts.is_empty() {
        return;
    }
    let met = verdicts.iter().filter(|v| v.met).count();
    writeln!(out, "Bars, {met} of {} met:\n", verdicts.len()).unwrap();
    for Verdict { what, found, bar, met } in verdicts {
        let sign = if *met { "met   " } else { "MISSED" };
        writeln!(out, "* {sign} {what}: {found:.2}, bar {bar:.2}").unwrap();
    }
}

/// Everything as JSON.
pub fn json(effort: Effort, lines: &[Line], growths: &[Growth], verdicts: &[Verdict]) -> Value {
    let role = |role: Role| match role {
        Role::Primal => "primal",
        Role::ByHand => "by hand",
        Role::Generated => "generated",
        Role::GradientOnly => "grad_f",
        Role::Other => "other",
        Role::Peer => "crate",
    };
    let programs: Vec<Value> = lines
        .iter()
        .map(|line| {
            let hand = line.figure(Role::ByHand).map(|hand| hand.ns);
            let contestants: Vec<Value> = line
                .figures
                .iter()
                .map(|figure| {
                    json!({
                        "role": role(figure.role),
                        "name": figure.name,
                        "nanoseconds": figure.ns,
                        "over_primal": line.ratio(figure),
                        "over_hand": hand.map(|hand| figure.ns / hand),
                        "allocations": figure.heap.count,
                        "peak_bytes": figure.heap.peak,
                        "peak_bytes_first_call": figure.first_call.peak,
                        "in_workspace_nanoseconds": figure.in_workspace.map(|kept| kept.ns),
                        "in_workspace_allocations": figure.in_workspace.map(|kept| kept.heap.count),
                    })
                })
                .collect();
            json!({
                "program": line.program,
                "contestants": contestants,
                "std_autodiff_over_primal": line.enzyme,
                "notes": line.notes,
            })
        })
        .collect();
    let growths: Vec<Value> = growths
        .iter()
        .map(|growth| {
            let points: Vec<Value> = growth
                .points
                .iter()
                .map(|p| {
                    json!({
                        "n": p.n,
                        "primal_nanoseconds": p.primal_ns,
                        "generated_nanoseconds": p.generated_ns,
                        "allocations": p.heap.count,
                        "peak_bytes": p.heap.peak,
                    })
                })
                .collect();
            json!({ "program": growth.name, "points": points })
        })
        .collect();
    let verdicts: Vec<Value> = verdicts
        .iter()
        .map(|v| json!({ "what": v.what, "found": v.found, "bar": v.bar, "met": v.met }))
        .collect();
    json!({
        "samples": effort.samples,
        "sample_milliseconds": effort.sample.as_millis() as u64,
        "programs": programs,
        "growth": growths,
        "bars": verdicts,
    })
}
