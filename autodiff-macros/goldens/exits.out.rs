fn adjoint_exits(
    x: &[f64],
    limit: f64,
    result_bar: f64,
    x_bar: &mut [f64],
    limit_bar: &mut f64,
) -> f64 {
    ::autodiff::private::same_len("x", x, x_bar);
    let mut product = 1.0;
    let mut stop = false;
    let mut tape = ::autodiff::private::PlainTape::new();
    let mut trips: usize = 0usize;
    for i in 0..x.len() {
        trips += 1;
        tape.push(product);
        if !(x[i] < 0.0) {
            product *= x[i];
            if product > limit {
                stop = true;
            }
        }
        if stop {
            break;
        }
    }
    let mut product_bar = result_bar;
    for i in ::autodiff::private::trips_rev(0..x.len(), trips) {
        let product = tape.pop();
        if !(x[i] < 0.0) {
            x_bar[i] += product_bar * product;
            product_bar *= x[i];
        }
    }
    product
}
fn vjp_exits(
    x: &[f64],
    limit: f64,
) -> (
    f64,
    impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> (::std::vec::Vec<f64>, f64),
) {
    let mut product = 1.0;
    let mut stop = false;
    let mut tape = ::autodiff::private::PlainTape::new();
    let mut trips: usize = 0usize;
    for i in 0..x.len() {
        trips += 1;
        tape.push(product);
        if !(x[i] < 0.0) {
            product *= x[i];
            if product > limit {
                stop = true;
            }
        }
        if stop {
            break;
        }
    }
    let pullback = move |result_bar: f64| {
        let mut x_bar = ::autodiff::private::zero_like(x);
        let limit_bar = 0.0;
        let mut product_bar = result_bar;
        for i in ::autodiff::private::trips_rev(0..x.len(), trips) {
            let product = tape.pop();
            if !(x[i] < 0.0) {
                x_bar[i] += product_bar * product;
                product_bar *= x[i];
            }
        }
        (x_bar, limit_bar)
    };
    (product, pullback)
}
fn jvp_exits(x: &[f64], limit: f64, x_dot: &[f64], limit_dot: f64) -> (f64, f64) {
    ::autodiff::private::same_len("x", x, x_dot);
    let mut product = 1.0;
    let mut product_dot = 0.0;
    let mut stop = false;
    for i in 0..x.len() {
        if !(x[i] < 0.0) {
            product_dot = product_dot * x[i] + product * x_dot[i];
            product *= x[i];
            if product > limit {
                stop = true;
            }
        }
        if stop {
            break;
        }
    }
    (product, product_dot)
}
