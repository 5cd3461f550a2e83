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
