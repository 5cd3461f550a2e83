//! Reverse mode: IR to IR.
//!
//! The forward sweep is the user's code with what it has to keep; the reverse sweep has one block
//! for every block of the source, in opposite order. How it comes about:
//!
//! 1. `prepare`: calls and dear functions inside active statements get variables;
//! 2. `versions`: every value a variable takes gets a name;
//! 3. `adjoint`, `statement`: the adjoint of each statement, naming the versions it needs; `shared`:
//!    what is dear and known there;
//! 4. `fuse`: loops whose iterations have independent adjoints run forwards and back in one;
//! 5. `fold`: adjoints are declared where their first contribution comes;
//! 6. `plan`: what is needed is saved or computed again (minimum cut), what is overwritten is put
//!    back if needed (to-be-recorded);
//! 7. `assemble`: both sweeps.

mod adjoint;
mod assemble;
mod buffers;
mod calls;
mod condition;
mod counters;
mod fold;
mod forward_sweep;
mod fuse;
mod left;
mod lists;
mod naming;
mod plan;
mod prepare;
mod private;
mod read_set;
mod record;
mod rerun;
pub mod residual;
mod reverse_sweep;
mod shared;
mod statement;
pub mod versions;

use crate::analysis::activity::Activity;
use crate::ir::*;
pub use adjoint::zero_by_type as zero_of_type;
pub use forward_sweep::is_pure_effect;
pub use read_set::{has_fixed_shape, needs};
use std::collections::{BTreeSet, HashMap, HashSet};
use versions::{Def, Scope, ScopeId, Tree, Version, Walk};

/// What the generated function is for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// It returns the value and leaves the final state in `&mut` parameters.
    pub value: bool,
    /// It has the effects of the function (printing, counters).
    pub effects: bool,
    /// Forward sweep and pullback are taken apart, for `vjp_f`.
    pub split: bool,
    pub calls: Calls,
    /// Which analyses run.
    pub switches: Switches,
}

/// How the reverse sweep of a call gets the values inside the callee.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Calls {
    /// `back` computes them again.
    Joint,
    /// The callee kept them on a store, which is a variable of this function.
    Kept,
    /// The same, and this function keeps its own there for its caller: the store is a parameter.
    Handed,
}

/// Analyses that tests turn off to see that results stay the same.
#[derive(Clone, Copy, Debug)]
pub struct Switches {
    pub activity: bool,
    pub to_be_recorded: bool,
    pub recompute: bool,
    pub residuals: bool,
    pub fuse: bool,
    pub rerun: bool,
    pub lists: bool,
    pub shared: bool,
    pub counters: bool,
    pub left: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            activity: true,
            to_be_recorded: true,
            recompute: true,
            residuals: true,
            fuse: true,
            rerun: true,
            lists: true,
            shared: true,
            counters: true,
            left: true,
        }
    }
}

/// The outcome.
pub struct Reverse {
    /// The parameter on which values are kept, if there is one.
    pub store: Option<VarId>,
    /// Joint form: parameters are the primals, the seed (unless the function returns `()`), and an
    /// adjoint buffer for each active parameter. Split form: only variables, items and primals.
    pub function: Function,
    pub seed: Option<VarId>,
    /// The adjoint of each parameter.
    pub bars: Vec<Option<VarId>>,
    pub split: Option<Split>,
    /// Whether leaving the effects out could make a difference.
    pub has_effects: bool,
}

/// The parts of `vjp_f`.
pub struct Split {
    pub forward: Block,
    pub result: Expr,
    /// Declares the adjoints of the parameters.
    pub reverse: Block,
    /// One for each active parameter.
    pub gradient: Vec<Expr>,
}

/// State of the transformation.
#[derive(Clone)]
pub struct Builder<'f> {
    source: &'f Function,
    out: Function,
    activity: Activity,
    memory: Vec<bool>,
    /// Variables that a `let` declares.
    declared_by_let: HashSet<VarId>,
    /// Variables that any statement writes.
    overwritten: BTreeSet<VarId>,
    /// Where callees keep what their reverse needs.
    store: Option<VarId>,
    scopes: Vec<Scope>,
    versions: HashMap<VarId, Version>,
    bars: HashMap<VarId, VarId>,
    names: HashSet<String>,
    /// The last number given to each name, so that the next is found at once.
    numbers: HashMap<String, u32>,
    /// Variables of a trip that runs again, by their copies there.
    copies: HashMap<VarId, VarId>,
    /// The name each variable of the compiler's was asked for.
    wanted: HashMap<u32, String>,
    options: Options,
}

/// Transforms `f`, whose parameters flagged in `active_params` are differentiated.
pub fn run(f: &Function, active_params: &[bool], options: Options) -> Reverse {
    let mut source = f.clone();
    let mut activity = if options.switches.activity {
        Activity::run(&source, active_params)
    } else {
        Activity::without_analysis(&source, active_params)
    };
    prepare::run(&mut source, &mut activity, options);
    let has_effects = has_effects(&source);
    let mut out = source.clone();
    out.body = Block::default();
    out.result = None;
    let memory = versions::memory_variables(&source);
    let names = source.vars.iter().map(|v| v.name.to_string()).collect();
    let mut b = Builder {
        source: &source,
        out,
        activity,
        memory,
        declared_by_let: calls::declared_by_let(&source),
        overwritten: source.body.writes(),
        store: None,
        scopes: Vec::new(),
        versions: HashMap::new(),
        bars: HashMap::new(),
        names,
        numbers: HashMap::new(),
        wanted: HashMap::new(),
        copies: HashMap::new(),
        options,
    };
    let bars = b.parameters(active_params);
    b.new_store();
    let mut tree = Walk::run(&mut b);
    b.grow_activity();
    b.adjoints(&mut tree);
    if options.switches.shared {
        shared::run(&b, &mut tree);
    }
    let seed = b.seed();
    let result = b.versioned_result(&tree);
    let mut result_adjoint = Vec::new();
    if let (Some(seed), Some(result)) = (seed, &result) {
        let seed = Expr::var(seed, &b.out.vars, result.span);
        b.propagate(result, seed, None, &mut result_adjoint);
    }
    // Which loops can be fused, and which have to run again, shows only when it is known what has
    // to be kept and put back.
    let mut choice = fuse::Choice::default();
    loop {
        let (mut b, mut tree) = (b.clone(), tree.clone());
        let mut result_adjoint = result_adjoint.clone();
        fuse::run(&mut b, &mut tree, &mut result_adjoint, &choice);
        let folded = fold::run(&mut b, &mut tree, &mut result_adjoint);
        let plan = plan::run(&mut b, &mut tree, &result_adjoint, &folded);
        if choice.is_final(&b, &tree, &plan) {
            return assemble::run(b, tree, result_adjoint, folded, plan, seed, bars, has_effects);
        }
    }
}

/// `wanted`, or with the next number that is not taken; enters it into `taken`.
fn unused_name(
    wanted: &str,
    taken: &mut HashSet<String>,
    numbers: &mut HashMap<String, u32>,
) -> String {
    if taken.insert(wanted.to_string()) {
        return wanted.to_string();
    }
    let n = numbers.entry(wanted.to_string()).or_insert(1);
    loop {
        *n += 1;
        let text = format!("{wanted}_{n}");
        if taken.insert(text.clone()) {
            return text;
        }
    }
}

impl Builder<'_> {
    /// Whether the place is a slice, whose content is copied and put back in place.
    fn is_slice(&self, place: &Place) -> bool {
        matches!(place.proj.last(), Some(Proj::Slice { .. }))
            || place.is_whole()
                && matches!(self.out.vars[place.base.0 as usize].ty.peel(), Ty::Slice(_))
    }

    /// The user's variable behind a version.
    pub fn origin(&self, var: VarId) -> VarId {
        match self.versions.get(&var) {
            Some(version) => version.var,
            None => var,
        }
    }

    /// A new variable with a name not used in this function yet.
    pub fn fresh(&mut self, wanted: &str, ty: Ty, mutable: bool, role: Role) -> VarId {
        let text = unused_name(wanted, &mut self.names, &mut self.numbers);
        let id = VarId(self.out.vars.len() as u32);
        self.wanted.insert(id.0, wanted.to_string());
        self.out.vars.push(Var {
            name: crate::names::ident(&text, proc_macro2::Span::mixed_site()),
            ty,
            mutable,
            role,
        });
        id
    }

    fn version_of(&mut self, var: VarId) -> VarId {
        let name = adjoint::plain(&self.out.vars[var.0 as usize].name);
        let ty = self.out.vars[var.0 as usize].ty.clone();
        let id = self.fresh(&name, ty, false, Role::Temp);
        self.activity.set(id, self.activity.var(var));
        id
    }

    fn pseudo_version(&mut self, name: &str, ty: Ty, scope: ScopeId, at: usize, def: Def) -> VarId {
        let var = self.fresh(name, ty, false, Role::Temp);
        self.versions.insert(var, Version { var, scope, at, def });
        var
    }

    /// Whether the variable is a `&mut` parameter.
    fn is_lent_by_caller(&self, var: VarId) -> bool {
        let var = self.origin(var);
        let is_param = self.source.params.contains(&var);
        is_param && matches!(self.source.var(var).ty, Ty::Ref { mutable: true, .. })
    }

    fn is_memory(&self, var: VarId) -> bool {
        self.memory.get(var.0 as usize).copied().unwrap_or(false)
    }

    fn grow_activity(&mut self) {
        self.memory.resize(self.out.vars.len(), false);
    }

    /// Adjoint buffers of the parameters.
    fn parameters(&mut self, active: &[bool]) -> Vec<Option<VarId>> {
        let params = self.source.params.clone();
        let written = self.source.body.writes();
        let mut bars = Vec::new();
        for (param, active) in params.iter().zip(active) {
            if !active {
                bars.push(None);
                continue;
            }
            let var = self.source.var(*param).clone();
            let name = format!("{}_bar", adjoint::plain(&var.name));
            let owned = adjoint::owned_tangent(&var.ty);
            if self.options.split && self.options.calls != Calls::Handed {
                let bar = self.fresh(&name, owned, true, Role::Adjoint(*param));
                self.bars.insert(*param, bar);
                bars.push(Some(bar));
                continue;
            }
            let by_reference = matches!(var.ty, Ty::Ref { .. });
            let whole_vec = matches!(
                &var.ty,
                Ty::Ref { mutable: true, inner } if matches!(**inner, Ty::Vec(_))
            );
            let buffer = match owned {
                Ty::Vec(item) if !whole_vec => Ty::Slice(item),
                ty => ty,
            };
            let ty = Ty::Ref { mutable: true, inner: Box::new(buffer) };
            let bar = self.fresh(&name, ty, false, Role::Param);
            self.out.derivatives.push((bar, *param));
            // A by-value parameter that is overwritten has an adjoint of its own, added to the
            // caller's at the end.
            if by_reference || !written.contains(param) {
                self.bars.insert(*param, bar);
            }
            bars.push(Some(bar));
        }
        bars
    }

    fn seed(&mut self) -> Option<VarId> {
        let ty = match self.source.result_ty {
            Ty::Unit => return None,
            ref ty => adjoint::owned_tangent(ty),
        };
        let role = Role::Param;
        let seed = self.fresh("result_bar", ty, false, role);
        self.out.derivatives.push((seed, seed));
        self.activity.set(seed, true);
        Some(seed)
    }

    fn versioned_result(&self, tree: &Tree) -> Option<Expr> {
        let mut result = self.source.result.clone()?;
        result.rename_reads(&|v| tree.end.get(&v).copied().unwrap_or(v));
        Some(result)
    }

    /// Adjoints of all statements, and of the active bindings of patterns.
    fn adjoints(&mut self, tree: &mut Tree) {
        let scope = tree.scope;
        for (i, node) in tree.nodes.iter_mut().enumerate() {
            self.leaf_adjoint(node, scope, i + 1);
            for inner in &mut node.blocks {
                self.adjoints(inner);
            }
        }
    }
}

/// Whether the function contains anything that could be an effect: opaque statements, calls of
/// functions that may print.
fn has_effects(f: &Function) -> bool {
    let mut found = false;
    f.body.walk(&mut |stmt| {
        found |= matches!(stmt.kind, StmtKind::Opaque { .. });
        for e in stmt.kind.exprs() {
            e.walk(&mut |e| match &e.kind {
                ExprKind::Call(_) => found = true,
                ExprKind::Opaque(o) => found |= !o.pure_,
                _ => {}
            });
        }
    });
    found
}
