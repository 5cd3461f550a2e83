//! TensorFlow's guides "Introduction to gradients and automatic differentiation" and "Advanced
//! automatic differentiation", step by step in Rust: `cargo run --example gradient_tape`.
//!
//! Every result is printed beside the guide's.

use autodiff::gradient_tape::{Tensor, hessian, hvp, select};
use autodiff::{GradientTape, Var, Variable, differentiable};
use ndarray::{Array2, Axis, array};
use std::fmt::Debug;

/// Prints a result beside what the guide has, and insists on it.
fn show<T: Debug + PartialEq<U>, U: Debug>(what: &str, got: T, expected: U) {
    // Arrays without their strides, on one line.
    let text = format!("{got:?}");
    let text: Vec<&str> = text.split(", shape=").next().unwrap_or("").split_whitespace().collect();
    println!("{what:58} {}", text.join(" "));
    assert!(got == expected, "{what}: {got:?}, expected {expected:?}");
}

/// Whether two numbers agree to 12 digits.
fn near(what: &str, got: f64, expected: f64) {
    println!("{what:58} {got}");
    assert!((got - expected).abs() < 1e-12 * expected.abs().max(1.0), "expected {expected}");
}

fn main() {
    gradients();
    models();
    control_of_recording();
    persistent_tapes();
    targets_that_are_not_scalar();
    control_flow();
    unconnected();
    higher_order();
    jacobians();
    custom_gradients();
    generated_code();
}

fn gradients() {
    println!("\n# Gradient tapes");
    let tape = GradientTape::new();
    let x = tape.watch(3.0);
    let y = x * x;
    show("d(x²)/dx at 3", tape.gradient(y, x), 6.0);

    // A layer: `w` and `b` by name, the gradient in the structure of the sources.
    let (w, b) = (array![[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], array![0.0, 0.0]);
    let x = Tensor::constant(array![[1., 2., 3.]]);
    let tape = GradientTape::new();
    let (w, b) = tape.watch((w, b));
    let y = x.dot(&w) + &b;
    let loss = y.square().mean();
    let (dl_dw, dl_db) = tape.gradient(loss, (&w, &b));
    let (y0, y1) = (y.view()[[0, 0]], y.view()[[0, 1]]);
    show("the gradient by w has the shape of w", dl_dw.shape(), [3, 2]);
    show("the gradient by b is y itself", dl_db, array![y0, y1]);
}

fn models() {
    println!("\n# Gradients by the parameters of a model");
    /// A dense layer. `Sources` is derivable for structs of sources; here by hand, as a pair.
    struct Dense {
        kernel: Variable<Array2<f64>>,
        bias: Variable<ndarray::Array1<f64>>,
    }
    impl Dense {
        fn apply(
            &self,
            tape: &GradientTape,
            x: &Tensor<f64, ndarray::Ix2>,
        ) -> Tensor<f64, ndarray::Ix2> {
            (x.dot(&tape.read(&self.kernel)) + tape.read(&self.bias)).relu()
        }
        fn parameters(&self) -> (&Variable<Array2<f64>>, &Variable<ndarray::Array1<f64>>) {
            (&self.kernel, &self.bias)
        }
    }
    let layer = Dense {
        kernel: Variable::new(array![[0.5, -0.5], [0.25, 1.0], [1.0, 0.0]]).named("dense/kernel"),
        bias: Variable::new(array![0.0, 0.0]).named("dense/bias"),
    };
    let tape = GradientTape::new();
    let loss = layer.apply(&tape, &Tensor::constant(array![[1., 2., 3.]])).square().mean();
    show("watched variables", tape.watched_variables(), ["dense/kernel", "dense/bias"]);
    let (kernel, bias) = tape.gradient(loss, layer.parameters());
    println!("{:58} {:?}, {:?}", "shapes of the gradient", kernel.shape(), bias.shape());
}

fn control_of_recording() {
    println!("\n# Controlling what the tape watches");
    let x0 = Variable::new(3.0).named("x0");
    let x1 = Variable::untrainable(3.0).named("x1");
    let x2 = 2.0; // a constant
    let tape = GradientTape::new();
    let y = tape.read(&x0).powi(2) + tape.read(&x1).powi(2) + x2 * x2;
    show("only x0 is watched", tape.gradient_or_none(y, [&x0, &x1]), [Some(6.0), None]);

    let tape = GradientTape::new().watch_variables(false);
    let watched = tape.watch_variable(&x1);
    let y = tape.read(&x0).sin() + watched.exp().ln_1p();
    let by = tape.gradient_or_none(y, (&x0, &x1));
    show("only x1 is watched: by x0", by.0, None);
    near(
        "…and by x1: the logistic function of 3",
        by.1.unwrap_or(f64::NAN),
        0.952_574_126_822_433_2,
    );

    let tape = GradientTape::new();
    let (x, y) = tape.watch((2.0, 3.0));
    let x_sq = x * x;
    let y_sq = tape.stop_recording(|| y * y);
    let z = x_sq + y_sq;
    show("stop_recording", tape.gradient_or_none(z, (x, y)), (Some(4.0), None));

    let tape = GradientTape::new();
    let (x, y) = tape.watch((2.0, 3.0));
    let z = x * x + (y * y).stop_gradient();
    show("stop_gradient", tape.gradient_or_none(z, (x, y)), (Some(4.0), None));

    let tape = GradientTape::persistent();
    let x = tape.watch(2.0);
    let _ = x * x;
    tape.reset();
    let x = tape.watch(3.0);
    show("reset starts all over", tape.gradient(x * x, x), 6.0);
}

fn persistent_tapes() {
    println!("\n# Intermediate results, persistent tapes");
    let tape = GradientTape::new();
    let x = tape.watch(3.0);
    let y = x * x;
    let z = y * y;
    show("dz/dy = 2y at y = 9", tape.gradient(z, y), 18.0);

    let tape = GradientTape::persistent();
    let x = tape.watch(array![1., 3.]);
    let y = &x * &x;
    let z = &y * &y;
    show("dz/dx = 4x³", tape.gradient(&z, &x), array![4., 108.]);
    show("dy/dx = 2x", tape.gradient(&y, &x), array![2., 6.]);
}

fn targets_that_are_not_scalar() {
    println!("\n# Several targets, targets that are no scalars");
    let tape = GradientTape::persistent();
    let x = tape.watch(2.0);
    let (y0, y1) = (x * x, 1.0 / x);
    show("by themselves", (tape.gradient(y0, x), tape.gradient(y1, x)), (4.0, -0.25));
    show("the sum of both", tape.gradient((y0, y1), x), 3.75);
    show("weighed by seeds", tape.gradient_with((y0, y1), x, (1.0, 4.0)), 3.0);

    let tape = GradientTape::new();
    let x = tape.watch(2.0);
    let y = x * &Tensor::constant(array![3., 4.]);
    show("a tensor counts as the sum of its entries", tape.gradient(&y, x), 7.0);

    let tape = GradientTape::new();
    let x = tape.watch(ndarray::Array1::linspace(-10.0, 10.0, 201));
    let y = x.sigmoid();
    let slope = tape.gradient(&y, &x);
    near("an entry by an entry: the steepest slope of the sigmoid", slope[100], 0.25);
}

fn control_flow() {
    println!("\n# Control flow");
    let tape = GradientTape::persistent();
    let x = tape.watch(1.0);
    let (v0, v1) = tape.watch((2.0, 2.0));
    let result = if x > 0.0 { v0 } else { v1 * v1 };
    show("the branch taken", tape.gradient_or_none(result, (v0, v1)), (Some(1.0), None));

    let f = |mut x: Var| {
        let mut i = 0;
        while i < 3 {
            x = x * x;
            i += 1;
        }
        x
    };
    show("x⁸ by a loop", tape.gradient(f(x), x), 8.0);

    // `where` with a branch that is NaN.
    let x = tape.watch(array![-1., 4.]);
    let positive = x.view().mapv(|x| x > 0.0);
    let y = select(&positive, &x.sqrt(), &(&x * 0.0));
    show("no NaN from the branch not taken", tape.gradient(&y, &x), array![0., 0.25]);
}

fn unconnected() {
    println!("\n# What does not depend");
    let tape = GradientTape::persistent();
    let (x, y) = tape.watch((2.0, array![[1., 2.]]));
    let z = x * x;
    show("zeros of the source's shape", tape.gradient(z, &y), array![[0., 0.]]);
    show("or None", tape.gradient_or_none(z, &y), None);
    show("or a question", tape.depends_on(z, &y), false);
    let error = tape.try_connected_gradient(z, (x, &y)).map(|_| ()).unwrap_err();
    show("or an error", error.to_string(), "the target does not depend on source number 1");
}

fn higher_order() {
    println!("\n# Higher order: nested tapes");
    let t2 = GradientTape::new();
    let x = t2.watch(1.0);
    let t1 = GradientTape::new();
    let x1 = t1.watch(x);
    let y = x1 * x1 * x1;
    let dy_dx = t1.gradient(y, x1);
    show("dy/dx of x³ at 1", dy_dx.value(), 3.0);
    show("d²y/dx²", t2.gradient(dy_dx, x), 6.0);

    // A gradient penalty: the size of the gradient by the input, differentiated by the weights.
    let outer = GradientTape::new();
    let w = outer.watch(array![3., 4.]);
    let inner = GradientTape::new();
    let x = inner.watch(Tensor::constant(array![1., 2.]));
    let y = x.dot(&Tensor::from(&w));
    let slope = inner.gradient(y, &x);
    let penalty = slope.norm();
    show("‖∂y/∂x‖", penalty.value(), 5.0);
    let by_w: ndarray::Array1<f64> = outer.gradient(penalty, &w);
    near("∂‖∂y/∂x‖/∂w₀", by_w[0], 0.6);
    show(
        "a Hessian",
        hessian(|x| (&x * &x * &x).sum(), array![1., 2.]),
        array![[6., 0.], [0., 12.]],
    );
    let product = hvp(|x| (&x * &x * &x).sum(), array![1., 2.], array![1., 1.]);
    show("a Hessian times a vector", product, array![6., 12.]);
}

fn jacobians() {
    println!("\n# Jacobians");
    let tape = GradientTape::persistent();
    let delta = tape.watch(0.0);
    let y = (Tensor::constant(array![-1.0, 0.0, 1.0]) + delta).sigmoid();
    let slope: ndarray::Array1<f64> = tape.jacobian(&y, delta);
    near("of a vector by a scalar", slope[1], 0.25);

    let x = tape.watch(array![[1., 2.], [3., 4.]]);
    let m = Tensor::constant(array![[1., 0., 2.], [0., 1., 3.]]);
    let y = x.dot(&m);
    show("of a matrix by a matrix", tape.jacobian(&y, &x).shape(), [2, 3, 2, 2]);
    let per_sample: ndarray::Array3<f64> = tape.batch_jacobian(&y, &x);
    show("of each sample of a batch", per_sample.shape(), [2, 3, 2]);
    show(
        "… which is Mᵀ here",
        per_sample.index_axis(Axis(0), 1).to_owned(),
        array![[1., 0.], [0., 1.], [2., 3.]],
    );
}

fn custom_gradients() {
    println!("\n# Custom gradients, recomputation");
    // Gradient clipping: the value passes, the gradient is kept within ±0.5.
    let tape = GradientTape::persistent();
    let x = tape.watch(2.0);
    let y = tape.custom_gradient(&(x * x), |x: f64| (x, |seed: f64| seed.clamp(-0.5, 0.5)));
    show("a clipped gradient", tape.gradient(y * 3.0, x), 2.0);
    let before = tape.operations();
    let y = tape.recompute_grad(&x, |x| (0..10).fold(x, |x, _| x + 1.0));
    show("recomputed: the value", y.value(), 12.0);
    show("… its operations on the tape", tape.operations() - before, 2);
    show("… and gradient", tape.gradient(y * y, x), 24.0);
}

#[differentiable]
fn rosenbrock(x: f64, y: f64) -> f64 {
    let a = y - x * x;
    let b = 1.0 - x;
    100.0 * a * a + b * b
}

fn generated_code() {
    println!("\n# Generated code as one operation");
    let tape = GradientTape::new();
    let (x, y) = tape.watch((0.5, 0.5));
    let z = tape.call(&(x, y), |(x, y)| vjp_rosenbrock(x, y));
    let gradient = tape.gradient(z.sqrt(), (x, y));
    let by_hand = grad_rosenbrock(0.5, 0.5);
    let scale = 0.5 / z.value().sqrt();
    near("by x", gradient.0, by_hand.0 * scale);
    near("by y", gradient.1, by_hand.1 * scale);
}
