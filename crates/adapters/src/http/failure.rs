//! What goes wrong with an answer, as a [`ModelError`].

use std::time::SystemTime;

use http::HeaderMap;
use probity_eval::model::{ModelError, ModelErrorKind};

use super::{
    error_body::ErrorBody,
    headers::request_id,
    retry_after::{retry_after, should_retry},
    secrets::Secrets,
};

/// Makes the error of an answer that is none: the provider refused the request, or failed.
pub(crate) fn refused(
    status: u16,
    headers: &HeaderMap,
    body: &str,
    secrets: &Secrets,
) -> ModelError {
    error_of(&ErrorBody::read(body), Some(status), headers, secrets)
}

/// Makes the error that a payload of a stream reports; `None` if it reports none. Not every client
/// tells the status of a stream.
pub(crate) fn failed_in_stream(
    status: impl Into<Option<u16>>,
    headers: &HeaderMap,
    payload: &str,
    secrets: &Secrets,
) -> Option<ModelError> {
    let body = ErrorBody::of_payload(payload)?;
    Some(error_of(&body, status.into(), headers, secrets))
}

/// Makes the error of an answer that could not be read: what was wrong with it, and how it begins.
pub(crate) fn malformed(
    status: impl Into<Option<u16>>,
    headers: &HeaderMap,
    problem: &str,
    body: &str,
    secrets: &Secrets,
) -> ModelError {
    let message = format!("{problem}: {}", secrets.mask(body.trim()));
    about(ModelError::new(ModelErrorKind::Malformed, message), status.into(), headers)
}

/// Makes the error of an answer that broke off.
pub(crate) fn truncated(
    status: impl Into<Option<u16>>,
    headers: &HeaderMap,
    message: &str,
) -> ModelError {
    about(ModelError::new(ModelErrorKind::Truncated, message), status.into(), headers)
}

fn error_of(
    body: &ErrorBody,
    status: Option<u16>,
    headers: &HeaderMap,
    secrets: &Secrets,
) -> ModelError {
    let error = ModelError::new(body.kind(status), secrets.mask(&body.message));
    let mut error = about(error, status, headers);
    error.retry_after = retry_after(headers, SystemTime::now());
    error.should_retry = should_retry(headers);
    error.request_id = error.request_id.or_else(|| body.request_id.clone());
    error
}

fn about(mut error: ModelError, status: Option<u16>, headers: &HeaderMap) -> ModelError {
    error.status = status;
    error.request_id = request_id(headers);
    error
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let name = http::HeaderName::from_static;
        pairs.iter().map(|(key, value)| (name(key), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_refusal_keeps_status_words_wait_and_request() {
        let headers = headers(&[("x-request-id", "req_1"), ("retry-after", "3")]);
        let body = r#"{"error":{"message":"Slow down.","type":"requests"}}"#;
        let error = refused(429, &headers, body, &Secrets::default());
        assert_eq!(
            error.to_string(),
            "the provider limits the rate (status 429): Slow down. (request req_1)"
        );
        assert_eq!(error.retry_after, Some(Duration::from_secs(3)));
        assert!(error.is_retryable());
    }

    #[test]
    fn what_the_provider_says_of_trying_again_goes_before_the_status() {
        let body = r#"{"error":{"message":"x"}}"#;
        let says = |word| headers(&[("x-should-retry", word)]);
        assert!(!refused(500, &says("false"), body, &Secrets::default()).is_retryable());
        assert!(refused(400, &says("true"), body, &Secrets::default()).is_retryable());
    }

    #[test]
    fn no_money_is_not_tried_again_though_the_status_is_that_of_a_rate_limit() {
        let body = r#"{"error":{"message":"No money.","code":"insufficient_quota"}}"#;
        let error = refused(429, &HeaderMap::new(), body, &Secrets::default());
        assert_eq!(error.kind, ModelErrorKind::QuotaExceeded);
        assert!(!error.is_retryable());
    }

    #[test]
    fn an_error_in_a_stream_keeps_the_status_of_the_stream_and_the_id_in_its_body() {
        let payload = r#"{"type":"error","error":{"type":"overloaded_error","message":"x"},"request_id":"req_2"}"#;
        let error = failed_in_stream(200, &HeaderMap::new(), payload, &Secrets::default()).unwrap();
        assert_eq!((error.kind, error.status), (ModelErrorKind::Server, Some(200)));
        assert_eq!(error.request_id.as_deref(), Some("req_2"));
        assert_eq!(error.error_type(), "server_error");
    }

    #[test]
    fn the_key_of_the_request_is_masked_wherever_the_provider_repeats_it() {
        let secrets = Secrets::of(&headers(&[("authorization", "Bearer my-own-key-1")]));
        let body = r#"{"error":{"message":"The key my-own-key-1 is wrong."}}"#;
        let error = refused(401, &HeaderMap::new(), body, &secrets);
        assert_eq!(error.message(), "The key [redacted] is wrong.");
        let error = malformed(200, &HeaderMap::new(), "no JSON", "<p>my-own-key-1</p>", &secrets);
        assert_eq!(error.message(), "no JSON: <p>[redacted]</p>");
    }
}
