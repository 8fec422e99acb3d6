//! Joins evals into one that passes where any of them passes.

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{
    combinators::group::{self, GroupError, Part},
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

impl<E, R> PureEval for AnyOf<E>
where
    E: PureEval<Report = Scored<R>>,
{
    type Artifact = E::Artifact;
    type Report = Scored<Vec<Part<R>>>;
    type Error = GroupError<E::Error>;

    fn evaluate(
        &self,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<Self::Report, Self::Error> {
        group::evaluate(self.evals.iter(), trace, artifact).map(summarize)
    }
}

#[async_trait]
impl<E, R> Eval for AnyOf<E>
where
    E: Eval<Report = Scored<R>>,
    R: Send,
{
    type Artifact = E::Artifact;
    type Report = Scored<Vec<Part<R>>>;
    type Error = GroupError<E::Error>;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<Self::Report, Self::Error> {
        group::evaluate_async(self.evals.iter(), ctx, trace, artifact).await.map(summarize)
    }
}

fn summarize<R>(parts: Vec<Part<R>>) -> Scored<Vec<Part<R>>> {
    Scored {
        score: parts.iter().map(|part| part.scored.score).max().unwrap_or(Score::ZERO),
        passed: parts.iter().any(|part| part.scored.passed),
        report: parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        PureEvalExt,
        scored_error::ScoredError,
        testing::{evaluate, evaluate_async, up_to, verdict},
    };

    #[test]
    fn a_list_of_one_scores_as_that_one() {
        for answer in ["a", "yes", "a long answer"] {
            let alone = evaluate(&up_to(4.0), answer).map(verdict).unwrap();
            assert_eq!(evaluate(&any_of([up_to(4.0)]), answer).map(verdict), Ok(alone));
            let lifted = any_of([up_to(4.0).lift()]);
            assert_eq!(evaluate_async(&lifted, answer).map(verdict), Ok(alone));
        }
    }

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

    #[test]
    fn lists_of_lists_score_as_one_list() {
        let flat = any_of([2.0, 4.0, 10.0, 20.0].map(up_to));
        let nested = any_of([any_of([2.0, 4.0].map(up_to)), any_of([10.0, 20.0].map(up_to))]);
        for answer in ["a", "yes", "a long answer"] {
            let expected = evaluate(&flat, answer).map(verdict).unwrap();
            assert_eq!(evaluate(&nested, answer).map(verdict), Ok(expected), "{answer:?}");
        }
    }

    #[test]
    fn the_report_holds_every_part_by_name_in_order() {
        let eval = any_of([up_to(4.0).named("short"), up_to(10.0).named("long")]);
        let parts = evaluate(&eval, "yes").unwrap().report;
        let names: Vec<_> = parts.iter().map(|part| part.name.as_deref()).collect();
        assert_eq!(names, [Some("short"), Some("long")]);
        let scores: Vec<_> = parts.iter().map(|part| part.scored.score.value()).collect();
        assert_eq!(scores, [0.75, 0.3]);
    }

    #[test]
    fn an_error_of_a_part_passes_through_with_its_place() {
        let error = GroupError::Part {
            index: 1,
            name: Some("strict".to_owned()),
            error: ScoredError::Eval("empty answer".to_owned()),
        };
        let lenient = up_to(4.0).or_else(|_| Ok(Scored::new(Score::ONE, 0, Score::ONE)));
        let evals = || [(&lenient).boxed(), up_to(4.0).named("strict").boxed()];
        assert_eq!(evaluate(&any_of(evals()), ""), Err(error.clone()));
        let lifted = any_of(evals().map(PureEvalExt::lift));
        assert_eq!(evaluate_async(&lifted, ""), Err(error));
    }

    #[test]
    fn an_empty_list_is_an_error() {
        let mut evals = vec![up_to(1.0)];
        evals.clear();
        assert_eq!(evaluate(&any_of(&evals), "yes"), Err(GroupError::Empty));
        let lifted = any_of(evals.iter().map(PureEvalExt::lift));
        assert_eq!(evaluate_async(&lifted, "yes"), Err(GroupError::Empty));
    }
}
