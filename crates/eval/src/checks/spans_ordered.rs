//! Checks that spans were opened in an order.

use std::{fmt, marker::PhantomData};

use probity_trace::{TraceSnapshot, matcher::Matcher};
use serde::{Deserialize, Serialize};

use super::{
    any_matcher::AnyMatcher,
    error::CheckError,
    evidence::{About, require_complete, require_recorded},
    of_any::of_trace,
    report::all_or_nothing,
    shortlist::Shortlist,
};

/// Checks that for each matcher a span was opened, each after the one before; others may be among them.
///
/// [Matchers](probity_trace::matcher) of different types fit into one list when they are boxed:
/// `Box<dyn Matcher + Send + Sync>`. It errs where nothing was recorded, and where a span is missing, but
/// the capture dropped some.
///
/// The type of the artifact is inferred. Where nothing tells it, write `spans_ordered::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::spans_ordered};
/// use probity_trace::{matcher::name, testing::TraceBuilder};
///
/// let trace = TraceBuilder::new().span("plan", |s| s).span("log", |s| s).span("act", |s| s).build();
/// assert!(spans_ordered([name("plan"), name("act")]).scored().evaluate(&trace, "Paris")?.passed);
///
/// let scored = spans_ordered(["act", "plan"].map(name)).scored().evaluate(&trace, "Paris")?;
/// assert_eq!(
///     scored.report.to_string(),
///     r#"expected in order: name("act"), name("plan"); found no span for name("plan") after that for name("act")"#
/// );
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn spans_ordered<A: ?Sized>(
    matchers: impl IntoIterator<Item: Matcher + Send + Sync + 'static>,
) -> SpansOrdered<A> {
    let matchers = matchers.into_iter().map(AnyMatcher::new).collect();
    SpansOrdered { matchers, artifact: PhantomData }
}

/// Check made by [`spans_ordered`].
#[must_use = "evals do nothing unless evaluated"]
pub struct SpansOrdered<A: ?Sized> {
    matchers: Vec<AnyMatcher>,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(SpansOrdered { matchers } -> SpansOrderedReport);

impl<A: ?Sized> SpansOrdered<A> {
    fn check(&self, trace: &TraceSnapshot) -> Result<SpansOrderedReport, CheckError> {
        require_recorded(trace)?;
        let mut spans = trace.all_spans();
        // The first that fits is as good as any later one, since it leaves most to come.
        let mut is_there = |matcher: &AnyMatcher| spans.any(|span| matcher.matches(span.into()));
        let matched = self.matchers.iter().take_while(|matcher| is_there(matcher)).count();
        let passed = matched == self.matchers.len();
        if !passed {
            require_complete(trace, About::Spans)?;
        }
        let expected = self.matchers.iter().map(ToString::to_string).collect();
        let named = |number: usize| self.matchers.get(number).map(ToString::to_string);
        let missing = named(matched);
        let after = matched.checked_sub(1).and_then(named);
        Ok(SpansOrderedReport { passed, expected, matched, missing, after })
    }
}

/// Report of [`spans_ordered`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SpansOrderedReport {
    /// Whether there is a span for each matcher, in their order.
    pub passed: bool,
    /// What the spans are asked, in order.
    pub expected: Shortlist<String>,
    /// For how many of the matchers, from the first, there is a span in their order.
    pub matched: usize,
    /// The first matcher for which there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// The matcher before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

all_or_nothing!(SpansOrderedReport);

impl fmt::Display for SpansOrderedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected in order: {}; found ", self.expected)?;
        match (&self.missing, &self.after) {
            (None, _) => f.write_str("all"),
            (Some(missing), None) => write!(f, "no span for {missing}"),
            (Some(missing), Some(after)) => {
                write!(f, "no span for {missing} after that for {after}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use probity_trace::{
        matcher::{any, field, name},
        testing::TraceBuilder,
    };

    use super::*;
    use crate::{PureEval as _, checks::testing::dropped_spans};

    fn trace() -> TraceBuilder {
        TraceBuilder::new()
            .span("agent", |agent| agent.span("plan", |s| s).span("act", |s| s.field("turn", 1)))
            .span("act", |s| s.field("turn", 2))
    }

    #[track_caller]
    fn check(names: &'static [&'static str], matched: usize) {
        let eval = spans_ordered(names.iter().map(|n| name(*n)));
        let report = eval.evaluate(&trace().build(), "").unwrap();
        assert_eq!((report.matched, report.passed), (matched, matched == names.len()), "{report}");
    }

    #[test]
    fn spans_are_matched_in_the_order_in_which_they_were_opened() {
        check(&["agent", "plan", "act", "act"], 4);
        check(&["plan", "act"], 2);
        check(&["act", "plan"], 1);
        check(&["act", "act", "act"], 2);
        check(&["delete"], 0);
        check(&[], 0);
    }

    #[test]
    fn matchers_of_different_types_fit_into_one_list() {
        let matchers: Vec<Box<dyn Matcher + Send + Sync>> =
            vec![Box::new(name("plan")), Box::new(any() & field("turn", 2))];
        assert!(spans_ordered(matchers).evaluate(&trace().build(), "").unwrap().passed);
    }

    #[test]
    fn a_trace_that_cannot_tell_is_an_error() {
        let none = spans_ordered([name("plan")]).evaluate(&TraceSnapshot::default(), "");
        assert!(matches!(none, Err(CheckError::NotRecorded { .. })));
        let dropped = dropped_spans(trace(), 1).build();
        assert!(spans_ordered([name("plan")]).evaluate(&dropped, "").unwrap().passed);
        let undecided = spans_ordered([name("delete")]).evaluate(&dropped, "");
        assert!(matches!(undecided, Err(CheckError::Incomplete { .. })));
    }

    #[test]
    fn json_brings_a_report_back() {
        for names in [["plan", "act"], ["act", "plan"]] {
            let report = spans_ordered(names.map(name)).evaluate(&trace().build(), "").unwrap();
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(serde_json::from_str::<SpansOrderedReport>(&json).unwrap(), report);
        }
    }
}
