//! How the members of a panel come to one verdict.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::score::Score;

/// How the members of a panel come to one verdict. Only the members that graded count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PanelRule {
    /// Passes where more than half pass; the score is the share that passes. A tie does not pass.
    Majority,
    /// Scores the mean of the scores; passes from [`Score::DEFAULT_PASS_MARK`] on.
    Mean,
    /// Passes where all pass; the score is the lowest.
    Unanimous,
}

/// What a panel came to.
#[derive(Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) score: Score,
    pub(super) passed: bool,
    pub(super) tied: bool,
}

impl PanelRule {
    /// Makes the verdict of at least one vote: a score, and whether it passed.
    #[expect(clippy::cast_precision_loss, reason = "panels are small")]
    pub(super) fn verdict(self, votes: &[(Score, bool)]) -> Verdict {
        let all = votes.len();
        let passing = votes.iter().filter(|(_, passed)| *passed).count();
        let scores = votes.iter().map(|(score, _)| *score);
        match self {
            Self::Majority => Verdict {
                score: Score::from_f64_clamped(passing as f64 / all as f64),
                passed: passing > all - passing,
                tied: passing == all - passing,
            },
            Self::Mean => {
                let sum: f64 = scores.map(|score| f64::from(score.value())).sum();
                let score = Score::from_f64_clamped(sum / all as f64);
                Verdict { score, passed: score >= Score::DEFAULT_PASS_MARK, tied: false }
            }
            Self::Unanimous => Verdict {
                score: scores.min().unwrap_or(Score::ZERO),
                passed: passing == all,
                tied: false,
            },
        }
    }
}

impl fmt::Display for PanelRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Majority => "majority",
            Self::Mean => "mean",
            Self::Unanimous => "unanimity",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: PanelRule, votes: &[(f32, bool)], expected: (f32, bool, bool)) {
        let votes: Vec<_> =
            votes.iter().map(|(score, passed)| (Score::new_clamped(*score), *passed)).collect();
        let (score, passed, tied) = expected;
        let score = Score::new_clamped(score);
        assert_eq!(rule.verdict(&votes), Verdict { score, passed, tied }, "{rule} of {votes:?}");
    }

    #[test]
    fn a_majority_counts_verdicts_and_not_scores() {
        let (yes, no) = ((0.6, true), (0.0, false));
        check(PanelRule::Majority, &[yes, yes, no, no, yes], (0.6, true, false));
        check(PanelRule::Majority, &[yes, no, no], (1.0 / 3.0, false, false));
        check(PanelRule::Majority, &[yes], (1.0, true, false));
    }

    #[test]
    fn a_tie_is_no_majority() {
        check(PanelRule::Majority, &[(1.0, true), (1.0, false)], (0.5, false, true));
    }

    #[test]
    fn a_mean_counts_scores_and_not_verdicts() {
        check(PanelRule::Mean, &[(0.25, false), (0.75, false)], (0.5, true, false));
        check(PanelRule::Mean, &[(0.25, true), (0.5, true)], (0.375, false, false));
    }

    #[test]
    fn one_that_fails_breaks_unanimity() {
        check(PanelRule::Unanimous, &[(1.0, true), (0.5, true)], (0.5, true, false));
        check(PanelRule::Unanimous, &[(1.0, true), (0.7, false)], (0.7, false, false));
    }
}
