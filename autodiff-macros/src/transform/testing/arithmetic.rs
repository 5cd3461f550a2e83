//! Literals and operators on the interpreter's values.

use super::Value;
use crate::ir::BinOp;

pub fn literal(text: &str) -> Value {
    let text = text.replace([' ', '_'], "");
    match text.as_str() {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    let number = text.trim_end_matches("f64").trim_end_matches("usize");
    match number.parse::<i64>() {
        Ok(i) => Value::Int(i),
        Err(_) => Value::Float(number.parse().unwrap_or_else(|_| panic!("literal {text}"))),
    }
}

pub fn binary(op: BinOp, a: Value, b: Value) -> Value {
    if let (Value::Int(a), Value::Int(b)) = (&a, &b) {
        return match op {
            BinOp::Add => Value::Int(a + b),
            BinOp::Sub => Value::Int(a - b),
            BinOp::Mul => Value::Int(a * b),
            BinOp::Div => Value::Int(a / b),
            BinOp::Rem => Value::Int(a % b),
            _ => Value::Bool(compare(op, *a as f64, *b as f64)),
        };
    }
    if let (Value::Bool(a), Value::Bool(b)) = (&a, &b) {
        return Value::Bool(compare(op, f64::from(u8::from(*a)), f64::from(u8::from(*b))));
    }
    let (a, b) = (a.float(), b.float());
    Value::Float(match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => a * b,
        BinOp::Div => a / b,
        BinOp::Rem => a % b,
        _ => return Value::Bool(compare(op, a, b)),
    })
}

fn compare(op: BinOp, a: f64, b: f64) -> bool {
    match op {
        BinOp::Eq => a == b,
        BinOp::Ne => a != b,
        BinOp::Lt => a < b,
        BinOp::Le => a <= b,
        BinOp::Gt => a > b,
        BinOp::Ge => a >= b,
        other => panic!("no comparison: {other:?}"),
    }
}
