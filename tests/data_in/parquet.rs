//! Parquet files.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::metadata::{
    FileMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter,
    RowGroupMetaDataBuilder,
};
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{ListBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};

use bytes::Bytes;
use proptest::prelude::*;
use segmenta::dataset::csv::Record;
use segmenta::dataset::{ColumnKind, Dataset, OnError, Source, Values};

use super::{message, read};

fn written(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn customers() -> Vec<(&'static str, ArrayRef)> {
    let mut city = StringDictionaryBuilder::<Int32Type>::new();
    city.extend(["Rome", "Bandung", "Rome"].map(Some));
    vec![
        ("visits", Arc::new(Int64Array::from(vec![Some(3), None, Some(7)]))),
        ("code", Arc::new(Int64Array::from(vec![9_007_199_254_740_993, 2, 3]))),
        ("spent", Arc::new(Float64Array::from(vec![12.5, f64::NAN, 0.1]))),
        ("vip", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]))),
        ("note", Arc::new(StringArray::from(vec![Some("größe"), None, Some("x")]))),
        ("city", Arc::new(city.finish())),
        ("since", Arc::new(Date32Array::from(vec![0, 20_000, 1]))),
        ("seen", Arc::new(TimestampMicrosecondArray::from(vec![0, 1_000_000, 2]))),
        (
            "price",
            Arc::new(
                Decimal128Array::from(vec![125, -5, 0]).with_precision_and_scale(9, 2).unwrap(),
            ),
        ),
    ]
}

#[test]
fn columns_of_every_type() {
    for compression in
        [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())]
    {
        let data = read("t.parquet", written(customers(), compression)).unwrap();
        let column = |name: &str| &data.columns()[data.column_index(name).unwrap()];
        assert_eq!((column("visits").number(0), column("visits").is_missing(1)), (Some(3.0), true));
        assert_eq!(column("code").text(0), Some("9007199254740993"));
        assert_eq!((column("spent").number(2), column("spent").is_missing(1)), (Some(0.1), true));
        assert_eq!(
            (column("vip").kind(), column("vip").text(1)),
            (ColumnKind::YesNo, Some("false"))
        );
        assert_eq!(column("note").text(0), Some("größe"));
        assert_eq!(column("city").categories(), ["Bandung", "Rome"]);
        assert_eq!(
            (column("since").kind(), column("since").text(1)),
            (ColumnKind::Date, Some("2024-10-04"))
        );
        assert_eq!(column("seen").text(1), Some("1970-01-01 00:00:01"));
        assert_eq!(column("price").numbers(), Some(&[1.25, -0.05, 0.0][..]));
    }
}

#[test]
fn packed_files_are_unpacked_first() {
    let bytes = written(customers(), Compression::SNAPPY);
    let packed = zstd::encode_all(&bytes[..], 1).unwrap();
    let data = read("t.parquet.zst", packed).unwrap();
    let plain = read("t.parquet", bytes).unwrap();
    let shown = |data: &Dataset| format!("{:?}", data.columns());
    assert_eq!(shown(&data), shown(&plain));
    assert_eq!(data.n_rows(), 3);
}

#[test]
fn files_that_are_cut_short_or_damaged() {
    let bytes = written(customers(), Compression::SNAPPY);
    for length in [4, 8, bytes.len() / 2, bytes.len() - 1] {
        let error = message(read("t.parquet", &bytes[..length]));
        assert!(
            error.starts_with("t.parquet: the Parquet file is cut short or damaged"),
            "{error}"
        );
    }
}

#[test]
fn nested_columns_are_named() {
    let mut list = ListBuilder::new(arrow_array::builder::Int64Builder::new());
    list.append_value([Some(1), Some(2)]);
    let column: ArrayRef = Arc::new(list.finish());
    let error = message(read("t.parquet", written(vec![("orders", column)], Compression::SNAPPY)));
    assert!(
        error.starts_with("t.parquet: the column \"orders\" holds a list or a structure;"),
        "{error}"
    );
}

#[test]
fn many_batches_in_several_files_beside_csv() {
    let folder = tempfile::tempdir().unwrap();
    let numbers: Vec<f64> = (0..40_000).map(f64::from).collect();
    let mut paths = Vec::new();
    for name in ["a.parquet", "b.parquet"] {
        let column: ArrayRef = Arc::new(Float64Array::from(numbers.clone()));
        let path = folder.path().join(name);
        std::fs::write(&path, written(vec![("spent", column)], Compression::SNAPPY)).unwrap();
        paths.push(path);
    }
    let expected = [&numbers[..], &numbers].concat();
    let data = Dataset::read(&Source::open_all(&paths).unwrap(), OnError::Fail).unwrap();
    assert_eq!(data.columns()[0].numbers(), Some(&expected[..]));
    let csv = folder.path().join("c.csv");
    std::fs::write(&csv, "spent\n0.5\n").unwrap();
    paths.insert(0, csv);
    let data = Dataset::read(&Source::open_all(&paths).unwrap(), OnError::Fail).unwrap();
    assert_eq!(data.columns()[0].numbers(), Some(&[&[0.5], &expected[..]].concat()[..]));
}

/// The same file, with other claims about its groups of rows.
fn with_claims(
    bytes: &[u8],
    claim: impl Fn(RowGroupMetaDataBuilder) -> RowGroupMetaDataBuilder,
) -> Vec<u8> {
    let all = Bytes::copy_from_slice(bytes);
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&all).unwrap();
    let groups = metadata.row_groups().iter();
    let groups = groups.map(|group| claim(group.clone().into_builder()).build().unwrap());
    let n_rows = groups.clone().map(|group| group.num_rows()).fold(0, i64::wrapping_add);
    let old = metadata.file_metadata();
    let file = FileMetaData::new(old.version(), n_rows, None, None, old.schema_descr_ptr(), None);
    let metadata = ParquetMetaData::new(file, groups.collect());
    let mut footer = Vec::new();
    ParquetMetaDataWriter::new(&mut footer, &metadata).finish().unwrap();
    [bytes, &footer].concat()
}

#[test]
fn files_that_claim_more_than_they_hold() {
    let bytes = written(customers(), Compression::SNAPPY);
    assert_eq!(read("t.parquet", with_claims(&bytes, |group| group)).unwrap().n_rows(), 3);
    for claim in [4, 5_000_000, i64::MAX / 1000, i64::MAX, -1] {
        let error =
            message(read("t.parquet", with_claims(&bytes, |group| group.set_num_rows(claim))));
        assert!(
            error.starts_with("t.parquet: the Parquet file is cut short or damaged ("),
            "{claim}: {error}"
        );
    }
}

/// A file of one column after the other, in groups of so many rows.
fn in_groups(columns: Vec<(&str, ArrayRef)>, n_rows: usize, has_codes: bool) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(n_rows))
        .set_dictionary_enabled(has_codes)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn a_code_in_the_last_group_makes_all_of_its_column_text() {
    let mut codes: Vec<i64> = (0..1000).collect();
    codes.push(i64::MAX);
    let column: ArrayRef = Arc::new(Int64Array::from(codes));
    let data = read("t.parquet", in_groups(vec![("code", column)], 100, false)).unwrap();
    let column = &data.columns()[0];
    assert_eq!((column.text(7), column.text(1000)), (Some("7"), Some("9223372036854775807")));
    assert_eq!(column.n_rows(), 1001);
}

#[test]
fn texts_of_which_few_or_all_differ() {
    let cells = |n_distinct: usize| (0..20_000).map(move |i| format!("text {}", i % n_distinct));
    for (n_distinct, has_codes) in [(5, true), (5, false), (6000, true), (20_000, true)] {
        let column: ArrayRef = Arc::new(cells(n_distinct).map(Some).collect::<StringArray>());
        let data = read("t.parquet", in_groups(vec![("t", column)], 3000, has_codes)).unwrap();
        let column = &data.columns()[0];
        assert_eq!(column.categories().len(), n_distinct);
        assert!((0..20_000).map(|row| column.text(row).unwrap()).eq(cells(n_distinct)));
        let kind = if n_distinct == 5 { ColumnKind::Categorical } else { ColumnKind::Text };
        assert_eq!(column.kind(), kind);
    }
}

proptest! {
    #[test]
    fn columns_at_once_hold_what_rows_hold(
        rows in prop::collection::vec(
            (
                prop::option::of(prop_oneof![9 => -9_i64..9, 1 => any::<i64>()]),
                prop::option::of(any::<i32>().prop_map(|x| f64::from(x) / 8.0)),
                prop::option::of("[a-c]{0,2}"),
                prop::option::of("[a-z]{8}"),
                any::<Option<bool>>(),
            ),
            1..60,
        ),
        length in 1_usize..30,
        has_codes in any::<bool>(),
    ) {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("whole", Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>())),
            ("real", Arc::new(rows.iter().map(|row| row.1).collect::<Float64Array>())),
            ("few", Arc::new(rows.iter().map(|row| row.2.as_deref()).collect::<StringArray>())),
            ("many", Arc::new(rows.iter().map(|row| row.3.as_deref()).collect::<StringArray>())),
            ("flag", Arc::new(rows.iter().map(|row| row.4).collect::<BooleanArray>())),
        ];
        let source = Source::new("t.parquet", in_groups(columns, length, has_codes));
        let data = Dataset::read(&source, OnError::Fail).unwrap();
        let mut record = Record::default();
        let mut reader = source.rows().unwrap();
        for row in 0..rows.len() {
            prop_assert!(reader.read(&mut record).unwrap());
            let cells = data.columns().iter().map(|column| match column.values() {
                Values::Numbers(numbers) if numbers[row].is_nan() => String::new(),
                Values::Numbers(numbers) => numbers[row].to_string(),
                Values::Text(texts) => texts[row].to_owned(),
            });
            prop_assert!(cells.eq(record.cells()), "row {}: {:?}", row, record);
        }
        prop_assert!(!reader.read(&mut record).unwrap());
        prop_assert_eq!(data.n_rows(), rows.len());
    }
}
