//! What Anthropic refuses a request for.

use serde_json::Value;

use crate::{
    received::Received,
    reply::{Failure, FailureKind},
};

/// Returns what the API would refuse the request for, the first of several.
pub(super) fn check(received: &Received) -> Result<(), Failure> {
    let invalid = |message: &str| Err(Failure::new(FailureKind::BadRequest).with_message(message));
    if received.header("anthropic-version").is_none() {
        return invalid("anthropic-version: the header is required");
    }
    if !received.body().is_object() {
        return invalid("The body of the request is not a JSON object.");
    }
    if !received.has("model", Value::is_string) {
        return invalid("model: the field is required");
    }
    if !received.has("max_tokens", Value::is_u64) {
        return invalid("max_tokens: the field is required");
    }
    if !received.has_messages() {
        return invalid("messages: at least one message is required");
    }
    Ok(())
}
