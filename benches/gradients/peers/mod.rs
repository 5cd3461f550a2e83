//! Other crates that differentiate on stable Rust. Their types stand in for the number, so each
//! program is written once more, for any [`Number`]; how such a number is recorded and swept is the
//! crate's own.
//!
//! Tapes are kept and cleared between calls where the crate can do that.

#[cfg(feature = "peers")]
mod more;
mod number;
mod tapes;

pub use number::{Number, sum};
pub use tapes::{echidna_hessian, echidna_hvp};

use crate::case::{Case, Contestant, Role};

/// A function of real numbers, for every kind of them.
pub trait Program: Clone + 'static {
    fn run<T: Number>(&self, x: &[T]) -> T;
}

/// Which crates take part, and how.
pub struct Peers {
    /// The arguments of one call; longer inputs are several calls.
    pub arguments: usize,
    /// The operations do not depend on the values, so that a recording can be used again.
    pub fixed: bool,
    /// Forward mode as well.
    pub forward: bool,
}

impl Peers {
    /// One call, everybody.
    pub fn all(arguments: usize) -> Peers {
        Peers { arguments, fixed: true, forward: true }
    }

    pub fn reverse_only(self) -> Peers {
        Peers { forward: false, ..self }
    }

    pub fn control_flow_varies(self) -> Peers {
        Peers { fixed: false, ..self }
    }
}

/// The crates' names in a table, with what they do.
pub const NAMES: &[(&str, &str)] = &[
    ("reverse", "tape"),
    ("aad", "tape, allocated anew by every call"),
    ("easy-ml", "tape (`Record`)"),
    ("echidna", "tape (`grad`), from a pool: its bytes count where it grows"),
    ("echidna bytecode", "recorded once, outside of the measurement; evaluated again and swept"),
    ("RustQuant", "tape (`RustQuant_autodiff`)"),
    ("ad_trait", "global tape (`adr`): its bytes count where it grows"),
    ("ad_trait forward", "8 directions a sweep (`adfn<8>`)"),
    ("num-dual", "forward, 8 directions a sweep (`DualSVec64<8>`)"),
    ("symdiff", "symbolic, at compile time"),
];

/// A vector of functions, for the crates that go forward.
pub trait Vectors: Clone + 'static {
    fn run<T: Number>(&self, x: &[T]) -> Vec<T>;
}

impl Case {
    /// Adds the crates that can compute the Jacobian of `program` at `x` by columns, a row after the
    /// other in the buffer.
    #[cfg_attr(
        not(feature = "peers"),
        expect(unused_variables, reason = "both take long to build")
    )]
    pub fn forward_peers<P: Vectors>(self, program: P, x: &[f64]) -> Self {
        #[cfg(feature = "peers")]
        {
            let (x1, x2, program2) = (x.to_vec(), x.to_vec(), program.clone());
            let mut ad_trait = more::ad_trait_jacobian(program);
            let mut num_dual = more::num_dual_jacobian(program2);
            self.peer("ad_trait forward", move |g| ad_trait(std::hint::black_box(&x1), g))
                .peer("num-dual", move |g| num_dual(std::hint::black_box(&x2), g))
        }
        #[cfg(not(feature = "peers"))]
        self
    }

    /// Adds the crates that can compute the gradient of `program` at `x`.
    pub fn peers<P: Program>(mut self, program: P, x: &[f64], peers: Peers) -> Self {
        let mut add = |name: &'static str, mut gradient: tapes::Gradient| {
            let x = x.to_vec();
            let arguments = peers.arguments;
            let work = move |g: &mut Vec<f64>| {
                x.chunks_exact(arguments)
                    .zip(g.chunks_exact_mut(arguments))
                    .map(|(x, g)| gradient(std::hint::black_box(x), g))
                    .sum()
            };
            self.contestants.push(Contestant::new(Role::Peer, name, work));
        };
        add("reverse", tapes::reverse(program.clone()));
        add("aad", tapes::aad(program.clone()));
        add("easy-ml", tapes::easy_ml(program.clone()));
        add("echidna", tapes::echidna(program.clone()));
        if peers.fixed {
            add("echidna bytecode", tapes::echidna_bytecode(program.clone()));
        }
        #[cfg(feature = "peers")]
        {
            add("RustQuant", more::rust_quant(program.clone()));
            add("ad_trait", more::ad_trait(program.clone()));
            if peers.forward {
                add("ad_trait forward", more::ad_trait_forward(program.clone()));
                add("num-dual", more::num_dual(program));
            }
        }
        if !peers.fixed {
            self.notes.push("echidna bytecode: cannot record control flow that varies".into());
        }
        if !peers.forward {
            self.notes.push("forward mode: a sweep for every 8 inputs would take too long".into());
        }
        self
    }
}
