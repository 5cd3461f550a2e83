fn adjoint_swap(
    x: f64,
    y: f64,
    n: usize,
    result_bar: f64,
    x_bar: &mut f64,
    y_bar: &mut f64,
) -> f64 {
    use ::autodiff::private::prelude::*;
    let mut a = x;
    let mut b = y;
    let mut tape = ::autodiff::private::PlainBuffer::new((0.0, 0.0), n);
    let tape_part = &mut tape[..n];
    for i in 0..n {
        let b_2 = b;
        let t = a;
        a = b;
        b = t * b;
        tape_part[i] = (b_2, t);
    }
    let mut b_bar = 0.0;
    let mut a_bar = result_bar;
    let tape_part = &tape[..n];
    for i in (0..n).rev() {
        let (b_2, t) = tape_part[i];
        let b_seed = b_bar;
        let t_bar = b_seed * b_2;
        b_bar = b_seed * t + a_bar;
        a_bar = t_bar;
    }
    *y_bar += b_bar;
    *x_bar += a_bar;
    a
}
fn vjp_swap(
    x: f64,
    y: f64,
    n: usize,
) -> (f64, impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> (f64, f64)) {
    use ::autodiff::private::prelude::*;
    let mut a = x;
    let mut b = y;
    let mut tape = ::autodiff::private::PlainBuffer::new((0.0, 0.0), n);
    let tape_part = &mut tape[..n];
    for i in 0..n {
        let b_2 = b;
        let t = a;
        a = b;
        b = t * b;
        tape_part[i] = (b_2, t);
    }
    let pullback = move |result_bar: f64| {
        let mut b_bar = 0.0;
        let mut a_bar = result_bar;
        let tape_part_2 = &tape[..n];
        for i in (0..n).rev() {
            let (b_2, t) = tape_part_2[i];
            let b_seed = b_bar;
            let t_bar = b_seed * b_2;
            b_bar = b_seed * t + a_bar;
            a_bar = t_bar;
        }
        let y_bar = b_bar;
        let x_bar = a_bar;
        (x_bar, y_bar)
    };
    (a, pullback)
}
fn jvp_swap(x: f64, y: f64, n: usize, x_dot: f64, y_dot: f64) -> (f64, f64) {
    let mut a = x;
    let mut a_dot = x_dot;
    let mut b = y;
    let mut b_dot = y_dot;
    for _ in 0..n {
        let t = a;
        let t_dot = a_dot;
        a = b;
        a_dot = b_dot;
        b_dot = t_dot * b + t * b_dot;
        b = t * b;
    }
    (a, a_dot)
}
