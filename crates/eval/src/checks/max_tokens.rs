//! Checks how many tokens the model calls used.

use std::{fmt, marker::PhantomData};

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use super::{
    error::CheckError,
    evidence::{About, require_complete, require_recorded},
    of_any::of_trace,
    report::all_or_nothing,
};

/// Checks that all model calls together used at most this many tokens, of input and output.
///
/// Model calls are those of [`TraceSnapshot::genai`], each request to a provider counted once. It errs
/// where nothing was recorded, where there is no model call, where a call did not report its tokens, and
/// where the capture dropped spans; not so where the limit is exceeded already by what is known.
///
/// The type of the artifact is inferred. Where nothing tells it, write `max_tokens::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::max_tokens};
/// use probity_trace::testing::TraceBuilder;
///
/// let trace = TraceBuilder::new()
///     .span("chat", |chat| {
///         chat.field("gen_ai.operation.name", "chat")
///             .field("gen_ai.usage.input_tokens", 900)
///             .field("gen_ai.usage.output_tokens", 200)
///     })
///     .build();
///
/// let scored = max_tokens(1000).scored().evaluate(&trace, "Paris")?;
/// assert!(!scored.passed);
/// assert_eq!(scored.report.to_string(), "expected at most 1000 tokens, found 1100 in 1 model call");
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn max_tokens<A: ?Sized>(limit: u64) -> MaxTokens<A> {
    MaxTokens { limit, artifact: PhantomData }
}

/// Check made by [`max_tokens`].
#[must_use = "evals do nothing unless evaluated"]
pub struct MaxTokens<A: ?Sized> {
    limit: u64,
    artifact: PhantomData<fn(&A)>,
}

of_trace!(MaxTokens { limit } -> MaxTokensReport);

impl<A: ?Sized> MaxTokens<A> {
    fn check(&self, trace: &TraceSnapshot) -> Result<MaxTokensReport, CheckError> {
        require_recorded(trace)?;
        let view = trace.genai();
        let usages = || view.llm_calls().iter().map(|call| call.usage);
        let found = usages().filter_map(|usage| usage.total_tokens()).fold(0, u64::saturating_add);
        let calls = usages().count();
        let passed = found <= self.limit;
        if passed {
            let is_unknown =
                usages().map(|u| u.input_tokens.is_none() || u.output_tokens.is_none());
            match is_unknown.filter(|unknown| *unknown).count() {
                _ if calls == 0 => return Err(CheckError::NoModelCalls),
                0 => require_complete(trace, About::Spans)?,
                unknown => return Err(CheckError::UnknownUsage { unknown, calls }),
            }
        }
        Ok(MaxTokensReport { passed, limit: self.limit, found, calls })
    }
}

/// Report of [`max_tokens`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MaxTokensReport {
    /// Whether no more tokens were used than the limit.
    pub passed: bool,
    /// How many tokens may be used.
    pub limit: u64,
    /// How many were used; at least so many, where some call did not report them.
    pub found: u64,
    /// In how many model calls.
    pub calls: usize,
}

all_or_nothing!(MaxTokensReport);

impl fmt::Display for MaxTokensReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit, found, calls, .. } = self;
        let noun = if *calls == 1 { "call" } else { "calls" };
        write!(f, "expected at most {limit} tokens, found {found} in {calls} model {noun}")
    }
}

#[cfg(test)]
mod tests {
    use probity_trace::testing::TraceBuilder;

    use super::*;
    use crate::{
        PureEval as _,
        checks::testing::{chat, dropped_spans},
    };

    fn calls(tokens: &[Option<(u64, u64)>]) -> TraceBuilder {
        tokens.iter().fold(TraceBuilder::new(), |trace, tokens| chat(trace, "small", *tokens))
    }

    #[track_caller]
    fn check(limit: u64, tokens: &[Option<(u64, u64)>], expected: &Result<bool, CheckError>) {
        let outcome = max_tokens(limit).evaluate(&calls(tokens).build(), "");
        assert_eq!(&outcome.map(|report| report.passed), expected, "{tokens:?}");
    }

    #[test]
    fn the_tokens_of_all_calls_count() {
        let tokens = [Some((29, 11)), Some((40, 20))];
        check(100, &tokens, &Ok(true));
        check(99, &tokens, &Ok(false));
        check(0, &[Some((0, 0))], &Ok(true));
    }

    #[test]
    fn unknown_counts_are_not_zero() {
        let unknown = |unknown, calls| Err(CheckError::UnknownUsage { unknown, calls });
        check(100, &[None], &unknown(1, 1));
        check(100, &[Some((29, 11)), None], &unknown(1, 2));
        check(39, &[Some((29, 11)), None], &Ok(false));
        check(100, &[], &Err(CheckError::NoModelCalls));
    }

    #[test]
    fn a_trace_that_cannot_tell_is_an_error() {
        let none = max_tokens(100).evaluate(&TraceSnapshot::default(), "");
        assert!(matches!(none, Err(CheckError::NotRecorded { .. })));
        let dropped = dropped_spans(calls(&[Some((29, 11))]), 1).build();
        let undecided = max_tokens(100).evaluate(&dropped, "");
        assert!(matches!(undecided, Err(CheckError::Incomplete { .. })));
        assert!(!max_tokens(39).evaluate(&dropped, "").unwrap().passed);
    }

    #[test]
    fn json_brings_a_report_back() {
        let report = max_tokens(9).evaluate(&calls(&[Some((29, 11))]).build(), "").unwrap();
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<MaxTokensReport>(&json).unwrap(), report);
    }
}
