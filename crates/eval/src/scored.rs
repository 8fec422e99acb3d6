//! A report with the score that an objective gave it.

use serde::{Deserialize, Serialize};

use crate::score::Score;

/// A report, its score, and whether that score reached the pass mark.
///
/// The report of every eval that was [`scored_by`](crate::PureEvalExt::scored_by) an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Scored<R> {
    /// What the objective made of the report.
    pub score: Score,
    /// What the eval reported.
    pub report: R,
    /// Whether the score reached the pass mark.
    pub passed: bool,
}

impl<R> Scored<R> {
    /// Joins a report and its score, which passes where it is the pass mark or higher.
    pub fn new(score: Score, report: R, pass_mark: Score) -> Self {
        Self { score, report, passed: score >= pass_mark }
    }

    /// Turns the report into another and keeps the score.
    ///
    /// # Examples
    ///
    /// Evals whose reports differ fit into one list once nothing but the score is left:
    ///
    /// ```
    /// use probity_eval::{Score, Scored};
    ///
    /// let scored = Scored::new(Score::ONE, "fine", Score::DEFAULT_PASS_MARK);
    /// let bare: Scored<()> = scored.map(drop);
    /// assert!(bare.passed);
    /// ```
    pub fn map<T>(self, f: impl FnOnce(R) -> T) -> Scored<T> {
        Scored { score: self.score, report: f(self.report), passed: self.passed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_passes_from_its_mark_on() {
        let mark = Score::new_clamped(0.7);
        for (value, passed) in [(0.69, false), (0.7, true), (0.71, true)] {
            assert_eq!(Scored::new(Score::new_clamped(value), (), mark).passed, passed, "{value}");
        }
    }

    #[test]
    fn mapping_the_report_keeps_score_and_verdict() {
        let scored = Scored::new(Score::new_clamped(0.6), 3, Score::ONE);
        let mapped = scored.map(|report| report + 1);
        assert_eq!((mapped.score, mapped.report, mapped.passed), (scored.score, 4, false));
    }

    #[test]
    fn json_brings_a_scored_report_back() {
        let scored = Scored::new(Score::new_clamped(0.6), "fine".to_owned(), Score::ZERO);
        let json = serde_json::to_string(&scored).unwrap();
        assert_eq!(json, r#"{"score":0.6,"report":"fine","passed":true}"#);
        assert_eq!(serde_json::from_str::<Scored<String>>(&json).unwrap(), scored);
    }
}
