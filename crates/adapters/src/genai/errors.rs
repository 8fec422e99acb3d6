//! What goes wrong with `genai`, as a [`ModelError`].

use std::{error::Error as _, string::FromUtf8Error};

use ::genai::{
    Error,
    webc::{self, StreamTimeout},
};
use http::{HeaderMap, StatusCode};
use probity_eval::model::{ModelError, ModelErrorKind};
use serde_json::{Value, json};

use super::frames::Frames;
use crate::http::{
    Secrets, WireTap, failed_in_stream, malformed, not_connected, not_read, refused, truncated,
};

/// Makes the error of a request that was not sent.
pub(super) fn before_sending(error: &Error, secrets: &Secrets) -> ModelError {
    let kind = match error {
        Error::RequiresApiKey { .. }
        | Error::NoAuthResolver { .. }
        | Error::NoAuthData { .. }
        | Error::Resolver { .. } => ModelErrorKind::Unauthorized,
        Error::Internal(_) | Error::ClientBuildFail { .. } => ModelErrorKind::Other,
        // Else it is something about the request that the provider does not take.
        _ => ModelErrorKind::InvalidRequest,
    };
    ModelError::new(kind, secrets.mask(&error.to_string()))
}

/// Makes the error of an answer that did not come, or not whole, and records it.
pub(super) fn in_stream(error: &Error, frames: &Frames, tap: &WireTap) -> ModelError {
    if let Some((status, headers, body)) = refusal(error) {
        tap.response(status, headers, Some(body));
        let error = refused(status.as_u16(), headers, body, tap.secrets());
        tap.request_error(&error, Some(body));
        return error;
    }
    match error {
        Error::ChatResponse { body, .. } => reported(body, tap),
        Error::WebStream { error, .. } => broken(&**error, frames, tap),
        other => unreadable(&problem(other), frames, tap),
    }
}

/// Makes the error of an answer that ended before it was whole, and records it.
pub(super) fn cut_off(frames: &Frames, tap: &WireTap) -> ModelError {
    let what = if frames.any() { "the stream ended before the answer did" } else { NOTHING };
    let error = truncated(None, &HeaderMap::new(), what);
    tap.request_error(&error, None);
    error
}

const NOTHING: &str = "the stream ended before the answer did: nothing came that is a part of one";

/// Returns status, headers and body, if the provider refused the request.
fn refusal(error: &Error) -> Option<(StatusCode, &HeaderMap, &str)> {
    match error {
        Error::HttpError { status, body, headers, .. }
        | Error::WebModelCall {
            webc_error: webc::Error::ResponseFailedStatus { status, body, headers },
            ..
        } => Some((*status, headers, body)),
        Error::WebStream { error, .. } => refusal(error.downcast_ref()?),
        _ => None,
    }
}

/// An error that a payload of the stream reports.
fn reported(body: &Value, tap: &WireTap) -> ModelError {
    // Of OpenAI's payloads genai keeps the error alone, of Anthropic's the whole.
    let payload = if body.get("error").is_some() { body.clone() } else { json!({"error": body}) };
    let payload = payload.to_string();
    let headers = HeaderMap::new();
    let error = failed_in_stream(None, &headers, &payload, tap.secrets());
    let error = error.unwrap_or_else(|| malformed(None, &headers, "", &payload, tap.secrets()));
    tap.request_error(&error, Some(&payload));
    error
}

/// An error of the connection, or of its bytes.
fn broken(
    error: &(dyn std::error::Error + Send + Sync + 'static),
    frames: &Frames,
    tap: &WireTap,
) -> ModelError {
    if let Some(error) = error.downcast_ref::<FromUtf8Error>() {
        return not_text(error, tap);
    }
    let source: &(dyn std::error::Error + 'static) = error;
    let is_body = |error: &reqwest::Error| error.is_body() || error.is_decode();
    let has_begun = frames.any() || error.downcast_ref().is_some_and(is_body);
    let failed = if error.is::<StreamTimeout>() {
        ModelError::new(ModelErrorKind::Timeout, error.to_string())
    } else if has_begun {
        not_read(source, None, None, tap.secrets())
    } else {
        not_connected(source, tap.secrets())
    };
    tap.request_error(&failed, None);
    failed
}

/// Bytes that are no text: cut off within a character, or something else.
fn not_text(error: &FromUtf8Error, tap: &WireTap) -> ModelError {
    let bytes = String::from_utf8_lossy(error.as_bytes());
    let headers = HeaderMap::new();
    // A character of which only the beginning came is no wrong one.
    if error.utf8_error().error_len().is_none() {
        let rest = tap.secrets().mask(&bytes);
        let message = format!("the stream ended before the answer did, in the middle of {rest}");
        let failed = truncated(None, &headers, &message);
        tap.request_error(&failed, Some(&bytes));
        failed
    } else {
        let problem = error.to_string();
        tap.parse_error(&problem, &bytes);
        malformed(None, &headers, &problem, &bytes, tap.secrets())
    }
}

fn unreadable(problem: &str, frames: &Frames, tap: &WireTap) -> ModelError {
    let payload = frames.last();
    tap.parse_error(problem, &payload);
    malformed(None, &HeaderMap::new(), problem, &payload, tap.secrets())
}

/// Returns what is wrong with a payload, without the payload.
fn problem(error: &Error) -> String {
    match error {
        Error::StreamParse { serde_error, .. } | Error::SerdeJson(serde_error) => {
            serde_error.to_string()
        }
        Error::JsonValueExt(error) => error.to_string(),
        other => other.source().map_or_else(|| "it is no answer".to_owned(), ToString::to_string),
    }
}
