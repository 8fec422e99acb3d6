//! Errors as OpenAI reports them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::reply::{Failure, FailureKind};

/// Renders an error.
pub(super) fn failure(failure: &Failure) -> (StatusCode, Value) {
    let (status, kind, code) = kind(failure.kind());
    let body = json!({
        "error": {
            "message": failure.message(),
            "type": kind,
            "param": failure.param(),
            "code": failure.code().or(code),
        }
    });
    (status, body)
}

/// Returns the status, type and code of a kind.
fn kind(kind: FailureKind) -> (StatusCode, &'static str, Option<&'static str>) {
    const INVALID: &str = "invalid_request_error";
    const QUOTA: &str = "insufficient_quota";
    match kind {
        FailureKind::BadRequest => (StatusCode::BAD_REQUEST, INVALID, None),
        FailureKind::Authentication => (StatusCode::UNAUTHORIZED, INVALID, Some("invalid_api_key")),
        FailureKind::Permission => (StatusCode::FORBIDDEN, INVALID, None),
        FailureKind::NotFound => (StatusCode::NOT_FOUND, INVALID, Some("model_not_found")),
        FailureKind::RateLimited => {
            (StatusCode::TOO_MANY_REQUESTS, "requests", Some("rate_limit_exceeded"))
        }
        FailureKind::InsufficientQuota => (StatusCode::TOO_MANY_REQUESTS, QUOTA, Some(QUOTA)),
        FailureKind::Server => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", None),
        FailureKind::Unavailable | FailureKind::Overloaded => {
            (StatusCode::SERVICE_UNAVAILABLE, "server_error", None)
        }
    }
}
