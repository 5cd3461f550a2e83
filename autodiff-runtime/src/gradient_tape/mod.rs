//! A dynamic tape for scalars and tensors, after TensorFlow's `tf.GradientTape`.
//!
//! [`GradientTape`] records what runs, for code that no macro can see. [`Var`] is a recorded scalar,
//! `Tensor` (feature `ndarray`) a recorded array, [`Variable`] a parameter that outlives tapes.
//!
//! | TensorFlow | here |
//! | --- | --- |
//! | `tape.watch(x)` | `let x = tape.watch(value)`: only the handle it returns is recorded |
//! | `tf.Variable`, trainable or not | [`Variable`], read by `tape.read(&v)` |
//! | `watch_accessed_variables=False` | `GradientTape::new().watch_variables(false)` |
//! | `tape.watched_variables()` | `tape.watched_variables()`: names |
//! | `tape.gradient(y, x)` | `tape.gradient(y, x)`, which consumes the tape |
//! | `persistent=True` | [`GradientTape::persistent`] |
//! | `output_gradients` | `tape.gradient_with(y, x, seed)` |
//! | `unconnected_gradients` none, zero | `gradient_or_none`, `gradient`; as an error: `try_connected_gradient` |
//! | `tape.stop_recording()`, `tf.stop_gradient` | `tape.stop_recording(\|\| …)`, `x.stop_gradient()` |
//! | `tape.reset()` | `tape.reset()` |
//! | `tape.jacobian`, `tape.batch_jacobian` | the same; for closures [`jacobian`], `batch_jacobian` |
//! | nested tapes | `inner.watch(x)` of a value `x` of the outer tape |
//! | Hessians | [`hessian`], [`hvp`] of closures |
//! | `tf.custom_gradient`, `tf.recompute_grad` | `tape.custom_gradient`, `tape.recompute_grad` |
//! | a model's `trainable_variables` | `#[derive(Sources)]` on its struct |
//!
//! What TensorFlow accepts silently is an error here, with a [`TapeError`] of its own: a seed of
//! another shape, too few seeds, a custom rule's gradient of another shape, a watch while recording
//! is paused, a source that was never recorded.
//!
//! # How it works
//!
//! A scalar operation is a node of 24 bytes: two parents, two partial derivatives. The reverse
//! sweep is one loop over them. Tensor operations and custom rules are boxed pullbacks in the same
//! list. No recursion anywhere, also not in dropping.
//!
//! Partials are computed by the crate's rule table over *any* scalar. On nested tapes the inner
//! tape's scalars are the outer tape's [`Var`]s (and the inner tensors' entries outer tensors), so
//! that the inner sweep is itself recorded; the level is in the type, and no two can be confused.
//! Tensors have a closed set of operations, whose pullbacks are made of the same set.
//!
//! Nothing flows back through a value that the target does not depend on, or depends on with a
//! derivative of exactly zero, even if its own partial is infinite or NaN.

mod containers;
mod custom;
mod derivatives;
mod error;
#[doc(hidden)]
pub mod formulas;
mod functions;
mod nodes;
mod real;
mod recorder;
mod scalar;
mod structure;
mod tape;
#[cfg(feature = "ndarray")]
mod tensor;
mod var;
mod variable;

pub use custom::{Arguments, RuleValue, vjp};
#[doc(hidden)]
pub use custom::{Inputs, Sink};
#[cfg(feature = "ndarray")]
pub use derivatives::{BatchJacobian, Join, batch_jacobian};
pub use derivatives::{Jacobian, Stack, gradient, hessian, hvp, jacobian};
pub use error::TapeError;
pub use scalar::{Base, Scalar};
#[doc(hidden)]
pub use structure::{Recording, Request, Seeding, Swept};
pub use structure::{Sources, Targets, Watch};
pub use tape::{GradientTape, Mode, Persistent, Single};
#[cfg(feature = "ndarray")]
pub use tensor::{Dot, Elementwise, Tensor, concatenate, select, stack};
pub use var::Var;
pub use variable::{Variable, VariableValue};
