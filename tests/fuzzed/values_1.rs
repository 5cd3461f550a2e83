//! Functions of one result without `&mut` parameters.

use crate::helpers::*;
use autodiff::differentiable;
use autodiff_tests::*;

#[differentiable(order = 2)]
pub fn f20721(x: f64, y: usize) -> f64 {
    for i1 in (0..2).rev().step_by(2) {
        let mut m2 = vec![vec![((2.5 + x.sin()).recip()).cos(); 2]; 3];
        h_mut(&mut m2[i1], 0.7);
        let mut t3: f64 = ((if i1 > 1 { m2[i1][0] } else { m2[i1][1] }) * (x - x) * 0.1).atan();
        let mut c4 = [f64::tanh((2.5 + t3.sin()).recip()); 3];
    }
    let mut t6: f64 = ({
        let b5 = x.sin().signum() * 0.3_f64;
        b5 * (x * x)
    })
    .clamp(-0.8, 0.9);
    t6 *= t6.tanh();
    if x < -0.9 {
        let k7 = (y + 2) % 3;
    }
    h_sc(x - t6, (y as f64 * 0.1))
}

#[differentiable]
pub fn f20282(x: usize, mut y: [[f64; 2]; 3], mut z: [f64; 4]) -> f64 {
    let mut rec1 = 0.1;
    if x > 0 {
        rec1 = f20282(x - 1, y, z).sin();
    }
    let mut k2 = 0usize;
    'l1: loop {
        k2 += 1;
        if k2 > 2 {
            break;
        }
        for (q3, q4) in [
            ((h_slice(&z, rec1)).atan(), (0.25_f64 * (y[(x + 1) % 3][0])).sin()),
            (
                (match (k2 % 3, k2 < 3) {
                    (0, _) => rec1,
                    (1..=2, true) => z[(x + 1) % 4],
                    _ => y[(k2 + 1) % 3][0],
                })
                .cos(),
                (z[x % 4] - rec1).tanh(),
            ),
        ] {
            h_mut(&mut z, f64::tanh((y[x % 3][0]).sin().mul_add(y[(x + 1) % 3][1], 1.5_f64)));
        }
        rec1 = f64::sin((y[2][1]).abs() + (rec1 * 0.5).sin().powi(3) * 1.5);
        if let Some(q5) = z.last() {
            let mut c6 = [0.0_f64; 3];
            'l2: for q7 in c6.windows(2) {
                {
                    let w10 = &q7[0..2];
                    if let [t11, .., t13] = &w10[..] {}
                    if k2 > 1 {
                        let mut l14 = [0usize; 3];
                        continue 'l2;
                    }
                    let c15 = vec![f64::sin(rec1 + rec1); 3];
                }
                let mut c16 = vec![f64::sin(((*q5).cos() + 1.5).sqrt()), (rec1.atan2(1.5)).tanh()];
                y[(x + 1) % 3][0] = f64::tanh(-rec1);
            }
        } else {
        }
    }
    let (mut t17, t18) = ((2.5 + (y[2][1]).sin()).recip(), ((rec1.powi(2) + 1.0).ln()).cos());
    let mut c19 = [
        (h_rec(rec1.atan(), 0)).sin(),
        (rec1 * t17).tanh(),
        y[(x + 2) % 3][0] - (y[(k2 + 2) % 3][0]),
        ({
            rec1 = (y[k2 % 3][0]).sin();
            rec1
        }),
    ];
    ((y[x % 3][1]).cos() + 1.5).sqrt() + rec1 + t17 + t18 + c19.iter().sum::<f64>()
}

#[differentiable]
pub fn f21192(mut x: f64) -> f64 {
    let t1 = x;
    assert!(!(t1).is_nan(), "value {}", t1);
    {
        let mut c2 = Vec::with_capacity(4);
        for i3 in 0..4 {
            c2.push((t1 / (1.5 + (h_mutf(&mut x, t1)).sin())).sin() * 0.8);
        }
        'l1: {
            for q4 in c2.iter() {
                {
                    let mut c7 = vec![
                        f64::sin(
                            ({
                                let b8 = x;
                                b8 * c2[2]
                            }),
                        ),
                        f64::sin((*q4) / (1.5 + c2[1].sin())),
                    ];
                    c7.fill((((*q4) * c2[0]).abs()).cos());
                    c7.copy_from_slice(&c2[..2]);
                }
            }
            if !(t1.sin() > 1.1) {
                for i10 in (0..c2.len()).step_by(2).rev() {
                    let mut m11 = vec![vec![((i10 as f64 * 0.1).tanh()).cos(); 2]; 2];
                    m11[1][0] = (h_pair(m11[(i10 + 1) % 2][0], c2[i10]).0).cos();
                    let mut c12 = vec![
                        (match t1 {
                            q13 if q13 > 0.6 => q13 * t1,
                            q13 => m11[(i10 + 2) % 2][1] + q13,
                        })
                        .sin()
                            * 0.8,
                        (c2.iter().fold(0.3_f64, |acc15, q14| (x * t1).atan() + acc15 * *q14))
                            .tanh(),
                        (0.9_f64 * x).sin() * 0.8,
                        (x.tanh()).atan(),
                    ];
                    x = (if c2[i10] > 0.1 { x } else { m11[(i10 + 2) % 2][0] }).atan();
                }
                break 'l1;
            }
            let mut c16 = vec![
                (x * t1).sin(),
                c2[0] * 0.25_f64,
                (match t1 {
                    q17 if q17 > 0.25 => q17 * c2[1],
                    q17 => 0.6_f64 + q17,
                }),
                f64::tanh(t1 * x),
            ];
        }
    }
    x * x + x + t1
}

#[differentiable]
pub fn f21116(mut x: [f64; 4], y: usize) -> f64 {
    if y > 1 {
        return ((x[(y + 2) % 4]).sin() + 2.0).powf((x[(y + 2) % 4]).sin());
    }
    'l1: for &q1 in x.iter().skip(1) {
        let c4 = [f64::sin(
            (match y % 4 {
                0 => x[1],
                1 | 2 => x[(y + 2) % 4],
                _ => (y as f64 * 0.1),
            }),
        ); 3];
    }
    let t8 = {
        let g5 = |q6: f64| {
            f64::sin(
                (match q6 {
                    q7 if q7 > 0.5 => q7 * q6,
                    q7 => q6 + q7,
                }) + q6 * q6,
            )
        };
        (g5(x[0])) * 0.9_f64
    };
    t8 * (x[y % 4]) * 1.1
}

#[differentiable(order = 2)]
pub fn f20407(mut x: f64, mut y: Vec<f64>, z: &[f64], mut u: f64) -> f64 {
    let t1 = std::mem::replace(
        &mut x,
        ((u + u)
            * ({
                u = u.sin();
                u
            }))
        .cos(),
    );
    for (i4, q2) in y.iter_mut().enumerate() {
        let mut c5 =
            [(if x > z[(i4 + 1) % 2] * 0.9 { x } else { (i4 as f64 * 0.1) }).sin() * 0.8; 4];
        {
            let (lo6, hi7) = c5.split_at_mut(1);
            (x, *q2) = (
                f64::tanh((*q2) - hi7[i4] + 1.5_f64 + hi7[0]),
                f64::sin(h_rec((t1 * 0.3).cos(), 1)),
            );
            let mut t8 = h_scan(&z[..], &mut hi7[..]);
            'l1: for q9 in hi7.iter() {
                (*q2, u) = (
                    f64::tanh((i4 as f64 * 0.1) * t8 * ((*q2) - z[0])),
                    f64::tanh(t8 * 2.0 + (i4 as f64 * 0.1) + x),
                );
            }
            let mut c12 = [0.0_f64; 3];
        }
        let mut k13 = 0usize;
        'l2: while k13 < 3 {
            k13 += 1;
            let k14 = ((*q2).abs() * 5.0) as usize % 3;
            x = (-((0..2).map(|i16| z[i16] * (k14 as f64 * 0.1).tanh()).sum::<f64>() + (*q2)
                - (k13 as f64 * 0.1)))
                .sin()
                * 0.8;
        }
    }
    let mut m17 = vec![vec![(u / (1.5 + x.sin())).sin() * 0.8; 2]; 3];
    h_pair(u * (m17[0][1]), m17[1][1]).0
}

#[differentiable]
pub fn f21205(mut x: f64, y: usize, mut z: [f64; 2]) -> f64 {
    let mut rec1 = if y == 0 { 0.3 } else { f21205((x * 0.9 + 0.1).sin(), y - 1, z).tanh() };
    let t2: f64 = (((x + (y as f64 * 0.1) * (rec1.min(x))).powi(2) + 1.0).ln()).atan();
    z.swap(y % 2, y % 2);
    for (&q3, q4) in z.iter().zip(z.iter()) {
        for i6 in 0..2 {
            let t7 = x;
            x = rec1;
            rec1 = t7 * (z.iter().sum::<f64>()).atan();
            rec1 = ((i6 as f64 * 0.1).clamp(-0.8, 0.9) + z[(y + 1) % 2] + (i6 as f64 * 0.1)
                - (*q4))
                .tanh();
            {
                let r9 = &mut rec1;
                let mut t11: f64 = (if x > (*q4) * 0.9 {
                    ({
                        x = (match t2 {
                            q10 if q10 > 1.5 => q10 * (y as f64 * 0.1),
                            q10 => (i6 as f64 * 0.1) + q10,
                        })
                        .sin();
                        x
                    })
                } else {
                    h_rec((q3.hypot(0.7)).cos(), 3)
                })
                .sin()
                    * 0.8;
                t11 = (match 0.5_f64.tanh().exp() + z[1] * (i6 as f64 * 0.1) {
                    q12 if q12 > 0.7 => q12 * (h_rec(f64::tanh(z[0]), 1) - ((*r9) * 0.5_f64)),
                    q12 => (z[i6] * (i6 as f64 * 0.1)).min(z[0]) + q12,
                })
                .tanh();
            }
            rec1 += 0.5 * t7;
        }
    }
    (0.5_f64 - x).sin().mul_add((y as f64 * 0.1), rec1)
}

#[differentiable(order = 2)]
pub fn f20161_a(x: &mut [f64], y: &mut [f64; 3], z: f64) -> (f64, f64) {
    let mut t2 = ((if x[0] > -0.3 { -z } else { z })
        * ({
            let b1 = -z;
            b1 * (z.cos())
        }))
    .atan();
    t2 += y
        .iter()
        .fold(0.3_f64, |acc4, q3| ((*q3) + z + 0.9_f64.sin().signum() * x[1]).tanh() + acc4 * *q3);
    (y[2] * 1.1_f64, t2 + t2)
}

#[differentiable(order = 2)]
pub fn f20161_b(x: &[f64], y: usize, z: &[f64; 4]) -> f64 {
    let k1 = usize::from(y != 2);
    let mut c2 = [
        x[(k1 + 1) % 3] - z[k1],
        (z[k1] + x[2 - k1]).sin(),
        ((y as f64 * 0.1) - z[k1]).cos(),
        ((k1 as f64 * 0.1) * x[k1]).atan(),
    ];
    let mut l3 = [2usize, 0, 1];
    h_sc(((c2[l3[y % 3] % 4]).sin() * 0.5).exp_m1(), z[(k1 + 2) % 4]) + c2.iter().sum::<f64>()
}

#[differentiable]
pub fn f20161(x: f64, y: f64) -> f64 {
    assert!(!(y).is_nan(), "value {}", y);
    (x + x) / (1.5 + ((x.sin() * 0.5).exp_m1()).sin()) + x + y
}

#[differentiable]
pub fn f20460(x: f64, mut y: f64, z: usize, mut u: f64) -> f64 {
    let mut rec1 = 0.1;
    if z > 0 {
        rec1 = f20460(x, y, z - 1, u).sin();
    }
    rec1 += y * (z as f64 * 0.1);
    (rec1, y) = (
        f64::sin((h_pair((z as f64 * 0.1), x).1) * (y * y)),
        f64::sin(
            ({
                let b2 = (z as f64 * 0.1);
                b2 * (z as f64 * 0.1)
            })
            .sin(),
        ),
    );
    let t3 = rec1;
    rec1 = u;
    u = t3;
    ((y * 0.5).sin().powi(3)).max((z as f64 * 0.1))
}

#[differentiable(order = 2)]
pub fn f20217(mut x: [f64; 3]) -> f64 {
    for q1 in x.iter().rev() {
        let mut k4 = 0usize;
        while k4 < 3 {
            k4 += 1;
            let mut c5 = vec![
                f64::sin(
                    (match (k4 % 3, k4 == 1) {
                        (0, _) => (k4 as f64 * 0.1),
                        (1..=2, true) => (*q1),
                        _ => (k4 as f64 * 0.1),
                    })
                );
                3
            ];
            let mut m6 = [[f64::tanh(x[(k4 + 1) % 3]); 2]; 3];
            let (mut t7, t8) =
                h_pair((m6[(k4 + 1) % 3][1] + (*q1) + (*q1) + m6[(k4 + 1) % 3][1]).cos(), (*q1));
        }
    }
    let mut k9 = 0usize;
    while k9 < 3 {
        k9 += 1;
        if k9 % 2 == 0 {
            for i10 in (0..3).step_by(2) {
                h_mut(&mut x, (0.4_f64 / (1.5 + (k9 as f64 * 0.1).sin())).sin());
                let t11 = ((if x[i10] > 0.6 { x[i10] * 0.5 } else { (i10 as f64 * 0.1).sin() })
                    .clamp(-0.8, 0.9))
                .sin()
                    * 0.8;
                let t15: f64 = f64::tanh(
                    ((match -t11 {
                        q12 if q12 > 0.9 => q12 * (x[i10] + (i10 as f64 * 0.1)),
                        q12 => {
                            x.iter().fold(0.3_f64, |acc14, q13| {
                                f64::sin(h_pair((*q13), 2.0_f64).0) + acc14 * *q13
                            }) + q12
                        }
                    }) * 0.5)
                        .sin()
                        .powi(3),
                );
            }
            break;
        }
        if x[k9 % 3] > -0.3 {
            return x[k9 % 3] + (k9 as f64 * 0.1);
        }
        x[(k9 + 1) % 3] *= (x[1] / (1.5 + (x[(k9 + 1) % 3]).sin())).atan();
        let mut b16 = x[(k9 + 1) % 3] < 0.7;
    }
    let [t17, t18, t19] = x;
    t18 * (k9 as f64 * 0.1) + t17 + t18 + t19 + x.iter().sum::<f64>()
}

#[differentiable]
pub fn f20452(x: f64, y: &[f64; 4], z: &[f64], u: &[f64]) -> f64 {
    let g1 = |q2: f64| (y[2] + z[2] * x).atan();
    let ((mut t4, mut t5), mut t6) =
        (((if u[0] > 0.6 { x } else { x }), x - x), z.iter().map(|q3| z[2].atan()).sum::<f64>());
    let mut c7 = Vec::new();
    for i8 in 0..3 {
        c7.push(f64::tanh((i8 as f64 * 0.1) * (i8 as f64 * 0.1) + g1(y[i8])));
    }
    x * (t5 + x)
}

#[differentiable(order = 2)]
pub fn f21048(x: &[f64], mut y: Vec<f64>, z: &[f64; 4]) -> f64 {
    'l1: for i1 in 0..z.len() {
        'l2: for q2 in y.iter_mut() {
            let mut m5 = vec![
                vec![
                    f64::tanh(
                        x.iter()
                            .enumerate()
                            .map(|(i7, q6)| f64::sin((*q2) + z[2]) * *q6)
                            .sum::<f64>()
                    );
                    2
                ];
                3
            ];
            let mut p10 = (
                (((m5[0][1]) * (z[(i1 + 2) % 4]))
                    * (x.iter().fold(0.3_f64, |acc9, q8| ((*q2) - z[2]).tanh() + acc9 * *q8)))
                .atan(),
                f64::tanh(m5[(i1 + 2) % 3][0]),
            );
        }
        for i11 in (0..z.len()).rev() {
            y[(i1 + 1) % 3] *= (((match (i1 % 3, i11 > 1) {
                (0, _) => y[(i11 + 1) % 3],
                (1..=2, true) => x[i11],
                _ => z[i11],
            }) * 0.5)
                .sin()
                .powi(3))
            .sin();
            let p12 = (
                (z[i11] * x[i11]
                    - (match i11 % 4 {
                        0 => x[i11],
                        1 | 2 => (i11 as f64 * 0.1),
                        _ => z[2],
                    }))
                .sin(),
                (if y[i11 % 3] > 1.5 {
                    1.5_f64 - (y[(i11 + 1) % 3])
                } else {
                    (y[i1 % 3]) * (y[i1 % 3])
                })
                .sin(),
            );
            {
                let r13 = &mut y[(i1 + 1) % 3];
                *r13 = (((x[i1] + (*r13)).sin().signum() * (*r13)).tanh()).sin();
                let g14 = |q15: f64| ((q15 + q15) * (if q15 < 1.3 { p12.0 } else { q15 })).atan();
            }
        }
    }
    let t16 = (x[0] * z[3]).sin() * 0.8;
    let k17 = (x[1].abs() * 5.0) as usize % 3;
    let mut c18 =
        [(2.5 + t16.sin()).recip(), (k17 as f64 * 0.1) * t16, (k17 as f64 * 0.1) - z[k17]];
    t16 * (x[(k17 + 2) % 4]) + t16 + c18.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f20882(mut x: f64, y: f64, mut z: [f64; 2]) -> f64 {
    'l1: for q1 in z.iter().rev() {
        let mut t5 = {
            x = (((y.tanh().exp()) * (x - y)).hypot(0.7)).cos();
            (if x > 1.3 {
                (*q1) / (1.5 + (*q1).sin())
            } else {
                ({
                    let b4 = y;
                    b4 * z[0]
                })
            })
        };
        let mut t8 = (-(y * t5
            + z.iter().fold(0.3_f64, |acc7, q6| (y / (1.5 + x.sin())).sin() * 0.8 + acc7 * *q6)))
        .sin();
    }
    x += ((z[0] - z[0]).hypot(0.7)).cos();
    for q9 in z.windows(2) {
        x = (q9
            .chunks_exact(2)
            .map(|q12| q12[0] - q12[1] * ((2.5 + y.sin()).recip()).sin() * 0.8)
            .sum::<f64>()
            + q9[0]
            + x * 0.5)
            .tanh();
        match 1.3_f64 {
            q13 if q13 > 0.5 => {
                let t15: f64 = (h_slice(
                    &z,
                    (match q13 * 1.3_f64 {
                        q14 if q14 > 0.3 => q14 * (q13 + y),
                        q14 => q14 * 0.6 + q14,
                    }),
                ))
                .sin();
                x += 0.5 * t15;
            }
            _ => {
                let Some(&q16) = q9.get(3) else {
                    continue;
                };
            }
        }
        x = (((h_pair(q9[0], x).0).max(x))
            * (((q9[1].powi(2) + 1.0).ln()) / (1.5 + (z[0] * 1.3).sin())))
        .sin();
    }
    (0..2).map(|i18| z[i18] * z[i18].sin() * 0.8).sum::<f64>() * 1.5
}

gradient_test! {
    f20721: (0.22, const 2), (0.97, const 2);
    f20282: (const 0, [[-0.70, 0.52], [0.99, 0.20], [-0.77, -0.27]], [-1.08, 0.49, 1.04, 0.93]), (const 0, [[0.70, 0.84], [0.33, -0.78], [0.84, 0.31]], [-0.23, 0.68, 0.18, 0.74]);
    f21192: (-1.02), (0.60);
    f21116: ([-0.84, 0.52, -0.70, 0.24], const 2), ([0.66, 0.44, 0.97, 0.56], const 2);
    f20407: (0.44, vec![0.53, -0.75, 0.89], ref vec![0.65, 0.17], 0.64), (0.29, vec![-0.27, 1.11, -0.44], ref vec![-0.98, -0.63], 0.42);
    f21205: (-0.29, const 0, [0.30, 0.83]), (1.06, const 0, [0.70, -0.41]);
    f20161: (0.61, -0.27), (0.47, 0.82);
    f20460: (1.14, -0.35, const 3, -0.72), (0.23, 1.06, const 3, 0.51);
    f20217: ([0.76, 1.13, -0.61]), ([0.93, 0.32, -0.70]);
    f20452: (0.72, ref [-0.87, -1.05, 0.24, 0.20], ref vec![-0.79, 0.55, -0.20], ref vec![0.60, 0.20, -1.10, -0.33]), (0.79, ref [-0.68, -1.08, -0.24, -0.75], ref vec![0.36, -0.59, 0.64], ref vec![0.92, 0.78, 0.16, 0.84]);
    f21048: (ref vec![-0.63, 0.54, -0.35, -0.45], vec![0.51, -0.52, -0.96], ref [0.99, -0.77, 0.50, -0.98]), (ref vec![0.53, -0.32, -0.90, 1.05], vec![-0.95, 0.63, 1.01], ref [0.24, -0.53, -0.25, 0.74]);
    f20882: (1.07, 0.71, [-0.69, 0.51]), (0.17, 0.36, [0.23, -0.92]);
}

hvp_test! {
    f20721: (0.22, const 2), (0.97, const 2);
    f20407: (0.44, vec![0.53, -0.75, 0.89], ref vec![0.65, 0.17], 0.64), (0.29, vec![-0.27, 1.11, -0.44], ref vec![-0.98, -0.63], 0.42);
    f20217: ([0.76, 1.13, -0.61]), ([0.93, 0.32, -0.70]);
    f21048: (ref vec![-0.63, 0.54, -0.35, -0.45], vec![0.51, -0.52, -0.96], ref [0.99, -0.77, 0.50, -0.98]), (ref vec![0.53, -0.32, -0.90, 1.05], vec![-0.95, 0.63, 1.01], ref [0.24, -0.53, -0.25, 0.74]);
    f20882: (1.07, 0.71, [-0.69, 0.51]), (0.17, 0.36, [0.23, -0.92]);
}
