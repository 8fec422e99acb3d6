//! Why a model did not answer.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use crate::excerpt::Excerpt;

/// Why a model did not answer.
///
/// The message is bounded, says where it was cut, and has what looks like a secret masked.
#[derive(Debug)]
#[non_exhaustive]
pub struct ModelError {
    /// What kind of error it is.
    pub kind: ModelErrorKind,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// How long the provider asks to wait before the next request.
    pub retry_after: Option<Duration>,
    /// Whether trying again may help, where the provider says so itself.
    pub should_retry: Option<bool>,
    /// The provider's identifier of the request.
    pub request_id: Option<String>,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The kinds of [`ModelError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ModelErrorKind {
    /// Too many requests or tokens for now (429).
    RateLimited,
    /// The account has nothing left to spend (402, or 429 that says so).
    QuotaExceeded,
    /// The provider failed or was overloaded (5xx, 529).
    Server,
    /// There was no answer in time (408, or the client's own limit).
    Timeout,
    /// There was no connection, or it broke before an answer.
    Connection,
    /// The answer broke off before its end.
    Truncated,
    /// The answer could not be read.
    Malformed,
    /// The request was not understood or not allowed (400, 404, 413, 422 and other 4xx).
    InvalidRequest,
    /// The credentials were missing, wrong or not enough (401, 403).
    Unauthorized,
    /// Anything else.
    Other,
}

impl ModelErrorKind {
    /// Returns the kind that an HTTP status stands for.
    pub fn from_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Unauthorized,
            402 => Self::QuotaExceeded,
            408 | 504 => Self::Timeout,
            429 => Self::RateLimited,
            // A conflict of two requests, which the providers' own clients try again.
            409 | 500.. => Self::Server,
            400..=499 => Self::InvalidRequest,
            _ => Self::Other,
        }
    }

    /// Returns whether the same request may succeed later: rate limits, failures of the provider, of the
    /// network, and answers that broke off.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Server | Self::Timeout | Self::Connection | Self::Truncated
        )
    }

    /// Returns the name under which spans record the kind where there is no HTTP status.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Server => "server_error",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed_response",
            Self::InvalidRequest => "invalid_request",
            Self::Unauthorized => "unauthorized",
            Self::Other => "_OTHER",
        }
    }
}

impl ModelError {
    /// Makes an error that says what went wrong.
    pub fn new(kind: ModelErrorKind, message: impl AsRef<str>) -> Self {
        Self {
            kind,
            status: None,
            retry_after: None,
            should_retry: None,
            request_id: None,
            message: Excerpt::of(message.as_ref()).to_string(),
            source: None,
        }
    }

    /// Makes the error that an HTTP status and the provider's words stand for.
    pub fn from_status(status: u16, message: impl AsRef<str>) -> Self {
        let error = Self::new(ModelErrorKind::from_status(status), message);
        Self { status: Some(status), ..error }
    }

    /// Sets how long the provider asks to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Sets what the provider says itself about trying again.
    #[must_use]
    pub fn with_should_retry(mut self, should: bool) -> Self {
        self.should_retry = Some(should);
        self
    }

    /// Sets the provider's identifier of the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Sets the error behind this one. Its text must hold no secret: it is shown as it is.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns what went wrong, in the provider's words where it has any.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns whether trying again may help: what the provider says, else whether the kind is
    /// [transient](ModelErrorKind::is_transient).
    pub fn is_retryable(&self) -> bool {
        self.should_retry.unwrap_or_else(|| self.kind.is_transient())
    }

    /// Returns what a span records as `error.type`: the HTTP status, or else the kind.
    pub fn error_type(&self) -> Cow<'static, str> {
        match self.status {
            Some(status) if status >= 400 => Cow::Owned(status.to_string()),
            _ => Cow::Borrowed(self.kind.as_str()),
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ModelErrorKind::RateLimited => "the provider limits the rate",
            ModelErrorKind::QuotaExceeded => "the account's quota is used up",
            ModelErrorKind::Server => "the provider failed",
            ModelErrorKind::Timeout => "there was no answer in time",
            ModelErrorKind::Connection => "there was no connection to the provider",
            ModelErrorKind::Truncated => "the answer broke off",
            ModelErrorKind::Malformed => "the answer could not be read",
            ModelErrorKind::InvalidRequest => "the provider refused the request",
            ModelErrorKind::Unauthorized => "the provider refused the credentials",
            ModelErrorKind::Other => "the model call failed",
        };
        f.write_str(what)?;
        if let Some(status) = self.status {
            write!(f, " (status {status})")?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl Error for ModelError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_retried_as_the_providers_clients_do() {
        for status in [408, 409, 429, 500, 502, 503, 504, 529] {
            assert!(ModelError::from_status(status, "").is_retryable(), "{status}");
        }
        for status in [400, 401, 402, 403, 404, 413, 422] {
            assert!(!ModelError::from_status(status, "").is_retryable(), "{status}");
        }
        assert!(!ModelError::from_status(500, "").with_should_retry(false).is_retryable());
    }

    #[test]
    fn a_long_message_is_cut_and_says_so_and_a_secret_in_it_is_masked_first() {
        let secret =
            format!("{} sk-abcdefghijklmnopqrstuvwxyz {}", "x".repeat(490), "y".repeat(100));
        let message = ModelError::new(ModelErrorKind::Other, secret).message().to_owned();
        assert!(!message.contains("sk-abc"), "{message}");
        let long = ModelError::new(ModelErrorKind::Other, "é".repeat(510));
        assert!(long.message().ends_with("é.. (10 more characters)"));
    }

    #[test]
    fn an_error_says_the_status_the_words_and_the_request() {
        let error = ModelError::from_status(429, "slow down").with_request_id("req_1");
        assert_eq!(
            error.to_string(),
            "the provider limits the rate (status 429): slow down (request req_1)"
        );
        assert_eq!(error.error_type(), "429");
    }
}
