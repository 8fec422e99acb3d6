//! Scores the report of an eval by an objective.

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{
    eval::Eval,
    llm::Llm,
    objective::{Objective, ObjectiveError},
    pure_eval::PureEval,
    scored::Scored,
    scored_error::ScoredError,
};

/// Eval returned by [`PureEvalExt::scored_by`](crate::PureEvalExt::scored_by) and
/// [`EvalExt::scored_by`](crate::EvalExt::scored_by).
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct ScoredBy<E, O> {
    eval: E,
    objective: O,
}

impl<E, O> ScoredBy<E, O> {
    pub(crate) fn new(eval: E, objective: O) -> Self {
        Self { eval, objective }
    }

    fn score<R>(&self, report: R) -> Result<Scored<R>, ObjectiveError>
    where
        O: Objective<R>,
    {
        let score = self.objective.score(&report)?;
        Ok(Scored::new(score, report, self.objective.pass_mark()?))
    }
}

impl<E, O> PureEval for ScoredBy<E, O>
where
    E: PureEval,
    O: Objective<E::Report>,
{
    type Artifact = E::Artifact;
    type Report = Scored<E::Report>;
    type Error = ScoredError<E::Error>;

    fn evaluate(
        &self,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<Scored<E::Report>, ScoredError<E::Error>> {
        let report = self.eval.evaluate(trace, artifact).map_err(ScoredError::Eval)?;
        Ok(self.score(report)?)
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[async_trait]
impl<E, O> Eval for ScoredBy<E, O>
where
    E: Eval,
    O: Objective<E::Report> + Send + Sync,
{
    type Artifact = E::Artifact;
    type Report = Scored<E::Report>;
    type Error = ScoredError<E::Error>;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<Scored<E::Report>, ScoredError<E::Error>> {
        let report = self.eval.evaluate(ctx, trace, artifact).await.map_err(ScoredError::Eval)?;
        Ok(self.score(report)?)
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
        objectives::{Maximize, RangeScale, maximize, pass_fail},
        score::Score,
        testing::{Length, assert_same, assert_same_async, evaluate, evaluate_async},
    };

    /// Longer is better, with full marks from four bytes on.
    fn four() -> Maximize<impl Fn(&usize) -> f32 + Clone, RangeScale> {
        #[expect(clippy::cast_precision_loss, reason = "the answers of these tests are short")]
        maximize(|length: &usize| *length as f32).within(0.0..=4.0)
    }

    #[test]
    fn scoring_changes_neither_report_nor_error() {
        let objective = four();
        let scored = (&Length).scored_by(&objective);
        for answer in ["", "a", "yes", "a long answer"] {
            let expected = evaluate(&Length, answer).map_err(ScoredError::Eval);
            assert_eq!(evaluate(&scored, answer).map(|s| s.report), expected, "{answer:?}");
            let lifted = evaluate_async(&Length.lift().scored_by(&objective), answer);
            assert_eq!(lifted.map(|s| s.report), expected, "{answer:?}");
        }
    }

    #[test]
    fn scoring_a_mapped_report_is_scoring_by_the_map() {
        let bare = |scored: Scored<_>| (scored.score, scored.passed);
        assert_same(
            &Length.map_report(|n| n > 2).scored_by(pass_fail(|long| *long)).map_report(bare),
            &Length
                .scored_by(pass_fail(|n| *n > 2))
                .map_report(|scored| (scored.score, scored.passed)),
        );
        assert_same_async(
            &Length.lift().map_report(|n| n > 2).scored_by(maximize(|long| *long)).map_report(bare),
            &Length
                .lift()
                .scored_by(maximize(|n| *n > 2))
                .map_report(|scored| (scored.score, scored.passed)),
        );
    }

    #[test]
    fn the_pass_mark_of_the_objective_decides() {
        let objective = four();
        let at = |mark: f32| (&Length).scored_by(objective.clone().with_pass_mark(mark));
        let scored = evaluate(&at(0.75), "yes").unwrap();
        assert_eq!((scored.score, scored.passed), (Score::new_clamped(0.75), true));
        assert!(!evaluate(&at(0.8), "yes").unwrap().passed);
    }

    #[test]
    fn an_objective_without_a_score_is_an_error_that_names_the_number() {
        let eval = Length.scored_by(maximize(|_: &usize| 3.0));
        let error = evaluate(&eval, "yes").unwrap_err();
        assert_eq!(error, ScoredError::Objective(ObjectiveError::OutOfRange(3.0)));
        assert!(error.to_string().contains("gave 3,"), "{error}");
        assert_eq!(evaluate_async(&eval.clone().lift(), "yes"), Err(error));
    }

    #[test]
    fn an_invalid_pass_mark_is_an_error_and_never_a_pass() {
        let eval = Length.scored_by(maximize(|_: &usize| true).with_pass_mark(f32::NAN));
        let error = evaluate(&eval, "yes").unwrap_err();
        assert!(matches!(error, ScoredError::Objective(ObjectiveError::PassMark(_))), "{error}");
    }

    #[test]
    fn the_name_is_kept() {
        let eval = Length.named("length");
        let objective = four();
        assert_eq!(PureEval::name(&eval.clone().scored_by(&objective)), Some("length"));
        assert_eq!(Eval::name(&eval.lift().scored_by(&objective)), Some("length"));
    }

    #[test]
    fn debug_shows_eval_and_objective() {
        let text = format!("{:?}", Length.scored_by(maximize(|_: &usize| 3.0)));
        assert!(text.starts_with("ScoredBy { eval: Length, objective: Maximize"), "{text}");
    }
}
