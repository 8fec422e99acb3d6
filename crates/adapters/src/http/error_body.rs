//! What a provider says in the body of an error.

use probity_eval::model::ModelErrorKind;
use serde_json::Value;

/// What the body of an error says, in the shape of OpenAI, of Anthropic, or in none that is known.
#[derive(Debug)]
pub(super) struct ErrorBody {
    /// The provider's words, or the whole body where it has another shape.
    pub(super) message: String,
    /// The names of the error: its type and its code.
    names: Vec<String>,
    /// The HTTP status that the body repeats.
    status: Option<u16>,
    /// The identifier of the request, which Anthropic puts into the body.
    pub(super) request_id: Option<String>,
}

/// Names of errors, where no HTTP status tells the kind.
const NAMED: [(&str, ModelErrorKind); 14] = [
    ("rate_limit_error", ModelErrorKind::RateLimited),
    ("rate_limit_exceeded", ModelErrorKind::RateLimited),
    ("requests", ModelErrorKind::RateLimited),
    ("tokens", ModelErrorKind::RateLimited),
    ("overloaded_error", ModelErrorKind::Server),
    ("api_error", ModelErrorKind::Server),
    ("server_error", ModelErrorKind::Server),
    ("timeout_error", ModelErrorKind::Timeout),
    ("authentication_error", ModelErrorKind::Unauthorized),
    ("invalid_api_key", ModelErrorKind::Unauthorized),
    ("permission_error", ModelErrorKind::Unauthorized),
    ("invalid_request_error", ModelErrorKind::InvalidRequest),
    ("not_found_error", ModelErrorKind::InvalidRequest),
    ("request_too_large", ModelErrorKind::InvalidRequest),
];

/// Names of errors that say that the money is gone, whatever the status.
const QUOTA: [&str; 4] =
    ["insufficient_quota", "billing_error", "billing_hard_limit_reached", "billing_not_active"];

impl ErrorBody {
    /// Reads a body, whatever it is.
    pub(super) fn read(body: &str) -> Self {
        let value = serde_json::from_str(body).unwrap_or(Value::Null);
        // Some compatible servers answer with a list of one error.
        let value = value.get(0).unwrap_or(&value);
        Self::of(value).unwrap_or_else(|| Self {
            message: body.trim().to_owned(),
            names: Vec::new(),
            status: None,
            request_id: None,
        })
    }

    /// Reads a payload of a stream; `None` if it reports no error.
    pub(super) fn of_payload(payload: &str) -> Option<Self> {
        // Nearly all payloads are none, and need not be parsed twice.
        if !payload.contains("\"error\"") {
            return None;
        }
        Self::of(&serde_json::from_str(payload).ok()?)
    }

    fn of(value: &Value) -> Option<Self> {
        let error = value.get("error").filter(|error| !error.is_null())?;
        let text = |key| error.get(key).and_then(Value::as_str).map(str::to_owned);
        let message = text("message").or_else(|| error.as_str().map(str::to_owned));
        let status = error.get("code").or_else(|| error.get("status")).and_then(Value::as_u64);
        let id = value.get("request_id").and_then(Value::as_str);
        Some(Self {
            message: message.unwrap_or_else(|| error.to_string()),
            names: [text("type"), text("code")].into_iter().flatten().collect(),
            status: status.and_then(|status| u16::try_from(status).ok()).filter(is_failure),
            request_id: id.map(str::to_owned),
        })
    }

    /// Returns the kind that the names of the error stand for, of an answer with this status.
    pub(super) fn kind(&self, status: Option<u16>) -> ModelErrorKind {
        let is = |name: &str| self.names.iter().any(|own| own == name);
        if QUOTA.into_iter().any(is) {
            return ModelErrorKind::QuotaExceeded;
        }
        if let Some(status) = status.filter(is_failure).or(self.status) {
            return ModelErrorKind::from_status(status);
        }
        let named = NAMED.into_iter().find(|(name, _)| is(name));
        named.map_or(ModelErrorKind::Other, |(_, kind)| kind)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "used as a filter")]
fn is_failure(status: &u16) -> bool {
    (400..600).contains(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, kind: ModelErrorKind, message: &str) {
        let read = ErrorBody::read(body);
        assert_eq!((read.kind(Some(status)), &*read.message), (kind, message));
    }

    #[test]
    fn the_bodies_of_openai_and_of_anthropic_are_understood() {
        check(
            429,
            r#"{"error":{"message":"Slow down.","type":"requests","code":"rate_limit_exceeded"}}"#,
            ModelErrorKind::RateLimited,
            "Slow down.",
        );
        check(
            429,
            r#"{"error":{"message":"No money.","type":"insufficient_quota","param":null}}"#,
            ModelErrorKind::QuotaExceeded,
            "No money.",
        );
        check(
            529,
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Too much."}}"#,
            ModelErrorKind::Server,
            "Too much.",
        );
    }

    #[test]
    fn the_status_goes_before_the_name_and_the_name_before_nothing() {
        let body = r#"{"error":{"message":"x","type":"invalid_request_error"}}"#;
        check(401, body, ModelErrorKind::Unauthorized, "x");
        check(200, body, ModelErrorKind::InvalidRequest, "x");
        check(200, r#"{"error":{"message":"x","code":503}}"#, ModelErrorKind::Server, "x");
        check(200, r#"{"error":"x"}"#, ModelErrorKind::Other, "x");
    }

    #[test]
    fn a_body_of_another_shape_is_the_message() {
        check(
            502,
            "<html>Bad gateway</html>\n",
            ModelErrorKind::Server,
            "<html>Bad gateway</html>",
        );
        check(500, "", ModelErrorKind::Server, "");
        check(400, r#"[{"error":{"message":"x"}}]"#, ModelErrorKind::InvalidRequest, "x");
    }

    #[test]
    fn only_payloads_with_an_error_report_one() {
        assert!(ErrorBody::of_payload(r#"{"choices":[],"error":null}"#).is_none());
        assert!(ErrorBody::of_payload(r#"{"choices":[]}"#).is_none());
        assert!(ErrorBody::of_payload(r#"{"error":{"message":"x"}}"#).is_some());
    }
}
