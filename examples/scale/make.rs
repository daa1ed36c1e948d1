//! Customers drawn from distributions, as Parquet.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::Failure;

/// Rows that are written at once, and rows of a group.
const BATCH: usize = 1 << 17;
const GROUP: usize = 1 << 20;

/// Writes so many customers into so many files, packed or not.
pub fn customers(
    kind: &str,
    rows: usize,
    files: usize,
    folder: &Path,
    packed: &str,
) -> Result<(), Failure> {
    let kind = match kind {
        "round" => round,
        "skewed" => skewed,
        "rare" => rare,
        other => return Err(format!("{other} is no kind of customers").into()),
    };
    let compression = match packed {
        "snappy" => Compression::SNAPPY,
        "none" => Compression::UNCOMPRESSED,
        other => return Err(format!("{other} is no way to pack customers").into()),
    };
    std::fs::create_dir_all(folder)?;
    (0..files).into_par_iter().try_for_each(|file| {
        let path = folder.join(format!("part-{file:05}.parquet"));
        let rows = rows * (file + 1) / files - rows * file / files;
        write(&path, rows, file as u64, kind, compression).map_err(|error| error.to_string())
    })?;
    Ok(())
}

type Draw = fn(&mut ChaCha8Rng) -> [f64; 2];

fn write(
    path: &Path,
    rows: usize,
    seed: u64,
    draw: Draw,
    compression: Compression,
) -> Result<(), Failure> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_dictionary_enabled(false)
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let mut writer: Option<ArrowWriter<File>> = None;
    for start in (0..rows).step_by(BATCH) {
        let n = BATCH.min(rows - start);
        let drawn: Vec<[f64; 2]> = (0..n).map(|_| draw(&mut rng)).collect();
        let column = |place: usize| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(drawn.iter().map(|row| row[place])))
        };
        let batch = RecordBatch::try_from_iter([("visits", column(0)), ("spent", column(1))])?;
        if writer.is_none() {
            let file = File::create(path)?;
            writer = Some(ArrowWriter::try_new(file, batch.schema(), Some(properties.clone()))?);
        }
        if let Some(writer) = &mut writer {
            writer.write(&batch)?;
        }
    }
    if let Some(writer) = writer {
        writer.close()?;
    }
    Ok(())
}

/// A number of the normal distribution (Box and Muller 1958).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (radius, angle): (f64, f64) = (rng.random(), rng.random());
    (-2.0 * (1.0 - radius).ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
}

/// Twelve round groups of different sizes that touch each other.
fn round(rng: &mut ChaCha8Rng) -> [f64; 2] {
    let group = (12.0 * rng.random::<f64>().powf(1.3)).floor();
    let center = [(group * 2.4).sin() * 40.0 + 100.0, (group * 1.7).cos() * 300.0 + 900.0];
    [center[0] + 9.0 * normal(rng), center[1] + 60.0 * normal(rng)]
}

/// Counts and amounts as shops have them: log-normal, and not independent.
fn skewed(rng: &mut ChaCha8Rng) -> [f64; 2] {
    let common = normal(rng);
    let visits = (1.0 + 0.8 * common + 0.4 * normal(rng)).exp();
    [visits, visits * (3.0 + 0.7 * normal(rng)).exp()]
}

/// A large group, some small ones, and one of a customer in ten thousand.
fn rare(rng: &mut ChaCha8Rng) -> [f64; 2] {
    let chance = rng.random::<f64>();
    let center = match chance {
        ..0.0001 => [400.0, 4000.0],
        ..0.01 => [200.0, 300.0],
        ..0.1 => [60.0, 1500.0],
        _ => [50.0, 500.0],
    };
    [center[0] + 12.0 * normal(rng), center[1] + 90.0 * normal(rng)]
}
