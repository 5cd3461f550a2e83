//! Random programs, made by a generator and kept: overwritings, shadowing, loops with every exit,
//! branches, swaps, buffers and calls, in combinations that nobody would write by hand. Forward mode
//! against reverse mode, both against finite differences, for 0 to 3 trips.

#![allow(unused, clippy::all, clippy::pedantic)]

mod first_order;
mod second_order;

pub const X: [f64; 4] = [0.7, -0.4, 1.1, 0.25];

pub fn check(
    name: &str,
    f: fn(&[f64], f64, usize) -> f64,
    grad: fn(&[f64], f64, usize) -> (Vec<f64>, f64),
    value_and_grad: fn(&[f64], f64, usize) -> (f64, (Vec<f64>, f64)),
    adjoint: fn(&[f64], f64, usize, f64, &mut [f64], &mut f64) -> f64,
    jvp: fn(&[f64], f64, usize, &[f64], f64) -> (f64, f64),
    pull: &dyn Fn(&[f64], f64, usize, f64) -> (f64, (Vec<f64>, f64)),
    hvp: Option<fn(&[f64], f64, usize, &[f64], f64) -> (Vec<f64>, f64)>,
) {
    let direction = [0.3, -0.8, 0.5, 0.9];
    let y_dot = -0.6;
    for n in 0..4 {
        let y = 0.45;
        let along = |f: &dyn Fn(&[f64], f64) -> Vec<f64>| {
            let g = |t: &[f64]| {
                let x: Vec<f64> = X.iter().zip(&direction).map(|(x, d)| x + t[0] * d).collect();
                f(&x, y + t[0] * y_dot)
            };
            autodiff_tests::jacobian(&g, &[0.0]).remove(0)
        };
        let value = f(&X, y, n);
        let (gx, gy) = grad(&X, y, n);
        let (value2, (gx2, gy2)) = value_and_grad(&X, y, n);
        let (value3, (gx3, gy3)) = pull(&X, y, n, 2.0);
        let mut bars = (vec![1.0; 4], 1.0);
        let value4 = adjoint(&X, y, n, 2.0, &mut bars.0, &mut bars.1);
        let (value5, tangent) = jvp(&X, y, n, &direction, y_dot);
        let tag = format!("{name}, n = {n}");
        autodiff_tests::assert_close(
            &format!("{tag}: values"),
            &[value2, value3, value4, value5],
            &[value; 4],
            1e-12,
        );
        let flat = [gx.clone(), vec![gy]].concat();
        autodiff_tests::assert_close(
            &format!("{tag}: value_and_grad"),
            &[gx2, vec![gy2]].concat(),
            &flat,
            1e-11,
        );
        let twice: Vec<f64> = flat.iter().map(|v| 2.0 * v).collect();
        autodiff_tests::assert_close(
            &format!("{tag}: vjp"),
            &[gx3, vec![gy3]].concat(),
            &twice,
            1e-11,
        );
        let more: Vec<f64> = twice.iter().map(|v| v + 1.0).collect();
        autodiff_tests::assert_close(
            &format!("{tag}: adjoint"),
            &[bars.0, vec![bars.1]].concat(),
            &more,
            1e-11,
        );
        let dot = autodiff_tests::dot(&gx, &direction) + gy * y_dot;
        let fd = along(&|x, y| vec![f(x, y, n)])[0];
        assert!(
            autodiff_tests::close(tangent, dot, 1e-9),
            "{tag}: forward {tangent}, reverse {dot}, finite differences {fd}"
        );
        assert!(
            autodiff_tests::close(tangent, fd, 1e-5),
            "{tag}: forward and reverse {tangent}, finite differences {fd}"
        );
        if let Some(hvp) = hvp {
            let (hx, hy) = hvp(&X, y, n, &direction, y_dot);
            let fd = along(&|x, y| {
                let (gx, gy) = grad(x, y, n);
                [gx, vec![gy]].concat()
            });
            autodiff_tests::assert_close(
                &format!("{tag}: hvp"),
                &[hx, vec![hy]].concat(),
                &fd,
                1e-4,
            );
        }
    }
}

pub fn check_inplace(
    name: &str,
    f: fn(&mut [f64], f64, usize),
    adjoint: fn(&mut [f64], f64, usize, &mut [f64], &mut f64),
    jvp: fn(&mut [f64], f64, usize, &mut [f64], f64),
) {
    let direction = [0.3, -0.8, 0.5, 0.9];
    let seed = [1.0, -0.5, 0.25, 0.7];
    let y_dot = -0.6;
    for n in 0..4 {
        let y = 0.45;
        let mut out = X;
        f(&mut out, y, n);
        let (mut x, mut bar, mut y_bar) = (X, seed, 0.0);
        adjoint(&mut x, y, n, &mut bar, &mut y_bar);
        let tag = format!("{name}, n = {n}");
        autodiff_tests::assert_close(&format!("{tag}: adjoint's state"), &x, &out, 1e-12);
        let (mut x, mut dot) = (X, direction);
        jvp(&mut x, y, n, &mut dot, y_dot);
        autodiff_tests::assert_close(&format!("{tag}: jvp's state"), &x, &out, 1e-12);
        let forward = autodiff_tests::dot(&dot, &seed);
        let reverse = autodiff_tests::dot(&bar, &direction) + y_bar * y_dot;
        let g = |t: &[f64]| {
            let mut x: Vec<f64> = X.iter().zip(&direction).map(|(x, d)| x + t[0] * d).collect();
            f(&mut x, y + t[0] * y_dot, n);
            x
        };
        let fd = autodiff_tests::dot(&autodiff_tests::jacobian(&g, &[0.0])[0], &seed);
        assert!(
            autodiff_tests::close(forward, reverse, 1e-9),
            "{tag}: forward {forward}, reverse {reverse}, finite differences {fd}"
        );
        assert!(
            autodiff_tests::close(forward, fd, 1e-5),
            "{tag}: forward and reverse {forward}, finite differences {fd}"
        );
    }
}
