use autodiff::GradientTape;

fn main() {
    let tape = GradientTape::new();
    let _x = tape.watch(1_i32);
}
