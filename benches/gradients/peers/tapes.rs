//! The crates that build in seconds.

use super::Program;

/// Value and gradient at a point.
pub type Gradient = Box<dyn FnMut(&[f64], &mut [f64]) -> f64>;

mod of_reverse {
    use reverse::Var;

    // `Var`'s functions take references.
    impl super::super::Number for Var<'_> {
        fn value(self) -> f64 {
            self.val
        }
        fn constant(self, c: f64) -> Self {
            self.tape.add_var(c)
        }
        fn plus(self, c: f64) -> Self {
            self + c
        }
        fn times(self, c: f64) -> Self {
            self * c
        }
        fn exp(self) -> Self {
            Var::exp(&self)
        }
        fn ln(self) -> Self {
            Var::ln(&self)
        }
        fn ln_1p(self) -> Self {
            Var::ln_1p(&self)
        }
        fn sin(self) -> Self {
            Var::sin(&self)
        }
        fn cos(self) -> Self {
            Var::cos(&self)
        }
        fn tanh(self) -> Self {
            Var::tanh(&self)
        }
        fn sqrt(self) -> Self {
            Var::sqrt(&self)
        }
    }
}

pub fn reverse<P: Program>(program: P) -> Gradient {
    let tape = reverse::Tape::new();
    Box::new(move |x, g| {
        tape.clear();
        let inputs = tape.add_vars(x);
        let result = program.run(&inputs);
        // Inputs are the first nodes.
        g.copy_from_slice(&result.grad()[..g.len()]);
        result.val
    })
}

mod of_aad {
    use aad::Variable;

    crate::peers::number::number!(
        ['a] Variable<'a, f64>,
        |x| Variable::value(&x),
        |_like, c| Variable::constant(c),
        |y| y.apply_unary_function(f64::ln_1p, |y| 1.0 / (1.0 + y)),
        |z| Variable::<f64>::tanh(z)
    );
}

pub fn aad<P: Program>(program: P) -> Gradient {
    Box::new(move |x, g| {
        let tape = aad::Tape::new();
        let inputs: Vec<_> = tape.create_variables_iter(x).collect();
        let result = program.run(&inputs);
        let gradients = result.compute_gradients().expect("the result depends on the inputs");
        for (g, input) in g.iter_mut().zip(&inputs) {
            *g = gradients.get_gradient(input).expect("an input");
        }
        result.value()
    })
}

mod of_easy_ml {
    use easy_ml::differentiation::Record;
    use easy_ml::numeric::extra::{Cos, Exp, Ln, Sin, Sqrt};

    /// `Record::unary`, whose result lives as long as the tape.
    fn unary(x: Record<f64>, f: fn(f64) -> f64, derivative: fn(f64) -> f64) -> Record<f64> {
        let result = x.unary(f, derivative);
        Record::from_existing((result.number, result.index), x.history())
    }

    impl super::super::Number for Record<'_, f64> {
        fn value(self) -> f64 {
            self.number
        }
        fn constant(self, c: f64) -> Self {
            Record::constant(c)
        }
        fn plus(self, c: f64) -> Self {
            self + c
        }
        fn times(self, c: f64) -> Self {
            self * c
        }
        fn exp(self) -> Self {
            Exp::exp(self)
        }
        fn ln(self) -> Self {
            Ln::ln(self)
        }
        fn ln_1p(self) -> Self {
            unary(self, f64::ln_1p, |x| 1.0 / (1.0 + x))
        }
        fn sin(self) -> Self {
            Sin::sin(self)
        }
        fn cos(self) -> Self {
            Cos::cos(self)
        }
        fn tanh(self) -> Self {
            unary(self, f64::tanh, |x| 1.0 - x.tanh() * x.tanh())
        }
        fn sqrt(self) -> Self {
            Sqrt::sqrt(self)
        }
    }
}

pub fn easy_ml<P: Program>(program: P) -> Gradient {
    use easy_ml::differentiation::WengertList;
    let tape = WengertList::new();
    Box::new(move |x, g| {
        tape.clear();
        let inputs: Vec<_> = x.iter().map(|&x| tape.variable(x)).collect();
        let result = program.run(&inputs);
        let derivatives = result.derivatives();
        for (g, input) in g.iter_mut().zip(&inputs) {
            *g = derivatives[input];
        }
        result.number
    })
}

mod of_echidna {
    use echidna::{BReverse, Reverse};
    use num_traits::Float;

    macro_rules! of_float {
        ($type:ty) => {
            impl super::super::Number for $type {
                fn value(self) -> f64 {
                    echidna::Scalar::value(&self)
                }
                fn constant(self, c: f64) -> Self {
                    <$type>::constant(c)
                }
                fn plus(self, c: f64) -> Self {
                    self + <$type>::constant(c)
                }
                fn times(self, c: f64) -> Self {
                    self * <$type>::constant(c)
                }
                fn exp(self) -> Self {
                    Float::exp(self)
                }
                fn ln(self) -> Self {
                    Float::ln(self)
                }
                fn ln_1p(self) -> Self {
                    Float::ln_1p(self)
                }
                fn sin(self) -> Self {
                    Float::sin(self)
                }
                fn cos(self) -> Self {
                    Float::cos(self)
                }
                fn tanh(self) -> Self {
                    Float::tanh(self)
                }
                fn sqrt(self) -> Self {
                    Float::sqrt(self)
                }
            }
        };
    }
    of_float!(Reverse<f64>);
    of_float!(BReverse<f64>);
}

pub fn echidna<P: Program>(program: P) -> Gradient {
    use echidna::Scalar;
    Box::new(move |x, g| {
        let mut value = 0.0;
        let gradient = echidna::grad(
            |x: &[echidna::Reverse<f64>]| {
                let result = program.run(x);
                value = result.value();
                result
            },
            x,
        );
        g.copy_from_slice(&gradient);
        value
    })
}

/// What `program` does at `x`, to be done again elsewhere.
fn recorded<P: Program>(program: &P, x: &[f64]) -> echidna::BytecodeTape<f64> {
    echidna::record(|x: &[echidna::BReverse<f64>]| program.run(x), x).0
}

/// The first call records.
pub fn echidna_bytecode<P: Program>(program: P) -> Gradient {
    let mut tape = None;
    let mut adjoints = Vec::new();
    Box::new(move |x, g| {
        let tape = tape.get_or_insert_with(|| recorded(&program, x));
        let gradient = tape.gradient_with_buf(x, &mut adjoints);
        g.copy_from_slice(&gradient);
        tape.output_value()
    })
}

/// The Hessian at a point times a vector; the first call records.
pub fn echidna_hvp<P: Program>(program: P) -> impl FnMut(&[f64], &[f64]) -> Vec<f64> {
    let mut tape = None;
    move |x, v| tape.get_or_insert_with(|| recorded(&program, x)).hvp(x, v).1
}

/// The whole Hessian at a point; the first call records.
pub fn echidna_hessian<P: Program>(program: P) -> impl FnMut(&[f64]) -> Vec<Vec<f64>> {
    let mut tape = None;
    move |x| tape.get_or_insert_with(|| recorded(&program, x)).hessian(x).2
}
