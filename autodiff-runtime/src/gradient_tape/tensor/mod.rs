//! Tensors on a tape: `ndarray` arrays whose operations are recorded.

mod convolution;
mod fast;
mod functions;
mod lanes;
mod linear;
mod matrices;
mod operators;
mod plain;
mod products;
mod reductions;
mod shapes;
mod store;
mod tracked;
mod typed;

pub use functions::Elementwise;
pub use matrices::Dot;
pub use plain::Plain;
pub use shapes::{concatenate, select, stack};
pub(crate) use store::Indices;
pub use store::Store;
pub use tracked::Tracked;
pub use typed::Tensor;
