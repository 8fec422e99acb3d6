//! An eval to build on and the comparisons in which the laws of combinators are written.

use std::fmt::Debug;

use futures::FutureExt as _;
use probity_trace::TraceSnapshot;

use crate::{
    PureEvalExt as _, combinators::ScoredBy, eval::Eval, llm::Llm, objective::Objective,
    objectives::maximize, pure_eval::PureEval, scored::Scored,
};

/// Artifacts on which [`Length`] errs, and on which it reports.
const ANSWERS: [&str; 4] = ["", "a", "yes", "a long answer"];

/// Reports the length of an answer and errs for an empty one.
#[derive(Clone, Debug)]
pub(crate) struct Length;

impl PureEval for Length {
    type Artifact = str;
    type Report = usize;
    type Error = String;

    fn evaluate(&self, _: &TraceSnapshot, answer: &str) -> Result<usize, String> {
        if answer.is_empty() { Err("empty answer".to_owned()) } else { Ok(answer.len()) }
    }
}

/// Scores the length of an answer, with full marks from `full` bytes on.
pub(crate) fn up_to(full: f32) -> ScoredBy<Length, impl Objective<usize> + Clone + Send + Sync> {
    #[expect(clippy::cast_precision_loss, reason = "the answers of these tests are short")]
    let objective = maximize(|length: &usize| *length as f32).within(0.0..=full);
    Length.scored_by(objective)
}

/// Gives every answer the same score, but errs for an empty one.
pub(crate) fn always(score: f32) -> ScoredBy<Length, impl Objective<usize> + Clone + Send + Sync> {
    Length.scored_by(maximize(move |_: &usize| score))
}

/// Leaves the number of a score and whether it passed.
pub(crate) fn verdict<R>(scored: Scored<R>) -> (f32, bool) {
    let bare = scored.map(drop);
    (bare.score.value(), bare.passed)
}

pub(crate) fn evaluate<E>(eval: &E, answer: &str) -> Result<E::Report, E::Error>
where
    E: PureEval<Artifact = str>,
{
    eval.evaluate(&TraceSnapshot::default(), answer)
}

#[track_caller]
pub(crate) fn evaluate_async<E>(eval: &E, answer: &str) -> Result<E::Report, E::Error>
where
    E: Eval<Artifact = str>,
{
    eval.evaluate(&Llm::without_model(), &TraceSnapshot::default(), answer)
        .now_or_never()
        .expect("the evals of these tests do not wait")
}

/// Checks that two pure evals give the same on every answer.
#[track_caller]
pub(crate) fn assert_same<L, R>(left: &L, right: &R)
where
    L: PureEval<Artifact = str, Report: Debug + PartialEq, Error: Debug + PartialEq>,
    R: PureEval<Artifact = str, Report = L::Report, Error = L::Error>,
{
    for answer in ANSWERS {
        assert_eq!(evaluate(left, answer), evaluate(right, answer), "{answer:?}");
    }
}

/// Checks that two async evals give the same on every answer.
#[track_caller]
pub(crate) fn assert_same_async<L, R>(left: &L, right: &R)
where
    L: Eval<Artifact = str, Report: Debug + PartialEq, Error: Debug + PartialEq>,
    R: Eval<Artifact = str, Report = L::Report, Error = L::Error>,
{
    for answer in ANSWERS {
        assert_eq!(evaluate_async(left, answer), evaluate_async(right, answer), "{answer:?}");
    }
}
