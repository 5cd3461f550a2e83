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
