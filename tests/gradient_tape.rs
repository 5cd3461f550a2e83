//! The gradient tape: cases with known results, most of them TensorFlow's own tests of
//! `tf.GradientTape` (by name), re-run in TensorFlow 2.21.

// References and drops are written as users of tensors write them; loops compare by index.
#![allow(clippy::op_ref, clippy::needless_range_loop, dropping_copy_types)]

use autodiff::gradient_tape::{concatenate, gradient, hessian, hvp, jacobian, select, stack, vjp};
use autodiff::{GradientTape, Sources, TapeError, Targets, Var, Variable, differentiable};
use ndarray::{Array1, Axis, array};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The message of a panic.
fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic was expected");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().map_or(String::new(), ToString::to_string),
    }
}

#[test]
fn issue_example() {
    let tape = GradientTape::new();
    let x = tape.watch(array![[1., 1.], [1., 1.]]);
    let y = x.sum();
    let z = &y * &y;
    let dz_dx = tape.gradient(&z, &x);
    assert_eq!(dz_dx, array![[8., 8.], [8., 8.]]);
}

#[test]
fn where_gradient() {
    let f = |x: Var| if x < 10.0 { x } else { x * x };
    let results = [5.0, 50.0].map(|at| gradient(f, at).1);
    assert_eq!(results, [1.0, 100.0]);
    let tape = GradientTape::new();
    let x = tape.watch(array![5.0, 50.0]);
    let mask = x.view().mapv(|x| x < 10.0);
    let y = select(&mask, &x, &(&x * &x));
    assert_eq!(tape.gradient(&y, &x), array![1.0, 100.0]);
}

#[test]
fn output_gradient_used_in_computation() {
    let tape = GradientTape::new();
    let (x, y) = tape.watch((3.0, 2.0));
    let loss = x * y;
    assert_eq!(tape.gradient_with([loss, x], [x], [1.0, 2.0]), [4.0]);
}

#[test]
fn functions_in_custom_gradient() {
    // The primal of the rule is itself a derivative taken on a tape.
    let tape = GradientTape::new();
    let x = tape.watch(1.0);
    let y = tape.custom_gradient(&x, |x: f64| (gradient(|x| x * x, x).1, |seed: f64| 2.0 * seed));
    assert_eq!(y.value(), 2.0);
}

#[test]
fn identity_gradient_is_identity() {
    let tape = GradientTape::new();
    let x = tape.watch(3.0);
    let y = x;
    assert_eq!(tape.gradient(y, x), 1.0);
}

#[test]
fn multi_target_one_is_source() {
    let tape = GradientTape::new();
    let x = tape.watch(2.0);
    let y = x * x;
    assert_eq!(tape.gradient([x, y], x), 5.0);
}

#[test]
fn no_op_gradient_with_multi_target_multi_source() {
    let tape = GradientTape::new();
    let (x, y) = tape.watch((3.0, 5.0));
    let z = y * y;
    assert_eq!(tape.gradient([x, y, z], [x, y]), [1.0, 11.0]);
}

#[test]
fn no_op_on_variable_is_identity() {
    let v = Variable::new(1.0);
    let tape = GradientTape::new();
    let y = tape.read(&v);
    assert_eq!(tape.gradient(y, &v), 1.0);
}

#[test]
fn stop_recording() {
    let v = Variable::new(1.0);
    let tape = GradientTape::new();
    let y = tape.stop_recording(|| tape.read(&v) * tape.read(&v));
    assert!(tape.is_recording());
    assert_eq!(tape.gradient_or_none(y, &v), None);
}

#[test]
fn reset_forgets() {
    let v = Variable::new(1.0);
    let tape = GradientTape::new();
    let mut loss = tape.read(&v) * tape.read(&v);
    tape.reset();
    loss += tape.read(&v) * tape.read(&v);
    assert_eq!(loss.value(), 2.0);
    assert_eq!(tape.gradient(loss, &v), 2.0);
}

#[test]
fn automatic_watched_variables() {
    let v = Variable::new(1.0).named("v");
    let tape = GradientTape::new();
    let mut counts = vec![tape.watched_variables().len()];
    let _ = tape.read(&v) + tape.read(&v);
    counts.push(tape.watched_variables().len());
    tape.reset();
    counts.push(tape.watched_variables().len());
    let _ = tape.read(&v) * 2.0;
    counts.push(tape.watched_variables().len());
    assert_eq!(counts, [0, 1, 0, 1]);
    assert_eq!(tape.watched_variables(), ["v"]);
    assert_eq!(tape.gradient_or_none(Var::constant(1.0), &v), None);
}

#[test]
fn gradient_within_tape_block() {
    let v = Variable::new(1.0);
    let tape = GradientTape::new();
    let loss = 2.0 * tape.read(&v);
    let first = tape.gradient(loss, &v);
    let tape = GradientTape::persistent();
    let loss = 2.0 * tape.read(&v);
    let second = tape.gradient(loss, &v);
    assert_eq!([first, second], [2.0, 2.0]);
    // Recording goes on after a gradient.
    let more = loss * tape.read(&v);
    assert_eq!(tape.gradient(more, &v), 4.0);
}

#[test]
fn second_grad_of_cross_entropy() {
    let outer = GradientTape::new();
    let x = outer.watch(array![[0.1]]);
    let inner = GradientTape::new();
    let xi = inner.watch(&x);
    let loss = xi.cross_entropy(&array![[0.0]], Axis(1));
    let first = inner.gradient(&loss, &xi);
    let grad = outer.gradient(&first, &x);
    assert_eq!(grad, array![[0.0]]);
    // With a real label, two classes: the Hessian of softmax cross entropy is diag(p) - p pᵀ.
    let h = hessian(|x| x.cross_entropy(&array![[1.0, 0.0]], Axis(1)).sum(), array![[0.3, -0.2]]);
    let p = 1.0 / (1.0 + (-0.5f64).exp());
    let expected = array![[p * (1.0 - p), -p * (1.0 - p)], [-p * (1.0 - p), p * (1.0 - p)]];
    for ((i, j), &e) in expected.indexed_iter() {
        assert!((h[[0, i, 0, j]] - e).abs() < 1e-15);
    }
}

#[test]
fn make_vjp() {
    let (value, pullback) = vjp(3.0, |x| x * x);
    assert_eq!([value, pullback(2.0)], [9.0, 12.0]);
}

#[test]
fn grad_grad_exp() {
    assert_eq!(hessian(|x: Var<Var>| x.exp(), 0.0), 1.0);
}

#[test]
fn constants_added() {
    assert_eq!(gradient(|x| x + 2.0 + 3.0, 1.0), (6.0, 1.0));
}

#[test]
fn unconnected() {
    let v = Variable::new(1.0);
    let tape = GradientTape::persistent();
    let x = tape.read(&v);
    let target = Var::constant(7.0);
    assert_eq!(tape.gradient_or_none(target, &v), None);
    assert_eq!(tape.gradient_or_none(target, x), None);
    assert_eq!(tape.gradient(target, x), 0.0);
    assert!(!tape.depends_on(target, x));
    assert!(tape.depends_on(x * 0.0, x));
    let error = tape.try_connected_gradient(x * x, (&v, tape.watch(1.0)));
    assert_eq!(error, Err(TapeError::Unconnected { source: 1 }));
    assert_eq!(tape.try_connected_gradient(x * x, &v), Ok(2.0));
}

#[test]
fn repeated_source() {
    let tape = GradientTape::new();
    let x = tape.watch(3.0);
    assert_eq!(tape.gradient(2.0 * x, [x, x]), [2.0, 2.0]);
}

#[test]
fn structure_of_sources() {
    let tape = GradientTape::persistent();
    let (x1, x2, x3) = tape.watch((3.0, 3.1, 3.2));
    let y = x1 + 2.0 * x2 + 3.0 * x3;
    assert_eq!(tape.gradient(y, (x1, x2, [x1, x3])), (1.0, 2.0, [1.0, 3.0]));
    assert_eq!(tape.gradient(y, (x1, (&x2, vec![x3]))), (1.0, (2.0, vec![3.0])));
    assert_eq!(tape.gradient(y, &[x1, x2][..]), [1.0, 2.0]);
}

#[test]
fn constant_target() {
    let (x, y) = (Variable::new(array![3.0]), Variable::new(array![2.0]));
    let tape = GradientTape::new();
    let _ = tape.read(&x);
    let target = tape.read(&y);
    assert_eq!(tape.gradient_or_none(&target, &x), None);
}

#[test]
fn while_loop() {
    let f = |mut x: Var| {
        let mut i = 1;
        while i < 3 {
            i += 1;
            x *= 2.0;
        }
        x
    };
    assert_eq!(gradient(f, 2.0).1, 4.0);
}

#[test]
fn persistent_tape() {
    let tape = GradientTape::persistent();
    let x = tape.watch(3.0);
    let y = x * x;
    let z = y * y;
    assert_eq!([tape.gradient(z, x), tape.gradient(y, x)], [108.0, 6.0]);
}

#[test]
fn persistent_nested_tape() {
    let outer = GradientTape::persistent();
    let x = outer.watch(3.0);
    let mut y = x * x;
    let inner = GradientTape::persistent();
    let y_inner = inner.watch(y);
    let z = 2.0 * y_inner;
    for _ in 0..2 {
        let dz_dy = inner.gradient(z, y_inner);
        assert_eq!(dz_dy.value(), 2.0);
        y += dz_dy;
    }
    // `z.value()` is z as a value of the outer tape.
    assert_eq!([outer.gradient(y, x), outer.gradient(z.value(), x)], [6.0, 12.0]);
}

#[test]
fn nested_gradients() {
    let tape = GradientTape::new();
    let x = tape.watch(3.0);
    let y = x * x;
    let z = y * y;
    assert_eq!(tape.gradient(z, [x, y]), [108.0, 18.0]);
}

#[test]
fn unconnected_gradients_zeros() {
    let tape = GradientTape::new();
    let x = tape.watch(Array1::<f64>::ones(4).into_shape_with_order((2, 2)).unwrap());
    let y = tape.watch(3.0);
    assert_eq!(tape.gradient(y * y, &x), array![[0.0, 0.0], [0.0, 0.0]]);
}

#[test]
fn unconnected_through_stop_gradient() {
    let tape = GradientTape::new();
    let x = tape.watch(1.0);
    let g = |x: Var| (x + 2.0).powi(2).stop_gradient();
    assert_eq!(tape.gradient(g(x), x), 0.0);
}

#[test]
fn value_and_gradient_of_one_parameter() {
    let tape = GradientTape::new();
    let b = tape.watch(2.0);
    let y = 3.0 * b;
    assert_eq!((y.value(), [tape.gradient(y, b)]), (6.0, [3.0]));
}

#[test]
fn outputs_summed() {
    let tape = GradientTape::new();
    let x = tape.watch(array![0.0, 1.0, 2.0]);
    assert_eq!(tape.gradient((&x + 2.0, &x * &x), &x), array![1.0, 3.0, 5.0]);
}

#[test]
fn stacked_values() {
    let tape = GradientTape::new();
    let x = tape.watch(array![1.0]);
    let y = stack(Axis(0), &[&(&x + 1.0), &(&x + 1.0)]).mean();
    assert_eq!(tape.gradient(y, &x), array![1.0]);
}

#[test]
fn same_object_for_multiple_arguments() {
    // Each argument by itself: two watched values of one number.
    let tape = GradientTape::new();
    let (x, y) = tape.watch((1.0, 1.0));
    assert_eq!(tape.gradient(x * y, [x, y]), [1.0, 1.0]);
}

#[test]
fn custom_gradient_descends() {
    // my_mul(2, x) = 2x with the rule [seed * x, seed * 2], squared loss aside: as the case has it.
    let mut x = 2.0;
    let mut losses = Vec::new();
    for _ in 0..5 {
        let tape = GradientTape::new();
        let parameter = tape.watch(x);
        let factors = (Var::constant(2.0), parameter);
        let loss = tape.custom_gradient(&factors, |(a, b): (f64, f64)| {
            (a * b, move |seed: f64| (seed * b, seed * a))
        });
        losses.push(loss.value());
        x -= 0.25 * tape.gradient(loss, parameter);
    }
    assert_eq!(losses, [4.0, 3.0, 2.0, 1.0, 0.0]);
}

#[test]
fn custom_gradient_replaces_the_rule() {
    let tape = GradientTape::persistent();
    let x = tape.watch(1.0);
    let y = tape.custom_gradient(&x, |x: f64| (x * x, |seed: f64| 4.0 * seed));
    assert_eq!(tape.gradient(y, x), 4.0);
    assert_eq!(tape.gradient(y, x), 4.0);
}

#[test]
fn custom_rule_that_panics_leaves_the_tape_usable() {
    let tape = GradientTape::persistent();
    let x = tape.watch(1.0);
    let y = x * x;
    let text = message(|| {
        tape.custom_gradient(&x, |_: f64| -> (f64, fn(f64) -> f64) { panic!("x") });
    });
    assert_eq!(text, "x");
    assert_eq!(tape.gradient(y, x), 2.0);
    let bad = tape.custom_gradient(&x, |x: f64| (x, |_: f64| -> f64 { panic!("in the pullback") }));
    assert_eq!(message(|| drop(tape.gradient(bad, x))), "in the pullback");
    assert!(tape.is_recording());
    assert_eq!(tape.gradient(y * x, x), 3.0);
}

#[test]
fn identity_is_by_node_not_by_value() {
    let tape = GradientTape::new();
    let (x1, x2) = tape.watch((3.0, 3.0));
    assert_eq!(tape.gradient(x1 + x2, [x1]), [1.0]);
}

#[test]
fn cube() {
    assert_eq!(gradient(|a| a * a * a, 2.0), (8.0, 12.0));
    assert_eq!(gradient(|a: Var| a.powi(3), 2.0), (8.0, 12.0));
}

#[test]
fn watched_respect_reset() {
    let (x, z) = (Variable::new(1.0), Variable::new(2.0));
    let tape = GradientTape::<f64>::new();
    tape.watch_variable(&x);
    tape.reset();
    tape.watch_variable(&z);
    assert_eq!(tape.watched_variables().len(), 1);
}

#[test]
fn recompute_grad_with_loop() {
    let tape = GradientTape::persistent();
    let x = tape.watch(1.0);
    let y = tape.recompute_grad(&x, |mut x| {
        let mut i = 0;
        while i < 10 {
            x += 1.0;
            i += 1;
        }
        x
    });
    assert_eq!(y.value(), 11.0);
    assert_eq!(tape.gradient(y * y, x), 22.0);
    assert_eq!(tape.gradient(y, x), 1.0);
}

#[test]
fn recompute_grad_refuses_captured_values() {
    let tape = GradientTape::new();
    let (x, w) = tape.watch((1.0, 2.0));
    let text = message(|| drop(tape.recompute_grad(&x, move |x| x * w)));
    assert!(text.contains("another tape"), "{text}");
}

#[test]
fn jacobians() {
    let tape = GradientTape::persistent();
    let (x, y) = tape.watch((array![1.0, 2.0], array![3.0, 4.0]));
    let z = &x * &x * &y;
    let (by_x, by_y) = tape.jacobian(&z, (&x, &y));
    assert_eq!(by_x, array![[6.0, 0.0], [0.0, 16.0]]);
    assert_eq!(by_y, array![[1.0, 0.0], [0.0, 4.0]]);
    assert_eq!(tape.jacobian(z.sum(), &x), array![6.0, 16.0]);
    assert_eq!(jacobian(|x| x.slice(ndarray::s![1..]), array![1., 2., 3.]).shape(), [2, 3]);
}

#[test]
fn batch_jacobian() {
    let tape = GradientTape::new();
    let x = tape.watch(array![[1.0, 2.0], [3.0, 4.0]]);
    let z = &x * &x * array![[3.0, 4.0], [5.0, 6.0]];
    let expected = array![[[6.0, 0.0], [0.0, 16.0]], [[30.0, 0.0], [0.0, 48.0]]];
    assert_eq!(tape.batch_jacobian(&z, &x), expected);
}

#[test]
fn dense_and_indexed_gradients_add() {
    let tape = GradientTape::new();
    let x = tape.watch(array![[0., 0.], [0., 0.], [0., 0.]]);
    let dense = &x * &array![[1., 2.], [0., 0.], [3., 4.]];
    let rows = x.gather(Axis(0), &[1, 2]) * array![[5., 6.], [7., 8.]];
    let total = dense.sum() + rows.sum();
    assert_eq!(tape.gradient(total, &x), array![[1., 2.], [5., 6.], [10., 12.]]);
}

#[test]
fn third_order_by_nesting() {
    let t1 = GradientTape::new();
    let x1 = t1.watch(1.0);
    let t2 = GradientTape::new();
    let x2 = t2.watch(x1);
    let t3 = GradientTape::new();
    let x3 = t3.watch(x2);
    let y = x3 * x3 * x3;
    let d1 = t3.gradient(y, x3);
    let d2 = t2.gradient(d1, x2);
    let d3 = t1.gradient(d2, x1);
    assert_eq!((d1.value().value(), d2.value(), d3), (3.0, 6.0, 6.0));
}

#[test]
fn no_perturbation_confusion() {
    // d/dx (x · d/dy (x + y)) = 1, not 2 (Siskind & Pearlmutter 2005).
    let d = |x: Var| {
        let inner = GradientTape::new();
        let y = inner.watch(x);
        let xi = Var::constant(x);
        x * inner.gradient(xi + y, y)
    };
    assert_eq!(gradient(d, 1.0).1, 1.0);
    // The mixture of levels in one expression.
    let d = |x: Var| {
        let inner = GradientTape::new();
        let y = inner.watch(x.stop_gradient());
        inner.gradient(x * y * y, y)
    };
    assert_eq!(gradient(d, 3.0), (18.0, 6.0));
}

#[test]
fn gradient_penalty() {
    // (‖∂c/∂x‖ - 1)² of the critic c = w·x², by w.
    let outer = GradientTape::new();
    let w = outer.watch(array![1.0, 2.0]);
    let inner = GradientTape::new();
    let x = inner.watch(autodiff::gradient_tape::Tensor::constant(array![0.5, 1.5]));
    let critic = (&x * &x * autodiff::gradient_tape::Tensor::from(&w)).sum();
    let slope = inner.gradient(critic, &x);
    let penalty = (slope.norm() - 1.0).powi(2);
    // slope = 2 w x = (1, 6); norm = √37; ∂/∂w = 2 (n - 1)/n · slope · 2x.
    let n = 37f64.sqrt();
    let by_w = outer.gradient(penalty, &w);
    for (got, want) in by_w.iter().zip([2.0 * (n - 1.0) / n, 2.0 * (n - 1.0) / n * 18.0]) {
        assert!((got - want).abs() < 1e-12, "{got} {want}");
    }
}

#[test]
fn hessians() {
    let h = hessian(|x| (&x * &x * &x).sum(), array![1.0, 2.0]);
    assert_eq!(h, array![[6.0, 0.0], [0.0, 12.0]]);
    let v = hvp(|x| (&x * &x * &x).sum(), array![1.0, 2.0], array![1.0, -1.0]);
    assert_eq!(v, array![6.0, -12.0]);
    // Rosenbrock's function in two variables.
    let rosenbrock = |[x, y]: [Var<Var>; 2]| 100.0 * (y - x * x).powi(2) + (1.0 - x).powi(2);
    assert_eq!(hessian(rosenbrock, [1.0, 1.0]), [[802.0, -400.0], [-400.0, 200.0]]);
}

#[test]
fn concatenated_parts_get_their_own() {
    let tape = GradientTape::new();
    let (x, y) = tape.watch((array![[1.], [2.]], array![[3.], [4.]]));
    let z = concatenate(Axis(1), &[&x, &y]) * array![[1., 2.], [3., 4.]];
    assert_eq!(tape.gradient(&z, (&x, &y)), (array![[1.], [3.]], array![[2.], [4.]]));
}

#[test]
fn untrainable_and_unwatched_variables() {
    let (w, c) = (Variable::new(2.0), Variable::untrainable(3.0));
    let tape = GradientTape::persistent();
    let y = tape.read(&w) * tape.read(&c);
    assert_eq!(tape.gradient_or_none(y, (&w, &c)), (Some(3.0), None));
    assert_eq!(tape.gradient(y, &c), 0.0);
    tape.watch_variable(&c);
    let y = tape.read(&w) * tape.read(&c);
    assert_eq!(tape.gradient(y, (&w, &c)), (3.0, 2.0));
    w.assign(5.0);
    assert_eq!(w.value(), 5.0);
}

#[test]
fn a_variable_assigned_in_the_middle() {
    let v = Variable::new(1.0).named("v");
    let tape = GradientTape::new();
    let before = tape.read(&v) * tape.read(&v);
    v.assign(2.0);
    let after = tape.read(&v) * tape.read(&v);
    assert_eq!((before.value(), after.value()), (1.0, 4.0));
    assert_eq!(tape.watched_variables(), ["v"]);
    assert_eq!(tape.gradient(before + after, &v), 6.0);
}

// Misuse.

#[test]
fn seeds_of_the_wrong_shape() {
    let tape = GradientTape::persistent();
    let x = tape.watch(array![[1., 2.], [3., 4.]]);
    let y = &x * &x;
    let text = message(|| drop(tape.gradient_with(&y, &x, array![[1., 1.]])));
    assert_eq!(text, "`seed` has the shape [1, 2], needed is [2, 2]");
    let error = tape.try_gradient_with(vec![y.sum(), y.sum()], &x, vec![1.0]);
    let expected = TapeError::LengthMismatch { argument: "seed", expected: 2, found: 1 };
    assert_eq!(error, Err(expected));
    assert_eq!(tape.gradient_with(&y, &x, array![[1., 0.], [0., 1.]]), array![[2., 0.], [0., 8.]]);
}

#[test]
fn custom_rule_of_the_wrong_shape() {
    let tape = GradientTape::persistent();
    let x = tape.watch(array![1., 2.]);
    let y = tape
        .custom_gradient(&x, |x: Array1<f64>| (x.sum(), |seed: f64| Array1::from_elem(1, seed)));
    let text = message(|| drop(tape.gradient(y, &x)));
    assert_eq!(text, "`gradient of the custom rule` has the shape [1], needed is [2]");
}

#[test]
fn watch_while_paused() {
    let tape = GradientTape::<f64>::new();
    let text = message(|| {
        tape.stop_recording(|| tape.watch(1.0));
    });
    assert!(text.contains("not recording"), "{text}");
    assert!(tape.is_recording());
    let paused = tape.stop_recording(|| tape.try_watch(1.0).is_err());
    assert!(paused);
}

#[test]
fn values_of_another_tape_consumed_reset_or_never_recorded() {
    let (a, b) = (GradientTape::persistent(), GradientTape::persistent());
    let (x, y) = (a.watch(1.0), b.watch(2.0));
    assert!(message(|| drop(x * y)).contains("another tape"));
    let error = a.try_gradient(x, y);
    assert_eq!(error, Err(TapeError::OtherTape { argument: "source" }));
    let error = a.try_gradient(y, x);
    assert_eq!(error, Err(TapeError::OtherTape { argument: "target" }));
    let error = a.try_gradient(x, Var::constant(1.0));
    assert_eq!(error, Err(TapeError::NeverRecorded { argument: "source" }));
    drop(b);
    let error = a.try_gradient(x, y);
    assert_eq!(error, Err(TapeError::ConsumedTape { argument: "source" }));
    a.reset();
    let error = a.try_gradient(Var::constant(0.0), x);
    assert_eq!(error, Err(TapeError::BeforeReset { argument: "source" }));
    let errors = [
        TapeError::OtherTape { argument: "x" },
        TapeError::ConsumedTape { argument: "x" },
        TapeError::NeverRecorded { argument: "x" },
        TapeError::BeforeReset { argument: "x" },
        TapeError::NotRecording { operation: "x" },
    ];
    let mut texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 5);
}

#[test]
fn consumed_values_compute_as_constants() {
    let tape = GradientTape::new();
    let x = tape.watch(3.0);
    let y = x * x;
    assert_eq!(tape.gradient(y, x), 6.0);
    assert!(!y.is_recorded());
    assert_eq!((y + 1.0).value(), 10.0);
    let tape = GradientTape::new();
    let z = tape.watch(2.0);
    assert_eq!(tape.gradient(z * y, z), 9.0);
}

#[test]
fn panic_while_recording() {
    let tape = GradientTape::new();
    let x = tape.watch(2.0);
    let y = x * x;
    let _ = message(|| {
        let _ = x * 3.0;
        panic!("in the middle");
    });
    let _ = message(|| tape.stop_recording(|| panic!("while paused")));
    assert!(tape.is_recording());
    assert_eq!(tape.gradient(y + x, x), 5.0);
}

// The bridge to generated code.

#[differentiable]
fn damped(x: f64, rate: f64) -> f64 {
    (-rate * x).exp() * x.sin()
}

#[differentiable]
fn energy(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * x[i] * x[i];
    }
    sum
}

#[test]
fn differentiable_functions_on_the_tape() {
    let tape = GradientTape::persistent();
    let (x, rate) = tape.watch((0.7, 0.3));
    let y = tape.call(&(x, rate), |(x, rate)| vjp_damped(x, rate));
    let z = y * y;
    let (dx, drate) = grad_damped(0.7, 0.3);
    let (gx, grate) = tape.gradient(z, (x, rate));
    assert!((gx - 2.0 * y.value() * dx).abs() < 1e-15);
    assert!((grate - 2.0 * y.value() * drate).abs() < 1e-15);

    let x = tape.watch(vec![1.0, 2.0, 3.0]);
    let y = tape.call_gradient(&x, |x| value_and_grad_energy(x));
    assert_eq!(y.value(), 36.0);
    assert_eq!(tape.gradient(2.0 * y, &x), [6.0, 24.0, 54.0]);
    let operations = tape.operations();
    let _ = tape.call_gradient(&x, |x| value_and_grad_energy(x));
    assert_eq!(tape.operations(), operations + 2);
}

#[test]
fn the_tape_within_a_rule() {
    // A part handed to the tape, with the signature of a generated `vjp_f`.
    fn vjp_part(x: Vec<f64>) -> (f64, impl FnOnce(f64) -> Vec<f64>) {
        vjp(x, |x| x.iter().map(|x| x.sin()).sum::<Var>())
    }
    let (value, pullback) = vjp_part(vec![0.0, 1.0]);
    assert_eq!(value, 1f64.sin());
    assert_eq!(pullback(2.0), [2.0, 2.0 * 1f64.cos()]);
}

#[test]
fn mixed_outputs_of_a_rule() {
    let tape = GradientTape::new();
    let x = tape.watch(array![1.0, 2.0]);
    let (sum, double) = tape.custom_gradient(&x, |x: Array1<f64>| {
        let value = (x.sum(), &x * 2.0);
        (value, |(sum, double): (f64, Array1<f64>)| double * 2.0 + sum)
    });
    let y = sum * sum + (&double * &array![1.0, 10.0]).sum();
    // d/dx: 2·sum + 2·(1, 10) = 6 + (2, 20).
    assert_eq!(tape.gradient(y, &x), array![8.0, 26.0]);
}

#[test]
fn floats_of_half_precision_width() {
    let tape = GradientTape::new();
    let x = tape.watch(2.0f32);
    let y = (x * x + 1.0).sqrt();
    assert_eq!(tape.gradient(y, x), 2.0 / 5f32.sqrt());
    let tape = GradientTape::new();
    let x = tape.watch(array![1.0f32, 2.0]);
    assert_eq!(tape.gradient((&x * 3.0).sum(), &x), array![3.0f32, 3.0]);
}

#[test]
fn generic_float_code_runs_on_the_tape() {
    fn norm<T: num_traits::Float>(x: &[T]) -> T {
        x.iter().fold(T::zero(), |sum, &x| sum + x * x).sqrt()
    }
    let (value, g) = gradient(|x: Vec<Var>| norm(&x), vec![3.0, 4.0]);
    assert!(value == 5.0 && (g[0] - 0.6).abs() < 1e-15 && (g[1] - 0.8).abs() < 1e-15);
}

#[test]
fn unused_infinite_partials_do_no_harm() {
    let tape = GradientTape::new();
    let x = tape.watch(0.0);
    let _unused = x.sqrt();
    assert_eq!(tape.gradient(x * 2.0, x), 2.0);
}

// Structs by derive.

#[derive(Sources)]
struct Dense {
    kernel: Variable<Array1<f64>>,
    bias: Variable<f64>,
    #[constant]
    name: &'static str,
}

#[derive(Sources)]
struct Model {
    layers: Vec<Dense>,
    scale: Var,
}

#[derive(Targets)]
struct Outputs(Var, #[constant] &'static str, autodiff::gradient_tape::Tensor<f64, ndarray::Ix1>);

#[test]
fn structs_as_sources_and_targets() {
    let tape = GradientTape::persistent();
    let dense =
        |name| Dense { kernel: Variable::new(array![1.0, 2.0]), bias: Variable::new(3.0), name };
    let model = Model { layers: vec![dense("used"), dense("idle")], scale: tape.watch(5.0) };
    assert_eq!(model.layers[1].name, "idle");
    let layer = &model.layers[0];
    let y = tape.read(&layer.kernel).sum() * model.scale + tape.read(&layer.bias) * 7.0;
    let gradient = tape.gradient(y, &model);
    assert_eq!(gradient.scale, 3.0);
    assert_eq!(gradient.layers[0].kernel, array![5.0, 5.0]);
    assert_eq!(gradient.layers[0].bias, 7.0);
    assert_eq!(gradient.layers[1].kernel, array![0.0, 0.0]);
    let optional = tape.gradient_or_none(y, &model);
    assert_eq!((optional.layers[0].bias, optional.layers[1].bias), (Some(7.0), None));

    let outputs = Outputs(y, "name", tape.read(&layer.kernel) * 2.0);
    assert_eq!(outputs.1, "name");
    assert_eq!(tape.gradient(&outputs, &layer.kernel), array![7.0, 7.0]);
    let seed = OutputsSeed(1.0, array![10.0, 0.0]);
    assert_eq!(tape.gradient_with(&outputs, &layer.kernel, seed), array![25.0, 5.0]);
}
