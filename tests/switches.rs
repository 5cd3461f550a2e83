//! Every analysis can be left out, and no gradient changes.

use autodiff::differentiable;

/// The same function under every combination that leaves something out.
macro_rules! variants {
    ($module:ident, $($function:tt)*) => {
        mod $module {
            pub mod all {
                #[allow(unused_imports)]
                use super::super::*;
                #[differentiable]
                $($function)*
            }
            variants!(@ activity, [activity], $($function)*);
            variants!(@ to_be_recorded, [to_be_recorded], $($function)*);
            variants!(@ recompute, [recompute], $($function)*);
            variants!(@ residuals, [residuals], $($function)*);
            variants!(@ fuse, [fuse], $($function)*);
            variants!(@ rerun, [rerun], $($function)*);
            variants!(@ lists, [lists], $($function)*);
            variants!(@ shared, [shared], $($function)*);
            variants!(@ counters, [counters], $($function)*);
            variants!(@ left, [left], $($function)*);
            variants!(@ tidy, [tidy], $($function)*);
            variants!(@ forward, [forward], $($function)*);
            variants!(
                @ none,
                [
                    activity, to_be_recorded, recompute, residuals, fuse, rerun, lists, shared, counters, left,
                    tidy,
                    forward
                ],
                $($function)*
            );
        }
    };
    (@ $name:ident, [$($pass:ident),*], $($function:tt)*) => {
        pub mod $name {
            #[allow(unused_imports)]
            use super::super::*;
            #[differentiable(without($($pass),*))]
            $($function)*
        }
    };
}

/// Compares one generated function over all variants.
macro_rules! same {
    ($module:ident :: $function:ident ( $($arg:expr),* )) => {{
        let expected = format!("{:?}", $module::all::$function($($arg),*));
        let left_out = [
            ("activity", format!("{:?}", $module::activity::$function($($arg),*))),
            ("to_be_recorded", format!("{:?}", $module::to_be_recorded::$function($($arg),*))),
            ("recompute", format!("{:?}", $module::recompute::$function($($arg),*))),
            ("residuals", format!("{:?}", $module::residuals::$function($($arg),*))),
            ("fuse", format!("{:?}", $module::fuse::$function($($arg),*))),
            ("rerun", format!("{:?}", $module::rerun::$function($($arg),*))),
            ("lists", format!("{:?}", $module::lists::$function($($arg),*))),
            ("shared", format!("{:?}", $module::shared::$function($($arg),*))),
            ("counters", format!("{:?}", $module::counters::$function($($arg),*))),
            ("left", format!("{:?}", $module::left::$function($($arg),*))),
            ("tidy", format!("{:?}", $module::tidy::$function($($arg),*))),
            ("forward", format!("{:?}", $module::forward::$function($($arg),*))),
            ("none", format!("{:?}", $module::none::$function($($arg),*))),
        ];
        for (name, got) in left_out {
            assert_eq!(numbers(&got), numbers(&expected), "without {name}");
        }
        numbers(&expected)
    }};
}

/// The numbers in a printed value, rounded to twelve places.
fn numbers(printed: &str) -> Vec<String> {
    printed
        .split(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
        .filter_map(|word| word.parse::<f64>().ok())
        .map(|x| format!("{:.11e}", x))
        .collect()
}

variants! { overwriting,
    pub fn f(x: f64, y: f64, n: usize) -> f64 {
        let mut a = x;
        let mut b = y;
        for i in 0..n {
            let t = a * b;
            a = b.sin() + 0.1 * i as f64;
            b = t * a;
            if b > 2.0 {
                b = b.sqrt();
            }
        }
        a * b
    }
}

variants! { buffers,
    pub fn f(x: &[f64], n: usize) -> f64 {
        let mut u = x.to_vec();
        let mut v = vec![0.0; x.len()];
        for round in 0..n {
            for i in 1..x.len() {
                v[i] = u[i] * u[i - 1] + u[i];
                u[i] = (v[i] * 0.3).tanh();
            }
            if round % 2 == 1 {
                std::mem::swap(&mut u, &mut v);
            }
            u[0] *= 0.9;
        }
        let mut sum = 0.0;
        for (a, b) in u.iter().zip(&v) {
            sum += a * a * b;
        }
        sum
    }
}

variants! { exits,
    pub fn f(x: &[f64], limit: f64) -> f64 {
        let mut product = 1.0;
        'rows: for i in 0..x.len() {
            for j in 0..=i {
                if x[i] * x[j] < -limit {
                    continue 'rows;
                }
                if product > 5.0 * limit {
                    return product.ln() * x[j];
                }
                product *= 1.0 + x[i] * x[j];
            }
        }
        let mut steps = 0;
        while product > limit && steps < 20 {
            product = 0.5 * (product + 1.0 / product);
            steps += 1;
        }
        product * product
    }
}

#[differentiable]
pub fn scale(v: &mut [f64], s: f64) -> f64 {
    let mut largest = 0.0;
    for x in v.iter_mut() {
        *x *= s + *x;
        if *x > largest {
            largest = *x;
        }
    }
    largest
}

variants! { calls,
    pub fn f(x: &[f64], s: f64) -> f64 {
        let mut v = x.to_vec();
        let mut total = 0.0;
        for k in 0..3 {
            let largest = scale(&mut v, s);
            total += largest * v[k] + s.exp();
            scale(&mut v[1..], largest * 0.1);
        }
        total
    }
}

#[differentiable]
pub fn spread(a: &[f64], b: &mut [f64]) {
    for i in 1..a.len() {
        b[i] = 0.6 * a[i] + 0.3 * a[i - 1];
    }
}

#[differentiable]
pub fn bend(a: &[f64], b: &mut [f64]) {
    for i in 1..a.len() {
        b[i] = 0.6 * a[i] * a[i] + 0.3 * a[i - 1] * b[i];
    }
}

variants! { overwritten_by_calls,
    pub fn f(x: &[f64], n: usize) -> f64 {
        let mut a = x.to_vec();
        let mut b = vec![0.1; x.len()];
        let mut total = 0.0;
        for round in 0..n {
            spread(&a, &mut b);
            bend(&b, &mut a);
            spread(&b[1..], &mut a[1..]);
            if round % 2 == 1 {
                std::mem::swap(&mut a, &mut b);
                total += a[0] * a[1];
            }
            bend(x, &mut b);
        }
        total + a[1] * b[2]
    }
}

variants! { rows,
    pub fn f(x: &[f64], width: usize) -> f64 {
        let mut total = 1.0;
        for row in x.chunks_exact(width) {
            let mut local = [0.0; 3];
            let mut kept = Vec::new();
            for (j, value) in row.iter().enumerate() {
                local[j % 3] += value * value;
                kept.push(local[j % 3].exp());
            }
            let norm = (local[0] + local[1] * local[2] + 1.0).sqrt();
            for value in &kept {
                total += value / norm;
            }
            total = total.ln_1p();
        }
        total
    }
}

variants! { neighbours,
    pub fn f(x: &[f64], columns: usize) -> f64 {
        let mut b = x.to_vec();
        for i in 1..x.len() / columns - 1 {
            for j in 1..columns - 1 {
                let k = i * columns + j;
                b[k] = x[k] * x[k + 1] - 0.5 * (x[k - columns] + x[k + columns] * x[k - 1]);
            }
        }
        let mut sum = 0.0;
        for i in 0..b.len() - 1 {
            sum += b[i] * b[i] * b[i + 1] * 2.0;
        }
        sum
    }
}

variants! { of_one_number,
    pub fn f(a: f64, n: usize) -> f64 {
        let mut x = 1.0;
        let mut path = vec![a; 2];
        while f64::abs(x * x - a) > 1e-12 * a.abs() {
            x = 0.5 * (x + a / x);
            path.push(x * a);
            if path.len() > 40 {
                return a.sin();
            }
        }
        for value in path.iter().take(n) {
            x += 0.3 * value * value;
        }
        x
    }
}

#[test]
fn gradients_are_the_same() {
    let x = [0.3, -0.7, 1.1, 0.4, 0.9, -0.2];
    let overwritten = same!(overwriting::grad_f(0.7, 1.3, 5));
    assert_eq!(overwritten.len(), 2);
    same!(overwriting::grad_f(0.7, 1.3, 0));
    assert_eq!(same!(overwritten_by_calls::grad_f(&x, 5)).len(), 6);
    assert_eq!(same!(buffers::grad_f(&x, 5)).len(), 6);
    same!(buffers::value_and_grad_f(&x, 4));
    same!(buffers::grad_f(&[], 0));
    same!(exits::grad_f(&x, 0.4));
    same!(exits::grad_f(&x, 40.0));
    same!(exits::grad_f(&x, 0.1));
    same!(calls::grad_f(&x, 0.8));
    let grid: Vec<f64> = (0..12).map(|k| 0.25 * f64::from(k % 5) - 0.5).collect();
    assert_eq!(same!(neighbours::grad_f(&grid, 4)).len(), 12);
    assert_eq!(same!(neighbours::grad_f(&grid, 3)).len(), 12);
    same!(neighbours::grad_f(&grid, 6));
    same!(rows::grad_f(&x, 3));
    same!(rows::grad_f(&x, 2));
    same!(rows::grad_f(&x, 7));
    assert_eq!(same!(of_one_number::grad_f(2.5, 3)).len(), 1);
    assert_eq!(same!(of_one_number::value_and_grad_f(9.0, 0)).len(), 2);
    same!(of_one_number::grad_f(1e30, 2));
}

#[test]
fn pullbacks_are_the_same() {
    let x = [0.3, -0.7, 1.1, 0.4, 0.9, -0.2];
    macro_rules! pull {
        ($module:ident, $($arg:expr),*) => {{
            let (value, pullback) = $module::all::vjp_f($($arg),*);
            let expected = numbers(&format!("{:?}", (value, pullback(1.0))));
            let (value, pullback) = $module::none::vjp_f($($arg),*);
            assert_eq!(numbers(&format!("{:?}", (value, pullback(1.0)))), expected);
            let plain = numbers(&format!("{:?}", $module::all::value_and_grad_f($($arg),*)));
            assert_eq!(plain, expected);
        }};
    }
    pull!(overwriting, 0.7, 1.3, 4);
    pull!(buffers, &x, 3);
    pull!(overwritten_by_calls, &x, 3);
    pull!(exits, &x, 0.4);
    pull!(calls, &x, 0.8);
    pull!(rows, &x, 3);
}
