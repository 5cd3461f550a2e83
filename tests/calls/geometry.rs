use autodiff::differentiable;

#[differentiable]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (x, y) in a.iter().zip(b) {
        sum += x * y;
    }
    sum
}

#[differentiable]
pub fn scale(v: &mut [f64], s: f64) {
    for x in v.iter_mut() {
        *x *= s;
    }
}

pub mod planar {
    use autodiff::differentiable;

    #[differentiable]
    pub fn rotate(p: [f64; 2], angle: f64) -> [f64; 2] {
        let (s, c) = angle.sin_cos();
        [c * p[0] - s * p[1], s * p[0] + c * p[1]]
    }

    #[differentiable]
    pub(crate) fn polar(x: f64, y: f64) -> (f64, f64) {
        (super::square(x, y).sqrt(), y.atan2(x))
    }
}

#[differentiable]
pub fn square(x: f64, y: f64) -> f64 {
    x * x + y * y
}

pub use planar::rotate as turn;
