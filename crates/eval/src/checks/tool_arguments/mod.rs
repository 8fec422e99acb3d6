//! Checks the arguments with which a tool was called.

mod arguments;
mod report;

use std::marker::PhantomData;

use probity_trace::{
    TraceSnapshot,
    genai::{GenAi, ToolCall},
};
use serde_json::Value;

pub use self::{
    arguments::Arguments,
    report::{CallArguments, ToolArgumentsReport},
};
use super::{
    error::CheckError,
    evidence::{require_all_tool_calls, require_recorded},
    of_any::of_trace,
    shortlist::Shortlist,
};
use crate::{excerpt::Excerpt, json_value::holds_mask};

/// Checks that some call of a tool has arguments as asked for, or
/// [every call](ToolArguments::in_every_call).
///
/// Tool calls are those of [`TraceSnapshot::genai`], of any agent, which masks secrets in arguments. Where
/// there is no call of the tool it fails. It errs where nothing was recorded, and where what would
/// decide is missing: spans that the capture dropped, texts that it cut, or arguments, which most
/// emitters record only when told to. Arguments that were cut, or in which a secret is masked, are compared
/// with nothing: the trace cannot tell.
///
/// The type of the artifact is inferred. Where nothing tells it, write `tool_arguments::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{
///     PureEval as _, PureEvalExt as _,
///     checks::{Arguments, tool_arguments},
/// };
/// use probity_trace::testing::TraceBuilder;
/// use serde_json::json;
///
/// let trace = TraceBuilder::new()
///     .span("execute_tool book", |tool| {
///         tool.field("gen_ai.operation.name", "execute_tool")
///             .field("gen_ai.tool.name", "book")
///             .field("gen_ai.tool.call.arguments", r#"{"city": "Lyon", "nights": 2}"#)
///     })
///     .build();
///
/// let paris = tool_arguments("book", Arguments::superset(json!({"city": "Paris"}))).scored();
/// let scored = paris.evaluate(&trace, "Booked.")?;
/// assert!(!scored.passed);
/// assert_eq!(
///     scored.report.to_string(),
///     r#"expected arguments containing {"city":"Paris"} in some call of "book", found in 0 of 1; call 0: /city: expected "Paris", found "Lyon""#
/// );
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn tool_arguments<A: ?Sized>(
    tool: impl Into<String>,
    arguments: Arguments,
) -> ToolArguments<A> {
    ToolArguments { tool: tool.into(), arguments, every: false, artifact: PhantomData }
}

/// Check made by [`tool_arguments`].
#[must_use = "evals do nothing unless evaluated"]
pub struct ToolArguments<A: ?Sized> {
    tool: String,
    arguments: Arguments,
    every: bool,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(ToolArguments { tool, arguments, every } -> ToolArgumentsReport);

impl<A: ?Sized> ToolArguments<A> {
    /// Asks every call of the tool to have such arguments, and still for one call at least.
    pub fn in_every_call(mut self) -> Self {
        self.every = true;
        self
    }

    fn check(&self, trace: &TraceSnapshot) -> Result<ToolArgumentsReport, CheckError> {
        require_recorded(trace)?;
        let view = trace.genai();
        let (matching, calls) = self.judge(&view);
        let (total, unknown) = (calls.total(), self.unknown(&view));
        let not_whole = self.calls(&view).filter(|call| is_not_whole(&view, call)).count();
        let known = total - unknown - not_whole;
        // One call may decide alone: one that matches, or of every call, one that does not.
        let is_decided = if self.every { matching < known } else { matching > 0 };
        if !is_decided {
            if unknown > 0 {
                let tool = self.tool.clone();
                return Err(CheckError::UnknownArguments { tool, unknown, calls: total });
            }
            if not_whole > 0 {
                let tool = self.tool.clone();
                return Err(CheckError::ArgumentsNotWhole {
                    tool,
                    unknown: not_whole,
                    calls: total,
                });
            }
            require_all_tool_calls(trace, &view)?;
        }
        Ok(ToolArgumentsReport {
            passed: matching > 0 && (!self.every || matching == total),
            tool: self.tool.clone(),
            expected: self.arguments.to_string(),
            in_every_call: self.every,
            matching,
            calls,
        })
    }

    fn calls<'v>(&'v self, view: &'v GenAi) -> impl Iterator<Item = &'v ToolCall> {
        view.tool_calls().iter().filter(|call| call.name == self.tool)
    }

    fn unknown(&self, view: &GenAi) -> usize {
        self.calls(view).filter(|call| call.arguments.is_none()).count()
    }

    /// Returns how many calls match, and all of them as the report shows them.
    fn judge(&self, view: &GenAi) -> (usize, Shortlist<CallArguments>) {
        let mut matching = 0;
        let mut calls = Shortlist::default();
        for call in self.calls(view) {
            let arguments = call.arguments.as_ref();
            let whole = arguments.filter(|_| !is_not_whole(view, call));
            let (matched, differences) =
                whole.map(|arguments| self.arguments.judge(arguments)).unwrap_or_default();
            matching += usize::from(matched);
            calls.push_with(|| CallArguments {
                arguments: arguments.map(|arguments: &Value| Excerpt::of_json(arguments)),
                matched,
                differences,
            });
        }
        (matching, calls)
    }
}

/// Returns whether arguments were recorded, but cut, or with secrets in them that are masked.
fn is_not_whole(view: &GenAi, call: &ToolCall) -> bool {
    let is_cut = || {
        let mut cut = view.unreadable().iter().filter(|value| value.are_cut_arguments());
        cut.any(|value| value.span == call.span)
    };
    call.arguments.as_ref().is_some_and(|arguments| holds_mask(arguments) || is_cut())
}

#[cfg(test)]
mod tests {
    use probity_trace::testing::TraceBuilder;
    use serde_json::json;

    use super::*;
    use crate::{
        PureEval as _,
        checks::testing::{capture_cut, dropped_spans, tool},
    };

    fn calls(arguments: &[Option<Value>]) -> TraceBuilder {
        let trace = tool(TraceBuilder::new(), "search", Some(&json!({"city": "Paris"})));
        arguments.iter().fold(trace, |trace, arguments| tool(trace, "book", arguments.as_ref()))
    }

    fn paris() -> ToolArguments<str> {
        tool_arguments("book", Arguments::superset(json!({"city": "Paris"})))
    }

    #[track_caller]
    fn check(eval: &ToolArguments<str>, arguments: &[Option<Value>], passed: Option<bool>) {
        let outcome = eval.evaluate(&calls(arguments).build(), "");
        assert_eq!(outcome.as_ref().ok().map(|report| report.passed), passed, "{outcome:?}");
    }

    #[test]
    fn one_call_that_matches_is_enough_unless_every_call_must() {
        let paris_two = Some(json!({"city": "Paris", "nights": 2}));
        let lyon = Some(json!({"city": "Lyon"}));
        check(&paris(), &[lyon.clone(), paris_two.clone()], Some(true));
        check(&paris(), std::slice::from_ref(&lyon), Some(false));
        check(&paris().in_every_call(), &[paris_two.clone(), lyon], Some(false));
        check(&paris().in_every_call(), &[paris_two.clone(), paris_two], Some(true));
    }

    #[test]
    fn a_tool_that_was_not_called_fails() {
        check(&paris(), &[], Some(false));
        check(&paris().in_every_call(), &[], Some(false));
    }

    #[test]
    fn arguments_that_were_not_recorded_matter_only_where_they_might_decide() {
        let (good, bad) = (Some(json!({"city": "Paris"})), Some(json!({"city": "Lyon"})));
        check(&paris(), &[None, good.clone()], Some(true));
        check(&paris(), &[None, bad.clone()], None);
        check(&paris().in_every_call(), &[None, bad], Some(false));
        check(&paris().in_every_call(), &[None, good], None);
        let error = paris().evaluate(&calls(&[None, None]).build(), "").unwrap_err().to_string();
        assert!(error.starts_with("arguments of 2 of 2 calls of \"book\" were not"), "{error}");
    }

    #[test]
    fn arguments_that_were_cut_or_masked_cannot_be_compared() {
        let oslo = || tool_arguments::<str>("book", Arguments::superset(json!({"city": "Oslo"})));
        let key = "gen_ai.tool.call.arguments";
        assert!(oslo().evaluate(&capture_cut("execute_tool", key, 10_000), "").unwrap().passed);
        let cut = oslo().evaluate(&capture_cut("execute_tool", key, 40), "").unwrap_err();
        assert!(matches!(cut, CheckError::ArgumentsNotWhole { unknown: 1, calls: 1, .. }), "{cut}");
        let masked = Some(json!({"city": "Paris", "api_key": "k1"}));
        check(&paris(), std::slice::from_ref(&masked), None);
        check(&paris(), &[masked, Some(json!({"city": "Paris"}))], Some(true));
    }

    #[test]
    fn dropped_spans_matter_only_where_they_might_decide() {
        let good = Some(json!({"city": "Paris"}));
        let trace = dropped_spans(calls(&[good]), 1).build();
        assert!(paris().evaluate(&trace, "").unwrap().passed);
        for undecided in
            [paris().in_every_call(), tool_arguments("rent", Arguments::equal(json!({})))]
        {
            let error = undecided.evaluate(&trace, "").unwrap_err();
            assert!(matches!(error, CheckError::Incomplete { .. }), "{error}");
        }
        let error = paris().evaluate(&TraceSnapshot::default(), "").unwrap_err();
        assert!(matches!(error, CheckError::NotRecorded { .. }), "{error}");
    }

    #[test]
    fn arguments_are_asked_for_in_three_ways() {
        let table = [
            (Arguments::equal(json!({"n": 1})), json!({"n": 1.0}), true),
            (Arguments::equal(json!({"n": 1})), json!({"n": 1, "m": 2}), false),
            (Arguments::equal(json!({})), json!({}), true),
            (Arguments::superset(json!({"l": [1]})), json!({"l": [1, 2], "m": 2}), true),
            (Arguments::superset(json!({"l": [2]})), json!({"l": [1, 2]}), false),
            (Arguments::superset(json!({})), json!("no JSON"), false),
            (Arguments::satisfying("a text", Value::is_string), json!("no JSON"), true),
            (Arguments::satisfying("a text", Value::is_string), json!({}), false),
        ];
        for (asked, arguments, expected) in table {
            assert_eq!(asked.matches(&arguments), expected, "{asked}: {arguments}");
        }
    }

    #[test]
    fn the_report_shows_what_was_asked_for_and_every_call() {
        let eval: ToolArguments<str> =
            tool_arguments("book", Arguments::satisfying("a city", |a| a["city"].is_string()));
        let trace = calls(&[Some(json!({"city": 7}))]).build();
        let report = eval.in_every_call().evaluate(&trace, "").unwrap();
        let text = report.to_string();
        assert!(
            text.starts_with(
                "expected a city in every call of \"book\", found in 0 of 1; call 0: "
            ),
            "{text}"
        );
        assert!(text.contains(r#""city":7"#), "{text}");
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<ToolArgumentsReport>(&json).unwrap(), report);
    }
}
