pub fn adjoint_rosenbrock(x: &[f64], result_bar: f64, x_bar: &mut [f64]) -> f64 {
    ::autodiff::private::same_len("x", x, x_bar);
    let mut sum = 0.0;
    let sum_bar = result_bar;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
        let a_bar = sum_bar * a * 100.0 + sum_bar * (100.0 * a);
        let b_bar = 2.0 * (sum_bar * b);
        x_bar[i] -= b_bar;
        x_bar[i + 1] += a_bar;
        x_bar[i] -= 2.0 * (a_bar * x[i]);
    }
    sum
}
pub fn vjp_rosenbrock(
    x: &[f64],
) -> (f64, impl ::core::ops::FnOnce(f64) -> ::std::vec::Vec<f64>) {
    use ::autodiff::private::prelude::*;
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    let pullback = move |result_bar: f64| {
        let mut x_bar = ::autodiff::private::zero_like(x);
        let sum_bar = result_bar;
        for i in (0..x.len() - 1).rev() {
            let a = x[i + 1] - x[i] * x[i];
            let b = 1.0 - x[i];
            let a_bar = sum_bar * a * 100.0 + sum_bar * (100.0 * a);
            let b_bar = 2.0 * (sum_bar * b);
            x_bar[i] -= b_bar;
            x_bar[i + 1] += a_bar;
            x_bar[i] -= 2.0 * (a_bar * x[i]);
        }
        x_bar
    };
    (sum, pullback)
}
pub fn jvp_rosenbrock(x: &[f64], x_dot: &[f64]) -> (f64, f64) {
    ::autodiff::private::same_len("x", x, x_dot);
    let mut sum = 0.0;
    let mut sum_dot = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let a_dot = x_dot[i + 1] - 2.0 * x[i] * x_dot[i];
        let b = 1.0 - x[i];
        let b_dot = -x_dot[i];
        sum_dot += 100.0 * a_dot * a + 100.0 * a * a_dot + 2.0 * b * b_dot;
        sum += 100.0 * a * a + b * b;
    }
    (sum, sum_dot)
}
