//! Checks how many spans match.

use std::{fmt, marker::PhantomData, ops::RangeBounds};

use probity_trace::{SpanRef, TraceSnapshot, matcher::Matcher};
use serde::{Deserialize, Serialize};

use super::{
    any_matcher::AnyMatcher,
    count_range::CountRange,
    error::CheckError,
    evidence::{About, require_complete, require_recorded},
    of_any::of_trace,
    report::all_or_nothing,
    shortlist::Shortlist,
};

/// Checks that as many spans match as the range says: `1..=5`, `..3`, `2..=2`.
///
/// The [matchers](probity_trace::matcher) ask for names, fields, levels and places; with
/// [`span_where`](probity_trace::matcher::span_where) they ask anything, such as that no span takes over a
/// second. It errs where nothing was recorded, and where the capture dropped spans that might decide.
///
/// The type of the artifact is inferred. Where nothing tells it, write `span_count::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::span_count};
/// use probity_trace::{matcher::name, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("chat", |s| s).span("chat", |s| s).build();
/// assert!(span_count(name("chat"), ..=5).scored().evaluate(&trace, "Paris")?.passed);
///
/// let scored = span_count(name("chat"), 3..).scored().evaluate(&trace, "Paris")?;
/// assert_eq!(
///     scored.report.to_string(),
///     r#"spans that match name("chat"): expected at least 3, found 2; all spans: chat"#
/// );
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn span_count<A: ?Sized>(
    matcher: impl Matcher + Send + Sync + 'static,
    range: impl RangeBounds<usize>,
) -> SpanCount<A> {
    let (matcher, range) = (AnyMatcher::new(matcher), CountRange::of(&range));
    SpanCount { matcher, range, artifact: PhantomData }
}

/// Check made by [`span_count`].
#[must_use = "evals do nothing unless evaluated"]
pub struct SpanCount<A: ?Sized> {
    matcher: AnyMatcher,
    range: CountRange,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(SpanCount { matcher, range } -> SpanCountReport);

impl<A: ?Sized> SpanCount<A> {
    fn check(&self, trace: &TraceSnapshot) -> Result<SpanCountReport, CheckError> {
        SpanCountReport::of(trace, &self.matcher, self.range)
    }
}

/// Report of [`span_count`] and [`span_exists`](super::span_exists).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SpanCountReport {
    /// Whether as many spans match as expected.
    pub passed: bool,
    /// What the spans are asked.
    pub matcher: String,
    /// How many are to match.
    pub expected: CountRange,
    /// How many match.
    pub count: usize,
    /// The names of all spans of the trace, each once, in the order in which they come first.
    pub spans: Shortlist<String>,
}

impl SpanCountReport {
    pub(super) fn of(
        trace: &TraceSnapshot,
        matcher: &AnyMatcher,
        expected: CountRange,
    ) -> Result<Self, CheckError> {
        require_recorded(trace)?;
        let count = matcher.spans(trace).count();
        if !expected.is_decided(count) {
            require_complete(trace, About::Spans)?;
        }
        Ok(Self {
            passed: expected.contains(count),
            matcher: matcher.to_string(),
            expected,
            count,
            spans: Shortlist::of_distinct(trace.all_spans().map(SpanRef::name)),
        })
    }
}

all_or_nothing!(SpanCountReport);

impl fmt::Display for SpanCountReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { matcher, expected, count, spans, .. } = self;
        write!(
            f,
            "spans that match {matcher}: expected {expected}, found {count}; all spans: {spans}"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use probity_trace::{
        matcher::{field, name, span_where},
        testing::TraceBuilder,
    };

    use super::*;
    use crate::{PureEval as _, checks::testing::dropped_spans};

    fn three_chats() -> TraceBuilder {
        (1..=3).fold(TraceBuilder::new(), |trace, turn| {
            trace.span("chat", |chat| chat.field("turn", turn).wait(Duration::from_secs(turn)))
        })
    }

    #[track_caller]
    fn check(eval: &SpanCount<str>, passed: bool, count: usize) {
        let report = eval.evaluate(&three_chats().build(), "").unwrap();
        assert_eq!((report.passed, report.count), (passed, count), "{report}");
    }

    #[test]
    fn the_range_decides() {
        check(&span_count(name("chat"), 3..=3), true, 3);
        check(&span_count(name("chat"), ..3), false, 3);
        check(&span_count(name("Chat"), 1..), false, 0);
        check(&span_count(name("chat") & field("turn", 2), 1..=1), true, 1);
        let slow = span_where("over two seconds", |span| span.duration() > Duration::from_secs(2));
        check(&span_count(slow, ..1), false, 1);
    }

    #[test]
    fn a_trace_that_cannot_tell_is_an_error() {
        let none = span_count(name("chat"), ..).evaluate(&TraceSnapshot::default(), "");
        assert!(matches!(none, Err(CheckError::NotRecorded { .. })));
        let trace = dropped_spans(three_chats(), 1).build();
        assert!(span_count(name("chat"), 3..).evaluate(&trace, "").unwrap().passed);
        assert!(!span_count(name("chat"), ..3).evaluate(&trace, "").unwrap().passed);
        let undecided = span_count(name("chat"), 3..=3).evaluate(&trace, "");
        assert!(matches!(undecided, Err(CheckError::Incomplete { .. })));
    }

    #[test]
    fn json_brings_a_report_back() {
        let report = span_count(name("chat"), 1..).evaluate(&three_chats().build(), "").unwrap();
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<SpanCountReport>(&json).unwrap(), report);
    }
}
