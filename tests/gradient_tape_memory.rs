//! What the gradient tape allocates, and what it gives back.

use autodiff::gradient_tape::Tensor;
use autodiff::{GradientTape, Var};
use ndarray::Array1;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

fn note(count: usize, bytes: isize) {
    // Not while the thread ends.
    let _ = COUNT.try_with(|sum| sum.set(sum.get() + count));
    let _ = BYTES.try_with(|sum| sum.set(sum.get() + bytes));
}

// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(1, layout.size() as isize);
        // SAFETY: the caller's obligations are those of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        note(0, -(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Number of allocations, and bytes more than before.
fn measured(work: impl FnOnce()) -> (usize, isize) {
    let (count, bytes) = (COUNT.with(Cell::get), BYTES.with(Cell::get));
    work();
    (COUNT.with(Cell::get) - count, BYTES.with(Cell::get) - bytes)
}

#[test]
fn a_tape_reset_and_reused_allocates_nothing() {
    let tape = GradientTape::persistent();
    let run = || {
        tape.reset();
        let x = tape.watch([2.0f64, 0.5]);
        let y = (0..1000).fold(x[0], |y, _| (y * x[1]).sin() + x[0]);
        let gradient = tape.gradient((y, x[0]), x);
        assert!(gradient[0].is_finite());
    };
    run();
    for _ in 0..10 {
        assert_eq!(measured(run), (0, 0));
    }
}

#[test]
fn everything_comes_back_with_the_tape() {
    let run = |differentiate: bool| {
        let tape = GradientTape::new();
        let x = tape.watch(vec![1.0; 1000]);
        let sum: Var = x.iter().map(|x| x.exp()).sum();
        let list = tape.watch(Array1::from_elem(1000, 0.5));
        let y = (list.tanh() * sum).square().sum();
        let y = tape.recompute_grad(&y, |y| y * 2.0);
        if differentiate {
            let _ = tape.gradient(y, (&x, &list));
        }
    };
    // The record that is used again by the next tape.
    run(true);
    for i in 0..20 {
        assert_eq!(measured(|| run(i % 2 == 0)).1, 0);
    }
}

#[test]
fn a_scalar_operation_takes_24_bytes_and_its_adjoint_8() {
    let n = 100_000;
    let tape = GradientTape::persistent().with_capacity(n + 1);
    let x = tape.watch(1.0);
    let (count, _) = measured(|| {
        let y = (0..n).fold(x, |y, _| y * 1.000_001);
        assert!(tape.gradient(y, x) > 1.0);
    });
    assert_eq!((count, tape.bytes()), (0, 24 * (n + 1)));
}

#[test]
fn a_transpose_and_a_stopped_gradient_share_their_entries() {
    let tape = GradientTape::persistent();
    let x = tape.watch(Array1::from_elem(10_000, 1.0)).reshape((100, 100));
    let bytes = measured(|| {
        let y: Tensor<f64, _> = x.t().stop_gradient().t();
        assert_eq!(y.shape(), [100, 100]);
    });
    assert!(bytes.1 < 1000, "{bytes:?}");
}
