//! Own rules: `vjp = path`, `jvp = path`, `derivative(x = expr, …)`.
//!
//! Whichever is given, every generated function exists. A missing `jvp` is made of pullbacks of the
//! basis vectors of the result, a missing `vjp` of derivatives along those of the parameters.

use super::{Core, Generated, Head, Role, Slot, Wrap, borrow};
use crate::args::Args;
use crate::diagnostics::Diagnostics;
use crate::ir::{Function, Role as VarRole, Ty};
use crate::lower;
use crate::names;
use crate::signature::{Form, Param, Shape, Signature};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

/// What is given of `vjp = …` and `jvp = …`.
struct Own<'a> {
    vjp: Option<&'a syn::Path>,
    jvp: Option<&'a syn::Path>,
}

const OF_RULE: &str = "Of the own rule of {f}.";

impl Wrap<'_> {
    /// Everything generated from a rule; `None` if there is none.
    pub fn own_rule(sig: &Signature, args: &Args, errors: &mut Diagnostics) -> Option<TokenStream> {
        let own = Own { vjp: args.vjp.as_ref(), jvp: args.jvp.as_ref() };
        if own.vjp.is_none() && own.jvp.is_none() {
            return None;
        }
        if sig.order > 2 {
            errors.error(
                sig.name.span(),
                "derivatives of a rule are known to the second order only: give the partials \
                 (`derivative(x = …)`) for more",
            );
        }
        if sig.params.iter().any(|p| p.name.to_string().starts_with("arg_")) {
            errors.error(sig.name.span(), "a function with an own rule has named parameters only");
        }
        let wrap = Wrap::new(sig, false);
        let mut out = Generated::default();
        let function = wrap.signature_as_ir();
        let reverse = wrap.reverse_slots(&function);
        let forward = wrap.forward_slots(&Core::primal(function.clone()));

        out.free.extend(wrap.rule_adjoint(&reverse));
        out.free.extend(match own.vjp {
            Some(path) => wrap.rule_vjp(path),
            None => wrap.vjp_by_back(),
        });
        out.free.extend(wrap.rule_jvp(&own, &forward));
        out.free.extend(wrap.around());

        out.companion.extend(wrap.value(&function));
        out.companion.extend(wrap.needs(&vec![true; sig.params.len()]));
        out.companion.extend(wrap.slotted_with(names::back(0), OF_RULE, &reverse, None, || {
            wrap.rule_back(&own, &reverse)
        }));
        let needs = vec![true; sig.params.len()];
        out.companion.extend(wrap.without_residual(&reverse, &needs, false));
        let jvp = wrap.sibling("jvp");
        out.companion.extend(wrap.forwarding(
            names::numbered("jvp", 1),
            "The value and its derivative along a tangent.",
            &jvp,
            &forward,
            wrap.tower(1),
        ));
        if let (2, Some(path)) = (sig.order, own.jvp) {
            let twice = wrap.forward_slots(&forward);
            out.companion.extend(wrap.slotted_with(
                names::numbered("jvp", 2),
                OF_RULE,
                &twice,
                wrap.tower(2),
                || {
                    let args = twice.arguments();
                    quote!(#path::jvp(#(#args),*))
                },
            ));
            let swept = wrap.forward_slots(&reverse);
            out.companion.extend(wrap.slotted_with(names::back(1), OF_RULE, &swept, None, || {
                wrap.rule_back_jvp(path, &swept)
            }));
        }
        Some(wrap.finish(out))
    }

    fn active_indices(&self) -> impl Iterator<Item = usize> {
        (0..self.sig.params.len()).filter(|i| self.sig.params[*i].active)
    }

    /// The parameters as those of a function without a body.
    fn signature_as_ir(&self) -> Function {
        let mut function = Function {
            name: self.sig.name.clone(),
            vars: Vec::new(),
            params: Vec::new(),
            items: Vec::new(),
            body: Default::default(),
            result: None,
            result_ty: Ty::Unknown,
            generic_float: !self.sig.reals.is_empty(),
            scratch: Vec::new(),
            derivatives: Vec::new(),
        };
        for p in &self.sig.params {
            let var = param_var(&mut function, p.name.clone());
            function.params.push(var);
        }
        function
    }

    fn reverse_slots(&self, function: &Function) -> Core {
        let mut function = function.clone();
        let seed = self.sig.output.ty.as_ref().map(|_| {
            let var = function.fresh("result_bar", Ty::Unknown, false, VarRole::Param);
            function.params.push(var);
            var
        });
        let bars: Vec<_> = self
            .sig
            .params
            .iter()
            .map(|p| {
                p.active.then(|| {
                    let name = format!("{}_bar", p.name.unraw());
                    let var = function.fresh(&name, Ty::Unknown, false, VarRole::Param);
                    function.params.push(var);
                    var
                })
            })
            .collect();
        Core::reverse(function, seed, &bars)
    }

    /// The slots after a forward transformation.
    pub(super) fn forward_slots(&self, core: &Core) -> Core {
        let mut function = core.function.clone();
        let mut slots = core.slots.clone();
        for slot in &core.slots {
            let taken = slot.var.filter(|_| slot.role.is_active(self.sig));
            let var = taken.map(|var| {
                let name = format!("{}_dot", function.var(var).name.unraw());
                let var = function.fresh(&name, Ty::Unknown, false, VarRole::Param);
                function.params.push(var);
                var
            });
            slots.push(Slot { role: slot.role.dot(), var });
        }
        Core { function, slots }
    }

    /// A member of the companion with slots and this body.
    pub(super) fn slotted_with(
        &self,
        name: Ident,
        doc: &str,
        core: &Core,
        output: Option<TokenStream>,
        body: impl FnOnce() -> TokenStream,
    ) -> TokenStream {
        let (params, opening) = self.open_slots(core);
        let doc = self.doc(doc);
        self.member(Head { name, doc, params, output }, || {
            let body = body();
            quote!(#opening #body)
        })
    }

    fn rule_adjoint(&self, core: &Core) -> TokenStream {
        let head = Head {
            name: names::prefixed("adjoint", &self.sig.name),
            doc: self.doc(super::parts::ADJOINT),
            params: core
                .slots
                .iter()
                .filter_map(|slot| {
                    let (name, ty) = (core.name(slot)?, self.plain_type(&slot.role));
                    Some(quote!(#name: #ty))
                })
                .collect(),
            output: self.value_type(),
        };
        self.function(head, || {
            let checks = self.active_indices().filter_map(|i| {
                let bar = core.name_of(&Role::Bar(i));
                self.same_shape(&self.sig.params[i], &quote!(#bar))
            });
            let (name, generics) = (&self.sig.name, self.turbofish());
            let (copies, value) = (self.primal_copies(), self.local("value"));
            let back = self.of_companion(&names::back(0));
            let args = core.arguments_or(&self.private("Discard"));
            quote! {
                #(#checks)*
                let #value = #name #generics(#(#copies),*);
                #back(#(#args),*);
                #value
            }
        })
    }

    fn rule_vjp(&self, path: &syn::Path) -> Option<TokenStream> {
        let head = self.vjp_head()?;
        Some(self.function(head, || {
            let args = self.primal_args();
            quote!(#path(#(#args),*))
        }))
    }

    fn rule_jvp(&self, own: &Own, core: &Core) -> TokenStream {
        let head = Head {
            name: names::prefixed("jvp", &self.sig.name),
            doc: self.doc(super::parts::JVP),
            params: core
                .slots
                .iter()
                .filter_map(|slot| {
                    let (name, ty) = (core.name(slot)?, self.plain_type(&slot.role));
                    Some(quote!(#name: #ty))
                })
                .collect(),
            output: self.tower(1),
        };
        self.function(head, || {
            if let Some(path) = own.jvp {
                let args = core.arguments();
                return quote!(#path(#(#args),*));
            }
            let path = own.vjp.expect("one of them is given");
            let dots: Vec<_> = self
                .active_indices()
                .map(|i| {
                    let dot = core.name_of(&Role::Primal(i).dot());
                    match self.sig.params[i].form {
                        Form::Value => quote!(&#dot),
                        _ => quote!(#dot),
                    }
                })
                .collect();
            let checks = self.sig.active_params().zip(&dots);
            let checks = checks.filter_map(|(p, dot)| self.same_shape(p, dot));
            let [value, value_dot, i, pullback, gradient] =
                ["value", "value_dot", "i", "pullback", "gradient"].map(|name| self.local(name));
            let (basis, zero_like, entry_count, set_entry, inner) = (
                self.private("basis"),
                self.private("zero_like"),
                self.private("entry_count"),
                self.private("set_entry"),
                self.private("inner"),
            );
            let copies = self.primal_copies();
            let parts: Vec<_> = self.components(&gradient);
            quote! {
                #(#checks)*
                let (#value, _) = #path(#(#copies),*);
                let mut #value_dot = #zero_like(&#value);
                for #i in 0..#entry_count(&#value_dot) {
                    let (_, #pullback) = #path(#(#copies),*);
                    let #gradient = #pullback(#basis(&#value, #i));
                    #set_entry(&mut #value_dot, #i, 0.0 #(+ #inner(&#parts, #dots))*);
                }
                (#value, #value_dot)
            }
        })
    }

    /// `gradient` or `gradient.0`, `gradient.1` …
    fn components(&self, gradient: &Ident) -> Vec<TokenStream> {
        match self.sig.active_params().count() {
            1 => vec![quote!(#gradient)],
            n => (0..n)
                .map(|i| {
                    let i = proc_macro2::Literal::usize_unsuffixed(i);
                    quote!(#gradient.#i)
                })
                .collect(),
        }
    }

    fn rule_back(&self, own: &Own, core: &Core) -> TokenStream {
        let seed = core.name_of(&Role::Seed);
        let accumulate = self.private("accumulate");
        let bars = self.active_indices().map(|i| core.name_of(&Role::Bar(i)));
        if let Some(path) = own.vjp {
            let (args, gradient) = (self.primal_args(), self.local("gradient"));
            let parts = self.components(&gradient);
            return quote! {
                let #gradient = #path(#(#args),*).1(#seed);
                #(#accumulate(#bars, &#parts);)*
            };
        }
        let path = own.jvp.expect("one of them is given");
        self.along_basis(|position, delta, args, i| {
            let (set_entry, inner) = (self.private("set_entry"), self.private("inner"));
            let along = self.local("along");
            let bar = core.name_of(&Role::Bar(position));
            (
                quote! {
                    let #along = #path(#(#args),*).1;
                    #set_entry(&mut #delta, #i, #inner(&#along, &#seed));
                },
                quote!(#accumulate(#bar, &#delta);),
            )
        })
    }

    /// For every entry of every active parameter, the arguments of a rule along that entry.
    fn along_basis(
        &self,
        inside: impl Fn(usize, &Ident, &[TokenStream], &Ident) -> (TokenStream, TokenStream),
    ) -> TokenStream {
        let [i, delta] = ["i", "delta"].map(|name| self.local(name));
        let (basis, zero_like, entry_count) =
            (self.private("basis"), self.private("zero_like"), self.private("entry_count"));
        let mut out = TokenStream::new();
        for position in self.active_indices() {
            let p = &self.sig.params[position];
            let mut args = self.primal_copies();
            for q in self.sig.active_params() {
                let value = borrow(q);
                let tangent = if q.name == p.name {
                    quote!(#basis(#value, #i))
                } else {
                    quote!(#zero_like(#value))
                };
                args.push(super::jacobian::pass(q, tangent));
            }
            let value = borrow(p);
            let (each, last) = inside(position, &delta, &args, &i);
            out.extend(quote! {
                let mut #delta = #zero_like(#value);
                for #i in 0..#entry_count(&#delta) { #each }
                #last
            });
        }
        out
    }

    /// `x̄ += ⟨r̄, ∂f/∂xᵢ⟩` and its derivative, where the rule gives `∂f/∂xᵢ` and its companion the
    /// derivative of that.
    fn rule_back_jvp(&self, path: &syn::Path, core: &Core) -> TokenStream {
        let (seed, seed_dot) = (core.name_of(&Role::Seed), core.name_of(&Role::Seed.dot()));
        let (set_entry, inner, accumulate, zero_like, zero) = (
            self.private("set_entry"),
            self.private("inner"),
            self.private("accumulate"),
            self.private("zero_like"),
            self.private("Zero"),
        );
        let [along, delta_dot] = ["along", "delta_dot"].map(|name| self.local(name));
        self.along_basis(|position, delta, args, i| {
            let p = &self.sig.params[position];
            let bar = core.name_of(&Role::Bar(position));
            let bar_dot = core.name_of(&Role::Bar(position).dot());
            let tangents = self.sig.params.iter().enumerate().map(|(j, q)| {
                if !q.active {
                    return zero.clone();
                }
                let dot = core.name_of(&Role::Primal(j).dot());
                match q.form {
                    Form::Value if matches!(q.shape, Shape::Float(_) | Shape::Array(..)) => {
                        quote!(#dot)
                    }
                    Form::Value => quote!(::core::clone::Clone::clone(&#dot)),
                    _ => quote!(#dot),
                }
            });
            let still = self.sig.active_params().map(|_| &zero);
            let value = borrow(p);
            (
                quote! {
                    let #along = #path::jvp(#(#args,)* #(#tangents,)* #(#still),*);
                    #set_entry(&mut #delta, #i, #inner(&#along.0.1, &#seed));
                    // The derivative of `delta`'s entry.
                    let mut #delta_dot = #zero_like(#value);
                    #set_entry(
                        &mut #delta_dot,
                        #i,
                        #inner(&#along.0.1, &#seed_dot) + #inner(&#along.1.1, &#seed),
                    );
                    #accumulate(#bar_dot, &#delta_dot);
                },
                quote!(#accumulate(#bar, &#delta);),
            )
        })
    }
}

fn param_var(function: &mut Function, name: Ident) -> crate::ir::VarId {
    let id = crate::ir::VarId(function.vars.len() as u32);
    function.vars.push(crate::ir::Var {
        name,
        ty: Ty::Unknown,
        mutable: false,
        role: VarRole::Param,
    });
    id
}

/// `derivative(x = expr, …)`: cores whose derivatives are the expressions, from source that says
/// so; everything else, higher orders too, is the compiler's.
pub fn partials(
    sig: &Signature,
    item: &syn::ItemFn,
    partials: &[(Ident, syn::Expr)],
    errors: &mut Diagnostics,
) -> Option<TokenStream> {
    let before = errors.len();
    let Shape::Float(float) = sig.output.shape.clone() else {
        return None;
    };
    if sig.params.iter().any(|p| p.name.to_string().starts_with("arg_")) {
        errors
            .error(sig.name.span(), "`derivative(…)` is for functions whose parameters have names");
        return None;
    }
    let of = |p: &Param| {
        let expr = partials.iter().find(|(name, _)| *name == p.name).map(|(_, e)| e);
        expr.expect("checked with the signature").clone()
    };
    let (name, wrap) = (&sig.name, Wrap::new(sig, false));
    let generics = wrap.turbofish();
    let args = sig.params.iter().map(|p| &p.source);
    let params: Vec<_> = sig
        .params
        .iter()
        .map(|p| {
            let (name, ty) = (&p.source, &p.ty);
            quote!(#name: #ty)
        })
        .collect();
    let primal = quote!(#name #generics(#(#args),*));
    let one = |p: &Param| (p.source.clone(), of(p), p.form);
    let active: Vec<_> = sig.active_params().map(one).collect();

    // Forward: (f(x), f_x * x_dot + …).
    let dots = sig.active_params().map(|p| {
        let (dot, form) = (wrap.suffixed(p, "dot"), p.form);
        match form {
            Form::Value => quote!(#dot: #float),
            _ => quote!(#dot: &#float),
        }
    });
    let terms = sig.active_params().zip(&active).map(|(p, (_, expr, form))| {
        let dot = wrap.suffixed(p, "dot");
        match form {
            Form::Value => quote!((#expr) * #dot),
            _ => quote!((#expr) * *#dot),
        }
    });
    let forward = quote! {
        fn jvp(#(#params,)* #(#dots),*) -> (#float, #float) {
            (#primal, #(#terms)+*)
        }
    };
    // Reverse: x_bar += result_bar * f_x.
    let seed = wrap.local("result_bar");
    let bars: Vec<_> = sig.active_params().map(|p| wrap.suffixed(p, "bar")).collect();
    let updates =
        active.iter().zip(&bars).map(|((_, expr, _), bar)| quote!(*#bar += #seed * (#expr);));
    let updates: Vec<_> = updates.collect();
    let reverse = |output: TokenStream, value: TokenStream| {
        quote! {
            fn back(#(#params,)* #seed: #float, #(#bars: &mut #float),*) #output {
                #(#updates)*
                #value
            }
        }
    };
    let back = reverse(quote!(), quote!());
    let adjoint = reverse(quote!(-> #float), primal.clone());
    let mut compile = |source: TokenStream| -> Option<Function> {
        let mut parsed: syn::ItemFn = syn::parse2(source).ok()?;
        parsed.sig.generics = item.sig.generics.clone();
        lower::function(&parsed.sig, &parsed.block, &sig.reals, errors)
    };
    let (forward, back, adjoint) = (compile(forward), compile(back), compile(adjoint));
    if errors.len() > before {
        return None;
    }
    let (forward, back, adjoint) = (forward?, back?, adjoint?);
    let n = sig.params.len();
    let as_reverse = |function: Function| {
        let mut bars = function.params[n + 1..].iter().copied();
        let bars: Vec<_> =
            sig.params.iter().map(|p| if p.active { bars.next() } else { None }).collect();
        let seed = function.params[n];
        Core::reverse(function, Some(seed), &bars)
    };
    let adjoint = as_reverse(adjoint);
    let mut sweep = as_reverse(back);
    let mut forward = {
        let mut slots: Vec<_> = forward.params[..n]
            .iter()
            .enumerate()
            .map(|(i, var)| Slot { role: Role::Primal(i), var: Some(*var) })
            .collect();
        let mut dots = forward.params[n..].iter().copied();
        slots.extend(sig.params.iter().enumerate().map(|(i, p)| Slot {
            role: Role::Primal(i).dot(),
            var: if p.active { dots.next() } else { None },
        }));
        Core { function: forward, slots }
    };
    let mut out = Generated::default();
    out.free.extend(wrap.adjoint(&adjoint));
    out.free.extend(wrap.vjp_by_back());
    out.free.extend(wrap.jvp(&forward));
    out.companion.extend(wrap.value(&wrap.signature_as_ir()));
    out.companion.extend(wrap.needs(&vec![true; n]));
    out.companion.extend(wrap.without_residual(&sweep, &vec![true; n], false));
    for times in 0..sig.order {
        if times > 0 {
            sweep = sweep.forward(sig, times);
        }
        out.companion.extend(wrap.back(times, &sweep));
    }
    for times in 1..=sig.order {
        if times > 1 {
            forward = forward.forward(sig, times);
        }
        out.companion.extend(wrap.jvp_member(times, &forward));
    }
    out.free.extend(wrap.around());
    Some(wrap.finish(out))
}
