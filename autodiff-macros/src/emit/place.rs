//! Places.

use super::Emitter;
use super::expr::{Level, Printed};
use crate::ir::*;
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// The place where auto-deref applies (before `.` and `[`): without dereferences at its end.
    pub(super) fn receiver_place(&self, place: &Place) -> TokenStream {
        self.path(place).0
    }

    /// The place as an expression.
    pub(super) fn place(&self, place: &Place) -> Printed {
        let (tokens, derefs) = self.path(place);
        if derefs == 0 {
            return Printed { tokens, level: Level::Atom };
        }
        let stars = (0..derefs).map(|_| quote!(*));
        Printed { tokens: quote!(#(#stars)* #tokens), level: Level::Unary }
    }

    /// `&mut place` or `&place` as an argument: the variable itself where it is such a reference.
    pub(super) fn reference(&self, mutable: bool, place: &Place, reborrow: bool) -> Printed {
        let base = &self.f.var(place.base).ty;
        let is_reference = matches!(base, Ty::Ref { mutable: m, .. } if *m || !mutable);
        let whole = matches!(place.proj.as_slice(), [] | [Proj::Deref]);
        if is_reference && whole && (!mutable || !reborrow) {
            let same = matches!(base, Ty::Ref { mutable: m, .. } if *m == mutable);
            // A reference to a reference is meant where nothing is dereferenced, but no function
            // takes one here; `x` for `&x` only where `x` is shared.
            if same {
                let name = self.name(place.base);
                return Printed { tokens: quote!(#name), level: Level::Atom };
            }
        }
        let tokens = if is_reference && place.proj.is_empty() {
            let name = self.name(place.base);
            quote!(*#name)
        } else {
            self.place(place).tokens
        };
        let tokens = if mutable { quote!(&mut #tokens) } else { quote!(&#tokens) };
        Printed { tokens, level: Level::Unary }
    }

    /// Base and projections, and how many dereferences are left at the end.
    fn path(&self, place: &Place) -> (TokenStream, usize) {
        let name = self.name(place.base);
        let mut tokens = quote!(#name);
        let mut derefs = 0;
        for proj in &place.proj {
            match proj {
                Proj::Deref => derefs += 1,
                Proj::Field(member) => {
                    derefs = 0;
                    tokens = quote!(#tokens.#member);
                }
                Proj::Index(index) => {
                    derefs = 0;
                    let index = self.expr(index);
                    tokens = quote!(#tokens[#index]);
                }
                Proj::Slice { lo, hi } => {
                    derefs = 0;
                    let lo = lo.as_ref().map(|e| self.at(e, Level::Or));
                    let hi = hi.as_ref().map(|e| self.at(e, Level::Or));
                    tokens = quote!(#tokens[#lo..#hi]);
                }
            }
        }
        (tokens, derefs)
    }
}
