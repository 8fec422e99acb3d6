//! What `all_of`, `any_of` and `weighted` have in common: they run every eval of a list and make one verdict.

use probity_trace::TraceSnapshot;
use serde::{Deserialize, Serialize};

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, score::InvalidScore, scored::Scored};

/// What one eval of a list found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Part<R> {
    /// The name of the eval, if it was given one.
    pub name: Option<String>,
    /// Its report and score.
    pub scored: Scored<R>,
}

impl<R> Part<R> {
    fn new(name: Option<&str>, scored: Scored<R>) -> Self {
        Self { name: name.map(str::to_owned), scored }
    }
}

/// Why a list of evals gave no score.
///
/// As with [`ScoredError`](crate::ScoredError), the error of a part need not be a
/// [`std::error::Error`]; it is printed, not given as a source.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError<E> {
    /// The list is empty, so nothing was judged and nothing may pass.
    #[error("list of evals is empty")]
    Empty,
    /// An eval of the list erred.
    #[error("eval {index}{} of the list: {error}", in_brackets(name.as_deref()))]
    Part {
        /// Its place in the list, counted from 0.
        index: usize,
        /// Its name, if it was given one.
        name: Option<String>,
        /// Its error.
        error: E,
    },
    /// A weight is negative, infinite or NaN.
    #[error("eval {index} of the list has the weight {weight}, not a finite number from 0 on")]
    InvalidWeight {
        /// Its place in the list, counted from 0.
        index: usize,
        /// The weight that was given.
        weight: f32,
    },
    /// All weights are 0.
    #[error("no eval of the list has a weight above 0")]
    NoWeight,
    /// The pass mark is not a score.
    #[error("list of evals has an invalid pass mark")]
    PassMark(#[source] InvalidScore),
}

impl<E> GroupError<E> {
    fn part(index: usize, name: Option<&str>, error: E) -> Self {
        Self::Part { index, name: name.map(str::to_owned), error }
    }
}

fn in_brackets(name: Option<&str>) -> String {
    name.map(|name| format!(" ({name})")).unwrap_or_default()
}

/// How a list of evals comes to one verdict.
pub(super) trait Rule {
    /// What the check found out, for the verdict.
    type Checked: Send;

    /// Checks what was set, before any eval runs.
    fn check<T>(&self) -> Result<Self::Checked, GroupError<T>>;

    /// Makes the verdict from what the evals found, in their order; there is at least one.
    fn verdict<R>(&self, checked: Self::Checked, parts: Vec<Part<R>>) -> Scored<Vec<Part<R>>>;
}

/// Runs pure evals in order, until one errs, and makes the verdict.
pub(super) fn evaluate<'e, E, R>(
    rule: &impl Rule,
    evals: impl Iterator<Item = &'e E>,
    trace: &TraceSnapshot,
    artifact: &E::Artifact,
) -> Result<Scored<Vec<Part<R>>>, GroupError<E::Error>>
where
    E: PureEval<Report = Scored<R>> + 'e,
{
    let checked = rule.check()?;
    let mut parts = Vec::with_capacity(evals.size_hint().0);
    for (index, eval) in evals.enumerate() {
        match eval.evaluate(trace, artifact) {
            Ok(scored) => parts.push(Part::new(eval.name(), scored)),
            Err(error) => return Err(GroupError::part(index, eval.name(), error)),
        }
    }
    non_empty(parts).map(|parts| rule.verdict(checked, parts))
}

/// Runs async evals in order, one after the other, until one errs, and makes the verdict.
pub(super) async fn evaluate_async<'e, E, R>(
    rule: &(impl Rule + Sync),
    evals: impl Iterator<Item = &'e E> + Send,
    ctx: &Llm,
    trace: &TraceSnapshot,
    artifact: &E::Artifact,
) -> Result<Scored<Vec<Part<R>>>, GroupError<E::Error>>
where
    E: Eval<Report = Scored<R>> + 'e,
    R: Send,
{
    let checked = rule.check()?;
    let mut parts = Vec::with_capacity(evals.size_hint().0);
    for (index, eval) in evals.enumerate() {
        match eval.evaluate(ctx, trace, artifact).await {
            Ok(scored) => parts.push(Part::new(eval.name(), scored)),
            Err(error) => return Err(GroupError::part(index, eval.name(), error)),
        }
    }
    non_empty(parts).map(|parts| rule.verdict(checked, parts))
}

/// Makes a [`Rule`] that has its evals in `self.evals()` an eval, pure or async as they are.
macro_rules! group_eval {
    ($group:ident) => {
        impl<E, R> PureEval for $group<E>
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
                group::evaluate(self, self.evals(), trace, artifact)
            }
        }

        #[async_trait]
        impl<E, R> Eval for $group<E>
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
                group::evaluate_async(self, self.evals(), ctx, trace, artifact).await
            }
        }
    };
}

pub(super) use group_eval;

fn non_empty<R, E>(parts: Vec<Part<R>>) -> Result<Vec<Part<R>>, GroupError<E>> {
    if parts.is_empty() { Err(GroupError::Empty) } else { Ok(parts) }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::score::Score;

    #[test]
    fn an_error_says_which_eval_of_the_list_erred() {
        let error = GroupError::part(2, Some("tone"), "no judge");
        assert_eq!(error.to_string(), "eval 2 (tone) of the list: no judge");
        assert_eq!(GroupError::part(0, None, 7).to_string(), "eval 0 of the list: 7");
    }

    #[test]
    fn every_printable_error_of_a_part_makes_an_error() {
        fn check<E: Error + Send + Sync + 'static>() {}
        check::<GroupError<String>>();
        check::<GroupError<Box<dyn Error + Send + Sync>>>();
    }

    #[test]
    fn json_brings_a_part_back() {
        let scored = Scored::new(Score::ONE, 3, Score::ONE);
        let part = Part::new(Some("length"), scored);
        let json = serde_json::to_string(&part).unwrap();
        assert_eq!(serde_json::from_str::<Part<i32>>(&json).unwrap(), part);
    }
}
