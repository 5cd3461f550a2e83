use autodiff::differentiable;

struct Model {
    weight: f64,
}

impl Model {
    #[differentiable]
    fn value(&self, x: f64) -> f64 {
        self.weight * x
    }
}

trait Energy {
    fn energy(&self, x: f64) -> f64;
}

#[differentiable]
impl Energy for Model {
    fn energy(&self, x: f64) -> f64 {
        self.weight * x
    }
}

fn main() {}
