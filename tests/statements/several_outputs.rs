use super::*;

#[differentiable]
fn tuple(x: f64, y: f64) -> (f64, f64) {
    let a = x * y;
    (a.sin(), a + y)
}

#[differentiable]
fn array(x: f64, y: f64) -> [f64; 3] {
    let mut out = [x, y, x * y];
    out[1] *= out[2];
    out
}

#[differentiable]
fn vector(x: &[f64], s: f64) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    for i in 0..x.len() {
        out[i] = s * x[i] * x[x.len() - 1 - i];
    }
    out
}

#[differentiable]
fn nested(x: f64) -> ([f64; 2], (f64, [f64; 1])) {
    ([x, x * x], (x.sin(), [x.exp()]))
}

#[differentiable]
fn same_twice(x: f64) -> (f64, f64) {
    let y = x * x;
    (y, y)
}

#[differentiable]
fn early(x: f64, y: f64) -> (f64, [f64; 2]) {
    if x > y {
        return (x * y, [x, y]);
    }
    let z = y.sin();
    (z, [z * x, 1.0])
}

pullback_test! {
    tuple: (0.7, -1.2);
    array: (0.7, -1.2);
    vector: (ref vec![0.7, -1.2, 0.4], 1.3), (ref vec![], 1.3), (ref vec![0.7], 1.3);
    nested: (0.7);
    same_twice: (0.7);
    early: (0.7, -1.2), (0.7, 1.2);
}
