//! Generic differentiable functions and what is generated from them, run on the gradient tape; and
//! what tapes do with lists, constants and transposed matrices.

#![allow(clippy::needless_range_loop)]

use autodiff::gradient_tape::{
    Persistent, Tensor, concatenate, gradient, hessian, jacobian, stack,
};
use autodiff::{GradientTape, Real, TapeError, Var, Variable, differentiable};
use ndarray::{Array1, Array2, Axis, Ix1, Ix2, array, s};

fn assert_close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * (1.0 + b.abs()), "{a}, expected {b}");
}

#[differentiable(order = 2)]
fn rosenbrock<T: Real>(x: &[T]) -> T {
    let mut sum = T::of(0.0);
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = T::of(1.0) - x[i];
        sum += T::of(100.0) * a * a + b * b;
    }
    sum
}

#[differentiable]
fn branches<T: Real>(x: T, w: &[T; 2], n: usize) -> T {
    let mut y = x;
    let mut i = 0;
    while i < n && y < T::of(1e6) {
        y = if y > T::of(1.0) { y.sqrt() * w[0] } else { y.sin() + w[1] * y };
        i += 1;
    }
    y.max(T::of(0.1)).hypot(w[0])
}

#[test]
fn generic_functions() {
    let x = vec![0.5, 0.8, -0.3];
    let (value, tape) = gradient(|x: Vec<Var>| rosenbrock(&x), x.clone());
    let (expected, generated) = value_and_grad_rosenbrock(&x);
    assert_eq!(value, expected);
    for (tape, generated) in tape.into_iter().zip(generated) {
        assert_close(tape, generated);
    }
    for (x, w) in [(0.3f64, [0.7, 0.2]), (5.0, [2.0, 0.5]), (0.9, [1.1, 1.3])] {
        let (value, (by_x, by_w)) = gradient(|(x, w)| branches(x, &w, 5), (x, w));
        let (expected, (generated_x, generated_w)) = value_and_grad_branches(x, &w, 5);
        assert_close(value, expected);
        assert_close(by_x, generated_x);
        assert_close(by_w[0], generated_w[0]);
        assert_close(by_w[1], generated_w[1]);
    }
}

#[test]
fn generated_gradients_are_recorded() {
    // The derivative of |∇f|² is 2 H ∇f.
    let x = vec![0.5, 0.8, -0.3];
    let tape = GradientTape::new();
    let recorded = tape.watch(&x);
    let penalty: Var = grad_rosenbrock(&recorded).iter().map(|g| *g * *g).sum();
    let got = tape.gradient(penalty, &recorded);
    let (hessian, gradient) = (hessian_rosenbrock(&x), grad_rosenbrock(&x));
    for i in 0..3 {
        assert_close(got[i], (0..3).map(|j| 2.0 * hessian[i][j] * gradient[j]).sum());
    }
}

#[test]
fn a_recorded_scalar_is_a_real() {
    fn log_square_sum<T: Real>(x: &[T]) -> T {
        x.iter().copied().map(|x| x.powi(2)).sum::<T>().ln()
    }
    let x: Var<f32> = Var::constant(2.0);
    assert_eq!(log_square_sum(&[x]).value(), 4f32.ln());
    assert_eq!(format!("{x:e}"), "2e0");
}

#[test]
fn the_float_of_a_tape_by_name() {
    let tape = GradientTape::<f32>::persistent();
    let x = tape.watch(array![[1.0, 2.0], [3.0, 4.0]]);
    let y = x.dot(&array![1.0, 1.0]);
    let by_x: Array2<f32> = tape.gradient(&y, &x);
    assert_eq!(by_x, array![[1.0, 1.0], [1.0, 1.0]]);
    let tape: GradientTape<f32, Persistent> = GradientTape::persistent();
    let x = tape.watch(2.0);
    assert_eq!(tape.gradient(x * x * 0.5, x), 2.0);
    let x = GradientTape::<f32>::new().watch(1.0);
    assert_eq!(x.value(), 1f32);
}

#[test]
fn lists_watched_at_any_time() {
    let tape = GradientTape::persistent();
    let a = tape.watch(vec![1.0, 2.0, 3.0]);
    let sum: Var = a.iter().sum();
    let b = tape.watch(&[4.0, 5.0][..]);
    let nested = tape.watch(vec![vec![1.0, 2.0], vec![3.0]]);
    let y = sum * b[0] + nested[1][0] * b[1] + a[1];
    let by_nested = vec![vec![0.0, 0.0], vec![5.0]];
    let expected = (vec![4.0, 5.0, 4.0], vec![6.0, 3.0], by_nested);
    assert_eq!(tape.gradient(y, (&a, &b, &nested)), expected);
    assert!(tape.watch(Vec::<f64>::new()).is_empty());
    // Of the next tape out.
    let outer = GradientTape::new();
    let x = outer.watch(vec![1.0, 2.0]);
    let inner = GradientTape::new();
    let x_inner = inner.watch(&x);
    let g = inner.gradient(x_inner[0] * x_inner[0] * x_inner[1], &x_inner);
    assert_eq!(outer.jacobian(&g, &x), [[4.0, 2.0], [2.0, 0.0]]);
}

#[test]
fn variables_on_nested_tapes() {
    let v = Variable::new(3.0);
    let (outer, inner) = (GradientTape::new(), GradientTape::new());
    let x = inner.watch(outer.read(&v));
    let slope = inner.gradient(x * x * x, x);
    assert_eq!((slope.value(), outer.gradient(slope, &v)), (27.0, 18.0));
    let w = Variable::new(array![1.0, 2.0]);
    let (outer, inner) = (GradientTape::new(), GradientTape::new());
    let x = inner.watch(outer.read(&w));
    let slope = inner.gradient(x.powi(3).sum(), &x);
    assert_eq!(outer.gradient(&slope, &w), array![6.0, 12.0]);
}

#[test]
fn jacobians_by_variables_and_lists() {
    let (w, b) = (Variable::new(array![[1.0, 2.0], [3.0, 4.0]]), Variable::new(2.0));
    let tape = GradientTape::persistent();
    let x: Tensor<f64, _> = Tensor::constant(array![1.0, -1.0]);
    let y = tape.read(&w).dot(&x) * tape.read(&b);
    let by_w = array![[[2., -2.], [0., 0.]], [[0., 0.], [2., -2.]]];
    assert_eq!(tape.jacobian(&y, &w), by_w);
    assert_eq!(tape.jacobian(&y, (&w, &b)), (by_w, array![-1., -1.]));
    assert_eq!(tape.jacobian(&y, (&b,)), (array![-1., -1.],));
    let s = tape.watch(vec![1.0, 2.0]);
    let z = &y * s[0] + s[1];
    let by_s = [array![-2., -2.], array![1., 1.]];
    assert_eq!(tape.jacobian(&z, &s), by_s);
    assert_eq!(tape.jacobian(&z, [s[0], s[1]]), by_s);
    let nothing = y.slice(s![..0]);
    assert_eq!(tape.jacobian(&nothing, &s), [array![], array![]]);
    let square = tape.read(&b) * tape.read(&b);
    assert_eq!(tape.jacobian([square, square * 2.0], &b), [4.0, 8.0]);
}

#[test]
fn jacobians_and_hessians_of_structures() {
    let j = jacobian(|x: Var| (x * x, [x, x * 3.0], vec![x * x * x]), 2.0);
    assert_eq!(j, (4.0, [1.0, 3.0], vec![12.0]));
    assert_eq!(hessian(|(x, y)| x * x * y, (3.0, 2.0)), ((4.0, 6.0), (6.0, 0.0)));
    type List = Tensor<Var, Ix1>;
    let ((aa, ab), (ba, bb)) =
        hessian(|(a, b): (List, List)| (&a * &a).dot(&b), (array![1.0, 2.0], array![3.0, 4.0]));
    assert_eq!([aa, bb], [array![[6., 0.], [0., 8.]], Array2::zeros((2, 2))]);
    assert_eq!([&ab, &ba], [&array![[2., 0.], [0., 4.]]; 2]);
    let ((aa, ass), (sa, ss)) =
        hessian(|(a, s): (List, Var<Var>)| (&a * s).square().sum(), (array![1.0, 2.0], 3.0));
    assert_eq!((aa, ss), (array![[18., 0.], [0., 18.]], 10.0));
    assert_eq!([ass, sa], [array![12., 24.], array![12., 24.]]);
    let lists = vec![array![1.0, 2.0], array![3.0, 4.0]];
    let h = hessian(|p: Vec<List>| p[0].dot(&p[1]), lists);
    assert_eq!([&h[0][0], &h[0][1]], [&Array2::zeros((2, 2)), &Array2::eye(2)]);
}

#[test]
fn targets_before_the_end() {
    let tape = GradientTape::persistent();
    let x = tape.watch(2.0);
    let square = x * x;
    let list = tape.watch(array![1.0, 2.0]);
    let product = (&list * square).sum();
    let last = product * product;
    assert_eq!(tape.gradient(square, (x, &list)), (4.0, array![0.0, 0.0]));
    assert_eq!(tape.gradient(last, x), 288.0);
    let late = tape.watch(1.0);
    assert_eq!(tape.gradient((late + x, square), (x, late)), (5.0, 1.0));
    assert_eq!(tape.gradient((square, &list, x), (x, late)), (5.0, 0.0));
}

#[test]
fn operands_without_a_tape_in_any_place() {
    let tape = GradientTape::persistent();
    let x = tape.watch(2.0);
    let three = Var::constant(3.0);
    let dead = gradient(|y: Var| y, 3.0).0;
    let left_behind = {
        let tape = GradientTape::new();
        tape.watch(dead) * 1.0
    };
    let paused = tape.stop_recording(|| x + 1.0);
    for constant in [three, left_behind, paused] {
        assert!(!constant.is_recorded());
        let cases = [
            (x * constant, 3.0),
            (constant * x, 3.0),
            (constant - x, -1.0),
            (x / constant, 1.0 / 3.0),
            (constant / x, -0.75),
            (constant.powf(x), 9.0 * 3f64.ln()),
            (x.powf(constant), 12.0),
            (x.mul_add(constant, constant), 3.0),
        ];
        for (y, expected) in cases {
            assert_close(tape.gradient(y, x), expected);
        }
    }
    // The same value twice.
    for (y, expected) in [(x * x, 4.0), (x - x, 0.0), (x / x, 0.0), (x.max(x), 1.0)] {
        assert_eq!(tape.gradient(y, x), expected);
    }
}

#[test]
fn a_rule_of_the_wrong_shape_is_an_error_value() {
    let tape = GradientTape::persistent();
    let x = tape.watch(array![1.0, 2.0]);
    let wrong = |x: Array1<f64>| (x.sum(), |seed: f64| Array1::from_elem(3, seed));
    let y = tape.custom_gradient(&x, wrong);
    let error = tape.try_gradient(y, &x).expect_err("the shapes differ");
    let argument = "gradient of the custom rule";
    assert_eq!(error, TapeError::ShapeMismatch { argument, expected: vec![2], found: vec![3] });
    assert!(tape.is_recording());
    assert_eq!(tape.gradient(x.sum(), &x), array![1.0, 1.0]);
}

#[test]
fn transposed_matrices() {
    let tape = GradientTape::persistent();
    let w = tape.watch(array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    let x = tape.watch(array![[1.0, -1.0], [0.5, 2.0]]);
    let transposed = w.t();
    let y = x.dot(&transposed);
    assert_eq!(y.value(), array![[-1., -1., -1.], [4.5, 9.5, 14.5]]);
    let seed = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let (by_w, by_transposed, by_x) = tape.gradient_with(&y, (&w, &transposed, &x), seed.clone());
    assert_eq!(by_w, seed.t().dot(&x.value()));
    assert_eq!(by_transposed, by_w.t());
    assert_eq!(by_x, seed.dot(&w.value()));
    // Read entry by entry after all.
    assert_eq!(transposed.value(), w.value().t());
    assert_eq!(transposed.view(), w.value().t());
    assert_eq!(transposed.sum_axis(Axis(0)).value(), array![3., 7., 11.]);
    assert_eq!(transposed.reshape(6).value(), array![1., 3., 5., 2., 4., 6.]);
    assert_eq!(transposed.slice(s![1, ..]).value(), array![2., 4., 6.]);
    assert_eq!(concatenate(Axis(0), &[&transposed, &transposed]).shape(), [4, 3]);
    let both = stack(Axis(0), &[&transposed, &transposed]);
    assert_eq!(tape.gradient(both.square().sum(), &w), w.value() * 4.0);
    let mixed = transposed.t() * &w + transposed.exp().t();
    let difference: Array2<f64> = tape.gradient(&mixed, &w) - w.value() * 2.0 - w.value().exp();
    assert!(difference.iter().all(|d| d.abs() < 1e-12));
    let vector = tape.watch(array![1.0, 2.0, 3.0]);
    assert_eq!(transposed.dot(&vector).value(), array![22., 28.]);
    let by_w = tape.gradient(transposed.dot(&vector).sum(), &w);
    assert_eq!(by_w, array![[1., 1.], [2., 2.], [3., 3.]]);
    // Second derivatives of |xᵀx|²/4, whose gradient is x xᵀ x.
    let at = array![[1.0, 2.0], [0.5, -1.0]];
    let h = hessian(|x: Tensor<Var, Ix2>| x.t().dot(&x).square().sum() * 0.25, at.clone());
    let step = 1e-6;
    for i in 0..4 {
        let mut direction = Array2::zeros((2, 2));
        direction[[i / 2, i % 2]] = step;
        let by = |x: Array2<f64>| x.dot(&x.t()).dot(&x);
        let difference = (by(&at + &direction) - by(&at - &direction)) / (2.0 * step);
        let row = h.slice(s![.., .., i / 2, i % 2]);
        assert!(row.iter().zip(&difference).all(|(a, b)| (a - b).abs() < 1e-8));
    }
}

#[test]
fn arrays_on_the_left() {
    let tape = GradientTape::persistent();
    let x = tape.watch(array![1.0, 2.0]);
    let a = array![3.0, 4.0];
    let y = &a * &x + &a * x.clone() + a.clone() * &x + a.clone() * x.clone() + (a - &x);
    assert_eq!(tape.gradient(&y, &x), array![11., 15.]);
    assert_eq!((array![[1f32], [2.0]] / &Tensor::constant(array![1f32, 4.0])).shape(), [2, 2]);
}

#[test]
fn softplus_far_out() {
    let tape = GradientTape::persistent();
    let x = tape.watch(array![f64::NEG_INFINITY, -700.0, 0.0, 800.0, f64::INFINITY, f64::NAN]);
    let y = x.softplus();
    let (value, slope, sigmoid) = (y.value(), tape.gradient(&y, &x), x.sigmoid().value());
    let small = (-700f64).exp();
    for (i, expected) in [0.0, small, 2f64.ln(), 800.0, f64::INFINITY].into_iter().enumerate() {
        let close = (value[i] / expected - 1.0).abs() < 1e-14;
        assert!(value[i] == expected || close, "{}, expected {expected}", value[i]);
    }
    for (i, expected) in [0.0, small, 0.5, 1.0, 1.0].into_iter().enumerate() {
        for got in [slope[i], sigmoid[i]] {
            let close = (got / expected - 1.0).abs() < 1e-14;
            assert!(got == expected || close, "{got}, expected {expected}");
        }
    }
    assert!(value[5].is_nan() && slope[5].is_nan() && sigmoid[5].is_nan());
}
