fn adjoint_recursion(x: f64, n: u32, result_bar: f64, x_bar: &mut f64) -> f64 {
    let mut store = ::autodiff::private::Store::new();
    let result;
    let mut tape = ::autodiff::private::Once::new();
    if n == 0 {
        result = 1.0;
    } else {
        let recursion_value = recursion::forward(x, n - 1, &mut store);
        result = x * recursion_value;
        tape.push(recursion_value);
    }
    if n != 0 {
        let recursion_value = tape.pop();
        *x_bar += result_bar * recursion_value;
        let recursion_value_bar = result_bar * x;
        recursion::reverse(
            x,
            n - 1,
            recursion_value_bar,
            &mut *x_bar,
            ::autodiff::private::Discard,
            &mut store,
        );
    }
    result
}
fn vjp_recursion(
    x: f64,
    n: u32,
) -> (f64, impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> f64) {
    let mut store = ::autodiff::private::Store::new();
    let result;
    let mut tape = ::autodiff::private::Once::new();
    if n == 0 {
        result = 1.0;
    } else {
        let recursion_value = recursion::forward(x, n - 1, &mut store);
        result = x * recursion_value;
        tape.push(recursion_value);
    }
    let pullback = move |result_bar: f64| {
        let mut x_bar = 0.0;
        let result_bar_2 = result_bar;
        if n != 0 {
            let recursion_value = tape.pop();
            x_bar += result_bar_2 * recursion_value;
            let recursion_value_bar = result_bar_2 * x;
            recursion::reverse(
                x,
                n - 1,
                recursion_value_bar,
                &mut x_bar,
                ::autodiff::private::Discard,
                &mut store,
            );
        }
        x_bar
    };
    (result, pullback)
}
fn jvp_recursion(x: f64, n: u32, x_dot: f64) -> (f64, f64) {
    let result;
    let result_dot;
    if n == 0 {
        result = 1.0;
        result_dot = 0.0;
    } else {
        let (recursion_value, recursion_value_dot) = recursion::jvp(
            x,
            n - 1,
            x_dot,
            ::autodiff::private::Zero,
        );
        result = x * recursion_value;
        result_dot = x_dot * recursion_value + x * recursion_value_dot;
    }
    (result, result_dot)
}
