use super::*;

#[differentiable]
fn safe_ln(x: f64) -> Result<f64, String> {
    if x <= 0.0 {
        return Err(format!("{x} is not positive"));
    }
    Ok(x.ln() * x)
}

#[differentiable]
fn safe_ratio(x: f64, y: f64) -> Option<f64> {
    if y == 0.0 {
        return None;
    }
    Some(x / y)
}

#[test]
fn results() {
    assert_eq!(grad_safe_ln(1.0), Ok(1.0));
    assert_eq!(value_and_grad_safe_ln(1.0), Ok((0.0, 1.0)));
    assert_eq!(grad_safe_ln(-1.0), Err("-1 is not positive".into()));
    assert_eq!(jvp_safe_ln(1.0, 2.0), Ok((0.0, 2.0)));
}

#[test]
fn options() {
    assert_eq!(grad_safe_ratio(6.0, 2.0), Some((0.5, -1.5)));
    assert_eq!(grad_safe_ratio(6.0, 0.0), None);
    assert_eq!(jvp_safe_ratio(6.0, 2.0, 1.0, 0.0), Some((3.0, 0.5)));
}

/// `?` on what may not be there.
#[differentiable]
fn neighbours(x: &[f64], i: usize) -> Option<f64> {
    let first = x.first()?;
    let here = x.get(i).copied()?;
    if here < 0.0 {
        return None;
    }
    Some(first * here.sqrt())
}

#[test]
fn missing_elements() {
    assert_eq!(grad_neighbours(&[3.0, 4.0], 1), Some(vec![2.0, 0.75]));
    assert_eq!(grad_neighbours(&[3.0, 4.0], 2), None);
    assert_eq!(grad_neighbours(&[], 0), None);
    assert_eq!(value_and_grad_neighbours(&[3.0, -4.0], 1), None);
}
