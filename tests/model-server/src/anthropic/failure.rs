//! Errors as Anthropic reports them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::reply::{Failure, FailureKind};

/// Renders an error.
pub(super) fn failure(failure: &Failure, request_id: &str) -> (StatusCode, Value) {
    let (status, kind) = kind(failure.kind());
    let body = json!({
        "type": "error",
        "error": { "type": kind, "message": failure.message() },
        "request_id": request_id,
    });
    (status, body)
}

/// Returns the status and type of a kind.
fn kind(kind: FailureKind) -> (StatusCode, &'static str) {
    match kind {
        FailureKind::BadRequest => (StatusCode::BAD_REQUEST, "invalid_request_error"),
        FailureKind::Authentication => (StatusCode::UNAUTHORIZED, "authentication_error"),
        FailureKind::Permission => (StatusCode::FORBIDDEN, "permission_error"),
        FailureKind::NotFound => (StatusCode::NOT_FOUND, "not_found_error"),
        FailureKind::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_error"),
        FailureKind::InsufficientQuota => (StatusCode::PAYMENT_REQUIRED, "billing_error"),
        FailureKind::Server => (StatusCode::INTERNAL_SERVER_ERROR, "api_error"),
        FailureKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "api_error"),
        FailureKind::Overloaded => (overloaded(), "overloaded_error"),
    }
}

/// Returns 529, which no standard knows.
fn overloaded() -> StatusCode {
    StatusCode::from_u16(529).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
}
