//! Arithmetic of tensors with tensors, arrays, recorded scalars and floats.

use super::super::formulas::{Operand, rule};
use super::super::scalar::Scalar;
use super::super::var::Var;
use super::plain::Plain;
use super::store::Store;
use super::tracked::Tracked;
use super::typed::Tensor;
use ndarray::{Array, ArrayBase, Data, DimMax, Dimension};
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

type Max<D, E> = <D as DimMax<E>>::Output;

fn add<T: Scalar>(a: &Tracked<T>, b: &Tracked<T>) -> Tracked<T> {
    checked(a, b, "+");
    a.add(b)
}
fn sub<T: Scalar>(a: &Tracked<T>, b: &Tracked<T>) -> Tracked<T> {
    checked(a, b, "-");
    a.sub(b)
}
fn mul<T: Scalar>(a: &Tracked<T>, b: &Tracked<T>) -> Tracked<T> {
    checked(a, b, "*");
    a.mul(b)
}
fn div<T: Scalar>(a: &Tracked<T>, b: &Tracked<T>) -> Tracked<T> {
    checked(a, b, "/");
    a.zip(b, rule::div {})
}
fn rem<T: Scalar>(a: &Tracked<T>, b: &Tracked<T>) -> Tracked<T> {
    checked(a, b, "%");
    a.zip(b, rule::rem {})
}

/// An assigning operator keeps the shape of what it assigns to.
fn assigned<T: Scalar, D: Dimension>(
    to: &mut Tensor<T, D>,
    result: Tensor<T, D>,
    other: &[usize],
    operation: &str,
) {
    assert!(
        result.shape() == to.shape(),
        "{operation}: a tensor of the shape {:?} cannot take up one of {other:?}",
        to.shape()
    );
    *to = result;
}

#[track_caller]
pub(crate) fn checked<T: Scalar>(a: &Tracked<T>, b: &Tracked<T>, operation: &str) {
    assert!(
        super::plain::broadcast_shape(a.shape(), b.shape()).is_some(),
        "{operation}: the shapes {:?} and {:?} do not broadcast",
        a.shape(),
        b.shape()
    );
}

pub(crate) fn fixed<T: Scalar, S: Data<Elem = T::Base>, E: Dimension>(
    array: &ArrayBase<S, E>,
) -> Tracked<T> {
    Tracked::constant(Plain::from_array(array.view()))
}

macro_rules! operator {
    ($Trait:ident $method:ident $Assign:ident $assign:ident) => {
        impl<T: Scalar, D: Dimension + DimMax<E>, E: Dimension> $Trait<&Tensor<T, E>>
            for &Tensor<T, D>
        {
            type Output = Tensor<T, Max<D, E>>;
            fn $method(self, other: &Tensor<T, E>) -> Self::Output {
                Tensor::from_tracked($method(self.tracked(), other.tracked()))
            }
        }
        impl<T: Scalar, D: Dimension + DimMax<E>, E: Dimension> $Trait<Tensor<T, E>>
            for &Tensor<T, D>
        {
            type Output = Tensor<T, Max<D, E>>;
            fn $method(self, other: Tensor<T, E>) -> Self::Output {
                self.$method(&other)
            }
        }
        impl<T: Scalar, D: Dimension + DimMax<E>, E: Dimension> $Trait<&Tensor<T, E>>
            for Tensor<T, D>
        {
            type Output = Tensor<T, Max<D, E>>;
            fn $method(self, other: &Tensor<T, E>) -> Self::Output {
                (&self).$method(other)
            }
        }
        impl<T: Scalar, D: Dimension + DimMax<E>, E: Dimension> $Trait<Tensor<T, E>>
            for Tensor<T, D>
        {
            type Output = Tensor<T, Max<D, E>>;
            fn $method(self, other: Tensor<T, E>) -> Self::Output {
                (&self).$method(&other)
            }
        }
        // An array is a constant.
        impl<T, D, E, S> $Trait<&ArrayBase<S, E, T::Base>> for &Tensor<T, D>
        where
            T: Scalar,
            D: Dimension + DimMax<E>,
            E: Dimension,
            S: Data<Elem = T::Base>,
        {
            type Output = Tensor<T, Max<D, E>>;
            fn $method(self, other: &ArrayBase<S, E, T::Base>) -> Self::Output {
                Tensor::from_tracked($method(self.tracked(), &fixed(other)))
            }
        }
        impl<T, D, E, S> $Trait<&ArrayBase<S, E, T::Base>> for Tensor<T, D>
        where
            T: Scalar,
            D: Dimension + DimMax<E>,
            E: Dimension,
            S: Data<Elem = T::Base>,
        {
            type Output = Tensor<T, Max<D, E>>;
            fn $method(self, other: &ArrayBase<S, E, T::Base>) -> Self::Output {
                (&self).$method(other)
            }
        }
        impl<T, D, E, S> $Trait<ArrayBase<S, E, T::Base>> for &Tensor<T, D>
        where
            T: Scalar,
            D: Dimension + DimMax<E>,
            E: Dimension,
            S: Data<Elem = T::Base>,
        {
            type Output = Tensor<T, Max<D, E>>;
            fn $method(self, other: ArrayBase<S, E, T::Base>) -> Self::Output {
                self.$method(&other)
            }
        }
        impl<T, D, E, S> $Trait<ArrayBase<S, E, T::Base>> for Tensor<T, D>
        where
            T: Scalar,
            D: Dimension + DimMax<E>,
            E: Dimension,
            S: Data<Elem = T::Base>,
        {
            type Output = Tensor<T, Max<D, E>>;
            fn $method(self, other: ArrayBase<S, E, T::Base>) -> Self::Output {
                (&self).$method(&other)
            }
        }
        impl<T: Scalar, D: Dimension> $Trait<Var<T>> for &Tensor<T, D> {
            type Output = Tensor<T, D>;
            fn $method(self, other: Var<T>) -> Tensor<T, D> {
                Tensor::from_tracked($method(self.tracked(), &Tracked::from_scalar(other)))
            }
        }
        impl<T: Scalar, D: Dimension> $Trait<Var<T>> for Tensor<T, D> {
            type Output = Tensor<T, D>;
            fn $method(self, other: Var<T>) -> Tensor<T, D> {
                (&self).$method(other)
            }
        }
        impl<T: Scalar, D: Dimension> $Trait<&Tensor<T, D>> for Var<T> {
            type Output = Tensor<T, D>;
            fn $method(self, other: &Tensor<T, D>) -> Tensor<T, D> {
                Tensor::from_tracked($method(&Tracked::from_scalar(self), other.tracked()))
            }
        }
        impl<T: Scalar, D: Dimension> $Trait<Tensor<T, D>> for Var<T> {
            type Output = Tensor<T, D>;
            fn $method(self, other: Tensor<T, D>) -> Tensor<T, D> {
                self.$method(&other)
            }
        }
        impl<T: Scalar, D: Dimension> $Trait<f64> for &Tensor<T, D> {
            type Output = Tensor<T, D>;
            fn $method(self, other: f64) -> Tensor<T, D> {
                self.$method(<Var<T> as Operand>::of(other))
            }
        }
        impl<T: Scalar, D: Dimension> $Trait<f64> for Tensor<T, D> {
            type Output = Tensor<T, D>;
            fn $method(self, other: f64) -> Tensor<T, D> {
                (&self).$method(other)
            }
        }
        impl<T: Scalar, D: Dimension> $Trait<&Tensor<T, D>> for f64 {
            type Output = Tensor<T, D>;
            fn $method(self, other: &Tensor<T, D>) -> Tensor<T, D> {
                <Var<T> as Operand>::of(self).$method(other)
            }
        }
        impl<T: Scalar, D: Dimension> $Trait<Tensor<T, D>> for f64 {
            type Output = Tensor<T, D>;
            fn $method(self, other: Tensor<T, D>) -> Tensor<T, D> {
                self.$method(&other)
            }
        }
        impl<T: Scalar, D: Dimension + DimMax<E, Output = D>, E: Dimension> $Assign<&Tensor<T, E>>
            for Tensor<T, D>
        {
            fn $assign(&mut self, other: &Tensor<T, E>) {
                assigned(self, (&*self).$method(other), other.shape(), stringify!($assign));
            }
        }
        impl<T: Scalar, D: Dimension + DimMax<E, Output = D>, E: Dimension> $Assign<Tensor<T, E>>
            for Tensor<T, D>
        {
            fn $assign(&mut self, other: Tensor<T, E>) {
                self.$assign(&other);
            }
        }
        impl<T, D, E, S> $Assign<&ArrayBase<S, E, T::Base>> for Tensor<T, D>
        where
            T: Scalar,
            D: Dimension + DimMax<E, Output = D>,
            E: Dimension,
            S: Data<Elem = T::Base>,
        {
            fn $assign(&mut self, other: &ArrayBase<S, E, T::Base>) {
                assigned(self, (&*self).$method(other), other.shape(), stringify!($assign));
            }
        }
        impl<T, D, E, S> $Assign<ArrayBase<S, E, T::Base>> for Tensor<T, D>
        where
            T: Scalar,
            D: Dimension + DimMax<E, Output = D>,
            E: Dimension,
            S: Data<Elem = T::Base>,
        {
            fn $assign(&mut self, other: ArrayBase<S, E, T::Base>) {
                self.$assign(&other);
            }
        }
        impl<T: Scalar, D: Dimension> $Assign<Var<T>> for Tensor<T, D> {
            fn $assign(&mut self, other: Var<T>) {
                *self = (&*self).$method(other);
            }
        }
        impl<T: Scalar, D: Dimension> $Assign<f64> for Tensor<T, D> {
            fn $assign(&mut self, other: f64) {
                *self = (&*self).$method(other);
            }
        }
    };
}
operator!(Add add AddAssign add_assign);
operator!(Sub sub SubAssign sub_assign);
operator!(Mul mul MulAssign mul_assign);
operator!(Div div DivAssign div_assign);
operator!(Rem rem RemAssign rem_assign);

// An array on the left, for the floats themselves (Rust's coherence rules allow no more).
macro_rules! array_first {
    ($Float:ty; $($Trait:ident $method:ident)*) => {$(
        impl<D: Dimension + DimMax<E>, E: Dimension> $Trait<&Tensor<$Float, E>> for &Array<$Float, D> {
            type Output = Tensor<$Float, Max<D, E>>;
            fn $method(self, other: &Tensor<$Float, E>) -> Self::Output {
                Tensor::from_tracked($method(&fixed(self), other.tracked()))
            }
        }
        impl<D: Dimension + DimMax<E>, E: Dimension> $Trait<Tensor<$Float, E>> for &Array<$Float, D> {
            type Output = Tensor<$Float, Max<D, E>>;
            fn $method(self, other: Tensor<$Float, E>) -> Self::Output {
                self.$method(&other)
            }
        }
        impl<D: Dimension + DimMax<E>, E: Dimension> $Trait<&Tensor<$Float, E>> for Array<$Float, D> {
            type Output = Tensor<$Float, Max<D, E>>;
            fn $method(self, other: &Tensor<$Float, E>) -> Self::Output {
                (&self).$method(other)
            }
        }
        impl<D: Dimension + DimMax<E>, E: Dimension> $Trait<Tensor<$Float, E>> for Array<$Float, D> {
            type Output = Tensor<$Float, Max<D, E>>;
            fn $method(self, other: Tensor<$Float, E>) -> Self::Output {
                (&self).$method(&other)
            }
        }
    )*};
}
array_first!(f64; Add add Sub sub Mul mul Div div Rem rem);
array_first!(f32; Add add Sub sub Mul mul Div div Rem rem);

impl<T: Scalar, D: Dimension> Neg for &Tensor<T, D> {
    type Output = Tensor<T, D>;
    fn neg(self) -> Tensor<T, D> {
        Tensor::from_tracked(self.tracked().map(rule::neg {}))
    }
}
impl<T: Scalar, D: Dimension> Neg for Tensor<T, D> {
    type Output = Tensor<T, D>;
    fn neg(self) -> Tensor<T, D> {
        -&self
    }
}
