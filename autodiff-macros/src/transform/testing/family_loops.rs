//! Loops of random families that the reverse transformation treats in its own ways.

use super::families::Writer;
use std::fmt::Write;

impl Writer {
    /// A loop that adds up what only the result reads: its reverse can run along, with its calls.
    pub(super) fn reduction(&mut self, depth: usize) {
        self.count += 1;
        let n = self.count;
        let trips = 1 + self.random.below(3);
        if depth == 0 {
            self.line(&format!("let mut r{n} = 0.0;"));
        }
        self.line(&format!("for i{n} in 0..{trips} {{"));
        self.indices.push(format!("i{n}"));
        let known = (self.scalars.len(), self.lists.len());
        let value = self.pure_call();
        let value = value.unwrap_or_else(|| self.expr(1));
        self.line(&format!("let mut t{n} = {value};"));
        // Nothing else is assigned in such a loop.
        let targets = std::mem::replace(&mut self.targets, vec![format!("t{n}")]);
        let mutable: Vec<bool> =
            self.lists.iter_mut().map(|l| std::mem::replace(&mut l.mutable, false)).collect();
        self.scalars.push(format!("t{n}"));
        if self.chance(2) {
            let (p, q) = (self.atom(), self.atom());
            self.line(&format!("let mut c{n} = vec![{p}, t{n}, {q}];"));
            self.list(&format!("c{n}"), true, true);
        }
        for _ in 0..self.random.below(3) {
            match self.random.below(4) {
                0 | 1 => self.call(),
                2 => {
                    let (p, q) = (self.atom(), self.expr(1));
                    self.line(&format!("if {p} < {q} {{ t{n} *= {q}; }}"));
                }
                _ => {
                    let (target, value) = (self.target(), self.expr(1));
                    self.line(&format!("{target} = ({value}).sin();"));
                }
            }
        }
        let weight = self.atom();
        let list = self.lists[known.1..].first().map(|list| format!(" + {}[1]", list.name));
        self.scalars.truncate(known.0);
        self.lists.truncate(known.1);
        self.targets = targets;
        for (list, mutable) in self.lists.iter_mut().zip(mutable) {
            list.mutable = mutable;
        }
        let sum = if depth == 0 { format!("r{n}") } else { "a".to_string() };
        self.line(&format!("{sum} += 0.3 * t{n} * {weight}{};", list.unwrap_or_default()));
        self.line("}");
        self.indices.pop();
        if depth == 0 {
            write!(self.sums, " + 0.5 * r{n}").expect("a string takes all");
        }
    }

    /// A loop around cheap loops, whose trips can run again; calls stand before, after or in it.
    pub(super) fn trip(&mut self) {
        self.count += 1;
        let n = self.count;
        let trips = 1 + self.random.below(3);
        self.line(&format!("for i{n} in 0..{trips} {{"));
        self.indices.push(format!("i{n}"));
        let (p, q, r) = (self.atom(), self.atom(), self.atom());
        let known = (self.scalars.len(), self.targets.len(), self.lists.len());
        if self.chance(4) {
            self.call();
        }
        self.line(&format!("let mut s{n} = [{p}, {q}, 0.2];"));
        self.line(&format!("let mut t{n} = {r};"));
        for _ in 0..1 + self.random.below(2) {
            let q = self.atom();
            let text = match self.random.below(3) {
                0 => format!("for k in 0..3 {{ t{n} = t{n} * s{n}[k] + {q}; }}"),
                1 => format!("for k in 1..3 {{ s{n}[k] = s{n}[k - 1] * {q} - t{n} * s{n}[k]; }}"),
                _ => format!("for k in 0..3 {{ t{n} += s{n}[k] * s{n}[k] * {q}; }}"),
            };
            self.line(&text);
        }
        let target = self.target();
        self.line(&format!("{target} += s{n}[1] * t{n} / (1.5 + t{n} * t{n});"));
        if self.chance(4) {
            self.call();
        }
        self.line("}");
        self.scalars.truncate(known.0);
        self.targets.truncate(known.1);
        self.lists.truncate(known.2);
        self.indices.pop();
    }
}
