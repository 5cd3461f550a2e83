//! Hand-written callees as the macro emits them, and callers with every kind of argument.

#![expect(
    clippy::useless_vec,
    clippy::needless_borrows_for_generic_args,
    reason = "every kind of argument is what is tested"
)]

use crate::private::{
    self, Differentiable, Discard, NoTangent, OpenSlot, OpenTangent, Real, Slot, TangentSlot, Zero,
};

/// `x * w[k]`, its reverse sweep with one slot for every parameter.
fn scaled_back<T: Real>(
    x: T,
    w: &[T],
    k: usize,
    seed: T,
    x_bar: impl Slot<T>,
    w_bar: impl Slot<[T]>,
    _k_bar: impl Sized,
) {
    let mut x_bar = x_bar.open(&x);
    let x_bar = OpenSlot::get(&mut x_bar);
    let mut w_bar = w_bar.open(w);
    let w_bar = OpenSlot::get(&mut w_bar);
    *x_bar += seed * w[k];
    w_bar[k] += seed * x;
}

fn scaled_jvp<T: Real>(
    x: T,
    w: &[T],
    k: usize,
    x_dot: impl TangentSlot<T>,
    w_dot: impl TangentSlot<[T]>,
    _k_dot: impl Sized,
) -> (T, T) {
    x_dot.with(&x, |x_dot| w_dot.with(w, |w_dot| (x * w[k], *x_dot * w[k] + x * w_dot[k])))
}

#[test]
fn adjoints_of_every_kind() {
    let x = 2.0;
    let w = [1.0, 2.0, 3.0, 4.0, 5.0];
    // No annotation anywhere: the callee's types have to decide.
    let mut x_bar = 0.0;
    let mut w_bar = private::zero_like(&w);
    scaled_back(x, &w[2..5], 1, 1.0, &mut x_bar, &mut w_bar[2..5], Discard);
    assert_eq!((x_bar, w_bar), (4.0, [0.0, 0.0, 0.0, 2.0, 0.0]));

    let mut w_bar = vec![0.0; 5];
    scaled_back(x, &w, 1, 1.0, Discard, &mut w_bar, Discard);
    assert_eq!(w_bar, [0.0, 2.0, 0.0, 0.0, 0.0]);
    scaled_back(x, &w, 1, 1.0, Discard, &mut *w_bar, &mut NoTangent);
    let mut w_bar = [0.0; 5];
    scaled_back(x, &w, 1, 1.0, &mut x_bar, &mut w_bar, Discard);
    assert_eq!((x_bar, w_bar[1]), (6.0, 2.0));
    scaled_back(x, &w, 1, 1.0, Discard, Discard, Discard);

    let mut bars = (0.0, vec![vec![0.0; 2], vec![0.0; 2]]);
    scaled_back(3.0f32, &[1.0, 2.0], 1, 1.0, &mut bars.0, &mut bars.1[1], Discard);
    assert_eq!(bars, (2.0, vec![vec![0.0, 0.0], vec![0.0, 3.0]]));
}

#[test]
fn tangents_of_every_kind() {
    let w = vec![1.0, 2.0];
    assert_eq!(scaled_jvp(3.0, &w, 1, 1.0, Zero, Zero), (6.0, 2.0));
    assert_eq!(scaled_jvp(3.0, &w, 1, Zero, &vec![0.0, 1.0], NoTangent), (6.0, 3.0));
    assert_eq!(scaled_jvp(3.0, &w, 1, 0.0, &[0.0, 1.0], Zero), (6.0, 3.0));
    assert_eq!(scaled_jvp(3.0, &w, 1, Zero, Zero, Zero), (6.0, 0.0));
    let mut state = vec![0.0, 1.0, 0.0];
    assert_eq!(scaled_jvp(3.0f32, &[1.0, 2.0], 0, &2.0, &state[1..], Zero), (3.0, 5.0));
    let state = &mut state[..];
    assert_eq!(scaled_jvp(3.0f32, &[1.0, 2.0], 0, &2.0, &mut *state, Zero), (3.0, 2.0));
    let mut one = 1.0;
    assert_eq!(scaled_jvp(3.0, &w, 1, &mut one, Zero, Zero), (6.0, 2.0));
}

/// A caller that is generic itself.
fn outer_back<T: Real, const N: usize>(
    x: &[T; N],
    seed: T,
    x_bar: impl Slot<[T; N]>,
    hidden: impl Slot<Vec<T>>,
) {
    let mut x_bar = x_bar.open(x);
    let x_bar = OpenSlot::get(&mut x_bar);
    let hidden_value = vec![T::of(1.0); N];
    let mut hidden = hidden.open(&hidden_value);
    let hidden = OpenSlot::get(&mut hidden);
    let mut first = T::of(0.0);
    scaled_back(x[0], x, 1, seed, &mut first, &mut *x_bar, Discard);
    scaled_back(x[0], x, 1, seed, Discard, &mut x_bar[..], Discard);
    x_bar[0] += first;
    private::accumulate(x_bar, hidden);
}

#[test]
fn generic_callers() {
    let mut bar = [0.0f32; 3];
    outer_back(&[1.0, 2.0, 3.0], 1.0, &mut bar, Discard);
    assert_eq!(bar, [2.0, 2.0, 0.0]);
    outer_back(&[1.0, 2.0, 3.0], 1.0, &mut bar, &mut vec![1.0, 1.0, 1.0]);
    assert_eq!(bar, [5.0, 5.0, 1.0]);
    outer_back::<f64, 3>(&[1.0, 2.0, 3.0], 1.0, Discard, Discard);
}

/// Parameters by value that the body moves or changes, nested containers, tuples, `&mut`.
#[expect(clippy::too_many_arguments)]
fn mixed_back(
    mut pair: (f64, usize),
    rows: Vec<Vec<f64>>,
    state: &mut Vec<f64>,
    grid: [[f64; 2]; 2],
    pair_bar: impl Slot<(f64, NoTangent)>,
    rows_bar: impl Slot<[Vec<f64>]>,
    state_bar: impl Slot<Vec<f64>>,
    grid_bar: impl Slot<[[f64; 2]; 2]>,
) {
    let mut pair_bar = pair_bar.open(&pair);
    let pair_bar = OpenSlot::get(&mut pair_bar);
    let mut rows_bar = rows_bar.open(&rows);
    let rows_bar = OpenSlot::get(&mut rows_bar);
    let mut state_bar = state_bar.open(state);
    let state_bar = OpenSlot::get(&mut state_bar);
    let mut grid_bar = grid_bar.open(&grid);
    let grid_bar = OpenSlot::get(&mut grid_bar);
    private::same_len("rows", &rows, &rows_bar);
    private::same_len("state", state, state_bar);
    private::same_len("grid", &grid, &grid_bar);
    pair.0 += 1.0;
    assert_eq!(pair.1, 7);
    let moved = rows;
    state.push(moved[0][0]);
    pair_bar.0 += state_bar[0];
    rows_bar[0][0] += 1.0;
    private::set_zero(state_bar);
    private::accumulate(&mut grid_bar[1], &moved[0]);
    private::accumulate(grid_bar, &grid);
}

#[test]
fn every_shape() {
    let pair = (1.0, 7);
    let rows = vec![vec![1.0, 2.0]];
    let grid = [[1.0, 2.0], [3.0, 4.0]];
    let mut pair_bar = pair.zero_tangent();
    let mut rows_bar = rows.zero_tangent();
    let mut state_bar = vec![5.0];
    let mut grid_bar = grid.zero_tangent();
    mixed_back(
        pair,
        rows.clone(),
        &mut vec![0.0],
        grid,
        &mut pair_bar,
        &mut rows_bar,
        &mut state_bar,
        &mut grid_bar,
    );
    assert_eq!(pair_bar, (5.0, NoTangent));
    assert_eq!(rows_bar, [[1.0, 0.0]]);
    assert_eq!(state_bar, [0.0]);
    assert_eq!(grid_bar, [[1.0, 2.0], [4.0, 6.0]]);
    let (mut a, b) = (vec![0.0], rows);
    mixed_back(pair, b, &mut a, grid, Discard, Discard, Discard, Discard);
}

/// The tangents of a `&mut` parameter: filled, or zero and forgotten.
fn bump_jvp(x: &mut f64, by: f64, x_dot: impl Slot<f64>, by_dot: impl TangentSlot<f64>) {
    let mut x_dot = x_dot.open(x);
    let x_dot = OpenSlot::get(&mut x_dot);
    let by_dot = OpenTangent::take(by_dot.open(&by));
    *x_dot += by_dot;
    *x += by;
}

#[test]
fn tangents_of_mutable_parameters() {
    let (mut x, mut x_dot) = (1.0, 0.5);
    bump_jvp(&mut x, 2.0, &mut x_dot, 1.0);
    bump_jvp(&mut x, 2.0, Zero, Zero);
    assert_eq!((x, x_dot), (5.0, 1.5));
}

#[test]
#[should_panic(expected = "`rows[0]` has length 2, but its adjoint or tangent has length 1")]
fn nested_lengths_are_compared() {
    let rows = vec![vec![1.0, 2.0]];
    mixed_back(
        (1.0, 2),
        rows,
        &mut vec![0.0],
        [[0.0; 2]; 2],
        Discard,
        &mut vec![vec![1.0]],
        Discard,
        Discard,
    );
}
