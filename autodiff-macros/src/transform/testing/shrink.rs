//! Programs that fail made smaller: lines and blocks are left out, and values made simple, as long as
//! they fail in the same way (delta debugging; Zeller & Hildebrandt 2002).

use std::panic::{AssertUnwindSafe, catch_unwind};

/// How the check of the sources fails, without numbers; `None` if it does not.
fn failure(sources: &[String], check: &dyn Fn(&[String])) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(|| check(sources))).err()?;
    let message = (panic.downcast_ref::<String>().cloned())
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_string()))
        .unwrap_or_default();
    let kind = message.split(": got").next().unwrap_or_default();
    Some(kind.lines().next().unwrap_or_default().chars().filter(|c| !c.is_numeric()).collect())
}

/// The smallest sources found that fail as these do.
pub fn shrink(sources: &[String], check: &dyn Fn(&[String])) -> Vec<String> {
    let mut best = sources.to_vec();
    let Some(kind) = failure(&best, check) else { return best };
    loop {
        let before = best.clone();
        for at in 0..best.len() {
            if at + 1 < best.len() {
                let mut fewer = best.clone();
                fewer[at] = String::new();
                try_out(&mut best, fewer, &kind, check);
            }
            let mut line = 0;
            while line < best[at].lines().count() {
                let lines: Vec<String> = best[at].lines().map(String::from).collect();
                let smaller = variants(&lines, line);
                let found = smaller.into_iter().any(|lines| {
                    let mut other = best.clone();
                    other[at] = lines.join("\n");
                    other[at] != best[at] && try_out(&mut best, other, &kind, check)
                });
                line += usize::from(!found);
            }
        }
        best.retain(|source| !source.is_empty());
        if before == best {
            return best;
        }
    }
}

fn try_out(
    best: &mut Vec<String>,
    other: Vec<String>,
    kind: &str,
    check: &dyn Fn(&[String]),
) -> bool {
    let sources: Vec<String> = other.iter().filter(|s| !s.is_empty()).cloned().collect();
    let fails = failure(&sources, check).is_some_and(|found| found == kind);
    if fails {
        *best = other;
    }
    fails
}

/// The lines with less from this one on.
fn variants(lines: &[String], at: usize) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let depth = |line: &String| line.matches('{').count() as i64 - line.matches('}').count() as i64;
    let mut open = 0;
    let end = lines[at..].iter().position(|line| {
        open += depth(line);
        open <= 0
    });
    if let Some(end) = end.map(|end| at + end) {
        let mut without = lines.to_vec();
        without.drain(at..=end);
        out.push(without);
        if end > at {
            let mut without = lines.to_vec();
            without.remove(end);
            without.remove(at);
            out.push(without);
        }
    }
    let line = &lines[at];
    let with = |text: String| {
        let mut with = lines.to_vec();
        with[at] = text;
        with
    };
    if let Some((to, value)) = line.split_once(" = ").filter(|_| line.ends_with(';')) {
        let simple = ["0.3;", "a;", "x;"];
        out.extend(
            simple.iter().filter(|s| s.len() < value.len()).map(|s| with(format!("{to} = {s}"))),
        );
    }
    // The value of a function: a sum.
    if at + 2 == lines.len() {
        out.extend(line.rmatch_indices(" + ").map(|(i, _)| with(line[..i].to_string())));
        out.extend(line.match_indices(" + ").map(|(i, _)| with(line[i + 3..].to_string())));
        out.extend(["x", "a"].iter().filter(|s| s.len() < line.len()).map(|s| with(s.to_string())));
    }
    // Parts that stand in a line.
    for (i, _) in line.match_indices('{').filter(|_| line.ends_with('}')) {
        let mut level = 0;
        let close = line[i..].char_indices().find(|(_, c)| {
            level += i64::from(*c == '{') - i64::from(*c == '}');
            level == 0
        });
        if let Some((close, _)) = close {
            for part in line[i + 1..i + close].split_inclusive(';') {
                out.push(with(line.replacen(part, "", 1)));
            }
        }
    }
    out
}
