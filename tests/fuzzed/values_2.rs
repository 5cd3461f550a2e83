//! Functions of one result without `&mut` parameters.

use crate::helpers::*;
use autodiff::differentiable;
use autodiff_tests::*;

#[differentiable]
pub fn f21123(mut x: Vec<f64>, y: f64, z: &[f64], u: usize) -> f64 {
    for (i3, q1) in x.iter().enumerate() {
        assert!(!(z[i3]).is_nan(), "value {}", z[i3]);
    }
    for q5 in [1usize, 3, 0] {
        let mut m7 = [[z[1].sin(); 2]; 2];
        'l1: for i8 in 0..q5 {
            {
                let (lo9, hi10) = x.split_at_mut(1);
                let mut t11 =
                    ((m7[u % 2][0]) * (z[(u + 2) % 3]) * (m7[(i8 + 1) % 2][1] * (m7[u % 2][0]))
                        - ((((m7[(u + 1) % 2][1]).sin() * 0.4).asin())
                            * (h_slice(&hi10[..], m7[(u + 2) % 2][1]))))
                    .tanh();
                t11 *= (y / (1.5 + (z[i8 % 3]).sin()) - (m7[1][1] - (m7[q5 % 2][0]))).sin();
                if u != 2 {
                    if let [t12, ..] = &lo9[..] {
                        let mut c14 = [
                            ((m7[q5 % 2][1]) * (m7[0][1])).sin(),
                            (y + m7[u % 2][1]).tanh(),
                            (hi10.iter().sum::<f64>()).tanh(),
                            ((2.5 + t11.sin()).recip()).cos(),
                        ];
                        let mut t16: f64 = (m7[1][1]).cos();
                        if t16 > 0.25 && (*t12) < 1.5 {
                            return m7[1][0];
                        }
                    }
                    return (t11 + t11).clamp(-0.8, 0.9);
                }
                hi10[(i8 + 1) % 2] += 0.5 * t11;
            }
            let mut k17 = 1usize;
            let mut t18 = (m7[(i8 + 1) % 2][1] * 0.9).atan();
            x[k17 % 3] += 0.5 * t18;
        }
    }
    let t19 = ((2.5 + (u as f64 * 0.1).sin()).recip()).atan();
    let k20 = ((x[(u + 2) % 3]).abs() * 5.0) as usize % 3;
    z[k20]
}

#[differentiable(order = 2)]
pub fn f20555_a(x: f64, mut y: [[f64; 2]; 2], z: &[f64]) -> Vec<f64> {
    let t2 = ((z[0] * 0.9_f64).sin() * 0.4).asin()
        - (((y[1][1]) * 0.7_f64)
            * ({
                let b1 = y[1][1];
                b1 * (y[1][0])
            }));
    let mut c3 = Vec::with_capacity(2);
    for i4 in 0..2 {
        c3.push((h_sc(t2, y[0][1]) + y[i4][1] + x).sin() * 0.8);
    }
    vec![(y[0][1]).cos(), 0.5_f64 / (1.5 + x.sin()), t2]
}

#[differentiable(order = 2)]
pub fn f20555_b(x: &mut Vec<f64>, mut y: f64, z: f64) {
    let mut z: f64 = ((match x[0] + z {
        q1 if q1 > 1.5 => q1 * ((0..2).map(|i3| x[i3] * y.atan()).sum::<f64>()),
        q1 => (x[0].sin() + 2.0).powf(z.sin()) + q1,
    }) + ({
        y = (z.min(x[1])).sin();
        y
    }))
    .atan();
    let c4 = x.to_vec();
}

#[differentiable]
pub fn f20555(mut x: [f64; 3], y: f64, mut z: f64) -> f64 {
    z = h_slice(&x[1..], 0.1_f64);
    for q1 in x.chunks_exact_mut(2) {
        'l1: for i4 in 0..q1.len() {
            let g5 = |q6: f64| (((q6.tanh()).sin() * 0.5).exp_m1()).cos();
            q1[i4] *= f64::sin((q1[i4] * (i4 as f64 * 0.1)).clamp(-0.8, 0.9));
            z += f64::sin((z.hypot(0.7)) * (g5(1.1_f64)));
        }
        z = (((if z > -0.3 {
            ({
                z = q1[0].sin();
                z
            })
        } else {
            (z.sin() + 2.0).powf(z.sin())
        })
        .cos()
            + 1.5)
            .sqrt())
        .sin()
            * 0.8;
    }
    (z * y) * z
}

#[differentiable]
pub fn f20326(x: f64, y: f64) -> f64 {
    if y > x * 0.9 {
        let mut r1 = 1.0 + (f64::tanh(x * x));
        'l1: while r1 > 0.15 {
            r1 *= 0.5;
            for i2 in (0..3).step_by(2) {
                if x < 0.5 {
                    break;
                }
                let t3 = ((((r1.sin() + 2.0).powf(x.sin())).cos() + 1.5).sqrt()).tanh();
            }
            let mut k4 = 2usize;
            let mut m5 = vec![vec![f64::sin(y - x); 2]; 2];
        }
        r1 = (x.sin().mul_add(y, x)) * (if y < 0.6 { 0.1_f64 } else { x }) + x - x + h_sc(y, y);
    } else if y < -2.0 {
        let ((t6, t7), t8) = (((y.atan2(1.5)).tanh(), y.cos()), f64::cos(x));
        let (mut t9, t10) = h_pair((t8.tanh() - ((t8.sin() * 0.4).asin())).atan(), t6);
    }
    let mut d11 = vec![1.5_f64 + y];
    if x > -0.3 {
        let mut t13 = f64::sin(
            d11[d11.len() - 1]
                + (2.5
                    + (match 0.7_f64 {
                        q12 if q12 > 0.25 => q12 * d11[0],
                        q12 => x + q12,
                    })
                    .sin())
                .recip(),
        );
    } else if y < -0.1 {
        d11.push(f64::sin(d11[0] * 0.3));
        let c14 = [d11[0] + d11[d11.len() - 1], x + 1.1_f64];
    } else {
        let mut c15 = [y - y, f64::tanh(y), ((x.cos() + 1.5).sqrt()).sin()];
    }
    x * y
}

#[differentiable(order = 2)]
pub fn f20819_a(mut x: [f64; 4], mut y: [[f64; 2]; 3], z: f64) -> [f64; 3] {
    let t1 = (((((y[0][1]).powi(2) + 1.0).ln()).powi(2) + 1.0).ln()
        - (((z / (1.5 + (y[0][0]).sin())).powi(2) + 1.0).ln()))
    .cos();
    let [mut t2, .., mut t3] = x;
    [(y[0][1]).max(y[0][1]), ((y[1][0]) * 0.5).sin().powi(3), y[2][1]]
}

#[differentiable]
pub fn f20819(mut x: [f64; 3], y: usize) -> f64 {
    let mut rec1 = 0.1;
    if y > 0 {
        rec1 = f20819(x, y - 1).sin();
    }
    let mut t2 = f20819_a(
        [rec1, (y as f64 * 0.1), (y as f64 * 0.1), rec1],
        [[x[y % 3], rec1], [(y as f64 * 0.1), rec1], [(y as f64 * 0.1), 2.0_f64]],
        rec1 * (y as f64 * 0.1),
    );
    let mut t4: [f64; 3] = f20819_a(
        [(y as f64 * 0.1), rec1, rec1, t2[(y + 2) % 3]],
        [[(y as f64 * 0.1), rec1], [rec1, x[y % 3]], [rec1, 0.5_f64]],
        ({
            let b3 = (y as f64 * 0.1);
            b3 * 1.1_f64
        }),
    );
    let mut t5 = h_scan(&x[..2], &mut t4);
    ({
        let b6 = (y as f64 * 0.1);
        b6 * (t2[y % 3])
    }) + (rec1.sin() * 0.4).asin()
}

#[differentiable]
pub fn f20298(x: &[f64; 4], mut y: [f64; 4], mut z: f64) -> f64 {
    for &q1 in x.iter().skip(1) {
        let mut t7: f64 = (x[0].sin().mul_add(x[2], z)
            + y[1]
            + (0..4).map(|i5| x[i5] * z.sin() * 0.8).sum::<f64>()
            - (x.iter().map(|q6| f64::tanh(q1)).sum::<f64>()))
        .atan();
    }
    'l1: for (q8, q9) in y.iter_mut().zip(x.iter()) {
        let mut t19 = 'l2: {
            let mut c11: [f64; 3] =
                h_arr([f64::sin(x[1] * 0.25_f64), ((*q9) - z).sin(), (z - x[0]).cos()]);
            let mut d12 = vec![f64::tanh(z * 0.9)];
            if (*q8) > -1.1 {
                for (&q13, q14) in c11.iter().zip(x.iter()) {
                    let mut b16 = (*q14) > (*q8) * 0.9;
                    let mut c17 = vec![
                        ({
                            *q8 = z.sin();
                            *q8
                        })
                        .cos();
                        4
                    ];
                }
                break 'l2 x[2].atan2(1.5);
            }
            let mut k18 = 2usize;
            z + 2.0_f64
        };
        let mut k20 = 2usize;
    }
    if z < 1.3 {
        {
            let mut k21 = 0usize;
            z = (0.7_f64.sin().signum() * 1.3_f64).atan();
            y.swap(k21 % 4, 2);
        }
    }
    z + 1.5_f64 + z + y.iter().sum::<f64>()
}

#[differentiable]
pub fn f20400(x: usize, y: f64, mut z: [f64; 4]) -> f64 {
    {
        let r1 = &mut z[0];
        assert!(!(y).is_nan(), "value {}", y);
        if y > y * 0.9 {
            let mut c2 = vec![(h_mutf(r1, y)).tanh(), (y / (1.5 + (x as f64 * 0.1).sin())).atan()];
        } else if (*r1) < -0.3 {
            'l1: for q3 in [1usize, 3, 0] {
                let mut t5 = (*r1).sin();
                (*r1, t5) = (
                    (match t5 + (x as f64 * 0.1) {
                        q6 if q6 > 0.6 => q6 * ((x as f64 * 0.1).tanh().exp()),
                        q6 => (x as f64 * 0.1) + q6,
                    })
                    .cos(),
                    (1.1_f64.cos() * (t5 - (x as f64 * 0.1))).cos(),
                );
                *r1 += 0.5 * t5;
            }
        } else {
            let mut c7 = [(*r1) * 0.5_f64, (*r1) * (x as f64 * 0.1)];
            let mut k8 = 0usize;
            let mut t11 = loop {
                k8 += 1;
                if k8 > 2 {
                    break h_slice(&c7, (*r1));
                }
                let t10: f64 = ((y * (c7[k8 % 2])
                    + ({
                        let b9 = c7[(x + 2) % 2];
                        b9 * (x as f64 * 0.1)
                    }))
                .clamp(-0.8, 0.9))
                .tanh();
                h_mut(
                    &mut c7,
                    f64::sin(
                        ({
                            *r1 = y.sin();
                            *r1
                        }),
                    ),
                );
                c7.fill(f64::sin((*r1) * t10));
                *r1 += 0.5 * t10;
            };
            *r1 += 0.5 * t11;
        }
    }
    let y = z.chunks_exact(2).map(|q12| q12[0] - q12[1] * y.sin() * 0.8).sum::<f64>();
    let y = (z[x % 4] + (x as f64 * 0.1)).tanh();
    (x as f64 * 0.1) * 2.0_f64
}

#[differentiable(order = 2)]
pub fn f21191(mut x: [f64; 4]) -> f64 {
    if x[2] > 1.3 && x[1] < 0.25 {
        if x[3] > 1.5 && x[3] < 2.0 {
            for _ in 0..x.len() {
                let mut b2 = x[1] > -1.3;
                if b2 {
                    let mut c3: Vec<f64> = x
                        .iter()
                        .map(|q4| {
                            (match (*q4) - (*q4) {
                                q5 if q5 > 0.9 => q5 * (q5 + (*q4)),
                                q5 => (*q4) * q5 + q5,
                            })
                            .tanh()
                        })
                        .collect();
                    continue;
                }
                let ((mut t6, mut t7), mut t8) = (
                    (f64::sin(x[2].sin().signum() * 1.1_f64), f64::sin((x[2].powi(2) + 1.0).ln())),
                    (1.5_f64 * x[0]).cos(),
                );
                x[2] += 0.5 * t7;
            }
        } else {
            if x[(x[3].abs() * 7.0) as usize % 4] < -0.6 {
                return (x[3] * x[3]) * (f64::cos(x[0]));
            }
            let mut t9 =
                ((((x[0].sin() + 2.0).powf(x[1].sin())).powi(2) + 1.0).ln()) * (-(x[2] * 1.1));
            x[2] += 0.5 * t9;
        }
    } else if x[2] > 1.5 {
        let mut c10 = Vec::new();
        for i11 in 0..2 {
            c10.push((x[2].tanh() + 1.3_f64 * x[i11]).sin());
        }
        c10 = vec![f64::tanh(x[3] * c10[1]), c10[0] - c10[0]];
    }
    x.swap(1, 3);
    let mut k13 = 0usize;
    (h_rec(x[3].tanh(), 3)).sin().mul_add(x[0], x[k13 % 4])
}

#[differentiable(order = 2)]
pub fn f20302_a(x: &[f64], y: &mut [f64], z: &[f64; 2], u: &[f64]) -> f64 {
    for q1 in u.chunks_exact(2) {
        y[1] = (y.iter().map(|q4| (1.5_f64 - (*q4)).tanh()).sum::<f64>()).atan();
        let mut t5 = f64::sin((-(h_slice(&u[2..4], z[1]))).tanh());
        y[0] += 0.5 * t5;
    }
    let mut l6 = [0usize; 3];
    let mut m7 = [[(0..3).map(|i9| x[i9] * x[0].tanh()).sum::<f64>(); 2]; 2];
    ((z[l6[1 % 3] % 2]) * 1.1_f64) * (m7[0][0] + m7[1][1])
}

#[differentiable]
pub fn f20302(x: f64, mut y: f64) -> f64 {
    let mut l1 = [0usize; 3];
    {
        let r2 = &mut y;
        let t3;
        if (*r2) > x * 0.9 {
            t3 = ((-x) * ((*r2).atan2(1.5))).atan();
        } else {
            *r2 = x;
            t3 = (*r2);
        }
        let mut c4 = [f64::tanh(t3 + x), f64::cos(t3), f64::tanh(t3 - t3)];
    }
    let mut c5 = [
        f64::tanh(
            ({
                let b6 = x;
                b6 * b6
            }),
        ),
        (x * x).tanh(),
        (x.cos() + 1.5).sqrt(),
        f64::sin(y + 1.3_f64),
    ];
    h_mutf(&mut y, x) + x - c5[2]
}

#[differentiable]
pub fn f21102(mut x: [f64; 2], y: usize) -> f64 {
    let mut rec1 = 0.1;
    if y > 0 {
        rec1 = f21102(x, y - 1).sin();
    }
    let mut d2 = vec![f64::sin(
        x.iter().zip(x.iter()).map(|(q3, q4)| *q3 * *q4 + f64::sin(rec1)).sum::<f64>(),
    )];
    let mut c5 = vec![
        x.windows(2).map(|q6| q6[0] * q6[1] + (d2[2 % d2.len()]).atan()).sum::<f64>(),
        x[(y + 2) % 2] * rec1,
        (0.3_f64 + d2[0]).atan(),
        0.9_f64.abs(),
    ];
    {
        let w7 = &x[0..1];
        rec1 += d2[0] * (y as f64 * 0.1) - (rec1 * (d2[d2.len() - 1]));
        let mut t10 = (w7[(y + 2) % 1]) * 0.25_f64 + x.iter().sum::<f64>()
            - ({
                let b9 = rec1 * 1.5;
                b9 * (rec1 * 0.7)
            });
        for i11 in 0..=3 {
            for (i14, q12) in c5.iter_mut().enumerate() {
                if i11 > 1 {
                    t10 /= 1.5
                        + ((if t10 < 1.1 { 0.3_f64.sin() } else { (d2[0 % d2.len()]) * (*q12) })
                            .sin()
                            * 0.8);
                    rec1 += (if !(t10.sin() > 0.9) {
                        rec1 - d2[0]
                    } else {
                        ({
                            t10 = 1.3_f64.sin();
                            t10
                        })
                    })
                    .tanh();
                }
                let mut l15 = [2usize, 0, 1];
            }
            rec1 = f64::sin((d2[3 % d2.len()]) / (1.5 + rec1.sin()));
        }
        let mut t16 = (t10 * t10).cos();
        rec1 += 0.5 * t16;
    }
    rec1 * (c5[y % 4]) + rec1 + c5.iter().sum::<f64>()
}

#[differentiable]
pub fn f20366(mut x: Vec<f64>, y: &[f64; 3]) -> f64 {
    for _ in (0..3).step_by(2) {
        match y[1] - x[2] {
            q2 if q2 > 0.7 => {
                let mut t3: f64 =
                    f64::sin(((q2.powi(2) + 1.0).ln() + h_slice(&x, y[0])).atan2(1.5));
                let [t4, t5, t6] = y;
                x[0] += 0.5 * *t6;
            }
            _ => {
                'l1: for q7 in x.chunks_exact_mut(2) {
                    let (mut t10, t11) = if q7[0] > 0.1 {
                        (
                            (q7[0] * 0.5_f64 + q7[1] / (1.5 + y[2].sin())).sin() * 0.8,
                            f64::tanh(h_sc(y[1].tanh(), q7[1])),
                        )
                    } else {
                        (
                            f64::sin(((y[0] + 0.9_f64).sin() * 0.5).exp_m1()),
                            ((y[1].powi(2) + 1.0).ln()).cos(),
                        )
                    };
                }
                for (i14, q12) in x.iter().enumerate() {}
            }
        }
        for &q16 in &[0.3_f64, -0.5] {
            let mut t18: f64 =
                ((if q16 < -0.9 { q16 } else { q16 }) + 0.7_f64.tanh() + (y[0] * q16).hypot(0.7))
                    .tanh();
            t18 += ((0..3).map(|i20| y[i20] * (x[(i20 + 2) % 3]).tanh()).sum::<f64>()
                + t18 / (1.5 + q16.sin()))
            .cos();
            let g21 = |q22: f64| ((q22 * y[0]) * (0.7_f64.tanh().exp())).cos();
        }
        let t23 = (y[2] * x[1]).sin();
        x[2] += 0.5 * t23;
    }
    let mut t24: f64 = f64::sin(y[0] + 0.1_f64);
    t24 += (y[0].sin().signum() * y[2]).sin();
    t24 - t24 + t24 + y.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f21226(x: &[f64], y: f64, z: &[f64]) -> f64 {
    let mut k1 = 0usize;
    loop {
        k1 += 1;
        if k1 > 2 {
            break;
        }
        for i2 in 1..3 {
            let mut t6 = ((({
                let b3 = y;
                b3 * b3
            }) * (z
                .iter()
                .zip(x.iter())
                .map(|(q4, q5)| *q4 * *q5 + 1.1_f64.atan())
                .sum::<f64>()))
                / (1.5 + ((y / (1.5 + (i2 as f64 * 0.1).sin())).sin()).sin()))
            .tanh();
            let mut m7 = [[(y + y).tanh(); 2]; 3];
            let mut c8 = vec![
                (m7[0][0] + m7[i2 % 3][1]).sin(),
                (y.sin().signum() * y).tanh(),
                (0.6_f64 * (m7[i2][1])).sin(),
            ];
        }
        'l1: for i9 in (0..2).step_by(2).rev() {
            if let Some(q10) = x.last() {
            } else {
                const K12: f64 = 0.7;
                let mut t13 = K12 * (f64::tanh(y.tanh().exp()));
            }
        }
    }
    (2.0_f64 * (k1 as f64 * 0.1)) * (0.3_f64 * y) + y + z.iter().sum::<f64>()
}

gradient_test! {
    f21123: (vec![-0.17, 0.56, 1.07], 0.16, ref vec![-1.04, -0.45, -0.57], const 1), (vec![-1.14, -0.54, -0.42], 0.51, ref vec![-0.82, -0.92, 0.23], const 1);
    f20555: ([-0.96, -0.42, 0.52], -0.30, 1.05), ([0.71, 0.26, 0.55], 0.52, 0.70);
    f20326: (0.25, 0.45), (0.52, 0.29);
    f20819: ([0.69, 0.26, 0.47], const 0), ([1.10, 0.53, -0.92], const 0);
    f20298: (ref [-0.77, -0.23, 0.69, 0.26], [0.70, 0.19, 1.13, -0.53], 0.33), (ref [-0.48, 0.68, -0.46, 0.62], [0.70, 0.79, 0.43, 0.78], 0.62);
    f20400: (const 1, 0.75, [-0.75, 0.84, 0.92, 1.15]), (const 1, -0.40, [0.24, 0.41, 1.01, -0.95]);
    f21191: ([0.26, 1.04, 0.51, -0.69]), ([0.27, -0.49, 0.63, 1.02]);
    f20302: (1.07, 0.76), (-1.03, -0.67);
    f21102: ([-0.31, 0.80], const 2), ([0.94, 0.99], const 2);
    f20366: (vec![-0.38, -0.63, -0.89], ref [-1.12, 0.39, 0.80]), (vec![0.57, -0.80, -0.36], ref [-0.73, 1.08, 0.58]);
    f21226: (ref vec![-1.02, 0.94, 0.97, 0.71], 0.89, ref vec![0.34, 0.73]), (ref vec![0.83, -0.34, 1.12, -0.52], -0.86, ref vec![0.51, -0.78]);
}

hvp_test! {
    f21191: ([0.26, 1.04, 0.51, -0.69]), ([0.27, -0.49, 0.63, 1.02]);
    f21226: (ref vec![-1.02, 0.94, 0.97, 0.71], 0.89, ref vec![0.34, 0.73]), (ref vec![0.83, -0.34, 1.12, -0.52], -0.86, ref vec![0.51, -0.78]);
}
