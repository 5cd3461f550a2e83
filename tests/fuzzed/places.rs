//! Functions that only write their parameters.

use crate::helpers::*;
use autodiff::differentiable;
use autodiff_tests::*;

#[differentiable(order = 2)]
pub fn f20070(x: f64, y: &mut [f64]) {
    const K2: f64 = 0.7;
    let mut t3 = K2 * ((1.5_f64.sin() * 0.5).exp_m1());
    t3 = (y
        .windows(2)
        .map(|q4| {
            q4[0] * q4[1]
                + (y.iter().fold(0.3_f64, |acc6, q5| {
                    ((h_pair((*q5), x).0).cos()).sin() * 0.8 + acc6 * *q5
                }))
                .tanh()
        })
        .sum::<f64>())
    .sin();
    let (mut t10, t11) = if t3 < -0.25 {
        (
            (x * t3
                + ({
                    t3 = t3.sin();
                    t3
                }))
            .sin(),
            (t3 + x + x - 0.25_f64).cos(),
        )
    } else {
        (
            f64::tanh(
                (y.iter()
                    .enumerate()
                    .map(|(i8, q7)| (if y[i8] < -0.5 { (*q7) } else { y[i8 % 2] }).atan() * *q7)
                    .sum::<f64>())
                    * (y[1].sin().mul_add(x, y[0])),
            ),
            ({
                let b9 = x + 0.6_f64;
                b9 * (x * 0.3_f64)
            })
            .sin()
                * 0.8,
        )
    };
    t3 = h_mutf(&mut t3, t11);
}

#[differentiable]
pub fn f20105(x: &mut [f64], y: usize) {
    if y > 0 {
        f20105(&mut x[..], y - 1);
    }
    let mut k2 = 1usize;
    let mut k4 = 0usize;
    let t3;
    loop {
        k4 += 1;
        {
            let mut k5 = 0usize;
            loop {
                k5 += 1;
                if k5 > 3 {
                    break;
                }
                let g6 = |q7: f64| {
                    ({
                        let b8 = q7 + q7;
                        b8 * (if b8 < -0.7 { b8 } else { q7 })
                    })
                    .atan()
                };
                let mut t9: f64 = (x[k2 % 3]).cos();
                if t9 < 0.1 {
                    break;
                }
                if t9 > 0.25 || x[k2 % 3] < 0.7 {
                    let mut c10: Vec<f64> =
                        x.iter().map(|q11| (-(h_pair(0.3_f64, (*q11)).0)).sin()).collect();
                    return;
                }
            }
            let mut t12 =
                ((((((k5 as f64 * 0.1) * 0.5).sin().powi(3)).powi(2) + 1.0).ln()).sin().signum()
                    * x[0])
                    .sin();
            let mut b13 = t12 > t12 * 0.9;
        }
        'l1: for (&q14, q15) in x.iter().zip(x.iter()) {
            let ((mut t18, mut t19), mut t20) =
                (((x.iter().sum::<f64>()).tanh(), ((x[k2 % 3]) * q14).atan()), f64::tanh(q14));
            (t19, t18) = (
                (x.iter().map(|q21| t19.tanh()).sum::<f64>()).sin() * 0.8,
                (x[(y + 2) % 3] * t20).atan(),
            );
        }
        if k4 > 2 {
            t3 = (k4 as f64 * 0.1) * (x[y % 3]);
            break;
        }
        if k4 < 3 {
            t3 = (x[k2 % 3] + x[k2 % 3]).cos();
            break;
        }
    }
}

#[differentiable(order = 2)]
pub fn f20973(x: &[f64; 3], y: f64, z: &mut [f64]) {
    'l1: for i1 in 0..2 {
        let mut t2 = (if i1 > 1 {
            (i1 as f64 * 0.1)
        } else {
            (if y > 0.1 { y } else { 0.25_f64 }) - ((z[(i1 + 2) % 2]) * 0.9_f64)
        })
        .sin()
            * 0.8;
        t2 = ((t2 * z[i1]) * (t2 * t2)
            + ({
                let b3 = y;
                b3 * (i1 as f64 * 0.1)
            })
            - (if x[1] > -0.25 { z[i1] } else { y }))
        .sin();
    }
    for q4 in z.chunks_exact(2) {
        let mut y: f64 = (f64::cos(
            ({
                let b7 = y;
                b7 * q4[1]
            }) + y.clamp(-0.8, 0.9),
        ))
        .tanh();
    }
    h_mut(&mut z[..], (y.atan2(1.5)).atan());
    let mut d8 = vec![(0..2).map(|i10| z[i10] * f64::sin((i10 as f64 * 0.1))).sum::<f64>()];
}

#[differentiable]
pub fn f20752(mut x: Vec<f64>, y: &[f64], z: &mut [f64], u: usize) {
    x[(u + 2) % 3] =
        (((x[(u + 1) % 3]).sin() * 0.5).exp_m1() - ((z[(u + 1) % 4]) * (u as f64 * 0.1))).sin()
            * 0.8;
    for i1 in (0..4).step_by(2) {
        for _ in i1..3 {
            let t5 = (({
                let b3 = z.iter().sum::<f64>();
                b3 * (match u % 4 {
                    0 => b3,
                    1 | 2 => b3,
                    _ => b3,
                })
            }) * (((u as f64 * 0.1) * 0.5).sin().powi(3) + 0.9_f64))
                .tanh();
            z.fill(((0.25_f64.tanh()) * (y[i1] * 0.7_f64)).sin() * 0.8);
            x[(u + 2) % 3] += 0.5 * t5;
        }
        x.swap(i1 % 3, (u + 1) % 3);
        if y[((x[(i1 + 2) % 3]).abs() * 7.0) as usize % 4] < 1.3 {
            let mut t6 = (((z[2] * z[0]) * ((x[i1 % 3]).cos())).sin().mul_add(y[i1], x[1])).atan();
            let mut k7 = 0usize;
            'l1: while k7 < 2 && x[(i1 + 1) % 3] < 1.4 {
                k7 += 1;
                let mut m8 = [[f64::tanh(
                    ({
                        t6 = (u as f64 * 0.1).sin();
                        t6
                    }),
                ); 2]; 3];
            }
            x[(u + 1) % 3] += 0.5 * t6;
        } else {
            let mut t9: f64 = (((x[(u + 1) % 3]) * y[i1]
                + 0.7_f64.sin().signum() * (u as f64 * 0.1))
                .tanh()
                .exp())
            .atan();
            let mut d10 = vec![f64::tanh(
                x.chunks_exact(2).map(|q11| q11[0] - q11[1] * f64::sin(t9)).sum::<f64>(),
            )];
            z[i1] += 0.5 * t9;
        }
    }
}

#[differentiable]
pub fn f20620(mut x: Vec<f64>, y: &[f64], z: &mut f64, mut u: [[f64; 2]; 2]) {
    x[2] = x[(x[0].abs() * 7.0) as usize % 3] - (*z) - (u[0][0] + u[1][0]);
    let mut t3 = (({
        let b1 = (*z);
        b1 * ({
            let b2 = u[1][0];
            b2 * (*z)
        })
    }) + (u[1][0] + (*z)).cos())
    .atan();
    {
        let w4 = &y[0..3];
        x.fill(((*z) * (u[0][1]) + (*z) / (1.5 + t3.sin())).cos());
        'l1: for (i7, q5) in x.iter().enumerate() {
            let mut k8 = 0usize;
            let mut t11 = loop {
                k8 += 1;
                if k8 > 4 {
                    break y.chunks_exact(2).map(|q9| q9[0] - q9[1] * f64::sin(x[2])).sum::<f64>();
                }
                t3 -= f64::sin(
                    (y.windows(2).map(|q10| q10[0] * q10[1] + (*q5).sin()).sum::<f64>())
                        .tanh()
                        .exp(),
                );
            };
        }
        *z = ((((0..3).map(|i13| x[i13] * (u[1][1]).sin() * 0.8).sum::<f64>())
            * ((u[0][1]) * (u[1][1])))
            .cos()
            + 1.5)
            .sqrt();
    }
}

#[differentiable(order = 2)]
pub fn f20238(x: f64, y: &mut f64, z: f64) {
    for q1 in [1usize, 3, 0] {
        let mut d3 = vec![(x + z).atan()];
        d3.push(
            ({
                *y = (z + (*y)).sin();
                *y
            })
            .sin(),
        );
    }
    if z < -2.0 {
        return;
    }
    *y =
        ((((*y) / (1.5 + z.sin())) * (if x > 0.1 { 0.5_f64 } else { 1.5_f64 })).tanh()).sin() * 0.8;
    for _ in 1..2 {
        'l1: for i5 in 0..4 {
            if i5 != 2 {
                break 'l1;
            }
            let mut t6 = (((x * 0.25_f64).sin()).abs()).atan();
            *y += 0.5 * t6;
        }
        if (*y) < 0.9 {
            let (t7, t8) = (
                f64::tanh(
                    (0.5_f64 * (*y))
                        * ({
                            *y = (*y).sin();
                            *y
                        }),
                ),
                f64::sin((2.5 + x.sin()).recip() + z + (*y)),
            );
            let t9;
            if (*y) < -1.1 {
                let mut c10 = [
                    f64::sin(h_sc(x, (*y))),
                    (if z < -2.0 { t7 } else { t7 }).sin() * 0.8,
                    (t8 + 1.5_f64).sin() * 0.8,
                    f64::sin(t7 * t7),
                ];
                t9 = f64::tanh((t8 + (*y)).min(z));
            } else {
                t9 = ((t8 * t8).min(t8)).tanh();
            }
            const K12: f64 = 0.7;
            let mut t13 = K12 * ((x.atan2(1.5)).sin());
        } else if (*y) > 1.1 {
            let k14 = (x.abs() * 5.0) as usize % 3;
        }
        let mut b15 = x < -0.9;
    }
}

#[differentiable(order = 2)]
pub fn f20278(x: &[f64; 3], mut y: [[f64; 2]; 4], z: f64, u: &mut f64) {
    y[2][0] += (((y[3][0] * (*u)).sin() + 2.0).powf(z.sin())).sin() * 0.8;
    let mut t6 = {
        let mut k1 = 0usize;
        let mut t4 = loop {
            k1 += 1;
            if k1 > 2 {
                break (y[k1 % 4][0]).clamp(-0.8, 0.9);
            }
            let mut c2: Vec<f64> = x
                .iter()
                .map(|q3| {
                    (y[(k1 + 1) % 4][1] + x[(k1 + 1) % 3] * ((x[k1 % 3]).sin().mul_add(y[1][0], z)))
                        .sin()
                })
                .collect();
            *u = f64::sin(
                ((*u) + (*u) + (2.5 + (y[k1 % 4][0]).sin()).recip()) / (1.5 + (h_mutf(u, z)).sin()),
            );
        };
        (match y[2][1] {
            q5 if q5 > 1.1 => q5 * t4,
            q5 => (*u) + q5,
        }) * ({
            *u = (y[1][0]).sin();
            *u
        })
    };
    let t7;
    if !(t6.sin() > 0.6) {
        let mut c8 =
            vec![((*u) * (y[3][1])).atan(), ((y[1][0]).hypot(0.7)).tanh(), (z + y[2][0]).sin()];
        t7 = 2.0_f64;
    } else {
        t7 = (y[1][0]).sin().mul_add(x[1], 1.1_f64) * (y[2][0] + y[0][1]);
    }
}

#[differentiable]
pub fn f20769(x: usize, y: &mut [f64; 2], z: &mut [f64]) {
    let mut k1 = 2usize;
    let mut t2 = z[(x + 1) % 2];
    for (q3, q4) in y.iter_mut().zip(z.iter()) {
        let (mut p6, mut t7) =
            ([(t2 * t2).atan(), ((x as f64 * 0.1) * (*q4)).sin()], ((x as f64 * 0.1) * t2).sin());
        let t9: f64 = ({
            t7 = (h_rec(((*q3) * 1.5_f64).sin(), 3)).sin();
            t7
        })
        .cos();
        *q3 += 0.5 * t9;
    }
    let mut t12 = 'l1: {
        let mut c10 = vec![
            t2 * (x as f64 * 0.1),
            (x as f64 * 0.1) * (x as f64 * 0.1),
            2.0_f64 / (1.5 + t2.sin()),
        ];
        if x == 1 {
            break 'l1 (match (x as f64 * 0.1) {
                q11 if q11 > 0.7 => q11 * 1.3_f64,
                q11 => q11 + q11,
            });
        }
        t2 + y[k1 % 2]
    };
}

#[differentiable(order = 2)]
pub fn f21062_a(x: &mut [f64], y: &mut [f64; 3], z: f64, mut u: Vec<f64>) -> (f64, f64) {
    let mut t1 = h_scan(&u[1..3], &mut y[..]);
    let mut d2 = vec![(u[0].sin()).tanh()];
    let mut l3 = [2usize, 0, 1];
    (z - z, (if !(t1.sin() > 0.3) { t1 } else { z }))
}

#[differentiable]
pub fn f21062(x: &mut [f64; 3], y: f64, z: &[f64]) {
    let mut l1 = [0usize; 3];
    for i2 in 1..3 {
        let t5 = f64::sin(
            2.0_f64 * y + (z[l1[i2 % 3] % 2]) * y
                - (x.iter().enumerate().map(|(i4, q3)| (x[i2 % 3]).sin() * *q3).sum::<f64>()),
        );
        let mut k6 = 0usize;
        loop {
            k6 += 1;
            if k6 > 5 {
                break;
            }
            let mut m7 = vec![vec![((i2 as f64 * 0.1) * y).tanh(); 2]; 3];
            let mut t8 = (((if y < 0.7 { m7[l1[k6 % 3] % 3][0] } else { m7[2][0] })
                * (h_pair(t5, m7[i2][0]).1))
                .atan2(1.5))
            .atan();
            let t5: f64 = ((1.3_f64 - (m7[i2 % 3][1]))
                * ((x[(k6 + 2) % 3]).cos())
                * ((({
                    let b9 = m7[i2][1];
                    b9 * t8
                })
                .sin()
                    + 2.0)
                    .powf((m7[(i2 + 2) % 3][0]).sin())))
            .sin();
            x[2] += 0.5 * t8;
        }
        for (&q10, q11) in x.iter().zip(x.iter()) {
            let mut c13 = vec![
                (match (k6 % 3, k6 % 2 == 0) {
                    (0, _) => 1.3_f64,
                    (1..=2, true) => z[(i2 + 1) % 2],
                    _ => (i2 as f64 * 0.1),
                })
                .sin()
                    * 0.8;
                2
            ];
        }
        let k14 = usize::from(k6 != 2);
    }
    x[l1[1 % 3] % 3] += y;
}

#[differentiable]
pub fn f20387(x: f64, mut y: [[f64; 2]; 2], z: f64, u: &mut Vec<f64>) {
    for q1 in u.windows(2) {}
    for _ in 0..4 {
        for q5 in [1usize, 3, 0] {
            h_mut(
                &mut u[1..],
                (match q5 % 4 {
                    0 => x,
                    1 | 2 => x,
                    _ => y[q5 % 2][1],
                })
                .atan(),
            );
            let mut t7 = h_slice(&y[(q5 + 1) % 2], 0.4);
            u[q5 % 3] += 0.5 * t7;
        }
        let mut l8 = vec![1usize, 2, 0];
    }
    let mut t12: f64 = (u
        .iter()
        .zip(u.iter())
        .map(|(q9, q10)| {
            *q9 * *q10
                + (match (*q10) {
                    q11 if q11 > 1.5 => q11 * (y[0][1]),
                    q11 => y[1][0] + q11,
                })
                .sin()
                    * 0.8
        })
        .sum::<f64>())
    .tanh()
    .exp();
}

#[differentiable(order = 2)]
pub fn f20465_a(x: &[f64], y: usize, mut z: [[f64; 2]; 2]) -> f64 {
    let mut c1 = [
        ({
            let b2 = x[(y + 1) % 4];
            b2 * b2
        }),
        (((z[(y + 2) % 2][0]).cos() + 1.5).sqrt()).sin() * 0.8,
        (x[(y + 1) % 4]) * (z[(y + 2) % 2][1]),
    ];
    let mut c3 = c1;
    (1.5_f64.max(0.5_f64)).tanh() + c3.iter().sum::<f64>()
}

#[differentiable(order = 2)]
pub fn f20465(x: f64, y: &mut [f64; 4], z: f64) {
    if let Some(q1) = y.first() {
        let mut k2 = 0usize;
        'l1: loop {
            k2 += 1;
            if k2 > 3 {
                break;
            }
            'l2: for q3 in [1usize, 3, 0] {
                let mut m5 = vec![vec![((*q1) / (1.5 + (q3 as f64 * 0.1).sin())).cos(); 2]; 3];
                if y[q3] > 1.1 {
                    let mut d6 = vec![((m5[0][1]) / (1.5 + (m5[(k2 + 1) % 3][1]).sin())).atan()];
                    break 'l1;
                }
            }
            let g7 =
                |q8: f64| ((0..4).map(|i10| y[i10] * f64::sin(q8 + x)).sum::<f64>()).sin() * 0.8;
            let mut d11 = vec![((2.5 + (k2 as f64 * 0.1).sin()).recip()).atan()];
        }
    }
    let mut c12 = [1.1_f64.sin(), (y.iter().sum::<f64>()).atan(), (x.sin()).cos(), x - z];
    let Some(&q14) = y.get(5) else {
        return;
    };
}

inplace_test! {
    f20070: (0.41, mut vec![0.95, 0.80]), (0.18, mut vec![0.93, -0.80]);
    f20105: (mut vec![1.11, 0.29, -0.35], const 1), (mut vec![1.09, 0.43, -0.87], const 1);
    f20973: (ref [0.79, 0.62, -0.75], 0.63, mut vec![-1.12, 0.24]), (ref [0.15, -0.48, 0.69], 0.78, mut vec![0.53, 1.13]);
    f20752: (vec![1.09, 0.87, -1.15], ref vec![0.64, -0.99, -0.76, -0.86], mut vec![-1.14, 1.07, -0.33, -0.56], const 3), (vec![-0.22, -0.19, -0.81], ref vec![0.22, -0.72, -0.89, 0.28], mut vec![0.24, 0.75, 0.50, 0.52], const 3);
    f20620: (vec![-1.09, 0.83, -0.90], ref vec![-1.12, 0.64, -0.29], mut 0.53, [[0.45, 0.58], [0.67, 1.14]]), (vec![-0.89, 0.21, -0.18], ref vec![-0.35, 1.04, 0.81], mut 0.15, [[0.31, 1.02], [0.30, 0.26]]);
    f20238: (-0.90, mut 0.39, 1.05), (1.07, mut 0.47, -0.84);
    f20278: (ref [1.05, 0.95, 0.76], [[0.47, 0.26], [1.04, 0.87], [0.40, -0.36], [0.95, 0.23]], -0.23, mut 0.92), (ref [-0.81, 0.72, 1.03], [[0.71, 0.34], [0.25, 0.48], [-0.21, 0.29], [1.11, 0.34]], 0.80, mut -1.04);
    f20769: (const 1, mut [0.53, 1.04], mut vec![-0.80, 0.98]), (const 1, mut [0.75, -0.62], mut vec![-1.07, 0.18]);
    f21062: (mut [1.12, -1.12, -0.41], 0.16, ref vec![0.28, 0.82]), (mut [-0.16, -0.57, 0.87], -0.94, ref vec![-0.95, -0.19]);
    f20387: (-0.30, [[0.32, 0.60], [0.49, -0.30]], 0.71, mut vec![0.69, -0.71, 0.32]), (0.93, [[0.86, -1.11], [-0.84, -0.49]], -1.02, mut vec![0.99, 0.33, 0.53]);
    f20465: (0.56, mut [-0.44, -0.91, 0.18, 1.09], 1.11), (0.81, mut [0.97, 0.83, 1.06, 0.66], 0.84);
}
