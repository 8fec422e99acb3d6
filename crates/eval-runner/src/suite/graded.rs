//! The evals of a suite: named, of any report, and what they say of one artifact.

use std::{fmt::Display, sync::Arc};

use probity_eval::{Eval, Llm, Score, Scored, async_trait};
use probity_trace::{Panicked, TraceSnapshot};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Answer;
use crate::trials::{Failure, Outcome};

/// What one eval of a suite said of one trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Judgment {
    /// The eval's name.
    pub eval: String,
    /// What it said.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// What an eval said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
#[non_exhaustive]
pub enum Verdict {
    /// It scored the artifact.
    #[non_exhaustive]
    Scored {
        /// The score.
        score: Score,
        /// Whether the score reached the pass mark.
        passed: bool,
        /// What the eval reported, as JSON.
        report: Value,
    },
    /// It could not judge it, for this reason.
    #[non_exhaustive]
    NotGraded {
        /// The reason.
        reason: String,
    },
}

impl Verdict {
    /// What is left of an eval that panicked.
    pub(super) fn panicked(panic: &Panicked) -> Self {
        Self::NotGraded { reason: format!("the eval panicked: {}", panic.message()) }
    }
}

impl Judgment {
    /// Returns whether the eval scored the artifact, and passed it.
    pub fn is_passed(&self) -> bool {
        matches!(self.verdict, Verdict::Scored { passed: true, .. })
    }
}

/// Returns what the judgments of a trial come to.
///
/// One that failed it fails the trial, whatever the others could not judge; else one that could not judge it
/// leaves it not graded. A trial passes if every eval passed it; without evals it passes.
pub fn outcome(judgments: &[Judgment]) -> Outcome {
    let mut not_graded = None;
    for judgment in judgments {
        match &judgment.verdict {
            Verdict::Scored { passed: true, .. } => {}
            Verdict::Scored { .. } => return Outcome::Failed(Failure::Wrong),
            Verdict::NotGraded { reason } => {
                not_graded.get_or_insert_with(|| format!("{}: {reason}", judgment.eval));
            }
        }
    }
    not_graded.map_or(Outcome::Passed, Outcome::NotGraded)
}

/// The name of an eval, with a version that says which of its kind it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EvalName {
    /// The name, unique in its suite.
    pub name: String,
    /// The version; empty unless given.
    pub version: String,
}

impl From<&str> for EvalName {
    fn from(name: &str) -> Self {
        Self::from((name, ""))
    }
}

impl From<(&str, &str)> for EvalName {
    fn from((name, version): (&str, &str)) -> Self {
        Self { name: name.to_owned(), version: version.to_owned() }
    }
}

/// An eval of a suite under its name.
pub(super) struct NamedEval<I, E, A> {
    pub(super) name: EvalName,
    pub(super) judge: Arc<dyn Judge<I, E, A>>,
}

/// An eval whose report and error were forgotten.
#[async_trait]
pub(super) trait Judge<I, E, A>: Send + Sync {
    async fn judge(&self, llm: &Llm, trace: &TraceSnapshot, answer: &Answer<I, E, A>) -> Verdict;
}

/// Forgets the report and the error of an eval.
pub(super) struct Forgetful<V>(pub(super) V);

#[async_trait]
impl<I, E, A, R, V> Judge<I, E, A> for Forgetful<V>
where
    I: Send + Sync,
    E: Send + Sync,
    A: Send + Sync,
    R: Serialize + Send,
    V: Eval<Artifact = Answer<I, E, A>, Report = Scored<R>, Error: Display>,
{
    async fn judge(&self, llm: &Llm, trace: &TraceSnapshot, answer: &Answer<I, E, A>) -> Verdict {
        match self.0.evaluate(llm, trace, answer).await {
            Ok(Scored { score, passed, report, .. }) => match serde_json::to_value(report) {
                Ok(report) => Verdict::Scored { score, passed, report },
                Err(error) => {
                    Verdict::NotGraded { reason: format!("the report is no JSON: {error}") }
                }
            },
            Err(error) => Verdict::NotGraded { reason: error.to_string() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(passed: bool) -> Judgment {
        let score = if passed { Score::ONE } else { Score::ZERO };
        let verdict = Verdict::Scored { score, passed, report: Value::Null };
        Judgment { eval: "a".to_owned(), verdict }
    }

    fn not_graded() -> Judgment {
        let verdict = Verdict::NotGraded { reason: "no label".to_owned() };
        Judgment { eval: "b".to_owned(), verdict }
    }

    #[test]
    fn every_eval_must_pass_and_a_failure_outweighs_what_could_not_be_graded() {
        assert_eq!(outcome(&[]), Outcome::Passed);
        assert_eq!(outcome(&[scored(true), scored(true)]), Outcome::Passed);
        assert_eq!(
            outcome(&[scored(true), not_graded()]),
            Outcome::NotGraded("b: no label".to_owned())
        );
        assert!(outcome(&[not_graded(), scored(false)]).is_failed());
    }
}
