//! The same functions with and without one of the passes: against each other, between the modes and
//! against differences.

/// A function of a number and a list, which stand in one list: with the pass and without.
macro_rules! twice {
    (without($pass:ident) $(#[doc = $text:expr])* fn $name:ident($p:ident) $body:block) => {
        mod $name {
            pub mod without {
                #[autodiff::differentiable(order = 2, without($pass))]
                pub fn f($p: &[f64]) -> f64 $body
            }
            pub mod with {
                #[autodiff::differentiable(order = 2)]
                pub fn f($p: &[f64]) -> f64 $body
            }
            #[test]
            fn is_the_same() {
                crate::twice::check(&crate::twice::Both {
                    value: with::f,
                    gradients: [with::value_and_grad_f, without::value_and_grad_f],
                    pullbacks: [
                        |p| {
                            let (value, pullback) = with::vjp_f(p);
                            (value, pullback(1.0))
                        },
                        |p| {
                            let (value, pullback) = without::vjp_f(p);
                            (value, pullback(1.0))
                        },
                    ],
                    tangents: [with::jvp_f, without::jvp_f],
                    second: [with::hvp_f, without::hvp_f],
                });
            }
        }
    };
}
pub(crate) use twice;

pub type Gradient = fn(&[f64]) -> (f64, Vec<f64>);

pub struct Both {
    pub value: fn(&[f64]) -> f64,
    /// With the pass, and without.
    pub gradients: [Gradient; 2],
    pub pullbacks: [Gradient; 2],
    pub tangents: [fn(&[f64], &[f64]) -> (f64, f64); 2],
    pub second: [fn(&[f64], &[f64]) -> Vec<f64>; 2],
}

pub fn check(f: &Both) {
    for n in [0, 1, 3, 4, 5, 7, 8, 9, 16, 19, 100] {
        let (p, v) = (numbers(n + 1, 5), numbers(n + 1, 40));
        let value = (f.value)(&p);
        let (with_gradient, gradient) = (f.gradients[0])(&p);
        let (with_pullback, pulled) = (f.pullbacks[0])(&p);
        let (with_tangent, tangent) = (f.tangents[0])(&p, &v);
        for other in [with_gradient, with_pullback, with_tangent] {
            assert_eq!(value.to_bits(), other.to_bits(), "{n} elements");
        }
        let plain = (f.gradients[1])(&p).1;
        close(&gradient, &plain, 1e-12);
        close(&pulled, &plain, 1e-12);
        close(&(f.pullbacks[1])(&p).1, &plain, 1e-12);
        close(&[tangent], &[(f.tangents[1])(&p, &v).1], 1e-12);
        close(&[tangent], &[gradient.iter().zip(&v).map(|(g, v)| g * v).sum()], 1e-12);
        close(&[tangent], &difference(|p| vec![(f.value)(p)], &p, &v), 1e-7);
        let second = (f.second[0])(&p, &v);
        close(&second, &(f.second[1])(&p, &v), 1e-12);
        close(&second, &difference(|p| (f.gradients[0])(p).1, &p, &v), 1e-7);
    }
}

/// The derivative of `f` along `v`.
pub fn difference(f: impl Fn(&[f64]) -> Vec<f64>, p: &[f64], v: &[f64]) -> Vec<f64> {
    let at = |h: f64| f(&p.iter().zip(v).map(|(p, v)| p + h * v).collect::<Vec<f64>>());
    let (far, near) = ([at(2e-3), at(-2e-3)], [at(1e-3), at(-1e-3)]);
    let one = |i: usize| (8.0 * (near[0][i] - near[1][i]) - (far[0][i] - far[1][i])) / 12e-3;
    (0..far[0].len()).map(one).collect()
}

pub fn numbers(n: usize, from: usize) -> Vec<f64> {
    (from..from + n).map(|i| ((i * 7919 + 13) % 101) as f64 / 51.0 - 0.99).collect()
}

#[track_caller]
pub fn close(got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    for (a, b) in got.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{got:?}, expected {expected:?}");
    }
}
