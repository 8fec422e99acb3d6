//! Checks that a tool was not called.

use std::marker::PhantomData;

use probity_trace::TraceSnapshot;

use super::{
    count_range::CountRange, error::CheckError, of_any::of_trace, tool_used::ToolUsedReport,
};

/// Checks that a tool was not called, not even in vain.
///
/// Tool calls are those of [`TraceSnapshot::genai`], of any agent. It errs where nothing was recorded, and
/// where no call is found, but the capture dropped spans or cut messages: a call may be among them.
///
/// The type of the artifact is inferred. Where nothing tells it, write `tool_not_used::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::tool_not_used};
/// use probity_trace::testing::TraceBuilder;
///
/// let trace = TraceBuilder::new()
///     .span("execute_tool search", |tool| {
///         tool.field("gen_ai.operation.name", "execute_tool").field("gen_ai.tool.name", "search")
///     })
///     .build();
///
/// assert!(tool_not_used("delete").scored().evaluate(&trace, "Paris")?.passed);
/// assert!(!tool_not_used("search").scored().evaluate(&trace, "Paris")?.passed);
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn tool_not_used<A: ?Sized>(tool: impl Into<String>) -> ToolNotUsed<A> {
    ToolNotUsed { tool: tool.into(), artifact: PhantomData }
}

/// Check made by [`tool_not_used`].
#[must_use = "evals do nothing unless evaluated"]
pub struct ToolNotUsed<A: ?Sized> {
    tool: String,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(ToolNotUsed { tool } -> ToolUsedReport);

impl<A: ?Sized> ToolNotUsed<A> {
    fn check(&self, trace: &TraceSnapshot) -> Result<ToolUsedReport, CheckError> {
        ToolUsedReport::of(trace, &self.tool, CountRange::of(&(..1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        PureEval as _,
        checks::testing::{capture_cut, dropped_spans, tools},
    };

    #[test]
    fn any_call_fails() {
        for (called, passed) in [(vec!["search"], true), (vec!["search", "delete"], false)] {
            let report = tool_not_used("delete").evaluate(&tools(&called).build(), "").unwrap();
            assert_eq!(report.passed, passed, "{report}");
            assert!(report.to_string().starts_with("calls of \"delete\": expected none"));
        }
    }

    #[test]
    fn a_trace_that_cannot_tell_is_an_error_and_not_a_pass() {
        let check = |trace| tool_not_used("delete").evaluate(&trace, "");
        assert!(matches!(check(TraceSnapshot::default()), Err(CheckError::NotRecorded { .. })));
        let dropped = dropped_spans(tools(&["search"]), 1).build();
        assert!(matches!(check(dropped), Err(CheckError::Incomplete { .. })));
        let cut = capture_cut("chat", "gen_ai.input.messages", 40);
        assert!(matches!(check(cut), Err(CheckError::Cut { values: 1 })));
        assert!(check(capture_cut("execute_tool", "gen_ai.tool.call.result", 40)).unwrap().passed);
        let called = dropped_spans(tools(&["delete"]), 1).build();
        assert!(!check(called).unwrap().passed);
    }
}
