//! What happens at run time: bad input, effects, panics, numbers that are no numbers.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::differentiable;
use autodiff_tests::{assert_close, gradient_test, same};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The message of the panic that `f` has to end in.
#[track_caller]
fn panic_message<R>(f: impl FnOnce() -> R) -> String {
    match catch_unwind(AssertUnwindSafe(|| {
        f();
    })) {
        Ok(()) => panic!("should have panicked"),
        Err(payload) => payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(|s| s.to_string()))
            .expect("a message"),
    }
}

mod lengths {
    use super::*;

    #[differentiable]
    fn dot(weights: &[f64], values: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..weights.len() {
            sum += weights[i] * values[i];
        }
        sum
    }

    #[differentiable]
    fn scale(data: &mut [f64], factor: f64) {
        for x in data.iter_mut() {
            *x *= factor;
        }
    }

    #[differentiable]
    fn nested(rows: &[Vec<f64>], s: f64) -> f64 {
        let mut sum = 0.0;
        for row in rows {
            for v in row {
                sum += v * s;
            }
        }
        sum
    }

    #[differentiable(order = 2)]
    fn quadratic(data: &[f64]) -> f64 {
        let mut sum = 0.0;
        for v in data {
            sum += v * v;
        }
        sum
    }

    #[differentiable]
    fn squares(data: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        for v in data {
            out.push(v * v);
        }
        out
    }

    #[track_caller]
    fn names(message: &str, parameter: &str, lengths: [&str; 2]) {
        assert!(message.contains(parameter), "{message:?} should name `{parameter}`");
        for length in lengths {
            assert!(message.contains(length), "{message:?} should name the length {length}");
        }
    }

    #[test]
    fn of_adjoint_buffers() {
        let (w, v) = ([1.0; 5], [2.0; 5]);
        for wrong in [4, 6, 0] {
            let mut w_bar = vec![7.0; 5];
            let mut v_bar = vec![8.0; wrong];
            let message = panic_message(|| adjoint_dot(&w, &v, 1.0, &mut w_bar, &mut v_bar));
            names(&message, "values", ["5", &wrong.to_string()]);
            assert_eq!((w_bar, v_bar), (vec![7.0; 5], vec![8.0; wrong]), "nothing is written");
        }
        let mut data = [1.0; 5];
        let mut factor_bar = 1.0;
        let message =
            panic_message(|| adjoint_scale(&mut data, 3.0, &mut [1.0; 4], &mut factor_bar));
        names(&message, "data", ["5", "4"]);
        assert_eq!((data, factor_bar), ([1.0; 5], 1.0));
    }

    #[test]
    fn of_tangents() {
        let (w, v) = ([1.0; 5], [2.0; 5]);
        let message = panic_message(|| jvp_dot(&w, &v, &[0.0; 3], &[0.0; 5]));
        names(&message, "weights", ["5", "3"]);
        let mut data = [1.0; 5];
        let message = panic_message(|| jvp_scale(&mut data, 3.0, &mut [0.0; 6], 1.0));
        names(&message, "data", ["5", "6"]);
        assert_eq!(data, [1.0; 5]);
    }

    #[test]
    fn of_directions() {
        let message = panic_message(|| hvp_quadratic(&[1.0; 5], &[1.0; 4]));
        names(&message, "data", ["5", "4"]);
    }

    #[test]
    fn at_every_level() {
        let rows = vec![vec![1.0; 3], vec![1.0; 2]];
        let mut bars = vec![vec![5.0; 3], vec![5.0; 4]];
        let mut s_bar = 0.0;
        let message = panic_message(|| adjoint_nested(&rows, 2.0, 1.0, &mut bars, &mut s_bar));
        names(&message, "rows", ["2", "4"]);
        assert_eq!((bars, s_bar), (vec![vec![5.0; 3], vec![5.0; 4]], 0.0));
        let message = panic_message(|| jvp_nested(&rows, 2.0, &[vec![0.0; 3]], 1.0));
        names(&message, "rows", ["2", "1"]);
    }

    #[test]
    fn of_seeds() {
        let (_, pullback) = vjp_squares(&[1.0; 5]);
        panic_message(|| pullback(vec![1.0; 4]));
        let mut bar = [0.0; 5];
        panic_message(|| adjoint_squares(&[1.0; 5], vec![1.0; 6], &mut bar));
    }

    #[test]
    fn of_the_inputs_are_the_functions_own_affair() {
        // The primal panics; so does everything else.
        panic_message(|| dot(&[1.0; 3], &[1.0; 2]));
        panic_message(|| grad_dot(&[1.0; 3], &[1.0; 2]));
        // Too long is fine for the primal, and gives zeros.
        assert_eq!(grad_dot(&[1.0], &[2.0, 3.0]), (vec![2.0], vec![1.0, 0.0]));
    }

    #[test]
    fn empty_input() {
        assert_eq!(value_and_grad_dot(&[], &[]), (0.0, (vec![], vec![])));
        assert_eq!(grad_quadratic(&[]), vec![]);
        assert_eq!(hvp_quadratic(&[], &[]), vec![]);
        assert_eq!(grad_nested(&[], 2.0), (vec![], 0.0));
        assert_eq!(grad_nested(&[vec![]], 2.0), (vec![vec![]], 0.0));
        assert_eq!(vjp_squares(&[]).1(vec![]), vec![]);
        adjoint_scale(&mut [], 2.0, &mut [], &mut 0.0);
    }
}

mod effects {
    use super::*;
    use std::cell::{Cell, RefCell};

    thread_local! {
        static CALLS: Cell<usize> = const { Cell::new(0) };
        static SEEN: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
    }

    fn count() {
        CALLS.with(|c| c.set(c.get() + 1));
    }

    fn see(x: f64) {
        SEEN.with(|s| s.borrow_mut().push(x));
    }

    fn calls_during<R>(f: impl FnOnce() -> R) -> usize {
        CALLS.with(|c| c.set(0));
        f();
        CALLS.with(Cell::get)
    }

    #[differentiable(order = 2)]
    fn counted(x: f64) -> f64 {
        count();
        x * x
    }

    #[differentiable(order = 2)]
    fn counted_in_a_loop(x: &[f64]) -> f64 {
        let mut p = 1.0;
        for v in x {
            count();
            p *= v;
            if p > 10.0 {
                count();
            }
        }
        p
    }

    #[differentiable(order = 2)]
    fn calls_counted(x: f64) -> f64 {
        let a = counted(x);
        counted(a) * counted(3.0) + a
    }

    #[differentiable]
    fn sees(x: f64) -> f64 {
        let mut a = x;
        for _ in 0..3 {
            a = a * a;
            see(a);
        }
        a
    }

    #[differentiable]
    fn recursive(x: f64, n: usize) -> f64 {
        count();
        if n == 0 { x } else { recursive(x * x, n - 1) * x }
    }

    #[differentiable]
    fn in_place(x: &mut [f64]) {
        for i in 1..x.len() {
            count();
            x[i] *= x[i - 1];
        }
    }

    #[test]
    fn happen_once() {
        assert_eq!(calls_during(|| counted(2.0)), 1);
        assert_eq!(calls_during(|| grad_counted(2.0)), 1);
        assert_eq!(calls_during(|| value_and_grad_counted(2.0)), 1);
        assert_eq!(calls_during(|| jvp_counted(2.0, 1.0)), 1);
        assert_eq!(calls_during(|| vjp_counted(2.0)), 1);
        assert_eq!(calls_during(|| vjp_counted(2.0).1(1.0)), 1);
        assert_eq!(calls_during(|| adjoint_counted(2.0, 1.0, &mut 0.0)), 1);
        assert_eq!(calls_during(|| hvp_counted(2.0, 1.0)), 1);
    }

    #[test]
    fn happen_once_a_trip() {
        let x = [2.0, 3.0, 4.0];
        assert_eq!(calls_during(|| counted_in_a_loop(&x)), 4);
        assert_eq!(calls_during(|| grad_counted_in_a_loop(&x)), 4);
        assert_eq!(calls_during(|| value_and_grad_counted_in_a_loop(&x)), 4);
        assert_eq!(calls_during(|| vjp_counted_in_a_loop(&x).1(1.0)), 4);
        assert_eq!(calls_during(|| jvp_counted_in_a_loop(&x, &x)), 4);
        assert_eq!(calls_during(|| hvp_counted_in_a_loop(&x, &x)), 4);
        assert_eq!(calls_during(|| adjoint_in_place(&mut x.clone(), &mut x.clone())), 2);
        assert_eq!(calls_during(|| jvp_in_place(&mut x.clone(), &mut x.clone())), 2);
    }

    #[test]
    fn happen_once_in_callees() {
        assert_eq!(calls_during(|| calls_counted(2.0)), 3);
        assert_eq!(calls_during(|| grad_calls_counted(2.0)), 3);
        assert_eq!(calls_during(|| value_and_grad_calls_counted(2.0)), 3);
        assert_eq!(calls_during(|| vjp_calls_counted(2.0).1(1.0)), 3);
        assert_eq!(calls_during(|| jvp_calls_counted(2.0, 1.0)), 3);
        assert_eq!(calls_during(|| grad_recursive(1.1, 4)), 5);
        assert_eq!(calls_during(|| value_and_grad_recursive(1.1, 4)), 5);
    }

    #[differentiable(order = 2)]
    fn calls_counted_of_active(x: f64) -> f64 {
        let a = counted(x);
        counted(a) * a
    }

    #[test]
    fn happen_once_in_callees_at_second_order() {
        assert_eq!(calls_during(|| hvp_calls_counted_of_active(2.0, 1.0)), 2);
    }

    #[test]
    #[ignore = "not yet: a call that no derivative goes through runs again in a second-order sweep"]
    fn happen_once_in_inactive_callees_at_second_order() {
        assert_eq!(calls_during(|| hvp_calls_counted(2.0, 1.0)), 3);
    }

    #[test]
    fn see_the_primal_values_in_order() {
        SEEN.with(|s| s.borrow_mut().clear());
        assert_eq!(value_and_grad_sees(2.0), (256.0, 1024.0));
        assert_eq!(SEEN.with(|s| s.take()), [4.0, 16.0, 256.0]);
    }
}

mod panics {
    use super::*;
    use std::sync::Arc;

    #[differentiable]
    fn asserts(x: f64) -> f64 {
        let y = x.sin();
        assert!(x > 0.0, "x is {x}");
        y * x
    }

    #[differentiable]
    fn out_of_bounds(x: &[f64], i: usize) -> f64 {
        let mut sum = 0.0;
        for k in 0..=i {
            sum += x[k] * sum + 1.0;
        }
        sum
    }

    #[differentiable]
    fn unreachable_arm(x: f64, n: usize) -> f64 {
        match n {
            0 => x,
            1 => x * x,
            _ => panic!("no such power: {n}"),
        }
    }

    #[differentiable]
    fn unwraps(x: f64, n: Option<i32>) -> f64 {
        let n = n.expect("a power");
        x.powi(n)
    }

    #[differentiable]
    fn holds(x: f64, guard: &str, shared: bool) -> f64 {
        let kept = KEPT.with(Arc::clone);
        assert!(Arc::strong_count(&kept) >= 2);
        if shared {
            panic!("{guard}");
        }
        x * x
    }

    thread_local! {
        static KEPT: Arc<()> = Arc::new(());
    }

    #[test]
    fn propagate() {
        assert_eq!(panic_message(|| grad_asserts(-1.0)), "x is -1");
        assert_eq!(panic_message(|| value_and_grad_asserts(-1.0)), "x is -1");
        assert_eq!(panic_message(|| vjp_asserts(-1.0)), "x is -1");
        assert_eq!(panic_message(|| jvp_asserts(-1.0, 1.0)), "x is -1");
        let mut bar = 5.0;
        assert_eq!(panic_message(|| adjoint_asserts(-1.0, 1.0, &mut bar)), "x is -1");
        assert_eq!(bar, 5.0);
        assert!(panic_message(|| grad_out_of_bounds(&[1.0, 2.0], 2)).contains("out of bounds"));
        assert_eq!(panic_message(|| grad_unreachable_arm(1.0, 7)), "no such power: 7");
        assert_eq!(grad_unreachable_arm(3.0, 1), 6.0);
        assert_eq!(panic_message(|| grad_unwraps(1.0, None)), "a power");
        assert_eq!(grad_unwraps(3.0, Some(2)), 6.0);
    }

    #[test]
    fn leak_nothing() {
        panic_message(|| grad_holds(1.0, "stop", true));
        assert_eq!(KEPT.with(Arc::strong_count), 1);
        assert_eq!(grad_holds(1.0, "stop", false), 2.0);
        assert_eq!(KEPT.with(Arc::strong_count), 1);
    }
}

mod numbers {
    use super::*;

    #[differentiable]
    fn product(x: &[f64]) -> f64 {
        let mut p = 1.0;
        for v in x {
            p *= v;
        }
        p
    }

    #[differentiable]
    fn guarded(x: f64) -> f64 {
        if x > 0.0 { x.sqrt() * x.ln() } else { 0.0 }
    }

    #[differentiable]
    fn selected(x: f64, y: f64) -> f64 {
        let a = if x.is_nan() { y } else { x };
        a * y
    }

    #[differentiable]
    fn ratio(x: f64, y: f64) -> f64 {
        x / y
    }

    #[differentiable]
    fn largest(x: &[f64]) -> f64 {
        let mut m = f64::NEG_INFINITY;
        for v in x {
            m = m.max(*v);
        }
        m
    }

    #[test]
    fn zeros_in_products() {
        assert_eq!(grad_product(&[0.0, 2.0, 3.0]), [6.0, 0.0, 0.0]);
        assert_eq!(grad_product(&[0.0, 0.0, 3.0]), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn nan_and_infinity_flow() {
        let g = grad_product(&[f64::NAN, 2.0]);
        assert!(g[0] == 2.0 && g[1].is_nan());
        let g = grad_product(&[f64::INFINITY, 2.0]);
        assert_eq!(g, [2.0, f64::INFINITY]);
        assert_eq!(grad_ratio(1.0, 0.0), (f64::INFINITY, f64::NEG_INFINITY));
        let (x, y) = grad_ratio(0.0, 0.0);
        assert!(same(x, f64::INFINITY) && y.is_nan());
    }

    #[test]
    fn branches_not_taken_contribute_nothing() {
        assert_eq!(grad_guarded(0.0), 0.0);
        assert_eq!(grad_guarded(-1.0), 0.0);
        assert_eq!(grad_guarded(f64::NAN), 0.0);
        assert_eq!(grad_selected(f64::NAN, 3.0), (0.0, 6.0));
        assert_eq!(jvp_guarded(0.0, 1.0), (0.0, 0.0));
    }

    #[test]
    fn maxima() {
        assert_eq!(grad_largest(&[1.0, 3.0, 2.0]), [0.0, 1.0, 0.0]);
        assert_eq!(grad_largest(&[3.0, 3.0]), [0.5, 0.5]);
        assert_eq!(grad_largest(&[]), []);
    }
}

mod scale {
    use super::*;

    #[differentiable]
    fn long_loop(x: f64, n: usize) -> f64 {
        let mut a = x;
        for _ in 0..n {
            a = a.sin() + 0.5 * a;
        }
        a
    }

    #[differentiable]
    fn long_while(x: f64, n: usize) -> f64 {
        let mut a = x;
        let mut k = 0;
        while k < n {
            if k % 3 == 0 {
                a = 0.9 * a + x;
            } else {
                a = a.cos();
            }
            k += 1;
        }
        a
    }

    #[test]
    fn a_hundred_thousand_trips() {
        let h = 1e-6;
        for (g, f) in [
            (grad_long_loop(0.3, 100_000), long_loop as fn(f64, usize) -> f64),
            (grad_long_while(0.3, 100_000), long_while),
        ] {
            let difference = (f(0.3 + h, 100_000) - f(0.3 - h, 100_000)) / (2.0 * h);
            assert_close("gradient", &[g], &[difference], 1e-5);
        }
    }

    #[test]
    fn on_other_threads() {
        let handles: Vec<_> = (0..4)
            .map(|i| std::thread::spawn(move || grad_long_loop(0.1 * i as f64, 100)))
            .collect();
        for (i, handle) in handles.into_iter().enumerate() {
            assert_eq!(handle.join().unwrap(), grad_long_loop(0.1 * i as f64, 100));
        }
    }

    #[test]
    fn pullbacks_can_be_sent() {
        let (_, pullback) = vjp_long_loop(0.3, 10);
        let g = std::thread::spawn(move || pullback(1.0)).join().unwrap();
        // To the last bit: the same sweep, in another thread.
        let mut here = 0.0;
        adjoint_long_loop(0.3, 10, 1.0, &mut here);
        assert_eq!(g, here);
    }

    gradient_test! { long_loop: (0.3, const 50); long_while: (0.3, const 50); }
}
