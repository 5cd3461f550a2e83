use super::*;

#[differentiable]
fn shadowing(x: f64) -> f64 {
    let y = x * x;
    let x = y.sin();
    let y = x * y;
    let x = x + y * x;
    x * y
}

#[differentiable]
fn shadowing_a_parameter_in_blocks(x: f64, y: f64) -> f64 {
    let z = {
        let x = x * y;
        let y = {
            let x = x * x + y;
            x * y
        };
        x * y
    };
    x * z + y
}

#[differentiable]
fn patterns(p: (f64, (f64, f64)), q: [f64; 3]) -> f64 {
    let (a, (b, c)) = p;
    let [d, e, f] = q;
    let (g, [h, _]) = (a * d, [b * e, 0.0]);
    g * h + c * f
}

#[differentiable]
fn rest_patterns(q: [f64; 5]) -> f64 {
    let [first, .., last] = q;
    let [_, second, ..] = q;
    first * second - last * last
}

#[differentiable]
fn parameter_patterns((a, b): (f64, f64), [c, d]: [f64; 2]) -> f64 {
    a * c + b.sin() * d
}

#[differentiable]
fn mutable_parameter(mut x: f64, mut y: f64) -> f64 {
    x *= y;
    y += x;
    x = x * y;
    y.sin() * x
}

#[differentiable]
fn deferred(x: f64) -> f64 {
    let y;
    let z: f64;
    if x > 1.0 {
        y = x * x;
        z = y.sin();
    } else {
        z = x.exp();
        y = z * x;
    }
    y * z
}

#[differentiable]
fn deferred_in_line(x: f64) -> f64 {
    let y;
    y = x * x;
    let z;
    z = y * x;
    z
}

#[differentiable]
fn tuple_of_results(x: f64, y: f64) -> f64 {
    let (a, b, c) = (x + y, x * y, x / y);
    let (a, b) = (b, a);
    a * b * c
}

#[differentiable]
fn tuple_assignment(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    (a, b) = (b * b, a * b);
    (b, a) = (a + b, a - b);
    a * a * b
}

#[differentiable]
fn underscores(x: f64) -> f64 {
    let _ = x.sin();
    let _unused = x * 2.0;
    _ = x.exp();
    x * x
}

#[differentiable]
fn type_annotations(x: f64) -> f64 {
    let a: f64 = x;
    let b: [f64; 2] = [a, a * a];
    let c: (f64, usize) = (b[1], 1);
    let d: &f64 = &c.0;
    *d * b[c.1]
}

#[differentiable]
fn let_else(x: [f64; 2], n: Option<usize>) -> f64 {
    let Some(k) = n else {
        return x[0].sin();
    };
    x[k] * x[0]
}

#[differentiable]
fn unused_parameter(x: f64, y: f64) -> f64 {
    let _ = y;
    x * x
}

#[differentiable]
fn identity(x: f64) -> f64 {
    x
}

#[differentiable]
fn constant_result(x: f64) -> f64 {
    let _ = x;
    3.0
}

#[differentiable]
fn consts_and_statics(x: f64) -> f64 {
    const SCALE: f64 = 2.5;
    static TABLE: [f64; 3] = [1.0, 2.0, 4.0];
    const fn twice(n: usize) -> usize {
        2 * n
    }
    SCALE * x * TABLE[twice(1)] + TABLE.iter().sum::<f64>() * x.sin()
}

#[differentiable]
fn references(x: f64, y: f64) -> f64 {
    let a = &x;
    let b = &(x * y);
    let c = &a;
    **c * *b + *a
}

#[differentiable]
fn mutable_reference(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    {
        let r = &mut a;
        *r *= *r;
        *r += b;
        let s = &mut b;
        *s = *r * *s;
    }
    let t = &mut a;
    *t = b * *t;
    a + b
}

gradient_test! {
    shadowing: (0.7);
    shadowing_a_parameter_in_blocks: (0.7, -1.2);
    patterns: ((1.5, (0.4, -2.0)), [0.3, -0.6, 0.9]);
    rest_patterns: ([0.3, -0.6, 0.9, 4.0, 1.1]);
    parameter_patterns: ((1.5, 0.4), [0.3, -0.6]);
    mutable_parameter: (0.7, -1.2);
    deferred: (0.7), (1.7);
    deferred_in_line: (0.7);
    tuple_of_results: (0.7, -1.2);
    tuple_assignment: (0.7, -1.2);
    underscores: (0.7);
    type_annotations: (0.7);
    let_else: ([0.7, 1.3], const Some(1)), ([0.7, 1.3], const Some(0)), ([0.7, 1.3], const None);
    unused_parameter: (0.7, 1.0);
    identity: (0.7);
    constant_result: (0.7);
    consts_and_statics: (0.7);
    references: (0.7, -1.2);
    mutable_reference: (0.7, -1.2);
}

#[test]
fn independence_is_zero() {
    assert_eq!(grad_unused_parameter(3.0, 4.0), (6.0, 0.0));
    assert_eq!(grad_constant_result(3.0), 0.0);
    assert_eq!(jvp_constant_result(3.0, 1.0), (3.0, 0.0));
}
