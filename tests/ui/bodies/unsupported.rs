use autodiff::differentiable;

struct Scale(f64);

impl Scale {
    fn apply(&self, x: f64) -> f64 {
        self.0 * x
    }
}

#[differentiable]
fn f(x: f64, y: f64) -> f64 {
    let scale = Scale(2.0);
    // Both are reported.
    let a = scale.apply(x);
    let b = scale.apply(y);
    a * b
}

fn main() {
    let _: (f64, f64) = grad_f(1.0, 2.0);
    let _: f64 = vjp_f(1.0, 2.0).1(1.0).0;
}
