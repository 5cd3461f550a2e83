//! The adjoint of an overwrite takes the adjoint, zeroes it, then accumulates.
use super::*;

#[differentiable]
fn overwrite_by_itself(x: f64) -> f64 {
    let mut a = x;
    a = a * a;
    a = a.sin() * a;
    a = a + a * x;
    a
}

#[differentiable]
fn overwrite_by_constant(x: f64) -> f64 {
    let mut a = x * x;
    let b = a;
    a = 2.0;
    let c = a * x;
    a = x;
    a * b * c
}

#[differentiable]
#[allow(unused_assignments)]
fn overwrite_unread(x: f64) -> f64 {
    let mut a = x.exp();
    a = x.sin();
    let mut b = a;
    b *= b;
    a = 0.5 * x;
    a * b
}

#[differentiable]
fn compound(x: f64, y: f64) -> f64 {
    let mut a = x;
    a += y;
    a -= x * y;
    a *= y;
    a /= x;
    a *= a;
    a += a;
    a -= a * a;
    a /= y;
    a
}

#[differentiable]
fn compound_by_itself(x: f64) -> f64 {
    let mut a = x;
    a *= a;
    a /= a + 1.0;
    a -= 3.0 * a;
    a %= 0.7;
    a
}

#[differentiable]
fn swap_by_hand(x: f64, y: f64) -> f64 {
    let mut a = x * x;
    let mut b = y;
    let t = a;
    a = b;
    b = t;
    a * a * b
}

#[differentiable]
fn swap_by_std(x: f64, y: f64) -> f64 {
    let mut a = x * x;
    let mut b = y;
    std::mem::swap(&mut a, &mut b);
    let c = std::mem::replace(&mut a, x * b);
    a * a * b + c
}

#[differentiable]
fn take_and_replace(x: f64) -> f64 {
    let mut a = x * x;
    let b = std::mem::take(&mut a);
    a += x;
    let c = core::mem::replace(&mut a, b * x);
    a * b * c
}

#[differentiable]
fn copies_before_overwrite(x: f64) -> f64 {
    let mut a = x;
    let b = a;
    a = a * 3.0;
    let c = a * b;
    a = c;
    a * b
}

#[differentiable]
fn operand_overwritten_between(x: f64, y: f64) -> f64 {
    let mut a = x;
    let p = a * y;
    a = y.sin();
    let q = a * p;
    a = q * a;
    a * p * q
}

#[differentiable]
fn elements(x: f64, y: f64) -> f64 {
    let mut v = [x, y, x * y];
    v[0] = v[1] * v[2];
    v[1] *= v[0];
    v[2] = v[2] * v[2] - v[1];
    v[v.len() - 1] += v[0];
    v[0] * v[1] * v[2]
}

#[differentiable]
fn whole_array(x: [f64; 3]) -> f64 {
    let mut v = x;
    let w = v;
    v[0] = 5.0;
    v = [v[1], w[2] * v[0], v[2] * w[0]];
    let u = v;
    v[1] = u[0] * u[1];
    v[0] * v[1] * v[2] + w[0] * u[2]
}

#[differentiable]
fn fields_of_tuples(x: f64, y: f64) -> f64 {
    let mut p = (x, (y, x * y));
    p.0 *= p.1.0;
    p.1.1 = p.0 * p.1.1;
    p.1 = (p.1.1, p.1.0);
    p.0 * p.1.0 - p.1.1
}

#[differentiable]
fn tuples_of_arrays(x: f64) -> f64 {
    let mut p = ([x, x * x], 2.0, [[x; 2]; 2]);
    p.0[1] *= p.2[0][1];
    p.2[1] = p.0;
    p.2[1][0] *= p.1;
    p.2[1][0] * p.2[1][1] + p.0[0] * p.2[0][0]
}

#[differentiable]
fn through_a_parameter(x: &mut f64, y: f64) {
    *x *= y;
    *x += x.sin();
    *x = *x * *x;
}

#[differentiable]
fn two_parameters(x: &mut f64, y: &mut f64) -> f64 {
    let t = *x;
    *x = *y * t;
    *y = t;
    *x * *y
}

#[differentiable]
fn swap_parameters(x: &mut f64, y: &mut f64) {
    std::mem::swap(x, y);
    *x = x.exp();
}

#[differentiable]
fn overwritten_parameter(x: &mut f64, y: f64) {
    *x = y * y;
}

#[differentiable]
fn untouched_parameter(x: &mut f64, y: f64) -> f64 {
    *x * y
}

#[differentiable]
fn array_parameter(v: &mut [f64; 3], s: f64) {
    let first = v[0];
    v[0] = v[1] * s;
    v[1] = v[2] * first;
    v[2] = first + v[0] * v[1];
}

gradient_test! {
    overwrite_by_itself: (0.7);
    overwrite_by_constant: (0.7);
    overwrite_unread: (0.7);
    compound: (0.7, -1.2);
    compound_by_itself: (0.7);
    swap_by_hand: (0.7, -1.2);
    swap_by_std: (0.7, -1.2);
    take_and_replace: (0.7);
    copies_before_overwrite: (0.7);
    operand_overwritten_between: (0.7, -1.2);
    elements: (0.7, -1.2);
    whole_array: ([0.7, -1.2, 0.4]);
    fields_of_tuples: (0.7, -1.2);
    tuples_of_arrays: (0.7);
}
inplace_test! {
    through_a_parameter: (mut 0.7, -1.2);
    swap_parameters: (mut 0.7, mut -1.2);
    overwritten_parameter: (mut 0.7, -1.2);
    array_parameter: (mut [0.7, -1.2, 0.4], 1.3);
}
state_test! {
    two_parameters: (mut 0.7, mut -1.2);
    untouched_parameter: (mut 0.7, -1.2);
}
