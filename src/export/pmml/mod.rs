//! PMML 4.4: a `ClusteringModel` around centres, with the preparation as `LocalTransformations`.

mod fields;
mod xml;

use std::io;

use quick_xml::Writer;

use self::xml::{Element, element, number, text_element};
use super::{description, input_names, personas};
use crate::model::Model;
use crate::personas::Language;

/// What XML is written to.
type Xml = Writer<Vec<u8>>;

/// The model as a PMML document.
///
/// Its fields are called as [`input_names`] says, and its outputs are `cluster_id`, `persona` and
/// `distance`. A missing value that nothing stands for, and a number too large to be compared, are invalid.
pub fn pmml(model: &Model, language: Language) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    // A vector takes whatever is written to it, and only text is.
    let written = document(&mut xml, model, language).map(|()| String::from_utf8(xml.into_inner()));
    let mut text = written.ok().and_then(Result::ok).unwrap_or_default();
    text.push('\n');
    text
}

fn document(xml: &mut Xml, model: &Model, language: Language) -> io::Result<()> {
    use quick_xml::events::{BytesDecl, Event};

    let names = input_names(model);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root =
        element(xml, "PMML", &[("xmlns", "http://www.dmg.org/PMML-4_4"), ("version", "4.4")]);
    root.write_inner_content(|xml| {
        header(xml, model)?;
        fields::data_dictionary(xml, model, &names)?;
        clustering_model(xml, model, &names, language)
    })?;
    Ok(())
}

fn header(xml: &mut Xml, model: &Model) -> io::Result<()> {
    let about = [("description", description(model)), ("modelVersion", model.version.clone())];
    element(xml, "Header", &about).write_inner_content(|xml| {
        let version = [("name", "Segmenta"), ("version", env!("CARGO_PKG_VERSION"))];
        element(xml, "Application", &version).write_empty()?;
        text_element(xml, "Timestamp", &[], &model.created_at)
    })?;
    Ok(())
}

fn clustering_model(
    xml: &mut Xml,
    model: &Model,
    names: &[String],
    language: Language,
) -> io::Result<()> {
    let attributes = [
        ("modelName", format!("segmenta-{}", model.version)),
        ("functionName", "clustering".to_owned()),
        ("algorithmName", "K-Means".to_owned()),
        ("modelClass", "centerBased".to_owned()),
        ("numberOfClusters", model.kmeans.n_clusters.to_string()),
    ];
    element(xml, "ClusteringModel", &attributes).write_inner_content(|xml| {
        fields::mining_schema(xml, model, names)?;
        output(xml, model, language)?;
        let coordinates = fields::local_transformations(xml, model, names)?;
        let measure: Element = element(xml, "ComparisonMeasure", &[("kind", "distance")]);
        measure.write_inner_content(|xml| {
            element::<&str>(xml, "squaredEuclidean", &[]).write_empty().map(|_| ())
        })?;
        for field in &coordinates {
            let attributes = [("field", field.as_str()), ("compareFunction", "absDiff")];
            element(xml, "ClusteringField", &attributes).write_empty()?;
        }
        let centers = model.segments.iter().zip(&model.kmeans.cluster_centers);
        for (segment, center) in centers {
            let attributes = [
                ("id", segment.cluster_id.to_string()),
                ("name", segment.persona(language).to_owned()),
                ("size", segment.size.to_string()),
            ];
            element(xml, "Cluster", &attributes).write_inner_content(|xml| {
                let numbers: Vec<String> = center.iter().map(|&x| number(x)).collect();
                let attributes = [("n", center.len().to_string()), ("type", "real".to_owned())];
                text_element(xml, "Array", &attributes, &numbers.join(" "))
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

fn output(xml: &mut Xml, model: &Model, language: Language) -> io::Result<()> {
    element::<&str>(xml, "Output", &[]).write_inner_content(|xml| {
        let of = |name, optype, kind, feature| {
            [("name", name), ("optype", optype), ("dataType", kind), ("feature", feature)]
        };
        let cluster_id = of("cluster_id", "categorical", "integer", "predictedValue");
        element(xml, "OutputField", &cluster_id).write_empty()?;
        // The measure is the square of the distance.
        let square = [("isFinalResult", "false")];
        let square: Vec<_> = of("distance/square", "continuous", "double", "affinity")
            .into_iter()
            .chain(square)
            .collect();
        element(xml, "OutputField", &square).write_empty()?;
        let distance = of("distance", "continuous", "double", "transformedValue");
        element(xml, "OutputField", &distance).write_inner_content(|xml| {
            element(xml, "Apply", &[("function", "sqrt")]).write_inner_content(|xml| {
                element(xml, "FieldRef", &[("field", "distance/square")]).write_empty()?;
                Ok(())
            })?;
            Ok(())
        })?;
        let persona = of("persona", "categorical", "string", "transformedValue");
        element(xml, "OutputField", &persona).write_inner_content(|xml| {
            let map = [("outputColumn", "persona"), ("dataType", "string")];
            element(xml, "MapValues", &map).write_inner_content(|xml| {
                let pair = [("field", "cluster_id"), ("column", "id")];
                element(xml, "FieldColumnPair", &pair).write_empty()?;
                element::<&str>(xml, "InlineTable", &[]).write_inner_content(|xml| {
                    for (id, name) in personas(model, language) {
                        element::<&str>(xml, "row", &[]).write_inner_content(|xml| {
                            text_element(xml, "id", &[], &id.to_string())?;
                            text_element(xml, "persona", &[], name)
                        })?;
                    }
                    Ok(())
                })?;
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}
