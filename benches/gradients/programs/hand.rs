//! ADBench's hand tracking, simple variant: the Jacobian of the errors of 100 points with respect to
//! 26 parameters. Functions and data are the example's.

#[path = "../../../examples/adbench/hand.rs"]
pub mod example;

use crate::case::{Case, Size};
use crate::peers::{Number, Vectors, sum};
use crate::read;
use example::{Matrix, Model, PARAMETERS, Problem, Vertex, errors, jacobian_errors, jvp_errors};
use std::hint::black_box;
use std::path::Path;
use std::rc::Rc;

/// The upper three rows: the last one is 0 0 0 1, or zero in a derivative.
type Affine = [[f64; 4]; 3];

fn affine(m: &Matrix) -> Affine {
    assert_eq!(m[3], [0.0, 0.0, 0.0, 1.0], "a motion");
    [m[0], m[1], m[2]]
}

/// `a b`, where `a` may be a derivative.
fn product(a: &Affine, b: &Affine) -> Affine {
    let mut c = turned(a, b);
    for i in 0..3 {
        c[i][3] += a[i][3];
    }
    c
}

/// `a b`, where `b` is a derivative: what `a` moves does not matter.
fn turned<const N: usize>(a: &[[f64; N]; 3], b: &Affine) -> Affine {
    let mut c = [[0.0; 4]; 3];
    for i in 0..3 {
        for j in 0..4 {
            c[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
        }
    }
    c
}

type Rotation = [[f64; 3]; 3];

/// `Rz Ry Rx` for no angle about y, and its derivatives with respect to x and z.
fn joint(x: f64, z: f64) -> [Affine; 3] {
    let (sx, cx) = x.sin_cos();
    let (sz, cz) = z.sin_cos();
    [
        [[cz, -sz * cx, sz * sx, 0.0], [sz, cz * cx, -cz * sx, 0.0], [0.0, sx, cx, 0.0]],
        [[0.0, sz * sx, sz * cx, 0.0], [0.0, -cz * sx, -cz * cx, 0.0], [0.0, cx, -sx, 0.0]],
        [[-sz, -cz * cx, cz * sx, 0.0], [cz, -sz * cx, sz * sx, 0.0], [0.0; 4]],
    ]
}

/// The global rotation and its derivatives with respect to the three angles.
fn rotation(r: [f64; 3]) -> (Rotation, [Rotation; 3]) {
    let angle2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    if angle2 < 1e-8 {
        let identity = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        return (identity, [[[0.0; 3]; 3]; 3]);
    }
    let angle = angle2.sqrt();
    let axis = r.map(|r| r / angle);
    let (s, c) = angle.sin_cos();
    let d = 1.0 - c;
    let skew = |v: [f64; 3]| [[0.0, -v[2], v[1]], [v[2], 0.0, -v[0]], [-v[1], v[0], 0.0]];
    let across = skew(axis);
    let mut rotation = [[0.0; 3]; 3];
    let mut derivatives = [[[0.0; 3]; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            let diagonal = if i == j { 1.0 } else { 0.0 };
            let square = axis[i] * axis[j];
            rotation[i][j] = c * diagonal + square * d + s * across[i][j];
        }
    }
    for k in 0..3 {
        // Of the axis: what is left of a unit vector beside the axis.
        let mut axis_dot = axis.map(|a| -a * axis[k] / angle);
        axis_dot[k] += 1.0 / angle;
        let across_dot = skew(axis_dot);
        for i in 0..3 {
            for j in 0..3 {
                let diagonal = if i == j { 1.0 } else { 0.0 };
                let by_angle = s * (axis[i] * axis[j] - diagonal) + c * across[i][j];
                let by_axis =
                    d * (axis_dot[i] * axis[j] + axis[i] * axis_dot[j]) + s * across_dot[i][j];
                derivatives[k][i][j] = by_angle * axis[k] + by_axis;
            }
        }
    }
    (rotation, derivatives)
}

const FINGERS: usize = 5;
/// Bending of the first joint, its spreading, bending of the second and of the third.
const ANGLES: usize = 4;

/// What does not depend on the pose.
struct Skeleton {
    base_relative: Vec<Affine>,
    inverse_base_absolute: Vec<Affine>,
    parents: Vec<Option<usize>>,
    transforms: Vec<Affine>,
    absolutes: Vec<Affine>,
    /// For each bone, of its finger's angles the first so many move it, and how.
    moved_by: Vec<(usize, [Affine; ANGLES])>,
}

impl Skeleton {
    fn new(model: &Model) -> Skeleton {
        let zero = [[0.0; 4]; 3];
        let n = model.bones.len();
        Skeleton {
            base_relative: model.bones.iter().map(|b| affine(&b.base_relative)).collect(),
            inverse_base_absolute: model
                .bones
                .iter()
                .map(|b| affine(&b.inverse_base_absolute))
                .collect(),
            parents: model.bones.iter().map(|b| b.parent).collect(),
            transforms: vec![zero; n],
            absolutes: vec![zero; n],
            moved_by: vec![(0, [zero; ANGLES]); n],
        }
    }

    /// The finger and the joint of a bone that bends: of each finger the bones after the first.
    fn joint_of(bone: usize) -> Option<(usize, usize)> {
        let place = bone.checked_sub(2)?;
        (place < 4 * FINGERS && place % 4 < 3).then_some((place / 4, place % 4))
    }

    fn pose(&mut self, theta: &[f64], global: &Rotation) {
        let zero = [[0.0; 4]; 3];
        let mut absolutes_dot = [[zero; ANGLES]; FINGERS];
        for bone in 0..self.parents.len() {
            let before = match self.parents[bone] {
                None => self.base_relative[bone],
                Some(parent) => product(&self.absolutes[parent], &self.base_relative[bone]),
            };
            let Some((finger, place)) = Self::joint_of(bone) else {
                // Its angles are zero, and it hangs on no finger's joint.
                self.absolutes[bone] = before;
                self.transforms[bone] = product(&before, &self.inverse_base_absolute[bone]);
                continue;
            };
            let angles = &theta[6 + ANGLES * finger..][..ANGLES];
            let [local, by_x, by_z] = match place {
                0 => joint(angles[0], angles[1]),
                _ => joint(angles[place + 1], 0.0),
            };
            self.absolutes[bone] = product(&before, &local);
            let dots = &mut absolutes_dot[finger];
            let earlier = if place == 0 { 0 } else { place + 1 };
            if earlier > 0 {
                let relative = product(&self.base_relative[bone], &local);
                for dot in &mut dots[..earlier] {
                    *dot = product(dot, &relative);
                }
            }
            dots[earlier] = turned(&before, &by_x);
            if place == 0 {
                dots[1] = turned(&before, &by_z);
            }
            let inverse = &self.inverse_base_absolute[bone];
            self.transforms[bone] = product(&self.absolutes[bone], inverse);
            let count = place + 2;
            let (so_many, moved) = &mut self.moved_by[bone];
            *so_many = count;
            for (moved, dot) in moved[..count].iter_mut().zip(dots) {
                *moved = turned(global, &product(dot, inverse));
            }
        }
    }
}

fn apply(m: &Affine, p: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * p[0] + row[1] * p[1] + row[2] * p[2] + row[3])
}

/// Each parameter moves few bones, each bone few vertices: only these products are made.
fn by_hand(problem: &Problem, skeleton: &mut Skeleton, g: &mut [f64]) -> f64 {
    let Problem { model, theta, indices, points, .. } = problem;
    let (global, derivatives) = rotation([theta[0], theta[1], theta[2]]);
    skeleton.pose(theta, &global);
    g.fill(0.0);
    let mut total = 0.0;
    let rows = g.chunks_exact_mut(3 * PARAMETERS);
    for ((index, point), rows) in indices.iter().zip(points).zip(rows) {
        let Vertex { position, weights } = &model.vertices[*index];
        let mut skinned = [0.0; 3];
        for &(bone, weight) in weights {
            let moved = apply(&skeleton.transforms[bone], *position);
            for i in 0..3 {
                skinned[i] += weight * moved[i];
            }
            let (count, by_angle) = &skeleton.moved_by[bone];
            let Some((finger, _)) = Skeleton::joint_of(bone) else { continue };
            for (angle, by_angle) in by_angle[..*count].iter().enumerate() {
                let dot = apply(by_angle, *position);
                for i in 0..3 {
                    rows[i * PARAMETERS + 6 + ANGLES * finger + angle] -= weight * dot[i];
                }
            }
        }
        for i in 0..3 {
            let row = &mut rows[i * PARAMETERS..][..6];
            let along = |r: &[f64; 3]| r[0] * skinned[0] + r[1] * skinned[1] + r[2] * skinned[2];
            total += point[i] - (theta[3 + i] + along(&global[i]));
            for k in 0..3 {
                row[k] = -along(&derivatives[k][i]);
            }
            row[3 + i] = -1.0;
        }
    }
    total
}

#[derive(Clone)]
struct Errors(Rc<Problem>);

type MatrixOf<T> = [[T; 4]; 4];

fn times<T: Number>(a: &MatrixOf<T>, b: &MatrixOf<T>) -> MatrixOf<T> {
    std::array::from_fn(|i| std::array::from_fn(|j| sum((0..4).map(|k| a[i][k] * b[k][j]))))
}

/// The same as the example's, for every kind of number; matrices of constants are lifted.
impl Vectors for Errors {
    fn run<T: Number>(&self, theta: &[T]) -> Vec<T> {
        let Problem { model, indices, points, .. } = &*self.0;
        let lift = |m: &Matrix| m.map(|row| row.map(|entry| theta[0].constant(entry)));
        let mut absolutes: Vec<MatrixOf<T>> = Vec::new();
        let mut transforms: Vec<MatrixOf<T>> = Vec::new();
        for (bone, of_bone) in model.bones.iter().enumerate() {
            let base = lift(&of_bone.base_relative);
            let relative = match Skeleton::joint_of(bone) {
                None => base,
                Some((finger, place)) => {
                    let angles = &theta[6 + ANGLES * finger..][..ANGLES];
                    let zero = theta[0].constant(0.0);
                    let (x, z) =
                        if place == 0 { (angles[0], angles[1]) } else { (angles[place + 1], zero) };
                    let (sx, cx, sz, cz) = (x.sin(), x.cos(), z.sin(), z.cos());
                    let local = [
                        [cz, -sz * cx, sz * sx, zero],
                        [sz, cz * cx, -cz * sx, zero],
                        [zero, sx, cx, zero],
                        [zero, zero, zero, theta[0].constant(1.0)],
                    ];
                    times(&base, &local)
                }
            };
            let absolute = match of_bone.parent {
                None => relative,
                Some(parent) => times(&absolutes[parent], &relative),
            };
            absolutes.push(absolute);
            transforms.push(times(&absolute, &lift(&of_bone.inverse_base_absolute)));
        }
        let rotation = turn([theta[0], theta[1], theta[2]]);
        let mut errors = Vec::new();
        for (index, point) in indices.iter().zip(points) {
            let Vertex { position: [x, y, z], weights } = &model.vertices[*index];
            let skinned: [T; 3] = std::array::from_fn(|i| {
                sum(weights.iter().map(|&(bone, weight)| {
                    let row = &transforms[bone][i];
                    let moved = row[0].times(*x) + row[1].times(*y) + row[2].times(*z) + row[3];
                    moved.times(weight)
                }))
            });
            errors.extend((0..3).map(|i| {
                let placed = sum((0..3).map(|j| rotation[i][j] * skinned[j])) + theta[3 + i];
                placed.taken_from(point[i])
            }));
        }
        errors
    }
}

/// The rotation about the axis `r` by the angle `|r|`, which is not zero.
fn turn<T: Number>(r: [T; 3]) -> [[T; 3]; 3] {
    let angle = (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]).sqrt();
    let [x, y, z] = r.map(|r| r / angle);
    let (s, c) = (angle.sin(), angle.cos());
    let d = c.taken_from(1.0);
    [
        [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
        [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
        [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
    ]
}

fn load(points: usize) -> Problem {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data/adbench/hand");
    let model = Model::load(&folder.join("model")).expect("the example's model");
    let text = read::text(&folder.join("hand_simple_c100.txt")).expect("the example's data");
    let mut problem = Problem::parse(&text, model).expect("the example's data");
    problem.indices.truncate(points);
    problem.points.truncate(points);
    problem
}

pub fn cases(size: Size) -> Vec<Case> {
    let count = size.pick(5, 100);
    let problem = Rc::new(load(count));
    let [p1, p2, p3, p4] = [(); 4].map(|()| problem.clone());
    let mut skeleton = Skeleton::new(&problem.model);
    let call = |p: &Problem| errors(black_box(&p.theta), &p.model, &p.indices, &p.points);
    let case = Case::new(format!("ADBench hand, {count} points"), 3 * count * PARAMETERS)
        .primal(move || call(&p1).iter().sum())
        .by_hand(move |g| by_hand(black_box(&p2), &mut skeleton, g))
        .generated(move |g| {
            // In forward mode, as the example does it: a sweep for each column.
            let Problem { model, theta, indices, points, .. } = black_box(&*p3);
            let mut direction = [0.0; PARAMETERS];
            let mut total = 0.0;
            for k in 0..PARAMETERS {
                direction[k] = 1.0;
                let (value, column) = jvp_errors(theta, model, indices, points, &direction);
                direction[k] = 0.0;
                total = value.iter().sum();
                for (row, entry) in column.into_iter().enumerate() {
                    g[row * PARAMETERS + k] = entry;
                }
            }
            total
        })
        .gradient_only(move |g| {
            let Problem { model, theta, indices, points, .. } = black_box(&*p4);
            *g = jacobian_errors(theta, model, indices, points).concat();
            0.0
        })
        .limit(5.0)
        .note("ADBench hand: generated is 26 times `jvp_f`, `grad_f` stands for `jacobian_f`")
        .note("ADBench hand: other crates go forward; their tapes would need 300 sweeps");
    let start = problem.theta.clone();
    vec![case.forward_peers(Errors(problem), &start)]
}
