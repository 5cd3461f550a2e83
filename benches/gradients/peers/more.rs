//! The crates that take minutes to build.

use super::tapes::Gradient;
use super::{Number, Program, Vectors};

mod of_rust_quant {
    use RustQuant_autodiff::variable::Variable;

    crate::peers::number::number!(
        ['v] Variable<'v>,
        |x| x.value,
        |like, c| like.graph.var(c),
        |y| Variable::ln_1p(y),
        |z| Variable::tanh(z)
    );
}

pub fn rust_quant<P: Program>(program: P) -> Gradient {
    use RustQuant_autodiff::{Accumulate, graph::Graph};
    let graph = Graph::new();
    Box::new(move |x, g| {
        graph.clear();
        let inputs = graph.vars(x);
        let result = program.run(&inputs);
        // Inputs are the first vertices.
        g.copy_from_slice(&result.accumulate()[..g.len()]);
        result.value
    })
}

/// Its functions are those of traits of `simba`, of a version of its own: a bound on `AD` has them.
mod of_ad_trait {
    use ad_trait::AD;
    use ad_trait::forward_ad::adfn::adfn;
    use ad_trait::reverse_ad::adr::adr;

    fn exp<T: AD>(x: T) -> T {
        x.exp()
    }
    fn ln<T: AD>(x: T) -> T {
        x.ln()
    }
    fn ln_1p<T: AD>(x: T) -> T {
        x.ln_1p()
    }
    fn sin<T: AD>(x: T) -> T {
        x.sin()
    }
    fn cos<T: AD>(x: T) -> T {
        x.cos()
    }
    fn tanh<T: AD>(x: T) -> T {
        x.tanh()
    }
    fn sqrt<T: AD>(x: T) -> T {
        x.sqrt()
    }

    macro_rules! of_ad {
        ($type:ty) => {
            impl crate::peers::Number for $type {
                fn value(self) -> f64 {
                    self.to_constant()
                }
                fn constant(self, c: f64) -> Self {
                    <$type as AD>::constant(c)
                }
                fn plus(self, c: f64) -> Self {
                    <$type>::add_scalar(c, self)
                }
                fn times(self, c: f64) -> Self {
                    <$type>::mul_scalar(c, self)
                }
                fn exp(self) -> Self {
                    exp(self)
                }
                fn ln(self) -> Self {
                    ln(self)
                }
                fn ln_1p(self) -> Self {
                    ln_1p(self)
                }
                fn sin(self) -> Self {
                    sin(self)
                }
                fn cos(self) -> Self {
                    cos(self)
                }
                fn tanh(self) -> Self {
                    tanh(self)
                }
                fn sqrt(self) -> Self {
                    sqrt(self)
                }
            }
        };
    }
    of_ad!(adr);
    of_ad!(adfn<8>);
}

pub fn ad_trait<P: Program>(program: P) -> Gradient {
    use ad_trait::reverse_ad::adr::{GlobalComputationGraph, adr};
    Box::new(move |x, g| {
        GlobalComputationGraph::get().reset();
        let inputs: Vec<adr> = x.iter().map(|&x| adr::new_variable(x, false)).collect();
        let result = program.run(&inputs);
        let adjoints = result.get_backwards_mode_grad();
        for (g, input) in g.iter_mut().zip(&inputs) {
            *g = adjoints.wrt(input);
        }
        result.value()
    })
}

/// Directions a sweep.
const LANES: usize = 8;

/// A program as a vector of one function.
#[derive(Clone)]
struct One<P>(P);

impl<P: Program> Vectors for One<P> {
    fn run<T: Number>(&self, x: &[T]) -> Vec<T> {
        vec![self.0.run(x)]
    }
}

pub fn ad_trait_forward<P: Program>(program: P) -> Gradient {
    ad_trait_jacobian(One(program))
}

/// The value is the sum of all functions'.
pub fn ad_trait_jacobian<P: Vectors>(program: P) -> Gradient {
    use ad_trait::forward_ad::adfn::adfn;
    Box::new(move |x, g| {
        let n = x.len();
        let mut inputs: Vec<adfn<LANES>> = x.iter().map(|&x| adfn::new_constant(x)).collect();
        let mut value = 0.0;
        for start in (0..n).step_by(LANES) {
            let columns = start..n.min(start + LANES);
            for (lane, i) in columns.clone().enumerate() {
                let mut tangent = [0.0; LANES];
                tangent[lane] = 1.0;
                inputs[i] = adfn::new(x[i], tangent);
            }
            let results = program.run(&inputs);
            value = results.iter().map(|result| result.value()).sum();
            for (row, result) in g.chunks_exact_mut(n).zip(&results) {
                row[columns.clone()].copy_from_slice(&result.tangent()[..columns.len()]);
            }
            for i in columns {
                inputs[i] = adfn::new_constant(x[i]);
            }
        }
        value
    })
}

mod of_num_dual {
    use num_dual::{DualNum, DualSVec64};

    impl crate::peers::Number for DualSVec64<{ super::LANES }> {
        fn value(self) -> f64 {
            self.re
        }
        fn constant(self, c: f64) -> Self {
            Self::from_re(c)
        }
        fn plus(self, c: f64) -> Self {
            self + c
        }
        fn times(self, c: f64) -> Self {
            self * c
        }
        fn exp(self) -> Self {
            DualNum::exp(&self)
        }
        fn ln(self) -> Self {
            DualNum::ln(&self)
        }
        fn ln_1p(self) -> Self {
            DualNum::ln_1p(&self)
        }
        fn sin(self) -> Self {
            DualNum::sin(&self)
        }
        fn cos(self) -> Self {
            DualNum::cos(&self)
        }
        fn tanh(self) -> Self {
            DualNum::tanh(&self)
        }
        fn sqrt(self) -> Self {
            DualNum::sqrt(&self)
        }
    }
}

pub fn num_dual<P: Program>(program: P) -> Gradient {
    num_dual_jacobian(One(program))
}

/// The value is the sum of all functions'.
pub fn num_dual_jacobian<P: Vectors>(program: P) -> Gradient {
    use num_dual::DualSVec64;
    type Dual = DualSVec64<LANES>;
    Box::new(move |x, g| {
        let n = x.len();
        let mut inputs: Vec<Dual> = x.iter().map(|&x| Dual::from_re(x)).collect();
        let mut value = 0.0;
        for start in (0..n).step_by(LANES) {
            let columns = start..n.min(start + LANES);
            for (lane, i) in columns.clone().enumerate() {
                inputs[i] = Dual::from_re(x[i]).derivative(lane);
            }
            let results = program.run(&inputs);
            value = results.iter().map(|result| result.re).sum();
            for (row, result) in g.chunks_exact_mut(n).zip(results) {
                let tangent = result.eps.unwrap_generic(nalgebra::Const::<LANES>, nalgebra::U1);
                row[columns.clone()].copy_from_slice(&tangent.as_slice()[..columns.len()]);
            }
            for i in columns {
                inputs[i] = Dual::from_re(x[i]);
            }
        }
        value
    })
}
