//! The macros that check all generated functions of one function.

/// Tests of functions that return one float, without `&mut` parameters: every first-order function.
#[macro_export]
macro_rules! gradient_test {
    ($($f:ident: $(($($args:tt)*)),+ $(,)?;)+) => {
        $crate::pastey::paste! {
            $(#[test]
            fn [<$f _gradient>]() {
                $($crate::check!(@start gradient
                    ($f [<grad_ $f>] [<value_and_grad_ $f>] [<vjp_ $f>] [<adjoint_ $f>] [<jvp_ $f>])
                    ($($args)*));)+
            })+
        }
    };
}

/// Tests of functions that return several floats, without `&mut` parameters: pullback, adjoint and
/// forward mode.
#[macro_export]
macro_rules! pullback_test {
    ($($f:ident: $(($($args:tt)*)),+ $(,)?;)+) => {
        $crate::pastey::paste! {
            $(#[test]
            fn [<$f _pullback>]() {
                $($crate::check!(@start pullback
                    ($f [<grad_ $f>] [<value_and_grad_ $f>] [<vjp_ $f>] [<adjoint_ $f>] [<jvp_ $f>])
                    ($($args)*));)+
            })+
        }
    };
}

/// Tests of functions that return `()` and write through `&mut` parameters.
#[macro_export]
macro_rules! inplace_test {
    ($($f:ident: $(($($args:tt)*)),+ $(,)?;)+) => {
        $crate::pastey::paste! {
            $(#[test]
            fn [<$f _inplace>]() {
                $($crate::check!(@start inplace
                    ($f [<grad_ $f>] [<value_and_grad_ $f>] [<vjp_ $f>] [<adjoint_ $f>] [<jvp_ $f>])
                    ($($args)*));)+
            })+
        }
    };
}

/// Tests of functions that return one float and write through `&mut` parameters.
#[macro_export]
macro_rules! state_test {
    ($($f:ident: $(($($args:tt)*)),+ $(,)?;)+) => {
        $crate::pastey::paste! {
            $(#[test]
            fn [<$f _state>]() {
                $($crate::check!(@start state
                    ($f [<grad_ $f>] [<value_and_grad_ $f>] [<vjp_ $f>] [<adjoint_ $f>] [<jvp_ $f>])
                    ($($args)*));)+
            })+
        }
    };
}

/// Tests of `hvp_f` (`order = 2`) against finite differences of `grad_f`, and its symmetry.
#[macro_export]
macro_rules! hvp_test {
    ($($f:ident: $(($($args:tt)*)),+ $(,)?;)+) => {
        $crate::pastey::paste! {
            $(#[test]
            fn [<$f _hvp>]() {
                $($crate::check!(@start hvp
                    ($f [<grad_ $f>] [<hvp_ $f>] [<vjp_ $f>] [<adjoint_ $f>] [<jvp_ $f>])
                    ($($args)*));)+
            })+
        }
    };
}

/// Tests of `hessian_f` against finite differences of `grad_f`.
#[macro_export]
macro_rules! hessian_test {
    ($($f:ident: $(($($args:tt)*)),+ $(,)?;)+) => {
        $crate::pastey::paste! {
            $(#[test]
            fn [<$f _hessian>]() {
                $($crate::check!(@start hessian
                    ($f [<grad_ $f>] [<hessian_ $f>] [<vjp_ $f>] [<adjoint_ $f>] [<jvp_ $f>])
                    ($($args)*));)+
            })+
        }
    };
}

/// Reads the arguments, one at a time, then runs the check. `p`, `bar` and `dot` are other
/// variables in every step, by the hygiene of `macro_rules!`.
#[doc(hidden)]
#[macro_export]
macro_rules! check {
    (@start $mode:ident $names:tt ($($args:tt)*)) => {
        $crate::check!(@munch $mode $names [] [] $($args)* ,)
    };
    (@munch $mode:ident $names:tt $all:tt $active:tt) => {
        $crate::check!(@run $mode $names $all $active)
    };
    (@munch $mode:ident $names:tt $all:tt $active:tt ,) => {
        $crate::check!(@run $mode $names $all $active)
    };
    (@munch $mode:ident $names:tt [$($all:tt)*] [$($active:tt)*] ref $e:expr, $($rest:tt)*) => {
        $crate::check!(@munch $mode $names
            [$($all)* (ref p $e)] [$($active)* (ref p bar dot)] $($rest)*)
    };
    (@munch $mode:ident $names:tt [$($all:tt)*] [$($active:tt)*] mut $e:expr, $($rest:tt)*) => {
        $crate::check!(@munch $mode $names
            [$($all)* (mut p $e)] [$($active)* (mut p bar dot)] $($rest)*)
    };
    (@munch $mode:ident $names:tt [$($all:tt)*] $active:tt const $e:expr, $($rest:tt)*) => {
        $crate::check!(@munch $mode $names [$($all)* (const p $e)] $active $($rest)*)
    };
    (@munch $mode:ident $names:tt [$($all:tt)*] $active:tt scratch $e:expr, $($rest:tt)*) => {
        $crate::check!(@munch $mode $names [$($all)* (scratch p $e)] $active $($rest)*)
    };
    (@munch $mode:ident $names:tt [$($all:tt)*] [$($active:tt)*] $e:expr, $($rest:tt)*) => {
        $crate::check!(@munch $mode $names
            [$($all)* (value p $e)] [$($active)* (value p bar dot)] $($rest)*)
    };

    // How an argument is passed, and its tangent.
    (@pass ref $p:ident) => { &$p };
    (@pass mut $p:ident) => { &mut $p };
    (@pass const $p:ident) => { Clone::clone(&$p) };
    (@pass scratch $p:ident) => { &mut $p.clone() };
    (@pass value $p:ident) => { $p.clone() };
    (@after mut $p:ident $out:ident) => { $crate::Flat::flatten(&$p, &mut $out) };
    (@after $kind:tt $p:ident $out:ident) => {};
    (@is_mut mut) => { true };
    (@is_mut $kind:tt) => { false };

    (@run $mode:ident
        ($f:ident $grad:ident $value_and_grad:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*]
        [$(($active:tt $a:ident $bar:ident $dot:ident))*]
    ) => {{
        #[allow(unused_imports)]
        use $crate::{Flat as _, assert_close, dot as scalar_product};
        $(let $p = $e;)*
        let name = stringify!($f);
        let mut random = $crate::Random::new(name.len() as u64 + 1);
        // All outputs (result, then final states) as a function of all inputs.
        let primal = |flat: &[f64]| -> Vec<f64> {
            let mut at = flat.iter().copied();
            $(#[allow(unused_mut)]
            let mut $a = $a.rebuild(&mut || at.next().expect("an input"));)*
            let mut out = Vec::new();
            let result = $f($($crate::check!(@pass $kind $p)),*);
            $crate::Flat::flatten(&result, &mut out);
            $($crate::check!(@after $active $a out);)*
            out
        };
        let mut inputs = Vec::new();
        $($a.flatten(&mut inputs);)*
        let outputs = primal(&inputs);
        let columns = $crate::jacobian(&primal, &inputs);
        $crate::check!(@mode $mode
            ($f $grad $value_and_grad $vjp $adjoint $jvp)
            [$(($kind $p $e))*]
            [$(($active $a $bar $dot))*]
            name random inputs outputs columns primal)
    }};

    (@mode gradient
        ($f:ident $grad:ident $value_and_grad:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*] $actives:tt
        $name:ident $random:ident $inputs:ident $outputs:ident $columns:ident $primal:ident
    ) => {{
        let want: Vec<f64> = $columns.iter().map(|column| column[0]).collect();
        let got = $grad($($crate::check!(@pass $kind $p)),*).flat();
        assert_close(&format!("grad_{}", $name), &got, &want, 1e-7);
        let (value, got) = $value_and_grad($($crate::check!(@pass $kind $p)),*);
        assert_close(&format!("value_and_grad_{}", $name), &value.flat(), &$outputs, 1e-13);
        assert_close(&format!("value_and_grad_{}", $name), &got.flat(), &want, 1e-7);
        $crate::check!(@mode pullback
            ($f $grad $value_and_grad $vjp $adjoint $jvp)
            [$(($kind $p $e))*] $actives
            $name $random $inputs $outputs $columns $primal)
    }};

    (@mode state
        ($f:ident $grad:ident $value_and_grad:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*] [$(($active:tt $a:ident $bar:ident $dot:ident))*]
        $name:ident $random:ident $inputs:ident $outputs:ident $columns:ident $primal:ident
    ) => {{
        let want: Vec<f64> = $columns.iter().map(|column| column[0]).collect();
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            let got = $grad($($crate::check!(@pass $kind $p)),*).flat();
            assert_close(&format!("grad_{}", $name), &got, &want, 1e-7);
        }
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            let (value, got) = $value_and_grad($($crate::check!(@pass $kind $p)),*);
            assert_close(&format!("value_and_grad_{}", $name), &got.flat(), &want, 1e-7);
            #[allow(unused_mut)]
            let mut outputs = value.flat();
            $($crate::check!(@after $active $a outputs);)*
            assert_close(&format!("value_and_grad_{}", $name), &outputs, &$outputs, 1e-13);
        }
        let result = {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            $f($($crate::check!(@pass $kind $p)),*)
        };
        let seed = result.rebuild(&mut || $random.draw());
        let seed_flat = seed.flat();
        $crate::check!(@sweeps ($f $grad $value_and_grad $vjp $adjoint $jvp)
            [$(($kind $p $e))*] [$(($active $a $bar $dot))*]
            $name $random $inputs $outputs $columns seed_flat (seed,))
    }};

    (@mode pullback
        ($f:ident $grad:ident $value_and_grad:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*] $actives:tt
        $name:ident $random:ident $inputs:ident $outputs:ident $columns:ident $primal:ident
    ) => {{
        let result = $f($($crate::check!(@pass $kind $p)),*);
        let seed = result.rebuild(&mut || $random.draw());
        let seed_flat = seed.flat();
        let want: Vec<f64> =
            $columns.iter().map(|column| scalar_product(column, &seed_flat)).collect();
        let (value, pullback) = $vjp($($crate::check!(@pass $kind $p)),*);
        assert_close(&format!("vjp_{}, value", $name), &value.flat(), &$outputs, 1e-13);
        let got = pullback(seed.clone()).flat();
        assert_close(&format!("vjp_{}", $name), &got, &want, 1e-7);
        $crate::check!(@sweeps ($f $grad $value_and_grad $vjp $adjoint $jvp)
            [$(($kind $p $e))*] $actives
            $name $random $inputs $outputs $columns seed_flat (seed.clone(),))
    }};

    (@mode inplace
        ($f:ident $grad:ident $value_and_grad:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*] [$(($active:tt $a:ident $bar:ident $dot:ident))*]
        $name:ident $random:ident $inputs:ident $outputs:ident $columns:ident $primal:ident
    ) => {{
        let seed_flat: Vec<f64> = Vec::new();
        // Without a result the tangent is `()` too.
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            $(#[allow(unused_mut)] let mut $dot = $a.rebuild(&mut || 1.0);)*
            let () =
                $jvp($($crate::check!(@pass $kind $p),)* $($crate::check!(@pass $active $dot)),*);
        }
        $crate::check!(@sweeps_unit ($f $grad $value_and_grad $vjp $adjoint $jvp)
            [$(($kind $p $e))*] [$(($active $a $bar $dot))*]
            $name $random $inputs $outputs $columns seed_flat)
    }};

    // Adjoint and forward mode of a function that returns something.
    (@sweeps
        ($f:ident $grad:ident $value_and_grad:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*] [$(($active:tt $a:ident $bar:ident $dot:ident))*]
        $name:ident $random:ident $inputs:ident $outputs:ident $columns:ident
        $seed_flat:ident ($seed:expr,)
    ) => {{
        $(#[allow(unused_mut)] let mut $bar = $a.rebuild(&mut || $random.draw());)*
        #[allow(unused_mut)]
        let mut seeds = $seed_flat.clone();
        let mut want = Vec::new();
        $($crate::check!(@after $active $bar seeds);)*
        $(want.extend($bar.flat().iter().map(|b| {
            if $crate::check!(@is_mut $active) { 0.0 } else { *b }
        }));)*
        for (want, column) in want.iter_mut().zip(&$columns) {
            *want += scalar_product(column, &seeds);
        }
        #[allow(unused_mut)]
        let mut values;
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            let result = $adjoint($($crate::check!(@pass $kind $p),)* $seed, $(&mut $bar),*);
            values = result.flat();
            $($crate::check!(@after $active $a values);)*
        }
        assert_close(&format!("adjoint_{}, value", $name), &values, &$outputs, 1e-13);
        let mut got = Vec::new();
        $($bar.flatten(&mut got);)*
        assert_close(&format!("adjoint_{}", $name), &got, &want, 1e-7);
        // The adjoint once more into zeroed buffers, for the dot-product test to rounding.
        let mut gradient = Vec::new();
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            let mut at = seeds[$seed_flat.len()..].iter().copied();
            $(#[allow(unused_mut)] let mut $bar = $bar.rebuild(&mut || {
                if $crate::check!(@is_mut $active) { at.next().expect("a seed") } else { 0.0 }
            });)*
            $adjoint($($crate::check!(@pass $kind $p),)* $seed, $(&mut $bar),*);
            $($bar.flatten(&mut gradient);)*
            let _ = at.next();
        }
        $(#[allow(unused_mut)] let mut $dot = $a.rebuild(&mut || $random.draw());)*
        let mut direction = Vec::new();
        $($dot.flatten(&mut direction);)*
        #[allow(unused_mut)]
        let mut tangents;
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            let (value, tangent) =
                $jvp($($crate::check!(@pass $kind $p),)* $($crate::check!(@pass $active $dot)),*);
            values = value.flat();
            tangents = tangent.flat();
            $($crate::check!(@after $active $a values);)*
            $($crate::check!(@after $active $dot tangents);)*
        }
        $crate::check!(@forward $name $outputs $columns values tangents seeds gradient direction)
    }};

    // The same for a function that returns `()`: no seed, no tangent.
    (@sweeps_unit
        ($f:ident $grad:ident $value_and_grad:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*] [$(($active:tt $a:ident $bar:ident $dot:ident))*]
        $name:ident $random:ident $inputs:ident $outputs:ident $columns:ident $seed_flat:ident
    ) => {{
        $(#[allow(unused_mut)] let mut $bar = $a.rebuild(&mut || $random.draw());)*
        #[allow(unused_mut)]
        let mut seeds = $seed_flat.clone();
        let mut want = Vec::new();
        $($crate::check!(@after $active $bar seeds);)*
        $(want.extend($bar.flat().iter().map(|b| {
            if $crate::check!(@is_mut $active) { 0.0 } else { *b }
        }));)*
        for (want, column) in want.iter_mut().zip(&$columns) {
            *want += scalar_product(column, &seeds);
        }
        let mut values = Vec::new();
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            $adjoint($($crate::check!(@pass $kind $p),)* $(&mut $bar),*);
            $($crate::check!(@after $active $a values);)*
        }
        assert_close(&format!("adjoint_{}, state", $name), &values, &$outputs, 1e-13);
        let mut got = Vec::new();
        $($bar.flatten(&mut got);)*
        assert_close(&format!("adjoint_{}", $name), &got, &want, 1e-7);
        let mut gradient = Vec::new();
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            let mut at = seeds.iter().copied();
            $(#[allow(unused_mut)] let mut $bar = $bar.rebuild(&mut || {
                if $crate::check!(@is_mut $active) { at.next().expect("a seed") } else { 0.0 }
            });)*
            $adjoint($($crate::check!(@pass $kind $p),)* $(&mut $bar),*);
            $($bar.flatten(&mut gradient);)*
        }
        $(#[allow(unused_mut)] let mut $dot = $a.rebuild(&mut || $random.draw());)*
        let mut direction = Vec::new();
        $($dot.flatten(&mut direction);)*
        let mut tangents = Vec::new();
        values = Vec::new();
        {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            $jvp($($crate::check!(@pass $kind $p),)* $($crate::check!(@pass $active $dot)),*);
            $($crate::check!(@after $active $a values);)*
            $($crate::check!(@after $active $dot tangents);)*
        }
        $crate::check!(@forward $name $outputs $columns values tangents seeds gradient direction)
    }};

    (@forward $name:ident $outputs:ident $columns:ident
        $values:ident $tangents:ident $seeds:ident $gradient:ident $direction:ident
    ) => {{
        assert_close(&format!("jvp_{}, value", $name), &$values, &$outputs, 1e-13);
        let mut want = vec![0.0; $outputs.len()];
        for (column, d) in $columns.iter().zip(&$direction) {
            for (want, entry) in want.iter_mut().zip(column) {
                *want += entry * d;
            }
        }
        assert_close(&format!("jvp_{}", $name), &$tangents, &want, 1e-7);
        let (forward, reverse) =
            (scalar_product(&$seeds, &$tangents), scalar_product(&$gradient, &$direction));
        assert!(
            $crate::close(forward, reverse, 1e-10),
            "{}: forward mode gives {forward:?}, reverse mode {reverse:?}",
            $name
        );
    }};

    (@mode hvp
        ($f:ident $grad:ident $hvp:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*] [$(($active:tt $a:ident $bar:ident $dot:ident))*]
        $name:ident $random:ident $inputs:ident $outputs:ident $columns:ident $primal:ident
    ) => {{
        let gradient = |flat: &[f64]| -> Vec<f64> {
            let mut at = flat.iter().copied();
            $(#[allow(unused_mut)]
            let mut $a = $a.rebuild(&mut || at.next().expect("an input"));)*
            $grad($($crate::check!(@pass $kind $p)),*).flat()
        };
        let hessian = $crate::jacobian(&gradient, &$inputs);
        let _ = (&$outputs, &$columns);
        let mut product = |first: bool| -> (Vec<f64>, Vec<f64>) {
            $(#[allow(unused_mut)] let mut $a = $a.clone();)*
            $(#[allow(unused_mut)] let mut $dot = $a.rebuild(&mut || $random.draw());)*
            let mut direction = Vec::new();
            $($dot.flatten(&mut direction);)*
            let got = $hvp($($crate::check!(@pass $kind $p),)* $($crate::check!(@pass $active $dot)),*)
                .flat();
            let mut want = vec![0.0; got.len()];
            for (column, d) in hessian.iter().zip(&direction) {
                for (want, entry) in want.iter_mut().zip(column) {
                    *want += entry * d;
                }
            }
            let which = if first { "first" } else { "second" };
            assert_close(&format!("hvp_{}, {which} direction", $name), &got, &want, 1e-6);
            (direction, got)
        };
        let (v, hv) = product(true);
        let (w, hw) = product(false);
        let (one, other) = (scalar_product(&w, &hv), scalar_product(&v, &hw));
        assert!(
            $crate::close(one, other, 1e-10),
            "hvp_{}: not symmetric: {one:?} and {other:?}",
            $name
        );
    }};

    (@mode hessian
        ($f:ident $grad:ident $hessian:ident $vjp:ident $adjoint:ident $jvp:ident)
        [$(($kind:tt $p:ident $e:expr))*] [$(($active:tt $a:ident $bar:ident $dot:ident))*]
        $name:ident $random:ident $inputs:ident $outputs:ident $columns:ident $primal:ident
    ) => {{
        let gradient = |flat: &[f64]| -> Vec<f64> {
            let mut at = flat.iter().copied();
            $(#[allow(unused_mut)]
            let mut $a = $a.rebuild(&mut || at.next().expect("an input"));)*
            $grad($($crate::check!(@pass $kind $p)),*).flat()
        };
        let _ = (&$outputs, &$columns);
        let want = $crate::jacobian(&gradient, &$inputs).concat();
        let got = $hessian($($crate::check!(@pass $kind $p)),*).flat();
        assert_close(&format!("hessian_{}", $name), &got, &want, 1e-6);
        let _ = $random.draw();
    }};
}

#[cfg(test)]
mod tests {
    //! The checks themselves, on derivatives written by hand.

    fn power(x: f64, a: &[f64], n: i32) -> f64 {
        x.powi(n) * a.iter().sum::<f64>()
    }

    fn value_and_grad_power(x: f64, a: &[f64], n: i32) -> (f64, (f64, Vec<f64>)) {
        let mut a_bar = vec![0.0; a.len()];
        let mut x_bar = 0.0;
        let value = adjoint_power(x, a, n, 1.0, &mut x_bar, &mut a_bar);
        (value, (x_bar, a_bar))
    }

    fn grad_power(x: f64, a: &[f64], n: i32) -> (f64, Vec<f64>) {
        value_and_grad_power(x, a, n).1
    }

    fn vjp_power(x: f64, a: &[f64], n: i32) -> (f64, impl FnOnce(f64) -> (f64, Vec<f64>)) {
        (power(x, a, n), move |seed| {
            let (g, v) = grad_power(x, a, n);
            (g * seed, v.iter().map(|v| v * seed).collect())
        })
    }

    fn adjoint_power(
        x: f64,
        a: &[f64],
        n: i32,
        seed: f64,
        x_bar: &mut f64,
        a_bar: &mut [f64],
    ) -> f64 {
        *x_bar += seed * f64::from(n) * x.powi(n - 1) * a.iter().sum::<f64>();
        for bar in a_bar {
            *bar += seed * x.powi(n);
        }
        power(x, a, n)
    }

    fn jvp_power(x: f64, a: &[f64], n: i32, x_dot: f64, a_dot: &[f64]) -> (f64, f64) {
        let (x_bar, a_bar) = grad_power(x, a, n);
        (power(x, a, n), x_bar * x_dot + crate::dot(&a_bar, a_dot))
    }

    fn hvp_power(x: f64, a: &[f64], n: i32, x_dot: f64, a_dot: &[f64]) -> (f64, Vec<f64>) {
        let sum: f64 = a.iter().sum();
        let m = f64::from(n);
        let cross = m * x.powi(n - 1);
        let first = m * (m - 1.0) * x.powi(n - 2) * sum * x_dot + cross * a_dot.iter().sum::<f64>();
        (first, vec![cross * x_dot; a.len()])
    }

    gradient_test! { power: (1.3, ref vec![0.4, -0.3], const 3), (2.0, ref vec![], const 2); }
    hvp_test! { power: (1.3, ref vec![0.4, -0.3], const 3); }

    fn scale(x: &mut [f64], factor: f64) {
        for x in x {
            *x *= factor;
        }
    }

    fn adjoint_scale(x: &mut [f64], factor: f64, x_bar: &mut [f64], factor_bar: &mut f64) {
        for (x, bar) in x.iter_mut().zip(x_bar) {
            *factor_bar += *bar * *x;
            *bar *= factor;
            *x *= factor;
        }
    }

    fn jvp_scale(x: &mut [f64], factor: f64, x_dot: &mut [f64], factor_dot: f64) {
        for (x, dot) in x.iter_mut().zip(x_dot) {
            *dot = *dot * factor + *x * factor_dot;
            *x *= factor;
        }
    }

    inplace_test! { scale: (mut vec![0.4, -0.3], 1.5); }
}
