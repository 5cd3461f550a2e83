//! The IR as text that reads like Rust, for goldens and for looking at.

use super::*;
use quote::ToTokens;
use std::fmt::Write;

/// The whole function, with the types that were inferred.
pub fn function(f: &Function) -> String {
    let mut p = Printer { vars: &f.vars, out: String::new(), depth: 0 };
    let params: Vec<String> =
        f.params.iter().map(|v| format!("{}: {}", p.decl(*v), ty(&f.var(*v).ty))).collect();
    let arrow = match &f.result_ty {
        Ty::Unit => String::new(),
        result => format!(" -> {}", ty(result)),
    };
    let _ = writeln!(p.out, "fn {}({}){arrow} {{", f.name, params.join(", "));
    p.depth = 1;
    p.block(&f.body);
    if let Some(result) = &f.result {
        let text = p.expr(result);
        p.line(&text);
    }
    p.out.push_str("}\n");
    p.out
}

/// A type in Rust, `_` where nothing is known.
pub fn ty(t: &Ty) -> String {
    match t {
        Ty::Float(FloatTy::F32) => "f32".into(),
        Ty::Float(FloatTy::F64) => "f64".into(),
        Ty::Float(FloatTy::Param(name)) => name.clone(),
        Ty::Float(FloatTy::Some) => "{float}".into(),
        Ty::Discrete(Some(name)) => name.clone(),
        Ty::Discrete(None) => "{discrete}".into(),
        Ty::Array(inner, len) => format!("[{}; {}]", ty(inner), len.0),
        Ty::Slice(inner) => format!("[{}]", ty(inner)),
        Ty::Vec(inner) => format!("Vec<{}>", ty(inner)),
        Ty::Tuple(parts) => {
            format!("({})", parts.iter().map(ty).collect::<Vec<_>>().join(", "))
        }
        Ty::Ref { mutable: true, inner } => format!("&mut {}", ty(inner)),
        Ty::Ref { mutable: false, inner } => format!("&{}", ty(inner)),
        Ty::Named(tokens) => tokens.0.to_string(),
        Ty::Unit => "()".into(),
        Ty::Unknown => "_".into(),
    }
}

/// An operator's sign.
pub fn op(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "+",
        BinOp::Sub => "-",
        BinOp::Mul => "*",
        BinOp::Div => "/",
        BinOp::Rem => "%",
        BinOp::Eq => "==",
        BinOp::Ne => "!=",
        BinOp::Lt => "<",
        BinOp::Le => "<=",
        BinOp::Gt => ">",
        BinOp::Ge => ">=",
        BinOp::And => "&&",
        BinOp::Or => "||",
        BinOp::BitAnd => "&",
        BinOp::BitOr => "|",
        BinOp::BitXor => "^",
        BinOp::Shl => "<<",
        BinOp::Shr => ">>",
    }
}

struct Printer<'a> {
    vars: &'a [Var],
    out: String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "    ".repeat(self.depth));
    }

    fn name(&self, var: VarId) -> String {
        self.vars[var.0 as usize].name.to_string()
    }

    fn decl(&self, var: VarId) -> String {
        let v = &self.vars[var.0 as usize];
        format!("{}{}", if v.mutable { "mut " } else { "" }, v.name)
    }

    fn names(&self, vars: &[VarId]) -> String {
        vars.iter().map(|v| self.name(*v)).collect::<Vec<_>>().join(", ")
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
    }

    fn nest(&mut self, block: &Block, exit: Option<VarId>) {
        self.depth += 1;
        self.block(block);
        if let Some(flag) = exit {
            let text = format!("if {} {{ break; }}", self.name(flag));
            self.line(&text);
        }
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let text = match &stmt.kind {
            StmtKind::Let { var, init } => {
                let declared = self.decl(*var);
                let known = ty(&self.vars[var.0 as usize].ty);
                match init {
                    Some(init) => format!("let {declared}: {known} = {};", self.expr(init)),
                    None => format!("let {declared}: {known};"),
                }
            }
            StmtKind::LetTuple { vars, init } => {
                let names: Vec<String> =
                    vars.iter().map(|v| v.map_or("_".into(), |v| self.decl(v))).collect();
                format!("let ({}) = {};", names.join(", "), self.expr(init))
            }
            StmtKind::Assign { place, value } => {
                format!("{} = {};", self.place(place), self.expr(value))
            }
            StmtKind::Update { place, op: o, value } => {
                format!("{} {}= {};", self.place(place), op(*o), self.expr(value))
            }
            StmtKind::Eval(e) => format!("{};", self.expr(e)),
            StmtKind::If { cond, then, other } => {
                let cond = self.expr(cond);
                self.line(&format!("if {cond} {{"));
                self.nest(then, None);
                if !other.stmts.is_empty() {
                    self.line("} else {");
                    self.nest(other, None);
                }
                "}".into()
            }
            StmtKind::Match { scrutinee, arms } => {
                let scrutinee = self.expr(scrutinee);
                self.line(&format!("match {scrutinee} {{"));
                self.depth += 1;
                for arm in arms {
                    let guard =
                        arm.guard.as_ref().map(|g| format!(" if {}", g.tokens)).unwrap_or_default();
                    let places: Vec<String> = arm
                        .bindings
                        .iter()
                        .filter_map(|b| {
                            let place = b.place.as_ref()?;
                            Some(format!("{} = {}", self.name(b.var), self.place(place)))
                        })
                        .collect();
                    let places = if places.is_empty() {
                        String::new()
                    } else {
                        format!(" /* {} */", places.join(", "))
                    };
                    let text = format!("{}{guard}{places} => {{", arm.pat);
                    self.line(&text);
                    self.nest(&arm.body, None);
                    self.line("}");
                }
                self.depth -= 1;
                "}".into()
            }
            StmtKind::For { index, range, body, exit } => {
                let text = format!("for {} in {} {{", self.name(*index), self.range(range));
                self.line(&text);
                self.nest(body, *exit);
                "}".into()
            }
            StmtKind::ForEach { pat, iter, body, exit, .. } => {
                let text = format!("for {pat} in {} {{", self.expr(iter));
                self.line(&text);
                self.nest(body, *exit);
                "}".into()
            }
            StmtKind::While { cond, body, exit } => {
                let text = format!("while {} {{", self.expr(cond));
                self.line(&text);
                self.nest(body, *exit);
                "}".into()
            }
            StmtKind::Swap(a, b) => format!("swap({}, {});", self.place(a), self.place(b)),
            StmtKind::VecPush { vec, value } => {
                format!("{}.push({});", self.place(vec), self.expr(value))
            }
            StmtKind::Fill { place, value } => {
                format!("{}.fill({});", self.place(place), self.expr(value))
            }
            StmtKind::CopyFrom { to, from } => {
                format!("{}.copy_from_slice({});", self.place(to), self.place(from))
            }
            StmtKind::Opaque { opaque, .. } => format!("opaque! {{ {} }}", opaque.tokens),
            StmtKind::Accumulate { to, value } => {
                format!("accumulate({}, {});", self.place(to), self.expr(value))
            }
            StmtKind::SetZero(place) => format!("set_zero({});", self.place(place)),
            StmtKind::NewTape { tape, expected } => {
                let kind = match self.vars[tape.0 as usize].role {
                    Role::Lists => "Lists",
                    Role::Tape { once: true } => "Once",
                    _ => "Tape",
                };
                match expected {
                    Some(n) => {
                        format!("let {} = {kind}::expecting({});", self.name(*tape), self.expr(n))
                    }
                    None => format!("let {} = {kind}::new();", self.name(*tape)),
                }
            }
            StmtKind::PushList { tape, from } => {
                format!("{}.push(&{});", self.name(*tape), self.place(from))
            }
            StmtKind::PopList { tape, to } => {
                format!("{}.pop_into(&mut {});", self.name(*tape), self.place(to))
            }
            StmtKind::Push { tape, values } => {
                let values: Vec<String> = values.iter().map(|v| self.expr(v)).collect();
                format!("{}.push(({}));", self.name(*tape), values.join(", "))
            }
            StmtKind::Pop { tape, vars } => {
                format!("let ({}) = {}.pop();", self.names(vars), self.name(*tape))
            }
            StmtKind::WhilePop { tape, vars, body } => {
                let text = format!(
                    "while let Some(({})) = {}.try_pop() {{",
                    self.names(vars),
                    self.name(*tape)
                );
                self.line(&text);
                self.nest(body, None);
                "}".into()
            }
            StmtKind::VecPop { vec, into } => match into {
                Some(var) => format!("let {} = {}.pop();", self.name(*var), self.place(vec)),
                None => format!("{}.pop();", self.place(vec)),
            },
            StmtKind::SameShape { primal, other } => {
                format!("same_len({}, {});", self.name(*primal), self.name(*other))
            }
        };
        self.line(&text);
    }

    fn range(&self, range: &Range) -> String {
        let dots = if range.inclusive { "..=" } else { ".." };
        let mut text = format!("{}{dots}{}", self.operand(&range.lo), self.operand(&range.hi));
        let adapted = range.step.is_some() || range.rev || range.trips.is_some();
        if adapted {
            text = format!("({text})");
        }
        if let Some(step) = &range.step {
            let _ = write!(text, ".step_by({})", self.expr(step));
        }
        if range.rev {
            text.push_str(".rev()");
        }
        match &range.trips {
            Some(trips) => format!("trips_rev({text}, {})", self.expr(trips)),
            None => text,
        }
    }

    fn place(&self, place: &Place) -> String {
        let mut text = self.name(place.base);
        for proj in &place.proj {
            text = match proj {
                Proj::Deref => format!("(*{text})"),
                Proj::Field(member) => format!("{text}.{}", member.to_token_stream()),
                Proj::Index(index) => format!("{text}[{}]", self.expr(index)),
                Proj::Slice { lo, hi } => {
                    let bound = |e: &Option<Box<Expr>>| {
                        e.as_ref().map(|e| self.operand(e)).unwrap_or_default()
                    };
                    format!("{text}[{}..{}]", bound(lo), bound(hi))
                }
            };
        }
        text
    }

    /// In parentheses if it is a binary operation.
    fn operand(&self, e: &Expr) -> String {
        let text = self.expr(e);
        if matches!(e.kind, ExprKind::Binary(..) | ExprKind::Cast(..)) {
            format!("({text})")
        } else {
            text
        }
    }

    fn list(&self, items: &[Expr]) -> String {
        items.iter().map(|i| self.expr(i)).collect::<Vec<_>>().join(", ")
    }

    fn expr(&self, e: &Expr) -> String {
        match &e.kind {
            ExprKind::Lit(tokens) => tokens.to_string(),
            ExprKind::Const(value) => format!("{value:?}"),
            ExprKind::Read(place) => self.place(place),
            ExprKind::Neg(inner) => format!("-{}", self.operand(inner)),
            ExprKind::Not(inner) => format!("!{}", self.operand(inner)),
            ExprKind::Binary(o, a, b) => {
                format!("{} {} {}", self.operand(a), op(*o), self.operand(b))
            }
            ExprKind::Intrinsic(name, args) => format!("{name}({})", self.list(args)),
            ExprKind::Cast(inner, to) => format!("{} as {}", self.operand(inner), to.0),
            ExprKind::Call(call) => {
                let path = call.path.to_token_stream().to_string().replace(' ', "");
                let mode = match call.mode {
                    Mode::Primal => String::new(),
                    Mode::Value => "::value".into(),
                    Mode::Forward => "::forward".into(),
                    Mode::Reverse => "::reverse".into(),
                    Mode::ReverseUnused => "::reverse_unused".into(),
                    Mode::Taken => "::taken".into(),
                    Mode::BackUnused(0) => "::back_unused".into(),
                    Mode::BackUnused(n) => format!("::back_unused_jvp{n}"),
                    Mode::Back(0) => "::back".into(),
                    Mode::Back(1) => "::back_jvp".into(),
                    Mode::Back(n) => format!("::back_jvp{n}"),
                    Mode::ValueJvp(1) => "::value_jvp".into(),
                    Mode::ValueJvp(n) => format!("::value_jvp{n}"),
                    Mode::Jvp(1) => "::jvp".into(),
                    Mode::Jvp(n) => format!("::jvp{n}"),
                };
                let args: Vec<String> = call
                    .args
                    .iter()
                    .map(|arg| match arg {
                        Arg::Expr(e) => self.expr(e),
                        Arg::Discard => "Discard".into(),
                        Arg::Zero => "Zero".into(),
                    })
                    .collect();
                format!("{path}{mode}({})", args.join(", "))
            }
            ExprKind::Tuple(items) if items.len() == 1 => format!("({},)", self.list(items)),
            ExprKind::Tuple(items) => format!("({})", self.list(items)),
            ExprKind::List { items, vec } => {
                format!("{}[{}]", if *vec { "vec!" } else { "" }, self.list(items))
            }
            ExprKind::Repeat { item, len, vec } => {
                let vec = if *vec { "vec!" } else { "" };
                format!("{vec}[{}; {}]", self.expr(item), self.expr(len))
            }
            ExprKind::Ref { mutable, place } => {
                format!("&{}{}", if *mutable { "mut " } else { "" }, self.place(place))
            }
            ExprKind::Clone { place, vec } => {
                let method = if *vec { "to_vec" } else { "clone" };
                format!("{}.{method}()", self.place(place))
            }
            ExprKind::Len(place) => format!("{}.len()", self.place(place)),
            ExprKind::Stop(inner) => format!("stop_gradient({})", self.expr(inner)),
            ExprKind::ZeroLike(place) => format!("zero_like({})", self.place(place)),
            ExprKind::Opaque(opaque) => format!("opaque!({})", opaque.tokens),
        }
    }
}
