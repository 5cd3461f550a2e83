//! Loops that add to scalars, which the clean-up runs four trips at a time: against the same
//! functions without clean-up and against differences, at lengths around the blocks. The user's own
//! sums keep their order, to the last bit.

use super::twice::{close, numbers, twice};
use autodiff::{Real, differentiable};
use std::panic::catch_unwind;

twice! {
    without(tidy)
    /// The user's sum and that of `c`'s adjoint share the reverse loop with `x`'s.
    fn spread(p) {
        let (c, x) = (p[0], &p[1..]);
        let mut sum = 0.0;
        for i in 0..x.len() {
            let d = x[i] - c;
            sum += d * d * 0.5;
        }
        sum
    }
}

twice! {
    without(tidy)
    /// Columns of a triangular product: only adjoints are summed in the reverse.
    fn columns(p) {
        let (c, x) = (p[0], &p[1..]);
        let n = x.len();
        let mut y = vec![0.0; n];
        for i in 0..n {
            let c = 0.1 * x[i] + c;
            for j in i + 1..n {
                y[j] += x[j - i] * c;
            }
        }
        let mut sum = 0.0;
        for i in 0..n {
            sum += y[i] * y[i] / n as f64;
        }
        sum
    }
}

twice! {
    without(tidy)
    /// Two sums, one of which gets two terms a trip, and a list that is changed.
    fn two_sums(p) {
        let (s, x) = (p[0], &p[1..]);
        let mut y = vec![1.0; x.len()];
        let mut sum = 1e3;
        let mut other = 0.0;
        for i in 0..x.len() {
            let a = x[i] * s;
            sum += a * y[i];
            other -= a * a;
            y[i] = y[i] * a + 2.0;
            sum -= 3.0 * x[i] * y[i];
        }
        sum * other
    }
}

twice! {
    without(tidy)
    fn neighbours(p) {
        let (s, x) = (p[0], &p[1..]);
        let mut sum = 0.0;
        for i in 0..x.len().saturating_sub(1) {
            let a = x[i + 1] - x[i] * x[i];
            let b = s - x[i];
            sum += 10.0 * a * a + b * b;
        }
        sum
    }
}

twice! {
    without(tidy)
    /// What is carried waits for itself: no lanes.
    fn running(p) {
        let (s, x) = (p[0], &p[1..]);
        let mut running = s;
        let mut total = 0.0;
        for i in 0..x.len() {
            running = running * 0.5 + x[i];
            total += running * running * s;
        }
        total
    }
}

twice! {
    without(tidy)
    /// The sum is read in the loop, and so is the index.
    fn looked_at(p) {
        let (s, x) = (p[0], &p[1..]);
        let mut sum = 0.0;
        let mut weighted = 0.0;
        for i in 0..x.len() {
            sum += x[i] * s;
            weighted += (i as f64 + 1.0) * x[i] * s + 0.1 * sum;
        }
        weighted
    }
}

twice! {
    without(tidy)
    fn roots(p) {
        let (s, x) = (p[0], &p[1..]);
        let mut sum = 0.0;
        for i in 0..x.len() {
            let a = (x[i] * x[i] + s * s + 1.0).sqrt();
            sum += a / (2.5 + s * x[i]);
        }
        sum
    }
}

twice! {
    without(tidy)
    /// A local that is changed during the trip, and a sum that is subtracted from.
    fn in_steps(p) {
        let (s, x) = (p[0], &p[1..]);
        let mut sum = 0.5;
        for i in 0..x.len() {
            let mut a = x[i] - s;
            a *= x[i];
            a -= s;
            sum -= a * x[i];
        }
        sum
    }
}

twice! {
    without(tidy)
    fn rows(p) {
        let (s, x) = (p[0], &p[1..]);
        let d = 7;
        let n = x.len() / d;
        let mut total = 0.0;
        for i in 0..n {
            let mut dot = 0.0;
            for j in 0..d {
                let shifted = x[i * d + j] + s;
                dot += x[j] * shifted;
            }
            total += dot * dot;
        }
        total
    }
}

twice! {
    without(tidy)
    /// What is carried is stored into before and after the list's element.
    fn shifted(p) {
        let (s, x) = (p[0], &p[1..]);
        let n = x.len();
        let mut y = vec![0.0; n];
        let mut before = s;
        let mut sum = 0.0;
        for i in 0..n {
            y[i] = before * x[i];
            before = x[i] * x[i];
            sum += y[i] * y[i];
        }
        sum * before
    }
}

twice! {
    without(tidy)
    /// The reverse has a running sum of its own.
    fn cumulative(p) {
        let (s, x) = (p[0], &p[1..]);
        let mut running = s;
        let mut total = 0.0;
        for i in 0..x.len() {
            running += x[i];
            total += running * running * 0.1;
        }
        total
    }
}

twice! {
    without(tidy)
    /// The same from the other end, subtracted, and stored in between.
    fn from_the_end(p) {
        let (s, x) = (p[0], &p[1..]);
        let n = x.len();
        let mut y = vec![0.0; n];
        let mut running = s;
        for i in (0..n).rev() {
            running -= 0.5 * x[i];
            y[i] = running;
        }
        let mut sum = running;
        for i in 0..n {
            sum += y[i] * y[i] * x[i];
        }
        sum
    }
}

twice! {
    without(tidy)
    /// Two of them, and one that decays: as they are.
    fn two_running(p) {
        let (s, x) = (p[0], &p[1..]);
        let (mut a, mut b, mut c) = (s, 1.0, s);
        let mut total = 0.0;
        for i in 0..x.len() {
            a += x[i];
            b -= x[i] * s;
            total += a * b * 0.1;
        }
        for i in 0..x.len() {
            c = 0.9 * c + x[i];
            total += c * x[i];
        }
        total
    }
}

macro_rules! of_other_floats {
    ($module:ident, $($switch:tt)*) => {
        mod $module {
            use super::Real;

            #[autodiff::differentiable($($switch)*)]
            pub fn single(x: &[f32], c: f32) -> f32 {
                let mut sum = 0.0;
                for i in 0..x.len() {
                    let d = x[i] - c;
                    sum += d * d * 0.5;
                }
                sum
            }

            #[autodiff::differentiable($($switch)*)]
            pub fn generic<T: Real>(x: &[T], c: T) -> T {
                let mut sum = T::of(0.0);
                for i in 0..x.len() {
                    let d = x[i] - c;
                    sum += d * d * T::of(0.5);
                }
                sum
            }

            pub struct Model {
                pub scale: f64,
                pub shift: [f64; 30],
            }

            #[autodiff::differentiable(wrt(x, w, s), $($switch)*)]
            pub fn fields(x: &[f64; 30], w: &mut [f64], s: f64, model: &Model) -> f64 {
                let mut sum = 0.0;
                for i in 0..30 {
                    let a = s * x[i] * model.scale - model.shift[i];
                    w[i] += a;
                    sum += a * w[i];
                }
                sum
            }
        }
    };
}

of_other_floats!(plain, without(tidy));
of_other_floats!(tidied,);

#[test]
fn other_floats() {
    for n in [0, 1, 7, 8, 9, 100] {
        let x = numbers(n, 5);
        let single: Vec<f32> = x.iter().map(|x| *x as f32).collect();
        let (value, gradient) = tidied::value_and_grad_single(&single, 0.25);
        assert_eq!(value.to_bits(), tidied::single(&single, 0.25).to_bits());
        let expected = plain::grad_single(&single, 0.25);
        assert_eq!(gradient.0, expected.0);
        assert!((gradient.1 - expected.1).abs() < 1e-4);
        assert_eq!(tidied::value_and_grad_generic(&single, 0.25), (value, gradient));
        let (value, gradient) = tidied::value_and_grad_generic(&x, 0.25);
        assert_eq!(value.to_bits(), tidied::generic(&x, 0.25).to_bits());
        let expected = plain::grad_generic(&x, 0.25);
        close(&gradient.0, &expected.0, 1e-13);
        close(&[gradient.1], &[expected.1], 1e-13);
    }
}

#[test]
fn arrays_and_fields() {
    let x: [f64; 30] = numbers(30, 3).try_into().unwrap();
    let shift: [f64; 30] = numbers(30, 9).try_into().unwrap();
    let model = tidied::Model { scale: 1.5, shift };
    let (mut w, mut w_bar, mut x_bar, mut s_bar) = (numbers(32, 1), numbers(32, 2), [0.5; 30], 1.0);
    let value =
        tidied::adjoint_fields(&x, &mut w, 0.7, &model, 2.0, &mut x_bar, &mut w_bar, &mut s_bar);
    let model = plain::Model { scale: 1.5, shift };
    let (mut u, mut u_bar, mut y_bar, mut t_bar) = (numbers(32, 1), numbers(32, 2), [0.5; 30], 1.0);
    let expected =
        plain::adjoint_fields(&x, &mut u, 0.7, &model, 2.0, &mut y_bar, &mut u_bar, &mut t_bar);
    assert_eq!(value.to_bits(), expected.to_bits());
    assert_eq!(w, u);
    close(&w_bar, &u_bar, 1e-13);
    close(&x_bar, &y_bar, 1e-13);
    close(&[s_bar], &[t_bar], 1e-13);
}

/// Fewer elements than trips: fails as the function does.
#[differentiable]
fn beyond(x: &[f64], y: &[f64], n: usize, c: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        let d = x[i] - c;
        sum += d * d * y[i];
    }
    sum
}

#[test]
fn failures_are_the_same() {
    let (x, y) = (numbers(9, 0), numbers(12, 0));
    for n in [0, 3, 8, 9, 10, 12, 13, 16] {
        assert_eq!(catch_unwind(|| beyond(&x, &y, n, 0.5)).is_err(), n > 9);
        assert_eq!(catch_unwind(|| grad_beyond(&x, &y, n, 0.5)).is_err(), n > 9);
        assert_eq!(catch_unwind(|| jvp_beyond(&x, &y, n, 0.5, &x, &y, 0.1)).is_err(), n > 9);
    }
}
