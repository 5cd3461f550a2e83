pub fn adjoint_rosenbrock(x: &[f64], result_bar: f64, x_bar: &mut [f64]) -> f64 {
    ::autodiff::private::same_len("x", x, x_bar);
    let mut sum = 0.0;
    let sum_bar = result_bar;
    let mut x_bar_carried = 0.0;
    if 0 < x.len() - 1 {
        let count = x.len() - 1;
        let x_part = &x[..count];
        let x_part_2 = &x[1..1 + count];
        let x_bar_part = &mut x_bar[..count];
        for i in 0..count {
            let a = x_part_2[i] - x_part[i] * x_part[i];
            let b = 1.0 - x_part[i];
            sum += 100.0 * a * a + b * b;
            let a_bar = 2.0 * 100.0 * sum_bar * a;
            let b_bar = 2.0 * sum_bar * b;
            x_bar_part[i] += x_bar_carried - (b_bar + 2.0 * (a_bar * x_part[i]));
            x_bar_carried = a_bar;
        }
        x_bar[x.len() - 1] += x_bar_carried;
    }
    sum
}
pub fn vjp_rosenbrock(
    x: &[f64],
) -> (
    f64,
    impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> ::std::vec::Vec<f64>,
) {
    let mut sum = 0.0;
    if 0 < x.len() - 1 {
        let count = x.len() - 1;
        let x_part = &x[..count];
        let x_part_2 = &x[1..1 + count];
        for i in 0..count {
            let a = x_part_2[i] - x_part[i] * x_part[i];
            let b = 1.0 - x_part[i];
            sum += 100.0 * a * a + b * b;
        }
    }
    let pullback = move |result_bar: f64| {
        let mut x_bar = ::autodiff::private::zero_like(x);
        let sum_bar = result_bar;
        let mut x_bar_carried = 0.0;
        if 0 < x.len() - 1 {
            let count_2 = x.len() - 1;
            let x_part_3 = &x[..count_2];
            let x_part_4 = &x[1..1 + count_2];
            let x_bar_part = &mut x_bar[..count_2];
            for i in 0..count_2 {
                let a = x_part_4[i] - x_part_3[i] * x_part_3[i];
                let b = 1.0 - x_part_3[i];
                let a_bar = 2.0 * 100.0 * sum_bar * a;
                let b_bar = 2.0 * sum_bar * b;
                x_bar_part[i] += x_bar_carried - (b_bar + 2.0 * (a_bar * x_part_3[i]));
                x_bar_carried = a_bar;
            }
            x_bar[x.len() - 1] += x_bar_carried;
        }
        x_bar
    };
    (sum, pullback)
}
pub fn jvp_rosenbrock(x: &[f64], x_dot: &[f64]) -> (f64, f64) {
    ::autodiff::private::same_len("x", x, x_dot);
    let mut sum = 0.0;
    let mut sum_dot = 0.0;
    if 0 < x.len() - 1 {
        let count = x.len() - 1;
        let x_part = &x[..count];
        let x_part_2 = &x[1..1 + count];
        let x_dot_part = &x_dot[..count];
        let x_dot_part_2 = &x_dot[1..1 + count];
        for i in 0..count {
            let a = x_part_2[i] - x_part[i] * x_part[i];
            let a_dot = x_dot_part_2[i] - 2.0 * x_part[i] * x_dot_part[i];
            let b = 1.0 - x_part[i];
            let b_dot = -x_dot_part[i];
            sum_dot += 2.0 * 100.0 * (a_dot * a) + 2.0 * b * b_dot;
            sum += 100.0 * a * a + b * b;
        }
    }
    (sum, sum_dot)
}
