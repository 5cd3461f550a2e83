//! `f::forward` and `f::reverse`, for calls whose reverse sweep computes nothing twice.

use super::{Core, Head, Role, Wrap};
use crate::ir::{Stmt, StmtKind};
use crate::names;
use crate::transform;
use crate::transform::reverse::residual::Residual;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

const FORWARD: &str = "Calls {f} and keeps what `reverse` needs.";
const REVERSE: &str = "The reverse sweep of {f}, after `forward`.";

impl Wrap<'_> {
    /// The function in two.
    pub fn residual(&self, residual: &Residual) -> TokenStream {
        let name = &residual.forward.var(residual.store).name;
        let store = self.private("Store");
        let param = quote!(#name: &mut #store);
        let primal = Core::primal(residual.forward.clone());
        let (mut params, _) = self.open_slots(&Core {
            slots: primal.slots[..primal.slots.len() - 1].to_vec(),
            function: primal.function,
        });
        params.push(param.clone());
        let head = Head {
            name: names::local("forward"),
            doc: self.doc(FORWARD),
            params,
            output: self.value_type(),
        };
        let core = Core { function: residual.forward.clone(), slots: Vec::new() };
        let forward = self.member(head, || self.body(&core, 0, &TokenStream::new()));

        let core = Core::reverse(residual.reverse.clone(), residual.seed, &residual.bars);
        let (mut params, opening) = self.open_slots(&core);
        params.push(param);
        let head =
            Head { name: names::local("reverse"), doc: self.doc(REVERSE), params, output: None };
        let reverse = self.member(head, || self.body(&core, 0, &opening));
        let needs = self.reverse_needs(&residual.needs);
        let unused = self.sig.has_mut().then(|| self.reverse_unused(&core, residual, name));
        quote!(#needs #forward #reverse #unused)
    }

    /// `f::reverse_unused`: with zero for the seed.
    fn reverse_unused(
        &self,
        core: &Core,
        residual: &Residual,
        name: &Ident,
    ) -> Option<TokenStream> {
        let store = self.private("Store");
        let mut unused = Core { function: core.function.clone(), slots: core.slots.clone() };
        unused.slots.retain(|slot| slot.role != Role::Seed);
        let (mut params, opening) = self.open_slots(&unused);
        params.push(quote!(#name: &mut #store));
        let doc = self.doc(REVERSE);
        let head = Head { name: names::local("reverse_unused"), doc, params, output: None };
        let Some(seed) = residual.seed else {
            let reverse = self.of_companion(&names::local("reverse"));
            let args = unused.arguments_or(&self.private("Discard"));
            return Some(self.member(head, || quote!(#opening #reverse(#(#args,)* #name))));
        };
        let zero = transform::reverse::zero_of_type(&residual.reverse.var(seed).ty)?;
        let kind = StmtKind::Let { var: seed, init: Some(zero) };
        let stmt = Stmt { kind, span: proc_macro2::Span::mixed_site() };
        unused.function.body.stmts.insert(0, stmt);
        Some(self.member(head, || self.body(&unused, 0, &opening)))
    }

    /// Signatures without bodies.
    pub(super) fn residual_stubs(&self, seed: usize) -> TokenStream {
        let n = self.sig.params.len();
        let mut out = self.reverse_needs(&vec![true; n]);
        let mut member = |name: &str, extra: usize, output: Option<TokenStream>| {
            let mut params = self.primal_params();
            params.extend((0..extra).map(|_| quote!(_: impl ::core::marker::Sized)));
            let head = Head { name: names::local(name), doc: String::new(), params, output };
            out.extend(self.member(head, TokenStream::new));
        };
        member("forward", 1, self.value_type());
        member("reverse", n + seed + 1, None);
        member("reverse_unused", n + 1, None);
        out
    }

    /// `f::REVERSE_NEEDS`
    fn reverse_needs(&self, needs: &[bool]) -> TokenStream {
        let n = proc_macro2::Literal::usize_unsuffixed(needs.len());
        let doc = self.doc("Which parameters' values at entry `reverse` of {f} reads.");
        quote! {
            #[doc = #doc]
            pub const REVERSE_NEEDS: [bool; #n] = [#(#needs),*];
        }
    }

    /// The same by `back`: nothing is kept.
    pub fn without_residual(&self, back: &Core, needs: &[bool], unused: bool) -> TokenStream {
        let store = self.private("Store");
        let mut params = self.primal_params();
        params.push(quote!(_: &mut #store));
        let head = Head {
            name: names::local("forward"),
            doc: self.doc(FORWARD),
            params,
            output: self.value_type(),
        };
        let forward = self.member(head, || self.call_primal());
        let one = |name: &str, to: &TokenStream, core: &Core| {
            let (mut params, opening) = self.open_slots(core);
            params.push(quote!(_: &mut #store));
            let doc = self.doc(REVERSE);
            let head = Head { name: names::local(name), doc, params, output: None };
            self.member(head, || {
                let args = core.arguments_or(&self.private("Discard"));
                quote!(#opening #to(#(#args),*))
            })
        };
        let needs = self.reverse_needs(needs);
        let reverse = one("reverse", &self.of_companion(&names::back(0)), back);
        let unused = unused.then(|| {
            let mut core = Core { function: back.function.clone(), slots: back.slots.clone() };
            core.slots.retain(|slot| slot.role != Role::Seed);
            one("reverse_unused", &self.of_companion(&names::back_unused(0)), &core)
        });
        quote!(#needs #forward #reverse #unused)
    }
}
