//! A model in a form that other programs and people read.

use std::io::{self, IsTerminal, Write};

use segmenta::export;
use segmenta::model::Model;
use segmenta::model::store::Store;
use segmenta::personas::Language;
use segmenta::preparation::Steps;

use super::super::failure::Usage;
use super::super::options::is_stdin;
use super::super::output::note;
use super::{ExportArgs, Format};

/// Writes the model.
pub(super) fn write(args: &ExportArgs, store: &Store, model: &Model) -> anyhow::Result<()> {
    let language = args.lang.language();
    let is_to_stdout = args.out.as_deref().is_none_or(is_stdin);
    if args.format == Format::Onnx && is_to_stdout && io::stdout().is_terminal() {
        let problem = "ONNX is not for reading; give a file with --out model.onnx";
        return Err(Usage(problem.to_owned()).into());
    }
    let mut output = args.output()?;
    let content = match args.format {
        Format::Onnx => export::onnx(model, language),
        Format::Pmml => export::pmml(model, language).into_bytes(),
        Format::Sklearn => export::sklearn(model, language).into_bytes(),
        Format::Sql => export::sql(model, language).into_bytes(),
        _ => report(store, model, language).into_bytes(),
    };
    output.write_all(&content).map_err(|source| output.refuse(source))?;
    output.finish()?;
    if args.format == Format::Sklearn {
        explain_rebuilding(model);
    }
    Ok(())
}

/// The report, with customers as points where they are at hand.
fn report(store: &Store, model: &Model, language: Language) -> String {
    let customers = store.customers(model).map_err(|error| {
        note(format_args!("note: the report is without a map of customers: {error}"));
    });
    export::report(model, customers.ok().as_ref(), language)
}

/// Says how scikit-learn's objects are made of the file: all of it is Python.
fn explain_rebuilding(model: &Model) {
    note("# These lines make scikit-learn's objects of model.json:");
    note(export::REBUILD.trim_end());
    let is_plain = |steps: &Steps| match steps {
        Steps::Numeric(numeric) => {
            !numeric.log1p && numeric.clip.is_none() && numeric.missing.value().is_none()
        }
        Steps::Categorical(_) => false,
    };
    let x = if model.preparation.features().iter().all(|feature| is_plain(&feature.steps)) {
        "X[[f[\"name\"] for f in m[\"features\"]]].to_numpy()"
    } else {
        note("\n# The features of this model are prepared first:");
        note(export::REBUILD_PREPARATION.trim_end());
        "prepare.fit_transform(X)"
    };
    note(
        "\n# The segments of customers X, a pandas table with a column for the name of each feature:",
    );
    note(format_args!(
        "labels = np.array(m[\"cluster_ids\"])[kmeans.predict(scaler.transform({x}) * m[\"weight\"])]"
    ));
}
