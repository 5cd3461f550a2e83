fn adjoint_calls(x: &[f64], n: usize, result_bar: f64, x_bar: &mut [f64]) -> f64 {
    ::autodiff::private::same_len("x", x, x_bar);
    let mut store = ::autodiff::private::Store::new();
    let mut work: ::std::vec::Vec<f64> = ::std::vec![0.0; n];
    let mut tape = ::autodiff::private::Lists::new();
    if cumulative::REVERSE_NEEDS[1] {
        tape.push(&work);
    }
    cumulative::forward(x, &mut work, &mut store);
    println!("{work:?}");
    let dot_value = geometry::dot::forward(&work, &x[..n], &mut store);
    let value = dot_value * work[0];
    let mut work_bar = ::autodiff::private::plain_zeros(&work);
    let dot_value_bar = result_bar * work[0];
    work_bar[0] += result_bar * dot_value;
    geometry::dot::reverse(
        &work,
        &x[..n],
        dot_value_bar,
        &mut work_bar,
        &mut x_bar[..n],
        &mut store,
    );
    if cumulative::REVERSE_NEEDS[1] {
        tape.pop_into(&mut work);
    }
    cumulative::reverse_unused(x, &mut work, &mut *x_bar, &mut work_bar, &mut store);
    ::autodiff::private::recycle(work_bar);
    value
}
fn vjp_calls(
    x: &[f64],
    n: usize,
) -> (f64, impl ::core::ops::FnOnce(f64) -> ::std::vec::Vec<f64>) {
    let mut store = ::autodiff::private::Store::new();
    let mut work: ::std::vec::Vec<f64> = ::std::vec![0.0; n];
    let mut tape = ::autodiff::private::Lists::new();
    if cumulative::REVERSE_NEEDS[1] {
        tape.push(&work);
    }
    cumulative::forward(x, &mut work, &mut store);
    println!("{work:?}");
    let dot_value = geometry::dot::forward(&work, &x[..n], &mut store);
    let value = dot_value * work[0];
    let pullback = move |result_bar: f64| {
        let mut x_bar = ::autodiff::private::zero_like(x);
        let mut work_bar = ::autodiff::private::zero_like(&work);
        let dot_value_bar = result_bar * work[0];
        work_bar[0] += result_bar * dot_value;
        geometry::dot::reverse(
            &work,
            &x[..n],
            dot_value_bar,
            &mut work_bar,
            &mut x_bar[..n],
            &mut store,
        );
        if cumulative::REVERSE_NEEDS[1] {
            tape.pop_into(&mut work);
        }
        cumulative::reverse_unused(x, &mut work, &mut x_bar, &mut work_bar, &mut store);
        x_bar
    };
    (value, pullback)
}
fn jvp_calls(x: &[f64], n: usize, x_dot: &[f64]) -> (f64, f64) {
    ::autodiff::private::same_len("x", x, x_dot);
    let mut work: ::std::vec::Vec<f64> = ::std::vec![0.0; n];
    let mut work_dot: ::std::vec::Vec<f64> = ::std::vec![0.0; n];
    cumulative::jvp(x, &mut work, x_dot, &mut work_dot);
    println!("{work:?}");
    let (dot_value, dot_value_dot) = geometry::dot::jvp(
        &work,
        &x[..n],
        &work_dot,
        &x_dot[..n],
    );
    (dot_value * work[0], dot_value_dot * work[0] + dot_value * work_dot[0])
}
