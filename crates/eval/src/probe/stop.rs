//! Why a probe ended what it watched, and what is handed back.

use std::{fmt, ops::Deref};

use probity_trace::{SpanId, genai::Usage};

/// Why a probe ended what it watched.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StopReason {
    /// What the probe says.
    pub reason: String,
    /// The name of the probe.
    pub probe: Option<String>,
    /// The span in which it happened, where that is known.
    pub span: Option<SpanId>,
    /// The tokens that were used until then, as far as they were reported.
    pub usage: Usage,
    /// The model calls that had ended until then.
    pub model_calls: u64,
}

impl StopReason {
    /// Makes a reason; who gives it, where, and what was spent is filled in for the probe.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            probe: None,
            span: None,
            usage: Usage::default(),
            model_calls: 0,
        }
    }

    /// Notes who gives the reason, unless that is known.
    pub(crate) fn given_by(mut self, probe: &str) -> Self {
        self.probe.get_or_insert_with(|| probe.to_owned());
        self
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.probe {
            Some(probe) => write!(f, "stopped by {probe}: {}", self.reason),
            None => write!(f, "stopped: {}", self.reason),
        }
    }
}

impl std::error::Error for StopReason {}

/// What was watched came to this, and the probe with what it saw.
///
/// Derefs to the result.
#[derive(Debug)]
#[non_exhaustive]
pub struct Probed<T, P> {
    /// What was watched came to this; a part of it if the probe ended it.
    pub result: T,
    /// The probe.
    pub probe: P,
    /// Why the probe ended it, if it did.
    pub stopped: Option<StopReason>,
    /// What the probe said when it panicked, if it did.
    pub panicked: Option<String>,
}

impl<T, P> Deref for Probed<T, P> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.result
    }
}
