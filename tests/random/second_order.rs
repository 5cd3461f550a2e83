//! Order 2, seed 32.

use super::{check, check_inplace};
use autodiff::differentiable;

const TABLE: [f64; 3] = [0.5, 0.2, 0.9];

#[differentiable(order = 2)]
fn scalar(a: f64, b: f64) -> f64 {
    let mut c = a * b;
    if c > 0.3 {
        c = c.sin() * a;
    }
    (c + b).cos()
}

#[differentiable(order = 2)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        sum += a * b;
    }
    sum
}

#[differentiable(order = 2)]
fn mix(v: &mut [f64], s: f64) {
    for i in 1..v.len() {
        v[i] = 0.5 * v[i] + (v[i - 1] * s).sin();
    }
    v[0] *= 0.8;
}

#[differentiable(order = 2)]
fn bump(x: &mut f64, y: f64) -> f64 {
    let before = *x;
    *x = (before * y).sin() + 0.1;
    before * 0.5
}

#[differentiable(order = 2)]
fn pair(a: f64, b: f64) -> (f64, f64) {
    let c = a * b;
    (c.sin(), 0.5 * (c + a).cos())
}

#[differentiable(order = 2)]
fn swapped(a: f64, b: f64) -> [f64; 4] {
    let mut v = [a, b, 0.5 * a * b, 0.3];
    v.swap(0, 1);
    v[3] *= v[0];
    v
}

#[differentiable(order = 2)]
fn listed(v: &[f64], s: f64) -> Vec<f64> {
    let mut out = Vec::new();
    for i in 0..v.len() {
        out.push((v[i] * s).sin() + 0.1 * v[0]);
    }
    out
}

#[differentiable(order = 2)]
fn recurse(x: f64, n: usize) -> f64 {
    if n == 0 {
        return x.sin();
    }
    0.7 * recurse(x * 1.1, n - 1) * x + 0.1
}

#[differentiable(order = 2)]
fn p0(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut a = (((a).max(v[n % 4] - 3.7)).sin()).atan();
    let mut t1 = ((a * (x[n % 4])).cos()).cos() + 0.2;
    t1 *= (((a).atan()).sin()).atan();
    v[3] += ((y * t1).sin()).cos() + 0.2;
    if n != 2 || x[1] > 0.4141 {
        let t2 = (((x[n % 4]) * (0.5_f64)).tanh()).cos() + 0.2;
    }
    let mut k4 = 0;
    let t3 = loop {
        let t5 = 0.3 * x.iter().map(|q| q * y).sum::<f64>();
        if k4 >= n {
            break ((v[3]).max(y - 3.7)).atan();
        }
        k4 += 1;
        if k4 % 2 == 0 {
            break 0.5 * (((0.3_f64) * t1).hypot(1.0 + v[2])).tanh();
        }
        let t6 = 0.3 * v.windows(2).map(|q| q[1] * q[0]).fold(y, |u, q| u * 0.5 + q);
    };
    if n > 1 {
        if t3 > 0.2173 {
            let mut k8 = 0;
            let t7 = loop {
                let (t9, t9_b) = pair(t1, 0.3_f64);
                if k8 >= n {
                    break (-((x[(n + 1) % 4]).max(y - 3.7))) * 0.3;
                }
                k8 += 1;
                let mut t10 = (if n % 2 == 0 { (t9_b).cos() } else { t9 }) * 0.3;
            };
            let t11 = (y.powi(3) + (t1 + t7)).atan();
        }
    } else {
        match n % 3 {
            0 => {
                v[2] =
                    (scalar((if t3 < -0.1337 && n > 0 { v[(n + 2) % 4] } else { v[3] }), t1)) * 0.3;
                if n != 2 || a > 0.4141 {
                    t1 = (((v[(n + 1) % 4]).atan()) / (1.5 + (x[2] - v[3]).sin())).sin();
                }
            }
            1 => {
                a += (v[(n + 2) % 4]).atan();
            }
            _ => {
                let mut u12 = swapped(v[(n + 3) % 4], t1);
                u12.swap(1, (n + 3) % 4);
            }
        }
        a *= ((t3 + v[2]) * ((a).sin())).cos() + 0.2;
        let t13;
        if y > 0.2173 {
            let (t14, t14_b) = pair(v[n % 4], v[0]);
            t13 = ((v[n % 4] + a) * (x[3])).cos() + 0.2;
        } else {
            t13 = 0.5
                * (((x[(n + 2) % 4]) * (v[1])) / (1.5 + (x[(n + 1) % 4] - 2.0_f64).sin())).tanh();
        }
    }
    let t15 = 0.3 * x.iter().map(|q| q * t3).sum::<f64>();
    ((v[(n + 1) % 4]) * (v[(n + 1) % 4]) + t15 / (1.5 + (v[n % 4]).sin())) + v[1]
}

#[differentiable(order = 2)]
fn p1(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    if n % 2 == 0 {
        'l1: for i1 in (0..n).rev() {
            v.swap(3, 2);
            'l2: for i2 in 0..3 {
                v.swap(i1 % 4, 1);
                let (t3, t3_b) = pair(v[i1 % 4], v[0]);
            }
            'l4: for i4 in 0..3 {
                let (t5, t5_b) = pair(v[(i1 + 1) % 4], v[3]);
                let t6 = {
                    let u7 =
                        (if i1 != 2 || y > 0.4141 { (v[3] - 0.3_f64) } else { -(x[i1 % 4]) }).sin();
                    mix(&mut v[..3], y);
                    ((2.0_f64) * y - (x[i4 % 4] - v[(n + 2) % 4])) * 0.3 + u7
                };
                v[(n + 2) % 4] += (a).cos() + 0.2;
            }
            let mut t8 = (((x[n % 4]) / (1.5 + (v[1]).sin())).atan()).sin();
        }
        let mut a = (y / (1.5 + y.sin()) + (y).atan()).atan();
        let (t9, t9_b) = pair(v[(n + 3) % 4], y);
    } else if a < -0.1337 && n > 0 {
        let mut u10 = [(v[n % 4]).tanh(), a, v[1], 0.5];
    } else {
        for (q11, r) in v.iter_mut().zip(TABLE.iter()) {
            *q11 *= a + r;
        }
        let t12 = ((y - a) + (v[n % 4]).atan()) * 0.3;
        let mut k13 = 0;
        'l13: while k13 < n {
            k13 += 1;
            let mut k14 = 0;
            'l14: while k14 < n {
                k14 += 1;
                v.swap((k14 + 2) % 4, n % 4);
            }
        }
    }
    let mut t15 = (a).sin();
    let t16 = recurse(a, n);
    mix(&mut v[..], 1.1);
    'l17: for i17 in 1..=n {
        a += (t15) * 0.3;
        'l18: for i18 in 0..3 {
            'l19: for i19 in (0..4).step_by(2) {
                let t20 = ((y + v[0]) * (v[n % 4] + 0.5_f64)).sin();
            }
            match i17 % 3 {
                0 => {
                    let t21 = {
                        let u22 = ((y / (1.5 + (x[n % 4]).sin())) * ((v[0]).atan())).atan();
                        let (t23, t23_b) = pair(v[i17 % 4], 0.3_f64);
                        0.5 * (v[n % 4]).tanh() + u22
                    };
                    let (t24, t24_b) = pair(t16, t16);
                }
                1 => {
                    let mut t25 = (-(v[(i17 + 1) % 4] - t15)) * 0.3;
                }
                _ => {
                    let t26 = {
                        let u27 = 0.5 * ((v[0]) / (1.5 + t15.sin()) + t15 * (v[2])).tanh();
                        v[n % 4] = ((1.5_f64) * a + (t15 - a)).sin();
                        ((v[3]) * (x[2]) + (2.0_f64) * t16) * 0.3 + u27
                    };
                }
            }
            'l28: for i28 in 0..n {
                let t29 = ((y * t15).sin()).sin();
                t15 = ((v[i17 % 4] - v[(i28 + 2) % 4]).max(0.3_f64 - 3.7)) * 0.3;
                let (t30, t30_b) = pair(t16, v[i17 % 4]);
            }
        }
        t15 -= (a - v[(i17 + 3) % 4]) * 0.3;
        let mut t31 = 0.5 * ((x[2] + 0.3_f64) - (a + t16)).tanh();
    }
    let t32 = (scalar(v[(n + 1) % 4], t16)) * 0.3;
    let mut u33 = vec![((x[(n + 1) % 4]) / (1.5 + (x[1]).sin()) + v[n % 4]) * 0.3; 4];
    scalar((u33[(n + 1) % 4]) * (x[2]), 2.0_f64) + v[1]
}

#[differentiable(order = 2)]
fn p2(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut w = x.to_vec();
    let mut t1 = (-(a * (w[2]))).atan();
    v.swap(n % 4, 2);
    let mut u2 = [(t1 + v[1]), y, v[n % 4], 0.5];
    if n > 1 {
        t1 = (a).cos() + 0.2;
    } else {
        if n != 2 || x[1] > 0.4141 {
            'l3: for i3 in 0..3 {
                let b4 = bump(&mut a, 1.1);
            }
            w[(n + 3) % 4] = ((u2[0] - v[1]).tanh()).sin();
        }
    }
    w[n % 4] *= ((t1).cos()).cos() + 0.2;
    let t5 = 0.5 * (t1 - a).tanh();
    a += ((t5 + y) - y) * 0.3;
    if y > 0.2173 {
        'l6: for i6 in 1..=n {
            'l7: for i7 in (0..n).rev() {
                let (t8, t8_b) = pair(u2[(n + 2) % 4], t1);
                let (t9, t9_b) = pair(t8_b, x[n % 4]);
            }
            if n != 2 || y > 0.4141 {
                v[n % 4] = (((x[n % 4]).atan()).powi(2)).sin();
                let b10 = bump(&mut a, 0.7);
            } else {
                a *= 0.5
                    * (if n != 2 || a > 0.4141 { -(v[3]) } else { (u2[i6 % 4]) * (x[2]) }).tanh();
            }
            let t11 = {
                let u12 = 0.5 * ((y + y) * ((t5).tanh())).tanh();
                let t13 = (t1 + (x[3]) * t1).cos() + 0.2;
                ((v[(n + 1) % 4] + t1) * (2.0_f64 - w[i6 % 4])) * 0.3 + u12
            };
        }
    }
    let mut a = (x[3]) * 0.3;
    (u2[1] + 0.3_f64) * (x[2] + x[(n + 1) % 4]) + v[3] * a
}

#[differentiable(order = 2)]
fn p3(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut w = x.to_vec();
    w.swap((n + 1) % 4, n % 4);
    match n % 3 {
        0 => {
            'l1: for i1 in n..3 {
                w.swap(i1 % 4, 0);
                a = (v[i1 % 4]).sin();
            }
            let t2 = {
                let u3 = ((w[n % 4]) * y - 1.5_f64).cos() + 0.2;
                let (t4, t4_b) = pair(0.5_f64, a);
                0.5 * ((a - 1.5_f64) + t4).tanh() + u3
            };
        }
        1 => {
            let mut a = (a).atan();
        }
        _ => {
            mix(&mut v[..3], y);
            v[0] *= ((y - v[n % 4]) / (1.5 + a.sin())).atan();
        }
    }
    v[n % 4] = (a).atan();
    let mut k6 = 0;
    let t5 = loop {
        match n % 3 {
            0 => {
                v[0] *= ((x[k6 % 4] + x[(k6 + 2) % 4]) + (2.0_f64) * y) * 0.3;
            }
            1 => {
                w[(k6 + 2) % 4] = 0.5 * ((x[2] - y) * (dot(&x[1..], &x[..]))).tanh();
                let mut t7 =
                    0.5 * ((v[n % 4] + y) - (if a > 0.2173 { y } else { x[n % 4] })).tanh();
            }
            _ => {
                w.swap(0, 0);
                a = ((0.3_f64) * a + 2.0_f64).cos() + 0.2;
            }
        }
        if k6 >= n {
            break ((v[(k6 + 1) % 4] - v[(k6 + 3) % 4]) * ((x[3]).hypot(1.0 + v[(k6 + 2) % 4])))
                .cos()
                + 0.2;
        }
        k6 += 1;
        if k6 != 2 || x[1] > 0.4141 {
            break (((w[n % 4]).sin()) * ((y).hypot(1.0 + y))).atan();
        }
        w[n % 4] *= ((v[2]) * (w[(k6 + 2) % 4]) - (x[(n + 1) % 4]) * a).sin();
    };
    (w[n % 4]) / (1.5 + (dot(&v[1..3], &x[..])).sin()) + a
}

#[differentiable(order = 2)]
fn q4(x: &mut [f64], y: f64, n: usize) {
    let t1;
    if y < -0.1337 && n > 0 {
        let (t2, t2_b) = pair(y, 0.3_f64);
        t1 = (x[n % 4] - (t2).max(t2_b - 3.7)).atan();
    } else {
        t1 = (dot(&x[1..3], &x[..])).sin();
    }
    let mut k3 = 0;
    'l3: while k3 < n {
        k3 += 1;
        let mut t4 = (1.5_f64).cos() + 0.2;
    }
    x[0] = (((t1).sin()) / (1.5 + ((x[(n + 1) % 4]).cos()).sin())).sin();
    let t5 = 0.3 * x.iter().map(|q| q * y).sum::<f64>();
}

#[differentiable(order = 2)]
fn p5(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut w = x.to_vec();
    let mut k1 = 0;
    'l1: while k1 < n {
        k1 += 1;
        let mut t2 = ((y - x[(n + 3) % 4]) * ((v[3]).powi(2))).cos() + 0.2;
        match k1 % 3 {
            0 => {
                a = ((x[(k1 + 1) % 4]).atan()).sin();
            }
            1 => {
                let mut t3 = (if n % 2 == 0 { (y).atan() } else { (y).hypot(1.0 + y) }).atan();
                let mut t4 = (y) * 0.3;
            }
            _ => {
                let b5 = bump(&mut t2, y);
                let t6 = {
                    let u7 = (0.3_f64) * 0.3;
                    let t8 = ((v[k1 % 4]) * y - x[(k1 + 1) % 4]).sin();
                    ((x[0]) / (1.5 + (v[2] + w[(k1 + 2) % 4]).sin())).sin() + u7
                };
            }
        }
        if k1 % 2 == 0 {
            match n % 3 {
                0 => {
                    let t9 = 0.5 * ((x[(n + 1) % 4]) * (v[3]) + (v[2] - v[k1 % 4])).tanh();
                }
                1 => {
                    let t10 = (dot(&w[..2], &x[..])).sin();
                    let (t11, t11_b) = pair(t10, t2);
                }
                _ => {
                    let mut t12 = (v[n % 4]).atan();
                    for q13 in v.iter_mut() {
                        *q13 = (y * *q13).sin();
                    }
                }
            }
            let mut k14 = 0;
            'l14: while k14 < n {
                k14 += 1;
                let (t15, t15_b) = pair(t2, 2.0_f64);
                let (t16, t16_b) = pair(x[0], w[(k1 + 2) % 4]);
                let t17 = ((t16 * (0.3_f64)).powi(3)).sin();
            }
        }
    }
    let mut k18 = 0;
    'l18: while k18 < n {
        k18 += 1;
        w.swap(k18 % 4, (n + 3) % 4);
        w[2] *= ((1.5_f64 + x[1]) + x[n % 4]).atan();
    }
    if y < -0.1337 && n > 0 {
        for (q19, r) in w.iter_mut().zip(TABLE.iter()) {
            *q19 *= y + r;
        }
    } else {
        if n % 2 == 0 {
            mix(&mut v[1..], y);
        } else {
            let t20 = (v[1] + a / (1.5 + a.sin())).sin();
            if x[1] < -0.1337 && n > 0 {}
            if n > 1 {
                let mut t21 = 0.5 * ((-(x[n % 4])).sin()).tanh();
            } else if n % 2 == 0 {
                let (t22, t22_b) = pair(y, t20);
                let b23 = bump(&mut a, y);
                let (t24, t24_b) = pair(t22, v[n % 4]);
            } else {
                let t25 = (-a - (w[(n + 1) % 4]) / (1.5 + (x[n % 4]).sin())) * 0.3;
                let mut t26 = (t20 + (x[n % 4]).sin()).sin();
                t26 = (scalar((x[(n + 3) % 4] - y), 2.0_f64)) * 0.3;
            }
        }
    }
    'l27: for i27 in (0..n).rev() {
        a += ((w[i27 % 4] - v[i27 % 4]).powi(3)).atan();
    }
    let (t28, t28_b) = pair(a, x[(n + 1) % 4]);
    a -= ((t28 + x[(n + 3) % 4]) * (t28_b + x[n % 4])).cos() + 0.2;
    match n % 3 {
        0 => {
            let t29 = recurse(t28_b, n);
            a = ((a + w[n % 4]) + (t29 + a)) * 0.3;
        }
        1 => {
            let t30 = {
                let u31 = ((w[(n + 1) % 4] + y) * ((v[(n + 1) % 4]) * y)).cos() + 0.2;
                let mut t28_b = (t28 - a / (1.5 + t28_b.sin())) * 0.3;
                (2.0_f64) * 0.3 + u31
            };
            let t32 = recurse(1.5_f64, n);
        }
        _ => {
            let mut u33 = listed(&v[..], t28);
            if y > 0.2173 {
                a = (a).sin();
                a *= 0.5 * ((t28 + w[n % 4]) * ((u33[(n + 1) % 4]).powi(3))).tanh();
                match n % 3 {
                    0 => {
                        let b34 = bump(&mut a, y);
                        u33[(n + 2) % 4] *=
                            ((x[(n + 3) % 4] - u33[n % 4]) - (x[n % 4] + t28)) * 0.3;
                    }
                    1 => {
                        let (t35, t35_b) = pair(x[(n + 3) % 4], 0.5_f64);
                    }
                    _ => {
                        let t36 = 0.3 * v.iter().map(|q| q * t28_b).sum::<f64>();
                        let mut t28 = (scalar(u33[n % 4], x[2])).atan();
                    }
                }
            }
        }
    }
    a = ((w[1]) * (t28 * t28_b)) * 0.3;
    -(x[3] - t28_b) + v[1]
}

#[differentiable(order = 2)]
fn p6(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let t1 = recurse(x[n % 4], n);
    match n % 3 {
        0 => {
            let t2 = {
                let u3 = ((x[0]) * t1 - y.powi(3)).sin();
                let (t4, t4_b) = pair(t1, x[n % 4]);
                ((y - y) + (a).tanh()).sin() + u3
            };
        }
        1 => {
            v[n % 4] *= ((y + x[(n + 2) % 4]) * t1) * 0.3;
        }
        _ => {
            let t5;
            if a > 0.2173 {
                let (t6, t6_b) = pair(t1, y);
                t5 = (if t6_b < -0.1337 && n > 0 { a * a } else { (x[0]) * (v[(n + 2) % 4]) })
                    .cos()
                    + 0.2;
            } else {
                t5 = (v[0]) * 0.3;
            }
        }
    }
    a += (t1).sin();
    v[n % 4] = (scalar(0.5_f64, t1)).cos() + 0.2;
    let mut u7 = [scalar(x[0], t1), 2.0_f64, 0.5_f64, 0.5];
    'l8: for i8 in 0..3 {
        u7[(i8 + 2) % 4] *= (((x[(n + 3) % 4]) * y) * ((u7[1]) * a)).sin();
        a = ((1.5_f64) * (2.0_f64 + a)).atan();
        let t9 = 0.3 * u7.iter().map(|q| q * t1).sum::<f64>();
        let t10;
        if i8 % 2 == 0 {
            let (t11, t11_b) = pair(a, t1);
            t10 = 0.5 * ((x[(i8 + 1) % 4] + y) * (y + 2.0_f64)).tanh();
        } else {
            t10 = ((v[3]) / (1.5 + ((t1).sin()).sin())).cos() + 0.2;
        }
    }
    (-y + a * (1.5_f64)) + v[1]
}

#[test]
fn check_p0() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p0(x, y, n);
        (value, pullback(seed))
    };
    check("p0", p0, grad_p0, value_and_grad_p0, adjoint_p0, jvp_p0, &pull, Some(hvp_p0));
}

#[test]
fn check_p1() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p1(x, y, n);
        (value, pullback(seed))
    };
    check("p1", p1, grad_p1, value_and_grad_p1, adjoint_p1, jvp_p1, &pull, Some(hvp_p1));
}

#[test]
fn check_p2() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p2(x, y, n);
        (value, pullback(seed))
    };
    check("p2", p2, grad_p2, value_and_grad_p2, adjoint_p2, jvp_p2, &pull, Some(hvp_p2));
}

#[test]
fn check_p3() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p3(x, y, n);
        (value, pullback(seed))
    };
    check("p3", p3, grad_p3, value_and_grad_p3, adjoint_p3, jvp_p3, &pull, Some(hvp_p3));
}

#[test]
fn check_p5() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p5(x, y, n);
        (value, pullback(seed))
    };
    check("p5", p5, grad_p5, value_and_grad_p5, adjoint_p5, jvp_p5, &pull, Some(hvp_p5));
}

#[test]
fn check_p6() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p6(x, y, n);
        (value, pullback(seed))
    };
    check("p6", p6, grad_p6, value_and_grad_p6, adjoint_p6, jvp_p6, &pull, Some(hvp_p6));
}

#[test]
fn check_q4() {
    check_inplace("q4", q4, adjoint_q4, jvp_q4);
}
