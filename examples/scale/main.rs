//! Makes customers by the hundred million and learns from them in passes: the side of Segmenta in `benches/scale/`.
//!
//!     scale make round|skewed|rare ROWS FILES FOLDER [snappy|none]
//!     scale learn FOLDER [MAX_PASSES [embedded|df://HOST:PORT]]
//!     scale memory FOLDER N_INIT
//!
//! `learn` prints seconds and processor-seconds of each pass, `memory` those of the same step in memory; both as
//! JSON. Beside the files themselves, `learn` may go by the query engine in this process or by a cluster.

#![allow(clippy::print_stdout)]

mod make;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use segmenta::cluster;
use segmenta::dataset::{Dataset, OnError, ReadOptions, Scan, Source, Table};
use segmenta::engine::Session;
use segmenta::kmeans::KMeansParams;
use segmenta::model::{
    Journal, MAX_PASSES, NClusters, Progress, Stage, TrainOptions, prepare, train_out_of_core,
};
use segmenta::preparation::Choices;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["make", kind, rows, files, folder] => {
            make::customers(kind, rows.parse()?, files.parse()?, &PathBuf::from(folder), "snappy")
        }
        ["make", kind, rows, files, folder, packed] => {
            make::customers(kind, rows.parse()?, files.parse()?, &PathBuf::from(folder), packed)
        }
        ["learn", folder] => learn(folder, MAX_PASSES, "files"),
        ["learn", folder, max_passes] => learn(folder, max_passes.parse()?, "files"),
        ["learn", folder, max_passes, engine] => learn(folder, max_passes.parse()?, engine),
        ["memory", folder, n_init] => memory(folder, n_init.parse()?),
        _ => Err("see the first lines of examples/scale/main.rs".into()),
    }
}

/// As many as the elbow tries.
const CLUSTERS: usize = 10;

/// Features as they are: this is about K-Means.
fn options() -> Result<TrainOptions, Failure> {
    Ok(TrainOptions {
        preparation: Choices::parse(&["*=plain"])?,
        n_clusters: NClusters::Fixed(CLUSTERS),
        ..TrainOptions::new()?
    })
}

/// Notes when passes begin, and when the last of their rows was read.
#[derive(Default)]
struct Clock {
    noted: Mutex<Vec<Noted>>,
    /// Rows of the pass that are not read yet.
    left: AtomicU64,
}

struct Noted {
    what: String,
    start: Moment,
    end: Option<Moment>,
}

/// The time, and the processor time until then.
#[derive(Clone, Copy)]
struct Moment(Instant, f64);

impl Moment {
    fn now() -> Self {
        Self(Instant::now(), processor_seconds())
    }
}

impl Clock {
    fn note(&self, what: String) {
        let mut noted = self.noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        noted.push(Noted { what, start: Moment::now(), end: None });
    }

    /// Seconds of each part. A pass whose rows this process does not read lasts until the next part.
    fn told(self) -> Vec<Value> {
        let noted = self.noted.into_inner().unwrap_or_default();
        let parts = noted.windows(2).map(|pair| {
            let [Noted { what, start, end }, next] = pair else { return Value::Null };
            let Moment(end, busy_until) = end.unwrap_or(next.start);
            let seconds = end.duration_since(start.0).as_secs_f64();
            json!({ "what": what, "seconds": seconds, "processor_seconds": busy_until - start.1 })
        });
        parts.collect()
    }
}

impl Progress for Clock {
    fn begin(&self, _: usize, stage: Stage, n_rows: Option<u64>) {
        self.left.store(n_rows.unwrap_or(u64::MAX), Ordering::Relaxed);
        self.note(format!("{stage:?}"));
    }

    fn read(&self, rows: u64) {
        if self.left.fetch_sub(rows, Ordering::Relaxed) == rows {
            let mut noted = self.noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some(last) = noted.last_mut() {
                last.end = Some(Moment::now());
            }
        }
    }

    fn found(&self, n_clusters: usize, _: usize) {
        if n_clusters == 1 {
            self.note("Search".to_owned());
        }
    }
}

fn learn(folder: &str, max_passes: usize, engine: &str) -> Result<(), Failure> {
    let files = [PathBuf::from(folder)];
    match engine {
        "files" => {
            let scan = Scan::open(&files, ReadOptions::default(), OnError::Fail)?;
            learn_from(&scan, max_passes)
        }
        "embedded" => learn_from(&Session::embedded()?.table(&files)?, max_passes),
        address => learn_from(&cluster::connect(address)?.table(&files)?, max_passes),
    }
}

fn learn_from(table: &impl Table, max_passes: usize) -> Result<(), Failure> {
    let clock = Clock::default();
    let streamed = train_out_of_core(table, &options()?, max_passes, Journal::default(), &clock)?;
    clock.note("end".to_owned());
    let model = streamed.model;
    println!(
        "{}",
        json!({
            "rows": model.data.rows,
            "passes": clock.told(),
            "peak_bytes": peak_bytes(),
            "n_clusters": CLUSTERS,
            "inertia": model.kmeans.inertia,
            "wcss": model.elbow.by_k.iter().map(|point| point.wcss).collect::<Vec<f64>>(),
            "mean": model.scaler.mean,
            "scale": model.scaler.scale,
        })
    );
    Ok(())
}

/// In memory: full Lloyd from so many starts for each number of clusters, and the time of one step for ten.
fn memory(folder: &str, n_init: usize) -> Result<(), Failure> {
    let options = options()?;
    let source = Source::open_all(&[PathBuf::from(folder)])?;
    let mut data = Dataset::read(&source, OnError::Fail)?;
    drop(source);
    let points = prepare(&mut data, &options)?.points;
    let rows = points.n_rows();
    let mut wcss = Vec::new();
    if n_init > 0 {
        let params = KMeansParams { n_init, n_swaps: 0, ..KMeansParams::new(CLUSTERS) };
        params.check()?.fit_each(&points, |optimum| wcss.push(optimum.inertia))?;
    }
    let start: Vec<Vec<f64>> = (0..CLUSTERS).map(|i| points.row(i * (rows / CLUSTERS))).collect();
    let steps = |max_iter: usize| -> Result<(f64, f64), Failure> {
        let algorithm = segmenta::kmeans::Algorithm::Lloyd;
        let params = KMeansParams { max_iter, algorithm, ..KMeansParams::new(CLUSTERS) };
        let (begin, busy) = (Instant::now(), processor_seconds());
        params.check()?.fit_from(&points, &start)?;
        Ok((begin.elapsed().as_secs_f64(), processor_seconds() - busy))
    };
    // What comes before and behind the steps is in both.
    let (few, many) = (steps(2)?, steps(12)?);
    println!(
        "{}",
        json!({
            "rows": rows,
            "wcss": wcss,
            "step_seconds": (many.0 - few.0) / 10.0,
            "step_processor_seconds": (many.1 - few.1) / 10.0,
        })
    );
    Ok(())
}

/// The processor time that this process has had, on Linux.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok());
    // User and system time, in hundredths of a second.
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// The most memory that this process has had, on Linux.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
