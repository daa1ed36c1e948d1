//! One column of a table, and what kind of thing it holds.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Need;
use super::date::DateOrder;
use super::form::{FileDecimal, NumberForm};
use super::kind::{self, ColumnKind};
use super::names;
use super::number;
use super::texts::Texts;
use crate::error::CellProblem;

/// The largest magnitude whose square can be added up over any number of rows.
const LARGEST: f64 = 1e145;

/// A named column.
#[derive(Debug, Clone)]
pub struct Column {
    header: String,
    name: String,
    values: Values,
    form: NumberForm,
    /// Words in it that stand for empty cells.
    missing_words: Vec<String>,
    kind: OnceLock<ColumnKind>,
}

/// A column's cells.
#[derive(Debug, Clone)]
pub enum Values {
    /// Numbers; NaN where the cell is empty.
    Numbers(Vec<f64>),
    /// Text as it stands in the file.
    Text(Texts),
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Text(cells) => cells.len(),
        }
    }

    /// The cells of some rows.
    pub(super) fn pick(&self, rows: &[usize]) -> Self {
        match self {
            Self::Numbers(numbers) => Self::Numbers(rows.iter().map(|&row| numbers[row]).collect()),
            Self::Text(cells) => Self::Text(rows.iter().map(|&row| &cells[row]).collect()),
        }
    }

    /// Writes numbers as texts: files of one table may hold a column as the one and as the other.
    pub(super) fn make_texts(&mut self) {
        if let Self::Numbers(numbers) = self {
            let mut texts = Texts::default();
            for number in numbers {
                texts.push(&if number.is_nan() { String::new() } else { number.to_string() });
            }
            *self = Self::Text(texts);
        }
    }

    /// Keeps the cells of the rows for which `keep` says so.
    pub(super) fn retain(&mut self, keep: &[bool]) {
        let mut flags = keep.iter();
        let mut kept = || flags.next().copied().unwrap_or(true);
        match self {
            Self::Numbers(numbers) => numbers.retain(|_| kept()),
            Self::Text(cells) => cells.retain(kept),
        }
    }
}

impl Column {
    /// `name` means this column and no other of its table.
    pub(super) fn new(header: String, name: String, cells: Texts, decimal: FileDecimal) -> Self {
        let plain = NumberForm::plain(decimal.mark);
        let missing_words = missing_words(&cells);
        let (values, form) = if let Some(numbers) = numbers(&cells, &plain) {
            (Values::Numbers(numbers), plain)
        } else {
            let form = NumberForm::find(cells.iter(), decimal.mark, decimal.is_given);
            (numbers(&cells, &form).map_or(Values::Text(cells), Values::Numbers), form)
        };
        Self { missing_words, ..Self::of(header, name, values, form) }
    }

    /// A column whose cells have their type already.
    pub(super) fn of(header: String, name: String, values: Values, form: NumberForm) -> Self {
        Self { header, name, values, form, missing_words: Vec::new(), kind: OnceLock::new() }
    }

    /// The same column, in which these words stood for empty cells.
    pub(super) fn with_missing_words(self, missing_words: Vec<String>) -> Self {
        Self { missing_words, ..self }
    }

    /// All but its cells.
    pub(crate) fn known(&self) -> KnownColumn {
        KnownColumn {
            header: self.header.clone(),
            name: self.name.clone(),
            form: self.form.clone(),
            missing_words: self.missing_words.clone(),
            holds_texts: matches!(self.values, Values::Text(_)),
        }
    }

    /// Whether all cells are numbers that can be computed with.
    pub(super) fn is_in_order(&self) -> bool {
        // Looking at all of them is faster than stopping at one.
        let are_good =
            |numbers: &[f64]| numbers.iter().fold(true, |all, x| all & (x.abs() <= LARGEST));
        self.numbers().is_some_and(are_good)
    }

    /// The header, as it stands in the file.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// The short name, or the header where another column has the same short name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cells.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The numbers of a numeric column, NaN where the cell is empty.
    pub fn numbers(&self) -> Option<&[f64]> {
        match &self.values {
            Values::Numbers(numbers) => Some(numbers),
            Values::Text(_) => None,
        }
    }

    /// The same, without the column.
    pub(super) fn into_numbers(self) -> Option<Vec<f64>> {
        match self.values {
            Values::Numbers(numbers) => Some(numbers),
            Values::Text(_) => None,
        }
    }

    /// The number in a row, if there is one.
    pub fn number(&self, row: usize) -> Option<f64> {
        self.require_number(row).ok()
    }

    /// The text in a row, spaces around it dropped; none where the cell is empty or holds a word that
    /// stands for that (see [`number::is_missing`]), and none in a column of numbers.
    pub fn text(&self, row: usize) -> Option<&str> {
        match &self.values {
            Values::Numbers(_) => None,
            Values::Text(cells) => content(&cells[row]),
        }
    }

    /// Whether the cell in a row holds nothing.
    pub fn is_missing(&self, row: usize) -> bool {
        match &self.values {
            Values::Numbers(numbers) => numbers[row].is_nan(),
            Values::Text(_) => self.text(row).is_none(),
        }
    }

    /// The different texts of the column, sorted; none in a column of numbers.
    pub fn categories(&self) -> Vec<String> {
        let Values::Text(cells) = &self.values else { return Vec::new() };
        let distinct: BTreeSet<&str> = cells.distinct().iter().filter_map(content).collect();
        distinct.into_iter().map(str::to_owned).collect()
    }

    /// What the numbers count: as the header says in brackets, else as the cells do, such as `%`.
    pub fn unit(&self) -> Option<&str> {
        names::unit(&self.header).or(self.form.unit().filter(|_| self.numbers().is_some()))
    }

    /// How its numbers are written.
    pub fn form(&self) -> &NumberForm {
        &self.form
    }

    /// The words in it that stand for empty cells, such as `NA`, each once.
    pub fn missing_words(&self) -> &[String] {
        &self.missing_words
    }

    /// The number of cells.
    pub fn n_rows(&self) -> usize {
        self.values.len()
    }

    /// What the column can be used for, judged by its name and by what it holds.
    pub fn kind(&self) -> ColumnKind {
        *self.kind.get_or_init(|| kind::of(self))
    }

    /// The order of day and month in a column of dates; none where no cell decides it.
    pub fn date_order(&self) -> Option<DateOrder> {
        DateOrder::detect((0..self.n_rows()).filter_map(|row| self.text(row)))
    }

    /// Whether the cell in a row holds what is needed.
    pub(super) fn require(&self, row: usize, need: Need) -> Result<(), CellProblem> {
        match need {
            Need { all: false, .. } if self.is_missing(row) => Ok(()),
            Need { numbers: true, .. } => self.require_number(row).map(|_| ()),
            Need { numbers: false, .. } if self.is_missing(row) => Err(CellProblem::NoText),
            Need { numbers: false, .. } => Ok(()),
        }
    }

    fn require_number(&self, row: usize) -> Result<f64, CellProblem> {
        let number = match &self.values {
            Values::Numbers(numbers) if numbers[row].is_nan() => Err(self.emptiness()),
            // CSV has no infinities, but other formats do.
            Values::Numbers(numbers) if numbers[row].is_infinite() => {
                Err(CellProblem::NotFinite(numbers[row].to_string()))
            }
            Values::Numbers(numbers) => Ok(numbers[row]),
            Values::Text(cells) => self.form.parse(&cells[row]),
        };
        match number {
            Ok(number) if number.abs() > LARGEST => {
                Err(CellProblem::TooLarge(format!("{number:e}")))
            }
            number => number,
        }
    }

    /// What a cell without a number is, as far as that is still known.
    fn emptiness(&self) -> CellProblem {
        match self.missing_words.as_slice() {
            [] => CellProblem::Empty,
            words => CellProblem::EmptyOr(words.join(", ")),
        }
    }

    /// Makes a column whose every cell is a number one of numbers.
    pub(super) fn make_numeric(&mut self) {
        if let Values::Text(cells) = &self.values {
            let number = |cell: &str| self.form.parse(cell).unwrap_or(f64::NAN);
            let numbers = cells.distinct().iter().map(number).collect();
            self.values = Values::Numbers(cells.for_each_of(numbers));
            self.kind = OnceLock::new();
        }
    }

    pub(super) fn retain(&mut self, keep: &[bool]) {
        self.kind = OnceLock::new();
        self.values.retain(keep);
    }
}

/// A column without any cell.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KnownColumn {
    header: String,
    name: String,
    form: NumberForm,
    missing_words: Vec<String>,
    holds_texts: bool,
}

impl KnownColumn {
    /// The header, as it stands in the file.
    pub(crate) fn header(&self) -> &str {
        &self.header
    }

    /// How it writes its numbers, if it holds such and no words in their place.
    pub(crate) fn form(&self) -> Option<&NumberForm> {
        (!self.holds_texts && self.missing_words.is_empty()).then_some(&self.form)
    }

    /// The column with these cells: as texts, where it holds such.
    pub(super) fn with_values(&self, mut values: Values) -> Column {
        if self.holds_texts {
            values.make_texts();
        }
        let (header, name) = (self.header.clone(), self.name.clone());
        Column::of(header, name, values, self.form.clone())
            .with_missing_words(self.missing_words.clone())
    }
}

/// What a cell of text holds, if it holds something.
pub(super) fn content(cell: &str) -> Option<&str> {
    Some(cell.trim()).filter(|text| !number::is_missing(text))
}

/// The cells as numbers, if every cell that is not empty is one and at least one is not empty.
fn numbers(cells: &Texts, form: &NumberForm) -> Option<Vec<f64>> {
    let numbers: Vec<f64> = cells
        .distinct()
        .iter()
        .map(|cell| match form.parse(cell) {
            Ok(value) if form.is_faithful(cell) => Some(value),
            Err(CellProblem::Empty | CellProblem::Missing(_)) => Some(f64::NAN),
            _ => None,
        })
        .collect::<Option<_>>()?;
    numbers.iter().any(|value| !value.is_nan()).then(|| cells.for_each_of(numbers))
}

fn missing_words(cells: &Texts) -> Vec<String> {
    let distinct = cells.distinct();
    let words: BTreeSet<&str> = (0..distinct.len())
        .into_par_iter()
        .with_min_len(1 << 14)
        .map(|index| distinct.get(index).trim())
        .filter(|text| !text.is_empty() && number::is_missing(text))
        .collect();
    words.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::number::DecimalMark;

    fn column(header: &str, cells: &[&str]) -> Column {
        let decimal = FileDecimal { mark: DecimalMark::Point, is_given: false };
        let name = names::short_name(header);
        Column::new(header.to_owned(), name, cells.iter().copied().collect(), decimal)
    }

    #[test]
    fn kinds() {
        let many = |form: fn(usize) -> String| (0..30).map(form).collect::<Vec<String>>();
        let notes = many(|i| format!("note {i}"));
        let codes = many(|i| format!("C-{i}x"));
        let mails = many(|i| format!("ada{i}@shop.example"));
        let phones = many(|i| format!("+62 812-3456-{i:04}"));
        let days = many(|i| format!("{}.11.2026", i + 1));
        let texts = |cells: &[String]| cells.iter().map(String::clone).collect::<Vec<String>>();
        for (header, cells, expected) in [
            ("Comment", texts(&notes), ColumnKind::Text),
            ("Code", texts(&codes), ColumnKind::Identifier),
            ("Contact", texts(&mails), ColumnKind::Personal),
            ("Contact", texts(&phones), ColumnKind::Personal),
            ("Since", texts(&days), ColumnKind::Date),
        ] {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            assert_eq!(column(header, &cells).kind(), expected, "{header} {}", cells[0]);
        }
        for (column, expected) in [
            (column("Age", &["19", "21", ""]), ColumnKind::Numeric),
            (column("CustomerID", &["7", "9", "8"]), ColumnKind::Identifier),
            (column("No", &["1", "2", "3"]), ColumnKind::Identifier),
            (column("", &["5", "6", "9"]), ColumnKind::Identifier),
            (column("Gender", &["Male", "Female"].repeat(5)), ColumnKind::Categorical),
            (column("First name", &["Ada", "Budi", "Ada"]), ColumnKind::Personal),
            (column("Nama Pelanggan", &["Ada", "Budi", "Ada"].repeat(9)), ColumnKind::Personal),
            (column("Alamat", &["Jl. Asia 1", "Jl. Asia 2"]), ColumnKind::Personal),
            (column("No. HP", &["081234567890", "081234567891"]), ColumnKind::Personal),
            (column("mobile", &["3", "0", "12"]), ColumnKind::Numeric),
            (column("Product name", &["Tea", "Rice"].repeat(9)), ColumnKind::Categorical),
            (column("Spent", &["12", "7", "x", "", "9"]), ColumnKind::Numeric),
            (column("Note", &["12", "7", "x", "y"]), ColumnKind::Text),
            (column("Postcode", &["01067", "01099", "01069"]), ColumnKind::Identifier),
            (column("Member", &["ya", "Tidak", "NA", "ya"]), ColumnKind::YesNo),
            (column("Churn", &["0", "1", "1", ""]), ColumnKind::YesNo),
            (column("Churn", &["1", "1", "1"]), ColumnKind::Numeric),
            (column("Size", &["S", "M"].repeat(9)), ColumnKind::Categorical),
        ] {
            assert_eq!(column.kind(), expected, "{}", column.header());
        }
    }

    #[test]
    fn numbers_are_read_in_the_form_of_their_column() {
        let price = column("Price", &["Rp 1.250.000", "Rp 950", "NA", "-"]);
        assert_eq!(
            (price.number(0), price.number(1), price.number(2)),
            (Some(1.25e6), Some(950.0), None)
        );
        assert_eq!(
            (price.unit(), price.missing_words()),
            (Some("Rp"), &["-", "NA"].map(str::to_owned)[..])
        );
        let share = column("Share", &["12 %", "7.5%", ""]);
        assert_eq!((share.number(1), share.unit()), (Some(7.5), Some("%")));
        assert_eq!(column("Umsatz (k€)", &["12 %", "7 %"]).unit(), Some("k€"));
    }

    #[test]
    fn texts_are_trimmed_and_empty_ones_are_missing() {
        let city = column("City", &["Rome ", "", "Bandung", " ", "Rome"]);
        assert_eq!((city.text(0), city.text(1)), (Some("Rome"), None));
        assert!(city.is_missing(3) && !city.is_missing(4));
        assert_eq!(city.categories(), ["Bandung", "Rome"]);
        let age = column("Age", &["19", ""]);
        assert!(!age.is_missing(0) && age.is_missing(1));
        assert_eq!((age.text(0), age.categories().len()), (None, 0));
    }

    #[test]
    fn a_column_of_empty_cells_holds_no_numbers() {
        assert!(column("Age", &["", " ", ""]).numbers().is_none());
    }
}
