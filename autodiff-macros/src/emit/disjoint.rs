//! Calls with several parts of one list as arguments, one of them mutable: what `split_at_mut`
//! gave the user is here written as places, which rustc cannot see to be disjoint.

use super::Emitter;
use super::expr::Level;
use crate::ir::*;
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// Arguments that are parts of the same list.
struct Group {
    /// The list, without the last step of its arguments' places.
    list: Place,
    key: String,
    args: Vec<usize>,
    mutable: bool,
}

impl Emitter<'_> {
    /// The call with its parts borrowed together first; `None` where no arguments share a list.
    pub(super) fn call_with_parts(&self, call: &Call, span: Span) -> Option<TokenStream> {
        let groups = self.groups(call);
        let lent: Vec<VarId> = call.args.iter().filter_map(lent).collect();
        let mut args: Vec<TokenStream> = Vec::new();
        let mut before = TokenStream::new();
        for (i, arg) in call.args.iter().enumerate() {
            args.push(match arg {
                Arg::Discard => self.context.paths.private("Discard"),
                Arg::Zero => self.context.paths.private("Zero"),
                Arg::Expr(e) => {
                    let value = self.expr(e);
                    let is_reference = matches!(e.kind, ExprKind::Ref { .. });
                    // What is read of a list that is lent is read first.
                    if !is_reference && lent.iter().any(|list| e.mentions(*list)) {
                        let name = self.free(&format!("value_{i}"));
                        before.extend(quote!(let #name = #value;));
                        quote!(#name)
                    } else {
                        value
                    }
                }
            });
        }
        if groups.is_empty() && before.is_empty() {
            return None;
        }
        for group in &groups {
            before.extend(self.parts(call, group, &mut args));
        }
        let function = self.callee(call, span);
        Some(quote!({ #before #function(#(#args),*) }))
    }

    /// Two parts of one list, as `(let …;, mutable part, other part)`; `None` where the places
    /// are of different lists.
    pub(super) fn two_parts(&self, to: &Place, from: &Place) -> Option<[TokenStream; 3]> {
        let argument = |mutable: bool, place: &Place| {
            let kind = ExprKind::Ref { mutable, place: place.clone() };
            Arg::Expr(Expr::new(kind, Ty::Unknown, Span::mixed_site()))
        };
        let call = Call {
            path: syn::parse_quote!(parts),
            mode: Mode::Primal,
            args: vec![argument(true, to), argument(false, from)],
            refuse: None,
        };
        let groups = self.groups(&call);
        let [group] = groups.as_slice() else { return None };
        let mut args = vec![TokenStream::new(); 2];
        let before = self.parts(&call, group, &mut args);
        let from = args.pop()?;
        let to = args.pop()?;
        Some([before, to, from])
    }

    fn groups(&self, call: &Call) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (i, arg) in call.args.iter().enumerate() {
            let Arg::Expr(Expr { kind: ExprKind::Ref { mutable, place }, .. }) = arg else {
                continue;
            };
            let Some((Proj::Index(_) | Proj::Slice { .. }, path)) = place.proj.split_last() else {
                continue;
            };
            let list = Place { base: place.base, proj: path.to_vec() };
            let key = self.receiver_place(&list).to_string();
            match groups.iter_mut().find(|g| g.key == key) {
                Some(group) => {
                    group.args.push(i);
                    group.mutable |= mutable;
                }
                None => groups.push(Group { list, key, args: vec![i], mutable: *mutable }),
            }
        }
        groups.retain(|g| g.mutable && g.args.len() > 1);
        groups
    }

    /// `let [part_0, part_1] = disjoint(&mut list, [0..k, k..n]);`
    fn parts(&self, call: &Call, group: &Group, args: &mut [TokenStream]) -> TokenStream {
        let list = self.receiver_place(&group.list);
        let mut names = Vec::new();
        let mut ranges = Vec::new();
        for i in &group.args {
            let Arg::Expr(Expr { kind: ExprKind::Ref { mutable, place }, .. }) = &call.args[*i]
            else {
                continue;
            };
            let name = self.free(&format!("part_{i}"));
            let shared = if *mutable { quote!(&mut) } else { quote!(&) };
            match place.proj.last() {
                Some(Proj::Index(index)) => {
                    let index = self.at(index, Level::Add);
                    ranges.push(quote!(#index..#index + 1));
                    args[*i] = quote!(#shared #name[0]);
                }
                Some(Proj::Slice { lo, hi }) => {
                    let lo = lo.as_ref().map_or(quote!(0), |e| self.at(e, Level::Or));
                    let hi =
                        hi.as_ref().map_or_else(|| quote!(#list.len()), |e| self.at(e, Level::Or));
                    ranges.push(quote!(#lo..#hi));
                    args[*i] = if *mutable { quote!(#name) } else { quote!(&*#name) };
                }
                _ => continue,
            }
            names.push(name);
        }
        let disjoint = self.context.paths.private("disjoint");
        let bounds = self.free("bounds");
        // Bounds first: they may read the list's length.
        quote! {
            let #bounds = [#(#ranges),*];
            let [#(#names),*] = #disjoint(&mut #list[..], #bounds);
        }
    }
}

/// The variable of which the argument is a mutable borrow.
fn lent(arg: &Arg) -> Option<VarId> {
    match arg {
        Arg::Expr(Expr { kind: ExprKind::Ref { mutable: true, place }, .. }) => Some(place.base),
        _ => None,
    }
}
