//! Differentiable functions as type parameters.

/// A scalar function of a point of type `P`, with its gradient: what a solver asks of its objective.
///
/// The companion type of a `#[differentiable]` function of one parameter that returns one float
/// implements it, so that a solver takes the function as a type parameter: no closure, no object.
///
/// # Examples
///
/// ```
/// # use autodiff_runtime as autodiff;
/// use autodiff::ScalarFunction;
///
/// /// A few steps downhill.
/// fn descend<F>(mut x: Vec<f64>, rate: f64, steps: usize) -> Vec<f64>
/// where
///     F: ScalarFunction<[f64], Value = f64, Gradient = Vec<f64>>,
/// {
///     for _ in 0..steps {
///         let gradient = F::gradient(&x);
///         for (x, slope) in x.iter_mut().zip(gradient) {
///             *x -= rate * slope;
///         }
///     }
///     x
/// }
///
/// // What `#[differentiable]` does for `fn bowl(x: &[f64]) -> f64`.
/// enum Bowl {}
/// impl ScalarFunction<[f64]> for Bowl {
///     type Value = f64;
///     type Gradient = Vec<f64>;
///     fn value(x: &[f64]) -> f64 {
///         x.iter().map(|x| (x - 1.0) * (x - 1.0)).sum()
///     }
///     fn value_and_gradient(x: &[f64]) -> (f64, Vec<f64>) {
///         (Self::value(x), x.iter().map(|x| 2.0 * (x - 1.0)).collect())
///     }
/// }
///
/// let lowest = descend::<Bowl>(vec![5.0, -3.0], 0.25, 60);
/// assert!(lowest.iter().all(|x| (x - 1.0).abs() < 1e-12));
/// ```
pub trait ScalarFunction<P: ?Sized> {
    /// The type of its value: a float.
    type Value;
    /// The type of its gradient.
    type Gradient;

    /// The value at `point`.
    fn value(point: &P) -> Self::Value;

    /// Value and gradient at `point`, in one sweep.
    fn value_and_gradient(point: &P) -> (Self::Value, Self::Gradient);

    /// The gradient at `point`.
    fn gradient(point: &P) -> Self::Gradient {
        Self::value_and_gradient(point).1
    }
}
