//! Names that collide, missing preludes, strict lints.

#![deny(warnings)]
#![deny(clippy::pedantic)]
// What the functions below do as their users wrote them, not what is generated.
#![allow(
    clippy::float_cmp,
    clippy::many_single_char_names,
    clippy::too_many_arguments,
    clippy::needless_range_loop,
    clippy::cast_precision_loss
)]

use autodiff_tests::{gradient_test, hessian_test, hvp_test, inplace_test, state_test};

/// User's names that generated code likes too.
mod colliding {
    use super::{gradient_test, hessian_test, hvp_test, inplace_test, state_test};
    use autodiff::differentiable;

    #[differentiable]
    fn bars(x: f64, x_bar: f64, x_dot: f64) -> f64 {
        let result = x * x_bar;
        let tape = result * x_dot;
        let result_bar = tape.sin() + x;
        result * tape * result_bar
    }

    #[differentiable]
    fn temporaries(seed: f64, value: f64, gradient: &[f64]) -> f64 {
        let mut sum = seed;
        let sum_bar = value * 2.0;
        let value_dot = sum_bar * seed;
        for i in 0..gradient.len() {
            let seed_bar = gradient[i] * sum;
            sum = seed_bar + value_dot * seed;
        }
        let done = sum * sum;
        let trips = done * value;
        let direction = trips.sin();
        direction * done
    }

    #[differentiable]
    fn tapes(tape: &mut [f64], tape_2: f64, t: f64) -> f64 {
        let mut index = 0;
        let mut pullback = t;
        while index < tape.len() {
            pullback *= tape[index] + tape_2;
            tape[index] = pullback;
            index += 1;
            if pullback > 50.0 {
                break;
            }
        }
        pullback
    }

    #[differentiable]
    #[allow(non_snake_case)]
    fn letters(T: f64, R: f64, S: &mut [f64]) {
        let N = S.len();
        for I in 0..N {
            S[I] = S[I] * T + R * T;
        }
    }

    #[differentiable]
    fn keywords(r#type: f64, r#match: f64) -> f64 {
        let r#loop = r#type * r#match;
        r#loop * r#type
    }

    #[differentiable]
    fn shadowed_modules(std: f64, core: f64, autodiff: f64) -> f64 {
        let f64 = std * core;
        let private = f64 * autodiff;
        private.sin() + core.max(std)
    }

    #[differentiable]
    fn r#fn(x: f64) -> f64 {
        x.sin() * x
    }

    #[differentiable]
    fn calls_raw(x: f64) -> f64 {
        r#fn(x) * x
    }

    /// Names that the wrappers' own locals would like to have.
    #[differentiable(order = 2)]
    fn wrappers(
        v: &[f64],
        n: usize,
        i: usize,
        j: usize,
        k: usize,
        m: usize,
        rows: f64,
        row: f64,
        dot: f64,
    ) -> f64 {
        let mut sum = rows;
        for a in 0..n {
            sum += v[a] * v[(a + i + j + k + m) % v.len()] * row;
        }
        sum * dot
    }

    #[differentiable(order = 2)]
    fn more_wrappers(
        value: f64,
        product: f64,
        gradient: f64,
        pullback: f64,
        seed: f64,
        basis: f64,
        tower: f64,
        hessian: f64,
    ) -> f64 {
        value * product
            + gradient * pullback * value
            + (seed * basis).sin() * tower
            + hessian * value
    }

    #[differentiable(order = 2)]
    fn higher_wrappers(
        x: f64,
        x_dot: f64,
        x_bar: f64,
        x_bar_dot: f64,
        result_bar: f64,
        result_bar_dot: f64,
        point: f64,
    ) -> f64 {
        x * x_dot * x_bar + (x_bar_dot * result_bar).exp() * x - result_bar_dot * point * x_dot
    }

    #[differentiable(order = 3)]
    fn one_float(x: f64, n: usize, i: usize, tower: usize, value: usize) -> f64 {
        let mut p = 1.0;
        for _ in 0..n + i + tower + value {
            p *= x;
        }
        p
    }

    #[differentiable(order = 2)]
    fn one_slice(x: &[f64], n: usize, i: usize, rows: usize, dot: usize, hessian: usize) -> f64 {
        let mut sum = 0.0;
        for at in 0..n {
            sum += x[at] * x[at] * (i + rows + dot + hessian) as f64;
        }
        sum
    }

    #[differentiable]
    fn jacobian_names(
        x: [f64; 2],
        n: usize,
        i: usize,
        rows: usize,
        row: usize,
        seed: usize,
        pullback: usize,
        value: usize,
        jacobian: usize,
        column: usize,
    ) -> [f64; 2] {
        let s = (n + i + rows + row + seed + pullback + value + jacobian + column) as f64;
        [x[0] * s, x[1] * x[0]]
    }

    #[differentiable]
    fn jacobian_of_slice(
        x: &[f64],
        n: usize,
        i: usize,
        rows: usize,
        row: usize,
        seed: usize,
        value: usize,
        pullback: usize,
    ) -> Vec<f64> {
        let mut out = Vec::new();
        for a in 0..n {
            out.push(x[a] * (i + rows + row + seed + value + pullback) as f64);
        }
        out
    }

    /// Local variables and functions named like generated functions.
    #[differentiable]
    fn generated(x: f64, y: f64) -> f64 {
        let (grad_generated, jvp_generated) = (x * y, y);
        let adjoint_generated = grad_generated * jvp_generated;
        let generated = adjoint_generated.sin();
        generated * grad_generated
    }

    gradient_test! {
        wrappers: (ref vec![0.7, -1.2], const 2, const 1, const 0, const 0, const 0, 0.4, 1.1, 0.9);
        more_wrappers: (0.7, -1.2, 0.4, 1.1, 0.9, -0.3, 0.2, 1.7);
        higher_wrappers: (0.7, -1.2, 0.4, 1.1, 0.9, -0.3, 0.2);
        generated: (0.7, -1.2);
    }
    hvp_test! {
        wrappers: (ref vec![0.7, -1.2], const 2, const 1, const 0, const 0, const 0, 0.4, 1.1, 0.9);
        more_wrappers: (0.7, -1.2, 0.4, 1.1, 0.9, -0.3, 0.2, 1.7);
        higher_wrappers: (0.7, -1.2, 0.4, 1.1, 0.9, -0.3, 0.2);
        one_slice: (ref vec![0.7, -1.2], const 1, const 1, const 2, const 3, const 4);
    }
    hessian_test! {
        more_wrappers: (0.7, -1.2, 0.4, 1.1, 0.9, -0.3, 0.2, 1.7);
        higher_wrappers: (0.7, -1.2, 0.4, 1.1, 0.9, -0.3, 0.2);
        one_slice: (ref vec![0.7, -1.2], const 1, const 1, const 2, const 3, const 4);
    }

    #[test]
    fn arrays_of_derivatives() {
        assert_eq!(derivatives_one_float(2.0, 1, 1, 1, 1), [16.0, 32.0, 48.0, 48.0]);
        assert_eq!(hessian_one_float(2.0, 1, 0, 1, 0), 2.0);
        let j = jacobian_jacobian_names([2.0, 3.0], 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assert_eq!(j, [[45.0, 0.0], [3.0, 2.0]]);
        let j = jacobian_jacobian_of_slice(&[2.0, 3.0], 1, 2, 3, 4, 5, 6, 7);
        assert_eq!(j, [[27.0, 0.0]]);
    }

    mod shadowing_items {
        #![allow(dead_code)]
        pub struct Option;
        pub struct Vec;
        pub struct Tape;
        pub trait Tangent {}
        pub fn zero_like() {}
        pub fn accumulate() {}
        pub const SEED: f64 = 1.0;
    }

    mod with_shadowing_items {
        use super::shadowing_items::*;
        use autodiff::differentiable;

        #[differentiable]
        pub fn f(x: &[f64]) -> f64 {
            let mut a = SEED;
            for v in x {
                if *v > 0.0 {
                    a = a * v + a.sin();
                } else {
                    a -= v;
                }
            }
            a
        }
    }
    use with_shadowing_items::{adjoint_f, f, grad_f, jvp_f, value_and_grad_f, vjp_f};

    gradient_test! {
        bars: (0.7, -1.2, 0.4);
        temporaries: (0.7, -1.2, ref vec![0.4, 1.1]);
        keywords: (0.7, -1.2);
        shadowed_modules: (0.7, -1.2, 0.4);
        calls_raw: (0.7);
        f: (ref vec![0.7, -1.2, 0.4]);
    }
    state_test! { tapes: (mut vec![0.7, -1.2, 0.4], 2.0, 1.5); }
    inplace_test! { letters: (0.7, -1.2, mut vec![0.4, 1.1]); }

    #[test]
    fn raw_identifiers() {
        assert_eq!(grad_fn(0.0), 0.0);
    }
}

/// Everything but the language itself is missing.
mod without_prelude {
    #[rustfmt::skip]
    mod inner {
        #![no_implicit_prelude]

        use ::autodiff::differentiable;
        use ::autodiff::Real;
        use ::std::clone::Clone;
        use ::std::vec::Vec;

        #[differentiable(order = 2)]
        pub fn scalar(x: f64, y: f64) -> f64 {
            let mut a = x * y;
            while a < 10.0 {
                a = a * a + x;
                if a > 5.0 {
                    a += y;
                }
            }
            a.sin()
        }

        #[differentiable(order = 2)]
        pub fn slices(x: &[f64], n: usize) -> f64 {
            let mut v: Vec<f64> = ::std::vec::Vec::new();
            for i in 0..x.len() {
                v.push(x[i] * x[0]);
            }
            let w = v.clone();
            let mut sum = 0.0;
            for i in 0..n {
                if i == 2 {
                    continue;
                }
                v[i] *= w[i];
                sum += v[i] * scalar(x[i], 2.0);
            }
            sum
        }

        #[differentiable]
        pub fn in_place(x: &mut [f64], s: f64) {
            for i in 0..x.len() {
                x[i] *= s;
            }
        }

        #[differentiable]
        pub fn jacobi(x: [f64; 2]) -> [f64; 2] {
            [x[0] * x[1], x[1]]
        }

        #[differentiable(order = 3)]
        pub fn generic<T: Real>(x: T) -> T {
            x * x.sin() + T::of(2.0)
        }
    }

    #[test]
    fn gives_the_same() {
        assert!(inner::scalar(1.5, 2.0).is_finite());
        let (x, y) = inner::grad_scalar(1.5, 2.0);
        let tangent = inner::jvp_scalar(1.5, 2.0, 1.0, 1.0).1;
        assert!((tangent - x - y).abs() < 1e-9 * (1.0 + tangent.abs()));
        assert_eq!(inner::grad_slices(&[1.0, 2.0, 3.0], 0), [0.0; 3]);
        assert_eq!(inner::hessian_slices(&[1.0, 2.0], 0), [[0.0; 2]; 2]);
        let mut x = [1.0, 2.0];
        inner::adjoint_in_place(&mut x, 2.0, &mut [1.0, 1.0], &mut 0.0);
        assert_eq!(x, [2.0, 4.0]);
        assert_eq!(inner::jacobian_jacobi([2.0, 3.0]), [[3.0, 2.0], [0.0, 1.0]]);
        assert_eq!(inner::derivatives_generic(0.0), [2.0, 0.0, 2.0, 0.0]);
    }
}

/// Functions in odd surroundings.
mod surroundings {
    use autodiff::differentiable;

    #[test]
    fn inside_a_function() {
        #[differentiable]
        fn local(x: f64) -> f64 {
            x * x
        }
        assert_eq!(grad_local(3.0), 6.0);
    }

    mod without_use {
        #[autodiff::differentiable]
        pub fn by_path(x: f64) -> f64 {
            x * x
        }
    }

    mod elsewhere {
        pub use autodiff as ad;
    }

    // The dependency under another path.
    #[differentiable(crate = elsewhere::ad)]
    fn other_path(x: f64) -> f64 {
        let mut a = x;
        while a < 10.0 {
            a *= x;
        }
        a
    }

    #[test]
    fn by_other_paths() {
        assert_eq!(without_use::grad_by_path(3.0), 6.0);
        assert_eq!(grad_other_path(3.0), 27.0);
    }

    /// Unused on purpose: nothing that is generated may warn.
    #[differentiable(order = 2)]
    #[allow(dead_code)]
    fn never_called(x: &[f64], s: f64) -> f64 {
        let mut sum = 0.0;
        for v in x {
            sum += v * s;
        }
        sum
    }

    #[differentiable]
    #[allow(dead_code)]
    pub(super) fn restricted(x: f64) -> f64 {
        x
    }

    #[differentiable]
    #[allow(dead_code)]
    pub(in crate::surroundings) fn more_restricted(x: f64) -> f64 {
        x
    }

    pub mod deprecated {
        use autodiff::differentiable;

        #[deprecated(note = "for the test")]
        #[differentiable]
        pub fn old(x: f64) -> f64 {
            x * x
        }
    }

    #[test]
    #[allow(deprecated)]
    fn deprecated_functions() {
        assert_eq!(deprecated::grad_old(3.0), 6.0);
    }
}

/// Restrictions that the code keeps, but that loops over positions do not.
mod restricted {
    #![deny(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::integer_division,
        clippy::unwrap_used
    )]

    use super::gradient_test;
    use autodiff::differentiable;

    #[differentiable]
    fn chained(x: &[f64], y: &[f64]) -> f64 {
        let mut sum: f64 = x.iter().zip(y.iter().skip(1)).map(|(a, b)| a * b).sum();
        for (i, c) in x.chunks_exact(2).enumerate().step_by(2) {
            sum += c.iter().sum::<f64>() * i as f64;
        }
        sum
    }

    gradient_test! { chained: (ref vec![0.3, 0.5, 0.7, 1.1, 0.2], ref vec![0.6, 0.4, 0.9]); }
}
