//! SQL: queries that give customers their segments where the customers are, and that make one step of Lloyd's
//! algorithm over them, for data that may not leave their database.
//!
//! Only what standard SQL has is used (with `LEAST`, which all large databases have had before it was in the
//! standard); `tests/export/` compares two databases with the model's own figures, to 1e-9.

use std::fmt::Write;

use super::description;
use super::inputs::{known_texts, missing_texts};
use crate::model::Model;
use crate::personas::Language;
use crate::preparation::{Categorical, Numeric, Steps};

/// The queries, for a table `customers` that has the features' columns by the headers that training saw.
pub fn sql(model: &Model, language: Language) -> String {
    let n_clusters = model.kmeans.n_clusters;
    let mut text = String::new();
    for line in description(model).lines() {
        let _ = writeln!(text, "-- {line}");
    }
    text.push_str(
        "-- Put the name of your table in the place of customers. Empty values are NULL; a customer without a\n\
         -- value that nothing stands for has no segment.\n\n\
         -- Every customer with its segment, and the distance to its centre in standard deviations.\n",
    );
    let _ = writeln!(
        text,
        "SELECT customers.*, found.cluster_id, found.persona, SQRT(found.square) AS distance\n\
         FROM customers CROSS JOIN LATERAL (\n  \
         SELECT {} AS cluster_id, {} AS persona, LEAST({}) AS square\n  \
         FROM (\n{}  ) AS measured\n\
         ) AS found;\n",
        nearest(model, |place| model.segments[place].cluster_id.to_string()),
        nearest(model, |place| literal(model.segments[place].persona(language))),
        list(n_clusters, |place| format!("d{place}")),
        measured(model, None),
    );
    text.push_str(
        "-- One step of Lloyd's algorithm from the model's centres: the size of each cluster, its part of WCSS, and the\n\
         -- means of its customers' scaled coordinates, which are the next centres.\n",
    );
    let n_coordinates = model.scaler.n_features();
    let _ = writeln!(
        text,
        "SELECT cluster_id, COUNT(*) AS size, SUM(square) AS wcss, {}\n\
         FROM (\n  \
         SELECT {}, {} AS cluster_id, LEAST({}) AS square\n  \
         FROM (\n{}  ) AS measured\n\
         ) AS assigned\n\
         WHERE square IS NOT NULL\n\
         GROUP BY cluster_id\n\
         ORDER BY cluster_id;",
        list(n_coordinates, |place| format!("AVG(z{place}) AS z{place}")),
        list(n_coordinates, |place| format!("z{place}")),
        nearest(model, |place| model.segments[place].cluster_id.to_string()),
        list(n_clusters, |place| format!("d{place}")),
        measured(model, Some("customers")),
    );
    text
}

/// A query for the scaled coordinates `z0` and so on, and the squared distances `d0` and so on to the centres.
fn measured(model: &Model, table: Option<&str>) -> String {
    let from = table.map_or_else(String::new, |table| format!(" FROM {table}"));
    let mut coordinates = Vec::new();
    for (prepared, feature) in model.preparation.features().iter().zip(&model.features) {
        let column = format!("customers.{}", name(&feature.column));
        match &prepared.steps {
            Steps::Numeric(steps) => coordinates.push(numeric(&column, steps)),
            Steps::Categorical(steps) => coordinates.extend(categorical(&column, steps)),
        }
    }
    let n_coordinates = coordinates.len();
    let unscaled =
        list(n_coordinates, |place| format!("\n        {} AS x{place}", coordinates[place]));
    let scaled = |place: usize| {
        let (mean, scale) = (number(model.scaler.mean[place]), number(model.scaler.scale[place]));
        let weight = model.scaler.weight(place);
        let times = if weight == 1.0 { String::new() } else { format!(" * {}", number(weight)) };
        // Farther away, the distances to all centres round to the same number.
        let (least, most) = model.reach(place);
        let (least, most) = (number(least), number(most));
        format!(
            "\n        CASE WHEN x{place} BETWEEN {least} AND {most} THEN (x{place} - {mean}) / {scale}{times} END AS z{place}"
        )
    };
    let square = |center: &Vec<f64>| {
        let parts = center.iter().enumerate().map(|(place, &at)| {
            let apart = format!("(z{place} - {})", number(at));
            format!("{apart} * {apart}")
        });
        parts.collect::<Vec<String>>().join(" + ")
    };
    let centers = &model.kmeans.cluster_centers;
    format!(
        "    SELECT {}, {}\n    FROM (\n      SELECT {}\n      FROM (\n        SELECT {unscaled}{from}\n      ) AS prepared\n    ) AS scaled\n",
        list(n_coordinates, |place| format!("z{place}")),
        list(centers.len(), |place| format!("\n      {} AS d{place}", square(&centers[place]))),
        list(n_coordinates, scaled),
    )
}

/// What holds for the nearest centre, of equally near ones the first.
fn nearest(model: &Model, value: impl Fn(usize) -> String) -> String {
    let n_clusters = model.kmeans.n_clusters;
    let least = list(n_clusters, |place| format!("d{place}"));
    let cases = (0..n_clusters).map(|place| format!(" WHEN d{place} THEN {}", value(place)));
    format!("CASE LEAST({least}){} END", cases.collect::<String>())
}

/// A number's coordinate.
fn numeric(column: &str, steps: &Numeric) -> String {
    let mut x = format!("CAST({column} AS DOUBLE PRECISION)");
    if let Some(&value) = steps.missing.value() {
        x = format!("COALESCE({x}, {})", number(value));
    }
    if let Some(clip) = steps.clip {
        let (low, high) = (number(clip.lower), number(clip.upper));
        x = format!("CASE WHEN {x} < {low} THEN {low} WHEN {x} > {high} THEN {high} ELSE {x} END");
    }
    if steps.log1p { format!("CASE WHEN {x} > -1 THEN LN(1 + {x}) END") } else { x }
}

/// A category's coordinates.
fn categorical(column: &str, steps: &Categorical) -> Vec<String> {
    let cell = format!("TRIM(CAST({column} AS VARCHAR))");
    let texts = |texts: Vec<String>| -> String {
        texts.iter().map(|text| literal(text)).collect::<Vec<String>>().join(", ")
    };
    let known = known_texts(steps);
    let is_missing = format!("{column} IS NULL OR {cell} IN ({})", texts(missing_texts()));
    let of_place = |place: usize| {
        let of_missing = match steps.missing.value() {
            None => "NULL",
            Some(value) if steps.categories.get(place) == Some(value) => "1e0",
            Some(_) => "0e0",
        };
        let own = known.iter().filter(|(_, of)| *of == place).map(|(text, _)| text.clone());
        format!(
            "CASE WHEN {is_missing} THEN {of_missing} WHEN {cell} IN ({}) THEN 1e0 ELSE 0e0 END",
            texts(own.collect())
        )
    };
    (0..steps.categories.len()).map(of_place).collect()
}

/// So many parts, between commas.
fn list(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect::<Vec<String>>().join(", ")
}

/// A number with all its digits, in a form that every database takes for a double.
fn number(x: f64) -> String {
    if x < 0.0 { format!("({x:e})") } else { format!("{x:e}") }
}

/// A column's name, whatever stands in it.
fn name(header: &str) -> String {
    format!("\"{}\"", header.replace('"', "\"\""))
}

/// A text, whatever stands in it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
