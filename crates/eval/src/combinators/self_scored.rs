//! Scores a report that knows its own score.

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, scored::Scored, self_scoring::SelfScoring};

/// Eval returned by [`PureEvalExt::scored`](crate::PureEvalExt::scored) and
/// [`EvalExt::scored`](crate::EvalExt::scored).
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct SelfScored<E> {
    eval: E,
}

impl<E> SelfScored<E> {
    pub(crate) fn new(eval: E) -> Self {
        Self { eval }
    }
}

fn scored<R: SelfScoring>(report: R) -> Scored<R> {
    Scored { score: report.score(), passed: report.passed(), report }
}

impl<E> PureEval for SelfScored<E>
where
    E: PureEval<Report: SelfScoring>,
{
    type Artifact = E::Artifact;
    type Report = Scored<E::Report>;
    type Error = E::Error;

    fn evaluate(
        &self,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<Scored<E::Report>, E::Error> {
        self.eval.evaluate(trace, artifact).map(scored)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[async_trait]
impl<E> Eval for SelfScored<E>
where
    E: Eval<Report: SelfScoring>,
{
    type Artifact = E::Artifact;
    type Report = Scored<E::Report>;
    type Error = E::Error;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<Scored<E::Report>, E::Error> {
        self.eval.evaluate(ctx, trace, artifact).await.map(scored)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _, Score,
        objectives::pass_fail,
        testing::{Length, assert_same, assert_same_async, evaluate, evaluate_async},
    };

    /// Passes from a score of 0.9 on, as no objective by default does.
    #[derive(Clone, Debug, PartialEq)]
    struct Strict(f32);

    impl SelfScoring for Strict {
        fn passed(&self) -> bool {
            self.0 >= 0.9
        }

        fn score(&self) -> Score {
            Score::new_clamped(self.0)
        }
    }

    #[test]
    fn the_report_says_score_and_verdict() {
        for (value, passed) in [(0.89, false), (0.9, true)] {
            let eval = Length.map_report(move |_| Strict(value));
            let found = evaluate(&(&eval).scored(), "yes").unwrap();
            assert_eq!((found.score, found.passed), (Score::new_clamped(value), passed));
            assert_eq!(found.report, Strict(value));
            assert_eq!(evaluate_async(&eval.lift().scored(), "yes"), Ok(found));
        }
    }

    #[test]
    fn a_truth_value_scores_as_the_objective_that_is_met_or_not() {
        let long = Length.map_report(|n| n > 2);
        let by_objective =
            long.clone().scored_by(pass_fail(|long| *long)).map_error(|error| error.to_string());
        assert_same(&long.clone().scored(), &by_objective);
        assert_same_async(&long.lift().scored(), &by_objective.lift());
    }

    #[test]
    fn an_error_passes_through() {
        let eval = Length.map_report(|_| true);
        assert_eq!(evaluate(&(&eval).scored(), "").unwrap_err(), "empty answer");
        assert_eq!(evaluate_async(&eval.lift().scored(), "").unwrap_err(), "empty answer");
    }

    #[test]
    fn the_name_is_kept() {
        let eval = Length.map_report(|_| true).named("length");
        assert_eq!(PureEval::name(&eval.clone().scored()), Some("length"));
        assert_eq!(Eval::name(&eval.lift().scored()), Some("length"));
    }
}
