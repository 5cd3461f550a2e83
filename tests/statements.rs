//! `let`, assignment, blocks, branches and matches, as statements and as values.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::differentiable;
use autodiff_tests::{gradient_test, inplace_test, pullback_test, state_test};

mod bindings {
    use super::*;

    #[differentiable]
    fn shadowing(x: f64) -> f64 {
        let y = x * x;
        let x = y.sin();
        let y = x * y;
        let x = x + y * x;
        x * y
    }

    #[differentiable]
    fn shadowing_a_parameter_in_blocks(x: f64, y: f64) -> f64 {
        let z = {
            let x = x * y;
            let y = {
                let x = x * x + y;
                x * y
            };
            x * y
        };
        x * z + y
    }

    #[differentiable]
    fn patterns(p: (f64, (f64, f64)), q: [f64; 3]) -> f64 {
        let (a, (b, c)) = p;
        let [d, e, f] = q;
        let (g, [h, _]) = (a * d, [b * e, 0.0]);
        g * h + c * f
    }

    #[differentiable]
    fn rest_patterns(q: [f64; 5]) -> f64 {
        let [first, .., last] = q;
        let [_, second, ..] = q;
        first * second - last * last
    }

    #[differentiable]
    fn parameter_patterns((a, b): (f64, f64), [c, d]: [f64; 2]) -> f64 {
        a * c + b.sin() * d
    }

    #[differentiable]
    fn mutable_parameter(mut x: f64, mut y: f64) -> f64 {
        x *= y;
        y += x;
        x = x * y;
        y.sin() * x
    }

    #[differentiable]
    fn deferred(x: f64) -> f64 {
        let y;
        let z: f64;
        if x > 1.0 {
            y = x * x;
            z = y.sin();
        } else {
            z = x.exp();
            y = z * x;
        }
        y * z
    }

    #[differentiable]
    fn deferred_in_line(x: f64) -> f64 {
        let y;
        y = x * x;
        let z;
        z = y * x;
        z
    }

    #[differentiable]
    fn tuple_of_results(x: f64, y: f64) -> f64 {
        let (a, b, c) = (x + y, x * y, x / y);
        let (a, b) = (b, a);
        a * b * c
    }

    #[differentiable]
    fn tuple_assignment(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (x, y);
        (a, b) = (b * b, a * b);
        (b, a) = (a + b, a - b);
        a * a * b
    }

    #[differentiable]
    fn underscores(x: f64) -> f64 {
        let _ = x.sin();
        let _unused = x * 2.0;
        _ = x.exp();
        x * x
    }

    #[differentiable]
    fn type_annotations(x: f64) -> f64 {
        let a: f64 = x;
        let b: [f64; 2] = [a, a * a];
        let c: (f64, usize) = (b[1], 1);
        let d: &f64 = &c.0;
        *d * b[c.1]
    }

    #[differentiable]
    fn let_else(x: [f64; 2], n: Option<usize>) -> f64 {
        let Some(k) = n else {
            return x[0].sin();
        };
        x[k] * x[0]
    }

    #[differentiable]
    fn unused_parameter(x: f64, y: f64) -> f64 {
        let _ = y;
        x * x
    }

    #[differentiable]
    fn identity(x: f64) -> f64 {
        x
    }

    #[differentiable]
    fn constant_result(x: f64) -> f64 {
        let _ = x;
        3.0
    }

    #[differentiable]
    fn consts_and_statics(x: f64) -> f64 {
        const SCALE: f64 = 2.5;
        static TABLE: [f64; 3] = [1.0, 2.0, 4.0];
        const fn twice(n: usize) -> usize {
            2 * n
        }
        SCALE * x * TABLE[twice(1)] + TABLE.iter().sum::<f64>() * x.sin()
    }

    #[differentiable]
    fn references(x: f64, y: f64) -> f64 {
        let a = &x;
        let b = &(x * y);
        let c = &a;
        **c * *b + *a
    }

    #[differentiable]
    fn mutable_reference(x: f64, y: f64) -> f64 {
        let mut a = x;
        let mut b = y;
        {
            let r = &mut a;
            *r *= *r;
            *r += b;
            let s = &mut b;
            *s = *r * *s;
        }
        let t = &mut a;
        *t = b * *t;
        a + b
    }

    gradient_test! {
        shadowing: (0.7);
        shadowing_a_parameter_in_blocks: (0.7, -1.2);
        patterns: ((1.5, (0.4, -2.0)), [0.3, -0.6, 0.9]);
        rest_patterns: ([0.3, -0.6, 0.9, 4.0, 1.1]);
        parameter_patterns: ((1.5, 0.4), [0.3, -0.6]);
        mutable_parameter: (0.7, -1.2);
        deferred: (0.7), (1.7);
        deferred_in_line: (0.7);
        tuple_of_results: (0.7, -1.2);
        tuple_assignment: (0.7, -1.2);
        underscores: (0.7);
        type_annotations: (0.7);
        let_else: ([0.7, 1.3], const Some(1)), ([0.7, 1.3], const Some(0)), ([0.7, 1.3], const None);
        unused_parameter: (0.7, 1.0);
        identity: (0.7);
        constant_result: (0.7);
        consts_and_statics: (0.7);
        references: (0.7, -1.2);
        mutable_reference: (0.7, -1.2);
    }

    #[test]
    fn independence_is_zero() {
        assert_eq!(grad_unused_parameter(3.0, 4.0), (6.0, 0.0));
        assert_eq!(grad_constant_result(3.0), 0.0);
        assert_eq!(jvp_constant_result(3.0, 1.0), (3.0, 0.0));
    }
}

mod assignments {
    //! The adjoint of an overwrite takes the adjoint, zeroes it, then accumulates.
    use super::*;

    #[differentiable]
    fn overwrite_by_itself(x: f64) -> f64 {
        let mut a = x;
        a = a * a;
        a = a.sin() * a;
        a = a + a * x;
        a
    }

    #[differentiable]
    fn overwrite_by_constant(x: f64) -> f64 {
        let mut a = x * x;
        let b = a;
        a = 2.0;
        let c = a * x;
        a = x;
        a * b * c
    }

    #[differentiable]
    #[allow(unused_assignments)]
    fn overwrite_unread(x: f64) -> f64 {
        let mut a = x.exp();
        a = x.sin();
        let mut b = a;
        b *= b;
        a = 0.5 * x;
        a * b
    }

    #[differentiable]
    fn compound(x: f64, y: f64) -> f64 {
        let mut a = x;
        a += y;
        a -= x * y;
        a *= y;
        a /= x;
        a *= a;
        a += a;
        a -= a * a;
        a /= y;
        a
    }

    #[differentiable]
    fn compound_by_itself(x: f64) -> f64 {
        let mut a = x;
        a *= a;
        a /= a + 1.0;
        a -= 3.0 * a;
        a %= 0.7;
        a
    }

    #[differentiable]
    fn swap_by_hand(x: f64, y: f64) -> f64 {
        let mut a = x * x;
        let mut b = y;
        let t = a;
        a = b;
        b = t;
        a * a * b
    }

    #[differentiable]
    fn swap_by_std(x: f64, y: f64) -> f64 {
        let mut a = x * x;
        let mut b = y;
        std::mem::swap(&mut a, &mut b);
        let c = std::mem::replace(&mut a, x * b);
        a * a * b + c
    }

    #[differentiable]
    fn take_and_replace(x: f64) -> f64 {
        let mut a = x * x;
        let b = std::mem::take(&mut a);
        a += x;
        let c = core::mem::replace(&mut a, b * x);
        a * b * c
    }

    #[differentiable]
    fn copies_before_overwrite(x: f64) -> f64 {
        let mut a = x;
        let b = a;
        a = a * 3.0;
        let c = a * b;
        a = c;
        a * b
    }

    #[differentiable]
    fn operand_overwritten_between(x: f64, y: f64) -> f64 {
        let mut a = x;
        let p = a * y;
        a = y.sin();
        let q = a * p;
        a = q * a;
        a * p * q
    }

    #[differentiable]
    fn elements(x: f64, y: f64) -> f64 {
        let mut v = [x, y, x * y];
        v[0] = v[1] * v[2];
        v[1] *= v[0];
        v[2] = v[2] * v[2] - v[1];
        v[v.len() - 1] += v[0];
        v[0] * v[1] * v[2]
    }

    #[differentiable]
    fn whole_array(x: [f64; 3]) -> f64 {
        let mut v = x;
        let w = v;
        v[0] = 5.0;
        v = [v[1], w[2] * v[0], v[2] * w[0]];
        let u = v;
        v[1] = u[0] * u[1];
        v[0] * v[1] * v[2] + w[0] * u[2]
    }

    #[differentiable]
    fn fields_of_tuples(x: f64, y: f64) -> f64 {
        let mut p = (x, (y, x * y));
        p.0 *= p.1.0;
        p.1.1 = p.0 * p.1.1;
        p.1 = (p.1.1, p.1.0);
        p.0 * p.1.0 - p.1.1
    }

    #[differentiable]
    fn tuples_of_arrays(x: f64) -> f64 {
        let mut p = ([x, x * x], 2.0, [[x; 2]; 2]);
        p.0[1] *= p.2[0][1];
        p.2[1] = p.0;
        p.2[1][0] *= p.1;
        p.2[1][0] * p.2[1][1] + p.0[0] * p.2[0][0]
    }

    #[differentiable]
    fn through_a_parameter(x: &mut f64, y: f64) {
        *x *= y;
        *x += x.sin();
        *x = *x * *x;
    }

    #[differentiable]
    fn two_parameters(x: &mut f64, y: &mut f64) -> f64 {
        let t = *x;
        *x = *y * t;
        *y = t;
        *x * *y
    }

    #[differentiable]
    fn swap_parameters(x: &mut f64, y: &mut f64) {
        std::mem::swap(x, y);
        *x = x.exp();
    }

    #[differentiable]
    fn overwritten_parameter(x: &mut f64, y: f64) {
        *x = y * y;
    }

    #[differentiable]
    fn untouched_parameter(x: &mut f64, y: f64) -> f64 {
        *x * y
    }

    #[differentiable]
    fn array_parameter(v: &mut [f64; 3], s: f64) {
        let first = v[0];
        v[0] = v[1] * s;
        v[1] = v[2] * first;
        v[2] = first + v[0] * v[1];
    }

    gradient_test! {
        overwrite_by_itself: (0.7);
        overwrite_by_constant: (0.7);
        overwrite_unread: (0.7);
        compound: (0.7, -1.2);
        compound_by_itself: (0.7);
        swap_by_hand: (0.7, -1.2);
        swap_by_std: (0.7, -1.2);
        take_and_replace: (0.7);
        copies_before_overwrite: (0.7);
        operand_overwritten_between: (0.7, -1.2);
        elements: (0.7, -1.2);
        whole_array: ([0.7, -1.2, 0.4]);
        fields_of_tuples: (0.7, -1.2);
        tuples_of_arrays: (0.7);
    }
    inplace_test! {
        through_a_parameter: (mut 0.7, -1.2);
        swap_parameters: (mut 0.7, mut -1.2);
        overwritten_parameter: (mut 0.7, -1.2);
        array_parameter: (mut [0.7, -1.2, 0.4], 1.3);
    }
    state_test! {
        two_parameters: (mut 0.7, mut -1.2);
        untouched_parameter: (mut 0.7, -1.2);
    }
}

mod blocks {
    use super::*;

    #[differentiable]
    fn values(x: f64) -> f64 {
        let a = {
            let b = x * x;
            b.sin() + {
                let c = b * x;
                c * c
            }
        };
        a * { x + 1.0 } - (if x > 0.0 { a } else { x })
    }

    #[differentiable]
    fn labelled(x: f64, n: usize) -> f64 {
        let a = 'found: {
            if n == 0 {
                break 'found x * x;
            }
            if x > 1.0 {
                break 'found x.sin();
            }
            x.exp()
        };
        a * x
    }

    #[differentiable]
    fn labelled_statement(x: f64) -> f64 {
        let mut a = x;
        'out: {
            a *= x;
            if a > 1.0 {
                break 'out;
            }
            a = a.sin();
        }
        a * x
    }

    #[differentiable]
    fn effects_in_order(x: f64) -> f64 {
        let mut a = x;
        let b = a * {
            a = a * a;
            a + 1.0
        };
        let c = {
            a += b;
            a
        } * a;
        a * b + c
    }

    #[differentiable]
    fn values_as_arguments(x: f64, up: bool) -> f64 {
        let v = [
            if up { x * x } else { x.sin() },
            { x + 1.0 },
            match up {
                true => x,
                false => 2.0,
            },
        ];
        f64::atan2(v[0], if up { v[1] } else { v[2] }) * v[1]
    }

    #[differentiable]
    fn early_return(x: f64) -> f64 {
        if x < 0.0 {
            return x * x;
        }
        let y = x.sqrt();
        if y > 2.0 {
            return y * x;
        } else if y > 1.0 {
            let z = y.ln();
            return z * x;
        }
        y.sin()
    }

    #[differentiable]
    fn explicit_return(x: f64) -> f64 {
        let y = x * x;
        return y.exp() * x;
    }

    #[differentiable]
    fn return_in_all_branches(x: f64) -> f64 {
        if x > 0.0 {
            return x.ln();
        } else {
            return x.exp();
        }
    }

    #[differentiable]
    fn return_from_inside_an_expression(x: f64) -> f64 {
        let y = if x > 2.0 { return x * x * x } else { x.sin() };
        let z = match y > 0.5 {
            true => y * y,
            false => return y.cos(),
        };
        z * x
    }

    #[differentiable]
    fn return_after_writing(x: &mut [f64; 2], y: f64) {
        x[0] *= y;
        if y > 1.0 {
            x[1] = x[0] * y;
            return;
        }
        x[1] *= x[1];
        x[0] += y * x[1];
    }

    gradient_test! {
        values: (0.7), (-0.7);
        labelled: (0.7, const 0), (0.7, const 1), (1.7, const 1);
        labelled_statement: (0.7), (1.7);
        effects_in_order: (0.7);
        values_as_arguments: (0.7, const true), (0.7, const false);
        early_return: (-0.7), (0.7), (2.7), (5.7);
        explicit_return: (0.7);
        return_in_all_branches: (0.7), (-0.7);
        return_from_inside_an_expression: (0.3), (0.8), (2.7);
    }
    inplace_test! { return_after_writing: (mut [0.4, 0.9], 0.7), (mut [0.4, 0.9], 1.7); }
}

mod branches {
    use super::*;

    #[differentiable]
    fn statement(x: f64, y: f64) -> f64 {
        let mut a = x;
        if x > y {
            a = a * y;
        } else if x > 0.0 {
            a += y.sin();
            a *= a;
        } else {
            a = y;
        }
        if a > 1.0 {
            a = 1.0 / a;
        }
        a * x
    }

    #[differentiable]
    fn value(x: f64, y: f64) -> f64 {
        let a = if x > y { x * x } else { y * x };
        let (b, c) = if a > 1.0 { (a, x) } else { (y, a * y) };
        b * c
    }

    #[differentiable]
    fn nested(x: f64, y: f64) -> f64 {
        let mut a = x * y;
        if x > 0.0 {
            a *= 2.0;
            if y > 0.0 {
                let b = a * a;
                if b > 4.0 {
                    a = b;
                } else {
                    a = b.sin();
                }
            } else {
                a = a * y;
            }
            a += x;
        }
        a
    }

    #[differentiable]
    fn condition_overwritten_after(x: f64) -> f64 {
        let mut a = x;
        let mut b = x * x;
        if a > 1.0 {
            a = 0.5 * a * b;
            b = a * b;
        } else {
            a = 4.0 * a;
            b = a + b;
        }
        a * b
    }

    #[differentiable]
    fn without_else_overwriting_its_condition(x: f64) -> f64 {
        let mut a = x;
        if a > 1.0 {
            a = a - 1.0;
        }
        if a > 1.0 {
            a = a * a - 1.0;
        }
        a * a
    }

    #[differentiable]
    fn logic(x: f64, y: f64, on: bool) -> f64 {
        if on && x > 0.0 && (y > 0.0 || x * y < -1.0) {
            x * y
        } else if !on || y.is_nan() {
            x.sin()
        } else {
            y
        }
    }

    #[differentiable]
    fn piecewise(x: f64) -> f64 {
        if x < 10.0 { x } else { x * x }
    }

    #[differentiable]
    fn one_branch_active(x: f64, y: f64) -> f64 {
        let mut a = 0.0;
        if y > 0.0 {
            a = x * y;
        }
        let b = if x > 0.0 { 2.0 } else { y };
        a * b + b
    }

    #[differentiable]
    fn arrays_by_branch(x: f64, up: bool) -> f64 {
        let v = if up { [x, x * x] } else { [1.0, x] };
        let mut w = [0.0; 2];
        if up {
            w = v;
        } else {
            w[1] = v[1] * x;
        }
        v[0] * w[0] + w[1] * v[1]
    }

    #[differentiable]
    fn if_let(x: f64, power: Option<i32>) -> f64 {
        let a = if let Some(n) = power {
            x.powi(n)
        } else {
            x.exp()
        };
        if let Some(n @ 0..=2) = power {
            return a * n as f64;
        }
        a * a
    }

    #[differentiable]
    fn let_chain(x: f64, power: Option<i32>) -> f64 {
        if let Some(n) = power
            && n > 1
            && x > 0.0
        {
            x.powi(n)
        } else {
            x.sin()
        }
    }

    gradient_test! {
        statement: (0.7, -1.2), (0.7, 1.2), (-0.7, 1.2), (3.0, 2.0);
        value: (0.7, -1.2), (0.7, 1.2), (3.0, 2.0);
        nested: (0.7, -1.2), (0.7, 1.2), (-0.7, 1.2), (3.0, 2.0);
        condition_overwritten_after: (0.7), (1.7);
        without_else_overwriting_its_condition: (0.7), (1.7), (2.7);
        logic: (0.7, -1.2, const true), (0.7, 1.2, const true), (0.7, -3.0, const true), (0.7, 1.2, const false);
        piecewise: (5.0), (50.0);
        one_branch_active: (0.7, -1.2), (0.7, 1.2), (-0.7, 1.2);
        arrays_by_branch: (0.7, const true), (0.7, const false);
        if_let: (0.7, const Some(2)), (0.7, const Some(5)), (0.7, const None);
        let_chain: (0.7, const Some(2)), (0.7, const Some(1)), (-0.7, const Some(3)), (0.7, const None);
    }

    #[test]
    fn where_gradient() {
        assert_eq!([grad_piecewise(5.0), grad_piecewise(50.0)], [1.0, 100.0]);
    }
}

mod matches {
    use super::*;

    #[differentiable]
    fn on_integers(x: f64, n: i32) -> f64 {
        match n {
            0 => x,
            1 | 2 => x * x,
            3..=5 => {
                let y = x.sin();
                y * y
            }
            k if k % 2 == 0 => x.exp() * k as f64,
            k => x.powi(k),
        }
    }

    #[differentiable]
    fn as_statement(x: f64, n: usize) -> f64 {
        let mut a = x;
        match n {
            0 => a *= a,
            1 => {
                a = a.sin();
                a *= x;
            }
            _ => {}
        }
        match n % 2 {
            0 => a += x * a,
            _ => a = a * a,
        }
        a
    }

    #[differentiable]
    fn guards_on_floats(x: f64, y: f64) -> f64 {
        match x {
            v if v < 0.0 => v * y,
            v if v < 1.0 && y > 0.0 => v.sin() * y,
            v => v * v * y,
        }
    }

    #[differentiable]
    fn float_ranges(x: f64) -> f64 {
        match x {
            ..0.0 => x * x,
            0.0..=1.0 => x.sin(),
            _ => x.ln(),
        }
    }

    #[differentiable]
    fn on_tuples(x: f64, y: f64, n: u8) -> f64 {
        match (x, y, n) {
            (a, b, 0) => a * b,
            (a, _, 1) if a > 1.0 => a * a * y,
            (a, b, k @ 1..=3) => a.powi(i32::from(k)) - b,
            (_, b, _) => b,
        }
    }

    #[differentiable]
    fn on_arrays(v: [f64; 3], n: usize) -> f64 {
        match v {
            [a, b, c] if n == 0 => a * b * c,
            [a, .., c] if n == 1 => a / c,
            [_, rest @ ..] => rest[0] * rest[1],
        }
    }

    #[differentiable]
    fn on_slices(v: &[f64]) -> f64 {
        match v {
            [] => 0.0,
            [a] => a * a,
            [a, b] => a * b,
            [a, .., b] => a.sin() * b,
        }
    }

    enum Kind {
        Linear,
        Power(i32),
        Both { n: i32, scale: f64 },
    }

    #[differentiable(wrt(x))]
    fn on_enums(x: f64, kind: &Kind) -> f64 {
        match kind {
            Kind::Linear => 3.0 * x,
            Kind::Power(n) => x.powi(*n),
            Kind::Both { n, scale } => scale * x.powi(*n) + x,
        }
    }

    #[differentiable]
    fn on_strings(x: f64, name: &str) -> f64 {
        match name {
            "sin" => x.sin(),
            "cos" => x.cos(),
            other => x * other.len() as f64,
        }
    }

    #[differentiable]
    fn on_bools_and_chars(x: f64, up: bool, c: char) -> f64 {
        let a = match (up, c) {
            (true, 'a'..='f') => x * x,
            (true, _) => x.exp(),
            (false, _) => 1.0,
        };
        a * x
    }

    #[differentiable]
    fn in_a_match(x: f64, n: usize, m: usize) -> f64 {
        let a = match n {
            0 => match m {
                0 => x,
                _ => x * x,
            },
            _ => {
                if m == 0 {
                    return x.sin();
                }
                x.exp()
            }
        };
        a * x
    }

    #[differentiable]
    fn writing_in_arms(v: &mut [f64; 2], n: usize) {
        match n {
            0 => v[0] = v[1] * v[1],
            1 => {
                v.swap(0, 1);
                v[0] *= 3.0;
            }
            _ => v[n % 2] *= v[0],
        }
    }

    gradient_test! {
        on_integers: (0.7, const 0), (0.7, const 1), (0.7, const 2), (0.7, const 4), (0.7, const 8), (0.7, const 7);
        as_statement: (0.7, const 0), (0.7, const 1), (0.7, const 2), (0.7, const 3);
        guards_on_floats: (-0.7, 1.1), (0.7, 1.1), (0.7, -1.1), (1.7, 1.1);
        float_ranges: (-0.7), (0.7), (1.7);
        on_tuples: (0.7, 1.1, const 0u8), (1.7, 1.1, const 1u8), (0.7, 1.1, const 1u8), (0.7, 1.1, const 9u8);
        on_arrays: ([0.7, 1.1, -0.4], const 0), ([0.7, 1.1, -0.4], const 1), ([0.7, 1.1, -0.4], const 2);
        on_slices: (ref vec![]), (ref vec![0.7]), (ref vec![0.7, 1.1]), (ref vec![0.7, 1.1, -0.4]), (ref vec![0.7, 1.1, -0.4, 2.0]);
        on_strings: (0.7, const "sin"), (0.7, const "cos"), (0.7, const "other");
        on_bools_and_chars: (0.7, const true, const 'b'), (0.7, const true, const 'z'), (0.7, const false, const 'b');
        in_a_match: (0.7, const 0, const 0), (0.7, const 0, const 1), (0.7, const 1, const 0), (0.7, const 1, const 1);
    }
    inplace_test! {
        writing_in_arms: (mut [0.7, 1.1], const 0), (mut [0.7, 1.1], const 1), (mut [0.7, 1.1], const 2), (mut [0.7, 1.1], const 3);
    }

    #[test]
    fn on_user_enums() {
        assert_eq!(grad_on_enums(2.0, &Kind::Linear), 3.0);
        assert_eq!(grad_on_enums(2.0, &Kind::Power(3)), 12.0);
        assert_eq!(grad_on_enums(2.0, &Kind::Both { n: 2, scale: 0.5 }), 3.0);
        assert_eq!(jvp_on_enums(2.0, &Kind::Power(3), 1.0), (8.0, 12.0));
    }
}

mod pass_through {
    //! What is not active may be any Rust.
    use super::*;
    use std::collections::HashMap;

    #[differentiable]
    fn logging_and_asserts(x: f64) -> f64 {
        let y = x * x;
        println!("x = {x}, y = {y:.3}, {}", y + x);
        assert!(y >= 0.0, "y is {y}");
        debug_assert!(x.is_finite());
        debug_assert_ne!(x, 100.0);
        let text = format!("{y:?}");
        assert!(!text.is_empty());
        y * y
    }

    #[differentiable]
    fn look_ups(x: [f64; 3], map: &str) -> f64 {
        let mut weights: HashMap<&str, usize> = HashMap::new();
        weights.insert("a", 1);
        weights.insert("b", 2);
        let i = weights.get(map).copied().unwrap_or(0);
        let names: Vec<String> = weights.keys().map(|k| k.to_string()).collect();
        x[i] * x[i] * names.len() as f64
    }

    #[differentiable]
    fn index_arithmetic(x: &[f64], offset: isize) -> f64 {
        let n = x.len() as isize;
        let wrap = |i: isize| i.rem_euclid(n) as usize;
        let mut order: Vec<usize> = (0..x.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(*i));
        let mut sum = 0.0;
        for i in 0..x.len() {
            let j = wrap(i as isize + offset);
            sum += x[order[i]] * x[j];
        }
        sum
    }

    #[differentiable]
    fn decisions_by_active_values(x: &[f64]) -> f64 {
        // The index of the largest entry is inactive; the entry is not.
        let mut best = 0;
        for i in 1..x.len() {
            if x[i] > x[best] {
                best = i;
            }
        }
        let above = x.iter().filter(|v| **v > 0.5).count();
        x[best] * above as f64
    }

    #[differentiable]
    fn inactive_floats(x: f64, n: usize) -> f64 {
        let mut weight = 1.0;
        let mut table = vec![0.0; n];
        for (i, slot) in table.iter_mut().enumerate() {
            weight *= 0.5;
            *slot = weight + i as f64;
        }
        let total: f64 = table.iter().map(|t| t * t).sum();
        x * total.sqrt()
    }

    #[differentiable]
    fn closures_over_integers(x: f64, n: u64) -> f64 {
        let gcd = |mut a: u64, mut b: u64| {
            while b != 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        let g = gcd(n, 12);
        x.powi(g as i32)
    }

    #[differentiable]
    fn local_items(x: f64) -> f64 {
        use std::f64::consts::FRAC_PI_2;
        #[derive(Clone, Copy, PartialEq)]
        enum Mode {
            Fast,
            Slow,
        }
        struct Settings {
            mode: Mode,
        }
        impl Settings {
            fn fast(&self) -> bool {
                self.mode == Mode::Fast
            }
        }
        let settings = Settings {
            mode: if x > 0.0 { Mode::Fast } else { Mode::Slow },
        };
        if settings.fast() {
            x * FRAC_PI_2
        } else {
            x * x
        }
    }

    #[differentiable]
    fn attributes_inside(x: f64) -> f64 {
        #[allow(unused_variables)]
        let unused = 3;
        #[cfg(any())]
        let x = "not compiled";
        #[allow(clippy::let_and_return)]
        let y = x * x;
        y
    }

    gradient_test! {
        logging_and_asserts: (0.7);
        look_ups: ([0.7, 1.1, -0.4], const "a"), ([0.7, 1.1, -0.4], const "none");
        index_arithmetic: (ref vec![0.7, 1.1, -0.4, 2.0], const 1), (ref vec![0.7, 1.1, -0.4], const -5);
        decisions_by_active_values: (ref vec![0.7, 1.1, -0.4]);
        inactive_floats: (0.7, const 4), (0.7, const 0);
        closures_over_integers: (0.7, const 18), (0.7, const 5);
        local_items: (0.7), (-0.7);
        attributes_inside: (0.7);
    }
}

mod several_outputs {
    use super::*;

    #[differentiable]
    fn tuple(x: f64, y: f64) -> (f64, f64) {
        let a = x * y;
        (a.sin(), a + y)
    }

    #[differentiable]
    fn array(x: f64, y: f64) -> [f64; 3] {
        let mut out = [x, y, x * y];
        out[1] *= out[2];
        out
    }

    #[differentiable]
    fn vector(x: &[f64], s: f64) -> Vec<f64> {
        let mut out = vec![0.0; x.len()];
        for i in 0..x.len() {
            out[i] = s * x[i] * x[x.len() - 1 - i];
        }
        out
    }

    #[differentiable]
    fn nested(x: f64) -> ([f64; 2], (f64, [f64; 1])) {
        ([x, x * x], (x.sin(), [x.exp()]))
    }

    #[differentiable]
    fn same_twice(x: f64) -> (f64, f64) {
        let y = x * x;
        (y, y)
    }

    #[differentiable]
    fn early(x: f64, y: f64) -> (f64, [f64; 2]) {
        if x > y {
            return (x * y, [x, y]);
        }
        let z = y.sin();
        (z, [z * x, 1.0])
    }

    pullback_test! {
        tuple: (0.7, -1.2);
        array: (0.7, -1.2);
        vector: (ref vec![0.7, -1.2, 0.4], 1.3), (ref vec![], 1.3), (ref vec![0.7], 1.3);
        nested: (0.7);
        same_twice: (0.7);
        early: (0.7, -1.2), (0.7, 1.2);
    }
}
