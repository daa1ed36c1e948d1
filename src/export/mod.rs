//! A model in forms that other programs and people read: ONNX, PMML, arrays for scikit-learn, SQL, a report.
//!
//! Each is a function from a model to the bytes or the text of one file. They give the segment that
//! [`Model::predict`](crate::model::Model::predict) gives, by its `cluster_id`; the first four hold the
//! preparation, the scaler and the centres, and no row of the data.

mod inputs;
mod onnx;
mod pmml;
mod report;
mod sklearn;
mod sql;

pub use inputs::input_names;
pub use onnx::onnx;
pub use pmml::pmml;
pub use report::{MOST_POINTS, report};
pub use sklearn::{REBUILD, REBUILD_PREPARATION, sklearn};
pub use sql::sql;

use crate::model::Model;
use crate::personas::Language;

/// What an exported model says of a customer, beside the segment: names that no input may have.
const OUTPUTS: [&str; 4] = ["cluster_id", "persona", "distance", "distances"];

/// The model in a line: what it tells, and what it was learned from.
fn description(model: &Model) -> String {
    format!(
        "Segmenta model {}: one of {} segments for a customer, learned from {} customers of {}",
        model.version, model.kmeans.n_clusters, model.data.rows, model.data.name
    )
}

/// The segments' ids and their names, in the order of the centres.
fn personas(model: &Model, language: Language) -> impl Iterator<Item = (usize, &str)> {
    model.segments.iter().map(move |segment| (segment.cluster_id, segment.persona(language)))
}
