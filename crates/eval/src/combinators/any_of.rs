//! Joins evals into one that passes where any of them passes.

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{
    combinators::group::{self, GroupError, Part, Rule, group_eval},
    eval::Eval,
    llm::Llm,
    pure_eval::PureEval,
    score::Score,
    scored::Scored,
};

/// Passes where at least one eval of a list passes; the score is the highest.
///
/// Every eval runs, one after the other, and the report holds what each found, in order.
/// The evals must be scored and of one type: erase differing ones with `boxed`, align their reports
/// with `map_report` and their errors with `map_error`.
/// The whole is a `PureEval` where they are, and an `Eval` where they are.
///
/// The first error ends the run and is the error of the whole, even after a part that passed: the
/// highest score is not known then. Give an eval that may err a report instead with `or_else`.
/// An empty list is an error too, for nothing was judged.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use probity_eval::{PureEval as _, PureEvalExt as _, any_of, from_fn, pass_fail};
/// use probity_trace::TraceSnapshot;
///
/// let says = |word: &'static str| {
///     from_fn(move |_, answer: &str| Ok::<_, Infallible>(answer.contains(word)))
///         .scored_by(pass_fail(|said| *said))
/// };
/// let agrees = any_of([says("yes"), says("sure")]);
/// assert!(agrees.evaluate(&TraceSnapshot::default(), "sure, why not")?.passed);
/// assert!(!agrees.evaluate(&TraceSnapshot::default(), "no")?.passed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn any_of<I: IntoIterator>(evals: I) -> AnyOf<I::Item> {
    AnyOf { evals: evals.into_iter().collect() }
}

/// Eval made by [`any_of`].
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct AnyOf<E> {
    evals: Vec<E>,
}

impl<E> AnyOf<E> {
    fn evals(&self) -> impl Iterator<Item = &E> {
        self.evals.iter()
    }
}

impl<E> Rule for AnyOf<E> {
    type Checked = ();

    fn check<T>(&self) -> Result<(), GroupError<T>> {
        Ok(())
    }

    fn verdict<R>(&self, (): (), parts: Vec<Part<R>>) -> Scored<Vec<Part<R>>> {
        Scored {
            score: parts.iter().map(|part| part.scored.score).max().unwrap_or(Score::ZERO),
            passed: parts.iter().any(|part| part.scored.passed),
            report: parts,
        }
    }
}

group_eval!(AnyOf);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        PureEvalExt,
        combinators::group_laws::group_laws,
        scored_error::ScoredError,
        testing::{evaluate, evaluate_async, up_to, verdict},
    };

    group_laws!(any_of);

    #[test]
    fn the_highest_score_counts_and_one_must_pass() {
        let evals = [4.0, 10.0, 2.0].map(up_to);
        let lifted = any_of(evals.clone().map(PureEvalExt::lift));
        let eval = any_of(evals);
        for (answer, expected) in
            [("a", (0.5, true)), ("yes", (1.0, true)), ("answer", (1.0, true))]
        {
            assert_eq!(evaluate(&eval, answer).map(verdict), Ok(expected), "{answer:?}");
            assert_eq!(evaluate_async(&lifted, answer).map(verdict), Ok(expected), "{answer:?}");
        }
    }
}
