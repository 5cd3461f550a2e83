//! Loops of every form, exits, and state carried from trip to trip.

use autodiff::differentiable;
use autodiff_tests::{gradient_test, inplace_test, pullback_test, state_test};

mod ranges {
    use super::*;

    #[differentiable]
    fn plain(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += x[i] * x[i].sin();
        }
        sum
    }

    #[differentiable]
    fn rosenbrock(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() - 1 {
            let a = x[i + 1] - x[i] * x[i];
            let b = 1.0 - x[i];
            sum += 100.0 * a * a + b * b;
        }
        sum
    }

    #[differentiable]
    fn inclusive(x: f64, n: usize) -> f64 {
        let mut p = 1.0;
        for k in 1..=n {
            p *= x + k as f64;
        }
        p
    }

    #[differentiable]
    fn reversed(c: &[f64], x: f64) -> f64 {
        let mut value = 0.0;
        for i in (0..c.len()).rev() {
            value = value * x + c[i];
        }
        value
    }

    #[differentiable]
    fn reversed_inclusive(x: f64, n: i32) -> f64 {
        let mut a = x;
        for k in (-1..=n).rev() {
            a = a * a / (2.0 + f64::from(k)) + x;
        }
        a
    }

    #[differentiable]
    fn stepped(x: &[f64], start: usize, step: usize) -> f64 {
        let mut product = 1.0;
        for i in (start..x.len()).step_by(step) {
            product *= x[i] + 0.1 * product;
        }
        product
    }

    #[differentiable]
    fn stepped_and_reversed(x: &[f64], step: usize) -> f64 {
        let mut a = 0.5;
        for i in (0..x.len()).step_by(step).rev() {
            a = a * x[i] + a.sin();
        }
        let mut b = a;
        for i in (0..x.len()).rev().step_by(step) {
            b = b * x[i] + b.cos();
        }
        for i in (1..=x.len()).step_by(step) {
            b *= 1.0 + x[i - 1] * b;
        }
        a * b
    }

    #[differentiable]
    fn nested(a: &[f64], n: usize) -> f64 {
        let mut sum = 0.0;
        for i in 0..n {
            let mut row = 1.0;
            for j in i..n {
                row *= a[i * n + j] + 0.3;
                for k in 0..j {
                    row += a[k] * row;
                }
            }
            sum += row.sin() * a[i];
        }
        sum
    }

    #[differentiable]
    fn bounds_that_change(x: f64, mut n: usize) -> f64 {
        let mut a = x;
        let mut lo = 0;
        for round in 0..3 {
            for i in lo..n {
                a = a * x + i as f64 * 0.1;
            }
            lo += 1;
            n += round;
        }
        a
    }

    #[differentiable]
    fn gauss(x: f64) -> f64 {
        let mut output = 1.0;
        for i in 0..6 {
            if i > 1 && i < 5 {
                output *= x;
            }
        }
        output
    }

    #[differentiable]
    fn tensorflow_loop(x: f64, n: usize) -> f64 {
        let mut output = 1.0;
        for i in 0..n {
            if i > 1 && i < 5 {
                output *= x;
            }
        }
        output
    }

    #[differentiable]
    fn signed_range(x: f64, lo: i64, hi: i64) -> f64 {
        let mut s = 0.0;
        for k in lo..hi {
            s += (k as f64 * x).cos() * s + x;
        }
        s
    }

    #[differentiable]
    fn small_integer_range(x: f64, n: u8) -> f64 {
        let mut s = x;
        for k in (0..n).rev() {
            s = s * s + f64::from(k);
        }
        for _ in 0..n {
            s = s.sin();
        }
        s
    }

    #[differentiable]
    fn index_shadowed(x: &[f64]) -> f64 {
        let mut a = 0.3;
        for i in 0..x.len() {
            let i = x.len() - 1 - i;
            a = a * x[i];
            let x = a + x[i];
            a = x.sin();
        }
        a
    }

    #[differentiable]
    fn range_in_a_variable(x: f64, n: usize) -> f64 {
        let trips = 1..n;
        let mut a = x;
        for k in trips {
            a = a * x + k as f64;
        }
        a
    }

    #[differentiable]
    fn unknown_iterator(x: f64, order: &[usize]) -> f64 {
        let mut a = x;
        for (k, i) in order
            .iter()
            .rev()
            .map(|i| i * 2)
            .enumerate()
            .filter(|(k, _)| k % 2 == 0)
        {
            a = a * x + (k + i) as f64 * a.sin();
        }
        a
    }

    #[differentiable]
    fn over_characters(x: f64, program: &str) -> f64 {
        let mut a = x;
        for c in program.chars() {
            match c {
                's' => a = a.sin(),
                'e' => a = a.exp(),
                '*' => a *= x,
                '+' => a += x,
                _ => {}
            }
        }
        a
    }

    gradient_test! {
        plain: (ref vec![0.7, -1.2, 0.4]), (ref vec![]), (ref vec![0.7]);
        rosenbrock: (ref vec![0.7, -1.2, 0.4, 1.1]), (ref vec![0.7]), (ref vec![0.7, 0.2]);
        inclusive: (0.7, const 4), (0.7, const 0), (0.7, const 1);
        reversed: (ref vec![0.7, -1.2, 0.4, 1.1], 0.8), (ref vec![], 0.8), (ref vec![2.0], 0.8);
        reversed_inclusive: (0.7, const 2), (0.7, const -1), (0.7, const -2);
        stepped: (ref vec![0.7, -1.2, 0.4, 1.1, 0.9], const 0, const 2), (ref vec![0.7, -1.2, 0.4, 1.1], const 1, const 3), (ref vec![0.7], const 1, const 1);
        stepped_and_reversed: (ref vec![0.7, -1.2, 0.4, 1.1, 0.9], const 2), (ref vec![0.7, -1.2, 0.4, 1.1, 0.9, 0.3], const 4), (ref vec![], const 2);
        nested: (ref vec![0.7, -1.2, 0.4, 1.1, 0.9, 0.3, -0.2, 0.5, 0.6], const 3), (ref vec![0.7], const 1), (ref vec![0.7], const 0);
        bounds_that_change: (0.7, const 2), (0.7, const 0);
        gauss: (2.0);
        tensorflow_loop: (2.0, const 6), (2.0, const 4), (2.0, const 0);
        signed_range: (0.7, const -3, const 2), (0.7, const 3, const 2);
        small_integer_range: (0.7, const 3u8), (0.7, const 0u8);
        index_shadowed: (ref vec![0.7, -1.2, 0.4]);
        range_in_a_variable: (0.7, const 4), (0.7, const 0);
        unknown_iterator: (0.7, const &[3usize, 1, 2, 0, 1][..]), (0.7, const &[][..]);
        over_characters: (0.7, const "s*e+s"), (0.7, const "");
    }

    #[test]
    fn tutorial_values() {
        let gradients = [6, 5, 4, 3, 2].map(|n| grad_tensorflow_loop(2.0, n));
        assert_eq!(gradients, [12.0, 12.0, 4.0, 1.0, 0.0]);
    }
}

mod iterators {
    use super::*;

    #[differentiable]
    fn by_reference(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for v in x {
            sum += v * v;
        }
        for v in x.iter() {
            sum *= v.sin() + *v;
        }
        for &v in x {
            sum += v * sum;
        }
        for v in x.iter().copied() {
            sum = sum.cos() * v;
        }
        for v in x.iter().rev() {
            sum = sum * 0.5 + v.exp() * sum;
        }
        sum
    }

    #[differentiable]
    fn enumerated(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (i, v) in x.iter().enumerate() {
            sum = sum * v + v.powi(i as i32);
        }
        for (i, &v) in x.iter().enumerate().rev() {
            sum += v * (i as f64).sin() * sum;
        }
        sum
    }

    #[differentiable]
    fn zipped(x: &[f64], y: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (a, b) in x.iter().zip(y) {
            sum += a * b;
            sum *= a;
        }
        for (a, (&b, c)) in x.iter().zip(y.iter().zip(x.iter().rev())) {
            sum += a * b * c;
        }
        for (i, (a, b)) in x.iter().zip(y.iter()).enumerate() {
            sum += a / (b * b + 1.0 + i as f64);
        }
        sum
    }

    #[differentiable]
    fn mutable(x: &mut [f64], s: f64) {
        for v in x.iter_mut() {
            *v *= s;
            *v = v.sin() * *v;
        }
        for v in &mut *x {
            *v += s * *v;
        }
        for (i, v) in x.iter_mut().enumerate() {
            *v = *v * i as f64 + s;
        }
        for v in x.iter_mut().rev() {
            *v /= s;
        }
    }

    #[differentiable]
    fn mutable_zip(y: &mut [f64], x: &[f64], s: f64) {
        for (a, b) in y.iter_mut().zip(x) {
            *a += s * b;
            *a *= *b;
        }
        for (a, &b) in y.iter_mut().zip(x.iter().rev()) {
            *a = a.max(b) * b;
        }
    }

    #[differentiable]
    fn chunks(x: &[f64]) -> f64 {
        let mut total = 1.0;
        for row in x.chunks_exact(2) {
            total += row[0] * row[1] * total;
        }
        for (i, row) in x.chunks_exact(3).enumerate() {
            for v in row {
                total += v.sin() * i as f64;
            }
        }
        total
    }

    #[differentiable]
    fn mutable_chunks(x: &mut [f64], s: f64) {
        for row in x.chunks_exact_mut(2) {
            let t = row[0];
            row[0] = row[1] * s;
            row[1] = t * row[0];
        }
    }

    #[differentiable]
    fn windows(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for w in x.windows(2) {
            let d = w[1] - w[0];
            sum += d * d;
            sum *= 1.0 + 0.1 * w[0];
        }
        sum
    }

    #[differentiable]
    fn skip_and_take(x: &[f64], k: usize) -> f64 {
        let mut sum = 0.5;
        for v in x.iter().skip(k) {
            sum = sum * v + v;
        }
        for v in x.iter().take(k) {
            sum += sum.sin() * v;
        }
        sum
    }

    #[differentiable]
    fn vector_by_value(x: Vec<f64>) -> f64 {
        let mut sum = 1.0;
        for v in x {
            sum *= v + 0.2;
        }
        sum
    }

    #[differentiable]
    fn array_by_value(x: [f64; 4]) -> f64 {
        let mut sum = 1.0;
        for v in x {
            sum = sum * v + v.sin();
        }
        for [a, b] in [[x[0], x[1]], [x[2], x[3]]] {
            sum += a * b;
        }
        sum
    }

    #[differentiable]
    fn rows(m: &[[f64; 2]; 3]) -> f64 {
        let mut sum = 0.0;
        for row in m {
            let mut p = 1.0;
            for v in row {
                p *= v;
            }
            sum += p.sin();
        }
        for [a, b] in m {
            sum += a / b;
        }
        sum
    }

    #[differentiable]
    fn rows_of_vectors(m: &[Vec<f64>]) -> f64 {
        let mut sum = 0.0;
        for row in m.iter() {
            for (j, v) in row.iter().enumerate() {
                sum += v * v * j as f64;
            }
        }
        for (i, row) in m.iter().enumerate() {
            for j in 0..row.len() {
                sum *= 1.0 + m[i][j] * 0.1;
            }
        }
        sum
    }

    #[differentiable]
    fn chains(x: &[f64], y: &[f64]) -> f64 {
        let dot: f64 = x.iter().zip(y).map(|(a, b)| a * b).sum();
        let squares = x.iter().map(|v| v * v).sum::<f64>();
        let product: f64 = y.iter().map(|v| 1.0 + v * v).product();
        let horner = x.iter().rev().fold(0.0, |acc, c| acc * squares + c);
        let total: f64 = x.iter().sum();
        let steps: f64 = x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
        dot * squares + product.ln() * horner + total * steps
    }

    #[differentiable]
    fn chains_over_ranges(x: &[f64]) -> f64 {
        let a: f64 = (0..x.len()).map(|i| x[i] * i as f64).sum();
        let b = (1..x.len())
            .map(|i| x[i] * x[i - 1])
            .fold(a, |m, v| m.max(v));
        let c: f64 = x
            .iter()
            .enumerate()
            .map(|(i, v)| v.powi(i as i32 + 1))
            .sum();
        a * b + c
    }

    #[differentiable]
    fn collected(x: &[f64]) -> f64 {
        let y: Vec<f64> = x.iter().map(|v| v.sin()).collect();
        let z = y.iter().zip(x).map(|(a, b)| a * b).collect::<Vec<_>>();
        let mut sum = 0.0;
        for i in 0..z.len() {
            sum += z[i] * y[i];
        }
        sum
    }

    #[differentiable]
    fn for_each(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        x.iter().for_each(|v| sum += v * v);
        sum
    }

    #[differentiable]
    fn log_sum_exp(x: &[f64]) -> f64 {
        let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = x.iter().map(|v| (v - largest).exp()).sum();
        largest + sum.ln()
    }

    #[differentiable]
    fn softmax(x: &[f64]) -> Vec<f64> {
        let mut largest = x[0];
        for &v in x {
            largest = largest.max(v);
        }
        let mut out: Vec<f64> = x.iter().map(|v| (v - largest).exp()).collect();
        let sum: f64 = out.iter().sum();
        for v in out.iter_mut() {
            *v /= sum;
        }
        out
    }

    gradient_test! {
        by_reference: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
        enumerated: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
        zipped: (ref vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2, -0.5]), (ref vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2]), (ref vec![0.7], ref vec![1.3, 0.2]), (ref vec![], ref vec![1.0]);
        chunks: (ref vec![0.7, -1.2, 0.4, 0.3, 0.9, 1.4, 2.0]), (ref vec![0.7]);
        windows: (ref vec![0.7, -1.2, 0.4, 0.3]), (ref vec![0.7]), (ref vec![]);
        skip_and_take: (ref vec![0.7, -1.2, 0.4, 0.3], const 2), (ref vec![0.7, -1.2], const 5), (ref vec![0.7, -1.2], const 0);
        vector_by_value: (vec![0.7, -1.2, 0.4]), (vec![]);
        array_by_value: ([0.7, -1.2, 0.4, 0.3]);
        rows: (ref [[0.7, -1.2], [0.4, 0.3], [1.1, 0.9]]);
        rows_of_vectors: (ref vec![vec![0.7, -1.2], vec![], vec![0.4, 0.3, 1.1]]), (ref vec![]);
        chains: (ref vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2, -0.5]), (ref vec![], ref vec![]);
        chains_over_ranges: (ref vec![0.7, -1.2, 0.4]);
        collected: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
        for_each: (ref vec![0.7, -1.2, 0.4]);
        log_sum_exp: (ref vec![0.7, -1.2, 0.4]);
    }
    pullback_test! { softmax: (ref vec![0.7, -1.2, 0.4]); }
    inplace_test! {
        mutable: (mut vec![0.7, -1.2, 0.4], 1.3), (mut vec![], 1.3);
        mutable_zip: (mut vec![0.7, -1.2, 0.4], ref vec![1.3, 0.2, -0.5], 0.6), (mut vec![0.7, -1.2, 0.4], ref vec![1.3], 0.6);
        mutable_chunks: (mut vec![0.7, -1.2, 0.4, 0.3, 0.9], 1.3), (mut vec![0.7], 1.3);
    }
}

mod unknown_trip_counts {
    use super::*;

    #[differentiable]
    fn newton(a: f64) -> f64 {
        let mut x = 1.0;
        while f64::abs(x * x - a) > 1e-12 * a {
            x = 0.5 * (x + a / x);
        }
        x
    }

    #[differentiable]
    fn zero_trips(x: f64) -> f64 {
        let mut a = x;
        while a > 1.0 {
            a = a * 0.5;
        }
        a * x
    }

    #[differentiable]
    fn counter(x: f64, n: usize) -> f64 {
        let mut i = 0;
        let mut a = x;
        while i < n {
            a = a * x + i as f64;
            i += 1;
            if i % 2 == 0 {
                a = a.sin();
            }
        }
        a * i as f64
    }

    #[differentiable]
    fn halving(x: &[f64]) -> f64 {
        let mut lo = 0;
        let mut hi = x.len();
        let mut a = 1.0;
        while lo < hi {
            let mid = (lo + hi) / 2;
            a *= x[mid];
            if x[mid] > 0.5 {
                hi = mid;
            } else {
                lo = mid + 1;
            }
        }
        a
    }

    #[differentiable]
    fn nested(x: f64) -> f64 {
        let mut a = x;
        let mut total = 0.0;
        while a < 50.0 {
            let mut b = a;
            while b > 1.0 {
                b *= 0.6;
                total += b * a;
            }
            a = a * 2.0 + b;
        }
        total
    }

    #[differentiable]
    fn endless(x: f64) -> f64 {
        let mut a = x;
        loop {
            a = a * a + 0.3;
            if a > 20.0 {
                break;
            }
        }
        a
    }

    #[differentiable]
    fn break_with_value(x: f64, n: usize) -> f64 {
        let mut a = x;
        let mut k = 0;
        let b = loop {
            if k == n {
                break a * x;
            }
            a = a.sin() + x;
            if a > 1.4 {
                break a * a;
            }
            k += 1;
        };
        b * a
    }

    #[differentiable]
    fn middle_exit(x: f64) -> f64 {
        let mut a = x;
        loop {
            a *= 1.5;
            if a > 10.0 {
                break;
            }
            a += x;
        }
        a * a
    }

    #[differentiable]
    fn while_let(x: f64, n: usize) -> f64 {
        let mut stack: Vec<usize> = (0..n).collect();
        let mut a = x;
        while let Some(k) = stack.pop() {
            a = a * x + k as f64;
            if k == 3 {
                stack.push(1);
            }
        }
        a
    }

    #[differentiable]
    fn condition_with_effects(x: f64, n: usize) -> f64 {
        let mut left = n;
        let mut a = x;
        while {
            left = left.saturating_sub(1);
            left > 0
        } {
            a = a * a + 0.1;
        }
        a
    }

    #[differentiable]
    fn state_in_an_array(x: f64) -> f64 {
        let mut s = [x, 1.0, 0.0];
        while s[0] + s[1] < 20.0 {
            s = [s[1], s[0] + s[1] * x, s[2] + s[0] * s[1]];
        }
        s[0] * s[2] + s[1]
    }

    #[differentiable]
    fn integer_state(x: f64, mut n: u64) -> f64 {
        let mut base = x;
        let mut result = 1.0;
        while n > 0 {
            if n & 1 == 1 {
                result *= base;
            }
            base *= base;
            n >>= 1;
        }
        result
    }

    #[differentiable]
    fn collatz(x: f64, n: u64) -> f64 {
        let mut k = n;
        let mut a = x;
        while k != 1 {
            if k % 2 == 0 {
                k /= 2;
                a = a.sin() + x;
            } else {
                k = 3 * k + 1;
                a *= x;
            }
        }
        a
    }

    #[differentiable]
    fn gradient_tape_while(x: f64) -> f64 {
        let mut x = x;
        let mut i = 1;
        while i < 3 {
            i += 1;
            x *= 2.0;
        }
        x
    }

    gradient_test! {
        newton: (2.0), (9.0), (0.3);
        zero_trips: (0.7), (1.7), (13.0);
        counter: (0.7, const 5), (0.7, const 0), (0.7, const 1);
        halving: (ref vec![0.1, 0.3, 0.4, 0.7, 0.9]), (ref vec![]), (ref vec![0.7]);
        nested: (0.7), (3.1), (60.0);
        endless: (0.7), (1.7);
        break_with_value: (0.7, const 5), (0.2, const 3), (0.7, const 0);
        middle_exit: (0.7), (7.0);
        while_let: (0.7, const 5), (0.7, const 0);
        condition_with_effects: (0.7, const 4), (0.7, const 0);
        state_in_an_array: (0.7), (30.0);
        integer_state: (0.7, const 13), (0.7, const 0), (0.7, const 1);
        collatz: (0.7, const 6), (0.7, const 1);
        gradient_tape_while: (2.0);
    }

    #[test]
    fn newton_is_the_square_root() {
        assert!((grad_newton(2.0) - 0.5 / 2f64.sqrt()).abs() < 1e-12);
        assert_eq!(grad_gradient_tape_while(2.0), 4.0);
    }
}

mod exits {
    use super::*;

    #[differentiable]
    fn break_by_value(x: &[f64], limit: f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += x[i] * x[i];
            if sum > limit {
                break;
            }
            sum *= 1.1;
        }
        sum * limit
    }

    #[differentiable]
    fn continue_(x: &[f64]) -> f64 {
        let mut p = 1.0;
        for &v in x {
            if v < 0.0 {
                continue;
            }
            p *= v;
            if v > 1.0 {
                p += v;
                continue;
            }
            p = p.sin() + p;
        }
        p
    }

    #[differentiable]
    fn labelled_break(m: &[f64], n: usize) -> f64 {
        let mut sum = 0.1;
        'rows: for i in 0..n {
            for j in 0..n {
                sum = sum * m[i * n + j] + m[j];
                if sum > 3.0 {
                    break 'rows;
                }
                if sum < -1.0 {
                    break;
                }
            }
            sum += 0.5 * m[i];
        }
        sum * sum
    }

    #[differentiable]
    fn labelled_continue(m: &[f64], n: usize) -> f64 {
        let mut sum = 0.1;
        let mut skipped = 0;
        'rows: for i in 0..n {
            let before = sum;
            for j in 0..n {
                let v = m[i * n + j];
                if v < 0.0 {
                    skipped += 1;
                    continue 'rows;
                }
                sum += v * before;
            }
            sum *= sum;
        }
        sum + skipped as f64 * m[0]
    }

    #[differentiable]
    fn return_from_a_loop(x: &[f64], limit: f64) -> f64 {
        let mut p = 1.0;
        for v in x.iter() {
            p *= v;
            if p > limit {
                return p * limit;
            }
        }
        p.sin()
    }

    #[differentiable]
    fn return_from_nested_loops(m: &[f64], n: usize) -> f64 {
        let mut a = 0.4;
        for i in 0..n {
            let mut k = 0;
            while k < n {
                a = a * a + m[i * n + k];
                k += 1;
                loop {
                    if a > 2.0 {
                        return a * m[i];
                    }
                    if a > 0.9 {
                        a *= 0.8;
                        break;
                    }
                    a += 0.3 * m[k - 1].abs() + 0.1;
                }
            }
            a += m[i];
        }
        a
    }

    #[differentiable]
    fn all_exits(x: &[f64], n: usize) -> f64 {
        let mut a = 0.5;
        'outer: for round in 0..n {
            for i in 0..x.len() {
                if i == round {
                    continue;
                }
                let t = a * x[i];
                if t > 4.0 {
                    return t.ln();
                }
                a += t;
                if a < -2.0 {
                    continue 'outer;
                }
                if a > 2.5 {
                    break 'outer;
                }
                if t < 0.0 {
                    break;
                }
                a *= 1.1;
            }
            a = a.sin() + 0.2 * a;
        }
        a * x[0]
    }

    #[differentiable]
    fn search(x: &[f64], level: f64) -> f64 {
        let mut found = None;
        for i in 1..x.len() {
            if x[i - 1] <= level && level < x[i] {
                found = Some(i);
                break;
            }
        }
        match found {
            Some(i) => (level - x[i - 1]) / (x[i] - x[i - 1]),
            None => 0.0,
        }
    }

    #[differentiable]
    fn break_in_a_match(x: f64, program: &[u8]) -> f64 {
        let mut a = x;
        for op in program {
            match op {
                0 => a = a.sin(),
                1 => {
                    a *= x;
                    if a > 5.0 {
                        break;
                    }
                }
                2 => continue,
                3 => return a * a,
                _ => break,
            }
            a += 0.1 * x;
        }
        a
    }

    #[differentiable]
    fn break_from_while(x: f64, n: usize) -> f64 {
        let mut a = x;
        let mut i = 0;
        while i < n {
            i += 1;
            if i == 3 {
                continue;
            }
            a = a * x + 1.0;
            if a > 6.0 {
                break;
            }
        }
        a * i as f64
    }

    #[differentiable]
    fn value_of_a_labelled_loop(x: f64, n: usize) -> f64 {
        let mut a = x;
        let r = 'outer: loop {
            let mut i = 0;
            a += x;
            loop {
                i += 1;
                a *= 1.1 + 0.01 * x;
                if a > 6.0 {
                    break 'outer a * x;
                }
                if i == n {
                    break;
                }
            }
        };
        r + a
    }

    #[differentiable]
    fn exits_over_reversed_ranges(x: &[f64], limit: f64) -> f64 {
        let mut a = 0.3;
        for i in (0..x.len()).rev() {
            a = a * x[i] + x[i];
            if a > limit {
                break;
            }
            a = a.sin();
        }
        for i in (0..x.len() + 1).step_by(2).rev() {
            if i >= x.len() {
                continue;
            }
            a = a * a + x[i];
            if a > limit {
                break;
            }
        }
        a
    }

    #[differentiable]
    fn writes_then_leaves(x: &mut [f64], limit: f64) {
        for i in 1..x.len() {
            let sum = x[i - 1] * x[i];
            x[i] = sum;
            if sum > limit {
                x[0] *= sum;
                return;
            }
        }
        x[0] += limit;
    }

    gradient_test! {
        break_by_value: (ref vec![0.7, -1.2, 0.4, 0.3], 1.5), (ref vec![0.7, -1.2, 0.4, 0.3], 100.0), (ref vec![0.7], 0.1), (ref vec![], 0.1);
        continue_: (ref vec![0.7, -1.2, 0.4, 1.3, 0.6]), (ref vec![-1.0]);
        labelled_break: (ref vec![0.7, -1.2, 0.4, 0.3, 1.9, 1.1, 0.2, 2.0, 0.4], const 3), (ref vec![2.0, -2.0, -3.0, 2.5], const 2), (ref vec![9.0], const 1);
        labelled_continue: (ref vec![0.7, 1.2, 0.4, 0.3, -1.9, 1.1, 0.2, 2.0, 0.4], const 3), (ref vec![-1.0], const 1);
        return_from_a_loop: (ref vec![0.7, 1.2, 3.0], 1.5), (ref vec![0.7, 1.2, 3.0], 10.0), (ref vec![], 10.0);
        return_from_nested_loops: (ref vec![0.1, 0.2, 0.3, 0.2, 0.4, 0.1, 0.2, 0.3, 0.1], const 3), (ref vec![0.9, 1.7, 0.8, 2.0], const 2), (ref vec![], const 0);
        all_exits: (ref vec![0.7, -1.2, 0.4], const 4), (ref vec![0.7, 1.2, 0.4], const 4), (ref vec![0.7, 5.0, 9.0], const 4), (ref vec![0.7, -9.0], const 3), (ref vec![0.7], const 0);
        search: (ref vec![0.1, 0.5, 0.9], 0.6), (ref vec![0.1, 0.5, 0.9], 2.0);
        break_in_a_match: (0.7, const &[0u8, 1, 2, 1][..]), (0.7, const &[0u8, 3, 1][..]), (0.7, const &[0u8, 9, 1][..]), (4.0, const &[1u8, 1, 1][..]), (0.7, const &[][..]);
        break_from_while: (0.7, const 5), (1.7, const 9), (0.7, const 0);
        value_of_a_labelled_loop: (0.7, const 3), (7.0, const 3);
        exits_over_reversed_ranges: (ref vec![0.7, -1.2, 0.4, 0.3], 5.0), (ref vec![0.7, -1.2, 0.4, 0.3], 0.35), (ref vec![0.7, -1.2, 1.4, 0.3, 0.2], 0.8);
    }
    inplace_test! {
        writes_then_leaves: (mut vec![0.7, 1.2, 3.0, 0.4], 1.5), (mut vec![0.7, 1.2, 3.0, 0.4], 10.0), (mut vec![0.7], 1.0);
    }
}

mod carried {
    //! State carried from trip to trip, and values that recomputation must not read from the wrong
    //! trip.
    use super::*;

    #[differentiable]
    fn swap(x: f64, y: f64, n: usize) -> f64 {
        let mut a = x;
        let mut b = y;
        for _ in 0..n {
            let t = a;
            a = b * 1.5;
            b = t * b;
        }
        a * b + a
    }

    #[differentiable]
    fn pure_swap(x: f64, y: f64, n: usize) -> f64 {
        let mut a = x;
        let mut b = y * x;
        for _ in 0..n {
            std::mem::swap(&mut a, &mut b);
        }
        a * a * b
    }

    #[differentiable]
    fn rotation(x: f64, y: f64, z: f64, n: usize) -> f64 {
        let (mut a, mut b, mut c) = (x, y, z);
        for _ in 0..n {
            (a, b, c) = (b, c, a * b);
        }
        a + 2.0 * b + 3.0 * c * a
    }

    #[differentiable]
    fn fibonacci(x: f64, n: usize) -> f64 {
        let (mut a, mut b) = (1.0, x);
        for _ in 0..n {
            let c = a + b * x;
            a = b;
            b = c;
        }
        b
    }

    #[differentiable]
    fn previous_trip(x: &[f64]) -> f64 {
        let mut previous = 0.0;
        let mut sum = 0.0;
        for i in 0..x.len() {
            let current = x[i] * x[i] + previous;
            sum += current * previous;
            previous = current.sin();
        }
        sum
    }

    #[differentiable]
    fn recomputed_from_the_wrong_trip(x: &[f64]) -> f64 {
        // `y` is cheap, but `s` has moved on when it would be recomputed.
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

    #[differentiable]
    fn index_moved_on(x: &[f64], n: usize) -> f64 {
        let mut k = 0;
        let mut a = 0.5;
        for _ in 0..n {
            let v = x[k];
            k = (k * 2 + 1) % x.len();
            a = a * v + x[k] * v;
            if k == 0 {
                k = 1 % x.len();
            }
        }
        a
    }

    #[differentiable]
    fn value_of_the_last_trip(x: &[f64]) -> f64 {
        let mut last = 0.0;
        let mut largest = 0.0;
        for &v in x {
            last = v * v;
            if last > largest {
                largest = last;
            }
        }
        last * largest
    }

    #[differentiable]
    fn overwritten_each_trip(x: f64, n: usize) -> f64 {
        let mut a = 0.0;
        let mut b = x;
        for i in 0..n {
            a = b * x;
            b = a + i as f64;
            a = 3.0;
            b *= a * x;
        }
        a * b
    }

    #[differentiable]
    fn declared_inside(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            let mut t = x[i];
            for k in 0..i {
                t = t * x[k] + sum;
            }
            let mut u;
            if t > 0.5 {
                u = t;
            } else {
                u = -t * x[i];
            }
            u *= u;
            sum += u * t;
        }
        sum
    }

    #[differentiable]
    fn logistic_map(x: f64, r: f64, n: usize) -> f64 {
        let mut a = x;
        for _ in 0..n {
            a = r * a * (1.0 - a);
        }
        a
    }

    #[differentiable]
    fn runge_kutta(x: f64, y: f64, h: f64, steps: usize) -> f64 {
        let (mut p, mut q) = (x, y);
        for _ in 0..steps {
            let k1p = q;
            let k1q = -p.sin();
            let k2p = q + 0.5 * h * k1q;
            let k2q = -(p + 0.5 * h * k1p).sin();
            p += h * 0.5 * (k1p + k2p);
            q += h * 0.5 * (k1q + k2q);
        }
        p * q
    }

    #[differentiable]
    fn branch_in_a_loop(x: &[f64]) -> f64 {
        let mut a = 0.5;
        for i in 0..x.len() {
            if x[i] > 0.0 {
                let t = a;
                a = t * x[i];
                a += t;
            } else if a > 0.1 {
                a = a - x[i] * a;
            } else {
                a = x[i].exp();
            }
        }
        a
    }

    #[differentiable]
    fn accumulate_and_use(x: &[f64]) -> f64 {
        // `sum` is not only added to: it is read in the same loop.
        let mut sum = 0.0;
        let mut other = 0.0;
        for v in x {
            sum += v;
            other += sum * v;
        }
        sum * other
    }

    #[differentiable]
    fn two_accumulators(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        let mut squares = 0.0;
        for v in x {
            sum += v;
            squares += v * v;
        }
        let n = x.len() as f64;
        squares / n - (sum / n) * (sum / n)
    }

    #[differentiable]
    fn loop_after_loop(x: &[f64]) -> f64 {
        let mut mean = 0.0;
        for v in x {
            mean += v;
        }
        mean /= x.len() as f64;
        let mut variance = 0.0;
        for v in x {
            let d = v - mean;
            variance += d * d;
        }
        let mut skew = 0.0;
        for v in x {
            skew += ((v - mean) / variance.sqrt()).powi(3);
        }
        skew
    }

    #[differentiable]
    fn steps_in_place(x: &mut [f64], n: usize) -> f64 {
        for _ in 0..n {
            for i in 1..x.len() {
                x[i] = 0.5 * x[i] + x[i - 1] * x[i];
            }
            x[0] = x[x.len() - 1].sin();
        }
        x[0] * x[1]
    }

    gradient_test! {
        swap: (0.7, -1.2, const 5), (0.7, -1.2, const 0), (0.7, -1.2, const 1);
        pure_swap: (0.7, -1.2, const 3), (0.7, -1.2, const 4);
        rotation: (0.7, -1.2, 0.4, const 5), (0.7, -1.2, 0.4, const 0);
        fibonacci: (0.7, const 8);
        previous_trip: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
        recomputed_from_the_wrong_trip: (ref vec![0.7, -1.2, 0.4, 0.9]);
        index_moved_on: (ref vec![0.7, -1.2, 0.4, 0.9, 1.1], const 7), (ref vec![0.7], const 3);
        value_of_the_last_trip: (ref vec![0.7, -1.2, 0.4]), (ref vec![]);
        overwritten_each_trip: (0.7, const 4), (0.7, const 0);
        declared_inside: (ref vec![0.7, -1.2, 0.4, 0.9]);
        logistic_map: (0.3, 3.1, const 10);
        runge_kutta: (0.3, 0.8, 0.1, const 20);
        branch_in_a_loop: (ref vec![0.7, -1.2, 0.4, -0.9, -3.0, 1.3]);
        accumulate_and_use: (ref vec![0.7, -1.2, 0.4]);
        two_accumulators: (ref vec![0.7, -1.2, 0.4]);
        loop_after_loop: (ref vec![0.7, -1.2, 0.4, 0.9]);
    }
    state_test! { steps_in_place: (mut vec![0.7, -1.2, 0.4, 0.9], const 3), (mut vec![0.7, -1.2], const 0); }
}
