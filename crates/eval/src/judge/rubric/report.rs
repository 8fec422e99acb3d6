//! What a judge of a rubric found.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{score::Score, self_scoring::SelfScoring};

/// What a judge found of an artifact, criterion by criterion.
///
/// Passes from [`Score::DEFAULT_PASS_MARK`] on when it is [`scored`](crate::EvalExt::scored); for another
/// mark use [`maximize`](crate::maximize)`(|report: &RubricReport| report.score)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RubricReport {
    /// The mean of the scores by weight.
    pub score: Score,
    /// Each criterion, in the order of the rubric.
    pub criteria: Vec<CriterionReport>,
    /// How often the judge's reply could not be used and was sent back.
    pub corrections: u32,
}

/// What a judge found of one criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CriterionReport {
    /// The name of the criterion.
    pub name: String,
    /// What led to the verdict.
    pub reason: String,
    /// 1 for met and 0 for not, or where the points lie between the lowest and the highest.
    pub score: Score,
    /// The points, if it is rated in points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u8>,
    /// How much it counts.
    pub weight: f32,
}

impl RubricReport {
    pub(super) fn new(criteria: Vec<CriterionReport>) -> Self {
        Self { score: mean(&criteria), criteria, corrections: 0 }
    }

    /// Returns what was found of the criterion with this name.
    pub fn criterion(&self, name: &str) -> Option<&CriterionReport> {
        self.criteria.iter().find(|criterion| criterion.name == name)
    }
}

/// The sum of weight x score over the sum of weights, which is above 0.
fn mean(criteria: &[CriterionReport]) -> Score {
    let sum = |of: fn(&CriterionReport) -> f64| criteria.iter().map(of).sum::<f64>();
    let weights = sum(|criterion| criterion.weight.into());
    let scores = sum(|criterion| f64::from(criterion.weight) * f64::from(criterion.score.value()));
    Score::from_f64_clamped(scores / weights)
}

impl SelfScoring for RubricReport {
    fn passed(&self) -> bool {
        self.score >= Score::DEFAULT_PASS_MARK
    }

    fn score(&self) -> Score {
        self.score
    }
}

/// Prints the score, and on a line of its own each criterion with the reason.
impl fmt::Display for RubricReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "score {:.2}", self.score)?;
        for criterion in &self.criteria {
            write!(f, "\n- {criterion}")?;
        }
        if self.corrections > 0 {
            write!(f, "\n(the judge was corrected {} times)", self.corrections)?;
        }
        Ok(())
    }
}

impl fmt::Display for CriterionReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.name)?;
        match self.points {
            Some(points) => write!(f, "{points} points")?,
            None if self.score == Score::ONE => f.write_str("yes")?,
            None => f.write_str("no")?,
        }
        if (self.weight - 1.0).abs() > f32::EPSILON {
            write!(f, ", weight {}", self.weight)?;
        }
        write!(f, " ({})", self.reason)
    }
}
