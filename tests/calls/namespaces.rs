//! The type namespace: companions, and functions whose name it holds already.

use super::*;

pub mod area {
    use autodiff::differentiable;

    #[differentiable(companion = area_companion)]
    pub fn area(w: f64, h: f64) -> f64 {
        w * h
    }
}
pub use area::area;

pub mod volume {
    use autodiff::differentiable;

    #[differentiable(companion = none)]
    pub fn volume(w: f64, h: f64, d: f64) -> f64 {
        w * h * d
    }
}
#[allow(unused_imports)]
pub use volume::{grad_volume, volume};

mod inner {
    use autodiff::differentiable;

    #[differentiable]
    pub fn exported(x: f64) -> f64 {
        x.sin()
    }
}
pub use inner::exported;
pub use inner::exported as renamed;

#[differentiable]
fn calls_reexports(x: f64) -> f64 {
    exported(x) * renamed(x * x) * self::exported(2.0 * x)
}

gradient_test! { calls_reexports: (0.7); }

#[test]
fn functions_named_like_modules() {
    assert_eq!(area(2.0, 3.0), 6.0);
    assert_eq!(area::grad_area(2.0, 3.0), (3.0, 2.0));
    assert_eq!(grad_volume(2.0, 3.0, 4.0), (12.0, 8.0, 6.0));
    assert_eq!(volume(1.0, 2.0, 3.0), 6.0);
}
