//! The JSON form of a trace, `probity-trace/1`.
//!
//! One object: `format`, `trace_id` (left out if there is none), `start_unix_nano`, `duration_ns`,
//! `status`, `dropped`, `spans` in the order in which they were opened, and `events` in the order in
//! which they happened. Spans are flat and name their parents, so that depth costs nothing. The order
//! of keys does not matter, and unknown ones are ignored: a later version of the same major format may
//! add some.

mod assemble;
mod format;
mod read;
mod write;

use serde::Deserialize;

use self::format::OtherFormat;
use super::TraceSnapshot;

/// Says why a trace could not be written as JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the trace could not be written as JSON: {message}")]
pub struct ToJsonError {
    message: String,
}

/// Says why a text could not be read as a trace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FromJsonError {
    /// It is in another major format, or in that of something else.
    #[error("the format is {found:?}, and only {:?} is understood", format::NAME)]
    OtherFormat {
        /// The name of the format.
        found: String,
    },
    /// It is no JSON, or says what cannot be.
    #[error("the trace cannot be read: {message}")]
    Malformed {
        /// What is wrong, and where.
        message: String,
    },
}

/// The one key that must be understood before all others.
#[derive(Deserialize)]
struct Probe {
    format: String,
}

impl TraceSnapshot {
    /// Writes the trace as JSON on one line, with secrets masked.
    ///
    /// The format has a name and a version, `"format": "probity-trace/1"`. What it says comes back from
    /// [`from_json`](Self::from_json) bit for bit.
    ///
    /// # Errors
    ///
    /// None are known; the format leaves room for them.
    ///
    /// # Examples
    ///
    /// ```
    /// use probity_trace::{TraceSnapshot, testing::TraceBuilder};
    ///
    /// let trace = TraceBuilder::new()
    ///     .span("chat", |chat| chat.field("tokens", 7))
    ///     .build();
    /// let json = trace.to_json()?;
    /// assert!(json.starts_with(r#"{"format":"probity-trace/1""#));
    /// assert_eq!(TraceSnapshot::from_json(&json)?, trace);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_json(&self) -> Result<String, ToJsonError> {
        serde_json::to_string(self).map_err(ToJsonError::new)
    }

    /// Writes the trace as JSON on many lines, for people, with secrets masked.
    ///
    /// # Errors
    ///
    /// None are known; the format leaves room for them.
    pub fn to_json_pretty(&self) -> Result<String, ToJsonError> {
        serde_json::to_string_pretty(self).map_err(ToJsonError::new)
    }

    /// Reads a trace from the JSON that [`to_json`](Self::to_json) writes.
    ///
    /// Unknown keys are ignored. Nothing is cut to the limits of a capture, and secrets are as they
    /// were written. What is read takes memory in proportion to the text.
    ///
    /// # Errors
    ///
    /// If the text is in another major format, is no JSON, or says what cannot be: two spans of one
    /// identifier, a parent that does not come before its child, an event in a span that is not there,
    /// a time before the start of the trace. The message says where.
    pub fn from_json(json: &str) -> Result<Self, FromJsonError> {
        serde_json::from_str(json).map_err(|error| {
            // Another version may fail on any key, and its version is what matters then.
            match serde_json::from_str(json).map(|Probe { format }| format::check(&format)) {
                Ok(Err(OtherFormat { found })) => FromJsonError::OtherFormat { found },
                _ => FromJsonError::Malformed { message: error.to_string() },
            }
        })
    }
}

impl ToJsonError {
    #[expect(clippy::needless_pass_by_value, reason = "`map_err` hands the error over by value")]
    fn new(error: serde_json::Error) -> Self {
        Self { message: error.to_string() }
    }
}
