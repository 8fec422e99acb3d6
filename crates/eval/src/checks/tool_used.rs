//! Checks that a tool was called.

use std::{fmt, marker::PhantomData, ops::RangeBounds};

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use super::{
    count_range::CountRange,
    error::CheckError,
    evidence::{require_all_tool_calls, require_recorded},
    of_any::of_trace,
    report::all_or_nothing,
    shortlist::Shortlist,
};

/// Checks that a tool was called, at least once unless [`times`](ToolUsed::times) says otherwise.
///
/// Tool calls are those of [`TraceSnapshot::genai`], of any agent; failed ones count too. It errs where
/// nothing was recorded, and where the capture dropped spans, or cut messages, that might decide.
///
/// The type of the artifact is inferred. Where nothing tells it, write `tool_used::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::tool_used};
/// use probity_trace::testing::TraceBuilder;
///
/// let trace = TraceBuilder::new()
///     .span("execute_tool search", |tool| {
///         tool.field("gen_ai.operation.name", "execute_tool").field("gen_ai.tool.name", "search")
///     })
///     .build();
///
/// assert!(tool_used("search").scored().evaluate(&trace, "Paris")?.passed);
///
/// let scored = tool_used("book").times(1..=2).scored().evaluate(&trace, "Paris")?;
/// assert!(!scored.passed);
/// assert_eq!(
///     scored.report.to_string(),
///     r#"calls of "book": expected 1 to 2, found 0; tools called: search"#
/// );
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn tool_used<A: ?Sized>(tool: impl Into<String>) -> ToolUsed<A> {
    ToolUsed { tool: tool.into(), times: CountRange::of(&(1..)), artifact: PhantomData }
}

/// Check made by [`tool_used`].
#[must_use = "evals do nothing unless evaluated"]
pub struct ToolUsed<A: ?Sized> {
    tool: String,
    times: CountRange,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(ToolUsed { tool, times } -> ToolUsedReport);

impl<A: ?Sized> ToolUsed<A> {
    /// Sets how often the tool is to be called: `2..=2`, `1..`, `..5`.
    pub fn times(mut self, times: impl RangeBounds<usize>) -> Self {
        self.times = CountRange::of(&times);
        self
    }

    fn check(&self, trace: &TraceSnapshot) -> Result<ToolUsedReport, CheckError> {
        ToolUsedReport::of(trace, &self.tool, self.times)
    }
}

/// Report of [`tool_used`] and [`tool_not_used`](super::tool_not_used).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolUsedReport {
    /// Whether the tool was called as often as expected.
    pub passed: bool,
    /// The tool.
    pub tool: String,
    /// How often it is to be called.
    pub expected: CountRange,
    /// How often it was called.
    pub count: usize,
    /// The tools that were called, each once, in the order of their first calls.
    pub called: Shortlist<String>,
}

impl ToolUsedReport {
    pub(super) fn of(
        trace: &TraceSnapshot,
        tool: &str,
        expected: CountRange,
    ) -> Result<Self, CheckError> {
        require_recorded(trace)?;
        let view = trace.genai();
        let names = || view.tool_calls().iter().map(|call| call.name.as_str());
        let count = names().filter(|name| *name == tool).count();
        if !expected.is_decided(count) {
            require_all_tool_calls(trace, &view)?;
        }
        let called = Shortlist::of_distinct(names());
        let passed = expected.contains(count);
        Ok(Self { passed, tool: tool.to_owned(), expected, count, called })
    }
}

all_or_nothing!(ToolUsedReport);

impl fmt::Display for ToolUsedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tool, expected, count, called, .. } = self;
        write!(f, "calls of {tool:?}: expected {expected}, found {count}; tools called: {called}")
    }
}

#[cfg(test)]
mod tests {
    use probity_trace::{CaptureStatus, testing::TraceBuilder};

    use super::*;
    use crate::{
        PureEval as _,
        checks::testing::{dropped_spans, tools},
    };

    #[track_caller]
    fn check(eval: &ToolUsed<str>, called: &[&str], passed: bool) {
        let report = eval.evaluate(&tools(called).build(), "").unwrap();
        assert_eq!(report.passed, passed, "{report}");
    }

    #[test]
    fn one_call_is_enough_unless_it_is_said_how_many() {
        check(&tool_used("search"), &["search"], true);
        check(&tool_used("search"), &["book", "search", "search"], true);
        check(&tool_used("search"), &["book", "Search", "search "], false);
        check(&tool_used("search").times(2..=2), &["search", "book", "search"], true);
        check(&tool_used("search").times(2..=2), &["search"], false);
        check(&tool_used("search").times(..2), &["search", "search"], false);
    }

    #[test]
    fn a_trace_without_tool_calls_fails() {
        let trace = TraceBuilder::new().span("chat", |chat| chat).build();
        let report = tool_used("search").evaluate(&trace, "").unwrap();
        assert!(!report.passed);
        assert!(report.to_string().ends_with("found 0; tools called: none"), "{report}");
    }

    #[test]
    fn a_trace_in_which_nothing_was_recorded_cannot_be_judged() {
        let error = tool_used("search").evaluate(&TraceSnapshot::default(), "").unwrap_err();
        assert_eq!(error, CheckError::NotRecorded { status: CaptureStatus::LayerNotSeen });
    }

    #[test]
    fn dropped_spans_matter_only_where_they_might_decide() {
        let trace = dropped_spans(tools(&["search"]), 3).build();
        assert!(tool_used("search").evaluate(&trace, "").unwrap().passed);
        assert!(!tool_used("search").times(..1).evaluate(&trace, "").unwrap().passed);
        for undecided in [tool_used("book"), tool_used("search").times(1..=1)] {
            let error = undecided.evaluate(&trace, "").unwrap_err();
            assert!(error.to_string().contains("dropped 3 spans"), "{error}");
        }
    }

    #[test]
    fn json_brings_a_report_back() {
        let trace = tools(&["search"]).build();
        for eval in [tool_used("search"), tool_used("book").times(..=3)] {
            let report = eval.evaluate(&trace, "").unwrap();
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(serde_json::from_str::<ToolUsedReport>(&json).unwrap(), report);
        }
    }
}
