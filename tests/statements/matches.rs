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
