//! Second and higher derivatives: forward over what either transformation puts out.

// What users write is tested in all its forms, not only in those that clippy likes.
#![allow(clippy::style, clippy::complexity, clippy::perf, clippy::correctness, clippy::suspicious)]

use autodiff::differentiable;
use autodiff_tests::{assert_close, gradient_test, hessian_test, hvp_test};

mod closed_forms {
    use super::*;

    #[differentiable(order = 3)]
    fn cube(x: f64) -> f64 {
        x * x * x
    }

    #[differentiable(order = 6)]
    fn sine(x: f64) -> f64 {
        x.sin()
    }

    #[differentiable(order = 4)]
    fn exponential(x: f64) -> f64 {
        x.exp()
    }

    #[differentiable(order = 4)]
    fn logarithm(x: f64) -> f64 {
        x.ln()
    }

    #[differentiable(order = 5)]
    fn power_loop(x: f64, n: usize) -> f64 {
        let mut p = 1.0;
        for _ in 0..n {
            p *= x;
        }
        p
    }

    #[differentiable(order = 1)]
    fn first_only(x: f64) -> f64 {
        x * x
    }

    #[differentiable(order = 2)]
    fn quadratic(x: f64, y: f64) -> f64 {
        x * x + 3.0 * x * y + y * y * y
    }

    #[differentiable(order = 2)]
    fn one_class(x: f64) -> f64 {
        // Softmax cross-entropy with one class.
        -(x.exp() / x.exp()).ln()
    }

    #[test]
    fn all_derivatives() {
        let d: [f64; 4] = derivatives_cube(1.0);
        assert_eq!(d, [1.0, 3.0, 6.0, 6.0]);
        let (s, c) = 0.7f64.sin_cos();
        assert_close("sin", &derivatives_sine(0.7), &[s, c, -s, -c, s, c, -s], 1e-14);
        assert_eq!(derivatives_exponential(0.0), [1.0; 5]);
        assert_close(
            "ln",
            &derivatives_logarithm(2.0),
            &[2f64.ln(), 0.5, -0.25, 0.25, -0.375],
            1e-14,
        );
        assert_eq!(derivatives_first_only(3.0), [9.0, 6.0]);
    }

    #[test]
    fn second_order() {
        assert_eq!(hessian_cube(1.0), 6.0);
        assert_eq!(hvp_cube(1.0, 2.0), 12.0);
        let h: [[f64; 2]; 2] = hessian_quadratic(1.0, 2.0);
        assert_eq!(h, [[2.0, 3.0], [3.0, 12.0]]);
        let hv: (f64, f64) = hvp_quadratic(1.0, 2.0, 1.0, 10.0);
        assert_eq!(hv, (32.0, 123.0));
        assert_eq!(hessian_one_class(0.1), 0.0);
        assert_eq!(hessian_exponential(0.0), 1.0);
    }

    #[test]
    fn with_an_integer_parameter() {
        // One float parameter, an integer beside it.
        assert_eq!(hessian_power_loop(2.0, 4), 48.0);
        assert_eq!(hessian_power_loop(2.0, 1), 0.0);
        assert_eq!(hessian_power_loop(2.0, 0), 0.0);
    }

    hvp_test! {
        cube: (0.7);
        sine: (0.7);
        power_loop: (0.7, const 5), (0.7, const 0);
        quadratic: (0.7, -1.2);
    }
}

mod shapes {
    use super::*;

    #[differentiable(order = 2)]
    fn array(x: [f64; 3]) -> f64 {
        x[0] * x[1] * x[2] + x[0].powi(3)
    }

    #[differentiable(order = 2)]
    fn array_reference(x: &[f64; 2]) -> f64 {
        (x[0] * x[1]).exp()
    }

    #[differentiable(order = 2)]
    fn rosenbrock(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 1..x.len() {
            let a = x[i] - x[i - 1] * x[i - 1];
            let b = 1.0 - x[i - 1];
            sum += 100.0 * a * a + b * b;
        }
        sum
    }

    #[differentiable(order = 2)]
    fn mixed(x: f64, a: [f64; 2], v: &[f64], n: usize) -> f64 {
        let mut sum = x * x;
        for i in 0..n {
            sum += a[i % 2] * v[i] * x.sin() * v[0];
        }
        sum
    }

    #[differentiable(order = 2)]
    fn nested(m: &[[f64; 2]], p: (f64, f64)) -> f64 {
        let mut sum = 1.0;
        for row in m {
            sum *= row[0] * p.0 + row[1] * p.1;
        }
        sum
    }

    #[differentiable(order = 2)]
    fn vector(x: Vec<f64>, m: &Vec<Vec<f64>>) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            for j in 0..x.len() {
                sum += x[i] * m[i][j] * x[j];
            }
        }
        sum.sin()
    }

    #[differentiable(order = 2)]
    fn single(x: f32, y: f32) -> f32 {
        x * x * y
    }

    #[differentiable(order = 2, wrt(y))]
    fn partly(x: f64, y: f64) -> f64 {
        x * y * y
    }

    #[test]
    fn types() {
        let h: [[f64; 3]; 3] = hessian_array([1.0, 2.0, 3.0]);
        assert_eq!(h, [[6.0, 3.0, 2.0], [3.0, 0.0, 1.0], [2.0, 1.0, 0.0]]);
        let h: Vec<Vec<f64>> = hessian_rosenbrock(&[1.0, 1.0]);
        assert_eq!(h, [[802.0, -400.0], [-400.0, 200.0]]);
        assert!(hessian_rosenbrock(&[]).is_empty());
        assert_eq!(hessian_rosenbrock(&[3.0]), [[0.0]]);
        let g: Vec<f64> = hvp_rosenbrock(&[1.0, 1.0], &[1.0, 0.0]);
        assert_eq!(g, [802.0, -400.0]);
        let h: [[f32; 2]; 2] = hessian_single(2.0, 3.0);
        assert_eq!(h, [[6.0, 4.0], [4.0, 0.0]]);
        let h: f64 = hessian_partly(2.0, 3.0);
        assert_eq!(h, 4.0);
        assert_eq!(hvp_partly(2.0, 3.0, 10.0), 40.0);
    }

    hvp_test! {
        array: ([0.7, -1.2, 0.4]);
        array_reference: (ref [0.7, -1.2]);
        rosenbrock: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
        mixed: (0.7, [-1.2, 0.4], ref vec![1.1, 0.3, 0.8], const 3), (0.7, [-1.2, 0.4], ref vec![], const 0);
        nested: (ref vec![[0.7, -1.2], [0.4, 1.1], [0.3, 0.8]], (0.9, 1.3));
        vector: (vec![0.7, -1.2], ref vec![vec![0.4, 1.1], vec![0.3, 0.8]]);
    }
    hessian_test! {
        array: ([0.7, -1.2, 0.4]);
        array_reference: (ref [0.7, -1.2]);
        rosenbrock: (ref vec![0.7, -1.2, 0.4, 1.1]);
    }
}

mod control_flow {
    use super::*;

    #[differentiable(order = 2)]
    fn branches(x: f64, y: f64) -> f64 {
        let mut a = x * y;
        if a > 1.0 {
            a = a.ln() * x;
        } else if x > 0.0 {
            let b = a * a;
            a = b * y;
        }
        let c = if y > 0.0 { a.sin() } else { a * x };
        c * a
    }

    #[differentiable(order = 2)]
    fn matches(x: f64, y: f64, n: usize) -> f64 {
        match n {
            0 => x * x * y,
            1 => {
                let a = x.exp() * y;
                a * a
            }
            _ => x.powi(n as i32) / y,
        }
    }

    #[differentiable(order = 2)]
    fn overwrites(x: f64, y: f64) -> f64 {
        let mut a = x;
        let mut b = y;
        a = a * b;
        b *= a;
        a = a.sin() * b;
        let t = a;
        a = b;
        b = t * t;
        a /= b;
        a
    }

    #[differentiable(order = 2)]
    fn newton(a: f64) -> f64 {
        let mut x = 1.0;
        while f64::abs(x * x - a) > 1e-13 * a {
            x = 0.5 * (x + a / x);
        }
        x
    }

    #[differentiable(order = 2)]
    fn carried(x: f64, y: f64, n: usize) -> f64 {
        let (mut a, mut b) = (x, y);
        for i in 0..n {
            let t = a;
            a = b * t + 0.1 * i as f64;
            b = t.sin() + b;
        }
        a * b
    }

    #[differentiable(order = 2)]
    fn exits(x: &[f64], limit: f64) -> f64 {
        let mut p = limit;
        'outer: for i in 0..x.len() {
            for j in 0..=i {
                if x[j] < 0.0 {
                    continue 'outer;
                }
                p += p * x[i] * x[j];
                if p > 3.0 {
                    break 'outer;
                }
                if p < -3.0 {
                    return p * p;
                }
            }
            p = p.sin() + x[i];
        }
        p * p * limit
    }

    #[differentiable(order = 2)]
    fn buffers(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        let mut w = vec![0.0; x.len()];
        for _ in 0..2 {
            for i in 0..x.len() {
                w[i] = v[i] * x[x.len() - 1 - i];
            }
            std::mem::swap(&mut v, &mut w);
            v[0] += w[0].sin();
        }
        let mut sum = 0.0;
        for (a, b) in v.iter().zip(&w) {
            sum += a * a * b;
        }
        sum
    }

    #[differentiable(order = 2)]
    fn pushes(x: f64, n: usize) -> f64 {
        let mut v = Vec::new();
        for i in 0..n {
            v.push(x.powi(i as i32) * x);
        }
        let mut sum = 1.0;
        for w in &v {
            sum *= 1.0 + w * x;
        }
        sum
    }

    #[differentiable(order = 2)]
    fn iterators(x: &[f64], y: &[f64]) -> f64 {
        let dot: f64 = x.iter().zip(y).map(|(a, b)| a * b).sum();
        let mut sum = dot * dot;
        for w in x.windows(2) {
            sum += (w[1] - w[0]).powi(4);
        }
        for pair in y.chunks_exact(2) {
            sum *= pair[0] + pair[1] * dot;
        }
        sum
    }

    #[differentiable(order = 2)]
    fn wrong_trip(x: &[f64]) -> f64 {
        let mut s = 1.0;
        let mut total = 0.0;
        for i in 0..x.len() {
            let y = s * x[i];
            s += y;
            let z = y * s;
            s *= 0.9;
            total += z * y * s;
        }
        total * s
    }

    #[differentiable(order = 2)]
    fn printing(x: f64) -> f64 {
        let y = x * x;
        println!("{y}");
        y * y
    }

    gradient_test! {
        exits: (ref vec![0.7, 1.2, -0.4, 0.3], 0.5);
        buffers: (ref vec![0.7, -1.2, 0.4]);
    }
    hvp_test! {
        branches: (0.7, -1.2), (0.7, 1.2), (1.7, 1.2), (-0.7, 1.2);
        matches: (0.7, -1.2, const 0), (0.7, -1.2, const 1), (0.7, -1.2, const 4);
        overwrites: (0.7, -1.2);
        newton: (2.0), (9.0);
        carried: (0.7, -1.2, const 4), (0.7, -1.2, const 0);
        exits: (ref vec![0.7, 1.2, -0.4, 0.3], 0.5), (ref vec![3.0, 2.0], 0.5), (ref vec![3.0, 2.0], -0.5), (ref vec![], 0.5);
        buffers: (ref vec![0.7, -1.2, 0.4]);
        pushes: (0.7, const 4), (0.7, const 0);
        iterators: (ref vec![0.7, -1.2, 0.4], ref vec![0.3, 0.8, 1.3]);
        wrong_trip: (ref vec![0.7, -1.2, 0.4, 0.9]);
        printing: (0.7);
    }

    #[test]
    fn newton_is_the_square_root() {
        assert_close("hessian", &[hessian_newton(2.0)], &[-0.25 * 2f64.powf(-1.5)], 1e-9);
    }
}

mod calls {
    use super::*;

    #[differentiable(order = 3)]
    fn square(x: f64) -> f64 {
        x * x
    }

    #[differentiable(order = 3)]
    fn composed(x: f64) -> f64 {
        square(square(x)) * x
    }

    #[differentiable(order = 2)]
    fn scale(v: &mut [f64], s: f64) {
        for x in v.iter_mut() {
            *x *= s * *x;
        }
    }

    #[differentiable(order = 2)]
    fn dot(a: &[f64], b: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..a.len() {
            sum += a[i] * b[i];
        }
        sum
    }

    #[differentiable(order = 2)]
    fn uses_buffers(x: &[f64], s: f64) -> f64 {
        let mut v = x.to_vec();
        scale(&mut v, s);
        let first = v[0];
        scale(&mut v[1..], first);
        dot(&v, x) * dot(&v[..1], &x[1..2])
    }

    #[differentiable(order = 2)]
    fn power(x: f64, n: u32) -> f64 {
        if n == 0 { 1.0 } else { x * power(x, n - 1) }
    }

    #[differentiable(order = 2)]
    fn rotate(p: [f64; 2], a: f64) -> [f64; 2] {
        let (s, c) = a.sin_cos();
        [c * p[0] - s * p[1], s * p[0] + c * p[1]]
    }

    #[differentiable(order = 2)]
    fn rotations(p: [f64; 2], a: f64, n: usize) -> f64 {
        let mut q = p;
        for _ in 0..n {
            q = rotate(q, a * q[0]);
        }
        q[0] * q[1]
    }

    #[differentiable(order = 2)]
    fn bump(x: &mut f64, y: f64) -> f64 {
        let before = *x;
        *x = before * y * y;
        before * before
    }

    #[differentiable(order = 2)]
    fn bumps(x: f64, y: f64) -> f64 {
        let mut a = x;
        let b = bump(&mut a, y);
        let c = bump(&mut a, b);
        a * c
    }

    #[differentiable(order = 2)]
    fn nested(x: f64) -> f64 {
        fn cube(x: f64) -> f64 {
            x * x * x
        }
        cube(x).sin() * cube(2.0 * x)
    }

    #[differentiable(order = 2)]
    fn averages(x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; x.len()];
        for i in 0..x.len() {
            out[i] = x[i] * x[(i + 1) % x.len()];
        }
        out
    }

    #[differentiable(order = 2)]
    fn uses_vectors(x: &[f64]) -> f64 {
        let y = averages(x);
        let z = averages(&y);
        dot(&y, &z)
    }

    hvp_test! {
        composed: (0.7);
        uses_buffers: (ref vec![0.7, -1.2, 0.4], 1.1);
        power: (0.7, const 5), (0.7, const 0);
        rotations: ([0.7, -1.2], 0.4, const 3), ([0.7, -1.2], 0.4, const 0);
        bumps: (0.7, -1.2);
        nested: (0.7);
        uses_vectors: (ref vec![0.7, -1.2, 0.4]);
    }

    #[test]
    fn third_order_through_calls() {
        // x^5
        assert_close("x^5", &derivatives_composed(2.0), &[32.0, 80.0, 160.0, 240.0], 1e-13);
    }
}

mod third {
    use super::*;

    #[differentiable(order = 3)]
    fn looped(x: f64) -> f64 {
        let mut a = x;
        let mut i = 0;
        while i < 3 {
            a = a * x;
            if i == 1 {
                a += x * x;
            }
            i += 1;
        }
        a
    }

    #[differentiable(order = 4)]
    fn newton(a: f64) -> f64 {
        let mut x = a;
        for _ in 0..8 {
            x = 0.5 * (x + a / x);
        }
        x
    }

    #[differentiable(order = 3)]
    fn arrays(x: f64) -> f64 {
        let mut v = [x, x * x];
        v[0] = v[1] * v[0];
        v[1] *= v[0];
        v[0] + v[1]
    }

    #[test]
    fn values() {
        // x³·x then + x² before the last factor: x^4 + x^3.
        assert_close("looped", &derivatives_looped(2.0), &[24.0, 44.0, 60.0, 54.0], 1e-13);
        let s = |p: f64| 2f64.powf(p);
        let want = [s(0.5), 0.5 * s(-0.5), -0.25 * s(-1.5), 0.375 * s(-2.5), -0.9375 * s(-3.5)];
        assert_close("sqrt", &derivatives_newton(2.0), &want, 1e-12);
        // x³ + x^5
        assert_close("arrays", &derivatives_arrays(1.0), &[2.0, 8.0, 26.0, 66.0], 1e-13);
    }
}
