//! Elements that move within their list.

use super::*;

#[differentiable]
fn moved(x: &mut [f64], k: usize) -> f64 {
    x.rotate_left(k);
    x[0] *= x[1];
    x[1..].reverse();
    x[4] += x[2];
    x.rotate_right(k);
    x[0] *= x[4];
    x.copy_within(1..3, 2);
    x[0] *= x[3];
    x.copy_within(2.., 1);
    x.copy_within(..=2, 0);
    let mut v = x.to_vec();
    v.reverse();
    v.push(x[0] * v[0]);
    v.rotate_right(1);
    v[0] * x[0] + v[2]
}

#[differentiable]
fn rows(m: &mut [Vec<f64>]) {
    m.reverse();
    m[0][0] *= m[1][0];
    m.rotate_left(1);
    m[0].reverse();
    m[0][0] *= m[2][1];
}

state_test! {
    moved: (mut vec![0.7, -1.2, 0.4, 1.3, 0.9], const 2), (mut vec![0.7, -1.2, 0.4, 1.3, 0.9, 0.6], const 0), (mut vec![0.7, -1.2, 0.4, 1.3, 0.9], const 5);
}
inplace_test! {
    rows: (mut vec![vec![0.7, 1.1], vec![-1.2, 0.3], vec![0.4, 0.8]]);
}

#[test]
#[should_panic]
fn too_far() {
    jvp_moved(&mut [1.0; 5], 6, &mut [1.0; 5]);
}
