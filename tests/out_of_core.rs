//! Learning from files in passes, without taking them into memory.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/customers.rs"]
mod customers;
#[path = "common/mall.rs"]
#[allow(dead_code)]
mod mall;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use customers::customers;
use segmenta::dataset::{Dataset, OnError, ReadOptions, Scan, Source};
use segmenta::kmeans::Cancel;
use segmenta::model::{
    Journal, Model, NClusters, Progress, Stage, Streamed, TrainOptions, train, train_out_of_core,
};
use segmenta::preparation::{Missing, Steps};
use tempfile::TempDir;

/// Notes the passes.
#[derive(Default)]
struct Noted(Mutex<Vec<(Stage, u64)>>);

impl Progress for Noted {
    fn begin(&self, _: usize, stage: Stage, _: Option<u64>) {
        self.0.lock().unwrap().push((stage, 0));
    }

    fn read(&self, rows: u64) {
        if let Some((_, read)) = self.0.lock().unwrap().last_mut() {
            *read += rows;
        }
    }

    fn found(&self, _: usize, _: usize) {}
}

fn options() -> TrainOptions {
    TrainOptions::new().unwrap()
}

fn streamed(paths: &[PathBuf], options: &TrainOptions) -> Result<Streamed, segmenta::Error> {
    let scan = Scan::open(paths, ReadOptions::default(), options.on_error)?;
    train_out_of_core(&scan, options, 20, Journal::default(), &Noted::default())
}

fn in_memory(paths: &[PathBuf], options: &TrainOptions) -> Model {
    let source = Source::open_all(paths).unwrap();
    let data = Dataset::read(&source, options.on_error).unwrap();
    train(data, options, |_| ()).unwrap().model
}

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn mall_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mall_customers.csv")
}

fn close(one: f64, other: f64, tolerance: f64) {
    assert!((one - other).abs() <= tolerance * other.abs().max(1e-9), "{one} is not {other}");
}

#[test]
fn few_rows_give_what_memory_gives() {
    let options = options();
    let Streamed { model, .. } = streamed(&[mall_file()], &options).unwrap();
    let known = in_memory(&[mall_file()], &options);
    for (k, wcss, _) in mall::BY_K {
        close(model.elbow.by_k[k - 1].wcss, wcss, 1e-9);
    }
    for feature in 0..2 {
        close(model.scaler.mean[feature], mall::MEAN[feature], 1e-12);
        close(model.scaler.scale[feature], mall::SCALE[feature], 1e-12);
    }
    assert_eq!(model.elbow.n_clusters, 5);
    for (segment, expected) in model.segments.iter().zip(&known.segments) {
        assert_eq!(
            (segment.cluster_id, &segment.persona, segment.size),
            (expected.cluster_id, &expected.persona, expected.size)
        );
        for (x, expected) in segment.center.iter().zip(&expected.center) {
            close(*x, *expected, 1e-9);
        }
    }
    let again = Model::from_json("it", model.to_json().as_bytes()).unwrap();
    assert_eq!(again, model);
    assert_eq!(model.out_of_core.unwrap().sample_rows, 200);
}

#[test]
fn many_rows_of_several_files_give_nearly_what_memory_gives() {
    let folder = TempDir::new().unwrap();
    let files = [(0..30_000), (30_000..30_001), (30_001..90_000)]
        .map(|rows| file(&folder, &format!("part_{:06}.csv", rows.start), &customers(rows)));
    let options = TrainOptions {
        features: vec!["visits".to_owned(), "spent".to_owned()],
        on_error: OnError::Fail,
        ..options()
    };
    let scan = Scan::open(&files, ReadOptions::default(), OnError::Fail).unwrap();
    let noted = Noted::default();
    let Streamed { model, .. } =
        train_out_of_core(&scan, &options, 20, Journal::default(), &noted).unwrap();
    let passes = noted.0.into_inner().unwrap();
    assert_eq!(
        passes[..4].iter().map(|(stage, _)| *stage).collect::<Vec<_>>(),
        [Stage::Survey, Stage::Coreset, Stage::Sweep, Stage::Sweep]
    );
    assert!(passes.iter().all(|&(_, rows)| rows == 90_000), "{passes:?}");

    let known = in_memory(&files, &options);
    assert_eq!(model.data.rows, 90_000);
    for place in 0..2 {
        close(model.scaler.mean[place], known.scaler.mean[place], 1e-12);
        close(model.scaler.scale[place], known.scaler.scale[place], 1e-12);
        let [own, other] = [&model, &known].map(|one| one.features[place].numeric().unwrap());
        close(own.mean, other.mean, 1e-12);
        close(own.std, other.std, 1e-10);
        assert_eq!(
            (own.quantiles.min, own.quantiles.max),
            (other.quantiles.min, other.quantiles.max)
        );
        close(own.quantiles.p50, other.quantiles.p50, 0.02);
    }
    for (own, other) in model.elbow.by_k.iter().zip(&known.elbow.by_k) {
        assert!(own.wcss <= other.wcss * 1.001, "k = {}: {} {}", own.k, own.wcss, other.wcss);
    }
    assert_eq!(model.elbow.n_clusters, known.elbow.n_clusters);
    let sizes = |model: &Model| -> usize { model.segments.iter().map(|each| each.size).sum() };
    assert_eq!(sizes(&model), 90_000);
    for (own, other) in model.segments.iter().zip(&known.segments) {
        assert_eq!(own.persona, other.persona);
        close(own.size as f64, other.size as f64, 1e-3);
    }
    let profile = &model.segments[0].profile;
    assert_eq!(profile.categorical[0].name, "city");
}

#[test]
fn no_number_of_threads_changes_a_bit() {
    let folder = TempDir::new().unwrap();
    let files =
        [file(&folder, "a.csv", &customers(0..50_000)), file(&folder, "b.csv", &customers(0..9))];
    let learn = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let model = pool.install(|| streamed(&files, &options()).unwrap().model);
        model.version
    };
    assert_eq!(learn(1), learn(3));
}

#[test]
fn rows_that_cannot_be_used_are_counted_once_or_end_it() {
    let folder = TempDir::new().unwrap();
    let mut text = customers(0..100);
    text.push_str("100,many,5,Rome\n101,7\n102,8,9,Rome\n");
    let path = file(&folder, "shop.csv", &text);
    let features = vec!["visits".to_owned(), "spent".to_owned()];
    let options = TrainOptions { features, ..options() };
    let refused = streamed(std::slice::from_ref(&path), &options).unwrap_err().to_string();
    assert!(refused.contains("shop.csv") && refused.contains("row 103"), "{refused}");
    let options = TrainOptions { on_error: OnError::Skip, ..options };
    let Streamed { model, skipped, .. } = streamed(&[path], &options).unwrap();
    assert_eq!((model.data.rows, model.data.skipped_rows, skipped.len()), (101, 2, 2));
    let told: Vec<String> = skipped.iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|told| told.contains("row 102") && told.contains("visits")),
        "{told:?}"
    );
}

#[test]
fn csv_that_is_in_order_only_at_first_is_learned_from_whole() {
    let folder = TempDir::new().unwrap();
    let features = vec!["visits".to_owned(), "spent".to_owned()];
    let options = TrainOptions { features, ..options() };
    let plain = streamed(&[file(&folder, "plain.csv", &customers(0..60_000))], &options).unwrap();
    // A row of nothing but quotation marks far down is passed over, and read row by row from there on.
    let text = customers(0..60_000).replace("\n40000,", "\n\"\",,,\n40000,");
    let path = file(&folder, "shop.csv", &text);
    let found = streamed(std::slice::from_ref(&path), &options).unwrap();
    assert_eq!(found.model.data.rows, 60_000);
    for (own, other) in found.model.elbow.by_k.iter().zip(&plain.model.elbow.by_k) {
        close(own.wcss, other.wcss, 0.01);
    }
    for place in 0..2 {
        close(found.model.scaler.mean[place], plain.model.scaler.mean[place], 1e-12);
        close(found.model.scaler.scale[place], plain.model.scaler.scale[place], 1e-12);
    }
    // Rows are told by their lines, wherever they stand.
    for (row, wrong) in
        [("\n50000,", "\n50000,7\n50001,"), ("\n50000,", "\n50000,many,5,Rome\n50000,")]
    {
        let path = file(&folder, "wrong.csv", &customers(0..60_000).replace(row, wrong));
        let refused = streamed(std::slice::from_ref(&path), &options).unwrap_err().to_string();
        assert!(refused.contains("wrong.csv") && refused.contains("row 50002"), "{refused}");
        let options = TrainOptions { on_error: OnError::Skip, ..options.clone() };
        let Streamed { model, skipped, .. } = streamed(&[path], &options).unwrap();
        assert_eq!(skipped.len(), 1, "{skipped:?}");
        assert!(model.data.rows >= 59_999);
    }
}

#[test]
fn what_only_few_rows_show_is_seen() {
    let folder = TempDir::new().unwrap();
    // More rows than the sample has, of which one lacks a number and one has a negative one.
    let mut text = customers(0..120_000);
    text.push_str("120000,,5,Rome\n120001,-3,9,Rome\n");
    let path = [file(&folder, "shop.csv", &text)];
    let features = vec!["visits".to_owned(), "spent".to_owned()];
    let options = TrainOptions { features, n_clusters: NClusters::Fixed(4), ..options() };
    let model = streamed(&path, &options).unwrap().model;
    let [visits, spent] = model.preparation.features() else { panic!("two features") };
    let missing = |steps: &Steps| match steps {
        Steps::Numeric(numeric) => numeric.missing.clone(),
        Steps::Categorical(_) => panic!("numbers"),
    };
    assert!(matches!(missing(&visits.steps), Missing::Median { filled: 1, .. }));
    assert_eq!(missing(&spent.steps), Missing::Refuse);
    let visits = model.features[0].numeric().unwrap();
    assert_eq!((visits.minimum, visits.quantiles.min), (None, -3.0));
    assert_eq!(model.data.rows, 120_002);
}

#[test]
fn files_of_other_columns_and_without_rows() {
    let folder = TempDir::new().unwrap();
    let whole = file(&folder, "a.csv", &customers(0..300));
    let empty = file(&folder, "b.csv", "id,visits,spent,city\n");
    let turned = file(&folder, "c.csv", "city,spent,visits,id\nRome,5,6,300\n");
    let options = TrainOptions { features: vec!["visits".to_owned()], ..options() };
    let model = streamed(&[whole.clone(), empty.clone(), turned], &options).unwrap().model;
    assert_eq!(model.data.rows, 301);
    let other = file(&folder, "d.csv", "id,visits\n1,2\n");
    let refused = streamed(&[whole.clone(), other], &options).unwrap_err().to_string();
    assert!(refused.contains("d.csv") && refused.contains("spent"), "{refused}");
    let refused = streamed(&[empty], &options).unwrap_err().to_string();
    assert!(refused.contains("there are no customers in it"), "{refused}");
    let text = file(&folder, "e.csv", "id,visits,spent,city\n1,often,5,Rome\n");
    let refused = streamed(&[whole, text], &options).unwrap_err().to_string();
    assert!(refused.contains("e.csv") && refused.contains("often"), "{refused}");
}

#[test]
fn a_file_that_changes_ends_it() {
    struct Writing(PathBuf);
    impl Progress for Writing {
        fn begin(&self, pass: usize, _: Stage, _: Option<u64>) {
            if pass == 3 {
                let more = std::fs::OpenOptions::new().append(true).open(&self.0).unwrap();
                std::io::Write::write_all(&mut &more, b"7,1,1,Rome\n").unwrap();
            }
        }
        fn read(&self, _: u64) {}
        fn found(&self, _: usize, _: usize) {}
    }
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.csv", &customers(0..300));
    let scan =
        Scan::open(std::slice::from_ref(&path), ReadOptions::default(), OnError::Fail).unwrap();
    let refused = train_out_of_core(&scan, &options(), 1, Journal::default(), &Writing(path));
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("a.csv") && refused.contains("changed while"), "{refused}");
}

/// Cancels a training in its fourth pass.
struct Ending(Cancel);

impl Progress for Ending {
    fn begin(&self, pass: usize, _: Stage, _: Option<u64>) {
        if pass == 4 {
            self.0.cancel();
        }
    }

    fn read(&self, _: u64) {}

    fn found(&self, _: usize, _: usize) {}
}

#[test]
fn a_training_goes_on_behind_the_last_pass_that_was_finished() {
    let folder = TempDir::new().unwrap();
    let files = [file(&folder, "a.csv", &customers(0..60_000))];
    let whole = streamed(&files, &options()).unwrap().model;
    let scan = Scan::open(&files, ReadOptions::default(), OnError::Fail).unwrap();
    let path = folder.path().join("passes");
    let ended = options();
    let journal = Journal::of_training(&path, &scan, &ended).unwrap();
    let ending = Ending(ended.cancel.clone());
    let refused = train_out_of_core(&scan, &ended, 20, journal, &ending);
    assert!(matches!(refused, Err(segmenta::Error::Cancelled)));

    let other = TrainOptions { k_max: 9, ..options() };
    let refused = Journal::of_training(&path, &scan, &other).unwrap_err().to_string();
    assert!(refused.contains("other settings"), "{refused}");

    let options = options();
    let journal = Journal::of_training(&path, &scan, &options).unwrap();
    let noted = Noted::default();
    let model = train_out_of_core(&scan, &options, 20, journal, &noted).unwrap().model;
    assert_eq!(model.version, whole.version);
    let passes = noted.0.into_inner().unwrap();
    assert_eq!(passes[0].0, Stage::Sweep, "{passes:?}");
    assert!(passes[1..].iter().all(|(stage, _)| *stage == Stage::Refine), "{passes:?}");
    assert!(!path.exists());
}

#[test]
fn it_can_be_cancelled() {
    let options = options();
    let scan = Scan::open(&[mall_file()], ReadOptions::default(), OnError::Fail).unwrap();
    let ended =
        train_out_of_core(&scan, &options, 1, Journal::default(), &Ending(options.cancel.clone()));
    assert!(matches!(ended, Err(segmenta::Error::Cancelled)));
}

#[cfg(feature = "parquet")]
mod parquet {
    use std::sync::Arc;

    use ::parquet::arrow::ArrowWriter;
    use ::parquet::file::properties::WriterProperties;
    use arrow_array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};

    use super::customers::customer;
    use super::*;

    fn written(
        folder: &TempDir,
        name: &str,
        group: usize,
        columns: Vec<(&str, ArrayRef)>,
    ) -> PathBuf {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let properties =
            WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
        let path = folder.path().join(name);
        let file = std::fs::File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        path
    }

    fn spent(rows: std::ops::Range<u32>) -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(rows.map(|i| customer(i).1)))
    }

    fn visits(rows: std::ops::Range<u32>) -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(rows.map(|i| customer(i).0)))
    }

    #[test]
    fn groups_of_rows_give_nearly_what_memory_gives() {
        let folder = TempDir::new().unwrap();
        let parts = [0..40_000, 40_000..40_000, 40_000..70_000];
        let files: Vec<PathBuf> = (0..)
            .zip(parts)
            .map(|(part, rows)| {
                let columns = vec![("visits", visits(rows.clone())), ("spent", spent(rows))];
                written(&folder, &format!("{part}.parquet"), 7_000, columns)
            })
            .collect();
        let model = streamed(&[folder.path().to_owned()], &options()).unwrap().model;
        let known = in_memory(&files, &options());
        assert_eq!(model.data.rows, 70_000);
        for (own, other) in model.elbow.by_k.iter().zip(&known.elbow.by_k) {
            assert!(own.wcss <= other.wcss * 1.001, "k = {}: {} {}", own.k, own.wcss, other.wcss);
        }
        for place in 0..2 {
            close(model.scaler.mean[place], known.scaler.mean[place], 1e-12);
        }
    }

    #[test]
    fn many_small_files_are_one_table() {
        let folder = TempDir::new().unwrap();
        for file in 0..300 {
            let rows = file * 10..file * 10 + 10;
            let columns = vec![("visits", visits(rows.clone())), ("spent", spent(rows))];
            written(&folder, &format!("{file}.parquet"), 4, columns);
        }
        let model = streamed(&[folder.path().to_owned()], &options()).unwrap().model;
        assert_eq!((model.data.rows, model.features.len()), (3000, 2));
    }

    #[test]
    fn missing_numbers_and_types_that_differ() {
        let folder = TempDir::new().unwrap();
        let holes: ArrayRef = Arc::new(
            (0..50).map(|i| (i % 5 > 0).then_some(f64::from(i))).collect::<Float64Array>(),
        );
        let whole: ArrayRef = Arc::new(Int32Array::from_iter_values(0..50));
        let words: ArrayRef =
            Arc::new(StringArray::from_iter_values((0..50).map(|i| format!("w{i}"))));
        let a = written(&folder, "a.parquet", 20, vec![("x", holes), ("y", spent(0..50))]);
        let b = written(&folder, "b.parquet", 20, vec![("x", whole), ("y", spent(50..100))]);
        let model = streamed(&[a.clone(), b], &options()).unwrap().model;
        let Steps::Numeric(numeric) = &model.preparation.features()[0].steps else { panic!() };
        assert!(matches!(numeric.missing, Missing::Median { filled: 10, .. }));
        let c = written(&folder, "c.parquet", 20, vec![("x", words), ("y", spent(50..100))]);
        let options = TrainOptions { features: vec!["x".to_owned()], ..options() };
        let refused = streamed(&[a, c], &options).unwrap_err().to_string();
        assert!(refused.contains("c.parquet") && refused.contains('x'), "{refused}");
    }

    #[test]
    fn a_damaged_group_of_rows_is_named() {
        let folder = TempDir::new().unwrap();
        let columns = vec![("visits", visits(0..40_000)), ("spent", spent(0..40_000))];
        let path = written(&folder, "a.parquet", 10_000, columns);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle - 2000..middle].fill(0xff);
        std::fs::write(&path, bytes).unwrap();
        let refused = streamed(&[path], &options()).unwrap_err().to_string();
        assert!(refused.contains("a.parquet") && refused.contains("damaged"), "{refused}");
        assert!(refused.contains("group of rows"), "{refused}");
    }
}
