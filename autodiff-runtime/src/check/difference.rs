//! Derivatives of a function of one variable by extrapolated central differences.

/// Each step is so much smaller than the one before.
const SHRINK: f64 = 1.4;
/// The number of steps.
const STEPS: usize = 14;
/// Extrapolation stops once an entry's error is so many times that of its best.
const WORSE: f64 = 2.0;

/// The derivatives at `center` of all outputs of `evaluate`, each with an estimate of its error.
///
/// `evaluate(t, values)` puts the outputs at `t` into `values` and returns the argument it really
/// used, which rounding may have moved.
///
/// Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4
/// (1982), on the extrapolation of Richardson (1911): the error of a central difference is a series
/// in the square of the step, so that differences at a sequence of steps extrapolate to step zero;
/// the estimate of the error is the distance to the entries it was made from. He starts from one
/// step; here several are tried, as a function's scale is not known.
pub fn differentiate(
    center: f64,
    outputs: usize,
    mut evaluate: impl FnMut(f64, &mut Vec<f64>) -> f64,
) -> Vec<(f64, f64)> {
    let mut best = vec![(f64::NAN, f64::INFINITY); outputs];
    let (mut above, mut below) = (Vec::new(), Vec::new());
    let scale = if center == 0.0 { 1.0 } else { center.abs() };
    for start in [0.3, 0.01] {
        let mut tables: Vec<Vec<f64>> = vec![Vec::new(); outputs];
        let mut finished = vec![false; outputs];
        let mut step = start * scale;
        for _ in 0..STEPS {
            let high = evaluate(center + step, &mut above);
            let low = evaluate(center - step, &mut below);
            if above.len() != outputs || below.len() != outputs {
                panic!("the number of outputs changes next to the point: not differentiable there");
            }
            for k in 0..outputs {
                if !finished[k] {
                    let slope = (above[k] - below[k]) / (high - low);
                    finished[k] = extend(&mut tables[k], slope, &mut best[k]);
                }
            }
            if finished.iter().all(|done| *done) {
                break;
            }
            step /= SHRINK;
        }
    }
    best
}

/// Adds a row to a table of which `last` is the row before: Neville's scheme. Says whether the
/// table gets no better.
fn extend(last: &mut Vec<f64>, slope: f64, best: &mut (f64, f64)) -> bool {
    if !slope.is_finite() {
        // The step was too large for the domain: start anew.
        last.clear();
        return false;
    }
    let mut row = vec![slope];
    let mut factor = SHRINK * SHRINK;
    for (column, above) in last.iter().enumerate() {
        let left = row[column];
        let next = left + (left - above) / (factor - 1.0);
        let error = (next - left).abs().max((next - above).abs());
        if error <= best.1 {
            *best = (next, error);
        }
        row.push(next);
        factor *= SHRINK * SHRINK;
    }
    let worse = match (row.last(), last.last()) {
        (Some(new), Some(old)) => (new - old).abs() >= WORSE * best.1 && best.1 > 0.0,
        _ => false,
    };
    // Two rows agree by chance in the first steps of a function that is not resolved yet.
    let done = worse && row.len() > 4;
    *last = row;
    done
}
