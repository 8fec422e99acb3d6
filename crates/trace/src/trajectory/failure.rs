//! How a trajectory failed, and where that is written down.

use std::{any::Any, fmt::Display};

use tracing::Span;

use crate::{capture::Panicked, genai::CallError};

/// The error of a trajectory, as its metadata and its span have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) error: String,
    pub(super) error_type: String,
}

impl Failure {
    /// Returns the failure that the output of the program is, if it is one.
    pub(super) fn of_result<T, E: Display>(output: &Result<T, E>) -> Option<Self> {
        let error = output.as_ref().err()?;
        let error_type = short_name(std::any::type_name::<E>());
        Some(Self { error: error.to_string(), error_type })
    }

    /// The program panicked. Returns the failure, and what it panicked with to go on.
    pub(super) fn of_panic(payload: Box<dyn Any + Send>) -> (Self, Box<dyn Any + Send>) {
        let panicked = Panicked::from(payload);
        let error = panicked.message().to_owned();
        (Self { error, error_type: "panic".to_owned() }, panicked.into_payload())
    }

    /// The program was dropped before it was done.
    pub(super) fn of_cancellation() -> Self {
        Self {
            error: "the trajectory was dropped before it was complete".to_owned(),
            error_type: "cancelled".to_owned(),
        }
    }

    /// Writes the failure into the span of the trajectory, which is the current one if there is any.
    pub(super) fn record(&self, span: &Span) {
        if span.is_disabled() {
            return;
        }
        span.record("otel.status_code", "ERROR");
        span.record("otel.status_description", self.error.as_str());
        span.record("error.type", self.error_type.as_str());
        tracing::error!(
            target: "probity::trajectory",
            parent: span,
            {
                "exception.type" = self.error_type.as_str(),
                "exception.message" = self.error.as_str()
            },
            "exception"
        );
    }
}

/// Returns what a call says of how it failed.
pub(super) fn told(error: &CallError) -> String {
    let CallError { error_type, message, .. } = error;
    message
        .as_ref()
        .map_or_else(|| error_type.clone(), |message| format!("{error_type}: {message}"))
}

/// Returns the name of a type without the modules it is in.
fn short_name(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    let mut start_of_word = 0;
    let mut rest = name;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("::") {
            short.truncate(start_of_word);
            rest = after;
            continue;
        }
        short.push(next);
        if !(next.is_alphanumeric() || next == '_') {
            start_of_word = short.len();
        }
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_named_without_its_modules() {
        for (name, short) in [
            ("core::num::error::ParseIntError", "ParseIntError"),
            (
                "alloc::boxed::Box<dyn core::error::Error + core::marker::Send>",
                "Box<dyn Error + Send>",
            ),
            ("&str", "&str"),
            ("(a::B, c::d::E<f::G>)", "(B, E<G>)"),
        ] {
            assert_eq!(short_name(name), short);
        }
    }
}
