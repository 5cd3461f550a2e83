fn adjoint_generic<T: Real>(
    c: &[T],
    x: T,
    result_bar: T,
    c_bar: &mut [T],
    x_bar: &mut T,
) -> T {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("c", c, c_bar);
    let mut value = T::zero();
    let mut tape = ::autodiff::private::Buffer::new(T::of(0.0), c.len());
    let tape_part = &mut tape[..c.len()];
    for i in (0..c.len()).rev() {
        tape_part[i] = value;
        value = value * x + c[i];
    }
    let mut value_bar = result_bar * T::of(0.5);
    let mut x_bar_sum: T = T::of(0.0);
    let c_bar_part = &mut c_bar[..c.len()];
    let tape_part = &tape[..c.len()];
    for i in 0..c.len() {
        let value_seed = value_bar;
        value_bar = x * value_seed;
        x_bar_sum += value_seed * tape_part[i];
        c_bar_part[i] += value_seed;
    }
    *x_bar += x_bar_sum;
    value * T::of(0.5)
}
fn vjp_generic<T: Real>(
    c: &[T],
    x: T,
) -> (T, impl ::core::clone::Clone + ::core::ops::FnOnce(T) -> (::std::vec::Vec<T>, T)) {
    use ::autodiff::private::prelude::*;
    let mut value = T::zero();
    let mut tape = ::autodiff::private::Buffer::new(T::of(0.0), c.len());
    let tape_part = &mut tape[..c.len()];
    for i in (0..c.len()).rev() {
        tape_part[i] = value;
        value = value * x + c[i];
    }
    let value_3 = value * T::of(0.5);
    let pullback = move |result_bar: T| {
        let mut c_bar = ::autodiff::private::zero_like(c);
        let mut x_bar: T = T::of(0.0);
        let mut value_bar = result_bar * T::of(0.5);
        let tape_part_2 = &tape[..c.len()];
        for i in 0..c.len() {
            let value_seed = value_bar;
            value_bar = x * value_seed;
            x_bar += value_seed * tape_part_2[i];
            c_bar[i] += value_seed;
        }
        (c_bar, x_bar)
    };
    (value_3, pullback)
}
fn jvp_generic<T: Real>(c: &[T], x: T, c_dot: &[T], x_dot: T) -> (T, T) {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("c", c, c_dot);
    let mut value = T::zero();
    let mut value_dot: T = T::of(0.0);
    let c_dot_part = &c_dot[..c.len()];
    for i in (0..c.len()).rev() {
        value_dot = x * value_dot + x_dot * value + c_dot_part[i];
        value = value * x + c[i];
    }
    (value * T::of(0.5), value_dot * T::of(0.5))
}
