//! An allocator that counts, by thread.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

pub struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static NOW: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn more(bytes: usize) {
    COUNT.with(|count| count.set(count.get() + 1));
    NOW.with(|now| {
        now.set(now.get() + bytes as isize);
        PEAK.with(|peak| peak.set(peak.get().max(now.get())));
    });
}

fn less(bytes: usize) {
    NOW.with(|now| now.set(now.get() - bytes as isize));
}

// SAFETY: hands everything on to the system's allocator, with the arguments it got; the counters are
// plain cells without destructors and allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        // SAFETY: the caller's obligations are those of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        less(layout.size());
        more(size);
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        less(layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

/// What one call takes from the heap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Allocations, a growing buffer's moves included.
    pub count: usize,
    /// The most that was in use at one time, beyond what was there before.
    pub peak: usize,
}

/// Counts what `work` allocates; zero unless [`Counting`] is the program's allocator.
pub fn of(work: impl FnOnce()) -> Use {
    let count = COUNT.with(Cell::get);
    let now = NOW.with(Cell::get);
    PEAK.with(|peak| peak.set(now));
    work();
    let peak = PEAK.with(Cell::get) - now;
    Use { count: COUNT.with(Cell::get) - count, peak: peak.max(0).cast_unsigned() }
}
