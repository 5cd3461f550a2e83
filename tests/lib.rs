//! Checking helpers shared by the behaviour tests.
//!
//! Everything here is independent of the library under test: derivatives are compared with finite
//! differences refined by Richardson extrapolation (Richardson 1911; see also Ridders 1982), forward
//! mode with reverse mode by the dot-product test ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩, to rounding.
//!
//! ```ignore
//! gradient_test! { newton: (2.0), (9.0) }
//! inplace_test! { relax: (mut vec![1.0, 2.0], 0.5, const 10) }
//! ```
//!
//! An argument is written `e` (by value), `ref e` (`&e`), `mut e` (`&mut e`, active), `const e` (by
//! value, inactive) or `scratch e` (`&mut e`, inactive).

pub use pastey;

mod checks;
mod flat;
mod numeric;

pub use flat::Flat;
pub use numeric::{Random, assert_close, close, dot, jacobian, same};
