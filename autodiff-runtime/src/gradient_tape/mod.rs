//! A dynamic tape for scalars and tensors, after TensorFlow's `tf.GradientTape`.

mod custom;
mod derivatives;
mod error;
#[doc(hidden)]
pub mod formulas;
mod functions;
mod recorder;
mod scalar;
mod structure;
mod tape;
#[cfg(feature = "ndarray")]
mod tensor;
mod var;
mod variable;

#[doc(hidden)]
pub use custom::{Inputs, Sink};
pub use custom::{Arguments, RuleValue, vjp};
#[cfg(feature = "ndarray")]
pub use derivatives::{BatchJacobian, Join, batch_jacobian};
pub use derivatives::{Jacobian, Stack, gradient, hessian, hvp, jacobian};
pub use error::TapeError;
pub use scalar::{Base, Scalar};
pub use structure::{Sources, Targets, Watch};
#[doc(hidden)]
pub use structure::{Recording, Request, Seeding, Swept};
#[cfg(feature = "ndarray")]
pub use tensor::{Dot, Tensor, concatenate, select, stack};
pub use tape::{GradientTape, Mode, Persistent, Single};
pub use var::Var;
pub use variable::{Variable, VariableValue};
