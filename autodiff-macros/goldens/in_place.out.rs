fn adjoint_in_place(x: &mut [f64], s: f64, x_bar: &mut [f64], s_bar: &mut f64) {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("x", &*x, x_bar);
    let end = x.len();
    let mut tape = ::autodiff::private::PlainBuffer::new(0.0, end);
    if 1 < end {
        let count = end - 1;
        let tape_part = &mut tape[1..1 + count];
        for t in 0..count {
            let i = 1 + t;
            let old = x[i];
            x[i] *= s * x[i - 1];
            tape_part[t] = old;
        }
    }
    let x_end = x.to_vec();
    let mut s_bar_sum = 0.0;
    if 1 < end {
        let count = end - 1;
        let tape_part = &tape[1..1 + count];
        for t in (0..count).rev() {
            let i = 1 + t;
            let old = tape_part[t];
            x[i] = old;
            let x_seed = x_bar[i];
            x_bar[i] = s * (x_seed * x[i - 1]);
            let product_bar = x_seed * x[i];
            s_bar_sum += product_bar * x[i - 1];
            x_bar[i - 1] += s * product_bar;
        }
    }
    *s_bar += s_bar_sum;
    x.clone_from_slice(&x_end);
}
fn jvp_in_place(x: &mut [f64], s: f64, x_dot: &mut [f64], s_dot: f64) {
    ::autodiff::private::same_len("x", &*x, x_dot);
    for i in 1..x.len() {
        x_dot[i] = s * (x_dot[i] * x[i - 1])
            + x[i] * (s_dot * x[i - 1] + s * x_dot[i - 1]);
        x[i] *= s * x[i - 1];
    }
}
