//! Many constructs in one function, as programs have them: what each does alone is tested
//! elsewhere.

// Written as people write, not as the lints would have it.
#![allow(unused, clippy::all)]

mod chains;
mod control;
