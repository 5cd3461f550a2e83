use super::*;

#[differentiable]
fn polar(p: [f64; 2]) -> [f64; 2] {
    [p[0] * p[1].cos(), p[0] * p[1].sin()]
}

#[differentiable]
fn wide(p: [f64; 3]) -> [f64; 2] {
    [p[0] * p[1], p[2]]
}

#[differentiable]
fn tall(p: &[f64; 2]) -> [f64; 4] {
    [p[0], p[0] * p[0], p[0] * p[1], 1.0]
}

#[differentiable]
fn of_slices(x: &[f64]) -> Vec<f64> {
    let mut out = Vec::new();
    for i in 1..x.len() {
        out.push(x[i] * x[i - 1]);
    }
    out
}

#[differentiable]
fn slice_to_array(x: &[f64]) -> [f64; 2] {
    [x[0] * x[1], x[2]]
}

#[differentiable]
fn array_to_vector(x: [f64; 2], n: usize) -> Vec<f64> {
    let mut out = vec![x[0]; n];
    out[0] *= x[1];
    out
}

#[differentiable(wrt(x))]
fn products(x: [f64; 2], y: [f64; 2]) -> [f64; 2] {
    [x[0] * x[0] * y[0], x[1] * x[1] * y[1]]
}

#[differentiable(wrt(y))]
fn products_y(x: [f64; 2], y: [f64; 2]) -> [f64; 2] {
    [x[0] * x[0] * y[0], x[1] * x[1] * y[1]]
}

#[differentiable]
fn curve(t: f64) -> [f64; 3] {
    [t, t * t, t * t * t]
}

#[differentiable]
fn generic<const N: usize>(x: [f64; N]) -> [f64; N] {
    let mut out = x;
    for i in 0..N {
        out[i] *= x[0];
    }
    out
}

#[differentiable]
fn single(x: [f32; 2]) -> [f32; 1] {
    [x[0] * x[1]]
}

#[test]
fn static_shapes() {
    let (r, a) = (2.0_f64, 0.5_f64);
    let j: [[f64; 2]; 2] = jacobian_polar([r, a]);
    assert_close("polar", &j.concat(), &[a.cos(), -r * a.sin(), a.sin(), r * a.cos()], 1e-14);
    let j: [[f64; 3]; 2] = jacobian_wide([2.0, 3.0, 4.0]);
    assert_eq!(j, [[3.0, 2.0, 0.0], [0.0, 0.0, 1.0]]);
    let j: [[f64; 2]; 4] = jacobian_tall(&[2.0, 3.0]);
    assert_eq!(j, [[1.0, 0.0], [4.0, 0.0], [3.0, 2.0], [0.0, 0.0]]);
    assert_eq!(jacobian_products([1.0, 2.0], [3.0, 4.0]), [[6.0, 0.0], [0.0, 16.0]]);
    assert_eq!(jacobian_products_y([1.0, 2.0], [3.0, 4.0]), [[1.0, 0.0], [0.0, 4.0]]);
    let j: [[f64; 3]; 3] = jacobian_generic([2.0, 3.0, 4.0]);
    assert_eq!(j, [[4.0, 0.0, 0.0], [3.0, 2.0, 0.0], [4.0, 0.0, 2.0]]);
    let j: [[f32; 2]; 1] = jacobian_single([2.0, 3.0]);
    assert_eq!(j, [[3.0, 2.0]]);
}

#[test]
fn run_time_shapes() {
    let j: Vec<Vec<f64>> = jacobian_of_slices(&[2.0, 3.0, 4.0]);
    assert_eq!(j, [[3.0, 2.0, 0.0], [0.0, 4.0, 3.0]]);
    assert!(jacobian_of_slices(&[2.0]).is_empty());
    assert!(jacobian_of_slices(&[]).is_empty());
    let j: Vec<Vec<f64>> = jacobian_slice_to_array(&[2.0, 3.0, 4.0, 5.0]);
    assert_eq!(j, [[3.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
    let j: Vec<Vec<f64>> = jacobian_array_to_vector([2.0, 3.0], 2);
    assert_eq!(j, [[3.0, 2.0], [1.0, 0.0]]);
}

#[test]
fn one_input_is_one_column() {
    assert_eq!(autodiff_tests::Flat::flat(&jacobian_curve(2.0)), [1.0, 4.0, 12.0]);
}

pullback_test! {
    polar: ([2.0, 0.5]);
    tall: (ref [2.0, 0.5]);
    of_slices: (ref vec![2.0, 0.5, -1.0]), (ref vec![]);
    array_to_vector: ([2.0, 0.5], const 3);
    curve: (2.0);
    generic: ([2.0, 0.5]);
}

mod columns_through_calls {
    use super::*;
    use std::cell::Cell;

    thread_local! {
        static SEEN: Cell<usize> = const { Cell::new(0) };
    }

    #[differentiable]
    fn bell(x: f64, centre: f64) -> f64 {
        SEEN.set(SEEN.get() + 1);
        (-(x - centre) * (x - centre)).exp()
    }

    /// Residuals of a least-squares fit: more of them than parameters, or fewer.
    #[differentiable(wrt(p))]
    fn residuals(p: &[f64], at: &[f64]) -> Vec<f64> {
        at.iter().map(|t| p[0] * bell(*t, p[1])).collect()
    }

    #[differentiable(wrt(p))]
    fn tall(p: [f64; 2], at: &[f64; 4]) -> [f64; 4] {
        let mut out = [0.0; 4];
        for i in 0..4 {
            out[i] = p[0] * bell(at[i], p[1]);
        }
        out
    }

    #[differentiable(wrt(p))]
    fn checked(p: &[f64], at: &[f64]) -> Result<Vec<f64>, String> {
        if p.is_empty() {
            return Err("no parameters".into());
        }
        Ok(at.iter().map(|t| p[0] * bell(*t, p[1])).collect())
    }

    fn expected(p: [f64; 2], at: &[f64]) -> Vec<f64> {
        let row = |t: &f64| {
            let value = (-(t - p[1]) * (t - p[1])).exp();
            [value, p[0] * value * 2.0 * (t - p[1])]
        };
        at.iter().flat_map(row).collect()
    }

    #[test]
    fn agree_and_run_effects_once() {
        let p = [2.0, 0.5];
        for at in [&[0.1, 0.7, 0.9, -0.4][..], &[0.3], &[]] {
            SEEN.set(0);
            let rows = jacobian_residuals(&p, at);
            assert_eq!(SEEN.get(), at.len(), "effects");
            assert_eq!(rows.len(), at.len());
            assert_close("residuals", &rows.concat(), &expected(p, at), 1e-14);
            SEEN.set(0);
            let rows = jacobian_checked(&p, at).unwrap();
            assert_eq!(SEEN.get(), at.len(), "effects");
            assert_close("checked", &rows.concat(), &expected(p, at), 1e-14);
        }
        let at = [0.1, 0.7, 0.9, -0.4];
        SEEN.set(0);
        assert_close("tall", &jacobian_tall(p, &at).concat(), &expected(p, &at), 1e-14);
        assert_eq!(SEEN.get(), 4);
        assert_eq!(jacobian_checked(&[], &at), Err("no parameters".into()));
    }
}
