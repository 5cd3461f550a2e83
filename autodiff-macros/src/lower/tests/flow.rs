//! Branches, loops, exits, patterns, iterators.

use super::check;

#[test]
fn an_early_return_nests_what_follows() {
    check(
        r#"
        fn f(x: f64) -> f64 {
            if x < 0.0 {
                return 0.0;
            }
            let y = x.sqrt();
            y * y
        }
        "#,
        r#"
        fn f(x: f64) -> f64 {
            let result: f64;
            if x < 0.0 {
                result = 0.0;
            } else {
                let y: f64 = sqrt(x);
                result = y * y;
            }
            result
        }
        "#,
    );
}

#[test]
fn exits_of_a_loop() {
    check(
        r#"
        fn f(x: &[f64]) -> f64 {
            let mut s = 0.0;
            for v in x {
                if *v < 0.0 { return s; }
                if *v > 10.0 { break; }
                if *v == 5.0 { continue; }
                s += v;
            }
            s * 2.0
        }
        "#,
        r#"
        fn f(x: &[f64]) -> f64 {
            let mut result: f64 = 0.0;
            let mut s: f64 = 0.0;
            let mut stop: bool = false;
            let mut done: bool = false;
            for i in 0..(*x).len() {
                if x[i] < 0.0 {
                    result = s;
                    stop = true;
                    done = true;
                } else {
                    if x[i] > 10.0 {
                        stop = true;
                    } else {
                        if x[i] != 5.0 {
                            s += x[i];
                        }
                    }
                }
                if stop { break; }
            }
            if !done {
                result = s * 2.0;
            }
            result
        }
        "#,
    );
}

#[test]
fn labels() {
    check(
        r#"
        fn f(x: &[f64], n: usize) -> f64 {
            let mut s = 0.0;
            'outer: for i in 0..n {
                for j in 0..n {
                    if j > i { continue 'outer; }
                    if s > 100.0 { break 'outer; }
                    s += x[i] * x[j];
                }
                s += 1.0;
            }
            s
        }
        "#,
        r#"
        fn f(x: &[f64], n: usize) -> f64 {
            let mut s: f64 = 0.0;
            let mut stop: bool = false;
            for i in 0..n {
                let mut skip: bool = false;
                let mut stop_2: bool = false;
                for j in 0..n {
                    if j > i {
                        stop_2 = true;
                        skip = true;
                    } else {
                        if s > 100.0 {
                            stop_2 = true;
                            stop = true;
                        } else {
                            s += x[i] * x[j];
                        }
                    }
                    if stop_2 { break; }
                }
                if !skip && !stop {
                    s += 1.0;
                }
                if stop { break; }
            }
            s
        }
        "#,
    );
}

#[test]
fn a_labelled_block() {
    check(
        r#"
        fn f(x: f64) -> f64 {
            let y = 'a: {
                if x > 1.0 { break 'a 2.0 * x; }
                x
            };
            y + 1.0
        }
        "#,
        r#"
        fn f(x: f64) -> f64 {
            let y: f64;
            if x > 1.0 {
                y = 2.0 * x;
            } else {
                y = x;
            }
            y + 1.0
        }
        "#,
    );
}

#[test]
fn values_of_branches() {
    check(
        r#"
        fn f(x: f64, k: i32) -> f64 {
            let y = if x > 0.0 { x } else { let z = x * x; z };
            let w = match k { 0 => y, 1 | 2 => y * 2.0, _ => panic!("{k}") };
            w
        }
        "#,
        r#"
        fn f(x: f64, k: i32) -> f64 {
            let y: f64;
            if x > 0.0 {
                y = x;
            } else {
                let z: f64 = x * x;
                y = z;
            }
            let w: f64;
            match k {
                0 => {
                    w = y;
                }
                1 | 2 => {
                    w = y * 2.0;
                }
                _ => {
                    opaque! { panic ! ("{k}") ; }
                }
            }
            w
        }
        "#,
    );
}

#[test]
fn iterators_become_indices() {
    check(
        r#"
        fn f(x: &[f64], y: &[f64], out: &mut [f64]) -> f64 {
            let mut s = 0.0;
            for (i, (a, b)) in x.iter().zip(y).enumerate() { s += a * b * i as f64; }
            for o in out.iter_mut().rev() { *o *= 2.0; }
            for w in x.windows(2) { s += w[1] - w[0]; }
            for c in x.chunks_exact(3) { s += c[0] * c[2]; }
            s
        }
        "#,
        r#"
        fn f(x: &[f64], y: &[f64], out: &mut [f64]) -> f64 {
            let mut s: f64 = 0.0;
            for i in 0..opaque!(:: core :: cmp :: min (x . len () , y . len ())) {
                s += (x[i] * y[i]) * (i as f64);
            }
            for j in (0..(*out).len()).rev() {
                out[j] *= 2.0;
            }
            for k in 0..opaque!(usize :: saturating_sub ((x . len () + 1) , 2)) {
                s += x[k + 1] - x[k];
            }
            for l in 0..((*x).len() / 3) {
                s += x[l * 3] * x[(l * 3) + 2];
            }
            s
        }
        "#,
    );
}

#[test]
fn chains_become_loops() {
    check(
        r#"
        fn f(x: &[f64]) -> f64 {
            let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let s: f64 = x.iter().filter(|v| **v > 0.0).map(|v| (v - m).exp()).sum();
            let q: Vec<f64> = (0..3).map(|i| x[i] * s).collect();
            m + q[0]
        }
        "#,
        r#"
        fn f(x: &[f64]) -> f64 {
            let mut m: f64 = f64 :: NEG_INFINITY;
            for j in 0..(*x).len() {
                let item: f64 = x[j];
                m = max(m, item);
            }
            let mut s: f64 = -0.0;
            for k in 0..(*x).len() {
                if x[k] > 0.0 {
                    s += exp(x[k] - m);
                }
            }
            let mut q: Vec<f64> = vec![];
            for i in 0..3 {
                q.push(x[i] * s);
            }
            m + q[0]
        }
        "#,
    );
}

#[test]
fn let_else() {
    check(
        r#"
        fn f(x: f64, names: &[u8]) -> f64 {
            let Some(k) = names.iter().max() else { return x };
            let Some(v) = names.first() else { panic!("none") };
            x * *k as f64 + *v as f64
        }
        "#,
        r#"
        fn f(x: f64, names: &[u8]) -> f64 {
            let result: f64;
            match opaque!(names . iter () . max ()) {
                Some (k) => {
                    if 0 < (*names).len() {
                        result = (x * ((*k) as f64)) + (names[0] as f64);
                    } else {
                        opaque! { panic ! ("none") ; }
                    }
                }
                _ => {
                    result = x;
                }
            }
            result
        }
        "#,
    );
}

#[test]
fn while_let() {
    check(
        r#"
        fn f(x: f64) -> f64 {
            let mut stack = vec![1usize];
            let mut y = x;
            while let Some(k) = stack.pop() { y *= k as f64; }
            y
        }
        "#,
        r#"
        fn f(x: f64) -> f64 {
            let mut stack: Vec<usize> = vec![1usize];
            let mut y: f64 = x;
            let mut stop: bool = false;
            while true {
                match opaque!(stack . pop ()) {
                    Some (k) => {
                        y *= k as f64;
                    }
                    _ => {
                        stop = true;
                    }
                }
                if stop { break; }
            }
            y
        }
        "#,
    );
}

#[test]
fn elements_as_options() {
    check(
        r#"
        fn f(x: &[f64], i: usize) -> f64 {
            let a = x.get(i).copied().unwrap_or(1.0);
            if let Some(v) = x.last() { a * v } else { a }
        }
        "#,
        r#"
        fn f(x: &[f64], i: usize) -> f64 {
            let result: f64;
            let element: f64;
            if i < (*x).len() {
                element = x[i];
            } else {
                element = 1.0;
            }
            let a: f64 = element;
            if 0 < (*x).len() {
                result = a * x[(*x).len() - 1];
            } else {
                result = a;
            }
            result
        }
        "#,
    );
}

#[test]
fn matches_know_the_places() {
    check(
        r#"
        fn f(x: f64, y: f64) -> f64 {
            match (x, y) {
                (a, b) if a > b => a * b,
                (_, b) => b,
            }
        }
        "#,
        r#"
        fn f(x: f64, y: f64) -> f64 {
            let result: f64;
            let matched: (f64, f64) = (x, y);
            match matched {
                (a , b ,) if a > b /* a = matched.0, b = matched.1 */ => {
                    result = a * b;
                }
                (_ , b_2 ,) /* b_2 = matched.1 */ => {
                    result = b_2;
                }
            }
            result
        }
        "#,
    );
}

#[test]
fn slice_patterns() {
    check(
        r#"
        fn f(x: &[f64]) -> f64 {
            match x {
                [] => 0.0,
                [a, rest @ ..] => a * rest[0],
            }
        }
        "#,
        r#"
        fn f(x: &[f64]) -> f64 {
            let result: f64;
            match &(*x) {
                [] => {
                    result = 0.0;
                }
                [_ , ..] => {
                    result = x[0] * x[1];
                }
            }
            result
        }
        "#,
    );
}

#[test]
fn bounds_are_evaluated_once() {
    check(
        r#"
        fn f(mut v: Vec<f64>, a: [f64; 2]) -> f64 {
            let mut a = a;
            for i in 0..v.len() { v.push(i as f64); }
            for x in a { a[0] += x; }
            a[0]
        }
        "#,
        r#"
        fn f(mut v: Vec<f64>, a: [f64; 2]) -> f64 {
            let mut a_2: [f64; 2] = a;
            let end: usize = v.len();
            for i in 0..end {
                v.push(i as f64);
            }
            let values: [f64; 2] = a_2;
            for j in 0..2 {
                let x: f64 = values[j];
                a_2[0] += x;
            }
            a_2[0]
        }
        "#,
    );
}

#[test]
fn conditions_with_statements() {
    check(
        r#"
        fn f(x: f64) -> f64 {
            let mut y = x;
            while { y *= 0.5; y > 1.0 } { y += 0.1; }
            y
        }
        "#,
        r#"
        fn f(x: f64) -> f64 {
            let mut y: f64 = x;
            let mut stop: bool = false;
            while true {
                let value_2: bool;
                y *= 0.5;
                value_2 = y > 1.0;
                if value_2 {
                    y += 0.1;
                } else {
                    stop = true;
                }
                if stop { break; }
            }
            y
        }
        "#,
    );
}
