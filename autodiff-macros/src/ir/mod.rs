//! The intermediate representation: a structured, alpha-renamed core of Rust.
//!
//! Lowering produces it from the user's function, both transformations map it to itself, and
//! emission prints it. What the normal form guarantees (the verifier checks what it can):
//!
//! * every binding is one [`VarId`]; shadowing is gone. Aliases (`let r = &mut a[i]`, iterator
//!   items, `split_at_mut` halves) are replaced by the places they stand for;
//! * no `return`, `break` or `continue`: they became branches and the `exit` flag of a loop;
//! * block-like values (`if`, `match`, blocks as expressions) became statements that assign a
//!   variable; what is left in an [`Expr`] is free of effects, but for a [`ExprKind::Call`] or an
//!   [`ExprKind::Opaque`] which stand only as a whole initialiser, assigned value or
//!   [`StmtKind::Eval`] when they write anything;
//! * index expressions, bounds and conditions are inactive by construction.

mod opaque;
#[cfg(test)]
pub mod print;
#[cfg(debug_assertions)]
pub mod verify;
pub mod visit;

use proc_macro2::{Ident, Span, TokenStream};

/// A variable of one [`Function`]: an index into [`Function::vars`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct VarId(pub u32);

/// What is known of a variable.
#[derive(Clone, Debug)]
pub struct Var {
    /// As printed; no two variables whose scopes overlap share the text of their name.
    pub name: Ident,
    pub ty: Ty,
    /// Declared `mut` (a by-value parameter too).
    pub mutable: bool,
    pub role: Role,
}

/// Why a variable exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Parameter of the function, the user's or a generated one (`x_bar`, `x_dot`, seed).
    Param,
    /// A binding of the user's.
    Local,
    /// Introduced by lowering or a pass.
    Temp,
    /// Introduced by the reverse transformation: adjoint of another variable.
    Adjoint(VarId),
    /// Introduced by the forward transformation: tangent of another variable.
    Tangent(VarId),
    /// `private::Store`, on which calls keep what their reverse needs.
    Store,
    /// `private::Tape` (growing) or, with `once`, `private::Slot` (at most one entry).
    Tape { once: bool },
    /// `private::Lists`: old contents of lists, one behind the other.
    Lists,
    /// `private::Buffer`: what a loop saves, by trip; a list otherwise.
    Buffer,
}

/// Types as far as syntax tells them. `Unknown` is always allowed: rustc infers the rest.
#[derive(Clone, PartialEq, Debug)]
pub enum Ty {
    Float(FloatTy),
    /// Any integer type, `bool`, `char`, `str`, `String`, ranges of them, or a value that cannot
    /// carry a derivative for another reason. The tokens are the type, where it is known.
    Discrete(Option<String>),
    /// `[T; N]`, the length as written.
    Array(Box<Ty>, TokensEq),
    /// `[T]`, behind a reference.
    Slice(Box<Ty>),
    Vec(Box<Ty>),
    Tuple(Vec<Ty>),
    Ref {
        mutable: bool,
        inner: Box<Ty>,
    },
    /// A named type that the macro does not know, as written.
    Named(TokensEq),
    Unit,
    Unknown,
}

/// A floating-point type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FloatTy {
    F32,
    F64,
    /// A type parameter bounded by `Real`.
    Param(String),
    /// A float whose width rustc infers (an unsuffixed literal's).
    Some,
}

/// Tokens compared by their text.
#[derive(Clone, Debug)]
pub struct TokensEq(pub TokenStream);

impl PartialEq for TokensEq {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}

/// A function in normal form.
#[derive(Clone, Debug)]
pub struct Function {
    /// For printing the IR.
    #[cfg_attr(not(test), expect(dead_code))]
    pub name: Ident,
    pub vars: Vec<Var>,
    pub params: Vec<VarId>,
    /// Nested items (`const`, `use`, nested `fn` with what was generated for them), verbatim.
    pub items: Vec<TokenStream>,
    pub body: Block,
    /// The value, evaluated after `body`; `None` for `()`.
    pub result: Option<Expr>,
    pub result_ty: Ty,
    /// Whether a type parameter is bounded by `Real`: then constants made by the compiler are
    /// printed as `Real::of(2.0)` unless their type is known to be f32 or f64.
    pub generic_float: bool,
    /// Parameters behind `&mut` whose final state nobody reads (of a reverse sweep without value).
    pub scratch: Vec<VarId>,
    /// Parameters that are adjoints or tangents, and of which others (the seed of itself): sums
    /// into them may be rearranged, the user's own may not.
    pub derivatives: Vec<(VarId, VarId)>,
}

#[derive(Clone, Default, Debug)]
pub struct Block {
    pub stmts: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

/// A memory location: a variable and a path into it.
#[derive(Clone, Debug)]
pub struct Place {
    pub base: VarId,
    pub proj: Vec<Proj>,
}

#[derive(Clone, Debug)]
pub enum Proj {
    /// `*`; printed as a prefix only where auto-deref does not do it.
    Deref,
    /// `.0` or `.name`
    Field(syn::Member),
    /// `[i]`
    Index(Box<Expr>),
    /// `[lo..hi]`; either bound may be missing. Never followed by `Index` or `Slice`: lowering
    /// adds the offsets up (`v[lo..][i]` is `v[lo + i]`).
    Slice { lo: Option<Box<Expr>>, hi: Option<Box<Expr>> },
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Ty,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A literal or a path to a constant, as written; reads no variable.
    Lit(TokenStream),
    /// A float constant made by the compiler.
    Const(f64),
    /// Copy of, or move out of, a place.
    Read(Place),
    Neg(Box<Expr>),
    Not(Box<Expr>),
    /// Arithmetic on floats or integers; comparisons and logic give bools. `&&` and `||` keep
    /// their short circuit: their operands are free of effects.
    Binary(BinOp, Box<Expr>, Box<Expr>),
    /// A function of the rule table, by the table's name (`"sin"`, `"powi"`, `"max"`).
    Intrinsic(&'static str, Vec<Expr>),
    /// `e as T`
    Cast(Box<Expr>, TokensEq),
    Call(Call),
    Tuple(Vec<Expr>),
    /// `[a, b, c]`, or with `vec` `vec![a, b, c]`.
    List {
        items: Vec<Expr>,
        vec: bool,
    },
    /// `[e; n]`, or with `vec` `vec![e; n]`.
    Repeat {
        item: Box<Expr>,
        len: Box<Expr>,
        vec: bool,
    },
    /// `&place` or `&mut place` as a value or an argument.
    Ref {
        mutable: bool,
        place: Place,
    },
    /// `place.clone()`, `place.to_vec()`, `place.to_owned()`: an owned copy. With `vec` the copy is
    /// a `Vec` (`to_vec`).
    Clone {
        place: Place,
        vec: bool,
    },
    /// `place.len()`: reads the shape only.
    Len(Place),
    /// `autodiff::stop_gradient(e)`: the value of `e`, without its derivative.
    Stop(Box<Expr>),
    /// A zero of the tangent type, shaped like the place: `zero_tangent(&place)`. Reads the shape
    /// only.
    ZeroLike(Place),
    /// Any other Rust. Allowed where it is inactive; an error (of lowering's wording) where not.
    Opaque(Opaque),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
}

/// A call of a function that should be differentiable, through its companion unless `Primal`.
#[derive(Clone, Debug)]
pub struct Call {
    /// As written, without the arguments: `m::g`, `g::<3>`.
    pub path: syn::Path,
    pub mode: Mode,
    pub args: Vec<Arg>,
    /// What to say if the call turns out to be active and cannot be differentiated (a method, a
    /// call of a local closure). `None`: it can be, if the callee is `#[differentiable]`.
    pub refuse: Option<String>,
}

/// Which function of the companion is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The user's function itself: `g(…)`.
    Primal,
    /// Its value without its effects: `g::value(…)`.
    Value,
    /// Its reverse sweep without value and effects: `g::back(p…, seed, p̄…)` (no seed for `()`),
    /// one adjoint slot for every parameter. After `n` forward transformations of that
    /// (`Back(n)`), the tangents of all arguments follow, in order.
    Back(u8),
    /// As `Back`, of a call whose value nobody uses: no seed, whatever the type of the value
    /// (`g::back_unused(p…, p̄…)`).
    BackUnused(u8),
    /// `g::forward(p…, &mut store)`: as `Primal`, and keeps on the store what `Reverse` takes.
    Forward,
    /// `g::reverse(p…, seed, p̄…, &mut store)`: as `Back(0)`, after `Forward`.
    Reverse,
    /// As `Reverse`, of a call whose value nobody uses.
    ReverseUnused,
    /// Takes the value of an earlier call from the store, whose type only the callee's signature
    /// tells: `store.pop_like(|a, b| g::value(a, b))`. Of the arguments after the store only the types
    /// count.
    Taken,
    /// `n` forward transformations of `g::value`, without effects: `g::value_jvp(p…, ṗ…)`.
    ValueJvp(u8),
    /// `n` forward transformations of `g` itself: `g::jvp(p…, ṗ…)`, one tangent slot for every
    /// parameter.
    Jvp(u8),
}

#[derive(Clone, Debug)]
pub enum Arg {
    Expr(Expr),
    /// An adjoint slot whose content nobody wants: `private::Discard`.
    Discard,
    /// A zero tangent: `private::Zero`.
    Zero,
}

/// Rust that the compiler does not look into.
#[derive(Clone, Debug)]
pub struct Opaque {
    /// The user's tokens. Identifiers that name one of `reads`/`writes`/`declares` are replaced by
    /// that variable's current name when printed.
    pub tokens: TokenStream,
    /// Variables whose content is read, with the identifier they have in `tokens`.
    pub reads: Vec<(String, VarId)>,
    /// Variables that may be written (assignment, `&mut`, a method that may take `&mut self`);
    /// also listed in `reads` unless wholly overwritten.
    pub writes: Vec<(String, VarId)>,
    /// Evaluating it twice, or not at all, makes no difference: no calls of unknown functions, no
    /// macros. Only such an expression may be recomputed.
    pub pure_: bool,
    /// The message at the span of the construct, should it turn out to be active.
    pub refuse: String,
}

// Statements are few and short-lived.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `let x = init;` or, deferred, `let x;`. A deferred variable that is assigned on several
    /// paths through flags has a default value as `init` instead.
    Let {
        var: VarId,
        init: Option<Expr>,
    },
    /// `let (a, _, c) = init;` with `init` a call or another expression that is no `Tuple`.
    LetTuple {
        vars: Vec<Option<VarId>>,
        init: Expr,
    },
    /// `place = value;`
    Assign {
        place: Place,
        value: Expr,
    },
    /// `place += value;`, with `Add`, `Sub`, `Mul`, `Div`, `Rem` (and the integer operators).
    Update {
        place: Place,
        op: BinOp,
        value: Expr,
    },
    /// `e;`: a call of `()`.
    Eval(Expr),
    If {
        cond: Expr,
        then: Block,
        other: Block,
    },
    /// Arms are tried in order. Patterns and guards are verbatim and bind `bindings` of the arm;
    /// an active binding is given by its place inside the scrutinee (which then is `Read` of a
    /// variable), so that it can be assigned its adjoint.
    Match {
        scrutinee: Expr,
        arms: Vec<Arm>,
    },
    /// `for index in lo..hi { body; if exit { break; } }`
    For {
        index: VarId,
        range: Range,
        body: Block,
        exit: Option<VarId>,
    },
    /// `for pat in iter { body; if exit { break; } }` over something inactive that is no range.
    ForEach {
        pat: TokenStream,
        bindings: Vec<(String, VarId)>,
        iter: Expr,
        body: Block,
        exit: Option<VarId>,
    },
    /// `while cond { body; if exit { break; } }`; `loop` has the condition `true`.
    While {
        cond: Expr,
        body: Block,
        exit: Option<VarId>,
    },
    /// Exchanges two places of the same type (`mem::swap`, `slice.swap`).
    Swap(Place, Place),
    /// `vec.push(value)`
    VecPush {
        vec: Place,
        value: Expr,
    },
    /// `slice.fill(value)`
    Fill {
        place: Place,
        value: Expr,
    },
    /// `to.copy_from_slice(from)`, `to.clone_from_slice(from)`
    CopyFrom {
        to: Place,
        from: Place,
    },
    /// A statement that the compiler does not look into; `declares` are the variables it binds
    /// for the rest of the block.
    Opaque {
        opaque: Opaque,
        declares: Vec<(String, VarId)>,
    },

    // What transformations add.
    /// `accumulate(&mut to, value)`: addition of tangents of any shape. Scalars use `Update`.
    /// `value` is a tangent or a reference to one.
    Accumulate {
        to: Place,
        value: Expr,
    },
    /// Sets a tangent or adjoint of any shape to zero in place. Scalars use `Assign`.
    SetZero(Place),
    /// `let mut tape = Tape::new();` (or `Once::new()`, `Lists::new()`)
    NewTape {
        tape: VarId,
        /// How many lists will come (`Lists::expecting(n)`), where that is known by then.
        expected: Option<Expr>,
    },
    /// `tape.push((values…))`; one value goes without a tuple.
    Push {
        tape: VarId,
        values: Vec<Expr>,
    },
    /// `let (vars…) = tape.pop();` panics if empty, which only a defect of the compiler can cause.
    Pop {
        tape: VarId,
        vars: Vec<VarId>,
    },
    /// `while let Some((vars…)) = tape.try_pop() { body }`
    WhilePop {
        tape: VarId,
        vars: Vec<VarId>,
        body: Block,
    },
    /// `tape.push(&from)`: the content of a list of numbers goes on top of the others.
    PushList {
        tape: VarId,
        from: Place,
    },
    /// `tape.pop_into(&mut to)`: puts back what `PushList` saved last, of the same place. A `Vec`
    /// gets its length back too.
    PopList {
        tape: VarId,
        to: Place,
    },
    /// `vec.pop()` of an adjoint or restored buffer, the value bound if wanted. Never empty.
    VecPop {
        vec: Place,
        into: Option<VarId>,
    },
    /// `same_len("x", x.len(), x_bar.len())`, printed at the head of functions with buffers; the
    /// places are compared at every level of nesting.
    SameShape {
        primal: VarId,
        other: VarId,
    },
}

/// An arm of a `match`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Verbatim, with its bindings' identifiers.
    pub pat: TokenStream,
    pub bindings: Vec<Binding>,
    pub guard: Option<Opaque>,
    pub body: Block,
}

/// A binding of a pattern.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The identifier in the pattern's tokens.
    pub ident: String,
    pub var: VarId,
    /// Where in the scrutinee's variable it comes from; `None` if not known (then the binding has
    /// to be inactive).
    pub place: Option<Place>,
}

/// `lo..hi`, `lo..=hi`, reversed, stepped.
#[derive(Clone, Debug)]
pub struct Range {
    pub lo: Expr,
    pub hi: Expr,
    pub inclusive: bool,
    pub step: Option<Expr>,
    /// `.rev()`, applied after the step.
    pub rev: bool,
    /// `trips_rev(range, n)`: the first `n` values of the range (reversed if `rev` says so) in
    /// opposite order, for the reverse of a loop that was left early.
    pub trips: Option<Expr>,
}

/// `u8` to `u128`, `i8` to `i128`, `usize`, `isize`.
pub fn is_integer_name(name: &str) -> bool {
    let size = |rest: &str| matches!(rest, "8" | "16" | "32" | "64" | "128" | "size");
    name.strip_prefix(['u', 'i']).is_some_and(size)
}

/// An integer of whatever type it is wanted as.
pub fn is_bare_integer(literal: &TokenStream) -> bool {
    literal.to_string().replace('_', "").parse::<u64>().is_ok()
}
