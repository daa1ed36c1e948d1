//! What a log of transactions becomes: the treatment of its rows, and laws that hold for any log.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use segmenta::dataset::date::DateOrder;
use segmenta::dataset::number::DecimalMark;
use segmenta::dataset::{Input, OnError, ReadOptions, TableReader};
use segmenta::rfm::{AmountColumns, LogColumns, Rfm, RfmOptions, TableRows};
use segmenta::{Error, Result};

fn options() -> RfmOptions {
    let name = str::to_owned;
    RfmOptions::new(LogColumns {
        customer: name("who"),
        date: name("day"),
        amount: AmountColumns::Amount(name("paid")),
        order: None,
    })
}

fn by_order() -> RfmOptions {
    let mut options = options();
    options.columns.order = Some("order".to_owned());
    options
}

fn read(text: &str, options: &RfmOptions) -> Result<Rfm> {
    let input = Input::bytes("log.csv", text.as_bytes());
    let reader = TableReader::open([input], ReadOptions::default())?;
    Rfm::read(&mut TableRows::new(reader), options)
}

fn message(text: &str, options: &RfmOptions) -> String {
    let error = read(text, options).unwrap_err();
    assert!(error.is_input());
    error.to_string()
}

/// Recency, frequency, monetary, average basket, tenure and share of returns of the only customer.
fn only(found: &Rfm) -> (i64, u64, f64, f64, i64, f64) {
    let [only] = found.customers.as_slice() else { panic!("{:?}", found.customers) };
    let c = only;
    (c.recency, c.frequency, c.monetary, c.average_basket, c.tenure, c.returns_share)
}

#[test]
fn returns_lower_monetary_and_are_no_purchases() {
    let log = "who,day,paid\n7,2026-11-01 09:00,20.10\n7,2026-11-01 18:00,9.90\n7,2026-11-11,70\n\
               7,2026-10-01,-5\n7,2026-11-30,-20\n7,2026-12-01,0\n";
    let found = read(log, &options()).unwrap();
    assert_eq!(only(&found), (20, 2, 75.0, 50.0, 30, 0.25));
    assert_eq!(found.as_of, date(2026, 12, 1));
    let counts = found.counts;
    assert_eq!((counts.rows, counts.returns, counts.cancelled, counts.free), (6, 2, 0, 1));
}

#[test]
fn orders_are_counted_by_their_ids_where_these_are_known() {
    let log = "who,order,day,paid\n7,1,2026-11-01,10\n7,2,2026-11-01,10\n7,1,2026-11-01,10\n\
               7,3,2026-11-02,10\n7,C1,2026-11-03,10\n7,CA-4,2026-11-04,10\n8,1,2026-11-04,1\n";
    let found = read(log, &by_order()).unwrap();
    let frequencies: Vec<u64> = found.customers.iter().map(|customer| customer.frequency).collect();
    assert_eq!(frequencies, [4, 1]);
    assert_eq!(found.customers[0].monetary, 40.0);
    assert_eq!((found.counts.returns, found.counts.cancelled), (1, 1));
    let found = read(log, &options()).unwrap();
    assert_eq!((found.customers[0].frequency, found.customers[0].monetary), (4, 60.0));
    let none = RfmOptions { cancelled_prefix: String::new(), ..by_order() };
    assert_eq!(read(log, &none).unwrap().customers[0].frequency, 5);
}

#[test]
fn rows_that_are_left_out_are_counted() {
    let log = "who,day,paid\n7,2026-11-01,10\n,2026-11-02,10\n NaN ,never,much\n7,2026-11-20,10\n\
               8,2026-11-02,-10\n9,2026-11-03,0\n";
    let options = RfmOptions { as_of: Some(date(2026, 11, 19)), ..options() };
    let found = read(log, &options).unwrap();
    assert_eq!(only(&found), (18, 1, 10.0, 10.0, 18, 0.0));
    let counts = found.counts;
    assert_eq!((counts.without_customer, counts.after_as_of, counts.without_purchase), (2, 1, 2));
}

#[test]
fn bad_rows_are_errors_or_are_skipped() {
    let log = "who,day,paid\n7,2026-11-01,10\n7,2026-11-01,ten\n7,31/02/2026,10\n7,,10\n7,2026-11-01,\n\
               7\n7,2026-11-01,1e16\n7,2026-11-02,5\n";
    assert_eq!(
        message(log, &options()),
        "log.csv, row 3, column \"paid\": \"ten\" is not a number"
    );
    let skipping = RfmOptions { on_error: OnError::Skip, ..options() };
    let found = read(log, &skipping).unwrap();
    assert_eq!(only(&found), (0, 2, 15.0, 7.5, 1, 0.0));
    assert_eq!((found.counts.rows, found.counts.skipped), (8, 6));
    let problems: Vec<String> = found.skipped.iter().map(Error::to_string).collect();
    assert_eq!(
        problems[1..],
        [
            "log.csv, row 4, column \"day\": \"31/02/2026\" is no day of the calendar",
            "log.csv, row 5, column \"day\": the cell is empty, a date is needed",
            "log.csv, row 6, column \"paid\": the cell is empty, a number is needed",
            "log.csv, row 7: 1 cell found, the header has 3",
            "log.csv, row 8, column \"paid\": 1e16 is too large to compute with",
        ]
    );
}

#[test]
fn a_log_that_nothing_can_be_made_of_says_why() {
    let early = RfmOptions { as_of: Some(date(2000, 1, 1)), ..options() };
    let skipping = RfmOptions { on_error: OnError::Skip, ..options() };
    for (text, options, expected) in [
        ("", options(), "the file is empty"),
        ("who,day,paid\n", options(), "there are no transactions in it"),
        ("who,paid\n7,1\n", options(), "there is no column \"day\"; the columns are who, paid"),
        ("who,day,paid\n7,2026-11-01,1\n", by_order(), "there is no column \"order\""),
        ("who,day,paid\n,2026-11-01,1\n", options(), "no row names a customer"),
        ("who,day,paid\n7,2026-11-01,1\n", early, "all rows are later than the day"),
        ("who,day,paid\n7,2026-11-01,-1\n", options(), "no row has an amount above 0"),
        ("who,order,day,paid\n7,C1,2026-11-01,1\n", by_order(), "--cancelled-prefix"),
        ("who,day,paid\n7,x,1\n", skipping, "no row of it can be used"),
    ] {
        let message = message(text, &options);
        assert!(message.starts_with("log.csv: ") && message.contains(expected), "{message}");
    }
    let mut taken = options();
    taken.columns.customer = "recency".to_owned();
    assert!(message("recency,day,paid\n7,2026-11-01,1\n", &taken).contains("\"recency\" is added"));
}

#[test]
fn one_date_decides_for_the_rows_before_it_and_behind_it() {
    let open = "7,03/04/2026,10\n8,05/04/2026,10\n7,1 May 2026,10\n";
    for (deciding, order, recency) in [
        ("7,25/04/2026,1\n", DateOrder::DayFirst, 26),
        ("7,04/25/2026,1\n", DateOrder::MonthFirst, 0),
    ] {
        for rows in [format!("{open}{deciding}"), format!("{deciding}{open}")] {
            let found = read(&format!("who,day,paid\n{rows}"), &options()).unwrap();
            assert_eq!((found.date_order, found.customers[1].recency), (Some(order), recency));
            assert_eq!(found.as_of, date(2026, 5, if recency == 0 { 4 } else { 1 }));
        }
    }
}

#[test]
fn dates_that_nothing_decides_are_refused() {
    let log = "who,day,paid\n7,2026-04-01,10\n7, 03/04/2026 ,10\n7,05/06/2026,10\n";
    assert_eq!(
        message(log, &options()),
        "log.csv, column \"day\": \"03/04/2026\" may begin with the day or with the month, and no other \
         date tells; say which with --date-order dmy or mdy"
    );
    for (order, recency) in [(DateOrder::DayFirst, 0), (DateOrder::MonthFirst, 0)] {
        let known = RfmOptions { date_order: Some(order), ..options() };
        assert_eq!(read(log, &known).unwrap().customers[0].recency, recency);
    }
    let mixed = "who,day,paid\n7,25/04/2026,10\n7,04/25/2026,10\n";
    assert_eq!(
        message(mixed, &options()),
        "log.csv, row 3, column \"day\": \"04/25/2026\" is no day when it is read as day/month/year, as \
         the dates of this column are"
    );
}

/// A log of one customer who pays these amounts, one a day.
fn of_amounts(amounts: &[&str]) -> String {
    let mut text = "who,day,paid\n".to_owned();
    for (place, amount) in amounts.iter().enumerate() {
        let _ = writeln!(text, "7,2026-11-{:02},\"{amount}\"", place + 1);
    }
    text
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for (amounts, monetary, decimal, unit) in [
        (&["$1,234.50", "-$5", "10"][..], 1239.5, DecimalMark::Point, Some("$")),
        (&["Rp 1.250.000", "Rp 950"], 1_250_950.0, DecimalMark::Comma, Some("Rp")),
        (&["Rp 1.250", "Rp 1.250.000"], 1_251_250.0, DecimalMark::Comma, Some("Rp")),
        (&["1.234,50 €", "1,5 €"], 1236.0, DecimalMark::Comma, Some("€")),
        (&["(12.00)", "20.00"], 8.0, DecimalMark::Point, None),
        (&["1,234", "12"], 1246.0, DecimalMark::Point, None),
        (&["1,234", "12,5", "1.000,25"], 1013.984, DecimalMark::Comma, None),
        (&["1 250", "12,5"], 1262.5, DecimalMark::Comma, None),
        (&["1'250.5", "1’000"], 2250.5, DecimalMark::Point, None),
        (&["0", "$5", "0.00"], 5.0, DecimalMark::Point, Some("$")),
    ] {
        let mut reversed = amounts.to_vec();
        reversed.reverse();
        for amounts in [amounts, &reversed] {
            let found = read(&of_amounts(amounts), &options()).unwrap();
            assert_eq!(found.customers[0].monetary, monetary, "{amounts:?}");
            assert_eq!((found.decimal, found.unit), (decimal, unit), "{amounts:?}");
        }
    }
}

#[test]
fn amounts_that_nothing_decides_are_refused() {
    for (amounts, expected) in [
        (
            &["5 €", "1.200 €", "2.500 €"][..],
            "log.csv, column \"paid\": \"1.200 €\" may have thousands or thousandths, and no other amount \
             tells; say which mark is the decimal one with --decimal point or comma",
        ),
        (
            &["12,50", "3"],
            "log.csv, row 2, column \"paid\": \"12,50\" is no number with a decimal point, as numbers are \
             read here; if the other mark is the decimal one, say so with --decimal",
        ),
        (
            &["1.234,50", "12.50"],
            "log.csv, row 3, column \"paid\": \"12.50\" is no number with a decimal comma, as numbers are \
             read here; if the other mark is the decimal one, say so with --decimal",
        ),
        (
            &["$5", "5 €"],
            "log.csv, row 3, column \"paid\": \"5 €\" is not in $ as amounts above it are; only amounts of \
             one unit add up",
        ),
        (&["0.12", "12 %"], "log.csv, row 3, column \"paid\": \"12 %\" is not in numbers without"),
        (&["$5", "$five"], "log.csv, row 3, column \"paid\": \"$five\" is not a number"),
    ] {
        let message = message(&of_amounts(amounts), &options());
        assert!(message.starts_with(expected), "{message}");
    }
    let text = of_amounts(&["5 €", "1.200 €"]);
    for (mark, monetary) in [(DecimalMark::Point, 6.2), (DecimalMark::Comma, 1205.0)] {
        let given = ReadOptions { decimal: Some(mark), ..ReadOptions::default() };
        let reader = TableReader::open([Input::bytes("log.csv", text.as_bytes())], given).unwrap();
        let found = Rfm::read(&mut TableRows::new(reader), &options()).unwrap();
        assert_eq!(found.customers[0].monetary, monetary);
    }
}

#[test]
fn where_rows_may_be_left_out_the_mark_that_more_rows_fit_is_meant() {
    let skipping = RfmOptions { on_error: OnError::Skip, ..options() };
    let found =
        read(&of_amounts(&["12.50", "1.234,50", "ten", "2.000,00", "5"]), &skipping).unwrap();
    assert_eq!((found.customers[0].monetary, found.counts.skipped), (3239.5, 2));
    let rows: Vec<String> = found.skipped.iter().map(Error::to_string).collect();
    assert!(
        rows[0].starts_with("log.csv, row 2,") && rows[1].starts_with("log.csv, row 4,"),
        "{rows:?}"
    );
    let found = read(&of_amounts(&["12.50", "1.234,50", "3.25", "5"]), &skipping).unwrap();
    assert_eq!((found.customers[0].monetary, found.counts.skipped), (20.75, 1));
}

#[test]
fn a_price_and_its_quantity_have_one_decimal_mark() {
    let by_piece = RfmOptions::new(LogColumns {
        amount: AmountColumns::Product { quantity: "n".to_owned(), price: "each".to_owned() },
        ..options().columns
    });
    let log = "who,day,n,each\n7,2026-11-01,3,\"€ 1.200\"\n7,2026-11-02,\"1,5\",\"€ 2\"\n";
    assert_eq!(read(log, &by_piece).unwrap().customers[0].monetary, 3603.0);
}

#[test]
fn customers_come_in_the_order_of_their_numbers_or_names() {
    for (ids, expected) in [
        (["10", "9", "-1", "9.5"], ["-1", "9", "9.5", "10"]),
        (["10", "9", "b", "B"], ["10", "9", "B", "b"]),
    ] {
        let rows: String = ids.map(|id| format!("{id},2026-11-01,1\n")).concat();
        let found = read(&format!("who,day,paid\n{rows}"), &options()).unwrap();
        let ids: Vec<&str> = found.customers.iter().map(|customer| customer.id.as_str()).collect();
        assert_eq!(ids, expected);
    }
}

/// A row: customer, day, order and amount in cents.
type Row = (u8, Date, u8, i64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let day = (0_i32..60).prop_map(|days| date(2026, 1, 1) + days.days());
    prop::collection::vec((0_u8..5, day, 0_u8..9, -20_000_i64..100_000), 1..60)
}

/// The log, with dates of which few decide their order.
fn log(rows: &[Row], order: DateOrder) -> String {
    let mut text = "who,day,order,paid\n".to_owned();
    for (who, day, id, cents) in rows {
        let (y, m, d) = (day.year(), day.month(), day.day());
        let day = match order {
            DateOrder::YearFirst => format!("{y}-{m:02}-{d:02}"),
            DateOrder::DayFirst => format!("{d}/{m}/{y}"),
            DateOrder::MonthFirst => format!("{m}/{d}/{y}"),
        };
        let paid = format!(
            "{}{}.{:02}",
            if *cents < 0 { "-" } else { "" },
            cents.abs() / 100,
            cents.abs() % 100
        );
        let _ = writeln!(text, "{who},{day},{id},{paid}");
    }
    text
}

/// What is found, as far as it does not name lines of the file.
fn shown(rows: &[Row], order: DateOrder, options: &RfmOptions) -> String {
    match read(&log(rows, order), options) {
        Ok(found) => format!("{:?} {} {:?}", found.customers, found.as_of, found.counts),
        // Which date is shown as an example depends on the order of the rows.
        Err(Error::AmbiguousDates { .. }) => "ambiguous".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// An amount in cents as people in several countries write it.
fn written(cents: i64, form: &str) -> String {
    let whole = (cents.abs() / 100).to_string();
    let grouped = |mark: &str| {
        let groups: Vec<&str> = whole
            .as_bytes()
            .rchunks(3)
            .rev()
            .map(|group| std::str::from_utf8(group).unwrap())
            .collect();
        groups.join(mark)
    };
    let fraction = format!("{:02}", cents.abs() % 100);
    let minus = if cents < 0 { "-" } else { "" };
    match form {
        "$" => format!("\"{minus}${}.{fraction}\"", grouped(",")),
        "€" => format!("\"{minus}{},{fraction} €\"", grouped(".")),
        "kr" => format!("\"{minus}kr {},{fraction}\"", grouped("\u{a0}")),
        "()" if cents < 0 => format!("\"({}.{fraction})\"", grouped(",")),
        "()" => format!("\"{}.{fraction}\"", grouped(",")),
        _ => format!("{minus}{whole}.{fraction}"),
    }
}

proptest! {
    #[test]
    fn how_amounts_are_written_changes_nothing(
        rows in prop::collection::vec(
            (0_u8..5, 0_i32..60, -500_000_000_i64..2_000_000_000), 1..60),
        divisor in prop::sample::select(vec![1_i64, 1000, 1_000_000]),
        form in prop::sample::select(vec!["$", "€", "kr", "()"]),
    ) {
        let log = |form: &str| {
            let mut text = "who,day,paid\n".to_owned();
            for (who, day, cents) in &rows {
                let day = date(2026, 1, 1) + day.days();
                let _ = writeln!(text, "{who},{day},{}", written(cents / divisor, form));
            }
            text
        };
        for on_error in [OnError::Fail, OnError::Skip] {
            let options = RfmOptions { on_error, ..options() };
            let found = |form| match read(&log(form), &options) {
                Ok(found) => format!("{:?} {:?}", found.customers, found.counts),
                Err(error) => error.to_string(),
            };
            prop_assert_eq!(found("plain"), found(form));
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing(
        (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        order in prop::sample::select(vec![DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst]),
        as_of in prop::option::of((0_i32..60).prop_map(|days| date(2026, 1, 1) + days.days())),
    ) {
        for options in [options(), by_order()] {
            let options = RfmOptions { as_of, ..options };
            prop_assert_eq!(shown(&rows, order, &options), shown(&shuffled, order, &options));
        }
    }

    #[test]
    fn an_amount_in_parts_is_the_amount(rows in rows(), part in 1_i64..100) {
        // As large a part with the same sign, so that no part is a return of its own.
        let parts: Vec<Row> = rows
            .iter()
            .flat_map(|&(who, day, id, cents)| {
                let one = cents * part / 100;
                [(who, day, id, one), (who, day, id, cents - one)]
            })
            .collect();
        let order = DateOrder::YearFirst;
        let found = |rows: &[Row]| read(&log(rows, order), &options()).map(|found| found.customers).ok();
        prop_assert_eq!(found(&rows), found(&parts));
    }

    #[test]
    fn customers_add_up_to_the_log(rows in rows()) {
        let Ok(found) = read(&log(&rows, DateOrder::YearFirst), &options()) else { return Ok(()) };
        for customer in &found.customers {
            let own = || rows.iter().filter(|row| row.0.to_string() == customer.id);
            let bought = || own().filter(|row| row.3 > 0);
            let cents: i64 = own().map(|row| row.3).sum();
            let days: std::collections::HashSet<Date> = bought().map(|row| row.1).collect();
            let first = bought().map(|row| row.1).min().unwrap();
            let last = bought().map(|row| row.1).max().unwrap();
            let newest = rows.iter().map(|row| row.1).max().unwrap();
            prop_assert_eq!(customer.monetary, cents as f64 / 100.0);
            prop_assert_eq!(customer.frequency, days.len() as u64);
            prop_assert_eq!(customer.recency, i64::from((newest - last).get_days()));
            prop_assert_eq!(customer.tenure, i64::from((newest - first).get_days()));
        }
    }
}
