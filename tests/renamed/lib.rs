//! Differentiable functions of a crate that has renamed its dependency; other crates differentiate
//! through them.

#![deny(warnings)]

use ad::differentiable;

/// One statement of every kind that needs the runtime.
#[differentiable(crate = ::ad, order = 2)]
pub fn iterate(x: f64, v: &[f64]) -> f64 {
    let mut a = x;
    let mut kept = Vec::new();
    while a < 10.0 {
        a = a * a + 0.5;
        kept.push(a);
    }
    for factor in v {
        if *factor > 0.0 {
            a *= factor;
        } else {
            a = a.sin() + kept[0];
        }
    }
    a
}

/// In place.
#[differentiable(crate = ad, order = 2)]
pub fn scale(v: &mut [f64], s: f64) {
    for x in v.iter_mut() {
        *x *= s;
    }
}

/// Generic over the float.
#[differentiable(crate = ad)]
pub fn square<T: ad::Real>(x: T) -> T {
    x * x * T::of(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients() {
        let (x, v) = grad_iterate(1.5, &[2.0, -1.0]);
        let (_, tangent) = jvp_iterate(1.5, &[2.0, -1.0], 1.0, &[0.5, 0.25]);
        let dot = x + 0.5 * v[0] + 0.25 * v[1];
        assert!((tangent - dot).abs() < 1e-12 * (1.0 + dot.abs()));
        assert_eq!(grad_square(3.0), 3.0);
        assert_eq!(grad_square(3.0f32), 3.0);
    }
}
