//! Functions of several results.

use crate::helpers::*;
use autodiff::differentiable;
use autodiff_tests::*;

#[differentiable(order = 2)]
pub fn f20025_a(mut x: [f64; 3], y: &[f64]) -> Vec<f64> {
    let (t1, t2) = (x[2] - y[0] - x[0], (x[1] + x[2] * y[0]).tanh());
    let (mut t3, t4) = h_pair((x[2] * (t1.tanh())).atan(), t2);
    vec![t1.hypot(0.7), t2 * 0.1, 0.25_f64]
}

#[differentiable]
pub fn f20025(x: f64) -> Vec<f64> {
    let mut d1 = vec![((x.sin() * 0.4).asin()).sin() * 0.8];
    let c2 = [0.0_f64; 2];
    if !(x.sin() > 2.0) {
        let mut c3: Vec<f64> = c2.iter().map(|q4| (d1[0 % d1.len()]).sin() * 0.8).collect();
        let mut c5 = c2;
    }
    vec![
        x + d1[0],
        (match d1[0 % d1.len()] {
            q6 if q6 > 0.9 => q6 * (d1[d1.len() - 1]),
            q6 => q6 + q6,
        }),
        d1[1 % d1.len()],
    ]
}

#[differentiable(order = 2)]
pub fn f20701_a(mut x: [f64; 2], y: &mut f64, z: &mut [f64]) -> [f64; 3] {
    for i1 in 0..z.len() {
        z[3] *= f64::tanh(((i1 as f64 * 0.1) / (1.5 + (z[i1 % 4]).sin())) * ((*y) + z[i1 % 4]));
        let mut d2 = vec![f64::tanh((*y).tanh())];
        *y = f64::sin(z.iter().fold(0.3_f64, |acc4, q3| {
            (z.windows(2)
                .map(|q5| q5[0] * q5[1] + (((*q3).cos() + 1.5).sqrt()).sin() * 0.8)
                .sum::<f64>())
            .sin()
                + acc4 * *q3
        }));
        let k6 = ((*y).abs() * 5.0) as usize % 3;
    }
    let mut c7 = Vec::with_capacity(3);
    for i8 in 0..3 {
        c7.push(f64::sin(1.5_f64 * (*y) + (*y) / (1.5 + (*y).sin())));
    }
    for (i11, q9) in z.iter_mut().enumerate() {
        *q9 *= (match (i11 as f64 * 0.1) - (i11 as f64 * 0.1) {
            q12 if q12 > 0.7 => q12 * ((i11 as f64 * 0.1) * (*y)),
            q12 => q12 * q12 + q12,
        })
        .sin();
        x = [(0.1_f64.tanh().exp()).sin() * 0.8, (i11 as f64 * 0.1).atan()];
        let mut t18 = {
            let mut k14 = 2usize;
            let Some(&q15) = x.first() else {
                continue;
            };
            ((i11 as f64 * 0.1) * (i11 as f64 * 0.1))
                / (1.5 + (c7.iter().map(|q17| f64::tanh((i11 as f64 * 0.1))).sum::<f64>()).sin())
        };
    }
    [(*y) - (*y), (*y) + 2.0_f64, (*y)]
}

#[differentiable]
pub fn f20701(x: f64, y: &[f64], z: usize) -> (f64, f64) {
    let mut rec1 = if z == 0 { (0.3, 0.4) } else { f20701((x * 0.9 + 0.1).sin(), y, z - 1) };
    let mut m2 = vec![vec![h_sc(0.7_f64, (z as f64 * 0.1)); 2]; 3];
    let mut c3 = vec![0.1_f64 + m2[(z + 2) % 3][0]; 4];
    (x + rec1.0, -x)
}

#[differentiable(order = 2)]
pub fn f20118_a(mut x: f64, mut y: [f64; 3], z: &mut [f64; 3]) -> f64 {
    z[2] = x.sin();
    for (i3, q1) in z.iter_mut().enumerate() {
        let mut t4 = *q1;
        *q1 = x;
        x = t4 * f64::sin(h_sc((i3 as f64 * 0.1), (i3 as f64 * 0.1)));
        for i5 in (0..3).rev().step_by(2) {
            let [t6, t7, t8] = y;
            let t9 = h_mutf(q1, (t6 * (i5 as f64 * 0.1)).cos());
            x += 0.5 * t7;
        }
        x += 0.5 * t4;
    }
    (if y[0] < 0.1 { x } else { x }).tanh().exp()
}

#[differentiable]
pub fn f20118(x: &[f64], y: &[f64], mut z: f64) -> Vec<f64> {
    let g1 = |q2: f64| ((1.3_f64.cos()) * (y[0] * 0.7)).atan();
    if let [t3, .., t5] = &x[..] {
        let mut m6 = [[((*t5).sin().signum() * (*t5)).sin(); 2]; 2];
    }
    let mut d7 = vec![x[2] - z];
    let t8 = ((z.cos() + 1.5).sqrt() * 0.3) * (((d7[3 % d7.len()]).cos()).min(0.5_f64));
    vec![d7[d7.len() - 1] * 0.25, x[2].tanh().exp(), 1.1_f64]
}

#[differentiable]
pub fn f21078(mut x: [f64; 3]) -> [f64; 3] {
    let mut d1 = vec![(x[1] * 0.7_f64).sin() * 0.8];
    for i2 in 0..3 {
        let mut t4: f64 = ({
            let b3 =
                (d1[d1.len() - 1] + d1[1 % d1.len()]) / (1.5 + (h_slice(&x[1..], d1[0])).sin());
            b3 * b3
        })
        .tanh();
        for i5 in 0..3 {
            if let Some(q6) = x.get(4) {
                let mut m7 = [[(match (i5 % 3, t4 < -0.3) {
                    (0, _) => d1[0],
                    (1..=2, true) => x[i2],
                    _ => d1[0],
                })
                .sin(); 2]; 3];
                let t8 = h_mutf(&mut t4, (d1[0] * d1[0]).cos());
            }
            t4 = t4.cos();
        }
        x[i2] += 0.5 * t4;
    }
    const K10: f64 = 0.7;
    let mut t11 = K10 * (x[2] * x[2]);
    for q12 in x.chunks_exact_mut(2) {
        let mut c15 = q12.to_vec();
    }
    [x[1] * t11, d1[0] * x[0], 0.6_f64]
}

#[differentiable(order = 2)]
pub fn f20264_a(mut x: Vec<f64>, y: &[f64], z: usize) -> f64 {
    let k1 = usize::from(y[3] < 0.3);
    x.copy_from_slice(&y[..3]);
    h_mut(&mut x[1..], y[k1] * (z as f64 * 0.1));
    (match (z as f64 * 0.1) {
        q2 if q2 > 2.0 => q2 * (z as f64 * 0.1),
        q2 => q2 + q2,
    }) + y[k1]
        + y.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f20264(x: &[f64]) -> Vec<f64> {
    let c1 = [(x[2] * x[2]).cos(); 2];
    let mut m2 = [[(match x[2] {
        q3 if q3 > 1.3 => q3 * 0.5_f64,
        q3 => q3 + q3,
    })
    .cos(); 2]; 2];
    let mut k4 = 0usize;
    loop {
        k4 += 1;
        if k4 > 5 {
            break;
        }
        'l1: for &q5 in c1.iter().skip(1) {
            let mut t10 = (c1[1]
                - ({
                    let b8 = m2[1][1];
                    b8 * q5
                })
                + ({
                    let b9 = q5;
                    b9 * (m2[(k4 + 1) % 2][1])
                })
                + m2[(k4 + 1) % 2][0] * (m2[(k4 + 2) % 2][1]))
                .cos();
            {
                let r11 = &mut t10;
                let mut k12 = 0usize;
            }
        }
        let p14 = (
            f64::tanh(
                (((m2[(k4 + 1) % 2][0]) * 0.5).sin().powi(3))
                    / (1.5 + (m2[(k4 + 1) % 2][0] - (m2[k4 % 2][1])).sin()),
            ),
            f64::tanh(((c1[(k4 + 2) % 2]) / (1.5 + (x[k4 % 3]).sin())) * (x.iter().sum::<f64>())),
        );
        let mut c15 = Vec::new();
        for i16 in 0..4 {
            let t17: f64 = (((f64::cos(c1[(i16 + 1) % 2])) * 0.5).sin().powi(3)).tanh();
            c15.push(f64::sin(p14.1 + c1[i16 % 2] - ((c1[0].sin() + 2.0).powf(x[2].sin()))));
        }
        if c1[k4 % 2] < -0.9 {
            return vec![
                m2[0][1],
                (2.5 + (x[((x[k4 % 3]).abs() * 7.0) as usize % 3]).sin()).recip(),
                c15[(k4 + 1) % 4],
            ];
        }
    }
    vec![m2[1][1] * 1.5, (c1[(k4 + 1) % 2]).sin().signum() * c1[0], x[(k4 + 2) % 3]]
}

#[differentiable]
pub fn f20792(mut x: [f64; 4], mut y: f64, z: f64) -> [f64; 3] {
    x = [y.atan2(1.5); 4];
    [h_rec(z.sin(), 3), z * 2.0, z]
}

#[differentiable(order = 2)]
pub fn f20375_a(mut x: f64, mut y: [f64; 3], z: usize) -> f64 {
    x += (z as f64 * 0.1) - x + 0.5_f64 + (z as f64 * 0.1);
    x = (match z % 4 {
        0 => x + x + (y[(z + 2) % 3]).min(x),
        1 | 2 => x / (1.5 + x.sin()) + x / (1.5 + (z as f64 * 0.1).sin()),
        _ => ((y[z % 3]) / (1.5 + y[0].sin())).min(0.3_f64),
    });
    (f64::cos(y[(z + 1) % 3])).atan2(1.5) + x + y.iter().sum::<f64>()
}

#[differentiable]
pub fn f20375(mut x: [f64; 4]) -> [f64; 3] {
    'l1: for q1 in x.iter_mut() {
        *q1 *= f64::tanh(
            (match 1.1_f64 - 0.1_f64 {
                q4 if q4 > 0.9 => q4 * (q4.hypot(0.7)),
                q4 => (*q1) * 0.6 + q4,
            }),
        );
    }
    {
        let w5 = &mut x[1..4];
        let mut m6 = [[w5[2]; 2]; 2];
        w5.swap(2, 1);
        let t7: f64 = ((m6[0][0] + w5[1]).sin() + 2.0).powf(w5[0].sin()) * w5[1];
    }
    x = [
        h_sc(x[0], x[1]),
        (if x[3] > -1.1 { x[3] } else { x[3] }),
        (x[2] + x[3]).cos(),
        0.6_f64 * x[1],
    ];
    [
        x[3] + x[3],
        (match x[3] {
            q9 if q9 > 0.25 => q9 * q9,
            q9 => q9 + q9,
        }),
        x[1],
    ]
}

#[differentiable]
pub fn f20134(x: &[f64], y: f64) -> (f64, f64) {
    if y < 0.6 {
        let g1 = |q2: f64| (((x[1].cos() + 1.5).sqrt()).sin().mul_add(q2, y)).sin() * 0.8;
        if y > 0.1 {
        } else {
            let p4 = (
                (({
                    let b3 = y;
                    b3 * b3
                })
                .powi(2)
                    + 1.0)
                    .ln(),
                ((x[1].sin() * 0.5).exp_m1()).abs(),
            );
            'l1: for q5 in x.iter() {
                for q8 in x.iter().rev() {
                    let mut b11 = x[0] > (*q8) * 0.9;
                }
                if let [t12, rest13 @ ..] = &x[..] {
                    let t14 = (g1((if (*t12) > -0.6 { p4.0 } else { y })
                        / (1.5 + (h_rec((*t12).sin() * 0.8, 1)).sin())))
                    .sin();
                    let mut t15 = (((*t12) - (*q5) - (g1(x[1]))).tanh()).cos();
                }
            }
        }
    } else {
        let c16 = vec![y + x[1], (x[1] + 0.25_f64).sin(), x[2] / (1.5 + x[0].sin())];
        let mut c17 = vec![y * 0.6_f64; 4];
    }
    let mut m18 = [[y * y; 2]; 2];
    let (mut t19, t20) = h_pair((m18[1][1]) * (m18[1][0]), m18[1][1]);
    ((m18[0][1]) * (m18[0][1]), (m18[1][1]) * (m18[0][0]))
}

#[differentiable(order = 2)]
pub fn f21248(x: f64) -> Vec<f64> {
    let t3: f64 = ({
        let b1 = (({
            let b2 = x;
            b2 * b2
        })
        .sin()
            * 0.5)
            .exp_m1();
        b1 * b1
    })
    .sin();
    let mut c4 = Vec::new();
    for i5 in 0..3 {
        if !(x.sin() > 0.5) {
            match (i5 as f64 * 0.1).sin().signum() * t3 {
                q6 if q6 > 0.9 => {}
                _ => {
                    'l1: for q7 in [1usize, 3, 0] {
                        let mut t10: f64 = f64::tanh(
                            ((({
                                let b9 = x;
                                b9 * b9
                            })
                            .sin()
                                + 2.0)
                                .powf(t3.sin()))
                                * (i5 as f64 * 0.1),
                        );
                        if q7 < 3 {
                            let mut c11 = vec![(x + x).sin() * 0.8; 4];
                            continue 'l1;
                        }
                        let ((t12, t13), t14) = (
                            (
                                f64::sin(-2.0_f64),
                                f64::tanh(((q7 as f64 * 0.1).sin() * 0.5).exp_m1()),
                            ),
                            (t3 - x).sin() * 0.8,
                        );
                        let t15 = std::mem::replace(&mut t10, x.sin());
                    }
                    let mut c16 = [(t3 * t3).atan(); 4];
                }
            }
        } else {
            let mut k17 = 2usize;
            let k18 = (x.abs() * 5.0) as usize % 3;
        }
        c4.push((0.6_f64 + (i5 as f64 * 0.1)).sin() * 0.8);
    }
    let mut m19 = [[(t3.sin() * 0.5).exp_m1(); 2]; 2];
    vec![m19[1][1], m19[1][0] * t3, c4[1]]
}

#[differentiable(order = 2)]
pub fn f20770(x: &[f64], y: f64, z: usize) -> [f64; 3] {
    for _ in 0..x.len() {
        let (p2, t3) =
            ([(0.3_f64.sin().signum() * y).sin(), (0.6_f64.min(x[2])).sin()], (0.5_f64 + y).cos());
        for i5 in 0..4 {
            let mut d6 = vec![((i5 as f64 * 0.1) + (i5 as f64 * 0.1)).sin() * 0.8];
            if t3 > -1.1 {
                {
                    let w7 = &p2[0..1];
                    d6.push(((d6[0] + t3) * (t3 - t3)).atan());
                    let g8 = |q9: f64| {
                        (p2.iter()
                            .zip(x.iter())
                            .map(|(q10, q11)| *q10 * *q11 + f64::tanh(w7[0]))
                            .sum::<f64>()
                            - (p2[0] * y))
                            .cos()
                    };
                    let mut t13: f64 = ((match d6[2 % d6.len()] + t3 {
                        q12 if q12 > 0.7 => q12 * (q12 * y),
                        q12 => w7[0] + q12,
                    })
                    .clamp(-0.8, 0.9))
                    .cos();
                }
                return [
                    ({
                        let b14 = y;
                        b14 * 1.3_f64
                    }),
                    y * p2[1],
                    d6[d6.len() - 1],
                ];
            }
        }
    }
    let mut k15 = 0usize;
    loop {
        k15 += 1;
        if k15 > 3 {
            break;
        }
        let mut c16 = Vec::with_capacity(3);
        for i17 in 0..3 {
            let mut m18 = vec![vec![(h_slice(x, x[i17])).atan(); 2]; 3];
            c16.push(
                (if y < -0.7 { (z as f64 * 0.1) - 0.25_f64 } else { (z as f64 * 0.1) * 1.3 })
                    .tanh(),
            );
        }
        let t20: f64 = f64::sin(
            ({
                let b19 = 0.6_f64;
                b19 * x[2]
            }),
        );
        let mut b21 = y < 0.5;
    }
    let mut y = y.atan2(1.5);
    [
        (z as f64 * 0.1) / (1.5 + (z as f64 * 0.1).sin()),
        (0..3).map(|i23| x[i23] * (k15 as f64 * 0.1).sin() * 0.8).sum::<f64>(),
        y,
    ]
}

#[differentiable(order = 2)]
pub fn f20953_a(x: &mut [f64], mut y: [f64; 2], mut z: [[f64; 2]; 4]) -> (f64, f64) {
    let mut k1 = 0usize;
    let mut t4 = loop {
        k1 += 1;
        if k1 > 4 {
            break 1.1_f64.abs();
        }
        let t2 = f64::sin(
            (1.3_f64.sin().mul_add(x[0], y[(k1 + 2) % 2])).tanh().exp()
                * (((y[(k1 + 1) % 2]).hypot(0.7)) / (1.5 + (y[0] * (z[k1 % 4][1])).sin())),
        );
        y = [f64::sin(x[(k1 + 1) % 2] * t2); 2];
        y[1] += 0.5 * t2;
    };
    for i5 in 1..4 {
        for i6 in 0..4 {
            y[i5 % 2] = ({
                let b7 = (match (i6 % 3, {
                    t4 = (x[(i5 + 1) % 2] * (y[i6 % 2])).sin();
                    t4 > 0.6
                }) {
                    (0, _) => z[i6 % 4][1],
                    (1..=2, true) => z[3 - i5][0],
                    _ => t4,
                });
                b7 * ((0.1_f64.sin() * 0.4).asin())
            })
            .cos();
            y[(i6 + 2) % 2] += (y.iter().sum::<f64>()).atan();
            let g9 = |q10: f64| f64::tanh((q10 * q10) * (q10.atan2(1.5)));
            {
                t4 = (h_mutf(&mut t4, 0.4)).tanh();
                let mut d11 = vec![f64::sin(
                    ({
                        let b12 = y[i6 % 2];
                        b12 * t4
                    }),
                )];
                let Some(&q13) = y.last() else {
                    return ((x[(i5 + 1) % 2]).sin().signum() * (z[i5][1]), t4 / (1.5 + t4.sin()));
                };
            }
        }
        let mut d14 = vec![(x[i5 % 2] * t4).tanh()];
    }
    ((if t4 < -0.5 { x[0] } else { z[3][1] }), (2.0_f64 * 0.5).sin().powi(3))
}

#[differentiable(order = 2)]
pub fn f20953(x: &[f64; 2], y: &[f64], z: f64) -> Vec<f64> {
    let mut t1 = y[0] * (-z) + (x[0] * z) * ((z.sin() * 0.5).exp_m1());
    let mut c2 = [(t1 * t1).tanh(), (t1 + z).cos(), f64::sin(y[0] * x[0]), z / (1.5 + z.sin())];
    let mut t3 = f64::sin((2.5 + (t1 * 1.3).sin()).recip() - (t1 * z * 1.5));
    vec![z * 1.1, t3 * t1, t3]
}

pullback_test! {
    f20025: (-0.42), (-0.94);
    f20701: (0.33, ref vec![0.43, 1.14], const 2), (0.31, ref vec![-0.33, -1.09], const 2);
    f20118: (ref vec![0.94, -0.48, 1.06], ref vec![0.75, -0.59], 1.09), (ref vec![0.62, 0.75, -0.28], ref vec![0.84, -1.13], -1.06);
    f21078: ([-0.96, -0.47, -0.76]), ([0.53, 0.70, 0.55]);
    f20264: (ref vec![0.73, 0.56, -0.42]), (ref vec![0.38, -0.90, 1.11]);
    f20792: ([1.03, -0.71, 0.60, 0.27], 0.72, 0.86), ([1.10, 0.45, -0.74, 0.23], 0.21, -0.68);
    f20375: ([0.26, -0.87, 0.24, -0.87]), ([0.80, 0.87, -1.11, 0.99]);
    f20134: (ref vec![-0.56, 0.41, 0.45], 0.67), (ref vec![0.62, -0.81, 0.46], 0.36);
    f21248: (0.48), (0.25);
    f20770: (ref vec![0.88, -0.64, 0.16], -0.87, const 3), (ref vec![0.91, 0.41, 0.63], 0.76, const 3);
    f20953: (ref [0.56, 0.58], ref vec![1.13, -0.38], 0.26), (ref [0.22, 0.63], ref vec![-0.82, 0.46], -0.88);
}
