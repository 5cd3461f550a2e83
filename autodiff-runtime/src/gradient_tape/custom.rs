//! Rules of one's own, recomputation, and the bridge to `#[differentiable]` functions.

use super::error::{TapeError, fail};
use super::recorder::{Adjoints, Id, Outputs, Recorder};
use super::scalar::Scalar;
use super::structure::{Recording, Sources, Swept, Watch};
use super::tape::{GradientTape, Mode, Single};
use super::var::Var;
use std::cell::RefCell;

/// Arguments of a custom rule: recorded values and structures of them, which have the type of their
/// gradient as plain values.
pub trait Arguments: Sources + Clone + 'static {
    /// The plain values: floats and arrays in the same structure.
    fn values(&self) -> Self::Gradient;
    #[doc(hidden)]
    fn inputs(&self, inputs: &mut Inputs<Self::Elem>);
    #[doc(hidden)]
    fn contribute(
        &self,
        gradient: Self::Gradient,
        weight: Option<Self::Elem>,
        sink: &mut Sink<'_, Self::Elem>,
    ) -> Result<(), TapeError>;
}

/// Which arguments are recorded, and where.
#[doc(hidden)]
pub struct Inputs<T: Scalar> {
    recorder: &'static Recorder<T>,
    ids: Vec<Id>,
    /// What a value of another tape is called.
    argument: &'static str,
}

impl<T: Scalar> Inputs<T> {
    pub(crate) fn add(&mut self, recorder: Option<&'static Recorder<T>>, id: Id) {
        match recorder {
            None => {}
            Some(own) if std::ptr::eq(own, self.recorder) => self.ids.push(id),
            Some(_) => fail(TapeError::OtherTape { argument: self.argument }),
        }
    }
}

/// Where the gradients of a custom rule go.
#[doc(hidden)]
pub struct Sink<'a, T: Scalar> {
    pub(crate) adjoints: &'a mut Adjoints<T>,
    /// Only what was recorded when the rule ran gets a gradient. Sorted.
    recorded: &'a [Id],
}

impl<T: Scalar> Sink<'_, T> {
    pub(crate) fn takes(&self, id: Id) -> bool {
        self.recorded.binary_search(&id).is_ok()
    }
}

impl<T: Scalar> Arguments for Var<T> {
    fn values(&self) -> T {
        self.value()
    }
    fn inputs(&self, inputs: &mut Inputs<T>) {
        inputs.add(self.live(), Id::Scalar(self.index()));
    }
    fn contribute(
        &self,
        gradient: T,
        weight: Option<T>,
        sink: &mut Sink<'_, T>,
    ) -> Result<(), TapeError> {
        if self.recorder().is_some() && sink.takes(Id::Scalar(self.index())) {
            let contribution = weight.map_or(gradient, |weight| weight * gradient);
            sink.adjoints.add_scalar(self.index(), contribution);
        }
        Ok(())
    }
}

impl<A: Arguments> Arguments for Vec<A> {
    fn values(&self) -> Vec<A::Gradient> {
        self.iter().map(A::values).collect()
    }
    fn inputs(&self, inputs: &mut Inputs<A::Elem>) {
        self.iter().for_each(|argument| argument.inputs(inputs));
    }
    fn contribute(
        &self,
        gradient: Vec<A::Gradient>,
        weight: Option<A::Elem>,
        sink: &mut Sink<'_, A::Elem>,
    ) -> Result<(), TapeError> {
        if gradient.len() != self.len() {
            return Err(TapeError::LengthMismatch {
                argument: "gradient of the custom rule",
                expected: self.len(),
                found: gradient.len(),
            });
        }
        let mut pairs = self.iter().zip(gradient);
        pairs.try_for_each(|(argument, gradient)| argument.contribute(gradient, weight, sink))
    }
}

impl<A: Arguments, const N: usize> Arguments for [A; N] {
    fn values(&self) -> [A::Gradient; N] {
        self.each_ref().map(A::values)
    }
    fn inputs(&self, inputs: &mut Inputs<A::Elem>) {
        self.iter().for_each(|argument| argument.inputs(inputs));
    }
    fn contribute(
        &self,
        gradient: [A::Gradient; N],
        weight: Option<A::Elem>,
        sink: &mut Sink<'_, A::Elem>,
    ) -> Result<(), TapeError> {
        let mut pairs = self.iter().zip(gradient);
        pairs.try_for_each(|(argument, gradient)| argument.contribute(gradient, weight, sink))
    }
}

macro_rules! tuple {
    ($First:ident $first:tt $(, $Rest:ident $rest:tt)*) => {
        impl<$First: Arguments $(, $Rest: Arguments<Elem = $First::Elem>)*> Arguments
            for ($First, $($Rest,)*)
        {
            fn values(&self) -> Self::Gradient {
                (self.$first.values(), $(self.$rest.values(),)*)
            }
            fn inputs(&self, inputs: &mut Inputs<$First::Elem>) {
                self.$first.inputs(inputs);
                $(self.$rest.inputs(inputs);)*
            }
            fn contribute(
                &self,
                gradient: Self::Gradient,
                weight: Option<$First::Elem>,
                sink: &mut Sink<'_, $First::Elem>,
            ) -> Result<(), TapeError> {
                self.$first.contribute(gradient.$first, weight, sink)?;
                $(self.$rest.contribute(gradient.$rest, weight, sink)?;)*
                Ok(())
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

/// The value a custom rule returns: floats, arrays and structures of them.
pub trait RuleValue<T: Scalar>:
    Watch<Elem = T, Handle: Sources<Elem = T, Gradient = Self> + Clone + 'static>
{
}
impl<T: Scalar, R> RuleValue<T> for R where
    R: Watch<Elem = T, Handle: Sources<Elem = T, Gradient = R> + Clone + 'static>
{
}

impl<T: Scalar, M: Mode> GradientTape<T, M> {
    /// Records a function with a derivative of one's own as one operation.
    ///
    /// `rule` gets the plain values of the arguments and returns the value and the pullback, which
    /// takes the seed (of the value's type) to the gradient (of the arguments' type): the shape
    /// of a generated `vjp_f`. It runs now; on a persistent tape once more for each further
    /// gradient. On a nested tape the plain values are values of the outer tape, so that the rule
    /// is differentiated again.
    ///
    /// # Panics
    /// If an argument is of another tape; when a gradient is taken, if the rule's gradient has
    /// not the shape of the arguments.
    ///
    /// # Examples
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    ///
    /// let tape = GradientTape::new();
    /// let x = tape.watch(2.0);
    /// // log(1 + eˣ) with a derivative that does not overflow.
    /// let y = tape.custom_gradient(&x, |x: f64| {
    ///     (x.exp().ln_1p(), move |seed: f64| seed / (1.0 + (-x).exp()))
    /// });
    /// assert!((tape.gradient(y, x) - 0.8807970779778823).abs() < 1e-15);
    /// ```
    #[track_caller]
    pub fn custom_gradient<X, R, B>(
        &self,
        arguments: &X,
        rule: impl Fn(X::Gradient) -> (R, B) + 'static,
    ) -> R::Handle
    where
        X: Arguments<Elem = T>,
        X::Gradient: Clone + 'static,
        R: RuleValue<T>,
        B: FnOnce(R) -> X::Gradient + 'static,
    {
        let values = arguments.values();
        let (value, pullback) = rule(values.clone());
        let first = RefCell::new(Some(pullback));
        self.record(arguments, value, None, move |seed| {
            let pullback = first.borrow_mut().take();
            match pullback {
                Some(pullback) => pullback(seed),
                None => rule(values.clone()).1(seed),
            }
        })
    }

    /// Applies a `#[differentiable]` function to recorded values, as one operation whose pullback
    /// is the generated adjoint: `tape.call(&x, |x| vjp_f(x))`. The same as
    /// [`custom_gradient`](Self::custom_gradient); several arguments are a tuple.
    ///
    /// A `vjp_f` of slices borrows them, and its pullback cannot leave the closure: call it again
    /// in the pullback (`|x| (f(&x), move |seed| vjp_f(&x).1(seed))`), or, for a float as the
    /// value, use [`call_gradient`](Self::call_gradient).
    ///
    /// # Panics
    /// As [`custom_gradient`](Self::custom_gradient).
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    ///
    /// // What `#[differentiable] fn f(x: f64, y: f64) -> f64 { x * y.sin() }` generates.
    /// fn vjp_f(x: f64, y: f64) -> (f64, impl FnOnce(f64) -> (f64, f64)) {
    ///     (x * y.sin(), move |bar| (bar * y.sin(), bar * x * y.cos()))
    /// }
    ///
    /// let tape = GradientTape::new();
    /// let (x, y) = tape.watch((2.0, 0.5));
    /// let z = tape.call(&(x, y), |(x, y)| vjp_f(x, y));
    /// assert_eq!(tape.gradient(z * z, x), 2.0 * z.value() * 0.5f64.sin());
    /// ```
    #[track_caller]
    pub fn call<X, R, B>(
        &self,
        arguments: &X,
        vjp: impl Fn(X::Gradient) -> (R, B) + 'static,
    ) -> R::Handle
    where
        X: Arguments<Elem = T>,
        X::Gradient: Clone + 'static,
        R: RuleValue<T>,
        B: FnOnce(R) -> X::Gradient + 'static,
    {
        self.custom_gradient(arguments, vjp)
    }

    /// Applies a `#[differentiable]` function of one float as value through its
    /// `value_and_grad_f`, as one operation: the gradient is computed now, nothing is left to do
    /// later but to weigh it.
    ///
    /// # Panics
    /// As [`custom_gradient`](Self::custom_gradient).
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    ///
    /// // What `#[differentiable] fn f(x: &[f64]) -> f64` generates, here for the sum of squares.
    /// fn value_and_grad_f(x: &[f64]) -> (f64, Vec<f64>) {
    ///     (x.iter().map(|x| x * x).sum(), x.iter().map(|x| 2.0 * x).collect())
    /// }
    ///
    /// let tape = GradientTape::new();
    /// let x = tape.watch(vec![1.0, 2.0]);
    /// let y = tape.call_gradient(&x, |x| value_and_grad_f(x));
    /// assert_eq!(tape.gradient(3.0 * y, &x), [6.0, 12.0]);
    /// ```
    #[track_caller]
    pub fn call_gradient<X>(
        &self,
        arguments: &X,
        value_and_grad: impl FnOnce(&X::Gradient) -> (T, X::Gradient),
    ) -> Var<T>
    where
        X: Arguments<Elem = T>,
        X::Gradient: Clone + 'static,
    {
        let (value, gradient) = value_and_grad(&arguments.values());
        self.record(arguments, value, Some(()), move |_: T| gradient.clone())
    }

    /// Applies `f` without keeping what it computes, and computes it again when a gradient is
    /// taken (`tf.recompute_grad`): memory for time.
    ///
    /// `f` must get all recorded values as arguments; one that it captures is an error.
    ///
    /// # Panics
    /// If `f` captures a recorded value or an argument is of another tape.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    ///
    /// let tape = GradientTape::new();
    /// let x = tape.watch(1.5);
    /// let y = tape.recompute_grad(&x, |x| (0..1000).fold(x, |y, _| y * 0.999 + 0.001));
    /// assert_eq!(tape.operations(), 3);
    /// assert!((tape.gradient(y, x) - 0.999f64.powi(1000)).abs() < 1e-12);
    /// ```
    #[track_caller]
    pub fn recompute_grad<X, Y>(
        &self,
        arguments: &X,
        f: impl Fn(X) -> Y + 'static,
    ) -> <Y::Gradient as Watch>::Handle
    where
        X: Arguments<Elem = T>,
        X::Gradient: Watch<Elem = T, Handle = X> + Clone + 'static,
        Y: Arguments<Elem = T> + super::structure::Targets<Elem = T, Seed = Y::Gradient>,
        Y::Gradient: RuleValue<T>,
    {
        let values = arguments.values();
        // On a tape of its own, where a captured value of this one is a mixture of tapes.
        let value = {
            let probe = GradientTape::<T, Single>::new();
            let y = f(probe.watch(values.clone()));
            let recorder = probe.recorder();
            let argument = "value captured by recompute_grad";
            y.inputs(&mut Inputs { recorder, ids: Vec::new(), argument });
            y.values()
        };
        self.record(arguments, value, None, move |seed: Y::Gradient| {
            let tape = GradientTape::<T, Single>::new();
            let x = tape.watch(values.clone());
            let y = f(x.clone());
            tape.gradient_with(&y, &x, seed)
        })
    }

    /// One wide node with these arguments and value. With `weigh`, `back` gives the gradient for
    /// the seed 1, and the seed is multiplied on.
    #[track_caller]
    fn record<X, R>(
        &self,
        arguments: &X,
        value: R,
        weigh: Option<()>,
        back: impl Fn(R) -> X::Gradient + 'static,
    ) -> R::Handle
    where
        X: Arguments<Elem = T>,
        R: RuleValue<T>,
    {
        let recorder = self.recorder();
        let mut inputs = Inputs { recorder, ids: Vec::new(), argument: "argument" };
        arguments.inputs(&mut inputs);
        if inputs.ids.is_empty() || !recorder.is_recording() {
            return value.fixed();
        }
        let start = recorder.start_wide(0, 0);
        let handle = value.watch_on(Recording(recorder));
        let outputs = recorder.outputs_since(start);
        inputs.ids.sort_unstable();
        let (ids, arguments, output) = (inputs.ids.clone(), arguments.clone(), handle.clone());
        recorder.finish_wide(
            inputs.ids,
            outputs,
            Box::new(move |adjoints| {
                if !seeded(adjoints, outputs) {
                    return;
                }
                let seed = output.gradient(&Swept { recorder, adjoints, reached: None });
                let weight = weigh.map(|()| adjoints.scalars[outputs.scalar as usize]);
                let gradient = back(seed);
                let mut sink = Sink { adjoints, recorded: &ids };
                if let Err(error) = arguments.contribute(gradient, weight, &mut sink) {
                    adjoints.failure = Some(error);
                }
            }),
        );
        handle
    }
}

/// Whether anything flows back into these outputs.
fn seeded<T: Scalar>(adjoints: &Adjoints<T>, outputs: Outputs) -> bool {
    let Outputs { scalar, scalars, .. } = outputs;
    let any_scalar = (scalar..scalar + scalars).any(|i| !adjoints.scalars[i as usize].is_absent());
    #[cfg(feature = "ndarray")]
    let any_tensor = (outputs.tensor..outputs.tensor + outputs.tensors)
        .any(|i| adjoints.tensors[i as usize].is_some());
    #[cfg(not(feature = "ndarray"))]
    let any_tensor = false;
    any_scalar || any_tensor
}

/// The value of a function on a tape and its pullback: how generated code hands a part to the
/// tape. The function may be a `#[differentiable(vjp = …)]` rule, as in the example.
///
/// # Examples
///
/// ```
/// use autodiff_runtime::gradient_tape::vjp;
///
/// // The rule of a `#[differentiable(vjp = vjp_area)] fn area(width: f64) -> f64`.
/// fn vjp_area(width: f64) -> (f64, impl FnOnce(f64) -> f64) {
///     vjp(width, |width| width * width)
/// }
/// let (area, pullback) = vjp_area(3.0);
/// assert_eq!((area, pullback(2.0)), (9.0, 12.0));
/// ```
pub fn vjp<V, Y>(
    at: V,
    f: impl FnOnce(V::Handle) -> Y,
) -> (Y::Gradient, impl FnOnce(Y::Gradient) -> <V::Handle as Sources>::Gradient)
where
    V: Watch,
    V::Handle: Sources<Elem = V::Elem> + Clone,
    Y: Arguments<Elem = V::Elem> + super::structure::Targets<Elem = V::Elem, Seed = Y::Gradient>,
{
    let tape = GradientTape::new();
    let x = tape.watch(at);
    let y = f(x.clone());
    (y.values(), move |seed| tape.gradient_with(y, x, seed))
}
