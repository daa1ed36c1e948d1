//! From transactions to customers: recency, frequency and monetary value (Hughes, Strategic Database
//! Marketing, 1994), and what goes with them.
//!
//! A log is read row after row, once and from anywhere. What is kept grows with the customers and with
//! the days on which each of them bought (or their orders, where these have ids), never with the rows.
//!
//! | of a customer | is |
//! |---|---|
//! | `recency` | days from the last purchase to the day as of which customers are described |
//! | `frequency` | how often they bought: orders by their ids, else days with a purchase |
//! | `monetary` | the sum of all purchases, less that of all returns |
//! | `average_basket` | the sum of all purchases by `frequency`: what a purchase is worth before returns |
//! | `tenure` | days from the first purchase to that day |
//! | `returns_share` | the sum of all returns by that of all purchases |
//!
//! Rows are often lines of an order, so counting them would count articles. Where orders have no ids, all
//! that was bought on a day is one purchase, which is also what Fader and Hardie count.
//!
//! **Returns and cancelled orders.** A negative amount is goods that came back. An order whose id is a
//! `C` and a number is a cancelled one, whatever its sign, as in the UCI Online Retail log. Both lower
//! `monetary` on whatever day they come, and are no purchase: they change neither recency nor frequency nor
//! tenure. Who returned goods that were bought before the log begins may have a negative `monetary`. A
//! customer who has no purchase at all is left out and counted. Rows of amount 0, such as free samples, are
//! counted and change nothing.
//!
//! **Amounts** are read as people write them: `$1,234.50`, `Rp 1.250.000`, `1.234,50 €`, `(12.00)`. All are of
//! one currency, or a row is refused. A quantity and a price have the same decimal mark. Which one that is, the
//! amounts tell as a column's do that is learned from, while they go by.

mod amount;
mod books;
mod ledger;
mod log;
mod marks;

use jiff::civil::Date;

pub use log::{RowSource, TableRows};

use crate::dataset::OnError;
use crate::dataset::date::DateOrder;
use crate::dataset::number::DecimalMark;
use crate::error::{Error, Result};
use books::Books;
use log::Places;
use marks::{Closed, Marks, Skipped};

/// So many of the rows that cannot be used are kept as errors; all are counted.
pub const LISTED: usize = 20;

/// Which columns of a log are what, by header or short name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogColumns {
    /// Who bought.
    pub customer: String,
    /// On which day, with or without a time.
    pub date: String,
    /// For how much.
    pub amount: AmountColumns,
    /// In which order, if the log says so.
    pub order: Option<String>,
}

/// Where a row's amount is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountColumns {
    /// In a column.
    Amount(String),
    /// It is the product of two columns.
    Product {
        /// How many.
        quantity: String,
        /// For how much each.
        price: String,
    },
}

/// What to make of a log.
#[derive(Debug, Clone)]
pub struct RfmOptions {
    /// Which columns are what.
    pub columns: LogColumns,
    /// What begins the id of a cancelled order, before a number; empty: nothing does.
    pub cancelled_prefix: String,
    /// The day as of which customers are described; later rows are left out. None: the day of the
    /// newest row that names a customer.
    pub as_of: Option<Date>,
    /// What comes first in dates. None: what the dates tell.
    pub date_order: Option<DateOrder>,
    /// What to do with a row that cannot be used.
    pub on_error: OnError,
}

impl RfmOptions {
    /// The defaults.
    pub fn new(columns: LogColumns) -> Self {
        Self {
            columns,
            cancelled_prefix: "C".to_owned(),
            as_of: None,
            date_order: None,
            on_error: OnError::Fail,
        }
    }
}

/// One customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// As it stands in the log.
    pub id: String,
    /// Days since the last purchase.
    pub recency: i64,
    /// How often they bought, at least 1.
    pub frequency: u64,
    /// The sum of purchases less returns.
    pub monetary: f64,
    /// The mean of purchases, to the sixth decimal.
    pub average_basket: f64,
    /// Days since the first purchase.
    pub tenure: i64,
    /// Returns by purchases, to the sixth decimal.
    pub returns_share: f64,
}

impl Customer {
    /// The headers of what is known of a customer, behind that of the id.
    pub const HEADERS: [&str; 6] =
        ["recency", "frequency", "monetary", "average_basket", "tenure", "returns_share"];

    /// What is known of the customer, in the order of the headers, with the decimal mark of a file.
    pub fn cells(&self, decimal: DecimalMark) -> [String; 6] {
        let number = |number: f64| match decimal {
            DecimalMark::Point => number.to_string(),
            DecimalMark::Comma => number.to_string().replace('.', ","),
        };
        [
            self.recency.to_string(),
            self.frequency.to_string(),
            number(self.monetary),
            number(self.average_basket),
            self.tenure.to_string(),
            number(self.returns_share),
        ]
    }
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Those that name no customer: left out.
    pub without_customer: u64,
    /// Those later than the day as of which customers are described: left out.
    pub after_as_of: u64,
    /// Those that cannot be used: left out.
    pub skipped: u64,
    /// Returns and cancelled orders: taken off.
    pub returns: u64,
    /// Those of them with a positive amount, which are cancelled by the order's id alone.
    pub cancelled: u64,
    /// Those of amount 0: they change nothing.
    pub free: u64,
    /// Customers who bought nothing: left out.
    pub without_purchase: u64,
}

/// The customers of a log.
#[derive(Debug)]
pub struct Rfm {
    /// In the order of their ids: as numbers if all are such, else as texts.
    pub customers: Vec<Customer>,
    /// The header of the column of ids.
    pub customer_header: String,
    /// The day as of which they are described.
    pub as_of: Date,
    /// What came first in dates. None: it made no difference.
    pub date_order: Option<DateOrder>,
    /// The decimal mark of the amounts.
    pub decimal: DecimalMark,
    /// What the amounts count: a currency as it is written, or `%`. None: they are bare numbers.
    pub unit: Option<&'static str>,
    /// What became of the rows.
    pub counts: Counts,
    /// The first [`LISTED`] rows that were left out because they cannot be used, each as the error that
    /// it would have been with [`OnError::Fail`].
    pub skipped: Vec<Error>,
}

impl Rfm {
    /// The customers as CSV with commas and decimal points.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail, and all rows have as many cells.
        let _ = writer
            .write_record(std::iter::once(self.customer_header.as_str()).chain(Customer::HEADERS));
        for customer in &self.customers {
            let cells = customer.cells(DecimalMark::Point);
            let _ = writer.write_record(std::iter::once(&customer.id).chain(&cells));
        }
        writer.into_inner().unwrap_or_default()
    }

    /// Reads a log to its end.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] and [`Error::AmbiguousColumn`]; [`Error::ReservedColumn`] when the column of
    /// ids has a name that is added behind it; with [`OnError::Fail`] the first [`Error::Row`] or
    /// [`Error::Cell`]; [`Error::AmbiguousDates`] and [`Error::AmbiguousDecimal`]; [`Error::Empty`] when no customer is left.
    ///
    /// ```
    /// use segmenta::dataset::{Input, ReadOptions, TableReader};
    /// use segmenta::rfm::{AmountColumns, TableRows, LogColumns, Rfm, RfmOptions};
    ///
    /// let log = "buyer,day,paid\n7,2026-11-01,20\n7,2026-11-11,40\n7,2026-11-20,-10\n";
    /// let input = Input::bytes("log.csv", log.as_bytes());
    /// let mut rows = TableRows::new(TableReader::open([input], ReadOptions::default())?);
    /// let columns = LogColumns {
    ///     customer: "buyer".to_owned(),
    ///     date: "day".to_owned(),
    ///     amount: AmountColumns::Amount("paid".to_owned()),
    ///     order: None,
    /// };
    /// let found = Rfm::read(&mut rows, &RfmOptions::new(columns))?;
    /// let customer = &found.customers[0];
    /// assert_eq!((customer.recency, customer.frequency, customer.monetary), (9, 2, 50.0));
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn read(source: &mut impl RowSource, options: &RfmOptions) -> Result<Self> {
        let places = Places::find(source, &options.columns, &options.cancelled_prefix)?;
        let customer_header = source.headers()[places.customer].clone();
        if Customer::HEADERS.contains(&customer_header.as_str()) {
            return Err(Error::ReservedColumn {
                file: source.name().to_owned(),
                column: customer_header,
            });
        }
        let can_skip = options.on_error == OnError::Skip;
        let books = Books::new(options.date_order, options.as_of);
        let mut marks = Marks::new(books, source.decimal(), can_skip);
        let mut read = Counts::default();
        let mut skipped = Skipped::default();
        loop {
            let outcome = match source.advance() {
                Ok(false) => break,
                Ok(true) if places.customer(source).is_none() => {
                    read.without_customer += 1;
                    Ok(())
                }
                Ok(true) => marks.post(source, &places, read.rows),
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) => {}
                Err(error @ (Error::Row { .. } | Error::Cell { .. })) if can_skip => {
                    skipped.add(read.rows, error);
                }
                Err(error) => return Err(error),
            }
            read.rows += 1;
        }
        let Closed { books, decimal, unit, skipped: of_mark } = marks.close(source)?;
        let (n_skipped, skipped) = skipped.with(of_mark);
        let (ledger, date_order) = match books {
            Books::Open(ledger) => (ledger, None),
            Books::Known(order, ledger) => (ledger, Some(order)),
            Books::Double { example, .. } => {
                return Err(Error::AmbiguousDates {
                    file: source.name().to_owned(),
                    column: source.headers()[places.date].clone(),
                    example,
                });
            }
        };
        let as_of = ledger.as_of();
        let (customers, entered) = ledger.close();
        let counts = Counts {
            rows: read.rows,
            without_customer: read.without_customer,
            skipped: n_skipped,
            ..entered
        };
        match as_of {
            Some(as_of) if !customers.is_empty() => Ok(Self {
                customers,
                customer_header,
                as_of,
                date_order,
                decimal,
                unit,
                counts,
                skipped,
            }),
            _ => Err(Error::Empty { file: source.name().to_owned(), problem: nobody(&counts) }),
        }
    }
}

/// Why no customer is left.
fn nobody(counts: &Counts) -> &'static str {
    let used = counts.rows - counts.without_customer - counts.skipped;
    if counts.rows == 0 {
        "there are no transactions in it; give a header and at least one row below it"
    } else if counts.without_customer == counts.rows {
        "no row names a customer; name another column with --customer"
    } else if used == 0 {
        "no row of it can be used; without --on-error skip the first is explained"
    } else if counts.after_as_of == used {
        "all rows are later than the day that --as-of gives"
    } else if counts.cancelled > 0 {
        "nobody bought anything: all rows are returns or cancelled orders; say with \
         --cancelled-prefix how the ids of cancelled orders begin"
    } else {
        "nobody bought anything: no row has an amount above 0"
    }
}
