//! What a derivative costs: for each program the primal, the best gradient that could be written by
//! hand, what `#[differentiable]` generates, and other crates.
//!
//! ```text
//! cargo bench -p autodiff-benches --features peers              # everything
//! cargo bench -p autodiff-benches -- gmm lstm                   # programs by name, fewer crates
//! cargo bench -p autodiff-benches -- --quick --no-peers --out figures
//! ```
//!
//! Every contestant computes value *and* gradient of the same function at the same point, and is
//! compared with the others before anything is timed (`cargo test` does the same at small sizes).
//!
//! What is allowed by hand: the primal's own loops stay as the user wrote them, since how a sum is
//! ordered is the user's choice and no compiler may change it. Everything else goes: sweeps are
//! fused, what value and derivative share is computed once, adjoints live in registers, lengths are
//! asserted so that bounds checks vanish, stencils' adjoints gather, buffers are kept between calls.

pub mod bars;
pub mod case;
pub mod inputs;
pub mod linearity;
pub mod measure;
pub mod memory;
pub mod peers;
pub mod plot;
pub mod programs;
pub mod report;

/// What the example's objectives are read with.
#[allow(clippy::should_implement_trait, reason = "`Numbers::next` is private to the example")]
#[path = "../../examples/adbench/read.rs"]
pub mod read;
