//! `segmenta train`: from customers to a model.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use segmenta::dataset::Source;
use segmenta::model::store::Store;
use segmenta::model::{Model, NClusters, Streamed, TrainOptions, Trained, train};
use segmenta::personas::PersonaRules;
use serde_json::{Value, json};

use super::data::DataArgs;
use super::failure::Usage;
use super::lineage::{self, FollowArgs};
use super::options::{DataDirArgs, JsonArgs, KMeansArgs, LangArgs, is_stdin};
use super::output::{self, Output, Taken};
use super::record::record;
use super::values::{self, Parameter};
use super::{preparation, progress, report};

const EXAMPLES: &str = "\
Examples:
  segmenta train customers.csv
  segmenta train customers.csv --features annual_income,spending_score --out model.json
  segmenta train 'shops/*.csv.gz' --decimal comma
  segmenta train customers.csv --n-clusters 4 --personas personas.toml --on-error skip
  segmenta train customers.csv --follow none
  segmenta train 'sales/*.parquet' --memory-limit 2GiB --out model.json
  segmenta train customers.csv --prepare 'income=log1p,robust' --prepare '*=missing:refuse'

Without --out the model is kept in the data folder and put to use: `segmenta serve`, `predict` and
`export` take it from there. With --out it is written to that file only, unless --data-dir is given
too.

A model follows the one in use: segments that are found again keep their ids and names.";

/// What to learn, how, and where to keep it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TrainArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The number of segments: a number, or auto for what the elbow advises
    #[arg(long, env = "SEGMENTA_N_CLUSTERS", value_name = "N", default_value = "auto",
          allow_negative_numbers = true, value_parser = Parameter(values::n_clusters))]
    n_clusters: NClusters,
    #[command(flatten)]
    kmeans: KMeansArgs,
    /// Names for the segments, as TOML [default: the five personas of the Mall
    /// Customers, or those for recency, frequency and monetary value]
    #[arg(long, env = "SEGMENTA_PERSONAS", value_name = "FILE")]
    personas: Option<PathBuf>,
    #[command(flatten)]
    follow: FollowArgs,
    /// Write the model to this file
    #[arg(long, env = "SEGMENTA_OUT", value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data_dir: DataDirArgs,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// Learns a model, keeps it, and prints what was found.
pub fn run(args: &TrainArgs) -> anyhow::Result<()> {
    let store = args.check()?;
    let mut options = args.data.options(&args.kmeans)?;
    options.n_clusters = args.n_clusters;
    if let Some(path) = &args.personas {
        options.personas = PersonaRules::open(path)?.into();
    }
    options.follow = args.follow.model(&args.data_dir.store()?, store.is_some())?;
    let Some(learned) = args.learn(&options)? else { return Ok(()) };
    let Learned { model, skipped, source } = &learned;
    if let Some(earlier) = &options.follow {
        lineage::note_not_followed(earlier, model);
    }

    let kept = args.keep(model, source.as_ref(), store)?;
    if args.json.json {
        output::print_json(&args.to_json(model, skipped, &kept))?;
    } else {
        report::note_skipped(model.data.skipped_rows, skipped);
        output::print(&args.to_text(model, &options, &kept))?;
    }
    Ok(())
}

/// What was learned.
struct Learned {
    model: Model,
    /// The rows that were left out, or the first of them.
    skipped: Vec<String>,
    /// The customers; none where memory does not hold them.
    source: Option<Source>,
}

/// Where a model went.
struct Kept {
    file: Option<PathBuf>,
    folder: Option<PathBuf>,
}

impl TrainArgs {
    /// Learns in the way that the files ask for; none if only their preparation was asked for.
    fn learn(&self, options: &TrainOptions) -> anyhow::Result<Option<Learned>> {
        if self.data.show_preparation {
            self.data.show_preparation(options, self.lang.language())?;
            return Ok(None);
        }
        if let Some(streamed) = self.data.train_out_of_core(options, true)? {
            let Streamed { model, skipped, .. } = streamed;
            return Ok(Some(Learned { model, skipped, source: None }));
        }
        let source = self.data.input.source()?;
        let data = self.data.dataset(&source)?;
        let bar = progress::sweep(options.k_max);
        let trained = train(data, options, |_| bar.inc(1));
        bar.finish_and_clear();
        let Trained { model, customers } = trained?;
        let skipped = customers.data.skipped().iter().map(ToString::to_string).collect();
        Ok(Some(Learned { model, skipped, source: Some(source) }))
    }

    fn taken(&self) -> Taken<'_> {
        let files = self.data.input.files.iter().map(PathBuf::as_path);
        let inputs = files.chain(self.personas.as_deref()).collect();
        Taken { option: "--out", inputs, data_dir: self.data_dir.path() }
    }

    /// Refuses places that cannot be meant before any work is done. Gives the data folder, if the
    /// model is to be kept in it.
    fn check(&self) -> anyhow::Result<Option<Store>> {
        if let Some(out) = &self.out {
            if is_stdin(out) {
                let problem = "--out -: the report is printed there; give the name of a file";
                return Err(Usage(problem.to_owned()).into());
            }
            self.taken().check(out)?;
            if out.is_file() || !out.exists() {
                // Whether the file can be written shows before hours of learning, not after.
                drop(Output::open(Some(out), &self.taken())?);
            }
        }
        let is_kept = self.out.is_none() || self.data_dir.data_dir.is_some();
        Ok(is_kept.then(|| self.data_dir.store()).transpose()?)
    }

    fn keep(
        &self,
        model: &Model,
        source: Option<&Source>,
        store: Option<Store>,
    ) -> anyhow::Result<Kept> {
        if let Some(out) = &self.out {
            let mut output = Output::open(Some(out), &self.taken())?;
            let written = output.write_all(model.to_json().as_bytes());
            written.map_err(|source| output.refuse(source))?;
            output.finish()?;
        }
        if let Some(store) = &store {
            match source {
                Some(source) => store.keep(model, source)?,
                None => store.keep_alone(model)?,
            }
            store.activate(&model.version)?;
            record(store, "train and activate", &model.version);
        }
        let folder = store.map(|store| store.path().to_owned());
        Ok(Kept { file: self.out.clone(), folder })
    }

    fn to_json(&self, model: &Model, skipped: &[String], kept: &Kept) -> Value {
        let language = self.lang.language();
        let segments: Vec<Value> =
            model.segments.iter().map(|s| report::segment_json(s, language)).collect();
        json!({
            "model_version": model.version,
            "path": kept.file,
            "data_dir": kept.folder,
            "data": model.data.name,
            "rows": model.data.rows,
            "features": model.feature_names(),
            "preparation": model.preparation,
            "n_clusters": model.kmeans.n_clusters,
            "inertia": model.kmeans.inertia,
            "elbow": model.elbow,
            "quality": model.quality,
            "lineage": model.lineage,
            "segments": segments,
            "skipped_rows": report::skipped_json(skipped),
        })
    }

    fn to_text(&self, model: &Model, options: &TrainOptions, kept: &Kept) -> String {
        let headers: Vec<&str> = model.features.iter().map(|f| f.column.as_str()).collect();
        let mut parts = vec![
            report::about(&model.data.name, model.data.rows, &headers),
            report::elbow(&model.elbow, model.data.rows),
        ];
        if let NClusters::Fixed(n_clusters) = options.n_clusters
            && n_clusters != model.elbow.n_clusters
        {
            parts.push(format!("n_clusters = {n_clusters}, as asked for."));
        }
        let unusual = preparation::unusual(model, self.lang.language());
        if !unusual.is_empty() {
            parts.push(format!("Preparation:\n{unusual}"));
        }
        parts.push(report::segments(model, self.lang.language()));
        parts.extend(lineage::text(model, self.lang.language()));
        parts.push(format!("Quality: {}", report::quality(model)));
        parts.extend(report::out_of_core(model));
        let mut places = Vec::new();
        if let Some(file) = &kept.file {
            places.push(format!("Model {} written to {}", model.version, file.display()));
        }
        if let Some(folder) = &kept.folder {
            let folder = folder.display();
            places.push(format!("Model {} kept in {folder} and put to use", model.version));
        }
        parts.push(places.join("\n"));
        let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).collect();
        parts.join("\n\n") + "\n"
    }
}
