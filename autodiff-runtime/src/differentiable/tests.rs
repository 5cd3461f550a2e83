use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn panic_text(run: impl FnOnce()) -> String {
    *catch_unwind(AssertUnwindSafe(run)).unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn zeros_have_the_shape_of_the_primal() {
    let slice: &[f32] = &[1.0, 2.0];
    assert_eq!(slice.zero_tangent(), vec![0.0f32; 2]);
    assert_eq!([[1.0; 3]; 2].zero_tangent(), [[0.0; 3]; 2]);
    let rows = [vec![1.0], vec![]];
    assert_eq!(zero_like(&rows[..]), vec![vec![0.0], vec![]]);
    let mut changed = 3.0;
    assert_eq!(zero_like(&&mut changed), 0.0);
    assert_eq!(zero_like("text"), NoTangent);
    assert_eq!(zero_like(&(0..3)), NoTangent);
    assert_eq!((1u8, 'c', (), true, 2.0).zero_tangent().4, 0.0);
    assert_eq!(Some(vec![1.0]).zero_tangent(), Some(vec![0.0]));
    assert_eq!(None::<(f64, i32)>.zero_tangent(), None);
    assert_eq!(Box::new([1.0]).zero_tangent(), [0.0]);
    let empty: [f64; 0] = [];
    assert_eq!(empty[..].zero_tangent(), Vec::<f64>::new());
}

#[test]
fn accumulation_mixes_containers() {
    let mut buffer = [1.0, 2.0, 3.0];
    accumulate(&mut buffer[1..], &[10.0, 20.0]);
    accumulate(&mut buffer[..2], &vec![0.5, 0.5]);
    accumulate(&mut buffer, &&[1.0, 1.0, 1.0][..]);
    assert_eq!(buffer, [2.5, 13.5, 24.0]);

    let mut nested = vec![vec![1.0], vec![2.0, 3.0]];
    accumulate(&mut nested[1], &[1.0, 1.0]);
    accumulate(&mut nested, &[vec![1.0], vec![1.0, 1.0]]);
    assert_eq!(nested, [vec![2.0], vec![4.0, 5.0]]);

    let mut pair = (1.0, (vec![1.0f32], NoTangent));
    accumulate(&mut pair, &(2.0, ([3.0f32], NoTangent)));
    assert_eq!(pair, (3.0, (vec![4.0], NoTangent)));

    let mut option = Some(1.0);
    accumulate(&mut option, &Some(2.0));
    accumulate(&mut option, &None::<f64>);
    assert_eq!(option, Some(3.0));

    let mut source = vec![1.0];
    let borrowed = &mut source;
    accumulate(&mut buffer[..1], &borrowed);
    assert_eq!(buffer[0], 3.5);
}

#[test]
fn accumulation_refuses_other_lengths() {
    let mut buffer = vec![1.0, 2.0];
    let text = panic_text(|| accumulate(&mut buffer, &[1.0; 3]));
    assert_eq!(text, "a derivative of length 3 cannot be added to one of length 2");
    assert_eq!(buffer, [1.0, 2.0]);
}

#[test]
fn shapes_are_compared_at_every_level() {
    let x: &[f64] = &[1.0, 2.0];
    let mut bar = vec![0.0; 2];
    same_len("x", &x, &bar);
    same_len("x", x, &bar[..]);
    let bar_slice: &mut [f64] = &mut bar;
    same_len("x", &x, &bar_slice);
    same_len("x", x, bar_slice);
    same_len("x", &3usize, &NoTangent);
    same_len("x", &(1.0, 3usize), &(0.0, NoTangent));
    same_len("x", &[&1.0, &2.0], &[0.0; 2]);
    same_len("x", &vec![x, x], &vec![vec![0.0; 2]; 2]);

    let text = panic_text(|| same_len("x", &x, &[0.0; 3]));
    assert_eq!(text, "`x` has length 2, but its adjoint or tangent has length 3");
    let rows = (1.0, vec![vec![1.0; 2], vec![1.0; 3]]);
    let text = panic_text(|| same_len("w", &rows, &(0.0, vec![vec![0.0; 2], vec![]])));
    assert_eq!(text, "`w.1[1]` has length 3, but its adjoint or tangent has length 0");
    let text = panic_text(|| same_len("o", &Some([1.0]), &None::<[f64; 1]>));
    assert_eq!(text, "`o` is `Some`, but its adjoint or tangent is `None`");
}

#[test]
fn entries_in_reading_order() {
    let mut value = (
        1.0,
        vec![vec![2.0], vec![], vec![3.0, 4.0]],
        "text".to_owned(),
        Some((5usize, 6.0f32)),
        [[NoTangent; 2]; 2],
        [7.0, 8.0],
    );
    assert_eq!(entry_count(&value), 7);
    let read: Vec<f64> = (0..7).map(|i| entry(&value, i)).collect();
    assert_eq!(read, [1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 8.0]);
    let paths: Vec<_> = (0..7).map(|i| value.entry_path(i)).collect();
    assert_eq!(paths, [".0", ".1[0][0]", ".1[2][0]", ".1[2][1]", ".3.Some.1", ".5[0]", ".5[1]"]);
    set_entry(&mut value, 2, -3.0);
    assert_eq!(value.1[2][0], -3.0);
    set_zero(&mut value);
    assert_eq!(value.2, "text");
    assert!((0..7).all(|i| entry(&value, i) == 0.0));
    assert!(panic_text(|| value.set_entry(7, 1.0)).contains("no entry number 7"));
}

#[test]
fn basis_vectors() {
    assert_eq!(basis(&[5.0, 6.0, 7.0], 1), [0.0, 1.0, 0.0]);
    assert_eq!(basis(&vec![(5.0, 2u8), (6.0, 3)][..], 1)[1], (1.0, NoTangent));
    assert_eq!(basis(&2.5f32, 0), 1.0);
    assert!(panic_text(|| _ = basis(&[1.0], 1)).contains("no entry number 1"));
}

#[test]
fn scalar_products() {
    assert_eq!(inner(&vec![(2.0, NoTangent), (3.0, NoTangent)], &[10.0, 20.0][..]), 80.0);
    assert_eq!(inner(&2.0f32, &0.5), 1.0);
    assert!(panic_text(|| _ = inner(&[1.0; 2], &[1.0; 3])).contains("with 2 and 3 entries"));
}

#[test]
fn a_generic_real_is_enough() {
    fn tangents<T: Real>(x: T, rows: &[Vec<T>]) -> (T, Vec<Vec<T>>) {
        let mut bar: Vec<Vec<T>> = zero_like(rows);
        same_len("rows", rows, &bar);
        accumulate(&mut bar, rows);
        accumulate(&mut bar[0], &vec![x; 2]);
        let mut x_bar = zero_like(&x);
        accumulate(&mut x_bar, &x);
        x_bar += T::of(0.5);
        x_bar *= T::of(2.0);
        (x_bar, bar)
    }
    assert_eq!(tangents(1.0f32, &[vec![1.0, 2.0]]), (3.0, vec![vec![2.0, 3.0]]));
    assert_eq!(tangents(1.0f64, &[vec![1.0, 2.0]]), (3.0, vec![vec![2.0, 3.0]]));
}
