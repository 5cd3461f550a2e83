//! Everybody computes the same value and gradient, at small sizes.

use autodiff_benches::case::Size;
use autodiff_benches::programs;

#[test]
fn by_hand_generated_and_other_crates_agree() {
    let mut found = Vec::new();
    for (_, build) in programs::ALL {
        for mut case in build(Size::Small) {
            found.extend(case.disagreements());
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
