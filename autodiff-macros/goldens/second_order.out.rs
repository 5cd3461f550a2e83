fn adjoint_second_order(x: &[f64], result_bar: f64, x_bar: &mut [f64]) -> f64 {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("x", x, x_bar);
    let mut p: f64 = 1.0;
    let mut tape = ::autodiff::private::PlainBuffer::new(0.0, x.len());
    let tape_part = &mut tape[..x.len()];
    for i in 0..x.len() {
        tape_part[i] = p;
        p *= x[i];
    }
    let sin = p.sin();
    let mut p_bar = result_bar * p.cos();
    let x_bar_part = &mut x_bar[..x.len()];
    let tape_part = &tape[..x.len()];
    for i in (0..x.len()).rev() {
        x_bar_part[i] += p_bar * tape_part[i];
        p_bar *= x[i];
    }
    sin
}
fn vjp_second_order(
    x: &[f64],
) -> (
    f64,
    impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> ::std::vec::Vec<f64>,
) {
    use ::autodiff::private::prelude::*;
    let mut p: f64 = 1.0;
    let mut tape = ::autodiff::private::PlainBuffer::new(0.0, x.len());
    let tape_part = &mut tape[..x.len()];
    for i in 0..x.len() {
        tape_part[i] = p;
        p *= x[i];
    }
    let cos = p.cos();
    let sin = p.sin();
    let pullback = move |result_bar: f64| {
        let mut x_bar = ::autodiff::private::zero_like(x);
        let mut p_bar = result_bar * cos;
        let tape_part_2 = &tape[..x.len()];
        for i in (0..x.len()).rev() {
            x_bar[i] += p_bar * tape_part_2[i];
            p_bar *= x[i];
        }
        x_bar
    };
    (sin, pullback)
}
fn jvp_second_order(x: &[f64], x_dot: &[f64]) -> (f64, f64) {
    ::autodiff::private::same_len("x", x, x_dot);
    let mut p: f64 = 1.0;
    let mut p_dot = 0.0;
    let x_dot_part = &x_dot[..x.len()];
    for i in 0..x.len() {
        p_dot = p_dot * x[i] + p * x_dot_part[i];
        p *= x[i];
    }
    (p.sin(), p.cos() * p_dot)
}
fn hvp_second_order(x: &[f64], x_dot: &[f64]) -> ::std::vec::Vec<f64> {
    ::autodiff::private::same_len("x", x, x_dot);
    let mut x_bar = ::autodiff::private::zero_like(x);
    second_order::back_jvp(
        x,
        1.0,
        ::autodiff::private::Discard,
        x_dot,
        ::autodiff::private::Zero,
        &mut x_bar,
    );
    x_bar
}
