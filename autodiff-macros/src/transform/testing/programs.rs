//! Random programs: straight-line code, overwrites, branches, loops, arrays, calls.

use std::fmt::Write;

/// A small generator of numbers (xorshift, Marsaglia 2003): tests have to be repeatable.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// Between -1 and 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Functions that programs call.
pub const HELPERS: [&str; 9] = [
    "fn square_sin(x: f64, y: f64) -> f64 { let s = x.sin(); s * s + 0.3 * y }",
    "fn dot(a: &[f64], b: &[f64]) -> f64 {
        let mut s = 0.0; for i in 0..a.len() { s += a[i] * b[i]; } s }",
    "fn smooth(v: &mut [f64], k: f64) {
        for i in 1..v.len() { v[i] = 0.5 * v[i] + k * v[i - 1].sin(); } }",
    "fn spread(a: &[f64], b: &mut [f64]) {
        for i in 1..a.len() { b[i] = 0.6 * a[i] + 0.3 * a[i - 1]; } }",
    "fn bend(a: &[f64], b: &mut [f64]) {
        for i in 1..a.len() { b[i] = 0.6 * a[i] * a[i] + 0.3 * a[i - 1]; } }",
    "fn square(b: &mut [f64]) { for k in 0..b.len() { b[k] *= b[k]; } }",
    "fn shrink(b: &mut [f64], n: usize) {
        for k in 0..b.len() { b[k] *= 0.5; } if n > 0 { shrink(&mut b[1..], n - 1); } }",
    "fn grow(g: &mut Vec<f64>, x: f64) -> f64 {
        g.push(x * 0.4); let n = g.len(); g[0] += 0.1 * x; g[n - 1] * x }",
    "fn bump(x: &mut f64, y: f64) -> f64 { *x = *x * 0.5 + y.cos(); *x * y }",
];

struct Writer {
    random: Random,
    out: String,
    /// Scalar variables in scope; those before `fixed` cannot be assigned.
    scalars: Vec<String>,
    fixed: usize,
    indices: Vec<String>,
    count: usize,
    budget: usize,
    /// Sums that the result adds up.
    sums: String,
}

/// `fn program(x: f64, y: f64, v: &[f64], w: &mut [f64]) -> f64`, with slices of length 4.
pub fn program(seed: u64) -> String {
    let mut writer = Writer {
        random: Random::new(seed),
        out: String::new(),
        scalars: vec!["x".into(), "y".into()],
        fixed: 2,
        indices: Vec::new(),
        count: 0,
        budget: 14,
        sums: String::new(),
    };
    writer.line("let mut a = x * 0.7;");
    writer.line("let mut b = y;");
    writer.line("let mut u = [x, 0.3, y, 0.1];");
    writer.line("let mut q = [0.2, y, b, x];");
    writer.line("let mut p = vec![0.4, y, 0.1, x];");
    writer.line("let mut r = vec![x, y, 0.3, b];");
    writer.scalars.extend(["a".into(), "b".into()]);
    if seed % 8 == 7 {
        return writer.sum_of_trips();
    }
    writer.block(0);
    let result = writer.expr(2);
    format!(
        "fn program(x: f64, y: f64, v: &[f64], w: &mut [f64]) -> f64 {{\n{}{result} + a * b \
         + p[0] * p[1] + p[2] + p[3] + r[0] * r[3] + r[1] * r[2] \
         + u[0] * u[2] + u[1] + u[3] + q[0] * q[1]{}\n}}",
        writer.out, writer.sums
    )
}

impl Writer {
    fn line(&mut self, text: &str) {
        writeln!(self.out, "    {text}").expect("a string takes all");
    }

    fn block(&mut self, depth: usize) {
        let scalars = self.scalars.len();
        for _ in 0..2 + self.random.below(4) {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            self.statement(depth);
        }
        self.scalars.truncate(scalars);
    }

    fn index(&mut self) -> String {
        if self.indices.is_empty() || self.random.below(3) == 0 {
            self.random.below(4).to_string()
        } else {
            self.indices[self.random.below(self.indices.len())].clone()
        }
    }

    fn target(&mut self) -> String {
        match self.random.below(6) {
            0 => format!("w[{}]", self.index()),
            1 => format!("u[{}]", self.index()),
            2 => format!("q[{}]", self.index()),
            _ => {
                let at = self.fixed + self.random.below(self.scalars.len() - self.fixed);
                self.scalars[at].clone()
            }
        }
    }

    fn atom(&mut self) -> String {
        match self.random.below(9) {
            0 => format!("v[{}]", self.index()),
            4 => format!("q[{}]", self.index()),
            1 => format!("w[{}]", self.index()),
            2 => format!("u[{}]", self.index()),
            3 => format!("{:.2}", 0.5 + 0.4 * self.random.unit()),
            _ => self.scalars[self.random.below(self.scalars.len())].clone(),
        }
    }

    fn expr(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.atom();
        }
        let a = self.expr(depth - 1);
        let shallower = self.random.below(depth);
        let b = self.expr(shallower);
        match self.random.below(12) {
            0 | 1 => format!("({a} + {b})"),
            2 => format!("({a} - {b})"),
            3 | 4 => format!("({a} * {b}).tanh()"),
            5 => format!("({a} * {b})"),
            6 => format!("{a} / ({b} * {b} + 1.1)"),
            7 => format!("({a}).sin()"),
            8 => format!("(0.3 * {a}).tanh().exp()"),
            9 => format!("({a} * {a} + 0.2).sqrt()"),
            10 => format!("-({a})"),
            _ => format!("square_sin({a}, {b})"),
        }
    }

    fn statement(&mut self, depth: usize) {
        if depth == 0 && self.random.below(6) == 0 {
            return self.reduction();
        }
        if depth < 2 && self.random.below(8) == 0 {
            return self.trip();
        }
        let choice = match self.random.below(6) {
            0 => 10,
            _ => self.random.below(if depth < 2 { 20 } else { 15 }),
        };
        match choice {
            12 => self.whole(),
            13 => self.exit(),
            14 => self.value(),
            0 | 1 => {
                self.count += 1;
                let name = format!("t{}", self.count);
                let value = self.expr(2);
                self.line(&format!("let mut {name} = {value};"));
                self.scalars.push(name);
            }
            2..=4 => {
                let (target, value) = (self.target(), self.expr(2));
                self.line(&format!("{target} = ({value}).tanh();"));
            }
            5 => {
                let (target, value) = (self.target(), self.expr(1));
                self.line(&format!("{target} += {value};"));
            }
            6 => {
                let (target, value) = (self.target(), self.expr(1));
                self.line(&format!("{target} *= ({value}).sin();"));
            }
            7 => {
                let (target, value) = (self.target(), self.expr(1));
                self.line(&format!("{target} -= 0.5 * {value};"));
            }
            8 => {
                let value = self.atom();
                let target = self.target();
                self.line(&format!("{target} /= {value} * {value} + 1.3;"));
            }
            9 => {
                let (i, j) = (self.random.below(4), self.random.below(4));
                match self.random.below(3) {
                    0 if i != j => self.line(&format!("w.swap({i}, {j});")),
                    1 if i != j => self.line(&format!("u.swap({i}, {j});")),
                    _ => self.line("core::mem::swap(&mut u, &mut q);"),
                }
            }
            10 => match self.random.below(10) {
                4 => self.line("spread(&u, &mut q);"),
                5 => self.line("bend(&q, &mut u);"),
                6 => self.line("spread(v, &mut w[..]);"),
                7 => self.line("square(&mut q[1..3]);"),
                8 => self.line("shrink(&mut p, 2);"),
                9 => self.line("if p.len() < 9 { b = (b + grow(&mut p, a) * p[0]).sin(); }"),
                3 => match self.random.below(5) {
                    0 => self.line("spread(&p[..4], &mut r); r[0] = a;"),
                    1 => self.line("spread(&r[..4], &mut p);"),
                    2 => self.line("bend(&p[0..4], &mut r);"),
                    3 => self.line("core::mem::swap(&mut p, &mut r);"),
                    _ => self.line("square(&mut r);"),
                },
                0 => self.line("a = (a + dot(&v[1..3], &u[1..3])).tanh();"),
                1 => self.line("smooth(&mut w[0..3], b);"),
                2 => self.line("smooth(&mut u, a);"),
                _ => {
                    self.count += 1;
                    let name = format!("t{}", self.count);
                    let mut arg = self.atom();
                    if arg == "b" {
                        arg = "a".into();
                    }
                    self.line(&format!("let mut {name} = bump(&mut b, {arg});"));
                    self.scalars.push(name);
                }
            },
            11 => self.line("let s = a; a = b; b = s;"),
            15 | 16 => {
                let (p, q) = (self.atom(), self.atom());
                self.line(&format!("if {p} < {q} + 0.05 {{"));
                self.block(depth + 1);
                self.line("} else {");
                self.block(depth + 1);
                self.line("}");
            }
            17 | 18 => {
                self.count += 1;
                let index = format!("i{}", self.count);
                let known = self.indices.len();
                let n = self.random.below(4);
                let (counter, update) = self.counter(&index);
                match self.random.below(4) {
                    // Neighbours.
                    0 => {
                        self.line(&format!("for {index} in 0..{n} {{"));
                        self.indices.push(format!("{index} + 1"));
                    }
                    1 => {
                        self.line(&format!("for {index} in (1..{}).rev() {{", n + 1));
                        self.indices.push(format!("{index} - 1"));
                    }
                    2 if n > 0 => {
                        self.line(&format!("for {index} in 0..v.len() / 2 {{"));
                        self.indices.push(format!("2 * {index} + 1"));
                        self.indices.push(format!("{index} + 1"));
                        self.indices.push(format!("{index} + 2"));
                    }
                    _ => self.line(&format!("for {index} in 0..{n} {{")),
                }
                self.indices.push(index);
                self.indices.extend(counter);
                let [before, after] = update;
                self.line(&before);
                self.block(depth + 1);
                self.indices.truncate(known);
                self.line(&after);
                self.line("}");
            }
            _ => {
                self.count += 1;
                let n = format!("n{}", self.count);
                self.line(&format!("let mut {n} = 0;"));
                let bound = self.atom();
                self.line(&format!("while {n} < 3 && {bound} < 0.9 {{"));
                self.line(&format!("{n} += 1;"));
                self.indices.push(n);
                self.block(depth + 1);
                self.indices.pop();
                self.line("}");
            }
        }
    }

    /// An integer that a loop will change, in its beginning or at its end: how it is used as an
    /// index, and the changes.
    fn counter(&mut self, index: &str) -> (Option<String>, [String; 2]) {
        if self.random.below(2) == 0 {
            return Default::default();
        }
        self.count += 1;
        let k = format!("k{}", self.count);
        self.line(&format!("let mut {k} = 16;"));
        let update = match self.random.below(4) {
            0 => format!("{k} += 1;"),
            1 => format!("{k} -= 2;"),
            2 => format!("{k} += {index} + 1;"),
            _ => format!("if a < b {{ {k} += 1; }}"),
        };
        let update = match self.random.below(2) {
            0 => [update, String::new()],
            _ => [String::new(), update],
        };
        (Some(format!("{k} % 4")), update)
    }

    /// A loop that adds up what only the result reads: its reverse can run along.
    fn reduction(&mut self) {
        self.count += 1;
        let n = self.count;
        let trips = self.random.below(4);
        self.line(&format!("let mut r{n} = 0.0;"));
        self.line(&format!("let mut g{n} = vec![0.0; 3];"));
        self.line(&format!("for i{n} in 0..{trips} {{"));
        self.indices.push(format!("i{n}"));
        let value = self.expr(2);
        self.line(&format!("let mut t{n} = {value};"));
        self.scalars.push(format!("t{n}"));
        for _ in 0..self.random.below(3) {
            let (p, q, r) = (self.atom(), self.expr(1), self.expr(2));
            if self.random.below(4) == 0 {
                self.work_space(n);
                let weight = self.atom();
                self.line(&format!("t{n} *= 0.1 * t{n} + {weight};"));
                continue;
            }
            let text = match self.random.below(6) {
                0 => format!("t{n} = ({r}).sin();"),
                1 => format!("if {p} < {q} {{ t{n} *= {r}; }} else {{ t{n} -= {q}; }}"),
                2 => format!("for k in 0..2 {{ t{n} = (t{n} * {q} + v[k]).tanh(); }}"),
                3 => format!("for k in 0..3 {{ t{n} += u[k] * {r}; }}"),
                4 => format!("if {p} > {q} + 0.5 {{ break; }}"),
                _ => {
                    format!("let mut c{n} = [t{n}, {q}]; c{n}[0] *= {r}; t{n} = c{n}[0] * c{n}[1];")
                }
            };
            self.line(&text);
        }
        let weight = self.atom();
        self.line(&format!("r{n} += t{n} * {weight};"));
        self.line("}");
        self.scalars.pop();
        self.indices.pop();
        write!(self.sums, " + 0.5 * r{n}").expect("a string takes all");
    }

    /// A program of nothing but a loop that goes forward and back at once, around such trips.
    fn sum_of_trips(mut self) -> String {
        self.line("let (mut g1, mut r1) = (vec![0.0; 3], y);");
        self.line("for i1 in 0..3 {");
        self.line("let mut t1 = 0.0;");
        self.indices.push("i1".into());
        self.scalars = vec!["x".into(), "y".into()];
        self.work_space(1);
        let text = match self.random.below(3) {
            0 => "r1 += t1 * t1;",
            1 => "r1 += (t1 * x).sin();",
            _ => "if t1 > y { r1 -= t1 * t1 * t1; } else { r1 += (0.3 * t1).tanh(); }",
        };
        self.line(text);
        self.line("}");
        format!(
            "fn program(x: f64, y: f64, v: &[f64], w: &mut [f64]) -> f64 {{\n{}r1 + w[0]\n}}",
            self.out
        )
    }

    /// Trips that fill a list by loops in loops, and use it.
    fn work_space(&mut self, n: usize) {
        let (p, q, r) = (self.atom(), self.atom(), self.atom());
        self.line(&format!("for c in 0..2 {{ let mut s = {p};"));
        let text = match self.random.below(3) {
            0 => format!("for k in 0..3 {{ g{n}[k] = {q}; }}"),
            1 => format!("g{n}.fill({q});"),
            _ => format!("for k in 0..3 {{ g{n}[k] = {q} * v[k + c]; }}"),
        };
        self.line(&text);
        for _ in 0..1 + self.random.below(2) {
            let text = match self.random.below(6) {
                0 => format!("for j in 0..3 {{ for k in j..3 {{ g{n}[k] *= {r} + v[j]; }} }}"),
                1 => format!("for k in 0..3 {{ s = s * 0.7 + g{n}[k] * g{n}[k]; }}"),
                2 => format!(
                    "let mut m = 0; for j in 0..3 {{ for k in j..3 {{ g{n}[k] += v[m % 4] * {p}; }} \
                     m += 3 - j; s += {r}; }}"
                ),
                _ => format!("for j in 0..3 {{ for k in 0..3 {{ g{n}[k] += {r} * v[j + c]; }} }}"),
            };
            self.line(&text);
        }
        let text = match self.random.below(5) {
            0 if self.random.below(3) == 0 => {
                format!("t{n} = (t{n} + g{n}[1] * g{n}[2] * s).tanh(); }}")
            }
            0 => format!("t{n} -= g{n}[1] * g{n}[2] * s; }}"),
            1 => format!("for k in 0..3 {{ t{n} += 0.1 * g{n}[k] * g{n}[k]; }} t{n} += s; }}"),
            _ => format!(
                "let mut h = 0.0; for k in 0..3 {{ h += g{n}[k] * g{n}[k]; }} t{n} += h * s; }}"
            ),
        };
        self.line(&text);
    }

    /// A loop around cheap loops: its trips can run again.
    fn trip(&mut self) {
        self.count += 1;
        let n = self.count;
        let trips = self.random.below(4);
        let before = self.scalars.len();
        self.line(&format!("let mut z{n} = [0.0; 3];"));
        self.line(&format!("for i{n} in 0..{trips} {{"));
        self.indices.push(format!("i{n}"));
        let (p, q, r) = (self.atom(), self.atom(), self.atom());
        match self.random.below(3) {
            0 => self.line(&format!("for k in 0..3 {{ z{n}[k] = {p} * {q} + v[k]; }}")),
            1 => self.line(&format!("z{n}.fill({p});")),
            _ => self.line(&format!("let mut z{n} = [{p}, {q}, {r}];")),
        }
        self.line(&format!("let mut t{n} = {r};"));
        self.scalars.push(format!("t{n}"));
        for _ in 0..1 + self.random.below(3) {
            let (p, q) = (self.atom(), self.atom());
            let text = match self.random.below(5) {
                0 => format!("for k in 0..2 {{ t{n} = t{n} * z{n}[k] + {p}; }}"),
                1 => format!("for k in 1..3 {{ z{n}[k] = z{n}[k - 1] * {p} - z{n}[k] * {q}; }}"),
                2 => format!("for k in 0..3 {{ t{n} += z{n}[k] * z{n}[k] * {q}; }}"),
                3 => format!("if {p} < {q} {{ t{n} = t{n} * {p}; }} else {{ z{n}[0] *= {q}; }}"),
                _ => format!(
                    "for j in 0..2 {{ for k in j..3 {{ z{n}[k] = z{n}[j] * {p} + t{n}; }} }}"
                ),
            };
            self.line(&text);
        }
        let target = self.target();
        if target != format!("t{n}") {
            let text = format!("({target} - z{n}[1] * t{n}) / (1.5 + t{n} * t{n})");
            let line = match self.random.below(4) {
                0 => format!("{target} = ({text}).tanh();"),
                1 => format!("{target} = {text};"),
                _ => format!("{target} += z{n}[1] * t{n} / (1.5 + t{n} * t{n});"),
            };
            self.line(&line);
        }
        self.line("}");
        self.scalars.truncate(before);
        self.indices.pop();
    }

    /// Statements on whole arrays and slices.
    fn whole(&mut self) {
        let x = self.atom();
        let text = match self.random.below(12) {
            9 => format!("for i in 0..3 {{ a += (v[i + 1] - v[i]) * {x}; }}"),
            10 => "for i in 1..3 { q[i] = v[i] - 0.3 * (v[i - 1] + v[i + 1]) * v[i]; }".to_string(),
            11 => format!("for i in 0..2 {{ for j in 0..2 {{ u[i] += v[i * 2 + j] * {x}; }} }}"),
            0 => "q = u;".to_string(),
            1 => format!("u.fill({x});"),
            2 => "u.copy_from_slice(v);".to_string(),
            3 => "w.copy_from_slice(&q);".to_string(),
            4 => format!("for p in w.iter_mut() {{ *p = (*p * {x}).sin(); }}"),
            5 => format!("for p in v.iter() {{ a = (a + p * {x}).tanh(); }}"),
            6 => format!("a = w.iter().map(|p| p * {x}).sum::<f64>().sin();"),
            7 => format!("for (i, p) in v.iter().enumerate() {{ u[i] = (u[i] - p * {x}).sin(); }}"),
            _ => "smooth(w, a);".to_string(),
        };
        self.line(&text);
    }

    /// A way out of a loop or of the function.
    fn exit(&mut self) {
        let (p, q) = (self.atom(), self.atom());
        let way = match self.random.below(4) {
            0 => format!("return {p} * {q};"),
            _ if self.indices.is_empty() => return,
            1 => "continue;".to_string(),
            _ => "break;".to_string(),
        };
        self.line(&format!("if {p} > {q} + 0.4 {{ {way} }}"));
    }

    /// Values of blocks, tuples, a growing `Vec`.
    fn value(&mut self) {
        self.count += 1;
        let n = self.count;
        let (p, q, r) = (self.atom(), self.expr(1), self.expr(1));
        match self.random.below(4) {
            0 => {
                self.line(&format!("let mut t{n} = if {p} < 0.1 {{ {q} }} else {{ {r} }};"));
                self.scalars.push(format!("t{n}"));
            }
            1 => {
                self.line(&format!("let (mut t{n}, d{n}) = ({q}, {r});"));
                self.line(&format!("a = (a * d{n}).sin();"));
                self.scalars.push(format!("t{n}"));
            }
            2 => {
                self.line(&format!("let mut g{n} = Vec::new();"));
                self.line(&format!("for i in 0..3 {{ g{n}.push({q} * u[i]); }}"));
                self.line(&format!("b = (b + g{n}[1] * g{n}[2]).sin();"));
            }
            _ => {
                self.line(&format!("let mut t{n};"));
                self.line(&format!("if {p} < 0.1 {{ t{n} = {q}; }} else {{ t{n} = {r}; }}"));
                self.scalars.push(format!("t{n}"));
            }
        }
    }
}
