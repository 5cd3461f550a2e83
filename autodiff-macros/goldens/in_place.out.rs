fn adjoint_in_place(x: &mut [f64], s: f64, x_bar: &mut [f64], s_bar: &mut f64) {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("x", &*x, x_bar);
    let end = x.len();
    let mut tape = ::autodiff::private::Buffer::new(0.0, end);
    for i in 1..end {
        let old = x[i];
        x[i] *= s * x[i - 1];
        tape[i] = old;
    }
    let x_end = x.to_vec();
    for i in (1..end).rev() {
        let old = tape[i];
        x[i] = old;
        let x_seed = x_bar[i];
        x_bar[i] = x_seed * (s * x[i - 1]);
        let product_bar = x_seed * x[i];
        *s_bar += product_bar * x[i - 1];
        x_bar[i - 1] += product_bar * s;
    }
    x.clone_from_slice(&x_end);
}
fn jvp_in_place(x: &mut [f64], s: f64, x_dot: &mut [f64], s_dot: f64) {
    ::autodiff::private::same_len("x", &*x, x_dot);
    for i in 1..x.len() {
        x_dot[i] = x_dot[i] * (s * x[i - 1])
            + x[i] * (s_dot * x[i - 1] + s * x_dot[i - 1]);
        x[i] *= s * x[i - 1];
    }
}
