//! What the generated functions allocate: nothing where nothing has to be kept.

use autodiff::{Workspace, differentiable};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's obligations are those of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations<R>(work: impl FnOnce() -> R) -> usize {
    let before = COUNT.with(Cell::get);
    std::hint::black_box(work());
    COUNT.with(Cell::get) - before
}

#[differentiable(order = 2)]
fn scalar(x: f64, y: f64) -> f64 {
    let mut a = (x * y).sin();
    if a > 0.5 {
        a = a * a + x;
    }
    a + x / y * (-x * x).exp()
}

#[differentiable]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    sum
}

#[differentiable]
fn newton(a: f64) -> f64 {
    let mut x = 1.0;
    while f64::abs(x * x - a) > 1e-12 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

#[differentiable]
fn rotated(p: [f64; 2], angle: f64) -> [f64; 2] {
    let (sin, cos) = angle.sin_cos();
    [cos * p[0] - sin * p[1], sin * p[0] + cos * p[1]]
}

#[differentiable]
fn steps(p: [f64; 2], angle: f64, n: usize) -> f64 {
    let mut q = p;
    for _ in 0..n {
        q = rotated(q, angle);
    }
    q[0] * q[1]
}

#[differentiable]
fn diffuse(a: &[f64], b: &mut [f64]) {
    for i in 1..a.len() - 1 {
        b[i] = a[i] + 0.2 * (a[i - 1] + a[i + 1] - 2.0 * a[i]);
    }
}

#[differentiable]
fn heat(u: &[f64], rounds: usize) -> f64 {
    let mut a = u.to_vec();
    let mut b = u.to_vec();
    for _ in 0..rounds {
        diffuse(&a, &mut b);
        diffuse(&b, &mut a);
    }
    a.iter().map(|v| v * v).sum()
}

#[differentiable]
fn heat_with_swaps(u: &[f64], rounds: usize) -> f64 {
    let mut a = u.to_vec();
    let mut b = u.to_vec();
    for _ in 0..rounds {
        diffuse(&a, &mut b);
        std::mem::swap(&mut a, &mut b);
    }
    a.iter().map(|v| v * v).sum()
}

#[differentiable]
fn react(a: &[f64], b: &mut [f64]) {
    for i in 1..a.len() - 1 {
        b[i] = a[i] + 0.2 * (a[i - 1] + a[i + 1] - 2.0 * a[i]) - 0.01 * a[i] * a[i] * a[i];
    }
}

#[differentiable]
fn heat_nonlinear(u: &[f64], rounds: usize) -> f64 {
    let mut a = u.to_vec();
    let mut b = u.to_vec();
    for _ in 0..rounds {
        react(&a, &mut b);
        react(&b, &mut a);
    }
    a.iter().map(|v| v * v).sum()
}

#[differentiable(order = 2)]
fn chain(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin() + 0.1 * x;
    }
    while y < 2.0 {
        y = y * y + 0.5 + x;
    }
    y
}

#[differentiable]
fn squashed(state: &mut [f64], work: &mut [f64]) {
    work.copy_from_slice(state);
    for i in 0..state.len() {
        state[i] = work[i].tanh() + 0.1 * work[0];
    }
    work.fill(1.0);
}

/// Calls in two that hand buffers on.
#[differentiable]
fn squashed_twice(state: &mut [f64], work: &mut [f64]) {
    squashed(state, work);
    work.copy_from_slice(state);
    squashed(state, work);
}

#[differentiable]
fn recurrent(x: &[f64], steps: usize) -> f64 {
    let mut state = x.to_vec();
    let mut work = x.to_vec();
    for _ in 0..steps {
        squashed_twice(&mut state, &mut work);
    }
    state.iter().sum::<f64>() * work[0]
}

#[test]
fn straight_line_code_allocates_nothing() {
    assert_eq!(allocations(|| grad_scalar(0.3, 0.7)), 0);
    assert_eq!(allocations(|| value_and_grad_scalar(1.3, 0.9)), 0);
    assert_eq!(allocations(|| jvp_scalar(0.3, 0.7, 1.0, 0.0)), 0);
    assert_eq!(allocations(|| hvp_scalar(0.3, 0.7, 1.0, 0.0)), 0);
    assert_eq!(allocations(|| vjp_scalar(0.3, 0.7).1(1.0)), 0);
}

#[test]
fn a_loop_that_is_linear_in_what_it_carries_records_nothing() {
    let x: Vec<f64> = (0..1000).map(|i| (0.1 * f64::from(i)).sin()).collect();
    let mut x_bar = vec![0.0; x.len()];
    assert_eq!(allocations(|| adjoint_rosenbrock(&x, 1.0, &mut x_bar)), 0);
    // The gradient itself.
    assert_eq!(allocations(|| grad_rosenbrock(&x)), 1);
}

#[test]
fn a_few_trips_are_kept_without_the_heap() {
    assert_eq!(allocations(|| grad_newton(2.0)), 0);
    assert_eq!(allocations(|| grad_steps([0.3, 0.7], 0.1, 20)), 0);
    // More of them take one tape, which grows by doubling.
    assert!(allocations(|| grad_steps([0.3, 0.7], 0.1, 1000)) <= 6);
}

#[test]
fn what_linear_calls_overwrite_is_not_kept() {
    let u: Vec<f64> = (0..50).map(|i| (0.1 * f64::from(i)).sin()).collect();
    let mut u_bar = vec![0.0; u.len()];
    // Both buffers and their adjoints.
    assert_eq!(allocations(|| adjoint_heat(&u, 100, 1.0, &mut u_bar)), 4);
    assert_eq!(allocations(|| adjoint_heat_with_swaps(&u, 100, 1.0, &mut u_bar)), 4);
}

#[test]
fn old_contents_share_an_allocation() {
    let u: Vec<f64> = (0..50).map(|i| (0.1 * f64::from(i)).sin()).collect();
    let mut u_bar = vec![0.0; u.len()];
    // Both buffers, their adjoints, their old contents.
    assert_eq!(allocations(|| adjoint_heat_nonlinear(&u, 10, 1.0, &mut u_bar)), 6);
    assert_eq!(allocations(|| adjoint_heat_nonlinear(&u, 1000, 1.0, &mut u_bar)), 6);
}

/// Runs in a workspace allocate no more than the function itself, and give the same.
#[track_caller]
fn in_workspace<R: PartialEq + std::fmt::Debug>(own: usize, mut work: impl FnMut() -> R) {
    let expected = work();
    let mut workspace = Workspace::new();
    for run in 0..6 {
        let mut got = None;
        let count = allocations(|| got = Some(workspace.run(&mut work)));
        assert_eq!(got.as_ref(), Some(&expected), "run {run}");
        if run > 2 {
            assert_eq!(count, own, "run {run}");
        }
    }
    assert_eq!(work(), expected);
}

#[test]
fn a_workspace_leaves_nothing_to_allocate() {
    let u: Vec<f64> = (0..50).map(|i| (0.1 * f64::from(i)).sin()).collect();
    let mut u_bar = vec![0.0; u.len()];
    let mut adjoint = |f: &dyn Fn(&mut [f64]) -> f64| {
        u_bar.fill(0.0);
        (f(&mut u_bar), u_bar.clone())
    };
    // The two buffers of the function, and the copy above.
    in_workspace(3, || adjoint(&|u_bar| adjoint_heat(&u, 100, 1.0, u_bar)));
    in_workspace(3, || adjoint(&|u_bar| adjoint_heat_nonlinear(&u, 100, 1.0, u_bar)));
    in_workspace(3, || adjoint(&|u_bar| adjoint_recurrent(&u, 5, 1.0, u_bar)));
    in_workspace(0, || grad_steps([0.3, 0.7], 0.1, 1000));
    in_workspace(0, || grad_chain(0.3, 1000));
    in_workspace(0, || vjp_steps([0.3, 0.7], 0.1, 1000).1(1.0));
}

#[test]
fn a_workspace_serves_different_sizes() {
    let mut workspace = Workspace::new();
    for n in [50, 10, 200, 3, 77] {
        let u: Vec<f64> = (0..n).map(|i| (0.1 * f64::from(i)).sin()).collect();
        let rounds = 2 * n as usize;
        let inside = workspace.run(|| (grad_heat_nonlinear(&u, rounds), grad_chain(0.3, rounds)));
        assert_eq!(inside, (grad_heat_nonlinear(&u, rounds), grad_chain(0.3, rounds)));
    }
    assert!(workspace.bytes() > 0);
}
