//! The fields of a document: what comes in, and the coordinates that are made of it.

use std::io;

use super::super::inputs::missing_texts;
use super::Xml;
use super::xml::{element, number};
use crate::model::{ColumnSummary, Model};
use crate::preparation::{Categorical, Numeric, PreparedFeature, Steps};

/// Something that writes an expression.
type Expression<'a> = Box<dyn FnOnce(&mut Xml) -> io::Result<()> + 'a>;

/// What is known of the columns.
pub(super) fn data_dictionary(xml: &mut Xml, model: &Model, names: &[String]) -> io::Result<()> {
    let count = [("numberOfFields", names.len().to_string())];
    element(xml, "DataDictionary", &count).write_inner_content(|xml| {
        for (place, name) in names.iter().enumerate() {
            data_field(xml, model, place, name)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn data_field(xml: &mut Xml, model: &Model, place: usize, name: &str) -> io::Result<()> {
    let (optype, kind) = match &model.preparation.features()[place].steps {
        Steps::Numeric(_) => ("continuous", "double"),
        Steps::Categorical(_) => ("categorical", "string"),
    };
    let ColumnSummary { column, .. } = &model.features[place];
    let attributes =
        [("name", name), ("displayName", column), ("optype", optype), ("dataType", kind)];
    element(xml, "DataField", &attributes).write_inner_content(|xml| {
        match (model.bounds(place), &model.preparation.features()[place].steps) {
            (Some((least, most)), _) => {
                let interval = [
                    ("closure", "closedClosed".to_owned()),
                    ("leftMargin", number(least)),
                    ("rightMargin", number(most)),
                ];
                element(xml, "Interval", &interval).write_empty()?;
            }
            (None, Steps::Categorical(categorical)) => {
                for value in &categorical.categories {
                    element(xml, "Value", &[("value", value)]).write_empty()?;
                }
                for value in &missing_texts() {
                    let attributes = [("value", value.as_str()), ("property", "missing")];
                    element(xml, "Value", &attributes).write_empty()?;
                }
            }
            (None, Steps::Numeric(_)) => {}
        }
        Ok(())
    })?;
    Ok(())
}

/// What becomes of missing, unknown and extreme values.
pub(super) fn mining_schema(xml: &mut Xml, model: &Model, names: &[String]) -> io::Result<()> {
    element::<&str>(xml, "MiningSchema", &[]).write_inner_content(|xml| {
        for (name, PreparedFeature { steps, .. }) in names.iter().zip(model.preparation.features())
        {
            let (filled, is_categorical) = match steps {
                Steps::Numeric(numeric) => (numeric.missing.value().map(|&x| number(x)), false),
                Steps::Categorical(categorical) => (categorical.missing.value().cloned(), true),
            };
            let mut attributes = vec![("name", name.clone()), ("usageType", "active".to_owned())];
            match filled {
                Some(value) => attributes.push(("missingValueReplacement", value)),
                None => attributes.push(("missingValueTreatment", "returnInvalid".to_owned())),
            }
            // A category that is none of those known is 0 in all coordinates.
            let invalid = if is_categorical { "asIs" } else { "returnInvalid" };
            attributes.push(("invalidValueTreatment", invalid.to_owned()));
            element(xml, "MiningField", &attributes).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Derives the scaled coordinates, and returns what their fields are called.
pub(super) fn local_transformations(
    xml: &mut Xml,
    model: &Model,
    names: &[String],
) -> io::Result<Vec<String>> {
    let mut coordinates = Vec::new();
    element::<&str>(xml, "LocalTransformations", &[]).write_inner_content(|xml| {
        for (name, PreparedFeature { steps, .. }) in names.iter().zip(model.preparation.features())
        {
            let first = coordinates.len();
            match steps {
                Steps::Numeric(numeric) => {
                    let field = format!("{name}/scaled");
                    derived(xml, &field, "double", |xml| {
                        scaled(xml, model, first, |xml| prepared(xml, name, numeric))
                    })?;
                    coordinates.push(field);
                }
                Steps::Categorical(categorical) => {
                    let spelled = format!("{name}/spelled");
                    derived(xml, &spelled, "string", |xml| spelling(xml, name, categorical))?;
                    for (place, value) in categorical.categories.iter().enumerate() {
                        let is_it = format!("{name}={value}");
                        derived(xml, &is_it, "double", |xml| {
                            let attributes = [("field", spelled.as_str()), ("value", value)];
                            element(xml, "NormDiscrete", &attributes).write_empty().map(|_| ())
                        })?;
                        let field = format!("{name}={value}/scaled");
                        derived(xml, &field, "double", |xml| {
                            scaled(xml, model, first + place, |xml| field_ref(xml, &is_it))
                        })?;
                        coordinates.push(field);
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(coordinates)
}

fn derived(
    xml: &mut Xml,
    name: &str,
    kind: &str,
    expression: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let optype = if kind == "string" { "categorical" } else { "continuous" };
    let attributes = [("name", name), ("optype", optype), ("dataType", kind)];
    element(xml, "DerivedField", &attributes).write_inner_content(expression)?;
    Ok(())
}

/// `(x - mean) / scale * weight`, without the steps that change nothing.
fn scaled(
    xml: &mut Xml,
    model: &Model,
    place: usize,
    x: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let steps = [
        ("*", model.scaler.weight(place), 1.0),
        ("/", model.scaler.scale[place], 1.0),
        ("-", model.scaler.mean[place], 0.0),
    ];
    let steps: Vec<(&str, f64)> = steps
        .into_iter()
        .filter(|(_, operand, neutral)| operand != neutral)
        .map(|(function, operand, _)| (function, operand))
        .collect();
    nested(xml, &steps, x)
}

/// Applies functions of two arguments one after another, the last of the list first.
fn nested(
    xml: &mut Xml,
    steps: &[(&str, f64)],
    x: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let Some((&(function, operand), inner)) = steps.split_first() else { return x(xml) };
    // The kind of closure must not grow with every step.
    let x: Expression = Box::new(x);
    apply(xml, function, |xml| {
        nested(xml, inner, x)?;
        constant(xml, operand)
    })
}

/// A number as it is before it is scaled.
fn prepared(xml: &mut Xml, name: &str, numeric: &Numeric) -> io::Result<()> {
    let clipped = |xml: &mut Xml| match numeric.clip {
        None => field_ref(xml, name),
        Some(clip) => {
            nested(xml, &[("min", clip.upper), ("max", clip.lower)], |xml| field_ref(xml, name))
        }
    };
    if numeric.log1p { apply(xml, "ln1p", clipped) } else { clipped(xml) }
}

/// A text as the category that it is taken for is written: without spaces around it, and in small letters
/// where it is no category in its own.
fn spelling(xml: &mut Xml, name: &str, categorical: &Categorical) -> io::Result<()> {
    let trimmed = |xml: &mut Xml| apply(xml, "trimBlanks", |xml| field_ref(xml, name));
    let is_small = |category: &String| *category == category.to_lowercase();
    if !categorical.categories.iter().any(is_small) {
        return trimmed(xml);
    }
    apply(xml, "if", |xml| {
        apply(xml, "isIn", |xml| {
            trimmed(xml)?;
            categorical.categories.iter().try_for_each(|category| text(xml, category))
        })?;
        trimmed(xml)?;
        apply(xml, "lowercase", trimmed)
    })
}

fn apply(
    xml: &mut Xml,
    function: &str,
    arguments: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    element(xml, "Apply", &[("function", function)]).write_inner_content(arguments)?;
    Ok(())
}

fn field_ref(xml: &mut Xml, field: &str) -> io::Result<()> {
    element(xml, "FieldRef", &[("field", field)]).write_empty()?;
    Ok(())
}

fn constant(xml: &mut Xml, x: f64) -> io::Result<()> {
    super::xml::text_element(xml, "Constant", &[("dataType", "double".to_owned())], &number(x))
}

fn text(xml: &mut Xml, value: &str) -> io::Result<()> {
    super::xml::text_element(xml, "Constant", &[("dataType", "string".to_owned())], value)
}
