//! ADBench's bundle adjustment: the blocks of the Jacobian, two rows and a derivative for each
//! observation. The functions are the example's.

#[path = "../../../examples/adbench/ba.rs"]
pub mod example;

use crate::case::{Case, Size};
use crate::inputs::symmetric;
use crate::peers::{Number, Peers, Program, sum};
use example::{adjoint_reprojection_error, grad_weight_error, reprojection_error, weight_error};
use std::hint::black_box;
use std::rc::Rc;

/// Camera (rotation, centre, focal length, principal point, distortion), point, weight.
const INPUTS: usize = 15;

struct Observation {
    camera: [f64; 11],
    point: [f64; 3],
    weight: f64,
    feature: [f64; 2],
}

type V = [f64; 3];

fn dot(a: V, b: V) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: V, b: V) -> V {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// The rotation of `y`, as far as the sweeps back share it.
struct Rotation {
    axis: V,
    sin: f64,
    cos: f64,
    /// Zero for no rotation.
    inverse_angle: f64,
    y: V,
    along: f64,
    /// How the result changes with the angle.
    by_angle: V,
}

impl Rotation {
    /// Rodrigues' formula and what its adjoint needs.
    #[inline(always)]
    fn forward(r: V, y: V) -> (V, Rotation) {
        let angle2 = dot(r, r);
        if angle2 == 0.0 {
            // To first order: about the unscaled vector, with sine 1 and cosine 1.
            let c = cross(r, y);
            let rotated = [y[0] + c[0], y[1] + c[1], y[2] + c[2]];
            let zero = [0.0; 3];
            let rotation = Rotation {
                axis: zero,
                sin: 1.0,
                cos: 1.0,
                inverse_angle: 0.0,
                y,
                along: 0.0,
                by_angle: zero,
            };
            return (rotated, rotation);
        }
        let angle = angle2.sqrt();
        let (sin, cos) = angle.sin_cos();
        let inverse_angle = 1.0 / angle;
        let axis = [r[0] * inverse_angle, r[1] * inverse_angle, r[2] * inverse_angle];
        let c = cross(axis, y);
        let along = dot(axis, y);
        let mut rotated = [0.0; 3];
        let mut by_angle = [0.0; 3];
        for i in 0..3 {
            rotated[i] = y[i] * cos + c[i] * sin + axis[i] * (along * (1.0 - cos));
            by_angle[i] = c[i] * cos + (axis[i] * along - y[i]) * sin;
        }
        (rotated, Rotation { axis, sin, cos, inverse_angle, y, along, by_angle })
    }

    /// The adjoints of the rotation vector and of `y`.
    #[inline(always)]
    fn backward(&self, q: V) -> (V, V) {
        let &Rotation { axis, sin, cos, inverse_angle, y, along, by_angle } = self;
        let normal = cross(y, q);
        if inverse_angle == 0.0 {
            return (normal, q);
        }
        let q_along = dot(q, axis);
        let turned = cross(axis, q);
        let versine = 1.0 - cos;
        let of_angle = dot(q, by_angle)
            - inverse_angle * (sin * dot(axis, normal) + 2.0 * versine * along * q_along);
        let mut r_bar = [0.0; 3];
        let mut y_bar = [0.0; 3];
        for i in 0..3 {
            let of_axis = sin * normal[i] + versine * (along * q[i] + q_along * y[i]);
            r_bar[i] = of_angle * axis[i] + inverse_angle * of_axis;
            y_bar[i] = q[i] * cos - turned[i] * sin + axis[i] * (q_along * versine);
        }
        (r_bar, y_bar)
    }
}

/// Both errors and both rows: the way forward once, the way back twice.
#[inline(always)]
fn by_hand(o: &Observation, rows: [&mut [f64; INPUTS]; 2]) -> [f64; 2] {
    let &[r0, r1, r2, c0, c1, c2, focal, u0, v0, k1, k2] = &o.camera;
    let from_centre = [o.point[0] - c0, o.point[1] - c1, o.point[2] - c2];
    let ([x, y, z], rotation) = Rotation::forward([r0, r1, r2], from_centre);
    let inverse = 1.0 / z;
    let p = [x * inverse, y * inverse];
    let radius2 = p[0] * p[0] + p[1] * p[1];
    let distortion = 1.0 + k1 * radius2 + k2 * radius2 * radius2;
    let projected = [focal * distortion * p[0] + u0, focal * distortion * p[1] + v0];
    let errors = [projected[0] - o.feature[0], projected[1] - o.feature[1]];
    // Of focal * distortion * p with respect to p.
    let scale = o.weight * focal;
    let by_radius2 = 2.0 * scale * (k1 + 2.0 * k2 * radius2);
    for (i, row) in rows.into_iter().enumerate() {
        let mut p_bar = [by_radius2 * p[i] * p[0], by_radius2 * p[i] * p[1]];
        p_bar[i] += scale * distortion;
        let q0 = p_bar[0] * inverse;
        let q1 = p_bar[1] * inverse;
        let (r_bar, y_bar) = rotation.backward([q0, q1, -(q0 * p[0] + q1 * p[1])]);
        let of_distortion = scale * p[i];
        *row = [
            r_bar[0],
            r_bar[1],
            r_bar[2],
            -y_bar[0],
            -y_bar[1],
            -y_bar[2],
            o.weight * distortion * p[i],
            if i == 0 { o.weight } else { 0.0 },
            if i == 1 { o.weight } else { 0.0 },
            of_distortion * radius2,
            of_distortion * radius2 * radius2,
            y_bar[0],
            y_bar[1],
            y_bar[2],
            errors[i],
        ];
    }
    [o.weight * errors[0], o.weight * errors[1]]
}

/// A generated adjoint for each row: the way forward is cheaper than what clones of a pullback would
/// carry along.
#[inline(always)]
fn generated(o: &Observation, rows: [&mut [f64; INPUTS]; 2]) -> [f64; 2] {
    let mut errors = [0.0; 2];
    for (i, row) in rows.into_iter().enumerate() {
        let mut seed = [0.0; 2];
        seed[i] = 1.0;
        // Adjoints are added in place.
        *row = [0.0; INPUTS];
        let (camera_bar, rest) = row.split_first_chunk_mut().expect("11 of a camera");
        let (point_bar, rest) = rest.split_first_chunk_mut().expect("3 of a point");
        errors = adjoint_reprojection_error(
            &o.camera,
            &o.point,
            o.weight,
            &o.feature,
            seed,
            camera_bar,
            point_bar,
            &mut rest[0],
        );
    }
    errors
}

/// All blocks: first rows, second rows, the weights' derivatives.
fn blocks(
    observations: &[Observation],
    g: &mut [f64],
    rows: impl Fn(&Observation, [&mut [f64; INPUTS]; 2]) -> [f64; 2],
    weight: impl Fn(f64) -> f64,
) -> f64 {
    let n = observations.len();
    let (first, rest) = g.split_at_mut(INPUTS * n);
    let (second, weights) = rest.split_at_mut(INPUTS * n);
    let pairs = first.as_chunks_mut().0.iter_mut().zip(second.as_chunks_mut().0);
    let mut total = 0.0;
    for ((o, (first, second)), weight_bar) in observations.iter().zip(pairs).zip(weights) {
        let [a, b] = rows(o, [first, second]);
        total += a + b + weight_error(o.weight);
        *weight_bar = weight(o.weight);
    }
    total
}

fn primal(observations: &[Observation]) -> f64 {
    let mut total = 0.0;
    for o in observations {
        let [a, b] = reprojection_error(&o.camera, &o.point, o.weight, &o.feature);
        total += a + b + weight_error(o.weight);
    }
    total
}

/// Cameras at some distance that look at points around the origin.
fn generate(n: usize) -> Vec<Observation> {
    let random = symmetric(0, 17 * n);
    random
        .chunks_exact(17)
        .map(|r| Observation {
            camera: [
                0.3 * r[0],
                0.3 * r[1],
                0.3 * r[2],
                r[3],
                r[4],
                -6.0 + r[5],
                500.0 + 20.0 * r[6],
                r[7],
                r[8],
                0.1 * r[9],
                0.01 * r[10],
            ],
            point: [r[11], r[12], r[13]],
            weight: 1.0 + 0.1 * r[14],
            feature: [100.0 * r[15], 100.0 * r[16]],
        })
        .collect()
}

/// The sum of all errors, each with inputs of its own: its gradient is all rows.
#[derive(Clone)]
struct Sum(Rc<Vec<Observation>>);

impl Program for Sum {
    fn run<T: Number>(&self, x: &[T]) -> T {
        let n = self.0.len();
        let (rows, weights) = x.split_at(2 * INPUTS * n);
        let errors = rows.chunks_exact(INPUTS).enumerate().map(|(k, x)| {
            let (i, o) = (k / n, &self.0[k % n]);
            let y: [T; 3] = std::array::from_fn(|j| x[11 + j] - x[3 + j]);
            let rotated = rotate([x[0], x[1], x[2]], y);
            let p = [rotated[0] / rotated[2], rotated[1] / rotated[2]];
            let radius2 = p[0] * p[0] + p[1] * p[1];
            let distortion = (x[9] * radius2 + x[10] * radius2 * radius2).plus(1.0);
            let projected = x[6] * distortion * p[i] + x[7 + i];
            x[14] * projected.plus(-o.feature[i])
        });
        sum(errors) + sum(weights.iter().map(|w| (*w * *w).taken_from(1.0)))
    }
}

fn rotate<T: Number>(r: [T; 3], y: [T; 3]) -> [T; 3] {
    let dot = |a: [T; 3], b: [T; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let angle = dot(r, r).sqrt();
    let (sin, cos) = (angle.sin(), angle.cos());
    let axis = r.map(|r| r / angle);
    let cross = [
        axis[1] * y[2] - axis[2] * y[1],
        axis[2] * y[0] - axis[0] * y[2],
        axis[0] * y[1] - axis[1] * y[0],
    ];
    let along = dot(axis, y) * cos.taken_from(1.0);
    std::array::from_fn(|i| y[i] * cos + cross[i] * sin + axis[i] * along)
}

pub fn cases(size: Size) -> Vec<Case> {
    let n = size.pick(10, 2000);
    let observations = Rc::new(generate(n));
    let row = |o: &Observation| [&o.camera[..], &o.point, &[o.weight]].concat();
    let rows: Vec<f64> = observations.iter().flat_map(row).collect();
    let weights: Vec<f64> = observations.iter().map(|o| o.weight).collect();
    let x = [&rows[..], &rows, &weights].concat();
    let [o1, o2, o3] = [(); 3].map(|()| observations.clone());
    let case = Case::new(format!("ADBench ba, {n} observations"), x.len())
        .primal(move || primal(black_box(&o1)))
        .by_hand(move |g| blocks(black_box(&o2), g, by_hand, |w| -2.0 * w))
        .generated(move |g| blocks(black_box(&o3), g, generated, grad_weight_error))
        .limit(3.5)
        .allocations(0)
        .peers(Sum(observations), &x, Peers::all(x.len()).reverse_only());
    vec![case]
}
