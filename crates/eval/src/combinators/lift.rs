//! Makes an async eval of a pure one.

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval};

/// Eval returned by [`PureEvalExt::lift`](crate::PureEvalExt::lift).
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Lift<E> {
    eval: E,
}

impl<E> Lift<E> {
    pub(crate) fn new(eval: E) -> Self {
        Self { eval }
    }
}

// An `Eval` only: as a `PureEval` too, every chain after `lift` would be ambiguous.
#[async_trait]
impl<E> Eval for Lift<E>
where
    E: PureEval<Artifact: Sync, Report: Send, Error: Send> + Send + Sync,
{
    type Artifact = E::Artifact;
    type Report = E::Report;
    type Error = E::Error;

    async fn evaluate(
        &self,
        _ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<E::Report, E::Error> {
        self.eval.evaluate(trace, artifact)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _,
        testing::{Length, assert_same_async, evaluate, evaluate_async},
    };

    #[test]
    fn lifting_changes_neither_report_nor_error() {
        for answer in ["", "a", "a long answer"] {
            assert_eq!(evaluate_async(&Length.lift(), answer), evaluate(&Length, answer));
        }
    }

    #[test]
    fn lifting_goes_through_other_combinators() {
        assert_same_async(
            &Length.map_report(|n| n + 1).lift(),
            &Length.lift().map_report(|n| n + 1),
        );
        assert_same_async(
            &Length.combine(Length, |a, b| a + b).lift(),
            &Length.lift().combine(Length.lift(), |a, b| a + b),
        );
    }

    #[test]
    fn the_name_is_kept() {
        assert_eq!(Length.named("length").lift().name(), Some("length"));
    }
}
