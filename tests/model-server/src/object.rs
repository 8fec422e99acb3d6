//! Builds JSON objects field by field.

use serde_json::{Map, Value};

/// Returns a JSON object of these fields.
pub(crate) fn object<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}
