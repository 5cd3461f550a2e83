//! What is known of methods, macros and format strings of the standard library.

/// Methods that do not write their receiver, of the types that numerical code meets.
pub const READS: &[&str] = &[
    "len",
    "is_empty",
    "iter",
    "first",
    "last",
    "get",
    "contains",
    "to_vec",
    "clone",
    "chunks",
    "chunks_exact",
    "rchunks",
    "windows",
    "as_slice",
    "as_ref",
    "as_str",
    "split_at",
    "concat",
    "join",
    "to_string",
    "to_owned",
    "is_nan",
    "is_finite",
    "is_infinite",
    "is_normal",
    "is_sign_negative",
    "is_sign_positive",
    "to_bits",
    "total_cmp",
    "partial_cmp",
    "cmp",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "capacity",
    "starts_with",
    "ends_with",
    "contains_key",
    "binary_search",
    "binary_search_by",
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "unwrap",
    "expect",
    "copied",
    "cloned",
    "max",
    "min",
    "abs",
    "pow",
    "powi",
    "powf",
    "sqrt",
    "floor",
    "ceil",
    "round",
    "trunc",
    "sin",
    "cos",
    "exp",
    "ln",
    "clamp",
    "signum",
    "checked_add",
    "checked_sub",
    "checked_mul",
    "checked_div",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "saturating_sub",
    "saturating_add",
    "saturating_mul",
    "rem_euclid",
    "div_euclid",
    "abs_diff",
    "count_ones",
    "leading_zeros",
    "trailing_zeros",
    "is_power_of_two",
    "next_power_of_two",
    "map",
    "zip",
    "enumerate",
    "rev",
    "sum",
    "product",
    "count",
    "position",
    "any",
    "all",
    "is_positive",
    "is_negative",
    "div_ceil",
    "isqrt",
    "ilog2",
    "next_multiple_of",
    "chars",
    "bytes",
    "keys",
    "values",
    "to_f64",
    "unsigned_abs",
];

/// Of these, the ones that call back into unknown code.
pub const CALLS_BACK: &[&str] =
    &["map", "sum", "product", "position", "any", "all", "binary_search_by", "unwrap_or_else"];

/// Methods of containers and counters that write their receiver and give a value of its own.
pub const OWNED: &[&str] = &[
    "pop",
    "pop_front",
    "pop_back",
    "remove",
    "swap_remove",
    "insert",
    "push",
    "extend",
    "truncate",
    "sort",
    "sort_by",
    "sort_by_key",
    "sort_unstable",
    "sort_unstable_by",
    "retain",
    "dedup",
    "clear",
    "reverse",
    "len",
    "count",
    "contains",
    "take",
    "replace",
    "next_u32",
    "next_u64",
    "random",
    "random_range",
    "gen_range",
    "sample",
    "fetch_add",
    "sum",
    "unwrap_or",
    "copied",
    "cloned",
    "collect",
    "to_vec",
    "clone",
    "is_some",
    "is_none",
];

/// Macros that take references to their arguments only.
pub const LOOKS: &[&str] = &[
    "print",
    "println",
    "eprint",
    "eprintln",
    "format",
    "panic",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "unreachable",
    "todo",
    "unimplemented",
    "matches",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
];

/// The names in `{name}`, `{name:?}`, `{0:width$}`, `{:.precision$}`.
pub fn format_names(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '{' {
            continue;
        }
        if chars.peek() == Some(&'{') {
            chars.next();
            continue;
        }
        let inside: String = chars.by_ref().take_while(|c| *c != '}').collect();
        let (name, spec) = inside.split_once(':').unwrap_or((&inside, ""));
        out.push(name.trim().to_string());
        for part in spec.split(['.', '>', '<', '^']) {
            if let Some((width, _)) = part.split_once('$') {
                out.push(width.trim_start_matches(['0', '#', '+']).to_string());
            }
        }
    }
    out
}
