//! The gradient tape on long recordings: no recursion, memory given back, buffers reused, threads.

use autodiff::gradient_tape::{Tensor, gradient, hessian};
use autodiff::{GradientTape, Var, Variable};
use ndarray::{Array1, Array2, Ix2, array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

const MILLION: usize = 1_000_000;

/// Runs on a stack that any recursion over a long recording would overflow.
fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(192 * 1024).spawn(f);
    thread.expect("a thread").join().expect("no panic");
}

#[test]
fn a_million_scalar_operations() {
    on_a_small_stack(|| {
        let tape = GradientTape::new();
        let x = tape.watch(1.0);
        let y = (0..MILLION).fold(x, |y, _| y * 1.000_001);
        assert_eq!(tape.operations(), MILLION + 1);
        assert_eq!(tape.bytes(), 24 * (MILLION + 1));
        let slope = tape.gradient(y, x);
        assert!((slope - std::f64::consts::E).abs() < 1e-5);
    });
}

#[test]
fn a_million_tensor_operations() {
    on_a_small_stack(|| {
        let tape = GradientTape::new();
        let x = tape.watch(array![1.0, 2.0]);
        let y = (0..MILLION).fold(x.clone(), |y, _| y + 1.0);
        assert_eq!(tape.gradient(&y, &x), array![1.0, 1.0]);
        drop(y);
        // Recorded and dropped without a gradient.
        let tape = GradientTape::persistent();
        let x = tape.watch(array![1.0, 2.0]);
        let y = (0..MILLION / 10).fold(x, |y, _| y + 1.0);
        drop((tape, y));
    });
}

#[test]
fn a_long_nested_recording() {
    on_a_small_stack(|| {
        let chain = |x: Var<Var>| (0..MILLION / 10).fold(x, |y, _| y * 1.000_01);
        let second = hessian(|x| chain(x) * x, 1.0);
        assert!((second - 2.0 * std::f64::consts::E).abs() < 1e-4, "{second}");
    });
}

#[test]
fn pullbacks_are_freed_while_the_sweep_passes() {
    let tape = GradientTape::new();
    let probes: Vec<Rc<()>> = (0..4).map(|_| Rc::new(())).collect();
    let alive = Rc::new(RefCell::new(Vec::new()));
    let mut y = tape.watch(1.0);
    let x = y;
    for probe in &probes {
        let (held, all, alive) = (Rc::clone(probe), probes.clone(), Rc::clone(&alive));
        y = tape.custom_gradient(&y, move |x: f64| {
            let (held, all, alive) = (Rc::clone(&held), all.clone(), Rc::clone(&alive));
            (x, move |seed: f64| {
                let _held = &held;
                let counts: Vec<usize> = all.iter().map(Rc::strong_count).collect();
                alive.borrow_mut().push(counts);
                seed
            })
        });
    }
    assert_eq!(tape.gradient(y, x), 1.0);
    let alive = alive.borrow();
    assert_eq!(alive.len(), 4);
    // Each pullback run holds less than the one before.
    let total = |counts: &Vec<usize>| counts.iter().sum::<usize>();
    assert!(alive.windows(2).all(|pair| total(&pair[1]) < total(&pair[0])), "{alive:?}");
    assert!(probes.iter().all(|probe| Rc::strong_count(probe) == 1));
}

#[test]
fn a_persistent_tape_keeps_until_it_goes() {
    let probe = Rc::new(Cell::new(0));
    let tape = GradientTape::persistent();
    let x = tape.watch(2.0);
    let counter = Rc::clone(&probe);
    let y = tape.custom_gradient(&x, move |x: f64| {
        counter.set(counter.get() + 1);
        (x * x, move |seed: f64| 2.0 * x * seed)
    });
    assert_eq!((tape.gradient(y, x), tape.gradient(y, x)), (4.0, 4.0));
    assert_eq!(Rc::strong_count(&probe), 2);
    tape.reset();
    assert_eq!(Rc::strong_count(&probe), 1);
}

#[test]
fn reset_keeps_the_buffers() {
    let tape = GradientTape::persistent();
    let run = |steps: usize| {
        let x = tape.watch(0.5);
        let y = (0..steps).fold(x, |y, _| y * y + 0.1);
        tape.gradient(y, x)
    };
    let first = run(1000);
    let capacity = tape.capacity();
    for _ in 0..100 {
        tape.reset();
        assert_eq!(tape.operations(), 0);
        assert_eq!(run(1000), first);
        assert_eq!(tape.capacity(), capacity);
    }
    let tape = GradientTape::<f64>::new().with_capacity(5000);
    assert!(tape.capacity() >= 5000);
}

#[test]
fn a_dropped_tape_leaves_nothing_behind() {
    {
        let tape = GradientTape::new();
        let x = tape.watch(1.0);
        let y = (0..10_000).fold(x, |y, _| y + 1.0);
        assert_eq!(tape.gradient(y, x), 1.0);
    }
    // The next tape of the thread starts without the last one's buffers.
    assert_eq!(GradientTape::<f64>::new().capacity(), 0);
}

#[test]
fn threads_record_on_tapes_of_their_own() {
    let slopes: Vec<f64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..5)
            .map(|i| {
                scope.spawn(move || {
                    let tape = GradientTape::new();
                    let x = tape.watch(f64::from(i));
                    tape.gradient(x * x, x)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(slopes, [2.0, 4.0, 6.0, 8.0]);
}

#[test]
fn interleaved_tapes() {
    let tapes: Vec<_> = (0..10).map(|_| GradientTape::new()).collect();
    let watched: Vec<Var> = tapes.iter().zip(0..).map(|(t, i)| t.watch(f64::from(i))).collect();
    let squares: Vec<Var> = watched.iter().map(|x| x * x).collect();
    for ((tape, x), (i, y)) in tapes.into_iter().zip(watched).zip((0..).zip(squares)) {
        assert_eq!(tape.gradient(y, x), 2.0 * f64::from(i));
    }
}

#[test]
fn large_tensors_share_their_entries() {
    // A reshape, a clone and a watched value copy nothing that shows in the result.
    let x = Tensor::<f64, _>::constant(ndarray::Array1::linspace(0.0, 1.0, 100_000));
    let y = x.reshape((100, 1000)).flatten();
    assert_eq!(x.value(), y.value());
}

/// Quadratic would be a matter of minutes.
#[test]
fn parts_lists_and_variables_by_the_ten_thousand() {
    let n = 30_000;
    let tape = GradientTape::new();
    let x = tape.watch(Array1::from_elem(n, 2.0));
    let sum: Var = (0..n).map(|i| x.at(i) * x.at(i)).sum();
    let scalars: Var = x.to_scalars().iter().sum();
    assert_eq!(tape.gradient(sum + scalars, &x), Array1::from_elem(n, 5.0));

    let tape = GradientTape::new();
    let x = tape.watch(Array2::<f64>::ones((n, 2)));
    let last = (1..n).fold(x.row(0), |h, i| h * 0.5 + x.row(i));
    let g = tape.gradient(&last, &x);
    assert_eq!((g[[n - 1, 0]], g[[n - 2, 1]]), (1.0, 0.5));

    let tape = GradientTape::new();
    let x = tape.watch(vec![1.0; n]);
    let y = tape.call_gradient(&x, |x| (x.iter().sum(), vec![2.0; x.len()]));
    let z = Tensor::from_scalars(&x).sum();
    assert_eq!(tape.gradient(y * z, &x), vec![3.0 * n as f64; n]);

    let weights: Vec<Variable<f64>> = (0..n).map(|i| Variable::new(i as f64)).collect();
    let tape = GradientTape::new();
    let y: Var = weights.iter().chain(&weights).map(|w| tape.read(w)).sum();
    assert_eq!(tape.watched_variables().len(), n);
    assert_eq!(tape.gradient(y, &weights), vec![2.0; n]);

    let sources: Vec<_> = (0..n).map(|_| array![1.0]).collect();
    let tape = GradientTape::new();
    let sources = tape.watch(sources);
    let y: Var = sources.iter().map(|x| x.sum()).sum();
    assert!(tape.gradient(y, &sources).iter().all(|g| g[0] == 1.0));
}

#[test]
fn the_gradient_of_a_determinant_costs_a_factorization() {
    let n = 200;
    let a = Array2::from_shape_fn((n, n), |(i, j)| if i == j { 1.5 } else { 1e-3 });
    let (det, g) = gradient(|a: Tensor<f64, Ix2>| a.det(), a);
    assert!((g[[3, 3]] * 1.5 / det - 1.0).abs() < 1e-3);
}
