//! Functions in IR with what their parameters stand for: printed either with plain types
//! (`adjoint_f`, `jvp_f`) or, in the companion, with a slot for every parameter of the user's.

use super::{Head, Wrap, borrow_as};
use crate::emit::{Context, Emitter};
use crate::ir::{Function, VarId};
use crate::names;
use crate::signature::{Form, Signature};
use crate::transform;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What a parameter of a core stands for; the numbers are those of the user's parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    Primal(usize),
    Seed,
    Bar(usize),
    /// Tangent of another parameter.
    Dot(Box<Role>),
}

#[derive(Clone, Debug)]
pub struct Slot {
    pub role: Role,
    /// `None`: the core does not take it, as what it belongs to is inactive.
    pub var: Option<VarId>,
}

/// A function in IR and its slots, in the order of the companion's parameters.
pub struct Core {
    pub function: Function,
    pub slots: Vec<Slot>,
}

impl Role {
    /// What its tangent stands for.
    pub fn dot(&self) -> Role {
        Role::Dot(Box::new(self.clone()))
    }

    pub(super) fn is_active(&self, sig: &Signature) -> bool {
        match self {
            Role::Primal(i) | Role::Bar(i) => sig.params[*i].active,
            Role::Seed => sig.output.active,
            Role::Dot(inner) => inner.is_active(sig),
        }
    }
}

impl Core {
    /// The user's function.
    pub fn primal(function: Function) -> Core {
        let slots = function.params.iter().enumerate();
        let slots = slots.map(|(i, var)| Slot { role: Role::Primal(i), var: Some(*var) }).collect();
        Core { function, slots }
    }

    /// A reverse function: parameters, seed, adjoints.
    pub fn reverse(function: Function, seed: Option<VarId>, bars: &[Option<VarId>]) -> Core {
        let primals = function.params.iter().take(bars.len()).enumerate();
        let mut slots: Vec<_> =
            primals.map(|(i, var)| Slot { role: Role::Primal(i), var: Some(*var) }).collect();
        slots.extend(seed.map(|var| Slot { role: Role::Seed, var: Some(var) }));
        slots
            .extend(bars.iter().enumerate().map(|(i, var)| Slot { role: Role::Bar(i), var: *var }));
        Core { function, slots }
    }

    /// A reverse function with zero for its seed; `None` where the zero's shape is known only at
    /// run time.
    pub fn without_seed(reverse: &crate::transform::reverse::Reverse) -> Option<Core> {
        let mut function = reverse.function.clone();
        if let Some(seed) = reverse.seed {
            let zero = transform::reverse::zero_of_type(&function.var(seed).ty)?;
            function.params.retain(|param| *param != seed);
            let span = proc_macro2::Span::mixed_site();
            let kind = crate::ir::StmtKind::Let { var: seed, init: Some(zero) };
            function.body.stmts.insert(0, crate::ir::Stmt { kind, span });
        }
        Some(Core::reverse(function, None, &reverse.bars))
    }

    /// The forward transformation of it, by all its active parameters; number `times` of the
    /// function, which tells where in the result the user's is.
    pub fn forward(&self, sig: &Signature, times: usize) -> Core {
        let taken = self.slots.iter().filter(|slot| slot.var.is_some());
        let active: Vec<bool> = taken.map(|slot| slot.role.is_active(sig)).collect();
        let mut function = transform::forward::run(&self.function, &active);
        super::aux::strip_tangent(sig, &mut function, times);
        if sig.passes.tidy {
            transform::tidy::run(&mut function);
        }
        let mut tangents = function.params[self.function.params.len()..].iter();
        let mut slots = self.slots.clone();
        for slot in &self.slots {
            let taken = slot.var.is_some() && slot.role.is_active(sig);
            let var = if taken { tangents.next().copied() } else { None };
            slots.push(Slot { role: slot.role.dot(), var });
        }
        Core { function, slots }
    }

    /// The name of a parameter that is taken.
    pub(super) fn name_of(&self, role: &Role) -> &Ident {
        let slot = self.slots.iter().find(|slot| slot.role == *role);
        slot.and_then(|slot| self.name(slot)).expect("taken, as it is active")
    }

    /// The names of all parameters that are taken.
    pub(super) fn arguments(&self) -> Vec<&Ident> {
        self.slots.iter().filter_map(|slot| self.name(slot)).collect()
    }

    /// An argument for every slot.
    pub(super) fn arguments_or(&self, other: &TokenStream) -> Vec<TokenStream> {
        let one = |slot| self.name(slot).map_or(other.clone(), |name| quote!(#name));
        self.slots.iter().map(one).collect()
    }

    pub(super) fn name(&self, slot: &Slot) -> Option<&Ident> {
        slot.var.map(|var| &self.function.var(var).name)
    }
}

impl Wrap<'_> {
    /// A function with plain types for the parameters that the core takes.
    pub fn plain(
        &self,
        prefix: &str,
        doc: &str,
        core: &Core,
        times: usize,
        output: Option<TokenStream>,
    ) -> TokenStream {
        let mut params = Vec::new();
        let mut checks = TokenStream::new();
        for slot in &core.slots {
            let Some(name) = core.name(slot) else {
                continue;
            };
            let ty = self.plain_type(&slot.role);
            let mutable = slot.var.is_some_and(|var| core.function.var(var).mutable);
            let mutable = mutable.then(|| quote!(mut));
            params.push(quote!(#mutable #name: #ty));
            if let Some((i, form)) = self.belongs_to(&slot.role) {
                let other = match form {
                    Form::Value => quote!(&#name),
                    Form::Ref | Form::RefMut => quote!(#name),
                };
                let primal = borrow_as(self.sig.params[i].form, core.name_of(&Role::Primal(i)));
                checks.extend(self.same_shape_as(&self.sig.params[i], &primal, &other));
            }
        }
        let name = names::prefixed(prefix, &self.sig.name);
        let head = Head { name, doc: self.doc(doc), params, output };
        self.function(head, || self.body(core, times, &checks))
    }

    pub(super) fn body(&self, core: &Core, times: usize, head: &TokenStream) -> TokenStream {
        let mut function = &core.function;
        let finished;
        if self.sig.passes.tidy {
            finished = transform::tidy::finish(function, Default::default());
            function = &finished;
        }
        if function.result.is_none() || self.sig.output.fallible.is_none() {
            return Emitter::body(function, self.context(), head);
        }
        let body = Emitter::body(function, self.context(), &TokenStream::new());
        let body = self.rejoin(body, times);
        quote!(#head #body)
    }

    /// The parameter whose shape the argument has to have, and how the argument is passed.
    fn belongs_to(&self, role: &Role) -> Option<(usize, Form)> {
        match role {
            // The adjoint of a `Vec` that may grow is that of its final state at first.
            Role::Bar(i) if self.sig.params[*i].may_grow() => None,
            Role::Bar(i) => Some((*i, Form::RefMut)),
            Role::Dot(inner) => match **inner {
                Role::Primal(i) => Some((i, self.sig.params[i].form)),
                _ => None,
            },
            Role::Primal(_) | Role::Seed => None,
        }
    }

    /// For stubs: names and types of `adjoint_f`'s or `jvp_f`'s parameters.
    pub fn plain_params(&self, roles: &[Role]) -> Vec<TokenStream> {
        let one = |role: &Role| {
            let (name, ty) = (self.default_name(role), self.plain_type(role));
            quote!(#name: #ty)
        };
        roles.iter().map(one).collect()
    }

    fn default_name(&self, role: &Role) -> Ident {
        match role {
            Role::Primal(i) => self.sig.params[*i].name.clone(),
            Role::Seed => self.local("result_bar"),
            Role::Bar(i) => self.suffixed(&self.sig.params[*i], "bar"),
            Role::Dot(inner) => match **inner {
                Role::Primal(i) => self.suffixed(&self.sig.params[i], "dot"),
                _ => names::suffixed(&self.default_name(inner), "dot"),
            },
        }
    }

    /// A member of the companion, with a slot for every parameter.
    pub fn slotted(
        &self,
        name: Ident,
        doc: &str,
        core: &Core,
        times: usize,
        output: Option<TokenStream>,
    ) -> TokenStream {
        let (params, opening) = self.open_slots(core);
        let head = Head { name, doc: self.doc(doc), params, output };
        self.member(head, || self.body(core, times, &opening))
    }

    /// A member of the companion that hands what is in the slots to a function with plain types.
    pub fn forwarding(
        &self,
        name: Ident,
        doc: &str,
        to: &TokenStream,
        core: &Core,
        output: Option<TokenStream>,
    ) -> TokenStream {
        let (params, opening) = self.open_slots(core);
        let args = core.arguments();
        let head = Head { name, doc: self.doc(doc), params, output };
        self.member(head, || quote!(#opening #to(#(#args),*)))
    }

    /// Parameters of a member of the companion, and the statements that open the slots.
    pub(super) fn open_slots(&self, core: &Core) -> (Vec<TokenStream>, TokenStream) {
        let mut params = Vec::new();
        let mut opening = TokenStream::new();
        for slot in &core.slots {
            let Some(name) = core.name(slot) else {
                params.push(quote!(_: impl ::core::marker::Sized));
                continue;
            };
            let mutable = slot.var.is_some_and(|var| core.function.var(var).mutable);
            let mutable = mutable.then(|| quote!(mut));
            match &slot.role {
                Role::Primal(_) | Role::Seed => {
                    let ty = self.plain_type(&slot.role);
                    params.push(quote!(#mutable #name: #ty));
                }
                role => {
                    let (ty, open) = self.slot(role, name, core, mutable);
                    params.push(quote!(#name: #ty));
                    opening.extend(open);
                }
            }
        }
        (params, opening)
    }

    /// Type of a slot, and how it is opened. The shape of a missing one is that of the parameter
    /// it belongs to.
    fn slot(
        &self,
        role: &Role,
        name: &Ident,
        core: &Core,
        mutable: Option<TokenStream>,
    ) -> (TokenStream, TokenStream) {
        let (base, form, content) = self.content(role);
        let like = core.slots.iter().find(|slot| slot.role == base);
        let like_name = like.and_then(|slot| core.name(slot)).expect("its own parameter");
        let like = match &base {
            Role::Primal(i) => borrow_as(self.sig.params[*i].form, like_name),
            _ => quote!(&#like_name),
        };
        let (slot, tangent_slot) = (self.private("Slot"), self.private("TangentSlot"));
        match form {
            Form::RefMut => {
                let get = self.private("OpenSlot");
                (
                    quote!(impl #slot<#content>),
                    quote! {
                        let mut #name = #slot::<#content>::open(#name, #like);
                        let #mutable #name = #get::<#content>::get(&mut #name);
                    },
                )
            }
            Form::Ref => {
                let get = self.private("OpenTangent");
                (
                    quote!(impl #tangent_slot<#content>),
                    quote! {
                        let #name = #tangent_slot::<#content>::open(#name, #like);
                        let #mutable #name = #get::<#content>::get(&#name);
                    },
                )
            }
            Form::Value => {
                let take = self.private("OpenTangent");
                (
                    quote!(impl #tangent_slot<#content>),
                    quote! {
                        let #mutable #name = #take::<#content>::take(
                            #tangent_slot::<#content>::open(#name, #like),
                        );
                    },
                )
            }
        }
    }

    /// The parameter or seed that a tangent or adjoint belongs to, how it is passed, and its type
    /// behind the reference.
    fn content(&self, role: &Role) -> (Role, Form, TokenStream) {
        match role {
            Role::Primal(i) => {
                let p = &self.sig.params[*i];
                let content = match (p.form, crate::signature::peel(&p.target)) {
                    (Form::RefMut, _) | (Form::Ref, syn::Type::Slice(_)) => &p.buffer,
                    _ => &p.tangent,
                };
                (role.clone(), p.form, content.clone())
            }
            Role::Seed => (Role::Seed, Form::Value, self.sig.output.tangent.clone()),
            Role::Bar(i) => (Role::Primal(*i), Form::RefMut, self.sig.params[*i].buffer.clone()),
            Role::Dot(inner) => self.content(inner),
        }
    }

    /// The type of a parameter without slots.
    pub(super) fn plain_type(&self, role: &Role) -> TokenStream {
        match role {
            Role::Primal(i) => {
                let ty = &self.sig.params[*i].ty;
                quote!(#ty)
            }
            _ => {
                let (_, form, content) = self.content(role);
                match form {
                    Form::Value => content,
                    Form::Ref => quote!(&#content),
                    Form::RefMut => quote!(&mut #content),
                }
            }
        }
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context { paths: &self.sig.paths, reals: &self.sig.reals }
    }

    /// The result of the function after so many forward transformations.
    pub fn tower(&self, times: usize) -> Option<TokenStream> {
        let mut value = self.bare_value_type()?;
        let mut tangent = self.sig.output.tangent.clone();
        for _ in 0..times {
            value = quote!((#value, #tangent));
            tangent = quote!((#tangent, #tangent));
        }
        Some(self.outcome_type(value))
    }
}
