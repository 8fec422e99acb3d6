//! What an objective's closure may return.

use crate::score::{InvalidScore, Score};

/// A value that may be a [`Score`]: an `f32`, a `bool` or a score.
///
/// Implement it for a type of your own, such as a grade, to return that from an objective's closure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not turned into a score",
    label = "this is not an `f32`, a `bool` or a `Score`",
    note = "cast another number with `as f32`"
)]
pub trait IntoScore {
    /// Turns the value into a score.
    ///
    /// # Errors
    ///
    /// A number that is NaN or outside 0..=1 is refused.
    fn into_score(self) -> Result<Score, InvalidScore>;
}

impl IntoScore for f32 {
    fn into_score(self) -> Result<Score, InvalidScore> {
        Score::try_new(self)
    }
}

/// True is 1, false is 0.
impl IntoScore for bool {
    fn into_score(self) -> Result<Score, InvalidScore> {
        Ok(self.into())
    }
}

impl IntoScore for Score {
    fn into_score(self) -> Result<Score, InvalidScore> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_truth_values_and_scores_become_scores() {
        assert_eq!(0.25.into_score(), Score::try_new(0.25));
        assert_eq!(2.0.into_score(), Err(InvalidScore::OutOfRange(2.0)));
        assert_eq!(true.into_score(), Ok(Score::ONE));
        assert_eq!(false.into_score(), Ok(Score::ZERO));
        assert_eq!(Score::ONE.into_score(), Ok(Score::ONE));
    }
}
