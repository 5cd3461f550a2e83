//! Functions of one result that write their parameters.

use crate::helpers::*;
use autodiff::differentiable;
use autodiff_tests::*;

#[differentiable(order = 2)]
pub fn f21299_a(mut x: f64, mut y: [[f64; 2]; 2], z: &mut [f64], u: &[f64]) -> (f64, f64) {
    let mut d1 = vec![(y[0][0]) * x];
    for q2 in z.iter().rev() {
        if x > 0.7 || z[1] < 0.7 {
            return (d1[0] * z[1], (*q2) + u[0]);
        }
        let mut c5: Vec<f64> = u
            .iter()
            .map(|q6| (z.iter().map(|q7| f64::tanh((y[0][0]).min(x))).sum::<f64>()).tanh())
            .collect();
        let g8 = |q9: f64| f64::tanh((((*q2) + q9).powi(2) + 1.0).ln());
    }
    (
        d1[0] * 0.25_f64,
        (match d1[d1.len() - 1] {
            q10 if q10 > 0.9 => q10 * z[1],
            q10 => z[0] + q10,
        }),
    )
}

#[differentiable]
pub fn f21299(x: &mut [f64], y: usize, mut z: f64) -> f64 {
    z = f64::tanh(
        ((y as f64 * 0.1) + z) * (z + x[y % 3]) - ((y as f64 * 0.1) * z + h_slice(&x[..], z)),
    );
    let c1 = [
        (z + (y as f64 * 0.1)).sin() * 0.8,
        (if z > x[1] * 0.9 { z } else { x[(y + 2) % 3] }).atan(),
        f64::tanh((y as f64 * 0.1) - (y as f64 * 0.1)),
        f64::sin((y as f64 * 0.1) * 0.9_f64),
    ];
    x[(y + 1) % 3] += (if z > 0.25 && c1[0] < 0.7 { z.abs() } else { z * z });
    h_sc((y as f64 * 0.1) * 2.0, z) + z + c1.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f21260_a(x: &[f64], mut y: [f64; 3], z: &[f64], mut u: [[f64; 2]; 3]) -> [f64; 3] {
    let t1 = ((u[2][0] * (u[2][0]) - (y[0] * z[1])).sin().mul_add(u[1][1], u[1][1])).cos();
    for &q2 in &[0.3_f64, -0.5] {
        let (mut t4, t5) = h_pair((q2 * ((0.1_f64.sin() * 0.5).exp_m1())).cos(), t1);
        let mut k6 = 2usize;
        u[k6 % 3][1] += ({
            t4 = (-(u[k6 % 3][1])).sin();
            t4
        })
        .cos();
    }
    y[0] += (({
        let b7 = x[2];
        b7 * b7
    }) + 0.5_f64
        - t1)
        .atan();
    [x.iter().sum::<f64>(), u[1][0] - t1, t1]
}

#[differentiable]
pub fn f21260(x: &mut f64, mut y: f64, mut z: Vec<f64>, mut u: [f64; 4]) -> f64 {
    let mut t1 = h_scan(&z[..], &mut u);
    let p2 = (((*x) + u[2]) * (z[1] - t1), ((u[0] * 1.3) * (y * u[0])).sin() * 0.8);
    let mut t3: f64 =
        f64::sin(p2.0.cos() - 0.9_f64 + (((0.6_f64.sin() + 2.0).powf(y.sin())).cos() + 1.5).sqrt());
    -(z[1] * y) + y + t1 + t3 + u.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f21126_a(x: &[f64], mut y: f64, mut z: f64) -> Vec<f64> {
    let t1 = std::mem::replace(
        &mut y,
        ({
            z = (z - z).sin();
            z
        }),
    );
    if x[0] < 0.1 {
        let mut c2 = x.to_vec();
    } else {
    }
    let t3 = h_mutf(&mut z, 0.7_f64.cos());
    vec![(y.powi(2) + 1.0).ln(), z * z, z]
}

#[differentiable(order = 2)]
pub fn f21126_b(x: &mut Vec<f64>, y: &mut [f64], z: &mut [f64]) -> f64 {
    x.swap(1, 1);
    z.copy_from_slice(&x[..2]);
    (x[1] - z[0]) * (z[0] * z[1]) + z.iter().sum::<f64>()
}

#[differentiable]
pub fn f21126(x: f64, mut y: [f64; 2], z: &mut Vec<f64>, u: &mut [f64; 3]) -> f64 {
    let t1 = f64::tanh(((x - x - (u[2] + x)).sin() + 2.0).powf(x.sin()));
    for _ in 1..u.len() {
        let x: f64 = (h_slice(
            &y[..],
            ((z.windows(2).map(|q3| q3[0] * q3[1] + f64::sin(t1)).sum::<f64>()) * 0.5)
                .sin()
                .powi(3),
        ))
        .cos();
        let t4: f64 =
            f64::sin((0.7_f64 * x).sin() + (if x < 0.6 { u[1] } else { u[2] }) * (t1 * x));
        let mut c5 = Vec::new();
        for i6 in 0..2 {
            c5.push((t1.max(t1) - (x * (i6 as f64 * 0.1))).atan());
        }
        let [t7, t8] = y;
        u[2] += 0.5 * t8;
    }
    let (t1, t9) = (
        ((x * 0.7_f64) * 0.5).sin().powi(3),
        ((y[0].sin() + 2.0).powf(x.sin()) + (x * 0.5).sin().powi(3)).sin() * 0.8,
    );
    let mut c10 = z.to_vec();
    ((if !(t1.sin() > 0.1) { 0.6_f64 } else { c10[1] }).sin() + 2.0).powf(x.sin())
        + x
        + t1
        + t9
        + c10.iter().sum::<f64>()
}

#[differentiable]
pub fn f20822(x: &mut [f64], y: &[f64], mut z: [f64; 2], u: &mut f64) -> f64 {
    {
        let w1 = &mut x[2..4];
        z = [
            ({
                *u = (*u).sin();
                *u
            })
            .atan(),
            (h_sc(z[0], (*u))).sin(),
        ];
        let mut c3 = z.to_vec();
        w1[0] += f64::cos(w1[1] * (*u));
    }
    for (i6, q4) in z.iter().enumerate() {
        for (i9, q7) in x.iter_mut().enumerate() {
            match (*q7) * (*q4) {
                q10 if q10 > 0.9 => {
                    let c11 = vec![(z[i6] * 0.9).tanh(); 4];
                }
                _ => {
                    let mut m12 =
                        vec![
                            vec![
                                (if (*q7) > (*u) * 0.9 { (*q4) } else { (i6 as f64 * 0.1) }).tanh();
                                2
                            ];
                            2
                        ];
                }
            }
            *u += (if {
                *u = (y[i6].sin().mul_add((*q4), (*q7))).sin();
                *u > 0.5
            } {
                (if (*q7) > 2.0 { (i6 as f64 * 0.1) } else { (*u) })
            } else {
                (match (i9 % 3, i6 > 1) {
                    (0, _) => (*u),
                    (1..=2, true) => (*u),
                    _ => z[1 - i6],
                })
            })
            .cos();
        }
        let mut d13 = vec![(y[i6].atan2(1.5)).cos()];
        let g14 = |q15: f64| ((q15 - (*q4)).sin()).cos();
    }
    *u = 0.7_f64.abs();
    0.7_f64 + 0.9_f64
}

#[differentiable(order = 2)]
pub fn f20667_a(x: &mut f64, y: f64) -> (f64, f64) {
    if {
        *x = (0.5_f64 * y).sin();
        *x > 0.3
    } {
        for i1 in (0..2).rev() {
            let t2 = h_mutf(x, f64::sin(y.atan2(1.5)));
            let mut k3 = 0usize;
            let mut t6 = loop {
                k3 += 1;
                if k3 > 2 {
                    break (*x);
                }
                let mut c4 = [
                    ((k3 as f64 * 0.1).max((i1 as f64 * 0.1))).cos(),
                    ((*x) * 1.1).cos(),
                    ((*x) * t2).sin(),
                    ((*x).sin()).sin() * 0.8,
                ];
                let mut k5 = 2usize;
                c4[k5 % 4] *= ((0.25_f64 + (k3 as f64 * 0.1)).hypot(0.7)).tanh();
            };
            let mut k7 = 2usize;
        }
    }
    (1.1_f64 + y, y.abs())
}

#[differentiable(order = 2)]
pub fn f20667(x: &mut [f64], y: f64, mut z: Vec<f64>) -> f64 {
    {
        let r1 = &mut z[1];
        let mut t2 = f20667_a(r1, y.cos());
        let (p4, t5) = (
            [f64::sin(0.5_f64 - y), ((*r1).sin().signum() * t2.1).sin()],
            (if x[1] > -0.7 { y } else { y }).cos(),
        );
    }
    z[0] += ({
        let b7 = h_sc(y, y);
        b7 * (match y {
            q8 if q8 > 0.9 => q8 * 2.0_f64,
            q8 => y + q8,
        })
    });
    for (q11, q12) in [
        (
            (z.iter().fold(0.3_f64, |acc10, q9| f64::tanh((*q9) / (1.5 + y.sin())) + acc10 * *q9))
                .sin(),
            f64::tanh(y),
        ),
        (y - y, (if y < -0.3 { y } else { y })),
    ] {
        let mut c13 = vec![
            ((2.5 + z[0].sin()).recip()).sin() * 0.8,
            (x.iter()
                .fold(0.3_f64, |acc15, q14| f64::tanh(0.7_f64 / (1.5 + q11.sin())) + acc15 * *q14))
            .atan(),
            (if x[1] < -0.5 { q12 } else { q12 }).cos(),
            f64::tanh(y * q12),
        ];
        let mut m16 = [[(if q11 > 0.9 && x[0] < 0.1 { y } else { y }).sin(); 2]; 3];
        x[3] += (z[1] * (m16[2][0])).tanh();
    }
    let mut t17: f64 = f64::tanh(y + x[2]);
    (match y {
        q18 if q18 > 0.1 => q18 * t17,
        q18 => t17 + q18,
    })
}

#[differentiable]
pub fn f20528(x: &mut Vec<f64>, y: usize, z: f64) -> f64 {
    let Some(&q1) = x.get(2) else {
        return x
            .iter()
            .zip(x.iter())
            .map(|(q2, q3)| *q2 * *q3 + (y as f64 * 0.1).atan())
            .sum::<f64>()
            + (y as f64 * 0.1);
    };
    let mut l4 = vec![1usize, 2, 0];
    x.swap(l4[y % 3] % 3, 0);
    (match (y % 3, q1 > -0.3) {
        (0, _) => q1 * 0.7,
        (1..=2, true) => x[2].hypot(0.7),
        _ => (q1 * 0.5).sin().powi(3),
    }) + z
        + q1
        + x.iter().sum::<f64>()
}

#[differentiable]
pub fn f20221(x: &mut [f64], y: &mut [f64; 3], mut z: [f64; 3]) -> f64 {
    'l1: for (q1, q2) in z.iter_mut().zip(x.iter()) {
        *q1 = (*q1).sin() * 0.8;
        'l2: for (q4, q5) in y.iter_mut().zip(x.iter()) {
            let t7;
            if (*q4) > -2.0 {
                t7 = (({
                    *q1 = (*q5).sin();
                    *q1
                }) * (0.7_f64 + (*q2)))
                    .cos();
            } else {
                t7 = (h_rec(((x[2] * 0.5).sin().powi(3)).cos(), 1)).sin();
            }
            if x[1] < 0.9 {
                if t7 > 1.3 && (*q4) < 1.3 {
                    return t7 / (1.5 + (*q5).sin())
                        * (x.windows(2).map(|q8| q8[0] * q8[1] + (*q2).sin() * 0.8).sum::<f64>());
                }
                *q4 -= f64::tanh((*q4).tanh().exp() * (t7 + x[2]));
            }
            *q1 += 0.5 * t7;
        }
        if y[(y[2].abs() * 7.0) as usize % 3] < 0.9 {
            continue 'l1;
        }
        {
            'l3: for q9 in y.iter_mut() {
                *q1 = 0.9_f64.sin() * 0.8;
                *q9 = ((match (*q9) {
                    q12 if q12 > 1.5 => q12 * ((*q9) * 0.25),
                    q12 => {
                        x.windows(2).map(|q13| q13[0] * q13[1] + f64::sin(*q9)).sum::<f64>() + q12
                    }
                })
                .sin()
                .signum()
                    * 0.25_f64)
                    .cos();
            }
            let mut l14 = [0usize; 3];
        }
    }
    let mut t15 = (((2.5 + (z[1].tanh().exp()).sin()).recip()).cos()).cos();
    let t15 = t15 - t15;
    h_pair(t15, t15).0 + t15 + z.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f20907(x: &mut Vec<f64>, y: &mut [f64], z: usize) -> f64 {
    if x[1] > -0.5 {
        let mut t2 = (y[1]
            + ({
                let b1 = (z as f64 * 0.1);
                b1 * b1
            }) * ((2.5 + (z as f64 * 0.1).sin()).recip()))
        .sin();
        for _ in 0..=2 {
            let mut c4 = vec![
                f64::sin((z as f64 * 0.1).tanh().exp()),
                (match z % 4 {
                    0 => t2,
                    1 | 2 => t2,
                    _ => (z as f64 * 0.1),
                })
                .sin(),
            ];
            if t2 > t2 * 0.9 {
                continue;
            }
            'l1: for i5 in (0..c4.len()).rev() {
                h_mut(&mut c4, ((t2.sin() * 0.5).exp_m1()).sin());
                let (p6, t7) = (
                    [
                        (match z % 4 {
                            0 => t2,
                            1 | 2 => t2,
                            _ => t2,
                        })
                        .sin()
                            * 0.8,
                        f64::sin(h_rec(x[i5].atan(), 2)),
                    ],
                    f64::tanh(
                        ({
                            t2 = 0.9_f64.sin();
                            t2
                        }),
                    ),
                );
            }
        }
    }
    let t9 = ((y[(z + 2) % 4]) * x[0]) * ((y[z % 4]).abs()) * 0.3;
    let mut m10 = [[(x[z % 3]).tanh(); 2]; 2];
    for i11 in 0..4 {
        x[(i11 + 1) % 3] = f64::tanh(h_slice(&x[..], t9) * (0.5_f64 * (m10[i11 % 2][0])));
        let mut c12 = [
            (if z == 1 { 0.6_f64 } else { t9 }).atan(),
            (h_pair(t9, m10[(t9.abs() * 7.0) as usize % 2][1]).1).atan(),
            f64::tanh((if t9 > -1.1 { t9 } else { m10[i11 % 2][0] })),
            ((x[i11 % 3]).clamp(-0.8, 0.9)).atan(),
        ];
        c12[0] += t9.sin();
    }
    t9
}

#[differentiable]
pub fn f21273(mut x: f64, y: &mut Vec<f64>) -> f64 {
    let mut c1 = y.to_vec();
    let mut t2 = h_scan(&y[1..], &mut c1[1..]);
    let mut t18 = 'l1: {
        let mut b3 = y[2] < 1.3;
        if !b3 {
            {
                let w4 = &y[0..1];
                let mut c5 = vec![
                    (y.windows(2).map(|q6| q6[0] * q6[1] + f64::sin(x)).sum::<f64>()).tanh(),
                    (1.1_f64 * x).sin() * 0.8,
                    t2 * x,
                    y[2] - t2,
                ];
                for q8 in [1usize, 3, 0] {
                    b3 = !b3;
                    {
                        let (lo10, hi11) = c1.split_at_mut(2);
                        (x, t2) = (t2, x);
                        t2 = (hi11
                            .iter()
                            .zip(w4.iter())
                            .map(|(q12, q13)| {
                                *q12 * *q13
                                    + (f64::cos(*q12) + (q8 as f64 * 0.1) + (q8 as f64 * 0.1)).cos()
                            })
                            .sum::<f64>())
                        .cos();
                        hi11.fill(
                            (lo10
                                .iter()
                                .zip(c5.iter())
                                .map(|(q14, q15)| *q14 * *q15 + (f64::cos((q8 as f64 * 0.1))).cos())
                                .sum::<f64>())
                            .sin()
                                * 0.8,
                        );
                        t2 = ((q8 as f64 * 0.1) - (q8 as f64 * 0.1)).sin() * 0.8;
                    }
                    let (t16, t17) =
                        (((q8 as f64 * 0.1) * (c5[3 - q8])).cos(), (x.hypot(0.7)).sin() * 0.8);
                    t2 += 0.5 * t17;
                }
            }
            break 'l1 x + x;
        }
        x - t2
    };
    ({
        let b19 = t2;
        b19 * t18
    }) + x
        + t2
        + t18
        + c1.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f20455_a(x: &[f64], y: &mut f64, z: f64) -> f64 {
    *y -= ((if z > 0.9 { (*y) } else { z }) - (z * z)).atan();
    ((x.iter().sum::<f64>()).sin() * 0.5).exp_m1()
}

#[differentiable(order = 2)]
pub fn f20455_b(mut x: f64, y: &[f64]) -> Vec<f64> {
    for (&q1, q2) in y.iter().zip(y.iter()) {
        let mut c4: Vec<f64> = y
            .iter()
            .map(|q5| (((*q5) * 0.5).sin().powi(3) + h_pair((*q5), (*q2)).1).atan())
            .collect();
    }
    let mut c6 = [x + y[1], (x * 1.5).tanh()];
    'l1: for (i9, q7) in c6.iter().enumerate() {
        let mut c10 = c6;
    }
    vec![
        ({
            let b11 = x;
            b11 * b11
        }),
        0.7_f64 - c6[0],
        c6[0],
    ]
}

#[differentiable]
pub fn f20455(x: &mut Vec<f64>, mut y: f64, z: f64) -> f64 {
    let mut k1 = 0usize;
    'l1: loop {
        k1 += 1;
        if k1 > 3 {
            break;
        }
        let g2 = |q3: f64| f64::tanh(z);
        let mut c4: Vec<f64> =
            x.iter().map(|q5| ((z + y) * ((k1 as f64 * 0.1) * (k1 as f64 * 0.1))).atan()).collect();
        let mut l6 = vec![1usize, 2, 0];
    }
    let mut b7 = {
        y = ((k1 as f64 * 0.1).min(z)).sin();
        y > 0.9
    };
    y - z * 2.0 + y + z + x.iter().sum::<f64>()
}

#[differentiable]
pub fn f20092(x: &mut [f64; 3], mut y: [[f64; 2]; 2], z: f64) -> f64 {
    let t2 = (((x[0].sin()).sin() * 0.5).exp_m1())
        * (if z > 0.3 {
            x[2].clamp(-0.8, 0.9)
        } else {
            ({
                let b1 = z;
                b1 * z
            })
        });
    x[2] += f64::tanh((if x[0] < -1.5 { t2 } else { y[0][1] }) - (((y[0][1]).cos() + 1.5).sqrt()));
    let mut t7 = 'l1: {
        if let Some(q3) = x.get(2) {
            y.swap(0, (t2.abs() * 7.0) as usize % 2);
            let mut t2 = (1.1_f64 - t2) / (1.5 + (1.1_f64.hypot(0.7)).sin())
                + ((y[1][0] + y[1][0]) * 0.5).sin().powi(3);
        }
        if x[2] > -0.3 {
            {
                let w4 = &mut x[0..1];
                let mut k5 = 0usize;
                w4[0] =
                    f64::sin(((((y[k5 % 2][1]).sin() + 2.0).powf(t2.sin())).powi(2) + 1.0).ln());
            }
            break 'l1 (if x[0] > -0.25 { z } else { y[0][0] });
        }
        let mut d6 = vec![f64::sin(((y[1][0]).sin() * 0.5).exp_m1())];
        d6[0] + z
    };
    (((y[1][0]) * 0.5).sin().powi(3)).atan2(1.5) + z + t2 + t7 + x.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f21120_a(x: &mut [f64], y: &[f64; 4], z: &[f64]) {
    x[2] += (z[0].sin()) * (x[0] / (1.5 + 1.1_f64.sin()));
    for i1 in 0..=1 {
        let t3 = (1.3_f64 / (1.5 + x[i1].sin())
            + (match z[i1 % 4] {
                q2 if q2 > 0.6 => q2 * q2,
                q2 => q2 + q2,
            })
            + (((i1 as f64 * 0.1) * z[i1]).sin() * 0.5).exp_m1())
        .atan();
        'l1: for q4 in z.chunks_exact(2) {
            let mut d7 = vec![f64::sin(x[i1] / (1.5 + 0.3_f64.sin()))];
        }
        x[i1] += 0.5 * t3;
    }
}

#[differentiable(order = 2)]
pub fn f21120(x: &mut [f64; 3], y: &mut [f64; 3], z: f64) -> f64 {
    if z > -0.1 {
        if !(x[2].sin() > 0.1) {
            let ((t2, t3), t4) = (
                (f64::sin(z + x[2]), x.iter().map(|q1| z.atan()).sum::<f64>()),
                (y[0] / (1.5 + y[0].sin())).sin() * 0.8,
            );
        }
        return x.iter().map(|q5| f64::tanh(f64::cos(*q5))).sum::<f64>();
    }
    y[2] = ((h_pair(z, z).1) * 0.5).sin().powi(3);
    let mut t7 = f64::tanh(
        z * z
            - (z.clamp(-0.8, 0.9))
            - ((({
                let b6 = 0.6_f64;
                b6 * x[1]
            })
            .sin()
                * 0.4)
                .asin()),
    );
    let mut t9 =
        (y.windows(2).map(|q8| q8[0] * q8[1] + ((t7 * z) * (y[0] - t7)).cos()).sum::<f64>()).tanh();
    (z * t9) * (x[0] / (1.5 + 0.9_f64.sin())) + z + t7 + t9 + y.iter().sum::<f64>()
}

state_test! {
    f21299: (mut vec![-0.26, 1.02, 0.69], const 2, 0.40), (mut vec![0.37, 0.33, 0.31], const 2, -0.29);
    f21260: (mut 0.59, -0.15, vec![-0.36, -1.11], [-1.02, 0.46, -0.69, 0.78]), (mut -1.09, 0.35, vec![0.45, 0.56], [-0.41, 0.45, 0.74, 0.83]);
    f21126: (0.61, [0.30, 0.18], mut vec![0.48, -0.28], mut [0.71, -0.78, 0.26]), (0.52, [-0.99, 0.29], mut vec![1.00, 0.60], mut [0.84, 0.63, 0.62]);
    f20822: (mut vec![-0.26, 1.11, 1.09, 0.33], ref vec![0.42, 1.02, 0.21, 0.84], [0.18, 0.51], mut 0.82), (mut vec![0.41, 0.87, 0.80, 1.00], ref vec![0.70, 0.48, 0.61, 0.80], [0.50, 0.50], mut 0.50);
    f20667: (mut vec![0.57, 0.93, 0.67, 0.45], 0.92, vec![0.42, -0.35]), (mut vec![0.59, 0.33, 0.33, 0.19], 1.13, vec![-0.20, -0.26]);
    f20528: (mut vec![-0.63, 0.19, 0.50], const 0, 0.76), (mut vec![0.35, 1.05, -0.50], const 0, 1.01);
    f20221: (mut vec![-0.58, 0.74, 0.86], mut [0.80, 0.63, 1.00], [-1.05, 0.98, -0.45]), (mut vec![-0.84, 0.73, 0.93], mut [0.29, 0.85, 1.12], [0.30, 0.69, -0.22]);
    f20907: (mut vec![0.39, 0.67, -0.96], mut vec![0.60, 0.33, 0.17, 0.24], const 0), (mut vec![0.19, -0.66, 0.39], mut vec![0.63, 0.26, 0.18, 0.53], const 0);
    f21273: (-0.70, mut vec![-0.46, -0.93, 0.97]), (0.28, mut vec![0.23, -0.85, 1.12]);
    f20455: (mut vec![0.40, -0.64, -0.20], -0.95, 1.04), (mut vec![-0.57, 0.53, 0.15], 0.80, -0.72);
    f20092: (mut [0.29, 0.81, -0.88], [[-0.29, 0.83], [0.18, 0.91]], 0.18), (mut [-0.20, -0.98, 1.01], [[0.77, -0.88], [-0.42, 0.32]], 0.29);
    f21120: (mut [0.99, 0.99, -0.34], mut [-0.26, 0.30, 0.91], 0.91), (mut [0.47, -0.86, 1.11], mut [1.02, -0.52, -0.35], 0.52);
}
