use super::*;

#[differentiable]
pub fn polynomial<T: Real>(c: &[T], x: T) -> T {
    let mut value = T::zero();
    for i in (0..c.len()).rev() {
        value = value * x + c[i];
    }
    value
}

#[differentiable]
fn functions<T>(x: T, y: T) -> T
where
    T: Real,
{
    let half = T::of(0.5);
    let a = (x * y).sin() + T::one() / x.exp();
    let b = a.powi(3) * half + x.powf(y) - y.sqrt().ln().abs();
    let c = b.max(a).min(T::of(10.0)) + x.hypot(y) * y.atan2(x);
    c.tanh() * T::from(2.0).unwrap()
}

#[differentiable]
fn arrays<T: Real, const N: usize>(x: [T; N]) -> T {
    let mut y = [T::zero(); N];
    let mut sum = T::zero();
    for i in 0..N {
        y[i] = x[i] * x[N - 1 - i];
        sum += y[i] * T::of(i as f64);
    }
    sum
}

#[differentiable]
fn in_place<T: Real>(x: &mut [T], s: T) {
    for v in x.iter_mut() {
        *v *= s;
        *v += s.sin();
        *v -= *v * *v / T::of(3.0);
    }
}

#[differentiable]
fn newton<T: Real>(a: T) -> T {
    let mut x = T::one();
    while (x * x - a).abs() > T::of(1e-6) * a {
        x = T::of(0.5) * (x + a / x);
    }
    if x < T::of(1.5) { x } else { x * a }
}

#[differentiable]
fn calls<T: Real>(c: &[T], x: T) -> T {
    let y = polynomial(c, x);
    polynomial::<T>(c, y) * y
}

// A type parameter is not known to be an integer: `wrt` says so.
#[differentiable(wrt(x))]
fn with_integers<T: Real, I: Copy + Into<usize>>(x: &[T], index: I) -> T {
    let i: usize = index.into();
    x[i] * x[0]
}

#[differentiable]
fn lifetimes<'a, 'b: 'a, T: Real>(x: &'a [T], y: &'b [T]) -> T {
    x[0] * y[0]
}

#[differentiable(order = 2)]
fn second<T: Real>(x: T, y: T) -> T {
    (x * y).exp() * T::of(2.0) + x.powi(3)
}

#[test]
fn both_widths() {
    let (c, x): (Vec<f64>, f64) = grad_polynomial(&[1.0, 2.0, 3.0], 2.0);
    assert_eq!((c, x), (vec![1.0, 2.0, 4.0], 14.0));
    let (c, x): (Vec<f32>, f32) = grad_polynomial(&[1.0f32, 2.0, 3.0], 2.0);
    assert_eq!((c, x), (vec![1.0, 2.0, 4.0], 14.0));
    let d: f32 = grad_newton(4.0f32);
    let d64: f64 = grad_newton(4.0f64);
    assert!((f64::from(d) - d64).abs() < 1e-4);
    let h: [[f32; 2]; 2] = hessian_second(1.0f32, 0.0);
    assert_eq!(h[0][0], 6.0);
    assert_eq!(grad_with_integers(&[2.0, 3.0], 1u8), vec![3.0, 2.0]);
}

gradient_test! {
    polynomial: (ref vec![0.7, -1.2, 0.4], 1.3), (ref vec![], 1.3);
    functions: (0.7, 1.2);
    arrays: ([0.7, -1.2, 0.4]);
    newton: (2.0), (9.0);
    calls: (ref vec![0.7, -1.2, 0.4], 1.3);
    lifetimes: (ref vec![0.7], ref vec![-1.2]);
    second: (0.7, -1.2);
}
inplace_test! { in_place: (mut vec![0.7, -1.2], 1.3); }
