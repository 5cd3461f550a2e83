use super::*;

#[differentiable]
fn single(x: f32, y: f32) -> f32 {
    let mut a = x * y;
    for _ in 0..3 {
        a = a.sin() + x;
    }
    a.powi(2) + 0.5 * y
}

#[differentiable]
fn double(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    for _ in 0..3 {
        a = a.sin() + x;
    }
    a.powi(2) + 0.5 * y
}

#[differentiable]
fn mixed(x: f32, y: f64) -> f64 {
    f64::from(x) * y + (x as f64).sin()
}

#[differentiable]
fn integers(
    x: f64,
    a: u8,
    b: i16,
    c: u32,
    d: i64,
    e: usize,
    f: isize,
    g: i128,
    on: bool,
    letter: char,
    name: &str,
    owned: String,
) -> f64 {
    let n = a as i64 + b as i64 + c as i64 + d + e as i64 + f as i64 + g as i64;
    let m = name.len() + owned.len();
    if on && letter == 'x' { x * n as f64 } else { x.powi(m as i32) }
}

#[differentiable]
fn references(x: &f64, y: &f64, n: &usize, indices: &[usize]) -> f64 {
    let z = *x * y;
    z * *n as f64 + x.sin() * indices[0] as f64 + (*y).exp()
}

#[differentiable]
fn mutable_integers(x: f64, count: &mut usize, log: &mut Vec<usize>) -> f64 {
    *count += 1;
    log.push(*count);
    x * x * log.len() as f64
}

#[differentiable]
fn options_of_integers(
    x: f64,
    n: Option<i32>,
    pairs: &[(usize, i32)],
    m: Option<(u8, char)>,
) -> f64 {
    let p = n.unwrap_or(2);
    let mut a = x.powi(p);
    for (i, k) in pairs {
        a += x * (*i as f64) * f64::from(*k);
    }
    if m.is_some() { a } else { a * x }
}

gradient_test! {
    double: (0.7, -1.2);
    references: (ref 0.7, ref -1.2, const &3, const &[2usize, 1][..]);
    options_of_integers: (0.7, const Some(3), const &[(1usize, 2i32), (3, 4)][..], const None), (0.7, const None, const &[][..], const Some((1u8, 'a')));
}

#[test]
fn single_precision() {
    let (x, y) = grad_single(0.7, -1.2);
    let (x64, y64) = grad_double(0.7, -1.2);
    assert!((f64::from(x) - x64).abs() < 1e-5 && (f64::from(y) - y64).abs() < 1e-5);
    let _: (f32, f32) = (x, y);
    let (value, tangent): (f32, f32) = jvp_single(0.7, -1.2, 1.0, 0.0);
    assert!((tangent - x).abs() < 1e-5 && value == single(0.7, -1.2));
    let (mut x_bar, mut y_bar) = (1.0f32, 0.0f32);
    adjoint_single(0.7, -1.2, 2.0, &mut x_bar, &mut y_bar);
    assert!((x_bar - 1.0 - 2.0 * x).abs() < 1e-5);
    assert!((y_bar - 2.0 * y).abs() < 1e-5);
}

#[test]
fn both_widths() {
    let (x, y): (f32, f64) = grad_mixed(0.5, 2.0);
    assert!((f64::from(x) - (2.0 + 0.5f64.cos())).abs() < 1e-6);
    assert_eq!(y, 0.5);
    let (_, tangent): (f64, f64) = jvp_mixed(0.5, 2.0, 0.0, 1.0);
    assert_eq!(tangent, 0.5);
}

#[test]
fn only_the_float_is_active() {
    let call = |letter| grad_integers(2.0, 1, 2, 3, 4, 5, 6, 7, true, letter, "ab", "c".into());
    assert_eq!(call('x'), 28.0);
    assert_eq!(call('y'), 12.0);
}

#[test]
fn inactive_out_parameters_are_written_once() {
    let mut count = 0;
    let mut log = Vec::new();
    assert_eq!(grad_mutable_integers(3.0, &mut count, &mut log), 6.0);
    assert_eq!((count, log.len()), (1, 1));
    let (value, gradient) = value_and_grad_mutable_integers(3.0, &mut count, &mut log);
    assert_eq!((count, log.len(), value, gradient), (2, 2, 18.0, 12.0));
    let mut bar = 0.0;
    assert_eq!(adjoint_mutable_integers(3.0, &mut count, &mut log, 1.0, &mut bar), 27.0);
    assert_eq!((count, log.len(), bar), (3, 3, 18.0));
    assert_eq!(jvp_mutable_integers(3.0, &mut count, &mut log, 1.0), (36.0, 24.0));
    assert_eq!((count, log.len()), (4, 4));
}
