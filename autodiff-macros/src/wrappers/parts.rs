//! The cores as functions: `adjoint_f`, `jvp_f`, the companion's members; stubs; what belongs
//! together put together.

use super::{Core, Generated, Head, Role, Wrap};
use crate::analysis::activity::Activity;
use crate::ir::{Block, ExprKind, Function, Mode};
use crate::names;
use crate::signature::Form;
use crate::transform::reverse::Reverse;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) const ADJOINT: &str = "The value of {f}; adds the adjoint of the result times the derivative to \
    the adjoints of the parameters.";
pub(super) const JVP: &str = "The value of {f} and its derivative along a tangent.";

impl Wrap<'_> {
    pub fn adjoint(&self, core: &Core) -> TokenStream {
        self.plain("adjoint", ADJOINT, core, 0, self.value_type())
    }

    pub fn jvp(&self, core: &Core) -> TokenStream {
        self.plain("jvp", JVP, core, 1, self.tower(1))
    }

    pub fn vjp(&self, halves: &Reverse) -> Option<TokenStream> {
        let (Some(seed), Some(split)) = (halves.seed, &halves.split) else {
            return None;
        };
        let seed = halves.function.var(seed).name.clone();
        self.vjp_of_halves(&halves.function, &seed, split)
    }

    /// `f::back` and its forward transformations.
    pub fn back(&self, times: usize, core: &Core) -> TokenStream {
        let doc = match times {
            0 => "The reverse sweep of {f} alone: neither value nor effects.",
            _ => "A forward transformation of the reverse sweep of {f}.",
        };
        self.slotted(names::back(times), doc, core, times, None)
    }

    /// `f::back_unused`: `f::back` for calls whose value is not used.
    pub fn back_unused(&self, times: usize, core: &Core) -> TokenStream {
        let doc = "The reverse sweep of {f} for calls whose value is not used.";
        let name = names::back_unused(times);
        if self.sig.output.ty.is_some() {
            return self.slotted(name, doc, core, times, None);
        }
        let back = self.of_companion(&names::back(times));
        self.slotted_with(name, doc, core, None, || {
            let discard = self.sig.paths.private("Discard");
            let args = core.arguments_or(&discard);
            quote!(#back(#(#args),*))
        })
    }

    /// `f::jvp` and its forward transformations.
    pub fn jvp_member(&self, times: usize, core: &Core) -> TokenStream {
        let name = names::numbered("jvp", times);
        if times == 1 {
            let to = self.sibling("jvp");
            return self.forwarding(name, JVP, &to, core, self.tower(1));
        }
        let doc = "A repeated forward transformation of {f}.";
        self.slotted(name, doc, core, times, self.tower(times))
    }

    /// `f::value`: the value without the effects; and its forward transformations, for the columns
    /// of a Jacobian and for higher order.
    pub fn value(&self, function: &Function) -> TokenStream {
        let doc = "The value of {f} without effects.";
        let doc_of_jvp = "The value without effects, and derivatives along tangents.";
        let name = names::local("value");
        let transformations = 1..self.sig.order.max(2);
        let mut core;
        let mut out;
        if let Some(quiet) = without_effects(function, &self.sig.active()) {
            core = Core::primal(quiet);
            out = self.slotted(name, doc, &core, 0, self.value_type());
            // Elsewhere `value` calls the function: it is in use if only its derivatives are.
            let head = Head {
                name: names::local("primal"),
                doc: self.doc("Calls {f}."),
                params: self.primal_params(),
                output: self.value_type(),
            };
            out.extend(self.member(head, || self.call_primal()));
            for times in transformations {
                core = core.forward(self.sig, times);
                let name = names::numbered("value_jvp", times);
                out.extend(self.slotted(name, doc_of_jvp, &core, times, self.tower(times)));
            }
            return out;
        }
        let head = Head {
            name,
            doc: self.doc(doc),
            params: self.primal_params(),
            output: self.value_type(),
        };
        out = self.member(head, || self.call_primal());
        core = Core::primal(function.clone());
        for times in transformations {
            core = self.forward_slots(&core);
            let name = names::numbered("value_jvp", times);
            let to = self.of_companion(&names::numbered("jvp", times));
            let (params, opening) = self.open_slots(&core);
            let output = self.tower(times);
            let head = Head { name, doc: self.doc(doc_of_jvp), params, output };
            let args = core.arguments_or(&self.private("Zero"));
            out.extend(self.member(head, || quote!(#opening #to(#(#args),*))));
        }
        out
    }

    /// `f::NEEDS` and `f::RESIZES`, by which callers know what to keep for `back`.
    pub fn needs(&self, needs: &[bool]) -> TokenStream {
        let n = proc_macro2::Literal::usize_unsuffixed(needs.len());
        let resizes = self.sig.params.iter().map(|p| {
            let ty = crate::lower::ty::from_syn(&p.ty, &self.sig.reals);
            p.form == Form::RefMut && !crate::transform::reverse::has_fixed_shape(&ty)
        });
        let doc = self.doc("Which parameters' values at entry `back` of {f} reads.");
        let doc_of_resizes = self.doc("Which parameters' lengths {f} may change.");
        quote! {
            #[doc = #doc]
            pub const NEEDS: [bool; #n] = [#(#needs),*];
            #[doc = #doc_of_resizes]
            pub const RESIZES: [bool; #n] = [#(#resizes),*];
        }
    }

    pub fn finish(&self, out: Generated) -> TokenStream {
        let companion = self.companion(&out.companion);
        let (free, scalar_function) = (out.free, self.scalar_function());
        quote!(#free #companion #scalar_function)
    }

    /// The companion as a type parameter of solvers.
    fn scalar_function(&self) -> Option<TokenStream> {
        let (Some(float), [p]) = (self.float_output(), self.sig.params.as_slice()) else {
            return None;
        };
        let by_copy = p.form == Form::Value && super::is_copy(p);
        if !(p.active && (by_copy || p.form == Form::Ref)) || self.sig.output.is_pair() {
            return None;
        }
        let (point, gradient) = (&p.target, &p.tangent);
        // Generics that the point does not determine would be unconstrained.
        let text = quote!(#point);
        let constrained = |param: &syn::GenericParam| match param {
            syn::GenericParam::Type(t) => mentions(&text, &t.ident),
            syn::GenericParam::Const(c) => mentions(&text, &c.ident),
            _ => false,
        };
        if !self.sig.generics.params.iter().all(constrained) {
            return None;
        }
        let (generics, wheres) = (&self.sig.generics, &self.sig.generics.where_clause);
        let (companion, name) = (&self.sig.companion, &self.sig.name);
        let cfgs = self.sig.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
        let trait_ = self.private("ScalarFunction");
        let (value_and_grad, grad) = (self.sibling("value_and_grad"), self.sibling("grad"));
        let generic_args = self.turbofish();
        let value = names::local("point");
        let arg = if by_copy { quote!(*#value) } else { quote!(#value) };
        Some(quote! {
            #(#cfgs)*
            #[allow(deprecated, clippy::all, clippy::pedantic)]
            impl #generics #trait_<#point> for #companion #wheres {
                type Value = #float;
                type Gradient = #gradient;
                #[inline]
                fn value(#value: &#point) -> #float {
                    #name #generic_args (#arg)
                }
                #[inline]
                fn value_and_gradient(#value: &#point) -> (#float, #gradient) {
                    #value_and_grad(#arg)
                }
                #[inline]
                fn gradient(#value: &#point) -> #gradient {
                    #grad(#arg)
                }
            }
        })
    }

    /// Signatures without bodies.
    pub fn all_stubs(&self) -> TokenStream {
        let sig = self.sig;
        let all = || (0..sig.params.len()).map(Role::Primal);
        let active = || (0..sig.params.len()).filter(|i| sig.params[*i].active);
        let mut roles: Vec<Role> = all().collect();
        let seed = sig.output.ty.is_some().then_some(Role::Seed);
        roles.extend(seed);
        roles.extend(active().map(Role::Bar));
        let adjoint = self.stub("adjoint", ADJOINT, &roles, self.value_type());
        let mut roles: Vec<Role> = all().collect();
        roles.extend(active().map(|i| Role::Dot(Box::new(Role::Primal(i)))));
        let jvp = self.stub("jvp", JVP, &roles, self.tower(1));
        let (vjp, around) = (self.vjp_stub(), self.around());
        let members = self.stub_members();
        let companion = self.companion(&members);
        quote!(#adjoint #vjp #jvp #around #companion)
    }

    fn stub(
        &self,
        prefix: &str,
        doc: &str,
        roles: &[Role],
        output: Option<TokenStream>,
    ) -> TokenStream {
        let head = Head {
            name: names::prefixed(prefix, &self.sig.name),
            doc: self.doc(doc),
            params: self.plain_params(roles),
            output,
        };
        self.function(head, TokenStream::new)
    }

    /// Members that calls of the function in other differentiable functions find.
    fn stub_members(&self) -> TokenStream {
        let n = self.sig.params.len();
        let mut out = TokenStream::new();
        let mut member = |name: proc_macro2::Ident, extra: usize, output: Option<TokenStream>| {
            let mut params = self.primal_params();
            params.extend((0..extra).map(|_| quote!(_: impl ::core::marker::Sized)));
            let head = Head { name, doc: String::new(), params, output };
            out.extend(self.member(head, TokenStream::new));
        };
        let seed = usize::from(self.sig.output.ty.is_some());
        member(names::local("value"), 0, self.value_type());
        for times in 0..self.sig.order {
            let all = (2 * n + seed) << times;
            member(names::back(times), all - n, None);
            member(names::back_unused(times), ((2 * n) << times) - n, None);
        }
        for times in 1..=self.sig.order {
            member(names::numbered("jvp", times), (n << times) - n, self.tower(times));
            member(names::numbered("value_jvp", times), (n << times) - n, self.tower(times));
        }
        out.extend(self.needs(&vec![true; n]));
        out.extend(self.residual_stubs(seed));
        out
    }
}

fn mentions(tokens: &TokenStream, name: &proc_macro2::Ident) -> bool {
    use proc_macro2::TokenTree;
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}

/// The function without statements that are only effects, its calls without theirs; `None` if that
/// is the function itself.
fn without_effects(function: &Function, active: &[bool]) -> Option<Function> {
    let activity = Activity::run(function, active);
    let mut quiet = function.clone();
    let mut changed = false;
    strip(&mut quiet.body, &activity, &mut changed);
    changed.then_some(quiet)
}

fn strip(block: &mut Block, activity: &Activity, changed: &mut bool) {
    let before = block.stmts.len();
    block.stmts.retain(|stmt| !crate::transform::reverse::is_pure_effect(stmt));
    *changed |= block.stmts.len() < before;
    for stmt in &mut block.stmts {
        // A call carries a derivative if what it is assigned to does.
        let writes_active = stmt.kind.writes().iter().any(|v| activity.var(*v));
        for e in stmt.kind.exprs_mut() {
            e.rewrite(&mut |e| {
                if let ExprKind::Call(call) = &mut e.kind
                    && writes_active
                    && call.refuse.is_none()
                    && call.mode == Mode::Primal
                {
                    call.mode = Mode::Value;
                    *changed = true;
                }
            });
        }
        for inner in stmt.kind.blocks_mut() {
            strip(inner, activity, changed);
        }
    }
}
