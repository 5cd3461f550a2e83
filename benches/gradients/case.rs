//! A program and those who compute its gradient.

use crate::memory::{self, Use};

/// Computes the value, and the gradient into the buffer: either over its content, or by putting
/// another `Vec` in its place.
pub type Work = Box<dyn FnMut(&mut Vec<f64>) -> f64>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Primal,
    /// Written by a person, as well as they could.
    ByHand,
    /// `adjoint_f` into buffers that are kept, or `value_and_grad_f` where everything is by value.
    Generated,
    /// `grad_f`, or what the case calls so.
    GradientOnly,
    /// Another way to compute it by hand, for comparison only.
    Other,
    /// Another crate.
    Peer,
}

pub struct Contestant {
    pub role: Role,
    pub name: &'static str,
    pub work: Work,
    /// What the first call took from the heap, buffers that are kept for later calls included.
    pub first_call: Use,
}

impl Contestant {
    pub fn new(
        role: Role,
        name: &'static str,
        work: impl FnMut(&mut Vec<f64>) -> f64 + 'static,
    ) -> Self {
        Contestant { role, name, work: Box::new(work), first_call: Use::default() }
    }
}

/// Small inputs for tests, those of the published figures for measurements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Small,
    Full,
}

impl Size {
    pub fn pick<T>(self, small: T, full: T) -> T {
        match self {
            Size::Small => small,
            Size::Full => full,
        }
    }
}

pub struct Case {
    pub name: String,
    /// Length of the gradient.
    pub inputs: usize,
    pub contestants: Vec<Contestant>,
    /// The value, where it has been published.
    pub value: Option<f64>,
    /// What Rust's `std::autodiff` took over its own primal, measured elsewhere.
    pub enzyme: Option<f64>,
    /// What value and gradient may cost over the primal.
    pub limit: Option<f64>,
    /// The gradient, where nobody computes it by hand.
    pub expected: Option<Vec<f64>>,
    /// How many allocations `generated` may make beyond the primal's own.
    pub allocations: Option<usize>,
    /// How many bytes `generated` may take from the heap beyond the primal's own.
    pub bytes: Option<usize>,
    /// How far two gradients may be apart, in units of the largest entry.
    pub tolerance: f64,
    /// The primal is a gradient.
    pub second_order: bool,
    /// Whether the figures have to reach anything: not if the case is there for the crates alone.
    pub judged: bool,
    pub notes: Vec<String>,
}

impl Case {
    pub fn new(name: impl Into<String>, inputs: usize) -> Case {
        Case {
            name: name.into(),
            inputs,
            contestants: Vec::new(),
            value: None,
            enzyme: None,
            limit: None,
            expected: None,
            allocations: None,
            bytes: None,
            tolerance: 1e-10,
            second_order: false,
            judged: true,
            notes: Vec::new(),
        }
    }

    fn add(
        mut self,
        role: Role,
        name: &'static str,
        work: impl FnMut(&mut Vec<f64>) -> f64 + 'static,
    ) -> Self {
        self.contestants.push(Contestant::new(role, name, work));
        self
    }

    pub fn primal(self, mut work: impl FnMut() -> f64 + 'static) -> Self {
        self.add(Role::Primal, "primal", move |_| work())
    }

    pub fn by_hand(self, work: impl FnMut(&mut Vec<f64>) -> f64 + 'static) -> Self {
        self.add(Role::ByHand, "by hand", work)
    }

    pub fn generated(self, work: impl FnMut(&mut Vec<f64>) -> f64 + 'static) -> Self {
        self.add(Role::Generated, "generated", work)
    }

    pub fn gradient_only(self, work: impl FnMut(&mut Vec<f64>) -> f64 + 'static) -> Self {
        self.add(Role::GradientOnly, "grad_f", work)
    }

    pub fn other(
        self,
        name: &'static str,
        work: impl FnMut(&mut Vec<f64>) -> f64 + 'static,
    ) -> Self {
        self.add(Role::Other, name, work)
    }

    pub fn peer(
        self,
        name: &'static str,
        work: impl FnMut(&mut Vec<f64>) -> f64 + 'static,
    ) -> Self {
        self.add(Role::Peer, name, work)
    }

    pub fn value(self, value: f64) -> Self {
        Case { value: Some(value), ..self }
    }

    pub fn enzyme(self, ratio: f64) -> Self {
        Case { enzyme: Some(ratio), ..self }
    }

    pub fn limit(self, ratio: f64) -> Self {
        Case { limit: Some(ratio), ..self }
    }

    pub fn allocations(self, count: usize) -> Self {
        Case { allocations: Some(count), ..self }
    }

    pub fn bytes(self, bytes: usize) -> Self {
        Case { bytes: Some(bytes), ..self }
    }

    /// What the gradient is, found in another way.
    pub fn expected(self, gradient: Vec<f64>) -> Self {
        Case { expected: Some(gradient), ..self }
    }

    /// The primal is a gradient, and its derivative the question.
    pub fn second_order(self) -> Self {
        Case { second_order: true, ..self }
    }

    /// A smaller variant of another case, which the crates can do.
    pub fn for_the_crates(self) -> Self {
        Case { judged: false, ..self }
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Runs everybody once and compares: one line for each disagreement.
    pub fn disagreements(&mut self) -> Vec<String> {
        let mut found = Vec::new();
        let mut expected = self.expected.clone();
        let mut primal = None;
        // Whoever writes into the buffer finds nonsense in it, and so does whoever adds to it.
        for contestant in &mut self.contestants {
            let name = contestant.name;
            let mut gradient = vec![f64::NAN; self.inputs];
            let mut value = 0.0;
            contestant.first_call = memory::of(|| value = (contestant.work)(&mut gradient));
            let mut compare_values = |what: &str, a: f64, b: f64, tolerance: f64| {
                let apart = (a - b).abs() / a.abs().max(b.abs()).max(1e-300);
                if apart.is_nan() || apart > tolerance {
                    found.push(format!("{}: {name}: value {b:e}, {what} {a:e}", self.name));
                }
            };
            if contestant.role == Role::Primal {
                primal = Some(value);
                if let Some(published) = self.value {
                    compare_values("published", published, value, 1e-9);
                }
                continue;
            }
            let has_value = contestant.role != Role::GradientOnly && !self.second_order;
            if let (Some(primal), true) = (primal, has_value) {
                compare_values("the primal's is", primal, value, self.tolerance);
            }
            match &expected {
                Some(expected) => {
                    if let Some(difference) = worst(expected, &gradient, self.tolerance) {
                        found.push(format!("{}: {name}: {difference}", self.name));
                    }
                }
                None if gradient.len() == self.inputs && gradient.iter().all(|g| g.is_finite()) => {
                    expected = Some(gradient);
                }
                None => found.push(format!("{}: {name}: no finite gradient", self.name)),
            }
        }
        found
    }
}

/// The worst entry, if it is beyond the tolerance.
fn worst(expected: &[f64], found: &[f64], tolerance: f64) -> Option<String> {
    if expected.len() != found.len() {
        return Some(format!("{} entries instead of {}", found.len(), expected.len()));
    }
    let scale = expected.iter().fold(1e-300, |max: f64, e| max.max(e.abs()));
    let error = |i: usize| {
        let e = (expected[i] - found[i]).abs() / scale;
        // Not a number is worse than anything.
        if e.is_nan() { f64::INFINITY } else { e }
    };
    let i = (0..expected.len()).max_by(|&a, &b| error(a).total_cmp(&error(b)))?;
    (error(i) > tolerance).then(|| {
        format!("entry {i} is {:e} instead of {:e}: {:.1e} apart", found[i], expected[i], error(i))
    })
}
