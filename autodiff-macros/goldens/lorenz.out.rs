fn adjoint_rhs(
    x: f64,
    y: f64,
    z: f64,
    rho: f64,
    result_bar: (f64, f64, f64),
    x_bar: &mut f64,
    y_bar: &mut f64,
    z_bar: &mut f64,
    rho_bar: &mut f64,
) -> (f64, f64, f64) {
    let sum_bar = result_bar.0 * 10.0;
    *y_bar += sum_bar;
    *x_bar -= sum_bar;
    let sum_bar_2 = result_bar.1;
    *x_bar += sum_bar_2 * (rho - z);
    let sum_bar_3 = sum_bar_2 * x;
    *rho_bar += sum_bar_3;
    *z_bar -= sum_bar_3;
    *y_bar -= sum_bar_2;
    let sum_bar_4 = result_bar.2;
    *x_bar += sum_bar_4 * y;
    *y_bar += sum_bar_4 * x;
    *z_bar -= sum_bar_4 * (8.0 / 3.0);
    (10.0 * (y - x), x * (rho - z) - y, x * y - 8.0 / 3.0 * z)
}
fn vjp_rhs(
    x: f64,
    y: f64,
    z: f64,
    rho: f64,
) -> (
    (f64, f64, f64),
    impl ::core::clone::Clone + ::core::ops::FnOnce(
        (f64, f64, f64),
    ) -> (f64, f64, f64, f64),
) {
    let value = (10.0 * (y - x), x * (rho - z) - y, x * y - 8.0 / 3.0 * z);
    let pullback = move |result_bar: (f64, f64, f64)| {
        let sum_bar = result_bar.0 * 10.0;
        let sum_bar_2 = result_bar.1;
        let sum_bar_3 = sum_bar_2 * x;
        let rho_bar = sum_bar_3;
        let sum_bar_4 = result_bar.2;
        let x_bar = sum_bar_2 * (rho - z) - sum_bar + sum_bar_4 * y;
        let y_bar = sum_bar - sum_bar_2 + sum_bar_4 * x;
        let z_bar = -sum_bar_3 - sum_bar_4 * (8.0 / 3.0);
        (x_bar, y_bar, z_bar, rho_bar)
    };
    (value, pullback)
}
fn jvp_rhs(
    x: f64,
    y: f64,
    z: f64,
    rho: f64,
    x_dot: f64,
    y_dot: f64,
    z_dot: f64,
    rho_dot: f64,
) -> ((f64, f64, f64), (f64, f64, f64)) {
    (
        (10.0 * (y - x), x * (rho - z) - y, x * y - 8.0 / 3.0 * z),
        (
            10.0 * (y_dot - x_dot),
            x_dot * (rho - z) + x * (rho_dot - z_dot) - y_dot,
            x_dot * y + x * y_dot - 8.0 / 3.0 * z_dot,
        ),
    )
}

pub fn adjoint_lorenz(
    x: f64,
    y: f64,
    z: f64,
    rho: f64,
    h: f64,
    steps: usize,
    result_bar: f64,
    x_bar: &mut f64,
    y_bar: &mut f64,
    z_bar: &mut f64,
    rho_bar: &mut f64,
    h_bar: &mut f64,
) -> f64 {
    use ::autodiff::private::prelude::*;
    let mut store = ::autodiff::private::Store::new();
    let mut x_2 = x;
    let mut y_2 = y;
    let mut z_2 = z;
    let mut tape = ::autodiff::private::PlainBuffer::new((0.0, 0.0, 0.0), steps);
    for i in 0..steps {
        tape[i] = (x_2, y_2, z_2);
        let (a, b, c) = rhs::forward(x_2, y_2, z_2, rho, &mut store);
        let value = x_2 + 0.5 * h * a.clone();
        let value_2 = y_2 + 0.5 * h * b.clone();
        let value_3 = z_2 + 0.5 * h * c.clone();
        let (d, e, f) = rhs::forward(value, value_2, value_3, rho, &mut store);
        x_2 += h * d;
        y_2 += h * e;
        z_2 += h * f;
    }
    let product_bar = result_bar * z_2;
    let mut x_2_bar = product_bar * y_2;
    let mut y_2_bar = product_bar * x_2;
    let mut z_2_bar = result_bar * (x_2 * y_2);
    let mut h_bar_sum = 0.0;
    for i in (0..steps).rev() {
        let (x_2, y_2, z_2) = tape[i];
        let (a, b, c) = rhs::value(x_2, y_2, z_2, rho);
        let value = x_2 + 0.5 * h * a;
        let value_2 = y_2 + 0.5 * h * b;
        let value_3 = z_2 + 0.5 * h * c;
        let (d, e, f) = rhs::value(value, value_2, value_3, rho);
        let mut value_bar = 0.0;
        let mut value_2_bar = 0.0;
        let mut value_3_bar = 0.0;
        h_bar_sum += z_2_bar * f;
        let f_bar = h * z_2_bar;
        h_bar_sum += y_2_bar * e;
        let e_bar = h * y_2_bar;
        h_bar_sum += x_2_bar * d;
        let d_bar = h * x_2_bar;
        rhs::reverse(
            value,
            value_2,
            value_3,
            rho,
            (d_bar, e_bar, f_bar),
            &mut value_bar,
            &mut value_2_bar,
            &mut value_3_bar,
            &mut *rho_bar,
            &mut store,
        );
        z_2_bar += value_3_bar;
        h_bar_sum += 0.5 * (value_3_bar * c);
        let c_bar = 0.5 * h * value_3_bar;
        y_2_bar += value_2_bar;
        h_bar_sum += 0.5 * (value_2_bar * b);
        let b_bar = 0.5 * h * value_2_bar;
        x_2_bar += value_bar;
        h_bar_sum += 0.5 * (value_bar * a);
        let a_bar = 0.5 * h * value_bar;
        rhs::reverse(
            x_2,
            y_2,
            z_2,
            rho,
            (a_bar, b_bar, c_bar),
            &mut x_2_bar,
            &mut y_2_bar,
            &mut z_2_bar,
            &mut *rho_bar,
            &mut store,
        );
    }
    *h_bar += h_bar_sum;
    *z_bar += z_2_bar;
    *y_bar += y_2_bar;
    *x_bar += x_2_bar;
    x_2 * y_2 * z_2
}
pub fn vjp_lorenz(
    x: f64,
    y: f64,
    z: f64,
    rho: f64,
    h: f64,
    steps: usize,
) -> (
    f64,
    impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> (f64, f64, f64, f64, f64),
) {
    use ::autodiff::private::prelude::*;
    let mut store = ::autodiff::private::Store::new();
    let mut x_2 = x;
    let mut y_2 = y;
    let mut z_2 = z;
    let mut tape = ::autodiff::private::PlainBuffer::new((0.0, 0.0, 0.0), steps);
    for i in 0..steps {
        tape[i] = (x_2, y_2, z_2);
        let (a, b, c) = rhs::forward(x_2, y_2, z_2, rho, &mut store);
        let value = x_2 + 0.5 * h * a.clone();
        let value_2 = y_2 + 0.5 * h * b.clone();
        let value_3 = z_2 + 0.5 * h * c.clone();
        let (d, e, f) = rhs::forward(value, value_2, value_3, rho, &mut store);
        x_2 += h * d;
        y_2 += h * e;
        z_2 += h * f;
    }
    let value_4 = x_2 * y_2 * z_2;
    let pullback = move |result_bar: f64| {
        let mut rho_bar = 0.0;
        let mut h_bar = 0.0;
        let product_bar = result_bar * z_2;
        let mut x_2_bar = product_bar * y_2;
        let mut y_2_bar = product_bar * x_2;
        let mut z_2_bar = result_bar * (x_2 * y_2);
        for i in (0..steps).rev() {
            let (x_2, y_2, z_2) = tape[i];
            let (a, b, c) = rhs::value(x_2, y_2, z_2, rho);
            let value = x_2 + 0.5 * h * a;
            let value_2 = y_2 + 0.5 * h * b;
            let value_3 = z_2 + 0.5 * h * c;
            let (d, e, f) = rhs::value(value, value_2, value_3, rho);
            let mut value_bar = 0.0;
            let mut value_2_bar = 0.0;
            let mut value_3_bar = 0.0;
            h_bar += z_2_bar * f;
            let f_bar = h * z_2_bar;
            h_bar += y_2_bar * e;
            let e_bar = h * y_2_bar;
            h_bar += x_2_bar * d;
            let d_bar = h * x_2_bar;
            rhs::reverse(
                value,
                value_2,
                value_3,
                rho,
                (d_bar, e_bar, f_bar),
                &mut value_bar,
                &mut value_2_bar,
                &mut value_3_bar,
                &mut rho_bar,
                &mut store,
            );
            z_2_bar += value_3_bar;
            h_bar += 0.5 * (value_3_bar * c);
            let c_bar = 0.5 * h * value_3_bar;
            y_2_bar += value_2_bar;
            h_bar += 0.5 * (value_2_bar * b);
            let b_bar = 0.5 * h * value_2_bar;
            x_2_bar += value_bar;
            h_bar += 0.5 * (value_bar * a);
            let a_bar = 0.5 * h * value_bar;
            rhs::reverse(
                x_2,
                y_2,
                z_2,
                rho,
                (a_bar, b_bar, c_bar),
                &mut x_2_bar,
                &mut y_2_bar,
                &mut z_2_bar,
                &mut rho_bar,
                &mut store,
            );
        }
        let z_bar = z_2_bar;
        let y_bar = y_2_bar;
        let x_bar = x_2_bar;
        (x_bar, y_bar, z_bar, rho_bar, h_bar)
    };
    (value_4, pullback)
}
pub fn jvp_lorenz(
    x: f64,
    y: f64,
    z: f64,
    rho: f64,
    h: f64,
    steps: usize,
    x_dot: f64,
    y_dot: f64,
    z_dot: f64,
    rho_dot: f64,
    h_dot: f64,
) -> (f64, f64) {
    let mut x_2 = x;
    let mut x_2_dot = x_dot;
    let mut y_2 = y;
    let mut y_2_dot = y_dot;
    let mut z_2 = z;
    let mut z_2_dot = z_dot;
    for _ in 0..steps {
        let (rhs_value, rhs_value_dot) = rhs::jvp(
            x_2,
            y_2,
            z_2,
            rho,
            x_2_dot,
            y_2_dot,
            z_2_dot,
            rho_dot,
        );
        let (a, b, c) = rhs_value;
        let (a_dot, b_dot, c_dot) = rhs_value_dot;
        let (rhs_value_2, rhs_value_2_dot) = rhs::jvp(
            x_2 + 0.5 * h * a,
            y_2 + 0.5 * h * b,
            z_2 + 0.5 * h * c,
            rho,
            x_2_dot + (0.5 * h_dot * a + 0.5 * h * a_dot),
            y_2_dot + (0.5 * h_dot * b + 0.5 * h * b_dot),
            z_2_dot + (0.5 * h_dot * c + 0.5 * h * c_dot),
            rho_dot,
        );
        let (d, e, f) = rhs_value_2;
        let (d_dot, e_dot, f_dot) = rhs_value_2_dot;
        x_2_dot += h_dot * d + h * d_dot;
        x_2 += h * d;
        y_2_dot += h_dot * e + h * e_dot;
        y_2 += h * e;
        z_2_dot += h_dot * f + h * f_dot;
        z_2 += h * f;
    }
    (x_2 * y_2 * z_2, (x_2_dot * y_2 + x_2 * y_2_dot) * z_2 + x_2 * y_2 * z_2_dot)
}
