//! Trips that run again from what they have left, inside loops that go forward and back at once.

use super::twice::twice;

twice! {
    without(left)
    /// A matrix times a vector in work space: the products are kept, sums and squares are not.
    fn products(p) {
        let n = (p.len() as f64).sqrt() as usize;
        let mut y = vec![0.0; n];
        let mut total = 0.0;
        for i in 0..(p.len() / 3).min(8) {
            let mut terms = 0.0;
            for c in 0..3 {
                for j in 0..n {
                    y[j] = 0.1 * p[i];
                }
                for k in 0..n {
                    for j in 0..n {
                        y[j] += p[k * n + j] * p[3 * i + c];
                    }
                }
                let mut squares = 0.0;
                for j in 0..n {
                    squares += y[j] * y[j];
                }
                terms += squares / (2.0 + squares) * p[c % n];
            }
            total += terms * terms;
        }
        total
    }
}

twice! {
    without(left)
    /// A packed triangle with a running start.
    fn triangles(p) {
        let mut n = 0;
        while (n + 1) * (n + 2) / 2 <= p.len() {
            n += 1;
        }
        let mut y = vec![0.0; n];
        let mut total = 0.0;
        for i in 0..p.len() {
            for c in 0..2 {
                for j in 0..n {
                    y[j] = p[i] + c as f64;
                }
                let mut start = 0;
                for k in 0..n {
                    let x = p[i] * p[k];
                    for j in k + 1..n {
                        y[j] += p[start + j - k] * x;
                    }
                    start += n - k;
                }
                let mut squares = 0.0;
                for j in 0..n {
                    squares += y[j] * y[j];
                }
                total += squares / (2.0 + p[c % n]);
            }
        }
        total
    }
}

twice! {
    without(left)
    /// What it held in between is read as well: all of the trip has to run again, or more.
    fn read_in_between(p) {
        let n = p.len().min(5);
        let mut y = vec![0.0; n];
        let mut total = 0.0;
        for i in 0..p.len() {
            for c in 0..2 {
                for j in 0..n {
                    y[j] = p[i] * p[j];
                }
                let mut before = 0.0;
                for j in 0..n {
                    before += y[j] * y[j] * p[j];
                }
                for k in 0..n {
                    for j in 0..n {
                        y[j] += p[k] * p[j] * y[j];
                    }
                }
                let mut squares = 0.0;
                for j in 0..n {
                    squares += y[j] * y[j] + before;
                }
                total += squares * p[i] + c as f64;
            }
        }
        total
    }
}

twice! {
    without(left)
    /// Two lists, one made of the other.
    fn two_lists(p) {
        let n = p.len().min(4);
        let (mut y, mut z) = (vec![0.0; n], vec![0.0; n]);
        let mut total = 0.0;
        for i in 0..p.len() {
            for c in 0..2 {
                y.fill(p[i]);
                z.fill(0.5);
                for k in 0..n {
                    for j in 0..n {
                        y[j] += p[k] * p[j] * c as f64;
                    }
                }
                for k in 0..n {
                    for j in 0..n {
                        z[j] += y[k] * p[j];
                    }
                }
                let mut squares = 0.0;
                for j in 0..n {
                    squares += z[j] * z[j] * y[j];
                }
                total += squares * squares;
            }
        }
        total
    }
}

twice! {
    without(left)
    /// Under a condition, beside a scalar that the trip needs again.
    fn conditional(p) {
        let n = p.len().min(4);
        let mut y = vec![0.0; n];
        let mut total = 0.0;
        for i in 0..p.len() {
            for c in 0..3 {
                let mut scale = p[i] * p[i];
                for j in 0..n {
                    y[j] = 0.25;
                }
                for k in 0..n {
                    if p[k] > 0.0 {
                        scale += p[k] * 0.1;
                        for j in 0..n {
                            y[j] += p[k] * p[j];
                        }
                    }
                }
                let mut squares = 0.0;
                for j in 0..n {
                    squares += y[j] * y[j] * scale;
                }
                total += squares * squares / (1.0 + scale) + c as f64;
            }
        }
        total
    }
}

twice! {
    without(left)
    /// The list is used behind the loops, and before the trips it holds something else.
    fn used_elsewhere(p) {
        let n = p.len().min(4);
        let mut y = vec![0.0; n];
        let mut total = 0.0;
        for j in 0..n {
            y[j] = p[j] * p[j];
            total += y[j] * y[0];
        }
        for i in 0..p.len() {
            for _ in 0..2 {
                for j in 0..n {
                    y[j] = p[i];
                }
                for k in 0..n {
                    for j in 0..n {
                        y[j] += p[k] * p[j];
                    }
                }
                let mut squares = 0.0;
                for j in 0..n {
                    squares += y[j] * y[j];
                }
                total += squares * p[i];
            }
        }
        for j in 0..n {
            total += y[j] * y[j] * p[j];
        }
        total
    }
}

twice! {
    without(left)
    /// What only the adjoint behind the sums reads, which stands before their loop then.
    fn weighted(p) {
        let n = p.len().min(4);
        let mut y = vec![0.0; n];
        let mut total = 0.0;
        for i in 0..p.len() {
            let mut terms = 0.0;
            for c in 0..2 {
                let weight = p[i] * 0.5;
                for j in 0..n {
                    y[j] = p[i] + c as f64;
                }
                for k in 0..n {
                    for j in 0..n {
                        y[j] += p[k] * p[j];
                    }
                }
                let mut squares = 0.0;
                for j in 0..n {
                    squares += y[j] * y[j];
                }
                terms += squares * weight;
            }
            total += (0.01 * terms * p[0]).sin();
        }
        total
    }
}

twice! {
    without(left)
    /// Trips counted in other types than `usize`.
    fn other_types(p) {
        let n = p.len().min(4);
        let mut y = vec![0.0; n];
        let mut total = 0.0;
        for i in 0..p.len() {
            let mut terms = 0.0;
            for c in 0..2_u8 {
                for j in 0..n {
                    y[j] = p[i] + c as f64;
                }
                for k in 0..n {
                    for j in 0..n {
                        y[j] += p[k] * p[j];
                    }
                }
                let mut squares = 0.0;
                for j in 0..n {
                    squares += y[j] * y[j];
                }
                terms += squares;
            }
            total += terms * terms;
        }
        for _ in 0..2_i64 {
            y.fill(total);
            for j in 0..n {
                total += 0.01 * y[j] * p[j];
            }
        }
        total
    }
}
