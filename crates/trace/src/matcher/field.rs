//! Matches by the value of a field.

use std::fmt;

use super::question::Matcher;
use crate::{
    snapshot::SpanOrEvent,
    value::{Value, ValueRef},
};

/// Matcher of [`field`].
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    key: String,
    value: Value,
}

/// Matches spans and events that have a field of this value.
///
/// Values are compared as [`ValueRef`] compares them: integers by value whatever their type, texts by
/// content whether they were recorded as strings or through `Debug`.
///
/// # Examples
///
/// ```
/// use probity_trace::{matcher::field, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("chat", |chat| chat.field("tokens", 7_u64)).build();
/// assert!(trace.find_all(field("tokens", 7)).next().is_some());
/// assert!(trace.find_all(field("tokens", "7")).next().is_none());
/// ```
#[must_use]
pub fn field(key: impl Into<String>, value: impl Into<Value>) -> Field {
    Field { key: key.into(), value: value.into() }
}

impl Matcher for Field {
    fn matches(&self, item: SpanOrEvent<'_>) -> bool {
        item.field(&self.key) == Some(self.value.as_ref())
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.as_ref() {
            ValueRef::Str(text) | ValueRef::Debug(text) => {
                write!(f, "field({:?}, {text:?})", self.key)
            }
            value => write!(f, "field({:?}, {value})", self.key),
        }
    }
}
