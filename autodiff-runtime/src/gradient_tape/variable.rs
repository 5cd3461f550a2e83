//! Parameters of a model: values that outlive tapes and change between recordings.

use super::error::TapeError;
use super::recorder;
use super::scalar::{Base, Scalar};
use super::structure::{Recording, Request, Sources, Swept, Watch};
use super::var::Var;
use std::cell::{Cell, Ref, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A parameter of a model: a float or an `ndarray` array, shared and changeable.
///
/// Clones are the same variable. [`GradientTape::read`](super::GradientTape::read) watches it at its
/// first use in a recording; a gradient is taken by the variable itself. A variable that was not
/// read has the gradient zero.
///
/// # Examples
///
/// ```
/// use autodiff_runtime::{GradientTape, Variable};
///
/// let w = Variable::new(2.0_f64).named("w");
/// for _ in 0..50 {
///     let tape = GradientTape::new();
///     let error = tape.read(&w) * 3.0 - 12.0;
///     let gradient = tape.gradient(error * error, &w);
///     w.update(|w| *w -= 0.05 * gradient);
/// }
/// assert!((w.value() - 4.0).abs() < 1e-12);
/// ```
pub struct Variable<V> {
    shared: Rc<Shared<V>>,
    trainable: bool,
}

struct Shared<V> {
    id: u64,
    name: RefCell<String>,
    value: RefCell<V>,
    /// How often it has been assigned.
    version: Cell<u64>,
}

impl<V> Clone for Variable<V> {
    fn clone(&self) -> Self {
        Self { shared: Rc::clone(&self.shared), trainable: self.trainable }
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl<V> Variable<V> {
    /// A trainable variable: tapes watch it when they read it.
    #[must_use]
    pub fn new(value: V) -> Self {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = RefCell::new(format!("variable {id}"));
        let (value, version) = (RefCell::new(value), Cell::new(0));
        Self { shared: Rc::new(Shared { id, name, value, version }), trainable: true }
    }

    /// A variable that tapes take for a constant, unless told to watch it.
    #[must_use]
    pub fn untrainable(value: V) -> Self {
        Self { trainable: false, ..Self::new(value) }
    }

    /// The same variable with a name for [`watched_variables`](super::GradientTape::watched_variables).
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        *self.shared.name.borrow_mut() = name.into();
        self
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.shared.name.borrow().clone()
    }

    /// Whether tapes watch it when they read it.
    pub fn is_trainable(&self) -> bool {
        self.trainable
    }

    /// A copy of the value.
    ///
    /// # Panics
    /// Inside [`update`](Self::update).
    #[track_caller]
    pub fn value(&self) -> V
    where
        V: Clone,
    {
        self.borrow().clone()
    }

    /// The value, borrowed.
    ///
    /// # Panics
    /// Inside [`update`](Self::update).
    #[track_caller]
    pub fn borrow(&self) -> Ref<'_, V> {
        self.shared.value.try_borrow().unwrap_or_else(|_| {
            panic!("variable {:?} cannot be read while `update` changes it", self.name())
        })
    }

    /// Sets the value. What was computed before keeps the old one; a gradient by the variable counts
    /// both (an error if their shapes differ).
    ///
    /// # Panics
    /// If the value is borrowed.
    #[track_caller]
    pub fn assign(&self, value: V) {
        self.update(|old| *old = value);
    }

    /// Changes the value in place; see [`assign`](Self::assign). The variable cannot be read
    /// meanwhile: what is needed of it is what the closure gets.
    ///
    /// # Panics
    /// If the value is borrowed.
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(&mut V)) {
        let Ok(mut value) = self.shared.value.try_borrow_mut() else {
            panic!("variable {:?} cannot change: its value is borrowed", self.name());
        };
        self.shared.version.set(self.shared.version.get() + 1);
        change(&mut value);
    }
}

/// What a variable can hold: floats and arrays of floats.
pub trait VariableValue: Clone + 'static {
    /// The float it consists of.
    type Elem: Scalar;
    /// What a tape reads.
    type Handle: Clone + 'static;
    /// Its gradient.
    type Gradient;
    #[doc(hidden)]
    fn shape_of(handle: &Self::Handle) -> Vec<usize>;
    #[doc(hidden)]
    fn watched(&self, recording: Recording<Self::Elem>) -> Self::Handle;
    #[doc(hidden)]
    fn constant(&self) -> Self::Handle;
    #[doc(hidden)]
    fn zero_gradient(&self) -> Self::Gradient;
    #[doc(hidden)]
    fn add(a: Self::Gradient, b: Self::Gradient) -> Self::Gradient;
    #[doc(hidden)]
    fn request(
        handle: &Self::Handle,
        request: &mut Request<'_, Self::Elem>,
    ) -> Result<(), TapeError>;
    #[doc(hidden)]
    fn gradient(handle: &Self::Handle, swept: &Swept<'_, Self::Elem>) -> Self::Gradient;
    #[doc(hidden)]
    fn optional(handle: &Self::Handle, swept: &Swept<'_, Self::Elem>) -> Option<Self::Gradient>;
}

/// All but the constant and the zero comes from the handle.
macro_rules! by_handle {
    ($Elem:ty, $Handle:ty, $Gradient:ty) => {
        type Elem = $Elem;
        type Handle = $Handle;
        type Gradient = $Gradient;
        fn add(a: $Gradient, b: $Gradient) -> $Gradient {
            a + b
        }
        fn watched(&self, recording: Recording<$Elem>) -> $Handle {
            self.clone().watch_on(recording)
        }
        fn request(handle: &$Handle, request: &mut Request<'_, $Elem>) -> Result<(), TapeError> {
            Sources::request(handle, request)
        }
        fn gradient(handle: &$Handle, swept: &Swept<'_, $Elem>) -> $Gradient {
            Sources::gradient(handle, swept)
        }
        fn optional(handle: &$Handle, swept: &Swept<'_, $Elem>) -> Option<$Gradient> {
            Sources::optional(handle, swept)
        }
    };
}

impl<A: Base> VariableValue for A {
    by_handle!(A, Var<A>, A);
    fn shape_of(_handle: &Var<A>) -> Vec<usize> {
        Vec::new()
    }
    fn constant(&self) -> Var<A> {
        Var::constant(*self)
    }
    fn zero_gradient(&self) -> A {
        <A as num_traits::Zero>::zero()
    }
}

#[cfg(feature = "ndarray")]
impl<T: Base, D: ndarray::Dimension + 'static> VariableValue for ndarray::Array<T, D> {
    by_handle!(T, super::tensor::Tensor<T, D>, ndarray::Array<T, D>);
    fn shape_of(handle: &super::tensor::Tensor<T, D>) -> Vec<usize> {
        handle.shape().to_vec()
    }
    fn constant(&self) -> super::tensor::Tensor<T, D> {
        super::tensor::Tensor::constant(self.clone())
    }
    fn zero_gradient(&self) -> Self {
        Self::from_elem(self.raw_dim(), <T as num_traits::Zero>::zero())
    }
}

impl<V: VariableValue> Variable<V> {
    pub(crate) fn read_on(
        &self,
        Recording(recorder): Recording<V::Elem>,
        watch: bool,
    ) -> V::Handle {
        if !recorder.is_recording() {
            return self.borrow().constant();
        }
        let version = self.shared.version.get();
        let (last, again) = {
            let variables = recorder.variables.borrow();
            let last = variables.of(self.shared.id).next_back();
            let current = last.filter(|read| read.version == version);
            (current.and_then(|read| read.handle.downcast_ref().cloned()), last.is_some())
        };
        if let Some(handle) = last {
            return handle;
        }
        // Once watched, it stays watched.
        if !watch && !again {
            return self.borrow().constant();
        }
        let handle = self.borrow().watched(Recording(recorder));
        let (name, kept) = (self.name(), Box::new(handle.clone()));
        let read = recorder::ReadVariable { again, version, name, handle: kept };
        recorder.variables.borrow_mut().push(self.shared.id, read);
        handle
    }

    /// What a tape read: one value a version that it has seen.
    fn handles_on(&self, recorder: &'static recorder::Recorder<V::Elem>) -> Vec<V::Handle> {
        let variables = recorder.variables.borrow();
        let read = variables.of(self.shared.id);
        read.filter_map(|variable| variable.handle.downcast_ref::<V::Handle>().cloned()).collect()
    }
}

impl<V: VariableValue> Sources for Variable<V> {
    type Elem = V::Elem;
    type Gradient = V::Gradient;
    type Optional = Option<V::Gradient>;
    fn request(&self, request: &mut Request<'_, V::Elem>) -> Result<(), TapeError> {
        let handles = self.handles_on(request.recorder);
        if handles.is_empty() {
            request.want(None);
        }
        // The gradient counts all values that were read, which takes one shape.
        if let [before @ .., last] = &handles[..] {
            let expected = V::shape_of(last);
            if let Some(found) = before.iter().map(V::shape_of).find(|found| *found != expected) {
                let argument = "variable read before it was assigned";
                return Err(TapeError::ShapeMismatch { argument, expected, found });
            }
        }
        handles.iter().try_for_each(|handle| V::request(handle, request))
    }
    fn gradient(&self, swept: &Swept<'_, V::Elem>) -> V::Gradient {
        let handles = self.handles_on(swept.recorder);
        let gradients = handles.iter().map(|handle| V::gradient(handle, swept));
        gradients.reduce(V::add).unwrap_or_else(|| self.borrow().zero_gradient())
    }
    fn optional(&self, swept: &Swept<'_, V::Elem>) -> Option<V::Gradient> {
        let handles = self.handles_on(swept.recorder);
        handles.iter().filter_map(|handle| V::optional(handle, swept)).reduce(V::add)
    }
}

impl<V: fmt::Debug> fmt::Debug for Variable<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Variable({:?}: {:?})", self.name(), self.shared.value.borrow())
    }
}
