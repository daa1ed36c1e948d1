//! Arrays from which scikit-learn's objects are made anew, without pickle: a file that cannot run code.

use serde_json::{Value, json};

use super::personas;
use crate::model::{ColumnSummary, Model};
use crate::personas::Language;
use crate::preparation::{PreparedFeature, Steps};

/// The lines of Python that make a `StandardScaler` and a `KMeans` of `model.json`.
pub const REBUILD: &str = include_str!("rebuild.py");

/// The lines of Python that go before a `predict` for features that are prepared: they make a
/// `ColumnTransformer`.
pub const REBUILD_PREPARATION: &str = include_str!("rebuild_preparation.py");

/// The model as JSON, with scikit-learn's names.
///
/// `mean_`, `scale_` and `weight` are those of the prepared coordinates that `coordinates` names, and
/// `cluster_centers_` are in scaled ones, centre by centre; `cluster_ids` and `personas` are those of the
/// centres. `features` says how each column becomes coordinates.
pub fn sklearn(model: &Model, language: Language) -> String {
    let dimensions = model.preparation.dimensions();
    let coordinates: Vec<String> = dimensions.iter().map(ToString::to_string).collect();
    let weight: Vec<f64> = (0..coordinates.len()).map(|place| model.scaler.weight(place)).collect();
    let features = model.features.iter().zip(model.preparation.features());
    let features: Vec<Value> =
        features.map(|(column, prepared)| feature(column, prepared)).collect();
    let (ids, personas): (Vec<usize>, Vec<&str>) = personas(model, language).unzip();
    let value = json!({
        "format": "segmenta-sklearn",
        "format_version": 1,
        "model_version": model.version,
        "features": features,
        "coordinates": coordinates,
        "mean_": model.scaler.mean,
        "scale_": model.scaler.scale,
        "weight": weight,
        "cluster_centers_": model.kmeans.cluster_centers,
        "inertia_": model.kmeans.inertia,
        "n_iter_": model.kmeans.n_iter,
        "cluster_ids": ids,
        "personas": personas,
    });
    format!("{value:#}\n")
}

fn feature(column: &ColumnSummary, prepared: &PreparedFeature) -> Value {
    let (name, column) = (&column.name, &column.column);
    match &prepared.steps {
        Steps::Numeric(numeric) => json!({
            "name": name,
            "column": column,
            "kind": "numeric",
            "missing": numeric.missing.value(),
            "clip": numeric.clip.map(|clip| [clip.lower, clip.upper]),
            "log1p": numeric.log1p,
        }),
        Steps::Categorical(categorical) => json!({
            "name": name,
            "column": column,
            "kind": "categorical",
            "missing": categorical.missing.value(),
            "categories": categorical.categories,
        }),
    }
}
