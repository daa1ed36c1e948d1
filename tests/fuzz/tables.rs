//! Files of customers: a table or an error, and the same one on each way of reading it.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use segmenta::dataset::csv::Record;
use segmenta::dataset::{Dataset, OnError, ReadOptions, Source, TableReader};
use segmenta::features::inspect::inspect;
use segmenta::{Error, Result};

use super::LONGEST;

/// What a compressed file may unpack to here.
const MOST: u64 = 1 << 20;

/// CSV, packed or not.
pub fn csv(bytes: &[u8]) {
    table("fuzz.csv", bytes);
}

/// One object a line.
pub fn ndjson(bytes: &[u8]) {
    table("fuzz.ndjson", bytes);
}

/// Parquet. A beginning that makes it Parquet is put in front where it is missing, as all else is CSV.
#[cfg(feature = "parquet")]
pub fn parquet(bytes: &[u8]) {
    if bytes.starts_with(b"PAR1") {
        table("fuzz.parquet", bytes);
    } else {
        table("fuzz.parquet", &[b"PAR1", bytes].concat());
    }
}

fn table(name: &str, bytes: &[u8]) {
    if bytes.len() > LONGEST {
        return;
    }
    let plain = source(name, bytes.to_vec());
    let read = Dataset::read(&plain, OnError::Skip);
    // A large file in order is read in blocks, a packed one row by row: both ways give the same table.
    let is_packed =
        bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    if !is_packed {
        let packed = Dataset::read(&source(name, gzip(bytes)), OnError::Skip);
        assert_eq!(shown(&read), shown(&packed), "packed by gzip");
    }
    by_row(&plain, &read);
    if let Ok(data) = read {
        let n_rows = data.n_rows();
        for column in data.columns() {
            assert_eq!(column.n_rows(), n_rows, "{:?}", column.header());
            let numbers = column.numbers().unwrap_or_default();
            assert!(!numbers.iter().any(|number| number.is_infinite()), "{:?}", column.header());
            let _ = (column.kind(), column.unit(), column.categories().len());
        }
        let _ = inspect(&data);
    }
    kept(&plain);
}

/// The rows that a reader gives one after another are those of the table, and so are the mistakes.
fn by_row(source: &Source, read: &Result<Dataset>) {
    let Ok(mut reader) = source.rows() else {
        assert!(read.is_err(), "a table without a header");
        return;
    };
    let (mut n_rows, mut wrong) = (0, Vec::new());
    match count(&mut reader, &mut n_rows, &mut wrong) {
        Err(error) => assert!(read.is_err(), "{error}"),
        Ok(()) => {
            if let Ok(data) = read {
                assert_eq!(n_rows, data.n_rows());
                let skipped: Vec<String> = data.skipped().iter().map(Error::to_string).collect();
                assert_eq!(wrong, skipped);
            }
        }
    }
}

fn count(reader: &mut TableReader<'_>, n_rows: &mut usize, wrong: &mut Vec<String>) -> Result<()> {
    let mut record = Record::default();
    loop {
        match reader.read(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {
                assert_eq!(record.cells().count(), reader.headers().len(), "{record:?}");
                *n_rows += 1;
            }
            Err(error @ Error::Row { .. }) => wrong.push(error.to_string()),
            Err(error) => return Err(error),
        }
    }
}

/// What the data folder keeps of a source is that source.
fn kept(source: &Source) {
    let kept = source.to_kept();
    let again = Source::from_kept(source.name(), kept.to_vec()).expect("what was kept");
    assert_eq!(again.to_kept(), kept);
}

fn source(name: &str, bytes: Vec<u8>) -> Source {
    let options = ReadOptions {
        max_unpacked: Some(MOST),
        most_in_memory: Some(MOST),
        ..ReadOptions::default()
    };
    Source::new(name, bytes).with_options(options)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

/// All of a table that users can tell, or the message instead of it.
fn shown(read: &Result<Dataset>) -> String {
    match read {
        Ok(data) => {
            let skipped: Vec<String> = data.skipped().iter().map(Error::to_string).collect();
            format!("{} rows {:?} without {skipped:?}", data.n_rows(), data.columns())
        }
        Err(error) => error.to_string(),
    }
}
