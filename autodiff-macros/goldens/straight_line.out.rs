fn adjoint_straight_line(
    x: f64,
    y: f64,
    result_bar: f64,
    x_bar: &mut f64,
    y_bar: &mut f64,
) -> f64 {
    let a = x * y;
    let exp = a.exp();
    let sqrt = y.sqrt();
    let b = exp + sqrt;
    let quotient_bar = result_bar * (1.0 / (1.0 + x * x));
    let b_bar = quotient_bar;
    *x_bar -= 2.0 * (quotient_bar * (b / (1.0 + x * x)) * x);
    *y_bar += b_bar * (0.5 / sqrt);
    let a_bar = b_bar * exp;
    *x_bar += a_bar * y;
    *y_bar += a_bar * x;
    b / (1.0 + x * x)
}
fn vjp_straight_line(
    x: f64,
    y: f64,
) -> (f64, impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> (f64, f64)) {
    let a = x * y;
    let exp = a.exp();
    let sqrt = y.sqrt();
    let b = exp + sqrt;
    let value = b / (1.0 + x * x);
    let pullback = move |result_bar: f64| {
        let quotient_bar = result_bar * (1.0 / (1.0 + x * x));
        let b_bar = quotient_bar;
        let a_bar = b_bar * exp;
        let x_bar = a_bar * y - 2.0 * (quotient_bar * (b / (1.0 + x * x)) * x);
        let y_bar = b_bar * (0.5 / sqrt) + a_bar * x;
        (x_bar, y_bar)
    };
    (value, pullback)
}
fn jvp_straight_line(x: f64, y: f64, x_dot: f64, y_dot: f64) -> (f64, f64) {
    let a = x * y;
    let a_dot = x_dot * y + x * y_dot;
    let exp_a = a.exp();
    let sqrt_y = y.sqrt();
    let b = exp_a + sqrt_y;
    let b_dot = exp_a * a_dot + 0.5 / sqrt_y * y_dot;
    let sum = 1.0 + x * x;
    let quotient = b / sum;
    (quotient, (b_dot - quotient * (2.0 * x * x_dot)) * (1.0 / sum))
}
