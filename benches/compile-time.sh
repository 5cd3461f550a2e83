#!/usr/bin/env bash
# What `#[differentiable]` adds to a debug build: a crate of 100 functions of 50 lines, built with
# and without the attribute. Prints the seconds of both and the difference for each function.
set -euo pipefail
shopt -s inherit_errexit
root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
count="${1:-100}"

function_of() { # number, attribute
    cat <<RUST
$2
pub fn model_$1(x: &[f64], w: &[f64], rounds: usize) -> f64 {
    let n = x.len();
    let mut state = [0.0; 4];
    let mut total = 0.0;
    let mut best = 1.0;
    for i in 0..n {
        let a = x[i] * w[i % w.len()] + 0.5;
        let b = (a * a + 1.0).sqrt();
        let c = (a - b).tanh();
        if c > 0.1 {
            total += a * b;
            state[i % 4] += c;
        } else if c < -0.1 {
            total -= a / b;
            state[(i + 1) % 4] = c * a;
        } else {
            total += c.exp();
        }
    }
    for r in 0..rounds {
        let mut next = state;
        for k in 0..4 {
            let left = state[(k + 3) % 4];
            let right = state[(k + 1) % 4];
            next[k] = 0.5 * state[k] + 0.25 * (left + right);
            next[k] += 0.01 * (left * right).sin();
        }
        state = next;
        if r > 50 {
            break;
        }
    }
    let mut t = total;
    let mut trips = 0;
    while t * t > 4.0 && trips < 40 {
        t = 0.5 * (t + 1.0 / t);
        best *= 1.0 + 0.01 * t;
        trips += 1;
    }
    let mut energy = 0.0;
    for k in 0..4 {
        let s = state[k];
        energy += s * s * (1.0 + 0.$1 * s);
    }
    let scale = match rounds {
        0 => 1.0,
        1..=10 => 0.5 * best,
        _ => best.ln(),
    };
    energy * scale + t
}
RUST
}

crate() { # folder, attribute
    mkdir -p "$work/$1/src"
    cat > "$work/$1/Cargo.toml" <<TOML
[package]
name = "$1"
version = "0.0.0"
edition = "2024"
[dependencies]
autodiff = { path = "$root" }
[workspace]
TOML
    {
        echo "#![allow(unused_imports)] use autodiff::differentiable;"
        for i in $(seq 1 "$count"); do function_of "$i" "$2"; done
    } > "$work/$1/src/lib.rs"
}

seconds() { # folder: of three builds the least, dependencies built before
    cd "$work/$1"
    CARGO_TARGET_DIR="$work/target" cargo build --quiet
    local best=999999
    for _ in 1 2 3; do
        touch src/lib.rs
        local start end
        start=$(date +%s%N)
        CARGO_TARGET_DIR="$work/target" cargo build --quiet
        end=$(date +%s%N)
        local taken=$(((end - start) / 1000000))
        if [ "$taken" -lt "$best" ]; then best=$taken; fi
    done
    echo "$best"
}

crate plain ""
crate annotated "#[differentiable]"
plain=$(seconds plain)
annotated=$(seconds annotated)
awk -v p="$plain" -v a="$annotated" -v n="$count" 'BEGIN {
    printf "without: %.2f s, with: %.2f s, a function: %.3f s\n", p / 1000, a / 1000, (a - p) / 1000 / n
}'
