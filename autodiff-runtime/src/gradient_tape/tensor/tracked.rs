//! Recorded tensors: every operation computes one level down and records its pullback.

use super::super::error::{TapeError, fail};
use super::super::formulas::{Binary, Derivative, Partial, Unary, rule};
use super::super::recorder::{Id, Recorder};
use super::super::scalar::Scalar;
use super::super::var::Var;
use super::linear;
use super::plain::{Plain, Shape};
use super::store::{Indices, Mask, Store};
use std::fmt;
use std::rc::Rc;

/// A tensor on a tape, of any rank.
#[derive(Clone)]
pub struct Tracked<T: Scalar> {
    value: T::Store,
    recorder: Option<&'static Recorder<T>>,
    generation: u32,
    id: u32,
}

impl<T: Scalar> fmt::Debug for Tracked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Scalar> Tracked<T> {
    pub(crate) fn fixed(value: T::Store) -> Self {
        Self { value, recorder: None, generation: 0, id: 0 }
    }

    pub(crate) fn watched(recorder: &'static Recorder<T>, value: T::Store) -> Self {
        let id = recorder.push_tensor();
        Self { value, recorder: Some(recorder), generation: recorder.generation(), id }
    }

    pub(crate) fn value(&self) -> &T::Store {
        &self.value
    }

    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    pub(crate) fn recorder(&self) -> Option<&'static Recorder<T>> {
        self.recorder
    }

    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    pub(crate) fn live(&self) -> Option<&'static Recorder<T>> {
        self.recorder.filter(|recorder| recorder.is_live(self.generation))
    }

    /// Records an operation of one tensor.
    fn unary(&self, value: T::Store, back: impl Fn(T::Store) -> T::Store + 'static) -> Self {
        let Some(recorder) = self.live() else { return Self::fixed(value) };
        let outputs = recorder.start_wide(0, 1);
        let (from, to) = (self.id, outputs.tensor);
        recorder.finish_wide(
            vec![Id::Tensor(from)],
            outputs,
            Box::new(move |adjoints| {
                if let Some(seed) = adjoints.take_tensor(to) {
                    adjoints.add_tensor(from, back(seed));
                }
            }),
        );
        Self { value, recorder: Some(recorder), generation: self.generation, id: to }
    }

    /// Records an operation of two tensors; `back` gives what flows to the first or the second.
    fn binary(
        &self,
        other: &Self,
        value: T::Store,
        back: impl Fn(T::Store, usize) -> T::Store + 'static,
    ) -> Self {
        match (self.live(), other.live()) {
            (Some(recorder), Some(second)) => {
                super::super::recorder::same_tape(recorder, second);
                let outputs = recorder.start_wide(0, 1);
                let (from, to) = ([self.id, other.id], outputs.tensor);
                recorder.finish_wide(
                    vec![Id::Tensor(from[0]), Id::Tensor(from[1])],
                    outputs,
                    Box::new(move |adjoints| {
                        if let Some(seed) = adjoints.take_tensor(to) {
                            let first = back(seed.clone(), 0);
                            adjoints.add_tensor(from[0], first);
                            adjoints.add_tensor(from[1], back(seed, 1));
                        }
                    }),
                );
                Self { value, recorder: Some(recorder), generation: self.generation, id: to }
            }
            (Some(_), None) => self.unary(value, move |seed| back(seed, 0)),
            (None, Some(_)) => other.unary(value, move |seed| back(seed, 1)),
            (None, None) => Self::fixed(value),
        }
    }

    /// Records an operation of any number of tensors.
    pub(crate) fn many(
        inputs: &[&Self],
        value: T::Store,
        back: impl Fn(T::Store, usize) -> T::Store + 'static,
    ) -> Self {
        let places = inputs.iter().map(|input| (input.live(), input.generation, input.id));
        let Some((recorder, generation, from)) = recorded(places) else {
            return Self::fixed(value);
        };
        let outputs = recorder.start_wide(0, 1);
        let to = outputs.tensor;
        recorder.finish_wide(
            from.iter().map(|&(_, id)| Id::Tensor(id)).collect(),
            outputs,
            Box::new(move |adjoints| {
                if let Some(seed) = adjoints.take_tensor(to) {
                    for &(position, id) in &from {
                        let contribution = back(seed.clone(), position);
                        adjoints.add_tensor(id, contribution);
                    }
                }
            }),
        );
        Self { value, recorder: Some(recorder), generation, id: to }
    }
}

/// The operands' values of a binary operation as the pullback needs them.
struct Operands<S> {
    args: [S; 2],
}

impl<T: Scalar> Store<Var<T>> for Tracked<T> {
    fn shape(&self) -> &[usize] {
        self.value.shape()
    }

    fn constant(value: Plain<T::Base>) -> Self {
        Self::fixed(T::Store::constant(value))
    }

    fn plain(&self) -> &Plain<T::Base> {
        self.value.plain()
    }

    fn is_turned(&self) -> bool {
        self.value.is_turned()
    }

    fn from_scalar(scalar: Var<T>) -> Self {
        let value = T::Store::from_scalar(scalar.value());
        let Some(recorder) = scalar.live() else { return Self::fixed(value) };
        let outputs = recorder.start_wide(0, 1);
        let (from, to) = (scalar.index(), outputs.tensor);
        recorder.finish_wide(
            vec![Id::Scalar(from)],
            outputs,
            Box::new(move |adjoints| {
                if let Some(seed) = adjoints.take_tensor(to) {
                    adjoints.add_scalar(from, seed.to_scalar());
                }
            }),
        );
        Self { value, recorder: Some(recorder), generation: recorder.generation(), id: to }
    }

    fn to_scalar(&self) -> Var<T> {
        let value = self.value.to_scalar();
        let Some(recorder) = self.live() else { return Var::constant(value) };
        let outputs = recorder.start_wide(1, 0);
        let (from, to) = (self.id, outputs.scalar);
        let shape = Shape::from_slice(self.shape());
        recorder.finish_wide(
            vec![Id::Tensor(from)],
            outputs,
            Box::new(move |adjoints| {
                let seed = adjoints.scalars[to as usize];
                if !seed.is_absent() {
                    adjoints.add_tensor(from, T::Store::from_scalar(seed).reshape(&shape));
                }
            }),
        );
        Var::at(recorder, to, value)
    }

    fn from_scalars(entries: &[Var<T>], shape: &[usize]) -> Self {
        let values: Vec<T> = entries.iter().map(|entry| entry.value()).collect();
        let value = T::Store::from_scalars(&values, shape);
        let places = entries.iter().map(|entry| (entry.live(), entry.generation(), entry.index()));
        let Some((recorder, generation, from)) = recorded(places) else {
            return Self::fixed(value);
        };
        let outputs = recorder.start_wide(0, 1);
        let to = outputs.tensor;
        recorder.finish_wide(
            from.iter().map(|&(_, index)| Id::Scalar(index)).collect(),
            outputs,
            Box::new(move |adjoints| {
                if let Some(seed) = adjoints.take_tensor(to) {
                    let seeds = seed.to_scalars();
                    for &(position, index) in &from {
                        adjoints.add_scalar(index, seeds[position]);
                    }
                }
            }),
        );
        Self { value, recorder: Some(recorder), generation, id: to }
    }

    fn to_scalars(&self) -> Vec<Var<T>> {
        let values = self.value.to_scalars();
        let Some(recorder) = self.live() else {
            return values.into_iter().map(Var::constant).collect();
        };
        let number = u32::try_from(values.len()).expect("fewer than 2³¹ operations");
        let outputs = recorder.start_wide(number, 0);
        let (from, first) = (self.id, outputs.scalar);
        let shape = Shape::from_slice(self.shape());
        recorder.finish_wide(
            vec![Id::Tensor(from)],
            outputs,
            Box::new(move |adjoints| {
                let range = first as usize..(first + number) as usize;
                let seeds = &adjoints.scalars[range];
                if seeds.iter().any(|seed| !seed.is_absent()) {
                    let seed = T::Store::from_scalars(seeds, &shape);
                    adjoints.add_tensor(from, seed);
                }
            }),
        );
        let entries = values.into_iter().zip(first..);
        entries.map(|(value, index)| Var::at(recorder, index, value)).collect()
    }

    fn map<R: Unary>(&self, rule: R) -> Self {
        if self.live().is_none() {
            return Self::fixed(self.value.map(rule));
        }
        let (value, slope) = self.value.map_with_slope(rule);
        if let Some(slope) = slope {
            return self.unary(value, move |seed| seed.weigh(&slope));
        }
        let (x, y) = (self.value.clone(), value.clone());
        self.unary(value, move |seed| T::Store::map_back(rule, &x, &y, seed))
    }

    fn map_back<R: Unary>(rule: R, x: &Self, _y: &Self, seed: Self) -> Self {
        seed.weigh(&x.map(Derivative(rule)))
    }

    fn zip<R: Binary>(&self, other: &Self, rule: R) -> Self {
        let value = self.value.zip(&other.value, rule);
        let operands = Operands { args: [self.value.clone(), other.value.clone()] };
        let r = value.clone();
        self.binary(other, value, move |seed, by| {
            let [x, y] = &operands.args;
            T::Store::zip_back(rule, [x, y], &r, &seed, by)
        })
    }

    fn zip_back<R: Binary>(rule: R, [x, y]: [&Self; 2], _r: &Self, seed: &Self, by: usize) -> Self {
        let partial = x.zip(y, Partial { rule, by });
        seed.clone().weigh(&partial).sum_to(if by == 0 { x.shape() } else { y.shape() })
    }

    fn add(&self, other: &Self) -> Self {
        let shapes = shapes(self, other);
        self.binary(other, self.value.add(&other.value), move |seed, by| seed.sum_to(&shapes[by]))
    }

    fn sub(&self, other: &Self) -> Self {
        let shapes = shapes(self, other);
        self.binary(other, self.value.sub(&other.value), move |seed, by| {
            let seed = seed.sum_to(&shapes[by]);
            if by == 0 { seed } else { seed.map(rule::neg {}) }
        })
    }

    fn mul(&self, other: &Self) -> Self {
        let shapes = shapes(self, other);
        // Only the factor that the other one's adjoint needs is kept.
        let kept = [
            other.live().is_some().then(|| self.value.clone()),
            self.live().is_some().then(|| other.value.clone()),
        ];
        self.binary(other, self.value.mul(&other.value), move |seed, by| {
            let factor = kept[1 - by].as_ref().expect("kept for a recorded factor");
            seed.weigh(factor).sum_to(&shapes[by])
        })
    }

    fn weigh(self, partial: &Self) -> Self {
        let shapes = shapes(&self, partial);
        let (own, other) = (self.value.clone(), partial.value.clone());
        self.binary(partial, own.clone().weigh(&other), move |seed, by| {
            if by == 0 {
                return seed.weigh(&other).sum_to(&shapes[0]);
            }
            // Where this tensor is 0, nothing flows to the partial, even of a seed that is NaN.
            let zero = <T::Base as num_traits::Zero>::zero();
            let own = own.broadcast_to(seed.shape());
            let used: Mask = own.plain().data().iter().map(|&v| v != zero).collect();
            seed.keep(&used).weigh(&own).sum_to(&shapes[1])
        })
    }

    fn scale(&self, factor: f64) -> Self {
        self.unary(self.value.scale(factor), move |seed| seed.scale(factor))
    }

    fn over(&self, divisor: f64) -> Self {
        self.unary(self.value.over(divisor), move |seed| seed.over(divisor))
    }

    fn accumulated(self, other: Self) -> Self {
        self.add(&other)
    }

    fn sum_to(&self, shape: &[usize]) -> Self {
        if self.shape() == shape {
            return self.clone();
        }
        let own = Shape::from_slice(self.shape());
        self.unary(self.value.sum_to(shape), move |seed| seed.broadcast_to(&own))
    }

    fn broadcast_to(&self, shape: &[usize]) -> Self {
        if self.shape() == shape {
            return self.clone();
        }
        let own = Shape::from_slice(self.shape());
        self.unary(self.value.broadcast_to(shape), move |seed| seed.sum_to(&own))
    }

    fn reshape(&self, shape: &[usize]) -> Self {
        if self.shape() == shape {
            return self.clone();
        }
        let own = Shape::from_slice(self.shape());
        self.unary(self.value.reshape(shape), move |seed| seed.reshape(&own))
    }

    fn permute(&self, axes: &[usize]) -> Self {
        let mut inverse = vec![0; axes.len()];
        for (to, &from) in axes.iter().enumerate() {
            inverse[from] = to;
        }
        self.unary(self.value.permute(axes), move |seed| seed.permute(&inverse))
    }

    fn matmul(&self, other: &Self, [ta, tb]: [bool; 2]) -> Self {
        let value = self.value.matmul(&other.value, [ta, tb]);
        let (a, b) = (self.value.clone(), other.value.clone());
        // C = A B: Ā = C̄ Bᵀ, B̄ = Aᵀ C̄; with a transposed factor, the transpose of that, which is
        // also computed where the factor itself was made by transposing.
        self.binary(other, value, move |seed, by| match (by, ta, tb) {
            (0, false, _) if a.is_turned() => b.matmul(&seed, [tb, true]).transposed(),
            (1, _, false) if b.is_turned() => seed.matmul(&a, [true, ta]).transposed(),
            (0, false, _) => seed.matmul(&b, [false, !tb]),
            (0, true, _) => b.matmul(&seed, [tb, true]),
            (_, _, false) => a.matmul(&seed, [!ta, false]),
            (_, _, true) => seed.matmul(&a, [true, ta]),
        })
    }

    fn gather(&self, index: &Indices, shape: &[usize]) -> Self {
        let value = self.value.gather(index, shape);
        let Some(recorder) = self.live() else { return Self::fixed(value) };
        let (kept, own) = (Rc::clone(index), Shape::from_slice(self.shape()));
        let outputs = recorder.start_wide(0, 1);
        let (from, to) = (self.id, outputs.tensor);
        recorder.finish_wide(
            vec![Id::Tensor(from)],
            outputs,
            Box::new(move |adjoints| {
                if let Some(seed) = adjoints.take_tensor(to) {
                    adjoints.add_scattered(from, &seed, &kept, &own);
                }
            }),
        );
        Self { value, recorder: Some(recorder), generation: self.generation, id: to }
    }

    fn scatter_add(&self, index: &Indices, shape: &[usize]) -> Self {
        let (kept, own) = (Rc::clone(index), Shape::from_slice(self.shape()));
        self.unary(self.value.scatter_add(index, shape), move |seed| seed.gather(&kept, &own))
    }

    fn add_scattered(self, other: &Self, index: &Indices) -> Self {
        let shape = Shape::from_slice(self.shape());
        self.add(&other.scatter_add(index, &shape))
    }

    fn norm(&self, kept: &[usize]) -> Self {
        let value = self.value.norm(kept);
        let (x, y) = (self.value.clone(), value.clone());
        self.unary(value, move |seed| seed.weigh(&x.zip(&y, rule::over_or_zero {})))
    }

    fn log_sum_exp(&self, kept: &[usize]) -> Self {
        let value = self.value.log_sum_exp(kept);
        let (x, y) = (self.value.clone(), value.clone());
        // The softmax, by way of its logarithm.
        self.unary(value, move |seed| seed.weigh(&x.sub(&y).map(rule::exp {})))
    }

    fn keep(&self, mask: &Mask) -> Self {
        let kept = Rc::clone(mask);
        self.unary(self.value.keep(mask), move |seed| seed.keep(&kept))
    }

    fn cumulative_sum(&self, axis: usize, reverse: bool) -> Self {
        self.unary(self.value.cumulative_sum(axis, reverse), move |seed| {
            seed.cumulative_sum(axis, !reverse)
        })
    }

    fn concatenate(list: &[&Self], axis: usize) -> Self {
        let values: Vec<&T::Store> = list.iter().map(|x| &x.value).collect();
        let value = T::Store::concatenate(&values, axis);
        let whole = Shape::from_slice(value.shape());
        let mut start = 0;
        let parts: Vec<(Indices, Shape)> = list
            .iter()
            .map(|x| {
                let part = Shape::from_slice(x.shape());
                let index = super::shapes::slice_index(&whole, axis, start, part[axis]);
                start += part[axis];
                (index, part)
            })
            .collect();
        Self::many(list, value, move |seed, by| {
            let (index, shape) = &parts[by];
            seed.gather(index, shape)
        })
    }

    /// Murray, "Differentiation of the Cholesky decomposition" (2016), equations 9 and 10:
    /// Ā = ½ (P + Pᵀ), P = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, with Φ the lower triangle, its diagonal halved. The
    /// symmetric choice: the factorization takes A for symmetric.
    fn cholesky(&self) -> Self {
        let value = self.value.cholesky();
        let l = value.clone();
        self.unary(value, move |seed| {
            let lower = lower_triangle(l.shape()[0], true);
            let strict = lower_triangle(l.shape()[0], false);
            let product = l.matmul(&seed.keep(&lower), [true, false]);
            let phi = product.keep(&lower).add(&product.keep(&strict)).scale(0.5);
            // P = L⁻ᵀ Φ L⁻¹: solve Lᵀ Y = Φ, then P L = Y, that is Lᵀ Pᵀ = Yᵀ.
            let y = l.solve_triangular(&phi, true, true);
            let p = l.solve_triangular(&y.transposed(), true, true);
            p.add(&p.transposed()).scale(0.5)
        })
    }

    fn solve_triangular(&self, b: &Self, lower: bool, transposed: bool) -> Self {
        let value = self.value.solve_triangular(&b.value, lower, transposed);
        let (t, x) = (self.value.clone(), value.clone());
        // X = T⁻¹ B: B̄ = T⁻ᵀ X̄, T̄ = -B̄ Xᵀ on the triangle.
        self.binary(b, value, move |seed, by| {
            let b_bar = t.solve_triangular(&seed, lower, !transposed);
            if by == 1 {
                return b_bar;
            }
            let t_bar = if transposed {
                x.matmul(&b_bar, [false, true])
            } else {
                b_bar.matmul(&x, [false, true])
            };
            let mask = if lower {
                lower_triangle(t.shape()[0], true)
            } else {
                let below = lower_triangle(t.shape()[0], false);
                below.iter().map(|&below| !below).collect()
            };
            t_bar.map(rule::neg {}).keep(&mask)
        })
    }

    fn inverse(&self, operation: &'static str) -> Self {
        let value = self.value.inverse(operation);
        let y = value.clone();
        self.unary(value, move |seed| {
            y.matmul(&seed.matmul(&y, [false, true]), [true, false]).map(rule::neg {})
        })
    }

    fn determinant(&self) -> Self {
        let a = self.value.clone();
        self.unary(self.value.determinant(), move |seed| seed.mul(&a.cofactors()))
    }

    fn log_determinant(&self) -> Self {
        let a = self.value.clone();
        self.unary(self.value.log_determinant(), move |seed| {
            seed.mul(&a.inverse("gradient of log_det").transposed())
        })
    }

    /// The cofactors as a function of the matrix: det(A) A⁻ᵀ where the inverse can be trusted with
    /// differences of its products, else minor by minor.
    fn cofactors(&self) -> Self {
        let n = self.shape()[0];
        if n > 3 && linear::is_well_conditioned(self.plain()) {
            return self.determinant().mul(&self.inverse("det").transposed());
        }
        let minors: Vec<Self> = (0..n * n)
            .map(|i| {
                let minor = self.gather(&linear::minor(n, i).into(), &[n - 1, n - 1]);
                minor.determinant().scale(linear::cofactor_sign(n, i)).reshape(&[1])
            })
            .collect();
        if minors.is_empty() {
            return self.clone();
        }
        Self::concatenate(&minors.iter().collect::<Vec<_>>(), 0).reshape(&[n, n])
    }
}

fn shapes<T: Scalar>(a: &Tracked<T>, b: &Tracked<T>) -> [Shape; 2] {
    [a.shape(), b.shape()].map(Shape::from_slice)
}

/// The lower triangle of an n×n matrix, with or without its diagonal.
fn lower_triangle(n: usize, diagonal: bool) -> Mask {
    (0..n * n)
        .map(|i| {
            let (row, column) = (i / n, i % n);
            column < row || (diagonal && column == row)
        })
        .collect()
}

/// Of the operands the recorded ones, by position, with their one recorder and its generation.
#[allow(clippy::type_complexity)]
fn recorded<T: Scalar, I>(
    operands: impl Iterator<Item = (Option<&'static Recorder<T>>, u32, I)>,
) -> Option<(&'static Recorder<T>, u32, Vec<(usize, I)>)> {
    let mut common = None;
    let mut from = Vec::new();
    for (position, (own, generation, place)) in operands.enumerate() {
        let Some(own) = own else { continue };
        let (recorder, _) = *common.get_or_insert((own, generation));
        if !std::ptr::eq(own, recorder) {
            fail(TapeError::OtherTape { argument: "operand" });
        }
        from.push((position, place));
    }
    let (recorder, generation) = common?;
    Some((recorder, generation, from))
}
