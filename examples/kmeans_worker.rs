//! Segmenta's side of the comparison with other libraries: see `benches/peers`.
//!
//! Reads one request a line from the standard input and answers with one line of JSON. Each time
//! starts with the rows in memory, row after row, as other libraries take them.

use std::env;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Error, Result, ensure};
use segmenta::features::Rows;
use segmenta::kmeans::{Algorithm, Centers, KMeans, KMeansParams, Vectors, check_and_predict};
use segmenta::pages::prefer_large;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Request {
    /// Reads the rows that all further requests are about.
    Load { path: PathBuf, columns: usize },
    /// Clusters, from `start` or from starts that the library draws.
    Fit {
        k: usize,
        start: Option<Centers>,
        #[serde(flatten)]
        settings: Settings,
    },
    /// Clusters for each k, and once more for the k that was chosen.
    Sweep {
        k_max: usize,
        then: Option<usize>,
        #[serde(flatten)]
        settings: Settings,
    },
    /// The nearest of the given centres for each row.
    Predict { start: Centers },
}

/// The library's defaults stand where nothing is given.
#[derive(Deserialize)]
struct Settings {
    n_init: Option<usize>,
    max_iter: Option<usize>,
    tol: Option<f64>,
    random_state: Option<u64>,
    n_swaps: Option<usize>,
    algorithm: Option<Algorithm>,
}

impl Settings {
    fn params(&self, n_clusters: usize) -> KMeansParams {
        let default = KMeansParams::new(n_clusters);
        KMeansParams {
            n_init: self.n_init.unwrap_or(default.n_init),
            max_iter: self.max_iter.unwrap_or(default.max_iter),
            tol: self.tol.unwrap_or(default.tol),
            random_state: self.random_state.unwrap_or(default.random_state),
            n_swaps: self.n_swaps.unwrap_or(default.n_swaps),
            algorithm: self.algorithm.unwrap_or(default.algorithm),
            ..default
        }
    }

    fn checked(&self, n_clusters: usize) -> segmenta::Result<KMeans> {
        self.params(n_clusters).check()
    }
}

/// Numbers row after row.
#[derive(Default)]
struct Table {
    numbers: Vec<f64>,
    n_columns: usize,
}

impl Table {
    fn read(path: &Path, n_columns: usize) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let (numbers, rest) = bytes.as_chunks();
        // NumPy, which holds the rows of other libraries, asks for large pages too.
        let mut table = Vec::with_capacity(numbers.len());
        prefer_large(table.spare_capacity_mut());
        table.extend(numbers.iter().copied().map(f64::from_le_bytes));
        let numbers = table;
        ensure!(
            rest.is_empty() && numbers.len().is_multiple_of(n_columns),
            "{} holds no whole rows",
            path.display()
        );
        Ok(Self { numbers, n_columns })
    }

    fn rows(&self) -> segmenta::Result<Rows<'_, f64>> {
        Rows::new(&self.numbers, self.n_columns)
    }
}

fn answer(table: &mut Table, request: Request) -> Result<Value> {
    match request {
        Request::Load { path, columns } => {
            *table = Table::read(&path, columns)?;
            Ok(json!({ "rows": table.rows()?.n_rows() }))
        }
        Request::Fit { k, start, settings } => {
            let begin = Instant::now();
            let kmeans = settings.checked(k)?;
            let found = match start {
                Some(centers) => kmeans.fit_from(table.rows()?, &centers)?,
                None => kmeans.fit(table.rows()?)?,
            };
            let seconds = begin.elapsed().as_secs_f64();
            Ok(json!({ "seconds": seconds, "inertia": found.inertia, "n_iter": found.n_iter }))
        }
        Request::Sweep { k_max, then, settings } => {
            let begin = Instant::now();
            let rows = table.rows()?;
            let mut found = Vec::new();
            settings.checked(k_max)?.fit_each(rows, |optimum| found.push(optimum))?;
            let wcss: Vec<f64> = found.iter().map(|optimum| optimum.inertia).collect();
            let chosen = found.into_iter().nth(then.unwrap_or(k_max) - 1);
            std::hint::black_box(chosen.map(|optimum| optimum.label(rows)));
            let seconds = begin.elapsed().as_secs_f64();
            Ok(json!({ "seconds": seconds, "wcss": wcss }))
        }
        Request::Predict { start } => {
            let begin = Instant::now();
            let labels = check_and_predict(&table.numbers, table.n_columns, &start)?;
            let seconds = begin.elapsed().as_secs_f64();
            let mut sizes = vec![0; start.len()];
            for label in labels {
                sizes[label as usize] += 1;
            }
            Ok(json!({ "seconds": seconds, "sizes": sizes }))
        }
    }
}

fn main() -> Result<()> {
    if let Some(vectors) = env::var_os("KMEANS_VECTORS").filter(|name| !name.is_empty()) {
        vectors.to_string_lossy().parse::<Vectors>().map_err(Error::msg)?.limit();
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}", json!({ "version": env!("CARGO_PKG_VERSION") }))?;
    out.flush()?;
    let mut table = Table::default();
    for line in io::stdin().lock().lines() {
        let request = serde_json::from_str(&line?).context("a request");
        let answer = request
            .and_then(|request| answer(&mut table, request))
            .unwrap_or_else(|error| json!({ "error": format!("{error:#}") }));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
