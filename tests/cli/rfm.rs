//! From a log of transactions to customers, and on to segments.

use std::fmt::Write;

use serde_json::Value;

use crate::run::{finish, run, run_with_input, segmenta};

/// A log in the shape of the UCI Online Retail data.
const RETAIL: &str = "\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,\"HOLDER, WHITE\",6,12/1/2010 8:26,2.55,17850,United Kingdom
536365,71053,LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom
536366,22633,HAND WARMER,6,12/1/2010 8:28,1.85,17850,United Kingdom
536370,22728,ALARM CLOCK,24,12/1/2010 8:45,3.75,12583,France
536380,22961,JAM SET,2,12/1/2010 9:41,1.45,,United Kingdom
C536379,D,Discount,-1,12/1/2010 9:41,27.5,14527,United Kingdom
536403,22867,HAND WARMER,96,12/13/2010 11:27,1.85,12791,Netherlands
C536500,22728,ALARM CLOCK,-4,12/14/2010 11:01,3.75,12583,France
536501,21169,FREE SAMPLE,1,12/14/2010 11:10,0,12791,Netherlands
536600,22728,ALARM CLOCK,4,1/3/2011 10:00,3.75,12583,France
";

const COLUMNS: [&str; 10] = [
    "--customer",
    "CustomerID",
    "--date",
    "invoicedate",
    "--quantity",
    "Quantity",
    "--price",
    "UnitPrice",
    "--order",
    "InvoiceNo",
];

const BY_AMOUNT: [&str; 8] = ["rfm", "-", "--customer", "who", "--date", "day", "--amount", "paid"];

#[test]
fn customers_go_to_standard_output_and_a_summary_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let args = [&["rfm", "-", "--as-of", "2010-12-31"], &COLUMNS[..]].concat();
    let ran = run_with_input(folder.path(), &args, RETAIL).ok();
    insta::assert_snapshot!("rfm", format!("{}\n{}", ran.stdout, ran.stderr));
}

#[test]
fn a_file_of_customers_can_be_learned_from() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = "who,day,paid\n".to_owned();
    for customer in 0..60 {
        // A third buys often and much, a third has stayed away, a third has only just come.
        let (months, amount) = [(1..12, 900), (1..2, 40), (11..12, 30)][customer % 3].clone();
        for month in months {
            let _ = writeln!(
                log,
                "{customer},{}/{month}/2026,{}",
                13 + customer % 9,
                amount + customer
            );
        }
    }
    std::fs::write(folder.path().join("orders.csv"), log).unwrap();
    let args = ["rfm", "orders.csv", "--customer", "who", "--date", "day", "--amount", "paid"];
    let ran = run(folder.path(), &[&args[..], &["--out", "customers.csv"]].concat()).ok();
    assert_eq!(ran.stdout, "");
    assert_eq!(
        ran.stderr,
        "60 customers of 260 rows, as of 2026-11-21, dates read as day/month/year\n\
         Written to customers.csv; learn segments with: segmenta train customers.csv\n"
    );
    let trained =
        run(folder.path(), &["train", "customers.csv", "--n-clusters", "3", "--json"]).ok();
    let trained = trained.json();
    assert_eq!(trained["features"], serde_json::json!(["recency", "frequency", "monetary"]));
    let mut personas: Vec<&str> = trained["segments"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|s| s["persona"].as_str())
        .collect();
    personas.sort_unstable();
    assert_eq!(personas, ["Champions", "Lost", "New"]);
}

#[test]
fn the_summary_is_there_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let log = "who,day,paid\n7,2026-11-01,10\n7,2026-11-02,ten\n,2026-11-02,1\n";
    let options = ["--on-error", "skip", "--json", "--out", "customers.csv"];
    let ran = run_with_input(folder.path(), &[&BY_AMOUNT[..], &options].concat(), log).ok();
    assert_eq!(ran.stderr, "");
    let json = ran.json();
    assert_eq!((&json["customers"], &json["rows"]), (&Value::from(1), &Value::from(3)));
    assert_eq!((&json["as_of"], &json["date_order"]), (&Value::from("2026-11-01"), &Value::Null));
    assert_eq!(
        (&json["skipped"], &json["rows_without_customer"]),
        (&Value::from(1), &Value::from(1))
    );
    assert!(json["skipped_rows"][0].as_str().unwrap().contains("row 3, column \"paid\""));
    assert_eq!(
        std::fs::read_to_string(folder.path().join("customers.csv")).unwrap(),
        "who,recency,frequency,monetary,average_basket,tenure,returns_share\n7,0,1,10,10,0,0\n"
    );
    let ran = run_with_input(folder.path(), &[&BY_AMOUNT[..], &["--json"]].concat(), log);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.stderr,
        "error: --json prints a summary; name a file for the customers with --out\n"
    );
}

#[test]
fn numbers_are_written_as_the_log_writes_them() {
    let folder = tempfile::tempdir().unwrap();
    let log =
        "who;day;paid\n\"Ada; A\";25.11.2026;1.250,50\nAda;5 Mei 2026;10\nAda;5 Mei 2026;-2,5\n";
    let ran = run_with_input(folder.path(), &BY_AMOUNT, log).ok();
    assert_eq!(
        ran.stdout,
        "who;recency;frequency;monetary;average_basket;tenure;returns_share\n\
         Ada;204;1;7,5;10;204;0,25\n\"Ada; A\";0;1;1250,5;1250,5;0;0\n"
    );
}

#[test]
fn options_may_come_from_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = segmenta(folder.path());
    command.args(["rfm", "-"]).write_stdin("who,day,paid\n7,3/4/2026,10\n");
    for (name, value) in [
        ("CUSTOMER", "who"),
        ("DATE", "day"),
        ("AMOUNT", "paid"),
        ("DATE_ORDER", "mdy"),
        ("AS_OF", "2026-03-14"),
        ("ORDER", ""),
    ] {
        command.env(format!("SEGMENTA_{name}"), value);
    }
    assert!(finish(command).ok().stdout.ends_with("\n7,10,1,10,10,10,0\n"));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let log = "who,day,paid,n\n7,3/4/2026,10,1\n";
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    let named = ["--customer", "who", "--date", "day"];
    for (args, expected) in [
        (&["--amount", "paid"][..], "say which with --date-order dmy or mdy\n"),
        (&["--amount", "cost", "--date-order", "dmy"], "there is no column \"cost\""),
        (&["--amount", "day", "--date-order", "dmy"], "\"3/4/2026\" is not a number"),
        (&["--amount", "paid", "--date-order", "ymd"], "as the dates of this column are"),
        (&["--amount", "paid", "--as-of", "2026-02-31"], "as_of = 2026-02-31: a day is needed"),
        (&["--amount", "paid", "--as-of", "2020-01-01", "--date-order", "dmy"], "--as-of gives\n"),
        (&["--quantity", "n"], "--price <NAME>"),
        (&["--amount", "paid", "--quantity", "n", "--price", "paid"], "cannot be used with"),
        (&[], "required arguments were not provided"),
        (&["--amount", "paid", "--out", "log.csv"], "this file is read; write to another one"),
        (&["--amount", "paid", "--out", "a/b.csv"], "there is no folder a; make it first"),
    ] {
        let ran = run(folder.path(), &[&["rfm", "log.csv"], &named[..], args].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
    let ran = run(folder.path(), &[&["rfm", "none.csv", "--amount", "paid"], &named[..]].concat());
    assert_eq!(ran.code, 2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}

#[test]
fn amounts_with_a_currency_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let log = "who;day;paid\n1;2026-11-01;$1,234.50\n2;2026-11-03;($4)\n2;2026-11-03;$10\n";
    let ran = run_with_input(folder.path(), &BY_AMOUNT, log).ok();
    assert!(
        ran.stderr.starts_with(
            "2 customers of 3 rows, as of 2026-11-03, amounts in $ with a decimal point\n"
        ),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("\n1;2;1;1234,5;"), "{}", ran.stdout);
    let doubtful = "who,day,paid\n1,2026-11-01,1.250 EUR\n2,2026-11-01,2.500 EUR\n";
    let ran = run_with_input(folder.path(), &BY_AMOUNT, doubtful);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--decimal point or comma"), "{}", ran.stderr);
    let given = [&BY_AMOUNT[..], &["--decimal", "comma"]].concat();
    let ran = run_with_input(folder.path(), &given, doubtful).ok();
    assert!(ran.stdout.contains("\n1,0,1,1250,"), "{}", ran.stdout);
}
