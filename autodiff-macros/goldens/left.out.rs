fn adjoint_triangles(
    points: &[f64],
    factors: &[f64],
    n: usize,
    m: usize,
    result_bar: f64,
    points_bar: &mut [f64],
    factors_bar: &mut [f64],
) -> f64 {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("points", points, points_bar);
    ::autodiff::private::same_len("factors", factors, factors_bar);
    let mut y: ::std::vec::Vec<f64> = ::std::vec![0.0; n];
    let mut total = 0.0;
    let mut tape = ::autodiff::private::Lists::expecting(2);
    let mut y_bar = ::autodiff::private::plain_zeros(&y);
    let total_bar = result_bar;
    for p in 0..m {
        let mut weights = 0.0;
        for c in 0..2 {
            let y_part = &mut y[..n];
            for j in 0..n {
                y_part[j] = 0.0;
            }
            let mut start = c;
            for k in 0..n {
                if k < n {
                    let count = n - k;
                    let factors_part = &factors[start..start + count];
                    let y_part = &mut y[k..k + count];
                    for t in 0..count {
                        y_part[t] += factors_part[t] * points[p * n + k];
                    }
                }
                start += n - k;
            }
            let mut squares = 0.0;
            let y_part = &y[..n];
            for j_3 in 0..n {
                squares += y_part[j_3] * y_part[j_3];
            }
            weights += squares;
            tape.push(&y);
        }
        total += weights * weights;
        let weights_bar = 2.0 * total_bar * weights;
        for c in (0..2).rev() {
            tape.pop_into(&mut y);
            let mut start_2 = c;
            for k in 0..n {
                start_2 += n - k;
            }
            let squares_bar = weights_bar;
            let y_part = &y[..n];
            let y_bar_part = &mut y_bar[..n];
            for j_3 in 0..n {
                y_bar_part[j_3] += 2.0 * squares_bar * y_part[j_3];
            }
            let mut start = start_2;
            for k in (0..n).rev() {
                start -= n - k;
                let mut points_bar_sum = 0.0;
                if k < n {
                    let count = n - k;
                    let factors_part = &factors[start..start + count];
                    let factors_bar_part = &mut factors_bar[start..start + count];
                    let y_bar_part = &y_bar[k..k + count];
                    for t in 0..count {
                        let product_bar = y_bar_part[t];
                        factors_bar_part[t] += product_bar * points[p * n + k];
                        points_bar_sum += product_bar * factors_part[t];
                    }
                    points_bar[p * n + k] += points_bar_sum;
                }
            }
            let y_bar_part = &mut y_bar[..n];
            for j in 0..n {
                y_bar_part[j] = 0.0;
            }
        }
    }
    ::autodiff::private::recycle(y_bar);
    total
}
fn vjp_triangles(
    points: &[f64],
    factors: &[f64],
    n: usize,
    m: usize,
) -> (
    f64,
    impl ::core::clone::Clone + ::core::ops::FnOnce(
        f64,
    ) -> (::std::vec::Vec<f64>, ::std::vec::Vec<f64>),
) {
    use ::autodiff::private::prelude::*;
    let mut y: ::std::vec::Vec<f64> = ::std::vec![0.0; n];
    let mut total = 0.0;
    for p in 0..m {
        let mut weights = 0.0;
        for c in 0..2 {
            let y_part = &mut y[..n];
            for j in 0..n {
                y_part[j] = 0.0;
            }
            let mut start = c;
            for k in 0..n {
                if k < n {
                    let count = n - k;
                    let factors_part = &factors[start..start + count];
                    let y_part = &mut y[k..k + count];
                    for t in 0..count {
                        y_part[t] += factors_part[t] * points[p * n + k];
                    }
                }
                start += n - k;
            }
            let mut squares = 0.0;
            let y_part = &y[..n];
            for j_3 in 0..n {
                squares += y_part[j_3] * y_part[j_3];
            }
            weights += squares;
        }
        total += weights * weights;
    }
    let pullback = move |result_bar: f64| {
        let mut points_bar = ::autodiff::private::zero_like(points);
        let mut factors_bar = ::autodiff::private::zero_like(factors);
        let mut y_bar = ::autodiff::private::zero_like(&y);
        let total_bar = result_bar;
        let mut tape = ::autodiff::private::Lists::expecting(2);
        for p in (0..m).rev() {
            let mut weights = 0.0;
            for c in 0..2 {
                let y_part_2 = &mut y[..n];
                for j in 0..n {
                    y_part_2[j] = 0.0;
                }
                let mut start = c;
                for k in 0..n {
                    if k < n {
                        let count_2 = n - k;
                        let factors_part_2 = &factors[start..start + count_2];
                        let y_part_2 = &mut y[k..k + count_2];
                        for t_2 in 0..count_2 {
                            y_part_2[t_2] += factors_part_2[t_2] * points[p * n + k];
                        }
                    }
                    start += n - k;
                }
                let mut squares = 0.0;
                let y_part_2 = &y[..n];
                for j_3 in 0..n {
                    squares += y_part_2[j_3] * y_part_2[j_3];
                }
                weights += squares;
                tape.push(&y);
            }
            let weights_bar = 2.0 * total_bar * weights;
            for c in (0..2).rev() {
                tape.pop_into(&mut y);
                let mut start_3 = c;
                for k in 0..n {
                    start_3 += n - k;
                }
                let squares_bar = weights_bar;
                let y_part_2 = &y[..n];
                let y_bar_part = &mut y_bar[..n];
                for j_3 in 0..n {
                    y_bar_part[j_3] += 2.0 * squares_bar * y_part_2[j_3];
                }
                let mut start = start_3;
                for k in (0..n).rev() {
                    start -= n - k;
                    let mut points_bar_sum = 0.0;
                    if k < n {
                        let count_2 = n - k;
                        let factors_part_2 = &factors[start..start + count_2];
                        let factors_bar_part = &mut factors_bar[start..start + count_2];
                        let y_bar_part = &y_bar[k..k + count_2];
                        for t_2 in 0..count_2 {
                            let product_bar = y_bar_part[t_2];
                            factors_bar_part[t_2] += product_bar * points[p * n + k];
                            points_bar_sum += product_bar * factors_part_2[t_2];
                        }
                        points_bar[p * n + k] += points_bar_sum;
                    }
                }
                let y_bar_part = &mut y_bar[..n];
                for j in 0..n {
                    y_bar_part[j] = 0.0;
                }
            }
        }
        (points_bar, factors_bar)
    };
    (total, pullback)
}
fn jvp_triangles(
    points: &[f64],
    factors: &[f64],
    n: usize,
    m: usize,
    points_dot: &[f64],
    factors_dot: &[f64],
) -> (f64, f64) {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("points", points, points_dot);
    ::autodiff::private::same_len("factors", factors, factors_dot);
    let mut y: ::std::vec::Vec<f64> = ::std::vec![0.0; n];
    let mut y_dot: ::std::vec::Vec<f64> = ::std::vec![0.0; n];
    let mut total = 0.0;
    let mut total_dot = 0.0;
    for p in 0..m {
        let mut weights = 0.0;
        let mut weights_dot = 0.0;
        for c in 0..2 {
            let y_part = &mut y[..n];
            let y_dot_part = &mut y_dot[..n];
            for j in 0..n {
                y_part[j] = 0.0;
                y_dot_part[j] = 0.0;
            }
            let mut start = c;
            for k in 0..n {
                if k < n {
                    let count = n - k;
                    let factors_part = &factors[start..start + count];
                    let y_part = &mut y[k..k + count];
                    let factors_dot_part = &factors_dot[start..start + count];
                    let y_dot_part = &mut y_dot[k..k + count];
                    for t in 0..count {
                        y_dot_part[t]
                            += factors_dot_part[t] * points[p * n + k]
                                + factors_part[t] * points_dot[p * n + k];
                        y_part[t] += factors_part[t] * points[p * n + k];
                    }
                }
                start += n - k;
            }
            let mut squares = 0.0;
            let mut squares_dot = 0.0;
            let y_part = &y[..n];
            let y_dot_part = &y_dot[..n];
            let whole = n / 4 * 4;
            let mut squares_dot_lanes: [f64; 4] = [0.0; 4];
            for from in (0..whole).step_by(4) {
                let mut squares_terms: [f64; 4] = [0.0; 4];
                let y_lanes = &y_part[from..from + 4];
                let y_dot_lanes = &y_dot_part[from..from + 4];
                for lane in 0..4 {
                    squares_dot_lanes[lane] += 2.0 * y_lanes[lane] * y_dot_lanes[lane];
                    squares_terms[lane] = y_lanes[lane] * y_lanes[lane];
                }
                for lane in 0..4 {
                    squares += squares_terms[lane];
                }
            }
            squares_dot
                += squares_dot_lanes[0] + squares_dot_lanes[2]
                    + (squares_dot_lanes[1] + squares_dot_lanes[3]);
            for j_3 in whole..n {
                squares_dot += 2.0 * y_part[j_3] * y_dot_part[j_3];
                squares += y_part[j_3] * y_part[j_3];
            }
            weights_dot += squares_dot;
            weights += squares;
        }
        total_dot += 2.0 * weights * weights_dot;
        total += weights * weights;
    }
    (total, total_dot)
}
