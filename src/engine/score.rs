//! Segments of customers as a function of SQL: `segmenta_segment(feature, .., model)`.
//!
//! It gives `cluster_id`, `persona` and `distance`, or nothing for a row that cannot be scored, if such are left out.

use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray, StructArray};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use serde::{Deserialize, Serialize};

use super::aggregate::{bytes_of, cells, external};
use crate::dataset::{OnError, Values};
use crate::model::{Model, RowReader};
use crate::personas::Language;

/// The function's name.
pub(crate) const NAME: &str = "segmenta_segment";

/// What is asked of each row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Question {
    /// What messages call the table.
    pub(crate) table: String,
    /// The model's file.
    pub(crate) model: String,
    pub(crate) language: Language,
    pub(crate) on_error: OnError,
}

impl Question {
    /// The question as the function's last argument.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Engine`].
    pub(crate) fn literal(&self) -> crate::Result<Expr> {
        let text = serde_json::to_vec(self)
            .map_err(|error| crate::Error::Engine(format!("{NAME}: {error}")))?;
        Ok(Expr::Literal(ScalarValue::Binary(Some(text)), None))
    }
}

/// A question, ready to be asked.
#[derive(Debug)]
struct Asked {
    question: Question,
    model: Model,
    reader: RowReader,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Segment {
    signature: Signature,
}

/// The function.
pub(crate) fn segment() -> ScalarUDF {
    ScalarUDF::from(Segment { signature: Signature::variadic_any(Volatility::Immutable) })
}

/// The names and types of what it gives.
pub(super) fn added() -> Fields {
    Fields::from(vec![
        Field::new("cluster_id", DataType::Int64, true),
        Field::new("persona", DataType::Utf8, true),
        Field::new("distance", DataType::Float64, true),
    ])
}

impl ScalarUDFImpl for Segment {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(added()))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let n_rows = args.number_rows;
        let Some((ColumnarValue::Scalar(question), features)) = args.args.split_last() else {
            return exec_err!("{NAME}: the last argument must be a question in writing");
        };
        let Some(asked) = bytes_of(question).map(asked).transpose()? else {
            return exec_err!("{NAME}: the last argument must be a question in writing");
        };
        if asked.model.features.len() != features.len() {
            return exec_err!("{NAME}: this model has {} features", asked.model.features.len());
        }
        let array = |value: &ColumnarValue| cells(&value.to_array(n_rows)?);
        let features = features.iter().map(array).collect::<Result<Vec<Values>>>()?;
        let found = asked.answer(&features, n_rows)?;
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

/// The question that is being asked: every batch of rows brings it along, and a model takes a while to read.
static LAST: Mutex<Option<(Vec<u8>, Arc<Asked>)>> = Mutex::new(None);

fn asked(written: &[u8]) -> Result<Arc<Asked>> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, asked)) = last.as_ref().filter(|(known, _)| known == written) {
        return Ok(Arc::clone(asked));
    }
    let asked = Arc::new(Asked::read(written).map_err(external)?);
    *last = Some((written.to_vec(), Arc::clone(&asked)));
    Ok(asked)
}

impl Asked {
    fn read(written: &[u8]) -> crate::Result<Self> {
        let question: Question = serde_json::from_slice(written).map_err(|error| {
            crate::Error::Engine(format!("{NAME}: the question cannot be read ({error})"))
        })?;
        let model = Model::from_json(&question.table, question.model.as_bytes())?;
        let headers: Vec<String> =
            model.features.iter().map(|feature| feature.column.clone()).collect();
        let forms = model.features.iter().map(|feature| feature.form.clone());
        let reader = RowReader::with_forms(&model, &question.table, &headers, forms)?;
        Ok(Self { question, model, reader })
    }

    fn answer(&self, features: &[Values], n_rows: usize) -> Result<StructArray> {
        let language = self.question.language;
        let mut ids = Vec::with_capacity(n_rows);
        let mut personas = Vec::with_capacity(n_rows);
        let mut distances = Vec::with_capacity(n_rows);
        let mut customer = Vec::new();
        for row in 0..n_rows {
            let read = self.reader.customer(&self.model, features, row, &mut customer);
            let read = read.map_err(|(feature, problem)| {
                format!("column {:?}: {problem}", self.model.features[feature].column)
            });
            let predict = |()| self.model.predict(&customer).map_err(|error| error.to_string());
            match read.and_then(predict) {
                Ok(found) => {
                    let segment = &self.model.segments[found.segment];
                    ids.push(i64::try_from(segment.cluster_id).ok());
                    personas.push(Some(segment.persona(language)));
                    distances.push(Some(found.distance));
                }
                Err(_) if self.question.on_error == OnError::Skip => {
                    ids.push(None);
                    personas.push(None);
                    distances.push(None);
                }
                Err(problem) => {
                    let told = format!("{}, a row of it: {problem}", self.question.table);
                    return Err(external(crate::Error::Told(told)));
                }
            }
        }
        let are_found: NullBuffer = ids.iter().map(Option::is_some).collect();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(ids)),
            Arc::new(StringArray::from(personas)),
            Arc::new(Float64Array::from(distances)),
        ];
        Ok(StructArray::try_new(added(), columns, Some(are_found))?)
    }
}
