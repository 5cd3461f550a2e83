use super::{Buffer, Once, Tape};
use crate::differentiable::Differentiable;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

#[test]
fn last_in_first_out() {
    // Both sides of the inline room.
    for count in [0, 1, 31, 32, 33, 1000] {
        let mut tape = Tape::new();
        for i in 0..count {
            tape.push((i, vec![i as f64]));
        }
        assert_eq!(tape.len(), count);
        assert_eq!(tape.is_empty(), count == 0);
        let mut backwards = (0..count).rev();
        while let Some((i, v)) = tape.try_pop() {
            assert_eq!(Some(i), backwards.next());
            assert_eq!(v, [i as f64]);
        }
        assert_eq!(backwards.next(), None);
    }
}

#[test]
fn pushes_and_pops_interleave() {
    let mut tape = Tape::with_capacity(3);
    tape.push(1);
    tape.push(2);
    assert_eq!(tape.pop(), 2);
    tape.push(3);
    assert_eq!((tape.pop(), tape.pop()), (3, 1));
    assert_eq!(tape.try_pop(), None);
}

#[test]
fn what_is_left_is_dropped() {
    let value = Rc::new(());
    let mut tape = Tape::new();
    let mut once = Once::new();
    for _ in 0..40 {
        tape.push(Rc::clone(&value));
    }
    once.push(Rc::clone(&value));
    drop(tape.pop());
    assert_eq!(Rc::strong_count(&value), 41);
    drop((tape, once));
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn a_missing_value_is_a_panic() {
    let message = |error: Box<dyn std::any::Any + Send>| *error.downcast::<&str>().unwrap();
    let mut tape = Tape::<f64>::new();
    let error = catch_unwind(AssertUnwindSafe(|| tape.pop())).unwrap_err();
    assert!(message(error).contains("was not saved"));
    let mut once = Once::<f64>::default();
    let error = catch_unwind(AssertUnwindSafe(|| once.pop())).unwrap_err();
    assert!(message(error).contains("was not saved"));
}

#[test]
fn once_holds_one_value() {
    let mut once = Once::new();
    assert_eq!((once.len(), once.try_pop()), (0, None));
    once.push([1.0, 2.0]);
    assert!(!once.is_empty());
    assert_eq!(once.pop(), [1.0, 2.0]);
    once.push([3.0, 4.0]);
    let second = catch_unwind(AssertUnwindSafe(|| once.push([5.0, 6.0])));
    assert!(second.is_err());
    assert_eq!(once.try_pop(), Some([3.0, 4.0]));
}

#[test]
fn a_buffer_holds_what_is_assigned() {
    for len in [0, 1, 32, 33, 1000] {
        let mut buffer = Buffer::new((0.0, 0.0), len);
        for i in 0..len {
            buffer[i] = (i as f64, -1.0);
        }
        for i in (0..len).rev() {
            assert_eq!(buffer[i], (i as f64, -1.0));
        }
        assert_eq!(buffer.zero_tangent(), vec![(0.0, 0.0); len]);
    }
}
