//! ADBench's objectives, as the example has them, against the reference values: the smaller inputs,
//! and the points at which a formula changes.

#![allow(dead_code, reason = "the example uses more of its modules than the tests do")]

#[path = "../examples/adbench/ba.rs"]
mod ba;
#[path = "../examples/adbench/gmm.rs"]
mod gmm;
#[path = "../examples/adbench/hand.rs"]
mod hand;
#[path = "../examples/adbench/lstm.rs"]
mod lstm;
#[path = "../examples/adbench/read.rs"]
mod read;
#[path = "../examples/adbench/report.rs"]
mod report;

use report::{Reference, TOLERANCE, entry_errors, relative};
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data/adbench").join(name)
}

fn text(name: &str) -> String {
    read::text(&data(name)).unwrap()
}

fn reference(name: &str) -> Reference {
    Reference::load(&data("ref").join(name)).unwrap()
}

#[track_caller]
fn assert_value(computed: f64, expected: f64, tolerance: f64) {
    let error = relative(computed, expected);
    assert!(error <= tolerance, "computed {computed:e}, expected {expected:e}: {error:.1e} apart");
}

#[track_caller]
fn assert_vector(computed: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(computed.len(), expected.len());
    for (i, error) in entry_errors(computed, expected).into_iter().enumerate() {
        let (c, e) = (computed[i], expected[i]);
        assert!(error <= tolerance, "[{i}]: computed {c:e}, expected {e:e}: {error:.1e} apart");
    }
}

/// Without any regularity.
fn direction(n: usize) -> Vec<f64> {
    (0..n).map(|i| (12.9898 * (i + 1) as f64).sin()).collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn check_gmm(name: &str) {
    let problem = gmm::Problem::parse(&text(&format!("{name}.txt"))).unwrap();
    let reference = reference(&format!("{name}.json"));
    let (value, gradient) = problem.value_and_gradient();
    assert_value(value, reference.number("objective").unwrap(), TOLERANCE);
    assert_vector(&gradient, &reference.vector("gradient").unwrap(), TOLERANCE);
    let v = direction(gradient.len());
    assert_value(problem.directional(&v), product(&gradient, &v), 1e-9);
}

#[test]
fn gmm_of_one_point() {
    check_gmm("gmm_test");
}

#[test]
fn gmm_in_the_plane() {
    check_gmm("gmm_1k_d2_K5");
}

#[test]
fn gmm_in_ten_dimensions() {
    check_gmm("gmm_1k_d10_K10");
}

#[test]
fn lstm_of_two_layers() {
    let problem = lstm::Problem::parse(&text("lstm_l2_c1024.txt")).unwrap();
    let reference = reference("lstm_l2_c1024.json");
    let (value, gradient) = problem.value_and_gradient();
    assert_value(value, reference.number("objective").unwrap(), TOLERANCE);
    assert_vector(&gradient, &reference.vector("gradient").unwrap(), TOLERANCE);
    let v = direction(gradient.len());
    assert_value(problem.directional(&v), product(&gradient, &v), 1e-9);
}

fn check_bundle(name: &str, reference_name: &str) {
    let problem = ba::Problem::parse(&text(name)).unwrap();
    let reference = reference(reference_name);
    let last = problem.observations() - 1;
    for i in [0, last] {
        let (errors, weight_error) = problem.errors(i);
        assert_vector(&errors, &reference.vector("reproj_err_each").unwrap(), TOLERANCE);
        assert_value(weight_error, reference.number("w_err_each").unwrap(), TOLERANCE);
        let blocks = problem.blocks(i);
        assert_vector(&blocks.rows[0], &reference.vector("J_block_row0").unwrap(), TOLERANCE);
        assert_vector(&blocks.rows[1], &reference.vector("J_block_row1").unwrap(), TOLERANCE);
        assert_value(blocks.weight, reference.number("w_J_each").unwrap(), TOLERANCE);
    }
}

#[test]
fn bundle_adjustment() {
    check_bundle("ba_test.txt", "ba_test.json");
    check_bundle("ba1_n49_m7776_p31843.txt", "ba_ba1_n49_m7776_p31843.json");
}

/// Where the axis of the rotation is not defined, `y + r × y` stands for it: its derivative by `r`
/// is that of the rotation.
#[test]
fn bundle_adjustment_without_rotation() {
    let mut problem = ba::Problem::parse(&text("ba_test.txt")).unwrap();
    problem.cameras[0][..3].fill(0.0);
    let at_zero = problem.blocks(0);
    problem.cameras[0][0] = 1e-7;
    let nearby = problem.blocks(0);
    for (row, expected) in at_zero.rows.iter().zip(&nearby.rows) {
        assert!(row.iter().all(|entry| entry.is_finite()));
        assert_vector(row, expected, 1e-5);
    }
    let v: [f64; 15] = std::array::from_fn(|i| direction(15)[i]);
    let forward = problem.directional(0, &v);
    assert_value(forward[0], product(&nearby.rows[0], &v), 1e-12);
    assert_value(forward[1], product(&nearby.rows[1], &v), 1e-12);
}

fn hand_problem() -> hand::Problem {
    let model = hand::Model::load(&data("hand/model")).unwrap();
    hand::Problem::parse(&text("hand/hand_simple_c100.txt"), model).unwrap()
}

#[test]
fn hand_on_vertices() {
    let problem = hand_problem();
    let reference = reference("hand_c100.json");
    assert_vector(&problem.errors(), &reference.vector("err").unwrap(), TOLERANCE);
    let columns = problem.jacobian(|_, _| {});
    let expected = reference.vector("jacobian_colmajor").unwrap();
    assert_vector(&columns.concat(), &expected, TOLERANCE);
    for row in [0, 151, 299] {
        let forward: Vec<f64> = columns.iter().map(|column| column[row]).collect();
        assert_vector(&problem.row(row), &forward, 1e-9);
    }
}

/// At a corner of its triangle a point's errors are those of the vertex there.
#[test]
fn hand_on_triangles() {
    let mut problem = hand_problem();
    problem.indices = (0..problem.points.len()).collect();
    let corners: Vec<usize> =
        problem.indices.iter().map(|&i| problem.model.triangles[i][0]).collect();
    problem.us = Some([1.0, 0.0].repeat(problem.points.len()));
    let errors = problem.errors();
    let columns = problem.jacobian(|_, _| {});
    assert_eq!(columns.len(), 28);
    let row = problem.row(7);
    problem.us = None;
    problem.indices = corners;
    assert_vector(&errors, &problem.errors(), 1e-9);
    assert_vector(&columns[2..].concat(), &problem.jacobian(|_, _| {}).concat(), 1e-12);
    assert_vector(&row, &problem.row(7), 1e-9);
}

#[test]
fn hand_without_global_rotation() {
    let mut problem = hand_problem();
    problem.theta[..3].fill(0.0);
    let columns = problem.jacobian(|_, _| {});
    // The identity stands for the rotation there: constant.
    assert!(columns[..3].iter().flatten().all(|&entry| entry == 0.0));
    assert!(columns.iter().flatten().all(|entry| entry.is_finite()));
    assert!(problem.row(0).iter().all(|entry| entry.is_finite()));
}
