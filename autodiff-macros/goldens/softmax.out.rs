fn adjoint_softmax(
    x: &[f64],
    result_bar: ::std::vec::Vec<f64>,
    x_bar: &mut [f64],
) -> Vec<f64> {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("x", x, x_bar);
    let mut out: ::std::vec::Vec<f64> = ::std::vec![];
    let mut tape = ::autodiff::private::PlainBuffer::new(0.0, x.len());
    for i in 0..x.len() {
        let exp = x[i].exp();
        out.push(exp);
        tape[i] = exp;
    }
    let mut sum = -0.0;
    let end = out.len();
    for j in 0..end {
        sum += out[j];
    }
    let end_2 = out.len();
    let mut tape_2 = ::autodiff::private::PlainBuffer::new(0.0, end_2);
    let tape_2_part = &mut tape_2[..end_2];
    for k in 0..end_2 {
        let old = out[k];
        out[k] /= sum;
        tape_2_part[k] = old;
    }
    let value = out.clone();
    let mut sum_bar = 0.0;
    ::autodiff::private::same_len("value", &value, &result_bar);
    let mut out_bar = result_bar;
    let tape_2_part = &tape_2[..end_2];
    let whole = end_2 / 4 * 4;
    let mut sum_bar_lanes: [f64; 4] = [0.0; 4];
    for from in (0..whole).step_by(4) {
        let out_lanes = &mut out[from..from + 4];
        let out_bar_lanes = &mut out_bar[from..from + 4];
        let tape_2_lanes = &tape_2_part[from..from + 4];
        for lane in 0..4 {
            let old = tape_2_lanes[lane];
            out_lanes[lane] = old;
            out_bar_lanes[lane] /= sum;
            sum_bar_lanes[lane] -= out_bar_lanes[lane] * (out_lanes[lane] / sum);
        }
    }
    sum_bar
        += sum_bar_lanes[0] + sum_bar_lanes[2] + (sum_bar_lanes[1] + sum_bar_lanes[3]);
    for k in whole..end_2 {
        let old = tape_2_part[k];
        out[k] = old;
        out_bar[k] /= sum;
        sum_bar -= out_bar[k] * (out[k] / sum);
    }
    for j in 0..end {
        out_bar[j] += sum_bar;
    }
    for i in (0..x.len()).rev() {
        let exp = tape[i];
        let pushed_bar = out_bar.pop().unwrap();
        x_bar[i] += pushed_bar * exp;
    }
    value
}
fn vjp_softmax(
    x: &[f64],
) -> (
    Vec<f64>,
    impl ::core::clone::Clone + ::core::ops::FnOnce(
        ::std::vec::Vec<f64>,
    ) -> ::std::vec::Vec<f64>,
) {
    use ::autodiff::private::prelude::*;
    let mut out: ::std::vec::Vec<f64> = ::std::vec![];
    let mut tape = ::autodiff::private::PlainBuffer::new(0.0, x.len());
    for i in 0..x.len() {
        let exp = x[i].exp();
        out.push(exp);
        tape[i] = exp;
    }
    let mut sum = -0.0;
    let end = out.len();
    for j in 0..end {
        sum += out[j];
    }
    let end_2 = out.len();
    let mut tape_2 = ::autodiff::private::PlainBuffer::new(0.0, end_2);
    let tape_2_part = &mut tape_2[..end_2];
    for k in 0..end_2 {
        let old = out[k];
        out[k] /= sum;
        tape_2_part[k] = old;
    }
    let value = out.clone();
    let length = value.len();
    let pullback = move |result_bar: ::std::vec::Vec<f64>| {
        ::core::assert_eq!(
            result_bar.len(), length,
            "the result's adjoint has another length than the result"
        );
        let mut x_bar = ::autodiff::private::zero_like(x);
        let mut sum_bar = 0.0;
        let mut out_bar = result_bar;
        let out_part = &mut out[..end_2];
        let out_bar_part = &mut out_bar[..end_2];
        let tape_2_part_2 = &tape_2[..end_2];
        let whole = end_2 / 4 * 4;
        let mut sum_bar_lanes: [f64; 4] = [0.0; 4];
        for from in (0..whole).step_by(4) {
            let out_lanes = &mut out_part[from..from + 4];
            let out_bar_lanes = &mut out_bar_part[from..from + 4];
            let tape_2_lanes = &tape_2_part_2[from..from + 4];
            for lane in 0..4 {
                let old = tape_2_lanes[lane];
                out_lanes[lane] = old;
                out_bar_lanes[lane] /= sum;
                sum_bar_lanes[lane] -= out_bar_lanes[lane] * (out_lanes[lane] / sum);
            }
        }
        sum_bar
            += sum_bar_lanes[0] + sum_bar_lanes[2]
                + (sum_bar_lanes[1] + sum_bar_lanes[3]);
        for k in whole..end_2 {
            let old = tape_2_part_2[k];
            out_part[k] = old;
            out_bar_part[k] /= sum;
            sum_bar -= out_bar_part[k] * (out_part[k] / sum);
        }
        let out_bar_part = &mut out_bar[..end];
        for j in 0..end {
            out_bar_part[j] += sum_bar;
        }
        for i in (0..x.len()).rev() {
            let exp = tape[i];
            let pushed_bar = out_bar.pop().unwrap();
            x_bar[i] += pushed_bar * exp;
        }
        x_bar
    };
    (value, pullback)
}
fn jvp_softmax(x: &[f64], x_dot: &[f64]) -> (Vec<f64>, ::std::vec::Vec<f64>) {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("x", x, x_dot);
    let mut out: ::std::vec::Vec<f64> = ::std::vec![];
    let mut out_dot = ::autodiff::private::zero_like(&out);
    for i in 0..x.len() {
        let exp = x[i].exp();
        out.push(exp);
        out_dot.push(exp * x_dot[i]);
    }
    let mut sum: f64 = -0.0;
    let mut sum_dot = 0.0;
    let whole = out.len() / 4 * 4;
    let mut sum_dot_lanes: [f64; 4] = [0.0; 4];
    for from in (0..whole).step_by(4) {
        let mut sum_terms: [f64; 4] = [0.0; 4];
        let out_lanes = &out[from..from + 4];
        let out_dot_lanes = &out_dot[from..from + 4];
        for lane in 0..4 {
            sum_dot_lanes[lane] += out_dot_lanes[lane];
            sum_terms[lane] = out_lanes[lane];
        }
        for lane in 0..4 {
            sum += sum_terms[lane];
        }
    }
    sum_dot
        += sum_dot_lanes[0] + sum_dot_lanes[2] + (sum_dot_lanes[1] + sum_dot_lanes[3]);
    for j in whole..out.len() {
        sum_dot += out_dot[j];
        sum += out[j];
    }
    for k in 0..out.len() {
        let quotient = out[k] / sum;
        out_dot[k] = (out_dot[k] - sum_dot * quotient) * (1.0 / sum);
        out[k] = quotient;
    }
    (out, out_dot)
}
