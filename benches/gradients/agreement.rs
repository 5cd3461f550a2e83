//! Everybody computes the same value and gradient, at small sizes; and whoever does not is noticed.

use autodiff_benches::case::{Case, Size};
use autodiff_benches::{memory, programs};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

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

/// `x² + y²` at (1, 2), right but for what is replaced.
fn case() -> Case {
    Case::new("squares", 2).primal(|| 5.0).by_hand(|g| {
        g.copy_from_slice(&[2.0, 4.0]);
        5.0
    })
}

#[test]
fn a_wrong_gradient_is_noticed() {
    let wrong = case().generated(|g| {
        g.copy_from_slice(&[2.0, 4.000001]);
        5.0
    });
    let right = case().generated(|g| {
        *g = vec![2.0, 4.0];
        5.0
    });
    assert_eq!({ wrong }.disagreements().len(), 1);
    assert_eq!({ right }.disagreements(), Vec::<String>::new());
}

#[test]
fn a_gradient_that_is_not_written_is_noticed() {
    assert_eq!(case().generated(|_| 5.0).disagreements().len(), 1);
    // Buffers are to be overwritten, not added to.
    let adds = case().generated(|g| {
        g[0] += 2.0;
        g[1] += 4.0;
        5.0
    });
    assert_eq!({ adds }.disagreements().len(), 1);
    let too_long = case().generated(|g| {
        *g = vec![2.0, 4.0, 0.0];
        5.0
    });
    assert_eq!({ too_long }.disagreements().len(), 1);
}

#[test]
fn a_wrong_value_is_noticed() {
    let wrong = case().generated(|g| {
        g.copy_from_slice(&[2.0, 4.0]);
        5.001
    });
    assert_eq!({ wrong }.disagreements().len(), 1);
    assert_eq!(case().value(4.0).disagreements().len(), 1);
}

#[test]
fn the_heap_is_counted() {
    let mut kept = Vec::new();
    let taken = memory::of(|| {
        drop(std::hint::black_box(vec![0_u8; 1000]));
        kept = std::hint::black_box(vec![0_u8; 100]);
    });
    assert_eq!(taken, memory::Use { count: 2, peak: 1000 });
}
