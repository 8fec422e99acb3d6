//! Checks that nothing went wrong.

mod found;

use std::{fmt, marker::PhantomData};

use probity_trace::{SpanOrEvent, TraceSnapshot, matcher::Matcher};
use serde::{Deserialize, Serialize};

pub use self::found::{ErrorKind, FoundError};
use super::{
    any_matcher::AnyMatcher,
    error::CheckError,
    evidence::{About, require_complete, require_recorded},
    of_any::of_trace,
    report::all_or_nothing,
    shortlist::{Shortlist, write_joined},
};

/// Checks that the trace tells of no error.
///
/// Errors are:
///
/// - events of the level ERROR,
/// - model calls, tool calls and runs of agents that failed, as [`TraceSnapshot::genai`] reads them,
/// - other spans that are marked as failed: by `otel.status_code` ERROR, by an `error.type`, or by a
///   field `error` that is neither empty nor false.
///
/// Errors that are expected are left out with [`allowing`](NoErrors::allowing). It errs where nothing was
/// recorded, and where no error is found, but the capture dropped something.
///
/// The type of the artifact is inferred. Where nothing tells it, write `no_errors::<str>()`.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::no_errors};
/// use probity_trace::{matcher::message, testing::TraceBuilder};
/// use tracing::Level;
///
/// let trace = TraceBuilder::new()
///     .span("agent", |agent| agent.event("cache is full").level(Level::ERROR))
///     .build();
///
/// let scored = no_errors().scored().evaluate(&trace, "Paris")?;
/// assert!(!scored.passed);
/// assert_eq!(
///     scored.report.to_string(),
///     r#"expected no error, found 1: event in agent: "cache is full""#
/// );
///
/// let lenient = no_errors().allowing(message("cache is full")).scored();
/// assert!(lenient.evaluate(&trace, "Paris")?.passed);
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn no_errors<A: ?Sized>() -> NoErrors<A> {
    NoErrors { allowed: Vec::new(), artifact: PhantomData }
}

/// Check made by [`no_errors`].
#[must_use = "evals do nothing unless evaluated"]
pub struct NoErrors<A: ?Sized> {
    allowed: Vec<AnyMatcher>,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(NoErrors { allowed } -> NoErrorsReport);

impl<A: ?Sized> NoErrors<A> {
    /// Lets the spans and events that match have errors; they are counted. Each call allows more.
    pub fn allowing(mut self, matcher: impl Matcher + Send + Sync + 'static) -> Self {
        self.allowed.push(AnyMatcher::new(matcher));
        self
    }

    fn check(&self, trace: &TraceSnapshot) -> Result<NoErrorsReport, CheckError> {
        require_recorded(trace)?;
        let mut errors = Shortlist::default();
        let mut allowed = 0;
        for origin in found::errors(trace, &trace.genai()) {
            if origin.item.is_some_and(|item| self.allows(item)) {
                allowed += 1;
            } else {
                errors.push_with(|| origin.found());
            }
        }
        if errors.is_empty() {
            require_complete(trace, About::Everything)?;
        }
        Ok(NoErrorsReport { passed: errors.is_empty(), errors, allowed })
    }

    fn allows(&self, item: SpanOrEvent<'_>) -> bool {
        self.allowed.iter().any(|matcher| matcher.matches(item))
    }
}

/// Report of [`no_errors`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NoErrorsReport {
    /// Whether there is no error but those allowed.
    pub passed: bool,
    /// The errors: those of calls, those of other spans, then those of events.
    pub errors: Shortlist<FoundError>,
    /// How many errors were allowed.
    pub allowed: usize,
}

all_or_nothing!(NoErrorsReport);

impl fmt::Display for NoErrorsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected no error, found {}", self.errors.total())?;
        if self.allowed > 0 {
            write!(f, " besides {} allowed", self.allowed)?;
        }
        if self.errors.is_empty() {
            return Ok(());
        }
        f.write_str(": ")?;
        write_joined(f, &self.errors, "; ")
    }
}

#[cfg(test)]
mod tests {
    use probity_trace::{
        Dropped,
        matcher::{level, name},
        testing::TraceBuilder,
    };
    use tracing::Level;

    use super::*;
    use crate::{
        PureEval as _,
        checks::testing::{chat, dropped_spans, tool},
    };

    #[track_caller]
    fn check(trace: TraceBuilder, expected: &[(ErrorKind, &str, &str)]) {
        let report = no_errors().evaluate(&trace.build(), "").unwrap();
        let found: Vec<_> =
            report.errors.items.iter().map(|e| (e.kind, &*e.path.text, &*e.message.text)).collect();
        assert_eq!(found, expected);
        assert_eq!(report.passed, expected.is_empty());
    }

    #[test]
    fn what_is_no_error_passes() {
        let quiet = TraceBuilder::new().event("careful").level(Level::WARN);
        let named = quiet.span("request", |s| s.level(Level::ERROR));
        let unmarked = named.span("step", |s| {
            s.field("otel.status_code", "OK").field("error", false).field("error.type", "")
        });
        check(unmarked, &[]);
    }

    #[test]
    fn events_of_the_level_error_are_errors() {
        let trace = TraceBuilder::new().event("lost").level(Level::ERROR).span("agent", |agent| {
            agent.span("step", |step| {
                step.event("failed").level(Level::ERROR).field("error", "no disk")
            })
        });
        check(
            trace,
            &[
                (ErrorKind::Event, "", "lost"),
                (ErrorKind::Event, "agent > step", "failed: no disk"),
            ],
        );
    }

    #[test]
    fn spans_that_are_marked_as_failed_are_errors() {
        let trace = TraceBuilder::new()
            .span("a", |s| {
                s.field("otel.status_code", "ERROR").field("otel.status_description", "x")
            })
            .span("b", |s| s.field("otel.status_code", "error"))
            .span("c", |s| s.field("error.type", "timeout").field("error.message", "slow"))
            .span("d", |s| s.field("error", "no disk"))
            .span("e", |s| s.field("error", true));
        check(
            trace,
            &[
                (ErrorKind::Span, "a", "ERROR: x"),
                (ErrorKind::Span, "b", "error"),
                (ErrorKind::Span, "c", "timeout: slow"),
                (ErrorKind::Span, "d", "no disk"),
                (ErrorKind::Span, "e", "true"),
            ],
        );
    }

    #[test]
    fn calls_that_failed_are_errors_and_are_told_once() {
        let trace = TraceBuilder::new().span("agent", |agent| {
            let agent = chat(agent, "small", None).field("error.type", "429");
            tool(agent, "search", None)
                .field("otel.status_code", "ERROR")
                .field("error.type", "timeout")
        });
        check(
            trace,
            &[
                (ErrorKind::ModelCall, "agent > chat small", "429"),
                (ErrorKind::ToolCall, "agent > execute_tool search", "timeout"),
            ],
        );
    }

    #[test]
    fn errors_that_are_allowed_are_counted() {
        let trace = TraceBuilder::new()
            .event("lost")
            .level(Level::ERROR)
            .span("retry", |s| s.field("error.type", "timeout"))
            .span("step", |s| s.field("error.type", "timeout"))
            .build();
        let eval = no_errors().allowing(name("retry")).allowing(level(Level::ERROR));
        let report = eval.evaluate(&trace, "").unwrap();
        assert_eq!((report.errors.total(), report.allowed), (1, 2));
        assert_eq!(
            report.to_string(),
            r#"expected no error, found 1 besides 2 allowed: span in step: "timeout""#
        );
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<NoErrorsReport>(&json).unwrap(), report);
    }

    #[test]
    fn many_errors_are_cut_and_counted_and_secrets_are_masked() {
        let trace = (0..30).fold(TraceBuilder::new(), |trace, _| {
            trace.event("bad key sk-proj-abcdefghijklmnop1234").level(Level::ERROR)
        });
        let report = no_errors().evaluate(&trace.build(), "").unwrap();
        assert_eq!((report.errors.items.len(), report.errors.total()), (20, 30));
        assert!(!report.to_string().contains("sk-proj"), "{report}");
    }

    #[test]
    fn a_trace_that_cannot_tell_is_an_error() {
        let none = no_errors().evaluate(&TraceSnapshot::default(), "");
        assert!(matches!(none, Err(CheckError::NotRecorded { .. })));
        let mut dropped = Dropped::default();
        dropped.events = 1;
        let steps = || TraceBuilder::new().span("step", |s| s);
        for trace in [steps().dropped(dropped), dropped_spans(steps(), 1)] {
            let undecided = no_errors().evaluate(&trace.build(), "");
            assert!(matches!(undecided, Err(CheckError::Incomplete { .. })));
        }
        let failed = dropped_spans(steps().field("error.type", "timeout"), 1).build();
        assert!(!no_errors().evaluate(&failed, "").unwrap().passed);
    }
}
