use autodiff::GradientTape;
use ndarray::array;

fn main() {
    let tape = GradientTape::new();
    let _x = tape.watch(array![1_u8, 2]);
}
