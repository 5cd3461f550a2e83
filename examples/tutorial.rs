//! The four parts of TensorFlow's `GradientTape` tutorial, each a plain function.
//!
//! ```text
//! cargo run --example tutorial
//! ```

use autodiff::differentiable;
use std::process::ExitCode;

// 1. A gradient has the shape of its input.

#[differentiable]
fn square_of_sum(x: &[[f64; 2]; 2]) -> f64 {
    let mut y = 0.0;
    for row in x {
        for entry in row {
            y += entry;
        }
    }
    y * y
}

// 2. Intermediate results: a function that calls another one carries its derivative along.

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn fourth_power(x: f64) -> f64 {
    let y = square(x);
    square(y)
}

// 3. Control flow: what ran is what is differentiated.

#[differentiable]
fn product_of_some(x: f64, n: usize) -> f64 {
    let mut output = 1.0;
    for i in 0..n {
        if i > 1 && i < 5 {
            output *= x;
        }
    }
    output
}

// 4. Higher order.

#[differentiable(order = 3)]
fn cube(x: f64) -> f64 {
    x * x * x
}

fn main() -> ExitCode {
    let mut table = Table { wrong: 0 };

    println!("1. z = (x00 + x01 + x10 + x11)² at ones");
    let gradient = grad_square_of_sum(&[[1.0; 2]; 2]);
    for (i, row) in gradient.iter().enumerate() {
        for (j, &entry) in row.iter().enumerate() {
            table.line(&format!("dz/dx[{i}][{j}]"), entry, 8.0);
        }
    }

    println!("2. y = x², z = y² at 3");
    table.line("dz/dx", grad_fourth_power(3.0), 108.0);
    table.line("dy/dx", grad_square(3.0), 6.0);

    println!("3. one factor x for each i in 0..n between 2 and 4, at 2");
    for (n, expected) in [(6, 12.0), (5, 12.0), (4, 4.0), (3, 1.0), (2, 0.0)] {
        table.line(&format!("gradient, n = {n}"), grad_product_of_some(2.0, n), expected);
    }

    println!("4. x³ at 1");
    let [value, first, second, third] = derivatives_cube(1.0);
    table.line("value", value, 1.0);
    table.line("first derivative", first, 3.0);
    table.line("second derivative", second, 6.0);
    table.line("third derivative", third, 6.0);

    if table.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints what is computed beside what is expected. These values are exact.
struct Table {
    wrong: usize,
}

impl Table {
    fn line(&mut self, what: &str, computed: f64, expected: f64) {
        // Bits, since 0.0 must not come out as -0.0 either.
        let right = computed.to_bits() == expected.to_bits();
        self.wrong += usize::from(!right);
        let mark = if right { "" } else { "  <-- WRONG" };
        println!("   {what:<20} computed {computed:>6}   expected {expected:>6}{mark}");
    }
}
