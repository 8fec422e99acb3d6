//! What a request may hold to be sent, for all providers alike.

use probity_eval::model::{ModelError, ModelErrorKind};
use probity_trace::genai::Part;
use serde_json::Value;

/// Makes the error of a request that cannot be sent.
pub(crate) fn invalid(problem: impl AsRef<str>) -> ModelError {
    ModelError::new(ModelErrorKind::InvalidRequest, problem)
}

/// Makes the error of a part that no message can carry.
pub(crate) fn cannot_send(part: &Part) -> ModelError {
    let kind = match part {
        Part::Other(fields) => fields.get("type").and_then(Value::as_str).unwrap_or("unknown"),
        _ => "unknown",
    };
    invalid(format!("a part of type {kind:?} cannot be sent; text, tool calls and answers can"))
}

/// Returns the identifier of a tool call.
pub(crate) fn id_of_call<'a>(id: Option<&'a str>, name: &str) -> Result<&'a str, ModelError> {
    id.ok_or_else(|| invalid(format!("the call of tool {name:?} has no id")))
}

/// Returns the identifier of the tool call that is answered.
pub(crate) fn id_of_answer(id: Option<&str>) -> Result<&str, ModelError> {
    id.ok_or_else(|| invalid("the answer of a tool has no id of the call"))
}

/// Returns a value as text: a text as it is, everything else as JSON.
#[cfg(any(feature = "genai", feature = "openai"))]
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns a seed as providers take it, which is signed: the highest bit is left out.
pub(crate) fn seed(seed: u64) -> u64 {
    seed & i64::MAX.unsigned_abs()
}
