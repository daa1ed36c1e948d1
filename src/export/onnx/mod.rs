//! ONNX: preparation, scaler and K-Means in one graph.
//!
//! The graph computes in double precision what [`Model::predict`] computes, in the same order, so that
//! distances are the same to the last bit; only the logarithm may differ in the last digit.

mod graph;
mod messages;
mod prepared;

use prost::Message;
use serde_json::{Map, Value};

use self::graph::{Graph, ML, int, ints, whole};
use self::messages::{DataType, ModelProto, OperatorSetIdProto, StringStringEntryProto};
use super::{description, input_names, personas};
use crate::model::Model;
use crate::personas::Language;
use crate::preparation::Steps;

/// The version of the file's form: that of ONNX 1.8.
const IR_VERSION: i64 = 7;
/// The versions of the operators: those of ONNX 1.8.
const OPSETS: [(&str, i64); 2] = [("", 13), (ML, 2)];
/// The segment of a customer that [`Model::predict`] refuses.
const REFUSED: i64 = -1;

/// The model as an ONNX file.
///
/// It has an input for every feature, called as [`input_names`] says: doubles of shape `[N, 1]` with NaN for
/// a missing number, or strings of shape `[N, 1]` with an empty one for a missing category. Its outputs are
/// `cluster_id` (int64, `[N]`), `distance` (double, `[N]`) and `distances` (double, `[N, n_clusters]`, a
/// column for each segment). Where [`Model::predict`] refuses a customer, `cluster_id` is -1 and the
/// distances are NaN. Texts carry no spaces around them.
pub fn onnx(model: &Model, language: Language) -> Vec<u8> {
    let mut graph = Graph::default();
    let prepared = prepared(&mut graph, model);
    let is_inside = is_inside(&mut graph, model, &prepared);
    let squares = squared_distances(&mut graph, model, &prepared);
    outputs(&mut graph, model, &is_inside, &squares);
    let personas: Map<String, Value> =
        personas(model, language).map(|(id, name)| (id.to_string(), name.into())).collect();
    let told = [
        ("model_version", model.version.clone()),
        ("created_at", model.created_at.clone()),
        ("personas", Value::from(personas).to_string()),
    ];
    let model = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "segmenta".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        doc_string: description(model),
        graph: Some(graph.finish("segmenta")),
        opset_import: OPSETS
            .map(|(domain, version)| OperatorSetIdProto { domain: domain.to_owned(), version })
            .into(),
        metadata_props: told
            .map(|(key, value)| StringStringEntryProto { key: key.to_owned(), value })
            .into(),
    };
    model.encode_to_vec()
}

/// The coordinates of all customers, before they are scaled: `[N, coordinates]`.
fn prepared(graph: &mut Graph, model: &Model) -> String {
    let words = model.preparation_in_words(Language::English);
    let names = input_names(model);
    let features = model.preparation.features().iter().zip(names).zip(words);
    let coordinates: Vec<String> = features
        .map(|((feature, name), words)| match &feature.steps {
            Steps::Numeric(numeric) => {
                graph.input(&name, DataType::Double, words);
                prepared::numeric(graph, &name, numeric)
            }
            Steps::Categorical(categorical) => {
                graph.input(&name, DataType::String, words);
                prepared::categorical(graph, &name, categorical)
            }
        })
        .collect();
    let coordinates: Vec<&str> = coordinates.iter().map(String::as_str).collect();
    graph.node("Concat", &coordinates, "/prepared", vec![int("axis", 1)])
}

/// Whether a customer can be compared with the segments: `[N]`.
fn is_inside(graph: &mut Graph, model: &Model, prepared: &str) -> String {
    let (least, most): (Vec<f64>, Vec<f64>) =
        (0..model.scaler.n_features()).map(|place| model.reach(place)).unzip();
    let least = graph.doubles("/least", &least);
    let most = graph.doubles("/most", &most);
    // NaN is neither.
    let above = graph.node("GreaterOrEqual", &[prepared, &least], "/above", vec![]);
    let below = graph.node("LessOrEqual", &[prepared, &most], "/below", vec![]);
    let each = graph.node("And", &[&above, &below], "/inside/each", vec![]);
    let each = graph.cast(&each, DataType::Int32, "/inside/ones");
    let rows = vec![ints("axes", vec![1]), int("keepdims", 0)];
    let all = graph.node("ReduceMin", &[&each], "/inside/all", rows);
    graph.cast(&all, DataType::Bool, "/inside")
}

/// The squares of the distances to all centres: `[N, n_clusters]`. One coordinate after another is added, as
/// `predict` does it: a sum in another order may end in other digits.
fn squared_distances(graph: &mut Graph, model: &Model, prepared: &str) -> String {
    let scaler = &model.scaler;
    let mean = graph.doubles("/mean", &scaler.mean);
    let scale = graph.doubles("/scale", &scaler.scale);
    let moved = graph.node("Sub", &[prepared, &mean], "/moved", vec![]);
    let mut points = graph.node("Div", &[&moved, &scale], "/scaled", vec![]);
    if !scaler.weight.is_empty() {
        let weight = graph.doubles("/weight", &scaler.weight);
        points = graph.node("Mul", &[&points, &weight], "/weighted", vec![]);
    }
    let coordinates: Vec<String> =
        (0..scaler.n_features()).map(|place| format!("/scaled/{place}")).collect();
    graph.split(&points, coordinates.clone());
    let centers = &model.kmeans.cluster_centers;
    let mut sum: Option<String> = None;
    for (place, coordinate) in coordinates.iter().enumerate() {
        let column: Vec<f64> = centers.iter().map(|center| center[place]).collect();
        let column = graph.doubles(&format!("/centers/{place}"), &column);
        let at = |step: &str| format!("/{step}/{place}");
        let apart = graph.node("Sub", &[coordinate, &column], &at("apart"), vec![]);
        let square = graph.node("Mul", &[&apart, &apart], &at("square"), vec![]);
        sum = Some(match sum {
            None => square,
            Some(sum) => graph.node("Add", &[&sum, &square], &at("sum"), vec![]),
        });
    }
    sum.unwrap_or_default()
}

fn outputs(graph: &mut Graph, model: &Model, is_inside: &str, squares: &str) {
    let n_clusters = model.kmeans.n_clusters;
    let ids = model.segments.iter().map(|segment| whole(segment.cluster_id)).collect();
    let ids = graph.int64s("/ids", &[n_clusters], ids);
    let refused = graph.int64s("/refused", &[], vec![REFUSED]);
    let nan = graph.double("/nan", f64::NAN);
    let rows = vec![int("axis", 1), int("keepdims", 0), int("select_last_index", 0)];
    let place = graph.node("ArgMin", &[squares], "/nearest", rows);
    let id = graph.node("Gather", &[&ids, &place], "/nearest/id", vec![int("axis", 0)]);
    graph.node("Where", &[is_inside, &id, &refused], "cluster_id", vec![]);
    let least = vec![ints("axes", vec![1]), int("keepdims", 0)];
    let least = graph.node("ReduceMin", &[squares], "/nearest/square", least);
    let distance = graph.node("Sqrt", &[&least], "/nearest/distance", vec![]);
    graph.node("Where", &[is_inside, &distance, &nan], "distance", vec![]);
    let axis = graph.int64s("/axis", &[1], vec![1]);
    let of_rows = graph.node("Unsqueeze", &[is_inside, &axis], "/inside/rows", vec![]);
    let all = graph.node("Sqrt", &[squares], "/distances", vec![]);
    graph.node("Where", &[&of_rows, &all, &nan], "distances", vec![]);
    graph.output(
        "cluster_id",
        DataType::Int64,
        None,
        "the segment, or -1 for a customer that cannot be compared",
    );
    graph.output("distance", DataType::Double, None, "how far the segment's centre is");
    graph.output(
        "distances",
        DataType::Double,
        Some(n_clusters),
        "how far each segment's centre is",
    );
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::dataset::{Dataset, OnError, Source};
    use crate::export::onnx::messages::{GraphProto, ValueInfoProto};
    use crate::model::{NClusters, TrainOptions, train};
    use crate::preparation::Choices;

    fn graph(csv: &str, choices: &[&str]) -> GraphProto {
        let data = Dataset::read(&Source::new("shop.csv", csv.to_owned()), OnError::Fail).unwrap();
        let options = TrainOptions {
            features: vec!["distance".to_owned(), "city".to_owned()],
            preparation: Choices::parse(choices).unwrap(),
            n_clusters: NClusters::Fixed(2),
            ..TrainOptions::new().unwrap()
        };
        let model = train(data, &options, |_| ()).unwrap().model;
        let file = ModelProto::decode(&*onnx(&model, Language::English)).unwrap();
        let opsets: Vec<(String, i64)> =
            file.opset_import.into_iter().map(|set| (set.domain, set.version)).collect();
        assert_eq!(opsets, [(String::new(), 13), ("ai.onnx.ml".to_owned(), 2)]);
        file.graph.unwrap()
    }

    fn types(values: &[ValueInfoProto]) -> Vec<(&str, DataType, usize)> {
        let of = |value: &ValueInfoProto| {
            let tensor = value.kind.clone().unwrap().tensor.unwrap();
            (tensor.elem_type(), tensor.shape.unwrap().dim.len())
        };
        values.iter().map(|value| (&*value.name, of(value).0, of(value).1)).collect()
    }

    #[test]
    fn every_step_takes_what_is_there_and_gives_something_new() {
        let csv: String = std::iter::once("distance,city\n".to_owned())
            .chain((0..40).map(|row| format!("{},{}\n", row * row, ["", "Medan", "solo"][row % 3])))
            .collect();
        for choices in [
            ["distance=missing:median,clip:0.1-0.9,log1p,robust", "city=weight:2"],
            ["distance=plain", "city=missing:mode"],
        ] {
            let graph = graph(&csv, &choices);
            let [double, string] = [DataType::Double, DataType::String];
            assert_eq!(types(&graph.input), [("distance_", double, 2), ("city", string, 2)]);
            let outputs = [
                ("cluster_id", DataType::Int64, 1),
                ("distance", double, 1),
                ("distances", double, 2),
            ];
            assert_eq!(types(&graph.output), outputs);
            let mut known: HashSet<&str> = HashSet::new();
            let constants = graph.initializer.iter().map(|tensor| &tensor.name);
            let given = graph.input.iter().map(|input| &input.name).chain(constants);
            assert!(given.into_iter().all(|name| known.insert(name)), "a name stands twice");
            for node in &graph.node {
                for input in &node.input {
                    assert!(known.contains(&**input), "{} comes after {}", input, node.name);
                }
                for output in &node.output {
                    assert!(known.insert(output), "{output} stands twice");
                }
            }
            assert!(graph.output.iter().all(|output| known.contains(&*output.name)));
        }
    }
}
