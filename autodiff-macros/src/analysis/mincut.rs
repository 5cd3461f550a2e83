//! What a scope saves for the reverse sweep and what it computes again: a minimum cut.
//!
//! Every value that is demanded is either saved (its cost in bytes and memory traffic) or computed
//! again (the cost of the work), which demands its operands. The cheapest choice is a minimum cut
//! between the demand and the ground (Naumann 2012, section 3.4, for the problem; the network is
//! the one for project selection, Picard 1976).

/// The cost of what is impossible.
pub const NEVER: u32 = u32::MAX / 4;

/// A value of the scope.
#[derive(Clone, Debug)]
pub struct Item {
    pub save: u32,
    /// `NEVER` where it cannot be computed again.
    pub recompute: u32,
    /// Indices of the items that computing it again reads.
    pub operands: Vec<usize>,
    pub demanded: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    Unused,
    Save,
    Recompute,
}

/// The cheapest way to have every demanded item in the reverse sweep.
pub fn choose(items: &[Item]) -> Vec<Choice> {
    // Node 2i stands for "item i is demanded", 2i + 1 for "demanded and not saved".
    let source = 2 * items.len();
    let sink = source + 1;
    let mut net = Network::new(sink + 1);
    for (i, item) in items.iter().enumerate() {
        if item.demanded {
            net.edge(source, 2 * i, NEVER);
        }
        net.edge(2 * i, 2 * i + 1, item.save);
        net.edge(2 * i + 1, sink, item.recompute);
        for operand in &item.operands {
            net.edge(2 * i + 1, 2 * operand, NEVER);
        }
    }
    net.saturate(source, sink);
    let reached = net.reachable(source);
    (0..items.len())
        .map(|i| match (reached[2 * i], reached[2 * i + 1]) {
            (false, _) => Choice::Unused,
            (true, false) => Choice::Save,
            (true, true) => Choice::Recompute,
        })
        .collect()
}

/// A flow network with residual capacities; maximum flow by shortest augmenting paths
/// (Edmonds & Karp 1972), which is ample for the dozens of values of a scope.
struct Network {
    edges: Vec<(usize, u32)>,
    at: Vec<Vec<usize>>,
}

impl Network {
    fn new(nodes: usize) -> Self {
        Network { edges: Vec::new(), at: vec![Vec::new(); nodes] }
    }

    fn edge(&mut self, from: usize, to: usize, capacity: u32) {
        self.at[from].push(self.edges.len());
        self.edges.push((to, capacity));
        self.at[to].push(self.edges.len());
        self.edges.push((from, 0));
    }

    fn saturate(&mut self, source: usize, sink: usize) {
        while let Some(path) = self.shortest_path(source, sink) {
            let room = path.iter().map(|e| self.edges[*e].1).min().unwrap_or(0);
            for e in path {
                self.edges[e].1 -= room;
                let back = &mut self.edges[e ^ 1].1;
                *back = back.saturating_add(room).min(2 * NEVER);
            }
        }
    }

    fn shortest_path(&self, source: usize, sink: usize) -> Option<Vec<usize>> {
        let mut via = vec![None; self.at.len()];
        let mut queue = std::collections::VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            for &e in &self.at[node] {
                let (to, room) = self.edges[e];
                if room == 0 || to == source || via[to].is_some() {
                    continue;
                }
                via[to] = Some((e, node));
                if to == sink {
                    let mut path = Vec::new();
                    let mut here = sink;
                    while here != source {
                        let (e, from) = via[here]?;
                        path.push(e);
                        here = from;
                    }
                    return Some(path);
                }
                queue.push_back(to);
            }
        }
        None
    }

    fn reachable(&self, source: usize) -> Vec<bool> {
        let mut seen = vec![false; self.at.len()];
        seen[source] = true;
        let mut todo = vec![source];
        while let Some(node) = todo.pop() {
            for &e in &self.at[node] {
                let (to, room) = self.edges[e];
                if room > 0 && !seen[to] {
                    seen[to] = true;
                    todo.push(to);
                }
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(save: u32, recompute: u32, operands: &[usize], demanded: bool) -> Item {
        Item { save, recompute, operands: operands.to_vec(), demanded }
    }

    #[test]
    fn cheap_values_follow_from_the_state() {
        // One state, three cheap values of it, all wanted: save the state alone.
        let items = [
            item(10, NEVER, &[], false),
            item(10, 1, &[0], true),
            item(10, 1, &[0], true),
            item(10, 2, &[1, 2], true),
        ];
        use Choice::*;
        assert_eq!(choose(&items), [Save, Recompute, Recompute, Recompute]);
    }

    #[test]
    fn dear_values_are_saved() {
        let items = [item(10, NEVER, &[], false), item(10, 40, &[0], true)];
        assert_eq!(choose(&items), [Choice::Unused, Choice::Save]);
    }

    #[test]
    fn what_nobody_wants_costs_nothing() {
        assert_eq!(choose(&[item(1, 1, &[], false)]), [Choice::Unused]);
    }
}
