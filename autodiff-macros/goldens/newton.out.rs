pub fn adjoint_newton(a: f64, result_bar: f64, a_bar: &mut f64) -> f64 {
    let mut x: f64 = 1.0;
    let mut tape = ::autodiff::private::PlainTape::new();
    while (x * x - a).abs() > 1e-12 * a {
        tape.push(x);
        x = 0.5 * (x + a / x);
    }
    let mut x_bar = result_bar;
    let mut a_bar_sum = 0.0;
    while let ::core::option::Option::Some(x) = tape.try_pop() {
        let sum_bar = 0.5 * x_bar;
        let quotient_bar = sum_bar * (1.0 / x);
        a_bar_sum += quotient_bar;
        x_bar = sum_bar - quotient_bar * (a / x);
    }
    *a_bar += a_bar_sum;
    x
}
pub fn vjp_newton(
    a: f64,
) -> (f64, impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> f64) {
    let mut x: f64 = 1.0;
    let mut tape = ::autodiff::private::PlainTape::new();
    while (x * x - a).abs() > 1e-12 * a {
        tape.push(x);
        x = 0.5 * (x + a / x);
    }
    let pullback = move |result_bar: f64| {
        let mut a_bar = 0.0;
        let mut x_bar = result_bar;
        while let ::core::option::Option::Some(x) = tape.try_pop() {
            let sum_bar = 0.5 * x_bar;
            let quotient_bar = sum_bar * (1.0 / x);
            a_bar += quotient_bar;
            x_bar = sum_bar - quotient_bar * (a / x);
        }
        a_bar
    };
    (x, pullback)
}
pub fn jvp_newton(a: f64, a_dot: f64) -> (f64, f64) {
    let mut x: f64 = 1.0;
    let mut x_dot = 0.0;
    while (x * x - a).abs() > 1e-12 * a {
        let quotient = a / x;
        x_dot = 0.5 * (x_dot + (a_dot - quotient * x_dot) * (1.0 / x));
        x = 0.5 * (x + quotient);
    }
    (x, x_dot)
}
