//! What people read of data and models: the elbow, the segments, the rows left out.

use std::fmt::{Display, Write};

use segmenta::dataset::Dataset;
use segmenta::elbow::{Elbow, Evidence, Grouping, Method, RESAMPLED_ROWS, Valley};
use segmenta::model::{Model, OutOfCore, Segment};
use segmenta::personas::Language;
use segmenta::preparation::Dimension;
use segmenta::quality::{Quality, SILHOUETTE_ROWS};
use serde_json::{Value, json};

use super::output::note;
use super::plot;
use super::table::{Align, Table, numbers, printable};

/// How many rows that were left out are listed.
pub const LISTED: usize = 20;

/// Counts and lists on standard error the rows that were left out. Of many, `listed` need only hold
/// the first ones.
pub fn note_skipped(count: usize, listed: &[impl Display]) {
    if count == 0 {
        return;
    }
    note(format_args!("{} left out:", rows(count)));
    for problem in listed.iter().take(LISTED) {
        note(format_args!("  {problem}"));
    }
    if count > LISTED {
        note(format_args!("  and {} more", count - LISTED));
    }
}

/// Says on standard error how the files are written and the numbers in them, as far as that is not what
/// most files are like.
pub fn note_detected(data: &Dataset) {
    let detected = data.detected();
    for (place, file) in detected.iter().enumerate() {
        if !file.is_usual() && !detected[..place].contains(file) {
            note(format_args!("read as {file}"));
        }
    }
    for column in data.columns() {
        let header = printable(column.header());
        if column.numbers().is_some() && !column.form().is_plain() {
            note(format_args!("column {header:?}: numbers like {}", column.form()));
        }
        let words = column.missing_words();
        if !words.is_empty() {
            let (words, count) =
                (words.join(", "), if words.len() == 1 { "counts" } else { "count" });
            note(format_args!("column {header:?}: {words} {count} as empty"));
        }
    }
}

/// A number of rows in words.
pub fn rows(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// The rows that were left out, as strings.
pub fn skipped_json(skipped: &[impl Display]) -> Value {
    skipped.iter().map(|problem| Value::from(problem.to_string())).collect()
}

/// The table of the sweep, its picture, and a sentence on what decided. `n_rows` is the number of
/// customers it was made of.
pub fn elbow(elbow: &Elbow, n_rows: usize) -> String {
    // Numbers leave two places behind them for the mark of the best.
    let mut columns = vec![
        ("", Align::Left),
        ("k", Align::Right),
        ("WCSS", Align::Right),
        ("Silhouette  ", Align::Right),
        ("Calinski-Harabasz  ", Align::Right),
        ("Davies-Bouldin  ", Align::Right),
        ("Stability  ", Align::Right),
    ];
    let least = elbow.min_segment_size;
    if least.is_some() {
        columns.push(("Smallest  ", Align::Right));
    }
    let mut table = Table::new(columns);
    let advice = elbow.advice;
    for point in &elbow.by_k {
        let Quality { silhouette, calinski_harabasz, davies_bouldin, .. } = point.quality;
        let marked = |text: String, best| text + if best == Some(point.k) { " *" } else { "  " };
        let mut cells = vec![
            if point.k == elbow.n_clusters { ">" } else { "" }.to_owned(),
            point.k.to_string(),
            wcss(point.wcss),
            marked(index(silhouette, 3), advice.silhouette),
            marked(index(calinski_harabasz, 1), advice.calinski_harabasz),
            marked(index(davies_bouldin, 3), advice.davies_bouldin),
            marked(index(point.stability, 3), advice.stability),
        ];
        if least.is_some() {
            let mark = if point.honours(least) { "  " } else { " !" };
            cells.push(point.smallest.map_or("-".to_owned(), |n| n.to_string()) + mark);
        }
        table.row(cells);
    }
    let picture = plot::wcss(&elbow.by_k, elbow.advice.elbow);
    let mut text = format!("{table}> advised   * best by this index");
    if let Some(least) = least {
        let _ = write!(text, "   ! a segment below {least}, not advised");
    }
    text.push('\n');
    let errors = elbow.by_k.iter().filter_map(|point| point.quality.silhouette_error);
    if let Some(error) = errors.reduce(f64::max) {
        let _ = writeln!(
            text,
            "The silhouette is that of a sample of {SILHOUETTE_ROWS} rows; its standard error is at \
             most {error:.4}."
        );
    }
    if n_rows > RESAMPLED_ROWS {
        let _ = writeln!(text, "The stability is that of {RESAMPLED_ROWS} rows drawn at random.");
    }
    let _ = write!(
        text,
        "\n{picture}\n{}\n{}",
        sentence(elbow, n_rows),
        grouping(elbow, Language::English)
    );
    text
}

/// Whether there are natural groups, and what shows it, as a line; nothing where there is one segment.
pub fn grouping(elbow: &Elbow, language: Language) -> String {
    let Some(Evidence { k, wcss, expected, deviations, valley }) = elbow.evidence else {
        return match language {
            _ if elbow.n_clusters <= 1 => String::new(),
            Language::English => {
                "There are too few customers to tell whether these groups are natural.\n".to_owned()
            }
            Language::Indonesian => {
                "Pelanggan terlalu sedikit untuk mengetahui apakah kelompok ini alami.\n".to_owned()
            }
        };
    };
    let (wcss, expected) = (wcss * 100.0, expected * 100.0);
    let mut text = match (elbow.grouping, language) {
        (Grouping::Natural, Language::English) => format!(
            "A natural grouping: with k = {k}, {wcss:.1}% of WCSS is left, and customers without groups \
             would leave {expected:.1}% ({deviations:.1} standard deviations)."
        ),
        (Grouping::Natural, Language::Indonesian) => format!(
            "Pengelompokan alami: dengan k = {k}, tersisa {wcss:.1}% WCSS, sedangkan pelanggan tanpa \
             kelompok akan menyisakan {expected:.1}% ({deviations:.1} simpangan baku)."
        ),
        (Grouping::None, Language::English) => format!(
            "No natural grouping: segments are slices of a continuum. With k = {k}, {wcss:.1}% of WCSS is \
             left, and customers without any groups would leave {expected:.1}%."
        ),
        (Grouping::None, Language::Indonesian) => format!(
            "Tidak ada pengelompokan alami: segmen adalah irisan dari suatu kontinum. Dengan k = {k}, \
             tersisa {wcss:.1}% WCSS, dan pelanggan tanpa kelompok apa pun akan menyisakan {expected:.1}%."
        ),
    };
    if let Some(Valley { between, beside }) = valley.filter(|valley| valley.beside > 0) {
        let share = between as f64 / beside as f64 * 100.0;
        let _ = match language {
            Language::English => write!(
                text,
                " Half-way between neighbours lie {share:.0}% as many customers as around their centres."
            ),
            Language::Indonesian => write!(
                text,
                " Di tengah antara dua segmen tetangga ada {share:.0}% dari jumlah pelanggan di sekitar \
                 pusatnya."
            ),
        };
    }
    text.push('\n');
    text
}

/// What decided the number of clusters, and where other indices disagree.
fn sentence(elbow: &Elbow, n_rows: usize) -> String {
    let k = elbow.n_clusters;
    let reason = match elbow.method {
        Method::Elbow => "the knee of the WCSS curve",
        Method::Silhouette if elbow.advice.elbow.is_some() => {
            "the groups are natural, and stand as far apart as with any number of them (silhouette, to a hundredth)"
        }
        Method::Silhouette if elbow.min_segment_size.is_some() => {
            "the WCSS curve has no knee with segments that large, so the highest silhouette decides"
        }
        Method::Silhouette => "the WCSS curve has no knee, so the highest silhouette decides",
        Method::Single if n_rows == 1 => "there is only one customer",
        Method::Single if elbow.by_k.iter().all(|point| point.wcss == 0.0) => {
            "all customers are alike in these features"
        }
        Method::Single if elbow.by_k.len() == 1 => "no other number was tried",
        Method::Single if elbow.honouring().count() == 1 => {
            "every other number has a segment that is too small"
        }
        Method::Single => "too few different customers to compare groups of them",
    };
    let others = [
        ("Elbow", elbow.advice.elbow),
        ("Silhouette", elbow.advice.silhouette),
        ("Calinski-Harabasz", elbow.advice.calinski_harabasz),
        ("Davies-Bouldin", elbow.advice.davies_bouldin),
        ("Stability", elbow.advice.stability),
    ];
    let mut agreeing = Vec::new();
    let mut clauses = Vec::new();
    for (name, best) in others {
        match best {
            // What decided does not agree with itself.
            Some(_) if elbow.method == Method::Elbow && name == "Elbow" => {}
            Some(_) if elbow.method == Method::Silhouette && name == "Silhouette" => {}
            Some(best) if best == k => agreeing.push(name),
            Some(best) => clauses.push(format!("{name} prefers {best}")),
            None => {}
        }
    }
    match agreeing.as_slice() {
        [] => {}
        [one] => clauses.insert(0, format!("{one} agrees")),
        [first @ .., last] => {
            clauses.insert(0, format!("{} and {last} agree", first.join(", ")));
        }
    }
    let mut text = format!("k = {k}: {reason}.");
    if !clauses.is_empty() {
        let _ = write!(text, " {}.", clauses.join("; "));
    }
    text
}

/// What was looked at, in one line.
pub fn about(data: &str, n_rows: usize, headers: &[&str]) -> String {
    let data = printable(data);
    format!("{data}: {}, features {}", rows(n_rows), list(headers.iter().copied()))
}

/// The segments, one a line, with their centres in the features' own units.
pub fn segments(model: &Model, language: Language) -> String {
    let mut columns = vec![
        ("id", Align::Right),
        ("Persona", Align::Left),
        ("Size", Align::Right),
        ("Share", Align::Right),
    ];
    let dimensions = model.preparation.dimensions();
    let headers: Vec<String> = dimensions.iter().map(|one| header(model, one)).collect();
    columns.extend(headers.iter().map(|header| (header.as_str(), Align::Right)));
    let mut table = Table::new(columns);
    let centers: Vec<Vec<String>> = dimensions
        .iter()
        .enumerate()
        .map(|(at, dimension)| {
            let column: Vec<f64> = model.segments.iter().map(|s| s.center[at]).collect();
            match dimension.value {
                None => numbers(&column),
                Some(_) => column.iter().map(|share| format!("{:.1}%", share * 100.0)).collect(),
            }
        })
        .collect();
    for (place, segment) in model.segments.iter().enumerate() {
        let mut cells = vec![
            segment.cluster_id.to_string(),
            segment.persona(language).to_owned(),
            segment.size.to_string(),
            format!("{:.1}%", segment.share * 100.0),
        ];
        cells.extend(centers.iter().map(|column| column[place].clone()));
        table.row(cells);
    }
    table.to_string()
}

/// What a coordinate of the centres is: a feature's header, or a value of it.
fn header(model: &Model, dimension: &Dimension) -> String {
    let column = &model.features[dimension.feature].column;
    dimension.value.map_or_else(|| column.clone(), |value| format!("{column} = {value}"))
}

/// The quality of a model in one line.
pub fn quality(model: &Model) -> String {
    let Quality { silhouette, silhouette_error, calinski_harabasz, davies_bouldin } = model.quality;
    let error = silhouette_error.map_or(String::new(), |error| format!(" ± {error:.3}"));
    format!(
        "WCSS {}, silhouette {}{error}, Calinski-Harabasz {}, Davies-Bouldin {}",
        wcss(model.kmeans.inertia),
        index(silhouette, 3),
        index(calinski_harabasz, 1),
        index(davies_bouldin, 3),
    )
}

/// How a model was learned that did not have its rows in memory, and what of it is exact.
pub fn out_of_core(model: &Model) -> Option<String> {
    let OutOfCore { passes, sample_rows, coreset_rows, last_gain, .. } =
        model.out_of_core.as_ref()?;
    let mut text = format!(
        "Learned in {passes} passes over the files. WCSS, Calinski-Harabasz, sizes and shares are those of all \
         rows; the other indices and the profiles are estimated from {sample_rows} rows drawn at random, and \
         the first centres were found in a weighted sample of {coreset_rows}."
    );
    if *passes > 4 {
        let _ = write!(text, " The last pass lowered WCSS by {:.1e} of it.", last_gain.max(0.0));
    }
    text.push('\n');
    Some(text)
}

/// A segment as in the model file, with its texts in this language.
pub fn segment_json(segment: &Segment, language: Language) -> Value {
    let mut value = json!(segment);
    value["persona"] = json!(segment.persona(language));
    value["description"] = json!(segment.description(language));
    value["action"] = json!(segment.action(language));
    value
}

/// A sum of squares in scaled units.
pub fn wcss(value: f64) -> String {
    if value >= 1e9 { format!("{value:.3e}") } else { format!("{value:.3}") }
}

/// An index, or a dash where it is not defined.
pub fn index(value: Option<f64>, decimals: usize) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) if value.abs() >= 1e9 => format!("{value:.3e}"),
        Some(value) => format!("{value:.decimals$}"),
    }
}

/// Names as a list to read, cut after the first twelve.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<String> = names.into_iter().map(printable).collect();
    let mut text = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        let _ = write!(text, " and {} more", names.len() - SHOWN);
    }
    text
}
