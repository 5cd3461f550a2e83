//! Names, places, calls, types.

use super::check;

#[test]
fn shadowing() {
    check(
        r#"
        fn f(x: f64, y: f64) -> f64 {
            let x = x.sin() * 2.0;
            let z = f64::exp(x) + y;
            z / x
        }
        "#,
        r#"
        fn f(x: f64, y: f64) -> f64 {
            let x_2: f64 = sin(x) * 2.0;
            let z: f64 = exp(x_2) + y;
            z / x_2
        }
        "#,
    );
}

#[test]
fn operands_keep_their_order() {
    check(
        r#"
        fn f(x: f64) -> f64 {
            let mut a = x;
            let b = a + { a = 2.0 * x; a } + a;
            b
        }
        "#,
        r#"
        fn f(x: f64) -> f64 {
            let mut a: f64 = x;
            let value_2: f64 = a;
            let value: f64;
            a = 2.0 * x;
            value = a;
            let b: f64 = (value_2 + value) + a;
            b
        }
        "#,
    );
}

#[test]
fn halves_are_places() {
    check(
        r#"
        fn f(x: &mut [f64]) {
            let (a, b) = x.split_at_mut(2);
            a[0] += b[1] * 2.0;
            std::mem::swap(&mut a[0], &mut b[0]);
            let c = &b[1..];
            let d = c[0] + c.len() as f64;
            x[0] = d;
        }
        "#,
        r#"
        fn f(x: &mut [f64]) {
            x[0] += x[3] * 2.0;
            swap(x[0], x[2]);
            let d: f64 = x[3] + ((x.len() - 3) as f64);
            x[0] = d;
        }
        "#,
    );
}

#[test]
fn an_alias_keeps_its_index() {
    check(
        r#"
        fn f(x: &mut [f64]) {
            let mut i = 0;
            let r = &mut x[i];
            i += 1;
            *r = i as f64;
        }
        "#,
        r#"
        fn f(x: &mut [f64]) {
            let mut i: {discrete} = 0;
            let index: {discrete} = i;
            i += 1;
            x[index] = i as f64;
        }
        "#,
    );
}

#[test]
fn calls() {
    check(
        r#"
        fn f(x: f64, s: &f64, y: &mut [f64]) -> f64 {
            let mut a = [0.0; 3];
            fill(&mut a, x);
            g(x * s, &a) + m::h(y, *s)
        }
        "#,
        r#"
        fn f(x: f64, s: &f64, y: &mut [f64]) -> f64 {
            let mut a: [{float}; 3] = [0.0; 3];
            fill(&mut a, x);
            let value_2: f64 = g(x * (*s), &a);
            let value: f64 = m::h(&mut (*y), (*s));
            value_2 + value
        }
        "#,
    );
}

#[test]
fn printing_follows_the_names() {
    check(
        r#"
        fn f(x: f64) -> f64 {
            println!("{x} {}", x);
            let x = x * 2.0;
            println!("{x:.2}");
            x
        }
        "#,
        r#"
        fn f(x: f64) -> f64 {
            opaque! { println ! ("{x} {}" , x) ; }
            let x_2: f64 = x * 2.0;
            opaque! { println ! ("{x:.2}" , x = x_2) ; }
            x_2
        }
        "#,
    );
}

#[test]
fn closures_are_written_out() {
    check(
        r#"
        fn f(x: f64) -> f64 {
            let mut total = 0.0;
            let g = |a: f64, b| a * b + x;
            let mut add = |v: f64| total += g(v, v);
            add(x);
            total
        }
        "#,
        r#"
        fn f(x: f64) -> f64 {
            let mut total: f64 = 0.0;
            let v: f64 = x;
            let a: f64 = v;
            let b: f64 = v;
            total += (a * b) + x;
            total
        }
        "#,
    );
}

#[test]
fn generic_floats() {
    check(
        r#"
        fn f<T: Real>(x: T) -> T {
            let half = T::of(0.5);
            let mut s = T::zero();
            s += half * x.sin();
            s
        }
        "#,
        r#"
        fn f(x: T) -> T {
            let half: T = T :: of (0.5);
            let mut s: T = T :: zero ();
            s += half * sin(x);
            s
        }
        "#,
    );
}

#[test]
fn annotations_stay() {
    check(
        r#"
        fn f(x: f32) -> f32 {
            let a: f32 = 0.1;
            let n: u8 = 250;
            let m = n.wrapping_add(10);
            a * x + f32::from(m)
        }
        "#,
        r#"
        fn f(x: f32) -> f32 {
            let a: f32 = 0.1_f32;
            let n: u8 = 250_u8;
            let m: u8 = opaque!(n . wrapping_add (10));
            (a * x) + (m as f32)
        }
        "#,
    );
}

#[test]
fn parallel_assignment() {
    check(
        r#"
        fn f(mut a: f64, mut b: f64) -> f64 {
            (a, b) = (b, a + b);
            a * b
        }
        "#,
        r#"
        fn f(mut a: f64, mut b: f64) -> f64 {
            let new: f64 = b;
            let new_2: f64 = a + b;
            a = new;
            b = new_2;
            a * b
        }
        "#,
    );
}
