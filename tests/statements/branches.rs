use super::*;

#[differentiable]
fn statement(x: f64, y: f64) -> f64 {
    let mut a = x;
    if x > y {
        a = a * y;
    } else if x > 0.0 {
        a += y.sin();
        a *= a;
    } else {
        a = y;
    }
    if a > 1.0 {
        a = 1.0 / a;
    }
    a * x
}

#[differentiable]
fn value(x: f64, y: f64) -> f64 {
    let a = if x > y { x * x } else { y * x };
    let (b, c) = if a > 1.0 { (a, x) } else { (y, a * y) };
    b * c
}

#[differentiable]
fn nested(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    if x > 0.0 {
        a *= 2.0;
        if y > 0.0 {
            let b = a * a;
            if b > 4.0 {
                a = b;
            } else {
                a = b.sin();
            }
        } else {
            a = a * y;
        }
        a += x;
    }
    a
}

#[differentiable]
fn condition_overwritten_after(x: f64) -> f64 {
    let mut a = x;
    let mut b = x * x;
    if a > 1.0 {
        a = 0.5 * a * b;
        b = a * b;
    } else {
        a = 4.0 * a;
        b = a + b;
    }
    a * b
}

#[differentiable]
fn without_else_overwriting_its_condition(x: f64) -> f64 {
    let mut a = x;
    if a > 1.0 {
        a = a - 1.0;
    }
    if a > 1.0 {
        a = a * a - 1.0;
    }
    a * a
}

#[differentiable]
fn logic(x: f64, y: f64, on: bool) -> f64 {
    if on && x > 0.0 && (y > 0.0 || x * y < -1.0) {
        x * y
    } else if !on || y.is_nan() {
        x.sin()
    } else {
        y
    }
}

#[differentiable]
fn piecewise(x: f64) -> f64 {
    if x < 10.0 { x } else { x * x }
}

#[differentiable]
fn one_branch_active(x: f64, y: f64) -> f64 {
    let mut a = 0.0;
    if y > 0.0 {
        a = x * y;
    }
    let b = if x > 0.0 { 2.0 } else { y };
    a * b + b
}

#[differentiable]
fn arrays_by_branch(x: f64, up: bool) -> f64 {
    let v = if up { [x, x * x] } else { [1.0, x] };
    let mut w = [0.0; 2];
    if up {
        w = v;
    } else {
        w[1] = v[1] * x;
    }
    v[0] * w[0] + w[1] * v[1]
}

#[differentiable]
fn if_let(x: f64, power: Option<i32>) -> f64 {
    let a = if let Some(n) = power { x.powi(n) } else { x.exp() };
    if let Some(n @ 0..=2) = power {
        return a * n as f64;
    }
    a * a
}

#[differentiable]
fn let_chain(x: f64, power: Option<i32>) -> f64 {
    if let Some(n) = power
        && n > 1
        && x > 0.0
    {
        x.powi(n)
    } else {
        x.sin()
    }
}

gradient_test! {
    statement: (0.7, -1.2), (0.7, 1.2), (-0.7, 1.2), (3.0, 2.0);
    value: (0.7, -1.2), (0.7, 1.2), (3.0, 2.0);
    nested: (0.7, -1.2), (0.7, 1.2), (-0.7, 1.2), (3.0, 2.0);
    condition_overwritten_after: (0.7), (1.7);
    without_else_overwriting_its_condition: (0.7), (1.7), (2.7);
    logic: (0.7, -1.2, const true), (0.7, 1.2, const true), (0.7, -3.0, const true), (0.7, 1.2, const false);
    piecewise: (5.0), (50.0);
    one_branch_active: (0.7, -1.2), (0.7, 1.2), (-0.7, 1.2);
    arrays_by_branch: (0.7, const true), (0.7, const false);
    if_let: (0.7, const Some(2)), (0.7, const Some(5)), (0.7, const None);
    let_chain: (0.7, const Some(2)), (0.7, const Some(1)), (-0.7, const Some(3)), (0.7, const None);
}

#[test]
fn where_gradient() {
    assert_eq!([grad_piecewise(5.0), grad_piecewise(50.0)], [1.0, 100.0]);
}
