//! Expressions, with no parentheses but those that are needed.

use super::Emitter;
use crate::ir::*;
use crate::rules;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// How tightly an expression binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    Any,
    Or,
    And,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Add,
    Mul,
    Cast,
    Unary,
    Atom,
}

pub struct Printed {
    pub tokens: TokenStream,
    pub level: Level,
}

impl Printed {
    fn atom(tokens: TokenStream) -> Printed {
        Printed { tokens, level: Level::Atom }
    }

    /// In parentheses unless it binds at least so tightly.
    pub fn at(self, level: Level) -> TokenStream {
        let tokens = self.tokens;
        if self.level >= level { tokens } else { quote!((#tokens)) }
    }
}

impl Level {
    fn next(self) -> Level {
        match self {
            Level::Any => Level::Or,
            Level::Or => Level::And,
            Level::And => Level::Compare,
            Level::Compare => Level::BitOr,
            Level::BitOr => Level::BitXor,
            Level::BitXor => Level::BitAnd,
            Level::BitAnd => Level::Shift,
            Level::Shift => Level::Add,
            Level::Add => Level::Mul,
            Level::Mul => Level::Cast,
            Level::Cast => Level::Unary,
            Level::Unary | Level::Atom => Level::Atom,
        }
    }
}

impl Emitter<'_> {
    pub fn expr(&self, e: &Expr) -> TokenStream {
        self.print(e).tokens
    }

    pub(super) fn at(&self, e: &Expr, level: Level) -> TokenStream {
        self.print(e).at(level)
    }

    /// Before the `{` of `if`, `while`, `match`, where a struct literal would end it.
    pub(super) fn condition(&self, e: &Expr) -> TokenStream {
        let mut braces = false;
        e.walk(&mut |e| {
            if let ExprKind::Opaque(Opaque { tokens, .. }) | ExprKind::Lit(tokens) = &e.kind {
                braces |= tokens.clone().into_iter().any(|token| is_brace(&token));
            }
        });
        if braces {
            let tokens = self.expr(e);
            return quote!((#tokens));
        }
        self.expr(e)
    }

    pub(super) fn print(&self, e: &Expr) -> Printed {
        match &e.kind {
            ExprKind::Lit(tokens) => literal(tokens),
            ExprKind::Const(value) => self.constant(*value, &e.ty),
            ExprKind::Read(place) => self.place(place),
            ExprKind::Neg(inner) => {
                let inner = self.at(inner, Level::Unary);
                Printed { tokens: quote_spanned!(at(e.span)=> -#inner), level: Level::Unary }
            }
            ExprKind::Not(inner) => {
                let inner = self.at(inner, Level::Unary);
                Printed { tokens: quote_spanned!(at(e.span)=> !#inner), level: Level::Unary }
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, e.span),
            ExprKind::Intrinsic(name, args) => self.intrinsic(name, args, e),
            ExprKind::Cast(inner, ty) => {
                let (inner, ty) = (self.at(inner, Level::Cast), &ty.0);
                Printed { tokens: quote!(#inner as #ty), level: Level::Cast }
            }
            ExprKind::Call(call) => Printed::atom(self.call(call, e.span)),
            ExprKind::Tuple(items) => {
                let items: Vec<_> = items.iter().map(|item| self.expr(item)).collect();
                Printed::atom(match items.as_slice() {
                    [single] => quote!((#single,)),
                    _ => quote!((#(#items),*)),
                })
            }
            ExprKind::List { items, vec } => {
                let items = items.iter().map(|item| self.expr(item));
                Printed::atom(match vec {
                    true => quote!(::std::vec![#(#items),*]),
                    false => quote!([#(#items),*]),
                })
            }
            ExprKind::Repeat { item, len, vec } => {
                let (item, len) = (self.expr(item), self.expr(len));
                Printed::atom(match vec {
                    true => quote!(::std::vec![#item; #len]),
                    false => quote!([#item; #len]),
                })
            }
            ExprKind::Ref { mutable, place } => self.reference(*mutable, place, true),
            ExprKind::Clone { place, vec } => {
                let receiver = self.receiver_place(place);
                Printed::atom(if *vec {
                    quote!(#receiver.to_vec())
                } else {
                    self.needs_prelude();
                    quote!(#receiver.clone())
                })
            }
            ExprKind::Len(place) => {
                let receiver = self.receiver_place(place);
                Printed::atom(quote!(#receiver.len()))
            }
            ExprKind::Stop(inner) => self.print(inner),
            ExprKind::ZeroLike(place) => {
                let zero_like = self.context.paths.private("zero_like");
                let place = self.reference(false, place, false).tokens;
                Printed::atom(quote!(#zero_like(#place)))
            }
            ExprKind::Opaque(opaque) => self.opaque_expr(opaque),
        }
    }

    /// Constants of the compiler's. In generic functions the literal has to become a `T`.
    fn constant(&self, value: f64, ty: &Ty) -> Printed {
        if let Ty::Discrete(_) = ty {
            return number(Literal::i64_unsuffixed(value.abs() as i64), value < 0.0);
        }
        if !value.is_finite() {
            let float = match ty {
                Ty::Float(FloatTy::F32) => "f32",
                _ => "f64",
            };
            let float = Ident::new(float, Span::call_site());
            let (name, negative) =
                if value.is_nan() { ("NAN", false) } else { ("INFINITY", value < 0.0) };
            let name = Ident::new(name, Span::call_site());
            let path = match self.of(ty) {
                Some(of) => quote!(#of(f64::#name)),
                None => quote!(#float::#name),
            };
            return if negative {
                Printed { tokens: quote!(-#path), level: Level::Unary }
            } else {
                Printed::atom(path)
            };
        }
        let literal = Literal::f64_unsuffixed(value.abs());
        let negative = value.is_sign_negative();
        match self.of(ty) {
            Some(of) => {
                let minus = negative.then(|| quote!(-));
                Printed::atom(quote!(#of(#minus #literal)))
            }
            None => number(literal, negative),
        }
    }

    /// `T::of`, where a float literal does not do.
    fn of(&self, ty: &Ty) -> Option<TokenStream> {
        if !self.f.generic_float {
            return None;
        }
        let name = match ty {
            Ty::Float(FloatTy::F32 | FloatTy::F64) => return None,
            Ty::Float(FloatTy::Param(name)) => Some(name),
            _ => match self.context.reals {
                [single] => Some(single),
                _ => None,
            },
        };
        Some(match name {
            Some(name) => {
                let name = Ident::new(name, Span::call_site());
                quote!(#name::of)
            }
            None => {
                let real = self.context.paths.public("Real");
                quote!(#real::of)
            }
        })
    }

    fn binary(&self, op: BinOp, left: &Expr, right: &Expr, span: Span) -> Printed {
        let level = level_of(op);
        let least = if level == Level::Compare { level.next() } else { level };
        let printed = self.print(left);
        // `a as usize < b` would read the `<` as generic arguments of the type.
        let cast = matches!(op, BinOp::Lt | BinOp::Shl) && ends_in_cast(left);
        let left = if cast { printed.at(Level::Unary) } else { printed.at(least) };
        let right = self.at(right, level.next());
        let op = operator(op, span);
        Printed { tokens: quote!(#left #op #right), level }
    }

    fn intrinsic(&self, name: &str, args: &[Expr], e: &Expr) -> Printed {
        let span = at(e.span);
        if rules::find(name).is_some_and(|rule| rule.free_function) {
            let function = self.context.paths.private_at(name, e.span);
            let args = args.iter().map(|arg| self.expr(arg));
            return Printed::atom(quote!(#function(#(#args),*)));
        }
        let method = Ident::new(name, span);
        let (receiver, rest) = args.split_first().expect("a method has a receiver");
        let rest: Vec<_> = rest.iter().map(|arg| self.expr(arg)).collect();
        if is_untyped(receiver) {
            let float = self.float_of(e, args);
            let receiver = self.expr(receiver);
            return Printed::atom(quote!(#float::#method(#receiver #(, #rest)*)));
        }
        let receiver = self.at(receiver, Level::Atom);
        Printed::atom(quote!(#receiver.#method(#(#rest),*)))
    }

    /// The float type of an intrinsic whose receiver is made of literals only.
    fn float_of(&self, e: &Expr, args: &[Expr]) -> TokenStream {
        let known = std::iter::once(&e.ty).chain(args.iter().map(|arg| &arg.ty));
        for ty in known {
            match ty.peel() {
                Ty::Float(FloatTy::F32) => return quote!(f32),
                Ty::Float(FloatTy::F64) => return quote!(f64),
                Ty::Float(FloatTy::Param(name)) => {
                    return Ident::new(name, Span::call_site()).to_token_stream();
                }
                _ => {}
            }
        }
        match self.context.reals {
            [single] if self.f.generic_float => {
                Ident::new(single, Span::call_site()).to_token_stream()
            }
            _ => quote!(f64),
        }
    }

    fn call(&self, call: &Call, span: Span) -> TokenStream {
        if call.mode == Mode::Taken {
            return self.taken(call, span);
        }
        if let Some(tokens) = self.call_with_parts(call, span) {
            return tokens;
        }
        let args = call.args.iter().map(|arg| match arg {
            Arg::Expr(e) => self.expr(e),
            Arg::Discard => self.context.paths.private("Discard"),
            Arg::Zero => self.context.paths.private("Zero"),
        });
        let function = self.callee(call, span);
        quote!(#function(#(#args),*))
    }

    /// `store.pop_like(|(a, b)| g::value(a, b))`
    fn taken(&self, call: &Call, span: Span) -> TokenStream {
        let mut args = call.args.iter().filter_map(|arg| match arg {
            Arg::Expr(e) => Some(e),
            Arg::Discard | Arg::Zero => None,
        });
        let store = match args.next().map(|e| &e.kind) {
            Some(ExprKind::Ref { place, .. }) => self.name(place.base),
            _ => unreachable!("the store comes first"),
        };
        let types = args.map(|e| e.ty.to_rust().unwrap_or_else(|| quote!(_)));
        let types: Vec<TokenStream> = types.collect();
        let names = (0..types.len()).map(|i| crate::names::local(&format!("arg_{i}")));
        let names: Vec<_> = names.collect();
        let function = self.callee(call, span);
        let value = quote!(#function(#(#names),*));
        match (names.as_slice(), types.as_slice()) {
            ([name], [ty]) => quote!(#store.pop_like(|#name: #ty| #value)),
            _ => quote!(#store.pop_like(|(#(#names),*): (#(#types),*)| #value)),
        }
    }

    /// `m::g` or a function of its companion: `m::g::back`, the generic arguments moved there.
    pub(super) fn callee(&self, call: &Call, span: Span) -> TokenStream {
        let mut name = match call.mode {
            Mode::Primal => return call.path.to_token_stream(),
            Mode::Value => crate::names::local("value"),
            Mode::Forward => crate::names::local("forward"),
            Mode::Reverse => crate::names::local("reverse"),
            Mode::ReverseUnused => crate::names::local("reverse_unused"),
            // For its type.
            Mode::Taken => crate::names::local("value"),
            Mode::Back(times) => crate::names::back(usize::from(times)),
            Mode::BackUnused(times) => crate::names::back_unused(usize::from(times)),
            Mode::Jvp(times) => crate::names::numbered("jvp", usize::from(times)),
            Mode::ValueJvp(times) => crate::names::numbered("value_jvp", usize::from(times)),
        };
        // At the position of the call, so that a callee that is not differentiable, or not often
        // enough, is reported there.
        name.set_span(at(call.path.segments.last().map_or(span, |s| s.ident.span())));
        let mut path = call.path.clone();
        let arguments = path.segments.last_mut().map_or(syn::PathArguments::None, |last| {
            std::mem::replace(&mut last.arguments, syn::PathArguments::None)
        });
        quote!(#path::#name #arguments)
    }

    /// An expression as the argument of `f(&value)`.
    pub(super) fn borrowed(&self, e: &Expr) -> TokenStream {
        match &e.kind {
            ExprKind::Ref { place, .. } => self.reference(false, place, false).tokens,
            ExprKind::Read(place) => self.reference(false, place, false).tokens,
            _ if matches!(e.ty, Ty::Ref { .. }) => self.expr(e),
            _ => {
                let value = self.at(e, Level::Unary);
                quote!(&#value)
            }
        }
    }
}

fn number(literal: Literal, negative: bool) -> Printed {
    if negative {
        Printed { tokens: quote!(-#literal), level: Level::Unary }
    } else {
        Printed::atom(literal.to_token_stream())
    }
}

/// A literal, a path, or another expression without variables.
fn literal(tokens: &TokenStream) -> Printed {
    let level = level_of_tokens(tokens);
    Printed { tokens: tokens.clone(), level }
}

/// How tightly an expression binds that is known as tokens only.
pub(super) fn level_of_tokens(tokens: &TokenStream) -> Level {
    let mut trees = tokens.clone().into_iter();
    if let (Some(_), None) = (trees.next(), trees.next()) {
        return Level::Atom;
    }
    match syn::parse2::<syn::Expr>(tokens.clone()) {
        Ok(e) => level_of_syntax(&e),
        Err(_) => Level::Any,
    }
}

fn level_of_syntax(e: &syn::Expr) -> Level {
    use syn::Expr::*;
    match e {
        Array(_) | Call(_) | Field(_) | Group(_) | Index(_) | Lit(_) | Macro(_) | MethodCall(_)
        | Paren(_) | Path(_) | Tuple(_) | Try(_) | Await(_) | Repeat(_) | Struct(_) => Level::Atom,
        Unary(_) | Reference(_) | RawAddr(_) => Level::Unary,
        Cast(_) => Level::Cast,
        Binary(binary) => match binary.op {
            syn::BinOp::Add(_) | syn::BinOp::Sub(_) => Level::Add,
            syn::BinOp::Mul(_) | syn::BinOp::Div(_) | syn::BinOp::Rem(_) => Level::Mul,
            syn::BinOp::And(_) => Level::And,
            syn::BinOp::Or(_) => Level::Or,
            syn::BinOp::BitXor(_) => Level::BitXor,
            syn::BinOp::BitAnd(_) => Level::BitAnd,
            syn::BinOp::BitOr(_) => Level::BitOr,
            syn::BinOp::Shl(_) | syn::BinOp::Shr(_) => Level::Shift,
            _ => Level::Compare,
        },
        _ => Level::Any,
    }
}

fn level_of(op: BinOp) -> Level {
    match op {
        BinOp::Add | BinOp::Sub => Level::Add,
        BinOp::Mul | BinOp::Div | BinOp::Rem => Level::Mul,
        BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge => Level::Compare,
        BinOp::And => Level::And,
        BinOp::Or => Level::Or,
        BinOp::BitAnd => Level::BitAnd,
        BinOp::BitOr => Level::BitOr,
        BinOp::BitXor => Level::BitXor,
        BinOp::Shl | BinOp::Shr => Level::Shift,
    }
}

pub(super) fn operator(op: BinOp, span: Span) -> TokenStream {
    let span = at(span);
    match op {
        BinOp::Add => quote_spanned!(span=> +),
        BinOp::Sub => quote_spanned!(span=> -),
        BinOp::Mul => quote_spanned!(span=> *),
        BinOp::Div => quote_spanned!(span=> /),
        BinOp::Rem => quote_spanned!(span=> %),
        BinOp::Eq => quote_spanned!(span=> ==),
        BinOp::Ne => quote_spanned!(span=> !=),
        BinOp::Lt => quote_spanned!(span=> <),
        BinOp::Le => quote_spanned!(span=> <=),
        BinOp::Gt => quote_spanned!(span=> >),
        BinOp::Ge => quote_spanned!(span=> >=),
        BinOp::And => quote_spanned!(span=> &&),
        BinOp::Or => quote_spanned!(span=> ||),
        BinOp::BitAnd => quote_spanned!(span=> &),
        BinOp::BitOr => quote_spanned!(span=> |),
        BinOp::BitXor => quote_spanned!(span=> ^),
        BinOp::Shl => quote_spanned!(span=> <<),
        BinOp::Shr => quote_spanned!(span=> >>),
    }
}

/// Whether the last token printed is the type of a cast.
fn ends_in_cast(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Cast(..) => true,
        ExprKind::Binary(_, _, right) => ends_in_cast(right),
        ExprKind::Stop(inner) => ends_in_cast(inner),
        ExprKind::Opaque(opaque) => {
            matches!(syn::parse2(opaque.tokens.clone()), Ok(syn::Expr::Cast(_)))
        }
        _ => false,
    }
}

/// Made of unsuffixed literals and constants only: `{float}` has no methods.
pub(super) fn is_untyped(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Const(_) => true,
        ExprKind::Lit(tokens) => {
            let mut trees = tokens.clone().into_iter();
            match (trees.next(), trees.next()) {
                (Some(TokenTree::Literal(literal)), None) => {
                    let text = literal.to_string();
                    !["f32", "f64"].iter().any(|suffix| text.ends_with(suffix))
                }
                _ => false,
            }
        }
        ExprKind::Neg(inner) | ExprKind::Stop(inner) => is_untyped(inner),
        ExprKind::Binary(_, a, b) => is_untyped(a) && is_untyped(b),
        _ => false,
    }
}

fn is_brace(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace)
}

/// The position of the user's code, without its hygiene.
pub(super) fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}
