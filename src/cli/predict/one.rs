//! One customer, given by `--set`.

use std::fmt::Write as _;
use std::io::Write;

use segmenta::CellProblem;
use segmenta::dataset::names;
use segmenta::dataset::number::{self, DecimalMark};
use segmenta::model::{Model, Prediction};
use serde_json::json;

use super::super::failure::Usage;
use super::super::output::{Output, note};
use super::super::report::list;
use super::{PredictArgs, outside};

pub fn run(args: &PredictArgs, model: &Model) -> anyhow::Result<()> {
    let customer = customer(model, &args.set)?;
    let prediction = model.predict(&customer)?;
    let text = if args.json.json {
        to_json(args, model, prediction)
    } else {
        to_text(args, model, prediction)
    };
    for (name, value, least, most) in outside(model, &customer) {
        note(format_args!(
            "warning: {name} = {value} is outside of the training data's range, {least} to {most}"
        ));
    }
    let mut output = Output::open(args.out.as_deref(), &args.inputs())?;
    output.write_all(text.as_bytes()).map_err(|source| output.refuse(source))?;
    Ok(output.finish()?)
}

fn to_json(args: &PredictArgs, model: &Model, prediction: Prediction) -> String {
    let segment = &model.segments[prediction.cluster_id];
    let language = args.lang.language();
    let value = json!({
        "cluster_id": prediction.cluster_id,
        "persona": segment.persona(language),
        "description": segment.description(language),
        "model_version": model.version,
        "distance": prediction.distance,
        "confidence": prediction.confidence,
    });
    format!("{value:#}\n")
}

fn to_text(args: &PredictArgs, model: &Model, prediction: Prediction) -> String {
    let segment = &model.segments[prediction.cluster_id];
    let language = args.lang.language();
    let mut text = format!("{}\n", segment.persona(language));
    for line in [
        segment.description(language).to_owned(),
        String::new(),
        format!("cluster_id  {}", prediction.cluster_id),
        format!("distance    {:.3} standard deviations to the centre", prediction.distance),
        format!("confidence  {:.3}", prediction.confidence),
    ] {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// The numbers of the customer, in the order of the model's features.
fn customer(model: &Model, set: &[String]) -> Result<Vec<f64>, Usage> {
    let features = list(model.feature_names());
    let refuse = |text: &str, problem: &str| {
        Usage(format!("--set {text}: {problem}; the features are {features}"))
    };
    let mut values: Vec<Option<f64>> = vec![None; model.features.len()];
    for text in set.iter().flat_map(|text| settings(text)) {
        let (name, value) =
            text.rsplit_once('=').ok_or_else(|| refuse(text, "give a feature as name=number"))?;
        let headers = model.features.iter().map(|feature| feature.column.as_str());
        let index = match names::find(headers, name).as_slice() {
            [index] => *index,
            [] => return Err(refuse(text, &format!("the model has no feature {name:?}"))),
            _ => return Err(refuse(text, &format!("{name:?} fits more than one; use the header"))),
        };
        let number = number::parse(value, DecimalMark::Point).map_err(|problem| match problem {
            CellProblem::Empty => refuse(text, "the number is missing"),
            other => refuse(text, &other.to_string()),
        })?;
        let minimum = model.features[index].numeric().and_then(|summary| summary.minimum);
        if let Some(minimum) = minimum.filter(|&minimum| number < minimum) {
            return Err(refuse(text, &format!("it cannot be below {minimum}")));
        }
        if values[index].replace(number).is_some() {
            return Err(refuse(text, &format!("{name:?} is given twice")));
        }
    }
    let missing = model.features.iter().zip(&values).filter(|(_, value)| value.is_none());
    let missing: Vec<&str> = missing.map(|(feature, _)| feature.name.as_str()).collect();
    if !missing.is_empty() {
        let missing = list(missing);
        return Err(Usage(format!(
            "{missing} missing; give every feature with --set name=number; the features are {features}"
        )));
    }
    Ok(values.into_iter().flatten().collect())
}

/// The settings in a text: several, between commas, are what the environment variable can hold. A
/// comma that no `=` follows is part of a value.
fn settings(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    if parts.iter().all(|part| part.contains('=')) { parts } else { vec![text] }
}
