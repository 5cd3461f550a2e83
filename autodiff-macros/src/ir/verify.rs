//! Checks what the normal form promises, as far as it can be checked.

use super::*;
use std::collections::HashSet;

/// What is wrong, in the compiler's own terms.
pub fn function(f: &Function) -> Result<(), String> {
    let mut check = Check { f, declared: f.params.iter().copied().collect(), scope: Vec::new() };
    check.scope.push(f.params.iter().copied().collect());
    for stmt in &f.body.stmts {
        check.stmt(stmt)?;
    }
    if let Some(result) = &f.result {
        check.expr(result)?;
    }
    Ok(())
}

struct Check<'a> {
    f: &'a Function,
    declared: HashSet<VarId>,
    scope: Vec<HashSet<VarId>>,
}

impl Check<'_> {
    fn name(&self, var: VarId) -> String {
        self.f.vars.get(var.0 as usize).map_or_else(|| format!("{var:?}"), |v| v.name.to_string())
    }

    fn declare(&mut self, var: VarId) -> Result<(), String> {
        if var.0 as usize >= self.f.vars.len() {
            return Err(format!("{var:?} is not a variable"));
        }
        if !self.declared.insert(var) {
            return Err(format!("`{}` is declared twice", self.name(var)));
        }
        if let Some(scope) = self.scope.last_mut() {
            scope.insert(var);
        }
        Ok(())
    }

    fn in_scope(&self, var: VarId) -> Result<(), String> {
        if self.scope.iter().any(|scope| scope.contains(&var)) {
            return Ok(());
        }
        Err(format!("`{}` is used out of scope", self.name(var)))
    }

    fn inner(&mut self, block: &Block, vars: &[VarId]) -> Result<(), String> {
        self.scope.push(HashSet::new());
        for var in vars {
            self.declare(*var)?;
        }
        for stmt in &block.stmts {
            self.stmt(stmt)?;
        }
        self.scope.pop();
        Ok(())
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<(), String> {
        for expr in stmt.kind.exprs() {
            self.expr(expr)?;
        }
        match &stmt.kind {
            StmtKind::Let { var, .. } | StmtKind::NewTape { tape: var, .. } => {
                self.declare(*var)?
            }
            StmtKind::LetTuple { vars, .. } => {
                for var in vars.iter().flatten() {
                    self.declare(*var)?;
                }
            }
            StmtKind::Pop { vars, .. } => {
                for var in vars {
                    self.declare(*var)?;
                }
            }
            StmtKind::VecPop { vec, into } => {
                self.place(vec)?;
                if let Some(var) = into {
                    self.declare(*var)?;
                }
            }
            StmtKind::Assign { place, .. }
            | StmtKind::Update { place, .. }
            | StmtKind::Fill { place, .. }
            | StmtKind::VecPush { vec: place, .. }
            | StmtKind::Accumulate { to: place, .. }
            | StmtKind::SetZero(place) => self.place(place)?,
            StmtKind::PushList { tape, from: place } | StmtKind::PopList { tape, to: place } => {
                self.in_scope(*tape)?;
                self.place(place)?;
            }
            StmtKind::Swap(a, b) | StmtKind::CopyFrom { to: a, from: b } => {
                self.place(a)?;
                self.place(b)?;
            }
            StmtKind::If { then, other, .. } => {
                self.inner(then, &[])?;
                self.inner(other, &[])?;
            }
            StmtKind::Match { arms, .. } => {
                for arm in arms {
                    let vars: Vec<VarId> = arm.bindings.iter().map(|b| b.var).collect();
                    self.inner(&arm.body, &vars)?;
                }
            }
            StmtKind::For { index, body, exit, .. } => {
                self.exit(*exit)?;
                self.inner(body, &[*index])?;
            }
            StmtKind::ForEach { bindings, body, exit, .. } => {
                self.exit(*exit)?;
                let vars: Vec<VarId> = bindings.iter().map(|b| b.1).collect();
                self.inner(body, &vars)?;
            }
            StmtKind::While { body, exit, .. } => {
                self.exit(*exit)?;
                self.inner(body, &[])?;
            }
            StmtKind::WhilePop { vars, body, .. } => self.inner(body, vars)?,
            StmtKind::Opaque { opaque, declares } => {
                self.opaque(opaque)?;
                for (_, var) in declares {
                    self.declare(*var)?;
                }
            }
            StmtKind::Eval(_) | StmtKind::Push { .. } | StmtKind::SameShape { .. } => {}
        }
        Ok(())
    }

    fn exit(&self, exit: Option<VarId>) -> Result<(), String> {
        exit.map_or(Ok(()), |flag| self.in_scope(flag))
    }

    fn opaque(&self, opaque: &Opaque) -> Result<(), String> {
        let mut result = Ok(());
        opaque.for_each_var(&mut |var| {
            if result.is_ok() {
                result = self.in_scope(var);
            }
        });
        result
    }

    fn place(&self, place: &Place) -> Result<(), String> {
        self.in_scope(place.base)?;
        for pair in place.proj.windows(2) {
            if matches!(pair, [Proj::Slice { .. }, Proj::Index(_) | Proj::Slice { .. }]) {
                return Err(format!("an index after a slice of `{}`", self.name(place.base)));
            }
        }
        for expr in place.exprs() {
            self.expr(expr)?;
        }
        Ok(())
    }

    fn expr(&self, expr: &Expr) -> Result<(), String> {
        let mut result = Ok(());
        expr.walk(&mut |e| {
            if result.is_err() {
                return;
            }
            if let Some(place) = e.own_place() {
                result = self.in_scope(place.base);
            }
            if let ExprKind::Opaque(opaque) = &e.kind {
                result = self.opaque(opaque);
            }
        });
        result
    }
}
