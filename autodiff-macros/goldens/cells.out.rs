fn adjoint_gated(
    weights: &[f64],
    hidden: &mut [f64],
    width: usize,
    weights_bar: &mut [f64],
    hidden_bar: &mut [f64],
) {
    use ::autodiff::private::prelude::*;
    ::autodiff::private::same_len("weights", weights, weights_bar);
    ::autodiff::private::same_len("hidden", &*hidden, hidden_bar);
    let mut store = ::autodiff::private::Store::new();
    let mut start = 0;
    let mut tape = ::autodiff::private::PlainTape::new();
    let mut tape_2 = ::autodiff::private::PlainBuffer::new((0.0, 0.0, 0.0, 0.0), width);
    for i in 0..width {
        let value = hidden[i] * weights[2 * width + i];
        let gate = sigmoid::forward(value, &mut store);
        let mut fed = hidden[i];
        if 0 < width - i {
            let count = width - i;
            let weights_part = &weights[start..start + count];
            for j in 0..count {
                tape.push(fed);
                fed += weights_part[j] * fed;
            }
        }
        let tanh = fed.tanh();
        let old = hidden[i];
        hidden[i] = gate * tanh;
        start += width - i;
        tape_2[i] = (value, gate, tanh, old);
    }
    let hidden_end = hidden.to_vec();
    let mut start_2 = start;
    for i in (0..width).rev() {
        let (value, gate, tanh, old) = tape_2[i];
        start_2 -= width - i;
        let mut value_bar = 0.0;
        hidden[i] = old;
        let hidden_seed = hidden_bar[i];
        hidden_bar[i] = 0.0;
        let gate_bar = hidden_seed * tanh;
        let mut fed_bar = hidden_seed * gate * (1.0 - tanh * tanh);
        if 0 < width - i {
            let count = width - i;
            let weights_part = &weights[start_2..start_2 + count];
            let weights_bar_part = &mut weights_bar[start_2..start_2 + count];
            for j in (0..count).rev() {
                let fed = tape.pop();
                let fed_seed = fed_bar;
                weights_bar_part[j] += fed_seed * fed;
                fed_bar += fed_seed * weights_part[j];
            }
        }
        hidden_bar[i] += fed_bar;
        sigmoid::reverse(value, gate_bar, &mut value_bar, &mut store);
        hidden_bar[i] += value_bar * weights[2 * width + i];
        weights_bar[2 * width + i] += value_bar * hidden[i];
    }
    hidden.clone_from_slice(&hidden_end);
}
fn jvp_gated(
    weights: &[f64],
    hidden: &mut [f64],
    width: usize,
    weights_dot: &[f64],
    hidden_dot: &mut [f64],
) {
    ::autodiff::private::same_len("weights", weights, weights_dot);
    ::autodiff::private::same_len("hidden", &*hidden, hidden_dot);
    let mut start = 0;
    for i in 0..width {
        let (gate, gate_dot) = sigmoid::jvp(
            hidden[i] * weights[2 * width + i],
            hidden_dot[i] * weights[2 * width + i]
                + hidden[i] * weights_dot[2 * width + i],
        );
        let mut fed = hidden[i];
        let mut fed_dot = hidden_dot[i];
        if 0 < width - i {
            let count = width - i;
            let weights_part = &weights[start..start + count];
            let weights_dot_part = &weights_dot[start..start + count];
            for j in 0..count {
                fed_dot += weights_dot_part[j] * fed + weights_part[j] * fed_dot;
                fed += weights_part[j] * fed;
            }
        }
        let tanh_fed = fed.tanh();
        hidden[i] = gate * tanh_fed;
        hidden_dot[i] = gate_dot * tanh_fed
            + gate * ((1.0 - tanh_fed * tanh_fed) * fed_dot);
        start += width - i;
    }
}
