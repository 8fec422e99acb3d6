//! Reads from the attributes of a span how a call failed.

use super::{CallError, aliases::Attribute, reader::Reader};

/// The type of an error of which no type is known, by the OpenTelemetry conventions.
const OTHER: &str = "_OTHER";

/// Reads why a call failed; `None` if it did not.
pub(super) fn of_call(reader: &mut Reader<'_>) -> Option<CallError> {
    let error_type = reader.text(Attribute::ErrorType);
    of_type(reader, error_type)
}

/// Reads why a tool call failed: also its outcome, where an emitter records one, counts.
pub(super) fn of_tool_call(reader: &mut Reader<'_>) -> Option<CallError> {
    let error_type = reader.text(Attribute::ErrorType);
    let of_tool = reader.text(Attribute::ToolErrorType);
    let outcome = reader.text(Attribute::ToolOutcome);
    let bad_outcome = outcome.filter(|outcome| !outcome.eq_ignore_ascii_case("success"));
    of_type(reader, error_type.or(of_tool).or(bad_outcome))
}

/// Makes the error of its type, if that is known, and of what the status and the exceptions say.
fn of_type(reader: &mut Reader<'_>, error_type: Option<String>) -> Option<CallError> {
    let status = status(reader);
    let description = reader.text(Attribute::StatusDescription);
    let exception = reader.text(Attribute::ExceptionType);
    let message = reader.text(Attribute::ExceptionMessage);
    let is_described = description.is_some() || exception.is_some() || message.is_some();
    let failed = error_type.is_some() || status.unwrap_or(is_described);
    failed.then(|| CallError {
        error_type: error_type.or(exception).unwrap_or_else(|| OTHER.to_owned()),
        message: description.or(message),
    })
}

/// Reads whether the status is that of a failure; `None` if there is none.
fn status(reader: &mut Reader<'_>) -> Option<bool> {
    let status = reader.text(Attribute::StatusCode)?;
    match status.to_ascii_lowercase().as_str() {
        "error" => Some(true),
        "ok" => Some(false),
        "unset" => None,
        _ => {
            reader.note(Attribute::StatusCode, "is no status: expected ok, error or unset");
            None
        }
    }
}
