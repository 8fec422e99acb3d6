//! The objective where higher is better.

use std::{fmt, ops::RangeInclusive};

use crate::{
    into_score::IntoScore,
    objective::{Objective, ObjectiveError},
    objectives::scale::{RangeScale, Scale, UnitScale},
    pass_mark::PassMark,
    score::Score,
    type_name::TypeName,
};

/// Makes an objective for which higher is better.
///
/// The closure returns an `f32` in 0..=1, a `bool` or a [`Score`].
/// For another number give a range with [`Maximize::within`]; without one, a number outside 0..=1
/// is an error that names it. NaN is always an error.
/// Rust needs the type of the report in the closure: `|report: &Report| ..`.
///
/// # Examples
///
/// ```
/// use probity_eval::{Objective as _, Score, maximize};
///
/// let length = maximize(|length: &usize| *length as f32).within(0.0..=500.0);
/// assert_eq!(length.score(&250), Score::try_new(0.5).map_err(Into::into));
/// assert_eq!(length.score(&900), Ok(Score::ONE));
///
/// let unranged = maximize(|length: &usize| *length as f32);
/// assert!(unranged.score(&250).unwrap_err().to_string().contains("250"));
/// ```
pub fn maximize<R: ?Sized, T: IntoScore, F: Fn(&R) -> T>(measure: F) -> Maximize<F> {
    Maximize { measure, scale: UnitScale, pass_mark: PassMark::default() }
}

/// Objective made by [`maximize`].
#[derive(Clone)]
#[must_use = "objectives do nothing unless an eval is scored by them"]
pub struct Maximize<F, S = UnitScale> {
    measure: F,
    scale: S,
    pass_mark: PassMark,
}

impl<F> Maximize<F> {
    /// Scores linearly within a range: its start is 0, its end is 1, and beyond an end is that end.
    ///
    /// The closure must return an `f32`.
    /// A range that is empty, a single point or not finite makes every score an error.
    pub fn within(self, range: RangeInclusive<f32>) -> Maximize<F, RangeScale> {
        Maximize { measure: self.measure, scale: RangeScale::new(range), pass_mark: self.pass_mark }
    }
}

impl<F, S> Maximize<F, S> {
    /// Sets the lowest score that passes, in 0..=1; 0.5 unless set.
    ///
    /// A mark that is NaN or outside 0..=1 makes every pass or fail an error.
    pub fn with_pass_mark(self, mark: impl IntoScore) -> Self {
        Self { pass_mark: PassMark::new(mark), ..self }
    }
}

impl<R: ?Sized, T, F: Fn(&R) -> T, S: Scale<T>> Objective<R> for Maximize<F, S> {
    fn score(&self, report: &R) -> Result<Score, ObjectiveError> {
        self.scale.place((self.measure)(report))
    }

    fn pass_mark(&self) -> Result<Score, ObjectiveError> {
        self.pass_mark.get().map_err(ObjectiveError::PassMark)
    }
}

impl<F, S: fmt::Debug> fmt::Debug for Maximize<F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Maximize")
            .field("measure", &TypeName::<F>::new())
            .field("scale", &self.scale)
            .field("pass_mark", &self.pass_mark)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::InvalidScore;

    #[test]
    fn numbers_truth_values_and_scores_are_taken() {
        assert_eq!(maximize(|r: &f32| *r).score(&0.25), Ok(Score::new_clamped(0.25)));
        assert_eq!(maximize(|r: &bool| *r).score(&true), Ok(Score::ONE));
        assert_eq!(maximize(|r: &Score| *r).score(&Score::ONE), Ok(Score::ONE));
        assert_eq!(maximize(|_: &str| 1.0).score("unsized reports too"), Ok(Score::ONE));
    }

    #[test]
    fn a_number_without_a_range_must_be_a_score() {
        let objective = maximize(|r: &f32| *r);
        assert_eq!(objective.score(&1.5), Err(ObjectiveError::OutOfRange(1.5)));
        assert_eq!(objective.score(&f32::NAN), Err(ObjectiveError::NotANumber));
    }

    #[test]
    fn the_pass_mark_is_a_half_unless_set_and_survives_a_range() {
        let objective = maximize(|r: &f32| *r);
        assert_eq!(Objective::<f32>::pass_mark(&objective), Ok(Score::DEFAULT_PASS_MARK));
        let objective = objective.with_pass_mark(0.75).within(0.0..=10.0);
        assert_eq!(Objective::<f32>::pass_mark(&objective), Ok(Score::new_clamped(0.75)));
    }

    #[test]
    fn a_pass_mark_that_is_no_score_is_an_error() {
        let objective = maximize(|r: &f32| *r).with_pass_mark(75.0);
        let error = Objective::<f32>::pass_mark(&objective).unwrap_err();
        assert_eq!(error, ObjectiveError::PassMark(InvalidScore::OutOfRange(75.0)));
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.starts_with("75 "), "{source}");
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", maximize(|r: &f32| *r).within(0.0..=2.0));
        assert!(text.contains("{{closure}}") && text.contains("0.0..=2.0"), "{text}");
    }
}
