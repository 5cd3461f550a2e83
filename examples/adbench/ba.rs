//! Bundle adjustment: the reprojection error of one observation, of which a whole problem is made,
//! and its blocks of the (sparse) Jacobian.

use crate::read::{Numbers, Result};
use autodiff::differentiable;

pub struct Problem {
    /// Each: rotation(3), centre(3), focal length, principal point(2), radial distortion(2).
    pub cameras: Vec<[f64; 11]>,
    pub points: Vec<[f64; 3]>,
    pub weights: Vec<f64>,
    pub features: Vec<[f64; 2]>,
}

/// The non-zero part of the Jacobian that belongs to one observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    /// A row for each of the two errors: camera(11), point(3), weight.
    pub rows: [[f64; 15]; 2],
    /// The derivative of the weight's error.
    pub weight: f64,
}

impl Problem {
    pub fn parse(text: &str) -> Result<Problem> {
        let mut numbers = Numbers::new(text);
        let n: usize = numbers.next()?;
        let m: usize = numbers.next()?;
        let p: usize = numbers.next()?;
        let problem = Problem {
            cameras: vec![numbers.array()?; n],
            points: vec![numbers.array()?; m],
            weights: vec![numbers.next()?; p],
            features: vec![numbers.array()?; p],
        };
        numbers.finish()?;
        Ok(problem)
    }

    pub fn observations(&self) -> usize {
        self.features.len()
    }

    fn observation(&self, i: usize) -> (&[f64; 11], &[f64; 3], f64, &[f64; 2]) {
        let camera = &self.cameras[i % self.cameras.len()];
        let point = &self.points[i % self.points.len()];
        (camera, point, self.weights[i], &self.features[i])
    }

    /// The two errors of observation `i` and that of its weight.
    pub fn errors(&self, i: usize) -> ([f64; 2], f64) {
        let (camera, point, weight, feature) = self.observation(i);
        (reprojection_error(camera, point, weight, feature), weight_error(weight))
    }

    /// What observation `i` adds to the Jacobian, in reverse mode: one way forward, and a way back
    /// for each row.
    pub fn blocks(&self, i: usize) -> Blocks {
        let (camera, point, weight, feature) = self.observation(i);
        let (_, pullback) = vjp_reprojection_error(camera, point, weight, feature);
        let row = |seed| {
            let (camera_bar, point_bar, weight_bar) = pullback.clone()(seed);
            let mut row = [weight_bar; 15];
            row[..11].copy_from_slice(&camera_bar);
            row[11..14].copy_from_slice(&point_bar);
            row
        };
        Blocks { rows: [row([1.0, 0.0]), row([0.0, 1.0])], weight: grad_weight_error(weight) }
    }

    /// The derivative of observation `i`'s errors in one direction, in forward mode.
    pub fn directional(&self, i: usize, direction: &[f64; 15]) -> [f64; 2] {
        let (camera, point, weight, feature) = self.observation(i);
        let mut camera_dot = [0.0; 11];
        camera_dot.copy_from_slice(&direction[..11]);
        let point_dot = [direction[11], direction[12], direction[13]];
        let (_, errors_dot) = jvp_reprojection_error(
            camera,
            point,
            weight,
            feature,
            &camera_dot,
            &point_dot,
            direction[14],
        );
        errors_dot
    }
}

#[differentiable(wrt(camera, point, weight))]
pub fn reprojection_error(
    camera: &[f64; 11],
    point: &[f64; 3],
    weight: f64,
    feature: &[f64; 2],
) -> [f64; 2] {
    let projected = project(camera, point);
    [weight * (projected[0] - feature[0]), weight * (projected[1] - feature[1])]
}

#[differentiable]
pub fn weight_error(weight: f64) -> f64 {
    1.0 - weight * weight
}

/// A point in space as the camera sees it, in pixels.
#[differentiable]
pub fn project(camera: &[f64; 11], point: &[f64; 3]) -> [f64; 2] {
    let &[r0, r1, r2, c0, c1, c2, focal, u0, v0, k1, k2] = camera;
    let from_centre = [point[0] - c0, point[1] - c1, point[2] - c2];
    let [x, y, z] = rotate([r0, r1, r2], from_centre);
    let p = [x / z, y / z];
    let radius2 = p[0] * p[0] + p[1] * p[1];
    let distortion = 1.0 + k1 * radius2 + k2 * radius2 * radius2;
    [focal * distortion * p[0] + u0, focal * distortion * p[1] + v0]
}

/// Rodrigues' formula: `y` turned about the axis `r` by the angle `|r|`.
#[differentiable]
pub fn rotate(r: [f64; 3], y: [f64; 3]) -> [f64; 3] {
    let angle2 = dot(r, r);
    if angle2 == 0.0 {
        // To first order, so that the derivative at the origin is right as well.
        let c = cross(r, y);
        return [y[0] + c[0], y[1] + c[1], y[2] + c[2]];
    }
    let angle = angle2.sqrt();
    let (sin, cos) = angle.sin_cos();
    let axis = [r[0] / angle, r[1] / angle, r[2] / angle];
    let c = cross(axis, y);
    let along = dot(axis, y) * (1.0 - cos);
    let mut turned = [0.0; 3];
    for i in 0..3 {
        turned[i] = y[i] * cos + c[i] * sin + axis[i] * along;
    }
    turned
}

#[differentiable]
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[differentiable]
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
