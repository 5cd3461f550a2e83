//! New variables with readable names, each name once a function.

use crate::ir::*;
use proc_macro2::Span;
use std::collections::HashMap;

/// The names a function uses. Like [`Function::fresh`], but in constant time.
#[derive(Clone)]
pub struct Names {
    taken: HashMap<String, u32>,
}

impl Names {
    pub fn of(f: &Function) -> Self {
        let taken = f.vars.iter().map(|v| (v.name.to_string(), 1)).collect();
        Names { taken }
    }

    /// A new variable of `f`; its name is `wanted`, with a number if that is taken.
    pub fn fresh(
        &mut self,
        f: &mut Function,
        wanted: &str,
        ty: Ty,
        mutable: bool,
        role: Role,
    ) -> VarId {
        let name = self.name(wanted);
        let id = VarId(f.vars.len() as u32);
        f.vars.push(Var {
            name: crate::names::ident(&name, Span::mixed_site()),
            ty,
            mutable,
            role,
        });
        id
    }

    fn name(&mut self, wanted: &str) -> String {
        let Some(count) = self.taken.get_mut(wanted) else {
            self.taken.insert(wanted.to_string(), 1);
            return wanted.to_string();
        };
        let mut n = *count;
        let text = loop {
            n += 1;
            let text = format!("{wanted}_{n}");
            if !self.taken.contains_key(&text) {
                break text;
            }
        };
        self.taken.insert(wanted.to_string(), n);
        self.taken.insert(text.clone(), 1);
        text
    }
}

/// The variable's name without the `r#` of a raw identifier.
pub fn plain(var: &Var) -> String {
    let text = var.name.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_string()
}

/// A name for a variable that holds the value of `e`: `sin_x`, `exp`, `rhs_value`, `quotient`.
pub fn describe(e: &Expr, vars: &[Var]) -> String {
    match &e.kind {
        ExprKind::Intrinsic(name, args) => match args.as_slice() {
            [Expr { kind: ExprKind::Read(place), .. }] if place.is_whole() => {
                format!("{name}_{}", plain(&vars[place.base.0 as usize]))
            }
            _ => (*name).to_string(),
        },
        ExprKind::Call(call) => {
            let last = call.path.segments.last().map(|s| s.ident.to_string());
            let last = last.unwrap_or_default();
            let last = last.strip_prefix("r#").unwrap_or(&last).to_string();
            // Not the bare name, which would hide the function.
            if last.is_empty() { "value".to_string() } else { format!("{last}_value") }
        }
        ExprKind::Binary(op, ..) => match op {
            BinOp::Add => "sum",
            BinOp::Sub => "difference",
            BinOp::Mul => "product",
            BinOp::Div => "quotient",
            BinOp::Rem => "remainder",
            _ => "value",
        }
        .to_string(),
        ExprKind::Neg(_) => "negative".to_string(),
        ExprKind::Cast(..) => "cast".to_string(),
        ExprKind::ZeroLike(_) => "zero".to_string(),
        _ => "value".to_string(),
    }
}
