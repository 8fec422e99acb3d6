//! Turns a check around.

use std::fmt;

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use crate::{pure_eval::PureEval, score::Score, self_scoring::SelfScoring};

/// Passes where a check fails, and fails where it passes.
///
/// The score is 1 minus that of the check. An error stays an error: what cannot be judged cannot be
/// judged the other way round either.
///
/// # Examples
///
/// ```
/// use probity_eval::{
///     PureEval as _, PureEvalExt as _,
///     checks::{contains, not},
/// };
/// use probity_trace::TraceSnapshot;
///
/// let helpful = not(contains("I cannot")).scored();
/// let scored = helpful.evaluate(&TraceSnapshot::default(), "I cannot do that.")?;
/// assert!(!scored.passed);
/// assert_eq!(
///     scored.report.to_string(),
///     r#"expected the contrary of: expected "I cannot" in "I cannot do that.", found it 1 time"#
/// );
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn not<E: PureEval<Report: SelfScoring>>(check: E) -> Not<E> {
    Not { check }
}

/// Check made by [`not`].
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Not<E> {
    check: E,
}

impl<E: PureEval<Report: SelfScoring>> PureEval for Not<E> {
    type Artifact = E::Artifact;
    type Report = NotReport<E::Report>;
    type Error = E::Error;

    fn evaluate(
        &self,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<NotReport<E::Report>, E::Error> {
        self.check.evaluate(trace, artifact).map(|report| NotReport { report })
    }

    fn name(&self) -> Option<&str> {
        self.check.name()
    }
}

/// Report of [`not`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NotReport<R> {
    /// The report of the check that was turned around.
    pub report: R,
}

impl<R: SelfScoring> SelfScoring for NotReport<R> {
    fn passed(&self) -> bool {
        !self.report.passed()
    }

    fn score(&self) -> Score {
        self.report.score().complement()
    }
}

impl<R: fmt::Display> fmt::Display for NotReport<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected the contrary of: {}", self.report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        PureEvalExt as _,
        checks::contains,
        testing::{Length, assert_same, evaluate},
    };

    #[test]
    fn a_failure_passes_and_a_pass_fails() {
        let eval = not(contains("no"));
        for (artifact, passed) in [("yes", true), ("no", false), ("", true)] {
            let report = evaluate(&eval, artifact).unwrap();
            assert_eq!((report.passed(), report.score()), (passed, passed.into()), "{artifact}");
        }
    }

    #[test]
    fn twice_is_the_check_itself() {
        let long = Length.map_report(|n| n > 2);
        assert_same(
            &not(not(&long)).scored().map_report(|s| (s.score, s.passed)),
            &(&long).scored().map_report(|s| (s.score, s.passed)),
        );
    }

    #[test]
    fn an_error_stays_an_error_and_a_name_is_kept() {
        let eval = not(Length.map_report(|n| n > 2).named("long"));
        assert!(evaluate(&eval, "").is_err());
        assert_eq!(eval.name(), Some("long"));
    }
}
