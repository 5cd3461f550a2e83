pub use crate::geometry::planar::*;
pub use crate::geometry::{dot, scale};
