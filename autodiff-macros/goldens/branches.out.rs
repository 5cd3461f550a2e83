fn adjoint_branches(
    x: f64,
    y: f64,
    result_bar: f64,
    x_bar: &mut f64,
    y_bar: &mut f64,
) -> f64 {
    let mut result = 0.0;
    let mut a = x * y;
    let a_2 = a;
    let mut done = false;
    let mut tape = ::autodiff::private::Once::new();
    if a > 1.0 {
        let ln = a.ln();
        a = ln * x;
        tape.push(ln);
    } else if x > 0.0 {
        result = a * a;
        done = true;
    }
    let mut tape_2 = ::autodiff::private::Once::new();
    let mut tape_3 = ::autodiff::private::Once::new();
    if !done {
        let arm: usize;
        match a > y {
            true => {
                arm = 0;
                result = a * y;
            }
            false => {
                arm = 1;
                let cos = a.cos();
                result = a.sin();
                tape_2.push(cos);
            }
        }
        tape_3.push(arm);
    }
    let mut a_bar = 0.0;
    let mut result_bar_2 = result_bar;
    if !done {
        let arm = tape_3.pop();
        match arm {
            0 => {
                let result_seed = result_bar_2;
                result_bar_2 = 0.0;
                a_bar += result_seed * y;
                *y_bar += result_seed * a;
            }
            _ => {
                let cos = tape_2.pop();
                let result_seed_2 = result_bar_2;
                result_bar_2 = 0.0;
                a_bar += result_seed_2 * cos;
            }
        }
    }
    if a_2 > 1.0 {
        let ln = tape.pop();
        let a_seed = a_bar;
        *x_bar += a_seed * ln;
        a_bar = a_seed * x * (1.0 / a_2);
    } else if x > 0.0 {
        a_bar += 2.0 * (result_bar_2 * a_2);
    }
    *x_bar += a_bar * y;
    *y_bar += a_bar * x;
    result
}
fn vjp_branches(
    x: f64,
    y: f64,
) -> (f64, impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> (f64, f64)) {
    let mut result = 0.0;
    let mut a = x * y;
    let a_2 = a;
    let mut done = false;
    let mut tape = ::autodiff::private::Once::new();
    if a > 1.0 {
        let ln = a.ln();
        a = ln * x;
        tape.push(ln);
    } else if x > 0.0 {
        result = a * a;
        done = true;
    }
    let mut tape_2 = ::autodiff::private::Once::new();
    let mut tape_3 = ::autodiff::private::Once::new();
    if !done {
        let arm: usize;
        match a > y {
            true => {
                arm = 0;
                result = a * y;
            }
            false => {
                arm = 1;
                let cos = a.cos();
                result = a.sin();
                tape_2.push(cos);
            }
        }
        tape_3.push(arm);
    }
    let pullback = move |result_bar: f64| {
        let mut x_bar = 0.0;
        let mut y_bar = 0.0;
        let mut a_bar = 0.0;
        let mut result_bar_2 = result_bar;
        if !done {
            let arm = tape_3.pop();
            match arm {
                0 => {
                    let result_seed = result_bar_2;
                    result_bar_2 = 0.0;
                    a_bar += result_seed * y;
                    y_bar += result_seed * a;
                }
                _ => {
                    let cos = tape_2.pop();
                    let result_seed_2 = result_bar_2;
                    result_bar_2 = 0.0;
                    a_bar += result_seed_2 * cos;
                }
            }
        }
        if a_2 > 1.0 {
            let ln = tape.pop();
            let a_seed = a_bar;
            x_bar += a_seed * ln;
            a_bar = a_seed * x * (1.0 / a_2);
        } else if x > 0.0 {
            a_bar += 2.0 * (result_bar_2 * a_2);
        }
        x_bar += a_bar * y;
        y_bar += a_bar * x;
        (x_bar, y_bar)
    };
    (result, pullback)
}
fn jvp_branches(x: f64, y: f64, x_dot: f64, y_dot: f64) -> (f64, f64) {
    let mut result = 0.0;
    let mut result_dot = 0.0;
    let mut a = x * y;
    let mut a_dot = x_dot * y + x * y_dot;
    let mut done = false;
    if a > 1.0 {
        let ln_a = a.ln();
        a_dot = 1.0 / a * a_dot * x + ln_a * x_dot;
        a = ln_a * x;
    } else if x > 0.0 {
        result = a * a;
        result_dot = 2.0 * a * a_dot;
        done = true;
    }
    if !done {
        match a > y {
            true => {
                result = a * y;
                result_dot = a_dot * y + a * y_dot;
            }
            false => {
                result = a.sin();
                result_dot = a.cos() * a_dot;
            }
        }
    }
    (result, result_dot)
}
