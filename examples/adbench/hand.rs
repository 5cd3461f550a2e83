//! Hand tracking: how far measured points are from a skinned hand model in the pose `theta`.

use crate::read::{Numbers, Result, text};
use autodiff::differentiable;
use std::path::Path;

pub type Matrix = [[f64; 4]; 4];
/// Three angles, or whatever else belongs to one column of the pose.
pub type Column = [f64; 3];

/// Entries of `theta`: 3 of the global rotation, 3 of the translation, 4 of each finger.
pub const PARAMETERS: usize = 26;
/// Columns of the pose: global rotation, scale, translation, then a column for each bone.
pub const COLUMNS: usize = 25;

/// A skeleton and the mesh around it.
pub struct Model {
    pub bones: Vec<Bone>,
    pub vertices: Vec<Vertex>,
    pub triangles: Vec<[usize; 3]>,
}

pub struct Bone {
    /// The wrist has none; a parent comes before its children.
    pub parent: Option<usize>,
    pub base_relative: Matrix,
    pub inverse_base_absolute: Matrix,
}

pub struct Vertex {
    pub position: [f64; 3],
    /// By which bones it is carried, and how much.
    pub weights: Vec<(usize, f64)>,
}

impl Model {
    pub fn load(folder: &Path) -> Result<Model> {
        let fields = |line: &str| line.split(':').map(String::from).collect::<Vec<_>>();
        let reals = |fields: &[String]| -> Result<Vec<f64>> {
            Ok(fields.iter().map(|f| f.parse()).collect::<std::result::Result<_, _>>()?)
        };
        let matrix = |reals: &[f64]| -> Matrix {
            std::array::from_fn(|i| std::array::from_fn(|j| reals[4 * i + j]))
        };

        let mut bones = Vec::new();
        for line in text(&folder.join("bones.txt"))?.lines().filter(|l| !l.is_empty()) {
            let fields = fields(line);
            if fields.len() < 34 {
                return Err(format!("bone `{}` has too few fields", fields[0]).into());
            }
            let parent: i64 = fields[1].parse()?;
            let reals = reals(&fields[2..34])?;
            bones.push(Bone {
                parent: usize::try_from(parent).ok(),
                base_relative: matrix(&reals[..16]),
                inverse_base_absolute: matrix(&reals[16..]),
            });
        }

        let mut vertices = Vec::new();
        for line in text(&folder.join("vertices.txt"))?.lines().filter(|l| !l.is_empty()) {
            let fields = fields(line);
            let position = reals(&fields[..3])?;
            let count: usize = fields.get(8).ok_or("a vertex has too few fields")?.parse()?;
            let weights = fields[9..]
                .chunks_exact(2)
                .take(count)
                .map(|pair| Ok((pair[0].parse()?, pair[1].parse()?)))
                .collect::<Result<_>>()?;
            vertices.push(Vertex { position: [position[0], position[1], position[2]], weights });
        }

        let mut triangles = Vec::new();
        for line in text(&folder.join("triangles.txt"))?.lines().filter(|l| !l.is_empty()) {
            let corners = fields(line)
                .iter()
                .map(|f| f.parse())
                .collect::<std::result::Result<Vec<usize>, _>>()?;
            triangles.push([corners[0], corners[1], corners[2]]);
        }
        Ok(Model { bones, vertices, triangles })
    }
}

pub struct Problem {
    pub model: Model,
    pub theta: Vec<f64>,
    /// For each point the vertex it belongs to, or with `us` the triangle.
    pub indices: Vec<usize>,
    pub points: Vec<[f64; 3]>,
    /// In the complicated problem, where on its triangle each point lies.
    pub us: Option<Vec<f64>>,
}

impl Problem {
    pub fn parse(text: &str, model: Model) -> Result<Problem> {
        let mut numbers = Numbers::new(text);
        let count: usize = numbers.next()?;
        let parameters: usize = numbers.next()?;
        if parameters != PARAMETERS {
            return Err(format!("{parameters} parameters, where {PARAMETERS} are expected").into());
        }
        let mut indices = Vec::new();
        let mut points = Vec::new();
        for _ in 0..count {
            indices.push(numbers.next()?);
            points.push(numbers.array()?);
        }
        let us = match numbers.left() > parameters {
            true => Some(numbers.take(2 * count)?),
            false => None,
        };
        let limit = if us.is_some() { model.triangles.len() } else { model.vertices.len() };
        if let Some(index) = indices.iter().find(|&&i| i >= limit) {
            return Err(format!("index {index}, where the model has {limit}").into());
        }
        let theta = numbers.take(parameters)?;
        numbers.finish()?;
        Ok(Problem { model, theta, indices, points, us })
    }

    pub fn errors(&self) -> Vec<f64> {
        match &self.us {
            None => errors(&self.theta, &self.model, &self.indices, &self.points),
            Some(us) => {
                errors_on_triangles(us, &self.theta, &self.model, &self.indices, &self.points)
            }
        }
    }

    /// The Jacobian by columns, each one forward sweep: 26, or with `us` two more in front, that
    /// hold the derivatives of each point's errors with respect to its own two coordinates.
    pub fn jacobian(&self, mut progress: impl FnMut(usize, usize)) -> Vec<Vec<f64>> {
        let Problem { model, theta, indices, points, .. } = self;
        let own = if self.us.is_some() { 2 } else { 0 };
        let columns = own + theta.len();
        (0..columns)
            .map(|column| {
                progress(column, columns);
                let mut theta_dot = vec![0.0; theta.len()];
                if column >= own {
                    theta_dot[column - own] = 1.0;
                }
                let Some(us) = &self.us else {
                    return jvp_errors(theta, model, indices, points, &theta_dot).1;
                };
                // A point's errors depend on no other point's coordinates: one sweep does for all.
                let mut us_dot = vec![0.0; us.len()];
                if column < own {
                    us_dot.iter_mut().skip(column).step_by(2).for_each(|u| *u = 1.0);
                }
                jvp_errors_on_triangles(us, theta, model, indices, points, &us_dot, &theta_dot).1
            })
            .collect()
    }

    /// One row of the Jacobian with respect to `theta`, in reverse mode.
    pub fn row(&self, row: usize) -> Vec<f64> {
        let Problem { model, theta, indices, points, .. } = self;
        let mut seed = vec![0.0; 3 * points.len()];
        seed[row] = 1.0;
        match &self.us {
            None => vjp_errors(theta, model, indices, points).1(seed),
            Some(us) => {
                let (_, pullback) = vjp_errors_on_triangles(us, theta, model, indices, points);
                let (_, theta_bar) = pullback(seed);
                theta_bar
            }
        }
    }
}

/// For each point, by how much the vertex it belongs to misses it.
#[differentiable(wrt(theta))]
pub fn errors(theta: &[f64], model: &Model, indices: &[usize], points: &[[f64; 3]]) -> Vec<f64> {
    let pose = pose(theta);
    let transforms = bone_transforms(&pose, model);
    let rotation = angle_axis_matrix(pose[0]);
    let mut errors = vec![0.0; 3 * points.len()];
    for (k, point) in points.iter().enumerate() {
        let skinned = skin(&model.vertices[indices[k]], &transforms);
        let vertex = place(&rotation, pose[1], pose[2], skinned);
        for i in 0..3 {
            errors[3 * k + i] = point[i] - vertex[i];
        }
    }
    errors
}

/// For each point, by how much the place `us` on the triangle it belongs to misses it.
#[differentiable(wrt(us, theta))]
pub fn errors_on_triangles(
    us: &[f64],
    theta: &[f64],
    model: &Model,
    indices: &[usize],
    points: &[[f64; 3]],
) -> Vec<f64> {
    let pose = pose(theta);
    let transforms = bone_transforms(&pose, model);
    let rotation = angle_axis_matrix(pose[0]);
    let mut errors = vec![0.0; 3 * points.len()];
    for (k, point) in points.iter().enumerate() {
        let corners = model.triangles[indices[k]];
        let shares = [us[2 * k], us[2 * k + 1], 1.0 - us[2 * k] - us[2 * k + 1]];
        for (corner, share) in corners.iter().zip(shares) {
            let skinned = skin(&model.vertices[*corner], &transforms);
            let vertex = place(&rotation, pose[1], pose[2], skinned);
            for i in 0..3 {
                errors[3 * k + i] -= share * vertex[i];
            }
        }
        for i in 0..3 {
            errors[3 * k + i] += point[i];
        }
    }
    errors
}

/// The angles of all bones from the parameters: each finger bends in three joints and spreads in
/// its first.
#[differentiable]
pub fn pose(theta: &[f64]) -> [Column; COLUMNS] {
    let mut pose = [[0.0; 3]; COLUMNS];
    for i in 0..3 {
        pose[0][i] = theta[i];
        pose[1][i] = 1.0;
        pose[2][i] = theta[3 + i];
    }
    let mut next = 6;
    let mut column = 5;
    for _finger in 0..5 {
        for joint in 0..3 {
            pose[column][0] = theta[next];
            next += 1;
            if joint == 0 {
                pose[column][1] = theta[next];
                next += 1;
            }
            column += 1;
        }
        // The tip does not bend.
        column += 1;
    }
    pose
}

/// Where each bone takes what is attached to it.
#[differentiable(wrt(pose))]
pub fn bone_transforms(pose: &[Column; COLUMNS], model: &Model) -> Vec<Matrix> {
    let mut absolutes = vec![[[0.0; 4]; 4]; model.bones.len()];
    let mut transforms = vec![[[0.0; 4]; 4]; model.bones.len()];
    for (i, bone) in model.bones.iter().enumerate() {
        let local = bone_rotation(pose[i + 3]);
        let relative = product(&bone.base_relative, &local);
        absolutes[i] = match bone.parent {
            None => relative,
            Some(parent) => product(&absolutes[parent], &relative),
        };
        transforms[i] = product(&absolutes[i], &bone.inverse_base_absolute);
    }
    transforms
}

/// `Rz Ry Rx` of a bone's angles, which are kept in the order x, z, y.
#[differentiable]
pub fn bone_rotation(angles: Column) -> Matrix {
    let [x, z, y] = angles;
    let (sin_x, cos_x) = x.sin_cos();
    let (sin_y, cos_y) = y.sin_cos();
    let (sin_z, cos_z) = z.sin_cos();
    let about_x = [
        [1.0, 0.0, 0.0, 0.0],
        [0.0, cos_x, -sin_x, 0.0],
        [0.0, sin_x, cos_x, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    let about_y = [
        [cos_y, 0.0, sin_y, 0.0],
        [0.0, 1.0, 0.0, 0.0],
        [-sin_y, 0.0, cos_y, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    let about_z = [
        [cos_z, -sin_z, 0.0, 0.0],
        [sin_z, cos_z, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    product(&product(&about_z, &about_y), &about_x)
}

#[differentiable]
pub fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let mut c = [[0.0; 4]; 4];
    for i in 0..4 {
        for j in 0..4 {
            for k in 0..4 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

/// A vertex carried along by its bones (linear blend skinning).
#[differentiable(wrt(transforms))]
pub fn skin(vertex: &Vertex, transforms: &[Matrix]) -> [f64; 3] {
    let [x, y, z] = vertex.position;
    let mut moved = [0.0; 3];
    for &(bone, weight) in &vertex.weights {
        let transform = &transforms[bone];
        for i in 0..3 {
            let row = transform[i];
            moved[i] += weight * (row[0] * x + row[1] * y + row[2] * z + row[3]);
        }
    }
    moved
}

/// The global motion: scaled, turned, moved.
#[differentiable]
pub fn place(
    rotation: &[[f64; 3]; 3],
    scale: Column,
    translation: Column,
    v: [f64; 3],
) -> [f64; 3] {
    let mut placed = translation;
    for i in 0..3 {
        for j in 0..3 {
            placed[i] += rotation[i][j] * scale[j] * v[j];
        }
    }
    placed
}

/// The rotation about the axis `r` by the angle `|r|`.
#[differentiable]
pub fn angle_axis_matrix(r: Column) -> [[f64; 3]; 3] {
    let angle2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    if angle2 < 1e-8 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    // The root only here: at the origin it has no derivative.
    let angle = angle2.sqrt();
    let [x, y, z] = [r[0] / angle, r[1] / angle, r[2] / angle];
    let (s, c) = angle.sin_cos();
    let d = 1.0 - c;
    [
        [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
        [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
        [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
    ]
}
