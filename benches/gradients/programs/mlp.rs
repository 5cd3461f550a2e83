//! A perceptron with one hidden layer, 64-64-1.

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{Number, Peers, Program, sum};
use autodiff::differentiable;
use std::hint::black_box;
use std::rc::Rc;

const WIDTH: usize = 64;
const BATCH: usize = 128;
/// Of a layer's weights, its biases, the second layer's weights, its bias.
const PARAMETERS: usize = WIDTH * WIDTH + 2 * WIDTH + 1;

#[differentiable(wrt(p), order = 2)]
pub fn mlp(p: &[f64], xs: &[f64], ts: &[f64]) -> f64 {
    let w1 = &p[..WIDTH * WIDTH];
    let b1 = &p[WIDTH * WIDTH..WIDTH * WIDTH + WIDTH];
    let w2 = &p[WIDTH * WIDTH + WIDTH..WIDTH * WIDTH + 2 * WIDTH];
    let b2 = p[WIDTH * WIDTH + 2 * WIDTH];
    let mut loss = 0.0;
    for s in 0..ts.len() {
        let x = &xs[s * WIDTH..(s + 1) * WIDTH];
        let mut out = b2;
        for i in 0..WIDTH {
            let mut a = b1[i];
            for j in 0..WIDTH {
                a += w1[i * WIDTH + j] * x[j];
            }
            out += w2[i] * a.tanh();
        }
        let e = out - ts[s];
        loss += e * e;
    }
    loss / (2.0 * BATCH as f64)
}

/// So many samples go back together.
const LANES: usize = 4;

/// Four samples forward, one after the other, then back at once: the gradient of the large matrix is
/// read and written once for four.
fn by_hand(p: &[f64], xs: &[f64], ts: &[f64], p_bar: &mut [f64]) -> f64 {
    assert_eq!(p.len(), PARAMETERS);
    assert_eq!(p_bar.len(), PARAMETERS);
    assert_eq!(xs.len(), WIDTH * ts.len());
    p_bar.fill(0.0);
    let (w1, rest) = p.split_at(WIDTH * WIDTH);
    let (b1, rest) = rest.split_at(WIDTH);
    let (w2, b2) = rest.split_at(WIDTH);
    let (w1_bar, rest) = p_bar.split_at_mut(WIDTH * WIDTH);
    let (b1_bar, rest) = rest.split_at_mut(WIDTH);
    let (w2_bar, b2_bar) = rest.split_at_mut(WIDTH);
    let (w1_rows, w1_bar_rows) = (w1.as_chunks::<WIDTH>().0, w1_bar.as_chunks_mut::<WIDTH>().0);
    let samples = xs.as_chunks::<WIDTH>().0;
    let scale = 1.0 / (2.0 * BATCH as f64);
    let mut hidden = [[0.0; LANES]; WIDTH];
    let mut loss = 0.0;
    for (xs, ts) in samples.chunks(LANES).zip(ts.chunks(LANES)) {
        // A lane without a sample has another one's input and the adjoint zero.
        let mut out_bar = [0.0; LANES];
        let mut inputs = [&xs[0]; LANES];
        for (lane, (x, t)) in xs.iter().zip(ts).enumerate() {
            inputs[lane] = x;
            let mut out = b2[0];
            for i in 0..WIDTH {
                let mut a = b1[i];
                for (w, x) in w1_rows[i].iter().zip(x) {
                    a += w * x;
                }
                hidden[i][lane] = a.tanh();
                out += w2[i] * hidden[i][lane];
            }
            let e = out - t;
            loss += e * e;
            out_bar[lane] = 2.0 * scale * e;
            b2_bar[0] += out_bar[lane];
        }
        let [x0, x1, x2, x3] = inputs;
        for i in 0..WIDTH {
            let mut a_bar = [0.0; LANES];
            for lane in 0..LANES {
                let h = hidden[i][lane];
                w2_bar[i] += out_bar[lane] * h;
                a_bar[lane] = out_bar[lane] * w2[i] * (1.0 - h * h);
                b1_bar[i] += a_bar[lane];
            }
            let row = &mut w1_bar_rows[i];
            for j in 0..WIDTH {
                row[j] +=
                    (a_bar[0] * x0[j] + a_bar[1] * x1[j]) + (a_bar[2] * x2[j] + a_bar[3] * x3[j]);
            }
        }
    }
    loss * scale
}

pub struct Data {
    pub p: Vec<f64>,
    pub xs: Vec<f64>,
    pub ts: Vec<f64>,
}

pub fn data(samples: usize) -> Rc<Data> {
    Rc::new(Data {
        p: symmetric(0, PARAMETERS).into_iter().map(|p| 0.25 * p).collect(),
        xs: symmetric(100_000, samples * WIDTH),
        ts: symmetric(200_000, samples),
    })
}

#[derive(Clone)]
pub struct Mlp(pub Rc<Data>);

impl Program for Mlp {
    fn run<T: Number>(&self, p: &[T]) -> T {
        let (w1, rest) = p.split_at(WIDTH * WIDTH);
        let (b1, rest) = rest.split_at(WIDTH);
        let (w2, b2) = rest.split_at(WIDTH);
        let squares = self.0.xs.chunks_exact(WIDTH).zip(&self.0.ts).map(|(x, t)| {
            let mut out = b2[0];
            for i in 0..WIDTH {
                let mut a = b1[i];
                for (w, x) in w1[i * WIDTH..(i + 1) * WIDTH].iter().zip(x) {
                    a = a + w.times(*x);
                }
                out = out + w2[i] * a.tanh();
            }
            let e = out.plus(-t);
            e * e
        });
        sum(squares).times(1.0 / (2.0 * BATCH as f64))
    }
}

pub fn cases(size: Size) -> Vec<Case> {
    let samples = size.pick(3, BATCH);
    let data = data(samples);
    let (d1, d2, d3, d4) = (data.clone(), data.clone(), data.clone(), data.clone());
    let case = Case::new(format!("mlp 64-64-1, batch {samples}"), PARAMETERS)
        .primal(move || mlp(black_box(&d1.p), &d1.xs, &d1.ts))
        .by_hand(move |g| by_hand(black_box(&d2.p), &d2.xs, &d2.ts, g))
        .generated(move |g| {
            g.fill(0.0);
            adjoint_mlp(black_box(&d3.p), &d3.xs, &d3.ts, 1.0, g)
        })
        .gradient_only(move |g| {
            *g = grad_mlp(black_box(&d4.p), &d4.xs, &d4.ts);
            0.0
        })
        .enzyme(2.36)
        .allocations(1)
        .peers(Mlp(data.clone()), &data.p, Peers::all(PARAMETERS).reverse_only());
    vec![case]
}
