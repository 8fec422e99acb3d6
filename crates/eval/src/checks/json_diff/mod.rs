//! Compares a JSON value with the expected one.

mod compare;
mod difference;

use std::{fmt, marker::PhantomData};

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use self::compare::{Comparison, Extra};
pub use self::difference::Difference;
use super::{
    error::CheckError,
    json_artifact::{JsonArtifact, NotJson},
    of_any::unbound,
    shortlist::{Shortlist, write_joined},
};
use crate::{pure_eval::PureEval, score::Score, self_scoring::SelfScoring};

/// Checks that the artifact is this JSON value, and says what is missing, extra and different.
///
/// The artifact is a JSON value or a text, see [`JsonArtifact`]; a text that is no JSON fails. The order
/// of keys does not matter, that of lists does, and 1 equals 1.0.
///
/// Only a value without a difference passes. The score is the share of what is equal: of all values
/// that hold no others, on either side, those that are the same at the same place.
///
/// The type of the artifact is inferred. Where nothing tells it, write `json_diff::<str>(..)`.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::json_diff};
/// use probity_trace::TraceSnapshot;
/// use serde_json::json;
///
/// let booked = json_diff(json!({"city": "Paris", "nights": 2})).scored();
/// let scored = booked.evaluate(&TraceSnapshot::default(), r#"{"city": "Paris", "nights": 3}"#)?;
/// assert!(!scored.passed);
/// assert_eq!(scored.score.value(), 0.5);
/// assert_eq!(scored.report.to_string(), "1 of 2 values differ: /nights: expected 2, found 3");
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn json_diff<A: JsonArtifact + ?Sized>(expected: Value) -> JsonDiff<A> {
    JsonDiff { expected, extra: Extra::Counts, artifact: PhantomData }
}

/// Check made by [`json_diff`].
#[must_use = "evals do nothing unless evaluated"]
pub struct JsonDiff<A: ?Sized> {
    expected: Value,
    extra: Extra,
    artifact: PhantomData<fn(&A)>,
}

unbound!(JsonDiff { expected, extra });

impl<A: ?Sized> JsonDiff<A> {
    /// Lets the artifact have keys that are not expected, and more items at the end of lists.
    pub fn allowing_extra(mut self) -> Self {
        self.extra = Extra::Allowed;
        self
    }
}

impl<A: JsonArtifact + ?Sized> PureEval for JsonDiff<A> {
    type Artifact = A;
    type Report = JsonDiffReport;
    type Error = CheckError;

    fn evaluate(&self, _: &TraceSnapshot, artifact: &A) -> Result<JsonDiffReport, CheckError> {
        Ok(match artifact.json() {
            Ok(found) => Comparison::of(&self.expected, &found, self.extra).into(),
            Err(error) => error.into(),
        })
    }
}

/// Report of [`json_diff`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JsonDiffReport {
    /// Whether there is no difference.
    pub passed: bool,
    /// Why the artifact is no JSON, if it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_json: Option<String>,
    /// The places that differ.
    pub differences: Shortlist<Difference>,
    /// How many values that hold no others are the same on both sides.
    pub equal: usize,
    /// How many differ, or are on one side only.
    pub unequal: usize,
}

impl From<Comparison> for JsonDiffReport {
    fn from(comparison: Comparison) -> Self {
        let Comparison { differences, equal, unequal } = comparison;
        Self { passed: differences.is_empty(), not_json: None, differences, equal, unequal }
    }
}

impl From<NotJson> for JsonDiffReport {
    fn from(error: NotJson) -> Self {
        Self { not_json: Some(error.to_string()), ..Self::default() }
    }
}

impl SelfScoring for JsonDiffReport {
    fn passed(&self) -> bool {
        self.passed
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON holds far fewer than 2^53 values")]
    fn score(&self) -> Score {
        // Where nothing is expected, and what is there is allowed, there is nothing to compare.
        match self.equal.saturating_add(self.unequal) {
            0 => self.passed.into(),
            total => Score::from_f64_clamped(self.equal as f64 / total as f64),
        }
    }
}

impl fmt::Display for JsonDiffReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(reason) = &self.not_json {
            return write!(f, "expected JSON, found none: {reason}");
        }
        let total = self.equal.saturating_add(self.unequal);
        write!(f, "{} of {total} values differ", self.unequal)?;
        if self.differences.is_empty() {
            return Ok(());
        }
        f.write_str(": ")?;
        write_joined(f, &self.differences, "; ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::evaluate;

    #[track_caller]
    fn check(diff: &JsonDiff<str>, artifact: &str, passed: bool, score: f32) {
        let report = evaluate(diff, artifact).unwrap();
        assert_eq!(
            (report.passed, report.score().value()),
            (passed, score),
            "{artifact}: {report}"
        );
    }

    #[test]
    fn only_a_value_without_a_difference_passes() {
        let eval = json_diff(json!({"a": 1, "b": [2, 3]}));
        check(&eval, r#"{"b": [2, 3.0], "a": 1}"#, true, 1.0);
        check(&eval, r#"{"b": [2, 3], "a": 1, "c": 4}"#, false, 0.75);
        check(&eval, "{}", false, 0.0);
        check(&eval, "[]", false, 0.0);
    }

    #[test]
    fn what_is_extra_may_be_allowed() {
        let eval = json_diff(json!({"a": 1, "b": [2, 3]})).allowing_extra();
        check(&eval, r#"{"b": [2, 3, 4], "a": 1, "c": 4}"#, true, 1.0);
        check(&eval, r#"{"b": [3, 2], "a": 1}"#, false, 1.0 / 3.0);
        check(&json_diff(json!({})).allowing_extra(), r#"{"a": 1}"#, true, 1.0);
    }

    #[test]
    fn a_text_that_is_no_json_fails_and_the_report_says_why() {
        let eval = json_diff(json!({}));
        for text in ["", "Paris", "{} {}"] {
            check(&eval, text, false, 0.0);
            let report = evaluate(&eval, text).unwrap();
            assert!(report.not_json.is_some());
            assert!(report.to_string().starts_with("expected JSON, found none: "), "{report}");
        }
    }

    #[test]
    fn a_value_is_compared_as_it_is() {
        let eval = json_diff(json!("Paris"));
        let report = eval.evaluate(&TraceSnapshot::default(), &json!("Paris")).unwrap();
        assert_eq!((report.passed, report.to_string().as_str()), (true, "0 of 1 values differ"));
    }

    #[test]
    fn json_brings_a_report_back() {
        let eval = json_diff(json!({"a": 1, "b": [2, 3]}));
        for text in ["Paris", r#"{"a": 2, "c": 1}"#, r#"{"a": 1, "b": [2, 3]}"#] {
            let report = evaluate(&eval, text).unwrap();
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(serde_json::from_str::<JsonDiffReport>(&json).unwrap(), report);
        }
    }
}
