//! What OpenAI refuses a request for.

use serde_json::Value;

use crate::{
    received::Received,
    reply::{Failure, FailureKind},
};

/// Returns what the API would refuse the request for, the first of several.
pub(super) fn check(received: &Received) -> Result<(), Failure> {
    let invalid = |message: &str| Failure::new(FailureKind::BadRequest).with_message(message);
    if !received.body().is_object() {
        return Err(invalid("The body of the request is not a JSON object."));
    }
    if !received.has("model", Value::is_string) {
        return Err(invalid("The request has no 'model'."));
    }
    if !received.has_messages() {
        return Err(invalid("The request has no 'messages'.")
            .with_param("messages")
            .with_code("missing_required_parameter"));
    }
    let has_options = received.has("stream_options", Value::is_object);
    if has_options && !received.is_stream() {
        return Err(invalid("'stream_options' needs 'stream'.").with_param("stream_options"));
    }
    Ok(())
}
