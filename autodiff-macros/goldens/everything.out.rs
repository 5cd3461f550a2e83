pub fn everything(x: f64, y: f64) -> f64 {
    x * y.sin()
}
#[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::integer_division
)]
///The value of [`everything()`](fn@everything); adds the adjoint of the result times the derivative to the adjoints of the parameters.
#[inline]
pub fn adjoint_everything(
    x: f64,
    y: f64,
    result_bar: f64,
    x_bar: &mut f64,
    y_bar: &mut f64,
) -> f64 {
    let sin = y.sin();
    *x_bar += result_bar * sin;
    *y_bar += result_bar * x * y.cos();
    x * sin
}
#[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::integer_division
)]
///The value of [`everything()`](fn@everything) and its pullback, which maps an adjoint of the value to the gradient; clones of it do so for several.
#[inline]
pub fn vjp_everything(
    x: f64,
    y: f64,
) -> (f64, impl ::core::clone::Clone + ::core::ops::FnOnce(f64) -> (f64, f64)) {
    let cos = y.cos();
    let sin = y.sin();
    let value = x * sin;
    let pullback = move |result_bar: f64| {
        let x_bar = result_bar * sin;
        let y_bar = result_bar * x * cos;
        (x_bar, y_bar)
    };
    (value, pullback)
}
#[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::integer_division
)]
///The value of [`everything()`](fn@everything) and its derivative along a tangent.
#[inline]
pub fn jvp_everything(x: f64, y: f64, x_dot: f64, y_dot: f64) -> (f64, f64) {
    let sin_y = y.sin();
    (x * sin_y, x_dot * sin_y + x * (y.cos() * y_dot))
}
#[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::integer_division
)]
///The gradient of [`everything()`](fn@everything).
#[inline]
pub fn grad_everything(x: f64, y: f64) -> (f64, f64) {
    let mut x_bar: f64 = 0.0;
    let mut y_bar: f64 = 0.0;
    everything::back(x, y, 1.0, &mut x_bar, &mut y_bar);
    (x_bar, y_bar)
}
#[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::integer_division
)]
///The value of [`everything()`](fn@everything) and its gradient, in one sweep.
#[inline]
pub fn value_and_grad_everything(x: f64, y: f64) -> (f64, (f64, f64)) {
    let mut x_bar: f64 = 0.0;
    let mut y_bar: f64 = 0.0;
    let value = adjoint_everything(x, y, 1.0, &mut x_bar, &mut y_bar);
    (value, (x_bar, y_bar))
}
#[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::integer_division
)]
///The Hessian of [`everything()`](fn@everything) times a direction: forward over reverse.
#[inline]
pub fn hvp_everything(x: f64, y: f64, x_dot: f64, y_dot: f64) -> (f64, f64) {
    let mut x_bar: f64 = 0.0;
    let mut y_bar: f64 = 0.0;
    everything::back_jvp(
        x,
        y,
        1.0,
        ::autodiff::private::Discard,
        ::autodiff::private::Discard,
        x_dot,
        y_dot,
        ::autodiff::private::Zero,
        &mut x_bar,
        &mut y_bar,
    );
    (x_bar, y_bar)
}
#[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::integer_division
)]
///The Hessian of [`everything()`](fn@everything).
#[inline]
pub fn hessian_everything(x: f64, y: f64) -> [[f64; 2]; 2] {
    use ::autodiff::private::prelude::*;
    [hvp_everything(x, y, 1.0, 0.0).into(), hvp_everything(x, y, 0.0, 1.0).into()]
}
///The derivatives of [`everything`](fn@everything), for generated code to call.
#[allow(non_camel_case_types, missing_debug_implementations, dead_code)]
#[allow(clippy::all, clippy::pedantic)]
pub enum everything {}
#[allow(unused, deprecated, non_snake_case, non_shorthand_field_patterns)]
#[allow(clippy::all, clippy::pedantic, clippy::nursery)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::integer_division
)]
impl everything {
    ///The value of [`everything()`](fn@everything) without effects.
    #[inline]
    pub fn value(x: f64, y: f64) -> f64 {
        everything(x, y)
    }
    ///The value without effects, and derivatives along tangents.
    #[inline]
    pub fn value_jvp(
        x: f64,
        y: f64,
        x_dot: impl ::autodiff::private::TangentSlot<f64>,
        y_dot: impl ::autodiff::private::TangentSlot<f64>,
    ) -> (f64, f64) {
        let x_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(x_dot, &x));
        let y_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(y_dot, &y));
        everything::jvp(x, y, x_dot, y_dot)
    }
    ///Which parameters' values at entry `back` of [`everything()`](fn@everything) reads.
    pub const NEEDS: [bool; 2] = [true, true];
    ///Which parameters' lengths [`everything()`](fn@everything) may change.
    pub const RESIZES: [bool; 2] = [false, false];
    ///Which parameters' values at entry `reverse` of [`everything()`](fn@everything) reads.
    pub const REVERSE_NEEDS: [bool; 2] = [true, false];
    ///Calls [`everything()`](fn@everything) and keeps what `reverse` needs.
    #[inline]
    pub fn forward(x: f64, y: f64, store: &mut ::autodiff::private::Store) -> f64 {
        let cos = y.cos();
        let sin = y.sin();
        store.push(&(cos, sin));
        x * sin
    }
    ///The reverse sweep of [`everything()`](fn@everything), after `forward`.
    #[inline]
    pub fn reverse(
        x: f64,
        y: f64,
        result_bar: f64,
        x_bar: impl ::autodiff::private::Slot<f64>,
        y_bar: impl ::autodiff::private::Slot<f64>,
        store: &mut ::autodiff::private::Store,
    ) {
        let mut x_bar = ::autodiff::private::Slot::<f64>::open(x_bar, &x);
        let x_bar = ::autodiff::private::OpenSlot::<f64>::get(&mut x_bar);
        let mut y_bar = ::autodiff::private::Slot::<f64>::open(y_bar, &y);
        let y_bar = ::autodiff::private::OpenSlot::<f64>::get(&mut y_bar);
        let (cos, sin): (f64, f64) = store.pop();
        *x_bar += result_bar * sin;
        *y_bar += result_bar * x * cos;
    }
    ///The reverse sweep of [`everything()`](fn@everything) alone: neither value nor effects.
    #[inline]
    pub fn back(
        x: f64,
        y: f64,
        result_bar: f64,
        x_bar: impl ::autodiff::private::Slot<f64>,
        y_bar: impl ::autodiff::private::Slot<f64>,
    ) {
        let mut x_bar = ::autodiff::private::Slot::<f64>::open(x_bar, &x);
        let x_bar = ::autodiff::private::OpenSlot::<f64>::get(&mut x_bar);
        let mut y_bar = ::autodiff::private::Slot::<f64>::open(y_bar, &y);
        let y_bar = ::autodiff::private::OpenSlot::<f64>::get(&mut y_bar);
        *x_bar += result_bar * y.sin();
        *y_bar += result_bar * x * y.cos();
    }
    ///A forward transformation of the reverse sweep of [`everything()`](fn@everything).
    #[inline]
    pub fn back_jvp(
        x: f64,
        y: f64,
        result_bar: f64,
        x_bar: impl ::autodiff::private::Slot<f64>,
        y_bar: impl ::autodiff::private::Slot<f64>,
        x_dot: impl ::autodiff::private::TangentSlot<f64>,
        y_dot: impl ::autodiff::private::TangentSlot<f64>,
        result_bar_dot: impl ::autodiff::private::TangentSlot<f64>,
        x_bar_dot: impl ::autodiff::private::Slot<f64>,
        y_bar_dot: impl ::autodiff::private::Slot<f64>,
    ) {
        let mut x_bar = ::autodiff::private::Slot::<f64>::open(x_bar, &x);
        let x_bar = ::autodiff::private::OpenSlot::<f64>::get(&mut x_bar);
        let mut y_bar = ::autodiff::private::Slot::<f64>::open(y_bar, &y);
        let y_bar = ::autodiff::private::OpenSlot::<f64>::get(&mut y_bar);
        let x_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(x_dot, &x));
        let y_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(y_dot, &y));
        let result_bar_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(
            ::autodiff::private::TangentSlot::<f64>::open(result_bar_dot, &result_bar),
        );
        let mut x_bar_dot = ::autodiff::private::Slot::<f64>::open(x_bar_dot, &x);
        let x_bar_dot = ::autodiff::private::OpenSlot::<f64>::get(&mut x_bar_dot);
        let mut y_bar_dot = ::autodiff::private::Slot::<f64>::open(y_bar_dot, &y);
        let y_bar_dot = ::autodiff::private::OpenSlot::<f64>::get(&mut y_bar_dot);
        let sin_y = y.sin();
        *x_bar_dot += result_bar_dot * sin_y + result_bar * (y.cos() * y_dot);
        *x_bar += result_bar * sin_y;
        let cos_y = y.cos();
        *y_bar_dot
            += (result_bar_dot * x + result_bar * x_dot) * cos_y
                - result_bar * x * (y.sin() * y_dot);
        *y_bar += result_bar * x * cos_y;
    }
    ///The value of [`everything()`](fn@everything) and its derivative along a tangent.
    #[inline]
    pub fn jvp(
        x: f64,
        y: f64,
        x_dot: impl ::autodiff::private::TangentSlot<f64>,
        y_dot: impl ::autodiff::private::TangentSlot<f64>,
    ) -> (f64, f64) {
        let x_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(x_dot, &x));
        let y_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(y_dot, &y));
        jvp_everything(x, y, x_dot, y_dot)
    }
    ///A repeated forward transformation of [`everything()`](fn@everything).
    #[inline]
    pub fn jvp2(
        x: f64,
        y: f64,
        x_dot: impl ::autodiff::private::TangentSlot<f64>,
        y_dot: impl ::autodiff::private::TangentSlot<f64>,
        x_dot_2: impl ::autodiff::private::TangentSlot<f64>,
        y_dot_2: impl ::autodiff::private::TangentSlot<f64>,
        x_dot_dot: impl ::autodiff::private::TangentSlot<f64>,
        y_dot_dot: impl ::autodiff::private::TangentSlot<f64>,
    ) -> ((f64, f64), (f64, f64)) {
        let x_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(x_dot, &x));
        let y_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(y_dot, &y));
        let x_dot_2 = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(x_dot_2, &x));
        let y_dot_2 = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(y_dot_2, &y));
        let x_dot_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(x_dot_dot, &x));
        let y_dot_dot = ::autodiff::private::OpenTangent::<
            f64,
        >::take(::autodiff::private::TangentSlot::<f64>::open(y_dot_dot, &y));
        let sin_y = y.sin();
        let sin_y_dot = y.cos() * y_dot_2;
        let cos_y = y.cos();
        (
            (x * sin_y, x_dot * sin_y + x * (cos_y * y_dot)),
            (
                x_dot_2 * sin_y + x * sin_y_dot,
                x_dot_dot * sin_y + x_dot * sin_y_dot
                    + (x_dot_2 * (cos_y * y_dot)
                        + x * (cos_y * y_dot_dot - y.sin() * y_dot_2 * y_dot)),
            ),
        )
    }
}
