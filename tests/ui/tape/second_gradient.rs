use autodiff::GradientTape;

fn main() {
    let tape = GradientTape::new();
    let x = tape.watch(3.0);
    let y = x * x;
    let _first = tape.gradient(y, x);
    let _second = tape.gradient(y, x);
}
