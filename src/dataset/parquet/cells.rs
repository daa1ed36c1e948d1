//! What the columns of Parquet hold as cells of a table.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowNativeTypeOp, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};

use crate::dataset::column::Values;
use crate::dataset::texts::Texts;

/// Whole numbers up to this magnitude are exact in a double.
const MOST_EXACT: u64 = 1 << 53;

/// Whether cells of a type can be read.
pub(crate) fn is_known(kind: &DataType) -> bool {
    kind.is_numeric()
        || kind.is_null()
        || matches!(
            kind,
            DataType::Boolean
                | DataType::Utf8
                | DataType::LargeUtf8
                | DataType::Utf8View
                | DataType::Binary
                | DataType::LargeBinary
                | DataType::BinaryView
                | DataType::Date32
                | DataType::Date64
                | DataType::Timestamp(..)
        )
}

/// Whether cells of a type are numbers, unless they are codes.
pub(super) fn are_numbers(kind: &DataType) -> bool {
    kind.is_numeric()
}

/// The cells of a column, or some of them; none where they are bytes that are no text.
pub(crate) fn values(array: &dyn Array) -> Option<Values> {
    if let Some(cells) = array.as_primitive_opt::<Float64Type>()
        && cells.null_count() == 0
    {
        return Some(Values::Numbers(cells.values().to_vec()));
    }
    if are_numbers(array.data_type()) {
        let mut numbers = vec![0.0; array.len()];
        if write_numbers(array, &mut numbers) {
            return Some(Values::Numbers(numbers));
        }
    }
    let mut texts = Texts::default();
    add_texts(array, &mut texts).then_some(Values::Text(texts))
}

/// The cells of a column that is needed no more: plain numbers change hands without a copy.
pub(crate) fn into_values(array: ArrayRef) -> Option<Values> {
    let plain = array.as_primitive_opt::<Float64Type>().filter(|cells| cells.null_count() == 0);
    let Some(cells) = plain.cloned() else { return values(&array) };
    drop(array);
    let (_, numbers, _) = cells.into_parts();
    Some(Values::Numbers(numbers.into()))
}

/// Writes the numbers of a column, NaN where there is none. False where they are whole numbers of which one
/// is too large for a double, as codes are.
pub(super) fn write_numbers(array: &dyn Array, to: &mut [f64]) -> bool {
    match array.data_type() {
        DataType::Int8 => write::<Int8Type>(array, to, f64::from),
        DataType::Int16 => write::<Int16Type>(array, to, f64::from),
        DataType::Int32 => write::<Int32Type>(array, to, f64::from),
        DataType::UInt8 => write::<UInt8Type>(array, to, f64::from),
        DataType::UInt16 => write::<UInt16Type>(array, to, f64::from),
        DataType::UInt32 => write::<UInt32Type>(array, to, f64::from),
        DataType::Int64 => {
            let are_exact = are_exact::<Int64Type>(array, i64::unsigned_abs);
            write::<Int64Type>(array, to, |x| x as f64);
            return are_exact;
        }
        DataType::UInt64 => {
            let are_exact = are_exact::<UInt64Type>(array, |x| x);
            write::<UInt64Type>(array, to, |x| x as f64);
            return are_exact;
        }
        DataType::Float16 => write::<Float16Type>(array, to, f64::from),
        DataType::Float32 => write::<Float32Type>(array, to, f64::from),
        DataType::Float64 => write::<Float64Type>(array, to, |x| x),
        DataType::Decimal32(..) => write_decimals::<Decimal32Type>(array, to),
        DataType::Decimal64(..) => write_decimals::<Decimal64Type>(array, to),
        DataType::Decimal128(..) => write_decimals::<Decimal128Type>(array, to),
        DataType::Decimal256(..) => write_decimals::<Decimal256Type>(array, to),
        _ => return false,
    }
    true
}

fn write<T: ArrowPrimitiveType>(
    array: &dyn Array,
    to: &mut [f64],
    number: impl Fn(T::Native) -> f64,
) {
    let cells: &PrimitiveArray<T> = array.as_primitive();
    to.iter_mut().zip(cells.values()).for_each(|(to, &cell)| *to = number(cell));
    if let Some(are_there) = cells.nulls() {
        let missing = to.iter_mut().zip(are_there).filter(|(_, is_there)| !is_there);
        missing.for_each(|(to, _)| *to = f64::NAN);
    }
}

fn are_exact<T: ArrowPrimitiveType>(array: &dyn Array, magnitude: fn(T::Native) -> u64) -> bool {
    let cells: &PrimitiveArray<T> = array.as_primitive();
    if cells.null_count() == 0 {
        // Looking at all of them is faster than stopping at one.
        return cells.values().iter().fold(true, |all, &x| all & (magnitude(x) <= MOST_EXACT));
    }
    cells.iter().flatten().all(|x| magnitude(x) <= MOST_EXACT)
}

fn write_decimals<T: arrow_array::types::DecimalType>(array: &dyn Array, to: &mut [f64])
where
    T::Native: ArrowNativeTypeOp,
{
    let cells: &PrimitiveArray<T> = array.as_primitive();
    for (row, to) in to.iter_mut().enumerate() {
        let digits = cells.is_valid(row).then(|| cells.value_as_string(row));
        *to = digits.and_then(|digits| digits.parse().ok()).unwrap_or(f64::NAN);
    }
}

/// Adds the texts of a column, empty where there is none. False where they are bytes that are no text.
pub(super) fn add_texts(array: &dyn Array, to: &mut Texts) -> bool {
    match array.data_type() {
        DataType::Int64 => add_shown(array.as_primitive::<Int64Type>().iter(), to),
        DataType::UInt64 => add_shown(array.as_primitive::<UInt64Type>().iter(), to),
        DataType::Date32 => add_dates::<Date32Type>(array, to),
        DataType::Date64 => add_dates::<Date64Type>(array, to),
        DataType::Timestamp(TimeUnit::Second, _) => add_times::<TimestampSecondType>(array, to),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            add_times::<TimestampMillisecondType>(array, to);
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            add_times::<TimestampMicrosecondType>(array, to);
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            add_times::<TimestampNanosecondType>(array, to);
        }
        DataType::Boolean => {
            let places = array.as_boolean().iter().map(|cell| cell.map(usize::from));
            to.append(&Texts::of_known(&["false", "true"], places));
        }
        DataType::Utf8 => add(array.as_string::<i32>().iter(), to),
        DataType::LargeUtf8 => add(array.as_string::<i64>().iter(), to),
        DataType::Utf8View => add(array.as_string_view().iter(), to),
        DataType::Binary => return add_bytes(array.as_binary::<i32>().iter(), to),
        DataType::LargeBinary => return add_bytes(array.as_binary::<i64>().iter(), to),
        DataType::BinaryView => return add_bytes(array.as_binary_view().iter(), to),
        DataType::Dictionary(..) => return add_dictionary(array, to),
        _ => add((0..array.len()).map(|_| None), to),
    }
    true
}

fn add<'a>(cells: impl Iterator<Item = Option<&'a str>>, to: &mut Texts) {
    cells.for_each(|cell| to.push(cell.unwrap_or_default()));
}

fn add_bytes<'a>(mut cells: impl Iterator<Item = Option<&'a [u8]>>, to: &mut Texts) -> bool {
    cells
        .all(|cell| std::str::from_utf8(cell.unwrap_or_default()).map(|text| to.push(text)).is_ok())
}

fn add_dictionary(array: &dyn Array, to: &mut Texts) -> bool {
    let Some(cells) = array.as_dictionary_opt::<Int32Type>() else { return false };
    let Some(known) = cells.values().as_string_opt::<i32>() else { return false };
    let known: Vec<&str> = known.iter().map(Option::unwrap_or_default).collect();
    let place = |key: i32| usize::try_from(key).unwrap_or(usize::MAX);
    let keys = cells.keys();
    if keys.null_count() == 0 {
        let places = keys.values().iter().map(|&key| Some(place(key)));
        to.append(&Texts::of_known(&known, places));
    } else {
        to.append(&Texts::of_known(&known, keys.iter().map(|key| key.map(place))));
    }
    true
}

fn add_dates<T: arrow_array::types::ArrowTemporalType>(array: &dyn Array, to: &mut Texts)
where
    i64: From<T::Native>,
{
    let cells: &PrimitiveArray<T> = array.as_primitive();
    let day = |row| cells.value_as_date(row).filter(|_| cells.is_valid(row));
    add_shown((0..cells.len()).map(day), to);
}

fn add_times<T: arrow_array::types::ArrowTemporalType>(array: &dyn Array, to: &mut Texts)
where
    i64: From<T::Native>,
{
    let cells: &PrimitiveArray<T> = array.as_primitive();
    let time = |row| cells.value_as_datetime(row).filter(|_| cells.is_valid(row));
    add_shown((0..cells.len()).map(time), to);
}

fn add_shown(cells: impl Iterator<Item = Option<impl ToString>>, to: &mut Texts) {
    cells.for_each(|cell| to.push(&cell.map_or_else(String::new, |cell| cell.to_string())));
}
