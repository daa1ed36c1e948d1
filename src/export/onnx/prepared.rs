//! One feature of a graph made coordinates.

use super::super::inputs::{known_texts, missing_texts};
use super::graph::{Graph, int, ints, strings, whole};
use super::messages::DataType;
use crate::preparation::{Categorical, Numeric};

/// A number's coordinate: `[N, 1]`.
pub(super) fn numeric(graph: &mut Graph, input: &str, numeric: &Numeric) -> String {
    let at = |step: &str| format!("{input}/{step}");
    let mut x = input.to_owned();
    if let Some(&value) = numeric.missing.value() {
        let value = graph.double(&at("missing/value"), value);
        let is_missing = graph.node("IsNaN", &[&x], &at("missing"), vec![]);
        x = graph.node("Where", &[&is_missing, &value, &x], &at("filled"), vec![]);
    }
    if let Some(clip) = numeric.clip {
        // Not Min and Max: what these make of NaN is not the same everywhere.
        for (bound, name, beyond) in
            [(clip.lower, "lower", "Less"), (clip.upper, "upper", "Greater")]
        {
            let value = graph.double(&at(&format!("{name}/value")), bound);
            let is_beyond = graph.node(beyond, &[&x, &value], &at(name), vec![]);
            let step = at(&format!("{name}/clipped"));
            x = graph.node("Where", &[&is_beyond, &value, &x], &step, vec![]);
        }
    }
    if numeric.log1p { log1p(graph, input, &x) } else { x }
}

/// The logarithm of 1 + x, which ONNX has no operator for: `log(u) * x / (u - 1)` where `u` is 1 + x rounded,
/// and x where that is 1 (Kahan; see Goldberg 1991, "What every computer scientist should know about
/// floating-point arithmetic", theorem 4). The rounding of 1 + x cancels.
fn log1p(graph: &mut Graph, input: &str, x: &str) -> String {
    let at = |step: &str| format!("{input}/log1p/{step}");
    let one = graph.double(&at("one"), 1.0);
    let u = graph.node("Add", &[x, &one], &at("u"), vec![]);
    let log = graph.node("Log", &[&u], &at("log"), vec![]);
    let rounded = graph.node("Sub", &[&u, &one], &at("rounded"), vec![]);
    let ratio = graph.node("Div", &[x, &rounded], &at("ratio"), vec![]);
    let product = graph.node("Mul", &[&log, &ratio], &at("product"), vec![]);
    let is_tiny = graph.node("Equal", &[&u, &one], &at("tiny"), vec![]);
    graph.node("Where", &[&is_tiny, x, &product], &at("value"), vec![])
}

/// A category's coordinates: `[N, categories]`.
pub(super) fn categorical(graph: &mut Graph, input: &str, categorical: &Categorical) -> String {
    let at = |step: &str| format!("{input}/{step}");
    let n_categories = categorical.categories.len();
    let (unknown, missing) = (whole(n_categories), whole(n_categories) + 1);
    let place_of = |text: &str| categorical.categories.iter().position(|known| known == text);
    let filled = categorical.missing.value().map(|value| place_of(value).map_or(unknown, whole));
    let mut keys = Vec::new();
    let mut codes = Vec::new();
    for (text, place) in known_texts(categorical) {
        keys.push(text);
        codes.push(whole(place));
    }
    for text in missing_texts() {
        keys.push(text);
        codes.push(filled.unwrap_or(missing));
    }
    let code = graph.ml_node(
        "LabelEncoder",
        &[input],
        &at("code"),
        vec![
            strings("keys_strings", keys),
            ints("values_int64s", codes),
            int("default_int64", unknown),
        ],
    );
    let places = (0..unknown).collect();
    let places = graph.int64s(&at("places"), &[1, n_categories], places);
    let is_it = graph.node("Equal", &[&code, &places], &at("is"), vec![]);
    let ones = graph.cast(&is_it, DataType::Double, &at("ones"));
    if filled.is_some() {
        return ones;
    }
    let missing = graph.int64s(&at("missing/code"), &[], vec![missing]);
    let is_missing = graph.node("Equal", &[&code, &missing], &at("missing"), vec![]);
    let nan = graph.double(&at("missing/value"), f64::NAN);
    graph.node("Where", &[&is_missing, &nan, &ones], &at("coordinates"), vec![])
}
