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
