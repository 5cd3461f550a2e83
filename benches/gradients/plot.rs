//! The results as a picture: a row for each program, times over the primal's from left to right.

use crate::case::Role;
use crate::measure::Line;
use plotters::prelude::*;
use std::error::Error;
use std::path::Path;

const ROW: u32 = 22;
const HEADER: u32 = 60;
const FOOTER: u32 = 50;
const WIDTH: u32 = 1000;
/// Where the programs' names are.
const NAMES: u32 = 230;

struct Series {
    label: &'static str,
    color: RGBColor,
    size: i32,
    ratio: fn(&Line) -> Option<f64>,
}

fn of_role(line: &Line, role: Role) -> Option<f64> {
    line.figure(role).map(|figure| line.ratio(figure))
}

const SERIES: [Series; 5] = [
    Series {
        label: "fastest other crate",
        color: RGBColor(150, 150, 150),
        size: 4,
        ratio: |line| line.fastest_peer().map(|peer| line.ratio(peer)),
    },
    Series {
        label: "std::autodiff (nightly)",
        color: RGBColor(214, 140, 20),
        size: 4,
        ratio: |line| line.enzyme,
    },
    Series {
        label: "grad_f",
        color: RGBColor(110, 170, 220),
        size: 4,
        ratio: |line| of_role(line, Role::GradientOnly),
    },
    Series {
        label: "generated",
        color: RGBColor(20, 90, 170),
        size: 6,
        ratio: |line| of_role(line, Role::Generated),
    },
    Series {
        label: "by hand",
        color: RGBColor(30, 30, 30),
        size: 3,
        ratio: |line| of_role(line, Role::ByHand),
    },
];

/// Writes an SVG file.
pub fn svg(path: &Path, lines: &[Line]) -> Result<(), Box<dyn Error>> {
    let most = lines
        .iter()
        .flat_map(|line| SERIES.iter().filter_map(|series| (series.ratio)(line)))
        .fold(10.0_f64, f64::max);
    let rows = lines.len();
    let root =
        SVGBackend::new(path, (WIDTH, HEADER + FOOTER + ROW * rows as u32)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption("Value and gradient: time over the function's own", ("sans-serif", 22))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(NAMES)
        .build_cartesian_2d((0.5..most * 1.2).log_scale(), -0.5..rows as f64 - 0.5)?;
    // The first program is at the top.
    let height = |row: usize| (rows - 1 - row) as f64;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .x_labels(10)
        .x_label_style(("sans-serif", 15))
        .x_label_formatter(&|x| format!("{x}"))
        .light_line_style(RGBColor(235, 235, 235))
        .draw()?;
    for row in 0..rows {
        let line = [(0.5, height(row)), (most * 1.2, height(row))];
        chart.draw_series([PathElement::new(line, RGBColor(240, 240, 240))])?;
    }
    let own = [(1.0, -0.5), (1.0, rows as f64 - 0.5)];
    chart.draw_series([PathElement::new(own, RGBColor(120, 120, 120))])?;
    for series in &SERIES {
        let points = lines
            .iter()
            .enumerate()
            .filter_map(|(row, line)| (series.ratio)(line).map(|ratio| (ratio, height(row))));
        chart
            .draw_series(points.map(|at| Circle::new(at, series.size, series.color.filled())))?
            .label(series.label)
            .legend(|(x, y)| Circle::new((x + 8, y), 4, series.color.filled()));
    }
    chart
        .configure_series_labels()
        .label_font(("sans-serif", 15))
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.9))
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    let style = ("sans-serif", 16).into_font().color(&BLACK);
    for (row, line) in lines.iter().enumerate() {
        let (_, y) = chart.backend_coord(&(1.0, height(row)));
        root.draw_text(&line.program, &style, (12, y - 6))?;
    }
    root.present()?;
    Ok(())
}
