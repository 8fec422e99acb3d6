//! Joins evals into one that scores their weighted mean.

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{
    combinators::group::{self, GroupError, Part, Rule, group_eval},
    eval::Eval,
    into_score::IntoScore,
    llm::Llm,
    pass_mark::PassMark,
    pure_eval::PureEval,
    score::Score,
    scored::Scored,
};

/// Scores the weighted mean of a list of evals.
///
/// The score is `sum(weight * score) / sum(weight)`. It passes from the pass mark on, 0.5 unless
/// set with [`Weighted::with_pass_mark`], whatever the marks of the parts.
/// Weights are finite numbers from 0 on, not all 0; only their ratios matter.
/// An eval of weight 0 runs and is reported, but does not count.
///
/// Every eval runs, one after the other, and the report holds what each found, in order.
/// The evals must be scored and of one type: erase differing ones with `boxed`, align their reports
/// with `map_report` and their errors with `map_error`.
/// The whole is a `PureEval` where they are, and an `Eval` where they are.
///
/// The first error ends the run and is the error of the whole. An invalid weight, weights that are
/// all 0 and an empty list are errors too, found before any eval runs.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use probity_eval::{PureEval as _, PureEvalExt as _, from_fn, pass_fail, weighted};
/// use probity_trace::TraceSnapshot;
///
/// let says = |word: &'static str| {
///     from_fn(move |_, answer: &str| Ok::<_, Infallible>(answer.contains(word)))
///         .scored_by(pass_fail(|said| *said))
/// };
/// let eval = weighted([(3.0, says("booked")), (1.0, says("thank"))]).with_pass_mark(0.7);
/// let scored = eval.evaluate(&TraceSnapshot::default(), "your flight is booked")?;
/// assert_eq!(scored.score.value(), 0.75);
/// assert!(scored.passed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn weighted<E>(evals: impl IntoIterator<Item = (f32, E)>) -> Weighted<E> {
    Weighted { evals: evals.into_iter().collect(), pass_mark: PassMark::default() }
}

/// Eval made by [`weighted`].
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Weighted<E> {
    evals: Vec<(f32, E)>,
    pass_mark: PassMark,
}

impl<E> Weighted<E> {
    /// Sets the lowest mean that passes, in 0..=1; 0.5 unless set.
    ///
    /// A mark that is NaN or outside 0..=1 makes every evaluation an error.
    pub fn with_pass_mark(self, mark: impl IntoScore) -> Self {
        Self { pass_mark: PassMark::new(mark), ..self }
    }

    fn evals(&self) -> impl Iterator<Item = &E> {
        self.evals.iter().map(|(_, eval)| eval)
    }

    /// Takes the mean of what the evals found, in the order of the weights.
    fn mean<R>(&self, parts: &[Part<R>], total: f64) -> Score {
        let weights = self.evals.iter().map(|(weight, _)| f64::from(*weight));
        let scores = parts.iter().map(|part| f64::from(part.scored.score.value()));
        let sum: f64 = weights.zip(scores).map(|(weight, score)| weight * score).sum();
        Score::from_f64_clamped(sum / total)
    }
}

impl<E> Rule for Weighted<E> {
    /// The pass mark and the sum of the weights.
    type Checked = (Score, f64);

    fn check<T>(&self) -> Result<(Score, f64), GroupError<T>> {
        let pass_mark = self.pass_mark.get().map_err(GroupError::PassMark)?;
        let mut total = 0.0;
        for (index, &(weight, _)) in self.evals.iter().enumerate() {
            if !(weight.is_finite() && weight >= 0.0) {
                return Err(GroupError::InvalidWeight { index, weight });
            }
            total += f64::from(weight);
        }
        if self.evals.is_empty() {
            Err(GroupError::Empty)
        } else if total > 0.0 {
            Ok((pass_mark, total))
        } else {
            Err(GroupError::NoWeight)
        }
    }

    fn verdict<R>(
        &self,
        (pass_mark, total): (Score, f64),
        parts: Vec<Part<R>>,
    ) -> Scored<Vec<Part<R>>> {
        Scored::new(self.mean(&parts, total), parts, pass_mark)
    }
}

group_eval!(Weighted);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        PureEvalExt as _,
        score::InvalidScore,
        scored_error::ScoredError,
        testing::{always, evaluate, evaluate_async, verdict},
    };

    type Scoring = (f32, bool);

    /// Evaluates in both worlds, which must agree.
    #[track_caller]
    fn both<const N: usize>(
        evals: [(f32, f32); N],
        answer: &str,
    ) -> Result<Scoring, GroupError<ScoredError<String>>> {
        let pure = weighted(evals.map(|(weight, score)| (weight, always(score))));
        let lifted = weighted(evals.map(|(weight, score)| (weight, always(score).lift())));
        let outcome = evaluate(&pure, answer).map(verdict);
        assert_eq!(evaluate_async(&lifted, answer).map(verdict), outcome);
        outcome
    }

    #[test]
    fn the_mean_follows_the_weights() {
        assert_eq!(both([(3.0, 1.0), (1.0, 0.0)], "yes"), Ok((0.75, true)));
        assert_eq!(both([(1.0, 1.0), (3.0, 0.0)], "yes"), Ok((0.25, false)));
        assert_eq!(both([(0.0, 1.0), (2.0, 0.25)], "yes"), Ok((0.25, false)));
        assert_eq!(both([(f32::MAX, 1.0), (f32::MAX, 0.5)], "yes"), Ok((0.75, true)));
    }

    #[test]
    fn a_list_of_one_scores_as_that_one() {
        for score in [0.0, 0.3, 0.5, 1.0] {
            assert_eq!(both([(7.0, score)], "yes"), Ok((score, score >= 0.5)));
        }
    }

    #[test]
    fn an_error_of_a_part_passes_through_with_its_place() {
        let error = ScoredError::Eval("empty answer".to_owned());
        let expected = GroupError::Part { index: 0, name: None, error };
        assert_eq!(both([(1.0, 1.0), (1.0, 0.0)], ""), Err(expected));
    }

    #[test]
    fn an_empty_list_is_an_error() {
        assert_eq!(both([], "yes"), Err(GroupError::Empty));
    }

    #[test]
    fn weights_that_weigh_nothing_are_errors() {
        for weight in [-1.0, f32::INFINITY, f32::NEG_INFINITY] {
            let expected = GroupError::InvalidWeight { index: 1, weight };
            assert_eq!(both([(1.0, 1.0), (weight, 1.0)], "yes"), Err(expected));
        }
        let nan = evaluate(&weighted([(f32::NAN, always(1.0))]), "yes").unwrap_err();
        assert!(matches!(nan, GroupError::InvalidWeight { index: 0, .. }), "{nan}");
        assert_eq!(both([(0.0, 1.0), (-0.0, 1.0)], "yes"), Err(GroupError::NoWeight));
    }

    #[test]
    fn the_pass_mark_is_that_of_the_mean() {
        let at = |mark: f32| weighted([(1.0, always(0.75))]).with_pass_mark(mark);
        assert!(evaluate(&at(0.75), "yes").unwrap().passed);
        assert!(!evaluate(&at(0.8), "yes").unwrap().passed);
        let error = evaluate(&at(8.0), "yes").unwrap_err();
        assert_eq!(error, GroupError::PassMark(InvalidScore::OutOfRange(8.0)));
    }

    proptest! {
        #[test]
        fn the_mean_lies_between_the_lowest_and_the_highest_score(
            parts in proptest::collection::vec((0.001_f32..1e6, 0.0_f32..=1.0), 1..8),
        ) {
            let lowest = parts.iter().map(|part| part.1).fold(1.0, f32::min);
            let highest = parts.iter().map(|part| part.1).fold(0.0, f32::max);
            let eval = weighted(parts.into_iter().map(|(weight, score)| (weight, always(score))));
            let mean = evaluate(&eval, "yes").unwrap().score.value();
            prop_assert!((lowest..=highest).contains(&mean), "{lowest} <= {mean} <= {highest}");
        }
    }
}
