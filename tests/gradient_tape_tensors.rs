//! Tensor operations: gradients against central differences of the value, Hessian-vector products
//! (the tape's own gradients differentiated again) against central differences of the gradient.

use autodiff::GradientTape;
use autodiff::gradient_tape::{
    Scalar, Tensor, Var, concatenate, gradient, hessian, hvp, select, stack,
};
use ndarray::{Array, Array2, Array3, Array4, Axis, Dimension, Ix2, array, s};

/// A constant on any level.
fn fixed<T: Scalar, D: Dimension>(array: &Array<f64, D>) -> Tensor<T, D> {
    Tensor::constant(array.mapv(|x| <T::Base as num_traits::NumCast>::from(x).unwrap()))
}

/// Entries without structure in [lo, hi].
fn sample<D: Dimension>(
    shape: impl ndarray::ShapeBuilder<Dim = D>,
    lo: f64,
    hi: f64,
) -> Array<f64, D> {
    let mut k = 0u64;
    Array::from_shape_simple_fn(shape, || {
        k += 1;
        let z = k.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        lo + (hi - lo) * ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    })
}

fn close(name: &str, got: f64, want: f64, tolerance: f64) {
    let error = (got - want).abs() / want.abs().max(1.0);
    assert!(error < tolerance, "{name}: {got}, differences give {want}");
}

/// Checks a function of a matrix, given on both levels.
fn check(
    name: &str,
    f: impl Fn(Tensor<f64, Ix2>) -> Var<f64>,
    f2: impl Fn(Tensor<Var<f64>, Ix2>) -> Var<Var<f64>>,
    x: Array2<f64>,
) {
    let value = |x: &Array2<f64>| f(Tensor::constant(x.clone())).value();
    let slope = |x: &Array2<f64>| gradient(&f, x.clone()).1;
    let g = slope(&x);
    let direction = sample(x.raw_dim(), -1.0, 1.0);
    let product = hvp(&f2, x.clone(), direction.clone());
    let h = 1e-5;
    for index in ndarray::indices(x.raw_dim()) {
        let at = |step: f64| {
            let mut x = x.clone();
            x[index] += step;
            value(&x)
        };
        close(name, g[index], (at(h) - at(-h)) / (2.0 * h), 1e-6);
    }
    let ahead = slope(&(&x + &(&direction * h)));
    let behind = slope(&(&x - &(&direction * h)));
    for (&got, want) in product.iter().zip((ahead - behind) / (2.0 * h)) {
        close(&format!("{name}, second order"), got, want, 1e-5);
    }
}

/// `name: x => value` for generic bodies; the result is weighed, so that no derivative is constant
/// by accident.
macro_rules! checks {
    ($($name:ident ($lo:expr, $hi:expr; $rows:literal x $columns:literal): |$x:ident| $body:expr;)*) => {$(
        #[test]
        fn $name() {
            fn f<T: Scalar>($x: Tensor<T, Ix2>) -> Var<T> {
                $body
            }
            check(stringify!($name), f::<f64>, f::<Var<f64>>, sample(($rows, $columns), $lo, $hi));
        }
    )*};
}

/// A scalar that depends on every entry in its own way.
fn weigh<T: Scalar, D: Dimension>(x: &Tensor<T, D>) -> Var<T> {
    let flat = x.flatten();
    let w = fixed::<T, _>(&sample(x.len(), 0.5, 1.5));
    (&flat * &w).sum() + (&flat * &flat).sum() * 0.3
}

checks! {
    add_sub_mul_div (0.5, 2.0; 2 x 3): |x| {
        let y = &x * 2.0 + &x * &x - 1.0 / &x;
        weigh(&(y / (&x + 3.0)))
    };
    broadcasting (0.5, 2.0; 2 x 3): |x| {
        let row = x.slice(s![0, ..]);
        let column = x.slice(s![.., 0..1]);
        let number = x.at([1, 2]);
        weigh(&((&x * &row + &column) / &row - &column * number + number))
    };
    trigonometric (-0.9, 0.9; 2 x 3): |x| {
        weigh(&(x.sin() + x.cos() * 2.0 + x.tan() + x.asin() - x.acos() * 0.3 + x.atan()))
    };
    hyperbolic (-0.9, 0.9; 2 x 3): |x| {
        weigh(&(x.sinh() + x.cosh() + x.tanh() + x.asinh() + x.atanh() + (&x + 2.5).acosh()))
    };
    exponential (0.3, 2.0; 2 x 3): |x| {
        weigh(&(x.exp() + x.exp2() + x.exp_m1() + x.ln() + x.ln_1p() + x.log2() + x.log10()))
    };
    roots_and_powers (0.3, 2.0; 2 x 3): |x| {
        let y = x.sqrt() + x.cbrt() + x.recip() + x.powi(3) + x.powf(1.7) + x.abs() + x.square();
        weigh(&(y + x.pow(&(&x + 0.5))))
    };
    two_arguments (0.3, 2.0; 2 x 3): |x| {
        let y = x.cos() + 0.1;
        weigh(&(x.hypot(&y) + x.atan2(&y) + x.maximum(&y) * 2.0 + x.minimum(&y) * &x))
    };
    activations (-2.0, 2.0; 2 x 3): |x| weigh(&(x.relu() * &x + x.sigmoid() + x.softplus()));
    clipped (-2.0, 2.0; 3 x 3): |x| weigh(&(x.clip(-0.5, 1.0) * &x));
    steps (-2.0, 2.0; 2 x 2): |x| {
        weigh(&(x.floor() + x.ceil() * &x + x.round() + x.trunc() + x.signum() * &x + x.fract()))
    };
    degrees (-2.0, 2.0; 2 x 2): |x| weigh(&(x.to_radians() * x.to_degrees()));
    sums (-1.0, 1.0; 3 x 4): |x| {
        let a = weigh(&x.sum_axis(Axis(0))) + weigh(&x.sum_axis(Axis(1))) * 2.0 + x.sum().sin();
        a + weigh(&x.sum_axes(&[0, 1]))
    };
    means (-1.0, 1.0; 3 x 4): |x| {
        weigh(&x.mean_axis(Axis(0))) + weigh(&x.mean_axis(Axis(1))) + x.mean().exp()
            + weigh(&x.mean_axes(&[1]))
    };
    products (-2.0, 2.0; 3 x 5): |x| {
        x.prod() + weigh(&x.prod_axis(Axis(0))) + weigh(&x.prod_axis(Axis(1)))
    };
    extremes (-2.0, 2.0; 3 x 4): |x| {
        x.max() * x.min() + weigh(&x.max_axis(Axis(0))) * weigh(&x.min_axis(Axis(1)))
    };
    norms (-2.0, 2.0; 3 x 4): |x| x.norm() + weigh(&x.norm_axis(Axis(0))) + weigh(&x.norm_axis(Axis(1)));
    variances (-2.0, 2.0; 3 x 4): |x| {
        x.var(1.0) + weigh(&x.var_axis(Axis(0), 0.0)) + weigh(&x.var_axis(Axis(1), 1.0)) + x.std(0.0)
    };
    dots (-1.0, 1.0; 3 x 3): |x| {
        let (v, w) = (x.slice(s![0, ..]), x.slice(s![.., 1]));
        let products = weigh(&x.dot(&v)) + weigh(&w.dot(&x)) + v.dot(&w);
        products + weigh(&x.dot(&x.t())) + weigh(&x.matmul(&x.dot(&x)))
    };
    batched (-1.0, 1.0; 4 x 6): |x| {
        let batch = x.reshape((4, 2, 3));
        let other = x.reshape((4, 3, 2));
        let m = x.slice(s![0..3, 0..4]);
        weigh(&batch.dot(&other)) + weigh(&batch.dot(&m))
    };
    arrangements (-1.0, 1.0; 3 x 4): |x| {
        let y = x.reshape((2, 6)).t().reshape((3, 4)).permuted_axes(&[1, 0]).t();
        let z = x.insert_axis(Axis(1)).broadcast((3, 2, 4));
        weigh(&(&y * &x)) + weigh(&z) + weigh(&x.index_axis(Axis(0), 1)) + x.at([2, 1]).sin()
    };
    slices (-1.0, 1.0; 4 x 4): |x| {
        weigh(&x.slice(s![1..;2, ..])) + weigh(&x.slice(s![..;-1, 2]))
            + weigh(&x.slice_axis(Axis(1), 1..3)) + weigh(&x.diag()) + x.trace().exp()
    };
    gathers (-1.0, 1.0; 3 x 4): |x| {
        weigh(&x.gather(Axis(0), &[2, 0, 2])) + weigh(&x.gather(Axis(1), &[1, 1, 1, 0]))
    };
    joins (-1.0, 1.0; 2 x 3): |x| {
        let joined = concatenate(Axis(1), &[&x, &x.sin(), &x.slice(s![.., 0..1])]);
        weigh(&joined) + weigh(&stack(Axis(0), &[&x, &x.cos()])) + weigh(&stack(Axis(2), &[&x, &x]))
    };
    choices (0.2, 2.0; 3 x 3): |x| {
        let one = <T::Base as num_traits::One>::one();
        let mask = x.view().mapv(|v| v > one);
        let chosen = select(&mask, &x.ln(), &(&x * &x));
        weigh(&chosen) + weigh(&x.where_or(&mask, &x.exp()))
    };
    softmaxes (-2.0, 2.0; 3 x 4): |x| {
        weigh(&x.softmax(Axis(1))) + weigh(&x.softmax(Axis(0))) + weigh(&x.log_softmax(Axis(1)))
            + x.log_sum_exp() + weigh(&x.log_sum_exp_axis(Axis(0)))
    };
    cross_entropies (-2.0, 2.0; 3 x 4): |x| {
        let p = sample((3, 4), 0.0, 1.0).mapv(|v| <T::Base as num_traits::NumCast>::from(v).unwrap());
        weigh(&x.cross_entropy(&p, Axis(1))) + x.cross_entropy_classes(&[0, 3, 1]).mean()
    };
    convolutions_2d (-1.0, 1.0; 4 x 9): |x| {
        let image = x.slice(s![0..2, ..]).reshape((1, 2, 3, 3));
        let kernel = x.slice(s![2.., 0..8]).reshape((2, 2, 2, 2));
        weigh(&image.conv2d(&kernel, 1, 0)) + weigh(&image.conv2d(&kernel, 2, 1))
    };
    convolutions_1d (-1.0, 1.0; 4 x 6): |x| {
        let signal = x.slice(s![0..2, ..]).reshape((1, 2, 6));
        let kernel = x.slice(s![2.., ..]).reshape((2, 2, 3));
        weigh(&signal.conv1d(&kernel, 1, 1)) + weigh(&signal.conv1d(&kernel, 2, 0))
    };
    cumulative (-1.0, 1.0; 3 x 4): |x| weigh(&x.cumsum(Axis(0))) + weigh(&x.cumsum(Axis(1)).sin());
    sorted (-1.0, 1.0; 3 x 4): |x| weigh(&x.sort(Axis(0))) + weigh(&x.sort(Axis(1)));
    triangular (0.5, 1.5; 3 x 3): |x| {
        let b = x.sin().slice(s![.., 0..2]);
        weigh(&x.solve_triangular(&b, true)) + weigh(&x.solve_triangular(&b, false))
    };
    cholesky (-1.0, 1.0; 3 x 3): |x| {
        let a = x.dot(&x.t()) + fixed::<T, _>(&Array2::eye(3));
        weigh(&a.cholesky())
    };
    inverses (-1.0, 1.0; 3 x 3): |x| {
        let a = &x + &fixed::<T, _>(&(Array2::eye(3) * 2.0));
        weigh(&a.inv()) + weigh(&a.solve(&x.sin()))
    };
    determinants (-1.0, 1.0; 3 x 3): |x| {
        let a = &x + &fixed::<T, _>(&(Array2::eye(3) * 2.0));
        a.det() * 0.3 + a.log_det().sin()
    };
    constant_exponents_of_negative_numbers (-1.9, -0.2; 2 x 3): |x| {
        let exponents = fixed::<T, _>(&array![2.0, 3.0, -2.0]);
        weigh(&x.powf(2.0)) + weigh(&x.powf(-1.0)) + weigh(&x.pow(&exponents)) + x.at([0, 0]).powf(3.0)
    };
    more_of_two_arguments (0.3, 1.9; 2 x 3): |x| {
        let y = x.slice(s![.., ..;-1]);
        let a = weigh(&x.log(&(&y + 2.5))) + weigh(&x.log(3.0)) + weigh(&x.rem_euclid(0.37));
        let b = weigh(&(&x % &(&y + 0.1))) + weigh(&(-&x).copysign(&y)) + weigh(&x.midpoint(&y));
        let c = weigh(&x.maximum(0.9)) + weigh(&x.minimum(y.at([0, 0]))) + weigh(&x.pow(1.5));
        a + b + c + weigh(&x.hypot(2.0)) + weigh(&x.atan2(y.at([1, 1])))
    };
    several_axes (-1.0, 1.0; 4 x 6): |x| {
        let a = x.reshape((2, 3, 4));
        let k = [2, 0];
        let first = weigh(&a.sum_axes(&k)) + weigh(&a.prod_axes(&k)) + weigh(&a.max_axes(&k));
        let second = weigh(&a.min_axes(&k)) + weigh(&a.norm_axes(&k)) + weigh(&a.var_axes(&k, 1.0));
        let third = weigh(&a.std_axes(&k, 0.0)) + weigh(&a.log_sum_exp_axes(&k));
        first + second + third + weigh(&a.std_axis(Axis(1), 1.0)) + weigh(&a.mean_axes(&[]))
    };
    batches_that_broadcast (-1.0, 1.0; 6 x 8): |x| {
        let a = x.reshape((2, 4, 1, 6));
        let b = x.slice(s![..3, ..]).reshape((1, 6, 4));
        let m = x.slice(s![..3, ..]).reshape((4, 6));
        let v = x.slice(s![0, ..4]);
        let fixed_rank = weigh(&a.dot(&b)) + weigh(&m.dot(&b)) + weigh(&b.dot(&v));
        fixed_rank + weigh(&a.dot(&x.reshape((2, 1, 6, 4)))) + weigh(&b.into_dyn().dot(&v.into_dyn()))
    };
    rows_in_a_loop (-1.0, 1.0; 4 x 3): |x| {
        let mut h = x.row(0);
        for i in 1..4 {
            h = (h * 0.5 + x.row(i)).tanh();
        }
        weigh(&h) + weigh(&x.column(2)) + x.at([1, 1]) * x.at((3, 0))
    };
    systems (0.1, 0.9; 4 x 3): |x| {
        let a = x.slice(s![..3, ..]) + fixed::<T, _>(&(Array2::eye(3) * 2.0));
        let b = x.row(3);
        weigh(&a.solve(&b)) + weigh(&a.solve(&a.t())) + weigh(&a.solve_triangular(&b, true))
    };
    determinants_of_order_four (-1.0, 1.0; 4 x 4): |x| {
        // Regular, of rank two, and so near to rank two that its inverse says nothing.
        let low = x.slice(s![.., ..2]).dot(&x.slice(s![..2, ..]));
        x.det() * 3.0 + low.det() + (&low + &(&x * 1e-9)).det() * 100.0
    };
    lanes_of_norms (0.2, 0.8; 1 x 4): |x| {
        let rows = concatenate(Axis(0), &[&(&x * 0.0), &x, &(&x * 1e-170)]);
        weigh(&rows.norm_axis(Axis(1))) + rows.norm()
    };
    assigned (0.2, 0.8; 2 x 3): |x| {
        let mut y = x.sin();
        y += &x;
        y *= &x.row(1);
        y -= x.at([0, 0]);
        y /= &x.slice(s![.., 1..2]);
        y += x.clone();
        y %= 0.7;
        weigh(&y)
    };
    of_scalars (-1.0, 1.0; 2 x 2): |x| {
        let scalars = x.flatten().to_scalars();
        let y = Tensor::from_scalars(&[scalars[0] * scalars[1], scalars[2].exp(), scalars[3]]);
        weigh(&y) + (scalars[0] * &x).sum()
    };
}

#[test]
fn third_order_of_a_tensor_function() {
    // d³/dx³ of Σ sin x · eˣ, by a Hessian of an inner gradient.
    let x = array![0.3f64, 0.8];
    let tape = GradientTape::new();
    let x1 = tape.watch(&x);
    let middle = GradientTape::new();
    let x2 = middle.watch(&x1);
    let inner = GradientTape::new();
    let x3 = inner.watch(&x2);
    let y = (x3.sin() * x3.exp() + x3.tanh()).sum();
    let d1 = inner.gradient(y, &x3);
    let d2 = middle.gradient(&d1, &x2);
    let d3 = tape.gradient(&d2, &x1);
    for (got, &x) in d3.iter().zip(&x) {
        // (eˣ sin x)''' = 2 eˣ (cos x - sin x); tanh''' = -2 s (1 - 3 t²), s = 1 - t².
        let t = x.tanh();
        let s = 1.0 - t * t;
        let want: f64 = 2.0 * x.exp() * (x.cos() - x.sin()) - 2.0 * s * (1.0 - 3.0 * t * t);
        assert!((got - want).abs() < 1e-13, "{got} {want}");
    }
}

#[test]
fn edges() {
    let tape = GradientTape::persistent();
    let x = tape.watch(array![-1.0, 0.0, 0.0, 2.0]);
    let zero = tape.watch(array![0.0, 0.0, 0.0, 0.0]);
    assert_eq!(tape.gradient(x.abs(), &x), array![-1.0, 0.0, 0.0, 1.0]);
    assert_eq!(tape.gradient(x.maximum(&zero), &x), array![0.0, 0.5, 0.5, 1.0]);
    assert_eq!(tape.gradient(x.relu(), &x), array![0.0, 0.0, 0.0, 1.0]);
    assert_eq!(tape.gradient(x.clip(-1.0, 0.0), &x), array![1.0, 1.0, 1.0, 0.0]);
    assert_eq!(tape.gradient(zero.max(), &zero), array![0.25, 0.25, 0.25, 0.25]);
    assert_eq!(zero.max().value(), 0.0);
    assert_eq!(tape.gradient(zero.norm(), &zero), array![0.0, 0.0, 0.0, 0.0]);
    assert_eq!(tape.gradient(zero.powf(0.0).sum(), &zero), array![0.0, 0.0, 0.0, 0.0]);
    assert_eq!(tape.gradient(zero.prod(), &zero), array![0.0, 0.0, 0.0, 0.0]);
    assert_eq!(tape.gradient(x.slice(s![..;3]).prod(), &x), array![2.0, 0.0, 0.0, -1.0]);
    // where: the branch not taken is NaN, its derivative too.
    let mask = x.view().mapv(|v| v > 0.0);
    let y = select(&mask, &x.sqrt(), &zero);
    let g = tape.gradient(&y, &x);
    assert_eq!(g.slice(s![..3]), array![0.0, 0.0, 0.0]);
    assert!((g[3] - 0.5 / 2f64.sqrt()).abs() < 1e-15);
    let y = select(&mask, &(x.sqrt() * x.ln() / x.sqrt()), &(&zero * &x.powf(-1.0)));
    let g = tape.gradient(&y, &x);
    assert_eq!(g.slice(s![..3]), array![0.0, 0.0, 0.0]);
    assert!((g[3] - 0.5).abs() < 1e-15);
    // A tie of three keeps the value exactly.
    let t = tape.watch(array![0.1, 0.1, 0.1]);
    assert_eq!(t.max().value(), 0.1);
    let third = 1.0 / 3.0;
    assert_eq!(tape.gradient(t.max(), &t), array![third, third, third]);
    // Extreme logits.
    let logits = tape.watch(array![[1000.0, 0.0, -1000.0]]);
    let loss = logits.cross_entropy_classes(&[0]).sum();
    assert_eq!((loss.value(), tape.gradient(loss, &logits)), (0.0, array![[0.0, 0.0, 0.0]]));
    // Tiny and huge vectors.
    let tiny = tape.watch(array![3e-200, 4e-200]);
    assert!((tiny.norm().value() / 5e-200 - 1.0).abs() < 1e-15);
    let direction = tape.gradient(tiny.norm(), &tiny);
    assert!((direction[0] - 0.6).abs() < 1e-12 && (direction[1] - 0.8).abs() < 1e-12);
    // The determinant of a singular matrix has a gradient.
    let a = tape.watch(array![[1.0, 2.0], [2.0, 4.0]]);
    assert_eq!(tape.gradient(a.det(), &a), array![[4.0, -2.0], [-2.0, 1.0]]);
}

#[test]
fn where_in_second_order() {
    let x = array![-1.0, 0.0, 4.0];
    let f = |x: Tensor<Var<f64>, ndarray::Ix1>| {
        let mask = x.view().mapv(|v| v > 0.0);
        select(&mask, &(x.sqrt() * x.ln()), &(&x * &x)).sum()
    };
    let h = hessian(f, x);
    // (√x ln x)'' = -ln x / (4 x^{3/2}).
    let want = [2.0, 2.0, -4f64.ln() / 32.0];
    for ((i, j), &got) in h.indexed_iter() {
        let want = if i == j { want[i] } else { 0.0 };
        assert!((got - want).abs() < 1e-15, "{i} {j} {got} {want}");
    }
}

#[test]
fn argmax_has_no_derivative() {
    let x = Tensor::<f64, _>::constant(array![[1.0, 5.0, 2.0], [7.0, 0.0, 3.0]]);
    assert_eq!(x.argmax(), (1, 0));
    assert_eq!(x.argmax_axis(Axis(1)), array![1, 0]);
}

#[test]
fn empty_tensors() {
    let tape = GradientTape::persistent();
    let x = tape.watch(Array2::<f64>::zeros((0, 3)));
    assert_eq!(x.sum().value(), 0.0);
    assert_eq!(tape.gradient(x.sum(), &x).shape(), [0, 3]);
    assert_eq!(x.sum_axis(Axis(0)).value(), array![0.0, 0.0, 0.0]);
    assert_eq!(tape.gradient((&x * 2.0).sum_axis(Axis(1)), &x).shape(), [0, 3]);
    assert_eq!(x.prod().value(), 1.0);
}

#[test]
fn views_and_transposed_arrays_can_be_watched() {
    let tape = GradientTape::persistent();
    let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let x = tape.watch(a.t().to_owned());
    assert_eq!(x.value(), a.t());
    let y = tape.watch(a.clone().reversed_axes());
    assert_eq!(y.value(), a.t());
    let z = tape.watch(a.slice(s![.., 1..]).to_owned());
    assert_eq!(tape.gradient(z.sum(), &z), array![[1.0, 1.0], [1.0, 1.0]]);
}

#[test]
fn convolution_against_the_definition() {
    let image = sample((2, 3, 5, 4), -1.0, 1.0);
    let kernel: Array4<f64> = sample((2, 3, 3, 2), -1.0, 1.0);
    let (stride, padding) = (2, 1);
    let result = Tensor::<f64, _>::constant(image.clone())
        .conv2d(&Tensor::constant(kernel.clone()), stride, padding)
        .value();
    assert_eq!(result.shape(), [2, 2, 3, 3]);
    for ((n, o, r, c), &got) in result.indexed_iter() {
        let mut want = 0.0;
        for ((ko, ch, i, j), &k) in kernel.indexed_iter() {
            let (row, column) = ((r * stride + i) as isize - 1, (c * stride + j) as isize - 1);
            if ko == o && (0..5).contains(&row) && (0..4).contains(&column) {
                want += k * image[[n, ch, row as usize, column as usize]];
            }
        }
        assert!((got - want).abs() < 1e-14);
    }
}

#[test]
fn linear_algebra_values() {
    let a = array![[4.0, 2.0, 0.6], [2.0, 5.0, 1.0], [0.6, 1.0, 3.0]];
    let x = Tensor::<f64, _>::constant(a.clone());
    let near =
        |a: &Array2<f64>, b: &Array2<f64>| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-13);
    let l = x.cholesky().value();
    assert!(near(&l.dot(&l.t()), &a));
    assert!(near(&x.inv().value().dot(&a), &Array2::eye(3)));
    let det = l.diag().iter().map(|d| d * d).product::<f64>();
    assert!((x.det().value() - det).abs() < 1e-12);
    assert!((x.log_det().value() - det.ln()).abs() < 1e-13);
    // The Hessian of log det is -A⁻¹ ⊗ A⁻¹ (symmetric A).
    let h = hessian(|a| a.log_det(), a.clone());
    let inverse = x.inv().value();
    for ((i, j, k, l), &got) in h.indexed_iter() {
        assert!((got + inverse[[j, k]] * inverse[[l, i]]).abs() < 1e-12);
    }
}

#[test]
fn messages_name_the_shapes() {
    let x = Tensor::<f64, _>::constant(Array2::zeros((2, 3)));
    let y = Tensor::<f64, _>::constant(Array2::zeros((4, 3)));
    let message = |f: &dyn Fn()| {
        let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).unwrap_err();
        *payload.downcast::<String>().expect("a formatted message")
    };
    assert_eq!(message(&|| drop(&x + &y)), "+: the shapes [2, 3] and [4, 3] do not broadcast");
    assert_eq!(message(&|| drop(x.dot(&y))), "dot: the shapes [2, 3] and [4, 3] do not fit");
    assert!(message(&|| drop(x.reshape(5))).contains("[2, 3]"));
    assert!(message(&|| drop(concatenate(Axis(1), &[&x, &y]))).contains("[4, 3]"));
    assert!(message(&|| drop(x.sum_axis(Axis(2)))).contains("axis 2"));
}

#[test]
fn single_precision() {
    let (value, g) = gradient(
        |x: Tensor<f32, Ix2>| (x.dot(&x).tanh() * 2.0).sum() + x.norm(),
        array![[0.1f32, 0.2], [0.3, 0.4]],
    );
    let (value64, g64) = gradient(
        |x: Tensor<f64, Ix2>| (x.dot(&x).tanh() * 2.0).sum() + x.norm(),
        array![[0.1, 0.2], [0.3, 0.4]],
    );
    assert!((f64::from(value) - value64).abs() < 1e-6);
    assert!(g.iter().zip(&g64).all(|(&a, b)| (f64::from(a) - b).abs() < 1e-5));
}

#[test]
fn ranks_beyond_two() {
    let x: Array3<f64> = sample((2, 3, 4), -1.0, 1.0);
    let (value, g) =
        gradient(|x| (x.sum_axis(Axis(1)).sum_axis(Axis(1)) * array![1.0, 2.0]).sum(), x.clone());
    assert!(
        (value - (x.index_axis(Axis(0), 0).sum() + 2.0 * x.index_axis(Axis(0), 1).sum())).abs()
            < 1e-13
    );
    assert!(g.index_axis(Axis(0), 1).iter().all(|&g| g == 2.0));
}
