//! Checks that some span matches.

use std::marker::PhantomData;

use probity_trace::{TraceSnapshot, matcher::Matcher};

use super::{
    any_matcher::AnyMatcher, count_range::CountRange, error::CheckError, of_any::of_trace,
    span_count::SpanCountReport,
};

/// Checks that at least one span matches.
///
/// It is [`span_count`](super::span_count) with the range `1..`. It errs where nothing was recorded, and
/// where no span matches, but the capture dropped some.
///
/// The type of the artifact is inferred. Where nothing tells it, write `span_exists::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{
///     PureEval as _, PureEvalExt as _,
///     checks::{not, span_exists},
/// };
/// use probity_trace::{
///     matcher::{ancestor, name},
///     testing::TraceBuilder,
/// };
///
/// let trace = TraceBuilder::new().span("agent", |agent| agent.span("search", |s| s)).build();
///
/// let searched = span_exists(name("search") & ancestor(name("agent"))).scored();
/// assert!(searched.evaluate(&trace, "Paris")?.passed);
/// assert!(not(span_exists(name("delete"))).scored().evaluate(&trace, "Paris")?.passed);
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn span_exists<A: ?Sized>(matcher: impl Matcher + Send + Sync + 'static) -> SpanExists<A> {
    SpanExists { matcher: AnyMatcher::new(matcher), artifact: PhantomData }
}

/// Check made by [`span_exists`].
#[must_use = "evals do nothing unless evaluated"]
pub struct SpanExists<A: ?Sized> {
    matcher: AnyMatcher,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(SpanExists { matcher } -> SpanCountReport);

impl<A: ?Sized> SpanExists<A> {
    fn check(&self, trace: &TraceSnapshot) -> Result<SpanCountReport, CheckError> {
        SpanCountReport::of(trace, &self.matcher, CountRange::of(&(1..)))
    }
}

#[cfg(test)]
mod tests {
    use probity_trace::{
        matcher::{any, name},
        testing::TraceBuilder,
    };

    use super::*;
    use crate::{PureEval as _, checks::testing::dropped_spans};

    #[test]
    fn one_span_is_enough() {
        let trace = TraceBuilder::new().span("chat", |s| s).span("chat", |s| s).build();
        assert!(span_exists(name("chat")).evaluate(&trace, "").unwrap().passed);
        let report = span_exists(name("search")).evaluate(&trace, "").unwrap();
        assert_eq!(
            report.to_string(),
            r#"spans that match name("search"): expected at least 1, found 0; all spans: chat"#
        );
    }

    #[test]
    fn events_are_no_spans() {
        let trace = TraceBuilder::new().event("done").build();
        assert!(!span_exists(any()).evaluate(&trace, "").unwrap().passed);
    }

    #[test]
    fn a_trace_that_cannot_tell_is_an_error() {
        let none = span_exists(any()).evaluate(&TraceSnapshot::default(), "");
        assert!(matches!(none, Err(CheckError::NotRecorded { .. })));
        let dropped = dropped_spans(TraceBuilder::new().event("done"), 1).build();
        let undecided = span_exists(any()).evaluate(&dropped, "");
        assert!(matches!(undecided, Err(CheckError::Incomplete { .. })));
    }
}
