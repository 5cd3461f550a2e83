//! The generated functions: names, signatures, what each returns; attribute arguments.

use autodiff::{differentiable, stop_gradient};
use autodiff_tests::{assert_close, gradient_test, pullback_test, state_test};

mod signatures {
    use super::*;

    /// One parameter of every kind.
    #[differentiable]
    pub fn mixed(
        x: f64,
        a: [f64; 2],
        v: &[f64],
        w: Vec<f64>,
        n: usize,
        r: &f64,
        t: (f64, f64),
    ) -> f64 {
        let mut sum = x * a[0] + a[1] * t.0;
        for i in 0..n {
            sum += v[i] * w[i] * r;
        }
        sum * t.1
    }

    gradient_test! {
        mixed: (0.7, [-1.2, 0.4], ref vec![1.1, 0.3], vec![0.9, -0.5], const 2, ref 1.3, (0.2, 1.7)),
               (0.7, [-1.2, 0.4], ref vec![], vec![], const 0, ref 1.3, (0.2, 1.7));
    }

    #[test]
    #[allow(clippy::type_complexity)]
    fn types_as_published() {
        let (x, a, v, w, n, r, t) = (0.7, [-1.2, 0.4], [1.1], vec![0.9], 1, 1.3, (0.2, 1.7));
        type G = (f64, [f64; 2], Vec<f64>, Vec<f64>, f64, (f64, f64));
        let g: G = grad_mixed(x, a, &v, w.clone(), n, &r, t);
        let (value, again): (f64, G) = value_and_grad_mixed(x, a, &v, w.clone(), n, &r, t);
        assert_eq!((value, &again), (mixed(x, a, &v, w.clone(), n, &r, t), &g));
        let (value, pullback) = vjp_mixed(x, a, &v, w.clone(), n, &r, t);
        let third: G = pullback(1.0);
        assert_eq!((value, &third), (mixed(x, a, &v, w.clone(), n, &r, t), &g));
        let (mut x_bar, mut a_bar, mut v_bar, mut w_bar, mut r_bar, mut t_bar) =
            (0.0, [0.0; 2], [0.0; 1], [0.0; 1], 0.0, (0.0, 0.0));
        let value: f64 = adjoint_mixed(
            x,
            a,
            &v,
            w.clone(),
            n,
            &r,
            t,
            1.0,
            &mut x_bar,
            &mut a_bar,
            &mut v_bar[..],
            &mut w_bar[..],
            &mut r_bar,
            &mut t_bar,
        );
        assert_eq!(
            value,
            again.0.mul_add(0.0, mixed(x, a, &v, w.clone(), n, &r, t))
        );
        assert_eq!(
            (x_bar, a_bar, v_bar.to_vec(), w_bar.to_vec(), r_bar, t_bar),
            g
        );
        let (_, tangent): (f64, f64) = jvp_mixed(
            x,
            a,
            &v,
            w,
            n,
            &r,
            t,
            1.0,
            [0.0; 2],
            &[0.0],
            vec![0.0],
            &0.0,
            (0.0, 0.0),
        );
        assert_eq!(tangent, g.0);
    }

    #[test]
    fn the_function_itself_is_untouched() {
        let f: fn(f64, [f64; 2], &[f64], Vec<f64>, usize, &f64, (f64, f64)) -> f64 = mixed;
        assert_eq!(f(1.0, [1.0; 2], &[], vec![], 0, &1.0, (1.0, 2.0)), 4.0);
    }

    #[differentiable]
    fn gradient_of_one(x: &[f64]) -> f64 {
        x[0] * x[1]
    }

    #[test]
    fn one_active_parameter_is_bare() {
        let g: Vec<f64> = grad_gradient_of_one(&[2.0, 3.0]);
        assert_eq!(g, [3.0, 2.0]);
    }

    #[test]
    fn the_adjoint_adds_to_what_is_there() {
        let mut bar = [10.0, 20.0];
        assert_eq!(adjoint_gradient_of_one(&[2.0, 3.0], 2.0, &mut bar), 6.0);
        assert_eq!(bar, [16.0, 24.0]);
        assert_eq!(adjoint_gradient_of_one(&[2.0, 3.0], 0.5, &mut bar), 6.0);
        assert_eq!(bar, [17.5, 25.0]);
    }

    #[test]
    fn pullbacks_outlive_their_arguments() {
        let pullback = {
            let x = 0.7_f64;
            vjp_owned(x, [1.0, 2.0]).1
        };
        assert_eq!(pullback(2.0), (10.0, [1.4, 2.8]));
    }

    #[differentiable]
    fn owned(x: f64, a: [f64; 2]) -> f64 {
        x * (a[0] + 2.0 * a[1])
    }

    #[test]
    fn two_pullbacks_at_once() {
        let (_, first) = vjp_gradient_of_one(&[2.0, 3.0]);
        let (_, second) = vjp_gradient_of_one(&[5.0, 7.0]);
        assert_eq!(first(1.0), [3.0, 2.0]);
        assert_eq!(second(2.0), [14.0, 10.0]);
    }

    #[differentiable]
    #[cfg(any())]
    fn not_there(x: f64) -> f64 {
        this_is_not_compiled(x)
    }

    #[cfg(all())]
    #[differentiable]
    #[must_use]
    #[inline(always)]
    #[allow(clippy::let_and_return)]
    fn attributes(x: f64) -> f64 {
        let y = x * x;
        y
    }

    #[test]
    fn attributes_are_kept() {
        assert_eq!(grad_attributes(3.0), 6.0);
    }
}

mod make_vjp {
    use super::*;

    #[differentiable]
    fn square(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    fn shifted(x: f64) -> f64 {
        (x + 2.0) + 3.0
    }

    #[differentiable]
    fn cubed(a: f64) -> f64 {
        a.powi(3)
    }

    #[differentiable]
    fn tutorial_y(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    fn tutorial_z(x: f64) -> f64 {
        let y = tutorial_y(x);
        y * y
    }

    #[differentiable]
    fn squared_sum(x: [[f64; 2]; 2]) -> f64 {
        let mut y = 0.0;
        for row in x {
            for v in row {
                y += v;
            }
        }
        y * y
    }

    #[test]
    fn cases_known_from_tensorflow() {
        let (value, pullback) = vjp_square(3.0);
        assert_eq!((value, pullback(2.0)), (9.0, 12.0));
        assert_eq!(grad_shifted(1.0), 1.0);
        assert_eq!(value_and_grad_cubed(2.0), (8.0, 12.0));
        assert_eq!((grad_tutorial_z(3.0), grad_tutorial_y(3.0)), (108.0, 6.0));
        assert_eq!(grad_squared_sum([[1.0; 2]; 2]), [[8.0; 2]; 2]);
        assert_eq!(gradient_as_a_value(1.0), 2.0);
        assert_eq!(grad_gradient_as_a_value(1.0), 2.0);
        assert_eq!(value_and_grad_ten_steps(1.0), (11.0, 1.0));
    }

    /// A custom rule whose primal is itself a derivative.
    #[differentiable(derivative(x = 2.0 + 0.0 * x))]
    fn gradient_as_a_value(x: f64) -> f64 {
        grad_square(x)
    }

    #[differentiable]
    fn ten_steps(x: f64) -> f64 {
        fn step(x: f64) -> f64 {
            x + 1.0
        }
        let mut a = x;
        let mut i = 0;
        while i < 10 {
            a = step(a);
            i += 1;
        }
        a
    }
}

mod with_respect_to {
    use super::*;

    #[differentiable(wrt(b))]
    fn second_only(a: f64, b: f64) -> f64 {
        a * b * a
    }

    #[differentiable(wrt(x, k))]
    fn two_of_four(x: &[f64], y: &[f64], k: f64, s: f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += x[i] * y[i] * k;
        }
        sum * s
    }

    #[differentiable(wrt(a))]
    fn product(a: f64, b: f64) -> f64 {
        a * b
    }

    #[differentiable(wrt(x))]
    fn scratch(x: &[f64], work: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            work[i] = x[i] * x[i] + work[i];
        }
        for i in 0..x.len() {
            sum += work[i] * work[0];
        }
        sum
    }

    #[differentiable]
    fn calls_partly_active(x: f64, y: f64) -> f64 {
        // The callee's own choice of `wrt` is respected: it is constant in `a`.
        second_only(2.0, y) * x
    }

    #[test]
    fn named_parameters_only() {
        assert_eq!(grad_second_only(2.0, 3.0), 4.0);
        assert_eq!(value_and_grad_product(2.0, 3.0), (6.0, 3.0));
        assert_eq!(jvp_second_only(2.0, 3.0, 1.0), (12.0, 4.0));
        let (x, k): (Vec<f64>, f64) = grad_two_of_four(&[1.0, 2.0], &[3.0, 4.0], 5.0, 2.0);
        assert_eq!((x, k), (vec![30.0, 40.0], 22.0));
        let mut bar = 1.0;
        adjoint_second_only(2.0, 3.0, 10.0, &mut bar);
        assert_eq!(bar, 41.0);
    }

    #[test]
    fn scratch_is_free_and_no_output() {
        let mut work = [1.0, 2.0];
        // work = [x0² + 1, x1² + 2], f = w0² + w1 w0
        let (x0, x1) = (3.0, 0.5);
        let g = grad_scratch(&[x0, x1], &mut work);
        let (w0, w1) = (x0 * x0 + 1.0, x1 * x1 + 2.0);
        assert_close(
            "grad",
            &g,
            &[(2.0 * w0 + w1) * 2.0 * x0, w0 * 2.0 * x1],
            1e-13,
        );
        let mut work = [1.0, 2.0];
        let (value, g2) = value_and_grad_scratch(&[x0, x1], &mut work);
        assert_eq!(g2, g);
        assert_eq!(value, w0 * w0 + w1 * w0);
        let mut work = [1.0, 2.0];
        let (_, tangent) = jvp_scratch(&[x0, x1], &mut work, &[1.0, 0.0]);
        assert_close("jvp", &[tangent], &[g[0]], 1e-13);
        assert_eq!(work, [w0, w1]);
    }

    gradient_test! { calls_partly_active: (0.7, -1.2); }
}

mod auxiliary {
    use super::*;

    #[differentiable(aux)]
    fn with_steps(x: f64) -> (f64, usize) {
        let mut a = x;
        let mut steps = 0;
        while a < 100.0 {
            a *= a;
            steps += 1;
        }
        (a, steps)
    }

    #[differentiable(aux)]
    fn with_parts(x: &[f64]) -> (f64, Vec<f64>) {
        let mut squares = Vec::new();
        let mut sum = 0.0;
        for v in x {
            squares.push(v * v);
            sum += v * v;
        }
        (sum, squares)
    }

    #[test]
    fn passed_through() {
        let ((value, steps), g): ((f64, usize), f64) = value_and_grad_with_steps(2.0);
        assert_eq!((value, steps, g), (256.0, 3, 1024.0));
        assert_eq!(grad_with_steps(2.0), 1024.0);
        let ((value, squares), g) = value_and_grad_with_parts(&[1.0, 2.0]);
        assert_eq!((value, squares, g), (5.0, vec![1.0, 4.0], vec![2.0, 4.0]));
    }
}

mod custom_rules {
    use super::*;

    // The rule differs from the truth on purpose, to see that it is what is used.
    fn four(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
        (x * x, move |seed| 4.0 * seed)
    }

    #[differentiable(vjp = four)]
    fn quadrupled(x: f64) -> f64 {
        // Not looked into.
        let f: &dyn Fn(f64) -> f64 = &|v| v * v;
        f(x)
    }

    fn my_mul_rule(x: f64, y: f64) -> (f64, impl FnOnce(f64) -> (f64, f64)) {
        (x * y, move |seed| (seed * y, seed * x))
    }

    #[differentiable(vjp = my_mul_rule)]
    fn my_mul(x: f64, y: f64) -> f64 {
        x * y
    }

    #[differentiable]
    fn loss(x: f64) -> f64 {
        my_mul(2.0, x)
    }

    mod rules {
        pub fn sine(x: f64, x_dot: f64) -> (f64, f64) {
            (x.sin(), 10.0 * x_dot * x.cos())
        }

        pub fn pair(x: f64, y: f64, x_dot: f64, y_dot: f64) -> (f64, f64) {
            (x * y, x_dot * y + 3.0 * x * y_dot)
        }

        pub fn norm(x: &[f64]) -> (f64, impl FnOnce(f64) -> Vec<f64>) {
            let norm = x.iter().map(|v| v * v).sum::<f64>().sqrt();
            let x = x.to_vec();
            (norm, move |seed| {
                x.iter()
                    .map(|v| if norm > 0.0 { seed * v / norm } else { 0.0 })
                    .collect()
            })
        }
    }

    #[differentiable(jvp = rules::sine)]
    fn sine(x: f64) -> f64 {
        x.sin()
    }

    #[differentiable(jvp = rules::pair)]
    fn pair(x: f64, y: f64) -> f64 {
        x * y
    }

    #[differentiable(vjp = rules::norm)]
    fn norm(x: &[f64]) -> f64 {
        x.iter().map(|v| v * v).sum::<f64>().sqrt()
    }

    #[differentiable]
    fn uses_norm(x: &[f64]) -> f64 {
        norm(x) * norm(&x[1..]) * sine(x[0])
    }

    #[differentiable(derivative(x = 3.0 * y, y = 5.0 * x))]
    fn one_line(x: f64, y: f64) -> f64 {
        x * y
    }

    #[differentiable(derivative(x = sigmoid(x) * (1.0 - sigmoid(x))), order = 2)]
    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    #[differentiable(derivative(x = f64::from(n) * x.powi(n - 1)), order = 3)]
    fn power(x: f64, n: i32) -> f64 {
        x.powi(n)
    }

    #[differentiable(order = 2)]
    fn uses_sigmoid(x: f64, w: f64) -> f64 {
        sigmoid(w * x) * x + sigmoid(w)
    }

    #[test]
    fn rules_are_used() {
        assert_eq!(value_and_grad_quadrupled(1.0), (1.0, 4.0));
        let (value, pullback) = vjp_quadrupled(3.0);
        assert_eq!((value, pullback(2.0)), (9.0, 8.0));
        assert_eq!(jvp_quadrupled(3.0, 2.0), (9.0, 8.0));
        let mut bar = 1.0;
        assert_eq!(adjoint_quadrupled(3.0, 2.0, &mut bar), 9.0);
        assert_eq!(bar, 9.0);
        assert_eq!(grad_sine(0.0), 10.0);
        assert_eq!(jvp_sine(0.0, 2.0), (0.0, 20.0));
        assert_eq!(vjp_sine(0.0).1(3.0), 30.0);
        assert_eq!(grad_pair(2.0, 3.0), (3.0, 6.0));
        assert_eq!(grad_one_line(2.0, 7.0), (21.0, 10.0));
        assert_eq!(jvp_one_line(2.0, 7.0, 1.0, 10.0), (14.0, 121.0));
    }

    #[test]
    fn steps_of_gradient_descent() {
        let mut x = 2.0;
        let mut losses = Vec::new();
        for _ in 0..5 {
            let (value, gradient) = value_and_grad_loss(x);
            losses.push(value);
            x -= 0.25 * gradient;
        }
        assert_eq!(losses, [4.0, 3.0, 2.0, 1.0, 0.0]);
    }

    #[test]
    fn edges_of_an_own_rule() {
        assert_eq!(grad_norm(&[0.0, 0.0]), [0.0, 0.0]);
        assert_eq!(grad_norm(&[3.0, 4.0]), [0.6, 0.8]);
    }

    #[test]
    fn through_callers() {
        let x: [f64; 3] = [0.7, -1.2, 0.4];
        let (n, m) = ((0.49f64 + 1.44 + 0.16).sqrt(), (1.44f64 + 0.16).sqrt());
        let s = x[0].sin();
        let want = [
            x[0] / n * m * s + n * m * 10.0 * x[0].cos(),
            x[1] / n * m * s + n * x[1] / m * s,
            x[2] / n * m * s + n * x[2] / m * s,
        ];
        assert_close("grad", &grad_uses_norm(&x), &want, 1e-12);
        let (_, tangent) = jvp_uses_norm(&x, &[0.3, -0.2, 0.9]);
        let dot = 0.3 * want[0] - 0.2 * want[1] + 0.9 * want[2];
        assert_close("jvp", &[tangent], &[dot], 1e-12);
    }

    gradient_test! {
        my_mul: (0.7, -1.2);
        loss: (0.7);
        norm: (ref vec![0.7, -1.2]);
        sigmoid: (0.7), (-2.0);
        uses_sigmoid: (0.7, -1.2);
        power: (0.7, const 4);
    }
    autodiff_tests::hvp_test! { sigmoid: (0.7); uses_sigmoid: (0.7, -1.2); power: (0.7, const 4); }
}

mod stopped {
    use super::*;

    #[differentiable]
    fn constant_factor(x: f64) -> f64 {
        x * stop_gradient(x * x)
    }

    #[differentiable]
    fn fully(x: f64) -> f64 {
        autodiff::stop_gradient((x + 2.0) * (x + 2.0))
    }

    #[differentiable]
    fn straight_through(x: f64) -> f64 {
        let rounded = x + stop_gradient(x.round() - x);
        rounded * rounded
    }

    #[differentiable]
    fn in_a_loop(x: &[f64]) -> f64 {
        let mut state = 1.0;
        let mut sum = 0.0;
        for v in x {
            sum += v * state;
            state = stop_gradient(state * v + 1.0);
        }
        sum
    }

    #[test]
    fn value_without_derivative() {
        assert_eq!(value_and_grad_constant_factor(3.0), (27.0, 9.0));
        assert_eq!(jvp_constant_factor(3.0, 1.0), (27.0, 9.0));
        assert_eq!(value_and_grad_fully(1.0), (9.0, 0.0));
        assert_eq!(value_and_grad_straight_through(1.8), (4.0, 4.0));
        assert_eq!(
            value_and_grad_in_a_loop(&[2.0, 3.0, 4.0]),
            (2.0 + 9.0 + 40.0, vec![1.0, 3.0, 10.0])
        );
    }
}

mod jacobians {
    use super::*;

    #[differentiable]
    fn polar(p: [f64; 2]) -> [f64; 2] {
        [p[0] * p[1].cos(), p[0] * p[1].sin()]
    }

    #[differentiable]
    fn wide(p: [f64; 3]) -> [f64; 2] {
        [p[0] * p[1], p[2]]
    }

    #[differentiable]
    fn tall(p: &[f64; 2]) -> [f64; 4] {
        [p[0], p[0] * p[0], p[0] * p[1], 1.0]
    }

    #[differentiable]
    fn of_slices(x: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        for i in 1..x.len() {
            out.push(x[i] * x[i - 1]);
        }
        out
    }

    #[differentiable]
    fn slice_to_array(x: &[f64]) -> [f64; 2] {
        [x[0] * x[1], x[2]]
    }

    #[differentiable]
    fn array_to_vector(x: [f64; 2], n: usize) -> Vec<f64> {
        let mut out = vec![x[0]; n];
        out[0] *= x[1];
        out
    }

    #[differentiable(wrt(x))]
    fn products(x: [f64; 2], y: [f64; 2]) -> [f64; 2] {
        [x[0] * x[0] * y[0], x[1] * x[1] * y[1]]
    }

    #[differentiable(wrt(y))]
    fn products_y(x: [f64; 2], y: [f64; 2]) -> [f64; 2] {
        [x[0] * x[0] * y[0], x[1] * x[1] * y[1]]
    }

    #[differentiable]
    fn curve(t: f64) -> [f64; 3] {
        [t, t * t, t * t * t]
    }

    #[differentiable]
    fn generic<const N: usize>(x: [f64; N]) -> [f64; N] {
        let mut out = x;
        for i in 0..N {
            out[i] *= x[0];
        }
        out
    }

    #[differentiable]
    fn single(x: [f32; 2]) -> [f32; 1] {
        [x[0] * x[1]]
    }

    #[test]
    fn static_shapes() {
        let (r, a) = (2.0_f64, 0.5_f64);
        let j: [[f64; 2]; 2] = jacobian_polar([r, a]);
        assert_close(
            "polar",
            &j.concat(),
            &[a.cos(), -r * a.sin(), a.sin(), r * a.cos()],
            1e-14,
        );
        let j: [[f64; 3]; 2] = jacobian_wide([2.0, 3.0, 4.0]);
        assert_eq!(j, [[3.0, 2.0, 0.0], [0.0, 0.0, 1.0]]);
        let j: [[f64; 2]; 4] = jacobian_tall(&[2.0, 3.0]);
        assert_eq!(j, [[1.0, 0.0], [4.0, 0.0], [3.0, 2.0], [0.0, 0.0]]);
        assert_eq!(
            jacobian_products([1.0, 2.0], [3.0, 4.0]),
            [[6.0, 0.0], [0.0, 16.0]]
        );
        assert_eq!(
            jacobian_products_y([1.0, 2.0], [3.0, 4.0]),
            [[1.0, 0.0], [0.0, 4.0]]
        );
        let j: [[f64; 3]; 3] = jacobian_generic([2.0, 3.0, 4.0]);
        assert_eq!(j, [[4.0, 0.0, 0.0], [3.0, 2.0, 0.0], [4.0, 0.0, 2.0]]);
        let j: [[f32; 2]; 1] = jacobian_single([2.0, 3.0]);
        assert_eq!(j, [[3.0, 2.0]]);
    }

    #[test]
    fn run_time_shapes() {
        let j: Vec<Vec<f64>> = jacobian_of_slices(&[2.0, 3.0, 4.0]);
        assert_eq!(j, [[3.0, 2.0, 0.0], [0.0, 4.0, 3.0]]);
        assert!(jacobian_of_slices(&[2.0]).is_empty());
        assert!(jacobian_of_slices(&[]).is_empty());
        let j: Vec<Vec<f64>> = jacobian_slice_to_array(&[2.0, 3.0, 4.0, 5.0]);
        assert_eq!(j, [[3.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
        let j: Vec<Vec<f64>> = jacobian_array_to_vector([2.0, 3.0], 2);
        assert_eq!(j, [[3.0, 2.0], [1.0, 0.0]]);
    }

    #[test]
    fn one_input_is_one_column() {
        assert_eq!(
            autodiff_tests::Flat::flat(&jacobian_curve(2.0)),
            [1.0, 4.0, 12.0]
        );
    }

    pullback_test! {
        polar: ([2.0, 0.5]);
        tall: (ref [2.0, 0.5]);
        of_slices: (ref vec![2.0, 0.5, -1.0]), (ref vec![]);
        array_to_vector: ([2.0, 0.5], const 3);
        curve: (2.0);
        generic: ([2.0, 0.5]);
    }
}

mod state {
    use super::*;

    #[differentiable]
    fn normalise(x: &mut [f64]) -> f64 {
        let mut norm = 0.0;
        for v in x.iter() {
            norm += v * v;
        }
        norm = norm.sqrt();
        for v in x.iter_mut() {
            *v /= norm;
        }
        norm
    }

    #[differentiable]
    fn only_effect(x: &[f64], out: &mut [f64]) {
        for i in 0..x.len() {
            out[i] = x[i] * x[i];
        }
    }

    state_test! { normalise: (mut vec![0.7, -1.2, 0.4]); }

    #[test]
    fn final_and_initial_adjoints() {
        // `out` is wholly overwritten: the adjoint of its initial state is zero.
        let (mut out, mut out_bar, mut x_bar) = ([9.0, 9.0], [1.0, 10.0], [100.0, 100.0]);
        adjoint_only_effect(&[2.0, 3.0], &mut out, &mut x_bar, &mut out_bar);
        assert_eq!(out, [4.0, 9.0]);
        assert_eq!(out_bar, [0.0, 0.0]);
        assert_eq!(x_bar, [104.0, 160.0]);
        let mut out_dot = [5.0, 5.0];
        jvp_only_effect(&[2.0, 3.0], &mut out, &[1.0, 10.0], &mut out_dot);
        assert_eq!((out, out_dot), ([4.0, 9.0], [4.0, 60.0]));
    }

    #[test]
    fn the_gradient_leaves_the_final_state() {
        let mut x = [3.0, 4.0];
        let g: Vec<f64> = grad_normalise(&mut x);
        assert_close("state", &x, &[0.6, 0.8], 1e-15);
        assert_close("gradient", &g, &[0.6, 0.8], 1e-15);
    }
}

mod fallible {
    use super::*;

    #[differentiable]
    fn safe_ln(x: f64) -> Result<f64, String> {
        if x <= 0.0 {
            return Err(format!("{x} is not positive"));
        }
        Ok(x.ln() * x)
    }

    #[differentiable]
    fn safe_ratio(x: f64, y: f64) -> Option<f64> {
        if y == 0.0 {
            return None;
        }
        Some(x / y)
    }

    #[test]
    fn results() {
        assert_eq!(grad_safe_ln(1.0), Ok(1.0));
        assert_eq!(value_and_grad_safe_ln(1.0), Ok((0.0, 1.0)));
        assert_eq!(grad_safe_ln(-1.0), Err("-1 is not positive".into()));
        assert_eq!(jvp_safe_ln(1.0, 2.0), Ok((0.0, 2.0)));
    }

    #[test]
    fn options() {
        assert_eq!(grad_safe_ratio(6.0, 2.0), Some((0.5, -1.5)));
        assert_eq!(grad_safe_ratio(6.0, 0.0), None);
        assert_eq!(jvp_safe_ratio(6.0, 2.0, 1.0, 0.0), Some((3.0, 0.5)));
    }
}
