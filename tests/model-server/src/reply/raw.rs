//! A body of no protocol.

use axum::{body::Bytes, http::StatusCode};

/// A body of no protocol, whatever the request asked for.
#[derive(Clone, Debug)]
pub struct Raw {
    status: StatusCode,
    content_type: String,
    body: Bytes,
}

impl Raw {
    /// Sends these bytes under this status.
    pub fn new(
        status: StatusCode,
        content_type: impl Into<String>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self { status, content_type: content_type.into(), body: body.into() }
    }

    /// Sends a page under 200, as a proxy does that stands in the way.
    pub fn html(page: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK, "text/html", page)
    }

    /// Sends this text as JSON under 200, whether it is that or not.
    pub fn json(text: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK, "application/json", text)
    }

    /// Sends no byte of body under 200.
    pub fn empty() -> Self {
        Self::json(Bytes::new())
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn content_type(&self) -> &str {
        &self.content_type
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }
}
