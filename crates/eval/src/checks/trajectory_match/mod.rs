//! Compares the tools that were called with those expected.

mod order;

use std::{fmt, marker::PhantomData};

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

pub use self::order::TrajectoryOrder;
use super::{
    error::CheckError,
    evidence::{require_all_tool_calls, require_recorded},
    of_any::of_trace,
    report::all_or_nothing,
    shortlist::Shortlist,
};

/// Checks that the tools were called that are expected, in the order that is asked for.
///
/// Tool calls are those of [`TraceSnapshot::genai`], of any agent, in the order in which they began;
/// failed ones count too. It errs where nothing was recorded, and where the capture dropped spans that
/// might decide.
///
/// It scores all or nothing. For a part of the score use the report's
/// [`recall`](TrajectoryMatchReport::recall) or [`precision`](TrajectoryMatchReport::precision), as in
/// `scored_by(maximize(|report: &TrajectoryMatchReport| report.recall() as f32))`.
///
/// The type of the artifact is inferred. Where nothing tells it, write
/// `trajectory_match::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{
///     PureEval as _, PureEvalExt as _,
///     checks::{TrajectoryOrder, trajectory_match},
/// };
/// use probity_trace::testing::TraceBuilder;
///
/// let trace = ["search", "compare", "book"]
///     .into_iter()
///     .fold(TraceBuilder::new(), |trace, name| {
///         trace.span("execute_tool", |tool| {
///             tool.field("gen_ai.operation.name", "execute_tool").field("gen_ai.tool.name", name)
///         })
///     })
///     .build();
///
/// let in_order = trajectory_match(TrajectoryOrder::InOrder, ["search", "book"]).scored();
/// assert!(in_order.evaluate(&trace, "Booked.")?.passed);
///
/// let strict = trajectory_match(TrajectoryOrder::Strict, ["search", "book"]).scored();
/// let scored = strict.evaluate(&trace, "Booked.")?;
/// assert_eq!(
///     scored.report.to_string(),
///     "expected exactly, in order: search, book; tools called: search, compare, book"
/// );
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn trajectory_match<A: ?Sized>(
    order: TrajectoryOrder,
    tools: impl IntoIterator<Item: Into<String>>,
) -> TrajectoryMatch<A> {
    let tools = tools.into_iter().map(Into::into).collect();
    TrajectoryMatch { order, tools, artifact: PhantomData }
}

/// Check made by [`trajectory_match`].
#[must_use = "evals do nothing unless evaluated"]
pub struct TrajectoryMatch<A: ?Sized> {
    order: TrajectoryOrder,
    tools: Vec<String>,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(TrajectoryMatch { order, tools } -> TrajectoryMatchReport);

impl<A: ?Sized> TrajectoryMatch<A> {
    fn check(&self, trace: &TraceSnapshot) -> Result<TrajectoryMatchReport, CheckError> {
        require_recorded(trace)?;
        let view = trace.genai();
        let called: Vec<_> = view.tool_calls().iter().map(|call| call.name.as_str()).collect();
        let matched = self.order.matched(&self.tools, &called);
        let passed = self.order.is_match(matched, self.tools.len(), called.len());
        if !self.order.is_decided(passed) {
            require_all_tool_calls(trace, &view)?;
        }
        Ok(TrajectoryMatchReport {
            passed,
            order: self.order,
            expected: self.tools.iter().cloned().collect(),
            called: called.into_iter().map(str::to_owned).collect(),
            matched,
        })
    }
}

/// Report of [`trajectory_match`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrajectoryMatchReport {
    /// Whether the tools were called as expected.
    pub passed: bool,
    /// How they are compared.
    pub order: TrajectoryOrder,
    /// The expected tools.
    pub expected: Shortlist<String>,
    /// The tools that were called, in the order in which the calls began.
    pub called: Shortlist<String>,
    /// How many of the expected calls were made: in order up to the first that is missing, where the
    /// order counts.
    pub matched: usize,
}

impl TrajectoryMatchReport {
    /// Returns the share of the expected calls that were made, in 0..=1; 1 if none is expected.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.matched, self.expected.total())
    }

    /// Returns the share of the calls that were made that are expected, in 0..=1; 1 if none was made.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.matched, self.called.total())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2^53")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

all_or_nothing!(TrajectoryMatchReport);

impl fmt::Display for TrajectoryMatchReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { order, expected, called, .. } = self;
        write!(f, "expected {order}: {expected}; tools called: {called}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        PureEval as _,
        checks::testing::{dropped_spans, tools},
    };

    fn search_and_book(order: TrajectoryOrder) -> TrajectoryMatch<str> {
        trajectory_match(order, ["search", "book"])
    }

    #[test]
    fn the_report_counts_what_matches() {
        let trace = tools(&["search", "compare", "search"]).build();
        let eval = search_and_book(TrajectoryOrder::InOrder);
        let report = eval.evaluate(&trace, "").unwrap();
        assert_eq!((report.passed, report.matched), (false, 1));
        assert_eq!((report.recall(), report.precision()), (0.5, 1.0 / 3.0));
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<TrajectoryMatchReport>(&json).unwrap(), report);
    }

    #[test]
    fn a_trace_without_tool_calls_is_judged_like_any_other() {
        let trace = tools(&[]).span("chat", |chat| chat).build();
        for (order, passed) in [(TrajectoryOrder::Strict, false), (TrajectoryOrder::Subset, true)] {
            let report = search_and_book(order).evaluate(&trace, "").unwrap();
            assert_eq!((report.passed, report.recall(), report.precision()), (passed, 0.0, 1.0));
        }
        let nothing = trajectory_match::<str>(TrajectoryOrder::Strict, [""; 0]);
        let report = nothing.evaluate(&trace, "").unwrap();
        assert_eq!((report.passed, report.recall()), (true, 1.0));
    }

    #[test]
    fn a_trace_that_cannot_tell_is_an_error() {
        let check = |order, trace: &TraceSnapshot| search_and_book(order).evaluate(trace, "");
        let dropped = |names: &[&str]| dropped_spans(tools(names), 1).build();
        let made = dropped(&["search", "book"]);
        assert!(check(TrajectoryOrder::InOrder, &made).unwrap().passed);
        assert!(check(TrajectoryOrder::Strict, &made).is_err());
        assert!(check(TrajectoryOrder::Subset, &made).is_err());
        let other = dropped(&["delete"]);
        assert!(!check(TrajectoryOrder::Subset, &other).unwrap().passed);
        assert!(check(TrajectoryOrder::AnyOrder, &other).is_err());
        let nothing = check(TrajectoryOrder::Subset, &TraceSnapshot::default());
        assert!(matches!(nothing, Err(CheckError::NotRecorded { .. })));
    }
}
