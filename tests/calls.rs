//! Calls of other differentiable functions, recursion, nested functions, code made by
//! `macro_rules!`.

use autodiff::differentiable;
use autodiff_tests::{gradient_test, inplace_test, pullback_test, state_test};

pub mod geometry {
    use autodiff::differentiable;

    #[differentiable]
    pub fn dot(a: &[f64], b: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (x, y) in a.iter().zip(b) {
            sum += x * y;
        }
        sum
    }

    #[differentiable]
    pub fn scale(v: &mut [f64], s: f64) {
        for x in v.iter_mut() {
            *x *= s;
        }
    }

    pub mod planar {
        use autodiff::differentiable;

        #[differentiable]
        pub fn rotate(p: [f64; 2], angle: f64) -> [f64; 2] {
            let (s, c) = angle.sin_cos();
            [c * p[0] - s * p[1], s * p[0] + c * p[1]]
        }

        #[differentiable]
        pub(crate) fn polar(x: f64, y: f64) -> (f64, f64) {
            (super::square(x, y).sqrt(), y.atan2(x))
        }
    }

    #[differentiable]
    pub fn square(x: f64, y: f64) -> f64 {
        x * x + y * y
    }

    pub use planar::rotate as turn;
}

pub mod prelude {
    pub use crate::geometry::planar::*;
    pub use crate::geometry::{dot, scale};
}

mod scalar_calls {
    use super::*;

    #[differentiable]
    fn square(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    fn smooth(x: f64, eps: f64) -> f64 {
        (square(x) + eps).sqrt()
    }

    #[differentiable]
    fn composed(x: f64, y: f64) -> f64 {
        let a = smooth(x * y, 0.1);
        square(a) * smooth(a, y * y) + square(square(x))
    }

    #[differentiable]
    fn in_an_expression(x: f64) -> f64 {
        3.0 * square(x).sin() / (1.0 + square(x + 1.0)) - square(-x)
    }

    #[differentiable]
    fn same_argument_twice(x: f64) -> f64 {
        smooth(x, x) * multiply(x, x)
    }

    #[differentiable]
    fn multiply(x: f64, y: f64) -> f64 {
        x * y
    }

    #[differentiable]
    fn with_constants(x: f64) -> f64 {
        multiply(x, 2.0) + multiply(3.0, x) * multiply(2.0, 5.0)
    }

    #[differentiable]
    fn in_conditions(x: f64) -> f64 {
        if square(x) > 1.0 { square(x) * x } else { x }
    }

    #[differentiable]
    fn overwritten_argument(x: f64) -> f64 {
        let mut a = x;
        a = square(a);
        a = multiply(a, x);
        a = smooth(a, a);
        a
    }

    #[differentiable]
    fn in_a_loop(x: &[f64]) -> f64 {
        let mut a = 0.3;
        for v in x {
            a = smooth(a, *v) * multiply(*v, a) + square(a);
        }
        a
    }

    #[differentiable]
    fn in_a_while(x: f64) -> f64 {
        let mut a = x;
        while square(a) < 30.0 {
            a = multiply(a, 1.5) + smooth(a, 0.2);
        }
        a
    }

    #[differentiable]
    fn by_reference(x: &f64, y: &f64) -> f64 {
        x * y.sin()
    }

    #[differentiable]
    fn passes_references(x: f64, y: &f64) -> f64 {
        let z = x * *y;
        by_reference(&z, y) + by_reference(&x, &2.0) * by_reference(y, y)
    }

    #[differentiable]
    fn several_results(x: f64, y: f64) -> f64 {
        let (r, angle) = geometry::planar::polar(x, y);
        let p = geometry::planar::polar(r, angle);
        p.0 * angle + p.1 * r
    }

    #[differentiable]
    fn with_integers(x: f64, n: usize) -> f64 {
        scaled(x, n) + scaled(x * x, n + 1)
    }

    #[differentiable]
    fn scaled(x: f64, n: usize) -> f64 {
        x * n as f64
    }

    gradient_test! {
        composed: (0.7, -1.2);
        in_an_expression: (0.7);
        same_argument_twice: (0.7);
        with_constants: (0.7);
        in_conditions: (0.7), (1.7);
        overwritten_argument: (0.7);
        in_a_loop: (ref vec![0.7, 1.2, 0.4]), (ref vec![]);
        in_a_while: (0.7), (7.0);
        passes_references: (0.7, ref -1.2);
        several_results: (0.7, -1.2);
        with_integers: (0.7, const 3);
    }

    #[test]
    fn same_object_for_multiple_arguments() {
        assert_eq!(grad_multiply(1.0, 1.0), (1.0, 1.0));
    }
}

mod aggregate_calls {
    use super::*;
    use crate::geometry::{dot, turn};
    use crate::prelude as p;
    use geometry as g;

    #[differentiable]
    fn norms(x: &[f64], y: &[f64]) -> f64 {
        dot(x, y) / (dot(x, x) * dot(y, y)).sqrt()
    }

    #[differentiable]
    fn through_paths(x: &[f64], y: [f64; 2]) -> f64 {
        let a = crate::geometry::dot(x, &y);
        let b = self::g::dot(&y, &y);
        let c = super::geometry::square(a, b);
        let d = p::dot(x, x) * p::rotate(y, a)[0];
        c * d
    }

    #[differentiable]
    fn sub_slices(x: &[f64], n: usize) -> f64 {
        let mut sum = dot(&x[..n], &x[n..2 * n]);
        for i in 0..n {
            sum += dot(&x[i..i + n], &x[n - i..2 * n - i]) * x[i];
        }
        sum * dot(&x[1..=n], &x[..n])
    }

    #[differentiable]
    fn rotations(q: [f64; 2], angles: &[f64]) -> [f64; 2] {
        let mut q = q;
        for a in angles {
            q = turn(q, *a);
            q[0] *= 1.1;
        }
        q
    }

    #[differentiable]
    fn rows(m: &[[f64; 3]], v: &[f64; 3]) -> Vec<f64> {
        let mut out = vec![0.0; m.len()];
        for i in 0..m.len() {
            out[i] = dot(&m[i], v);
        }
        out
    }

    #[differentiable]
    fn ragged(m: &[Vec<f64>]) -> f64 {
        let mut sum = 0.0;
        for i in 1..m.len() {
            sum += dot(&m[i - 1], &m[i]) * sum + dot(&m[i], &m[i]);
        }
        sum
    }

    #[differentiable]
    fn returns_vector(x: &[f64], s: f64) -> Vec<f64> {
        let mut out = Vec::new();
        for v in x {
            out.push(v * s);
        }
        out
    }

    #[differentiable]
    fn uses_vector(x: &[f64], s: f64) -> f64 {
        let y = returns_vector(x, s);
        let z = returns_vector(&y, y[0]);
        let mut v = z.clone();
        v = returns_vector(&v, s);
        dot(&y, &z) + v[0]
    }

    #[differentiable]
    fn local_arrays(x: f64, y: f64) -> f64 {
        let a = [x, y, x * y];
        let b = vec![y, x, 1.0];
        dot(&a, &b) * dot(&b[1..], &a[..2])
    }

    gradient_test! {
        norms: (ref vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2, -0.5]);
        through_paths: (ref vec![0.7, -1.2], [0.4, 1.3]);
        sub_slices: (ref vec![0.7, -1.2, 0.4, 1.3, 0.2, -0.5], const 3), (ref vec![0.7, -1.2], const 1);
        ragged: (ref vec![vec![0.7, -1.2], vec![0.4, 1.3], vec![0.2, -0.5]]), (ref vec![]);
        uses_vector: (ref vec![0.7, -1.2], 0.9);
        local_arrays: (0.7, -1.2);
    }
    pullback_test! {
        rotations: ([0.7, -1.2], ref vec![0.3, -0.4]), ([0.7, -1.2], ref vec![]);
        rows: (ref vec![[0.7, -1.2, 0.4], [1.3, 0.2, -0.5]], ref [0.1, 0.2, 0.3]), (ref vec![], ref [0.1, 0.2, 0.3]);
    }
}

mod buffer_calls {
    use super::*;
    use crate::geometry::{dot, scale};

    #[differentiable]
    fn scale_local(x: [f64; 3], s: f64) -> f64 {
        let mut v = x;
        scale(&mut v, s);
        let first = v[0];
        scale(&mut v[1..], first);
        v[0] * v[1] * v[2]
    }

    #[differentiable]
    fn scale_parameter(v: &mut [f64], s: f64) {
        scale(v, s);
        let n = v.len();
        scale(&mut v[..n / 2], s * s);
        scale(v, v[0]);
    }

    #[differentiable]
    fn in_a_loop(v: &mut [f64], factors: &[f64]) -> f64 {
        let mut total = 0.0;
        for f in factors {
            scale(v, *f);
            total += dot(v, v);
            for i in 0..v.len() {
                scale(&mut v[i..i + 1], total.sin());
            }
        }
        total
    }

    #[differentiable]
    fn step(state: &mut [f64; 2], derivative: &mut [f64; 2], h: f64) -> f64 {
        rhs(state, derivative);
        let energy = derivative[0] * derivative[0];
        for i in 0..2 {
            state[i] += h * derivative[i];
        }
        energy
    }

    #[differentiable]
    fn rhs(state: &[f64; 2], derivative: &mut [f64; 2]) {
        derivative[0] = state[1];
        derivative[1] = -state[0].sin() - 0.1 * state[1] * state[1];
    }

    #[differentiable]
    fn integrate(start: [f64; 2], h: f64, steps: usize) -> f64 {
        let mut state = start;
        let mut derivative = [0.0; 2];
        let mut energy = 0.0;
        for _ in 0..steps {
            energy += step(&mut state, &mut derivative, h);
        }
        energy + state[0] * state[1]
    }

    #[differentiable]
    fn bump(x: &mut f64, y: f64) -> f64 {
        let before = *x;
        *x = before * y + 1.0;
        before
    }

    #[differentiable]
    fn scalar_buffers(x: f64, y: f64) -> f64 {
        let mut a = x;
        let p = bump(&mut a, y);
        let q = bump(&mut a, p);
        let mut v = [a, q];
        let y = v[0];
        let r = bump(&mut v[1], y);
        v[1] * r + a
    }

    #[differentiable]
    fn passes_on(x: &mut f64, y: f64) -> f64 {
        let a = bump(x, y);
        let b = bump(x, a);
        a * b
    }

    #[differentiable]
    fn halves(v: &mut [f64]) {
        let middle = v.len() / 2;
        let (left, right) = v.split_at_mut(middle);
        mix(left, right);
        mix(&mut right[..1], &mut left[..1]);
    }

    #[differentiable]
    fn mix(a: &mut [f64], b: &mut [f64]) {
        for (x, y) in a.iter_mut().zip(b.iter_mut()) {
            let t = *x;
            *x = t * *y;
            *y += t;
        }
    }

    #[differentiable]
    fn fill_local(x: &[f64], n: usize) -> f64 {
        let mut work = vec![0.0; n];
        cumulative(x, &mut work);
        let mut again = vec![0.0; n];
        cumulative(&work, &mut again);
        cumulative(&again, &mut work);
        dot(&work, &again)
    }

    #[differentiable]
    fn cumulative(x: &[f64], out: &mut [f64]) {
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += x[i] * x[i];
            out[i] = sum;
        }
    }

    #[differentiable(wrt(x))]
    fn with_scratch(x: &[f64], work: &mut [f64]) -> f64 {
        cumulative(x, work);
        dot(x, &work[..x.len()])
    }

    #[differentiable]
    fn calls_with_scratch(x: &[f64]) -> f64 {
        let mut work = vec![0.0; x.len()];
        with_scratch(x, &mut work) * with_scratch(&x[1..], &mut work)
    }

    #[differentiable]
    fn grow(v: &mut Vec<f64>, x: f64) {
        let n = v.len();
        let last = v[n - 1];
        v.push(last * x);
    }

    #[differentiable]
    fn grows(x: f64, n: usize) -> f64 {
        let mut v = vec![x];
        for _ in 0..n {
            grow(&mut v, x + 1.0);
        }
        let mut sum = 0.0;
        for i in 0..v.len() {
            sum += v[i] * v[0];
        }
        sum
    }

    gradient_test! {
        scale_local: ([0.7, -1.2, 0.4], 1.3);
        integrate: ([0.7, -1.2], 0.1, const 10), ([0.7, -1.2], 0.1, const 0);
        scalar_buffers: (0.7, -1.2);
        fill_local: (ref vec![0.7, -1.2, 0.4], const 3), (ref vec![], const 0);
        calls_with_scratch: (ref vec![0.7, -1.2, 0.4]);
        grows: (0.7, const 3), (0.7, const 0);
    }
    inplace_test! {
        scale_parameter: (mut vec![0.7, -1.2, 0.4, 1.1], 1.3);
        halves: (mut vec![0.7, -1.2, 0.4, 1.1]), (mut vec![0.7, -1.2, 0.4]);
    }
    state_test! {
        in_a_loop: (mut vec![0.7, -1.2], ref vec![1.1, 0.8]), (mut vec![0.7], ref vec![]);
        passes_on: (mut 0.7, -1.2);
    }
}

mod recursion {
    use super::*;

    #[differentiable]
    fn power(x: f64, n: u32) -> f64 {
        if n == 0 { 1.0 } else { x * power(x, n - 1) }
    }

    #[differentiable]
    fn fast_power(x: f64, n: u32) -> f64 {
        match n {
            0 => 1.0,
            n if n % 2 == 0 => {
                let half = fast_power(x, n / 2);
                half * half
            }
            n => x * fast_power(x, n - 1),
        }
    }

    #[differentiable]
    fn tree_sum(x: &[f64]) -> f64 {
        if x.is_empty() {
            return 0.0;
        }
        if x.len() == 1 {
            return x[0] * x[0];
        }
        let middle = x.len() / 2;
        let left = tree_sum(&x[..middle]);
        let right = tree_sum(&x[middle..]);
        left * right + left.sin()
    }

    #[differentiable]
    fn even(x: f64, n: u32) -> f64 {
        if n == 0 { x } else { odd(x * 1.1, n - 1) + x }
    }

    #[differentiable]
    fn odd(x: f64, n: u32) -> f64 {
        if n == 0 {
            return x.sin();
        }
        even(x * x, n - 1) * x
    }

    #[differentiable]
    fn until(x: f64) -> f64 {
        if x.abs() < 0.1 {
            return x.exp();
        }
        x * until(0.5 * x.sin())
    }

    #[differentiable]
    fn in_place(x: &mut [f64], s: f64) {
        if x.len() < 2 {
            return;
        }
        let n = x.len();
        x[n - 1] *= s * x[0];
        in_place(&mut x[1..], s);
        x[0] += x[n - 1];
    }

    #[differentiable]
    fn fibonacci(x: f64, n: u32) -> f64 {
        if n < 2 {
            x
        } else {
            fibonacci(x, n - 1) + x * fibonacci(x, n - 2)
        }
    }

    gradient_test! {
        power: (0.7, const 5), (0.7, const 0);
        fast_power: (0.7, const 13), (0.7, const 0), (0.7, const 1);
        tree_sum: (ref vec![0.7, -1.2, 0.4, 1.1, 0.3]), (ref vec![]), (ref vec![0.7]);
        even: (0.7, const 5), (0.7, const 0);
        odd: (0.7, const 4), (0.7, const 0);
        until: (0.7), (0.05), (-2.0);
        fibonacci: (0.7, const 7);
    }
    inplace_test! { in_place: (mut vec![0.7, -1.2, 0.4, 1.1], 0.9), (mut vec![0.7], 0.9), (mut vec![], 0.9); }
}

mod nested_functions {
    use super::*;

    #[differentiable]
    fn outer(x: f64, y: f64) -> f64 {
        fn inner(a: f64, b: f64) -> f64 {
            a * b.sin()
        }
        const HALF: f64 = 0.5;
        inner(x, y) * HALF + inner(y, inner(x, x))
    }

    #[differentiable]
    fn nested_twice(x: f64) -> f64 {
        fn middle(x: f64) -> f64 {
            fn innermost(x: f64) -> f64 {
                x * x * x
            }
            innermost(x).sin()
        }
        middle(x) * middle(x * x)
    }

    #[differentiable]
    fn recursive_inside(x: f64, n: usize) -> f64 {
        fn product(x: f64, n: usize) -> f64 {
            if n == 0 {
                1.0
            } else {
                (x + n as f64) * product(x, n - 1)
            }
        }
        product(x, n)
    }

    #[differentiable]
    fn writes_inside(x: &[f64]) -> f64 {
        fn square_all(v: &mut [f64]) {
            for x in v.iter_mut() {
                *x *= *x;
            }
        }
        let mut v = x.to_vec();
        square_all(&mut v);
        v[0] * v[1]
    }

    #[differentiable]
    fn integer_helper(x: &[f64], k: usize) -> f64 {
        fn wrap(i: usize, n: usize) -> usize {
            (i * 7 + 3) % n
        }
        x[wrap(k, x.len())] * x[wrap(k + 1, x.len())]
    }

    #[differentiable]
    fn local_closure(x: f64, y: f64) -> f64 {
        let f = |a: f64| a * a + y;
        let g = |a, b| a * b;
        f(x) * g(x, f(y))
    }

    gradient_test! {
        outer: (0.7, -1.2);
        nested_twice: (0.7);
        recursive_inside: (0.7, const 4), (0.7, const 0);
        writes_inside: (ref vec![0.7, -1.2]);
        integer_helper: (ref vec![0.7, -1.2, 0.4, 1.1, 0.3], const 2);
        local_closure: (0.7, -1.2);
    }
}

/// Whole functions made by a macro.
mod made_by_macros {
    use super::*;

    macro_rules! powers {
        ($($name:ident = $n:literal),*) => {
            $(#[differentiable]
            fn $name(x: f64) -> f64 {
                let mut p = 1.0;
                for _ in 0..$n {
                    p *= x;
                }
                p
            })*
        };
    }
    powers!(square = 2, cube = 3, constant = 0);

    macro_rules! unary {
        ($name:ident, $x:ident, $body:expr) => {
            #[differentiable]
            fn $name($x: f64) -> f64 {
                2.0 * $body * $body
            }
        };
    }
    // The body is one operand, whatever its operators.
    unary!(sum_squared, x, x + 1.0);
    unary!(quotient, t, 1.0 / t - t);

    macro_rules! function {
        ($(#[$attribute:meta])* $visibility:vis fn $name:ident($($p:ident: $t:ty),*) -> $r:ty $body:block) => {
            $(#[$attribute])*
            #[differentiable]
            $visibility fn $name($($p: $t),*) -> $r $body
        };
    }
    function! {
        /// Documented.
        #[inline]
        pub(crate) fn by_fragments(x: f64, v: &[f64]) -> f64 {
            let mut sum = 0.0;
            for a in v { sum += a * x; }
            sum
        }
    }

    macro_rules! typed {
        ($name:ident, $t:ident, $n:expr) => {
            #[differentiable]
            fn $name(x: [$t; $n]) -> $t {
                let mut sum = 0.0;
                for i in 0..$n {
                    sum += x[i] * x[$n - 1 - i];
                }
                sum
            }
        };
    }
    typed!(three, f64, 3);
    typed!(single, f32, 2);

    /// Two variables of the same text, told apart by hygiene.
    macro_rules! hygienic {
        ($name:ident, $x:ident) => {
            #[differentiable]
            fn $name($x: f64) -> f64 {
                let t = $x * $x;
                let x = t.sin();
                let $x = x * t + $x;
                $x * x
            }
        };
    }
    hygienic!(same_text, x);
    hygienic!(other_text, y);

    macro_rules! square_of {
        ($e:expr) => {{
            let t = $e;
            t * t
        }};
    }

    #[differentiable]
    fn with_format(x: f64) -> f64 {
        let label = format!("{:.2}", x);
        x * label.len() as f64
    }

    gradient_test! {
        square: (0.7);
        cube: (0.7);
        constant: (0.7);
        sum_squared: (0.7);
        quotient: (0.7);
        by_fragments: (0.7, ref vec![1.0, -2.0]);
        three: ([0.7, -1.2, 0.4]);
        same_text: (0.7);
        other_text: (0.7);
        with_format: (0.7);
    }

    #[test]
    fn single_precision() {
        assert_eq!(grad_single([2.0, 3.0]), [6.0, 4.0]);
    }

    #[test]
    fn an_expression_macro_in_a_plain_function() {
        assert_eq!(square_of!(3.0), 9.0);
    }
}

/// The type namespace: companions, and functions whose name it holds already.
mod namespaces {
    use super::*;

    pub mod area {
        use autodiff::differentiable;

        #[differentiable(companion = area_companion)]
        pub fn area(w: f64, h: f64) -> f64 {
            w * h
        }
    }
    pub use area::area;

    pub mod volume {
        use autodiff::differentiable;

        #[differentiable(companion = none)]
        pub fn volume(w: f64, h: f64, d: f64) -> f64 {
            w * h * d
        }
    }
    #[allow(unused_imports)]
    pub use volume::{grad_volume, volume};

    mod inner {
        use autodiff::differentiable;

        #[differentiable]
        pub fn exported(x: f64) -> f64 {
            x.sin()
        }
    }
    pub use inner::exported;
    pub use inner::exported as renamed;

    #[differentiable]
    fn calls_reexports(x: f64) -> f64 {
        exported(x) * renamed(x * x) * self::exported(2.0 * x)
    }

    gradient_test! { calls_reexports: (0.7); }

    #[test]
    fn functions_named_like_modules() {
        assert_eq!(area(2.0, 3.0), 6.0);
        assert_eq!(area::grad_area(2.0, 3.0), (3.0, 2.0));
        assert_eq!(grad_volume(2.0, 3.0, 4.0), (12.0, 8.0, 6.0));
        assert_eq!(volume(1.0, 2.0, 3.0), 6.0);
    }
}

/// Functions of another crate, which knows the library by another name.
mod other_crates {
    use super::*;
    use autodiff_tests_renamed::{iterate, scale};

    #[differentiable(order = 2)]
    fn across(x: f64, v: &[f64]) -> f64 {
        let mut w = v.to_vec();
        scale(&mut w, x);
        iterate(x, &w) * autodiff_tests_renamed::iterate(1.2, v)
    }

    #[differentiable]
    fn generic_callee(x: f64) -> f64 {
        autodiff_tests_renamed::square(x) * x
    }

    gradient_test! {
        across: (1.3, ref vec![0.7, -1.2, 0.4]), (1.3, ref vec![]);
        generic_callee: (0.7);
    }
    autodiff_tests::hvp_test! { across: (1.3, ref vec![0.7, -1.2, 0.4]); }
}
