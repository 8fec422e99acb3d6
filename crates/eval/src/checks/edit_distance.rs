//! Measures how much a text differs from the expected one.

use std::fmt;

use probity_trace::TraceSnapshot;
use rapidfuzz::distance::levenshtein;
use serde::{Deserialize, Serialize};

use super::error::CheckError;
use crate::excerpt::Excerpt;
use crate::{
    into_score::IntoScore, pass_mark::PassMark, pure_eval::PureEval, score::Score,
    self_scoring::SelfScoring,
};

/// Scores how similar the artifact is to this text, by the edit distance.
///
/// The score is `1 - d / max(m, n)`, where `d` is the Levenshtein distance, which is the least number of
/// characters to insert, delete or replace, and `m` and `n` are the lengths of the texts in
/// characters; two empty texts score 1. It passes from 0.5 on, or from the mark that
/// [`with_pass_mark`](EditDistance::with_pass_mark) sets.
///
/// The time is proportional to `m * n / 64`: two texts of 100,000 characters take about a second.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, checks::edit_distance};
/// use probity_trace::TraceSnapshot;
///
/// let near = edit_distance("flaw").with_pass_mark(0.6).scored();
/// let scored = near.evaluate(&TraceSnapshot::default(), "lawn")?;
/// assert_eq!((scored.report.distance, scored.score.value()), (2, 0.5));
/// assert!(!scored.passed);
/// # Ok::<(), probity_eval::checks::CheckError>(())
/// ```
pub fn edit_distance(expected: impl Into<String>) -> EditDistance {
    EditDistance { expected: expected.into(), pass_mark: PassMark::default() }
}

/// Check made by [`edit_distance`].
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct EditDistance {
    expected: String,
    pass_mark: PassMark,
}

impl EditDistance {
    /// Sets the lowest score that passes, in 0..=1; 0.5 unless set.
    ///
    /// A mark that is NaN or outside 0..=1 makes every report an error.
    pub fn with_pass_mark(mut self, mark: impl IntoScore) -> Self {
        self.pass_mark = PassMark::new(mark);
        self
    }
}

impl PureEval for EditDistance {
    type Artifact = str;
    type Report = EditDistanceReport;
    type Error = CheckError;

    fn evaluate(
        &self,
        _: &TraceSnapshot,
        artifact: &str,
    ) -> Result<EditDistanceReport, CheckError> {
        let pass_mark = self.pass_mark.get().map_err(CheckError::PassMark)?;
        let distance = levenshtein::distance(self.expected.chars(), artifact.chars());
        let longest = self.expected.chars().count().max(artifact.chars().count());
        let score = similarity(distance, longest);
        Ok(EditDistanceReport {
            passed: score >= pass_mark,
            score,
            distance,
            expected: Excerpt::of(&self.expected),
            found: Excerpt::of(artifact),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "texts are far shorter than 2^53 characters")]
fn similarity(distance: usize, longest: usize) -> Score {
    if longest == 0 {
        return Score::ONE;
    }
    Score::from_f64_clamped(1.0 - distance as f64 / longest as f64)
}

/// Report of [`edit_distance`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EditDistanceReport {
    /// Whether the score reached the pass mark.
    pub passed: bool,
    /// How similar the texts are: 1 where they are equal, 0 where they have nothing in common.
    pub score: Score,
    /// How many characters are to be inserted, deleted or replaced.
    pub distance: usize,
    /// The expected text.
    pub expected: Excerpt,
    /// The artifact.
    pub found: Excerpt,
}

impl SelfScoring for EditDistanceReport {
    fn passed(&self) -> bool {
        self.passed
    }

    fn score(&self) -> Score {
        self.score
    }
}

impl fmt::Display for EditDistanceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (expected, found) = (self.expected.quoted(), self.found.quoted());
        write!(f, "expected {expected}, found {found}, at a distance of {}", self.distance)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::evaluate;

    #[track_caller]
    fn check(expected: &str, artifact: &str, distance: usize, score: f32) {
        let report = evaluate(&edit_distance(expected), artifact).unwrap();
        assert_eq!((report.distance, report.score.value()), (distance, score), "{artifact:?}");
    }

    #[test]
    fn distances_are_those_computed_by_hand() {
        check("", "", 0, 1.0);
        check("", "abcd", 4, 0.0);
        check("abcd", "", 4, 0.0);
        check("abcd", "abcd", 0, 1.0);
        check("abcd", "acbd", 2, 0.5);
        check("flaw", "lawn", 2, 0.5);
        check("naïve", "naive", 1, 0.8);
        check("🦀🦀", "🦀", 1, 0.5);
    }

    #[test]
    fn the_pass_mark_decides_and_must_be_a_score() {
        let report = |mark: f32| evaluate(&edit_distance("ab").with_pass_mark(mark), "ac");
        assert!(report(0.5).unwrap().passed);
        assert!(!report(0.51).unwrap().passed);
        assert!(evaluate(&edit_distance("ab"), "ac").unwrap().passed);
        assert!(matches!(report(50.0), Err(CheckError::PassMark(_))));
    }

    /// The distance by its definition, in a table of all beginnings of both texts.
    fn by_definition(a: &[char], b: &[char]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, y) in b.iter().enumerate() {
                let replaced = diagonal + usize::from(x != y);
                diagonal = row[j + 1];
                row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
            }
        }
        row[b.len()]
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(2_026),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_distance_is_that_of_the_definition(a in "[abcé🦀]{0,150}", b in "[abcé🦀]{0,150}") {
            let report = evaluate(&edit_distance(&*a), &b).unwrap();
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(report.distance, by_definition(&chars(&a), &chars(&b)));
            prop_assert_eq!(report.score == Score::ONE, a == b);
        }
    }
}
