use autodiff::GradientTape;

fn main() {
    let tape = GradientTape::new();
    let x = tape.watch(3.0);
    let _ = tape.gradient(x * x, 3.0);
}
