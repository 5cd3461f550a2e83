//! Random programs of operations on tensors of any rank: broadcasting, reductions along several axes,
//! batches, parts and joins. Gradients against differences of the value, Hessian-vector products
//! against differences of the gradient.

use autodiff::gradient_tape::{Scalar, Tensor, concatenate, hvp, select};
use autodiff::{GradientTape, Var};
use ndarray::{Array1, Axis, Ix1, IxDyn, Slice, s};
use num_traits::{NumCast, Zero};

/// splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    /// Without ties.
    fn vector(&mut self) -> Array1<f64> {
        Array1::from_shape_fn(24, |_| self.below(1 << 40) as f64 / (1u64 << 39) as f64 - 1.0)
    }
}

type Any<T> = Tensor<T, IxDyn>;

fn broadcast(a: &[usize], b: &[usize]) -> bool {
    let mut pairs = a.iter().rev().zip(b.iter().rev());
    pairs.all(|(m, n)| m == n || *m == 1 || *n == 1)
}

fn fit_for_a_product(a: &[usize], b: &[usize]) -> bool {
    let (&[ref batch @ .., inner], &[ref other @ .., rows, _]) = (a, b) else { return false };
    inner == rows && broadcast(&batch[..batch.len().saturating_sub(1)], other)
}

fn apply<T: Scalar>(random: &mut Random, a: &Any<T>, b: &Any<T>) -> Option<Any<T>> {
    let rank = a.ndim();
    let axis = random.below(rank);
    let length = a.shape()[axis];
    let axes: Vec<usize> = (0..rank).filter(|_| random.below(2) == 0).collect();
    let together = broadcast(a.shape(), b.shape());
    Some(match random.below(24) {
        0 if together => a + b,
        1 if together => a * b,
        2 if together => a / (b.square() + 1.5),
        3 if together => a.maximum(b),
        4 => a.sum_axes(&axes),
        5 => a.mean_axes(&axes),
        6 => a.max_axes(&axes),
        7 => a.norm_axes(&axes),
        8 => (a * 0.3).log_sum_exp_axes(&axes),
        9 => a.var_axes(&axes, 0.0),
        10 => a.prod_axis(Axis(axis)),
        11 => a.softmax(Axis(axis)),
        12 => a.cumsum(Axis(axis)) * 0.4,
        13 => a.sort(Axis(axis)),
        14 => {
            let positions: Vec<usize> = (0..4).map(|_| random.below(length)).collect();
            a.gather(Axis(axis), &positions)
        }
        15 => a.index_axis(Axis(axis), random.below(length)),
        16 => {
            let step = if random.below(2) == 0 { 1 } else { -2 };
            let start = random.below(length).try_into().expect("a short axis");
            a.slice_axis(Axis(axis), Slice::new(start, None, step))
        }
        17 => {
            let turned: Vec<usize> = (0..rank).map(|i| (i + 1) % rank).collect();
            a.permuted_axes(&turned)
        }
        18 => a.insert_axis(Axis(random.below(rank + 1))),
        19 => a.reshape(IxDyn(&[a.len()])),
        20 => a.square().powf(1.5),
        21 => concatenate(Axis(axis), &[a, &a.tanh()]),
        22 => {
            let positive = a.view().mapv(|x| x > T::Base::zero());
            select(&positive, (a * 3.0).ln_1p(), 0.5)
        }
        _ if fit_for_a_product(a.shape(), b.shape()) => a.dot(b) * 0.3,
        _ => return None,
    })
}

fn program<T: Scalar>(number: u64, x: &Tensor<T, Ix1>) -> Var<T> {
    let mut random = Random(number);
    let mut values: Vec<Any<T>> = vec![
        x.reshape(IxDyn(&[2, 3, 4])),
        x.slice(s![..12]).reshape(IxDyn(&[3, 4])),
        x.slice(s![4..8]).into_dyn(),
        x.slice(s![3..9]).reshape(IxDyn(&[2, 1, 3])),
    ];
    for _ in 0..10 {
        let [a, b] = [(); 2].map(|()| values[random.below(values.len())].clone());
        if a.ndim() > 0 && b.ndim() > 0 && a.len() < 500 {
            values.extend(apply(&mut random, &a, &b).filter(|result| !result.is_empty()));
        }
    }
    let sums = values.iter().rev().take(3).map(|value| {
        let flat = value.flatten();
        let weights = Array1::from_shape_fn(flat.len(), |i| 0.5 + (i % 5) as f64 / 5.0);
        let weights = weights.mapv(|w| <T::Base as NumCast>::from(w).expect("a float"));
        (&flat * &weights).sum() + flat.square().sum() * 0.1
    });
    sums.sum()
}

fn value(number: u64, x: &Array1<f64>) -> f64 {
    program::<f64>(number, &Tensor::constant(x.clone())).value()
}

fn gradient(number: u64, x: &Array1<f64>) -> Array1<f64> {
    let tape = GradientTape::new();
    let x = tape.watch(x);
    let y = program(number, &x);
    tape.gradient(y, &x)
}

#[test]
fn against_differences() {
    let mut compared = 0;
    for number in 0..400 {
        let mut random = Random(7919 * number + 5);
        let (x, direction) = (random.vector(), random.vector());
        let by_x = gradient(number, &x);
        let size = |x: &Array1<f64>| x.iter().map(|x| x.abs()).sum::<f64>();
        let scale = 1.0 + size(&by_x);
        if scale.is_nan() || scale > 1e4 {
            continue;
        }
        compared += 1;
        let along = |step: f64| &x + &(&direction * step);
        // Central differences of fourth order.
        let step = 1e-5;
        let values = |k: f64| value(number, &along(k * step)) - value(number, &along(-k * step));
        let want = (8.0 * values(1.0) - values(2.0)) / (12.0 * step);
        let got = by_x.dot(&direction);
        assert!((got - want).abs() < 1e-6 * scale, "program {number}: {got}, {want}");
        let got = hvp(|x| program(number, &x), x.clone(), direction.clone());
        let slopes =
            |k: f64| gradient(number, &along(k * step)) - gradient(number, &along(-k * step));
        let want = (slopes(1.0) * 8.0 - slopes(2.0)) / (12.0 * step);
        let error = size(&(&got - &want));
        assert!(error < 1e-5 * (scale + size(&got)), "program {number}: {got}, {want}");
    }
    assert!(compared > 350, "{compared} programs");
}
