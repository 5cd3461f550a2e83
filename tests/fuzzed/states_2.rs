//! Functions of one result that write their parameters.

use crate::helpers::*;
use autodiff::differentiable;
use autodiff_tests::*;

#[differentiable]
pub fn f20062(x: f64, y: &mut f64, mut z: Vec<f64>) -> f64 {
    let mut k2 = 0usize;
    let t1;
    loop {
        k2 += 1;
        let mut d3 = vec![f64::sin((*y) * (k2 as f64 * 0.1))];
        'l1: for &q6 in &[0.3_f64, -0.5] {
            const K9: f64 = 0.7;
            let mut t10 = K9 * (f64::sin(d3[d3.len() - 1] + q6));
            t10 = f64::sin(
                (((d3[d3.len() - 1] + d3[d3.len() - 1]) * (h_rec((z[(k2 + 2) % 4]).tanh(), 1)))
                    .sin()
                    + 2.0)
                    .powf((d3[d3.len() - 1]).sin()),
            );
            if t10 > x * 0.9 {
                break 'l1;
            }
            *y += 0.5 * t10;
        }
        if k2 > 2 {
            t1 = (-(k2 as f64 * 0.1)).sin() * 0.8;
            break;
        }
        if x > -0.6 {
            t1 = -(*y);
            break;
        }
    }
    let mut r11 = 1.0
        + ((z
            .iter()
            .enumerate()
            .map(|(i13, q12)| f64::tanh(((*y).cos() + 1.5).sqrt()) * *q12)
            .sum::<f64>())
        .sin()
            * 0.8);
    while r11 > 0.15 {
        r11 *= 0.5;
        z = vec![
            f64::sin((*y) + (*y)),
            f64::tanh((*y) * 1.1_f64),
            f64::sin(r11 * t1),
            f64::sin(t1 * r11),
        ];
    }
    ((r11.sin() + 2.0).powf((*y).sin()))
        * ({
            *y = z[3].sin();
            *y
        })
        + *y
        + t1
        + r11
        + z.iter().sum::<f64>()
}

#[differentiable]
pub fn f20811(x: &mut Vec<f64>, mut y: f64, mut z: [[f64; 2]; 2], u: &[f64]) -> f64 {
    for i1 in (0..4).step_by(2).rev() {
        for q2 in u.iter() {
            y = (((h_sc(u[i1], y)).sin() * 0.4).asin() + f64::cos(*q2) * 1.1).atan();
            y = ((((1.5_f64 + z[0][0]) * ((*q2) * (z[(i1 + 2) % 2][1]))).sin() * 0.4).asin())
                .atan();
        }
        let mut c5 = Vec::with_capacity(3);
        for i6 in 0..3 {
            let k7 = usize::from(!(x[i1].sin() > 0.6));
            c5.push(
                (((z[(i6 + 2) % 2][0]).tanh().exp()) * ((z[(i1 + 1) % 2][1]) * (u[i6 % 4]))).sin(),
            );
        }
    }
    x.fill(
        (match y {
            q8 if q8 > 1.5 => q8 * q8,
            q8 => z[1][1] + q8,
        }) * ({
            let b9 = 1.1_f64;
            b9 * b9
        }),
    );
    y = (x[1].sin()) * (z[0][0]) * (y + u[1] / (1.5 + y.sin()));
    if y > -1.5 {
        x[1] = (({
            let b10 = y;
            b10 * (z[1][0])
        })
        .sin()
            + 2.0)
            .powf((z[0][0]).sin());
    }
    (h_rec((z[1][0]).sin(), 1)).clamp(-0.8, 0.9)
}

#[differentiable]
pub fn f21177(x: &mut f64, y: usize, z: &[f64], u: &mut f64) -> f64 {
    let mut rec1 = 0.1;
    if y > 0 {
        rec1 = f21177(x, y - 1, z, u).sin();
    }
    let (mut rec1, t2) = ((*x), ((0.7_f64 + (*u)) * ((*u) - (y as f64 * 0.1))).atan());
    let t3 = std::mem::replace(
        &mut rec1,
        (z[(y + 2) % 3] - (*x)) * ((y as f64 * 0.1) / (1.5 + (y as f64 * 0.1).sin())),
    );
    *x =
        (((*u).sin().mul_add(z[2], z[(y + 2) % 3])) * ((z[2].powi(2) + 1.0).ln()) + 0.25_f64).sin();
    {
        let w4 = &z[1..3];
        'l1: for i5 in 1..w4.len() {
            let mut k6 = 0usize;
            loop {
                k6 += 1;
                if k6 > 5 {
                    break;
                }
                let mut m7 = vec![vec![((*x) * 0.25_f64).tanh(); 2]; 2];
                let mut c8 = [
                    f64::tanh(m7[(i5 + 1) % 2][0] - z[i5]),
                    f64::sin(m7[k6 % 2][1]),
                    (t2.hypot(0.7)).tanh(),
                ];
            }
            let mut t15 = {
                for i9 in 0..w4.len() {
                    let mut d10 = vec![(w4[1] * (*x)).sin() * 0.8];
                    let Some(&q11) = z.first() else {
                        break;
                    };
                    rec1 += 0.5 * q11;
                }
                (if {
                    *u = ((*u) * t2).sin();
                    *u > 0.3
                } {
                    1.5_f64
                } else {
                    t3
                }) - (t2.clamp(-0.8, 0.9))
            };
            let t16 = h_mutf(
                u,
                f64::sin(
                    (if w4[(i5 + 2) % 2] > -0.6 { (y as f64 * 0.1) } else { (k6 as f64 * 0.1) }),
                ),
            );
            *u += 0.5 * t15;
        }
        let t17 = h_mutf(x, (y as f64 * 0.1) * 0.1);
        let mut k18 = 0usize;
    }
    z.windows(2).map(|q19| q19[0] * q19[1] + q19[0].atan()).sum::<f64>()
}

#[differentiable]
pub fn f20805(mut x: [f64; 3], y: f64, z: &mut [f64; 4]) -> f64 {
    {
        'l1: for &q1 in z.iter().skip(1) {
            if let Some(q4) = x.last() {
                for i5 in 0..2 {
                    if let Some(q6) = x.first() {
                        let t10 = (x
                            .iter()
                            .zip(x.iter())
                            .map(|(q7, q8)| {
                                *q7 * *q8
                                    + f64::tanh(
                                        (match 0.6_f64 {
                                            q9 if q9 > 0.6 => q9 * x[1],
                                            q9 => q9 + q9,
                                        }) * (x[i5] * (*q6)),
                                    )
                            })
                            .sum::<f64>())
                        .sin();
                        let mut c11 = [0.0_f64; 2];
                        let mut l12 = [2usize, 0, 1];
                    }
                    let mut l13 = vec![1usize, 2, 0];
                }
                let t14 = ((y + (*q4)) * (0.1_f64 * 0.9_f64)
                    - (if x[0] > -0.3 {
                        (*q4) + z[2]
                    } else {
                        (if y > 1.3 { 0.7_f64 } else { y })
                    }))
                .atan();
            }
        }
        let mut d15 = vec![(y / (1.5 + (x[(z[1].abs() * 7.0) as usize % 3]).sin())).atan()];
        let t16;
        if y > x[1] * 0.9 {
            let g17 = |q18: f64| (y.sin()).cos();
            t16 = y - x[2];
        } else {
            let t20: f64 = (x.windows(2).map(|q19| q19[0] * q19[1] + y.cos()).sum::<f64>()).sin();
            t16 = y + d15[0];
        }
    }
    x.copy_from_slice(&z[..3]);
    debug_assert!(y > 2.0 || true);
    let mut y: f64 = (z[0] * y).sin() * 0.8;
    y + y + y + z.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f20406(x: &mut f64, y: &mut [f64], z: usize) -> f64 {
    let mut rec1 = 0.1;
    if z > 0 {
        rec1 = f20406(x, &mut y[..], z - 1).sin();
    }
    rec1 = f64::sin(
        (((2.5 + (*x).sin()).recip()).cos()) * ((2.5 + ((z as f64 * 0.1) * 0.6).sin()).recip()),
    );
    y[(z + 1) % 4] *= (((z as f64 * 0.1) * 0.5) * (rec1.sin().mul_add((*x), rec1))).atan();
    if let [t2, rest3 @ ..] = &y[..] {
        let (mut t6, t7) = (
            ((((z as f64 * 0.1).powi(2) + 1.0).ln())
                * ({
                    *x = (*x).sin();
                    *x
                }))
            .cos(),
            (y.iter()
                .map(|q4| {
                    (y.chunks_exact(2).map(|q5| q5[0] - q5[1] * (y[z % 4]).sin()).sum::<f64>())
                        .sin()
                        * 0.8
                })
                .sum::<f64>())
            .sin(),
        );
        let t8 = t6;
        t6 = rec1;
        rec1 = t8;
        rec1 += 0.5 * t7;
    }
    y[2] = ({
        let b9 = h_sc((z as f64 * 0.1), rec1);
        b9 * (((y[z % 4]).sin() + 2.0).powf((z as f64 * 0.1).sin()))
    });
    y.chunks_exact(2).map(|q10| q10[0] - q10[1] * ((*x) * (*x)).sin()).sum::<f64>()
        + *x
        + rec1
        + y.iter().sum::<f64>()
}

#[differentiable]
pub fn f20826(x: &mut [f64], y: &mut [f64], z: &mut [f64; 2], u: &mut [f64]) -> f64 {
    let mut k1 = 0usize;
    'l1: loop {
        k1 += 1;
        if k1 > 5 {
            break;
        }
        let g2 = |q3: f64| (q3 * q3 * 0.6).atan();
        let mut k4 = 0usize;
        loop {
            k4 += 1;
            if k4 > 2 {
                break;
            }
            let Some(&q5) = x.last() else {
                return (match (k4 as f64 * 0.1) {
                    q6 if q6 > 2.0 => q6 * q6,
                    q6 => 1.1_f64 + q6,
                })
                .atan2(1.5);
            };
            if k1 > 1 {
                let mut t7: f64 = (0.6_f64.cos()).atan();
                return (u[k4 % 2] * 1.1) * ((z[k4 % 2]).atan2(1.5));
            }
            z.fill(
                ((g2(y[(k4 + 2) % 4]))
                    / (1.5 + ((u[(k1 + 2) % 2]) / (1.5 + (x[k4 % 2]).sin())).sin()))
                .tanh(),
            );
        }
    }
    let mut t8 = h_scan(&x[..], &mut u[..]);
    let mut c9 = u.to_vec();
    let t10 = std::mem::replace(
        &mut t8,
        (k1 as f64 * 0.1) + c9[k1 % 2] * ((c9[(k1 + 1) % 2]).hypot(0.7)),
    );
    (h_sc(t8, t10)) * (f64::cos(t10))
}

#[differentiable(order = 2)]
pub fn f21122_a(x: &[f64], y: &mut [f64], z: &[f64; 3], mut u: [f64; 2]) -> (f64, f64) {
    u[1] = h_rec((u[1] * 0.6).sin(), 0);
    let mut k1 = 0usize;
    (
        1.3_f64 / (1.5 + z[2].sin()),
        (match u[1] {
            q2 if q2 > 0.3 => q2 * z[1],
            q2 => y[2] + q2,
        }),
    )
}

#[differentiable]
pub fn f21122(x: &[f64; 2], y: &mut [f64; 3], z: &mut [f64]) -> f64 {
    for (q1, q2) in [
        (z[0] / (1.5 + x[0].sin()), z[0] * z[1]),
        ((x[0] * x[1]).sin() * 0.8, (f64::cos(z[1])).cos()),
    ] {
        {
            let (lo3, hi4) = y.split_at_mut(1);
            for q5 in [1usize, 3, 0] {
                let mut c7: [f64; 3] = h_arr([
                    f64::sin(q2 * hi4[1]),
                    ((q5 as f64 * 0.1).clamp(-0.8, 0.9)).atan(),
                    f64::tanh(q2 * (z[(q5 + 2) % 3])),
                ]);
                let mut k8 = 0usize;
            }
            let mut k10 = 0usize;
            let t9;
            loop {
                k10 += 1;
                let mut m11 = [[((hi4[(k10 + 2) % 2]) * q2).cos(); 2]; 3];
                if k10 > 2 {
                    t9 = ((k10 as f64 * 0.1).atan2(1.5)).atan();
                    break;
                }
                if q1 > 1.1 {
                    t9 = ((z[k10 % 3]) * (k10 as f64 * 0.1)).cos();
                    break;
                }
            }
            hi4.copy_from_slice(&z[..2]);
            lo3[0] += 0.5 * t9;
        }
        let _ = format!("{}", q1);
    }
    let (mut t12, t13) = h_pair(f64::sin(f64::cos((if y[2] > 2.0 { x[1] } else { z[2] }))), z[2]);
    t12 = ((if t12 < 0.9 { t13 } else { x[0] }).clamp(-0.8, 0.9)) * (x[1].sin() * (t12 * t13));
    (z[1] * x[0])
        * ({
            let b14 = t13;
            b14 * 0.3_f64
        })
        + t12
        + t13
        + z.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f20192_a(x: &mut f64, mut y: Vec<f64>, z: usize) -> f64 {
    let mut rec1 = if z == 0 { 0.3 } else { f20192_a(x, y.clone(), z - 1).tanh() };
    rec1 = (rec1.sin().signum() * rec1)
        * (y[(z + 2) % 2] - (y[(z + 1) % 2]))
        * (((z as f64 * 0.1).sin().mul_add(y[(z + 1) % 2], rec1)) * (h_sc((*x), (z as f64 * 0.1))));
    let mut r2 = 1.0 + (f64::tanh(y[(z + 1) % 2] - y[1]));
    while r2 > 0.15 {
        *x += (2.0_f64 * y[0] + h_sc((z as f64 * 0.1), y[(z + 2) % 2])).sin() * 0.8;
        r2 *= 0.4 + 0.1 * ((y[z % 2] * 0.6_f64).sin());
    }
    y[1] = rec1.sin();
    (((z as f64 * 0.1) - r2).sin() + 2.0).powf(2.0_f64.sin())
}

#[differentiable(order = 2)]
pub fn f20192(x: &mut f64, y: usize, z: usize, mut u: f64) -> f64 {
    let mut c1: [f64; 3] =
        h_arr([((*x).sin() * 0.4).asin(), ((*x) + (*x)).sin() * 0.8, (u + (*x)).atan()]);
    for i2 in (0..c1.len()).rev() {
        let Some(&q3) = c1.get(0) else {
            return ((*x) * u).cos();
        };
        *x = ((if c1[i2] > 1.3 || q3 < 1.3 { (*x).hypot(0.7) } else { (y as f64 * 0.1) + (*x) })
            .sin()
            .signum()
            * (z as f64 * 0.1))
            .atan();
        *x = f64::sin(
            (c1.iter().zip(c1.iter()).map(|(q4, q5)| *q4 * *q5 + f64::tanh(-(*q5))).sum::<f64>())
                * ((y as f64 * 0.1) - (i2 as f64 * 0.1) - (0.25_f64.hypot(0.7))),
        );
        c1.fill(((*x).min((y as f64 * 0.1))).sin());
        u += 0.5 * q3;
    }
    let t6 = *x;
    *x = u;
    u = t6 * ((*x) * (*x)).atan();
    (y as f64 * 0.1)
}

state_test! {
    f20062: (1.04, mut 0.92, vec![-0.55, 0.62, -0.27, 1.11]), (-0.83, mut 0.53, vec![1.10, -0.64, 0.86, -0.27]);
    f20811: (mut vec![1.15, 0.35, 0.53, 1.06], 0.85, [[-0.42, 0.22], [1.12, 0.63]], ref vec![-0.69, 1.01, -0.24, 0.28]), (mut vec![-0.16, -0.51, -0.17, 0.61], 1.02, [[0.75, 0.62], [-0.20, 0.92]], ref vec![0.58, 1.09, 0.80, 0.74]);
    f21177: (mut 0.21, const 1, ref vec![-0.72, -0.72, -0.21], mut -0.27), (mut -0.52, const 1, ref vec![0.41, 0.63, -0.89], mut 0.40);
    f20805: ([-0.78, 0.32, -0.85], 1.03, mut [1.07, -0.74, 0.20, 0.51]), ([-0.16, -0.84, 0.64], 0.19, mut [0.56, 0.87, 0.59, 0.37]);
    f20406: (mut 1.03, mut vec![0.21, 0.49, 0.21, 0.22], const 2), (mut -1.09, mut vec![1.05, 0.56, 0.57, -0.57], const 2);
    f20826: (mut vec![0.37, -0.52], mut vec![0.70, 0.93, 0.21, 0.68], mut [-0.30, -0.61], mut vec![-0.92, -0.32]), (mut vec![1.05, 0.63], mut vec![0.22, 0.92, 0.62, 0.76], mut [1.06, 0.35], mut vec![1.03, 0.35]);
    f21122: (ref [-0.85, -0.25], mut [1.04, -0.37, -0.18], mut vec![-0.45, 1.02, 0.32]), (ref [-1.04, 0.34], mut [-0.55, 0.30, -0.42], mut vec![0.92, 0.84, 0.42]);
    f20192: (mut -0.16, const 2, const 0, -0.86), (mut -0.89, const 2, const 0, 0.70);
}
