//! Clean-up: makes the transformations' output what a person would write. Meaning stays; every
//! pass takes time about linear in the size of the function, and can be switched off.

mod constants;
mod dead;
mod initialise;
mod inline;
mod mutability;
#[cfg(test)]
mod tests;
mod uses;

use crate::ir::Function;

/// Which passes run.
#[derive(Clone, Copy, Debug)]
pub struct Switches {
    pub dead: bool,
    pub initialise: bool,
    pub inline: bool,
    pub constants: bool,
    pub mutability: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            dead: true,
            initialise: true,
            inline: true,
            constants: true,
            mutability: true,
        }
    }
}

/// All passes.
pub fn run(f: &mut Function) {
    run_with(f, Switches::default());
}

/// The passes that are switched on.
pub fn run_with(f: &mut Function, on: Switches) {
    if on.dead {
        dead::run(f);
    }
    if on.initialise {
        initialise::run(f);
    }
    if on.inline {
        inline::run(f);
    }
    if on.constants {
        constants::run(f);
    }
    if on.dead {
        dead::run(f);
    }
    if on.mutability {
        mutability::run(f);
    }
}
