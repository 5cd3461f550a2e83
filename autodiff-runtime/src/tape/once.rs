//! The tape of a site that runs at most once.

/// A tape for at most one value, with the interface of [`Tape`](super::Tape).
#[derive(Clone, Debug)]
pub struct Once<T> {
    value: Option<T>,
}

impl<T> Once<T> {
    /// An empty tape.
    #[inline]
    pub const fn new() -> Self {
        Once { value: None }
    }

    /// Saves the value.
    ///
    /// # Panics
    ///
    /// If one is saved already, which only a defect of the generated code can cause.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        if self.value.is_some() {
            occupied();
        }
        self.value = Some(value);
    }

    /// Takes back the value.
    ///
    /// # Panics
    ///
    /// If there is none, which only a defect of the generated code can cause.
    #[inline]
    #[track_caller]
    pub fn pop(&mut self) -> T {
        match self.value.take() {
            Some(value) => value,
            None => super::exhausted(),
        }
    }

    /// Takes back the value, if there is one.
    #[inline]
    pub fn try_pop(&mut self) -> Option<T> {
        self.value.take()
    }

    /// The number of values saved: 0 or 1.
    #[inline]
    pub fn len(&self) -> usize {
        usize::from(self.value.is_some())
    }

    /// Whether nothing is saved.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.value.is_none()
    }
}

impl<T> Default for Once<T> {
    #[inline]
    fn default() -> Self {
        Once::new()
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn occupied() -> ! {
    panic!("a second value is saved where at most one can be (a defect of autodiff)")
}
