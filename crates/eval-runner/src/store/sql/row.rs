//! A row that was read.

use sea_query::Value;

use crate::store::error::StoreError;

/// A row that was read: its cells are taken from left to right.
#[derive(Debug)]
pub(in crate::store) struct Row {
    cells: std::vec::IntoIter<Value>,
}

impl Row {
    pub(in crate::store) fn new(cells: Vec<Value>) -> Self {
        Self { cells: cells.into_iter() }
    }

    /// Takes a whole number.
    pub(in crate::store) fn int(&mut self) -> Result<i64, StoreError> {
        self.maybe_int()?.ok_or_else(|| Self::wrong("a whole number", "nothing"))
    }

    /// Takes a whole number, or nothing.
    pub(super) fn maybe_int(&mut self) -> Result<Option<i64>, StoreError> {
        match self.cells.next() {
            Some(Value::BigInt(number)) => Ok(number),
            other => Self::null_or_wrong("a whole number", other),
        }
    }

    /// Takes a number, or nothing.
    pub(super) fn maybe_real(&mut self) -> Result<Option<f64>, StoreError> {
        match self.cells.next() {
            Some(Value::Double(number)) => Ok(number),
            other => Self::null_or_wrong("a number", other),
        }
    }

    /// Takes a text.
    pub(super) fn text(&mut self) -> Result<String, StoreError> {
        self.maybe_text()?.ok_or_else(|| Self::wrong("a text", "nothing"))
    }

    /// Takes a text, or nothing.
    pub(super) fn maybe_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.cells.next() {
            Some(Value::String(text)) => Ok(text),
            other => Self::null_or_wrong("a text", other),
        }
    }

    /// Takes bytes, or nothing.
    pub(super) fn maybe_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.cells.next() {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            other => Self::null_or_wrong("bytes", other),
        }
    }

    /// A null has no type in SQLite.
    fn null_or_wrong<T>(wanted: &str, found: Option<Value>) -> Result<Option<T>, StoreError> {
        match found {
            Some(
                Value::BigInt(None)
                | Value::Double(None)
                | Value::String(None)
                | Value::Bytes(None),
            ) => Ok(None),
            Some(found) => Err(Self::wrong(wanted, &format!("{found:?}"))),
            None => Err(Self::wrong(wanted, "the end of the row")),
        }
    }

    fn wrong(wanted: &str, found: &str) -> StoreError {
        let found: String = found.chars().take(60).collect();
        StoreError::unreadable("a row", format!("{wanted} was expected, and there is {found}"))
    }
}
