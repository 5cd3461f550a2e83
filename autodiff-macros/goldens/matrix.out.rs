fn adjoint_matrix<const N: usize>(
    m: &[[f64; N]; N],
    v: [f64; N],
    result_bar: [f64; N],
    m_bar: &mut [[f64; N]; N],
    v_bar: &mut [f64; N],
) -> [f64; N] {
    ::autodiff::private::same_len("m", m, m_bar);
    let mut out: [f64; N] = [0.0; N];
    for i in 0..N {
        for j in 0..N {
            out[i] += m[i][j] * v[j];
        }
    }
    let value = out;
    let out_bar = result_bar;
    for i in 0..N {
        for j in 0..N {
            let product_bar = out_bar[i];
            m_bar[i][j] += product_bar * v[j];
            v_bar[j] += product_bar * m[i][j];
        }
    }
    value
}
fn vjp_matrix<const N: usize>(
    m: &[[f64; N]; N],
    v: [f64; N],
) -> (
    [f64; N],
    impl ::core::clone::Clone + ::core::ops::FnOnce(
        [f64; N],
    ) -> ([[f64; N]; N], [f64; N]),
) {
    let mut out: [f64; N] = [0.0; N];
    for i in 0..N {
        for j in 0..N {
            out[i] += m[i][j] * v[j];
        }
    }
    let value = out;
    let pullback = move |result_bar: [f64; N]| {
        let mut m_bar: [[f64; N]; N] = [[0.0; N]; N];
        let mut v_bar: [f64; N] = [0.0; N];
        let out_bar = result_bar;
        for i in 0..N {
            for j in 0..N {
                let product_bar = out_bar[i];
                m_bar[i][j] += product_bar * v[j];
                v_bar[j] += product_bar * m[i][j];
            }
        }
        (m_bar, v_bar)
    };
    (value, pullback)
}
fn jvp_matrix<const N: usize>(
    m: &[[f64; N]; N],
    v: [f64; N],
    m_dot: &[[f64; N]; N],
    v_dot: [f64; N],
) -> ([f64; N], [f64; N]) {
    ::autodiff::private::same_len("m", m, m_dot);
    let mut out: [f64; N] = [0.0; N];
    let mut out_dot: [f64; N] = [0.0; N];
    for i in 0..N {
        let mut out_dot_sum = 0.0;
        for j in 0..N {
            out_dot_sum += m_dot[i][j] * v[j] + m[i][j] * v_dot[j];
            out[i] += m[i][j] * v[j];
        }
        if 0 < N {
            out_dot[i] += out_dot_sum;
        }
    }
    (out, out_dot)
}
