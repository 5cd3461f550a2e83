//! The list of nodes, written at every operation and read by the reverse sweep: the two loops that
//! a scalar tape's speed is made of.

use super::scalar::Scalar;
use std::cell::Cell;

/// In place of a parent that is not there. Beyond the end of every adjoint vector, so that the
/// sweep's bounds check finds it.
pub(crate) const NONE: u32 = u32::MAX;
/// In place of the first parent: the second one is an index into the wide nodes.
pub(crate) const WIDE: u32 = u32::MAX - 1;

/// Two parents and the two partial derivatives: 24 bytes for `f64`.
#[derive(Clone, Copy)]
pub(crate) struct Node<T> {
    pub parents: [u32; 2],
    pub partials: [T; 2],
}

impl<T: Scalar> Node<T> {
    fn leaf() -> Self {
        Self { parents: [NONE, NONE], partials: [T::zero(); 2] }
    }
}

/// A node in its place.
type Slot<T> = Cell<Node<T>>;

/// Room for nodes, all of it initialised.
///
/// A `RefCell<Vec<_>>` would keep up its flag at every operation, which makes recording slower by
/// 30 % (8000 operations: 14.4 µs instead of 11.1). Here the only check is that of the index, which
/// is also the check whether to grow.
pub(crate) struct Nodes<T: Scalar> {
    /// From `Box::leak`, if not empty. Handed out only for as long as a method of this type runs.
    slots: Cell<&'static [Slot<T>]>,
}

impl<T: Scalar> Nodes<T> {
    pub fn new() -> Self {
        Self { slots: Cell::new(&[]) }
    }

    pub fn len(&self) -> usize {
        self.slots.get().len()
    }

    /// Writes a node, in new room if need be.
    #[inline(always)]
    pub fn set(&self, index: u32, node: Node<T>) {
        let slot = match self.slots.get().get(index as usize) {
            Some(slot) => slot,
            None => self.new_room(index),
        };
        slot.set(node);
    }

    /// The node stays out of this: as an argument of a call it would be put in memory every time.
    #[cold]
    #[inline(never)]
    fn new_room(&self, index: u32) -> &Slot<T> {
        let length = self.len();
        assert!(length < WIDE as usize / 2, "a tape holds fewer than 2³¹ operations");
        self.resize((2 * length).max(index as usize + 1).max(32).next_power_of_two());
        &self.slots.get()[index as usize]
    }

    /// Leaves in a row.
    pub fn set_leaves(&self, start: u32, count: u32) {
        let end = start as usize + count as usize;
        if end > self.len() {
            assert!(end < WIDE as usize / 2, "a tape holds fewer than 2³¹ operations");
            self.resize(end.max(32).next_power_of_two());
        }
        for slot in &self.slots.get()[start as usize..end] {
            slot.set(Node::leaf());
        }
    }

    /// Makes room for at least so many.
    pub fn reserve(&self, length: usize) {
        if self.len() < length {
            self.resize(length);
        }
    }

    fn resize(&self, length: usize) {
        let mut slots = self.take().into_vec();
        slots.reserve_exact(length - slots.len());
        slots.resize(length, Cell::new(Node::leaf()));
        self.put(slots.into_boxed_slice());
    }

    /// Takes the room out and leaves none.
    #[allow(unsafe_code)]
    pub fn take(&self) -> Box<[Slot<T>]> {
        let slots = self.slots.replace(&[]);
        if slots.is_empty() {
            return Box::new([]);
        }
        // SAFETY: what is not empty was leaked from a box of this type, in `put`, and has just been
        // replaced: the box is made once. No method keeps a reference across a call of another one,
        // and none lets it out. The slots are cells, so that the shared reference may write.
        unsafe { Box::from_raw(std::ptr::from_ref(slots).cast_mut()) }
    }

    /// Puts the room back in, in place of what is there.
    pub fn put(&self, slots: Box<[Slot<T>]>) {
        drop(self.take());
        if !slots.is_empty() {
            self.slots.set(Box::leak(slots));
        }
    }

    /// Calls `f` with the first `count` nodes, from the last one to the first.
    pub fn for_each_backward(&self, count: usize, mut f: impl FnMut(usize, Node<T>)) {
        for i in (0..count).rev() {
            let node = self.slots.get()[i].get();
            f(i, node);
        }
    }
}

impl<T: Scalar> Drop for Nodes<T> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// The nodes while a sweep reads them: put back whatever happens, so that a panicking pullback
/// leaves the tape usable.
pub(crate) struct Swept<'a, T: Scalar> {
    nodes: &'a Nodes<T>,
    slots: Box<[Slot<T>]>,
}

impl<'a, T: Scalar> Swept<'a, T> {
    pub fn new(nodes: &'a Nodes<T>) -> Self {
        Self { nodes, slots: nodes.take() }
    }

    /// Sweeps the nodes `from..to` back to the last wide node: its position and number, or `None`
    /// at the end.
    #[inline]
    pub fn sweep(&self, from: usize, to: usize, adjoints: &mut [T]) -> Option<(usize, u32)> {
        let slots = &self.slots[..to];
        // One length for both: the index needs no check of its own.
        let adjoints = &mut adjoints[..to];
        let mut i = to;
        while i > from {
            i -= 1;
            let mut adjoint = adjoints[i];
            // Most operations use the result of the one before. Its adjoint is complete with this
            // node, and goes on in a register: through memory, each step would wait for the store
            // of the last one (a chain of operations takes less than half the time).
            loop {
                let Node { parents: [first, second], partials } = slots[i].get();
                // Nothing flows back from what the target does not depend on, so an infinite
                // partial there does no harm.
                if adjoint.is_absent() {
                    if first == WIDE {
                        return Some((i, second));
                    }
                    break;
                }
                let [to_first, to_second] = [first, second].map(|parent| parent as usize);
                let carried = if to_first + 1 == i {
                    add(adjoints, to_second, partials[1], adjoint);
                    partials[0]
                } else {
                    add(adjoints, to_first, partials[0], adjoint);
                    if to_second + 1 != i {
                        add(adjoints, to_second, partials[1], adjoint);
                        break;
                    }
                    partials[1]
                };
                i -= 1;
                T::add_product(&mut adjoints[i], carried, adjoint);
                adjoint = adjoints[i];
            }
        }
        None
    }
}

/// `NONE` and `WIDE` are beyond the end.
#[inline(always)]
fn add<T: Scalar>(adjoints: &mut [T], parent: usize, partial: T, adjoint: T) {
    if let Some(sum) = adjoints.get_mut(parent) {
        T::add_product(sum, partial, adjoint);
    }
}

impl<T: Scalar> Drop for Swept<'_, T> {
    fn drop(&mut self) {
        self.nodes.put(std::mem::take(&mut self.slots));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(parent: u32) -> Node<f64> {
        Node { parents: [parent, NONE], partials: [2.0, 0.0] }
    }

    /// For Miri: rooms made, grown, taken, put back and freed, written while being shared.
    #[test]
    fn rooms() {
        let nodes = Nodes::new();
        for index in 0..100 {
            nodes.set(index, node(index.wrapping_sub(1)));
        }
        nodes.set_leaves(100, 300);
        nodes.reserve(1000);
        assert_eq!(nodes.len(), 1000);
        let swept = Swept::new(&nodes);
        assert_eq!(nodes.len(), 0);
        let mut adjoints = vec![0.0; 100];
        adjoints[10] = 1.0;
        assert_eq!(swept.sweep(1, 100, &mut adjoints), None);
        assert_eq!(adjoints[0], 1024.0);
        // A pullback that records meanwhile gets room of its own, which goes.
        nodes.set(0, node(NONE));
        drop(swept);
        let mut parents = Vec::new();
        nodes.for_each_backward(3, |i, node| parents.push((i, node.parents[0])));
        assert_eq!(parents, [(2, 1), (1, 0), (0, NONE)]);
        drop(nodes.take());
        assert_eq!(nodes.len(), 0);
        nodes.set(5, node(4));
        assert_eq!(nodes.len(), 32);
    }

    #[test]
    fn the_adjoint_goes_on_whichever_parent_is_the_last_node() {
        let list = [
            Node { parents: [NONE; 2], partials: [0.0; 2] },
            Node { parents: [0, NONE], partials: [3.0, 0.0] },
            Node { parents: [0, 1], partials: [5.0, 7.0] },
            Node { parents: [2, 2], partials: [1.0, 2.0] },
            Node { parents: [3, 0], partials: [1.0, f64::INFINITY] },
            Node { parents: [3, 1], partials: [1.0, 4.0] },
            Node { parents: [3, 5], partials: [10.0, 1.0] },
        ];
        let nodes = Nodes::new();
        for (index, node) in list.iter().enumerate() {
            nodes.set(index as u32, *node);
        }
        let mut adjoints = vec![0.0; 7];
        adjoints[6] = 1.0;
        assert_eq!(Swept::new(&nodes).sweep(1, 7, &mut adjoints), None);
        // By node 3: 10 + 1; by 2: 3 · 11; by 1: 4 + 7 · 33; by 0: 5 · 33 + 3 · 235.
        assert_eq!(adjoints, [870.0, 235.0, 33.0, 11.0, 0.0, 1.0, 1.0]);
    }
}
