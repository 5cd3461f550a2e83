//! What the programs call.

use autodiff::differentiable;

#[differentiable(order = 2)]
pub fn h_sc(a: f64, b: f64) -> f64 {
    (a * b).sin() + b * 0.5
}
#[differentiable(order = 2)]
pub fn h_slice(v: &[f64], a: f64) -> f64 {
    let mut s = a;
    for i in 0..v.len() {
        s = (s * v[i] + 0.3).sin();
    }
    s
}
#[differentiable(order = 2)]
pub fn h_mut(v: &mut [f64], a: f64) {
    for i in 1..v.len() {
        v[i] = (v[i - 1] * a + v[i]).tanh();
    }
    v[0] *= a.cos();
}
#[differentiable(order = 2)]
pub fn h_mutf(y: &mut f64, a: f64) -> f64 {
    let old = *y;
    *y = (old * a + 0.2).sin();
    old * 0.7 + *y * a
}
#[differentiable(order = 2)]
pub fn h_pair(a: f64, b: f64) -> (f64, f64) {
    ((a - b).tanh(), a * b)
}
#[differentiable(order = 2)]
pub fn h_rec(a: f64, n: usize) -> f64 {
    if n == 0 {
        return a.sin();
    }
    let t = a * 0.8 + 0.1;
    h_rec(t * t, n - 1) + t * a
}
#[differentiable(order = 2)]
pub fn h_scan(v: &[f64], w: &mut [f64]) -> f64 {
    let mut s = 0.0;
    for (a, b) in w.iter_mut().zip(v) {
        *a = (*a * *b).sin() + s * 0.3;
        s += *a;
    }
    s.tanh()
}
#[differentiable(order = 2)]
pub fn h_arr(a: [f64; 3]) -> [f64; 3] {
    [a[1] * a[2], a[0].sin(), a[2] + a[0] * a[1]]
}
