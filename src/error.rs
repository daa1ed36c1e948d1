//! The one error type of the library.
//!
//! A message says what is wrong, where it is, and how to mend it, so that the command line can
//! print it as it stands.

use std::path::PathBuf;

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong between a customer file and a persona.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("{path}: cannot be read: {source}", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file or folder could not be written.
    #[error("{path}: cannot be written: {source}", path = .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The data have no header or no customers below it.
    #[error("{file}: {problem}")]
    Empty {
        /// The file's name.
        file: String,
        /// What is missing, and what to give instead.
        problem: &'static str,
    },
    /// The header names a column twice.
    #[error("{file}, row 1: the column {column:?} is named twice; rename one of the two")]
    DuplicateColumn {
        /// The file's name.
        file: String,
        /// The header that occurs twice.
        column: String,
    },
    /// A row could not be split into cells.
    #[error("{file}, row {row}: {problem}")]
    Row {
        /// The file's name.
        file: String,
        /// The line of the file on which the row begins; the header is row 1.
        row: u64,
        /// What is wrong with the row.
        problem: String,
    },
    /// A compressed file cannot be unpacked, or unpacks to more than is allowed.
    #[error("{file}: {problem}")]
    Packed {
        /// The file's name.
        file: String,
        /// What is wrong, and what to do about it.
        problem: String,
    },
    /// A file is not in the form that it should have.
    #[error("{file}: {problem}")]
    Format {
        /// The file's name.
        file: String,
        /// What is wrong, and what to do about it.
        problem: String,
    },
    /// The query engine, or a machine of the cluster, cannot do what it was asked for.
    #[error("{0}")]
    Engine(String),
    /// What was told of the data where they were read, on another machine or within a query.
    #[error("{0}")]
    Told(String),
    /// This program was built without something.
    #[error("this Segmenta was built without {what}; build it with --features {feature}")]
    NotBuilt {
        /// What it cannot do.
        what: &'static str,
        /// The feature that brings it.
        feature: &'static str,
    },
    /// Files that should be one table have different columns.
    #[error(
        "{without}: there is no column {column:?}, which {with} has; files of one table have the same \
         columns"
    )]
    DifferentColumns {
        /// The file that lacks the column.
        without: String,
        /// The file that has it.
        with: String,
        /// The column's header.
        column: String,
    },
    /// Quotation marks are not in order, so that nobody can tell where rows end.
    #[error("{file}, row {row}: {problem}")]
    Quotation {
        /// The file's name.
        file: String,
        /// The line of the file that it is about; the header is row 1.
        row: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// A cell does not hold what its column needs.
    #[error("{file}, row {row}, column {column:?}: {problem}")]
    Cell {
        /// The file's name.
        file: String,
        /// The line of the file on which the row begins; the header is row 1.
        row: u64,
        /// The column's header.
        column: String,
        /// What the cell holds and what was needed.
        problem: CellProblem,
    },
    /// Nothing tells whether a column's dates begin with the day or with the month.
    #[error(
        "{file}, column {column:?}: {example:?} may begin with the day or with the month, and no other \
         date tells; say which with --date-order dmy or mdy"
    )]
    AmbiguousDates {
        /// The file's name.
        file: String,
        /// The column's header.
        column: String,
        /// A date that may be read in two ways.
        example: String,
    },
    /// Nothing tells whether a column's amounts have a decimal point or a decimal comma.
    #[error(
        "{file}, column {column:?}: {example:?} may have thousands or thousandths, and no other amount \
         tells; say which mark is the decimal one with --decimal point or comma"
    )]
    AmbiguousDecimal {
        /// The file's name.
        file: String,
        /// The column's header.
        column: String,
        /// An amount that may be read in two ways.
        example: String,
    },
    /// A column was asked for that the data do not have.
    #[error("{file}: there is no column {column:?}; the columns are {known}")]
    UnknownColumn {
        /// The file's name.
        file: String,
        /// The name that was asked for.
        column: String,
        /// The names that exist, as a list to read.
        known: String,
    },
    /// A short name fits more than one column.
    #[error("{file}: {column:?} fits more than one column ({candidates}); use the full header")]
    AmbiguousColumn {
        /// The file's name.
        file: String,
        /// The name that was asked for.
        column: String,
        /// The headers that it fits.
        candidates: String,
    },
    /// A column has a name that lists of customers need for the segment.
    #[error(
        "{file}, row 1: the column {column:?} is added to lists of customers by Segmenta; rename or \
         remove it"
    )]
    ReservedColumn {
        /// The file's name.
        file: String,
        /// The header.
        column: String,
    },
    /// No column can serve as a feature.
    #[error("{file}: no column of numbers can serve as a feature; name some with --features")]
    NoFeatures {
        /// The file's name.
        file: String,
    },
    /// A feature was named twice.
    #[error("the feature {name:?} is given twice; name each feature once")]
    DuplicateFeature {
        /// The feature's short name.
        name: String,
    },
    /// A column cannot be prepared as a feature.
    #[error("column {column:?}: {problem}")]
    Preparation {
        /// The column's header.
        column: String,
        /// What stands in the way, and what to do instead.
        problem: String,
    },
    /// Something was chosen for the preparation of a column that is no feature.
    #[error("--prepare {column}: this is no feature; the features are {features}")]
    NotAFeature {
        /// The name that was given.
        column: String,
        /// The features, as a list to read.
        features: String,
    },
    /// Numbers so large that their squares overflow.
    #[error(
        "column {column:?} holds numbers too large to compute with (the largest is {largest:e}); \
         express it in a larger unit or leave it out"
    )]
    TooLarge {
        /// The column's header.
        column: String,
        /// The largest magnitude in the column.
        largest: f64,
    },
    /// A matrix holds NaN or an infinity, or its columns differ in length.
    #[error("column {column}, row {row}: {value} is not a finite number")]
    NotFinite {
        /// The column's index, from 0.
        column: usize,
        /// The row's index, from 0.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// The shape of the data does not fit what they are used with.
    #[error("{what}: {expected} expected, {found} found")]
    Shape {
        /// What was counted.
        what: &'static str,
        /// The number that fits.
        expected: usize,
        /// The number found.
        found: usize,
    },
    /// A parameter is out of its range.
    #[error("{name} = {value}: {problem}")]
    Parameter {
        /// The parameter, by scikit-learn's name.
        name: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        problem: &'static str,
    },
    /// More clusters were asked for than there are distinct customers.
    #[error(
        "n_clusters = {n_clusters}: the data have only {distinct} distinct rows in these features; \
         ask for at most {distinct} clusters"
    )]
    TooManyClusters {
        /// The number asked for.
        n_clusters: usize,
        /// The number of distinct rows.
        distinct: usize,
    },
    /// So many clusters were asked for that one has too few customers.
    #[error(
        "n_clusters = {n_clusters}: the smallest segment has {smallest} of the customers, and \
         min_segment_size asks for {least}; {honouring}"
    )]
    SmallSegment {
        /// The number asked for.
        n_clusters: usize,
        /// The customers in the smallest cluster.
        smallest: usize,
        /// The least that was asked for.
        least: usize,
        /// The numbers of clusters that have enough customers each, as a sentence.
        honouring: String,
    },
    /// A computation was ended from outside.
    #[error("the computation was cancelled")]
    Cancelled,
    /// A persona file cannot be used.
    #[error("{file}: {problem}")]
    Personas {
        /// The persona file's name.
        file: String,
        /// What is wrong and where.
        problem: String,
    },
    /// A model file cannot be used.
    #[error("{file}: {problem}")]
    ModelFile {
        /// The model file's name.
        file: String,
        /// Why it is refused.
        problem: ModelFileProblem,
    },
    /// A model that the folder does not hold was asked for.
    #[error("{path}: there is no model {version:?}; `segmenta models` lists those there are", path = .path.display())]
    UnknownModel {
        /// The data folder.
        path: PathBuf,
        /// The version that was asked for.
        version: String,
    },
    /// A server that does not have the right to change the folder was asked to.
    #[error(
        "{path}: another server is at work in this folder, and only that one changes it; ask that one, or \
         stop it and ask again", path = .path.display()
    )]
    FolderHeld {
        /// The data folder.
        path: PathBuf,
    },
    /// An upload that is not there, or no longer, was asked for.
    #[error("there is no upload {id:?}; send the file again")]
    UnknownUpload {
        /// The id that was asked for.
        id: String,
    },
    /// Learning would take more memory than is free.
    #[error(
        "learning from this takes about {} MB of memory, and {} MB are free; take a sample of the rows, leave \
         out columns that are not needed, or learn on a machine with more memory",
        needed / 1_000_000,
        free / 1_000_000
    )]
    NotEnoughMemory {
        /// The bytes that it takes.
        needed: u64,
        /// The bytes that are free.
        free: u64,
    },
    /// Threads could not be started.
    #[error("the threads for trainings cannot be started: {0}")]
    Threads(String),
    /// The model that is in use was to be deleted.
    #[error("model {version} is in use; put another one to use before deleting it")]
    ModelInUse {
        /// The version.
        version: String,
    },
    /// No model was in use before the present one, or none of them is kept any more.
    #[error("{path}: no other model was in use before, or it was deleted; \
             choose one of those that there are with `segmenta models activate`", path = .path.display())]
    NoPreviousModel {
        /// The data folder.
        path: PathBuf,
    },
    /// A text of a segment cannot be what it was to be changed to.
    #[error("{language}.{field}: {problem}")]
    SegmentText {
        /// The tag of the language.
        language: &'static str,
        /// Which text.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The changed texts of a model cannot be read.
    #[error("{path}: {problem}; mend it, or delete it to have the texts of training back", path = .path.display())]
    Texts {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A segment that the model does not have was asked for.
    #[error("the model has no segment {segment:?}; it has {known}")]
    UnknownSegment {
        /// The id or persona that was asked for.
        segment: String,
        /// The segments that exist, as a list to read.
        known: String,
    },
    /// The training data beside a model are missing or are not those it was learned from.
    #[error("{path}: the customers that the model was learned from are {problem}", path = .path.display())]
    Customers {
        /// Where they should be.
        path: PathBuf,
        /// What is wrong with them.
        problem: &'static str,
    },
    /// The file of tokens is damaged.
    #[error("{}: the tokens cannot be read: {problem}; restore the file, or remove it and make new tokens", path.display())]
    Tokens {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no token with this id.
    #[error("there is no token {id}; `segmenta token list` shows those that there are")]
    UnknownToken {
        /// What was asked for.
        id: String,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// A certificate, or its private key, that connections cannot be encrypted with.
    #[error("{}: {problem}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A new customer lacks a value that nothing stands for.
    #[error("{feature} is missing, and nothing stands for it in this model")]
    ValueMissing {
        /// The feature's short name.
        feature: String,
    },
    /// A new customer's value is so large that no distance can be computed.
    #[error("{feature} = {value:e} is too large to compare with the segments")]
    ValueTooLarge {
        /// The feature's short name.
        feature: String,
        /// The value.
        value: f64,
    },
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CellProblem {
    /// The cell holds nothing.
    #[error("the cell is empty, a number is needed")]
    Empty,
    /// The cell holds nothing, in a column of text.
    #[error("the cell is empty, a value is needed")]
    NoText,
    /// The cell holds a word that stands for an empty cell.
    #[error("{0:?} counts as an empty cell, a number is needed")]
    Missing(String),
    /// The cell holds nothing, or one of the words that stand for that.
    #[error("the cell is empty or holds {0}, which counts as empty; a number is needed")]
    EmptyOr(String),
    /// The cell holds a number whose square overflows.
    #[error("{0} is too large to compute with")]
    TooLarge(String),
    /// The cell holds something that is no number.
    #[error("{0:?} is not a number")]
    NotANumber(String),
    /// The cell holds a number with another decimal mark than its column.
    #[error(
        "{text:?} is no number with a decimal {mark}, as numbers are read here; if the other mark is the \
         decimal one, say so with --decimal"
    )]
    OtherDecimal {
        /// The cell.
        text: String,
        /// The column's decimal mark, as a word.
        mark: &'static str,
    },
    /// The cell holds an amount in another unit than those above it.
    #[error("{text:?} is not in {unit} as amounts above it are; only amounts of one unit add up")]
    OtherUnit {
        /// The cell.
        text: String,
        /// The unit of the amounts above.
        unit: &'static str,
    },
    /// The cell holds NaN, an infinity, or a number beyond the range of a double.
    #[error("{0:?} is not a finite number")]
    NotFinite(String),
    /// The cell holds a negative number where the customers a model was learned from had none.
    #[error("{0:?} is negative, and this column never was in the training data")]
    Negative(String),
    /// The cell holds nothing where a date is needed.
    #[error("the cell is empty, a date is needed")]
    NoDate,
    /// The cell holds something that is no date.
    #[error("{0:?} is not a date")]
    NotADate(String),
    /// The cell holds a date that no calendar has.
    #[error("{0:?} is no day of the calendar")]
    NoSuchDay(String),
    /// The cell holds a date in another order than its column.
    #[error("{text:?} is no day when it is read as {order}, as the dates of this column are")]
    OtherOrder {
        /// The cell.
        text: String,
        /// What comes first, second and third in the column.
        order: &'static str,
    },
}

/// Why a model file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileProblem {
    /// Not a model file at all.
    #[error("this is not a Segmenta model; give a file that `segmenta train` wrote")]
    NotAModel,
    /// The file ends too early.
    #[error("the file is cut short; copy it again or train anew")]
    CutShort,
    /// The content does not match the checksum.
    #[error(
        "the file was altered after it was written (its SHA-256 does not match); \
         take an unaltered copy or train anew"
    )]
    Altered,
    /// Written by a newer Segmenta.
    #[error(
        "the file has format version {found}, this Segmenta reads up to {known}; update Segmenta"
    )]
    Newer {
        /// The file's format version.
        found: u64,
        /// The newest version that can be read.
        known: u64,
    },
    /// The checksum matches, but the parts contradict each other.
    #[error("the model contradicts itself: {0}; train anew")]
    Inconsistent(String),
}

impl Error {
    /// Whether the user's input or use caused the error (exit code 2), rather than the machine
    /// (exit code 1).
    pub fn is_input(&self) -> bool {
        match self {
            Self::Read { source, .. } => matches!(
                source.kind(),
                std::io::ErrorKind::NotFound
                    | std::io::ErrorKind::IsADirectory
                    | std::io::ErrorKind::InvalidData
            ),
            Self::Write { .. } | Self::Cancelled | Self::Random(_) | Self::Engine(_) => false,
            _ => true,
        }
    }
}

/// Joins names to a list for a message, cut after the first twelve.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
