//! The same data give the same figures wherever they are passed over: in memory, in passes over files, by the query
//! engine, and as SQL.

#![cfg(feature = "engine")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/customers.rs"]
#[allow(dead_code)]
mod customers;
#[path = "common/tables.rs"]
mod tables;

use std::path::{Path, PathBuf};

use customers::customers;
use segmenta::dataset::{Dataset, OnError, ReadOptions, Scan, Source, Table};
use segmenta::engine::Session;
use segmenta::export::sql;
use segmenta::model::{
    Journal, Model, NClusters, Progress, Stage, Streamed, TrainOptions, train, train_out_of_core,
};
use segmenta::personas::Language;
use tables::{close, numbers, parquet_of, same};
use tempfile::TempDir;

struct Unwatched;

impl Progress for Unwatched {
    fn begin(&self, _: usize, _: Stage, _: Option<u64>) {}
    fn read(&self, _: u64) {}
    fn found(&self, _: usize, _: usize) {}
}

fn options() -> TrainOptions {
    TrainOptions {
        features: vec!["visits".to_owned(), "spent".to_owned()],
        n_clusters: NClusters::Fixed(4),
        ..TrainOptions::new().unwrap()
    }
}

fn in_passes(table: &impl Table, options: &TrainOptions) -> segmenta::Result<Model> {
    let found = train_out_of_core(table, options, 10, Journal::default(), &Unwatched);
    found.map(|Streamed { model, .. }| model)
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn memory_files_and_queries_give_the_same_model() {
    let folder = TempDir::new().unwrap();
    let text = customers(0..30_000);
    let csv = written(folder.path(), "shop.csv", &text);
    let parquet = folder.path().join("shop.parquet");
    parquet_of(&text, &parquet, 5_000);
    let options = options();

    let source = Source::open(&csv).unwrap();
    let data = Dataset::read(&source, OnError::Fail).unwrap();
    let known = train(data, &options, |_| ()).unwrap().model;

    let session = Session::embedded().unwrap();
    for path in [csv, parquet] {
        let paths = [path];
        let scan = Scan::open(&paths, ReadOptions::default(), OnError::Fail).unwrap();
        same(&in_passes(&scan, &options).unwrap(), &known);
        let query = session.table(&paths).unwrap();
        same(&in_passes(&query, &options).unwrap(), &known);
    }
}

#[test]
fn sql_gives_what_the_model_says() {
    let folder = TempDir::new().unwrap();
    let text = customers(0..5_000);
    let parquet = folder.path().join("customers.parquet");
    parquet_of(&text, &parquet, 700);
    let session = Session::embedded().unwrap();
    let model =
        in_passes(&session.table(std::slice::from_ref(&parquet)).unwrap(), &options()).unwrap();

    // One of the two queries makes a step over all rows.
    let queries = sql(&model, Language::English);
    let step = queries.split(";\n").find(|query| query.contains("COUNT(*) AS size")).unwrap();
    let found = folder.path().join("found.parquet");
    let rows = session.sql(&[parquet], step).unwrap().write_parquet(&found).unwrap();
    assert_eq!(rows, 4);
    let columns = numbers(&found);
    let column = |name: &str| &columns[name];
    let wcss: f64 = column("wcss").iter().sum();
    close(wcss, model.kmeans.inertia, 1e-9);
    for (place, segment) in model.segments.iter().enumerate() {
        assert_eq!(column("cluster_id")[place], segment.cluster_id as f64);
        assert_eq!(column("size")[place], segment.size as f64);
    }
}

#[test]
fn joins_and_sums_make_features() {
    let folder = TempDir::new().unwrap();
    let people = written(folder.path(), "people.csv", "id,city\n1,Rome\n2,Oslo\n3,Rome\n");
    let orders =
        written(folder.path(), "orders-2026.csv", "customer;amount\n1;10.5\n2;3\n1;2\n3;4\n3;1\n");
    let session = Session::embedded().unwrap();
    let named = PathBuf::from(format!("orders={}", orders.display()));
    let query = "SELECT people.id, city, SUM(amount) AS monetary, COUNT(*) AS frequency \
                 FROM people JOIN orders ON people.id = orders.customer \
                 GROUP BY people.id, city ORDER BY people.id";
    let query = session.sql(&[people.clone(), named], query).unwrap();
    assert_eq!(query.headers(), ["id", "city", "monetary", "frequency"]);
    let path = folder.path().join("made.parquet");
    assert_eq!(query.write_parquet(&path).unwrap(), 3);
    let columns = numbers(&path);
    assert_eq!(columns["monetary"], [12.5, 3.0, 5.0]);
    assert_eq!(columns["frequency"], [2.0, 1.0, 2.0]);

    let told = |paths: &[PathBuf], sql: &str| session.sql(paths, sql).unwrap_err().to_string();
    let people = [people];
    assert!(told(&people, "SELECT nothing FROM people").contains("nothing"));
    assert!(told(&people, "SELECT 1 FROM nowhere").ends_with("not found; the tables are people"));
    assert!(told(&people, "SELEC").starts_with("--sql: "));
    let target = folder.path().join("stolen.csv");
    let copy = format!("COPY people TO '{}'", target.display());
    assert!(told(&people, &copy).starts_with("--sql: "));
    let create = "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'";
    assert!(told(&people, create).starts_with("--sql: "));
    assert!(!target.exists());
    let twice = [people[0].clone(), people[0].clone()];
    assert!(told(&twice, "SELECT 1").contains("two tables are called \"people\""));
}

#[test]
fn what_is_wrong_with_data_is_told_with_its_place() {
    let folder = TempDir::new().unwrap();
    let session = Session::embedded().unwrap();
    let refused = |path: &Path| {
        let query = session.table(&[path.to_owned()]);
        query.and_then(|query| in_passes(&query, &options())).unwrap_err().to_string()
    };
    let mut text = customers(0..100);
    text.push_str("100,many,5,Rome\n");
    let told = refused(&written(folder.path(), "a.csv", &text));
    assert!(
        told.contains("a.csv") && told.contains("\"visits\"") && told.contains("many"),
        "{told}"
    );

    let told = refused(&written(folder.path(), "b.csv", "id,visits,spent\n"));
    assert!(told.contains("there are no customers in it"), "{told}");

    let told = refused(&written(folder.path(), "e.csv", ""));
    assert!(told.contains("e.csv: there is nothing in this file"), "{told}");

    let told = refused(&written(folder.path(), "c.csv.gz", "x"));
    assert!(told.contains("c.csv.gz") && told.contains("unpack"), "{told}");

    let told = refused(&folder.path().join("nowhere.parquet"));
    assert!(told.contains("nowhere.parquet"), "{told}");

    let parquet = folder.path().join("d.parquet");
    parquet_of(&customers(0..20_000), &parquet, 5_000);
    let mut bytes = std::fs::read(&parquet).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle..middle + 2_000].fill(0xff);
    std::fs::write(&parquet, bytes).unwrap();
    let told = refused(&parquet);
    assert!(told.contains("d.parquet"), "{told}");
}

#[test]
fn a_file_of_other_types_is_told() {
    let folder = TempDir::new().unwrap();
    let session = Session::embedded().unwrap();
    parquet_of("x,y\n1,2\n3,4\n", &folder.path().join("a.parquet"), 10);
    parquet_of("x,y\n1,two\n3,four\n", &folder.path().join("b.parquet"), 10);
    let told = session.table(&[folder.path().to_owned()]).unwrap_err().to_string();
    assert!(told.contains('y') && told.contains("Float64") && told.contains("Utf8"), "{told}");
}
