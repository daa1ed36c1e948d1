//! Tables as Parquet, and comparing what came of them.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use segmenta::model::Model;

/// Writes CSV as Parquet, so many rows a group: columns of numbers as such.
pub fn parquet_of(csv: &str, path: &Path, rows: usize) {
    let mut lines = csv.lines();
    let headers: Vec<&str> = lines.next().unwrap().split(',').collect();
    let cells: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let columns = headers.iter().enumerate().map(|(place, header)| {
        let texts = || cells.iter().map(|row| row[place]);
        let numbers: Result<Vec<f64>, _> = texts().map(str::parse).collect();
        let array: ArrayRef = match numbers {
            Ok(numbers) => Arc::new(Float64Array::from(numbers)),
            Err(_) => {
                Arc::new(texts().collect::<Vec<_>>().into_iter().map(Some).collect::<StringArray>())
            }
        };
        (*header, array)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(rows))
        .set_compression(Compression::SNAPPY)
        .build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The columns of numbers of a Parquet file.
pub fn numbers(path: &Path) -> HashMap<String, Vec<f64>> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let mut columns: HashMap<String, Vec<f64>> = HashMap::new();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            let column = columns.entry(field.name().clone()).or_default();
            if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
                column.extend(numbers.values());
            } else if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
                column.extend(numbers.values().iter().map(|&number| number as f64));
            }
        }
    }
    columns
}

pub fn close(one: f64, other: f64, tolerance: f64) {
    assert!((one - other).abs() <= tolerance * other.abs().max(1e-9), "{one} is not {other}");
}

/// The same model but for the last digits.
pub fn same(model: &Model, known: &Model) {
    assert_eq!(model.data.rows, known.data.rows);
    close(model.kmeans.inertia, known.kmeans.inertia, 1e-9);
    for (one, other) in
        [(&model.scaler.mean, &known.scaler.mean), (&model.scaler.scale, &known.scaler.scale)]
    {
        one.iter().zip(other).for_each(|(&one, &other)| close(one, other, 1e-9));
    }
    assert_eq!(model.segments.len(), known.segments.len());
    for (segment, expected) in model.segments.iter().zip(&known.segments) {
        assert_eq!(
            (segment.cluster_id, &segment.persona, segment.size),
            (expected.cluster_id, &expected.persona, expected.size)
        );
        for (&x, &expected) in segment.center.iter().zip(&expected.center) {
            close(x, expected, 1e-9);
        }
    }
}
