//! The gradient tape where values end or go wrong: infinities, ties, singular matrices, empty axes;
//! and what it says to wrong axes, shapes and captured values.

use autodiff::gradient_tape::{
    Elementwise, Scalar, Tensor, concatenate, gradient, hessian, hvp, jacobian, select, stack,
};
use autodiff::{GradientTape, Sources, TapeError, Targets, Var, Variable};
use ndarray::{
    Array, Array1, Array2, Array3, Array4, Axis, Dimension, Ix1, Ix2, ScalarOperand, array, s,
};
use num_traits::{Float, FromPrimitive};
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

const INF: f64 = f64::INFINITY;

/// The message of the panic.
fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic");
    *payload.downcast::<String>().expect("a formatted message")
}

/// The gradient of a function of a tensor.
fn slope<D: Dimension>(at: Array<f64, D>, f: impl FnOnce(Tensor<f64, D>) -> Var) -> Array<f64, D> {
    gradient(f, at).1
}

#[test]
fn norms_of_lanes_of_all_sizes() {
    let rows: Array2<f64> =
        array![[0.0, 0.0], [3.0, 4.0], [3e-200, 4e-200], [3e200, 4e200], [3e-310, 4e-310]];
    let tape = GradientTape::new();
    let x = tape.watch(&rows);
    let norms = x.norm_axis(Axis(1));
    for (got, want) in norms.value().iter().zip([0.0, 5.0, 5e-200, 5e200, 5e-310]) {
        assert!((got - want).abs() <= 1e-13 * want, "{got} {want}");
    }
    let g = tape.gradient(&norms, &x);
    assert_eq!(g.row(0), array![0.0, 0.0]);
    for row in g.rows().into_iter().skip(1) {
        assert!((row[0] - 0.6).abs() < 1e-12 && (row[1] - 0.8).abs() < 1e-12, "{row}");
    }
    // At infinity the direction is undefined, but for what is finite.
    let g = slope(array![INF, 1.0], |x| x.norm());
    assert!(g[0].is_nan() && g[1] == 0.0);
    assert_eq!(
        hvp(|x: Tensor<Var, Ix1>| x.norm(), array![0.0, 0.0], array![1.0, 2.0]),
        array![0.0, 0.0]
    );
}

#[test]
fn sums_of_exponentials_at_infinity() {
    assert_eq!(slope(array![-INF, 0.0], |x| x.log_sum_exp()), array![0.0, 1.0]);
    // The softmax is undefined there, and so is the gradient: no silent zero.
    let g = slope(array![INF, 0.0], |x| x.log_sum_exp());
    assert!(g[0].is_nan() && g[1] == 0.0);
    let (value, g) = gradient(|x: Tensor<f64, Ix1>| x.log_sum_exp(), array![-INF, -INF]);
    assert!(value == -INF && g.iter().all(|g| g.is_nan()));
    assert_eq!(slope(array![1e300, -1e300], |x| x.log_sum_exp()), array![1.0, 0.0]);
}

#[test]
fn deviations_and_means() {
    assert_eq!(slope(array![2.0, 2.0, 2.0], |x| x.std(0.0)), array![0.0, 0.0, 0.0]);
    assert_eq!(slope(array![2.0], |x| x.std(0.0) + x.var(0.0)), array![0.0]);
    assert!(slope(array![2.0], |x| x.var(1.0))[0].is_nan());
    let ones = Array1::<f64>::ones(49);
    let (mean, g) = gradient(|x: Tensor<f64, Ix1>| x.mean(), ones);
    assert_eq!((mean, g[0]), (1.0, 1.0 / 49.0));
}

#[test]
fn ties() {
    let (value, g) = gradient(|x: Tensor<f64, Ix1>| x.max(), Array1::from_elem(3, f64::MAX));
    assert_eq!((value, g), (f64::MAX, Array1::from_elem(3, 1.0 / 3.0)));
    let (value, g) = gradient(|x: Tensor<f64, Ix1>| x.min(), array![-INF, 1.0, -INF]);
    assert_eq!((value, g), (-INF, array![0.5, 0.0, 0.5]));
}

#[test]
fn determinants_of_singular_matrices() {
    let det = |a: Tensor<f64, Ix2>| a.det();
    assert_eq!(slope(array![[0.0]], det), array![[1.0]]);
    assert_eq!(slope(Array2::zeros((2, 2)), det), Array2::<f64>::zeros((2, 2)));
    let counting = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
    let cofactors = array![[-3.0, 6.0, -3.0], [6.0, -12.0, 6.0], [-3.0, 6.0, -3.0]];
    assert!((slope(counting, det) - cofactors).iter().all(|d| d.abs() < 1e-13));
    // d² det of 2×2: ad - bc.
    let h = hessian(|a: Tensor<Var, Ix2>| a.det(), array![[1.0, 2.0], [2.0, 4.0]]);
    assert_eq!((h[[0, 0, 1, 1]], h[[0, 1, 1, 0]], h[[0, 0, 0, 0]]), (1.0, -1.0, 0.0));
    // Of rank 3 and order 5, with a whole row of zeros: one cofactor row is left of rank 4.
    let mut a = Array2::<f64>::eye(5);
    a[[4, 4]] = 0.0;
    let mut want = Array2::<f64>::zeros((5, 5));
    want[[4, 4]] = 1.0;
    assert_eq!(slope(a.clone(), det), want);
    let h = hessian(|a: Tensor<Var, Ix2>| a.det(), a);
    assert_eq!((h[[0, 0, 4, 4]], h[[0, 4, 4, 0]], h[[0, 0, 1, 1]]), (1.0, -1.0, 0.0));
    let regular = message(|| drop(slope(Array2::zeros((2, 2)), |a| a.log_det())));
    assert_eq!(regular, "gradient of log_det: the matrix is singular");
}

#[test]
fn empty_axes() {
    let nothing = Array2::<f64>::zeros((0, 3));
    let x = Tensor::from(nothing.clone());
    assert_eq!(x.max_axis(Axis(1)).shape(), [0]);
    assert_eq!(x.min_axis(Axis(1)).shape(), [0]);
    assert_eq!(slope(nothing, |x| x.max_axis(Axis(1)).sum()).dim(), (0, 3));
    let none = message(|| drop(x.max_axis(Axis(0))));
    assert_eq!(none, "max: no entries along the axes [0] of the shape [0, 3]");
    assert_eq!(slope(array![2.0], |x| (&x * &Array1::<f64>::zeros(0)).sum()), array![0.0]);
    assert_eq!(slope(array![2.0], |x| x.broadcast(0).sum()), array![0.0]);
    assert_eq!(Tensor::<f64, _>::from_scalars(&[]).len(), 0);
    // The sources are looked at although there is no row.
    let tape = GradientTape::new();
    let y = tape.watch(array![1.0, 2.0]).slice(s![..0]);
    let source = Tensor::from(array![1.0]);
    assert!(message(|| drop(tape.jacobian(&y, &source))).contains("never recorded"));
}

#[test]
fn operations_name_themselves_and_the_shape() {
    let x = Tensor::from(array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let no_axis = |operation: &str, axis: usize| {
        format!("{operation}: a tensor of the shape [2, 3] has no axis {axis}; axes count from 0")
    };
    let far = Axis(3);
    assert_eq!(message(|| drop(x.sum_axis(far))), no_axis("sum_axis", 3));
    assert_eq!(message(|| drop(x.std_axes(&[0, 2], 0.0))), no_axis("std_axes", 2));
    assert_eq!(message(|| drop(x.sort(far))), no_axis("sort", 3));
    assert_eq!(message(|| drop(x.cumsum(far))), no_axis("cumsum", 3));
    assert_eq!(message(|| drop(x.softmax(far))), no_axis("softmax", 3));
    assert_eq!(message(|| drop(x.argmax_axis(far))), no_axis("argmax_axis", 3));
    assert_eq!(message(|| drop(x.gather(far, &[0]))), no_axis("gather", 3));
    assert_eq!(message(|| drop(x.index_axis(far, 0))), no_axis("index_axis", 3));
    assert_eq!(message(|| drop(x.slice_axis(far, 0..1))), no_axis("slice_axis", 3));
    assert_eq!(message(|| drop(concatenate(far, &[&x, &x]))), no_axis("concatenate", 3));
    assert_eq!(message(|| drop(x.mean_axes(&[0, 0]))), "mean_axes: [0, 0] names axis 0 twice");
    let of_shape = "a tensor of the shape [2, 3]";
    let position = format!("gather: {of_shape} has no position 7 along axis 1");
    assert_eq!(message(|| drop(x.gather(Axis(1), &[0, 7]))), position);
    let axis = format!("insert_axis: {of_shape} can get no axis 5");
    assert_eq!(message(|| drop(x.insert_axis(Axis(5)))), axis);
    assert_eq!(
        message(|| drop(stack(Axis(0), &[&x, &x.t()]))),
        "stack: the shapes [2, 3] and [3, 2] differ"
    );
    assert!(
        message(|| drop(x.remove_axis(Axis(0))))
            .starts_with("remove_axis: axis 0 of the shape [2, 3]")
    );
    assert!(message(|| drop(x.into_rank::<Ix1>())).contains("[2, 3] has not the rank 1"));
    assert!(message(|| drop(x.broadcast(3))).contains("[2, 3] does not broadcast to [3]"));
    let one = Tensor::from(array![[1.0]]);
    assert!(message(|| drop(one.broadcast(3))).contains("[1, 1] does not broadcast to [3]"));
    let square = Tensor::from(array![[2.0, 0.0], [0.0, 2.0]]);
    let sides = "a matrix of the shape [2, 2] and a right side of the shape [3]";
    let right = Tensor::from(array![1.0, 2.0, 3.0]);
    assert_eq!(message(|| drop(square.solve(&right))), format!("solve: {sides}"));
    let triangular = message(|| drop(square.solve_triangular(&right, true)));
    assert_eq!(triangular, format!("solve_triangular: {sides}"));
    assert_eq!(
        message(|| drop(x.solve(&right))),
        "solve: a square matrix is needed, not the shape [2, 3]"
    );
    let signal = Tensor::from(Array3::<f64>::ones((1, 2, 3)));
    let kernel = Tensor::from(Array3::<f64>::ones((1, 1, 2)));
    let channels = message(|| drop(signal.conv1d(&kernel, 1, 0)));
    assert!(
        channels.starts_with("conv1d: an input of the shape [1, 2, 3] and a kernel of [1, 1, 2]")
    );
    let batches = [(2, 1), (3, 1)].map(|(p, q)| Tensor::from(Array4::<f64>::ones((p, q, 2, 2))));
    let differ = message(|| drop(batches[0].dot(&batches[1])));
    assert_eq!(differ, "dot: the batches of [2, 1, 2, 2] and [3, 1, 2, 2] differ");
    let mut row = Tensor::from(array![[1.0, 2.0, 3.0]]);
    let grown = message(|| row += &x);
    assert_eq!(grown, "add_assign: a tensor of the shape [1, 3] cannot take up one of [2, 3]");
    assert_eq!(row.shape(), [1, 3]);
}

#[test]
fn arguments_are_named_as_the_caller_knows_them() {
    let direction = |f: &dyn Fn()| message(f);
    let tensors =
        direction(&|| drop(hvp(|x: Tensor<Var, Ix1>| x.sum(), array![1.0, 2.0], array![1.0])));
    assert_eq!(tensors, "`direction` has the shape [1], needed is [2]");
    let lists = direction(&|| drop(hvp(|x: Vec<Var<Var>>| x[0] * x[1], vec![1.0, 2.0], vec![1.0])));
    assert_eq!(lists, "`direction` has the length 1, needed is 2");

    let tape = GradientTape::new();
    let x = tape.watch(array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    let y = x.slice(s![..2, ..]);
    let batch = message(|| drop(tape.batch_jacobian(&y, &x)));
    assert_eq!(batch, "`source of batch_jacobian` has the shape [3, 2], needed is [2, 2]");

    let tape = GradientTape::new();
    let (x, z) = tape.watch((1.0, 2.0));
    let captured = message(|| _ = tape.recompute_grad(&x, move |_| z));
    assert!(
        captured.starts_with("`value captured by recompute_grad` was recorded on another tape")
    );
}

#[test]
fn a_reset_does_not_end_a_pause() {
    let tape: GradientTape = GradientTape::new();
    let watched = tape.stop_recording(|| {
        tape.reset();
        tape.try_watch(1.0)
    });
    assert_eq!(watched.unwrap_err(), TapeError::NotRecording { operation: "watch" });
    assert!(tape.is_recording());
    let x = tape.watch(3.0);
    assert_eq!(tape.gradient(x * x, x), 6.0);
}

#[test]
fn a_gradient_of_the_same_tape_inside_a_pullback() {
    let tape = Rc::new(GradientTape::persistent());
    let x = tape.watch(3.0);
    let z = x * x;
    let own = Rc::clone(&tape);
    let y = tape.custom_gradient(&x, move |x: f64| {
        let own = Rc::clone(&own);
        (x, move |seed: f64| seed * own.gradient(z, z))
    });
    assert!(message(|| _ = tape.gradient(y, x)).starts_with("gradient: the tape is not recording"));
    assert_eq!(tape.gradient(z, x), 6.0);
}

#[test]
fn variables_that_change() {
    // The shape: the values read cannot be summed, and the error says so.
    let v = Variable::new(array![1.0, 2.0]).named("v");
    let tape = GradientTape::persistent();
    let a = tape.read(&v);
    v.assign(array![5.0, 6.0, 7.0]);
    assert_eq!(tape.gradient(a.sum(), &v), array![1.0, 1.0]);
    assert_eq!(tape.jacobian(&a * &a, &v), array![[2.0, 0.0], [0.0, 4.0]]);
    let b = tape.read(&v);
    let both = tape.try_gradient(a.sum() + b.sum(), &v);
    let argument = "variable read before it was assigned";
    let want = TapeError::ShapeMismatch { argument, expected: vec![3], found: vec![2] };
    assert_eq!(both.unwrap_err(), want);
    // While it is borrowed or changed.
    let borrowed = v.borrow();
    assert_eq!(
        message(|| v.assign(array![1.0])),
        "variable \"v\" cannot change: its value is borrowed"
    );
    drop(borrowed);
    let read = message(|| v.update(|x| *x *= v.value()[0]));
    assert_eq!(read, "variable \"v\" cannot be read while `update` changes it");
    // Read anew after each change, each value once.
    let w = Variable::new(1.0);
    let tape = GradientTape::new();
    let mut y = Var::constant(0.0);
    for _ in 0..3 {
        y += tape.read(&w) * tape.read(&w);
        w.update(|w| *w += 1.0);
    }
    assert_eq!((tape.operations(), tape.watched_variables().len()), (9, 1));
    assert_eq!(tape.gradient(y, &w), 2.0 * (1.0 + 2.0 + 3.0));
}

#[test]
fn arithmetic_reads_naturally() {
    let tape = GradientTape::persistent();
    let (a, b) = tape.watch((1.5, -0.5));
    let data = [1.0, 2.0, 3.0];
    let mut y: Var = data.iter().map(|d| d * a).sum();
    y += data.iter().map(|d| b / d).sum::<Var>();
    y += &a;
    y *= &b;
    for d in &data {
        y -= d;
    }
    let weighed: Var = [a, b].iter().zip(&data).map(|(x, d)| x * d).sum();
    assert_eq!(tape.gradient(weighed, (a, b)), (1.0, 2.0));
    let by_a = 7.0 * b.value();
    assert_eq!(tape.gradient(y, a), by_a);

    let x = tape.watch(array![[1.0, 2.0], [3.0, 4.0]].view());
    let c: Array2<f64> = array![[1.0, 0.0], [0.0, 1.0]];
    let mut z = &x + c.view();
    z += &c;
    z -= c.clone();
    z += c.t();
    assert_eq!(z.value(), array![[3.0, 2.0], [3.0, 6.0]]);
    assert_eq!(format!("{z:.1}"), "[[3.0, 2.0],\n [3.0, 6.0]]");
    assert_eq!(z.dim(), (2, 2));
    assert_eq!(c.dot(&x).value(), x.value());
    assert_eq!(c.row(1).to_owned().dot(&x).value(), array![3.0, 4.0]);
    assert_eq!(tape.gradient(c.dot(&x.column(0)).sum(), &x), array![[1.0, 0.0], [1.0, 0.0]]);
    assert_eq!((x.argmin(), x.argmin_axis(Axis(1))), ((0, 0), array![0, 0]));
}

/// The other operand in code that is generic over it.
fn larger<T: Scalar>(x: &Tensor<T, Ix1>, other: impl Elementwise<T, Dim = Ix1>) -> Tensor<T, Ix1> {
    x.maximum(other)
}

#[test]
fn operands_of_functions() {
    let tape = GradientTape::new();
    let x = tape.watch(array![1.0, 3.0]);
    let y = larger(&x, &array![2.0, 2.0]) + larger(&x, Tensor::from(array![0.0, 9.0]));
    assert_eq!(tape.gradient(y, &x), array![1.0, 1.0]);
    assert_eq!(
        jacobian(|x: Tensor<f64, Ix1>| x.minimum(2.0), array![1.0, 3.0]),
        array![[1.0, 0.0], [0.0, 0.0]]
    );
}

#[test]
fn choices_broadcast_and_take_numbers() {
    let tape = GradientTape::persistent();
    let x = tape.watch(array![[-1.0, 0.0, 4.0], [1.0, 9.0, -4.0]]);
    let row = tape.watch(array![1.0, 2.0, 3.0]);
    let positive = x.view().mapv(|x| x > 0.0);
    let y = select(&positive, x.sqrt(), 0.0);
    assert_eq!(tape.gradient(&y, &x), array![[0.0, 0.0, 0.25], [0.5, 1.0 / 6.0, 0.0]]);
    let y = x.ln().where_or(&positive, &row);
    assert_eq!(tape.gradient(&y, &row), array![1.0, 1.0, 1.0]);
    assert_eq!(y.value()[[0, 1]], 2.0);
    // To the shape of the mask, not beyond it.
    let first = array![true, false, true];
    let wrong = message(|| drop(select(&first, &x, 0.0)));
    assert_eq!(wrong, "select: the mask has the shape [3], the tensors [2, 3] and []");
    let borrowed = &row;
    assert_eq!(x.maximum(&borrowed).value()[[1, 2]], 3.0);
    assert_eq!(x.dot(&borrowed).value(), array![11.0, 7.0]);
}

#[test]
fn cross_entropy_by_the_probabilities() {
    let tape = GradientTape::new();
    let (x, p) = tape.watch((array![[1.0, 2.0, -INF]], array![[0.3, 0.7, 0.0]]));
    let loss = x.cross_entropy(&p, Axis(1)).sum();
    let logs = x.log_softmax(Axis(1)).value();
    let (by_x, by_p) = tape.gradient(loss, (&x, &p));
    let softmax = logs.mapv(f64::exp);
    for j in 0..2 {
        assert!((by_p[[0, j]] + logs[[0, j]]).abs() < 1e-15);
        assert!((by_x[[0, j]] - softmax[[0, j]] + [0.3, 0.7][j]).abs() < 1e-15);
    }
    assert_eq!((by_x[[0, 2]], by_p[[0, 2]]), (0.0, 0.0));
}

#[derive(Sources, Targets)]
struct Layer<'a, A: Fn(f64) -> f64, T: Scalar, const N: usize>
where
    A: Clone,
{
    weights: [Var<T>; N],
    #[constant]
    activation: A,
    #[constant]
    name: &'a str,
}

#[derive(Sources)]
struct Pair<S: Sources<Elem = f64>>(S, Option<S>);

/// Parameters of the type that only constant fields mention, fields of any type of source.
#[test]
fn generic_structs() {
    let tape = GradientTape::persistent();
    let s = tape.watch(3.0);
    let layer = Layer { weights: [s, s * s], activation: f64::sin, name: "first" };
    let g = tape.gradient(s * layer.weights[1], &layer).clone();
    assert_eq!(format!("{g:?}"), "LayerGradient { weights: [27.0, 3.0] }");
    assert_eq!(tape.gradient_with(&layer, s, LayerSeed { weights: [1.0, 2.0] }), 13.0);
    assert_eq!(((layer.activation)(0.0), layer.name), (0.0, "first"));
    let pair = Pair(s, Some(layer.weights[1]));
    let g = tape.gradient(s * s + layer.weights[1], &pair);
    assert_eq!((g.0, g.1), (12.0, Some(1.0)));
    assert_eq!(tape.gradient(s, &Pair(s, None)).1, None);
}

#[test]
fn maps_boxes_and_arrays_of_scalars() {
    let tape = GradientTape::persistent();
    let named = tape.watch(HashMap::from([("a", 2.0), ("b", 5.0)]));
    let y = named["a"] * named["a"] * named["b"];
    assert_eq!(tape.gradient(y, &named), HashMap::from([("a", 20.0), ("b", 4.0)]));
    let variables = BTreeMap::from([(1, Variable::new(2.0)), (2, Variable::new(3.0))]);
    let y = tape.read(&variables[&1]).powi(3);
    assert_eq!(tape.gradient_or_none(y, &variables), BTreeMap::from([(1, Some(12.0)), (2, None)]));
    let maybe = tape.watch(Some(4.0));
    assert_eq!(tape.gradient(maybe.unwrap().sqrt(), Box::new(maybe)), Some(0.25));

    // What is written for any float runs on `ndarray` arrays of recorded scalars.
    fn loss<F: Float + ScalarOperand + FromPrimitive>(w: &Array1<F>, x: &Array2<F>) -> F {
        let y = &x.dot(w) * w[0] + F::one();
        y.mapv(|y| y.exp()).mean().unwrap()
    }
    let (w, x) = (array![0.5, -1.0], array![[0.1, 0.2], [0.3, 0.5]]);
    let recorded = w.mapv(|w| tape.watch(w));
    let y = loss(&recorded, &x.mapv(Var::from));
    assert_eq!(y.value(), loss(&w, &x));
    let g = tape.gradient(y, &recorded);
    for i in 0..2 {
        let at = |step: f64| {
            let mut w = w.clone();
            w[i] += step;
            loss(&w, &x)
        };
        assert!((g[i] - (at(1e-5) - at(-1e-5)) / 2e-5).abs() < 1e-9);
    }
    let squares = &recorded * &recorded;
    assert_eq!(tape.gradient_with(&squares, &recorded, array![1.0, 10.0]), array![1.0, -20.0]);
    let short = tape.try_gradient_with(&squares, &recorded, array![1.0]);
    let want = TapeError::ShapeMismatch { argument: "seed", expected: vec![2], found: vec![1] };
    assert_eq!(short.unwrap_err(), want);
}

/// Points at and beside the edges of the functions' domains.
const POINTS: [f64; 13] =
    [-40.0, -2.5, -1.0, -0.5, -1e-9, -0.0, 0.0, 1e-9, 0.25, 0.5, 1.0, 2.0, 40.0];

fn same(what: &str, x: &[f64], scalar: f64, tensor: f64) {
    let error = (scalar - tensor).abs();
    let close = error <= 1e-12 * scalar.abs().max(tensor.abs());
    let equal = scalar == tensor || (scalar.is_nan() && tensor.is_nan());
    assert!(equal || close, "{what} at {x:?}: of scalars {scalar}, of tensors {tensor}");
}

/// Where scalars, on nested tapes, have a second derivative, it is that of tensors.
fn same_if_finite(what: &str, x: &[f64], scalar: f64, tensor: f64) {
    if scalar.is_finite() {
        same(what, x, scalar, tensor);
    }
}

macro_rules! of_one {
    ($($name:ident)*) => {$(for x in POINTS {
        let (v, d) = gradient(|x: Var| x.$name(), x);
        let (tensor_v, tensor_d) = gradient(|x: Tensor<f64, Ix1>| x.$name().sum(), array![x]);
        let h = hessian(|x: Var<Var>| x.$name(), x);
        let f = |x: Tensor<Var, Ix1>| x.$name().sum();
        let tensor_h = hvp(f, array![x], array![1.0])[0];
        same(stringify!($name), &[x], v, tensor_v);
        same(concat!(stringify!($name), "'"), &[x], d, tensor_d[0]);
        same_if_finite(concat!(stringify!($name), "''"), &[x], h, tensor_h);
    })*};
}

macro_rules! of_two {
    ($($scalar:ident $tensor:ident)*) => {$(for x in POINTS { for y in POINTS {
        let at = (array![x], array![y]);
        type Pair<T> = (Tensor<T, Ix1>, Tensor<T, Ix1>);
        let (v, d) = gradient(|(x, y): (Var, Var)| x.$scalar(y), (x, y));
        let (tensor_v, tensor_d) = gradient(|(x, y): Pair<f64>| x.$tensor(&y).sum(), at.clone());
        let name = stringify!($tensor);
        same(name, &[x, y], v, tensor_v);
        same(name, &[x, y], d.0, tensor_d.0[0]);
        same(name, &[x, y], d.1, tensor_d.1[0]);
        // By the first alone, the second constant: no matter what its own derivative is.
        let h = hessian(|x: Var<Var>| x.$scalar(y), x);
        let tensor_h = hvp(|x: Tensor<Var, Ix1>| x.$tensor(y).sum(), array![x], array![1.0])[0];
        if y != 0.0 {
            same_if_finite(name, &[x, y], h, tensor_h);
        }
    } })*};
}

#[test]
fn tensors_have_the_edges_of_scalars() {
    of_one!(sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 exp_m1 ln ln_1p);
    of_one!(log2 log10 sqrt cbrt recip abs signum floor ceil round round_ties_even trunc fract);
    of_one!(to_radians to_degrees);
    of_two!(powf pow hypot hypot atan2 atan2 min minimum max maximum copysign copysign log log);
    of_two!(rem_euclid rem_euclid midpoint midpoint);
}
