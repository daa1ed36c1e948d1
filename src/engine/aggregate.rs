//! A pass over rows as an aggregate function: `segmenta_fold(column, .., pass)`.
//!
//! Its state and its result are what came of the rows, in writing. The pass is a literal; as such it would be
//! repeated for every row of a batch, so it comes as a dictionary of one entry, which takes a byte a row.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Expr, Signature, Volatility,
};
use datafusion::physical_expr::expressions::Literal;

use super::query::{END, TOLD};
use crate::dataset::{Values, arrow_values};
use crate::model::fold::{self, Fold};

/// The function's name.
pub(crate) const NAME: &str = "segmenta_fold";

/// Rows that were looked at so far, by all who share this.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter(Arc<AtomicU64>);

impl Counter {
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

// Functions are compared with each other, and one that is counted is no other than one that is not.
impl PartialEq for Counter {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Counter {}

impl Hash for Counter {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// `segmenta_fold`.
#[derive(Debug, PartialEq, Eq, Hash)]
struct FoldRows {
    signature: Signature,
    counter: Counter,
}

/// The function, which counts rows with `counter`.
pub(crate) fn fold_rows(counter: Counter) -> AggregateUDF {
    AggregateUDF::from(FoldRows {
        signature: Signature::variadic_any(Volatility::Immutable),
        counter,
    })
}

/// A pass as the function's last argument.
pub(crate) fn literal(pass: Vec<u8>) -> Expr {
    let bytes = Box::new(ScalarValue::Binary(Some(pass)));
    Expr::Literal(ScalarValue::Dictionary(Box::new(DataType::Int8), bytes), None)
}

impl AggregateUDFImpl for FoldRows {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{}[part]", args.name), DataType::Binary, true))])
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let pass = args.exprs.last().and_then(|last| last.downcast_ref::<Literal>());
        let Some(bytes) = pass.and_then(|pass| bytes_of(pass.value())) else {
            return exec_err!("{NAME}: the last argument must be a pass in writing");
        };
        let fold = fold::begin(bytes).map_err(external)?;
        if fold.n_columns() + 1 != args.exprs.len() {
            return exec_err!("{NAME}: this pass looks at {} columns", fold.n_columns());
        }
        Ok(Box::new(Rows { fold, from: None, n_seen: 0, counter: self.counter.clone() }))
    }
}

pub(super) fn bytes_of(value: &ScalarValue) -> Option<&[u8]> {
    match value {
        ScalarValue::Dictionary(_, value) => bytes_of(value),
        ScalarValue::Binary(bytes)
        | ScalarValue::LargeBinary(bytes)
        | ScalarValue::BinaryView(bytes) => bytes.as_deref(),
        _ => None,
    }
}

/// An error that is known again when it comes back from another machine.
pub(super) fn external(error: impl fmt::Display) -> DataFusionError {
    DataFusionError::Execution(format!("{TOLD}{error}{END}"))
}

/// Rows of a part of the table.
struct Rows {
    fold: Box<dyn Fold>,
    /// What tells the part from others.
    from: Option<u64>,
    n_seen: u64,
    counter: Counter,
}

impl fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rows").field("n_seen", &self.n_seen).finish_non_exhaustive()
    }
}

impl Accumulator for Rows {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let Some((_, columns)) = columns.split_last() else { return Ok(()) };
        let n_rows = columns.first().map_or(0, Array::len) as u64;
        if n_rows == 0 {
            return Ok(());
        }
        let cells = columns.iter().map(cells).collect::<Result<Vec<Values>>>()?;
        // No part knows its place among the others, but what it begins with is its own.
        let from = *self.from.get_or_insert_with(|| crate::dataset::digest_of(&cells));
        self.fold.add(from, self.n_seen, cells).map_err(external)?;
        self.n_seen += n_rows;
        self.counter.0.fetch_add(n_rows, Ordering::Relaxed);
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let Some(parts) = states.first().and_then(|parts| parts.as_binary_opt::<i32>()) else {
            return exec_err!("{NAME}: parts come as bytes");
        };
        parts.iter().flatten().try_for_each(|part| self.fold.merge(part).map_err(external))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Binary(Some(self.fold.written().map_err(external)?)))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}

pub(super) fn cells(column: &ArrayRef) -> Result<Values> {
    arrow_values(column).ok_or_else(|| {
        let problem = format!(
            "a column holds {}, which is no text; leave it out, or cast it to a number or to text",
            column.data_type()
        );
        external(problem)
    })
}
