#[differentiable]
fn generic<T: Real>(c: &[T], x: T) -> T {
    let mut value = T::zero();
    for i in (0..c.len()).rev() {
        value = value * x + c[i];
    }
    value * T::of(0.5)
}
