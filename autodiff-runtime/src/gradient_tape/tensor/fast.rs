//! Elementary functions over slices, without branches, so that the compiler vectorises the loops.
//! For `f64`; a few units in the last place at most, which the tests hold against the standard
//! library. Reduction by multiples of ln 2 and Taylor polynomials or quotients, after Muller, "Elementary
//! Functions", 3rd ed. 2016, chapters 4 and 11.

use super::super::formulas::{Operand, Primitive, Unary, rule};
use pulp::WithSimd;
use std::any::{Any, TypeId};
use std::marker::PhantomData;

const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// 1.5 · 2⁵²: adding it rounds to an integer, found in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `a * b + c`: rounded once where the processor does that in one instruction, else as it stands
/// (the standard library's `mul_add` would be a slow function there).
#[inline(always)]
fn fma<const FMA: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// A polynomial by its coefficients, lowest first, in pairs (Estrin 1960): a third of the latency of
/// Horner's chain, which is what these loops wait for.
#[inline(always)]
fn polynomial<const FMA: bool>(c: [f64; 12], x: f64) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let pair = |i: usize| fma::<FMA>(c[i + 1], x, c[i]);
    let four = |i: usize| fma::<FMA>(pair(i + 2), x2, pair(i));
    fma::<FMA>(fma::<FMA>(four(8), x4, four(4)), x4, four(0))
}

/// `x = k ln 2 + r`: `exp(r) - 1` and `k`, the latter as `k + ROUND`.
#[inline(always)]
fn reduced<const FMA: bool>(x: f64) -> (f64, f64) {
    let shifted = fma::<FMA>(x, std::f64::consts::LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = fma::<FMA>(-k, LN_2_LOW, fma::<FMA>(-k, LN_2_HIGH, x));
    // Σ rⁿ/n! for n = 2 … 13, less the leading r: |r| <= 0.3466 leaves 4e-18.
    let tail = polynomial::<FMA>(
        [
            0.5,
            1.0 / 6.0,
            1.0 / 24.0,
            1.0 / 120.0,
            1.0 / 720.0,
            1.0 / 5_040.0,
            1.0 / 40_320.0,
            1.0 / 362_880.0,
            1.0 / 3_628_800.0,
            1.0 / 39_916_800.0,
            1.0 / 479_001_600.0,
            1.0 / 6_227_020_800.0,
        ],
        r,
    );
    (fma::<FMA>(r * r, tail, r), shifted)
}

/// 2ᵏ for `k + ROUND`, -1022 <= k <= 1023.
#[inline(always)]
fn power_of_two(shifted: f64) -> f64 {
    f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52)
}

#[inline(always)]
fn exp<const FMA: bool>(x: f64) -> f64 {
    let x = if x > 710.0 { 710.0 } else { x };
    let x = if x < -746.0 { -746.0 } else { x };
    let (p, shifted) = reduced::<FMA>(x);
    by_power_of_two(1.0 + p, shifted)
}

/// `x 2ᵏ` for `k + ROUND`, in two steps, since 2ᵏ itself may be out of range.
#[inline(always)]
fn by_power_of_two(x: f64, shifted: f64) -> f64 {
    let half = ((shifted - ROUND) * 0.5 + ROUND) - ROUND;
    let rest = (shifted - ROUND) - half;
    x * power_of_two(half + ROUND) * power_of_two(rest + ROUND)
}

/// `e^x = 2ᵏ (2 + q + p) / (2 + q - p)`: `k + ROUND`, `p` and `q`.
/// What divides by a sum with `e^x` in it so does with one division, and half the polynomial
/// (coefficients: Moshier, "Methods and Programs for Mathematical Functions", 1989, `exp`).
#[inline(always)]
fn ratio<const FMA: bool>(x: f64) -> (f64, f64, f64) {
    let shifted = fma::<FMA>(x, std::f64::consts::LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = fma::<FMA>(-k, LN_2_LOW, fma::<FMA>(-k, LN_2_HIGH, x));
    let square = r * r;
    let p = fma::<FMA>(1.261_771_930_748_105_9e-4, square, 3.029_944_077_074_419_6e-2);
    let p = r * fma::<FMA>(p, square, 1.0);
    let q = fma::<FMA>(3.001_985_051_386_644_6e-6, square, 2.524_483_403_496_841e-3);
    let q = square * fma::<FMA>(q, square, 2.272_655_482_081_550_3e-1);
    (shifted, p, q)
}

#[inline(always)]
fn tanh<const FMA: bool>(x: f64) -> f64 {
    let a = x.abs();
    let a = if a > 20.0 { 20.0 } else { a };
    let (shifted, p, q) = ratio::<FMA>(2.0 * a);
    let s = power_of_two(shifted);
    // (e - 1) / (e + 1), where nothing cancels for small x: there s is 1.
    let (less, more) = (s - 1.0, s + 1.0);
    let above = 2.0 * less + fma::<FMA>(less, q, more * p);
    let below = 2.0 * more + fma::<FMA>(more, q, less * p);
    (above / below).copysign(x)
}

/// `exp(-|x|)` as a quotient.
#[inline(always)]
fn decay<const FMA: bool>(x: f64) -> [f64; 2] {
    let a = x.abs();
    let a = if a > 746.0 { 746.0 } else { a };
    let (shifted, p, q) = ratio::<FMA>(-a);
    [by_power_of_two(2.0 + (q + p), shifted), 2.0 + (q - p)]
}

#[inline(always)]
fn sigmoid<const FMA: bool>(x: f64) -> f64 {
    let [n, d] = decay::<FMA>(x);
    if x < 0.0 { n / (n + d) } else { d / (n + d) }
}

/// `ln(1 + exp(x)) = max(x, 0) + ln(1 + u)` with `u = exp(-|x|)` in [0, 1], and the derivative.
#[inline(always)]
fn softplus_and_slope<const FMA: bool>(x: f64) -> [f64; 2] {
    let [n, d] = decay::<FMA>(x);
    // 1 + u = 2ᵏ (1 + f), k = 0 or 1; ln(1 + f) = 2 artanh(f / (2 + f)), |f / (2 + f)| <= 0.172.
    // Of k the rest is made by arithmetic: a second choice by one condition becomes a branch, and
    // the loop stays scalar.
    let k = if n > 0.414_213_562_373_095_03 * d { 1.0 } else { 0.0 };
    let z = (n - k * d) / fma::<FMA>(2.0 + k, d, n);
    let square = z * z;
    let tail = polynomial::<FMA>(
        [
            1.0 / 3.0,
            1.0 / 5.0,
            1.0 / 7.0,
            1.0 / 9.0,
            1.0 / 11.0,
            1.0 / 13.0,
            1.0 / 15.0,
            1.0 / 17.0,
            1.0 / 19.0,
            1.0 / 21.0,
            1.0 / 23.0,
            0.0,
        ],
        square,
    );
    let log = 2.0 * z + 2.0 * z * (square * tail);
    let log = fma::<FMA>(k, std::f64::consts::LN_2, log);
    // Rounds to 0 where u does, also at -∞.
    let slope = if x < 0.0 { n } else { d } / (n + d);
    let positive = if x > 0.0 { x } else { 0.0 };
    [positive + log, slope]
}

#[inline(always)]
fn softplus<const FMA: bool>(x: f64) -> f64 {
    softplus_and_slope::<FMA>(x)[0]
}

/// A loop compiled once for each set of vector instructions, of which the processor's best runs.
pub(crate) struct Loop<F>(pub F);

impl<F: Body> WithSimd for Loop<F> {
    type Output = F::Output;
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) -> F::Output {
        if S::IS_SCALAR { self.0.run::<false>() } else { self.0.run::<true>() }
    }
}

impl<F: Body> Loop<F> {
    pub(crate) fn run(self) -> F::Output {
        pulp::Arch::new().dispatch(self)
    }
}

/// What a loop does. `run` has to be `#[inline(always)]`, else it stays as it was compiled for the
/// oldest processor.
pub(crate) trait Body {
    type Output;
    fn run<const FMA: bool>(self) -> Self::Output;
}

/// A function with and without fused multiply-adds.
trait Function {
    fn at<const FMA: bool>(x: f64) -> f64;
}

macro_rules! functions {
    ($($Name:ident $name:ident)*) => {$(
        struct $Name;
        impl Function for $Name {
            #[inline(always)]
            fn at<const FMA: bool>(x: f64) -> f64 {
                $name::<FMA>(x)
            }
        }
    )*};
}
functions!(FastExp exp FastTanh tanh FastSigmoid sigmoid FastSoftplus softplus);

struct Map<'a, F> {
    x: &'a [f64],
    function: PhantomData<F>,
}

impl<F: Function> Body for Map<'_, F> {
    type Output = Vec<f64>;
    #[inline(always)]
    fn run<const FMA: bool>(self) -> Vec<f64> {
        let mut result = vec![0.0; self.x.len()];
        for (y, &x) in result.iter_mut().zip(self.x) {
            *y = F::at::<FMA>(x);
        }
        result
    }
}

fn map_all<F: Function>(x: &[f64]) -> Vec<f64> {
    Loop(Map { x, function: PhantomData::<F> }).run()
}

/// The function of a rule over a list, if there is a fast one.
#[allow(clippy::ptr_arg)] // `Any` tells apart what has a size.
pub(crate) fn map<R: Unary, A: Primitive>(x: &Vec<A>) -> Option<Vec<A>> {
    let x = (x as &dyn Any).downcast_ref::<Vec<f64>>()?;
    let rule = TypeId::of::<R>();
    let result = if rule == TypeId::of::<rule::tanh>() {
        map_all::<FastTanh>(x)
    } else if rule == TypeId::of::<rule::exp>() {
        map_all::<FastExp>(x)
    } else if rule == TypeId::of::<Sigmoid>() {
        map_all::<FastSigmoid>(x)
    } else if rule == TypeId::of::<Softplus>() {
        map_all::<FastSoftplus>(x)
    } else {
        return None;
    };
    of_type(result)
}

fn of_type<A: 'static>(mut list: Vec<f64>) -> Option<Vec<A>> {
    (&mut list as &mut dyn Any).downcast_mut::<Vec<A>>().map(std::mem::take)
}

/// The function of a rule over a list and its derivative, where that comes out of the same work.
#[allow(clippy::ptr_arg)]
pub(crate) fn map_with_slope<R: Unary, A: Primitive>(x: &Vec<A>) -> Option<[Vec<A>; 2]> {
    let x = (x as &dyn Any).downcast_ref::<Vec<f64>>()?;
    if TypeId::of::<R>() != TypeId::of::<Softplus>() {
        return None;
    }
    let [value, slope] = Loop(SoftplusAndSlope { x }).run();
    Some([of_type(value)?, of_type(slope)?])
}

struct SoftplusAndSlope<'a> {
    x: &'a [f64],
}

impl Body for SoftplusAndSlope<'_> {
    type Output = [Vec<f64>; 2];
    #[inline(always)]
    fn run<const FMA: bool>(self) -> [Vec<f64>; 2] {
        let [mut value, mut slope] = [vec![0.0; self.x.len()], vec![0.0; self.x.len()]];
        for ((value, slope), &x) in value.iter_mut().zip(&mut slope).zip(self.x) {
            [*value, *slope] = softplus_and_slope::<FMA>(x);
        }
        [value, slope]
    }
}

/// The logistic function `1 / (1 + exp(-x))`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sigmoid;

impl Unary for Sigmoid {
    fn value<T: Primitive>(self, x: T) -> T {
        let (one, u) = (T::one(), num_traits::Float::exp(-num_traits::Float::abs(x)));
        if x < T::zero() { u / (one + u) } else { one / (one + u) }
    }
    fn partial<T: Operand>(self, _x: T, y: T) -> T {
        y * (T::of(1.0) - y)
    }
}

/// `ln(1 + exp(x))`, whose derivative is the logistic function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Softplus;

impl Unary for Softplus {
    fn value<T: Primitive>(self, x: T) -> T {
        use num_traits::Float;
        let positive = if x < T::zero() { T::zero() } else { x };
        positive + Float::ln_1p(Float::exp(-Float::abs(x)))
    }
    fn partial<T: Operand>(self, x: T, _y: T) -> T {
        T::unary(Sigmoid, x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distance in units in the last place.
    fn units(a: f64, b: f64) -> u64 {
        if a == b { 0 } else { a.to_bits().abs_diff(b.to_bits()) }
    }

    fn compare(fast: fn(f64) -> f64, exact: impl Fn(f64) -> f64, tolerance: u64) {
        let mut worst = (0, 0.0);
        for i in 0..200_000 {
            let t = f64::from(i) / 100_000.0 - 1.0;
            for x in [t, 30.0 * t, 745.0 * t, 1e-8 * t, 1e-300 * t] {
                worst = worst.max_by_units((units(fast(x), exact(x)), x));
            }
        }
        assert!(worst.0 <= tolerance, "{worst:?}: {} {}", fast(worst.1), exact(worst.1));
    }

    trait Worst {
        fn max_by_units(self, other: Self) -> Self;
    }
    impl Worst for (u64, f64) {
        fn max_by_units(self, other: Self) -> Self {
            if other.0 > self.0 { other } else { self }
        }
    }

    #[test]
    fn near_the_standard_library() {
        compare(exp::<false>, f64::exp, 2);
        compare(exp::<true>, f64::exp, 2);
        compare(tanh::<false>, f64::tanh, 4);
        compare(tanh::<true>, f64::tanh, 4);
        compare(sigmoid::<false>, |x| Sigmoid.value(x), 4);
        compare(softplus::<false>, |x| Softplus.value(x), 4);
        compare(softplus::<true>, |x| Softplus.value(x), 4);
        compare(sigmoid::<true>, |x| Sigmoid.value(x), 4);
        compare(|x| softplus_and_slope::<false>(x)[1], |x| Sigmoid.value(x), 4);
        compare(|x| softplus_and_slope::<true>(x)[1], |x| Sigmoid.value(x), 4);
    }

    #[test]
    fn vectors_as_the_standard_library() {
        let x: Vec<f64> = (0..1003).map(|i| f64::from(i) / 50.0 - 10.0).collect();
        let all = [map::<rule::tanh, f64>(&x), map::<rule::exp, f64>(&x)];
        for (got, exact) in all.into_iter().zip([f64::tanh as fn(f64) -> f64, f64::exp]) {
            let got = got.expect("a fast function");
            assert!(got.iter().zip(&x).all(|(&y, &x)| units(y, exact(x)) <= 4));
        }
        assert!(map::<rule::sin, f64>(&x).is_none() && map::<rule::exp, f32>(&vec![1.0]).is_none());
    }

    #[test]
    fn edges() {
        edges_of::<false>();
        edges_of::<true>();
    }

    fn edges_of<const FMA: bool>() {
        let (exp, tanh) = (exp::<FMA>, tanh::<FMA>);
        let (sigmoid, softplus) = (sigmoid::<FMA>, softplus::<FMA>);
        for value in [exp(f64::NAN), tanh(f64::NAN), sigmoid(f64::NAN), softplus(f64::NAN)] {
            assert!(value.is_nan());
        }
        assert_eq!([exp(f64::INFINITY), exp(f64::NEG_INFINITY)], [f64::INFINITY, 0.0]);
        assert_eq!([exp(710.0), exp(-750.0), exp(0.0)], [f64::INFINITY, 0.0, 1.0]);
        assert_eq!([tanh(f64::INFINITY), tanh(f64::NEG_INFINITY), tanh(50.0)], [1.0, -1.0, 1.0]);
        assert_eq!(tanh(-0.0).to_bits(), (-0.0f64).to_bits());
        assert_eq!([sigmoid(-800.0), sigmoid(800.0), sigmoid(0.0)], [0.0, 1.0, 0.5]);
        assert_eq!([softplus(-800.0), softplus(800.0)], [0.0, 800.0]);
        assert_eq!([softplus(f64::INFINITY), softplus(f64::NEG_INFINITY)], [f64::INFINITY, 0.0]);
        let slope = |x| softplus_and_slope::<FMA>(x)[1];
        assert!(slope(f64::NAN).is_nan());
        assert_eq!([slope(f64::INFINITY), slope(f64::NEG_INFINITY), slope(0.0)], [1.0, 0.0, 0.5]);
    }
}
