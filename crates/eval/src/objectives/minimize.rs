//! The objective where lower is better.

use std::{fmt, ops::RangeInclusive};

use crate::{
    into_score::IntoScore,
    objective::{Objective, ObjectiveError},
    objectives::{
        maximize::{Maximize, maximize},
        scale::{RangeScale, Scale, UnitScale},
    },
    score::Score,
};

/// Makes an objective for which lower is better: one minus what [`maximize`] gives.
///
/// The closure returns an `f32` in 0..=1, a `bool` or a [`Score`].
/// For another number give a range with [`Minimize::within`]; without one, a number outside 0..=1
/// is an error that names it. NaN is always an error.
///
/// # Examples
///
/// ```
/// use probity_eval::{Objective as _, Score, minimize};
///
/// let latency_ms = minimize(|report: &f32| *report).within(0.0..=2000.0);
/// assert_eq!(latency_ms.score(&0.0), Ok(Score::ONE));
/// assert_eq!(latency_ms.score(&500.0), Score::try_new(0.75).map_err(Into::into));
/// assert_eq!(latency_ms.score(&9000.0), Ok(Score::ZERO));
/// ```
pub fn minimize<R: ?Sized, T: IntoScore, F: Fn(&R) -> T>(measure: F) -> Minimize<F> {
    Minimize { opposite: maximize(measure) }
}

/// Objective made by [`minimize`].
#[derive(Clone)]
#[must_use = "objectives do nothing unless an eval is scored by them"]
pub struct Minimize<F, S = UnitScale> {
    opposite: Maximize<F, S>,
}

impl<F> Minimize<F> {
    /// Scores linearly within a range: its start is 1, its end is 0, and beyond an end is that end.
    ///
    /// The closure must return an `f32`.
    /// A range that is empty, a single point or not finite makes every score an error.
    pub fn within(self, range: RangeInclusive<f32>) -> Minimize<F, RangeScale> {
        Minimize { opposite: self.opposite.within(range) }
    }
}

impl<F, S> Minimize<F, S> {
    /// Sets the lowest score that passes, in 0..=1; 0.5 unless set.
    ///
    /// The mark is a score, not a measured number: with `within(0.0..=2000.0)` a mark of 0.75
    /// passes what measures 500 or less.
    /// A mark that is NaN or outside 0..=1 makes every pass or fail an error.
    pub fn with_pass_mark(self, mark: impl IntoScore) -> Self {
        Self { opposite: self.opposite.with_pass_mark(mark) }
    }
}

impl<R: ?Sized, T, F: Fn(&R) -> T, S: Scale<T>> Objective<R> for Minimize<F, S> {
    fn score(&self, report: &R) -> Result<Score, ObjectiveError> {
        self.opposite.score(report).map(Score::complement)
    }

    fn pass_mark(&self) -> Result<Score, ObjectiveError> {
        Objective::<R>::pass_mark(&self.opposite)
    }
}

impl<F, S: fmt::Debug> fmt::Debug for Minimize<F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Minimize").field("opposite", &self.opposite).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_truth_values_and_scores_are_turned_round() {
        assert_eq!(minimize(|r: &f32| *r).score(&0.25), Ok(Score::new_clamped(0.75)));
        assert_eq!(minimize(|r: &bool| *r).score(&true), Ok(Score::ZERO));
        assert_eq!(minimize(|r: &Score| *r).score(&Score::ONE), Ok(Score::ZERO));
    }

    #[test]
    fn a_number_without_a_range_must_be_a_score() {
        let objective = minimize(|r: &f32| *r);
        assert_eq!(objective.score(&-2.0), Err(ObjectiveError::OutOfRange(-2.0)));
        assert_eq!(objective.score(&f32::NAN), Err(ObjectiveError::NotANumber));
    }

    #[test]
    fn the_pass_mark_is_kept() {
        let objective = minimize(|r: &f32| *r).within(0.0..=9.0).with_pass_mark(Score::ONE);
        assert_eq!(Objective::<f32>::pass_mark(&objective), Ok(Score::ONE));
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", minimize(|r: &f32| *r));
        assert!(text.starts_with("Minimize") && text.contains("{{closure}}"), "{text}");
    }

    proptest! {
        #[test]
        fn minimizing_is_one_minus_maximizing(value in -10.0_f32..20.0) {
            let up = maximize(|r: &f32| *r).within(0.0..=10.0).score(&value).unwrap();
            let down = minimize(|r: &f32| *r).within(0.0..=10.0).score(&value).unwrap();
            prop_assert_eq!(down, Score::new_clamped(1.0 - up.value()));
        }
    }
}
