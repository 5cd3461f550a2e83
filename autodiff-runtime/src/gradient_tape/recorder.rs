//! What a tape is inside: a flat list of nodes, and the reverse sweep over it.
//!
//! A scalar operation is a node of two parents and two partials (24 bytes for `f64`), no opcode: the
//! sweep is one loop of two multiply-adds a node (Griewank & Walther, "Evaluating Derivatives",
//! 2nd ed. 2008, section 6.1, with the partials stored instead of the operations). Everything wider — a tensor
//! operation, a custom rule — is a node that only points to a boxed pullback.
//!
//! Handles are `Copy`, hence hold a `&'static` recorder. Recorders are small, leaked once and handed
//! out again by a pool of the thread; their buffers are freed with the tape. A generation number
//! tells handles of an earlier life apart.

use super::error::{TapeError, fail};
use super::nodes::{NONE, Node, Nodes, Swept, WIDE};
use super::scalar::Scalar;
#[cfg(feature = "ndarray")]
use super::tensor::Indices;
use smallvec::SmallVec;
use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

/// A recorded value: a scalar node, or a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Id {
    Scalar(u32),
    #[cfg_attr(not(feature = "ndarray"), allow(dead_code))]
    Tensor(u32),
}

type Pullback<T> = Box<dyn Fn(&mut Adjoints<T>)>;

/// An operation of any number of inputs and outputs. Its scalar outputs are the nodes after it.
pub(crate) struct Wide<T: Scalar> {
    pub inputs: Vec<Id>,
    pub outputs: Outputs,
    pub back: Pullback<T>,
}

/// Outputs of a wide node: so many scalar nodes and so many tensors, from these numbers on.
#[derive(Clone, Copy)]
pub(crate) struct Outputs {
    pub scalar: u32,
    pub scalars: u32,
    pub tensor: u32,
    pub tensors: u32,
}

/// Adjoints by node, during a sweep.
pub(crate) struct Adjoints<T: Scalar> {
    pub scalars: Vec<T>,
    #[cfg(feature = "ndarray")]
    pub tensors: Vec<Option<T::Store>>,
    /// Tensors whose adjoint is asked for, so that passing them keeps it; sorted for the sweep.
    #[cfg(feature = "ndarray")]
    pub wanted: Vec<u32>,
    /// What a custom rule did wrong. Ends the sweep.
    pub failure: Option<TapeError>,
}

impl<T: Scalar> Adjoints<T> {
    fn new() -> Self {
        Self {
            scalars: Vec::new(),
            #[cfg(feature = "ndarray")]
            tensors: Vec::new(),
            #[cfg(feature = "ndarray")]
            wanted: Vec::new(),
            failure: None,
        }
    }

    #[inline]
    pub fn add_scalar(&mut self, index: u32, value: T) {
        T::add_product(&mut self.scalars[index as usize], T::one(), value);
    }

    #[cfg(feature = "ndarray")]
    pub fn add_tensor(&mut self, index: u32, value: T::Store) {
        use super::tensor::Store;
        let slot = &mut self.tensors[index as usize];
        *slot = Some(match slot.take() {
            None => value,
            Some(sum) => sum.accumulated(value),
        });
    }

    /// What flows back through a gather, added in place where nobody shares the sum: many small
    /// parts of one tensor cost no more than their own lengths.
    #[cfg(feature = "ndarray")]
    pub fn add_scattered(&mut self, to: u32, seed: &T::Store, index: &Indices, shape: &[usize]) {
        use super::tensor::Store;
        let slot = &mut self.tensors[to as usize];
        *slot = Some(match slot.take() {
            None => seed.scatter_add(index, shape),
            Some(sum) => sum.add_scattered(seed, index),
        });
    }

    /// The adjoint of an output, given away unless a gradient by it is asked for.
    #[cfg(feature = "ndarray")]
    pub fn take_tensor(&mut self, index: u32) -> Option<T::Store> {
        if self.wanted.binary_search(&index).is_ok() {
            self.tensors[index as usize].clone()
        } else {
            self.tensors[index as usize].take()
        }
    }
}

/// The variables that were read, in order.
#[derive(Default)]
pub(crate) struct ReadVariables {
    pub list: Vec<ReadVariable>,
    /// Where in the list each one is: once for each of its values that was read.
    positions: HashMap<u64, SmallVec<[usize; 1]>, BuildHasherDefault<DefaultHasher>>,
}

impl ReadVariables {
    pub fn push(&mut self, id: u64, variable: ReadVariable) {
        self.positions.entry(id).or_default().push(self.list.len());
        self.list.push(variable);
    }

    /// What was read of one variable, in order.
    pub fn of(&self, id: u64) -> impl DoubleEndedIterator<Item = &ReadVariable> {
        self.positions.get(&id).into_iter().flatten().map(|&at| &self.list[at])
    }

    fn clear(&mut self) {
        self.list.clear();
        self.positions.clear();
    }
}

/// A variable that was read, and the node it became.
pub(crate) struct ReadVariable {
    /// Whether it had been read before.
    pub again: bool,
    /// How often it had been assigned.
    pub version: u64,
    pub name: String,
    pub handle: Box<dyn Any>,
}

// What every operation touches comes first, in one cache line.
#[repr(C)]
pub(crate) struct Recorder<T: Scalar> {
    /// The recording are the first `count`.
    nodes: Nodes<T>,
    count: Cell<u32>,
    /// The generation while recording, else 0.
    live: Cell<u32>,
    generation: Cell<u32>,
    first_generation: Cell<u32>,
    /// How many leaves come before the first operation: no sweep has to visit them.
    leading: Cell<u32>,
    tensors: Cell<u32>,
    wide: RefCell<Vec<Option<Wide<T>>>>,
    adjoints: RefCell<Adjoints<T>>,
    pub variables: RefCell<ReadVariables>,
}

thread_local! {
    static POOL: RefCell<Vec<(TypeId, &'static dyn Any)>> = const { RefCell::new(Vec::new()) };
}

impl<T: Scalar> Recorder<T> {
    /// A recorder for a new tape, its handles unlike any before.
    pub fn acquire() -> &'static Self {
        let pooled = POOL.with(|pool| {
            let mut pool = pool.borrow_mut();
            let at = pool.iter().rposition(|(id, _)| *id == TypeId::of::<Self>())?;
            pool.swap_remove(at).1.downcast_ref::<Self>()
        });
        let recorder = pooled.unwrap_or_else(|| {
            Box::leak(Box::new(Self {
                live: Cell::new(0),
                generation: Cell::new(0),
                first_generation: Cell::new(0),
                nodes: Nodes::new(),
                count: Cell::new(0),
                leading: Cell::new(0),
                wide: RefCell::new(Vec::new()),
                tensors: Cell::new(0),
                adjoints: RefCell::new(Adjoints::new()),
                variables: RefCell::default(),
            }))
        });
        recorder.begin();
        recorder.first_generation.set(recorder.generation.get());
        recorder
    }

    /// Frees everything and returns the recorder to the pool. A recorder whose generations are
    /// used up is not used again.
    pub fn release(&'static self) {
        self.live.set(0);
        let retired = self.generation.get() >= u32::MAX - 1;
        self.generation.set(self.generation.get().saturating_add(1));
        // Taken out first: dropping may run code of the user's.
        drop(self.wide.take());
        drop(self.variables.take());
        drop(self.nodes.take());
        self.count.set(0);
        self.leading.set(0);
        drop(self.adjoints.replace(Adjoints::new()));
        self.tensors.set(0);
        if !retired {
            // No pool any more: the thread is ending.
            let _ = POOL.try_with(|pool| pool.borrow_mut().push((TypeId::of::<Self>(), self)));
        }
    }

    fn begin(&self) {
        let next = self.generation.get().checked_add(1).expect("a tape can be reset 2³² times");
        self.generation.set(next);
        self.live.set(next);
        self.count.set(0);
        self.leading.set(0);
    }

    /// Forgets the recording, keeps the buffers. A pause goes on.
    pub fn reset(&self) {
        let recording = self.is_recording();
        self.live.set(0);
        let mut wide = self.wide.take();
        wide.clear();
        self.wide.replace(wide);
        let mut variables = self.variables.take();
        variables.clear();
        self.variables.replace(variables);
        self.tensors.set(0);
        self.begin();
        if !recording {
            self.live.set(0);
        }
    }

    pub fn reserve(&self, operations: usize) {
        self.nodes.reserve(operations);
        self.adjoints.borrow_mut().scalars.reserve_exact(operations);
    }

    #[inline(always)]
    pub fn is_live(&self, generation: u32) -> bool {
        self.live.get() == generation
    }

    pub fn is_recording(&self) -> bool {
        self.live.get() != 0
    }

    pub fn generation(&self) -> u32 {
        self.generation.get()
    }

    /// Pauses the recording until the guard goes, also by a panic.
    pub fn pause(&'static self) -> Pause<T> {
        Pause { recorder: self, was_recording: self.live.replace(0) != 0 }
    }

    /// Operations recorded, and the bytes they take (what boxed pullbacks hold not counted).
    pub fn size(&self) -> (usize, usize) {
        let nodes = self.count.get() as usize;
        let wide = self.wide.borrow().len();
        (nodes, nodes * size_of::<Node<T>>() + wide * size_of::<Option<Wide<T>>>())
    }

    pub fn capacity(&self) -> usize {
        self.nodes.len()
    }

    #[inline(always)]
    pub fn push(&self, parents: [u32; 2], partials: [T; 2]) -> u32 {
        let index = self.count.get();
        self.nodes.set(index, Node { parents, partials });
        self.count.set(index + 1);
        index
    }

    /// A node of one parent.
    #[inline(always)]
    pub fn push_unary(&self, parent: u32, partial: T) -> u32 {
        self.push([parent, NONE], [partial, T::zero()])
    }

    /// Nodes without parents; the first one's index.
    pub fn push_leaves(&self, number: usize) -> u32 {
        let start = self.count.get();
        let number = u32::try_from(number).expect("fewer than 2³¹ operations");
        self.nodes.set_leaves(start, number);
        self.count.set(start + number);
        if self.leading.get() == start {
            self.leading.set(start + number);
        }
        start
    }

    /// A node without parents.
    #[inline]
    pub fn push_leaf(&self) -> u32 {
        let index = self.push([NONE, NONE], [T::zero(); 2]);
        if self.leading.get() == index {
            self.leading.set(index + 1);
        }
        index
    }

    #[cfg(feature = "ndarray")]
    pub fn push_tensor(&self) -> u32 {
        let id = self.tensors.get();
        self.tensors.set(id + 1);
        id
    }

    /// Reserves the outputs of a wide node; [`Self::finish_wide`] has to follow before anything else.
    pub fn start_wide(&self, scalars: u32, tensors: u32) -> Outputs {
        let index = u32::try_from(self.wide.borrow().len()).expect("fewer than 2³² operations");
        let scalar = self.push([WIDE, index], [T::zero(); 2]) + 1;
        self.push_leaves(scalars as usize);
        let tensor = self.tensors.get();
        self.tensors.set(tensor + tensors);
        Outputs { scalar, scalars, tensor, tensors }
    }

    /// The outputs that were recorded since a wide node was started without any.
    pub fn outputs_since(&self, start: Outputs) -> Outputs {
        let scalars = self.count.get() - start.scalar;
        Outputs { scalars, tensors: self.tensors.get() - start.tensor, ..start }
    }

    pub fn finish_wide(&self, inputs: Vec<Id>, outputs: Outputs, back: Pullback<T>) {
        self.wide.borrow_mut().push(Some(Wide { inputs, outputs, back }));
    }

    /// Whether a handle of this recorder or another may be used with this tape.
    pub fn check(
        &self,
        recorder: Option<&'static Self>,
        generation: u32,
        argument: &'static str,
    ) -> Result<(), TapeError> {
        let Some(recorder) = recorder else {
            return Err(TapeError::NeverRecorded { argument });
        };
        if generation == recorder.generation.get() {
            return if std::ptr::eq(recorder, self) {
                Ok(())
            } else {
                Err(TapeError::OtherTape { argument })
            };
        }
        if std::ptr::eq(recorder, self) && generation >= self.first_generation.get() {
            Err(TapeError::BeforeReset { argument })
        } else {
            Err(TapeError::ConsumedTape { argument })
        }
    }

    /// An error inside a pullback, while a sweep has the nodes.
    pub fn check_idle(&self, operation: &'static str) -> Result<(), TapeError> {
        if self.nodes.len() < self.count.get() as usize {
            return Err(TapeError::NotRecording { operation });
        }
        Ok(())
    }

    /// The adjoint buffers, zeroed. Taken out, so that a pullback may take gradients of its own.
    pub fn take_adjoints(&self) -> Adjoints<T> {
        let mut adjoints = self.adjoints.replace(Adjoints::new());
        adjoints.scalars.clear();
        adjoints.scalars.resize(self.count.get() as usize, T::zero());
        #[cfg(feature = "ndarray")]
        {
            adjoints.tensors.clear();
            adjoints.tensors.resize(self.tensors.get() as usize, None);
            adjoints.wanted.clear();
        }
        adjoints
    }

    pub fn give_back(&self, adjoints: Adjoints<T>) {
        self.adjoints.replace(adjoints);
    }

    /// The reverse sweep: adjoints of the targets are seeded, those of all others come out. With
    /// `consume`, pullbacks (and the values they hold) are dropped as soon as they have run.
    pub fn sweep(
        &'static self,
        targets: &[Id],
        adjoints: &mut Adjoints<T>,
        consume: bool,
    ) -> Result<(), TapeError> {
        let _paused = self.pause();
        #[cfg(feature = "ndarray")]
        adjoints.wanted.sort_unstable();
        let nodes = Swept::new(&self.nodes);
        let last = targets.iter().map(|&target| match target {
            Id::Scalar(index) => index + 1,
            Id::Tensor(_) => self.count.get(),
        });
        let mut end = last.max().unwrap_or(0) as usize;
        let start = self.leading.get() as usize;
        while let Some(wide) = nodes.sweep(start, end, &mut adjoints.scalars) {
            end = wide.0;
            self.pull_wide(wide.1, adjoints, consume);
            if let Some(error) = adjoints.failure.take() {
                return Err(error);
            }
        }
        Ok(())
    }

    fn pull_wide(&self, index: u32, adjoints: &mut Adjoints<T>, consume: bool) {
        let taken = self.wide.borrow_mut()[index as usize].take();
        let Some(wide) = taken else { return };
        if consume {
            (wide.back)(adjoints);
            return;
        }
        let entry = RestoreEntry { cell: &self.wide, index: index as usize, value: Some(wide) };
        if let Some(wide) = &entry.value {
            (wide.back)(adjoints);
        }
    }

    /// For each node and tensor, whether one of the targets depends on it; structure, not values.
    pub fn reach(&self, targets: &[Id]) -> Reached {
        let count = self.count.get() as usize;
        let wide = self.wide.borrow();
        let mut reached = Reached {
            scalars: vec![false; count],
            tensors: vec![false; self.tensors.get() as usize],
        };
        for &id in targets {
            reached.mark(id);
        }
        self.nodes.for_each_backward(count, |i, node| {
            let [first, second] = node.parents;
            if first == WIDE {
                if let Some(wide) = &wide[second as usize] {
                    let Outputs { scalar, scalars, tensor, tensors } = wide.outputs;
                    let used = (scalar..scalar + scalars).any(|i| reached.scalars[i as usize])
                        || (tensor..tensor + tensors).any(|i| reached.tensors[i as usize]);
                    if used {
                        wide.inputs.iter().for_each(|&id| reached.mark(id));
                    }
                }
            } else if reached.scalars[i] {
                for parent in [first, second] {
                    if let Some(parent) = reached.scalars.get_mut(parent as usize) {
                        *parent = true;
                    }
                }
            }
        });
        reached
    }
}

/// What a target depends on.
pub(crate) struct Reached {
    scalars: Vec<bool>,
    tensors: Vec<bool>,
}

impl Reached {
    fn mark(&mut self, id: Id) {
        match id {
            Id::Scalar(i) => self.scalars[i as usize] = true,
            Id::Tensor(i) => self.tensors[i as usize] = true,
        }
    }

    pub fn contains(&self, id: Id) -> bool {
        match id {
            Id::Scalar(i) => self.scalars[i as usize],
            Id::Tensor(i) => self.tensors[i as usize],
        }
    }
}

struct RestoreEntry<'a, V> {
    cell: &'a RefCell<Vec<Option<V>>>,
    index: usize,
    value: Option<V>,
}

impl<V> Drop for RestoreEntry<'_, V> {
    fn drop(&mut self) {
        if let Some(entry) = self.cell.borrow_mut().get_mut(self.index) {
            *entry = self.value.take();
        }
    }
}

/// A pause of the recording.
pub(crate) struct Pause<T: Scalar> {
    recorder: &'static Recorder<T>,
    was_recording: bool,
}

impl<T: Scalar> Drop for Pause<T> {
    fn drop(&mut self) {
        // The tape is borrowed for as long as this lives; it may have been reset.
        if self.was_recording {
            self.recorder.live.set(self.recorder.generation.get());
        }
    }
}

/// The recorder two operands share.
#[inline(always)]
pub(crate) fn same_tape<T: Scalar>(a: &'static Recorder<T>, b: &'static Recorder<T>) {
    if !std::ptr::eq(a, b) {
        fail(TapeError::OtherTape { argument: "right operand" });
    }
}
