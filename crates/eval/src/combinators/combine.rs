//! Runs two evals and merges their reports.

use std::fmt;

use async_trait::async_trait;
use probity_trace::TraceSnapshot;

use crate::{eval::Eval, llm::Llm, pure_eval::PureEval, type_name::TypeName};

/// Eval returned by [`PureEvalExt::combine`](crate::PureEvalExt::combine) and
/// [`EvalExt::combine`](crate::EvalExt::combine).
#[derive(Clone)]
#[must_use = "evals do nothing unless evaluated"]
pub struct Combine<E, O, F> {
    first: E,
    second: O,
    f: F,
}

impl<E, O, F> Combine<E, O, F> {
    pub(crate) fn new(first: E, second: O, f: F) -> Self {
        Self { first, second, f }
    }
}

impl<E, O, F, R> PureEval for Combine<E, O, F>
where
    E: PureEval,
    O: PureEval<Artifact = E::Artifact, Error = E::Error>,
    F: Fn(E::Report, O::Report) -> R,
{
    type Artifact = E::Artifact;
    type Report = R;
    type Error = E::Error;

    fn evaluate(&self, trace: &TraceSnapshot, artifact: &E::Artifact) -> Result<R, E::Error> {
        let first = self.first.evaluate(trace, artifact)?;
        let second = self.second.evaluate(trace, artifact)?;
        Ok((self.f)(first, second))
    }
}

#[async_trait]
impl<E, O, F, R> Eval for Combine<E, O, F>
where
    E: Eval,
    O: Eval<Artifact = E::Artifact, Error = E::Error>,
    F: Fn(E::Report, O::Report) -> R + Send + Sync,
    R: Send,
{
    type Artifact = E::Artifact;
    type Report = R;
    type Error = E::Error;

    async fn evaluate(
        &self,
        ctx: &Llm,
        trace: &TraceSnapshot,
        artifact: &E::Artifact,
    ) -> Result<R, E::Error> {
        let first = self.first.evaluate(ctx, trace, artifact).await?;
        let second = self.second.evaluate(ctx, trace, artifact).await?;
        Ok((self.f)(first, second))
    }
}

impl<E: fmt::Debug, O: fmt::Debug, F> fmt::Debug for Combine<E, O, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Combine")
            .field("first", &self.first)
            .field("second", &self.second)
            .field("f", &TypeName::<F>::new())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{
        EvalExt as _, PureEvalExt as _, from_fn,
        testing::{Length, assert_same, assert_same_async, evaluate, evaluate_async},
    };

    /// Reports whether the answer is shouted, and errs where the answer is `mute`.
    fn shouted()
    -> impl PureEval<Artifact = str, Report = bool, Error = String> + Clone + Sync + Send {
        from_fn(|_, answer: &str| match answer {
            "mute" => Err("no voice".to_owned()),
            _ => Ok(answer == answer.to_uppercase()),
        })
    }

    #[test]
    fn keeping_one_report_changes_nothing() {
        assert_same(&Length.combine(shouted(), |n, _| n), &Length);
        assert_same(&shouted().map_report(|_| 0).combine(Length, |_, n| n), &Length);
        let lifted = Length.lift().combine(shouted().lift(), |n, _| n);
        assert_same_async(&lifted, &Length.lift());
    }

    #[test]
    fn mapping_what_was_merged_is_merging_by_both() {
        let describe = |(n, shouted)| format!("{n} {shouted}");
        assert_same(
            &Length.combine(shouted(), |n, s| (n, s)).map_report(describe),
            &Length.combine(shouted(), move |n, s| describe((n, s))),
        );
        assert_same_async(
            &Length.lift().combine(shouted().lift(), |n, s| (n, s)).map_report(describe),
            &Length.lift().combine(shouted().lift(), move |n, s| describe((n, s))),
        );
        assert_eq!(evaluate(&Length.combine(shouted(), |n, s| (n, s)), "YES"), Ok((3, true)));
    }

    #[test]
    fn an_error_of_either_passes_through() {
        let eval = Length.combine(shouted(), |n, s| (n, s));
        let lifted = Length.lift().combine(shouted().lift(), |n, s| (n, s));
        for (answer, error) in [("", "empty answer"), ("mute", "no voice")] {
            assert_eq!(evaluate(&eval, answer), Err(error.to_owned()));
            assert_eq!(evaluate_async(&lifted, answer), Err(error.to_owned()));
        }
    }

    #[test]
    fn the_second_does_not_run_after_an_error_of_the_first() {
        let runs = AtomicUsize::new(0);
        let counted = from_fn(|_, _: &str| {
            runs.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        let pure = Length.combine(&counted, |n, ()| n);
        let lifted = Length.lift().combine((&counted).lift(), |n, ()| n);
        assert!(evaluate(&pure, "").is_err() && evaluate_async(&lifted, "").is_err());
        assert_eq!(runs.load(Ordering::Relaxed), 0);
        assert!(evaluate(&pure, "yes").is_ok() && evaluate_async(&lifted, "yes").is_ok());
        assert_eq!(runs.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn two_evals_together_have_no_name() {
        let eval = Length.named("first").combine(Length.named("second"), |a, b| a + b);
        assert_eq!(PureEval::name(&eval), None);
    }

    #[test]
    fn debug_shows_the_closure_by_its_type_name() {
        let text = format!("{:?}", Length.combine(Length, |a, b| a + b));
        assert!(text.starts_with("Combine { first: Length, second: Length, f: "), "{text}");
        assert!(text.contains("{{closure}}"), "{text}");
    }
}
