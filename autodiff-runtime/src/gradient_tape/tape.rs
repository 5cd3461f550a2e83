//! The tape as its user sees it.

use super::error::{TapeError, fail};
use super::recorder::{Id, Recorder};
use super::scalar::Scalar;
use super::structure::{Recording, Request, Seeding, Sources, Swept, TargetIds, Targets, Watch};
use super::variable::{Variable, VariableValue};
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

/// How often gradients can be taken of a tape: [`Single`] or [`Persistent`].
pub trait Mode: 'static {}

/// One gradient, which consumes the tape; values are freed while the sweep passes them.
#[derive(Debug)]
pub enum Single {}
/// Any number of gradients.
#[derive(Debug)]
pub enum Persistent {}
impl Mode for Single {}
impl Mode for Persistent {}

/// Records what runs, and differentiates it in reverse: TensorFlow's `tf.GradientTape` for Rust.
///
/// For code that no macro can see — values built by closures, trait objects, models put together
/// at run time. [`watch`](Self::watch) a value, compute with it, and take a
/// [`gradient`](GradientTape#method.gradient).
///
/// `T` is `f64` (or `f32`); on an inner tape of nested ones it is a
/// [`Var`](super::Var) of the outer tape, and the
/// inner tape's gradients are recorded on the outer. `M` is [`Single`] ([`GradientTape::new`]: a
/// gradient consumes the tape) or [`Persistent`] ([`GradientTape::persistent`]).
///
/// A tape belongs to its thread: it is neither `Send` nor `Sync`, nor are the values on it. Threads
/// record on tapes of their own, and floats and arrays travel between them.
///
/// ```compile_fail,E0277
/// let tape = autodiff_runtime::GradientTape::new();
/// let x = tape.watch(3.0);
/// std::thread::spawn(move || x * x);
/// ```
///
/// The memory of a recording is freed with the tape; what is left to the thread is a record of a
/// few hundred bytes for each tape that was alive at the same time, used again by the next one.
///
/// # Examples
///
/// ```
/// use autodiff_runtime::GradientTape;
///
/// let tape = GradientTape::new();
/// let x = tape.watch(3.0);
/// let y = x * x;
/// assert_eq!(tape.gradient(&y, &x), 6.0);
/// ```
///
/// Second derivatives, by nesting:
///
/// ```
/// use autodiff_runtime::GradientTape;
///
/// let outer = GradientTape::new();
/// let x = outer.watch(1.0);
/// let inner = GradientTape::new();
/// let x_inner = inner.watch(x);
/// let y = x_inner * x_inner * x_inner;
/// let dy_dx = inner.gradient(y, x_inner);
/// assert_eq!(dy_dx.value(), 3.0);
/// assert_eq!(outer.gradient(dy_dx, x), 6.0);
/// ```
pub struct GradientTape<T: Scalar = f64, M: Mode = Single> {
    recorder: &'static Recorder<T>,
    watch_variables: Cell<bool>,
    mode: PhantomData<M>,
}

impl<T: Scalar> GradientTape<T, Single> {
    /// A tape for one gradient.
    #[must_use]
    pub fn new() -> Self {
        Self::start()
    }

    // Here, so that `GradientTape::<f32>::persistent()` names it too.
    /// A tape for any number of gradients, of any recorded value by any other.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    ///
    /// let tape = GradientTape::persistent();
    /// let x = tape.watch(3.0);
    /// let y = x * x;
    /// let z = y * y;
    /// assert_eq!(tape.gradient(z, x), 108.0);
    /// assert_eq!(tape.gradient(z, y), 18.0);
    /// assert_eq!(tape.gradient(y, x), 6.0);
    /// ```
    #[must_use]
    pub fn persistent() -> GradientTape<T, Persistent> {
        GradientTape::start()
    }
}

impl<T: Scalar> Default for GradientTape<T, Single> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Scalar, M: Mode> GradientTape<T, M> {
    fn start() -> Self {
        Self { recorder: Recorder::acquire(), watch_variables: Cell::new(true), mode: PhantomData }
    }

    /// The same tape with room for so many scalar operations.
    #[must_use]
    pub fn with_capacity(self, operations: usize) -> Self {
        self.recorder.reserve(operations);
        self
    }

    /// The same tape, with [`read`](Self::read) watching trainable variables (the default) or none.
    ///
    /// ```
    /// use autodiff_runtime::{GradientTape, Variable};
    ///
    /// let v = Variable::new(2.0);
    /// let tape = GradientTape::new().watch_variables(false);
    /// let y = tape.read(&v) * tape.read(&v);
    /// assert_eq!(tape.gradient_or_none(y, &v), None);
    /// ```
    #[must_use]
    pub fn watch_variables(self, on: bool) -> Self {
        self.watch_variables.set(on);
        self
    }

    /// Starts recording what is computed from `value`: a float, an array, a value of another tape,
    /// or a structure of those. Returns the recorded value, in the same structure.
    ///
    /// # Panics
    /// If the tape is not recording (inside [`stop_recording`](Self::stop_recording)).
    #[track_caller]
    #[inline]
    pub fn watch<W: Watch<Elem = T>>(&self, value: W) -> W::Handle {
        if !self.recorder.is_recording() {
            fail(TapeError::NotRecording { operation: "watch" });
        }
        value.watch_on(Recording(self.recorder))
    }

    /// As [`watch`](Self::watch), with an error in place of the panic.
    ///
    /// # Errors
    /// [`TapeError::NotRecording`] inside `stop_recording`.
    pub fn try_watch<W: Watch<Elem = T>>(&self, value: W) -> Result<W::Handle, TapeError> {
        if self.recorder.is_recording() {
            Ok(value.watch_on(Recording(self.recorder)))
        } else {
            Err(TapeError::NotRecording { operation: "watch" })
        }
    }

    /// The value of a variable, recorded: trainable variables are watched at their first reading in
    /// a recording, others are constants (watch one on this tape with
    /// [`watch_variable`](Self::watch_variable)). While recording is paused, a constant.
    pub fn read<V: VariableValue<Elem = T>>(&self, variable: &Variable<V>) -> V::Handle {
        let watch = self.watch_variables.get() && variable.is_trainable();
        variable.read_on(Recording(self.recorder), watch)
    }

    /// Watches a variable whether trainable or not, and whatever the tape's default.
    ///
    /// # Panics
    /// If the tape is not recording.
    #[track_caller]
    pub fn watch_variable<V: VariableValue<Elem = T>>(&self, variable: &Variable<V>) -> V::Handle {
        if !self.recorder.is_recording() {
            fail(TapeError::NotRecording { operation: "watch_variable" });
        }
        variable.read_on(Recording(self.recorder), true)
    }

    /// Names of the variables watched since the last reset, in the order of their first reading.
    pub fn watched_variables(&self) -> Vec<String> {
        let variables = self.recorder.variables.borrow();
        variables.list.iter().filter(|read| !read.again).map(|read| read.name.clone()).collect()
    }

    /// Runs `f` without recording: what it computes are constants to this tape.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    ///
    /// let tape = GradientTape::new();
    /// let x = tape.watch(1.0);
    /// let y = tape.stop_recording(|| x * x);
    /// assert_eq!(tape.gradient_or_none(y, x), None);
    /// ```
    pub fn stop_recording<R>(&self, f: impl FnOnce() -> R) -> R {
        let _paused = self.recorder.pause();
        f()
    }

    /// Whether the tape records at the moment.
    pub fn is_recording(&self) -> bool {
        self.recorder.is_recording()
    }

    /// Forgets what was recorded and watched, and keeps the memory for the next recording. Values
    /// from before become constants.
    ///
    /// ```
    /// use autodiff_runtime::GradientTape;
    ///
    /// let tape = GradientTape::persistent();
    /// for step in 1..4 {
    ///     tape.reset();
    ///     let x = tape.watch(f64::from(step));
    ///     assert_eq!(tape.gradient(x * x, x), 2.0 * f64::from(step));
    /// }
    /// ```
    pub fn reset(&self) {
        self.recorder.reset();
    }

    /// Whether any of the targets was computed from any of the sources; by structure, also where
    /// the derivative is zero.
    ///
    /// # Panics
    /// If a source was never recorded, or a value is of another tape.
    #[track_caller]
    pub fn depends_on<G, S>(&self, targets: G, sources: S) -> bool
    where
        G: Targets<Elem = T>,
        S: Sources<Elem = T>,
    {
        self.recorder.check_idle("depends_on").unwrap_or_else(|error| fail(error));
        let mut targets_ids = TargetIds::new();
        let mut seeding =
            Seeding { recorder: self.recorder, adjoints: None, ids: &mut targets_ids };
        targets.seed(&mut seeding, None).unwrap_or_else(|error| fail(error));
        let mut ids = Vec::new();
        let mut request = Request { recorder: self.recorder, adjoints: None, ids: Some(&mut ids) };
        sources.request(&mut request).unwrap_or_else(|error| fail(error));
        let reached = self.recorder.reach(&targets_ids);
        ids.into_iter().flatten().any(|id| reached.contains(id))
    }

    /// Number of recorded operations (and watched values).
    pub fn operations(&self) -> usize {
        self.recorder.size().0
    }

    /// Bytes of the recorded operations: 24 for a scalar one of `f64`. What tensor operations keep
    /// of their operands is shared with them and not counted.
    pub fn bytes(&self) -> usize {
        self.recorder.size().1
    }

    /// Scalar operations that fit before the tape has to allocate.
    pub fn capacity(&self) -> usize {
        self.recorder.capacity()
    }

    pub(crate) fn recorder(&self) -> &'static Recorder<T> {
        self.recorder
    }

    /// The sweep behind every gradient: seeds, sweeps, and hands the adjoints to `read`.
    pub(crate) fn differentiate<G, S, R>(
        &self,
        targets: &G,
        sources: &S,
        seed: Option<&G::Seed>,
        options: Sweep,
        read: impl FnOnce(&Swept<'_, T>, &[Option<Id>]) -> Result<R, TapeError>,
    ) -> Result<R, TapeError>
    where
        G: Targets<Elem = T> + ?Sized,
        S: Sources<Elem = T> + ?Sized,
    {
        let recorder = self.recorder;
        recorder.check_idle("gradient")?;
        let mut adjoints = recorder.take_adjoints();
        let mut source_ids = Vec::new();
        let ids = if options.reach { Some(&mut source_ids) } else { None };
        let mut target_ids = TargetIds::new();
        sources.request(&mut Request { recorder, adjoints: Some(&mut adjoints), ids })?;
        let mut seeding = Seeding { recorder, adjoints: Some(&mut adjoints), ids: &mut target_ids };
        targets.seed(&mut seeding, seed)?;
        // Before the sweep, which may take the pullbacks away.
        let reached = options.reach.then(|| recorder.reach(&target_ids));
        recorder.sweep(&target_ids, &mut adjoints, options.consume)?;
        let swept = Swept { recorder, adjoints: &adjoints, reached: reached.as_ref() };
        let result = read(&swept, &source_ids);
        recorder.give_back(adjoints);
        result
    }
}

/// How to sweep.
#[derive(Clone, Copy)]
pub(crate) struct Sweep {
    /// Drop pullbacks on the way.
    pub consume: bool,
    /// Find out what the targets depend on.
    pub reach: bool,
}

macro_rules! gradients {
    ($Mode:ident, $consume:expr, $self:ident, ($($receiver:tt)*), $note:literal) => {
        impl<T: Scalar> GradientTape<T, $Mode> {
            /// The gradient of the targets by the sources, in the structure of the sources.
            ///
            /// Several targets are summed, and so are the entries of a tensor. A source that the
            /// targets do not depend on gets zeros of its shape; to tell, see
            /// [`gradient_or_none`](Self::gradient_or_none) and
            /// [`try_connected_gradient`](Self::try_connected_gradient).
            ///
            #[doc = $note]
            ///
            /// # Panics
            /// If a source was never recorded (watch it), or a value belongs to another tape, to a
            /// consumed one or to the time before a reset.
            #[track_caller]
            pub fn gradient<G, S>($($receiver)*, targets: G, sources: S) -> S::Gradient
            where
                G: Targets<Elem = T>,
                S: Sources<Elem = T>,
            {
                let sweep = Sweep { consume: $consume, reach: false };
                $self.differentiate(&targets, &sources, None, sweep, |swept, _| {
                    Ok(sources.gradient(swept))
                })
                .unwrap_or_else(|error| fail(error))
            }

            /// As [`gradient`](Self::gradient), with an error in place of the panic.
            ///
            /// # Errors
            /// See [`TapeError`].
            pub fn try_gradient<G, S>(
                $($receiver)*,
                targets: G,
                sources: S,
            ) -> Result<S::Gradient, TapeError>
            where
                G: Targets<Elem = T>,
                S: Sources<Elem = T>,
            {
                let sweep = Sweep { consume: $consume, reach: false };
                $self.differentiate(&targets, &sources, None, sweep, |swept, _| {
                    Ok(sources.gradient(swept))
                })
            }

            /// The gradient with a seed (output gradient) of the targets' structure: the sum over
            /// the targets of seed times derivative.
            ///
            /// # Panics
            /// As [`gradient`](Self::gradient), and if a seed's shape or the number of seeds is
            /// not that of the targets: seeds are not broadcast.
            #[track_caller]
            pub fn gradient_with<G, S>(
                $($receiver)*,
                targets: G,
                sources: S,
                seed: G::Seed,
            ) -> S::Gradient
            where
                G: Targets<Elem = T>,
                S: Sources<Elem = T>,
            {
                let sweep = Sweep { consume: $consume, reach: false };
                $self.differentiate(&targets, &sources, Some(&seed), sweep, |swept, _| {
                    Ok(sources.gradient(swept))
                })
                .unwrap_or_else(|error| fail(error))
            }

            /// As [`gradient_with`](Self::gradient_with), with an error in place of the panic.
            ///
            /// # Errors
            /// See [`TapeError`].
            pub fn try_gradient_with<G, S>(
                $($receiver)*,
                targets: G,
                sources: S,
                seed: G::Seed,
            ) -> Result<S::Gradient, TapeError>
            where
                G: Targets<Elem = T>,
                S: Sources<Elem = T>,
            {
                let sweep = Sweep { consume: $consume, reach: false };
                $self.differentiate(&targets, &sources, Some(&seed), sweep, |swept, _| {
                    Ok(sources.gradient(swept))
                })
            }

            /// The gradient with `None` for every source that the targets do not depend on.
            ///
            /// # Panics
            /// As [`gradient`](Self::gradient).
            #[track_caller]
            pub fn gradient_or_none<G, S>($($receiver)*, targets: G, sources: S) -> S::Optional
            where
                G: Targets<Elem = T>,
                S: Sources<Elem = T>,
            {
                let sweep = Sweep { consume: $consume, reach: true };
                $self.differentiate(&targets, &sources, None, sweep, |swept, _| {
                    Ok(sources.optional(swept))
                })
                .unwrap_or_else(|error| fail(error))
            }

            /// The gradient, or an error if the targets do not depend on one of the sources.
            ///
            /// # Errors
            /// [`TapeError::Unconnected`], and those of [`try_gradient`](Self::try_gradient).
            pub fn try_connected_gradient<G, S>(
                $($receiver)*,
                targets: G,
                sources: S,
            ) -> Result<S::Gradient, TapeError>
            where
                G: Targets<Elem = T>,
                S: Sources<Elem = T>,
            {
                let sweep = Sweep { consume: $consume, reach: true };
                $self.differentiate(&targets, &sources, None, sweep, |swept, ids| {
                    let reached = |id: &Option<Id>| id.is_some_and(|id| swept.is_reached(id));
                    match ids.iter().position(|id| !reached(id)) {
                        Some(source) => Err(TapeError::Unconnected { source }),
                        None => Ok(sources.gradient(swept)),
                    }
                })
            }
        }
    };
}
gradients!(
    Single,
    true,
    self,
    (self),
    "The tape is consumed; for more than one gradient see [`GradientTape::persistent`]."
);
gradients!(Persistent, false, self, (&self), "The tape stays as it is, and can go on recording.");

impl<T: Scalar, M: Mode> Drop for GradientTape<T, M> {
    fn drop(&mut self) {
        self.recorder.release();
    }
}

impl<T: Scalar, M: Mode> fmt::Debug for GradientTape<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GradientTape")
            .field("operations", &self.operations())
            .field("recording", &self.is_recording())
            .finish_non_exhaustive()
    }
}
