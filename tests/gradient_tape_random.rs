//! Random programs of tensor operations: gradients against differences of the value, Hessian-vector
//! products against differences of the gradient.

use autodiff::gradient_tape::{Scalar, Tensor, concatenate, hvp, select, stack};
use autodiff::{GradientTape, Var};
use ndarray::{Array2, Axis, Ix2, array, s};
use num_traits::NumCast;

/// splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    fn matrix(&mut self) -> Array2<f64> {
        Array2::from_shape_fn((3, 3), |_| self.below(1 << 40) as f64 / (1u64 << 39) as f64 - 1.0)
    }
}

type Matrix<T> = Tensor<T, Ix2>;

fn constant<T: Scalar>(matrix: Array2<f64>) -> Matrix<T> {
    Tensor::constant(matrix.mapv(|x| <T::Base as NumCast>::from(x).expect("a float")))
}

fn apply<T: Scalar>(operation: u64, a: &Matrix<T>, b: &Matrix<T>, axis: Axis) -> Matrix<T> {
    let positive = || a.dot(&a.t()) * 0.1 + constant::<T>(Array2::eye(3));
    match operation {
        0 => a.t(),
        1 => a.dot(b) * 0.3,
        2 => a.dot(&b.t()) * 0.3,
        3 => a.t().dot(b) * 0.3,
        4 => a + b,
        5 => a - b,
        6 => a * b,
        7 => a / (b.square() + 1.5),
        8 => a.tanh(),
        9 => a.softplus(),
        10 => a.sigmoid(),
        11 => a.softmax(axis),
        12 => a.log_softmax(axis) * 0.2,
        13 => a * b.sum_axis(Axis(0)),
        14 => a + b.mean_axis(Axis(1)).insert_axis(Axis(1)),
        15 => a.reshape(9).reshape((3, 3)),
        16 => concatenate(Axis(0), &[&a.slice(s![1.., ..]), &b.slice(s![..1, ..])]),
        17 => concatenate(Axis(1), &[&a.slice(s![.., 2..]), &b.slice(s![.., ..2])]),
        18 => a.cumsum(axis) * 0.5,
        19 => (a * 0.2).exp(),
        20 => a / (a.norm() + 1.0),
        21 => a * b.max_axis(Axis(0)),
        22 => a.sin(),
        23 => a.maximum(b),
        24 => {
            let mask = array![[true, false, true], [false, false, true], [true, true, false]];
            select(&mask, a, b)
        }
        25 => (a.square() + 0.5).sqrt(),
        26 => (a.square() + 0.5).ln(),
        27 => a.var(0.0) * b,
        28 => a + b.log_sum_exp() * 0.1,
        29 => stack(Axis(0), &[a, b]).sum_axis(Axis(0)),
        30 => a.relu() + b * 0.1,
        31 => a.clip(-0.7, 0.7) + b,
        32 => positive().cholesky(),
        33 => positive().inv(),
        34 => (a.square() + 1.0).pow(&(b * 0.3)),
        35 => a * a.stop_gradient(),
        _ => a.hypot(b) * 0.5,
    }
}

/// A number of operations on what there is so far, and a weighted sum of the last results.
fn program<T: Scalar>(number: u64, x: &Matrix<T>) -> Var<T> {
    let mut random = Random(number);
    let mut values: Vec<Matrix<T>> = vec![x.clone(), x.t(), x * 0.5];
    for _ in 0..4 + random.below(8) {
        let [a, b] = [(); 2].map(|()| values[random.below(values.len() as u64) as usize].clone());
        let operation = match random.below(37) {
            // Differences see through it.
            35 => 4,
            other => other,
        };
        values.push(apply(operation, &a, &b, Axis(random.below(2) as usize)));
    }
    let [.., b, a] = &values[..] else { unreachable!("three values at least") };
    let weights = array![[1.0, -0.5, 0.3], [0.2, 0.7, -1.0], [0.4, 0.1, 0.9]];
    (a * constant::<T>(weights)).sum() + b.square().sum() * 0.1
}

fn value(number: u64, x: &Array2<f64>) -> f64 {
    program::<f64>(number, &Tensor::constant(x.clone())).value()
}

fn gradient(number: u64, x: &Array2<f64>) -> Array2<f64> {
    let tape = GradientTape::new();
    let x = tape.watch(x);
    let y = program(number, &x);
    tape.gradient(y, &x)
}

fn size(x: &Array2<f64>) -> f64 {
    x.iter().map(|x| x.abs()).sum()
}

#[test]
fn against_differences() {
    let mut compared = 0;
    for number in 0..400 {
        let mut random = Random(7919 * number + 5);
        let (x, direction) = (random.matrix(), random.matrix());
        if !value(number, &x).is_finite() {
            continue;
        }
        let by_x = gradient(number, &x);
        let scale = 1.0 + size(&by_x);
        // Where numbers grow too large, differences tell nothing.
        if scale.is_nan() || scale > 1e4 {
            continue;
        }
        compared += 1;
        let along = |step: f64| &x + &(&direction * step);
        let step = 1e-6;
        let difference =
            (value(number, &along(step)) - value(number, &along(-step))) / (2.0 * step);
        let got = (&by_x * &direction).sum();
        assert!((got - difference).abs() < 1e-5 * scale, "program {number}: {got}, {difference}");
        let got = hvp(|x: Matrix<Var>| program(number, &x), x.clone(), direction.clone());
        let step = 1e-5;
        let difference = gradient(number, &along(step)) - gradient(number, &along(-step));
        let difference = difference / (2.0 * step);
        let scale = scale + size(&got);
        assert!(
            size(&(&got - &difference)) < 1e-4 * scale,
            "program {number}: {got}, {difference}"
        );
    }
    assert!(compared > 350, "{compared} programs");
}
