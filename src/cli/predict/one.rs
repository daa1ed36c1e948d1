//! One customer, given by `--set`.

use segmenta::CellProblem;
use segmenta::dataset::names::Names;
use segmenta::dataset::number::{self, DecimalMark};
use segmenta::model::{ColumnSummary, Model, NumericSummary, Prediction, Remark};
use segmenta::preparation::Steps;
use serde_json::{Value, json};

use super::super::failure::Usage;
use super::super::output::note;
use super::super::report::list;
use super::super::table::printable;
use super::PredictArgs;

pub fn run(args: &PredictArgs, model: &Model) -> anyhow::Result<()> {
    let customer = customer(model, &args.set)?;
    let prediction = model.predict(&customer)?;
    let remarks: Vec<Remark> = model.remarks(&customer).collect();
    let mut output = args.output()?;
    if args.json.json {
        output.json(&to_json(args, model, prediction, &remarks))?;
    } else {
        for remark in &remarks {
            let (feature, message) = (printable(&remark.feature.name), remark.message());
            note(format_args!("warning: {feature}: {}", printable(&message)));
        }
        output.text(&to_text(args, model, prediction))?;
    }
    Ok(output.finish()?)
}

fn to_json(
    args: &PredictArgs,
    model: &Model,
    prediction: Prediction,
    remarks: &[Remark<'_>],
) -> Value {
    let segment = &model.segments[prediction.segment];
    let language = args.lang.language();
    json!({
        "cluster_id": segment.cluster_id,
        "persona": segment.persona(language),
        "description": segment.description(language),
        "model_version": model.version,
        "distance": prediction.distance,
        "confidence": prediction.confidence,
        "warnings": remarks.iter().map(warning).collect::<Value>(),
    })
}

/// A remark as the API makes it.
fn warning(remark: &Remark) -> Value {
    let mut warning = json!({
        "loc": ["set", remark.feature.name],
        "msg": remark.message(),
        "type": remark.name(),
    });
    if let Some(context) = remark.context() {
        warning["ctx"] = context;
    }
    warning
}

fn to_text(args: &PredictArgs, model: &Model, prediction: Prediction) -> String {
    let segment = &model.segments[prediction.segment];
    let language = args.lang.language();
    let Prediction { distance, confidence, .. } = prediction;
    let cluster_id = segment.cluster_id;
    let [persona, description] =
        [segment.persona(language), segment.description(language)].map(printable);
    format!(
        "{persona}\n{description}\n\n\
         cluster_id  {cluster_id}\n\
         distance    {distance:.3} standard deviations to the centre\n\
         confidence  {confidence:.3}\n"
    )
}

/// The customer as [`Model::predict`] takes it. Other columns of the training
/// data may be given and are checked, as in the API.
fn customer(model: &Model, set: &[String]) -> Result<Vec<f64>, Usage> {
    let features = list(model.feature_names());
    let refuse = |text: &str, problem: &str| {
        Usage(format!("--set {text}: {problem}; the features are {features}"))
    };
    let columns: Vec<&ColumnSummary> = model.columns().collect();
    let names = Names::new(columns.iter().map(|column| column.column.as_str()));
    let prepared = model.preparation.features();
    let mut values = vec![f64::NAN; model.features.len()];
    let mut is_given = vec![false; columns.len()];
    for text in set.iter().flat_map(|text| settings(text)) {
        let (name, value) =
            split(text, &names).ok_or_else(|| refuse(text, "give a feature as name=value"))?;
        let place = match names.find(name) {
            [place] => *place,
            [] => return Err(refuse(text, &unknown(model, name))),
            _ => return Err(refuse(text, &format!("{name:?} fits more than one; use the header"))),
        };
        if std::mem::replace(&mut is_given[place], true) {
            return Err(refuse(text, &format!("{name:?} is given twice")));
        }
        let steps = prepared.get(place).map(|prepared| &prepared.steps);
        if number::is_missing(value) && steps.is_some_and(Steps::may_be_missing) {
            continue;
        }
        let value = match (columns[place].numeric(), steps) {
            (Some(summary), _) => {
                number(value, summary).map_err(|problem| refuse(text, &problem))?
            }
            (None, Some(Steps::Categorical(categorical))) => categorical.code(Some(value)),
            (None, _) => continue,
        };
        if let Some(feature) = values.get_mut(place) {
            *feature = value;
        }
    }
    let missing: Vec<&str> = prepared
        .iter()
        .zip(&values)
        .filter(|(prepared, value)| value.is_nan() && !prepared.steps.may_be_missing())
        .map(|(prepared, _)| prepared.name.as_str())
        .collect();
    if !missing.is_empty() {
        let missing = list(missing);
        return Err(Usage(format!(
            "{missing} missing; give every feature with --set name=value; the features are {features}"
        )));
    }
    Ok(values)
}

fn number(value: &str, summary: &NumericSummary) -> Result<f64, String> {
    let number = number::parse(value, DecimalMark::Point).map_err(|problem| match problem {
        CellProblem::Empty => "the number is missing".to_owned(),
        other => other.to_string(),
    })?;
    match summary.minimum {
        Some(minimum) if summary.is_below_minimum(number) => {
            Err(format!("it cannot be below {minimum}"))
        }
        _ => Ok(number),
    }
}

fn unknown(model: &Model, name: &str) -> String {
    if model.other_columns.is_empty() {
        return format!("the model has no feature {name:?}");
    }
    let others = list(model.other_columns.iter().map(|column| column.name.as_str()));
    format!("the model has no column {name:?}, and beside its features only {others}")
}

/// The settings in a text: several, between commas, are what the environment variable can hold. A
/// comma that no `=` follows is part of a value.
fn settings(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    if parts.iter().all(|part| part.contains('=')) { parts } else { vec![text] }
}

/// Name and value. A header may hold a `=` and so may a text, so the name is the first that a column
/// has.
fn split<'a>(text: &'a str, names: &Names) -> Option<(&'a str, &'a str)> {
    let at = |(place, _)| (&text[..place], &text[place + 1..]);
    let known = text.match_indices('=').map(at).find(|(name, _)| !names.find(name).is_empty());
    known.or_else(|| text.split_once('='))
}
