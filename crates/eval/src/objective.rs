//! The trait of what turns a report into a score.

use crate::score::{InvalidScore, Score};

/// Turns a report into a [`Score`] and says from which score on it passes.
///
/// [`maximize`](crate::maximize), [`minimize`](crate::minimize) and
/// [`pass_fail`](crate::pass_fail) make the usual ones from a closure.
/// `&O` and `Box<O>` are objectives where `O` is one.
///
/// # Examples
///
/// ```
/// use probity_eval::{Objective, ObjectiveError, Score};
///
/// struct SchoolGrade;
///
/// impl Objective<char> for SchoolGrade {
///     fn score(&self, report: &char) -> Result<Score, ObjectiveError> {
///         match report {
///             'A' => Ok(Score::ONE),
///             'B' => Ok(Score::new_clamped(0.5)),
///             'C' => Ok(Score::ZERO),
///             other => Err(ObjectiveError::other(format!("{other:?} is not a grade"))),
///         }
///     }
/// }
///
/// assert_eq!(SchoolGrade.score(&'A'), Ok(Score::ONE));
/// assert_eq!(SchoolGrade.score(&'x').unwrap_err().to_string(), "'x' is not a grade");
/// ```
pub trait Objective<R: ?Sized> {
    /// Scores a report.
    ///
    /// # Errors
    ///
    /// Errs where the report gives no score, as a number outside 0..=1 does.
    fn score(&self, report: &R) -> Result<Score, ObjectiveError>;

    /// Returns the lowest score that passes: [`Score::DEFAULT_PASS_MARK`] unless overridden.
    ///
    /// # Errors
    ///
    /// Errs where the mark that was set is not a score.
    fn pass_mark(&self) -> Result<Score, ObjectiveError> {
        Ok(Score::DEFAULT_PASS_MARK)
    }
}

impl<R: ?Sized, O: Objective<R> + ?Sized> Objective<R> for &O {
    fn score(&self, report: &R) -> Result<Score, ObjectiveError> {
        (**self).score(report)
    }

    fn pass_mark(&self) -> Result<Score, ObjectiveError> {
        (**self).pass_mark()
    }
}

impl<R: ?Sized, O: Objective<R> + ?Sized> Objective<R> for Box<O> {
    fn score(&self, report: &R) -> Result<Score, ObjectiveError> {
        (**self).score(report)
    }

    fn pass_mark(&self) -> Result<Score, ObjectiveError> {
        (**self).pass_mark()
    }
}

/// Why an [`Objective`] gave no score.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectiveError {
    /// The closure gave NaN.
    #[error("objective gave NaN, which is not a score")]
    NotANumber,
    /// The closure gave a number outside 0..=1, and the objective has no range.
    #[error("objective gave {0}, which is outside 0..=1: set its range with `within`")]
    OutOfRange(f32),
    /// The range of the objective is empty, a single point, infinite or has a NaN.
    #[error("range {start}..={end} is not one: both ends must be finite, the start below the end")]
    InvalidRange {
        /// The start that was given.
        start: f32,
        /// The end that was given.
        end: f32,
    },
    /// The pass mark is not a score.
    #[error("objective has an invalid pass mark")]
    PassMark(#[source] InvalidScore),
    /// An objective of your own has a reason of its own; made by [`ObjectiveError::other`].
    #[error("{0}")]
    Other(String),
}

impl ObjectiveError {
    /// Makes an error of a reason in words, for objectives of your own.
    pub fn other(reason: impl Into<String>) -> Self {
        Self::Other(reason.into())
    }
}

impl From<InvalidScore> for ObjectiveError {
    fn from(error: InvalidScore) -> Self {
        match error {
            InvalidScore::NotANumber => Self::NotANumber,
            InvalidScore::OutOfRange(value) => Self::OutOfRange(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objectives::maximize;

    #[test]
    fn references_and_boxes_score_as_what_they_point_to() {
        let objective = maximize(|report: &f32| *report).with_pass_mark(0.9);
        let boxed: Box<dyn Objective<f32>> = Box::new(objective.clone());
        for report in [0.0, 0.3, 1.0, 7.0, -1.0] {
            assert_eq!(Objective::score(&&objective, &report), objective.score(&report));
            assert_eq!(boxed.score(&report), objective.score(&report));
        }
        assert_eq!(
            Objective::<f32>::pass_mark(&&objective),
            Score::try_new(0.9).map_err(Into::into)
        );
        assert_eq!(boxed.pass_mark(), Score::try_new(0.9).map_err(Into::into));
    }
}
