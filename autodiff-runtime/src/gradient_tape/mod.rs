//! A dynamic tape for scalars and tensors, after TensorFlow's `tf.GradientTape`.

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
