//! Values as SQLite takes and gives them.

use rusqlite::{
    ToSql,
    types::{ToSqlOutput, ValueRef},
};
use sea_query::Value;

/// A value that is bound to a parameter, without a copy.
pub(super) struct Bound<'a>(pub(super) &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Value::BigInt(Some(number)) => ValueRef::Integer(*number),
            Value::BigUnsigned(Some(number)) => {
                ValueRef::Integer(i64::try_from(*number).unwrap_or(i64::MAX))
            }
            Value::Double(Some(number)) => ValueRef::Real(*number),
            Value::String(Some(text)) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Value::BigInt(None)
            | Value::BigUnsigned(None)
            | Value::Double(None)
            | Value::String(None)
            | Value::Bytes(None) => ValueRef::Null,
            other => {
                let reason = format!("no column holds {other:?}");
                return Err(rusqlite::Error::ToSqlConversionFailure(reason.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

/// Copies a cell of a row.
pub(super) fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::BigInt(None),
        ValueRef::Integer(number) => Value::BigInt(Some(number)),
        ValueRef::Real(number) => Value::Double(Some(number)),
        ValueRef::Text(text) => Value::String(Some(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Blob(bytes) => Value::Bytes(Some(bytes.to_vec())),
    }
}
