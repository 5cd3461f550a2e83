use super::*;

#[differentiable]
fn outer(x: f64, y: f64) -> f64 {
    fn inner(a: f64, b: f64) -> f64 {
        a * b.sin()
    }
    const HALF: f64 = 0.5;
    inner(x, y) * HALF + inner(y, inner(x, x))
}

#[differentiable]
fn nested_twice(x: f64) -> f64 {
    fn middle(x: f64) -> f64 {
        fn innermost(x: f64) -> f64 {
            x * x * x
        }
        innermost(x).sin()
    }
    middle(x) * middle(x * x)
}

#[differentiable]
fn recursive_inside(x: f64, n: usize) -> f64 {
    fn product(x: f64, n: usize) -> f64 {
        if n == 0 { 1.0 } else { (x + n as f64) * product(x, n - 1) }
    }
    product(x, n)
}

#[differentiable]
fn writes_inside(x: &[f64]) -> f64 {
    fn square_all(v: &mut [f64]) {
        for x in v.iter_mut() {
            *x *= *x;
        }
    }
    let mut v = x.to_vec();
    square_all(&mut v);
    v[0] * v[1]
}

#[differentiable]
fn integer_helper(x: &[f64], k: usize) -> f64 {
    fn wrap(i: usize, n: usize) -> usize {
        (i * 7 + 3) % n
    }
    x[wrap(k, x.len())] * x[wrap(k + 1, x.len())]
}

#[differentiable]
fn local_closure(x: f64, y: f64) -> f64 {
    let f = |a: f64| a * a + y;
    let g = |a, b| a * b;
    f(x) * g(x, f(y))
}

gradient_test! {
    outer: (0.7, -1.2);
    nested_twice: (0.7);
    recursive_inside: (0.7, const 4), (0.7, const 0);
    writes_inside: (ref vec![0.7, -1.2]);
    integer_helper: (ref vec![0.7, -1.2, 0.4, 1.1, 0.3], const 2);
    local_closure: (0.7, -1.2);
}
