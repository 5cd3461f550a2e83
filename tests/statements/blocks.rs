use super::*;

#[differentiable]
fn values(x: f64) -> f64 {
    let a = {
        let b = x * x;
        b.sin() + {
            let c = b * x;
            c * c
        }
    };
    a * { x + 1.0 } - (if x > 0.0 { a } else { x })
}

#[differentiable]
fn labelled(x: f64, n: usize) -> f64 {
    let a = 'found: {
        if n == 0 {
            break 'found x * x;
        }
        if x > 1.0 {
            break 'found x.sin();
        }
        x.exp()
    };
    a * x
}

#[differentiable]
fn labelled_statement(x: f64) -> f64 {
    let mut a = x;
    'out: {
        a *= x;
        if a > 1.0 {
            break 'out;
        }
        a = a.sin();
    }
    a * x
}

#[differentiable]
fn effects_in_order(x: f64) -> f64 {
    let mut a = x;
    let b = a * {
        a = a * a;
        a + 1.0
    };
    let c = {
        a += b;
        a
    } * a;
    a * b + c
}

#[differentiable]
fn values_as_arguments(x: f64, up: bool) -> f64 {
    let v = [
        if up { x * x } else { x.sin() },
        { x + 1.0 },
        match up {
            true => x,
            false => 2.0,
        },
    ];
    f64::atan2(v[0], if up { v[1] } else { v[2] }) * v[1]
}

#[differentiable]
fn early_return(x: f64) -> f64 {
    if x < 0.0 {
        return x * x;
    }
    let y = x.sqrt();
    if y > 2.0 {
        return y * x;
    } else if y > 1.0 {
        let z = y.ln();
        return z * x;
    }
    y.sin()
}

#[differentiable]
fn explicit_return(x: f64) -> f64 {
    let y = x * x;
    return y.exp() * x;
}

#[differentiable]
fn return_in_all_branches(x: f64) -> f64 {
    if x > 0.0 {
        return x.ln();
    } else {
        return x.exp();
    }
}

#[differentiable]
fn return_from_inside_an_expression(x: f64) -> f64 {
    let y = if x > 2.0 { return x * x * x } else { x.sin() };
    let z = match y > 0.5 {
        true => y * y,
        false => return y.cos(),
    };
    z * x
}

#[differentiable]
fn return_after_writing(x: &mut [f64; 2], y: f64) {
    x[0] *= y;
    if y > 1.0 {
        x[1] = x[0] * y;
        return;
    }
    x[1] *= x[1];
    x[0] += y * x[1];
}

gradient_test! {
    values: (0.7), (-0.7);
    labelled: (0.7, const 0), (0.7, const 1), (1.7, const 1);
    labelled_statement: (0.7), (1.7);
    effects_in_order: (0.7);
    values_as_arguments: (0.7, const true), (0.7, const false);
    early_return: (-0.7), (0.7), (2.7), (5.7);
    explicit_return: (0.7);
    return_in_all_branches: (0.7), (-0.7);
    return_from_inside_an_expression: (0.3), (0.8), (2.7);
}
inplace_test! { return_after_writing: (mut [0.4, 0.9], 0.7), (mut [0.4, 0.9], 1.7); }
