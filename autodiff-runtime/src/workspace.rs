//! Memory that is kept between calls.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;

/// Memory for tapes and adjoints, kept from one call of a generated function to the next.
///
/// What a generated function needs besides the memory of its caller (tapes, adjoints of local lists)
/// it takes from the heap and gives back at its end. A gradient that is computed over and over, as
/// in an optimisation, need not: within [`run`](Workspace::run) it takes what an earlier run has
/// left in the workspace, and after one or two runs it allocates nothing of its own. Large tapes
/// gain most: memory fresh from the system costs more than what is written to it.
///
/// Results never refer to the workspace, and the same numbers come out. What the user's own code
/// allocates (`vec![0.0; n]`, `x.to_vec()`), and the gradients returned, are not the workspace's; to
/// allocate no gradients either, call `adjoint_f`, which adds to the caller's buffers. Values of
/// types known to be numbers are kept in it; tapes of generic scalars and of other types use the heap.
///
/// A workspace serves the thread that runs it, and what is started on others (by rayon, say) does
/// without. Runs may be nested, in the same workspace or not: the innermost one serves.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::Workspace;
/// # fn adjoint_f(x: &[f64], seed: f64, x_bar: &mut [f64]) -> f64 {
/// #     x.iter().zip(x_bar).for_each(|(x, x_bar)| *x_bar += 2.0 * seed * x);
/// #     x.iter().map(|x| x * x).sum()
/// # }
///
/// // For `#[differentiable] fn f(x: &[f64]) -> f64`, the sum of squares:
/// let mut x = vec![3.0, -4.0];
/// let mut x_bar = vec![0.0; x.len()];
/// let mut workspace = Workspace::new();
/// for _ in 0..100 {
///     x_bar.fill(0.0);
///     workspace.run(|| adjoint_f(&x, 1.0, &mut x_bar));
///     for (x, x_bar) in x.iter_mut().zip(&x_bar) {
///         *x -= 0.1 * x_bar;
///     }
/// }
/// assert!(x.iter().all(|x| x.abs() < 1e-6));
/// ```
#[derive(Default)]
pub struct Workspace {
    shelves: Shelves,
}

impl Workspace {
    /// An empty workspace. Allocates nothing.
    #[inline]
    pub const fn new() -> Self {
        Workspace { shelves: Shelves { all: Vec::new() } }
    }

    /// Calls `work`; generated functions called in it, on this thread, take their memory from the
    /// workspace and leave it there.
    ///
    /// If `work` panics, so does this; the workspace stays usable.
    #[inline]
    pub fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        let _installed = Installed::new(&mut self.shelves);
        work()
    }

    /// The number of bytes of heap that it keeps.
    ///
    /// # Examples
    ///
    /// ```
    /// # use autodiff_runtime as autodiff;
    /// assert_eq!(autodiff::Workspace::new().bytes(), 0);
    /// ```
    pub fn bytes(&self) -> usize {
        self.shelves.all.iter().map(|shelf| shelf.bytes()).sum()
    }

    /// Frees the memory.
    pub fn clear(&mut self) {
        self.shelves.all = Vec::new();
    }
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").field("bytes", &self.bytes()).finish()
    }
}

/// What a workspace can keep: plain data.
pub trait Plain: Copy + Send + Sync + 'static {}

impl<T: Copy + Send + Sync + 'static> Plain for T {}

/// A shelf for each type of entries: allocations cannot change theirs. There are few types.
#[derive(Default)]
struct Shelves {
    all: Vec<Box<dyn AnyShelf>>,
}

struct Shelf<T> {
    lists: Vec<Vec<T>>,
}

trait AnyShelf: Any + Send + Sync {
    fn bytes(&self) -> usize;
}

impl<T: Plain> AnyShelf for Shelf<T> {
    fn bytes(&self) -> usize {
        self.lists.iter().map(|list| list.capacity() * size_of::<T>()).sum()
    }
}

impl Shelves {
    fn find<T: Plain>(&mut self) -> Option<&mut Shelf<T>> {
        self.all.iter_mut().find_map(|shelf| {
            let shelf: &mut dyn Any = &mut **shelf;
            shelf.downcast_mut()
        })
    }
}

thread_local! {
    /// Apart from the shelves, so that where there is no workspace one look at a byte tells.
    static INSTALLED: Cell<bool> = const { Cell::new(false) };
    static SHELVES: RefCell<Shelves> = const { RefCell::new(Shelves { all: Vec::new() }) };
}

/// The workspace's shelves are the thread's while this lives, and the thread's, if it had any, wait
/// in their place.
struct Installed<'w> {
    shelves: &'w mut Shelves,
    before: bool,
}

impl<'w> Installed<'w> {
    fn new(shelves: &'w mut Shelves) -> Self {
        SHELVES.with_borrow_mut(|current| std::mem::swap(current, shelves));
        Installed { shelves, before: INSTALLED.replace(true) }
    }
}

impl Drop for Installed<'_> {
    fn drop(&mut self) {
        INSTALLED.set(self.before);
        SHELVES.with_borrow_mut(|current| std::mem::swap(current, self.shelves));
    }
}

/// An allocation for `room` entries from the workspace, its content left from before: the smallest
/// that is large enough, else a new one in place of the largest. None without a workspace.
#[inline]
pub(crate) fn take<T: Plain>(room: usize) -> Option<Vec<T>> {
    if INSTALLED.get() { take_from_shelf(room) } else { None }
}

/// The largest of the allocations in the workspace, for what will grow, with room for `room`
/// entries at least.
#[inline]
pub(crate) fn take_largest<T: Plain>(room: usize) -> Option<Vec<T>> {
    if !INSTALLED.get() {
        return None;
    }
    let all = SHELVES.with_borrow_mut(|shelves| {
        let lists = shelves.find::<T>()?.lists.iter();
        lists.map(Vec::capacity).max()
    });
    take_from_shelf(all.unwrap_or(0).max(room))
}

#[cold]
#[inline(never)]
fn take_from_shelf<T: Plain>(room: usize) -> Option<Vec<T>> {
    let found = SHELVES.with_borrow_mut(|shelves| {
        let lists = &mut shelves.find::<T>()?.lists;
        let by_capacity = |i: &usize| lists[*i].capacity();
        let fits =
            (0..lists.len()).filter(|i| lists[*i].capacity() >= room).min_by_key(by_capacity);
        let at = fits.or_else(|| (0..lists.len()).max_by_key(by_capacity))?;
        Some(lists.swap_remove(at))
    });
    match found {
        Some(list) if list.capacity() >= room => Some(list),
        _ => Some(Vec::with_capacity(room)),
    }
}

/// Leaves an allocation for later, if there is a workspace; else it is freed.
#[inline]
pub(crate) fn give_back<T: Plain>(list: Vec<T>) {
    if list.capacity() != 0 && INSTALLED.try_with(Cell::get).unwrap_or(false) {
        put_on_shelf(list);
    }
}

#[cold]
#[inline(never)]
fn put_on_shelf<T: Plain>(list: Vec<T>) {
    SHELVES.with_borrow_mut(|shelves| match shelves.find::<T>() {
        Some(shelf) => shelf.lists.push(list),
        None => shelves.all.push(Box::new(Shelf { lists: vec![list] })),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn what_is_left_is_taken_again() {
        let mut workspace = Workspace::new();
        assert!(take::<f64>(3).is_none());
        give_back(vec![1.0]);
        workspace.run(|| {
            for n in [10, 100, 50] {
                give_back(vec![n as f64; n]);
            }
            give_back(vec![1_u8; 7]);
            assert_eq!(take::<f64>(20).unwrap().len(), 50);
            assert_eq!(take_largest::<f64>(20).unwrap().len(), 100);
            // The last one is too small, and another comes in its place.
            let list = take::<f64>(20).unwrap();
            assert!(list.is_empty() && list.capacity() >= 20);
            give_back(list);
        });
        assert!(take::<f64>(3).is_none());
        assert_eq!(workspace.bytes(), 20 * 8 + 7);
        workspace.clear();
        assert_eq!(workspace.bytes(), 0);
    }

    #[test]
    fn runs_are_nested() {
        let (mut outer, mut inner) = (Workspace::new(), Workspace::new());
        outer.run(|| {
            give_back(vec![1.0; 10]);
            inner.run(|| give_back(vec![2.0; 5]));
            assert_eq!(take::<f64>(1).unwrap(), [1.0; 10]);
        });
        assert_eq!((outer.bytes(), inner.bytes()), (0, 40));
    }

    #[test]
    fn a_panic_leaves_it_usable() {
        let mut workspace = Workspace::new();
        let run = || {
            workspace.run(|| {
                give_back(vec![1.0; 10]);
                panic!("in the middle");
            })
        };
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        assert!(take::<f64>(1).is_none());
        assert_eq!(workspace.bytes(), 80);
        assert_eq!(workspace.run(|| take::<f64>(1)).unwrap(), [1.0; 10]);
    }

    #[test]
    fn it_goes_to_other_threads() {
        let mut workspace = Workspace::new();
        workspace.run(|| give_back(vec![1.0; 10]));
        let thread = std::thread::spawn(move || workspace.run(|| take::<f64>(1)).unwrap());
        assert_eq!(thread.join().unwrap(), [1.0; 10]);
    }
}
