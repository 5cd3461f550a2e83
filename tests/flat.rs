//! Values of any shape as lists of floats.

/// A value whose floats can be listed and replaced.
pub trait Flat: Sized {
    /// Appends the floats, in order.
    fn flatten(&self, out: &mut Vec<f64>);

    /// A value of the same shape with other floats.
    fn rebuild(&self, next: &mut dyn FnMut() -> f64) -> Self;

    fn flat(&self) -> Vec<f64> {
        let mut out = Vec::new();
        self.flatten(&mut out);
        out
    }
}

impl Flat for f64 {
    fn flatten(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }

    fn rebuild(&self, next: &mut dyn FnMut() -> f64) -> Self {
        next()
    }
}

impl Flat for f32 {
    fn flatten(&self, out: &mut Vec<f64>) {
        out.push(f64::from(*self));
    }

    fn rebuild(&self, next: &mut dyn FnMut() -> f64) -> Self {
        next() as f32
    }
}

impl<T: Flat> Flat for Vec<T> {
    fn flatten(&self, out: &mut Vec<f64>) {
        for item in self {
            item.flatten(out);
        }
    }

    fn rebuild(&self, next: &mut dyn FnMut() -> f64) -> Self {
        self.iter().map(|item| item.rebuild(next)).collect()
    }
}

impl<T: Flat, const N: usize> Flat for [T; N] {
    fn flatten(&self, out: &mut Vec<f64>) {
        for item in self {
            item.flatten(out);
        }
    }

    fn rebuild(&self, next: &mut dyn FnMut() -> f64) -> Self {
        std::array::from_fn(|i| self[i].rebuild(next))
    }
}

impl<T: Flat> Flat for Option<T> {
    fn flatten(&self, out: &mut Vec<f64>) {
        if let Some(item) = self {
            item.flatten(out);
        }
    }

    fn rebuild(&self, next: &mut dyn FnMut() -> f64) -> Self {
        self.as_ref().map(|item| item.rebuild(next))
    }
}

impl Flat for () {
    fn flatten(&self, _out: &mut Vec<f64>) {}

    fn rebuild(&self, _next: &mut dyn FnMut() -> f64) -> Self {}
}

macro_rules! flat_tuple {
    ($($name:ident $index:tt),*) => {
        impl<$($name: Flat),*> Flat for ($($name,)*) {
            fn flatten(&self, out: &mut Vec<f64>) {
                $(self.$index.flatten(out);)*
            }

            fn rebuild(&self, next: &mut dyn FnMut() -> f64) -> Self {
                ($(self.$index.rebuild(next),)*)
            }
        }
    };
}

flat_tuple!(A 0);
flat_tuple!(A 0, B 1);
flat_tuple!(A 0, B 1, C 2);
flat_tuple!(A 0, B 1, C 2, D 3);
flat_tuple!(A 0, B 1, C 2, D 3, E 4);
flat_tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
flat_tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
flat_tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

macro_rules! flat_discrete {
    ($($name:ty),*) => {
        $(impl Flat for $name {
            fn flatten(&self, _out: &mut Vec<f64>) {}

            fn rebuild(&self, _next: &mut dyn FnMut() -> f64) -> Self {
                self.clone()
            }
        })*
    };
}

flat_discrete!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, bool, char, String);
