//! Joins evals into one that passes where all of them pass.

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

/// Passes where every eval of a list passes; the score is the lowest.
///
/// Every eval runs, one after the other, and the report holds what each found, in order.
/// The evals must be scored and of one type: erase differing ones with `boxed`, align their reports
/// with `map_report` and their errors with `map_error`.
/// The whole is a `PureEval` where they are, and an `Eval` where they are.
///
/// The first error ends the run and is the error of the whole, even after a failed part: what could
/// not be graded is not failed.
/// An empty list is an error too, for nothing was judged.
///
/// # Examples
///
/// ```
/// use probity_eval::{PureEval as _, PureEvalExt as _, all_of, from_fn, pass_fail};
/// use probity_trace::TraceSnapshot;
///
/// let polite = from_fn(|_, answer: &str| Ok::<_, String>(answer.contains("please")));
/// let short = from_fn(|_, answer: &str| Ok::<_, String>(answer.len() < 20));
/// let both = all_of([
///     polite.scored_by(pass_fail(|polite| *polite)).named("polite").boxed(),
///     short.scored_by(pass_fail(|short| *short)).named("short").boxed(),
/// ]);
///
/// let scored = both.evaluate(&TraceSnapshot::default(), "yes, please")?;
/// assert!(scored.passed);
/// assert_eq!(scored.report[1].name.as_deref(), Some("short"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn all_of<I: IntoIterator>(evals: I) -> AllOf<I::Item> {
    AllOf { evals: evals.into_iter().collect() }
}

/// Eval made by [`all_of`].
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct AllOf<E> {
    evals: Vec<E>,
}

impl<E> AllOf<E> {
    fn evals(&self) -> impl Iterator<Item = &E> {
        self.evals.iter()
    }
}

impl<E> Rule for AllOf<E> {
    type Checked = ();

    fn check<T>(&self) -> Result<(), GroupError<T>> {
        Ok(())
    }

    fn verdict<R>(&self, (): (), parts: Vec<Part<R>>) -> Scored<Vec<Part<R>>> {
        Scored {
            score: parts.iter().map(|part| part.scored.score).min().unwrap_or(Score::ZERO),
            passed: parts.iter().all(|part| part.scored.passed),
            report: parts,
        }
    }
}

group_eval!(AllOf);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        PureEvalExt,
        combinators::group_laws::group_laws,
        scored_error::ScoredError,
        testing::{evaluate, evaluate_async, up_to, verdict},
    };

    group_laws!(all_of);

    #[test]
    fn the_lowest_score_counts_and_all_must_pass() {
        let evals = [4.0, 10.0, 2.0].map(up_to);
        let lifted = all_of(evals.clone().map(PureEvalExt::lift));
        let eval = all_of(evals);
        for (answer, expected) in
            [("a", (0.1, false)), ("yes", (0.3, false)), ("answer", (0.6, true))]
        {
            assert_eq!(evaluate(&eval, answer).map(verdict), Ok(expected), "{answer:?}");
            assert_eq!(evaluate_async(&lifted, answer).map(verdict), Ok(expected), "{answer:?}");
        }
    }
}
