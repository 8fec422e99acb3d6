//! Leaves of a scored report its text, so that evals with different reports and errors fit together.

use std::{error::Error, fmt::Display};

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, scored::Scored};

/// Eval returned by [`PureEvalExt::in_words`](crate::PureEvalExt::in_words) and
/// [`EvalExt::in_words`](crate::EvalExt::in_words).
#[derive(Clone, Debug)]
#[must_use = "evals do nothing unless evaluated"]
pub struct InWords<E> {
    eval: E,
}

impl<E> InWords<E> {
    pub(crate) fn new(eval: E) -> Self {
        Self { eval }
    }
}

type BoxError = Box<dyn Error + Send + Sync>;

fn in_words<R: Display, E: Into<BoxError>>(
    outcome: Result<Scored<R>, E>,
) -> Result<Scored<String>, BoxError> {
    outcome.map(|scored| scored.map(|report| report.to_string())).map_err(Into::into)
}

impl<E, R> PureEval for InWords<E>
where
    E: PureEval<Report = Scored<R>, Error: Into<BoxError>>,
    R: Display,
{
    type Artifact = E::Artifact;
    type Report = Scored<String>;
    type Error = BoxError;

    fn evaluate(
        &self,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<Scored<String>, BoxError> {
        in_words(self.eval.evaluate(trace, artifact))
    }

    fn name(&self) -> Option<&str> {
        self.eval.name()
    }
}

#[async_trait]
impl<E, R> Eval for InWords<E>
where
    E: Eval<Report = Scored<R>, Error: Into<BoxError>>,
    R: Display + Send,
{
    type Artifact = E::Artifact;
    type Report = Scored<String>;
    type Error = BoxError;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<Scored<String>, BoxError> {
        in_words(self.eval.evaluate(ctx, trace, artifact).await)
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
        combinators::all_of,
        testing::{Length, assert_same, assert_same_async, evaluate, evaluate_async, up_to},
    };

    #[test]
    fn score_and_verdict_stay_and_the_report_becomes_its_text() {
        let as_mapped = up_to(4.0)
            .map_report(|scored| scored.map(|length| length.to_string()))
            .map_error(|error| error.to_string());
        let in_words = up_to(4.0).in_words().map_error(|error| error.to_string());
        assert_same(&in_words, &as_mapped);
        assert_same_async(
            &up_to(4.0).lift().in_words().map_error(|error| error.to_string()),
            &as_mapped.lift(),
        );
    }

    #[test]
    fn twice_is_once() {
        let once = up_to(4.0).in_words().map_error(|error| error.to_string());
        assert_same(&up_to(4.0).in_words().in_words().map_error(|e| e.to_string()), &once);
    }

    #[test]
    fn evals_with_different_reports_and_errors_fit_into_one_list() {
        let long = Length.map_report(|n| n > 2).map_error(|_| std::fmt::Error).scored();
        let list = all_of([up_to(4.0).in_words().boxed(), long.clone().in_words().boxed()]);
        let scored = evaluate(&list, "yes").unwrap();
        let texts: Vec<_> = scored.report.iter().map(|part| &*part.scored.report).collect();
        assert_eq!((texts, scored.passed), (vec!["3", "true"], true));
        let error = evaluate_async(&long.lift().in_words(), "").unwrap_err();
        assert!(error.is::<std::fmt::Error>());
    }

    #[test]
    fn the_name_is_kept() {
        let eval = up_to(4.0).named("length");
        assert_eq!(PureEval::name(&eval.clone().in_words()), Some("length"));
        assert_eq!(Eval::name(&eval.lift().in_words()), Some("length"));
    }
}
