//! Order 1, seed 31.

use super::{check, check_inplace};
use autodiff::differentiable;

const TABLE: [f64; 3] = [0.5, 0.2, 0.9];

#[differentiable]
fn scalar(a: f64, b: f64) -> f64 {
    let mut c = a * b;
    if c > 0.3 {
        c = c.sin() * a;
    }
    (c + b).cos()
}

#[differentiable]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        sum += a * b;
    }
    sum
}

#[differentiable]
fn mix(v: &mut [f64], s: f64) {
    for i in 1..v.len() {
        v[i] = 0.5 * v[i] + (v[i - 1] * s).sin();
    }
    v[0] *= 0.8;
}

#[differentiable]
fn bump(x: &mut f64, y: f64) -> f64 {
    let before = *x;
    *x = (before * y).sin() + 0.1;
    before * 0.5
}

#[differentiable]
fn pair(a: f64, b: f64) -> (f64, f64) {
    let c = a * b;
    (c.sin(), 0.5 * (c + a).cos())
}

#[differentiable]
fn swapped(a: f64, b: f64) -> [f64; 4] {
    let mut v = [a, b, 0.5 * a * b, 0.3];
    v.swap(0, 1);
    v[3] *= v[0];
    v
}

#[differentiable]
fn listed(v: &[f64], s: f64) -> Vec<f64> {
    let mut out = Vec::new();
    for i in 0..v.len() {
        out.push((v[i] * s).sin() + 0.1 * v[0]);
    }
    out
}

#[differentiable]
fn recurse(x: f64, n: usize) -> f64 {
    if n == 0 {
        return x.sin();
    }
    0.7 * recurse(x * 1.1, n - 1) * x + 0.1
}

#[differentiable]
fn p0(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut w = x.to_vec();
    let mut z = vec![0.0_f64; 4];
    let mut k2 = 0;
    let t1 = loop {
        if x[1] < -0.1337 && n > 0 {
            if x[1] < -0.1337 && n > 0 {
                let (t3, t3_b) = pair(y, z[(n + 2) % 4]);
                let mut t4 = (2.0_f64) * 0.3;
                let t5 = {
                    let u6 = ((t3 + y) / (1.5 + (v[(n + 3) % 4]).sin())).sin();
                    let (t7, t7_b) = pair(a, y);
                    0.5 * (t3).tanh() + u6
                };
            }
        }
        if k2 >= n {
            break 0.5 * (dot(&z[..], &x[..])).tanh();
        }
        k2 += 1;
        if n > 1 {
            break (a + (a - y)) * 0.3;
        }
        let (t8, t8_b) = pair(0.5_f64, x[n % 4]);
    };
    let mut t9 = ((x[n % 4]) / (1.5 + (x[n % 4]).sin()) - x[1]).sin();
    match n % 3 {
        0 => {
            let t10 = (if n > 1 { y } else { t9 }).sin();
        }
        1 => {
            let mut t11 = 0.5 * ((w[2] - z[n % 4]) + (z[(n + 1) % 4] - x[(n + 3) % 4])).tanh();
            let mut t12 = ((a).cos()).atan();
        }
        _ => {
            if n > 1 {
                let mut a = ((t9).hypot(1.0 + z[2])).atan();
                if n > 1 {
                    a -= ((z[3]) * (t1 * (z[(n + 1) % 4]))).sin();
                    let (t13, t13_b) = pair(t1, t9);
                } else if y > 0.2173 {
                    let (t14, t14_b) = pair(a, t9);
                    let t15 = recurse(a, n);
                    let t16 = ((t14 * t9) * (z[n % 4])) * 0.3;
                } else {
                    let (t17, t17_b) = pair(w[(n + 1) % 4], 1.5_f64);
                    t9 -= ((y - y) + (t17_b + t9)).cos() + 0.2;
                    let (t18, t18_b) = pair(x[(n + 3) % 4], t17_b);
                }
            }
        }
    }
    if y > 0.2173 {
        let mut k19 = 0;
        'l19: while k19 < n {
            k19 += 1;
            z[1] *= (((w[k19 % 4]).max(t1 - 3.7)) * (x[2] + 0.3_f64)).atan();
            a -= (x[(n + 1) % 4]).cos() + 0.2;
        }
    }
    ((if n % 2 == 0 { x[n % 4] } else { y }) + (a + y)) + v[1]
}

#[differentiable]
fn p1(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut w = x.to_vec();
    let mut z = vec![0.0_f64; 4];
    a = ((y + y) + (if y < -0.1337 && n > 0 { v[(n + 3) % 4] } else { y })) * 0.3;
    'l1: for i1 in (0..4).step_by(2) {
        w = z.clone();
        a += (a * (x[(i1 + 1) % 4]) - (a).max(y - 3.7)).cos() + 0.2;
        let mut a = (a).atan();
    }
    let t2 = {
        let u3 = (2.0_f64).sin();
        z[(n + 1) % 4] *= ((v[3] - a).tanh()).atan();
        (((w[n % 4]).sin()) / (1.5 + (z[n % 4]).sin())).sin() + u3
    };
    (0.5_f64 - t2) * ((a).tanh()) + v[3] * a
}

#[differentiable]
fn p2(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut w = x.to_vec();
    let mut z = w.clone();
    let (t1, t1_b) = pair(v[(n + 1) % 4], 1.5_f64);
    if t1_b > 0.2173 {
        let mut t2 = ((v[n % 4]).cos() + (t1_b - z[(n + 3) % 4])).atan();
        v[(n + 2) % 4] *= (-((x[n % 4]) * t2)).atan();
    }
    'l3: for i3 in (0..4).step_by(2) {
        if i3 != 2 || t1_b > 0.4141 {
            a += 0.5 * ((a - z[n % 4]) + (t1_b - t1_b)).tanh();
            let t4;
            if n != 2 || x[1] > 0.4141 {
                let mut t5 = (z[i3 % 4]).sin();
                t4 = 0.5 * (t5 * (0.5_f64 + t1)).tanh();
            } else {
                t4 = (if i3 != 2 || x[1] > 0.4141 {
                    (t1_b + 0.3_f64)
                } else {
                    (x[(i3 + 2) % 4] + w[2])
                })
                .cos()
                    + 0.2;
            }
        }
        let mut k7 = 0;
        let t6 = loop {
            let t8 = (x[i3 % 4]).atan();
            if k7 >= n {
                break 0.5 * (((x[(n + 2) % 4]) * (x[1])) * ((v[(k7 + 3) % 4]).cos())).tanh();
            }
            k7 += 1;
            std::mem::swap(&mut w, &mut z);
        };
    }
    for (q9, r) in z.iter_mut().zip(TABLE.iter()) {
        *q9 *= a + r;
    }
    if t1 > 0.2173 {
        z = w.iter().map(|q| q * 0.8).collect();
    }
    let mut t10 = (((t1_b).tanh()).sin()).atan();
    t10 += ((x[1]) * (y + v[0])).sin();
    let mut t11 = 0.5 * (2.0_f64 - (x[1]).hypot(1.0 + y)).tanh();
    z[0] *= (w[2]) * 0.3;
    ((0.3_f64) / (1.5 + t11.sin())).max(z[1] - 3.7) + v[1]
}

#[differentiable]
fn p3(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut w = x.to_vec();
    for (q1, r) in w.iter_mut().zip(TABLE.iter()) {
        *q1 *= y + r;
    }
    match n % 3 {
        0 => {
            if y < -0.1337 && n > 0 {
                'l2: for i2 in n..3 {
                    let t3 = recurse(x[1], n);
                    let (t4, t4_b) = pair(2.0_f64, t3);
                    let t5 = ((x[(n + 2) % 4]) * ((v[i2 % 4]).hypot(1.0 + v[i2 % 4]))).sin();
                    let t6 = {
                        let u7 = (-(x[i2 % 4])) * 0.3;
                        let (t8, t8_b) = pair(a, t5);
                        0.5 * (y * (-(w[2]))).tanh() + u7
                    };
                }
                a = ((v[n % 4]).tanh() + y).sin();
            } else {
                a += ((2.0_f64 + v[n % 4]) * (y - x[n % 4])).cos() + 0.2;
                a = 0.5 * ((a - w[0]) - (x[(n + 2) % 4]) * (w[(n + 1) % 4])).tanh();
                a = (scalar((w[(n + 3) % 4]).cos(), 1.5_f64)).atan();
            }
        }
        1 => {
            let t9 = recurse(2.0_f64, n);
        }
        _ => {
            if n != 2 || y > 0.4141 {
                a += (if x[1] > 0.2173 {
                    (0.5_f64) * (v[(n + 3) % 4])
                } else {
                    (x[3]) / (1.5 + (x[3]).sin())
                })
                .cos()
                    + 0.2;
            }
            let mut u10 = listed(&v[..], x[n % 4]);
        }
    }
    let t11 = {
        let u12 = ((0.5_f64).cos() + (2.0_f64 - x[(n + 1) % 4])).cos() + 0.2;
        let (t13, t13_b) = pair(y, w[n % 4]);
        ((w[n % 4]).sin()).cos() + 0.2 + u12
    };
    let (t14, t14_b) = pair(t11, x[(n + 2) % 4]);
    a *= (t11 + (w[3] + v[0])).sin();
    let t15 = (t14_b).atan();
    w[n % 4] = (scalar(-a, y)) * 0.3;
    mix(&mut v[..3], 1.1);
    a -= 0.5 * (a + scalar(x[1], y)).tanh();
    v[(n + 1) % 4] + v[1]
}

#[differentiable]
fn q4(x: &mut [f64], y: f64, n: usize) {
    let t1 = {
        let u2 = (y) * 0.3;
        x[(n + 1) % 4] = ((u2.powi(3)) * (y / (1.5 + y.sin()))).atan();
        ((x[3] + 0.5_f64).sin()) * 0.3 + u2
    };
    'l3: for i3 in 0..3 {
        'l4: for i4 in 1..=n {
            x[(i4 + 2) % 4] = ((x[2] + x[n % 4]).atan()).sin();
            if i4 > 1 {
                let (t5, t5_b) = pair(t1, x[i3 % 4]);
            }
            x[(i4 + 1) % 4] = ((x[0] + t1) * (y * (x[(n + 2) % 4]))).cos() + 0.2;
            let mut t6 = (t1 * (x[(i3 + 2) % 4] + y)).sin();
        }
        let mut k7 = 0;
        'l7: while k7 < n {
            k7 += 1;
            let t8;
            if k7 > 1 {
                let t9 = {
                    let u10 = 0.5 * ((y + t1) + (x[k7 % 4] - t1)).tanh();
                    x[(k7 + 3) % 4] += (t1 + u10 / (1.5 + y.sin())).atan();
                    ((x[i3 % 4] + x[(k7 + 3) % 4]) + (1.5_f64) / (1.5 + y.sin())) * 0.3 + u10
                };
                t8 = (if n % 2 == 0 { (y).atan() } else { scalar(0.3_f64, 1.5_f64) }).sin();
            } else {
                t8 = 0.5 * ((t1 * (2.0_f64)) * (y + 1.5_f64)).tanh();
            }
            x[k7 % 4] = (x[3]).cos() + 0.2;
        }
        x[n % 4] = 0.5 * ((y - t1) + (y).max(x[2] - 3.7)).tanh();
    }
    x[n % 4] *= (t1 / (1.5 + (y.powi(3)).sin())).sin();
    let t11 = ((x[(n + 2) % 4] - t1) / (1.5 + ((x[2]) * (0.3_f64)).sin())).sin();
    match n % 3 {
        0 => {
            x[n % 4] -= (((x[n % 4]) * y) * ((0.5_f64).max(y - 3.7))) * 0.3;
            let t12 = 0.3 * x.iter().map(|q| q * y).sum::<f64>();
        }
        1 => {
            let (t13, t13_b) = pair(1.5_f64, y);
            let t14 = 0.5 * (0.3_f64 + scalar(x[n % 4], x[2])).tanh();
        }
        _ => {
            let t15 = ((t1 - x[0]) + (y).tanh()) * 0.3;
            x[0] = (x[n % 4]) * 0.3;
        }
    }
    let mut t16 = (t11).sin();
}

#[differentiable]
fn p5(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    let mut w = x.to_vec();
    let mut z = w.clone();
    if a < -0.1337 && n > 0 {
        let mut k1 = 0;
        'l1: while k1 < n {
            k1 += 1;
            let t2 = recurse(a, n);
            let mut t3 = (a) * 0.3;
        }
        let (t4, t4_b) = pair(0.5_f64, a);
    }
    a = ((z[0]).sin() + (x[n % 4] + y)).cos() + 0.2;
    let t5 = (((x[(n + 1) % 4]) * a) * ((z[1]).powi(2))).sin();
    let mut t6 = 0.5 * (y).tanh();
    scalar((y + a), y) + a
}

#[differentiable]
fn p6(x: &[f64], y: f64, n: usize) -> f64 {
    let mut a = x[0] * y;
    let mut v = [x[1], y, 0.5, x[2] * x[3]];
    v[n % 4] = (scalar(y, x[2])) * 0.3;
    a -= (a).sin();
    let mut t1 = ((scalar(x[(n + 2) % 4], a)) / (1.5 + ((x[1]).powi(2)).sin())) * 0.3;
    if x[1] < -0.1337 && n > 0 {
        a += (x[n % 4]).cos() + 0.2;
        if n > 1 {
            let mut u2 = listed(&v[..], a);
            a *= (v[3]).cos() + 0.2;
            t1 = (x[n % 4]).cos() + 0.2;
        }
        if y < -0.1337 && n > 0 {
            let t3 = {
                let u4 = (((0.3_f64) * (v[3])) * (scalar(t1, 0.5_f64))).sin();
                let (t5, t5_b) = pair(t1, u4);
                (t1 - (1.5_f64) * t5) * 0.3 + u4
            };
        } else {
            let mut k6 = 0;
            'l6: while k6 < n {
                k6 += 1;
                mix(&mut v[..], 1.1);
            }
            let mut k8 = 0;
            let t7 = loop {
                let t9 = {
                    let u10 = ((x[0]) / (1.5 + (x[n % 4]).sin()) + (if n > 1 { y } else { y }))
                        .cos()
                        + 0.2;
                    let (t11, t11_b) = pair(1.5_f64, y);
                    (v[(n + 2) % 4]).cos() + 0.2 + u10
                };
                if k8 >= n {
                    break 0.5
                        * (((x[(k8 + 3) % 4]).tanh())
                            / (1.5 + ((0.5_f64) / (1.5 + (v[0]).sin())).sin()))
                        .tanh();
                }
                k8 += 1;
                mix(&mut v[1..], 1.1);
            };
            let mut k12 = 0;
            'l12: while k12 < n {
                k12 += 1;
                let (t13, t13_b) = pair(x[2], 0.5_f64);
                v[0] += (0.3_f64).cos() + 0.2;
            }
        }
    } else {
        a = ((0.3_f64 - a) + (x[n % 4] - t1)).sin();
        'l14: for i14 in 0..n {
            mix(&mut v[1..], 0.7);
        }
        if t1 < -0.1337 && n > 0 {
            t1 = (t1).cos() + 0.2;
            match n % 3 {
                0 => {
                    let mut t15 = ((1.5_f64 + x[(n + 3) % 4]) + a * (v[1])).sin();
                    let mut t16 = ((scalar(a, v[n % 4])) / (1.5 + (x[2]).sin())).atan();
                }
                1 => {
                    v[3] =
                        (((x[n % 4]) * (x[0])) / (1.5 + (x[n % 4] - v[(n + 3) % 4]).sin())).sin();
                    let (t17, t17_b) = pair(v[0], 1.5_f64);
                }
                _ => {
                    let t18 = 0.3 * x.windows(2).map(|q| q[1] * q[0]).fold(t1, |u, q| u * 0.5 + q);
                }
            }
            if n != 2 || y > 0.4141 {
                let (t19, t19_b) = pair(a, y);
                let mut a = ((scalar(t19, t1)) * (0.3_f64)).cos() + 0.2;
            }
        }
    }
    'l20: for i20 in (0..4).step_by(2) {
        v[(i20 + 3) % 4] = ((x[3]) * a + scalar(x[1], y)) * 0.3;
        v[i20 % 4] += ((a + x[n % 4]).cos()).atan();
    }
    let (t21, t21_b) = pair(x[2], t1);
    if n > 1 {
        'l22: for i22 in 0..n {
            t1 = (((a).tanh()) * (v[n % 4] + t21_b)).atan();
            let mut t23 = 0.5 * ((t21_b - 1.5_f64).sin()).tanh();
            match n % 3 {
                0 => {
                    let (t24, t24_b) = pair(t1, t21);
                }
                1 => {
                    let t25 = {
                        let u26 = 0.5 * (x[1]).tanh();
                        mix(&mut v[1..], y);
                        (scalar((x[(i22 + 1) % 4]).atan(), t23)).sin() + u26
                    };
                    let (t27, t27_b) = pair(v[(i22 + 3) % 4], y);
                }
                _ => {
                    let (t28, t28_b) = pair(v[(n + 2) % 4], t1);
                }
            }
            t23 = (a * ((v[2]) / (1.5 + t21.sin()))) * 0.3;
        }
    } else if n % 2 == 0 {
        'l29: for i29 in 0..3 {
            'l30: for i30 in 0..n {
                t1 += ((x[(i29 + 2) % 4]) * ((y).atan())).atan();
            }
            v[(n + 1) % 4] += ((t21 * (v[3])) * a) * 0.3;
        }
    } else {
        t1 += (v[(n + 1) % 4]).sin();
        let t31 = recurse(x[2], n);
    }
    t1 *= (a - scalar(y, x[2])).cos() + 0.2;
    if y < -0.1337 && n > 0 {
        let t32 = ((t1 - t21_b) + scalar(y, x[n % 4])).atan();
        let t33 = ((v[n % 4]) * (x[3] - 1.5_f64)).sin();
        let t34 = 0.5 * (t32 + (t33 + a)).tanh();
    }
    (x[(n + 3) % 4] - v[(n + 1) % 4]) / (1.5 + ((2.0_f64) * t21_b).sin()) + v[3] * a
}

#[test]
fn check_p0() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p0(x, y, n);
        (value, pullback(seed))
    };
    check("p0", p0, grad_p0, value_and_grad_p0, adjoint_p0, jvp_p0, &pull, None);
}

#[test]
fn check_p1() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p1(x, y, n);
        (value, pullback(seed))
    };
    check("p1", p1, grad_p1, value_and_grad_p1, adjoint_p1, jvp_p1, &pull, None);
}

#[test]
fn check_p2() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p2(x, y, n);
        (value, pullback(seed))
    };
    check("p2", p2, grad_p2, value_and_grad_p2, adjoint_p2, jvp_p2, &pull, None);
}

#[test]
fn check_p3() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p3(x, y, n);
        (value, pullback(seed))
    };
    check("p3", p3, grad_p3, value_and_grad_p3, adjoint_p3, jvp_p3, &pull, None);
}

#[test]
fn check_p5() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p5(x, y, n);
        (value, pullback(seed))
    };
    check("p5", p5, grad_p5, value_and_grad_p5, adjoint_p5, jvp_p5, &pull, None);
}

#[test]
fn check_p6() {
    let pull = |x: &[f64], y: f64, n: usize, seed: f64| {
        let (value, pullback) = vjp_p6(x, y, n);
        (value, pullback(seed))
    };
    check("p6", p6, grad_p6, value_and_grad_p6, adjoint_p6, jvp_p6, &pull, None);
}

#[test]
fn check_q4() {
    check_inplace("q4", q4, adjoint_q4, jvp_q4);
}
